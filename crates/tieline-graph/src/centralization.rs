//! Freeman's centralization: whether everything runs through one person.

use crate::betweenness::{betweenness, betweenness_normalised};
use crate::components::components;
use crate::graph::Graph;
use crate::paths::shortest_path_lengths;

/// Degree centralization: 1 for a star, 0 where all degrees are equal.
///
/// **Definition.** `sum of (max d - d_i) / ((n - 1)(n - 2))` on the undirected view.
/// **Undefined.** n < 3. **Complexity.** O(n + m).
/// **Reference.** Freeman 1979, doi:10.1016/0378-8733(78)90021-7.
///
/// ```
/// use tieline_graph::{Graph, centralization::degree_centralization};
/// let star = Graph::undirected(4, [(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)])?;
/// assert_eq!(degree_centralization(&star), 1.0);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn degree_centralization(graph: &Graph) -> f64 {
    let graph = graph.as_undirected();
    let n = graph.n_nodes() as f64;
    let degrees: Vec<f64> = graph.nodes().map(|node| graph.degree(node) as f64).collect();
    if n < 3.0 { f64::NAN } else { spread(&degrees) / ((n - 1.0) * (n - 2.0)) }
}

/// Betweenness centralization: `sum of (max b - b_i) / (n - 1)`, b normalised.
///
/// On the undirected view. **Undefined.** n < 3. **Complexity.** O(n m). Reference as above.
#[must_use]
pub fn betweenness_centralization(graph: &Graph) -> f64 {
    let graph = graph.as_undirected();
    let n = graph.n_nodes();
    let values = betweenness_normalised(&betweenness(&graph), n, false);
    if n < 3 { f64::NAN } else { spread(&values) / (n as f64 - 1.0) }
}

/// Closeness centralization: `sum of (max c - c_i) (2n - 3) / ((n - 1)(n - 2))`, c = (n-1) / sum d.
///
/// On the undirected view. **Undefined.** n < 3, or a graph of several components.
/// **Complexity.** O(n m). Reference as above.
#[must_use]
pub fn closeness_centralization(graph: &Graph) -> f64 {
    let graph = graph.as_undirected();
    let n = graph.n_nodes() as f64;
    if n < 3.0 || components(&graph).count() != 1 {
        return f64::NAN;
    }
    let close = |node: u32| {
        let sum: f64 = shortest_path_lengths(&graph, node).into_iter().map(f64::from).sum();
        (n - 1.0) / sum
    };
    let values: Vec<f64> = graph.nodes().map(close).collect();
    spread(&values) * (2.0 * n - 3.0) / ((n - 1.0) * (n - 2.0))
}

fn spread(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(0.0, f64::max);
    values.iter().map(|value| largest - value).sum()
}
