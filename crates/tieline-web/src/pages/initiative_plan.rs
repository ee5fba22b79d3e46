//! The plan of an initiative: tasks, milestones, what they wait for, and risks.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{InitiativeId, PartyId, RiskId, SeatId, TaskId};
use tieline_model::initiative::{MAX_LEVEL, RiskState, TaskState};
use tieline_model::schedule::MAX_DAYS;
use tieline_store::{Constraint, InitiativeTask, RiskDraft, StoreError, TaskDraft};

use super::aims::MAX_AIM;
use super::commitments::people;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::initiative::{Typed, again};
use super::partnership::{Head, Tab};
use super::partnerships::MAX_ABOUT;
use super::resources::{finish, id_of, to_part};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// What the form of a task brings.
#[derive(Debug, Clone, Default)]
pub(crate) struct TaskForm {
    pub(super) task: String,
    pub(super) party: String,
    pub(super) seat: String,
    pub(super) days: String,
    pub(super) due: String,
    pub(super) needs: Vec<String>,
    pub(super) version: i64,
}

impl TaskForm {
    /// Of what a form sends; a need comes once for each that is chosen.
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match &*name {
                "task" => form.task = value,
                "party" => form.party = value,
                "seat" => form.seat = value,
                "days" => form.days = value,
                "due" => form.due = value,
                "needs" => form.needs.push(value),
                "version" => form.version = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        form
    }

    fn of(one: &InitiativeTask) -> Self {
        let draft = &one.draft;
        Self {
            task: draft.title.clone(),
            party: draft.party.map(|party| party.to_string()).unwrap_or_default(),
            seat: draft.seat.map(|seat| seat.to_string()).unwrap_or_default(),
            days: draft.days.to_string(),
            due: draft.due.map(|due| due.plus_days(-1.0).date().to_string()).unwrap_or_default(),
            needs: draft.needs.iter().map(ToString::to_string).collect(),
            version: one.version,
        }
    }

    /// Whether it waits for a task.
    pub(super) fn waits_for(&self, task: &TaskId) -> bool {
        self.needs.contains(&task.to_string())
    }

    fn understood(
        &self,
        room: &InRoom,
        known: &[(SeatId, String)],
        faults: &mut Vec<Fault>,
    ) -> Result<TaskDraft, AppError> {
        let party = Some(&self.party).filter(|party| !party.is_empty());
        let party = party.map(|party| room.party(party)).transpose()?.map(|party| party.id);
        let seat = known.iter().find(|(id, _)| id.to_string() == self.seat).map(|(id, _)| *id);
        let ours = room.standing().party();
        if !self.seat.is_empty() && (seat.is_none() || party != ours) {
            faults.push(Fault::new("seat", t!("initiatives-seat-others")));
        }
        let days = self.days.trim().parse().ok().filter(|days| *days <= MAX_DAYS);
        if days.is_none() {
            faults.push(Fault::new("days", t!("initiatives-days-bad", n = i64::from(MAX_DAYS))));
        }
        let draft = TaskDraft {
            title: self.task.clone(),
            party,
            seat,
            days: days.unwrap_or_default(),
            due: day_of("due", &self.due, faults).map(|day| day.plus_days(1.0)),
            needs: self.needs.iter().map(|need| id_of(need)).collect::<Result<_, _>>()?,
        };
        check_task(&draft, faults);
        Ok(draft)
    }
}

/// What is wrong with a task, of a form or of a program.
pub(crate) fn check_task(draft: &TaskDraft, faults: &mut Vec<Fault>) {
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("task", t!("initiatives-task-missing")));
    }
    within("task", &draft.title, MAX_AIM, faults);
}

/// What the form of a risk brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RiskForm {
    pub(super) risk: String,
    pub(super) likelihood: String,
    pub(super) impact: String,
    pub(super) answer: String,
    pub(super) party: String,
    state: String,
    version: i64,
}

