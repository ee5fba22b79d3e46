//! Writes: the verbs of the pages. A program that sends an `Idempotency-Key` may ask again as often
//! as it likes: what it asked for is done once, and it gets the same answer.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use tieline_model::access::Visibility;
use tieline_model::claim::Decision;
use tieline_model::contact::ContactKind;
use tieline_model::id::{ActorId, AddressId, ContactId};
use tieline_model::time::Moment;
use tieline_store::{Kept, NewContact, Tx};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::types::{
    ContactAsked, DecisionAsked, Done, Made, NotWritten, PromiseAsked, Refused, Repeatable,
};
use crate::app::App;
use crate::session;

/// Longest key, characters.
const MAX_KEY: usize = 200;

/// Longest line, promise or reason, characters.
const MAX_TEXT: usize = 500;

/// Most people of one contact, and most promises.
const MAX_PEOPLE: usize = 30;

/// Logs a contact, with what was promised.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", request_body = ContactAsked,
    params(Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn log_contact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Result<Json<ContactAsked>, JsonRejection>,
) -> Result<Response, ApiError> {
    let key = key(&headers)?;
    let Json(asked) = asked?;
    let (contact, promises) = understood(&app, &caller, asked).await?;
    let tx = app.store.begin_by(caller.viewer.account).await?;
    let route = "POST /contacts";
    if let Some(again) = answered(&tx, &caller, key.as_deref(), route).await? {
        return Ok(again);
    }
    let promises: Vec<(bool, String)> =
        promises.into_iter().map(|PromiseAsked { by_us, text }| (by_us, text)).collect();
    let id = tx.log_contact_with(&contact, &promises).await?;
    let made = Made { id: id.to_string() };
    answer(tx, &caller, key.as_deref(), (route, StatusCode::CREATED), &made).await
}

/// Takes back a contact that the account logged.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/undo", tag = "contacts",
    params(("id" = String, Path, description = "id of a contact"),
        Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn undo_contact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let key = key(&headers)?;
    let id: ContactId = id.parse().map_err(|_| ApiError::NotFound)?;
    let tx = app.store.begin_by(caller.viewer.account).await?;
    let route = format!("POST /contacts/{id}/undo");
    if let Some(again) = answered(&tx, &caller, key.as_deref(), &route).await? {
        return Ok(again);
    }
    tx.undo_contact(id, caller.account.id).await?;
    answer(tx, &caller, key.as_deref(), (&route, StatusCode::OK), &Done { done: true }).await
}

/// Says that two addresses are one person, or are not; for stewards.
#[utoipa::path(post, path = "/api/v1/identities/decisions", tag = "identities", request_body = DecisionAsked,
    params(Repeatable),
    responses((status = 201, body = Done), Refused, NotWritten))]
pub(crate) async fn decide(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Result<Json<DecisionAsked>, JsonRejection>,
) -> Result<Response, ApiError> {
    if !caller.viewer.may_steward() {
        return Err(ApiError::NotFound);
    }
    let key = key(&headers)?;
    let Json(DecisionAsked { a, b, same, reason }) = asked?;
    let reason = text("reason", &reason)?;
    let (a, b) = (named(&app, "a", &a).await?, named(&app, "b", &b).await?);
    let tx = app.store.begin_by(caller.viewer.account).await?;
    let route = "POST /identities/decisions";
    if let Some(again) = answered(&tx, &caller, key.as_deref(), route).await? {
        return Ok(again);
    }
    tx.add_decision(&Decision { a, b, same, reason }).await?;
    answer(tx, &caller, key.as_deref(), (route, StatusCode::CREATED), &Done { done: true }).await
}

