//! The plan of an initiative: tasks and milestones with what they wait for, and risks. The day of a task
//! is a promise of the party that does it, and so a commitment.

use sea_orm::{EntityTrait, Value};
use tieline_model::commitment::{Commitment, Ending, Source};
use tieline_model::id::{
    CommitmentId, InitiativeId, PartnershipId, PartyId, RiskId, SeatId, TaskId,
};
use tieline_model::initiative::{MAX_LEVEL, RiskState, TaskState};
use tieline_model::room::{Participant, Standing};
use tieline_model::schedule::{MAX_DAYS, Step, schedule};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::commitments::NewCommitment;
use crate::entity::{commitment, initiative_risk, initiative_task, task_need};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::initiative_reads::{needs_in, tasks_in};
use crate::initiatives::{MOST_PARTS, none_of_too_many};
use crate::rooms::allowed;
use crate::say::named;
use crate::store::{Tx, number};

/// Most tasks and milestones of one initiative.
const MOST_TASKS: i64 = 500;

/// A task or a milestone as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskDraft {
    /// What.
    pub title: String,
    /// Who does it; `None`: nobody yet, or all.
    pub party: Option<PartyId>,
    /// Who of the party sees to it.
    pub seat: Option<SeatId>,
    /// Days that it takes, at most [`MAX_DAYS`]; 0: a milestone.
    pub days: u32,
    /// First moment after the day it is promised for, or after that of a milestone. Once promised it is
    /// another one by consent alone: see [`Tx::ask_date`].
    pub due: Option<Moment>,
    /// What it waits for.
    pub needs: Vec<TaskId>,
}

/// A risk as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskDraft {
    /// What may go wrong.
    pub text: String,
    /// From 1 to 5.
    pub likelihood: u8,
    /// From 1 to 5.
    pub impact: u8,
    /// What is done about it; may be empty.
    pub answer: String,
    /// Who watches it.
    pub party: Option<PartyId>,
    /// How it stands.
    pub state: RiskState,
}

impl RiskDraft {
    fn checked(&self) -> Result<(), StoreError> {
        let is_level = |level: u8| (1..=MAX_LEVEL).contains(&level);
        match is_level(self.likelihood) && is_level(self.impact) {
            true => Ok(()),
            false => Err(StoreError::value("likelihood and impact are from 1 to 5")),
        }
    }
}

/// Whether someone changes a task: its party, and while it has none everyone at a party. One that was
/// promised is its party's alone.
fn is_theirs(row: &initiative_task::Model, standing: &Standing) -> bool {
    let own = row.party.is_some_and(|party| standing.writes_for(PartyId(party)));
    own || row.commitment.is_none() && (row.party.is_none() || standing.arranges())
}

