//! Runs the real program on a temporary data folder.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod served;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder and the program that works in it.
pub(crate) struct Tieline {
    pub(crate) data: TempDir,
}

impl Tieline {
    pub(crate) fn new() -> Self {
        Self { data: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tieline"));
        command.arg("--data").arg(self.data.path()).args(args);
        command.env_remove("TIELINE_DATA").env_remove("TIELINE_STORE");
        command
    }

    /// Runs and gives what happened.
    pub(crate) fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs, expects success, gives standard output.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.output(args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?} failed: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs, expects failure, gives standard error.
    pub(crate) fn fails(&self, args: &[&str]) -> String {
        let output = self.output(args);
        assert!(!output.status.success(), "{args:?} should have failed");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// JSON lines of a listing.
    pub(crate) fn rows(&self, args: &[&str]) -> Vec<Value> {
        self.ok(args).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Imports and gives the batch's sums.
    pub(crate) fn import(&self, paths: &[&Path]) -> Batch {
        let mut args = vec!["import", "--json"];
        args.extend(paths.iter().map(|path| path.to_str().unwrap()));
        let out = self.ok(&args);
        Batch::parse(out.lines().last().unwrap())
    }

    /// Everything that must not depend on how the data came about: listings and lake files.
    pub(crate) fn state(&self) -> State {
        self.state_of(&[
            vec!["imports", "--json"],
            vec!["people", "--json", "--limit", "10000"],
            vec!["units", "--json"],
            vec!["identities", "review", "--json"],
            vec!["identities", "merges", "--json"],
            vec!["network", "people", "--json"],
            vec!["network", "silos", "--json"],
        ])
    }

    /// Some listings and all lake files.
    pub(crate) fn state_of(&self, listings: &[Vec<&str>]) -> State {
        let mut text = String::new();
        for args in listings {
            for mut row in self.rows(args) {
                if let Some(object) = row.as_object_mut() {
                    object.remove("finished");
                }
                text.push_str(&format!("{row}\n"));
            }
        }
        State { text, files: files(&self.data.path().join("lake")) }
    }
}

/// What [`Tieline::state`] compares.
#[derive(PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) text: String,
    pub(crate) files: BTreeMap<PathBuf, String>,
}

impl State {
    /// Fails with the first difference.
    pub(crate) fn assert_same(&self, other: &Self, what: &str) {
        for (one, two) in self.text.lines().zip(other.text.lines()) {
            assert_eq!(one, two, "{what}");
        }
        assert_eq!(self.text.lines().count(), other.text.lines().count(), "{what}");
        let names = |state: &Self| state.files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(self), names(other), "{what}: other files");
        for (name, digest) in &self.files {
            assert_eq!(Some(digest), other.files.get(name), "{what}: {} differs", name.display());
        }
    }
}

/// Digest of every file below a folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let Ok(entries) = fs::read_dir(&at) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let digest = blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), digest);
            }
        }
    }
    found
}

/// A file of the demo world.
pub(crate) fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo").join(name)
}

/// The sums of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) id: String,
    pub(crate) read: u64,
    pub(crate) new: u64,
    pub(crate) duplicate: u64,
    pub(crate) left_out: u64,
    pub(crate) issues: u64,
}

impl Batch {
    pub(crate) fn parse(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).unwrap();
        let n = |key: &str| value[key].as_u64().unwrap();
        let batch = Self {
            id: value["batch"].as_str().unwrap().to_owned(),
            read: n("read"),
            new: n("new"),
            duplicate: n("duplicate"),
            left_out: n("left_out"),
            issues: n("issues"),
        };
        let sum = batch.new + batch.duplicate + batch.left_out + batch.issues;
        assert_eq!(batch.read, sum, "the sums add up: {batch:?}");
        batch
    }
}

/// A message as a mail program writes it.
pub(crate) fn message(id: &str, from: &str, to: &str, date: &str, more: &str) -> String {
    format!(
        "From {from} Thu Mar  5 10:00:00 2026\nFrom: {from}\nTo: {to}\nDate: {date}\n\
         Message-ID: <{id}>\n{more}Subject: zanzibar subject\n\nA zanzibar body.\n\n"
    )
}
