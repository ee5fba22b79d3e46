//! What each party brings to an initiative, what it gave of it, and what the others say of that.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{ContributionId, InitiativeId, PartId, PartyId};
use tieline_model::ledger::Receipt;
use tieline_store::{Constraint, NewContribution, PartDraft, StoreError};

use super::aims::MAX_AIM;
use super::conflict::Row;
use super::form::Fault;
use super::initiative::{Typed, again};
use super::partnerships::MAX_ABOUT;
use super::resources::{MAX_UNIT, amount_of, finish, id_of, late_text, to_part};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::room::InRoom;
use crate::session;

/// What the form of a part brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartForm {
    pub(super) part: String,
    pub(super) amount: String,
    pub(super) unit: String,
}

/// What the form of a contribution brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ContributionForm {
    /// Of which part, where it comes back.
    #[serde(skip)]
    pub(super) part: String,
    pub(super) amount: String,
    pub(super) given: String,
    pub(super) day: String,
}

/// What another party says of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReceiptForm {
    receipt: String,
    question: String,
    version: i64,
}

/// What is wrong with a part, of a form or of a program.
pub(crate) fn check_part(draft: &PartDraft, faults: &mut Vec<Fault>) {
    if draft.text.trim().is_empty() {
        faults.push(Fault::new("part", t!("initiatives-part-missing")));
    }
    within("part", &draft.text, MAX_AIM, faults);
    within("unit", &draft.unit, MAX_UNIT, faults);
}

/// What is wrong with a contribution, of a form or of a program.
pub(crate) fn check_contribution(new: &NewContribution, faults: &mut Vec<Fault>) {
    if new.text.trim().is_empty() && new.amount.is_none() {
        faults.push(Fault::new("given", t!("initiatives-given-missing")));
    }
    within("given", &new.text, MAX_AIM, faults);
}

fn page_of(id: InitiativeId) -> String {
    format!("initiatives/{id}")
}

/// `POST /partnerships/{id}/initiatives/{initiative}/parts`: the viewer's party says what it brings.
pub(crate) async fn add_part(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<PartForm>,
) -> Result<Response, AppError> {
    let party: PartyId = room.standing().party().ok_or(AppError::NotFound)?;
    let (id, mut faults) = (id_of::<InitiativeId>(&one)?, Vec::new());
    let draft = PartDraft {
        party,
        text: form.part.clone(),
        amount: amount_of(&form.amount, &mut faults),
        unit: form.unit.clone(),
    };
    check_part(&draft, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, id, Typed { part: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.add_part((room.id(), id), &draft, room.by).await;
    let what = did.as_ref().ok().copied();
    let done = to_part(&room, &page_of(id), "part", what.as_ref().map(|what| what as _));
    let full = to_part(&room, &page_of(id), "initiative-full", None);
    Ok(finish(tx, did, (done, full)).await?.into_response())
}

/// `POST /partnerships/{id}/initiatives/parts/{part}/contributions`.
pub(crate) async fn contribute(
    State(app): State<App>,
    room: InRoom,
    Path((_, part)): Path<(String, String)>,
    Form(form): Form<ContributionForm>,
) -> Result<Response, AppError> {
    let (part, mut faults) = (id_of::<PartId>(&part)?, Vec::new());
    let id = app.store.initiative_with(room.id(), part.0, room.by).await?;
    let new = NewContribution {
        amount: amount_of(&form.amount, &mut faults),
        text: form.given.clone(),
        day: day_of("day", &form.day, &mut faults).unwrap_or(session::now()),
    };
    check_contribution(&new, &mut faults);
    if !faults.is_empty() {
        let given = ContributionForm { part: part.to_string(), ..form };
        return again(&app, &room, id, Typed { given, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let did = tx.contribute((room.id(), part), &new, room.by).await;
    let what = did.as_ref().ok().copied();
    let done = to_part(&room, &page_of(id), "contribution", what.as_ref().map(|what| what as _));
    let full = to_part(&room, &page_of(id), "initiative-full", None);
    Ok(finish(tx, did, (done, full)).await?.into_response())
}

/// `POST /partnerships/{id}/initiatives/contributions/{contribution}`: another party answers.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ReceiptForm>,
) -> Result<Response, AppError> {
    let one: ContributionId = id_of(&one)?;
    if form.question.chars().count() > MAX_ABOUT {
        return Err(AppError::BadRequest(t!("form-at-most", n = MAX_ABOUT)));
    }
    let id = app.store.initiative_with(room.id(), one.0, room.by).await?;
    let receipt = Receipt::from_name(&form.receipt).unwrap_or_default();
    let tx = room.begin(&app).await?;
    let said = (receipt, &*form.question);
    let did = tx.answer_contribution((room.id(), one), said, form.version, room.by).await;
    let is_stale = matches!(did, Err(StoreError::Conflict(Constraint::Stale)));
    if is_stale && !form.question.trim().is_empty() {
        tx.rollback().await?;
        return late(&app, &room, (id, one), form).await;
    }
    let done = to_part(&room, &page_of(id), "contribution-answered", None);
    let changed = to_part(&room, &page_of(id), "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

async fn late(
    app: &App,
    room: &InRoom,
    (id, one): (InitiativeId, ContributionId),
    form: ReceiptForm,
) -> Result<Response, AppError> {
    let kept = app.store.initiative((room.id(), id), room.by).await?;
    let mut all = kept.parts.iter().flat_map(|part| &part.contributions);
    let kept = all.find(|given| given.id == one).ok_or(AppError::NotFound)?;
    let base = room.base();
    let theirs = match kept.question.is_empty() {
        true => super::ledger::receipt_words(kept.receipt.0).1,
        false => kept.question.clone(),
    };
    let row = Row { label: t!("ledger-question"), theirs, mine: form.question.clone() };
    let page = (
        kept.new.text.clone(),
        format!("{base}/{}", page_of(id)),
        format!("{base}/initiatives/contributions/{one}"),
    );
    let fields = vec![
        ("receipt", form.receipt),
        ("question", form.question),
        ("version", kept.version.to_string()),
    ];
    late_text(app, room, page, row, fields)
}

/// `POST /partnerships/{id}/initiatives/parts/{part}/removal`.
pub(crate) async fn remove_part(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    part_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/initiatives/parts/{part}/restoration`.
pub(crate) async fn restore_part(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    part_removed(&app, &room, &one, false).await
}

async fn part_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let one = id_of::<PartId>(one)?;
    let id = app.store.initiative_with(room.id(), one.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_part((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "part-removed", Some(&one)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "initiative-stands", None))).await
}

/// `POST /partnerships/{id}/initiatives/contributions/{contribution}/removal`.
pub(crate) async fn remove_contribution(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    contribution_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/initiatives/contributions/{contribution}/restoration`.
pub(crate) async fn restore_contribution(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    contribution_removed(&app, &room, &one, false).await
}

async fn contribution_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let one = id_of::<ContributionId>(one)?;
    let id = app.store.initiative_with(room.id(), one.0, room.by).await?;
    let tx = room.begin(app).await?;
    let did = tx.remove_contribution((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, &page_of(id), "contribution-removed", Some(&one)),
        false => to_part(room, &page_of(id), "back", None),
    };
    finish(tx, did, (done, to_part(room, &page_of(id), "initiative-stands", None))).await
}
