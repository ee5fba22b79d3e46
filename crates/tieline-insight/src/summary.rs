//! The network in numbers (METHODS 2.1, 2.2).

use tieline_graph::cohesion::{density, transitivity};
use tieline_graph::components::components;
use tieline_graph::graph::Weights;
use tieline_graph::mixing::ei_index;

use crate::finding::{Finding, FindingKind, Method, Part};
use crate::findings::Summary;
use crate::measures::mean_steps;
use crate::network::Pair;
use crate::orientation::overall_coverage;
use crate::voice::{View, count, coverage_of, defined, percent, ratio, stability_unknown};

const METHOD: Method = Method {
    name: "Density, components, steps apart",
    section: "2.1, 2.2",
    reference: "Watts and Strogatz 1998; Krackhardt and Stern 1988",
};

/// The numbers. O(n + m), and O(n m) up to 5,000 people for the mean steps.
pub fn summary(view: &View<'_>) -> Summary {
    let network = view.network();
    let graph = network.graph();
    let n = network.len();
    let parts = components(graph);
    let ei = ei_index(graph, view.groups().labels(), Weights::Binary);
    let is_organisation: Vec<bool> =
        network.actors().iter().map(|actor| actor.is_organisation).collect();
    let organisations = is_organisation.iter().filter(|is_one| **is_one).count();
    let is_connected = |node: &u32| graph.degree(*node) > 0;
    let is_person = |node: &u32| is_organisation.get(*node as usize) == Some(&false);
    let (mean_steps, mean_steps_sources) = mean_steps(graph, network.seed());
    let largest = parts.sizes.iter().copied().max().unwrap_or(0);
    Summary {
        people: n - organisations,
        organisations,
        opted_out: network.opted_out(),
        connected_people: (0..n as u32).filter(is_connected).filter(is_person).count(),
        ties: graph.n_ties(),
        interactions: network.pairs().iter().map(Pair::interactions).sum(),
        density: defined(density(graph)),
        components: parts.sizes.len(),
        largest_share: ratio(largest as f64, n as f64),
        mean_steps,
        mean_steps_sources,
        across_share: ratio(ei.external, ei.external + ei.internal),
        ties_without_group: ei.excluded_ties,
        across_expected: defined(ei.expected)
            .map(|index| f64::midpoint(index, 1.0).clamp(0.0, 1.0)),
        coverage: overall_coverage(view),
        transitivity: defined(transitivity(graph)),
    }
}

/// Whom the network joins: people, and the organisations that stand for themselves in it.
pub(crate) fn members(summary: &Summary) -> Vec<String> {
    let people = count(summary.people as u64, "person");
    let organisations = count(summary.organisations as u64, "organisation");
    match (summary.people, summary.organisations) {
        (_, 0) => vec![people],
        (0, _) => vec![organisations],
        _ => vec![people, organisations],
    }
}

/// The numbers in words.
pub(crate) fn finding(view: &View<'_>, summary: &Summary) -> Finding {
    let coverage = coverage_of(summary.coverage);
    let steps = summary.mean_steps.map_or_else(
        || "Nobody is connected yet.".to_owned(),
        |steps| format!("Two connected people are {steps:.1} steps apart on average."),
    );
    let across = summary.across_share.map_or_else(String::new, |share| {
        format!(" {} of the ties cross from one group to another.", percent(share))
    });
    let part = |name, value, meaning| Part { name, value, meaning };
    Finding {
        kind: FindingKind::Summary,
        headline: format!(
            "{} with {} between them; {} at least one.",
            members(summary).join(" and "),
            count(summary.ties as u64, "working tie"),
            match summary.connected_people {
                0 => "nobody has".to_owned(),
                1 => "one person has".to_owned(),
                n => format!("{} have", count(n as u64, "person")),
            },
        ),
        detail: format!("{steps}{across}"),
        parts: vec![
            part("People", Some(summary.people as f64), "Nodes that are people"),
            part("Ties", Some(summary.ties as f64), "Pairs with strength of the threshold or more"),
            part("Density", summary.density, "Share of possible ties that exist, 0 to 1"),
            part("Parts", Some(summary.components as f64), "Connected parts; a lone person is one"),
            part("Largest part", summary.largest_share, "Share of people in it, 0 to 1"),
            part("Steps apart", summary.mean_steps, "Mean over connected pairs, 1 or more"),
            part("Across groups", summary.across_share, "Share of ties, 0 to 1"),
            part(
                "Across by chance",
                summary.across_expected,
                "Share if ties fell anywhere, 0 to 1",
            ),
            part(
                "Closed triads",
                summary.transitivity,
                "Share of triads that are triangles, 0 to 1",
            ),
        ],
        evidence: view.totals(|_| true),
        coverage,
        stability: stability_unknown("Stability is not computed for totals."),
        significance: None,
        flagged: false,
        caveat: "Only what was read can be seen: talk in the corridor and by phone is missing."
            .to_owned(),
        action: "Add a source that is missing, such as calendars.".to_owned(),
        method: METHOD,
    }
}
