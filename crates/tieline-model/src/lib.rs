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
//! * [`raci`]: roles per piece of work; [`objective`]: key results, alignment (METHODS 8);
//!   [`similarity`]: how alike texts are (METHODS 2.21).
//! * [`stakeholder`]: power, interest, salience, engagement (METHODS 3).
//! * [`commitment`]: promises and reliability; [`ledger`]: give and take (METHODS 9.6);
//!   [`challenge`]: a problem that they share; [`initiative`]: what partners do together, [`schedule`]: its critical path; [`pact`]: signed agreements and their duties; [`listening`]: what was said and what came of it; [`agreement`]: planned against real contact, thanks (METHODS 9.7); [`participation`]: who is
//!   heard and answered (METHODS 1.3).
//! * [`room`]: who is in the room of a partnership, and what they may do there.

pub mod access;
pub mod address;
pub mod agreement;
pub mod challenge;
pub mod claim;
pub mod commitment;
pub mod conflict;
pub mod contact;
pub mod decision;
pub mod fraction;
pub mod id;
pub mod initiative;
pub mod interaction;
pub mod issue;
pub mod job;
pub mod ledger;
pub mod listening;
pub mod objective;
pub mod org;
pub mod pact;
pub mod participation;
pub mod partnership;
pub mod raci;
pub mod record;
pub mod room;
pub mod schedule;
pub mod similarity;
pub mod stakeholder;
pub mod step;
pub mod tie;
pub mod time;
