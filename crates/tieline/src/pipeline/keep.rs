//! The thread beside a server: runs jobs that were asked for, and keeps the network current. It looks
//! whether anything changed, and then builds a new snapshot, under the same lock as a command would
//! hold.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Result;
use tieline_store::Store;
use tieline_web::Live;
use tokio::runtime::Handle;
use uuid::Uuid;

use super::worker::Worker;
use super::{background, snapshot};
use crate::workspace::{Busy, Workspace, runtime};

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A network that took longer than this to build is not built again at once.
const LONG: Duration = Duration::from_secs(10);

/// What the thread does.
#[derive(Debug, Clone)]
pub(crate) struct Duties {
    /// Where it publishes snapshots; `None`: it builds none.
    pub(crate) live: Option<Arc<Live>>,
    /// Whether it runs jobs.
    pub(crate) jobs: bool,
}

/// The thread.
pub(crate) struct Keeper {
    stop: Sender<()>,
    leave: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Ends it. A job that is running is put back; a snapshot in the making is finished.
    pub(crate) fn stop(self) {
        self.leave.store(true, Ordering::Relaxed);
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that runs jobs and builds snapshots had died");
        }
    }
}

/// Starts the thread on a data folder.
///
/// # Errors
/// When the store cannot be opened.
pub(crate) fn start(data: PathBuf, duties: Duties) -> Result<Keeper> {
    let (stop, stopped) = channel::<()>();
    let leave = Arc::new(AtomicBool::new(false));
    let runtime = runtime()?;
    let store = runtime.block_on(Workspace::open_store(&data))?;
    let handle = runtime.handle().clone();
    let worker = duties
        .jobs
        .then(|| Worker::new(data.clone(), store.clone(), handle.clone(), Arc::clone(&leave)));
    let watch =
        duties.live.map(|live| Watch { data, store, live, handle, known: None, rests: None });
    let mut keeping = Keeping { worker, watch, leave: Arc::clone(&leave) };
    let thread = thread::spawn(move || {
        let _runtime = runtime;
        loop {
            keeping.turn();
            match stopped.recv_timeout(LOOK_EVERY) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    Ok(Keeper { stop, leave, thread })
}

/// The duties at work.
struct Keeping {
    worker: Option<Worker>,
    watch: Option<Watch>,
    leave: Arc<AtomicBool>,
}

impl Keeping {
    /// Shows what is there, then does what waits, showing it after each job.
    fn turn(&mut self) {
        loop {
            if let Some(watch) = &mut self.watch {
                background::run(|| watch.look_or_say());
            }
            let Some(worker) = &mut self.worker else { return };
            match background::run(|| worker.next()) {
                Ok(true) if !self.leave.load(Ordering::Relaxed) => {}
                Ok(_) => return,
                Err(error) => return tracing::warn!("a job could not be run: {error:#}"),
            }
        }
    }
}

/// What the thread looks at.
struct Watch {
    data: PathBuf,
    store: Store,
    live: Arc<Live>,
    handle: Handle,
    /// The last event that a snapshot was built after; `None` before the first snapshot.
    known: Option<Option<Uuid>>,
    /// Until when no other is built: as long as the last one took, so that changes which keep coming
    /// take half of the time at most.
    rests: Option<Instant>,
}

impl Watch {
    fn look_or_say(&mut self) {
        match self.look() {
            Ok(()) => {}
            // A command or a worker is at it: there will be something to look at when it is done.
            Err(error) if error.is::<Busy>() => {}
            Err(error) => tracing::warn!("the network is not current: {error:#}"),
        }
    }

    /// Builds a snapshot if the history went on. One small query if it did not.
    fn look(&mut self) -> Result<()> {
        let last = self.handle.block_on(self.store.last_network_event())?;
        let is_resting = self.rests.is_some_and(|until| Instant::now() < until);
        if self.known == Some(last) || is_resting {
            return Ok(());
        }
        let begun = Instant::now();
        let workspace = Workspace::open(Some(&self.data))?;
        let last = workspace.wait(workspace.store.last_network_event())?;
        let built = snapshot::build(&workspace)?;
        if let Some(built) = &built {
            snapshot::remember(&workspace, built)?;
        }
        self.live.publish(built);
        self.known = Some(last);
        let took = begun.elapsed();
        self.rests = (took > LONG).then(|| Instant::now() + took);
        Ok(())
    }
}
