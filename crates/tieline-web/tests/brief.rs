//! A partnership taken along: its brief, its dates as a calendar, all of it as one document.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::steps::{done, text};
use support::table::Table;
use support::world::COLLEAGUE;
use tieline_model::access::Role;

/// The lines of a calendar as they were before they were folded.
fn unfolded(calendar: &str) -> Vec<String> {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"), "{calendar}");
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "a line has 75 bytes at most");
    calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

/// The owner's room, with a promise of the first party that is due in 2099.
async fn promised(what: &str) -> Table {
    let table = Table::laid("").await;
    let path = format!("{}/commitments", table.base);
    let fields =
        [("text", what), ("to", &*table.other), ("due", "2099-05-01"), ("source", "meeting")];
    done(&table.ours, &path, &fields).await;
    table
}

#[tokio::test]
async fn dates_of_a_partnership_are_a_calendar_that_programs_take_in() {
    let what = "A boiler; new, big\r\nEND:VEVENT, and a line that is longer than a line may be";
    let table = promised(what).await;
    let edit = [("name", "Warm homes"), ("begins", "2098-01-01"), ("last", "2099-12-31")];
    let page = text(&table.owner, &format!("{}/edit", table.base)).await;
    let version =
        page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields: Vec<_> = edit.into_iter().chain([("version", version)]).collect();
    done(&table.owner, &format!("{}/edit", table.base), &fields).await;

    let path = format!("{}/dates.ics", table.base);
    for side in [&table.ours, &table.theirs, &table.owner] {
        let answer = side.get(&path).await;
        assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
        let lines = unfolded(&answer.text);
        let days: Vec<&str> =
            lines.iter().filter_map(|line| line.strip_prefix("DTSTART;VALUE=DATE:")).collect();
        assert_eq!(days, ["20980101", "20990501", "20991231"], "the first first, a day each");
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 3);
        let due = lines.iter().find(|line| line.contains("A boiler")).unwrap();
        assert!(due.starts_with("SUMMARY:Due: A boiler\\; new\\, big"), "{due}");
    }
    assert_eq!(table.app.as_person(COLLEAGUE).await.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_calendar_program_subscribes_with_a_token_as_its_password() {
    let table = promised("A boiler").await;
    let path = format!("{}/dates.ics", table.base);
    let with = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    let token = table.app.token(Role::Owner).await;
    let answer = table.app.program(&path, &with(format!("anyone:{}", token.text()))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.contains("A boiler"));
    for wrong in [with("anyone:x".to_owned()), "Basic %%".to_owned(), "Basic".to_owned()] {
        let answer = table.app.program(&path, &wrong).await;
        assert_eq!(answer.status, 401);
        assert!(answer.header("www-authenticate").starts_with("Basic realm="));
        assert!(!answer.text.contains("A boiler"));
    }
    let elsewhere = table.app.token(Role::Steward).await;
    let answer = table.app.program(&path, &format!("Bearer {}", elsewhere.text())).await;
    assert_eq!(answer.status, 404, "who is not in the room does not know it");
    let json = table.app.program(&table.base, &with(format!("x:{}", token.text()))).await;
    assert_eq!(json.status, 401, "a password opens the calendar alone");
}

#[tokio::test]
async fn the_brief_says_what_holds_and_nothing_that_is_not_for_all() {
    let table = promised("A boiler").await;
    let path = format!("{}/brief", table.base);
    let empty = text(&table.theirs, &path).await;
    assert!(empty.contains("No agreement is written yet.") && empty.contains("Nothing is decided"));
    assert!(empty.contains("1 May 2099") && empty.contains("Due: A boiler (Beacon Homes)"));
    let words = [("vision", "Nobody is cold."), ("after", "0")];
    done(&table.ours, &format!("{}/agreement", table.base), &words).await;
    let side = [("benefits", "a secret gain"), ("costs", "a secret cost"), ("version", "0")];
    let own = format!("{}/parties/{}/side", table.base, table.party);
    done(&table.ours, &own, &side).await;
    let page = text(&table.theirs, &path).await;
    assert!(page.contains("Nobody is cold.") && !page.contains("secret"), "{page}");
    assert!(text(&table.ours, &table.base).await.contains(&path), "the overview leads there");
}

#[tokio::test]
async fn a_partnership_is_one_document_of_what_its_reader_may_read() {
    let table = promised("A boiler").await;
    let van = [("title", "A van"), ("kind", "equipment"), ("amount", "1")];
    done(&table.ours, &format!("{}/resources", table.base), &van).await;
    let question = [("question", "Which roof first?"), ("method", "consent")];
    let asked = table.ours.post(&format!("{}/decisions/new", table.base), &question).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let path = format!("{}/export", table.base);
    let (status, all) = table.app.api(Role::Owner, &path).await;
    assert_eq!(status, 200, "{all}");
    assert_eq!(all["format"], "tieline-partnership-1");
    assert_eq!(all["partnership"]["partnership"]["name"], "Warm homes");
    assert_eq!(all["people"].as_array().unwrap().len(), 2);
    assert_eq!(all["commitments"][0]["text"], "A boiler");
    assert_eq!(all["resources"][0]["title"], "A van");
    assert_eq!(all["decisions"][0]["question"], "Which roof first?");
    assert!(all["agreement"].is_null() && all["lessons"].as_array().unwrap().is_empty());
    assert!(all["left_out"].to_string().contains("conflict cases"));
    assert_eq!(table.app.api(Role::Steward, &path).await.0, 404);
}
