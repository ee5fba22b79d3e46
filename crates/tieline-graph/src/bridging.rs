//! Which few new ties would bring groups closest.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::graph::{Graph, Weights};
use crate::mixing::group_of;
use crate::paths::Search;
use crate::silo::silo_table;

/// Gains closer than this are equal; then the lexicographically first pair wins.
const EPSILON: f64 = 1e-12;
/// Most new ties proposed to close one gap.
pub const MOST_TIES_TO_CLOSE_A_GAP: usize = 10;

/// Whether people without any tie take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolates {
    /// They belong on an onboarding list; here they would always win.
    #[default]
    Exclude,
    /// They count in the proximity and may be given ties.
    Include,
}

/// Settings of [`suggest_bridges`].
#[derive(Debug, Clone, PartialEq)]
pub struct BridgeOptions {
    /// Most new ties to suggest.
    pub k: usize,
    /// Most new ties one person is given.
    pub cap: usize,
    /// Whether isolates take part.
    pub isolates: Isolates,
    /// Pairs not to suggest, in either order.
    pub forbidden: Vec<(u32, u32)>,
    /// People who are not to be given new ties; they still count in the proximity.
    pub opted_out: Vec<u32>,
    /// In each round only so many candidates are tried, those with the largest sum of harmonic
    /// closeness; `None` tries all.
    pub prefilter: Option<usize>,
    /// Suggest ties between these two groups only.
    pub between: Option<(u32, u32)>,
}

impl Default for BridgeOptions {
    fn default() -> Self {
        BridgeOptions {
            k: 5,
            cap: 2,
            isolates: Isolates::Exclude,
            forbidden: Vec::new(),
            opted_out: Vec::new(),
            prefilter: Some(200),
            between: None,
        }
    }
}

/// A suggested new tie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bridge {
    /// Smaller node.
    pub a: u32,
    /// Larger node.
    pub b: u32,
    /// How much it adds to the proximity of the groups.
    pub gain: f64,
    /// Proximity with this tie and those suggested before it.
    pub proximity_after: f64,
    /// Pairs of people of different groups whom it brings closer.
    pub pairs_shortened: u64,
}

/// Proximity of the groups: the mean of 1/d over pairs of people of different groups.
///
/// **Input.** Directions and strengths are ignored; people of unknown group, and isolates unless
/// included, do not count. **Output.** In `[0, 1]`. **Undefined.** No such pair.
/// **Complexity.** O(n (n + m)) time, 2 n^2 bytes.
#[must_use]
pub fn proximity(graph: &Graph, groups: &[Option<u32>], isolates: Isolates) -> f64 {
    Field::new(&graph.as_undirected(), groups, isolates).proximity()
}

/// The new ties that would bring the groups closest: who should meet whom?
///
/// **Definition.** With P = [`proximity`], repeat k times: among the pairs of people who are not
/// tied, are of different known groups and have fewer than `cap` new ties each, add the tie with the
/// largest gain in P (equal within 1e-12: lexicographically first).
/// **Input.** Directions and strengths are ignored. Nodes named in the options that do not exist do
/// not matter. **Output.** At most k ties, in the order in which they are added; fewer if no pair is
/// left. **Undefined.** Never: without pairs of different groups there are no suggestions.
/// **Complexity.** O(n (n + m)) once; a round looks at all pairs and costs O(n^2) for each of the
/// `prefilter` candidates (in practice far less: only pairs the tie can shorten are visited).
/// Memory 2 n^2 bytes, so restrict the graph to the units in question beyond about 10,000 people.
/// **Determinism.** Same bits for any number of threads.
/// **Reference.** Tieline's own; greedy on harmonic proximity.
///
/// ```
/// use tieline_graph::{Graph, bridging::{BridgeOptions, suggest_bridges}};
/// // two groups in a line: 0-1-2 | 3-4-5
/// let ties = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)].map(|(u, v)| (u, v, 1.0));
/// let graph = Graph::undirected(6, ties)?;
/// let groups = [0, 0, 0, 1, 1, 1].map(Some);
/// let options = BridgeOptions { k: 1, ..BridgeOptions::default() };
/// let best = suggest_bridges(&graph, &groups, &options)[0];
/// assert_eq!((best.a, best.b), (0, 4));
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn suggest_bridges(
    graph: &Graph,
    groups: &[Option<u32>],
    options: &BridgeOptions,
) -> Vec<Bridge> {
    suggest_until(graph, groups, options, |_| false)
}

