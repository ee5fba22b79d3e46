//! What is known of each address, gathered from all claims, in an order that depends on nothing but
//! the evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tieline_model::address::{Address, AddressClass, AddressKind};
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::AddressId;
use tieline_model::time::Moment;

use crate::clusters::Clusters;
use crate::domains;
use crate::evidence::{AddressFacts, Evidence};
use crate::names::{PersonName, Reading, clean};
use crate::org_names::organisation_key;

/// Most names kept of one address or actor: more of them are noise, and comparing is quadratic.
pub(crate) const MAX_NAMES: usize = 8;

/// Number of mutually different full names in own headers from which a mailbox counts as shared.
const SHARED_FROM: usize = 3;

/// Which addresses may be linked with which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum World {
    Person,
    Organisation,
    /// Lists, machines, rooms: never linked, unless a person says so.
    Neither,
}

/// A name as sources use it.
#[derive(Debug, Clone)]
pub(crate) struct NameUse {
    pub(crate) name: PersonName,
    /// Trust in its best source, 0 = best.
    pub(crate) trust: u8,
    /// How often it is said.
    pub(crate) count: u64,
    /// Read from the address itself, for want of a name.
    pub(crate) derived: bool,
}

/// All that is known of one address.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) facts: &'a AddressFacts,
    pub(crate) world: World,
    /// Names, the best first, at most [`MAX_NAMES`].
    pub(crate) names: Vec<NameUse>,
    /// Best label that is no person's name, for organisations and role mailboxes.
    pub(crate) label: Option<String>,
    /// Keys of organisations that cards and directories name.
    pub(crate) organisations: BTreeSet<String>,
    /// Telephone numbers that cards and directories list with it, as indices.
    pub(crate) phones: BTreeSet<u32>,
    /// Whether a card, a directory row or an own header vouches for it.
    pub(crate) verified: bool,
    /// Whether several people write from it.
    pub(crate) shared: bool,
    /// When it was used, where dated.
    pub(crate) used: Option<Use>,
}

/// How often, and from when to when, an address was used. What it sent tells; where no own header
/// is dated, any sighting does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    pub(crate) first: Moment,
    pub(crate) last: Moment,
    pub(crate) messages: u64,
}

impl Use {
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            messages: self.messages + other.messages,
        }
    }
}

/// Every live address with its profile, sorted by (rank, kind, id): the index is the order of anchors.
#[derive(Debug)]
pub(crate) struct AddressBook<'a> {
    pub(crate) profiles: Vec<Profile<'a>>,
    index: HashMap<AddressId, u32>,
}

/// What claims say of one address, while they are read.
#[derive(Default)]
struct Gathered<'a> {
    names: BTreeMap<SaidName<'a>, (u8, u64)>,
    organisations: BTreeSet<String>,
    phones: BTreeSet<u32>,
    verified: bool,
    says_organisation: bool,
    says_person: bool,
    wrote: Option<Use>,
}

/// A name as a claim writes it: full, given, family.
type SaidName<'a> = (&'a str, &'a str, &'a str);

impl<'a> AddressBook<'a> {
    pub(crate) fn new(evidence: &Evidence<'a>) -> Self {
        let mut facts: Vec<&AddressFacts> = evidence.addresses.iter().collect();
        facts.sort_by(|a, b| {
            let key = |one: &AddressFacts| (one.rank, one.address.kind(), one.id);
            key(a).cmp(&key(b)).then_with(|| (&a.address, a.class).cmp(&(&b.address, b.class)))
        });
        let mut index = HashMap::with_capacity(facts.len());
        facts.retain(|fact| {
            let next = index.len() as u32;
            let new = !index.contains_key(&fact.id);
            if new {
                index.insert(fact.id, next);
            }
            new
        });
        let mut gathered: Vec<Gathered<'a>> = Vec::new();
        gathered.resize_with(facts.len(), Gathered::default);
        for claim in evidence.claims {
            gather(claim, &facts, &index, &mut gathered);
        }
        let mut readings = HashMap::new();
        let profiles = facts
            .into_iter()
            .zip(gathered)
            .map(|(facts, gathered)| profile(facts, gathered, &mut readings))
            .collect();
        Self { profiles, index }
    }

