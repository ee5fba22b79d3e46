//! Joint decisions for programs: reads as the account sees them, and the verbs of the pages.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::tz::TimeZone;
use tieline_model::decision::Stance;
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::id::{DecisionId, PartnershipId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{DecisionDraft, DecisionQuery, JointDecision, KeptCount, VoterRow};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    BallotSeen, CountSeen, DecisionCard, DecisionFull, DecisionStepSeen, DecisionsAsked, Done,
    Made, NotWritten, OptionSeen, OutcomeSeen, Portion, QuestionAsked, Refused, Repeatable,
    StatementAsked, StatementSeen, VoterSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::decisions::{AskForm, PAGE, understand};
use crate::pages::notes::MAX_NOTE;
use crate::pages::subject::within;
use crate::session;

/// Statements of one answer.
const MOST: u64 = 200;

/// The decision of a path, in its room.
pub(super) fn decision_of(
    (id, decision): (&str, &str),
) -> Result<(PartnershipId, DecisionId), ApiError> {
    Ok((room_of(id)?, decision.parse().map_err(|_| ApiError::NotFound)?))
}

/// A time that a program writes.
pub(super) fn moment(text: Option<&str>) -> Result<Option<Moment>, ApiError> {
    let read = |text: &str| text.parse().map_err(|_| invalid("a time is none of RFC 3339"));
    text.map(read).transpose()
}

/// An id that a program writes.
pub(super) fn known<T: std::str::FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| invalid("something that should be an id is none"))
}

/// Decisions of a partnership, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/decisions", tag = "decisions",
    params(("id" = String, Path, description = "id of a partnership"), DecisionsAsked),
    responses((status = 200, body = Portion<DecisionCard>), Refused))]
pub(crate) async fn list_decisions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Queried<DecisionsAsked>,
) -> Answer<Portion<DecisionCard>> {
    let (id, Query(asked)) = (room_of(&id)?, asked?);
    let unknown = |_| invalid("cursor is none that this list gave: begin without one");
    let before = asked.cursor.map(|text| text.parse().map_err(unknown)).transpose()?;
    let query = DecisionQuery { is_log: asked.log, text: asked.q, before, limit: PAGE + 1 };
    let mut found = app.store.joint_decisions(id, &query, participant(&caller)).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: found.iter().map(card).collect(), next }))
}

fn card(one: &JointDecision) -> DecisionCard {
    DecisionCard {
        id: one.id.to_string(),
        question: one.question.clone(),
        stage: one.stage.name(),
        method: one.rules.method.kind().name(),
        voters: one.rules.voter_unit.name(),
        secrecy: one.rules.secrecy.name(),
        quorum: one.rules.quorum.to_string(),
        closes: one.closes_at.map(time),
        verdict: one.verdict.map(tieline_model::decision::Verdict::name),
        version: one.version,
    }
}

/// A decision: its options, who has voted, ballots as far as the account may see them, its counts
/// with all that checks them, its outcome, and what is missing for each step.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/decisions/{decision}", tag = "decisions",
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision")),
    responses((status = 200, body = DecisionFull), Refused))]
pub(crate) async fn show_decision(
    State(app): State<App>,
    caller: Caller,
    Path((id, decision)): Path<(String, String)>,
) -> Answer<DecisionFull> {
    let (at, by) = (decision_of((&id, &decision))?, participant(&caller));
    let (one, options) = app.store.joint_decision(at, by).await?;
    let progress = app.store.joint_progress(&one, session::now(), by).await?;
    let step = |to: &Stage| {
        let shut = one.stage.shut_gates(*to, &progress)?;
        let missing = shut.into_iter().map(Gate::sentence).collect();
        Some(DecisionStepSeen { to: to.name(), missing })
    };
    let options = options.into_iter().map(|option| OptionSeen {
        id: option.id.to_string(),
        text: option.text,
        note: option.note,
    });
    Ok(Json(DecisionFull {
        decision: card(&one),
        why: one.why.clone(),
        proposal: one.proposal.clone(),
        options: options.collect(),
        commitment: one.commitment.map(|hash| hash.to_string()),
        poll: app.store.joint_voters(at, by).await?.iter().map(voter).collect(),
        ballots: ballots(&app, at, by).await?,
        counts: app.store.counts(at, by).await?.into_iter().map(count).collect(),
        outcome: outcome(&app, at, &one, by).await?,
        steps: Stage::ALL.iter().filter_map(step).collect(),
    }))
}

fn voter(one: &VoterRow) -> VoterSeen {
    VoterSeen {
        id: one.id.to_string(),
        party: one.party.map(|party| party.to_string()),
        seat: one.holder.to_string(),
        stand_in: one.stand_in.map(|seat| seat.to_string()),
        cast: one.cast.is_some(),
        passed_to: one.passed_to.map(|vote| vote.to_string()),
    }
}

async fn ballots(
    app: &App,
    at: (PartnershipId, DecisionId),
    by: Participant,
) -> Result<Vec<BallotSeen>, ApiError> {
    let seen = app.store.seen_ballots(at, by).await?.into_iter().map(|ballot| BallotSeen {
        id: ballot.id.to_string(),
        voter: ballot.voter.to_string(),
        says: serde_json::from_str(&ballot.ballot.canonical(1)).unwrap_or_default(),
    });
    Ok(seen.collect())
}

