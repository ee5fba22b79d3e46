//! What is done in a register of stakeholders: one form, one verb, one transaction, back to the page.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::address::Address;
use tieline_model::id::{StakeholderId, StakeholderStepId, UnitId};
use tieline_model::stakeholder::{Engagement, Influence, Placement, Side};
use tieline_store::{
    Constraint, NewStakeholder, NewStance, Register, Stakeholder, StakeholderChange, StoreError,
    Whom,
};

use super::conflict::{self, Late, Row};
use super::facts::MAX_NAME;
use super::form::Fault;
use super::partnerships::{MAX_ABOUT, changed_at};
use super::stakeholders::{Desk, StakeForm, again, level_name, name_of};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::room::participant;

/// `POST /partnerships/{id}/stakeholders`.
pub(crate) async fn add_to_room(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let desk = Desk::open(&app, signed, Register::Partnership(id)).await?;
    add(&app, &desk, form).await
}

/// `POST /organisations/{id}/stakeholders`.
pub(crate) async fn add_to_unit(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let desk = Desk::open(&app, signed, Register::Organisation(id)).await?;
    add(&app, &desk, form).await
}

async fn add(app: &App, desk: &Desk, form: StakeForm) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    within("name", &form.name, MAX_NAME, &mut faults);
    within("about", &form.about, MAX_ABOUT, &mut faults);
    let reads = desk.signed.viewer.may_read();
    let asked = (form.mail.as_str(), form.unit.as_str(), form.name.as_str());
    let whom = whom(app, reads, asked, &mut faults).await?;
    let Some(whom) = whom.filter(|_| faults.is_empty()) else {
        return again(app, desk, None, (form, faults)).await;
    };
    let tx = desk.begin(app).await?;
    let new = NewStakeholder { whom, about: form.about.clone() };
    match tx.add_stakeholder(desk.register, &new, desk.by()).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(desk.back(id, "stakeholder", &id.to_string()))
        }
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("name", t!("stakeholders-taken"));
            again(app, desk, None, (form, vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whom a form means: a person by mail, a unit, or a name. The directory is for whoever reads it.
pub(crate) async fn whom(
    app: &App,
    reads: bool,
    (mail, unit, name): (&str, &str, &str),
    faults: &mut Vec<Fault>,
) -> Result<Option<Whom>, AppError> {
    if reads && !mail.trim().is_empty() {
        let address = Address::email(mail.trim()).ok().map(|address| address.id());
        if let Some(address) = address
            && app.store.actor_of(address).await?.is_some()
        {
            return Ok(Some(Whom::Person(address)));
        }
        faults.push(Fault::new("mail", t!("stakeholders-mail-unknown")));
        return Ok(None);
    }
    if reads && !unit.is_empty() {
        let id: Option<UnitId> = unit.parse().ok();
        let names = super::partnerships::unit_names(app).await?;
        if let Some((id, name)) = id.and_then(|id| Some((id, names.get(&id)?))) {
            return Ok(Some(Whom::Unit(id, name.clone())));
        }
        faults.push(Fault::new("unit", t!("partnerships-unit-unknown")));
        return Ok(None);
    }
    if name.trim().is_empty() {
        faults.push(Fault::new("name", t!("stakeholders-name-missing")));
        return Ok(None);
    }
    Ok(Some(Whom::Named(name.to_owned())))
}

fn answer(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// `POST /stakeholders/{id}`.
pub(crate) async fn save(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let mut faults = Vec::new();
    within("about", &form.about, MAX_ABOUT, &mut faults);
    within("wants", &form.wants, MAX_ABOUT, &mut faults);
    if !faults.is_empty() {
        return again(&app, &desk, Some(one.id), (form, faults)).await;
    }
    let said = StakeholderChange {
        about: form.about.clone(),
        wants: form.wants.clone(),
        side: Side::from_name(&form.side),
        power: answer(&form.will),
        legitimacy: answer(&form.legitimacy),
        urgency: answer(&form.urgency),
    };
    let tx = desk.begin(&app).await?;
    match tx.update_stakeholder((one.id, form.version), &said, desk.by()).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(desk.back(one.id, "saved", ""))
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &desk, &one, form)
        }
        Err(error) => Err(error.into()),
    }
}

