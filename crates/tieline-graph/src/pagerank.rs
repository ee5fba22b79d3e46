//! PageRank: who is listened to by people who are listened to.

use crate::graph::{Graph, Weights};

/// Sum of the absolute changes of one round under which the iteration stops.
const TOLERANCE: f64 = 1e-12;
/// Most rounds made, whatever the change.
const MAX_ROUNDS: usize = 1000;

/// Where the walk of [`pagerank`] starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Personalisation<'a> {
    /// At any node, all alike.
    #[default]
    Uniform,
    /// At one of these nodes, all alike. Nodes that do not exist are ignored; if none is left the
    /// walk starts anywhere.
    Seeds(&'a [u32]),
}

/// PageRank over ties that all count alike.
///
/// **Definition.** The fixed point of `r = alpha P r + (1 - alpha) v`. P sends the rank of a node
/// to its neighbours; a node without outgoing ties (isolates too) sends it to v. v is 1/n
/// everywhere, or 1/k on k seeds.
/// **Input.** Follows directions. `alpha` in `[0, 1)`, usually 0.85.
/// **Output.** In `[0, 1]`, sum 1. **Undefined.** All NaN if `alpha` is outside `[0, 1]`.
/// **Complexity.** O(n + m) per round; stops at a change (L1) under 1e-12 or after 1,000 rounds.
/// **Determinism.** No random numbers, one thread.
/// **Reference.** Brin & Page 1998, doi:10.1016/S0169-7552(98)00110-X.
///
/// ```
/// use tieline_graph::{Graph, pagerank::{Personalisation, pagerank}};
/// let ring = Graph::directed(3, [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)])?;
/// let rank = pagerank(&ring, 0.85, Personalisation::Uniform);
/// assert!(rank.iter().all(|r| (r - 1.0 / 3.0).abs() < 1e-12));
/// # Ok::<(), tieline_graph::GraphError>(())
/// ```
#[must_use]
pub fn pagerank(graph: &Graph, alpha: f64, personalisation: Personalisation<'_>) -> Vec<f64> {
    iterate(graph, Weights::Binary, alpha, personalisation)
}

/// PageRank where a node passes its rank on in proportion to tie strength. See [`pagerank`].
#[must_use]
pub fn pagerank_weighted(
    graph: &Graph,
    alpha: f64,
    personalisation: Personalisation<'_>,
) -> Vec<f64> {
    iterate(graph, Weights::Tie, alpha, personalisation)
}

fn iterate(graph: &Graph, weights: Weights, alpha: f64, start: Personalisation<'_>) -> Vec<f64> {
    let n = graph.n_nodes();
    if !(0.0..=1.0).contains(&alpha) {
        return vec![f64::NAN; n];
    }
    let restart = restart_vector(n, start);
    let out: Vec<f64> = graph
        .nodes()
        .map(|node| match weights {
            Weights::Binary => graph.degree(node) as f64,
            Weights::Tie => graph.strength(node),
        })
        .collect();
    let mut rank = restart.clone();
    for _ in 0..MAX_ROUNDS {
        let dangling: f64 = rank.iter().zip(&out).filter(|(_, o)| **o == 0.0).map(|(r, _)| r).sum();
        let jump = alpha * dangling + (1.0 - alpha);
        let next: Vec<f64> = graph
            .nodes()
            .map(|node| {
                let sources = graph.in_neighbours(node).iter().zip(graph.in_weights(node));
                let received: f64 = sources
                    .map(|(&u, &s)| rank[u as usize] * (weights.of(s) / out[u as usize]))
                    .sum();
                alpha * received + jump * restart[node as usize]
            })
            .collect();
        let change: f64 = next.iter().zip(&rank).map(|(new, old)| (new - old).abs()).sum();
        rank = next;
        if change < TOLERANCE {
            break;
        }
    }
    rank
}

fn restart_vector(n: usize, start: Personalisation<'_>) -> Vec<f64> {
    let mut is_seed = vec![false; n];
    if let Personalisation::Seeds(seeds) = start {
        for &seed in seeds {
            if let Some(mark) = is_seed.get_mut(seed as usize) {
                *mark = true;
            }
        }
    }
    let count = is_seed.iter().filter(|mark| **mark).count();
    if count == 0 {
        return vec![1.0 / n as f64; n];
    }
    is_seed.into_iter().map(|mark| if mark { 1.0 / count as f64 } else { 0.0 }).collect()
}
