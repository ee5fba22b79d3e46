//! Seen, said and formal: which of them the map draws, and where they disagree.

use tieline_insight::{Layer, Network, View};
use tieline_model::access::Viewer;
use tieline_model::id::ActorId;

use super::lens_form::Choice;
use crate::here;
use crate::snapshot::Snapshot;

/// Pairs listed of each disagreement.
const MOST: usize = 12;

/// Counts below this are told as t!("network-layer-few") to those who do not see single ties.
const FEW: usize = 5;

/// Two people on whom two layers disagree.
pub(crate) struct Two {
    pub(crate) a: (ActorId, String),
    pub(crate) b: (ActorId, String),
}

/// One kind of disagreement.
pub(crate) struct Apart {
    pub(crate) title: String,
    pub(crate) n: String,
    pub(crate) rows: Vec<Two>,
    /// How many more there are, for those who see them.
    pub(crate) more: usize,
}

/// The card.
pub(crate) struct LayersCard {
    pub(crate) choices: Vec<Choice>,
    /// What each layer holds.
    pub(crate) sums: [(String, String, String); 3],
    pub(crate) apart: Vec<Apart>,
    /// What is said of the chosen layer.
    pub(crate) note: Option<String>,
}

impl LayersCard {
    /// Whether all ties are drawn together.
    pub(crate) fn is_all(&self) -> bool {
        !self.choices.iter().any(|choice| choice.is_chosen)
    }
}

/// The layer that the URL asks for; `None`: all ties together.
pub(crate) fn layer(word: &str) -> Option<Layer> {
    Layer::ALL.into_iter().find(|layer| layer.name() == word)
}

/// How the layers compare. Reporting lines are of the directory and open to members, who is seen to
/// work together is not: pairs are listed in a workspace of one, and one's own to anyone.
pub(crate) fn card(snapshot: &Snapshot, viewer: &Viewer, chosen: Option<Layer>) -> LayersCard {
    let network = &snapshot.network;
    let found = network.layers();
    let n = |n: usize| here::grouped(n as u64);
    let label = |layer| match layer {
        Layer::Seen => t!("network-layer-seen"),
        Layer::Said => t!("network-layer-said"),
        Layer::Formal => t!("network-layer-formal"),
    };
    let choice = |layer: Layer| Choice {
        value: layer.name().to_owned(),
        label: label(layer),
        is_chosen: chosen == Some(layer),
    };
    let apart = [
        (t!("network-layer-formal-unseen"), &found.formal_unseen),
        (t!("network-layer-said-unseen"), &found.said_unseen),
        (t!("network-layer-seen-unsaid"), &found.seen_unsaid),
    ];
    LayersCard {
        choices: Layer::ALL.into_iter().map(choice).collect(),
        sums: [
            (t!("network-layer-seen"), n(found.seen), t!("network-layer-seen-text")),
            (t!("network-layer-said"), n(found.said), t!("network-layer-said-text")),
            (t!("network-layer-formal"), n(found.formal), t!("network-layer-formal-text")),
        ],
        apart: apart
            .into_iter()
            .filter(|(_, pairs)| !pairs.is_empty())
            .map(|(title, pairs)| of(network, viewer, title, pairs))
            .collect(),
        note: match chosen {
            Some(Layer::Said) if found.said == 0 => Some(t!("network-layer-said-none")),
            Some(Layer::Formal) if found.formal == 0 => Some(t!("network-layer-formal-none")),
            _ => None,
        },
    }
}

fn of(network: &Network, viewer: &Viewer, title: String, pairs: &[(u32, u32)]) -> Apart {
    let person =
        |node: u32| network.actors().get(node as usize).map(|actor| (actor.id, actor.name.clone()));
    let all: Vec<Two> = pairs
        .iter()
        .filter_map(|(a, b)| Some(Two { a: person(*a)?, b: person(*b)? }))
        .filter(|two| viewer.alone || viewer.is(two.a.0) || viewer.is(two.b.0))
        .collect();
    let more = all.len().saturating_sub(MOST);
    Apart {
        title,
        n: match pairs.len() {
            1..FEW if !viewer.alone => t!("network-layer-few"),
            n => here::grouped(n as u64),
        },
        rows: all.into_iter().take(MOST).collect(),
        more,
    }
}

/// Ties of a layer between each pair of the groups of the heat table, in its order.
pub(crate) fn between_groups(seen: &View<'_>, names: &[String], layer: Layer) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; names.len()]; names.len()];
    let at = |label: u32| names.iter().position(|name| name == seen.group_name(label));
    for ((a, b), n) in seen.network().links(seen.groups().level(), Some(layer)).iter() {
        if let (Some(x), Some(y)) = (at(*a), at(*b)) {
            for (x, y) in [(x, y), (y, x)] {
                if let Some(count) = counts.get_mut(x).and_then(|row| row.get_mut(y)) {
                    *count += n;
                }
            }
        }
    }
    counts
}
