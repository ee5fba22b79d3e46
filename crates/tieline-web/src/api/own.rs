//! What an account keeps for itself, for programs: saved views, rhythms, what is put off.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::reads::{Answer, may_read};
use super::types::{
    Done, Made, NotWritten, Portion, Refused, Repeatable, RhythmSeen, SnoozeAsked, SnoozeSeen,
    ViewAsked, ViewSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked, looked_at, once, subject};
use crate::app::App;
use crate::pages::people::{Filters, MAX_VIEW, PLACE};
use crate::pages::subject::within;
use crate::pages::today::{MAX_ITEM, PUT_OFF_DAYS};
use crate::session;

/// Listings of the directory that the account sees, by name.
#[utoipa::path(get, path = "/api/v1/views", tag = "account",
    responses((status = 200, body = Portion<ViewSeen>), Refused))]
pub(crate) async fn list_views(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<ViewSeen>> {
    may_read(&caller)?;
    let views = app.store.views(caller.account.id, PLACE).await?.into_iter();
    let items = views.map(|view| ViewSeen {
        id: view.id.to_string(),
        name: view.name,
        query: view.query,
        shared: view.shared,
        own: view.account == caller.account.id,
    });
    Ok(Json(Portion::whole(items)))
}

/// Saves a listing of the directory.
#[utoipa::path(post, path = "/api/v1/views", tag = "account", request_body = ViewAsked,
    params(Repeatable), responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn save_view(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<ViewAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let name = asked.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = Vec::new();
    within("name", &name, MAX_VIEW, &mut faults);
    checked(&faults)?;
    let filters = Filters::from(asked.filters);
    filters.query(&caller.viewer)?;
    let (by, query) = (caller.account.id, filters.query_string());
    once(&app, &caller, &headers, ("POST /views", StatusCode::CREATED), async |tx| {
        let id = tx.save_view(by, PLACE, &name, &query).await?;
        tx.share_view(id, by, asked.shared).await?;
        Ok(Made { id: id.to_string() })
    })
    .await
}

/// How often the account wants to be in touch with a person.
#[utoipa::path(get, path = "/api/v1/people/{id}/rhythm", tag = "account",
    params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = RhythmSeen), Refused))]
pub(crate) async fn show_rhythm(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<RhythmSeen> {
    let person = looked_at(&app, &caller, &id).await?;
    let set = app.store.rhythms(caller.account.id).await?;
    let found = set.iter().find(|one| person.actor.addresses.contains(&one.who));
    Ok(Json(RhythmSeen { days: found.map(|one| one.days) }))
}

/// Sets how often the account wants to be in touch with a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/rhythm", tag = "account", request_body = RhythmSeen,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn set_rhythm(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<RhythmSeen>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(RhythmSeen { days }) = asked?;
    let route = format!("POST /people/{id}/rhythm");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.set_rhythm(caller.account.id, &person.actor.addresses, days).await?;
        Ok(DONE)
    })
    .await
}

/// What the account put off and does not show yet.
#[utoipa::path(get, path = "/api/v1/snoozes", tag = "account",
    responses((status = 200, body = Portion<SnoozeSeen>), Refused))]
pub(crate) async fn list_snoozes(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<SnoozeSeen>> {
    may_read(&caller)?;
    let all = app.store.snoozes(caller.account.id, session::now()).await?.into_iter();
    let items = all.map(|one| SnoozeSeen { item: one.item, until: time(one.until) });
    Ok(Json(Portion::whole(items)))
}

/// Puts something on Today off for two weeks.
#[utoipa::path(post, path = "/api/v1/snoozes", tag = "account", request_body = SnoozeAsked,
    params(Repeatable), responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn snooze(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<SnoozeAsked>,
) -> Result<Response, ApiError> {
    let item = item(asked)?;
    let until = session::now().plus_days(PUT_OFF_DAYS);
    once(&app, &caller, &headers, ("POST /snoozes", StatusCode::OK), async |tx| {
        tx.snooze(caller.account.id, &item, until).await?;
        Ok(DONE)
    })
    .await
}

/// Shows again what the account put off.
#[utoipa::path(post, path = "/api/v1/snoozes/end", tag = "account", request_body = SnoozeAsked,
    params(Repeatable), responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_snooze(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<SnoozeAsked>,
) -> Result<Response, ApiError> {
    let item = item(asked)?;
    once(&app, &caller, &headers, ("POST /snoozes/end", StatusCode::OK), async |tx| {
        tx.end_snooze(caller.account.id, &item).await?;
        Ok(DONE)
    })
    .await
}

fn item(asked: Asked<SnoozeAsked>) -> Result<String, ApiError> {
    let Json(SnoozeAsked { item }) = asked?;
    if item.is_empty() || item.len() > MAX_ITEM || item.contains('\0') {
        return Err(invalid("item names what is put off, in at most 500 bytes"));
    }
    Ok(item)
}
