//! What a dry run found: written by the worker, shown by a page, gone with the files it is about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What an import of some files would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Id that the import would have.
    pub import: String,
    /// Whether these files are imported already: then the sums are of that import.
    pub is_known: bool,
    /// Files, the first of them.
    pub files: Vec<FileFound>,
    /// All files.
    pub n_files: u64,
    /// Tables of people, and how their columns are understood; the first of them.
    pub tables: Vec<Table>,
    /// Records read.
    pub read: u64,
    /// That no live import brought.
    pub new: u64,
    /// That one brought.
    pub duplicate: u64,
    /// Kept out of ties.
    pub left_out: u64,
    /// Lost.
    pub issues: u64,
    /// Kept after a repair.
    pub repaired: u64,
    /// What is kept out of ties, by reason.
    pub left_out_by: Vec<(String, u64)>,
    /// What would become of people, with examples.
    #[serde(default)]
    pub outlook: Outlook,
}

/// What would become of people, and examples of what waits and what is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outlook {
    /// People whom nothing named before.
    pub new_people: u64,
    /// Some of them.
    pub some_new: Vec<Known>,
    /// People who were known and are recognised.
    pub known_people: u64,
    /// Some of them.
    pub some_known: Vec<Known>,
    /// Pairs that would wait for a word.
    pub n_pairs: u64,
    /// The first of them.
    pub pairs: Vec<PairFound>,
    /// Records kept after a repair, the first of them.
    pub repaired: Vec<IssueFound>,
    /// Records that are lost, the first of them.
    pub lost: Vec<IssueFound>,
    /// Addresses that stand for nobody, with what they stand for; the first of them.
    pub nobody: Vec<(String, String)>,
}

/// Someone by name and address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// Name.
    pub name: String,
    /// Addresses.
    pub addresses: Vec<String>,
}

/// Two who may be one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PairFound {
    /// One.
    pub a: Known,
    /// The other.
    pub b: Known,
    /// How likely they are one, of a hundred.
    pub percent: u64,
    /// What speaks for one person.
    pub reasons_for: Vec<String>,
    /// What speaks for two.
    pub reasons_against: Vec<String>,
}

/// Something that could not be read, or only after a repair.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IssueFound {
    /// Its file.
    pub file: String,
    /// Where in it.
    pub position: String,
    /// Why.
    pub reason: String,
}

/// Columns of tables as a person matched them: kept beside the files until they are imported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Matched {
    /// Each table that was matched.
    pub tables: Vec<MatchedTable>,
}

/// One table with the meaning of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatchedTable {
    /// Its file.
    pub file: String,
    /// Its sheet, in a spreadsheet.
    pub sheet: Option<String>,
    /// `field -> column header`, as the command line takes it.
    pub columns: BTreeMap<String, String>,
}

/// The first thing that shows while files are read: preliminary, of what was read until then.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct First {
    /// In one sentence. Names nobody.
    pub sentence: String,
    /// Records that it is made from.
    pub records: u64,
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileFound {
    /// Its name.
    pub name: String,
    /// Name of the source that read it; empty when it was skipped.
    pub kind: String,
    /// Records read.
    pub records: u64,
    /// Records lost.
    pub lost: u64,
    /// Why it was not read.
    pub skipped_why: Option<String>,
}

/// A table of people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its file.
    pub file: String,
    /// Its sheet, in a spreadsheet.
    pub sheet: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// What a mapping calls a column: its header, and `header#n` for the n-th of the same header.
    pub fn name_of(&self, at: usize) -> String {
        let Some(column) = self.columns.get(at) else { return String::new() };
        let same = |other: &&Column| other.header.trim() == column.header.trim();
        match self.columns.iter().take(at).filter(same).count() {
            0 => column.header.clone(),
            before => format!("{}#{}", column.header.trim(), before + 1),
        }
    }
}

/// A column and how it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// What it means; `None` when it is not read.
    pub field: Option<String>,
    /// How sure that is.
    pub sure: Sure,
    /// Why, in a few words.
    pub why: String,
}

