//! The demo world: a coalition of nine organisations over eighteen months, as archive files.
//!
//! Everything comes from one seed ([`dice`]): [`cast`] (who), [`plan`] (who works with whom, and
//! the planted truths), [`mail`] and [`meetings`] (what passes between them), [`letters`] and
//! [`containers`] (how it is written), [`archives`] and [`lists`] (who hands in what),
//! [`expected`] (what a reader must find).

mod archives;
mod cast;
mod clock;
mod containers;
mod dice;
mod expected;
mod letters;
mod lists;
mod mail;
mod meetings;
mod names;
mod plan;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use archives::Files;
use serde_json::{Value, json};

/// Writes `demo/` and removes what no longer belongs to its archives.
pub(crate) fn write() -> Result<()> {
    let root = demo_dir();
    let files = generate()?;
    for (name, bytes) in &files {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    for stale in present(&root)?.iter().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(root.join(stale)).with_context(|| format!("removing {stale}"))?;
    }
    let size: usize = files.values().map(Vec::len).sum();
    println!("demo: {} files, {} KB", files.len(), size / 1024);
    Ok(())
}

/// Compares `demo/` with what [`write()`] would write.
///
/// # Errors
/// Names every file that differs, is missing, or is too many.
pub(crate) fn check() -> Result<()> {
    let root = demo_dir();
    let files = generate()?;
    let mut wrong = Vec::new();
    for (name, bytes) in &files {
        match fs::read(root.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => wrong.push(format!("{name} differs")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    let extra = present(&root)?.into_iter().filter(|name| !files.contains_key(name));
    wrong.extend(extra.map(|name| format!("{name} is not generated")));
    if !wrong.is_empty() {
        bail!("demo/ is not what `cargo xtask demo` writes:\n  {}", wrong.join("\n  "));
    }
    println!("demo: {} files as generated", files.len());
    Ok(())
}

fn demo_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo")
}

/// Generated files that are there, by their path below `demo/`.
fn present(root: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for folder in ["archives", "slice"] {
        let path = root.join(folder);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).with_context(|| format!("listing {}", path.display()))? {
            names.insert(format!("{folder}/{}", entry?.file_name().to_string_lossy()));
        }
    }
    Ok(names)
}

/// Every file of the demo world.
fn generate() -> Result<Files> {
    let mut files = Files::new();
    let mut cast = cast::Cast::new();
    let plan = plan::Plan::new(&cast);
    let mail = mail::write(&mut cast, &plan);
    let meetings = meetings::plan(&cast, &plan);
    let mut counts = archives::write(&cast, &mail, &mut files)?;
    let (calendars, meeting_counts) = meetings::calendars(&cast, &meetings);
    let (card_counts, takeout_cards) = lists::contacts(&cast, &mut files);
    let row_counts = lists::directories(&cast, &mut files)?;
    let mut takeout = vec![
        ("Takeout/archive_browser.html", b"<!doctype html><title>Takeout</title>\n".to_vec()),
        (
            "Takeout/Mail/All mail Including Spam and Trash.mbox",
            archives::college(&cast, &mail, &mut counts),
        ),
        ("Takeout/Contacts/All Contacts/All Contacts.vcf", takeout_cards),
    ];
    for (path, text) in calendars {
        if path.ends_with(".zip") {
            takeout.push(("Takeout/Calendar/Retrofit Academy.ics", text));
        } else {
            files.insert(path, text);
        }
    }
    files.insert("archives/college-takeout.zip".to_owned(), containers::zip(&takeout)?);
    files.insert("archives/site-photo.jpg".to_owned(), PHOTO.to_vec());
    files.insert("archives/minutes-2026-03.doc".to_owned(), MINUTES.to_vec());
    let slice = slice(&cast, &mail, &meetings, &mut files);
    let told =
        expected::Told { meetings: meeting_counts, cards: card_counts, rows: row_counts, slice };
    expected::write(&cast, &plan, &mail, &counts, &told, &mut files)?;
    Ok(files)
}

/// A few hundred messages of the same world, uncompressed, for tests that need something small:
/// Housing and Public Health among themselves in the last ten weeks.
fn slice(
    cast: &cast::Cast,
    mail: &mail::Mail,
    meetings: &[meetings::Meeting],
    files: &mut Files,
) -> Value {
    let mut people = cast.unit("Housing").to_vec();
    people.extend(cast.unit("Public Health"));
    let (messages, mbox) = archives::slice(cast, mail, &people, clock::DAYS - 70);
    let (components, calendar) = meetings::slice(cast, meetings, &people);
    let (rows, table, cards, vcf) = lists::slice(cast, &people);
    files.insert("slice/mail.mbox".to_owned(), mbox);
    files.insert("slice/calendar.ics".to_owned(), calendar);
    files.insert("slice/directory.csv".to_owned(), table);
    files.insert("slice/contacts.vcf".to_owned(), vcf);
    json!({
        "slice/mail.mbox": {"messages": messages},
        "slice/calendar.ics": {"components": components},
        "slice/directory.csv": {"rows": rows},
        "slice/contacts.vcf": {"cards": cards},
    })
}

/// Starts like a picture: a file of no kind that Tieline reads.
const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";

/// Starts like an old word processor's file.
const MINUTES: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0minutes of 12 March";
