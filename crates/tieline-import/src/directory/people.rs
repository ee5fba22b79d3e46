//! Rows of a directory to posts.

use std::collections::{BTreeMap, BTreeSet};

use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Post, Record};
use tieline_model::time::Moment;

use super::SAMPLE;
use super::columns::{Field, guess_columns, looks_like_email, mapped};
use crate::source::{Sink, Stop};
use crate::table::Row;
use crate::table::dates::{self, DateOrder};
use crate::table::kind::{TableKind, classify_rows, header_row};

/// What stands in a name cell where there is no person to name.
const NOBODY: [&str; 34] = [
    "",
    "-",
    "--",
    "\u{2013}",
    "n/d",
    "n/a",
    "nd",
    "na",
    "none",
    "null",
    "nil",
    "xx",
    "x",
    "vacant",
    "vacancy",
    "tbc",
    "tbd",
    "tba",
    "eliminated",
    "to be confirmed",
    "to be appointed",
    "not disclosed",
    "unknown",
    "unfilled",
    "open",
    "n.n.",
    "nn",
    "vakant",
    "unbesetzt",
    "poste vacant",
    "vacature",
    "vacante",
    "?",
    "[vacant]",
];

/// Whether a cell names nobody: empty, vacant, not disclosed.
pub(crate) fn is_nobody(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    NOBODY.contains(&cell.as_str()) || cell.starts_with("vacant ") || cell.starts_with("vacant(")
}

/// How one table is read.
pub(super) struct Reading {
    headers: Vec<String>,
    columns: Vec<(Field, usize)>,
    first_row: usize,
    kind: TableKind,
    order: BTreeMap<usize, DateOrder>,
    /// Addresses and numbers that stand beside more than one name: an office's, nobody's own.
    shared: BTreeSet<String>,
    file_repairs: Vec<String>,
}

impl Reading {
    /// Decides from the rows held how all rows are read.
    pub(super) fn new(rows: &[Row], mapping: Option<&BTreeMap<String, String>>) -> Self {
        let (headers, first_row) = header_row(&rows[..rows.len().min(SAMPLE)]);
        let content = rows.get(first_row..).unwrap_or_default();
        let kind = classify_rows("", &rows[..rows.len().min(SAMPLE)]);
        let mut reading = Self {
            headers,
            columns: Vec::new(),
            first_row,
            kind,
            order: BTreeMap::new(),
            shared: BTreeSet::new(),
            file_repairs: Vec::new(),
        };
        if kind == TableKind::PostCounts {
            return reading;
        }
        let by_hand = mapping.map(|mapping| mapped(&reading.headers, mapping));
        match by_hand {
            Some((columns, missing)) if !columns.is_empty() || !missing.is_empty() => {
                reading.columns = columns;
                // A person has said that this is a directory.
                reading.kind = TableKind::Directory { headed: true };
                for header in missing {
                    let repair = format!("the mapping names a column '{header}' that is not there");
                    reading.file_repairs.push(repair);
                }
            }
            _ => reading.guess(content),
        }
        reading.columns.sort_by_key(|(field, at)| (*field, *at));
        reading.decide_dates(content);
        reading.find_shared(content);
        reading
    }

    fn guess(&mut self, content: &[Row]) {
        let sample: Vec<Vec<String>> =
            content.iter().take(SAMPLE).map(|row| row.cells.clone()).collect();
        let guesses = guess_columns(&self.headers, &sample);
        let found = guesses.iter().enumerate().filter_map(|(at, g)| Some((g.field?, at)));
        self.columns = found.collect();
    }

