//! Joint decisions: methods, ballots, counts, delegation, tie-breaks and stages (METHODS 6).
//!
//! A decision is opened with [`DecisionRules`] and a frozen list of voters ([`voter`]), collects one
//! [`Ballot`] per voter, and is counted once by [`count()`], which returns the whole count and not only
//! its winner. All counts are integers or exact fractions.
//!
//! * [`stage`]: discuss, propose, decide, outcome, review, and the gates between them.
//! * [`voter`]: persons or parties, with delegate and stand-in; [`delegation`]: passing one's vote on.
//! * [`ballot`]: typed ballots, checked against the rules.
//! * [`proposal`], [`points`], [`ranked`], [`runoff`]: the methods.
//! * [`tie_break`]: a random order that nobody chose and anyone can check.

pub mod ballot;
pub mod count;
pub mod delegation;
pub mod points;
pub mod proposal;
pub mod ranked;
pub mod runoff;
pub mod stage;
pub mod tie_break;
pub mod voter;

pub use ballot::{Ballot, BallotError};
pub use count::{Cast, Count, CountError, Outcome, Verdict, count};

use crate::access::words;
use crate::fraction::Share;
use crate::id::OptionId;

/// Most options that a decision may have; keeps exact fractions inside 128 bits.
pub const MAX_OPTIONS: usize = 60;

/// What a majority is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MajorityBase {
    /// Yes and no; abstentions do not count.
    Simple,
    /// All ballots cast, abstentions included.
    Present,
    /// All who may vote.
    Absolute,
}
words!(MajorityBase { Simple "simple", Present "present", Absolute "absolute", });

/// When a majority passes: more than half of the base for a threshold of 1/2, at least the threshold
/// for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MajorityRule {
    /// What it is counted on.
    pub base: MajorityBase,
    /// Share of the base.
    pub threshold: Share,
}

/// When gradients of agreement pass (METHODS 6.1, thresholds are Tieline's own).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradientRule {
    /// Vetoes (level 8) that do not block; 0 by default.
    pub max_veto: u64,
    /// Share of levels 1 to 3 among those who do not abstain; 4/5 by default.
    pub support: Share,
    /// Share of level 5 among all, above which the talk goes on; 1/5 by default.
    pub discuss_above: Share,
}

impl Default for GradientRule {
    fn default() -> Self {
        Self { max_veto: 0, support: Share::FOUR_FIFTHS, discuss_above: Share::ONE_FIFTH }
    }
}

/// How ranked ballots elect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankedRule {
    /// Strongest paths (Schulze 2011), winning votes.
    Schulze,
    /// Locking in majorities (Tideman 1987), winning votes.
    RankedPairs,
    /// Instant run-off, one elimination at a time.
    InstantRunoff,
}
words!(RankedRule {
    Schulze "schulze", RankedPairs "ranked-pairs", InstantRunoff "instant-runoff",
});

/// A method of decision with its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Passes unless a paramount objection stands (sociocracy; Endenburg).
    Consent,
    /// Consensus levels 1 to 8 (Kaner 1996).
    Gradients(GradientRule),
    /// Yes or no.
    Majority(MajorityRule),
    /// Each ballot names the options it approves (Brams & Fishburn 1978).
    Approval,
    /// Each ballot gives options a mark from 0 to `max`; 5 by default.
    Score {
        /// Highest mark, at least 1.
        max: u32,
    },
    /// Each ballot spreads dots over options.
    Dot {
        /// Dots of one ballot, at least 1.
        dots: u32,
        /// Most dots of one ballot on one option.
        per_option: Option<u32>,
    },
    /// Votes for or against options; `v` votes cost `v²` (Lalley & Weyl 2018).
    Quadratic {
        /// What one ballot may spend; 100 by default.
        budget: u32,
    },
    /// Each ballot ranks options, ties allowed.
    Ranked(RankedRule),
}

/// The kind of a [`Method`], without its settings: for lists and forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MethodKind {
    /// [`Method::Consent`].
    Consent,
    /// [`Method::Gradients`].
    Gradients,
    /// [`Method::Majority`].
    Majority,
    /// [`Method::Approval`].
    Approval,
    /// [`Method::Score`].
    Score,
    /// [`Method::Dot`].
    Dot,
    /// [`Method::Quadratic`].
    Quadratic,
    /// [`Method::Ranked`].
    Ranked,
}
words!(MethodKind {
    Consent "consent", Gradients "gradients", Majority "majority", Approval "approval",
    Score "score", Dot "dot", Quadratic "quadratic", Ranked "ranked",
});

