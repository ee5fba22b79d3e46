//! Repetition rules, worked out on wall clock time.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};

/// A wall clock reading as seconds since 1970-01-01T00:00:00, as if it were UTC; `None` for dates
/// that do not exist.
pub(super) fn local_seconds(date: &PartialDateTime) -> Option<i64> {
    date.to_date_time().map(|found| found.date_time.and_utc().timestamp())
}

/// The readings that `rule` gives from `start` on, up to and including `until` (wall clock), in
/// order, at most `limit`. The rule's own UNTIL is for the caller.
///
/// # Errors
/// The rule contradicts itself or the start.
pub(super) fn repeat(
    start: i64,
    rule: &ICalendarRecurrenceRule,
    until: i64,
    limit: usize,
) -> Result<Vec<i64>, String> {
    let mut rule = rule.clone();
    rule.until = Some(PartialDateTime::from_naive_timestamp(until));
    let entry = |name, value| ICalendarEntry { name, params: Vec::new(), values: vec![value] };
    let dtstart = PartialDateTime::from_naive_timestamp(start);
    let event = ICalendarComponent {
        component_type: ICalendarComponentType::VEvent,
        entries: vec![
            entry(ICalendarProperty::Dtstart, ICalendarValue::PartialDateTime(Box::new(dtstart))),
            entry(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
        ],
        component_ids: Vec::new(),
    };
    let expanded = ICalendar { components: vec![event] }.expand_dates(Tz::Floating, limit);
    if !expanded.errors.is_empty() {
        return Err("its repetition rule contradicts itself".to_owned());
    }
    let readings =
        expanded.events.iter().map(|event| event.start.naive_local().and_utc().timestamp());
    Ok(readings.filter(|reading| *reading <= until).collect())
}
