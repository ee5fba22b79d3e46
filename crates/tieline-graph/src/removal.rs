//! What breaks if people leave, and how the network stands up to losses.

use std::collections::{BTreeSet, BinaryHeap};

use rayon::prelude::*;

use crate::closeness::inverse_lengths;
use crate::components::components;
use crate::graph::Graph;
use crate::mixing::group_of;
use crate::paths::Search;

/// What the network loses with a set of people. Only pairs of those who stay are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovalLoss {
    /// Pairs of those who stay that some path joined before.
    pub pairs_before: u64,
    /// Pairs of those who stay that some path still joins.
    pub pairs_after: u64,
    /// `1 - pairs_after / pairs_before`, 0 where there were none. In `[0, 1]`.
    pub pair_loss: f64,
    /// `1 - sum 1/d after / sum 1/d before` over those pairs, 0 where there were none. In `[0, 1]`.
    pub efficiency_loss: f64,
    /// Those who stay, had ties, and have none left. Ascending.
    pub newly_isolated: Vec<u32>,
    /// Components of the whole network before.
    pub components_before: usize,
    /// Components among those who stay, after.
    pub components_after: usize,
}

/// What breaks without these people.
///
/// **Definition.** For the pairs of nodes outside the set: the share that lose every path between
/// them, and the share of their closeness `sum of 1/d` that is lost.
/// **Input.** Directions and strengths are ignored. Nodes that do not exist, or are named twice, do
/// not matter. **Output.** See [`RemovalLoss`]. **Undefined.** Never.
/// **Complexity.** O(n (n + m)). **Determinism.** Same bits for any number of threads.
/// **Reference.** Latora & Marchiori 2001, doi:10.1103/PhysRevLett.87.198701 (efficiency); counting
/// the remaining pairs only is Tieline's own: a smaller graph can look better for having lost
/// someone at its edge.
///
/// ```
/// use tieline_graph::{Graph, removal::removal_loss};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)])?;
/// let loss = removal_loss(&graph, &[1]);
/// assert_eq!((loss.pairs_before, loss.pairs_after), (3, 1));
/// assert_eq!(loss.newly_isolated, [0]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn removal_loss(graph: &Graph, removed: &[u32]) -> RemovalLoss {
    let graph = &*graph.as_undirected();
    let mark = marks(graph.n_nodes(), removed);
    let after = graph.without_nodes(&mark);
    let gone = mark.iter().filter(|gone| **gone).count();
    let stays: Vec<u32> = graph.nodes().filter(|&node| !mark[node as usize]).collect();
    let labels = components(graph);
    let mut staying = vec![0u64; labels.count()];
    for &node in &stays {
        staying[labels.label[node as usize] as usize] += 1;
    }
    let pairs_before = staying.iter().map(|&size| size * size.saturating_sub(1) / 2).sum();
    let rest = components(&after);
    let pairs_after = rest.connected_pairs();
    let (near_before, near_after) =
        (nearness(graph, &stays, &mark), nearness(&after, &stays, &mark));
    RemovalLoss {
        pairs_before,
        pairs_after,
        pair_loss: loss(pairs_before as f64, pairs_after as f64),
        efficiency_loss: loss(near_before, near_after),
        newly_isolated: stays
            .iter()
            .copied()
            .filter(|&node| graph.degree(node) > 0 && after.degree(node) == 0)
            .collect(),
        components_before: labels.count(),
        // Those who left are isolates of `after`.
        components_after: rest.count() - gone,
    }
}

fn marks(n: usize, nodes: &[u32]) -> Vec<bool> {
    let mut mark = vec![false; n];
    for &node in nodes {
        if let Some(slot) = mark.get_mut(node as usize) {
            *slot = true;
        }
    }
    mark
}

fn loss(before: f64, after: f64) -> f64 {
    if before == 0.0 { 0.0 } else { (1.0 - after / before).max(0.0) }
}

/// Sum of 1/d over ordered pairs of those who stay.
fn nearness(graph: &Graph, stays: &[u32], mark: &[bool]) -> f64 {
    let from = |search: &mut Search, node: u32| -> f64 {
        search.run(node, |next| graph.neighbours(next));
        let leaving = search.reached.iter().skip(1).filter(|&&u| mark[u as usize]);
        let to_leaving: f64 = leaving.map(|&u| 1.0 / f64::from(search.length[u as usize])).sum();
        inverse_lengths(search) - to_leaving
    };
    let sums: Vec<f64> = stays
        .par_iter()
        .map_init(|| Search::new(graph.n_nodes()), |search, &node| from(search, node))
        .collect();
    sums.iter().sum()
}

