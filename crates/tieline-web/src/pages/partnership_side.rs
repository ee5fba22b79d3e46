//! What a party gains and gives, in its own words: written by its people, read by the others once
//! each party has written.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_store::{Constraint, Party, Side, StoreError};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnerships::changed_at;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::Shell;

/// What the form brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SideForm {
    benefits: String,
    costs: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "partnership_side.html")]
struct SidePage {
    shell: Shell,
    typed: SideForm,
    faults: Vec<Fault>,
    action: String,
    back: String,
    name: String,
    party: String,
}

/// The viewer's own party of a path: of another one there is no such page.
fn own<'a>(room: &'a InRoom, party: &str) -> Result<&'a Party, AppError> {
    let party = room.party(party)?;
    if room.standing().writes_for(party.id) { Ok(party) } else { Err(AppError::NotFound) }
}

async fn written(app: &App, room: &InRoom, party: &Party) -> Result<Option<Side>, AppError> {
    let sides = app.store.sides(room.id(), room.by).await?;
    Ok(sides.open.into_iter().find(|side| side.party == party.id))
}

fn side_page(
    app: &App,
    room: &InRoom,
    party: &Party,
    typed: SideForm,
    faults: Vec<Fault>,
) -> SidePage {
    SidePage {
        shell: room.shell(app),
        typed,
        faults,
        action: format!("{}/parties/{}/side", room.base(), party.id),
        back: room.base(),
        name: room.room.partnership.name.clone(),
        party: party.name.clone(),
    }
}

/// `GET /partnerships/{id}/parties/{party}/side`.
pub(crate) async fn edit(
    State(app): State<App>,
    room: InRoom,
    Path((_, party)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let party = own(&room, &party)?;
    let typed = written(&app, &room, party).await?.map_or_else(SideForm::default, form_of);
    page(&side_page(&app, &room, party, typed, Vec::new()))
}

fn form_of(side: Side) -> SideForm {
    SideForm { benefits: side.benefits, costs: side.costs, version: side.version }
}

/// `POST /partnerships/{id}/parties/{party}/side`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, party)): Path<(String, String)>,
    Form(form): Form<SideForm>,
) -> Result<Response, AppError> {
    let party = own(&room, &party)?;
    let faults = faults(&form);
    if !faults.is_empty() {
        let again = page(&side_page(&app, &room, party, form, faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let side = (party.id, form.benefits.as_str(), form.costs.as_str());
    let tx = room.begin(&app).await?;
    match tx.write_side(room.id(), side, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, party, form).await
        }
        Err(error) => Err(error.into()),
    }
}

fn faults(form: &SideForm) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (field, text) in [("benefits", &form.benefits), ("costs", &form.costs)] {
        if text.trim().is_empty() {
            faults.push(Fault::new(field, t!("partnerships-side-missing")));
        }
        within(field, text, MAX_NOTE, &mut faults);
    }
    faults
}

async fn late(
    app: &App,
    room: &InRoom,
    party: &Party,
    mine: SideForm,
) -> Result<Response, AppError> {
    let kept = written(app, room, party).await?.ok_or(AppError::NotFound)?;
    let who = changed_at(kept.changed);
    let kept = form_of(kept);
    let late = Late {
        what: party.name.clone(),
        who,
        back: room.base(),
        action: format!("{}/parties/{}/side", room.base(), party.id),
        rows: vec![
            Row::new(t!("partnerships-benefits"), kept.benefits, &mine.benefits),
            Row::new(t!("partnerships-costs"), kept.costs, &mine.costs),
        ],
        fields: vec![
            ("benefits", mine.benefits),
            ("costs", mine.costs),
            ("version", kept.version.to_string()),
        ],
    };
    conflict::show(room.shell(app), late)
}
