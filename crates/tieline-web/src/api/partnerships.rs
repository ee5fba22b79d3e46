//! Partnerships for programs: reads of a room as the account sees it, and the verbs of its pages.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use tieline_model::address::Address;
use tieline_model::id::{PartnershipId, PartyId, SeatId, UnitId};
use tieline_model::partnership::stage::{Gate, Progress, Stage, StageAnswer};
use tieline_model::room::{Duty, Participant};
use tieline_store::{
    Aim, Answered, Constraint, NewPartnership, Partnership, Party, Room, Seated, Sides, Step,
    StoreError, Tx,
};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::reads::{Answer, Asked as Queried};
use super::types::{
    Done, DutyAsked, Made, NotWritten, ObjectiveSeen, PartnershipAsked, PartnershipCard,
    PartnershipChange, PartnershipFull, PartyAsked, PartyCard, PartyNameAsked, Portion,
    QuestionAnswer, QuestionSeen, Refused, Repeatable, SeatAsked, SeatSeen, SeatsAsked, SideAsked,
    SideSeen, SidesSeen, StandingSeen, StepAsked, StepSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked, once};
use crate::app::App;
use crate::pages::facts::MAX_NAME;
use crate::pages::notes::MAX_NOTE;
use crate::pages::partnership_people::seated;
use crate::pages::partnership_stage::{decision, is_said};
use crate::pages::partnerships::{Days, MAX_ABOUT, MOST, PartnershipForm, understand};
use crate::pages::subject::within;
use crate::session;

/// People of one answer.
const PAGE: u64 = 200;

/// Who asks.
pub(super) fn participant(caller: &Caller) -> Participant {
    Participant::Account(caller.account.id)
}

pub(super) fn room_of(id: &str) -> Result<PartnershipId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// Partnerships that the account is in, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships", tag = "partnerships",
    responses((status = 200, body = Portion<PartnershipCard>), Refused))]
pub(crate) async fn list_partnerships(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<PartnershipCard>> {
    let all = app.store.partnerships(participant(&caller), MOST).await?.into_iter();
    let items = all.map(|row| card(&row.partnership, row.parties.iter()));
    Ok(Json(Portion { items: items.collect(), next: None }))
}

fn card<'a>(one: &Partnership, parties: impl Iterator<Item = &'a Party>) -> PartnershipCard {
    PartnershipCard {
        id: one.id.to_string(),
        name: one.name.clone(),
        stage: one.stage.name(),
        parties: parties.map(party_card).collect(),
        begins: one.begins.map(time),
        ends: one.ends.map(time),
        notice: one.notice.map(time),
    }
}

fn party_card(party: &Party) -> PartyCard {
    PartyCard {
        id: party.id.to_string(),
        name: party.name.clone(),
        unit: party.unit.map(|unit| unit.to_string()),
        version: party.version,
    }
}

