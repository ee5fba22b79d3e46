//! Who may sign in: invitations, roles, taking the right away and giving it back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{COLLEAGUE, TWO_OTHERS, actor_of};
use support::{Answer, Browser, PASSWORD, TestApp};
use tieline_model::access::Role;

const ACCOUNTS: &str = "/settings/accounts";

/// The path of the link that a page shows once.
fn shown_link(answer: &Answer, start: &str) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let at = answer.text.find(start).unwrap_or_else(|| panic!("no link in {}", answer.text));
    answer.text[at..].split('"').next().unwrap().to_owned()
}

async fn invite(owner: &Browser, role: &str, person: &str) -> String {
    let fields = [("role", role), ("person", person)];
    shown_link(&owner.post(&format!("{ACCOUNTS}/invitations"), &fields).await, "/join/")
}

async fn join(browser: &Browser, link: &str, name: &str) -> Answer {
    browser.post(link, &[("name", name), ("password", PASSWORD), ("zone", "Europe/Oslo")]).await
}

async fn sign_in(app: &TestApp, name: &str) -> Answer {
    app.stranger().post("/sign-in", &[("login", name), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn who_is_invited_joins_once_with_the_role_and_the_person_of_the_invitation() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    assert!(owner.get(ACCOUNTS).await.text.contains("You are alone here"));
    let link = invite(&owner, "member", COLLEAGUE).await;
    assert!(owner.get(ACCOUNTS).await.text.contains("Open invitations"));
    let stranger = app.stranger();
    assert!(stranger.get(&link).await.text.contains("Harbour alliance"));

    let joined = join(&stranger, &link, "Zora").await;
    assert_eq!((joined.status.as_u16(), joined.location()), (303, "/"));
    let zora = app.with_cookie(&joined.session().unwrap());
    assert!(zora.get("/me/data").await.text.contains(COLLEAGUE), "their own data is open to them");
    let (account, _) = app.store.account_by_login("zora").await.unwrap().unwrap();
    assert_eq!((account.role, &*account.time_zone), (Role::Member, "Europe/Oslo"));

    assert_eq!(stranger.get(&link).await.status, 410);
    assert_eq!(join(&stranger, &link, "Second").await.status, 410);
    let list = owner.get(ACCOUNTS).await.text;
    assert!(list.contains("Zora") && !list.contains("Open invitations"));
    // From now on the owner is one of two, and sees of others what consent lets them see.
    let tie = format!("/people/{}/ties/{}", actor_of(TWO_OTHERS.0), actor_of(TWO_OTHERS.1));
    assert_eq!(owner.get(&tie).await.status, 404);
}

#[tokio::test]
async fn a_name_in_use_or_a_weak_password_leaves_the_invitation_open() {
    let app = TestApp::new().await;
    let link = invite(&app.as_(Role::Owner).await, "steward", "").await;
    let stranger = app.stranger();
    let taken = join(&stranger, &link, "Member").await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("signs in with this name already"));
    let weak = stranger.post(&link, &[("name", "Ned"), ("password", "short")]).await;
    assert_eq!(weak.status, 422);
    assert_eq!(join(&stranger, &link, "Ned").await.location(), "/");
}

#[tokio::test]
async fn of_two_who_race_for_an_invitation_one_joins() {
    let app = TestApp::new().await;
    let link = invite(&app.as_(Role::Owner).await, "member", "").await;
    let browser = app.stranger();
    let (a, b) = tokio::join!(join(&browser, &link, "One"), join(&browser, &link, "Two"));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
}

#[tokio::test]
async fn an_invitation_is_taken_back_and_an_unknown_person_is_not_guessed() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    let fields = [("role", "member"), ("person", "Nobody Known")];
    let unknown = owner.post(&format!("{ACCOUNTS}/invitations"), &fields).await;
    assert_eq!(unknown.status, 422);
    assert!(unknown.text.contains("Nobody Known") && unknown.text.contains("exact name"));
    let guest = owner.post(&format!("{ACCOUNTS}/invitations"), &[("role", "guest")]).await;
    assert_eq!(guest.status, 400, "guests come by the link of a partnership");

    let link = invite(&owner, "owner", "").await;
    let page = owner.get(ACCOUNTS).await.text;
    let hash = page.split("name=\"hash\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let gone = owner.post(&format!("{ACCOUNTS}/invitations/removal"), &[("hash", hash)]).await;
    assert_eq!(gone.location(), "/settings/accounts?done=invitation-removed");
    assert_eq!(app.stranger().get(&link).await.status, 410);
    assert_eq!(join(&app.stranger(), &link, "Ned").await.status, 410);
}

#[tokio::test]
async fn a_suspended_account_is_out_at_once_until_it_is_restored() {
    let app = TestApp::new().await;
    let (owner, member) = (app.as_(Role::Owner).await, app.as_(Role::Member).await);
    let account = format!("{ACCOUNTS}/{}", app.account(Role::Member));
    let done = owner.post(&format!("{account}/suspension"), &[]).await;
    assert!(owner.get(done.location()).await.text.contains(&format!("{account}/restoration")));
    assert_eq!(member.get("/").await.status, 303);
    assert_eq!(sign_in(&app, "member").await.status, 422);
    assert_eq!(owner.post(&format!("{account}/link"), &[]).await.status, 409);
    owner.post(&format!("{account}/restoration"), &[]).await;
    assert_eq!(sign_in(&app, "member").await.status, 303);
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_and_someone_stays_owner() {
    let app = TestApp::new().await;
    let (owner, member) = (app.as_(Role::Owner).await, app.as_(Role::Member).await);
    let of = |role| format!("{ACCOUNTS}/{}", app.account(role));
    assert_eq!(member.get("/imports").await.status, 404);
    owner.post(&format!("{}/role", of(Role::Member)), &[("role", "steward")]).await;
    assert_eq!(member.get("/imports").await.status, 200);
    for path in ["role", "suspension"] {
        let path = format!("{}/{path}", of(Role::Owner));
        assert_eq!(owner.post(&path, &[("role", "member")]).await.status, 409, "{path}");
    }
    owner.post(&format!("{}/role", of(Role::Steward)), &[("role", "owner")]).await;
    owner.post(&format!("{}/role", of(Role::Owner)), &[("role", "member")]).await;
    assert_eq!(owner.get(ACCOUNTS).await.status, 404, "the one who gave it up owns no more");
}

#[tokio::test]
async fn a_link_signs_in_once_and_the_person_can_tell_that_it_was_made() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    let path = format!("{ACCOUNTS}/{}/link", app.account(Role::Member));
    let link = shown_link(&owner.post(&path, &[]).await, "/enter/");
    let entered = app.stranger().post(&link, &[]).await;
    let member = app.with_cookie(&entered.session().unwrap());
    assert_eq!(app.stranger().post(&link, &[]).await.status, 410);
    let data = member.get("/me/data").await.text;
    assert!(data.contains("sign-in-link"), "{data}");
}
