//! The three real mail archives: every message accounted for, counted in another way.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use support::Tieline;

/// Separator lines of an mbox, counted by the system's own tools.
fn separators(archive: &Path) -> u64 {
    let mut unpack =
        Command::new("xz").arg("-dc").arg(archive).stdout(Stdio::piped()).spawn().unwrap();
    let count = Command::new("grep")
        .args(["-a", "-c", "^From "])
        .stdin(unpack.stdout.take().unwrap())
        .output()
        .unwrap();
    unpack.wait().unwrap();
    String::from_utf8(count.stdout).unwrap().trim().parse().unwrap()
}

/// `.eml` members of a tar, counted by the system's own tools.
fn members(archive: &Path) -> u64 {
    let list = Command::new("tar").arg("-tJf").arg(archive).output().unwrap();
    let mut text = String::new();
    list.stdout.as_slice().read_to_string(&mut text).unwrap();
    text.lines().filter(|line| !line.ends_with('/') && !line.ends_with(".cats")).count() as u64
}

#[test]
fn every_message_of_the_real_archives_is_accounted_for() {
    let Some(data) = tieline_testkit::testdata() else { return };
    let mail = data.join("open/2-mail");
    for (name, expected, counted, as_of) in [
        ("linux-integrity-2019-2022.mbox.xz", 17_565, separators as fn(&Path) -> u64, "2022-06-30"),
        ("cypherpunks-1993.mbox.xz", 9_450, separators, "1993-12-31"),
        ("enron-berkeley-eml.tar.xz", 1_343, members, "2001-12-31"),
    ] {
        let archive = mail.join(name);
        assert_eq!(counted(&archive), expected, "{name} counted another way");
        let tieline = Tieline::new();
        let batch = tieline.import(&[&archive]);
        assert_eq!(batch.read, expected, "{name}: {batch:?}");
        assert!(batch.new > expected / 2, "{name}: {batch:?}");
        assert!(batch.issues * 200 < expected, "{name}: {batch:?}");
        let ties = tieline.rows(&["network", "people", "--as-of", as_of, "--json"]);
        assert!(ties.iter().any(|row| row["degree"].as_u64() > Some(5)), "{name} has ties");
    }
}

#[test]
fn a_list_address_without_headers_is_no_person() {
    let Some(data) = tieline_testkit::testdata() else { return };
    let tieline = Tieline::new();
    tieline.import(&[&data.join("open/2-mail/cypherpunks-1993.mbox.xz")]);
    // Nearly every message of this archive goes to one list address that never writes.
    let people = tieline.rows(&["people", "--search", "toad.com", "--json", "--limit", "1000"]);
    assert!(people.iter().all(|row| row["address"] != "cypherpunks@toad.com"));
}

#[test]
fn departments_and_edges_of_one_network_meet() {
    let Some(data) = tieline_testkit::testdata() else { return };
    let folder = data.join("open/1-org-network");
    let tieline = Tieline::new();
    tieline.import(&[&folder.join("email-Eu-core.txt.xz")]);
    let labels = folder.join("email-Eu-core-department-labels.txt");
    tieline.ok(&["import", "--kind", "node-labels", labels.to_str().unwrap()]);
    let people = tieline.rows(&["people", "--json", "--limit", "10000"]);
    assert_eq!(people.len(), 1_005);
    assert!(people.iter().all(|row| row["unit"].is_string()), "everyone has a department");
}
