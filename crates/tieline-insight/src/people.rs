//! A table of measures per person.

use tieline_graph::brokerage::brokerage_undirected;
use tieline_graph::cohesion::core_numbers;
use tieline_graph::graph::{Graph, Weights};
use tieline_graph::mixing::ei_index;
use tieline_graph::structural_holes::structural_holes;

use crate::finding::PersonRef;
use crate::findings::Roles;
use crate::groups::Groups;
use crate::measures::Routes;
use crate::voice::{View, defined};

/// Measures of one person, on ties with strength >= theta. Undefined values are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonMeasures {
    /// Who; not named where that is not allowed.
    pub person: PersonRef,
    /// Working ties.
    pub degree: usize,
    /// Sum of their strengths, in effective one-to-one interactions.
    pub strength: f64,
    /// Raw betweenness, unordered pairs.
    pub betweenness: f64,
    /// Share of the shortest routes between two others that pass here, 0 to 1.
    pub route_share: Option<f64>,
    /// Burt's constraint, unweighted; may pass 1.
    pub constraint: Option<f64>,
    /// Effective size, unweighted, up to the degree.
    pub effective_size: Option<f64>,
    /// E-I index, -1 (own group only) to 1 (other groups only).
    pub ei: Option<f64>,
    /// Gould-Fernandez roles, undirected.
    pub roles: Option<Roles>,
    /// Core number: largest k such that the person is in a part where everyone has k ties.
    pub core: u32,
}

/// Measures of everyone, by node. Betweenness is exact within the bound of [`Network::routes`](crate::Network::routes).
///
/// These are personal scores: visible to the person first, never a ranking (METHODS 14.3).
pub fn people(view: &View<'_>) -> Vec<PersonMeasures> {
    people_with(view, view.network().routes())
}

pub(crate) fn people_with(view: &View<'_>, routes: &Routes) -> Vec<PersonMeasures> {
    let graph = view.network().graph();
    let holes = structural_holes(graph, Weights::Binary);
    let ei = ei_index(graph, view.groups().labels(), Weights::Binary);
    let roles = roles(graph, view.groups());
    let cores = core_numbers(graph);
    let at = |values: &[f64], node: usize| values.get(node).copied().and_then(defined);
    (0..view.network().len())
        .map(|index| {
            let node = index as u32;
            PersonMeasures {
                person: view.person(node, &view.coverage_of_people([node])),
                degree: graph.degree(node),
                strength: graph.strength(node),
                betweenness: routes.betweenness[index],
                route_share: routes.share(node),
                constraint: at(&holes.constraint, index),
                effective_size: at(&holes.effective_size, index),
                ei: at(&ei.by_node, index),
                roles: roles[index],
                core: cores[index],
            }
        })
        .collect()
}

/// Roles of everyone whose group is known; ties of others do not count.
pub(crate) fn roles(graph: &Graph, groups: &Groups) -> Vec<Option<Roles>> {
    let unknown: Vec<bool> = groups.labels().iter().map(Option::is_none).collect();
    let known = graph.without_nodes(&unknown);
    // People without a group have no tie here; the label past the last stands for them.
    let nobody = groups.groups().len() as u32;
    let labels: Vec<u32> = groups.labels().iter().map(|label| label.unwrap_or(nobody)).collect();
    brokerage_undirected(&known, &labels)
        .into_iter()
        .zip(groups.labels())
        .map(|(counts, label)| {
            label.map(|_| Roles {
                coordinator: counts.coordinator,
                consultant: counts.consultant,
                gatekeeper_or_representative: counts.gatekeeper_or_representative,
                liaison: counts.liaison,
            })
        })
        .collect()
}
