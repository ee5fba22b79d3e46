//! Sums over quarters and years: the months' segments merged once, so that a window takes fewer
//! rows. A roll-up is known by the fingerprints of its months; one that is missing, damaged or
//! stale is never used, and its months are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::BinaryBuilder;
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, TimestampMillisecondArray, UInt8Array,
    UInt32Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use parquet::basic::Encoding;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use tieline_model::time::{Month, Window};

use crate::blocks::{Block, Days, Total, UNIT_WEIGHTS};
use crate::error::LakeError;
use crate::layout::{self, ROLLUPS, SEGMENTS, derived_path};
use crate::rules::Rules;
use crate::segments::FINGERPRINT_KEY;
use crate::table::{SCAN_ROWS, Table, TableWriter, remove_table};

/// Version of the definition of roll-ups; a change rebuilds all.
const ROLLUP_VERSION: &str = "rollup 1";
const ROW_GROUP_ROWS: usize = 256 * 1024;
const QUARTER_MONTHS: i32 = 3;
const YEAR_MONTHS: i32 = 12;

/// Months in a row: one, or an aligned quarter or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub(crate) first: Month,
    n_months: i32,
}

impl Stretch {
    pub(crate) fn month(month: Month) -> Self {
        Self { first: month, n_months: 1 }
    }

    fn around(month: Month, n_months: i32) -> Self {
        let first = Month::from_index(month.index().div_euclid(n_months) * n_months);
        Self { first, n_months }
    }

    pub(crate) fn months(self) -> impl Iterator<Item = Month> + Clone {
        (0..self.n_months).map(move |i| Month::from_index(self.first.index() + i))
    }

    fn contains(self, month: Month) -> bool {
        self.first <= month && month < self.next()
    }

    /// The month after the last.
    pub(crate) fn next(self) -> Month {
        Month::from_index(self.first.index() + self.n_months)
    }

    fn is_inside(self, window: Window) -> bool {
        let begins = window.from.is_none_or(|from| from <= self.first.start());
        begins && self.next().start() <= window.to
    }

    fn name(self) -> String {
        let kind = if self.n_months == YEAR_MONTHS { "year" } else { "quarter" };
        format!("{kind}={}.parquet", self.first)
    }

    fn path(self, root: &Path) -> PathBuf {
        root.join(ROLLUPS).join(self.name())
    }
}

