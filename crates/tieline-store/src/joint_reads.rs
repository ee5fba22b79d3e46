//! Reads of joint decisions, each for whoever is in the room: the list and the log, one of them with
//! what people say and who has a vote, ballots as far as they may be seen, and what waits for someone.

use sea_orm::{FromQueryResult, Value};
use tieline_model::decision::stage::Stage;
use tieline_model::decision::{Ballot, Stance};
use tieline_model::id::{
    AccountId, ActorId, BallotId, CommentId, DecisionId, PartnershipId, PartyId, SeatId, VoterId,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::ballots::{VoterRow, ballot_of, ballots_of, voters_of};
use crate::entity::joint_decision;
use crate::error::StoreError;
use crate::fold::fold;
use crate::joint::{DecisionOption, JointDecision, decision_in, decision_of, options_of, party};
use crate::rooms::{standing, theirs};
use crate::store::{Store, rows, to_i64, word};

/// Which decisions of a partnership.
#[derive(Debug, Clone, Default)]
pub struct DecisionQuery {
    /// Whether they are in force, settled or withdrawn; else those on the way there.
    pub is_log: bool,
    /// Words that question, proposal or outcome have.
    pub text: Option<String>,
    /// Only those that were asked before this one.
    pub before: Option<DecisionId>,
    /// At most so many.
    pub limit: u64,
}

/// What someone said on a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its id.
    pub id: CommentId,
    /// How they stand to it.
    pub stance: Stance,
    /// For which party.
    pub party: Option<PartyId>,
    /// Their seat.
    pub seat: Option<SeatId>,
    /// Their account; `None`: a guest.
    pub by: Option<AccountId>,
    /// Their name in the directory.
    pub name: Option<String>,
    /// What they said.
    pub text: String,
    /// When.
    pub at: Moment,
}

/// Someone in a room, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatName {
    /// Their seat.
    pub seat: SeatId,
    /// Their party.
    pub party: PartyId,
    /// The person in the directory.
    pub actor: Option<ActorId>,
    /// Their name there; `None` when nobody has the address any more.
    pub name: Option<String>,
}

/// A ballot that may be seen, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenBallot {
    /// Its id.
    pub id: BallotId,
    /// Whose.
    pub voter: VoterId,
    /// What it says.
    pub ballot: Ballot,
}

/// Something of a decision that waits for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// In which partnership.
    pub partnership: PartnershipId,
    /// The decision.
    pub decision: DecisionId,
    /// What it asks.
    pub question: String,
    /// Until when ballots are taken, or when the review is due.
    pub at: Option<Moment>,
    /// Whether its review is due; else their vote is asked for.
    pub is_review: bool,
}

