//! Every difference between the databases, and nothing else.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use crate::error::{Constraint, StoreError};

/// Where the system of record lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUrl {
    path: PathBuf,
}

impl StoreUrl {
    /// A SQLite file; it is created on opening when it does not exist.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned() }
    }

    /// Path of the SQLite file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl FromStr for StoreUrl {
    type Err = StoreError;

    /// Reads `sqlite:PATH` or a plain path. URLs of other databases are refused with a sentence.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"))
        {
            return Ok(Self::file(path));
        }
        match text.split_once("://") {
            Some((scheme, _)) => Err(StoreError::Unavailable(format!(
                "this version keeps its store in SQLite and cannot open {scheme}: \
                 write sqlite:PATH or a path"
            ))),
            None => Ok(Self::file(text)),
        }
    }
}

/// How a writer starts and how the database is set up. SQLite: write-ahead log, foreign keys on,
/// synchronous NORMAL (a power cut may lose the last commit, never consistency), 64 MiB of cache.
pub(crate) async fn connect(
    url: &StoreUrl,
    wait: Duration,
) -> Result<DatabaseConnection, StoreError> {
    let path = url.path.clone();
    // The name is set below as a path, because not every path can be written as a URL.
    let mut options = ConnectOptions::new("sqlite:tieline.db");
    options.sqlx_logging(false).record_stmt_in_spans(false).max_connections(4);
    // A pooled connection must come free at the latest when a waiting writer gives up.
    options.acquire_timeout(wait + Duration::from_secs(30));
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(wait)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
    });
    Ok(sea_orm::Database::connect(options).await?)
}

/// Starts a writing transaction. SQLite takes the write lock at once, so that a second writer waits
/// here and never fails half way.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: match db.get_database_backend() {
            DbBackend::Sqlite => Some(SqliteTransactionMode::Immediate),
            _ => None,
        },
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// A statement from portable SQL with `?` for each value. `?` may not occur in literals.
pub(crate) fn statement(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            let mut parts = sql.split('?');
            let first = parts.next().unwrap_or_default().to_owned();
            parts.enumerate().fold(first, |sql, (i, part)| format!("{sql}${}{part}", i + 1))
        }
        _ => sql.to_owned(),
    };
    Statement::from_sql_and_values(backend, sql, values)
}

/// Condition that `column` (folded text) contains the value bound to its one `?`, which
/// [`contains_pattern`] made. Full-text search of either database comes in here.
pub(crate) fn contains(column: &str) -> String {
    format!("{column} LIKE ? ESCAPE '\\'")
}

/// The pattern for [`contains`].
pub(crate) fn contains_pattern(folded: &str) -> String {
    let mut pattern = String::with_capacity(folded.len() + 2);
    pattern.push('%');
    for c in folded.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Type of a text column: compared by its bytes on both databases, so that pages of one order
/// continue each other whatever language the server speaks.
pub(crate) fn text_type(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "text COLLATE \"C\"",
        _ => "text",
    }
}

/// End of a SELECT of a row to be taken, which passes over rows that others are taking.
pub(crate) fn skip_locked(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "", // A writing transaction has the database to itself.
    }
}

/// Makes deletions of this connection overwrite what they remove.
pub(crate) async fn overwrite_deleted(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Sqlite {
        tx.execute_unprepared("PRAGMA secure_delete = ON").await?;
    }
    Ok(())
}

/// Removes remains of deleted rows from the files of the database.
pub(crate) async fn scrub(db: &DatabaseConnection) -> Result<(), StoreError> {
    db.execute_unprepared("VACUUM").await?;
    if db.get_database_backend() == DbBackend::Sqlite {
        db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    }
    Ok(())
}

/// What the database finds wrong with itself; empty when it is sound.
pub(crate) async fn integrity(db: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(problems); // PostgreSQL checks foreign keys and page sums by itself.
    }
    for row in db.query_all_raw(statement(db, "PRAGMA integrity_check", [])).await? {
        let line: String = row.try_get_by_index(0)?;
        if line != "ok" {
            problems.push(line);
        }
    }
    for row in db.query_all_raw(statement(db, "PRAGMA foreign_key_check", [])).await? {
        let (table, parent): (String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        problems.push(format!("a row of {table} has no {parent}"));
    }
    Ok(problems)
}

/// Sorts errors of the database into those a caller can act on.
pub(crate) fn classify(error: DbErr) -> StoreError {
    use sea_orm::sqlx;
    let cause = match &error {
        DbErr::ConnectionAcquire(_) => {
            return StoreError::Unavailable(
                "the store is busy: another tieline is working on it; try again when it is done"
                    .to_owned(),
            );
        }
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause.clone(),
        _ => return StoreError::Internal(Box::new(error)),
    };
    match cause.as_ref() {
        sqlx::Error::Database(fault) => database_fault(fault.as_ref(), error),
        sqlx::Error::Io(io) => {
            StoreError::Unavailable(format!("the store cannot be reached: {io}"))
        }
        sqlx::Error::PoolTimedOut => StoreError::Unavailable(
            "the store is busy: all its connections are in use; try again".to_owned(),
        ),
        _ => StoreError::Internal(Box::new(error)),
    }
}

fn database_fault(fault: &dyn sea_orm::sqlx::error::DatabaseError, error: DbErr) -> StoreError {
    if fault.is_unique_violation() {
        return StoreError::Conflict(unique_rule(fault.constraint(), fault.message()));
    }
    if fault.is_foreign_key_violation() {
        return StoreError::Conflict(Constraint::MissingParent);
    }
    let code = fault.code().unwrap_or_default();
    // SQLite's extended codes carry the primary one in their low byte; PostgreSQL's have five
    // characters and are not mistaken for them.
    let primary = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
    match (primary, code.as_ref()) {
        (Some(5 | 6), _) | (_, "40001" | "40P01" | "55P03") => StoreError::Unavailable(
            "another tieline is writing to this store: wait until it is done, then try again"
                .to_owned(),
        ),
        (Some(8), _) => StoreError::Unavailable(
            "the store is read-only: check the permissions of the data folder".to_owned(),
        ),
        (Some(13), _) | (_, "53100") => StoreError::Unavailable(
            "the disk is full: nothing was changed; make room and try again".to_owned(),
        ),
        (Some(14), _) => StoreError::Unavailable(
            "the store cannot be opened: check that its folder exists and can be written"
                .to_owned(),
        ),
        (Some(26), _) => StoreError::Unavailable(
            "the file is no store of tieline: check the data folder".to_owned(),
        ),
        _ => StoreError::Internal(Box::new(error)),
    }
}

/// SQLite names the columns, PostgreSQL the index.
fn unique_rule(name: Option<&str>, message: &str) -> Constraint {
    let rule = name.unwrap_or(message);
    if rule.contains("import.state") || rule.contains("import_one_running") {
        Constraint::ImportRunning
    } else if rule.ends_with("import.id") || rule.contains("import_pkey") {
        Constraint::ImportExists
    } else {
        Constraint::Taken(rule.trim_start_matches("UNIQUE constraint failed: ").to_owned())
    }
}
