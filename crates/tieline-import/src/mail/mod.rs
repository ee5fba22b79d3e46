//! Mail: headers only. Bodies are passed over unread, subjects are hashed at most.
//!
//! [`headers`] turns one header block into a message; [`mbox`], [`maildir`] and [`eml`] find header
//! blocks in files.

mod addresses;
mod date;
pub mod eml;
mod fields;
pub mod headers;
mod list;
pub mod maildir;
pub mod mbox;
mod memory;
mod separator;
mod window;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

use crate::source::{Sink, Stop};

/// A header block is read up to this size; what is beyond it is passed over like a body.
const MAX_HEADERS: usize = 1 << 20;

/// Hands a parsed header block on: the record with its repairs, or the loss.
fn deliver(parsed: headers::Parsed, position: Position, sink: &mut dyn Sink) -> Result<(), Stop> {
    match parsed.message {
        Ok(message) => {
            sink.record(position, Record::Message(message))?;
            parsed
                .repairs
                .into_iter()
                .try_for_each(|repair| sink.issue(position, Severity::Repaired, repair.to_owned()))
        }
        Err(reason) => sink.issue(position, Severity::Lost, reason.to_owned()),
    }
}
