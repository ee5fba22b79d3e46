//! Changing many people at once, for programs of stewards: first how many, then the change, then its
//! undo.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::ActorId;
use uuid::Uuid;

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::reads::{Answer, Asked as AskedIn, may_steward};
use super::types::{
    BulkAsked, BulkMade, BulkPreview, BulkPreviewAsked, Done, FiltersAsked, NotWritten, PersonCard,
    Refused, Repeatable,
};
use super::written::{Asked, DONE, checked, once};
use crate::app::App;
use crate::pages::bulk::{self, Bulk};

/// People named before the change.
const SHOWN: usize = 50;

/// Whom a change of everyone in a list would change; for stewards.
#[utoipa::path(get, path = "/api/v1/people/bulk", tag = "directory", params(BulkPreviewAsked),
    responses((status = 200, body = BulkPreview), Refused))]
pub(crate) async fn preview(
    State(app): State<App>,
    caller: Caller,
    asked: AskedIn<BulkPreviewAsked>,
) -> Answer<BulkPreview> {
    may_steward(&caller)?;
    let Query(asked) = asked?;
    let filters = FiltersAsked {
        q: asked.q.unwrap_or_default(),
        unit: asked.unit.unwrap_or_default(),
        kind: asked.kind.unwrap_or_default(),
        tag: asked.tag.unwrap_or_default(),
        role: asked.role.unwrap_or_default(),
        seen: asked.seen.unwrap_or_default(),
    };
    let asked = Bulk { filters: filters.into(), ..Bulk::default() };
    let people = bulk::everyone(&app, &caller.viewer, &asked).await?;
    let n = people.len() as u64;
    let people = people.into_iter().take(SHOWN).map(PersonCard::from).collect();
    Ok(Json(BulkPreview { n, people }))
}

/// Changes everyone in a list, when it is still what the preview said; for stewards.
#[utoipa::path(post, path = "/api/v1/people/bulk", tag = "directory", request_body = BulkAsked,
    params(Repeatable), responses((status = 201, body = BulkMade), Refused, NotWritten))]
pub(crate) async fn apply(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<BulkAsked>,
) -> Result<Response, ApiError> {
    may_steward(&caller)?;
    let Json(asked) = asked?;
    let n = asked.n;
    let asked = Bulk {
        what: asked.what,
        with: asked.with,
        n: n.to_string(),
        filters: asked.filters.into(),
    };
    let by = caller.account.id;
    once(&app, &caller, &headers, ("POST /people/bulk", StatusCode::CREATED), async |tx| {
        let people = bulk::everyone(&app, &caller.viewer, &asked).await?;
        checked(&bulk::faults(&asked, people.len()))?;
        if people.len() as u64 != n {
            return Err(ApiError::Conflict("the list changed meanwhile: look again".to_owned()));
        }
        let ids: Vec<ActorId> = people.iter().map(|row| row.id).collect();
        let anchors = app.store.anchors(&ids).await?;
        let change = bulk::change(tx, by, &asked).await?;
        let done = tx.bulk_edit(by, &change, &anchors).await?;
        Ok(BulkMade { id: done.id.to_string(), changed: done.changed })
    })
    .await
}

/// Takes a change of many back that the account made.
#[utoipa::path(post, path = "/api/v1/people/bulk/{id}/undo", tag = "directory",
    params(("id" = String, Path, description = "id of a change of many"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn undo(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    may_steward(&caller)?;
    let one: Uuid = id.parse().map_err(|_| ApiError::NotFound)?;
    let route = format!("POST /people/bulk/{id}/undo");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.undo_bulk_edit(one, caller.account.id).await?;
        Ok(DONE)
    })
    .await
}
