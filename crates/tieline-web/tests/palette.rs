//! Search and palette: people and things to do; and no page links to what is not there for its reader.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use scraper::{Html, Selector};
use support::world::COLLEAGUE;
use support::{Browser, TestApp};
use tieline_model::access::Role;

/// Links of a page to pages of this site, without what follows `#`.
fn links(text: &str) -> BTreeSet<String> {
    let page = Html::parse_document(text);
    let all = Selector::parse("a[href^='/']").unwrap();
    let path = |href: &str| href.split('#').next().unwrap_or(href).to_owned();
    page.select(&all).filter_map(|link| link.attr("href")).map(path).collect()
}

async fn found(browser: &Browser, typed: &str) -> String {
    browser.get_part(&format!("/search/results?q={typed}")).await.text
}

#[tokio::test]
async fn no_link_leads_to_nothing_for_any_role() {
    let app = TestApp::new().await;
    for role in Role::ALL.iter().copied() {
        let browser = app.as_(role).await;
        let mut wanted = BTreeSet::new();
        for path in ["/", "/settings", "/glossary", "/search?q=e", "/search?q=w", "/search?q=i"] {
            wanted.extend(links(&browser.get(path).await.text));
        }
        for typed in ["", "e", "n", "w", "f", "o", "r", "m", "t"] {
            wanted.extend(links(&found(&browser, typed).await));
        }
        if role >= Role::Member {
            for path in ["/network", "/network/changes", "/insights", "/insights/history"] {
                wanted.extend(links(&browser.get(path).await.text));
            }
        }
        for path in wanted {
            let status = browser.get(&path).await.status;
            assert!(status != 404, "{role:?}: {path} is linked, and not there");
        }
    }
}

#[tokio::test]
async fn people_and_things_to_do_are_found_together() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let first = found(&owner, "").await;
    assert!(first.contains("Record a contact") && first.contains("/network/changes"));
    assert!(found(&owner, "leaves").await.contains("/network?try=leave#what-if"));
    assert!(found(&owner, "gephi").await.contains("Nothing is called so"), "about is no name");
    assert!(found(&owner, "ottoline").await.contains(COLLEAGUE));
    assert!(found(&owner, "network").await.contains("href=\"/network\""));
}

#[tokio::test]
async fn guests_are_offered_no_page_of_the_workspace() {
    let app = TestApp::new().await;
    let guest = app.as_(Role::Guest).await;
    let text = guest.get("/").await.text;
    for href in ["/contacts/new", "/network", "/people", "/insights", "/imports"] {
        assert!(!text.contains(&format!("href=\"{href}\"")), "{href}");
    }
    assert!(found(&guest, "network").await.contains("Nothing is called so"));
}
