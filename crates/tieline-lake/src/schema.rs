//! The columns of the rows and of the event index, and how they are encoded.

use std::cmp::Reverse;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, FixedSizeBinaryArray, Int64Array, RecordBatch,
    TimestampMillisecondArray, UInt8Array, UInt32Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::time::Moment;

use crate::error::LakeError;
use crate::table::Batch;

/// Rows in a row group: small enough that the evidence of one tie reads little.
pub(crate) const ROW_GROUP_ROWS: usize = 128 * 1024;
/// Rows encoded at a time.
pub(crate) const WRITE_ROWS: usize = 16 * 1024;
/// Rows in a page of files that are merged with many others at once: it bounds what each holds.
const SMALL_PAGE_ROWS: usize = 2 * 1024;

/// Columns of the rows, in file order.
pub(crate) const ROW_COLUMNS: [&str; 14] = [
    "at", "channel", "event", "thread", "parent", "from", "to", "role", "status", "list", "group",
    "minutes", "import", "part",
];
/// Columns of the event index, in file order.
pub(crate) const HEAD_COLUMNS: [&str; 10] = [
    "event",
    "revision",
    "at",
    "author",
    "parent",
    "list",
    "participants",
    "left_out",
    "counts",
    "part",
];

/// One row with the part of its import that it came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) interaction: Interaction,
    pub(crate) part: u32,
}

/// One head with the part of its import that it came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Head {
    pub(crate) head: EventHead,
    pub(crate) part: u32,
}

/// What is stored in sorted files and merged.
pub(crate) trait Stored: Copy {
    /// Order in every file.
    type Key: Ord;
    const COLUMNS: &'static [&'static str];

    fn key(&self) -> Self::Key;
    fn schema() -> Arc<Schema>;
    /// Properties of a file that stays.
    fn properties() -> WriterProperties;
    fn encode(some: &[Self], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError>;
    /// From a batch that holds all columns.
    fn decode(batch: &Batch) -> Result<Vec<Self>, LakeError>;
}

impl Stored for Row {
    type Key = (AddressId, AddressId, Moment, EventId, u32, Role);
    const COLUMNS: &'static [&'static str] = &ROW_COLUMNS;

    fn key(&self) -> Self::Key {
        let row = &self.interaction;
        (row.from, row.to, row.at, row.event, self.part, row.role)
    }

    fn schema() -> Arc<Schema> {
        row_schema()
    }

    fn properties() -> WriterProperties {
        row_properties()
    }

    fn encode(some: &[Self], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
        encode_rows(some, schema)
    }

    fn decode(batch: &Batch) -> Result<Vec<Self>, LakeError> {
        decode_rows(batch)
    }
}

impl Stored for Head {
    /// Heads with one key stay in the order of their arrival.
    type Key = (EventId, Reverse<u32>, u32);
    const COLUMNS: &'static [&'static str] = &HEAD_COLUMNS;

    fn key(&self) -> Self::Key {
        (self.head.event, Reverse(self.head.revision), self.part)
    }

    fn schema() -> Arc<Schema> {
        head_schema()
    }

    fn properties() -> WriterProperties {
        merged_properties()
    }

    fn encode(some: &[Self], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
        encode_heads(some, schema)
    }

    fn decode(batch: &Batch) -> Result<Vec<Self>, LakeError> {
        decode_heads(batch)
    }
}

fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
}

fn schema(fields: &[(&str, DataType)]) -> Arc<Schema> {
    let fields: Vec<Field> =
        fields.iter().map(|(name, kind)| Field::new(*name, kind.clone(), false)).collect();
    Arc::new(Schema::new(fields))
}

/// Schema of the rows.
fn row_schema() -> Arc<Schema> {
    let id = DataType::FixedSizeBinary(16);
    schema(&[
        ("at", time()),
        ("channel", DataType::UInt8),
        ("event", id.clone()),
        ("thread", id.clone()),
        ("parent", id),
        ("from", DataType::Int64),
        ("to", DataType::Int64),
        ("role", DataType::UInt8),
        ("status", DataType::UInt8),
        ("list", DataType::Int64),
        ("group", DataType::UInt32),
        ("minutes", DataType::UInt32),
        ("import", DataType::Int64),
        ("part", DataType::UInt32),
    ])
}

/// Schema of the event index.
fn head_schema() -> Arc<Schema> {
    let id = DataType::FixedSizeBinary(16);
    schema(&[
        ("event", id.clone()),
        ("revision", DataType::UInt32),
        ("at", time()),
        ("author", DataType::Int64),
        ("parent", id),
        ("list", DataType::Int64),
        ("participants", DataType::UInt32),
        ("left_out", DataType::UInt8),
        ("counts", DataType::Boolean),
        ("part", DataType::UInt32),
    ])
}

/// Properties of the files of rows. Ids are hashes: neither dictionaries nor bounds help them,
/// except `from` and `to`, which the order makes cheap and searchable.
fn row_properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        // One page a column and row group: each page costs a compressor of its own, a megabyte of
        // memory that the system clears anew, and a reader takes a row group whole.
        .set_data_page_row_count_limit(ROW_GROUP_ROWS)
        .set_data_page_size_limit(ROW_GROUP_ROWS * 16)
        .set_column_dictionary_enabled(ColumnPath::from("at"), false)
        .set_column_encoding(ColumnPath::from("at"), Encoding::DELTA_BINARY_PACKED);
    // Mostly one value a file, which zstd folds as well as a dictionary does, without hashing each.
    for constant in ["minutes", "import", "part", "channel", "status", "role", "list", "group"] {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(constant), false);
    }
    for id in ["event", "thread", "parent"] {
        builder = builder
            .set_column_dictionary_enabled(ColumnPath::from(id), id == "parent")
            .set_column_statistics_enabled(ColumnPath::from(id), EnabledStatistics::None);
    }
    builder.build()
}

