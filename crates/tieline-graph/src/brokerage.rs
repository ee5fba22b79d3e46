//! Gould and Fernandez' brokerage roles: what kind of go-between each person is.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::graph::Graph;
use crate::reduce::sum_in_parts;

/// How often a person brokers in each role, over directed ties.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BrokerageRoles {
    /// All three in one group.
    pub coordinator: f64,
    /// Between two of one other group (also called itinerant broker).
    pub consultant: f64,
    /// From outside into the broker's own group.
    pub gatekeeper: f64,
    /// From the broker's own group to the outside.
    pub representative: f64,
    /// Between two different groups, neither the broker's.
    pub liaison: f64,
}

impl BrokerageRoles {
    /// Sum of the five roles.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.to_array().iter().sum()
    }

    /// The roles in the order coordinator, consultant, gatekeeper, representative, liaison.
    #[must_use]
    pub fn to_array(&self) -> [f64; 5] {
        [self.coordinator, self.consultant, self.gatekeeper, self.representative, self.liaison]
    }

    fn from_array(roles: [f64; 5]) -> BrokerageRoles {
        let [coordinator, consultant, gatekeeper, representative, liaison] = roles;
        BrokerageRoles { coordinator, consultant, gatekeeper, representative, liaison }
    }
}

/// How often a person brokers in each role, over undirected ties.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct UndirectedRoles {
    /// All three in one group.
    pub coordinator: f64,
    /// Between two of one other group.
    pub consultant: f64,
    /// Between the broker's own group and another; without directions these two are one role.
    pub gatekeeper_or_representative: f64,
    /// Between two different groups, neither the broker's.
    pub liaison: f64,
}

impl UndirectedRoles {
    /// Sum of the roles.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.coordinator + self.consultant + self.gatekeeper_or_representative + self.liaison
    }
}

const N_ROLES: usize = 5;
/// Group of nodes beyond the end of the slice of groups.
const NO_GROUP: u32 = u32::MAX;

/// Brokerage roles of every node in a directed graph.
///
/// **Definition.** v brokers the ordered pair (a, b) iff there are arcs a -> v -> b, a != b, and no
/// arc a -> b. With groups g: coordinator g(a) = g(v) = g(b); consultant g(a) = g(b) != g(v);
/// gatekeeper g(a) != g(v) = g(b); representative g(a) = g(v) != g(b); liaison all different.
/// **Input.** Strengths are ignored. An undirected graph is read as arcs both ways, so each pair
/// counts twice: use [`brokerage_undirected`]. `groups[v]` is the group of v; nodes beyond the end
/// of the slice together form one more group.
/// **Output.** Raw counts. **Undefined.** Never. **Errors.** None: total on a valid graph.
/// **Complexity.** O(sum of d_in(v) d_out(v) + sum over arcs (a, v) of d_out(a)).
/// **Determinism.** Same bits for any number of threads.
/// **Reference.** Gould & Fernandez 1989, "Structures of mediation", doi:10.2307/270949; R
/// `sna::brokerage`.
///
/// ```
/// use tieline_graph::{Graph, brokerage::brokerage};
/// let arcs = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (3, 0)].map(|(a, b)| (a, b, 1.0));
/// let roles = brokerage(&Graph::directed(4, arcs)?, &[0, 0, 1, 1]);
/// assert_eq!((roles[0].consultant, roles[0].gatekeeper), (1.0, 1.0));
/// assert_eq!((roles[1].representative, roles[1].total()), (1.0, 1.0));
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn brokerage(graph: &Graph, groups: &[u32]) -> Vec<BrokerageRoles> {
    let group = |node: u32| groups.get(node as usize).copied().unwrap_or(NO_GROUP);
    per_broker(graph, |broker, tied_to| {
        let mut roles = [0.0; N_ROLES];
        for &a in graph.in_neighbours(broker) {
            mark(graph, a, tied_to, true);
            for &b in graph.neighbours(broker) {
                if a != b && !tied_to[b as usize] {
                    roles[role(group(a), group(broker), group(b))] += 1.0;
                }
            }
            mark(graph, a, tied_to, false);
        }
        BrokerageRoles::from_array(roles)
    })
}

/// Brokerage roles in which each pair counts 1 / number of its brokers.
///
/// As [`brokerage`]; someone who is the only broker of a pair counts it whole.
/// **Determinism.** Same bits for any number of threads: sources are summed in 64 fixed parts.
#[must_use]
pub fn brokerage_partial(graph: &Graph, groups: &[u32]) -> Vec<BrokerageRoles> {
    let n = graph.n_nodes();
    let sums = sum_in_parts(n, n * N_ROLES, |sources| partial_from_sources(graph, groups, sources));
    sums.chunks_exact(N_ROLES)
        .map(|roles| BrokerageRoles::from_array([roles[0], roles[1], roles[2], roles[3], roles[4]]))
        .collect()
}

