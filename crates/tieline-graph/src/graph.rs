//! The one graph type: compressed sparse rows, sorted neighbours, built once and never changed.

use std::borrow::Cow;
use std::ops::Range;

/// Why a graph could not be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// A node count that does not fit the 32-bit node index.
    #[error("a graph of {0} nodes is too large: node indices have 32 bits")]
    TooManyNodes(usize),
    /// A tie names a node outside `0..n`.
    #[error("tie {position} names node {node}, but the graph has nodes 0..{n}")]
    NodeOutOfRange {
        /// Position of the tie in the input, from 0.
        position: usize,
        /// The node named.
        node: u32,
        /// Number of nodes of the graph.
        n: usize,
    },
    /// A tie strength that is negative, infinite or not a number.
    #[error("tie {position} has strength {weight}: it must be finite and not negative")]
    BadWeight {
        /// Position of the tie in the input, from 0.
        position: usize,
        /// The strength given.
        weight: f64,
    },
    /// The sum of all strengths is beyond the range of a 64-bit float.
    #[error("the tie strengths add up to more than a 64-bit float can hold")]
    WeightOverflow,
}

/// Whether a measure counts ties or adds up their strengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// Every tie counts 1.
    #[default]
    Binary,
    /// Every tie counts its strength.
    Tie,
}

impl Weights {
    /// What a tie of strength `strength` counts under this choice.
    #[must_use]
    pub fn of(self, strength: f64) -> f64 {
        match self {
            Weights::Binary => 1.0,
            Weights::Tie => strength,
        }
    }
}

/// Neighbours of every node, sorted, in compressed sparse rows.
#[derive(Debug, Clone, PartialEq)]
struct Rows {
    offsets: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
}

impl Rows {
    /// Lays out arcs that arrive in an order in which each row is already sorted.
    fn new(n: usize, arcs: impl Iterator<Item = (u32, u32, f64)> + Clone) -> Rows {
        let mut offsets = vec![0usize; n + 1];
        for (from, _, _) in arcs.clone() {
            offsets[from as usize + 1] += 1;
        }
        for node in 0..n {
            offsets[node + 1] += offsets[node];
        }
        let mut next = offsets.clone();
        let mut targets = vec![0u32; offsets[n]];
        let mut weights = vec![0f64; offsets[n]];
        for (from, to, weight) in arcs {
            let slot = &mut next[from as usize];
            targets[*slot] = to;
            weights[*slot] = weight;
            *slot += 1;
        }
        Rows { offsets, targets, weights }
    }

