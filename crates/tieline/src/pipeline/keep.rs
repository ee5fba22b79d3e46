//! Keeps the network of a server current: looks whether anything changed, and then builds a new
//! snapshot, under the same lock as a command would hold.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Result;
use tieline_store::Store;
use tieline_web::Live;
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::snapshot;
use crate::workspace::{Workspace, runtime};

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The thread that builds snapshots.
pub(crate) struct Keeper {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Ends it, after what it is at.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that builds snapshots had died");
        }
    }
}

/// Starts to keep `live` current with what is in the data folder.
pub(crate) fn start(data: PathBuf, live: Arc<Live>) -> Result<Keeper> {
    let (stop, stopped) = channel::<()>();
    let runtime = runtime()?;
    let store = runtime.block_on(Workspace::open_store(&data))?;
    let mut watch = Watch { data, store, live, runtime, known: None };
    let thread = thread::spawn(move || {
        loop {
            if let Err(error) = watch.look() {
                tracing::warn!("the network is not current: {error:#}");
            }
            match stopped.recv_timeout(LOOK_EVERY) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    Ok(Keeper { stop, thread })
}

/// What the thread looks at.
struct Watch {
    data: PathBuf,
    store: Store,
    live: Arc<Live>,
    runtime: Runtime,
    /// The last event that a snapshot was built after; `None` before the first snapshot.
    known: Option<Option<Uuid>>,
}

impl Watch {
    /// Builds a snapshot if the history went on. One small query if it did not.
    fn look(&mut self) -> Result<()> {
        let last = self.runtime.block_on(self.store.last_network_event())?;
        if self.known == Some(last) {
            return Ok(());
        }
        let workspace = Workspace::open(Some(&self.data))?;
        let last = workspace.wait(workspace.store.last_network_event())?;
        self.live.publish(snapshot::build(&workspace)?);
        self.known = Some(last);
        Ok(())
    }
}
