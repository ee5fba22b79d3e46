//! Betweenness: whose absence would lengthen paths.

use std::collections::BinaryHeap;

use crate::graph::Graph;
use crate::paths::Waiting;
use crate::reduce::sum_in_parts;

/// Two path lengths are equal if they differ by no more than this share.
const RELATIVE_EQUALITY: f64 = 1e-12;

/// Betweenness: on how many shortest paths between others a person lies.
///
/// **Definition.** `B(v) = sum over s != v != t of sigma_st(v) / sigma_st`, where `sigma_st` counts
/// the shortest paths from s to t and `sigma_st(v)` those through v. Raw; an undirected graph counts
/// each unordered pair once.
/// **Input.** Follows directions; strengths are ignored; disconnected graphs are fine.
/// **Output.** In `[0, (n-1)(n-2)/2]`, twice that if directed; 0 for isolates.
/// **Undefined.** Never. **Errors.** None: total on a valid graph.
/// **Complexity.** O(n (n + m)) time, O(n + m) memory per thread and 64 n floats.
/// **Determinism.** Same bits for any number of threads: sources are summed in 64 fixed parts.
/// **Reference.** Freeman 1977, doi:10.2307/3033543; Brandes 2001,
/// doi:10.1080/0022250X.2001.9990249.
///
/// ```
/// use tieline_graph::{Graph, betweenness::betweenness};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)])?;
/// assert_eq!(betweenness(&graph), [0.0, 2.0, 2.0, 0.0]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn betweenness(graph: &Graph) -> Vec<f64> {
    let sources: Vec<u32> = graph.nodes().collect();
    halved(graph, accumulate(graph, &sources, Brandes::search_by_ties))
}

/// Betweenness on shortest paths where a tie of strength s is `1 / s` long.
///
/// As [`betweenness`]; paths whose lengths differ by at most 1e-12 of themselves are equally short.
/// A strength so small that `1 / s` is infinite joins nothing.
/// **Complexity.** O(n (n + m) log n).
#[must_use]
pub fn betweenness_weighted(graph: &Graph) -> Vec<f64> {
    let sources: Vec<u32> = graph.nodes().collect();
    halved(graph, accumulate(graph, &sources, Brandes::search_by_strength))
}

/// An estimate of [`betweenness`] from the paths that start at some pivots only.
///
/// The sum over the pivots is scaled by n / number of pivots, so with every node as a pivot it is
/// the exact value (up to rounding) and with pivots drawn uniformly it is unbiased. Pivots that are
/// no nodes are ignored; without any the estimate is 0.
/// **Complexity.** O(k (n + m)) for k pivots.
/// **Reference.** Brandes & Pich 2007, doi:10.1142/S0218127407018403.
#[must_use]
pub fn betweenness_from_pivots(graph: &Graph, pivots: &[u32]) -> Vec<f64> {
    let n = graph.n_nodes();
    let sources: Vec<u32> = pivots.iter().copied().filter(|&node| (node as usize) < n).collect();
    let scale = if sources.is_empty() { 0.0 } else { n as f64 / sources.len() as f64 };
    let mut raw = halved(graph, accumulate(graph, &sources, Brandes::search_by_ties));
    for value in &mut raw {
        *value *= scale;
    }
    raw
}

/// Raw betweenness divided by the number of pairs of others: `(n-1)(n-2)/2`, or `(n-1)(n-2)` if
/// directed. In `[0, 1]`; 0 where n < 3.
#[must_use]
pub fn betweenness_normalised(raw: &[f64], n: usize, directed: bool) -> Vec<f64> {
    let n = n as f64;
    let ordered = (n - 1.0) * (n - 2.0);
    let pairs = if directed { ordered } else { ordered / 2.0 };
    raw.iter().map(|&value| if n < 3.0 { 0.0 } else { value / pairs }).collect()
}

/// From both ends of an undirected pair the same paths are seen, so each pair was counted twice.
fn halved(graph: &Graph, mut values: Vec<f64>) -> Vec<f64> {
    if !graph.is_directed() {
        for value in &mut values {
            *value /= 2.0;
        }
    }
    values
}

