//! Calendars, contacts, directories and networks of the real world. The data is not in the
//! repository (it names real people): tests that need it say so and end where it is absent.

// Helpers of tests are tests too: a failure here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use tieline_import::calendar::Calendar;
use tieline_import::contacts::VCards;
use tieline_import::directory::DirectoryTable;
use tieline_import::network::NetworkTable;
use tieline_import::{Confidence, Context, Probe, Sink, Source, Stop};
use tieline_model::id::EventId;
use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

#[derive(Default)]
struct Kept {
    records: Vec<Record>,
    lost: Vec<(Position, String)>,
    repaired: usize,
}

impl Sink for Kept {
    fn record(&mut self, _: Position, record: Record) -> Result<(), Stop> {
        self.records.push(record);
        Ok(())
    }
    fn issue(&mut self, at: Position, severity: Severity, reason: String) -> Result<(), Stop> {
        assert!(!reason.is_empty());
        match severity {
            Severity::Lost => self.lost.push((at, reason)),
            Severity::Repaired => self.repaired += 1,
        }
        Ok(())
    }
}

/// The shared data; `None` where it is absent. With `CI=true` it has to be there.
fn data(path: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var("TIELINE_TESTDATA").unwrap_or_else(|_| default.to_owned());
    let path = PathBuf::from(root).join("open").join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "test data is missing");
    println!("skipped: the shared test data is not here");
    None
}

fn unpacked(path: &Path) -> Vec<u8> {
    let file = std::fs::File::open(path).unwrap();
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "xz") {
        liblzma::read::XzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes).unwrap();
    }
    bytes
}

/// Files of an archive: name and content.
fn members(path: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = unpacked(path);
    let mut archive = tar::Archive::new(&bytes[..]);
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if !content.is_empty() || name.contains('.') {
            files.push((name, content));
        }
    }
    files
}

fn read(source: &dyn Source, name: &str, bytes: &[u8]) -> Kept {
    read_mapped(source, name, bytes, None)
}

fn read_mapped(
    source: &dyn Source,
    name: &str,
    bytes: &[u8],
    mapping: Option<&BTreeMap<String, String>>,
) -> Kept {
    let mut kept = Kept::default();
    let mut input = bytes;
    let context = Context { file: name, file_name: name, digest: "0", mapping, tables: None };
    source.read(&mut input, &context, &mut kept).unwrap();
    kept
}

fn expected() -> serde_json::Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expected/calendar_contacts.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Why the number of occurrences differs from that of the independent parser.
const DIFFERENCES: [(&str, &str); 25] = [
    ("issue_464_invalid_rdate.ics", REFUSED),
    ("invalid_duration.ics", REFUSED),
    ("13-MoonPhase.ics", REFUSED),
    ("lotr.ics", REFUSED),
    ("lotr-updated.ics", REFUSED),
    ("bad_rrule_missing_until_event.ics", REFUSED),
    ("issue_117_until_before_dtstart.ics", REFUSED),
    ("vobject_0050.ics", REFUSED),
    ("rfc_7529.ics", REFUSED),
    ("issue_1633_rdate_with_dates.ics", PERIOD_OF_DAYS),
    ("issue_1633_rdate_with_dates_and_tzid.ics", PERIOD_OF_DAYS),
    ("multiple_calendar_components.ics", SAME_EVENT),
    ("classify.ics", SAME_EVENT),
    ("issue_15_duplicated_events.ics", SAME_EVENT),
    ("blalor.ics", EXCLUDED_AND_CHANGED),
    ("issue42.ics", ZONE_NAME),
    ("issue_148_edge_case_1.ics", OLDER_SERIES),
    ("issue_148_exdate_and_rdate_updated.ics", OLDER_SERIES),
    ("issue_148_ignored_exdate.ics", OLDER_SERIES),
    ("issue_163_deleted_modification.ics", OLDER_SERIES),
    ("issue_253_additional_recurrence_id.ics", OLDER_SERIES),
    (
        "issue_243_recurrence_id_is_not_identical_to_dtstart.ics",
        "cut at 4,000 occurrences, which an issue says",
    ),
    (
        "issue_75_range_parameter.ics",
        "UNTIL is a day: here a meeting on that day belongs to the series, there it does not",
    ),
    ("issue_156_RDATE_with_PERIOD_TZID_khal.ics", NOTES),
    ("issue_156_RDATE_with_PERIOD_TZID_khal_2.ics", NOTES),
];
const REFUSED: &str = "the other parser refuses the series; its first occurrence, or what its rule gives, is kept here";
const PERIOD_OF_DAYS: &str = "a period of whole days is no further date here";
const SAME_EVENT: &str =
    "events without any mark that tells them apart are one event in several versions";