/// Role counts (five a node) over the pairs that start at the given sources.
fn partial_from_sources(graph: &Graph, groups: &[u32], sources: Range<usize>) -> Vec<f64> {
    let group = |node: u32| groups.get(node as usize).copied().unwrap_or(NO_GROUP);
    let mut sums = vec![0.0; graph.n_nodes() * N_ROLES];
    let mut brokers = vec![0u32; graph.n_nodes()];
    let mut tied_to = vec![false; graph.n_nodes()];
    for a in sources.map(|node| node as u32) {
        mark(graph, a, &mut tied_to, true);
        for &v in graph.neighbours(a) {
            for &b in graph.neighbours(v) {
                brokers[b as usize] += 1;
            }
        }
        for &v in graph.neighbours(a) {
            for &b in graph.neighbours(v) {
                if b != a && !tied_to[b as usize] {
                    let slot = v as usize * N_ROLES + role(group(a), group(v), group(b));
                    sums[slot] += 1.0 / f64::from(brokers[b as usize]);
                }
            }
        }
        for &v in graph.neighbours(a) {
            for &b in graph.neighbours(v) {
                brokers[b as usize] = 0;
            }
        }
        mark(graph, a, &mut tied_to, false);
    }
    sums
}

/// Brokerage roles of every node without directions.
///
/// As [`brokerage`] on the undirected view of the graph, each unordered pair counting once;
/// gatekeeper and representative cannot be told apart. (R's `sna::brokerage` on the symmetric matrix
/// gives twice the coordinator, consultant and liaison counts.)
#[must_use]
pub fn brokerage_undirected(graph: &Graph, groups: &[u32]) -> Vec<UndirectedRoles> {
    let graph = &*graph.as_undirected();
    let single = |roles: BrokerageRoles| UndirectedRoles {
        coordinator: roles.coordinator / 2.0,
        consultant: roles.consultant / 2.0,
        gatekeeper_or_representative: roles.gatekeeper,
        liaison: roles.liaison / 2.0,
    };
    brokerage(graph, groups).into_iter().map(single).collect()
}

/// What the roles would be on average if the groups were dealt anew to everyone but the broker.
///
/// **Definition.** Exact expectation under permutation of the labels with the broker's own group
/// fixed. With t the broker's raw total, s the size of its group and M = (n - 1)(n - 2):
/// coordinator `t (s-1)(s-2) / M`, gatekeeper and representative `t (s-1)(n-s) / M` each, consultant
/// `t sum over other groups h of n_h (n_h - 1) / M`, liaison the rest. Tieline's own baseline.
/// **Undefined.** All NaN where n < 3.
#[must_use]
pub fn brokerage_expected(raw: &[BrokerageRoles], groups: &[u32]) -> Vec<BrokerageRoles> {
    let n = raw.len() as f64;
    let group = |node: usize| groups.get(node).copied().unwrap_or(NO_GROUP);
    let mut sizes: BTreeMap<u32, f64> = BTreeMap::new();
    for node in 0..raw.len() {
        *sizes.entry(group(node)).or_default() += 1.0;
    }
    let ordered_pairs = |size: f64| size * (size - 1.0);
    let within: f64 = sizes.values().map(|&size| ordered_pairs(size)).sum();
    let expected = |(node, roles): (usize, &BrokerageRoles)| {
        if n < 3.0 {
            return BrokerageRoles::from_array([f64::NAN; N_ROLES]);
        }
        let own = sizes.get(&group(node)).copied().unwrap_or(0.0);
        let unit = roles.total() / ((n - 1.0) * (n - 2.0));
        let coordinator = unit * (own - 1.0) * (own - 2.0);
        let consultant = unit * (within - ordered_pairs(own));
        let gatekeeper = unit * (own - 1.0) * (n - own);
        let liaison = roles.total() - coordinator - consultant - 2.0 * gatekeeper;
        BrokerageRoles {
            coordinator,
            consultant,
            gatekeeper,
            representative: gatekeeper,
            // The rest of a sum of equals can come out as -1e-17.
            liaison: liaison.max(0.0),
        }
    };
    raw.iter().enumerate().map(expected).collect()
}

/// Index of the role in [`BrokerageRoles::to_array`] for groups of a, v and b.
fn role(a: u32, v: u32, b: u32) -> usize {
    match (a == v, v == b, a == b) {
        (true, true, _) => 0,
        (false, false, true) => 1,
        (false, true, _) => 2,
        (true, false, _) => 3,
        (false, false, false) => 4,
    }
}

fn mark(graph: &Graph, node: u32, tied_to: &mut [bool], value: bool) {
    for &neighbour in graph.neighbours(node) {
        tied_to[neighbour as usize] = value;
    }
}

fn per_broker<R: Send>(graph: &Graph, roles: impl Fn(u32, &mut [bool]) -> R + Sync) -> Vec<R> {
    (0..graph.n_nodes() as u32)
        .into_par_iter()
        .map_init(|| vec![false; graph.n_nodes()], |tied_to, broker| roles(broker, tied_to))
        .collect()
}