/// What a roll-up's months were made from; a month without rows has its place too.
fn fingerprint(stretch: Stretch, months: &BTreeMap<Month, &str>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(ROLLUP_VERSION.as_bytes());
    hasher.update(&stretch.n_months.to_le_bytes());
    for month in stretch.months() {
        hasher.update(months.get(&month).copied().unwrap_or_default().as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex().to_string()
}

/// Opens a roll-up if it was made from exactly these months.
fn open(root: &Path, stretch: Stretch, months: &BTreeMap<Month, &str>) -> Option<Table> {
    let table = Table::open(&stretch.path(root)).ok()?;
    (table.note(FINGERPRINT_KEY) == Some(fingerprint(stretch, months).as_str())).then_some(table)
}

/// Brings the roll-ups of all months with current segments, given by fingerprint, up to date.
/// Only stretches that end with the newest month or before have one, as the last ones change with
/// every import.
pub(crate) fn refresh(
    root: &Path,
    months: &BTreeMap<Month, &str>,
    rules: &Rules,
) -> Result<(), LakeError> {
    let wanted = |n_months: i32| -> BTreeSet<Stretch> {
        let newest = months.keys().next_back().copied();
        let all = months.keys().map(|month| Stretch::around(*month, n_months));
        all.filter(|stretch| newest.is_some_and(|newest| stretch.next() <= newest.next())).collect()
    };
    let (quarters, years) = (wanted(QUARTER_MONTHS), wanted(YEAR_MONTHS));
    let names: BTreeSet<String> = quarters.iter().chain(&years).map(|one| one.name()).collect();
    let folder = root.join(ROLLUPS);
    layout::create_folder(&folder)?;
    for (name, path) in layout::entries(&folder)? {
        let ours = name.starts_with("quarter=") || name.starts_with("year=");
        if ours && !names.contains(&name) {
            remove_table(&path)?;
        }
    }
    // Years are merged from quarters, which halves the rows read.
    for stretches in [quarters, years] {
        let stretches: Vec<Stretch> = stretches.into_iter().collect();
        stretches.par_iter().try_for_each(|stretch| {
            if open(root, *stretch, months).is_some() {
                return Ok(());
            }
            build(root, *stretch, months, rules)
        })?;
    }
    Ok(())
}

/// The roll-ups that lie inside the window, longest first and without overlap. `months` has the
/// months of the window with rows, with the fingerprint of those that are current.
pub(crate) fn cover(
    root: &Path,
    window: Window,
    months: &BTreeMap<Month, Option<&str>>,
) -> Vec<(Stretch, Table)> {
    let current: BTreeMap<Month, &str> =
        months.iter().filter_map(|(month, one)| Some((*month, (*one)?))).collect();
    let mut left: BTreeSet<Month> = months.keys().copied().collect();
    let mut found = Vec::new();
    for n_months in [YEAR_MONTHS, QUARTER_MONTHS] {
        let all: BTreeSet<Stretch> =
            left.iter().map(|month| Stretch::around(*month, n_months)).collect();
        for stretch in all.into_iter().filter(|stretch| stretch.is_inside(window)) {
            // A month with rows must have taken part; that it has none of its own is not enough.
            let stale = |month| months.get(&month).is_some_and(Option::is_none);
            if stretch.months().any(stale) {
                continue;
            }
            if let Some(table) = open(root, stretch, &current) {
                left.retain(|month| !stretch.contains(*month));
                found.push((stretch, table));
            }
        }
    }
    found
}

/// Merges the parts of a stretch: the months of a quarter, the quarters of a year.
fn build(
    root: &Path,
    stretch: Stretch,
    months: &BTreeMap<Month, &str>,
    rules: &Rules,
) -> Result<(), LakeError> {
    let mut parts: Vec<(Stretch, PathBuf)> = Vec::new();
    for month in stretch.months().filter(|month| months.contains_key(month)) {
        let part = if stretch.n_months == YEAR_MONTHS {
            let quarter = Stretch::around(month, QUARTER_MONTHS);
            (quarter, quarter.path(root))
        } else {
            (Stretch::month(month), derived_path(root, SEGMENTS, month))
        };
        if parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    let mut blocks = Vec::with_capacity(parts.len());
    for (part, path) in &parts {
        let age_days = stretch.next().start().days_since(part.next().start());
        let left = tieline_model::tie::decay(age_days, rules.params.half_life_days);
        let table = Table::open(path)?;
        let offset = usize::try_from(part.first.index() - stretch.first.index()).unwrap_or(0);
        blocks.push((offset, Block::whole(*part, &table, UNIT_WEIGHTS, left, Days::Yes)?));
    }
    let path = stretch.path(root);
    let mut table = TableWriter::create(&path, &schema(), properties())?;
    table.note(FINGERPRINT_KEY, &fingerprint(stretch, months));
    table.note("tieline.half_life_days", &rules.params.half_life_days.to_string());
    table.note("tieline.max_group", &rules.params.max_group.to_string());
    let mut rows = Rows::new(stretch);
    while let Some((from, to, channel)) = blocks.iter().filter_map(|(_, block)| block.key()).min() {
        let mut total = Total::new(from, to);
        let days = rows.add_days();
        for (offset, block) in &mut blocks {
            if block.key() == Some((from, to, channel)) {
                block.add_row(&mut total, &mut days[*offset..])?;
            }
        }
        rows.push(&path, &total, channel)?;
        if rows.from.len() >= SCAN_ROWS {
            table.write(&rows.take().map_err(LakeError::write(&path))?)?;
        }
    }
    if !rows.from.is_empty() {
        table.write(&rows.take().map_err(LakeError::write(&path))?)?;
    }
    table.finish()?;
    Ok(())
}

fn schema() -> Arc<Schema> {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("from", DataType::Int64, false),
        Field::new("to", DataType::Int64, false),
        Field::new("channel", DataType::UInt8, false),
        Field::new("count", DataType::UInt32, false),
        Field::new("days", DataType::Binary, false),
        Field::new("weight", DataType::Float64, false),
        Field::new("weight_end", DataType::Float64, false),
        Field::new("first", time.clone(), false),
        Field::new("last", time, false),
    ]))
}

