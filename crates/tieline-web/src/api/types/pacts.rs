//! Signed agreements for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A signed agreement, or one that is to be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PactSeen {
    pub(crate) id: String,
    /// memorandum | data-sharing | funding | service | other
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    /// What it says, or the sum of it.
    pub(crate) text: String,
    /// Where the signed document is.
    pub(crate) place: String,
    /// Its first day.
    pub(crate) begins: Option<String>,
    /// Its last day; null: until it is ended.
    pub(crate) ends: Option<String>,
    /// Until when notice must be given.
    pub(crate) notice: Option<String>,
    /// draft | holds | due | notice-past | lapsed | ended. Due: within 180 days of what comes first,
    /// notice or end.
    pub(crate) state: &'static str,
    pub(crate) signatures: Vec<SignatureSeen>,
    /// Grows with each change of its wording or duties; each party signs again.
    pub(crate) version: i64,
}

/// A party that an agreement binds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignatureSeen {
    /// Id of the party.
    pub(crate) party: String,
    /// Version that it signed last; null: none.
    pub(crate) version: Option<i64>,
    /// When.
    pub(crate) at: Option<String>,
}

/// An agreement with its duties.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PactFull {
    pub(crate) pact: PactSeen,
    /// The first due first.
    pub(crate) duties: Vec<DutySeen>,
}

/// What an agreement obliges a party to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutySeen {
    pub(crate) id: String,
    /// Id of the party that owes it.
    pub(crate) party: String,
    /// Id of the party that it is owed to; null: all others.
    pub(crate) to: Option<String>,
    pub(crate) text: String,
    /// The day it is first due.
    pub(crate) due: String,
    /// Again after so many months; null: once.
    pub(crate) every_months: Option<u32>,
    /// Days of it that became commitments.
    pub(crate) promised: u64,
}

/// An agreement as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PactAsked {
    /// memorandum | data-sharing | funding | service | other
    pub(crate) kind: String,
    /// At most 200 characters.
    pub(crate) title: String,
    /// At most 5,000 characters.
    #[serde(default)]
    pub(crate) text: String,
    /// Where the signed document is; at most 500 characters.
    #[serde(default)]
    pub(crate) place: String,
    /// A day, such as 2027-03-01.
    #[serde(default)]
    pub(crate) begins: String,
    /// Its last day.
    #[serde(default)]
    pub(crate) ends: String,
    /// Until when notice must be given.
    #[serde(default)]
    pub(crate) notice: String,
    /// Ids of two parties or more.
    pub(crate) parties: Vec<String>,
    /// The version that was read, where one is changed.
    #[serde(default)]
    pub(crate) version: i64,
}

/// A duty as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PactDutyAsked {
    /// Id of the party that owes it.
    pub(crate) party: String,
    /// Id of the party that it is owed to; all others without one.
    #[serde(default)]
    pub(crate) to: Option<String>,
    /// At most 500 characters.
    pub(crate) text: String,
    /// The day it is first due, such as 2027-03-01.
    pub(crate) due: String,
    /// From 1 to 60.
    #[serde(default)]
    pub(crate) every_months: Option<u32>,
    /// The version that was read.
    pub(crate) version: i64,
}

/// Which wording.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PactVersionAsked {
    /// The version that was read.
    pub(crate) version: i64,
}

/// How many commitments were made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromisedSeen {
    pub(crate) made: u64,
}
