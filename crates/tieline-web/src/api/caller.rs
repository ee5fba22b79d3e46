//! Which program asks, for whom, and what it may do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tieline_model::access::Viewer;
use tieline_model::id::AccountId;
use tieline_model::time::Moment;
use tieline_store::{Account, TokenScope};

use super::error::ApiError;
use crate::app::App;
use crate::extract::{self, Signed};
use crate::here;
use crate::session::{self, Secret};

/// Requests of one account in a minute, over all its tokens, where nothing else is configured.
pub const MOST_A_MINUTE: u32 = 600;

/// Days of a token's use that need no note: one write a day, not a request.
const TOUCH_AFTER_DAYS: f64 = 1.0;

/// A program that acts for an account, or a page of our own that reads for it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// What it may see and do.
    pub(crate) viewer: Viewer,
    /// Its account.
    pub(crate) account: Account,
    /// What its token opens.
    pub(crate) scope: TokenScope,
}

/// A caller whose token writes.
#[derive(Debug, Clone)]
pub(crate) struct Writer(pub(crate) Caller);

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let now = session::now();
        let caller = match bearer(&parts.headers) {
            Some(secret) => by_token(app, &secret.hash(), now).await?,
            None => by_cookie(parts, app).await?,
        };
        let allowance = parts.extensions.get::<Arc<Allowance>>().ok_or(ApiError::Internal)?;
        let most = app.settings.api_requests_a_minute;
        if allowance.take(caller.account.id, now, most) {
            Ok(caller)
        } else {
            Err(ApiError::TooMany(most))
        }
    }
}

impl FromRequestParts<App> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        match caller.scope {
            TokenScope::Write => Ok(Self(caller)),
            TokenScope::Read => Err(ApiError::Scope),
        }
    }
}

/// A program that subscribes to a calendar. Most of them ask for a name and a password and send no
/// other header: the token is the password, the name is anything.
#[derive(Debug, Clone)]
pub(crate) struct Subscriber(pub(crate) Caller);

impl FromRequestParts<App> for Subscriber {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        if let Some(bearer) = password(&parts.headers).and_then(|token| as_bearer(&token)) {
            parts.headers.insert(header::AUTHORIZATION, bearer);
        }
        let caller = Caller::from_request_parts(parts, app).await;
        caller.map(Self).map_err(|error| {
            let is_unknown = matches!(error, ApiError::Unauthorized);
            let mut refusal = error.into_response();
            if is_unknown {
                // Calendar programs ask for a password only where they are told to.
                let how = HeaderValue::from_static("Basic realm=\"Tieline\", charset=\"UTF-8\"");
                refusal.headers_mut().insert(header::WWW_AUTHENTICATE, how);
            }
            refusal
        })
    }
}

fn as_bearer(token: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("Bearer {token}")).ok()
}

/// The password of an `Authorization: Basic` header.
fn password(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = value.split_once(' ')?;
    let pair =
        STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (_, password) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    Some(password.to_owned())
}

/// The secret of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::given(secret.trim()))
}

async fn by_token(app: &App, hash: &str, now: Moment) -> Result<Caller, ApiError> {
    let found = app.store.token(hash, now).await?;
    let (token, account) = found.ok_or(ApiError::Unauthorized)?;
    if token.last_used.is_none_or(|last| now.days_since(last) > TOUCH_AFTER_DAYS) {
        let tx = app.store.begin().await?;
        tx.touch_token(hash, now).await?;
        tx.commit().await?;
    }
    let viewer = extract::viewer(app, &account).await?;
    here::is_for_a_program();
    Ok(Caller { viewer, account, scope: token.scope })
}

/// A cookie opens reads alone, and those only that a page of this site makes: no other site can
/// read what comes back, or change anything.
async fn by_cookie(parts: &mut Parts, app: &App) -> Result<Caller, ApiError> {
    let from = parts.headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if parts.method != Method::GET || !matches!(from, Some("same-origin" | "none")) {
        return Err(ApiError::Unauthorized);
    }
    let signed = <Signed as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
    let Signed { viewer, account, .. } = signed.ok_or(ApiError::Unauthorized)?;
    // The account of the cookie brought its language.
    here::is_for_a_program();
    Ok(Caller { viewer, account, scope: TokenScope::Read })
}

/// How many requests each account may still make. One entry an account, so it stays small.
#[derive(Debug, Default)]
pub(crate) struct Allowance(Mutex<HashMap<AccountId, (Moment, u32)>>);

impl Allowance {
    /// Whether the account may make one more request in the minute that began with its first.
    fn take(&self, account: AccountId, now: Moment, most: u32) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (began, n) = all.entry(account).or_insert((now, 0));
        if now.ms().saturating_sub(began.ms()) >= 60_000 {
            (*began, *n) = (now, 0);
        }
        *n = n.saturating_add(1);
        *n <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_after_the_last_of_a_minute_is_refused_and_others_are_not() {
        let (allowance, now) = (Allowance::default(), Moment::from_ms(1_000));
        let (one, other) = (AccountId(uuid::Uuid::from_u128(1)), AccountId(uuid::Uuid::nil()));
        for _ in 0..600 {
            assert!(allowance.take(one, now, 600));
        }
        assert!(!allowance.take(one, Moment::from_ms(60_999), 600));
        assert!(allowance.take(other, now, 600));
        assert!(allowance.take(one, Moment::from_ms(61_000), 600), "a new minute");
    }

    #[test]
    fn the_password_of_a_calendar_program_is_its_token() {
        let of = |pair: &str| {
            let mut headers = HeaderMap::new();
            let value = format!("Basic {}", STANDARD.encode(pair));
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            password(&headers)
        };
        assert_eq!(of("me:abc").as_deref(), Some("abc"));
        assert_eq!(of(":a:b").as_deref(), Some("a:b"), "the first colon ends the name");
        assert_eq!(of("abc"), None);
    }

    #[test]
    fn only_a_bearer_header_brings_a_secret() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(|secret| secret.text().to_owned())
        };
        assert_eq!(of("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(of("bearer abc").as_deref(), Some("abc"));
        assert_eq!(of("Basic abc"), None);
        assert_eq!(of("Bearer"), None);
    }
}
