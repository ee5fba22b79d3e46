//! Communities the network itself shows, and how far they agree with declared groups.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::graph::{Graph, Weights};
use crate::random;

mod leiden;

/// Modularities closer than this are equal.
const EPSILON: f64 = 1e-12;

/// Settings of [`leiden`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeidenOptions<'a> {
    /// Resolution, > 0: larger values give more, smaller communities.
    pub gamma: f64,
    /// Number of independent seeded runs, of which the best is kept.
    pub runs: usize,
    /// Seed; run k draws from stream k.
    pub seed: u64,
    /// Most iterations of one run; it stops earlier when nothing improves.
    pub iterations: usize,
    /// Whether ties count alike or by strength.
    pub weights: Weights,
    /// Labels to start from instead of everyone alone; nodes beyond the end start alone.
    pub start: Option<&'a [u32]>,
}

impl Default for LeidenOptions<'_> {
    fn default() -> Self {
        LeidenOptions {
            gamma: 1.0,
            runs: 10,
            seed: 0,
            iterations: 10,
            weights: Weights::Tie,
            start: None,
        }
    }
}

/// A partition into communities and its quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Communities {
    /// Community of each node, numbered by falling size, then by smallest member.
    pub label: Vec<u32>,
    /// Modularity of the partition. NaN without ties.
    pub modularity: f64,
}

/// Communities by the Leiden algorithm: the informal groups in which people really work.
///
/// **Definition.** A partition that maximises [`modularity`] locally: no node and no well-connected
/// part of a community gains by moving. Of `runs` seeded runs the one with the largest modularity is
/// kept; among equals (1e-12) the one whose canonical labels are lexicographically smallest.
/// Every community is connected: a community that falls apart after the last move is split, which
/// never lowers modularity.
/// **Input.** Directions are ignored (strengths of both arcs add up). Disconnected graphs are fine;
/// isolates are communities of one. A `gamma` that is not positive and finite counts as 1, `runs` 0
/// as 1.
/// **Output.** Labels `0..k` in canonical order. **Undefined.** Modularity without ties is NaN.
/// **Errors.** None: total on a valid graph.
/// **Complexity.** Near O(m) per iteration and run in practice; runs are parallel.
/// **Determinism.** ChaCha20 under `seed`, one stream a run; same bits for any number of threads.
/// The refinement chooses with odds `exp(gain / (0.01 k_v))`, gain relative to the strength k_v of
/// the node that moves, so multiplying all strengths changes nothing.
/// **Reference.** Traag, Waltman & van Eck 2019, doi:10.1038/s41598-019-41695-z.
///
/// ```
/// use tieline_graph::{Graph, community::{LeidenOptions, leiden}};
/// // two triangles joined by one tie
/// let ties = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)].map(|(u, v)| (u, v, 1.0));
/// let found = leiden(&Graph::undirected(6, ties)?, LeidenOptions::default());
/// assert_eq!(found.label, [0, 0, 0, 1, 1, 1]);
/// assert!((found.modularity - 5.0 / 14.0).abs() < 1e-12);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn leiden(graph: &Graph, options: LeidenOptions<'_>) -> Communities {
    let graph = graph.as_undirected();
    let graph = match options.weights {
        Weights::Tie => graph,
        Weights::Binary => Cow::Owned(graph.with_unit_weights()),
    };
    let usable = options.gamma.is_finite() && options.gamma > 0.0;
    let options = LeidenOptions { gamma: if usable { options.gamma } else { 1.0 }, ..options };
    let runs: Vec<Communities> = (0..options.runs.max(1) as u64)
        .into_par_iter()
        .map(|run| {
            let found = leiden::run(&graph, options, &mut random::stream(options.seed, run));
            let label = canonical(&connected_parts(&graph, &found));
            let modularity = modularity(&graph, &label, options.gamma, Weights::Tie);
            Communities { label, modularity }
        })
        .collect();
    runs.into_iter().reduce(better).unwrap_or(Communities { label: vec![], modularity: f64::NAN })
}

fn better(best: Communities, next: Communities) -> Communities {
    let tied = (next.modularity - best.modularity).abs() <= EPSILON;
    let wins = if tied { next.label < best.label } else { next.modularity > best.modularity };
    if wins { next } else { best }
}

/// Splits every community into its connected components.
fn connected_parts(graph: &Graph, label: &[u32]) -> Vec<u32> {
    let mut part = vec![u32::MAX; label.len()];
    let mut stack = Vec::new();
    let mut count = 0;
    for start in graph.nodes() {
        if part[start as usize] != u32::MAX {
            continue;
        }
        part[start as usize] = count;
        stack.push(start);
        while let Some(node) = stack.pop() {
            for &next in graph.neighbours(node) {
                let same = label[next as usize] == label[node as usize];
                if same && part[next as usize] == u32::MAX {
                    part[next as usize] = count;
                    stack.push(next);
                }
            }
        }
        count += 1;
    }
    part
}

/// Renumbers labels `0..k` by falling size of the community, then by its smallest node.
///
/// ```
/// use tieline_graph::community::canonical;
/// assert_eq!(canonical(&[7, 3, 3, 9]), [1, 0, 0, 2]);
/// ```
#[must_use]
pub fn canonical(label: &[u32]) -> Vec<u32> {
    let mut sizes: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (node, &community) in label.iter().enumerate() {
        sizes.entry(community).or_insert((0, node)).0 += 1;
    }
    let mut order: Vec<(usize, usize, u32)> =
        sizes.into_iter().map(|(community, (size, first))| (size, first, community)).collect();
    order.sort_unstable_by_key(|&(size, first, _)| (usize::MAX - size, first));
    let number: BTreeMap<u32, u32> = order
        .into_iter()
        .enumerate()
        .map(|(rank, (_, _, community))| (community, rank as u32))
        .collect();
    label.iter().map(|community| number.get(community).copied().unwrap_or(u32::MAX)).collect()
}

