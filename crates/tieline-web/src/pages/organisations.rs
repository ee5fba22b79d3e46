//! Organisations and their departments.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use tieline_model::org::UnitKind;
use tieline_store::UnitRow;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::page::page;
use crate::shell::{Place, Shell};

/// An organisation with its departments.
struct Organisation {
    id: String,
    name: String,
    people: String,
    departments: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct OrganisationsPage {
    shell: Shell,
    organisations: Vec<Organisation>,
}

/// `GET /organisations`.
pub(crate) async fn list(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let units = app.store.units(None).await?;
    let mut organisations: Vec<&UnitRow> =
        units.iter().filter(|row| row.unit.kind == UnitKind::Organisation).collect();
    organisations.sort_by(|a, b| b.n_people.cmp(&a.n_people).then(a.unit.name.cmp(&b.unit.name)));
    let organisations = organisations.into_iter().map(|row| organisation(row, &units)).collect();
    let shell = Shell::new(&app, &signed, Place::Directory);
    page(&OrganisationsPage { shell, organisations })
}

fn organisation(row: &UnitRow, units: &[UnitRow]) -> Organisation {
    let inside = units.iter().filter(|unit| unit.unit.parent == Some(row.unit.id));
    let mut departments: Vec<(String, String, String)> = inside
        .map(|unit| {
            (unit.unit.id.to_string(), unit.unit.name.clone(), here::grouped(unit.n_people))
        })
        .collect();
    departments.sort_by(|a, b| a.1.cmp(&b.1));
    Organisation {
        id: row.unit.id.to_string(),
        name: row.unit.name.clone(),
        people: here::grouped(row.n_people),
        departments,
    }
}
