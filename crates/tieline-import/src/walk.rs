//! From the files a person named to records: opens each file, peels compression and archives,
//! recognises what is inside, and reads it with the surest source.

mod inputs;

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

pub use inputs::{Digest, InputFile, Inputs, Passed};

use crate::container::{self, Budget, Counting, Packing, Peek};
use crate::detect;
use crate::source::{Confidence, Context, Mapping, Probe, Sink, Source, Stop, Tables};

/// Archives within archives are opened this deep.
const MAX_ARCHIVES: u8 = 3;

/// Compressed streams within one another are opened this deep.
const MAX_LAYERS: u8 = 3;

/// A zip inside another archive cannot be read as a stream; up to this size it is read in memory.
const MAX_INNER_ZIP: u64 = 64 << 20;

/// A file that is about to be read.
#[derive(Debug, Clone, Copy)]
pub struct FileStart<'a> {
    /// As shown to the person, members of archives after `!`: `mail.zip!Inbox.mbox`.
    pub name: &'a str,
    /// Name of the source that reads it: `mbox`.
    pub kind: &'static str,
    /// Decompressed size in bytes where it is known beforehand.
    pub size: Option<u64>,
    /// Short digest of its content: the same file has the same one wherever it lies.
    pub digest: &'a str,
}

/// A file that has been read.
#[derive(Debug, Clone, Copy)]
pub struct FileEnd<'a> {
    /// As in [`FileStart`].
    pub name: &'a str,
    /// Records delivered.
    pub records: u64,
    /// Issues that stand in place of a record.
    pub lost: u64,
    /// Issues that accompany a record.
    pub repaired: u64,
    /// Decompressed bytes read.
    pub bytes: u64,
}

/// Receives everything in order: for each file one start, its records and issues (by [`Sink`]), one
/// end; between files what was skipped or could not be read.
pub trait Visitor: Sink {
    /// A file was recognised; its records follow.
    ///
    /// # Errors
    /// [`Stop`] to end the walk.
    fn file_started(&mut self, file: &FileStart<'_>) -> Result<(), Stop>;

    /// The file is done.
    ///
    /// # Errors
    /// [`Stop`] to end the walk.
    fn file_finished(&mut self, file: &FileEnd<'_>) -> Result<(), Stop>;

    /// A file of no known kind, or one that is passed over on purpose: no records.
    ///
    /// # Errors
    /// [`Stop`] to end the walk.
    fn file_skipped(&mut self, name: &str, why: &str) -> Result<(), Stop>;

    /// A file, archive or member that should have been read and cannot be: one lost issue.
    /// What came before it has been delivered.
    ///
    /// # Errors
    /// [`Stop`] to end the walk.
    fn file_unread(&mut self, name: &str, position: Position, reason: String) -> Result<(), Stop>;
}

/// What the person set, and where progress can be watched.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns matched by hand, for tables: `field -> column header`.
    pub mapping: Option<Mapping>,
    /// Columns matched by hand for single tables.
    pub tables: Tables,
    /// How far the walk is.
    pub progress: Progress,
}

/// Bytes taken from the disk so far (compressed as they lie there); clones share the count, so a
/// progress bar may watch from another thread. Of the total see [`Inputs::total_bytes`].
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes so far. A little more than the total is possible where an archive is read back and
    /// forth.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Reads all inputs into the visitor, in their order. Memory does not grow with the inputs.
///
/// # Errors
/// Only what the visitor returns; whatever is wrong with a file goes to
/// [`Visitor::file_unread`] or [`Sink::issue`].
pub fn visit(inputs: &Inputs, options: &Options, visitor: &mut dyn Visitor) -> Result<(), Stop> {
    for passed in &inputs.passed {
        if passed.is_problem {
            visitor.file_unread(&passed.name, Position::File, passed.why.clone())?;
        } else {
            visitor.file_skipped(&passed.name, &passed.why)?;
        }
    }
    let mut walker = Walker { visitor, options, budget: Budget::for_size(0) };
    inputs.files.iter().try_for_each(|file| walker.file(file))
}

/// Where a stream comes from.
#[derive(Debug, Clone)]
struct Place<'p> {
    /// As shown to the person.
    name: String,
    /// Own name without folders and without compression endings.
    file_name: String,
    folders: Vec<String>,
    /// Digest of the file on the disk.
    digest: Digest,
    /// The file itself, where this stream is all of it: archives that need seeking open it anew.
    path: Option<&'p Path>,
    size: Option<u64>,
    archives: u8,
    layers: u8,
}

