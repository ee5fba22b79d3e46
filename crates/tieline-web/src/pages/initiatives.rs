//! Joint initiatives of a partnership: the list of them, and how each goes in words.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{InitiativeId, ObjectiveId};
use tieline_model::initiative::{Ended, Progress, Sign};
use tieline_model::room::Participant;
use tieline_model::time::{DAY_MS, Moment};
use tieline_store::{Initiative, InitiativeDraft, InitiativeTask};

use super::aims::MAX_AIM;
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab};
use super::resources::id_of;
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Initiatives of one page: each is read whole.
const PAGE: u64 = 25;

/// Objectives that the form offers.
const MOST_OBJECTIVES: u64 = 200;

/// Names of tasks that a sentence takes.
const MOST_NAMES: usize = 5;

/// Which initiatives.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: String,
}

/// What the form of an initiative brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InitiativeForm {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) objective: String,
    pub(super) begins: String,
    pub(super) ends: String,
    pub(super) version: i64,
}

impl InitiativeForm {
    /// As it is kept.
    pub(super) fn of(one: &Initiative) -> Self {
        let draft = &one.draft;
        let day = |at: Option<Moment>| at.map(|at| at.date().to_string()).unwrap_or_default();
        Self {
            title: draft.title.clone(),
            text: draft.text.clone(),
            objective: draft.objective.map(|id| id.to_string()).unwrap_or_default(),
            begins: day(draft.begins),
            ends: day(draft.ends.map(|ends| ends.plus_days(-1.0))),
            version: one.version,
        }
    }

    /// As it may be kept; what is wrong with it is added to the faults.
    pub(super) fn understood(&self, faults: &mut Vec<Fault>) -> Result<InitiativeDraft, AppError> {
        let objective = Some(&self.objective).filter(|objective| !objective.is_empty());
        let draft = InitiativeDraft {
            title: self.title.clone(),
            text: self.text.replace("\r\n", "\n"),
            objective: objective.map(|objective| id_of(objective)).transpose()?,
            begins: day_of("begins", &self.begins, faults),
            ends: day_of("ends", &self.ends, faults).map(|day| day.plus_days(1.0)),
        };
        check_initiative(&draft, faults);
        Ok(draft)
    }
}

/// What is wrong with an initiative, of a form or of a program.
pub(crate) fn check_initiative(draft: &InitiativeDraft, faults: &mut Vec<Fault>) {
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("initiatives-title-missing")));
    }
    within("title", &draft.title, MAX_AIM, faults);
    within("text", &draft.text, MAX_NOTE, faults);
    if draft.begins.zip(draft.ends).is_some_and(|(begins, ends)| begins >= ends) {
        faults.push(Fault::new("ends", t!("initiatives-ends-first")));
    }
}

/// How an initiative goes: as a pill.
pub(crate) fn progress_words(progress: Progress) -> (&'static str, String) {
    match progress {
        Progress::Planned => ("", t!("initiatives-planned")),
        Progress::OnTheWay => ("good", t!("initiatives-on-the-way")),
        Progress::AtRisk => ("warn", t!("initiatives-at-risk")),
        Progress::Behind => ("bad", t!("initiatives-behind")),
        Progress::Ended(Ended::Done) => ("good", t!("initiatives-done")),
        Progress::Ended(Ended::Stopped) => ("", t!("initiatives-stopped")),
    }
}

/// Why it does not go better, in a sentence.
pub(super) fn sign_words(sign: Sign) -> String {
    match sign {
        Sign::PastEnd => t!("initiatives-sign-past"),
        Sign::EndsLate(days) => t!("initiatives-sign-late", n = days),
        Sign::MilestonesLate(n) => t!("initiatives-sign-milestones", n = n),
        Sign::TasksLate(n) => t!("initiatives-sign-tasks", n = n),
        Sign::PartsBehind(n) => t!("initiatives-sign-parts", n = n),
        Sign::RisksHigh(n) => t!("initiatives-sign-risks", n = n),
    }
}

/// How an initiative stands, in a few sentences: what is done, what comes next, what decides its end.
pub(crate) fn status(one: &Initiative, now: Moment) -> String {
    if let Some((_, at, _)) = &one.ended {
        return t!("initiatives-ended-on", day = here::date(*at));
    }
    let open = |task: &&InitiativeTask| task.done.is_none();
    let left = one.tasks.iter().filter(open).count();
    let mut said = vec![match one.tasks.len() {
        0 => t!("initiatives-no-tasks"),
        all => t!("initiatives-n-done", n = all - left, all = all),
    }];
    let ahead = one.tasks.iter().filter(open).filter(|task| task.is_milestone());
    let next = ahead.filter_map(|task| task.draft.due.map(|due| (due, task))).min_by_key(|at| at.0);
    if let Some((due, task)) = next {
        let (title, day) = (task.draft.title.as_str(), here::until(due));
        said.push(t!("initiatives-next", title = title, day = day));
    }
    let found = one.schedule(now);
    if let Some(ends) = found.ends {
        let last = Moment::from_ms(ends.saturating_sub(1).saturating_mul(DAY_MS));
        let critical = one.tasks.iter().zip(&found.slots).filter(|(_, slot)| slot.is_critical);
        let mut names: Vec<String> = critical.map(|(task, _)| task.draft.title.clone()).collect();
        let n = names.len();
        names.truncate(MOST_NAMES);
        let (day, names) = (here::day(last.date()), here::list(&names));
        said.push(t!("initiatives-can-end", day = day, n = n, names = names));
    }
    said.join(" ")
}

