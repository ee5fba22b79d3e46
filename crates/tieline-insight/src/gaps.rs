//! The smallest set of new ties that closes a gap (METHODS 2.17, 2.23).

use std::borrow::Cow;

use tieline_graph::bridging::{Bridge, BridgeOptions, MOST_TIES_TO_CLOSE_A_GAP, suggest_until};
use tieline_graph::graph::{Graph, Weights};
use tieline_graph::silo::silo_table;
use tieline_model::id::UnitId;

use crate::finding::{Evidence, Finding, FindingKind, Method, Part};
use crate::findings::{BridgePlan, SuggestedTie};
use crate::paths::{introduction_graph, path_in};
use crate::silos::Silos;
use crate::voice::{View, count, defined, stability_unknown};

const METHOD: Method = Method {
    name: "Bridging recommendations",
    section: "2.17, 2.18, 2.23",
    reference: "Tieline: greedy on harmonic proximity; paths: Dijkstra 1959",
};

/// People with a tie up to which the whole network is looked at; beyond, the two groups and everyone
/// tied to them.
const WHOLE_UP_TO: usize = 2_000;

/// People with a tie beyond which no plan is made: memory is quadratic in them.
const PLANNED_UP_TO: usize = 5_000;

/// Steps of an introduction at most: two introducers.
const HOPS: usize = 3;

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BridgesError {
    /// The unit is no group of this view.
    #[error("unit {0} is not one of the groups compared here")]
    NotAGroup(UnitId),
    /// The group is too small to show, or needed to hide one that is.
    #[error("a group with fewer than five people is not reported")]
    TooSmall,
    /// The same unit twice.
    #[error("a bridge needs two different groups")]
    SameGroup,
    /// More people than a plan can be made for.
    #[error("the two groups and everyone tied to them are more than {PLANNED_UP_TO} people")]
    TooLarge,
}

/// The smallest set of new ties between two units that brings their ties to what is expected.
/// Cost as [`suggest_until`] with ten rounds.
///
/// # Errors
/// When the units are no two groups that may be shown.
pub fn bridges(view: &View<'_>, a: UnitId, b: UnitId) -> Result<BridgePlan, BridgesError> {
    let label = |unit| view.groups().label_of_unit(unit).ok_or(BridgesError::NotAGroup(unit));
    plan(view, label(a)?, label(b)?)
}

fn plan(view: &View<'_>, a: u32, b: u32) -> Result<BridgePlan, BridgesError> {
    if a == b {
        return Err(BridgesError::SameGroup);
    }
    let (a, b) = (a.min(b), a.max(b));
    let groups = view.groups().groups();
    if !(groups[a as usize].shown && groups[b as usize].shown) {
        return Err(BridgesError::TooSmall);
    }
    let graph = neighbourhood(view, a, b)?;
    let options = BridgeOptions {
        k: MOST_TIES_TO_CLOSE_A_GAP,
        between: Some((a, b)),
        ..BridgeOptions::default()
    };
    let ratio_with = |bridges: &[Bridge]| ratio_with(view, (a, b), bridges);
    let enough = |bridges: &[Bridge]| ratio_with(bridges).is_none_or(|ratio| ratio >= 1.0);
    let found = suggest_until(&graph, view.groups().labels(), &options, enough);
    let coverage = view.coverage([a, b]);
    let ratio_after = ratio_with(&found);
    let awake = introduction_graph(view);
    Ok(BridgePlan {
        group_a: view.group_name(a).to_owned(),
        group_b: view.group_name(b).to_owned(),
        ties: found.iter().map(|bridge| suggested(view, &awake, bridge)).collect(),
        ratio_before: ratio_with(&[]),
        ratio_after,
        closes: ratio_after.is_some_and(|ratio| ratio >= 1.0),
        coverage,
    })
}

/// The network, or in large ones its part around two groups; the others become isolates, which
/// closeness leaves out.
fn neighbourhood<'g>(view: &View<'g>, a: u32, b: u32) -> Result<Cow<'g, Graph>, BridgesError> {
    let graph = view.network().graph();
    let connected = |graph: &Graph| graph.nodes().filter(|node| graph.degree(*node) > 0).count();
    if connected(graph) <= WHOLE_UP_TO {
        return Ok(Cow::Borrowed(graph));
    }
    let mut removed = vec![true; graph.n_nodes()];
    for node in graph.nodes() {
        let label = view.groups().label(node);
        if label == Some(a) || label == Some(b) {
            removed[node as usize] = false;
            for alter in graph.neighbours(node) {
                removed[*alter as usize] = false;
            }
        }
    }
    let part = graph.without_nodes(&removed);
    if connected(&part) > PLANNED_UP_TO {
        Err(BridgesError::TooLarge)
    } else {
        Ok(Cow::Owned(part))
    }
}

