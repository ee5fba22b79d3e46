//! Free texts that may name somebody although no fact says so: labels, file names, reasons.

use sea_orm::{FromQueryResult, Value};

use crate::error::StoreError;
use crate::store::{Tx, marks, number, rows, to_u64};

/// Texts that are only shown: what names an erased person in them is replaced.
const SHOWN: [(&str, &str); 10] = [
    ("import", "label"),
    ("import_file", "name"),
    ("import_file", "skipped_why"),
    ("import_issue", "file"),
    ("import_issue", "reason"),
    ("attendance", "event"),
    ("stated_tie", "kind"),
    ("decision", "reason"),
    ("address_class", "reason"),
    ("history", "detail"),
];

/// Texts that carry meaning, about others or by a person's choice: they are listed, not changed.
const MEANT: [(&str, &str); 94] = [
    ("address", "text"),
    ("list", "text"),
    ("claim", "name"),
    ("claim", "given"),
    ("claim", "family"),
    ("claim", "nicknames"),
    ("claim", "organisation"),
    ("claim", "units"),
    ("claim", "title"),
    ("said_unit", "name"),
    ("said_place", "title"),
    ("place_before", "title"),
    ("partnership", "name"),
    ("partnership", "about"),
    ("party", "name"),
    ("party_side", "benefits"),
    ("party_side", "costs"),
    ("aim", "text"),
    ("stage_answer", "note"),
    ("charter_text", "text"),
    ("charter_answer", "note"),
    ("charter_comment", "text"),
    ("objective", "title"),
    ("objective", "why"),
    ("key_result", "metric"),
    ("key_result", "unit"),
    ("check_in", "line"),
    ("work", "title"),
    ("work", "about"),
    ("work_role", "question"),
    ("commitment", "text"),
    ("commitment", "asked_note"),
    ("conflict_case", "title"),
    ("conflict_case", "about"),
    ("conflict_case", "agreement"),
    ("conflict_case", "learnt"),
    ("conflict_side", "view"),
    ("conflict_side", "position"),
    ("conflict_side", "restated"),
    ("conflict_point", "topic"),
    ("conflict_point", "text"),
    ("conflict_action", "text"),
    ("conflict_lesson", "text"),
    ("resource", "title"),
    ("resource", "unit"),
    ("resource", "conditions"),
    ("booking", "purpose"),
    ("booking", "condition"),
    ("booking", "thanks"),
    ("expertise", "about"),
    ("expertise", "tags"),
    ("help", "question"),
    ("help", "answer"),
    ("gift", "text"),
    ("gift", "unit"),
    ("gift", "question"),
    ("pact", "title"),
    ("pact", "text"),
    ("pact", "place"),
    ("duty", "text"),
    ("challenge", "title"),
    ("challenge", "text"),
    ("challenge", "learnt"),
    ("challenge_point", "text"),
    ("challenge_point", "source"),
    ("challenge_stance", "text"),
    ("trial", "text"),
    ("trial", "sign"),
    ("trial", "seen"),
    ("initiative", "title"),
    ("initiative", "text"),
    ("initiative", "learnt"),
    ("initiative_part", "text"),
    ("initiative_part", "unit"),
    ("contribution", "text"),
    ("contribution", "question"),
    ("initiative_task", "title"),
    ("initiative_risk", "text"),
    ("initiative_risk", "answer"),
    ("heard", "text"),
    ("heard", "voice"),
    ("heard", "answer"),
    ("topic", "title"),
    ("topic", "summary"),
    ("topic_post", "text"),
    ("stakeholder", "name"),
    ("stakeholder", "about"),
    ("stakeholder", "wants"),
    ("stakeholder_placement", "why"),
    ("stakeholder_stance", "evidence"),
    ("stakeholder_step", "text"),
    ("stakeholder_influence", "note"),
    ("column_mapping", "name"),
    ("column_mapping", "mapping"),
];

/// Distinct texts held at once.
const PAGE: usize = 20_000;
/// Texts changed by one statement.
const PORTION: usize = 200;

/// A column that still names somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentions {
    /// Its table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Rows, >= 1.
    pub rows: u64,
}

impl Tx {
    /// Replaces texts that are only shown by what `replaced` makes of them (`None`: they stay), and
    /// clears managers of other people that it would change. The number of rows changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rewrite_texts(
        &self,
        replaced: &dyn Fn(&str) -> Option<String>,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for (table, column) in SHOWN {
            let found = self.found(table, column, replaced).await?;
            for portion in found.chunks(PORTION) {
                let cases = " WHEN ? THEN ?".repeat(portion.len());
                let sql = format!(
                    "UPDATE {table} SET {column} = CASE {column}{cases} END WHERE {column} IN ({})",
                    marks(portion.len())
                );
                let pairs = portion.iter().flat_map(|(old, new)| [old, new]);
                let values = pairs.chain(portion.iter().map(|(old, _)| old));
                changed += self.run(&sql, values.map(Value::from)).await?;
            }
        }
        // A replaced name would be read as somebody's.
        for portion in self.found("claim", "manager", replaced).await?.chunks(PORTION) {
            let marks = marks(portion.len());
            let sql = format!("UPDATE claim SET manager = NULL WHERE manager IN ({marks})");
            changed += self.run(&sql, portion.iter().map(|(old, _)| Value::from(old))).await?;
        }
        Ok(changed)
    }

    /// Where texts that are not rewritten name somebody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mentions(
        &self,
        replaced: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<Mentions>, StoreError> {
        let mut all = Vec::new();
        for (table, column) in MEANT {
            let mut rows = 0;
            for portion in self.found(table, column, replaced).await?.chunks(PORTION) {
                let marks = marks(portion.len());
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} IN ({marks})");
                let values = portion.iter().map(|(old, _)| Value::from(old));
                rows += to_u64(number(&self.db, &sql, values).await?);
            }
            if rows > 0 {
                all.push(Mentions { table, column, rows });
            }
        }
        Ok(all)
    }

    /// The distinct texts of a column that would change, with what they would be.
    async fn found(
        &self,
        table: &str,
        column: &str,
        replaced: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            found: String,
        }
        let sql = format!(
            "SELECT DISTINCT {column} AS found FROM {table} WHERE {column} > ? \
             ORDER BY {column} LIMIT {PAGE}"
        );
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page: Vec<Row> = rows(&self.db, &sql, [Value::from(after)]).await?;
            let full = page.len() == PAGE;
            after = page.last().map(|row| row.found.clone()).unwrap_or_default();
            all.extend(page.into_iter().filter_map(|row| {
                let new = replaced(&row.found)?;
                Some((row.found, new))
            }));
            if !full {
                return Ok(all);
            }
        }
    }
}
