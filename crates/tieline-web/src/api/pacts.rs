//! Signed agreements of a partnership for programs.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::PactId;
use tieline_model::pact::{PactKind, PactState};
use tieline_model::partnership::renewal::TermState;
use tieline_model::time::Moment;
use tieline_store::{Duty, DutyDraft, Pact, PactDraft, Signature};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    Done, DutySeen, Made, NotWritten, PactAsked, PactDutyAsked, PactFull, PactSeen,
    PactVersionAsked, Paging, Portion, PromisedSeen, Refused, Repeatable, SignatureSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::form::Fault;
use crate::pages::pact::check_duty;
use crate::pages::pacts::check_pact;
use crate::pages::subject::day_of;
use crate::session;

/// Agreements of one answer.
const PAGE: u64 = 200;

/// Signed agreements of a partnership, the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/pacts", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), Paging),
    responses((status = 200, body = Portion<PactSeen>), Refused))]
pub(crate) async fn list_pacts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Queried<Paging>,
) -> Answer<Portion<PactSeen>> {
    let Query(Paging { cursor, limit }) = paging?;
    let before: Option<PactId> = cursor.as_deref().map(known).transpose()?;
    let limit = limit.unwrap_or(50).clamp(1, PAGE);
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.pacts(id, before, limit + 1, by).await?;
    let is_more = all.len() as u64 > limit;
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(pact).collect(), next }))
}

fn state_name(state: PactState) -> &'static str {
    match state {
        PactState::Draft => "draft",
        PactState::Ended => "ended",
        PactState::Holds(TermState::Lapsed) => "lapsed",
        PactState::Holds(TermState::NoticePassed) => "notice-past",
        PactState::Holds(TermState::Alert { .. }) => "due",
        PactState::Holds(TermState::Running | TermState::Decided) => "holds",
    }
}

fn pact(one: Pact) -> PactSeen {
    let state = state_name(one.state(session::now()));
    let day = |at: Moment| at.date().to_string();
    let signature = |one: &Signature| SignatureSeen {
        party: one.party.to_string(),
        version: one.signed.map(|(version, _)| version),
        at: one.signed.map(|(_, at)| time(at)),
    };
    PactSeen {
        id: one.id.to_string(),
        kind: one.draft.kind.name(),
        signatures: one.signatures.iter().map(signature).collect(),
        title: one.draft.title,
        text: one.draft.text,
        place: one.draft.place,
        begins: one.draft.begins.map(day),
        ends: one.draft.ends.map(|ends| day(ends.plus_days(-1.0))),
        notice: one.draft.notice.map(day),
        state,
        version: one.version,
    }
}

fn duty(one: Duty) -> DutySeen {
    DutySeen {
        id: one.id.to_string(),
        party: one.draft.party.to_string(),
        to: one.draft.to.map(|to| to.to_string()),
        text: one.draft.text,
        due: one.draft.due.date().to_string(),
        every_months: one.draft.every_months,
        promised: one.promised,
    }
}

/// One agreement with its duties.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/pacts/{pact}", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement")),
    responses((status = 200, body = PactFull), Refused))]
pub(crate) async fn show_pact(
    State(app): State<App>,
    caller: Caller,
    Path((id, one)): Path<(String, String)>,
) -> Answer<PactFull> {
    let at = (room_of(&id)?, pact_of(&one)?);
    let (found, duties) = app.store.pact(at, participant(&caller)).await?;
    Ok(Json(PactFull { pact: pact(found), duties: duties.into_iter().map(duty).collect() }))
}

fn pact_of(id: &str) -> Result<PactId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

fn draft_of(asked: PactAsked) -> Result<PactDraft, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    let kind = PactKind::from_name(&asked.kind);
    let draft = PactDraft {
        kind: kind.ok_or_else(|| {
            invalid("kind is memorandum, data-sharing, funding, service or other")
        })?,
        title: asked.title,
        text: asked.text,
        place: asked.place,
        begins: day_of("begins", &asked.begins, &mut faults),
        ends: day_of("ends", &asked.ends, &mut faults).map(|day| day.plus_days(1.0)),
        notice: day_of("notice", &asked.notice, &mut faults),
        parties: asked.parties.iter().map(|party| known(party)).collect::<Result<_, _>>()?,
    };
    check_pact(&draft, &mut faults);
    checked(&faults)?;
    Ok(draft)
}

/// Writes an agreement down.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts", tag = "partnerships",
    request_body = PactAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_pact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PactAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let draft = draft_of(asked)?;
    in_room((&app, &caller, &headers), (&id, "/pacts", StatusCode::CREATED), async |tx, id, by| {
        Ok(Made { id: tx.add_pact(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes the wording of an agreement of the version given: each party signs again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts/{pact}", tag = "partnerships",
    request_body = PactAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_pact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PactAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (at, version) = (pact_of(&one)?, asked.version);
    let draft = draft_of(asked)?;
    let rest = format!("/pacts/{one}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.change_pact((id, at), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Signs the wording of the version given for the account's party, which it leads.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts/{pact}/signature",
    tag = "partnerships", request_body = PactVersionAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn sign_pact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PactVersionAsked>,
) -> Result<Response, ApiError> {
    let Json(PactVersionAsked { version }) = asked?;
    let at = pact_of(&one)?;
    let rest = format!("/pacts/{one}/signature");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.sign_pact((id, at), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Writes a duty into an agreement of the version given: each party signs again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts/{pact}/duties",
    tag = "partnerships", request_body = PactDutyAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_duty(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PactDutyAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    let due = day_of("due", &asked.due, &mut faults);
    checked(&faults)?;
    let draft = DutyDraft {
        party: known(&asked.party)?,
        to: asked.to.as_deref().map(known).transpose()?,
        text: asked.text,
        due: due.ok_or_else(|| invalid("due is a day, such as 2027-03-01"))?,
        every_months: asked.every_months,
    };
    check_duty(&draft, &mut faults);
    checked(&faults)?;
    let (at, version) = (pact_of(&one)?, asked.version);
    let rest = format!("/pacts/{one}/duties");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::CREATED), async |tx, id, by| {
        Ok(Made { id: tx.add_duty((id, at), &draft, version, by).await?.to_string() })
    })
    .await
}

/// Makes commitments of the duties of an agreement that all signed, for the next twelve months; what
/// is one already stays.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts/{pact}/commitments",
    tag = "partnerships", request_body = PactVersionAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement"), Repeatable),
    responses((status = 200, body = PromisedSeen), Refused, NotWritten))]
pub(crate) async fn promise_duties(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PactVersionAsked>,
) -> Result<Response, ApiError> {
    let Json(PactVersionAsked { version }) = asked?;
    let at = pact_of(&one)?;
    let rest = format!("/pacts/{one}/commitments");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        Ok(PromisedSeen { made: tx.promise_duties((id, at), version, by).await? })
    })
    .await
}

/// Ends an agreement of the version given that all signed.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/pacts/{pact}/end",
    tag = "partnerships", request_body = PactVersionAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("pact" = String, Path, description = "id of an agreement"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_pact(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PactVersionAsked>,
) -> Result<Response, ApiError> {
    let Json(PactVersionAsked { version }) = asked?;
    let at = pact_of(&one)?;
    let rest = format!("/pacts/{one}/end");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.end_pact((id, at), version, by).await?;
        Ok(DONE)
    })
    .await
}
