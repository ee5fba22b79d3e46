//! What a reader of the archives must find: totals counted while writing, and the planted truths.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::archives::{Files, MailCounts};
use super::cast::{Cast, ORGS, Proof, move_day};
use super::clock;
use super::mail::Mail;
use super::plan::Plan;

/// Counts made by the writers of the other archives.
pub(crate) struct Told {
    /// Of calendars.
    pub(crate) meetings: Value,
    /// Of contact lists.
    pub(crate) cards: Value,
    /// Of directories.
    pub(crate) rows: Value,
    /// Of the slice for tests.
    pub(crate) slice: Value,
}

/// Writes `EXPECTED.json`.
pub(crate) fn write(
    cast: &Cast,
    plan: &Plan,
    mail: &Mail,
    counts: &MailCounts,
    told: &Told,
    files: &mut Files,
) -> Result<()> {
    let unique = counts.copies.iter().filter(|copies| **copies > 0).count();
    let copies: usize = counts.copies.iter().sum();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for (message, copies) in mail.messages.iter().zip(&counts.copies) {
        if let (Some(reason), true) = (message.kind.left_out(), *copies > 0) {
            *left_out.entry(reason).or_default() += 1;
        }
    }
    let newest = mail.messages.iter().zip(&counts.copies).rev().find(|pair| *pair.1 > 0);
    let written: Vec<(usize, String)> = mail
        .messages
        .iter()
        .zip(&counts.copies)
        .filter(|(_, copies)| **copies > 0)
        .map(|(message, _)| (message.from, message.at.strftime("%Y-%m").to_string()))
        .collect();
    let value = json!({
        "about": "Counted by the generator (cargo xtask demo), not by Tieline. Addresses name people.",
        "as_of": newest.map(|pair| pair.0.at.to_string()),
        "people": cast.people.len(),
        "people_who_write": cast.people.iter().filter(|person| !person.silent).count(),
        "organisations": ORGS.len(),
        "departments": cast.units.len(),
        "planned_ties": plan.ties.len(),
        "mail": {
            "archives": counts.archives,
            // The three repaired messages have one copy each.
            "unique_messages": unique + 3,
            "duplicates": copies - unique,
            "left_out": left_out,
            "lost": 2,
            "repaired": 3,
            "note": "of the repaired, one has an undeclared 8-bit header, one is dated 2062 (kept, after every as-of), one is dated 1903 (its Received header tells 2026-03-10)"
        },
        "calendar": told.meetings,
        "cards": told.cards,
        "directory_rows": told.rows,
        "skipped_files": [
            "archives/college-takeout.zip!Takeout/archive_browser.html",
            "archives/minutes-2026-03.doc",
            "archives/site-photo.jpg",
        ],
        "slice": told.slice,
        "truths": truths(cast, plan, &written),
    });
    let text = serde_json::to_string_pretty(&value)? + "\n";
    files.insert("EXPECTED.json".to_owned(), text.into_bytes());
    Ok(())
}

/// The planted truths; `written` holds sender and month of every message, the oldest first.
fn truths(cast: &Cast, plan: &Plan, written: &[(usize, String)]) -> Value {
    let email = |given: &str, family: &str| cast.email(cast.who(given, family)).to_owned();
    let between = |one: &str, other: &str| -> Vec<Value> {
        let (one, other) = (cast.unit(one), cast.unit(other));
        let crosses = |a: usize, b: usize| one.contains(&a) && other.contains(&b);
        let ties = plan.ties.iter().filter(|t| crosses(t.a, t.b) || crosses(t.b, t.a));
        ties.map(|tie| json!([cast.email(tie.a), cast.email(tie.b)])).collect()
    };
    let duplicates = |proved: bool| -> Vec<Value> {
        let people = cast
            .people
            .iter()
            .filter(|person| person.proof.is_some_and(|proof| (proof != Proof::None) == proved));
        people
            .map(|person| {
                let all: Vec<&str> =
                    person.mailboxes.iter().map(|m| cast.mailboxes[*m].email.as_str()).collect();
                json!(all)
            })
            .collect()
    };
    let namesakes: Vec<&str> = (0..cast.people.len())
        .filter(|person| cast.people[*person].name() == "David Clarke")
        .map(|person| cast.email(person))
        .collect();
    let mover = &cast.people[cast.mover];
    let mut left = written.iter().rev().filter(|(from, _)| *from == mover.mailboxes[0]);
    let mut joined = written.iter().filter(|(from, _)| *from == mover.mailboxes[1]);
    json!({
        "silo": {
            "units": ["Housing", "Public Health"],
            "planned_ties": between("Housing", "Public Health"),
            "observed_over_expected_below": 0.3,
        },
        "well_connected": {"units": ["Adult Social Care", "Public Health"]},
        "brokers": [email("Priya", "Nair"), email("Tom", "Acheson")],
        "hangs_on_one": {
            "organisations": ["Northmoor City Council", "Warm Hearth"],
            "person": email("Ruth", "Adeyemi"),
        },
        "job_change": {
            "from": cast.mailboxes[mover.mailboxes[0]].email,
            "to": cast.mailboxes[mover.mailboxes[1]].email,
            "first_day": clock::date(move_day()).to_string(),
            "last_used": left.next().map(|(_, month)| month),
            "first_used": joined.next().map(|(_, month)| month),
        },
        "same_person_proved": duplicates(true),
        "same_person_to_review": duplicates(false),
        "different_people_of_one_name": namesakes,
        "cooling": [email("Amara", "Osei"), email("Helen", "Marsh")],
        "too_small_to_report": "Chief Executive's Office",
        "no_directory": "Eastgate Residents' Network",
    })
}
