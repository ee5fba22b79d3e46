//! What an importer could not read, or read only after repair.

use std::fmt;

/// Where in a source something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Byte offset from the start of the (decompressed) file.
    Byte(u64),
    /// Line number, from 1.
    Line(u64),
    /// Row number of a table, from 1, the header being row 1.
    Row(u64),
    /// The file as a whole.
    File,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row) => write!(f, "row {row}"),
            Self::File => f.write_str("whole file"),
        }
    }
}

/// What became of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The record could not be kept; it counts under `issues` of the batch.
    Lost,
    /// The record was kept after a repair (a wrong date, a broken encoding ...); it counts as read
    /// and kept, and the repair is listed.
    Repaired,
}

/// One located problem of one source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The file as the person named it, with the path inside an archive after `!`:
    /// `mail.zip!Inbox.mbox`.
    pub file: String,
    /// Where in it.
    pub position: Position,
    /// Whether the record was lost.
    pub severity: Severity,
    /// What happened and, where there is something to do, what to do. Lower case, no full stop.
    /// Never contains a subject, a body, or an address.
    pub reason: String,
}
