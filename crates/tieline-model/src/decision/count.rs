//! Counting a decision: quorum first, then the method; the whole count is kept for display.

use std::collections::BTreeSet;

use super::ballot::{Ballot, BallotError};
use super::points::{self, PointsCount};
use super::proposal::{ConsentCount, GradientCount, MajorityCount};
use super::ranked::{self, PairTable, RankedPairs, Ranking, Schulze};
use super::runoff::{self, Runoff};
use super::{DecisionRules, Method, Options, RankedRule};
use crate::access::words;
use crate::fraction::{Fraction, ratio};
use crate::id::OptionId;

/// One ballot and how many votes it stands for: its voter's own, and those passed on to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// What it says.
    pub ballot: Ballot,
    /// Votes, at least 1.
    pub weight: u64,
}

impl Cast {
    /// A ballot with the voter's own vote alone.
    pub const fn single(ballot: Ballot) -> Self {
        Self { ballot, weight: 1 }
    }
}

/// What a count says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Too few took part.
    NoQuorum,
    /// Everyone who took part abstained.
    NoDecision,
    /// The proposal passed.
    Passed,
    /// It did not.
    Rejected,
    /// A standing objection or a veto keeps it from passing.
    Blocked,
    /// Too many want to go on talking.
    DiscussMore,
    /// An option was chosen: the first of [`Outcome::ranking`].
    Chosen,
}
words!(Verdict {
    NoQuorum "no-quorum", NoDecision "no-decision", Passed "passed", Rejected "rejected",
    Blocked "blocked", DiscussMore "discuss-more", Chosen "chosen",
});

/// Everything about ranked ballots; all rules are counted, so that they can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCount {
    /// Votes that rank the row above the column.
    pub pairwise: PairTable,
    /// Who beats every other option one to one.
    pub condorcet_winner: Option<usize>,
    /// The smallest set that beats everything outside.
    pub smith_set: Vec<usize>,
    /// First choices.
    pub first_choices: Vec<Fraction>,
    /// Borda points.
    pub borda: Vec<Fraction>,
    /// Strongest paths.
    pub schulze: Schulze,
    /// Majorities locked in.
    pub ranked_pairs: RankedPairs,
    /// Instant run-off.
    pub runoff: Runoff,
}

/// The whole count of a method. Options are indices into the decision's [`Options`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Count {
    /// Consent.
    Consent(ConsentCount),
    /// Consensus levels.
    Gradients(GradientCount),
    /// Yes and no.
    Majority(MajorityCount),
    /// Approval, score, dots or quadratic votes.
    Points(PointsCount),
    /// Ranked ballots.
    Ranked(Box<RankedCount>),
}

/// How many took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participation {
    /// Votes there are.
    pub eligible: u64,
    /// Votes cast, abstentions and delegated votes included.
    pub cast: u64,
    /// Votes that the quorum asks for.
    pub needed: u64,
}

impl Participation {
    /// Whether enough took part.
    pub const fn has_quorum(&self) -> bool {
        self.cast >= self.needed
    }

    /// Votes cast as a share; `None` where nobody may vote.
    pub fn share(&self) -> Option<Fraction> {
        ratio(self.cast, self.eligible)
    }
}

/// What a decision came to, with everything that led there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// In one word.
    pub verdict: Verdict,
    /// How many took part.
    pub participation: Participation,
    /// The count, kept also where the quorum failed.
    pub count: Count,
    /// The best options before any tie-break, in listed order; one unless there is a tie. For ranked
    /// pairs and run-off: the winner. Empty for proposals and where nothing was chosen.
    pub winners: Vec<OptionId>,
    /// All options, the best first, ties by the tie order; empty for proposals.
    pub ranking: Vec<OptionId>,
    /// Whether the tie order was asked who wins.
    pub used_tie_break: bool,
}

/// Why a decision cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// A ballot that does not count under the rules; they are checked when they are cast.
    #[error("ballot {index}: {error}")]
    Ballot {
        /// Which, from 0.
        index: usize,
        /// What is wrong.
        error: BallotError,
    },
    /// More votes than voters, or a ballot without a vote.
    #[error("the votes cast do not fit the number of voters")]
    Votes,
    /// The tie order is not a permutation of the options, or there are no options to choose from.
    #[error("the order that breaks ties does not name every option once")]
    TieOrder,
}