    fn row(&self, node: u32) -> Range<usize> {
        let node = node as usize;
        match (self.offsets.get(node), self.offsets.get(node + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }
}

/// An immutable graph on nodes `0..n`, directed or not, with a positive strength on every tie.
///
/// There are no self-ties and no parallel ties: the constructors drop the former and add up the
/// latter. Neighbours are sorted by index. A node outside `0..n` has no neighbours.
///
/// ```
/// use tieline_graph::Graph;
/// let graph = Graph::undirected(4, [(0, 1, 2.0), (1, 0, 0.5), (1, 2, 1.0), (3, 3, 9.0)])?;
/// assert_eq!(graph.n_ties(), 2);
/// assert_eq!(graph.weight_between(0, 1), Some(2.5));
/// assert_eq!(graph.neighbours(1), &[0, 2]);
/// assert_eq!(graph.degree(3), 0);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    out: Rows,
    /// Rows of the reversed arcs; `None` for an undirected graph, where they are the same.
    inward: Option<Rows>,
}

impl Graph {
    /// Builds an undirected graph on nodes `0..n`; `(u, v, s)` and `(v, u, s)` are the same tie.
    ///
    /// Ties of strength 0 and self-ties are dropped, ties between the same two nodes are added up
    /// (in an order that does not depend on the order of the input).
    ///
    /// # Errors
    /// [`GraphError`] where a node is outside `0..n`, a strength is negative or not finite, the
    /// strengths overflow, or `n` does not fit 32 bits.
    pub fn undirected(
        n: usize,
        ties: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Graph, GraphError> {
        let mut ties = checked(n, ties)?;
        for tie in &mut ties {
            *tie = (tie.0.min(tie.1), tie.0.max(tie.1), tie.2);
        }
        Ok(Graph::from_merged(n, false, &merged(ties)))
    }

    /// Builds a directed graph on nodes `0..n`; `(u, v, s)` is the arc from `u` to `v`.
    ///
    /// Arcs of strength 0 and self-arcs are dropped, parallel arcs are added up.
    ///
    /// # Errors
    /// As for [`Graph::undirected`].
    pub fn directed(
        n: usize,
        arcs: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Graph, GraphError> {
        Ok(Graph::from_merged(n, true, &merged(checked(n, arcs)?)))
    }

    /// Lays out ties that are checked, sorted by (u, v) and without repetition.
    fn from_merged(n: usize, directed: bool, ties: &[(u32, u32, f64)]) -> Graph {
        let reversed = ties.iter().map(|&(u, v, s)| (v, u, s));
        if directed {
            let out = Rows::new(n, ties.iter().copied());
            return Graph { out, inward: Some(Rows::new(n, reversed)) };
        }
        // In this order row x first receives its smaller neighbours (as v of earlier ties), then
        // its larger ones, so each row comes out sorted.
        let both = ties.iter().flat_map(|&(u, v, s)| [(u, v, s), (v, u, s)]);
        Graph { out: Rows::new(n, both), inward: None }
    }

    /// Number of nodes, isolates included.
    #[must_use]
    pub fn n_nodes(&self) -> usize {
        self.out.offsets.len() - 1
    }

    /// Number of ties: unordered pairs of an undirected graph, arcs of a directed one.
    #[must_use]
    pub fn n_ties(&self) -> usize {
        if self.is_directed() { self.out.targets.len() } else { self.out.targets.len() / 2 }
    }

    /// Whether ties have a direction.
    #[must_use]
    pub fn is_directed(&self) -> bool {
        self.inward.is_some()
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = u32> + Clone + use<> {
        (0..self.n_nodes()).map(|node| node as u32)
    }

    /// Neighbours of a node (heads of its arcs), ascending.
    #[must_use]
    pub fn neighbours(&self, node: u32) -> &[u32] {
        &self.out.targets[self.out.row(node)]
    }

    /// Strengths of the ties to [`Graph::neighbours`], in the same order.
    #[must_use]
    pub fn weights(&self, node: u32) -> &[f64] {
        &self.out.weights[self.out.row(node)]
    }

    /// Neighbours with the strength of the tie to each.
    pub fn ties_of(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.neighbours(node).iter().copied().zip(self.weights(node).iter().copied())
    }

    /// Nodes with an arc to `node`, ascending; the neighbours where the graph is undirected.
    #[must_use]
    pub fn in_neighbours(&self, node: u32) -> &[u32] {
        let rows = self.inward.as_ref().unwrap_or(&self.out);
        &rows.targets[rows.row(node)]
    }

    /// Strengths of the arcs from [`Graph::in_neighbours`], in the same order.
    #[must_use]
    pub fn in_weights(&self, node: u32) -> &[f64] {
        let rows = self.inward.as_ref().unwrap_or(&self.out);
        &rows.weights[rows.row(node)]
    }

    /// Number of neighbours; of a directed graph the out-degree.
    #[must_use]
    pub fn degree(&self, node: u32) -> usize {
        self.out.row(node).len()
    }

    /// Number of arcs that end at the node; the degree where the graph is undirected.
    #[must_use]
    pub fn in_degree(&self, node: u32) -> usize {
        self.in_neighbours(node).len()
    }

    /// Sum of the strengths of a node's ties; of a directed graph those of its outgoing arcs.
    #[must_use]
    pub fn strength(&self, node: u32) -> f64 {
        self.weights(node).iter().sum()
    }

    /// Strength of the tie from `from` to `to`, if there is one.
    #[must_use]
    pub fn weight_between(&self, from: u32, to: u32) -> Option<f64> {
        let position = self.neighbours(from).binary_search(&to).ok()?;
        self.weights(from).get(position).copied()
    }

    /// Whether there is a tie (an arc) from `from` to `to`.
    #[must_use]
    pub fn has_tie(&self, from: u32, to: u32) -> bool {
        self.neighbours(from).binary_search(&to).is_ok()
    }

    /// Every tie once, ascending: `(u, v, s)` with `u < v`, or every arc of a directed graph.
    pub fn ties(&self) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
        let directed = self.is_directed();
        self.nodes().flat_map(move |u| {
            self.ties_of(u)
                .filter(move |&(v, _)| directed || u < v)
                .map(move |(v, strength)| (u, v, strength))
        })
    }

    /// The graph with the same indices in which the nodes marked `true` have lost all ties.
    ///
    /// Marks beyond the nodes are ignored; nodes without a mark stay.
    #[must_use]
    pub fn without_nodes(&self, removed: &[bool]) -> Graph {
        let gone = |node: u32| removed.get(node as usize).copied().unwrap_or(false);
        let ties: Vec<_> = self.ties().filter(|&(u, v, _)| !gone(u) && !gone(v)).collect();
        Graph::from_merged(self.n_nodes(), self.is_directed(), &ties)
    }

    /// The graph of the ties whose strength is at least `least`, with the same indices.
    #[must_use]
    pub fn with_ties_of_at_least(&self, least: f64) -> Graph {
        let ties: Vec<_> = self.ties().filter(|&(_, _, strength)| strength >= least).collect();
        Graph::from_merged(self.n_nodes(), self.is_directed(), &ties)
    }

    /// The same ties, each with strength 1.
    #[must_use]
    pub fn with_unit_weights(&self) -> Graph {
        let mut graph = self.clone();
        graph.out.weights.fill(1.0);
        if let Some(rows) = &mut graph.inward {
            rows.weights.fill(1.0);
        }
        graph
    }

    /// The graph without directions: a pair with an arc either way is one tie, whose strength is
    /// the sum of both arcs. An undirected graph is returned as it is.
    #[must_use]
    pub fn as_undirected(&self) -> Cow<'_, Graph> {
        if !self.is_directed() {
            return Cow::Borrowed(self);
        }
        let ties = self.ties().map(|(u, v, s)| (u.min(v), u.max(v), s)).collect();
        Cow::Owned(Graph::from_merged(self.n_nodes(), false, &merged(ties)))
    }
}

/// Refuses what no graph can hold and drops self-ties and ties of strength 0.
fn checked(
    n: usize,
    ties: impl IntoIterator<Item = (u32, u32, f64)>,
) -> Result<Vec<(u32, u32, f64)>, GraphError> {
    if u32::try_from(n).is_err() {
        return Err(GraphError::TooManyNodes(n));
    }
    let mut kept = Vec::new();
    let mut total = 0.0;
    for (position, (u, v, weight)) in ties.into_iter().enumerate() {
        if let Some(&node) = [u, v].iter().find(|&&node| node as usize >= n) {
            return Err(GraphError::NodeOutOfRange { position, node, n });
        }
        if !weight.is_finite() || weight < 0.0 {
            return Err(GraphError::BadWeight { position, weight });
        }
        if u != v && weight > 0.0 {
            // Twice, because the strengths of all nodes together count every tie twice.
            total += 2.0 * weight;
            kept.push((u, v, weight));
        }
    }
    if total.is_finite() { Ok(kept) } else { Err(GraphError::WeightOverflow) }
}

/// Sorts ties and adds up the strengths of equal pairs, smallest first, so that the order of the
/// input cannot change a bit of the sum.
fn merged(mut ties: Vec<(u32, u32, f64)>) -> Vec<(u32, u32, f64)> {
    ties.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    ties.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        if same {
            kept.2 += next.2;
        }
        same
    });
    ties
}
