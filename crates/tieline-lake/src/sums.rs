//! Adding contributions up, pair by pair.

use tieline_model::interaction::Channel;
use tieline_model::time::DAY_MS;

use crate::error::LakeError;
use crate::scan::{EventsWanted, FileScan, MonthPlan};

/// Which contributions count, and to which moment they decay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// First millisecond inside.
    pub(crate) from_ms: i64,
    /// First millisecond after.
    pub(crate) to_ms: i64,
    /// Moment of decay.
    pub(crate) as_of_ms: i64,
    /// Start of the month, from which the days of the mask count.
    pub(crate) month_start_ms: i64,
    /// Half-life in milliseconds.
    pub(crate) half_life_ms: f64,
}

impl Span {
    pub(crate) fn contains(&self, at: i64) -> bool {
        at >= self.from_ms && at < self.to_ms
    }

    pub(crate) fn decay(&self, at: i64) -> f64 {
        (-((self.as_of_ms - at) as f64) / self.half_life_ms).exp2()
    }
}

/// Sums of one directed pair on one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sum {
    pub(crate) count: u32,
    pub(crate) days: u32,
    pub(crate) weight: f64,
    pub(crate) weight_end: f64,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// Nothing added up.
pub(crate) const NO_SUM: Sum =
    Sum { count: 0, days: 0, weight: 0.0, weight_end: 0.0, first: i64::MAX, last: i64::MIN };
const N_CHANNELS: usize = Channel::ALL.len() + 1;

impl Sum {
    pub(crate) fn add(&mut self, at: i64, share: f64, span: &Span) {
        self.count += 1;
        // A month has at most 31 days, so the bit is in range for rows of their own month.
        let day = (at - span.month_start_ms) / DAY_MS;
        self.days |= 1_u32.checked_shl(day as u32).unwrap_or(0);
        self.weight += share;
        self.weight_end += share * span.decay(at);
        self.first = self.first.min(at);
        self.last = self.last.max(at);
    }
}

/// One contribution that took part in a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    pub(crate) channel: u8,
    pub(crate) at: i64,
    pub(crate) share: f64,
}

/// Whether the contributions are kept beside their sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Only sums.
    Sums,
    /// Each contribution too.
    Entries,
}

/// Sums of one directed pair by channel.
#[derive(Debug, Clone)]
pub(crate) struct PairSums {
    span: Span,
    sums: [Sum; N_CHANNELS],
    used: u32,
    keep: Keep,
    entries: Vec<Entry>,
}

impl PairSums {
    pub(crate) fn new(span: Span, keep: Keep) -> Self {
        Self { span, sums: [NO_SUM; N_CHANNELS], used: 0, keep, entries: Vec::new() }
    }

    pub(crate) fn clear(&mut self) {
        let mut used = self.used;
        while used != 0 {
            self.sums[used.trailing_zeros() as usize] = NO_SUM;
            used &= used - 1;
        }
        self.used = 0;
        self.entries.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.used == 0
    }

    pub(crate) fn add(&mut self, channel: u8, at: i64, share: f64) {
        let Some(sum) = self.sums.get_mut(channel as usize) else { return };
        if !self.span.contains(at) {
            return;
        }
        self.used |= 1 << channel;
        sum.add(at, share, &self.span);
        if self.keep == Keep::Entries {
            self.entries.push(Entry { channel, at, share });
        }
    }

    fn merge(&mut self, other: &Self) {
        for (channel, more) in other.by_channel() {
            let sum = &mut self.sums[channel as usize];
            self.used |= 1 << channel;
            sum.count += more.count;
            sum.days |= more.days;
            sum.weight += more.weight;
            sum.weight_end += more.weight_end;
            sum.first = sum.first.min(more.first);
            sum.last = sum.last.max(more.last);
        }
        self.entries.extend_from_slice(&other.entries);
    }

    /// The contributions kept, by channel and time; their order does not depend on the files.
    pub(crate) fn entries(&mut self) -> &[Entry] {
        let key = |entry: &Entry| (entry.channel, entry.at, entry.share.to_bits());
        if !self.entries.is_sorted_by_key(key) {
            self.entries.sort_unstable_by_key(key);
        }
        &self.entries
    }

    /// Channels with any contribution, ascending.
    pub(crate) fn by_channel(&self) -> impl Iterator<Item = (u8, Sum)> + '_ {
        let mut used = self.used;
        std::iter::from_fn(move || {
            (used != 0).then(|| {
                let channel = used.trailing_zeros();
                used &= used - 1;
                (channel as u8, self.sums[channel as usize])
            })
        })
    }
}

/// Sums pair by pair in order of (from, to), over all files of a month and the contributions that
/// are not those of a row. Files are added up in order of their names, so that the same live
/// imports give the same bits.
pub(crate) struct MonthScan<'p> {
    plan: &'p MonthPlan<'p>,
    scans: Vec<FileScan<'p>>,
    /// The next pair of each file.
    heads: Vec<(Option<(i64, i64)>, PairSums)>,
    extra: usize,
    sums: PairSums,
}

impl<'p> MonthScan<'p> {
    pub(crate) fn new(plan: &'p MonthPlan<'p>, span: Span, keep: Keep) -> Result<Self, LakeError> {
        let mut scans = Vec::with_capacity(plan.files.len());
        let mut heads = Vec::with_capacity(plan.files.len());
        for file in &plan.files {
            let mut scan = FileScan::new(plan, file, EventsWanted::No)?;
            let mut sums = PairSums::new(span, keep);
            heads.push((scan.next_pair(&mut sums)?, sums));
            scans.push(scan);
        }
        Ok(Self { plan, scans, heads, extra: 0, sums: PairSums::new(span, keep) })
    }

    pub(crate) fn sums(&self) -> &PairSums {
        &self.sums
    }

    /// The contributions of the pair at hand, where they are kept.
    pub(crate) fn entries(&mut self) -> &[Entry] {
        self.sums.entries()
    }

    /// The next pair; its sums are in [`Self::sums`] until the next call.
    pub(crate) fn next(&mut self) -> Result<Option<(i64, i64)>, LakeError> {
        loop {
            let extra = self.plan.extras.get(self.extra).map(|share| (share.from, share.to));
            let pair = self.heads.iter().filter_map(|(pair, _)| *pair).chain(extra).min();
            let Some(pair) = pair else { return Ok(None) };
            self.sums.clear();
            for (scan, (head, sums)) in self.scans.iter_mut().zip(&mut self.heads) {
                if *head == Some(pair) {
                    self.sums.merge(sums);
                    *head = scan.next_pair(sums)?;
                }
            }
            while let Some(share) = self.plan.extras.get(self.extra) {
                if (share.from, share.to) != pair {
                    break;
                }
                self.sums.add(share.channel, share.at, share.share);
                self.extra += 1;
            }
            if !self.sums.is_empty() {
                return Ok(Some(pair));
            }
        }
    }
}
