//! Fragmentation, and the key players who hold the network together or reach all of it.

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::closeness::global_efficiency;
use crate::components::components;
use crate::graph::Graph;
use crate::paths::UNREACHABLE;

/// Values closer than this are equal; then the lexicographically first set wins.
const EPSILON: f64 = 1e-12;
/// Up to this many sets all are tried.
const MOST_SETS: u128 = 1_000_000;

/// Fragmentation: the share of pairs of nodes that cannot reach each other.
///
/// **Definition.** `F = 1 - sum over components of s (s - 1) / (n (n - 1))`.
/// **Input.** Directions and strengths are ignored. **Output.** In `[0, 1]`.
/// **Undefined.** n < 2. **Complexity.** O(n + m).
/// **Reference.** Borgatti 2006, doi:10.1007/s10588-006-7084-x.
///
/// ```
/// use tieline_graph::{Graph, fragmentation::fragmentation};
/// let graph = Graph::undirected(3, [(0, 1, 1.0)])?;
/// assert!((fragmentation(&graph) - 2.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn fragmentation(graph: &Graph) -> f64 {
    let n = graph.n_nodes() as f64;
    let joined = components(graph).connected_pairs() as f64;
    if n < 2.0 { f64::NAN } else { 1.0 - 2.0 * joined / (n * (n - 1.0)) }
}

/// Distance-weighted fragmentation: 1 minus the mean of 1/d over all pairs of nodes.
///
/// Input, undefined and reference as [`fragmentation`]. **Complexity.** O(n (n + m)).
#[must_use]
pub fn distance_weighted_fragmentation(graph: &Graph) -> f64 {
    1.0 - global_efficiency(&graph.as_undirected())
}

/// What the loss of a set of people is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NegMeasure {
    /// [`fragmentation`] of the network that is left.
    #[default]
    Fragmentation,
    /// [`distance_weighted_fragmentation`] of the network that is left.
    DistanceWeighted,
}

/// What the reach of a set of people is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PosMeasure {
    /// Mean over all nodes of `1 / max(1, d(S, v))`, unreachable 0, members 1.
    #[default]
    DistanceWeightedReach,
    /// Share of nodes within so many steps, members included.
    ReachWithin(u32),
}

/// A set of key players.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPlayers {
    /// The set, ascending; of size k, or of all nodes where there are fewer.
    pub members: Vec<u32>,
    /// Its value under the measure asked for. NaN where that is undefined.
    pub value: f64,
    /// Whether all sets were tried; otherwise the set is the end of a greedy search with swaps.
    pub exact: bool,
}

/// The k people whose loss would break the network most.
///
/// **Definition.** The set S of size k with the largest fragmentation of the graph without S,
/// denominators with n - k; among equals (1e-12) the lexicographically first.
/// **Input.** Directions and strengths are ignored.
/// **Output.** See [`KeyPlayers`]. **Undefined.** The value where fewer than two nodes are left.
/// **Complexity.** All sets up to a million, then greedy with pairwise swaps; each set costs
/// O(n + m) for fragmentation, O(n (n + m)) distance-weighted.
/// **Determinism.** Same result for any number of threads.
/// **Reference.** Borgatti 2006, doi:10.1007/s10588-006-7084-x (KPP-NEG).
///
/// ```
/// use tieline_graph::{Graph, fragmentation::{NegMeasure, kpp_neg}};
/// let graph = Graph::undirected(5, [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0)])?;
/// assert_eq!(kpp_neg(&graph, 1, NegMeasure::Fragmentation).members, [2]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn kpp_neg(graph: &Graph, k: usize, measure: NegMeasure) -> KeyPlayers {
    let graph = &*graph.as_undirected();
    let n = graph.n_nodes();
    best_set(n, k, |members| {
        let mut removed = vec![false; n];
        for &member in members {
            removed[member as usize] = true;
        }
        let rest = graph.without_nodes(&removed);
        let left = (n - members.len()) as f64;
        let pairs = left * (left - 1.0);
        // Members are isolates of `rest`: they join no pair, so only the denominator changes.
        let joined = match measure {
            NegMeasure::Fragmentation => 2.0 * components(&rest).connected_pairs() as f64,
            NegMeasure::DistanceWeighted => {
                global_efficiency(&rest) * (n as f64 * (n as f64 - 1.0))
            }
        };
        if left < 2.0 { f64::NAN } else { 1.0 - joined / pairs }
    })
}

/// The k people who together reach everyone best.
///
/// **Definition.** The set S of size k with the largest reach; among equals (1e-12) the
/// lexicographically first. Members count 1 each.
/// **Input.** Directions and strengths are ignored. **Output.** See [`KeyPlayers`]; the value is in
/// `[0, 1]`. **Undefined.** The value in the empty graph.
/// **Complexity.** As [`kpp_neg`]; each set costs O(n + m). **Determinism, reference.** As
/// [`kpp_neg`] (KPP-POS).
#[must_use]
pub fn kpp_pos(graph: &Graph, k: usize, measure: PosMeasure) -> KeyPlayers {
    let graph = &*graph.as_undirected();
    best_set(graph.n_nodes(), k, |members| {
        let length = lengths_from_set(graph, members);
        let worth = |&d: &u32| match measure {
            PosMeasure::DistanceWeightedReach if d == UNREACHABLE => 0.0,
            PosMeasure::DistanceWeightedReach => 1.0 / f64::from(d.max(1)),
            PosMeasure::ReachWithin(steps) => f64::from(u8::from(d != UNREACHABLE && d <= steps)),
        };
        let sum: f64 = length.iter().map(worth).sum();
        if length.is_empty() { f64::NAN } else { sum / length.len() as f64 }
    })
}

