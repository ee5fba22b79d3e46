//! Objectives of partnerships for programs.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{CheckInId, KeyResultId, ObjectiveId};
use tieline_model::objective::{Confidence, Link, LinkKind, LinkState, Reason, alignment};
use tieline_store::{CheckIn, KeyResult, KeyResultDraft, ObjectiveDraft};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    AfterAsked, AlignmentSeen, CheckInAsked, CheckInSeen, Done, KeyResultAsked, KeyResultSeen,
    Made, NotWritten, OkrAsked, OkrLinkAsked, OkrLinkSeen, OkrProposal, OkrSeen, OwnerAlignment,
    Portion, Refused, Repeatable, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::objective_alignment::aligned;
use crate::pages::objective_results::{check_faults, sound};
use crate::pages::objectives::{ObjectiveForm, PAGE, Scored, scored, understand};
use crate::pages::subject::day_of;

/// An id of a path.
fn of<T: std::str::FromStr>(id: &str) -> Result<T, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// Objectives of a partnership, in the order in which they came, each with how far it is.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/okr", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), AfterAsked),
    responses((status = 200, body = Portion<OkrSeen>), Refused))]
pub(crate) async fn list_okr(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Queried<AfterAsked>,
) -> Answer<Portion<OkrSeen>> {
    let (id, by, Query(asked)) = (room_of(&id)?, participant(&caller), asked?);
    let after: Option<ObjectiveId> = asked.after.parse().ok();
    let found = app.store.objectives(id, after, PAGE, by).await?;
    let is_full = found.len() as u64 == PAGE;
    let next = found.last().filter(|_| is_full).map(|one| one.id.to_string());
    let items = scored(&app, (id, by), found).await?.into_iter().map(seen).collect();
    Ok(Json(Portion { items, next }))
}

fn seen(one: Scored) -> OkrSeen {
    let at_risk = one.is_at_risk();
    let Scored { objective, results, score, elapsed, pace } = one;
    let result = |(result, last, rule): (
        KeyResult,
        Option<CheckIn>,
        tieline_model::objective::KeyResult,
    )| KeyResultSeen {
        id: result.id.to_string(),
        metric: result.draft.metric,
        unit: result.draft.unit,
        baseline: result.draft.baseline,
        target: result.draft.target,
        weight: result.draft.weight,
        due: result.draft.due.map(time),
        actual: last.map(|check| check.value),
        progress: rule.progress(),
        score: rule.score(),
        version: result.version,
    };
    OkrSeen {
        id: objective.id.to_string(),
        party: objective.draft.party.map(|party| party.to_string()),
        parent: objective.draft.parent.map(|parent| parent.to_string()),
        objective: objective.draft.aim.map(|aim| aim.to_string()),
        title: objective.draft.title,
        why: objective.draft.why,
        begins: objective.draft.begins.map(time),
        ends: objective.draft.ends.map(time),
        score,
        elapsed,
        pace,
        at_risk,
        version: objective.version,
        key_results: results.into_iter().map(result).collect(),
    }
}

fn understood(asked: OkrAsked) -> Result<(ObjectiveDraft, i64), ApiError> {
    let OkrAsked { party, parent, objective: aim, title, why, begins, last, version } = asked;
    let form = ObjectiveForm { party, parent, aim, title, why, begins, last, version };
    let mut faults = Vec::new();
    let draft = understand(&form, &mut faults);
    checked(&faults)?;
    Ok((draft, version))
}

/// Writes an objective down: a shared one, or one of the account's party.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr", tag = "partnerships",
    request_body = OkrAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_okr(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<OkrAsked>,
) -> Result<Response, ApiError> {
    let (draft, _) = understood(asked?.0)?;
    let what = (&*id, "/okr", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_objective(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes an objective of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr/{okr}", tag = "partnerships",
    request_body = OkrAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("okr" = String, Path, description = "id of an objective of it"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_okr(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, okr)): Path<(String, String)>,
    asked: Asked<OkrAsked>,
) -> Result<Response, ApiError> {
    let known = app.store.objective((room_of(&id)?, of(&okr)?), participant(&caller)).await?;
    let party = known.draft.party.map_or(String::new(), |party| party.to_string());
    let (draft, version) = understood(OkrAsked { party, ..asked?.0 })?;
    let rest = format!("/okr/{okr}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.update_objective((id, known.id), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

fn result_draft(asked: KeyResultAsked) -> Result<(KeyResultDraft, i64), ApiError> {
    let mut faults = Vec::new();
    let draft = KeyResultDraft {
        metric: asked.metric,
        unit: asked.unit,
        baseline: asked.baseline,
        target: asked.target,
        weight: asked.weight.unwrap_or(1.0),
        due: day_of("due", &asked.due, &mut faults).map(|day| day.plus_days(1.0)),
    };
    sound(&draft, &mut faults);
    checked(&faults)?;
    Ok((draft, asked.version))
}

/// Says by what an objective is measured.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr/{okr}/results", tag = "partnerships",
    request_body = KeyResultAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("okr" = String, Path, description = "id of an objective of it"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_key_result(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, okr)): Path<(String, String)>,
    asked: Asked<KeyResultAsked>,
) -> Result<Response, ApiError> {
    let (draft, _) = result_draft(asked?.0)?;
    let objective: ObjectiveId = of(&okr)?;
    let rest = format!("/okr/{okr}/results");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_key_result((id, objective), &draft, by).await?.to_string() })
    })
    .await
}

