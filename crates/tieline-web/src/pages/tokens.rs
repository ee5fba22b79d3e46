//! Tokens by which programs act for an account.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_store::{ApiToken, NewToken, TokenScope};

use super::form::{Fault, fault_of};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::{Place, Shell};

/// Days that a token holds.
const TOKEN_DAYS: f64 = 365.0;

/// Longest name, characters.
const MAX_NAME: usize = 80;

/// Most tokens of an account.
const MOST_TOKENS: usize = 50;

/// A token in the list.
struct Row {
    /// What takes it back: a hash opens nothing.
    hash: String,
    name: String,
    scope: String,
    used: String,
    until: String,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<Row>,
    /// The secret just made.
    secret: Option<String>,
    name: String,
    faults: Vec<Fault>,
}

/// `GET /settings/tokens`.
pub(crate) async fn list(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    page(&build(&app, &signed, None, Vec::new()).await?)
}

async fn build(
    app: &App,
    signed: &Signed,
    secret: Option<String>,
    faults: Vec<Fault>,
) -> Result<TokensPage, AppError> {
    let tokens = app.store.tokens_of(signed.viewer.account).await?;
    Ok(TokensPage {
        shell: Shell::new(app, signed, Place::Settings),
        tokens: tokens.into_iter().map(row).collect(),
        secret,
        name: String::new(),
        faults,
    })
}

fn row(token: ApiToken) -> Row {
    Row {
        hash: token.hash,
        name: token.name,
        scope: match token.scope {
            TokenScope::Read => t!("settings-token-reads"),
            TokenScope::Write => t!("settings-token-writes"),
        },
        used: token.last_used.map_or_else(
            || t!("settings-token-unused"),
            |at| t!("settings-token-used", day = here::date(at)),
        ),
        until: here::date(token.expires),
    }
}

/// What the form brings.
#[derive(Debug, Deserialize)]
pub(crate) struct TokenForm {
    name: String,
    scope: String,
}

/// `POST /settings/tokens`: the secret is shown this once. There is no redirect, because it must not
/// get into an address.
pub(crate) async fn create(
    State(app): State<App>,
    signed: Signed,
    Form(TokenForm { name, scope }): Form<TokenForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    if name.trim().is_empty() || name.trim().chars().count() > MAX_NAME {
        faults.push(Fault::new("name", t!("form-token-name")));
    }
    let scope = TokenScope::from_name(&scope).unwrap_or(TokenScope::Read);
    if app.store.tokens_of(signed.viewer.account).await?.len() >= MOST_TOKENS {
        faults.push(Fault::new("name", t!("form-token-most")));
    }
    if !faults.is_empty() {
        let again = TokensPage { name, ..build(&app, &signed, None, faults).await? };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&again)?).into_response());
    }
    let secret = Secret::new()?;
    let expires = session::now().plus_days(TOKEN_DAYS);
    let token = NewToken { account: signed.viewer.account, name, scope, expires };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.add_token(&secret.hash(), &token).await?;
    tx.commit().await?;
    page(&build(&app, &signed, Some(secret.text().to_owned()), Vec::new()).await?)
}

/// Which token.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    hash: String,
}

/// `POST /settings/tokens/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Form(Which { hash }): Form<Which>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_token(&hash, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings/tokens"))
}
