//! Writing one import: bounded memory, the same input gives the same bytes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tieline_model::id::ImportId;
use tieline_model::interaction::{EventHead, Interaction, Status};
use tieline_model::time::{Moment, Month};

use crate::error::LakeError;
use crate::layout::{self, EVENTS, INTERACTIONS, month_name, source_name};
use crate::merge::{Output, merge};
use crate::schema::{Head, Row};

/// Rows and heads held in memory before they are sorted and spilled (about 40 MB). Counted in
/// rows alone, so that part boundaries do not depend on the machine.
const PART_ROWS: usize = 300_000;
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
    heads: Vec<Head>,
    rows: Vec<Buffered>,
    spilled: BTreeMap<Month, Vec<PathBuf>>,
    spilled_heads: Vec<PathBuf>,
    written: ImportFiles,
    finished: bool,
}

/// A row with the index of its head in the current part.
struct Buffered {
    month: Month,
    head: u32,
    row: Row,
}

impl ImportWriter {
    pub(crate) fn new(root: &Path, import: ImportId) -> Result<Self, LakeError> {
        let writer = Self {
            root: root.to_owned(),
            import,
            part_rows: PART_ROWS,
            seq: 0,
            heads: Vec::new(),
            rows: Vec::new(),
            spilled: BTreeMap::new(),
            spilled_heads: Vec::new(),
            written: ImportFiles { rows: 0, heads: 0, size_bytes: 0, months: Vec::new() },
            finished: false,
        };
        writer.clear()?;
        Ok(writer)
    }

    /// Sets after how many rows and heads a part is sorted and spilled. Part boundaries decide
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
        let index = self.heads.len() as u32;
        self.heads.push(Head { head: *head, part: self.seq });
        let month = if rows.is_empty() { Month::from_index(0) } else { self.month_of(head.at) };
        self.rows.extend(rows.iter().map(|row| Buffered {
            month,
            head: index,
            row: Row { interaction: Interaction { import: self.import, ..*row }, part: self.seq },
        }));
        if self.heads.len() + self.rows.len() >= self.part_rows {
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
            if !self.heads.is_empty() {
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

    /// Consecutive events are mostly of one month, and finding a month is costly.
    fn month_of(&self, at: Moment) -> Month {
        match self.rows.last() {
            Some(last) if last.row.interaction.at == at => last.month,
            _ => at.month(),
        }
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

    /// Drops rows of losing copies, sorts, and drops repeated rows.
    fn order_rows(&mut self) {
        let heads = &self.heads;
        let mut order: Vec<u32> = (0..heads.len() as u32).collect();
        order.sort_unstable_by_key(|i| {
            let head = &heads[*i as usize].head;
            (head.event, Reverse(head.revision), *i)
        });
        let mut wins = vec![false; heads.len()];
        let mut last = None;
        for i in &order {
            let event = heads[*i as usize].head.event;
            wins[*i as usize] = last != Some(event);
            last = Some(event);
        }
        self.rows.retain(|buffered| wins[buffered.head as usize]);
        self.rows.sort_unstable_by_key(|buffered| {
            let row = &buffered.row.interaction;
            let unanswered = row.status == Status::None;
            (buffered.month, row.from, row.to, row.at, row.event, unanswered, row.role, row.status)
        });
        self.rows.dedup_by_key(|buffered| {
            let row = &buffered.row.interaction;
            (row.event, row.from, row.to)
        });
        let sorted = order.iter().map(|i| heads[*i as usize]).collect();
        self.heads = sorted;
    }

    fn write_only_part(&mut self) -> Result<(), LakeError> {
        self.order_rows();
        let rows = std::mem::take(&mut self.rows);
        for group in rows.chunk_by(|a, b| a.month == b.month) {
            let mut output = Output::create(&self.target(group[0].month))?;
            for buffered in group {
                output.push(buffered.row)?;
            }
            self.count(group[0].month, output)?;
        }
        let mut output = Output::create(&self.heads_target())?;
        for head in std::mem::take(&mut self.heads) {
            output.push(head)?;
        }
        self.count_heads(output)
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
        self.order_rows();
        let rows = std::mem::take(&mut self.rows);
        for group in rows.chunk_by(|a, b| a.month == b.month) {
            let month = group[0].month;
            let path = self.scratch().join(format!("{month}-{:06}.parquet", self.seq));
            let mut output = Output::scratch(&path)?;
            for buffered in group {
                output.push(buffered.row)?;
            }
            output.finish()?;
            self.spilled.entry(month).or_default().push(path);
        }
        let path = self.scratch().join(format!("events-{:06}.parquet", self.seq));
        let mut output = Output::scratch(&path)?;
        for head in self.heads.drain(..) {
            output.push(head)?;
        }
        output.finish()?;
        self.spilled_heads.push(path);
        self.seq += 1;
        // The buffer goes back, so that its memory is asked for once.
        self.rows = rows;
        self.rows.clear();
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
