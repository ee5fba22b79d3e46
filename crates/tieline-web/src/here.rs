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
use tieline_model::time::{Moment, Window};
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
            Form::British | Form::German => {
                let (day, year) = (date.day().to_string(), date.year().to_string());
                t!("date-day", day = day, month = month_name(date), year = year)
            }
            Form::American => {
                let (day, year) = (date.day().to_string(), date.year().to_string());
                t!("date-day-american", day = day, month = month_name(date), year = year)
            }
            Form::Swedish => date.to_string(),
        }
    }

    fn date(&self, at: Moment) -> String {
        self.day(at.timestamp().to_zoned(self.zone.clone()).date())
    }

    fn moment(&self, at: Moment) -> String {
        let zoned = at.timestamp().to_zoned(self.zone.clone());
        let written = |form| zoned.strftime(form).to_string();
        let time = match (self.form, zoned.hour()) {
            (Form::American, ..12) => t!("date-before-noon", time = written("%-I:%M")),
            (Form::American, _) => t!("date-after-noon", time = written("%-I:%M")),
            _ => written("%H:%M"),
        };
        t!("date-moment", day = self.date(at), time = time)
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

/// A guest asks, without an account: where they are is known from when they entered, the language
/// from their browser.
pub(crate) fn is_for_guest(zone: &str) {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    // Outside of a request nobody looks.
    let _outside = HERE.try_with(|here| here.borrow_mut().zone = zone);
}

/// Name of the time zone in which the viewer reads.
pub(crate) fn zone() -> String {
    here(|here| here.zone.iana_name().unwrap_or("UTC").to_owned())
}

/// Says something to the holder of an account outside of their requests: in letters.
pub(crate) fn told<T>(account: &Account, say: impl FnOnce() -> T) -> T {
    let form = Form::from_tag(&account.locale).unwrap_or_default();
    let language = text::language_of(&account.locale);
    let zone = TimeZone::get(&account.time_zone).unwrap_or(TimeZone::UTC);
    HERE.sync_scope(RefCell::new(Here { zone, form, language }), say)
}

fn here<T>(read: impl FnOnce(&Here) -> T) -> T {
    match HERE.try_with(|here| here.borrow().clone()) {
        Ok(here) => read(&here),
        Err(_) => read(&Here::default()),
    }
}

/// Work for another thread, which goes on in the language and the forms of this viewer.
pub(crate) fn carried<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let own = here(Here::clone);
    move || HERE.sync_scope(RefCell::new(own), work)
}

/// A program asks: it is told in the source language, whoever's right it uses.
pub(crate) fn is_for_a_program() {
    let _outside = HERE.try_with(|here| here.replace(Here::default()));
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

/// The day of a moment that may be the end of a day: midnight counts to the day before.
pub(crate) fn until(at: Moment) -> String {
    day(Moment::from_ms(at.ms().saturating_sub(1)).date())
}

/// From when to when, as the end of a sentence.
pub(crate) fn window(window: Option<Window>, as_of: Option<Moment>) -> String {
    match (window, as_of) {
        (Some(Window { from: Some(from), to }), _) => {
            t!("date-from-to", from = day(from.date()), to = until(to))
        }
        (Some(Window { from: None, to }), _) | (None, Some(to)) => t!("date-up-to", to = until(to)),
        (None, None) => t!("date-without"),
    }
}

/// Day and time of a moment where the viewer is.
pub(crate) fn moment(at: Moment) -> String {
    here(|here| here.moment(at))
}

/// A number with its digits in groups.
pub(crate) fn grouped(n: u64) -> String {
    here(|here| here.grouped(n))
}

/// A month of a year.
pub(crate) fn month(date: Date) -> String {
    t!("date-month-year", month = month_name(date), year = date.year().to_string())
}

/// A month in few letters.
pub(crate) fn short_month(date: Date) -> String {
    t!("date-month-short", month = i64::from(date.month()))
}

/// A month of a year in few letters.
pub(crate) fn short_month_of_year(date: Date) -> String {
    t!("date-month-year", month = short_month(date), year = date.year().to_string())
}

/// A day of the week where a viewer in this zone is, without the year; UTC where the zone is not known.
pub(crate) fn weekday(at: Moment, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date = at.timestamp().to_zoned(zone).date();
    let weekday = t!("date-weekday", weekday = i64::from(date.weekday().to_monday_one_offset()));
    let day = date.day().to_string();
    t!("date-weekday-day", weekday = weekday, day = day, month = month_name(date))
}

fn month_name(date: Date) -> String {
    t!("date-month", month = i64::from(date.month()))
}

/// A share in per cent, without places; small but not zero, and large but not all, are told so.
pub(crate) fn percent(share: f64) -> String {
    let hundred = share * 100.0;
    if hundred > 0.0 && hundred < 1.0 {
        t!("number-percent-under")
    } else if hundred > 99.0 && hundred < 100.0 {
        t!("number-percent-over")
    } else {
        t!("number-percent", n = format!("{hundred:.0}"))
    }
}

/// "A", "A and B", "A, B and C".
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => t!("number-list", most = most.join(", "), last = last),
    }
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
        assert_eq!(t!("people-n", n = 1_000_u64), "1,000 people");
    }
}
