//! Folders, compression and archives: what is found, what is skipped, what is refused.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use common::{Kept, walk};
use proptest::prelude::*;
use tempfile::TempDir;
use tieline_import::walk::{self, Inputs, Options};
use tieline_model::issue::Position;

const MESSAGE: &str = "From: a@example.org\nTo: b@example.org\n\
    Date: Mon, 29 Apr 2019 15:30:55 +0000\nMessage-ID: <ID@example.org>\n\nBody\n";

fn message(id: &str) -> String {
    MESSAGE.replace("ID", id)
}

fn mbox(ids: &[&str]) -> Vec<u8> {
    let separated =
        |id: &&str| format!("From a@example.org Mon Apr 29 15:30:55 2019\n{}\n", message(id));
    ids.iter().map(separated).collect::<String>().into_bytes()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = liblzma::write::XzEncoder::new(Vec::new(), 1);
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        // Written as it is: real archives hold paths that the library refuses to write.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        writer.append(&header, *bytes).unwrap();
    }
    writer.into_inner().unwrap()
}

fn put(dir: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn read_file(name: &str, bytes: impl AsRef<[u8]>) -> Kept {
    let dir = TempDir::new().unwrap();
    put(dir.path(), name, bytes);
    walk(&[&dir.path().join(name)])
}

fn shown(kept: &Kept) -> Vec<String> {
    let short = |name: &String| name.rsplit_once("/x.").map_or("", |p| p.1).to_owned();
    kept.finished.iter().map(|(name, records, ..)| format!("{} {records}", short(name))).collect()
}

#[test]
fn every_packing_is_peeled_by_its_content() {
    let plain = mbox(&["1", "2"]);
    for (name, packed) in [
        ("x.mbox.gz", gz(&plain)),
        ("x.mbox.xz", xz(&plain)),
        ("x.mbox.zst", zst(&plain)),
        ("x.mbox.bz2", bz2(&plain)),
        ("x.wrongly-named", xz(&gz(&plain))),
        ("x.zip", zip(&[("Takeout/Mail/All mail.mbox", &plain)])),
        ("x.tar", tar(&[("./mail/inbox", &plain)])),
        ("x.tgz", gz(&tar(&[("mail/inbox", &plain)]))),
        ("x.zip", zip(&[("a.tar.xz", &xz(&tar(&[("b.zip", &zip(&[("c", &plain)]))])))])),
    ] {
        let kept = read_file(name, packed);
        assert_eq!(kept.messages().len(), 2, "{name}: {kept:?}");
        assert_eq!(kept.finished.len(), 1, "{name}");
    }
}

#[test]
fn streams_put_one_after_another_are_all_read() {
    let (one, two) = (mbox(&["1"]), mbox(&["2"]));
    for pack in [gz, xz, bz2, zst] {
        let kept = read_file("x.mbox", [pack(&one), pack(&two)].concat());
        assert_eq!((kept.messages().len(), kept.issues.len()), (2, 0));
    }
}

#[test]
fn members_are_named_after_the_archive_and_never_written() {
    let evil = message("1").into_bytes();
    let members: [(&str, &[u8]); 2] = [("../../outside.eml", &evil), ("/etc/absolute.eml", &evil)];
    for (name, archive) in [("x.tar", tar(&members)), ("x.zip", zip(&members))] {
        let dir = TempDir::new().unwrap();
        put(dir.path(), name, archive);
        let kept = walk(&[&dir.path().join(name)]);
        let ending = name.trim_start_matches("x.");
        assert_eq!(
            shown(&kept),
            [format!("{ending}!../../outside.eml 1"), format!("{ending}!/etc/absolute.eml 1")]
        );
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_folder_is_read_in_order_with_maildirs_and_without_tools() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("mail");
    put(&root, "b.mbox", mbox(&["b"]));
    put(&root, "cur/1555555555.1.host:2,S", message("c"));
    put(&root, "new/1555555556.2.host", message("n"));
    put(&root, "tmp/1555555557.3.host", message("t"));
    put(&root, ".Sent/cur/1555555558.4.host:2,S", message("s"));
    put(&root, ".git/objects/x.eml", message("g"));
    put(&root, "kean-s/inbox/1.", message("k"));
    put(&root, "cur/dovecot.index", [0, 1, 2]);
    put(&root, "notes.txt", "nothing\n");
    put(&root, "code.rs", "use std::io;\nfn main() {}\n");
    put(&root, "empty", "");
    let kept = walk(&[&root]);
    let short = |name: &str| name.split_once("/mail/").unwrap().1.to_owned();
    let read: Vec<_> =
        kept.started.iter().map(|(n, kind)| format!("{} {kind}", short(n))).collect();
    assert_eq!(
        read,
        [
            ".Sent/cur/1555555558.4.host:2,S maildir",
            "b.mbox mbox",
            "cur/1555555555.1.host:2,S maildir",
            "kean-s/inbox/1. eml",
            "new/1555555556.2.host maildir",
        ]
    );
    let skipped: Vec<_> = kept.skipped.iter().map(|(name, _)| short(name)).collect();
    let expected =
        [".git", "code.rs", "cur/dovecot.index", "empty", "notes.txt", "tmp/1555555557.3.host"];
    assert_eq!(skipped, expected);
    assert_eq!((kept.records.len(), kept.issues.len(), kept.unread.len()), (5, 0, 0));
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_loops_end() {
    let dir = TempDir::new().unwrap();
    put(dir.path(), "a/1.eml", message("1"));
    std::os::unix::fs::symlink(dir.path(), dir.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("a/1.eml"), dir.path().join("z.eml")).unwrap();
    std::os::unix::fs::symlink("nowhere", dir.path().join("broken")).unwrap();
    let kept = walk(&[dir.path(), &dir.path().join("a")]);
    assert_eq!(kept.records.len(), 1);
    assert_eq!(kept.unread.len(), 1, "the broken link");
}

#[test]
fn a_path_that_is_not_there_is_said() {
    let kept = walk(&[Path::new("/nowhere/at/all.mbox")]);
    assert_eq!(kept.unread.len(), 1);
    assert_eq!(kept.unread[0].1, Position::File);
}

#[test]
fn a_truncated_archive_keeps_what_came_before() {
    let ids: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let plain = mbox(&ids);
    for pack in [gz, xz, bz2, zst] {
        let mut packed = pack(&plain);
        packed.truncate(packed.len() - 9);
        let kept = read_file("x.mbox", packed);
        assert_eq!(kept.lost() + kept.unread.len(), 1, "{:?}", kept.issues);
        let (.., lost, _) = kept.finished[0];
        assert_eq!(lost, 1);
        assert!(matches!(kept.issues.last(), Some((Position::Byte(_), ..))));
    }
    let text = message("1");
    let members = [("1.eml", text.as_bytes()), ("2.eml", text.as_bytes())];
    let mut cut = tar(&members);
    cut.truncate(1024 + 700);
    let kept = read_file("x.tar", cut);
    assert_eq!((kept.records.len(), kept.unread.len()), (2, 1), "{kept:?}");
    let mut cut = zip(&members);
    cut.truncate(cut.len() - 4);
    assert_eq!(read_file("x.zip", cut).unread.len(), 1);
}

#[test]
fn bombs_are_refused() {
    let packed = zstd::encode_all(std::io::repeat(b'\n').take(300 << 20), 1).unwrap();
    let kept = read_file("x.mbox", &packed);
    let reasons: Vec<&String> = kept.issues.iter().map(|issue| &issue.2).collect();
    assert!(reasons.iter().any(|reason| reason.contains("unpacks to more than")), "{reasons:?}");
    let mut deep = mbox(&["1"]);
    for _ in 0..4 {
        deep = gz(&deep);
    }
    assert_eq!(read_file("x", deep).unread.len(), 1);
    let mut deep = mbox(&["1"]);
    for _ in 0..4 {
        deep = tar(&[("x", &deep)]);
    }
    assert_eq!(read_file("x", deep).unread.len(), 1);
}

#[test]
fn documents_and_foreign_archives_are_listed_with_advice() {
    for (name, bytes) in [
        ("x.docx", zip(&[("word/document.xml", b"<x/>")])),
        ("x.pst", b"!BDN rest".to_vec()),
        ("x.7z", b"7z\xbc\xaf\x27\x1c".to_vec()),
        ("x.png", b"\x89PNG\r\n\x1a\n".to_vec()),
    ] {
        let kept = read_file(name, bytes);
        assert_eq!((kept.skipped.len(), kept.records.len()), (1, 0), "{name}: {kept:?}");
    }
}

#[test]
fn the_same_contents_are_the_same_import_wherever_they_lie() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for dir in [&one, &two] {
        put(dir.path(), "mail/a.mbox", mbox(&["1"]));
        put(dir.path(), "mail/b.mbox", mbox(&["2"]));
    }
    let id = |paths: &[&Path]| {
        let paths: Vec<_> = paths.iter().map(|path| path.join("mail")).collect();
        Inputs::find(&paths).digest()
    };
    let of_one = id(&[one.path()]);
    assert_eq!(of_one, id(&[two.path()]));
    let files = ["b.mbox", "a.mbox"].map(|name| two.path().join("mail").join(name));
    assert_eq!(of_one, Inputs::find(&files).digest());
    put(two.path(), "mail/b.mbox", mbox(&["3"]));
    assert_ne!(of_one, id(&[two.path()]));
}

#[test]
fn progress_counts_the_bytes_on_the_disk() {
    let dir = TempDir::new().unwrap();
    put(dir.path(), "x.mbox.gz", gz(&mbox(&["1"])));
    let inputs = Inputs::find(&[dir.path().to_owned()]);
    let options = Options::default();
    walk::visit(&inputs, &options, &mut Kept::default()).unwrap();
    assert_eq!(options.progress.bytes(), inputs.total_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_containers_never_panic_and_never_vanish(
        kind in 0_usize..6,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep in any::<prop::sample::Index>(),
    ) {
        let plain = mbox(&["1", "2", "3"]);
        let text = message("4");
        let members: [(&str, &[u8]); 2] = [("a.mbox", &plain), ("b.eml", text.as_bytes())];
        let mut bytes = match kind {
            0 => gz(&plain),
            1 => xz(&plain),
            2 => bz2(&plain),
            3 => zst(&plain),
            4 => zip(&members),
            _ => tar(&members),
        };
        for (place, byte) in damage {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(keep.index(bytes.len()).max(bytes.len() / 2));
        let kept = read_file("x", bytes);
        let said = kept.records.len() + kept.issues.len() + kept.unread.len() + kept.skipped.len();
        prop_assert!(said > 0, "{:?}", kept);
    }
}
