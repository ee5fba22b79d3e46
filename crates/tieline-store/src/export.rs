//! The whole store as lines of JSON, and back: from one database to another without loss.
//!
//! The first line says what it is and of which schema; each other line is a row with its table:
//! `{"table":"tag","row":{...}}`. Tables come in an order in which they can be filled, rows by key.
//! Numbers with fractions are texts, so that every bit of them comes back.

use std::io::{BufRead, Write};

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use sea_orm_migration::MigratorTrait;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::dialect;
use crate::error::StoreError;
use crate::migration::{Kind, Migrator, Null, Table, tables};
use crate::search::SEARCH_TABLES;
use crate::store::{Store, Tx, marks, number};

/// Rows read or written at once.
const PORTION: usize = 500;

/// Name, type and whether it may be null.
type Column = (&'static str, Kind, Null);

impl Store {
    /// Writes everything as it is at one moment, whatever is written meanwhile; how many rows. What
    /// comes out is as secret as the store: it holds hashes of passwords and all private notes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when `out` cannot be written.
    pub async fn export(&self, out: &mut (impl Write + Send)) -> Result<u64, StoreError> {
        let head = json!({ "tieline": "workspace", "schema": Migrator::migrations().len() });
        line(out, &head)?;
        let tx = dialect::begin_reading(&self.db).await?;
        let mut n = 0;
        for table in tables() {
            n += export_table(&tx, table, out).await?;
        }
        tx.rollback().await?;
        out.flush().map_err(unwritable)?;
        Ok(n)
    }

    /// Fills an empty store from what [`Store::export`] wrote, all or nothing; how many rows.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] when the store is not empty, or a line is not what an export
    /// of this or an earlier version writes; it names the line.
    pub async fn import_everything(
        &self,
        from: &mut (impl BufRead + Send),
    ) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        for table in tables() {
            let sql = format!("SELECT COUNT(*) FROM {}", table.name);
            if number(&tx.db, &sql, []).await? > 0 {
                return Err(StoreError::value("a workspace is imported into an empty store alone"));
            }
        }
        let n = tx.import_lines(from).await?;
        for table in SEARCH_TABLES {
            dialect::rebuild_index(&tx.db, table).await?;
        }
        tx.commit().await?;
        Ok(n)
    }
}

impl Tx {
    async fn import_lines(&self, from: &mut (impl BufRead + Send)) -> Result<u64, StoreError> {
        let mut lines = from.lines().zip(1_u64..);
        let head = lines.next().map(|(text, _)| read(text, 1)).transpose()?;
        check_head(head.as_ref())?;
        let (mut n, mut pending): (u64, Option<(&Table, Vec<Value>)>) = (0, None);
        for (text, at) in lines {
            let (table, row) = row_of(&read(text, at)?).map_err(|what| bad_line(at, &what))?;
            let full = PORTION * columns(table).len();
            if let Some((known, values)) =
                pending.take_if(|(known, values)| known.name != table.name || values.len() >= full)
            {
                self.insert_values(known, values).await?;
            }
            pending.get_or_insert_with(|| (table, Vec::new())).1.extend(row);
            n += 1;
        }
        if let Some((table, values)) = pending {
            self.insert_values(table, values).await?;
        }
        Ok(n)
    }

