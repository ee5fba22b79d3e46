//! The store and its transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    FromQueryResult, IdenStatic, Iterable, ModelTrait, Statement, Value,
};
use sea_orm_migration::MigratorTrait;
use tieline_model::id::{AccountId, ImportId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tokio::sync::OwnedMutexGuard;

use crate::dialect::{self, StoreUrl};
use crate::error::{Constraint, StoreError};
use crate::migration::Migrator;
use crate::shelf::{self, Shelf};

/// Rows of one INSERT statement.
const CHUNK_ROWS: usize = 500;
/// SQLite takes 32,766 bound values, PostgreSQL 65,535.
const CHUNK_VALUES: usize = 30_000;

/// The system of record. Cloning is cheap and shares the connections. Reads are methods of the
/// store and see what is committed; every change is a method of [`Tx`].
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: DatabaseConnection,
    /// An unfinished import that reads of facts count as live.
    as_if: Option<ImportId>,
    /// How long a writer waits for another one.
    wait: Duration,
    /// What is kept in memory of this database.
    pub(crate) shelf: Arc<Shelf>,
}

/// A transaction. Nothing of it is seen by others, or survives a crash, before [`Tx::commit`];
/// dropping it takes everything back. There is one writer at a time.
#[derive(Debug)]
pub struct Tx {
    pub(crate) db: DatabaseTransaction,
    /// When it began: `created_at` of everything it writes.
    pub(crate) now: Moment,
    /// The account whose doing it is, for the history.
    pub(crate) by: Option<AccountId>,
    /// The seat of whoever came by link, where no account does it.
    pub(crate) seat: Option<SeatId>,
    shelf: Arc<Shelf>,
    /// The turn of this writer among those of this process.
    _turn: Option<OwnedMutexGuard<()>>,
    /// Whether units or affiliations change with it.
    moves_people: AtomicBool,
}

impl Store {
    /// Opens the store, creating it or bringing its schema up to date first. A writer waits up to
    /// ten seconds for another one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be opened or another process holds it, or
    /// when the database server cannot be reached.
    pub async fn open(url: &StoreUrl) -> Result<Self, StoreError> {
        Self::open_waiting(url, Duration::from_secs(10)).await
    }

    /// As [`Store::open`], with the time for which a writer waits for another one.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_waiting(url: &StoreUrl, wait: Duration) -> Result<Self, StoreError> {
        let db = dialect::connect(url, wait).await?;
        let store = Self { db, as_if: None, wait, shelf: Shelf::of(&url.to_string()) };
        store.migrate().await?;
        Ok(store)
    }

    /// Brings the schema up to date, in one transaction: a crash leaves the old schema, and of two
    /// processes that open a new store one waits for the other.
    async fn migrate(&self) -> Result<(), StoreError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.db).await;
        let pending = pending.map_err(|fault| match fault {
            DbErr::Custom(_) => StoreError::Unavailable(
                "the store was written by a newer tieline: update the program".to_owned(),
            ),
            fault => fault.into(),
        })?;
        if pending.is_empty() {
            return Ok(());
        }
        let tx = dialect::begin(&self.db).await?;
        Migrator::up(&tx, None).await?;
        Ok(tx.commit().await?)
    }

    /// The same store, in which reads of facts (addresses, claims, lists, stated ties) count an
    /// unfinished import as live: what would be so if it were done.
    #[must_use]
    pub fn as_if_done(&self, import: ImportId) -> Self {
        Self { as_if: Some(import), ..self.clone() }
    }

    /// SQL that asks for live imports by `state = 'done'`, as this store counts them.
    pub(crate) fn live_sql(&self, sql: &str) -> String {
        let Some(import) = self.as_if else { return sql.to_owned() };
        let id = import.as_i64();
        sql.replace("i.state = 'done'", &format!("(i.state = 'done' OR i.id = {id})"))
            .replace("WHERE state = 'done'", &format!("WHERE (state = 'done' OR id = {id})"))
    }

    /// Starts a transaction. Writers of this process take turns in the order in which they came, and
    /// wait without a connection: one that is held by whoever waits is missing to those who read.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when another writer does not finish in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.shelf.writing).lock_owned());
        let turn = turn.await.map_err(|_| dialect::busy())?;
        Ok(self.opened(dialect::begin(&self.db).await?, Some(turn)))
    }

    fn opened(&self, db: DatabaseTransaction, turn: Option<OwnedMutexGuard<()>>) -> Tx {
        Tx {
            _turn: turn,
            db,
            now: now(),
            by: None,
            seat: None,
            shelf: Arc::clone(&self.shelf),
            moves_people: AtomicBool::new(false),
        }
    }

    /// Starts a transaction that only adds rows which nothing else depends on. Where the database
    /// lets writers work side by side, it waits for none of them and for no disk: a power cut may
    /// lose the last of such rows, as it may with SQLite, and never anything written otherwise.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub(crate) async fn begin_note(&self) -> Result<Tx, StoreError> {
        match dialect::begin_note(&self.db).await? {
            Some(db) => Ok(self.opened(db, None)),
            None => self.begin().await,
        }
    }

    /// Starts a transaction of an account: the history names it as who did what is done in it.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_by(&self, account: AccountId) -> Result<Tx, StoreError> {
        Ok(Tx { by: Some(account), ..self.begin().await? })
    }

    /// Starts a transaction of whoever acts in a room: an account, or a guest at a seat.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_in_room(&self, by: Participant) -> Result<Tx, StoreError> {
        Ok(match by {
            Participant::Account(account) => self.begin_by(account).await?,
            Participant::Guest(seat) => Tx { seat: Some(seat), ..self.begin().await? },
        })
    }

    /// What the database finds wrong with itself, one line each; empty when it is sound.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        dialect::integrity(&self.db).await
    }

    /// Removes remains of deleted rows from the files of the database: after an erasure. Rewrites
    /// the whole database; no transaction may be open.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when another process uses the store.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        dialect::scrub(&self.db).await
    }

    /// Closes all connections. Dropping the store does so too, at some later moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.db.close().await?)
    }
}

