//! Who mixes with whom: E-I index, assortativity, homophily, diversity of contacts.
//!
//! Groups are a slice indexed by node; a node with `None`, or beyond the end of the slice, is of
//! unknown group. It is left out, with its ties, and counted. Results have an entry for every group
//! index in use, so groups are numbered from 0; indices from 2^20 count as unknown.

use rand_chacha::ChaCha20Rng;
use rayon::prelude::*;

use crate::graph::{Graph, Weights};
use crate::random;

/// Values closer than this count as equal when a permutation is compared with what was observed.
const EPSILON: f64 = 1e-12;

/// Groups are indices of vectors: one wild label must not ask for gigabytes.
const MOST_GROUPS: u32 = 1 << 20;

/// Group of a node, if known.
pub(crate) fn group_of(groups: &[Option<u32>], node: u32) -> Option<u32> {
    groups.get(node as usize).copied().flatten().filter(|&group| group < MOST_GROUPS)
}

/// One more than the largest group index among the first `n` nodes.
fn n_groups(groups: &[Option<u32>], n: usize) -> usize {
    (0..n as u32)
        .filter_map(|node| group_of(groups, node))
        .map(|group| group as usize + 1)
        .max()
        .unwrap_or(0)
}

/// The E-I index of a network, of its groups and of its people.
#[derive(Debug, Clone, PartialEq)]
pub struct EiIndex {
    /// E-I index over all ties, each once. NaN without ties.
    pub network: f64,
    /// Weight of the ties between groups (E).
    pub external: f64,
    /// Weight of the ties inside groups (I).
    pub internal: f64,
    /// E-I index over the ties of each node. NaN without ties or of unknown group.
    pub by_node: Vec<f64>,
    /// E-I index of each group: ties inside against ties with exactly one end inside. NaN if none.
    pub by_group: Vec<f64>,
    /// Mean of the network index if groups were dealt at random, [`ei_expected`].
    pub expected: f64,
    /// Nodes of unknown group, left out.
    pub excluded_nodes: usize,
    /// Ties with an end of unknown group, left out.
    pub excluded_ties: usize,
}

/// The E-I index: do people and units look inward or outward?
///
/// **Definition.** `(E - I) / (E + I)` with E the ties between groups and I those inside; ties
/// counted or their strengths added, as `weights` says. Of a directed graph every arc counts.
/// **Input.** `groups[v]` is the group of v.
/// **Output.** In `[-1, 1]`: -1 all internal, +1 all external. The raw index depends on the sizes
/// of the groups, so show `expected` beside it.
/// **Undefined.** NaN where there are no ties. **Errors.** None: total on a valid graph.
/// **Complexity.** O(n + m). **Reference.** Krackhardt & Stern 1988, doi:10.2307/2786835.
///
/// ```
/// use tieline_graph::{Graph, Weights, mixing::ei_index};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)])?;
/// let ei = ei_index(&graph, &[Some(0), Some(0), Some(1), Some(1)], Weights::Binary);
/// assert!((ei.network + 1.0 / 3.0).abs() < 1e-12);
/// assert_eq!(ei.by_node, [-1.0, 0.0, 0.0, -1.0]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn ei_index(graph: &Graph, groups: &[Option<u32>], weights: Weights) -> EiIndex {
    let n = graph.n_nodes();
    let mut network = Sides::default();
    let mut by_node = vec![Sides::default(); n];
    let mut by_group = vec![Sides::default(); n_groups(groups, n)];
    let mut excluded_ties = 0;
    for (u, v, strength) in graph.ties() {
        let (Some(a), Some(b)) = (group_of(groups, u), group_of(groups, v)) else {
            excluded_ties += 1;
            continue;
        };
        let worth = weights.of(strength);
        network.add(a == b, worth);
        by_node[u as usize].add(a == b, worth);
        by_node[v as usize].add(a == b, worth);
        by_group[a as usize].add(a == b, worth);
        if a != b {
            by_group[b as usize].add(false, worth);
        }
    }
    EiIndex {
        network: network.index(),
        external: network.external,
        internal: network.internal,
        by_node: by_node.iter().map(Sides::index).collect(),
        by_group: by_group.iter().map(Sides::index).collect(),
        expected: ei_expected(groups.get(..n).unwrap_or(groups)),
        excluded_nodes: graph.nodes().filter(|&node| group_of(groups, node).is_none()).count(),
        excluded_ties,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    internal: f64,
    external: f64,
}

