//! Signing in with whoever vouches for people: there and back.

use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_store::{Account, Constraint, Link, LinkPurpose, NewAccount, StoreError};

use super::form::{Fault, own_path};
use super::sign_in::{Typed, open_session, refused};
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;
use crate::page::page;
use crate::provider::{self, Claim, Provider, ProviderError, Unknown, Vouched};
use crate::session::{self, Secret};
use crate::shell::Outside;
use crate::show;
use crate::throttle::{Limit, count};

/// Name of the cookie that a browser keeps meanwhile.
const COOKIE: &str = "tieline_provider";

/// How long a browser may be away, days: ten minutes.
const AWAY_DAYS: f64 = 10.0 / 1440.0;

/// Sign-ins that one network may begin in an hour.
const MOST_OF_NETWORK: u64 = 600;

#[derive(Template)]
#[template(path = "sign_in_provider.html")]
struct AwayPage {
    outside: Outside,
    name: String,
    to: String,
}

/// Where to go after signing in.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// Why someone is not let in.
enum Refusal {
    /// Begun in another browser, long ago, or come back twice.
    Over,
    /// The provider did not let them through.
    Denied(String),
    Failed(ProviderError),
    Unverified,
    Domain,
    Unknown,
    Disabled,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Failed(ProviderError::Down(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Over | Self::Failed(_) => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        }
    }

    fn words(&self, name: &str) -> String {
        match self {
            Self::Over => t!("settings-provider-over"),
            Self::Denied(why) if why == "access_denied" => {
                t!("settings-provider-stopped", name = name)
            }
            Self::Denied(_) => t!("settings-provider-denied", name = name),
            Self::Failed(ProviderError::Down(_)) => t!("settings-provider-down", name = name),
            Self::Failed(_) => t!("settings-provider-failed", name = name),
            Self::Unverified => t!("settings-provider-unverified", name = name),
            Self::Domain => t!("settings-provider-domain"),
            Self::Unknown => t!("settings-provider-unknown"),
            Self::Disabled => t!("settings-provider-disabled"),
        }
    }

    /// Told on the sign-in page, where the other ways in still work.
    fn shown(&self, app: &App, provider: &Provider, next: String) -> Result<Response, AppError> {
        if let Self::Failed(error) = self {
            tracing::warn!("a sign-in by the identity provider failed: {error}");
        }
        let fault = Fault::new("provider", show::sentence(&self.words(provider.name())));
        refused(app, self.status(), Typed { next, ..Typed::default() }, fault)
    }
}

/// `POST /sign-in/provider`: begins. The way there is a page that leads on by itself, since a form may
/// lead to this site alone.
pub(crate) async fn begin(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    jar: CookieJar,
    Form(Next { next }): Form<Next>,
) -> Result<Response, AppError> {
    let provider = app.provider.clone().ok_or(AppError::NotFound)?;
    let now = session::now();
    let limit = Limit::new("provider-from", &client.network(), MOST_OF_NETWORK);
    count(&app, &[limit], now).await?;
    let secret = Secret::new()?;
    let to = match provider.way_there(&secret).await {
        Ok(to) => to,
        Err(error) => return Refusal::Failed(error).shown(&app, &provider, next),
    };
    let link = Link {
        purpose: LinkPurpose::Provider,
        account: None,
        address: None,
        role: None,
        expires: now.plus_days(AWAY_DAYS),
    };
    let tx = app.store.begin().await?;
    tx.add_link(&secret.hash(), &link).await?;
    tx.commit().await?;
    let next = URL_SAFE_NO_PAD.encode(own_path(&next));
    let jar = jar.add(cookie(format!("{}.{next}", secret.text()), client));
    let on = AppendHeaders([(HeaderName::from_static("refresh"), format!("0;url={to}"))]);
    let name = provider.name().to_owned();
    Ok((jar, on, page(&AwayPage { outside: Outside, name, to })?).into_response())
}

fn cookie(value: String, client: Client) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/sign-in")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(client.is_tls)
        .build()
}

/// What the provider sends back with the browser.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    code: String,
    state: String,
    error: String,
}

