//! Reads archives that people already have: bytes in, records and located issues out.
//!
//! No store, no network, no clock. A [`Source`] knows one format, recognises it, and streams its
//! records into a [`Sink`]; everything it cannot read becomes an issue with a position and a reason.
//! Adding a format: one file with one `Source`, one line in [`sources`]; see CONTRIBUTING.md.

pub mod source;

pub use source::{Confidence, Context, Probe, Sink, Source, Stop};
