//! Monthly tie segments: built from a month's contributions, decided stale by fingerprint.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, UInt8Array};
use arrow_schema::{DataType, Field, Schema};
use rayon::prelude::*;
use tieline_model::id::{AddressId, ImportId, ListId};
use tieline_model::time::{DAY_MS, Month};

use crate::blocks::Days;
use crate::contributions;
use crate::error::LakeError;
use crate::layout::{self, CONTRIBUTIONS, NAMES, SEGMENTS, SourceFile, derived_path};
use crate::links::{MonthLinks, file_digest};
use crate::rollups;
use crate::rules::Rules;
use crate::scan::MonthPlan;
use crate::schema::merged_properties;
use crate::sumfile::{FINGERPRINT_KEY, SumWriter};
use crate::sums::{Keep, MonthScan, Span};
use crate::table::{SCAN_ROWS, Table, TableWriter, remove_table};

/// Version of the segment definition; a change rebuilds all segments.
const SEGMENT_VERSION: &str = "segment 2";
const KIND_ADDRESS: u8 = 0;
const KIND_LIST: u8 = 1;

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refreshed {
    /// Months whose segments were stale and are rebuilt, ascending.
    pub rebuilt: Vec<Month>,
    /// Number of months whose segments were up to date.
    pub kept: usize,
}

/// Rebuilds the stale segments of all months of the live imports and the roll-ups of them, and
/// removes those of months without rows. The links must be current.
pub(crate) fn refresh(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
) -> Result<Refreshed, LakeError> {
    let months = layout::live_months(root, live)?;
    for folder in [SEGMENTS, CONTRIBUTIONS, NAMES] {
        layout::create_folder(&root.join(folder))?;
        for month in layout::derived_months(root, folder)? {
            if !months.contains_key(&month) {
                remove_table(&derived_path(root, folder, month))?;
            }
        }
    }
    let done: Vec<(Month, bool, String)> = months
        .par_iter()
        .map(|(month, files)| match current(root, *month, files, rules)? {
            Some(current) => Ok((*month, false, current.fingerprint().to_owned())),
            None => Ok((*month, true, build(root, *month, files, rules)?)),
        })
        .collect::<Result<_, LakeError>>()?;
    let fingerprints = done.iter().map(|(month, _, made_from)| (*month, made_from.as_str()));
    rollups::refresh(root, &fingerprints.collect(), rules)?;
    let rebuilt: Vec<Month> =
        done.iter().filter(|(_, built, _)| *built).map(|(month, ..)| *month).collect();
    Ok(Refreshed { kept: done.len() - rebuilt.len(), rebuilt })
}

/// The tables of a month whose segment was made from exactly these files, links and rules.
pub(crate) struct Current {
    pub(crate) segment: Table,
    pub(crate) contributions: Table,
}

impl Current {
    /// Digest of all that the month's sums depend on.
    pub(crate) fn fingerprint(&self) -> &str {
        self.segment.note(FINGERPRINT_KEY).unwrap_or_default()
    }
}

/// Opens a month's segment and contributions; `None` if either is stale.
pub(crate) fn current(
    root: &Path,
    month: Month,
    files: &[SourceFile],
    rules: &Rules,
) -> Result<Option<Current>, LakeError> {
    // A derived file that cannot be read is stale, never an obstacle.
    let open = |folder| Table::open(&derived_path(root, folder, month)).ok();
    let (Some(names), Some(segment), Some(contributions)) =
        (open(NAMES), open(SEGMENTS), open(CONTRIBUTIONS))
    else {
        return Ok(None);
    };
    let sources = sources(root, month, files)?;
    if names.note(FINGERPRINT_KEY) != Some(sources.as_str()) {
        return Ok(None);
    }
    let Ok(names) = read_names(&names, rules) else { return Ok(None) };
    let fingerprint = fingerprint(&sources, &names, rules);
    let made_so = |table: &Table| table.note(FINGERPRINT_KEY) == Some(fingerprint.as_str());
    let current = made_so(&segment) && made_so(&contributions);
    Ok(current.then_some(Current { segment, contributions }))
}

/// Digest of the files and links a month is made from.
fn sources(root: &Path, month: Month, files: &[SourceFile]) -> Result<String, LakeError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(SEGMENT_VERSION.as_bytes());
    for file in files {
        file_digest(&mut hasher, file)?;
    }
    hasher.update(MonthLinks::content(root, month)?.as_bytes());
    Ok(hasher.finalize().to_hex().to_string())
}

/// Addresses and lists that occur in a month, ascending.
#[derive(Default)]
struct Names {
    addresses: Vec<i64>,
    lists: Vec<i64>,
}

