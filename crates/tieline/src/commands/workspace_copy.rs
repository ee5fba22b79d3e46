//! `tieline workspace export` and `import`: the complete workspace in a form that does not depend on
//! the database.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context, Result};

use super::backup::{empty_folder, or_clear, others, say, scratch};
use super::config::check_data;
use crate::cli::WorkspaceAction;
use crate::pipeline::archive::{self, Purpose, Size};
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// Name of the lines of the store in an export.
const LINES: &str = "store.jsonl";

/// Exports or imports a workspace.
pub(super) fn run(data: Option<&Path>, action: &WorkspaceAction) -> Result<()> {
    match action {
        WorkspaceAction::Export { file } => export(&Workspace::open(data)?, file),
        WorkspaceAction::Import { file } => import(data, file),
    }
}

fn export(workspace: &Workspace, path: &Path) -> Result<()> {
    let beside = scratch(path)?;
    let done = export_by(workspace, path, &beside);
    fs::remove_dir_all(&beside).with_context(|| format!("cannot remove {}", beside.display()))?;
    say("exported to", path, done?)
}

fn export_by(workspace: &Workspace, path: &Path, beside: &Path) -> Result<Size> {
    let lines = beside.join(LINES);
    let file = File::create(&lines);
    let file = file.with_context(|| format!("cannot write {}", lines.display()))?;
    let mut out = BufWriter::new(file);
    workspace.wait(workspace.store.export(&mut out)).context("cannot export the store")?;
    drop(out);
    let mut files = vec![(LINES.to_owned(), lines)];
    files.extend(others(workspace)?);
    archive::write(path, Purpose::Workspace, &files)
}

fn import(data: Option<&Path>, path: &Path) -> Result<()> {
    let data = empty_folder(data)?;
    let (workspace, size) = or_clear(&data, || {
        let size = archive::unpack(path, Purpose::Workspace, &data)?;
        let lines = data.join(LINES);
        let file = File::open(&lines).context("the export holds no store")?;
        // The store alone first: a workspace would sweep away a lake whose imports it does not know.
        let runtime = crate::workspace::runtime()?;
        runtime.block_on(async {
            let store = Workspace::open_store(&data).await?;
            let read = store.import_everything(&mut BufReader::new(file)).await;
            read.context("cannot fill the store")?;
            store.close().await.context("cannot close the store")
        })?;
        fs::remove_file(&lines).with_context(|| format!("cannot remove {}", lines.display()))?;
        Ok((Workspace::open(Some(&data))?, size))
    })?;
    settle(&workspace)?;
    check_data(&workspace)?;
    say("imported", path, size)
}
