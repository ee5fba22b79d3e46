//! What one import says beside its interactions: addresses, names, lists, stated ties.
//! Collected in memory up to a limit, then handed to the store, which adds up.

use std::sync::Arc;

use hashbrown::HashMap;
use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::time::Moment;

/// How often an import saw an address, and as what.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sighting {
    /// Messages it sent.
    pub(crate) sent: u64,
    /// Messages it was a recipient of.
    pub(crate) received: u64,
    /// First and last time, where dated.
    pub(crate) first: Option<Moment>,
    /// Last time.
    pub(crate) last: Option<Moment>,
    /// One bit in 64 for each sender to it: see `classify::distinct_senders`.
    pub(crate) senders_sketch: u64,
    /// A header named it as the address to post to a list.
    pub(crate) is_list_post: bool,
    /// A calendar named it as a room or resource.
    pub(crate) is_resource: bool,
}

/// How often an import saw a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListSighting {
    /// Canonical List-Id.
    pub(crate) text: String,
    /// Address to post to.
    pub(crate) post: Option<AddressId>,
    /// Messages over it.
    pub(crate) messages: u64,
    /// Of these, answers to another message.
    pub(crate) answers: u64,
    /// Messages by sender.
    pub(crate) senders: HashMap<AddressId, u64>,
}

/// An undated tie as a file states it.
#[derive(Debug, Clone)]
pub(crate) struct StatedTie {
    /// One end.
    pub(crate) from: AddressId,
    /// The other end.
    pub(crate) to: AddressId,
    /// Weight, in effective one-to-one interactions.
    pub(crate) weight: f64,
    /// Whether direction matters.
    pub(crate) directed: bool,
    /// Kind as the file names it.
    pub(crate) kind: Option<String>,
}

/// Names of one kind of source given to an address, as long as the same name is given: most
/// addresses have one name, and counting it here spares looking it up for every message.
#[derive(Debug, Clone)]
struct Said {
    name: Arc<str>,
    count: u32,
    first: Option<Moment>,
    last: Option<Moment>,
}

/// What is held of one address.
#[derive(Debug, Clone, Default)]
struct Seen {
    sighting: Sighting,
    /// By its owner, by others, by calendars.
    said: [Option<Said>; 3],
}

/// Sources of names, in the order of [`Seen::said`].
const NAMING: [ClaimSource; 3] =
    [ClaimSource::SelfNamed, ClaimSource::NamedByOthers, ClaimSource::Calendar];

/// Facts being collected.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    import: ImportId,
    pub(crate) addresses: HashMap<AddressId, Address>,
    seen: HashMap<AddressId, Seen>,
    claims: HashMap<EventId, Claim>,
    pub(crate) lists: HashMap<ListId, ListSighting>,
    pub(crate) stated: Vec<StatedTie>,
}

/// Facts ready for the store.
#[derive(Debug)]
pub(crate) struct Portion {
    pub(crate) addresses: Vec<Address>,
    pub(crate) sightings: Vec<(AddressId, Sighting)>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) lists: Vec<(ListId, ListSighting)>,
    pub(crate) stated: Vec<StatedTie>,
}

impl Facts {
    /// Nothing yet.
    pub(crate) fn new(import: ImportId) -> Self {
        Self {
            import,
            addresses: HashMap::new(),
            seen: HashMap::new(),
            claims: HashMap::new(),
            lists: HashMap::new(),
            stated: Vec::new(),
        }
    }

    /// Entries held; the import hands them over when there are too many.
    pub(crate) fn len(&self) -> usize {
        // Every sender of a list is seen too: this bounds both.
        self.addresses.len()
            + self.seen.len()
            + self.claims.len()
            + self.stated.len()
            + self.lists.len()
    }

    /// Hands over everything held.
    pub(crate) fn take(&mut self) -> Portion {
        let mut facts = std::mem::replace(self, Self::new(self.import));
        let mut sightings = Vec::with_capacity(facts.seen.len());
        for (address, seen) in std::mem::take(&mut facts.seen) {
            sightings.push((address, seen.sighting));
            for (source, said) in NAMING.into_iter().zip(seen.said) {
                if let Some(said) = said {
                    settle(&mut facts.claims, facts.import, source, address, &said);
                }
            }
        }
        Portion {
            addresses: facts.addresses.into_values().collect(),
            sightings,
            claims: facts.claims.into_values().collect(),
            lists: facts.lists.into_iter().collect(),
            stated: facts.stated,
        }
    }

    /// Widens what is known of an address's time.
    pub(crate) fn sighting(&mut self, address: AddressId, at: Option<Moment>) -> &mut Sighting {
        let sighting = &mut self.seen.entry(address).or_default().sighting;
        widen(&mut sighting.first, &mut sighting.last, at);
        sighting
    }

    /// A header pairs an address with a name. Like [`Facts::sighting`] otherwise.
    pub(crate) fn name(
        &mut self,
        source: ClaimSource,
        address: AddressId,
        name: &Arc<str>,
        at: Option<Moment>,
    ) -> &mut Sighting {
        let Seen { sighting, said } = self.seen.entry(address).or_default();
        widen(&mut sighting.first, &mut sighting.last, at);
        let slot = NAMING.iter().position(|naming| *naming == source);
        let Some(said) = slot.and_then(|slot| said.get_mut(slot)) else { return sighting };
        let same = |said: &Said| Arc::ptr_eq(&said.name, name) || said.name == *name;
        if let Some(said) = said.as_mut().filter(|said| same(said)) {
            said.count = said.count.saturating_add(1);
            widen(&mut said.first, &mut said.last, at);
            return sighting;
        }
        let new = Said { name: Arc::clone(name), count: 1, first: at, last: at };
        if let Some(before) = said.replace(new) {
            settle(&mut self.claims, self.import, source, address, &before);
        }
        sighting
    }

    /// Adds a claim, or counts it once more.
    pub(crate) fn claim(&mut self, key: EventId, claim: Claim) {
        self.claims
            .entry(key)
            .and_modify(|known| known.count = known.count.saturating_add(1))
            .or_insert(claim);
    }
}

/// Turns a run of one name into a claim.
fn settle(
    claims: &mut HashMap<EventId, Claim>,
    import: ImportId,
    source: ClaimSource,
    address: AddressId,
    said: &Said,
) {
    let key = EventId::of(&[
        b"name",
        source.name().as_bytes(),
        &address.as_i64().to_le_bytes(),
        said.name.as_bytes(),
    ]);
    let claim = claims.entry(key).or_insert_with(|| Claim {
        name: Some(said.name.to_string()),
        count: 0,
        ..empty_claim(import, source, vec![address])
    });
    claim.count = claim.count.saturating_add(said.count);
    widen(&mut claim.first, &mut claim.last, said.first);
    widen(&mut claim.first, &mut claim.last, said.last);
}

fn widen(first: &mut Option<Moment>, last: &mut Option<Moment>, at: Option<Moment>) {
    if let Some(at) = at {
        *first = Some(first.map_or(at, |first| first.min(at)));
        *last = Some(last.map_or(at, |last| last.max(at)));
    }
}

/// A claim that says nothing yet.
pub(crate) fn empty_claim(
    import: ImportId,
    source: ClaimSource,
    addresses: Vec<AddressId>,
) -> Claim {
    Claim {
        import,
        source,
        addresses,
        name: None,
        given: None,
        family: None,
        nicknames: Vec::new(),
        organisation: None,
        units: Vec::new(),
        title: None,
        manager: None,
        from: None,
        to: None,
        count: 1,
        first: None,
        last: None,
        is_organisation: false,
    }
}
