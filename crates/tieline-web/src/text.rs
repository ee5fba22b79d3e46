//! The catalogue of texts. Pages take every word that they show from `locales/en/*.ftl` (Fluent), so a
//! translation is one more folder of the same files, named in [`LANGUAGES`].
//!
//! Templates and handlers write [`t!`] with the key of a message and what stands in it. What is put in
//! is escaped where the page is written; a message that holds markup has a key that ends in `-html` and
//! is written with [`t_html!`], which escapes what is put in. Tests hold every key and every name of a
//! value against the catalogue, and every page against a language in which each text shows itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use askama::filters::{Escaper as _, Html};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::here;

/// Files of the catalogue in one language.
struct Language {
    /// Its language tag; accounts keep it with the form of dates.
    tag: &'static str,
    files: &'static [&'static str],
}

/// Tag of the language that all texts are written in first.
pub(crate) const SOURCE: &str = "en";

/// The first one is the source: what another language lacks is taken from it.
const LANGUAGES: [Language; 1] = [Language {
    tag: SOURCE,
    files: &[
        include_str!("../locales/en/common.ftl"),
        include_str!("../locales/en/words.ftl"),
        include_str!("../locales/en/errors.ftl"),
        include_str!("../locales/en/forms.ftl"),
        include_str!("../locales/en/toasts.ftl"),
        include_str!("../locales/en/actions.ftl"),
        include_str!("../locales/en/glossary.ftl"),
        include_str!("../locales/en/mail.ftl"),
        include_str!("../locales/en/shell.ftl"),
        include_str!("../locales/en/today.ftl"),
        include_str!("../locales/en/people.ftl"),
        include_str!("../locales/en/network.ftl"),
        include_str!("../locales/en/partnerships.ftl"),
        include_str!("../locales/en/charter.ftl"),
        include_str!("../locales/en/objectives.ftl"),
        include_str!("../locales/en/roles.ftl"),
        include_str!("../locales/en/decisions.ftl"),
        include_str!("../locales/en/guest.ftl"),
        include_str!("../locales/en/commitments.ftl"),
        include_str!("../locales/en/conflicts.ftl"),
        include_str!("../locales/en/challenges.ftl"),
        include_str!("../locales/en/initiatives.ftl"),
        include_str!("../locales/en/pacts.ftl"),
        include_str!("../locales/en/talk.ftl"),
        include_str!("../locales/en/listening.ftl"),
        include_str!("../locales/en/stakeholders.ftl"),
        include_str!("../locales/en/resources.ftl"),
        include_str!("../locales/en/brief.ftl"),
        include_str!("../locales/en/imports.ftl"),
        include_str!("../locales/en/settings.ftl"),
        include_str!("../locales/en/report.ftl"),
    ],
}];

/// A language that nobody speaks, of the source: each text stands between [`OPENS`] and [`CLOSES`], so
/// that what did not come from the catalogue shows itself.
pub(crate) const PSEUDO: &str = "en-XA";

const OPENS: char = '\u{27e6}';
const CLOSES: char = '\u{27e7}';

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<(&'static str, Bundle)>> =
    LazyLock::new(|| LANGUAGES.iter().map(|language| (language.tag, bundle(language))).collect());

/// What cannot be read of a file is left out here; a test finds none.
fn bundle(language: &Language) -> Bundle {
    let tag: LanguageIdentifier = language.tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Marks around values would stand in attributes and in what people copy.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        // A number for people has its digits in groups, as the viewer reads them.
        FluentValue::Number(n) if n.value >= 0.0 && n.value.fract() == 0.0 => {
            Some(here::grouped(n.value as u64))
        }
        _ => None,
    }));
    for file in language.files {
        let file = match FluentResource::try_new((*file).to_owned()) {
            Ok(file) | Err((file, _)) => file,
        };
        bundle.add_resource_overriding(file);
    }
    bundle
}

/// The language for a locale ("en-GB", "de"), where there is one.
pub(crate) fn spoken(locale: &str) -> Option<&'static str> {
    if locale.eq_ignore_ascii_case(PSEUDO) {
        return Some(PSEUDO);
    }
    let primary = locale.split('-').next()?;
    let mut tags = LANGUAGES.iter().map(|language| language.tag);
    tags.find(|tag| primary.eq_ignore_ascii_case(tag))
}

/// The language for a locale: the source where it is not translated.
pub(crate) fn language_of(locale: &str) -> &'static str {
    spoken(locale).unwrap_or(SOURCE)
}

/// The text of a message in the language of the viewer.
pub(crate) fn say(key: &str, values: &[(&'static str, Value<'_>)]) -> String {
    let language = here::language();
    let said = written(key, values, language);
    if language == PSEUDO { format!("{OPENS}{said}{CLOSES}") } else { said }
}

