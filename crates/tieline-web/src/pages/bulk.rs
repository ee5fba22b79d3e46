//! Changing everyone in a list of the directory: first how many, then the change, then its undo.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::access::Viewer;
use tieline_model::id::{AccountId, ActorId};
use tieline_store::{BulkChange, PeopleQuery, PersonRow, Tx};
use uuid::Uuid;

use super::facts::{PlaceForm, unit_of};
use super::form::{Fault, fault_of};
use super::people::Filters;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::page::page;
use crate::session;
use crate::shell::{Place, Shell};

/// Most people changed at once.
const MOST: u64 = 1_000;

/// Names shown before the change.
const SHOWN: usize = 12;

/// Longest tag, and longest name of a unit, characters.
const MAX_TAG: usize = 60;
const MAX_UNIT: usize = 200;

/// What is asked for, beside the filters of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bulk {
    /// `tag`, `place` or `opt-out`.
    pub(crate) what: String,
    /// The tag or the organisation.
    pub(crate) with: String,
    /// How many the preview showed.
    pub(crate) n: String,
    #[serde(flatten)]
    pub(crate) filters: Filters,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    shell: Shell,
    sentence: String,
    names: Vec<(String, String)>,
    more: usize,
    n: usize,
    asked: Bulk,
    fields: Vec<(&'static str, String)>,
    back: String,
    faults: Vec<Fault>,
}

/// What is wrong with a change of so many.
pub(crate) fn faults(asked: &Bulk, n: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    match asked.what.as_str() {
        "tag" | "place" if asked.with.trim().is_empty() => {
            faults.push(Fault::new("with", t!("form-bulk-with")));
        }
        "tag" => within("with", &asked.with, MAX_TAG, &mut faults),
        "place" => within("with", &asked.with, MAX_UNIT, &mut faults),
        "opt-out" => {}
        _ => faults.push(Fault::new("with", t!("form-bulk-what"))),
    }
    if n as u64 > MOST {
        faults.push(Fault::new("with", t!("form-bulk-most")));
    } else if n == 0 {
        faults.push(Fault::new("with", t!("form-bulk-nobody")));
    }
    faults
}

/// Everyone in the list, and one more where there are too many.
pub(crate) async fn everyone(
    app: &App,
    viewer: &Viewer,
    asked: &Bulk,
) -> Result<Vec<PersonRow>, AppError> {
    let query = asked.filters.query(viewer)?;
    let query = PeopleQuery { after: None, limit: MOST + 1, ..query };
    Ok(app.store.people(&query).await?.0)
}

fn preview(
    app: &App,
    signed: &Signed,
    asked: Bulk,
    (people, faults): (&[PersonRow], Vec<Fault>),
) -> Result<Response, AppError> {
    let n = people.len();
    let with = asked.with.trim();
    let sentence = match asked.what.as_str() {
        "tag" => t!("people-bulk-tag", n = n, tag = with),
        "place" => t!("people-bulk-place", n = n, unit = with),
        _ => t!("people-bulk-opt-out", n = n),
    };
    let is_fine = faults.is_empty();
    let shown = page(&BulkPage {
        shell: Shell::new(app, signed, Place::Directory),
        sentence,
        names: people
            .iter()
            .take(SHOWN)
            .map(|row| (row.id.to_string(), row.name.clone()))
            .collect(),
        more: n.saturating_sub(SHOWN),
        n,
        fields: asked.filters.fields(),
        back: format!("/people?{}", asked.filters.query_string()),
        asked,
        faults,
    })?;
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, shown).into_response())
}

/// `GET /people/bulk`: how many would change, and who.
pub(crate) async fn show(
    State(app): State<App>,
    Steward(signed): Steward,
    Query(asked): Query<Bulk>,
) -> Result<Response, AppError> {
    let people = everyone(&app, &signed.viewer, &asked).await?;
    let faults = faults(&asked, people.len());
    preview(&app, &signed, asked, (&people, faults))
}

/// `POST /people/bulk`: the change, when the list is still what the preview showed.
pub(crate) async fn apply(
    State(app): State<App>,
    Steward(signed): Steward,
    Form(asked): Form<Bulk>,
) -> Result<Response, AppError> {
    let people = everyone(&app, &signed.viewer, &asked).await?;
    let mut faults = faults(&asked, people.len());
    if faults.is_empty() && asked.n != people.len().to_string() {
        faults.push(Fault::new("with", t!("form-bulk-changed")));
    }
    if !faults.is_empty() {
        return preview(&app, &signed, asked, (&people, faults));
    }
    let ids: Vec<ActorId> = people.iter().map(|row| row.id).collect();
    let anchors = app.store.anchors(&ids).await?;
    let by = signed.viewer.account;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let change = change(&tx, by, &asked).await?;
    let done = tx.bulk_edit(by, &change, &anchors).await?;
    tx.commit().await?;
    let back = format!("/people?{}&done=bulk&undo={}", asked.filters.query_string(), done.id);
    Ok(Redirect::to(&back).into_response())
}

/// The change that is asked for; an organisation that is not known is added.
pub(crate) async fn change(tx: &Tx, by: AccountId, asked: &Bulk) -> Result<BulkChange, AppError> {
    let with = asked.with.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(match asked.what.as_str() {
        "tag" => BulkChange::Tag(with),
        "place" => {
            let form = PlaceForm { organisation: with, ..PlaceForm::default() };
            BulkChange::Place(unit_of(tx, &form, by).await?, session::now())
        }
        _ => BulkChange::OptOut,
    })
}

/// `POST /people/bulk/{id}/undo`.
pub(crate) async fn undo(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.undo_bulk_edit(id, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/people?done=removed"))
}
