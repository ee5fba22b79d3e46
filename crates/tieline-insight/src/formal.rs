//! The formal chart beside the groups that formed by themselves (METHODS 2.9).

use std::collections::BTreeMap;

use tieline_graph::community::{adjusted_rand_index, normalised_mutual_information};

use crate::changes::some_of;
use crate::finding::{Evidence, Finding, FindingKind, Method, Part};
use crate::findings::{FormalChart, InformalHome};
use crate::input::Grouping;
use crate::voice::{View, count, coverage_of, defined, percent, stability_unknown};

const METHOD: Method = Method {
    name: "Communities against the chart",
    section: "2.9",
    reference: "Traag, Waltman and van Eck 2019; Hubert and Arabie 1985; Danon et al. 2005; \
                divergence: Tieline",
};

/// People named at most in the list of informal homes.
const MOST_LISTED: usize = 50;

/// The comparison, and what it says of each label.
pub(crate) struct Formal {
    pub(crate) chart: FormalChart,
    modal: BTreeMap<u32, f64>,
}

impl Formal {
    /// Share of a group's members, isolates apart, in the community that holds most of them.
    pub(crate) fn modal_share(&self, label: u32) -> Option<f64> {
        self.modal.get(&label).copied()
    }
}

/// Compares groups and communities over the people who have a tie and a group; `None` where the
/// groups are communities themselves, or where there is nobody to compare.
pub(crate) fn formal(view: &View<'_>) -> Option<Formal> {
    let network = view.network();
    let graph = network.graph();
    let groups = view.groups();
    if groups.level() == Grouping::Community || graph.n_ties() == 0 {
        return None;
    }
    let found = network.communities();
    let compared: Vec<(u32, u32, u32)> = (0..network.len() as u32)
        .filter(|node| graph.degree(*node) > 0)
        .filter_map(|node| Some((node, groups.label(node)?, found.label[node as usize])))
        .collect();
    if compared.is_empty() {
        return None;
    }
    let chart: Vec<u32> = compared.iter().map(|row| row.1).collect();
    let community: Vec<u32> = compared.iter().map(|row| row.2).collect();
    let ari = defined(adjusted_rand_index(&chart, &community))?;
    let nmi = defined(normalised_mutual_information(&chart, &community))?;
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for (node, label) in found.label.iter().enumerate() {
        *sizes.entry(*label).or_default() += usize::from(graph.degree(node as u32) > 0);
    }
    let mut elsewhere = informal_homes(view, &compared);
    let n_elsewhere = elsewhere.len();
    elsewhere.truncate(MOST_LISTED);
    let lines = network.formal();
    let tied = lines.iter().filter(|line| graph.has_tie(line.report, line.manager)).count();
    let chart = FormalChart {
        communities: sizes.values().filter(|size| **size >= 2).count(),
        modularity: defined(found.modularity),
        ari,
        nmi,
        divergence: 1.0 - ari.max(0.0),
        reporting_lines: lines.len(),
        reporting_with_tie: crate::voice::ratio(tied as f64, lines.len() as f64),
        elsewhere,
        n_elsewhere,
    };
    Some(Formal { chart, modal: modal_shares(&compared) })
}

/// How often each `key` goes with each `value`.
fn tally(pairs: impl Iterator<Item = (u32, u32)>) -> BTreeMap<u32, BTreeMap<u32, usize>> {
    let mut counts: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for (key, value) in pairs {
        *counts.entry(key).or_default().entry(value).or_default() += 1;
    }
    counts
}

/// The most frequent value, of equals the smallest, and how often it occurs.
fn mode(counts: &BTreeMap<u32, usize>) -> Option<(u32, usize)> {
    let mut best = None;
    for (value, times) in counts {
        if best.is_none_or(|(_, most)| *times > most) {
            best = Some((*value, *times));
        }
    }
    best
}

fn modal_shares(compared: &[(u32, u32, u32)]) -> BTreeMap<u32, f64> {
    let counts = tally(compared.iter().map(|row| (row.1, row.2)));
    let share = |counts: &BTreeMap<u32, usize>| {
        let all: usize = counts.values().sum();
        mode(counts).map(|(_, most)| most as f64 / all as f64)
    };
    counts.iter().filter_map(|(label, counts)| Some((*label, share(counts)?))).collect()
}

