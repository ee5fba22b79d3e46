//! Who can introduce whom (METHODS 2.18).

use tieline_graph::graph::Graph;
use tieline_graph::paths::{WarmPath, warm_paths};
use tieline_model::tie::{TieState, tie_probability};

use crate::findings::{Path, PathStep};
use crate::voice::{View, list, percent};

/// Probability from which two people know each other already.
const KNOWS_FROM: f64 = 0.3;

/// Most alternatives that are offered.
const ALTERNATIVES: usize = 3;

/// Answer to "who can introduce me?".
#[derive(Debug, Clone, PartialEq)]
pub struct Introductions {
    /// Whether the two have a direct tie with a probability of at least 0.3.
    pub already_known: bool,
    /// Up to three chains with different first introducers, the most likely first.
    pub paths: Vec<Path>,
    /// In a sentence.
    pub sentence: String,
}

/// Chains of introductions from one person to another, of at most `max_hops` steps (METHODS: 3).
/// Dormant ties are not used. O(max_hops m).
pub fn path(view: &View<'_>, from: u32, to: u32, max_hops: usize) -> Introductions {
    path_in(view, &introduction_graph(view), from, to, max_hops)
}

/// The ties that are not dormant.
pub(crate) fn introduction_graph(view: &View<'_>) -> Graph {
    let network = view.network();
    let awake = network.ties().filter(|pair| {
        let contact = pair.contact.as_ref().zip(network.as_of());
        // A stated tie has no rhythm; what was stated is taken as still so.
        pair.stated > 0.0
            || contact.is_none_or(|(contact, at)| contact.rhythm(at).state != TieState::Dormant)
    });
    let ties = awake.map(|pair| (pair.a, pair.b, pair.strength));
    // The same ties made the network's graph, so a refusal cannot happen; its graph is the fallback.
    Graph::undirected(network.len(), ties).unwrap_or_else(|_| network.graph().clone())
}

pub(crate) fn path_in(
    view: &View<'_>,
    graph: &Graph,
    from: u32,
    to: u32,
    max_hops: usize,
) -> Introductions {
    let n = view.network().len() as u32;
    if from >= n || to >= n || from == to {
        let sentence = "A path needs two different people of the network.".to_owned();
        return Introductions { already_known: false, paths: Vec::new(), sentence };
    }
    let kappa = view.network().params().saturation;
    let direct = graph.weight_between(from, to).map_or(0.0, |s| tie_probability(s, kappa));
    let found = warm_paths(graph, from, to, kappa, max_hops, ALTERNATIVES);
    let paths: Vec<Path> = found.iter().map(|path| told(view, path)).collect();
    let coverage = view.coverage_of_people([from, to]);
    let (a, b) = (view.person(from, &coverage).label, view.person(to, &coverage).label);
    let already_known = direct >= KNOWS_FROM;
    let sentence = if already_known {
        format!("{a} already knows {b}.")
    } else {
        paths.first().map_or_else(
            || format!("Nobody leads from {a} to {b} in {max_hops} steps or fewer."),
            |path| path.sentence.clone(),
        )
    };
    Introductions { already_known, paths, sentence: crate::voice::sentence_case(&sentence) }
}

fn told(view: &View<'_>, path: &WarmPath) -> Path {
    let network = view.network();
    let coverage = view.coverage_of_people(path.nodes.iter().copied());
    let steps: Vec<PathStep> = path
        .nodes
        .windows(2)
        .zip(&path.step_probability)
        .map(|(ends, probability)| {
            let pair = network.pair(ends[0], ends[1]);
            PathStep {
                from: view.person(ends[0], &coverage),
                to: view.person(ends[1], &coverage),
                probability: *probability,
                strength: pair.map_or(0.0, |pair| pair.strength),
                last_contact: pair.and_then(|pair| pair.contact.as_ref()).map(|c| c.last),
            }
        })
        .collect();
    let labels: Vec<String> =
        path.nodes.iter().map(|node| view.person(*node, &coverage).label).collect();
    let chance = percent(path.probability);
    let sentence = match labels.as_slice() {
        [from, middle @ .., to] if !middle.is_empty() => {
            format!("{from} can reach {to} through {} (chance {chance}).", list(middle))
        }
        [from, to] => format!("{from} can write to {to} directly (chance {chance})."),
        _ => String::new(),
    };
    let sentence = crate::voice::sentence_case(&sentence);
    Path { steps, probability: path.probability, sentence }
}
