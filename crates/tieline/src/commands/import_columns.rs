//! How the columns of directories are understood, shown before an import.

use std::fs::File;
use std::io::Read;

use anyhow::Result;
use tieline_import::directory::{Certainty, read_directory_preview};
use tieline_import::walk::Inputs;

use crate::output::line;
use crate::pipeline::import::Read as Batch;

/// Bytes looked at.
const HEAD: u64 = 64 << 10;

/// Says how each column of each plain directory file is understood. Tables inside archives and
/// spreadsheets are read the same way, but not shown here.
pub(super) fn say(inputs: &Inputs, batch: &Batch) -> Result<()> {
    let directories: Vec<&str> = batch
        .files
        .iter()
        .filter(|file| file.kind == "directory")
        .map(|file| file.name.as_str())
        .collect();
    for input in inputs.files.iter().filter(|input| directories.contains(&input.name.as_str())) {
        let mut head = Vec::new();
        if File::open(&input.path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_err()
        {
            continue;
        }
        let columns = read_directory_preview(&head);
        if columns.is_empty() {
            continue;
        }
        line(format!("columns of {}:", input.name))?;
        for column in columns {
            let sure = match column.certainty {
                Certainty::Sure => "sure",
                Certainty::Check => "check",
                Certainty::Skip => "skip",
            };
            let field = column.field.map_or("not read", |field| field.name());
            line(format!("  {sure:<6}{:<28} {field:<14} {}", column.header, column.why))?;
        }
    }
    Ok(())
}
