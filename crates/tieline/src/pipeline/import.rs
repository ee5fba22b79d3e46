//! One import: from named files to a batch in store and lake. Nothing of it counts until it is
//! finished; a crash before that leaves what the next start clears away.

use std::collections::HashSet;
use std::mem;
use std::path::Path;

use anyhow::{Context, Result};
use tieline_import::walk::{FileEnd, FileStart, Inputs, Options, Visitor, visit};
use tieline_import::{Sink, Stop};
use tieline_lake::ImportWriter;
use tieline_model::address::Address;
use tieline_model::id::ImportId;
use tieline_model::interaction::{EventHead, Interaction};
use tieline_model::issue::{Issue, Position, Severity};
use tieline_model::record::Record;
use tieline_store::{ImportFile, NewImport, Tallies};

use super::control::Control;
use super::first::FirstLook;
use super::progress::Progress;
use super::save;
use super::translate::{Rows, Translator};
use crate::workspace::Workspace;

/// Facts held in memory before they are handed to the store.
const FACTS_MAX: usize = 300_000;

/// Issues held before they are handed to the store.
const ISSUES_MAX: usize = 10_000;

/// What an import read, before it is known which of it was known already.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Records and lost records.
    pub(crate) read: u64,
    /// Records that could not be kept.
    pub(crate) lost: u64,
    /// Records kept after a repair.
    pub(crate) repaired: u64,
    /// Every file with what became of it.
    pub(crate) files: Vec<ImportFile>,
}

/// A batch about to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// Its id.
    pub(crate) id: ImportId,
    /// What people call it.
    pub(crate) label: &'a str,
    /// Its files.
    pub(crate) inputs: &'a Inputs,
    /// How they are read.
    pub(crate) options: &'a Options,
    /// Who may pause or stop it.
    pub(crate) control: &'a Control,
    /// Where the first thing that shows is written; `None`: nobody looks.
    pub(crate) first: Option<&'a Path>,
}

/// Reads the inputs into store and lake as a batch, which stays unpublished.
///
/// # Errors
/// When store or lake cannot be written, and [`super::control::Interrupted`]. What is wrong with the
/// files is in the batch's issues.
pub(crate) fn read(workspace: &Workspace, plan: &Plan<'_>) -> Result<Read> {
    let Plan { id, label, inputs, options, control, first } = *plan;
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            let new = NewImport {
                id,
                label: label.to_owned(),
                bytes: inputs.total_bytes(),
                tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            };
            tx.begin_import(&new).await?;
            tx.commit().await
        })
        .context("cannot begin the import")?;
    let suppressed = save::suppressed(workspace)?;
    let is_erased = |address: &Address| suppressed.holds(address);
    let writer = workspace.lake.writer(id).context("cannot write to the lake")?;
    let mut batch = Batch {
        workspace,
        id,
        translator: Translator::new(id, &workspace.config.ties, &is_erased),
        writer: Writer {
            lake: writer,
            first: first.map(|path| FirstLook::new(path, &workspace.config.ties)),
        },
        file: String::new(),
        kind: String::new(),
        issues: Vec::new(),
        read: Read::default(),
        progress: Progress::new(
            inputs.total_bytes(),
            options.progress.clone(),
            control.is_of_a_job(),
        ),
        control,
        failed: None,
    };
    let walked = visit(inputs, options, &mut batch);
    if let Some(error) = batch.failed.take() {
        return Err(error);
    }
    walked.context("cannot read the files")?;
    batch.finish()
}

/// Rows go straight to the lake, and into the first look.
struct Writer<'a> {
    lake: ImportWriter,
    first: Option<FirstLook<'a>>,
}

impl Rows for Writer<'_> {
    fn push(&mut self, head: &EventHead, rows: &[Interaction]) -> Result<()> {
        if let Some(first) = &mut self.first {
            first.take(head, rows);
        }
        self.lake.push(head, rows).context("cannot write to the lake")
    }
}

struct Batch<'a> {
    workspace: &'a Workspace,
    id: ImportId,
    translator: Translator<'a>,
    writer: Writer<'a>,
    file: String,
    kind: String,
    issues: Vec<Issue>,
    read: Read,
    progress: Progress,
    control: &'a Control,
    failed: Option<anyhow::Error>,
}

