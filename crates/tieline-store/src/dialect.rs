//! Every difference between the databases, and nothing else.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};

use crate::error::{Constraint, StoreError};
use crate::search::SEARCH_TABLES;

/// Where the system of record lives. What it prints never holds a password.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// A SQLite file; it is created on opening when it does not exist.
    File(PathBuf),
    /// A database of a PostgreSQL server, which must exist: `postgres://user:password@host/name`.
    Postgres(String),
}

impl StoreUrl {
    /// A SQLite file; it is created on opening when it does not exist.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self::File(path.as_ref().to_owned())
    }

    /// Path of the SQLite file, when it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl FromStr for StoreUrl {
    type Err = StoreError;

    /// Reads `postgres://...`, `postgresql://...`, `sqlite:PATH` or a plain path. URLs of other
    /// databases are refused with a sentence.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"))
        {
            return Ok(Self::file(path));
        }
        match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some((scheme, _)) => Err(StoreError::Unavailable(format!(
                "the store is kept in SQLite or PostgreSQL, not in {scheme}: write \
                 postgres://USER:PASSWORD@HOST/DATABASE, sqlite:PATH or a path"
            ))),
            None => Ok(Self::file(text)),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_secrets(url)),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

/// The URL with stars for its password. Parameters are left out: one of them may be a password.
fn without_secrets(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    match rest.rsplit_once('@') {
        None => url.to_owned(),
        Some((who, place)) => match who.split_once(':') {
            None => url.to_owned(),
            Some((user, _)) => format!("{scheme}://{user}:***@{place}"),
        },
    }
}

/// Opens connections. `wait` is how long a writer waits for another one.
pub(crate) async fn connect(
    url: &StoreUrl,
    wait: Duration,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = match url {
        StoreUrl::File(path) => sqlite_options(path, wait),
        StoreUrl::Postgres(url) => postgres_options(url, wait),
    };
    options.sqlx_logging(false).record_stmt_in_spans(false);
    Ok(sea_orm::Database::connect(options).await?)
}

/// SQLite: write-ahead log, foreign keys on, synchronous NORMAL (a power cut may lose the last
/// commit, never consistency), 64 MiB of cache.
fn sqlite_options(path: &Path, wait: Duration) -> ConnectOptions {
    let path = path.to_owned();
    // The name is set below as a path, because not every path can be written as a URL.
    let mut options = ConnectOptions::new("sqlite:tieline.db");
    options.max_connections(4);
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
            // Rows are handed over in larger portions than between two steps of the executor.
            .row_buffer_size(512)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
    });
    options
}

/// PostgreSQL: a waiting writer gives up after `wait`; a server that cannot be reached is tried
/// five seconds longer. No query here runs long enough to be worth compiling.
fn postgres_options(url: &str, wait: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(20);
    options.acquire_timeout(wait + Duration::from_secs(5));
    // Zero would mean without end.
    let lock_timeout = format!("{}ms", wait.as_millis().max(1));
    options.map_sqlx_postgres_opts(move |postgres| {
        postgres
            .application_name("tieline")
            .options([("lock_timeout", lock_timeout.as_str()), ("jit", "off")])
    });
    options
}

/// Number of the lock that makes writers of one PostgreSQL database wait for each other, as those
/// of a SQLite file do: "tieline" as bytes.
const WRITER_LOCK: i64 = i64::from_be_bytes(*b"\0tieline");

/// Starts a writing transaction. It takes the write lock at once, so that a second writer waits
/// here and never fails half way, and rules that need a look at several rows hold.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: match db.get_database_backend() {
            DbBackend::Sqlite => Some(SqliteTransactionMode::Immediate),
            _ => None,
        },
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = statement(db, "SELECT pg_advisory_xact_lock(?)", [WRITER_LOCK.into()]);
        tx.query_one_raw(lock).await?;
    }
    Ok(tx)
}

/// Starts a transaction beside the writers, that does not wait for the disk at its end; none where
/// the database has one writer only.
pub(crate) async fn begin_note(
    db: &DatabaseConnection,
) -> Result<Option<DatabaseTransaction>, StoreError> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let tx = db.begin().await?;
    tx.execute_unprepared("SET LOCAL synchronous_commit TO OFF").await?;
    Ok(Some(tx))
}

/// Another writer did not finish in time.
pub(crate) fn busy() -> StoreError {
    StoreError::Unavailable(
        "another tieline is writing to this store: wait until it is done, then try again"
            .to_owned(),
    )
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
    let values = values.into_iter().map(|value| storable(backend, value));
    Statement::from_sql_and_values(backend, sql, values)
}

/// PostgreSQL holds every character but U+0000, for which U+FFFD stands there.
pub(crate) fn storable(backend: DbBackend, value: Value) -> Value {
    match value {
        Value::String(Some(text)) if backend == DbBackend::Postgres && text.contains('\0') => {
            Value::String(Some(text.replace('\0', "\u{fffd}")))
        }
        value => value,
    }
}

