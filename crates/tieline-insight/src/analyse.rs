//! From a network to everything a report says.

use crate::brokers::{self, Broker};
use crate::cooling::{self, Cooling};
use crate::departure::{self, Departure};
use crate::dependence::{self, Dependence};
use crate::finding::{Finding, FindingKind};
use crate::findings::{Findings, GroupRow, Section, SmallGroups, Summary};
use crate::formal::{self, Formal};
use crate::gaps::{self, Planned};
use crate::input::{AnalysisOptions, EventShares, Grouping};
use crate::measures::Routes;
use crate::network::Network;
use crate::orientation;
use crate::report;
use crate::silos::{self, Silos};
use crate::stability;
use crate::summary;
use crate::voice::{View, count, grouped};

/// Rows that the table of ties gone quiet holds at most.
const MOST_ROWS: usize = 200;

/// Computes all findings. Pure: the same network, events and options give the same value, bit for
/// bit, on any number of threads.
///
/// `events` are the contributions that the contacts are sums of; without them stability is not
/// computed, and the findings say so.
///
/// Cost: O(n m) for routes (bounded, then sampled), O(B m) for B permutations (bounded), and for R
/// resamples O(R (events + n m)) (bounded, then sampled, or left out). Each bound that was reached
/// is stated in [`Findings::notes`].
pub fn analyse(
    network: &Network,
    events: Option<&dyn EventShares>,
    options: &AnalysisOptions,
) -> Findings {
    let view = &View::new(network, options.grouping, options.names);
    let routes = network.routes();
    let mut found = Found::of(view, routes, options);
    let stability_note =
        stability::set_all(view, events, options, &mut found.silos, &mut found.brokers);
    // After stability, which decides whose gap is told.
    let busy: Vec<u32> =
        brokers::told(&found.brokers, options.sentences).map(|broker| broker.node).collect();
    found.plans = gaps::plans(view, &found.silos, &busy, options.sentences);
    let mut notes = notes(view, &found.silos, routes.sources, found.summary.mean_steps_sources);
    notes.push(stability_note);
    let mut findings = Findings {
        as_of: network.as_of(),
        window: network.window(),
        seed: network.seed(),
        names: options.names,
        grouping: view.groups().level(),
        grouping_note: grouping_note(view),
        headline: String::new(),
        lede: String::new(),
        key_numbers: Vec::new(),
        small_groups: small_groups(view),
        sections: sections(found.told(view, options), &found.silos),
        suggestions: Vec::new(),
        notes,
        made: report::made(network, options, found.silos.permutations()),
        glossary: report::GLOSSARY.to_vec(),
        provenance: options.provenance.clone(),
        summary: found.summary,
        groups: found.groups,
        heat: found.silos.heat,
        formal: found.formal.map(|formal| formal.chart),
        brokers: found.brokers.into_iter().map(|broker| broker.row).collect(),
        departures: found.departures.into_iter().map(|found| found.row).collect(),
        dependences: found.dependences.into_iter().map(|found| found.row).collect(),
        cooling: found.cooling.into_iter().map(|found| found.row).take(MOST_ROWS).collect(),
        bridge_plans: found.plans.into_iter().map(|plan| plan.row).collect(),
        silos: found.silos.rows.into_iter().map(|silo| silo.row).collect(),
    };
    report::tell(&mut findings);
    findings
}

/// What each part of the analysis found, before it is told.
struct Found {
    summary: Summary,
    groups: Vec<GroupRow>,
    formal: Option<Formal>,
    silos: Silos,
    brokers: Vec<Broker>,
    departures: Vec<Departure>,
    dependences: Vec<Dependence>,
    cooling: Vec<Cooling>,
    plans: Vec<Planned>,
}

impl Found {
    fn of(view: &View<'_>, routes: &Routes, options: &AnalysisOptions) -> Self {
        let formal = formal::formal(view);
        let silos = silos::silos(view, options);
        Self {
            summary: summary::summary(view),
            groups: orientation::group_rows(view, |label| formal.as_ref()?.modal_share(label)),
            brokers: brokers::brokers(view, routes, options.top),
            departures: departure::departures(view, routes, options.top),
            dependences: dependence::dependences(view, options.top),
            cooling: cooling::cooling(view, &silos.apart()),
            plans: Vec::new(),
            formal,
            silos,
        }
    }

