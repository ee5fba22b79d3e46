//! Conflict cases for programs: what those in one read, and what they do.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::{Gate, Stage, follow_ups};
use tieline_model::id::{CaseId, PartyId};
use tieline_store::{
    CaseAction, CaseLine, CasePoint, CaseSide, CaseWord, ConflictCase, Constraint, NewAction,
    NewCase, OwnNumbers, StoreError, SuggestedDeal, Worked,
};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried, may_read};
use super::types::{
    CaseActionSeen, CaseAsked, CaseCard, CaseNumbersAsked, CaseNumbersSeen, CasePointSeen,
    CaseSeen, CaseSideSeen, CaseStepAsked, CaseStepSeen, CaseWordAsked, CasesAsked, Done,
    ItemShareSeen, LessonsSeen, Made, NotWritten, PackageSeen, Portion, Refused, Repeatable, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::contacts::MAX_TEXT;
use crate::pages::notes::MAX_NOTE;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::{day_of, within};
use crate::session;

/// Cases of one answer.
const PAGE: u64 = 200;

/// Cases of a partnership that the account is in, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/conflicts", tag = "conflicts",
    params(("id" = String, Path, description = "id of a partnership"), CasesAsked),
    responses((status = 200, body = Portion<CaseCard>), Refused))]
pub(crate) async fn list_cases(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Queried<CasesAsked>,
) -> Answer<Portion<CaseCard>> {
    let Query(asked) = asked?;
    let after = asked.cursor.as_deref().map(known::<CaseId>).transpose()?;
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.cases(id, after, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(card).collect(), next }))
}

fn card(one: CaseLine) -> CaseCard {
    CaseCard {
        id: one.id.to_string(),
        partnership: one.partnership.to_string(),
        title: one.title,
        stage: one.stage.name(),
        sides: one.sides,
        changed: time(one.changed),
    }
}

/// Cases that the account mediates, of whatever partnership; the newest first.
#[utoipa::path(get, path = "/api/v1/conflicts/mediated", tag = "conflicts",
    responses((status = 200, body = Portion<CaseCard>), Refused))]
pub(crate) async fn list_mediated(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<CaseCard>> {
    let all = app.store.cases_mediated(participant(&caller), PAGE).await?;
    Ok(Json(Portion { items: all.into_iter().map(card).collect(), next: None }))
}

/// What was learnt from cases that are closed: without the case, its sides or the people.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/lessons", tag = "conflicts",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = LessonsSeen), Refused))]
pub(crate) async fn list_lessons(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<LessonsSeen> {
    let lessons = app.store.lessons(room_of(&id)?, PAGE, participant(&caller)).await?;
    Ok(Json(LessonsSeen { lessons }))
}

/// Raises a case.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/conflicts", tag = "conflicts",
    request_body = CaseAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn raise_case(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<CaseAsked>,
) -> Result<Response, ApiError> {
    let Json(CaseAsked { title, about, sides }) = asked?;
    let mut faults = Vec::new();
    within("title", &title, MAX_TEXT, &mut faults);
    within("about", &about, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let sides = sides.iter().map(|side| known(side)).collect::<Result<_, _>>()?;
    let new = NewCase { title, about, sides };
    let what = (&*id, "/conflicts", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.raise_case(id, &new, by).await?.to_string() })
    })
    .await
}

/// A case with what its sides said, and numbers of the account's own side alone.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/conflicts/{case}", tag = "conflicts",
    params(("id" = String, Path, description = "id of a partnership"),
        ("case" = String, Path, description = "id of a case")),
    responses((status = 200, body = CaseSeen), Refused))]
pub(crate) async fn show_case(
    State(app): State<App>,
    caller: Caller,
    Path((id, case)): Path<(String, String)>,
) -> Answer<CaseSeen> {
    let case: CaseId = case.parse().map_err(|_| ApiError::NotFound)?;
    let (at, by) = ((room_of(&id)?, case), participant(&caller));
    let case = app.store.case(at, by).await?;
    let worked = app.store.worked_out(at, by).await?;
    Ok(Json(seen(case, worked)))
}

