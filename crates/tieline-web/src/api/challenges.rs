//! Challenges of a partnership for programs.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::challenge::{Closing, PointKind, TrialResult, Want};
use tieline_model::id::{ChallengeId, ChallengePointId, PartyId, TrialId};
use tieline_model::time::Moment;
use tieline_store::{
    Challenge, ChallengeDraft, ChallengePoint, PointDraft, Room, Trial, TrialDraft,
};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    ChallengeAsked, ChallengeEndAsked, ChallengePointAsked, ChallengePointSeen, ChallengeSeen,
    Done, Made, NotWritten, Paging, PointStanceAsked, PointStanceSeen, Portion, Refused,
    Repeatable, TrialAsked, TrialEndAsked, TrialSeen,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::challenge_feed::{decision_of, initiative_of};
use crate::pages::challenge_points::{check_point, check_trial};
use crate::pages::challenges::{check_challenge, parties_of};
use crate::pages::form::Fault;
use crate::pages::notes::MAX_NOTE;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::{day_of, within};
use crate::session;

/// Challenges of one answer: each is read whole.
const PAGE: u64 = 50;

/// Challenges of a partnership with all that is in them, the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/challenges", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), Paging),
    responses((status = 200, body = Portion<ChallengeSeen>), Refused))]
pub(crate) async fn list_challenges(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Queried<Paging>,
) -> Answer<Portion<ChallengeSeen>> {
    let Query(Paging { cursor, limit }) = paging?;
    let before: Option<ChallengeId> = cursor.as_deref().map(known).transpose()?;
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.challenges(id, before, limit + 1, by).await?;
    let is_more = all.len() as u64 > limit;
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    let (parties, now) = (parties_of(&app.store.room(id, by).await?), session::now());
    let items = all.iter().map(|one| seen(one, parties.clone(), now)).collect();
    Ok(Json(Portion { items, next }))
}

/// One challenge with all that is in it.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/challenges/{challenge}",
    tag = "partnerships", params(("id" = String, Path, description = "id of a partnership"),
        ("challenge" = String, Path, description = "id of a challenge")),
    responses((status = 200, body = ChallengeSeen), Refused))]
pub(crate) async fn show_challenge(
    State(app): State<App>,
    caller: Caller,
    Path((id, one)): Path<(String, String)>,
) -> Answer<ChallengeSeen> {
    let (at, by) = ((room_of(&id)?, of(&one)?), participant(&caller));
    let one = app.store.challenge(at, by).await?;
    let parties = parties_of(&app.store.room(at.0, by).await?);
    Ok(Json(seen(&one, parties, session::now())))
}

/// An id of a path.
fn of<T: std::str::FromStr>(id: &str) -> Result<T, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// Name of a party of a room.
fn name_in(room: &Room, id: PartyId) -> String {
    let found = room.parties.iter().find(|(party, _)| party.id == id);
    found.map(|(party, _)| party.name.clone()).unwrap_or_default()
}

fn want_name(want: &Want) -> &'static str {
    match want {
        Want::Evidence(_) => "evidence",
        Want::Causes => "causes",
        Want::SharedCause => "shared-cause",
        Want::Options => "options",
        Want::Unanswered(_) => "unanswered",
        Want::Trial => "trial",
        Want::Results(_) => "results",
        Want::Learning => "learning",
    }
}

fn seen(one: &Challenge, parties: BTreeSet<PartyId>, now: Moment) -> ChallengeSeen {
    ChallengeSeen {
        id: one.id.to_string(),
        title: one.draft.title.clone(),
        text: one.draft.text.clone(),
        objective: one.draft.objective.map(|objective| objective.to_string()),
        ended: one.ended.as_ref().map(|(ended, ..)| ended.name()),
        learnt: one.ended.as_ref().map(|(_, _, learnt)| learnt.clone()),
        wants: one.wants(parties, now).iter().map(want_name).collect(),
        points: one.points.iter().map(point).collect(),
        trials: one.trials.iter().map(trial).collect(),
        decision: one.decision.as_ref().map(|(id, _)| id.to_string()),
        initiative: one.initiative.as_ref().map(|(id, _)| id.to_string()),
        version: one.version,
    }
}

fn point(one: &ChallengePoint) -> ChallengePointSeen {
    let stances = one.stances.iter().map(|stance| PointStanceSeen {
        party: stance.party.to_string(),
        agrees: stance.agrees,
        text: stance.text.clone(),
    });
    ChallengePointSeen {
        id: one.id.to_string(),
        kind: one.draft.kind.name(),
        party: one.draft.party.to_string(),
        parent: one.draft.parent.map(|parent| parent.to_string()),
        text: one.draft.text.clone(),
        source: one.draft.source.clone(),
        stances: stances.collect(),
    }
}

fn trial(one: &Trial) -> TrialSeen {
    let draft = &one.draft;
    TrialSeen {
        id: one.id.to_string(),
        option: draft.option.map(|option| option.to_string()),
        party: draft.party.map(|party| party.to_string()),
        text: draft.text.clone(),
        sign: draft.sign.clone(),
        begins: draft.begins.map(|begins| begins.date().to_string()),
        ends: draft.ends.map(|ends| ends.plus_days(-1.0).date().to_string()),
        result: one.shown.as_ref().map(|(result, _)| result.name()),
        seen: one.shown.as_ref().map(|(_, seen)| seen.clone()).unwrap_or_default(),
        version: one.version,
    }
}

fn draft_of(asked: ChallengeAsked) -> Result<ChallengeDraft, ApiError> {
    let mut faults: Vec<Fault> = Vec::new();
    let objective = asked.objective.as_deref().map(known).transpose()?;
    let draft = ChallengeDraft { title: asked.title, text: asked.text, objective };
    check_challenge(&draft, &mut faults);
    checked(&faults)?;
    Ok(draft)
}