/// Counts a decision.
///
/// `cast`: one entry per voter who voted directly, the last valid ballot of each. `eligible`: votes
/// there are. `tie_order`: every option once (from [`super::tie_break::order`]); empty for proposals.
///
/// # Errors
/// Ballots that break the rules, more votes than voters, an incomplete tie order.
pub fn count(
    rules: &DecisionRules,
    options: &Options,
    cast: &[Cast],
    eligible: u64,
    tie_order: &[OptionId],
) -> Result<Outcome, CountError> {
    for (index, cast) in cast.iter().enumerate() {
        let wrong = |error| CountError::Ballot { index, error };
        cast.ballot.check(&rules.method, options).map_err(wrong)?;
    }
    let votes = cast.iter().try_fold(0_u64, |sum, cast| sum.checked_add(cast.weight));
    let votes = votes.filter(|votes| *votes <= eligible).ok_or(CountError::Votes)?;
    if cast.iter().any(|cast| cast.weight == 0) {
        return Err(CountError::Votes);
    }
    let ties = tie_indices(rules, options, tie_order)?;
    let needed = rules.quorum.of(eligible);
    let participation = Participation { eligible, cast: votes, needed };
    let counted = Counted::of(rules, options, cast, eligible, &ties);
    let ids = |indices: &[usize]| indices.iter().map(|at| options.ids()[*at]).collect();
    let verdict = if participation.has_quorum() { counted.verdict } else { Verdict::NoQuorum };
    let is_chosen = verdict == Verdict::Chosen;
    Ok(Outcome {
        verdict,
        participation,
        winners: if is_chosen { ids(&counted.winners) } else { Vec::new() },
        ranking: ids(&counted.ranking),
        used_tie_break: is_chosen && counted.asked_tie_order,
        count: counted.count,
    })
}

/// The tie order as indices; empty for proposals.
fn tie_indices(
    rules: &DecisionRules,
    options: &Options,
    tie_order: &[OptionId],
) -> Result<Vec<usize>, CountError> {
    if rules.method.kind().is_of_proposal() {
        return Ok(Vec::new());
    }
    let indices: Option<Vec<usize>> = tie_order.iter().map(|id| options.index(*id)).collect();
    let indices = indices.ok_or(CountError::TieOrder)?;
    let different: BTreeSet<&usize> = indices.iter().collect();
    let is_whole = indices.len() == options.ids().len() && different.len() == indices.len();
    if is_whole && !indices.is_empty() { Ok(indices) } else { Err(CountError::TieOrder) }
}

/// What the method alone says, quorum aside; options as indices.
struct Counted {
    verdict: Verdict,
    count: Count,
    winners: Vec<usize>,
    ranking: Vec<usize>,
    asked_tie_order: bool,
}

impl Counted {
    fn of(
        rules: &DecisionRules,
        options: &Options,
        cast: &[Cast],
        eligible: u64,
        ties: &[usize],
    ) -> Self {
        let n = options.ids().len();
        match rules.method {
            Method::Consent => {
                let count = ConsentCount::of(consents(cast));
                Self::proposal(count.verdict(), Count::Consent(count))
            }
            Method::Gradients(rule) => {
                let count = GradientCount::of(gradients(cast));
                Self::proposal(count.verdict(&rule), Count::Gradients(count))
            }
            Method::Majority(rule) => {
                let count = MajorityCount::of(votes(cast), eligible);
                Self::proposal(count.verdict(&rule), Count::Majority(count))
            }
            Method::Score { .. } => Self::points(points::means(n, given(cast, options)), ties),
            Method::Approval | Method::Dot { .. } | Method::Quadratic { .. } => {
                Self::points(points::totals(n, given(cast, options)), ties)
            }
            Method::Ranked(rule) => Self::ranked(rule, n, &rankings(cast, options), ties),
        }
    }

    const fn proposal(verdict: Verdict, count: Count) -> Self {
        Self { verdict, count, winners: Vec::new(), ranking: Vec::new(), asked_tie_order: false }
    }

    fn points(count: PointsCount, ties: &[usize]) -> Self {
        let winners = count.winners();
        Self {
            verdict: if winners.is_empty() { Verdict::NoDecision } else { Verdict::Chosen },
            asked_tie_order: winners.len() > 1,
            winners,
            ranking: count.ranking(ties),
            count: Count::Points(count),
        }
    }

