//! Typed ballots: what a voter says, checked against the rules before it counts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Method, Options};
use crate::access::words;
use crate::id::OptionId;

/// Yes, no, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// For it.
    Yes,
    /// Against it.
    No,
    /// Neither; counts for the quorum.
    Abstain,
}
words!(Vote { Yes "yes", No "no", Abstain "abstain", });

/// What became of an objection. Only [`ObjectionState::Raised`] can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectionState {
    /// Stands and waits for an answer.
    Raised,
    /// Met by a change of the proposal.
    Integrated,
    /// Taken back by whoever raised it.
    Withdrawn,
    /// Found to be paramount: the proposal cannot pass.
    Upheld,
}
words!(ObjectionState {
    Raised "raised", Integrated "integrated", Withdrawn "withdrawn", Upheld "upheld",
});

impl ObjectionState {
    /// Whether the objection may move to this state: once, from raised.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(self, Self::Raised) && !matches!(next, Self::Raised)
    }

    /// Whether it keeps the proposal from passing.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Raised | Self::Upheld)
    }
}

/// What a voter says to a proposal by consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Can live with it.
    Consents,
    /// Can live with it, and wants a concern noted.
    Concern {
        /// Which concern.
        reason: String,
    },
    /// Cannot live with it.
    Objection {
        /// Why.
        reason: String,
        /// What became of it.
        state: ObjectionState,
    },
    /// No view; counts for the quorum.
    Abstains,
}

/// Kaner's gradients of agreement (1996), strongest support first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gradient {
    /// 1: whole-hearted endorsement.
    Endorse,
    /// 2: a minor point of contention.
    MinorPoint,
    /// 3: support with reservations.
    Reservations,
    /// 4: abstain.
    Abstain,
    /// 5: more discussion needed.
    Discuss,
    /// 6: do not like it but will support it.
    Tolerate,
    /// 7: serious disagreement.
    Disagree,
    /// 8: veto.
    Veto,
}
words!(Gradient {
    Endorse "endorse", MinorPoint "minor-point", Reservations "reservations", Abstain "abstain",
    Discuss "discuss", Tolerate "tolerate", Disagree "disagree", Veto "veto",
});

impl Gradient {
    /// The level, 1 (endorsement) to 8 (veto).
    pub const fn level(self) -> u8 {
        self as u8 + 1
    }

    /// From the level.
    pub fn from_level(level: u8) -> Option<Self> {
        Self::ALL.get(usize::from(level).checked_sub(1)?).copied()
    }
}

/// What one voter says. A ballot on options may be empty: an abstention, which counts for the quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ballot {
    /// To a proposal by consent.
    Consent(Consent),
    /// A consensus level.
    Gradient(Gradient),
    /// Yes, no or abstain.
    Majority(Vote),
    /// The options approved.
    Approval(Vec<OptionId>),
    /// Marks; options left out have none.
    Score(Vec<(OptionId, u32)>),
    /// Dots; options left out have none.
    Dot(Vec<(OptionId, u32)>),
    /// Votes for (above 0) or against (below 0) options.
    Quadratic(Vec<(OptionId, i32)>),
    /// Tiers of options, the best first; options left out are tied below all others.
    Ranked(Vec<Vec<OptionId>>),
}

/// Why a ballot does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BallotError {
    /// A ballot of another method.
    #[error("this ballot belongs to another method")]
    WrongMethod,
    /// An option that is not voted on.
    #[error("this option is not part of the decision")]
    UnknownOption(OptionId),
    /// One option twice.
    #[error("an option is named twice on the ballot")]
    OptionTwice(OptionId),
    /// An objection or concern without a reason.
    #[error("say why: an objection or a concern needs a reason")]
    NoReason,
    /// A mark above the highest.
    #[error("{mark} is above the highest mark, {max}")]
    MarkTooHigh {
        /// The mark given.
        mark: u32,
        /// The highest allowed.
        max: u32,
    },
    /// More dots than there are.
    #[error("{spent} dots are spent, and there are {dots}")]
    TooManyDots {
        /// Dots spent.
        spent: u64,
        /// Dots there are.
        dots: u32,
    },
    /// More dots on one option than may be.
    #[error("{on_option} dots are on one option, and at most {most} may be")]
    TooManyDotsOnOption {
        /// Dots on it.
        on_option: u32,
        /// Most that may be.
        most: u32,
    },
    /// The votes cost more than the budget.
    #[error("these votes cost {cost}, and the budget is {budget}")]
    OverBudget {
        /// Sum of the squares.
        cost: u64,
        /// What there is to spend.
        budget: u32,
    },
    /// A rank without an option.
    #[error("a rank on the ballot is empty")]
    EmptyTier,
    /// Not on the list of voters that was fixed when the decision opened.
    #[error("only those on the list of voters can vote; it was fixed when the decision opened")]
    NotEligible,
    /// The delegate of the party has voted; a stand-in cannot replace that.
    #[error("the delegate of this party has voted already")]
    DelegateVoted,
}

