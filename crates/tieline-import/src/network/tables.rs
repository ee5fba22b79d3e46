//! Networks in tables: edge lists, node lists, two-mode lists and matrices.

use std::io::BufRead;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Attendance, Record, StatedTie};
use tieline_model::time::Moment;

use super::{Attributes, weight};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::table::dates::{self, DateOrder};
use crate::table::kind::{TableKind, classify, classify_rows, ends, header_row, node_id, two_mode};
use crate::table::words::folded;
use crate::table::{Row, Rows, separator};
use crate::text;

/// Rows from which the meaning of the columns is decided.
const SAMPLE: usize = 2000;

/// Reads edge lists, node lists, node labels, two-mode lists and 0/1 matrices.
#[derive(Debug)]
pub struct NetworkTable;

impl Source for NetworkTable {
    fn name(&self) -> &'static str {
        "network-table"
    }

    fn about(&self) -> &'static str {
        "ties, nodes or attendance in a table (.csv, .tsv, .txt)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        match classify(probe.file_name, &text::head(probe.head)) {
            TableKind::Edges { headed: false } | TableKind::Matrix => Confidence::Possible,
            TableKind::Edges { headed: true } | TableKind::Nodes | TableKind::TwoMode => {
                Confidence::Likely
            }
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
        let mut rows = Rows::new(&mut input, separator(&head));
        let mut held = Vec::new();
        while held.len() < SAMPLE
            && let Some(row) = rows.next()?
        {
            held.push(row);
        }
        if held.is_empty() {
            return sink.issue(Position::File, Severity::Repaired, "empty table".to_owned());
        }
        let (headers, first) = header_row(&held);
        let layout = Layout::decide(&headers, &held, first, context);
        if let Some(note) = layout.note() {
            sink.issue(Position::File, Severity::Repaired, note.to_owned())?;
        }
        let mut number = 0;
        for row in held.iter().skip(first) {
            layout.row(row, &mut number, sink)?;
        }
        drop(held);
        while let Some(row) = rows.next()? {
            layout.row(&row, &mut number, sink)?;
        }
        if number == 0 {
            let reason = "a header without any rows".to_owned();
            sink.issue(Position::File, Severity::Repaired, reason)?;
        }
        Ok(())
    }
}

/// Headers of weights.
const WEIGHTS: [&str; 8] =
    ["weight", "strength", "value", "count", "collab", "freq", "frequency", "n"];

/// What the columns of a table of ties mean.
#[derive(Debug, Default)]
struct TieColumns {
    from: usize,
    to: usize,
    weight: Option<usize>,
    time: Option<usize>,
    kind: Option<usize>,
    /// A column that says `directed` or `undirected` row by row (Gephi).
    direction: Option<usize>,
    order: Option<DateOrder>,
    /// Times count from zero, not from 1970.
    relative: bool,
}

enum Layout {
    Ties(TieColumns),
    Nodes { headers: Vec<String>, id: Option<usize> },
    NodeLabels,
    TwoMode { person: usize, event: usize, time: Option<usize>, order: DateOrder },
    Matrix { events: Vec<String> },
}

impl Layout {
    fn decide(headers: &[String], held: &[Row], first: usize, context: &Context<'_>) -> Self {
        let content = held.get(first..).unwrap_or_default();
        let stated = context.mapping.and_then(|mapping| mapping.get("kind")).map(String::as_str);
        let kind = match stated {
            Some("edges") => TableKind::Edges { headed: first > 0 },
            Some("nodes") => TableKind::Nodes,
            Some("two-mode") => TableKind::TwoMode,
            Some("matrix") => TableKind::Matrix,
            Some("node-labels") => return Self::NodeLabels,
            _ => classify_rows(context.file_name, held),
        };
        match kind {
            TableKind::Nodes => Self::Nodes { headers: headers.to_vec(), id: node_id(headers) },
            TableKind::Matrix => Self::Matrix { events: headers.to_vec() },
            TableKind::TwoMode => {
                let (person, event) = two_mode(headers).unwrap_or((0, 1));
                let time = time_column(headers, content, &[person, event]);
                let cells = content.iter().filter_map(|row| time.map(|at| row.cell(at)));
                let order = dates::order(cells);
                Self::TwoMode { person, event, time, order }
            }
            _ => Self::Ties(TieColumns::decide(headers, content)),
        }
    }

