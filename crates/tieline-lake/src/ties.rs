//! Ties as of a moment over a window: a merge of segments and of the raw rows of partial months.

use std::collections::HashMap;
use std::path::Path;

use arrow_array::{Float64Array, Int64Array, TimestampMillisecondArray, UInt8Array, UInt32Array};
use tieline_model::id::{AddressId, ImportId};
use tieline_model::interaction::Channel;
use tieline_model::tie::{Contact, Strength};
use tieline_model::time::{DAY_MS, Moment, Month, Window};

use crate::error::LakeError;
use crate::hash::IdHash;
use crate::layout::{self, SEGMENTS, SourceFile, derived_path};
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::segments;
use crate::sums::{MonthScan, Span};
use crate::table::{Batch, Batches, SCAN_ROWS, Table};

const COLUMNS: [&str; 9] =
    ["from", "to", "channel", "count", "days", "weight", "weight_end", "first", "last"];

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
    merge(root, live, rules, window, |from, sums, _| {
        let start = all.len();
        all.extend(sums.iter().map(|sum| DirectedContact {
            from: AddressId::from_i64(from),
            to: AddressId::from_i64(sum.to),
            count: sum.count,
            weight: sum.weight,
            decayed: sum.decayed,
            first: Moment::from_ms(sum.first),
            last: Moment::from_ms(sum.last),
        }));
        all[start..].sort_unstable_by_key(|sum| sum.to);
    })?;
    Ok(all)
}

/// One direction between two nodes, with its days at a place in the pool of days.
struct Directed {
    a: u32,
    b: u32,
    forward: bool,
    sum: Sum,
    days: (usize, usize),
}

/// Contacts between nodes in order of (a, b).
pub(crate) fn ties(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
    nodes: &HashMap<AddressId, u32>,
) -> Result<Vec<PairContact>, LakeError> {
    let mut all: Vec<Directed> = Vec::new();
    let mut pool: Vec<i64> = Vec::new();
    let node = |address: i64| nodes.get(&AddressId::from_i64(address)).copied();
    merge(root, live, rules, window, |from, sums, days| {
        let Some(i) = node(from) else { return };
        for (slot, sum) in sums.iter().enumerate() {
            let Some(j) = node(sum.to).filter(|j| *j != i) else { continue };
            let start = pool.len();
            days.of(slot, &mut pool);
            let (a, b, forward) = if i < j { (i, j, true) } else { (j, i, false) };
            all.push(Directed { a, b, forward, sum: *sum, days: (start, pool.len()) });
        }
    })?;
    // The order of addresses breaks ties, so that the same sums are added in the same order.
    all.sort_by_key(|one| (one.a, one.b));
    Ok(all.chunk_by(|x, y| (x.a, x.b) == (y.a, y.b)).map(|pair| join(pair, &pool)).collect())
}

fn join(directions: &[Directed], pool: &[i64]) -> PairContact {
    let mut contact = Contact {
        strength: Strength { x_ij: 0.0, x_ji: 0.0 },
        count_ij: 0,
        count_ji: 0,
        first: Moment::from_ms(i64::MAX),
        last: Moment::from_ms(i64::MIN),
        days: Vec::new(),
    };
    for one in directions {
        if one.forward {
            contact.strength.x_ij += one.sum.decayed;
            contact.count_ij += one.sum.count;
        } else {
            contact.strength.x_ji += one.sum.decayed;
            contact.count_ji += one.sum.count;
        }
        contact.first = contact.first.min(Moment::from_ms(one.sum.first));
        contact.last = contact.last.max(Moment::from_ms(one.sum.last));
        contact.days.extend_from_slice(&pool[one.days.0..one.days.1]);
    }
    contact.days.sort_unstable();
    contact.days.dedup();
    PairContact { a: directions[0].a, b: directions[0].b, contact }
}

/// Sums of one directed pair over all months and channels.
#[derive(Debug, Clone, Copy)]
struct Sum {
    to: i64,
    count: u64,
    weight: f64,
    decayed: f64,
    first: i64,
    last: i64,
}

/// Contact days of the pairs of one sender: (pair, first day of the month, mask).
#[derive(Default)]
struct Days {
    masks: Vec<(u32, i64, u32)>,
    sorted: bool,
}

