//! The units that sources name, and the domains that are theirs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, UnitId};
use tieline_model::org::{FactSource, Unit, UnitKind};

use crate::domains;
use crate::evidence::Evidence;
use crate::names::fold;
use crate::org::UnitReview;
use crate::org_names::{OrganisationName, organisation_key, resolve_organisations};

/// All units found so far, and how to find the one that a claim or a domain means.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    units: BTreeMap<UnitId, Unit>,
    by_name: BTreeMap<String, UnitId>,
    by_domain: BTreeMap<String, UnitId>,
    pub(crate) reviews: Vec<UnitReview>,
}

/// What sources say of one organisation name.
#[derive(Default)]
struct Stated {
    /// Best source and number of statements, for choosing the name to show.
    source: Option<FactSource>,
    count: u64,
    /// Statements for each domain, and whether a directory is among them.
    domains: BTreeMap<String, (u64, bool)>,
}

impl Catalogue {
    /// The organisations that claims name. Departments and organisations by domain are added as they
    /// are met.
    pub(crate) fn new(evidence: &Evidence<'_>, addresses: &HashMap<AddressId, &Address>) -> Self {
        let mut stated: BTreeMap<&str, Stated> = BTreeMap::new();
        for claim in evidence.claims {
            if let Some(name) = organisation_of(claim) {
                let about = stated.entry(name).or_default();
                let source = claim.source.fact_source();
                about.source = Some(about.source.map_or(source, |known| known.min(source)));
                about.count += u64::from(claim.count.max(1));
                let directory = claim.source == ClaimSource::Directory;
                for domain in domains_of(claim, addresses) {
                    let votes = about.domains.entry(domain.to_owned()).or_default();
                    votes.0 += 1;
                    votes.1 |= directory;
                }
            }
        }
        let mut catalogue = Self::default();
        catalogue.add_organisations(&stated);
        catalogue
    }

    fn add_organisations(&mut self, stated: &BTreeMap<&str, Stated>) {
        let plain: Vec<OrganisationName> = stated
            .iter()
            .map(|(name, about)| OrganisationName {
                name: (*name).to_owned(),
                domains: about.domains.keys().cloned().collect(),
            })
            .collect();
        let resolution = resolve_organisations(&plain);
        let all: Vec<(&str, &Stated)> = stated.iter().map(|(name, about)| (*name, about)).collect();
        let mut unit_of = vec![None; all.len()];
        let mut votes: BTreeMap<&str, Vec<(UnitId, u64, bool)>> = BTreeMap::new();
        for group in &resolution.groups {
            let best = group.iter().min_by_key(|member| {
                let (name, about) = all[**member];
                (about.source, Reverse(about.count), name)
            });
            let Some(name) = best.map(|member| all[*member].0) else { continue };
            if organisation_key(name).is_empty() {
                continue;
            }
            let id = self.organisation(&organisation_key(name), name);
            for member in group {
                unit_of[*member] = Some(id);
                self.by_name.insert(organisation_key(all[*member].0), id);
            }
            for (domain, (count, directory)) in domain_votes(group, &all) {
                let related = group.iter().any(|member| is_related(all[*member].0, domain));
                if directory || count > 1 || related {
                    votes.entry(domain).or_default().push((id, count, related));
                }
            }
        }
        for (domain, mut claimants) in votes {
            // Of several organisations at one domain the one it is named after has it, then the one
            // named most often.
            claimants.sort_by_key(|(id, count, related)| (Reverse(*related), Reverse(*count), *id));
            if let Some((id, ..)) = claimants.first() {
                self.give_domain(*id, domain);
            }
        }
        for review in resolution.reviews {
            if let (Some(a), Some(b)) = (unit_of[review.a], unit_of[review.b]) {
                self.reviews.push(UnitReview { a: a.min(b), b: a.max(b), reasons: review.reasons });
            }
        }
        self.reviews.sort();
        self.reviews.dedup_by(|x, y| (x.a, x.b) == (y.a, y.b));
    }

    fn organisation(&mut self, key: &str, name: &str) -> UnitId {
        let id = UnitId::of(UnitKind::Organisation, key, None);
        self.units.entry(id).or_insert_with(|| Unit {
            id,
            kind: UnitKind::Organisation,
            name: name.trim().to_owned(),
            parent: None,
            domains: Vec::new(),
        });
        id
    }

    fn give_domain(&mut self, id: UnitId, domain: &str) {
        self.by_domain.insert(domain.to_owned(), id);
        if let Some(unit) = self.units.get_mut(&id)
            && let Err(at) = unit.domains.binary_search_by(|known| known.as_str().cmp(domain))
        {
            unit.domains.insert(at, domain.to_owned());
        }
    }