impl Place<'_> {
    /// A member of this archive.
    fn member(&self, path: &str, size: u64) -> Self {
        let mut folders: Vec<String> = path
            .split(['/', '\\'])
            .filter(|part| !part.is_empty() && *part != ".")
            .map(str::to_owned)
            .collect();
        let file_name = folders.pop().unwrap_or_default();
        Self {
            name: format!("{}!{path}", self.name),
            file_name,
            folders,
            digest: self.digest,
            path: None,
            size: Some(size),
            archives: self.archives,
            layers: 0,
        }
    }

    /// Scope of labels within this file: from the content of the file on the disk and the path of
    /// the member within it.
    fn scope(&self) -> String {
        let member = self.name.split_once('!').map_or("", |(_, member)| member);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.digest).update(member.as_bytes());
        hasher.finalize().to_hex().chars().take(16).collect()
    }

    /// Files that archives carry for the system that made them.
    fn is_system_file(&self) -> bool {
        self.file_name.starts_with("._")
            || matches!(self.file_name.as_str(), ".DS_Store" | "Thumbs.db" | "desktop.ini")
            || self.folders.iter().any(|folder| folder == "__MACOSX")
    }
}

struct Walker<'v> {
    visitor: &'v mut dyn Visitor,
    options: &'v Options,
    /// Of the file on the disk that is being read.
    budget: Budget,
}

