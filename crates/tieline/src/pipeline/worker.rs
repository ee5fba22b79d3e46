//! Runs jobs through the same pipeline as the commands. A job is held by a lease that a heartbeat
//! renews; whoever dies loses it, and the next worker begins the job anew. That is safe: an import
//! counts only when it is published, and the same files are the same import.

mod heart;
mod uploads;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use tieline_import::walk::{Inputs, Options};
use tieline_model::id::ImportId;
use tieline_model::job::{Job, JobState};
use tieline_model::time::Moment;
use tieline_store::{Store, StoreError, StoredJob};
use tieline_web::preview::{Beside, First, Preview};
use tokio::runtime::Handle;

use self::heart::{Heart, Heartbeat};
pub(crate) use self::uploads::Uploads;
use super::batch::{self, matched_id, refuse_nothing, rehearse};
use super::control::{Asked, Control, Interrupted};
use super::erase::erase;
use super::import::Plan;
use super::preview;
use super::settle::settle;
use crate::workspace::{Busy, Workspace};

/// Folder in the data folder for files on their way into an import.
pub(crate) const UPLOADS: &str = "uploads";

/// How long a job stays with a worker that says nothing more.
const LEASE: Duration = Duration::from_secs(30);

/// Pause between two sweeps of forgotten uploads.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Runs jobs, one after another.
pub(crate) struct Worker {
    data: PathBuf,
    store: Store,
    handle: Handle,
    /// Its name among workers.
    name: String,
    uploads: Uploads,
    /// Whether the program ends.
    leave: Arc<AtomicBool>,
    swept: Option<Instant>,
}

fn now() -> Moment {
    Moment::from_ms(Timestamp::now().as_millisecond())
}

impl Worker {
    /// A worker in a data folder.
    pub(crate) fn new(data: PathBuf, store: Store, handle: Handle, leave: Arc<AtomicBool>) -> Self {
        let uploads = Uploads::new(data.join(UPLOADS));
        let name = uuid::Uuid::new_v4().to_string();
        Self { data, store, handle, name, uploads, leave, swept: None }
    }

    /// Runs the job that waits longest; whether there was one.
    ///
    /// # Errors
    /// When the store cannot be read or written. What goes wrong with the job is kept with the job.
    pub(crate) fn next(&mut self) -> Result<bool> {
        self.sweep()?;
        let Some(job) = self.claim()? else { return Ok(false) };
        let control = Arc::new(Control::for_job(asked_of(&job)));
        let beating = Heartbeat::start(self.heart(&job, &control))?;
        let outcome = self.run(&job, &control);
        let heart = beating.stop();
        self.end(&job, outcome, heart.as_ref().is_none_or(Heart::holds))?;
        Ok(true)
    }

    fn claim(&self) -> Result<Option<StoredJob>> {
        self.handle
            .block_on(async {
                let tx = self.store.begin().await?;
                let job = tx.claim_job(&self.name, now(), LEASE.as_millis() as i64).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(job)
            })
            .context("cannot look for a job")
    }

    fn heart(&self, job: &StoredJob, control: &Arc<Control>) -> Heart {
        Heart::new(
            self.store.clone(),
            self.handle.clone(),
            (self.name.clone(), job.id),
            Arc::clone(control),
            Arc::clone(&self.leave),
        )
    }

    /// Does the work. Where it ends early, nothing of it stays.
    fn run(&self, job: &StoredJob, control: &Control) -> Result<Option<ImportId>> {
        let workspace = self.open(control)?;
        let outcome = self.work(&workspace, job, control);
        if outcome.is_err() {
            workspace.recover()?;
        }
        outcome
    }

    /// Waits while another Tieline is at work.
    fn open(&self, control: &Control) -> Result<Workspace> {
        loop {
            match Workspace::open(Some(&self.data)) {
                Err(error) if error.is::<Busy>() => {
                    control.stage("Waiting for another command to end");
                    control.step()?;
                }
                other => return other,
            }
        }
    }

    fn work(
        &self,
        workspace: &Workspace,
        job: &StoredJob,
        control: &Control,
    ) -> Result<Option<ImportId>> {
        match &job.job {
            Job::Import { paths, dry_run } => self.import(workspace, paths, *dry_run, control),
            Job::Undo { import } => {
                control.step()?;
                control.stage("Taking the import back");
                if workspace.live()?.contains(import) {
                    batch::undo(workspace, *import)?;
                } else {
                    // A worker took it back and died before it could say so.
                    settle(workspace)?;
                }
                Ok(Some(*import))
            }
            Job::Erase { address } => {
                control.step()?;
                control.stage("Forgetting a person");
                erase(workspace, *address)?;
                Ok(None)
            }
            // The postman takes these, and only these.
            Job::Mail { .. } => anyhow::bail!("a letter is not sent by this worker"),
            Job::Refresh => {
                control.step()?;
                control.stage("Working out who is who");
                settle(workspace)?;
                Ok(None)
            }
        }
    }

