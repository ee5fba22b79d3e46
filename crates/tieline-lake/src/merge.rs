//! Sorted files, and merging many of them into one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_schema::Schema;

use crate::error::LakeError;
use crate::layout::remove_file;
use crate::schema::{Stored, WRITE_ROWS, merged_properties};
use crate::table::{Batches, Table, TableWriter};

/// Files merged at a time; each holds a few small pages.
const MERGE_FILES: usize = 64;
/// Records decoded at a time from each merged file.
const MERGE_ROWS: usize = 1024;

/// Records on their way into one file, pushed in the order of their key.
pub(crate) struct Output<T> {
    table: TableWriter,
    path: PathBuf,
    schema: Arc<Schema>,
    buffer: Vec<T>,
    n_records: u64,
    lasting: bool,
}

impl<T: Stored> Output<T> {
    /// A file that stays.
    pub(crate) fn create(path: &Path) -> Result<Self, LakeError> {
        let schema = T::schema();
        let table = TableWriter::create(path, &schema, T::properties())?;
        let path = path.to_owned();
        Ok(Self { table, path, schema, buffer: Vec::new(), n_records: 0, lasting: true })
    }

    /// A file that will be merged with others, and need not survive a crash.
    pub(crate) fn scratch(path: &Path) -> Result<Self, LakeError> {
        let schema = T::schema();
        let table = TableWriter::create(path, &schema, merged_properties())?;
        let path = path.to_owned();
        Ok(Self { table, path, schema, buffer: Vec::new(), n_records: 0, lasting: false })
    }

    pub(crate) fn note(&mut self, key: &str, value: &str) {
        self.table.note(key, value);
    }

    pub(crate) fn n_records(&self) -> u64 {
        self.n_records
    }

    pub(crate) fn push(&mut self, record: T) -> Result<(), LakeError> {
        self.buffer.push(record);
        self.n_records += 1;
        if self.buffer.len() >= WRITE_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let batch = T::encode(&self.buffer, &self.schema).map_err(LakeError::write(&self.path))?;
        self.table.write(&batch)?;
        self.buffer.clear();
        Ok(())
    }

    /// Closes the file and puts it under its name; returns the size of a lasting one.
    pub(crate) fn finish(mut self) -> Result<u64, LakeError> {
        self.flush()?;
        if self.lasting {
            return self.table.finish();
        }
        self.table.finish_scratch()?;
        Ok(0)
    }
}

/// Records of one file, one after the other.
pub(crate) struct Input<T> {
    batches: Batches,
    records: std::vec::IntoIter<T>,
}

impl<T: Stored> Input<T> {
    pub(crate) fn open(path: &Path) -> Result<Self, LakeError> {
        let batches = Table::open(path)?.batches(T::COLUMNS, None, MERGE_ROWS)?;
        Ok(Self { batches, records: Vec::new().into_iter() })
    }

    pub(crate) fn next(&mut self) -> Result<Option<T>, LakeError> {
        loop {
            if let Some(record) = self.records.next() {
                return Ok(Some(record));
            }
            match self.batches.next()? {
                Some(batch) => self.records = T::decode(&batch)?.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

/// Merges scratch files into `output`, in several rounds where they are many, and removes them.
pub(crate) fn merge<T: Stored>(
    mut files: Vec<PathBuf>,
    output: Output<T>,
) -> Result<Output<T>, LakeError> {
    while files.len() > MERGE_FILES {
        let mut merged = Vec::new();
        for some in files.chunks(MERGE_FILES) {
            let path = some[0].with_extension("merged");
            merge_some(some, Output::<T>::scratch(&path)?)?.finish()?;
            merged.push(path);
        }
        files.iter().try_for_each(|file| remove_file(file))?;
        // Names go in turns, so that a round never writes over its own input.
        for path in &mut merged {
            let renamed = path.with_extension("parquet");
            std::fs::rename(&*path, &renamed).map_err(LakeError::io("rename", path))?;
            *path = renamed;
        }
        files = merged;
    }
    let output = merge_some(&files, output)?;
    files.iter().try_for_each(|file| remove_file(file))?;
    Ok(output)
}

fn merge_some<T: Stored>(paths: &[PathBuf], mut output: Output<T>) -> Result<Output<T>, LakeError> {
    let mut inputs = Vec::with_capacity(paths.len());
    let mut current: Vec<Option<T>> = Vec::with_capacity(paths.len());
    let mut heap = BinaryHeap::new();
    for (i, path) in paths.iter().enumerate() {
        let mut input = Input::open(path)?;
        let first: Option<T> = input.next()?;
        heap.extend(first.map(|record| Reverse((record.key(), i))));
        current.push(first);
        inputs.push(input);
    }
    while let Some(Reverse((_, i))) = heap.pop() {
        let next = inputs[i].next()?;
        if let Some(record) = std::mem::replace(&mut current[i], next) {
            output.push(record)?;
        }
        heap.extend(next.map(|record| Reverse((record.key(), i))));
    }
    Ok(output)
}
