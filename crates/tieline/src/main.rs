//! Tieline: see who works with whom, find whom to work with, keep partnerships alive.

mod cli;
mod commands;
mod config;
mod output;
mod pipeline;
mod tls;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// An import asks for millions of short-lived pieces of memory: the system's allocator takes
/// noticeably longer for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::note(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
