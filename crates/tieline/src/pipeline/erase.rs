//! Forgets one person, in store and lake. The command line and the worker both come here.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use tieline_identity::traces::Traces;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::AddressId;
use tieline_store::{Mentions, Person};

use super::save::suppressed;
use super::settle::settle;
use super::worker::{UPLOADS, Uploads};
use crate::workspace::Workspace;

/// Jobs looked through for files that are still wanted.
const MOST_JOBS: u64 = 10_000;

/// Accounts looked through for another owner.
const MOST_ACCOUNTS: u64 = 100_000;

/// What was forgotten, in counts, and what was left.
#[derive(Debug, Default)]
pub(crate) struct Erasure {
    /// Addresses of the person.
    pub(crate) addresses: usize,
    /// Labels, file names and notes in which something stands in the place of a name.
    pub(crate) texts: u64,
    /// Texts on others, or that mean something to an import: they are left.
    pub(crate) rest: Vec<Mentions>,
}

/// Forgets the person of an address. `None`: nobody has it, or has it any more, so that a job which
/// was killed after its last step may run again.
///
/// # Errors
/// When the person is the only owner of the workspace; then nothing is erased. When store or lake
/// cannot be read or written; then the same call finishes it later.
pub(crate) fn erase(workspace: &Workspace, address: AddressId) -> Result<Option<Erasure>> {
    let found = workspace.wait(async {
        let id = workspace.store.actor_of(address).await?;
        match id {
            Some(id) => workspace.store.person(id).await.map(Some),
            None => Ok(None),
        }
    });
    let Some(person) = found.context("cannot read the person")? else {
        settle(workspace)?;
        return Ok(None);
    };
    let ids: Vec<AddressId> = person.actor.addresses.clone();
    leaves_an_owner(workspace, &ids)?;
    let addresses = addresses(&person)?;
    let list = suppressed(workspace)?;
    let macs: Vec<[u8; 32]> = addresses.iter().map(|address| list.hash(address)).collect();
    let traces = traces(workspace, &person, &addresses)?;
    // The lake first: if this stops half way, the person is still in the store and can be erased again.
    let tombstone = AddressId::of(&[uuid::Uuid::new_v4().as_bytes()]);
    let gone: HashSet<AddressId> = ids.iter().copied().collect();
    workspace.lake.erase(&gone, tombstone).context("cannot erase from the lake")?;
    let (texts, rest) = workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.erase_addresses(&ids, &macs).await?;
            let replaced = |text: &str| traces.erased(text);
            let texts = tx.rewrite_texts(&replaced).await?;
            let rest = tx.mentions(&replaced).await?;
            tx.commit().await?;
            workspace.store.scrub().await?;
            Ok::<_, tieline_store::StoreError>((texts, rest))
        })
        .context("cannot erase from the store")?;
    forget_uploads(workspace)?;
    settle(workspace)?;
    Ok(Some(Erasure { addresses: ids.len(), texts, rest }))
}

/// What dry runs found names people, and so may files that wait for a word: both go. Files of an
/// import that was asked for stay for it; it leaves the person out, and removes them.
fn forget_uploads(workspace: &Workspace) -> Result<()> {
    let jobs = workspace.wait(workspace.store.jobs_at_work(MOST_JOBS));
    let jobs = jobs.context("cannot read the jobs")?;
    let uploads = Uploads::new(workspace.data.join(UPLOADS));
    uploads.forget(&jobs).context("cannot remove uploaded files")
}

/// The store refuses to erase the only owner, but by then the lake would be rewritten.
fn leaves_an_owner(workspace: &Workspace, ids: &[AddressId]) -> Result<()> {
    let accounts = workspace.wait(workspace.store.accounts(None, MOST_ACCOUNTS));
    let accounts = accounts.context("cannot read the accounts")?;
    let owners = accounts.iter().filter(|one| one.role == Role::Owner && !one.disabled);
    let (theirs, others): (Vec<_>, Vec<_>) =
        owners.partition(|one| one.actor.is_some_and(|actor| ids.contains(&actor)));
    if !theirs.is_empty() && others.is_empty() {
        bail!("the workspace needs an owner: make another account owner first");
    }
    Ok(())
}

fn addresses(person: &Person) -> Result<Vec<Address>> {
    let mut addresses = Vec::with_capacity(person.addresses.len());
    for address in &person.addresses {
        match &address.seen {
            Some(seen) => addresses.push(seen.address.clone()),
            None => {
                bail!("an address of {} is in no import; run `tieline check`", person.actor.name)
            }
        }
    }
    Ok(addresses)
}

/// How texts name the person: by every name that any import gives these addresses.
fn traces(workspace: &Workspace, person: &Person, addresses: &[Address]) -> Result<Traces> {
    let claims = workspace
        .wait(workspace.store.claims_about(&person.actor.addresses))
        .context("cannot read what the files call the person")?;
    let mut names = vec![person.actor.name.clone()];
    for claim in claims.into_iter().filter(|claim| !claim.is_organisation) {
        if let (Some(given), Some(family)) = (&claim.given, &claim.family) {
            names.push(format!("{given} {family}"));
        }
        names.extend(claim.name);
        names.extend(claim.nicknames);
    }
    Ok(Traces::of(names.iter().map(String::as_str), addresses))
}
