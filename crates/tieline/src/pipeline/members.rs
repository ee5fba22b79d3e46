//! Who is in a network, and where they belong.

use std::collections::{BTreeMap, HashMap, HashSet};

use tieline_insight::{ActorNode, ReportsTo, StatedPair};
use tieline_model::id::{ActorId, AddressId, UnitId};
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::time::Moment;
use tieline_store::{Actor, ActorKind};

use super::network::organisation_of;

/// Affiliations that hold at the moment and are no mere proposals, by actor.
pub(super) fn current(
    all: &[Affiliation],
    as_of: Option<Moment>,
) -> HashMap<ActorId, Vec<Affiliation>> {
    let mut by_actor: HashMap<ActorId, Vec<Affiliation>> = HashMap::new();
    // The last moment inside: the window is half-open.
    let at = as_of.map(|at| Moment::from_ms(at.ms() - 1));
    for affiliation in all {
        let holds = !affiliation.proposed && at.is_none_or(|at| affiliation.holds_at(at));
        if holds {
            by_actor.entry(affiliation.actor).or_default().push(affiliation.clone());
        }
    }
    for own in by_actor.values_mut() {
        // Equal sources: the one that began last is where the person is now.
        own.sort_by_key(|one| (one.source, std::cmp::Reverse(one.from)));
    }
    by_actor
}

/// Who is in a network, and where they belong.
pub(super) struct Input<'a> {
    /// People and organisations.
    pub(super) actors: &'a [Actor],
    /// Units by id.
    pub(super) units: &'a BTreeMap<UnitId, Unit>,
    /// Affiliations that hold, by actor.
    pub(super) affiliations: &'a HashMap<ActorId, Vec<Affiliation>>,
    /// Addresses of people who stay off maps.
    pub(super) opted_out: &'a HashSet<AddressId>,
}

impl Input<'_> {
    fn own(&self, actor: ActorId) -> &[Affiliation] {
        self.affiliations.get(&actor).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everyone, with where they belong; `met`: the ends of each contact.
    pub(super) fn nodes(
        &self,
        met: impl Iterator<Item = (u32, u32)>,
        stated: &[StatedPair],
    ) -> Vec<ActorNode> {
        let mut seen = vec![false; self.actors.len()];
        for (a, b) in met.chain(stated.iter().map(|pair| (pair.a, pair.b))) {
            for end in [a, b] {
                if let Some(seen) = seen.get_mut(end as usize) {
                    *seen = true;
                }
            }
        }
        self.actors
            .iter()
            .zip(seen)
            .map(|(actor, seen)| {
                let own = self.own(actor.id);
                ActorNode {
                    id: actor.id,
                    name: actor.name.clone(),
                    unit: own.iter().find_map(|one| self.department(one.unit)),
                    organisation: own.iter().find_map(|one| organisation_of(self.units, one.unit)),
                    is_organisation: actor.kind == ActorKind::Organisation,
                    listed: own.iter().any(|one| one.source == FactSource::Directory),
                    seen,
                    // Said of one address, it holds for the person, whatever is merged later.
                    opted_out: actor.addresses.iter().any(|one| self.opted_out.contains(one)),
                }
            })
            .collect()
    }

    /// The department right below the organisation: the level at which groups are compared.
    fn department(&self, unit: UnitId) -> Option<UnitId> {
        let mut found = None;
        let mut at = self.units.get(&unit);
        for _ in 0..self.units.len() {
            let Some(unit) = at else { break };
            if unit.kind == UnitKind::Organisation {
                return found;
            }
            found = Some(unit.id);
            at = unit.parent.and_then(|parent| self.units.get(&parent));
        }
        found
    }

    /// Reporting lines among them.
    pub(super) fn formal(&self) -> Vec<ReportsTo> {
        let index: HashMap<ActorId, u32> =
            self.actors.iter().enumerate().map(|(i, actor)| (actor.id, i as u32)).collect();
        let mut lines: Vec<ReportsTo> = self
            .actors
            .iter()
            .enumerate()
            .flat_map(|(i, actor)| {
                self.own(actor.id)
                    .iter()
                    .filter_map(|one| one.manager.and_then(|manager| index.get(&manager)))
                    .map(move |manager| ReportsTo { report: i as u32, manager: *manager })
                    .collect::<Vec<_>>()
            })
            .filter(|line| line.report != line.manager)
            .collect();
        lines.sort_by_key(|line| (line.report, line.manager));
        lines.dedup_by_key(|line| (line.report, line.manager));
        lines
    }
}
