//! What if: who may try what, on pages and for programs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{BROKER, COLLEAGUE, TWO_OTHERS, actor_of};
use support::{TestApp, percent};
use tieline_model::access::Role;

/// Two departments that are shown; which of the three is not depends on their ids.
async fn shown_groups(app: &TestApp) -> [String; 2] {
    let (_, groups) = app.api(Role::Owner, "/network/groups").await;
    let name = |at: usize| groups["items"][at]["name"].as_str().unwrap().to_owned();
    [name(0), name(1)]
}

#[tokio::test]
async fn a_new_tie_and_a_merger_are_tried_and_nothing_is_saved() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let query = format!("/network?try=tie&a={}&b={}", actor_of(BROKER), actor_of(TWO_OTHERS.0));
    let text = owner.get(&query).await.text;
    assert!(text.contains(&format!("If {BROKER} and {} worked together", TWO_OTHERS.0)));
    assert!(text.contains("Steps between the two"));
    let [a, b] = shown_groups(&app).await;
    let text = owner.get(&format!("/network?try=merge&merge={a}&with={b}")).await.text;
    assert!(text.contains(&format!("If {a} and {b} were one group")), "{a} and {b}");
    assert!(text.contains("Ties across groups"));
    let again = owner.get("/network").await.text;
    assert!(!again.contains("Ties across groups"), "nothing is kept");
}

#[tokio::test]
async fn what_makes_no_sense_is_said() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    for (query, why) in [
        (format!("try=tie&a={0}&b={0}", actor_of(BROKER)), "Choose two different ones"),
        ("try=merge&merge=Chaplaincy&with=Nursing".to_owned(), "Choose two different ones"),
        ("try=tie&a=Nobody&b=Anyone".to_owned(), "Nobody is called"),
    ] {
        let text = owner.get(&format!("/network?{query}")).await.text;
        assert!(text.contains(why), "{query}");
    }
    let two = format!("a={}&b={}", actor_of(TWO_OTHERS.0), actor_of(TWO_OTHERS.1));
    assert!(owner.get(&format!("/network?try=tie&{two}")).await.text.contains("tie already"));
    let (status, body) = app.api(Role::Owner, &format!("/network/what-if?{two}")).await;
    assert_eq!((status, &body["error"]["code"]), (422, &"invalid".into()));
    let (status, _) = app.api(Role::Owner, "/network/what-if").await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn groups_are_open_to_all_members_and_named_people_are_not() {
    let app = TestApp::new().await;
    let [a, b] = shown_groups(&app).await;
    let merge = format!("merge={a}&with={b}");
    let tie = format!("a={}&b={}", actor_of(BROKER), actor_of(TWO_OTHERS.0));
    for role in [Role::Member, Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        let text = browser.get(&format!("/network?try=merge&{merge}")).await.text;
        assert!(text.contains("were one group"), "{role:?}");
        assert_eq!(browser.get(&format!("/network?try=tie&{tie}")).await.status, 404, "{role:?}");
        let (status, found) = app.api(role, &format!("/network/what-if?{merge}")).await;
        assert_eq!((status, found["numbers"].as_array().unwrap().len()), (200, 5), "{role:?}");
        for path in [format!("?{tie}"), format!("?without={}", actor_of(BROKER))] {
            let (status, _) = app.api(role, &format!("/network/what-if{path}")).await;
            assert_eq!(status, 404, "{role:?} {path}");
        }
    }
    assert_eq!(app.api(Role::Guest, &format!("/network/what-if?{merge}")).await.0, 404);
}

#[tokio::test]
async fn anyone_may_be_tried_by_name_where_names_are_open_and_only_oneself_where_not() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let page = owner.get("/network?try=leave").await.text;
    assert!(page.contains("name=\"who\""), "there is a field for anyone");
    let tried = owner.get(&format!("/network?who={}", percent(COLLEAGUE))).await.text;
    assert!(tried.contains(&format!("Without {COLLEAGUE}")), "{COLLEAGUE}");
    let nobody = owner.get("/network?who=Nobody%20Here").await;
    assert_eq!(nobody.status, 200);
    assert!(!nobody.text.contains("<h3 class=\"mt\">Without"), "nobody leaves");
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    assert_eq!(member.get(&format!("/network?who={}", percent(COLLEAGUE))).await.status, 404);
    let page = member.get("/network?try=leave").await.text;
    assert!(page.contains(">Yourself</option>") && !page.contains("name=\"who\""));
}
