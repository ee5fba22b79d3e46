//! The network: map by group, heat table, people who join groups up, what-if, everyone in a table.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_insight::View;
use tieline_insight::findings::{BrokerRow, DependenceRow};
use tieline_model::access::Viewer;

use super::form::Fault;
use super::layers::{self, LayersCard};
use super::lens_form::{Asking, LensAsked, LensForm, Seen, through};
use super::network_view::{self as view, Cell, Row};
use super::nothing::nothing;
use super::what_if::{self, Tried, WhatIfCard};
use crate::app::App;
use crate::assets::files;
use crate::error::{AppError, encode};
use crate::export::{self, Drawing, label_of};
use crate::extract::Signed;
use crate::here;
use crate::map::{DRAW_PEOPLE_UP_TO, MOST_OF_A_GROUP};
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::snapshot::Snapshot;

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `table` for everyone in a table.
    view: String,
    /// Word of a layer; else all ties together.
    layer: String,
    /// Name of a group that is opened.
    group: String,
    /// `organic`; else by group.
    layout: String,
    /// Where the table goes on.
    from: usize,
}

/// Heads and rows of the heat table.
struct Heat {
    names: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
    left_out: usize,
}

#[derive(Template)]
#[template(path = "network.html")]
struct NetworkPage {
    shell: Shell,
    sub: String,
    /// What everything on the page rests on.
    basis: String,
    path: &'static str,
    lens: LensForm,
    /// What the form of the lens carries along.
    keep: Vec<(&'static str, String)>,
    faults: Vec<Fault>,
    is_table: bool,
    /// Whether the organic layout is offered.
    may_organic: bool,
    /// Where the script reads the organic layout, if it is chosen.
    organic: Option<String>,
    /// The group that is opened.
    opened: Option<Opened>,
    map: Option<String>,
    /// What of the network is drawn, as the end of a query: for the file of the map.
    drawn: String,
    map_note: String,
    heat: Option<Heat>,
    brokers: Vec<BrokerRow>,
    dependences: Vec<DependenceRow>,
    names_hidden: bool,
    what_if: WhatIfCard,
    layers: LayersCard,
    rows: Vec<Row>,
    next: Option<usize>,
}

/// `GET /network`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    asking: Asking,
    Query(asked): Query<Asked>,
    Query(through_lens): Query<LensAsked>,
    Query(tried): Query<Tried>,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let shell = Shell::new(&app, &signed, Place::Network);
    let Some(live) = app.live.get() else {
        return nothing(&app, shell);
    };
    let (lens, faults) = through_lens.read(&live);
    let snapshot = match through(&app, &signed, asking, [lens]).await? {
        Seen::Networks([snapshot]) => snapshot,
        Seen::Instead(response) => return Ok(response),
    };
    let form = (LensForm::new(&lens, &live), faults);
    let tried = what_if::asked(&app, &signed, tried).await?;
    // A what-if walks all routes: off the threads that answer.
    let built = move || built(shell, &snapshot, &signed, &asked, tried, form);
    page(&tokio::task::spawn_blocking(here::carried(built)).await??)
}

fn built(
    shell: Shell,
    snapshot: &Snapshot,
    signed: &Signed,
    asked: &Asked,
    tried: what_if::Asked,
    (lens, faults): (LensForm, Vec<Fault>),
) -> Result<NetworkPage, AppError> {
    let viewer = &signed.viewer;
    let findings = snapshot.findings(viewer);
    let seen = snapshot.view(viewer);
    let is_table = asked.view == "table";
    let named = viewer.sees_all_named();
    let layer = layers::layer(&asked.layer);
    let opened = Opened::of(snapshot, &seen, viewer, &asked.group)?;
    let draw_people =
        viewer.alone && (opened.is_some() || snapshot.network.len() <= DRAW_PEOPLE_UP_TO);
    let drawing = Drawing {
        layer,
        group: opened.as_ref().map(|group| group.name.clone()),
        is_organic: asked.layout == "organic",
        open: lens.open("/network"),
    };
    let may_organic = viewer.alone && snapshot.network.len() <= DRAW_PEOPLE_UP_TO;
    let organic = (may_organic && drawing.is_organic && drawing.group.is_none())
        .then(|| lens.url("/network/organic.json", &given("layer", &asked.layer)));
    let map = if is_table { None } else { export::drawn(snapshot, &seen, viewer, &drawing) };
    let (rows, next) = if is_table && named {
        view::rows(snapshot, &seen, opened.as_ref().map(|group| group.label), asked.from)
    } else {
        (Vec::new(), None)
    };
    Ok(NetworkPage {
        shell,
        sub: sub(snapshot),
        basis: basis(snapshot),
        path: "/network",
        lens,
        keep: keep(asked, is_table),
        faults,
        is_table,
        may_organic,
        organic,
        opened,
        map,
        drawn: drawn_query(asked),
        map_note: map_note(draw_people, drawing.is_organic && may_organic),
        heat: heat(findings),
        brokers: findings.brokers.clone(),
        dependences: findings.dependences.iter().filter(|row| row.alert).take(8).cloned().collect(),
        names_hidden: !named,
        layers: layers::card(snapshot, viewer, layer),
        what_if: what_if::card(snapshot, &seen, signed, tried)?,
        rows,
        next,
    })
}

