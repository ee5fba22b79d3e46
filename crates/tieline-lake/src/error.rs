//! What can go wrong with the lake.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use tieline_model::id::EventId;

/// Error of reading or writing the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The file system refused.
    #[error("cannot {doing} '{}'", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of the lake is no readable Parquet: truncated, damaged, or of another program.
    #[error("lake file '{}' cannot be read; restore it, or undo and repeat its import", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A readable file lacks a column, has one of another type, or holds an unknown code.
    #[error("lake file '{}' does not have the expected layout: {what}", path.display())]
    Layout {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// A file could not be encoded or written.
    #[error("cannot write lake file '{}'", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the writer says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A row was pushed with the head of another event or another time.
    #[error("a row pushed with event {head} does not have its event and time")]
    ForeignRow {
        /// The head's event.
        head: EventId,
    },
    /// The tie parameters cannot be used.
    #[error("{0}")]
    Parameters(&'static str),
}

impl LakeError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    pub(crate) fn unreadable<E: Into<Box<dyn Error + Send + Sync>>>(
        path: &Path,
    ) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |source| Self::Unreadable { path, source: source.into() }
    }

    pub(crate) fn write<E: Into<Box<dyn Error + Send + Sync>>>(
        path: &Path,
    ) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source: source.into() }
    }

    pub(crate) fn layout(path: &Path, what: impl Into<String>) -> Self {
        Self::Layout { path: path.to_owned(), what: what.into() }
    }
}
