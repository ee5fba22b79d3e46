//! Background work: asked for once, done once, whatever dies meanwhile.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::{Value as Json, json};
use tieline_model::id::{AccountId, AddressId, ImportId, JobId};
use tieline_model::job::{Job, JobProgress, JobState, Letter};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::dialect;
use crate::entity::job;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::store::{Store, Tx, rows, to_i64, to_u64, word};

/// A piece of background work and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    /// Its id.
    pub id: JobId,
    /// What to do.
    pub job: Job,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: JobProgress,
    /// Why it failed.
    pub error: Option<String>,
    /// Who asked for it; `None`: the program.
    pub created_by: Option<AccountId>,
    /// When it was asked for.
    pub created: Moment,
    /// When a worker took it first.
    pub started: Option<Moment>,
    /// When it was over.
    pub finished: Option<Moment>,
    /// How often a worker took it.
    pub attempts: u64,
    /// The import that it made.
    pub result: Option<ImportId>,
}

/// What a worker may take: what waits, and what a worker left behind. One that was asked to stop is
/// taken to take back what was done.
const CLAIMABLE: &str = "(state = 'queued' OR (state = 'running' AND lease_ms <= ?) \
    OR (state = 'stopping' AND (lease_ms IS NULL OR lease_ms <= ?)))";

/// Letters are told by their kind. They have a worker of their own, so that a link to sign in does not
/// wait for an import of hours. Quotes within a stored text are escaped: no path looks like this.
const LETTERS: &str = "work LIKE '%\"kind\":\"mail-%'";

