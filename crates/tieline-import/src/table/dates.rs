//! Dates of tables: which order a column uses, and what its cells mean.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieline_model::time::{DAY_MS, Moment};

/// Order of day and month in a column of dates such as 03/04/2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// Day before month.
    DayFirst,
    /// Month before day.
    MonthFirst,
    /// Nothing in the column decides; read as day first.
    Undecided,
}

/// Months by their first letters, in English, German, French, Dutch and Spanish.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "f\u{e9}v", "fev"],
    &["mar", "m\u{e4}r", "maa", "mrz", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "ao\u{fb}", "aou", "ago"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "d\u{e9}c", "dic"],
];

/// Decides the order from all cells of a column: a number over 12 can only be a day.
pub(crate) fn order<'a>(cells: impl Iterator<Item = &'a str>) -> DateOrder {
    let (mut day_first, mut month_first, mut open) = (0_u64, 0_u64, 0_u64);
    for cell in cells {
        let Some([first, second, _]) = numbers(cell) else { continue };
        let length = cell.trim().split(['/', '.', '-']).next().map_or(0, str::len);
        if length > 2 {
            continue;
        }
        match (first > 12, second > 12) {
            (true, false) => day_first += 1,
            (false, true) => month_first += 1,
            _ if cell.contains('.') => day_first += 1,
            _ => open += 1,
        }
    }
    match (day_first, month_first) {
        (0, 0) if open > 0 => DateOrder::Undecided,
        (day, month) if month > day => DateOrder::MonthFirst,
        _ => DateOrder::DayFirst,
    }
}

