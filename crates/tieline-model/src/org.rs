//! Organisations, departments, teams, and who belongs to them when.

use crate::id::{ActorId, UnitId};
use crate::time::Moment;

/// What kind of unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// An organisation.
    Organisation,
    /// A department or team inside an organisation.
    Department,
    /// A group that formed by itself: a community of the network where no directory names one.
    Community,
}

impl UnitKind {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Department => "department",
            Self::Community => "community",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Organisation, Self::Department, Self::Community]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// An organisation or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Derived from kind, parent and folded name.
    pub id: UnitId,
    /// What kind.
    pub kind: UnitKind,
    /// Name as the best source writes it.
    pub name: String,
    /// The unit it is part of.
    pub parent: Option<UnitId>,
    /// Registrable domains that belong to it (organisations only), sorted.
    pub domains: Vec<String>,
}

impl UnitId {
    /// The id of a unit of this kind and folded name below another.
    pub fn of(kind: UnitKind, folded: &str, parent: Option<Self>) -> Self {
        let above = parent.map_or(String::new(), |parent| parent.to_string());
        Self::derived(&[kind.name().as_bytes(), folded.as_bytes(), above.as_bytes()])
    }
}

/// Where a fact about a person came from, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactSource {
    /// Said by a person in Tieline.
    Person,
    /// A directory (an HR list).
    Directory,
    /// A contact card.
    Card,
    /// The domain of an address.
    Domain,
    /// A network file's attribute.
    NetworkFile,
    /// The network's own communities.
    Community,
}

impl FactSource {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Directory => "directory",
            Self::Card => "card",
            Self::Domain => "domain",
            Self::NetworkFile => "network-file",
            Self::Community => "community",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        use FactSource::{Card, Community, Directory, Domain, NetworkFile, Person};
        [Person, Directory, Card, Domain, NetworkFile, Community]
            .into_iter()
            .find(|source| source.name() == name)
    }
}

/// That an actor belongs to a unit during an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Affiliation {
    /// Who.
    pub actor: ActorId,
    /// Where: the narrowest unit known.
    pub unit: UnitId,
    /// Job title.
    pub title: Option<String>,
    /// First moment; `None` = as far back as anything is known.
    pub from: Option<Moment>,
    /// First moment after; `None` = still so.
    pub to: Option<Moment>,
    /// Who leads this person there, where the directory says so.
    pub manager: Option<ActorId>,
    /// Where the fact came from.
    pub source: FactSource,
    /// Whether it is only proposed (a change of domain that may be a job change) and waits for a
    /// person's yes.
    pub proposed: bool,
}

impl Affiliation {
    /// Whether it holds at `at`.
    pub fn holds_at(&self, at: Moment) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}
