//! What the words on pages mean, in one catalogue: each may be asked about where it stands, by a
//! button and a popover that need no script. The words are those of `GLOSSARY.md`.

use askama::Template;
use axum::response::Response;

use tieline_insight::voice::sentence_case;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::map::escape;
use crate::page::page;
use crate::shell::{Place, Shell};

/// A word that pages use.
pub(crate) struct Term {
    /// In templates.
    pub(crate) key: &'static str,
    /// As pages say it.
    pub(crate) word: fn() -> String,
    /// The word of the field, as in `GLOSSARY.md`.
    pub(crate) field: fn() -> String,
    pub(crate) meaning: fn() -> String,
    pub(crate) source: fn() -> String,
}

const fn entry(
    key: &'static str,
    word: fn() -> String,
    field: fn() -> String,
    meaning: fn() -> String,
    source: fn() -> String,
) -> Term {
    Term { key, word, field, meaning, source }
}

/// All words, by the alphabet of what pages say.
pub(crate) const TERMS: &[Term] = &[
    entry(
        "as-of",
        || t!("glossary-as-of"),
        || t!("glossary-as-of-field"),
        || t!("glossary-as-of-meaning"),
        || t!("glossary-as-of-source"),
    ),
    entry(
        "band",
        || t!("glossary-band"),
        || t!("glossary-band-field"),
        || t!("glossary-band-meaning"),
        || t!("glossary-band-source"),
    ),
    entry(
        "bridging",
        || t!("glossary-bridging"),
        || t!("glossary-bridging-field"),
        || t!("glossary-bridging-meaning"),
        || t!("glossary-bridging-source"),
    ),
    entry(
        "cooling",
        || t!("glossary-cooling"),
        || t!("glossary-cooling-field"),
        || t!("glossary-cooling-meaning"),
        || t!("glossary-cooling-source"),
    ),
    entry(
        "coverage",
        || t!("glossary-coverage"),
        || t!("glossary-coverage-field"),
        || t!("glossary-coverage-meaning"),
        || t!("glossary-coverage-source"),
    ),
    entry(
        "expected",
        || t!("glossary-expected"),
        || t!("glossary-expected-field"),
        || t!("glossary-expected-meaning"),
        || t!("glossary-expected-source"),
    ),
    entry(
        "gap",
        || t!("glossary-gap"),
        || t!("glossary-gap-field"),
        || t!("glossary-gap-meaning"),
        || t!("glossary-gap-source"),
    ),
    entry(
        "group",
        || t!("glossary-group"),
        || t!("glossary-group-field"),
        || t!("glossary-group-meaning"),
        || t!("glossary-group-source"),
    ),
    entry(
        "half-life",
        || t!("glossary-half-life"),
        || t!("glossary-half-life-field"),
        || t!("glossary-half-life-meaning"),
        || t!("glossary-half-life-source"),
    ),
    entry(
        "layer",
        || t!("glossary-layer"),
        || t!("glossary-layer-field"),
        || t!("glossary-layer-meaning"),
        || t!("glossary-layer-source"),
    ),
    entry(
        "reciprocity",
        || t!("glossary-reciprocity"),
        || t!("glossary-reciprocity-field"),
        || t!("glossary-reciprocity-meaning"),
        || t!("glossary-reciprocity-source"),
    ),
    entry(
        "single",
        || t!("glossary-single"),
        || t!("glossary-single-field"),
        || t!("glossary-single-meaning"),
        || t!("glossary-single-source"),
    ),
    entry(
        "stability",
        || t!("glossary-stability"),
        || t!("glossary-stability-field"),
        || t!("glossary-stability-meaning"),
        || t!("glossary-stability-source"),
    ),
    entry(
        "steps",
        || t!("glossary-steps"),
        || t!("glossary-steps-field"),
        || t!("glossary-steps-meaning"),
        || t!("glossary-steps-source"),
    ),
    entry(
        "strength",
        || t!("glossary-strength"),
        || t!("glossary-strength-field"),
        || t!("glossary-strength-meaning"),
        || t!("glossary-strength-source"),
    ),
    entry(
        "warm-path",
        || t!("glossary-warm-path"),
        || t!("glossary-warm-path-field"),
        || t!("glossary-warm-path-meaning"),
        || t!("glossary-warm-path-source"),
    ),
    entry(
        "working-tie",
        || t!("glossary-working-tie"),
        || t!("glossary-working-tie-field"),
        || t!("glossary-working-tie-meaning"),
        || t!("glossary-working-tie-source"),
    ),
];

/// Why a part of a page is shown: what it is and what it is made of.
struct Reason {
    key: &'static str,
    what: fn() -> String,
    source: fn() -> String,
}

const fn reason(key: &'static str, what: fn() -> String, source: fn() -> String) -> Reason {
    Reason { key, what, source }
}

