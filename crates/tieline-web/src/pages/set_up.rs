//! The first run: whoever holds the link of the terminal becomes the owner.

use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use tieline_model::access::Role;
use tieline_store::{Account, LinkPurpose, NewAccount};

use super::form::{Fault, fault_of};
use super::sign_in::open_session;
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::Outside;

/// Longest name, characters.
const MAX_NAME: usize = 80;

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    outside: Outside,
    token: String,
    name: String,
    faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "set_up_closed.html")]
struct ClosedPage {
    outside: Outside,
}

/// The link's secret.
#[derive(Deserialize)]
pub(crate) struct Token {
    #[serde(default)]
    token: String,
}

/// What the form brings.
#[derive(Deserialize)]
pub(crate) struct NewOwner {
    token: String,
    name: String,
    password: String,
    #[serde(default)]
    zone: String,
}

/// `GET /set-up?token=...`.
pub(crate) async fn show(
    State(app): State<App>,
    Query(Token { token }): Query<Token>,
) -> Result<Response, AppError> {
    if app.store.count_accounts().await? > 0 {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    if token.is_empty() {
        return page(&ClosedPage { outside: Outside });
    }
    page(&SetUpPage { outside: Outside, token, name: String::new(), faults: Vec::new() })
}

/// `POST /set-up`: makes the owner and signs them in. Account and use of the link are one
/// transaction: of two who race, one becomes the owner.
pub(crate) async fn create(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    jar: CookieJar,
    Form(owner): Form<NewOwner>,
) -> Result<Response, AppError> {
    if app.store.count_accounts().await? > 0 {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let NewOwner { token, name, password, zone } = owner;
    let name = name.trim().to_owned();
    let faults = faults(&name, &password);
    if !faults.is_empty() {
        let again = page(&SetUpPage { outside: Outside, token, name, faults })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let hash = tokio::task::spawn_blocking(move || session::hash_password(&password)).await??;
    let tx = app.store.begin().await?;
    let known = Secret::given(&token).hash();
    if tx.use_link(&known, LinkPurpose::Setup, session::now()).await?.is_none() {
        return closed();
    }
    let account = NewAccount {
        login: name.clone(),
        name,
        role: Role::Owner,
        password_hash: Some(hash),
        actor: None,
    };
    // Several starts, and several servers, print several links.
    let Some(account) = tx.add_first_account(&account).await? else { return closed() };
    tx.commit().await?;
    let made = Account { time_zone: known_zone(&zone), ..app.store.account(account).await? };
    let tx = app.store.begin().await?;
    tx.update_account(&made).await?;
    tx.commit().await?;
    let jar = open_session(&app, account, client, jar).await?;
    Ok((jar, Redirect::to("/")).into_response())
}

fn closed() -> Result<Response, AppError> {
    Ok((StatusCode::GONE, page(&ClosedPage { outside: Outside })?).into_response())
}

fn faults(name: &str, password: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if name.is_empty() {
        faults.push(Fault::new("name", t!("form-your-name")));
    } else if name.chars().count() > MAX_NAME {
        faults.push(Fault::new("name", t!("form-at-most-80")));
    }
    if let Some(fault) = session::password_fault(password) {
        faults.push(Fault::new("password", fault));
    }
    faults
}

/// The browser's time zone, where it is one.
pub(super) fn known_zone(zone: &str) -> String {
    match jiff::tz::TimeZone::get(zone) {
        Ok(_) if !zone.is_empty() => zone.to_owned(),
        _ => "UTC".to_owned(),
    }
}