fn lengths_from_set(graph: &Graph, members: &[u32]) -> Vec<u32> {
    let mut length = vec![UNREACHABLE; graph.n_nodes()];
    let mut reached = members.to_vec();
    for &member in members {
        length[member as usize] = 0;
    }
    let mut position = 0;
    while let Some(&node) = reached.get(position) {
        position += 1;
        for &next in graph.neighbours(node) {
            if length[next as usize] == UNREACHABLE {
                length[next as usize] = length[node as usize] + 1;
                reached.push(next);
            }
        }
    }
    length
}

/// The set of `k` of `0..n` with the largest value.
fn best_set(n: usize, k: usize, value: impl Fn(&[u32]) -> f64 + Sync) -> KeyPlayers {
    let k = k.min(n);
    if k == 0 {
        return KeyPlayers { members: vec![], value: value(&[]), exact: true };
    }
    if binomial(n, k) > MOST_SETS {
        return greedy_set(n, k, &value);
    }
    let firsts: Vec<(Vec<u32>, f64)> = (0..=(n - k) as u32)
        .into_par_iter()
        .map(|first| best_from(first, n as u32, k, &value))
        .collect();
    // In order of the first member, so that an equal later set never replaces an earlier one.
    let best =
        firsts.into_iter().reduce(|best, next| if beats(next.1, best.1) { next } else { best });
    let (members, value) = best.unwrap_or((vec![], f64::NAN));
    KeyPlayers { members, value, exact: true }
}

/// The best set whose smallest member is `first`.
fn best_from(first: u32, n: u32, k: usize, value: &impl Fn(&[u32]) -> f64) -> (Vec<u32>, f64) {
    let mut set: Vec<u32> = (first..first + k as u32).collect();
    let mut best = (set.clone(), value(&set));
    while advance(&mut set, n).is_continue() {
        let next = value(&set);
        if beats(next, best.1) {
            best = (set.clone(), next);
        }
    }
    best
}

/// The next set in lexicographic order with the same first member.
fn advance(set: &mut [u32], n: u32) -> ControlFlow<()> {
    let k = set.len();
    for position in (1..k).rev() {
        if set[position] < n - (k - position) as u32 {
            set[position] += 1;
            for later in position + 1..k {
                set[later] = set[later - 1] + 1;
            }
            return ControlFlow::Continue(());
        }
    }
    ControlFlow::Break(())
}

fn greedy_set(n: usize, k: usize, value: &(impl Fn(&[u32]) -> f64 + Sync)) -> KeyPlayers {
    let mut members: Vec<u32> = Vec::new();
    let mut current = f64::NAN;
    while members.len() < k {
        let Some((node, gained)) = best_addition(n, &members, value) else { break };
        members.push(node);
        members.sort_unstable();
        current = gained;
    }
    // Each swap raises the value by more than EPSILON and values are bounded, so this ends.
    loop {
        let swaps = members.clone();
        let mut improved = false;
        for out in swaps {
            let rest: Vec<u32> = members.iter().copied().filter(|&node| node != out).collect();
            let Some((node, gained)) = best_addition(n, &rest, value) else { continue };
            if beats(gained, current) {
                members = rest;
                members.push(node);
                members.sort_unstable();
                current = gained;
                improved = true;
            }
        }
        if !improved {
            return KeyPlayers { members, value: current, exact: false };
        }
    }
}

/// The node that adds most to a set, and the value of the set with it.
fn best_addition(
    n: usize,
    members: &[u32],
    value: &(impl Fn(&[u32]) -> f64 + Sync),
) -> Option<(u32, f64)> {
    let candidates: Vec<(u32, f64)> = (0..n as u32)
        .into_par_iter()
        .filter(|node| !members.contains(node))
        .map(|node| {
            let mut set = members.to_vec();
            set.push(node);
            set.sort_unstable();
            (node, value(&set))
        })
        .collect();
    candidates.into_iter().reduce(|best, next| if beats(next.1, best.1) { next } else { best })
}

fn beats(next: f64, best: f64) -> bool {
    next > best + EPSILON || (best.is_nan() && !next.is_nan())
}

/// Number of sets of k of n, saturating.
fn binomial(n: usize, k: usize) -> u128 {
    let k = k.min(n - k);
    (0..k)
        .try_fold(1u128, |sets, i| Some(sets.checked_mul((n - i) as u128)? / (i + 1) as u128))
        .unwrap_or(u128::MAX)
}
