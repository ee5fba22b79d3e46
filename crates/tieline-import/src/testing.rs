//! Helpers of this crate's tests.

use std::collections::BTreeMap;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

use crate::source::{Context, Sink, Source, Stop};

/// A sink that keeps everything.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) records: Vec<(Position, Record)>,
    pub(crate) issues: Vec<(Position, Severity, String)>,
}

impl Sink for Collected {
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

pub(crate) fn context(file_name: &str) -> Context<'_> {
    Context { file: file_name, file_name, digest: "0", mapping: None, tables: None }
}

pub(crate) fn read_bytes(source: &dyn Source, file_name: &str, bytes: &[u8]) -> Collected {
    let mut sink = Collected::default();
    let mut input = bytes;
    let read = source.read(&mut input, &context(file_name), &mut sink);
    assert!(read.is_ok(), "{file_name}: {read:?}");
    sink
}

pub(crate) fn read_mapped(
    source: &dyn Source,
    file_name: &str,
    bytes: &[u8],
    mapping: &BTreeMap<String, String>,
) -> Collected {
    let mut sink = Collected::default();
    let mut input = bytes;
    let context = Context { mapping: Some(mapping), ..context(file_name) };
    let read = source.read(&mut input, &context, &mut sink);
    assert!(read.is_ok(), "{file_name}: {read:?}");
    sink
}
