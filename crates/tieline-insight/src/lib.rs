//! From a network to findings: sentences with their numbers, evidence, coverage, stability, caveats.
//!
//! Pure: no input or output, no clock, and no randomness without a seed. The same network, events
//! and options give the same values, bit for bit, on any number of threads and in any input order.
//!
//! Modules in reading order:
//!
//! * [`input`]: what the caller hands in; [`network`]: the immutable network built from it;
//!   [`groups`]: which groups are compared and may be shown; [`voice`]: the [`View`] that names
//!   people and groups as privacy allows, and words for numbers.
//! * [`finding`] and [`findings`]: what comes out; [`analyse()`] makes it.
//! * On demand: [`path()`], [`without()`], [`with_tie()`], [`merged()`],
//!   [`bridges()`], [`changes()`], [`people()`].
//! * [`measures`], [`resample`], [`dependence`]: methods of their own.

pub mod analyse;
mod brokers;
pub mod changes;
mod cooling;
pub mod departure;
pub mod dependence;
pub mod finding;
pub mod findings;
mod formal;
pub mod gaps;
pub mod groups;
pub mod input;
pub mod layers;
pub mod measures;
mod memo;
pub mod network;
mod orientation;
pub mod paths;
pub mod people;
pub mod rehearse;
mod report;
pub mod resample;
mod silos;
mod stability;
mod summary;
pub mod voice;

pub use analyse::analyse;
pub use changes::{Changes, changes};
pub use departure::{WhatIf, without};
pub use finding::{
    Coverage, Evidence, Finding, FindingKind, Method, Part, PersonRef, Significance, Stability,
};
pub use findings::Findings;
pub use gaps::bridges;
pub use groups::{Group, Groups};
pub use input::{
    ActorNode, AnalysisOptions, EventShare, EventShares, Grouping, Names, NetworkInput,
    PairContact, Provenance, ReportsTo, SourceCount, StatedPair,
};
pub use layers::{Layer, Layers, layers};
pub use memo::Links;
pub use network::{Network, NetworkError, Pair};
pub use paths::{Introductions, path};
pub use people::{PersonMeasures, people};
pub use rehearse::{Rehearsal, RehearsalError, merged, with_tie};
pub use summary::summary as summarise;
pub use tieline_graph::inequality::{evenness, gini};
pub use voice::View;