    async fn insert_values(&self, table: &Table, values: Vec<Value>) -> Result<(), StoreError> {
        let names: Vec<&str> = columns(table).iter().map(|(name, ..)| *name).collect();
        let row = format!("({})", marks(names.len()));
        let rows = vec![row.as_str(); values.len() / names.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES {rows}", table.name, names.join(", "));
        self.run(&sql, values).await.map(drop)
    }
}

fn columns(table: &Table) -> Vec<Column> {
    let own = table.cols.iter().map(|col| (col.0, col.1, col.2));
    own.chain([("created_at", Kind::Big, Null::No)]).collect()
}

async fn export_table(
    tx: &DatabaseTransaction,
    table: &Table,
    out: &mut (impl Write + Send),
) -> Result<u64, StoreError> {
    let all = columns(table);
    let names: Vec<&str> = all.iter().map(|(name, ..)| *name).collect();
    let shown: Vec<String> = names.iter().map(|name| shown_column(table.name, name)).collect();
    let key = table.key.join(", ");
    let mut after: Vec<Value> = Vec::new();
    let mut n = 0;
    loop {
        let beyond = match after.is_empty() {
            true => String::new(),
            false => format!("AND ({key}) > ({})", marks(after.len())),
        };
        let sql = format!(
            "SELECT {} FROM {} WHERE {} {beyond} ORDER BY {key} LIMIT {PORTION}",
            shown.join(", "),
            table.name,
            shown_rows(table.name)
        );
        let found = tx.query_all_raw(dialect::statement(tx, &sql, after)).await?;
        for row in &found {
            let cells = all.iter().map(|(name, kind, _)| {
                Ok::<_, StoreError>(((*name).to_owned(), cell(row, name, *kind)?))
            });
            let cells: Map<String, Json> = cells.collect::<Result<_, _>>()?;
            line(out, &json!({ "table": table.name, "row": cells }))?;
        }
        n += found.len() as u64;
        let Some(last) = found.last().filter(|_| found.len() == PORTION) else { return Ok(n) };
        let of_key = |name: &&str| {
            let kind = all.iter().find(|(known, ..)| known == name).map_or(Kind::Text, |one| one.1);
            value(&cell(last, name, kind)?, kind, Null::No)
                .map_err(|what| StoreError::Internal(what.into()))
        };
        after = table.key.iter().map(of_key).collect::<Result<_, StoreError>>()?;
    }
}

/// Anonymous polls, as a condition on a table that names decisions.
const SEALED: &str = "decision IN (SELECT id FROM joint_decision WHERE secrecy = 'anonymous')";

/// Which rows of a table leave: anonymous ballots never do.
fn shown_rows(table: &str) -> String {
    match table {
        "decision_ballot" => format!("NOT ({SEALED})"),
        _ => "TRUE".to_owned(),
    }
}

/// A column as it leaves. Of an anonymous poll that is counted the count stays, without its ballots;
/// one that is open begins anew in a copy, since its ballots are not there.
fn shown_column(table: &str, name: &str) -> String {
    match (table, name) {
        ("decision_count", "ballots") => {
            format!("CASE WHEN {SEALED} THEN NULL ELSE ballots END AS ballots")
        }
        ("decision_voter", "cast_as") => format!(
            "CASE WHEN {SEALED} AND decision IN (SELECT id FROM joint_decision \
             WHERE verdict IS NULL) THEN NULL ELSE cast_as END AS cast_as"
        ),
        _ => name.to_owned(),
    }
}

fn cell(row: &QueryResult, name: &str, kind: Kind) -> Result<Json, StoreError> {
    Ok(match kind {
        Kind::Big | Kind::Row => json!(row.try_get::<Option<i64>>("", name)?),
        Kind::Text => json!(row.try_get::<Option<String>>("", name)?),
        Kind::Bool => json!(row.try_get::<Option<bool>>("", name)?),
        Kind::Real => json!(row.try_get::<Option<f64>>("", name)?.map(|real| format!("{real:?}"))),
        Kind::Uuid => json!(row.try_get::<Option<Uuid>>("", name)?.map(|id| id.to_string())),
    })
}

/// The stored value of a cell, or what is wrong with it.
fn value(cell: &Json, kind: Kind, null: Null) -> Result<Value, String> {
    if cell.is_null() {
        return match (null, kind) {
            (Null::No, _) => Err("a value is missing".to_owned()),
            (Null::Yes, Kind::Big | Kind::Row) => Ok(None::<i64>.into()),
            (Null::Yes, Kind::Text) => Ok(None::<String>.into()),
            (Null::Yes, Kind::Bool) => Ok(None::<bool>.into()),
            (Null::Yes, Kind::Real) => Ok(None::<f64>.into()),
            (Null::Yes, Kind::Uuid) => Ok(None::<Uuid>.into()),
        };
    }
    let text = cell.as_str();
    let read: Option<Value> = match kind {
        Kind::Big | Kind::Row => cell.as_i64().map(Value::from),
        Kind::Text => text.map(Value::from),
        Kind::Bool => cell.as_bool().map(Value::from),
        Kind::Real => text.and_then(|text| text.parse::<f64>().ok()).map(Value::from),
        Kind::Uuid => text.and_then(|text| text.parse::<Uuid>().ok()).map(Value::from),
    };
    read.ok_or_else(|| format!("a value does not fit its column: {cell}"))
}

/// Table and values of a line, in the order of the columns.
fn row_of(line: &Json) -> Result<(&'static Table, Vec<Value>), String> {
    let name = line.get("table").and_then(Json::as_str).unwrap_or_default();
    let table = tables().find(|table| table.name == name);
    let table = table.ok_or_else(|| format!("there is no table '{name}'"))?;
    let row = line.get("row").and_then(Json::as_object).ok_or("there is no row")?;
    let all = columns(table);
    if let Some(unknown) = row.keys().find(|key| !all.iter().any(|(name, ..)| name == key)) {
        return Err(format!("table '{name}' has no column '{unknown}'"));
    }
    let cell = |(name, kind, null): Column| value(row.get(name).unwrap_or(&Json::Null), kind, null);
    Ok((table, all.into_iter().map(cell).collect::<Result<_, _>>()?))
}

fn check_head(head: Option<&Json>) -> Result<(), StoreError> {
    let is_ours = |head: &&Json| head.get("tieline").and_then(Json::as_str) == Some("workspace");
    let schema = head.filter(is_ours).and_then(|head| head.get("schema")?.as_u64());
    match schema {
        None => Err(StoreError::value("this is no export of a workspace")),
        Some(schema) if schema > Migrator::migrations().len() as u64 => {
            Err(StoreError::value("the export is of a newer tieline: update the program"))
        }
        Some(_) => Ok(()),
    }
}

fn read(text: std::io::Result<String>, at: u64) -> Result<Json, StoreError> {
    let text = text.map_err(|fault| {
        StoreError::Unavailable(format!("the export cannot be read at line {at}: {fault}"))
    })?;
    serde_json::from_str(&text).map_err(|fault| bad_line(at, &format!("no JSON: {fault}")))
}

fn bad_line(at: u64, what: &str) -> StoreError {
    StoreError::value(format!("line {at} of the export: {what}"))
}

fn line(out: &mut impl Write, json: &Json) -> Result<(), StoreError> {
    writeln!(out, "{json}").map_err(unwritable)
}

#[allow(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn unwritable(fault: std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("the export cannot be written: {fault}"))
}
