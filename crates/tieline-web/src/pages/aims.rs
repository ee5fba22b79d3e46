//! What units and organisations strive for by their own strategy, and which partnerships of the
//! viewer serve it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AimId, UnitId};
use tieline_model::org::UnitKind;
use tieline_store::{Aim, Constraint, StoreError};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::partnerships::{MOST, MOST_AIMS, changed_at};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed, Steward};
use crate::page::page;
use crate::room::{aim_of, participant};
use crate::shell::{Done, Place, Shell};

/// Longest aim, characters.
pub(crate) const MAX_AIM: usize = 200;

/// An aim with the partnerships that serve it.
struct AimRow {
    id: AimId,
    text: String,
    version: i64,
    /// Address and name.
    carried: Vec<(String, String)>,
}

/// What the form brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AimForm {
    unit: String,
    text: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "aims.html")]
struct AimsPage {
    shell: Shell,
    /// Each unit with its aims.
    units: Vec<(String, Vec<AimRow>)>,
    /// Units that an aim may be of.
    choices: Vec<(UnitId, String)>,
    typed: AimForm,
    faults: Vec<Fault>,
    stewards: bool,
}

impl AimsPage {
    fn is_typed(&self, id: &UnitId) -> bool {
        id.to_string() == self.typed.unit
    }
}

/// `GET /partnerships/objectives`.
pub(crate) async fn list(
    State(app): State<App>,
    Member(signed): Member,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = aims_page(&app, &signed, AimForm::default(), Vec::new()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&AimsPage { shell, ..shown })
}

async fn aims_page(
    app: &App,
    signed: &Signed,
    typed: AimForm,
    faults: Vec<Fault>,
) -> Result<AimsPage, AppError> {
    let by = participant(signed);
    let partnerships = app.store.partnerships(by, MOST).await?;
    let carried = app.store.aims_carried(by).await?;
    let mut choices: Vec<(UnitId, String)> = (app.store.units(None).await?.into_iter())
        .filter(|row| row.unit.kind != UnitKind::Community)
        .map(|row| (row.unit.id, row.unit.name))
        .collect();
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    let carriers = |aim: AimId| {
        let ids = carried.iter().filter(move |(one, _)| *one == aim).map(|(_, id)| *id);
        let named = ids.filter_map(|id| {
            let found = partnerships.iter().find(|row| row.partnership.id == id)?;
            Some((format!("/partnerships/{id}"), found.partnership.name.clone()))
        });
        named.collect()
    };
    let mut units: Vec<(String, Vec<AimRow>)> = Vec::new();
    let mut last = None;
    for aim in app.store.aims(MOST_AIMS).await? {
        if last.replace(aim.unit) != Some(aim.unit) {
            let name = choices.iter().find(|(id, _)| *id == aim.unit).map(|(_, name)| name.clone());
            units.push((name.unwrap_or_else(|| t!("partnerships-unit-gone")), Vec::new()));
        }
        let row =
            AimRow { id: aim.id, carried: carriers(aim.id), text: aim.text, version: aim.version };
        if let Some((_, rows)) = units.last_mut() {
            rows.push(row);
        }
    }
    units.sort_by(|a, b| a.0.cmp(&b.0));
    let shell = Shell::new(app, signed, Place::Partnerships);
    let stewards = signed.viewer.may_steward();
    Ok(AimsPage { shell, units, choices, typed, faults, stewards })
}

fn faults(form: &AimForm) -> Vec<Fault> {
    let mut faults = Vec::new();
    if form.text.trim().is_empty() {
        faults.push(Fault::new("text", t!("partnerships-aim-missing")));
    }
    within("text", &form.text, MAX_AIM, &mut faults);
    faults
}

async fn again(
    app: &App,
    signed: &Signed,
    typed: AimForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let shown = aims_page(app, signed, typed, faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `POST /partnerships/objectives`.
pub(crate) async fn add(
    State(app): State<App>,
    Steward(signed): Steward,
    Form(form): Form<AimForm>,
) -> Result<Response, AppError> {
    let mut faults = faults(&form);
    let unit: Option<UnitId> = form.unit.parse().ok();
    if unit.is_none() {
        faults.push(Fault::new("unit", t!("partnerships-unit-unknown")));
    }
    let Some(unit) = unit.filter(|_| faults.is_empty()) else {
        return again(&app, &signed, form, faults).await;
    };
    let by = signed.viewer.account;
    let tx = app.store.begin_by(by).await?;
    match tx.add_aim(unit, &form.text, by).await {
        Ok(id) => {
            tx.commit().await?;
            let path = format!("/partnerships/objectives?done=aim&undo={id}");
            Ok(Redirect::to(&path).into_response())
        }
        Err(StoreError::NotFound { .. }) => {
            tx.rollback().await?;
            let fault = Fault::new("unit", t!("partnerships-unit-unknown"));
            again(&app, &signed, form, vec![fault]).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /partnerships/objectives/{id}`.
pub(crate) async fn save(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    Form(form): Form<AimForm>,
) -> Result<Response, AppError> {
    let kept = app.store.aim(aim_of(&id)?).await?;
    let faults = faults(&form);
    if !faults.is_empty() {
        return again(&app, &signed, form, faults).await;
    }
    let by = signed.viewer.account;
    let changed = Aim { text: form.text.clone(), version: form.version, ..kept.clone() };
    let tx = app.store.begin_by(by).await?;
    match tx.update_aim(&changed, by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to("/partnerships/objectives?done=saved").into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &signed, kept, form.text)
        }
        Err(error) => Err(error.into()),
    }
}

fn late(app: &App, signed: &Signed, kept: Aim, mine: String) -> Result<Response, AppError> {
    let late = Late {
        what: t!("partnerships-aim"),
        who: changed_at(kept.changed),
        back: "/partnerships/objectives".to_owned(),
        action: format!("/partnerships/objectives/{}", kept.id),
        fields: vec![("text", mine.clone()), ("version", kept.version.to_string())],
        rows: vec![Row { label: t!("partnerships-aim"), theirs: kept.text, mine }],
    };
    conflict::show(Shell::new(app, signed, Place::Partnerships), late)
}

/// `POST /partnerships/objectives/{id}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id = aim_of(&id)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_aim(id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/partnerships/objectives?done=aim-removed&undo={id}")))
}

/// `POST /partnerships/objectives/{id}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.restore_aim(aim_of(&id)?).await?;
    tx.commit().await?;
    Ok(Redirect::to("/partnerships/objectives?done=back"))
}
