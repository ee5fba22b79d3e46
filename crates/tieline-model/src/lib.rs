//! The vocabulary of Tieline and its rules, as plain values.
//!
//! No input or output, no clock, no randomness: everything here is a pure function of its arguments.
//! Modules in reading order:
//!
//! * [`id`], [`time`]: newtypes for identifiers and moments.
//! * [`address`]: what an address is and how it is made canonical (METHODS 12.1).
//! * [`record`]: what importers produce; [`issue`]: what they could not read.
//! * [`interaction`]: one dated act as the lake stores it.
//! * [`tie`]: strength, reciprocity, decay and states of a tie (METHODS 1.1 and 1.2).
//! * [`access`]: roles, who may see what; [`contact`]: contacts logged by hand; [`job`]: background
//!   work as values.
//! * [`org`]: units and affiliations; [`claim`]: what sources say about who owns an address.
//!
//! The rules of partnerships:
//!
//! * [`fraction`]: exact fractions; [`step`]: why a step between stages is refused.
//! * [`decision`]: joint decisions (METHODS 6).
//! * [`conflict`]: stages of a conflict, mediators, division, package deals (METHODS 7).
//! * [`partnership`]: parties, stages, charter, renewal, shared resources, meetings (METHODS 13, 15).
//! * [`room`]: who is in the room of a partnership, and what they may do there.

pub mod access;
pub mod address;
pub mod claim;
pub mod conflict;
pub mod contact;
pub mod decision;
pub mod fraction;
pub mod id;
pub mod interaction;
pub mod issue;
pub mod job;
pub mod org;
pub mod partnership;
pub mod record;
pub mod room;
pub mod step;
pub mod tie;
pub mod time;