fn accumulate(
    graph: &Graph,
    sources: &[u32],
    search: impl Fn(&mut Brandes, &Graph, u32) + Sync,
) -> Vec<f64> {
    let n = graph.n_nodes();
    sum_in_parts(sources.len(), n, |range| {
        let mut state = Brandes::new(n);
        let mut total = vec![0.0; n];
        for &source in &sources[range] {
            search(&mut state, graph, source);
            state.add_dependencies(source, &mut total);
        }
        total
    })
}

/// The state of one single-source pass.
struct Brandes {
    /// Distance from the source; infinite where it was not reached.
    distance: Vec<f64>,
    /// Number of shortest paths from the source. A float: counts grow beyond any integer type.
    paths: Vec<f64>,
    dependency: Vec<f64>,
    /// Nodes in the order in which they were settled.
    settled: Vec<u32>,
    is_settled: Vec<bool>,
    /// Predecessors on shortest paths, used where lengths are compared with a tolerance.
    before: Vec<Vec<u32>>,
}

impl Brandes {
    fn new(n: usize) -> Brandes {
        Brandes {
            distance: vec![f64::INFINITY; n],
            paths: vec![0.0; n],
            dependency: vec![0.0; n],
            settled: Vec::with_capacity(n),
            is_settled: vec![false; n],
            before: vec![Vec::new(); n],
        }
    }

    fn start(&mut self, source: u32) {
        for &node in &self.settled {
            let node = node as usize;
            self.distance[node] = f64::INFINITY;
            self.paths[node] = 0.0;
            self.dependency[node] = 0.0;
            self.is_settled[node] = false;
            self.before[node].clear();
        }
        self.settled.clear();
        self.distance[source as usize] = 0.0;
        self.paths[source as usize] = 1.0;
    }

    fn search_by_ties(&mut self, graph: &Graph, source: u32) {
        self.start(source);
        self.settled.push(source);
        let mut position = 0;
        while let Some(&node) = self.settled.get(position) {
            position += 1;
            let reached = self.distance[node as usize] + 1.0;
            for &next in graph.neighbours(node) {
                let index = next as usize;
                if self.distance[index] == f64::INFINITY {
                    self.distance[index] = reached;
                    self.settled.push(next);
                }
                if self.distance[index] == reached {
                    self.paths[index] += self.paths[node as usize];
                    self.before[index].push(node);
                }
            }
        }
    }

    fn search_by_strength(&mut self, graph: &Graph, source: u32) {
        self.start(source);
        let mut queue = BinaryHeap::from([Waiting { distance: 0.0, node: source }]);
        while let Some(Waiting { node, .. }) = queue.pop() {
            if std::mem::replace(&mut self.is_settled[node as usize], true) {
                continue;
            }
            self.settled.push(node);
            for (next, strength) in graph.ties_of(node) {
                let candidate = self.distance[node as usize] + 1.0 / strength;
                // A settled node keeps its paths: a tie of no length (next to the distance
                // travelled) must not lead back.
                if !self.is_settled[next as usize] && candidate.is_finite() {
                    self.offer(node, next, candidate, &mut queue);
                }
            }
        }
    }

    /// Offers `next` a path of length `candidate` over `node`.
    fn offer(&mut self, node: u32, next: u32, candidate: f64, queue: &mut BinaryHeap<Waiting>) {
        let index = next as usize;
        let known = self.distance[index];
        let through = self.paths[node as usize];
        if (candidate - known).abs() <= RELATIVE_EQUALITY * candidate.max(known).min(f64::MAX) {
            self.paths[index] += through;
            self.before[index].push(node);
        } else if candidate < known {
            self.distance[index] = candidate;
            self.paths[index] = through;
            self.before[index].clear();
            self.before[index].push(node);
            queue.push(Waiting { distance: candidate, node: next });
        }
    }

    /// Adds the share of each node in the shortest paths from `source`, farthest nodes first.
    fn add_dependencies(&mut self, source: u32, total: &mut [f64]) {
        for &node in self.settled.iter().rev() {
            let index = node as usize;
            let share = (1.0 + self.dependency[index]) / self.paths[index];
            for &previous in &self.before[index] {
                self.dependency[previous as usize] += self.paths[previous as usize] * share;
            }
            if node != source {
                total[index] += self.dependency[index];
            }
        }
    }
}
