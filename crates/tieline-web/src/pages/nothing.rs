//! What pages on the network say before there is one.

use askama::Template;
use axum::response::Response;

use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "nothing.html")]
struct NothingPage {
    shell: Shell,
    /// The first network is still being worked out.
    is_starting: bool,
}

/// The page that stands in for one that needs a network.
///
/// # Errors
/// As [`page`].
pub(crate) fn nothing(app: &App, shell: Shell) -> Result<Response, AppError> {
    page(&NothingPage { shell, is_starting: app.live.is_starting() })
}
