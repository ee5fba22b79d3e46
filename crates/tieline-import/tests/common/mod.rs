//! A visitor that keeps everything, for the tests of this crate.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::path::{Path, PathBuf};

use tieline_import::walk::{self, FileEnd, FileStart, Inputs, Options, Visitor};
use tieline_import::{Context, Sink, Source, Stop};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Message, Record};

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Kept {
    pub(crate) records: Vec<(Position, Record)>,
    pub(crate) issues: Vec<(Position, Severity, String)>,
    /// Name and kind.
    pub(crate) started: Vec<(String, &'static str)>,
    /// Name, records, lost, repaired.
    pub(crate) finished: Vec<(String, u64, u64, u64)>,
    pub(crate) skipped: Vec<(String, String)>,
    pub(crate) unread: Vec<(String, Position, String)>,
}

impl Kept {
    pub(crate) fn messages(&self) -> Vec<&Message> {
        self.records
            .iter()
            .filter_map(|(_, record)| match record {
                Record::Message(message) => Some(message.as_ref()),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn lost(&self) -> usize {
        self.issues.iter().filter(|issue| issue.1 == Severity::Lost).count()
    }
}

impl Sink for Kept {
    fn record(&mut self, position: Position, record: Record) -> Result<(), Stop> {
        self.records.push((position, record));
        Ok(())
    }

    fn issue(
        &mut self,
        position: Position,
        severity: Severity,
        reason: String,
    ) -> Result<(), Stop> {
        self.issues.push((position, severity, reason));
        Ok(())
    }
}

impl Visitor for Kept {
    fn file_started(&mut self, file: &FileStart<'_>) -> Result<(), Stop> {
        self.started.push((file.name.to_owned(), file.kind));
        Ok(())
    }

    fn file_finished(&mut self, file: &FileEnd<'_>) -> Result<(), Stop> {
        let FileEnd { records, lost, repaired, .. } = *file;
        self.finished.push((file.name.to_owned(), records, lost, repaired));
        Ok(())
    }

    fn file_skipped(&mut self, name: &str, why: &str) -> Result<(), Stop> {
        self.skipped.push((name.to_owned(), why.to_owned()));
        Ok(())
    }

    fn file_unread(&mut self, name: &str, position: Position, reason: String) -> Result<(), Stop> {
        self.unread.push((name.to_owned(), position, reason));
        Ok(())
    }
}

pub(crate) fn walk(paths: &[&Path]) -> Kept {
    let paths: Vec<PathBuf> = paths.iter().map(|path| (*path).to_owned()).collect();
    let mut kept = Kept::default();
    walk::visit(&Inputs::find(&paths), &Options::default(), &mut kept).unwrap();
    kept
}

/// Reads bytes with one source, through a buffer of `capacity` bytes.
pub(crate) fn read_with(source: &dyn Source, bytes: &[u8], capacity: usize) -> Kept {
    let context = Context { file: "x", file_name: "x", digest: "0", mapping: None, tables: None };
    let mut kept = Kept::default();
    let mut input = std::io::BufReader::with_capacity(capacity, bytes);
    source.read(&mut input, &context, &mut kept).unwrap();
    kept
}

pub(crate) fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/mail").join(name)
}