impl MethodKind {
    /// The method with the settings that it has unless someone chooses others.
    pub fn with_defaults(self) -> Method {
        match self {
            Self::Consent => Method::Consent,
            Self::Gradients => Method::Gradients(GradientRule::default()),
            Self::Majority => Method::Majority(MajorityRule {
                base: MajorityBase::Simple,
                threshold: Share::HALF,
            }),
            Self::Approval => Method::Approval,
            Self::Score => Method::Score { max: 5 },
            Self::Dot => Method::Dot { dots: 5, per_option: None },
            Self::Quadratic => Method::Quadratic { budget: 100 },
            Self::Ranked => Method::Ranked(RankedRule::Schulze),
        }
    }

    /// Whether ballots are about one proposal (and not about options).
    pub const fn is_of_proposal(self) -> bool {
        matches!(self, Self::Consent | Self::Gradients | Self::Majority)
    }
}

impl Method {
    /// Its kind.
    pub const fn kind(&self) -> MethodKind {
        match self {
            Self::Consent => MethodKind::Consent,
            Self::Gradients(_) => MethodKind::Gradients,
            Self::Majority(_) => MethodKind::Majority,
            Self::Approval => MethodKind::Approval,
            Self::Score { .. } => MethodKind::Score,
            Self::Dot { .. } => MethodKind::Dot,
            Self::Quadratic { .. } => MethodKind::Quadratic,
            Self::Ranked(_) => MethodKind::Ranked,
        }
    }
}

/// Who can join a ballot to its voter. Fixed at opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Secrecy {
    /// Everyone who takes part, at once.
    Open,
    /// Everyone who takes part, after closing.
    OpenAtClose,
    /// Nobody, ever.
    Anonymous,
}
words!(Secrecy { Open "open", OpenAtClose "open-at-close", Anonymous "anonymous", });

/// How someone who speaks to a question stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    /// For it.
    Supports,
    /// Sees something that should be met.
    Concern,
    /// Neither: a fact, a question.
    Neither,
}
words!(Stance { Supports "supports", Concern "concern", Neither "neither", });

/// Who has a vote. Fixed at opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoterUnit {
    /// Each person one.
    Person,
    /// Each party one, cast by its delegate or stand-in.
    Party,
}
words!(VoterUnit { Person "person", Party "party", });

/// Whether voters may pass their vote on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delegating {
    /// No.
    No,
    /// Yes, along chains of any length or of at most so many steps.
    Yes {
        /// Most steps from a voter to the one who votes directly.
        max_chain: Option<u32>,
    },
}

/// What is fixed when a decision opens. Results stay hidden until it closes, whatever the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionRules {
    /// How it is decided.
    pub method: Method,
    /// Who has a vote.
    pub voter_unit: VoterUnit,
    /// Share of voters whose ballots must be in, abstentions and delegated votes included; 1/2 by
    /// default.
    pub quorum: Share,
    /// Who can join a ballot to its voter.
    pub secrecy: Secrecy,
    /// Whether votes may be passed on.
    pub delegating: Delegating,
}

/// Why rules cannot open a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// The weight of a ballot would tell whose it is.
    #[error(
        "votes cannot be passed on where ballots are anonymous: their weight would tell whose they are"
    )]
    DelegatedAnonymity,
    /// An objection is answered by talking with whoever raised it.
    #[error(
        "consent cannot be anonymous: an objection is answered together with whoever raised it"
    )]
    AnonymousConsent,
    /// A threshold of nothing passes everything.
    #[error("the threshold must be above 0")]
    NoThreshold,
    /// No mark but 0.
    #[error("the highest mark must be from 1 to 100")]
    ScoreRange,
    /// No dots, or fewer than one on an option.
    #[error("there must be from 1 to 1000 dots, and at least one may go to an option")]
    DotRange,
    /// Nothing to spend.
    #[error("the budget must be from 1 to 10000")]
    BudgetRange,
}

