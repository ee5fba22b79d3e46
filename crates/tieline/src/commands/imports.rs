//! `tieline imports`: what was imported, what became of it, and taking it back.

use anyhow::{Context, Result};
use serde_json::json;
use tieline_model::issue::Severity;
use tieline_store::Import;

use crate::cli::{Format, ImportsAction, ImportsArgs};
use crate::output::{Listing, grouped, line};
use crate::pipeline::batch;
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// Issues read from the store at a time.
const PAGE: u64 = 1_000;

/// Issues shown to people; `--json` and `--csv` give all.
const SHOWN: usize = 40;

/// Lists, shows or undoes imports.
pub(super) fn run(workspace: &Workspace, args: &ImportsArgs) -> Result<()> {
    settle(workspace)?;
    match &args.action {
        None => list(workspace, args.format),
        Some(ImportsAction::Show { id, format }) => show(workspace, id, *format),
        Some(ImportsAction::Undo { id }) => undo(workspace, id),
        Some(ImportsAction::Kinds { format }) => kinds(*format),
    }
}

fn find(workspace: &Workspace, prefix: &str) -> Result<Import> {
    workspace
        .wait(workspace.store.import_by_prefix(prefix))
        .with_context(|| format!("cannot find import '{prefix}'; `tieline imports` lists them"))
}

fn list(workspace: &Workspace, format: Format) -> Result<()> {
    let imports =
        workspace.wait(workspace.store.live_imports()).context("cannot list the imports")?;
    let mut listing = Listing::new(
        &[
            ("batch", "Import"),
            ("finished", "When"),
            ("label", "What"),
            ("read", "Read"),
            ("new", "New"),
            ("duplicate", "Known"),
            ("left_out", "Left out"),
            ("issues", "Issues"),
        ],
        "nothing is imported yet: `tieline import PATH...`",
    );
    for import in imports {
        let tallies = &import.tallies;
        listing.row(vec![
            json!(import.id.to_string()),
            json!(import.finished_at.map(|at| at.to_string())),
            json!(import.label),
            json!(tallies.read),
            json!(tallies.new),
            json!(tallies.duplicate),
            json!(tallies.left_out),
            json!(tallies.issues),
        ]);
    }
    listing.print(format)
}

fn show(workspace: &Workspace, prefix: &str, format: Format) -> Result<()> {
    let import = find(workspace, prefix)?;
    if !format.json && !format.csv {
        summary(workspace, &import)?;
    }
    let mut listing = Listing::new(
        &[
            ("file", "File"),
            ("position", "Where"),
            ("severity", "What became of it"),
            ("reason", "Why"),
        ],
        "everything could be read",
    );
    let human = !format.json && !format.csv;
    let mut after = None;
    let mut total = 0;
    loop {
        let page = workspace
            .wait(workspace.store.issues(import.id, after, PAGE))
            .context("cannot list the issues")?;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        total += page.len();
        for located in page {
            if human && listing.len() >= SHOWN {
                continue;
            }
            let issue = located.issue;
            listing.row(vec![
                json!(issue.file),
                json!(issue.position.to_string()),
                json!(match issue.severity {
                    Severity::Lost => "lost",
                    Severity::Repaired => "repaired",
                }),
                json!(issue.reason),
            ]);
        }
    }
    if human && total > SHOWN {
        listing.notes.push(format!(
            "{} more; `tieline imports show {} --csv` gives all",
            total - SHOWN,
            import.id
        ));
    }
    listing.print(format)
}

fn summary(workspace: &Workspace, import: &Import) -> Result<()> {
    let tallies = &import.tallies;
    line(format!("import {} of {}", import.id, import.label))?;
    line(format!("  read                {:>10}", grouped(tallies.read)))?;
    line(format!("  new                 {:>10}", grouped(tallies.new)))?;
    line(format!("  known already       {:>10}", grouped(tallies.duplicate)))?;
    line(format!("  left out of ties    {:>10}", grouped(tallies.left_out)))?;
    for (why, n) in &tallies.left_out_by {
        line(format!("    {:<18}{:>10}", why.name(), grouped(*n)))?;
    }
    line(format!("  could not be read   {:>10}", grouped(tallies.issues)))?;
    line(format!("  kept after repair   {:>10}", grouped(tallies.repaired)))?;
    let files =
        workspace.wait(workspace.store.files(import.id)).context("cannot list the files")?;
    let (skipped, read): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.skipped_why.is_some());
    line(format!(
        "{} files read, {} not",
        grouped(read.len() as u64),
        grouped(skipped.len() as u64)
    ))?;
    for file in skipped.iter().take(SHOWN) {
        line(format!("  {}: {}", file.name, file.skipped_why.as_deref().unwrap_or_default()))?;
    }
    if skipped.len() > SHOWN {
        line(format!("  and {} more", skipped.len() - SHOWN))?;
    }
    line("")
}

fn undo(workspace: &Workspace, prefix: &str) -> Result<()> {
    let import = find(workspace, prefix)?;
    batch::undo(workspace, import.id)?;
    line(format!("import {} of {} is taken back", import.id, import.label))
}

fn kinds(format: Format) -> Result<()> {
    let mut listing = Listing::new(&[("kind", "Kind"), ("about", "What it reads")], "");
    for source in tieline_import::sources() {
        listing.row(vec![json!(source.name()), json!(source.about())]);
    }
    listing.notes.push(
        "`--kind` takes these, and for network tables also edges, nodes, node-labels, two-mode, matrix".to_owned(),
    );
    listing.print(format)
}
