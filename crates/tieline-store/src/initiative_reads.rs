//! Joint initiatives as people of the room read them: each with its parts, what was given, its plan and
//! its risks.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{
    CommitmentId, ContributionId, InitiativeId, ObjectiveId, PartId, PartnershipId, PartyId,
    RiskId, SeatId, TaskId,
};
use tieline_model::initiative::{
    Ended, Facts, HIGH_RISK, Progress, RiskState, Sign, TaskState, is_behind, progress, risk_score,
};
use tieline_model::ledger::Receipt;
use tieline_model::room::{Participant, Standing};
use tieline_model::schedule::{Schedule, Step, schedule};
use tieline_model::time::{DAY_MS, Moment};
use uuid::Uuid;

use crate::entity::{contribution, initiative, initiative_part, initiative_risk, task_need};
use crate::error::StoreError;
use crate::initiative_plan::{RiskDraft, TaskDraft};
use crate::initiatives::{InitiativeDraft, NewContribution, PartDraft, writes};
use crate::rooms::standing;
use crate::store::{Store, marks, rows, to_i64, word};

/// What was given of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Its id.
    pub id: ContributionId,
    /// What.
    pub new: NewContribution,
    /// What another party says of it, and which.
    pub receipt: (Receipt, Option<PartyId>),
    /// What it asked; else empty.
    pub question: String,
    /// Grows with each change.
    pub version: i64,
}

/// What a party brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitiativePart {
    /// Its id.
    pub id: PartId,
    /// Whose, and what.
    pub draft: PartDraft,
    /// What was given of it, the latest first.
    pub contributions: Vec<Contribution>,
}

impl InitiativePart {
    /// Sum of what was given of it with this answer.
    pub fn sum(&self, receipt: Receipt) -> u64 {
        let these = self.contributions.iter().filter(|one| one.receipt.0 == receipt);
        these.fold(0, |sum, one| sum.saturating_add(one.new.amount.unwrap_or(0)))
    }
}

/// A task or a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitiativeTask {
    /// Its id.
    pub id: TaskId,
    /// What; its day is that of the promise as it stands.
    pub draft: TaskDraft,
    /// Name of who sees to it, as the directory has it.
    pub who: Option<String>,
    /// The promise of its day.
    pub commitment: Option<CommitmentId>,
    /// When it was begun.
    pub begun: Option<Moment>,
    /// When it was done or reached.
    pub done: Option<Moment>,
    /// Grows with each change.
    pub version: i64,
}

impl InitiativeTask {
    /// How far it is.
    pub fn state(&self) -> TaskState {
        match (self.begun, self.done) {
            (_, Some(_)) => TaskState::Done,
            (Some(_), None) => TaskState::Begun,
            (None, None) => TaskState::Open,
        }
    }

    /// Whether it is a point in time.
    pub fn is_milestone(&self) -> bool {
        self.draft.days == 0
    }

    /// Whether its day is past and it is not done.
    pub fn is_late(&self, now: Moment) -> bool {
        self.done.is_none() && self.draft.due.is_some_and(|due| due <= now)
    }

    /// Whether someone changes it: its party, and while it has none everyone at a party.
    pub fn is_open_to(&self, standing: &Standing) -> bool {
        let own = self.draft.party.is_some_and(|party| standing.writes_for(party));
        let free = self.commitment.is_none() && writes(standing);
        own || free && (self.draft.party.is_none() || standing.arranges())
    }
}

/// A risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// Its id.
    pub id: RiskId,
    /// What it says.
    pub draft: RiskDraft,
    /// Grows with each change.
    pub version: i64,
}

impl Risk {
    /// Likelihood times impact, from 1 to 25.
    pub fn score(&self) -> u8 {
        risk_score(self.draft.likelihood, self.draft.impact)
    }
}