impl Sides {
    fn add(&mut self, inside: bool, worth: f64) {
        *(if inside { &mut self.internal } else { &mut self.external }) += worth;
    }

    fn index(&self) -> f64 {
        ratio(self.external - self.internal, self.external + self.internal)
    }
}

/// Mean of the network's E-I index when the groups are dealt to the nodes at random.
///
/// **Definition.** `2 P - 1` with P the chance that two different nodes of known group are of
/// different groups; exact, and the same for weighted ties. **Undefined.** Fewer than two such nodes.
#[must_use]
pub fn ei_expected(groups: &[Option<u32>]) -> f64 {
    let mut sizes = vec![0f64; n_groups(groups, groups.len())];
    for group in (0..groups.len() as u32).filter_map(|node| group_of(groups, node)) {
        sizes[group as usize] += 1.0;
    }
    let n: f64 = sizes.iter().sum();
    let inside: f64 = sizes.iter().map(|size| size * (size - 1.0)).sum();
    1.0 - 2.0 * ratio(inside, n * (n - 1.0).max(0.0))
}

/// How an observed E-I index compares with groups dealt at random.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PermutationTest {
    /// Mean over the permutations.
    pub mean: f64,
    /// Standard deviation over the permutations (divided by their number).
    pub sd: f64,
    /// (observed - mean) / sd. NaN where sd is 0.
    pub z: f64,
    /// Chance of a value as low or lower: small if more inward than chance.
    pub p_lower: f64,
    /// Chance of a value as high or higher.
    pub p_upper: f64,
    /// Twice the smaller of the two, at most 1.
    pub p_two_sided: f64,
    /// Number of permutations made.
    pub permutations: usize,
}

/// Tests the network's E-I index against groups dealt at random to the same nodes.
///
/// **Definition.** The labels of the nodes of known group are permuted, the graph and the sizes of
/// the groups stay. `p_lower = (1 + #{EI* <= observed}) / (B + 1)`, `p_upper` likewise.
/// **Input.** As [`ei_index`]; B = `permutations`, usually 5,000.
/// **Output.** See [`PermutationTest`]. **Undefined.** All NaN without ties or permutations.
/// **Complexity.** O(B (n + m)). **Determinism.** Permutation k draws from stream k of a ChaCha20
/// generator under `seed`; same bits for any number of threads.
/// **Reference.** Krackhardt & Stern 1988, doi:10.2307/2786835.
#[must_use]
pub fn ei_permutation_test(
    graph: &Graph,
    groups: &[Option<u32>],
    weights: Weights,
    permutations: usize,
    seed: u64,
) -> PermutationTest {
    let observed = ei_index(graph, groups, weights).network;
    let labels = KnownLabels::new(graph, groups);
    let ties: Vec<_> = labels.ties(graph);
    let draws: Vec<f64> = (0..permutations)
        .into_par_iter()
        .map(|draw| {
            let dealt = labels.dealt(&mut random::stream(seed, draw as u64));
            let mut sides = Sides::default();
            for &(u, v, strength) in &ties {
                sides.add(dealt[u as usize] == dealt[v as usize], weights.of(strength));
            }
            sides.index()
        })
        .collect();
    summarise(observed, &draws)
}

fn summarise(observed: f64, draws: &[f64]) -> PermutationTest {
    let count = draws.len() as f64;
    let mean = ratio(draws.iter().sum(), count);
    let sd = ratio(draws.iter().map(|x| (x - mean).powi(2)).sum(), count).sqrt();
    let share = |extreme: usize| {
        if mean.is_nan() || observed.is_nan() {
            f64::NAN
        } else {
            (1.0 + extreme as f64) / (count + 1.0)
        }
    };
    let p_lower = share(draws.iter().filter(|&&x| x <= observed + EPSILON).count());
    let p_upper = share(draws.iter().filter(|&&x| x >= observed - EPSILON).count());
    PermutationTest {
        mean,
        sd,
        z: if sd <= EPSILON { f64::NAN } else { (observed - mean) / sd },
        p_lower,
        p_upper,
        // `f64::min` would turn an undefined value into 1.
        p_two_sided: if p_lower.is_nan() {
            f64::NAN
        } else {
            (2.0 * p_lower.min(p_upper)).min(1.0)
        },
        permutations: draws.len(),
    }
}

