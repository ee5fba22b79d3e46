//! Mbox files: mboxo, mboxrd, mboxcl and mboxcl2, with separators as they are found.

use std::io::BufRead;

use tieline_model::issue::{Position, Severity};

use super::headers::{self, Envelope};
use super::memory::Memory;
use super::separator::{LOOK_AHEAD, Separator};
use super::window::Window;
use super::{MAX_HEADERS, deliver};
use crate::detect::{self, MailLook};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};

/// `Content-Length` is followed past a line that looks like a separator only this far: the bytes
/// between are held in memory until it shows whether it is right.
const MAX_TRUSTED_LENGTH: u64 = 16 << 20;

/// Header blocks are mostly shorter than this.
const NEAR: usize = 32 * 1024;

/// Bytes kept in view before a possible separator: enough to see an empty line.
const LOOK_BACK: usize = 8;

/// Mailboxes in one file, messages separated by `From ` lines.
#[derive(Debug, Clone, Copy)]
pub struct Mbox;

impl Source for Mbox {
    fn name(&self) -> &'static str {
        "mbox"
    }

    fn about(&self) -> &'static str {
        "mailboxes in one file (mbox in all its variants, Thunderbird, Google Takeout)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let head = probe.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(probe.head);
        if Separator::at(head, true).is_some() {
            return Confidence::Certain;
        }
        let named = ["mbox", "mbx", "mboxrd"].iter().any(|ending| probe.has_extension(ending));
        let after_separator = memchr::memchr(b'\n', head).and_then(|end| head.get(end + 1..));
        let headers_second = head.starts_with(b"From ")
            && after_separator.is_some_and(|rest| detect::mail_look(rest) > MailLook::Field);
        let later = || {
            memchr::memmem::find_iter(head, b"\nFrom ")
                .any(|at| head.get(at + 1..).is_some_and(|t| Separator::at(t, true).is_some()))
        };
        match (headers_second, named) {
            (true, _) => Confidence::Likely,
            (false, true) if later() || detect::mail_look(head) == MailLook::Headers => {
                Confidence::Likely
            }
            (false, true) if memchr::memchr(0, head).is_none() => Confidence::Possible,
            _ => Confidence::No,
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut window = Window::new(input);
        window.ensure(LOOK_AHEAD);
        if window.view().starts_with(b"\xef\xbb\xbf") {
            window.advance(3);
        }
        let mut lead = !first_message(&mut window, sink)?;
        let mut memory = Memory::default();
        let mut next = None;
        while !window.view().is_empty() {
            let position = Position::Byte(window.offset());
            let (parsed, cut) = message(&mut window, next.take(), &mut memory);
            if parsed.message.is_err() && window.is_broken() && window.view().is_empty() {
                // What is left of it is lost with the break, which is reported once.
                break;
            }
            let body_bytes = parsed.body_bytes;
            let kept = parsed.message.is_ok();
            deliver(parsed, position, sink)?;
            if kept && cut {
                let reason = "headers longer than 1 MiB were cut".to_owned();
                sink.issue(position, Severity::Repaired, reason)?;
            }
            if kept && std::mem::take(&mut lead) {
                let reason = "text before the first message was passed over".to_owned();
                sink.issue(position, Severity::Repaired, reason)?;
            }
            if let Next::Separator(separator) = next_separator(&mut window, body_bytes) {
                next = Some(separator);
            }
        }
        Ok(window.finish()?)
    }
}

/// Moves to the first message. `false` when text had to be passed over to get there.
fn first_message(window: &mut Window<'_>, sink: &mut dyn Sink) -> Result<bool, Stop> {
    let view = window.view();
    let separated = view.starts_with(b"From ");
    // A first message without its separator is one all the same.
    if separated || detect::mail_look(view) == MailLook::Headers {
        return Ok(true);
    }
    let blank = view.trim_ascii().is_empty();
    let start = window.offset();
    if matches!(next_separator(window, None), Next::End) && !blank {
        let reason = "no message separator in the whole file".to_owned();
        sink.issue(Position::Byte(start), Severity::Lost, reason)?;
    }
    Ok(blank)
}

