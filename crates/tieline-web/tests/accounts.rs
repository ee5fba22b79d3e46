//! Who may sign in: inviting, roles, taking the right away and giving it back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{COLLEAGUE, TWO_OTHERS, actor_of};
use support::{Answer, Browser, PASSWORD, TestApp};
use tieline_model::access::Role;

const ACCOUNTS: &str = "/settings/accounts";

async fn invite(owner: &Browser, name: &str, role: &str, person: &str) -> Answer {
    owner.post(ACCOUNTS, &[("invited", name), ("role", role), ("person", person)]).await
}

/// The link that a page shows once.
fn shown_link(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let at = answer.text.find("/enter/").unwrap_or_else(|| panic!("no link in {}", answer.text));
    answer.text[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_is_invited_comes_in_with_the_role_and_as_the_person_that_the_owner_said() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    assert!(owner.get("/settings").await.text.contains("You are alone here"));
    let tie = format!("/people/{}/ties/{}", actor_of(TWO_OTHERS.0), actor_of(TWO_OTHERS.1));
    assert_eq!(owner.get(&tie).await.status, 200);

    let link = shown_link(&invite(&owner, "Zora", "member", COLLEAGUE).await);
    let entered = app.stranger().post(&link, &[]).await;
    let zora = app.with_cookie(&entered.session().unwrap());
    assert!(zora.get("/me/data").await.text.contains(COLLEAGUE), "their own data is open to them");
    assert_eq!(zora.get("/imports").await.status, 404, "a member imports nothing");
    assert_eq!(app.stranger().post(&link, &[]).await.status, 410, "it works once");
    // From now on the owner is one of two, and sees of others what they let be seen.
    assert_eq!(owner.get(&tie).await.status, 404);
}

#[tokio::test]
async fn an_unknown_person_is_not_guessed_and_a_name_is_used_once() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    let unknown = invite(&owner, "Zora", "member", "Nobody Known").await;
    assert_eq!(unknown.status, 422);
    assert!(unknown.text.contains("Nobody Known") && unknown.text.contains("exact name"));
    let guest = invite(&owner, "Zora", "guest", "").await;
    assert_eq!(guest.status, 422, "guests come by the link of a partnership");
    assert_eq!(invite(&owner, "Member", "member", "").await.status, 422);
    assert!(app.store.account_by_login("zora").await.unwrap().is_none(), "nothing was half made");
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_and_someone_stays_owner() {
    let app = TestApp::new().await;
    let (owner, member) = (app.as_(Role::Owner).await, app.as_(Role::Member).await);
    let of = |role| format!("{ACCOUNTS}/{}", app.account(role));
    assert_eq!(member.get("/imports").await.status, 404);
    owner.post(&format!("{}/role", of(Role::Member)), &[("role", "steward")]).await;
    assert_eq!(member.get("/imports").await.status, 200);
    let role = format!("{}/role", of(Role::Owner));
    assert_eq!(owner.post(&role, &[("role", "member")]).await.status, 409);
    owner.post(&format!("{}/role", of(Role::Steward)), &[("role", "owner")]).await;
    assert_eq!(owner.post(&role, &[("role", "member")]).await.status, 303);
    assert_eq!(owner.post(&role, &[("role", "owner")]).await.status, 404, "they own no more");
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_until_it_is_opened_again() {
    let app = TestApp::new().await;
    let (owner, member) = (app.as_(Role::Owner).await, app.as_(Role::Member).await);
    let account = format!("{ACCOUNTS}/{}", app.account(Role::Member));
    let sign_in = [("login", "member"), ("password", PASSWORD)];
    owner.post(&format!("{account}/closure"), &[]).await;
    assert_eq!(member.get("/").await.status, 303);
    assert_eq!(app.stranger().post("/sign-in", &sign_in).await.status, 422);
    assert_eq!(owner.post(&format!("{account}/link"), &[]).await.status, 409);
    owner.post(&format!("{account}/opening"), &[]).await;
    assert_eq!(app.stranger().post("/sign-in", &sign_in).await.status, 303);
}

#[tokio::test]
async fn a_person_can_tell_that_a_link_to_sign_in_as_them_was_made() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    let path = format!("{ACCOUNTS}/{}/link", app.account(Role::Member));
    shown_link(&owner.post(&path, &[]).await);
    let data = app.as_(Role::Member).await.get("/me/data").await.text;
    assert!(data.contains("sign-in-link"), "{data}");
}
