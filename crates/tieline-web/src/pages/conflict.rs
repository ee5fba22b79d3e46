//! Two people changed the same thing: both versions side by side, and one of them chosen.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::page::page;
use crate::shell::{Place, Shell};

/// One value as it is kept now and as it was typed.
pub(crate) struct Row {
    /// What it is.
    pub(crate) label: String,
    /// What is kept now.
    pub(crate) theirs: String,
    /// What was typed.
    pub(crate) mine: String,
}

impl Row {
    /// What it is, as it is kept now, and as it was typed.
    pub(crate) fn new(label: String, theirs: impl Into<String>, mine: impl Into<String>) -> Self {
        Self { label, theirs: theirs.into(), mine: mine.into() }
    }
}

/// What became of a change that came too late.
pub(crate) struct Late {
    /// What was changed, in words.
    pub(crate) what: String,
    /// Who changed it meanwhile and when, in words.
    pub(crate) who: String,
    /// Page that shows what is kept.
    pub(crate) back: String,
    /// Where what was typed may be sent again.
    pub(crate) action: String,
    /// Its fields, with the version that is kept now.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// The values.
    pub(crate) rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "conflict.html")]
struct ConflictPage {
    shell: Shell,
    late: Late,
}

/// The page that asks which version is to stay. Nothing is lost: what was typed is in it.
pub(crate) fn ask(app: &App, signed: &Signed, late: Late) -> Result<Response, AppError> {
    show(Shell::new(app, signed, Place::Directory), late)
}

/// The same, within a shell.
pub(crate) fn show(shell: Shell, late: Late) -> Result<Response, AppError> {
    let asked = page(&ConflictPage { shell, late })?;
    Ok((StatusCode::CONFLICT, asked).into_response())
}
