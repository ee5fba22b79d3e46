//! Silos: which groups should be talking and are not.
//!
//! Ties are read without directions. Nodes of unknown group are left out with their ties, so n, m
//! and degrees are those of the network of known nodes. Tables list the unordered pairs of groups,
//! pairs within a group included, as (0,0), (0,1), ..., (0,g-1), (1,1), ...; see [`pair_index`].

use rayon::prelude::*;

use crate::graph::{Graph, Weights};
use crate::mixing::{KnownLabels, group_of};
use crate::random;

/// Position of the unordered pair of groups `a`, `b` in a table over `n_groups` groups.
///
/// `None` where one of them is not below `n_groups`.
#[must_use]
pub fn pair_index(n_groups: usize, a: u32, b: u32) -> Option<usize> {
    let (low, high) = (a.min(b) as usize, a.max(b) as usize);
    (high < n_groups).then(|| low * n_groups - low * low.saturating_sub(1) / 2 + high - low)
}

/// Ties of one pair of groups against what two null models expect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiloPair {
    /// Smaller group index.
    pub a: u32,
    /// Larger group index; equal to `a` for ties within the group.
    pub b: u32,
    /// Ties, or their strengths, between the two (O).
    pub observed: f64,
    /// Ties expected if all pairs of people were tied alike.
    pub expected_density: f64,
    /// Ties expected given how active each group is (configuration model): the default.
    pub expected_config: f64,
    /// O / `expected_density`; NaN where nothing is expected.
    pub ratio_density: f64,
    /// O / `expected_config`; NaN where nothing is expected.
    pub ratio_config: f64,
    /// Silo score `max(0, 1 - ratio_density)`, 1 = no contact at all. NaN within a group.
    pub score: f64,
    /// `log2((O + 0.5) / (expected_density + 0.5))`, for sorting and display.
    pub log2_density: f64,
    /// `log2((O + 0.5) / (expected_config + 0.5))`, for sorting and display.
    pub log2_config: f64,
}

/// The silo index of every pair of groups.
#[derive(Debug, Clone, PartialEq)]
pub struct SiloTable {
    /// Number of groups.
    pub n_groups: usize,
    /// Nodes in each group.
    pub sizes: Vec<usize>,
    /// One entry per unordered pair, in the order of [`pair_index`].
    pub pairs: Vec<SiloPair>,
    /// Nodes of unknown group, left out.
    pub excluded_nodes: usize,
    /// Ties with an end of unknown group, left out.
    pub excluded_ties: usize,
}

impl SiloTable {
    /// The entry of two groups, if both exist.
    #[must_use]
    pub fn pair(&self, a: u32, b: u32) -> Option<&SiloPair> {
        self.pairs.get(pair_index(self.n_groups, a, b)?)
    }
}

/// The silo index: which departments should be talking and are not.
///
/// **Definition.** O_AB = ties (or strengths) between A and B; with n, m, sizes n_A and degree (or
/// strength) sums K_A, `E_density = m n_A n_B / (n (n-1)/2)` (within: `n_A (n_A-1)/2` pairs) and
/// `E_config = K_A K_B / (2m)` (within: `K_A^2 / (4m)`).
/// **Input.** Groups `0..n_groups`; a group at or above `n_groups` counts as unknown.
/// **Output.** See [`SiloPair`]. **Undefined.** Ratios where nothing is expected.
/// **Errors.** None: total on a valid graph. **Complexity.** O(n + m + n_groups^2).
/// **Reference.** Tieline's own, on standard null models (configuration model: Newman 2010,
/// *Networks*, section 13.2).
///
/// ```
/// use tieline_graph::{Graph, Weights, silo::silo_table};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (2, 3, 1.0)])?;
/// let table = silo_table(&graph, &[Some(0), Some(0), Some(1), Some(1)], 2, Weights::Binary);
/// assert_eq!(table.pair(1, 0).unwrap().score, 1.0);
/// assert_eq!(table.pair(0, 0).unwrap().ratio_config, 2.0);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn silo_table(
    graph: &Graph,
    groups: &[Option<u32>],
    n_groups: usize,
    weights: Weights,
) -> SiloTable {
    let graph = graph.as_undirected();
    let groups = known_groups(&graph, groups, n_groups);
    let counts = Counts::of(&graph, &groups, n_groups, weights);
    let mut pairs = Vec::with_capacity(counts.observed.len());
    for a in 0..n_groups {
        for b in a..n_groups {
            pairs.push(counts.pair(a, b, counts.observed[pairs.len()]));
        }
    }
    SiloTable {
        n_groups,
        sizes: counts.sizes.iter().map(|&size| size as usize).collect(),
        pairs,
        excluded_nodes: groups.iter().filter(|group| group.is_none()).count(),
        excluded_ties: counts.excluded_ties,
    }
}

/// Groups of all nodes, those out of range made unknown.
fn known_groups(graph: &Graph, groups: &[Option<u32>], n_groups: usize) -> Vec<Option<u32>> {
    let known = |node| group_of(groups, node).filter(|&group| (group as usize) < n_groups);
    graph.nodes().map(known).collect()
}

