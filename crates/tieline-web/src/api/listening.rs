//! The listening record of a partnership for programs.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::HeardId;
use tieline_model::listening::{Reply, answering};
use tieline_store::Heard;

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    AnsweringSeen, Done, HeardAsked, HeardSeen, HeardWanted, Made, NotWritten, Portion, Refused,
    Repeatable, ReplyAsked, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::listening::{check_answer, check_heard};
use crate::session;

/// Lines of one answer.
const PAGE: u64 = 200;

fn reply_of(name: &str) -> Result<Reply, ApiError> {
    Reply::from_name(name).ok_or_else(|| invalid("reply is waits, doing, done or declined"))
}

/// What was said in a partnership and what came of it, the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/listening", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), HeardWanted),
    responses((status = 200, body = Portion<HeardSeen>), Refused))]
pub(crate) async fn list_heard(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<HeardWanted>,
) -> Answer<Portion<HeardSeen>> {
    let Query(HeardWanted { reply, cursor }) = wanted?;
    let reply = reply.as_deref().map(reply_of).transpose()?;
    let before: Option<HeardId> = cursor.as_deref().map(known).transpose()?;
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.heard(id, (reply, before), PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(heard).collect(), next }))
}

fn heard(one: Heard) -> HeardSeen {
    HeardSeen {
        id: one.id.to_string(),
        party: one.party.map(|party| party.to_string()),
        voice: one.voice,
        text: one.text,
        said: time(one.said),
        reply: one.reply.name(),
        answer: one.answer,
        answered_for: one.answered_for.map(|party| party.to_string()),
        answered: one.answered.map(time),
        version: one.version,
    }
}

/// How many were answered how, and how soon.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/listening/answering", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = AnsweringSeen), Refused))]
pub(crate) async fn show_answering(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<AnsweringSeen> {
    let all = app.store.answered(room_of(&id)?, participant(&caller)).await?;
    let found = answering(&all, session::now());
    Ok(Json(AnsweringSeen {
        waits: found.n_waits,
        doing: found.n_doing,
        done: found.n_done,
        declined: found.n_declined,
        median_days: found.median_days,
        oldest_days: found.oldest_days,
    }))
}

/// Writes down what was said, for the account's own party.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/listening", tag = "partnerships",
    request_body = HeardAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn hear(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<HeardAsked>,
) -> Result<Response, ApiError> {
    let Json(HeardAsked { text, voice }) = asked?;
    let mut faults = Vec::new();
    check_heard(&text, &voice, &mut faults);
    checked(&faults)?;
    let what = (&*id, "/listening", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.hear(id, (&text, &voice), by).await?.to_string() })
    })
    .await
}

/// Says what came of it, of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/listening/{heard}/answer",
    tag = "partnerships", request_body = ReplyAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("heard" = String, Path, description = "id of something that was said"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_heard(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<ReplyAsked>,
) -> Result<Response, ApiError> {
    let Json(ReplyAsked { reply, answer, version }) = asked?;
    let reply = reply_of(&reply)?;
    let mut faults = Vec::new();
    check_answer(reply, &answer, &mut faults);
    checked(&faults)?;
    let at: HeardId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/listening/{one}/answer");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.answer_heard((id, at), (reply, &answer), version, by).await?;
        Ok(DONE)
    })
    .await
}
