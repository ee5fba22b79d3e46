//! Commitments: what was promised, what became of it, and how reliable that shows someone to be.

use crate::access::words;
use crate::time::Moment;

/// How a commitment stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommitmentState {
    /// Not due yet, or without a date.
    Open,
    /// Due, and not kept.
    Late,
    /// Kept, in time or not.
    Kept,
    /// Replaced by another, by consent of both sides.
    Renegotiated,
    /// Taken back, or no longer wanted.
    Withdrawn,
}
words!(CommitmentState {
    Open "open", Late "late", Kept "kept", Renegotiated "renegotiated", Withdrawn "withdrawn",
});

/// How a commitment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// It was kept.
    Kept,
    /// Another one took its place.
    Renegotiated,
    /// It was taken back.
    Withdrawn,
}
words!(Ending { Kept "kept", Renegotiated "renegotiated", Withdrawn "withdrawn", });

/// Where a commitment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Source {
    /// Someone said so.
    #[default]
    Said,
    /// A meeting.
    Meeting,
    /// A joint decision.
    Decision,
    /// A signed agreement.
    Agreement,
    /// A joint initiative.
    Initiative,
}
words!(Source {
    Said "said", Meeting "meeting", Decision "decision", Agreement "agreement",
    Initiative "initiative",
});

/// A commitment as far as its state goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commitment {
    /// By when.
    pub due: Option<Moment>,
    /// How and when it ended.
    pub ended: Option<(Ending, Moment)>,
}

/// Why a verb is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    /// It ended before.
    #[error("this commitment has ended already")]
    Ended(Ending),
    /// The other side has not agreed.
    #[error("the side that it was promised to must agree first")]
    NotAgreed,
    /// The new date is past.
    #[error("the new date must lie ahead")]
    DateNotAhead,
}

impl Commitment {
    /// Open, with a date or without.
    pub const fn open(due: Option<Moment>) -> Self {
        Self { due, ended: None }
    }

    /// How it stands.
    pub fn state(&self, now: Moment) -> CommitmentState {
        match self.ended {
            Some((Ending::Kept, _)) => CommitmentState::Kept,
            Some((Ending::Renegotiated, _)) => CommitmentState::Renegotiated,
            Some((Ending::Withdrawn, _)) => CommitmentState::Withdrawn,
            None if self.due.is_some_and(|due| due <= now) => CommitmentState::Late,
            None => CommitmentState::Open,
        }
    }

    fn ended(self, ending: Ending, at: Moment) -> Result<Self, CommitmentError> {
        match self.ended {
            Some((earlier, _)) => Err(CommitmentError::Ended(earlier)),
            None => Ok(Self { ended: Some((ending, at)), ..self }),
        }
    }

    /// Kept at a moment.
    ///
    /// # Errors
    /// It has ended already.
    pub fn keep(self, at: Moment) -> Result<Self, CommitmentError> {
        self.ended(Ending::Kept, at)
    }

    /// Taken back at a moment.
    ///
    /// # Errors
    /// It has ended already.
    pub fn withdraw(self, at: Moment) -> Result<Self, CommitmentError> {
        self.ended(Ending::Withdrawn, at)
    }

    /// Replaced by another date: the old commitment as it ended, and the new one.
    ///
    /// # Errors
    /// It has ended already, the other side has not agreed, or the new date does not lie ahead.
    pub fn renegotiate(
        self,
        due: Moment,
        other_side_agreed: bool,
        at: Moment,
    ) -> Result<(Self, Self), CommitmentError> {
        let old = self.ended(Ending::Renegotiated, at)?;
        if !other_side_agreed {
            return Err(CommitmentError::NotAgreed);
        }
        if due <= at {
            return Err(CommitmentError::DateNotAhead);
        }
        Ok((old, Self::open(Some(due))))
    }

    /// Whether it counts as due at a moment: its date is past, or it was kept before. What was
    /// renegotiated or withdrawn before its date does not, and neither does what has no date.
    fn is_due(&self, now: Moment) -> bool {
        self.due.is_some_and(|due| match self.ended {
            Some((Ending::Kept, at)) => at <= now,
            Some((_, at)) => at >= due && due <= now,
            None => due <= now,
        })
    }

