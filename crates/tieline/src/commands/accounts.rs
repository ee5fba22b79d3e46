//! `tieline accounts`: who may sign in, from the terminal of the server.

use anyhow::{Context, Result};
use serde_json::json;
use tieline_model::access::Role;
use tieline_store::{Account, NewAccount, Store, Tx};

use super::serve::sign_in_link;
use crate::cli::{AccountsAction, AccountsArgs, Format};
use crate::output::{Listing, line};
use crate::workspace::{Workspace, data_folder, runtime};

/// Accounts read at once.
const PAGE: u64 = 500;

/// Lists, invites, sets a role, takes the right to sign in away and gives it back.
pub(super) fn run(data: Option<&std::path::Path>, args: &AccountsArgs) -> Result<()> {
    let data = data_folder(data)?;
    runtime()?.block_on(async {
        let store = Workspace::open_store(&data).await?;
        match &args.action {
            None => list(&store, args.format).await,
            Some(AccountsAction::Invite { name, role, base }) => {
                line(invite(&store, name, *role, base.trim_end_matches('/')).await?)
            }
            Some(AccountsAction::Role { account, role }) => {
                let id = called(&store, account).await?.id;
                change(&store, async |tx| Ok(tx.set_role(id, *role).await?)).await
            }
            Some(AccountsAction::Close { account }) => {
                let id = called(&store, account).await?.id;
                change(&store, async |tx| Ok(tx.disable_account(id).await?)).await
            }
            Some(AccountsAction::Open { account }) => {
                let id = called(&store, account).await?.id;
                change(&store, async |tx| Ok(tx.enable_account(id).await?)).await
            }
        }
    })
}

async fn list(store: &Store, format: Format) -> Result<()> {
    let columns = [
        ("id", ""),
        ("name", "Name"),
        ("role", "Role"),
        ("password", "Password"),
        ("closed", "Closed"),
    ];
    let empty = "nobody may sign in yet: `tieline serve` prints a link to set up";
    let mut listing = Listing::new(&columns, empty);
    let mut after = None;
    loop {
        let page = store.accounts(after, PAGE).await?;
        after = page.last().map(|last| last.id);
        for account in &page {
            listing.row(vec![
                json!(account.id.to_string()),
                json!(account.name),
                json!(account.role.name()),
                json!(account.has_password),
                json!(account.disabled),
            ]);
        }
        if (page.len() as u64) < PAGE {
            return listing.print(format);
        }
    }
}

/// Makes an account; the link that signs it in.
async fn invite(store: &Store, name: &str, role: Role, base: &str) -> Result<String> {
    let new = NewAccount {
        login: name.to_owned(),
        name: name.to_owned(),
        role,
        password_hash: None,
        actor: None,
    };
    let tx = store.begin().await?;
    let account = tx.add_account(&new).await?;
    tx.commit().await?;
    sign_in_link(store, account, base).await
}

async fn called(store: &Store, name: &str) -> Result<Account> {
    let found = store.account_by_login(name).await?;
    let (account, _) = found
        .with_context(|| format!("there is no account '{name}': `tieline accounts` lists them"))?;
    Ok(account)
}

async fn change(store: &Store, verb: impl AsyncFnOnce(&Tx) -> Result<()>) -> Result<()> {
    let tx = store.begin().await?;
    verb(&tx).await?;
    Ok(tx.commit().await?)
}
