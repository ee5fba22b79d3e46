//! What people write about people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person or organisation to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// E-mail address.
    pub(crate) address: Option<String>,
    /// person (when not said) | organisation
    pub(crate) kind: Option<String>,
}

/// A name that is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// Version of the name that was said before; 0 where nobody said one.
    pub(crate) version: i64,
}

/// Where someone works.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceAsked {
    /// Name of the organisation; one that is not known is added.
    pub(crate) organisation: String,
    /// Name of the department in it.
    #[serde(default)]
    pub(crate) department: String,
    /// Job title.
    pub(crate) title: Option<String>,
    /// First day, like 2026-11-23.
    #[serde(default)]
    pub(crate) from: String,
    /// Last day.
    #[serde(default)]
    pub(crate) to: String,
}

/// A note to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteAsked {
    /// At most 5,000 characters.
    pub(crate) text: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
}

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteSeen {
    pub(crate) id: String,
    pub(crate) text: String,
    /// own | party | partnership | workspace
    pub(crate) visibility: &'static str,
    /// Id of the account that wrote it.
    pub(crate) author: String,
    pub(crate) changed: String,
    pub(crate) version: i64,
}

/// A promise to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromiseNoted {
    /// Whether the account promised it.
    pub(crate) by_us: bool,
    /// At most 500 characters.
    pub(crate) text: String,
    /// Last day, like 2026-11-23.
    #[serde(default)]
    pub(crate) due: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromiseSeen {
    pub(crate) id: String,
    pub(crate) by_us: bool,
    pub(crate) text: String,
    pub(crate) due: Option<String>,
    pub(crate) kept: Option<String>,
    /// Id of the account that wrote it down.
    pub(crate) author: String,
}

/// A tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagAsked {
    /// At most 60 characters.
    pub(crate) tag: String,
}

/// That two people work together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TieAsked {
    /// Id of one.
    pub(crate) a: String,
    /// Id of the other.
    pub(crate) b: String,
}