impl Tx {
    /// Asks for work. With a `key`, asking again is the same job.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enqueue(
        &self,
        work: &Job,
        by: Option<AccountId>,
        key: Option<&str>,
    ) -> Result<JobId, StoreError> {
        if let Some(key) = key {
            let query = job::Entity::find().filter(job::Column::Once.eq(key));
            if let Some(known) = query.one(&self.db).await? {
                return Ok(JobId(known.id));
            }
        }
        let id = JobId(Uuid::now_v7());
        let row = job::Model {
            id: id.0,
            work: job_text(work),
            state: JobState::Queued.name().to_owned(),
            once: key.map(str::to_owned),
            account: by.map(|by| by.0),
            started_at: None,
            finished_at: None,
            attempts: 0,
            worker: None,
            lease_ms: None,
            bytes: 0,
            bytes_total: 0,
            records: 0,
            stage: String::new(),
            error: None,
            result: None,
            created_at: self.now.ms(),
        };
        self.insert::<job::Entity>(&[row], None).await?;
        self.record(Verb::JobQueued, &id, kind_of(work)).await?;
        Ok(id)
    }

    /// Takes the oldest job that nobody holds, for `lease_ms`; of all workers one gets it. A job
    /// whose lease ran out is taken again. What comes back is [`JobState::Running`], or
    /// [`JobState::Stopping`] when it is to be taken back.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_job(
        &self,
        worker: &str,
        now: Moment,
        lease_ms: i64,
    ) -> Result<Option<StoredJob>, StoreError> {
        self.claim(&format!("NOT ({LETTERS})"), worker, now, lease_ms).await
    }

    /// As [`Tx::claim_job`], for [`Job::Mail`], which that one leaves alone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_letter(
        &self,
        worker: &str,
        now: Moment,
        lease_ms: i64,
    ) -> Result<Option<StoredJob>, StoreError> {
        self.claim(LETTERS, worker, now, lease_ms).await
    }

    async fn claim(
        &self,
        which: &str,
        worker: &str,
        now: Moment,
        lease_ms: i64,
    ) -> Result<Option<StoredJob>, StoreError> {
        let sql = format!(
            "SELECT * FROM job WHERE {CLAIMABLE} AND {which} ORDER BY id LIMIT 1{}",
            dialect::skip_locked(&self.db)
        );
        let found: Vec<job::Model> =
            rows(&self.db, &sql, [now.ms().into(), now.ms().into()]).await?;
        let Some(mut row) = found.into_iter().next() else { return Ok(None) };
        if row.state == JobState::Queued.name() {
            row.state = JobState::Running.name().to_owned();
        }
        row.started_at = row.started_at.or(Some(now.ms()));
        row.attempts += 1;
        self.run(
            "UPDATE job SET state = ?, worker = ?, lease_ms = ?, attempts = ?, started_at = ? \
             WHERE id = ?",
            [
                row.state.as_str().into(),
                worker.into(),
                now.ms().saturating_add(lease_ms).into(),
                row.attempts.into(),
                row.started_at.into(),
                row.id.into(),
            ],
        )
        .await?;
        job_of(row).map(Some)
    }

    /// Keeps a job for `lease_ms` more, says how far it is, and tells what people asked meanwhile:
    /// [`JobState::Running`] (go on), [`JobState::Stopping`] (take it back, then
    /// [`Tx::finish_job`]), or [`JobState::Paused`]: then the job is the worker's no more.
    ///
    /// # Errors
    /// [`Constraint::LeaseLost`] when another worker has it or it is over,
    /// [`StoreError::NotFound`].
    pub async fn renew(
        &self,
        id: JobId,
        worker: &str,
        now: Moment,
        lease_ms: i64,
        progress: &JobProgress,
    ) -> Result<JobState, StoreError> {
        let state = self.held(id, worker).await?;
        let kept = state != JobState::Paused;
        let lease = kept.then(|| now.ms().saturating_add(lease_ms));
        self.run(
            "UPDATE job SET worker = ?, lease_ms = ?, bytes = ?, bytes_total = ?, records = ?, \
             stage = ? WHERE id = ?",
            [
                kept.then(|| worker.to_owned()).into(),
                lease.into(),
                to_i64(progress.bytes).into(),
                to_i64(progress.bytes_total).into(),
                to_i64(progress.records).into(),
                progress.stage.as_str().into(),
                id.0.into(),
            ],
        )
        .await?;
        Ok(state)
    }

    /// Ends a job: done, or failed with the reason. One that was asked to stop and made no import
    /// is stopped. Where it ended.
    ///
    /// # Errors
    /// As [`Tx::renew`].
    pub async fn finish_job(
        &self,
        id: JobId,
        worker: &str,
        outcome: Result<Option<ImportId>, &str>,
    ) -> Result<JobState, StoreError> {
        let state = match (self.held(id, worker).await?, outcome) {
            (_, Err(_)) => JobState::Failed,
            (JobState::Stopping, Ok(None)) => JobState::Stopped,
            (_, Ok(_)) => JobState::Done,
        };
        let result = outcome.ok().flatten().map(ImportId::as_i64);
        let error = outcome.err().map(str::to_owned);
        self.end_job(id, state, result, error).await?;
        Ok(state)
    }

    /// Asks a job to stand still; it goes on from there when resumed.
    ///
    /// # Errors
    /// [`Constraint::JobState`] when it is over or stopping, [`StoreError::NotFound`].
    pub async fn pause_job(&self, id: JobId) -> Result<(), StoreError> {
        let row = self.job_row(id).await?;
        match state_of(&row)? {
            JobState::Queued | JobState::Running => {
                self.set_job_state(id, JobState::Paused).await?;
                self.record(Verb::JobPaused, &id, "").await
            }
            JobState::Paused => Ok(()),
            JobState::Stopping => Err(refused("stopping")),
            JobState::Done | JobState::Failed | JobState::Stopped => Err(refused("over already")),
        }
    }

    /// Asks a paused job to go on.
    ///
    /// # Errors
    /// [`Constraint::JobState`] when it is over or stopping, [`StoreError::NotFound`].
    pub async fn resume_job(&self, id: JobId) -> Result<(), StoreError> {
        let row = self.job_row(id).await?;
        match state_of(&row)? {
            JobState::Paused => {
                // A worker that has not noticed the pause still holds it and just goes on.
                let next = match row.worker {
                    Some(_) => JobState::Running,
                    None => JobState::Queued,
                };
                self.set_job_state(id, next).await?;
                self.record(Verb::JobResumed, &id, "").await
            }
            JobState::Queued | JobState::Running => Ok(()),
            JobState::Stopping => Err(refused("stopping")),
            JobState::Done | JobState::Failed | JobState::Stopped => Err(refused("over already")),
        }
    }

    /// Asks a job to stop; a worker takes back what was done. One that no worker ever took is
    /// stopped at once.
    ///
    /// # Errors
    /// [`Constraint::JobState`] when it is over, [`StoreError::NotFound`].
    pub async fn stop_job(&self, id: JobId) -> Result<(), StoreError> {
        let row = self.job_row(id).await?;
        match state_of(&row)? {
            JobState::Stopping => return Ok(()),
            JobState::Done | JobState::Failed | JobState::Stopped => {
                return Err(refused("over already"));
            }
            JobState::Queued | JobState::Running | JobState::Paused => {}
        }
        self.record(Verb::JobStopped, &id, "").await?;
        if row.attempts == 0 {
            return self.end_job(id, JobState::Stopped, None, None).await;
        }
        self.set_job_state(id, JobState::Stopping).await
    }

    /// Takes the address out of jobs that were to forget it: they are done, or nobody is left to
    /// forget.
    pub(crate) async fn erase_job_of(&self, address: AddressId) -> Result<(), StoreError> {
        let nobody = job_text(&Job::Erase { address: AddressId::NONE });
        let sql = "UPDATE job SET work = ?, once = NULL WHERE work LIKE ?";
        let whom = format!("%\"address\":\"{address}\"%");
        self.run(sql, [nobody.into(), whom.into()]).await.map(drop)
    }

    /// The state of a job that this worker holds.
    async fn held(&self, id: JobId, worker: &str) -> Result<JobState, StoreError> {
        let row = self.job_row(id).await?;
        let state = state_of(&row)?;
        if row.worker.as_deref() != Some(worker) || state.is_over() {
            return Err(StoreError::Conflict(Constraint::LeaseLost));
        }
        Ok(state)
    }

    async fn job_row(&self, id: JobId) -> Result<job::Model, StoreError> {
        let row = job::Entity::find_by_id(id.0).one(&self.db).await?;
        row.ok_or_else(|| StoreError::not_found("job", &id))
    }

    async fn set_job_state(&self, id: JobId, state: JobState) -> Result<(), StoreError> {
        let sql = "UPDATE job SET state = ? WHERE id = ?";
        self.run(sql, [state.name().into(), id.0.into()]).await.map(drop)
    }

    async fn end_job(
        &self,
        id: JobId,
        state: JobState,
        result: Option<i64>,
        error: Option<String>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE job SET state = ?, finished_at = ?, worker = NULL, lease_ms = NULL, \
             result = ?, error = ? WHERE id = ?",
            [
                state.name().into(),
                self.now.ms().into(),
                result.into(),
                error.into(),
                Value::from(id.0),
            ],
        )
        .await?;
        self.record(Verb::JobFinished, &id, state.name()).await
    }
}

