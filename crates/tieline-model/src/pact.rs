//! Signed agreements between parties: memoranda, data sharing and the like, and the duties in them.
//!
//! An agreement holds when each party that it binds has signed its last wording, and never beyond its
//! end: what is not renewed lapses (METHODS 13).

use jiff::ToSpan;
use jiff::civil::Date;

use crate::access::words;
use crate::partnership::renewal::{Term, TermState};
use crate::time::Moment;

/// Months ahead for which duties become commitments at once.
pub const AHEAD_MONTHS: i32 = 12;

/// Longest time between two dates of a duty, in months.
pub const MAX_EVERY_MONTHS: u32 = 60;

/// What kind of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum PactKind {
    /// A memorandum of understanding.
    #[default]
    Memorandum,
    /// Who may use which data for what.
    DataSharing,
    /// Who pays what.
    Funding,
    /// Who does what for another.
    Service,
    /// Something else.
    Other,
}
words!(PactKind {
    Memorandum "memorandum", DataSharing "data-sharing", Funding "funding", Service "service",
    Other "other",
});

/// How an agreement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PactState {
    /// Not all have signed its last wording.
    Draft,
    /// All have; how its term stands.
    Holds(TermState),
    /// It was ended.
    Ended,
}

/// How an agreement stands at a moment. `term`: without one it runs until it is ended.
pub fn state(is_signed: bool, is_ended: bool, term: Option<Term>, now: Moment) -> PactState {
    match (is_ended, is_signed) {
        (true, _) => PactState::Ended,
        (false, false) => PactState::Draft,
        (false, true) => {
            PactState::Holds(term.map_or(TermState::Running, |term| term.state(false, now)))
        }
    }
}

/// The last day for which duties become commitments today: twelve months ahead, or the last of the
/// agreement. `ends`: first moment after that.
pub fn horizon(today: Date, ends: Option<Moment>) -> Date {
    let ahead = today.checked_add(AHEAD_MONTHS.months()).unwrap_or(today);
    ends.map_or(ahead, |ends| ahead.min(Moment::from_ms(ends.ms().saturating_sub(1)).date()))
}

/// **Summary** – the days on which a duty is due, the first first: `first` and every so many months
/// after it, on the same day of the month or its last, until `last`.
/// **Complexity** – O(days found).
pub fn due_days(first: Date, every_months: Option<u32>, last: Date) -> Vec<Date> {
    let every = every_months.filter(|months| (1..=MAX_EVERY_MONTHS).contains(months));
    let nth = |n: i32| match every {
        None => (n == 0).then_some(first),
        // Counted from the first, so that the last day of a short month does not stay the day.
        Some(months) => {
            let months = n.checked_mul(i32::try_from(months).ok()?)?;
            first.checked_add(months.months()).ok()
        }
    };
    (0..).map_while(nth).take_while(|day| *day <= last).collect()
}
