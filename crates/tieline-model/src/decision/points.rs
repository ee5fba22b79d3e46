//! Decisions by points on options: approval, score, dots, quadratic votes (METHODS 6.1).
//!
//! Each count has one [`Standing`] per option in listed order.

use crate::fraction::{Fraction, ratio, whole};

/// How one option stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it is compared by: approvals, mean mark, dots, or votes for less votes against. `None`:
    /// too few marks to be compared (score only).
    pub value: Option<Fraction>,
    /// Sum of what ballots gave it, nothing given counting 0.
    pub total: i128,
    /// Votes of the ballots that gave it anything (for score: a mark, 0 included).
    pub raters: u64,
}

/// Points of all options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsCount {
    /// One per option, in listed order.
    pub standings: Vec<Standing>,
    /// Votes of the ballots that are not empty.
    pub voters: u64,
}

impl PointsCount {
    /// A standing's total as a share of the voters: the approval share. `None` without voters.
    pub fn share(&self, option: usize) -> Option<Fraction> {
        let standing = self.standings.get(option)?;
        (self.voters > 0).then(|| Fraction::new(standing.total, i128::from(self.voters)))
    }

    /// The options with the highest value, in listed order; none without voters.
    pub fn winners(&self) -> Vec<usize> {
        if self.voters == 0 {
            return Vec::new();
        }
        let best = self.standings.iter().filter_map(|standing| standing.value).max();
        let is_best = |value: Option<Fraction>| value.is_some() && value == best;
        (0..self.standings.len()).filter(|at| is_best(self.standings[*at].value)).collect()
    }

    /// All options, the highest value first, those that cannot be compared last; ties by the place
    /// in `tie_order` (a permutation of the options).
    pub fn ranking(&self, tie_order: &[usize]) -> Vec<usize> {
        let mut ranking = tie_order.to_vec();
        ranking.sort_by_key(|at| std::cmp::Reverse(self.standings[*at].value));
        ranking
    }
}

/// Adds ballots up: each is a list of (option, points) with a weight.
fn sums(
    n_options: usize,
    ballots: impl IntoIterator<Item = (Vec<(usize, i64)>, u64)>,
) -> PointsCount {
    let nothing = Standing { value: None, total: 0, raters: 0 };
    let mut count = PointsCount { standings: vec![nothing; n_options], voters: 0 };
    for (points, weight) in ballots {
        count.voters += if points.is_empty() { 0 } else { weight };
        for (option, points) in points {
            let standing = &mut count.standings[option];
            standing.total += i128::from(points) * i128::from(weight);
            standing.raters += weight;
        }
    }
    count
}

/// Points compared by their sum: approvals (1 each), dots, quadratic votes.
///
/// `ballots`: (option index, points) with a weight; every index below `n_options`.
pub fn totals(
    n_options: usize,
    ballots: impl IntoIterator<Item = (Vec<(usize, i64)>, u64)>,
) -> PointsCount {
    let mut count = sums(n_options, ballots);
    for standing in &mut count.standings {
        standing.value = Some(Fraction::from_integer(standing.total));
    }
    count
}

/// Marks compared by their mean over those who gave one; an option that fewer than half of the voters
/// marked is not compared. Ballots without any mark are no voters here.
pub fn means(
    n_options: usize,
    ballots: impl IntoIterator<Item = (Vec<(usize, i64)>, u64)>,
) -> PointsCount {
    let mut count = sums(n_options, ballots);
    let half = Fraction::new(1, 2);
    for standing in &mut count.standings {
        let is_rated = ratio(standing.raters, count.voters).is_some_and(|share| share >= half);
        standing.value =
            is_rated.then(|| Fraction::from_integer(standing.total) / whole(standing.raters));
    }
    count
}
