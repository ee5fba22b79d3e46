//! Shared resources: reservations over half-open intervals, never more than the capacity at any
//! moment.

use crate::time::Moment;

/// A time in between: `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// First moment inside.
    pub from: Moment,
    /// First moment after.
    pub to: Moment,
}

/// Error of an interval that ends before it begins, or at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the end must be after the beginning")]
pub struct IntervalError;

impl Interval {
    /// From two moments.
    ///
    /// # Errors
    /// The end is not after the beginning.
    pub fn new(from: Moment, to: Moment) -> Result<Self, IntervalError> {
        if from < to { Ok(Self { from, to }) } else { Err(IntervalError) }
    }

    /// Whether the two have a moment in common; touching ends have none.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// So much of a resource, for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// When.
    pub when: Interval,
    /// How much, in the resource's unit (pieces, people, seats, money).
    pub amount: u64,
}

/// A stretch in which more would be reserved than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overbooked {
    /// When; inside the time asked for.
    pub when: Interval,
    /// What is free then without the reservation asked for.
    pub free: u64,
}

/// What is reserved in each stretch of a time, in order, without gaps.
fn stretches(taken: &[Reservation], when: &Interval) -> Vec<(Interval, u64)> {
    let inside: Vec<&Reservation> = taken.iter().filter(|one| one.when.overlaps(when)).collect();
    let mut edges = vec![when.from, when.to];
    for one in &inside {
        edges.extend([one.when.from.max(when.from), one.when.to.min(when.to)]);
    }
    edges.sort_unstable();
    edges.dedup();
    let amount_in = |stretch: &Interval| -> u64 {
        let over = inside.iter().filter(|one| one.when.overlaps(stretch));
        over.fold(0, |sum: u64, one| sum.saturating_add(one.amount))
    };
    edges
        .windows(2)
        .map(|pair| Interval { from: pair[0], to: pair[1] })
        .map(|stretch| (stretch, amount_in(&stretch)))
        .collect()
}

/// **Summary** – whether a reservation fits beside those that are there.
/// **Output** – the stretches in which it does not, neighbours with equally much free joined; empty:
/// it fits. A reservation of more than the capacity never fits.
/// **Complexity** – O(k²) for k reservations that overlap it.
pub fn conflicts(capacity: u64, taken: &[Reservation], wanted: &Reservation) -> Vec<Overbooked> {
    let mut found: Vec<Overbooked> = Vec::new();
    for (when, amount) in stretches(taken, &wanted.when) {
        let free = capacity.saturating_sub(amount);
        if wanted.amount <= free {
            continue;
        }
        match found.last_mut().filter(|last| last.free == free && last.when.to == when.from) {
            Some(last) => last.when.to = when.to,
            None => found.push(Overbooked { when, free }),
        }
    }
    found
}

/// What is free during the whole of a time.
pub fn free(capacity: u64, taken: &[Reservation], when: &Interval) -> u64 {
    let most = stretches(taken, when).into_iter().map(|(_, amount)| amount).max().unwrap_or(0);
    capacity.saturating_sub(most)
}

/// **Summary** – when a reservation would fit next: the first moment from its own beginning on at
/// which so much is free for as long.
/// **Output** – the time, as long as the one asked for; `None` when it is more than the capacity.
/// **Complexity** – O(k³) for k reservations that end after it begins.
pub fn next_free(capacity: u64, taken: &[Reservation], wanted: &Reservation) -> Option<Interval> {
    let length = wanted.when.to.ms().saturating_sub(wanted.when.from.ms());
    // Something gets free where a reservation ends, and nowhere else.
    let ends = taken.iter().map(|one| one.when.to).filter(|end| *end > wanted.when.from);
    let mut begins: Vec<Moment> = ends.chain([wanted.when.from]).collect();
    begins.sort_unstable();
    let mut times = begins.into_iter().map(|from| {
        let to = Moment::from_ms(from.ms().saturating_add(length));
        Reservation { when: Interval { from, to }, amount: wanted.amount }
    });
    // At the end of the calendar nothing is left of the time asked for.
    let fits = |one: &Reservation| {
        one.when.from < one.when.to && conflicts(capacity, taken, one).is_empty()
    };
    times.find(fits).map(|one| one.when)
}