fn count(kept: KeptCount) -> CountSeen {
    CountSeen {
        number: kept.number,
        at: time(kept.at),
        verdict: kept.verdict.name(),
        early: kept.early,
        tally: serde_json::from_str(&kept.tally).unwrap_or_default(),
        ballots: kept.ballots,
        commitment: kept.commitment,
        nonce: kept.nonce,
        root: kept.root,
    }
}

async fn outcome(
    app: &App,
    at: (PartnershipId, DecisionId),
    one: &JointDecision,
    by: Participant,
) -> Result<OutcomeSeen, ApiError> {
    let bound = app.store.bound_by(at, by).await?;
    let written = &one.outcome;
    Ok(OutcomeSeen {
        statement: written.statement.clone(),
        objective: written.aim.map(|aim| aim.to_string()),
        owner: written.owner.map(|seat| seat.to_string()),
        bound: bound.iter().map(ToString::to_string).collect(),
        first_step: written.first_step.clone(),
        review_on: written.review_on.map(time),
        review_note: one.review_note.clone(),
    })
}

/// A question as it was sent, as the form of the page would bring it, and what it means.
fn understood(asked: QuestionAsked) -> Result<DecisionDraft, ApiError> {
    let usual = AskForm::default();
    let number = |n: Option<u32>, usual: String| n.map_or(usual, |n| n.to_string());
    let of = asked.settings;
    let form = AskForm {
        question: asked.question,
        why: asked.why.unwrap_or_default(),
        proposal: asked.proposal.unwrap_or_default(),
        options: String::new(),
        method: asked.method,
        base: of.base.unwrap_or(usual.base),
        threshold: of.threshold.unwrap_or(usual.threshold),
        veto: number(of.vetoes, usual.veto),
        support: of.support.unwrap_or(usual.support),
        discuss: of.discuss.unwrap_or(usual.discuss),
        most: number(of.most, usual.most),
        dots: number(of.dots, usual.dots),
        per_option: number(of.per_option, usual.per_option),
        budget: number(of.budget, usual.budget),
        rule: of.rule.unwrap_or(usual.rule),
        voters: asked.voters.unwrap_or(usual.voters),
        quorum: asked.quorum.unwrap_or(usual.quorum),
        secrecy: asked.secrecy.unwrap_or(usual.secrecy),
        passing: if asked.passing { "on".to_owned() } else { String::new() },
        chain: number(asked.chain, usual.chain),
        talk: String::new(),
        closes: String::new(),
        version: asked.version,
    };
    let mut faults = Vec::new();
    let draft = understand(&form, &TimeZone::UTC, &mut faults);
    checked(&faults)?;
    let options = asked.options.into_iter().map(|option| (option.text, option.note)).collect();
    let (discuss_until, closes_at) =
        (moment(asked.talk.as_deref())?, moment(asked.closes.as_deref())?);
    Ok(DecisionDraft { options, discuss_until, closes_at, ..draft })
}

/// Asks a question.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions", tag = "decisions",
    request_body = QuestionAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn ask_decision(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<QuestionAsked>,
) -> Result<Response, ApiError> {
    let draft = understood(asked?.0)?;
    let what = (&*id, "/decisions", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.ask_joint_decision(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes a question while no ballots are taken.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}", tag = "decisions",
    request_body = QuestionAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_decision(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<QuestionAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(asked) = asked?;
    let version = asked.version;
    let draft = understood(asked)?;
    let rest = format!("/decisions/{decision}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.change_joint_decision(at, &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// What people said on a question, the oldest of the latest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/decisions/{decision}/statements",
    tag = "decisions",
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision")),
    responses((status = 200, body = Portion<StatementSeen>), Refused))]
pub(crate) async fn list_statements(
    State(app): State<App>,
    caller: Caller,
    Path((id, decision)): Path<(String, String)>,
) -> Answer<Portion<StatementSeen>> {
    let at = decision_of((&id, &decision))?;
    let all = app.store.statements(at, (None, MOST), participant(&caller)).await?;
    let seen = all.into_iter().map(|one| StatementSeen {
        id: one.id.to_string(),
        stance: one.stance.name(),
        party: one.party.map(|party| party.to_string()),
        name: one.name,
        text: one.text,
        at: time(one.at),
    });
    Ok(Json(Portion::whole(seen)))
}

/// Says something on a question.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/statements",
    tag = "decisions", request_body = StatementAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_statement(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<StatementAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(StatementAsked { stance, text }) = asked?;
    let mut faults = Vec::new();
    within("text", &text, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let stance = Stance::from_name(&stance)
        .ok_or_else(|| invalid("stance is supports, concern or neither"))?;
    let rest = format!("/decisions/{decision}/statements");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::CREATED), async |tx, _, by| {
        Ok(Made { id: tx.speak_to(at, (stance, &text), by).await?.to_string() })
    })
    .await
}