impl Walker<'_> {
    fn file(&mut self, input: &InputFile) -> Result<(), Stop> {
        let digest = input.digest.map_or_else(|| inputs::digest_of(&input.path), Ok);
        let (digest, file) = match digest.and_then(|d| File::open(&input.path).map(|f| (d, f))) {
            Ok(opened) => opened,
            Err(error) => {
                let reason = format!("cannot be opened: {error}");
                return self.visitor.file_unread(&input.name, Position::File, reason);
            }
        };
        self.budget = Budget::for_size(input.size);
        let own = input.path.file_name().map(|n| n.to_string_lossy().into_owned());
        let place = Place {
            name: input.name.clone(),
            file_name: own.unwrap_or_default(),
            folders: input.folders.clone(),
            digest,
            path: Some(&input.path),
            size: Some(input.size),
            archives: 0,
            layers: 0,
        };
        let counting = Counting { inner: file, count: Arc::clone(&self.options.progress.0) };
        self.stream(&place, Peek::new(Box::new(counting)))
    }

    /// Reads one stream, whatever it is.
    fn stream(&mut self, place: &Place<'_>, mut peek: Peek<'_>) -> Result<(), Stop> {
        if place.is_system_file() {
            return self.visitor.file_skipped(&place.name, "a file of the operating system");
        }
        if peek.head().is_empty() {
            return match peek.broken().map(ToString::to_string) {
                Some(error) => self.unread(place, 0, &error),
                None => self.visitor.file_skipped(&place.name, "empty"),
            };
        }
        match Packing::of(peek.head()) {
            None => self.plain(place, peek),
            Some(Packing::Zip) => self.zip(place, peek),
            Some(Packing::Tar) => self.tar(place, peek),
            Some(packing) => self.compressed(place, packing, peek),
        }
    }

    fn compressed(
        &mut self,
        place: &Place<'_>,
        packing: Packing,
        peek: Peek<'_>,
    ) -> Result<(), Stop> {
        if place.layers >= MAX_LAYERS {
            return self.unread(place, 0, "compressed too many times over; unpack it first");
        }
        match container::decompress(packing, peek, &self.budget) {
            Ok(inner) => {
                let place = Place {
                    file_name: Packing::inner_name(&place.file_name),
                    path: None,
                    size: None,
                    layers: place.layers + 1,
                    ..place.clone()
                };
                self.stream(&place, inner)
            }
            Err(error) => self.unread(place, 0, &error.to_string()),
        }
    }

    fn tar(&mut self, place: &Place<'_>, peek: Peek<'_>) -> Result<(), Stop> {
        if place.archives >= MAX_ARCHIVES {
            return self.unread(place, 0, "archives nest too deep; unpack it first");
        }
        let inside = Place { archives: place.archives + 1, ..place.clone() };
        let consumed = peek.consumed();
        let mut archive = tar::Archive::new(peek);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.unread(place, consumed.get(), &error.to_string()),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                // Nothing after a broken header can be trusted.
                Err(error) => return self.unread(place, consumed.get(), &error.to_string()),
            };
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let member = inside.member(&path, entry.size());
            match entry.header().entry_type() {
                kind if kind.is_file() || kind.is_gnu_sparse() || kind.is_contiguous() => {
                    self.stream(&member, Peek::new(Box::new(entry)))?;
                }
                kind if kind.is_symlink() || kind.is_hard_link() => {
                    self.visitor.file_skipped(&member.name, "a link")?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn zip(&mut self, place: &Place<'_>, mut peek: Peek<'_>) -> Result<(), Stop> {
        // Spreadsheets and documents are zips too: a source that knows one comes first.
        if let Some(source) = self.choose(place, peek.head(), Confidence::Likely) {
            return self.read(source, place, peek);
        }
        if detect::is_zipped_document(&place.file_name) {
            return self.visitor.file_skipped(&place.name, "a document of no known kind");
        }
        if place.archives >= MAX_ARCHIVES {
            return self.unread(place, 0, "archives nest too deep; unpack it first");
        }
        let Some(path) = place.path else { return self.inner_zip(place, peek) };
        drop(peek);
        match File::open(path) {
            Ok(file) => {
                let count = Arc::clone(&self.options.progress.0);
                let reader = BufReader::with_capacity(1 << 16, Counting { inner: file, count });
                self.members(place, reader)
            }
            Err(error) => self.unread(place, 0, &error.to_string()),
        }
    }

    fn inner_zip(&mut self, place: &Place<'_>, peek: Peek<'_>) -> Result<(), Stop> {
        let mut whole = Vec::new();
        match peek.take(MAX_INNER_ZIP + 1).read_to_end(&mut whole) {
            Ok(_) if whole.len() as u64 > MAX_INNER_ZIP => {
                self.unread(place, 0, "a zip inside another archive, over 64 MiB; unpack it first")
            }
            Ok(_) => self.members(place, Cursor::new(whole)),
            Err(error) => self.unread(place, whole.len() as u64, &error.to_string()),
        }
    }

    fn members<R: Read + Seek>(&mut self, place: &Place<'_>, reader: R) -> Result<(), Stop> {
        let inside = Place { archives: place.archives + 1, ..place.clone() };
        let mut archive = match zip::ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(error) => return self.unread(place, 0, &error.to_string()),
        };
        for index in 0..archive.len() {
            if self.budget.is_spent() {
                return self.unread(place, 0, "it unpacks to far more than an archive holds");
            }
            let listed = match archive.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => format!("member {}", index + 1),
            };
            match archive.by_index(index) {
                Ok(member) if member.is_dir() => {}
                Ok(member) => {
                    let within = inside.member(&listed, member.size());
                    let guarded = self.budget.guard(member);
                    self.stream(&within, Peek::new(Box::new(guarded)))?;
                }
                Err(error) => {
                    self.unread(&inside.member(&listed, 0), 0, &error.to_string())?;
                }
            }
        }
        Ok(())
    }

    fn plain(&mut self, place: &Place<'_>, mut peek: Peek<'_>) -> Result<(), Stop> {
        match self.choose(place, peek.head(), Confidence::Possible) {
            Some(source) => self.read(source, place, peek),
            None => {
                let why = detect::why_unknown(&place.file_name, peek.head());
                self.visitor.file_skipped(&place.name, why)
            }
        }
    }

    /// The source of the kind that a person named, else the surest one that is at least as sure as
    /// `least`.
    fn choose(
        &self,
        place: &Place<'_>,
        head: &[u8],
        least: Confidence,
    ) -> Option<&'static dyn Source> {
        let stated = self.options.mapping.as_ref().and_then(|mapping| mapping.get("kind"));
        match stated {
            Some(kind) => crate::source_of_kind(kind),
            None => best(place, head, least),
        }
    }

    fn read(
        &mut self,
        source: &'static dyn Source,
        place: &Place<'_>,
        mut peek: Peek<'_>,
    ) -> Result<(), Stop> {
        let scope = place.scope();
        let start =
            FileStart { name: &place.name, kind: source.name(), size: place.size, digest: &scope };
        self.visitor.file_started(&start)?;
        let context = Context {
            file: &place.name,
            file_name: &place.file_name,
            digest: &scope,
            mapping: self.options.mapping.as_ref(),
            tables: Some(&self.options.tables),
        };
        let consumed = peek.consumed();
        let mut tally =
            Tally { visitor: self.visitor, records: 0, lost: 0, repaired: 0, stopped: false };
        match source.read(&mut peek, &context, &mut tally) {
            Ok(()) => {}
            Err(Stop::Io(error)) if !tally.stopped => {
                let reason = format!("cannot be read beyond this point: {error}");
                tally.issue(Position::Byte(consumed.get()), Severity::Lost, reason)?;
            }
            Err(stop) => return Err(stop),
        }
        let Tally { records, lost, repaired, .. } = tally;
        let bytes = consumed.get();
        self.visitor.file_finished(&FileEnd { name: &place.name, records, lost, repaired, bytes })
    }

    fn unread(&mut self, place: &Place<'_>, at: u64, why: &str) -> Result<(), Stop> {
        let position = if at == 0 { Position::File } else { Position::Byte(at) };
        self.visitor.file_unread(&place.name, position, format!("cannot be unpacked: {why}"))
    }
}

