//! Findings over time, on the page and for programs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::TestApp;
use support::world::everyone;
use tieline_model::access::Role;
use tieline_model::time::{DAY_MS, Moment};
use tieline_web::history::kept;

#[tokio::test]
async fn findings_are_kept_without_names_and_told_over_time() {
    let app = TestApp::new().await;
    let unnamed = app.live.get().unwrap().unnamed.clone();
    let all = kept(&unnamed);
    assert!(all.len() > 2, "the world has findings");
    for one in &all {
        let text = format!("{} {}", one.sentence, one.detail);
        assert!(everyone().all(|(name, _)| !text.contains(name)), "{text}");
    }
    let keep = async |run: &str, day: i64, found: &[tieline_store::KeptFinding]| {
        let tx = app.store.begin().await.unwrap();
        tx.keep_findings(run, Moment::from_ms(day * DAY_MS), found).await.unwrap();
        tx.commit().await.unwrap();
    };
    keep("one", 19_900, &all[1..]).await;
    keep("two", 19_950, &all[..1]).await;
    let member = app.as_(Role::Member).await;
    let text = member.get("/insights/history").await.text;
    let part = |id: &str| {
        let start = text.find(&format!("id=\"{id}-h\"")).unwrap();
        text[start..start + text[start..].find("</section>").unwrap()].to_owned()
    };
    assert_eq!(part("new").matches("<li").count(), 1);
    assert_eq!(part("stays").matches("<li").count(), 0);
    assert_eq!(part("gone").matches("<li").count(), all.len() - 1);
    assert!(part("gone").contains("from 25 June 2024, gone by 14 August 2024"), "{}", part("gone"));
    let (status, found) = app.api(Role::Member, "/findings/history").await;
    assert_eq!((status, found["items"].as_array().unwrap().len()), (200, all.len()));
    assert_eq!(found["items"][0]["state"], "new");
    assert_eq!(app.api(Role::Guest, "/findings/history").await.0, 404);
}

#[tokio::test]
async fn a_history_that_has_not_begun_says_so() {
    let app = TestApp::alone().await;
    let text = app.as_(Role::Owner).await.get("/insights/history").await.text;
    assert!(text.contains("Findings are kept from the next time"));
}
