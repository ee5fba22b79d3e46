//! Challenges as people of the room read them: each with what every party says, and what was tried.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::challenge::{
    Closing, Facts, PointFacts, PointKind, TrialFacts, TrialResult, Want, wants,
};
use tieline_model::id::{
    ChallengeId, ChallengePointId, DecisionId, InitiativeId, ObjectiveId, PartnershipId, PartyId,
    TrialId,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::challenges::{ChallengeDraft, PointDraft, TrialDraft};
use crate::entity::{challenge, challenge_point, challenge_stance, trial};
use crate::error::StoreError;
use crate::rooms::standing;
use crate::store::{Store, marks, rows, to_i64, word};

/// Whether another party sees a point too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointStance {
    /// Which party.
    pub party: PartyId,
    /// Whether it sees it too; else it doubts it.
    pub agrees: bool,
    /// Why it doubts it; else empty.
    pub text: String,
}

/// What a party says of a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengePoint {
    /// Its id.
    pub id: ChallengePointId,
    /// What it says; a parent that was taken back is not named.
    pub draft: PointDraft,
    /// What the others say of it, in the order in which they first did.
    pub stances: Vec<PointStance>,
}

/// Something that is or was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its id.
    pub id: TrialId,
    /// What is tried.
    pub draft: TrialDraft,
    /// What it showed, and what was seen.
    pub shown: Option<(TrialResult, String)>,
    /// Grows with each change.
    pub version: i64,
}

/// A challenge with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its id.
    pub id: ChallengeId,
    /// What it says.
    pub draft: ChallengeDraft,
    /// How it ended, when, and what was learnt.
    pub ended: Option<(Closing, Moment, String)>,
    /// What parties say, in the order in which they said it.
    pub points: Vec<ChallengePoint>,
    /// What is or was tried, in the order in which it was written down.
    pub trials: Vec<Trial>,
    /// The decision that came of it, unless that was withdrawn, and its question.
    pub decision: Option<(DecisionId, String)>,
    /// The initiative that came of it, while that stands, and its name.
    pub initiative: Option<(InitiativeId, String)>,
    /// Grows with each change of what it says itself.
    pub version: i64,
}

impl Challenge {
    /// What is still missing, of a room of these parties. Cost O(points + trials).
    pub fn wants(&self, parties: BTreeSet<PartyId>, now: Moment) -> Vec<Want> {
        let places: HashMap<ChallengePointId, usize> =
            self.points.iter().enumerate().map(|(at, point)| (point.id, at)).collect();
        let point = |one: &ChallengePoint| PointFacts {
            kind: one.draft.kind,
            party: one.draft.party,
            under: one.draft.parent.and_then(|parent| places.get(&parent).copied()),
            agree: one.stances.iter().filter(|stance| stance.agrees).count(),
        };
        let trial = |one: &Trial| TrialFacts {
            ends: one.draft.ends,
            result: one.shown.as_ref().map(|(result, _)| *result),
        };
        let facts = Facts {
            parties,
            points: self.points.iter().map(point).collect(),
            trials: self.trials.iter().map(trial).collect(),
            is_fed: self.decision.is_some() || self.initiative.is_some(),
            has_ended: self.ended.is_some(),
        };
        wants(&facts, now)
    }
}

/// What came of a challenge, by its name.
#[derive(Debug, FromQueryResult)]
struct FedRow {
    id: Uuid,
    text: String,
}

fn point_of(row: challenge_point::Model) -> Result<ChallengePoint, StoreError> {
    Ok(ChallengePoint {
        id: ChallengePointId(row.id),
        draft: PointDraft {
            kind: word("challenge_point.kind", &row.kind, PointKind::from_name)?,
            party: PartyId(row.party),
            parent: row.parent.map(ChallengePointId),
            text: row.text,
            source: row.source,
        },
        stances: Vec::new(),
    })
}

fn trial_of(row: trial::Model) -> Result<Trial, StoreError> {
    let result = row.result.as_deref();
    let result =
        result.map(|text| word("trial.result", text, TrialResult::from_name)).transpose()?;
    Ok(Trial {
        id: TrialId(row.id),
        draft: TrialDraft {
            option: row.answers.map(ChallengePointId),
            party: row.party.map(PartyId),
            text: row.text,
            sign: row.sign,
            begins: row.begins.map(Moment::from_ms),
            ends: row.ends.map(Moment::from_ms),
        },
        shown: result.map(|result| (result, row.seen)),
        version: row.version,
    })
}

fn bare(row: challenge::Model) -> Result<Challenge, StoreError> {
    let ended = row.ended.as_deref().map(|text| word("challenge.ended", text, Closing::from_name));
    let ended = ended.transpose()?.zip(row.ended_at.map(Moment::from_ms));
    Ok(Challenge {
        id: ChallengeId(row.id),
        draft: ChallengeDraft {
            title: row.title,
            text: row.text,
            objective: row.objective.map(ObjectiveId),
        },
        ended: ended.map(|(ended, at)| (ended, at, row.learnt)),
        points: Vec::new(),
        trials: Vec::new(),
        decision: None,
        initiative: None,
        version: row.version,
    })
}

