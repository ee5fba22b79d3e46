//! Decisions on one proposal: consent, gradients of agreement, majority (METHODS 6.1).

use super::ballot::{Consent, Gradient, ObjectionState, Vote};
use super::{GradientRule, MajorityBase, MajorityRule, Verdict};
use crate::fraction::{Fraction, Share, ratio, whole};

/// What was said to a proposal by consent, in votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsentCount {
    /// Consents without more.
    pub consents: u64,
    /// Consents with a concern noted.
    pub concerns: u64,
    /// Abstentions.
    pub abstains: u64,
    /// Objections by what became of them, in the order of [`ObjectionState::ALL`].
    pub objections: [u64; 4],
}

impl ConsentCount {
    /// Counts stances with their weights.
    pub fn of<'a>(stances: impl IntoIterator<Item = (&'a Consent, u64)>) -> Self {
        let mut count = Self::default();
        for (stance, weight) in stances {
            match stance {
                Consent::Consents => count.consents += weight,
                Consent::Concern { .. } => count.concerns += weight,
                Consent::Abstains => count.abstains += weight,
                Consent::Objection { state, .. } => count.objections[*state as usize] += weight,
            }
        }
        count
    }

    /// Objections of a state.
    pub const fn objections_that_are(&self, state: ObjectionState) -> u64 {
        self.objections[state as usize]
    }

    /// Passes unless an objection stands. Silence is not consent: where nobody took a side, there is
    /// no decision.
    pub fn verdict(&self) -> Verdict {
        let standing: u64 = ObjectionState::ALL
            .iter()
            .filter(|state| state.stands())
            .map(|state| self.objections_that_are(*state))
            .sum();
        let answered: u64 = self.objections.iter().sum::<u64>() - standing;
        match (standing, self.consents + self.concerns + answered) {
            (1.., _) => Verdict::Blocked,
            (0, 0) => Verdict::NoDecision,
            (0, 1..) => Verdict::Passed,
        }
    }
}

/// Consensus levels, as a histogram in votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GradientCount {
    /// Votes of levels 1 to 8.
    pub histogram: [u64; 8],
}

impl GradientCount {
    /// Counts levels with their weights.
    pub fn of(levels: impl IntoIterator<Item = (Gradient, u64)>) -> Self {
        let mut count = Self::default();
        for (gradient, weight) in levels {
            count.histogram[gradient as usize] += weight;
        }
        count
    }

    /// Votes of one level.
    pub const fn votes(&self, gradient: Gradient) -> u64 {
        self.histogram[gradient as usize]
    }

    /// Votes in all.
    pub fn total(&self) -> u64 {
        self.histogram.iter().sum()
    }

    /// Levels 1 to 3 as a share of all who did not abstain; `None` where all did.
    pub fn support_share(&self) -> Option<Fraction> {
        ratio(self.histogram[..3].iter().sum(), self.total() - self.votes(Gradient::Abstain))
    }

    /// The middle level, 1 to 8; the mean of both middle ones for an even number of votes; `None`
    /// without votes.
    pub fn median_level(&self) -> Option<Fraction> {
        let total = self.total();
        let low = self.level_at(total.checked_sub(1)? / 2)?;
        Some(Fraction::new(low + self.level_at(total / 2)?, 2))
    }

    fn level_at(&self, place: u64) -> Option<i128> {
        let mut seen = 0;
        let index = self.histogram.iter().position(|votes| {
            seen += votes;
            seen > place
        })?;
        Some(index as i128 + 1)
    }

    /// Blocked by a veto, needs more talk, agreed, or not (METHODS 6.1, [Tieline]).
    pub fn verdict(&self, rule: &GradientRule) -> Verdict {
        if self.votes(Gradient::Veto) > rule.max_veto {
            return Verdict::Blocked;
        }
        let Some(support) = self.support_share() else { return Verdict::NoDecision };
        let discuss = ratio(self.votes(Gradient::Discuss), self.total());
        if discuss.is_some_and(|share| share > rule.discuss_above.fraction()) {
            Verdict::DiscussMore
        } else if support >= rule.support.fraction() {
            Verdict::Passed
        } else {
            Verdict::Rejected
        }
    }
}

/// Yes, no and abstain, in votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MajorityCount {
    /// For it.
    pub yes: u64,
    /// Against it.
    pub no: u64,
    /// Neither.
    pub abstain: u64,
    /// All who may vote.
    pub eligible: u64,
}

impl MajorityCount {
    /// Counts votes with their weights.
    pub fn of(votes: impl IntoIterator<Item = (Vote, u64)>, eligible: u64) -> Self {
        let mut count = Self { eligible, ..Self::default() };
        for (vote, weight) in votes {
            match vote {
                Vote::Yes => count.yes += weight,
                Vote::No => count.no += weight,
                Vote::Abstain => count.abstain += weight,
            }
        }
        count
    }

    /// What the majority is counted on, in votes.
    pub const fn base(&self, base: MajorityBase) -> u64 {
        match base {
            MajorityBase::Simple => self.yes + self.no,
            MajorityBase::Present => self.yes + self.no + self.abstain,
            MajorityBase::Absolute => self.eligible,
        }
    }

    /// More than half of the base for a threshold of 1/2, at least the threshold for any other; a
    /// base of 0 decides nothing.
    pub fn verdict(&self, rule: &MajorityRule) -> Verdict {
        let base = self.base(rule.base);
        if base == 0 {
            return Verdict::NoDecision;
        }
        let needed = rule.threshold.fraction() * whole(base);
        let yes = whole(self.yes);
        let has_passed = yes > needed || (rule.threshold != Share::HALF && yes == needed);
        if has_passed { Verdict::Passed } else { Verdict::Rejected }
    }
}