impl Store {
    /// Decisions of a partnership, the newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn joint_decisions(
        &self,
        id: PartnershipId,
        query: &DecisionQuery,
        by: Participant,
    ) -> Result<Vec<JointDecision>, StoreError> {
        standing(&self.db, id, by).await?;
        let mut sql = "SELECT * FROM joint_decision WHERE partnership = ? AND stage".to_owned();
        sql.push_str(if query.is_log { " IN " } else { " NOT IN " });
        sql.push_str("('review', 'settled', 'withdrawn')");
        let mut values: Vec<Value> = vec![id.0.into()];
        for text in query.text.iter().flat_map(|text| text.split_whitespace()).take(8) {
            sql.push_str(" AND words LIKE ? ESCAPE '!'");
            values.push(format!("%{}%", escaped(&fold(text))).into());
        }
        if let Some(before) = query.before {
            sql.push_str(" AND id < ?");
            values.push(before.0.into());
        }
        sql.push_str(" ORDER BY id DESC LIMIT ?");
        values.push(to_i64(query.limit).into());
        let found: Vec<joint_decision::Model> = rows(&self.db, &sql, values).await?;
        found.into_iter().map(decision_of).collect()
    }

    /// One decision with its options.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in the room.
    pub async fn joint_decision(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<(JointDecision, Vec<DecisionOption>), StoreError> {
        standing(&self.db, id, by).await?;
        let known = decision_in(&self.db, id, decision).await?;
        Ok((known, options_of(&self.db, decision).await?))
    }

    /// What people said on a question, the oldest first; the latest `limit` of it, or those before one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn statements(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        (before, limit): (Option<CommentId>, u64),
        by: Participant,
    ) -> Result<Vec<Statement>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            stance: String,
            party: Option<Uuid>,
            seat: Option<Uuid>,
            account: Option<Uuid>,
            name: Option<String>,
            text: String,
            created_at: i64,
        }
        standing(&self.db, id, by).await?;
        decision_in(&self.db, id, decision).await?;
        let sql = "SELECT s.id, s.stance, s.party, s.seat, s.account, o.name, s.text, s.created_at \
                   FROM decision_statement s LEFT JOIN partnership_member m ON m.id = s.seat \
                   LEFT JOIN actor_address x ON x.address = m.address \
                   LEFT JOIN actor o ON o.id = x.actor \
                   WHERE s.decision = ? AND s.removed_at IS NULL AND s.id < ? \
                   ORDER BY s.id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |id| id.0);
        let values = [decision.0.into(), before.into(), to_i64(limit).into()];
        let found: Vec<Row> = rows(&self.db, sql, values).await?;
        let one = |row: Row| {
            Ok(Statement {
                id: CommentId(row.id),
                stance: word("decision_statement.stance", &row.stance, Stance::from_name)?,
                party: party(row.party),
                seat: row.seat.map(SeatId),
                by: row.account.map(AccountId),
                name: row.name,
                text: row.text,
                at: Moment::from_ms(row.created_at),
            })
        };
        found.into_iter().rev().map(one).collect()
    }

    /// Who has a vote in a poll, and whether they cast it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn joint_voters(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<Vec<VoterRow>, StoreError> {
        standing(&self.db, id, by).await?;
        decision_in(&self.db, id, decision).await?;
        voters_of(&self.db, decision).await
    }

    /// Names of everyone who sits or sat in a room, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn seat_names(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<SeatName>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            party: Uuid,
            actor: Option<Uuid>,
            name: Option<String>,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT m.id, m.party, o.id AS actor, o.name FROM partnership_member m \
                   JOIN party q ON q.id = m.party \
                   LEFT JOIN actor_address x ON x.address = m.address \
                   LEFT JOIN actor o ON o.id = x.actor WHERE q.partnership = ? \
                   ORDER BY m.party, m.id LIMIT ?";
        let found: Vec<Row> = rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?;
        let one = |row: Row| SeatName {
            seat: SeatId(row.id),
            party: PartyId(row.party),
            actor: row.actor.map(ActorId),
            name: row.name,
        };
        Ok(found.into_iter().map(one).collect())
    }

    /// Ballots as far as someone may see them: all of them where they are open, after the count where
    /// they are open then, else those of their own votes; of anonymous ones none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn seen_ballots(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<Vec<SeenBallot>, StoreError> {
        let seat = standing(&self.db, id, by).await?.seat.map(|seat| seat.id);
        let known = decision_in(&self.db, id, decision).await?;
        let voters = voters_of(&self.db, decision).await?;
        let is_own = |voter: VoterId| {
            let of = voters.iter().find(|one| one.id == voter);
            of.zip(seat).is_some_and(|(one, seat)| one.is_cast_by(seat))
        };
        let mut seen = Vec::new();
        for row in ballots_of(&self.db, decision).await? {
            let Some(voter) = row.voter.map(VoterId) else { continue };
            if known.shows_ballots() || is_own(voter) {
                let ballot = ballot_of(known.rules.method.kind(), &row)?;
                seen.push(SeenBallot { id: BallotId(row.id), voter, ballot });
            }
        }
        Ok(seen)
    }

    /// Seats of those whom an outcome binds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn bound_by(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<Vec<SeatId>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            seat: Uuid,
        }
        standing(&self.db, id, by).await?;
        decision_in(&self.db, id, decision).await?;
        let sql = "SELECT seat FROM decision_bound WHERE decision = ? ORDER BY seat";
        let found: Vec<Row> = rows(&self.db, sql, [decision.0.into()]).await?;
        Ok(found.into_iter().map(|row| SeatId(row.seat)).collect())
    }

    /// What waits for someone in all their partnerships at a moment: reviews that are due of outcomes
    /// that bind them, and polls in which they have not voted; at most `limit` of each.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn decisions_waiting(
        &self,
        by: Participant,
        now: Moment,
        limit: u64,
    ) -> Result<Vec<Waiting>, StoreError> {
        let (inside, values) = theirs(by);
        let sql = format!(
            "SELECT d.* FROM joint_decision d JOIN partnership p ON p.id = d.partnership \
             WHERE {inside} AND ((d.stage = 'review' AND d.review_on <= ?) OR (d.stage = 'decide' \
             AND d.verdict IS NULL AND (d.closes_at IS NULL OR d.closes_at > ?))) \
             ORDER BY d.id"
        );
        let mut values = values;
        values.extend([now.ms().into(), now.ms().into()]);
        let found: Vec<joint_decision::Model> = rows(&self.db, &sql, values).await?;
        let mut waiting = Vec::new();
        for row in found {
            let known = decision_of(row)?;
            if waiting.len() as u64 >= limit {
                break;
            }
            if !self.concerns(&known, by).await? {
                continue;
            }
            let is_review = known.stage == Stage::Review;
            waiting.push(Waiting {
                partnership: known.partnership,
                decision: known.id,
                at: if is_review { known.outcome.review_on } else { known.closes_at },
                question: known.question,
                is_review,
            });
        }
        Ok(waiting)
    }

    /// Whether a review or a vote is for someone.
    async fn concerns(&self, known: &JointDecision, by: Participant) -> Result<bool, StoreError> {
        let Some(seat) = standing(&self.db, known.partnership, by).await?.seat else {
            return Ok(false);
        };
        if known.stage == Stage::Review {
            let bound = self.bound_by((known.partnership, known.id), by).await?;
            return Ok(bound.contains(&seat.id) || known.outcome.owner == Some(seat.id));
        }
        let voters = voters_of(&self.db, known.id).await?;
        let waits = |one: &VoterRow| {
            one.is_cast_by(seat.id) && one.cast.is_none() && one.passed_to.is_none()
        };
        Ok(voters.iter().any(waits))
    }
}

/// A text as a part of a pattern.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
