//! Which files a person named: found, ordered, and identified by their content.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tieline_model::id::ImportId;
use twox_hash::XxHash3_128;

use crate::container::{PAGE, page_start};

/// Bytes read at a time for the digest.
const DIGEST_BUFFER: usize = 256 * 1024;

/// Folders nest no deeper than this; beyond it they are skipped and listed.
const MAX_FOLDER_DEPTH: usize = 64;

/// Folders that hold no archives of people: listed, not entered.
const SKIPPED_FOLDERS: [&str; 6] = [".git", ".hg", ".svn", ".bzr", "__MACOSX", "node_modules"];

/// Tells contents of files apart: 128 bits of XXH3. It is read past as fast as memory allows, and
/// proves nothing: whoever may choose what is imported may choose two files with one digest.
pub type Digest = [u8; 16];

/// One file to read.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Where it lies.
    pub path: PathBuf,
    /// As shown to the person: the path they named, with what lies below it.
    pub name: String,
    /// Folders between what the person named and the file, nearest last.
    pub folders: Vec<String>,
    /// Size in bytes when it was found.
    pub size: u64,
    /// Digest of its content, once [`Inputs::digest`] has run; `None` when it cannot be read.
    pub digest: Option<Digest>,
    /// Path below what the person named: the same wherever that lies.
    relative: String,
}

/// Something a person named that is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// As shown to the person.
    pub name: String,
    /// Why: lower case, no full stop.
    pub why: String,
    /// Whether something is missing that should have been read (an unreadable folder), as opposed
    /// to something that is no archive (a version control folder).
    pub is_problem: bool,
}

/// The files that a person named, in the order in which they are read: by path, folders entered
/// where they sort.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files, in order. No file is in it twice, whatever links lead to it.
    pub files: Vec<InputFile>,
    /// What is passed over.
    pub passed: Vec<Passed>,
}

impl Inputs {
    /// Finds the files under `paths` (files or folders). Links are followed, loops are cut, devices
    /// and pipes are never opened. Nothing here fails: what cannot be listed is in
    /// [`Inputs::passed`].
    pub fn find(paths: &[PathBuf]) -> Self {
        let mut finder = Finder { inputs: Self::default(), seen: BTreeSet::new() };
        for path in paths {
            let name = path.display().to_string();
            match fs::metadata(path) {
                Ok(meta) if meta.is_dir() => {
                    finder.seen_before(path);
                    finder.folder(path, &name, &mut Vec::new());
                }
                Ok(meta) => {
                    let own = path.file_name().map(|n| n.to_string_lossy().into_owned());
                    finder.file(path, name, &[], own.unwrap_or_default(), &meta);
                }
                Err(error) => finder.pass(name, format!("cannot be opened: {error}"), true),
            }
        }
        finder.inputs
    }

    /// Size of all files together in bytes, as they lie on the disk.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Reads every file once, notes its digest, and returns the id of an import of exactly these
    /// contents under these names (relative to what was named): the same files give the same id
    /// wherever they lie and in whatever order they are named. A file that cannot be read counts
    /// with its name alone.
    pub fn digest(&mut self) -> ImportId {
        for file in &mut self.files {
            file.digest = digest_of(&file.path).ok();
        }
        let mut parts: Vec<(&str, Digest)> = self
            .files
            .iter()
            .map(|file| (file.relative.as_str(), file.digest.unwrap_or_default()))
            .collect();
        parts.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for (name, digest) in parts {
            hasher.update(name.as_bytes());
            hasher.update(&[0]);
            hasher.update(&digest);
        }
        ImportId::of(&[hasher.finalize().as_bytes()])
    }
}

/// Digest of a file's content.
pub(super) fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hasher = XxHash3_128::new();
    let mut buffer = vec![0; DIGEST_BUFFER + PAGE];
    let start = page_start(&buffer);
    let room = buffer.get_mut(start..start + DIGEST_BUFFER).unwrap_or_default();
    loop {
        match file.read(room) {
            Ok(0) => return Ok(hasher.finish_128().to_be_bytes()),
            Ok(n) => hasher.write(room.get(..n).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

struct Finder {
    inputs: Inputs,
    seen: BTreeSet<PathBuf>,
}

impl Finder {
    /// Whether this file or folder was met before, by whatever path.
    fn seen_before(&mut self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|real| !self.seen.insert(real))
    }

    fn pass(&mut self, name: String, why: String, is_problem: bool) {
        self.inputs.passed.push(Passed { name, why, is_problem });
    }

    fn folder(&mut self, path: &Path, name: &str, folders: &mut Vec<String>) {
        let listed = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.file_name())).collect());
        let mut entries: Vec<std::ffi::OsString> = match listed {
            Ok(entries) => entries,
            Err(error) => {
                return self.pass(
                    name.to_owned(),
                    format!("folder cannot be listed: {error}"),
                    true,
                );
            }
        };
        entries.sort_unstable();
        for entry in entries {
            self.entry(path, name, folders, &entry);
        }
    }

    fn entry(
        &mut self,
        parent: &Path,
        parent_name: &str,
        folders: &mut Vec<String>,
        entry: &std::ffi::OsStr,
    ) {
        let path = parent.join(entry);
        let own = entry.to_string_lossy().into_owned();
        let name = format!("{}/{own}", parent_name.trim_end_matches('/'));
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(error) => return self.pass(name, format!("cannot be opened: {error}"), true),
        };
        if !meta.is_dir() {
            let relative: String = folders.iter().map(|f| format!("{f}/")).chain([own]).collect();
            return self.file(&path, name, folders, relative, &meta);
        }
        if SKIPPED_FOLDERS.contains(&own.as_str()) {
            self.pass(name, "a folder of tools, not of archives".to_owned(), false);
        } else if folders.len() >= MAX_FOLDER_DEPTH {
            self.pass(name, format!("folders nest deeper than {MAX_FOLDER_DEPTH}"), true);
        } else if self.seen_before(&path) {
            self.pass(name, "the same folder was read already".to_owned(), false);
        } else {
            folders.push(own);
            self.folder(&path, &name, folders);
            folders.pop();
        }
    }

    fn file(
        &mut self,
        path: &Path,
        name: String,
        folders: &[String],
        relative: String,
        meta: &fs::Metadata,
    ) {
        if !meta.is_file() {
            self.pass(name, "neither a file nor a folder".to_owned(), false);
        } else if self.seen_before(path) {
            self.pass(name, "the same file was read already".to_owned(), false);
        } else {
            let (path, folders) = (path.to_owned(), folders.to_vec());
            let size = meta.len();
            self.inputs.files.push(InputFile { path, name, folders, size, digest: None, relative });
        }
    }
}
