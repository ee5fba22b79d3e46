//! The project's own tasks: `cargo xtask NAME`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

mod demo;
mod gate;
mod licences;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask NAME

  demo           write the demo world into demo/ again, byte for byte the same
  demo --check   compare demo/ with what would be written
  licences       check what may be linked: licences, banned crates, sources
  test           everything CI runs: format, lints, tests, documentation, demo, licences";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo"] => demo::write().map(|()| ExitCode::SUCCESS),
        ["demo", "--check"] => demo::check().map(|()| ExitCode::SUCCESS),
        ["licences"] => licences::check().map(|()| ExitCode::SUCCESS),
        ["test"] => gate::run(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(anyhow::anyhow!("no task '{}'\n\n{USAGE}", words.join(" "))),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
