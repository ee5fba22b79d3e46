//! The poll of a decision and what follows from it, for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::decision::BallotError;
use tieline_model::decision::ballot::ObjectionState;
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::decision::tie_break::Nonce;
use tieline_model::id::{BallotId, SeatId};
use tieline_store::{
    Constraint, JointStep, NewBallot, StoreError, Taken, WrittenOutcome, ballot_from,
};

use super::caller::Writer;
use super::decisions::{decision_of, known, moment};
use super::error::ApiError;
use super::partnerships::{in_room, participant};
use super::types::{
    BallotAsked, BallotTaken, ClosureAsked, Counted, DecisionStepAsked, DelegateAsked, Done,
    NotWritten, ObjectionAsked, OutcomeAsked, PassAsked, Refused, Repeatable, ReviewAsked,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::decision_vote::{Fresh, nonce, remind};
use crate::pages::notes::MAX_NOTE;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::within;
use crate::session::Secret;

/// What a decision does not take, for programs.
fn told(error: StoreError) -> ApiError {
    match error {
        StoreError::Conflict(Constraint::Undecided(gates)) => {
            let all: Vec<&str> = gates.into_iter().map(Gate::sentence).collect();
            ApiError::Conflict(all.join(" "))
        }
        StoreError::Conflict(Constraint::Ballot(error)) => invalid(&error.to_string()),
        other => other.into(),
    }
}

type Delegates = Vec<(tieline_model::id::PartyId, SeatId, Option<SeatId>)>;

fn delegates(asked: &[DelegateAsked]) -> Result<Delegates, ApiError> {
    let one = |one: &DelegateAsked| {
        let stand_in = one.stand_in.as_deref().map(known).transpose()?;
        Ok((known(&one.party)?, known(&one.seat)?, stand_in))
    };
    asked.iter().map(one).collect()
}

/// Takes a decision to another stage; what is missing for it is told.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/stage",
    tag = "decisions", request_body = DecisionStepAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn step_decision(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<DecisionStepAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(asked) = asked?;
    let to = Stage::from_name(&asked.to).ok_or_else(|| invalid("to is no stage"))?;
    let step = JointStep {
        to,
        version: asked.version,
        delegates: delegates(&asked.delegates)?,
        nonce: Nonce(nonce()?),
    };
    let rest = format!("/decisions/{decision}/stage");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.step_joint_decision(at, &step, by).await.map_err(told)?;
        Ok(DONE)
    })
    .await
}

/// Casts a ballot, or changes it. No key makes this repeatable: an answer that holds the token of an
/// anonymous ballot is not kept anywhere.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/ballot",
    tag = "decisions", request_body = BallotAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision")),
    responses((status = 200, body = BallotTaken), Refused, NotWritten))]
pub(crate) async fn cast_ballot(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<BallotAsked>,
) -> Result<Json<BallotTaken>, ApiError> {
    let (at, by) = (decision_of((&id, &decision))?, participant(&caller));
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("reason", &asked.reason, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let (one, _) = app.store.joint_decision(at, by).await?;
    let ballot = ballot_from(one.rules.method.kind(), &asked.says, &asked.reason);
    let wrong = || invalid(&BallotError::WrongMethod.to_string());
    let (ballot, fresh) = (ballot.ok_or_else(wrong)?, Fresh::new()?);
    let token = asked.token.map(|token| Secret::given(&token).hash());
    let new = NewBallot {
        voter: known(&asked.voter)?,
        ballot: &ballot,
        token: token.as_deref(),
        random: fresh.random,
        fresh: &fresh.secret.hash(),
    };
    let tx = app.store.begin_by(caller.viewer.account).await?;
    let taken = tx.cast_ballot(at, &new, by).await.map_err(told)?;
    tx.commit().await?;
    let token = (taken == Taken::Sealed).then(|| fresh.secret.text().to_owned());
    Ok(Json(BallotTaken { token }))
}

/// Passes a vote on, or takes it back.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/delegation",
    tag = "decisions", request_body = PassAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn pass_vote(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<PassAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(PassAsked { voter, to }) = asked?;
    let passed = (known(&voter)?, to.as_deref().map(known).transpose()?);
    let rest = format!("/decisions/{decision}/delegation");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.pass_vote(at, passed, by).await?;
        Ok(DONE)
    })
    .await
}

/// Says what became of an objection.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/objections/{ballot}",
    tag = "decisions", request_body = ObjectionAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"),
        ("ballot" = String, Path, description = "id of a ballot"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_objection(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision, ballot)): Path<(String, String, String)>,
    asked: Asked<ObjectionAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let one: BallotId = ballot.parse().map_err(|_| ApiError::NotFound)?;
    let state = ObjectionState::from_name(&asked?.0.state);
    let state = state.ok_or_else(|| invalid("state is integrated, withdrawn or upheld"))?;
    let rest = format!("/decisions/{decision}/objections/{ballot}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.answer_objection((at.0, at.1, one), state, by).await?;
        Ok(DONE)
    })
    .await
}

/// Reminds those who have not voted, once; by mail where it can be sent.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/reminders",
    tag = "decisions",
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn remind_voters(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let rest = format!("/decisions/{decision}/reminders");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        let accounts = tx.remind_voters(at, by).await?;
        remind(&app, tx, at.1, (&accounts, by.account())).await?;
        Ok(DONE)
    })
    .await
}

/// Closes a poll and counts it.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/closure",
    tag = "decisions", request_body = ClosureAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Counted), Refused, NotWritten))]
pub(crate) async fn close_poll(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<ClosureAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let early = asked?.0.early;
    let rest = format!("/decisions/{decision}/closure");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        let verdict = tx.close_poll(at, early, by).await.map_err(told)?;
        Ok(Counted { verdict: verdict.name() })
    })
    .await
}

/// Writes the outcome of a decision that was counted.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/outcome",
    tag = "decisions", request_body = OutcomeAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn write_outcome(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<OutcomeAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("statement", &asked.statement, MAX_NOTE, &mut faults);
    within("first_step", &asked.first_step, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let outcome = WrittenOutcome {
        statement: asked.statement,
        aim: asked.objective.as_deref().map(known).transpose()?,
        owner: asked.owner.as_deref().map(known).transpose()?,
        first_step: asked.first_step,
        review_on: moment(asked.review_on.as_deref())?,
    };
    let bound = asked.bound.iter().map(|seat| known(seat));
    let mut bound = bound.collect::<Result<Vec<SeatId>, ApiError>>()?;
    bound.sort();
    bound.dedup();
    let rest = format!("/decisions/{decision}/outcome");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.write_outcome(at, (&outcome, &bound), asked.version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Writes what a review found, and settles the decision or takes it back to discussion.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/decisions/{decision}/review",
    tag = "decisions", request_body = ReviewAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("decision" = String, Path, description = "id of a decision"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn review_decision(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    asked: Asked<ReviewAsked>,
) -> Result<Response, ApiError> {
    let at = decision_of((&id, &decision))?;
    let Json(ReviewAsked { note, to, version }) = asked?;
    let mut faults = Vec::new();
    within("note", &note, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let to = Stage::from_name(&to).ok_or_else(|| invalid("to is settled or discuss"))?;
    let rest = format!("/decisions/{decision}/review");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, _, by| {
        tx.review_decision(at, (&note, to), version, by).await.map_err(told)?;
        Ok(DONE)
    })
    .await
}
