//! Settings of the account and, for the owner, of the workspace.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::access::Role;
use tieline_model::id::{AccountId, AddressId};
use tieline_store::{Account, FieldKind};

use super::accounts::InviteForm;
use super::form::{Fault, fault_of};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Owner, Signed, Steward};
use crate::here::Form as Reading;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Accounts listed.
const MOST_ACCOUNTS: u64 = 200;

/// An account in the owner's list.
struct Row {
    id: String,
    name: String,
    role: Role,
    state: String,
    /// Where its mail goes; empty: nowhere.
    mail: String,
    is_closed: bool,
    is_self: bool,
}

impl Row {
    fn role_word(&self) -> String {
        show::role(self.role)
    }

    /// The roles that it can have: word of the form, word for people, whether it has it.
    fn roles(&self) -> [(&'static str, String, bool); 3] {
        let choice = |role: Role| (role.name(), show::role(role), role == self.role);
        [Role::Member, Role::Steward, Role::Owner].map(choice)
    }
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    shell: Shell,
    account: Account,
    person: Option<(String, String)>,
    is_owner: bool,
    named_findings: bool,
    accounts: Vec<Row>,
    /// Id, name and kind of each custom field.
    fields: Vec<(String, String, String)>,
    sessions: usize,
    faults: Vec<Fault>,
    /// What was typed to invite someone.
    invitation: InviteForm,
    /// Forms of dates and numbers: tag, sample, whether it is the account's.
    readings: Vec<(&'static str, String, bool)>,
    mails: bool,
    done: String,
}

/// What was just saved.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Saved {
    done: String,
}

/// `GET /settings`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(saved): Query<Saved>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let saved = match saved.done.as_str() {
        "account" => t!("settings-saved-account"),
        "password" => t!("settings-saved-password"),
        "field" => t!("settings-saved-field"),
        "field-removed" => t!("settings-removed-field"),
        "named" => t!("settings-saved-named"),
        _ => String::new(),
    };
    let mut shown = build(&app, &signed, Vec::new(), saved).await?;
    shown.shell = shown.shell.with_toast(done.toast());
    page(&shown)
}

/// The page again, with what is wrong with the form that invites someone.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn with_invitation(
    app: &App,
    signed: &Signed,
    invitation: InviteForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    page(&SettingsPage { invitation, ..build(app, signed, faults, String::new()).await? })
}

async fn build(
    app: &App,
    signed: &Signed,
    faults: Vec<Fault>,
    done: String,
) -> Result<SettingsPage, AppError> {
    let is_owner = signed.viewer.may_own();
    let accounts = if is_owner { accounts(app, signed).await? } else { Vec::new() };
    let person = match signed.viewer.actor {
        Some(actor) => Some((actor.to_string(), app.store.person(actor).await?.actor.name)),
        None => None,
    };
    let fields = match signed.viewer.may_steward() {
        true => app.store.fields().await?.into_iter().map(field).collect(),
        false => Vec::new(),
    };
    Ok(SettingsPage {
        fields,
        shell: Shell::new(app, signed, Place::Settings),
        account: signed.account.clone(),
        person,
        is_owner,
        named_findings: app.store.named_findings().await?,
        accounts,
        sessions: app.store.sessions_of(signed.viewer.account).await?.len(),
        faults,
        invitation: InviteForm::default(),
        readings: readings(&signed.account),
        mails: app.settings.mails,
        done,
    })
}

fn readings(account: &Account) -> Vec<(&'static str, String, bool)> {
    let own = Reading::from_tag(&account.locale).unwrap_or_default();
    Reading::ALL.map(|form| (form.tag(), form.sample(), form == own)).to_vec()
}

async fn accounts(app: &App, signed: &Signed) -> Result<Vec<Row>, AppError> {
    let accounts = app.store.accounts(None, MOST_ACCOUNTS).await?;
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let mails: HashMap<_, _> = app.store.account_mails(&ids).await?.into_iter().collect();
    let row = |account: &Account| Row {
        is_self: account.id == signed.viewer.account,
        ..row(account, mails.get(&account.id))
    };
    Ok(accounts.iter().map(row).collect())
}

fn field(field: tieline_store::Field) -> (String, String, String) {
    let kind = match field.kind {
        FieldKind::Text => t!("settings-field-text"),
        FieldKind::Number => t!("settings-field-number"),
        FieldKind::Date => t!("settings-field-date"),
        FieldKind::Choice(_) => t!("settings-field-choice"),
    };
    (field.id.to_string(), field.name, kind)
}

fn row(account: &Account, mail: Option<&String>) -> Row {
    Row {
        id: account.id.to_string(),
        mail: mail.cloned().unwrap_or_default(),
        is_closed: account.disabled,
        is_self: false,
        name: account.name.clone(),
        role: account.role,
        state: match (account.disabled, account.has_password) {
            (true, _) => t!("settings-signs-not"),
            (false, true) => t!("settings-signs-password"),
            (false, false) => t!("settings-signs-link"),
        },
    }
}

