//! Moments, months and windows. All times are UTC; all intervals are half-open.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z. Range: years -9999 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// Error of reading a moment from text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a date: write it like 2026-11-16 or 2026-11-16T09:30:00Z")]
pub struct MomentError(pub String);

impl Moment {
    /// From milliseconds since the epoch; values out of range are clamped to it.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond()))
    }

    /// Milliseconds since the epoch.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// From seconds since the epoch, clamped to the range.
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_ms(seconds.saturating_mul(1000))
    }

    /// The month that holds this moment, in UTC.
    pub fn month(self) -> Month {
        let date = self.date();
        Month::new(i32::from(date.year()), date.month() as i32)
    }

    /// The UTC calendar day of this moment, as a number of days since 1970-01-01.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// The UTC calendar date of this moment.
    pub fn date(self) -> Date {
        self.timestamp().to_zoned(TimeZone::UTC).date()
    }

    /// The beginning of a day of the calendar, UTC.
    pub fn start_of(day: Date) -> Self {
        let zoned = day.to_zoned(TimeZone::UTC);
        Self::from_ms(zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
    }

    /// As a jiff timestamp.
    pub fn timestamp(self) -> Timestamp {
        // The last millisecond of the range is not whole.
        let nearest = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(self.0).unwrap_or(nearest)
    }

    /// This moment moved by a number of days (fractions allowed, negative is back).
    pub fn plus_days(self, days: f64) -> Self {
        Self::from_ms(self.0.saturating_add((days * DAY_MS as f64) as i64))
    }

    /// Days from `earlier` to this moment; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / DAY_MS as f64
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    /// Reads an RFC 3339 timestamp, or a date, which means the **end** of that UTC day: "as of
    /// 16 November" includes what happened on the 16th.
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let text = text.trim();
        if let Ok(stamp) = text.parse::<Timestamp>() {
            return Ok(Self::from_ms(stamp.as_millisecond()));
        }
        let date: Date = text.parse().map_err(|_| MomentError(text.to_owned()))?;
        let zoned = date.to_zoned(TimeZone::UTC).map_err(|_| MomentError(text.to_owned()))?;
        Ok(Self::from_ms(zoned.timestamp().as_millisecond() + DAY_MS))
    }
}

/// A calendar month in UTC, as months since January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// From a year and a month 1..=12.
    pub const fn new(year: i32, month: i32) -> Self {
        Self(year * 12 + month - 1)
    }

    /// As months since January of year 0.
    pub const fn index(self) -> i32 {
        self.0
    }

    /// From months since January of year 0.
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// The following month.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// First moment of the month.
    pub fn start(self) -> Moment {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        let stamp = i16::try_from(year)
            .ok()
            .and_then(|year| Date::new(year, month as i8, 1).ok())
            .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
            .map(|zoned| zoned.timestamp().as_millisecond());
        Moment::from_ms(stamp.unwrap_or(if year < 0 { i64::MIN } else { i64::MAX }))
    }

    /// First moment after the month.
    pub fn end(self) -> Moment {
        self.next().start()
    }
}

impl fmt::Display for Month {
    /// `YYYY-MM`, as in the lake's folder names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl FromStr for Month {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let bad = || MomentError(text.to_owned());
        let (year, month) = text.rsplit_once('-').ok_or_else(bad)?;
        let year: i32 = year.parse().map_err(|_| bad())?;
        let month: i32 = month.parse().map_err(|_| bad())?;
        if (1..=12).contains(&month) { Ok(Self::new(year, month)) } else { Err(bad()) }
    }
}

/// A half-open interval `[from, to)`; `from = None` reaches back without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First moment inside, if limited.
    pub from: Option<Moment>,
    /// First moment after.
    pub to: Moment,
}

impl Window {
    /// Everything before `to`.
    pub const fn until(to: Moment) -> Self {
        Self { from: None, to }
    }

    /// The `days` days before `to`.
    pub fn days_before(to: Moment, days: f64) -> Self {
        Self { from: Some(to.plus_days(-days)), to }
    }

    /// Whether `at` lies inside.
    pub fn contains(&self, at: Moment) -> bool {
        at < self.to && self.from.is_none_or(|from| at >= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_the_end_of_its_day() {
        let moment: Moment = "2026-11-16".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-17T00:00:00Z");
        assert!("16.11.2026".parse::<Moment>().is_err());
    }

    #[test]
    fn months_cross_the_epoch_and_round_trip() {
        for text in ["1969-12", "1970-01", "2026-11", "0001-01"] {
            let month: Month = text.parse().unwrap();
            assert_eq!(month.to_string(), text);
            assert_eq!(month.start().month(), month);
            assert_eq!(Moment::from_ms(month.end().ms() - 1).month(), month);
        }
        assert!("2026-13".parse::<Month>().is_err());
    }
}
