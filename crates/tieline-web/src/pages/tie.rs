//! One tie, down to the interactions behind it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use tieline_lake::EvidenceQuery;
use tieline_model::access::{TieConsent, TieView};
use tieline_model::id::{ActorId, AddressId};
use tieline_model::interaction::Interaction;

use super::tie_view::{self, TieParts};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Place, Shell};

/// Interactions shown, the newest ones.
const MOST: usize = 100;

/// One interaction in words. What it was about is not known: only headers are read.
struct Row {
    when: String,
    what: &'static str,
    direction: String,
    group: String,
}

#[derive(Template)]
#[template(path = "tie.html")]
struct TiePage {
    shell: Shell,
    a: (String, String),
    b: (String, String),
    tie: TieParts,
    window: String,
    rows: Vec<Row>,
    is_cut: bool,
}

/// `GET /people/{a}/ties/{b}`: for whoever may see all of the tie.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((a, b)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let a: ActorId = a.parse().map_err(|_| AppError::NotFound)?;
    let b: ActorId = b.parse().map_err(|_| AppError::NotFound)?;
    let nothing = TieConsent::Nothing;
    // Consent never opens the interactions: they are for the two, or for a workspace of one.
    if signed.viewer.tie((a, nothing), (b, nothing)) != TieView::Full {
        return Err(AppError::NotFound);
    }
    let snapshot = app.live.get().ok_or(AppError::NotFound)?;
    let nodes = snapshot.network.node_of(a).zip(snapshot.network.node_of(b));
    let (node, other) = nodes.ok_or(AppError::NotFound)?;
    let pair = snapshot.network.pair(node, other).ok_or(AppError::NotFound)?;
    let tie = tie_view::parts(&snapshot, pair, node);
    let (one, two) = (app.store.person(a).await?.actor, app.store.person(b).await?.actor);
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.look(signed.viewer.account, one.anchor, "tie", session::now()).await?;
    tx.look(signed.viewer.account, two.anchor, "tie", session::now()).await?;
    tx.commit().await?;
    let found =
        evidence(&app, snapshot.clone(), (one.addresses.clone(), two.addresses), MOST).await?;
    let is_cut = found.len() == MOST;
    let rows = found.iter().map(|act| row(act, &one.addresses, &one.name, &two.name)).collect();
    page(&TiePage {
        shell: Shell::new(&app, &signed, Place::Directory),
        a: (a.to_string(), one.name.clone()),
        b: (b.to_string(), two.name.clone()),
        tie,
        window: tieline_insight::voice::window_words(snapshot.window, snapshot.as_of),
        rows,
        is_cut,
    })
}

/// The newest interactions of the people of two lists of addresses, in the window of the network.
pub(crate) async fn evidence(
    app: &App,
    snapshot: std::sync::Arc<crate::snapshot::Snapshot>,
    (a, b): (Vec<AddressId>, Vec<AddressId>),
    limit: usize,
) -> Result<Vec<Interaction>, AppError> {
    let Some(window) = snapshot.window else { return Ok(Vec::new()) };
    let lake = app.lake.clone();
    let read = move || {
        let query = EvidenceQuery { a: &a, b: &b, window, limit, before: None };
        lake.evidence(&snapshot.imports, &snapshot.rules, &query)
    };
    Ok(tokio::task::spawn_blocking(read).await??)
}

fn row(act: &Interaction, of_a: &[AddressId], a: &str, b: &str) -> Row {
    let gathers = act.minutes > 0 || act.channel.is_gathering();
    let first = |name: &str| name.split_whitespace().next().unwrap_or(name).to_owned();
    Row {
        when: here::date(act.at),
        what: act.channel.name(),
        direction: if gathers {
            "together".to_owned()
        } else if of_a.contains(&act.from) {
            format!("{} to {}", first(a), first(b))
        } else {
            format!("{} to {}", first(b), first(a))
        },
        group: match (gathers, act.group) {
            (true, n) => format!("{n} people"),
            (false, 0 | 1) => "only them".to_owned(),
            (false, n) => format!("to {n} people"),
        },
    }
}
