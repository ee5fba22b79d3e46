//! The organic layout as data, for the script that draws it.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::layers::layer;
use super::lens_form::{Asking, LensAsked, Seen, one_through};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::map::{DRAW_PEOPLE_UP_TO, drawn_ties, hue_of, organic_places};
use crate::snapshot::Snapshot;

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    layer: String,
}

/// A person on the map.
#[derive(Serialize)]
struct Dot {
    id: String,
    name: String,
    #[serde(skip)]
    group: Option<String>,
    #[serde(skip)]
    ties: usize,
    /// Who it is, for those who walk the map by keys.
    told: String,
    hue: usize,
    x: f64,
    y: f64,
    size: f64,
}

/// The map: people, and ties as places among them.
#[derive(Serialize)]
struct Drawn {
    nodes: Vec<Dot>,
    edges: Vec<(u32, u32)>,
}

/// `GET /network/organic.json`: for a workspace of one, as the map of people is.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    asking: Asking,
    Query(asked): Query<Asked>,
    Query(part): Query<LensAsked>,
) -> Result<Response, AppError> {
    if !signed.viewer.alone {
        return Err(AppError::NotFound);
    }
    let snapshot = match one_through(&app, &signed, asking, &part).await? {
        Seen::Networks([snapshot]) if snapshot.network.len() <= DRAW_PEOPLE_UP_TO => snapshot,
        Seen::Networks(_) => return Err(AppError::NotFound),
        Seen::Instead(response) => return Ok(response),
    };
    let viewer = signed.viewer;
    let drawn = tokio::task::spawn_blocking(move || {
        drawn(&snapshot, &snapshot.view(&viewer), layer(&asked.layer))
    });
    let mut drawn = drawn.await?;
    // Here, for the other thread does not know the language of the viewer.
    drawn.nodes.iter_mut().for_each(Dot::tell);
    Ok(Json(drawn).into_response())
}

impl Dot {
    fn tell(&mut self) {
        self.told = match &self.group {
            Some(group) => {
                t!("network-dot-of-group", name = self.name, group = group, n = self.ties)
            }
            None => t!("network-dot", name = self.name, n = self.ties),
        };
    }
}

fn drawn(
    snapshot: &Snapshot,
    seen: &tieline_insight::View<'_>,
    layer: Option<tieline_insight::Layer>,
) -> Drawn {
    let network = &snapshot.network;
    let places = organic_places(snapshot, seen, layer);
    let edges = drawn_ties(network, layer);
    let mut ties = vec![0_usize; network.len()];
    for end in edges.iter().flat_map(|(a, b)| [a, b]) {
        if let Some(ties) = ties.get_mut(*end as usize) {
            *ties += 1;
        }
    }
    let share = |node: usize| snapshot.measures.get(node).and_then(|one| one.route_share);
    let most = (0..network.len()).filter_map(share).fold(1e-9, f64::max);
    let dot = |(node, (x, y)): (usize, &(f64, f64))| {
        let actor = network.actors().get(node)?;
        let group = seen.groups().shown_group(node as u32);
        Some(Dot {
            id: actor.id.to_string(),
            name: actor.name.clone(),
            group: group.map(|group| group.name.clone()),
            ties: ties.get(node).copied().unwrap_or(0),
            told: String::new(),
            hue: hue_of(seen, node as u32),
            x: (x * 1e4).round() / 1e4,
            y: (y * 1e4).round() / 1e4,
            size: 3.0 + 7.0 * (share(node).unwrap_or(0.0) / most).sqrt(),
        })
    };
    Drawn { nodes: places.iter().enumerate().filter_map(dot).collect(), edges }
}
