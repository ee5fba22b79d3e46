//! What a dry run found, for the page that shows it.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use tieline_import::directory::{Certainty, Field, TablePreview, read_directory_preview};
use tieline_import::walk::Inputs;
use tieline_model::id::ImportId;
use tieline_store::{ImportFile, Tallies};
use tieline_web::preview::{Column, FileFound, Matched, Preview, Sure, Table};

use super::batch::Rehearsed;

/// Kinds of files whose columns are guessed.
const GUESSED: [&str; 2] = ["directory", "spreadsheet"];

/// Files named one by one.
const MAX_FILES: usize = 200;

/// Tables whose columns are shown.
const MAX_TABLES: usize = 20;

/// How the columns of each directory are understood, with its file. Tables inside archives are read
/// the same way, but not shown.
pub(crate) fn directories(inputs: &Inputs, files: &[ImportFile]) -> Vec<(String, TablePreview)> {
    let directories: Vec<&str> = files
        .iter()
        .filter(|file| GUESSED.contains(&file.kind.as_str()))
        .map(|file| file.name.as_str())
        .collect();
    let wanted = inputs.files.iter().filter(|input| directories.contains(&input.name.as_str()));
    wanted
        .flat_map(|input| {
            // A file that cannot be read is an issue of the batch already.
            let tables = tables(&input.path).unwrap_or_default();
            tables.into_iter().map(|table| (input.name.clone(), table))
        })
        .collect()
}

fn tables(path: &Path) -> io::Result<Vec<TablePreview>> {
    read_directory_preview(&mut BufReader::new(File::open(path)?))
}

/// What a dry run found.
pub(crate) fn found(
    id: ImportId,
    inputs: &Inputs,
    matched: &Matched,
    rehearsed: Rehearsed,
) -> Preview {
    let Rehearsed { batch, tallies, outlook } = rehearsed;
    let tables = directories(inputs, &batch.files).into_iter().take(MAX_TABLES);
    Preview {
        files: batch.files.iter().take(MAX_FILES).map(file).collect(),
        n_files: batch.files.len() as u64,
        tables: tables.map(|(file, found)| table(file, found, matched)).collect(),
        outlook,
        ..known(id, &tallies)
    }
}

/// The same files are in the workspace already as `id`, or are about to be.
pub(crate) fn known(id: ImportId, tallies: &Tallies) -> Preview {
    Preview {
        import: id.to_string(),
        read: tallies.read,
        new: tallies.new,
        duplicate: tallies.duplicate,
        left_out: tallies.left_out,
        issues: tallies.issues,
        repaired: tallies.repaired,
        left_out_by: tallies
            .left_out_by
            .iter()
            .map(|(why, n)| (why.name().to_owned(), *n))
            .collect(),
        ..Preview::default()
    }
}

fn file(file: &ImportFile) -> FileFound {
    FileFound {
        name: file.name.clone(),
        kind: file.kind.clone(),
        records: file.records,
        lost: file.lost,
        skipped_why: file.skipped_why.clone(),
    }
}

fn table(file: String, found: TablePreview, matched: &Matched) -> Table {
    let by_hand = matched.of(&file, found.sheet.as_deref()).cloned();
    let mut table = guessed(file, found);
    let Some(by_hand) = by_hand else { return table };
    for at in 0..table.columns.len() {
        let named = table.name_of(at);
        let is_it = |header: &str| header.trim().eq_ignore_ascii_case(named.trim());
        let field = by_hand.iter().find(|(_, header)| is_it(header));
        let column = &mut table.columns[at];
        column.field = field.and_then(|(word, _)| Field::from_name(word)).map(word);
        column.sure = if field.is_some() { Sure::Sure } else { Sure::Skip };
        "you said so".clone_into(&mut column.why);
    }
    table
}

fn word(field: Field) -> String {
    field.name().to_owned()
}

fn guessed(file: String, found: TablePreview) -> Table {
    let columns = found.columns.into_iter().map(|column| Column {
        sure: match column.certainty {
            Certainty::Sure => Sure::Sure,
            Certainty::Check => Sure::Check,
            Certainty::Skip => Sure::Skip,
        },
        field: column.field.map(word),
        header: column.header,
        why: column.why,
    });
    Table { file, sheet: found.sheet, columns: columns.collect() }
}
