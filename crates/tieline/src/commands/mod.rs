//! One file a command: arguments in, listings out.

mod accounts;
mod backup;
mod config;
mod demo;
mod erase;
mod identities;
mod import;
mod import_columns;
mod imports;
mod link;
mod mail;
mod network;
mod people;
mod report;
mod serve;
mod shell;
mod units;
mod who;
mod worker;
mod workspace_copy;

use anyhow::Result;

use crate::cli::{Cli, Command, MailAction};
use crate::workspace::Workspace;

/// Runs a command.
///
/// # Errors
/// What went wrong, in words for the person at the terminal.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let data = cli.data.as_deref();
    match cli.command {
        Command::Completions { shell } => shell::completions(shell),
        Command::Man => shell::man(),
        Command::Demo(args) => demo::run(data, &args),
        Command::Serve(args) => serve::run(data, &args),
        Command::Worker => worker::run(data),
        Command::Link(args) => link::run(data, &args),
        Command::Accounts(args) => accounts::run(data, &args),
        Command::Mail { action: MailAction::Test { address } } => mail::test(data, &address),
        Command::Config(args) => config::run(data, &args),
        Command::Backup { file } => backup::backup(&Workspace::open(data)?, &file),
        Command::Restore { file } => backup::restore(data, &file),
        Command::Workspace { action } => workspace_copy::run(data, &action),
        Command::Check => config::check_data(&Workspace::open(data)?),
        Command::Import(args) => import::run(&Workspace::open(data)?, &args),
        Command::Imports(args) => imports::run(&Workspace::open(data)?, &args),
        Command::People(args) => people::run(&settled(data)?, &args),
        Command::Units(args) => units::run(&settled(data)?, &args),
        Command::Identities(args) => identities::run(&settled(data)?, &args),
        Command::Network(args) => network::run(&settled(data)?, &args),
        Command::Report(args) => report::run(&settled(data)?, &args),
    }
}

/// A workspace whose derived state is up to date.
fn settled(data: Option<&std::path::Path>) -> Result<Workspace> {
    let workspace = Workspace::open(data)?;
    if workspace.live()?.is_empty() {
        crate::output::note(format!(
            "nothing is imported in {} yet: `tieline import PATH...` reads your archives, \
             `tieline demo` shows a made-up coalition",
            workspace.data.display()
        ));
    }
    crate::pipeline::settle::settle(&workspace)?;
    Ok(workspace)
}
