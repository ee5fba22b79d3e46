//! Every text comes from the catalogue: its keys and values fit the code, and in a language in which
//! each text shows itself no page has a word that is from elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use scraper::{ElementRef, Html, Node, Selector};
use support::{Browser, Kit, TestApp};
use tieline_model::access::Role;

/// Names that are the same in every language, and those of this world that [`greek`] does not change.
const NAMES: &[&str] = &["Tieline", "Harbour", "alliance"];

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

#[tokio::test]
async fn no_page_has_a_word_that_is_not_in_the_catalogue() {
    let kit = Kit { roles: &[Role::Owner], rename: greek, ..Kit::default() };
    let app = TestApp::of(kit).await;
    let mut account = app.store.account(app.account(Role::Owner)).await.unwrap();
    account.locale = "en-XA".to_owned();
    account.name = greek(&account.name);
    let tx = app.store.begin().await.unwrap();
    tx.update_account(&account).await.unwrap();
    tx.commit().await.unwrap();
    let strange = walk(&app.as_(Role::Owner).await).await;
    assert!(strange.is_empty(), "not from the catalogue: {strange:#?}");
}
