//! Objectives of a partnership: written, measured, checked in, and how they bear on each other.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{assert_status, done, led, text, undo_of};
use support::two_sides::TwoSides;
use support::{Browser, percent_bytes};
use tieline_model::access::Role;

/// Where a new objective is.
async fn objective(table: &TwoSides, by: &Browser, party: &str, title: &str) -> String {
    let days = [("begins", "2020-01-01"), ("last", "2020-12-31")];
    let fields = [("party", party), ("title", title), days[0], days[1]];
    led(by, &table.at("/new"), &fields).await.1
}

fn result<'a>(metric: &'a str, from: &'a str, to: &'a str) -> [(&'a str, &'a str); 3] {
    [("metric", metric), ("baseline", from), ("target", to)]
}

/// Where the first key result of a page is.
fn result_of(page: &str) -> String {
    let from = page.find("/okr/results/").expect("a key result");
    let start = page[..from].rfind('"').unwrap() + 1;
    page[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_objective_is_scored_by_what_measures_it_and_its_parts_are_told() {
    let table = TwoSides::met("okr").await;
    assert!(text(&table.owner, &table.tab).await.contains("No objectives yet"));
    let at = objective(&table, &table.ours, &table.parties[0], "Fewer admissions").await;
    let page = text(&table.theirs, &at).await;
    assert!(page.contains("Not measured yet") && !page.contains("Add a key result"));
    let results = format!("{at}/results");
    let wrong = table.ours.post(&results, &result("Admissions", "20", "20")).await;
    assert_status(&wrong, 422);
    assert!(wrong.text.contains("Write another number than where it began."));
    let page = done(&table.ours, &results, &result("Admissions", "40", "20")).await;
    assert!(page.contains("Key result added.") && page.contains("from 40 to 20"));
    let metric = result_of(&page);
    let checks = format!("{metric}/check-ins");
    let seen = |value| [("value", value), ("confidence", "medium"), ("line", "a cold week")];
    assert_status(&table.theirs.post(&checks, &seen("30")).await, 404);
    done(&table.ours, &checks, &seen("30")).await;
    let page = done(&table.ours, &checks, &seen("28.5")).await;
    assert!(page.contains("Checked in.") && page.contains("28.5") && page.contains("a cold week"));
    let page = done(&table.ours, &undo_of(&page), &[]).await;
    assert!(page.contains("Check-in removed.") && !page.contains("28.5"));
    done(&table.ours, &undo_of(&page), &[]).await;
    let page = text(&table.theirs, &at).await;
    for told in ["now 28.5", "The score is 57", "Pace is the score by that share: 0.57", "At risk"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let list = text(&table.owner, &table.tab).await;
    assert!(list.contains("Fewer admissions") && list.contains("Nursing"));

    let page = done(&table.ours, &format!("{metric}/removal"), &[]).await;
    assert!(page.contains("Key result removed.") && !page.contains("from 40 to 20"));
    assert!(done(&table.ours, &undo_of(&page), &[]).await.contains("28.5"), "as it was");
    let page = done(&table.ours, &format!("{at}/removal"), &[]).await;
    assert_status(&table.ours.get(&at).await, 404);
    assert!(done(&table.ours, &undo_of(&page), &[]).await.contains("now 28.5"));
}

#[tokio::test]
async fn two_changes_at_once_are_shown_side_by_side() {
    let table = TwoSides::met("okr").await;
    let at = objective(&table, &table.ours, "", "Nobody is cold").await;
    let edit = format!("{at}/edit");
    let change = |title| [("title", title), ("version", "1")];
    done(&table.ours, &edit, &change("Nobody is cold or damp")).await;
    let late = table.theirs.post(&edit, &change("Warm streets")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("Nobody is cold or damp") && late.text.contains("Warm streets"));
    let again = [("title", "Warm streets"), ("version", "2")];
    assert!(done(&table.theirs, &edit, &again).await.contains("Warm streets"));
    let page = done(&table.ours, &format!("{at}/results"), &result("Damp", "9", "1")).await;
    let metric = result_of(&page);
    let mine = |to| [("metric", "Damp"), ("baseline", "9"), ("target", to), ("version", "1")];
    done(&table.ours, &metric, &mine("2")).await;
    assert_status(&table.theirs.post(&metric, &mine("3")).await, 409);
    let own = objective(&table, &table.ours, &table.parties[0], "Ours").await;
    assert_status(&table.theirs.post(&format!("{own}/edit"), &change("x")).await, 404);
    let theirs = [("party", &*table.parties[0]), ("title", "Not theirs")];
    assert_status(&table.theirs.post(&table.at("/new"), &theirs).await, 404);
}

#[tokio::test]
async fn overlaps_and_conflicts_are_proposed_and_people_confirm_or_refuse() {
    let table = TwoSides::met("okr").await;
    let ours = objective(&table, &table.ours, &table.parties[0], "Shorter hospital stays").await;
    let theirs = objective(
        &table,
        &table.theirs,
        &table.parties[1],
        "Full beds pay for the new roof of our old house",
    )
    .await;
    objective(&table, &table.theirs, &table.parties[1], "Shorter hospital stays").await;
    done(&table.ours, &format!("{ours}/results"), &result("Days in bed", "9", "6")).await;
    done(&table.theirs, &format!("{theirs}/results"), &result(" days in BED", "6", "8")).await;
    let path = table.at("/alignment");
    let page = text(&table.owner, &path).await;
    for told in ["is at odds with", "overlaps with", "to rise, the other to fall", "2 to look at"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (from, to) = (id(&ours), id(&theirs));
    let say = |state| {
        let pair = [("from", &*from), ("to", &*to)];
        [pair[0], pair[1], ("kind", "conflicts_with"), ("state", state), ("version", "0")]
    };
    let page = done(&table.ours, &path, &say("rejected")).await;
    assert!(page.contains("Your answer is noted.") && page.contains("Refused by"));
    let late = table.theirs.post(&path, &say("confirmed")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("Refused") && late.text.contains("Confirmed"));
    assert!(!text(&table.owner, &path).await.contains("to rise, the other to fall"), "not again");
    let page = done(&table.ours, &undo_of(&page), &[]).await;
    assert!(page.contains("to rise, the other to fall"), "taken back, it is open again");
    let id = table.tab.split('/').nth(2).unwrap();
    let (status, seen) =
        table.app.api(Role::Member, &format!("/partnerships/{id}/okr/alignment")).await;
    assert_eq!((status, seen["proposed"].as_array().unwrap().len()), (200, 2));
    let (status, seen) = table.app.api(Role::Member, &format!("/partnerships/{id}/okr")).await;
    assert_eq!((status, &seen["items"][0]["key_results"][0]["target"]), (200, &6.0.into()));
    let (status, _) = table.app.api(Role::Steward, &format!("/partnerships/{id}/okr")).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn forms_of_objectives_stand_what_is_put_into_any_field() {
    let table = TwoSides::met("okr").await;
    let at = objective(&table, &table.ours, "", "Nobody is cold").await;
    let page = done(&table.ours, &format!("{at}/results"), &result("Damp", "9", "1")).await;
    let metric = result_of(&page);
    let usual = |metric, to| result(metric, "1", to);
    let forms: [(String, Vec<(&str, &str)>); 6] = [
        (
            table.at("/new"),
            vec![
                ("party", ""),
                ("parent", ""),
                ("aim", ""),
                ("title", "x"),
                ("why", ""),
                ("begins", ""),
                ("last", ""),
            ],
        ),
        (format!("{at}/edit"), vec![("title", "x"), ("parent", ""), ("version", "1")]),
        (
            format!("{at}/results"),
            usual("m", "2")
                .into_iter()
                .chain([("unit", ""), ("weight", ""), ("due", "")])
                .collect(),
        ),
        (metric.clone(), usual("m", "2").into_iter().chain([("version", "1")]).collect()),
        (format!("{metric}/check-ins"), vec![("value", "1"), ("confidence", "low"), ("line", "")]),
        (
            table.at("/alignment"),
            vec![
                ("from", ""),
                ("to", ""),
                ("kind", "supports"),
                ("state", "confirmed"),
                ("version", "0"),
            ],
        ),
    ];
    for (path, fields) in &forms {
        for (hostile, _) in fields {
            for value in payloads() {
                let encode = |(name, usual): &(&str, &str)| {
                    let value = if name == hostile { &value } else { usual.as_bytes() };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ours.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in ["", "?after=%00", "/alignment?one=x&other=%00", "/x", "/results/x?before=%00"] {
        check(rest, &table.ours.get(&table.at(rest)).await);
    }
}