/// What the form on the account brings.
#[derive(Debug, Deserialize)]
pub(crate) struct AccountForm {
    name: String,
    /// Which person of the data this is: name or address; empty for none.
    #[serde(default)]
    person: String,
    zone: String,
    /// Form of dates and numbers; empty: as it is.
    #[serde(default)]
    locale: String,
    version: i64,
}

/// `POST /settings/account`.
pub(crate) async fn save_account(
    State(app): State<App>,
    signed: Signed,
    Form(form): Form<AccountForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        faults.push(Fault::new("name", t!("form-name-80")));
    }
    if form.zone.is_empty() || jiff::tz::TimeZone::get(&form.zone).is_err() {
        faults.push(Fault::new("zone", t!("form-zone")));
    }
    let form_of = match form.locale.as_str() {
        "" => Reading::from_tag(&signed.account.locale),
        tag => Reading::from_tag(tag),
    };
    if form_of.is_none() && !form.locale.is_empty() {
        faults.push(Fault::new("locale", t!("form-locale")));
    }
    // Saying who one is opens a person's own data: only the owner may, for the own account; nobody
    // else learns here who is known.
    let person = if signed.viewer.may_own() { form.person.trim() } else { "" };
    let actor = match person {
        "" => None,
        text => {
            let found = anchor_called(&app, text).await?;
            if found.is_none() {
                let text = t!("form-your-person");
                faults.push(Fault::new("person", text));
            }
            found
        }
    };
    if !faults.is_empty() {
        let again = page(&build(&app, &signed, faults, String::new()).await?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let account = Account {
        name: name.to_owned(),
        actor: if signed.account.role == Role::Owner { actor } else { signed.account.actor },
        time_zone: form.zone,
        locale: form_of.unwrap_or_default().tag().to_owned(),
        version: form.version,
        ..signed.account
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.update_account(&account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=account").into_response())
}

/// An address of the one person of the data with this exact name or address; `None` when there is
/// none, or more than one.
pub(crate) async fn anchor_called(app: &App, text: &str) -> Result<Option<AddressId>, AppError> {
    match app.store.find_people(text, 2).await?.as_slice() {
        [one] => Ok(Some(app.store.person(one.id).await?.actor.anchor)),
        _ => Ok(None),
    }
}

/// What the form on the password brings.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    current: String,
    password: String,
}

/// `POST /settings/password`: other sessions of the account end.
pub(crate) async fn save_password(
    State(app): State<App>,
    signed: Signed,
    Form(form): Form<PasswordForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    if let Some(fault) = session::password_fault(&form.password) {
        faults.push(Fault::new("password", fault));
    }
    if signed.account.has_password && !current_fits(&app, &signed, form.current).await? {
        faults.push(Fault::new("current", t!("form-current-password")));
    }
    if !faults.is_empty() {
        let again = page(&build(&app, &signed, faults, String::new()).await?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let password = form.password;
    let hash = tokio::task::spawn_blocking(move || session::hash_password(&password)).await??;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.set_password(signed.viewer.account, &hash).await?;
    tx.close_sessions(signed.viewer.account, Some(&signed.session)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=password").into_response())
}

async fn current_fits(app: &App, signed: &Signed, current: String) -> Result<bool, AppError> {
    if current.len() > session::MAX_PASSWORD {
        return Ok(false);
    }
    let found = app.store.account_by_login(&signed.account.login).await?;
    let hash = found.and_then(|(_, hash)| hash);
    let check = move || session::password_matches(&current, hash.as_deref());
    Ok(tokio::task::spawn_blocking(check).await?)
}

/// What the switch brings: present when it is on.
#[derive(Debug, Deserialize)]
pub(crate) struct NamedForm {
    #[serde(default)]
    named: Option<String>,
}

/// `POST /settings/named-findings`: for the owner.
pub(crate) async fn save_named(
    State(app): State<App>,
    Owner(signed): Owner,
    Form(form): Form<NamedForm>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.set_named_findings(form.named.is_some(), signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=named"))
}

/// What the form on a custom field brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FieldForm {
    field: String,
    kind: String,
    /// Values of a choice, separated by commas.
    choices: String,
}

/// `POST /settings/fields`: a custom field for everyone in the directory; for stewards.
pub(crate) async fn add_field(
    State(app): State<App>,
    Steward(signed): Steward,
    Form(form): Form<FieldForm>,
) -> Result<Redirect, AppError> {
    if form.field.chars().count() > 60 || form.choices.chars().count() > 1_000 {
        return Err(AppError::BadRequest(t!("error-field-long")));
    }
    let choices = form.choices.split(',').map(str::trim).filter(|one| !one.is_empty());
    let kind = match form.kind.as_str() {
        "number" => FieldKind::Number,
        "date" => FieldKind::Date,
        "choice" => FieldKind::Choice(choices.map(str::to_owned).collect()),
        _ => FieldKind::Text,
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.add_field(&form.field, &kind).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=field"))
}

/// `POST /settings/fields/{id}/removal`: the field and all its values; for the owner.
pub(crate) async fn remove_field(
    State(app): State<App>,
    Owner(signed): Owner,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_field(id).await?;
    tx.commit().await?;
    Ok(Redirect::to("/settings?done=field-removed"))
}