/// An initiative with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiative {
    /// Its id.
    pub id: InitiativeId,
    /// What it says.
    pub draft: InitiativeDraft,
    /// How it ended, when, and what came of it.
    pub ended: Option<(Ended, Moment, String)>,
    /// What each party brings, in the order in which they said so.
    pub parts: Vec<InitiativePart>,
    /// Tasks and milestones, in the order in which they were written down.
    pub tasks: Vec<InitiativeTask>,
    /// Risks, the highest first, those that are over last.
    pub risks: Vec<Risk>,
    /// Grows with each change of what it says itself.
    pub version: i64,
}

impl Initiative {
    /// Whether someone writes in it.
    pub fn is_open_to(&self, standing: &Standing) -> bool {
        writes(standing)
    }

    /// When each task can be done. Cost O(tasks + what they wait for).
    pub fn schedule(&self, now: Moment) -> Schedule {
        let places: HashMap<TaskId, usize> =
            self.tasks.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let step = |one: &InitiativeTask| Step {
            days: one.draft.days,
            begun: one.begun.map(Moment::day),
            done: one.done.map(Moment::day),
            needs: one.draft.needs.iter().filter_map(|need| places.get(need).copied()).collect(),
        };
        let steps: Vec<Step> = self.tasks.iter().map(step).collect();
        let from = self.draft.begins.map_or(i64::MIN, Moment::day);
        // The store lets no circle in.
        schedule(&steps, from, now.day()).unwrap_or_default()
    }

    /// How it goes, and why not better. Cost O(tasks + parts + contributions + risks).
    pub fn progress(&self, now: Moment) -> (Progress, Vec<Sign>) {
        let late = |is_milestone: bool| {
            let these = self.tasks.iter().filter(|one| one.is_milestone() == is_milestone);
            these.filter(|one| one.is_late(now)).count()
        };
        let term = (self.draft.begins, self.draft.ends);
        let behind = |part: &&InitiativePart| {
            let planned = part.draft.amount.unwrap_or(0) as f64;
            is_behind((part.sum(Receipt::Confirmed) as f64, planned), term, now)
        };
        let high = |risk: &&Risk| risk.draft.state == RiskState::Open && risk.score() >= HIGH_RISK;
        let facts = Facts {
            begins: term.0,
            ends: term.1,
            ended: self.ended.as_ref().map(|(ended, ..)| *ended),
            can_end: self.schedule(now).ends.map(|day| Moment::from_ms(day.saturating_mul(DAY_MS))),
            milestones_late: late(true),
            tasks_late: late(false),
            parts_behind: self.parts.iter().filter(behind).count(),
            risks_high: self.risks.iter().filter(high).count(),
        };
        progress(&facts, now)
    }
}

/// A task with the name of who sees to it and the day of its promise.
#[derive(Debug, FromQueryResult)]
pub(crate) struct TaskRow {
    pub(crate) id: Uuid,
    initiative: Uuid,
    title: String,
    party: Option<Uuid>,
    seat: Option<Uuid>,
    who: Option<String>,
    days: i64,
    due: Option<i64>,
    commitment: Option<Uuid>,
    begun_at: Option<i64>,
    done_at: Option<i64>,
    version: i64,
}

/// Tasks of initiatives that stand, in the order in which they were written down.
pub(crate) async fn tasks_in(
    db: &impl ConnectionTrait,
    initiatives: &[Uuid],
) -> Result<Vec<TaskRow>, StoreError> {
    let sql = format!(
        "SELECT t.id, t.initiative, t.title, t.party, t.seat, a.name AS who, t.days, \
         COALESCE(c.due, t.due) AS due, t.commitment, t.begun_at, t.done_at, t.version \
         FROM initiative_task t LEFT JOIN commitment c ON c.id = t.commitment \
         LEFT JOIN partnership_member m ON m.id = t.seat \
         LEFT JOIN actor_address x ON x.address = m.address LEFT JOIN actor a ON a.id = x.actor \
         WHERE t.initiative IN ({}) AND t.removed_at IS NULL ORDER BY t.id",
        marks(initiatives.len())
    );
    rows(db, &sql, initiatives.iter().map(|one| Value::from(*one))).await
}

