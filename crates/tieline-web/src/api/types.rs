//! What the API speaks: plain values, apart from the model, so that either may change alone.
//! Ids are texts, times RFC 3339 in UTC, shares from 0 to 1.

mod cases;
mod challenges;
mod charters;
mod commitments;
mod decisions;
mod directory;
mod initiatives;
mod kept;
mod listening;
mod network;
mod objectives;
mod pacts;
mod partnerships;
mod roles;
mod shares;
mod stakeholders;
mod topics;
mod whole;
mod work;
mod written;

use serde::{Deserialize, Serialize};
use tieline_model::time::Moment;
use utoipa::{IntoParams, IntoResponses, ToSchema};

pub(crate) use self::cases::*;
pub(crate) use self::challenges::*;
pub(crate) use self::charters::*;
pub(crate) use self::commitments::*;
pub(crate) use self::decisions::*;
pub(crate) use self::directory::*;
pub(crate) use self::initiatives::*;
pub(crate) use self::kept::*;
pub(crate) use self::listening::*;
pub(crate) use self::network::*;
pub(crate) use self::objectives::*;
pub(crate) use self::pacts::*;
pub(crate) use self::partnerships::*;
pub(crate) use self::roles::*;
pub(crate) use self::shares::*;
pub(crate) use self::stakeholders::*;
pub(crate) use self::topics::*;
pub(crate) use self::whole::*;
pub(crate) use self::work::*;
pub(crate) use self::written::*;

/// A time as the API writes it.
pub(crate) fn time(at: Moment) -> String {
    at.timestamp().to_string()
}

/// What every request may be answered instead.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes; errors are made by `ApiError`")]
pub(crate) enum Refused {
    /// No token, or one that does not hold.
    #[response(status = 401)]
    Unauthorized(Problem),
    /// There is no such thing, or it is not open to this account.
    #[response(status = 404)]
    NotFound(Problem),
    /// The request makes no sense; the message says what to do.
    #[response(status = 422)]
    Invalid(Problem),
    /// Too many requests in a minute.
    #[response(status = 429)]
    TooMany(Problem),
    /// It cannot be done right now.
    #[response(status = 503)]
    Unavailable(Problem),
}

/// What a write may be answered besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes; errors are made by `ApiError`")]
pub(crate) enum NotWritten {
    /// The token reads alone.
    #[response(status = 403)]
    Scope(Problem),
    /// It does not fit what is stored: someone else changed it meanwhile, or it is there already.
    #[response(status = 409)]
    Conflict(Problem),
}

/// Asking again is the same write.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes; the header is read by `writes::key`")]
pub(crate) struct Repeatable {
    /// At most 200 visible characters; the same key gets the same answer.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// Why a request was not answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    pub(crate) error: ProblemWords,
}

/// The reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemWords {
    /// One word that stays the same.
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) message: String,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Portion<T> {
    pub(crate) items: Vec<T>,
    /// Send it as `cursor` to read on; null at the end.
    pub(crate) next: Option<String>,
}

impl<T> Portion<T> {
    /// A list that is short enough to be sent whole.
    pub(crate) fn whole(items: impl Iterator<Item = T>) -> Self {
        Self { items: items.collect(), next: None }
    }
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
    /// At most this many, 1 to 200; 50 when not said.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u64>,
}

/// What was made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Made {
    pub(crate) id: String,
}

/// That it was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Done {
    pub(crate) done: bool,
}
