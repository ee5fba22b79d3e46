//! Importing, importing again, trying out, taking back: what a person at the terminal sees.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Tieline, files, message};

const DATE: &str = "Thu, 5 Mar 2026 10:00:00 +0000";

/// Two overlapping archives of one small team.
fn archives(folder: &std::path::Path) -> (PathBuf, PathBuf) {
    let people = ["ada@acme.example", "bo@acme.example", "cy@trust.example", "di@trust.example"];
    let mut all = Vec::new();
    for n in 0..60_usize {
        let (from, to) = (people[n % 4], people[(n + 1 + n % 3) % 4]);
        let day = 1 + n % 28;
        let month = ["Jan", "Feb", "Mar"][n % 3];
        let date = format!("{day} {month} 2026 09:{:02}:00 +0000", n % 60);
        let answers =
            if n > 4 { format!("In-Reply-To: <{}@x.example>\n", n - 4) } else { String::new() };
        all.push(message(&format!("{n}@x.example"), from, to, &date, &answers));
    }
    let (a, b) = (folder.join("a.mbox"), folder.join("b.mbox"));
    fs::write(&a, all[..40].concat()).unwrap();
    fs::write(&b, all[20..].concat()).unwrap();
    (a, b)
}

#[test]
fn the_same_message_in_two_archives_counts_once_and_undo_is_exact() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = archives(folder.path());
    let both = Tieline::new();
    let first = both.import(&[&a]);
    assert_eq!((first.read, first.new), (40, 40));
    let second = both.import(&[&b]);
    assert_eq!((second.read, second.new, second.duplicate), (40, 20, 20));
    both.ok(&["imports", "undo", &first.id]);
    let only_b = Tieline::new();
    only_b.import(&[&b]);
    both.state().assert_same(&only_b.state(), "undoing A leaves what B alone leaves");
    both.ok(&["imports", "undo", &second.id[..6]]);
    let none = Tieline::new();
    none.ok(&["imports"]);
    both.state().assert_same(&none.state(), "undoing everything leaves nothing");
}

#[test]
fn importing_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (a, _) = archives(folder.path());
    let tieline = Tieline::new();
    let first = tieline.import(&[&a]);
    let before = tieline.state();
    let again = tieline.import(&[&a]);
    assert_eq!((again.id, again.new, again.duplicate), (first.id, 0, 40));
    tieline.state().assert_same(&before, "the second import");
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = archives(folder.path());
    let tieline = Tieline::new();
    tieline.import(&[&a]);
    let before = tieline.state();
    let out = tieline.ok(&["import", "--dry-run", "--json", b.to_str().unwrap()]);
    let would = support::Batch::parse(out.lines().last().unwrap());
    assert_eq!((would.new, would.duplicate), (20, 20));
    tieline.state().assert_same(&before, "the dry run");
}

#[test]
fn a_dry_run_shows_the_columns_of_a_spreadsheet_as_it_shows_those_of_a_text_table() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = support::demo("archives/trust-staff.xlsx");
    // The head of that sheet and two rows of it, as text.
    let table = folder.path().join("staff.csv");
    fs::write(
        &table,
        "Northmoor Hospital Trust: staff list,,,,,\n\nName,Mail,Division,Role,Line manager,Ext.\n\
         \"Bo, Al\",al@trust.example,Wards,Chief,,2001\n\
         \"Cy, Di\",di@trust.example,Wards,Nurse,al@trust.example,2002\n",
    )
    .unwrap();
    let tieline = Tieline::new();
    let columns = |path: &std::path::Path| {
        let out = tieline.ok(&["import", "--dry-run", path.to_str().unwrap()]);
        let mut lines = out.lines().skip_while(|line| !line.starts_with("columns of"));
        let heading = lines.next().unwrap_or_else(|| panic!("no columns in {out}")).to_owned();
        let columns: Vec<String> =
            lines.take_while(|line| line.starts_with("  ")).map(str::to_owned).collect();
        (heading, columns)
    };
    let (heading, of_sheet) = columns(&sheet);
    assert!(heading.ends_with("trust-staff.xlsx, sheet Staff:"), "{heading}");
    let (_, of_table) = columns(&table);
    assert_eq!(of_sheet, of_table);
    let meanings: Vec<Vec<&str>> =
        of_sheet.iter().map(|line| line.split_whitespace().take(3).collect()).collect();
    assert_eq!(meanings[0], ["sure", "Name", "name"]);
    assert_eq!(meanings[2], ["sure", "Division", "unit"]);
    assert_eq!(of_sheet.len(), 6);
}

#[test]
fn what_cannot_be_read_is_located_and_what_can_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail.mbox");
    let undated = "From x@y.example\nFrom: ada@acme.example\nTo: bo@acme.example\n\
                   Message-ID: <u@x>\n\nbody\n\n";
    let good = message("1@x", "ada@acme.example", "bo@acme.example", DATE, "");
    fs::write(
        &mail,
        format!(
            "{good}{}",
            undated.replace("From x@y.example\n", "From x@y.example Thu Jan  1 00:00:00 1970\n")
        ),
    )
    .unwrap();
    fs::write(folder.path().join("slides.bin"), [0_u8, 159, 146, 150, 7, 7, 7]).unwrap();
    let tieline = Tieline::new();
    let batch = tieline.import(&[folder.path()]);
    assert_eq!((batch.read, batch.new, batch.issues), (2, 1, 1));
    let issues = tieline.rows(&["imports", "show", &batch.id, "--json"]);
    assert_eq!(issues.len(), 1);
    assert!(issues[0]["file"].as_str().unwrap().ends_with("mail.mbox"));
    assert_eq!(issues[0]["position"], format!("byte {}", good.len()));
    assert!(issues[0]["reason"].as_str().unwrap().contains("date"), "{}", issues[0]);
    let shown = tieline.ok(&["imports", "show", &batch.id]);
    assert!(shown.contains("slides.bin"), "{shown}");
}

