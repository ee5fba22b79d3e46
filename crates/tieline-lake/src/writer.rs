//! Writing one import: bounded memory, the same input gives the same bytes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, Role, Status};
use tieline_model::time::Month;

use crate::error::LakeError;
use crate::layout::{self, EVENTS, INTERACTIONS, month_name, source_name};
use crate::merge::{Output, merge};
use crate::schema::{Head, Row};

/// What is held in memory before it is sorted and spilled, in rows (32 bytes each, 100 MB
/// together at the most). Counted, not measured, so that part boundaries do not depend on the machine.
const PART_ROWS: usize = 3_000_000;
/// A head, with what its rows have in common, takes the room of so many rows.
const HEAD_ROWS: usize = 4;

/// What an import wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFiles {
    /// Rows written (copies of an event within one part are written once).
    pub rows: u64,
    /// Heads written, one per `push`.
    pub heads: u64,
    /// Size of the files.
    pub size_bytes: u64,
    /// Months touched, ascending.
    pub months: Vec<Month>,
}

/// Writes the rows and heads of one import. Dropped unfinished, it leaves nothing; killed, it
/// leaves files of an import that is not live, which no read sees and [`crate::Lake::sweep`] removes.
pub struct ImportWriter {
    root: PathBuf,
    import: ImportId,
    part_rows: usize,
    seq: u32,
    part: Part,
    spilled: BTreeMap<Month, Vec<PathBuf>>,
    spilled_heads: Vec<PathBuf>,
    written: ImportFiles,
    finished: bool,
}

/// What is held of the current part. Rows of a message differ in little: only that is kept for
/// each, so that many fit and sorting moves little.
#[derive(Default)]
struct Part {
    heads: Vec<Head>,
    shared: Vec<Shared>,
    /// By month, as they are written: sorting a month at a time stays in the processor's cache.
    rows: BTreeMap<Month, Vec<Buffered>>,
    n_rows: usize,
}

/// What the rows of one event have in common beside its head.
#[derive(PartialEq)]
struct Shared {
    /// Index of the head.
    head: u32,
    channel: Channel,
    thread: EventId,
    parent: EventId,
    list: ListId,
    group: u32,
    minutes: u32,
}

/// A row, with the index of what it shares with others.
struct Buffered {
    shared: u32,
    /// Of its head, see [`Order::places`]; known once a part is sorted.
    place: u32,
    from: AddressId,
    to: AddressId,
    role: Role,
    status: Status,
}

impl Part {
    fn len(&self) -> usize {
        self.n_rows + HEAD_ROWS * self.heads.len()
    }

    fn push(&mut self, head: Head, rows: &[Interaction]) {
        let index = self.heads.len() as u32;
        self.heads.push(head);
        if rows.is_empty() {
            return;
        }
        self.n_rows += rows.len();
        let of_month = self.rows.entry(head.head.at.month()).or_default();
        for row in rows {
            let shared = Shared {
                head: index,
                channel: row.channel,
                thread: row.thread,
                parent: row.parent,
                list: row.list,
                group: row.group,
                minutes: row.minutes,
            };
            if self.shared.last() != Some(&shared) {
                self.shared.push(shared);
            }
            of_month.push(Buffered {
                shared: self.shared.len() as u32 - 1,
                place: LOST,
                from: row.from,
                to: row.to,
                role: row.role,
                status: row.status,
            });
        }
    }

    fn shared(&self, row: &Buffered) -> &Shared {
        &self.shared[row.shared as usize]
    }

    fn head(&self, row: &Buffered) -> &EventHead {
        &self.heads[self.shared(row).head as usize].head
    }

    fn row(&self, row: &Buffered, import: ImportId, part: u32) -> Row {
        let (shared, head) = (self.shared(row), self.head(row));
        let interaction = Interaction {
            at: head.at,
            channel: shared.channel,
            event: head.event,
            thread: shared.thread,
            parent: shared.parent,
            from: row.from,
            to: row.to,
            role: row.role,
            status: row.status,
            list: shared.list,
            group: shared.group,
            minutes: shared.minutes,
            import,
        };
        Row { interaction, part }
    }

