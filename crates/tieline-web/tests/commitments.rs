//! Commitments of a partnership: promised, kept, given another date by both sides, and what they show.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{action, done, text};
use support::table::Table;
use support::world::{COLLEAGUE, TWO_OTHERS};
use support::{Answer, percent_bytes};

impl Table {
    async fn promise(&self, text: &str, due: &str) -> Answer {
        let fields = [("text", text), ("to", &*self.other), ("due", due), ("source", "meeting")];
        self.ours.post(&self.base, &fields).await
    }
}

#[tokio::test]
async fn what_is_promised_is_kept_taken_back_and_undone() {
    let table = Table::laid("/commitments").await;
    assert!(text(&table.ours, &table.base).await.contains("Nothing is promised and open here."));
    let page = done(&table.ours, &table.base, &[("text", "a survey")]).await;
    assert!(page.contains("a survey") && page.contains("Beacon Homes to all others"));
    let undo = action(&page, "withdrawal");
    let page = done(&table.ours, &undo, &[]).await;
    assert!(page.contains("Taken back."));
    assert!(!text(&table.ours, &table.base).await.contains("a survey"));
    assert_eq!(table.promise("a boiler", "2099-05-01").await.status, 303);
    let read = text(&table.theirs, &table.base).await;
    assert!(read.contains("a boiler") && read.contains("Due 1 May 2099"), "{read}");
    assert!(!read.contains("/kept\""), "the other side does not say that it was kept");
    let kept = action(&text(&table.ours, &table.base).await, "kept");
    assert_eq!(table.theirs.post(&kept, &[("version", "1")]).await.status, 404);
    let page = done(&table.ours, &kept, &[("version", "1")]).await;
    assert!(page.contains("Kept. Thank you."));
    let late = done(&table.ours, &kept, &[("version", "1")]).await;
    assert!(late.contains("It was changed meanwhile"));
    let ended = text(&table.theirs, &format!("{}?state=ended", table.base)).await;
    assert!(ended.contains("a boiler") && ended.contains("Kept "));
    for shown in [&table.ours, &table.theirs] {
        assert!(text(shown, &table.base).await.contains("67%"), "(1 + 1) / (1 + 2)");
    }
    let mine = text(&table.ours, &format!("{}?of=mine&state=ended", table.base)).await;
    assert!(!mine.contains("a boiler"), "nobody in particular sees to it");
    let page = done(&table.ours, &kept.replace("/kept", "/reopening"), &[]).await;
    assert!(page.contains("a boiler"));
    assert_eq!(table.owner.post(&table.base, &[("text", "x")]).await.status, 404);
    let outside = table.app.as_person(COLLEAGUE).await;
    assert_eq!(outside.get(&table.base).await.status, 404);
}

#[tokio::test]
async fn another_date_stands_once_the_other_side_agrees() {
    let table = Table::laid("/commitments").await;
    assert_eq!(table.promise("a boiler", "2020-01-01").await.status, 303);
    let page = text(&table.ours, &table.base).await;
    assert!(page.contains("Late: due 1 January 2020"));
    let today = text(&table.ours, "/").await;
    assert!(today.contains("Late: a boiler") && today.contains("You see to it"), "{today}");
    assert!(!text(&table.theirs, "/").await.contains("a boiler"));
    let ask = action(&page, "date");
    for (day, says) in [("", "Say the new date"), ("2020-02-01", "must lie ahead"), ("x", "day")] {
        let answer = table.ours.post(&ask, &[("day", day), ("version", "1")]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains(says), "{day}: {}", answer.text);
    }
    let asked = [("day", "2099-03-01"), ("note", "the crew is ill"), ("version", "1")];
    assert!(done(&table.ours, &ask, &asked).await.contains("The other side answers."));
    let late = [("day", "2099-09-09"), ("note", "we need it later"), ("version", "1")];
    let late = table.theirs.post(&ask, &late).await;
    assert_eq!(late.status, 409);
    for both in ["the crew is ill", "we need it later", "2099-09-09"] {
        assert!(late.text.contains(both), "nothing typed is lost: {both}");
    }
    let page = text(&table.theirs, &table.base).await;
    assert!(page.contains("Beacon Homes asks for 1 March 2099 instead."), "{page}");
    let refuse = action(&page, "date/refusal");
    assert_eq!(table.ours.post(&refuse, &[("version", "2")]).await.status, 404);
    let page = done(&table.theirs, &refuse, &[("version", "2")]).await;
    assert!(page.contains("The old date stands.") && page.contains("Late: due 1 January 2020"));
    let again = [("day", "2099-03-01"), ("version", "3")];
    done(&table.theirs, &ask, &again).await;
    let agree = action(&text(&table.ours, &table.base).await, "date/agreement");
    let page = done(&table.ours, &agree, &[("version", "4")]).await;
    assert!(page.contains("The new date is agreed.") && page.contains("Due 1 March 2099"));
    assert!(page.contains("Takes the place of an earlier date."));
    let ended = text(&table.theirs, &format!("{}?state=ended", table.base)).await;
    assert!(ended.contains("Renegotiated "));
}

#[tokio::test]
async fn a_person_s_own_reliability_is_shown_to_them_alone() {
    let table = Table::laid("/commitments").await;
    let page = text(&table.ours, &table.base).await;
    let people = &page[page.find("id=\"seat\"").unwrap()..];
    let seat = people.split("value=\"").nth(2).unwrap().split('"').next().unwrap();
    let fields = [("text", "a boiler"), ("seat", seat), ("due", "2020-01-01")];
    let page = done(&table.ours, &table.base, &fields).await;
    assert!(page.contains(&format!("Seen to by {}", TWO_OTHERS.0)), "{page}");
    assert!(page.contains("Only you are shown this line.") && page.contains("33%"));
    assert!(text(&table.ours, &format!("{}?of=mine", table.base)).await.contains("a boiler"));
    assert!(!text(&table.owner, &table.base).await.contains("What you see to"));
    let theirs = text(&table.theirs, &table.base).await;
    let own = &theirs[theirs.find("What you see to").unwrap()..theirs.find("<table").unwrap()];
    assert!(own.contains("Nothing was due yet"), "{own}");
    let wrong = [("text", "x"), ("to", &*table.party)];
    assert_eq!(table.ours.post(&table.base, &wrong).await.status, 422, "to itself");
    let nobody = [("text", "x"), ("seat", "nobody")];
    assert_eq!(table.ours.post(&table.base, &nobody).await.status, 422);
}

#[tokio::test]
async fn forms_of_commitments_stand_what_is_put_into_any_field() {
    let table = Table::laid("/commitments").await;
    assert_eq!(table.promise("a boiler", "2099-05-01").await.status, 303);
    let ask = action(&text(&table.ours, &table.base).await, "date");
    let forms: [(&str, &[&str]); 2] = [
        (&table.base, &["text", "to", "seat", "source", "due"]),
        (&ask, &["day", "note", "version"]),
    ];
    for (path, fields) in forms {
        for hostile in fields {
            for value in payloads() {
                let encode = |name: &&str| {
                    let value = if name == hostile { &*value } else { b"" };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ours.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in ["?of=%00", "?state=%3Cx%3E&of=ours", "?after=x", "/x/kept", "/%00/date"] {
        let path = format!("{}{rest}", table.base);
        check(&path, &table.ours.get(&path).await);
        check(&path, &table.ours.post(&path, &[("version", "1")]).await);
    }
}
