//! The charter of a partnership for programs.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::PartyId;
use tieline_model::partnership::charter::Answer as Word;
use tieline_model::room::Section;

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    CharterAnswer, CharterAsked, CharterDraft, CharterParty, CharterSaved, CharterSeen,
    CommentAsked, CommentSeen, Done, Made, NotWritten, Portion, Refused, Repeatable, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::charter::faults;
use crate::pages::notes::MAX_NOTE;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::within;

/// Comments of one answer.
const MOST: u64 = 200;

/// A version of the charter, and how the parties stand to the newest one.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/agreement", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), CharterAsked),
    responses((status = 200, body = CharterSeen), Refused))]
pub(crate) async fn show_charter(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Queried<CharterAsked>,
) -> Answer<CharterSeen> {
    let (id, by, Query(asked)) = (room_of(&id)?, participant(&caller), asked?);
    let room = app.store.room(id, by).await?;
    let one = app.store.charter(id, asked.version, by).await?;
    let charter = app.store.assents(id, by).await?;
    let parties: Vec<PartyId> = room.parties.iter().map(|(party, _)| party.id).collect();
    let party = |party: &PartyId| CharterParty {
        party: party.to_string(),
        answer: charter.answer(*party, charter.newest).map(Word::name),
    };
    let sections = one.texts.into_iter().map(|(section, text)| (section.name(), text));
    Ok(Json(CharterSeen {
        version: one.number,
        newest: charter.newest,
        in_force: charter.in_force(&parties),
        saved: time(one.at),
        sections: sections.collect(),
        parties: parties.iter().map(party).collect(),
    }))
}

/// Saves the next version, which asks every party again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/agreement", tag = "partnerships",
    request_body = CharterDraft,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = CharterSaved), Refused, NotWritten))]
pub(crate) async fn save_charter(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<CharterDraft>,
) -> Result<Response, ApiError> {
    let Json(CharterDraft { after, sections }) = asked?;
    let named = |(name, text): (String, String)| {
        let section = Section::from_name(&name);
        Ok((section.ok_or_else(|| invalid("sections names one that there is not"))?, text))
    };
    let texts: BTreeMap<Section, String> =
        sections.into_iter().map(named).collect::<Result<_, ApiError>>()?;
    checked(&faults(&texts))?;
    let what = (&*id, "/agreement", StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(CharterSaved { version: tx.save_charter(id, &texts, after, by).await? })
    })
    .await
}

/// Gives the word of the account's party on the newest version.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/agreement/answers",
    tag = "partnerships", request_body = CharterAnswer,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_charter(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<CharterAnswer>,
) -> Result<Response, ApiError> {
    let Json(CharterAnswer { version, answer, note }) = asked?;
    let mut faults = Vec::new();
    within("note", &note, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let answer = Word::from_name(&answer);
    let answer = answer.ok_or_else(|| invalid("answer is assents, asks or declines"))?;
    let what = (&*id, "/agreement/answers", StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.answer_charter(id, (version, answer, &note), by).await?;
        Ok(DONE)
    })
    .await
}

/// Comments on the charter, the oldest of the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/agreement/comments", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = Portion<CommentSeen>), Refused))]
pub(crate) async fn list_comments(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<CommentSeen>> {
    let all = app.store.charter_comments(room_of(&id)?, MOST, participant(&caller)).await?;
    let items = all.into_iter().map(|one| CommentSeen {
        id: one.id.to_string(),
        version: one.number,
        section: one.section.map(Section::name),
        party: one.party.map(|party| party.to_string()),
        by: one.by.map(|by| by.to_string()),
        text: one.text,
        at: time(one.at),
    });
    Ok(Json(Portion { items: items.collect(), next: None }))
}

/// Comments on a version, or on a section of it.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/agreement/comments",
    tag = "partnerships", request_body = CommentAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_comment(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<CommentAsked>,
) -> Result<Response, ApiError> {
    let Json(CommentAsked { version, section, text }) = asked?;
    let mut faults = Vec::new();
    within("text", &text, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let known = |name: String| Section::from_name(&name).ok_or_else(|| invalid("no such section"));
    let section = section.map(known).transpose()?;
    let what = (&*id, "/agreement/comments", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.comment_charter(id, (version, section, &text), by).await?.to_string() })
    })
    .await
}
