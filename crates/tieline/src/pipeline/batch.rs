//! Batches from beginning to end: imported, rehearsed, taken back.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use tieline_import::Tables;
use tieline_import::walk::Inputs;
use tieline_model::id::ImportId;
use tieline_store::Tallies;
use tieline_web::preview::{Matched, MatchedTable, Outlook};

use super::import::{Plan, Read, read, tallies};
use super::outlook::{AsIf, as_if};
use super::settle::settle;
use crate::workspace::Workspace;

/// Imports files as one batch, publishes it, and brings everything derived up to date.
///
/// # Errors
/// When store or lake cannot be written, and [`super::control::Interrupted`] before it is published.
pub(crate) fn import(workspace: &Workspace, plan: &Plan<'_>) -> Result<Read> {
    let batch = read(workspace, plan)?;
    plan.control.step()?;
    let first = Tallies {
        read: batch.read,
        issues: batch.lost,
        repaired: batch.repaired,
        ..Tallies::default()
    };
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.finish_import(plan.id, &first).await?;
            tx.commit().await
        })
        .context("cannot finish the import")?;
    plan.control.stage("Working out who is who");
    settle(workspace)?;
    Ok(batch)
}

/// What an import would do.
pub(crate) struct Rehearsed {
    /// What it read.
    pub(crate) batch: Read,
    /// What would become of the records.
    pub(crate) tallies: Tallies,
    /// What would become of people.
    pub(crate) outlook: Outlook,
}

/// Reads everything as an import would, compares it with what is there, and takes it back.
///
/// # Errors
/// As [`import`].
pub(crate) fn rehearse(workspace: &Workspace, plan: &Plan<'_>) -> Result<Rehearsed> {
    let outcome = read_and_compare(workspace, plan);
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.discard_import(plan.id).await?;
            tx.commit().await
        })
        .context("cannot clear the dry run")?;
    workspace.lake.remove(plan.id).context("cannot clear the dry run")?;
    outcome
}

fn read_and_compare(workspace: &Workspace, plan: &Plan<'_>) -> Result<Rehearsed> {
    let batch = read(workspace, plan)?;
    plan.control.step()?;
    plan.control.stage("Working out who would be who");
    let AsIf { classes, outlook } = as_if(workspace, plan.id)?;
    plan.control.step()?;
    plan.control.stage("Comparing with earlier imports");
    let mut with = workspace.live()?;
    with.push(plan.id);
    let found = workspace
        .lake
        .relink(&with, &|head| classes.left_out(head))
        .context("cannot compare with earlier imports")?;
    let tally = found.into_iter().find(|tally| tally.import == plan.id).unwrap_or_default();
    let tallies = tallies(batch.read, batch.lost, batch.repaired, &tally);
    Ok(Rehearsed { batch, tallies, outlook })
}

/// Takes a finished import back, and brings everything derived up to date.
///
/// # Errors
/// When there is no such import, or store or lake cannot be written.
pub(crate) fn undo(workspace: &Workspace, id: ImportId) -> Result<()> {
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.undo_import(id).await?;
            tx.commit().await
        })
        .context("cannot take the import back")?;
    // The store says so already; files that stay behind after a crash are swept at the next start.
    workspace.lake.remove(id).context("cannot remove the import's files")?;
    settle(workspace)
}

/// The same files read in another way are another batch.
pub(crate) fn batch_id(content: ImportId, mapping: Option<&BTreeMap<String, String>>) -> ImportId {
    match mapping {
        None => content,
        Some(mapping) => {
            ImportId::of(&[content.to_string().as_bytes(), format!("{mapping:?}").as_bytes()])
        }
    }
}

/// As [`batch_id`], of tables that a person matched one by one, in whatever order.
pub(crate) fn matched_id(content: ImportId, matched: &Matched) -> ImportId {
    if matched.tables.is_empty() {
        return content;
    }
    ImportId::of(&[content.to_string().as_bytes(), format!("{:?}", tables(matched)).as_bytes()])
}

/// Columns matched by hand, as the importer takes them.
pub(crate) fn tables(matched: &Matched) -> Tables {
    let table =
        |table: &MatchedTable| ((table.file.clone(), table.sheet.clone()), table.columns.clone());
    matched.tables.iter().map(table).collect()
}

/// Refuses an import of no file at all.
///
/// # Errors
/// Why there is none.
pub(crate) fn refuse_nothing(inputs: &Inputs) -> Result<()> {
    let problems: Vec<String> = inputs
        .passed
        .iter()
        .filter(|passed| passed.is_problem)
        .map(|passed| format!("{} {}", passed.name, passed.why))
        .collect();
    if inputs.files.is_empty() {
        match problems.as_slice() {
            [] => bail!("there is no file in what you named"),
            some => bail!("{}", some.join("; ")),
        }
    }
    Ok(())
}