impl Ballot {
    /// Whether the ballot counts under a method with these options.
    ///
    /// # Errors
    /// The first thing that is wrong with it, in words for the voter.
    pub fn check(&self, method: &Method, options: &Options) -> Result<(), BallotError> {
        match (method, self) {
            (Method::Consent, Self::Consent(stance)) => stance.check(),
            (Method::Gradients(_), Self::Gradient(_))
            | (Method::Majority(_), Self::Majority(_)) => Ok(()),
            (Method::Approval, Self::Approval(approved)) => known_once(approved, options),
            (Method::Score { max }, Self::Score(marks)) => {
                known_once(marks.iter().map(|(id, _)| id), options)?;
                match marks.iter().find(|(_, mark)| mark > max) {
                    Some((_, mark)) => Err(BallotError::MarkTooHigh { mark: *mark, max: *max }),
                    None => Ok(()),
                }
            }
            (Method::Dot { dots, per_option }, Self::Dot(spent)) => {
                known_once(spent.iter().map(|(id, _)| id), options)?;
                check_dots(spent, *dots, *per_option)
            }
            (Method::Quadratic { budget }, Self::Quadratic(votes)) => {
                known_once(votes.iter().map(|(id, _)| id), options)?;
                let cost = quadratic_cost(votes);
                if cost > u64::from(*budget) {
                    return Err(BallotError::OverBudget { cost, budget: *budget });
                }
                Ok(())
            }
            (Method::Ranked(_), Self::Ranked(tiers)) => {
                if tiers.iter().any(Vec::is_empty) {
                    return Err(BallotError::EmptyTier);
                }
                known_once(tiers.iter().flatten(), options)
            }
            _ => Err(BallotError::WrongMethod),
        }
    }

    /// The ballot as the one text that stands for it in the tie-break: JSON without white space, the
    /// options of a set in ascending order of their ids, options without votes left out. Two ballots
    /// that say the same have the same text. Reasons are not part of it.
    pub fn canonical(&self, weight: u64) -> String {
        let said = match self {
            Self::Consent(stance) => format!("\"consent\":\"{}\"", stance.word()),
            Self::Gradient(gradient) => format!("\"gradient\":{}", gradient.level()),
            Self::Majority(vote) => format!("\"majority\":\"{}\"", vote.name()),
            Self::Approval(approved) => format!("\"approval\":{}", id_list(approved)),
            Self::Score(marks) => format!("\"score\":{}", id_map(marks.iter().copied())),
            Self::Dot(dots) => {
                format!("\"dot\":{}", id_map(dots.iter().copied().filter(|(_, dots)| *dots > 0)))
            }
            Self::Quadratic(votes) => {
                let votes = votes.iter().copied().filter(|(_, votes)| *votes != 0);
                format!("\"quadratic\":{}", id_map(votes))
            }
            Self::Ranked(tiers) => {
                let tiers: Vec<String> = tiers.iter().map(|tier| id_list(tier)).collect();
                format!("\"ranked\":[{}]", tiers.join(","))
            }
        };
        format!("{{{said},\"weight\":{weight}}}")
    }
}

impl Consent {
    /// The word used in the store and in listings.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Consents => "consents",
            Self::Concern { .. } => "concern",
            Self::Objection { .. } => "objection",
            Self::Abstains => "abstains",
        }
    }

    fn check(&self) -> Result<(), BallotError> {
        match self {
            Self::Concern { reason } | Self::Objection { reason, .. }
                if reason.trim().is_empty() =>
            {
                Err(BallotError::NoReason)
            }
            _ => Ok(()),
        }
    }
}

/// What votes cost in quadratic voting: the sum of their squares.
pub fn quadratic_cost(votes: &[(OptionId, i32)]) -> u64 {
    let square = |votes: i32| u64::from(votes.unsigned_abs()).saturating_pow(2);
    votes.iter().fold(0, |cost: u64, (_, votes)| cost.saturating_add(square(*votes)))
}

fn check_dots(
    spent: &[(OptionId, u32)],
    dots: u32,
    per_option: Option<u32>,
) -> Result<(), BallotError> {
    let most = per_option.unwrap_or(dots);
    let total: u64 = spent.iter().map(|(_, dots)| u64::from(*dots)).sum();
    if total > u64::from(dots) {
        return Err(BallotError::TooManyDots { spent: total, dots });
    }
    match spent.iter().find(|(_, on_option)| *on_option > most) {
        Some((_, on_option)) => {
            Err(BallotError::TooManyDotsOnOption { on_option: *on_option, most })
        }
        None => Ok(()),
    }
}