fn seen(case: ConflictCase, worked: Worked) -> CaseSeen {
    let state = case.state();
    let step = |to: &Stage| {
        let shut = case.stage.shut_gates(*to, &state, session::now())?;
        let missing = shut.into_iter().map(Gate::sentence).collect();
        Some(CaseStepSeen { to: to.name(), missing })
    };
    let looks = case.agreed.map(follow_ups).into_iter().flatten();
    let [given_items, given_choices] = &worked.given;
    let (shares, unwanted) = match &worked.dividing {
        None => (None, None),
        Some(Err(item)) => (None, Some(item.to_string())),
        Some(Ok(dividing)) => {
            let share = |(item, first): &(tieline_model::id::PointId, _)| ItemShareSeen {
                item: item.to_string(),
                first: tieline_model::fraction::Fraction::to_string(first),
            };
            (Some(dividing.first.iter().map(share).collect()), None)
        }
    };
    CaseSeen {
        id: case.id.to_string(),
        stage: case.stage.name(),
        side: case.reader.side.map(|side| side.to_string()),
        mediator: case.mediator.as_ref().map(|(_, name)| name.clone()),
        agreed: case.agreed.map(time),
        follow_ups: looks.map(time).collect(),
        closed: case.closed.map(time),
        items: numbers(given_items, worked.own[0].as_ref()),
        choices: numbers(given_choices, worked.own[1].as_ref()),
        shares,
        unwanted,
        packages: worked.deals.map(|deals| deals.iter().map(package).collect()),
        steps: Stage::ALL.iter().filter_map(step).collect(),
        version: case.version,
        sides: case.sides.into_iter().map(side).collect(),
        points: case.points.into_iter().map(point).collect(),
        actions: case.actions.into_iter().map(action).collect(),
        title: case.title,
        about: case.about,
        agreement: case.agreement,
        learnt: case.learnt,
    }
}

fn side(one: CaseSide) -> CaseSideSeen {
    let (restated_by, restated) = one.restated.unzip();
    CaseSideSeen {
        party: one.party.to_string(),
        name: one.name,
        view: one.view,
        position: one.position,
        restated,
        restated_by: restated_by.map(|by| by.to_string()),
        understood: one.understood,
        accepts: one.accepts,
        settled: one.settled,
        mediator_accepted: one.mediator_ok,
        version: one.version,
    }
}

fn point(one: CasePoint) -> CasePointSeen {
    CasePointSeen {
        id: one.id.to_string(),
        kind: one.kind.name(),
        party: one.party.map(|party| party.to_string()),
        topic: one.topic,
        text: one.text,
    }
}

fn action(one: CaseAction) -> CaseActionSeen {
    CaseActionSeen {
        id: one.id.to_string(),
        party: one.party.to_string(),
        seat: one.seat.map(|seat| seat.to_string()),
        text: one.text,
        due: time(one.due),
        commitment: one.commitment.map(|commitment| commitment.to_string()),
        done: one.is_done,
    }
}

fn numbers(given: &[PartyId], own: Option<&OwnNumbers>) -> CaseNumbersSeen {
    let worth = |own: &OwnNumbers| {
        own.worth.iter().map(|(point, worth)| (point.to_string(), *worth)).collect()
    };
    CaseNumbersSeen {
        given: given.iter().map(ToString::to_string).collect(),
        own: own.map(worth),
        no_deal: own.map(|own| own.no_deal),
    }
}

fn package(deal: &SuggestedDeal) -> PackageSeen {
    PackageSeen {
        choices: deal.choices.iter().map(ToString::to_string).collect(),
        most_even: deal.is_egalitarian,
        own_gain: deal.own,
    }
}

