//! Instant run-off on ranked ballots, with exact fractions and one elimination at a time
//! (METHODS 6.2).

use super::ranked::Ranking;
use crate::fraction::{Fraction, whole};

/// What a round of the count ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundEnd {
    /// This option has more than half of the continuing votes, or is the last one.
    Elected(usize),
    /// This option has the fewest votes and leaves.
    Eliminated(usize),
}

/// One round of the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Votes of each option; `None` for those that left before.
    pub votes: Vec<Option<Fraction>>,
    /// Votes of ballots that rank no continuing option.
    pub exhausted: Fraction,
    /// How it ended.
    pub end: RoundEnd,
}

/// The whole run-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runoff {
    /// Rounds in order; the last one elects.
    pub rounds: Vec<Round>,
    /// All options: the winner, then those that stayed to the end by their last votes, then those
    /// that left, the last to leave first.
    pub ranking: Vec<usize>,
    /// Whether the tie order decided who left.
    pub asked_tie_order: bool,
}

/// **Summary** – drops the option with the fewest votes until one has more than half.
/// **Definition** – each ballot goes to its highest continuing tier, split equally inside a tied
/// tier. A tie for the fewest goes to who had fewest in the latest earlier round in which they
/// differ, then to the last in the tie order.
/// **Complexity** – O(n² ballots).
pub fn instant_runoff(n_options: usize, ballots: &[Ranking], tie_order: &[usize]) -> Runoff {
    let mut left: Vec<usize> = tie_order.to_vec();
    let mut runoff = Runoff { rounds: Vec::new(), ranking: Vec::new(), asked_tie_order: false };
    let mut gone = Vec::new();
    loop {
        let (votes, exhausted) = tally(n_options, ballots, &left);
        let of = |option: usize| votes[option].unwrap_or_else(|| whole(0));
        let total: Fraction = left.iter().map(|option| of(*option)).sum();
        left.sort_by_key(|option| std::cmp::Reverse(of(*option)));
        let Some(leader) = left.first().copied() else { return runoff };
        if left.len() == 1 || of(leader) * Fraction::from_integer(2) > total {
            runoff.rounds.push(Round { votes, exhausted, end: RoundEnd::Elected(leader) });
            runoff.ranking = left;
            runoff.ranking.extend(gone.iter().rev());
            return runoff;
        }
        let (loser, by_lot) = lowest(&votes, &runoff.rounds, &left, tie_order);
        runoff.asked_tie_order |= by_lot;
        runoff.rounds.push(Round { votes, exhausted, end: RoundEnd::Eliminated(loser) });
        left = tie_order.iter().copied().filter(|x| *x != loser && left.contains(x)).collect();
        gone.push(loser);
    }
}

/// Votes of the options that are left, and of exhausted ballots.
fn tally(
    n_options: usize,
    ballots: &[Ranking],
    left: &[usize],
) -> (Vec<Option<Fraction>>, Fraction) {
    let mut votes: Vec<Option<Fraction>> = vec![None; n_options];
    left.iter().for_each(|option| votes[*option] = Some(whole(0)));
    let mut exhausted = whole(0);
    for ballot in ballots {
        let goes_to = |tier: &Vec<usize>| -> Vec<usize> {
            tier.iter().copied().filter(|option| votes[*option].is_some()).collect()
        };
        let highest = ballot.tiers.iter().map(goes_to).find(|tier| !tier.is_empty());
        let Some(tier) = highest else {
            exhausted += whole(ballot.weight);
            continue;
        };
        let part = whole(ballot.weight) / whole(tier.len() as u64);
        for option in tier {
            votes[option] = votes[option].map(|votes| votes + part);
        }
    }
    (votes, exhausted)
}

/// Who leaves, and whether the tie order had to say so.
fn lowest(
    votes: &[Option<Fraction>],
    earlier: &[Round],
    left: &[usize],
    tie_order: &[usize],
) -> (usize, bool) {
    let fewest = |among: &[usize], votes: &[Option<Fraction>]| -> Vec<usize> {
        let least = among.iter().filter_map(|option| votes[*option]).min();
        among.iter().copied().filter(|option| votes[*option] == least).collect()
    };
    let mut tied = fewest(left, votes);
    for round in earlier.iter().rev() {
        if tied.len() > 1 {
            tied = fewest(&tied, &round.votes);
        }
    }
    let by_lot = tied.len() > 1;
    let last = tie_order.iter().rev().find(|option| tied.contains(option));
    (last.copied().unwrap_or_default(), by_lot)
}