/// How the map is to be read.
fn map_note(draws_people: bool, is_organic: bool) -> String {
    if is_organic {
        t!("network-map-note-organic")
    } else if draws_people {
        t!("network-map-note-people")
    } else {
        t!("network-map-note-groups")
    }
}

/// What forms on the page carry along.
fn keep(asked: &Asked, is_table: bool) -> Vec<(&'static str, String)> {
    let view = is_table.then(|| ("view", "table".to_owned()));
    let given = |name, value: &str| (!value.is_empty()).then(|| (name, value.to_owned()));
    let all = [view, given("layer", &asked.layer), given("group", &asked.group)];
    all.into_iter().flatten().collect()
}

/// A group opened to its people.
struct Opened {
    label: u32,
    name: String,
    members: usize,
    /// People who are drawn.
    drawn: usize,
    /// Its name as a part of a query.
    query: String,
}

impl Opened {
    /// The group that is asked for; nobody else than a workspace of one sees its people, and a small
    /// group is never opened.
    fn of(
        snapshot: &Snapshot,
        seen: &View<'_>,
        viewer: &Viewer,
        name: &str,
    ) -> Result<Option<Self>, AppError> {
        if name.is_empty() {
            return Ok(None);
        }
        let label = label_of(seen, name).filter(|_| viewer.alone).ok_or(AppError::NotFound)?;
        let members = snapshot.network.len().min(seen.groups().members(label).len());
        Ok(Some(Self {
            label,
            name: name.to_owned(),
            members,
            drawn: members.min(MOST_OF_A_GROUP),
            query: format!("group={}", encode(name)),
        }))
    }
}

/// What is drawn as the end of a query: the file of the map is the map.
fn drawn_query(asked: &Asked) -> String {
    let all = [("layer", &asked.layer), ("group", &asked.group), ("layout", &asked.layout)];
    let parts = all.into_iter().filter(|(_, value)| !value.is_empty());
    parts.map(|(name, value)| format!("&{}", given(name, value))).collect()
}

/// A part of a query; empty where there is nothing to say.
fn given(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("{name}={}", encode(value)) }
}

impl NetworkPage {
    /// URL of the script that draws the organic layout.
    fn network_js(&self) -> &'static str {
        files::NETWORK_JS.path
    }

    /// The map or the table of what is shown, with more in the query.
    fn link(&self, more: &str) -> String {
        let group = self.opened.as_ref().map_or("", |group| group.query.as_str());
        let parts = [more, group].into_iter().filter(|part| !part.is_empty());
        self.lens.url("/network", &parts.collect::<Vec<_>>().join("&"))
    }
}

fn sub(snapshot: &Snapshot) -> String {
    let summary = &snapshot.named.summary;
    let size = t!(
        "network-size",
        connected = summary.connected_people,
        people = summary.people,
        groups = snapshot.named.groups.len(),
        window = here::window(snapshot.window, snapshot.as_of),
    );
    match summary.opted_out {
        0 => size,
        n => format!("{size} {}", t!("network-opted-out", n = n)),
    }
}

/// From which ties, and how much of the people was seen.
fn basis(snapshot: &Snapshot) -> String {
    let summary = &snapshot.named.summary;
    let window = here::window(snapshot.window, snapshot.as_of);
    let basis = t!("network-basis", ties = summary.ties, window = window);
    match summary.coverage {
        Some(share) => {
            format!("{basis} {}", t!("network-seen", share = here::percent(share)))
        }
        None => basis,
    }
}

fn heat(findings: &tieline_insight::Findings) -> Option<Heat> {
    let heat = &findings.heat;
    (!heat.names.is_empty()).then(|| Heat {
        names: heat.names.clone(),
        rows: heat
            .names
            .iter()
            .zip(&heat.cells)
            .map(|(name, cells)| {
                let cells = cells.iter().zip(&heat.names);
                (name.clone(), cells.map(|(cell, other)| view::cell(cell, name, other)).collect())
            })
            .collect(),
        left_out: heat.left_out,
    })
}
