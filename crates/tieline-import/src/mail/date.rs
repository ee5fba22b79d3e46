//! Dates of mail headers: RFC 5322 with its obsolete forms, and what programs wrote besides.

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;
use tieline_model::time::Moment;

static RFC2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// A date read from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) at: Moment,
    /// The zone was missing or unknown and UTC was taken.
    pub(crate) guessed_zone: bool,
}

/// Reads the date of a `Date` field, of the end of a `Received` field, or of a separator line.
/// Day, month, hour and zone are checked; nonsense is `None`, never a date.
pub(crate) fn parse(text: &[u8]) -> Option<Dated> {
    if let Some(at) = usual(text.trim_ascii()) {
        return Some(Dated { at, guessed_zone: false });
    }
    if let Some(at) = usual_separator(text) {
        return Some(Dated { at, guessed_zone: true });
    }
    let text = std::str::from_utf8(text.get(..text.len().min(200))?).ok()?.trim();
    // Only numeric zones: names beyond the North American ones would silently be taken as UTC.
    if has_numeric_zone(text)
        && let Ok(at) = RFC2822.parse_timestamp(text)
    {
        return Some(Dated { at: Moment::from_ms(at.as_millisecond()), guessed_zone: false });
    }
    Parts::of(text).dated()
}

/// The form that nearly all programs write, `Mon, 29 Apr 2019 08:30:55 -0700`, perhaps with the name
/// of the zone after it. `None` for everything else, which [`parse`] then looks at closely.
fn usual(text: &[u8]) -> Option<Moment> {
    let (weekday, text) = text.split_first_chunk::<3>()?;
    let text = text.strip_prefix(b", ").filter(|_| USUAL_DAYS.contains(&weekday))?;
    let (day, text) = text.split_at_checked(memchr::memchr(b' ', text.get(..3)?)?)?;
    let (month, text) = text.get(1..)?.split_first_chunk::<3>()?;
    let (clock, zone) = text.split_first_chunk::<20>()?;
    let (date, clock) = clock.split_first_chunk::<6>()?;
    let (time, zone_offset) = clock.split_first_chunk::<8>()?;
    let ([b' ', year @ .., b' '], [b' ', sign, z, zz, zm, zzm]) = (date, zone_offset) else {
        return None;
    };
    let named = matches!(zone, [] | [b' ', b'(', .., b')']);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'+' | b'-');
    let plainly = zone.get(2..).is_none_or(|name| name.iter().rev().skip(1).all(plain));
    let east = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (zone_hours, zone_minutes) = (number(&[*z, *zz])?, number(&[*zm, *zzm])?);
    if !named || !plainly || zone_hours > 14 || zone_minutes > 59 {
        return None;
    }
    let shift = east * (i64::from(zone_hours) * 3600 + i64::from(zone_minutes) * 60);
    Some(Moment::from_seconds(usual_seconds(day, month, time, year)? - shift))
}

/// The form of separator lines as nearly all programs write them, `Mon Apr 29 15:30:55 2019`.
fn usual_separator(text: &[u8]) -> Option<Moment> {
    let (names, text) = text.split_first_chunk::<8>()?;
    let (day, text) = text.split_last_chunk::<14>()?;
    let (time, year) = text.split_last_chunk::<5>()?;
    let ([weekday @ .., b' ', m, mm, mmm, b' '], [b' ', time @ ..], [b' ', year @ ..]) =
        (names, time, year)
    else {
        return None;
    };
    let day = if day.len() == 2 { day.strip_prefix(b" ").unwrap_or(day) } else { day };
    if day.len() > 2 {
        return None;
    }
    let seconds = usual_seconds(day, &[*m, *mm, *mmm], time.try_into().ok()?, year)?;
    USUAL_DAYS.contains(&weekday).then(|| Moment::from_seconds(seconds))
}

/// Names as they are usually written.
const USUAL_DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
const USUAL_MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Seconds since the epoch of `29`, `Apr`, `15:30:55`, `2019`, taken as UTC.
fn usual_seconds(day: &[u8], month: &[u8; 3], time: &[u8; 8], year: &[u8; 4]) -> Option<i64> {
    let [h, hh, b':', m, mm, b':', s, ss] = time else { return None };
    let month = USUAL_MONTHS.iter().position(|name| *name == month)? + 1;
    let date = Date::new(number(year)?, month as i8, number(day)? as i8).ok()?;
    let clock = [[*h, *hh], [*m, *mm], [*s, *ss]].map(|two| number(&two));
    let [Some(hour), Some(minute), Some(second)] = clock else { return None };
    let time = Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    Some(Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?.as_second())
}

