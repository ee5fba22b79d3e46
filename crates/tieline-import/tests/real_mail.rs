//! Real archives, where they are present: every message is accounted for.

#![allow(clippy::print_stdout, reason = "says what was skipped and what was counted")]

mod common;

use std::path::PathBuf;

use common::{Kept, walk};

/// Folder of the shared test data, if this machine has it.
fn data(file: &str) -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("TIELINE_TESTDATA").map_or_else(|| default.into(), PathBuf::from);
    let path = root.join("open/2-mail").join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CI needs TIELINE_TESTDATA");
    println!("skipped: no {file} under TIELINE_TESTDATA");
    None
}

fn check(file: &str, messages: usize) -> Option<Kept> {
    let kept = walk(&[&data(file)?]);
    println!("{file}: {} records, {} lost", kept.records.len(), kept.lost());
    assert_eq!(kept.records.len() + kept.lost(), messages);
    assert_eq!(kept.unread, []);
    assert!(kept.lost() * 500 <= messages, "at most 2 in 1000 are lost: {}", kept.lost());
    Some(kept)
}

/// Messages counted with `grep -c '^From '` on the decompressed mboxrd file.
#[test]
fn every_message_of_linux_integrity_is_accounted_for() {
    let Some(kept) = check("linux-integrity-2019-2022.mbox.xz", 17_565) else { return };
    let listed = kept.messages().iter().filter(|message| message.list.is_some()).count();
    assert!(listed * 10 > 9 * 17_565, "it is a mailing list: {listed}");
}

/// Messages counted with `grep -c '^From '` on the decompressed mboxrd file.
#[test]
fn every_message_of_cypherpunks_is_accounted_for() {
    let Some(kept) = check("cypherpunks-1993.mbox.xz", 9_450) else { return };
    let messages = kept.messages();
    let years = messages.iter().filter(|message| message.at.month().index() / 12 == 1993);
    assert!(years.count() * 10 > 9 * 9_450, "it is of 1993");
}

/// Messages counted with `tar -tJf ... | grep -c '\.eml$'`; the archive holds a topic label file
/// beside each.
#[test]
fn every_message_of_enron_is_accounted_for_and_label_files_are_listed() {
    let Some(kept) = check("enron-berkeley-eml.tar.xz", 1_343) else { return };
    assert!(kept.skipped.iter().any(|(name, _)| name.ends_with(".cats")));
    assert!(kept.started.iter().all(|(name, kind)| name.ends_with(".eml") && *kind == "eml"));
    let named = kept.messages().iter().filter(|m| !m.also_named.is_empty()).count();
    assert!(named * 2 > 1_343, "X-From names most senders: {named}");
}