const EXCLUDED_AND_CHANGED: &str =
    "an occurrence that is both excluded and stated by itself takes place";
const ZONE_NAME: &str = "290 times differ by the reading of the zone Europe/lisbon (lower case), and with them the ends of series";
const OLDER_SERIES: &str = "a newer version of a series in the same file: what only the older one had stays (decision 0003)";
const NOTES: &str = "Lotus Notes states the dates of a changed series beside RECURRENCE-ID: each is an occurrence here";

/// Distinct events in a window, the highest revision of each counting.
fn occurrences(kept: &Kept, until_seconds: i64) -> usize {
    let mut best: BTreeMap<EventId, (u32, i64)> = BTreeMap::new();
    for record in &kept.records {
        let Record::Gathering(gathering) = record else { continue };
        for occurrence in &gathering.occurrences {
            let found = (gathering.revision, occurrence.at.ms());
            let known = best.entry(occurrence.event).or_insert(found);
            if found.0 > known.0 {
                *known = found;
            }
        }
    }
    let from = 631_152_000_000; // 1990-01-01
    best.values().filter(|(_, at)| (from..until_seconds * 1000).contains(at)).count()
}

#[test]
fn every_calendar_of_the_corpus_is_read_and_counted_as_an_independent_parser_counts() {
    let Some(path) = data("4-calendar-contacts/ics-vcf.tar.xz") else { return };
    let expected = expected();
    let (mut files, mut read_components, mut raw) = (0, 0, 0);
    let mut counts_differ = BTreeSet::new();
    let (mut compared, mut occurrences_differ) = (0, BTreeMap::new());
    for (name, bytes) in members(&path) {
        let lower = name.to_lowercase();
        if !lower.ends_with(".ics") {
            continue;
        }
        files += 1;
        let probe =
            Probe { file_name: &name, folders: &[], head: &bytes[..bytes.len().min(65536)] };
        assert!(Calendar.detect(&probe) >= Confidence::Possible, "{name}");
        let kept = read(&Calendar, &name, &bytes);
        let lost = kept.lost.iter().filter(|(at, _)| *at != Position::File).count();
        let of_file = &expected["files"][&name];
        let begins = of_file["raw_vevents"].as_u64().unwrap() as usize;
        raw += begins;
        read_components += kept.records.len() + lost;
        if kept.records.len() + lost != begins {
            counts_differ.insert(format!("{name}: {} of {begins}", kept.records.len() + lost));
        }
        if let Some(count) = of_file["occurrences"].as_u64() {
            compared += 1;
            let found = occurrences(&kept, of_file["until"].as_i64().unwrap());
            if found as u64 != count {
                occurrences_differ.insert(name.clone(), (found, count));
            }
        }
    }
    println!("{files} calendars, {read_components} of {raw} events, {compared} compared");
    assert!(counts_differ.is_empty(), "{counts_differ:#?}");
    assert_eq!(raw, 10_233);
    let explained: BTreeMap<&str, &str> = DIFFERENCES.iter().copied().collect();
    for (name, (found, expected)) in &occurrences_differ {
        let file = name.rsplit('/').next().unwrap();
        assert!(explained.contains_key(file), "{name}: {found} occurrences, expected {expected}");
    }
    let differ: BTreeSet<&str> =
        occurrences_differ.keys().map(|name| name.rsplit('/').next().unwrap()).collect();
    let stale: Vec<_> = explained.keys().filter(|file| !differ.contains(**file)).collect();
    assert!(stale.is_empty(), "no longer different: {stale:?}");
    assert!(compared - occurrences_differ.len() >= 290, "{} differ", occurrences_differ.len());
    assert_eq!(files, 370);
}