/// As [`suggest_bridges`], but stops as soon as `enough` says so of the ties suggested so far.
pub fn suggest_until(
    graph: &Graph,
    groups: &[Option<u32>],
    options: &BridgeOptions,
    mut enough: impl FnMut(&[Bridge]) -> bool,
) -> Vec<Bridge> {
    let graph = &*graph.as_undirected();
    let mut field = Field::new(graph, groups, options.isolates);
    let mut candidates = candidates(graph, &field, options);
    let mut new_ties = vec![0usize; field.nodes.len()];
    let mut suggested = Vec::new();
    let mut after = field.proximity();
    while suggested.len() < options.k && !enough(&suggested) {
        candidates.retain(|&(u, v)| {
            new_ties[u as usize] < options.cap && new_ties[v as usize] < options.cap
        });
        let Some((pair, gain, pairs_shortened)) = best(&field, &candidates, options) else { break };
        candidates.retain(|&candidate| candidate != pair);
        field.add(pair);
        after += gain;
        for end in [pair.0, pair.1] {
            new_ties[end as usize] += 1;
        }
        let (a, b) = (field.nodes[pair.0 as usize], field.nodes[pair.1 as usize]);
        suggested.push(Bridge { a, b, gain, proximity_after: after, pairs_shortened });
    }
    suggested
}

/// The new ties that close the gap between two groups.
#[derive(Debug, Clone, PartialEq)]
pub struct GapClosure {
    /// The ties, in the order in which they are added.
    pub bridges: Vec<Bridge>,
    /// O/E of the pair before (configuration model). NaN where nothing is expected.
    pub ratio_before: f64,
    /// O/E of the pair with all the ties.
    pub ratio_after: f64,
}

/// The smallest greedy set of new ties after which two groups have as many ties as expected.
///
/// **Definition.** Ties between `a` and `b` as by [`suggest_bridges`], until observed over expected
/// ties of the pair (configuration model, which the new ties change too) reaches 1, or ten ties.
/// `options.k` and `options.between` are not used.
/// **Output.** No ties if the ratio is 1 or more already; fewer than needed if caps forbid more.
/// **Complexity.** As [`suggest_bridges`] with ten rounds. **Reference.** Tieline's own.
#[must_use]
pub fn close_gap(
    graph: &Graph,
    groups: &[Option<u32>],
    a: u32,
    b: u32,
    options: &BridgeOptions,
) -> GapClosure {
    let ratio = |graph: &Graph| silo_ratio(graph, groups, a, b);
    let graph = &*graph.as_undirected();
    let ratio_before = ratio(graph);
    let with = |bridges: &[Bridge]| {
        let new = bridges.iter().map(|bridge| (bridge.a, bridge.b, 1.0));
        // Nodes and strengths come from a graph, so this fails only where a sum of strengths just
        // below the largest float overflows: then the ratio stays as it was.
        Graph::undirected(graph.n_nodes(), graph.ties().chain(new))
            .map_or(ratio_before, |graph| ratio(&graph))
    };
    let options =
        BridgeOptions { k: MOST_TIES_TO_CLOSE_A_GAP, between: Some((a, b)), ..options.clone() };
    let bridges = suggest_until(graph, groups, &options, |bridges| with(bridges) >= 1.0);
    let ratio_after = with(&bridges);
    GapClosure { bridges, ratio_before, ratio_after }
}

