//! Every sample of `corpus/` (calendars, contacts, directories, networks; invented people) is taken
//! by the source that is meant for it, among all sources, and gives the records that are in it.

// Helpers of tests are tests too: a failure here is a failed test.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use tieline_import::directory::{Certainty, Field, read_directory_preview};
use tieline_import::{Context, Probe, Sink, Source, Stop, sources};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

#[derive(Default)]
struct Kept {
    records: Vec<Record>,
    lost: usize,
    repaired: usize,
}

impl Sink for Kept {
    fn record(&mut self, _: Position, record: Record) -> Result<(), Stop> {
        self.records.push(record);
        Ok(())
    }
    fn issue(&mut self, _: Position, severity: Severity, _: String) -> Result<(), Stop> {
        match severity {
            Severity::Lost => self.lost += 1,
            Severity::Repaired => self.repaired += 1,
        }
        Ok(())
    }
}

fn sample(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    std::fs::read(path).unwrap()
}

/// The surest source; of equally sure ones the first.
fn surest(file_name: &str, head: &[u8]) -> &'static dyn Source {
    let probe = Probe { file_name, folders: &[], head };
    let mut best = (tieline_import::Confidence::No, sources()[0]);
    for source in sources() {
        let found = source.detect(&probe);
        if found > best.0 {
            best = (found, *source);
        }
    }
    assert!(best.0 > tieline_import::Confidence::No, "{file_name}");
    best.1
}

#[test]
fn each_sample_is_taken_by_its_source_and_read_in_full() {
    for (name, source, records, lost, repaired) in [
        ("calendar/meetings.ics", "icalendar", 1, 1, 0),
        ("contacts/cards.vcf", "vcard", 2, 0, 0),
        ("contacts/google.csv", "google-contacts", 1, 0, 0),
        ("contacts/outlook.csv", "outlook-contacts", 1, 0, 0),
        ("contacts/Connections.csv", "linkedin", 1, 0, 0),
        ("directory/staff.csv", "directory", 2, 1, 0),
        ("directory/staff.xlsx", "spreadsheet", 3, 0, 0),
        ("directory/personal-utf16.csv", "directory", 2, 0, 0),
        ("directory/personnel-latin1.csv", "directory", 2, 0, 1),
        ("network/advice-edges.csv", "network-table", 2, 0, 0),
        ("network/advice-nodes.csv", "network-table", 3, 0, 0),
        ("network/contacts.txt", "network-table", 2, 0, 0),
        ("network/attendance.csv", "network-table", 2, 0, 0),
        ("network/matrix.csv", "network-table", 4, 0, 0),
        ("network/map.graphml", "graphml", 3, 0, 0),
        ("network/map.gexf", "gexf", 3, 0, 0),
        ("network/map.json", "kumu", 3, 0, 0),
        ("network/map.net", "pajek", 3, 0, 0),
    ] {
        let bytes = sample(name);
        let file_name = name.rsplit('/').next().unwrap();
        let found = surest(file_name, &bytes);
        assert_eq!(found.name(), source, "{name}");
        let mut kept = Kept::default();
        let context = Context { file: name, file_name, digest: "0", mapping: None, tables: None };
        found.read(&mut &bytes[..], &context, &mut kept).unwrap();
        assert_eq!(
            (kept.records.len(), kept.lost, kept.repaired),
            (records, lost, repaired),
            "{name}"
        );
    }
}

#[test]
fn a_spreadsheet_keeps_numbers_dates_and_rows_as_on_the_screen() {
    let bytes = sample("directory/staff.xlsx");
    let mut kept = Kept::default();
    let context = Context {
        file: "staff.xlsx",
        file_name: "staff.xlsx",
        digest: "0",
        mapping: None,
        tables: None,
    };
    surest("staff.xlsx", &bytes).read(&mut &bytes[..], &context, &mut kept).unwrap();
    let Record::Post(second) = &kept.records[1] else { panic!() };
    assert_eq!(second.reference.as_deref(), Some("1002"));
    assert_eq!(second.manager.as_deref(), Some("1001"));
    assert_eq!(second.from.unwrap().to_string(), "2024-05-13T00:00:00Z");
    let Record::Post(vacant) = &kept.records[2] else { panic!() };
    assert_eq!(vacant.name, None);
}

#[test]
fn a_preview_says_what_each_column_means() {
    let tables =
        read_directory_preview(&mut &sample("directory/personnel-latin1.csv")[..]).unwrap();
    let guesses = &tables[0].columns;
    let fields: Vec<_> = guesses.iter().map(|guess| guess.field).collect();
    assert_eq!(
        fields,
        [Field::Family, Field::Given, Field::Unit, Field::Email, Field::From].map(Some)
    );
    assert!(guesses.iter().all(|guess| guess.certainty == Certainty::Sure));
}
