//! A data folder, opened: configuration, lock, store, lake.

use std::fs::{File, TryLockError};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tieline_lake::Lake;
use tieline_model::id::ImportId;
use tieline_store::{Store, StoreUrl};

use crate::config::{Config, StorePlace};

/// Name of the file whose lock says that a program is changing the data folder.
const LOCK: &str = "tieline.lock";

/// How long a command waits for another one to end before it gives up.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);

/// Pause between two looks at the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Another Tieline is changing the data folder.
#[derive(Debug, thiserror::Error)]
#[error("another tieline is at work in {0}; wait until it is done, or stop it")]
pub(crate) struct Busy(String);

/// A data folder, opened.
pub(crate) struct Workspace {
    /// Where it is.
    pub(crate) data: PathBuf,
    /// Its configuration.
    pub(crate) config: Config,
    /// The system of record.
    pub(crate) store: Store,
    /// Interactions and segments.
    pub(crate) lake: Lake,
    runtime: tokio::runtime::Runtime,
    /// Held by whoever may change the folder; `None`: opened to read alone.
    _lock: Option<File>,
}

impl Workspace {
    /// Opens the data folder, makes it where there is none, and clears away what a crash left.
    ///
    /// # Errors
    /// When the folder cannot be used, the configuration is not right, or another Tieline is at work
    /// in it.
    pub(crate) fn open(data: Option<&Path>) -> Result<Self> {
        let data = data_folder(data)?;
        std::fs::create_dir_all(&data)
            .with_context(|| format!("cannot make the data folder {}", data.display()))?;
        let lock = lock(&data)?;
        let config = Config::open(&data)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        let url = store_url(&data, &config)?;
        let store = runtime
            .block_on(Store::open(&url))
            .with_context(|| format!("cannot open the store {url}"))?;
        let lake = Lake::open(&data).context("cannot open the lake")?;
        let workspace = Self { data, config, store, lake, runtime, _lock: Some(lock) };
        workspace.recover()?;
        Ok(workspace)
    }

    /// Opens a data folder for a program that stays: as [`Workspace::open`] where nobody is at work,
    /// so that a crash is cleared after; else to read it, for another server or worker has done that
    /// and may be at it for long.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn open_beside(data: &Path) -> Result<Self> {
        match Self::open(Some(data)) {
            Err(error) if error.is::<Busy>() => Self::open_to_read(data),
            other => other,
        }
    }

    /// Opens a data folder to read it, beside whoever is at work in it: nothing is cleared away, and
    /// nothing may be written.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn open_to_read(data: &Path) -> Result<Self> {
        let config = Config::open(data)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        let store = runtime.block_on(Self::open_store(data))?;
        let lake = Lake::open(data).context("cannot open the lake")?;
        Ok(Self { data: data.to_owned(), config, store, lake, runtime, _lock: None })
    }

    /// The same folder to read, in which an unfinished import counts as done: what would be so.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn as_if_done(&self, import: ImportId) -> Result<Self> {
        let glass = Self::open_to_read(&self.data)?;
        Ok(Self { store: glass.store.as_if_done(import), ..glass })
    }

    /// Opens the store alone, which needs no lock: it has its own.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn open_store(data: &Path) -> Result<Store> {
        let url = store_url(data, &Config::open(data)?)?;
        Store::open(&url).await.with_context(|| format!("cannot open the store {url}"))
    }

    /// Waits for the store.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Ids of the imports that count, in the order in which they were made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn live(&self) -> Result<Vec<ImportId>> {
        let imports = self.wait(self.store.live_imports()).context("cannot list the imports")?;
        Ok(imports.into_iter().map(|import| import.id).collect())
    }

    /// An import that did not finish never happened: its facts and files go.
    ///
    /// # Errors
    /// When store or lake cannot be written.
    pub(crate) fn recover(&self) -> Result<()> {
        let unfinished = self.wait(self.store.unfinished_imports())?;
        for import in unfinished {
            self.wait(async {
                let tx = self.store.begin().await?;
                tx.discard_import(import.id).await?;
                tx.commit().await
            })
            .context("cannot clear an interrupted import")?;
        }
        self.lake.sweep(&self.live()?).context("cannot clear what an interrupted import left")?;
        Ok(())
    }
}

/// Environment variable that says where the store is.
const STORE: &str = "TIELINE_STORE";

/// Where the store of a data folder is: what the environment says, else the configuration, else a
/// file in the folder.
fn store_url(data: &Path, config: &Config) -> Result<StoreUrl> {
    let said = match (std::env::var(STORE), &config.store) {
        (Ok(url), _) if !url.trim().is_empty() => url,
        (Err(std::env::VarError::NotUnicode(_)), _) => bail!("{STORE} is no text"),
        (_, None) => return Ok(StoreUrl::file(data.join("tieline.db"))),
        (_, Some(StorePlace::Url(url))) => url.clone(),
        (_, Some(StorePlace::File(path))) => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the store's URL from {}", path.display()))?,
    };
    Ok(said.trim().parse()?)
}

/// A runtime with threads, for serving and for what needs the store alone.
///
/// # Errors
/// When the system gives no threads.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

/// The folder that was asked for, or the platform's own for application data.
pub(crate) fn data_folder(asked: Option<&Path>) -> Result<PathBuf> {
    match asked {
        Some(data) => Ok(data.to_owned()),
        None => match dirs::data_dir() {
            Some(dir) => Ok(dir.join("tieline")),
            None => bail!("this system names no folder for application data; say --data DIR"),
        },
    }
}

/// One Tieline at a time changes a data folder. The lock goes with the process, however it ends.
fn lock(data: &Path) -> Result<File> {
    let path = data.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot write to the data folder {}", data.display()))?;
    let patience = Instant::now() + LOCK_PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // One that was killed a moment ago may still be letting go.
            Err(TryLockError::WouldBlock) if Instant::now() < patience => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(Busy(data.display().to_string()).into()),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
    }
}
