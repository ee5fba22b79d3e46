//! Days and times of the demo world: UK local time, bank holidays, working days.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::dice::Dice;

/// Days from the first to the last, both inside: 2025-05-17 to 2026-11-16.
pub(crate) const DAYS: i64 = 549;

/// Public holidays and the Christmas closure, when nobody writes.
const CLOSED: [(i16, i8, i8); 15] = [
    (2025, 5, 26),
    (2025, 8, 25),
    (2025, 12, 24),
    (2025, 12, 25),
    (2025, 12, 26),
    (2025, 12, 29),
    (2025, 12, 30),
    (2025, 12, 31),
    (2026, 1, 1),
    (2026, 1, 2),
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 4),
    (2026, 5, 25),
    (2026, 8, 31),
];

/// A moment as people in the demo world write it: day number, minute of the local day, second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Local {
    /// Days since the first day.
    pub(crate) day: i64,
    /// Minutes since local midnight.
    pub(crate) minute: i64,
    /// Second within the minute.
    pub(crate) second: i64,
}

/// The calendar date of a day number.
pub(crate) fn date(day: i64) -> Date {
    let first = jiff::civil::date(2025, 5, 17);
    first.saturating_add(day.days())
}

/// The day number of a date.
pub(crate) fn day_of(year: i16, month: i8, day: i8) -> i64 {
    let first = jiff::civil::date(2025, 5, 17);
    let span = first.until(jiff::civil::date(year, month, day));
    span.map_or(0, |span| i64::from(span.get_days()))
}

/// Whether people work on that day.
pub(crate) fn is_working(day: i64) -> bool {
    let date = date(day);
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !CLOSED.contains(&(date.year(), date.month(), date.day()))
}

/// That day, or the next on which people work.
pub(crate) fn next_working(day: i64) -> i64 {
    (day..day + 14).find(|day| is_working(*day)).unwrap_or(day)
}

/// Whether a day lies in the summer, when less is written.
pub(crate) fn is_summer(day: i64) -> bool {
    matches!(date(day).month(), 8)
}

impl Local {
    /// Some time in the working hours of a day.
    pub(crate) fn at_work(day: i64, dice: &mut Dice) -> Self {
        // Two draws make the middle of the day the busiest time.
        let minute = 8 * 60 + 5 + dice.between(0, 290) + dice.between(0, 280);
        Self { day, minute, second: dice.between(0, 59) }
    }

    /// When an answer is written: the same day, the next working day, or some days later.
    pub(crate) fn answer(self, dice: &mut Dice) -> Self {
        let soon = self.minute + dice.between(4, 150);
        if dice.percent(55) && soon < 18 * 60 + 30 {
            return Self { day: self.day, minute: soon, second: dice.between(0, 59) };
        }
        let wait = if dice.percent(70) { 1 } else { dice.between(2, 4) };
        Self::at_work(next_working(self.day + wait), dice)
    }

    /// The civil date and time.
    pub(crate) fn civil(self) -> DateTime {
        let (hour, minute) = ((self.minute / 60) as i8, (self.minute % 60) as i8);
        date(self.day).at(hour.clamp(0, 23), minute, self.second as i8, 0)
    }

    /// The moment in UTC, with the offset that UK clocks have then, in hours.
    pub(crate) fn utc(self) -> (Timestamp, i64) {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        match self.civil().to_zoned(zone) {
            Ok(zoned) => (zoned.timestamp(), i64::from(zoned.offset().seconds() / 3600)),
            Err(_) => (Timestamp::UNIX_EPOCH, 0),
        }
    }
}

/// `Mon, 16 Nov 2026 09:30:00 +0000`, as mail headers write it.
pub(crate) fn mail_date(at: Timestamp, offset_hours: i64) -> String {
    let local = at.saturating_add(offset_hours.hours()).unwrap_or(at);
    format!("{} +0{offset_hours}00", local.strftime("%a, %d %b %Y %H:%M:%S"))
}

/// `Mon Nov 16 09:30:00 2026`, as mbox separators write it, in UTC.
pub(crate) fn separator_date(at: Timestamp) -> String {
    at.strftime("%a %b %e %H:%M:%S %Y").to_string()
}
