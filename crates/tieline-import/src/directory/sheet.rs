//! Spreadsheets as rows of text.

use std::io::{self, BufRead, Cursor, Read};

use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};
use tieline_model::time::{DAY_MS, Moment};

use crate::table::Row;

/// Largest spreadsheet file that is read; it has to be held whole.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Cells of one sheet.
const MAX_CELLS: usize = 20_000_000;

/// One sheet that holds anything.
pub(super) struct Sheet {
    /// As its tab is labelled.
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

/// Whether a file begins as spreadsheets do.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0")
}

/// The sheets that hold anything; or why there are none.
pub(super) fn sheets(input: &mut dyn BufRead) -> io::Result<Result<Vec<Sheet>, String>> {
    let mut bytes = Vec::new();
    io::Read::take(input, MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Ok(Err("spreadsheet over 64 MiB: save it as CSV".to_owned()));
    }
    if unpacked_size(&bytes) > 8 * MAX_BYTES {
        return Ok(Err("spreadsheet that unpacks to over 512 MiB: save it as CSV".to_owned()));
    }
    let workbook = open_workbook_auto_from_rs(Cursor::new(bytes));
    Ok(workbook
        .map_err(|error| format!("spreadsheet that cannot be opened: {error}"))
        .and_then(all))
}

/// What a zipped spreadsheet says it unpacks to; 0 for other formats.
fn unpacked_size(bytes: &[u8]) -> u64 {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return 0 };
    (0..archive.len())
        .filter_map(|at| archive.by_index_raw(at).ok().map(|file| file.size()))
        .fold(0, u64::saturating_add)
}

fn all(mut workbook: Sheets<Cursor<Vec<u8>>>) -> Result<Vec<Sheet>, String> {
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook
            .worksheet_range(&name)
            .map_err(|error| format!("a sheet cannot be read: {error}"))?;
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MAX_CELLS {
            return Err("a sheet with over 20 million cells: save it as CSV".to_owned());
        }
        // The range begins at the first used cell; rows are numbered as on the screen.
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let rows: Vec<Row> = range
            .rows()
            .zip(first + 1..)
            .map(|(cells, number)| Row {
                number,
                cells: cells.iter().map(text).collect(),
                recoded: false,
            })
            .filter(|row| !row.is_blank())
            .collect();
        if !rows.is_empty() {
            sheets.push(Sheet { name, rows });
        }
    }
    if sheets.is_empty() { Err("spreadsheet without any content".to_owned()) } else { Ok(sheets) }
}

/// A cell as text: whole numbers without a point, dates as ISO dates.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.trim().to_owned(),
        Data::Float(number) if number.fract().abs() < f64::EPSILON && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(serial) => day_number(serial.as_f64()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        _ => String::new(),
    }
}

/// Days since 1899-12-30 as an ISO date.
fn day_number(days: f64) -> String {
    let ms = (days - 25_569.0) * DAY_MS as f64;
    Moment::from_ms(ms as i64).date().to_string()
}