    /// The organisation of an e-mail address, named after its domain where no source names it; `None`
    /// at domains that are nobody's.
    pub(crate) fn of_address(&mut self, address: &Address) -> Option<UnitId> {
        let domain = domains::organisational(address.domain()?)?;
        if let Some(id) = self.by_domain.get(domain) {
            return Some(*id);
        }
        let id = self.organisation(domain, domain);
        self.give_domain(id, domain);
        Some(id)
    }

    /// The narrowest unit that a claim names; the organisation of its addresses where it names units
    /// or a title only.
    pub(crate) fn of_claim(
        &mut self,
        claim: &Claim,
        addresses: &HashMap<AddressId, &Address>,
    ) -> Option<UnitId> {
        let named = claim.organisation.as_deref().map(organisation_key);
        let mut unit = named.and_then(|key| self.by_name.get(&key).copied());
        let says_more = !claim.units.is_empty() || claim.title.is_some();
        if unit.is_none() && says_more {
            let known = claim.addresses.iter().filter_map(|id| addresses.get(id));
            unit = known.into_iter().find_map(|address| self.of_address(address));
        }
        for name in &claim.units {
            let folded = fold(name);
            let repeats = unit.and_then(|id| self.units.get(&id)).is_some_and(|above| {
                fold(&above.name) == folded
                    || organisation_key(&above.name) == organisation_key(name)
            });
            if !folded.is_empty() && !repeats {
                unit = Some(self.department(&folded, name, unit));
            }
        }
        unit
    }

    fn department(&mut self, folded: &str, name: &str, parent: Option<UnitId>) -> UnitId {
        let id = UnitId::of(UnitKind::Department, folded, parent);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let unit = self.units.entry(id).or_insert_with(|| Unit {
            id,
            kind: UnitKind::Department,
            name: name.clone(),
            parent,
            domains: Vec::new(),
        });
        // Of several spellings the first in the alphabet, whatever the order of the rows.
        if name < unit.name {
            unit.name = name;
        }
        id
    }

    /// The organisation that a unit is part of: itself, where nothing is above it.
    pub(crate) fn top(&self, mut id: UnitId) -> UnitId {
        while let Some(parent) = self.units.get(&id).and_then(|unit| unit.parent) {
            id = parent;
        }
        id
    }

    pub(crate) fn name(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("", |unit| unit.name.as_str())
    }

    /// All units, parents before their parts, then by name.
    pub(crate) fn into_units(self) -> Vec<Unit> {
        let depth = |unit: &Unit| {
            let mut depth = 0_usize;
            let mut parent = unit.parent;
            while let Some(above) = parent.and_then(|id| self.units.get(&id)) {
                depth += 1;
                parent = above.parent;
            }
            depth
        };
        let mut units: Vec<(usize, Unit)> =
            self.units.values().map(|unit| (depth(unit), unit.clone())).collect();
        units.sort_by(|x, y| (x.0, &x.1.name, x.1.id).cmp(&(y.0, &y.1.name, y.1.id)));
        units.into_iter().map(|(_, unit)| unit).collect()
    }
}

/// The organisation a claim names: the person's, or the one the claim is about.
fn organisation_of(claim: &Claim) -> Option<&str> {
    let about = claim.name.as_deref().filter(|_| claim.is_organisation);
    claim.organisation.as_deref().or(about).filter(|name| !name.trim().is_empty())
}

fn domains_of<'a>(claim: &Claim, addresses: &HashMap<AddressId, &'a Address>) -> BTreeSet<&'a str> {
    let known = claim.addresses.iter().filter_map(|id| addresses.get(id).copied());
    known.filter_map(Address::domain).filter_map(domains::organisational).collect()
}

fn domain_votes<'a>(group: &[usize], all: &[(&str, &'a Stated)]) -> BTreeMap<&'a str, (u64, bool)> {
    let mut votes: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
    for member in group {
        for (domain, (count, directory)) in &all[*member].1.domains {
            let entry = votes.entry(domain).or_default();
            entry.0 += count;
            entry.1 |= directory;
        }
    }
    votes
}

/// Whether a domain looks like a name's own: `acme.org` of "Acme Housing".
fn is_related(name: &str, domain: &str) -> bool {
    let key = organisation_key(name).replace(' ', "");
    let label = domain.split('.').next().unwrap_or(domain).replace('-', "");
    let initials: String =
        organisation_key(name).split(' ').filter_map(|word| word.chars().next()).collect();
    let long_enough = key.len() >= 3 && label.len() >= 3;
    (long_enough && (key.starts_with(&label) || label.starts_with(&key)))
        || (initials.len() >= 2 && initials == label)
}
