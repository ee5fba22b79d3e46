//! The network at another moment and in part, and what changed between two days.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use support::world::{self, BROKER, everyone};
use support::{Browser, Kit, TestApp};
use tieline_model::access::Role;
use tieline_web::{Lens, Lookout, Snapshot};

/// A page, asked for until it is worked out.
async fn seen(browser: &Browser, path: &str) -> String {
    for _ in 0..50 {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        if !answer.text.contains("Working this out") {
            return answer.text;
        }
    }
    panic!("{path} is never worked out");
}

fn named_in(text: &str) -> Vec<&'static str> {
    everyone().map(|(name, _)| name).filter(|name| text.contains(name)).collect()
}

/// The part of the page on pairs of groups.
fn between_groups(text: &str) -> &str {
    let start = text.find("Between groups").unwrap();
    &text[start..start + text[start..].find("</section>").unwrap()]
}

#[tokio::test]
async fn the_network_of_another_day_is_shown_with_its_lens_in_every_link() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let then = seen(&owner, "/network?at=2024-06-30").await;
    assert!(then.contains("As of 30 June 2024"), "the page says when");
    assert!(then.contains("/network?view=table&#38;at=2024-06-30"), "the table keeps the day");
    let now = seen(&owner, "/network").await;
    assert!(now.contains("Everything, as it is now"));
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said_and_the_network_is_shown_as_it_is() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    for (query, why) in [
        ("at=soon", "Give a day like"),
        ("at=1999-01-01", "The history begins on"),
        ("kind=gossip", "The kind of tie is one of"),
        ("unit=00000000-0000-0000-0000-000000000000", "five people or more"),
        ("least=most", "The strength is one of"),
    ] {
        let text = seen(&owner, &format!("/network?{query}")).await;
        assert!(text.contains("There is a problem") && text.contains(why), "{query}");
        assert!(text.contains("id=\"map\""), "{query}");
    }
    let late = seen(&owner, "/network?at=2999-01-01").await;
    assert!(late.contains("Everything, as it is now"), "a day to come is now");
    let failed = owner.get("/network?kind=call").await;
    assert_eq!(failed.status, 503);
    assert!(failed.text.contains("The calls cannot be read."));
}

#[tokio::test]
async fn a_script_that_asks_for_a_network_is_told_when_it_is_there() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    seen(&owner, "/network?at=2024-06-30").await;
    let part = owner.get_part("/network?at=2024-06-30").await;
    assert_eq!((part.status.as_u16(), part.header("hx-refresh")), (200, "true"));
}

#[tokio::test]
async fn what_changed_is_told_in_full_to_a_workspace_of_one() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let text = seen(&owner, "/network/changes?from=2024-06-30").await;
    // Two ties of the broker and seven of the newest of Transport.
    assert!(text.contains("<span class=\"big num\">9</span>"), "nine ties appeared");
    assert!(between_groups(&text).contains("Transport"), "a pair of groups");
    assert!(named_in(&text).contains(&BROKER) && named_in(&text).contains(&"Jocasta Plume"));
    assert!(text.contains("1 person. No working tie then"));
}

#[tokio::test]
async fn others_see_the_groups_and_their_own_ties_alone() {
    let app = TestApp::new().await;
    for role in [Role::Member, Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        let text = seen(&browser, "/network/changes?from=2024-06-30").await;
        assert_eq!(named_in(&text), Vec::<&str>::new(), "{role:?}");
        assert!(between_groups(&text).contains("Transport"), "{role:?}");
        assert!(text.contains("Fewer than 5 people"), "{role:?}: a few are not counted out");
    }
}

#[tokio::test]
async fn the_first_day_lies_before_the_second() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let text = seen(&owner, "/network/changes?from=2024-08-01&to=2024-07-01").await;
    assert!(text.contains("has to lie before the second"));
    assert!(text.contains("Nothing is compared yet"));
}

/// What programs are told, asked for until it is worked out.
async fn told(app: &TestApp, role: Role, path: &str) -> serde_json::Value {
    for _ in 0..50 {
        let (status, body) = app.api(role, path).await;
        if status == 200 {
            return body;
        }
        assert_eq!(status, 503, "{path}: {body}");
    }
    panic!("{path} is never worked out");
}

#[tokio::test]
async fn programs_read_other_moments_under_the_same_rules() {
    let alone = TestApp::alone().await;
    let then = told(&alone, Role::Owner, "/network/summary?at=2024-06-30").await;
    assert_eq!(then["as_of"], "2024-07-01T00:00:00Z");
    let changes = "/network/changes?from=2024-06-30";
    let found = told(&alone, Role::Owner, changes).await;
    assert_eq!((&found["appeared"], &found["vanished"]), (&9.into(), &2.into()));
    assert_eq!(found["ties"].as_array().unwrap().len(), 11);
    assert_eq!(found["joined"][0]["name"], "Jocasta Plume");
    let (status, body) = alone.api(Role::Owner, "/network/groups?at=soon").await;
    assert_eq!((status, &body["error"]["code"]), (422, &"invalid".into()));

    let app = TestApp::new().await;
    let found = told(&app, Role::Member, changes).await;
    assert_eq!((&found["appeared"], &found["joined"]), (&9.into(), &serde_json::Value::Null));
    assert_eq!(found["ties"].as_array().unwrap().len(), 0, "ties of others");
    assert_eq!(named_in(&found.to_string()), Vec::<&str>::new());
    assert_eq!(app.api(Role::Guest, changes).await.0, 404);
}

/// Works a network out when the test says so.
#[derive(Debug)]
struct Slow(Mutex<Receiver<()>>);

impl Lookout for Slow {
    fn look(&self, lens: &Lens, live: &Snapshot) -> Result<Snapshot, String> {
        self.0.lock().unwrap().recv().map_err(|_| "nobody waits".to_owned())?;
        world::Earlier { rename: str::to_owned }.look(lens, live)
    }
}

#[tokio::test]
async fn while_a_network_is_worked_out_a_page_says_so_and_opens_by_itself() {
    let (go, gate) = channel();
    let lookout: Arc<dyn Lookout> = Arc::new(Slow(Mutex::new(gate)));
    let kit = Kit { roles: &[Role::Owner], lookout: Some(lookout), ..Kit::default() };
    let app = TestApp::of(kit).await;
    let owner = app.as_(Role::Owner).await;
    let path = "/network?at=2024-06-30";
    for page in [path, "/network/changes?from=2024-05-31&to=2024-06-30"] {
        let working = owner.get(page).await;
        assert_eq!(working.status, 200);
        let text = &working.text;
        assert!(text.contains("Working this out"), "{page}");
        let trigger = "hx-trigger=\"live-looks from:body, every 5s\"";
        assert!(text.contains(trigger), "it is told, and asks again by itself");
        assert!(text.contains("<noscript><meta http-equiv=\"refresh\""), "without scripts too");
        assert!(text.contains("href=\"/network\""), "the network as it is stays open");
    }
    let part = owner.get_part(path).await;
    assert_eq!((part.status.as_u16(), part.header("hx-refresh")), (204, ""));
    for _ in 0..4 {
        go.send(()).unwrap();
    }
    assert!(seen(&owner, path).await.contains("As of 30 June 2024"));
}
