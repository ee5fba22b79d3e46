//! What ties are merged from: sums of a month, a quarter or a year, or of the part of it inside a window, as columns in
//! order of (from, to, channel).

use std::path::Path;

use tieline_model::interaction::Channel;
use tieline_model::time::Month;

use crate::contributions::Reader;
use crate::error::LakeError;
use crate::layout::{CONTRIBUTIONS, derived_path};
use crate::rollups::Stretch;
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::segments::Current;
use crate::sums::{Keep, MonthScan, NO_SUM, Span, Sum};
use crate::table::{Batch, Batches, Table};

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
    /// First day of each of its months.
    first_days: Vec<i32>,
    /// Weight of each channel, by code.
    weights: Weights,
    /// What is left at the window's end of one unit at the block's.
    left: f64,
    /// Row by row, so that a merge of many blocks touches one cache line of each at a time.
    rows: Vec<Row>,
    /// Masks of the rows, one for each month; empty where days are not wanted.
    days: Vec<u32>,
    /// Place of the pair at hand.
    at: usize,
    source: Source<'p>,
}

const N_CHANNELS: usize = Channel::ALL.len() + 1;
/// Weight of each channel, by code.
pub(crate) type Weights = [f64; N_CHANNELS];
/// Bytes of a mask in a roll-up: the place of its month, then the mask, little-endian.
pub(crate) const MASK_BYTES: usize = 5;
/// Sums as they are.
pub(crate) const UNIT_WEIGHTS: Weights = [1.0; N_CHANNELS];

/// Weights of the channels under these rules.
pub(crate) fn weights(rules: &Rules) -> Weights {
    let mut weights = [0.0; N_CHANNELS];
    for channel in Channel::ALL {
        weights[channel.code() as usize] = rules.params.channel_weights.of(*channel);
    }
    weights
}

enum Source<'p> {
    /// A whole month, quarter or year.
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
    channel: u8,
    weight: f64,
    decayed: f64,
    first: i64,
    last: i64,
}

impl Row {
    fn add_to(&self, total: &mut Total) {
        total.count += u64::from(self.count);
        total.weight += self.weight;
        total.decayed += self.decayed;
        total.first = total.first.min(self.first);
        total.last = total.last.max(self.last);
    }
}

impl<'p> Block<'p> {
    /// The whole of some months, from their segment or roll-up; `left` is what is left of one unit
    /// at their end.
    pub(crate) fn whole(
        stretch: Stretch,
        table: &Table,
        weights: Weights,
        left: f64,
        days: Days,
    ) -> Result<Self, LakeError> {
        let columns: &[&str] = if days == Days::Yes { &SUMS_AND_DAYS } else { &SUMS };
        let batches = table.batches(columns, None, BLOCK_ROWS)?;
        Self::new(stretch, weights, left, Source::Segment(batches, days))
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
        Self::new(
            Stretch::month(month),
            weights(rules),
            1.0,
            Source::Part(Box::new(Part { keys, contributions, span })),
        )
    }

    /// The rows of a month inside the span, where no current segment helps.
    pub(crate) fn scan(
        month: Month,
        plan: &'p MonthPlan<'p>,
        rules: &Rules,
        span: Span,
    ) -> Result<Self, LakeError> {
        let scan = Box::new(MonthScan::new(plan, span, Keep::Sums)?);
        Self::new(Stretch::month(month), weights(rules), 1.0, Source::Scan(scan))
    }

    fn new(
        stretch: Stretch,
        weights: Weights,
        left: f64,
        source: Source<'p>,
    ) -> Result<Self, LakeError> {
        let first_days = stretch.months().map(|month| month.start().day() as i32).collect();
        let rows = Vec::with_capacity(BLOCK_ROWS);
        let mut block = Self { first_days, weights, left, rows, days: Vec::new(), at: 0, source };
        block.fill()?;
        Ok(block)
    }

    /// Pair and channel at hand; `None` at the end.
    pub(crate) fn key(&self) -> Option<(i64, i64, u8)> {
        self.rows.get(self.at).map(|row| (row.from, row.to, row.channel))
    }

