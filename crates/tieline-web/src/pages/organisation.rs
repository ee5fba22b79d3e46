//! An organisation's or department's page: what it is part of, its parts, its people, and the
//! viewer's own contact with each of them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use tieline_insight::Pair;
use tieline_model::access::{TieView, Viewer};
use tieline_model::id::{ActorId, UnitId};
use tieline_model::org::{Unit, UnitKind};
use tieline_store::{PeopleQuery, PersonRow};

use super::facts;
use super::person::Known;
use super::tie_view;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;
use crate::snapshot::Snapshot;
use crate::text::Markup;

/// People shown; the directory has all of them.
const MOST: u64 = 50;

/// One of its people.
struct PersonLine {
    id: String,
    initials: String,
    name: String,
    title: String,
    unit: String,
    /// The viewer's own tie.
    tie: Option<Known>,
}

#[derive(Template)]
#[template(path = "organisation.html")]
struct OrganisationPage {
    shell: Shell,
    id: String,
    name: String,
    initials: String,
    kind: String,
    above: Vec<(String, String)>,
    parts: Vec<(String, String, String)>,
    domains: Vec<String>,
    people: Vec<PersonLine>,
    total: u64,
    is_cut: bool,
    has_ties: bool,
    said: Option<String>,
}

impl OrganisationPage {
    /// Links to what this is a part of, the nearest first.
    fn above_links(&self) -> Markup {
        let href = |id: &str| format!("/organisations/{id}");
        let link = |(id, name): &(String, String)| {
            t_html!("people-unit-link-html", href = href(id), unit = name)
        };
        Markup(self.above.iter().map(link).collect::<Vec<_>>().join(", "))
    }
}

/// `GET /organisations/{id}`. The card of everyone there is for members; ties are the viewer's own.
/// A look at each person who is shown is written into the audit log.
pub(crate) async fn show(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let id: UnitId = id.parse().map_err(|_| AppError::NotFound)?;
    let units = app.store.units(None).await?;
    let own = units.iter().find(|row| row.unit.id == id).ok_or(AppError::NotFound)?;
    let query = PeopleQuery { unit: Some(id), limit: MOST, ..PeopleQuery::default() };
    let (rows, next) = app.store.people(&query).await?;
    let total = app.store.count_people(&query).await?;
    looked(&app, &signed.viewer, &rows).await?;
    let snapshot = app.live.get();
    let line = |row| person_line(row, &signed, snapshot.as_deref());
    let people: Vec<PersonLine> = rows.into_iter().map(line).collect();
    let all: Vec<&Unit> = units.iter().map(|row| &row.unit).collect();
    let parts = units
        .iter()
        .filter(|row| row.unit.parent == Some(id))
        .map(|row| (row.unit.id.to_string(), row.unit.name.clone(), here::grouped(row.n_people)));
    page(&OrganisationPage {
        shell: Shell::new(&app, &signed, Place::Directory).with_toast(done.toast()),
        id: id.to_string(),
        initials: show::initials(&own.unit.name),
        kind: match own.unit.kind {
            UnitKind::Organisation => t!("word-unit-organisation"),
            UnitKind::Department => t!("word-unit-department"),
            UnitKind::Community => t!("word-unit-community"),
        },
        above: above(&own.unit, &all),
        parts: parts.collect(),
        domains: own.unit.domains.clone(),
        has_ties: people.iter().any(|line| line.tie.is_some()),
        people,
        total,
        is_cut: next.is_some(),
        said: said(&app, id).await?,
        name: own.unit.name.clone(),
    })
}

/// Who added it by hand, and when.
async fn said(app: &App, id: UnitId) -> Result<Option<String>, AppError> {
    match app.store.unit_said(id).await? {
        Some((by, at)) => Ok(Some(facts::said_by(app, by, at).await?)),
        None => Ok(None),
    }
}

/// A look at each of these people is written into the audit log.
pub(crate) async fn looked(app: &App, viewer: &Viewer, rows: &[PersonRow]) -> Result<(), AppError> {
    let others: Vec<_> = rows.iter().filter(|row| !viewer.is(row.id)).collect();
    if others.is_empty() {
        return Ok(());
    }
    let anchors = app.store.anchors(&others.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(app.store.note_looks(viewer.account, &anchors, "organisation", session::now()).await?)
}

/// The units that it is part of, the widest first.
pub(crate) fn above(unit: &Unit, all: &[&Unit]) -> Vec<(String, String)> {
    let mut path = Vec::new();
    let mut next = unit.parent;
    while let Some(parent) = next.and_then(|id| all.iter().find(|unit| unit.id == id)) {
        if path.len() >= all.len() {
            break;
        }
        path.push((parent.id.to_string(), parent.name.clone()));
        next = parent.parent;
    }
    path.reverse();
    path
}

/// The tie of whoever looks with one of the people.
pub(crate) fn own_pair(snapshot: &Snapshot, me: Option<ActorId>, other: ActorId) -> Option<&Pair> {
    let me = me.filter(|me| *me != other)?;
    let network = &snapshot.network;
    network.pair(network.node_of(me)?, network.node_of(other)?)
}

fn person_line(row: PersonRow, signed: &Signed, snapshot: Option<&Snapshot>) -> PersonLine {
    let tie = snapshot.and_then(|snapshot| {
        let me = signed.viewer.actor?;
        let pair = own_pair(snapshot, Some(me), row.id)?;
        let alter = snapshot.network.actors().get(snapshot.network.node_of(row.id)? as usize)?;
        Some(tie_view::known(snapshot, pair, me, alter, String::new(), TieView::Full))
    });
    let unit = row.unit.filter(|unit| unit.kind != UnitKind::Organisation);
    PersonLine {
        id: row.id.to_string(),
        initials: show::initials(&row.name),
        name: row.name,
        title: row.title.unwrap_or_default(),
        unit: unit.map(|unit| unit.name).unwrap_or_default(),
        tie,
    }
}