/// Statements that make the index over the column `words` of a search table (id, ..., words). SQLite
/// has it beside the table: [`index_words`] and its companions keep both together.
pub(crate) fn search_index(backend: DbBackend, table: &str) -> String {
    match backend {
        // The words are folded and split already; `ascii` splits them at spaces alone.
        DbBackend::Sqlite => format!(
            "CREATE VIRTUAL TABLE {table}_index USING fts5(words, content='{table}', \
             content_rowid='id', tokenize='ascii', prefix='1 2 3', detail='none', columnsize=0)"
        ),
        _ => format!("CREATE INDEX {table}_index ON {table} USING gin (({}))", vector("words")),
    }
}

/// The words of a column as what PostgreSQL searches; no parser of a language comes in.
fn vector(column: &str) -> String {
    format!("array_to_tsvector(string_to_array({column}, ' '))")
}

/// Condition that the row `s` of a search table has a word for each one of the value bound to its
/// one `?`, which [`match_query`] made.
pub(crate) fn matches(backend: DbBackend, table: &str) -> String {
    match backend {
        DbBackend::Sqlite => {
            format!("s.id IN (SELECT rowid FROM {table}_index WHERE {table}_index MATCH ?)")
        }
        _ => format!("{} @@ CAST(? AS tsquery)", vector("s.words")),
    }
}

/// Counts the actors that [`match_query`] finds: where there is an index apart, it alone is asked.
pub(crate) fn count_matches(backend: DbBackend) -> String {
    match backend {
        DbBackend::Sqlite => {
            "SELECT COUNT(*) FROM actor_search_index WHERE actor_search_index MATCH ?".to_owned()
        }
        _ => format!(
            "SELECT COUNT(*) FROM actor_search s WHERE {}",
            matches(backend, "actor_search")
        ),
    }
}

/// The actors that [`match_query`] finds, after a number, in the order of their numbers, so many.
pub(crate) fn page_of_matches(backend: DbBackend) -> String {
    match backend {
        DbBackend::Sqlite => "SELECT s.actor AS actor FROM actor_search_index \
             JOIN actor_search s ON s.id = actor_search_index.rowid \
             WHERE actor_search_index MATCH ? AND actor_search_index.rowid > ? \
             ORDER BY actor_search_index.rowid LIMIT ?"
            .to_owned(),
        // Told to ask the index first: walking along the ids, it would work out the words of each row.
        _ => format!(
            "WITH found AS MATERIALIZED (SELECT s.id, s.actor FROM actor_search s WHERE {}) \
             SELECT actor FROM found WHERE id > ? ORDER BY id LIMIT ?",
            matches(backend, "actor_search")
        ),
    }
}

/// The actors of units `below` after a number, in the order of their numbers, so many. Neither
/// database guesses how few units that are; each is told to begin with them.
pub(crate) fn page_of_people_below(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "SELECT s.actor AS actor FROM actor_search s WHERE s.id IN \
             (SELECT DISTINCT o.id FROM below CROSS JOIN affiliation f CROSS JOIN actor_search o \
             WHERE f.unit = below.id AND f.proposed = FALSE AND o.actor = f.actor AND o.id > ? \
             ORDER BY o.id LIMIT ?) ORDER BY s.id"
        }
        _ => {
            "SELECT s.actor AS actor FROM actor_search s WHERE s.actor = ANY(ARRAY(\
             SELECT f.actor FROM affiliation f WHERE f.unit = ANY(ARRAY(SELECT id FROM below)) \
             AND f.proposed = FALSE)) AND s.id > ? ORDER BY s.id LIMIT ?"
        }
    }
}

/// Condition that `column` is one of few ids that a query finds, which is asked once and first.
pub(crate) fn one_of(backend: DbBackend, column: &str, query: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{column} = ANY(ARRAY({query}))"),
        _ => format!("{column} IN ({query})"),
    }
}

/// What [`matches`] looks for: words that begin with each of these, which are letters and digits.
pub(crate) fn match_query(backend: DbBackend, words: &[String]) -> String {
    let (quote, after, between) = match backend {
        DbBackend::Sqlite => ('"', "*", " "),
        _ => ('\'', ":*", " & "),
    };
    let word = |word: &String| format!("{quote}{word}{quote}{after}");
    words.iter().map(word).collect::<Vec<_>>().join(between)
}

/// Takes a row that is in a search table into its index.
pub(crate) async fn index_words(
    tx: &DatabaseTransaction,
    table: &str,
    id: i64,
    words: &str,
) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Sqlite {
        let sql = format!("INSERT INTO {table}_index(rowid, words) VALUES (?, ?)");
        tx.execute_raw(statement(tx, &sql, [id.into(), words.into()])).await?;
    }
    Ok(())
}

