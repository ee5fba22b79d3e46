//! Signing in by a link that comes by mail.

use axum::extract::{Extension, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::address::Address;
use tieline_model::job::{Job, Letter};

use super::form::Fault;
use super::sign_in::{Typed, refused};
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;
use crate::session;
use crate::throttle::{Limit, count};

/// Links that one address may be sent in an hour.
const MOST_OF_ADDRESS: u64 = 5;

/// Links that one network may ask for in an hour: an office shares an address.
const MOST_OF_NETWORK: u64 = 30;

/// What the form brings.
#[derive(Deserialize)]
pub(crate) struct Asked {
    mail: String,
}

/// `POST /sign-in/mail`. A known and an unknown address get the same answer after the same work: only
/// when the letter is due does it turn out that it has nowhere to go.
pub(crate) async fn ask(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Form(Asked { mail }): Form<Asked>,
) -> Result<Response, AppError> {
    if !app.settings.mails {
        return Err(AppError::NotFound);
    }
    let Ok(address) = Address::email(&mail) else {
        let fault = Fault::new("mail", t!("form-mail"));
        let typed = Typed { mail, ..Typed::default() };
        return refused(&app, StatusCode::UNPROCESSABLE_ENTITY, typed, fault);
    };
    let limits = [
        Limit::new("mail-to", address.text(), MOST_OF_ADDRESS),
        Limit::new("mail-from", &client.network(), MOST_OF_NETWORK),
    ];
    count(&app, &limits, session::now()).await?;
    let account = app.store.account_by_mail(&address).await?.filter(|account| !account.disabled);
    let letter = Letter::SignIn { account: account.map(|account| account.id) };
    let tx = app.store.begin().await?;
    tx.enqueue(&Job::Mail { letter }, None, None).await?;
    tx.commit().await?;
    Ok(Redirect::to("/sign-in?done=mail").into_response())
}
