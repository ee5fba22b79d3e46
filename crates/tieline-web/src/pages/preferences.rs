//! Small choices of an account.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Redirect;

use super::form::own_path;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;

/// `POST /preferences/theme`: light to dark and back; from the system's choice to dark first.
pub(crate) async fn theme(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Redirect, AppError> {
    let theme = if signed.account.theme.as_deref() == Some("dark") { "light" } else { "dark" };
    let account = tieline_store::Account { theme: Some(theme.to_owned()), ..signed.account };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.update_account(&account).await?;
    tx.commit().await?;
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer
        .and_then(|url| url.split_once("://"))
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    Ok(Redirect::to(own_path(path.unwrap_or("/"))))
}