/// O/E of two groups. All other groups are one, so that the activity of everyone counts.
fn silo_ratio(graph: &Graph, groups: &[Option<u32>], a: u32, b: u32) -> f64 {
    let folded = |group: u32| match (group == a, group == b) {
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    };
    let folded: Vec<Option<u32>> =
        graph.nodes().map(|node| group_of(groups, node).map(folded)).collect();
    let table = silo_table(graph, &folded, 3, Weights::Binary);
    table.pair(0, u32::from(a != b)).map_or(f64::NAN, |pair| pair.ratio_config)
}

/// Distance given to pairs without a path; longer paths than 65,534 count as none.
const FAR: u16 = u16::MAX;

/// The people who take part and the distances between them. Indices here are positions in `nodes`.
struct Field {
    nodes: Vec<u32>,
    group: Vec<Option<u32>>,
    distance: Vec<u16>,
    /// Number of unordered pairs of people of different groups.
    pairs: f64,
}

impl Field {
    fn new(graph: &Graph, groups: &[Option<u32>], isolates: Isolates) -> Field {
        let takes_part = |node: &u32| isolates == Isolates::Include || graph.degree(*node) > 0;
        let nodes: Vec<u32> = graph.nodes().filter(takes_part).collect();
        let group: Vec<Option<u32>> = nodes.iter().map(|&node| group_of(groups, node)).collect();
        let rows: Vec<Vec<u16>> = nodes
            .par_iter()
            .map_init(
                || Search::new(graph.n_nodes()),
                |search, &node| {
                    search.run(node, |next| graph.neighbours(next));
                    let near = |&other: &u32| u16::try_from(search.length[other as usize]);
                    nodes.iter().map(|other| near(other).unwrap_or(FAR)).collect()
                },
            )
            .collect();
        let mut known: Vec<u32> = group.iter().copied().flatten().collect();
        known.sort_unstable();
        let pairs_of = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
        let within: f64 = known.chunk_by(|a, b| a == b).map(|group| pairs_of(group.len())).sum();
        Field { nodes, group, distance: rows.concat(), pairs: pairs_of(known.len()) - within }
    }

    fn row(&self, node: u32) -> &[u16] {
        let n = self.nodes.len();
        &self.distance[node as usize * n..(node as usize + 1) * n]
    }

    /// Whether a pair counts in the proximity.
    fn counts(&self, x: u32, y: u32) -> bool {
        let (a, b) = (self.group[x as usize], self.group[y as usize]);
        a.is_some() && b.is_some() && a != b
    }

    fn proximity(&self) -> f64 {
        let sum: f64 = (0..self.nodes.len() as u32)
            .map(|x| {
                let row = self.row(x).iter().enumerate().skip(x as usize + 1);
                row.filter(|&(y, _)| self.counts(x, y as u32)).map(|(_, &d)| near(d)).sum::<f64>()
            })
            .sum();
        if self.pairs > 0.0 { sum / self.pairs } else { f64::NAN }
    }

    fn harmonic(&self, node: u32) -> f64 {
        self.row(node).iter().filter(|&&d| d > 0).map(|&d| near(d)).sum()
    }

    /// The pairs of people whom a tie u-v brings closer are among `x, y` with x nearer to u by more
    /// than one step and y nearer to v by more than one step: anyone else is as near already.
    fn sides(&self, u: u32, v: u32) -> (Vec<u32>, Vec<u32>) {
        let (from_u, from_v) = (self.row(u), self.row(v));
        let nearer = |one: &[u16], other: &[u16]| -> Vec<u32> {
            let gap = |&x: &u32| u32::from(one[x as usize]) + 1 < u32::from(other[x as usize]);
            (0..self.nodes.len() as u32).filter(gap).collect()
        };
        (nearer(from_u, from_v), nearer(from_v, from_u))
    }