/// Reads separator (or takes it as read) and headers at the beginning of the view and moves behind
/// them.
fn message(
    window: &mut Window<'_>,
    separator: Option<Separator>,
    memory: &mut Memory,
) -> (headers::Parsed, bool) {
    window.ensure(LOOK_AHEAD);
    let mut line = std::mem::take(&mut memory.separator);
    line.clear();
    match separator.or_else(|| Separator::at(window.view(), true)) {
        Some(separator) => {
            line.extend_from_slice(window.view().get(..separator.len).unwrap_or_default());
            window.advance(separator.len);
        }
        // The very first line may say "From " and no more.
        None if window.view().starts_with(b"From ") => {
            let line = memchr::memchr(b'\n', window.view()).map_or(LOOK_AHEAD, |end| end + 1);
            window.advance(line);
        }
        None => {}
    }
    // Most messages have all they need in their headers.
    let envelope = || Envelope::of_separator(&line);
    let near = window.view().get(..NEAR).unwrap_or(window.view());
    let (parsed, passed, cut) = match headers::parse_plain(near, &envelope, memory) {
        Some((parsed, len)) => (parsed, len - 1, false),
        None => {
            let ends = |text: &[u8]| Separator::at(text, false).is_some();
            let (len, cut) = window.header_block(MAX_HEADERS, ends);
            let block = window.view().get(..len).unwrap_or_default();
            let parsed = headers::parse_with(block, &envelope, memory);
            // The line end of the empty line stays: it is what a separator may follow.
            let closed = block.ends_with(b"\n\n") || block.ends_with(b"\r\n\r\n") || block == b"\n";
            (parsed, if closed { len - 1 } else { len }, cut)
        }
    };
    window.advance(passed);
    memory.separator = line;
    (parsed, cut)
}

/// What follows a body.
enum Next {
    /// A message with this separator.
    Separator(Separator),
    /// A message whose separator is yet to be read.
    Unread,
    /// Nothing.
    End,
}

/// Moves to the next separator, or to the end when there is none. The view begins with the line end
/// of the empty line that closes the headers, where there is one.
fn next_separator(window: &mut Window<'_>, body_bytes: Option<u64>) -> Next {
    let closed = usize::from(window.view().first() == Some(&b'\n'));
    let body_end = body_bytes.map(|len| window.offset() + closed as u64 + len);
    // Where a separator may begin without an empty line: right after cut headers.
    let mut at_start = closed == 0;
    let mut from = 0;
    loop {
        let view = window.view();
        let found = if std::mem::take(&mut at_start) && view.starts_with(b"From ") {
            Some(0)
        } else {
            window.possible_separator(from)
        };
        let Some(at) = found else {
            let passed = view.len().saturating_sub(LOOK_BACK);
            window.advance(passed);
            from = 0;
            if !window.more() {
                window.advance(usize::MAX);
                return Next::End;
            }
            continue;
        };
        let Some(separator) = separator_at(window, at) else {
            from = at;
            continue;
        };
        let position = window.offset() + at as u64;
        let target = body_end
            .filter(|end| *end > position && *end - position <= MAX_TRUSTED_LENGTH)
            .and_then(|end| landing(window, at + (end - position) as usize));
        window.advance(target.unwrap_or(at));
        return match target {
            None => Next::Separator(separator),
            Some(_) if window.view().is_empty() => Next::End,
            Some(_) => Next::Unread,
        };
    }
}

/// The separator at `at` in the view, if there is one.
fn separator_at(window: &mut Window<'_>, at: usize) -> Option<Separator> {
    window.ensure(at + LOOK_AHEAD);
    let (before, text) = window.view().split_at_checked(at).unwrap_or_default();
    let after_blank = before.len() < 2 || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    Separator::at(text, after_blank)
}

/// Where a stated length really ends: at a separator or at the end of the file, after at most two
/// line ends.
fn landing(window: &mut Window<'_>, end: usize) -> Option<usize> {
    window.ensure(end + 4 + LOOK_AHEAD);
    let mut rest = window.view().get(end..)?;
    for _ in 0..2 {
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
    let target = window.view().len() - rest.len();
    (rest.is_empty() || Separator::at(rest, true).is_some()).then_some(target)
}
