//! A sliding view of a stream: as much of it as a decision needs, no more.

use std::io::{self, BufRead};

/// What was read of a stream and not yet passed.
pub(super) struct Window<'i> {
    input: &'i mut dyn BufRead,
    buffer: Vec<u8>,
    start: usize,
    /// Offset of `start` in the stream.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

impl<'i> Window<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, buffer: Vec::new(), start: 0, offset: 0, ended: false, broken: None }
    }

    /// What is in view.
    pub(super) fn view(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
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
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        loop {
            match self.input.fill_buf() {
                Ok([]) => break,
                Ok(chunk) => {
                    let taken = chunk.len();
                    self.buffer.extend_from_slice(chunk);
                    self.input.consume(taken);
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

    /// Whether an error ended the stream.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The error that ended the stream, if one did.
    pub(super) fn finish(self) -> io::Result<()> {
        self.broken.map_or(Ok(()), Err)
    }
}