/// The labels of the nodes of known group, ready to be dealt anew.
pub(crate) struct KnownLabels {
    /// Nodes of known group, in strata within which labels are exchanged.
    strata: Vec<Vec<u32>>,
    /// Label of each node; of no meaning for nodes of unknown group.
    label: Vec<u32>,
    known: Vec<bool>,
}

impl KnownLabels {
    /// All nodes of known group exchange labels with each other.
    pub(crate) fn new(graph: &Graph, groups: &[Option<u32>]) -> KnownLabels {
        let group = |node| group_of(groups, node);
        KnownLabels {
            strata: vec![graph.nodes().filter(|&node| group(node).is_some()).collect()],
            label: graph.nodes().map(|node| group(node).unwrap_or(u32::MAX)).collect(),
            known: graph.nodes().map(|node| group(node).is_some()).collect(),
        }
    }

    /// Labels are exchanged only between nodes of like degree: about `strata` classes of about equal
    /// size, nodes of equal degree always in one class (else the index would decide who may differ).
    pub(crate) fn stratified_by_degree(self, graph: &Graph, strata: usize) -> KnownLabels {
        let mut nodes: Vec<u32> = self.strata.into_iter().flatten().collect();
        nodes.sort_unstable_by_key(|&node| (graph.degree(node), node));
        let size = nodes.len().div_ceil(strata.max(1)).max(1);
        let mut strata: Vec<Vec<u32>> = Vec::new();
        for alike in nodes.chunk_by(|&a, &b| graph.degree(a) == graph.degree(b)) {
            match strata.last_mut() {
                Some(last) if last.len() < size => last.extend(alike),
                _ => strata.push(alike.to_vec()),
            }
        }
        KnownLabels { strata, ..self }
    }

    /// Ties whose both ends are of known group.
    pub(crate) fn ties(&self, graph: &Graph) -> Vec<(u32, u32, f64)> {
        let known = |node: u32| self.known[node as usize];
        graph.ties().filter(|&(u, v, _)| known(u) && known(v)).collect()
    }

    /// One random dealing of the labels.
    pub(crate) fn dealt(&self, rng: &mut ChaCha20Rng) -> Vec<u32> {
        let mut dealt = self.label.clone();
        for stratum in &self.strata {
            let mut hand: Vec<u32> = stratum.iter().map(|&n| self.label[n as usize]).collect();
            random::shuffle(rng, &mut hand);
            for (&node, label) in stratum.iter().zip(hand) {
                dealt[node as usize] = label;
            }
        }
        dealt
    }
}

/// Nominal assortativity: do people connect mainly with their own group?
///
/// **Definition.** `r = (sum of e_gg - sum of a_g b_g) / (1 - sum of a_g b_g)` with `e_gh` the share
/// of edge ends that lead from g to h, a and b its row and column sums.
/// **Input.** Directed or not; `weights` counts ties or adds strengths; unknown groups are left out.
/// **Output.** At most 1. **Undefined.** No ties, or all ends in one group.
/// **Complexity.** O(n + m). **Reference.** Newman 2003, doi:10.1103/PhysRevE.67.026126.
#[must_use]
pub fn assortativity(graph: &Graph, groups: &[Option<u32>], weights: Weights) -> f64 {
    let count = n_groups(groups, graph.n_nodes());
    let (mut from, mut to) = (vec![0.0; count], vec![0.0; count]);
    let (mut same, mut total) = (0.0, 0.0);
    for u in graph.nodes() {
        for (v, strength) in graph.ties_of(u) {
            let (Some(a), Some(b)) = (group_of(groups, u), group_of(groups, v)) else { continue };
            let worth = weights.of(strength);
            from[a as usize] += worth;
            to[b as usize] += worth;
            total += worth;
            same += if a == b { worth } else { 0.0 };
        }
    }
    let by_chance: f64 = from.iter().zip(&to).map(|(a, b)| (a / total) * (b / total)).sum();
    if total == 0.0 || (1.0 - by_chance).abs() <= EPSILON {
        return f64::NAN;
    }
    (same / total - by_chance) / (1.0 - by_chance)
}

