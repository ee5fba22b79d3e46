//! Staff lists and other directories: tables of any layout, one row a person in a post.
//!
//! Which column means what is guessed from headers and content ([`guess_columns`]), can be looked at
//! before anything is read ([`read_directory_preview`]), and can be set by a person: a mapping
//! `field -> header` in [`crate::Context::mapping`] replaces the guess entirely.
//!
//! The table is held in memory up to [`MAX_ROWS`] rows: how dates are written, and which addresses
//! are shared, only the whole column tells. Rows beyond it are read with what the first ones told.

mod columns;
mod people;
mod sheet;

use std::io::{self, BufRead, Read};

use tieline_model::issue::{Position, Severity};

pub(crate) use columns::looks_like_email;
pub use columns::{Certainty, ColumnGuess, Field, guess_columns};

use crate::container::HEAD;
use crate::source::{Confidence, Context, Mapping, Probe, Sink, Source, Stop};
use crate::table::kind::{TableKind, classify, header_row};
use crate::table::{Row, Rows, first_rows, separator};
use crate::text;
use people::Reading;

/// Rows of a table that are held at once.
pub const MAX_ROWS: usize = 200_000;
/// Rows that a guess looks at.
const SAMPLE: usize = 200;

/// Reads a directory from CSV, TSV or any other separated text.
#[derive(Debug)]
pub struct DirectoryTable;

/// Reads a directory from a spreadsheet (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`).
#[derive(Debug)]
pub struct DirectorySheet;

impl Source for DirectoryTable {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn about(&self) -> &'static str {
        "a staff list or directory (.csv, .tsv) of any layout"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        match classify(probe.file_name, &text::head(probe.head)) {
            TableKind::Directory { headed: true } | TableKind::PostCounts => Confidence::Likely,
            TableKind::Directory { headed: false } => Confidence::Possible,
            _ => Confidence::No,
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut input = text::as_utf8(input)?;
        let head = text::head(input.fill_buf()?).into_owned();
        let rows = Rows::new(&mut input, separator(&head));
        read_rows(rows, context.mapping_of(None), sink)
    }
}

impl Source for DirectorySheet {
    fn name(&self) -> &'static str {
        "spreadsheet"
    }

    fn about(&self) -> &'static str {
        "a staff list or directory in a spreadsheet (.xlsx, .xls, .ods)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let named = ["xlsx", "xlsm", "xlsb", "xls", "ods"].iter().any(|e| probe.has_extension(e));
        if named && sheet::begins(probe.head) { Confidence::Certain } else { Confidence::No }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        match sheet::sheets(input)? {
            Ok(sheets) => {
                for sheet in sheets {
                    let mapping = context.mapping_of(Some(&sheet.name));
                    read_rows(Rows::<&[u8]>::ready(sheet.rows), mapping, sink)?;
                }
                Ok(())
            }
            Err(reason) => sink.issue(Position::File, Severity::Lost, reason),
        }
    }
}

fn read_rows<R: BufRead>(
    mut rows: Rows<R>,
    mapping: Option<&Mapping>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let mut held: Vec<Row> = Vec::new();
    let mut broken = None;
    while held.len() < MAX_ROWS {
        match rows.next() {
            Ok(Some(row)) => held.push(row),
            Ok(None) => break,
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                broken = Some(error.to_string());
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if held.is_empty() && broken.is_none() {
        return sink.issue(Position::File, Severity::Repaired, "empty table".to_owned());
    }
    let reading = Reading::new(&held, mapping);
    reading.say_what_concerns_the_file(sink)?;
    if !reading.is_directory() {
        return Ok(());
    }
    for row in held.iter().skip(reading.first_row()) {
        reading.row(row, sink)?;
    }
    drop(held);
    while broken.is_none()
        && let Some(row) = rows.next()?
    {
        reading.row(&row, sink)?;
    }
    match broken {
        Some(reason) => sink.issue(Position::File, Severity::Lost, reason),
        None => Ok(()),
    }
}

/// One table of a file and what its columns seem to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePreview {
    /// Label of the sheet; `None` for a text table.
    pub sheet: Option<String>,
    /// One entry per column, in order.
    pub columns: Vec<ColumnGuess>,
}

/// What the columns of a directory seem to mean, for `--dry-run`: of a text table from its beginning
/// (decompressed), of a spreadsheet for every sheet that names people. Empty when there is no table;
/// why a spreadsheet cannot be opened is an issue of its reading.
///
/// # Errors
/// When reading bytes fails.
pub fn read_directory_preview(input: &mut dyn BufRead) -> io::Result<Vec<TablePreview>> {
    if sheet::begins(input.fill_buf()?) {
        let sheets = sheet::sheets(input)?.unwrap_or_default();
        let people = |sheet: &sheet::Sheet| Reading::new(&sheet.rows, None).is_directory();
        return Ok(sheets
            .into_iter()
            .filter(people)
            .map(|sheet| preview(Some(sheet.name), &sheet.rows))
            .collect());
    }
    let mut head = Vec::new();
    io::Read::take(input, HEAD as u64).read_to_end(&mut head)?;
    let rows = first_rows(&text::head(&head), SAMPLE);
    Ok(if rows.is_empty() { Vec::new() } else { vec![preview(None, &rows)] })
}

fn preview(sheet: Option<String>, rows: &[Row]) -> TablePreview {
    let rows = &rows[..rows.len().min(SAMPLE)];
    let (headers, start) = header_row(rows);
    let sample: Vec<Vec<String>> = rows.iter().skip(start).map(|row| row.cells.clone()).collect();
    TablePreview { sheet, columns: guess_columns(&headers, &sample) }
}

#[cfg(test)]
mod tests;