impl Store {
    /// What of a table belongs to challenges and stands, in the order in which it was written down.
    async fn of_challenges<R: FromQueryResult>(
        &self,
        table: &'static str,
        ids: &[Uuid],
    ) -> Result<Vec<R>, StoreError> {
        let sql = format!(
            "SELECT * FROM {table} WHERE challenge IN ({}) AND removed_at IS NULL ORDER BY id",
            marks(ids.len())
        );
        rows(&self.db, &sql, ids.iter().map(|one| Value::from(*one))).await
    }

    async fn point_stances(
        &self,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<PointStance>>, StoreError> {
        let sql = format!(
            "SELECT s.* FROM challenge_stance s JOIN challenge_point p ON p.id = s.point \
             WHERE p.challenge IN ({}) ORDER BY s.created_at, s.party",
            marks(ids.len())
        );
        let found: Vec<challenge_stance::Model> =
            rows(&self.db, &sql, ids.iter().map(|one| Value::from(*one))).await?;
        let mut of: HashMap<Uuid, Vec<PointStance>> = HashMap::new();
        for row in found {
            let stance =
                PointStance { party: PartyId(row.party), agrees: row.agrees, text: row.text };
            of.entry(row.point).or_default().push(stance);
        }
        Ok(of)
    }

    /// Names of what came of challenges, where it stands.
    async fn fed(
        &self,
        sql: &'static str,
        ids: Vec<Uuid>,
    ) -> Result<HashMap<Uuid, String>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = sql.replace('#', &marks(ids.len()));
        let found: Vec<FedRow> = rows(&self.db, &sql, ids.into_iter().map(Value::from)).await?;
        Ok(found.into_iter().map(|row| (row.id, row.text)).collect())
    }

    async fn whole_challenges(
        &self,
        found: Vec<challenge::Model>,
    ) -> Result<Vec<Challenge>, StoreError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let fed: Vec<_> = found.iter().map(|row| (row.decision, row.initiative)).collect();
        let mut all = found.into_iter().map(bare).collect::<Result<Vec<_>, _>>()?;
        let place: HashMap<Uuid, usize> =
            ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut stances = self.point_stances(&ids).await?;
        let points: Vec<challenge_point::Model> =
            self.of_challenges("challenge_point", &ids).await?;
        let stand: BTreeSet<Uuid> = points.iter().map(|row| row.id).collect();
        for row in points {
            let (of, id) = (row.challenge, row.id);
            let mut point = point_of(row)?;
            point.draft.parent = point.draft.parent.filter(|parent| stand.contains(&parent.0));
            point.stances = stances.remove(&id).unwrap_or_default();
            all[place[&of]].points.push(point);
        }
        let trials: Vec<trial::Model> = self.of_challenges("trial", &ids).await?;
        for row in trials {
            all[place[&row.challenge]].trials.push(trial_of(row)?);
        }
        let sql = "SELECT id, question AS text FROM joint_decision \
                   WHERE id IN (#) AND stage <> 'withdrawn'";
        let decisions = self.fed(sql, fed.iter().filter_map(|(one, _)| *one).collect()).await?;
        let sql = "SELECT id, title AS text FROM initiative WHERE id IN (#) AND removed_at IS NULL";
        let initiatives = self.fed(sql, fed.iter().filter_map(|(_, one)| *one).collect()).await?;
        for (one, (decision, initiative)) in all.iter_mut().zip(fed) {
            let named = |id: Option<Uuid>, names: &HashMap<Uuid, String>| {
                id.and_then(|id| Some((id, names.get(&id)?.clone())))
            };
            one.decision = named(decision, &decisions).map(|(id, text)| (DecisionId(id), text));
            one.initiative =
                named(initiative, &initiatives).map(|(id, text)| (InitiativeId(id), text));
        }
        Ok(all)
    }

    /// Challenges of a partnership, the latest first, with all that is in them; those before `before`,
    /// at most `limit`. Cost: six queries, and what is in them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn challenges(
        &self,
        id: PartnershipId,
        before: Option<ChallengeId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Challenge>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM challenge WHERE partnership = ? AND removed_at IS NULL \
                   AND id < ? ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let found = rows(&self.db, sql, [id.0.into(), before.into(), to_i64(limit).into()]).await?;
        self.whole_challenges(found).await
    }

    /// One challenge with all that is in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn challenge(
        &self,
        (id, one): (PartnershipId, ChallengeId),
        by: Participant,
    ) -> Result<Challenge, StoreError> {
        standing(&self.db, id, by).await?;
        let row = challenge::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let mut found = self.whole_challenges(row.into_iter().collect()).await?;
        found.pop().ok_or_else(|| StoreError::not_found("challenge", &one))
    }

    /// In which challenge of a room a point or a trial is, where that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn challenge_with(
        &self,
        id: PartnershipId,
        thing: Uuid,
        by: Participant,
    ) -> Result<ChallengeId, StoreError> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT c.id FROM challenge c WHERE c.partnership = ? AND c.removed_at IS NULL \
                   AND c.id IN (SELECT challenge FROM challenge_point WHERE id = ? \
                   UNION SELECT challenge FROM trial WHERE id = ?)";
        let found: Vec<Found> =
            rows(&self.db, sql, [id.0.into(), thing.into(), thing.into()]).await?;
        let found = found.first().ok_or_else(|| StoreError::not_found("challenge", &thing))?;
        Ok(ChallengeId(found.id))
    }
}