/// The names that a fingerprint under these rules can depend on.
fn read_names(table: &Table, rules: &Rules) -> Result<Names, LakeError> {
    let mut names = Names::default();
    if rules.excluded.is_empty() && rules.list_addresses.is_empty() && rules.newsletters.is_empty()
    {
        return Ok(names);
    }
    let mut batches = table.batches(&["kind", "id"], None, SCAN_ROWS)?;
    while let Some(batch) = batches.next()? {
        let (kind, id) = (batch.u8s("kind")?, batch.i64s("id")?);
        for i in 0..batch.n_rows() {
            if kind[i] == KIND_LIST { names.lists.push(id[i]) } else { names.addresses.push(id[i]) }
        }
    }
    Ok(names)
}

/// What a segment depends on: its sources, the parameters that take part in it, and those of the
/// excluded names that occur in the month.
fn fingerprint(sources: &str, names: &Names, rules: &Rules) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(sources.as_bytes());
    hasher.update(&rules.params.half_life_days.to_bits().to_le_bytes());
    hasher.update(&rules.params.max_group.to_le_bytes());
    for (label, set) in [(b"E", &rules.excluded), (b"L", &rules.list_addresses)] {
        hasher.update(label);
        for id in occurring(&names.addresses, set) {
            hasher.update(&id.to_le_bytes());
        }
    }
    hasher.update(b"N");
    for id in &names.lists {
        if rules.newsletters.contains(&ListId::from_i64(*id)) {
            hasher.update(&id.to_le_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Those of the ascending ids that are in the set, ascending; looks up the fewer in the more.
fn occurring(ids: &[i64], set: &HashSet<AddressId>) -> Vec<i64> {
    if set.len() > ids.len() {
        return ids.iter().copied().filter(|id| set.contains(&AddressId::from_i64(*id))).collect();
    }
    let known = set.iter().map(|id| id.as_i64()).filter(|id| ids.binary_search(id).is_ok());
    let mut found: Vec<i64> = known.collect();
    found.sort_unstable();
    found
}

/// Builds a month's names, contributions and segment; returns its fingerprint. The segment comes
/// last, so that a kill in between leaves the month stale.
fn build(
    root: &Path,
    month: Month,
    files: &[SourceFile],
    rules: &Rules,
) -> Result<String, LakeError> {
    let sources = sources(root, month, files)?;
    let plan = MonthPlan::new(root, month, files, rules, &|_| None)?;
    let mut names = Names {
        addresses: plan.addresses.iter().copied().collect(),
        lists: plan.lists.iter().copied().collect(),
    };
    names.addresses.sort_unstable();
    names.lists.sort_unstable();
    write_names(&derived_path(root, NAMES, month), &names, &sources)?;
    let fingerprint = fingerprint(&sources, &names, rules);
    let mut segment = SumWriter::create(&derived_path(root, SEGMENTS, month), Days::Yes, rules)?;
    let mut entries = contributions::Writer::create(root, month, &fingerprint)?;
    let mut scan = MonthScan::new(&plan, whole_month(month, rules), Keep::Entries)?;
    while let Some(pair) = scan.next()? {
        for (channel, sum) in scan.sums().by_channel() {
            segment.push(pair, channel, sum)?;
        }
        entries.push(scan.entries())?;
    }
    entries.finish()?;
    segment.finish(&fingerprint)?;
    Ok(fingerprint)
}

/// The whole of a month, decayed to its end.
fn whole_month(month: Month, rules: &Rules) -> Span {
    Span {
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        as_of_ms: month.end().ms(),
        month_start_ms: month.start().ms(),
        half_life_ms: rules.params.half_life_days * DAY_MS as f64,
    }
}

fn write_names(path: &Path, names: &Names, sources: &str) -> Result<(), LakeError> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("kind", DataType::UInt8, false),
        Field::new("id", DataType::Int64, false),
    ]));
    let kinds = std::iter::repeat_n(KIND_ADDRESS, names.addresses.len())
        .chain(std::iter::repeat_n(KIND_LIST, names.lists.len()));
    let ids = names.addresses.iter().chain(&names.lists).copied();
    let batch = RecordBatch::try_new(
        Arc::clone(&schema),
        vec![
            Arc::new(UInt8Array::from_iter_values(kinds)),
            Arc::new(Int64Array::from_iter_values(ids)),
        ],
    )
    .map_err(LakeError::write(path))?;
    let mut table = TableWriter::create(path, &schema, merged_properties())?;
    table.note(FINGERPRINT_KEY, sources);
    table.write(&batch)?;
    table.finish()?;
    Ok(())
}
