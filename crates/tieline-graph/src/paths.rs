//! Shortest paths, and who can introduce whom.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::graph::Graph;

/// The length given to nodes that no path reaches.
pub const UNREACHABLE: u32 = u32::MAX;

/// Two costs closer than this are equal.
const EPSILON: f64 = 1e-12;

/// Number of ties on a shortest path from `from` to every node.
///
/// **Input.** Follows directions; strengths are ignored.
/// **Output.** 0 for `from` itself, [`UNREACHABLE`] where there is no path (everywhere, if `from`
/// is not a node). **Complexity.** O(n + m), breadth first.
///
/// ```
/// use tieline_graph::{Graph, paths::{shortest_path_lengths, UNREACHABLE}};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0)])?;
/// assert_eq!(shortest_path_lengths(&graph, 0), [0, 1, 2, UNREACHABLE]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn shortest_path_lengths(graph: &Graph, from: u32) -> Vec<u32> {
    let mut search = Search::new(graph.n_nodes());
    search.run(from, |node| graph.neighbours(node));
    search.length
}

/// A breadth-first search whose memory is used again for the next source.
pub(crate) struct Search {
    /// Length from the last source; [`UNREACHABLE`] where it was not reached.
    pub(crate) length: Vec<u32>,
    /// Nodes reached from the last source, in order of length; the source first.
    pub(crate) reached: Vec<u32>,
}

impl Search {
    pub(crate) fn new(n: usize) -> Search {
        Search { length: vec![UNREACHABLE; n], reached: Vec::new() }
    }

    /// Searches from `source`, going from each node to `next(node)`.
    pub(crate) fn run<'g>(&mut self, source: u32, next: impl Fn(u32) -> &'g [u32]) {
        for &node in &self.reached {
            self.length[node as usize] = UNREACHABLE;
        }
        self.reached.clear();
        let Some(start) = self.length.get_mut(source as usize) else { return };
        *start = 0;
        self.reached.push(source);
        let mut position = 0;
        while let Some(&node) = self.reached.get(position) {
            position += 1;
            let length = self.length[node as usize] + 1;
            for &neighbour in next(node) {
                let slot = &mut self.length[neighbour as usize];
                if *slot == UNREACHABLE {
                    *slot = length;
                    self.reached.push(neighbour);
                }
            }
        }
    }
}

/// A node waiting in a priority queue; the nearest, then the smallest index, comes out first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) distance: f64,
    pub(crate) node: u32,
}

impl Eq for Waiting {}

impl Ord for Waiting {
    fn cmp(&self, other: &Waiting) -> Ordering {
        other.distance.total_cmp(&self.distance).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Waiting) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Length of the shortest path from `from` to every node where a tie of strength s is `1 / s` long.
///
/// **Input.** Follows directions. A strength so small that `1 / s` is infinite joins nothing.
/// **Output.** Infinity where there is no path. **Complexity.** O((n + m) log n).
/// **Reference.** Dijkstra 1959, doi:10.1007/BF01386390.
#[must_use]
pub fn weighted_distances(graph: &Graph, from: u32) -> Vec<f64> {
    let mut distance = vec![f64::INFINITY; graph.n_nodes()];
    let mut queue = BinaryHeap::new();
    if let Some(start) = distance.get_mut(from as usize) {
        *start = 0.0;
        queue.push(Waiting { distance: 0.0, node: from });
    }
    while let Some(Waiting { distance: so_far, node }) = queue.pop() {
        if so_far > distance[node as usize] {
            continue;
        }
        for (next, strength) in graph.ties_of(node) {
            let candidate = so_far + 1.0 / strength;
            if candidate < distance[next as usize] {
                distance[next as usize] = candidate;
                queue.push(Waiting { distance: candidate, node: next });
            }
        }
    }
    distance
}

/// A chain of introductions.
#[derive(Debug, Clone, PartialEq)]
pub struct WarmPath {
    /// The nodes from the asker to the person wanted, both included.
    pub nodes: Vec<u32>,
    /// Probability that every step succeeds: the product of the steps.
    pub probability: f64,
    /// Probability of each step, in `(0, 1]`; one fewer than there are nodes.
    pub step_probability: Vec<f64>,
}

/// Probability that someone passes an introduction on over a tie of the given strength,
/// `1 - exp(-s / kappa)`, in `[0, 1]`.
#[must_use]
pub fn introduction_probability(strength: f64, kappa: f64) -> f64 {
    -(-strength / kappa).exp_m1()
}

/// The chain of introductions most likely to work: "who can introduce me to X?"
///
/// **Definition.** Of all paths from `from` to `to` with at most `max_hops` ties, the one with the
/// largest product of `p = 1 - exp(-s / kappa)`; among equals (relative 1e-12) the one with fewer
/// ties, then the lexicographically smaller one.
/// **Input.** Follows directions. `kappa` > 0 is the strength at which a step succeeds with
/// probability 0.63 (default of the method: 5); `max_hops` 3 means two introducers. To leave out
/// people who do not introduce, pass [`Graph::without_nodes`].
/// **Output.** `None` where there is no such path, where `from` and `to` are the same or no nodes,
/// or where `kappa` is not a positive number.
/// **Complexity.** O(h (n + m)) time and O(h n) memory for h hops needed, h <= `max_hops`.
/// **Reference.** Dijkstra 1959 on `-ln p`; the hop limit by the recurrence of Bellman 1958.
///
/// ```
/// use tieline_graph::{Graph, paths::warm_path};
/// // 0 hardly knows 2, but both know 1 well
/// let graph = Graph::undirected(3, [(0, 2, 0.5), (0, 1, 4.0), (1, 2, 3.0)])?;
/// let direct = warm_path(&graph, 0, 2, 5.0, 1).unwrap();
/// assert_eq!(direct.nodes, [0, 2]);
/// let path = warm_path(&graph, 0, 2, 5.0, 2).unwrap();
/// assert_eq!(path.nodes, [0, 1, 2]);
/// assert!((path.probability - 0.248456).abs() < 1e-6);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn warm_path(
    graph: &Graph,
    from: u32,
    to: u32,
    kappa: f64,
    max_hops: usize,
) -> Option<WarmPath> {
    Introductions { graph, from, to, kappa, max_hops, banned_first: Vec::new() }.best()
}

