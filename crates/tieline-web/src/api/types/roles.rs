//! Roles in partnerships.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who does what in a partnership.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RolesSeen {
    pub(crate) works: Vec<WorkSeen>,
    pub(crate) people: Vec<RolePersonSeen>,
    /// What is wrong with it.
    pub(crate) findings: Vec<RoleFinding>,
    /// Whether everyone with a role accepts it.
    pub(crate) read_back: bool,
}

/// A piece of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkSeen {
    pub(crate) id: String,
    pub(crate) title: String,
    /// May be empty.
    pub(crate) about: String,
    pub(crate) roles: Vec<RoleSeen>,
    pub(crate) version: i64,
}

/// What a person is for a piece of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleSeen {
    pub(crate) seat: String,
    /// responsible | accountable | consulted | informed
    pub(crate) roles: Vec<&'static str>,
    /// Seat of whoever steps in.
    pub(crate) deputy: Option<String>,
    /// open | accepted | question
    pub(crate) read_back: &'static str,
    /// The account's own, or of work that it answers for.
    pub(crate) question: Option<String>,
}

/// A person with a role, or who steps in, and what they carry: in how many pieces of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RolePersonSeen {
    pub(crate) seat: String,
    pub(crate) party: String,
    pub(crate) name: Option<String>,
    pub(crate) has_left: bool,
    pub(crate) accountable: u64,
    pub(crate) responsible: u64,
    pub(crate) consulted: u64,
    pub(crate) informed: u64,
    pub(crate) deputy: u64,
    pub(crate) not_accepted: u64,
}

/// Something that is wrong (E) or risky (W) in the matrix.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleFinding {
    /// E1 nobody answers, E2 several answer, E3 nobody does it, E4 asked and told, W1 many asked, W2
    /// many do it, W3 one answers for most, W4 someone left, W5 one alone without a deputy.
    pub(crate) code: &'static str,
    pub(crate) work: Option<String>,
    /// Seats.
    pub(crate) people: Vec<String>,
}

/// A piece of work to be written down, or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkAsked {
    /// At most 200 characters.
    pub(crate) title: String,
    /// At most 5000 characters.
    #[serde(default)]
    pub(crate) about: String,
    #[serde(default)]
    pub(crate) roles: Vec<RoleAsked>,
    /// Version that is changed; not asked of a new one.
    #[serde(default)]
    pub(crate) version: i64,
}

/// What someone becomes for a piece of work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAsked {
    pub(crate) seat: String,
    /// responsible | accountable | consulted | informed
    pub(crate) roles: Vec<String>,
    /// Seat of whoever steps in.
    #[serde(default)]
    pub(crate) deputy: Option<String>,
}

/// What the account says to its role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadBackAsked {
    /// accepted | question | open
    pub(crate) answer: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) question: String,
    /// Version that was read.
    pub(crate) version: i64,
}