impl Tx {
    /// Writes a task or a milestone down. Someone of another party may ask for a task, but promises no
    /// day for it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] without a name, for a day that someone else
    /// promises, for a circle, or when there are too many.
    pub async fn add_task(
        &self,
        at: (PartnershipId, InitiativeId),
        draft: &TaskDraft,
        by: Participant,
    ) -> Result<TaskId, StoreError> {
        let standing = self.initiative_for(at, None, by).await?;
        let sql = "SELECT COUNT(*) FROM initiative_task WHERE initiative = ?";
        none_of_too_many(number(&self.db, sql, [at.1.0.into()]).await?, MOST_TASKS)?;
        let title = self.fitting_task(at.0, draft).await?;
        let one = TaskId(Uuid::now_v7());
        let commitment = self.promise_task(at.0, draft, (&standing, by)).await?;
        let row = initiative_task::Model {
            id: one.0,
            initiative: at.1.0,
            title,
            party: draft.party.map(|party| party.0),
            seat: draft.seat.map(|seat| seat.0),
            days: i64::from(draft.days),
            due: draft.due.filter(|_| draft.days == 0).map(Moment::ms),
            commitment: commitment.map(|commitment| commitment.0),
            begun_at: None,
            done_at: None,
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<initiative_task::Entity>(&[row], None).await?;
        self.set_needs(at.1, one, &draft.needs).await?;
        self.record(Verb::TaskAdded, &at.0, at.1.to_string()).await?;
        Ok(one)
    }

    async fn fitting_task(
        &self,
        id: PartnershipId,
        draft: &TaskDraft,
    ) -> Result<String, StoreError> {
        if draft.days > MAX_DAYS {
            return Err(StoreError::value("a task takes at most 999 days"));
        }
        if let Some(party) = draft.party {
            self.takes_part(id, party).await?;
        }
        if let Some(seat) = draft.seat {
            let party = draft.party.map(|party| party.0);
            let sql = "SELECT COUNT(*) FROM partnership_member \
                       WHERE id = ? AND party = ? AND until IS NULL";
            if number(&self.db, sql, [seat.0.into(), party.into()]).await? == 0 {
                return Err(StoreError::not_found("seat", &seat));
            }
        }
        named(&draft.title, "a task")
    }

    /// The commitment of a task that takes days and has a day.
    async fn promise_task(
        &self,
        id: PartnershipId,
        draft: &TaskDraft,
        (standing, by): (&Standing, Participant),
    ) -> Result<Option<CommitmentId>, StoreError> {
        let Some(due) = draft.due.filter(|_| draft.days > 0) else { return Ok(None) };
        let party = draft.party.filter(|party| standing.writes_for(*party));
        let party = party.ok_or_else(|| {
            StoreError::value("the day of a task is promised by the party that does it")
        })?;
        let new = NewCommitment {
            party,
            to: None,
            seat: draft.seat,
            text: draft.title.clone(),
            source: Source::Initiative,
            due: Some(due),
        };
        let one = CommitmentId(Uuid::now_v7());
        self.insert_commitment(id, one, &new, (None, by)).await?;
        Ok(Some(one))
    }

    /// Sets what a task waits for; no task may wait for itself, however far around.
    async fn set_needs(
        &self,
        initiative: InitiativeId,
        task: TaskId,
        needs: &[TaskId],
    ) -> Result<(), StoreError> {
        self.run("DELETE FROM task_need WHERE task = ?", [task.0.into()]).await?;
        let mut needs = needs.to_vec();
        needs.sort_unstable();
        needs.dedup();
        let all = tasks_in(&self.db, &[initiative.0]).await?;
        let known: Vec<Uuid> = all.iter().map(|row| row.id).collect();
        if let Some(stranger) = needs.iter().find(|need| !known.contains(&need.0)) {
            return Err(StoreError::not_found("task", stranger));
        }
        let row = |need: &TaskId| task_need::Model {
            task: task.0,
            needs: need.0,
            created_at: self.now.ms(),
        };
        let rows: Vec<_> = needs.iter().map(row).collect();
        self.insert::<task_need::Entity>(&rows, None).await?;
        let place = |id: Uuid| known.iter().position(|known| *known == id);
        let mut steps = vec![Step::default(); known.len()];
        for need in needs_in(&self.db, &[initiative.0]).await? {
            if let Some((task, need)) = place(need.task).zip(place(need.needs)) {
                steps[task].needs.push(need);
            }
        }
        match schedule(&steps, 0, 0) {
            Ok(_) => Ok(()),
            Err(circle) => Err(StoreError::value(circle.to_string())),
        }
    }

    /// A task that stands or was taken out, for whoever may change it.
    async fn task_for(
        &self,
        (id, one): (PartnershipId, TaskId),
        by: Participant,
    ) -> Result<(initiative_task::Model, Standing), StoreError> {
        let row = initiative_task::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("task", &one))?;
        let standing = self.initiative_for((id, InitiativeId(row.initiative)), None, by).await?;
        allowed(is_theirs(&row, &standing), id)?;
        Ok((row, standing))
    }