fn known_once<'a>(
    named: impl IntoIterator<Item = &'a OptionId>,
    options: &Options,
) -> Result<(), BallotError> {
    let mut seen = BTreeSet::new();
    for id in named {
        if options.index(*id).is_none() {
            return Err(BallotError::UnknownOption(*id));
        }
        if !seen.insert(*id) {
            return Err(BallotError::OptionTwice(*id));
        }
    }
    Ok(())
}

fn id_list(ids: &[OptionId]) -> String {
    let sorted: BTreeSet<&OptionId> = ids.iter().collect();
    let quoted: Vec<String> = sorted.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", quoted.join(","))
}

fn id_map<N: std::fmt::Display + Ord>(pairs: impl Iterator<Item = (OptionId, N)>) -> String {
    let sorted: BTreeSet<(OptionId, N)> = pairs.collect();
    let mut text = String::from("{");
    for (place, (id, number)) in sorted.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}\"{id}\":{number}");
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::super::{MethodKind, RankedRule};
    use super::*;
    use uuid::Uuid;

    const A: OptionId = OptionId(Uuid::from_u128(1));
    const B: OptionId = OptionId(Uuid::from_u128(2));
    const STRANGE: OptionId = OptionId(Uuid::from_u128(9));

    fn check(method: Method, ballot: &Ballot) -> Result<(), BallotError> {
        ballot.check(&method, &Options::new(vec![A, B]).unwrap())
    }

    #[test]
    fn every_method_says_what_is_wrong_with_a_ballot() {
        let ranked = Method::Ranked(RankedRule::Schulze);
        let dot = Method::Dot { dots: 5, per_option: Some(3) };
        let of = MethodKind::with_defaults;
        let quadratic = |a, b| Ballot::Quadratic(vec![(A, a), (B, b)]);
        for (method, ballot, wrong) in [
            (of(MethodKind::Majority), Ballot::Approval(vec![]), BallotError::WrongMethod),
            (
                Method::Approval,
                Ballot::Approval(vec![STRANGE]),
                BallotError::UnknownOption(STRANGE),
            ),
            (Method::Approval, Ballot::Approval(vec![A, A]), BallotError::OptionTwice(A)),
            (ranked, Ballot::Ranked(vec![vec![A], vec![B, A]]), BallotError::OptionTwice(A)),
            (ranked, Ballot::Ranked(vec![vec![A], vec![]]), BallotError::EmptyTier),
            (
                of(MethodKind::Score),
                Ballot::Score(vec![(A, 6)]),
                BallotError::MarkTooHigh { mark: 6, max: 5 },
            ),
            (
                dot,
                Ballot::Dot(vec![(A, 3), (B, 3)]),
                BallotError::TooManyDots { spent: 6, dots: 5 },
            ),
            (
                dot,
                Ballot::Dot(vec![(A, 4)]),
                BallotError::TooManyDotsOnOption { on_option: 4, most: 3 },
            ),
            (
                of(MethodKind::Quadratic),
                quadratic(9, 5),
                BallotError::OverBudget { cost: 106, budget: 100 },
            ),
            (
                Method::Consent,
                Ballot::Consent(Consent::Objection {
                    reason: "  ".to_owned(),
                    state: ObjectionState::Raised,
                }),
                BallotError::NoReason,
            ),
        ] {
            assert_eq!(check(method, &ballot), Err(wrong));
        }
        assert!(check(of(MethodKind::Quadratic), &quadratic(i32::MIN, i32::MIN)).is_err());
        assert_eq!(check(of(MethodKind::Quadratic), &quadratic(-9, 4)), Ok(()));
        assert_eq!(check(ranked, &Ballot::Ranked(vec![vec![B]])), Ok(()));
    }

    #[test]
    fn ballots_that_say_the_same_have_one_text() {
        let one = Ballot::Approval(vec![B, A]).canonical(1);
        assert_eq!(one, Ballot::Approval(vec![A, B]).canonical(1));
        assert!(one.starts_with("{\"approval\":[\"00000000-"), "{one}");
        assert!(one.ends_with("\"],\"weight\":1}"), "{one}");
        let dots = |all| Ballot::Dot(all).canonical(2);
        assert_eq!(dots(vec![(A, 2), (B, 0)]), dots(vec![(A, 2)]));
        let ranks = |tiers| Ballot::Ranked(tiers).canonical(1);
        assert_ne!(ranks(vec![vec![A], vec![B]]), ranks(vec![vec![A, B]]));
    }

    #[test]
    fn an_objection_is_answered_once() {
        use ObjectionState::{Integrated, Raised, Upheld, Withdrawn};
        for next in [Integrated, Withdrawn, Upheld] {
            assert!(Raised.may_become(next));
            assert!(!next.may_become(Raised));
            assert!(!next.may_become(Integrated));
        }
        assert!(Raised.stands() && Upheld.stands() && !Integrated.stands());
        assert_eq!(Gradient::from_level(8), Some(Gradient::Veto));
        assert_eq!((Gradient::from_level(0), Gradient::from_level(9)), (None, None));
    }
}
