//! `tieline people erase`: forgets one person.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use tieline_identity::traces::{ERASED, Traces};
use tieline_model::address::Address;
use tieline_model::id::AddressId;
use tieline_store::{Mentions, Person};

use super::who;
use crate::output::{grouped, line, note};
use crate::pipeline::save::suppressed;
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// Erases a person, or says what would be erased.
pub(super) fn run(workspace: &Workspace, who: &str, yes: bool) -> Result<()> {
    let row = who::person(workspace, who)?;
    let person =
        workspace.wait(workspace.store.person(row.id)).context("cannot read the person")?;
    let ids: Vec<AddressId> = person.actor.addresses.clone();
    if !yes {
        return line(format!(
            "would erase {} with {} addresses from store and lake, and keep them out of later imports; \
             this cannot be undone: say --yes",
            row.name,
            ids.len()
        ));
    }
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
    settle(workspace)?;
    line(format!("erased: {} addresses, in store and lake", ids.len()))?;
    if texts > 0 {
        let texts = grouped(texts);
        line(format!("{texts} labels, file names and notes say {ERASED} where they named them"))?;
    }
    say_rest(&rest);
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

/// What is about others is theirs: it is named and left.
fn say_rest(rest: &[Mentions]) {
    if rest.is_empty() {
        return;
    }
    let places: Vec<String> = rest
        .iter()
        .map(|place| format!("{} {} {}", grouped(place.rows), place.table, place.column))
        .collect();
    note(format!(
        "left as they are, because they are about others or mean something to the import: {}",
        places.join(", ")
    ));
}
