//! How densely knit the network is: density, reciprocity, clustering, cores.

use crate::graph::Graph;

/// Density: the share of possible ties that exist.
///
/// **Definition.** `2m / (n (n - 1))`, or `m / (n (n - 1))` for a directed graph.
/// **Output.** In `[0, 1]`. **Undefined.** n < 2. **Complexity.** O(1).
///
/// ```
/// use tieline_graph::{Graph, cohesion::density};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 5.0), (2, 3, 1.0)])?;
/// assert_eq!(density(&graph), 0.5);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn density(graph: &Graph) -> f64 {
    let n = graph.n_nodes() as f64;
    let ends = if graph.is_directed() { graph.n_ties() } else { 2 * graph.n_ties() };
    ratio(ends as f64, if n < 2.0 { 0.0 } else { n * (n - 1.0) })
}

/// Edge reciprocity: the share of arcs whose reverse exists.
///
/// **Output.** In `[0, 1]`; 1 for an undirected graph with ties. **Undefined.** No ties.
/// **Complexity.** O(m log d).
#[must_use]
pub fn edge_reciprocity(graph: &Graph) -> f64 {
    let returned = graph.ties().filter(|&(u, v, _)| graph.has_tie(v, u)).count();
    ratio(returned as f64, graph.n_ties() as f64)
}

/// Local clustering: how many of a person's contacts know each other.
///
/// **Definition.** `2 t / (d (d - 1))` with t the ties among the d neighbours.
/// **Input.** Directions and strengths are ignored.
/// **Output.** In `[0, 1]`, 0 where d < 2. **Undefined.** Never.
/// **Complexity.** O(m^1.5). **Reference.** Watts & Strogatz 1998, doi:10.1038/30918.
///
/// ```
/// use tieline_graph::{Graph, cohesion::local_clustering};
/// let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (2, 3, 1.0)])?;
/// assert_eq!(local_clustering(&graph), [1.0, 1.0, 1.0 / 3.0, 0.0]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn local_clustering(graph: &Graph) -> Vec<f64> {
    let graph = graph.as_undirected();
    let triangles = per_triangle(&graph, |_| 1.0);
    closed_share(&graph, &triangles)
}

/// Mean of [`local_clustering`] over all nodes, those with fewer than two neighbours counting 0.
///
/// **Undefined.** The empty graph.
#[must_use]
pub fn mean_clustering(graph: &Graph) -> f64 {
    let local = local_clustering(graph);
    ratio(local.iter().sum(), local.len() as f64)
}

/// Transitivity: the share of connected triples that are closed, 3 triangles / triples.
///
/// **Input.** Directions and strengths are ignored. **Output.** In `[0, 1]`.
/// **Undefined.** No node has two neighbours. **Complexity.** O(m^1.5).
#[must_use]
pub fn transitivity(graph: &Graph) -> f64 {
    let graph = graph.as_undirected();
    let closed: f64 = per_triangle(&graph, |_| 1.0).iter().sum();
    let triples: f64 = graph.nodes().map(|node| pairs(graph.degree(node))).sum();
    ratio(closed, triples)
}

/// Weighted local clustering: as [`local_clustering`], each triangle counting the geometric mean
/// of its three strengths over the largest strength of the network.
///
/// **Output.** In `[0, 1]`, 0 where d < 2. **Complexity.** O(m^1.5).
/// **Reference.** Onnela et al. 2005, doi:10.1103/PhysRevE.71.065103.
#[must_use]
pub fn clustering_onnela(graph: &Graph) -> Vec<f64> {
    let graph = graph.as_undirected();
    let largest = graph.ties().map(|(_, _, strength)| strength).fold(0.0, f64::max);
    // The cube root of each factor, not of the product, which could leave the range of a float.
    let intensity = |strengths: [f64; 3]| strengths.map(|s| (s / largest).cbrt()).iter().product();
    let totals = per_triangle(&graph, intensity);
    closed_share(&graph, &totals)
}

fn closed_share(graph: &Graph, totals: &[f64]) -> Vec<f64> {
    let share = |(node, total): (u32, &f64)| {
        let possible = pairs(graph.degree(node));
        if possible == 0.0 { 0.0 } else { total / possible }
    };
    graph.nodes().zip(totals).map(share).collect()
}

/// Adds `value(strengths)` of every triangle to its three corners.
///
/// Ties point from the node of lower degree to that of higher degree, which bounds the successors
/// of any node by the square root of 2m; each triangle is found once, at its lowest corner.
fn per_triangle(graph: &Graph, value: impl Fn([f64; 3]) -> f64) -> Vec<f64> {
    let rank = |node: u32| (graph.degree(node), node);
    let successors: Vec<Vec<(u32, f64)>> = graph
        .nodes()
        .map(|node| graph.ties_of(node).filter(|&(other, _)| rank(other) > rank(node)).collect())
        .collect();
    let mut totals = vec![0.0; graph.n_nodes()];
    for (u, own) in successors.iter().enumerate() {
        for &(v, strength_uv) in own {
            let other = &successors[v as usize];
            let (mut i, mut j) = (0, 0);
            while let (Some(&(a, strength_ua)), Some(&(b, strength_vb))) =
                (own.get(i), other.get(j))
            {
                if a == b {
                    let worth = value([strength_uv, strength_ua, strength_vb]);
                    for corner in [u, v as usize, a as usize] {
                        totals[corner] += worth;
                    }
                }
                i += usize::from(a <= b);
                j += usize::from(b <= a);
            }
        }
    }
    totals
}

/// Core numbers: the largest k such that the node belongs to a group in which everyone has at
/// least k ties inside the group.
///
/// **Input.** Directions and strengths are ignored. **Output.** 0 for isolates.
/// **Undefined.** Never. **Complexity.** O(n + m).
/// **Reference.** Seidman 1983; Batagelj & Zaversnik 2003, arXiv:cs/0310049.
///
/// ```
/// use tieline_graph::{Graph, cohesion::core_numbers};
/// let graph = Graph::undirected(5, [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (2, 3, 1.0)])?;
/// assert_eq!(core_numbers(&graph), [2, 2, 2, 1, 0]);
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn core_numbers(graph: &Graph) -> Vec<u32> {
    let graph = graph.as_undirected();
    let n = graph.n_nodes();
    let mut degree: Vec<usize> = graph.nodes().map(|node| graph.degree(node)).collect();
    // `order` keeps the nodes sorted by current degree; `first[d]` is where degree d begins.
    let mut first = vec![0usize; degree.iter().max().map_or(0, |&most| most + 2)];
    for &d in &degree {
        first[d + 1] += 1;
    }
    for d in 1..first.len() {
        first[d] += first[d - 1];
    }
    let mut next = first.clone();
    let (mut order, mut place) = (vec![0u32; n], vec![0usize; n]);
    for node in graph.nodes() {
        let slot = &mut next[degree[node as usize]];
        (order[*slot], place[node as usize]) = (node, *slot);
        *slot += 1;
    }
    for position in 0..n {
        let node = order[position];
        for &other in graph.neighbours(node) {
            let d = degree[other as usize];
            if d <= degree[node as usize] {
                continue;
            }
            // Swap `other` with the first node of its degree, then let it fall one degree.
            let front = first[d];
            let (swapped, at) = (order[front], place[other as usize]);
            order.swap(front, at);
            (place[swapped as usize], place[other as usize]) = (at, front);
            first[d] += 1;
            degree[other as usize] -= 1;
        }
    }
    degree.into_iter().map(|d| d as u32).collect()
}

fn pairs(degree: usize) -> f64 {
    let d = degree as f64;
    d * (d - 1.0) / 2.0
}

fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}
