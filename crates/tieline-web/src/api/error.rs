//! What a program is told when a request is not answered: one form for all.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tieline_store::{Constraint, StoreError};

use super::types::{Problem, ProblemWords};
use crate::error::AppError;

/// Why a request of a program was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApiError {
    /// No token, or one that does not hold.
    #[error("send a token that holds: Authorization: Bearer ...; tokens are made in the settings")]
    Unauthorized,
    /// A token that reads alone.
    #[error("this token reads alone: make one that writes in the settings")]
    Scope,
    /// There is no such thing, or it does not exist for this account.
    #[error("there is no such thing, or it is not open to this account")]
    NotFound,
    /// The route knows no such method.
    #[error("this address knows no such method")]
    Method,
    /// The request makes no sense; says what to do.
    #[error("{0}")]
    Invalid(String),
    /// It does not fit what is stored.
    #[error("{0}")]
    Conflict(String),
    /// Too many requests.
    #[error("too many requests: at most {0} a minute")]
    TooMany(u32),
    /// It cannot be done right now.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours, which the log says.
    #[error("something went wrong on our side; nothing was changed")]
    Internal,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Scope => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Scope => "scope",
            Self::NotFound => "not_found",
            Self::Method => "method",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::TooMany(_) => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Internal => "internal",
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let words = ProblemWords { code: self.code(), message: self.to_string() };
        let mut response = (self.status(), Json(Problem { error: words })).into_response();
        match self {
            Self::Unauthorized => {
                let how = HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
            }
            Self::TooMany(_) => {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            }
            _ => {}
        }
        response
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::SignIn { .. } => Self::Unauthorized,
            AppError::NotFound => Self::NotFound,
            AppError::BadRequest(why) | AppError::TooLarge(why) => Self::Invalid(why),
            AppError::Conflict(why) => Self::Conflict(why),
            AppError::Unavailable(why) => Self::Unavailable(why),
            AppError::TooMany => Self::TooMany(super::caller::MOST_A_MINUTE),
            AppError::Internal(cause) => {
                tracing::error!(cause, "a request of a program failed");
                Self::Internal
            }
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::Value(why)) => Self::Invalid(why),
            other => AppError::from(other).into(),
        }
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::Invalid(rejection.body_text())
    }
}
