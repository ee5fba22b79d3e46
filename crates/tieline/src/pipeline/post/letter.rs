//! What letters say.

use anyhow::{Context, Result};
use tieline_model::id::{AccountId, AddressId, SeatId};
use tieline_model::job::Letter;
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{Account, Link, LinkPurpose, Store, StoreError};
use tieline_web::{GUEST_DAYS, Secret, entry_link, guest_link, mail, own_data_link};

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

impl Words {
    fn to(to: String, said: mail::Words) -> Self {
        Self { to, subject: said.subject, body: said.body }
    }
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
            let Some((to, account)) = receiver(store, *account).await? else { return Ok(None) };
            let secret = entry(store, account.id, SIGN_IN_DAYS).await?;
            let said = mail::sign_in(&account, workspace, &entry_link(url, &secret));
            Ok(Some(Words::to(to, said)))
        }
        Letter::Invitation { account } => {
            let Some((to, account)) = receiver(store, *account).await? else { return Ok(None) };
            let secret = entry(store, account.id, INVITATION_DAYS).await?;
            let said = mail::invitation(&account, workspace, &entry_link(url, &secret));
            Ok(Some(Words::to(to, said)))
        }
        Letter::Vote { account, decision } => {
            let Some((to, account)) = receiver(store, *account).await? else { return Ok(None) };
            if !store.waits_for_vote(*decision, account.id).await.context("cannot read a poll")? {
                return Ok(None);
            }
            let one =
                store.decision_to_vote_on(*decision).await.context("cannot read a decision")?;
            let link = format!("{url}/partnerships/{}/decisions/{decision}", one.partnership);
            let said = mail::vote(&account, &one.question, one.closes_at, &link);
            Ok(Some(Words::to(to, said)))
        }
        Letter::OwnData { address, by } => own_data(store, workspace, url, *address, *by).await,
        Letter::Guest { seat, by } => guest(store, url, *seat, *by).await,
    }
}

/// The link of a seat. It is made when the letter goes, so what became of the seat or of the right to
/// give it since then counts.
async fn guest(store: &Store, url: &str, seat: SeatId, by: AccountId) -> Result<Option<Words>> {
    let Some(known) = store.guest_seat(seat).await.context("cannot read a seat")? else {
        return Ok(None);
    };
    let seen = store.addresses_of(&[known.who]).await.context("cannot read an address")?.pop();
    let Some(seen) = seen else { return Ok(None) };
    let (secret, expires) = (Secret::new()?, now().plus_days(GUEST_DAYS));
    let (at, participant) = ((known.partnership, seat), Participant::Account(by));
    let tx = store.begin_by(by).await?;
    match tx.add_guest_link(&secret.hash(), at, expires, participant).await {
        Ok(()) => tx.commit().await.context("cannot keep a link")?,
        Err(StoreError::NotFound { .. } | StoreError::Conflict(_)) => return Ok(None),
        Err(error) => return Err(error).context("cannot keep a link"),
    }
    let by = store.account(by).await.context("cannot read an account")?;
    let said = mail::guest(&by, &known.room, &guest_link(url, &secret));
    Ok(Some(Words::to(seen.address.to_string(), said)))
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
    let by = store.account(by).await.context("cannot read an account")?;
    let said = mail::own_data(&by, workspace, &link);
    Ok(Some(Words::to(seen.address.to_string(), said)))
}

/// An account and where its mail goes; `None` when nowhere, or when it may not sign in.
async fn receiver(store: &Store, account: AccountId) -> Result<Option<(String, Account)>> {
    let account = match store.account(account).await {
        Ok(account) if account.disabled => return Ok(None),
        Ok(account) => account,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error).context("cannot read an account"),
    };
    let mail = store.mail_of(account.id).await.context("cannot read a mail address")?;
    Ok(mail.map(|mail| (mail, account)))
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
