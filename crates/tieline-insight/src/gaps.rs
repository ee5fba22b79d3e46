//! The smallest set of new ties that closes a gap (METHODS 2.17, 2.23).

use std::borrow::Cow;
use std::collections::BTreeSet;

use tieline_graph::bridging::{Bridge, BridgeOptions, MOST_TIES_TO_CLOSE_A_GAP, suggest_until};
use tieline_graph::graph::{Graph, Weights};
use tieline_graph::silo::silo_table;
use tieline_model::id::UnitId;

use crate::finding::{Evidence, Finding, FindingKind, Method, Part};
use crate::findings::{BridgePlan, SuggestedTie};
use crate::paths::{introduction_graph, path_in};
use crate::silos::Silos;
use crate::voice::{View, count, defined, list, percent, stability_unknown};

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

/// A plan with the tie to begin with.
pub(crate) struct Planned {
    pub(crate) row: BridgePlan,
    first: usize,
}

/// Plans for the flagged gaps in their order, at most `top`. Between communities nothing is
/// flagged, and nothing is planned. The tie to begin with is the one that asks least of those who
/// are `busy`, who already have a tie across that gap, or who begin an earlier plan; of these the
/// one with the best chance of an introduction.
pub(crate) fn plans(view: &View<'_>, silos: &Silos, busy: &[u32], top: usize) -> Vec<Planned> {
    let mut named: BTreeSet<u32> = busy.iter().copied().collect();
    let mut all = Vec::new();
    for silo in silos.flagged().take(top) {
        let Ok(row) = plan(view, silo.labels.0, silo.labels.1) else { continue };
        let across: BTreeSet<u32> = silo.ties(view).into_iter().flat_map(|(a, b)| [a, b]).collect();
        let asked = |tie: &SuggestedTie| {
            let ends = [tie.person_a.node, tie.person_b.node].into_iter().flatten();
            ends.filter(|node| named.contains(node) || across.contains(node)).count()
        };
        let chance =
            |tie: &SuggestedTie| tie.introduction.as_ref().map_or(0.0, |path| path.probability);
        let order = |x: &usize, y: &usize| {
            let (x, y) = (&row.ties[*x], &row.ties[*y]);
            asked(x).cmp(&asked(y)).then(chance(y).total_cmp(&chance(x)))
        };
        let Some(first) = (0..row.ties.len()).min_by(order) else { continue };
        let tie = &row.ties[first];
        named.extend([tie.person_a.node, tie.person_b.node].into_iter().flatten());
        all.push(Planned { row, first });
    }
    all
}

impl Planned {
    fn begins(&self) -> Option<&SuggestedTie> {
        self.row.ties.get(self.first)
    }

    /// What to do first: whom to introduce, and through whom.
    pub(crate) fn action(&self) -> Option<String> {
        let tie = self.begins()?;
        let steps = tie.introduction.as_ref().map_or(&[][..], |path| &path.steps[..]);
        let between: Vec<String> =
            steps.iter().skip(1).map(|step| step.from.label.clone()).collect();
        let through = if between.is_empty() {
            String::new()
        } else {
            format!(", through {}", list(&between))
        };
        Some(format!("Introduce {} and {}{through}.", tie.person_a.label, tie.person_b.label))
    }
}

/// One plan in words.
pub(crate) fn finding(view: &View<'_>, planned: &Planned) -> Finding {
    let plan = &planned.row;
    let n = plan.ties.len();
    let closes = if plan.closes { "would close" } else { "would narrow" };
    let headline = format!(
        "{} {closes} the gap between {} and {}.",
        count(n as u64, "new tie"),
        plan.group_a,
        plan.group_b,
    );
    let share = |ratio: Option<f64>| ratio.map_or_else(|| "an unknown share".to_owned(), percent);
    let way = planned.begins().and_then(|tie| tie.introduction.as_ref());
    let way = way.map_or_else(String::new, |path| format!(" {}", path.sentence));
    let action = planned.action().unwrap_or_default();
    let people = plan.ties.iter().flat_map(|tie| [tie.person_a.clone(), tie.person_b.clone()]);
    let network = view.network();
    Finding {
        kind: FindingKind::Bridges,
        headline,
        detail: format!(
            "They would bring the two from {} to {} of the ties expected.{way}",
            share(plan.ratio_before),
            share(plan.ratio_after)
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
