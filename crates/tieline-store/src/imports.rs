//! Imports: batches, their files, issues and tallies; finishing, discarding and undoing them.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tieline_model::id::ImportId;
use tieline_model::interaction::LeftOut;
use tieline_model::issue::{Issue, Position, Severity};
use tieline_model::time::Moment;

use crate::entity::{import, import_file, import_issue, import_tally};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::store::{Store, Tx, number, to_i64, to_u64};

/// A batch about to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Hash of the contents of its files.
    pub id: ImportId,
    /// The paths as the person gave them.
    pub label: String,
    /// Size of the files as stored, bytes.
    pub bytes: u64,
    /// Version of the program.
    pub tool_version: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Being read, or interrupted: its facts are in no result.
    Running,
    /// Complete: live until it is undone.
    Done,
}

impl ImportState {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
        }
    }
}

/// What became of the records of a batch: `read = new + duplicate + left_out + issues`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tallies {
    /// Records read, lost ones included.
    pub read: u64,
    /// Records that no earlier live import brought.
    pub new: u64,
    /// Records that an earlier import, or an earlier file of this one, brought.
    pub duplicate: u64,
    /// Records kept out of ties.
    pub left_out: u64,
    /// Records lost.
    pub issues: u64,
    /// Records kept after a repair (counted among the others too).
    pub repaired: u64,
    /// `left_out` by reason, sorted by reason; [`LeftOut::Kept`] never occurs.
    pub left_out_by: Vec<(LeftOut, u64)>,
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Hash of the contents of its files.
    pub id: ImportId,
    /// Order of imports, from 1, never reused.
    pub rank: u64,
    /// How far it is.
    pub state: ImportState,
    /// When it began.
    pub started_at: Moment,
    /// When it was complete.
    pub finished_at: Option<Moment>,
    /// The paths as the person gave them.
    pub label: String,
    /// Size of the files as stored, bytes.
    pub bytes: u64,
    /// Version of the program that read it.
    pub tool_version: String,
    /// What became of its records; zero while running.
    pub tallies: Tallies,
}

/// One file of a batch, in the order of reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// Path as given; inside an archive after `!`.
    pub name: String,
    /// Name of the source that read it; empty when it was skipped.
    pub kind: String,
    /// Size as stored, bytes.
    pub bytes: u64,
    /// Records read.
    pub records: u64,
    /// Records lost.
    pub lost: u64,
    /// Records repaired.
    pub repaired: u64,
    /// Why it was not read; `None` when it was.
    pub skipped_why: Option<String>,
}

/// An issue with its number within the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedIssue {
    /// Order within the import, from 0: the cursor of [`Store::issues`].
    pub ordinal: u64,
    /// The issue.
    pub issue: Issue,
}

/// Tables that hold rows of an import, children before parents; all have a column `import`.
const OF_IMPORT: [&str; 10] = [
    "claim_address",
    "claim",
    "stated_tie",
    "attendance",
    "list_sender",
    "list_sighting",
    "sighting",
    "import_issue",
    "import_file",
    "import_tally",
];

/// Setting that remembers the last rank given.
const LAST_RANK: &str = "import.last_rank";

impl Tx {
    /// Registers a batch as running; returns its rank.
    ///
    /// # Errors
    /// [`Constraint::ImportExists`] when these files were imported (or begun) before,
    /// [`Constraint::ImportRunning`] when another import is not finished.
    pub async fn begin_import(&self, new: &NewImport) -> Result<u64, StoreError> {
        if import::Entity::find_by_id(new.id.as_i64()).one(&self.db).await?.is_some() {
            return Err(StoreError::Conflict(Constraint::ImportExists));
        }
        let last = self.setting(LAST_RANK).await?.and_then(|text| text.parse::<i64>().ok());
        let rank = last.unwrap_or(0).saturating_add(1);
        self.set_setting(LAST_RANK, &rank.to_string()).await?;
        let row = import::Model {
            id: new.id.as_i64(),
            rank,
            state: ImportState::Running.name().to_owned(),
            started_at: self.now.ms(),
            finished_at: None,
            label: new.label.clone(),
            bytes: to_i64(new.bytes),
            tool_version: new.tool_version.clone(),
            n_read: 0,
            n_new: 0,
            n_duplicate: 0,
            n_left_out: 0,
            n_issues: 0,
            n_repaired: 0,
            created_at: self.now.ms(),
        };
        self.insert::<import::Entity>(&[row], None).await?;
        Ok(to_u64(rank))
    }

