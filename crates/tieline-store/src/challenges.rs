//! Challenges: anyone who sits at a party writes one down; each party says what it sees, why, and what
//! could be done, and what of the others' words it sees too; what is tried is everyone's.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Value};
use tieline_model::challenge::{Closing, MAX_DEPTH, PointKind, TrialResult};
use tieline_model::id::{
    ChallengeId, ChallengePointId, DecisionId, InitiativeId, ObjectiveId, PartnershipId, PartyId,
    TrialId,
};
use tieline_model::room::{Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{challenge, challenge_point, challenge_stance, trial};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::initiatives::{InitiativeDraft, writes};
use crate::joint::DecisionDraft;
use crate::rooms::allowed;
use crate::say::named;
use crate::store::{Tx, number};

/// Most points of one challenge.
const MOST_POINTS: i64 = 500;

/// Most trials of one challenge.
const MOST_TRIALS: i64 = 100;

/// A challenge as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChallengeDraft {
    /// The problem in a line.
    pub title: String,
    /// What happens, to whom, since when; may be empty.
    pub text: String,
    /// The objective that it stands in the way of.
    pub objective: Option<ObjectiveId>,
}

/// What a party says, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointDraft {
    /// Evidence, a cause or an option.
    pub kind: PointKind,
    /// Which party.
    pub party: PartyId,
    /// Of a cause: the cause that it explains; of an option: the cause that it answers.
    pub parent: Option<ChallengePointId>,
    /// What.
    pub text: String,
    /// Of evidence: where it comes from; may be empty.
    pub source: String,
}

/// What is tried, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrialDraft {
    /// The option that is tried.
    pub option: Option<ChallengePointId>,
    /// Which party runs it; `None`: all.
    pub party: Option<PartyId>,
    /// What is tried.
    pub text: String,
    /// By what it will be known.
    pub sign: String,
    /// Beginning of its first day.
    pub begins: Option<Moment>,
    /// First moment after its last day.
    pub ends: Option<Moment>,
}

impl Tx {
    /// Writes a challenge down; for everyone who sits at a party, and who arranges.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for an objective of another room; [`Constraint::Value`] when it
    /// does not say what the problem is.
    pub async fn add_challenge(
        &self,
        id: PartnershipId,
        draft: &ChallengeDraft,
        by: Participant,
    ) -> Result<ChallengeId, StoreError> {
        allowed(writes(&self.in_room(id, by).await?), id)?;
        let title = self.fitting_challenge(id, draft).await?;
        let one = ChallengeId(Uuid::now_v7());
        let row = challenge::Model {
            id: one.0,
            partnership: id.0,
            objective: draft.objective.map(|objective| objective.0),
            title,
            text: draft.text.trim().to_owned(),
            ended: None,
            ended_at: None,
            learnt: String::new(),
            decision: None,
            initiative: None,
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<challenge::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::ChallengeAdded, &id, one.to_string()).await?;
        Ok(one)
    }

    /// The title of a draft that fits into its partnership.
    async fn fitting_challenge(
        &self,
        id: PartnershipId,
        draft: &ChallengeDraft,
    ) -> Result<String, StoreError> {
        if let Some(objective) = draft.objective {
            let sql = "SELECT COUNT(*) FROM objective \
                       WHERE id = ? AND partnership = ? AND removed_at IS NULL";
            if number(&self.db, sql, [objective.0.into(), id.0.into()]).await? == 0 {
                return Err(StoreError::not_found("objective", &objective));
            }
        }
        named(&draft.title, "a challenge")
    }

    /// A challenge that stands, for whoever writes in it; of the version given.
    async fn challenge_for(
        &self,
        (id, one): (PartnershipId, ChallengeId),
        version: Option<i64>,
        by: Participant,
    ) -> Result<(challenge::Model, Standing), StoreError> {
        let standing = self.in_room(id, by).await?;
        let row = challenge::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let row = row.ok_or_else(|| StoreError::not_found("challenge", &one))?;
        allowed(writes(&standing), id)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        Ok((row, standing))
    }

    /// Changes what a challenge of the version given says.
    ///
    /// # Errors
    /// As [`Tx::add_challenge`]; [`Constraint::Stale`].
    pub async fn change_challenge(
        &self,
        at: (PartnershipId, ChallengeId),
        draft: &ChallengeDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.challenge_for(at, Some(version), by).await?;
        let title = self.fitting_challenge(at.0, draft).await?;
        let sql = "UPDATE challenge SET title = ?, text = ?, objective = ?, \
                   version = version + 1 WHERE id = ?";
        let values: [Value; 4] = [
            title.into(),
            draft.text.trim().into(),
            draft.objective.map(|objective| objective.0).into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::ChallengeChanged, &at.0, at.1.to_string()).await
    }

