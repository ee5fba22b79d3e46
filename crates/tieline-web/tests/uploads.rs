//! Files that come in: whatever they are called and however they come, they land in a folder of
//! their own or nowhere.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use support::harm::{check, payloads};
use support::{Answer, Browser, TestApp};
use tieline_model::access::Role;

const KIND: &str = "multipart/form-data; boundary=xx";

/// A part of a form of files, as bytes: names may be anything.
fn part(name: &str, file: Option<&[u8]>, content: &[u8]) -> Vec<u8> {
    let mut part = format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"").into_bytes();
    if let Some(file) = file {
        part.extend_from_slice(b"; filename=\"");
        // As browsers write it.
        for byte in file {
            match byte {
                b'"' => part.extend_from_slice(b"%22"),
                b'\r' => part.extend_from_slice(b"%0D"),
                b'\n' => part.extend_from_slice(b"%0A"),
                _ => part.push(*byte),
            }
        }
        part.push(b'"');
    }
    part.extend_from_slice(b"\r\n\r\n");
    part.extend_from_slice(content);
    part.extend_from_slice(b"\r\n");
    part
}

async fn upload(browser: &Browser, parts: &[Vec<u8>]) -> Answer {
    let body = [&parts.concat()[..], b"--xx--\r\n"].concat();
    browser.post_kind("/imports", KIND, body, &[]).await
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn uploads(app: &TestApp) -> PathBuf {
    app.folder.path().join("uploads")
}

/// What lies beside the folder of uploads; the store's own files come and go.
fn beside(app: &TestApp) -> Vec<PathBuf> {
    let is_other = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        !path.starts_with(uploads(app)) && !name.starts_with("tieline.db")
    };
    let mut found: Vec<PathBuf> = files(app.folder.path()).into_iter().filter(is_other).collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_file_of_any_name_lands_in_a_folder_of_its_own() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    let before = beside(&app);
    let mut kept = 0;
    for name in payloads() {
        let shown = String::from_utf8_lossy(&name[..name.len().min(80)]).into_owned();
        let answer = upload(&steward, &[part("files", Some(&name), b"name,mail\n")]).await;
        check(&format!("file {shown:?}"), &answer);
        if answer.status == 303 {
            kept += 1;
            check(&format!("job of {shown:?}"), &steward.get(answer.location()).await);
        }
        assert_eq!(beside(&app), before, "{shown:?} was written elsewhere");
        assert_eq!(files(&uploads(&app)).len(), kept, "{shown:?}: one file an upload");
    }
    assert!(kept > 20, "most names are fine once cleaned: {kept}");
    check("the page of sources", &steward.get("/imports").await);
}

#[tokio::test]
async fn no_folder_of_the_server_is_open_unless_the_operator_opened_it() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    for folder in payloads() {
        let shown = String::from_utf8_lossy(&folder[..folder.len().min(80)]).into_owned();
        let answer = upload(&steward, &[part("folder", None, &folder)]).await;
        check(&format!("folder {shown:?}"), &answer);
        assert!([400, 422].contains(&answer.status.as_u16()), "{shown:?}: {}", answer.status);
    }
    let mut told = Vec::new();
    let own = app.folder.path().to_str().unwrap();
    for folder in [own, "/", "/etc", "/nowhere-at-all"] {
        let answer = upload(&steward, &[part("folder", None, folder.as_bytes())]).await;
        assert_eq!(answer.status, 422, "{folder}");
        // Around the page stands when it was made.
        let main = answer.text.split("<main").nth(1).unwrap();
        told.push(main.replace(&format!("value=\"{folder}\""), "").replace("&#47;", "/"));
    }
    assert!(told.iter().all(|text| text.contains("not open for imports")));
    assert_eq!(told[2], told[3], "the answer does not tell what there is");
}

#[tokio::test]
async fn an_upload_that_is_cut_or_too_large_leaves_nothing() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    let whole = part("files", Some(b"a.csv"), b"name,mail\n");
    let large = part("files", Some(b"a.csv"), &vec![b'a'; (1 << 20) + 1]);
    let huge = part("files", Some(b"a.csv"), &vec![b'a'; 6 << 20]);
    let cases: [(&str, &str, Vec<u8>, u16); 8] = [
        ("cut in a file", KIND, whole[..whole.len() - 4].to_vec(), 400),
        ("cut in a head", KIND, whole[..30].to_vec(), 400),
        ("without an end", KIND, whole.clone(), 400),
        ("of nothing", KIND, Vec::new(), 400),
        ("with another boundary", "multipart/form-data; boundary=yy", whole.clone(), 400),
        ("of another kind", "application/json", b"{}".to_vec(), 400),
        ("too large", KIND, [&large[..], b"--xx--\r\n"].concat(), 413),
        ("far too large", KIND, [&huge[..], b"--xx--\r\n"].concat(), 413),
    ];
    for (what, kind, body, status) in cases {
        let answer = steward.post_kind("/imports", kind, body, &[]).await;
        check(what, &answer);
        assert_eq!(answer.status.as_u16(), status, "an upload {what}");
        assert!(files(&uploads(&app)).is_empty(), "an upload {what} left something");
    }
    assert!(app.store.jobs(None, 10).await.unwrap().is_empty(), "nothing waits to be read");
}

#[tokio::test]
async fn only_stewards_and_the_owner_bring_files() {
    let app = TestApp::new().await;
    let whole = [part("files", Some(b"a.csv"), b"name,mail\n")];
    assert_eq!(upload(&app.stranger(), &whole).await.status, 401);
    for (role, status) in
        [(Role::Guest, 404), (Role::Member, 404), (Role::Steward, 303), (Role::Owner, 303)]
    {
        let answer = upload(&app.as_(role).await, &whole).await;
        assert_eq!(answer.status.as_u16(), status, "{role:?}");
        let kept = files(&uploads(&app)).len();
        assert_eq!(kept > 0, role >= Role::Steward, "{role:?}");
    }
}
