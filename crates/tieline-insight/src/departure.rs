//! What breaks without someone (METHODS 2.14, 2.16).

use std::collections::BTreeSet;

use tieline_graph::components::components;
use tieline_graph::cut::articulation_points;
use tieline_graph::graph::Graph;
use tieline_graph::removal::removal_loss;

use crate::finding::{Finding, FindingKind, Method, Part, PersonRef};
use crate::findings::DepartureRow;
use crate::measures::{Routes, STEPS_UP_TO, pairs_among_kept, steps_apart};
use crate::memo::links;
use crate::network::Network;
use crate::voice::{View, count, defined, list, percent, stability_unknown};

const METHOD: Method = Method {
    name: "Cut nodes and removal simulation",
    section: "2.14, 2.16",
    reference: "Hopcroft and Tarjan 1973; Latora and Marchiori 2001; residual pairs: Tieline",
};

/// Nodes up to which the loss of efficiency is computed (it is quadratic).
const EFFICIENCY_UP_TO: usize = 2_000;

/// Cut nodes looked at: those with the highest betweenness.
const CANDIDATES: usize = 40;

/// What the network would be without some people. Nothing is changed by asking.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// Who is taken out.
    pub people: Vec<PersonRef>,
    /// Share of connected pairs of others that would lose each other, 0 to 1.
    pub pair_loss: f64,
    /// Share of closeness lost, 0 to 1; `None` above 2,000 people.
    pub efficiency_loss: Option<f64>,
    /// Who is left without any tie.
    pub newly_isolated: Vec<PersonRef>,
    /// Pairs of shown groups left without any tie.
    pub lost_links: Vec<(String, String)>,
    /// People of other organisations whose only ties were to those taken out.
    pub orphaned_contacts: usize,
    /// Connected parts before.
    pub components_before: usize,
    /// Connected parts after, without counting those taken out.
    pub components_after: usize,
    /// Mean steps between connected people before; `None` above 50,000 people.
    pub mean_steps_before: Option<f64>,
    /// Mean steps after; may fall, where far people are cut off.
    pub mean_steps_after: Option<f64>,
    /// In a sentence.
    pub sentence: String,
}

/// Takes people out of the network. Nodes out of range are ignored. Above 50,000 people O(d log m) for
/// one person with d ties who holds nothing together; else O(m), and O(n m) up to 2,000 people for the
/// loss of efficiency.
pub fn without(view: &View<'_>, nodes: &[u32]) -> WhatIf {
    let network = view.network();
    let graph = network.graph();
    let mut nodes: Vec<u32> =
        nodes.iter().copied().filter(|node| (*node as usize) < network.len()).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let loss = Loss::of(view, &nodes);
    let coverage = view.coverage_of_people(nodes.iter().copied());
    let people: Vec<PersonRef> = nodes.iter().map(|node| view.person(*node, &coverage)).collect();
    let steps = |graph: &Graph| steps_apart(graph, network.seed());
    let isolated = loss.newly_isolated.iter();
    WhatIf {
        pair_loss: loss.pair_loss,
        efficiency_loss: efficiency_loss(view, &nodes),
        newly_isolated: isolated
            .map(|node| view.person(*node, &view.coverage_of_people([*node])))
            .collect(),
        lost_links: loss.lost_links.clone(),
        orphaned_contacts: loss.orphaned.len(),
        components_before: network.components().sizes.len(),
        components_after: loss.parts,
        mean_steps_before: steps(graph),
        mean_steps_after: (network.len() <= STEPS_UP_TO)
            .then(|| steps(&graph.without_nodes(&flags(network.len(), &nodes))))
            .flatten(),
        sentence: sentence(&people, &loss),
        people,
    }
}

fn sentence(people: &[PersonRef], loss: &Loss) -> String {
    if people.is_empty() {
        return "Nobody was taken out, so nothing changes.".to_owned();
    }
    let names: Vec<String> = people.iter().map(|person| person.label.clone()).collect();
    crate::voice::sentence_case(&format!("without {}, {}.", list(&names), loss.words()))
}

/// Share of closeness between others that is lost; `None` above 2,000 people. O(n m).
fn efficiency_loss(view: &View<'_>, nodes: &[u32]) -> Option<f64> {
    let network = view.network();
    (network.len() <= EFFICIENCY_UP_TO)
        .then(|| removal_loss(network.graph(), nodes).efficiency_loss)
        .and_then(defined)
}

