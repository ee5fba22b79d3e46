//! Every text comes from the catalogue: its keys and values fit the code, and in a language in which
//! each text shows itself no page has a word that is from elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::Method;
use scraper::{ElementRef, Html, Node, Selector};
use support::world::{MEMBER, actor_of};
use support::{Answer, Browser, Kit, TestApp};
use tieline_model::access::Role;
use tieline_store::LinkPurpose;

/// Names that are the same in every language, and those of this world that [`greek`] does not change.
const NAMES: &[&str] = &["Tieline", "Harbour", "alliance"];

/// Asks for the language of nobody.
const ASKS: [(&str, &str); 1] = [("accept-language", "tlh;q=0.9, en-XA, en;q=0.5")];

/// Pages of one kind that are looked at.
const OF_A_KIND: usize = 3;

/// Attributes that people read or hear.
const HEARD: [&str; 6] =
    ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"];

fn files(folder: &str, kind: &str) -> Vec<PathBuf> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                found.push(path);
            }
        }
    }
    found
}

/// Keys of the catalogue, each with the names of the values in its text.
fn catalogue() -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files("locales/en", "ftl") {
        let text = std::fs::read_to_string(file).unwrap();
        let mut key = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let named = line.split_once(" =").filter(|(key, _)| {
                key.starts_with(|c: char| c.is_ascii_lowercase()) && !key.contains(' ')
            });
            if let Some((named, _)) = named {
                assert!(
                    messages.insert(named.to_owned(), BTreeSet::new()).is_none(),
                    "{named} twice"
                );
                key = Some(named.to_owned());
            }
            let Some(values) = key.as_ref().and_then(|key| messages.get_mut(key)) else { continue };
            values.extend(line.split('$').skip(1).map(|rest| word(rest).to_owned()));
        }
    }
    messages
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// A use of a message: its key, and the names of the values that are put in.
type Use = (String, BTreeSet<String>);

/// Each use of a message in a source, and whether it is written as markup.
fn uses(source: &str) -> Vec<(Use, bool)> {
    let mut found = Vec::new();
    for (marker, is_html) in [("t!(", false), ("t_html!(", true)] {
        for (at, _) in source.match_indices(marker) {
            let before = source[..at].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            // Long uses have their key on a line of its own.
            let Some(inside) = source[at + marker.len()..].trim_start().strip_prefix('"') else {
                continue;
            };
            let (key, rest) = inside.split_once('"').unwrap();
            found.push(((key.to_owned(), put(rest)), is_html));
        }
    }
    found
}

