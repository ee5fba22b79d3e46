//! Package deals: one option per issue, so that both sides gain (METHODS 7.4).
//!
//! What each side writes is private to it: publish [`Deal::choices`], never the gains.

use std::cmp::Reverse;

use crate::fraction::Fraction;

/// Most issues of one deal.
pub const MAX_ISSUES: usize = 12;

/// Most options of one issue.
pub const MAX_CHOICES: usize = 20;

/// Largest utility, for or against.
pub const MAX_UTILITY: i64 = 1000;

/// One issue: what each of its options is worth to both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Utilities of the first and the second side, per option.
    pub options: Vec<[i64; 2]>,
}

/// Why no deals can be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// No issue, or too many.
    #[error("there must be from 1 to {MAX_ISSUES} issues")]
    Issues,
    /// An issue without options, or with too many.
    #[error("issue {} must have from 1 to {MAX_CHOICES} options", issue + 1)]
    Options {
        /// Which, from 0.
        issue: usize,
    },
    /// A utility out of range.
    #[error("issue {}: each option is worth from -{MAX_UTILITY} to {MAX_UTILITY} to each side", issue + 1)]
    Utility {
        /// Which, from 0.
        issue: usize,
    },
}

/// A package: one option per issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The option of each issue, as an index.
    pub choices: Vec<usize>,
    /// What it is worth to both sides. Private to each.
    pub utilities: [i64; 2],
    /// What both sides gain over no deal. Private to each.
    pub gains: [i64; 2],
}

impl Deal {
    /// Whether both sides are at least as well off as without a deal.
    pub fn is_feasible(&self) -> bool {
        self.gains.iter().all(|gain| *gain >= 0)
    }

    /// The product of both gains (Nash 1950).
    pub fn product(&self) -> i128 {
        i128::from(self.gains[0]) * i128::from(self.gains[1])
    }

    fn least(&self) -> i64 {
        self.gains[0].min(self.gains[1])
    }
}

/// The packages that are worth talking about. Places point into `frontier`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deals {
    /// How many packages there are.
    pub n_packages: u128,
    /// Packages that no other is better than for one side without being worse for the other; the
    /// best for the first side first. One package for each pair of utilities.
    pub frontier: Vec<Deal>,
    /// Feasible ones by product of gains, the best first; ties: larger least gain, then choices.
    /// The first is the suggestion (Nash); empty: no package beats no deal for both.
    pub by_product: Vec<usize>,
    /// The feasible one whose least gain is largest.
    pub egalitarian: Option<usize>,
    /// The feasible one whose least gain, as a share of the side's best feasible gain, is largest
    /// (Kalai & Smorodinsky 1975, over packages).
    pub proportional: Option<usize>,
    /// The one whose sum of utilities is largest, feasible or not.
    pub utilitarian: Option<usize>,
}

/// **Summary** – the packages from which no side can gain without the other losing, and which of
/// them is fair by which rule.
/// **Definition** – utilities add up over issues; `no_deal` is what both sides have without a deal.
/// **Complexity** – issue by issue, keeping the frontier alone (exact, since utilities add up);
/// the frontier is at most as long as the range of sums.
/// **Reference** – Nash 1950, "The bargaining problem"; Raiffa 1982; Kalai & Smorodinsky 1975.
///
/// # Errors
/// No issues or options, too many of them, utilities out of range.
pub fn deals(issues: &[Issue], no_deal: [i64; 2]) -> Result<Deals, PackageError> {
    check(issues)?;
    let limit = MAX_UTILITY * MAX_ISSUES as i64;
    let no_deal = no_deal.map(|utility| utility.clamp(-limit, limit));
    let frontier = frontier(issues, no_deal);
    let mut by_product: Vec<usize> =
        (0..frontier.len()).filter(|at| frontier[*at].is_feasible()).collect();
    by_product.sort_by_key(|at| {
        let deal = &frontier[*at];
        (Reverse(deal.product()), Reverse(deal.least()), &deal.choices)
    });
    let feasible = |side: usize| by_product.iter().map(move |at| (*at, side));
    let best = |side: usize| feasible(side).map(|(at, side)| frontier[at].gains[side]).max();
    let ideal = [best(0).unwrap_or(0), best(1).unwrap_or(0)];
    let share = |deal: &Deal| (0..2).map(|side| part(deal.gains[side], ideal[side])).min();
    // The first of equals in the order of the product is kept.
    let first_max = |better: &dyn Fn(usize, usize) -> bool| {
        by_product.iter().copied().reduce(|kept, at| if better(at, kept) { at } else { kept })
    };
    let egalitarian = first_max(&|x, y| frontier[x].least() > frontier[y].least());
    let proportional = first_max(&|x, y| share(&frontier[x]) > share(&frontier[y]));
    let sum = |at: &usize| frontier[*at].utilities.iter().sum::<i64>();
    let utilitarian =
        (0..frontier.len()).min_by_key(|at| (Reverse(sum(at)), frontier[*at].choices.clone()));
    Ok(Deals {
        n_packages: issues.iter().map(|issue| issue.options.len() as u128).product(),
        by_product,
        egalitarian,
        proportional,
        utilitarian,
        frontier,
    })
}

/// A gain as a share of the best one; whoever can gain nothing has all of it.
fn part(gain: i64, ideal: i64) -> Fraction {
    match ideal {
        0 => Fraction::from_integer(1),
        ideal => Fraction::new(gain.into(), ideal.into()),
    }
}

fn check(issues: &[Issue]) -> Result<(), PackageError> {
    if !(1..=MAX_ISSUES).contains(&issues.len()) {
        return Err(PackageError::Issues);
    }
    for (issue, Issue { options }) in issues.iter().enumerate() {
        if !(1..=MAX_CHOICES).contains(&options.len()) {
            return Err(PackageError::Options { issue });
        }
        let is_within = |utility: &i64| (-MAX_UTILITY..=MAX_UTILITY).contains(utility);
        if !options.iter().flatten().all(is_within) {
            return Err(PackageError::Utility { issue });
        }
    }
    Ok(())
}

fn frontier(issues: &[Issue], no_deal: [i64; 2]) -> Vec<Deal> {
    let nothing = Deal { choices: Vec::new(), utilities: [0; 2], gains: no_deal.map(|own| -own) };
    issues.iter().fold(vec![nothing], |frontier, issue| {
        let extended = frontier.iter().flat_map(|deal| {
            issue.options.iter().enumerate().map(|(choice, worth)| Deal {
                choices: deal.choices.iter().copied().chain([choice]).collect(),
                utilities: [deal.utilities[0] + worth[0], deal.utilities[1] + worth[1]],
                gains: [deal.gains[0] + worth[0], deal.gains[1] + worth[1]],
            })
        });
        undominated(extended.collect())
    })
}

fn undominated(mut deals: Vec<Deal>) -> Vec<Deal> {
    deals.sort_by(|x, y| {
        let key = |deal: &Deal| (Reverse(deal.utilities[0]), Reverse(deal.utilities[1]));
        key(x).cmp(&key(y)).then_with(|| x.choices.cmp(&y.choices))
    });
    let mut best_second = i64::MIN;
    deals.retain(|deal| {
        let is_better = deal.utilities[1] > best_second;
        best_second = best_second.max(deal.utilities[1]);
        is_better
    });
    deals
}
