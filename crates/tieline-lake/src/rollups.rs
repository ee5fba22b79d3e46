//! Sums over quarters, half-years, three quarters and years: the months' segments merged once, so that
//! a window takes fewer rows. They leave out the days of contact, which would take longest to write. A roll-up is known by
//! the fingerprints of its months; one that is missing, damaged or stale is never used, and its
//! months are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tieline_model::time::{Month, Window};

use crate::blocks::{self, Block, Days, UNIT_WEIGHTS};
use crate::error::LakeError;
use crate::layout::{self, ROLLUPS, SEGMENTS, derived_path};
use crate::rules::Rules;
use crate::sumfile::{FINGERPRINT_KEY, SumWriter};
use crate::table::{Table, remove_table};

/// Version of the definition of roll-ups; a change rebuilds all.
const ROLLUP_VERSION: &str = "rollup 4";
/// Kinds of roll-ups, shortest first; each is merged from shorter ones, the first from months.
/// A window mostly ends within a year and begins within another, so that both the first and the last
/// three quarters of a year are worth their room.
const KINDS: [Kind; 4] = [
    Kind { name: "quarter", n_months: 3, every: 3 },
    Kind { name: "half", n_months: 6, every: 6 },
    Kind { name: "quarters", n_months: 9, every: 3 },
    Kind { name: "year", n_months: 12, every: 12 },
];

/// Stretches of one length within a year.
struct Kind {
    name: &'static str,
    n_months: i32,
    /// Months from the beginning of one to that of the next.
    every: i32,
}

impl Kind {
    /// Those of the year that a month is in.
    fn of_year(&self, month: Month) -> impl Iterator<Item = Stretch> + use<> {
        let january = month.index().div_euclid(12) * 12;
        let n_months = self.n_months;
        let firsts = (0..=12 - n_months).step_by(self.every.unsigned_abs() as usize);
        firsts.map(move |after| Stretch { first: Month::from_index(january + after), n_months })
    }
}

/// Months in a row: one, or an aligned quarter, half-year, three quarters or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub(crate) first: Month,
    n_months: i32,
}

impl Stretch {
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
        let kind = KINDS.iter().find(|kind| kind.n_months == self.n_months);
        format!("{}={}.parquet", kind.map_or("month", |kind| kind.name), self.first)
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
    let newest = months.keys().next_back().copied();
    let is_over = |stretch: &Stretch| newest.is_some_and(|newest| stretch.next() <= newest.next());
    let has_rows = |stretch: &Stretch| months.keys().any(|month| stretch.contains(*month));
    let kinds: [BTreeSet<Stretch>; KINDS.len()] = KINDS.map(|kind| {
        let all = months.keys().flat_map(|month| kind.of_year(*month));
        all.filter(|stretch| is_over(stretch) && has_rows(stretch)).collect()
    });
    let names: BTreeSet<String> = kinds.iter().flatten().map(|one| one.name()).collect();
    let folder = root.join(ROLLUPS);
    layout::create_folder(&folder)?;
    for (name, path) in layout::entries(&folder)? {
        let kind = name.split_once('=').map(|(kind, _)| kind);
        let ours = KINDS.iter().any(|one| kind == Some(one.name));
        if ours && !names.contains(&name) {
            remove_table(&path)?;
        }
    }
    for stretches in kinds {
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
    for kind in KINDS.iter().rev() {
        let all: BTreeSet<Stretch> = left.iter().flat_map(|month| kind.of_year(*month)).collect();
        for stretch in all.into_iter().filter(|stretch| stretch.is_inside(window)) {
            // A month with rows must have taken part; that it has none of its own is not enough.
            let stale = |month: &Month| months.get(month).is_some_and(Option::is_none);
            let covered = |month: &Month| months.contains_key(month) && !left.contains(month);
            if stretch.months().any(|month| stale(&month) || covered(&month)) {
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

/// The longest roll-ups that a stretch is merged from, each with its file; months where there are
/// none.
fn parts(root: &Path, stretch: Stretch, months: &BTreeMap<Month, &str>) -> Vec<(Stretch, PathBuf)> {
    let mut parts: Vec<(Stretch, PathBuf)> = Vec::new();
    for month in stretch.months().filter(|month| months.contains_key(month)) {
        if parts.last().is_some_and(|(part, _)| part.contains(month)) {
            continue;
        }
        let shorter = KINDS.iter().rev().filter(|kind| kind.n_months < stretch.n_months);
        let mut around = shorter.flat_map(|kind| kind.of_year(month));
        let part = around.find(|part| {
            let free = parts.last().is_none_or(|(last, _)| last.next() <= part.first);
            let inside = stretch.first <= part.first && part.next() <= stretch.next();
            free && inside && part.contains(month)
        });
        parts.push(match part {
            Some(part) => (part, part.path(root)),
            None => (Stretch { first: month, n_months: 1 }, derived_path(root, SEGMENTS, month)),
        });
    }
    parts
}

/// Merges the parts of a stretch: the months of a quarter, the quarters of a half-year and so on.
fn build(
    root: &Path,
    stretch: Stretch,
    months: &BTreeMap<Month, &str>,
    rules: &Rules,
) -> Result<(), LakeError> {
    let parts = parts(root, stretch, months);
    let mut blocks = Vec::with_capacity(parts.len());
    for (part, path) in &parts {
        let age_days = stretch.next().start().days_since(part.next().start());
        let left = tieline_model::tie::decay(age_days, rules.params.half_life_days);
        let table = Table::open(path)?;
        blocks.push(Block::whole(part.first, &table, UNIT_WEIGHTS, left, Days::No)?);
    }
    let path = stretch.path(root);
    let mut table = SumWriter::create(&path, Days::No, rules)?;
    blocks::merge(
        &mut blocks,
        Block::row,
        |block, added| block.add_row(&mut added.total),
        |added, (_, channel)| {
            let total = &added.total;
            table.push((total.from, total.to), channel, total.sum(&path)?)
        },
    )?;
    table.finish(&fingerprint(stretch, months))
}
