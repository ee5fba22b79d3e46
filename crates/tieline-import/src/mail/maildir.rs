//! Maildir and Maildir++: one message a file, in `cur` and `new`.

use std::io::BufRead;

use super::eml;
use crate::detect::{self, MailLook};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};

/// A message in a Maildir.
#[derive(Debug, Clone, Copy)]
pub struct Maildir;

impl Source for Maildir {
    fn name(&self) -> &'static str {
        "maildir"
    }

    fn about(&self) -> &'static str {
        "messages in Maildir and Maildir++ folders (cur and new)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let delivered = matches!(probe.folders.last(), Some(&"cur" | &"new"));
        // Index files of servers lie beside the messages.
        match (delivered, detect::mail_look(probe.head)) {
            (true, MailLook::Headers | MailLook::Broken) => Confidence::Certain,
            (true, MailLook::Field) if is_unique_name(probe.file_name) => Confidence::Likely,
            (true, MailLook::No) if is_unique_name(probe.file_name) => Confidence::Possible,
            _ => Confidence::No,
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        eml::single(input, sink)
    }
}

/// Whether the file is a message that a Maildir has not yet delivered: it is none, or will turn up
/// in `new`.
pub(super) fn is_unfinished(probe: &Probe<'_>) -> bool {
    probe.folders.last() == Some(&"tmp") && is_unique_name(probe.file_name)
}

/// `seconds.unique.host`, with or without flags: <https://cr.yp.to/proto/maildir.html>.
fn is_unique_name(file_name: &str) -> bool {
    let mut parts = file_name.splitn(3, '.');
    let seconds = parts.next().unwrap_or_default();
    seconds.len() >= 9
        && seconds.bytes().all(|byte| byte.is_ascii_digit())
        && parts.next().is_some()
}