/// Degree assortativity: do people with many ties connect with their like?
///
/// **Definition.** Pearson correlation, over the ends of all ties, of the degrees at both ends (of
/// arcs: out-degree of the tail, in-degree of the head).
/// **Output.** In `[-1, 1]`. **Undefined.** No ties, or no variance. **Complexity.** O(n + m).
/// **Reference.** Newman 2003, doi:10.1103/PhysRevE.67.026126.
#[must_use]
pub fn degree_assortativity(graph: &Graph) -> f64 {
    let ends = || {
        graph.nodes().flat_map(|u| {
            let x = graph.degree(u) as f64;
            graph.neighbours(u).iter().map(move |&v| (x, graph.in_degree(v) as f64))
        })
    };
    let count = ends().count() as f64;
    let (sum_x, sum_y) = ends().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x, sy + y));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in ends() {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    ratio(xy, (xx * yy).sqrt())
}

/// Homophily of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homophily {
    /// Share of the group's tie ends that lead to the group itself (H). NaN without ties.
    pub same_share: f64,
    /// Share expected if contacts were drawn at random, `(n_g - 1)/(n - 1)` (w).
    pub baseline: f64,
    /// Coleman's inbreeding homophily, `(H - w)/(1 - w)`. NaN without ties or if n_g = n.
    pub inbreeding: f64,
}

/// Homophily of every group: is any group closed to others, or left out?
///
/// **Input.** Directions are ignored; nodes of unknown group and their ties are left out.
/// **Output.** One entry per group index. **Complexity.** O(n + m).
/// **Reference.** Coleman 1958; Currarini, Jackson & Pin 2009, doi:10.3982/ECTA7528.
#[must_use]
pub fn homophily(graph: &Graph, groups: &[Option<u32>], weights: Weights) -> Vec<Homophily> {
    let graph = graph.as_undirected();
    let count = n_groups(groups, graph.n_nodes());
    let (mut same, mut all, mut sizes) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
    for u in graph.nodes() {
        let Some(a) = group_of(groups, u) else { continue };
        sizes[a as usize] += 1.0;
        for (v, strength) in graph.ties_of(u) {
            let Some(b) = group_of(groups, v) else { continue };
            all[a as usize] += weights.of(strength);
            same[a as usize] += if a == b { weights.of(strength) } else { 0.0 };
        }
    }
    let n: f64 = sizes.iter().sum();
    let of_group = |group: usize| {
        let same_share = ratio(same[group], all[group]);
        let baseline =
            if sizes[group] == 0.0 { f64::NAN } else { ratio(sizes[group] - 1.0, n - 1.0) };
        let inbreeding = ratio(same_share - baseline, 1.0 - baseline);
        Homophily { same_share, baseline, inbreeding }
    };
    (0..count).map(of_group).collect()
}

/// Blau's diversity of every node's contacts: 0 if all are of one group.
///
/// **Definition.** `1 - sum of share_h^2` over the groups h of the neighbours of known group.
/// **Input.** Directions and strengths are ignored. **Output.** In `[0, 1)`.
/// **Undefined.** No such neighbour. **Complexity.** O(n + m).
/// **Reference.** Blau 1977, *Inequality and Heterogeneity*.
#[must_use]
pub fn blau(graph: &Graph, groups: &[Option<u32>]) -> Vec<f64> {
    let graph = graph.as_undirected();
    let mut counts = vec![0.0; n_groups(groups, graph.n_nodes())];
    let mut diversity = Vec::with_capacity(graph.n_nodes());
    for node in graph.nodes() {
        let known: Vec<u32> =
            graph.neighbours(node).iter().filter_map(|&alter| group_of(groups, alter)).collect();
        for &group in &known {
            counts[group as usize] += 1.0;
        }
        // Each of the c contacts of a group adds c, so the sum over contacts is that of c^2.
        let squares: f64 = known.iter().map(|&group| counts[group as usize]).sum();
        diversity.push(1.0 - ratio(squares, (known.len() as f64).powi(2)));
        for &group in &known {
            counts[group as usize] = 0.0;
        }
    }
    diversity
}

fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}
