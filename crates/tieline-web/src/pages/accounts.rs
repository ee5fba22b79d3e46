//! Who may sign in, for the owner: invitations, roles, links, and taking the right away.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_insight::voice::date_words;
use tieline_model::access::Role;
use tieline_model::id::AccountId;
use tieline_store::{Account, Link, LinkPurpose};

use super::form::{Fault, fault_of};
use super::settings::anchor_called;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Owner;
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::{Done, Place, Shell};

/// Accounts of one page.
const PAGE: u64 = 50;

/// Open invitations shown; each holds for a week.
const MOST_INVITATIONS: u64 = 200;

/// Days that an invitation holds.
const INVITATION_DAYS: f64 = 7.0;

/// Days that a link to sign in holds: an hour.
const LINK_DAYS: f64 = 1.0 / 24.0;

/// Roles that an invitation gives. Guests come by the link of a partnership.
const OFFERED: [Role; 3] = [Role::Member, Role::Steward, Role::Owner];

/// An account in the list.
struct Row {
    id: String,
    name: String,
    role: Role,
    state: &'static str,
    disabled: bool,
    is_self: bool,
}

/// An invitation that nobody took up yet.
struct Open {
    /// What takes it back: a hash opens nothing.
    hash: String,
    role: &'static str,
    person: Option<String>,
    until: String,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    shell: Shell,
    rows: Vec<Row>,
    next: Option<String>,
    open: Vec<Open>,
    /// Whether nobody but the owner is here yet.
    alone: bool,
    person: String,
    faults: Vec<Fault>,
}

/// A link just made. There is no redirect, because the secret must not get into an address that is
/// kept.
#[derive(Template)]
#[template(path = "account_link.html")]
struct MadePage {
    shell: Shell,
    title: &'static str,
    about: String,
    path: String,
}

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct From {
    after: String,
}

/// `GET /settings/accounts`.
pub(crate) async fn list(
    State(app): State<App>,
    Owner(signed): Owner,
    Query(From { after }): Query<From>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shell = Shell::new(&app, &signed, Place::Settings).with_toast(done.toast());
    let built = build(&app, shell, signed.viewer.account, after.parse().ok()).await?;
    page(&built)
}

async fn build(
    app: &App,
    shell: Shell,
    own: AccountId,
    after: Option<AccountId>,
) -> Result<AccountsPage, AppError> {
    let mut accounts = app.store.accounts(after, PAGE + 1).await?;
    let more = accounts.len() > PAGE as usize;
    accounts.truncate(PAGE as usize);
    let next = accounts.last().filter(|_| more).map(|last| last.id.to_string());
    let mut open = Vec::new();
    for (hash, link) in
        app.store.links(LinkPurpose::Invite, session::now(), MOST_INVITATIONS).await?
    {
        open.push(invitation(app, hash, &link).await?);
    }
    Ok(AccountsPage {
        shell,
        rows: accounts.into_iter().map(|account| row(account, own)).collect(),
        next,
        open,
        alone: app.store.count_accounts().await? == 1,
        person: String::new(),
        faults: Vec::new(),
    })
}

fn row(account: Account, own: AccountId) -> Row {
    Row {
        id: account.id.to_string(),
        role: account.role,
        state: match (account.disabled, account.has_password) {
            (true, _) => "may not sign in",
            (false, true) => "signs in by password",
            (false, false) => "signs in by link",
        },
        disabled: account.disabled,
        is_self: account.id == own,
        name: account.name,
    }
}

async fn invitation(app: &App, hash: String, link: &Link) -> Result<Open, AppError> {
    let person = match link.address {
        Some(address) => match app.store.actor_of(address).await? {
            Some(actor) => Some(app.store.person(actor).await?.actor.name),
            None => None,
        },
        None => None,
    };
    let role = link.role.unwrap_or(Role::Member).name();
    Ok(Open { hash, role, person, until: date_words(link.expires.date()) })
}

/// What the invitation says.
#[derive(Debug, Deserialize)]
pub(crate) struct Invitation {
    role: String,
    /// Which person of the data it is for: name or address; empty for none.
    #[serde(default)]
    person: String,
}