    pub(crate) fn get(&self, node: u32) -> &Profile<'a> {
        &self.profiles[node as usize]
    }

    pub(crate) fn node(&self, id: AddressId) -> Option<u32> {
        self.index.get(&id).copied()
    }

    pub(crate) fn id(&self, node: u32) -> AddressId {
        self.get(node).facts.id
    }

    /// The address as shown to people: a label without its scope.
    pub(crate) fn shown(&self, node: u32) -> &str {
        let address = self.address(node);
        match (address.kind(), address.text().split_once('/')) {
            (AddressKind::Label, Some((_, label))) => label,
            _ => address.text(),
        }
    }

    pub(crate) fn address(&self, node: u32) -> &Address {
        &self.get(node).facts.address
    }

    /// The live addresses of a claim, in the order of the source, each once.
    pub(crate) fn nodes_of(&self, claim: &Claim) -> Vec<u32> {
        let mut nodes = Vec::with_capacity(claim.addresses.len());
        for node in claim.addresses.iter().filter_map(|id| self.node(*id)) {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        nodes
    }

    /// Addresses that belong to no actor, sorted by id.
    pub(crate) fn unowned(&self, clusters: &Clusters) -> Vec<AddressId> {
        let nodes = 0..self.profiles.len() as u32;
        let mut ids: Vec<AddressId> =
            nodes.filter(|node| !clusters.is_owned(*node)).map(|node| self.id(node)).collect();
        ids.sort_unstable();
        ids
    }
}

/// Trust in a source of names, 0 = best.
fn trust(source: ClaimSource) -> u8 {
    match source {
        ClaimSource::Directory => 0,
        ClaimSource::Card => 1,
        ClaimSource::SelfNamed => 2,
        ClaimSource::Calendar => 3,
        ClaimSource::NamedByOthers => 4,
        ClaimSource::NetworkFile => 5,
    }
}

fn gather<'a>(
    claim: &'a Claim,
    facts: &[&AddressFacts],
    index: &HashMap<AddressId, u32>,
    gathered: &mut [Gathered<'a>],
) {
    let nodes: Vec<u32> = claim.addresses.iter().filter_map(|id| index.get(id).copied()).collect();
    let listed = matches!(claim.source, ClaimSource::Directory | ClaimSource::Card);
    let is_phone = |node: u32| facts[node as usize].address.kind() == AddressKind::Phone;
    let phones: Vec<u32> = nodes.iter().copied().filter(|node| is_phone(*node)).collect();
    let text = |part: &'a Option<String>| part.as_deref().unwrap_or("").trim();
    let said = (text(&claim.name), text(&claim.given), text(&claim.family));
    let trust = trust(claim.source);
    let organisation = claim.organisation.as_deref().map(organisation_key);
    for node in nodes {
        let about = &mut gathered[node as usize];
        if said != ("", "", "") {
            let entry = about.names.entry(said).or_insert((trust, 0));
            entry.0 = entry.0.min(trust);
            entry.1 += u64::from(claim.count.max(1));
        }
        about.verified |= listed || claim.source == ClaimSource::SelfNamed;
        if claim.source == ClaimSource::SelfNamed
            && let (Some(first), Some(last)) = (claim.first, claim.last)
        {
            let wrote = Use { first, last, messages: u64::from(claim.count.max(1)) };
            about.wrote = Some(about.wrote.map_or(wrote, |known| known.with(wrote)));
        }
        about.says_organisation |= claim.is_organisation;
        about.says_person |= listed && !claim.is_organisation;
        if listed {
            about.phones.extend(&phones);
        }
        about.organisations.extend(organisation.iter().filter(|key| !key.is_empty()).cloned());
    }
}

