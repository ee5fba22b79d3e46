//! Tables: which character separates cells, which row is the header, what kind of table it is.

pub(crate) mod dates;
pub(crate) mod kind;
pub(crate) mod words;

use std::io::{self, BufRead};

use crate::text;

/// How a text file separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One of `,` `;` tab `|`, with quotes.
    Byte(u8),
    /// Any run of blanks; lines that begin with `#` or `%` are comments.
    Blanks,
}

/// One row as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    /// Number within the table, from 1.
    pub(crate) number: u64,
    /// Cells, surrounding blanks removed.
    pub(crate) cells: Vec<String>,
    /// Whether a cell was no UTF-8.
    pub(crate) recoded: bool,
}

impl Row {
    /// A cell; empty beyond the end.
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// Whether every cell is blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Guesses the separator from the beginning of a file: the one that gives the most rows of equal
/// width, the wider the better.
pub(crate) fn separator(head: &str) -> Separator {
    let head = head.trim_start_matches('\u{feff}');
    if let Some(stated) = head.strip_prefix("sep=").and_then(|rest| rest.bytes().next()) {
        return Separator::Byte(stated);
    }
    let content: Vec<&str> =
        head.lines().filter(|line| !is_comment(line) && !line.trim().is_empty()).take(40).collect();
    let sample = content.join("\n");
    let mut best = (0, Separator::Blanks);
    for byte in [b',', b';', b'\t', b'|'] {
        let mut rows = csv_reader(byte, sample.as_bytes());
        let widths: Vec<usize> = rows.byte_records().flatten().map(|row| row.len()).collect();
        let score = score(&widths);
        if score > best.0 {
            best = (score, Separator::Byte(byte));
        }
    }
    // Blanks separate only where nothing else does: names hold blanks too.
    if best.0 > 0 {
        return best.1;
    }
    let widths: Vec<usize> = content.iter().map(|line| line.split_whitespace().count()).collect();
    let even = widths.iter().all(|width| *width == widths[0]);
    if !widths.is_empty() && even && widths[0] > 1 {
        Separator::Blanks
    } else {
        Separator::Byte(b',')
    }
}

fn score(widths: &[usize]) -> usize {
    let common = widths
        .iter()
        .copied()
        .max_by_key(|width| (widths.iter().filter(|other| *other == width).count(), *width));
    match common {
        Some(width) if width > 1 => {
            widths.iter().filter(|other| **other == width).count() * 100 + width
        }
        // A preamble of single cells can outnumber the table in a short sample.
        _ => widths.iter().filter(|width| **width > 1).count() * 10,
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim_start();
    line.starts_with('%') || (line.starts_with('#') && !line.contains([',', ';', '\t']))
}

fn csv_reader<R: io::Read>(byte: u8, input: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(byte).from_reader(input)
}

/// Streams the rows of a text table.
pub(crate) struct Rows<R> {
    inner: Inner<R>,
    number: u64,
}

enum Inner<R> {
    Csv(Box<csv::Reader<R>>, csv::ByteRecord),
    Lines(R),
    Ready(std::vec::IntoIter<Row>),
}

impl<R: BufRead> Rows<R> {
    /// Starts at the first row.
    pub(crate) fn new(input: R, separator: Separator) -> Self {
        let inner = match separator {
            Separator::Byte(byte) => {
                Inner::Csv(Box::new(csv_reader(byte, input)), csv::ByteRecord::new())
            }
            Separator::Blanks => Inner::Lines(input),
        };
        Self { inner, number: 0 }
    }

    /// Rows that are there already (a spreadsheet).
    pub(crate) fn ready(rows: Vec<Row>) -> Self {
        Self { inner: Inner::Ready(rows.into_iter()), number: 0 }
    }

    /// The next row that is not blank and no comment; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(row) = self.any()? else { return Ok(None) };
            let only_comment = row.cells.len() == 1 && is_comment(row.cell(0));
            let stated_separator = row.number == 1 && row.cell(0).starts_with("sep=");
            if !row.is_blank() && !only_comment && !stated_separator {
                return Ok(Some(row));
            }
        }
    }

    fn any(&mut self) -> io::Result<Option<Row>> {
        self.number += 1;
        let number = self.number;
        match &mut self.inner {
            Inner::Ready(rows) => Ok(rows.next()),
            Inner::Csv(reader, record) => {
                if !reader.read_byte_record(record).map_err(io::Error::from)? {
                    return Ok(None);
                }
                let (cells, recoded) = decoded(record.iter(), number == 1);
                Ok(Some(Row { number, cells, recoded }))
            }
            Inner::Lines(input) => {
                let mut line = Vec::new();
                if io::Read::take(&mut *input, MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                    return Ok(None);
                }
                let (text, recoded) = text::decode(&line);
                let text = text.trim_start_matches('\u{feff}');
                let cells = if is_comment(text) || text.trim_start().starts_with('#') {
                    Vec::new()
                } else {
                    text.split_whitespace().map(str::to_owned).collect()
                };
                Ok(Some(Row { number, cells, recoded }))
            }
        }
    }
}

/// Longest line of a blank-separated table.
const MAX_LINE: u64 = 1024 * 1024;

fn decoded<'a>(cells: impl Iterator<Item = &'a [u8]>, first_row: bool) -> (Vec<String>, bool) {
    let mut recoded = false;
    let cells = cells
        .enumerate()
        .map(|(at, cell)| {
            let (text, other) = text::decode(cell);
            recoded |= other;
            let text =
                if first_row && at == 0 { text.trim_start_matches('\u{feff}') } else { &text };
            text.trim().trim_matches('\0').to_owned()
        })
        .collect();
    (cells, recoded)
}

/// The first rows of a text, for recognition and for previews. The last row of a cut text may be
/// cut itself and is left out.
pub(crate) fn first_rows(head: &str, limit: usize) -> Vec<Row> {
    let mut rows = Rows::new(head.as_bytes(), separator(head));
    let mut found = Vec::new();
    while found.len() < limit
        && let Ok(Some(row)) = rows.next()
    {
        found.push(row);
    }
    if head.len() >= 60 * 1024 && found.len() < limit {
        found.pop();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_gives_even_rows() {
        for (head, expected) in [
            ("a,b,c\n1,2,3\n", Separator::Byte(b',')),
            ("a;b\n1,5;2\n3,4;5\n", Separator::Byte(b';')),
            ("a\tb\tc\nx y\tz, w\tq\n", Separator::Byte(b'\t')),
            ("sep=;\na;b\n", Separator::Byte(b';')),
            ("1 2\n2 3\n", Separator::Blanks),
            ("% bip\n1  2 3\n2 3   4\n", Separator::Blanks),
            ("\"Doe, Jane\",a\n\"Roe, R\",b\n", Separator::Byte(b',')),
            ("name\nEvelyn Jones\n", Separator::Byte(b',')),
            ("", Separator::Byte(b',')),
        ] {
            assert_eq!(separator(head), expected, "{head:?}");
        }
    }

    #[test]
    fn quoted_line_breaks_old_encodings_and_marks_are_handled() {
        let text = b"\xef\xbb\xbfa,b\n\"x\ny\",M\xfcller\n\n,\n";
        let mut rows = Rows::new(&text[..], Separator::Byte(b','));
        assert_eq!(rows.next().unwrap().unwrap().cells, ["a", "b"]);
        let second = rows.next().unwrap().unwrap();
        assert_eq!(second.cells, ["x\ny", "M\u{fc}ller"]);
        assert!(second.recoded);
        assert_eq!(second.number, 2);
        assert_eq!(rows.next().unwrap(), None);
    }
}