/// Writes a challenge down.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges", tag = "partnerships",
    request_body = ChallengeAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_challenge(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<ChallengeAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let draft = draft_of(asked)?;
    let rest = "/challenges".to_owned();
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_challenge(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes what a challenge of the version given says.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}", tag = "partnerships",
    request_body = ChallengeAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_challenge(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
    asked: Asked<ChallengeAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (one, version) = (of::<ChallengeId>(&challenge)?, asked.version);
    let draft = draft_of(asked)?;
    let rest = format!("/challenges/{challenge}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.change_challenge((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Ends a challenge of the version given, or works on it again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}/end", tag = "partnerships",
    request_body = ChallengeEndAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_challenge(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
    asked: Asked<ChallengeEndAsked>,
) -> Result<Response, ApiError> {
    let Json(ChallengeEndAsked { ended, learnt, version }) = asked?;
    let one: ChallengeId = of(&challenge)?;
    let ended = ended.map(|word| Closing::from_name(&word).ok_or(word)).transpose();
    let ended = ended.map_err(|_| invalid("ended is solved, accepted or stopped"))?;
    let mut faults = Vec::new();
    within("learnt", &learnt, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let rest = format!("/challenges/{challenge}/end");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.end_challenge((id, one), ended.map(|ended| (ended, learnt.as_str())), version, by)
            .await?;
        Ok(DONE)
    })
    .await
}

/// Takes the options of a challenge into a decision; the answer is its id.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}/decision", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn decide_challenge(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let (room, one): (_, ChallengeId) = (room_of(&id)?, of(&challenge)?);
    let by = participant(&caller);
    let known = app.store.challenge((room, one), by).await?;
    let room = app.store.room(room, by).await?;
    let draft = decision_of(&known, |party| name_in(&room, party));
    let rest = format!("/challenges/{challenge}/decision");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.decide_challenge((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Begins an initiative for a challenge; the answer is its id.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}/initiative", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn start_from_challenge(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let at = (room_of(&id)?, of::<ChallengeId>(&challenge)?);
    let draft = initiative_of(&app.store.challenge(at, participant(&caller)).await?);
    let rest = format!("/challenges/{challenge}/initiative");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.start_from_challenge((id, at.1), &draft, by).await?.to_string() })
    })
    .await
}

/// Says what the account's party sees, why that is, or what could be done.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}/points", tag = "partnerships",
    request_body = ChallengePointAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_challenge_point(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
    asked: Asked<ChallengePointAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let one: ChallengeId = of(&challenge)?;
    let kind = PointKind::from_name(&asked.kind);
    let draft = PointDraft {
        kind: kind.ok_or_else(|| invalid("kind is evidence, cause or option"))?,
        party: known(&asked.party)?,
        parent: asked.parent.as_deref().map(known).transpose()?,
        text: asked.text,
        source: asked.source,
    };
    let mut faults = Vec::new();
    check_point(&draft, &mut faults);
    checked(&faults)?;
    let rest = format!("/challenges/{challenge}/points");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_challenge_point((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Says whether the account's party sees the point of another one too.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/points/{entry}/stance", tag = "partnerships",
    request_body = PointStanceAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("entry" = String, Path, description = "id of a point of a challenge"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_challenge_point(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, entry)): Path<(String, String)>,
    asked: Asked<PointStanceAsked>,
) -> Result<Response, ApiError> {
    let Json(PointStanceAsked { agrees, text }) = asked?;
    let one: ChallengePointId = of(&entry)?;
    let mut faults = Vec::new();
    within("text", &text, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let rest = format!("/challenges/points/{entry}/stance");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.answer_challenge_point((id, one), (agrees, &text), by).await?;
        Ok(DONE)
    })
    .await
}

/// Says what is tried.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/{challenge}/trials", tag = "partnerships",
    request_body = TrialAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("challenge" = String, Path, description = "id of a challenge"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_trial(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, challenge)): Path<(String, String)>,
    asked: Asked<TrialAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (one, mut faults) = (of::<ChallengeId>(&challenge)?, Vec::new());
    let draft = TrialDraft {
        option: asked.option.as_deref().map(known).transpose()?,
        party: asked.party.as_deref().map(known).transpose()?,
        text: asked.text,
        sign: asked.sign,
        begins: day_of("begins", &asked.begins, &mut faults),
        ends: day_of("ends", &asked.ends, &mut faults).map(|day| day.plus_days(1.0)),
    };
    check_trial(&draft, &mut faults);
    checked(&faults)?;
    let rest = format!("/challenges/{challenge}/trials");
    let what = (&*id, &*rest, StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_trial((id, one), &draft, by).await?.to_string() })
    })
    .await
}

/// Says what a trial of the version given showed, or that it goes on.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/challenges/trials/{trial}", tag = "partnerships",
    request_body = TrialEndAsked,
    params(("id" = String, Path, description = "id of a partnership"), ("trial" = String, Path, description = "id of a trial"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn end_trial(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, trial)): Path<(String, String)>,
    asked: Asked<TrialEndAsked>,
) -> Result<Response, ApiError> {
    let Json(TrialEndAsked { result, seen, version }) = asked?;
    let one: TrialId = of(&trial)?;
    let result = result.map(|word| TrialResult::from_name(&word).ok_or(word)).transpose();
    let result = result.map_err(|_| invalid("result is worked, partly or failed"))?;
    let mut faults = Vec::new();
    within("seen", &seen, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let rest = format!("/challenges/trials/{trial}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.end_trial((id, one), result.map(|result| (result, seen.as_str())), version, by).await?;
        Ok(DONE)
    })
    .await
}