    /// Ends a challenge of the version given, with what was learnt; `None`: it is worked on again.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] when it ends without a
    /// word of what was learnt.
    pub async fn end_challenge(
        &self,
        at: (PartnershipId, ChallengeId),
        ended: Option<(Closing, &str)>,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.challenge_for(at, Some(version), by).await?;
        let learnt = ended.map_or("", |(_, learnt)| learnt.trim());
        if ended.is_some() && learnt.is_empty() {
            return Err(StoreError::value("a challenge ends with what was learnt"));
        }
        let sql = "UPDATE challenge SET ended = ?, ended_at = ?, learnt = ?, \
                   version = version + 1 WHERE id = ?";
        let values: [Value; 4] = [
            ended.map(|(ended, _)| ended.name()).into(),
            ended.map(|_| self.now.ms()).into(),
            learnt.into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::ChallengeEnded, &at.0, at.1.to_string()).await
    }

    /// Takes a challenge back with all that is in it, or lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] once two parties spoke in it, something was tried,
    /// or something came of it: end it instead.
    pub async fn remove_challenge(
        &self,
        at: (PartnershipId, ChallengeId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        allowed(writes(&self.in_room(at.0, by).await?), at.0)?;
        let row = challenge::Entity::find_by_id(at.1.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == at.0.0);
        let row = row.ok_or_else(|| StoreError::not_found("challenge", &at.1))?;
        let parties = "SELECT COUNT(DISTINCT party) FROM challenge_point \
                       WHERE challenge = ? AND removed_at IS NULL";
        let trials = "SELECT COUNT(*) FROM trial WHERE challenge = ? AND removed_at IS NULL";
        let is_used = number(&self.db, parties, [at.1.0.into()]).await? > 1
            || number(&self.db, trials, [at.1.0.into()]).await? > 0
            || row.decision.is_some()
            || row.initiative.is_some();
        if is_removed && is_used {
            return Err(StoreError::value("others spoke in it, or something came of it: end it"));
        }
        self.remove_row("challenge", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::ChallengeRemoved } else { Verb::ChallengeRestored };
        self.record(verb, &at.0, at.1.to_string()).await
    }

    /// Says what a party sees, why that is, or what could be done; for its people.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for a parent that is no cause of this challenge;
    /// [`Constraint::Value`] when it says nothing, hangs too deep, or there are too many.
    pub async fn add_challenge_point(
        &self,
        at: (PartnershipId, ChallengeId),
        draft: &PointDraft,
        by: Participant,
    ) -> Result<ChallengePointId, StoreError> {
        let (_, standing) = self.challenge_for(at, None, by).await?;
        allowed(standing.writes_for(draft.party), at.0)?;
        let parent = draft.parent.filter(|_| draft.kind != PointKind::Evidence);
        self.fitting_parent(at.1, (draft.kind, parent)).await?;
        let sql = "SELECT COUNT(*) FROM challenge_point WHERE challenge = ?";
        if number(&self.db, sql, [at.1.0.into()]).await? >= MOST_POINTS {
            return Err(StoreError::value(format!("a challenge has at most {MOST_POINTS} points")));
        }
        let one = ChallengePointId(Uuid::now_v7());
        let is_evidence = draft.kind == PointKind::Evidence;
        let row = challenge_point::Model {
            id: one.0,
            challenge: at.1.0,
            kind: draft.kind.name().to_owned(),
            party: draft.party.0,
            parent: parent.map(|parent| parent.0),
            text: named(&draft.text, "a point")?,
            source: if is_evidence { draft.source.trim().to_owned() } else { String::new() },
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<challenge_point::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::ChallengePointAdded, &at.0, at.1.to_string()).await?;
        Ok(one)
    }

    /// That a parent is a cause of this challenge, and leaves room below it.
    async fn fitting_parent(
        &self,
        of: ChallengeId,
        (kind, parent): (PointKind, Option<ChallengePointId>),
    ) -> Result<(), StoreError> {
        let mut above = parent.map(|parent| parent.0);
        let mut depth = 0;
        while let Some(id) = above {
            let row = challenge_point::Entity::find_by_id(id).one(&self.db).await?;
            let is_cause = |row: &challenge_point::Model| {
                let stands = row.removed_at.is_none() || depth > 0;
                row.challenge == of.0 && row.kind == PointKind::Cause.name() && stands
            };
            let row = row.filter(is_cause).ok_or_else(|| StoreError::not_found("cause", &id))?;
            depth += 1;
            if kind == PointKind::Cause && depth >= MAX_DEPTH {
                let text = format!("causes go {MAX_DEPTH} deep: act on this one");
                return Err(StoreError::value(text));
            }
            above = row.parent;
        }
        Ok(())
    }

    /// A point of a challenge that stands.
    async fn point_for(
        &self,
        (id, one): (PartnershipId, ChallengePointId),
        by: Participant,
    ) -> Result<(challenge_point::Model, Standing), StoreError> {
        let row = challenge_point::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("point", &one))?;
        let (_, standing) = self.challenge_for((id, ChallengeId(row.challenge)), None, by).await?;
        Ok((row, standing))
    }