impl Store {
    /// One job.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: JobId) -> Result<StoredJob, StoreError> {
        let row = job::Entity::find_by_id(id.0).one(&self.db).await?;
        job_of(row.ok_or_else(|| StoreError::not_found("job", &id))?)
    }

    /// How many jobs stand where; states without one are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_jobs(&self) -> Result<Vec<(JobState, u64)>, StoreError> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            state: String,
            n: i64,
        }
        let sql = "SELECT state, COUNT(*) AS n FROM job GROUP BY state ORDER BY state";
        let found: Vec<Row> = rows(&self.db, sql, []).await?;
        let count =
            |row: Row| Ok((word("job.state", &row.state, JobState::from_name)?, to_u64(row.n)));
        found.into_iter().map(count).collect()
    }

    /// Jobs, the newest first; those asked for before `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn jobs(
        &self,
        after: Option<JobId>,
        limit: u64,
    ) -> Result<Vec<StoredJob>, StoreError> {
        let mut query = job::Entity::find().order_by_desc(job::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(job::Column::Id.lt(after.0));
        }
        query.all(&self.db).await?.into_iter().map(job_of).collect()
    }
}

fn refused(state: &'static str) -> StoreError {
    StoreError::Conflict(Constraint::JobState(state))
}

fn state_of(row: &job::Model) -> Result<JobState, StoreError> {
    word("job.state", &row.state, JobState::from_name)
}

pub(crate) fn job_of(row: job::Model) -> Result<StoredJob, StoreError> {
    Ok(StoredJob {
        state: state_of(&row)?,
        job: job_from(&row.work).ok_or_else(|| StoreError::damaged("job.work", &row.work))?,
        id: JobId(row.id),
        progress: JobProgress {
            bytes: to_u64(row.bytes),
            bytes_total: to_u64(row.bytes_total),
            records: to_u64(row.records),
            stage: row.stage,
        },
        error: row.error,
        created_by: row.account.map(AccountId),
        created: Moment::from_ms(row.created_at),
        started: row.started_at.map(Moment::from_ms),
        finished: row.finished_at.map(Moment::from_ms),
        attempts: to_u64(row.attempts),
        result: row.result.map(ImportId::from_i64),
    })
}

/// Version of the stored form of a job.
const JOB_VERSION: u64 = 1;

fn kind_of(job: &Job) -> &'static str {
    match job {
        Job::Import { dry_run: false, .. } => "import",
        Job::Import { dry_run: true, .. } => "import-dry-run",
        Job::Undo { .. } => "undo",
        Job::Refresh => "refresh",
        Job::Erase { .. } => "erase",
        Job::Mail { letter: Letter::SignIn { .. } } => "mail-sign-in",
        Job::Mail { letter: Letter::Invitation { .. } } => "mail-invitation",
        Job::Mail { letter: Letter::OwnData { .. } } => "mail-own-data",
        Job::Mail { letter: Letter::Vote { .. } } => "mail-vote",
        Job::Mail { letter: Letter::Guest { .. } } => "mail-guest",
    }
}

