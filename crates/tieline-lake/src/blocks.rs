//! What ties are merged from: sums of a month, or of the part of it inside a window, as columns in
//! order of (from, to, channel).

use std::path::Path;

use tieline_model::interaction::Channel;
use tieline_model::time::{Month, Window};

use crate::contributions::Reader;
use crate::error::LakeError;
use crate::layout::{CONTRIBUTIONS, derived_path};
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::segments::Current;
use crate::sums::{Keep, MonthScan, NO_SUM, Span, Sum};
use crate::table::{Batch, Batches};

/// Rows of a block in memory: many blocks are read side by side.
const BLOCK_ROWS: usize = 1024;
const KEYS: [&str; 4] = ["from", "to", "channel", "count"];
const SUMS: [&str; 8] = ["from", "to", "channel", "count", "weight", "weight_end", "first", "last"];
const SUMS_AND_DAYS: [&str; 9] =
    ["from", "to", "channel", "count", "weight", "weight_end", "first", "last", "days"];

/// Whether the days of contact are wanted beside the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Days {
    /// Only sums.
    No,
    /// Masks of days too.
    Yes,
}

/// Days of contact: bit 0 of the mask is the day given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mask {
    pub(crate) first_day: i32,
    pub(crate) days: u32,
}

/// Sums of one directed pair over all blocks and channels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Total {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) count: u64,
    pub(crate) weight: f64,
    pub(crate) decayed: f64,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Total {
    pub(crate) fn new(from: i64, to: i64) -> Self {
        let (first, last) = (i64::MAX, i64::MIN);
        Self { from, to, count: 0, weight: 0.0, decayed: 0.0, first, last }
    }
}

/// One block of the merge.
pub(crate) struct Block<'p> {
    first_day: i32,
    /// Weight of each channel, by code.
    weights: [f64; N_CHANNELS],
    /// What is left at the window's end of one unit at the block's.
    left: f64,
    /// Row by row, so that a merge of many blocks touches one cache line of each at a time.
    rows: Vec<Row>,
    /// Place of the pair at hand.
    at: usize,
    source: Source<'p>,
}

const N_CHANNELS: usize = Channel::ALL.len() + 1;

enum Source<'p> {
    /// A whole month.
    Segment(Batches, Days),
    /// A part of a month, from its contributions.
    Part(Box<Part>),
    /// A month, or a part of it, from its rows.
    Scan(Box<MonthScan<'p>>),
}

/// The keys and counts of a month's segment beside its contributions.
struct Part {
    keys: Batches,
    contributions: Reader,
    span: Span,
}

/// Channel-weighted sums of one directed pair and channel; `decayed` is to the window's end.
#[derive(Debug, Clone, Copy)]
struct Row {
    from: i64,
    to: i64,
    count: u32,
    days: u32,
    weight: f64,
    decayed: f64,
    first: i64,
    last: i64,
}

impl<'p> Block<'p> {
    /// The whole of a month.
    pub(crate) fn whole(
        month: Month,
        current: &Current,
        rules: &Rules,
        window: Window,
        days: Days,
    ) -> Result<Self, LakeError> {
        let columns: &[&str] = if days == Days::Yes { &SUMS_AND_DAYS } else { &SUMS };
        let batches = current.segment.batches(columns, None, BLOCK_ROWS)?;
        let age_days = window.to.days_since(month.end());
        let left = tieline_model::tie::decay(age_days, rules.params.half_life_days);
        Self::new(month, rules, left, Source::Segment(batches, days))
    }

    /// The part of a month inside the span.
    pub(crate) fn part(
        root: &Path,
        month: Month,
        current: &Current,
        rules: &Rules,
        span: Span,
    ) -> Result<Self, LakeError> {
        let keys = current.segment.batches(&KEYS, None, BLOCK_ROWS)?;
        let path = derived_path(root, CONTRIBUTIONS, month);
        let contributions = Reader::open(&path, &current.contributions)?;
        Self::new(month, rules, 1.0, Source::Part(Box::new(Part { keys, contributions, span })))
    }

    /// The rows of a month inside the span, where no current segment helps.
    pub(crate) fn scan(
        month: Month,
        plan: &'p MonthPlan<'p>,
        rules: &Rules,
        span: Span,
    ) -> Result<Self, LakeError> {
        let scan = Box::new(MonthScan::new(plan, span, Keep::Sums)?);
        Self::new(month, rules, 1.0, Source::Scan(scan))
    }

    fn new(month: Month, rules: &Rules, left: f64, source: Source<'p>) -> Result<Self, LakeError> {
        let mut weights = [0.0; N_CHANNELS];
        for channel in Channel::ALL {
            weights[channel.code() as usize] = rules.params.channel_weights.of(*channel);
        }
        let first_day = month.start().day() as i32;
        let rows = Vec::with_capacity(BLOCK_ROWS);
        let mut block = Self { first_day, weights, left, rows, at: 0, source };
        block.fill()?;
        Ok(block)
    }

