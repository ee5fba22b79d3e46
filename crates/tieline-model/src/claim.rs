//! What sources say about who owns an address: the input of identity resolution.

use crate::id::{AddressId, ImportId};
use crate::org::FactSource;
use crate::time::Moment;

/// One statement, by one import, that a set of addresses and names belong to one person or
/// organisation. A mail header pairs one address with one name; a card or a directory row may hold
/// several addresses. Equal statements of one import are counted, not repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Which import says so.
    pub import: ImportId,
    /// What kind of source.
    pub source: ClaimSource,
    /// The addresses, in the order of the source, at least one.
    pub addresses: Vec<AddressId>,
    /// Full name as written.
    pub name: Option<String>,
    /// Given name where the source has it apart.
    pub given: Option<String>,
    /// Family name where the source has it apart.
    pub family: Option<String>,
    /// Further names (nicknames, maiden names).
    pub nicknames: Vec<String>,
    /// Organisation as written.
    pub organisation: Option<String>,
    /// Units below the organisation, from the widest to the narrowest.
    pub units: Vec<String>,
    /// Job title.
    pub title: Option<String>,
    /// Manager as written (an address, a reference or a name).
    pub manager: Option<String>,
    /// From when the affiliation holds.
    pub from: Option<Moment>,
    /// First moment after the affiliation.
    pub to: Option<Moment>,
    /// How often this import says it.
    pub count: u32,
    /// First time it is said, where dated.
    pub first: Option<Moment>,
    /// Last time it is said, where dated.
    pub last: Option<Moment>,
    /// Whether it is about an organisation or group, not a person.
    pub is_organisation: bool,
}

/// Kinds of sources of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimSource {
    /// The owner's own mail header: From. A name someone gives themselves.
    SelfNamed,
    /// Another person's header: To, Cc, X-To. A name others give.
    NamedByOthers,
    /// A contact card.
    Card,
    /// A directory row: verified by an organisation.
    Directory,
    /// A calendar entry.
    Calendar,
    /// A node of a network file.
    NetworkFile,
}

impl ClaimSource {
    /// The word used in the store and in reasons.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SelfNamed => "own-header",
            Self::NamedByOthers => "others-header",
            Self::Card => "card",
            Self::Directory => "directory",
            Self::Calendar => "calendar",
            Self::NetworkFile => "network-file",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        use ClaimSource::{Calendar, Card, Directory, NamedByOthers, NetworkFile, SelfNamed};
        [SelfNamed, NamedByOthers, Card, Directory, Calendar, NetworkFile]
            .into_iter()
            .find(|source| source.name() == name)
    }

    /// Which kind of fact an affiliation taken from such a claim is.
    pub const fn fact_source(self) -> FactSource {
        match self {
            Self::Directory => FactSource::Directory,
            Self::Card => FactSource::Card,
            Self::NetworkFile => FactSource::NetworkFile,
            Self::SelfNamed | Self::NamedByOthers | Self::Calendar => FactSource::Domain,
        }
    }
}

/// A person's word on identity; it outranks every computation and survives every import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One side.
    pub a: AddressId,
    /// The other side.
    pub b: AddressId,
    /// Whether they are one actor (merge) or not (split, or "different" in review).
    pub same: bool,
    /// Why, in the person's words.
    pub reason: String,
}
