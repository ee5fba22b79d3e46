//! What the caller hands in: people, units, contacts, and how to analyse them.

use tieline_model::id::{ActorId, EventId, UnitId};
use tieline_model::org::Unit;
use tieline_model::tie::{Contact, TieParams};
use tieline_model::time::{Moment, Window};

/// One person or organisation of the data. Its position in [`NetworkInput::actors`] is the index
/// that contacts, stated pairs, reporting lines and events use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorNode {
    /// Who.
    pub id: ActorId,
    /// Name as shown.
    pub name: String,
    /// Department, where one is known.
    pub unit: Option<UnitId>,
    /// Organisation, where one is known.
    pub organisation: Option<UnitId>,
    /// Whether the actor is an organisation, not a person; its name is then never hidden.
    pub is_organisation: bool,
    /// Whether a directory lists the person.
    pub listed: bool,
    /// Whether at least one counted interaction in the window involves the person.
    pub seen: bool,
    /// Whether the person objected (METHODS 14.3): left out of the network with all ties.
    pub opted_out: bool,
}

/// What passed between two actors in the window.
#[derive(Debug, Clone, PartialEq)]
pub struct PairContact {
    /// One actor (`i` of the contact).
    pub a: u32,
    /// The other (`j` of the contact).
    pub b: u32,
    /// Decayed sums, counts and days.
    pub contact: Contact,
}

/// A tie that someone stated, without dates. Its weight adds to the strength of the pair.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedPair {
    /// One actor; the source if directed.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// In units of strength, >= 0.
    pub weight: f64,
    /// Whether the source said that it goes from `a` to `b` only. Findings ignore the direction.
    pub directed: bool,
    /// What the source called it ("reports to", "knows").
    pub kind: Option<String>,
}

/// One line of the formal chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportsTo {
    /// Who reports.
    pub report: u32,
    /// To whom.
    pub manager: u32,
}

/// Everything a [`Network`](crate::Network) is built from.
#[derive(Debug, Clone, Default)]
pub struct NetworkInput {
    /// People and organisations.
    pub actors: Vec<ActorNode>,
    /// Organisations and departments that the actors name.
    pub units: Vec<Unit>,
    /// Contacts; a pair may occur once.
    pub contacts: Vec<PairContact>,
    /// Stated ties; repeated pairs add up.
    pub stated: Vec<StatedPair>,
    /// Reporting lines.
    pub formal: Vec<ReportsTo>,
    /// Moment that decays are computed at; `None` = nothing is dated.
    pub as_of: Option<Moment>,
    /// Window of the contacts; `None` = the whole history.
    pub window: Option<Window>,
    /// Parameters that the contacts were computed with.
    pub params: TieParams,
    /// Seed of everything random.
    pub seed: u64,
}

/// What one event added to the directed sum of one pair: decayed to the moment, channel-weighted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventShare {
    /// The event.
    pub event: EventId,
    /// Index in [`NetworkInput::actors`].
    pub from: u32,
    /// Index in [`NetworkInput::actors`].
    pub to: u32,
    /// What it adds, >= 0.
    pub increment: f64,
}

/// The contributions whose sums are the contacts, for resampling. May be read several times, and
/// gives the same shares in the same order each time.
pub trait EventShares {
    /// Calls `f` with every contribution.
    fn for_each(&self, f: &mut dyn FnMut(EventShare));
}

impl EventShares for Vec<EventShare> {
    fn for_each(&self, f: &mut dyn FnMut(EventShare)) {
        self.iter().copied().for_each(f);
    }
}

/// Which groups findings compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// Organisations.
    Organisation,
    /// Departments; the organisation for people without one.
    Department,
    /// Groups that formed by themselves (communities of the network).
    Community,
}

impl Grouping {
    /// The word used in listings.
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
            .find(|grouping| grouping.name() == name)
    }
}

/// Whether findings name individuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Names {
    /// As METHODS 14 allows: where coverage is not patchy.
    #[default]
    Shown,
    /// Never: "a person in Housing".
    Hidden,
}

/// What was read and left out, passed through to the findings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Name of the workspace or coalition, for titles.
    pub title: String,
    /// One per import batch.
    pub sources: Vec<SourceCount>,
    /// Interactions in the window.
    pub interactions: u64,
    /// First interaction that counted.
    pub first: Option<Moment>,
    /// Last interaction that counted.
    pub last: Option<Moment>,
}

/// Counts of one import batch; `read = new + duplicate + left_out + issues`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceCount {
    /// What it was ("mail archive", "directory").
    pub name: String,
    /// Records read.
    pub read: u64,
    /// Records that counted.
    pub new: u64,
    /// Records held by another batch.
    pub duplicate: u64,
    /// Records left out, by reason.
    pub left_out: Vec<(String, u64)>,
    /// Records that could not be read.
    pub issues: u64,
}

/// How to analyse.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysisOptions {
    /// Which groups to compare; `None` = departments where at least two of them have five people,
    /// else organisations, else communities.
    pub grouping: Option<Grouping>,
    /// Whether individuals are named.
    pub names: Names,
    /// Label permutations for the silo and E-I tests. Default 5,000; fewer are used, and stated,
    /// where ties times permutations pass 2 billion.
    pub permutations: u32,
    /// Resamples of the events. Default 200; 0 = none.
    pub resamples: u32,
    /// Ties above which stability is not computed. Default 200,000.
    pub max_resampled_ties: usize,
    /// Rows of brokers, departures and dependences (of these, at each level) at most. Default 5.
    pub top: usize,
    /// Findings of one kind told as sentences at most; the tables hold the rest. Default 5.
    pub sentences: usize,
    /// Groups in the heat table at most (the largest). Default 20.
    pub max_groups: usize,
    /// Counts of what was read, passed through.
    pub provenance: Provenance,
}

impl Default for AnalysisOptions {
    fn default() -> Self {
        Self {
            grouping: None,
            names: Names::Shown,
            permutations: 5_000,
            resamples: 200,
            max_resampled_ties: 200_000,
            top: 5,
            sentences: 5,
            max_groups: 20,
            provenance: Provenance::default(),
        }
    }
}