/// Properties of files that are merged with many others at once.
pub(crate) fn merged_properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(SMALL_PAGE_ROWS)
        .set_write_batch_size(SMALL_PAGE_ROWS)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .build()
}

fn ids(values: impl Iterator<Item = EventId>, n: usize) -> ArrayRef {
    let mut bytes = Vec::with_capacity(n * 16);
    for id in values {
        bytes.extend_from_slice(&id.0);
    }
    Arc::new(FixedSizeBinaryArray::new(16, bytes.into(), None))
}

fn times(values: impl Iterator<Item = Moment>) -> ArrayRef {
    Arc::new(
        TimestampMillisecondArray::from_iter_values(values.map(Moment::ms)).with_timezone("UTC"),
    )
}

fn i64s(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn u32s(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(values))
}

fn u8s(values: impl Iterator<Item = u8>) -> ArrayRef {
    Arc::new(UInt8Array::from_iter_values(values))
}

/// Rows as a batch.
fn encode_rows(rows: &[Row], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
    let each = || rows.iter().map(|row| &row.interaction);
    let columns = vec![
        times(each().map(|r| r.at)),
        u8s(each().map(|r| r.channel.code())),
        ids(each().map(|r| r.event), rows.len()),
        ids(each().map(|r| r.thread), rows.len()),
        ids(each().map(|r| r.parent), rows.len()),
        i64s(each().map(|r| r.from.as_i64())),
        i64s(each().map(|r| r.to.as_i64())),
        u8s(each().map(|r| r.role.code())),
        u8s(each().map(|r| r.status.code())),
        i64s(each().map(|r| r.list.as_i64())),
        u32s(each().map(|r| r.group)),
        u32s(each().map(|r| r.minutes)),
        i64s(each().map(|r| r.import.as_i64())),
        u32s(rows.iter().map(|row| row.part)),
    ];
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// Heads as a batch.
fn encode_heads(heads: &[Head], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
    let each = || heads.iter().map(|one| &one.head);
    let columns = vec![
        ids(each().map(|h| h.event), heads.len()),
        u32s(each().map(|h| h.revision)),
        times(each().map(|h| h.at)),
        i64s(each().map(|h| h.author.as_i64())),
        ids(each().map(|h| h.parent), heads.len()),
        i64s(each().map(|h| h.list.as_i64())),
        u32s(each().map(|h| h.participants)),
        u8s(each().map(|h| h.left_out.code())),
        Arc::new(BooleanArray::from_iter(each().map(|h| Some(h.counts)))),
        u32s(heads.iter().map(|one| one.part)),
    ];
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// Rows of a batch that holds all columns.
pub(crate) fn decode_rows(batch: &Batch) -> Result<Vec<Row>, LakeError> {
    let (at, channel) = (batch.times("at")?, batch.u8s("channel")?);
    let (event, thread, parent) = (batch.ids("event")?, batch.ids("thread")?, batch.ids("parent")?);
    let (from, to) = (batch.i64s("from")?, batch.i64s("to")?);
    let (role, status) = (batch.u8s("role")?, batch.u8s("status")?);
    let (list, group) = (batch.i64s("list")?, batch.u32s("group")?);
    let (minutes, import) = (batch.u32s("minutes")?, batch.i64s("import")?);
    let part = batch.u32s("part")?;
    let code = |what: &str| LakeError::layout(batch.path(), format!("unknown {what} code"));
    (0..batch.n_rows())
        .map(|i| {
            let interaction = Interaction {
                at: Moment::from_ms(at[i]),
                channel: Channel::from_code(channel[i]).ok_or_else(|| code("channel"))?,
                event: EventId(event.get(i)),
                thread: EventId(thread.get(i)),
                parent: EventId(parent.get(i)),
                from: AddressId::from_i64(from[i]),
                to: AddressId::from_i64(to[i]),
                role: Role::from_code(role[i]).ok_or_else(|| code("role"))?,
                status: Status::from_code(status[i]).ok_or_else(|| code("status"))?,
                list: ListId::from_i64(list[i]),
                group: group[i],
                minutes: minutes[i],
                import: ImportId::from_i64(import[i]),
            };
            Ok(Row { interaction, part: part[i] })
        })
        .collect()
}

/// Heads of a batch that holds all columns.
fn decode_heads(batch: &Batch) -> Result<Vec<Head>, LakeError> {
    let (event, parent) = (batch.ids("event")?, batch.ids("parent")?);
    let (revision, at) = (batch.u32s("revision")?, batch.times("at")?);
    let (author, list) = (batch.i64s("author")?, batch.i64s("list")?);
    let (participants, left_out) = (batch.u32s("participants")?, batch.u8s("left_out")?);
    let (counts, part) = (batch.bools("counts")?, batch.u32s("part")?);
    (0..batch.n_rows())
        .map(|i| {
            let head = EventHead {
                event: EventId(event.get(i)),
                at: Moment::from_ms(at[i]),
                author: AddressId::from_i64(author[i]),
                parent: EventId(parent.get(i)),
                list: ListId::from_i64(list[i]),
                participants: participants[i],
                left_out: LeftOut::from_code(left_out[i])
                    .ok_or_else(|| LakeError::layout(batch.path(), "unknown left_out code"))?,
                revision: revision[i],
                counts: counts.value(i),
            };
            Ok(Head { head, part: part[i] })
        })
        .collect()
}
