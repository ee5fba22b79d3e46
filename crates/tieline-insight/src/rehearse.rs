//! What would change with a new tie, or with two groups as one. Nothing is changed by asking.

use std::collections::BTreeMap;

use tieline_graph::Weights;
use tieline_graph::components::components;
use tieline_graph::cut::articulation_points;
use tieline_graph::graph::Graph;
use tieline_graph::paths::{UNREACHABLE, shortest_path_lengths};
use tieline_graph::silo::{SiloTable, silo_table};

use crate::measures::steps_apart;
use crate::voice::{View, defined};

/// Share of the expected ties under which a pair of groups counts as a gap, where at least one tie
/// is expected: as in the heat table (METHODS 2.13).
const GAP_UNDER: f64 = 0.5;

/// Why something cannot be rehearsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RehearsalError {
    /// The same person or group twice, or one that is not in the network.
    #[error("choose two different ones that are in the network")]
    NotTwo,
    /// There is nothing to add.
    #[error("the two have a working tie already")]
    Tied,
    /// The group is too small to show, or needed to hide one that is.
    #[error("a group with fewer than five people is not reported")]
    TooSmall,
}

/// One number before and after; `None` = not defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What, in words.
    pub name: &'static str,
    /// As it is.
    pub before: Option<f64>,
    /// As it would be.
    pub after: Option<f64>,
    /// Whether it is a share from 0 to 1.
    pub is_share: bool,
    /// Whether it is a whole number.
    pub is_count: bool,
}

/// Ties found over ties expected of two groups, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct GapChange {
    /// One group.
    pub group_a: String,
    /// The other.
    pub group_b: String,
    /// As it is; `None` where nothing is expected.
    pub before: Option<f64>,
    /// As it would be.
    pub after: Option<f64>,
}

/// What would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// Numbers, the most telling first.
    pub changes: Vec<Change>,
    /// Pairs of shown groups whose ratio would change, the emptiest after first.
    pub gaps: Vec<GapChange>,
    /// What stays, and why, in a sentence.
    pub note: &'static str,
}

/// Adds a working tie between two people. O(n m) up to 5,000 people, sampled beyond.
///
/// # Errors
/// When they are no two people of the network, or tied already.
pub fn with_tie(view: &View<'_>, a: u32, b: u32) -> Result<Rehearsal, RehearsalError> {
    let network = view.network();
    let graph = network.graph();
    let n = network.len() as u32;
    if a == b || a >= n || b >= n {
        return Err(RehearsalError::NotTwo);
    }
    if graph.has_tie(a, b) {
        return Err(RehearsalError::Tied);
    }
    let new = (a, b, network.params().threshold);
    let with = Graph::undirected(network.len(), graph.ties().chain([new]))
        .map_err(|_| RehearsalError::NotTwo)?;
    let labels = view.groups().labels();
    let (before, after) = (table(view, graph, labels), table(view, &with, labels));
    let between = shortest_path_lengths(graph, a).get(b as usize).copied();
    let between = between.filter(|steps| *steps != UNREACHABLE).map(f64::from);
    let cut = |graph: &Graph| Some(articulation_points(graph).len() as f64);
    let parts = |graph: &Graph| Some(components(graph).sizes.len() as f64);
    let mean = |graph: &Graph| steps_apart(graph, network.seed());
    let pair = view.groups().label(a).zip(view.groups().label(b));
    let gaps = pair
        .filter(|(x, y)| x != y)
        .and_then(|(x, y)| gap(view, (x, y), ratio(&before, x, y), ratio(&after, x, y)));
    Ok(Rehearsal {
        changes: vec![
            count("Steps between the two", between, Some(1.0)),
            Change { is_count: false, ..count("Steps apart, everyone", mean(graph), mean(&with)) },
            count("People without whom the network falls apart", cut(graph), cut(&with)),
            count("Separate parts", parts(graph), parts(&with)),
        ],
        gaps: gaps.into_iter().collect(),
        note: "The new tie counts as one that just reaches the threshold of a working tie; all \
               others stay as they are.",
    })
}