/// Start and minutes between 9 and 30 September 2024 by recurring-ical-events 3.8.2.
const CHANGED_FROM_HERE_ON: [(&str, u32); 12] = [
    ("2024-09-09T12:00:00Z", 120),
    ("2024-09-11T12:00:00Z", 120),
    ("2024-09-13T09:00:00Z", 420),
    ("2024-09-14T06:00:00Z", 420),
    ("2024-09-15T17:00:00Z", 120),
    ("2024-09-17T09:00:00Z", 420),
    ("2024-09-19T09:00:00Z", 420),
    ("2024-09-22T14:22:00Z", 111),
    ("2024-09-24T14:22:00Z", 111),
    ("2024-09-26T14:22:00Z", 111),
    ("2024-09-28T14:22:00Z", 111),
    ("2024-09-30T14:22:00Z", 111),
];

#[test]
fn changes_of_this_and_later_occurrences_are_placed_as_an_independent_parser_places_them() {
    let Some(path) = data("4-calendar-contacts/ics-vcf.tar.xz") else { return };
    let wanted = |name: &str| name.ends_with("/issue_75_range_parameter.ics");
    let (name, bytes) = members(&path).into_iter().find(|(name, _)| wanted(name)).unwrap();
    let mut best: BTreeMap<EventId, (u32, String, u32)> = BTreeMap::new();
    for record in &read(&Calendar, &name, &bytes).records {
        let Record::Gathering(gathering) = record else { panic!("a meeting") };
        for one in &gathering.occurrences {
            let found = (gathering.revision, one.at.to_string(), one.minutes);
            let known = best.entry(one.event).or_insert_with(|| found.clone());
            *known = found.max(known.clone());
        }
    }
    let mut placed: Vec<(&str, u32)> =
        best.values().map(|(_, at, minutes)| (at.as_str(), *minutes)).collect();
    placed.sort_unstable();
    placed.retain(|(at, _)| ("2024-09-09".."2024-10-01").contains(at));
    assert_eq!(placed, CHANGED_FROM_HERE_ON);
}

#[test]
fn every_card_of_the_corpus_is_read_and_counted() {
    let Some(path) = data("4-calendar-contacts/ics-vcf.tar.xz") else { return };
    let expected = expected();
    let mut files = 0;
    for (name, bytes) in members(&path) {
        if !name.to_lowercase().ends_with(".vcf") {
            continue;
        }
        files += 1;
        let kept = read(&VCards, &name, &bytes);
        let begins = expected["files"][&name]["raw_cards"].as_u64().unwrap() as usize;
        println!("{name}: {} cards, {} lost of {begins}", kept.records.len(), kept.lost.len());
        assert_eq!(kept.records.len() + kept.lost.len(), begins, "{name}: {:?}", kept.lost);
    }
    assert_eq!(files, 21);
}

#[test]
fn organograms_give_posts_with_their_superiors_and_junior_files_no_people() {
    let Some(path) = data("7-hr/uk-gov-organograms.tar.xz") else { return };
    let (mut senior, mut posts, mut lost, mut managers, mut named) = (0, 0, 0, 0, 0);
    for (name, bytes) in members(&path) {
        if !name.ends_with(".csv") {
            continue;
        }
        let probe =
            Probe { file_name: &name, folders: &[], head: &bytes[..bytes.len().min(65536)] };
        assert!(DirectoryTable.detect(&probe) >= Confidence::Likely, "{name}");
        let kept = read(&DirectoryTable, &name, &bytes);
        if name.ends_with("junior.csv") {
            assert!(kept.records.is_empty() && kept.lost.is_empty(), "{name}");
            assert_eq!(kept.repaired, 1, "{name}");
            continue;
        }
        senior += 1;
        posts += kept.records.len();
        lost += kept.lost.len();
        for record in &kept.records {
            let Record::Post(post) = record else { panic!("{name}") };
            managers += usize::from(post.manager.is_some());
            named += usize::from(post.name.is_some());
        }
    }
    println!(
        "{senior} senior files, {posts} posts, {lost} lost, {managers} with a superior, {named} named"
    );
    // Counted with python's csv module: 4,113 rows in the senior files.
    assert_eq!(posts + lost, 4113);
    assert!(lost * 100 < posts, "{lost} of {posts}");
}