    /// The pair at hand; `None` at the end.
    pub(crate) fn pair(&self) -> Option<(i64, i64)> {
        self.rows.get(self.at).map(|row| (row.from, row.to))
    }

    /// Adds up the pair at hand and moves on. Returns to whom its sender gave next, if anyone.
    pub(crate) fn add_pair(
        &mut self,
        total: &mut Total,
        masks: &mut Vec<Mask>,
    ) -> Result<Option<i64>, LakeError> {
        loop {
            while let Some(row) = self.rows.get(self.at) {
                if (row.from, row.to) != (total.from, total.to) {
                    return Ok((row.from == total.from).then_some(row.to));
                }
                total.count += u64::from(row.count);
                total.weight += row.weight;
                total.decayed += row.decayed;
                total.first = total.first.min(row.first);
                total.last = total.last.max(row.last);
                if row.days != 0 {
                    masks.push(Mask { first_day: self.first_day, days: row.days });
                }
                self.at += 1;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Makes the next rows available; false at the end, where there are none.
    fn fill(&mut self) -> Result<bool, LakeError> {
        self.at = 0;
        self.rows.clear();
        while self.rows.is_empty() {
            let more = match &mut self.source {
                Source::Segment(batches, days) => match batches.next()? {
                    Some(batch) => {
                        let days =
                            if *days == Days::Yes { Some(batch.u32s("days")?) } else { None };
                        read_segment(&batch, days, &self.weights, self.left, &mut self.rows)?;
                        true
                    }
                    None => false,
                },
                Source::Part(part) => match part.keys.next()? {
                    Some(batch) => {
                        let Part { contributions, span, .. } = &mut **part;
                        read_part(&batch, contributions, span, &self.weights, &mut self.rows)?;
                        true
                    }
                    None => false,
                },
                Source::Scan(scan) => read_scan(scan, &self.weights, &mut self.rows)?,
            };
            if !more {
                break;
            }
        }
        Ok(!self.rows.is_empty())
    }
}

/// 0 for a code of no channel.
fn weight_of(weights: &[f64; N_CHANNELS], channel: u8) -> f64 {
    weights.get(channel as usize).copied().unwrap_or(0.0)
}

fn read_segment(
    batch: &Batch,
    days: Option<&[u32]>,
    weights: &[f64; N_CHANNELS],
    left: f64,
    rows: &mut Vec<Row>,
) -> Result<(), LakeError> {
    let n = batch.n_rows();
    let (from, to) = (&batch.i64s("from")?[..n], &batch.i64s("to")?[..n]);
    let (channel, count) = (&batch.u8s("channel")?[..n], &batch.u32s("count")?[..n]);
    let (weight, weight_end) = (&batch.f64s("weight")?[..n], &batch.f64s("weight_end")?[..n]);
    let (first, last) = (&batch.times("first")?[..n], &batch.times("last")?[..n]);
    rows.extend((0..n).map(|i| {
        let channel_weight = weight_of(weights, channel[i]);
        Row {
            from: from[i],
            to: to[i],
            count: count[i],
            days: days.map_or(0, |days| days[i]),
            weight: weight[i] * channel_weight,
            decayed: weight_end[i] * channel_weight * left,
            first: first[i],
            last: last[i],
        }
    }));
    Ok(())
}

/// Sums of some segment rows over the contributions inside the span.
fn read_part(
    batch: &Batch,
    contributions: &mut Reader,
    span: &Span,
    weights: &[f64; N_CHANNELS],
    rows: &mut Vec<Row>,
) -> Result<(), LakeError> {
    let (from, to) = (batch.i64s("from")?, batch.i64s("to")?);
    let (channel, count) = (batch.u8s("channel")?, batch.u32s("count")?);
    for i in 0..batch.n_rows() {
        let mut sum = NO_SUM;
        contributions.take(count[i], |after, share| {
            let at = span.month_start_ms + i64::from(after);
            if span.contains(at) {
                sum.add(at, share, span);
            }
        })?;
        if sum.count > 0 {
            rows.push(row_of((from[i], to[i]), &sum, weight_of(weights, channel[i])));
        }
    }
    Ok(())
}

/// The next sums of a scan; false at its end.
fn read_scan(
    scan: &mut MonthScan<'_>,
    weights: &[f64; N_CHANNELS],
    rows: &mut Vec<Row>,
) -> Result<bool, LakeError> {
    while rows.len() < BLOCK_ROWS {
        let Some(pair) = scan.next()? else { return Ok(false) };
        let sums = scan.sums().by_channel();
        rows.extend(sums.map(|(channel, sum)| row_of(pair, &sum, weight_of(weights, channel))));
    }
    Ok(true)
}

/// A row of sums that are decayed to the window's end already.
fn row_of((from, to): (i64, i64), sum: &Sum, channel_weight: f64) -> Row {
    Row {
        from,
        to,
        count: sum.count,
        days: sum.days,
        weight: sum.weight * channel_weight,
        decayed: sum.weight_end * channel_weight,
        first: sum.first,
        last: sum.last,
    }
}
