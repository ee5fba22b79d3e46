//! What a month's segment was added up from, so that a part of the month needs no rows.
//!
//! One entry a contribution, in the order of the segment's rows: `count` of a row says how many are
//! its own. Who gave to whom on which channel is in the segment alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{Float64Array, RecordBatch, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::basic::Encoding;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use tieline_model::time::Month;

use crate::error::LakeError;
use crate::layout::{CONTRIBUTIONS, derived_path};
use crate::sumfile::FINGERPRINT_KEY;
use crate::sums::Entry;
use crate::table::{Batches, SCAN_ROWS, Table, TableWriter};

const COLUMNS: [&str; 2] = ["after", "share"];
const ROW_GROUP_ROWS: usize = 1024 * 1024;

/// A month's contributions in the making.
pub(crate) struct Writer {
    path: PathBuf,
    schema: Arc<Schema>,
    table: TableWriter,
    start_ms: i64,
    after: Vec<u32>,
    share: Vec<f64>,
}

impl Writer {
    pub(crate) fn create(root: &Path, month: Month, fingerprint: &str) -> Result<Self, LakeError> {
        let path = derived_path(root, CONTRIBUTIONS, month);
        let schema = Arc::new(Schema::new(vec![
            Field::new("after", DataType::UInt32, false),
            Field::new("share", DataType::Float64, false),
        ]));
        // Moments are all different, shares few: only these repeat.
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_encoding(Encoding::PLAIN)
            .set_column_dictionary_enabled(ColumnPath::from("after"), false)
            .build();
        let mut table = TableWriter::create(&path, &schema, properties)?;
        table.note(FINGERPRINT_KEY, fingerprint);
        let start_ms = month.start().ms();
        Ok(Self { path, schema, table, start_ms, after: Vec::new(), share: Vec::new() })
    }

    /// Adds the contributions of the segment's next row.
    pub(crate) fn push(&mut self, entries: &[Entry]) -> Result<(), LakeError> {
        for entry in entries {
            let after = u32::try_from(entry.at - self.start_ms).map_err(|_| {
                LakeError::layout(&self.path, "a row of the month is not of its time")
            })?;
            self.after.push(after);
            self.share.push(entry.share);
        }
        if self.after.len() >= SCAN_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let columns: Vec<arrow_array::ArrayRef> = vec![
            Arc::new(UInt32Array::from(std::mem::take(&mut self.after))),
            Arc::new(Float64Array::from(std::mem::take(&mut self.share))),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(LakeError::write(&self.path))?;
        self.table.write(&batch)
    }

    pub(crate) fn finish(mut self) -> Result<(), LakeError> {
        self.flush()?;
        self.table.finish()?;
        Ok(())
    }
}

/// The contributions of a month, in order.
pub(crate) struct Reader {
    path: PathBuf,
    batches: Batches,
    after: UInt32Array,
    share: Float64Array,
    next: usize,
}

impl Reader {
    pub(crate) fn open(path: &Path, table: &Table) -> Result<Self, LakeError> {
        let batches = table.batches(&COLUMNS, None, SCAN_ROWS)?;
        let (after, share) = (Vec::<u32>::new().into(), Vec::<f64>::new().into());
        Ok(Self { path: path.to_owned(), batches, after, share, next: 0 })
    }

    /// Passes the next `n` as milliseconds after the start of the month and share.
    pub(crate) fn take(&mut self, n: u32, mut each: impl FnMut(u32, f64)) -> Result<(), LakeError> {
        let mut left = n as usize;
        while left > 0 {
            if self.next == self.after.len() {
                let Some(batch) = self.batches.next()? else {
                    return Err(LakeError::layout(
                        &self.path,
                        "fewer entries than its segment counts",
                    ));
                };
                self.after = batch.column("after")?;
                self.share = batch.column("share")?;
                self.next = 0;
                continue;
            }
            let end = self.after.len().min(self.next + left);
            let some = self.next..end;
            for (after, share) in
                self.after.values()[some.clone()].iter().zip(&self.share.values()[some])
            {
                each(*after, *share);
            }
            left -= end - self.next;
            self.next = end;
        }
        Ok(())
    }
}
