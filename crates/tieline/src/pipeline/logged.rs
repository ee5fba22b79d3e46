//! Contacts logged by hand, added to the ties that archives show (METHODS 1.1).

use std::collections::{BTreeMap, HashMap};

use tieline_lake::PairContact;
use tieline_model::contact::ContactKind;
use tieline_model::id::{AddressId, ContactId};
use tieline_model::tie::{Contact, Strength, TieParams, decay, gathering_share, message_share};
use tieline_model::time::{DAY_MS, Window};
use tieline_store::ContactTie;

/// Adds logged contacts inside the window: met and called as a gathering of all named and whoever
/// logged it, without a stated length; wrote as a message to all named. Both ends of a tie are the
/// one who logged it and each of the named; the named among themselves get nothing, because nobody
/// said that they spoke with each other. The result is in order of (a, b). O(p log p).
pub(crate) fn add(
    seen: Vec<PairContact>,
    logged: &[ContactTie],
    nodes: &HashMap<AddressId, u32>,
    window: Window,
    params: &TieParams,
) -> Vec<PairContact> {
    let inside = |tie: &&ContactTie| window.contains(tie.at);
    let mut people: HashMap<ContactId, u32> = HashMap::new();
    for tie in logged.iter().filter(inside) {
        *people.entry(tie.contact).or_default() += 1;
    }
    if people.is_empty() {
        return seen;
    }
    let mut pairs: BTreeMap<(u32, u32), Contact> =
        seen.into_iter().map(|pair| ((pair.a, pair.b), pair.contact)).collect();
    for tie in logged.iter().filter(inside) {
        let (Some(own), Some(other)) = (nodes.get(&tie.own), nodes.get(&tie.other)) else {
            continue;
        };
        if own == other {
            continue;
        }
        let n = people.get(&tie.contact).copied().unwrap_or(1);
        let weight = params.channel_weights.of(tie.kind.channel())
            * decay(window.to.days_since(tie.at), params.half_life_days);
        let (given, taken) = match tie.kind {
            ContactKind::Wrote => (weight * message_share(n), 0.0),
            ContactKind::Met | ContactKind::Called => {
                let share = weight * gathering_share(n + 1, 0);
                (share, share)
            }
        };
        let contact =
            pairs.entry((*own.min(other), *own.max(other))).or_insert_with(|| nothing(tie));
        one_more(contact, tie, own < other, given, taken);
    }
    pairs.into_iter().map(|((a, b), contact)| PairContact { a, b, contact }).collect()
}

/// A pair before its first contact.
fn nothing(tie: &ContactTie) -> Contact {
    Contact {
        strength: Strength { x_ij: 0.0, x_ji: 0.0 },
        count_ij: 0,
        count_ji: 0,
        first: tie.at,
        last: tie.at,
        days: Vec::new(),
    }
}

/// `forward`: whoever logged it is `i`. What was taken is 0 for what went one way.
fn one_more(contact: &mut Contact, tie: &ContactTie, forward: bool, given: f64, taken: f64) {
    let (ij, ji) = if forward { (given, taken) } else { (taken, given) };
    contact.strength.x_ij += ij;
    contact.strength.x_ji += ji;
    contact.count_ij += u64::from(forward || taken > 0.0);
    contact.count_ji += u64::from(!forward || taken > 0.0);
    contact.first = contact.first.min(tie.at);
    contact.last = contact.last.max(tie.at);
    let day = tie.at.ms().div_euclid(DAY_MS);
    if let Err(at) = contact.days.binary_search(&day) {
        contact.days.insert(at, day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_model::time::Moment;
    use uuid::Uuid;

    const NOW: i64 = 1_000 * DAY_MS;

    fn tie(contact: u128, own: u64, other: u64, kind: ContactKind, days_ago: i64) -> ContactTie {
        let address = |n: u64| AddressId::from_i64(n.cast_signed());
        ContactTie {
            contact: ContactId(Uuid::from_u128(contact)),
            own: address(own),
            other: address(other),
            kind,
            at: Moment::from_ms(NOW - days_ago * DAY_MS),
        }
    }

    fn added(logged: &[ContactTie], seen: Vec<PairContact>) -> Vec<PairContact> {
        let nodes = (1..=3).map(|n| (AddressId::from_i64(n), n as u32 - 1)).collect();
        let window = Window::days_before(Moment::from_ms(NOW + 1), 365.0);
        add(seen, logged, &nodes, window, &TieParams::default())
    }

    #[test]
    fn a_meeting_counts_for_both_ends_as_a_gathering_does() {
        // METHODS 1.1: 0.5 * 2.0 * f(30 min = 1) * 2^(-0/h) / (2 - 1) = 1 in each direction.
        let pairs = added(&[tie(1, 2, 1, ContactKind::Met, 0)], Vec::new());
        assert_eq!(pairs.len(), 1);
        let PairContact { a, b, contact } = &pairs[0];
        assert_eq!((*a, *b, contact.count_ij, contact.count_ji), (0, 1, 1, 1));
        assert!((contact.strength.x_ij - 1.0).abs() < 1e-6);
        assert!((contact.strength.x_ji - 1.0).abs() < 1e-6);
    }

    #[test]
    fn writing_to_two_people_gives_each_half_and_takes_nothing() {
        let wrote = |other| tie(1, 1, other, ContactKind::Wrote, 0);
        let pairs = added(&[wrote(2), wrote(3)], Vec::new());
        let given: Vec<(u32, u32, f64, f64)> = pairs
            .iter()
            .map(|p| (p.a, p.b, p.contact.strength.x_ij, p.contact.strength.x_ji))
            .collect();
        assert_eq!(given.len(), 2);
        for (_, _, x_ij, x_ji) in given {
            assert!((x_ij - 0.5).abs() < 1e-6 && x_ji == 0.0);
        }
    }

    #[test]
    fn what_is_logged_joins_what_was_seen_and_the_window_bounds_it() {
        let first = added(&[tie(1, 1, 2, ContactKind::Called, 10)], Vec::new());
        let both =
            added(&[tie(2, 2, 1, ContactKind::Met, 0), tie(3, 1, 2, ContactKind::Met, 400)], first);
        assert_eq!(both.len(), 1);
        let contact = &both[0].contact;
        assert_eq!((contact.count_ij, contact.count_ji), (2, 2));
        assert_eq!(contact.days, [990, 1000]);
    }

    #[test]
    fn nothing_logged_changes_nothing() {
        assert!(added(&[], Vec::new()).is_empty());
        assert!(added(&[tie(1, 9, 1, ContactKind::Met, 0)], Vec::new()).is_empty());
    }
}