/// Modularity: how much denser a partition's groups are inside than chance would make them.
///
/// **Definition.** `(1/2m) sum over i, j of (A_ij - gamma k_i k_j / 2m)` over pairs of one community;
/// of a directed graph `(1/m) sum of (A_ij - gamma kout_i kin_j / m)`.
/// **Input.** `label[v]` is the community of v; nodes beyond the end together form one more.
/// **Output.** In `[-gamma, 1]`. **Undefined.** No ties. **Complexity.** O(m + n log n).
/// **Reference.** Newman & Girvan 2004, doi:10.1103/PhysRevE.69.026113; Leicht & Newman 2008,
/// doi:10.1103/PhysRevLett.100.118703 for directed graphs.
#[must_use]
pub fn modularity(graph: &Graph, label: &[u32], gamma: f64, weights: Weights) -> f64 {
    let community = |node: u32| label.get(node as usize).copied().unwrap_or(u32::MAX);
    let mut activity: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let (mut inside, mut total) = (0.0, 0.0);
    for u in graph.nodes() {
        let (mut within, mut sent) = (0.0, 0.0);
        for (v, strength) in graph.ties_of(u) {
            sent += weights.of(strength);
            within += if community(u) == community(v) { weights.of(strength) } else { 0.0 };
        }
        let received: f64 = graph.in_weights(u).iter().map(|&s| weights.of(s)).sum();
        let entry = activity.entry(community(u)).or_default();
        *entry = (entry.0 + sent, entry.1 + received);
        inside += within;
        total += sent;
    }
    if total == 0.0 {
        return f64::NAN;
    }
    // Both directions of an undirected tie are in the rows, so `total` is 2m there and m for arcs.
    let chance: f64 = activity.values().map(|(out, inward)| (out / total) * (inward / total)).sum();
    inside / total - gamma * chance
}

/// How often each pair of labels of two partitions meets.
struct Contingency {
    cells: Vec<f64>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    n: f64,
}

impl Contingency {
    /// `None` where the partitions are not of the same, non-empty set.
    fn of(a: &[u32], b: &[u32]) -> Option<Contingency> {
        if a.len() != b.len() || a.is_empty() {
            return None;
        }
        let mut cells: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        let mut rows: BTreeMap<u32, f64> = BTreeMap::new();
        let mut columns: BTreeMap<u32, f64> = BTreeMap::new();
        for (&x, &y) in a.iter().zip(b) {
            *cells.entry((x, y)).or_default() += 1.0;
            *rows.entry(x).or_default() += 1.0;
            *columns.entry(y).or_default() += 1.0;
        }
        Some(Contingency {
            cells: cells.into_values().collect(),
            rows: rows.into_values().collect(),
            columns: columns.into_values().collect(),
            n: a.len() as f64,
        })
    }

    fn entropy(&self, counts: &[f64]) -> f64 {
        counts.iter().map(|count| -(count / self.n) * (count / self.n).ln()).sum()
    }
}

/// The adjusted Rand index of two partitions of the same nodes: 1 if equal, about 0 by chance.
///
/// **Output.** At most 1. Two partitions that are both trivial in the same way (all one, or all
/// alone) agree: 1. **Undefined.** Partitions of different length, or of nothing.
/// **Complexity.** O(n log n). **Reference.** Hubert & Arabie 1985, doi:10.1007/BF01908075.
///
/// ```
/// use tieline_graph::community::adjusted_rand_index;
/// assert_eq!(adjusted_rand_index(&[0, 0, 1, 1], &[5, 5, 2, 2]), 1.0);
/// assert_eq!(adjusted_rand_index(&[0, 0, 1, 1], &[0, 1, 0, 1]), -0.5);
/// ```
#[must_use]
pub fn adjusted_rand_index(a: &[u32], b: &[u32]) -> f64 {
    let Some(table) = Contingency::of(a, b) else { return f64::NAN };
    let pairs = |counts: &[f64]| counts.iter().map(|x| x * (x - 1.0) / 2.0).sum::<f64>();
    let (both, in_a, in_b) = (pairs(&table.cells), pairs(&table.rows), pairs(&table.columns));
    let all = table.n * (table.n - 1.0) / 2.0;
    // Both sides of the usual fraction times the number of pairs: whole and half numbers, exact.
    let most = f64::midpoint(in_a, in_b) * all;
    let by_chance = in_a * in_b;
    if most == by_chance { 1.0 } else { (both * all - by_chance) / (most - by_chance) }
}

/// The normalised mutual information of two partitions of the same nodes.
///
/// **Definition.** `2 I(U; V) / (H(U) + H(V))`, natural logarithms; 1 where both entropies are 0.
/// **Output.** In `[0, 1]`. **Undefined.** Partitions of different length, or of nothing.
/// **Complexity.** O(n log n). **Reference.** Danon et al. 2005,
/// doi:10.1088/1742-5468/2005/09/P09008.
#[must_use]
pub fn normalised_mutual_information(a: &[u32], b: &[u32]) -> f64 {
    let Some(table) = Contingency::of(a, b) else { return f64::NAN };
    let (in_a, in_b) = (table.entropy(&table.rows), table.entropy(&table.columns));
    // A group of everyone has entropy -1 ln 1 = -0, exactly.
    if table.rows.len() == 1 && table.columns.len() == 1 {
        return 1.0;
    }
    let shared = in_a + in_b - table.entropy(&table.cells);
    (2.0 * shared / (in_a + in_b)).clamp(0.0, 1.0)
}
