//! What the lake holds, from footers where these say it.

use std::path::Path;

use tieline_model::id::ImportId;
use tieline_model::time::{Moment, Month};

use crate::error::LakeError;
use crate::layout::{self, EVENTS};
use crate::table::{SCAN_ROWS, Table};

/// Size and extent of the live part of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LakeStats {
    /// Rows, including those of copies that do not count.
    pub rows: u64,
    /// Heads of the event index, including copies.
    pub heads: u64,
    /// Files of rows and heads.
    pub files: u64,
    /// Their size.
    pub size_bytes: u64,
    /// First interaction.
    pub first: Option<Moment>,
    /// Last interaction, which may lie in the future.
    pub last: Option<Moment>,
}

pub(crate) fn stats(root: &Path, live: &[ImportId]) -> Result<LakeStats, LakeError> {
    let mut stats = LakeStats::default();
    for files in layout::live_months(root, live)?.into_values() {
        for file in files {
            let table = Table::open(&file.path)?;
            stats.rows += table.n_rows();
            stats.files += 1;
            stats.size_bytes += file.size_bytes;
            if let Some((first, last)) = extent(&table, i64::MAX)? {
                stats.first = Some(stats.first.map_or(first, |known| known.min(first)));
                stats.last = Some(stats.last.map_or(last, |known| known.max(last)));
            }
        }
    }
    for file in layout::live_sources(&root.join(EVENTS), live)? {
        stats.heads += Table::open(&file.path)?.n_rows();
        stats.files += 1;
        stats.size_bytes += file.size_bytes;
    }
    Ok(stats)
}

/// The newest interaction that is not later than `not_after`.
pub(crate) fn newest(
    root: &Path,
    live: &[ImportId],
    not_after: Moment,
) -> Result<Option<Moment>, LakeError> {
    let months = layout::live_months(root, live)?;
    let within: Vec<(&Month, _)> =
        months.iter().filter(|(month, _)| month.start() <= not_after).collect();
    for (_, files) in within.into_iter().rev() {
        let mut newest = None;
        for file in files {
            let found = extent(&Table::open(&file.path)?, not_after.ms())?;
            newest = newest.max(found.map(|(_, last)| last));
        }
        if newest.is_some() {
            return Ok(newest);
        }
    }
    Ok(None)
}

/// First and last moment of a file's rows that are not later than `limit`.
fn extent(table: &Table, limit: i64) -> Result<Option<(Moment, Moment)>, LakeError> {
    let mut found: Option<(i64, i64)> = None;
    let mut add = |low: i64, high: i64| {
        found = Some(found.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
    };
    let mut unsure = Vec::new();
    for group in 0..table.footer().num_row_groups() {
        match table.bounds(group, "at") {
            Some((low, high)) if high <= limit => add(low, high),
            Some((low, _)) if low > limit => {}
            _ => unsure.push(group),
        }
    }
    if !unsure.is_empty() {
        let mut batches = table.batches(&["at"], Some(unsure), SCAN_ROWS)?;
        while let Some(batch) = batches.next()? {
            batch.times("at")?.iter().filter(|at| **at <= limit).for_each(|at| add(*at, *at));
        }
    }
    Ok(found.map(|(low, high)| (Moment::from_ms(low), Moment::from_ms(high))))
}
