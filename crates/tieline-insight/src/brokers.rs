//! People who join groups up (METHODS 2.3, 2.4, 2.5).

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, FindingKind, Method, Part, Stability};
use crate::findings::{BrokerRow, Roles};
use crate::measures::{Routes, median_of_positive};
use crate::people::people_with;
use crate::voice::{View, count, percent, stability_unknown};

const METHOD: Method = Method {
    name: "Betweenness, constraint and brokerage roles",
    section: "2.3, 2.4, 2.5",
    reference: "Freeman 1977; Brandes 2001; Burt 1992; Gould and Fernandez 1989",
};

/// Share of the shortest routes from which a broker is told in a sentence.
const TELL_FROM: f64 = 0.05;

/// A row with the node it speaks of.
pub(crate) struct Broker {
    pub(crate) row: BrokerRow,
    pub(crate) node: u32,
}

/// The `top` people by betweenness; nobody with none.
pub(crate) fn brokers(view: &View<'_>, routes: &Routes, top: usize) -> Vec<Broker> {
    let graph = view.network().graph();
    let nodes = routes.top(top);
    if nodes.is_empty() {
        return Vec::new();
    }
    let measures = people_with(view, routes);
    let median = median_of_positive(measures.iter().map(|person| person.strength));
    let mut all = Vec::new();
    for (at, node) in nodes.into_iter().enumerate() {
        let Some(person) = measures.get(node as usize) else { continue };
        let reached: BTreeSet<u32> = graph
            .neighbours(node)
            .iter()
            .chain([&node])
            .filter_map(|alter| view.groups().label(*alter))
            .collect();
        let coverage = view.coverage_of_people([node]);
        let row = BrokerRow {
            rank: at + 1,
            person: view.person(node, &coverage),
            betweenness: person.betweenness,
            route_share: person.route_share,
            constraint: person.constraint,
            effective_size: person.effective_size,
            degree: person.degree,
            groups_reached: reached.len(),
            load: median.map(|median| person.strength / median),
            roles: person.roles,
            coverage,
            stability: stability_unknown("Stability was not computed."),
        };
        all.push(Broker { row, node });
    }
    all
}

/// The brokers worth a sentence, at most `most`: the first, and those with a share of routes that
/// others notice.
pub(crate) fn told(brokers: &[Broker], most: usize) -> impl Iterator<Item = &Broker> {
    let notable = |at: usize, row: &BrokerRow| {
        at == 0 || row.route_share.is_some_and(|share| share >= TELL_FROM)
    };
    let all = brokers.iter().enumerate().filter(move |(at, broker)| notable(*at, &broker.row));
    all.map(|(_, broker)| broker).take(most)
}

/// Sets how often each broker stayed among those shown.
pub(crate) fn set_stability(brokers: &mut [Broker], of: impl Fn(usize) -> Stability) {
    for (at, broker) in brokers.iter_mut().enumerate() {
        broker.row.stability = of(at);
    }
}

/// One broker in words.
pub(crate) fn finding(view: &View<'_>, broker: &Broker) -> Finding {
    let row = &broker.row;
    let share = row.route_share.map_or_else(|| "some".to_owned(), percent);
    let joins = if row.groups_reached >= 2 { "joins groups up" } else { "joins people up" };
    let headline = format!(
        "{} {joins}: {share} of the shortest routes between other people pass here.",
        row.person.label,
    );
    let pairs: Vec<(u32, u32)> = view
        .network()
        .graph()
        .neighbours(broker.node)
        .iter()
        .map(|alter| (broker.node.min(*alter), broker.node.max(*alter)))
        .collect();
    Finding {
        kind: FindingKind::Broker,
        headline: crate::voice::sentence_case(&headline),
        detail: detail(row),
        parts: parts(row),
        evidence: view.evidence(&pairs, &row.coverage),
        coverage: row.coverage.clone(),
        stability: row.stability.clone(),
        significance: None,
        flagged: row.load.is_some_and(|load| load >= 3.0),
        caveat:
            "A place on many routes is an opportunity and a load, not a merit or a fault. Only \
                 the contacts that were read count."
                .to_owned(),
        action: action(view, broker),
        method: METHOD,
    }
}

/// Names the other group that most of the ties lead to: the part of the load to share first.
fn action(view: &View<'_>, broker: &Broker) -> String {
    let groups = view.groups();
    let own = groups.label(broker.node);
    let mut ties: BTreeMap<u32, usize> = BTreeMap::new();
    for alter in view.network().graph().neighbours(broker.node) {
        let label = groups.label(*alter).filter(|label| Some(*label) != own);
        let shown = label.filter(|label| groups.groups()[*label as usize].shown);
        if let Some(label) = shown {
            *ties.entry(label).or_default() += 1;
        }
    }
    let most = ties.into_iter().max_by_key(|(label, ties)| (*ties, std::cmp::Reverse(*label)));
    let who = &broker.row.person.label;
    match most {
        Some((label, _)) => format!(
            "Ask {who} whether the load is fair, and who could share the contact with {}.",
            view.group_name(label)
        ),
        None => format!("Ask {who} whether the load is fair, and who could carry a part of it."),
    }
}

fn detail(row: &BrokerRow) -> String {
    let mut text = format!(
        "{} with {}",
        count(row.degree as u64, "working tie"),
        count(row.groups_reached as u64, "group"),
    );
    if let Some(load) = row.load {
        text.push_str(&format!(", {load:.1} times the usual amount of contact"));
    }
    text.push('.');
    if let Some(role) = row.roles.as_ref().and_then(main_role) {
        text.push_str(&format!(" Mostly a link {role}."));
    }
    text
}

/// The role with most pairs, in words; `None` without any.
fn main_role(roles: &Roles) -> Option<&'static str> {
    let [mut best, others @ ..] = [
        (roles.gatekeeper_or_representative, "between the own group and others"),
        (roles.liaison, "between two other groups"),
        (roles.consultant, "between people of one other group"),
        (roles.coordinator, "between colleagues of the own group"),
    ];
    for role in others {
        if role.0 > best.0 {
            best = role;
        }
    }
    (best.0 > 0.0).then_some(best.1)
}

fn parts(row: &BrokerRow) -> Vec<Part> {
    let part = |name, value, meaning| Part { name, value, meaning };
    let role = |of: fn(&Roles) -> f64| row.roles.as_ref().map(of);
    vec![
        part("Share of routes", row.route_share, "Of shortest routes between two others, 0 to 1"),
        part("Betweenness", Some(row.betweenness), "Routes through this person, raw"),
        part("Constraint", row.constraint, "Low: contacts who do not know each other; may pass 1"),
        part("Effective size", row.effective_size, "Contacts that add something new"),
        part("Ties", Some(row.degree as f64), "Working ties"),
        part("Load", row.load, "Strength of all ties against the median person"),
        part("Coordinator", role(|r| r.coordinator), "Pairs of own colleagues joined"),
        part("Consultant", role(|r| r.consultant), "Pairs inside one other group joined"),
        part(
            "Gatekeeper or representative",
            role(|r| r.gatekeeper_or_representative),
            "Pairs of one colleague and one outsider joined",
        ),
        part("Liaison", role(|r| r.liaison), "Pairs from two other groups joined"),
    ]
}