    fn import(
        &self,
        workspace: &Workspace,
        paths: &[String],
        dry_run: bool,
        control: &Control,
    ) -> Result<Option<ImportId>> {
        control.stage("Looking at the files");
        let found: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let mut inputs = Inputs::find(&found);
        let label = self.uploads.label(&mut inputs, paths);
        if inputs.files.is_empty() {
            control.step()?;
        }
        refuse_nothing(&inputs)?;
        settle(workspace)?;
        let matched = self.uploads.matched(paths);
        let id = matched_id(inputs.digest(), &matched);
        if workspace.live()?.contains(&id) {
            return self.known(workspace, id, paths, dry_run);
        }
        control.step()?;
        control.reads(inputs.total_bytes());
        let tables = batch::tables(&matched);
        let options = Options { progress: control.bytes(), tables, ..Options::default() };
        let first = First::path(self.uploads.folder(), paths);
        let first = Some(first.as_path());
        let plan = Plan { id, label: &label, inputs: &inputs, options: &options, control, first };
        if !dry_run {
            batch::import(workspace, &plan)?;
            return Ok(Some(id));
        }
        let rehearsed = rehearse(workspace, &plan)?;
        self.show(paths, &preview::found(id, &inputs, &matched, rehearsed))?;
        Ok(None)
    }

    /// The same files are imported already: by someone else, or by a worker that died before it
    /// could say so.
    fn known(
        &self,
        workspace: &Workspace,
        id: ImportId,
        paths: &[String],
        dry_run: bool,
    ) -> Result<Option<ImportId>> {
        if !dry_run {
            return Ok(Some(id));
        }
        let import = workspace.wait(workspace.store.import(id)).context("cannot read an import")?;
        self.show(paths, &Preview { is_known: true, ..preview::known(id, &import.tallies) })?;
        Ok(None)
    }

    fn show(&self, paths: &[String], preview: &Preview) -> Result<()> {
        preview
            .write(&Preview::path(self.uploads.folder(), paths))
            .context("cannot keep what the dry run found")
    }

    /// Says how the job ended, and clears away its files; or puts it back.
    fn end(&self, job: &StoredJob, outcome: Result<Option<ImportId>>, holds: bool) -> Result<()> {
        let outcome = match outcome {
            Ok(result) => Ok(result),
            Err(error) => match error.downcast_ref::<Interrupted>() {
                Some(Interrupted::Left) if holds => return self.put_back(job),
                Some(Interrupted::Left) => return Ok(()),
                Some(Interrupted::Stopped) => Ok(None),
                None => Err(format!("{error:#}")),
            },
        };
        let ended = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            let outcome = outcome.as_ref().map(|result| *result).map_err(String::as_str);
            let state = tx.finish_job(job.id, &self.name, outcome).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(state)
        });
        match ended {
            Ok(state) => {
                self.clear(job, state);
                Ok(())
            }
            // Someone paused it too late, or another worker has it: it will find the work done.
            Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error).context("cannot say how a job ended"),
        }
    }

    /// Anyone may take it now.
    fn put_back(&self, job: &StoredJob) -> Result<()> {
        let done = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            tx.renew(job.id, &self.name, now(), 0, &job.progress).await?;
            tx.commit().await
        });
        match done {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error).context("cannot put a job back"),
        }
    }

    /// Uploaded files go with the job; those of a dry run wait for the import that may follow.
    fn clear(&self, job: &StoredJob, state: JobState) {
        if let Job::Import { paths, dry_run } = &job.job
            && !(*dry_run && state == JobState::Done)
        {
            self.uploads.remove(paths);
        }
    }

    /// Now and then: uploads that were never imported; links, sessions and tries that are over.
    fn sweep(&mut self) -> Result<()> {
        if self.swept.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            return Ok(());
        }
        self.swept = Some(Instant::now());
        let jobs = self.handle.block_on(self.store.jobs(None, 1000))?;
        self.uploads.sweep(&jobs);
        let swept = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            tx.sweep_links(now()).await?;
            tx.sweep_sessions(now()).await?;
            tx.sweep_guests(now()).await?;
            tx.sweep_failures(now().plus_days(-1.0)).await?;
            tx.commit().await
        });
        swept.context("cannot clear away what no longer holds")
    }
}

fn asked_of(job: &StoredJob) -> Asked {
    if job.state == JobState::Stopping { Asked::Stop } else { Asked::Go }
}

#[cfg(test)]
mod tests;
