//! The charter of a partnership.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A version of a charter, and how the parties stand to the newest one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CharterSeen {
    pub(crate) version: u32,
    pub(crate) newest: u32,
    /// The version that every party assents to; null: none.
    pub(crate) in_force: Option<u32>,
    pub(crate) saved: String,
    /// What each section says, by its name: purpose, vision, mission, principles, scope,
    /// communication, decisions, review, exit. One that says nothing is missing.
    pub(crate) sections: BTreeMap<&'static str, String>,
    pub(crate) parties: Vec<CharterParty>,
}

/// What a party says of the newest version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CharterParty {
    pub(crate) party: String,
    /// assents | asks | declines; null: not answered yet
    pub(crate) answer: Option<&'static str>,
}

/// Which version.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct CharterAsked {
    /// The newest where none is named.
    pub(crate) version: Option<u32>,
}

/// The next version of a charter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CharterDraft {
    /// The version that it follows; 0: there is none yet.
    pub(crate) after: u32,
    /// What each section says, at most 5000 characters each.
    pub(crate) sections: BTreeMap<String, String>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CharterSaved {
    /// Null: it says the same as the version before, and is none of its own.
    pub(crate) version: Option<u32>,
}

/// The word of the account's party.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CharterAnswer {
    /// The newest version.
    pub(crate) version: u32,
    /// assents | asks | declines
    pub(crate) answer: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) note: String,
}

/// A comment on a charter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommentSeen {
    pub(crate) id: String,
    pub(crate) version: u32,
    /// Null: on the whole.
    pub(crate) section: Option<&'static str>,
    /// For which party; null: whoever opened the room.
    pub(crate) party: Option<String>,
    /// Id of the account; null: a guest, or one that is gone.
    pub(crate) by: Option<String>,
    pub(crate) text: String,
    pub(crate) at: String,
}

/// A comment to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommentAsked {
    pub(crate) version: u32,
    #[serde(default)]
    pub(crate) section: Option<String>,
    /// At most 5000 characters.
    pub(crate) text: String,
}
