//! Whatever is sent, the application answers as it should: it never fails, and what was sent never
//! becomes part of a page's structure.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::harm::{check, payloads};
use support::world::{COLLEAGUE, TWO_OTHERS, actor_of, address_of};
use support::{Answer, Browser, Kit, PASSWORD, TestApp, all_routes, percent, percent_bytes};
use tieline_model::access::Role;
use tieline_model::id::ImportId;
use tieline_store::LinkPurpose;

/// A form with a value for each field that it takes.
struct FormOf {
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

impl FormOf {
    /// Its path, of someone who is there.
    fn asked(&self) -> String {
        self.path.replace("{id}", &actor_of(COLLEAGUE).to_string())
    }
}

const FORMS: &[FormOf] = &[
    FormOf { path: "/settings/tokens", fields: &[("name", "phone"), ("scope", "read")] },
    FormOf { path: "/settings/accounts/{id}/role", fields: &[("role", "member")] },
    FormOf { path: "/settings/tokens/removal", fields: &[("hash", "00")] },
    FormOf {
        path: "/contacts",
        fields: &[
            ("who", COLLEAGUE),
            ("kind", "met"),
            ("day", "2024-01-02"),
            ("line", ""),
            ("we_promise", ""),
            ("they_promise", ""),
            ("visibility", "own"),
        ],
    },
    FormOf {
        path: "/settings/account",
        fields: &[
            ("name", "Someone"),
            ("person", ""),
            ("zone", "UTC"),
            ("locale", "en"),
            ("version", "1"),
        ],
    },
    FormOf {
        path: "/settings/password",
        fields: &[("current", "wrong"), ("password", "three lanterns")],
    },
    FormOf {
        path: "/identities/decisions",
        fields: &[("a", "0"), ("b", "1"), ("decision", "same"), ("reason", "")],
    },
    FormOf { path: "/people/{id}/name", fields: &[("name", COLLEAGUE), ("version", "0")] },
    FormOf {
        path: "/people/{id}/notes",
        fields: &[("note", "met once"), ("visibility", "own"), ("version", "0")],
    },
    FormOf {
        path: "/people/{id}/places",
        fields: &[
            ("organisation", "Harbour Trust"),
            ("department", ""),
            ("title", ""),
            ("from", "2024-01-02"),
            ("to", ""),
        ],
    },
    FormOf {
        path: "/people/{id}/promises",
        fields: &[("promise", "a list"), ("by", "us"), ("due", ""), ("visibility", "own")],
    },
    FormOf {
        path: "/people/bulk",
        fields: &[("what", "tag"), ("with", "Board"), ("n", "1"), ("q", ""), ("unit", "")],
    },
    FormOf { path: "/people/views", fields: &[("name", "Mine"), ("shared", "on"), ("tag", "x")] },
    FormOf { path: "/people/{id}/same", fields: &[("other", "nobody"), ("reason", "")] },
    FormOf {
        path: "/settings/fields",
        fields: &[("field", ""), ("kind", "choice"), ("choices", "a, b")],
    },
    FormOf { path: "/snoozes", fields: &[("item", "reviews")] },
    FormOf { path: "/people/{id}/rhythm", fields: &[("days", "14")] },
    FormOf { path: "/people/{id}/fields", fields: &[("x", "y")] },
    FormOf { path: "/people/{id}/tags", fields: &[("tag", "Board")] },
    FormOf {
        path: "/people/new",
        fields: &[
            ("name", ""),
            ("address", ""),
            ("organisation", "Harbour Trust"),
            ("department", ""),
            ("title", ""),
        ],
    },
    FormOf { path: "/organisations/new", fields: &[("name", "Ferry Board"), ("parent", "")] },
    FormOf {
        path: "/welcome/people",
        fields: &[("name-0", ""), ("address-0", ""), ("organisation-0", ""), ("tie-0-1", "on")],
    },
    FormOf {
        path: "/partnerships/new",
        fields: &[
            ("name", ""),
            ("about", "Nobody is cold at home."),
            ("begins", "2024-01-02"),
            ("last", ""),
            ("notice", ""),
        ],
    },
    FormOf { path: "/partnerships/objectives", fields: &[("unit", ""), ("text", "Shorter stays")] },
    FormOf {
        path: "/partnerships/objectives/{id}",
        fields: &[("text", "Shorter stays"), ("version", "1")],
    },
    FormOf { path: "/settings/named-findings", fields: &[("named", "on")] },
    FormOf { path: "/preferences/theme", fields: &[("theme", "dark")] },
    FormOf {
        path: "/sign-in",
        fields: &[("login", "nobody"), ("password", "wrong"), ("next", "/people")],
    },
    FormOf { path: "/sign-in/mail", fields: &[("mail", "a@b.example")] },
    FormOf { path: "/sign-in/provider", fields: &[("next", "/people")] },
    FormOf {
        path: "/settings/accounts",
        fields: &[("invited", "Zora"), ("role", "member"), ("mail", "")],
    },
    FormOf { path: "/settings/accounts/{id}/mail", fields: &[("mail", "a@b.example")] },
    FormOf { path: "/people/{id}/data-link", fields: &[("to", "")] },
    FormOf {
        path: "/set-up",
        fields: &[("token", "t"), ("name", "n"), ("password", PASSWORD), ("zone", "UTC")],
    },
];

/// Pages with the parameters that they read.
const QUERIES: &[(&str, &[&str])] = &[
    ("/", &["done", "undo"]),
    ("/contacts/new", &["who"]),
    ("/settings", &["done"]),
    ("/identities", &["state", "after", "done", "undo"]),
    ("/imports", &["before", "done", "undo"]),
    ("/live", &["since"]),
    ("/insights", &["names"]),
    ("/insights/report.html", &["names"]),
    ("/network", &["view", "without", "who", "from", "at", "kind", "unit", "least"]),
    ("/network", &["try", "a", "b", "merge", "with", "layer", "group", "layout"]),
    ("/network/export", &["format", "layer", "at", "kind", "unit", "least"]),
    ("/network/organic.json", &["layer", "at", "kind", "unit", "least"]),
    ("/network/changes", &["from", "to", "kind", "unit", "least"]),
    ("/network/path", &["from", "to"]),
    ("/people", &["q", "unit", "kind", "tag", "role", "seen", "after"]),
    ("/people/bulk", &["what", "with", "n", "q", "unit", "tag"]),
    ("/partnerships", &["done", "undo"]),
    ("/partnerships/objectives", &["done", "undo"]),
    ("/search", &["q"]),
    ("/search/results", &["q"]),
    ("/set-up", &["token"]),
    ("/settings/history", &["before"]),
    ("/sign-in", &["next", "done"]),
    ("/sign-in/provider/callback", &["code", "state", "error"]),
];

/// Paths in which a part is what someone typed.
const PATHS: &[&str] = &[
    "/notes/{}",
    "/notes/{}/removal",
    "/notes/{}/restoration",
    "/jobs/{}/columns",
    "/organisations/{}",
    "/organisations/{}/withdrawal",
    "/people/{}/facts",
    "/people/{}/fields/{}/before",
    "/people/{}/name/before",
    "/places/{}/before",
    "/settings/accounts/{}/closure",
    "/settings/accounts/{}/link",
    "/settings/accounts/{}/opening",
    "/people/{}/tags/{}/addition",
    "/people/{}/tags/{}/removal",
    "/people/{}/withdrawal",
    "/people/bulk/{}/undo",
    "/settings/fields/{}/removal",
    "/snoozes/{}/end",
    "/people/views/{}/removal",
    "/partnerships/objectives/{}/removal",
    "/partnerships/objectives/{}/restoration",
    "/places/{}",
    "/places/{}/removal",
    "/places/{}/restoration",
    "/promises/{}/kept",
    "/promises/{}/reopening",
    "/promises/{}/withdrawal",
    "/people/{}",
    "/people/{}/data-link",
    "/people/{}/ties/{}",
    "/enter/{}",
    "/guest/{}",
    "/assets/{}",
    "/{}",
    "/contacts/{}/undo",
    "/identities/decisions/{}/{}/undo",
    "/imports/{}",
    "/imports/{}/issues.csv",
    "/imports/{}/undo",
    "/jobs/{}",
    "/jobs/{}/discard",
    "/jobs/{}/import",
    "/jobs/{}/pause",
    "/jobs/{}/resume",
    "/jobs/{}/stop",
];

/// Routes that read nothing that someone types.
const DEAF: &[&str] = &[
    "/organisations",
    "/organisations/new",
    "/partnerships/new",
    "/people/new",
    "/promises",
    "/welcome/people",
    "/glossary",
    "/insights/history",
    "/healthz",
    "/readyz",
    "/metrics",
    "/sign-out",
    "/settings/tokens",
];

#[test]
fn every_route_is_sent_what_harms() {
    for (method, route) in all_routes() {
        let route = &*route;
        // What programs ask for, a person's own data, a room and stakeholders have tests of their
        // own: api, own_data, partnerships, stakeholders.
        let own = ["/api/v1", "/me/data", "/own-data", "/partnerships/{id}", "/stakeholders"];
        if own.iter().any(|start| route.starts_with(start)) || route.ends_with("/stakeholders") {
            continue;
        }
        let is_sent = match method {
            "GET" => QUERIES.iter().any(|(path, _)| *path == route),
            // Uploads have tests of their own.
            _ if route == "/imports" => true,
            _ => FORMS.iter().any(|form| form.path == route),
        };
        let parts = route.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        let is_path = PATHS.contains(&&*parts.collect::<Vec<_>>().join("/"));
        let known = is_sent || is_path || DEAF.contains(&route);
        assert!(known, "{method} {route}: add it to FORMS, QUERIES or PATHS, or to DEAF");
    }
}

/// Takes a session of the owner, who gets furthest, and a stranger.
async fn browsers(app: &TestApp) -> [Browser; 2] {
    [app.as_(Role::Owner).await, app.stranger()]
}

async fn submit(browsers: &[Browser], form: &FormOf, hostile: &str, value: &[u8]) {
    for browser in browsers {
        submit_as(browser, form, hostile, value).await;
    }
}

async fn submit_as(browser: &Browser, form: &FormOf, hostile: &str, value: &[u8]) {
    let encoded: Vec<String> = form
        .fields
        .iter()
        .map(|(name, usual)| match *name == hostile {
            true => format!("{name}={}", percent_bytes(value)),
            false => format!("{name}={}", percent(usual)),
        })
        .collect();
    let answer = browser.post_bytes(&form.asked(), encoded.join("&").into_bytes(), &[]).await;
    let shown = String::from_utf8_lossy(&value[..value.len().min(80)]).into_owned();
    check(&format!("POST {} with {hostile} = {shown:?}", form.path), &answer);
}

async fn ask(browser: &Browser, path: &str) {
    let shown: String = path.chars().take(160).collect();
    check(&format!("GET {shown}"), &browser.get(path).await);
    if path.starts_with("/people?") {
        check(&format!("GET {shown}, a part"), &browser.get_part(path).await);
    }
}

#[tokio::test]
async fn forms_stand_what_is_put_into_any_field() {
    let app = TestApp::new().await;
    for form in FORMS {
        let browsers = browsers(&app).await;
        for (field, _) in form.fields {
            // Ten wrong passwords and the name waits; each wrong one costs a hash.
            let few = form.path == "/settings/password" || form.path == "/sign-in";
            for value in payloads().iter().step_by(if few { 4 } else { 1 }) {
                submit(&browsers, form, field, value).await;
            }
        }
    }
    // What was kept is shown, and harms no page.
    let owner = app.as_(Role::Owner).await;
    for (path, _) in QUERIES.iter().filter(|(path, _)| !path.starts_with("/insights")) {
        ask(&owner, path).await;
    }
    for path in ["", "/facts"] {
        ask(&owner, &format!("/people/{}{path}", actor_of(COLLEAGUE))).await;
    }
    ask(&owner, "/promises").await;
}

#[tokio::test]
async fn forms_stand_nearly_as_much_as_a_request_may_hold() {
    let app = TestApp::new().await;
    let long = "<b>".repeat(36_000).into_bytes();
    let browsers = browsers(&app).await;
    for form in FORMS {
        for (field, _) in form.fields {
            submit(&browsers, form, field, &long).await;
        }
    }
}

#[tokio::test]
async fn the_first_form_of_all_stands_what_is_put_into_it() {
    let app = TestApp::empty().await;
    let set_up = FORMS.iter().find(|form| form.path == "/set-up").unwrap();
    for (field, _) in set_up.fields {
        for value in payloads().iter().step_by(2) {
            submit_as(&app.stranger(), set_up, field, value).await;
        }
    }
    let token = app.link(LinkPurpose::Setup, None).await;
    let fields = [("token", &*token), ("name", "<xhostile>\"'"), ("password", PASSWORD)];
    let made = app.stranger().post("/set-up", &[&fields[..], &[("zone", "../x\0")]].concat()).await;
    assert_eq!((made.status.as_u16(), made.location()), (303, "/"));
    let owner = app.with_cookie(&made.session().unwrap());
    for path in ["/", "/settings", "/network", "/people", "/search?q=x"] {
        ask(&owner, path).await;
    }
}

#[tokio::test]
async fn forms_stand_bodies_that_are_no_forms() {
    let app = TestApp::new().await;
    let bodies: [Vec<u8>; 8] = [
        Vec::new(),
        b"&&&===&%&%zz".to_vec(),
        b"who=a&who=b&who=c".to_vec(),
        b"{\"who\": 1}".to_vec(),
        vec![0; 4096],
        vec![0xff; 4096],
        b"a=".repeat(60_000),
        vec![b'a'; 1 << 20],
    ];
    for form in FORMS {
        for body in &bodies {
            for browser in browsers(&app).await {
                let answer = browser.post_bytes(&form.asked(), body.clone(), &[]).await;
                check(&format!("POST {} with {} bytes", form.path, body.len()), &answer);
                let is_large = body.len() == 1 << 20;
                let refused = [401, 413].contains(&answer.status.as_u16());
                // The theme's form has nothing in it to read.
                assert!(!is_large || refused || answer.status == 303, "{}", form.path);
            }
        }
    }
}

#[tokio::test]
async fn pages_stand_what_is_put_into_their_address() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    for (path, names) in QUERIES {
        for name in *names {
            for value in payloads() {
                ask(&owner, &format!("{path}?{name}={}", percent_bytes(&value))).await;
            }
        }
    }
    for path in PATHS {
        for value in payloads() {
            let path = path.replace("{}", &percent_bytes(&value));
            ask(&owner, &path).await;
            check(&format!("POST {path}"), &owner.post(&path, &[]).await);
        }
    }
    ask(&owner, "/people?%00=%ff&q&q=&=q&after").await;
    let import = ImportId::of(&[b"harbour"]);
    for value in payloads() {
        for path in ["", "/issues.csv"] {
            ask(&owner, &format!("/imports/{import}{path}?after={}", percent_bytes(&value))).await;
        }
    }
}

