//! Nodes and ties whose loss splits the network.

use crate::graph::Graph;

/// Cut nodes: people whose single departure splits the network. Ascending.
///
/// **Definition.** A node is an articulation point if removing it raises the number of components.
/// **Input.** Directions and strengths are ignored; disconnected graphs are fine.
/// **Output.** Node indices, ascending. Isolates and ends of a single tie are never among them.
/// **Undefined.** Never. **Errors.** None: total on a valid graph.
/// **Complexity.** O(n + m); an explicit stack, so depth is bounded by memory, not by the call stack.
/// **Reference.** Hopcroft & Tarjan 1973, "Algorithm 447", doi:10.1145/362248.362272.
///
/// ```
/// use tieline_graph::{Graph, cut::{articulation_points, bridges}};
/// // a triangle 0 1 2 with a tail 2-3
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (2, 3, 1.0)])?;
/// assert_eq!(articulation_points(&graph), [2]);
/// assert_eq!(bridges(&graph), [(2, 3)]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn articulation_points(graph: &Graph) -> Vec<u32> {
    let cuts = low_points(&graph.as_undirected());
    graph.nodes().filter(|&node| cuts.is_cut_node[node as usize]).collect()
}

/// Bridges: single ties whose loss splits the network. Each `(u, v)` with `u < v`, ascending.
///
/// **Definition.** A tie is a bridge if removing it raises the number of components.
/// Input, complexity and reference as for [`articulation_points`].
#[must_use]
pub fn bridges(graph: &Graph) -> Vec<(u32, u32)> {
    let mut bridges = low_points(&graph.as_undirected()).bridges;
    bridges.sort_unstable();
    bridges
}

struct Cuts {
    is_cut_node: Vec<bool>,
    bridges: Vec<(u32, u32)>,
}

/// One depth-first pass: `order` is the time of discovery, `low` the earliest time reachable from
/// the subtree of a node over at most one tie that is not in the tree.
fn low_points(graph: &Graph) -> Cuts {
    const UNSEEN: u32 = u32::MAX;
    let n = graph.n_nodes();
    let mut order = vec![UNSEEN; n];
    let mut low = vec![0u32; n];
    let mut cuts = Cuts { is_cut_node: vec![false; n], bridges: Vec::new() };
    let mut time = 0;
    let mut stack: Vec<(u32, u32, usize)> = Vec::new();
    for root in graph.nodes() {
        if order[root as usize] != UNSEEN {
            continue;
        }
        let mut root_children = 0;
        (order[root as usize], low[root as usize]) = (time, time);
        time += 1;
        stack.push((root, UNSEEN, 0));
        while let Some((node, parent, position)) = stack.last_mut() {
            let (v, p) = (*node as usize, *parent);
            if let Some(&next) = graph.neighbours(*node).get(*position) {
                *position += 1;
                if order[next as usize] == UNSEEN {
                    (order[next as usize], low[next as usize]) = (time, time);
                    time += 1;
                    stack.push((next, v as u32, 0));
                } else if next != p {
                    low[v] = low[v].min(order[next as usize]);
                }
                continue;
            }
            stack.pop();
            if p == UNSEEN {
                continue;
            }
            let parent = p as usize;
            low[parent] = low[parent].min(low[v]);
            if low[v] > order[parent] {
                cuts.bridges.push((p.min(v as u32), p.max(v as u32)));
            }
            if p == root {
                root_children += 1;
            } else if low[v] >= order[parent] {
                cuts.is_cut_node[parent] = true;
            }
        }
        cuts.is_cut_node[root as usize] = root_children > 1;
    }
    cuts
}