impl Days {
    /// Appends the days of a pair, ascending within each month.
    fn of(&mut self, slot: usize, pool: &mut Vec<i64>) {
        if !self.sorted {
            self.masks.sort_unstable();
            self.sorted = true;
        }
        let start = self.masks.partition_point(|(pair, _, _)| (*pair as usize) < slot);
        for (_, first_day, mask) in
            self.masks[start..].iter().take_while(|(pair, _, _)| *pair as usize == slot)
        {
            let mut mask = *mask;
            while mask != 0 {
                pool.push(first_day + i64::from(mask.trailing_zeros()));
                mask &= mask - 1;
            }
        }
    }
}

/// Passes the sums of every sender, in order of senders, to `take`.
fn merge(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
    mut take: impl FnMut(i64, &[Sum], &mut Days),
) -> Result<(), LakeError> {
    rules.check()?;
    let mut months = layout::live_months(root, live)?;
    months.retain(|month, _| touches(*month, window));
    let plans = plans(root, &months, rules, window)?;
    let mut sources = Vec::with_capacity(months.len());
    for month in months.keys() {
        sources.push(MonthSource::open(root, *month, plans.get(month), rules, window)?);
    }
    let mut slots: HashMap<i64, u32, IdHash> = HashMap::default();
    let (mut sums, mut days) = (Vec::new(), Days::default());
    while let Some(from) = sources.iter().filter_map(MonthSource::sender).min() {
        slots.clear();
        sums.clear();
        days.masks.clear();
        days.sorted = false;
        for source in &mut sources {
            if source.sender() == Some(from) {
                source.add_sender(from, |row| {
                    let slot = *slots.entry(row.to).or_insert_with(|| {
                        sums.push(Sum {
                            to: row.to,
                            count: 0,
                            weight: 0.0,
                            decayed: 0.0,
                            first: i64::MAX,
                            last: i64::MIN,
                        });
                        sums.len() as u32 - 1
                    });
                    let sum = &mut sums[slot as usize];
                    sum.count += u64::from(row.count);
                    sum.weight += row.weight;
                    sum.decayed += row.decayed;
                    sum.first = sum.first.min(row.first);
                    sum.last = sum.last.max(row.last);
                    days.masks.push((slot, row.first_day, row.days));
                })?;
            }
        }
        take(from, &sums, &mut days);
    }
    Ok(())
}

/// Whether a month has moments inside the window.
pub(crate) fn touches(month: Month, window: Window) -> bool {
    month.start() < window.to && window.from.is_none_or(|from| from < month.end())
}

/// Whether a month lies wholly inside the window.
fn is_whole(month: Month, window: Window) -> bool {
    month.end() <= window.to && window.from.is_none_or(|from| from <= month.start())
}

/// Plans of the months that must be read row by row: partial ones, and those whose segment is
/// stale (which is slower, and right).
fn plans<'a>(
    root: &Path,
    months: &segments::Months,
    rules: &'a Rules,
    window: Window,
) -> Result<HashMap<Month, MonthPlan<'a>>, LakeError> {
    let mut plans = HashMap::new();
    for (month, files) in months {
        if !is_whole(*month, window) || !segments::is_current(root, *month, files, rules)? {
            plans.insert(*month, MonthPlan::new(root, *month, files, rules, &|_| None)?);
        }
    }
    Ok(plans)
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

/// Channel-weighted sums of one pair, channel and month, decayed to the window's end.
struct Row {
    to: i64,
    count: u32,
    days: u32,
    first_day: i64,
    weight: f64,
    decayed: f64,
    first: i64,
    last: i64,
}

/// One month of the merge.
struct MonthSource<'p> {
    first_day: i64,
    /// What is left at the window's end of one unit at the month's end.
    decay: f64,
    channel_weights: [f64; Channel::ALL.len() + 1],
    inner: Inner<'p>,
}

enum Inner<'p> {
    Segment { batches: Box<Batches>, columns: Option<Box<SegmentColumns>>, row: usize },
    Rows { scan: Box<MonthScan<'p>>, next: Option<RawPair> },
}

struct RawPair {
    from: i64,
    rows: Vec<(i64, u8, crate::sums::Sum)>,
}

