//! What the API says of commitments.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which commitments.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentsWanted {
    /// Those of a party, in both directions: its id.
    pub(crate) party: Option<String>,
    /// Those that whoever has this seat sees to.
    pub(crate) seat: Option<String>,
    /// Those that ended.
    #[serde(default)]
    pub(crate) ended: bool,
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// A commitment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentSeen {
    pub(crate) id: String,
    /// Id of the party that promised.
    pub(crate) party: String,
    /// Id of the party that it was promised to; null: all others.
    pub(crate) to: Option<String>,
    /// Id of the seat of whoever sees to it.
    pub(crate) seat: Option<String>,
    pub(crate) text: String,
    /// said | meeting | decision | agreement | initiative
    pub(crate) source: &'static str,
    /// First moment after the day it is due.
    pub(crate) due: Option<String>,
    /// open | late | kept | renegotiated | withdrawn
    pub(crate) state: &'static str,
    pub(crate) ended: Option<String>,
    /// Id of the commitment whose date it changed.
    pub(crate) follows: Option<String>,
    /// Another date that waits for the other side.
    pub(crate) asked: Option<DateSeen>,
    pub(crate) version: i64,
}

/// Another date that one side asks for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DateSeen {
    /// Id of the party that asks.
    pub(crate) party: String,
    /// First moment after the day.
    pub(crate) due: String,
    pub(crate) note: String,
}

/// A commitment to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentAsked {
    /// Id of the account's own party.
    pub(crate) party: String,
    /// Id of another party; all others without it.
    #[serde(default)]
    pub(crate) to: Option<String>,
    /// Id of the seat of whoever sees to it.
    #[serde(default)]
    pub(crate) seat: Option<String>,
    /// At most 500 characters.
    pub(crate) text: String,
    /// said (by default) | meeting | decision | agreement | initiative
    #[serde(default)]
    pub(crate) source: Option<String>,
    /// Last day, such as 2027-03-01.
    #[serde(default)]
    pub(crate) due: Option<String>,
}

/// What became of a commitment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentVerb {
    /// kept | withdrawn | open
    pub(crate) state: String,
    /// The version that is changed.
    pub(crate) version: i64,
}

/// Another date to be asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DateWanted {
    /// Last day, such as 2027-03-01.
    pub(crate) due: String,
    /// Why; at most 500 characters.
    #[serde(default)]
    pub(crate) note: String,
    /// The version that is changed.
    pub(crate) version: i64,
}

/// An answer to the date that the other side asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DateAnswer {
    pub(crate) agrees: bool,
    /// The version that is answered.
    pub(crate) version: i64,
}

/// What commitments show of the account or of a party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReliabilitySeen {
    /// Id of the party; null: of what the account sees to.
    pub(crate) party: Option<String>,
    /// Commitments that were due.
    pub(crate) due: u64,
    /// Of these, kept by their date.
    pub(crate) in_time: u64,
    /// Of these, kept after it.
    pub(crate) kept_late: u64,
    /// Open and late.
    pub(crate) late: u64,
    pub(crate) renegotiated: u64,
    /// `(in_time + 1) / (due + 2)`; null: nothing was due.
    pub(crate) score: Option<f64>,
}

/// What commitments of a partnership show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReliabilitiesSeen {
    /// Of what the account sees to; nobody else is told.
    pub(crate) own: Option<ReliabilitySeen>,
    pub(crate) parties: Vec<ReliabilitySeen>,
}
