//! Sorting more fixed-size records than fit in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::LakeError;

/// Bytes held before a run is sorted and spilled.
const RUN_BYTES: usize = 32 << 20;
const BUFFER_BYTES: usize = 64 << 10;

/// Sorts records of `N` bytes by their bytes; runs beyond 32 MB go to unnamed temporary files in
/// the lake's folder, which vanish with the process.
pub(crate) struct Sorter<const N: usize> {
    folder: PathBuf,
    run_records: usize,
    records: Vec<[u8; N]>,
    runs: Vec<File>,
}

impl<const N: usize> Sorter<N> {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            run_records: RUN_BYTES / N,
            records: Vec::new(),
            runs: Vec::new(),
        }
    }

    #[cfg(test)]
    pub(crate) fn with_run_records(mut self, run_records: usize) -> Self {
        self.run_records = run_records;
        self
    }

    pub(crate) fn push(&mut self, record: [u8; N]) -> Result<(), LakeError> {
        self.records.push(record);
        if self.records.len() < self.run_records {
            return Ok(());
        }
        self.records.sort_unstable();
        let run = self.spill().map_err(LakeError::io("sort in", &self.folder))?;
        self.runs.push(run);
        self.records.clear();
        Ok(())
    }

    fn spill(&self) -> io::Result<File> {
        let mut out = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for record in &self.records {
            out.write_all(record)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// The records in order.
    pub(crate) fn sorted(mut self) -> Result<Sorted<N>, LakeError> {
        self.records.sort_unstable();
        let mut sorted = Sorted {
            folder: self.folder,
            memory: self.records.into_iter(),
            runs: self
                .runs
                .into_iter()
                .map(|f| BufReader::with_capacity(BUFFER_BYTES, f))
                .collect(),
            heap: BinaryHeap::new(),
        };
        for source in 0..=sorted.runs.len() {
            sorted.refill(source)?;
        }
        Ok(sorted)
    }
}

/// Records in order.
pub(crate) struct Sorted<const N: usize> {
    folder: PathBuf,
    memory: std::vec::IntoIter<[u8; N]>,
    runs: Vec<BufReader<File>>,
    heap: BinaryHeap<Reverse<([u8; N], usize)>>,
}

impl<const N: usize> Sorted<N> {
    pub(crate) fn next(&mut self) -> Result<Option<[u8; N]>, LakeError> {
        let Some(Reverse((record, source))) = self.heap.pop() else { return Ok(None) };
        self.refill(source)?;
        Ok(Some(record))
    }

    fn refill(&mut self, source: usize) -> Result<(), LakeError> {
        let record = match self.runs.get_mut(source) {
            None => self.memory.next(),
            Some(run) => {
                let mut record = [0; N];
                match run.read_exact(&mut record) {
                    Ok(()) => Some(record),
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
                    Err(error) => return Err(LakeError::io("sort in", &self.folder)(error)),
                }
            }
        };
        self.heap.extend(record.map(|record| Reverse((record, source))));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_on_disk_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::<4>::new(folder.path()).with_run_records(7);
        let mut expected = Vec::new();
        for i in 0_u32..100 {
            let record = i.wrapping_mul(2_654_435_761).to_be_bytes();
            expected.push(record);
            sorter.push(record).unwrap();
        }
        expected.sort_unstable();
        let mut sorted = sorter.sorted().unwrap();
        let mut found = Vec::new();
        while let Some(record) = sorted.next().unwrap() {
            found.push(record);
        }
        assert_eq!(found, expected);
    }
}
