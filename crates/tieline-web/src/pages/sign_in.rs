//! Signing in by password, and out.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::Deserialize;
use tieline_model::id::AccountId;
use tieline_store::NewSession;

use super::form::{Fault, own_path};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::page::page;
use crate::session::{self, COOKIE, Secret};
use crate::shell::Outside;

/// Wrong passwords for one name after which no more are tried.
const MOST_FAILURES: u64 = 10;

/// How far back wrong passwords count, days: a quarter of an hour.
const FAILURES_DAYS: f64 = 15.0 / 1440.0;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    outside: Outside,
    workspace: String,
    login: String,
    next: String,
    faults: Vec<Fault>,
}

/// Where to go after signing in.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// What the form brings.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Option<Signed>,
    Query(Next { next }): Query<Next>,
) -> Result<Response, AppError> {
    if signed.is_some() {
        return Ok(Redirect::to(own_path(&next)).into_response());
    }
    if app.store.count_accounts().await? == 0 {
        return Ok(Redirect::to("/set-up").into_response());
    }
    form(&app, String::new(), next, Vec::new())
}

fn form(app: &App, login: String, next: String, faults: Vec<Fault>) -> Result<Response, AppError> {
    let workspace = app.settings.workspace.clone();
    page(&SignInPage { outside: Outside, workspace, login, next, faults })
}

/// `POST /sign-in`. A wrong name and a wrong password are told alike and take as long.
pub(crate) async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    Form(Credentials { login, password, next }): Form<Credentials>,
) -> Result<Response, AppError> {
    let found = app.store.account_by_login(&login).await?;
    // Names are found whatever their case and accents: a name counts once however it is written.
    let key = throttle_key(found.as_ref().map_or(&login, |(account, _)| &account.login));
    let now = session::now();
    if app.store.failures(&key, now.plus_days(-FAILURES_DAYS)).await? >= MOST_FAILURES {
        return Err(AppError::TooMany);
    }
    let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
    let fits = password.len() <= session::MAX_PASSWORD
        && tokio::task::spawn_blocking(move || {
            session::password_matches(&password, hash.as_deref())
        })
        .await?;
    let account = found.map(|(account, _)| account).filter(|account| fits && !account.disabled);
    let Some(account) = account else {
        let tx = app.store.begin().await?;
        tx.note_failure(&key, now).await?;
        tx.commit().await?;
        let fault = Fault::new("login", "The name or the password is wrong. Check both.");
        let refused = form(&app, login, next, vec![fault])?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, refused).into_response());
    };
    let tx = app.store.begin().await?;
    tx.clear_failures(&key).await?;
    tx.commit().await?;
    let jar = open_session(&app, account.id, jar).await?;
    Ok((jar, Redirect::to(own_path(&next))).into_response())
}

fn throttle_key(login: &str) -> String {
    blake3::hash(login.trim().to_lowercase().as_bytes()).to_hex().to_string()
}

/// Opens a session with a secret of its own; one that the browser brought is never taken over.
pub(crate) async fn open_session(
    app: &App,
    account: AccountId,
    jar: CookieJar,
) -> Result<CookieJar, AppError> {
    let secret = Secret::new()?;
    let now = session::now();
    let opened = NewSession { account, expires: session::session_end(now), about: String::new() };
    let tx = app.store.begin().await?;
    if let Some(old) = jar.get(COOKIE) {
        tx.close_session(&Secret::given(old.value()).hash()).await?;
    }
    tx.open_session(&secret.hash(), &opened).await?;
    tx.commit().await?;
    Ok(jar.add(session::cookie(&secret, app.settings.secure)))
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(
    State(app): State<App>,
    signed: Signed,
    jar: CookieJar,
) -> Result<Response, AppError> {
    let tx = app.store.begin().await?;
    tx.close_session(&signed.session).await?;
    tx.commit().await?;
    let gone = Cookie::build((COOKIE, "")).path("/").build();
    Ok((jar.remove(gone), Redirect::to("/sign-in")).into_response())
}