/// `POST /settings/accounts/invitations`: a link that makes one account, shown once.
pub(crate) async fn invite(
    State(app): State<App>,
    Owner(signed): Owner,
    Form(Invitation { role, person }): Form<Invitation>,
) -> Result<Response, AppError> {
    let role = offered(&role)?;
    let address = match person.trim() {
        "" => None,
        text => anchor_called(&app, text).await?,
    };
    let shell = Shell::new(&app, &signed, Place::Settings);
    if address.is_none() && !person.trim().is_empty() {
        let fault = "Type the exact name or address as it is in the directory, or leave it empty.";
        let faults = vec![Fault::new("person", fault)];
        let built = build(&app, shell, signed.viewer.account, None).await?;
        let again = page(&AccountsPage { person, faults, ..built })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let link = Link {
        purpose: LinkPurpose::Invite,
        account: Some(signed.viewer.account),
        address,
        role: Some(role),
        expires: session::now().plus_days(INVITATION_DAYS),
    };
    let secret = made(&app, &link).await?;
    page(&MadePage {
        shell,
        title: "Invitation",
        about: format!(
            "Send this link to one person, by a way that only they read. It makes one account with \
             the role {}, works once, and holds for a week.",
            role.name()
        ),
        path: format!("/join/{}", secret.text()),
    })
}

fn offered(role: &str) -> Result<Role, AppError> {
    let role = Role::from_name(role).filter(|role| OFFERED.contains(role));
    role.ok_or_else(|| AppError::BadRequest("choose member, steward or owner".to_owned()))
}

async fn made(app: &App, link: &Link) -> Result<Secret, AppError> {
    let secret = Secret::new()?;
    let tx = app.store.begin().await?;
    tx.add_link(&secret.hash(), link).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Which invitation.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    hash: String,
}

/// `POST /settings/accounts/invitations/removal`.
pub(crate) async fn take_back(
    State(app): State<App>,
    Owner(_): Owner,
    Form(Which { hash }): Form<Which>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin().await?;
    tx.remove_link(&hash, LinkPurpose::Invite).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings/accounts?done=invitation-removed"))
}

/// What the choice of a role brings.
#[derive(Debug, Deserialize)]
pub(crate) struct RoleForm {
    role: String,
}

/// `POST /settings/accounts/{id}/role`. Someone always stays owner.
pub(crate) async fn set_role(
    State(app): State<App>,
    Owner(_): Owner,
    Path(id): Path<String>,
    Form(RoleForm { role }): Form<RoleForm>,
) -> Result<Redirect, AppError> {
    let (id, role) = (account_id(&id)?, offered(&role)?);
    let tx = app.store.begin().await?;
    tx.set_role(id, role).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings/accounts?done=role"))
}

/// `POST /settings/accounts/{id}/suspension`: no more signing in; its sessions end.
pub(crate) async fn suspend(
    State(app): State<App>,
    Owner(_): Owner,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id = account_id(&id)?;
    let tx = app.store.begin().await?;
    tx.disable_account(id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/settings/accounts?done=suspended&undo={id}")))
}

/// `POST /settings/accounts/{id}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    Owner(_): Owner,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin().await?;
    tx.enable_account(account_id(&id)?).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings/accounts?done=account-restored"))
}

/// `POST /settings/accounts/{id}/link`: a link that signs the account in, for who lost a password.
pub(crate) async fn make_link(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let account = app.store.account(account_id(&id)?).await?;
    if account.disabled {
        return Err(AppError::Conflict(
            "this account may not sign in: give the right back first".to_owned(),
        ));
    }
    let link = Link {
        purpose: LinkPurpose::SignIn,
        account: Some(account.id),
        address: None,
        role: None,
        expires: session::now().plus_days(LINK_DAYS),
    };
    let secret = made(&app, &link).await?;
    // Whoever holds the link sees what is theirs alone: they shall be able to tell that it was made.
    if let Some(actor) = account.actor {
        let tx = app.store.begin().await?;
        tx.look(signed.viewer.account, actor, "sign-in-link", session::now()).await?;
        tx.commit().await?;
    }
    page(&MadePage {
        shell: Shell::new(&app, &signed, Place::Settings),
        title: "Link to sign in",
        about: format!(
            "For {} alone: whoever opens it is signed in as them. It works once, within the hour.",
            account.name
        ),
        path: format!("/enter/{}", secret.text()),
    })
}

fn account_id(text: &str) -> Result<AccountId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
