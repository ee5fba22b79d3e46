//! Who can help, for programs: what people wrote of themselves for a room, and the account's own
//! questions.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{HelpId, SeatId};
use tieline_store::{Expertise, Help};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    Done, ExpertSeen, ExpertiseAsked, ExpertsWanted, HelpAnswer, HelpAsked, HelpSeen, Made,
    NotWritten, Paging, Portion, Refused, Repeatable, time,
};
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::contacts::MAX_TEXT;
use crate::pages::expertise::tags_of;
use crate::pages::subject::within;

/// People or questions of one answer.
const PAGE: u64 = 200;

/// Who can help with something, of all parties, as they wrote it for this room.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/expertise", tag = "resources",
    params(("id" = String, Path, description = "id of a partnership"), ExpertsWanted),
    responses((status = 200, body = Portion<ExpertSeen>), Refused))]
pub(crate) async fn list_experts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<ExpertsWanted>,
) -> Answer<Portion<ExpertSeen>> {
    let Query(ExpertsWanted { q, cursor }) = wanted?;
    let after: Option<SeatId> = cursor.as_deref().map(known).transpose()?;
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.experts(id, (&q, after), PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.seat.to_string());
    Ok(Json(Portion { items: all.into_iter().map(expert).collect(), next }))
}

fn expert(one: Expertise) -> ExpertSeen {
    ExpertSeen {
        seat: one.seat.to_string(),
        party: one.party.to_string(),
        name: one.name,
        about: one.about,
        tags: one.tags,
        version: one.version,
    }
}

/// Says what the account can help with, of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/expertise", tag = "resources",
    request_body = ExpertiseAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn say_expertise(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<ExpertiseAsked>,
) -> Result<Response, ApiError> {
    let Json(ExpertiseAsked { about, tags, version }) = asked?;
    let mut faults = Vec::new();
    within("about", &about, MAX_TEXT, &mut faults);
    let tags = tags_of(&tags.join("\n"), &mut faults);
    checked(&faults)?;
    let what = (&*id, "/expertise", StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.say_expertise(id, (&about, &tags), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Questions that the account asked or was asked, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/expertise/questions", tag = "resources",
    params(("id" = String, Path, description = "id of a partnership"), Paging),
    responses((status = 200, body = Portion<HelpSeen>), Refused))]
pub(crate) async fn list_help(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Queried<Paging>,
) -> Answer<Portion<HelpSeen>> {
    let Query(Paging { cursor, limit }) = paging?;
    let before: Option<HelpId> = cursor.as_deref().map(known).transpose()?;
    let limit = limit.unwrap_or(50).clamp(1, PAGE);
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.own_help(id, before, limit + 1, by).await?;
    let is_more = all.len() as u64 > limit;
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(help).collect(), next }))
}

fn help(one: Help) -> HelpSeen {
    let (answer, answered) = one.answer.unzip();
    HelpSeen {
        id: one.id.to_string(),
        asker: one.asker.to_string(),
        asked: one.asked.to_string(),
        question: one.question,
        answer,
        answered: answered.map(time),
        version: one.version,
    }
}

fn short(field: &'static str, text: &str) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    within(field, text, MAX_TEXT, &mut faults);
    checked(&faults)
}

/// Asks someone who said that they can help; the two alone read it.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/expertise/{seat}/questions",
    tag = "resources", request_body = HelpAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("seat" = String, Path, description = "id of the seat of who is asked"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn ask_help(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, seat)): Path<(String, String)>,
    asked: Asked<HelpAsked>,
) -> Result<Response, ApiError> {
    let Json(HelpAsked { question }) = asked?;
    short("question", &question)?;
    let at: SeatId = seat.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/expertise/{seat}/questions");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::CREATED), async |tx, id, by| {
        Ok(Made { id: tx.ask_help((id, at), &question, by).await?.to_string() })
    })
    .await
}

/// Answers a question that the account was asked, of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/expertise/questions/{ask}",
    tag = "resources", request_body = HelpAnswer,
    params(("id" = String, Path, description = "id of a partnership"),
        ("ask" = String, Path, description = "id of a question"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn give_help(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<HelpAnswer>,
) -> Result<Response, ApiError> {
    let Json(HelpAnswer { answer, version }) = asked?;
    short("answer", &answer)?;
    let at: HelpId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/expertise/questions/{one}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.give_help((id, at), &answer, version, by).await?;
        Ok(DONE)
    })
    .await
}