/// Up to four digits.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |sum, digit| {
        digit.is_ascii_digit().then(|| sum.wrapping_mul(10) + i16::from(digit - b'0'))
    })
}

fn has_numeric_zone(text: &str) -> bool {
    let bare = text.split('(').next().unwrap_or(text).trim_end();
    bare.rsplit([' ', '\t']).next().is_some_and(|last| last.starts_with(['+', '-']))
}

/// Zones by name, minutes east of Greenwich. Ambiguous names have their use in mail headers of the
/// 1990s (BST is British, IST Israeli).
const ZONES: [(&str, i32); 40] = [
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("z", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("ist", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("hkt", 480),
    ("sgt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("nzst", 720),
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The month a word names (`Feb`, `February`), 1 to 12.
pub(crate) fn month(word: &str) -> Option<i8> {
    let start = word.get(..3)?;
    let full = word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.');
    let found = MONTHS.iter().position(|month| start.eq_ignore_ascii_case(month))?;
    full.then_some(found as i8 + 1)
}

/// Whether a word is the name of a day of the week.
pub(crate) fn is_weekday(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    word.bytes().all(|b| b.is_ascii_alphabetic())
        && word.get(..3).is_some_and(|start| days.iter().any(|d| start.eq_ignore_ascii_case(d)))
}

/// A time of day such as `8:23`, `08:23:00` or `08.23.00`.
pub(crate) fn time_of_day(word: &str) -> Option<Time> {
    let separator = if word.contains(':') { ':' } else { '.' };
    let mut parts = word.split(separator);
    let number = |part: &str| {
        let digits = part.split(['.', ',']).next().unwrap_or(part);
        if (1..=2).contains(&digits.len()) { digits.parse::<i8>().ok() } else { None }
    };
    let hour = number(parts.next()?)?;
    let minute = number(parts.next()?)?;
    let second = parts.next().map_or(Some(0), number)?;
    // A leap second is the one before it.
    let second = if second == 60 { 59 } else { second };
    if parts.next().is_some() { None } else { Time::new(hour, minute, second, 0).ok() }
}

/// What the words of a date say, each at most once.
#[derive(Debug, Default)]
struct Parts {
    numbers: Vec<(i32, usize)>,
    month: Option<i8>,
    time: Option<Time>,
    offset: Option<i32>,
    date: Option<Date>,
    afternoon: Option<bool>,
}

impl Parts {
    fn of(text: &str) -> Self {
        let mut parts = Self::default();
        let mut depth = 0_i32;
        for word in text.split([' ', '\t', '\r', '\n', ',']).filter(|word| !word.is_empty()) {
            if word.starts_with('(') || depth > 0 {
                depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
            } else {
                parts.word(word);
            }
        }
        parts
    }

    fn word(&mut self, word: &str) {
        let known = (is_weekday(word) && month(word).is_none())
            || (self.offset.is_none() && self.time.is_some() && self.numeric_zone(word))
            || (word.contains(['T', 't']) && word.contains(':') && self.timestamp(word));
        if known {
            return;
        }
        if let Ok(stamp) = word.parse::<jiff::civil::DateTime>()
            && word.contains(['T', ':'])
        {
            self.date = Some(stamp.date());
            self.time = self.time.or(Some(stamp.time()));
        } else if let Ok(date) = word.parse::<Date>() {
            self.date = Some(date);
        } else if word.contains(':') {
            self.time_and_zone(word);
        } else if word.bytes().all(|b| b.is_ascii_digit()) {
            if let Ok(number) = word.parse() {
                self.numbers.push((number, word.len()));
            }
        } else if let Some(month) = month(word) {
            self.month = self.month.or(Some(month));
        } else if word.contains(['-', '/']) && word.len() <= 11 {
            // 13-Feb-93
            word.split(['-', '/']).filter(|part| !part.is_empty()).for_each(|p| self.simple(p));
        } else {
            self.name(word);
        }
    }

    fn simple(&mut self, part: &str) {
        if let Some(month) = month(part) {
            self.month = self.month.or(Some(month));
        } else if let Ok(number) = part.parse() {
            self.numbers.push((number, part.len()));
        } else {
            self.name(part);
        }
    }

    /// A whole timestamp with its zone, `2001-03-05T08:23:00-08:00`.
    fn timestamp(&mut self, word: &str) -> bool {
        let Ok(stamp) = word.parse::<jiff::Timestamp>() else { return false };
        let civil = stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        (self.date, self.time, self.offset) = (Some(civil.date()), Some(civil.time()), Some(0));
        true
    }

    /// `08:23:00`, `08:23:00+0200`, `08:23-PDT`.
    fn time_and_zone(&mut self, word: &str) {
        let end = word.find(['+', '-']).or_else(|| word.find(|c: char| c.is_ascii_alphabetic()));
        let (time, zone) = word.split_at(end.unwrap_or(word.len()));
        self.time = self.time.or_else(|| time_of_day(time));
        if !zone.is_empty() && !self.numeric_zone(zone) {
            self.name(zone.trim_start_matches('-'));
        }
    }

    fn name(&mut self, word: &str) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
        match ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)) {
            Some((_, minutes)) => self.offset = self.offset.or(Some(*minutes)),
            None if word.eq_ignore_ascii_case("pm") => self.afternoon = Some(true),
            None if word.eq_ignore_ascii_case("am") => self.afternoon = Some(false),
            None => {}
        }
    }

    /// `+0200`, `-08:00`, `+2`; nonsense (`+9900`) is no zone.
    fn numeric_zone(&mut self, word: &str) -> bool {
        let (sign, digits) = match word.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return false,
        };
        let digits: String = digits.chars().filter(|c| *c != ':').collect();
        if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let number: i32 = digits.parse().unwrap_or(0);
        let (hours, minutes) =
            if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
        if hours <= 14 && minutes < 60 {
            self.offset = Some(sign * (hours * 60 + minutes));
        }
        true
    }

    fn dated(self) -> Option<Dated> {
        let date = match self.date {
            Some(date) => date,
            None => self.spelled_date()?,
        };
        let mut time = self.time?;
        if let Some(afternoon) = self.afternoon
            && (1..=12).contains(&time.hour())
        {
            let hour = time.hour() % 12 + if afternoon { 12 } else { 0 };
            time = time.with().hour(hour).build().ok()?;
        }
        let civil = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        let shift = i64::from(self.offset.unwrap_or(0)) * 60;
        let at = Moment::from_seconds(civil.timestamp().as_second() - shift);
        Some(Dated { at, guessed_zone: self.offset.is_none() })
    }

    /// Day, month name and year, in whichever order the two numbers make sense.
    fn spelled_date(&self) -> Option<Date> {
        let month = self.month?;
        let mut numbers = self.numbers.iter();
        let (&(first, first_len), &(second, second_len)) = (numbers.next()?, numbers.next()?);
        let (day, year, year_len) = if first_len >= 3 || first > 31 {
            (second, first, first_len)
        } else {
            (first, second, second_len)
        };
        // RFC 5322 section 4.3.
        let year = match (year_len, year) {
            (1 | 2, 0..=49) => year + 2000,
            (1 | 2, _) | (3, _) => year + 1900,
            _ => year,
        };
        Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = parse(text.as_bytes()).map(|dated| dated.at.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_of_all_ages_are_read() {
        for (text, expected) in [
            ("Mon, 29 Apr 2019 08:30:55 -0700", "2019-04-29T15:30:55Z"),
            ("Mon, 5 Mar 2001 08:23:00 -0800 (PST)", "2001-03-05T16:23:00Z"),
            ("Sat, 13 Feb 93 17:17:34 PST", "1993-02-14T01:17:34Z"),
            ("13 Feb 93 17:17 GMT", "1993-02-13T17:17:00Z"),
            ("Mon, 1 Jan 100 10:00:00 +0000", "2000-01-01T10:00:00Z"),
            ("Sat Feb 13 17:17:34 1993", "1993-02-13T17:17:34Z"),
            ("Sat Feb 13 17:17:34 PST 1993", "1993-02-14T01:17:34Z"),
            ("Thu,  9 Sep 93 12:00 CET", "1993-09-09T11:00:00Z"),
            ("Saturday, 13-Feb-93 17:17:34 EST", "1993-02-13T22:17:34Z"),
            ("Fri, 31 Dec 1999 23:59:60 +0000", "1999-12-31T23:59:59Z"),
            ("2001-03-05T08:23:00-08:00", "2001-03-05T16:23:00Z"),
            ("2001-03-05 08:23:00 +0100", "2001-03-05T07:23:00Z"),
            ("Tue, 2 Mar 1993 3:05:06 PM EST", "1993-03-02T20:05:06Z"),
            ("Tue, 02 Mar 1993 15:05:06 -9900", "1993-03-02T15:05:06Z"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn the_short_way_reads_what_the_full_parser_reads() {
        let full = |text: &str| RFC2822.parse_timestamp(text).ok().map(|at| at.as_millisecond());
        let zones = ["+0000", "-0000", "-0700", "+0530", "+1400", "-0330 (NST)", "+0000 (GMT+0)"];
        for month in
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        {
            for day in 1..=31 {
                for year in [1900, 1969, 1970, 1999, 2000, 2019, 2024, 2100, 9998] {
                    let zone = zones[day % zones.len()];
                    let text = format!("Tue, {day} {month} {year} 23:59:0{} {zone}", day % 10);
                    let short = usual(text.as_bytes()).map(Moment::ms);
                    assert_eq!(short, full(&text), "{text}");
                }
            }
        }
        for text in [
            "Tue, 05 Mar 2019 08:23:00 -0800",
            "Tue, 5 Mar 2019 24:00:00 +0000",
            "Tue, 5 Mar 2019 10:60:00 +0000",
        ] {
            assert_eq!(usual(text.as_bytes()).map(Moment::ms), full(text), "{text}");
        }
        for text in [
            "Mon Apr 29 15:30:55 2019",
            "Wed Feb 29 00:00:00 2012",
            "Thu Jan  1 00:00:00 1970",
            "Thu Jan 1 00:00:00 1970",
            "Fri Dec 31 23:59:59 1999",
        ] {
            let short = usual_separator(text.as_bytes());
            assert_eq!(short, Parts::of(text).dated().map(|dated| dated.at), "{text}");
            assert!(short.is_some(), "{text}");
        }
        for other in [
            "Wed Feb 29 00:00:00 2011",
            "Wed Feb 022 00:00:00 2011",
            "Mon Apr 29 15:30:60 2019",
            "Mon Apr 29 15:30:55 PST",
        ] {
            assert_eq!(usual_separator(other.as_bytes()), None, "{other}");
        }
        for other in [
            "Tue, 5 Mar 2019 08:23:60 -0800",
            "Tue, 5 Mar 2019 08:23:00 PST",
            "Tue, 5 Mar 2019 08:23:00 -9900",
            "Tue, 5 Mar 2019 08:23:00 -0800 (a) b (c)",
            "Tue, 5 Mar 2019 08:23 -0800",
            "Tue,  5 Mar 2019 08:23:00 -0800",
            "Tue, 555 Mar 2019 08:23:00 -0800",
            "5 Mar 2019 08:23:00 -0800",
        ] {
            assert_eq!(usual(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in [
            "Mon, 42 Jan 2001 10:00:00 +0000",
            "Mon, 1 Foo 2001 10:00:00 +0000",
            "Mon, 1 Jan 2001 25:00:00 +0000",
            "Mon, 30 Feb 2001 10:00:00 GMT",
            "yesterday",
            "",
            "Mon, 1 Jan 99999 10:00:00 +0000",
        ] {
            check(text, None);
        }
        assert!(parse(b"\xff\xfe").is_none());
    }

    #[test]
    fn a_missing_zone_is_said() {
        assert_eq!(parse(b"Sat Feb 13 17:17:34 1993").map(|d| d.guessed_zone), Some(true));
        assert_eq!(parse(b"13 Feb 93 17:17 XYZ").map(|d| d.guessed_zone), Some(true));
        assert_eq!(parse(b"13 Feb 93 17:17 JST").map(|d| d.guessed_zone), Some(false));
    }
}