/// What is lost, as nodes.
struct Loss {
    pair_loss: f64,
    newly_isolated: Vec<u32>,
    lost_links: Vec<(String, String)>,
    orphaned: Vec<u32>,
    /// Connected parts that are left, without those taken out.
    parts: usize,
}

/// Those of the isolated who belong to another organisation than everyone taken out.
fn orphaned(network: &Network, nodes: &[u32], isolated: &[u32]) -> Vec<u32> {
    let own: BTreeSet<_> = nodes.iter().filter_map(|node| network.organisation_of(*node)).collect();
    let outside =
        |node: &u32| network.organisation_of(*node).is_some_and(|other| !own.contains(&other));
    isolated.iter().copied().filter(outside).collect()
}

impl Loss {
    fn of(view: &View<'_>, nodes: &[u32]) -> Self {
        let network = view.network();
        if let [node] = nodes
            && !network.is_cut(*node)
        {
            return Self::of_one(view, *node);
        }
        let graph = network.graph();
        let removed = flags(network.len(), nodes);
        let residual = graph.without_nodes(&removed);
        let parts = components(&residual);
        let before = pairs_among_kept(network.components(), &removed);
        let after = pairs_among_kept(&parts, &removed);
        let pair_loss = if before > 0.0 { 1.0 - after / before } else { 0.0 };
        let newly_isolated: Vec<u32> = (0..network.len() as u32)
            .filter(|node| {
                !removed[*node as usize] && graph.degree(*node) > 0 && residual.degree(*node) == 0
            })
            .collect();
        Self {
            pair_loss,
            orphaned: orphaned(network, nodes, &newly_isolated),
            newly_isolated,
            lost_links: lost_links(view, &residual),
            parts: parts.sizes.len().saturating_sub(nodes.len()),
        }
    }

    /// Of one person without whom everyone else stays connected as before, but for the other of two
    /// who have only each other. O(d log m) for d ties.
    fn of_one(view: &View<'_>, node: u32) -> Self {
        let network = view.network();
        let graph = network.graph();
        let alters = graph.neighbours(node);
        let newly_isolated: Vec<u32> =
            alters.iter().copied().filter(|alter| graph.degree(*alter) == 1).collect();
        let parts = network.components().sizes.len();
        Self {
            pair_loss: 0.0,
            orphaned: orphaned(network, &[node], &newly_isolated),
            newly_isolated,
            lost_links: lost_links_of(view, node),
            parts: if alters.is_empty() { parts.saturating_sub(1) } else { parts },
        }
    }

    fn matters(&self) -> bool {
        self.pair_loss > 0.0 || !self.newly_isolated.is_empty() || !self.lost_links.is_empty()
    }

    fn words(&self) -> String {
        let mut parts = Vec::new();
        // A lone person who is cut off says more than a small share of pairs.
        if self.pair_loss >= 0.01 || (self.pair_loss > 0.0 && self.newly_isolated.is_empty()) {
            parts.push(format!(
                "{} of the pairs of people who can reach each other would lose each other",
                percent(self.pair_loss)
            ));
        }
        if !self.newly_isolated.is_empty() {
            let n = count(self.newly_isolated.len() as u64, "person");
            parts.push(format!("{n} would have no working tie left"));
        }
        match self.lost_links.as_slice() {
            [] => {}
            [(a, b)] => parts.push(format!("{a} and {b} would have no tie")),
            [(a, b), rest @ ..] => parts.push(format!(
                "{} pairs of groups would have no tie, among them {a} and {b}",
                rest.len() + 1
            )),
        }
        if parts.is_empty() { "everyone else stays connected".to_owned() } else { list(&parts) }
    }
}

fn flags(n: usize, nodes: &[u32]) -> Vec<bool> {
    let mut removed = vec![false; n];
    for node in nodes {
        removed[*node as usize] = true;
    }
    removed
}

/// Names of the pairs of groups that are linked before and have no tie in `after`.
fn lost_links(view: &View<'_>, after: &Graph) -> Vec<(String, String)> {
    let kept = links(view.groups(), after.ties().map(|(a, b, _)| (a, b)));
    let before = view.network().links(view.groups().level(), None);
    named(view, before.keys().filter(|pair| !kept.contains_key(pair)))
}

/// The same where one person leaves: the pairs all of whose ties are that person's. O(d log g).
fn lost_links_of(view: &View<'_>, node: u32) -> Vec<(String, String)> {
    let ties = view.network().ties_of(node).map(|pair| (pair.a, pair.b));
    let own = links(view.groups(), ties);
    let all = view.network().links(view.groups().level(), None);
    named(view, own.iter().filter(|(pair, n)| all.get(pair) == Some(n)).map(|(pair, _)| pair))
}

