//! Units, affiliations, and changes of domain that may be job changes.
//!
//! Organisations come from directories, cards and network files, and from registrable domains that
//! are not shared by the public. Nothing is overwritten: several affiliations of one person coexist,
//! the strongest source first, and a change of domain only proposes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tieline_model::address::{Address, AddressKind};
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{ActorId, AddressId, ImportId, UnitId};
use tieline_model::org::{Affiliation, FactSource, Unit};
use tieline_model::time::Moment;

use crate::catalogue::Catalogue;
use crate::evidence::{AddressFacts, Evidence};
use crate::names::Reading;
use crate::resolve::{ActorKind, ResolvedActor};

/// Fewest messages at each domain for a job change to be proposed.
pub const JOB_CHANGE_MESSAGES: u64 = 3;

/// Units, who belongs to them, and what a person should look at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Organisations {
    /// Organisations and departments; a unit stands after the one it is part of.
    pub units: Vec<Unit>,
    /// By actor, then the strongest source first, then by time.
    pub affiliations: Vec<Affiliation>,
    /// Proposed job changes, by actor and time.
    pub job_changes: Vec<JobChange>,
    /// Pairs of organisations that may be one.
    pub reviews: Vec<UnitReview>,
}

/// A person wrote from one organisation's domain until `left` and from another's since `joined`. The
/// affiliation to the new one is among the affiliations as proposed, from `joined`; the old one stays
/// as it is until a person says yes.
#[derive(Debug, Clone, PartialEq)]
pub struct JobChange {
    /// Who.
    pub actor: ActorId,
    /// The organisation left.
    pub from_unit: UnitId,
    /// The organisation joined.
    pub to_unit: UnitId,
    /// Last time seen at the old domain.
    pub left: Moment,
    /// First time seen at the new domain, after `left`.
    pub joined: Moment,
    /// Messages at the old domain.
    pub messages_before: u64,
    /// Messages at the new domain.
    pub messages_after: u64,
    /// The reason as a sentence.
    pub sentence: String,
}

/// Two organisations that may be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitReview {
    /// One unit, the smaller id.
    pub a: UnitId,
    /// The other.
    pub b: UnitId,
    /// What speaks for it.
    pub reasons: Vec<String>,
}

/// Units and affiliations from the evidence, for actors resolved from the same evidence. Total. An
/// affiliation by domain is left out where a directory or card names that organisation already.
pub fn organisations(evidence: &Evidence<'_>, actors: &[ResolvedActor]) -> Organisations {
    let mut facts: HashMap<AddressId, &AddressFacts> = HashMap::new();
    for known in evidence.addresses {
        let kept = facts.entry(known.id).or_insert(known);
        if known.rank < kept.rank {
            *kept = known;
        }
    }
    let addresses: HashMap<AddressId, &Address> =
        facts.iter().map(|(id, facts)| (*id, &facts.address)).collect();
    let owners: HashMap<AddressId, &ResolvedActor> = actors
        .iter()
        .flat_map(|actor| actor.addresses.iter().map(move |address| (*address, actor)))
        .collect();
    let mut catalogue = Catalogue::new(evidence, &addresses);
    let managers = Managers::new(evidence, actors, &addresses, &owners);
    let mut affiliations =
        stated_affiliations(evidence, &mut catalogue, &addresses, &owners, &managers);
    let stated: BTreeSet<(ActorId, UnitId)> = affiliations
        .iter()
        .map(|affiliation| (affiliation.actor, catalogue.top(affiliation.unit)))
        .collect();
    let mut job_changes = Vec::new();
    for actor in actors.iter().filter(|actor| actor.kind == ActorKind::Person) {
        let seen = seen_by_organisation(actor, &facts, &mut catalogue);
        let changes = job_changes_of(actor, &seen, &catalogue);
        for at in &seen {
            if stated.contains(&(actor.id, at.unit)) {
                continue;
            }
            let joined = changes.iter().find(|change| change.to_unit == at.unit);
            affiliations.push(Affiliation {
                actor: actor.id,
                unit: at.unit,
                title: None,
                from: joined.map(|change| change.joined),
                to: None,
                manager: None,
                source: FactSource::Domain,
                proposed: joined.is_some(),
            });
        }
        // Where a directory or card already names the new organisation there is nothing to propose.
        job_changes.extend(
            changes.into_iter().filter(|change| !stated.contains(&(actor.id, change.to_unit))),
        );
    }
    sort(&mut affiliations);
    job_changes.sort_by_key(|change| (change.actor, change.joined, change.to_unit));
    let reviews = catalogue.reviews.clone();
    Organisations { units: catalogue.into_units(), affiliations, job_changes, reviews }
}

fn sort(affiliations: &mut Vec<Affiliation>) {
    affiliations.sort_by(|x, y| {
        let key = |a: &Affiliation| (a.actor, a.source, a.from, a.to, a.unit, a.manager);
        key(x).cmp(&key(y)).then_with(|| x.title.cmp(&y.title))
    });
    affiliations.dedup();
}