    /// Sorts the heads: of two copies of an event the rows of the one with the higher revision
    /// count, else of the first.
    fn order(&self) -> Order {
        // Keys beside one another: looking each up for every comparison would leave the cache.
        let each = || self.heads.iter().map(|head| &head.head).zip(0_u32..);
        let event = |head: &EventHead| u128::from_be_bytes(head.event.0);
        let mut heads: Vec<_> =
            each().map(|(head, i)| (event(head), Reverse(head.revision), i)).collect();
        heads.sort_unstable();
        let mut places = vec![LOST; heads.len()];
        let mut in_time = Vec::with_capacity(heads.len());
        let mut last = None;
        for (event, _, i) in &heads {
            if last.replace(*event) != Some(*event) {
                in_time.push((self.heads[*i as usize].head.at, *event, *i));
            }
        }
        in_time.sort_unstable();
        for ((_, _, i), place) in in_time.into_iter().zip(0_u32..) {
            places[i as usize] = place;
        }
        Order { heads: heads.into_iter().map(|(_, _, i)| i).collect(), places }
    }

    /// Drops rows of losing copies, sorts, and drops repeated rows.
    fn sort(&self, rows: &mut Vec<Buffered>, order: &Order) {
        for row in rows.iter_mut() {
            row.place = order.places[self.shared(row).head as usize];
        }
        rows.retain(|row| row.place != LOST);
        rows.sort_unstable_by_key(|row| {
            let answer = (row.status == Status::None, row.role, row.status);
            (row.from, row.to, row.place, answer)
        });
        rows.dedup_by_key(|row| (row.from, row.to, row.place));
    }
}

/// Place of a head whose rows do not count.
const LOST: u32 = u32::MAX;

/// How a part is written.
struct Order {
    /// Indices of the heads, sorted.
    heads: Vec<u32>,
    /// For each head its place by time and event among those whose rows count, or [`LOST`].
    places: Vec<u32>,
}

impl ImportWriter {
    pub(crate) fn new(root: &Path, import: ImportId) -> Result<Self, LakeError> {
        let writer = Self {
            root: root.to_owned(),
            import,
            part_rows: PART_ROWS,
            seq: 0,
            part: Part::default(),
            spilled: BTreeMap::new(),
            spilled_heads: Vec::new(),
            written: ImportFiles { rows: 0, heads: 0, size_bytes: 0, months: Vec::new() },
            finished: false,
        };
        writer.clear()?;
        Ok(writer)
    }

    /// Sets after how many rows a part is sorted and spilled; a head counts as four. Part boundaries decide
    /// which copies of an event share a part, never a result.
    #[must_use]
    pub fn with_part_rows(mut self, part_rows: usize) -> Self {
        self.part_rows = part_rows.max(1);
        self
    }

    /// Adds one event: its head, and its rows, which carry the head's event and time. The rows'
    /// import id is set here. Of two copies of an event within a part the higher revision keeps
    /// its rows, else the first; every head is kept. Of rows with one event, `from` and `to` the
    /// one that states an answer is kept, else the lowest role.
    ///
    /// # Errors
    /// [`LakeError::ForeignRow`] for a row of another event or time; I/O errors of spilling.
    pub fn push(&mut self, head: &EventHead, rows: &[Interaction]) -> Result<(), LakeError> {
        if rows.iter().any(|row| row.event != head.event || row.at != head.at) {
            return Err(LakeError::ForeignRow { head: head.event });
        }
        self.part.push(Head { head: *head, part: self.seq }, rows);
        if self.part.len() >= self.part_rows {
            self.spill()?;
        }
        Ok(())
    }