    fn note(&self) -> Option<&'static str> {
        match self {
            Self::Ties(columns) if columns.relative => Some(
                "its times count from an unknown start: they were kept in their order, beginning \
                 with 1970",
            ),
            Self::Nodes { id: None, .. } => {
                Some("its nodes have no id: they were numbered from 1 in their order")
            }
            _ => None,
        }
    }

    fn row(&self, row: &Row, number: &mut u64, sink: &mut dyn Sink) -> Result<(), Stop> {
        *number += 1;
        let position = Position::Row(row.number);
        if row.recoded {
            let reason = "is not in UTF-8: read as Windows-1252".to_owned();
            sink.issue(position, Severity::Repaired, reason)?;
        }
        let record = match self {
            Self::Ties(columns) => columns.tie(row, sink)?,
            Self::Nodes { headers, id } => Ok(Some(node(headers, *id, row, *number))),
            Self::NodeLabels => label(row),
            Self::TwoMode { person, event, time, order } => {
                attendance(row, *person, *event, *time, *order)
            }
            Self::Matrix { events } => return matrix_row(row, events, sink),
        };
        match record {
            Ok(Some(record)) => sink.record(position, record),
            Ok(None) => Ok(()),
            Err(reason) => sink.issue(position, Severity::Lost, reason.to_owned()),
        }
    }
}

impl TieColumns {
    fn decide(headers: &[String], content: &[Row]) -> Self {
        let (from, to) = ends(headers).unwrap_or((0, 1));
        let named = |words: &[&str]| {
            headers.iter().position(|header| words.contains(&folded(header).as_str()))
        };
        let time = time_column(headers, content, &[from, to]);
        let kind = named(&["kind", "relation", "relationship", "edge type", "tie type", "label"]);
        let direction = named(&["type", "directed", "direction"]);
        let unnamed = || {
            // A third column without a known name is the weight when it holds nothing but numbers.
            let at = 2;
            let free = Some(at) != time && Some(at) != kind && ![from, to].contains(&at);
            let filled = content.iter().filter(|row| !row.cell(at).is_empty()).count();
            let numbers = content.iter().filter(|row| weight(row.cell(at)).is_some()).count();
            let known_as_something_else = headers
                .get(at)
                .is_some_and(|h| ["sign", "rank 1", "id"].contains(&folded(h).as_str()));
            (free && filled > 0 && numbers == filled && !known_as_something_else).then_some(at)
        };
        let weight = named(&WEIGHTS).or_else(unnamed).filter(|at| Some(*at) != time);
        let order = time.map(|at| dates::order(content.iter().map(|row| row.cell(at))));
        let relative = time.is_some_and(|at| {
            let seconds = content.iter().filter_map(|row| row.cell(at).parse::<f64>().ok());
            let (mut any, mut largest) = (false, 0.0_f64);
            for second in seconds {
                any = true;
                largest = largest.max(second);
            }
            any && largest < 1e8
        });
        Self { from, to, weight, time, kind, direction, order, relative }
    }

    fn tie(
        &self,
        row: &Row,
        sink: &mut dyn Sink,
    ) -> Result<Result<Option<Record>, &'static str>, Stop> {
        let position = Position::Row(row.number);
        let (from, to) = (row.cell(self.from), row.cell(self.to));
        if from.is_empty() || to.is_empty() {
            return Ok(Err("tie with one end only"));
        }
        let written = self.weight.map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
        let strength = match written {
            None => 1.0,
            Some(cell) => match weight(cell) {
                Some(number) => number,
                None => return Ok(Err("tie whose weight is no number from 0 up")),
            },
        };
        let at = match self.time.map(|at| row.cell(at)).filter(|cell| !cell.is_empty()) {
            None => None,
            Some(cell) => {
                let found = dates::moment(cell, self.order.unwrap_or(DateOrder::DayFirst));
                if found.is_none() {
                    let reason = "its time cannot be read: kept as a tie without a date".to_owned();
                    sink.issue(position, Severity::Repaired, reason)?;
                }
                found
            }
        };
        let direction = self.direction.map(|at| row.cell(at).to_lowercase()).unwrap_or_default();
        let kind = self.kind.map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
        Ok(Ok(Some(Record::StatedTie(Box::new(StatedTie {
            from: from.to_owned(),
            to: to.to_owned(),
            weight: strength,
            directed: !matches!(direction.as_str(), "undirected" | "false" | "mutual"),
            at,
            kind: kind.map(str::to_owned),
        })))))
    }
}

