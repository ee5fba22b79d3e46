//! Groups of people: what findings compare, which of them may be shown, and how well each was seen.

use std::collections::BTreeMap;

use tieline_graph::Weights;
use tieline_graph::community::LeidenOptions;
use tieline_model::id::UnitId;

use crate::input::Grouping;
use crate::network::Network;

/// Groups under this size are never shown (METHODS 14.2).
pub const SMALLEST_GROUP: usize = 5;

/// Coverage under this share is patchy (METHODS 2.23).
pub const PATCHY_UNDER: f64 = 0.65;

/// One group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Name; unique among the groups.
    pub name: String,
    /// The unit; `None` for communities.
    pub unit: Option<UnitId>,
    /// For a community: the member with the strongest ties inside it.
    pub centre: Option<u32>,
    /// Members.
    pub members: usize,
    /// Members a directory lists.
    pub listed: usize,
    /// Listed members seen.
    pub listed_seen: usize,
    /// Whether it may be shown: five members or more, and not needed to hide a smaller one.
    pub shown: bool,
}

impl Group {
    /// Listed members seen, as a share; `None` without a directory.
    pub fn coverage(&self) -> Option<f64> {
        (self.listed > 0).then(|| self.listed_seen as f64 / self.listed as f64)
    }
}

/// A partition of the network's nodes into groups, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    level: Grouping,
    label: Vec<Option<u32>>,
    groups: Vec<Group>,
}

impl Groups {
    /// Groups at a level. Linear, but for communities, which run Leiden (METHODS 2.9).
    pub fn of(network: &Network, level: Grouping) -> Self {
        match level {
            Grouping::Community => communities_of(network),
            Grouping::Organisation => {
                Self::by_unit(network, level, |node| network.organisation_of(node))
            }
            Grouping::Department => Self::by_unit(network, level, |node| {
                let actor = network.actors().get(node as usize)?;
                actor.unit.or(actor.organisation)
            }),
        }
    }

    /// The finest level that at least two groups of five people or more have: departments (counting
    /// only people who have one), else organisations, else communities.
    pub fn best_level(network: &Network) -> Grouping {
        let departments = Self::by_unit(network, Grouping::Department, |node| {
            network.actors().get(node as usize).and_then(|actor| actor.unit)
        });
        if departments.n_large() >= 2 {
            return Grouping::Department;
        }
        let organisations = Self::of(network, Grouping::Organisation);
        if organisations.n_large() >= 2 { Grouping::Organisation } else { Grouping::Community }
    }

    /// Which level.
    pub fn level(&self) -> Grouping {
        self.level
    }

    /// Group of each node; `None` = not known.
    pub fn labels(&self) -> &[Option<u32>] {
        &self.label
    }

    /// Group of one node.
    pub fn label(&self, node: u32) -> Option<u32> {
        self.label.get(node as usize).copied().flatten()
    }

    /// The groups, by label.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The shown group of a node.
    pub fn shown_group(&self, node: u32) -> Option<&Group> {
        self.label(node).and_then(|at| self.groups.get(at as usize)).filter(|group| group.shown)
    }

    /// The label of a unit's group.
    pub fn label_of_unit(&self, unit: UnitId) -> Option<u32> {
        self.groups.iter().position(|group| group.unit == Some(unit)).map(|at| at as u32)
    }

    /// Members of a group, ascending.
    pub fn members(&self, label: u32) -> Vec<u32> {
        let labelled = self.label.iter().enumerate();
        labelled.filter(|(_, at)| **at == Some(label)).map(|(node, _)| node as u32).collect()
    }

    /// The lowest coverage among some groups; `None` where none of them has a directory.
    pub fn lowest_coverage(&self, labels: impl IntoIterator<Item = u32>) -> Option<f64> {
        labels
            .into_iter()
            .filter_map(|at| self.groups.get(at as usize).and_then(Group::coverage))
            .min_by(f64::total_cmp)
    }

    pub(crate) fn rename(&mut self, names: impl Fn(usize, &Group) -> String) {
        for at in 0..self.groups.len() {
            self.groups[at].name = names(at, &self.groups[at]);
        }
    }

    fn n_large(&self) -> usize {
        self.groups.iter().filter(|group| group.members >= SMALLEST_GROUP).count()
    }

    fn by_unit(
        network: &Network,
        level: Grouping,
        unit_of: impl Fn(u32) -> Option<UnitId>,
    ) -> Self {
        let units: Vec<Option<UnitId>> = (0..network.len() as u32).map(unit_of).collect();
        let mut sizes: BTreeMap<UnitId, usize> = BTreeMap::new();
        for unit in units.iter().flatten() {
            *sizes.entry(*unit).or_default() += 1;
        }
        let mut order: Vec<(UnitId, usize)> = sizes.into_iter().collect();
        order.sort_by_key(|(unit, size)| (std::cmp::Reverse(*size), *unit));
        let labels: BTreeMap<UnitId, u32> =
            order.iter().enumerate().map(|(at, (unit, _))| (*unit, at as u32)).collect();
        let label: Vec<Option<u32>> =
            units.iter().map(|unit| unit.and_then(|unit| labels.get(&unit).copied())).collect();
        let names = unit_names(network, order.iter().map(|(unit, _)| *unit));
        let blank = order.iter().zip(names).map(|((unit, _), name)| empty(name, Some(*unit)));
        finish(network, level, label, blank.collect())
    }
}

