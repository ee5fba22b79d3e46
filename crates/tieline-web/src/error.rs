//! What goes wrong in a request: one type, one page, a way back.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tieline_lake::LakeError;
use tieline_store::{Constraint, StoreError};

use crate::session::SecretError;

/// Why a request was not answered. What the person reads and what the log gets are kept apart.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    /// Nobody is signed in. `next`: the page to come back to.
    #[error("not signed in")]
    SignIn {
        /// Path and query.
        next: Option<String>,
    },
    /// There is no such thing, or it does not exist for this viewer.
    #[error("not found")]
    NotFound,
    /// The request makes no sense; says what to do.
    #[error("{0}")]
    BadRequest(String),
    /// Someone else changed it meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// It cannot be done right now.
    #[error("{0}")]
    Unavailable(String),
    /// More than the server takes at once; says how much that is.
    #[error("{0}")]
    TooLarge(String),
    /// Too many tries.
    #[error("too many tries: wait a few minutes, then try again")]
    TooMany,
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } | StoreError::Ambiguous { .. } => Self::NotFound,
            StoreError::Conflict(rule) => Self::Conflict(said(&rule)),
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Internal(_) => Self::Internal(error.to_string()),
        }
    }
}

/// A rule of the store that people may run into. The others are for programs, and in English.
fn said(rule: &Constraint) -> String {
    match rule {
        Constraint::Stale => t!("error-stale"),
        Constraint::PollClosed => t!("decisions-poll-over"),
        Constraint::Cast => t!("decisions-ballot-token"),
        Constraint::LastOwner => t!("error-last-owner"),
        Constraint::ImportExists => t!("error-import-exists"),
        Constraint::ImportRunning => t!("error-import-running"),
        other => other.to_string(),
    }
}

impl From<LakeError> for AppError {
    fn from(error: LakeError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<SecretError> for AppError {
    fn from(error: SecretError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<tokio::task::JoinError> for AppError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(error.to_string())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: String,
    message: String,
}

impl AppError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Heading and text for people. Causes of ours are for the log alone.
    fn words(&self) -> (String, String) {
        match self {
            Self::SignIn { .. } => (t!("error-sign-in"), t!("error-sign-in-text")),
            Self::NotFound => (t!("error-not-found"), t!("error-not-found-text")),
            Self::BadRequest(why) => (t!("error-bad-request"), why.clone()),
            Self::Conflict(why) => (t!("error-conflict"), why.clone()),
            Self::Unavailable(why) => (t!("error-unavailable"), why.clone()),
            Self::TooLarge(why) => (t!("error-too-large"), why.clone()),
            Self::TooMany => (t!("error-too-many"), t!("error-too-many-text")),
            Self::Internal(_) => (t!("error-internal"), t!("error-internal-text")),
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if let Self::SignIn { next: Some(next) } = &self {
            return Redirect::to(&format!("/sign-in?next={}", encode(next))).into_response();
        }
        if let Self::Internal(cause) = &self {
            tracing::error!(cause, "a request failed");
        }
        let (title, message) = self.words();
        let page = ErrorPage { title, message: crate::show::sentence(&message) };
        let body = page.render().unwrap_or_else(|_| page.title.clone());
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        (self.status(), kind, body).into_response()
    }
}

/// One part of a path: as [`encode`], and slashes too.
pub(crate) fn encode_part(text: &str) -> String {
    encode(text).replace('/', "%2F")
}

/// Percent-encodes all but letters, digits and `-._~/`.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}