    fn decide_dates(&mut self, content: &[Row]) {
        for (field, at) in &self.columns {
            if !matches!(field, Field::From | Field::To) {
                continue;
            }
            let order = dates::order(content.iter().map(|row| row.cell(*at)));
            self.order.insert(*at, order);
        }
        // One file writes its dates one way: a column that decides decides for the other.
        let decided = self.order.values().copied().find(|order| *order == DateOrder::MonthFirst);
        let mut undecided = false;
        for order in self.order.values_mut().filter(|order| **order == DateOrder::Undecided) {
            undecided |= decided.is_none();
            *order = decided.unwrap_or(DateOrder::DayFirst);
        }
        if undecided {
            self.file_repairs.push(
                "its dates can be read with the day or the month first: the day was taken first"
                    .to_owned(),
            );
        }
    }

    fn find_shared(&mut self, content: &[Row]) {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for row in content {
            let name = self.name(row).unwrap_or_default().to_lowercase();
            for (field, at) in &self.columns {
                if !matches!(field, Field::Email | Field::Phone) {
                    continue;
                }
                for text in several(row.cell(*at)) {
                    let key = text.to_lowercase();
                    match names.get(&key) {
                        Some(known) if *known != name => {
                            self.shared.insert(key);
                        }
                        Some(_) => {}
                        None => {
                            names.insert(key, name.clone());
                        }
                    }
                }
            }
        }
        if !self.shared.is_empty() {
            self.file_repairs.push(format!(
                "{} addresses or numbers stand beside several names: they are nobody's own and were left out",
                self.shared.len()
            ));
        }
    }

    /// Index of the first row of content.
    pub(super) fn first_row(&self) -> usize {
        self.first_row
    }

    /// Whether its rows are people or posts.
    pub(super) fn is_directory(&self) -> bool {
        self.kind != TableKind::PostCounts && self.names_rows()
    }

    fn names_rows(&self) -> bool {
        let naming = [Field::Name, Field::Given, Field::Family, Field::Email, Field::Reference];
        self.columns.iter().any(|(field, _)| naming.contains(field))
    }

    /// What concerns the table as a whole.
    pub(super) fn say_what_concerns_the_file(&self, sink: &mut dyn Sink) -> Result<(), Stop> {
        if self.kind == TableKind::PostCounts {
            let reason = "no people in it: it counts posts by grade".to_owned();
            return sink.issue(Position::File, Severity::Repaired, reason);
        }
        if !self.names_rows() {
            let reason = "no column with a name, an address or a reference could be found: \
                          say which column is which with a mapping"
                .to_owned();
            return sink.issue(Position::File, Severity::Lost, reason);
        }
        if !self.file_repairs.is_empty() {
            let reason = self.file_repairs.join("; ");
            sink.issue(Position::File, Severity::Repaired, reason)?;
        }
        Ok(())
    }

    /// Reads one row.
    pub(super) fn row(&self, row: &Row, sink: &mut dyn Sink) -> Result<(), Stop> {
        let position = Position::Row(row.number);
        if is_total(row) {
            let reason = "a row of totals, not a person".to_owned();
            return sink.issue(position, Severity::Lost, reason);
        }
        let mut repairs = Vec::new();
        let extra = row.cells.iter().skip(self.headers.len()).any(|cell| !cell.is_empty());
        if extra {
            repairs.push("has more cells than the header: the extra ones were left out".to_owned());
        } else if row.cells.len() < self.headers.len() {
            repairs.push("has fewer cells than the header: the missing ones are empty".to_owned());
        }
        if row.recoded {
            repairs.push("is not in UTF-8: read as Windows-1252".to_owned());
        }
        let post = self.post(row, &mut repairs);
        let says_something = post.name.is_some()
            || !post.emails.is_empty()
            || post.reference.is_some()
            || post.title.is_some();
        if !says_something {
            let reason = "row that names nobody and no post".to_owned();
            return sink.issue(position, Severity::Lost, reason);
        }
        if !repairs.is_empty() {
            sink.issue(position, Severity::Repaired, repairs.join("; "))?;
        }
        sink.record(position, Record::Post(Box::new(post)))
    }

    fn text(&self, row: &Row, field: Field) -> Option<String> {
        self.columns
            .iter()
            .filter(|(found, _)| *found == field)
            .map(|(_, at)| row.cell(*at))
            .find(|cell| !is_nobody(cell))
            .map(str::to_owned)
    }

