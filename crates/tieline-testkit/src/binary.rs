//! Running the built binary as a user does.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::data::TempData;

/// The built binary with a data folder of its own.
#[derive(Debug)]
pub struct Tieline {
    binary: PathBuf,
    data: TempData,
}

/// What a run ended with.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Tieline {
    /// For the binary at `binary`, with an empty data folder. Integration tests of the package
    /// `tieline` pass `env!("CARGO_BIN_EXE_tieline")`.
    ///
    /// # Panics
    /// When the system gives no temporary folder.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self { binary: binary.into(), data: TempData::new() }
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// A command with these arguments, not yet started: its data folder is set by `TIELINE_DATA`,
    /// its own variables of the environment are removed, and nothing is coloured.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TIELINE_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).env("TIELINE_DATA", self.data()).env("NO_COLOR", "1");
        command
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Outcome {
        let output = self.command(arguments).output();
        let output =
            output.unwrap_or_else(|error| panic!("starting {}: {error}", self.binary.display()));
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Outcome {
    /// Itself, when the run ended well.
    ///
    /// # Panics
    /// When it did not, with both outputs.
    #[track_caller]
    pub fn success(self) -> Self {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.stdout, self.stderr);
        self
    }

    /// Itself, when the run was refused with a plain exit code other than 0 and without a panic.
    ///
    /// # Panics
    /// When it ended well, panicked, or was ended by a signal.
    #[track_caller]
    pub fn refused(self) -> Self {
        let plain = self.code.is_some_and(|code| code != 0 && code != 101);
        assert!(plain, "code {:?}\nout: {}\nerr: {}", self.code, self.stdout, self.stderr);
        self
    }

    /// The last line of standard output that is not blank, as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn last_json(&self) -> Value {
        let line = self.stdout.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("");
        serde_json::from_str(line).unwrap_or_else(|error| panic!("'{line}' is no JSON: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_tells_code_and_outputs() {
        let shell = Tieline::new("/bin/sh");
        let done = shell.run(["-c", "echo first; echo '{\"n\": 3}'; test -d \"$TIELINE_DATA\""]);
        assert_eq!(done.success().last_json()["n"], 3);
        let refused = shell.run(["-c", "echo no >&2; exit 2"]).refused();
        assert_eq!(refused.stderr, "no\n");
    }
}