/// Number of entries of a table over `n_groups` groups.
fn table_len(n_groups: usize) -> usize {
    n_groups * (n_groups + 1) / 2
}

struct Counts {
    sizes: Vec<f64>,
    /// Degree or strength sum of each group (K).
    activity: Vec<f64>,
    observed: Vec<f64>,
    /// Sum over all ties (m).
    total: f64,
    excluded_ties: usize,
}

impl Counts {
    fn of(graph: &Graph, groups: &[Option<u32>], n_groups: usize, weights: Weights) -> Counts {
        let mut counts = Counts {
            sizes: vec![0.0; n_groups],
            activity: vec![0.0; n_groups],
            observed: vec![0.0; table_len(n_groups)],
            total: 0.0,
            excluded_ties: 0,
        };
        for &group in groups.iter().flatten() {
            counts.sizes[group as usize] += 1.0;
        }
        for (u, v, strength) in graph.ties() {
            let ends = (group_of(groups, u), group_of(groups, v));
            let (Some(a), Some(b)) = ends else {
                counts.excluded_ties += 1;
                continue;
            };
            let worth = weights.of(strength);
            counts.activity[a as usize] += worth;
            counts.activity[b as usize] += worth;
            counts.total += worth;
            if let Some(index) = pair_index(n_groups, a, b) {
                counts.observed[index] += worth;
            }
        }
        counts
    }

    fn pair(&self, a: usize, b: usize, observed: f64) -> SiloPair {
        let n: f64 = self.sizes.iter().sum();
        let possible = n * (n - 1.0) / 2.0;
        let (pairs, configured) = if a == b {
            let half = self.activity[a] / (2.0 * self.total);
            (self.sizes[a] * (self.sizes[a] - 1.0) / 2.0, half * self.activity[a] / 2.0)
        } else {
            let half = self.activity[a] / (2.0 * self.total);
            (self.sizes[a] * self.sizes[b], half * self.activity[b])
        };
        let expected_density = if possible > 0.0 { self.total * (pairs / possible) } else { 0.0 };
        let expected_config = if self.total > 0.0 { configured } else { 0.0 };
        let ratio_density = ratio(observed, expected_density);
        SiloPair {
            a: a as u32,
            b: b as u32,
            observed,
            expected_density,
            expected_config,
            ratio_density,
            ratio_config: ratio(observed, expected_config),
            // `f64::max` would turn an undefined ratio into a score of 0.
            score: if a == b || ratio_density.is_nan() {
                f64::NAN
            } else {
                (1.0 - ratio_density).max(0.0)
            },
            log2_density: ((observed + 0.5) / (expected_density + 0.5)).log2(),
            log2_config: ((observed + 0.5) / (expected_config + 0.5)).log2(),
        }
    }
}

fn ratio(above: f64, below: f64) -> f64 {
    if below > 0.0 { above / below } else { f64::NAN }
}

/// Chance of as few ties as observed, for every pair of groups, if labels were dealt at random.
///
/// **Definition.** The labels of the nodes of known group are permuted, the graph and the sizes of
/// the groups stay; `p = (1 + #{O* <= O}) / (B + 1)` with B = `permutations`. Ties are counted, not
/// weighed. This null does not know that groups differ in activity: a group of quiet people has few
/// ties with everyone. See [`pair_p_values_by_activity`].
/// **Output.** In `[1/(B+1), 1]`, in the order of [`pair_index`]. **Undefined.** NaN where a group
/// is empty (or has one member, for ties within it). **Errors.** None.
/// **Complexity.** O(B (n + m + n_groups^2)). **Determinism.** Permutation k draws from stream k of
/// a ChaCha20 generator under `seed`; the same result for any number of threads.
#[must_use]
pub fn pair_p_values(
    graph: &Graph,
    groups: &[Option<u32>],
    n_groups: usize,
    permutations: usize,
    seed: u64,
) -> Vec<f64> {
    pair_p_values_by_activity(graph, groups, n_groups, permutations, seed, 1)
}

/// As [`pair_p_values`], but labels are dealt only among people of like degree.
///
/// People are sorted by degree into about `strata` classes of equal size (10 is usual; people of one
/// degree are never parted) and labels permuted within each class, so every group keeps nearly the
/// activity it has. One class is the plain permutation of [`pair_p_values`].
#[must_use]
pub fn pair_p_values_by_activity(
    graph: &Graph,
    groups: &[Option<u32>],
    n_groups: usize,
    permutations: usize,
    seed: u64,
    strata: usize,
) -> Vec<f64> {
    let null = PairNull::by_activity(graph, groups, n_groups, permutations, seed, strata);
    let graph = graph.as_undirected();
    let groups = known_groups(&graph, groups, n_groups);
    let counts = Counts::of(&graph, &groups, n_groups, Weights::Binary);
    let observed = counts.observed.iter().enumerate();
    observed.map(|(pair, &count)| null.p_lower(pair, count as usize)).collect()
}