impl RiskForm {
    fn understood(&self, room: &InRoom, faults: &mut Vec<Fault>) -> Result<RiskDraft, AppError> {
        let party = Some(&self.party).filter(|party| !party.is_empty());
        let level = |text: &str| text.parse().unwrap_or(0);
        let draft = RiskDraft {
            text: self.risk.clone(),
            likelihood: level(&self.likelihood),
            impact: level(&self.impact),
            answer: self.answer.clone(),
            party: party.map(|party| room.party(party)).transpose()?.map(|party| party.id),
            state: RiskState::from_name(&self.state).unwrap_or_default(),
        };
        check_risk(&draft, faults);
        Ok(draft)
    }
}

/// What is wrong with a risk, of a form or of a program.
pub(crate) fn check_risk(draft: &RiskDraft, faults: &mut Vec<Fault>) {
    if draft.text.trim().is_empty() {
        faults.push(Fault::new("risk", t!("initiatives-risk-missing")));
    }
    within("risk", &draft.text, MAX_AIM, faults);
    within("answer", &draft.answer, MAX_ABOUT, faults);
    let is_level = |level: u8| (1..=MAX_LEVEL).contains(&level);
    if !is_level(draft.likelihood) {
        faults.push(Fault::new("likelihood", t!("initiatives-level-bad")));
    }
    if !is_level(draft.impact) {
        faults.push(Fault::new("impact", t!("initiatives-level-bad")));
    }
}

/// Why the store refuses a task, as a fault of the form.
fn refusal(draft: &TaskDraft, ours: Option<PartyId>, text: &str) -> Fault {
    let is_others =
        draft.due.is_some() && draft.days > 0 && (draft.party != ours || ours.is_none());
    match (is_others, text.contains("wait for each other"), text.contains("promised stays")) {
        (true, ..) => Fault::new("due", t!("initiatives-due-others")),
        (_, true, _) => Fault::new("needs", t!("initiatives-circle")),
        (.., true) => Fault::new("task-party", t!("initiatives-promised-stays")),
        _ => Fault::new("task", t!("initiatives-full")),
    }
}

fn page_of(id: InitiativeId) -> String {
    format!("initiatives/{id}")
}

