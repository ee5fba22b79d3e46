//! One name at two organisations, one after the other: perhaps a change of jobs. Only a proposal: it is
//! a reason of a review, and nothing is joined for it.

use std::collections::BTreeMap;

use crate::domains;
use crate::org::JOB_CHANGE_MESSAGES;
use crate::profile::{AddressBook, Use};

/// Days for which an old address may stay in use beside the new one: a month's notice.
pub const JOB_CHANGE_OVERLAP_DAYS: f64 = 31.0;

/// When an actor was seen at one organisation's domain.
pub(crate) struct Place {
    domain: String,
    /// The address that was used first there, and the one that was used last.
    first_address: String,
    last_address: String,
    used: Use,
}

/// The organisations' domains at which some addresses were used, by name. Free mail is nobody's
/// organisation.
pub(crate) fn places(book: &AddressBook<'_>, nodes: &[u32]) -> Vec<Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for node in nodes {
        let domain = book.address(*node).domain().and_then(domains::organisational);
        let (Some(domain), Some(used)) = (domain, book.get(*node).used) else { continue };
        let shown = || book.shown(*node).to_owned();
        let place = places.entry(domain.to_owned()).or_insert_with(|| Place {
            domain: domain.to_owned(),
            first_address: shown(),
            last_address: shown(),
            used: Use { messages: 0, ..used },
        });
        if used.first < place.used.first {
            place.first_address = shown();
        }
        if used.last > place.used.last {
            place.last_address = shown();
        }
        place.used = place.used.with(used);
    }
    places.into_values().collect()
}

/// The question, where one actor ends at one organisation as the other begins at another.
pub(crate) fn question(a: &[Place], b: &[Place]) -> Option<String> {
    let shared = a.iter().any(|place| b.iter().any(|other| other.domain == place.domain));
    if shared { None } else { one_after_the_other(a, b).or_else(|| one_after_the_other(b, a)) }
}

fn one_after_the_other(before: &[Place], after: &[Place]) -> Option<String> {
    let begin = |places: &[Place]| places.iter().map(|place| place.used.first).min();
    let old = before.iter().max_by_key(|place| place.used.last)?;
    let new = after.iter().min_by_key(|place| place.used.first)?;
    let end = after.iter().map(|place| place.used.last).max()?;
    let enough = old.used.messages.min(new.used.messages) >= JOB_CHANGE_MESSAGES;
    // Both beginning and end move on: an address within the life of another is no change.
    let moves_on = begin(before)? < new.used.first && old.used.last < end;
    let overlap = old.used.last.days_since(new.used.first);
    (enough && moves_on && overlap <= JOB_CHANGE_OVERLAP_DAYS).then(|| {
        format!(
            "same name; {} was last used in {}, {} first used in {}: a job change?",
            old.last_address,
            old.used.last.month(),
            new.first_address,
            new.used.first.month()
        )
    })
}