/// A partnership as the account sees it: what one side wrote is there for another once each has.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = PartnershipFull), Refused))]
pub(crate) async fn show_partnership(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<PartnershipFull> {
    let (id, by) = (room_of(&id)?, participant(&caller));
    let Room { partnership, parties, standing } = app.store.room(id, by).await?;
    let progress = app.store.progress(&partnership, session::now(), by).await?;
    let answers = app.store.stage_answers(id, by).await?;
    let objectives = app.store.aims_served(id, by).await?;
    Ok(Json(PartnershipFull {
        about: partnership.about.clone(),
        reason: partnership.reason.clone(),
        version: partnership.version,
        standing: StandingSeen {
            convenes: standing.convenes,
            party: standing.party().map(|party| party.to_string()),
            duty: standing.seat.map(|seat| seat.duty.name()),
        },
        sides: sides_seen(app.store.sides(id, by).await?),
        objectives: objectives.into_iter().map(objective).collect(),
        questions: questions(partnership.stage, &answers),
        steps: steps(partnership.stage, &progress),
        partnership: card(&partnership, parties.iter().map(|(party, _)| party)),
    }))
}

fn sides_seen(sides: Sides) -> SidesSeen {
    let open = sides.open.into_iter().map(|side| SideSeen {
        party: side.party.to_string(),
        benefits: side.benefits,
        costs: side.costs,
        version: side.version,
    });
    SidesSeen {
        mutual: sides.is_mutual,
        written: sides.written.iter().map(ToString::to_string).collect(),
        open: open.collect(),
    }
}

/// An objective as programs see it.
pub(super) fn objective(aim: Aim) -> ObjectiveSeen {
    ObjectiveSeen {
        id: aim.id.to_string(),
        unit: aim.unit.to_string(),
        text: aim.text,
        version: aim.version,
    }
}

fn questions(stage: Stage, answers: &[Answered]) -> Vec<QuestionSeen> {
    let one = |question: &tieline_model::partnership::stage::StageQuestion| {
        let known = answers.iter().find(|answer| answer.question == question.key);
        QuestionSeen {
            key: question.key,
            text: question.text,
            answer: known.map(|known| known.answer.name()),
            note: known.map_or(String::new(), |known| known.note.clone()),
            version: known.map_or(0, |known| known.version),
        }
    };
    stage.questions().iter().map(one).collect()
}

fn steps(stage: Stage, progress: &Progress) -> Vec<StepSeen> {
    let step = |to: &Stage| {
        let shut = stage.shut_gates(*to, progress)?;
        let missing = shut.into_iter().filter(|gate| !is_said(*gate)).map(Gate::sentence);
        Some(StepSeen { to: to.name(), missing: missing.collect() })
    };
    Stage::ALL.iter().filter_map(step).collect()
}

fn understood(asked: PartnershipAsked) -> Result<(PartnershipForm, Days), ApiError> {
    let PartnershipAsked { name, about, begins, last, notice } = asked;
    let form = PartnershipForm { name, about, begins, last, notice, ..PartnershipForm::default() };
    let mut faults = Vec::new();
    let days = understand(&form, &mut faults);
    checked(&faults)?;
    Ok((form, days))
}

/// Begins a partnership; for stewards.
#[utoipa::path(post, path = "/api/v1/partnerships", tag = "partnerships",
    request_body = PartnershipAsked, params(Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_partnership(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<PartnershipAsked>,
) -> Result<Response, ApiError> {
    if !caller.viewer.may_steward() {
        return Err(ApiError::NotFound);
    }
    let (form, Days { begins, ends, notice }) = understood(asked?.0)?;
    let by = caller.account.id;
    let new = NewPartnership { name: form.name, about: form.about, begins, ends, notice, by };
    once(&app, &caller, &headers, ("POST /partnerships", StatusCode::CREATED), async |tx| {
        Ok(Made { id: tx.add_partnership(&new).await?.to_string() })
    })
    .await
}

/// Does a verb in a room once for each key: `rest` is the path after the id.
pub(super) async fn in_room<B: Serialize>(
    (app, caller, headers): (&App, &Caller, &HeaderMap),
    (id, rest, status): (&str, &str, StatusCode),
    verb: impl AsyncFnOnce(&Tx, PartnershipId, Participant) -> Result<B, ApiError>,
) -> Result<Response, ApiError> {
    let (room, by) = (room_of(id)?, participant(caller));
    let route = format!("POST /partnerships/{id}{rest}");
    once(app, caller, headers, (&route, status), async |tx| verb(tx, room, by).await).await
}

/// Changes name, purpose and days; for whoever arranges the room.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}", tag = "partnerships",
    request_body = PartnershipChange,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_partnership(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PartnershipChange>,
) -> Result<Response, ApiError> {
    let known = app.store.room(room_of(&id)?, participant(&caller)).await?.partnership;
    let Json(PartnershipChange { partnership, version }) = asked?;
    let (form, Days { begins, ends, notice }) = understood(partnership)?;
    let (name, about) = (form.name, form.about);
    let changed = Partnership { name, about, begins, ends, notice, version, ..known };
    in_room((&app, &caller, &headers), (&id, "", StatusCode::OK), async |tx, _, by| {
        tx.update_partnership(&changed, by).await?;
        Ok(DONE)
    })
    .await
}

/// Adds a party; for whoever arranges the room.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/parties", tag = "partnerships",
    request_body = PartyAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_party(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PartyAsked>,
) -> Result<Response, ApiError> {
    let Json(PartyAsked { name, unit }) = asked?;
    let mut faults = Vec::new();
    within("name", &name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let unit: Option<UnitId> =
        unit.map(|unit| unit.parse()).transpose().map_err(|_| invalid("unit is no id"))?;
    let known = app.store.units(None).await?;
    if unit.is_some_and(|unit| !known.iter().any(|row| row.unit.id == unit)) {
        return Err(invalid("there is no such unit"));
    }
    let what = (&*id, "/parties", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_party(id, (unit, &name), by).await?.to_string() })
    })
    .await
}

/// Changes how a party calls itself.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/parties/{party}/name",
    tag = "partnerships", request_body = PartyNameAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("party" = String, Path, description = "id of a party"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn rename_party(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, party)): Path<(String, String)>,
    asked: Asked<PartyNameAsked>,
) -> Result<Response, ApiError> {
    let Json(PartyNameAsked { name, version }) = asked?;
    let mut faults = Vec::new();
    within("name", &name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let party_id: PartyId = party.parse().map_err(|_| ApiError::NotFound)?;
    let renamed = Party { id: party_id, partnership: room_of(&id)?, unit: None, name, version };
    let rest = format!("/parties/{party}/name");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.rename_party(&renamed, by).await?;
        Ok(DONE)
    })
    .await
}