/// An initiative in a list.
struct Line {
    id: InitiativeId,
    title: String,
    pill: (&'static str, String),
    status: String,
    days: String,
}

#[derive(Template)]
#[template(path = "initiatives.html")]
struct InitiativesPage {
    shell: Shell,
    head: Head,
    id: String,
    lines: Vec<Line>,
    more: Option<String>,
    objectives: Vec<(ObjectiveId, String)>,
    typed: InitiativeForm,
    faults: Vec<Fault>,
    /// Whether the viewer may write one down.
    may_add: bool,
    submit: String,
}

impl InitiativesPage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

/// From when to when an initiative goes, as far as it is said.
pub(super) fn days_words(draft: &InitiativeDraft) -> String {
    term_words(draft.begins, draft.ends)
}

/// From when to when, as far as it is said; `ends`: the first moment after.
pub(super) fn term_words(begins: Option<Moment>, ends: Option<Moment>) -> String {
    let begins = begins.map(|begins| here::day(begins.date()));
    match (begins, ends.map(here::until)) {
        (Some(begins), Some(ends)) => t!("initiatives-from-to", begins = begins, ends = ends),
        (Some(begins), None) => t!("initiatives-from", begins = begins),
        (None, Some(ends)) => t!("initiatives-to", ends = ends),
        (None, None) => String::new(),
    }
}

fn line(one: &Initiative, now: Moment) -> Line {
    Line {
        id: one.id,
        title: one.draft.title.clone(),
        pill: progress_words(one.progress(now).0),
        status: status(one, now),
        days: days_words(&one.draft),
    }
}

/// Objectives that an initiative may serve.
pub(super) async fn objectives(
    app: &App,
    room: &InRoom,
) -> Result<Vec<(ObjectiveId, String)>, AppError> {
    let found = app.store.objectives(room.id(), None, MOST_OBJECTIVES, room.by).await?;
    Ok(found.into_iter().map(|one| (one.id, one.draft.title)).collect())
}

/// Whether a viewer writes in initiatives: people of a party, and who arranges.
pub(super) fn may_write(room: &InRoom) -> bool {
    room.standing().arranges() || room.standing().party().is_some()
}

async fn initiatives_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (InitiativeForm, Vec<Fault>),
) -> Result<InitiativesPage, AppError> {
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before = before.map(|before| id_of::<InitiativeId>(before)).transpose()?;
    let mut found = app.store.initiatives(room.id(), before, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let now = session::now();
    Ok(InitiativesPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Initiatives),
        id: room.id().to_string(),
        lines: found.iter().map(|one| line(one, now)).collect(),
        more: last.map(|last| format!("{}/initiatives?before={last}", room.base())),
        objectives: objectives(app, room).await?,
        typed,
        faults,
        may_add: may_write(room),
        submit: t!("initiatives-save"),
    })
}

/// `GET /partnerships/{id}/initiatives`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (InitiativeForm::default(), Vec::new());
    let shown = initiatives_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&InitiativesPage { shell, ..shown })
}

/// `POST /partnerships/{id}/initiatives`: writes one down.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<InitiativeForm>,
) -> Result<Response, AppError> {
    if !may_write(&room) {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let draft = form.understood(&mut faults)?;
    if !faults.is_empty() {
        let shown = initiatives_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let one = tx.add_initiative(room.id(), &draft, room.by).await?;
    tx.commit().await?;
    let undo = format!("done=initiative&undo={}.{one}", room.id());
    Ok(Redirect::to(&format!("{}/initiatives/{one}?{undo}", room.base())).into_response())
}

/// Initiatives of a brief: name, how it goes, and its status.
pub(super) async fn brief(
    app: &App,
    (room, by): (&InRoom, Participant),
    limit: u64,
) -> Result<Vec<(String, String, String)>, AppError> {
    let now = session::now();
    let found = app.store.initiatives(room.id(), None, limit, by).await?;
    let words = |one: &Initiative| {
        let pill = progress_words(one.progress(now).0).1;
        (one.draft.title.clone(), pill, status(one, now))
    };
    Ok(found.iter().map(words).collect())
}