/// Says something in a case; the id of what was added to a list, where something was.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/conflicts/{case}", tag = "conflicts",
    request_body = CaseWordAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("case" = String, Path, description = "id of a case"), Repeatable),
    responses((status = 200, body = Done), (status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn say_in_case(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, case)): Path<(String, String)>,
    asked: Asked<CaseWordAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: CaseId = case.parse().map_err(|_| ApiError::NotFound)?;
    // Whoever is not in it learns nothing by the words that it takes.
    app.store.case((room_of(&id)?, one), participant(&caller)).await?;
    let is_point = matches!(asked, CaseWordAsked::Point { .. });
    let (said, version) = word_of(&app, &caller, asked).await?;
    let rest = format!("/conflicts/{case}");
    if is_point {
        let what = (&*id, &*rest, StatusCode::CREATED);
        return in_room((&app, &caller, &headers), what, async |tx, id, by| {
            let made = tx.say_in_case((id, one), &said, version, by).await?;
            Ok(Made { id: made.map(|made| made.to_string()).unwrap_or_default() })
        })
        .await;
    }
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.say_in_case((id, one), &said, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// What a program says, with the version that it is of.
async fn word_of(
    app: &App,
    caller: &Caller,
    asked: CaseWordAsked,
) -> Result<(CaseWord, i64), ApiError> {
    use CaseWordAsked as It;
    Ok(match asked {
        It::View { view, position, version } => {
            let (view, position) = (text(view, MAX_NOTE)?, text(position, MAX_ABOUT)?);
            (CaseWord::View { view, position }, version)
        }
        It::Restated { of, text: said, version } => {
            (CaseWord::Restated { of: known(&of)?, text: text(said, MAX_NOTE)? }, version)
        }
        It::Understood { is, version } => (CaseWord::Understood(is), version),
        It::Point { kind, topic, text: said } => {
            let kind = PointKind::from_name(&kind);
            let kind = kind.ok_or_else(|| invalid("kind is interest, option, item or choice"))?;
            let (topic, text) = (text(topic, MAX_TEXT)?, text(said, MAX_ABOUT)?);
            (CaseWord::Point { kind, topic, text }, 0)
        }
        It::Agreement { text: said, version } => {
            (CaseWord::Agreement(text(said, MAX_NOTE)?), version)
        }
        It::Action { seat, text: said, due } => {
            let mut faults = Vec::new();
            let day = day_of("due", &due, &mut faults);
            checked(&faults)?;
            let day = day.ok_or_else(|| invalid("due is a day, such as 2027-03-01"))?;
            let (seat, text, due) = (known(&seat)?, text(said, MAX_TEXT)?, day.plus_days(1.0));
            (CaseWord::Action(NewAction { seat, text, due }), 0)
        }
        It::ActionGone { action } => (CaseWord::ActionGone(known(&action)?), 0),
        It::Accepts { is, version } => (CaseWord::Accepts(is), version),
        It::Learnt { text: said, version } => (CaseWord::Learnt(text(said, MAX_ABOUT)?), version),
        It::Settled { is, version } => (CaseWord::Settled(is), version),
        It::Mediator { person: None, version } => (CaseWord::Mediator(None), version),
        It::Mediator { person: Some(person), version } => {
            may_read(caller)?;
            let person = app.store.person(known(&person)?).await?;
            (CaseWord::Mediator(Some(person.actor.anchor)), version)
        }
        It::MediatorAccepted { is, version } => (CaseWord::MediatorAccepted(is), version),
    })
}

/// A text of at most so many characters.
fn text(text: String, most: usize) -> Result<String, ApiError> {
    let mut faults = Vec::new();
    within("text", &text, most, &mut faults);
    checked(&faults)?;
    Ok(text)
}

/// Gives the numbers of the account's side, or begins anew with those of both.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/conflicts/{case}/numbers",
    tag = "conflicts", request_body = CaseNumbersAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("case" = String, Path, description = "id of a case"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn give_numbers(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, case)): Path<(String, String)>,
    asked: Asked<CaseNumbersAsked>,
) -> Result<Response, ApiError> {
    let Json(CaseNumbersAsked { kind, worth, no_deal }) = asked?;
    let one: CaseId = case.parse().map_err(|_| ApiError::NotFound)?;
    let kind = PointKind::from_name(&kind).ok_or_else(|| invalid("kind is item or choice"))?;
    let read = |(point, worth): (String, i64)| Ok::<_, ApiError>((known(&point)?, worth));
    let worth = worth.map(|all| all.into_iter().map(read).collect::<Result<_, _>>());
    let given = worth.transpose()?.map(|worth| OwnNumbers { worth, no_deal });
    let rest = format!("/conflicts/{case}/numbers");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        match &given {
            Some(given) => tx.give_numbers((id, one), (kind, given), by).await?,
            None => tx.begin_numbers_anew((id, one), kind, by).await?,
        }
        Ok(DONE)
    })
    .await
}

/// Takes a case to another stage; what is missing for it is told.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/conflicts/{case}/stage",
    tag = "conflicts", request_body = CaseStepAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("case" = String, Path, description = "id of a case"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn step_case(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, case)): Path<(String, String)>,
    asked: Asked<CaseStepAsked>,
) -> Result<Response, ApiError> {
    let Json(CaseStepAsked { to, version }) = asked?;
    let one: CaseId = case.parse().map_err(|_| ApiError::NotFound)?;
    let to = Stage::from_name(&to).ok_or_else(|| invalid("to is no stage"))?;
    let rest = format!("/conflicts/{case}/stage");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        match tx.step_case((id, one), (to, version), by).await {
            Err(StoreError::Conflict(Constraint::Unsettled(gates))) => {
                let all: Vec<&str> = gates.into_iter().map(Gate::sentence).collect();
                Err(ApiError::Conflict(all.join(" ")))
            }
            done => Ok(done.map(|()| DONE)?),
        }
    })
    .await
}
