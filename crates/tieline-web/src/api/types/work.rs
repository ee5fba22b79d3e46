//! The account, contacts, identities, imports and background work.

use serde::{Deserialize, Serialize};
use tieline_store::{Import, StoredJob};
use utoipa::ToSchema;

use super::time;

/// The account that a token acts for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    pub(crate) id: String,
    pub(crate) name: String,
    /// guest | member | steward | owner
    pub(crate) role: &'static str,
    /// Id of the person of the data that it is.
    pub(crate) person: Option<String>,
    /// What the token opens: read, write.
    pub(crate) scopes: Vec<&'static str>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportSeen {
    pub(crate) id: String,
    pub(crate) label: String,
    /// running | done | undone
    pub(crate) state: &'static str,
    pub(crate) started: String,
    pub(crate) finished: Option<String>,
    pub(crate) read: u64,
    pub(crate) new: u64,
    pub(crate) duplicate: u64,
    pub(crate) left_out: u64,
    pub(crate) issues: u64,
}

/// A piece of background work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobSeen {
    pub(crate) id: String,
    /// queued | running | paused | stopping | done | failed | stopped
    pub(crate) state: &'static str,
    pub(crate) stage: String,
    pub(crate) bytes: u64,
    pub(crate) bytes_total: u64,
    pub(crate) records: u64,
    pub(crate) error: Option<String>,
    pub(crate) created: String,
    pub(crate) finished: Option<String>,
}

/// A contact to be logged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactAsked {
    /// met | called | wrote
    pub(crate) kind: String,
    /// Ids of people, 1 to 30.
    pub(crate) people: Vec<String>,
    /// RFC 3339, not in the future; now when not said.
    pub(crate) at: Option<String>,
    /// What it was about, at most 500 characters.
    #[serde(default)]
    pub(crate) line: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
    #[serde(default)]
    pub(crate) promises: Vec<PromiseAsked>,
}

/// Something promised, to or by the first person of the contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromiseAsked {
    /// Whether the account promised it.
    pub(crate) by_us: bool,
    /// At most 500 characters.
    pub(crate) text: String,
}

/// That two addresses are one, or are not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionAsked {
    /// An address or the id of a person.
    pub(crate) a: String,
    /// An address or the id of a person.
    pub(crate) b: String,
    pub(crate) same: bool,
    /// Why, for whoever asks later.
    pub(crate) reason: String,
}

impl From<Import> for ImportSeen {
    fn from(import: Import) -> Self {
        Self {
            id: import.id.to_string(),
            label: import.label,
            state: import.state.name(),
            started: time(import.started_at),
            finished: import.finished_at.map(time),
            read: import.tallies.read,
            new: import.tallies.new,
            duplicate: import.tallies.duplicate,
            left_out: import.tallies.left_out,
            issues: import.tallies.issues,
        }
    }
}

impl From<StoredJob> for JobSeen {
    fn from(job: StoredJob) -> Self {
        Self {
            id: job.id.to_string(),
            state: job.state.name(),
            stage: job.progress.stage,
            bytes: job.progress.bytes,
            bytes_total: job.progress.bytes_total,
            records: job.progress.records,
            error: job.error,
            created: time(job.created),
            finished: job.finished.map(time),
        }
    }
}
