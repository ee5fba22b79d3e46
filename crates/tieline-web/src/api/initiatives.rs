//! Joint initiatives of a partnership for programs.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{ContributionId, InitiativeId, PartId, RiskId, TaskId};
use tieline_model::initiative::{Ended, Progress, RiskState, Sign, TaskState};
use tieline_model::ledger::Receipt;
use tieline_model::schedule::{MAX_DAYS, Slot};
use tieline_model::time::{DAY_MS, Moment};
use tieline_store::{
    Contribution, Initiative, InitiativeDraft, InitiativePart, InitiativeTask, NewContribution,
    PartDraft, Risk, RiskDraft, TaskDraft,
};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    ContributionAnswer, ContributionAsked, ContributionSeen, Done, InitiativeAsked,
    InitiativeEndAsked, InitiativePartAsked, InitiativePartSeen, InitiativeRiskAsked,
    InitiativeRiskSeen, InitiativeSeen, InitiativeTaskAsked, InitiativeTaskSeen, Made, NotWritten,
    Paging, Portion, Refused, Repeatable, TaskStateAsked,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::form::Fault;
use crate::pages::initiative_parts::{check_contribution, check_part};
use crate::pages::initiative_plan::{check_risk, check_task};
use crate::pages::initiatives::check_initiative;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::{day_of, within};
use crate::session;

/// Initiatives of one answer: each is read whole.
const PAGE: u64 = 50;

/// Longest note of what came of an initiative, in characters.
const MAX_LEARNT: usize = 5000;

/// Joint initiatives of a partnership with all that is in them, the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/initiatives", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), Paging),
    responses((status = 200, body = Portion<InitiativeSeen>), Refused))]
pub(crate) async fn list_initiatives(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Queried<Paging>,
) -> Answer<Portion<InitiativeSeen>> {
    let Query(Paging { cursor, limit }) = paging?;
    let before: Option<InitiativeId> = cursor.as_deref().map(known).transpose()?;
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.initiatives(id, before, limit + 1, by).await?;
    let is_more = all.len() as u64 > limit;
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.iter().map(seen).collect(), next }))
}

/// One initiative with all that is in it.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/initiatives/{initiative}",
    tag = "partnerships", params(("id" = String, Path, description = "id of a partnership"),
        ("initiative" = String, Path, description = "id of an initiative")),
    responses((status = 200, body = InitiativeSeen), Refused))]
pub(crate) async fn show_initiative(
    State(app): State<App>,
    caller: Caller,
    Path((id, one)): Path<(String, String)>,
) -> Answer<InitiativeSeen> {
    let at = (room_of(&id)?, of(&one)?);
    Ok(Json(seen(&app.store.initiative(at, participant(&caller)).await?)))
}

/// An id of a path.
fn of<T: std::str::FromStr>(id: &str) -> Result<T, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

fn day_text(day: i64) -> String {
    Moment::from_ms(day.saturating_mul(DAY_MS)).date().to_string()
}

/// The last day before a moment.
fn last_day(end: Moment) -> String {
    end.plus_days(-1.0).date().to_string()
}

fn progress_name(progress: Progress) -> &'static str {
    match progress {
        Progress::Planned => "planned",
        Progress::OnTheWay => "on-the-way",
        Progress::AtRisk => "at-risk",
        Progress::Behind => "behind",
        Progress::Ended(ended) => ended.name(),
    }
}

fn sign_name(sign: Sign) -> &'static str {
    match sign {
        Sign::PastEnd => "past-end",
        Sign::EndsLate(_) => "ends-late",
        Sign::MilestonesLate(_) => "milestones-late",
        Sign::TasksLate(_) => "tasks-late",
        Sign::PartsBehind(_) => "parts-behind",
        Sign::RisksHigh(_) => "risks-high",
    }
}

fn seen(one: &Initiative) -> InitiativeSeen {
    let now = session::now();
    let ((progress, signs), found) = (one.progress(now), one.schedule(now));
    let tasks = one.tasks.iter().zip(&found.slots);
    InitiativeSeen {
        id: one.id.to_string(),
        title: one.draft.title.clone(),
        text: one.draft.text.clone(),
        objective: one.draft.objective.map(|objective| objective.to_string()),
        begins: one.draft.begins.map(|begins| begins.date().to_string()),
        ends: one.draft.ends.map(last_day),
        progress: progress_name(progress),
        signs: signs.into_iter().map(sign_name).collect(),
        can_end: found.ends.map(|ends| day_text(ends.saturating_sub(1))),
        learnt: one.ended.as_ref().map(|(_, _, learnt)| learnt.clone()),
        parts: one.parts.iter().map(part).collect(),
        tasks: tasks.map(|(one, slot)| task(one, slot)).collect(),
        risks: one.risks.iter().map(risk).collect(),
        version: one.version,
    }
}

