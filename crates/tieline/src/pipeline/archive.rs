//! Copies of a whole data folder in one file: a compressed tar whose last entry lists all others with
//! their size and hash. A file without that list, or that differs from it, is not taken for a copy.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// Name of the list.
const LIST: &str = "tieline-copy.json";

/// Version of this form.
const VERSION: u32 = 1;

/// zstd level: fast; the lake is compressed already.
const LEVEL: i32 = 3;

/// Largest list that is read, bytes: a bound on what a broken file can ask for.
const MAX_LIST: u64 = 1 << 30;

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Purpose {
    /// The same database again.
    Backup,
    /// The workspace in a form that any database can take in.
    Workspace,
}

/// What is in a copy.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    version: u32,
    purpose: Purpose,
    made_by: String,
    files: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    /// BLAKE3, hex.
    hash: String,
}

/// How much a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Files.
    pub(crate) files: usize,
    /// Bytes before compression.
    pub(crate) bytes: u64,
}

/// Files below a folder, by their place in a copy.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn below(folder: &Path, place: &str) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), place.to_owned())];
    while let Some((at, place)) = folders.pop() {
        if !at.exists() {
            continue;
        }
        let listed = fs::read_dir(&at).with_context(|| format!("cannot read {}", at.display()))?;
        for entry in listed {
            let path = entry.with_context(|| format!("cannot read {}", at.display()))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let place = format!("{place}/{name}");
            // Hidden names are work in progress and count for nobody.
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                folders.push((path, place));
            } else {
                files.push((place, path));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Writes a copy and reads it again to check it. The file appears whole or not at all.
///
/// # Errors
/// When there is a file already, a file cannot be read, or the copy cannot be written or differs.
pub(crate) fn write(path: &Path, purpose: Purpose, files: &[(String, PathBuf)]) -> Result<Size> {
    if path.exists() {
        bail!("there is a file already: {}", path.display());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let done = pack(&part, purpose, files)
        .with_context(|| format!("cannot write {}", part.display()))
        .and_then(|()| check(&part).context("the copy does not read back as it was written"))
        .and_then(|size| {
            let moved = fs::rename(&part, path);
            moved.with_context(|| format!("cannot name {}", path.display())).map(|()| size)
        });
    if done.is_err() && part.exists() {
        fs::remove_file(&part).with_context(|| format!("cannot remove {}", part.display()))?;
    }
    done
}

fn pack(part: &Path, purpose: Purpose, files: &[(String, PathBuf)]) -> Result<()> {
    let file = BufWriter::new(File::create(part)?);
    let mut tar = tar::Builder::new(zstd::Encoder::new(file, LEVEL)?);
    let mut list = List {
        version: VERSION,
        purpose,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        files: BTreeMap::new(),
    };
    for (place, path) in files {
        let failed = || format!("cannot copy {}", path.display());
        let source = File::open(path).with_context(failed)?;
        let bytes = source.metadata().with_context(failed)?.len();
        let mut hashed = Hashed::new(BufReader::new(source).take(bytes));
        tar.append_data(&mut header(bytes), place, &mut hashed).with_context(failed)?;
        list.files.insert(place.clone(), hashed.entry());
    }
    let text = serde_json::to_vec(&list)?;
    tar.append_data(&mut header(text.len() as u64), LIST, text.as_slice())?;
    let file = tar.into_inner()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header
}

/// Reads a copy to its end and compares it with its list.
///
/// # Errors
/// When it is no copy, cut off or changed.
pub(crate) fn check(path: &Path) -> Result<Size> {
    let (list, found) = each(path, &mut |_, source| {
        let mut hashed = Hashed::new(source);
        io::copy(&mut hashed, &mut io::sink())?;
        Ok(hashed.entry())
    })?;
    compare(&list, &found)
}

/// Unpacks a copy into a folder and compares it with its list.
///
/// # Errors
/// As [`check`], for another purpose, and when a file cannot be written.
pub(crate) fn unpack(path: &Path, purpose: Purpose, folder: &Path) -> Result<Size> {
    let (list, found) = each(path, &mut |place, source| {
        let target = folder.join(place);
        let failed = || format!("cannot write {}", target.display());
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).with_context(failed)?;
        }
        let file = File::options().write(true).create_new(true).open(&target);
        let mut file = BufWriter::new(file.with_context(failed)?);
        let mut hashed = Hashed::new(source);
        io::copy(&mut hashed, &mut file).with_context(failed)?;
        file.flush().with_context(failed)?;
        Ok(hashed.entry())
    })?;
    if list.purpose != purpose {
        bail!(match list.purpose {
            Purpose::Backup => "this is a backup: use `tieline restore`",
            Purpose::Workspace => "this is a workspace: use `tieline workspace import`",
        });
    }
    compare(&list, &found)
}

/// Passes each file to `take`; the list, and what was found.
fn each(
    path: &Path,
    take: &mut dyn FnMut(&Path, &mut dyn Read) -> Result<Entry>,
) -> Result<(List, BTreeMap<String, Entry>)> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut tar = tar::Archive::new(zstd::Decoder::new(BufReader::new(file))?);
    let (mut found, mut list) = (BTreeMap::new(), None);
    for entry in tar.entries().context("this is no copy of a workspace")? {
        let mut entry = entry.context("the copy is cut off or damaged")?;
        let place = entry.path().context("the copy names a file wrongly")?.into_owned();
        let name = place.to_str().map(str::to_owned);
        let plain = place.components().all(|part| matches!(part, Component::Normal(_)));
        let Some(name) = name.filter(|_| plain && entry.header().entry_type().is_file()) else {
            bail!("the copy names a file outside of it: {}", place.display());
        };
        if name == LIST {
            let mut text = Vec::new();
            entry.by_ref().take(MAX_LIST).read_to_end(&mut text)?;
            let read: List = serde_json::from_slice(&text).context("the list is damaged")?;
            if read.version > VERSION {
                bail!("the copy is of a newer tieline: update the program");
            }
            list = Some(read);
        } else {
            let one = take(&place, &mut entry).with_context(|| format!("in {name}"))?;
            found.insert(name, one);
        }
    }
    let list = list.context("the copy is cut off: it has no list of its files")?;
    Ok((list, found))
}