    /// Appends files to an import, numbered in the order given.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] without the import.
    pub async fn add_files(&self, id: ImportId, files: &[ImportFile]) -> Result<(), StoreError> {
        let start = self.next_ordinal("import_file", id).await?;
        let rows: Vec<_> = files
            .iter()
            .zip(start..)
            .map(|(file, ordinal)| import_file::Model {
                import: id.as_i64(),
                ordinal,
                name: file.name.clone(),
                kind: file.kind.clone(),
                bytes: to_i64(file.bytes),
                records: to_i64(file.records),
                lost: to_i64(file.lost),
                repaired: to_i64(file.repaired),
                skipped_why: file.skipped_why.clone(),
                created_at: self.now.ms(),
            })
            .collect();
        self.insert::<import_file::Entity>(&rows, None).await?;
        Ok(())
    }

    /// Appends issues to an import, numbered in the order given.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] without the import.
    pub async fn add_issues(&self, id: ImportId, issues: &[Issue]) -> Result<(), StoreError> {
        let start = self.next_ordinal("import_issue", id).await?;
        let rows: Vec<_> = issues
            .iter()
            .zip(start..)
            .map(|(issue, ordinal)| {
                let (position_kind, position) = position_parts(issue.position);
                import_issue::Model {
                    import: id.as_i64(),
                    ordinal,
                    file: issue.file.clone(),
                    position_kind: position_kind.to_owned(),
                    position,
                    severity: severity_name(issue.severity).to_owned(),
                    reason: issue.reason.clone(),
                    created_at: self.now.ms(),
                }
            })
            .collect();
        self.insert::<import_issue::Entity>(&rows, None).await?;
        Ok(())
    }

    /// Makes a running import live.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`Constraint::ImportState`] when it is done already.
    pub async fn finish_import(&self, id: ImportId, tallies: &Tallies) -> Result<(), StoreError> {
        self.require(id, ImportState::Running).await?;
        let now = self.now.ms();
        self.run(
            "UPDATE import SET state = 'done', finished_at = ? WHERE id = ?",
            [now.into(), id.as_i64().into()],
        )
        .await?;
        self.set_tallies(&[(id, tallies.clone())]).await?;
        self.record(Verb::ImportFinished, &id, format!("read {}", tallies.read)).await
    }

    /// Replaces tallies: another import, or its undo, changes what is new and what is a duplicate.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown import.
    pub async fn set_tallies(&self, all: &[(ImportId, Tallies)]) -> Result<(), StoreError> {
        for (id, tallies) in all {
            let numbers = [
                tallies.read,
                tallies.new,
                tallies.duplicate,
                tallies.left_out,
                tallies.issues,
                tallies.repaired,
            ];
            let changed = self
                .run(
                    "UPDATE import SET n_read = ?, n_new = ?, n_duplicate = ?, n_left_out = ?, \
                     n_issues = ?, n_repaired = ? WHERE id = ?",
                    numbers.into_iter().map(to_i64).chain([id.as_i64()]).map(Into::into),
                )
                .await?;
            if changed == 0 {
                return Err(StoreError::not_found("import", &id));
            }
            self.run("DELETE FROM import_tally WHERE import = ?", [id.as_i64().into()]).await?;
            let rows: Vec<_> = tallies
                .left_out_by
                .iter()
                .filter(|(_, n)| *n > 0)
                .map(|(reason, n)| import_tally::Model {
                    import: id.as_i64(),
                    reason: reason.name().to_owned(),
                    n: to_i64(*n),
                    created_at: self.now.ms(),
                })
                .collect();
            self.insert::<import_tally::Entity>(&rows, None).await?;
        }
        Ok(())
    }

    /// Throws an unfinished import away, with everything it brought.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`Constraint::ImportState`] when it is done.
    pub async fn discard_import(&self, id: ImportId) -> Result<(), StoreError> {
        self.require(id, ImportState::Running).await?;
        self.remove_import(id).await?;
        self.record(Verb::ImportDiscarded, &id, "").await
    }

    /// Takes a finished import back, with everything that it alone brought. What a person said
    /// (decisions, classes) stays. Derived tables and the tallies of other imports are to be
    /// recomputed by the caller.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`Constraint::ImportState`] when it is still running.
    pub async fn undo_import(&self, id: ImportId) -> Result<(), StoreError> {
        self.require(id, ImportState::Done).await?;
        self.remove_import(id).await?;
        self.record(Verb::ImportUndone, &id, "").await
    }