impl DecisionRules {
    /// Rules of a method with its defaults: each person one vote, quorum one half, open at close.
    pub fn of(kind: MethodKind) -> Self {
        Self {
            method: kind.with_defaults(),
            voter_unit: VoterUnit::Person,
            quorum: Share::HALF,
            secrecy: Secrecy::OpenAtClose,
            delegating: Delegating::No,
        }
    }

    /// Whether a decision can be opened with these rules.
    ///
    /// # Errors
    /// The first rule that contradicts itself or another.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.secrecy == Secrecy::Anonymous {
            if self.delegating != Delegating::No {
                return Err(RulesError::DelegatedAnonymity);
            }
            if self.method == Method::Consent {
                return Err(RulesError::AnonymousConsent);
            }
        }
        let within = |is_ok, error| if is_ok { Ok(()) } else { Err(error) };
        match self.method {
            Method::Consent | Method::Approval | Method::Ranked(_) => Ok(()),
            Method::Gradients(rule) => within(rule.support > Share::ZERO, RulesError::NoThreshold),
            Method::Majority(rule) => within(rule.threshold > Share::ZERO, RulesError::NoThreshold),
            Method::Score { max } => within((1..=100).contains(&max), RulesError::ScoreRange),
            Method::Dot { dots, per_option } => within(
                (1..=1000).contains(&dots) && per_option.is_none_or(|most| most > 0),
                RulesError::DotRange,
            ),
            Method::Quadratic { budget } => {
                within((1..=10_000).contains(&budget), RulesError::BudgetRange)
            }
        }
    }
}

/// Why options cannot be voted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// Nothing to choose between.
    #[error("there must be at least two options")]
    TooFew,
    /// More than can be counted exactly, or read by anyone.
    #[error("there may be at most {MAX_OPTIONS} options")]
    TooMany,
    /// One id twice.
    #[error("an option is listed twice")]
    Twice(OptionId),
}

/// The options of a decision, in the order in which they are listed: at least two, all different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options(Vec<OptionId>);

impl Options {
    /// From a list.
    ///
    /// # Errors
    /// Fewer than two, more than [`MAX_OPTIONS`], one twice.
    pub fn new(ids: Vec<OptionId>) -> Result<Self, OptionsError> {
        match ids.len() {
            0 | 1 => return Err(OptionsError::TooFew),
            2..=MAX_OPTIONS => {}
            _ => return Err(OptionsError::TooMany),
        }
        let twice = ids.iter().enumerate().find(|(index, id)| ids[..*index].contains(id));
        match twice {
            Some((_, id)) => Err(OptionsError::Twice(*id)),
            None => Ok(Self(ids)),
        }
    }

    /// No options: for decisions on one proposal.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The ids in listed order.
    pub fn ids(&self) -> &[OptionId] {
        &self.0
    }

    /// The place of an option in the list.
    pub fn index(&self, id: OptionId) -> Option<usize> {
        self.0.iter().position(|known| *known == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn rules_that_contradict_themselves_do_not_open() {
        let rules = DecisionRules::of;
        for kind in MethodKind::ALL {
            assert_eq!(rules(*kind).check(), Ok(()));
            assert_eq!(rules(*kind).method.kind(), *kind);
        }
        let hidden = DecisionRules { secrecy: Secrecy::Anonymous, ..rules(MethodKind::Majority) };
        assert_eq!(hidden.check(), Ok(()));
        let passed_on = DecisionRules { delegating: Delegating::Yes { max_chain: None }, ..hidden };
        assert_eq!(passed_on.check(), Err(RulesError::DelegatedAnonymity));
        let consent = DecisionRules { method: Method::Consent, ..hidden };
        assert_eq!(consent.check(), Err(RulesError::AnonymousConsent));
        let dots = Method::Dot { dots: 5, per_option: Some(0) };
        assert_eq!(DecisionRules { method: dots, ..hidden }.check(), Err(RulesError::DotRange));
    }

    #[test]
    fn options_are_two_to_sixty_and_all_different() {
        let id = |n| OptionId(Uuid::from_u128(n));
        assert_eq!(Options::new(vec![id(1)]), Err(OptionsError::TooFew));
        assert_eq!(Options::new(vec![id(1), id(2), id(1)]), Err(OptionsError::Twice(id(1))));
        assert_eq!(Options::new((0..61).map(id).collect()), Err(OptionsError::TooMany));
        assert_eq!(Options::new(vec![id(1), id(2)]).unwrap().index(id(2)), Some(1));
    }
}
