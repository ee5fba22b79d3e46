//! The directory: people and organisations of the data, found as one types, page by page.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use tieline_model::access::Viewer;
use tieline_model::id::ActorId;
use tieline_model::org::{Unit, UnitKind};
use tieline_store::{ActorKind, PeopleCursor, PeopleQuery, PersonRow, Reader};

use crate::app::App;
use crate::error::{AppError, encode};
use crate::extract::Signed;
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::show;

/// Rows of a page.
const PAGE: u64 = 50;

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filters {
    q: String,
    unit: String,
    kind: String,
    after: String,
}

impl Filters {
    fn query(&self, viewer: &Viewer) -> Result<PeopleQuery, AppError> {
        let text = Some(self.q.trim().to_owned()).filter(|text| !text.is_empty());
        let unit = match self.unit.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| AppError::NotFound)?),
        };
        let kind = match self.kind.as_str() {
            "organisation" => Some(ActorKind::Organisation),
            "person" => Some(ActorKind::Person),
            _ => None,
        };
        let after = match self.after.as_str() {
            "" => None,
            token => Some(cursor(token).ok_or_else(|| {
                AppError::BadRequest("this page of the list does not exist: begin again".to_owned())
            })?),
        };
        let reader = Reader { account: viewer.account, workspace: viewer.may_read() };
        Ok(PeopleQuery { text, reader: Some(reader), unit, kind, as_of: None, after, limit: PAGE })
    }

    /// The address of the page after this one.
    fn next(&self, cursor: &PeopleCursor) -> String {
        let mut url = format!("/people?after={}", token(cursor));
        for (name, value) in [("q", &self.q), ("unit", &self.unit), ("kind", &self.kind)] {
            if !value.is_empty() {
                url.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        url
    }

    fn is_filtered(&self) -> bool {
        !(self.q.is_empty() && self.unit.is_empty() && self.kind.is_empty())
    }
}

/// A place in the list as text.
pub(crate) fn token(cursor: &PeopleCursor) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}\u{0}{}", cursor.id, cursor.name))
}

/// The place that a text says.
pub(crate) fn cursor(token: &str) -> Option<PeopleCursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (id, name) = text.split_once('\u{0}')?;
    Some(PeopleCursor { id: id.parse::<ActorId>().ok()?, name: name.to_owned() })
}

/// One row as shown.
struct Row {
    id: String,
    initials: String,
    name: String,
    is_organisation: bool,
    title: String,
    unit: String,
    organisation: String,
}

impl From<PersonRow> for Row {
    fn from(row: PersonRow) -> Self {
        let unit = row.unit.filter(|unit| unit.kind != UnitKind::Organisation);
        Self {
            id: row.id.to_string(),
            initials: show::initials(&row.name),
            name: row.name,
            is_organisation: row.kind == ActorKind::Organisation,
            title: row.title.unwrap_or_default(),
            unit: unit.map(|unit| unit.name).unwrap_or_default(),
            organisation: row.organisation.map(|unit| unit.name).unwrap_or_default(),
        }
    }
}

/// A unit to choose.
struct Choice {
    id: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    filters: Filters,
    units: Vec<Choice>,
    list: ListPart,
}

/// The list alone: what changes while someone types.
#[derive(Template)]
#[template(path = "people_list.html")]
struct ListPart {
    rows: Vec<Row>,
    total: String,
    next: Option<String>,
    is_filtered: bool,
    steward: bool,
}

/// `GET /people`. Members see the directory card of everyone; guests come with partnerships.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Query(filters): Query<Filters>,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let list = list_part(&app, &signed, &filters).await?;
    if headers.contains_key("hx-request") {
        return page(&list);
    }
    let units = app.store.units(None).await?;
    let units = units.iter().map(|row| choice(&row.unit, &filters.unit)).collect();
    let shell = Shell::new(&app, &signed, Place::Directory);
    page(&PeoplePage { shell, filters, units, list })
}

async fn list_part(app: &App, signed: &Signed, filters: &Filters) -> Result<ListPart, AppError> {
    let query = filters.query(&signed.viewer)?;
    let (rows, cursor) = app.store.people(&query).await?;
    let total = app.store.count_people(&query).await?;
    Ok(ListPart {
        rows: rows.into_iter().map(Row::from).collect(),
        total: tieline_insight::voice::grouped(total),
        next: cursor.map(|cursor| filters.next(&cursor)),
        is_filtered: filters.is_filtered(),
        steward: signed.viewer.may_steward(),
    })
}

fn choice(unit: &Unit, chosen: &str) -> Choice {
    let id = unit.id.to_string();
    let label = match unit.kind {
        UnitKind::Organisation => unit.name.clone(),
        _ => format!("– {}", unit.name),
    };
    Choice { is_chosen: id == chosen, id, label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_survives_its_url() {
        let place =
            PeopleCursor { id: ActorId::derived(&[b"x"]), name: "o'brien & söhne".to_owned() };
        assert_eq!(cursor(&token(&place)), Some(place));
        assert_eq!(cursor("!"), None);
        assert_eq!(cursor("AAAA"), None);
    }
}
