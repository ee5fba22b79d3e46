//! Ranked ballots counted pair by pair: Condorcet winner, Smith set, Schulze, ranked pairs, Borda
//! (METHODS 6.2).
//!
//! Options are indices `0..n`. A tie order is a permutation of them, from [`super::tie_break`].

use std::cmp::Reverse;

use crate::fraction::{Fraction, whole};

/// One ballot, or several that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// Tiers of option indices, the best first; options left out are tied below all others.
    pub tiers: Vec<Vec<usize>>,
    /// How many votes it stands for.
    pub weight: u64,
}

/// Square table of votes between options: a pair (row, column) holds a number of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairTable {
    n: usize,
    votes: Vec<u64>,
}

impl PairTable {
    fn new(n: usize) -> Self {
        Self { n, votes: vec![0; n * n] }
    }

    /// Number of options.
    pub const fn n_options(&self) -> usize {
        self.n
    }

    /// The votes of a pair. Both indices below [`PairTable::n_options`].
    pub fn get(&self, row: usize, column: usize) -> u64 {
        self.votes[row * self.n + column]
    }

    fn set(&mut self, row: usize, column: usize, votes: u64) {
        self.votes[row * self.n + column] = votes;
    }

    /// Whether more votes stand at (x, y) than at (y, x).
    pub fn beats(&self, x: usize, y: usize) -> bool {
        self.get(x, y) > self.get(y, x)
    }
}

/// How many votes rank the row strictly above the column. O(ballots n²).
pub fn pairwise(n_options: usize, ballots: &[Ranking]) -> PairTable {
    let mut table = PairTable::new(n_options);
    for ballot in ballots {
        let mut tier_of = vec![usize::MAX; n_options];
        for (tier, options) in ballot.tiers.iter().enumerate() {
            for option in options {
                tier_of[*option] = tier;
            }
        }
        for x in 0..n_options {
            for y in 0..n_options {
                if tier_of[x] < tier_of[y] {
                    table.votes[x * n_options + y] += ballot.weight;
                }
            }
        }
    }
    table
}

/// The option that beats every other one to one, where there is one.
pub fn condorcet_winner(pairwise: &PairTable) -> Option<usize> {
    let n = pairwise.n_options();
    (0..n).find(|x| (0..n).all(|y| y == *x || pairwise.beats(*x, y)))
}

/// The smallest set whose members each beat every option outside, ascending. O(n³).
pub fn smith_set(pairwise: &PairTable) -> Vec<usize> {
    let n = pairwise.n_options();
    // A member reaches every option over pairs that it does not lose.
    let mut reaches: Vec<Vec<bool>> =
        (0..n).map(|x| (0..n).map(|y| !pairwise.beats(y, x)).collect()).collect();
    for via in 0..n {
        let from_via = reaches[via].clone();
        for from in reaches.iter_mut().filter(|from| from[via]) {
            for (to, further) in from.iter_mut().zip(&from_via) {
                *to |= further;
            }
        }
    }
    (0..n).filter(|x| reaches[*x].iter().all(|is_reached| *is_reached)).collect()
}

/// First choices, split equally inside a tied first rank; ballots without ranks count nowhere.
pub fn first_choices(n_options: usize, ballots: &[Ranking]) -> Vec<Fraction> {
    let mut votes = vec![Fraction::from_integer(0); n_options];
    for ballot in ballots {
        if let Some(first) = ballot.tiers.first() {
            for option in first {
                votes[*option] += whole(ballot.weight) / whole(first.len() as u64);
            }
        }
    }
    votes
}

/// Borda points: `n - 1` for the first place down to 0 for the last; tied options share the mean of
/// their places.
pub fn borda(n_options: usize, ballots: &[Ranking]) -> Vec<Fraction> {
    let mut points = vec![Fraction::from_integer(0); n_options];
    for ballot in ballots {
        let mut is_ranked = vec![false; n_options];
        ballot.tiers.iter().flatten().for_each(|option| is_ranked[*option] = true);
        let rest: Vec<usize> = (0..n_options).filter(|option| !is_ranked[*option]).collect();
        let mut above = 0;
        for tier in ballot.tiers.iter().chain([&rest]).filter(|tier| !tier.is_empty()) {
            // The mean of the places that the tier takes up.
            let twice = 2 * (n_options - above) - tier.len() - 1;
            for option in tier {
                points[*option] += Fraction::new(twice as i128, 2) * whole(ballot.weight);
            }
            above += tier.len();
        }
    }
    points
}

/// The strongest paths between options, and whom they elect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schulze {
    /// Strength of the strongest path from row to column, in winning votes; 0 where there is none.
    pub strengths: PairTable,
    /// The options whose path to every other one is at least as strong as the way back, ascending.
    pub winners: Vec<usize>,
    /// All options by how many others they are ahead of, ties by the tie order.
    pub ranking: Vec<usize>,
    /// Whether the tie order was asked who is first.
    pub asked_tie_order: bool,
}