#[test]
fn published_networks_are_recognised_and_counted() {
    // Rows as counted when the data was collected.
    for (file, ties, nodes, attendances) in [
        ("1-org-network/email-Eu-core.txt.xz", 25_571, 0, 0),
        ("1-org-network/email-Eu-core-temporal-PARTIAL.txt.xz", 83_083, 0, 0),
        ("1-org-network/icts_g10_grant_collab-edges.csv", 1_359, 0, 0),
        ("1-org-network/icts_g10_grant_collab-nodes.csv", 0, 493, 0),
        ("1-org-network/ontariopol_edgelist.csv", 6_095, 0, 0),
        ("1-org-network/ontariopol_vertices.csv", 0, 108, 0),
        ("3-partnership/dhhs_agency_collab-edges.csv", 447, 0, 0),
        ("3-partnership/dhhs_agency_collab-nodes.csv", 0, 54, 0),
        ("3-partnership/h2020-2017-organisations-nodes.csv.xz", 0, 16_592, 0),
        ("4-events/f2f_infectious-edges.csv", 17_298, 0, 0),
        ("4-events/f2f_infectious-nodes.csv", 0, 410, 0),
        ("4-events/rfid_hospital-edges.csv.xz", 32_424, 0, 0),
        ("4-events/rfid_hospital-nodes.csv", 0, 75, 0),
        ("5-classic/davis_southern_women_nx.csv", 0, 0, 89),
        ("5-classic/florentine_nx-edges.csv", 20, 0, 0),
        ("5-classic/ht_advice-edges.csv", 190, 0, 0),
        ("5-classic/ht_reports-edges.csv", 20, 0, 0),
        ("5-classic/ht_advice-nodes.csv", 0, 21, 0),
        ("5-classic/karate_nx-edges.csv", 78, 0, 0),
        ("5-classic/karate_nx-nodes.csv", 0, 34, 0),
        ("5-classic/kite-nodes.csv", 0, 10, 0),
        ("5-classic/bkoffc-nodes.csv", 0, 40, 0),
        ("5-classic/UKfaculty-edges.csv", 817, 0, 0),
        ("5-classic/UKfaculty-nodes.csv", 0, 81, 0),
        ("5-classic/eies_relations-edges.csv", 768, 0, 0),
        ("5-classic/wiring-edges.csv", 32, 0, 0),
    ] {
        let Some(path) = data(file) else { return };
        let bytes = unpacked(&path);
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".xz");
        let probe = Probe { file_name: name, folders: &[], head: &bytes[..bytes.len().min(65536)] };
        assert!(NetworkTable.detect(&probe) >= Confidence::Possible, "{file}");
        let kept = read(&NetworkTable, name, &bytes);
        let count = |is: fn(&Record) -> bool| kept.records.iter().filter(|r| is(r)).count();
        let found = (
            count(|record| matches!(record, Record::StatedTie(_))),
            count(|record| matches!(record, Record::Node(_))),
            count(|record| matches!(record, Record::Attendance(_))),
        );
        assert_eq!(found, (ties, nodes, attendances), "{file}");
        assert!(kept.lost.is_empty(), "{file}: {:?}", kept.lost.first());
    }
}

#[test]
fn department_labels_are_read_when_told_to() {
    let Some(path) = data("1-org-network/email-Eu-core-department-labels.txt") else { return };
    let mapping: BTreeMap<String, String> = [("kind".to_owned(), "node-labels".to_owned())].into();
    let kept = read_mapped(&NetworkTable, "labels.txt", &unpacked(&path), Some(&mapping));
    let units: BTreeSet<String> = kept
        .records
        .iter()
        .filter_map(|record| if let Record::Node(node) = record { node.unit.clone() } else { None })
        .collect();
    assert_eq!((kept.records.len(), units.len()), (1005, 42));
}

#[test]
fn staff_lists_of_two_organisations_are_read() {
    for (file, rows) in [
        ("7-hr/ukri-organogram-senior.csv", 129),
        ("7-hr/enron-edo_enron-custodians-data.tsv", 148),
    ] {
        let Some(path) = data(file) else { return };
        let kept = read(&DirectoryTable, file, &unpacked(&path));
        let named = kept
            .records
            .iter()
            .filter(|record| matches!(record, Record::Post(post) if post.name.is_some()))
            .count();
        println!("{file}: {} posts, {named} named, {} lost", kept.records.len(), kept.lost.len());
        assert_eq!(kept.records.len() + kept.lost.len(), rows, "{file}");
        assert!(named > 30, "{file}");
    }
}
