//! What kind of table a file is. One function decides for all sources that read tables, so that no
//! two of them claim the same file.

use super::words::{field_of, folded};
use super::{Row, first_rows};
use crate::directory::Field;

/// Kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    /// Google Contacts export.
    Google,
    /// Outlook contacts export.
    Outlook,
    /// LinkedIn Connections.csv.
    LinkedIn,
    /// People and posts.
    Directory {
        /// Whether it has a header row.
        headed: bool,
    },
    /// Numbers of posts without people (the junior files of UK organograms).
    PostCounts,
    /// Ties.
    Edges {
        /// Whether it has a header row.
        headed: bool,
    },
    /// Nodes of a network with attributes.
    Nodes,
    /// Person and event, one pair a row.
    TwoMode,
    /// People by events, 0 and 1.
    Matrix,
    /// None of these.
    Unknown,
}

/// Headers of the first and second end of a tie.
const ENDS: [(&str, &str); 16] = [
    ("from", "to"),
    ("source", "target"),
    ("src", "dst"),
    ("src", "dest"),
    ("sender", "recipient"),
    ("sender", "receiver"),
    ("ego", "alter"),
    ("node1", "node2"),
    ("node 1", "node 2"),
    ("v1", "v2"),
    ("i", "j"),
    ("from id", "to id"),
    ("source id", "target id"),
    ("person1", "person2"),
    ("person a", "person b"),
    ("a", "b"),
];

/// Headers of people in two-mode tables.
const PERSON: [&str; 13] = [
    "person",
    "woman",
    "man",
    "people",
    "actor",
    "attendee",
    "member",
    "participant",
    "name",
    "email",
    "who",
    "individual",
    "guest",
];

/// Headers of what they take part in.
const EVENT: [&str; 13] = [
    "event",
    "event id",
    "event name",
    "meeting",
    "session",
    "workshop",
    "club",
    "conference",
    "committee",
    "board",
    "project",
    "gathering",
    "training",
];

/// Headers of node identifiers.
const NODE_ID: [&str; 8] =
    ["id", "node", "node id", "vertex", "vertex names", "org id", "nodeid", "label"];

/// Positions of the two ends of a tie among headers.
pub(crate) fn ends(headers: &[String]) -> Option<(usize, usize)> {
    let folded: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    let at = |word: &str| folded.iter().position(|header| header == word);
    ENDS.iter().find_map(|(from, to)| Some((at(from)?, at(to)?)))
}

/// Positions of person and event among headers.
pub(crate) fn two_mode(headers: &[String]) -> Option<(usize, usize)> {
    let folded: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    let find = |words: &[&str]| folded.iter().position(|h| words.contains(&h.as_str()));
    let (person, event) = (find(&PERSON)?, find(&EVENT)?);
    (person != event).then_some((person, event))
}

/// Position of the identifier of a node table.
pub(crate) fn node_id(headers: &[String]) -> Option<usize> {
    let folded: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    NODE_ID.iter().find_map(|word| folded.iter().position(|header| header == word))
}

/// The header cells and the index of the first row of content. The header is the row, among the
/// first 25, with the most cells that are known words; a table without such a row has its first row
/// as header unless that row holds numbers or addresses: then headers are made up
/// (`column 1`, ...).
pub(crate) fn header_row(rows: &[Row]) -> (Vec<String>, usize) {
    let known = |row: &Row| {
        let fields = row.cells.iter().filter(|cell| field_of(cell).is_some()).count();
        let looks_like_content = row.cells.iter().any(|cell| looks_like_content(cell));
        let pair = ends(&row.cells).is_some() || two_mode(&row.cells).is_some();
        if looks_like_content { 0 } else { fields + 2 * usize::from(pair) }
    };
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    // Of equally good rows the first; a later one must say clearly more to make what is above it
    // a preamble.
    let mut best = (0, 0);
    for (at, row) in rows.iter().take(25).enumerate() {
        let score = known(row);
        let enough = score >= 2 || (width <= 2 && score >= 1);
        if enough && score > best.0 && (best.0 == 0 || score >= best.0 + 3) {
            best = (score, at);
        }
    }
    if best.0 > 0 {
        return (rows[best.1].cells.clone(), best.1 + 1);
    }
    match rows.first() {
        Some(first) if !first.cells.iter().any(|cell| looks_like_content(cell)) => {
            (first.cells.clone(), 1)
        }
        _ => ((1..=width).map(|at| format!("column {at}")).collect(), 0),
    }
}