impl Batch<'_> {
    /// Remembers a failure of our own side and ends the walk.
    fn check<T>(&mut self, done: Result<T>) -> Result<T, Stop> {
        done.map_err(|error| {
            self.failed = Some(error);
            Stop::Requested
        })
    }

    fn hand_over_facts(&mut self) -> Result<()> {
        if let Some(first) = &mut self.writer.first {
            first.end();
        }
        save::facts(self.workspace, self.id, self.translator.facts.take())
    }

    fn hand_over_issues(&mut self) -> Result<()> {
        let issues = mem::take(&mut self.issues);
        if issues.is_empty() {
            return Ok(());
        }
        self.workspace
            .wait(async {
                let tx = self.workspace.store.begin().await?;
                tx.add_issues(self.id, &issues).await?;
                tx.commit().await
            })
            .context("cannot store the issues")
    }

    fn add_issue(
        &mut self,
        file: String,
        position: Position,
        severity: Severity,
        reason: String,
    ) -> Result<(), Stop> {
        self.issues.push(Issue { file, position, severity, reason });
        if self.issues.len() >= ISSUES_MAX {
            let done = self.hand_over_issues();
            self.check(done)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Read> {
        self.hand_over_facts()?;
        self.hand_over_issues()?;
        let files = &self.read.files;
        self.workspace
            .wait(async {
                let tx = self.workspace.store.begin().await?;
                tx.add_files(self.id, files).await?;
                tx.commit().await
            })
            .context("cannot store the list of files")?;
        self.writer.lake.finish().context("cannot finish writing to the lake")?;
        self.progress.finish();
        Ok(self.read)
    }
}

impl Sink for Batch<'_> {
    fn record(&mut self, _position: Position, record: Record) -> Result<(), Stop> {
        let go = self.control.record().map_err(Into::into);
        self.check(go)?;
        self.read.read += 1;
        self.progress.record();
        let done = self.translator.record(&record, &mut self.writer);
        self.check(done)?;
        if let Some(first) = &mut self.writer.first {
            first.record(self.workspace, &self.translator.facts);
        }
        if self.translator.facts.len() >= FACTS_MAX {
            let done = self.hand_over_facts();
            self.check(done)?;
        }
        Ok(())
    }

    fn issue(
        &mut self,
        position: Position,
        severity: Severity,
        reason: String,
    ) -> Result<(), Stop> {
        match severity {
            Severity::Lost => {
                self.read.read += 1;
                self.read.lost += 1;
            }
            Severity::Repaired => self.read.repaired += 1,
        }
        self.add_issue(self.file.clone(), position, severity, reason)
    }
}

impl Visitor for Batch<'_> {
    fn file_started(&mut self, file: &FileStart<'_>) -> Result<(), Stop> {
        let go = self.control.step().map_err(Into::into);
        self.check(go)?;
        file.name.clone_into(&mut self.file);
        file.kind.clone_into(&mut self.kind);
        self.translator.start_file(file.name, file.digest);
        self.progress.file(file.name);
        Ok(())
    }

    fn file_finished(&mut self, file: &FileEnd<'_>) -> Result<(), Stop> {
        let done = self.translator.end_file(&mut self.writer);
        self.check(done)?;
        self.read.files.push(ImportFile {
            name: file.name.to_owned(),
            kind: mem::take(&mut self.kind),
            bytes: file.bytes,
            records: file.records,
            lost: file.lost,
            repaired: file.repaired,
            skipped_why: None,
        });
        Ok(())
    }

    fn file_skipped(&mut self, name: &str, why: &str) -> Result<(), Stop> {
        self.read.files.push(skipped(name, why));
        Ok(())
    }

    fn file_unread(&mut self, name: &str, position: Position, reason: String) -> Result<(), Stop> {
        self.read.read += 1;
        self.read.lost += 1;
        self.read.files.push(ImportFile { lost: 1, ..skipped(name, &reason) });
        self.add_issue(name.to_owned(), position, Severity::Lost, reason)
    }
}

fn skipped(name: &str, why: &str) -> ImportFile {
    ImportFile {
        name: name.to_owned(),
        kind: String::new(),
        bytes: 0,
        records: 0,
        lost: 0,
        repaired: 0,
        skipped_why: Some(why.to_owned()),
    }
}

/// Sums of a batch from what was read and what the lake says became of it.
pub(crate) fn tallies(
    read: u64,
    lost: u64,
    repaired: u64,
    tally: &tieline_lake::ImportTally,
) -> Tallies {
    Tallies {
        read,
        new: tally.new,
        duplicate: tally.duplicate,
        left_out: tally.left_out.values().sum(),
        issues: lost,
        repaired,
        left_out_by: tally.left_out.iter().map(|(why, n)| (*why, *n)).collect(),
    }
}

/// Addresses that stay out of every import: hashes of those of erased people, keyed by the
/// workspace's own secret.
pub(crate) struct Suppressed {
    /// The secret.
    pub(crate) key: [u8; 32],
    /// Keyed hashes.
    pub(crate) hashes: HashSet<[u8; 32]>,
}

impl Suppressed {
    /// Whether the address is one of them.
    pub(crate) fn holds(&self, address: &Address) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&self.hash(address))
    }

    /// Keyed hash of an address.
    pub(crate) fn hash(&self, address: &Address) -> [u8; 32] {
        let text = format!("{}:{}", address.kind().name(), address.text());
        *blake3::keyed_hash(&self.key, text.as_bytes()).as_bytes()
    }
}