/// What tasks of initiatives wait for.
pub(crate) async fn needs_in(
    db: &impl ConnectionTrait,
    initiatives: &[Uuid],
) -> Result<Vec<task_need::Model>, StoreError> {
    let sql = format!(
        "SELECT n.* FROM task_need n JOIN initiative_task t ON t.id = n.task \
         WHERE t.initiative IN ({}) ORDER BY n.task, n.needs",
        marks(initiatives.len())
    );
    rows(db, &sql, initiatives.iter().map(|one| Value::from(*one))).await
}

fn contribution_of(row: contribution::Model) -> Result<Contribution, StoreError> {
    let receipt = word("contribution.answer", &row.answer, Receipt::from_name)?;
    Ok(Contribution {
        id: ContributionId(row.id),
        new: NewContribution {
            amount: row.amount.map(i64::unsigned_abs),
            text: row.text,
            day: Moment::from_ms(row.day),
        },
        receipt: (receipt, row.party.map(PartyId)),
        question: row.question,
        version: row.version,
    })
}

fn task_of(row: TaskRow, needs: Vec<TaskId>) -> InitiativeTask {
    InitiativeTask {
        id: TaskId(row.id),
        draft: TaskDraft {
            title: row.title,
            party: row.party.map(PartyId),
            seat: row.seat.map(SeatId),
            days: u32::try_from(row.days).unwrap_or_default(),
            due: row.due.map(Moment::from_ms),
            needs,
        },
        who: row.who,
        commitment: row.commitment.map(CommitmentId),
        begun: row.begun_at.map(Moment::from_ms),
        done: row.done_at.map(Moment::from_ms),
        version: row.version,
    }
}

fn risk_of(row: initiative_risk::Model) -> Result<Risk, StoreError> {
    Ok(Risk {
        id: RiskId(row.id),
        draft: RiskDraft {
            text: row.text,
            likelihood: u8::try_from(row.likelihood).unwrap_or_default(),
            impact: u8::try_from(row.impact).unwrap_or_default(),
            answer: row.answer,
            party: row.party.map(PartyId),
            state: word("initiative_risk.state", &row.state, RiskState::from_name)?,
        },
        version: row.version,
    })
}

fn bare(row: initiative::Model) -> Result<Initiative, StoreError> {
    let ended = row.ended.as_deref().map(|text| word("initiative.ended", text, Ended::from_name));
    let ended = ended.transpose()?.zip(row.ended_at.map(Moment::from_ms));
    Ok(Initiative {
        id: InitiativeId(row.id),
        draft: InitiativeDraft {
            title: row.title,
            text: row.text,
            objective: row.objective.map(ObjectiveId),
            begins: row.begins.map(Moment::from_ms),
            ends: row.ends.map(Moment::from_ms),
        },
        ended: ended.map(|(ended, at)| (ended, at, row.learnt)),
        parts: Vec::new(),
        tasks: Vec::new(),
        risks: Vec::new(),
        version: row.version,
    })
}

impl Store {
    /// What of a table belongs to initiatives and stands, in the order in which it was written down.
    async fn of_initiatives<R: FromQueryResult>(
        &self,
        table: &'static str,
        ids: &[Uuid],
    ) -> Result<Vec<R>, StoreError> {
        let sql = format!(
            "SELECT * FROM {table} WHERE initiative IN ({}) AND removed_at IS NULL ORDER BY id",
            marks(ids.len())
        );
        rows(&self.db, &sql, ids.iter().map(|one| Value::from(*one))).await
    }

    async fn parts_of(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, InitiativePart)>, StoreError> {
        let sql = format!(
            "SELECT c.* FROM contribution c JOIN initiative_part p ON p.id = c.part \
             WHERE p.initiative IN ({}) AND p.removed_at IS NULL AND c.removed_at IS NULL \
             ORDER BY c.id DESC",
            marks(ids.len())
        );
        let given: Vec<contribution::Model> =
            rows(&self.db, &sql, ids.iter().map(|one| Value::from(*one))).await?;
        let mut of: HashMap<Uuid, Vec<Contribution>> = HashMap::new();
        for row in given {
            of.entry(row.part).or_default().push(contribution_of(row)?);
        }
        let parts: Vec<initiative_part::Model> =
            self.of_initiatives("initiative_part", ids).await?;
        let part = |row: initiative_part::Model| {
            let draft = PartDraft {
                party: PartyId(row.party),
                text: row.text,
                amount: row.amount.map(i64::unsigned_abs),
                unit: row.unit,
            };
            let contributions = of.remove(&row.id).unwrap_or_default();
            (row.initiative, InitiativePart { id: PartId(row.id), draft, contributions })
        };
        Ok(parts.into_iter().map(part).collect())
    }

