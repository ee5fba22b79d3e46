//! Data folders of earlier versions open, lose nothing, and can be worked in.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs::File;
use std::path::Path;

use support::Tieline;

/// A data folder as an earlier version left it.
fn left_by(version: &str) -> Tieline {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade");
    let packed = File::open(folder.join(format!("{version}.tar.zst"))).unwrap();
    let tieline = Tieline::new();
    let plain = zstd::stream::read::Decoder::new(packed).unwrap();
    tar::Archive::new(plain).unpack(tieline.data.path()).unwrap();
    tieline
}

#[test]
fn the_folder_from_before_the_workspace_opens_and_keeps_all_it_held() {
    let tieline = left_by("see");
    let imports = tieline.rows(&["imports", "--json"]);
    let [import] = imports.as_slice() else { panic!("{imports:?}") };
    let sums = ["read", "new", "duplicate", "left_out", "issues"].map(|sum| import[sum].as_u64());
    // What that version told when it made the folder.
    assert_eq!(sums, [24_191, 17_346, 6_088, 755, 2].map(Some), "{import}");
    assert!(tieline.ok(&["check"]).contains("sound"));

    let people = tieline.rows(&["people", "--json", "--limit", "10000"]);
    // Of its 235 actors one is an organisation.
    assert_eq!(people.len(), 234);
    assert!(people.iter().any(|person| person["name"] == "Priya Nair"));
    let brokers = tieline.ok(&["network", "brokers"]);
    assert!(brokers.contains("Priya Nair") && brokers.contains("Tom Acheson"), "{brokers}");
    assert!(!tieline.rows(&["network", "silos", "--json"]).is_empty());
}

#[test]
fn what_an_earlier_version_imported_is_known_and_can_be_taken_back() {
    let tieline = left_by("see");
    let world = tieline_testkit::small_world();
    let batch = tieline.import(&[world.mail.as_path()]);
    assert_eq!(batch.new, 0, "its messages are all in the demo world: {batch:?}");
    let id = tieline.rows(&["imports", "--json"])[0]["batch"].as_str().unwrap().to_owned();
    tieline.ok(&["imports", "undo", &id]);
    let left = Tieline::new();
    left.import(&[world.mail.as_path()]);
    let listings = [vec!["people", "--json"], vec!["network", "people", "--json"]];
    tieline.state_of(&listings).assert_same(&left.state_of(&listings), "after the undo");
}