fn empty(name: String, unit: Option<UnitId>) -> Group {
    Group { name, unit, centre: None, members: 0, listed: 0, listed_seen: 0, shown: false }
}

/// Counts members and decides which groups are shown.
fn finish(
    network: &Network,
    level: Grouping,
    label: Vec<Option<u32>>,
    mut groups: Vec<Group>,
) -> Groups {
    for (actor, at) in network.actors().iter().zip(&label) {
        if let Some(group) = at.and_then(|at| groups.get_mut(at as usize)) {
            group.members += 1;
            group.listed += usize::from(actor.listed);
            group.listed_seen += usize::from(actor.listed && actor.seen);
        }
    }
    let sizes: Vec<usize> = groups.iter().map(|group| group.members).collect();
    for (group, shown) in groups.iter_mut().zip(shown_cells(&sizes, SMALLEST_GROUP)) {
        group.shown = shown;
    }
    Groups { level, label, groups }
}

/// Unit names; a name that several units share is followed by its parent's.
fn unit_names(network: &Network, units: impl Iterator<Item = UnitId> + Clone) -> Vec<String> {
    let name = |id: UnitId| network.unit(id).map_or_else(String::new, |unit| unit.name.clone());
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for unit in units.clone() {
        *times.entry(name(unit)).or_default() += 1;
    }
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for unit in units {
        let mut full = name(unit);
        let parent = network.unit(unit).and_then(|unit| unit.parent);
        if times.get(&full).is_some_and(|times| *times > 1)
            && let Some(parent) = parent
        {
            full = format!("{full} ({})", name(parent));
        }
        if full.trim().is_empty() {
            "Unnamed unit".clone_into(&mut full);
        }
        let again = used.entry(full.clone()).or_default();
        *again += 1;
        names.push(if *again > 1 { format!("{full} ({again})") } else { full });
    }
    names
}

/// Communities of the unweighted network, isolates without one. Numbered by size.
fn communities_of(network: &Network) -> Groups {
    let found = network.communities();
    let graph = network.graph();
    let mut n_groups = 0;
    let label: Vec<Option<u32>> = found
        .label
        .iter()
        .enumerate()
        .map(|(node, label)| (graph.degree(node as u32) > 0).then_some(*label))
        .inspect(|label| n_groups = n_groups.max(label.map_or(0, |at| at + 1)))
        .collect();
    let mut inside = vec![0.0; label.len()];
    for (a, b, s) in graph.ties() {
        if label[a as usize] == label[b as usize] {
            inside[a as usize] += s;
            inside[b as usize] += s;
        }
    }
    let mut groups: Vec<Group> =
        (1..=n_groups).map(|number| empty(format!("Group {number}"), None)).collect();
    for (node, at) in label.iter().enumerate() {
        if let Some(group) = at.and_then(|at| groups.get_mut(at as usize)) {
            let better = group.centre.is_none_or(|best| inside[node] > inside[best as usize]);
            group.centre = if better { Some(node as u32) } else { group.centre };
        }
    }
    finish(network, Grouping::Community, label, groups)
}

/// Leiden as METHODS 2.9 says, seeded by the network.
pub(crate) fn leiden_options(network: &Network) -> LeidenOptions<'static> {
    LeidenOptions { seed: network.seed(), weights: Weights::Binary, ..LeidenOptions::default() }
}

/// Which cells of a published total may be shown (METHODS 14.2): none under `k`, and, where the
/// hidden ones together hold fewer than `k`, the smallest shown ones are hidden too (ties by
/// position) until they hold `k`. Empty cells hide nobody and stay as they are: not shown.
pub fn shown_cells(sizes: &[usize], k: usize) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|size| *size >= k).collect();
    let mut hidden: usize = sizes.iter().filter(|size| **size < k).sum();
    let mut rest: Vec<usize> = (0..sizes.len()).filter(|at| shown[*at]).collect();
    rest.sort_by_key(|at| (sizes[*at], *at));
    for at in rest {
        if hidden == 0 || hidden >= k {
            break;
        }
        shown[at] = false;
        hidden += sizes[at];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// METHODS 14.2, every example.
    #[test]
    fn small_groups_take_a_larger_one_with_them_where_the_total_would_tell() {
        for (sizes, shown) in [
            (vec![10, 3, 7], vec![true, false, false]),
            (vec![10, 3, 4], vec![true, false, false]),
            (vec![5, 6], vec![true, true]),
            (vec![4], vec![false]),
            (vec![9, 1, 6, 5], vec![true, false, true, false]),
        ] {
            assert_eq!(shown_cells(&sizes, 5), shown, "{sizes:?}");
        }
    }
}
