//! `tieline backup` and `tieline restore`: the data folder as it is at one moment, and back.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::config::check_data;
use crate::config::FILE_NAME;
use crate::output::{grouped, line, note};
use crate::pipeline::archive::{self, Purpose, Size};
use crate::workspace::{Workspace, data_folder};

/// Name of the store in a data folder and in a backup.
const STORE: &str = "tieline.db";

/// Folders of the lake that come from archives; all others are made from them.
const SOURCES: [&str; 2] = ["interactions", "events"];

/// Writes a backup beside a running server: the lock keeps imports away meanwhile, and the store is
/// copied as of one moment.
pub(super) fn backup(workspace: &Workspace, path: &Path) -> Result<()> {
    let beside = scratch(path)?;
    let done = backup_by(workspace, path, &beside);
    fs::remove_dir_all(&beside).with_context(|| format!("cannot remove {}", beside.display()))?;
    say("backed up", path, done?)
}

fn backup_by(workspace: &Workspace, path: &Path, beside: &Path) -> Result<Size> {
    let store = beside.join(STORE);
    workspace.wait(workspace.store.backup(&store)).context("cannot copy the store")?;
    let mut files = vec![(STORE.to_owned(), store)];
    files.extend(others(workspace)?);
    archive::write(path, Purpose::Backup, &files)
}

/// Configuration and lake, by their place in a copy.
pub(super) fn others(workspace: &Workspace) -> Result<Vec<(String, PathBuf)>> {
    let mut files = vec![(FILE_NAME.to_owned(), workspace.data.join(FILE_NAME))];
    files.retain(|(_, path)| path.exists());
    for folder in SOURCES {
        let path = workspace.data.join("lake").join(folder);
        files.extend(archive::below(&path, &format!("lake/{folder}"))?);
    }
    Ok(files)
}

/// Fills an empty data folder from a backup and checks what came.
pub(super) fn restore(data: Option<&Path>, path: &Path) -> Result<()> {
    let data = empty_folder(data)?;
    let size = or_clear(&data, || archive::unpack(path, Purpose::Backup, &data))?;
    check_data(&Workspace::open(Some(&data))?)?;
    say("restored from", path, size)
}

/// A folder of its own for what goes into a copy, where the copy will be: there is room there.
pub(super) fn scratch(path: &Path) -> Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(".making");
    let folder = PathBuf::from(name);
    fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The data folder, which must hold nothing yet.
pub(super) fn empty_folder(data: Option<&Path>) -> Result<PathBuf> {
    let data = data_folder(data)?;
    fs::create_dir_all(&data)
        .with_context(|| format!("cannot make the data folder {}", data.display()))?;
    let mut listed =
        fs::read_dir(&data).with_context(|| format!("cannot read {}", data.display()))?;
    if listed.next().is_some() {
        bail!("{} is not empty: say --data with an empty or a new folder", data.display());
    }
    Ok(data)
}

/// Empties the folder again when the work fails, so that it can be tried again.
pub(super) fn or_clear<T>(data: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let done = work();
    if done.is_err() && (fs::remove_dir_all(data).is_err() || fs::create_dir(data).is_err()) {
        note(format!("{} could not be emptied again: remove it yourself", data.display()));
    }
    done
}

/// Says what was copied.
pub(super) fn say(what: &str, path: &Path, size: Size) -> Result<()> {
    line(format!(
        "{what} {}: {} files, {} bytes, read again and right",
        path.display(),
        grouped(size.files as u64),
        grouped(size.bytes)
    ))
}
