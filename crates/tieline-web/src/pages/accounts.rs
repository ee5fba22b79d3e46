//! Accounts of others, for the owner: inviting, a new link for who lost the password, where mail goes,
//! and whether they may sign in.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::{AccountId, AddressId};
use tieline_model::job::{Job, Letter};
use tieline_store::{Constraint, Link, LinkPurpose, NewAccount, StoreError, Tx};

use super::form::Fault;
use super::settings::{self, anchor_called};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Owner, Signed};
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::{Place, Shell};

/// Days that a link handed over works.
const LINK_DAYS: f64 = 7.0;

/// Longest name, characters.
const MAX_NAME: usize = 80;

#[derive(Template)]
#[template(path = "account_link.html")]
struct LinkPage {
    shell: Shell,
    name: String,
    path: String,
}

/// What the form on a new account brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InviteForm {
    pub(crate) invited: String,
    pub(crate) role: String,
    pub(crate) mail: String,
    /// Which person of the data it is for: name or address; empty for none.
    pub(crate) person: String,
}

/// What the form is understood as.
struct Invited {
    name: String,
    role: Role,
    mail: Option<Address>,
    person: Option<AddressId>,
}

/// `POST /settings/accounts`: makes an account. Its link goes by mail where that can be, else it is
/// shown once, to be handed over.
pub(crate) async fn invite(
    State(app): State<App>,
    Owner(signed): Owner,
    Form(form): Form<InviteForm>,
) -> Result<Response, AppError> {
    let invited = match read(&app, &form).await? {
        Ok(invited) => invited,
        Err(faults) => return again(&app, &signed, form, faults).await,
    };
    let by_mail = app.settings.mails && invited.mail.is_some();
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let account = match add(&tx, &invited).await {
        Ok(account) => account,
        Err(StoreError::Conflict(Constraint::Taken(what))) => {
            tx.rollback().await?;
            let field = if what.contains("mail") { "invite-mail" } else { "invited" };
            let fault = Fault::new(field, t!("form-account-taken"));
            return again(&app, &signed, form, vec![fault]).await;
        }
        Err(error) => return Err(error.into()),
    };
    if by_mail {
        let letter = Letter::Invitation { account };
        tx.enqueue(&Job::Mail { letter }, Some(signed.viewer.account), None).await?;
        tx.commit().await?;
        return Ok(done("invited", account).into_response());
    }
    let secret = add_link(&tx, account).await?;
    tx.commit().await?;
    shown(&app, &signed, invited.name, &secret)
}

async fn read(app: &App, form: &InviteForm) -> Result<Result<Invited, Vec<Fault>>, AppError> {
    let mut faults = Vec::new();
    let name = form.invited.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        faults.push(Fault::new("invited", t!("form-name-80")));
    }
    let role = offered(&form.role);
    if role.is_none() {
        faults.push(Fault::new("role", t!("form-account-role")));
    }
    let said = form.person.trim();
    let person = if said.is_empty() { None } else { anchor_called(app, said).await? };
    if person.is_none() && !said.is_empty() {
        let text = t!("form-account-person");
        faults.push(Fault::new("invite-person", text));
    }
    let mail = mail_of(&form.mail);
    if mail.is_err() {
        faults.push(Fault::new("invite-mail", t!("form-account-mail")));
    }
    Ok(match (role, mail) {
        (Some(role), Ok(mail)) if faults.is_empty() => Ok(Invited { name, role, mail, person }),
        _ => Err(faults),
    })
}

/// A role that the owner gives. Guests come by the link of a partnership.
fn offered(role: &str) -> Option<Role> {
    Role::from_name(role).filter(|role| *role != Role::Guest)
}

/// An address, none where nothing is typed.
fn mail_of(text: &str) -> Result<Option<Address>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => Address::email(text).map(Some).map_err(drop),
    }
}

async fn add(tx: &Tx, invited: &Invited) -> Result<AccountId, StoreError> {
    let new = NewAccount {
        login: invited.name.clone(),
        name: invited.name.clone(),
        role: invited.role,
        password_hash: None,
        actor: invited.person,
    };
    let account = tx.add_account(&new).await?;
    if let Some(mail) = &invited.mail {
        tx.set_account_mail(account, Some(mail)).await?;
    }
    Ok(account)
}

