//! What can go wrong in the store.

use tieline_model::conflict::Gate as CaseGate;
use tieline_model::decision::BallotError;
use tieline_model::decision::stage::Gate as DecisionGate;
use tieline_model::partnership::stage::Gate;

/// Error of the store. Messages say what happened and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing has this id.
    #[error("there is no {what} '{id}'")]
    NotFound {
        /// Kind of thing, in the words of the glossary.
        what: &'static str,
        /// The id or text that was asked for.
        id: String,
    },
    /// The beginning of an id fits more than one thing.
    #[error("'{prefix}' is the beginning of several {what} ids: write more of it")]
    Ambiguous {
        /// Kind of thing.
        what: &'static str,
        /// What was given.
        prefix: String,
        /// The first few full ids that it fits, sorted.
        candidates: Vec<String>,
    },
    /// The change would break a rule of the store.
    #[error("{0}")]
    Conflict(Constraint),
    /// The database cannot be reached or written right now; nothing was changed.
    #[error("{0}")]
    Unavailable(String),
    /// Anything else: a fault of the program or a damaged database.
    #[error("the store failed: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Rules that a change can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Constraint {
    /// The same files were imported before.
    #[error("this import is in the store already")]
    ImportExists,
    /// Another import has not finished.
    #[error("another import is running or was interrupted: finish or discard it first")]
    ImportRunning,
    /// The import is not in the state that the verb needs.
    #[error("the import is {0}")]
    ImportState(&'static str),
    /// A fact names an address that its import has not sighted.
    #[error("a fact names an address, list, import or unit that was not added before it")]
    MissingParent,
    /// A value that the store cannot hold.
    #[error("{0}")]
    Value(String),
    /// The version that was changed is not the one in the store.
    #[error("someone else changed this meanwhile: look at it again")]
    Stale,
    /// Gates of a step to another stage of a partnership are shut: all of them.
    #[error("something is still missing for this step")]
    Shut(Vec<Gate>),
    /// Gates of a step of a decision are shut: all of them.
    #[error("something is still missing for this step")]
    Undecided(Vec<DecisionGate>),
    /// Gates of a step of a conflict case are shut: all of them.
    #[error("something is still missing for this step")]
    Unsettled(Vec<CaseGate>),
    /// The poll takes no ballots: it is not open yet, or it is over.
    #[error("no ballots are taken now")]
    PollClosed,
    /// An anonymous ballot is in; it is changed with its token alone.
    #[error("this vote was cast: only whoever holds its token can change it")]
    Cast,
    /// A ballot that does not count.
    #[error("{0}")]
    Ballot(BallotError),
    /// Nobody could run the workspace any more.
    #[error("the workspace needs an owner: make another account owner first")]
    LastOwner,
    /// The worker's lease ran out and someone else has the job.
    #[error("the job is no longer held by this worker")]
    LeaseLost,
    /// The job is not in a state that the verb can change.
    #[error("the job is {0}")]
    JobState(&'static str),
    /// Another unique value that is taken; the text names table and column.
    #[error("already there: {0}")]
    Taken(String),
}

impl StoreError {
    pub(crate) fn not_found(what: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    pub(crate) fn value(text: impl Into<String>) -> Self {
        Self::Conflict(Constraint::Value(text.into()))
    }

    /// A stored value that no version of this program wrote.
    pub(crate) fn damaged(column: &'static str, value: &dyn std::fmt::Debug) -> Self {
        Self::Internal(format!("column {column} holds {value:?}, which has no meaning").into())
    }
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        crate::dialect::classify(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}