    /// The findings as sentences, in the order of [`HEADS`].
    fn told(&self, view: &View<'_>, options: &AnalysisOptions) -> [Vec<Finding>; 9] {
        let most = options.sentences;
        let gaps = self.silos.flagged().take(most);
        let hanging = self.dependences.iter().filter(|found| found.row.alert).take(most);
        let departures = self.departures.iter().take(most);
        [
            vec![summary::finding(view, &self.summary)],
            gaps.map(|silo| silos::finding(view, silo, &self.plans)).collect(),
            orientation::findings(view, &self.groups, options),
            self.formal.iter().map(|formal| formal::finding(view, formal)).collect(),
            brokers::told(&self.brokers, most).map(|one| brokers::finding(view, one)).collect(),
            departures.map(|found| departure::finding(view, found)).collect(),
            hanging.map(|found| dependence::finding(view, found)).collect(),
            cooling::told(&self.cooling, most).map(|one| cooling::finding(view, one)).collect(),
            self.plans.iter().map(|plan| gaps::finding(view, plan)).collect(),
        ]
    }
}

/// Where the groups come from.
fn grouping_note(view: &View<'_>) -> String {
    match view.groups().level() {
        Grouping::Department => {
            "Groups are departments; people without one count with their organisation."
        }
        Grouping::Organisation => "Groups are organisations.",
        Grouping::Community => {
            "No directory names departments, so the groups are those that formed by themselves, \
             found from the ties."
        }
    }
    .to_owned()
}

fn small_groups(view: &View<'_>) -> SmallGroups {
    let hidden = view.groups().groups().iter().filter(|group| !group.shown);
    let unknown = view.groups().labels().iter().filter(|label| label.is_none()).count();
    let mut small = SmallGroups { groups: 0, people: 0, unknown };
    for group in hidden {
        small.groups += 1;
        small.people += group.members;
    }
    small
}

fn notes(view: &View<'_>, silos: &Silos, route_sources: usize, step_sources: usize) -> Vec<String> {
    let n = view.network().len();
    let mut notes = Vec::new();
    let small = small_groups(view);
    if small.groups > 0 {
        notes.push(format!(
            "Not shown: {} with {}, because a group has fewer than five people or would give away \
             one that has.",
            count(small.groups as u64, "group"),
            count(small.people as u64, "person"),
        ));
    }
    if silos.heat.left_out > 0 {
        notes.push(format!(
            "The table compares the largest groups; {} did not fit.",
            silos.heat.left_out
        ));
    }
    if view.groups().level() == Grouping::Community {
        notes.push(
            "Gaps between groups were not tested: these groups were found from the same ties."
                .to_owned(),
        );
    }
    for (what, sources) in [("Shortest routes", route_sources), ("Steps apart", step_sources)] {
        if sources < n {
            notes.push(format!(
                "{what} were estimated from {} of {} people.",
                grouped(sources as u64),
                grouped(n as u64)
            ));
        }
    }
    notes
}

/// Kind, title and introduction of each section.
const HEADS: [(FindingKind, &str, &str); 9] = [
    (FindingKind::Summary, "The network at a glance", "Who works with whom, in numbers."),
    (
        FindingKind::Silo,
        "Where we are joined up, and where we are not",
        "Each pair of groups: the ties we found against those we would expect from how active \
         each group is.",
    ),
    (
        FindingKind::Orientation,
        "Who looks inward, who outward",
        "Ties inside a group against ties that leave it, beside what group sizes let expect.",
    ),
    (
        FindingKind::FormalChart,
        "The chart, and how we really work",
        "Departments beside the groups that formed by themselves.",
    ),
    (
        FindingKind::Broker,
        "Who holds it together",
        "People on many of the shortest routes between others.",
    ),
    (
        FindingKind::Departure,
        "What breaks without a person",
        "People whose leaving would cut others off.",
    ),
    (
        FindingKind::Dependence,
        "Links that hang on one person",
        "For each link between two groups: how its strength is shared.",
    ),
    (
        FindingKind::Cooling,
        "Ties that have gone quiet",
        "Ties out of their usual rhythm, the most worth reviving first.",
    ),
    (
        FindingKind::Bridges,
        "New ties that would close a gap",
        "For each gap: the fewest new ties that would bring it to what is usual, at most ten.",
    ),
];

/// One section a kind, in order.
fn sections(told: [Vec<Finding>; 9], silos: &Silos) -> Vec<Section> {
    let compared = silos.compared.kept.len();
    HEADS
        .into_iter()
        .zip(told)
        .map(|((kind, title, intro), findings)| {
            let nothing = match kind {
                _ if !findings.is_empty() => "",
                FindingKind::Silo if compared < 2 => {
                    " There are not two groups of five people or more to compare."
                }
                FindingKind::Silo => " No pair of groups has clearly fewer ties than expected.",
                _ => " There is nothing to report.",
            };
            Section { kind, title, intro: format!("{intro}{nothing}"), findings }
        })
        .collect()
}
