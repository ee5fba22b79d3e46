//! The network as a file: what is in it for whom, and that taking it is written down.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::world::{BROKER, everyone};
use support::{Kit, TestApp};
use tieline_model::access::Role;
use tieline_store::Verb;

fn named_in(text: &str) -> Vec<&'static str> {
    everyone().map(|(name, _)| name).filter(|name| text.contains(name)).collect()
}

#[tokio::test]
async fn a_workspace_of_one_takes_people_and_ties() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let csv = owner.get("/network/export?format=csv").await;
    assert!(csv.header("content-disposition").contains("network.csv"));
    // 28 pairs in each department, 3 in the office, 2 across, and the head.
    assert_eq!(csv.text.lines().count(), 3 * 28 + 3 + 2 + 1);
    let gexf = owner.get("/network/export?format=gexf").await.text;
    assert_eq!((gexf.matches("<node ").count(), gexf.matches("<edge ").count()), (27, 89));
    assert!(named_in(&gexf).len() == 27 && !gexf.contains("Chaplaincy"), "small groups stay small");
    let svg = owner.get("/network/export?format=svg").await;
    assert_eq!(svg.header("content-type"), "image/svg+xml; charset=utf-8");
    assert!(svg.text.starts_with("<svg xmlns=") && svg.text.contains(BROKER));
    assert!(!svg.text.contains("<a ") && !svg.text.contains("class="));
    let page = owner.get("/network?layer=formal&layout=organic").await.text;
    let link = "/network/export?format=svg&#38;layer=formal&#38;layout=organic";
    assert!(page.contains(link), "the file is of what is drawn");
    assert_eq!(owner.get("/network/export?format=xls").await.status, 404);
    assert_eq!(owner.get("/network/export?format=csv&kind=gossip").await.status, 400);
}

#[tokio::test]
async fn others_take_groups_alone() {
    let app = TestApp::new().await;
    for role in [Role::Member, Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        for format in ["csv", "gexf"] {
            let file = browser.get(&format!("/network/export?format={format}")).await.text;
            assert_eq!(named_in(&file), Vec::<&str>::new(), "{role:?} {format}");
            assert!(file.contains("Transport") && !file.contains("Chaplaincy"), "{role:?}");
        }
    }
    assert_eq!(app.as_(Role::Guest).await.get("/network/export?format=csv").await.status, 404);
    let (status, _) = app.api(Role::Member, "/network/export?format=pdf").await;
    assert_eq!(status, 422);
    assert_eq!(app.api(Role::Guest, "/network/export?format=csv").await.0, 404);
}

#[tokio::test]
async fn whoever_takes_the_network_is_noted() {
    let app = TestApp::new().await;
    let browser = app.as_(Role::Member).await;
    browser.get("/network/export?format=gexf").await;
    app.api(Role::Steward, "/network/export?format=csv").await;
    let events = app.store.history(9).await.unwrap();
    let taken: Vec<(String, String)> = events
        .into_iter()
        .filter(|event| event.verb == Verb::NetworkExported)
        .map(|event| (event.subject, event.detail))
        .collect();
    let by = |role, form: &str| (app.account(role).to_string(), form.to_owned());
    assert_eq!(taken, [by(Role::Steward, "csv"), by(Role::Member, "gexf")]);
}

#[tokio::test]
async fn names_are_never_formulas_or_markup() {
    let rename = |name: &str| format!("=1+1,\"{name}\"<b>");
    let kit = Kit { roles: &[Role::Owner], rename, ..Kit::default() };
    let app = TestApp::of(kit).await;
    let owner = app.as_(Role::Owner).await;
    let csv = owner.get("/network/export?format=csv").await.text;
    assert!(csv.contains(&format!("\"'=1+1,\"\"{BROKER}\"\"<b>\"")));
    assert!(!csv.contains(",=") && !csv.contains(",\"="));
    for format in ["gexf", "svg"] {
        let file = owner.get(&format!("/network/export?format={format}")).await.text;
        assert!(file.contains("&lt;b&gt;") && !file.contains("<b>"), "{format}");
    }
}