/// Writes what the account's own party gains and gives.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/parties/{party}/side",
    tag = "partnerships", request_body = SideAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("party" = String, Path, description = "id of a party"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn write_side(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, party)): Path<(String, String)>,
    asked: Asked<SideAsked>,
) -> Result<Response, ApiError> {
    let Json(SideAsked { benefits, costs, version }) = asked?;
    let mut faults = Vec::new();
    within("benefits", &benefits, MAX_NOTE, &mut faults);
    within("costs", &costs, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let own: PartyId = party.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/parties/{party}/side");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.write_side(id, (own, &benefits, &costs), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Who sits at a party, in the order in which they came.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/people", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), SeatsAsked),
    responses((status = 200, body = Portion<SeatSeen>), Refused))]
pub(crate) async fn list_seats(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Queried<SeatsAsked>,
) -> Answer<Portion<SeatSeen>> {
    let (id, by, Query(asked)) = (room_of(&id)?, participant(&caller), asked?);
    let party: PartyId = asked.party.parse().map_err(|_| invalid("party is no id"))?;
    let after = asked.cursor.map(|cursor| cursor.parse::<SeatId>()).transpose();
    let after = after.map_err(|_| invalid("cursor is none that was given"))?;
    let mut all = app.store.seated_at((id, party), after, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(seat).collect(), next }))
}

fn seat(one: Seated) -> SeatSeen {
    SeatSeen {
        id: one.id.to_string(),
        party: one.party.to_string(),
        person: one.actor.map(|actor| actor.to_string()),
        name: one.name,
        duty: one.duty.name(),
        since: time(one.since),
    }
}

fn duty_of(word: Option<&str>) -> Result<Duty, ApiError> {
    let unknown = || invalid("duty is member or lead");
    word.map_or(Ok(Duty::default()), |word| Duty::from_name(word).ok_or_else(unknown))
}

/// Gives a person a seat; someone new comes into the directory.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/people", tag = "partnerships",
    request_body = SeatAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn give_seat(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<SeatAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("name", &asked.name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let address = Address::email(&asked.address).map_err(|why| invalid(&why.to_string()))?;
    let duty = duty_of(asked.duty.as_deref())?;
    let party: PartyId = asked.party.parse().map_err(|_| invalid("party is no id"))?;
    // Who may not give seats here adds nobody to the directory by trying.
    let room = app.store.room(room_of(&id)?, participant(&caller)).await?;
    if !room.standing.seats(party) {
        return Err(ApiError::NotFound);
    }
    let what = (&*id, "/people", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        let new = (&*asked.name, address);
        Ok(Made { id: seated(tx, &app, (id, party), new, (duty, by)).await?.to_string() })
    })
    .await
}

/// Says what someone does for their party.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/people/{seat}/duty",
    tag = "partnerships", request_body = DutyAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("seat" = String, Path, description = "id of a seat"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn set_duty(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, seat)): Path<(String, String)>,
    asked: Asked<DutyAsked>,
) -> Result<Response, ApiError> {
    let duty = duty_of(Some(&asked?.0.duty))?;
    let one: SeatId = seat.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/people/{seat}/duty");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.set_duty((id, one), duty, by).await?;
        Ok(DONE)
    })
    .await
}

/// Answers a question of a stage.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/questions/{question}",
    tag = "partnerships", request_body = QuestionAnswer,
    params(("id" = String, Path, description = "id of a partnership"),
        ("question" = String, Path, description = "key of a question"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_question(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, question)): Path<(String, String)>,
    asked: Asked<QuestionAnswer>,
) -> Result<Response, ApiError> {
    let Json(QuestionAnswer { answer, note, version }) = asked?;
    let mut faults = Vec::new();
    within("note", &note, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let answer =
        StageAnswer::from_name(&answer).ok_or_else(|| invalid("answer is yes, partly or no"))?;
    let rest = format!("/questions/{question}");
    let answered = Answered { question, answer, note, changed: session::now(), version };
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.answer_question(id, &answered, by).await?;
        Ok(DONE)
    })
    .await
}

/// Takes a partnership to another stage; what is missing for it is told.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/stage", tag = "partnerships",
    request_body = StepAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn step_stage(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<StepAsked>,
) -> Result<Response, ApiError> {
    let Json(StepAsked { to, reason, version }) = asked?;
    let mut faults = Vec::new();
    within("reason", &reason, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let to = Stage::from_name(&to).ok_or_else(|| invalid("to is no stage"))?;
    let known = app.store.room(room_of(&id)?, participant(&caller)).await?.partnership;
    let step = Step { to, reason, renewal: decision(&known, to), version };
    let what = (&*id, "/stage", StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        match tx.step_stage(id, &step, by).await {
            Err(StoreError::Conflict(Constraint::Shut(gates))) => {
                let all: Vec<&str> = gates.into_iter().map(Gate::sentence).collect();
                Err(ApiError::Conflict(all.join(" ")))
            }
            done => Ok(done.map(|()| DONE)?),
        }
    })
    .await
}
