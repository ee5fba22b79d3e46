//! The demo world through the program: counts as its generator counted them, and every planted truth
//! found.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use serde_json::Value;
use support::{Batch, Tieline};
use tieline_testkit::{demo_archives, expected};

/// One import serves all questions: it is the slow part.
#[test]
fn every_planted_truth_of_the_demo_world_is_found() {
    let tieline = Tieline::new();
    let batch = tieline.import(&[&demo_archives()]);
    the_sums_are_those_the_generator_counted(&tieline, &batch);
    the_silo_is_found_and_the_well_connected_pair_is_none(&tieline);
    the_brokers_come_first(&tieline);
    dependence_and_cooling_are_told_with_their_people(&tieline);
    proved_addresses_are_joined_and_mere_namesakes_only_reviewed(&tieline);
    the_job_change_is_proposed_and_not_applied(&tieline);
    the_report_is_one_page_and_hides_names_on_request(&tieline);
}

/// Sum of a number over the entries of an object of objects or numbers.
fn sum(value: &Value, key: Option<&str>) -> u64 {
    let entries = value.as_object().unwrap().values();
    entries.map(|entry| key.map_or(entry, |key| &entry[key]).as_u64().unwrap()).sum()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Name of the person with an address.
fn name(tieline: &Tieline, address: &str) -> String {
    let rows = tieline.rows(&["people", "--search", address, "--json"]);
    text(&rows.first().unwrap_or_else(|| panic!("nobody has {address}"))["name"]).to_owned()
}

fn the_sums_are_those_the_generator_counted(tieline: &Tieline, batch: &Batch) {
    let expected = expected();
    let mail = &expected["mail"];
    let lost = mail["lost"].as_u64().unwrap();
    let read = sum(&mail["archives"], Some("messages"))
        + sum(&expected["calendar"]["files"], Some("components"))
        + sum(&expected["cards"], None)
        + sum(&expected["directory_rows"], None);
    assert_eq!(batch.issues, lost);
    assert_eq!(batch.read, read, "{batch:?}");
    let shown = tieline.ok(&["imports", "show", &batch.id]);
    for (why, n) in mail["left_out"].as_object().unwrap() {
        let line = shown.lines().find(|line| line.trim_start().starts_with(why.as_str()));
        let line = line.unwrap_or_else(|| panic!("no line for {why}"));
        let counted: u64 =
            line.split_whitespace().last().unwrap().replace(',', "").parse().unwrap();
        assert_eq!(counted, n.as_u64().unwrap(), "{why}");
    }
    for skipped in expected["skipped_files"].as_array().unwrap() {
        let end = text(skipped).trim_start_matches("archives/");
        assert!(shown.contains(end), "{end} is listed");
    }
}

fn the_silo_is_found_and_the_well_connected_pair_is_none(tieline: &Tieline) {
    let truths = &expected()["truths"];
    let rows = tieline.rows(&["network", "silos", "--json"]);
    let pair = |units: &Value| {
        let units: Vec<&str> = units.as_array().unwrap().iter().map(text).collect();
        rows.iter()
            .find(|row| {
                units.contains(&text(&row["group_a"])) && units.contains(&text(&row["group_b"]))
            })
            .unwrap_or_else(|| panic!("no row for {units:?}"))
    };
    let silo = pair(&truths["silo"]["units"]);
    assert_eq!(silo["silo"], true, "{silo}");
    assert!(
        silo["ratio"].as_f64() < truths["silo"]["observed_over_expected_below"].as_f64(),
        "{silo}"
    );
    assert!(silo["stability"].as_f64() >= Some(0.8), "{silo}");
    let contrast = pair(&truths["well_connected"]["units"]);
    assert_eq!(contrast["silo"], false, "{contrast}");
    let small = text(&truths["too_small_to_report"]);
    assert!(rows.iter().all(|row| row["group_a"] != small && row["group_b"] != small));
}

fn the_brokers_come_first(tieline: &Tieline) {
    let truths = &expected()["truths"];
    let rows = tieline.rows(&["network", "brokers", "--json"]);
    let found: Vec<&str> = rows.iter().take(2).map(|row| text(&row["name"])).collect();
    for broker in truths["brokers"].as_array().unwrap() {
        let name = name(tieline, text(broker));
        assert!(found.contains(&name.as_str()), "{name} among {found:?}");
    }
}

fn dependence_and_cooling_are_told_with_their_people(tieline: &Tieline) {
    let truths = &expected()["truths"];
    let findings = tieline.rows(&["network", "--json"]);
    let told = |kind: &str, words: &[&str]| {
        findings.iter().filter(|finding| finding["kind"] == kind).any(|finding| {
            let all = format!("{} {}", finding["headline"], finding["detail"]);
            words.iter().all(|word| all.contains(word))
        })
    };
    let hangs = &truths["hangs_on_one"];
    let person = name(tieline, text(&hangs["person"]));
    assert!(told("dependence", &[&person, text(&hangs["organisations"][1])]), "{person}");
    let cooling = &truths["cooling"];
    let (a, b) = (name(tieline, text(&cooling[0])), name(tieline, text(&cooling[1])));
    assert!(told("cooling", &[&a, &b]), "{a} and {b}");
}

fn proved_addresses_are_joined_and_mere_namesakes_only_reviewed(tieline: &Tieline) {
    let truths = &expected()["truths"];
    let reviews = tieline.rows(&["identities", "review", "--json"]);
    let owner = |address: &Value| {
        let rows = tieline.rows(&["people", "--search", text(address), "--json"]);
        text(&rows.first().unwrap_or_else(|| panic!("nobody has {address}"))["id"]).to_owned()
    };
    let together = |pair: &Value| owner(&pair[0]) == owner(&pair[1]);
    let same_name = |pair: &Value| {
        let (a, b) = (name(tieline, text(&pair[0])), name(tieline, text(&pair[1])));
        reviews.iter().any(|row| row["name_a"] == a.as_str() && row["name_b"] == b.as_str())
    };
    for pair in truths["same_person_proved"].as_array().unwrap() {
        assert!(together(pair), "{pair} are one");
    }
    for pair in truths["same_person_to_review"].as_array().unwrap() {
        assert!(!together(pair) && same_name(pair), "{pair} wait for a look");
    }
    let namesakes = &truths["different_people_of_one_name"];
    assert!(!together(namesakes), "{namesakes} stay two");
}

fn the_job_change_is_proposed_and_not_applied(tieline: &Tieline) {
    let change = &expected()["truths"]["job_change"];
    let (old, new) = (text(&change["from"]), text(&change["to"]));
    let reviews = tieline.rows(&["identities", "review", "--json"]);
    let asks = |row: &&Value| row.to_string().contains("a job change?");
    let asked: Vec<&Value> = reviews.iter().filter(asks).collect();
    let [review] = asked.as_slice() else { panic!("one person changes jobs: {asked:?}") };
    assert_eq!((text(&review["a"]), text(&review["b"])), (old, new));
    let question = format!(
        "same name; {old} was last used in {}, {new} first used in {}: a job change?",
        text(&change["last_used"]),
        text(&change["first_used"])
    );
    assert!(review["reasons_for"].as_array().unwrap().contains(&question.into()), "{review}");
    for address in [old, new] {
        let rows = tieline.rows(&["people", "--search", address, "--json"]);
        assert_eq!(rows[0]["addresses"], 1, "nothing is joined: {rows:?}");
    }
}

#[test]
fn a_merge_by_hand_survives_the_next_import_and_can_be_split_again() {
    let world = tieline_testkit::small_world();
    let tieline = Tieline::new();
    tieline.import(&[&world.mail]);
    let people = tieline.rows(&["people", "--json", "--limit", "10000"]);
    let (a, b) = (text(&people[0]["address"]).to_owned(), text(&people[1]["address"]).to_owned());
    tieline.ok(&["identities", "merge", &a, &b, "--reason", "told by both"]);
    let count = |tieline: &Tieline| tieline.rows(&["people", "--json", "--limit", "10000"]).len();
    assert_eq!(count(&tieline), people.len() - 1);
    tieline.import(&[&world.contacts]);
    let rows = tieline.rows(&["people", "--search", &b, "--json"]);
    assert_eq!(rows[0]["addresses"], 2, "{rows:?}");
    let before = count(&tieline);
    tieline.ok(&["identities", "split", &b, "--reason", "a mistake"]);
    assert_eq!(count(&tieline), before + 1);
}

fn the_report_is_one_page_and_hides_names_on_request(tieline: &Tieline) {
    let page = tieline.ok(&["report", "-o", "-"]);
    assert!(page.starts_with("<!doctype html>") && !page.contains("<script"));
    assert!(!page.contains("src=\"http") && !page.contains("url(http"));
    let broker = name(tieline, text(&expected()["truths"]["brokers"][0]));
    assert!(page.contains(&broker));
    let hidden = tieline.ok(&["report", "-o", "-", "--hide-names"]);
    let family = |row: &Value| text(&row["name"]).to_owned();
    for person in tieline.rows(&["people", "--json", "--limit", "10000"]).iter().map(family) {
        assert!(!person.contains(' ') || !hidden.contains(&person), "{person} is named");
    }
}

#[test]
fn the_same_question_gets_the_same_answer_byte_for_byte() {
    let world = tieline_testkit::small_world();
    let tieline = Tieline::new();
    tieline.import(&[&world.dir]);
    assert_eq!(tieline.ok(&["network", "--json"]), tieline.ok(&["network", "--json"]));
    let report = || tieline.ok(&["report", "-o", "-"]);
    assert_eq!(report(), report());
}
