//! What parties say of a challenge, what the others say of that, and what is tried.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::challenge::{PointKind, TrialResult};
use tieline_model::id::{ChallengeId, ChallengePointId, TrialId};
use tieline_store::{Constraint, PointDraft, StoreError, TrialDraft};

use super::aims::MAX_AIM;
use super::challenge::{Typed, again};
use super::form::Fault;
use super::partnerships::MAX_ABOUT;
use super::resources::{finish, id_of, to_part};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::room::InRoom;

/// What the form of a point brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PointForm {
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) source: String,
    pub(super) parent: String,
}

/// What a party says of the point of another one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StanceForm {
    /// `yes`: it sees it too.
    agrees: String,
    text: String,
}

/// What the form of a trial brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TrialForm {
    pub(super) trial: String,
    pub(super) sign: String,
    pub(super) option: String,
    pub(super) party: String,
    pub(super) begins: String,
    pub(super) ends: String,
}

/// What a trial showed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ShownForm {
    /// Of which trial, where it comes back.
    #[serde(skip)]
    pub(super) of: String,
    /// Empty: it goes on.
    pub(super) result: String,
    pub(super) seen: String,
    pub(super) version: i64,
}

/// What is wrong with a point, of a form or of a program; by the name of its kind.
pub(crate) fn check_point(draft: &PointDraft, faults: &mut Vec<Fault>) {
    let field = draft.kind.name();
    if draft.text.trim().is_empty() {
        faults.push(Fault::new(field, t!("challenges-point-missing")));
    }
    within(field, &draft.text, MAX_AIM, faults);
    within("source", &draft.source, MAX_AIM, faults);
}

/// What is wrong with a trial, of a form or of a program.
pub(crate) fn check_trial(draft: &TrialDraft, faults: &mut Vec<Fault>) {
    if draft.text.trim().is_empty() {
        faults.push(Fault::new("trial", t!("challenges-trial-missing")));
    }
    within("trial", &draft.text, MAX_AIM, faults);
    within("sign", &draft.sign, MAX_AIM, faults);
    if draft.begins.zip(draft.ends).is_some_and(|(begins, ends)| begins >= ends) {
        faults.push(Fault::new("ends", t!("challenges-ends-first")));
    }
}

fn page_of(id: ChallengeId) -> String {
    format!("challenges/{id}")
}

/// An id of a form that may be empty.
fn chosen<T: std::str::FromStr>(text: &str) -> Result<Option<T>, AppError> {
    Some(text).filter(|text| !text.is_empty()).map(id_of).transpose()
}