fn late(app: &App, desk: &Desk, kept: &Stakeholder, mine: StakeForm) -> Result<Response, AppError> {
    let late = Late {
        what: name_of(kept),
        who: changed_at(kept.changed),
        back: format!("{}?one={}", desk.base, kept.id),
        action: format!("/stakeholders/{}", kept.id),
        rows: vec![
            Row::new(t!("stakeholders-about"), &kept.said.about, &mine.about),
            Row::new(t!("stakeholders-wants"), &kept.said.wants, &mine.wants),
        ],
        fields: vec![
            ("about", mine.about),
            ("wants", mine.wants),
            ("side", mine.side),
            ("will", mine.will),
            ("legitimacy", mine.legitimacy),
            ("urgency", mine.urgency),
            ("version", kept.version.to_string()),
        ],
    };
    conflict::show(desk.shell(app), late)
}

/// A share of a hundred, as a form brings it.
fn share(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> f64 {
    let value: Option<u32> = text.trim().parse().ok().filter(|value| *value <= 100);
    if value.is_none() {
        faults.push(Fault::new(field, t!("stakeholders-share")));
    }
    f64::from(value.unwrap_or(0)) / 100.0
}

/// `POST /stakeholders/{id}/placement`.
pub(crate) async fn place(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let mut faults = Vec::new();
    let placement = Placement {
        power: share("power", &form.power, &mut faults),
        interest: share("interest", &form.interest, &mut faults),
    };
    within("why", &form.why, MAX_ABOUT, &mut faults);
    if app.store.is_stakeholder(&one, desk.by()).await? {
        faults.push(Fault::new("power", t!("stakeholders-not-oneself")));
    }
    if !faults.is_empty() {
        return again(&app, &desk, Some(one.id), (form, faults)).await;
    }
    let tx = desk.begin(&app).await?;
    tx.place_stakeholder(one.id, (placement, &form.why), desk.by()).await?;
    tx.commit().await?;
    Ok(desk.back(one.id, "stakeholder-placed", &one.id.to_string()))
}

/// `POST /stakeholders/{id}/placement/removal`.
pub(crate) async fn unplace(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let tx = desk.begin(&app).await?;
    tx.unplace_stakeholder(one.id, desk.by()).await?;
    tx.commit().await?;
    Ok(desk.back(one.id, "back", ""))
}

/// `POST /stakeholders/{id}/stances`.
pub(crate) async fn say_stance(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let mut faults = Vec::new();
    let wanted_by = day_of("wanted_by", &form.wanted_by, &mut faults);
    let reassess = day_of("reassess", &form.reassess, &mut faults);
    within("evidence", &form.evidence, MAX_ABOUT, &mut faults);
    let now = Engagement::from_name(&form.now);
    if now.is_none() {
        faults.push(Fault::new("now", t!("stakeholders-now-missing")));
    }
    let Some(now) = now.filter(|_| faults.is_empty()) else {
        return again(&app, &desk, Some(one.id), (form, faults)).await;
    };
    let wanted = Engagement::from_name(&form.wanted);
    let new = NewStance { now, wanted, wanted_by, reassess, evidence: form.evidence.clone() };
    let tx = desk.begin(&app).await?;
    match tx.say_stance((one.id, form.after), &new, desk.by()).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(desk.back(one.id, "saved", ""))
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            stance_late(&app, &desk, one, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn stance_late(
    app: &App,
    desk: &Desk,
    one: Stakeholder,
    mine: StakeForm,
) -> Result<Response, AppError> {
    let kept = app.store.stances_of(one.id, 1, desk.by()).await?;
    let kept = kept.into_iter().next().ok_or(AppError::NotFound)?;
    let word = |word: &str| Engagement::from_name(word).map_or(String::new(), level_name);
    let late = Late {
        what: name_of(&one),
        who: changed_at(kept.at),
        back: format!("{}?one={}", desk.base, one.id),
        action: format!("/stakeholders/{}/stances", one.id),
        rows: vec![
            Row::new(t!("stakeholders-now"), level_name(kept.now), word(&mine.now)),
            Row::new(
                t!("stakeholders-wanted"),
                kept.wanted.map_or(String::new(), level_name),
                word(&mine.wanted),
            ),
            Row::new(t!("stakeholders-evidence"), kept.evidence, mine.evidence.clone()),
        ],
        fields: vec![
            ("now", mine.now),
            ("wanted", mine.wanted),
            ("wanted_by", mine.wanted_by),
            ("reassess", mine.reassess),
            ("evidence", mine.evidence),
            ("after", kept.number.to_string()),
        ],
    };
    conflict::show(desk.shell(app), late)
}

/// `POST /stakeholders/{id}/steps`.
pub(crate) async fn add_step(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let mut faults = Vec::new();
    let due = day_of("due", &form.due, &mut faults);
    within("step", &form.step, MAX_NAME, &mut faults);
    if form.step.trim().is_empty() {
        faults.push(Fault::new("step", t!("stakeholders-step-missing")));
    }
    if !faults.is_empty() {
        return again(&app, &desk, Some(one.id), (form, faults)).await;
    }
    let tx = desk.begin(&app).await?;
    let step = tx.add_stakeholder_step(one.id, (&form.step, due), desk.by()).await?;
    tx.commit().await?;
    Ok(desk.back(one.id, "stakeholder-step", &step.to_string()))
}

/// `POST /stakeholders/{id}/influence`: this one sways another.
pub(crate) async fn say_influence(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<StakeForm>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let mut faults = Vec::new();
    within("note", &form.note, MAX_ABOUT, &mut faults);
    let to: Option<StakeholderId> = form.to.parse().ok().filter(|to| *to != one.id);
    let strength = Influence::from_name(&form.strength);
    if to.is_none() || strength.is_none() {
        faults.push(Fault::new("to", t!("stakeholders-sway-missing")));
    }
    let Some((to, strength)) = to.zip(strength).filter(|_| faults.is_empty()) else {
        return again(&app, &desk, Some(one.id), (form, faults)).await;
    };
    let tx = desk.begin(&app).await?;
    tx.say_influence((one.id, to), Some((strength, &form.note)), desk.by()).await?;
    tx.commit().await?;
    Ok(desk.back(one.id, "saved", ""))
}

/// `POST /stakeholders/{id}/influence/{other}/removal`.
pub(crate) async fn drop_influence(
    State(app): State<App>,
    signed: Signed,
    Path((id, other)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let other: StakeholderId = other.parse().map_err(|_| AppError::NotFound)?;
    let tx = desk.begin(&app).await?;
    tx.say_influence((one.id, other), None, desk.by()).await?;
    tx.commit().await?;
    Ok(desk.back(one.id, "saved", ""))
}

/// `POST /stakeholders/{id}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (desk, one) = Desk::of(&app, signed, &id).await?;
    let tx = desk.begin(&app).await?;
    tx.remove_stakeholder(one.id, true, desk.by()).await?;
    tx.commit().await?;
    let to = format!("{}?done=stakeholder-removed&undo={}", desk.base, one.id);
    Ok(Redirect::to(&to).into_response())
}

/// `POST /stakeholders/{id}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: StakeholderId = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let register = tx.remove_stakeholder(id, false, participant(&signed)).await?;
    tx.commit().await?;
    let desk = Desk::open(&app, signed, register).await?;
    Ok(desk.back(id, "back", ""))
}

/// Defines handlers of a path with a step: one verb, one transaction, back to whom it is towards.
macro_rules! on_step {
    ($($(#[doc = $doc:literal])+ $name:ident($done:literal):
        |$tx:ident, $step:ident, $by:ident| $verb:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) async fn $name(
            State(app): State<App>,
            signed: Signed,
            Path(step): Path<String>,
        ) -> Result<Response, AppError> {
            let $step: StakeholderStepId = step.parse().map_err(|_| AppError::NotFound)?;
            let $by = participant(&signed);
            let $tx = app.store.begin_by(signed.viewer.account).await?;
            let id = $verb.await?;
            $tx.commit().await?;
            let (desk, one) = Desk::of(&app, signed, &id.to_string()).await?;
            Ok(desk.back(one.id, $done, &step))
        }
    )+};
}

on_step! {
    /// `POST /stakeholders/steps/{id}/done`.
    finish_step("saved"): |tx, step, by| tx.set_stakeholder_step(step, true, by);

    /// `POST /stakeholders/steps/{id}/reopening`.
    reopen_step("saved"): |tx, step, by| tx.set_stakeholder_step(step, false, by);

    /// `POST /stakeholders/steps/{id}/removal`.
    remove_step("stakeholder-step-removed"):
        |tx, step, by| tx.remove_stakeholder_step(step, true, by);

    /// `POST /stakeholders/steps/{id}/restoration`.
    restore_step("back"): |tx, step, by| tx.remove_stakeholder_step(step, false, by);
}
