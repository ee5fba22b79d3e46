//! Ties as of a moment over a window: a merge of roll-ups, segments and, for partial months, of the
//! contributions beside them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use tieline_model::id::{AddressId, ImportId};
use tieline_model::tie::{Contact, Strength};
use tieline_model::time::{DAY_MS, Moment, Month, Window};

use crate::blocks::{self, Block, Days, Mask, Total};
use crate::error::LakeError;
use crate::hash::IdHash;
use crate::layout::{self, SourceFile};
use crate::rollups;
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::segments::{self, Current};
use crate::sums::Span;
use crate::table::Table;

/// Contact between two nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct PairContact {
    /// The node with the lower number.
    pub a: u32,
    /// The node with the higher number.
    pub b: u32,
    /// What they had with each other; `ij` is `a` to `b`.
    pub contact: Contact,
}

/// What one address gave another, before any identity is applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectedContact {
    /// Who gave.
    pub from: AddressId,
    /// Who received.
    pub to: AddressId,
    /// Number of events.
    pub count: u64,
    /// Group-discounted, channel-weighted sum without decay.
    pub weight: f64,
    /// Group-discounted, channel-weighted sum, decayed to the end of the window.
    pub decayed: f64,
    /// First contact in the window.
    pub first: Moment,
    /// Last contact in the window.
    pub last: Moment,
}

/// Directed sums in order of (from, to).
pub(crate) fn ties_by_address(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
) -> Result<Vec<DirectedContact>, LakeError> {
    let mut all = Vec::new();
    merge(root, live, rules, window, Days::No, |total, _| {
        all.push(DirectedContact {
            from: AddressId::from_i64(total.from),
            to: AddressId::from_i64(total.to),
            count: total.count,
            weight: total.weight,
            decayed: total.decayed,
            first: Moment::from_ms(total.first),
            last: Moment::from_ms(total.last),
        });
    })?;
    Ok(all)
}

/// One direction between two nodes, with its days at a place in the pool of days.
struct Directed {
    a: u32,
    b: u32,
    decayed: f64,
    count: u64,
    first: i64,
    last: i64,
    masks_start: usize,
    n_masks: u32,
    forward: bool,
}

/// Contacts between nodes in order of (a, b).
pub(crate) fn ties(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
    nodes: &HashMap<AddressId, u32>,
) -> Result<Vec<PairContact>, LakeError> {
    let nodes: HashMap<i64, u32, IdHash> =
        nodes.iter().map(|(address, node)| (address.as_i64(), *node)).collect();
    let mut all: Vec<Directed> = Vec::new();
    let mut pool: Vec<Mask> = Vec::new();
    let mut sender = (0, None);
    merge(root, live, rules, window, Days::Yes, |total, masks| {
        if sender.0 != total.from {
            sender = (total.from, nodes.get(&total.from).copied());
        }
        let Some(i) = sender.1 else { return };
        let Some(j) = nodes.get(&total.to).copied().filter(|j| *j != i) else { return };
        let masks_start = pool.len();
        for mask in masks {
            add_mask(&mut pool, masks_start, *mask);
        }
        let (a, b, forward) = if i < j { (i, j, true) } else { (j, i, false) };
        let Total { decayed, count, first, last, .. } = *total;
        let n_masks = (pool.len() - masks_start) as u32;
        all.push(Directed { a, b, decayed, count, first, last, masks_start, n_masks, forward });
    })?;
    // The order of addresses breaks ties, so that the same sums are added in the same order.
    all.sort_unstable_by_key(|one| (one.a, one.b, one.masks_start));
    let mut masks = Vec::new();
    let pairs = all.chunk_by(|x, y| (x.a, x.b) == (y.a, y.b));
    let mut joined = Vec::with_capacity(pairs.clone().count());
    joined.extend(pairs.map(|pair| join(pair, &pool, &mut masks)));
    Ok(joined)
}

/// Adds days to those from `start`; the same month's that come together share a mask.
fn add_mask(masks: &mut Vec<Mask>, start: usize, mask: Mask) {
    match masks[start..].last_mut() {
        Some(last) if last.first_day == mask.first_day => last.days |= mask.days,
        _ => masks.push(mask),
    }
}