/// Up to `k` chains of introductions, best first, each over a different first introducer.
///
/// The first is [`warm_path`]; each next one is the best that does not start over the first steps
/// of those before it. A direct tie counts as one of them.
#[must_use]
pub fn warm_paths(
    graph: &Graph,
    from: u32,
    to: u32,
    kappa: f64,
    max_hops: usize,
    k: usize,
) -> Vec<WarmPath> {
    let mut search = Introductions { graph, from, to, kappa, max_hops, banned_first: Vec::new() };
    let mut found = Vec::new();
    while found.len() < k {
        let Some(path) = search.best() else { break };
        search.banned_first.extend(path.nodes.get(1));
        found.push(path);
    }
    found
}

struct Introductions<'g> {
    graph: &'g Graph,
    from: u32,
    to: u32,
    kappa: f64,
    max_hops: usize,
    /// Nodes that may not be the first after `from`.
    banned_first: Vec<u32>,
}

impl Introductions<'_> {
    fn best(&self) -> Option<WarmPath> {
        let n = self.graph.n_nodes();
        let known = |node: u32| (node as usize) < n;
        let usable = self.kappa.is_finite() && self.kappa > 0.0;
        if self.from == self.to || !known(self.from) || !known(self.to) || !usable {
            return None;
        }
        let costs = self.costs_to_target();
        let source = self.from as usize;
        let last = costs.last().map(|row| row[source]).filter(|cost| cost.is_finite())?;
        let hops = costs.iter().position(|row| row[source] <= last + EPSILON)?;
        self.walk(&costs, hops)
    }

    /// Row h holds, for each node, the least sum of `-ln p` to the target over at most h ties.
    fn costs_to_target(&self) -> Vec<Vec<f64>> {
        let n = self.graph.n_nodes();
        let mut row = vec![f64::INFINITY; n];
        row[self.to as usize] = 0.0;
        let mut rows = vec![row];
        for _ in 0..self.max_hops.min(n.saturating_sub(1)) {
            let before = &rows[rows.len() - 1];
            let row: Vec<f64> = self
                .graph
                .nodes()
                .map(|node| {
                    self.steps(node)
                        .map(|(next, cost)| cost + before[next as usize])
                        .fold(before[node as usize], f64::min)
                })
                .collect();
            if row == *before {
                break;
            }
            rows.push(row);
        }
        rows
    }

    /// The steps that may be taken from a node, each with its cost `-ln p`.
    fn steps(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.graph
            .ties_of(node)
            .filter(move |(next, _)| {
                // A path through the asker is never the best one, and with bans it would evade them.
                *next != self.from && !(node == self.from && self.banned_first.contains(next))
            })
            .map(|(next, strength)| (next, -introduction_probability(strength, self.kappa).ln()))
    }

    /// Follows the rows from the source; taking the smallest neighbour that keeps the cost gives
    /// the lexicographically smallest best path.
    fn walk(&self, costs: &[Vec<f64>], hops: usize) -> Option<WarmPath> {
        let mut nodes = vec![self.from];
        let mut step_probability = Vec::new();
        let mut node = self.from;
        for left in (0..hops).rev() {
            let goal = costs[left + 1][node as usize] + EPSILON;
            let (next, _) =
                self.steps(node).find(|&(next, cost)| cost + costs[left][next as usize] <= goal)?;
            let strength = self.graph.weight_between(node, next)?;
            step_probability.push(introduction_probability(strength, self.kappa));
            nodes.push(next);
            node = next;
        }
        let probability = step_probability.iter().product();
        (node == self.to).then_some(WarmPath { nodes, probability, step_probability })
    }
}
