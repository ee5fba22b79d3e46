//! What the contact exports that are tables have in common.

use std::io::BufRead;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Card, Record};

use super::names_someone;
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::table::kind::{TableKind, classify};
use crate::table::words::folded;
use crate::table::{Row, Rows, separator};
use crate::text;

/// A header can stand below this many rows of notes.
const MAX_PREAMBLE: usize = 25;

/// The header row, folded.
pub(super) struct Headers(Vec<String>);

impl Headers {
    /// Whether there is such a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|header| header == name)
    }

    /// The cell below a header; empty when there is none.
    pub(super) fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        self.0.iter().position(|header| header == name).map_or("", |at| row.cell(at))
    }

    /// Every header with its cell.
    pub(super) fn cells<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.0.iter().enumerate().map(|(at, header)| (header.as_str(), row.cell(at)))
    }
}

/// Reads one kind of contact export that is a table.
#[derive(Debug)]
pub struct ContactTable {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) kind: TableKind,
    pub(super) is_header: fn(&Headers) -> bool,
    pub(super) card: fn(&Headers, &Row) -> Card,
}

impl Source for ContactTable {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let kind = classify(probe.file_name, &text::head(probe.head));
        if kind == self.kind { Confidence::Certain } else { Confidence::No }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        read_cards(input, sink, self)
    }
}

/// Streams the rows below the header as cards.
fn read_cards(
    input: &mut dyn BufRead,
    sink: &mut dyn Sink,
    table: &ContactTable,
) -> Result<(), Stop> {
    let mut input = text::as_utf8(input)?;
    let head = text::head(input.fill_buf()?).into_owned();
    let mut rows = Rows::new(&mut input, separator(&head));
    let mut headers = None;
    for _ in 0..MAX_PREAMBLE {
        let Some(row) = rows.next()? else { break };
        let found = Headers(row.cells.iter().map(|cell| folded(cell)).collect());
        if (table.is_header)(&found) {
            headers = Some(found);
            break;
        }
    }
    let Some(headers) = headers else {
        let reason = "no header row of a contact export could be found".to_owned();
        return sink.issue(Position::File, Severity::Lost, reason);
    };
    while let Some(row) = rows.next()? {
        let position = Position::Row(row.number);
        let card = (table.card)(&headers, &row);
        if !names_someone(&card) {
            let reason = "contact without a name, an address or a number".to_owned();
            sink.issue(position, Severity::Lost, reason)?;
            continue;
        }
        if row.recoded {
            let reason = "is not in UTF-8: read as Windows-1252".to_owned();
            sink.issue(position, Severity::Repaired, reason)?;
        }
        sink.record(position, Record::Card(Box::new(card)))?;
    }
    Ok(())
}
