//! Sums over quarters, half-years and years: the months' segments merged once, so that a window takes fewer
//! rows. They leave out the days of contact, which would take longest to write. A roll-up is known by
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
const ROLLUP_VERSION: &str = "rollup 3";
/// Kinds of roll-ups by name and length in months, shortest first; each is merged from the one
/// before it, the first from months.
const KINDS: [(&str, i32); 3] = [("quarter", 3), ("half", 6), ("year", 12)];

/// Months in a row: one, or an aligned quarter, half-year or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    pub(crate) first: Month,
    n_months: i32,
}

impl Stretch {
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
        let kind = KINDS.iter().find(|(_, n_months)| *n_months == self.n_months);
        format!("{}={}.parquet", kind.map_or("month", |(name, _)| name), self.first)
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
    let kinds = KINDS.map(|(_, n_months)| wanted(n_months));
    let names: BTreeSet<String> = kinds.iter().flatten().map(|one| one.name()).collect();
    let folder = root.join(ROLLUPS);
    layout::create_folder(&folder)?;
    for (name, path) in layout::entries(&folder)? {
        let kind = name.split_once('=').map(|(kind, _)| kind);
        let ours = KINDS.iter().any(|(one, _)| kind == Some(one));
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
    for (_, n_months) in KINDS.into_iter().rev() {
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

/// Merges the parts of a stretch: the months of a quarter, the quarters of a half-year and so on.
fn build(
    root: &Path,
    stretch: Stretch,
    months: &BTreeMap<Month, &str>,
    rules: &Rules,
) -> Result<(), LakeError> {
    let shorter = KINDS.iter().rev().find(|(_, n_months)| *n_months < stretch.n_months);
    let mut parts: Vec<(Stretch, PathBuf)> = Vec::new();
    for month in stretch.months().filter(|month| months.contains_key(month)) {
        let part = match shorter {
            Some((_, n_months)) => {
                let part = Stretch::around(month, *n_months);
                (part, part.path(root))
            }
            None => (Stretch::around(month, 1), derived_path(root, SEGMENTS, month)),
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