fn part(one: &InitiativePart) -> InitiativePartSeen {
    InitiativePartSeen {
        id: one.id.to_string(),
        party: one.draft.party.to_string(),
        text: one.draft.text.clone(),
        amount: one.draft.amount,
        unit: one.draft.unit.clone(),
        given: one.sum(Receipt::Confirmed),
        contributions: one.contributions.iter().map(contribution).collect(),
    }
}

fn contribution(one: &Contribution) -> ContributionSeen {
    ContributionSeen {
        id: one.id.to_string(),
        amount: one.new.amount,
        text: one.new.text.clone(),
        day: one.new.day.date().to_string(),
        receipt: one.receipt.0.name(),
        answered_by: one.receipt.1.map(|party| party.to_string()),
        question: one.question.clone(),
        version: one.version,
    }
}

fn task(one: &InitiativeTask, slot: &Slot) -> InitiativeTaskSeen {
    InitiativeTaskSeen {
        id: one.id.to_string(),
        title: one.draft.title.clone(),
        party: one.draft.party.map(|party| party.to_string()),
        seat: one.draft.seat.map(|seat| seat.to_string()),
        days: one.draft.days,
        due: one.draft.due.map(last_day),
        commitment: one.commitment.map(|commitment| commitment.to_string()),
        state: one.state().name(),
        needs: one.draft.needs.iter().map(ToString::to_string).collect(),
        can_begin: day_text(slot.begins),
        can_end: day_text(slot.ends.saturating_sub(1)),
        slack: slot.slack,
        is_critical: slot.is_critical,
        version: one.version,
    }
}

fn risk(one: &Risk) -> InitiativeRiskSeen {
    InitiativeRiskSeen {
        id: one.id.to_string(),
        text: one.draft.text.clone(),
        likelihood: one.draft.likelihood,
        impact: one.draft.impact,
        answer: one.draft.answer.clone(),
        party: one.draft.party.map(|party| party.to_string()),
        state: one.draft.state.name(),
        version: one.version,
    }
}

fn draft_of(asked: InitiativeAsked) -> Result<InitiativeDraft, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    let draft = InitiativeDraft {
        title: asked.title,
        text: asked.text,
        objective: asked.objective.as_deref().map(known).transpose()?,
        begins: day_of("begins", &asked.begins, &mut faults),
        ends: day_of("ends", &asked.ends, &mut faults).map(|day| day.plus_days(1.0)),
    };
    check_initiative(&draft, &mut faults);
    checked(&faults)?;
    Ok(draft)
}

fn task_of(asked: InitiativeTaskAsked) -> Result<TaskDraft, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    if asked.days > MAX_DAYS {
        return Err(invalid("days is from 0 to 999"));
    }
    let draft = TaskDraft {
        title: asked.title,
        party: asked.party.as_deref().map(known).transpose()?,
        seat: asked.seat.as_deref().map(known).transpose()?,
        days: asked.days,
        due: day_of("due", &asked.due, &mut faults).map(|day| day.plus_days(1.0)),
        needs: asked.needs.iter().map(|need| known(need)).collect::<Result<_, _>>()?,
    };
    check_task(&draft, &mut faults);
    checked(&faults)?;
    Ok(draft)
}

fn risk_of(asked: InitiativeRiskAsked) -> Result<RiskDraft, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    let state = RiskState::from_name(&asked.state);
    let draft = RiskDraft {
        text: asked.text,
        likelihood: asked.likelihood,
        impact: asked.impact,
        answer: asked.answer,
        party: asked.party.as_deref().map(known).transpose()?,
        state: state.ok_or_else(|| invalid("state is open, happened or over"))?,
    };
    check_risk(&draft, &mut faults);
    checked(&faults)?;
    Ok(draft)
}