    /// Writes the rest and merges the parts, so that each month holds one sorted file of this
    /// import. The import counts once its id is in the list of live imports that callers pass.
    ///
    /// # Errors
    /// I/O errors; then nothing of the import is left.
    pub fn finish(mut self) -> Result<ImportFiles, LakeError> {
        if self.seq == 0 {
            self.write_only_part()?;
        } else {
            if !self.part.heads.is_empty() {
                self.spill()?;
            }
            self.merge_parts()?;
        }
        let scratch = self.scratch();
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(LakeError::io("remove", &scratch))?;
        }
        self.finished = true;
        Ok(self.written.clone())
    }

    fn scratch(&self) -> PathBuf {
        self.root.join(INTERACTIONS).join(format!(".{}", self.import))
    }

    fn target(&self, month: Month) -> PathBuf {
        let folder = self.root.join(INTERACTIONS).join(month_name(month));
        folder.join(source_name(self.import, 0))
    }

    fn clear(&self) -> Result<(), LakeError> {
        let scratch = self.scratch();
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(LakeError::io("remove", &scratch))?;
        }
        remove_import(&self.root, self.import)
    }

    fn write_only_part(&mut self) -> Result<(), LakeError> {
        let mut part = std::mem::take(&mut self.part);
        let order = part.order();
        for (month, mut rows) in std::mem::take(&mut part.rows) {
            part.sort(&mut rows, &order);
            if !rows.is_empty() {
                let output = Output::create(&self.target(month))?;
                self.count(month, self.write_rows(&part, &rows, output)?)?;
            }
        }
        let output = write_heads(&part, &order.heads, Output::create(&self.heads_target())?)?;
        self.count_heads(output)
    }

    fn write_rows(
        &self,
        part: &Part,
        rows: &[Buffered],
        mut output: Output<Row>,
    ) -> Result<Output<Row>, LakeError> {
        rows.iter().try_for_each(|row| output.push(part.row(row, self.import, self.seq)))?;
        Ok(output)
    }

    fn count(&mut self, month: Month, output: Output<Row>) -> Result<(), LakeError> {
        self.written.rows += output.n_records();
        self.written.size_bytes += output.finish()?;
        self.written.months.push(month);
        Ok(())
    }

    fn count_heads(&mut self, output: Output<Head>) -> Result<(), LakeError> {
        self.written.heads += output.n_records();
        self.written.size_bytes += output.finish()?;
        Ok(())
    }

    fn heads_target(&self) -> PathBuf {
        self.root.join(EVENTS).join(source_name(self.import, 0))
    }

    fn spill(&mut self) -> Result<(), LakeError> {
        let mut part = std::mem::take(&mut self.part);
        let order = part.order();
        for (month, mut rows) in std::mem::take(&mut part.rows) {
            part.sort(&mut rows, &order);
            if !rows.is_empty() {
                let path = self.scratch().join(format!("{month}-{:06}.parquet", self.seq));
                self.write_rows(&part, &rows, Output::scratch(&path)?)?.finish()?;
                self.spilled.entry(month).or_default().push(path);
            }
        }
        let path = self.scratch().join(format!("events-{:06}.parquet", self.seq));
        write_heads(&part, &order.heads, Output::scratch(&path)?)?.finish()?;
        self.spilled_heads.push(path);
        self.seq += 1;
        Ok(())
    }

    fn merge_parts(&mut self) -> Result<(), LakeError> {
        for (month, files) in std::mem::take(&mut self.spilled) {
            let output = merge(files, Output::create(&self.target(month))?)?;
            self.count(month, output)?;
        }
        let files = std::mem::take(&mut self.spilled_heads);
        let output = merge(files, Output::create(&self.heads_target())?)?;
        self.count_heads(output)
    }
}

fn write_heads(
    part: &Part,
    order: &[u32],
    mut output: Output<Head>,
) -> Result<Output<Head>, LakeError> {
    order.iter().try_for_each(|i| output.push(part.heads[*i as usize]))?;
    Ok(output)
}

impl Drop for ImportWriter {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed now is not live and goes with the next sweep.
            let _ = self.clear();
        }
    }
}

/// Removes every file of an import, and months that are empty then.
pub(crate) fn remove_import(root: &Path, import: ImportId) -> Result<(), LakeError> {
    let mut folders: Vec<PathBuf> =
        layout::month_folders(root)?.into_iter().map(|(_, path)| path).collect();
    folders.push(root.join(EVENTS));
    for folder in &folders {
        for (owner, _, path) in layout::all_sources(folder)? {
            if owner == import {
                layout::remove_file(&path)?;
            }
        }
    }
    remove_empty_months(root)
}

/// Removes month folders without any file.
pub(crate) fn remove_empty_months(root: &Path) -> Result<(), LakeError> {
    for (_, folder) in layout::month_folders(root)? {
        if layout::entries(&folder)?.is_empty() {
            fs::remove_dir(&folder).map_err(LakeError::io("remove", &folder))?;
        }
    }
    Ok(())
}

/// Imports that have any file.
pub(crate) fn present_imports(root: &Path) -> Result<BTreeSet<ImportId>, LakeError> {
    let mut folders: Vec<PathBuf> =
        layout::month_folders(root)?.into_iter().map(|(_, path)| path).collect();
    folders.push(root.join(EVENTS));
    let mut found = BTreeSet::new();
    for folder in &folders {
        found.extend(layout::all_sources(folder)?.into_iter().map(|(import, _, _)| import));
    }
    Ok(found)
}
