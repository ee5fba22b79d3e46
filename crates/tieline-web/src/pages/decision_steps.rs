//! Steps of a decision from stage to stage, its outcome and its review.

use axum::extract::{Form, Path, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_model::decision::stage::Stage;
use tieline_model::decision::tie_break::Nonce;
use tieline_model::id::{AimId, PartyId, SeatId};
use tieline_store::{Constraint, JointStep, StoreError, WrittenOutcome};

use super::conflict::{self, Late, Row};
use super::decision::{SayForm, again, gate_faults, to_decision};
use super::decision_vote::{Fields, nonce, value};
use super::decisions::decision_of;
use super::form::Fault;
use super::notes::MAX_NOTE;
use super::partnerships::{MAX_ABOUT, changed_at};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::room::InRoom;

/// Delegates and stand-ins of parties, as a form names them: `delegate-{party}`, `stand-in-{party}`.
fn delegates(fields: &Fields) -> Vec<(PartyId, SeatId, Option<SeatId>)> {
    let of = |(name, seat): &(String, String)| {
        let party = name.strip_prefix("delegate-")?;
        let stand_in = value(fields, &format!("stand-in-{party}")).parse().ok();
        Some((party.parse().ok()?, seat.parse().ok()?, stand_in))
    };
    fields.iter().filter_map(of).collect()
}

/// `POST /partnerships/{id}/decisions/{decision}/stage`.
pub(crate) async fn step(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(&app, &room, &id).await?;
    let to = Stage::from_name(value(&fields, "to")).ok_or(AppError::NotFound)?;
    let step = JointStep {
        to,
        version: value(&fields, "version").parse().unwrap_or(0),
        delegates: delegates(&fields),
        nonce: Nonce(nonce()?),
    };
    let tx = room.begin(&app).await?;
    match tx.step_joint_decision((room.id(), one.id), &step, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_decision(&room, &id, "decision-stage"))
        }
        Err(StoreError::Conflict(Constraint::Undecided(gates))) => {
            tx.rollback().await?;
            again(&app, &room, &id, (SayForm::default(), gate_faults(gates))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An outcome as a form brings it.
fn outcome(fields: &Fields, faults: &mut Vec<Fault>) -> (WrittenOutcome, Vec<SeatId>) {
    let text = |name| value(fields, name).to_owned();
    within("statement", value(fields, "statement"), MAX_NOTE, faults);
    within("first_step", value(fields, "first_step"), MAX_ABOUT, faults);
    let outcome = WrittenOutcome {
        statement: text("statement"),
        aim: value(fields, "aim").parse::<AimId>().ok(),
        owner: value(fields, "owner").parse::<SeatId>().ok(),
        first_step: text("first_step"),
        review_on: day_of("review_on", value(fields, "review_on"), faults),
    };
    let mut bound: Vec<SeatId> = fields
        .iter()
        .filter(|(name, _)| name == "bound")
        .filter_map(|(_, seat)| seat.parse().ok())
        .collect();
    bound.sort();
    bound.dedup();
    (outcome, bound)
}

/// `POST /partnerships/{id}/decisions/{decision}/outcome`.
pub(crate) async fn save_outcome(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(&app, &room, &id).await?;
    let mut faults = Vec::new();
    let (outcome, bound) = outcome(&fields, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, &id, (SayForm::default(), faults)).await;
    }
    let version = value(&fields, "version").parse().unwrap_or(0);
    let tx = room.begin(&app).await?;
    match tx.write_outcome((room.id(), one.id), (&outcome, &bound), version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_decision(&room, &id, "saved"))
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, &id, (&outcome, &fields)).await
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("statement", t!("decisions-outcome-unfit"));
            again(&app, &room, &id, (SayForm::default(), vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Both versions of an outcome, side by side.
async fn late(
    app: &App,
    room: &InRoom,
    id: &str,
    (mine, fields): (&WrittenOutcome, &Fields),
) -> Result<Response, AppError> {
    let (one, _) = decision_of(app, room, id).await?;
    let back = format!("{}/decisions/{id}", room.base());
    let known = ["statement", "aim", "owner", "first_step", "review_on", "bound"];
    let sent = fields.iter().filter_map(|(name, value)| {
        let name = known.iter().find(|known| *known == name)?;
        Some((*name, value.clone()))
    });
    let late = Late {
        what: t!("decisions-outcome"),
        who: changed_at(one.changed),
        action: format!("{back}/outcome"),
        back,
        rows: vec![
            Row::new(t!("decisions-statement"), &one.outcome.statement, &mine.statement),
            Row::new(t!("decisions-first-step"), &one.outcome.first_step, &mine.first_step),
        ],
        fields: sent.chain([("version", one.version.to_string())]).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// What the form of a review brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReviewForm {
    note: String,
    to: String,
    version: i64,
}

/// `POST /partnerships/{id}/decisions/{decision}/review`.
pub(crate) async fn review(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<ReviewForm>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(&app, &room, &id).await?;
    let to = Stage::from_name(&form.to).unwrap_or(Stage::Settled);
    let mut faults = Vec::new();
    within("note", &form.note, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, &id, (SayForm::default(), faults)).await;
    }
    let tx = room.begin(&app).await?;
    let found = (form.note.as_str(), to);
    match tx.review_decision((room.id(), one.id), found, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_decision(&room, &id, "reviewed"))
        }
        Err(StoreError::Conflict(Constraint::Undecided(gates))) => {
            tx.rollback().await?;
            again(&app, &room, &id, (SayForm::default(), gate_faults(gates))).await
        }
        Err(error) => Err(error.into()),
    }
}
