//! A network of three thousand people: groups first, a group opens to its people, the table pages.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::TestApp;
use support::world::crowd;
use tieline_model::access::Role;

#[tokio::test]
async fn groups_come_first_and_open_to_their_people_and_the_table_pages() {
    let app = TestApp::alone().await;
    app.live.publish(Some(crowd(3_000, 30)));
    let owner = app.as_(Role::Owner).await;
    let text = owner.get("/network").await.text;
    // The map shows the twenty largest groups, each a way in.
    assert_eq!(text.matches("aria-label=\"Open Team ").count(), 20);
    assert!(text.matches("href=\"/people/").count() < 50, "nobody else is drawn");
    let opened = owner.get("/network?group=Team%207").await.text;
    assert!(opened.contains("<b>Team 7</b>, 100 people"));
    assert_eq!(opened.matches("fill=\"var(--g").count(), 100);
    let table = owner.get("/network?view=table&group=Team%207").await.text;
    assert_eq!(table.matches("<tr data-row>").count(), 100);
    assert!(!table.contains("Next 100"), "the table holds the group");
    assert_eq!(owner.get("/network/organic.json").await.status, 404, "too many to be drawn");
    // The table goes on to the last person.
    let first = owner.get("/network?view=table").await.text;
    assert!(first.contains("view=table&#38;from=100"));
    let last = owner.get("/network?view=table&from=2900").await.text;
    assert_eq!(last.matches("<tr data-row>").count(), 100);
    assert!(!last.contains("Next 100"));
}

#[tokio::test]
async fn a_group_opens_in_a_workspace_of_one_alone() {
    let app = TestApp::new().await;
    app.live.publish(Some(crowd(60, 3)));
    for role in [Role::Member, Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        assert_eq!(browser.get("/network?group=Team%201").await.status, 404, "{role:?}");
        assert!(!browser.get("/network").await.text.contains("Open Team"), "{role:?}");
    }
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    assert_eq!(owner.get("/network?group=Chaplaincy").await.status, 404, "a group of three");
    assert_eq!(owner.get("/network?group=Nobody").await.status, 404);
}
