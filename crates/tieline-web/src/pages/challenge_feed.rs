//! What comes of a challenge: a decision on its options, or an initiative.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Redirect;
use jiff::tz::TimeZone;
use tieline_model::challenge::PointKind;
use tieline_model::decision::{MAX_OPTIONS, MethodKind};
use tieline_model::id::ChallengeId;
use tieline_store::{Challenge, DecisionDraft, InitiativeDraft};

use super::aims::MAX_AIM;
use super::decisions::{AskForm, understand};
use super::notes::MAX_NOTE;
use super::resources::{finish, id_of, to_part};
use crate::app::App;
use crate::error::AppError;
use crate::room::InRoom;

/// The first characters of a text.
fn first(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn why(one: &Challenge) -> String {
    let from = t!("challenges-why-of", title = one.draft.title.as_str());
    first(format!("{from}\n\n{}", one.draft.text).trim(), MAX_NOTE)
}

/// A question on the options of a challenge, with the rules that a new question has: approval where
/// there is something to choose, else consent. It is talked about first, and all of it can be changed.
///
/// `party_name`: what a party is called.
pub(crate) fn decision_of(
    one: &Challenge,
    party_name: impl Fn(tieline_model::id::PartyId) -> String,
) -> DecisionDraft {
    let mut seen = BTreeSet::new();
    let options = one.points.iter().filter(|point| point.draft.kind == PointKind::Option);
    let options = options.filter(|point| seen.insert(point.draft.text.clone()));
    let options = options.take(MAX_OPTIONS).map(|point| {
        let note = t!("challenges-option-note", party = party_name(point.draft.party));
        (point.draft.text.clone(), note)
    });
    let options: Vec<(String, String)> = options.collect();
    let title = one.draft.title.as_str();
    let method = if options.len() > 1 { MethodKind::Approval } else { MethodKind::Consent };
    let form = AskForm { method: method.name().to_owned(), ..AskForm::default() };
    let proposal = match &*options {
        [(only, _)] => only.clone(),
        _ => String::new(),
    };
    // What is wrong with an empty question does not matter: the question is put in below.
    let draft = understand(&form, &TimeZone::UTC, &mut Vec::new());
    DecisionDraft {
        question: first(&t!("challenges-question-of", title = title), MAX_AIM),
        why: why(one),
        proposal,
        options: if options.len() > 1 { options } else { Vec::new() },
        ..draft
    }
}

/// An initiative for a challenge.
pub(crate) fn initiative_of(one: &Challenge) -> InitiativeDraft {
    InitiativeDraft {
        title: one.draft.title.clone(),
        text: why(one),
        objective: one.draft.objective,
        ..InitiativeDraft::default()
    }
}

/// `POST /partnerships/{id}/challenges/{challenge}/decision`: takes the options into a decision.
pub(crate) async fn decide(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let at = (room.id(), id_of::<ChallengeId>(&one)?);
    let one = app.store.challenge(at, room.by).await?;
    let draft = decision_of(&one, |party| super::partnership::party_name(&room, party));
    let tx = room.begin(&app).await?;
    let did = tx.decide_challenge(at, &draft, room.by).await;
    let to = did.as_ref().map(|id| format!("decisions/{id}")).unwrap_or_default();
    let known = to_part(&room, &format!("challenges/{}", at.1), "challenge-fed", None);
    finish(tx, did, (to_part(&room, &to, "challenge-changed", None), known)).await
}

/// `POST /partnerships/{id}/challenges/{challenge}/initiative`: begins one.
pub(crate) async fn start(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let at = (room.id(), id_of::<ChallengeId>(&one)?);
    let one = app.store.challenge(at, room.by).await?;
    let tx = room.begin(&app).await?;
    let did = tx.start_from_challenge(at, &initiative_of(&one), room.by).await;
    let what = did.as_ref().ok().copied();
    let to = what.map(|id| format!("initiatives/{id}")).unwrap_or_default();
    let known = to_part(&room, &format!("challenges/{}", at.1), "challenge-fed", None);
    let done = to_part(&room, &to, "initiative", what.as_ref().map(|what| what as _));
    finish(tx, did, (done, known)).await
}