/// As segments: plain values where they do not repeat.
fn properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_encoding(Encoding::PLAIN);
    for column in ["to", "days", "weight", "weight_end", "first", "last"] {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(column), false);
    }
    builder.build()
}

/// Rows on their way into a roll-up.
struct Rows {
    schema: Arc<Schema>,
    n_months: usize,
    from: Vec<i64>,
    to: Vec<i64>,
    channel: Vec<u8>,
    count: Vec<u32>,
    /// Masks of the months of each row.
    days: Vec<u32>,
    weight: Vec<f64>,
    weight_end: Vec<f64>,
    first: Vec<i64>,
    last: Vec<i64>,
}

impl Rows {
    fn new(stretch: Stretch) -> Self {
        Self {
            schema: schema(),
            n_months: stretch.n_months.unsigned_abs() as usize,
            from: Vec::new(),
            to: Vec::new(),
            channel: Vec::new(),
            count: Vec::new(),
            days: Vec::new(),
            weight: Vec::new(),
            weight_end: Vec::new(),
            first: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Room for the days of the row that is pushed next.
    fn add_days(&mut self) -> &mut [u32] {
        let start = self.days.len();
        self.days.resize(start + self.n_months, 0);
        &mut self.days[start..]
    }

    fn push(&mut self, path: &Path, total: &Total, channel: u8) -> Result<(), LakeError> {
        let count = u32::try_from(total.count)
            .map_err(|_| LakeError::layout(path, "more contributions than a row can count"))?;
        self.from.push(total.from);
        self.to.push(total.to);
        self.channel.push(channel);
        self.count.push(count);
        self.weight.push(total.weight);
        self.weight_end.push(total.decayed);
        self.first.push(total.first);
        self.last.push(total.last);
        Ok(())
    }

    fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        use std::mem::take;
        let mut days = BinaryBuilder::with_capacity(self.from.len(), 2 * self.days.len());
        let mut bytes = Vec::new();
        for masks in take(&mut self.days).chunks_exact(self.n_months) {
            bytes.clear();
            for (place, mask) in (0_u8..).zip(masks).filter(|(_, mask)| **mask != 0) {
                bytes.push(place);
                bytes.extend_from_slice(&mask.to_le_bytes());
            }
            days.append_value(&bytes);
        }
        let times = |values: Vec<i64>| -> ArrayRef {
            Arc::new(TimestampMillisecondArray::from(values).with_timezone("UTC"))
        };
        RecordBatch::try_new(
            Arc::clone(&self.schema),
            vec![
                Arc::new(Int64Array::from(take(&mut self.from))),
                Arc::new(Int64Array::from(take(&mut self.to))),
                Arc::new(UInt8Array::from(take(&mut self.channel))),
                Arc::new(UInt32Array::from(take(&mut self.count))),
                Arc::new(days.finish()),
                Arc::new(Float64Array::from(take(&mut self.weight))),
                Arc::new(Float64Array::from(take(&mut self.weight_end))),
                times(take(&mut self.first)),
                times(take(&mut self.last)),
            ],
        )
    }
}