impl<'p> MonthSource<'p> {
    fn open(
        root: &Path,
        month: Month,
        plan: Option<&'p MonthPlan<'p>>,
        rules: &Rules,
        window: Window,
    ) -> Result<Self, LakeError> {
        let mut channel_weights = [0.0; Channel::ALL.len() + 1];
        for channel in Channel::ALL {
            channel_weights[channel.code() as usize] = rules.params.channel_weights.of(*channel);
        }
        let (inner, age_days) = match plan {
            Some(plan) => {
                let scan = Box::new(MonthScan::new(plan, span(month, window, rules))?);
                (Inner::Rows { scan, next: None }, 0.0)
            }
            None => {
                let table = Table::open(&derived_path(root, SEGMENTS, month))?;
                let batches = Box::new(table.batches(&COLUMNS, None, SCAN_ROWS)?);
                let inner = Inner::Segment { batches, columns: None, row: 0 };
                (inner, window.to.days_since(month.end()))
            }
        };
        let decay = tieline_model::tie::decay(age_days, rules.params.half_life_days);
        let mut source = Self { first_day: month.start().day(), decay, channel_weights, inner };
        source.advance()?;
        Ok(source)
    }

    fn sender(&self) -> Option<i64> {
        match &self.inner {
            Inner::Segment { columns, row, .. } => {
                columns.as_ref().and_then(|columns| columns.from.values().get(*row).copied())
            }
            Inner::Rows { next, .. } => next.as_ref().map(|pair| pair.from),
        }
    }

    /// Makes the next row available.
    fn advance(&mut self) -> Result<(), LakeError> {
        match &mut self.inner {
            Inner::Segment { batches, columns, row } => {
                while columns.as_ref().is_none_or(|columns| *row >= columns.from.len()) {
                    *row = 0;
                    *columns = match batches.next()? {
                        Some(batch) => Some(Box::new(SegmentColumns::of(&batch)?)),
                        None => {
                            *columns = None;
                            return Ok(());
                        }
                    };
                }
            }
            Inner::Rows { scan, next } => {
                *next = scan.next()?.map(|(from, to)| {
                    let sums = scan.sums().by_channel();
                    RawPair { from, rows: sums.map(|(channel, sum)| (to, channel, sum)).collect() }
                });
            }
        }
        Ok(())
    }

    /// Passes all rows of a sender to `take`.
    fn add_sender(&mut self, from: i64, mut take: impl FnMut(Row)) -> Result<(), LakeError> {
        while self.sender() == Some(from) {
            let (first_day, decay) = (self.first_day, self.decay);
            let weights = self.channel_weights;
            let weight_of = |channel: u8| weights.get(channel as usize).copied().unwrap_or(0.0);
            match &mut self.inner {
                Inner::Segment { columns, row, .. } => {
                    let Some(columns) = columns else { return Ok(()) };
                    while columns.from.values().get(*row) == Some(&from) {
                        take(columns.row(
                            *row,
                            first_day,
                            decay,
                            weight_of(columns.channel.values()[*row]),
                        ));
                        *row += 1;
                    }
                }
                Inner::Rows { next, .. } => {
                    for (to, channel, sum) in next.iter().flat_map(|pair| &pair.rows) {
                        let weight = weight_of(*channel);
                        take(Row {
                            to: *to,
                            count: sum.count,
                            days: sum.days,
                            first_day,
                            weight: sum.weight * weight,
                            decayed: sum.weight_end * weight * decay,
                            first: sum.first,
                            last: sum.last,
                        });
                    }
                }
            }
            self.advance()?;
        }
        Ok(())
    }
}

/// Columns of a batch of a segment, looked up once.
struct SegmentColumns {
    from: Int64Array,
    to: Int64Array,
    channel: UInt8Array,
    count: UInt32Array,
    days: UInt32Array,
    weight: Float64Array,
    weight_end: Float64Array,
    first: TimestampMillisecondArray,
    last: TimestampMillisecondArray,
}

impl SegmentColumns {
    fn of(batch: &Batch) -> Result<Self, LakeError> {
        Ok(Self {
            from: batch.column("from")?,
            to: batch.column("to")?,
            channel: batch.column("channel")?,
            count: batch.column("count")?,
            days: batch.column("days")?,
            weight: batch.column("weight")?,
            weight_end: batch.column("weight_end")?,
            first: batch.column("first")?,
            last: batch.column("last")?,
        })
    }

    fn row(&self, i: usize, first_day: i64, decay: f64, channel_weight: f64) -> Row {
        Row {
            to: self.to.values()[i],
            count: self.count.values()[i],
            days: self.days.values()[i],
            first_day,
            weight: self.weight.values()[i] * channel_weight,
            decayed: self.weight_end.values()[i] * channel_weight * decay,
            first: self.first.values()[i],
            last: self.last.values()[i],
        }
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
