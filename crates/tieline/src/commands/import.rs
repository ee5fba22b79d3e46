//! `tieline import`: one batch from the paths a person named.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;
use tieline_import::walk::{Inputs, Options};
use tieline_model::id::ImportId;
use tieline_store::{Import, Tallies};

use crate::cli::ImportArgs;
use crate::output::{grouped, line, note};
use crate::pipeline::batch::{Rehearsed, batch_id, import, refuse_nothing, rehearse};
use crate::pipeline::control::Control;
use crate::pipeline::import::{Plan, Read};
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// Files listed by name at the most.
const SHOWN: usize = 20;

/// Imports, or shows what an import would do.
pub(super) fn run(workspace: &Workspace, args: &ImportArgs) -> Result<()> {
    settle(workspace)?;
    let mapping = mapping(workspace, args)?;
    let mut inputs = Inputs::find(&args.paths);
    refuse_nothing(&inputs)?;
    note(format!(
        "{} files, {} bytes",
        grouped(inputs.files.len() as u64),
        grouped(inputs.total_bytes())
    ));
    let id = batch_id(inputs.digest(), mapping.as_ref());
    let known = workspace
        .wait(workspace.store.live_imports())
        .context("cannot list the imports")?
        .into_iter()
        .find(|import| import.id == id);
    if let Some(known) = known {
        return say_known(&known, args.json);
    }
    let options = Options { mapping, ..Options::default() };
    let paths: Vec<String> = args.paths.iter().map(|path| path.display().to_string()).collect();
    let label = paths.join(" ");
    let control = Control::default();
    let plan = Plan {
        id,
        label: &label,
        inputs: &inputs,
        options: &options,
        control: &control,
        first: None,
    };
    if args.dry_run {
        return dry_run(workspace, &plan, args.json);
    }
    let batch = import(workspace, &plan)?;
    say_done(workspace, id, &batch, args.json)
}

/// Columns and kind as the person gave them, from arguments or a saved mapping.
fn mapping(workspace: &Workspace, args: &ImportArgs) -> Result<Option<BTreeMap<String, String>>> {
    let mut mapping: BTreeMap<String, String> = BTreeMap::new();
    if let Some(name) = &args.mapping {
        let saved = workspace
            .wait(workspace.store.column_mapping(name))
            .with_context(|| format!("cannot read the mapping '{name}'"))?;
        let saved = saved
            .ok_or_else(|| anyhow!("there is no mapping '{name}'; save one with --save-mapping"))?;
        mapping = serde_json::from_str(&saved)
            .with_context(|| format!("the mapping '{name}' is damaged; save it again"))?;
    }
    for pair in &args.map {
        let (field, header) = pair
            .split_once('=')
            .ok_or_else(|| anyhow!("'{pair}' is no mapping: write it like name=Person"))?;
        mapping.insert(field.trim().to_lowercase(), header.trim().to_owned());
    }
    if let Some(kind) = &args.kind {
        if tieline_import::source_of_kind(kind).is_none() {
            bail!("there is no kind '{kind}'; `tieline imports kinds` lists them");
        }
        mapping.insert("kind".to_owned(), kind.clone());
    }
    if let Some(name) = &args.save_mapping {
        let text = serde_json::to_string(&mapping)?;
        workspace
            .wait(async {
                let tx = workspace.store.begin().await?;
                tx.save_column_mapping(name, &text).await?;
                tx.commit().await
            })
            .with_context(|| format!("cannot save the mapping '{name}'"))?;
    }
    Ok((!mapping.is_empty()).then_some(mapping))
}

fn say_known(known: &Import, json: bool) -> Result<()> {
    let tallies = &known.tallies;
    note(format!("these files are import {} already; nothing changes", known.id));
    let again = Tallies { new: 0, duplicate: tallies.new + tallies.duplicate, ..tallies.clone() };
    say(known.id, &again, json, true)
}

fn say_done(workspace: &Workspace, id: ImportId, batch: &Read, json: bool) -> Result<()> {
    let import = workspace.wait(workspace.store.import(id)).context("cannot read the import")?;
    say_files(batch);
    say(id, &import.tallies, json, false)?;
    if !json {
        line(format!("next: `tieline network`, or `tieline imports show {id}`"))?;
    }
    Ok(())
}

fn say_files(batch: &Read) {
    let skipped: Vec<_> = batch.files.iter().filter(|file| file.skipped_why.is_some()).collect();
    for file in skipped.iter().take(SHOWN) {
        note(format!(
            "not read: {}: {}",
            file.name,
            file.skipped_why.as_deref().unwrap_or_default()
        ));
    }
    if skipped.len() > SHOWN {
        note(format!("not read: {} more files", skipped.len() - SHOWN));
    }
}

fn say(id: ImportId, tallies: &Tallies, json: bool, known: bool) -> Result<()> {
    if json {
        return line(
            json!({
                "batch": id.to_string(),
                "read": tallies.read,
                "new": tallies.new,
                "duplicate": tallies.duplicate,
                "left_out": tallies.left_out,
                "issues": tallies.issues,
                "repaired": tallies.repaired,
                "already_imported": known,
            })
            .to_string(),
        );
    }
    line(format!(
        "import {id}: {} read = {} new + {} known already + {} left out + {} not readable",
        grouped(tallies.read),
        grouped(tallies.new),
        grouped(tallies.duplicate),
        grouped(tallies.left_out),
        grouped(tallies.issues)
    ))?;
    let reasons: Vec<String> = tallies
        .left_out_by
        .iter()
        .map(|(why, n)| format!("{} {}", grouped(*n), why.name()))
        .collect();
    if !reasons.is_empty() {
        line(format!("left out: {}", reasons.join(", ")))?;
    }
    if tallies.repaired > 0 {
        line(format!("{} kept after a repair", grouped(tallies.repaired)))?;
    }
    Ok(())
}

/// Reads everything as an import would, compares it with what is there, and takes it back.
fn dry_run(workspace: &Workspace, plan: &Plan<'_>, json: bool) -> Result<()> {
    let Rehearsed { batch, tallies, outlook } = rehearse(workspace, plan)?;
    say_files(&batch);
    if !json {
        for file in batch.files.iter().filter(|file| file.skipped_why.is_none()).take(SHOWN) {
            line(format!("{}: {}, {} records", file.name, file.kind, grouped(file.records)))?;
        }
        super::import_columns::say(plan.inputs, &batch)?;
        line(format!(
            "people: {} new, {} known with new addresses, {} pairs that would wait for a look",
            grouped(outlook.new_people),
            grouped(outlook.known_people),
            grouped(outlook.n_pairs)
        ))?;
        line("dry run, nothing is changed")?;
    }
    say(plan.id, &tallies, json, false)
}
