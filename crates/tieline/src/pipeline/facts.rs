//! What one import says beside its interactions: addresses, names, lists, stated ties.
//! Collected in memory up to a limit, then handed to the store, which adds up.

use std::collections::HashMap;

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

/// Facts collected since they were last handed over.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) addresses: HashMap<AddressId, Address>,
    pub(crate) sightings: HashMap<AddressId, Sighting>,
    pub(crate) claims: HashMap<EventId, Claim>,
    pub(crate) lists: HashMap<ListId, ListSighting>,
    pub(crate) stated: Vec<StatedTie>,
}

impl Facts {
    /// Entries held; the import hands them over when there are too many.
    pub(crate) fn len(&self) -> usize {
        let plain =
            self.addresses.len() + self.sightings.len() + self.claims.len() + self.stated.len();
        // Every sender of a list has a sighting too: this bounds both.
        plain + self.lists.len()
    }

    /// Widens what is known of an address's time.
    pub(crate) fn sighting(&mut self, address: AddressId, at: Option<Moment>) -> &mut Sighting {
        let sighting = self.sightings.entry(address).or_default();
        if let Some(at) = at {
            sighting.first = Some(sighting.first.map_or(at, |first| first.min(at)));
            sighting.last = Some(sighting.last.map_or(at, |last| last.max(at)));
        }
        sighting
    }

    /// A header pairs an address with a name.
    pub(crate) fn name(
        &mut self,
        import: ImportId,
        source: ClaimSource,
        address: AddressId,
        name: &str,
        at: Option<Moment>,
    ) {
        let key = EventId::of(&[
            b"name",
            source.name().as_bytes(),
            &address.as_i64().to_le_bytes(),
            name.as_bytes(),
        ]);
        let claim = self.claims.entry(key).or_insert_with(|| Claim {
            name: Some(name.to_owned()),
            count: 0,
            ..empty_claim(import, source, vec![address])
        });
        claim.count = claim.count.saturating_add(1);
        if let Some(at) = at {
            claim.first = Some(claim.first.map_or(at, |first| first.min(at)));
            claim.last = Some(claim.last.map_or(at, |last| last.max(at)));
        }
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
