//! How the columns of directories are understood, shown before an import.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use anyhow::Result;
use tieline_import::directory::{Certainty, TablePreview, read_directory_preview};
use tieline_import::walk::Inputs;

use crate::output::line;
use crate::pipeline::import::Read as Batch;

/// Kinds of files whose columns are guessed.
const GUESSED: [&str; 2] = ["directory", "spreadsheet"];

/// Says how each column of each directory is understood, whether text or spreadsheet. Tables inside
/// archives are read the same way, but not shown here.
pub(super) fn say(inputs: &Inputs, batch: &Batch) -> Result<()> {
    let directories: Vec<&str> = batch
        .files
        .iter()
        .filter(|file| GUESSED.contains(&file.kind.as_str()))
        .map(|file| file.name.as_str())
        .collect();
    for input in inputs.files.iter().filter(|input| directories.contains(&input.name.as_str())) {
        // A file that cannot be read is an issue of the batch already.
        for table in tables(&input.path).unwrap_or_default() {
            say_table(&input.name, &table)?;
        }
    }
    Ok(())
}

fn tables(path: &Path) -> io::Result<Vec<TablePreview>> {
    read_directory_preview(&mut BufReader::new(File::open(path)?))
}

fn say_table(file: &str, table: &TablePreview) -> Result<()> {
    match &table.sheet {
        Some(sheet) => line(format!("columns of {file}, sheet {sheet}:"))?,
        None => line(format!("columns of {file}:"))?,
    }
    for column in &table.columns {
        let sure = match column.certainty {
            Certainty::Sure => "sure",
            Certainty::Check => "check",
            Certainty::Skip => "skip",
        };
        let field = column.field.map_or("not read", |field| field.name());
        line(format!("  {sure:<6}{:<28} {field:<14} {}", column.header, column.why))?;
    }
    Ok(())
}
