//! What ties are merged from: sums of a month, a quarter or a year, or of the part of a month inside
//! a window, in order of (from, to, channel).

use std::path::Path;

use tieline_model::interaction::Channel;
use tieline_model::time::Month;

use crate::contributions::Reader;
use crate::error::LakeError;
use crate::layout::{CONTRIBUTIONS, derived_path};
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::segments::Current;
use crate::sums::{Keep, MonthScan, NO_SUM, Span, Sum};
use crate::table::{Batch, Batches, Table};

/// Rows of a block in memory: many blocks are read side by side.
const BLOCK_ROWS: usize = 2048;
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

    /// As a row of a file of sums, without days.
    pub(crate) fn sum(&self, path: &Path) -> Result<Sum, LakeError> {
        let count = u32::try_from(self.count)
            .map_err(|_| LakeError::layout(path, "more contributions than a row can count"))?;
        let Self { weight, decayed, first, last, .. } = *self;
        Ok(Sum { count, days: 0, weight, weight_end: decayed, first, last })
    }
}

/// What a merge has of one sender at a time: the receiver, maybe with the channel.
pub(crate) trait Key: Ord + Copy {
    fn to(self) -> i64;
}

impl Key for i64 {
    fn to(self) -> i64 {
        self
    }
}

impl Key for (i64, u8) {
    fn to(self) -> i64 {
        self.0
    }
}

/// What is added up of one key.
pub(crate) struct Added {
    pub(crate) total: Total,
    pub(crate) masks: Vec<Mask>,
}

/// Adds up blocks key by key and passes each sum, in order of sender and key, to `take`. `head`
/// gives the sender and key at hand, `add` adds that and returns the sender's next.
pub(crate) fn merge<'p, K: Key>(
    blocks: &mut [Block<'p>],
    head: impl Fn(&Block<'p>) -> Option<(i64, K)>,
    add: impl Fn(&mut Block<'p>, &mut Added) -> Result<Option<K>, LakeError>,
    mut take: impl FnMut(&Added, K) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    let mut added = Added { total: Total::new(0, 0), masks: Vec::new() };
    // Senders are few, so finding the next one may look at all blocks; then only those that have
    // rows of this sender are merged.
    let (mut at_sender, mut heads) = (Vec::new(), Vec::new());
    while let Some(from) = blocks.iter().filter_map(|block| Some(head(block)?.0)).min() {
        for (i, block) in blocks.iter().enumerate() {
            if let Some((_, key)) = head(block).filter(|(sender, _)| *sender == from) {
                at_sender.push(i);
                heads.push(key);
            }
        }
        while let Some(key) = heads.iter().copied().min() {
            added.total = Total::new(from, key.to());
            added.masks.clear();
            let mut k = 0;
            while k < heads.len() {
                if heads[k] == key {
                    match add(&mut blocks[at_sender[k]], &mut added)? {
                        Some(next) => heads[k] = next,
                        None => {
                            heads.remove(k);
                            at_sender.remove(k);
                            continue;
                        }
                    }
                }
                k += 1;
            }
            take(&added, key)?;
        }
    }
    Ok(())
}

/// One block of the merge.
pub(crate) struct Block<'p> {
    /// Day of bit 0 of the masks.
    first_day: i32,
    /// Weight of each channel, by code.
    weights: Weights,
    /// What is left at the window's end of one unit at the block's.
    left: f64,
    /// Row by row, so that a merge of many blocks touches one cache line of each at a time.
    rows: Vec<Row>,
    /// Masks of the rows; empty where days are not wanted.
    days: Vec<u32>,
    /// Place of the pair at hand.
    at: usize,
    source: Source<'p>,
}

const N_CHANNELS: usize = Channel::ALL.len() + 1;
/// Weight of each channel, by code.
pub(crate) type Weights = [f64; N_CHANNELS];
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
    /// The whole of some months, from their segment or roll-up, which has no days; `left` is what
    /// is left of one unit at their end.
    pub(crate) fn whole(
        first: Month,
        table: &Table,
        weights: Weights,
        left: f64,
        days: Days,
    ) -> Result<Self, LakeError> {
        let columns: &[&str] = if days == Days::Yes { &SUMS_AND_DAYS } else { &SUMS };
        let batches = table.batches(columns, None, BLOCK_ROWS)?;
        Self::new(first, weights, left, Source::Segment(batches, days))
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
            month,
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
        Self::new(month, weights(rules), 1.0, Source::Scan(scan))
    }

    fn new(
        first: Month,
        weights: Weights,
        left: f64,
        source: Source<'p>,
    ) -> Result<Self, LakeError> {
        let first_day = first.start().day() as i32;
        let rows = Vec::with_capacity(BLOCK_ROWS);
        let mut block = Self { first_day, weights, left, rows, days: Vec::new(), at: 0, source };
        block.fill()?;
        Ok(block)
    }

    /// Who gave at hand, to whom and on which channel; `None` at the end.
    pub(crate) fn row(&self) -> Option<(i64, (i64, u8))> {
        self.rows.get(self.at).map(|row| (row.from, (row.to, row.channel)))
    }

    /// Who gave at hand and to whom; `None` at the end.
    pub(crate) fn pair(&self) -> Option<(i64, i64)> {
        self.rows.get(self.at).map(|row| (row.from, row.to))
    }

    /// Adds the row at hand and moves on. Returns to whom and on which channel its sender gave
    /// next, if anyone.
    pub(crate) fn add_row(&mut self, total: &mut Total) -> Result<Option<(i64, u8)>, LakeError> {
        if let Some(row) = self.rows.get(self.at) {
            row.add_to(total);
            self.at += 1;
        }
        if self.at == self.rows.len() && !self.fill()? {
            return Ok(None);
        }
        Ok(self.row().filter(|(from, _)| *from == total.from).map(|(_, next)| next))
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
                if let Some(days) = self.days.get(self.at).copied() {
                    masks.push(Mask { first_day: self.first_day, days });
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
                            let channel = batch.u8s("channel")?;
                            let days = batch.u32s("days")?.iter().zip(channel);
                            let counted = days.filter(|(_, of)| counts(&self.weights, **of));
                            self.days.extend(counted.map(|(days, _)| *days));
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

/// Whether anything on a channel counts: one without weight gives no strength, and then its counts
/// and days would tell of something else than the tie.
fn counts(weights: &Weights, channel: u8) -> bool {
    weight_of(weights, channel) > 0.0
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
    rows.extend((0..n).filter(|i| counts(weights, channel[*i])).map(|i| {
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
        if sum.count > 0 && counts(weights, channel[i]) {
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
        for (channel, sum) in scan.sums().by_channel().filter(|(of, _)| counts(weights, *of)) {
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
