//! Adjusted Winner: dividing what is in dispute between two parties (METHODS 7.3).

use std::cmp::Ordering;

use crate::fraction::{Fraction, whole};

/// Points that each party spreads over the items.
pub const POINTS: u32 = 100;

/// One of the two parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
}

/// Why points cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DivisionError {
    /// A party's points do not add up.
    #[error("the points of each party must add up to {POINTS}, and these add up to {sum}")]
    NotHundred {
        /// Whose.
        side: Side,
        /// What they add up to.
        sum: u64,
    },
    /// An item that neither wants.
    #[error("neither party put a point on item {}", item + 1)]
    Unwanted {
        /// Which, from 0.
        item: usize,
    },
}

/// A part of an item that moved from the leader to the other party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Which item.
    pub item: usize,
    /// How much of it, above 0 and at most 1.
    pub share: Fraction,
}

/// A whole allocation, for an item that cannot be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeAllocation {
    /// Who gets each item.
    pub holder: Vec<Side>,
    /// Points of both sides.
    pub points: [Fraction; 2],
}

impl WholeAllocation {
    /// By how many points the sides differ.
    pub fn difference(&self) -> Fraction {
        let [first, second] = self.points;
        if first > second { first - second } else { second - first }
    }
}

/// Who gets what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The first party's share of each item, 0 to 1; the second party has the rest.
    pub share_first: Vec<Fraction>,
    /// Points of both sides after each item went to whoever put more on it; tied items aside.
    pub after_winner_phase: [u64; 2],
    /// Which side was ahead once the tied items were given out.
    pub leader: Side,
    /// What moved from the leader, in order.
    pub transfers: Vec<Transfer>,
    /// What each side has in the end, by its own points: equal for both.
    pub points: Fraction,
    /// The one item that is split, where one is.
    pub split: Option<usize>,
}

/// **Summary** – divides items so that both parties get equally much by their own points.
/// **Definition** – each item to the higher bidder; tied items, in listed order, to the party that is
/// behind (the first where both are equal); then the leader's items move in ascending ratio of
/// leader's to other's points, the last one in part, until both have equally much.
/// **Input** – `points`: per item the points of both parties; each column adds up to [`POINTS`].
/// **Output** – equal, Pareto-efficient and envy-free; at most one item is split. Exact.
/// **Complexity** – O(n log n).
/// **Reference** – Brams & Taylor 1996, *Fair Division*.
///
/// # Errors
/// Points that do not add up, an item that neither wants.
pub fn divide(points: &[[u32; 2]]) -> Result<Division, DivisionError> {
    check(points)?;
    let mut held = first_phase(points);
    let after_winner_phase = held.points_by(points, |[a, b]| a != b);
    for item in (0..points.len()).filter(|item| points[*item][0] == points[*item][1]) {
        let [first, second] = held.points;
        held.give(item, points, if first <= second { Side::First } else { Side::Second });
    }
    let [first, second] = held.points;
    let leader = if first >= second { Side::First } else { Side::Second };
    Ok(even_out(points, &held, leader, after_winner_phase))
}

fn check(points: &[[u32; 2]]) -> Result<(), DivisionError> {
    for (column, side) in [Side::First, Side::Second].into_iter().enumerate() {
        let sum = points.iter().map(|item| u64::from(item[column])).sum();
        if sum != u64::from(POINTS) {
            return Err(DivisionError::NotHundred { side, sum });
        }
    }
    match points.iter().position(|item| *item == [0, 0]) {
        Some(item) => Err(DivisionError::Unwanted { item }),
        None => Ok(()),
    }
}

/// Who holds which whole item, and the points of both.
struct Held {
    holder: Vec<Option<Side>>,
    points: [u64; 2],
}

impl Held {
    fn give(&mut self, item: usize, points: &[[u32; 2]], side: Side) {
        self.holder[item] = Some(side);
        self.points[side as usize] += u64::from(points[item][side as usize]);
    }

    /// Points of both over the items that a condition picks.
    fn points_by(&self, points: &[[u32; 2]], picks: impl Fn([u32; 2]) -> bool) -> [u64; 2] {
        let mut sums = [0; 2];
        for (item, holder) in self.holder.iter().enumerate() {
            if let Some(side) = holder.filter(|_| picks(points[item])) {
                sums[side as usize] += u64::from(points[item][side as usize]);
            }
        }
        sums
    }
}

/// Items to the higher bidder; tied ones stay with nobody.
fn first_phase(points: &[[u32; 2]]) -> Held {
    let mut held = Held { holder: vec![None; points.len()], points: [0; 2] };
    for (item, [first, second]) in points.iter().enumerate() {
        match first.cmp(second) {
            Ordering::Greater => held.give(item, points, Side::First),
            Ordering::Less => held.give(item, points, Side::Second),
            Ordering::Equal => {}
        }
    }
    held
}

fn even_out(
    points: &[[u32; 2]],
    held: &Held,
    leader: Side,
    after_winner_phase: [u64; 2],
) -> Division {
    let of = |item: usize, side: Side| whole(u64::from(points[item][side as usize]));
    let other = if leader == Side::First { Side::Second } else { Side::First };
    let mut items: Vec<usize> =
        (0..points.len()).filter(|item| held.holder[*item] == Some(leader)).collect();
    // Ratios compared as products, so that an item worth nothing to the other comes last.
    items.sort_by(|x, y| (of(*x, leader) * of(*y, other)).cmp(&(of(*y, leader) * of(*x, other))));
    let is_first = |side: Option<Side>| whole(u64::from(side == Some(Side::First)));
    let mut share_first: Vec<Fraction> = held.holder.iter().map(|side| is_first(*side)).collect();
    let mut ahead = whole(held.points[leader as usize]);
    let mut behind = whole(held.points[other as usize]);
    let mut transfers = Vec::new();
    for item in items {
        if ahead <= behind {
            break;
        }
        let share = whole(1).min((ahead - behind) / (of(item, leader) + of(item, other)));
        ahead -= share * of(item, leader);
        behind += share * of(item, other);
        share_first[item] = if leader == Side::First { whole(1) - share } else { share };
        transfers.push(Transfer { item, share });
    }
    let split = transfers.last().filter(|last| last.share < whole(1)).map(|last| last.item);
    Division { share_first, after_winner_phase, leader, transfers, points: ahead, split }
}

impl Division {
    /// Where an item is split that cannot be: both ways of giving it whole, and what they come to.
    /// `None` where nothing is split. `points` as given to [`divide`].
    pub fn whole_allocations(&self, points: &[[u32; 2]]) -> Option<[WholeAllocation; 2]> {
        let split = self.split?;
        let with = |side: Side| {
            let holder: Vec<Side> = self
                .share_first
                .iter()
                .enumerate()
                .map(|(item, share)| match item == split {
                    true => side,
                    false if *share == whole(1) => Side::First,
                    false => Side::Second,
                })
                .collect();
            let mut sums = [whole(0); 2];
            for (side, given) in holder.iter().zip(points) {
                sums[*side as usize] += whole(u64::from(given[*side as usize]));
            }
            WholeAllocation { holder, points: sums }
        };
        Some([with(Side::First), with(Side::Second)])
    }
}