/// As [`say`], for a message that holds markup: what is put in is escaped.
pub(crate) fn say_html(key: &str, values: &[(&'static str, Value<'_>)]) -> String {
    let escaped: Vec<_> = values.iter().map(|(name, value)| (*name, value.escaped())).collect();
    say(key, &escaped)
}

fn written(key: &str, values: &[(&'static str, Value<'_>)], language: &str) -> String {
    let source = BUNDLES.first();
    let spoken = BUNDLES.iter().find(|(tag, _)| *tag == language);
    let has = |bundle: &&(&str, Bundle)| bundle.1.has_message(key);
    let Some((_, bundle)) = spoken.into_iter().chain(source).find(has) else {
        return key.to_owned();
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let args: FluentArgs<'_> =
        values.iter().map(|(name, value)| (*name, value.value.clone())).collect();
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// What stands in a message.
pub(crate) struct Value<'v> {
    value: FluentValue<'v>,
    is_markup: bool,
}

impl<'v> From<FluentValue<'v>> for Value<'v> {
    fn from(value: FluentValue<'v>) -> Self {
        Self { value, is_markup: false }
    }
}

impl Value<'_> {
    fn escaped(&self) -> Value<'_> {
        match &self.value {
            FluentValue::String(text) if self.is_markup => {
                // What is put in says for itself whether it is from the catalogue.
                let is_pseudo = here::language() == PSEUDO;
                let text: FluentValue<'_> = if is_pseudo {
                    format!("{CLOSES}{text}{OPENS}").into()
                } else {
                    text.clone().into()
                };
                Value { value: text, is_markup: true }
            }
            FluentValue::String(text) => {
                let mut escaped = String::with_capacity(text.len());
                // Writing to a string does not fail.
                let _written = Html.write_escaped_str(&mut escaped, text);
                FluentValue::from(escaped).into()
            }
            other => other.clone().into(),
        }
    }
}

/// Markup of ours that stands in a message as it is, for [`t_html!`]: a word with its meaning, links.
pub(crate) struct Markup(pub(crate) String);

/// What can stand in a message: texts, and whole numbers, which also choose between its forms.
pub(crate) trait Put {
    fn put(&self) -> Value<'_>;
}

impl Put for str {
    fn put(&self) -> Value<'_> {
        FluentValue::String(Cow::Borrowed(self)).into()
    }
}

impl Put for String {
    fn put(&self) -> Value<'_> {
        self.as_str().put()
    }
}

impl Put for Cow<'_, str> {
    fn put(&self) -> Value<'_> {
        self.as_ref().put()
    }
}

impl Put for Markup {
    fn put(&self) -> Value<'_> {
        Value { value: FluentValue::String(Cow::Borrowed(&self.0)), is_markup: true }
    }
}

impl<T: Put + ?Sized> Put for &T {
    fn put(&self) -> Value<'_> {
        (**self).put()
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Put for $number {
            fn put(&self) -> Value<'_> {
                FluentValue::from(*self).into()
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64, usize, i32, i64);

/// The text of a message: `t!("people-found", n = people.len())`.
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::say($key, &[$((stringify!($name), $crate::text::Put::put(&$value))),*])
    };
}

/// The same for a message that holds markup; to be written with `|safe`.
macro_rules! t_html {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::say_html($key, &[$((stringify!($name), $crate::text::Put::put(&$value))),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_whole_and_says_each_message_once() {
        for language in &LANGUAGES {
            let mut bundle = Bundle::new_concurrent(Vec::new());
            for file in language.files {
                let file = FluentResource::try_new((*file).to_owned());
                let file = file.map_err(|(_, errors)| errors).unwrap();
                bundle.add_resource(file).unwrap();
            }
        }
    }

    #[test]
    fn numbers_choose_the_form_and_are_grouped() {
        assert_eq!(t!("people-n", n = 1_usize), "1 person");
        assert_eq!(t!("people-n", n = 1_901_u64), "1,901 people");
    }

    #[test]
    fn what_is_put_into_markup_is_escaped() {
        let name = "<i>";
        let said = t_html!("network-hangs-on-html", share = "1 %", href = "/", person = name);
        assert_eq!(said, "1 % of it through <a href=\"/\">&#60;i&#62;</a>");
        let markup = Markup("<i>".to_owned());
        assert_eq!(t_html!("network-bigger-html", bridging = markup), "Bigger: more <i>");
    }

    #[test]
    fn a_key_that_is_not_there_shows_itself() {
        assert_eq!(say("no-such-key", &[]), "no-such-key");
    }
}
