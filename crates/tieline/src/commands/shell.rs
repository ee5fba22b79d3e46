//! Completions and the manual page.

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::cli::Cli;

/// Prints a completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tieline", &mut script);
    io::stdout().write_all(&script).context("cannot write to standard output")
}

/// Prints the manual page, all commands in it.
pub(super) fn man() -> Result<()> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    // Gives subcommands their full names.
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        clap_mangen::Man::new(sub.clone()).render(&mut page)?;
    }
    io::stdout().write_all(&page).context("cannot write to standard output")
}
