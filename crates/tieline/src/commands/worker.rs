//! `tieline worker`: runs jobs, apart from the server.

use std::path::Path;

use anyhow::{Context, Result};

use super::serve::{log_to_stderr, told_to_stop};
use crate::cli::LogFormat;
use crate::output::line;
use crate::pipeline::keep::{self, Duties};
use crate::pipeline::post::Postman;
use crate::workspace::{Workspace, data_folder, runtime};

/// Runs jobs until it is told to stop. A job that is running then is put back and begun anew by the
/// next worker.
pub(super) fn run(data: Option<&Path>) -> Result<()> {
    log_to_stderr(LogFormat::Text);
    let data = data_folder(data)?;
    drop(Workspace::open_beside(&data)?);
    let data = data.canonicalize().context("cannot find the data folder")?;
    let keeper = keep::start(data.clone(), Duties { live: None, jobs: true })?;
    let postman = Postman::start(&data)?;
    line(format!("working in {}  (Ctrl-C stops)", data.display()))?;
    runtime()?.block_on(told_to_stop());
    postman.into_iter().for_each(Postman::stop);
    keeper.stop();
    Ok(())
}