/// The surest source, if one is at least as sure as `least`.
fn best(place: &Place<'_>, head: &[u8], least: Confidence) -> Option<&'static dyn Source> {
    let folders: Vec<&str> = place.folders.iter().map(String::as_str).collect();
    let probe = Probe { file_name: &place.file_name, folders: &folders, head };
    let mut found: Option<(Confidence, &'static dyn Source)> = None;
    for source in crate::sources() {
        let confidence = source.detect(&probe);
        if confidence >= least && found.is_none_or(|(best, _)| confidence > best) {
            found = Some((confidence, *source));
        }
    }
    found.map(|(_, source)| source)
}

/// Counts what a source delivers, and tells a receiver that stops from a file that breaks.
struct Tally<'v> {
    visitor: &'v mut dyn Visitor,
    records: u64,
    lost: u64,
    repaired: u64,
    stopped: bool,
}

impl Sink for Tally<'_> {
    fn record(&mut self, position: Position, record: Record) -> Result<(), Stop> {
        self.records += 1;
        self.visitor.record(position, record).inspect_err(|_| self.stopped = true)
    }

    fn issue(
        &mut self,
        position: Position,
        severity: Severity,
        reason: String,
    ) -> Result<(), Stop> {
        match severity {
            Severity::Lost => self.lost += 1,
            Severity::Repaired => self.repaired += 1,
        }
        self.visitor.issue(position, severity, reason).inspect_err(|_| self.stopped = true)
    }
}