/// Takes two shown groups as one. O(n + m + g^2) for g groups.
///
/// # Errors
/// When they are no two groups that may be shown.
pub fn merged(view: &View<'_>, x: u32, y: u32) -> Result<Rehearsal, RehearsalError> {
    let groups = view.groups();
    let is_shown = |label: u32| groups.groups().get(label as usize).map(|group| group.shown);
    match (x == y, is_shown(x), is_shown(y)) {
        (true, ..) | (_, None, _) | (.., None) => return Err(RehearsalError::NotTwo),
        (_, Some(true), Some(true)) => {}
        _ => return Err(RehearsalError::TooSmall),
    }
    let graph = view.network().graph();
    let one = |label: &Option<u32>| label.map(|label| if label == y { x } else { label });
    let labels: Vec<Option<u32>> = groups.labels().iter().map(one).collect();
    let before = table(view, graph, groups.labels());
    let after = table(view, graph, &labels);
    let others: Vec<u32> = (0..groups.groups().len() as u32)
        .filter(|label| *label != x && *label != y && is_shown(*label) == Some(true))
        .collect();
    let mut gaps: Vec<GapChange> = others
        .iter()
        .flat_map(|other| {
            let joined = ratio(&after, x, *other);
            let side = |side| gap(view, (side, *other), ratio(&before, side, *other), joined);
            [x, y].into_iter().filter_map(side).collect::<Vec<_>>()
        })
        .collect();
    sort(&mut gaps);
    let shown: Vec<u32> = others.iter().copied().chain([x, y]).collect();
    let rest: Vec<u32> = others.iter().copied().chain([x]).collect();
    let people = (groups.members(x).len() + groups.members(y).len()) as f64;
    let inside = before.pair(x, y).map(|pair| pair.observed);
    let held =
        |labels: &[Option<u32>], among: &[u32]| Some(held_by_one(graph, labels, among) as f64);
    Ok(Rehearsal {
        changes: vec![
            Change {
                is_share: true,
                is_count: false,
                ..count(
                    "Ties across groups",
                    across(graph, groups.labels()),
                    across(graph, &labels),
                )
            },
            count(
                "Pairs of groups with under half of the ties expected",
                Some(gaps_among(&before, &shown) as f64),
                Some(gaps_among(&after, &rest) as f64),
            ),
            count(
                "Pairs of groups joined through one person alone",
                held(groups.labels(), &shown),
                held(&labels, &rest),
            ),
            count("Ties between the two, inside one group then", inside, inside),
            count("People in the one group", None, Some(people)),
        ],
        gaps,
        note: "No tie is added and nobody moves, so steps apart stay as they are.",
    })
}

/// The widest gap that is left comes first.
fn sort(gaps: &mut [GapChange]) {
    gaps.sort_by(|one, two| {
        let key = |gap: &GapChange| gap.after.unwrap_or(f64::INFINITY);
        key(one)
            .total_cmp(&key(two))
            .then_with(|| (&one.group_b, &one.group_a).cmp(&(&two.group_b, &two.group_a)))
    });
}

fn count(name: &'static str, before: Option<f64>, after: Option<f64>) -> Change {
    Change { name, before, after, is_share: false, is_count: true }
}

fn table(view: &View<'_>, graph: &Graph, labels: &[Option<u32>]) -> SiloTable {
    silo_table(graph, labels, view.groups().groups().len(), Weights::Binary)
}

fn ratio(table: &SiloTable, x: u32, y: u32) -> Option<f64> {
    table.pair(x, y).and_then(|pair| defined(pair.ratio_config))
}

/// Both groups have to be shown.
fn gap(
    view: &View<'_>,
    (x, y): (u32, u32),
    before: Option<f64>,
    after: Option<f64>,
) -> Option<GapChange> {
    let shown = |label: u32| view.groups().groups().get(label as usize).filter(|one| one.shown);
    let (group_a, group_b) = (shown(x)?.name.clone(), shown(y)?.name.clone());
    Some(GapChange { group_a, group_b, before, after })
}

/// Pairs of these groups with under half of the ties expected, where at least one is.
fn gaps_among(table: &SiloTable, groups: &[u32]) -> usize {
    let is_gap = |x: u32, y: u32| {
        table.pair(x, y).is_some_and(|pair| {
            pair.expected_config >= 1.0 && defined(pair.ratio_config).is_some_and(|r| r < GAP_UNDER)
        })
    };
    pairs_of(groups).filter(|(x, y)| is_gap(*x, *y)).count()
}

/// Pairs of these groups with ties of which one person is an end of all.
fn held_by_one(graph: &Graph, labels: &[Option<u32>], groups: &[u32]) -> usize {
    let mut ends: BTreeMap<(u32, u32), Option<Vec<u32>>> = BTreeMap::new();
    for (a, b, _) in graph.ties() {
        let label = |node: u32| labels.get(node as usize).copied().flatten();
        let (Some(x), Some(y)) = (label(a), label(b)) else { continue };
        if x == y {
            continue;
        }
        let common = ends.entry((x.min(y), x.max(y))).or_default();
        match common {
            None => *common = Some(vec![a, b]),
            Some(people) => people.retain(|node| *node == a || *node == b),
        }
    }
    let held = |pair: (u32, u32)| {
        let key = (pair.0.min(pair.1), pair.0.max(pair.1));
        ends.get(&key).and_then(Option::as_ref).is_some_and(|people| !people.is_empty())
    };
    pairs_of(groups).filter(|pair| held(*pair)).count()
}

fn pairs_of(groups: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    let later = |at: usize| groups.get(at + 1..).unwrap_or_default();
    groups.iter().enumerate().flat_map(move |(at, x)| later(at).iter().map(move |y| (*x, *y)))
}

/// Share of the ties between people of known groups that join two groups.
fn across(graph: &Graph, labels: &[Option<u32>]) -> Option<f64> {
    let label = |node: u32| labels.get(node as usize).copied().flatten();
    let (mut known, mut out) = (0.0, 0.0);
    for (a, b, _) in graph.ties() {
        if let (Some(x), Some(y)) = (label(a), label(b)) {
            known += 1.0;
            out += f64::from(u8::from(x != y));
        }
    }
    (known > 0.0).then(|| out / known)
}
