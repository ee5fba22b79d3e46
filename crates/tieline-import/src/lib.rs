//! Reads archives that people already have: bytes in, records and located issues out.
//!
//! No store, no network, no clock. A [`Source`] knows one format, recognises it, and streams its
//! records into a [`Sink`]; everything it cannot read becomes an issue with a position and a reason.
//! Adding a format: one file with one `Source`, one line in [`sources`]; see CONTRIBUTING.md.

pub mod calendar;
pub mod contacts;
mod container;
mod detect;
pub mod directory;
mod lines;
pub mod mail;
pub mod network;
pub mod source;
mod table;
#[cfg(test)]
mod testing;
mod text;
pub mod walk;

pub use source::{Confidence, Context, Mapping, Probe, Sink, Source, Stop, Tables};

/// Every format, in order of preference among equally sure ones.
pub fn sources() -> &'static [&'static dyn Source] {
    static SOURCES: [&dyn Source; 15] = [
        &mail::mbox::Mbox,
        &mail::maildir::Maildir,
        &mail::eml::Eml,
        &calendar::Calendar,
        &contacts::VCards,
        &contacts::GOOGLE,
        &contacts::OUTLOOK,
        &contacts::LINKEDIN,
        &directory::DirectoryTable,
        &directory::DirectorySheet,
        &network::GraphMl,
        &network::Gexf,
        &network::Kumu,
        &network::Pajek,
        &network::NetworkTable,
    ];
    &SOURCES
}

/// The source of a kind that a person names: a source's own name, or what a network table holds
/// (`edges`, `nodes`, `node-labels`, `two-mode`, `matrix`).
pub fn source_of_kind(kind: &str) -> Option<&'static dyn Source> {
    let tables = ["edges", "nodes", "node-labels", "two-mode", "matrix"];
    let name = if tables.contains(&kind) { network::NetworkTable.name() } else { kind };
    sources().iter().copied().find(|source| source.name() == name)
}
