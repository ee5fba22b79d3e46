//! Files that came in over the browser: named as people know them, and cleared away.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use tieline_import::walk::Inputs;
use tieline_model::job::Job;
use tieline_store::StoredJob;
use tieline_web::preview::{Beside, Matched, beside};

/// How long files wait for someone to say that they are to be imported.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// Names in a label.
const NAMED: usize = 3;

/// The folder that they come into, a folder for each upload.
pub(crate) struct Uploads(PathBuf);

impl Uploads {
    /// In this folder.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    fn holds(&self, path: &Path) -> bool {
        path.parent() == Some(&self.0)
    }

    /// What people call an import of these paths. Uploaded files are called as they were, not as
    /// they lie here.
    pub(crate) fn label(&self, inputs: &mut Inputs, paths: &[String]) -> String {
        let mut words = Vec::new();
        for path in paths {
            if !self.holds(Path::new(path)) {
                words.push(path.clone());
                continue;
            }
            let within = format!("{path}/");
            for name in inputs
                .files
                .iter_mut()
                .map(|file| &mut file.name)
                .chain(inputs.passed.iter_mut().map(|passed| &mut passed.name))
            {
                if let Some(own) = name.strip_prefix(&within) {
                    *name = own.to_owned();
                    words.push(name.clone());
                }
            }
        }
        let more = words.len().saturating_sub(NAMED);
        words.truncate(NAMED);
        match more {
            0 => words.join(", "),
            more => format!("{} and {more} more", words.join(", ")),
        }
    }

    /// How a person matched the columns of these files; nothing where nobody did.
    pub(crate) fn matched(&self, paths: &[String]) -> Matched {
        Matched::read(&Matched::path(&self.0, paths)).unwrap_or_default()
    }

    /// Removes what these paths brought here; paths of the operator's own are left alone.
    pub(crate) fn remove(&self, paths: &[String]) {
        let own = paths.iter().map(Path::new).filter(|path| self.holds(path));
        let gone = own.map(fs::remove_dir_all);
        let notes = beside(&self.0, paths).map(fs::remove_file);
        for done in gone.chain(notes) {
            match done {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!("uploaded files could not be removed: {error}");
                }
                _ => {}
            }
        }
    }

    /// Removes everything but the files of imports that were asked for: what dry runs found, and what
    /// waits for a word.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub(crate) fn forget(&self, jobs: &[StoredJob]) -> io::Result<()> {
        let mut needed: HashSet<PathBuf> = HashSet::new();
        for job in jobs {
            if let Job::Import { paths, .. } = &job.job {
                needed.extend(paths.iter().map(PathBuf::from));
                needed.insert(Matched::path(&self.0, paths));
            }
        }
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            if !needed.contains(&path) {
                if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
            }
        }
        Ok(())
    }

    /// Removes what nobody asked to import in a day.
    pub(crate) fn sweep(&self, jobs: &[StoredJob]) {
        let mut needed: HashSet<PathBuf> = HashSet::new();
        for job in jobs.iter().filter(|job| !job.state.is_over()) {
            if let Job::Import { paths, .. } = &job.job {
                needed.extend(paths.iter().map(PathBuf::from));
                needed.extend(beside(&self.0, paths));
            }
        }
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        for entry in entries.flatten().filter(|entry| !needed.contains(&entry.path())) {
            let path = entry.path();
            let Ok(meta) = entry.metadata() else { continue };
            let is_old = meta.modified().ok().and_then(|at| at.elapsed().ok()) > Some(PATIENCE);
            if !is_old {
                continue;
            }
            let gone = if meta.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            if let Err(error) = gone {
                tracing::warn!("forgotten uploads could not be removed: {error}");
            }
        }
    }
}
