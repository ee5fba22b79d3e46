//! Findings on groups as they were shown, so that later ones can be compared with them. People are
//! never named here.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use tieline_model::time::Moment;

use crate::entity::finding;
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx, number, rows, to_i64, to_u64};

/// A finding as it was shown.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptFinding {
    /// Name of its kind.
    pub kind: String,
    /// Finite; larger = more pressing.
    pub severity: f64,
    /// As shown; names groups alone.
    pub sentence: String,
    /// Its numbers as JSON; names groups alone.
    pub detail: String,
}

/// One computation of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsRun {
    /// Of everything that they were computed from.
    pub fingerprint: String,
    /// Moment that they speak of.
    pub as_of: Moment,
    /// When they were computed.
    pub computed: Moment,
    /// How many.
    pub n: u64,
}

impl Tx {
    /// Keeps the findings of one computation, in the order given. Those of a fingerprint that is
    /// there already are the same and stay.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] for a severity that is not finite or a detail that is no JSON.
    pub async fn keep_findings(
        &self,
        fingerprint: &str,
        as_of: Moment,
        findings: &[KeptFinding],
    ) -> Result<(), StoreError> {
        let known = "SELECT COUNT(*) FROM finding WHERE fingerprint = ?";
        if number(&self.db, known, [fingerprint.into()]).await? > 0 || findings.is_empty() {
            return Ok(());
        }
        let row = |(one, ordinal): (&KeptFinding, i64)| {
            if !one.severity.is_finite() {
                return Err(StoreError::value("the severity of a finding is a finite number"));
            }
            if let Err(fault) = serde_json::from_str::<serde_json::Value>(&one.detail) {
                return Err(StoreError::value(format!("the detail is no JSON: {fault}")));
            }
            Ok(finding::Model {
                fingerprint: fingerprint.to_owned(),
                ordinal,
                as_of: as_of.ms(),
                computed_at: self.now.ms(),
                kind: one.kind.clone(),
                severity: one.severity,
                sentence: one.sentence.clone(),
                detail: one.detail.clone(),
                created_at: self.now.ms(),
            })
        };
        let all = findings.iter().zip(0..).map(row).collect::<Result<Vec<_>, _>>()?;
        self.insert::<finding::Entity>(&all, None).await?;
        self.record(Verb::FindingsKept, "", all.len().to_string()).await
    }
}

impl Store {
    /// Computations of findings, the latest first; those computed before `before`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn findings_runs(
        &self,
        before: Option<Moment>,
        limit: u64,
    ) -> Result<Vec<FindingsRun>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            fingerprint: String,
            as_of: i64,
            computed_at: i64,
            n: i64,
        }
        let before = before.map_or(i64::MAX, Moment::ms);
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT fingerprint, as_of, computed_at, COUNT(*) AS n FROM finding \
             WHERE computed_at < ? GROUP BY fingerprint, as_of, computed_at \
             ORDER BY computed_at DESC, as_of DESC, fingerprint LIMIT ?",
            [before.into(), to_i64(limit).into()],
        )
        .await?;
        let run = |row: Row| FindingsRun {
            fingerprint: row.fingerprint,
            as_of: Moment::from_ms(row.as_of),
            computed: Moment::from_ms(row.computed_at),
            n: to_u64(row.n),
        };
        Ok(found.into_iter().map(run).collect())
    }

    /// The findings of one computation, in the order in which they were given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn findings(&self, fingerprint: &str) -> Result<Vec<KeptFinding>, StoreError> {
        let found = finding::Entity::find()
            .filter(finding::Column::Fingerprint.eq(fingerprint))
            .order_by_asc(finding::Column::Ordinal)
            .all(&self.db)
            .await?;
        let kept = |row: finding::Model| KeptFinding {
            kind: row.kind,
            severity: row.severity,
            sentence: row.sentence,
            detail: row.detail,
        };
        Ok(found.into_iter().map(kept).collect())
    }
}