async fn add_link(tx: &Tx, account: AccountId) -> Result<Secret, AppError> {
    let secret = Secret::new()?;
    let link = Link {
        purpose: LinkPurpose::SignIn,
        account: Some(account),
        address: None,
        role: None,
        expires: session::now().plus_days(LINK_DAYS),
    };
    tx.add_link(&secret.hash(), &link).await?;
    Ok(secret)
}

fn shown(app: &App, signed: &Signed, name: String, secret: &Secret) -> Result<Response, AppError> {
    let shell = Shell::new(app, signed, Place::Settings);
    page(&LinkPage { shell, name, path: session::entry_link("", secret) })
}

async fn again(
    app: &App,
    signed: &Signed,
    form: InviteForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let again = settings::with_invitation(app, signed, form, faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

fn done(what: &str, account: AccountId) -> Redirect {
    Redirect::to(&format!("/settings?done={what}&undo={account}"))
}

/// `POST /settings/accounts/{id}/link`: a new link, for who lost the password or the letter.
pub(crate) async fn link(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let account = app.store.account(id.parse().map_err(|_| AppError::NotFound)?).await?;
    if account.disabled {
        return Err(AppError::Conflict(t!("error-account-closed")));
    }
    let mail = app.store.mail_of(account.id).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    // Whoever opens the link sees what is theirs alone: they shall be able to tell that it was made.
    if let Some(actor) = account.actor {
        tx.look(signed.viewer.account, actor, "sign-in-link", session::now()).await?;
    }
    if app.settings.mails && mail.is_some() {
        let letter = Letter::SignIn { account: Some(account.id) };
        tx.enqueue(&Job::Mail { letter }, Some(signed.viewer.account), None).await?;
        tx.commit().await?;
        return Ok(Redirect::to("/settings?done=mailed").into_response());
    }
    let secret = add_link(&tx, account.id).await?;
    tx.commit().await?;
    shown(&app, &signed, account.name, &secret)
}

/// What the form on a mail address brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MailForm {
    mail: String,
}

/// `POST /settings/accounts/{id}/mail`: where the account's mail goes. By this address it is known at
/// sign-in, so that nobody but the owner says it.
pub(crate) async fn save_mail(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
    Form(form): Form<MailForm>,
) -> Result<Redirect, AppError> {
    let account = app.store.account(id.parse().map_err(|_| AppError::NotFound)?).await?;
    let Ok(mail) = mail_of(&form.mail) else {
        let text = t!("error-account-mail");
        return Err(AppError::BadRequest(text.to_owned()));
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.set_account_mail(account.id, mail.as_ref()).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=saved"))
}

/// What the choice of a role brings.
#[derive(Debug, Deserialize)]
pub(crate) struct RoleForm {
    role: String,
}

/// `POST /settings/accounts/{id}/role`: holds from the next request. Someone always stays owner.
pub(crate) async fn set_role(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
    Form(RoleForm { role }): Form<RoleForm>,
) -> Result<Redirect, AppError> {
    let id: AccountId = id.parse().map_err(|_| AppError::NotFound)?;
    let role = offered(&role).ok_or_else(|| AppError::BadRequest(t!("error-account-role")))?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.set_role(id, role).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=role"))
}

/// `POST /settings/accounts/{id}/closure`: it may no longer sign in.
pub(crate) async fn close(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: AccountId = id.parse().map_err(|_| AppError::NotFound)?;
    if id == signed.viewer.account {
        let text = t!("error-own-account");
        return Err(AppError::Conflict(text));
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.disable_account(id).await?;
    tx.commit().await?;
    Ok(done("account-closed", id))
}

/// `POST /settings/accounts/{id}/opening`: it may sign in again.
pub(crate) async fn open(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: AccountId = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.enable_account(id).await?;
    tx.commit().await?;
    Ok(done("account-opened", id))
}