    async fn task_of_version(
        &self,
        at: (PartnershipId, TaskId),
        version: i64,
        by: Participant,
    ) -> Result<(initiative_task::Model, Standing), StoreError> {
        let (row, standing) = self.task_for(at, by).await?;
        if row.removed_at.is_some() {
            return Err(StoreError::not_found("task", &at.1));
        }
        match row.version == version {
            true => Ok((row, standing)),
            false => Err(StoreError::Conflict(Constraint::Stale)),
        }
    }

    /// Changes a task of the version given. What was promised keeps its party and its day.
    ///
    /// # Errors
    /// As [`Tx::add_task`]; [`Constraint::Stale`].
    pub async fn change_task(
        &self,
        at: (PartnershipId, TaskId),
        draft: &TaskDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, standing) = self.task_of_version(at, version, by).await?;
        let title = self.fitting_task(at.0, draft).await?;
        let commitment = match row.commitment {
            Some(_) if draft.party.map(|party| party.0) != row.party || draft.days == 0 => {
                return Err(StoreError::value("what was promised stays with its party"));
            }
            Some(known) => Some(known),
            None => self.promise_task(at.0, draft, (&standing, by)).await?.map(|promise| promise.0),
        };
        let sql = "UPDATE initiative_task SET title = ?, party = ?, seat = ?, days = ?, due = ?, \
                   commitment = ?, version = version + 1 WHERE id = ?";
        let values: [Value; 7] = [
            title.into(),
            draft.party.map(|party| party.0).into(),
            draft.seat.map(|seat| seat.0).into(),
            i64::from(draft.days).into(),
            draft.due.filter(|_| draft.days == 0).map(Moment::ms).into(),
            commitment.into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.set_needs(InitiativeId(row.initiative), at.1, &draft.needs).await?;
        self.record(Verb::TaskChanged, &at.0, row.initiative.to_string()).await
    }