    async fn whole_initiatives(
        &self,
        found: Vec<initiative::Model>,
    ) -> Result<Vec<Initiative>, StoreError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let mut all = found.into_iter().map(bare).collect::<Result<Vec<_>, _>>()?;
        let place: HashMap<Uuid, usize> =
            ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        for (of, part) in self.parts_of(&ids).await? {
            all[place[&of]].parts.push(part);
        }
        let mut needs: HashMap<Uuid, Vec<TaskId>> = HashMap::new();
        for row in needs_in(&self.db, &ids).await? {
            needs.entry(row.task).or_default().push(TaskId(row.needs));
        }
        let tasks = tasks_in(&self.db, &ids).await?;
        let stand: std::collections::HashSet<Uuid> = tasks.iter().map(|row| row.id).collect();
        for row in tasks {
            let mut own = needs.remove(&row.id).unwrap_or_default();
            own.retain(|need| stand.contains(&need.0));
            all[place[&row.initiative]].tasks.push(task_of(row, own));
        }
        let risks: Vec<initiative_risk::Model> =
            self.of_initiatives("initiative_risk", &ids).await?;
        for row in risks {
            all[place[&row.initiative]].risks.push(risk_of(row)?);
        }
        for one in &mut all {
            let is_over = |risk: &Risk| risk.draft.state == RiskState::Over;
            one.risks.sort_by_key(|risk| (is_over(risk), std::cmp::Reverse(risk.score())));
        }
        Ok(all)
    }

    /// Initiatives of a partnership, the latest first, with all that is in them; those before `before`,
    /// at most `limit`. Cost: five queries, and what is in them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn initiatives(
        &self,
        id: PartnershipId,
        before: Option<InitiativeId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Initiative>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM initiative WHERE partnership = ? AND removed_at IS NULL \
                   AND id < ? ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let found = rows(&self.db, sql, [id.0.into(), before.into(), to_i64(limit).into()]).await?;
        self.whole_initiatives(found).await
    }

    /// One initiative with all that is in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn initiative(
        &self,
        (id, one): (PartnershipId, InitiativeId),
        by: Participant,
    ) -> Result<Initiative, StoreError> {
        standing(&self.db, id, by).await?;
        let row = initiative::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let mut found = self.whole_initiatives(row.into_iter().collect()).await?;
        found.pop().ok_or_else(|| StoreError::not_found("initiative", &one))
    }

    /// In which initiative of a room something is, where it stands: a part, task, risk or contribution.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn initiative_with(
        &self,
        id: PartnershipId,
        thing: Uuid,
        by: Participant,
    ) -> Result<InitiativeId, StoreError> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT i.id FROM initiative i WHERE i.partnership = ? AND i.removed_at IS NULL \
                   AND i.id IN (SELECT initiative FROM initiative_part WHERE id = ? \
                   UNION SELECT initiative FROM initiative_task WHERE id = ? \
                   UNION SELECT initiative FROM initiative_risk WHERE id = ? \
                   UNION SELECT p.initiative FROM contribution c \
                   JOIN initiative_part p ON p.id = c.part WHERE c.id = ?)";
        let thing_id = || Value::from(thing);
        let values = [id.0.into(), thing_id(), thing_id(), thing_id(), thing_id()];
        let found: Vec<Found> = rows(&self.db, sql, values).await?;
        let found = found.first().ok_or_else(|| StoreError::not_found("initiative", &thing))?;
        Ok(InitiativeId(found.id))
    }
}
