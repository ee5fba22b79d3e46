//! `tieline identities`: who is who, and a person's word on it.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tieline_model::address::{Address, AddressClass, AddressKind};
use tieline_model::claim::Decision;
use tieline_model::id::AddressId;
use tieline_store::ReviewState;

use super::who;
use crate::cli::{ClassArg, Format, IdentitiesAction, IdentitiesArgs};
use crate::output::{Listing, line};
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// Reviews and merges, or records a decision.
pub(super) fn run(workspace: &Workspace, args: &IdentitiesArgs) -> Result<()> {
    match &args.action {
        None => reviews(workspace, args.format, args.limit),
        Some(IdentitiesAction::Review { format }) => reviews(workspace, *format, args.limit),
        Some(IdentitiesAction::Merges { format }) => merges(workspace, *format),
        Some(IdentitiesAction::Merge { a, b, reason }) => {
            let (a, b) = (who::address(workspace, a)?, who::address(workspace, b)?);
            decide(workspace, &[(a, b)], true, reason)?;
            line("one person from now on; `tieline identities split` takes it apart again")
        }
        Some(IdentitiesAction::Split { address, from, reason }) => {
            split(workspace, address, from.as_deref(), reason)
        }
        Some(IdentitiesAction::Forget { a, b }) => forget(workspace, a, b),
        Some(IdentitiesAction::Class { address, class, reason }) => {
            set_class(workspace, address, *class, reason)
        }
    }
}

/// Text of an address, or its id where no import knows it.
fn text(workspace: &Workspace, address: AddressId) -> Result<String> {
    let seen =
        workspace.wait(workspace.store.address(address)).context("cannot read an address")?;
    Ok(seen.map_or_else(|| address.to_string(), |seen| seen.address.to_string()))
}

fn name(workspace: &Workspace, address: AddressId) -> Result<String> {
    let actor =
        workspace.wait(workspace.store.actor_of(address)).context("cannot read a person")?;
    match actor {
        Some(actor) => Ok(workspace.wait(workspace.store.person(actor))?.actor.name),
        None => text(workspace, address),
    }
}

fn reviews(workspace: &Workspace, format: Format, limit: usize) -> Result<()> {
    let mut listing = Listing::new(
        &[
            ("name_a", "May be one"),
            ("a", "Address"),
            ("name_b", "With"),
            ("b", "Address"),
            ("probability", "Likely"),
            ("reasons_for", "For"),
            ("reasons_against", "Against"),
        ],
        "nothing waits for a look",
    );
    let human = !format.json && !format.csv;
    let limit = if human { limit } else { usize::MAX };
    let (mut after, mut left) = (None, 0_usize);
    loop {
        let page = workspace
            .wait(workspace.store.reviews(after, 500))
            .context("cannot list the reviews")?;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        for stored in page.into_iter().filter(|stored| stored.state == ReviewState::Open) {
            if listing.len() >= limit {
                left += 1;
                continue;
            }
            let review = stored.review;
            listing.row(vec![
                json!(name(workspace, review.a)?),
                json!(text(workspace, review.a)?),
                json!(name(workspace, review.b)?),
                json!(text(workspace, review.b)?),
                json!(review.probability),
                json!(review.reasons_for),
                json!(review.reasons_against),
            ]);
        }
    }
    if left > 0 {
        listing.notes.push(format!("{left} more; --limit or --csv shows them"));
    }
    if listing.len() > 0 {
        listing.notes.push(
            "decide with `tieline identities merge A B --reason ...` or `tieline identities split A B --reason ...`"
                .to_owned(),
        );
    }
    listing.print(format)
}

