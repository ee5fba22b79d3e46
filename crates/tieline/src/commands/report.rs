//! `tieline report`: the findings as one page.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use tieline_insight::{Findings, Names};
use tieline_web::report::{Frame, ReportOptions, render};

use crate::cli::ReportArgs;
use crate::output::line;
use crate::pipeline::network::look;
use crate::workspace::Workspace;

/// Writes the report.
pub(super) fn run(workspace: &Workspace, args: &ReportArgs) -> Result<()> {
    let looked = look(workspace, &args.scope)?;
    let names = if args.hide_names { Names::Hidden } else { Names::Shown };
    let findings = looked.analyse(workspace, names)?;
    write(workspace, &findings, args.title.as_deref(), &args.output)
}

/// Renders findings and writes the page whole or not at all.
pub(super) fn write(
    workspace: &Workspace,
    findings: &Findings,
    title: Option<&str>,
    output: &Path,
) -> Result<()> {
    let options = ReportOptions {
        workspace: workspace.config.workspace.clone(),
        title: title.map(str::to_owned),
        frame: Frame::File,
    };
    let page = render(findings, &options)?;
    if output == Path::new("-") {
        return io::stdout().write_all(page.as_bytes()).context("cannot write to standard output");
    }
    let shown = output.display();
    let mut half = output.as_os_str().to_owned();
    half.push(".part");
    fs::write(&half, &page).with_context(|| format!("cannot write {shown}"))?;
    fs::rename(&half, output).with_context(|| format!("cannot write {shown}"))?;
    line(format!("report written to {shown}: open it in a browser"))
}