fn named<'p>(
    view: &View<'_>,
    pairs: impl Iterator<Item = &'p (u32, u32)>,
) -> Vec<(String, String)> {
    pairs.map(|(x, y)| (view.group_name(*x).to_owned(), view.group_name(*y).to_owned())).collect()
}

/// A row with the node it speaks of.
pub(crate) struct Departure {
    pub(crate) row: DepartureRow,
    node: u32,
    words: String,
}

/// The cut nodes whose departure costs most, at most `top`: of those with the highest betweenness,
/// by pairs lost, links lost, people isolated.
pub(crate) fn departures(view: &View<'_>, routes: &Routes, top: usize) -> Vec<Departure> {
    let graph = view.network().graph();
    let mut cut = articulation_points(graph);
    let value = |node: u32| routes.betweenness.get(node as usize).copied().unwrap_or(0.0);
    cut.sort_by(|x, y| value(*y).total_cmp(&value(*x)).then(x.cmp(y)));
    cut.truncate(CANDIDATES);
    let mut all: Vec<Departure> = cut.into_iter().filter_map(|node| one(view, node)).collect();
    all.sort_by(|x, y| {
        let key = |row: &DepartureRow| (row.lost_links.len(), row.newly_isolated);
        y.row
            .pair_loss
            .total_cmp(&x.row.pair_loss)
            .then(key(&y.row).cmp(&key(&x.row)))
            .then(x.node.cmp(&y.node))
    });
    all.truncate(top);
    for departure in &mut all {
        departure.row.efficiency_loss = efficiency_loss(view, &[departure.node]);
    }
    all
}

fn one(view: &View<'_>, node: u32) -> Option<Departure> {
    let loss = Loss::of(view, &[node]);
    if !loss.matters() {
        return None;
    }
    let coverage = view.coverage_of_people([node]);
    let words = loss.words();
    let row = DepartureRow {
        person: view.person(node, &coverage),
        pair_loss: loss.pair_loss,
        efficiency_loss: None,
        newly_isolated: loss.newly_isolated.len(),
        lost_links: loss.lost_links,
        orphaned_contacts: loss.orphaned.len(),
        coverage,
    };
    Some(Departure { row, node, words })
}

fn action(row: &DepartureRow) -> String {
    let who = &row.person.label;
    match (row.lost_links.first(), row.newly_isolated) {
        (Some((a, b)), _) => format!("Find a second person beside {who} who links {a} and {b}."),
        (None, 1) => format!("Introduce someone else to the one person who knows only {who}."),
        (None, n) if n > 1 => {
            format!("Introduce someone else to the {n} people who know only {who}.")
        }
        _ => format!("Name a deputy for the contacts of {who}."),
    }
}

/// One departure in words.
pub(crate) fn finding(view: &View<'_>, found: &Departure) -> Finding {
    let row = &found.row;
    let neighbours = view.network().graph().neighbours(found.node).iter();
    let pairs: Vec<(u32, u32)> =
        neighbours.map(|alter| (found.node.min(*alter), found.node.max(*alter))).collect();
    let value = |name, value: f64, meaning| Part { name, value: Some(value), meaning };
    Finding {
        kind: FindingKind::Departure,
        headline: format!("Without {}, {}.", row.person.label, found.words),
        detail: match row.orphaned_contacts {
            0 => String::new(),
            1 => "One person of another organisation would lose the only tie here.".to_owned(),
            n => format!("{n} people of other organisations would lose their only tie here."),
        },
        parts: vec![
            value("Pairs lost", row.pair_loss, "Share of connected pairs of others, 0 to 1"),
            Part {
                name: "Closeness lost",
                value: row.efficiency_loss,
                meaning: "Share of the mean of 1/steps between others, 0 to 1",
            },
            value("Isolated", row.newly_isolated as f64, "People left without any working tie"),
            value("Links lost", row.lost_links.len() as f64, "Pairs of groups left without a tie"),
            value("Orphaned contacts", row.orphaned_contacts as f64, "Contacts elsewhere lost"),
        ],
        evidence: view.evidence(&pairs, &row.coverage),
        coverage: row.coverage.clone(),
        stability: stability_unknown("Stability is not computed for departures."),
        significance: None,
        flagged: row.pair_loss >= 0.05 || !row.lost_links.is_empty(),
        caveat: "It supposes that nobody steps in; in life, others often do.".to_owned(),
        action: action(row),
        method: METHOD,
    }
}