#[tokio::test]
async fn a_reason_for_joining_two_people_stays_text() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    let (a, b) = (address_of(TWO_OTHERS.0).to_string(), address_of(TWO_OTHERS.1).to_string());
    for value in payloads() {
        let reason: String = String::from_utf8_lossy(&value).chars().take(400).collect();
        let fields = [("a", &*a), ("b", &*b), ("decision", "different"), ("reason", &*reason)];
        let given = steward.post("/identities/decisions", &fields).await;
        check(&format!("reason {reason:?}"), &given);
        assert_eq!(given.status, 303, "{reason:?}");
        ask(&steward, given.location()).await;
        ask(&steward, "/identities?state=decided").await;
    }
}

#[tokio::test]
async fn strangers_stand_at_the_door_whatever_they_ask_for() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    for value in payloads() {
        for path in ["/people", "/sign-in", "/set-up"] {
            for name in ["next", "q", "token"] {
                ask(&stranger, &format!("{path}?{name}={}", percent_bytes(&value))).await;
            }
        }
        let planted = String::from_utf8_lossy(&value).replace(|c: char| !c.is_ascii_graphic(), "");
        let planted: String =
            planted.chars().filter(|c| !";,\\\"".contains(*c)).take(4096).collect();
        let answer = app.with_cookie(&planted).get("/settings").await;
        assert_eq!(answer.status, 303, "no cookie that was made up opens a session");
    }
}

