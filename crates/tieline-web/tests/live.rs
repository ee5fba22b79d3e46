//! What changes is told as it happens, to those who may hear it, in kinds and ids alone. Tests wait
//! for the word itself; nothing here depends on how long it takes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{COLLEAGUE, MEMBER, actor_of, address_of, everyone};
use support::{Browser, TestApp, now};
use tieline_model::access::{Role, Visibility};
use tieline_model::job::{Job, JobProgress};
use tieline_store::{LinkPurpose, NewNote, Store};

/// Streams that one account may have.
const MOST: usize = 8;

async fn note(store: &Store, author: tieline_model::id::AccountId, visibility: Visibility) {
    let note = NewNote {
        about: address_of(COLLEAGUE),
        author,
        text: "a zanzibar note".to_owned(),
        visibility,
    };
    let tx = store.begin().await.unwrap();
    tx.add_note(&note).await.unwrap();
    tx.commit().await.unwrap();
}

/// A word that every account hears of: what its own Today shows.
async fn own_word(app: &TestApp, role: Role) {
    let tx = app.store.begin().await.unwrap();
    tx.snooze(app.account(role), "reviews", now().plus_days(1.0)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_note_is_told_to_those_who_may_read_it_as_an_id() {
    let app = TestApp::new().await;
    let mut author = app.as_(Role::Member).await.listen("/live", &[]).await;
    let mut steward = app.as_(Role::Steward).await.listen("/live", &[]).await;
    note(&app.store, app.account(Role::Member), Visibility::Own).await;
    note(&app.store, app.account(Role::Member), Visibility::Workspace).await;
    own_word(&app, Role::Steward).await;
    let id = actor_of(COLLEAGUE).to_string();
    let heard = steward.until("today").await;
    let people: Vec<_> = heard.iter().filter(|(topic, _)| topic == "people").collect();
    assert_eq!(people.len(), 1, "the note that is the author's own is not told of: {heard:?}");
    assert!(people[0].1.contains(&id));
    let mut all = author.until("today").await;
    all.extend(author.until("today").await);
    assert_eq!(all.iter().filter(|(topic, _)| topic == "people").count(), 2, "{all:?}");
    for (_, data) in heard.iter().chain(&all) {
        assert!(!data.contains("zanzibar"), "{data}");
        assert!(everyone().all(|(name, _)| !data.contains(name)), "{data}");
    }
}

#[tokio::test]
async fn how_far_a_job_is_is_for_stewards() {
    let app = TestApp::new().await;
    let mut member = app.as_(Role::Member).await.listen("/live", &[]).await;
    let mut steward = app.as_(Role::Steward).await.listen("/live", &[]).await;
    let tx = app.store.begin().await.unwrap();
    let job = tx.enqueue(&Job::Refresh, None, None).await.unwrap();
    tx.commit().await.unwrap();
    steward.until("jobs").await;
    let tx = app.store.begin().await.unwrap();
    tx.claim_job("worker", now(), 60_000).await.unwrap();
    let progress =
        JobProgress { records: 7, stage: "Reading".to_owned(), ..JobProgress::default() };
    tx.renew(job, "worker", now(), 60_000, &progress).await.unwrap();
    tx.commit().await.unwrap();
    // A renewed lease is no event of the history: the job itself is looked at.
    let heard = steward.until("jobs").await;
    assert!(heard.last().unwrap().1.contains(&job.to_string()), "{heard:?}");
    own_word(&app, Role::Member).await;
    let heard = member.until("today").await;
    assert!(heard.iter().all(|(topic, _)| topic != "jobs" && topic != "imports"), "{heard:?}");
}

#[tokio::test]
async fn a_new_network_is_told_to_readers_and_not_to_guests() {
    let app = TestApp::new().await;
    let mut member = app.as_(Role::Member).await.listen("/live", &[]).await;
    let mut guest = app.as_(Role::Guest).await.listen("/live", &[]).await;
    app.live.publish(None);
    assert_eq!(member.next().await.unwrap().0, "network");
    note(&app.store, app.account(Role::Member), Visibility::Workspace).await;
    own_word(&app, Role::Guest).await;
    assert_eq!(guest.next().await.unwrap().0, "today", "nothing else is for a guest");
}

#[tokio::test]
async fn signing_out_ends_the_stream_and_so_does_losing_the_account() {
    let app = TestApp::new().await;
    let browser = app.as_(Role::Member).await;
    let mut heard = browser.listen("/live", &[]).await;
    let mut other = app.as_(Role::Member).await.listen("/live", &[]).await;
    browser.post("/sign-out", &[]).await;
    assert_eq!(heard.next().await, None, "signed out");
    own_word(&app, Role::Member).await;
    assert_eq!(other.next().await.unwrap().0, "today", "another browser stays signed in");
    let tx = app.store.begin().await.unwrap();
    tx.disable_account(app.account(Role::Member)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(other.next().await, None, "the account is closed");
}

#[tokio::test]
async fn rights_that_change_change_what_is_heard() {
    let app = TestApp::new().await;
    let mut heard = app.as_(Role::Steward).await.listen("/live", &[]).await;
    let tx = app.store.begin().await.unwrap();
    tx.set_role(app.account(Role::Steward), Role::Guest).await.unwrap();
    tx.commit().await.unwrap();
    note(&app.store, app.account(Role::Member), Visibility::Workspace).await;
    own_word(&app, Role::Steward).await;
    assert_eq!(heard.next().await.unwrap().0, "today");
}

#[tokio::test]
async fn the_server_ends_all_streams_before_it_stops() {
    let app = TestApp::new().await;
    let mut heard = app.as_(Role::Owner).await.listen("/live", &[]).await;
    app.live.close();
    assert_eq!(heard.next().await, None);
}

#[tokio::test]
async fn an_account_has_eight_streams_and_a_closed_one_makes_room() {
    let app = TestApp::new().await;
    let browser = app.as_(Role::Member).await;
    let mut open = Vec::new();
    for _ in 0..MOST {
        open.push(browser.listen("/live", &[]).await);
    }
    assert_eq!(browser.get("/live").await.status, 429);
    app.as_(Role::Owner).await.listen("/live", &[]).await;
    open.pop();
    open.push(browser.listen("/live", &[]).await);
}

#[tokio::test]
async fn what_happened_before_the_stream_stood_is_told_when_it_is_asked_for() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let before = now().ms() - 1;
    note(&app.store, app.account(Role::Member), Visibility::Own).await;
    let mut heard = member.listen(&format!("/live?since={before}"), &[]).await;
    heard.until("people").await;
    let last = app.store.last_event().await.unwrap().unwrap().to_string();
    note(&app.store, app.account(Role::Member), Visibility::Own).await;
    // A stream that broke goes on where it was, whatever the page says.
    let mut heard = member.listen("/live?since=0", &[("last-event-id", &last)]).await;
    own_word(&app, Role::Member).await;
    let all = {
        let mut all = heard.until("today").await;
        all.extend(heard.until("today").await);
        all
    };
    assert_eq!(all.iter().filter(|(topic, _)| topic == "people").count(), 1, "{all:?}");
}

#[tokio::test]
async fn nonsense_about_where_to_begin_is_no_reason_to_fail() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    for path in ["/live?since=-1", "/live?since=x", "/live?since=99999999999999999999999"] {
        assert_eq!(member.get(path).await.status, 400, "{path}");
    }
    member.listen(&format!("/live?since={}", u64::MAX), &[("last-event-id", "no id")]).await;
}

#[tokio::test]
async fn pages_say_what_they_show_and_work_without_a_stream() {
    let app = TestApp::new().await;
    let steward: Browser = app.as_(Role::Steward).await;
    let page = steward.get(&format!("/people/{}", actor_of(MEMBER))).await.text;
    let live = format!("data-live=\"network people:{}\"", actor_of(MEMBER));
    assert!(page.contains(&live) && page.contains("data-made=\""), "{live}");
    assert!(
        steward
            .get("/")
            .await
            .text
            .contains("data-live=\"network today partnerships reviews imports\"")
    );
    // Nothing is at work: asked again by a page that shows nothing, there is nothing to swap.
    assert_eq!(steward.get_part("/imports?idle=true").await.status, 204);
    let link = app.link(LinkPurpose::SignIn, Some(app.account(Role::Guest))).await;
    assert!(!app.stranger().get(&format!("/enter/{link}")).await.text.contains("data-made"));
}
