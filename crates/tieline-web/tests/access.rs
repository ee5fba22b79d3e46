//! Who may use which route, and who sees which data.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use support::world::{
    BROKER, COLLEAGUE, MEMBER, TWO_OTHERS, actor_of, address_of, everyone, mail_of, unit_of,
};
use support::{Answer, Browser, PASSWORD, TestApp, all_routes, now};
use tieline_model::access::{Role, TieConsent, Visibility};
use tieline_model::claim::Decision;
use tieline_model::contact::ContactKind;
use tieline_model::id::{AccountId, ImportId};
use tieline_model::job::Job;
use tieline_store::NewContact;

/// What each route answers to a stranger, a guest, a member, a steward and the owner, in a
/// workspace of several with named findings off. 303: elsewhere, for a stranger's page to sign-in.
/// 404: it does not exist for them. Others: as the handler says.
const TABLE: &[(&str, &str, [u16; 5])] = &[
    ("GET", "/", [303, 200, 200, 200, 200]),
    ("POST", "/contacts", [401, 404, 303, 303, 303]),
    ("GET", "/contacts/new", [303, 404, 200, 200, 200]),
    ("POST", "/contacts/{id}/undo", [401, 303, 303, 303, 303]),
    ("GET", "/settings", [303, 200, 200, 200, 200]),
    ("POST", "/settings/account", [401, 303, 303, 303, 303]),
    ("POST", "/settings/password", [401, 303, 303, 303, 303]),
    ("POST", "/settings/named-findings", [401, 404, 404, 404, 303]),
    ("GET", "/identities", [303, 404, 404, 200, 200]),
    ("POST", "/identities/decisions", [401, 404, 404, 303, 303]),
    ("POST", "/identities/decisions/{a}/{b}/undo", [401, 404, 404, 303, 303]),
    ("GET", "/imports", [303, 404, 404, 200, 200]),
    ("POST", "/imports", [401, 404, 404, 400, 400]),
    ("GET", "/imports/{id}", [303, 404, 404, 200, 200]),
    ("GET", "/imports/{id}/issues.csv", [303, 404, 404, 200, 200]),
    ("POST", "/imports/{id}/undo", [401, 404, 404, 404, 404]),
    ("GET", "/live", [303, 200, 200, 200, 200]),
    ("GET", "/jobs/{id}", [303, 404, 404, 200, 200]),
    ("POST", "/jobs/{id}/columns", [401, 404, 404, 404, 404]),
    ("POST", "/jobs/{id}/discard", [401, 404, 404, 404, 404]),
    ("POST", "/jobs/{id}/import", [401, 404, 404, 404, 404]),
    ("POST", "/jobs/{id}/pause", [401, 404, 404, 303, 303]),
    ("POST", "/jobs/{id}/resume", [401, 404, 404, 303, 303]),
    ("POST", "/jobs/{id}/stop", [401, 404, 404, 303, 303]),
    ("POST", "/settings/accounts/{id}/role", [401, 404, 404, 404, 422]),
    ("POST", "/settings/accounts", [401, 404, 404, 404, 422]),
    ("POST", "/settings/accounts/{id}/closure", [401, 404, 404, 404, 404]),
    ("POST", "/settings/accounts/{id}/link", [401, 404, 404, 404, 404]),
    ("POST", "/settings/accounts/{id}/mail", [401, 404, 404, 404, 404]),
    ("POST", "/settings/accounts/{id}/opening", [401, 404, 404, 404, 404]),
    ("GET", "/settings/history", [303, 404, 404, 200, 200]),
    ("GET", "/settings/tokens", [303, 200, 200, 200, 200]),
    ("POST", "/settings/tokens", [401, 422, 422, 422, 422]),
    ("POST", "/settings/tokens/removal", [401, 422, 422, 422, 422]),
    ("POST", "/people/{id}/data-link", [401, 404, 404, 200, 200]),
    ("GET", "/metrics", [404, 404, 404, 404, 404]),
    // Of the roles the member alone says which person of the data it is.
    ("GET", "/me/data", [303, 404, 200, 404, 404]),
    ("POST", "/me/data/consent", [401, 404, 422, 404, 404]),
    ("POST", "/me/data/wish", [401, 404, 422, 404, 404]),
    ("POST", "/me/data/erase", [401, 404, 422, 404, 404]),
    ("GET", "/me/data/export.json", [303, 404, 200, 404, 404]),
    ("GET", "/me/data/interactions.csv", [303, 404, 200, 404, 404]),
    ("GET", "/own-data/{secret}", [404, 404, 404, 404, 404]),
    ("POST", "/own-data/{secret}/consent", [404, 404, 404, 404, 404]),
    ("POST", "/own-data/{secret}/wish", [404, 404, 404, 404, 404]),
    ("POST", "/own-data/{secret}/erase", [404, 404, 404, 404, 404]),
    ("GET", "/own-data/{secret}/export.json", [404, 404, 404, 404, 404]),
    ("GET", "/own-data/{secret}/interactions.csv", [404, 404, 404, 404, 404]),
    // Programs come with a token, and what each role then gets is in `api.rs`; the cookie of a
    // request that does not say it is of the same site opens nothing.
    ("GET", "/api/v1/openapi.json", [200, 200, 200, 200, 200]),
    ("GET", "/api/v1/me", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/ties", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/units", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/findings", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/findings/history", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/network/summary", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/network/groups", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/network/changes", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/network/export", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/network/what-if", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/imports", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/jobs", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/contacts", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/contacts/{id}/undo", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/identities/decisions", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/name", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/notes", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/notes", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/places", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/promises", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/promises", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/tags", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/tags/removal", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/notes/{id}/removal", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/notes/{id}/restoration", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/places/{id}/removal", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/places/{id}/restoration", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/promises/{id}/kept", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/promises/{id}/reopening", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/promises/{id}/withdrawal", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/ties", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/ties/removal", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/bulk", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/bulk", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/bulk/{id}/undo", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/fields", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/fields", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/rhythm", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/people/{id}/rhythm", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/people/{id}/places", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/notes/{id}", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/places/{id}", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/places/{id}/before", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/units", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/units/{id}", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/units/{id}/withdrawal", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/fields", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/views", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/views", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/views/{id}/removal", [401, 401, 401, 401, 401]),
    ("GET", "/api/v1/snoozes", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/snoozes", [401, 401, 401, 401, 401]),
    ("POST", "/api/v1/snoozes/end", [401, 401, 401, 401, 401]),
    ("GET", "/insights", [303, 404, 200, 200, 200]),
    ("GET", "/insights/report.html", [303, 404, 200, 200, 200]),
    ("GET", "/insights/history", [303, 404, 200, 200, 200]),
    ("GET", "/network", [303, 404, 200, 200, 200]),
    ("GET", "/network/changes", [303, 404, 200, 200, 200]),
    ("GET", "/network/export", [303, 404, 200, 200, 200]),
    // The map of people is for a workspace of one.
    ("GET", "/network/organic.json", [303, 404, 404, 404, 404]),
    ("GET", "/network/path", [303, 404, 404, 404, 404]),
    ("GET", "/people", [303, 404, 200, 200, 200]),
    ("GET", "/people/{id}", [303, 404, 200, 200, 200]),
    ("GET", "/people/bulk", [303, 404, 404, 422, 422]),
    ("POST", "/people/bulk", [401, 404, 404, 422, 422]),
    ("POST", "/people/bulk/{id}/undo", [401, 404, 404, 404, 404]),
    ("POST", "/people/views", [401, 404, 400, 400, 400]),
    ("POST", "/people/views/{id}/removal", [401, 404, 404, 404, 404]),
    ("GET", "/people/new", [303, 404, 200, 200, 200]),
    ("POST", "/people/new", [401, 404, 422, 422, 422]),
    ("GET", "/people/{id}/facts", [303, 404, 200, 200, 200]),
    ("POST", "/people/{id}/fields", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/fields/{changed}/before", [401, 404, 404, 404, 404]),
    ("POST", "/people/{id}/name", [401, 404, 422, 422, 422]),
    ("POST", "/people/{id}/name/before", [401, 404, 404, 404, 404]),
    ("POST", "/people/{id}/notes", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/places", [401, 404, 422, 422, 422]),
    ("POST", "/people/{id}/promises", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/rhythm", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/tags", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/tags/{tag}/addition", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/tags/{tag}/removal", [401, 404, 303, 303, 303]),
    ("POST", "/people/{id}/withdrawal", [401, 404, 404, 404, 404]),
    // Whose note, promise or place it is decides: an id of someone else's does not exist.
    ("GET", "/notes/{id}", [303, 404, 404, 404, 404]),
    ("POST", "/notes/{id}", [401, 404, 404, 404, 404]),
    ("POST", "/notes/{id}/removal", [401, 404, 404, 404, 404]),
    ("POST", "/notes/{id}/restoration", [401, 404, 404, 404, 404]),
    ("POST", "/places/{id}", [401, 404, 404, 404, 404]),
    ("POST", "/places/{id}/before", [401, 404, 404, 404, 404]),
    ("POST", "/places/{id}/removal", [401, 404, 404, 404, 404]),
    ("POST", "/places/{id}/restoration", [401, 404, 404, 404, 404]),
    ("GET", "/promises", [303, 404, 200, 200, 200]),
    ("POST", "/promises/{id}/kept", [401, 404, 404, 404, 404]),
    ("POST", "/promises/{id}/reopening", [401, 404, 404, 404, 404]),
    ("POST", "/promises/{id}/withdrawal", [401, 404, 404, 404, 404]),
    ("GET", "/organisations/new", [303, 404, 200, 200, 200]),
    ("POST", "/organisations/new", [401, 404, 422, 422, 422]),
    ("GET", "/organisations/{id}", [303, 404, 200, 200, 200]),
    ("POST", "/organisations/{id}/withdrawal", [401, 404, 404, 404, 404]),
    ("POST", "/people/{id}/same", [401, 404, 404, 422, 422]),
    ("POST", "/settings/fields", [401, 404, 404, 303, 303]),
    ("POST", "/settings/fields/{id}/removal", [401, 404, 404, 404, 404]),
    ("POST", "/snoozes", [401, 404, 303, 303, 303]),
    ("POST", "/snoozes/{item}/end", [401, 404, 303, 303, 303]),
    ("GET", "/welcome/people", [303, 404, 200, 200, 200]),
    ("POST", "/welcome/people", [401, 404, 422, 422, 422]),
    ("GET", "/people/{id}/ties/{other}", [303, 404, 404, 404, 404]),
    ("GET", "/organisations", [303, 404, 200, 200, 200]),
    ("GET", "/search", [303, 200, 200, 200, 200]),
    ("GET", "/search/results", [303, 200, 200, 200, 200]),
    ("GET", "/set-up", [303, 303, 303, 303, 303]),
    ("POST", "/set-up", [303, 303, 303, 303, 303]),
    ("GET", "/sign-in", [200, 303, 303, 303, 303]),
    ("POST", "/sign-in", [422, 422, 422, 422, 422]),
    // Without a mail server or an identity provider there are no such doors.
    ("POST", "/sign-in/mail", [404, 404, 404, 404, 404]),
    ("POST", "/sign-in/provider", [404, 404, 404, 404, 404]),
    ("GET", "/sign-in/provider/callback", [404, 404, 404, 404, 404]),
    ("POST", "/sign-out", [401, 303, 303, 303, 303]),
    ("GET", "/enter/{secret}", [200, 200, 200, 200, 200]),
    ("POST", "/enter/{secret}", [410, 410, 410, 410, 410]),
    ("POST", "/preferences/theme", [401, 303, 303, 303, 303]),
    ("GET", "/glossary", [303, 200, 200, 200, 200]),
    ("GET", "/healthz", [200, 200, 200, 200, 200]),
    ("GET", "/readyz", [200, 200, 200, 200, 200]),
    ("GET", "/assets/{name}", [200, 200, 200, 200, 200]),
];

/// Routes that a stranger may ask for: they have no part that needs a session.
const OPEN: &[&str] = &["/set-up", "/healthz", "/readyz"];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<(&str, String)> = all_routes().collect();
    let rows: BTreeSet<(&str, String)> =
        TABLE.iter().map(|(method, path, _)| (*method, (*path).to_owned())).collect();
    let missing: Vec<_> = routes.difference(&rows).collect();
    assert!(missing.is_empty(), "say in TABLE who may use {missing:?}");
    let stale: Vec<_> = rows.difference(&routes).collect();
    assert!(stale.is_empty(), "no such route: {stale:?}");
    assert_eq!(rows.len(), TABLE.len(), "a row occurs twice");
}

#[tokio::test]
async fn every_route_answers_each_role_as_the_table_says() {
    let app = TestApp::new().await;
    let mut wrong = Vec::new();
    for (method, route, expected) in TABLE {
        let roles = std::iter::once(None).chain(Role::ALL.iter().copied().map(Some));
        for (role, expected) in roles.zip(expected) {
            let found = ask(&app, role, method, route).await.status.as_u16();
            if found != *expected {
                let who = role.map_or("stranger", Role::name);
                wrong.push(format!("{method} {route} as {who}: {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_a_part_of_a_page_is_refused() {
    let app = TestApp::new().await;
    for (method, route, expected) in TABLE {
        if *method != "GET" || expected[0] != 303 || OPEN.contains(route) {
            continue;
        }
        let (path, _) = request_for(&app, None, route).await;
        let sent = app.stranger().get(&path).await;
        assert!(sent.location().starts_with("/sign-in?next=/"), "{path}: {}", sent.location());
        assert_eq!(app.stranger().get_part(&path).await.status, 401, "{path}");
    }
}

/// One request of a row, by a browser of its own.
async fn ask(app: &TestApp, role: Option<Role>, method: &str, route: &str) -> Answer {
    let browser = match role {
        Some(role) => app.as_(role).await,
        None => app.stranger(),
    };
    let (path, fields) = request_for(app, role, route).await;
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    match method {
        "GET" => browser.get(&path).await,
        _ => browser.post(&path, &fields).await,
    }
}

/// A path of the route that exists, and a form that it takes.
async fn request_for(
    app: &TestApp,
    role: Option<Role>,
    route: &str,
) -> (String, Vec<(&'static str, String)>) {
    let person = actor_of(TWO_OTHERS.0).to_string();
    let other = actor_of(TWO_OTHERS.1).to_string();
    let (a, b) = (address_of(TWO_OTHERS.0), address_of(TWO_OTHERS.1));
    let id = match route.split('/').nth(1) {
        Some("contacts") => match role {
            Some(role) => contact_by(app, app.account(role)).await,
            None => person,
        },
        Some("jobs") => job(app).await,
        Some("organisations") => unit_of("Nursing").to_string(),
        // Undoing the only import would end the world for the rows that follow.
        Some("imports") if !route.ends_with("/undo") => ImportId::of(&[b"harbour"]).to_string(),
        _ => person,
    };
    if route == "/identities/decisions/{a}/{b}/undo" {
        let tx = app.store.begin().await.unwrap();
        tx.add_decision(&Decision { a, b, same: false, reason: String::new() }).await.unwrap();
        tx.commit().await.unwrap();
    }
    let path = match route {
        "/assets/{name}" => stylesheet(&app.stranger()).await,
        "/network/export" => format!("{route}?format=csv"),
        _ => route
            .replace("{id}", &id)
            .replace("{other}", &other)
            .replace("{a}", &a.to_string())
            .replace("{b}", &b.to_string())
            .replace("{tag}", "Board")
            .replace("{item}", "reviews")
            .replace("{secret}", "unknown"),
    };
    let text = |text: &str| text.to_owned();
    let fields = match route {
        "/contacts" => {
            vec![("who", text(COLLEAGUE)), ("kind", text("met")), ("day", text("2024-01-02"))]
        }
        "/settings/account" => {
            let version = match role {
                Some(role) => app.store.account(app.account(role)).await.unwrap().version,
                None => 1,
            };
            vec![("name", text("Someone")), ("zone", text("UTC")), ("version", version.to_string())]
        }
        "/settings/password" => vec![("current", text(PASSWORD)), ("password", text(PASSWORD))],
        "/set-up" => vec![("token", text("t")), ("name", text("n")), ("password", text(PASSWORD))],
        "/identities/decisions" => {
            let decision = ("decision", text("different"));
            vec![("a", a.to_string()), ("b", b.to_string()), decision]
        }
        "/settings/fields" => {
            vec![("field", format!("Region {}", role.map_or("", Role::name)))]
        }
        "/snoozes" => vec![("item", text("reviews"))],
        "/people/{id}/notes" => vec![("note", text("met at the fair"))],
        "/people/{id}/promises" => vec![("promise", text("a list"))],
        "/people/{id}/tags" => vec![("tag", text("Board"))],
        "/sign-in/mail" => vec![("mail", text("someone@harbour.example"))],
        "/sign-in" => vec![("login", text("nobody")), ("password", text("wrong password"))],
        _ => Vec::new(),
    };
    (path, fields)
}

/// A dry run that waits to be taken.
async fn job(app: &TestApp) -> String {
    let job = Job::Import { paths: vec!["nowhere".to_owned()], dry_run: true };
    let tx = app.store.begin().await.unwrap();
    let id = tx.enqueue(&job, None, None).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

async fn stylesheet(browser: &Browser) -> String {
    let page = browser.get("/healthz").await;
    assert_eq!(page.text, "ok");
    let page = browser.get("/sign-in").await.text;
    let from = page.find("/assets/").unwrap();
    page[from..].split('"').next().unwrap().to_owned()
}

async fn contact_by(app: &TestApp, by: AccountId) -> String {
    let contact = NewContact {
        by,
        kind: ContactKind::Met,
        at: now(),
        line: String::new(),
        visibility: Visibility::Own,
        people: vec![address_of(COLLEAGUE)],
    };
    let tx = app.store.begin().await.unwrap();
    let id = tx.log_contact(&contact).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

fn page_of(name: &str) -> String {
    format!("/people/{}", actor_of(name))
}

fn tie_of(a: &str, b: &str) -> String {
    format!("/people/{}/ties/{}", actor_of(a), actor_of(b))
}

fn what_if_of(name: &str) -> String {
    format!("/network?without={}", actor_of(name))
}

async fn ok(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text
}

/// The people whom a text names, by name or by address.
fn named_in(text: &str) -> Vec<&'static str> {
    let names = everyone().map(|(name, _)| name);
    names.filter(|name| text.contains(name) || text.contains(&mail_of(name))).collect()
}

async fn consent(app: &TestApp, name: &str, ties: TieConsent) {
    let tx = app.store.begin().await.unwrap();
    tx.set_consent(address_of(name), ties, false, None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn name_findings(app: &TestApp) {
    let tx = app.store.begin().await.unwrap();
    tx.set_named_findings(true, app.account(Role::Owner)).await.unwrap();
    tx.commit().await.unwrap();
}

const READERS: [Role; 3] = [Role::Member, Role::Steward, Role::Owner];

#[tokio::test]
async fn a_tie_of_others_is_shown_as_far_as_both_consent() {
    let app = TestApp::new().await;
    let (one, two) = TWO_OTHERS;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert_eq!(named_in(&text.replace(&mail_of(one), "")), [one], "{role:?}: nobody consented");
        assert!(text.contains("as both people allow"), "{role:?}: a hidden tie is owned up to");
    }
    consent(&app, one, TieConsent::Band).await;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert!(!text.contains(two), "{role:?}: one of two consented");
    }
    consent(&app, two, TieConsent::Exists).await;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert!(text.contains(two) && text.contains("There is a tie"), "{role:?}");
        assert!(!text.contains("\"Tie strength"), "{role:?}: existence alone");
    }
    consent(&app, two, TieConsent::Band).await;
    for role in READERS {
        let browser = app.as_(role).await;
        let text = ok(&browser, &page_of(one)).await;
        assert!(text.contains("\"Tie strength") && text.contains("not shown"), "{role:?}");
        assert!(!text.contains("days of contact\""), "{role:?}: a band has no days");
        assert_eq!(browser.get(&tie_of(one, two)).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn own_ties_are_open_down_to_the_interactions() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    assert!(ok(&member, &page_of(COLLEAGUE)).await.contains("Your tie"));
    assert!(ok(&member, &page_of(MEMBER)).await.contains("This is you"));
    for (a, b) in [(MEMBER, COLLEAGUE), (COLLEAGUE, MEMBER)] {
        assert!(ok(&member, &tie_of(a, b)).await.contains("What is behind this tie"));
    }
    for role in [Role::Guest, Role::Steward, Role::Owner] {
        let other = app.as_(role).await;
        assert_eq!(other.get(&tie_of(MEMBER, COLLEAGUE)).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn a_workspace_of_one_shows_its_owner_everything() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let (one, two) = TWO_OTHERS;
    assert!(ok(&owner, &page_of(one)).await.contains(two));
    assert!(ok(&owner, &tie_of(one, two)).await.contains("What is behind this tie"));
    assert!(ok(&owner, "/network").await.contains(BROKER));
    assert!(ok(&owner, &what_if_of(BROKER)).await.contains(&format!("Without {BROKER}")));
    let path = format!("/network/path?from={}&to={}", actor_of(MEMBER), actor_of(one));
    assert!(ok(&owner, &path).await.contains(BROKER), "the only way leads through the broker");
}

/// Everything that tells of the network as a whole.
const FINDINGS: [&str; 7] = [
    "/",
    "/network",
    "/network?view=table",
    "/insights",
    "/insights?names=shown",
    "/insights?names=hidden",
    "/insights/report.html",
];

#[tokio::test]
async fn findings_name_nobody_while_named_findings_are_off() {
    let app = TestApp::new().await;
    for role in READERS {
        let browser = app.as_(role).await;
        for path in FINDINGS {
            let text = ok(&browser, path).await;
            assert_eq!(named_in(&text), [""; 0], "{path} as {role:?}");
        }
        let named = everyone().map(|(name, _)| name).filter(|name| *name != MEMBER);
        for name in named {
            assert_eq!(browser.get(&what_if_of(name)).await.status, 404, "{name} as {role:?}");
        }
    }
}

#[tokio::test]
async fn stewards_and_the_owner_see_names_once_named_findings_are_on() {
    let app = TestApp::new().await;
    name_findings(&app).await;
    for role in [Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        assert!(ok(&browser, "/network").await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, &what_if_of(BROKER)).await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, "/network?view=table").await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, "/insights").await.contains(BROKER), "{role:?}");
        assert!(named_in(&ok(&browser, "/insights?names=hidden").await).is_empty(), "{role:?}");
        assert_eq!(browser.get("/network/path").await.status, 200, "{role:?}");
        let (one, two) = TWO_OTHERS;
        assert_eq!(browser.get(&tie_of(one, two)).await.status, 404, "{role:?}");
    }
    let member = app.as_(Role::Member).await;
    for path in FINDINGS {
        assert_eq!(named_in(&ok(&member, path).await), [""; 0], "{path} as a member");
    }
    assert_eq!(member.get(&what_if_of(BROKER)).await.status, 404);
    assert_eq!(member.get("/network/path").await.status, 404);
}

#[tokio::test]
async fn a_member_tries_what_if_of_themselves_alone() {
    let app = TestApp::new().await;
    let text = ok(&app.as_(Role::Member).await, &what_if_of(MEMBER)).await;
    assert!(text.contains("Without "));
    let others: Vec<_> = named_in(&text).into_iter().filter(|name| *name != MEMBER).collect();
    assert_eq!(others, [""; 0]);
}

#[tokio::test]
async fn groups_under_five_are_in_no_table_of_groups() {
    let several = TestApp::new().await;
    let alone = TestApp::alone().await;
    for (app, role) in [(&several, Role::Member), (&several, Role::Steward), (&alone, Role::Owner)]
    {
        let browser = app.as_(role).await;
        for path in ["/", "/network", "/insights", "/insights/report.html"] {
            let text = ok(&browser, path).await;
            assert!(!text.contains("Chaplaincy"), "{path} as {role:?}");
        }
        assert!(ok(&browser, "/network").await.contains("Nursing"), "{role:?}");
    }
}

#[tokio::test]
async fn a_guest_learns_nothing_of_the_workspace() {
    let app = TestApp::new().await;
    let guest = app.as_(Role::Guest).await;
    let search = format!("/search?q={}", &BROKER[..4]);
    for path in ["/", "/settings", "/search", &search] {
        let text = ok(&guest, path).await;
        assert!(named_in(&text).is_empty(), "{path}");
        for secret in ["Nursing", "Housing", "Harbour Trust", "27 people"] {
            assert!(!text.contains(secret), "{path} tells of {secret}");
        }
    }
    // Nor by what a form answers: whether someone is known is told to nobody who may not look.
    let version = app.store.account(app.account(Role::Guest)).await.unwrap().version.to_string();
    let form =
        |person| [("name", "A guest"), ("zone", "-"), ("version", &*version), ("person", person)];
    let known = guest.post("/settings/account", &form(BROKER)).await;
    let unknown = guest.post("/settings/account", &form("Nobody At All")).await;
    assert_eq!(known.text, unknown.text);
}

#[tokio::test]
async fn addresses_are_for_stewards_and_the_person() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    assert!(!ok(&member, &page_of(COLLEAGUE)).await.contains(&mail_of(COLLEAGUE)));
    assert!(ok(&member, &page_of(MEMBER)).await.contains(&mail_of(MEMBER)));
    let steward = app.as_(Role::Steward).await;
    assert!(ok(&steward, &page_of(COLLEAGUE)).await.contains(&mail_of(COLLEAGUE)));
    for path in ["/people", "/search?q=harbour", "/search/results?q=harbour"] {
        assert!(!ok(&member, path).await.contains("@harbour.example"), "{path}");
    }
    // A name that fits several people is answered with the people, not with their addresses.
    let fields = [("who", "harbour"), ("kind", "met"), ("day", "2024-01-02")];
    let answer = member.post("/contacts", &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("could be"));
    assert!(!answer.text.contains("@harbour.example"));
}

#[tokio::test]
async fn whoever_opens_a_page_on_someone_is_noted() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    ok(&member, &page_of(COLLEAGUE)).await;
    ok(&member, &page_of(MEMBER)).await;
    let looks = app.store.looks(None, 10).await.unwrap();
    let seen: Vec<_> = looks.iter().map(|look| (look.account, look.address)).collect();
    assert_eq!(seen, [(app.account(Role::Member), address_of(COLLEAGUE))]);
}

#[tokio::test]
async fn a_contact_is_taken_back_by_its_author_alone() {
    let app = TestApp::new().await;
    let id = contact_by(&app, app.account(Role::Member)).await;
    let path = format!("/contacts/{id}/undo");
    for role in [Role::Guest, Role::Steward, Role::Owner] {
        assert_eq!(app.as_(role).await.post(&path, &[]).await.status, 404, "{role:?}");
    }
    assert_eq!(app.as_(Role::Member).await.post(&path, &[]).await.status, 303);
    assert_eq!(app.as_(Role::Member).await.post(&path, &[]).await.status, 404, "taken back once");
}