/// Pairs of groups that had ties and would have none without these people: `(a, b)` with a < b,
/// ascending.
///
/// **Input.** As [`removal_loss`]; `groups[v]` is the group of v, `None` if unknown.
/// **Complexity.** O(n + m log g).
#[must_use]
pub fn lost_group_pairs(graph: &Graph, removed: &[u32], groups: &[Option<u32>]) -> Vec<(u32, u32)> {
    let joined = |graph: &Graph| -> BTreeSet<(u32, u32)> {
        graph
            .ties()
            .filter_map(|(u, v, _)| Some((group_of(groups, u)?, group_of(groups, v)?)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect()
    };
    let after = joined(&graph.without_nodes(&marks(graph.n_nodes(), removed)));
    joined(graph).difference(&after).copied().collect()
}

/// How a network shrinks as its best connected people leave one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Resilience {
    /// Mean of `largest_share`, R: larger is more robust. NaN for the empty graph.
    pub r: f64,
    /// Nodes in the order in which they leave.
    pub order: Vec<u32>,
    /// Largest component over n after each departure.
    pub largest_share: Vec<f64>,
}

/// Resilience under the loss of the best connected: does the network hold without its hubs?
///
/// **Definition.** Again and again the node of highest remaining degree leaves (ties: smallest
/// index); `R = (1/n) sum of S(q)`, S(q) = largest component / n after q departures.
/// **Input.** Directions and strengths are ignored. **Output.** R in `[0, 0.5)`.
/// **Undefined.** R of the empty graph. **Complexity.** O((n + m) log n).
/// **Reference.** Schneider et al. 2011, doi:10.1073/pnas.1009440108.
#[must_use]
pub fn resilience(graph: &Graph) -> Resilience {
    let graph = &*graph.as_undirected();
    let n = graph.n_nodes();
    let order = attack_order(graph);
    // Backwards, departures are arrivals: components only grow, and a union-find tracks them.
    let mut sets = Sets::new(n);
    let mut present = vec![false; n];
    let mut largest_share = vec![0.0; n];
    let mut largest = 0;
    for (position, &node) in order.iter().enumerate().rev() {
        largest_share[position] = f64::from(largest) / n as f64;
        present[node as usize] = true;
        largest = largest.max(1);
        for &next in graph.neighbours(node).iter().filter(|&&next| present[next as usize]) {
            largest = largest.max(sets.join(node, next));
        }
    }
    let r = largest_share.iter().sum::<f64>() / n as f64;
    Resilience { r, order, largest_share }
}

fn attack_order(graph: &Graph) -> Vec<u32> {
    let mut degree: Vec<usize> = graph.nodes().map(|node| graph.degree(node)).collect();
    let mut gone = vec![false; graph.n_nodes()];
    let mut queue: BinaryHeap<(usize, std::cmp::Reverse<u32>)> =
        graph.nodes().map(|node| (graph.degree(node), std::cmp::Reverse(node))).collect();
    let mut order = Vec::with_capacity(graph.n_nodes());
    while let Some((d, std::cmp::Reverse(node))) = queue.pop() {
        // Entries are not updated in place: one whose degree is no longer true has a successor.
        if gone[node as usize] || degree[node as usize] != d {
            continue;
        }
        gone[node as usize] = true;
        order.push(node);
        for &next in graph.neighbours(node).iter().filter(|&&next| !gone[next as usize]) {
            degree[next as usize] -= 1;
            queue.push((degree[next as usize], std::cmp::Reverse(next)));
        }
    }
    order
}

/// Disjoint sets of nodes with their sizes.
struct Sets {
    parent: Vec<u32>,
    size: Vec<u32>,
}

impl Sets {
    fn new(n: usize) -> Sets {
        Sets { parent: (0..n as u32).collect(), size: vec![1; n] }
    }

    fn root(&mut self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            let above = self.parent[self.parent[node as usize] as usize];
            self.parent[node as usize] = above;
            node = above;
        }
        node
    }

    /// Joins the sets of two nodes; returns the size of the joint set.
    fn join(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        let (large, small) =
            if self.size[a as usize] < self.size[b as usize] { (b, a) } else { (a, b) };
        if large != small {
            self.parent[small as usize] = large;
            self.size[large as usize] += self.size[small as usize];
        }
        self.size[large as usize]
    }
}
