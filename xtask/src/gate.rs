//! `cargo xtask test`: exactly what CI runs, and nothing CI has beside it.
//!
//! Every step runs, whatever became of the one before, so that one run shows everything. The last
//! line counts tests; a step that fails counts as one more failure.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{demo, licences};

/// Place of the tests among the steps.
const TESTS: usize = 3;

/// Counts over all test binaries and doctests.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Runs all steps; fails when one of them does.
pub(crate) fn run() -> Result<ExitCode> {
    let mut counts = Counts::default();
    let steps: [(&str, Result<()>); 8] = [
        ("format", cargo(&["fmt", "--all", "--check"], &[])),
        ("demo world", announced("demo --check", demo::check)),
        ("lints", cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])),
        ("tests", tests(&mut counts)),
        ("pages in a browser", announced("pages in a browser", || browser(&mut counts))),
        ("interface for programs", announced("interface for programs", || fuzz(&mut counts))),
        (
            "documentation",
            cargo(&["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]),
        ),
        // Last: by now cargo has fetched every crate, so that no network is needed.
        ("licences and crates", announced("licences", licences::check)),
    ];
    println!();
    for (name, outcome) in &steps {
        match outcome {
            Ok(()) => println!("{name}: ok"),
            Err(error) => println!("{name}: FAILED: {error:#}"),
        }
    }
    let broken = steps.iter().filter(|step| step.1.is_err()).count();
    // Failing tests fail their step too: count them once.
    let tests_alone = usize::from(steps[TESTS].1.is_err() && counts.failed > 0);
    counts.failed += broken - tests_alone;
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn announced(name: &str, step: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {name}");
    step()
}

/// A cargo command at the root of the workspace. In CI the lock file is law.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let (own, passed_on) = match arguments.iter().position(|word| *word == "--") {
        Some(at) => arguments.split_at(at),
        None => (arguments, &[][..]),
    };
    command.args(own);
    if ci && arguments.first() != Some(&"fmt") {
        command.arg("--locked");
    }
    command.args(passed_on);
    command
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    println!("\n== cargo {}", arguments.join(" "));
    let mut command = command(arguments);
    command.envs(environment.iter().copied());
    let status = command.status().with_context(|| format!("starting cargo {}", arguments[0]))?;
    if !status.success() {
        bail!("cargo {} ended with {status}", arguments[0]);
    }
    Ok(())
}

/// All tests and doctests. What passing tests print is read for `skipped: ...` and not shown
/// beyond that.
fn tests(counts: &mut Counts) -> Result<()> {
    let arguments = ["test", "--workspace", "--no-fail-fast", "--", "--show-output"];
    println!("\n== cargo {}", arguments.join(" "));
    let mut child =
        command(&arguments).stdout(Stdio::piped()).spawn().context("starting cargo test")?;
    let output = child.stdout.take().context("reading what cargo test prints")?;
    let mut inside_successes = false;
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("reading what cargo test prints")?;
        let line = String::from_utf8_lossy(&line);
        if line == "successes:" {
            inside_successes = true;
        } else if line == "failures:" || line.starts_with("test result:") {
            inside_successes = false;
        }
        if line.starts_with("skipped: ") {
            counts.skipped += 1;
            println!("{line}");
        } else if !inside_successes {
            println!("{line}");
        }
        counts.read(&line);
    }
    let status = child.wait().context("waiting for cargo test")?;
    // A test that said it was skipped did not fail, but it did not test anything either.
    counts.passed -= counts.skipped.min(counts.passed);
    if !status.success() {
        bail!("{} tests failed ({status})", counts.failed);
    }
    Ok(())
}

/// The demo world's report and its application in a real browser: accessibility, both themes,
/// several widths, the main tasks by mouse and by keyboard.
fn browser(counts: &mut Counts) -> Result<()> {
    let folder = tempfile::tempdir().context("making a folder for the demo world")?;
    let report = folder.path().join("report.html");
    let mut demo = Demo::start(folder.path(), &report)?;
    let link = demo.link()?;
    script(counts, "crates/tieline-web/tests/browser/run.sh", &[report.as_os_str(), link.as_ref()])
}

/// The API of a demo against its own description, with what it allows and what it does not.
fn fuzz(counts: &mut Counts) -> Result<()> {
    let folder = tempfile::tempdir().context("making a folder for the demo world")?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data).context("making a folder for the demo world")?;
    // It asks far more often than any program of one account should.
    let config = "[api]\nrequests_a_minute = 10000000\n";
    std::fs::write(data.join("tieline.toml"), config).context("configuring the demo world")?;
    let mut demo = Demo::start(folder.path(), &folder.path().join("report.html"))?;
    let link = demo.link()?;
    script(counts, "crates/tieline-web/tests/fuzz/run.sh", &[link.as_ref()])
}

/// Runs a script that ends with a line that counts.
fn script(counts: &mut Counts, script: &str, arguments: &[&OsStr]) -> Result<()> {
    let output = Command::new("sh")
        .arg(script)
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {script}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    counts.skipped += text.lines().filter(|line| line.starts_with("skipped: ")).count();
    // Each script ends with a line of its own.
    for line in text.lines().filter(|line| line.contains(" passed, ")) {
        counts.read(&format!("test result: {}", line.replace(',', ";")));
    }
    if !output.status.success() {
        bail!("{script} ended with {}", output.status);
    }
    Ok(())
}

/// The program as the tests built it: on its own it would be built with other features of others'
/// crates, all of them anew.
fn program() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let program = root.join(target).join("debug/tieline");
    if !program.exists() {
        cargo(&["build", "--package", "tieline"], &[])?;
    }
    Ok(program)
}

/// A running demo. It ends when this is dropped.
struct Demo {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Demo {
    /// Starts the demo on a port that is free, with its data in a folder.
    fn start(folder: &Path, report: &Path) -> Result<Self> {
        let mut child = Command::new(program()?)
            .arg("--data")
            .arg(folder.join("data"))
            .args(["demo", "--no-open", "--port", "0", "-o"])
            .arg(report)
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the demo")?;
        let said = child.stdout.take().context("reading what the demo prints")?;
        Ok(Self { child, said: BufReader::new(said).lines() })
    }

    /// The link that it prints once it serves.
    fn link(&mut self) -> Result<String> {
        for line in &mut self.said {
            let line = line.context("reading what the demo prints")?;
            if line.contains("open this link")
                && let Some(link) = line.split(' ').find(|word| word.starts_with("http://"))
            {
                return Ok(link.to_owned());
            }
        }
        bail!("the demo ended before it served")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Counts {
    /// Adds what a line `test result: ok. 8 passed; 0 failed; 0 ignored; ...` tells.
    fn read(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        let number = |word: &str| {
            let part = rest.split([';', '.']).map(str::trim).find(|part| part.ends_with(word));
            part.and_then(|part| part.split(' ').next()?.parse::<usize>().ok()).unwrap_or(0)
        };
        self.passed += number(" passed");
        self.failed += number(" failed");
        self.skipped += number(" ignored");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_binaries_add_up() {
        let mut counts = Counts::default();
        for line in [
            "test result: ok. 8 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.36s",
            "test a::b ... ok",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ] {
            counts.read(line);
        }
        assert_eq!((counts.passed, counts.failed, counts.skipped), (10, 3, 1));
    }
}