/// The three numbers of `3/4/2026`, `03.04.26`, `2026-04-03`, a time of day after it ignored.
fn numbers(cell: &str) -> Option<[i64; 3]> {
    let day = cell.trim().split([' ', 'T', ',']).next()?;
    let mut parts = day.split(['/', '.', '-']);
    let mut next = || {
        let part = parts.next()?;
        (part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

/// First moment of the day that a cell names; `None` when it names none. Accepts ISO dates and
/// times, numbers in the given order, written months, `YYYYMMDD`, `YYYY-MM`, and spreadsheet day
/// numbers.
pub(crate) fn day(cell: &str, order: DateOrder) -> Option<Moment> {
    let cell = cell.trim();
    let found = spelled(cell).or_else(|| numeric(cell, order)).or_else(|| written(cell))?;
    start_of(found)
}

/// The moment that a cell names, to the second where it has a time of day (UTC unless it says
/// otherwise), else the start of its day; also whole seconds or milliseconds since 1970.
pub(crate) fn moment(cell: &str, order: DateOrder) -> Option<Moment> {
    let cell = cell.trim();
    if let Ok(stamp) = cell.parse::<jiff::Timestamp>() {
        return Some(Moment::from_ms(stamp.as_millisecond()));
    }
    let spaced = cell.replacen(' ', "T", 1);
    if cell.contains(':')
        && let Ok(civil) = spaced.parse::<jiff::civil::DateTime>()
    {
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        return Some(Moment::from_ms(zoned.timestamp().as_millisecond()));
    }
    if let Ok(number) = cell.parse::<f64>()
        && number.is_finite()
    {
        return epoch(number);
    }
    day(cell, order)
}

/// Seconds since 1970, or milliseconds where seconds would be later than the year 5000.
fn epoch(number: f64) -> Option<Moment> {
    let ms = if number.abs() >= 1e11 { number } else { number * 1000.0 };
    (ms.abs() < 2.5e14).then(|| Moment::from_ms(ms as i64))
}

/// The day after: an interval that ends *with* a day ends before the next one.
pub(crate) fn day_after(moment: Moment) -> Moment {
    Moment::from_ms(moment.ms() + DAY_MS)
}

fn start_of(date: Date) -> Option<Moment> {
    let zoned = date.to_zoned(TimeZone::UTC).ok()?;
    Some(Moment::from_ms(zoned.timestamp().as_millisecond()))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    // Two-digit years: the 70s are of the last century, as in the POSIX rule.
    let year = match year {
        0..=68 => year + 2000,
        69..=99 => year + 1900,
        _ => year,
    };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// ISO forms and bare numbers.
fn spelled(cell: &str) -> Option<Date> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if cell.len() == 8 && digits(cell) {
        let number: i64 = cell.parse().ok()?;
        return date(number / 10_000, number / 100 % 100, number % 100)
            .filter(|found| (1900..=2200).contains(&found.year()));
    }
    if let Some((year, month)) = cell.split_once(['-', '/'])
        && year.len() == 4
        && month.len() <= 2
        && digits(year)
        && digits(month)
    {
        return date(year.parse().ok()?, month.parse().ok()?, 1);
    }
    let number: f64 = cell.parse().ok()?;
    // A spreadsheet counts days from 1899-12-30; these are the years 1954 to 2091.
    if (20_000.0..70_000.0).contains(&number) {
        let days = number as i64 - 25_569;
        return Some(Moment::from_ms(days * DAY_MS).date());
    }
    None
}

fn numeric(cell: &str, order: DateOrder) -> Option<Date> {
    let [first, second, third] = numbers(cell)?;
    let year_first = cell.find(['/', '.', '-']).is_some_and(|at| at == 4);
    match (year_first, order) {
        (true, _) => date(first, second, third),
        (false, DateOrder::MonthFirst) => date(third, first, second),
        (false, _) => date(third, second, first),
    }
}

/// `3 April 2026`, `3-Apr-26`, `Apr 3, 2026`, `April 2026`.
fn written(cell: &str) -> Option<Date> {
    let lower = cell.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        if let Ok(number) = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']).parse::<i64>() {
            numbers.push((number, word.len()));
        } else if month.is_none() && word.chars().all(char::is_alphabetic) {
            month = MONTHS.iter().position(|starts| starts.iter().any(|s| word.starts_with(s)));
        }
    }
    let month = month? as i64 + 1;
    match numbers.as_slice() {
        [(year, 4)] => date(*year, month, 1),
        [(year, 4), (day, _), ..] | [(day, _), (year, _), ..] => date(*year, month, *day),
        _ => None,
    }
}

/// Words that say that an interval has no end.
pub(crate) fn is_open_end(cell: &str) -> bool {
    let lower = cell.trim().to_lowercase();
    matches!(
        lower.as_str(),
        "" | "-"
            | "present"
            | "current"
            | "now"
            | "today"
            | "ongoing"
            | "open"
            | "n/a"
            | "none"
            | "null"
            | "heute"
            | "laufend"
            | "unbefristet"
            | "aujourd'hui"
            | "heden"
            | "actual"
    ) || lower.contains("9999")
        || lower.contains("2999")
        || lower.contains("2099")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_column_decides_which_number_is_the_day() {
        assert_eq!(order(["3/4/2026", "13/4/2026"].into_iter()), DateOrder::DayFirst);
        assert_eq!(order(["3/4/2026", "4/13/2026"].into_iter()), DateOrder::MonthFirst);
        assert_eq!(order(["3/4/2026"].into_iter()), DateOrder::Undecided);
        assert_eq!(order(["03.04.2026"].into_iter()), DateOrder::DayFirst);
        assert_eq!(order(["2026-04-13", ""].into_iter()), DateOrder::DayFirst);
    }

    #[test]
    fn dates_are_read_in_many_forms() {
        for (cell, order, expected) in [
            ("2026-04-03", DateOrder::MonthFirst, "2026-04-03"),
            ("2026-04-03T10:00:00Z", DateOrder::DayFirst, "2026-04-03"),
            ("2026/4/3", DateOrder::DayFirst, "2026-04-03"),
            ("3/4/2026", DateOrder::DayFirst, "2026-04-03"),
            ("3/4/26", DateOrder::MonthFirst, "2026-03-04"),
            ("03.04.2026", DateOrder::DayFirst, "2026-04-03"),
            ("20260403", DateOrder::DayFirst, "2026-04-03"),
            ("2026-04", DateOrder::DayFirst, "2026-04-01"),
            ("46115", DateOrder::DayFirst, "2026-04-03"),
            ("3-Apr-26", DateOrder::DayFirst, "2026-04-03"),
            ("April 3rd, 2026", DateOrder::DayFirst, "2026-04-03"),
            ("3 M\u{e4}rz 2026", DateOrder::DayFirst, "2026-03-03"),
            ("30 Nov 2020", DateOrder::DayFirst, "2020-11-30"),
        ] {
            let found = day(cell, order).map(|moment| moment.date().to_string());
            assert_eq!(found.as_deref(), Some(expected), "{cell}");
        }
        for cell in ["", "soon", "2026-13-01", "31/02/2026", "12", "N/D"] {
            assert_eq!(day(cell, DateOrder::DayFirst), None, "{cell}");
        }
    }

    #[test]
    fn moments_are_read_from_iso_texts_and_epochs() {
        for (cell, expected) in [
            ("1247658439", "2009-07-15T11:47:19Z"),
            ("1247658439000", "2009-07-15T11:47:19Z"),
            ("2026-04-03 10:00:00", "2026-04-03T10:00:00Z"),
            ("2026-04-03T10:00:00+02:00", "2026-04-03T08:00:00Z"),
            ("2026-04-03", "2026-04-03T00:00:00Z"),
        ] {
            let found = moment(cell, DateOrder::DayFirst).map(|m| m.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{cell}");
        }
    }
}
