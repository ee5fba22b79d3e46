//! Saying on someone's page that somebody else is the same person.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::claim::Decision;
use tieline_store::Person;

use super::form::{Fault, fault_of};
use super::identities::MAX_REASON;
use super::subject::{subject, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Steward;
use crate::page::page;
use crate::shell::{Place, Shell};

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SameForm {
    /// Name, address or id of the other one.
    pub(super) other: String,
    pub(super) reason: String,
}

#[derive(Template)]
#[template(path = "same.html")]
struct SamePage {
    shell: Shell,
    id: String,
    name: String,
    typed: SameForm,
    faults: Vec<Fault>,
}

/// `POST /people/{id}/same`: for stewards. It is a decision like those of the review, and is taken
/// back like them.
pub(crate) async fn say(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    Form(form): Form<SameForm>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    let mut faults = Vec::new();
    within("reason", &form.reason, MAX_REASON, &mut faults);
    let other = other(&app, &person, &form.other, &mut faults).await?;
    let Some(other) = other.filter(|_| faults.is_empty()) else {
        let shell = Shell::new(&app, &signed, Place::Directory);
        let (id, name) = (person.actor.id.to_string(), person.actor.name);
        let again = page(&SamePage { shell, id, name, typed: form, faults })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    };
    let (a, b) = (person.actor.anchor, other.actor.anchor);
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let reason = form.reason.trim().to_owned();
    tx.add_decision(&Decision { a, b, same: true, reason }).await?;
    tx.commit().await?;
    let id = person.actor.id;
    Ok(Redirect::to(&format!("/people/{id}?done=same&undo={a}-{b}")).into_response())
}

async fn other(
    app: &App,
    person: &Person,
    typed: &str,
    faults: &mut Vec<Fault>,
) -> Result<Option<Person>, AppError> {
    let found = match typed.trim() {
        "" => Vec::new(),
        text => app.store.find_people(text, 3).await?,
    };
    let found: Vec<_> = found.into_iter().filter(|row| row.id != person.actor.id).collect();
    match found.as_slice() {
        [one] => return Ok(Some(app.store.person(one.id).await?)),
        [] => faults.push(Fault::new("other", t!("form-same-nobody"))),
        _ => faults.push(Fault::new("other", t!("form-same-several"))),
    }
    Ok(None)
}
