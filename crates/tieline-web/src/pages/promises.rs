//! Promises on both sides: written down, kept, open again, taken back; and the list of what is owed.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AccountId, PromiseId};
use tieline_model::time::Moment;
use tieline_store::{NewPromise, Promise, StoreError, Tx};

use super::contacts::MAX_TEXT;
use super::form::{Fault, fault_of};
use super::subject::{day_of, page_of, readers, subject, visibility, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};

/// Promises of the list, at most.
const MOST: u64 = 200;

/// A promise in words.
pub(crate) struct PromiseRow {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) by_us: bool,
    pub(crate) due: String,
    /// Class of its pill and its words.
    pub(crate) state: (&'static str, String),
    pub(crate) is_open: bool,
    /// Whether the viewer wrote it down, and may say that it was kept.
    pub(crate) is_own: bool,
    pub(crate) readers: String,
    /// Page and name of the other person, in the list of all.
    pub(crate) with: (String, String),
}

/// A promise in words, as of `now`.
pub(crate) fn row(promise: &Promise, signed: &Signed, now: Moment) -> PromiseRow {
    PromiseRow {
        id: promise.id.to_string(),
        text: promise.text.clone(),
        by_us: promise.by_us,
        due: promise.due.map_or(String::new(), |due| here::day(due.date())),
        state: state(promise, now),
        is_open: promise.kept.is_none(),
        is_own: promise.author == signed.viewer.account,
        readers: readers(promise.visibility),
        with: (String::new(), String::new()),
    }
}

fn state(promise: &Promise, now: Moment) -> (&'static str, String) {
    if let Some(kept) = promise.kept {
        return ("good", t!("word-promise-kept", day = here::date(kept)));
    }
    let Some(due) = promise.due else { return ("", t!("word-promise-open")) };
    // A promise may be kept on the day itself.
    let days = due.day() - now.day();
    match days {
        0 => ("warn", t!("word-promise-due-today")),
        1.. => ("", t!("word-promise-due", n = days)),
        _ => ("bad", t!("word-promise-late", n = days.unsigned_abs())),
    }
}

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PromiseForm {
    pub(super) promise: String,
    /// `us` or `them`.
    pub(super) by: String,
    pub(super) due: String,
    pub(super) visibility: String,
}

#[derive(Template)]
#[template(path = "promise_new.html")]
struct PromisePage {
    shell: Shell,
    typed: PromiseForm,
    faults: Vec<Fault>,
    action: String,
    back: String,
    name: String,
}

/// `POST /people/{id}/promises`.
pub(crate) async fn create(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<PromiseForm>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    let back = format!("/people/{}", person.actor.id);
    let mut faults = Vec::new();
    if form.promise.trim().is_empty() {
        faults.push(Fault::new("promise", t!("form-promise")));
    }
    within("promise", &form.promise, MAX_TEXT, &mut faults);
    let due = day_of("due", &form.due, &mut faults);
    if !faults.is_empty() {
        let shell = Shell::new(&app, &signed, Place::Directory);
        let (action, name) = (format!("{back}/promises"), person.actor.name);
        let again = page(&PromisePage { shell, typed: form, faults, action, back, name })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let promise = NewPromise {
        contact: None,
        by_us: form.by != "them",
        who: person.actor.anchor,
        text: form.promise,
        due,
        author: signed.viewer.account,
        visibility: visibility(&form.visibility),
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let id = tx.add_promise(&promise).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{back}?done=promise&undo={id}")).into_response())
}

/// `POST /promises/{id}/kept`.
pub(crate) async fn keep(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let (by, now) = (signed.viewer.account, session::now());
    let back = change(&app, by, &id, async |tx, id| tx.keep_promise(id, by, now).await).await?;
    Ok(Redirect::to(&format!("{back}?done=kept&undo={id}")))
}

/// `POST /promises/{id}/reopening`.
pub(crate) async fn reopen(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change(&app, by, &id, async |tx, id| tx.reopen_promise(id, by).await).await?;
    Ok(Redirect::to(&format!("{back}?done=reopened")))
}

/// `POST /promises/{id}/withdrawal`.
pub(crate) async fn withdraw(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change(&app, by, &id, async |tx, id| tx.withdraw_promise(id, by).await).await?;
    Ok(Redirect::to(&format!("{back}?done=promise-undone")))
}

/// Does a verb on a promise of an account, in one transaction; the page of whom it is with.
async fn change(
    app: &App,
    by: AccountId,
    id: &str,
    verb: impl AsyncFnOnce(&Tx, PromiseId) -> Result<(), StoreError>,
) -> Result<String, AppError> {
    let id: PromiseId = id.parse().map_err(|_| AppError::NotFound)?;
    let with = app.store.promise(id, by).await?.who;
    let tx = app.store.begin_by(by).await?;
    verb(&tx, id).await?;
    tx.commit().await?;
    page_of(app, with).await
}

#[derive(Template)]
#[template(path = "promises.html")]
struct PromisesPage {
    shell: Shell,
    /// Heading and promises: what the viewer owes, what the viewer is owed.
    sides: [(String, Vec<PromiseRow>); 2],
}

/// `GET /promises`: what the viewer wrote down and is still open, on both sides.
pub(crate) async fn list(
    State(app): State<App>,
    Member(signed): Member,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let open = app.store.promises_open(signed.viewer.account, MOST).await?;
    let now = session::now();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for promise in &open {
        let mut shown = row(promise, &signed, now);
        if let Some(actor) = app.store.actor_of(promise.who).await? {
            let name = app.store.person(actor).await?.actor.name;
            shown.with = (format!("/people/{actor}"), name);
        }
        if promise.by_us { ours.push(shown) } else { theirs.push(shown) }
    }
    let shell = Shell::new(&app, &signed, Place::Directory).with_toast(done.toast());
    page(&PromisesPage {
        shell,
        sides: [(t!("people-promises-owe"), ours), (t!("people-promises-owed"), theirs)],
    })
}