    async fn require(&self, id: ImportId, state: ImportState) -> Result<(), StoreError> {
        let row = import::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("import", &id))?;
        match state_of(&row.state)? {
            found if found == state => Ok(()),
            ImportState::Running => {
                Err(StoreError::Conflict(Constraint::ImportState("still running")))
            }
            ImportState::Done => Err(StoreError::Conflict(Constraint::ImportState("done already"))),
        }
    }

    async fn remove_import(&self, id: ImportId) -> Result<(), StoreError> {
        for table in OF_IMPORT {
            let sql = format!("DELETE FROM {table} WHERE import = ?");
            self.run(&sql, [id.as_i64().into()]).await?;
        }
        self.run("DELETE FROM import WHERE id = ?", [id.as_i64().into()]).await?;
        self.remove_unsighted().await
    }

    /// Addresses and lists live as long as an import sights them, or a person added them.
    pub(crate) async fn remove_unsighted(&self) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM address WHERE NOT EXISTS \
             (SELECT 1 FROM sighting WHERE sighting.address = address.id) AND NOT EXISTS \
             (SELECT 1 FROM said_person s WHERE s.address = address.id AND s.kind IS NOT NULL)",
            [],
        )
        .await?;
        self.run(
            "DELETE FROM list WHERE NOT EXISTS \
             (SELECT 1 FROM list_sighting WHERE list_sighting.list = list.id)",
            [],
        )
        .await?;
        Ok(())
    }

    /// The number of the next row of an import in a table numbered by `ordinal`.
    pub(crate) async fn next_ordinal(&self, table: &str, id: ImportId) -> Result<i64, StoreError> {
        let sql = format!("SELECT MAX(ordinal) + 1 FROM {table} WHERE import = ?");
        number(&self.db, &sql, [id.as_i64().into()]).await
    }
}

impl Store {
    /// Imports after a rank, by rank, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn imports(
        &self,
        after_rank: Option<u64>,
        limit: u64,
    ) -> Result<Vec<Import>, StoreError> {
        let rows = import::Entity::find()
            .filter(import::Column::Rank.gt(after_rank.map_or(0, to_i64)))
            .order_by_asc(import::Column::Rank)
            .limit(limit)
            .all(&self.db)
            .await?;
        self.with_tallies(rows).await
    }

    /// All live imports in the order of their ranks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn live_imports(&self) -> Result<Vec<Import>, StoreError> {
        self.imports_in(ImportState::Done).await
    }

    /// Imports that began and did not finish: one at most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unfinished_imports(&self) -> Result<Vec<Import>, StoreError> {
        self.imports_in(ImportState::Running).await
    }

    /// The import with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn import(&self, id: ImportId) -> Result<Import, StoreError> {
        let row = import::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        let found = self.with_tallies(row.into_iter().collect()).await?.pop();
        found.ok_or_else(|| StoreError::not_found("import", &id))
    }

    /// The import whose id begins with these hexadecimal digits.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Ambiguous`] when several do.
    pub async fn import_by_prefix(&self, prefix: &str) -> Result<Import, StoreError> {
        let prefix = prefix.trim();
        let (low, high) =
            hex_range(prefix).ok_or_else(|| StoreError::not_found("import", prefix))?;
        let rows = import::Entity::find()
            .filter(import::Column::Id.between(low, high))
            .order_by_asc(import::Column::Id)
            .limit(5)
            .all(&self.db)
            .await?;
        if rows.len() > 1 {
            return Err(StoreError::Ambiguous {
                what: "import",
                prefix: prefix.to_owned(),
                candidates: rows.iter().map(|row| ImportId::from_i64(row.id).to_string()).collect(),
            });
        }
        let found = self.with_tallies(rows).await?.pop();
        found.ok_or_else(|| StoreError::not_found("import", prefix))
    }

    /// Files of an import in the order of reading.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn files(&self, id: ImportId) -> Result<Vec<ImportFile>, StoreError> {
        let rows = import_file::Entity::find()
            .filter(import_file::Column::Import.eq(id.as_i64()))
            .order_by_asc(import_file::Column::Ordinal)
            .all(&self.db)
            .await?;
        let file = |row: import_file::Model| ImportFile {
            name: row.name,
            kind: row.kind,
            bytes: to_u64(row.bytes),
            records: to_u64(row.records),
            lost: to_u64(row.lost),
            repaired: to_u64(row.repaired),
            skipped_why: row.skipped_why,
        };
        Ok(rows.into_iter().map(file).collect())
    }

    /// Issues of an import after an ordinal, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn issues(
        &self,
        id: ImportId,
        after: Option<u64>,
        limit: u64,
    ) -> Result<Vec<LocatedIssue>, StoreError> {
        let rows = import_issue::Entity::find()
            .filter(import_issue::Column::Import.eq(id.as_i64()))
            .filter(import_issue::Column::Ordinal.gt(after.map_or(-1, to_i64)))
            .order_by_asc(import_issue::Column::Ordinal)
            .limit(limit)
            .all(&self.db)
            .await?;
        rows.into_iter().map(located_issue).collect()
    }

    async fn imports_in(&self, state: ImportState) -> Result<Vec<Import>, StoreError> {
        let rows = import::Entity::find()
            .filter(import::Column::State.eq(state.name()))
            .order_by_asc(import::Column::Rank)
            .all(&self.db)
            .await?;
        self.with_tallies(rows).await
    }

    async fn with_tallies(&self, rows: Vec<import::Model>) -> Result<Vec<Import>, StoreError> {
        let mut by: HashMap<i64, Vec<(LeftOut, u64)>> = HashMap::new();
        let mut query = import_tally::Entity::find();
        // A page of imports asks for its own tallies; lists longer than that are whole.
        if rows.len() <= 100 {
            query = query.filter(import_tally::Column::Import.is_in(rows.iter().map(|r| r.id)));
        }
        for tally in query.all(&self.db).await? {
            let reason = LeftOut::from_name(&tally.reason)
                .ok_or_else(|| StoreError::damaged("import_tally.reason", &tally.reason))?;
            by.entry(tally.import).or_default().push((reason, to_u64(tally.n)));
        }
        rows.into_iter()
            .map(|row| {
                let mut left_out_by = by.remove(&row.id).unwrap_or_default();
                left_out_by.sort_unstable();
                import_of(row, left_out_by)
            })
            .collect()
    }
}

