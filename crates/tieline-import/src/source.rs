//! What a format has to provide, and what it may ask for.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

/// The beginning of a file, for recognition.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    /// File name without folders and without compression endings: `inbox.mbox` for
    /// `mail/inbox.mbox.xz`. May be empty.
    pub file_name: &'a str,
    /// Folders above it, nearest last, as far as they are inside what the person named: tells
    /// `cur` and `new` of a Maildir.
    pub folders: &'a [&'a str],
    /// First bytes, decompressed; at most 64 KiB, the whole file when it is shorter.
    pub head: &'a [u8],
}

impl Probe<'_> {
    /// Whether the file name ends with `.extension`, any case.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.file_name
            .rsplit_once('.')
            .is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
    }
}

/// How sure a source is that a file is of its kind. The surest source reads the file; of equally
/// sure ones the first in [`crate::sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Not this kind.
    No,
    /// Could be; nothing speaks against it.
    Possible,
    /// Content and name fit.
    Likely,
    /// The content says so.
    Certain,
}

/// What a source may know about the file it reads.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file as shown to the person (issues carry it already; sources need not repeat it).
    pub file: &'a str,
    /// Name of the folder or archive member path inside what the person named, for formats that
    /// keep facts in names (Maildir flags, Enron folders).
    pub file_name: &'a str,
    /// A short digest of the file's content: the scope of labels that mean something only within
    /// this file.
    pub digest: &'a str,
    /// Columns a person has matched by hand, `field -> column header`, for tables.
    pub mapping: Option<&'a Mapping>,
    /// Columns that a person has matched by hand for single tables; they come first.
    pub tables: Option<&'a Tables>,
}

/// Columns matched by hand: `field -> column header`. Of several columns with the same header,
/// `header#2` is the second.
pub type Mapping = BTreeMap<String, String>;

/// Columns matched by hand for single tables: by the file as shown and, in a spreadsheet, its sheet.
pub type Tables = BTreeMap<(String, Option<String>), Mapping>;

impl<'a> Context<'a> {
    /// How the columns of a table of this file are matched by hand, if they are.
    pub fn mapping_of(&self, sheet: Option<&str>) -> Option<&'a Mapping> {
        let table = (self.file.to_owned(), sheet.map(str::to_owned));
        self.tables.and_then(|tables| tables.get(&table)).or(self.mapping)
    }
}

/// The receiver asked to stop (a person pressed Ctrl-C, or the receiver failed).
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The receiver wants no more.
    #[error("stopped")]
    Requested,
    /// Reading the bytes failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Receives what a source reads, in order of the file.
pub trait Sink {
    /// Takes one record that starts at `position`.
    ///
    /// # Errors
    /// [`Stop`] when the receiver wants no more.
    fn record(&mut self, position: Position, record: Record) -> Result<(), Stop>;

    /// Takes one problem. [`Severity::Lost`] stands in place of a record and is counted as read;
    /// [`Severity::Repaired`] accompanies a record that is delivered too.
    ///
    /// # Errors
    /// [`Stop`] when the receiver wants no more.
    fn issue(&mut self, position: Position, severity: Severity, reason: String)
    -> Result<(), Stop>;
}

/// One format.
pub trait Source: Sync {
    /// Short name, shown in listings: `mbox`, `icalendar`.
    fn name(&self) -> &'static str;

    /// One line for people: what it reads.
    fn about(&self) -> &'static str;

    /// Whether the file is of this kind.
    fn detect(&self, probe: &Probe<'_>) -> Confidence;

    /// Streams the file into the sink. One pass, bounded memory (formats that must be read whole
    /// state their limit and refuse beyond it with an issue). Never panics on any bytes.
    ///
    /// # Errors
    /// Only when reading bytes fails or the sink asks to stop; everything else is an issue.
    fn read(
        &self,
        input: &mut dyn BufRead,
        context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop>;
}
