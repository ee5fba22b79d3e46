//! The listening record as people see it: what was said, what came of it, and what is counted.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::percent_bytes;
use support::steps::{action, done, text, undo_of};
use support::table::Table;
use support::world::COLLEAGUE;
use tieline_model::access::Role;

#[tokio::test]
async fn what_was_said_waits_until_it_is_answered_and_then_stands() {
    let table = Table::laid("/listening").await;
    let path = &table.base;
    let page = text(&table.ours, path).await;
    assert!(page.contains("Nothing is written down yet"), "{page}");
    let answer = table.ours.post(path, &[("text", " "), ("voice", "Tenants")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("Write down what was said.") && answer.text.contains("Tenants"));

    let fields = [("text", "The stairs are dark."), ("voice", "Tenants of Elm Street")];
    let page = done(&table.ours, path, &fields).await;
    assert!(page.contains("Tenants of Elm Street, written down for Beacon Homes"), "{page}");
    assert!(page.contains("The longest wait so far is less than a day."));
    assert!(!page.contains("Half of the answers"), "there is none");
    let undo = undo_of(&page);
    let page = done(&table.ours, &undo, &[]).await;
    assert!(page.contains("Taken back.") && !page.contains("The stairs are dark."));
    assert!(done(&table.ours, &undo_of(&page), &[]).await.contains("The stairs are dark."));

    let page = text(&table.theirs, path).await;
    assert!(!page.contains("/removal\""), "it is the other party's");
    let to = action(&page, "answer");
    let nothing = [("reply", "declined"), ("answer", ""), ("version", "3")];
    let answer = table.theirs.post(&to, &nothing).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("or why nothing will be.") && answer.text.contains(" open>"));
    let none = [("reply", "waits"), ("answer", "Later."), ("version", "3")];
    assert_eq!(table.theirs.post(&to, &none).await.status, 422);
    let why = [("reply", "declined"), ("answer", "The owner refuses."), ("version", "3")];
    let page = done(&table.theirs, &to, &why).await;
    assert!(page.contains("Not done") && page.contains("Answered for Fenwick"), "{page}");
    assert!(page.contains("Half of the answers came within a day."));

    let late = [("reply", "done"), ("answer", "Lamps hang."), ("version", "3")];
    let answer = table.ours.post(&to, &late).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("Lamps hang.") && answer.text.contains("The owner refuses."));
    let page = text(&table.ours, path).await;
    assert!(!page.contains("/removal\""), "what was answered stands");
    assert!(
        text(&table.ours, &format!("{path}?reply=waits")).await.contains("Nothing stands here.")
    );
    let brief = text(&table.ours, &path.replace("/listening", "/brief")).await;
    assert!(brief.contains("The stairs are dark.") && brief.contains("The owner refuses."));
}

#[tokio::test]
async fn a_program_reads_and_answers_what_was_said() {
    let table = Table::laid("/listening").await;
    done(&table.ours, &table.base, &[("text", "It drips.")]).await;
    let (status, found) = table.app.api(Role::Member, &table.base).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["items"][0]["text"], "It drips.");
    assert_eq!(found["items"][0]["party"], table.party);
    assert!(!found.to_string().contains(COLLEAGUE), "who wrote it down is told to nobody");
    let (status, found) = table.app.api(Role::Member, &format!("{}/answering", table.base)).await;
    assert_eq!((status, &found["waits"]), (200, &1.into()));
    let (status, _) = table.app.api(Role::Member, &format!("{}?reply=x", table.base)).await;
    assert_eq!(status, 422);
    let (status, _) = table.app.api(Role::Steward, &table.base).await;
    assert_eq!(status, 404, "who is not in the room");
    let whole = table.base.replace("/listening", "/export");
    let (status, found) = table.app.api(Role::Member, &whole).await;
    assert_eq!((status, &found["listening"][0]["text"]), (200, &"It drips.".into()));
}

#[tokio::test]
async fn nothing_typed_breaks_the_page() {
    let table = Table::laid("/listening").await;
    let to = action(&done(&table.ours, &table.base, &[("text", "It drips.")]).await, "answer");
    for value in payloads() {
        let value = percent_bytes(&value);
        for (path, fields) in
            [(&table.base, "text={}&voice={}"), (&to, "reply={}&answer={}&version=1")]
        {
            let body = fields.replace("{}", &value).into_bytes();
            check(path, &table.ours.post_bytes(path, body, &[]).await);
        }
    }
    for rest in ["?reply=%00", "?before=x", "/x/answer", "/%00/removal"] {
        let path = format!("{}{rest}", table.base);
        check(&path, &table.ours.get(&path).await);
        check(&path, &table.ours.post(&path, &[("version", "1")]).await);
    }
}
