//! Names, folders and atomic replacement of the lake's files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tieline_model::id::ImportId;
use tieline_model::time::Month;

use crate::error::LakeError;

/// Folder of the rows, one sub-folder a month.
pub(crate) const INTERACTIONS: &str = "interactions";
/// Folder of the event index.
pub(crate) const EVENTS: &str = "events";
/// Folder of the derived links between events.
pub(crate) const LINKS: &str = "links";
/// Folder of the derived tie segments.
pub(crate) const SEGMENTS: &str = "segments";
/// Folder of the contributions that the segments were added up from.
pub(crate) const CONTRIBUTIONS: &str = "contributions";
/// Folder of the derived lists of names (address and list ids) that occur in a month.
pub(crate) const NAMES: &str = "names";
/// Folder of the sums of several months' segments.
pub(crate) const ROLLUPS: &str = "rollups";
/// Folders of everything derived.
pub(crate) const DERIVED: [&str; 5] = [LINKS, NAMES, CONTRIBUTIONS, SEGMENTS, ROLLUPS];
/// Names that begin so are work in progress and never count.
const HIDDEN: char = '.';

/// A file that one import brought.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) import: ImportId,
    /// Position of the import in the list of live ones.
    pub(crate) rank: u32,
    pub(crate) size_bytes: u64,
}

impl SourceFile {
    /// File name without folder.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// `IMPORT-SEQ.parquet`.
pub(crate) fn source_name(import: ImportId, seq: u32) -> String {
    format!("{import}-{seq:06}.parquet")
}

/// `month=YYYY-MM`.
pub(crate) fn month_name(month: Month) -> String {
    format!("month={month}")
}

/// Path of a derived file.
pub(crate) fn derived_path(root: &Path, folder: &str, month: Month) -> PathBuf {
    root.join(folder).join(format!("{}.parquet", month_name(month)))
}

fn parse_source(name: &str) -> Option<(ImportId, u32)> {
    let (import, seq) = name.strip_suffix(".parquet")?.split_once('-')?;
    Some((import.parse().ok()?, seq.parse().ok()?))
}

fn parse_month(name: &str) -> Option<Month> {
    name.strip_prefix("month=")?.parse().ok()
}

/// Entries of a folder by name; an absent folder is empty. Other programs' files are not an error.
pub(crate) fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, LakeError> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LakeError::io("list", folder)(error)),
    };
    let mut all = Vec::new();
    for entry in listed {
        let path = entry.map_err(LakeError::io("list", folder))?.path();
        if let Some(name) = path.file_name().and_then(OsStr::to_str) {
            all.push((name.to_owned(), path.clone()));
        }
    }
    all.sort();
    Ok(all)
}

/// Month folders of the rows, whoever brought them.
pub(crate) fn month_folders(root: &Path) -> Result<Vec<(Month, PathBuf)>, LakeError> {
    let all = entries(&root.join(INTERACTIONS))?;
    Ok(all.into_iter().filter_map(|(name, path)| Some((parse_month(&name)?, path))).collect())
}

/// The files of `folder` that imports brought, whether live or not, by name.
pub(crate) fn all_sources(folder: &Path) -> Result<Vec<(ImportId, u32, PathBuf)>, LakeError> {
    let all = entries(folder)?;
    Ok(all
        .into_iter()
        .filter_map(|(name, path)| parse_source(&name).map(|(import, seq)| (import, seq, path)))
        .collect())
}

/// The files of `folder` that live imports brought, by name (so the order does not depend on rank).
pub(crate) fn live_sources(folder: &Path, live: &[ImportId]) -> Result<Vec<SourceFile>, LakeError> {
    let mut files = Vec::new();
    for (import, _, path) in all_sources(folder)? {
        if let Some(rank) = live.iter().position(|one| *one == import) {
            let size_bytes = fs::metadata(&path).map_err(LakeError::io("look at", &path))?.len();
            files.push(SourceFile { path, import, rank: rank as u32, size_bytes });
        }
    }
    Ok(files)
}

/// The rows' files of the live imports by month; months without any are absent.
pub(crate) fn live_months(
    root: &Path,
    live: &[ImportId],
) -> Result<BTreeMap<Month, Vec<SourceFile>>, LakeError> {
    let mut months = BTreeMap::new();
    for (month, folder) in month_folders(root)? {
        let files = live_sources(&folder, live)?;
        if !files.is_empty() {
            months.insert(month, files);
        }
    }
    Ok(months)
}

/// Months that have a derived file in `folder`.
pub(crate) fn derived_months(root: &Path, folder: &str) -> Result<BTreeSet<Month>, LakeError> {
    let all = entries(&root.join(folder))?;
    Ok(all.iter().filter_map(|(name, _)| parse_month(name.strip_suffix(".parquet")?)).collect())
}

/// Removes a file; one that is not there is removed already.
pub(crate) fn remove_file(path: &Path) -> Result<(), LakeError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(LakeError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes work in progress that a killed process left in `folder`.
pub(crate) fn remove_hidden(folder: &Path) -> Result<(), LakeError> {
    for (name, path) in entries(folder)? {
        if name.starts_with(HIDDEN) {
            if path.is_dir() {
                fs::remove_dir_all(&path).map_err(LakeError::io("remove", &path))?;
            } else {
                remove_file(&path)?;
            }
        }
    }
    Ok(())
}

/// Creates a folder and those above it.
pub(crate) fn create_folder(folder: &Path) -> Result<(), LakeError> {
    fs::create_dir_all(folder).map_err(LakeError::io("create", folder))
}

/// The hidden name beside `target` under which it is written until it is whole.
pub(crate) fn temp_beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!("{HIDDEN}{name}.tmp"))
}

/// Puts a whole, synced file under its name and makes the renaming durable.
pub(crate) fn publish(temp: &Path, target: &Path) -> Result<(), LakeError> {
    fs::rename(temp, target).map_err(LakeError::io("rename", temp))?;
    if let Some(folder) = target.parent() {
        let handle = File::open(folder).map_err(LakeError::io("open", folder))?;
        handle.sync_all().map_err(LakeError::io("sync", folder))?;
    }
    Ok(())
}
