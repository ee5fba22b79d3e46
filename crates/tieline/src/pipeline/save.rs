//! Between the pipeline's facts and the store's rows.

use std::collections::HashSet;

use anyhow::{Context, Result};
use tieline_model::id::ImportId;
use tieline_store::{ListSender, ListSighting, Sighting, StatedTieRow};

use super::facts::Portion;
use super::import::Suppressed;
use crate::workspace::Workspace;

/// Setting that holds the secret of the suppression list.
const SECRET: &str = "suppression.secret";

/// Hands facts of an import to the store, in one transaction. They may come in any number of
/// portions; the store adds up.
pub(super) fn facts(workspace: &Workspace, import: ImportId, facts: Portion) -> Result<()> {
    let Portion { addresses, sightings, claims, lists, stated } = facts;
    let sightings: Vec<Sighting> = sightings
        .into_iter()
        .map(|(address, seen)| Sighting {
            address,
            sent: seen.sent,
            received: seen.received,
            first: seen.first,
            last: seen.last,
            senders_sketch: seen.senders_sketch,
            was_list_post: seen.is_list_post,
            was_resource: seen.is_resource,
        })
        .collect();
    let mut senders = Vec::new();
    let mut seen_lists = Vec::with_capacity(lists.len());
    for (list, seen) in lists {
        senders.extend(seen.senders.iter().map(|(address, n)| ListSender {
            list,
            address: *address,
            messages: *n,
        }));
        seen_lists.push(ListSighting {
            list,
            text: seen.text,
            messages: seen.messages,
            answers: seen.answers,
            post: seen.post,
        });
    }
    let stated: Vec<StatedTieRow> = stated
        .into_iter()
        .map(|tie| StatedTieRow {
            import,
            from: tie.from,
            to: tie.to,
            weight: tie.weight,
            directed: tie.directed,
            kind: tie.kind,
            since: None,
            until: None,
        })
        .collect();
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.add_addresses(&addresses).await?;
            tx.add_sightings(import, &sightings).await?;
            tx.add_lists(import, &seen_lists).await?;
            tx.add_list_senders(import, &senders).await?;
            tx.add_claims(&claims).await?;
            tx.add_stated_ties(import, &stated).await?;
            tx.commit().await
        })
        .context("cannot store what the files say")
}

/// The suppression list, with its secret; the secret is made at the first call.
pub(crate) fn suppressed(workspace: &Workspace) -> Result<Suppressed> {
    workspace
        .wait(async {
            let key = match workspace.store.setting(SECRET).await? {
                Some(known) => known,
                None => {
                    let made = format!(
                        "{}{}",
                        uuid::Uuid::new_v4().simple(),
                        uuid::Uuid::new_v4().simple()
                    );
                    let tx = workspace.store.begin().await?;
                    tx.set_setting(SECRET, &made).await?;
                    tx.commit().await?;
                    made
                }
            };
            let hashes: HashSet<[u8; 32]> =
                workspace.store.suppressions().await?.into_iter().collect();
            Ok::<_, tieline_store::StoreError>(Suppressed {
                key: *blake3::hash(key.as_bytes()).as_bytes(),
                hashes,
            })
        })
        .context("cannot read the suppression list")
}