fn compare(list: &List, found: &BTreeMap<String, Entry>) -> Result<Size> {
    for (place, entry) in &list.files {
        if found.get(place) != Some(entry) {
            bail!("{place} is missing from the copy, or differs from what was written");
        }
    }
    if let Some(place) = found.keys().find(|place| !list.files.contains_key(*place)) {
        bail!("{place} is in the copy, but not in its list");
    }
    Ok(Size { files: found.len(), bytes: found.values().map(|entry| entry.bytes).sum() })
}

/// Hashes what is read.
struct Hashed<R> {
    source: R,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    fn new(source: R) -> Self {
        Self { source, hasher: blake3::Hasher::new(), bytes: 0 }
    }

    fn entry(&self) -> Entry {
        Entry { bytes: self.bytes, hash: self.hasher.finalize().to_hex().to_string() }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(into)?;
        self.hasher.update(into.get(..n).unwrap_or_default());
        self.bytes += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy_in(folder: &Path) -> PathBuf {
        let source = folder.join("source");
        fs::create_dir_all(source.join("deep")).unwrap();
        fs::write(source.join("deep/a.bin"), [7_u8; 5000]).unwrap();
        fs::write(source.join(".half"), "no").unwrap();
        let path = folder.join("copy.tar.zst");
        let size = write(&path, Purpose::Backup, &below(&source, "lake").unwrap()).unwrap();
        assert_eq!(size, Size { files: 1, bytes: 5000 });
        path
    }

    #[test]
    fn a_copy_unpacks_to_the_same_files_and_replaces_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = copy_in(folder.path());
        let target = folder.path().join("target");
        unpack(&path, Purpose::Backup, &target).unwrap();
        assert_eq!(fs::read(target.join("lake/deep/a.bin")).unwrap(), [7_u8; 5000]);
        assert!(unpack(&path, Purpose::Backup, &target).is_err(), "a file is there");
        assert!(write(&path, Purpose::Backup, &[]).is_err(), "a copy is there");
        let other = unpack(&path, Purpose::Workspace, &folder.path().join("other"));
        assert!(other.unwrap_err().to_string().contains("tieline restore"));
    }

    #[test]
    fn a_copy_that_was_cut_or_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = copy_in(folder.path());
        let whole = fs::read(&path).unwrap();
        for n in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..n]).unwrap();
            assert!(check(&path).is_err(), "cut to {n} of {}", whole.len());
        }
        fs::write(&path, "some other file, long enough to be read as one").unwrap();
        assert!(check(&path).is_err());
    }

    #[test]
    fn a_copy_that_names_a_file_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evil.tar.zst");
        let mut tar =
            tar::Builder::new(zstd::Encoder::new(File::create(&path).unwrap(), 1).unwrap());
        let mut evil = header(1);
        evil.as_old_mut().name[..7].copy_from_slice(b"../evil");
        evil.set_cksum();
        tar.append(&evil, &b"x"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();
        let refused = unpack(&path, Purpose::Backup, &folder.path().join("in"));
        assert!(refused.unwrap_err().to_string().contains("outside"));
        assert!(!folder.path().join("evil").exists());
    }
}
