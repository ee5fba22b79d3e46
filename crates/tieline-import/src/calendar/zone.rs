//! Time zones of a calendar: Olson and Windows names, and zones that the file defines itself.

use std::collections::HashMap;
use std::str::FromStr;

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarComponent, ICalendarProperty, ICalendarValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::repeat::{local_seconds, repeat};

/// Changes of a zone that a file defines are worked out until 2100.
const LAST_CHANGE: i64 = 4_102_444_800;
/// No real zone changes more often than this over its lifetime.
const MAX_CHANGES: usize = 600;

/// How wall clock time becomes UTC.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// A zone of the tz database.
    Named(TimeZone),
    /// A zone as its file defines it, changes in order.
    Defined(Vec<Change>),
}

/// One change of the offset of a zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// Wall clock (seconds, as if UTC) at which it happens, by the clock before the change.
    at: i64,
    /// Seconds east of UTC before.
    from: i64,
    /// Seconds east of UTC after.
    to: i64,
}

impl Zone {
    /// What the wall clock shows at a moment: seconds since 1970-01-01T00:00:00, as if it were UTC.
    pub(super) fn to_local(&self, utc: i64) -> i64 {
        let offset = match self {
            Self::Named(zone) => {
                Timestamp::from_second(utc).map_or(0, |at| i64::from(zone.to_offset(at).seconds()))
            }
            Self::Defined(changes) => {
                let past =
                    changes.iter().take_while(|change| utc >= change.at - change.from).last();
                past.map_or_else(|| changes.first().map_or(0, |c| c.from), |c| c.to)
            }
        };
        utc.saturating_add(offset)
    }

    /// Seconds since the epoch for a wall clock reading. A reading that happens twice is the first
    /// of the two; one that a change skips counts by the offset before (RFC 5545, 3.3.5).
    pub(super) fn to_utc(&self, local: i64) -> i64 {
        match self {
            Self::Named(zone) => {
                let Ok(stamp) = Timestamp::from_second(local) else { return local };
                let civil = stamp.to_zoned(TimeZone::UTC).datetime();
                zone.to_ambiguous_zoned(civil)
                    .compatible()
                    .map_or(local, |zoned| zoned.timestamp().as_second())
            }
            Self::Defined(changes) => {
                let past = changes
                    .iter()
                    .take_while(|change| local >= change.at + (change.to - change.from).max(0))
                    .last();
                let offset = past.map_or_else(|| changes.first().map_or(0, |c| c.from), |c| c.to);
                local - offset
            }
        }
    }
}

/// The zones known while a calendar is read.
#[derive(Debug, Default)]
pub(super) struct Zones {
    defined: HashMap<String, Zone>,
    /// Zone of times that state none (X-WR-TIMEZONE).
    pub(super) default: Option<Zone>,
}

impl Zones {
    /// Takes a VTIMEZONE.
    pub(super) fn define(&mut self, zone: &ICalendarComponent, parts: &[ICalendarComponent]) {
        let text = |name: &str| {
            zone.entries
                .iter()
                .find(|e| e.name.as_str().eq_ignore_ascii_case(name))
                .and_then(|e| e.values.first().and_then(ICalendarValue::as_text).map(str::to_owned))
        };
        let Some(id) = text("TZID") else { return };
        let located = text("X-LIC-LOCATION").and_then(|name| named(&name));
        let changes = changes(parts);
        let defined = located.or((!changes.is_empty()).then_some(Zone::Defined(changes)));
        if let Some(zone) = defined {
            self.defined.insert(id, zone);
        }
    }

    /// A zone by its TZID: the tz database where the name is exactly one of its names, then what
    /// the file defines, then a name that has to be interpreted.
    pub(super) fn find(&self, id: &str) -> Option<Zone> {
        let exact = TimeZone::get(id).ok().filter(|zone| zone.iana_name() == Some(id));
        exact.map(Zone::Named).or_else(|| self.defined.get(id).cloned()).or_else(|| named(id))
    }
}

/// A zone of the tz database by Olson name, Windows name, or a name that wraps one of these.
pub(super) fn named(id: &str) -> Option<Zone> {
    let id = id.trim().trim_matches('"');
    if id.is_empty() {
        return None;
    }
    if let Ok(zone) = TimeZone::get(id) {
        return Some(Zone::Named(zone));
    }
    let found = calcard::common::timezone::Tz::from_str(id).ok()?;
    let name = found.name()?;
    TimeZone::get(&name).ok().map(Zone::Named)
}

/// All changes of a zone from its STANDARD and DAYLIGHT parts, in order.
fn changes(parts: &[ICalendarComponent]) -> Vec<Change> {
    let mut all = Vec::new();
    for part in parts {
        let first = |name: &ICalendarProperty| part.property(name).and_then(|e| e.values.first());
        let date = |value: Option<&ICalendarValue>| match value {
            Some(ICalendarValue::PartialDateTime(date)) => Some(date.as_ref().clone()),
            _ => None,
        };
        let Some(start) = date(first(&ICalendarProperty::Dtstart)).as_ref().and_then(local_seconds)
        else {
            continue;
        };
        let from = date(first(&ICalendarProperty::Tzoffsetfrom)).as_ref().and_then(offset);
        let to = date(first(&ICalendarProperty::Tzoffsetto)).as_ref().and_then(offset);
        let (Some(from), Some(to)) = (from, to) else { continue };
        let mut times = vec![start];
        for entry in part.properties(&ICalendarProperty::Rdate) {
            times.extend(
                entry
                    .values
                    .iter()
                    .filter_map(|value| date(Some(value)))
                    .filter_map(|date| local_seconds(&date)),
            );
        }
        if let Some(ICalendarValue::RecurrenceRule(rule)) = first(&ICalendarProperty::Rrule) {
            times.extend(repeat(start, rule, LAST_CHANGE, MAX_CHANGES).unwrap_or_default());
        }
        times.sort_unstable();
        times.dedup();
        all.extend(times.into_iter().map(|at| Change { at, from, to }));
    }
    all.sort_by_key(|change: &Change| change.at);
    all
}

fn offset(value: &PartialDateTime) -> Option<i64> {
    let seconds =
        i64::from(value.tz_hour?) * 3600 + i64::from(value.tz_minute.unwrap_or_default()) * 60;
    Some(if value.tz_minus { -seconds } else { seconds })
}