/// `POST /partnerships/{id}/initiatives/{initiative}/tasks`.
pub(crate) async fn add_task(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (id, form, mut faults) = (id_of::<InitiativeId>(&one)?, TaskForm::read(fields), Vec::new());
    let draft = form.understood(&room, &people(&app, &room).await?, &mut faults)?;
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { task: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    match tx.add_task((room.id(), id), &draft, room.by).await {
        Err(StoreError::Conflict(Constraint::Value(text))) => {
            tx.rollback().await?;
            let faults = vec![refusal(&draft, room.standing().party(), &text)];
            again(&app, &room, id, Typed { task: form, faults, ..Typed::default() }).await
        }
        did => {
            let one = did?;
            tx.commit().await?;
            Ok(to_part(&room, &page_of(id), "task", Some(&one)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "initiative_task.html")]
struct TaskPage {
    shell: Shell,
    head: Head,
    id: String,
    /// Path and name of its initiative.
    of: (String, String),
    action: String,
    /// The day that is promised; it is another one by consent.
    promised: Option<String>,
    others: Vec<(TaskId, String)>,
    parties: Vec<(PartyId, String)>,
    people: Vec<(SeatId, String)>,
    task: TaskForm,
    faults: Vec<Fault>,
}

impl TaskPage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

async fn task_page(
    app: &App,
    room: &InRoom,
    task: TaskId,
    typed: Option<(TaskForm, Vec<Fault>)>,
) -> Result<TaskPage, AppError> {
    let id = app.store.initiative_with(room.id(), task.0, room.by).await?;
    let all = app.store.initiative((room.id(), id), room.by).await?;
    let one = all.tasks.iter().find(|one| one.id == task);
    let one = one.filter(|one| one.is_open_to(&room.standing())).ok_or(AppError::NotFound)?;
    let (form, faults) = typed.unwrap_or_else(|| (TaskForm::of(one), Vec::new()));
    let others = all.tasks.iter().filter(|other| other.id != task);
    Ok(TaskPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Initiatives),
        id: room.id().to_string(),
        of: (format!("{}/{}", room.base(), page_of(id)), all.draft.title.clone()),
        action: format!("{}/initiatives/tasks/{task}", room.base()),
        promised: one.commitment.and(one.draft.due).map(here::until),
        others: others.map(|other| (other.id, other.draft.title.clone())).collect(),
        parties: super::pacts::party_names(room),
        people: people(app, room).await?,
        task: form,
        faults,
    })
}

/// `GET /partnerships/{id}/initiatives/tasks/{task}`: to change it.
pub(crate) async fn show_task(
    State(app): State<App>,
    room: InRoom,
    Path((_, task)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = task_page(&app, &room, id_of(&task)?, None).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&TaskPage { shell, ..shown })
}

/// `POST /partnerships/{id}/initiatives/tasks/{task}`.
pub(crate) async fn change_task(
    State(app): State<App>,
    room: InRoom,
    Path((_, task)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (task, form, mut faults) = (id_of::<TaskId>(&task)?, TaskForm::read(fields), Vec::new());
    let id = app.store.initiative_with(room.id(), task.0, room.by).await?;
    let draft = form.understood(&room, &people(&app, &room).await?, &mut faults)?;
    if !faults.is_empty() {
        return task_again(&app, &room, task, (form, faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.change_task((room.id(), task), &draft, form.version, room.by).await {
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late_task(&app, &room, (id, task), form).await
        }
        Err(StoreError::Conflict(Constraint::Value(text))) => {
            tx.rollback().await?;
            let faults = vec![refusal(&draft, room.standing().party(), &text)];
            task_again(&app, &room, task, (form, faults)).await
        }
        did => {
            did?;
            tx.commit().await?;
            Ok(to_part(&room, &page_of(id), "task-changed", None).into_response())
        }
    }
}

async fn task_again(
    app: &App,
    room: &InRoom,
    task: TaskId,
    typed: (TaskForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let shown = task_page(app, room, task, Some(typed)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// Someone else changed the task meanwhile.
async fn late_task(
    app: &App,
    room: &InRoom,
    (id, task): (InitiativeId, TaskId),
    mine: TaskForm,
) -> Result<Response, AppError> {
    let all = app.store.initiative((room.id(), id), room.by).await?;
    let kept = all.tasks.iter().find(|one| one.id == task).ok_or(AppError::NotFound)?;
    let theirs = TaskForm::of(kept);
    let mut fields = vec![
        ("version", kept.version.to_string()),
        ("party", mine.party.clone()),
        ("seat", mine.seat.clone()),
    ];
    fields.extend(mine.needs.iter().map(|need| ("needs", need.clone())));
    let rows = [
        ("task", t!("initiatives-task"), theirs.task, mine.task),
        ("days", t!("initiatives-days"), theirs.days, mine.days),
        ("due", t!("initiatives-due"), theirs.due, mine.due),
    ];
    fields.extend(rows.iter().map(|(name, _, _, mine)| (*name, mine.clone())));
    let late = Late {
        what: kept.draft.title.clone(),
        who: String::new(),
        back: format!("{}/{}", room.base(), page_of(id)),
        action: format!("{}/initiatives/tasks/{task}", room.base()),
        fields,
        rows: rows.into_iter().map(|(_, label, kept, mine)| Row::new(label, kept, mine)).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// How far a task is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StateForm {
    state: String,
    version: i64,
}

/// `POST /partnerships/{id}/initiatives/tasks/{task}/state`.
pub(crate) async fn set_state(
    State(app): State<App>,
    room: InRoom,
    Path((_, task)): Path<(String, String)>,
    Form(form): Form<StateForm>,
) -> Result<Redirect, AppError> {
    let task: TaskId = id_of(&task)?;
    let id = app.store.initiative_with(room.id(), task.0, room.by).await?;
    let state = TaskState::from_name(&form.state).ok_or(AppError::NotFound)?;
    let tx = room.begin(&app).await?;
    let did = tx.set_task_state((room.id(), task), state, form.version, room.by).await;
    let done = to_part(&room, &page_of(id), "task-changed", None);
    finish(tx, did, (done, to_part(&room, &page_of(id), "share-changed", None))).await
}

/// `POST /partnerships/{id}/initiatives/tasks/{task}/removal`.
pub(crate) async fn remove_task(
    State(app): State<App>,
    room: InRoom,
    Path((_, task)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    task_removed(&app, &room, &task, true).await
}

/// `POST /partnerships/{id}/initiatives/tasks/{task}/restoration`.
pub(crate) async fn restore_task(
    State(app): State<App>,
    room: InRoom,
    Path((_, task)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    task_removed(&app, &room, &task, false).await
}

async fn task_removed(
    app: &App,
    room: &InRoom,
    task: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let task: TaskId = id_of(task)?;
    let id = app.store.initiative_with(room.id(), task.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_task((room.id(), task), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "task-removed", Some(&task)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "share-changed", None))).await
}

/// `POST /partnerships/{id}/initiatives/{initiative}/risks`.
pub(crate) async fn add_risk(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<RiskForm>,
) -> Result<Response, AppError> {
    let (id, mut faults) = (id_of::<InitiativeId>(&one)?, Vec::new());
    let draft = form.understood(&room, &mut faults)?;
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { risk: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.add_risk((room.id(), id), &draft, room.by).await;
    let what = did.as_ref().ok().copied();
    let done = to_part(&room, &page_of(id), "risk", what.as_ref().map(|what| what as _));
    let full = to_part(&room, &page_of(id), "initiative-full", None);
    Ok(finish(tx, did, (done, full)).await?.into_response())
}

/// `POST /partnerships/{id}/initiatives/risks/{risk}`.
pub(crate) async fn change_risk(
    State(app): State<App>,
    room: InRoom,
    Path((_, risk)): Path<(String, String)>,
    Form(form): Form<RiskForm>,
) -> Result<Response, AppError> {
    let risk: RiskId = id_of(&risk)?;
    let id = app.store.initiative_with(room.id(), risk.0, room.by).await?;
    let mut faults = Vec::new();
    let draft = form.understood(&room, &mut faults)?;
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { risk: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.change_risk((room.id(), risk), &draft, form.version, room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Stale))) {
        tx.rollback().await?;
        return late_risk(&app, &room, (id, risk), form).await;
    }
    let done = to_part(&room, &page_of(id), "risk-changed", None);
    let changed = to_part(&room, &page_of(id), "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// Someone else changed the risk meanwhile.
async fn late_risk(
    app: &App,
    room: &InRoom,
    (id, risk): (InitiativeId, RiskId),
    mine: RiskForm,
) -> Result<Response, AppError> {
    let all = app.store.initiative((room.id(), id), room.by).await?;
    let kept = all.risks.iter().find(|one| one.id == risk).ok_or(AppError::NotFound)?;
    let draft = &kept.draft;
    let rows = [
        ("risk", t!("initiatives-risk"), draft.text.clone(), mine.risk),
        ("likelihood", t!("initiatives-likelihood"), draft.likelihood.to_string(), mine.likelihood),
        ("impact", t!("initiatives-impact"), draft.impact.to_string(), mine.impact),
        ("answer", t!("initiatives-answer"), draft.answer.clone(), mine.answer),
    ];
    let mut fields =
        vec![("version", kept.version.to_string()), ("party", mine.party), ("state", mine.state)];
    fields.extend(rows.iter().map(|(name, _, _, mine)| (*name, mine.clone())));
    let late = Late {
        what: draft.text.clone(),
        who: String::new(),
        back: format!("{}/{}", room.base(), page_of(id)),
        action: format!("{}/initiatives/risks/{risk}", room.base()),
        fields,
        rows: rows.into_iter().map(|(_, label, kept, mine)| Row::new(label, kept, mine)).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/initiatives/risks/{risk}/removal`.
pub(crate) async fn remove_risk(
    State(app): State<App>,
    room: InRoom,
    Path((_, risk)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    risk_removed(&app, &room, &risk, true).await
}

/// `POST /partnerships/{id}/initiatives/risks/{risk}/restoration`.
pub(crate) async fn restore_risk(
    State(app): State<App>,
    room: InRoom,
    Path((_, risk)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    risk_removed(&app, &room, &risk, false).await
}

async fn risk_removed(
    app: &App,
    room: &InRoom,
    risk: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let risk: RiskId = id_of(risk)?;
    let id = app.store.initiative_with(room.id(), risk.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_risk((room.id(), risk), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "risk-removed", Some(&risk)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "share-changed", None))).await
}
