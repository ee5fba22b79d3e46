//! The listening record for programs.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something that was said, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeardSeen {
    pub(crate) id: String,
    /// Id of the party that it was written down for.
    pub(crate) party: Option<String>,
    /// Who said it, as far as that may be told.
    pub(crate) voice: String,
    pub(crate) text: String,
    /// When it was written down.
    pub(crate) said: String,
    /// waits | doing | done | declined
    pub(crate) reply: &'static str,
    /// What is being done, what was done, or why nothing will be.
    pub(crate) answer: String,
    /// Id of the party that it was answered for.
    pub(crate) answered_for: Option<String>,
    /// When the answer was last changed.
    pub(crate) answered: Option<String>,
    pub(crate) version: i64,
}

/// Which of what was said.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeardWanted {
    /// waits | doing | done | declined
    pub(crate) reply: Option<String>,
    /// `next` of the answer before.
    pub(crate) cursor: Option<String>,
}

/// Something that was said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeardAsked {
    /// At most 500 characters.
    pub(crate) text: String,
    /// Who said it, as far as that may be told; at most 200 characters.
    #[serde(default)]
    pub(crate) voice: String,
}

/// What came of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyAsked {
    /// doing | done | declined
    pub(crate) reply: String,
    /// What is being done, what was done, or why nothing will be; at most 500 characters.
    pub(crate) answer: String,
    /// The version that was read.
    pub(crate) version: i64,
}

/// How a partnership answers what is said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnsweringSeen {
    pub(crate) waits: u64,
    pub(crate) doing: u64,
    pub(crate) done: u64,
    pub(crate) declined: u64,
    /// Median days until the first answer, of those that have one.
    pub(crate) median_days: Option<f64>,
    /// Days that the oldest without an answer has waited.
    pub(crate) oldest_days: Option<f64>,
}