fn import_of(row: import::Model, left_out_by: Vec<(LeftOut, u64)>) -> Result<Import, StoreError> {
    Ok(Import {
        id: ImportId::from_i64(row.id),
        rank: to_u64(row.rank),
        state: state_of(&row.state)?,
        started_at: Moment::from_ms(row.started_at),
        finished_at: row.finished_at.map(Moment::from_ms),
        label: row.label,
        bytes: to_u64(row.bytes),
        tool_version: row.tool_version,
        tallies: Tallies {
            read: to_u64(row.n_read),
            new: to_u64(row.n_new),
            duplicate: to_u64(row.n_duplicate),
            left_out: to_u64(row.n_left_out),
            issues: to_u64(row.n_issues),
            repaired: to_u64(row.n_repaired),
            left_out_by,
        },
    })
}

fn state_of(name: &str) -> Result<ImportState, StoreError> {
    match name {
        "running" => Ok(ImportState::Running),
        "done" => Ok(ImportState::Done),
        other => Err(StoreError::damaged("import.state", &other)),
    }
}

fn position_parts(position: Position) -> (&'static str, Option<i64>) {
    match position {
        Position::Byte(n) => ("byte", Some(to_i64(n))),
        Position::Line(n) => ("line", Some(to_i64(n))),
        Position::Row(n) => ("row", Some(to_i64(n))),
        Position::File => ("file", None),
    }
}

const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Lost => "lost",
        Severity::Repaired => "repaired",
    }
}

fn located_issue(row: import_issue::Model) -> Result<LocatedIssue, StoreError> {
    let position = match (row.position_kind.as_str(), row.position.map(to_u64)) {
        ("byte", Some(n)) => Position::Byte(n),
        ("line", Some(n)) => Position::Line(n),
        ("row", Some(n)) => Position::Row(n),
        ("file", _) => Position::File,
        other => return Err(StoreError::damaged("import_issue.position_kind", &other)),
    };
    let severity = match row.severity.as_str() {
        "lost" => Severity::Lost,
        "repaired" => Severity::Repaired,
        other => return Err(StoreError::damaged("import_issue.severity", &other)),
    };
    let issue = Issue { file: row.file, position, severity, reason: row.reason };
    Ok(LocatedIssue { ordinal: to_u64(row.ordinal), issue })
}

/// Smallest and largest id whose 16 hexadecimal digits begin so; `None` for other text.
pub(crate) fn hex_range(prefix: &str) -> Option<(i64, i64)> {
    let fits = (1..=16).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_hexdigit());
    if !fits {
        return None;
    }
    let open_bits = 4 * (16 - prefix.len() as u32);
    let low = u64::from_str_radix(prefix, 16).ok()? << open_bits;
    let high = low | (1_u64 << open_bits).wrapping_sub(1);
    Some((i64::try_from(low).ok()?, i64::try_from(high).unwrap_or(i64::MAX)))
}

/// Existing rows stay as they are.
pub(crate) fn ignore() -> OnConflict {
    OnConflict::new().do_nothing().to_owned()
}

#[cfg(test)]
mod tests {
    use super::hex_range;

    #[test]
    fn a_prefix_covers_exactly_the_ids_that_begin_so() {
        assert_eq!(hex_range("00000000000000ff"), Some((255, 255)));
        assert_eq!(hex_range("7f"), Some((0x7f00_0000_0000_0000, i64::MAX)));
        assert_eq!(hex_range("0"), Some((0, 0x0fff_ffff_ffff_ffff)));
        for none in ["", "xyz", "ff", "00000000000000000", "+1", "\u{e9}"] {
            assert_eq!(hex_range(none), None, "{none}");
        }
    }
}