fn profile<'a>(
    facts: &'a AddressFacts,
    gathered: Gathered<'a>,
    readings: &mut HashMap<SaidName<'a>, Reading>,
) -> Profile<'a> {
    let mut names: BTreeMap<String, NameUse> = BTreeMap::new();
    let mut label: Option<(u8, std::cmp::Reverse<u64>, String)> = None;
    let mut self_names: Vec<PersonName> = Vec::new();
    for (said, (trust, count)) in gathered.names {
        match readings.entry(said).or_insert_with(|| read(said)) {
            Reading::Person(name) => {
                if trust == 2 && name.is_full() {
                    self_names.push((**name).clone());
                }
                let entry = names.entry(name.display.clone()).or_insert_with(|| NameUse {
                    name: (**name).clone(),
                    trust,
                    count: 0,
                    derived: false,
                });
                entry.trust = entry.trust.min(trust);
                entry.count += count;
            }
            Reading::Role => {
                let candidate = (trust, std::cmp::Reverse(count), clean(said.0));
                if label.as_ref().is_none_or(|best| candidate < *best) {
                    label = Some(candidate);
                }
            }
            Reading::Via | Reading::Nothing => {}
        }
    }
    let organisation = facts.class == AddressClass::RoleMailbox
        || (gathered.says_organisation && !gathered.says_person)
        || (names.is_empty() && label.is_some());
    let world = match facts.class {
        AddressClass::Person | AddressClass::RoleMailbox if organisation => World::Organisation,
        AddressClass::Person | AddressClass::RoleMailbox => World::Person,
        AddressClass::List | AddressClass::Automated | AddressClass::Resource => World::Neither,
    };
    let mut names = sorted_names(names.into_values().collect());
    if names.is_empty() && world == World::Person {
        names.extend(name_from_address(&facts.address));
    }
    Profile {
        facts,
        world,
        names,
        label: label.map(|(.., text)| text),
        organisations: gathered.organisations,
        phones: gathered.phones,
        verified: gathered.verified,
        shared: writes_under_many_names(&self_names),
        used: gathered.wrote.or_else(|| seen(facts)),
    }
}

fn seen(facts: &AddressFacts) -> Option<Use> {
    let (first, last) = (facts.first?, facts.last?);
    Some(Use { first, last, messages: facts.sent + facts.received })
}

fn read(said: SaidName<'_>) -> Reading {
    let (full, given, family) = said;
    if !given.is_empty()
        && !family.is_empty()
        && let Some(name) = PersonName::from_parts(given, family)
    {
        return Reading::Person(Box::new(name));
    }
    if full.is_empty() { Reading::of(&format!("{given} {family}")) } else { Reading::of(full) }
}

/// The best names first: trusted, full, often said; ties by text. At most [`MAX_NAMES`].
pub(crate) fn sorted_names(mut names: Vec<NameUse>) -> Vec<NameUse> {
    names.sort_by(|a, b| {
        let key = |name: &NameUse| {
            (name.derived, name.trust, !name.name.is_full(), std::cmp::Reverse(name.count))
        };
        key(a).cmp(&key(b)).then_with(|| a.name.display.cmp(&b.name.display))
    });
    names.truncate(MAX_NAMES);
    names
}

/// `jane.doe@` reads as Jane Doe: enough to propose, never to apply.
fn name_from_address(address: &Address) -> Option<NameUse> {
    let local = address.local()?.split('+').next()?;
    let words: Vec<&str> = local.split(['.', '_']).collect();
    let plain = |word: &&str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_alphabetic());
    if words.len() != 2 || !words.iter().all(plain) {
        return None;
    }
    let name = Reading::of(&words.join(" ")).person()?;
    Some(NameUse { name, trust: u8::MAX, count: 0, derived: true })
}

fn writes_under_many_names(names: &[PersonName]) -> bool {
    let mut apart: Vec<&PersonName> = Vec::new();
    for name in names.iter().take(64) {
        if apart
            .iter()
            .all(|known| known.family_key != name.family_key && !has_word_of(known, name))
        {
            apart.push(name);
        }
    }
    apart.len() >= SHARED_FROM
}

fn has_word_of(a: &PersonName, b: &PersonName) -> bool {
    a.full_key.split(' ').any(|word| word.len() > 1 && b.full_key.split(' ').any(|w| w == word))
}

/// The mailbox behind tags and host aliases: the name before `+` at the organisation's domain; at a
/// shared domain hosts are not folded. `None` for what is no e-mail address.
pub(crate) fn alias_form(address: &Address) -> Option<String> {
    let (local, domain) = (address.local()?, address.domain()?);
    let base = local.split('+').next().filter(|base| !base.is_empty()).unwrap_or(local);
    Some(format!("{base}@{}", domains::organisational(domain).unwrap_or(domain)))
}
