//! One-time links: the page says what a click will do, the click uses the link up. A program that
//! follows links to look at them uses nothing up.

use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use tieline_store::LinkPurpose;

use super::sign_in::open_session;
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::Outside;

#[derive(Template)]
#[template(path = "enter.html")]
struct EnterPage {
    outside: Outside,
    workspace: String,
    secret: String,
}

#[derive(Template)]
#[template(path = "enter_used.html")]
struct UsedPage {
    outside: Outside,
}

/// `GET /enter/{secret}`.
pub(crate) async fn show(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let workspace = app.settings.workspace.clone();
    page(&EnterPage { outside: Outside, workspace, secret })
}

/// `POST /enter/{secret}`: signs in, once.
pub(crate) async fn enter(
    State(app): State<App>,
    Path(secret): Path<String>,
    Extension(client): Extension<Client>,
    jar: CookieJar,
) -> Result<Response, AppError> {
    let tx = app.store.begin().await?;
    let hash = Secret::given(&secret).hash();
    let link = tx.use_link(&hash, LinkPurpose::SignIn, session::now()).await?;
    tx.commit().await?;
    let Some(account) = link.and_then(|link| link.account) else {
        return Ok((StatusCode::GONE, page(&UsedPage { outside: Outside })?).into_response());
    };
    let jar = open_session(&app, account, client, jar).await?;
    Ok((jar, Redirect::to("/")).into_response())
}