/// Names as archives may bring them.
fn hostile_name(name: &str) -> String {
    format!("{name} <xhostile onload=\"x\">&'\"</title></script></svg>\u{202e}")
}

#[tokio::test]
async fn names_from_archives_never_become_markup() {
    let kit = || Kit { rename: hostile_name, ..Kit::default() };
    let several = TestApp::of(kit()).await;
    let alone = TestApp::of(Kit { roles: &[Role::Owner], ..kit() }).await;
    let person = actor_of(COLLEAGUE);
    let other = actor_of(support::world::MEMBER);
    let broker = actor_of(support::world::BROKER);
    for (app, role) in [(&several, Role::Member), (&several, Role::Owner), (&alone, Role::Owner)] {
        let browser = app.as_(role).await;
        for path in [
            "/".to_owned(),
            "/network".to_owned(),
            "/network?view=table".to_owned(),
            format!("/network?without={broker}"),
            format!("/network/path?from={person}&to={broker}"),
            "/network/path?from=x&to=harbour".to_owned(),
            "/people".to_owned(),
            "/people?q=harbour".to_owned(),
            format!("/people/{person}"),
            format!("/people/{person}/ties/{other}"),
            format!("/contacts/new?who={person}"),
            "/organisations".to_owned(),
            format!("/organisations/{}", support::world::unit_of("Nursing")),
            format!("/people/{person}/facts"),
            "/people/new".to_owned(),
            "/organisations/new".to_owned(),
            "/search?q=harbour".to_owned(),
            "/insights".to_owned(),
            "/insights/report.html".to_owned(),
            "/settings".to_owned(),
        ] {
            let answer = browser.get(&path).await;
            let is_report = path.starts_with("/insights");
            if is_report {
                assert!(!answer.text.contains("<xhostile"), "{path} as {role:?}");
            }
            check_unless_report(&format!("{path} as {role:?}"), &answer, is_report);
        }
        let owned = browser.get(&format!("/people/{person}")).await.text;
        assert!(owned.contains("xhostile onload"), "the name itself is shown");
    }
}

