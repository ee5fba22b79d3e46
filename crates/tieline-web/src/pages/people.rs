//! The directory: people and organisations of the data, found as one types, page by page.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use tieline_model::access::Viewer;
use tieline_model::id::ActorId;
use tieline_model::org::{Unit, UnitKind};
use tieline_store::{ActorKind, PeopleCursor, PeopleQuery, PersonRow, Reader};

use crate::api::types::FiltersAsked;
use crate::app::App;
use crate::error::{AppError, encode};
use crate::extract::{Member, Signed};
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Rows of a page.
const PAGE: u64 = 50;

/// Under which views of the directory are saved.
pub(crate) const PLACE: &str = "people";

/// Longest name of a view, characters.
pub(crate) const MAX_VIEW: usize = 60;

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filters {
    q: String,
    unit: String,
    kind: String,
    tag: String,
    role: String,
    /// Days back within which an import saw them; for stewards.
    seen: String,
    after: String,
}

impl From<FiltersAsked> for Filters {
    fn from(asked: FiltersAsked) -> Self {
        let FiltersAsked { q, unit, kind, tag, role, seen } = asked;
        Self { q, unit, kind, tag, role, seen, after: String::new() }
    }
}

impl Filters {
    /// What the store is asked for.
    pub(crate) fn query(&self, viewer: &Viewer) -> Result<PeopleQuery, AppError> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
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
            token => {
                Some(cursor(token).ok_or_else(|| AppError::BadRequest(t!("error-no-such-page")))?)
            }
        };
        // When someone was last seen says something of their ties: it is not for all.
        let days = self.seen.parse::<u32>().ok().filter(|_| sees_last(viewer));
        let reader = Reader { account: viewer.account, workspace: viewer.may_read() };
        Ok(PeopleQuery {
            text: given(&self.q),
            reader: Some(reader),
            unit,
            kind,
            tag: given(&self.tag),
            role: given(&self.role),
            seen_since: days.map(|days| session::now().plus_days(-f64::from(days))),
            as_of: None,
            after,
            limit: PAGE,
        })
    }

    /// Names and values of what is asked for, without the place in the list.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("q", &self.q),
            ("unit", &self.unit),
            ("kind", &self.kind),
            ("tag", &self.tag),
            ("role", &self.role),
            ("seen", &self.seen),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.trim().is_empty());
        given.map(|(name, value)| (name, value.trim().to_owned())).collect()
    }

    /// The same as a query string; empty for the whole directory.
    pub(crate) fn query_string(&self) -> String {
        let pairs = self.fields();
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The address of the page after this one.
    fn next(&self, cursor: &PeopleCursor) -> String {
        format!("/people?after={}&{}", token(cursor), self.query_string())
            .trim_end_matches('&')
            .to_owned()
    }

    fn is_filtered(&self) -> bool {
        !self.fields().is_empty()
    }
}

/// Whether a viewer may look for people by when they were last seen.
fn sees_last(viewer: &Viewer) -> bool {
    viewer.may_steward() || viewer.alone
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
    tags: Vec<String>,
    sees_last: bool,
    views: Vec<View>,
    query: String,
    list: ListPart,
}

/// A saved view.
struct View {
    id: String,
    name: String,
    href: String,
    is_own: bool,
    is_shared: bool,
}

/// The list alone: what changes while someone types.
#[derive(Template)]
#[template(path = "people_list.html")]
struct ListPart {
    rows: Vec<Row>,
    total: u64,
    next: Option<String>,
    is_filtered: bool,
    steward: bool,
    /// What the list is of, for changing everyone in it.
    fields: Vec<(&'static str, String)>,
}

/// `GET /people`. Members see the directory card of everyone; guests come with partnerships.
pub(crate) async fn list(
    State(app): State<App>,
    Member(signed): Member,
    headers: HeaderMap,
    Query(filters): Query<Filters>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let list = list_part(&app, &signed, &filters).await?;
    if headers.contains_key("hx-request") {
        return page(&list);
    }
    let units = app.store.units(None).await?;
    let units = units.iter().map(|row| choice(&row.unit, &filters.unit)).collect();
    page(&PeoplePage {
        shell: Shell::new(&app, &signed, Place::Directory).with_toast(done.toast()),
        tags: app.store.tags().await?.into_iter().map(|tag| tag.name).collect(),
        sees_last: sees_last(&signed.viewer),
        views: views(&app, &signed).await?,
        query: filters.query_string(),
        filters,
        units,
        list,
    })
}

async fn views(app: &App, signed: &Signed) -> Result<Vec<View>, AppError> {
    let found = app.store.views(signed.viewer.account, PLACE).await?;
    let view = |view: tieline_store::SavedView| View {
        id: view.id.to_string(),
        href: format!("/people?{}", view.query),
        is_own: view.account == signed.viewer.account,
        is_shared: view.shared,
        name: view.name,
    };
    Ok(found.into_iter().map(view).collect())
}

/// What the form on a view brings, beside the filters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ViewForm {
    name: String,
    shared: Option<String>,
    #[serde(flatten)]
    filters: Filters,
}

/// `POST /people/views`: the filters under a name; the same name again replaces them.
pub(crate) async fn save_view(
    State(app): State<App>,
    Member(signed): Member,
    Form(form): Form<ViewForm>,
) -> Result<Redirect, AppError> {
    let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_VIEW {
        return Err(AppError::BadRequest(t!("error-view-name")));
    }
    let (by, query) = (signed.viewer.account, form.filters.query_string());
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let id = tx.save_view(by, PLACE, &name, &query).await?;
    tx.share_view(id, by, form.shared.is_some()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people?{query}&done=view")))
}

/// `POST /people/views/{id}/removal`.
pub(crate) async fn remove_view(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_view(id, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/people?done=removed"))
}

async fn list_part(app: &App, signed: &Signed, filters: &Filters) -> Result<ListPart, AppError> {
    let query = filters.query(&signed.viewer)?;
    let (rows, cursor) = app.store.people(&query).await?;
    let total = app.store.count_people(&query).await?;
    Ok(ListPart {
        rows: rows.into_iter().map(Row::from).collect(),
        total,
        next: cursor.map(|cursor| filters.next(&cursor)),
        is_filtered: filters.is_filtered(),
        fields: filters.fields(),
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