const REASONS: &[Reason] = &[
    reason("known", || t!("glossary-why-known"), || t!("glossary-why-known-source")),
    reason("tie", || t!("glossary-why-tie"), || t!("glossary-why-tie-source")),
    reason("rhythm", || t!("glossary-why-rhythm"), || t!("glossary-why-rhythm-source")),
    reason("place", || t!("glossary-why-place"), || t!("glossary-why-place-source")),
    reason("own-ties", || t!("glossary-why-own-ties"), || t!("glossary-why-own-ties-source")),
    reason("path", || t!("glossary-why-path"), || t!("glossary-why-path-source")),
    reason("pairs", || t!("glossary-why-pairs"), || t!("glossary-why-pairs-source")),
    reason("map", || t!("glossary-why-map"), || t!("glossary-why-map-source")),
    reason("heat", || t!("glossary-why-heat"), || t!("glossary-why-heat-source")),
    reason("brokers", || t!("glossary-why-brokers"), || t!("glossary-why-brokers-source")),
    reason("dependence", || t!("glossary-why-dependence"), || t!("glossary-why-dependence-source")),
    reason("what-if", || t!("glossary-why-what-if"), || t!("glossary-why-what-if-source")),
    reason("layers", || t!("glossary-why-layers"), || t!("glossary-why-layers-source")),
    reason("changes", || t!("glossary-why-changes"), || t!("glossary-why-changes-source")),
    reason("links", || t!("glossary-why-links"), || t!("glossary-why-links-source")),
    reason("moved", || t!("glossary-why-moved"), || t!("glossary-why-moved-source")),
    reason("history", || t!("glossary-why-history"), || t!("glossary-why-history-source")),
];

/// A word with its meaning: a button and a popover. Once a page, for its id is made of the key.
pub(crate) fn term(key: &str) -> String {
    let Some(term) = TERMS.iter().find(|term| term.key == key) else { return String::new() };
    let (word, meaning, source) = ((term.word)(), (term.meaning)(), (term.source)());
    format!(
        "<button class=\"term\" popovertarget=\"t-{key}\">{}</button><span popover id=\"t-{key}\">\
         <b class=\"ph\">{}</b>{}<span class=\"src\">{}</span></span>",
        escape(&word),
        escape(&sentence_case(&word)),
        escape(&meaning),
        escape(&source),
    )
}

/// Why a part of a page is shown, with what it rests on here: a button and a popover.
pub(crate) fn why(key: &str, basis: &str) -> String {
    let Some(reason) = REASONS.iter().find(|reason| reason.key == key) else {
        return String::new();
    };
    let source = t!("glossary-why-source", source = (reason.source)());
    format!(
        "<button class=\"why\" popovertarget=\"why-{key}\">{}</button>\
         <div popover id=\"why-{key}\"><b class=\"ph\">{}</b><p>{}</p><p>{}</p>\
         <div class=\"src\">{}</div></div>",
        escape(&t!("glossary-why-am-i")),
        escape(&t!("glossary-why-you-see")),
        escape(&(reason.what)()),
        escape(basis),
        escape(&source),
    )
}

#[derive(Template)]
#[template(path = "glossary.html")]
struct GlossaryPage {
    shell: Shell,
    terms: &'static [Term],
}

/// `GET /glossary`.
pub(crate) async fn show(
    axum::extract::State(app): axum::extract::State<App>,
    signed: Signed,
) -> Result<Response, AppError> {
    page(&GlossaryPage { shell: Shell::new(&app, &signed, Place::Settings), terms: TERMS })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn every_word_is_in_the_glossary_of_the_project() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../GLOSSARY.md");
        let text = fs::read_to_string(path).unwrap();
        for term in TERMS {
            let row = format!("| {} |", (term.field)());
            assert!(text.contains(&row), "GLOSSARY.md has no row: {row}");
        }
        let keys: BTreeSet<&str> = TERMS.iter().map(|term| term.key).collect();
        assert_eq!(keys.len(), TERMS.len());
    }

    #[test]
    fn every_key_that_a_template_asks_for_is_there() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let parts = [folder.to_owned(), format!("{folder}/parts")];
        let files = parts.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        for file in files.map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
            let text = fs::read_to_string(&file).unwrap();
            for (call, is_known) in [
                ("glossary::term(\"", TERMS.iter().map(|one| one.key).collect::<Vec<_>>()),
                ("glossary::why(\"", REASONS.iter().map(|one| one.key).collect()),
            ] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(is_known.contains(&key), "{}: {key}", file.display());
                }
            }
        }
    }

    #[test]
    fn what_a_reason_rests_on_is_text() {
        assert!(why("map", "<b>").contains("<p>&lt;b&gt;</p>"));
        assert_eq!(why("nothing", ""), "");
    }
}