fn join(directions: &[Directed], pool: &[Mask], masks: &mut Vec<Mask>) -> PairContact {
    let mut strength = Strength { x_ij: 0.0, x_ji: 0.0 };
    let (mut count_ij, mut count_ji) = (0, 0);
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    masks.clear();
    for one in directions {
        if one.forward {
            strength.x_ij += one.decayed;
            count_ij += one.count;
        } else {
            strength.x_ji += one.decayed;
            count_ji += one.count;
        }
        first = first.min(one.first);
        last = last.max(one.last);
        masks.extend_from_slice(&pool[one.masks_start..][..one.n_masks as usize]);
    }
    masks.sort_unstable();
    masks.dedup_by(|next, kept| {
        let same = next.first_day == kept.first_day;
        if same {
            kept.days |= next.days;
        }
        same
    });
    let n_days = masks.iter().map(|mask| mask.days.count_ones() as usize).sum();
    let mut days = Vec::with_capacity(n_days);
    for Mask { first_day, days: mut bits } in masks.iter().copied() {
        while bits != 0 {
            days.push(i64::from(first_day) + i64::from(bits.trailing_zeros()));
            bits &= bits - 1;
        }
    }
    let (first, last) = (Moment::from_ms(first), Moment::from_ms(last));
    let contact = Contact { strength, count_ij, count_ji, first, last, days };
    PairContact { a: directions[0].a, b: directions[0].b, contact }
}

/// How a month of the window is read.
enum Reading<'a> {
    /// From what is derived of it.
    Derived(Current),
    /// Row by row, as its segment is stale (which is slower, and right).
    Rows(MonthPlan<'a>),
}

/// Passes the sums of every pair, in order of (from, to), to `take`, with the days of contact in
/// order of blocks.
fn merge(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
    days: Days,
    mut take: impl FnMut(&Total, &[Mask]),
) -> Result<(), LakeError> {
    rules.check()?;
    let mut readings = Vec::new();
    for (month, files) in months_in(root, live, window)? {
        let reading = match segments::current(root, month, &files, rules)? {
            Some(current) => Reading::Derived(current),
            None => Reading::Rows(MonthPlan::new(root, month, &files, rules, &|_| None)?),
        };
        readings.push((month, reading));
    }
    let mut blocks = blocks(root, &readings, rules, window, days)?;
    blocks::merge(
        &mut blocks,
        Block::pair,
        |block, added| block.add_pair(&mut added.total, &mut added.masks),
        |added, _| {
            take(&added.total, &added.masks);
            Ok(())
        },
    )
}

/// The blocks that cover a window, in order of time: years, quarters, months, and parts of months.
fn blocks<'r>(
    root: &Path,
    readings: &'r [(Month, Reading<'r>)],
    rules: &Rules,
    window: Window,
    days: Days,
) -> Result<Vec<Block<'r>>, LakeError> {
    let weights = blocks::weights(rules);
    let whole = |first: Month, end: Moment, table: &Table| {
        let age_days = window.to.days_since(end);
        let left = tieline_model::tie::decay(age_days, rules.params.half_life_days);
        Block::whole(first, table, weights, left, days)
    };
    let fingerprints = readings.iter().map(|(month, reading)| match reading {
        Reading::Derived(current) => (*month, Some(current.fingerprint())),
        Reading::Rows(_) => (*month, None),
    });
    let mut covered = HashSet::new();
    let mut found = Vec::with_capacity(readings.len());
    // Roll-ups have no days.
    if days == Days::No {
        for (stretch, table) in rollups::cover(root, window, &fingerprints.collect()) {
            covered.extend(stretch.months());
            let block = whole(stretch.first, stretch.next().start(), &table)?;
            found.push((stretch.first, block));
        }
    }
    for (month, reading) in readings.iter().filter(|(month, _)| !covered.contains(month)) {
        let span = span(*month, window, rules);
        let block = match reading {
            Reading::Rows(plan) => Block::scan(*month, plan, rules, span)?,
            Reading::Derived(current) if is_whole(*month, window) => {
                whole(*month, month.end(), &current.segment)?
            }
            Reading::Derived(current) => Block::part(root, *month, current, rules, span)?,
        };
        found.push((*month, block));
    }
    found.sort_by_key(|(first, _)| *first);
    Ok(found.into_iter().map(|(_, block)| block).collect())
}

/// Whether a month has moments inside the window.
pub(crate) fn touches(month: Month, window: Window) -> bool {
    month.start() < window.to && window.from.is_none_or(|from| from < month.end())
}

/// Whether a month lies wholly inside the window.
fn is_whole(month: Month, window: Window) -> bool {
    month.end() <= window.to && window.from.is_none_or(|from| from <= month.start())
}

/// The part of a month inside a window, decayed to the window's end.
pub(crate) fn span(month: Month, window: Window, rules: &Rules) -> Span {
    Span {
        from_ms: window.from.map_or(i64::MIN, Moment::ms),
        to_ms: window.to.ms(),
        as_of_ms: window.to.ms(),
        month_start_ms: month.start().ms(),
        half_life_ms: rules.params.half_life_days * DAY_MS as f64,
    }
}

/// Files of the months that touch a window, ascending.
pub(crate) fn months_in(
    root: &Path,
    live: &[ImportId],
    window: Window,
) -> Result<Vec<(Month, Vec<SourceFile>)>, LakeError> {
    let months = layout::live_months(root, live)?;
    Ok(months.into_iter().filter(|(month, _)| touches(*month, window)).collect())
}
