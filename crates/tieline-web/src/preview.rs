//! What a dry run found: written by the worker, shown by a page, gone with the files it is about.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

/// What an import of some files would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Id that the import would have.
    pub import: String,
    /// Whether these files are imported already: then the sums are of that import.
    pub is_known: bool,
    /// Files, the first of them.
    pub files: Vec<FileFound>,
    /// All files.
    pub n_files: u64,
    /// Tables of people, and how their columns are understood; the first of them.
    pub tables: Vec<Table>,
    /// Records read.
    pub read: u64,
    /// That no live import brought.
    pub new: u64,
    /// That one brought.
    pub duplicate: u64,
    /// Kept out of ties.
    pub left_out: u64,
    /// Lost.
    pub issues: u64,
    /// Kept after a repair.
    pub repaired: u64,
    /// What is kept out of ties, by reason.
    pub left_out_by: Vec<(String, u64)>,
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileFound {
    /// Its name.
    pub name: String,
    /// Name of the source that read it; empty when it was skipped.
    pub kind: String,
    /// Records read.
    pub records: u64,
    /// Records lost.
    pub lost: u64,
    /// Why it was not read.
    pub skipped_why: Option<String>,
}

/// A table of people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its file.
    pub file: String,
    /// Its sheet, in a spreadsheet.
    pub sheet: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A column and how it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// What it means; `None` when it is not read.
    pub field: Option<String>,
    /// How sure that is.
    pub sure: Sure,
    /// Why, in a few words.
    pub why: String,
}

/// How sure the meaning of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sure {
    /// Header or content say so.
    Sure,
    /// Likely; a person should look.
    Check,
    /// Not read.
    Skip,
}

impl Preview {
    /// Where the preview of an import from these paths lies.
    pub fn path(uploads: &Path, paths: &[String]) -> PathBuf {
        let mut hasher = blake3::Hasher::new();
        for path in paths {
            hasher.update(path.as_bytes()).update(&[0]);
        }
        uploads.join(format!("{}.json", hasher.finalize().to_hex()))
    }

    /// Reads one; `None` when there is none any more, or it is of another version of the program.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let half = path.with_extension("half");
        fs::write(&half, serde_json::to_vec(self)?)?;
        fs::rename(half, path)
    }
}