/// Whether a cell is content and no header: an address or a number.
fn looks_like_content(cell: &str) -> bool {
    crate::directory::looks_like_email(cell) || cell.parse::<f64>().is_ok_and(f64::is_finite)
}

/// What kind of table the beginning of a file is; the name helps where content cannot tell. Looks at
/// the first 16 KiB at most: this is asked of every file, a mail folder's too.
pub(crate) fn classify(file_name: &str, head: &str) -> TableKind {
    let control = |b: u8| b == 0 || b == 0x1b;
    if head.bytes().take(4096).any(control) || looks_like_markup(head) || is_headers(head) {
        return TableKind::Unknown;
    }
    let end = head.floor_char_boundary(16 * 1024);
    let mut rows = first_rows(&head[..end], 60);
    if end < head.len() && rows.len() > 1 && rows.len() < 60 {
        rows.pop();
    }
    classify_rows(file_name, &rows)
}

/// XML, JSON, mail folders, calendars, programs: no tables, whatever their commas say.
fn looks_like_markup(head: &str) -> bool {
    let start = head.trim_start_matches('\u{feff}').trim_start();
    let upper: String = start.chars().take(32).collect::<String>().to_ascii_uppercase();
    let marks = ["<", "{", "[", "BEGIN:", "%PDF", "*", "#!", "#INCLUDE", "---"];
    let separator_line = start.starts_with("From ")
        && start.lines().next().is_some_and(|line| line.split_whitespace().count() > 4);
    separator_line || marks.iter().any(|mark| upper.starts_with(mark))
}

/// Whether the first line is a header field of a message (`Name: value`).
fn is_headers(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first.split_once(": ").is_some_and(|(name, value)| {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !name.is_empty() && name.bytes().all(word) && !value.trim().is_empty()
    })
}

/// As [`classify`], from rows.
pub(crate) fn classify_rows(file_name: &str, rows: &[Row]) -> TableKind {
    let name = file_name.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let tabular = [".csv", ".tsv", ".tab", ".txt", ".edges", ".edgelist", ".el", ".dat", ".xlsx"]
        .iter()
        .any(|ending| name.ends_with(ending));
    if let Some(kind) = address_book(rows) {
        return kind;
    }
    let (headers, start) = header_row(rows);
    let content = &rows[start.min(rows.len())..];
    if headers.is_empty() {
        return TableKind::Unknown;
    }
    let folded: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    if folded.iter().any(|h| h == "reporting senior post" || h.starts_with("number of posts")) {
        return TableKind::PostCounts;
    }
    if named(&["nodes", "vertices", "vertex", "node-labels", "actors."]) && tabular {
        return TableKind::Nodes;
    }
    let fields = fields(&headers);
    let person_fields = [Field::Name, Field::Family, Field::Email, Field::Title, Field::Manager]
        .iter()
        .filter(|field| fields.contains(field))
        .count();
    if ends(&headers).is_some() && headers.len() <= 12 && person_fields == 0 {
        return TableKind::Edges { headed: true };
    }
    if two_mode(&headers).is_some() && headers.len() <= 5 {
        return TableKind::TwoMode;
    }
    if start > 0 && is_matrix(&headers, content) {
        return TableKind::Matrix;
    }
    if person_fields >= 2 || (person_fields >= 1 && fields.len() >= 2 && is_about_people(&fields)) {
        return TableKind::Directory { headed: start > 0 };
    }
    if start == 0 && has_addresses(content) && headers.len() >= 3 {
        return TableKind::Directory { headed: false };
    }
    if start == 0 && tabular && is_edge_list(content) {
        return TableKind::Edges { headed: false };
    }
    if start > 0 && node_id(&headers) == Some(0) && headers.len() <= 8 && tabular {
        return TableKind::Nodes;
    }
    TableKind::Unknown
}

