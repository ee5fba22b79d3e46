//! Single messages in files: `.eml`, Apple's `.emlx`, and mail trees of plain files.

use std::io::BufRead;

use tieline_model::issue::{Position, Severity};

use super::headers::{self, Envelope};
use super::window::Window;
use super::{MAX_HEADERS, deliver, maildir};
use crate::detect::{self, MailLook};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};

/// One message in one file.
#[derive(Debug, Clone, Copy)]
pub struct Eml;

impl Source for Eml {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn about(&self) -> &'static str {
        "single messages in files (.eml, .emlx, mail trees of plain files)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        if maildir::is_unfinished(probe) {
            return Confidence::No;
        }
        let named = probe.has_extension("eml") || probe.has_extension("emlx");
        let head = probe.head.get(length_line(probe.head)..).unwrap_or_default();
        match (detect::mail_look(head), named) {
            (MailLook::Headers, true) => Confidence::Certain,
            (MailLook::Headers, false) => Confidence::Likely,
            (MailLook::Broken | MailLook::Field, true) => Confidence::Likely,
            // Whatever it holds, its name says that a message should be in it.
            (MailLook::No, true) => Confidence::Possible,
            (MailLook::Broken, false) if looks_filed(probe.file_name) => Confidence::Possible,
            _ => Confidence::No,
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        single(input, sink)
    }
}

/// Reads one message and stops where its body begins.
pub(super) fn single(input: &mut dyn BufRead, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut window = Window::new(input);
    window.ensure(64);
    window.advance(length_line(window.view()));
    let position = Position::Byte(window.offset());
    let (len, cut) = window.header_block(MAX_HEADERS, |_| false);
    let parsed = headers::parse(window.view().get(..len).unwrap_or_default(), &Envelope::default());
    let kept = parsed.message.is_ok();
    let (none, finished) = (window.view().is_empty(), window.finish());
    if none && finished.is_err() {
        return Ok(finished?);
    }
    deliver(parsed, position, sink)?;
    if kept && cut {
        let reason = "headers longer than 1 MiB were cut".to_owned();
        sink.issue(position, Severity::Repaired, reason)?;
    }
    if kept && finished.is_err() {
        let reason = "the file breaks off among its headers".to_owned();
        sink.issue(position, Severity::Repaired, reason)?;
    }
    Ok(())
}

/// Length of the first line of an `.emlx`, which states the size of the message; 0 for others.
fn length_line(head: &[u8]) -> usize {
    let digits = head.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = head.get(digits..).unwrap_or_default();
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
    let ends = rest.get(blanks) == Some(&b'\n');
    if (1..=20).contains(&digits) && ends { digits + blanks + 1 } else { 0 }
}

/// Names of messages in MH folders and the Enron tree: `12`, `12.`.
fn looks_filed(file_name: &str) -> bool {
    let stem = file_name.trim_end_matches(['.', '_']);
    !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit())
}
