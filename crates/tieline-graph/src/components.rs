//! Connected components.

use crate::graph::Graph;

/// The connected components of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// Component of each node. Components are numbered in the order of their smallest node.
    pub label: Vec<u32>,
    /// Number of nodes of each component.
    pub sizes: Vec<usize>,
}

impl Components {
    /// Number of components; an isolate is one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Size of the largest component; 0 for the empty graph.
    #[must_use]
    pub fn largest(&self) -> usize {
        self.sizes.iter().copied().max().unwrap_or(0)
    }

    /// Number of unordered pairs of nodes that some path joins.
    #[must_use]
    pub fn connected_pairs(&self) -> u64 {
        self.sizes.iter().map(|&size| size as u64 * (size as u64).saturating_sub(1) / 2).sum()
    }
}

/// Connected components: which nodes can reach each other at all.
///
/// **Definition.** Two nodes share a component if a path joins them, whatever the direction of its
/// ties (weak components of a directed graph).
/// **Input.** Any graph; strengths are ignored.
/// **Output.** One label per node, numbered by the smallest node of the component, and the sizes.
/// **Undefined.** Never. **Errors.** None: total on a valid graph.
/// **Complexity.** O(n + m) time, O(n) extra memory.
///
/// ```
/// use tieline_graph::{Graph, components::components};
/// let graph = Graph::undirected(5, [(0, 3, 1.0), (1, 2, 1.0)])?;
/// let found = components(&graph);
/// assert_eq!(found.label, [0, 1, 1, 0, 2]);
/// assert_eq!(found.sizes, [2, 2, 1]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn components(graph: &Graph) -> Components {
    const UNSEEN: u32 = u32::MAX;
    let mut label = vec![UNSEEN; graph.n_nodes()];
    let mut sizes = Vec::new();
    let mut queue = Vec::new();
    for start in graph.nodes() {
        if label[start as usize] != UNSEEN {
            continue;
        }
        let component = sizes.len() as u32;
        let mut size = 0;
        label[start as usize] = component;
        queue.push(start);
        while let Some(node) = queue.pop() {
            size += 1;
            let inward = if graph.is_directed() { graph.in_neighbours(node) } else { &[] };
            for &next in graph.neighbours(node).iter().chain(inward) {
                if label[next as usize] == UNSEEN {
                    label[next as usize] = component;
                    queue.push(next);
                }
            }
        }
        sizes.push(size);
    }
    Components { label, sizes }
}
