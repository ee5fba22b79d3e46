//! Parquet files, written whole or not at all, and read in batches of named columns.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMillisecondType, UInt8Type, UInt32Type};
use arrow_array::{
    Array, ArrowPrimitiveType, BooleanArray, FixedSizeBinaryArray, PrimitiveArray, RecordBatch,
};
use arrow_schema::Schema;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::arrow_writer::ArrowWriter;
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::WriterProperties;

use crate::error::LakeError;
use crate::layout::{create_folder, publish, remove_file, temp_beside};

/// Version of the layout of every file; a reader refuses others.
pub(crate) const LAYOUT: &str = "1";
/// Metadata key of the layout version.
const LAYOUT_KEY: &str = "tieline.layout";
/// Rows decoded at a time in plain scans.
pub(crate) const SCAN_ROWS: usize = 16 * 1024;

/// A Parquet file in the making. It appears under its name when finished; dropped before, it
/// leaves nothing.
pub(crate) struct TableWriter {
    temp: PathBuf,
    target: PathBuf,
    inner: Option<ArrowWriter<File>>,
}

impl TableWriter {
    pub(crate) fn create(
        target: &Path,
        schema: &Arc<Schema>,
        properties: WriterProperties,
    ) -> Result<Self, LakeError> {
        if let Some(folder) = target.parent() {
            create_folder(folder)?;
        }
        let temp = temp_beside(target);
        let file = File::create(&temp).map_err(LakeError::io("create", &temp))?;
        let inner = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))
            .map_err(LakeError::write(target))?;
        let mut writer = Self { temp, target: target.to_owned(), inner: Some(inner) };
        writer.note(LAYOUT_KEY, LAYOUT);
        Ok(writer)
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        match &mut self.inner {
            Some(inner) => inner.write(batch).map_err(LakeError::write(&self.target)),
            None => Ok(()),
        }
    }

    /// Adds a line to the file's own metadata.
    pub(crate) fn note(&mut self, key: &str, value: &str) {
        if let Some(inner) = &mut self.inner {
            inner.append_key_value_metadata(KeyValue::new(key.to_owned(), value.to_owned()));
        }
    }

    /// Puts a file under its name that need not survive a crash.
    pub(crate) fn finish_scratch(mut self) -> Result<(), LakeError> {
        let Some(inner) = self.inner.take() else { return Ok(()) };
        inner.close().map_err(LakeError::write(&self.target))?;
        fs::rename(&self.temp, &self.target).map_err(LakeError::io("rename", &self.temp))
    }

    /// Writes the rest, makes it durable and puts it under its name. Returns the size in bytes.
    pub(crate) fn finish(mut self) -> Result<u64, LakeError> {
        let Some(inner) = self.inner.take() else { return Ok(0) };
        let file = inner.into_inner().map_err(LakeError::write(&self.target))?;
        file.sync_all().map_err(LakeError::io("sync", &self.temp))?;
        let size_bytes = file.metadata().map_err(LakeError::io("look at", &self.temp))?.len();
        publish(&self.temp, &self.target)?;
        Ok(size_bytes)
    }
}

impl Drop for TableWriter {
    fn drop(&mut self) {
        // After `finish` the temporary name is gone; an error here would only leave a hidden file,
        // which never counts.
        if self.inner.take().is_some() {
            let _ = fs::remove_file(&self.temp);
        }
    }
}

/// An opened Parquet file of ours.
pub(crate) struct Table {
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
}

impl Table {
    /// Opens and reads the footer.
    ///
    /// # Errors
    /// [`LakeError::Unreadable`] for a truncated or damaged file, [`LakeError::Layout`] for
    /// another layout version.
    pub(crate) fn open(path: &Path) -> Result<Self, LakeError> {
        let file = File::open(path).map_err(LakeError::io("open", path))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(LakeError::unreadable(path))?;
        let table = Self { path: path.to_owned(), file, metadata };
        match table.note(LAYOUT_KEY) {
            Some(LAYOUT) => Ok(table),
            Some(other) => Err(LakeError::layout(path, format!("layout version {other}"))),
            None => Err(LakeError::layout(path, "no layout version")),
        }
    }

    /// A line of the file's own metadata.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        let all = self.metadata.metadata().file_metadata().key_value_metadata()?;
        all.iter().find(|line| line.key == key).and_then(|line| line.value.as_deref())
    }

    pub(crate) fn n_rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    pub(crate) fn footer(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    /// Smallest and largest value of an integer column in a row group, where the file says so.
    pub(crate) fn bounds(&self, row_group: usize, column: &str) -> Option<(i64, i64)> {
        use parquet::file::statistics::Statistics;
        let group = self.footer().row_groups().get(row_group)?;
        let chunk = group.columns().iter().find(|c| c.column_path().string() == column)?;
        match chunk.statistics()? {
            Statistics::Int64(s) => Some((*s.min_opt()?, *s.max_opt()?)),
            Statistics::Int32(s) => Some((i64::from(*s.min_opt()?), i64::from(*s.max_opt()?))),
            _ => None,
        }
    }

    /// Whether the bounds of a column hold in all row groups, or the chosen ones; false if any has
    /// none.
    pub(crate) fn all_within(
        &self,
        row_groups: Option<&[usize]>,
        column: &str,
        holds: impl Fn(i64, i64) -> bool,
    ) -> bool {
        let one = |group| self.bounds(group, column).is_some_and(|(low, high)| holds(low, high));
        match row_groups {
            Some(some) => some.iter().all(|group| one(*group)),
            None => (0..self.footer().num_row_groups()).all(one),
        }
    }

    /// Batches of the named columns, of all row groups or of the chosen ones.
    pub(crate) fn batches(
        &self,
        columns: &[&str],
        row_groups: Option<Vec<usize>>,
        batch_rows: usize,
    ) -> Result<Batches, LakeError> {
        let file = self.file.try_clone().map_err(LakeError::io("open", &self.path))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let schema = self.footer().file_metadata().schema_descr();
        let mut leaves = Vec::with_capacity(columns.len());
        for column in columns {
            let leaf = schema.columns().iter().position(|c| c.path().string() == *column);
            leaves.push(
                leaf.ok_or_else(|| LakeError::layout(&self.path, format!("no column '{column}'")))?,
            );
        }
        let mask = ProjectionMask::leaves(schema, leaves);
        let mut builder = builder.with_projection(mask).with_batch_size(batch_rows);
        if let Some(row_groups) = row_groups {
            builder = builder.with_row_groups(row_groups);
        }
        let inner = builder.build().map_err(LakeError::unreadable(&self.path))?;
        Ok(Batches { path: self.path.clone(), inner })
    }
}

