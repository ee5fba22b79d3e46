//! Holds every manifest against the table of arrows between crates.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which crates of the workspace a crate may depend on. Arrows point towards what changes least.
const ARROWS: [(&str, &[&str]); 10] = [
    ("tieline-graph", &[]),
    ("tieline-model", &[]),
    ("tieline-import", &["tieline-model"]),
    ("tieline-identity", &["tieline-model"]),
    ("tieline-lake", &["tieline-model"]),
    ("tieline-store", &["tieline-model"]),
    ("tieline-cluster", &["tieline-lake", "tieline-model"]),
    ("tieline-insight", &["tieline-graph", "tieline-model"]),
    ("tieline-web", &["tieline-insight", "tieline-lake", "tieline-model", "tieline-store"]),
    (
        "tieline",
        &[
            "tieline-graph",
            "tieline-identity",
            "tieline-import",
            "tieline-insight",
            "tieline-lake",
            "tieline-model",
            "tieline-store",
            "tieline-web",
        ],
    ),
];

/// For tests alone: may know every crate, and is a development dependency everywhere.
const TESTKIT: &str = "tieline-testkit";

const ADVICE: &str = "ARCHITECTURE.md says which crate may know which, and why; change the table \
     in xtask/tests/arrows.rs only together with it";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Names of workspace crates in one table of a manifest.
fn named(table: Option<&toml::Value>) -> BTreeSet<String> {
    let keys = table.and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys());
    keys.filter(|name| *name == "tieline" || name.starts_with("tieline-")).cloned().collect()
}

/// Every dependency table: the plain ones and those of `[target.*]`.
fn dependencies(manifest: &toml::Value, kinds: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let places = std::iter::once(manifest).chain(targets.into_iter().flat_map(|t| t.values()));
    for place in places {
        for kind in kinds {
            found.extend(named(place.get(*kind)));
        }
    }
    found
}

/// What is wrong with one manifest.
fn faults(name: &str, manifest: &toml::Value) -> Vec<String> {
    if name == TESTKIT {
        return Vec::new();
    }
    let Some((_, allowed)) = ARROWS.iter().find(|row| row.0 == name) else {
        return vec![format!("{name} is not in the table of crates")];
    };
    let mut faults = Vec::new();
    for used in dependencies(manifest, &["dependencies", "build-dependencies"]) {
        if used == TESTKIT {
            faults.push(format!("{name} depends on {TESTKIT} outside its tests"));
        } else if !allowed.contains(&used.as_str()) {
            faults.push(format!("{name} must not depend on {used}"));
        }
    }
    for used in dependencies(manifest, &["dev-dependencies"]) {
        if used != TESTKIT && !allowed.contains(&used.as_str()) {
            faults.push(format!("the tests of {name} must not depend on {used}"));
        }
    }
    faults
}

#[test]
fn crates_depend_only_on_what_changes_less() {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let path = entry.unwrap().path().join("Cargo.toml");
        if !path.is_file() {
            continue;
        }
        let manifest: toml::Value =
            toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        found.extend(faults(&name, &manifest));
    }
    assert!(found.is_empty(), "{}\n{ADVICE}", found.join("\n"));
}

#[test]
fn a_wrong_arrow_is_named() {
    let manifest: toml::Value = toml::from_str(
        "[dependencies]\ntieline-model = {}\nserde = '1'\ntieline-store = {}\n\
         [target.'cfg(unix)'.dependencies]\ntieline-web = {}\n\
         [dev-dependencies]\ntieline-testkit = {}\n",
    )
    .unwrap();
    assert_eq!(
        faults("tieline-import", &manifest),
        [
            "tieline-import must not depend on tieline-store",
            "tieline-import must not depend on tieline-web",
        ]
    );
    assert_eq!(faults("tieline-new", &manifest), ["tieline-new is not in the table of crates"]);
}
