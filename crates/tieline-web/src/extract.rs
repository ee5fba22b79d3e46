//! Who asks. A handler that takes [`Signed`] is never run for a stranger; one that takes
//! [`Member`], [`Steward`] or [`Owner`] is never run for less, and to those below it does not exist.

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum_extra::extract::cookie::CookieJar;
use tieline_model::access::Viewer;
use tieline_store::Account;

use crate::app::App;
use crate::error::AppError;
use crate::session::{self, COOKIE, Secret};

/// Days of a session's life that may pass before its end is moved: one write a day, not a request.
const TOUCH_AFTER_DAYS: f64 = 1.0;

/// Someone who signed in.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// What they may see and do.
    pub(crate) viewer: Viewer,
    /// Their account.
    pub(crate) account: Account,
    /// Hash of the secret of their session.
    pub(crate) session: String,
}

/// Someone who sees the directory: anyone but guests.
#[derive(Debug, Clone)]
pub(crate) struct Member(pub(crate) Signed);

/// A steward or the owner.
#[derive(Debug, Clone)]
pub(crate) struct Steward(pub(crate) Signed);

/// The owner.
#[derive(Debug, Clone)]
pub(crate) struct Owner(pub(crate) Signed);

async fn signed(parts: &Parts, app: &App) -> Result<Option<Signed>, AppError> {
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(cookie) = jar.get(COOKIE) else { return Ok(None) };
    let hash = Secret::given(cookie.value()).hash();
    let now = session::now();
    let Some((open, account)) = app.store.session(&hash, now).await? else { return Ok(None) };
    crate::here::is_for(&account);
    if now.days_since(open.last_used) > TOUCH_AFTER_DAYS {
        let tx = app.store.begin().await?;
        tx.touch_session(&hash, now).await?;
        tx.commit().await?;
    }
    let viewer = viewer(app, &account).await?;
    Ok(Some(Signed { viewer, account, session: hash }))
}

/// What an account may see and do.
pub(crate) async fn viewer(app: &App, account: &Account) -> Result<Viewer, AppError> {
    let actor = match account.actor {
        Some(address) => app.store.actor_of(address).await?,
        None => None,
    };
    Ok(Viewer {
        account: account.id,
        role: account.role,
        actor,
        alone: app.store.count_accounts().await? == 1,
        named_findings: app.store.named_findings().await?,
    })
}

impl FromRequestParts<App> for Signed {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        match signed(parts, &App::from_ref(app)).await? {
            Some(signed) => Ok(signed),
            None => Err(stranger(parts)),
        }
    }
}

impl OptionalFromRequestParts<App> for Signed {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, AppError> {
        signed(parts, app).await
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let signed = <Signed as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if signed.viewer.may_read() { Ok(Self(signed)) } else { Err(AppError::NotFound) }
    }
}

impl FromRequestParts<App> for Steward {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let signed = <Signed as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if signed.viewer.may_steward() { Ok(Self(signed)) } else { Err(AppError::NotFound) }
    }
}

impl FromRequestParts<App> for Owner {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let signed = <Signed as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if signed.viewer.may_own() { Ok(Self(signed)) } else { Err(AppError::NotFound) }
    }
}

/// A stranger is asked to sign in, and comes back to the page that was asked for. A part of a page
/// asked for by script, or a change, cannot be come back to.
pub(crate) fn stranger(parts: &Parts) -> AppError {
    let page = parts.method == Method::GET && !parts.headers.contains_key("hx-request");
    let wants_page = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    let next = parts.uri.path_and_query().map(|path| path.as_str().to_owned());
    AppError::SignIn { next: next.filter(|_| page && wants_page) }
}
