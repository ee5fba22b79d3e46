//! Content lines of iCalendar and vCard: unfolding, soft line breaks, encodings, byte offsets.

use std::io::{self, BufRead};

/// Bytes kept of one logical line; what is longer is cut (pictures, attachments).
const MAX_LINE: usize = 256 * 1024;

/// One logical line.
#[derive(Debug)]
pub(crate) struct ContentLine {
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its text, unfolded, without the line end.
    pub(crate) text: String,
    /// Whether its bytes were no UTF-8 and were read as another encoding.
    pub(crate) recoded: bool,
}

impl ContentLine {
    /// Property name in upper case, without group and parameters; `None` for lines that are no
    /// properties.
    pub(crate) fn name(&self) -> Option<String> {
        let end = self.text.find([':', ';'])?;
        self.text[end..].contains(':').then_some(())?;
        let name = self.text[..end].rsplit('.').next().unwrap_or_default().trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (!name.is_empty() && name.chars().all(fits)).then(|| name.to_ascii_uppercase())
    }

    /// The text after the first colon that is outside quotes.
    pub(crate) fn value(&self) -> &str {
        let mut quoted = false;
        for (at, c) in self.text.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ':' if !quoted => return self.text[at + 1..].trim(),
                _ => {}
            }
        }
        ""
    }

    /// `Some(NAME)` when the line is `BEGIN:NAME` (or `END:NAME` for `word` = `END`).
    pub(crate) fn bracket(&self, word: &str) -> Option<String> {
        let (name, value) = self.text.split_once(':')?;
        name.trim_start_matches('\u{feff}')
            .trim()
            .eq_ignore_ascii_case(word)
            .then(|| value.trim().to_ascii_uppercase())
    }
}

/// Reads logical lines one by one.
pub(crate) struct ContentLines<'a> {
    input: &'a mut dyn BufRead,
    offset: u64,
    ahead: Option<(u64, Vec<u8>)>,
}

impl<'a> ContentLines<'a> {
    /// Starts at the beginning of the input.
    pub(crate) fn new(input: &'a mut dyn BufRead) -> Self {
        Self { input, offset: 0, ahead: None }
    }

    /// The next logical line; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<ContentLine>> {
        let Some((offset, mut bytes)) = self.physical()? else { return Ok(None) };
        while let Some((at, more)) = self.physical()? {
            let soft_break = bytes.last() == Some(&b'=') && is_quoted_printable(&bytes);
            let folded = matches!(more.first(), Some(b' ' | b'\t')) && !bytes.is_empty();
            if soft_break {
                bytes.pop();
                append(&mut bytes, &more);
            } else if folded {
                append(&mut bytes, &more[1..]);
            } else {
                self.ahead = Some((at, more));
                break;
            }
        }
        let (text, recoded) = decode(&bytes);
        Ok(Some(ContentLine { offset, text, recoded }))
    }

    /// One line as it stands; ends with LF, CR LF or CR.
    fn physical(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let start = self.offset;
        let mut line = Vec::new();
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok((self.offset > start).then_some((start, line)));
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let taken = end.unwrap_or(buffer.len());
            append(&mut line, &buffer[..taken]);
            let carriage_return = end.is_some_and(|at| buffer[at] == b'\r');
            let used = taken + usize::from(end.is_some());
            self.input.consume(used);
            self.offset += used as u64;
            if end.is_none() {
                continue;
            }
            if carriage_return && self.input.fill_buf()?.first() == Some(&b'\n') {
                self.input.consume(1);
                self.offset += 1;
            }
            return Ok(Some((start, line)));
        }
    }
}

fn append(line: &mut Vec<u8>, more: &[u8]) {
    let room = MAX_LINE.saturating_sub(line.len());
    line.extend_from_slice(&more[..more.len().min(room)]);
}

fn is_quoted_printable(line: &[u8]) -> bool {
    parameters(line).to_ascii_uppercase().windows(16).any(|part| part == b"QUOTED-PRINTABLE")
}

/// What stands before the first colon.
fn parameters(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    &line[..end]
}

/// UTF-8 where it is; else the charset that the line states (vCard 2.1); else Windows-1252.
fn decode(bytes: &[u8]) -> (String, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), false);
    }
    let head = String::from_utf8_lossy(parameters(bytes)).to_ascii_uppercase();
    let stated = head
        .split_once("CHARSET=")
        .map(|(_, rest)| rest.split([';', ':']).next().unwrap_or(rest).trim_matches('"'))
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let honest = stated.filter(|encoding| *encoding != encoding_rs::UTF_8);
    let (text, _) = honest.unwrap_or(encoding_rs::WINDOWS_1252).decode_without_bom_handling(bytes);
    (text.into_owned(), honest.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn lines(text: &[u8], capacity: usize) -> Vec<(u64, String)> {
        let mut input = BufReader::with_capacity(capacity, text);
        let mut lines = ContentLines::new(&mut input);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.offset, line.text));
        }
        all
    }

    #[test]
    fn folded_lines_and_soft_breaks_are_joined_for_any_buffer_size() {
        let text = b"A:one\r\n  two\r\nB;ENCODING=QUOTED-PRINTABLE:x=\r\ny\rC:z";
        let expected =
            [(0, "A:one two".to_owned()), (14, "B;ENCODING=QUOTED-PRINTABLE:xy".to_owned())];
        for capacity in [1, 2, 3, 7, 64] {
            let found = lines(text, capacity);
            assert_eq!(found[..2], expected[..]);
            assert_eq!(found[2].1, "C:z");
        }
    }

    #[test]
    fn old_encodings_are_read_by_their_label_or_as_windows_1252() {
        assert_eq!(lines(b"N;CHARSET=ISO-8859-2:\xb1", 8)[0].1, "N;CHARSET=ISO-8859-2:\u{105}");
        assert_eq!(lines(b"N:M\xfcller", 8)[0].1, "N:M\u{fc}ller");
    }
}
