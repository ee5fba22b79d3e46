//! What a finding is: a sentence with its numbers, and everything needed to judge it.

use tieline_model::id::ActorId;
use tieline_model::time::Window;

/// What kind of finding, in the order in which a report shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The network as a whole.
    Summary,
    /// A pair of groups with far fewer ties than their activity would let expect.
    Silo,
    /// How inward or outward a group, or the whole network, looks.
    Orientation,
    /// The formal chart beside the groups that formed by themselves.
    FormalChart,
    /// Someone who joins groups up.
    Broker,
    /// Someone without whom the network falls apart.
    Departure,
    /// A link between two groups that hangs on one person.
    Dependence,
    /// A tie that has gone quiet.
    Cooling,
    /// New ties that would close a gap.
    Bridges,
}

impl FindingKind {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Silo => "silo",
            Self::Orientation => "orientation",
            Self::FormalChart => "formal-chart",
            Self::Broker => "broker",
            Self::Departure => "departure",
            Self::Dependence => "dependence",
            Self::Cooling => "cooling",
            Self::Bridges => "bridges",
        }
    }
}

/// One number a finding is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Short name, as in a table head.
    pub name: &'static str,
    /// The number; `None` = not defined, or not enough data. Never NaN, never infinite.
    pub value: Option<f64>,
    /// What it means, with its unit and range.
    pub meaning: &'static str,
}

/// Someone in a finding. Where names are hidden, or may not be given, it is a description such as
/// "a person in Housing" without index and id, so that nothing leads back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRef {
    /// Name, or a description that names nobody.
    pub label: String,
    /// Name of the group, where the group has five people or more.
    pub group: Option<String>,
    /// Index in the [`Network`](crate::Network), where the person is named.
    pub node: Option<u32>,
    /// Id, where the person is named.
    pub actor: Option<ActorId>,
}

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// In words: how many interactions, between whom, in which window.
    pub sentence: String,
    /// The people concerned.
    pub people: Vec<PersonRef>,
    /// Interactions counted.
    pub interactions: u64,
    /// The window they were counted in; `None` = ties without dates.
    pub window: Option<Window>,
    /// Up to five example pairs, strongest first, as network indices `(a, b)` with `a < b`; empty
    /// where nobody may be named.
    pub pairs: Vec<(u32, u32)>,
}

/// How much of the people that a finding speaks about was seen (METHODS 2.23).
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Lowest share, among the finding's groups, of listed people seen in a counted interaction in
    /// the window; 0 to 1. `None` without a directory.
    pub share: Option<f64>,
    /// Whether the share is under 0.65: then nobody is named.
    pub patchy: bool,
    /// In words.
    pub sentence: String,
}

/// How often a finding came back when the events were resampled (METHODS 2.23).
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// Share of resamples in which the finding holds, 0 to 1; `None` = not computed.
    pub share: Option<f64>,
    /// Whether the share is known and at least 0.8.
    pub certain: bool,
    /// In words; says why where it was not computed.
    pub sentence: String,
}

impl Stability {
    /// Whether it is known to hold in fewer than 80% of the resamples.
    pub fn is_doubtful(&self) -> bool {
        self.share.is_some() && !self.certain
    }
}

/// Result of a test against chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Significance {
    /// Probability of a value at least as extreme by chance, uncorrected, in (0, 1].
    pub p: f64,
    /// The same, corrected for the number of tests (Benjamini and Hochberg 1995), in (0, 1].
    pub p_corrected: f64,
    /// How many were tested together.
    pub n_tests: usize,
    /// What "by chance" means here, and how it was computed.
    pub test: String,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Name of the method.
    pub name: &'static str,
    /// Section of the methods reference.
    pub section: &'static str,
    /// Publication, or "Tieline" for our own definitions.
    pub reference: &'static str,
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// The finding in one sentence, with its numbers.
    pub headline: String,
    /// What it means, in one or two sentences.
    pub detail: String,
    /// The numbers behind it.
    pub parts: Vec<Part>,
    /// What it rests on.
    pub evidence: Evidence,
    /// How much was seen.
    pub coverage: Coverage,
    /// How stable it is.
    pub stability: Stability,
    /// Test against chance, where there is one.
    pub significance: Option<Significance>,
    /// Whether it asks for attention: a flagged silo, an alert, a tie gone quiet.
    pub flagged: bool,
    /// What it does not mean.
    pub caveat: String,
    /// One thing to do next.
    pub action: String,
    /// Where the numbers come from.
    pub method: Method,
}
