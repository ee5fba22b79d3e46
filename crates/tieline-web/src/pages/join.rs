//! Taking an invitation up: whoever holds its link makes one account, with the role it gives.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use tieline_model::access::Role;
use tieline_store::{Constraint, LinkPurpose, NewAccount, StoreError};

use super::form::{Fault, fault_of};
use super::set_up::{faults, set_zone};
use super::sign_in::open_session;
use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::Outside;

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    outside: Outside,
    workspace: String,
    secret: String,
    name: String,
    faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "join_closed.html")]
struct ClosedPage {
    outside: Outside,
}

/// What the form brings.
#[derive(Deserialize)]
pub(crate) struct Newcomer {
    name: String,
    password: String,
    #[serde(default)]
    zone: String,
}

/// `GET /join/{secret}`: uses nothing up.
pub(crate) async fn show(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let link = app.store.link(&Secret::given(&secret).hash(), session::now()).await?;
    if link.is_none_or(|link| link.purpose != LinkPurpose::Invite) {
        return closed();
    }
    page(&form(&app, secret, String::new(), Vec::new()))
}

fn form(app: &App, secret: String, name: String, faults: Vec<Fault>) -> JoinPage {
    JoinPage { outside: Outside, workspace: app.settings.workspace.clone(), secret, name, faults }
}

fn closed() -> Result<Response, AppError> {
    Ok((StatusCode::GONE, page(&ClosedPage { outside: Outside })?).into_response())
}

/// `POST /join/{secret}`: account and use of the link are one transaction.
pub(crate) async fn create(
    State(app): State<App>,
    Path(secret): Path<String>,
    jar: CookieJar,
    Form(Newcomer { name, password, zone }): Form<Newcomer>,
) -> Result<Response, AppError> {
    let name = name.trim().to_owned();
    let mut wrong = faults(&name, &password);
    if wrong.is_empty() && app.store.account_by_login(&name).await?.is_some() {
        wrong.push(taken());
    }
    if !wrong.is_empty() {
        let again = page(&form(&app, secret, name, wrong))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let password = tokio::task::spawn_blocking(move || session::hash_password(&password)).await??;
    let tx = app.store.begin().await?;
    let hash = Secret::given(&secret).hash();
    let Some(link) = tx.use_link(&hash, LinkPurpose::Invite, session::now()).await? else {
        return closed();
    };
    let account = NewAccount {
        login: name.clone(),
        name: name.clone(),
        role: link.role.unwrap_or(Role::Member),
        password_hash: Some(password),
        actor: link.address,
    };
    let account = match tx.add_account(&account).await {
        // Someone took the name between the question and now: the link stays as it was.
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            let again = page(&form(&app, secret, name, vec![taken()]))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
        made => made?,
    };
    tx.commit().await?;
    set_zone(&app, account, &zone).await?;
    let jar = open_session(&app, account, jar).await?;
    Ok((jar, Redirect::to("/")).into_response())
}

fn taken() -> Fault {
    Fault::new("name", "Someone here signs in with this name already. Add your family name.")
}