    /// Gain in proximity of a tie u-v, and the number of pairs it shortens.
    fn gain(&self, (u, v): (u32, u32)) -> (f64, u64) {
        let (near_u, near_v) = self.sides(u, v);
        let (mut gain, mut shortened) = (0.0, 0);
        for &x in &near_u {
            let (row, to_u) = (self.row(x), u32::from(self.row(u)[x as usize]));
            for &y in &near_v {
                let (before, after) =
                    (row[y as usize], to_u + 1 + u32::from(self.row(v)[y as usize]));
                if after < u32::from(before) && self.counts(x, y) {
                    gain += 1.0 / f64::from(after) - near(before);
                    shortened += 1;
                }
            }
        }
        (gain / self.pairs, shortened)
    }

    fn add(&mut self, (u, v): (u32, u32)) {
        let n = self.nodes.len();
        let (near_u, near_v) = self.sides(u, v);
        let (from_u, from_v) = (self.row(u).to_vec(), self.row(v).to_vec());
        for &x in &near_u {
            for &y in &near_v {
                let after = from_u[x as usize].saturating_add(1).saturating_add(from_v[y as usize]);
                for slot in [x as usize * n + y as usize, y as usize * n + x as usize] {
                    self.distance[slot] = self.distance[slot].min(after);
                }
            }
        }
    }
}

fn near(distance: u16) -> f64 {
    if distance == FAR { 0.0 } else { 1.0 / f64::from(distance) }
}

/// All pairs that may be suggested, ascending.
fn candidates(graph: &Graph, field: &Field, options: &BridgeOptions) -> Vec<(u32, u32)> {
    let ordered = |&(a, b): &(u32, u32)| (a.min(b), a.max(b));
    let forbidden: BTreeSet<(u32, u32)> = options.forbidden.iter().map(ordered).collect();
    let opted_out: BTreeSet<u32> = options.opted_out.iter().copied().collect();
    let between = options.between.as_ref().map(ordered);
    let allowed = |u: u32, v: u32| {
        let (a, b) = (field.nodes[u as usize], field.nodes[v as usize]);
        let Some(groups) = field.group[u as usize].zip(field.group[v as usize]) else {
            return false;
        };
        between.is_none_or(|pair| pair == ordered(&groups))
            && !graph.has_tie(a, b)
            && !forbidden.contains(&(a, b))
            && !opted_out.contains(&a)
            && !opted_out.contains(&b)
    };
    let n = field.nodes.len() as u32;
    (0..n)
        .into_par_iter()
        .flat_map_iter(|u| (u + 1..n).map(move |v| (u, v)))
        .filter(|&(u, v)| field.counts(u, v) && allowed(u, v))
        .collect()
}

/// The candidate with the largest gain, its gain and the pairs it shortens.
fn best(
    field: &Field,
    candidates: &[(u32, u32)],
    options: &BridgeOptions,
) -> Option<((u32, u32), f64, u64)> {
    let tried = prefiltered(field, candidates, options.prefilter);
    let gains: Vec<(f64, u64)> = tried.par_iter().map(|&pair| field.gain(pair)).collect();
    let mut best: Option<((u32, u32), f64, u64)> = None;
    for (&pair, (gain, shortened)) in tried.iter().zip(gains) {
        if best.is_none_or(|(_, most, _)| gain > most + EPSILON) {
            best = Some((pair, gain, shortened));
        }
    }
    best
}

/// The candidates with the largest sums of harmonic closeness, ascending by node.
fn prefiltered(field: &Field, candidates: &[(u32, u32)], most: Option<usize>) -> Vec<(u32, u32)> {
    let most = most.unwrap_or(candidates.len());
    let mut kept = candidates.to_vec();
    if most < kept.len() {
        let harmonic: Vec<f64> = (0..field.nodes.len() as u32)
            .into_par_iter()
            .map(|node| field.harmonic(node))
            .collect();
        let score = |&(u, v): &(u32, u32)| harmonic[u as usize] + harmonic[v as usize];
        if most > 0 {
            kept.select_nth_unstable_by(most - 1, |a, b| {
                score(b).total_cmp(&score(a)).then(a.cmp(b))
            });
        }
        kept.truncate(most);
        kept.sort_unstable();
    }
    kept
}
