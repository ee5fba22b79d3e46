//! The same work on a PostgreSQL server: what differs is where the store is.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;

use support::{State, Tieline};

const LISTINGS: [&[&str]; 5] = [
    &["people", "--json", "--limit", "10000"],
    &["units", "--json"],
    &["identities", "review", "--json"],
    &["network", "people", "--json"],
    &["network", "silos", "--json"],
];

fn state(tieline: &Tieline) -> State {
    tieline.state_of(&LISTINGS.map(<[&str]>::to_vec))
}

/// A data folder whose configuration names a database by a file.
fn on(url: &str) -> Tieline {
    let tieline = Tieline::new();
    let secret = tieline.data.path().join("store-url");
    fs::write(&secret, format!("{url}\n")).unwrap();
    let config = format!("[store]\nurl_file = '{}'\n", secret.display());
    fs::write(tieline.data.path().join("tieline.toml"), config).unwrap();
    tieline
}

#[test]
fn a_workspace_on_a_database_server_finds_what_one_in_a_file_finds() {
    let Some(server) = tieline_testkit::postgres() else { return };
    let world = tieline_testkit::small_world();
    let (embedded, served) = (Tieline::new(), on(&server.database()));
    for tieline in [&embedded, &served] {
        tieline.import(&[world.mail.as_path(), &world.directory]);
        tieline.import(&[world.contacts.as_path()]);
    }
    assert!(!served.data.path().join("tieline.db").exists(), "the store is on the server");
    state(&served).assert_same(&state(&embedded), "on PostgreSQL");
    assert!(served.ok(&["check"]).contains("sound"));
    assert!(served.fails(&["backup", "copy.tar.zst"]).contains("pg_dump"));

    for tieline in [&embedded, &served] {
        let last = tieline.rows(&["imports", "--json"]);
        let id = last.last().unwrap()["batch"].as_str().unwrap().to_owned();
        tieline.ok(&["imports", "undo", &id]);
    }
    state(&served).assert_same(&state(&embedded), "after an undo");
}

#[test]
fn a_workspace_moves_to_a_database_server_and_back() {
    let Some(server) = tieline_testkit::postgres() else { return };
    let world = tieline_testkit::small_world();
    let (embedded, folder) = (Tieline::new(), tempfile::tempdir().unwrap());
    embedded.import(&[world.mail.as_path(), &world.directory, &world.contacts]);
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    embedded.ok(&["workspace", "export", &file("out")]);

    let (served, url) = (Tieline::new(), server.database());
    let run = |args: &[&str]| {
        let output = served.command(args).env("TIELINE_STORE", &url).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["workspace", "import", &file("out")]);
    assert!(!served.data.path().join("tieline.db").exists(), "the environment names the store");
    assert_eq!(run(&["people", "--json"]), embedded.ok(&["people", "--json"]));
    run(&["workspace", "export", &file("back")]);

    let back = Tieline::new();
    back.ok(&["workspace", "import", &file("back")]);
    back.state().assert_same(&embedded.state(), "there and back");
}

#[test]
fn a_server_that_cannot_be_reached_is_named_without_its_password() {
    let tieline = Tieline::new();
    let url = "postgres://tieline:hush@127.0.0.1:1/none";
    let output = tieline.command(&["people"]).env("TIELINE_STORE", url).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("postgres://tieline:***@127.0.0.1:1/none"), "{said}");
    assert!(!said.contains("hush"), "{said}");
    let output = tieline.command(&["people"]).env("TIELINE_STORE", "mysql://x/y").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("not in mysql"));
}