/// Takes a row out of the index of a search table; `words` is what it has.
pub(crate) async fn unindex_words(
    tx: &DatabaseTransaction,
    table: &str,
    id: i64,
    words: &str,
) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Sqlite {
        let sql = format!(
            "INSERT INTO {table}_index({table}_index, rowid, words) VALUES ('delete', ?, ?)"
        );
        tx.execute_raw(statement(tx, &sql, [id.into(), words.into()])).await?;
    }
    Ok(())
}

/// Makes the index of a search table anew from its rows, without remains of earlier ones.
pub(crate) async fn rebuild_index(
    db: &impl ConnectionTrait,
    table: &str,
) -> Result<(), StoreError> {
    db.execute_unprepared(&rebuild_sql(db.get_database_backend(), table)).await?;
    Ok(())
}

/// The statement of [`rebuild_index`].
pub(crate) fn rebuild_sql(backend: DbBackend, table: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("INSERT INTO {table}_index({table}_index) VALUES ('rebuild')"),
        // The index follows by itself; how common words are is counted anew.
        _ => format!("ANALYZE {table}"),
    }
}

/// Lets the database count what is in tables after they were filled: PostgreSQL chooses its ways by
/// such counts and would make them at some later moment.
pub(crate) async fn count_anew(
    db: &impl ConnectionTrait,
    tables: &[&str],
) -> Result<(), StoreError> {
    if db.get_database_backend() == DbBackend::Postgres {
        for table in tables {
            db.execute_unprepared(&format!("ANALYZE {table}")).await?;
        }
    }
    Ok(())
}

/// Starts a transaction that reads one state of everything, whatever is written meanwhile.
pub(crate) async fn begin_reading(
    db: &DatabaseConnection,
) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        isolation_level: match db.get_database_backend() {
            DbBackend::Postgres => Some(IsolationLevel::RepeatableRead),
            _ => None, // A transaction of SQLite always does.
        },
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// Writes a copy of a SQLite database while it is in use.
pub(crate) async fn copy_to(db: &DatabaseConnection, path: &Path) -> Result<(), StoreError> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Err(StoreError::Unavailable(
            "this store is on a database server: copy it with pg_dump, or export the workspace"
                .to_owned(),
        ));
    }
    let Some(path) = path.to_str() else {
        let text = format!("the path {} cannot be written as text", path.display());
        return Err(StoreError::Unavailable(text));
    };
    db.execute_raw(statement(db, "VACUUM INTO ?", [path.into()])).await?;
    Ok(())
}

/// Condition that `column` (folded text) contains the value bound to its one `?`, which
/// [`contains_pattern`] made.
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

/// Type of a number that identifies a row of a search table: SQLite's indexes need its own.
pub(crate) fn row_type(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "integer",
        _ => "bigint",
    }
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
    if db.get_database_backend() == DbBackend::Postgres {
        // FULL writes every table anew; the server's own log and its backups are its operator's.
        db.execute_unprepared("VACUUM FULL").await?;
        return Ok(());
    }
    for table in SEARCH_TABLES {
        rebuild_index(db, table).await?;
    }
    db.execute_unprepared("VACUUM").await?;
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    Ok(())
}

/// What the database finds wrong with itself; empty when it is sound.
pub(crate) async fn integrity(db: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(problems); // PostgreSQL checks foreign keys and page sums by itself.
    }
    let tx = db.begin().await?;
    // A search index checks itself by what its connection last knew of it; a query looks anew.
    for table in SEARCH_TABLES {
        let sql = format!("SELECT rowid FROM {table}_index WHERE {table}_index MATCH 'a*' LIMIT 1");
        tx.query_one_raw(statement(db, &sql, [])).await?;
    }
    for row in tx.query_all_raw(statement(db, "PRAGMA integrity_check", [])).await? {
        let line: String = row.try_get_by_index(0)?;
        if line != "ok" {
            problems.push(line);
        }
    }
    for row in tx.query_all_raw(statement(db, "PRAGMA foreign_key_check", [])).await? {
        let (table, parent): (String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        problems.push(format!("a row of {table} has no {parent}"));
    }
    tx.rollback().await?;
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
        sqlx::Error::Tls(_) | sqlx::Error::Configuration(_) => StoreError::Unavailable(
            "the database server cannot be reached as its URL says: check the URL".to_owned(),
        ),
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
        (Some(5 | 6), _) | (_, "40001" | "40P01" | "55P03") => busy(),
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
        (_, "3D000") => StoreError::Unavailable(
            "the database server has no such database: create it, or check the URL".to_owned(),
        ),
        (_, code) if code.len() == 5 && code.starts_with("28") => StoreError::Unavailable(
            "the database server refuses user or password: check the URL".to_owned(),
        ),
        (_, code) if code.len() == 5 && ["08", "53", "57"].iter().any(|c| code.starts_with(c)) => {
            StoreError::Unavailable(
                "the database server is stopping, starting or overloaded: try again".to_owned(),
            )
        }
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
