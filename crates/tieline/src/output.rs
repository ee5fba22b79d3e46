//! Listings: one set of rows, printed as a table for people, as JSON lines, or as CSV.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::cli::Format;

/// A listing: columns, rows, and notes that only people read.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    /// Lines above the table (as-of date, coverage).
    pub(crate) heading: Vec<String>,
    /// Lines below the table (what was cut, what to do next).
    pub(crate) notes: Vec<String>,
    /// Shown instead of an empty table.
    pub(crate) empty: String,
}

#[derive(Debug)]
struct Column {
    /// Key in JSON and CSV.
    key: &'static str,
    /// Heading for people; empty = not in the table.
    title: &'static str,
}

impl Listing {
    /// A listing with columns `(key, title)`; an empty title keeps a column out of the table.
    pub(crate) fn new(columns: &[(&'static str, &'static str)], empty: impl Into<String>) -> Self {
        Self {
            columns: columns.iter().map(|(key, title)| Column { key, title }).collect(),
            empty: empty.into(),
            ..Self::default()
        }
    }

    /// Adds a row; its length is the number of columns.
    pub(crate) fn row(&mut self, cells: Vec<Value>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Prints in the wanted format.
    ///
    /// # Errors
    /// When standard output cannot be written; a closed pipe is no error.
    pub(crate) fn print(&self, format: Format) -> Result<()> {
        if format.json || format.csv {
            // The as-of date is always said, and never mixed into the rows.
            self.heading.iter().for_each(note);
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        let done = if format.json {
            self.json(&mut out)
        } else if format.csv {
            self.csv(&mut out)
        } else {
            self.table(&mut out)
        };
        closed_pipe_is_fine(done.and_then(|()| out.flush()))
    }

    fn json(&self, out: &mut impl Write) -> io::Result<()> {
        for row in &self.rows {
            let object: Map<String, Value> = self
                .columns
                .iter()
                .zip(row)
                .map(|(column, cell)| (column.key.to_owned(), cell.clone()))
                .collect();
            writeln!(out, "{}", Value::Object(object))?;
        }
        Ok(())
    }

    fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.columns.iter().map(|column| column.key))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(plain))?;
        }
        writer.flush()
    }

    fn table(&self, out: &mut impl Write) -> io::Result<()> {
        for line in &self.heading {
            writeln!(out, "{line}")?;
        }
        if self.rows.is_empty() {
            return writeln!(out, "{}", self.empty);
        }
        let shown: Vec<usize> =
            (0..self.columns.len()).filter(|i| !self.columns[*i].title.is_empty()).collect();
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        table.set_content_arrangement(comfy_table::ContentArrangement::Disabled);
        table.set_header(shown.iter().map(|i| self.columns[*i].title));
        for row in &self.rows {
            table.add_row(shown.iter().map(|i| short(&row[*i])));
        }
        for (position, i) in shown.iter().enumerate() {
            let numeric = self.rows.iter().all(|row| row[*i].is_number() || row[*i].is_null());
            if numeric && let Some(column) = table.column_mut(position) {
                column.set_cell_alignment(comfy_table::CellAlignment::Right);
            }
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        for line in &self.notes {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// A cell as CSV writes it: numbers in full, lists joined by `; `.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A cell as people read it: three decimals at the most, a dash for "not known".
fn short(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if !number.is_i64() && !number.is_u64() => decimals(float),
            _ => number.to_string(),
        },
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        other => plain(other),
    }
}

fn decimals(value: f64) -> String {
    let places = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else if value.abs() >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.places$}")
}

/// Prints a line on standard output; a closed pipe is no error.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn line(text: impl AsRef<str>) -> Result<()> {
    closed_pipe_is_fine(writeln!(io::stdout().lock(), "{}", text.as_ref()))
}

/// Prints a line on standard error, for notes that are no result; failing to is no error.
pub(crate) fn note(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}

/// Whether progress is shown as a bar.
pub(crate) fn on_a_terminal() -> bool {
    io::stderr().is_terminal()
}

fn closed_pipe_is_fine(done: io::Result<()>) -> Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// A number with thousands separated by commas.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_listing_three_formats() {
        let mut listing = Listing::new(&[("name", "Name"), ("id", ""), ("ties", "Ties")], "nobody");
        listing.row(vec![json!("Ada, \"B\""), json!("7"), json!(1.23456)]);
        listing.row(vec![json!("Bo"), json!("8"), Value::Null]);
        let mut json = Vec::new();
        listing.json(&mut json).unwrap();
        assert!(String::from_utf8(json).unwrap().starts_with("{\"id\":\"7\",\"name\":"));
        let mut csv = Vec::new();
        listing.csv(&mut csv).unwrap();
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "name,id,ties\n\"Ada, \"\"B\"\"\",7,1.23456\nBo,8,\n"
        );
        let mut table = Vec::new();
        listing.table(&mut table).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(
            table.contains("1.23") && !table.contains("1.234") && !table.contains('7'),
            "{table}"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!((grouped(7), grouped(17_565)), ("7".to_owned(), "17,565".to_owned()));
    }
}
