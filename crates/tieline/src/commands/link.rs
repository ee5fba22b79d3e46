//! `tieline link`: a one-time link for an account whose password is lost, or that has none.

use std::path::Path;

use anyhow::{Context, Result, bail};
use tieline_model::access::Role;
use tieline_store::Account;

use super::serve::sign_in_link;
use crate::cli::LinkArgs;
use crate::output::line;
use crate::workspace::{Workspace, data_folder, runtime};

/// Prints the link.
pub(super) fn run(data: Option<&Path>, args: &LinkArgs) -> Result<()> {
    let data = data_folder(data)?;
    let link = runtime()?.block_on(async {
        let store = Workspace::open_store(&data).await?;
        let account = match &args.account {
            Some(name) => store.account_by_login(name).await?.map(|(account, _)| account),
            None => owner(&store).await?,
        };
        let Some(account) = account else {
            match &args.account {
                Some(name) => bail!("there is no account '{name}'"),
                None => bail!("there is no owner yet: `tieline serve` prints a link to set up"),
            }
        };
        sign_in_link(&store, account.id, args.base.trim_end_matches('/')).await
    });
    line(link.context("cannot make a link")?)
}

async fn owner(store: &tieline_store::Store) -> Result<Option<Account>> {
    let accounts = store.accounts(None, 1000).await?;
    Ok(accounts.into_iter().find(|account| account.role == Role::Owner && !account.disabled))
}