    /// The name of the person in the row, from its parts where it has no other.
    fn name(&self, row: &Row) -> Option<String> {
        self.text(row, Field::Name).or_else(|| {
            let parts = [self.text(row, Field::Given), self.text(row, Field::Family)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    }

    fn post(&self, row: &Row, repairs: &mut Vec<String>) -> Post {
        let list = |field| {
            let cells = self.columns.iter().filter(|(found, _)| *found == field);
            let mut all: Vec<String> = Vec::new();
            for text in cells.flat_map(|(_, at)| several(row.cell(*at))) {
                let own = !self.shared.contains(&text.to_lowercase());
                if own && !all.iter().any(|known| known.eq_ignore_ascii_case(text)) {
                    all.push(text.to_owned());
                }
            }
            all
        };
        let mut emails = list(Field::Email);
        let written = emails.len();
        emails.retain(|text| looks_like_email(text));
        if emails.len() < written {
            repairs.push("a cell for an e-mail address holds none: it was left out".to_owned());
        }
        let name = self.name(row);
        let (given, family) = self.parts(row, name.as_deref());
        let units = self.columns.iter().filter(|(field, _)| *field == Field::Unit);
        let units = units.map(|(_, at)| row.cell(*at)).filter(|cell| !is_nobody(cell));
        let mut distinct: Vec<String> = Vec::new();
        for unit in units {
            if distinct.last().is_none_or(|last| last != unit) {
                distinct.push(unit.to_owned());
            }
        }
        Post {
            given,
            family,
            emails,
            phones: list(Field::Phone),
            reference: self.text(row, Field::Reference),
            organisation: self.text(row, Field::Organisation),
            units: distinct,
            title: self.text(row, Field::Title),
            grade: self.text(row, Field::Grade),
            location: self.text(row, Field::Location),
            manager: self.text(row, Field::Manager),
            from: self.date(row, Field::From, repairs),
            to: self.date(row, Field::To, repairs).map(dates::day_after),
            name,
        }
    }

    /// Given and family name: their own columns, else `Family, Given`.
    fn parts(&self, row: &Row, name: Option<&str>) -> (Option<String>, Option<String>) {
        let (given, family) = (self.text(row, Field::Given), self.text(row, Field::Family));
        if given.is_some() || family.is_some() {
            return (given, family);
        }
        let Some((family, given)) = name.and_then(|name| name.split_once(',')) else {
            return (None, None);
        };
        let (family, given) = (family.trim(), given.trim());
        let plain = !family.is_empty() && !given.is_empty() && !given.contains(',');
        if plain { (Some(given.to_owned()), Some(family.to_owned())) } else { (None, None) }
    }

    fn date(&self, row: &Row, field: Field, repairs: &mut Vec<String>) -> Option<Moment> {
        let (_, at) = self.columns.iter().find(|(found, _)| *found == field)?;
        let cell = row.cell(*at);
        if dates::is_open_end(cell) || is_nobody(cell) {
            return None;
        }
        let order = self.order.get(at).copied().unwrap_or(DateOrder::DayFirst);
        let found = dates::day(cell, order);
        if found.is_none() {
            repairs.push(format!("its '{}' date cannot be read and was left open", field.name()));
        }
        found
    }
}

/// Several addresses or numbers in one cell.
fn several(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', ',', '\n', '|']).map(str::trim).filter(|text| !is_nobody(text))
}

fn is_total(row: &Row) -> bool {
    let Some(first) = row.cells.iter().find(|cell| !cell.is_empty()) else { return false };
    let word = first.to_lowercase();
    let word = word.trim_end_matches([':', ' ']);
    let says_total =
        ["total", "totals", "grand total", "sum", "subtotal", "gesamt", "summe", "totaal"]
            .contains(&word)
            || word.starts_with("total ");
    let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
    says_total && filled * 2 <= row.cells.len().max(2)
}
