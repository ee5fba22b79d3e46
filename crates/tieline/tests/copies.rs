//! Copies of a workspace lose nothing, and people who stay off the map are in no finding.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;
use std::path::PathBuf;

use support::Tieline;
use tempfile::TempDir;
use tieline_model::access::TieConsent;
use tieline_model::address::Address;
use tieline_store::{Store, StoreUrl};

/// A workspace of the small demo world.
fn filled() -> Tieline {
    let (tieline, world) = (Tieline::new(), tieline_testkit::small_world());
    tieline.import(&[world.mail.as_path(), &world.directory, &world.contacts]);
    tieline
}

fn in_store<T>(tieline: &Tieline, work: impl AsyncFnOnce(&Store) -> T) -> T {
    let url = StoreUrl::file(tieline.data.path().join("tieline.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&url).await.unwrap();
        let done = work(&store).await;
        store.close().await.unwrap();
        done
    })
}

/// Every row of the store.
fn rows(tieline: &Tieline) -> String {
    in_store(tieline, async |store| {
        let mut out = Vec::new();
        store.export(&mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    })
}

fn file(folder: &TempDir, name: &str) -> (PathBuf, String) {
    let path = folder.path().join(name);
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

#[test]
fn a_backup_restores_to_the_same_store_and_lake() {
    let (tieline, folder) = (filled(), tempfile::tempdir().unwrap());
    let (path, name) = file(&folder, "copy.tar.zst");
    tieline.ok(&["people", "--json"]);
    tieline.ok(&["backup", &name]);
    let listed: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert_eq!(listed.len(), 1, "nothing is left beside the copy: {listed:?}");
    assert!(tieline.fails(&["backup", &name]).contains("there is a file already"));

    let other = Tieline::new();
    other.ok(&["restore", &name]);
    assert!(rows(&other) == rows(&tieline), "the stores differ");
    other.state().assert_same(&tieline.state(), "restored");
    assert!(other.fails(&["restore", &name]).contains("not empty"));

    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let broken = Tieline::new();
    broken.fails(&["restore", &name]);
    assert_eq!(fs::read_dir(broken.data.path()).unwrap().count(), 0, "nothing half-restored");
}

#[test]
fn an_exported_workspace_imports_without_loss() {
    let (tieline, folder) = (filled(), tempfile::tempdir().unwrap());
    let (_, name) = file(&folder, "workspace.tar.zst");
    tieline.ok(&["people", "--json"]);
    tieline.ok(&["workspace", "export", &name]);
    let other = Tieline::new();
    assert!(other.fails(&["restore", &name]).contains("tieline workspace import"));
    other.ok(&["workspace", "import", &name]);
    assert!(rows(&other) == rows(&tieline), "the stores differ");
    other.state().assert_same(&tieline.state(), "imported");
}

#[test]
fn whoever_stays_off_the_map_is_in_no_measure_and_no_finding() {
    let tieline = filled();
    let people = || tieline.rows(&["network", "people", "--json"]);
    let before = people();
    let gone = before[0]["name"].as_str().unwrap().to_owned();
    let found = tieline.rows(&["people", "--search", &gone, "--json"]);
    let address = Address::mail(found[0]["address"].as_str().unwrap()).unwrap().id();
    in_store(&tieline, async |store| {
        let tx = store.begin().await.unwrap();
        tx.set_consent(address, TieConsent::Band, true, None).await.unwrap();
        tx.commit().await.unwrap();
    });
    let after = people();
    assert_eq!(after.len(), before.len() - 1);
    let report = tieline.data.path().join("report.html");
    tieline.ok(&["report", "-o", report.to_str().unwrap()]);
    let told = [
        tieline.ok(&["network", "people", "--json"]),
        tieline.ok(&["network", "brokers", "--json"]),
        tieline.ok(&["network"]),
        fs::read_to_string(report).unwrap(),
    ];
    for text in told {
        assert!(!text.contains(&gone), "{gone} is still told of");
    }
}
