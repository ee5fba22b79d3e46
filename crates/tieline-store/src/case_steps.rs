//! Steps of a conflict case from one stage to the next, and what they bring with them: promises where
//! all have accepted, a lesson where it is closed.

use tieline_model::commitment::Source;
use tieline_model::conflict::stage::Stage;
use tieline_model::id::{CaseId, CommitmentId, EventId, PartnershipId, PartyId};
use tieline_model::room::Participant;
use tieline_model::step::Refused;
use tieline_model::time::{DAY_MS, Moment};
use uuid::Uuid;

use crate::case_reads::case;
use crate::cases::ConflictCase;
use crate::commitments::NewCommitment;
use crate::entity::conflict_lesson;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::store::Tx;

impl Tx {
    /// Takes a case of the version given to another stage, when the gates are open; for whoever is in
    /// it. Where all have accepted, each action becomes a promise; where it is closed, what was learnt
    /// is kept for the partnership.
    ///
    /// # Errors
    /// [`Constraint::Unsettled`] with all gates that are shut, [`Constraint::Value`] when there is no
    /// such step, [`Constraint::Stale`], [`StoreError::NotFound`].
    pub async fn step_case(
        &self,
        at: (PartnershipId, CaseId),
        (to, version): (Stage, i64),
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = case(&self.db, at, by).await?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let stage = known.stage.advance(to, &known.state(), self.now).map_err(|refused| {
            StoreError::Conflict(match refused {
                Refused::Missing(gates) => Constraint::Unsettled(gates),
                Refused::NoSuchStep { .. } => Constraint::Value(refused.to_string()),
            })
        })?;
        let is_back = stage < known.stage || known.stage == Stage::Closed;
        if is_back {
            // The words stay; what was agreed is asked again.
            self.ask_again(known.id, "accepts").await?;
            self.ask_again(known.id, "settled").await?;
        }
        let mut agreed = known.agreed;
        let mut closed = known.closed;
        match stage {
            Stage::FollowUp => {
                self.promise_all(&known, by).await?;
                agreed = Some(self.now);
            }
            Stage::Closed => {
                self.keep_lesson(&known).await?;
                closed = Some(self.now);
            }
            _ if is_back => (agreed, closed) = (None, None),
            _ => {}
        }
        let sql = "UPDATE conflict_case SET stage = ?, agreed_at = ?, closed_at = ? WHERE id = ?";
        let values = [
            stage.name().into(),
            agreed.map(Moment::ms).into(),
            closed.map(Moment::ms).into(),
            known.id.0.into(),
        ];
        self.run(sql, values).await?;
        self.case_changed(known.id).await?;
        self.came_to(known.id, stage).await?;
        self.record(Verb::CaseStepped, &known.id, "").await
    }

    /// Each action that is none yet becomes a promise of its party to the other side, or to all others
    /// where there are more.
    async fn promise_all(&self, known: &ConflictCase, by: Participant) -> Result<(), StoreError> {
        for action in known.actions.iter().filter(|action| action.commitment.is_none()) {
            let others: Vec<PartyId> = known.sides.iter().map(|side| side.party).collect();
            let to = match &others[..] {
                [one, two] => Some(if *one == action.party { *two } else { *one }),
                _ => None,
            };
            let new = NewCommitment {
                party: action.party,
                to,
                seat: action.seat,
                text: action.text.clone(),
                source: Source::Agreement,
                due: Some(action.due),
            };
            let promise = CommitmentId(Uuid::now_v7());
            self.insert_commitment(known.partnership, promise, &new, (None, by)).await?;
            self.record(Verb::CommitmentMade, &known.partnership, promise.to_string()).await?;
            let sql = "UPDATE conflict_action SET commitment = ? WHERE id = ?";
            self.run(sql, [promise.0.into(), action.id.0.into()]).await?;
        }
        Ok(())
    }

    /// The id of a lesson tells neither the case nor its place among others, its time the day alone.
    async fn keep_lesson(&self, known: &ConflictCase) -> Result<(), StoreError> {
        if known.learnt.is_empty() {
            return Ok(());
        }
        let now = self.now.ms();
        let hashed = EventId::of(&[b"lesson", known.id.0.as_bytes(), &now.to_be_bytes()]);
        let row = conflict_lesson::Model {
            id: Uuid::from_bytes(hashed.0),
            partnership: known.partnership.0,
            text: known.learnt.clone(),
            created_at: now - now.rem_euclid(DAY_MS),
        };
        self.insert::<conflict_lesson::Entity>(&[row], None).await.map(drop)
    }
}