    /// Adds the row at hand, and its days to those given, and moves on.
    pub(crate) fn add_row(&mut self, total: &mut Total, days: &mut [u32]) -> Result<(), LakeError> {
        if let Some(row) = self.rows.get(self.at) {
            row.add_to(total);
            for (sum, mask) in days.iter_mut().zip(self.masks()) {
                *sum |= mask;
            }
            self.at += 1;
            if self.at == self.rows.len() {
                self.fill()?;
            }
        }
        Ok(())
    }

    /// Masks of the row at hand.
    fn masks(&self) -> &[u32] {
        let n = self.first_days.len();
        self.days.get(self.at * n..(self.at + 1) * n).unwrap_or_default()
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
                row.add_to(total);
                for (first_day, days) in self.first_days.iter().zip(self.masks()) {
                    if *days != 0 {
                        masks.push(Mask { first_day: *first_day, days: *days });
                    }
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
        self.days.clear();
        while self.rows.is_empty() {
            let more = match &mut self.source {
                Source::Segment(batches, days) => match batches.next()? {
                    Some(batch) => {
                        read_segment(&batch, &self.weights, self.left, &mut self.rows)?;
                        if *days == Days::Yes {
                            read_days(&batch, self.first_days.len(), &mut self.days)?;
                        }
                        true
                    }
                    None => false,
                },
                Source::Part(part) => match part.keys.next()? {
                    Some(batch) => {
                        let to = (&mut self.rows, &mut self.days);
                        read_part(&batch, part, &self.weights, to)?;
                        true
                    }
                    None => false,
                },
                Source::Scan(scan) => {
                    read_scan(scan, &self.weights, (&mut self.rows, &mut self.days))?
                }
            };
            if !more {
                break;
            }
        }
        Ok(!self.rows.is_empty())
    }
}

/// 0 for a code of no channel.
fn weight_of(weights: &Weights, channel: u8) -> f64 {
    weights.get(channel as usize).copied().unwrap_or(0.0)
}

fn read_segment(
    batch: &Batch,
    weights: &Weights,
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
            channel: channel[i],
            weight: weight[i] * channel_weight,
            decayed: weight_end[i] * channel_weight * left,
            first: first[i],
            last: last[i],
        }
    }));
    Ok(())
}

/// Masks of days, one a month of each row.
fn read_days(batch: &Batch, n_months: usize, days: &mut Vec<u32>) -> Result<(), LakeError> {
    if n_months == 1 {
        days.extend_from_slice(batch.u32s("days")?);
        return Ok(());
    }
    for bytes in batch.binaries("days")?.iter().flatten() {
        let start = days.len();
        days.resize(start + n_months, 0);
        let (masks, rest) = bytes.as_chunks::<MASK_BYTES>();
        for [place, mask @ ..] in masks {
            let month = days[start..].get_mut(usize::from(*place));
            *month.ok_or_else(|| batch.unexpected("days"))? = u32::from_le_bytes(*mask);
        }
        if !rest.is_empty() {
            return Err(batch.unexpected("days"));
        }
    }
    Ok(())
}

/// Sums of some segment rows over the contributions inside the span.
fn read_part(
    batch: &Batch,
    part: &mut Part,
    weights: &Weights,
    (rows, days): (&mut Vec<Row>, &mut Vec<u32>),
) -> Result<(), LakeError> {
    let Part { contributions, span, .. } = part;
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
            rows.push(row_of((from[i], to[i]), channel[i], &sum, weights));
            days.push(sum.days);
        }
    }
    Ok(())
}

/// The next sums of a scan; false at its end.
fn read_scan(
    scan: &mut MonthScan<'_>,
    weights: &Weights,
    (rows, days): (&mut Vec<Row>, &mut Vec<u32>),
) -> Result<bool, LakeError> {
    while rows.len() < BLOCK_ROWS {
        let Some(pair) = scan.next()? else { return Ok(false) };
        for (channel, sum) in scan.sums().by_channel() {
            rows.push(row_of(pair, channel, &sum, weights));
            days.push(sum.days);
        }
    }
    Ok(true)
}

/// A row of sums that are decayed to the window's end already.
fn row_of((from, to): (i64, i64), channel: u8, sum: &Sum, weights: &Weights) -> Row {
    let channel_weight = weight_of(weights, channel);
    Row {
        from,
        to,
        count: sum.count,
        channel,
        weight: sum.weight * channel_weight,
        decayed: sum.weight_end * channel_weight,
        first: sum.first,
        last: sum.last,
    }
}