fn fields(headers: &[String]) -> Vec<Field> {
    let mut fields: Vec<Field> =
        headers.iter().filter_map(|header| field_of(header)).map(|(field, _)| field).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// A name and a place could be anything; people come with an address, a unit, a post.
fn is_about_people(fields: &[Field]) -> bool {
    let any = |wanted: &[Field]| wanted.iter().any(|field| fields.contains(field));
    any(&[Field::Name, Field::Family, Field::Email, Field::Reference])
        && any(&[
            Field::Unit,
            Field::Email,
            Field::Manager,
            Field::Title,
            Field::Given,
            Field::Phone,
        ])
}

fn address_book(rows: &[Row]) -> Option<TableKind> {
    rows.iter().take(25).find_map(|row| {
        let folded: Vec<String> = row.cells.iter().map(|cell| folded(cell)).collect();
        let has = |word: &str| folded.iter().any(|header| header == word);
        if has("connected on") && (has("first name") || has("last name")) {
            return Some(TableKind::LinkedIn);
        }
        if has("e mail 1 value") || (has("given name") && has("group membership")) {
            return Some(TableKind::Google);
        }
        outlook(&has).then_some(TableKind::Outlook)
    })
}

fn outlook(has: &dyn Fn(&str) -> bool) -> bool {
    let english = has("first name")
        && has("last name")
        && (has("e mail display name") || has("e mail 2 address") || has("business phone"))
        && (has("e mail address") || has("business phone"));
    let german = has("vorname")
        && has("nachname")
        && (has("e mail angezeigter name") || has("telefon geschaftlich"));
    let french = has("prenom")
        && has("nom")
        && (has("adresse de messagerie") || has("nom complet de l adresse de messagerie"));
    english || german || french
}

fn is_matrix(headers: &[String], content: &[Row]) -> bool {
    let binary = |cell: &str| matches!(cell, "0" | "1" | "" | "x" | "X");
    headers.len() >= 4
        && content.len() >= 2
        && content.iter().all(|row| row.cells.iter().skip(1).all(|cell| binary(cell)))
        && content.iter().any(|row| row.cells.iter().skip(1).any(|cell| !cell.is_empty()))
        && content.iter().all(|row| row.cells.first().is_some_and(|name| !name.is_empty()))
}

fn has_addresses(content: &[Row]) -> bool {
    let width = content.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    (0..width).any(|at| {
        let filled = content.iter().filter(|row| !row.cell(at).is_empty()).count();
        let addresses =
            content.iter().filter(|row| crate::directory::looks_like_email(row.cell(at))).count();
        filled > 0 && addresses * 10 >= filled * 8
    })
}

/// Two labels, or two labels and a number, in every row.
fn is_edge_list(content: &[Row]) -> bool {
    let label = |cell: &str| {
        !cell.is_empty()
            && cell.len() <= 64
            && !cell.contains(char::is_whitespace)
            && cell.bytes().any(|b| b.is_ascii_alphanumeric())
    };
    let numeric = |cell: &str| cell.parse::<f64>().is_ok_and(f64::is_finite);
    let fits = |row: &Row| {
        (2..=4).contains(&row.cells.len())
            && label(row.cell(0))
            && label(row.cell(1))
            && row.cells.iter().skip(2).all(|cell| {
                numeric(cell)
                    || super::dates::moment(cell, super::dates::DateOrder::DayFirst).is_some()
            })
    };
    // Without a header, only numbers or addresses are surely nodes: two words a line could be prose.
    let node = |cell: &str| numeric(cell) || crate::directory::looks_like_email(cell);
    !content.is_empty()
        && content.iter().all(fits)
        && content.iter().all(|row| node(row.cell(0)) && node(row.cell(1)))
}

#[cfg(test)]
mod tests;