    fn ranked(rule: RankedRule, n: usize, ballots: &[Ranking], ties: &[usize]) -> Self {
        let pairwise = ranked::pairwise(n, ballots);
        let count = RankedCount {
            condorcet_winner: ranked::condorcet_winner(&pairwise),
            smith_set: ranked::smith_set(&pairwise),
            first_choices: ranked::first_choices(n, ballots),
            borda: ranked::borda(n, ballots),
            schulze: ranked::schulze(&pairwise, ties),
            ranked_pairs: ranked::ranked_pairs(&pairwise, ties),
            runoff: runoff::instant_runoff(n, ballots, ties),
            pairwise,
        };
        let (ranking, asked) = match rule {
            RankedRule::Schulze => (&count.schulze.ranking, count.schulze.asked_tie_order),
            RankedRule::RankedPairs => {
                (&count.ranked_pairs.ranking, count.ranked_pairs.asked_tie_order)
            }
            RankedRule::InstantRunoff => (&count.runoff.ranking, count.runoff.asked_tie_order),
        };
        let ranking = ranking.clone();
        let winners = match rule {
            RankedRule::Schulze => count.schulze.winners.clone(),
            RankedRule::RankedPairs | RankedRule::InstantRunoff => ranking[..1].to_vec(),
        };
        let is_empty = ballots.iter().all(|ballot| ballot.tiers.is_empty());
        Self {
            verdict: if is_empty { Verdict::NoDecision } else { Verdict::Chosen },
            count: Count::Ranked(Box::new(count)),
            winners,
            ranking,
            asked_tie_order: asked,
        }
    }
}

fn consents(cast: &[Cast]) -> impl Iterator<Item = (&super::ballot::Consent, u64)> {
    cast.iter().filter_map(|cast| match &cast.ballot {
        Ballot::Consent(stance) => Some((stance, cast.weight)),
        _ => None,
    })
}

fn gradients(cast: &[Cast]) -> impl Iterator<Item = (super::ballot::Gradient, u64)> {
    cast.iter().filter_map(|cast| match cast.ballot {
        Ballot::Gradient(gradient) => Some((gradient, cast.weight)),
        _ => None,
    })
}

fn votes(cast: &[Cast]) -> impl Iterator<Item = (super::ballot::Vote, u64)> {
    cast.iter().filter_map(|cast| match cast.ballot {
        Ballot::Majority(vote) => Some((vote, cast.weight)),
        _ => None,
    })
}

/// What each ballot gave to options, by index; an approval is 1 point.
fn given(cast: &[Cast], options: &Options) -> Vec<(Vec<(usize, i64)>, u64)> {
    let at = |id: OptionId| options.index(id);
    let points = |ballot: &Ballot| -> Vec<(usize, i64)> {
        match ballot {
            Ballot::Approval(approved) => {
                approved.iter().filter_map(|id| Some((at(*id)?, 1))).collect()
            }
            Ballot::Score(given) => {
                given.iter().filter_map(|(id, mark)| Some((at(*id)?, i64::from(*mark)))).collect()
            }
            Ballot::Dot(given) => nonzero(given, &at),
            Ballot::Quadratic(given) => nonzero(given, &at),
            _ => Vec::new(),
        }
    };
    cast.iter().map(|cast| (points(&cast.ballot), cast.weight)).collect()
}

/// Points other than 0: giving 0 dots or votes is giving none.
fn nonzero<N: Copy + Into<i64>>(
    given: &[(OptionId, N)],
    at: &impl Fn(OptionId) -> Option<usize>,
) -> Vec<(usize, i64)> {
    let points = given.iter().filter_map(|(id, points)| Some((at(*id)?, (*points).into())));
    points.filter(|(_, points)| *points != 0).collect()
}

fn rankings(cast: &[Cast], options: &Options) -> Vec<Ranking> {
    let tier = |ids: &Vec<OptionId>| ids.iter().filter_map(|id| options.index(*id)).collect();
    cast.iter()
        .filter_map(|cast| match &cast.ballot {
            Ballot::Ranked(tiers) => {
                Some(Ranking { tiers: tiers.iter().map(tier).collect(), weight: cast.weight })
            }
            _ => None,
        })
        .collect()
}