/// Found against expected ties of the pair with some new ties; `None` where nothing is expected.
fn ratio_with(view: &View<'_>, (a, b): (u32, u32), bridges: &[Bridge]) -> Option<f64> {
    let graph = view.network().graph();
    let new = bridges.iter().map(|bridge| (bridge.a, bridge.b, 1.0));
    let with = Graph::undirected(graph.n_nodes(), graph.ties().chain(new)).ok()?;
    // All other groups are one, so that everyone's activity counts.
    let folded = |label: u32| match label {
        _ if label == a => 0,
        _ if label == b => 1,
        _ => 2,
    };
    let labels: Vec<Option<u32>> =
        view.groups().labels().iter().map(|label| label.map(folded)).collect();
    let table = silo_table(&with, &labels, 3, Weights::Binary);
    table.pair(0, 1).and_then(|pair| defined(pair.ratio_config))
}

fn suggested(view: &View<'_>, awake: &Graph, bridge: &Bridge) -> SuggestedTie {
    let coverage = view.coverage_of_people([bridge.a, bridge.b]);
    let group = |node| view.groups().label(node).map_or("", |at| view.group_name(at)).to_owned();
    let found = path_in(view, awake, bridge.a, bridge.b, HOPS);
    SuggestedTie {
        person_a: view.person(bridge.a, &coverage),
        person_b: view.person(bridge.b, &coverage),
        groups: (group(bridge.a), group(bridge.b)),
        gain: bridge.gain,
        proximity_after: bridge.proximity_after,
        pairs_shortened: usize::try_from(bridge.pairs_shortened).unwrap_or(usize::MAX),
        introduction: found.paths.into_iter().next(),
    }
}

/// Plans for the flagged gaps, the widest first, at most `top`. Between communities nothing is
/// flagged, and nothing is planned.
pub(crate) fn plans(view: &View<'_>, silos: &Silos, top: usize) -> Vec<BridgePlan> {
    silos
        .flagged()
        .take(top)
        .filter_map(|silo| plan(view, silo.labels.0, silo.labels.1).ok())
        .filter(|plan| !plan.ties.is_empty())
        .collect()
}

/// One plan in words.
pub(crate) fn finding(view: &View<'_>, plan: &BridgePlan) -> Finding {
    let n = plan.ties.len();
    let closes = if plan.closes { "would close" } else { "would narrow" };
    let headline = format!(
        "{} {closes} the gap between {} and {}.",
        count(n as u64, "new tie"),
        plan.group_a,
        plan.group_b,
    );
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "?".to_owned(), |r| format!("{r:.1}"));
    let first = plan.ties.first().map_or_else(String::new, |tie| {
        let by = tie.introduction.as_ref().map_or_else(
            || " No chain of three steps or fewer leads there.".to_owned(),
            |path| format!(" {}", path.sentence),
        );
        format!(" The first: {} and {}.{by}", tie.person_a.label, tie.person_b.label)
    });
    let action = plan.ties.first().map_or_else(String::new, |tie| {
        format!("Introduce {} and {}.", tie.person_a.label, tie.person_b.label)
    });
    let people = plan.ties.iter().flat_map(|tie| [tie.person_a.clone(), tie.person_b.clone()]);
    let network = view.network();
    Finding {
        kind: FindingKind::Bridges,
        headline,
        detail: format!(
            "Ties found against expected would go from {} to {}.{first}",
            ratio(plan.ratio_before),
            ratio(plan.ratio_after)
        ),
        parts: vec![
            Part { name: "New ties", value: Some(n as f64), meaning: "At most ten" },
            Part { name: "Before", value: plan.ratio_before, meaning: "Ties found ÷ expected" },
            Part { name: "After", value: plan.ratio_after, meaning: "1 = as many as expected" },
        ],
        evidence: Evidence {
            sentence: format!(
                "Chosen from the {} between {}.",
                count(network.graph().n_ties() as u64, "working tie"),
                count(network.len() as u64, "person")
            ),
            people: people.collect(),
            interactions: 0,
            window: network.window(),
            pairs: Vec::new(),
        },
        coverage: plan.coverage.clone(),
        stability: stability_unknown("Stability is not computed for suggestions."),
        significance: None,
        flagged: true,
        caveat:
            "It looks at distance alone; whether two people have something to say to each other \
                 is for them to judge."
                .to_owned(),
        action,
        method: METHOD,
    }
}
