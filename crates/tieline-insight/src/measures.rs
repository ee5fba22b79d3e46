//! Measures of the whole graph that several findings share, with bounds on what they cost.

use tieline_graph::betweenness::{betweenness, betweenness_from_pivots};
use tieline_graph::components::{Components, components};
use tieline_graph::graph::Graph;
use tieline_graph::paths::{UNREACHABLE, shortest_path_lengths};

use crate::resample::mix;

/// Nodes up to which sums over all pairs of nodes are exact.
pub const EXACT_UP_TO: usize = 5_000;

/// Tie visits that one betweenness may cost: 50,000 people with 1,000,000 ties, up to which METHODS
/// 2.5 expects exact values. Beyond, it starts from a sample of the nodes.
const VISITS: u64 = 60_000_000_000;

/// Nodes up to which METHODS 2.5 expects exact betweenness.
const EXACT_ROUTES_UP_TO: usize = 50_000;

/// Sources of a larger network: enough to rank those with the most routes, whose confidence is told
/// beside them, in half a minute and not in a quarter of an hour.
const PIVOTS: usize = 1_000;

/// Betweenness of every node, and from how many sources it was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Routes {
    /// Raw betweenness, unordered pairs.
    pub betweenness: Vec<f64>,
    /// Sources: all nodes, or fewer (then the values are estimates).
    pub sources: usize,
    /// Connected unordered pairs that do not involve the node.
    pub other_pairs: Vec<f64>,
}

impl Routes {
    /// Of all shortest routes between two other connected people, the share that passes a node;
    /// 0 to 1, `None` where no two others are connected.
    pub fn share(&self, node: u32) -> Option<f64> {
        let at = node as usize;
        let pairs = *self.other_pairs.get(at)?;
        // An estimate from pivots may pass 1 by chance.
        (pairs > 0.0).then(|| (self.betweenness[at] / pairs).clamp(0.0, 1.0))
    }

    /// The nodes with the highest betweenness above 0, at most `k`; equals by node.
    pub fn top(&self, k: usize) -> Vec<u32> {
        top_nodes(&self.betweenness, k)
    }
}

/// Exact up to 50,000 nodes while nodes times ties stay under 60 billion visits, else from pivots.
pub fn routes(graph: &Graph, seed: u64) -> Routes {
    let per_source = (graph.n_ties() + graph.n_nodes()).max(1) as u64;
    let sources = usize::try_from(VISITS / per_source).unwrap_or(usize::MAX).max(256);
    let is_large = graph.n_nodes() > EXACT_ROUTES_UP_TO;
    let sources = if is_large { sources.min(PIVOTS) } else { sources };
    let (betweenness, sources) = betweenness_within(graph, sources, seed);
    let parts = components(graph);
    let all: f64 = parts.sizes.iter().map(|size| pairs(*size)).sum();
    let other_pairs = parts
        .label
        .iter()
        .map(|label| all - parts.sizes[*label as usize].saturating_sub(1) as f64)
        .collect();
    Routes { betweenness, sources, other_pairs }
}

/// Betweenness from at most `sources` nodes; returns how many were used.
pub(crate) fn betweenness_within(graph: &Graph, sources: usize, seed: u64) -> (Vec<f64>, usize) {
    let n = graph.n_nodes();
    if n <= sources {
        (betweenness(graph), n)
    } else {
        (betweenness_from_pivots(graph, &sample(n, sources, seed)), sources)
    }
}

/// The `k` nodes with the highest values above 0; equals by node.
pub(crate) fn top_nodes(values: &[f64], k: usize) -> Vec<u32> {
    let mut nodes: Vec<u32> = (0..values.len() as u32).collect();
    nodes.retain(|node| values[*node as usize] > 0.0);
    nodes.sort_by(|x, y| values[*y as usize].total_cmp(&values[*x as usize]).then(x.cmp(y)));
    nodes.truncate(k);
    nodes
}

/// `k` of `n` nodes, chosen by seed, ascending.
pub(crate) fn sample(n: usize, k: usize, seed: u64) -> Vec<u32> {
    let mut nodes: Vec<u32> = (0..n as u32).collect();
    if k < n {
        nodes.sort_by_key(|node| (mix(seed ^ mix(u64::from(*node))), *node));
        nodes.truncate(k);
        nodes.sort_unstable();
    }
    nodes
}

/// Mean steps between connected pairs, and from how many sources: all up to 5,000 nodes, 200 beyond.
pub fn mean_steps(graph: &Graph, seed: u64) -> (Option<f64>, usize) {
    let n = graph.n_nodes();
    let sources = if n <= EXACT_UP_TO { n } else { 200 };
    let (mut sum, mut reached) = (0.0, 0.0);
    for from in sample(n, sources, seed) {
        if graph.degree(from) == 0 {
            continue;
        }
        for length in shortest_path_lengths(graph, from) {
            if length != UNREACHABLE && length > 0 {
                sum += f64::from(length);
                reached += 1.0;
            }
        }
    }
    ((reached > 0.0).then(|| sum / reached), sources)
}

/// People up to whom steps apart are compared before and after a change: beyond, a change of a few ties
/// is smaller than what the sample of starting people leaves open.
pub(crate) const STEPS_UP_TO: usize = 50_000;

/// Mean steps between connected pairs where they can be compared.
pub(crate) fn steps_apart(graph: &Graph, seed: u64) -> Option<f64> {
    (graph.n_nodes() <= STEPS_UP_TO).then(|| mean_steps(graph, seed).0).flatten()
}

/// Unordered pairs of `size` things.
pub(crate) fn pairs(size: usize) -> f64 {
    let size = size as f64;
    size * (size - 1.0).max(0.0) / 2.0
}

/// Connected unordered pairs among the nodes not `removed`.
pub(crate) fn pairs_among_kept(parts: &Components, removed: &[bool]) -> f64 {
    let mut kept = vec![0; parts.sizes.len()];
    for (label, removed) in parts.label.iter().zip(removed) {
        if !removed {
            kept[*label as usize] += 1;
        }
    }
    kept.into_iter().map(pairs).sum()
}

/// Median of the positive values; `None` without any.
pub(crate) fn median_of_positive(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| *value > 0.0).collect();
    tieline_model::tie::median(&mut values)
}