fn stated_affiliations(
    evidence: &Evidence<'_>,
    catalogue: &mut Catalogue,
    addresses: &HashMap<AddressId, &Address>,
    owners: &HashMap<AddressId, &ResolvedActor>,
    managers: &Managers,
) -> Vec<Affiliation> {
    let mut affiliations = Vec::new();
    for claim in evidence.claims.iter().filter(|claim| !claim.is_organisation) {
        let states =
            claim.organisation.is_some() || !claim.units.is_empty() || claim.title.is_some();
        if !states {
            continue;
        }
        let owned = claim.addresses.iter().filter_map(|address| owners.get(address));
        let people: BTreeSet<ActorId> =
            owned.filter(|actor| actor.kind == ActorKind::Person).map(|actor| actor.id).collect();
        let Some(unit) = catalogue.of_claim(claim, addresses) else { continue };
        for actor in people {
            affiliations.push(Affiliation {
                actor,
                unit,
                title: claim
                    .title
                    .as_deref()
                    .map(str::trim)
                    .filter(|t| !t.is_empty())
                    .map(str::to_owned),
                from: claim.from,
                to: claim.to,
                manager: managers.find(claim).filter(|manager| *manager != actor),
                source: claim.source.fact_source(),
                proposed: false,
            });
        }
    }
    affiliations
}

/// When and how often a person was seen at one organisation's domains.
struct Seen {
    unit: UnitId,
    messages: u64,
    first: Option<Moment>,
    last: Option<Moment>,
}

/// By organisation, the earliest first; undated ones last.
fn seen_by_organisation(
    actor: &ResolvedActor,
    facts: &HashMap<AddressId, &AddressFacts>,
    catalogue: &mut Catalogue,
) -> Vec<Seen> {
    let mut seen: BTreeMap<UnitId, Seen> = BTreeMap::new();
    for facts in actor.addresses.iter().filter_map(|address| facts.get(address)) {
        if let Some(unit) = catalogue.of_address(&facts.address) {
            let at =
                seen.entry(unit).or_insert(Seen { unit, messages: 0, first: None, last: None });
            at.messages += facts.sent + facts.received;
            at.first = [at.first, facts.first].into_iter().flatten().min();
            at.last = [at.last, facts.last].into_iter().flatten().max();
        }
    }
    let mut seen: Vec<Seen> = seen.into_values().collect();
    seen.sort_by_key(|at| (at.first.is_none(), at.first, at.last, at.unit));
    seen
}

/// Consecutive organisations of which one stops before the next starts, with enough messages at each.
fn job_changes_of(actor: &ResolvedActor, seen: &[Seen], catalogue: &Catalogue) -> Vec<JobChange> {
    let change = |pair: &[Seen]| {
        let [before, after] = pair else { return None };
        let (left, joined) = (before.last?, after.first?);
        let enough = before.messages.min(after.messages) >= JOB_CHANGE_MESSAGES;
        (enough && left < joined).then(|| JobChange {
            actor: actor.id,
            from_unit: before.unit,
            to_unit: after.unit,
            left,
            joined,
            messages_before: before.messages,
            messages_after: after.messages,
            sentence: format!(
                "{} was seen at {} until {} ({} messages) and at {} since {} ({} messages)",
                actor.name,
                catalogue.name(before.unit),
                left.date(),
                before.messages,
                catalogue.name(after.unit),
                joined.date(),
                after.messages
            ),
        })
    };
    seen.windows(2).filter_map(change).collect()
}

/// Finds who a directory's manager column means: an address, a reference of the same import, or a
/// name that one actor alone has.
struct Managers {
    by_address: HashMap<AddressId, ActorId>,
    /// `None` = several rows of the import share the reference.
    by_reference: HashMap<(ImportId, String), Option<ActorId>>,
    by_name: HashMap<String, Option<ActorId>>,
}

impl Managers {
    fn new(
        evidence: &Evidence<'_>,
        actors: &[ResolvedActor],
        addresses: &HashMap<AddressId, &Address>,
        owners: &HashMap<AddressId, &ResolvedActor>,
    ) -> Self {
        let by_address = owners.iter().map(|(address, actor)| (*address, actor.id)).collect();
        let mut by_name = HashMap::new();
        for actor in actors.iter().filter(|actor| actor.kind == ActorKind::Person) {
            if let Some(name) = Reading::of(&actor.name).person().filter(|name| name.is_full()) {
                note(&mut by_name, name.full_key, actor.id);
            }
        }
        let mut by_reference = HashMap::new();
        let rows = evidence.claims.iter().filter(|claim| claim.source == ClaimSource::Directory);
        for claim in rows {
            for id in &claim.addresses {
                let (Some(address), Some(actor)) = (addresses.get(id), owners.get(id)) else {
                    continue;
                };
                if address.kind() == AddressKind::Label {
                    // A scope may hold slashes, so every tail of the label is a reference.
                    for (slash, _) in address.text().match_indices('/') {
                        let tail = address.text()[slash + 1..].to_lowercase();
                        note(&mut by_reference, (claim.import, tail), actor.id);
                    }
                }
            }
        }
        Self { by_address, by_reference, by_name }
    }

    fn find(&self, claim: &Claim) -> Option<ActorId> {
        let text = claim.manager.as_deref()?.trim();
        let by_address = Address::email(text)
            .ok()
            .and_then(|address| self.by_address.get(&address.id()).copied());
        let by_reference = || {
            let reference = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            self.by_reference.get(&(claim.import, reference)).copied().flatten()
        };
        let by_name = || {
            let name = Reading::of(text).person()?;
            self.by_name.get(&name.full_key).copied().flatten()
        };
        by_address.or_else(by_reference).or_else(by_name)
    }
}

/// Notes that a key means an actor; a key of two actors means none.
fn note<K: Eq + std::hash::Hash>(map: &mut HashMap<K, Option<ActorId>>, key: K, actor: ActorId) {
    map.entry(key)
        .and_modify(|known| {
            if *known != Some(actor) {
                *known = None;
            }
        })
        .or_insert(Some(actor));
}