fn merges(workspace: &Workspace, format: Format) -> Result<()> {
    let mut listing = Listing::new(
        &[
            ("actor", ""),
            ("name", "Person"),
            ("a", "Address"),
            ("b", "And"),
            ("rule", "Rule"),
            ("probability", ""),
            ("why", "Why"),
        ],
        "no two addresses were joined",
    );
    let (identity, addresses) = workspace
        .wait(async {
            let identity = workspace.store.identity().await?;
            let addresses = workspace.store.all_addresses().await?;
            Ok::<_, tieline_store::StoreError>((identity, addresses))
        })
        .context("cannot read the identities")?;
    let known: HashMap<AddressId, Address> =
        addresses.into_iter().map(|seen| (seen.id, seen.address)).collect();
    let human = !format.json && !format.csv;
    let mut own = 0_usize;
    for actor in identity.actors {
        for merge in actor.merges {
            let (a, b) = (known.get(&merge.a), known.get(&merge.b));
            // That someone has a telephone number or a personnel number surprises nobody.
            let telling = [a, b].iter().all(|side| {
                side.is_some_and(|address| {
                    !matches!(address.kind(), AddressKind::Phone | AddressKind::Label)
                })
            });
            if human && !telling {
                own += 1;
                continue;
            }
            let shown = |side: Option<&Address>, id: AddressId| {
                side.map_or_else(|| id.to_string(), ToString::to_string)
            };
            listing.row(vec![
                json!(actor.id.to_string()),
                json!(actor.name),
                json!(shown(a, merge.a)),
                json!(shown(b, merge.b)),
                json!(merge.rule),
                json!(merge.probability),
                Value::String(merge.sentence),
            ]);
        }
    }
    if own > 0 {
        listing.notes.push(format!(
            "{own} telephone and personnel numbers are joined to their owners too; --csv shows them"
        ));
    }
    listing.print(format)
}

fn decide(
    workspace: &Workspace,
    pairs: &[(AddressId, AddressId)],
    same: bool,
    reason: &str,
) -> Result<()> {
    if reason.trim().is_empty() {
        bail!("say why with --reason: others will ask");
    }
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            for (a, b) in pairs {
                let word = Decision { a: *a, b: *b, same, reason: reason.trim().to_owned() };
                tx.add_decision(&word).await?;
            }
            tx.commit().await
        })
        .context("cannot record the decision")?;
    settle(workspace)
}

fn split(workspace: &Workspace, address: &str, from: Option<&str>, reason: &str) -> Result<()> {
    let one = who::address(workspace, address)?;
    let others: Vec<AddressId> = match from {
        Some(from) => vec![who::address(workspace, from)?],
        None => {
            let actor = workspace.wait(workspace.store.actor_of(one))?;
            let Some(actor) = actor else { bail!("'{address}' belongs to nobody") };
            let person = workspace.wait(workspace.store.person(actor))?;
            person.actor.addresses.into_iter().filter(|other| *other != one).collect()
        }
    };
    if others.is_empty() {
        bail!("'{address}' is the only address of its owner: there is nothing to split");
    }
    let pairs: Vec<_> = others.into_iter().map(|other| (one, other)).collect();
    decide(workspace, &pairs, false, reason)?;
    line("two from now on; `tieline identities forget` takes the decision back")
}

fn forget(workspace: &Workspace, a: &str, b: &str) -> Result<()> {
    let (a, b) = (who::address(workspace, a)?, who::address(workspace, b)?);
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.remove_decision(a, b).await?;
            tx.commit().await
        })
        .context("cannot take the decision back")?;
    settle(workspace)?;
    line("the decision is taken back")
}

fn set_class(workspace: &Workspace, address: &str, class: ClassArg, reason: &str) -> Result<()> {
    let id = who::address(workspace, address)?;
    let class = match class {
        ClassArg::Person => Some(AddressClass::Person),
        ClassArg::List => Some(AddressClass::List),
        ClassArg::Role => Some(AddressClass::RoleMailbox),
        ClassArg::Automated => Some(AddressClass::Automated),
        ClassArg::Resource => Some(AddressClass::Resource),
        ClassArg::Auto => None,
    };
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            match class {
                Some(class) => tx.set_address_class(id, class, reason).await?,
                None => tx.remove_address_class(id).await?,
            }
            tx.commit().await
        })
        .context("cannot record what the address is")?;
    settle(workspace)?;
    line("recorded")
}