/// `POST /partnerships/{id}/challenges/{challenge}/points`: the viewer's party says something.
pub(crate) async fn add_point(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<PointForm>,
) -> Result<Response, AppError> {
    let party = room.standing().party().ok_or(AppError::NotFound)?;
    let (id, mut faults) = (id_of::<ChallengeId>(&one)?, Vec::new());
    let draft = PointDraft {
        kind: PointKind::from_name(&form.kind).unwrap_or(PointKind::Evidence),
        party,
        parent: chosen::<ChallengePointId>(&form.parent)?,
        text: form.text.clone(),
        source: form.source.clone(),
    };
    check_point(&draft, &mut faults);
    let kind = draft.kind.name();
    let form = PointForm { kind: kind.to_owned(), ..form };
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { point: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.add_challenge_point((room.id(), id), &draft, room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Value(_)))) {
        tx.rollback().await?;
        let why =
            if draft.parent.is_some() { t!("challenges-too-deep") } else { t!("challenges-full") };
        let faults = vec![Fault::new(kind, why)];
        return again(&app, &room, id, Typed { point: form, faults, ..Typed::default() }).await;
    }
    let what = did.as_ref().ok().copied();
    let done = to_part(&room, &page_of(id), "challenge-point", what.as_ref().map(|what| what as _));
    let changed = to_part(&room, &page_of(id), "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// `POST /partnerships/{id}/challenges/points/{entry}/stance`: another party sees it too, or doubts it.
pub(crate) async fn answer_point(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<StanceForm>,
) -> Result<Response, AppError> {
    let one: ChallengePointId = id_of(&one)?;
    let agrees = form.agrees == "yes";
    if form.text.chars().count() > MAX_ABOUT {
        return Err(AppError::BadRequest(t!("form-at-most", n = MAX_ABOUT)));
    }
    let id = app.store.challenge_with(room.id(), one.0, room.by).await?;
    let tx = room.begin(&app).await?;
    let did = tx.answer_challenge_point((room.id(), one), (agrees, &form.text), room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Value(_)))) {
        return Err(AppError::BadRequest(t!("challenges-doubt-missing")));
    }
    let done = to_part(&room, &page_of(id), "challenge-point-answered", None);
    let changed = to_part(&room, &page_of(id), "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// `POST /partnerships/{id}/challenges/points/{entry}/removal`.
pub(crate) async fn remove_point(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    point_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/challenges/points/{entry}/restoration`.
pub(crate) async fn restore_point(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    point_removed(&app, &room, &one, false).await
}

async fn point_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let one = id_of::<ChallengePointId>(one)?;
    let id = app.store.challenge_with(room.id(), one.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_challenge_point((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "challenge-point-removed", Some(&one)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "share-changed", None))).await
}

/// `POST /partnerships/{id}/challenges/{challenge}/trials`.
pub(crate) async fn add_trial(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<TrialForm>,
) -> Result<Response, AppError> {
    let (id, mut faults) = (id_of::<ChallengeId>(&one)?, Vec::new());
    let draft = TrialDraft {
        option: chosen(&form.option)?,
        party: chosen(&form.party)?,
        text: form.trial.clone(),
        sign: form.sign.clone(),
        begins: day_of("begins", &form.begins, &mut faults),
        ends: day_of("ends", &form.ends, &mut faults).map(|day| day.plus_days(1.0)),
    };
    check_trial(&draft, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { trial: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.add_trial((room.id(), id), &draft, room.by).await;
    let what = did.as_ref().ok().copied();
    let done = to_part(&room, &page_of(id), "trial", what.as_ref().map(|what| what as _));
    let full = to_part(&room, &page_of(id), "challenge-full", None);
    Ok(finish(tx, did, (done, full)).await?.into_response())
}

/// `POST /partnerships/{id}/challenges/trials/{trial}`: what it showed.
pub(crate) async fn end_trial(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ShownForm>,
) -> Result<Response, AppError> {
    let one: TrialId = id_of(&one)?;
    let id = app.store.challenge_with(room.id(), one.0, room.by).await?;
    let result = TrialResult::from_name(&form.result);
    let mut faults = Vec::new();
    if !form.result.is_empty() && result.is_none() {
        faults.push(Fault::new("seen", t!("challenges-result-choose")));
    }
    if result.is_some() && form.seen.trim().is_empty() {
        faults.push(Fault::new("seen", t!("challenges-seen-missing")));
    }
    within("seen", &form.seen, MAX_ABOUT, &mut faults);
    if !faults.is_empty() {
        let shown = ShownForm { of: one.to_string(), ..form };
        return again(&app, &room, id, Typed { shown, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let shown = result.map(|result| (result, form.seen.as_str()));
    let did = tx.end_trial((room.id(), one), shown, form.version, room.by).await;
    if result.is_some() && matches!(did, Err(StoreError::Conflict(Constraint::Stale))) {
        tx.rollback().await?;
        let faults = vec![Fault::new("seen", t!("challenges-late-change"))];
        let shown = ShownForm { of: one.to_string(), ..form };
        return again(&app, &room, id, Typed { shown, faults, ..Typed::default() }).await;
    }
    let done = to_part(&room, &page_of(id), "trial-shown", None);
    let changed = to_part(&room, &page_of(id), "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// `POST /partnerships/{id}/challenges/trials/{trial}/removal`.
pub(crate) async fn remove_trial(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    trial_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/challenges/trials/{trial}/restoration`.
pub(crate) async fn restore_trial(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    trial_removed(&app, &room, &one, false).await
}

async fn trial_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let one = id_of::<TrialId>(one)?;
    let id = app.store.challenge_with(room.id(), one.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_trial((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "trial-removed", Some(&one)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "trial-stands", None))).await
}