/// Names of values up to the bracket that ends the use.
fn put(rest: &str) -> BTreeSet<String> {
    let (mut depth, mut names, mut in_text) = (0_i32, BTreeSet::new(), false);
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if in_text => drop(chars.next()),
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                let after = rest[at + 1..].trim_start();
                if !after.starts_with(')') {
                    names.insert(word(after).to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

#[test]
fn the_catalogue_and_its_uses_fit() {
    let catalogue = catalogue();
    let mut used = BTreeSet::new();
    let sources = files("templates", "html").into_iter().chain(files("src", "rs"));
    for file in sources.filter(|file| !file.ends_with("src/text.rs")) {
        let source = std::fs::read_to_string(&file).unwrap();
        for ((key, values), is_html) in uses(&source) {
            let file = file.display();
            let known = catalogue.get(&key);
            assert_eq!(known, Some(&values), "values of {key} in the catalogue and in {file}");
            assert_eq!(key.ends_with("-html"), is_html, "{key} in {file}: t_html! is for markup");
            used.insert(key);
        }
    }
    let unused: Vec<_> = catalogue.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

/// The same name in letters that no text of ours has.
fn greek(name: &str) -> String {
    let letter = |c: char| match c {
        'a'..='z' => char::from_u32(u32::from('α') + (c as u32 - 'a' as u32) % 24).unwrap(),
        'A'..='Z' => char::from_u32(u32::from('α') + (c as u32 - 'A' as u32) % 24).unwrap(),
        other => other,
    };
    name.chars().map(letter).collect()
}

/// What of a text stands outside of the marks of the catalogue. A message with markup begins in one
/// text of a page and ends in another, so the depth of marks goes on.
fn outside(text: &str, depth: &mut i32) -> String {
    let mut outside = String::new();
    for c in text.chars() {
        match c {
            '\u{27e6}' => *depth += 1,
            '\u{27e7}' => *depth -= 1,
            c if *depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

/// Words of a text that are neither from the catalogue nor data.
fn foreign(text: &str, depth: &mut i32) -> Vec<String> {
    let outside = outside(text, depth);
    let words = outside.split_whitespace().filter(|word| {
        let is_data = word.contains('@') || word.contains(|c: char| c.is_ascii_digit());
        let name = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_text = word.chars().filter(char::is_ascii_alphabetic).count() > 1;
        is_text && !is_data && !NAMES.contains(&name)
    });
    words.map(str::to_owned).collect()
}

/// Whether what an element says is data, code, or written in the language of the workspace.
fn is_exempt(element: ElementRef<'_>) -> bool {
    let value = element.value();
    matches!(value.name(), "script" | "style" | "code" | "kbd" | "textarea" | "template")
        || value.attr("translate") == Some("no")
        || (value.attr("lang").is_some() && value.name() != "html")
}

/// Every word of a page that did not come from the catalogue.
fn strangers(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let (mut found, mut depth) = (Vec::new(), 0);
    for node in page.tree.root().descendants() {
        let above = node.ancestors().filter_map(ElementRef::wrap);
        let is_exempt = ElementRef::wrap(node).into_iter().chain(above).any(is_exempt);
        match node.value() {
            Node::Text(text) => {
                let said = foreign(text, &mut depth);
                found.extend(said.into_iter().filter(|_| !is_exempt));
            }
            Node::Element(element) if !is_exempt => {
                for name in HEARD {
                    let said = element.attr(name).map(|text| foreign(text, &mut 0));
                    let words = said.into_iter().flatten();
                    found.extend(words.map(|word| format!("{name}: {word}")));
                }
            }
            _ => {}
        }
    }
    assert_eq!(depth, 0, "marks of the catalogue that do not close");
    found
}

/// The kind of page that a path leads to: ids are one, what is asked of it is not said.
fn kind_of(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let part = |part: &str| {
        let is_id = part.len() > 15 && part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        if is_id { "{id}".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Pages of our own that a page leads to.
fn links(page: &str) -> Vec<String> {
    let selector = Selector::parse("a[href^='/']").unwrap();
    let page = Html::parse_document(page);
    page.select(&selector).filter_map(|link| link.attr("href").map(str::to_owned)).collect()
}

/// Goes wherever links lead, to a few pages of each kind; what each said that is not a text of ours.
async fn walk(browser: &Browser) -> BTreeMap<String, BTreeSet<String>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let mut waiting: VecDeque<String> = ["/", "/welcome/people"].map(str::to_owned).into();
    let mut strange: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let kind = kind_of(&path);
        let looked = seen.entry(kind.clone()).or_default();
        if *looked == OF_A_KIND || !known.insert(path.clone()) {
            continue;
        }
        let answer = browser.get(&path).await;
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        *looked += 1;
        strange.entry(kind).or_default().extend(strangers(&answer.text));
        waiting.extend(links(&answer.text));
    }
    let kinds: Vec<_> = seen.keys().filter(|kind| seen[*kind] > 0).collect();
    assert!(kinds.len() > 20, "the walk came to {kinds:?} only");
    strange.retain(|_, words| !words.is_empty());
    strange
}

/// An app in whose world all names are Greek, and whose owner reads the language of nobody.
async fn greek_app(kit: Kit) -> TestApp {
    let app = TestApp::of(Kit { roles: &[Role::Owner], rename: greek, ..kit }).await;
    let mut account = app.store.account(app.account(Role::Owner)).await.unwrap();
    account.locale = "en-XA".to_owned();
    account.name = greek(&account.name);
    let tx = app.store.begin().await.unwrap();
    tx.update_account(&account).await.unwrap();
    tx.commit().await.unwrap();
    app
}

/// What pages said that is not a text of ours.
#[derive(Default)]
struct Strange(BTreeMap<String, BTreeSet<String>>);

impl Strange {
    fn note(&mut self, what: &str, status: u16, answer: &Answer) {
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        assert!(answer.text.contains('\u{27e6}'), "{what} is in another language");
        let words = strangers(&answer.text);
        if !words.is_empty() {
            self.0.entry(what.to_owned()).or_default().extend(words);
        }
    }

    async fn get(&mut self, browser: &Browser, path: &str, status: u16) {
        let request = browser.request(Method::GET, path, &ASKS).body(Body::empty()).unwrap();
        self.note(&kind_of(path), status, &browser.send(request).await);
    }

    async fn post(&mut self, browser: &Browser, path: &str, form: &[(&str, &str)], status: u16) {
        let answer = browser.post_with(path, form, &ASKS).await;
        self.note(&format!("POST {}", kind_of(path)), status, &answer);
    }

    fn is_nothing(&self) {
        assert!(self.0.is_empty(), "not from the catalogue: {:#?}", self.0);
    }
}

#[tokio::test]
async fn no_page_has_a_word_that_is_not_in_the_catalogue() {
    let app = greek_app(Kit::default()).await;
    Strange(walk(&app.as_(Role::Owner).await).await).is_nothing();
}

#[tokio::test]
async fn nor_has_a_page_for_whoever_is_not_signed_in() {
    let mut strange = Strange::default();
    for mails in [false, true] {
        let app = greek_app(Kit { mails, ..Kit::default() }).await;
        let browser = app.stranger();
        strange.get(&browser, "/sign-in", 200).await;
        let wrong = [("login", "nobody"), ("password", "wrong"), ("next", "")];
        strange.post(&browser, "/sign-in", &wrong, 422).await;
        strange.get(&browser, "/enter/made-up", 200).await;
        strange.post(&browser, "/enter/made-up", &[], 410).await;
        strange.get(&browser, "/no-such-page", 404).await;
        let person = format!("/people/{}", actor_of(MEMBER));
        let owner = app.as_(Role::Owner).await;
        let made = owner.post(&format!("{person}/data-link"), &[("to", "")]).await.text;
        let link = &made[made.find("/own-data/").unwrap()..];
        let link = link.split('"').next().unwrap();
        strange.get(&browser, link, 200).await;
        strange.post(&browser, &format!("{link}/wish"), &[("wish", "")], 422).await;
    }
    let app = TestApp::empty().await;
    let browser = app.stranger();
    strange.get(&browser, "/set-up", 200).await;
    let token = app.link(LinkPurpose::Setup, None).await;
    strange.get(&browser, &format!("/set-up?token={token}"), 200).await;
    let unfit = [("token", token.as_str()), ("name", ""), ("password", "short"), ("zone", "UTC")];
    strange.post(&browser, "/set-up", &unfit, 422).await;
    strange.is_nothing();
}

#[tokio::test]
async fn nor_has_a_page_that_says_what_is_wrong_with_a_form() {
    let app = greek_app(Kit::default()).await;
    let browser = app.as_(Role::Owner).await;
    let person = format!("/people/{}", actor_of(MEMBER));
    let account = format!("/settings/accounts/{}", app.account(Role::Owner));
    let of = |rest: &str| format!("{person}/{rest}");
    let mut strange = Strange::default();
    let mistakes: [(String, &[(&str, &str)]); 13] = [
        (
            "/settings/account".into(),
            &[
                ("name", ""),
                ("zone", "Nowhere"),
                ("locale", "tlh"),
                ("person", "nobody"),
                ("version", "1"),
            ],
        ),
        ("/settings/password".into(), &[("current", "wrong"), ("password", "short")]),
        (
            "/settings/accounts".into(),
            &[("invited", ""), ("role", "member"), ("mail", "none"), ("person", "nobody")],
        ),
        ("/settings/tokens".into(), &[("name", ""), ("scope", "read")]),
        (
            "/contacts".into(),
            &[
                ("who", "nobody"),
                ("kind", "met"),
                ("day", "never"),
                ("line", ""),
                ("we_promise", ""),
                ("they_promise", ""),
                ("visibility", "own"),
            ],
        ),
        (
            "/people/new".into(),
            &[
                ("name", ""),
                ("address", "none"),
                ("organisation", ""),
                ("department", "x"),
                ("title", ""),
            ],
        ),
        ("/organisations/new".into(), &[("name", ""), ("parent", "")]),
        (
            "/welcome/people".into(),
            &[("name-0", ""), ("address-0", "none"), ("organisation-0", "x"), ("tie-0-1", "on")],
        ),
        (of("name"), &[("name", ""), ("version", "0")]),
        (
            of("places"),
            &[
                ("organisation", ""),
                ("department", "x"),
                ("title", ""),
                ("from", "never"),
                ("to", "never"),
            ],
        ),
        (of("notes"), &[("note", ""), ("visibility", "own"), ("version", "0")]),
        (of("promises"), &[("promise", ""), ("by", "us"), ("due", "never"), ("visibility", "own")]),
        (of("same"), &[("other", "nobody"), ("reason", "")]),
    ];
    for (path, form) in mistakes {
        strange.post(&browser, &path, form, 422).await;
    }
    for path in [
        "/network?at=never",
        "/network/changes?from=never&to=2000-01-01",
        "/network/path?from=nobody&to=x",
    ] {
        strange.get(&browser, path, 200).await;
    }
    strange.post(&browser, &format!("{account}/mail"), &[("mail", "none")], 400).await;
    strange.post(&browser, &of("data-link"), &[("to", "")], 200).await;
    strange.post(&browser, &format!("{account}/link"), &[], 200).await;
    strange.is_nothing();
}