/// Iterator over batches.
pub(crate) struct Batches {
    path: PathBuf,
    inner: ParquetRecordBatchReader,
}

impl Batches {
    pub(crate) fn next(&mut self) -> Result<Option<Batch>, LakeError> {
        match self.inner.next() {
            None => Ok(None),
            Some(Ok(batch)) => Ok(Some(Batch { path: self.path.clone(), batch })),
            Some(Err(error)) => Err(LakeError::unreadable(&self.path)(error)),
        }
    }
}

/// Some rows, with typed access to columns by name.
pub(crate) struct Batch {
    path: PathBuf,
    batch: RecordBatch,
}

impl Batch {
    pub(crate) fn n_rows(&self) -> usize {
        self.batch.num_rows()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A column that outlives the batch.
    pub(crate) fn column<T: ArrowPrimitiveType>(
        &self,
        name: &str,
    ) -> Result<PrimitiveArray<T>, LakeError> {
        self.batch
            .column_by_name(name)
            .filter(|column| column.null_count() == 0)
            .and_then(|column| column.as_primitive_opt::<T>())
            .cloned()
            .ok_or_else(|| self.unexpected(name))
    }

    fn primitive<T: ArrowPrimitiveType>(&self, name: &str) -> Result<&[T::Native], LakeError> {
        self.batch
            .column_by_name(name)
            .filter(|column| column.null_count() == 0)
            .and_then(|column| column.as_primitive_opt::<T>())
            .map(|column| column.values().as_ref())
            .ok_or_else(|| self.unexpected(name))
    }

    pub(crate) fn i64s(&self, name: &str) -> Result<&[i64], LakeError> {
        self.primitive::<Int64Type>(name)
    }

    pub(crate) fn u32s(&self, name: &str) -> Result<&[u32], LakeError> {
        self.primitive::<UInt32Type>(name)
    }

    pub(crate) fn f64s(&self, name: &str) -> Result<&[f64], LakeError> {
        self.primitive::<Float64Type>(name)
    }

    pub(crate) fn u8s(&self, name: &str) -> Result<&[u8], LakeError> {
        self.primitive::<UInt8Type>(name)
    }

    /// Milliseconds since the epoch.
    pub(crate) fn times(&self, name: &str) -> Result<&[i64], LakeError> {
        self.primitive::<TimestampMillisecondType>(name)
    }

    pub(crate) fn bools(&self, name: &str) -> Result<&BooleanArray, LakeError> {
        self.batch
            .column_by_name(name)
            .and_then(|column| column.as_boolean_opt())
            .filter(|column| column.null_count() == 0)
            .ok_or_else(|| self.unexpected(name))
    }

    pub(crate) fn unexpected(&self, name: &str) -> LakeError {
        LakeError::layout(&self.path, format!("column '{name}' is not as it should be"))
    }

    /// 16-byte values, one behind the other.
    pub(crate) fn ids(&self, name: &str) -> Result<Ids<'_>, LakeError> {
        self.id_array(name).map(Ids)
    }

    /// A column of 16-byte values that outlives the batch.
    pub(crate) fn id_column(&self, name: &str) -> Result<FixedSizeBinaryArray, LakeError> {
        self.id_array(name).cloned()
    }

    fn id_array(&self, name: &str) -> Result<&FixedSizeBinaryArray, LakeError> {
        self.batch
            .column_by_name(name)
            .and_then(|column| column.as_fixed_size_binary_opt())
            .filter(|column| column.value_length() == 16 && column.null_count() == 0)
            .ok_or_else(|| self.unexpected(name))
    }
}

/// A column of event ids.
#[derive(Clone, Copy)]
pub(crate) struct Ids<'a>(&'a FixedSizeBinaryArray);

impl<'a> Ids<'a> {
    /// Of a column that [`Batch::id_column`] gave.
    pub(crate) fn of(column: &'a FixedSizeBinaryArray) -> Self {
        Self(column)
    }

    pub(crate) fn get(&self, row: usize) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(self.0.value(row));
        id
    }
}

/// Removes a derived file.
pub(crate) fn remove_table(path: &Path) -> Result<(), LakeError> {
    remove_file(&temp_beside(path))?;
    remove_file(path)
}
