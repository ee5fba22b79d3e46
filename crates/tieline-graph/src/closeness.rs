//! How near everyone else is.

use rayon::prelude::*;

use crate::graph::Graph;
use crate::paths::{Search, weighted_distances};

/// Harmonic closeness: who can get word to everyone fast.
///
/// **Definition.** `H(v) = 1/(n - 1) * sum over u != v of 1/d(v, u)`, with 1/infinity = 0 and d the
/// number of ties on a shortest path.
/// **Input.** Follows directions outward ("can reach"); strengths are ignored; disconnected graphs
/// are fine. **Output.** In `[0, 1]`, 0 for isolates. **Undefined.** n < 2.
/// **Complexity.** O(n (n + m)) time, O(n) memory per thread.
/// **Determinism.** Same bits for any number of threads.
/// **Reference.** Marchiori & Latora 2000, doi:10.1016/S0378-4371(00)00311-3; Boldi & Vigna 2014,
/// doi:10.1080/15427951.2013.865686. networkx's `harmonic_centrality` is the incoming variant.
///
/// ```
/// use tieline_graph::{Graph, closeness::harmonic};
/// let graph = Graph::undirected(3, [(0, 1, 1.0), (1, 2, 1.0)])?;
/// assert_eq!(harmonic(&graph), [0.75, 1.0, 0.75]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn harmonic(graph: &Graph) -> Vec<f64> {
    let n = graph.n_nodes();
    per_source(graph, |node| graph.neighbours(node), |search| harmonic_of(search, n))
}

/// Harmonic closeness against the direction of the arcs: who can be reached by everyone fast.
///
/// As [`harmonic`] with `d(u, v)` instead of `d(v, u)`.
#[must_use]
pub fn harmonic_in(graph: &Graph) -> Vec<f64> {
    let n = graph.n_nodes();
    per_source(graph, |node| graph.in_neighbours(node), |search| harmonic_of(search, n))
}

/// Harmonic closeness where a tie of strength s is `1 / s` long.
///
/// As [`harmonic`], but dimensionless only up to the unit of strength, so not bounded by 1.
/// **Complexity.** O(n (n + m) log n).
#[must_use]
pub fn harmonic_weighted(graph: &Graph) -> Vec<f64> {
    let others = graph.n_nodes() as f64 - 1.0;
    let near = |node: u32| {
        let sum: f64 = weighted_distances(graph, node)
            .into_iter()
            .filter(|&distance| distance > 0.0)
            .map(f64::recip)
            .sum();
        share(sum, others)
    };
    (0..graph.n_nodes() as u32).into_par_iter().map(near).collect()
}

/// Reach: the share of the others within `k` steps.
///
/// **Definition.** `#{u != v : d(v, u) <= k} / (n - 1)`. **Input.** Follows directions outward.
/// **Output.** In `[0, 1]`. **Undefined.** n < 2. **Complexity.** O(n (n + m)).
#[must_use]
pub fn reach(graph: &Graph, k: u32) -> Vec<f64> {
    let others = graph.n_nodes() as f64 - 1.0;
    let count = |search: &Search| {
        let within = search.reached.iter().filter(|&&u| search.length[u as usize] <= k).count();
        share(within as f64 - 1.0, others)
    };
    per_source(graph, |node| graph.neighbours(node), count)
}

/// Closeness with the correction for disconnected graphs by Wasserman and Faust.
///
/// **Definition.** `(r / (n - 1)) * (r / sum of d(v, u))` over the r other nodes reached.
/// **Input.** Follows directions outward. **Output.** In `[0, 1]`, 0 where nobody is reached.
/// **Undefined.** n < 2. **Complexity.** O(n (n + m)).
/// **Reference.** Wasserman & Faust 1994, *Social Network Analysis*, p. 201.
#[must_use]
pub fn closeness_wf(graph: &Graph) -> Vec<f64> {
    let others = graph.n_nodes() as f64 - 1.0;
    let close = |search: &Search| {
        let reached = search.reached.len() as f64 - 1.0;
        let sum: f64 = search.reached.iter().map(|&u| f64::from(search.length[u as usize])).sum();
        if sum == 0.0 { share(0.0, others) } else { share(reached, others) * reached / sum }
    };
    per_source(graph, |node| graph.neighbours(node), close)
}

/// Average length of the shortest paths between all ordered pairs that some path joins.
///
/// **Output.** At least 1. **Undefined.** No pair is joined. **Complexity.** O(n (n + m)).
#[must_use]
pub fn mean_distance(graph: &Graph) -> f64 {
    let totals: Vec<(u64, u64)> = (0..graph.n_nodes() as u32)
        .into_par_iter()
        .map_init(
            || Search::new(graph.n_nodes()),
            |search, node| {
                search.run(node, |next| graph.neighbours(next));
                let sum = search.reached.iter().map(|&u| u64::from(search.length[u as usize]));
                (sum.sum(), search.reached.len() as u64 - 1)
            },
        )
        .collect();
    let length: u64 = totals.iter().map(|total| total.0).sum();
    let pairs: u64 = totals.iter().map(|total| total.1).sum();
    if pairs == 0 { f64::NAN } else { length as f64 / pairs as f64 }
}

/// Global efficiency: the mean of 1/d over all pairs of nodes, unreachable pairs counting 0.
///
/// **Output.** In `[0, 1]`. **Undefined.** n < 2. **Complexity.** O(n (n + m)).
/// **Reference.** Latora & Marchiori 2001, doi:10.1103/PhysRevLett.87.198701.
#[must_use]
pub fn global_efficiency(graph: &Graph) -> f64 {
    let harmonic = harmonic(graph);
    if harmonic.len() < 2 { f64::NAN } else { harmonic.iter().sum::<f64>() / harmonic.len() as f64 }
}

/// Sum of 1/d from the last source. Nodes are reached in order of length, so the sum takes the same
/// order whatever the indices are.
pub(crate) fn inverse_lengths(search: &Search) -> f64 {
    search.reached.iter().skip(1).map(|&u| 1.0 / f64::from(search.length[u as usize])).sum()
}

fn harmonic_of(search: &Search, n: usize) -> f64 {
    share(inverse_lengths(search), n as f64 - 1.0)
}

fn share(part: f64, others: f64) -> f64 {
    if others < 1.0 { f64::NAN } else { part / others }
}

fn per_source<'g>(
    graph: &'g Graph,
    next: impl Fn(u32) -> &'g [u32] + Sync,
    value: impl Fn(&Search) -> f64 + Sync,
) -> Vec<f64> {
    (0..graph.n_nodes() as u32)
        .into_par_iter()
        .map_init(
            || Search::new(graph.n_nodes()),
            |search, node| {
                search.run(node, &next);
                value(search)
            },
        )
        .collect()
}
