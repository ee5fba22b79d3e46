//! What changed between two networks: two moments of one workspace.

use std::collections::{BTreeMap, BTreeSet};

use tieline_model::id::{ActorId, UnitId};

use crate::finding::PersonRef;
use crate::voice::{View, count, list};

/// Factor from which a tie counts as strengthened, or its inverse as cooled.
pub const CHANGE_FACTOR: f64 = 1.5;

/// A tie in both or one of the networks.
#[derive(Debug, Clone, PartialEq)]
pub struct TieChange {
    /// One end.
    pub person_a: PersonRef,
    /// The other.
    pub person_b: PersonRef,
    /// Strength then; 0 where there was no contact.
    pub then: f64,
    /// Strength now; 0 where there is none.
    pub now: f64,
}

/// Ties between two groups, shown in both networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// One group.
    pub group_a: String,
    /// The other.
    pub group_b: String,
    /// Ties then.
    pub then: usize,
    /// Ties now.
    pub now: usize,
}

/// What changed. Lists are in order of the size of the change, largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// Ties that were none then.
    pub appeared: Vec<TieChange>,
    /// Ties then that are none now.
    pub vanished: Vec<TieChange>,
    /// Ties in both, at least 1.5 times as strong now.
    pub strengthened: Vec<TieChange>,
    /// Ties in both, at least 1.5 times as strong then.
    pub cooled: Vec<TieChange>,
    /// People with a tie now who had none then.
    pub joined: Vec<PersonRef>,
    /// People with a tie then who have none now.
    pub left: Vec<PersonRef>,
    /// Pairs of groups whose number of ties changed.
    pub links: Vec<LinkChange>,
    /// In a sentence.
    pub sentence: String,
}

type Ties = BTreeMap<(ActorId, ActorId), f64>;

/// Compares two networks by actor id. People are told by the view of the network that has them,
/// the later one first. O(m log m).
pub fn changes(then: &View<'_>, now: &View<'_>) -> Changes {
    let (before, after) = (ties(then), ties(now));
    let pairs: BTreeSet<(ActorId, ActorId)> = before.keys().chain(after.keys()).copied().collect();
    let mut lists: [Vec<TieChange>; 4] = Default::default();
    for pair in pairs {
        let [appeared, vanished, strengthened, cooled] = &mut lists;
        let into = match (before.get(&pair), after.get(&pair)) {
            (None, Some(_)) => appeared,
            (Some(_), None) => vanished,
            (Some(x), Some(y)) if *y >= x * CHANGE_FACTOR => strengthened,
            (Some(x), Some(y)) if *x >= y * CHANGE_FACTOR => cooled,
            _ => continue,
        };
        into.push(TieChange {
            person_a: person(then, now, pair.0),
            person_b: person(then, now, pair.1),
            then: strength(then, pair),
            now: strength(now, pair),
        });
    }
    for list in &mut lists {
        // Stable: equals stay in order of their ids.
        list.sort_by(|x, y| (y.now - y.then).abs().total_cmp(&(x.now - x.then).abs()));
    }
    let [appeared, vanished, strengthened, cooled] = lists;
    let (were, are) = (tied(&before), tied(&after));
    let refs = |ids: Vec<&ActorId>| -> Vec<PersonRef> {
        ids.into_iter().map(|id| person(then, now, *id)).collect()
    };
    let joined = refs(are.difference(&were).collect());
    let left = refs(were.difference(&are).collect());
    let sentence = format!(
        "{} appeared and {} ended; {} grew clearly stronger and {} clearly weaker; {} joined and {} \
         left.",
        crate::voice::sentence_case(&count(appeared.len() as u64, "tie")),
        vanished.len(),
        strengthened.len(),
        cooled.len(),
        count(joined.len() as u64, "person"),
        left.len(),
    );
    let links = link_changes(then, now);
    Changes { appeared, vanished, strengthened, cooled, joined, left, links, sentence }
}

fn ties(view: &View<'_>) -> Ties {
    let actors = view.network().actors();
    let id = |node: u32| actors[node as usize].id;
    view.network().ties().map(|pair| ((id(pair.a), id(pair.b)), pair.strength)).collect()
}

fn tied(ties: &Ties) -> BTreeSet<ActorId> {
    ties.keys().flat_map(|pair| [pair.0, pair.1]).collect()
}

fn strength(view: &View<'_>, pair: (ActorId, ActorId)) -> f64 {
    let network = view.network();
    match (network.node_of(pair.0), network.node_of(pair.1)) {
        (Some(a), Some(b)) => network.pair(a, b).map_or(0.0, |pair| pair.strength),
        _ => 0.0,
    }
}

fn person(then: &View<'_>, now: &View<'_>, id: ActorId) -> PersonRef {
    let (view, node) = match now.network().node_of(id) {
        Some(node) => (now, node),
        None => (then, then.network().node_of(id).unwrap_or(u32::MAX)),
    };
    let mut person = view.person(node, &view.coverage_of_people([node]));
    if person.node.is_some() {
        // The index is one of the later network, or none.
        person.node = now.network().node_of(id);
    }
    person
}

fn link_changes(then: &View<'_>, now: &View<'_>) -> Vec<LinkChange> {
    let (before, after) = (links(then), links(now));
    let shown_in_both = |unit: UnitId| {
        [then, now].iter().all(|view| {
            let groups = view.groups();
            groups.label_of_unit(unit).is_some_and(|at| groups.groups()[at as usize].shown)
        })
    };
    let name = |unit: UnitId| {
        now.groups().label_of_unit(unit).map_or("", |at| now.group_name(at)).to_owned()
    };
    let pairs: BTreeSet<(UnitId, UnitId)> = before.keys().chain(after.keys()).copied().collect();
    let mut changed: Vec<LinkChange> = pairs
        .into_iter()
        .filter(|pair| shown_in_both(pair.0) && shown_in_both(pair.1))
        .map(|pair| LinkChange {
            group_a: name(pair.0),
            group_b: name(pair.1),
            then: before.get(&pair).copied().unwrap_or(0),
            now: after.get(&pair).copied().unwrap_or(0),
        })
        .filter(|link| link.then != link.now)
        .collect();
    changed.sort_by_key(|link| std::cmp::Reverse(link.now.abs_diff(link.then)));
    changed
}

/// Ties between shown units; communities have no identity over time and are left out.
fn links(view: &View<'_>) -> BTreeMap<(UnitId, UnitId), usize> {
    let unit = |at: u32| view.groups().groups().get(at as usize).and_then(|group| group.unit);
    let all = view.network().links(view.groups().level(), None);
    all.iter()
        .filter_map(|((x, y), ties)| {
            let (x, y) = unit(*x).zip(unit(*y))?;
            Some(((x.min(y), x.max(y)), *ties))
        })
        .collect()
}

/// Names of people as a list of at most `most`, with the number of the others.
pub(crate) fn some_of(people: &[PersonRef], most: usize) -> String {
    let mut names: Vec<String> =
        people.iter().take(most).map(|person| person.label.clone()).collect();
    if people.len() > most {
        names.push(format!("{} more", people.len() - most));
    }
    list(&names)
}