/// What the contact is, or what is wrong with it.
async fn understood(
    app: &App,
    caller: &Caller,
    asked: ContactAsked,
) -> Result<(NewContact, Vec<PromiseAsked>), ApiError> {
    if !caller.viewer.may_read() {
        return Err(ApiError::NotFound);
    }
    let kind = ContactKind::from_name(&asked.kind);
    let kind = kind.ok_or_else(|| invalid("kind is met, called or wrote"))?;
    let visibility = match asked.visibility.as_deref() {
        None => Visibility::default(),
        Some(word) => Visibility::from_name(word)
            .ok_or_else(|| invalid("visibility is own, party, partnership or workspace"))?,
    };
    let now = session::now();
    let at = match asked.at.as_deref().map(str::parse::<Timestamp>) {
        None => now,
        Some(Ok(at)) => Moment::from_ms(at.as_millisecond()),
        Some(Err(_)) => return Err(invalid("at is a time like 2026-11-23T09:30:00Z")),
    };
    if at > now {
        return Err(invalid("at is still to come: log a contact after it"));
    }
    if asked.people.is_empty() || asked.people.len() > MAX_PEOPLE {
        return Err(invalid("people names 1 to 30 people by their ids"));
    }
    let mut people: Vec<AddressId> = Vec::new();
    for id in &asked.people {
        let id: ActorId = id.parse().map_err(|_| invalid("people holds what is no id"))?;
        let anchor = app.store.person(id).await?.actor.anchor;
        if !people.contains(&anchor) {
            people.push(anchor);
        }
    }
    if asked.promises.len() > MAX_PEOPLE {
        return Err(invalid("promises holds at most 30"));
    }
    for promise in &asked.promises {
        text("promises", &promise.text)?;
    }
    let line = text("line", &asked.line)?;
    let by = caller.account.id;
    Ok((NewContact { by, kind, at, line, visibility, people }, asked.promises))
}

/// The address meant by an address or the id of a person.
async fn named(app: &App, field: &str, words: &str) -> Result<AddressId, ApiError> {
    let unknown = || invalid(&format!("{field} is no address or id of one person"));
    if let Ok(id) = words.parse::<ActorId>() {
        return Ok(app.store.person(id).await?.actor.anchor);
    }
    // Two addresses of one actor must stay two, so that they can be said to be different.
    let address = tieline_model::address::Address::mail(words.trim()).ok_or_else(unknown)?;
    let seen = app.store.address(address.id()).await?;
    seen.map(|seen| seen.id).ok_or_else(unknown)
}

fn text(field: &str, text: &str) -> Result<String, ApiError> {
    if text.chars().count() > MAX_TEXT {
        return Err(invalid(&format!("{field} holds more than {MAX_TEXT} characters")));
    }
    Ok(text.trim().to_owned())
}

pub(super) fn invalid(why: &str) -> ApiError {
    ApiError::Invalid(why.to_owned())
}

pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let fits = |text: &&str| !text.is_empty() && text.len() <= MAX_KEY;
    let text = value.to_str().ok().filter(fits);
    text.map(|text| Some(text.to_owned()))
        .ok_or_else(|| invalid("Idempotency-Key is 1 to 200 visible characters"))
}

/// What this key was answered before.
pub(super) async fn answered(
    tx: &Tx,
    caller: &Caller,
    key: Option<&str>,
    route: &str,
) -> Result<Option<Response>, ApiError> {
    let Some(key) = key else { return Ok(None) };
    let Some(kept) = tx.kept_answer(caller.account.id, key).await? else { return Ok(None) };
    if kept.route != route {
        return Err(invalid("this Idempotency-Key was used for something else"));
    }
    let status = StatusCode::from_u16(kept.status).map_err(|_| ApiError::Internal)?;
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok(Some((status, json, kept.body).into_response()))
}

/// Keeps the answer with what was done, and gives it.
pub(super) async fn answer(
    tx: Tx,
    caller: &Caller,
    key: Option<&str>,
    (route, status): (&str, StatusCode),
    body: &impl Serialize,
) -> Result<Response, ApiError> {
    let body = serde_json::to_string(body).map_err(|_| ApiError::Internal)?;
    if let Some(key) = key {
        let kept = Kept { route: route.to_owned(), status: status.as_u16(), body: body.clone() };
        tx.keep_answer(caller.account.id, key, &kept).await?;
    }
    tx.commit().await?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
