//! What goes wrong in a request: one type, one page, a way back.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tieline_lake::LakeError;
use tieline_store::StoreError;

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
            StoreError::Conflict(rule) => Self::Conflict(rule.to_string()),
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Internal(_) => Self::Internal(error.to_string()),
        }
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
    title: &'static str,
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
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::SignIn { .. } => {
                ("Please sign in", "Your session has ended. Sign in, then try again.".to_owned())
            }
            Self::NotFound => (
                "There is nothing here",
                "It may have been removed or merged, or it is not open to you.".to_owned(),
            ),
            Self::BadRequest(why) => ("That could not be read", why.clone()),
            Self::Conflict(why) => ("That does not fit together", why.clone()),
            Self::Unavailable(why) => ("Not just now", why.clone()),
            Self::TooLarge(why) => ("Too much at once", why.clone()),
            Self::TooMany => ("Too many tries", self.to_string()),
            Self::Internal(_) => (
                "Something went wrong on our side",
                "Nothing was changed. The server's log says more; try again.".to_owned(),
            ),
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
        let body = page.render().unwrap_or_else(|_| title.to_owned());
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