#[test]
fn machines_newsletters_role_mailboxes_and_broadcasts_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail.mbox");
    let crowd: Vec<String> = (0..40).map(|n| format!("p{n}@acme.example")).collect();
    let newsletter = "List-Id: News <news.acme.example>\nPrecedence: bulk\n";
    let list = "List-Id: Talk <talk.acme.example>\nPrecedence: list\n";
    let mut text = String::new();
    text += &message("1@x", "ada@acme.example", "bo@acme.example", DATE, "");
    text += &message("2@x", "no-reply@shop.example", "bo@acme.example", DATE, "");
    text += &message(
        "3@x",
        "bo@acme.example",
        "ada@acme.example",
        DATE,
        "Auto-Submitted: auto-replied\n",
    );
    text += &message("4@x", "info@shop.example", "bo@acme.example", DATE, "");
    text += &message("5@x", "ada@acme.example", &crowd.join(", "), DATE, "");
    for n in 10..13 {
        text += &message(
            &format!("{n}@x"),
            "editor@acme.example",
            "news@acme.example",
            DATE,
            newsletter,
        );
    }
    for (n, who) in ["ada", "bo", "cy", "ada"].iter().enumerate() {
        let answers =
            if n > 0 { format!("{list}In-Reply-To: <{}@x>\n", 19 + n) } else { list.to_owned() };
        text += &message(
            &format!("{}@x", 20 + n),
            &format!("{who}@acme.example"),
            "talk@acme.example",
            DATE,
            &answers,
        );
    }
    fs::write(&mail, text).unwrap();
    let tieline = Tieline::new();
    let batch = tieline.import(&[&mail]);
    assert_eq!((batch.read, batch.new, batch.left_out), (12, 5, 7));
    let shown = tieline.ok(&["imports", "show", &batch.id]);
    for (why, n) in [
        ("automated-sender", 1),
        ("auto-submitted", 1),
        ("role-mailbox", 1),
        ("broadcast", 1),
        ("newsletter", 3),
    ] {
        let line = shown.lines().find(|line| line.trim_start().starts_with(why)).expect(why);
        assert_eq!(line.split_whitespace().last(), Some(n.to_string().as_str()), "{line}");
    }
    // The discussion's conversations are ties: bo answered ada, cy answered bo.
    let ties = tieline.rows(&["people", "show", "cy@acme.example", "--json"]);
    assert_eq!(ties.len(), 2, "cy answered bo, ada answered cy: {ties:?}");
}

#[test]
fn subjects_and_bodies_are_nowhere_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (a, _) = archives(folder.path());
    let tieline = Tieline::new();
    tieline.import(&[&a]);
    for path in files(tieline.data.path()).keys() {
        let bytes = fs::read(tieline.data.path().join(path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("zanzibar"), "{}", path.display());
    }
}

#[test]
fn wrong_usage_says_what_to_type_instead() {
    let tieline = Tieline::new();
    let missing = tieline.fails(&["import", "/no/such/file.mbox"]);
    assert!(missing.contains("/no/such/file.mbox"), "{missing}");
    let nobody = tieline.fails(&["people", "show", "Zaphod"]);
    assert!(nobody.contains("Zaphod") && nobody.contains("--search"), "{nobody}");
    let unit = tieline.fails(&["people", "--unit", "Nowhere"]);
    assert!(unit.contains("tieline units"), "{unit}");
    let date = tieline.fails(&["network", "--as-of", "16.11.2026"]);
    assert!(date.contains("2026-11-16"), "{date}");
    let window = tieline.fails(&["network", "--as-of", "2026-11-16", "--window", "soon"]);
    assert!(window.contains("90d"), "{window}");
    let misspelt = tieline.fails(&["netwrok"]);
    assert!(misspelt.contains("network"), "{misspelt}");
    let undo = tieline.fails(&["imports", "undo", "abc"]);
    assert!(undo.contains("tieline imports"), "{undo}");
}

#[test]
fn everything_works_on_an_empty_data_folder() {
    let tieline = Tieline::new();
    for args in [
        vec!["imports"],
        vec!["people"],
        vec!["units"],
        vec!["identities"],
        vec!["network"],
        vec!["network", "summary", "--json"],
        vec!["network", "silos", "--csv"],
        vec!["check"],
        vec!["config"],
        vec!["report", "-o", "-"],
        vec!["completions", "bash"],
        vec!["man"],
    ] {
        tieline.ok(&args);
    }
}

#[test]
fn a_second_tieline_waits_its_turn_with_a_sentence() {
    let tieline = Tieline::new();
    tieline.ok(&["imports"]);
    let lock =
        fs::File::options().write(true).open(tieline.data.path().join("tieline.lock")).unwrap();
    lock.lock().unwrap();
    let refused = tieline.fails(&["imports"]);
    assert!(refused.contains("another tieline is at work"), "{refused}");
}

#[test]
fn changing_a_parameter_changes_the_ties() {
    let folder = tempfile::tempdir().unwrap();
    let (a, _) = archives(folder.path());
    let tieline = Tieline::new();
    tieline.import(&[&a]);
    let strength = |tieline: &Tieline| -> f64 {
        tieline
            .rows(&["network", "people", "--json"])
            .iter()
            .map(|row| row["strength"].as_f64().unwrap())
            .sum()
    };
    let before = strength(&tieline);
    let path = tieline.data.path().join("tieline.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("half_life_days = 90.0", "half_life_days = 9000.0")).unwrap();
    assert!(strength(&tieline) > before * 1.1);
}
