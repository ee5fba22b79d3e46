//! Partnerships: parties, stages, charter, people who carry them, renewal, shared resources, meetings.
//!
//! No party owns a partnership: every rule here treats parties alike.
//!
//! * [`stage`]: idea to closed, what each stage asks (METHODS 15), the gates between them.
//! * [`charter`]: versions, and each party's assent to them.
//! * [`dependency`]: how far it rests on single people (METHODS 13).
//! * [`renewal`]: alerts before the end, lapsing, how often to review (METHODS 13).
//! * [`reservation`]: shared resources that cannot be booked twice; [`resource`]: what is shared.
//! * [`meeting`]: times to meet that share inconvenience fairly.

pub mod charter;
pub mod dependency;
pub mod meeting;
pub mod renewal;
pub mod reservation;
pub mod resource;
pub mod stage;

use std::collections::BTreeSet;

use crate::access::words;
use crate::id::{PartyId, UnitId};

/// One side of a partnership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// The unit or organisation that takes part.
    pub unit: UnitId,
    /// The organisation that the unit belongs to; the unit itself where it is one.
    pub organisation: UnitId,
}

/// Across which borders a partnership reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Between units of one organisation.
    Internal,
    /// Each party belongs to another organisation.
    External,
    /// Several organisations, one of them with more than one party.
    Mixed,
}
words!(Reach { Internal "internal", External "external", Mixed "mixed", });

/// Across which borders these parties reach; `None` for fewer than two.
pub fn reach(parties: &[Party]) -> Option<Reach> {
    if parties.len() < 2 {
        return None;
    }
    let organisations: BTreeSet<UnitId> = parties.iter().map(|party| party.organisation).collect();
    Some(match organisations.len() {
        1 => Reach::Internal,
        n if n == parties.len() => Reach::External,
        _ => Reach::Mixed,
    })
}
