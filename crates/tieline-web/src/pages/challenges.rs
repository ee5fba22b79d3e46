//! Challenges of a partnership: the list of them, and what each still wants in words.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::challenge::{Closing, Want};
use tieline_model::id::{ChallengeId, ObjectiveId, PartyId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{Challenge, ChallengeDraft};

use super::aims::MAX_AIM;
use super::form::{Fault, fault_of};
use super::initiatives::{may_write, objectives};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::resources::id_of;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Challenges of one page: each is read whole.
const PAGE: u64 = 25;

/// Which challenges.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: String,
}

/// What the form of a challenge brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChallengeForm {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) objective: String,
    pub(super) version: i64,
}

impl ChallengeForm {
    /// As it is kept.
    pub(super) fn of(one: &Challenge) -> Self {
        let draft = &one.draft;
        Self {
            title: draft.title.clone(),
            text: draft.text.clone(),
            objective: draft.objective.map(|id| id.to_string()).unwrap_or_default(),
            version: one.version,
        }
    }

    /// As it may be kept; what is wrong with it is added to the faults.
    pub(super) fn understood(&self, faults: &mut Vec<Fault>) -> Result<ChallengeDraft, AppError> {
        let objective = Some(&self.objective).filter(|objective| !objective.is_empty());
        let draft = ChallengeDraft {
            title: self.title.clone(),
            text: self.text.replace("\r\n", "\n"),
            objective: objective.map(|objective| id_of(objective)).transpose()?,
        };
        check_challenge(&draft, faults);
        Ok(draft)
    }
}

/// What is wrong with a challenge, of a form or of a program.
pub(crate) fn check_challenge(draft: &ChallengeDraft, faults: &mut Vec<Fault>) {
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("challenges-title-missing")));
    }
    within("title", &draft.title, MAX_AIM, faults);
    within("text", &draft.text, MAX_NOTE, faults);
}

/// How a challenge stands: as a pill.
pub(super) fn state_words(one: &Challenge) -> (&'static str, String) {
    match one.ended.as_ref().map(|(ended, ..)| ended) {
        None => ("acc", t!("challenges-open")),
        Some(Closing::Solved) => ("good", t!("challenges-solved")),
        Some(Closing::Accepted) => ("", t!("challenges-accepted")),
        Some(Closing::Stopped) => ("", t!("challenges-stopped")),
    }
}

/// Parties of a room.
pub(crate) fn parties_of(room: &tieline_store::Room) -> BTreeSet<PartyId> {
    room.parties.iter().map(|(party, _)| party.id).collect()
}

/// What a challenge still wants, in sentences.
pub(super) fn want_words(room: &InRoom, want: &Want) -> String {
    match want {
        Want::Evidence(of) => {
            let names: Vec<String> = of.iter().map(|party| party_name(room, *party)).collect();
            match of.len() {
                1 => t!("challenges-want-evidence", parties = here::list(&names)),
                n => t!("challenges-want-evidence-many", n = n, parties = here::list(&names)),
            }
        }
        Want::Causes => t!("challenges-want-causes"),
        Want::SharedCause => t!("challenges-want-shared"),
        Want::Options => t!("challenges-want-options"),
        Want::Unanswered(n) => t!("challenges-want-unanswered", n = *n),
        Want::Trial => t!("challenges-want-trial"),
        Want::Results(n) => t!("challenges-want-results", n = *n),
        Want::Learning => t!("challenges-want-learning"),
    }
}

/// How a challenge stands, in a sentence: what there is, and what is missing first.
fn status(room: &InRoom, one: &Challenge, now: Moment) -> String {
    if let Some((_, at, learnt)) = &one.ended {
        return format!("{} {learnt}", t!("challenges-ended-on", day = here::date(*at)));
    }
    let said = t!("challenges-counts", points = one.points.len(), trials = one.trials.len());
    let wants = one.wants(parties_of(&room.room), now);
    match wants.first() {
        Some(want) => format!("{said} {}", want_words(room, want)),
        None => said,
    }
}

/// A challenge in a list.
struct Line {
    id: ChallengeId,
    title: String,
    pill: (&'static str, String),
    status: String,
}

#[derive(Template)]
#[template(path = "challenges.html")]
struct ChallengesPage {
    shell: Shell,
    head: Head,
    id: String,
    lines: Vec<Line>,
    more: Option<String>,
    objectives: Vec<(ObjectiveId, String)>,
    typed: ChallengeForm,
    faults: Vec<Fault>,
    /// Whether the viewer may write one down.
    may_add: bool,
    submit: String,
}

impl ChallengesPage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

async fn challenges_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (ChallengeForm, Vec<Fault>),
) -> Result<ChallengesPage, AppError> {
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before = before.map(|before| id_of::<ChallengeId>(before)).transpose()?;
    let mut found = app.store.challenges(room.id(), before, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let now = session::now();
    let line = |one: &Challenge| Line {
        id: one.id,
        title: one.draft.title.clone(),
        pill: state_words(one),
        status: status(room, one, now),
    };
    Ok(ChallengesPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Challenges),
        id: room.id().to_string(),
        lines: found.iter().map(line).collect(),
        more: last.map(|last| format!("{}/challenges?before={last}", room.base())),
        objectives: objectives(app, room).await?,
        typed,
        faults,
        may_add: may_write(room),
        submit: t!("challenges-save"),
    })
}

/// `GET /partnerships/{id}/challenges`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (ChallengeForm::default(), Vec::new());
    let shown = challenges_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ChallengesPage { shell, ..shown })
}

/// `POST /partnerships/{id}/challenges`: writes one down.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<ChallengeForm>,
) -> Result<Response, AppError> {
    if !may_write(&room) {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let draft = form.understood(&mut faults)?;
    if !faults.is_empty() {
        let shown = challenges_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let one = tx.add_challenge(room.id(), &draft, room.by).await?;
    tx.commit().await?;
    let undo = format!("done=challenge&undo={}.{one}", room.id());
    Ok(Redirect::to(&format!("{}/challenges/{one}?{undo}", room.base())).into_response())
}

/// Challenges of a brief: the problem, how it stands, and what there is of it.
pub(super) async fn brief(
    app: &App,
    (room, by): (&InRoom, Participant),
    limit: u64,
) -> Result<Vec<(String, String, String)>, AppError> {
    let now = session::now();
    let found = app.store.challenges(room.id(), None, limit, by).await?;
    let words =
        |one: &Challenge| (one.draft.title.clone(), state_words(one).1, status(room, one, now));
    Ok(found.iter().map(words).collect())
}