    /// Whether it was kept by its date.
    fn is_kept_in_time(&self) -> bool {
        let kept = |at: Moment| self.due.is_some_and(|due| at <= due);
        matches!(self.ended, Some((Ending::Kept, at)) if kept(at))
    }
}

/// What commitments show over a time. Shown to the person or party first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reliability {
    /// Commitments that were due.
    pub due: u64,
    /// Of these, kept by their date.
    pub in_time: u64,
    /// Of these, kept after it.
    pub kept_late: u64,
    /// Still open and late.
    pub late: u64,
    /// Renegotiated in all, before their date or after.
    pub renegotiated: u64,
}

impl Reliability {
    /// Counts commitments as of a moment.
    pub fn of(commitments: &[Commitment], now: Moment) -> Self {
        let mut found = Self::default();
        for one in commitments {
            let (is_due, state) = (one.is_due(now), one.state(now));
            let in_time = is_due && one.is_kept_in_time();
            found.due += u64::from(is_due);
            found.in_time += u64::from(in_time);
            found.kept_late += u64::from(is_due && state == CommitmentState::Kept && !in_time);
            found.late += u64::from(state == CommitmentState::Late);
            found.renegotiated += u64::from(state == CommitmentState::Renegotiated);
        }
        found
    }

    /// Kept in time as a share, drawn towards one half where there is little to go by:
    /// `(in time + 1) / (due + 2)` (Laplace; METHODS 4.3). `None` where nothing was due.
    pub fn score(&self) -> Option<f64> {
        (self.due > 0).then(|| laplace(self.in_time, self.due))
    }
}

/// `(kept + 1) / (due + 2)`.
pub fn laplace(kept: u64, due: u64) -> f64 {
    (kept as f64 + 1.0) / (due as f64 + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: f64) -> Moment {
        Moment::from_ms(0).plus_days(day)
    }

    #[test]
    fn a_commitment_ends_once() {
        let open = Commitment::open(Some(day(5.0)));
        assert_eq!(open.state(day(4.0)), CommitmentState::Open);
        assert_eq!(open.state(day(5.0)), CommitmentState::Late);
        let kept = open.keep(day(6.0)).unwrap();
        assert_eq!(kept.state(day(9.0)), CommitmentState::Kept);
        assert_eq!(kept.withdraw(day(7.0)), Err(CommitmentError::Ended(Ending::Kept)));
        assert_eq!(Commitment::open(None).state(day(1e4)), CommitmentState::Open);
    }

    #[test]
    fn another_date_needs_the_other_side_and_must_lie_ahead() {
        let open = Commitment::open(Some(day(5.0)));
        let again = |due, agreed| open.renegotiate(due, agreed, day(6.0));
        assert_eq!(again(day(9.0), false), Err(CommitmentError::NotAgreed));
        assert_eq!(again(day(6.0), true), Err(CommitmentError::DateNotAhead));
        let (old, new) = again(day(9.0), true).unwrap();
        assert_eq!(old.state(day(7.0)), CommitmentState::Renegotiated);
        assert_eq!(new, Commitment::open(Some(day(9.0))));
    }

    #[test]
    fn renegotiating_before_the_date_costs_nothing_and_after_it_counts_as_missed() {
        let at = |days| Commitment::open(Some(day(5.0))).renegotiate(day(20.0), true, day(days));
        let (early, _) = at(3.0).unwrap();
        let (missed, _) = at(6.0).unwrap();
        let in_time = Commitment::open(Some(day(5.0))).keep(day(5.0)).unwrap();
        let kept_late = Commitment::open(Some(day(5.0))).keep(day(7.0)).unwrap();
        let late = Commitment::open(Some(day(8.0)));
        let ahead = Commitment::open(Some(day(50.0)));
        let all = [early, missed, in_time, kept_late, late, ahead, Commitment::open(None)];
        let found = Reliability::of(&all, day(10.0));
        let expected = Reliability { due: 4, in_time: 1, kept_late: 1, late: 1, renegotiated: 2 };
        assert_eq!(found, expected);
        assert_eq!(found.score(), Some(laplace(1, 4)));
        assert_eq!(Reliability::of(&[early, ahead], day(10.0)).score(), None);
    }
}
