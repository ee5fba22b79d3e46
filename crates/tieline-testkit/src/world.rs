//! The demo world and a slice of it.

use std::path::PathBuf;

use serde_json::Value;

use crate::data::workspace_root;

/// The folder `demo/` of the workspace: archives, slice, and what must be found in them.
pub fn demo_dir() -> PathBuf {
    workspace_root().join("demo")
}

/// The archives of the whole demo world: the folder to give to `tieline import`.
pub fn demo_archives() -> PathBuf {
    demo_dir().join("archives")
}

/// `demo/EXPECTED.json`: totals counted by the generator and the planted truths, people named by
/// their addresses.
///
/// # Panics
/// When the file is missing or is no JSON.
pub fn expected() -> Value {
    let path = demo_dir().join("EXPECTED.json");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("reading {}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A few hundred messages of the demo world with their directory, calendar and cards: Housing and
/// Public Health among themselves in the last ten weeks. Plain files, quick to read.
#[derive(Debug, Clone)]
pub struct SmallWorld {
    /// The folder that holds the four files, and nothing else.
    pub dir: PathBuf,
    /// An mbox (mboxrd), one record a message, none of them broken.
    pub mail: PathBuf,
    /// The council's directory for the two departments.
    pub directory: PathBuf,
    /// Their meetings.
    pub calendar: PathBuf,
    /// Cards (vCard 3.0) of some of them and of one organisation.
    pub contacts: PathBuf,
    /// Messages in `mail`; no two have the same Message-ID.
    pub messages: u64,
    /// Rows of `directory`: one a person, one vacant post, one person who left.
    pub rows: u64,
    /// VEVENT components of `calendar`.
    pub components: u64,
    /// Cards in `contacts`.
    pub cards: u64,
}

/// The slice of the demo world, with the generator's counts.
///
/// # Panics
/// When `demo/` is not as generated.
pub fn small_world() -> SmallWorld {
    let dir = demo_dir().join("slice");
    let told = expected();
    let count = |file: &str, what: &str| {
        told["slice"][format!("slice/{file}")][what]
            .as_u64()
            .unwrap_or_else(|| panic!("demo/EXPECTED.json does not count {what} of {file}"))
    };
    SmallWorld {
        mail: dir.join("mail.mbox"),
        directory: dir.join("directory.csv"),
        calendar: dir.join("calendar.ics"),
        contacts: dir.join("contacts.vcf"),
        messages: count("mail.mbox", "messages"),
        rows: count("directory.csv", "rows"),
        components: count("calendar.ics", "components"),
        cards: count("contacts.vcf", "cards"),
        dir,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slice_is_small_and_counted() {
        let world = small_world();
        let mail = std::fs::read_to_string(&world.mail).unwrap();
        let separators = mail.lines().filter(|line| line.starts_with("From ")).count();
        assert_eq!(separators as u64, world.messages);
        assert!((200..1_000).contains(&world.messages), "{}", world.messages);
        let calendar = std::fs::read_to_string(&world.calendar).unwrap();
        assert_eq!(calendar.matches("BEGIN:VEVENT").count() as u64, world.components);
        let cards = std::fs::read_to_string(&world.contacts).unwrap();
        assert_eq!(cards.matches("BEGIN:VCARD").count() as u64, world.cards);
        let rows = std::fs::read_to_string(&world.directory).unwrap();
        assert_eq!(rows.lines().count() as u64, world.rows + 1);
    }

    #[test]
    fn every_archive_that_is_counted_is_there() {
        let told = expected();
        for path in told["mail"]["archives"].as_object().unwrap().keys() {
            assert!(demo_dir().join(path).is_file(), "{path}");
        }
        assert!(demo_archives().is_dir());
    }
}
