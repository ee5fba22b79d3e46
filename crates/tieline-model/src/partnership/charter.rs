//! The charter: versions drafted together, and each party's assent per version. A change after
//! assent asks again.

use crate::access::words;
use crate::id::PartyId;
use crate::time::Moment;

/// What a party answers to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Assents to it.
    Assents,
    /// Has a question first.
    Asks,
    /// Does not assent.
    Declines,
}
words!(Answer { Assents "assents", Asks "asks", Declines "declines", });

/// One answer. The last one of a party to a version counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assent {
    /// Whose.
    pub party: PartyId,
    /// To which version, from 1.
    pub version: u32,
    /// What.
    pub answer: Answer,
    /// When.
    pub at: Moment,
}

/// How a party stands to the newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Answered it.
    Answered(Answer),
    /// Assented to this earlier version; the newest asks again.
    Earlier(u32),
    /// Never assented to any.
    Open,
}

/// A charter as far as assent goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    /// The newest version put to the parties, from 1; 0 where there is none. Drafts have no number.
    pub newest: u32,
    /// All answers, in any order.
    pub answers: Vec<Assent>,
}

impl Charter {
    /// The answer of a party to a version.
    pub fn answer(&self, party: PartyId, version: u32) -> Option<Answer> {
        let of_both = |answer: &&Assent| answer.party == party && answer.version == version;
        // Of answers at the same moment the later in the list counts, as `max_by_key` keeps the last.
        self.answers.iter().filter(of_both).max_by_key(|answer| answer.at).map(|last| last.answer)
    }

    /// How a party stands to the newest version.
    pub fn standing(&self, party: PartyId) -> Standing {
        if let Some(answer) = self.answer(party, self.newest) {
            return Standing::Answered(answer);
        }
        match (1..self.newest).rev().find(|version| self.assents(party, *version)) {
            Some(version) => Standing::Earlier(version),
            None => Standing::Open,
        }
    }

    fn assents(&self, party: PartyId, version: u32) -> bool {
        self.answer(party, version) == Some(Answer::Assents)
    }

    /// Whether every party assents to the newest version.
    pub fn is_assented(&self, parties: &[PartyId]) -> bool {
        self.newest > 0 && self.in_force(parties) == Some(self.newest)
    }

    /// The newest version that every one of these parties assents to: what holds until a newer one
    /// is assented to by all. `None` where there is none, or without parties.
    pub fn in_force(&self, parties: &[PartyId]) -> Option<u32> {
        let by_all = |version: &u32| parties.iter().all(|party| self.assents(*party, *version));
        if parties.is_empty() { None } else { (1..=self.newest).rev().find(by_all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const A: PartyId = PartyId(Uuid::from_u128(1));
    const B: PartyId = PartyId(Uuid::from_u128(2));

    fn charter(newest: u32, answers: &[(PartyId, u32, Answer)]) -> Charter {
        let answer =
            |(minute, (party, version, answer)): (usize, &(PartyId, u32, Answer))| Assent {
                party: *party,
                version: *version,
                answer: *answer,
                at: Moment::from_ms(minute as i64 * 60_000),
            };
        Charter { newest, answers: answers.iter().enumerate().map(answer).collect() }
    }

    #[test]
    fn a_change_after_assent_asks_again_and_the_old_version_holds_until_then() {
        use Answer::{Asks, Assents, Declines};
        let both = charter(1, &[(A, 1, Assents), (B, 1, Assents)]);
        assert!(both.is_assented(&[A, B]));
        let changed =
            charter(2, &[(A, 1, Assents), (B, 1, Assents), (A, 2, Assents), (B, 2, Asks)]);
        assert!(!changed.is_assented(&[A, B]));
        assert_eq!(changed.in_force(&[A, B]), Some(1));
        assert_eq!(changed.standing(B), Standing::Answered(Asks));
        let unanswered =
            charter(2, &both.answers.iter().map(|a| (a.party, 1, a.answer)).collect::<Vec<_>>());
        assert_eq!(unanswered.standing(A), Standing::Earlier(1));
        let back = charter(1, &[(A, 1, Assents), (B, 1, Assents), (B, 1, Declines)]);
        assert_eq!(back.in_force(&[A, B]), None);
    }

    #[test]
    fn nothing_is_assented_without_a_version_parties_or_a_new_partys_answer() {
        let none = charter(0, &[]);
        assert!(!none.is_assented(&[A]) && !none.is_assented(&[]));
        let one = charter(1, &[(A, 1, Answer::Assents)]);
        assert!(one.is_assented(&[A]) && !one.is_assented(&[A, B]));
        assert_eq!(one.standing(B), Standing::Open);
        assert!(!one.is_assented(&[]));
    }
}