impl Tx {
    /// Makes everything in this transaction last.
    ///
    /// # Errors
    /// When the database refuses; then nothing was changed.
    pub async fn commit(self) -> Result<(), StoreError> {
        let done = self.db.commit().await;
        // Also after a failure: a lost answer may hide a change that was made.
        if self.moves_people.into_inner() {
            self.shelf.forget();
        }
        Ok(done?)
    }

    /// Takes everything back, as dropping does, but waits until it is done.
    ///
    /// # Errors
    /// When the connection is lost; then nothing was changed either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.db.rollback().await?)
    }

    /// Inserts rows in as few statements as the databases allow.
    pub(crate) async fn insert<E>(
        &self,
        rows: &[E::Model],
        conflict: Option<OnConflict>,
    ) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E>,
    {
        let backend = self.db.get_database_backend();
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let mut inserted = 0;
        let (mut n_rows, mut sql) = (0, String::new());
        for chunk in rows.chunks(CHUNK_ROWS.min(CHUNK_VALUES / columns.len().max(1))) {
            // All chunks but the last are of one size and share their text.
            if chunk.len() != n_rows {
                n_rows = chunk.len();
                sql = insert_sql::<E>(backend, &columns, n_rows, conflict.clone())?;
                self.notice(&sql);
            }
            let values = chunk.iter().flat_map(|row| columns.iter().map(|column| row.get(*column)));
            let values = values.map(|value| dialect::storable(backend, value));
            let statement = Statement::from_sql_and_values(backend, sql.clone(), values);
            inserted += self.db.execute_raw(statement).await?.rows_affected();
        }
        Ok(inserted)
    }

    /// After an UPDATE of one version of a row changed nothing: whether someone else was faster, or
    /// the row is not there. `found` is a condition on the row with the values of its marks.
    pub(crate) async fn stale_or_gone(
        &self,
        what: &'static str,
        id: &(impl ToString + ?Sized),
        found: (&str, Vec<Value>),
    ) -> Result<StoreError, StoreError> {
        let sql = format!("SELECT COUNT(*) FROM {}", found.0);
        Ok(match number(&self.db, &sql, found.1).await? {
            0 => StoreError::not_found(what, id),
            _ => StoreError::Conflict(Constraint::Stale),
        })
    }

    /// Runs portable SQL; the number of rows it changed.
    pub(crate) async fn run(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StoreError> {
        self.notice(sql);
        let done = self.db.execute_raw(dialect::statement(&self.db, sql, values)).await?;
        Ok(done.rows_affected())
    }

    fn notice(&self, sql: &str) {
        if shelf::changes(sql) {
            self.moves_people.store(true, Ordering::Relaxed);
        }
    }
}

/// `Ok` when one row was changed; else nothing has this id.
pub(crate) fn changed(
    n: u64,
    what: &'static str,
    id: &(impl ToString + ?Sized),
) -> Result<(), StoreError> {
    if n == 0 { Err(StoreError::not_found(what, id)) } else { Ok(()) }
}

/// The value of a stored word; a word without meaning is damage.
pub(crate) fn word<T>(
    column: &'static str,
    text: &str,
    from_name: fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    from_name(text).ok_or_else(|| StoreError::damaged(column, &text))
}

/// `t.x AS t_x, ...` for all columns of a table that a query calls `alias`.
pub(crate) fn columns_as<E: EntityTrait>(alias: &str) -> String {
    let column = |column: E::Column| {
        let name = column.as_str();
        format!("{alias}.{name} AS {alias}_{name}")
    };
    E::Column::iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Text of an INSERT of so many rows.
fn insert_sql<E: EntityTrait>(
    backend: DbBackend,
    columns: &[E::Column],
    n_rows: usize,
    conflict: Option<OnConflict>,
) -> Result<String, StoreError> {
    let mut query = Query::insert();
    query.into_table(E::default()).columns(columns.iter().copied());
    for _ in 0..n_rows {
        query
            .values(columns.iter().map(|_| Expr::val(0)))
            .map_err(|fault| StoreError::Internal(Box::new(fault)))?;
    }
    if let Some(conflict) = conflict {
        query.on_conflict(conflict);
    }
    Ok(backend.build(&query).sql)
}

/// Rows of a portable SELECT.
pub(crate) async fn rows<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<R>, StoreError> {
    Ok(R::find_by_statement(dialect::statement(db, sql, values)).all(db).await?)
}

/// One number of a portable SELECT; 0 when there is none.
pub(crate) async fn number(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<i64, StoreError> {
    let row = db.query_one_raw(dialect::statement(db, sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten().unwrap_or(0))
}

/// `?, ?, ...` for `n` values.
pub(crate) fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

/// Counts fit: no archive has 2^63 of anything.
pub(crate) fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(crate) fn to_u64(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

pub(crate) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