    /// Takes a point back, or lets it stand again; for people of its party. What hangs under it stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_challenge_point(
        &self,
        at: (PartnershipId, ChallengePointId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, standing) = self.point_for(at, by).await?;
        allowed(standing.writes_for(PartyId(row.party)), at.0)?;
        self.remove_row("challenge_point", at.1.0, is_removed).await?;
        let verb =
            if is_removed { Verb::ChallengePointRemoved } else { Verb::ChallengePointRestored };
        self.record(verb, &at.0, row.challenge.to_string()).await
    }

    /// Says whether one's party sees a point of another party too, or doubts it and why; its last word
    /// stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for a point of one's own party; [`Constraint::Value`] for a doubt
    /// that does not say why.
    pub async fn answer_challenge_point(
        &self,
        at: (PartnershipId, ChallengePointId),
        (agrees, text): (bool, &str),
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, standing) = self.point_for(at, by).await?;
        let party = standing.party().filter(|party| party.0 != row.party);
        let party = party.filter(|_| row.removed_at.is_none());
        let party = party.ok_or_else(|| StoreError::not_found("point", &at.1))?;
        let text = if agrees { "" } else { text.trim() };
        if !agrees && text.is_empty() {
            return Err(StoreError::value("a doubt says why"));
        }
        let stance = challenge_stance::Model {
            point: at.1.0,
            party: party.0,
            agrees,
            text: text.to_owned(),
            created_at: self.now.ms(),
        };
        use challenge_stance::Column::{Agrees, CreatedAt, Party, Point, Text};
        let replace = OnConflict::columns([Point, Party])
            .update_columns([Agrees, Text, CreatedAt])
            .to_owned();
        self.insert::<challenge_stance::Entity>(&[stance], Some(replace)).await?;
        self.record(Verb::ChallengePointAnswered, &at.0, row.challenge.to_string()).await
    }

    /// Says what is tried; for everyone who writes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for an option or a party of elsewhere; [`Constraint::Value`] when
    /// it does not say what, ends before it begins, or there are too many.
    pub async fn add_trial(
        &self,
        at: (PartnershipId, ChallengeId),
        draft: &TrialDraft,
        by: Participant,
    ) -> Result<TrialId, StoreError> {
        self.challenge_for(at, None, by).await?;
        if draft.begins.zip(draft.ends).is_some_and(|(begins, ends)| ends <= begins) {
            return Err(StoreError::value("a trial ends after it begins"));
        }
        if let Some(option) = draft.option {
            let sql = "SELECT COUNT(*) FROM challenge_point WHERE id = ? AND challenge = ? \
                       AND kind = 'option' AND removed_at IS NULL";
            if number(&self.db, sql, [option.0.into(), at.1.0.into()]).await? == 0 {
                return Err(StoreError::not_found("option", &option));
            }
        }
        if let Some(party) = draft.party {
            self.takes_part(at.0, party).await?;
        }
        let sql = "SELECT COUNT(*) FROM trial WHERE challenge = ?";
        if number(&self.db, sql, [at.1.0.into()]).await? >= MOST_TRIALS {
            return Err(StoreError::value(format!("a challenge has at most {MOST_TRIALS} trials")));
        }
        let one = TrialId(Uuid::now_v7());
        let row = trial::Model {
            id: one.0,
            challenge: at.1.0,
            answers: draft.option.map(|option| option.0),
            party: draft.party.map(|party| party.0),
            text: named(&draft.text, "a trial")?,
            sign: draft.sign.trim().to_owned(),
            begins: draft.begins.map(Moment::ms),
            ends: draft.ends.map(Moment::ms),
            result: None,
            seen: String::new(),
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<trial::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::TrialAdded, &at.0, at.1.to_string()).await?;
        Ok(one)
    }

    /// A trial of a challenge that stands.
    async fn trial_for(
        &self,
        (id, one): (PartnershipId, TrialId),
        by: Participant,
    ) -> Result<trial::Model, StoreError> {
        let row = trial::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("trial", &one))?;
        self.challenge_for((id, ChallengeId(row.challenge)), None, by).await?;
        Ok(row)
    }

    /// Says what a trial of the version given showed; `None`: it goes on.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] when it does not say what
    /// was seen.
    pub async fn end_trial(
        &self,
        at: (PartnershipId, TrialId),
        shown: Option<(TrialResult, &str)>,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let row = self.trial_for(at, by).await?;
        if row.removed_at.is_some() {
            return Err(StoreError::not_found("trial", &at.1));
        }
        if row.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let seen = shown.map_or("", |(_, seen)| seen.trim());
        if shown.is_some() && seen.is_empty() {
            return Err(StoreError::value("a trial ends with what was seen"));
        }
        let sql = "UPDATE trial SET result = ?, seen = ?, version = version + 1 WHERE id = ?";
        let result = shown.map(|(result, _)| result.name());
        self.run(sql, [result.into(), seen.into(), at.1.0.into()]).await?;
        self.record(Verb::TrialEnded, &at.0, row.challenge.to_string()).await
    }

    /// Takes a trial out, or lets it stand again; for everyone who writes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] once someone said what it showed.
    pub async fn remove_trial(
        &self,
        at: (PartnershipId, TrialId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let row = self.trial_for(at, by).await?;
        if is_removed && row.result.is_some() {
            return Err(StoreError::value("what a trial showed stands"));
        }
        self.remove_row("trial", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::TrialRemoved } else { Verb::TrialRestored };
        self.record(verb, &at.0, row.challenge.to_string()).await
    }

    /// Asks the partnership to decide on what could be done, and notes that this came of the challenge.
    ///
    /// # Errors
    /// As [`Tx::ask_joint_decision`]; [`Constraint::Value`] while a decision of it is not withdrawn.
    pub async fn decide_challenge(
        &self,
        at: (PartnershipId, ChallengeId),
        draft: &DecisionDraft,
        by: Participant,
    ) -> Result<DecisionId, StoreError> {
        let (row, _) = self.challenge_for(at, None, by).await?;
        let sql = "SELECT COUNT(*) FROM joint_decision WHERE id = ? AND stage <> 'withdrawn'";
        self.none_yet(row.decision, sql, "a decision came of it already").await?;
        let decision = self.ask_joint_decision(at.0, draft, by).await?;
        self.feed(at, "decision", decision.0).await?;
        Ok(decision)
    }

    /// Begins an initiative for a challenge, and notes that this came of it.
    ///
    /// # Errors
    /// As [`Tx::add_initiative`]; [`Constraint::Value`] while an initiative of it stands.
    pub async fn start_from_challenge(
        &self,
        at: (PartnershipId, ChallengeId),
        draft: &InitiativeDraft,
        by: Participant,
    ) -> Result<InitiativeId, StoreError> {
        let (row, _) = self.challenge_for(at, None, by).await?;
        let sql = "SELECT COUNT(*) FROM initiative WHERE id = ? AND removed_at IS NULL";
        self.none_yet(row.initiative, sql, "an initiative came of it already").await?;
        let initiative = self.add_initiative(at.0, draft, by).await?;
        self.feed(at, "initiative", initiative.0).await?;
        Ok(initiative)
    }

    async fn none_yet(
        &self,
        known: Option<Uuid>,
        sql: &str,
        why: &'static str,
    ) -> Result<(), StoreError> {
        let Some(known) = known else { return Ok(()) };
        match number(&self.db, sql, [known.into()]).await? {
            0 => Ok(()),
            _ => Err(StoreError::value(why)),
        }
    }

    async fn feed(
        &self,
        (id, one): (PartnershipId, ChallengeId),
        column: &'static str,
        thing: Uuid,
    ) -> Result<(), StoreError> {
        let sql = format!("UPDATE challenge SET {column} = ? WHERE id = ?");
        self.run(&sql, [thing.into(), one.0.into()]).await?;
        self.record(Verb::ChallengeFed, &id, one.to_string()).await
    }
}