/// Changes a key result of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr/results/{result}",
    tag = "partnerships", request_body = KeyResultAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("result" = String, Path, description = "id of a key result"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_key_result(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, result)): Path<(String, String)>,
    asked: Asked<KeyResultAsked>,
) -> Result<Response, ApiError> {
    let (draft, version) = result_draft(asked?.0)?;
    let one: KeyResultId = of(&result)?;
    let rest = format!("/okr/results/{result}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.update_key_result((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Where a key result stood, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/okr/results/{result}/check-ins",
    tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"),
        ("result" = String, Path, description = "id of a key result"), AfterAsked),
    responses((status = 200, body = Portion<CheckInSeen>), Refused))]
pub(crate) async fn list_check_ins(
    State(app): State<App>,
    caller: Caller,
    Path((id, result)): Path<(String, String)>,
    asked: Queried<AfterAsked>,
) -> Answer<Portion<CheckInSeen>> {
    let (one, Query(asked)) = ((room_of(&id)?, of(&result)?), asked?);
    let before: Option<CheckInId> = asked.after.parse().ok();
    let found = app.store.check_ins(one, before, PAGE, participant(&caller)).await?;
    let is_full = found.len() as u64 == PAGE;
    let next = found.last().filter(|_| is_full).map(|one| one.id.to_string());
    let items = found.into_iter().map(|one| CheckInSeen {
        id: one.id.to_string(),
        value: one.value,
        confidence: one.confidence.name(),
        line: one.line,
        by: one.by.map(|by| by.to_string()),
        at: time(one.at),
    });
    Ok(Json(Portion { items: items.collect(), next }))
}

/// Says where a key result stands.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr/results/{result}/check-ins",
    tag = "partnerships", request_body = CheckInAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("result" = String, Path, description = "id of a key result"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_check_in(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, result)): Path<(String, String)>,
    asked: Asked<CheckInAsked>,
) -> Result<Response, ApiError> {
    let Json(CheckInAsked { value, confidence, line }) = asked?;
    let mut faults = Vec::new();
    check_faults(&line, value, &mut faults);
    checked(&faults)?;
    let confidence = Confidence::from_name(&confidence);
    let confidence = confidence.ok_or_else(|| invalid("confidence is low, medium or high"))?;
    let one: KeyResultId = of(&result)?;
    let rest = format!("/okr/results/{result}/check-ins");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        let said = (value, confidence, line.as_str());
        Ok(Made { id: tx.check_in((id, one), said, by).await?.to_string() })
    })
    .await
}

/// How the objectives of the parties bear on each other: what people said, what they should look at.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/okr/alignment", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = AlignmentSeen), Refused))]
pub(crate) async fn show_alignment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<AlignmentSeen> {
    let (id, by) = (room_of(&id)?, participant(&caller));
    let all = aligned(&app, (id, by)).await?;
    let said: Vec<Link<ObjectiveId>> = all.links.iter().map(|one| one.link).collect();
    let parties = app.store.room(id, by).await?.parties;
    let owners = std::iter::once(None).chain(parties.iter().map(|(party, _)| Some(party.id)));
    let owner = |owner: Option<tieline_model::id::PartyId>| {
        let found = alignment(&all.aims, &owner, &said);
        OwnerAlignment {
            party: owner.map(|party| party.to_string()),
            score: found.score,
            orphans: found.orphans.iter().map(ToString::to_string).collect(),
        }
    };
    let owners = owners.map(owner).collect();
    let links = all.links.iter().map(|one| OkrLinkSeen {
        id: one.id.to_string(),
        from: one.link.from.to_string(),
        to: one.link.to.to_string(),
        kind: one.link.kind.name(),
        state: one.link.state.name(),
        version: one.version,
    });
    let proposed = all.proposed.iter().map(|one| OkrProposal {
        from: one.one.to_string(),
        to: one.other.to_string(),
        kind: one.kind.name(),
        cosine: if let Reason::Text(cosine) = one.reason { Some(cosine) } else { None },
        metric: if let Reason::Metric(metric) = &one.reason { Some(metric.clone()) } else { None },
    });
    Ok(Json(AlignmentSeen { links: links.collect(), proposed: proposed.collect(), owners }))
}

/// Says how one objective bears on another, or that it does not.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/okr/alignment", tag = "partnerships",
    request_body = OkrLinkAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Made), Refused, NotWritten))]
pub(crate) async fn link_okr(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<OkrLinkAsked>,
) -> Result<Response, ApiError> {
    let Json(OkrLinkAsked { from, to, kind, state, version }) = asked?;
    let kind = LinkKind::from_name(&kind);
    let state = LinkState::from_name(&state);
    let link = Link {
        from: from.parse().map_err(|_| invalid("from is no id"))?,
        to: to.parse().map_err(|_| invalid("to is no id"))?,
        kind: kind
            .ok_or_else(|| invalid("kind is supports, depends_on, conflicts_with or duplicates"))?,
        state: state.ok_or_else(|| invalid("state is confirmed or rejected"))?,
    };
    let what = (&*id, "/okr/alignment", StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.link_objectives(id, &link, version, by).await?.to_string() })
    })
    .await
}
