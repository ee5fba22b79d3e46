//! The talk of a partnership: topics, mentions, summaries, what each has read, and who is heard.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{done, text, undo_of};
use support::world::{COLLEAGUE, MEMBER, TWO_OTHERS, UNITS, address_of};
use support::{Browser, TestApp, percent_bytes};
use tieline_model::access::Role;
use tieline_model::id::{PartnershipId, PartyId};
use tieline_model::room::{Duty, Participant};
use tieline_store::NewPartnership;

/// A room with two parties: one person sits at Beacon, [`MEMBER`] at Fenwick.
struct Table {
    app: TestApp,
    owner: Browser,
    ours: Browser,
    theirs: Browser,
    id: PartnershipId,
    parties: [PartyId; 2],
    base: String,
}

impl Table {
    async fn laid() -> Self {
        let app = TestApp::new().await;
        let by = app.account(Role::Owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by,
        };
        let by = Participant::Account(by);
        let tx = app.store.begin().await.unwrap();
        let id = tx.add_partnership(&new).await.unwrap();
        let party = tx.add_party(id, (None, "Beacon Homes"), by).await.unwrap();
        let other = tx.add_party(id, (None, "Fenwick"), by).await.unwrap();
        let (one, two) = (address_of(TWO_OTHERS.0), address_of(MEMBER));
        tx.give_seat((id, party), one, Duty::Lead, by).await.unwrap();
        tx.give_seat((id, other), two, Duty::Member, by).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            owner: app.as_(Role::Owner).await,
            ours: app.as_person(TWO_OTHERS.0).await,
            theirs: app.as_(Role::Member).await,
            base: format!("/partnerships/{id}/topics"),
            id,
            parties: [party, other],
            app,
        }
    }

    /// Gives seats at a party to people of a department.
    async fn seat(&self, party: usize, unit: usize, n: usize) {
        let by = Participant::Account(self.app.account(Role::Owner));
        let tx = self.app.store.begin().await.unwrap();
        let free = UNITS[unit].1.iter().filter(|name| ![TWO_OTHERS.0, MEMBER].contains(name));
        for name in free.take(n) {
            let at = (self.id, self.parties[party]);
            tx.give_seat(at, address_of(name), Duty::Member, by).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Where a topic is that the first opened.
    async fn topic(&self, text: &str) -> String {
        let fields = [("title", "Roofs"), ("text", text)];
        let answer = self.ours.post(&self.base, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().split('?').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_mention_is_on_today_until_it_is_read_and_nobody_else_learns_of_that() {
    let table = Table::laid().await;
    assert!(text(&table.ours, &table.base).await.contains("Nothing is talked about yet"));
    let topic = table.topic(&format!("What of them, @{MEMBER}? Mail a@b.example.")).await;
    let today = text(&table.theirs, "/").await;
    assert!(today.contains(&format!("{} mentions you: Roofs", TWO_OTHERS.0)), "{today}");
    assert!(!text(&table.ours, "/").await.contains("mentions you"));
    let list = text(&table.theirs, &table.base).await;
    assert!(list.contains("Mentions you") && list.contains("1 new") && list.contains("1 post,"));
    let page = text(&table.theirs, &topic).await;
    let shown = format!("Mentions {MEMBER}");
    for told in [&*shown, "for Beacon Homes", "New", "Nobody has summed this up yet."] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let page = done(&table.theirs, &format!("{topic}/read"), &[("to", "1")]).await;
    assert!(page.contains("Read.") && !page.contains("1 new"), "{page}");
    assert!(!text(&table.theirs, "/").await.contains("mentions you"));
    for other in [&table.ours, &table.owner] {
        for path in [&topic, &table.base] {
            assert!(!text(other, path).await.contains("has read"));
        }
    }
    let (status, seen) = table.app.api(Role::Owner, &topic.replace("/topics/", "/topics/x/")).await;
    assert_eq!((status, seen["items"].as_array()), (404, None));
    let (_, seen) = table.app.api(Role::Owner, &table.base).await;
    assert_eq!(seen["items"][0]["read"], serde_json::Value::Null, "of no seat: {seen}");
    let (_, seen) = table.app.api(Role::Member, &format!("{topic}/posts")).await;
    assert!(seen["items"][0]["text"].as_str().unwrap().contains("What of them"), "{seen}");
    let (status, _) = table.app.api(Role::Steward, &format!("{topic}/posts")).await;
    assert_eq!(status, 404);
    let outside = table.app.as_person(COLLEAGUE).await;
    for path in [&topic, &table.base] {
        assert_eq!(outside.get(path).await.status, 404);
    }
}

#[tokio::test]
async fn what_is_said_is_answered_summed_up_found_and_taken_back() {
    let table = Table::laid().await;
    let topic = table.topic("What of slate?").await;
    let page = text(&table.theirs, &topic).await;
    let answer = page.split("&amp;reply=").nth(1).unwrap().split('#').next().unwrap();
    let form = text(&table.theirs, &format!("{topic}?reply={answer}")).await;
    assert!(form.contains("In answer to post 1."), "{form}");
    let page = done(&table.theirs, &topic, &[("text", "Slate it is."), ("reply", answer)]).await;
    assert!(page.contains("Posted.") && page.contains("Slate it is."));
    assert!(text(&table.ours, "/").await.contains(&format!("{MEMBER} mentions you: Roofs")));
    let found = text(&table.ours, &format!("{}?q=SLATE%20is", table.base)).await;
    assert!(found.contains("Slate it is.") && !found.contains("What of slate?"), "{found}");
    assert!(text(&table.ours, &format!("{}?q=tile", table.base)).await.contains("No post has"));

    let sum = format!("{topic}/summary");
    let mine = [("summary", "Slate."), ("to", "1"), ("version", "1")];
    let summed = done(&table.ours, &sum, &mine).await;
    assert!(summed.contains("Summary saved.") && summed.contains("1 post since."), "{summed}");
    let late = [("summary", "Tiles, rather."), ("to", "2"), ("version", "1")];
    let late = table.theirs.post(&sum, &late).await;
    assert_eq!(late.status, 409);
    for both in ["Slate.", "Tiles, rather.", "name=\"version\" value=\"2\""] {
        assert!(late.text.contains(both), "{both}: {}", late.text);
    }
    let taken = done(&table.theirs, &undo_of(&page), &[]).await;
    assert!(taken.contains("Post taken back.") && !taken.contains("Slate it is."));
    assert!(done(&table.theirs, &undo_of(&taken), &[]).await.contains("Slate it is."));
    let closed = done(&table.theirs, &format!("{topic}/closure"), &[]).await;
    assert!(closed.contains("Topic closed.") && !closed.contains("id=\"text\""));
    let refused = table.ours.post(&topic, &[("text", "But")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("This topic is closed."));
    let list = text(&table.ours, &format!("{}?state=closed", table.base)).await;
    assert!(list.contains("Roofs") && !text(&table.ours, &table.base).await.contains("Roofs"));
    assert!(done(&table.ours, &undo_of(&closed), &[]).await.contains("Topic opened again."));
    let page = done(&table.theirs, &table.base, &[("title", "Doors"), ("text", "x")]).await;
    let gone = done(&table.theirs, &undo_of(&page), &[]).await;
    assert!(gone.contains("Topic taken back.") && !gone.contains(">Doors<"));
}

#[tokio::test]
async fn shares_are_told_of_groups_of_five_and_the_silent_are_invited() {
    let table = Table::laid().await;
    let topic = table.topic("one two three four").await;
    let voices = format!("{}/voices", table.base);
    let page = text(&table.ours, &voices).await;
    assert!(page.contains("rooms of 5 people or more") && page.contains("100% of all words"));
    assert!(!page.contains("hardly") && !page.contains("Voices not yet heard"), "{page}");
    table.seat(0, 2, 5).await;
    table.seat(1, 3, 1).await;
    let page = text(&table.ours, &voices).await;
    let table_of = &page[page.find("party-h").unwrap()..page.find("duty-h").unwrap()];
    assert!(table_of.matches("Too few people to tell").count() == 2, "the rest would tell: {page}");
    table.seat(1, 0, 4).await;
    let page = text(&table.ours, &voices).await;
    let table_of = &page[page.find("party-h").unwrap()..page.find("duty-h").unwrap()];
    assert!(table_of.contains("100%") && table_of.contains("Hardly heard"), "{table_of}");
    let duties = &page[page.find("duty-h").unwrap()..page.find("own-h").unwrap()];
    assert!(!duties.contains('%'), "one lead alone spoke: {duties}");
    assert!(page.contains(MEMBER) && !page.contains(&format!("Invite {}", TWO_OTHERS.0)));
    let own = text(&table.theirs, &voices).await;
    assert!(own.contains("0 posts, 0% of all words"), "{own}");
    let (status, seen) = table.app.api(Role::Member, &voices).await;
    assert_eq!(status, 200);
    assert_eq!((&seen["duties"][0]["share"], &seen["own"]), (&().into(), &0.0.into()), "{seen}");

    let is_theirs = |part: &&str| part.split("</button>").next().unwrap().contains(MEMBER);
    let seat = page.split("name=\"seat\" value=\"").skip(1).find(is_theirs).unwrap();
    let seat = seat.split('"').next().unwrap();
    let id = topic.rsplit('/').next().unwrap();
    let page = done(&table.ours, &voices, &[("topic", id), ("seat", seat)]).await;
    assert!(page.contains("Invited."), "{page}");
    assert!(text(&table.theirs, "/").await.contains("You are asked to speak: Roofs"));
    let said = format!("We would like to hear you: {MEMBER}.");
    assert!(text(&table.theirs, &topic).await.contains(&said));
    let guest = [("topic", id), ("seat", id)];
    assert_eq!(table.ours.post(&voices, &guest).await.status, 404);
}

#[tokio::test]
async fn forms_of_the_talk_stand_what_is_put_into_any_field() {
    let table = Table::laid().await;
    let topic = table.topic("x").await;
    let id = topic.rsplit('/').next().unwrap();
    let forms: [(String, Vec<(&str, &str)>); 5] = [
        (table.base.clone(), vec![("title", "x"), ("text", "@x")]),
        (topic.clone(), vec![("text", "x"), ("reply", "")]),
        (format!("{topic}/summary"), vec![("summary", "x"), ("to", "1"), ("version", "1")]),
        (format!("{topic}/read"), vec![("to", "1")]),
        (format!("{}/voices", table.base), vec![("topic", id), ("seat", "")]),
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
    for rest in ["?q=%00", "?q=%25_", "?after=x", "?after=1.x", "?before=x&q=x", "/x", "/posts"] {
        check(rest, &table.ours.get(&format!("{}{rest}", table.base)).await);
    }
    for rest in ["?after=-9223372036854775808", "?before=%00", "?reply=x"] {
        check(rest, &table.ours.get(&format!("{topic}{rest}")).await);
    }
}