    /// Says how far a task of the version given is. Done, its promise is kept; open again, so is its
    /// promise.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`].
    pub async fn set_task_state(
        &self,
        at: (PartnershipId, TaskId),
        state: TaskState,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, _) = self.task_of_version(at, version, by).await?;
        let now = self.now.ms();
        let begun = match state {
            TaskState::Open => None,
            TaskState::Begun | TaskState::Done => Some(row.begun_at.unwrap_or(now)),
        };
        let done = (state == TaskState::Done).then(|| row.done_at.unwrap_or(now));
        let sql = "UPDATE initiative_task SET begun_at = ?, done_at = ?, version = version + 1 \
                   WHERE id = ?";
        self.run(sql, [begun.into(), done.into(), at.1.0.into()]).await?;
        if let Some(promise) = row.commitment {
            let wanted = done.map(|at| (Ending::Kept, Moment::from_ms(at)));
            self.settle(promise, (Ending::Kept, wanted)).await?;
        }
        self.record(Verb::TaskChanged, &at.0, row.initiative.to_string()).await
    }

    /// Lets the promise of a task end so, or opens it again where it ended by that.
    async fn settle(
        &self,
        promise: Uuid,
        (by, ended): (Ending, Option<(Ending, Moment)>),
    ) -> Result<(), StoreError> {
        let row = commitment::Entity::find_by_id(promise).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("commitment", &promise))?;
        let is_own = row.ended.as_deref() == Some(by.name());
        let changes = if ended.is_some() { row.ended.is_none() } else { is_own };
        if !changes {
            return Ok(());
        }
        let state = Commitment { due: row.due.map(Moment::from_ms), ended };
        self.set_ended(CommitmentId(promise), state).await
    }

    /// Takes a task out, and its promise back; or lets both stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] when it would close a circle again.
    pub async fn remove_task(
        &self,
        at: (PartnershipId, TaskId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, _) = self.task_for(at, by).await?;
        self.remove_row("initiative_task", at.1.0, is_removed).await?;
        if let Some(promise) = row.commitment {
            let wanted = is_removed.then_some((Ending::Withdrawn, self.now));
            self.settle(promise, (Ending::Withdrawn, wanted)).await?;
        }
        if !is_removed {
            let initiative = InitiativeId(row.initiative);
            let known: Vec<Uuid> =
                tasks_in(&self.db, &[initiative.0]).await?.iter().map(|row| row.id).collect();
            let needs = needs_in(&self.db, &[initiative.0]).await?;
            let own =
                needs.iter().filter(|need| need.task == at.1.0 && known.contains(&need.needs));
            let own: Vec<TaskId> = own.map(|need| TaskId(need.needs)).collect();
            self.set_needs(initiative, at.1, &own).await?;
        }
        let verb = if is_removed { Verb::TaskRemoved } else { Verb::TaskRestored };
        self.record(verb, &at.0, row.initiative.to_string()).await
    }

    /// Writes a risk down; for everyone who sits at a party, and who arranges.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] when it says nothing, a level is out of range, or
    /// there are too many.
    pub async fn add_risk(
        &self,
        at: (PartnershipId, InitiativeId),
        draft: &RiskDraft,
        by: Participant,
    ) -> Result<RiskId, StoreError> {
        self.initiative_for(at, None, by).await?;
        draft.checked()?;
        if let Some(party) = draft.party {
            self.takes_part(at.0, party).await?;
        }
        let sql = "SELECT COUNT(*) FROM initiative_risk WHERE initiative = ?";
        none_of_too_many(number(&self.db, sql, [at.1.0.into()]).await?, MOST_PARTS)?;
        let one = RiskId(Uuid::now_v7());
        let row = initiative_risk::Model {
            id: one.0,
            initiative: at.1.0,
            text: named(&draft.text, "a risk")?,
            likelihood: draft.likelihood.into(),
            impact: draft.impact.into(),
            answer: draft.answer.trim().to_owned(),
            party: draft.party.map(|party| party.0),
            state: draft.state.name().to_owned(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<initiative_risk::Entity>(&[row], None).await?;
        self.record(Verb::RiskAdded, &at.0, at.1.to_string()).await?;
        Ok(one)
    }

    async fn risk_for(
        &self,
        (id, one): (PartnershipId, RiskId),
        by: Participant,
    ) -> Result<initiative_risk::Model, StoreError> {
        let row = initiative_risk::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("risk", &one))?;
        self.initiative_for((id, InitiativeId(row.initiative)), None, by).await?;
        Ok(row)
    }

    /// Changes a risk of the version given.
    ///
    /// # Errors
    /// As [`Tx::add_risk`]; [`Constraint::Stale`].
    pub async fn change_risk(
        &self,
        at: (PartnershipId, RiskId),
        draft: &RiskDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let row = self.risk_for(at, by).await?;
        if row.removed_at.is_some() {
            return Err(StoreError::not_found("risk", &at.1));
        }
        if row.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        draft.checked()?;
        if let Some(party) = draft.party {
            self.takes_part(at.0, party).await?;
        }
        let sql = "UPDATE initiative_risk SET text = ?, likelihood = ?, impact = ?, answer = ?, \
                   party = ?, state = ?, version = version + 1 WHERE id = ?";
        let values: [Value; 7] = [
            named(&draft.text, "a risk")?.into(),
            i64::from(draft.likelihood).into(),
            i64::from(draft.impact).into(),
            draft.answer.trim().into(),
            draft.party.map(|party| party.0).into(),
            draft.state.name().into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::RiskChanged, &at.0, row.initiative.to_string()).await
    }

    /// Takes a risk out, or lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_risk(
        &self,
        at: (PartnershipId, RiskId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let row = self.risk_for(at, by).await?;
        self.remove_row("initiative_risk", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::RiskRemoved } else { Verb::RiskRestored };
        self.record(verb, &at.0, row.initiative.to_string()).await
    }
}
