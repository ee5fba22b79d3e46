//! Commitments of a partnership for programs: the list, the verbs, what they show.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::commitment::{Reliability, Source};
use tieline_model::id::{CommitmentId, PartyId, SeatId};
use tieline_store::{CommitmentsAsked, NewCommitment, Promised};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    CommitmentAsked, CommitmentSeen, CommitmentVerb, CommitmentsWanted, DateAnswer, DateSeen,
    DateWanted, Done, Made, NotWritten, Portion, Refused, ReliabilitiesSeen, ReliabilitySeen,
    Repeatable, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::contacts::MAX_TEXT;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::{day_of, within};
use crate::session;

/// Commitments of one answer.
const PAGE: u64 = 200;

fn one_of<T: std::str::FromStr>(word: Option<&str>, what: &str) -> Result<Option<T>, ApiError> {
    let parsed = word.map(|word| word.parse().map_err(|_| invalid(what)));
    parsed.transpose()
}

/// Commitments of a partnership: the open ones, the first due first, or those that ended, the latest
/// first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/commitments", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), CommitmentsWanted),
    responses((status = 200, body = Portion<CommitmentSeen>), Refused))]
pub(crate) async fn list_commitments(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<CommitmentsWanted>,
) -> Answer<Portion<CommitmentSeen>> {
    let Query(wanted) = wanted?;
    let asked = CommitmentsAsked {
        party: one_of::<PartyId>(wanted.party.as_deref(), "party is no id")?,
        seat: one_of::<SeatId>(wanted.seat.as_deref(), "seat is no id")?,
        ended: wanted.ended,
        after: one_of::<CommitmentId>(wanted.cursor.as_deref(), "cursor is none that was given")?,
    };
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.commitments(id, &asked, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(seen).collect(), next }))
}

fn seen(one: Promised) -> CommitmentSeen {
    CommitmentSeen {
        id: one.id.to_string(),
        party: one.new.party.to_string(),
        to: one.new.to.map(|to| to.to_string()),
        seat: one.new.seat.map(|seat| seat.to_string()),
        text: one.new.text,
        source: one.new.source.name(),
        due: one.state.due.map(time),
        state: one.state.state(session::now()).name(),
        ended: one.state.ended.map(|(_, at)| time(at)),
        follows: one.follows.map(|follows| follows.to_string()),
        asked: one.asked.map(|asked| DateSeen {
            party: asked.party.to_string(),
            due: time(asked.due),
            note: asked.note,
        }),
        version: one.version,
    }
}

/// How reliable commitments show the parties to be, and the account alone what its own show.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/reliability", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = ReliabilitiesSeen), Refused))]
pub(crate) async fn show_reliability(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<ReliabilitiesSeen> {
    let by = participant(&caller);
    let shown = app.store.reliabilities(room_of(&id)?, session::now(), by).await?;
    let parties = shown.parties.into_iter();
    Ok(Json(ReliabilitiesSeen {
        own: shown.own.map(|own| reliability(None, own)),
        parties: parties.map(|(id, one)| reliability(Some(id), one)).collect(),
    }))
}

fn reliability(party: Option<PartyId>, one: Reliability) -> ReliabilitySeen {
    ReliabilitySeen {
        party: party.map(|party| party.to_string()),
        due: one.due,
        in_time: one.in_time,
        kept_late: one.kept_late,
        late: one.late,
        renegotiated: one.renegotiated,
        score: one.score(),
    }
}

/// The first moment after a day.
fn end_of(
    field: &'static str,
    text: &str,
) -> Result<Option<tieline_model::time::Moment>, ApiError> {
    let mut faults = Vec::new();
    let day = day_of(field, text, &mut faults);
    checked(&faults)?;
    Ok(day.map(|day| day.plus_days(1.0)))
}

/// Promises something for the account's own party.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/commitments", tag = "partnerships",
    request_body = CommitmentAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_commitment(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<CommitmentAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("text", &asked.text, MAX_TEXT, &mut faults);
    checked(&faults)?;
    let source = asked.source.as_deref().map_or(Some(Source::Said), Source::from_name);
    let new = NewCommitment {
        party: asked.party.parse().map_err(|_| invalid("party is no id"))?,
        to: one_of(asked.to.as_deref(), "to is no id")?,
        seat: one_of(asked.seat.as_deref(), "seat is no id")?,
        source: source
            .ok_or_else(|| invalid("source is said, meeting, decision, agreement or initiative"))?,
        due: end_of("due", asked.due.as_deref().unwrap_or_default())?,
        text: asked.text,
    };
    let what = (&*id, "/commitments", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_commitment(id, &new, by).await?.to_string() })
    })
    .await
}

/// Says what became of a commitment of the version given: kept, withdrawn, or open again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/commitments/{commitment}",
    tag = "partnerships", request_body = CommitmentVerb,
    params(("id" = String, Path, description = "id of a partnership"),
        ("commitment" = String, Path, description = "id of a commitment"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_commitment(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<CommitmentVerb>,
) -> Result<Response, ApiError> {
    let Json(CommitmentVerb { state, version }) = asked?;
    let at: CommitmentId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/commitments/{one}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        match state.as_str() {
            "kept" => tx.end_commitment((id, at), true, version, by).await?,
            "withdrawn" => tx.end_commitment((id, at), false, version, by).await?,
            "open" => tx.reopen_commitment((id, at), by).await?,
            _ => return Err(invalid("state is kept, withdrawn or open")),
        }
        Ok(DONE)
    })
    .await
}

/// Asks the other side for another date of a commitment of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/commitments/{commitment}/date",
    tag = "partnerships", request_body = DateWanted,
    params(("id" = String, Path, description = "id of a partnership"),
        ("commitment" = String, Path, description = "id of a commitment"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn ask_date(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<DateWanted>,
) -> Result<Response, ApiError> {
    let Json(DateWanted { due, note, version }) = asked?;
    let mut faults = Vec::new();
    within("note", &note, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let due = end_of("due", &due)?.ok_or_else(|| invalid("due is a day, such as 2027-03-01"))?;
    let at: CommitmentId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/commitments/{one}/date");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.ask_date((id, at), (due, &note), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Answers the date that the other side asked for. Where it is agreed, another commitment takes the
/// place of this one.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/commitments/{commitment}/date/answer",
    tag = "partnerships", request_body = DateAnswer,
    params(("id" = String, Path, description = "id of a partnership"),
        ("commitment" = String, Path, description = "id of a commitment"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_date(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<DateAnswer>,
) -> Result<Response, ApiError> {
    let Json(DateAnswer { agrees, version }) = asked?;
    let at: CommitmentId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/commitments/{one}/date/answer");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.answer_date((id, at), agrees, version, by).await?;
        Ok(DONE)
    })
    .await
}
