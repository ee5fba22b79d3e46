//! What follows from a decision: its outcome in words, whom it binds, and what its review finds.

use tieline_model::decision::stage::Stage;
use tieline_model::id::{DecisionId, PartnershipId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;

use crate::entity::decision_bound;
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::joint::WrittenOutcome;
use crate::rooms::SEATED;
use crate::store::{Tx, marks, number, to_u64};

impl Tx {
    /// Writes the outcome of a decision that was counted, of the version given, with the seats of
    /// those it binds; for whoever drives it. It may be left in parts: what is missing is asked for by
    /// the step to its review.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, [`Constraint::Value`] when it names an
    /// objective that the partnership does not serve, or someone who does not sit there, or it is not
    /// at its outcome, [`StoreError::NotFound`].
    pub async fn write_outcome(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        (outcome, bound): (&WrittenOutcome, &[SeatId]),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.driving(id, decision, by).await?;
        if known.stage != Stage::Outcome {
            return Err(StoreError::value("an outcome is written once the poll is counted"));
        }
        self.fits_room(id, outcome, bound).await?;
        let words = fold(&format!("{} {} {}", known.question, known.proposal, outcome.statement));
        let sql = "UPDATE joint_decision SET statement = ?, words = ?, aim = ?, owner = ?, \
                   first_step = ?, review_on = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ?";
        let values = [
            outcome.statement.trim().into(),
            words.into(),
            outcome.aim.map(|aim| aim.0).into(),
            outcome.owner.map(|seat| seat.0).into(),
            outcome.first_step.trim().into(),
            outcome.review_on.map(Moment::ms).into(),
            self.now.ms().into(),
            decision.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        self.run("DELETE FROM decision_bound WHERE decision = ?", [decision.0.into()]).await?;
        let row = |seat: &SeatId| decision_bound::Model {
            decision: decision.0,
            seat: seat.0,
            created_at: self.now.ms(),
        };
        let rows: Vec<_> = bound.iter().map(row).collect();
        self.insert::<decision_bound::Entity>(&rows, None).await?;
        self.record(Verb::OutcomeWritten, &id, decision.to_string()).await
    }

    /// Whether an outcome names what is in the room.
    async fn fits_room(
        &self,
        id: PartnershipId,
        outcome: &WrittenOutcome,
        bound: &[SeatId],
    ) -> Result<(), StoreError> {
        if let Some(aim) = outcome.aim {
            let sql = "SELECT COUNT(*) FROM partnership_aim WHERE partnership = ? AND aim = ?";
            if number(&self.db, sql, [id.0.into(), aim.0.into()]).await? == 0 {
                return Err(StoreError::value("this partnership does not serve that objective"));
            }
        }
        let mut seats: Vec<SeatId> = bound.iter().copied().chain(outcome.owner).collect();
        seats.sort();
        seats.dedup();
        let sql = format!(
            "SELECT COUNT(*) FROM {SEATED} WHERE q.partnership = ? AND m.id IN ({})",
            marks(seats.len())
        );
        let values = std::iter::once(id.0).chain(seats.iter().map(|seat| seat.0));
        let found = number(&self.db, &sql, values.map(Into::into)).await?;
        if !seats.is_empty() && to_u64(found) < seats.len() as u64 {
            return Err(StoreError::value("someone who is named does not sit in this room"));
        }
        Ok(())
    }

    /// Writes what the review of the version given found, and settles the decision or takes it back to
    /// discussion; for whoever drives it.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`Constraint::Undecided`] without a note, [`Constraint::Value`] when it
    /// is not in review, [`StoreError::NotFound`].
    pub async fn review_decision(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        (note, to): (&str, Stage),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.driving(id, decision, by).await?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        if known.stage != Stage::Review || !matches!(to, Stage::Settled | Stage::Discuss) {
            return Err(StoreError::value("only what is in force is looked at again"));
        }
        let known = crate::joint::JointDecision { review_note: note.trim().to_owned(), ..known };
        let voters = crate::ballots::voters_of(&self.db, decision).await?;
        let progress = crate::joint_stage::progress_of(&self.db, &known, &voters, self.now).await?;
        let to = crate::joint_stage::stepped(known.stage.advance(to, &progress))?;
        if to == Stage::Discuss {
            self.reset_poll(decision).await?;
        }
        let sql = "UPDATE joint_decision SET review_note = ?, stage = ?, changed_at = ?, \
                   version = version + 1 WHERE id = ?";
        let values =
            [known.review_note.into(), to.name().into(), self.now.ms().into(), decision.0.into()];
        self.run(sql, values).await?;
        self.record(Verb::JointReviewed, &id, decision.to_string()).await
    }
}
