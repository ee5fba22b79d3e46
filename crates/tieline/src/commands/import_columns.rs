//! How the columns of directories are understood, shown before an import.

use anyhow::Result;
use tieline_import::directory::{Certainty, TablePreview};
use tieline_import::walk::Inputs;

use crate::output::line;
use crate::pipeline::import::Read as Batch;
use crate::pipeline::preview::directories;

/// Says how each column of each directory is understood, whether text or spreadsheet.
pub(super) fn say(inputs: &Inputs, batch: &Batch) -> Result<()> {
    for (file, table) in directories(inputs, &batch.files) {
        say_table(&file, &table)?;
    }
    Ok(())
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