/// People whose community belongs mostly to another shown group, and who have more ties there than
/// in their own, the widest difference first.
fn informal_homes(view: &View<'_>, compared: &[(u32, u32, u32)]) -> Vec<InformalHome> {
    let graph = view.network().graph();
    let groups = view.groups();
    let by_community = tally(compared.iter().map(|row| (row.2, row.1)));
    let homes: BTreeMap<u32, u32> = by_community
        .iter()
        .filter_map(|(community, counts)| Some((*community, mode(counts)?.0)))
        .collect();
    let shown = |label: u32| groups.groups().get(label as usize).is_some_and(|group| group.shown);
    let mut all: Vec<InformalHome> = Vec::new();
    for (node, own, community) in compared {
        let Some(home) = homes.get(community).copied() else { continue };
        if home == *own || !shown(home) || !shown(*own) {
            continue;
        }
        let ties_to = |label: u32| {
            let alters = graph.neighbours(*node).iter();
            alters.filter(|alter| groups.label(**alter) == Some(label)).count()
        };
        let (ties_own, ties_there) = (ties_to(*own), ties_to(home));
        if ties_there > ties_own {
            all.push(InformalHome {
                person: view.person(*node, &view.coverage([*own, home])),
                formal: view.group_name(*own).to_owned(),
                informal: view.group_name(home).to_owned(),
                ties_own,
                ties_there,
            });
        }
    }
    // Stable: equals stay in order of their ids.
    all.sort_by_key(|row| std::cmp::Reverse(row.ties_there - row.ties_own));
    all
}

/// The comparison in words.
pub(crate) fn finding(view: &View<'_>, formal: &Formal) -> Finding {
    let chart = &formal.chart;
    let fit = if chart.ari >= 0.8 {
        "follows the chart closely"
    } else if chart.ari >= 0.4 {
        "follows the chart in part"
    } else {
        "follows other lines than the chart"
    };
    let people: Vec<_> = chart.elsewhere.iter().map(|row| row.person.clone()).collect();
    let homes = match chart.n_elsewhere {
        0 => "Nobody works mainly with another single group.".to_owned(),
        1 => format!("One person works mainly with another group: {}.", some_of(&people, 3)),
        n => format!("{n} people work mainly with another group: {}.", some_of_all(&people, n)),
    };
    let lines = reporting(chart);
    let coverage = coverage_of(crate::orientation::overall_coverage(view));
    let part = |name, value, meaning| Part { name, value, meaning };
    Finding {
        kind: FindingKind::FormalChart,
        headline: format!(
            "How people work together {fit}: {} formed {}; the agreement is {:.2} (1 = the same, 0 = \
             as by chance).",
            count(chart.communities as u64, "group"),
            if chart.communities == 1 { "by itself" } else { "by themselves" },
            chart.ari
        ),
        detail: format!("{homes}{lines}"),
        parts: vec![
            part("ARI", Some(chart.ari), "Agreement of chart and communities, 1 = the same"),
            part("NMI", Some(chart.nmi), "Shared information, 0 to 1"),
            part("Divergence", Some(chart.divergence), "1 - ARI, at least 0"),
            part("Modularity", chart.modularity, "How clearly communities stand apart, up to 1"),
            part("Communities", Some(chart.communities as f64), "With two people or more"),
            part("Reporting lines with a tie", chart.reporting_with_tie, "Share, 0 to 1"),
        ],
        evidence: Evidence { people, ..view.totals(|_| true) },
        coverage,
        stability: stability_unknown("Stability is not computed for communities."),
        significance: None,
        flagged: chart.n_elsewhere > 0,
        caveat:
            "Communities are one good reading of the ties; others come close. Working elsewhere \
                 is often the job."
                .to_owned(),
        action:
            "Where work follows other lines than the chart, ask whether goals and budgets do too."
                .to_owned(),
        method: METHOD,
    }
}

/// How many reporting lines have a tie, in words; nothing without reporting lines.
fn reporting(chart: &FormalChart) -> String {
    chart.reporting_with_tie.map_or_else(String::new, |share| {
        format!(
            " {} of {} have a working tie.",
            percent(share),
            count(chart.reporting_lines as u64, "reporting line")
        )
    })
}

fn some_of_all(people: &[crate::finding::PersonRef], n: usize) -> String {
    let named: Vec<String> = people.iter().take(3).map(|person| person.label.clone()).collect();
    let mut items = named;
    if n > items.len() {
        items.push(format!("{} more", n - items.len()));
    }
    crate::voice::list(&items)
}
