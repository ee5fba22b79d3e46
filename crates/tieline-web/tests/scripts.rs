//! The scripts of the pages hold what their types say: bundling alone does not check them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::{fs, io};

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

#[test]
fn the_scripts_agree_with_their_types() {
    let packages = Path::new(env!("OUT_DIR")).join("npm/node_modules");
    if !packages.exists() {
        println!("skipped: the scripts were not built here, so their packages are not installed");
        return;
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("npm");
    let work = tempfile::tempdir().unwrap();
    copy(&sources.join("src"), &work.path().join("src")).unwrap();
    for name in ["tsconfig.json", "package.json"] {
        fs::copy(sources.join(name), work.path().join(name)).unwrap();
    }
    std::os::unix::fs::symlink(&packages, work.path().join("node_modules")).unwrap();
    let compiler = packages.join("typescript/bin/tsc");
    let output = Command::new("node")
        .arg(compiler)
        .args(["--noEmit", "--preserveSymlinks", "--pretty", "false"])
        .current_dir(work.path())
        .output()
        .expect("Node runs, as it did for the build");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