/// The report file carries a script of ours inside.
fn check_unless_report(what: &str, answer: &Answer, is_report: bool) {
    if is_report {
        assert!(answer.status.as_u16() < 500, "{what}");
    } else {
        check(what, answer);
    }
}

#[test]
fn any_text_in_any_field_or_address_is_stood() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::new());
    let owner = runtime.block_on(app.as_(Role::Owner));
    let mut runner = TestRunner::new(Config { cases: 96, ..Config::default() });
    let text = prop_oneof!["\\PC{0,40}", "[<>\"'&/= a-z0-9\\x00-\\x1f]{0,60}", "[0-9a-f-]{0,40}"];
    let place = (0..QUERIES.len(), any::<prop::sample::Index>());
    let contact = prop::sample::select(vec!["who", "day", "line", "kind", "visibility"]);
    let any_case = (text, place, contact);
    let outcome = runner.run(&any_case, |(text, (at, which), field)| {
        let (path, names) = QUERIES[at];
        let name = names[which.index(names.len())];
        runtime.block_on(async {
            ask(&owner, &format!("{path}?{name}={}", percent(&text))).await;
            let form = &FORMS[0];
            let fields: Vec<(&str, &str)> = form
                .fields
                .iter()
                .map(|(name, usual)| (*name, if *name == field { &*text } else { *usual }))
                .collect();
            check(&format!("{field} = {text:?}"), &owner.post("/contacts", &fields).await);
        });
        Ok(())
    });
    outcome.unwrap();
}
