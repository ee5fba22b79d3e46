//! The schema in words, and the content of a store as text for comparing two of them.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use crate::dialect;
use crate::error::StoreError;
use crate::migration::{Class, Col, Kind, tables};
use crate::store::Store;

/// One table: its name, what one row says, and its columns as (name, meaning with unit and allowed
/// values). Each table also has `created_at`, ms UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDoc {
    /// Name.
    pub name: &'static str,
    /// What one row says.
    pub row: &'static str,
    /// Who may read its rows.
    pub class: Class,
    /// Columns in their order.
    pub columns: Vec<(&'static str, &'static str)>,
}

/// Every table of the store, in words.
pub fn schema() -> Vec<TableDoc> {
    let doc = |table: &crate::migration::Table| TableDoc {
        name: table.name,
        row: table.row,
        class: table.class,
        columns: table.cols.iter().map(|Col(name, _, _, meaning)| (*name, *meaning)).collect(),
    };
    tables().map(doc).collect()
}

/// Columns that tell when or in which order something was done, not what is so.
const CIRCUMSTANCES: [(&str, &str); 5] = [
    ("import", "rank"),
    ("import", "started_at"),
    ("import", "finished_at"),
    ("actor_search", "id"),
    ("note_search", "id"),
];

/// Tables that tell what was done, or what the program remembers for itself.
const RECORDS: [&str; 12] = [
    "by_seat",
    "guest_link",
    "guest_session",
    "history",
    "done_by",
    "setting",
    "session",
    "link",
    "failure",
    "job",
    "look",
    "finding",
];

impl Store {
    /// What is so, table by table: every row as text, sorted, without the circumstances (times of
    /// writing, ranks, history, settings). Two stores that hold the same have equal contents,
    /// however they came to it. Reads everything into memory: for checks, not for pages.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contents(&self) -> Result<BTreeMap<&'static str, Vec<String>>, StoreError> {
        let mut all = BTreeMap::new();
        for table in tables().filter(|table| !RECORDS.contains(&table.name)) {
            let columns: Vec<&Col> = table
                .cols
                .iter()
                .filter(|Col(name, ..)| !CIRCUMSTANCES.contains(&(table.name, name)))
                .collect();
            let names: Vec<&str> = columns.iter().map(|Col(name, ..)| *name).collect();
            let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
            let mut lines = Vec::new();
            for row in self.db.query_all_raw(dialect::statement(&self.db, &sql, [])).await? {
                let cells = columns.iter().map(|Col(name, kind, ..)| cell(&row, name, *kind));
                lines.push(cells.collect::<Result<Vec<_>, _>>()?.join(" | "));
            }
            lines.sort_unstable();
            all.insert(table.name, lines);
        }
        Ok(all)
    }
}

fn cell(row: &QueryResult, name: &str, kind: Kind) -> Result<String, StoreError> {
    fn text<T: std::fmt::Debug>(value: Option<T>) -> String {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:?}"))
    }
    Ok(match kind {
        Kind::Big | Kind::Row => text(row.try_get::<Option<i64>>("", name)?),
        Kind::Text => text(row.try_get::<Option<String>>("", name)?),
        Kind::Bool => text(row.try_get::<Option<bool>>("", name)?),
        Kind::Real => text(row.try_get::<Option<f64>>("", name)?),
        Kind::Uuid => text(row.try_get::<Option<Uuid>>("", name)?),
    })
}
