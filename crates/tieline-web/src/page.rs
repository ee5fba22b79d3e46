//! From a struct to a response.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::AppError;

/// A rendered page, or a part of one.
///
/// # Errors
/// Only when memory for it cannot be had.
pub(crate) fn page(template: &impl Template) -> Result<Response, AppError> {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    Ok((kind, template.render()?).into_response())
}
