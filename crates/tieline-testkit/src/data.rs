//! Where the workspace, the vectors and the real test data are.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

/// The root of the workspace, absolute, without `..`.
pub fn workspace_root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace this crate was built in is gone")
}

/// The folder of real data: `TIELINE_TESTDATA`, else `../shared/data` beside the workspace where
/// that exists.
///
/// Where there is none, says `skipped: ...` on standard error and returns `None`, so that the
/// test returns early on a stranger's machine.
///
/// # Panics
/// When `TIELINE_TESTDATA` names no folder, and when there is no data although `CI` is `true`:
/// CI must not pass by skipping.
pub fn testdata() -> Option<PathBuf> {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    find_testdata(std::env::var_os("TIELINE_TESTDATA").map(PathBuf::from), ci)
}

fn find_testdata(named: Option<PathBuf>, ci: bool) -> Option<PathBuf> {
    if let Some(named) = named.filter(|path| !path.as_os_str().is_empty()) {
        // Tests run in their crate's folder; a relative name means "from the workspace".
        let path = workspace_root().join(named);
        assert!(path.is_dir(), "TIELINE_TESTDATA names no folder: {}", path.display());
        return Some(path);
    }
    let usual = workspace_root().join("../shared/data");
    if usual.is_dir() {
        return usual.canonicalize().ok();
    }
    assert!(!ci, "CI runs without real data: set TIELINE_TESTDATA");
    eprintln!("skipped: no real data; set TIELINE_TESTDATA to the folder that holds it");
    None
}

/// A file of `vectors/`, read as JSON: `vectors("tie_strength")` reads `tie_strength.json`.
///
/// # Panics
/// When there is no such file, or it is no JSON.
pub fn vectors(name: &str) -> Value {
    let path = workspace_root().join("vectors").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("reading {}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An empty data folder that is removed at the end of the test.
#[derive(Debug)]
pub struct TempData(TempDir);

impl TempData {
    /// Makes one.
    ///
    /// # Panics
    /// When the system gives no temporary folder.
    pub fn new() -> Self {
        Self(TempDir::new().expect("no temporary folder"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file into it, with the folders on the way, and returns its path.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        let folder = path.parent().expect("a path inside the folder has a parent");
        std::fs::create_dir_all(folder).expect("cannot make a folder in the temporary folder");
        std::fs::write(&path, bytes).expect("cannot write into the temporary folder");
        path
    }
}

impl Default for TempData {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        let manifest = std::fs::read_to_string(workspace_root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }

    #[test]
    fn named_data_is_found_from_the_workspace() {
        let found = find_testdata(Some(PathBuf::from("vectors")), false).unwrap();
        assert_eq!(found, workspace_root().join("vectors"));
    }

    #[test]
    #[should_panic(expected = "names no folder")]
    fn a_wrong_name_for_the_data_is_no_reason_to_skip() {
        find_testdata(Some(PathBuf::from("no-such-folder")), false);
    }

    #[test]
    fn temporary_files_go_with_their_folder() {
        let data = TempData::new();
        let path = data.file("a/b.txt", "text");
        assert!(path.is_file());
        drop(data);
        assert!(!path.exists());
    }

    #[test]
    fn vectors_are_read() {
        assert!(vectors("tie_strength").is_object());
    }
}
