//! Objectives of partnerships, what measures them, and how they bear on each other.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An objective with how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OkrSeen {
    pub(crate) id: String,
    /// Whose; null: shared by all parties.
    pub(crate) party: Option<String>,
    /// The shared objective that it is part of.
    pub(crate) parent: Option<String>,
    /// The strategic objective that it serves.
    pub(crate) objective: Option<String>,
    pub(crate) title: String,
    /// May be empty.
    pub(crate) why: String,
    pub(crate) begins: Option<String>,
    /// First moment after the last day.
    pub(crate) ends: Option<String>,
    /// From 0 to 1; null: not measured.
    pub(crate) score: Option<f64>,
    /// Share of its time that is gone.
    pub(crate) elapsed: Option<f64>,
    /// Score by that share; below 0.7 it is at risk.
    pub(crate) pace: Option<f64>,
    pub(crate) at_risk: bool,
    pub(crate) version: i64,
    pub(crate) key_results: Vec<KeyResultSeen>,
}

/// A key result with where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyResultSeen {
    pub(crate) id: String,
    pub(crate) metric: String,
    /// May be empty.
    pub(crate) unit: String,
    pub(crate) baseline: f64,
    pub(crate) target: f64,
    pub(crate) weight: f64,
    /// First moment after it should be reached; null: with the objective.
    pub(crate) due: Option<String>,
    /// Null: never measured.
    pub(crate) actual: Option<f64>,
    /// Share of the way that is gone, below 0 and above 1 too.
    pub(crate) progress: Option<f64>,
    /// From 0 to 1; null: not counted.
    pub(crate) score: Option<f64>,
    pub(crate) version: i64,
}

/// An objective to be written down, or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OkrAsked {
    /// Id of the account's party; none: shared. It stays what it was made as.
    #[serde(default)]
    pub(crate) party: String,
    /// Id of a shared objective that one of a party is part of.
    #[serde(default)]
    pub(crate) parent: String,
    /// Id of a strategic objective that the partnership serves.
    #[serde(default)]
    pub(crate) objective: String,
    /// At most 200 characters.
    pub(crate) title: String,
    /// At most 5000 characters.
    #[serde(default)]
    pub(crate) why: String,
    /// First day, as 2026-03-31.
    #[serde(default)]
    pub(crate) begins: String,
    /// Last day.
    #[serde(default)]
    pub(crate) last: String,
    /// Version that is changed; not asked of a new one.
    #[serde(default)]
    pub(crate) version: i64,
}

/// A key result to be written down, or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyResultAsked {
    /// What is measured, at most 200 characters.
    pub(crate) metric: String,
    /// At most 60 characters.
    #[serde(default)]
    pub(crate) unit: String,
    pub(crate) baseline: f64,
    /// Another number than the baseline; below it for what should fall.
    pub(crate) target: f64,
    /// Above 0; 1 where none is said.
    #[serde(default)]
    pub(crate) weight: Option<f64>,
    /// Last day, as 2026-03-31; none: with the objective.
    #[serde(default)]
    pub(crate) due: String,
    /// Version that is changed; not asked of a new one.
    #[serde(default)]
    pub(crate) version: i64,
}

/// Where a key result stood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckInSeen {
    pub(crate) id: String,
    pub(crate) value: f64,
    /// low | medium | high
    pub(crate) confidence: &'static str,
    pub(crate) line: String,
    /// Id of the account; null: a guest, or one that is gone.
    pub(crate) by: Option<String>,
    pub(crate) at: String,
}

/// A check-in to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckInAsked {
    pub(crate) value: f64,
    /// low | medium | high
    pub(crate) confidence: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) line: String,
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct AfterAsked {
    /// What the part before said is `next`.
    pub(crate) after: String,
}

/// What people said of objectives, and what they should look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlignmentSeen {
    pub(crate) links: Vec<OkrLinkSeen>,
    pub(crate) proposed: Vec<OkrProposal>,
    pub(crate) owners: Vec<OwnerAlignment>,
}

/// What people said of how one objective bears on another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OkrLinkSeen {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// supports | depends_on | conflicts_with | duplicates
    pub(crate) kind: &'static str,
    /// confirmed | rejected
    pub(crate) state: &'static str,
    pub(crate) version: i64,
}

/// A pair to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OkrProposal {
    pub(crate) from: String,
    pub(crate) to: String,
    /// conflicts_with | duplicates
    pub(crate) kind: &'static str,
    /// Likeness of the texts, where that is why.
    pub(crate) cosine: Option<f64>,
    /// What one wants to rise and the other to fall, where that is why.
    pub(crate) metric: Option<String>,
}

/// How far the objectives of one owner are tied to those of others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnerAlignment {
    /// Null: shared by all parties.
    pub(crate) party: Option<String>,
    /// From 0 to 1; null: no objectives.
    pub(crate) score: Option<f64>,
    /// Objectives tied to none.
    pub(crate) orphans: Vec<String>,
}

/// What someone says of two objectives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OkrLinkAsked {
    pub(crate) from: String,
    pub(crate) to: String,
    /// supports | depends_on | conflicts_with | duplicates
    pub(crate) kind: String,
    /// confirmed | rejected
    pub(crate) state: String,
    /// Version that is answered over; 0: nobody said anything yet.
    #[serde(default)]
    pub(crate) version: i64,
}
