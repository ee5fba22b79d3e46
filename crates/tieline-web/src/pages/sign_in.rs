//! Signing in by password, and out.

use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::Deserialize;
use tieline_model::id::AccountId;
use tieline_store::NewSession;

use super::form::{Fault, fault_of, own_path};
use crate::app::App;
use crate::client::Client;
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
    faults: Vec<Fault>,
    typed: Typed,
    /// Whether a link can be had by mail.
    mails: bool,
    /// What the identity provider is called, if there is one.
    provider: Option<String>,
    done: String,
}

/// What was typed on the page, and where to go after it.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    pub(crate) login: String,
    pub(crate) mail: String,
    pub(crate) next: String,
}

/// Where to go after signing in, and what was just done.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
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
    Query(Next { next, done }): Query<Next>,
) -> Result<Response, AppError> {
    if signed.is_some() {
        return Ok(Redirect::to(own_path(&next)).into_response());
    }
    if app.store.count_accounts().await? == 0 {
        return Ok(Redirect::to("/set-up").into_response());
    }
    let done = match done.as_str() {
        // The same, whether or not the address is known.
        "mail" => t!("settings-mail-on-its-way"),
        _ => String::new(),
    };
    let typed = Typed { next, ..Typed::default() };
    form(&app, typed, Vec::new(), done)
}

fn form(app: &App, typed: Typed, faults: Vec<Fault>, done: String) -> Result<Response, AppError> {
    page(&SignInPage {
        outside: Outside,
        workspace: app.settings.workspace.clone(),
        faults,
        typed,
        mails: app.settings.mails,
        provider: app.provider.as_ref().map(|provider| provider.name().to_owned()),
        done,
    })
}

/// The page again, with what was wrong.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn refused(
    app: &App,
    status: StatusCode,
    typed: Typed,
    fault: Fault,
) -> Result<Response, AppError> {
    Ok((status, form(app, typed, vec![fault], String::new())?).into_response())
}

/// `POST /sign-in`. A wrong name and a wrong password are told alike and take as long.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Extension(client): Extension<Client>,
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
        let fault = Fault::new("login", t!("form-sign-in"));
        let typed = Typed { login, next, ..Typed::default() };
        return refused(&app, StatusCode::UNPROCESSABLE_ENTITY, typed, fault);
    };
    let tx = app.store.begin().await?;
    tx.clear_failures(&key).await?;
    tx.commit().await?;
    let jar = open_session(&app, account.id, client, jar).await?;
    Ok((jar, Redirect::to(own_path(&next))).into_response())
}

fn throttle_key(login: &str) -> String {
    blake3::hash(login.trim().to_lowercase().as_bytes()).to_hex().to_string()
}

/// Opens a session with a secret of its own; one that the browser brought is never taken over.
pub(crate) async fn open_session(
    app: &App,
    account: AccountId,
    client: Client,
    jar: CookieJar,
) -> Result<CookieJar, AppError> {
    let secret = Secret::new()?;
    let now = session::now();
    let opened = NewSession { account, expires: session::session_end(now), about: String::new() };
    let tx = app.store.begin_by(account).await?;
    if let Some(old) = jar.get(COOKIE) {
        tx.close_session(&Secret::given(old.value()).hash()).await?;
    }
    tx.open_session(&secret.hash(), &opened).await?;
    tx.commit().await?;
    Ok(jar.add(session::cookie(&secret, client.is_tls)))
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(
    State(app): State<App>,
    signed: Signed,
    jar: CookieJar,
) -> Result<Response, AppError> {
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.close_session(&signed.session).await?;
    tx.commit().await?;
    let gone = Cookie::build((COOKIE, "")).path("/").build();
    Ok((jar.remove(gone), Redirect::to("/sign-in")).into_response())
}