/// `GET /sign-in/provider/callback`: comes back, once.
pub(crate) async fn back(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    jar: CookieJar,
    Query(back): Query<Back>,
) -> Result<Response, AppError> {
    let provider = app.provider.clone().ok_or(AppError::NotFound)?;
    let kept = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let (secret, next) = kept.split_once('.').unwrap_or((&kept, ""));
    let next = URL_SAFE_NO_PAD.decode(next).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (secret, next) = (Secret::given(secret), next.unwrap_or_default());
    let jar = jar.remove(cookie(String::new(), client));
    match let_in(&app, &provider, &secret, &back).await? {
        Ok(account) => {
            let jar = open_session(&app, account.id, client, jar).await?;
            Ok((jar, Redirect::to(own_path(&next))).into_response())
        }
        Err(refusal) => Ok((jar, refusal.shown(&app, &provider, next)?).into_response()),
    }
}

/// The account of whoever came back.
async fn let_in(
    app: &App,
    provider: &Provider,
    secret: &Secret,
    back: &Back,
) -> Result<Result<Account, Refusal>, AppError> {
    if back.state != provider::state(secret) {
        return Ok(Err(Refusal::Over));
    }
    let tx = app.store.begin().await?;
    let link = tx.use_link(&secret.hash(), LinkPurpose::Provider, session::now()).await?;
    tx.commit().await?;
    if link.is_none() {
        return Ok(Err(Refusal::Over));
    }
    if !back.error.is_empty() {
        return Ok(Err(Refusal::Denied(back.error.clone())));
    }
    match provider.vouch(secret, &back.code).await {
        Ok(vouched) => account_of(app, provider, &vouched).await,
        Err(error) => Ok(Err(Refusal::Failed(error))),
    }
}

/// The account that someone vouched for has here, or gets.
async fn account_of(
    app: &App,
    provider: &Provider,
    vouched: &Vouched,
) -> Result<Result<Account, Refusal>, AppError> {
    let settings = provider.settings();
    let mail = vouched.mail.as_deref().and_then(|mail| Address::email(mail).ok());
    let needs_mail = settings.claim == Claim::Email || !settings.domains.is_empty();
    if needs_mail && mail.is_none() {
        return Ok(Err(if vouched.is_unverified { Refusal::Unverified } else { Refusal::Unknown }));
    }
    let domain = mail.as_ref().and_then(|mail| mail.domain()).unwrap_or_default();
    let is_allowed = settings.domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain));
    if !settings.domains.is_empty() && !is_allowed {
        return Ok(Err(Refusal::Domain));
    }
    let login = match settings.claim {
        Claim::Email => None,
        Claim::Subject => Some(vouched.subject.as_str()),
        Claim::PreferredUsername => vouched.username.as_deref(),
    };
    let found = match (login, &mail) {
        (Some(login), _) => app.store.account_by_login(login).await?.map(|(account, _)| account),
        (None, Some(mail)) => app.store.account_by_mail(mail).await?,
        (None, None) => None,
    };
    match found {
        Some(account) if account.disabled => Ok(Err(Refusal::Disabled)),
        Some(account) => Ok(Ok(account)),
        None if settings.unknown == Unknown::Refuse => Ok(Err(Refusal::Unknown)),
        None => join(app, vouched, login, mail.as_ref()).await,
    }
}

/// Someone unknown becomes a member.
async fn join(
    app: &App,
    vouched: &Vouched,
    login: Option<&str>,
    mail: Option<&Address>,
) -> Result<Result<Account, Refusal>, AppError> {
    let Some(login) = login.or(mail.map(Address::text)) else { return Ok(Err(Refusal::Unknown)) };
    let name = vouched.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let new = NewAccount {
        login: login.to_owned(),
        name: name.unwrap_or(login).chars().take(80).collect(),
        role: Role::Member,
        password_hash: None,
        actor: None,
    };
    let tx = app.store.begin().await?;
    let id = match tx.add_account(&new).await {
        Ok(id) => id,
        // Someone chose this as their login: it is not for the provider to hand out.
        Err(StoreError::Conflict(Constraint::Taken(_))) => return Ok(Err(Refusal::Unknown)),
        Err(error) => return Err(error.into()),
    };
    // Another account may have this address where accounts are told by something else.
    if let Some(mail) = mail
        && app.store.account_by_mail(mail).await?.is_none()
    {
        tx.set_account_mail(id, Some(mail)).await?;
    }
    tx.commit().await?;
    Ok(Ok(app.store.account(id).await?))
}