/// How many ties each pair of groups has when labels are dealt at random: the chance distribution
/// behind [`pair_p_values`], kept so that further counts can be held against it.
///
/// **Definition.** One histogram of permuted counts a pair, from the permutations of
/// [`pair_p_values_by_activity`]. **Memory.** O(n_groups^2 spread), spread = largest less smallest
/// count drawn for a pair. **Complexity, determinism.** As [`pair_p_values`].
#[derive(Debug, Clone, PartialEq)]
pub struct PairNull {
    permutations: usize,
    /// Whether a pair has two people to tie, in the order of [`pair_index`].
    possible: Vec<bool>,
    drawn: Vec<Histogram>,
}

impl PairNull {
    /// Deals the labels of all people of known group, as [`pair_p_values`] does.
    #[must_use]
    pub fn new(
        graph: &Graph,
        groups: &[Option<u32>],
        n_groups: usize,
        permutations: usize,
        seed: u64,
    ) -> PairNull {
        PairNull::by_activity(graph, groups, n_groups, permutations, seed, 1)
    }

    /// Deals labels only among people of like degree, as [`pair_p_values_by_activity`] does.
    #[must_use]
    pub fn by_activity(
        graph: &Graph,
        groups: &[Option<u32>],
        n_groups: usize,
        permutations: usize,
        seed: u64,
        strata: usize,
    ) -> PairNull {
        let graph = &*graph.as_undirected();
        let groups = known_groups(graph, groups, n_groups);
        let labels = KnownLabels::new(graph, &groups).stratified_by_degree(graph, strata);
        let ties = labels.ties(graph);
        let none = || vec![Histogram::default(); table_len(n_groups)];
        let draw = |mut drawn: Vec<Histogram>, draw: usize| {
            let dealt = labels.dealt(&mut random::stream(seed, draw as u64));
            for (histogram, count) in drawn.iter_mut().zip(tally(&ties, &dealt, n_groups)) {
                histogram.add(count as usize, 1);
            }
            drawn
        };
        // Whole numbers are added up, so the order in which threads do it does not matter.
        let drawn = (0..permutations)
            .into_par_iter()
            .fold(none, draw)
            .reduce(none, |a, b| a.into_iter().zip(b).map(|(a, b)| a.with(&b)).collect());
        let mut sizes = vec![0_usize; n_groups];
        for &group in groups.iter().flatten() {
            sizes[group as usize] += 1;
        }
        let pairs = (0..n_groups).flat_map(|a| (a..n_groups).map(move |b| (a, b)));
        let possible = pairs.map(|(a, b)| sizes[a].min(sizes[b]) > usize::from(a == b)).collect();
        PairNull { permutations, possible, drawn }
    }

    /// Permutations drawn (B).
    #[must_use]
    pub fn permutations(&self) -> usize {
        self.permutations
    }

    /// Chance of at most `observed` ties between the pair at a position of [`pair_index`]:
    /// `(1 + #{O* <= observed}) / (B + 1)`, in `[1/(B+1), 1]`. O(spread).
    ///
    /// **Undefined.** NaN where there is no such pair, a group is empty, or, within a group, it has
    /// one member.
    #[must_use]
    pub fn p_lower(&self, pair: usize, observed: usize) -> f64 {
        match (self.possible.get(pair), self.drawn.get(pair)) {
            (Some(true), Some(drawn)) => {
                (1.0 + drawn.at_most(observed) as f64) / (self.permutations as f64 + 1.0)
            }
            _ => f64::NAN,
        }
    }
}

/// How often each count was drawn, from the smallest to the largest drawn.
#[derive(Debug, Clone, PartialEq, Default)]
struct Histogram {
    /// The smallest count drawn.
    first: usize,
    times: Vec<u32>,
}

impl Histogram {
    fn add(&mut self, count: usize, times: u32) {
        if self.times.is_empty() {
            self.first = count;
        }
        if count < self.first {
            self.times.splice(0..0, std::iter::repeat_n(0, self.first - count));
            self.first = count;
        }
        let at = count - self.first;
        if at >= self.times.len() {
            self.times.resize(at + 1, 0);
        }
        self.times[at] += times;
    }

    fn with(mut self, other: &Histogram) -> Histogram {
        let drawn = other.times.iter().enumerate().filter(|(_, times)| **times > 0);
        for (at, times) in drawn {
            self.add(other.first + at, *times);
        }
        self
    }

    fn at_most(&self, count: usize) -> u64 {
        let upto = count.saturating_add(1).saturating_sub(self.first).min(self.times.len());
        self.times[..upto].iter().map(|times| u64::from(*times)).sum()
    }
}

/// Ties of every pair of groups under the given labels.
fn tally(ties: &[(u32, u32, f64)], label: &[u32], n_groups: usize) -> Vec<u32> {
    let mut counts = vec![0u32; table_len(n_groups)];
    for &(u, v, _) in ties {
        if let Some(index) = pair_index(n_groups, label[u as usize], label[v as usize]) {
            counts[index] += 1;
        }
    }
    counts
}