fn job_text(job: &Job) -> String {
    let mut text = json!({ "v": JOB_VERSION, "kind": kind_of(job) });
    match job {
        Job::Import { paths, .. } => text["paths"] = json!(paths),
        Job::Undo { import } => text["import"] = json!(import.to_string()),
        Job::Refresh => {}
        Job::Erase { address } => text["address"] = json!(address.to_string()),
        Job::Mail { letter: Letter::SignIn { account } } => {
            text["account"] = json!(account.map(|account| account.to_string()));
        }
        Job::Mail { letter: Letter::Invitation { account } } => {
            text["account"] = json!(account.to_string());
        }
        Job::Mail { letter: Letter::OwnData { address, by } } => {
            text["address"] = json!(address.to_string());
            text["account"] = json!(by.to_string());
        }
        Job::Mail { letter: Letter::Vote { account, decision } } => {
            text["account"] = json!(account.to_string());
            text["decision"] = json!(decision.to_string());
        }
        Job::Mail { letter: Letter::Guest { seat, by } } => {
            text["seat"] = json!(seat.to_string());
            text["account"] = json!(by.to_string());
        }
    }
    text.to_string()
}

fn job_from(text: &str) -> Option<Job> {
    let stored: Json = serde_json::from_str(text).ok()?;
    if stored.get("v")?.as_u64()? != JOB_VERSION {
        return None;
    }
    let kind = stored.get("kind")?.as_str()?;
    match kind {
        "import" | "import-dry-run" => {
            let paths = stored.get("paths")?.as_array()?;
            let paths = paths.iter().map(|path| path.as_str().map(str::to_owned));
            Some(Job::Import { paths: paths.collect::<Option<_>>()?, dry_run: kind != "import" })
        }
        "undo" => Some(Job::Undo { import: stored.get("import")?.as_str()?.parse().ok()? }),
        "refresh" => Some(Job::Refresh),
        "erase" => Some(Job::Erase { address: stored.get("address")?.as_str()?.parse().ok()? }),
        _ => Some(Job::Mail { letter: letter_from(kind, &stored)? }),
    }
}

fn letter_from(kind: &str, stored: &Json) -> Option<Letter> {
    let account = stored.get("account")?;
    let known = || account.as_str()?.parse().ok();
    match kind {
        "mail-sign-in" if account.is_null() => Some(Letter::SignIn { account: None }),
        "mail-sign-in" => Some(Letter::SignIn { account: Some(known()?) }),
        "mail-invitation" => Some(Letter::Invitation { account: known()? }),
        "mail-own-data" => {
            let address = stored.get("address")?.as_str()?.parse().ok()?;
            Some(Letter::OwnData { address, by: known()? })
        }
        "mail-vote" => {
            let decision = stored.get("decision")?.as_str()?.parse().ok()?;
            Some(Letter::Vote { account: known()?, decision })
        }
        "mail-guest" => {
            let seat = stored.get("seat")?.as_str()?.parse().ok()?;
            Some(Letter::Guest { seat, by: known()? })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tieline_model::id::{DecisionId, SeatId};

    use super::*;

    #[test]
    fn a_stored_job_reads_back_and_an_unknown_one_does_not() {
        let paths = vec!["/srv/mail \"old\".mbox".to_owned()];
        for job in [
            Job::Import { paths: paths.clone(), dry_run: true },
            Job::Import { paths, dry_run: false },
            Job::Undo { import: ImportId::of(&[b"x"]) },
            Job::Refresh,
            Job::Erase { address: AddressId::of(&[b"y"]) },
            Job::Erase { address: AddressId::NONE },
            Job::Mail { letter: Letter::SignIn { account: None } },
            Job::Mail { letter: Letter::SignIn { account: Some(AccountId(Uuid::nil())) } },
            Job::Mail { letter: Letter::Invitation { account: AccountId(Uuid::nil()) } },
            Job::Mail {
                letter: Letter::Vote {
                    account: AccountId(Uuid::nil()),
                    decision: DecisionId(Uuid::nil()),
                },
            },
            Job::Mail {
                letter: Letter::OwnData {
                    address: AddressId::of(&[b"z"]),
                    by: AccountId(Uuid::nil()),
                },
            },
            Job::Mail {
                letter: Letter::Guest { seat: SeatId(Uuid::nil()), by: AccountId(Uuid::nil()) },
            },
        ] {
            assert_eq!(job_from(&job_text(&job)), Some(job));
        }
        for unknown in ["", "{}", r#"{"v":2,"kind":"refresh"}"#, r#"{"v":1,"kind":"dance"}"#] {
            assert_eq!(job_from(unknown), None, "{unknown}");
        }
    }
}
