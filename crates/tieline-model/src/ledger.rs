//! The ledger of give and take: do both sides gain? (METHODS 9.6, Tieline's own; reciprocity after
//! Squartini et al. 2013)
//!
//! Balance is information, not a debt: some partnerships are meant to be one-way.

use std::collections::BTreeMap;

use crate::access::words;

/// What whoever received something says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Receipt {
    /// Nothing yet.
    #[default]
    Waits,
    /// It was received so.
    Confirmed,
    /// It was not, or not so.
    Questioned,
}
words!(Receipt { Waits "waits", Confirmed "confirmed", Questioned "questioned", });

/// Something that one party gave another. `P` names a party.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<P> {
    /// Who gave.
    pub giver: P,
    /// Who received.
    pub receiver: P,
    /// What it is worth in the unit that the parties agreed on, at least 0; `None`: not valued.
    pub value: Option<f64>,
    /// Whether the receiver confirmed it. Nothing else counts.
    pub is_confirmed: bool,
}

/// Why an entry is not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Someone other than the receiver.
    #[error("only the party that received it can confirm it")]
    NotReceiver,
    /// Twice.
    #[error("this is confirmed already")]
    Confirmed,
}

impl<P: Copy + PartialEq> Entry<P> {
    /// The entry, confirmed by a party.
    ///
    /// # Errors
    /// It is not the receiver, or the entry is confirmed already.
    pub fn confirmed_by(self, party: P) -> Result<Self, LedgerError> {
        if party != self.receiver {
            Err(LedgerError::NotReceiver)
        } else if self.is_confirmed {
            Err(LedgerError::Confirmed)
        } else {
            Ok(Self { is_confirmed: true, ..self })
        }
    }

    /// What it counts: its value once confirmed; 0 for values that are no amounts.
    fn counts(&self) -> Option<f64> {
        self.value.filter(|value| self.is_confirmed && value.is_finite() && *value >= 0.0)
    }
}

/// What two parties gave each other, seen from the first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GiveAndTake {
    /// Value of what the first gave, confirmed.
    pub given: f64,
    /// Value of what it received, confirmed.
    pub received: f64,
    /// Confirmed entries without a value that it gave.
    pub n_unvalued_given: u64,
    /// The same that it received.
    pub n_unvalued_received: u64,
    /// Entries of either direction that wait for the receiver.
    pub n_unconfirmed: u64,
}

impl GiveAndTake {
    /// `2 min / (given + received)`: 0 one-sided to 1 even; `None` without values.
    pub fn reciprocity(&self) -> Option<f64> {
        let sum = self.given + self.received;
        (sum > 0.0).then(|| 2.0 * self.given.min(self.received) / sum)
    }

    /// `(given - received) / (given + received)`: -1 takes alone to 1 gives alone; `None` without
    /// values.
    pub fn balance(&self) -> Option<f64> {
        let sum = self.given + self.received;
        (sum > 0.0).then(|| (self.given - self.received) / sum)
    }
}

/// What one party and another gave each other.
pub fn between<P: Copy + PartialEq>(entries: &[Entry<P>], one: P, other: P) -> GiveAndTake {
    let mut found = GiveAndTake::default();
    for entry in entries {
        let is_given = (entry.giver, entry.receiver) == (one, other);
        if !is_given && (entry.giver, entry.receiver) != (other, one) {
            continue;
        }
        match (is_given, entry.is_confirmed, entry.counts()) {
            (_, false, _) => found.n_unconfirmed += 1,
            (true, true, Some(value)) => found.given += value,
            (false, true, Some(value)) => found.received += value,
            (true, true, None) => found.n_unvalued_given += 1,
            (false, true, None) => found.n_unvalued_received += 1,
        }
    }
    found
}

/// `sum min(w_ij, w_ji) / sum w_ij` over all pairs of parties: 0 to 1; `None` without values.
pub fn reciprocity<P: Copy + Ord>(entries: &[Entry<P>]) -> Option<f64> {
    let mut flows: BTreeMap<(P, P), f64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.giver != entry.receiver) {
        if let Some(value) = entry.counts() {
            *flows.entry((entry.giver, entry.receiver)).or_default() += value;
        }
    }
    let total: f64 = flows.values().sum();
    let returned = |(from, to): &(P, P)| flows.get(&(*to, *from)).copied().unwrap_or(0.0);
    let mutual: f64 = flows.iter().map(|(pair, value)| value.min(returned(pair))).sum();
    (total > 0.0).then(|| mutual / total)
}

/// What one party gave all others, and received of them.
pub fn of_party<P: Copy + PartialEq>(entries: &[Entry<P>], party: P) -> GiveAndTake {
    let as_sides = entries.iter().map(|entry| Entry {
        giver: entry.giver == party,
        receiver: entry.receiver == party,
        value: entry.value,
        is_confirmed: entry.is_confirmed,
    });
    between(&as_sides.collect::<Vec<_>>(), true, false)
}
