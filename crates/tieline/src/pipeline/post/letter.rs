//! What letters say.

use anyhow::{Context, Result};
use tieline_model::id::{AccountId, AddressId};
use tieline_model::job::Letter;
use tieline_model::time::Moment;
use tieline_store::{Link, LinkPurpose, Store, StoreError};
use tieline_web::{Secret, entry_link, own_data_link};

/// Days that a link to sign in works: an hour.
const SIGN_IN_DAYS: f64 = 1.0 / 24.0;

/// Days that an invitation works.
const INVITATION_DAYS: f64 = 7.0;

/// Days that a link to own data works.
const OWN_DATA_DAYS: f64 = 30.0;

/// A letter, ready to go.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) body: String,
}

/// Makes a letter and its link; `None` when there is nobody to send it to.
///
/// # Errors
/// When the store cannot be read or written.
pub(super) async fn letter(
    store: &Store,
    workspace: &str,
    url: &str,
    which: &Letter,
) -> Result<Option<Words>> {
    match which {
        Letter::SignIn { account: None } => Ok(None),
        Letter::SignIn { account: Some(account) } => {
            let Some(to) = mail_of(store, *account).await? else { return Ok(None) };
            let secret = entry(store, *account, SIGN_IN_DAYS).await?;
            let link = entry_link(url, &secret);
            Ok(Some(Words {
                to,
                subject: format!("Your link to {workspace}"),
                body: format!(
                    "This link signs you in to {workspace}. It works once, within the hour:\n\n\
                     {link}\n\nIf you did not ask for it, you need not do anything: nobody else \
                     has it.\n"
                ),
            }))
        }
        Letter::Invitation { account } => {
            let Some(to) = mail_of(store, *account).await? else { return Ok(None) };
            let secret = entry(store, *account, INVITATION_DAYS).await?;
            let (link, name) = (entry_link(url, &secret), store.account(*account).await?.name);
            Ok(Some(Words {
                to,
                subject: format!("You are invited to {workspace}"),
                body: format!(
                    "There is an account for you in {workspace}. This link signs you in; it works \
                     once, for seven days:\n\n{link}\n\nYour name for signing in later is \
                     \"{name}\". You can set a password in the settings, or have a link sent \
                     each time.\n"
                ),
            }))
        }
        Letter::OwnData { address, by } => own_data(store, workspace, url, *address, *by).await,
    }
}

async fn own_data(
    store: &Store,
    workspace: &str,
    url: &str,
    address: AddressId,
    by: AccountId,
) -> Result<Option<Words>> {
    let seen = store.addresses_of(&[address]).await.context("cannot read an address")?.pop();
    let Some(seen) = seen else { return Ok(None) };
    let link = Link {
        purpose: LinkPurpose::OwnData,
        account: Some(by),
        address: Some(address),
        role: None,
        expires: now().plus_days(OWN_DATA_DAYS),
    };
    let secret = add(store, &link).await?;
    let link = own_data_link(url, &secret);
    Ok(Some(Words {
        to: seen.address.to_string(),
        subject: format!("What {workspace} holds on you"),
        body: format!(
            "{workspace} keeps who works with whom, made of mail headers, calendars and \
             directories; what was written is never kept. On this page you see what is held on \
             you, who sees it, and can correct it, limit it, take a copy or have it erased. It works \
             for 30 days, for whoever has the link:\n\n{link}\n"
        ),
    }))
}

/// Where the mail of an account goes; `None` when nowhere, or when it may not sign in.
async fn mail_of(store: &Store, account: AccountId) -> Result<Option<String>> {
    match store.account(account).await {
        Ok(account) if account.disabled => Ok(None),
        Ok(account) => store.mail_of(account.id).await.context("cannot read a mail address"),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error).context("cannot read an account"),
    }
}

async fn entry(store: &Store, account: AccountId, days: f64) -> Result<Secret> {
    let expires = now().plus_days(days);
    let purpose = LinkPurpose::SignIn;
    let account = Some(account);
    add(store, &Link { purpose, account, address: None, role: None, expires }).await
}

async fn add(store: &Store, link: &Link) -> Result<Secret> {
    let secret = Secret::new()?;
    let tx = store.begin().await?;
    tx.add_link(&secret.hash(), link).await?;
    tx.commit().await.context("cannot keep a link")?;
    Ok(secret)
}

fn now() -> Moment {
    Moment::from_ms(jiff::Timestamp::now().as_millisecond())
}
