//! From evidence to actors: the rules, in the order of their strength.
//!
//! # Method
//! 1. Certain links: what a person decided; addresses that one directory row, one card or one own
//!    header lists together; aliases of one mailbox (`user+tag@` and `user@`, `user@host.acme.org`
//!    and `user@acme.org`) under the same full name.
//! 2. Links are applied strongest first, each only if it joins nothing that a person split and no
//!    two verified e-mail addresses of one domain that no source lists together. A link that is
//!    not applied becomes a review. So a split holds across chains too: the chain breaks at its
//!    weakest link.
//! 3. The resulting actors are compared within blocks by the Fellegi-Sunter score (METHODS 12.3).
//!    **The rule above the score**: nothing that rests on a name alone is applied; it is listed for
//!    review. The same full name at another address is always listed.
//!
//! Blocks are those of METHODS 12.3 and one more: the full name, without which the same name in a
//! script that Soundex does not know would never be compared.

use tieline_model::id::{ActorId, AddressId};

use crate::evidence::{Evidence, Params};
use crate::fellegi_sunter::{Field, Level};
use crate::{actors, clusters, links, profile, review};

/// What resolution found. Everything is sorted, so equal evidence gives equal output.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolution {
    /// People and organisations, by anchor.
    pub actors: Vec<ResolvedActor>,
    /// Pairs that a person should look at, the likeliest first.
    pub reviews: Vec<Review>,
    /// Blocks that were too large to compare.
    pub skipped_blocks: Vec<SkippedBlock>,
    /// Number of pairs of actors that were compared.
    pub compared_pairs: u64,
    /// Addresses that belong to no actor, sorted: lists, machines, rooms, and telephone numbers,
    /// handles and labels that several people share.
    pub unowned: Vec<AddressId>,
}

/// Whether an actor is a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A person (or not known to be anything else).
    Person,
    /// An organisation, or a role mailbox that stands for one.
    Organisation,
}

/// One actor: a connected set of addresses, with the links that hold it together.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedActor {
    /// Derived from the anchor.
    pub id: ActorId,
    /// Of its addresses the one with the lowest (rank, kind, id).
    pub anchor: AddressId,
    /// Its addresses, the anchor first, then by (rank, kind, id).
    pub addresses: Vec<AddressId>,
    /// Best display name; the anchor address where nothing names the actor.
    pub name: String,
    /// Given name, where known.
    pub given: Option<String>,
    /// Family name, where known.
    pub family: Option<String>,
    /// Whether it is a person.
    pub kind: ActorKind,
    /// One link fewer than it has addresses; together they connect all of them.
    pub merges: Vec<Merge>,
}

/// Why two addresses are one actor, the strongest rule first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeRule {
    /// A person said so.
    Decision,
    /// One directory row lists both.
    DirectoryRow,
    /// One contact card lists both.
    Card,
    /// One own header (or calendar entry, or network file node) lists both.
    OwnHeader,
    /// The same mailbox with a tag, under the same full name.
    TagAlias,
    /// The same mailbox name at a domain and at a host inside it, under the same full name; the domain
    /// being an organisation's own.
    HostAlias,
}

impl MergeRule {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::DirectoryRow => "directory-row",
            Self::Card => "card",
            Self::OwnHeader => "own-header",
            Self::TagAlias => "tag-alias",
            Self::HostAlias => "host-alias",
        }
    }
}

/// One field's contribution to a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The field.
    pub field: Field,
    /// How well the two sides agree; `None` = a side has no value.
    pub level: Option<Level>,
    /// `log2(m/u)`, bits; 0 for a missing value.
    pub weight: f64,
}

/// One applied link.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// One address, the earlier by (rank, kind, id).
    pub a: AddressId,
    /// The other.
    pub b: AddressId,
    /// The rule that applied it.
    pub rule: MergeRule,
    /// Posterior probability, 0..1; 1 where a source or a person states it and nothing is scored.
    pub probability: f64,
    /// Sum of the parts, bits; 0 where nothing is scored.
    pub weight_bits: f64,
    /// The parts; empty where nothing is scored.
    pub parts: Vec<Part>,
    /// The reason as a sentence.
    pub sentence: String,
}

/// A pair of actors that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Anchor of one actor, the earlier by (rank, kind, id).
    pub a: AddressId,
    /// Anchor of the other.
    pub b: AddressId,
    /// All addresses of the first.
    pub a_addresses: Vec<AddressId>,
    /// All addresses of the second.
    pub b_addresses: Vec<AddressId>,
    /// Posterior probability by the score, 0..1.
    pub probability: f64,
    /// Sum of the parts, bits.
    pub weight_bits: f64,
    /// The parts of the score.
    pub parts: Vec<Part>,
    /// What speaks for one actor, as sentences.
    pub reasons_for: Vec<String>,
    /// What speaks against.
    pub reasons_against: Vec<String>,
}

/// A block of too many actors, not compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkippedBlock {
    /// Which kind of key, as a word.
    pub rule: &'static str,
    /// The key its members share.
    pub key: String,
    /// How many actors share it.
    pub size: usize,
}

/// Resolves addresses to actors. Total: any evidence gives a result. O(n log n) in addresses and
/// claims, plus the pairs within blocks of at most `params.max_block`.
pub fn resolve(evidence: &Evidence<'_>, params: &Params) -> Resolution {
    let book = profile::AddressBook::new(evidence);
    let links = links::find(&book, evidence, params);
    let clusters = clusters::apply(&book, evidence, links);
    let reviewed = review::find(&book, evidence, &clusters, params);
    Resolution {
        actors: actors::name_all(&book, &clusters),
        reviews: reviewed.reviews,
        skipped_blocks: reviewed.skipped_blocks,
        compared_pairs: reviewed.compared_pairs,
        unowned: book.unowned(&clusters),
    }
}