/// A column of moments: by its name, else by content that can be nothing else (dates; numbers that
/// are seconds since 1970; numbers that only grow from row to row, as in a log).
fn time_column(headers: &[String], content: &[Row], taken: &[usize]) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "time",
        "timestamp",
        "date",
        "datetime",
        "at",
        "when",
        "t",
        "epoch",
        "ts",
        "day",
        "datum",
        "sent",
    ];
    let width = content.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let is_weight = |at: usize| {
        headers.get(at).is_some_and(|header| WEIGHTS.contains(&folded(header).as_str()))
    };
    let free = |at: &usize| !taken.contains(at) && !is_weight(*at);
    let is_wave = |at: usize| {
        // A column `time` with a few small numbers counts waves of a survey, not moments.
        let mut values: Vec<&str> = content.iter().map(|row| row.cell(at)).collect();
        values.sort_unstable();
        values.dedup();
        values.len() <= 12 && values.iter().all(|v| v.parse::<f64>().is_ok_and(|n| n < 100.0))
    };
    let by_name = headers.iter().position(|header| NAMES.contains(&folded(header).as_str()));
    if let Some(at) = by_name.filter(free) {
        return (!is_wave(at)).then_some(at);
    }
    (0..width).filter(free).find(|at| {
        let cells = || content.iter().map(|row| row.cell(*at)).filter(|cell| !cell.is_empty());
        let numbers: Vec<f64> = cells().filter_map(|cell| cell.parse().ok()).collect();
        let filled = cells().count();
        if filled == 0 {
            return false;
        }
        let numeric = numbers.len() == filled;
        let epochs = numeric && numbers.iter().all(|n| *n >= 1e8 && n.fract().abs() < 1e-9);
        let log = numeric
            && filled >= 3
            && numbers.windows(2).all(|pair| pair[0] <= pair[1])
            && numbers.last() > numbers.first()
            && numbers.last().is_some_and(|last| *last >= 1000.0);
        let dated = || cells().all(|cell| dates::day(cell, DateOrder::DayFirst).is_some());
        epochs || log || (!numeric && dated())
    })
}

fn node(headers: &[String], id: Option<usize>, row: &Row, number: u64) -> Record {
    let mut attributes = Attributes::default();
    for (at, header) in headers.iter().enumerate() {
        if Some(at) != id {
            attributes.add(header, row.cell(at));
        }
    }
    let id = id.map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
    let id = id.map_or_else(|| number.to_string(), str::to_owned);
    Record::Node(Box::new(attributes.node(&id, None)))
}

/// A pair of a node and its unit.
fn label(row: &Row) -> Result<Option<Record>, &'static str> {
    if row.cell(0).is_empty() || row.cell(1).is_empty() {
        return Err("label without a node or without a text");
    }
    let mut attributes = Attributes::default();
    attributes.add("unit", row.cell(1));
    Ok(Some(Record::Node(Box::new(attributes.node(row.cell(0), None)))))
}

fn attendance(
    row: &Row,
    person: usize,
    event: usize,
    time: Option<usize>,
    order: DateOrder,
) -> Result<Option<Record>, &'static str> {
    let (person, event) = (row.cell(person), row.cell(event));
    if person.is_empty() || event.is_empty() {
        return Err("attendance without a person or without an event");
    }
    let at: Option<Moment> = time.and_then(|at| dates::moment(row.cell(at), order));
    let (person, event) = (person.to_owned(), event.to_owned());
    Ok(Some(Record::Attendance(Box::new(Attendance { person, event, at }))))
}

/// One person of a 0/1 matrix: one attendance per 1.
fn matrix_row(row: &Row, events: &[String], sink: &mut dyn Sink) -> Result<(), Stop> {
    let position = Position::Row(row.number);
    let person = row.cell(0);
    if person.is_empty() {
        let reason = "row of a matrix without a name".to_owned();
        return sink.issue(position, Severity::Lost, reason);
    }
    for (at, event) in events.iter().enumerate().skip(1) {
        match row.cell(at) {
            "" | "0" => {}
            "1" | "x" | "X" => {
                // An event whose header is blank is told apart by its column.
                let event =
                    if event.is_empty() { format!("column {}", at + 1) } else { event.clone() };
                let attendance = Attendance { person: person.to_owned(), event, at: None };
                sink.record(position, Record::Attendance(Box::new(attendance)))?;
            }
            _ => {
                let reason = format!("cell {} of the matrix is neither 0 nor 1", at + 1);
                sink.issue(position, Severity::Lost, reason)?;
            }
        }
    }
    Ok(())
}