/// Begins an initiative.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives", tag = "partnerships",
    request_body = InitiativeAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_initiative(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<InitiativeAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let draft = draft_of(asked)?;
    let what = (&*id, "/initiatives", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_initiative(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes what an initiative of the version given says.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/{initiative}", tag = "partnerships",
    request_body = InitiativeAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("initiative" = String, Path, description = "id of an initiative"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_initiative(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, initiative)): Path<(String, String)>,
    asked: Asked<InitiativeAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (one, version) = (of::<InitiativeId>(&initiative)?, asked.version);
    let draft = draft_of(asked)?;
    let rest = format!("/initiatives/{initiative}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.change_initiative((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Ends an initiative of the version given, or lets it go on again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/{initiative}/end", tag = "partnerships",
    request_body = InitiativeEndAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("initiative" = String, Path, description = "id of an initiative"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_initiative(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, initiative)): Path<(String, String)>,
    asked: Asked<InitiativeEndAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let InitiativeEndAsked { ended, learnt, version } = asked;
    let one: InitiativeId = of(&initiative)?;
    let ended = ended.map(|word| Ended::from_name(&word).ok_or(word)).transpose();
    let ended = ended.map_err(|_| invalid("ended is done or stopped"))?;
    let mut faults = Vec::new();
    within("learnt", &learnt, MAX_LEARNT, &mut faults);
    checked(&faults)?;
    let rest = format!("/initiatives/{initiative}/end");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.end_initiative((id, one), ended.map(|ended| (ended, learnt.as_str())), version, by)
            .await?;
        Ok(DONE)
    })
    .await
}

/// Says what the account's party brings.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/{initiative}/parts", tag = "partnerships",
    request_body = InitiativePartAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("initiative" = String, Path, description = "id of an initiative"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_part(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, initiative)): Path<(String, String)>,
    asked: Asked<InitiativePartAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: InitiativeId = of(&initiative)?;
    let InitiativePartAsked { party, text, amount, unit } = asked;
    let draft = PartDraft { party: known(&party)?, text, amount, unit };
    let mut faults = Vec::new();
    check_part(&draft, &mut faults);
    checked(&faults)?;
    let rest = format!("/initiatives/{initiative}/parts");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_part((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Says what was given of a part of the account's party.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/parts/{part}/contributions", tag = "partnerships",
    request_body = ContributionAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("part" = String, Path, description = "id of a part"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn contribute(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, part)): Path<(String, String)>,
    asked: Asked<ContributionAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: PartId = of(&part)?;
    let mut faults = Vec::new();
    let day = day_of("day", &asked.day, &mut faults).unwrap_or(session::now());
    let new = NewContribution { amount: asked.amount, text: asked.text, day };
    check_contribution(&new, &mut faults);
    checked(&faults)?;
    let rest = format!("/initiatives/parts/{part}/contributions");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.contribute((id, one), &new, by).await?.to_string() })
    })
    .await
}

/// Confirms or questions what another party gave, of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/contributions/{contribution}", tag = "partnerships",
    request_body = ContributionAnswer,
    params(("id" = String, Path, description = "id of a partnership"), ("contribution" = String, Path, description = "id of a contribution"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_contribution(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, contribution)): Path<(String, String)>,
    asked: Asked<ContributionAnswer>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: ContributionId = of(&contribution)?;
    let ContributionAnswer { receipt, question, version } = asked;
    let receipt = Receipt::from_name(&receipt);
    let receipt = receipt.ok_or_else(|| invalid("receipt is waits, confirmed or questioned"))?;
    let mut faults = Vec::new();
    within("question", &question, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let rest = format!("/initiatives/contributions/{contribution}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.answer_contribution((id, one), (receipt, &question), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Writes a task or a milestone down.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/{initiative}/tasks", tag = "partnerships",
    request_body = InitiativeTaskAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("initiative" = String, Path, description = "id of an initiative"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_task(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, initiative)): Path<(String, String)>,
    asked: Asked<InitiativeTaskAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: InitiativeId = of(&initiative)?;
    let draft = task_of(asked)?;
    let rest = format!("/initiatives/{initiative}/tasks");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_task((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Changes a task of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/tasks/{task}", tag = "partnerships",
    request_body = InitiativeTaskAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("task" = String, Path, description = "id of a task"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_task(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, task)): Path<(String, String)>,
    asked: Asked<InitiativeTaskAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (one, version) = (of::<TaskId>(&task)?, asked.version);
    let draft = task_of(asked)?;
    let rest = format!("/initiatives/tasks/{task}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.change_task((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Says how far a task of the version given is.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/tasks/{task}/state", tag = "partnerships",
    request_body = TaskStateAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("task" = String, Path, description = "id of a task"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn set_task_state(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, task)): Path<(String, String)>,
    asked: Asked<TaskStateAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let TaskStateAsked { state, version } = asked;
    let one: TaskId = of(&task)?;
    let state = TaskState::from_name(&state);
    let state = state.ok_or_else(|| invalid("state is open, begun or done"))?;
    let rest = format!("/initiatives/tasks/{task}/state");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.set_task_state((id, one), state, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Writes a risk down.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/{initiative}/risks", tag = "partnerships",
    request_body = InitiativeRiskAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("initiative" = String, Path, description = "id of an initiative"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_risk(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, initiative)): Path<(String, String)>,
    asked: Asked<InitiativeRiskAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: InitiativeId = of(&initiative)?;
    let draft = risk_of(asked)?;
    let rest = format!("/initiatives/{initiative}/risks");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_risk((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Changes a risk of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/initiatives/risks/{risk}", tag = "partnerships",
    request_body = InitiativeRiskAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("risk" = String, Path, description = "id of a risk"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_risk(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, risk)): Path<(String, String)>,
    asked: Asked<InitiativeRiskAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (one, version) = (of::<RiskId>(&risk)?, asked.version);
    let draft = risk_of(asked)?;
    let rest = format!("/initiatives/risks/{risk}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.change_risk((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}