/// **Summary** – elects the option whose victories, also over detours, are the strongest.
/// **Definition** – `p[x][y]` is the largest over all paths of the smallest majority on the path;
/// x is ahead of y iff `p[x][y] > p[y][x]`.
/// **Complexity** – O(n³).
/// **Reference** – Schulze 2011, "A new monotonic, clone-independent, reversal symmetric, and
/// Condorcet-consistent single-winner election method"; winning votes.
pub fn schulze(pairwise: &PairTable, tie_order: &[usize]) -> Schulze {
    let n = pairwise.n_options();
    let mut paths = PairTable::new(n);
    for x in 0..n {
        for y in (0..n).filter(|y| pairwise.beats(x, *y)) {
            paths.set(x, y, pairwise.get(x, y));
        }
    }
    for via in 0..n {
        for x in (0..n).filter(|x| *x != via) {
            for y in (0..n).filter(|y| *y != via && *y != x) {
                let detour = paths.get(x, via).min(paths.get(via, y));
                paths.set(x, y, paths.get(x, y).max(detour));
            }
        }
    }
    let n_ahead_of = |x: usize| (0..n).filter(|y| paths.beats(x, *y)).count();
    let winners = (0..n).filter(|x| (0..n).all(|y| !paths.beats(y, *x))).collect();
    let mut ranking = tie_order.to_vec();
    ranking.sort_by_key(|x| Reverse(n_ahead_of(*x)));
    let asked_tie_order =
        ranking.get(1).is_some_and(|second| n_ahead_of(*second) == n_ahead_of(ranking[0]));
    Schulze { winners, asked_tie_order, ranking, strengths: paths }
}

/// One majority of one option over another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Majority {
    /// The preferred option.
    pub winner: usize,
    /// The other.
    pub loser: usize,
    /// Votes for the winner.
    pub votes_for: u64,
    /// Votes for the loser.
    pub votes_against: u64,
    /// Whether it was locked in; otherwise it would have closed a circle.
    pub is_locked: bool,
}

/// The majorities in the order in which they were looked at, and the order that they make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedPairs {
    /// The strongest majority first.
    pub majorities: Vec<Majority>,
    /// All options, the best first, ties by the tie order.
    pub ranking: Vec<usize>,
    /// Whether the tie order was asked: majorities of equal strength, or more than one option that
    /// no locked majority stands against.
    pub asked_tie_order: bool,
}

/// **Summary** – locks in majorities from the strongest down, unless one closes a circle.
/// **Definition** – majorities by winning votes descending, opposing votes ascending, then the tie
/// order of winner and of loser; the ranking is the topological order of those locked.
/// **Complexity** – O(n⁴) at worst, for 60 options well under a second.
/// **Reference** – Tideman 1987, "Independence of clones as a criterion for voting rules"; winning
/// votes.
pub fn ranked_pairs(pairwise: &PairTable, tie_order: &[usize]) -> RankedPairs {
    let n = pairwise.n_options();
    let mut majorities = majorities(pairwise, tie_order);
    let strength = |majority: &Majority| (majority.votes_for, majority.votes_against);
    let is_tied = majorities.windows(2).any(|pair| strength(&pair[0]) == strength(&pair[1]));
    let mut leads_to = vec![vec![false; n]; n];
    for (x, row) in leads_to.iter_mut().enumerate() {
        row[x] = true;
    }
    for majority in &mut majorities {
        majority.is_locked = !leads_to[majority.loser][majority.winner];
        if majority.is_locked {
            let below = leads_to[majority.loser].clone();
            for above in leads_to.iter_mut().filter(|above| above[majority.winner]) {
                above.iter_mut().zip(&below).for_each(|(to, further)| *to |= further);
            }
        }
    }
    let mut left = tie_order.to_vec();
    let mut ranking = Vec::with_capacity(n);
    let mut n_first = 0;
    while !left.is_empty() {
        let is_free = |x: usize| left.iter().all(|y| *y == x || !leads_to[*y][x]);
        if ranking.is_empty() {
            n_first = left.iter().filter(|x| is_free(**x)).count();
        }
        // Locked majorities close no circle, so that one option is always free.
        let at = left.iter().position(|x| is_free(*x)).unwrap_or(0);
        ranking.push(left.remove(at));
    }
    RankedPairs { majorities, ranking, asked_tie_order: is_tied || n_first > 1 }
}

fn majorities(pairwise: &PairTable, tie_order: &[usize]) -> Vec<Majority> {
    let mut all = Vec::new();
    for winner in tie_order {
        for loser in tie_order.iter().filter(|loser| pairwise.beats(*winner, **loser)) {
            let votes_for = pairwise.get(*winner, *loser);
            let votes_against = pairwise.get(*loser, *winner);
            let (winner, loser) = (*winner, *loser);
            all.push(Majority { winner, loser, votes_for, votes_against, is_locked: false });
        }
    }
    // The sort is stable: equal majorities stay in the tie order of winner and loser.
    all.sort_by_key(|majority| (Reverse(majority.votes_for), majority.votes_against));
    all
}
