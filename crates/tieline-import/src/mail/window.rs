//! A sliding view of a stream: as much of it as a decision needs, no more.

use std::io::{self, BufRead};

use memchr::memmem::Finder;

use crate::container::{PAGE, page_start};

/// Bytes asked for at a time; the first time fewer, for small files are many.
const CHUNK: usize = 256 * 1024;
const FIRST_CHUNK: usize = 16 * 1024;

/// What was read of a stream and not yet passed.
pub(super) struct Window<'i> {
    input: &'i mut dyn BufRead,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `start` in the stream.
    offset: u64,
    chunk: usize,
    ended: bool,
    broken: Option<io::Error>,
    /// Finds lines that may be separators.
    separator: Finder<'static>,
}

impl<'i> Window<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            chunk: FIRST_CHUNK,
            ended: false,
            broken: None,
            separator: Finder::new(b"\nFrom "),
        }
    }

    /// What is in view.
    pub(super) fn view(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Offset of the beginning of the view in the stream.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes more into view; `false` at the end of the stream, or where it breaks.
    pub(super) fn more(&mut self) -> bool {
        if self.ended {
            return false;
        }
        self.make_room();
        loop {
            let room = self.buffer.get_mut(self.end..self.end + self.chunk).unwrap_or_default();
            match self.input.read(room) {
                Ok(0) => break,
                Ok(taken) => {
                    self.end += taken;
                    self.chunk = CHUNK;
                    return true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.broken = Some(error);
                    break;
                }
            }
        }
        self.ended = true;
        false
    }

    /// Makes room for a chunk after the view. A short view is moved so that the chunk begins on a
    /// page; a long one only when that frees more than it moves.
    fn make_room(&mut self) {
        let held = self.end - self.start;
        let pages = held.next_multiple_of(PAGE);
        let wanted = if held < self.chunk { PAGE + pages } else { self.end } + self.chunk;
        if self.buffer.len() < wanted {
            self.buffer
                .resize(wanted.max(self.buffer.len().saturating_mul(2).min(wanted + held)), 0);
        }
        let start = if held < self.chunk {
            page_start(&self.buffer) + pages - held
        } else if self.start > held {
            0
        } else {
            return;
        };
        self.buffer.copy_within(self.start..self.end, start);
        (self.start, self.end) = (start, start + held);
    }

    /// Takes at least `wanted` bytes into view where the stream has them.
    pub(super) fn ensure(&mut self, wanted: usize) {
        while self.view().len() < wanted && self.more() {}
    }

    /// Moves the beginning of the view.
    pub(super) fn advance(&mut self, by: usize) {
        let by = by.min(self.view().len());
        self.start += by;
        self.offset += by as u64;
    }

    /// Length of the header block at the beginning of the view, its closing line included, and
    /// whether it had to be cut at `limit`. `stop` says whether a line (given with what follows)
    /// ends the block before its empty line.
    pub(super) fn header_block(
        &mut self,
        limit: usize,
        stop: impl Fn(&[u8]) -> bool,
    ) -> (usize, bool) {
        let mut line_start = 0;
        loop {
            let rest = self.view().get(line_start..).unwrap_or_default();
            let cut = if line_start > 0 { line_start } else { limit };
            let Some(end) = memchr::memchr(b'\n', rest) else {
                if self.view().len() > limit + 2 {
                    return (cut, true);
                }
                if self.more() {
                    continue;
                }
                return (self.view().len(), false);
            };
            let line = rest.get(..end).unwrap_or_default();
            if line.is_empty() || line == b"\r" {
                return (line_start + end + 1, false);
            }
            if line_start + end > limit {
                return (cut, true);
            }
            if line_start > 0 && line.starts_with(b"From ") {
                self.ensure(line_start + super::separator::LOOK_AHEAD);
                if stop(self.view().get(line_start..).unwrap_or_default()) {
                    return (line_start, false);
                }
            }
            line_start += end + 1;
        }
    }

    /// Place of the next line in view that may be a separator, after `from`.
    pub(super) fn possible_separator(&self, from: usize) -> Option<usize> {
        let rest = self.view().get(from..)?;
        self.separator.find(rest).map(|at| from + at + 1)
    }

    /// Whether an error ended the stream.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The error that ended the stream, if one did.
    pub(super) fn finish(self) -> io::Result<()> {
        self.broken.map_or(Ok(()), Err)
    }
}
