//! Keeps a job while it runs: renews its lease, says how far it is, and hands on what people ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use tieline_model::id::JobId;
use tieline_model::job::{JobProgress, JobState};
use tieline_store::{Store, StoreError};
use tokio::runtime::Handle;

use super::{LEASE, now};
use crate::pipeline::control::{Asked, Control};

/// Pause between two beats.
const BEAT: Duration = Duration::from_secs(1);

/// Jobs looked through for one that waits.
const MOST_JOBS: u64 = 100;

/// One job in a worker's hands.
pub(crate) struct Heart {
    store: Store,
    handle: Handle,
    /// Name of the worker, and its job.
    held: (String, JobId),
    control: Arc<Control>,
    /// Whether the program ends.
    leave: Arc<AtomicBool>,
    /// A paused job is nobody's in the store, though the import waits here.
    holds: bool,
}

impl Heart {
    /// Of a job that was just claimed.
    pub(crate) fn new(
        store: Store,
        handle: Handle,
        held: (String, JobId),
        control: Arc<Control>,
        leave: Arc<AtomicBool>,
    ) -> Self {
        Self { store, handle, held, control, leave, holds: true }
    }

    /// Whether the job is the worker's.
    pub(crate) fn holds(&self) -> bool {
        self.holds
    }

    /// One beat. A store that cannot be reached is tried again at the next.
    pub(crate) fn beat(&mut self) {
        let done = if self.holds { self.renew() } else { self.look() };
        if let Err(error) = done {
            tracing::warn!("a job's progress could not be kept: {error:#}");
        }
        if self.leave.load(Ordering::Relaxed) {
            self.control.ask(Asked::Leave);
        }
    }

    fn renew(&mut self) -> Result<()> {
        let progress = self.control.progress();
        match self.renewed(self.held.1, LEASE, &progress) {
            Ok(JobState::Stopping) => self.control.ask(Asked::Stop),
            Ok(JobState::Paused) => {
                self.holds = false;
                self.control.ask(Asked::Pause);
            }
            Ok(_) => self.control.ask(Asked::Go),
            Err(StoreError::Conflict(_) | StoreError::NotFound { .. }) => self.lose(),
            Err(error) => return Err(error).context("cannot renew a lease"),
        }
        Ok(())
    }

    fn renewed(
        &self,
        job: JobId,
        lease: Duration,
        progress: &JobProgress,
    ) -> Result<JobState, StoreError> {
        self.handle.block_on(async {
            let tx = self.store.begin().await?;
            let lease = lease.as_millis() as i64;
            let state = tx.renew(job, &self.held.0, now(), lease, progress).await?;
            tx.commit().await?;
            Ok(state)
        })
    }

    /// While the job is paused: has anyone said how it is to go on?
    fn look(&mut self) -> Result<()> {
        let job = self.handle.block_on(self.store.job(self.held.1)).context("cannot read a job")?;
        match job.state {
            // Whoever waits for the data folder comes first: the paused job begins anew later.
            JobState::Paused if self.others_wait()? => {
                self.lose();
                Ok(())
            }
            JobState::Paused => Ok(()),
            JobState::Queued | JobState::Stopping => self.take_again(),
            // Another worker was faster, or it is over.
            _ => {
                self.lose();
                Ok(())
            }
        }
    }

    /// Whether other work waits for a worker, or holds one up.
    fn others_wait(&self) -> Result<bool> {
        let jobs = self.handle.block_on(self.store.jobs_at_work(MOST_JOBS));
        let jobs = jobs.context("cannot read the jobs")?;
        Ok(jobs.iter().any(|job| job.id != self.held.1 && job.state != JobState::Paused))
    }

    fn take_again(&mut self) -> Result<()> {
        let claimed = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            let job = tx.claim_job(&self.held.0, now(), LEASE.as_millis() as i64).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(job)
        });
        match claimed.context("cannot take a paused job again")? {
            Some(job) if job.id == self.held.1 => {
                self.holds = true;
                let stops = job.state == JobState::Stopping;
                self.control.ask(if stops { Asked::Stop } else { Asked::Go });
            }
            Some(other) => {
                // An older job waits: it comes first, and this one begins anew after it.
                self.lose();
                self.renewed(other.id, Duration::ZERO, &other.progress)?;
            }
            None => {}
        }
        Ok(())
    }

    fn lose(&mut self) {
        self.holds = false;
        self.control.ask(Asked::Leave);
    }
}

/// A heart that beats by itself.
pub(crate) struct Heartbeat {
    stop: Sender<()>,
    thread: JoinHandle<Heart>,
}

impl Heartbeat {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(mut heart: Heart) -> Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = thread::Builder::new().spawn(move || {
            loop {
                heart.beat();
                match stopped.recv_timeout(BEAT) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return heart,
                }
            }
        });
        Ok(Self { stop, thread: thread.context("cannot start a thread")? })
    }

    /// Ends it; `None` when it had died.
    pub(crate) fn stop(self) -> Option<Heart> {
        drop(self.stop);
        self.thread.join().ok()
    }
}