/// How sure the meaning of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sure {
    /// Header or content say so.
    Sure,
    /// Likely; a person should look.
    Check,
    /// Not read.
    Skip,
}

/// What a column of a staff list can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldWord {
    /// The word of mappings.
    pub word: &'static str,
    /// Whether several columns can mean it.
    pub may_repeat: bool,
    /// Whether it tells people apart.
    pub names_people: bool,
}

impl FieldWord {
    /// In words.
    pub(crate) fn label(&self) -> String {
        match self.word {
            "name" => t!("imports-field-name"),
            "given" => t!("imports-field-given"),
            "family" => t!("imports-field-family"),
            "email" => t!("imports-field-email"),
            "phone" => t!("imports-field-phone"),
            "reference" => t!("imports-field-reference"),
            "organisation" => t!("imports-field-organisation"),
            "unit" => t!("imports-field-unit"),
            "title" => t!("imports-field-title"),
            "grade" => t!("imports-field-grade"),
            "location" => t!("imports-field-location"),
            "manager" => t!("imports-field-manager"),
            "from" => t!("imports-field-from"),
            "to" => t!("imports-field-to"),
            other => other.to_owned(),
        }
    }
}

const fn field(word: &'static str) -> FieldWord {
    FieldWord { word, may_repeat: false, names_people: false }
}

const fn several(of: FieldWord) -> FieldWord {
    FieldWord { may_repeat: true, ..of }
}

const fn naming(of: FieldWord) -> FieldWord {
    FieldWord { names_people: true, ..of }
}

/// Everything that a column can mean, as the importer knows it.
pub const FIELDS: [FieldWord; 14] = [
    naming(field("name")),
    field("given"),
    naming(field("family")),
    naming(several(field("email"))),
    several(field("phone")),
    naming(field("reference")),
    field("organisation"),
    several(field("unit")),
    field("title"),
    field("grade"),
    field("location"),
    field("manager"),
    field("from"),
    field("to"),
];

/// The field of a word of a mapping; `unit2`, `email3` are further columns of a field.
pub fn field_named(word: &str) -> Option<&'static FieldWord> {
    let bare = word.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    FIELDS.iter().find(|field| field.word == bare)
}

/// What is kept beside files that wait for an import: found by their paths, gone with them.
pub trait Beside: Serialize + DeserializeOwned {
    /// How the name of its file ends.
    const ENDING: &'static str;

    /// Where it lies, for an import from these paths.
    fn path(uploads: &Path, paths: &[String]) -> PathBuf {
        let mut hasher = blake3::Hasher::new();
        for path in paths {
            hasher.update(path.as_bytes()).update(&[0]);
        }
        uploads.join(format!("{}.{}", hasher.finalize().to_hex(), Self::ENDING))
    }

    /// Reads it; `None` when there is none any more, or it is of another version of the program.
    fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let half = path.with_extension("half");
        fs::write(&half, serde_json::to_vec(self)?)?;
        fs::rename(half, path)
    }
}

impl Beside for Preview {
    const ENDING: &'static str = "json";
}

impl Beside for Matched {
    const ENDING: &'static str = "columns.json";
}

impl Beside for First {
    const ENDING: &'static str = "first.json";
}

/// Everything that may lie beside the files of these paths.
pub fn beside(uploads: &Path, paths: &[String]) -> [PathBuf; 3] {
    [Preview::path(uploads, paths), Matched::path(uploads, paths), First::path(uploads, paths)]
}

impl Matched {
    /// The columns of one table, if a person matched them.
    pub fn of(&self, file: &str, sheet: Option<&str>) -> Option<&BTreeMap<String, String>> {
        let is_it = |table: &&MatchedTable| table.file == file && table.sheet.as_deref() == sheet;
        self.tables.iter().find(is_it).map(|table| &table.columns)
    }

    /// Sets the columns of one table.
    pub fn set(&mut self, file: &str, sheet: Option<&str>, columns: BTreeMap<String, String>) {
        self.tables.retain(|table| table.file != file || table.sheet.as_deref() != sheet);
        let sheet = sheet.map(str::to_owned);
        self.tables.push(MatchedTable { file: file.to_owned(), sheet, columns });
    }
}
