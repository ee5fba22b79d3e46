//! In which time zone whoever looks counts days, and in which form they read dates and numbers. Each
//! request has its own place for it, filled when it is known who asks; and in which language.
//!
//! Days that people typed (since when someone works somewhere, until when something is promised) and
//! days of the network are days of the calendar, the same for all: only their form differs.

use std::cell::RefCell;

use axum::http::{HeaderMap, header};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieline_insight::voice;
use tieline_model::time::Moment;
use tieline_store::Account;

use crate::text;

/// A form of dates and numbers, named by the language tag of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    #[default]
    British,
    American,
    German,
    Swedish,
}

impl Form {
    /// All of them, as settings offer them.
    pub(crate) const ALL: [Self; 4] = [Self::British, Self::American, Self::German, Self::Swedish];

    /// The tag that accounts keep.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::British => "en",
            Self::American => "en-US",
            Self::German => "en-DE",
            Self::Swedish => "en-SE",
        }
    }

    /// From the tag.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.tag() == tag)
    }

    /// A day, a time and a number in this form.
    pub(crate) fn sample(self) -> String {
        let here = Here { form: self, ..Here::default() };
        let at = Moment::from_ms(1_794_924_300_000);
        format!("{}; {}", here.moment(at), here.grouped(1_900_500))
    }

    const fn group(self) -> &'static str {
        match self {
            Self::British | Self::American => ",",
            Self::German => ".",
            // A space that does not break.
            Self::Swedish => "\u{a0}",
        }
    }
}

/// How one viewer reads.
#[derive(Debug, Clone)]
struct Here {
    zone: TimeZone,
    form: Form,
    /// Language tag of the texts.
    language: &'static str,
}

impl Default for Here {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, form: Form::default(), language: text::SOURCE }
    }
}

impl Here {
    fn day(&self, date: Date) -> String {
        match self.form {
            Form::British | Form::German => voice::date_words(date),
            Form::American => date.strftime("%B %-d, %Y").to_string(),
            Form::Swedish => date.to_string(),
        }
    }

    fn date(&self, at: Moment) -> String {
        self.day(at.timestamp().to_zoned(self.zone.clone()).date())
    }

    fn moment(&self, at: Moment) -> String {
        let form = if self.form == Form::American { "%-I:%M %p" } else { "%H:%M" };
        let time = at.timestamp().to_zoned(self.zone.clone()).strftime(form).to_string();
        format!("{}, {time}", self.date(at))
    }

    fn grouped(&self, n: u64) -> String {
        voice::grouped(n).replace(',', self.form.group())
    }
}

tokio::task_local! {
    static HERE: RefCell<Here>;
}

/// Answers a request with a place for how its viewer reads: until it is known who asks, in the
/// language that their browser asks for first of those that there are.
pub(crate) async fn scope<F: Future>(headers: &HeaderMap, answer: F) -> F::Output {
    let here = Here { language: asked_language(headers), ..Here::default() };
    HERE.scope(RefCell::new(here), answer).await
}

fn asked_language(headers: &HeaderMap) -> &'static str {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
    // Browsers name the languages in their order; weights only repeat it.
    let tags = asked.unwrap_or_default().split(',').filter_map(|one| one.split(';').next());
    tags.map(str::trim).find_map(text::spoken).unwrap_or(text::SOURCE)
}

/// It is known who asks.
pub(crate) fn is_for(account: &Account) {
    let zone = TimeZone::get(&account.time_zone).unwrap_or(TimeZone::UTC);
    let form = Form::from_tag(&account.locale).unwrap_or_default();
    // Outside of a request nobody looks.
    let language = text::language_of(&account.locale);
    let _outside = HERE.try_with(|here| here.replace(Here { zone, form, language }));
}

fn here<T>(read: impl FnOnce(&Here) -> T) -> T {
    match HERE.try_with(|here| here.borrow().clone()) {
        Ok(here) => read(&here),
        Err(_) => read(&Here::default()),
    }
}

/// Language tag of the texts that the viewer reads.
pub(crate) fn language() -> &'static str {
    here(|here| here.language)
}

/// The day of a moment where the viewer is.
pub(crate) fn date(at: Moment) -> String {
    here(|here| here.date(at))
}

/// A day of the calendar.
pub(crate) fn day(date: Date) -> String {
    here(|here| here.day(date))
}

/// Day and time of a moment where the viewer is.
pub(crate) fn moment(at: Moment) -> String {
    here(|here| here.moment(at))
}

/// A number with its digits in groups.
pub(crate) fn grouped(n: u64) -> String {
    here(|here| here.grouped(n))
}

/// So many of something: "1,901 people".
pub(crate) fn count(n: u64, noun: &str) -> String {
    voice::count(n, noun).replacen(&voice::grouped(n), &grouped(n), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_writes_days_times_and_numbers_its_way() {
        let check = |form: Form, sample: &str| {
            assert_eq!(form.sample(), sample);
            assert_eq!(Form::from_tag(form.tag()), Some(form));
        };
        check(Form::British, "17 November 2026, 14:05; 1,900,500");
        check(Form::American, "November 17, 2026, 2:05 PM; 1,900,500");
        check(Form::German, "17 November 2026, 14:05; 1.900.500");
        check(Form::Swedish, "2026-11-17, 14:05; 1\u{a0}900\u{a0}500");
        assert_eq!(Form::from_tag("tlh"), None);
    }

    #[test]
    fn without_a_viewer_dates_are_those_of_utc() {
        assert_eq!(date(Moment::from_ms(0)), "1 January 1970");
        assert_eq!(count(1_000, "person"), "1,000 people");
    }
}
