//! The network: map by group, heat table, people who join groups up, what-if, everyone in a table.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;
use tieline_insight::findings::{BrokerRow, DependenceRow};
use tieline_insight::voice::{count, window_words};

use super::form::Fault;
use super::lens_form::{Asking, LensAsked, LensForm, Seen, through};
use super::network_view::{self as view, Cell, Row};
use super::nothing::nothing;
use super::what_if::{self, Tried, WhatIfCard};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::map;
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::snapshot::Snapshot;

/// People up to which everyone is drawn; above, groups come first.
const DRAW_PEOPLE_UP_TO: usize = 2_000;

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `table` for everyone in a table.
    view: String,
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
    path: &'static str,
    lens: LensForm,
    /// What the form of the lens carries along.
    keep: Vec<(&'static str, String)>,
    faults: Vec<Fault>,
    is_table: bool,
    map: Option<String>,
    map_note: String,
    heat: Option<Heat>,
    brokers: Vec<BrokerRow>,
    dependences: Vec<DependenceRow>,
    names_hidden: bool,
    what_if: WhatIfCard,
    rows: Vec<Row>,
    next: Option<usize>,
}

/// `GET /network`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    uri: Uri,
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
    let asking =
        Asking { signed: &signed, headers: &headers, path: "/network", url: uri.to_string() };
    let snapshot = match through(&app, asking, [lens]).await? {
        Seen::Networks([snapshot]) => snapshot,
        Seen::Instead(response) => return Ok(response),
    };
    let form = (LensForm::new(&lens, &live), faults);
    let tried = what_if::asked(&app, &signed, tried).await?;
    // A what-if walks all routes: off the threads that answer.
    let built = move || built(shell, &snapshot, &signed, &asked, tried, form);
    page(&tokio::task::spawn_blocking(built).await??)
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
    // Ties between named people are for a workspace of one; others see groups here.
    let draw_people = viewer.alone && snapshot.network.len() <= DRAW_PEOPLE_UP_TO;
    let map = match (is_table, draw_people) {
        (true, _) => None,
        (false, true) => map::people_map(snapshot, &seen),
        (false, false) => map::groups_map(findings),
    };
    let (rows, next) = if is_table && named {
        view::rows(snapshot, &seen, asked.from)
    } else {
        (Vec::new(), None)
    };
    Ok(NetworkPage {
        shell,
        sub: sub(snapshot),
        path: "/network",
        lens,
        keep: if is_table { vec![("view", "table".to_owned())] } else { Vec::new() },
        faults,
        is_table,
        map,
        map_note: if draw_people {
            "Each dot is a person, near the others of the same group; the same every time."
                .to_owned()
        } else {
            "Circles are groups; the thicker a line, the more working ties.".to_owned()
        },
        heat: heat(findings),
        brokers: findings.brokers.clone(),
        dependences: findings.dependences.iter().filter(|row| row.alert).take(8).cloned().collect(),
        names_hidden: !named,
        what_if: what_if::card(snapshot, &seen, signed, tried)?,
        rows,
        next,
    })
}

fn sub(snapshot: &Snapshot) -> String {
    let summary = &snapshot.named.summary;
    let opted_out = match summary.opted_out {
        0 => String::new(),
        n => format!(" {} chose not to appear.", count(n as u64, "person")),
    };
    format!(
        "{} of {}, {}, {}.{opted_out}",
        tieline_insight::voice::grouped(summary.connected_people as u64),
        count(summary.people as u64, "person"),
        count(snapshot.named.groups.len() as u64, "group"),
        window_words(snapshot.window, snapshot.as_of),
    )
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
