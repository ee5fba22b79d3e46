//! Files of sums: the columns that segments and roll-ups share, and how they are encoded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, TimestampMillisecondArray, UInt8Array,
    UInt32Array,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::basic::Encoding;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::blocks::Days;
use crate::error::LakeError;
use crate::rules::Rules;
use crate::sums::Sum;
use crate::table::TableWriter;

/// Metadata key of what a derived file was made from.
pub(crate) const FINGERPRINT_KEY: &str = "tieline.fingerprint";
const ROW_GROUP_ROWS: usize = 128 * 1024;
/// Rows in a page: large enough that opening pages costs little, small enough (120 KiB) that
/// allocators reuse their memory instead of mapping it afresh.
const PAGE_ROWS: usize = 15 * 1024;
/// Rows encoded at a time.
const WRITE_ROWS: usize = 8 * 1024;

/// A file of sums in the making, in order of (from, to, channel).
pub(crate) struct SumWriter {
    path: PathBuf,
    schema: Arc<Schema>,
    table: TableWriter,
    days: Days,
    from: Vec<i64>,
    to: Vec<i64>,
    channel: Vec<u8>,
    sums: Vec<Sum>,
}

impl SumWriter {
    pub(crate) fn create(path: &Path, days: Days, rules: &Rules) -> Result<Self, LakeError> {
        let schema = schema(days);
        let mut table = TableWriter::create(path, &schema, properties())?;
        table.note("tieline.half_life_days", &rules.params.half_life_days.to_string());
        table.note("tieline.max_group", &rules.params.max_group.to_string());
        Ok(Self {
            path: path.to_owned(),
            schema,
            table,
            days,
            from: Vec::with_capacity(WRITE_ROWS),
            to: Vec::with_capacity(WRITE_ROWS),
            channel: Vec::with_capacity(WRITE_ROWS),
            sums: Vec::with_capacity(WRITE_ROWS),
        })
    }

    pub(crate) fn push(
        &mut self,
        (from, to): (i64, i64),
        channel: u8,
        sum: Sum,
    ) -> Result<(), LakeError> {
        self.from.push(from);
        self.to.push(to);
        self.channel.push(channel);
        self.sums.push(sum);
        if self.from.len() >= WRITE_ROWS { self.flush() } else { Ok(()) }
    }

    /// Puts the file under its name, with the digest of what it was made from.
    pub(crate) fn finish(mut self, fingerprint: &str) -> Result<(), LakeError> {
        self.flush()?;
        self.table.note(FINGERPRINT_KEY, fingerprint);
        self.table.finish()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let sums = || self.sums.iter();
        let times = |values: Vec<i64>| -> ArrayRef {
            Arc::new(TimestampMillisecondArray::from(values).with_timezone("UTC"))
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(self.from.iter().copied())),
            Arc::new(Int64Array::from_iter_values(self.to.iter().copied())),
            Arc::new(UInt8Array::from_iter_values(self.channel.iter().copied())),
            Arc::new(UInt32Array::from_iter_values(sums().map(|s| s.count))),
            Arc::new(Float64Array::from_iter_values(sums().map(|s| s.weight))),
            Arc::new(Float64Array::from_iter_values(sums().map(|s| s.weight_end))),
            times(sums().map(|s| s.first).collect()),
            times(sums().map(|s| s.last).collect()),
        ];
        if self.days == Days::Yes {
            columns.push(Arc::new(UInt32Array::from_iter_values(sums().map(|s| s.days))));
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(LakeError::write(&self.path))?;
        self.from.clear();
        self.to.clear();
        self.channel.clear();
        self.sums.clear();
        self.table.write(&batch)
    }
}

fn schema(days: Days) -> Arc<Schema> {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let mut fields = vec![
        Field::new("from", DataType::Int64, false),
        Field::new("to", DataType::Int64, false),
        Field::new("channel", DataType::UInt8, false),
        Field::new("count", DataType::UInt32, false),
        Field::new("weight", DataType::Float64, false),
        Field::new("weight_end", DataType::Float64, false),
        Field::new("first", time.clone(), false),
        Field::new("last", time, false),
    ];
    fields.extend((days == Days::Yes).then(|| Field::new("days", DataType::UInt32, false)));
    Arc::new(Schema::new(fields))
}

/// Sums do not compress, and these files are read again and again: plain values, dictionaries only
/// where values repeat much.
fn properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::PLAIN);
    for column in ["from", "channel", "count"] {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(column), true);
    }
    builder.build()
}
