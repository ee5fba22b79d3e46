//! Insights: the report, live, with names where the viewer may see them.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::nothing::nothing;
use crate::app::App;
use crate::assets::files;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::report::{Frame, ReportOptions, render};
use crate::shell::{Place, Shell};

/// What the URL asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `hidden` for a copy without names.
    names: String,
}

/// `GET /insights`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let hidden = asked.names == "hidden";
    let choice = if hidden {
        (t!("report-show-names"), "/insights")
    } else {
        (t!("report-hide-names"), "/insights?names=hidden")
    };
    let names = signed.viewer.sees_all_named().then_some(choice);
    let frame = Frame::Live { stylesheet: files::REPORT_CSS.path, names };
    rendered(&app, &signed, hidden, frame).await
}

/// `GET /insights/report.html`: the same as a file, to keep or to send.
pub(crate) async fn file(
    State(app): State<App>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let page = rendered(&app, &signed, asked.names == "hidden", Frame::File).await?;
    let saved = [(header::CONTENT_DISPOSITION, "attachment; filename=\"report.html\"")];
    Ok((saved, page).into_response())
}

async fn rendered(
    app: &App,
    signed: &Signed,
    hidden: bool,
    frame: Frame,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let Some(snapshot) = app.live.get() else {
        return nothing(app, Shell::new(app, signed, Place::Insights));
    };
    let viewer = signed.viewer;
    let workspace = app.settings.workspace.clone();
    let write = move || {
        let findings = if hidden { &snapshot.unnamed } else { snapshot.findings(&viewer) };
        render(findings, &ReportOptions { workspace, title: None, frame })
    };
    let body = tokio::task::spawn_blocking(here::carried(write))
        .await?
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response())
}
