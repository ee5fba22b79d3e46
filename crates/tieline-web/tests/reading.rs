//! Each account reads days, times and numbers in its own zone and form.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{COLLEAGUE, actor_of, address_of};
use support::{Browser, TestApp};
use tieline_model::access::{Role, Visibility};
use tieline_model::contact::ContactKind;
use tieline_model::time::Moment;
use tieline_store::NewContact;

/// Half past eleven at night of the second of January 2024, in UTC.
const LATE: i64 = 1_704_238_200_000;

async fn reads(app: &TestApp, browser: &Browser, zone: &str, locale: &str) {
    let version = app.store.account(app.account(Role::Member)).await.unwrap().version.to_string();
    let fields = [("name", "A member"), ("zone", zone), ("locale", locale), ("version", &*version)];
    let saved = browser.post("/settings/account", &fields).await;
    assert_eq!(saved.location(), "/settings?done=account", "{}", saved.text);
}

#[tokio::test]
async fn a_moment_is_told_in_the_zone_and_form_of_whoever_looks() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let contact = NewContact {
        by: app.account(Role::Member),
        kind: ContactKind::Met,
        at: Moment::from_ms(LATE),
        line: "on the quay".to_owned(),
        visibility: Visibility::Workspace,
        people: vec![address_of(COLLEAGUE)],
    };
    let tx = app.store.begin().await.unwrap();
    tx.log_contact(&contact).await.unwrap();
    tx.commit().await.unwrap();
    let page = format!("/people/{}", actor_of(COLLEAGUE));
    for (zone, locale, day) in [
        ("UTC", "en", "2 January 2024"),
        ("Pacific/Auckland", "en", "3 January 2024"),
        ("Pacific/Auckland", "en-US", "January 3, 2024"),
        ("America/New_York", "en-SE", "2024-01-02"),
        ("Asia/Tokyo", "en-DE", "3 January 2024"),
    ] {
        reads(&app, &member, zone, locale).await;
        let text = member.get(&page).await.text;
        let at = text.find("on the quay").expect("the contact is told");
        let before = &text[..at];
        let from = before.rfind("<time>").unwrap() + "<time>".len();
        assert_eq!(before[from..].split('<').next().unwrap(), day, "{zone} {locale}");
        // How one reads is nobody else's affair.
        assert!(steward.get(&page).await.text.contains("2 January 2024"), "{zone} {locale}");
    }
    let settings = member.get("/settings").await.text;
    assert!(settings.contains("<option value=\"en-DE\" selected>"), "{settings}");
}

#[tokio::test]
async fn a_zone_or_a_form_that_is_none_is_refused() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    for (zone, locale, why) in
        [("Mars/Olympus", "en", "Write a time zone"), ("UTC", "tlh", "Choose a form")]
    {
        let version = app.store.account(app.account(Role::Member)).await.unwrap().version;
        let version = version.to_string();
        let fields = [("name", "M"), ("zone", zone), ("locale", locale), ("version", &*version)];
        let refused = member.post("/settings/account", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(why), "{why}");
    }
}
