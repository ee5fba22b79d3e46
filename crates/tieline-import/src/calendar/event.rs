//! One VEVENT to one gathering.

use std::collections::BTreeSet;

use calcard::common::CalendarScale;
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarPeriod,
    ICalendarProperty as Property, ICalendarRecurrenceRule, ICalendarValue as Value,
};
use tieline_model::id::EventId;
use tieline_model::interaction::{Channel, Status};
use tieline_model::record::{Gathering, Mailbox, Occurrence};
use tieline_model::time::Moment;

use super::repeat::{local_seconds, repeat};
use super::zone::{Zone, Zones};

/// Occurrences kept of one event.
const MAX_OCCURRENCES: usize = 4000;
/// A rule without an end is worked out until this long after the newest date its event states.
const HORIZON_SECONDS: i64 = 2 * 366 * 86_400;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// What the calendar around an event says.
pub(super) struct Surroundings<'a> {
    /// METHOD in upper case, or empty.
    pub(super) method: &'a str,
    /// The time zones known.
    pub(super) zones: &'a Zones,
}

/// One event as read.
pub(super) struct Entry {
    /// Its record.
    pub(super) gathering: Gathering,
    /// What had to be repaired.
    pub(super) repairs: Vec<String>,
    /// Which event it is, or is a part of.
    pub(super) uid: String,
    /// Whether it states rules or dates on which it repeats.
    pub(super) repeats: bool,
    /// For an override: what it changes.
    pub(super) change: Option<Change>,
}

/// What an override changes.
pub(super) struct Change {
    /// When the occurrence that it names would have been, UTC seconds.
    pub(super) original: i64,
    /// How later occurrences change, where it is for them too (RANGE=THISANDFUTURE).
    pub(super) later: Option<Later>,
}

/// How occurrences after the one named move: by the same wall clock time.
pub(super) struct Later {
    seconds: i64,
    zone: Option<Zone>,
    /// Dates that the override itself states (Lotus Notes does), UTC seconds.
    pub(super) dates: Vec<i64>,
}

impl Later {
    /// Where an occurrence goes, UTC seconds.
    pub(super) fn moved(&self, at: i64) -> i64 {
        match &self.zone {
            Some(zone) => zone.to_utc(zone.to_local(at).saturating_add(self.seconds)),
            None => at.saturating_add(self.seconds),
        }
    }
}

/// Id of the occurrence of a series that would have been then, UTC seconds.
pub(super) fn occurrence_id(uid: &str, at: i64) -> EventId {
    EventId::of(&[b"ical", uid.as_bytes(), at.saturating_mul(1000).to_string().as_bytes()])
}

/// A date as written.
#[derive(Debug, Clone)]
struct Stamp {
    /// Wall clock seconds.
    local: i64,
    /// Seconds east of UTC where the text itself says it (`Z`, vCard-like offsets).
    offset: Option<i64>,
    /// A day without a time.
    date_only: bool,
    /// TZID parameter.
    zone: Option<String>,
}

/// TZIDs used by an event, for which zones have to be known.
pub(super) fn zones_used(event: &ICalendarComponent) -> impl Iterator<Item = &str> {
    event.entries.iter().filter_map(ICalendarEntry::tz_id)
}

/// Reads one VEVENT.
///
/// # Errors
/// Why it cannot be placed.
pub(super) fn entry(
    event: &ICalendarComponent,
    around: &Surroundings<'_>,
) -> Result<Entry, String> {
    Reader { event, around, repairs: BTreeSet::new() }.entry()
}

struct Reader<'a> {
    event: &'a ICalendarComponent,
    around: &'a Surroundings<'a>,
    repairs: BTreeSet<String>,
}

impl Reader<'_> {
    fn entry(mut self) -> Result<Entry, String> {
        let start = self.start()?;
        let organiser = self.event.property(&Property::Organizer).and_then(mailbox);
        let attendees = self.attendees();
        if self.around.method == "REPLY" {
            self.repair("an answer to an invitation: it lists only who answered");
        }
        let uid = self.uid(&start, organiser.as_ref(), &attendees);
        let minutes = self.minutes(&start);
        let cancelled = self.around.method == "CANCEL" || self.is_cancelled();
        let occurrence = |event, at, minutes| Occurrence {
            event,
            at: Moment::from_seconds(at),
            minutes,
            cancelled,
        };
        let change = self.change(&start, minutes);
        let repeats = self.repeats();
        let occurrences = if let Some(change) = &change {
            vec![occurrence(occurrence_id(&uid, change.original), self.utc(&start), minutes)]
        } else if repeats {
            let times = self.times(&start, minutes)?;
            let of = |(at, minutes)| occurrence(occurrence_id(&uid, at), at, minutes);
            times.into_iter().map(of).collect()
        } else {
            let event = EventId::of(&[b"ical", uid.as_bytes()]);
            vec![occurrence(event, self.utc(&start), minutes)]
        };
        let sequence = self.integer(&Property::Sequence).clamp(0, i64::from(u32::MAX / 2 - 1));
        let revision = sequence as u32 * 2 + u32::from(change.is_some());
        let channel = Channel::Meeting;
        let gathering = Gathering { channel, revision, organiser, attendees, occurrences };
        let repairs = self.repairs.into_iter().collect();
        Ok(Entry { gathering, repairs, uid, repeats, change })
    }

    /// What RECURRENCE-ID says.
    fn change(&mut self, start: &Stamp, minutes: u32) -> Option<Change> {
        let original = self.stamp(&Property::RecurrenceId)?;
        // Exchange names an occurrence of a whole-day series by its local midnight.
        let midnight = start.date_only && original.local.rem_euclid(DAY) == 0;
        let original = self.utc(&Stamp { date_only: original.date_only || midnight, ..original });
        let later = self.changes_later_ones().then(|| {
            let zone = self.zone(start);
            let (at, start_at) = match &zone {
                Some(zone) => (zone.to_local(original), start.local),
                None => (original, self.utc(start)),
            };
            let own = if self.repeats() { self.times(start, minutes) } else { Ok(Vec::new()) };
            let dates = own.unwrap_or_default().into_iter().map(|(at, _)| at).collect();
            Later { seconds: start_at - at, zone, dates }
        });
        Some(Change { original, later })
    }

    /// DTSTART; an override without one takes place when the occurrence it overrides would have.
    fn start(&mut self) -> Result<Stamp, String> {
        if let Some(start) = self.stamp(&Property::Dtstart) {
            return Ok(start);
        }
        if let Some(original) = self.stamp(&Property::RecurrenceId) {
            self.repair("has no start: the start of the occurrence it changes was taken");
            return Ok(original);
        }
        Err(if self.event.has_property(&Property::Dtstart) {
            "meeting whose start (DTSTART) is no date".to_owned()
        } else {
            "meeting without a start (DTSTART)".to_owned()
        })
    }

    fn repair(&mut self, what: &str) {
        self.repairs.insert(what.to_owned());
    }

    fn integer(&self, name: &Property) -> i64 {
        match self.event.property(name).and_then(|entry| entry.values.first()) {
            Some(Value::Integer(number)) => *number,
            Some(Value::Text(text)) => text.trim().parse().unwrap_or_default(),
            _ => 0,
        }
    }

    fn is_cancelled(&self) -> bool {
        let status = self.event.property(&Property::Status).and_then(|e| e.values.first());
        status.and_then(Value::as_text).is_some_and(|text| text.eq_ignore_ascii_case("CANCELLED"))
    }

    fn changes_later_ones(&self) -> bool {
        self.event
            .property(&Property::RecurrenceId)
            .is_some_and(|entry| entry.has_parameter(&ICalendarParameterName::Range))
    }

    fn repeats(&self) -> bool {
        self.event.has_property(&Property::Rrule) || self.event.has_property(&Property::Rdate)
    }

    fn stamp(&self, name: &Property) -> Option<Stamp> {
        let entry = self.event.property(name)?;
        entry.values.first().and_then(|value| stamp(entry, value))
    }

    /// UTC seconds of a date; days begin at midnight UTC.
    fn utc(&mut self, stamp: &Stamp) -> i64 {
        if let (false, Some(offset)) = (stamp.date_only, stamp.offset) {
            return stamp.local - offset;
        }
        self.zone(stamp).map_or(stamp.local, |zone| zone.to_utc(stamp.local))
    }

    /// The zone by which a date has to be read; none for days and for dates that say their offset.
    fn zone(&mut self, stamp: &Stamp) -> Option<Zone> {
        if stamp.date_only || stamp.offset.is_some() {
            return None;
        }
        let zones = self.around.zones;
        let (found, repair) = match &stamp.zone {
            Some(id) => (zones.find(id), "its time zone is not known: the time was read as UTC"),
            None => (zones.default.clone(), "its time states no time zone: it was read as UTC"),
        };
        if found.is_none() {
            self.repair(repair);
        }
        found
    }

    /// Duration in whole minutes; 0 where none is stated, and for whole days: a holiday or a
    /// conference day in a calendar is no meeting of 24 hours.
    fn minutes(&mut self, start: &Stamp) -> u32 {
        if start.date_only {
            return 0;
        }
        let stated = self.event.property(&Property::Duration).and_then(|e| e.values.first());
        let seconds = if let Some(Value::Duration(duration)) = stated {
            duration.as_seconds()
        } else if let Some(end) = self.stamp(&Property::Dtend) {
            self.utc(&end) - self.utc(start)
        } else {
            return 0;
        };
        if seconds < 0 {
            self.repair("ends before it begins: its duration was left open");
        }
        u32::try_from(seconds.max(0) / 60).unwrap_or(u32::MAX)
    }

    /// UID, or a hash of what tells the event apart where it has none.
    fn uid(
        &mut self,
        start: &Stamp,
        organiser: Option<&Mailbox>,
        attendees: &[(Mailbox, Status)],
    ) -> String {
        let text = self.event.property(&Property::Uid).and_then(|entry| entry.values.first());
        if let Some(uid) = text.and_then(Value::as_text).map(str::trim).filter(|u| !u.is_empty()) {
            return uid.to_owned();
        }
        self.repair("has no UID: it is told apart by its organiser, start and attendees");
        let mut parts = vec!["ical-without-uid".to_owned(), start.local.to_string()];
        let people = organiser.into_iter().chain(attendees.iter().map(|(mailbox, _)| mailbox));
        for person in people {
            parts.push(person.address.as_deref().unwrap_or_default().to_lowercase());
            parts.push(person.name.as_deref().unwrap_or_default().to_owned());
        }
        let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        EventId::of(&parts).to_string()
    }

    fn attendees(&self) -> Vec<(Mailbox, Status)> {
        let mut seen = BTreeSet::new();
        let entries = self.event.properties(&Property::Attendee);
        let found = entries.filter_map(|entry| Some((mailbox(entry)?, status(entry))));
        found
            .filter(|(person, _)| {
                let key = person.address.as_deref().or(person.name.as_deref());
                seen.insert(key.unwrap_or_default().to_lowercase())
            })
            .collect()
    }

    /// Start (UTC seconds) and minutes of every occurrence, in order.
    fn times(&mut self, start: &Stamp, minutes: u32) -> Result<Vec<(i64, u32)>, String> {
        let mut locals = BTreeSet::from([start.local]);
        let mut cut = false;
        for rule in rules(self.event, &Property::Rrule) {
            cut |= self.apply(start, &rule, |reading| {
                locals.insert(reading);
            });
        }
        if self.has_unreadable_rule() {
            self.repair("its repetition rule cannot be read: its first occurrence was kept");
        }
        let exrule: Property = Property::Other("EXRULE".to_owned());
        for rule in rules(self.event, &exrule) {
            self.apply(start, &rule, |reading| {
                locals.remove(&reading);
            });
        }
        let at = |local| Stamp { local, ..start.clone() };
        let mut times: Vec<(i64, u32)> = Vec::new();
        for local in locals {
            times.push((self.utc(&at(local)), minutes));
        }
        times.extend(self.further_dates(minutes));
        let (days, moments) = self.excluded();
        times.retain(|(at, _)| !moments.contains(at) && !days.contains(&at.div_euclid(DAY)));
        times.sort_unstable();
        times.dedup_by_key(|(at, _)| *at);
        if cut || times.len() > MAX_OCCURRENCES {
            times.truncate(MAX_OCCURRENCES);
            self.repair("repeats more than 4000 times: the later occurrences were left out");
        }
        if times.is_empty() {
            return Err("meeting whose every occurrence is excluded".to_owned());
        }
        Ok(times)
    }

    /// Hands every reading of `rule` to `take`; says whether there were too many.
    fn apply(
        &mut self,
        start: &Stamp,
        rule: &ICalendarRecurrenceRule,
        mut take: impl FnMut(i64),
    ) -> bool {
        if rule.rscale.as_ref().is_some_and(|scale| *scale != CalendarScale::Gregorian) {
            self.repair(
                "repeats by another calendar than the Gregorian: its first occurrence was kept",
            );
            return false;
        }
        let until = rule.until.as_ref().and_then(|until| {
            let local = local_seconds(until)?;
            let end_of_day = if until.has_time() { 0 } else { DAY - 1 };
            // UNTIL is UTC where it ends in Z; one day of slack, then the exact test below.
            Some((local + end_of_day, until.tz_hour.is_some()))
        });
        let last = match until {
            Some((local, utc)) => local + if utc { DAY } else { 0 },
            None if rule.count.is_some() => i64::MAX / 1_000_000_000,
            None => self.horizon(start),
        };
        let last = last.min(253_370_764_800); // the year 9999
        let Ok(readings) = repeat(start.local, rule, last, MAX_OCCURRENCES + 1) else {
            self.repair("its repetition rule contradicts itself: its first occurrence was kept");
            return false;
        };
        let cut = readings.len() > MAX_OCCURRENCES;
        for reading in readings {
            let late = match until {
                Some((limit, true)) if !start.date_only => {
                    self.utc(&Stamp { local: reading, ..start.clone() }) > limit
                }
                Some((limit, _)) => reading > limit,
                None => false,
            };
            if !late {
                take(reading);
            }
        }
        cut
    }

    /// A rule without an end is worked out until here: two years after the newest of the dates that
    /// the event itself states. No clock is asked, so the same file always gives the same result.
    fn horizon(&mut self, start: &Stamp) -> i64 {
        let stated = [&Property::Dtstamp, &Property::LastModified, &Property::Created];
        let dates = stated.into_iter().filter_map(|name| self.stamp(name)).map(|s| s.local);
        dates.fold(start.local, i64::max).saturating_add(HORIZON_SECONDS)
    }

    fn has_unreadable_rule(&self) -> bool {
        self.event.properties(&Property::Rrule).any(|entry| {
            !entry.values.iter().any(|value| matches!(value, Value::RecurrenceRule(_)))
        })
    }

    /// RDATE: dates and periods.
    fn further_dates(&mut self, minutes: u32) -> Vec<(i64, u32)> {
        let event = self.event;
        let mut times = Vec::new();
        for entry in event.properties(&Property::Rdate) {
            for value in &entry.values {
                let (first, last, seconds) = match value {
                    Value::Period(ICalendarPeriod::Range { start, end }) => (start, Some(end), 0),
                    Value::Period(ICalendarPeriod::Duration { start, duration }) => {
                        (start, None, duration.as_seconds())
                    }
                    Value::PartialDateTime(date) => (date.as_ref(), None, i64::from(minutes) * 60),
                    _ => {
                        self.repair("a further date (RDATE) is no date and was left out");
                        continue;
                    }
                };
                let Some(first) = stamp_of(entry, first) else { continue };
                let from = self.utc(&first);
                let to = last.and_then(|date| stamp_of(entry, date)).map(|date| self.utc(&date));
                let seconds = to.map_or(seconds, |to| to - from).max(0);
                times.push((from, u32::try_from(seconds / 60).unwrap_or(u32::MAX)));
            }
        }
        times
    }

    /// EXDATE: whole days (as days since 1970) and moments.
    fn excluded(&mut self) -> (BTreeSet<i64>, BTreeSet<i64>) {
        let event = self.event;
        let (mut days, mut moments) = (BTreeSet::new(), BTreeSet::new());
        for entry in event.properties(&Property::Exdate) {
            for value in &entry.values {
                match stamp(entry, value) {
                    Some(date) if date.date_only => {
                        days.insert(date.local.div_euclid(DAY));
                    }
                    Some(date) => {
                        moments.insert(self.utc(&date));
                    }
                    None => self.repair("an excluded date (EXDATE) is no date and was ignored"),
                }
            }
        }
        (days, moments)
    }
}

fn rules<'a>(
    event: &'a ICalendarComponent,
    name: &'a Property,
) -> impl Iterator<Item = ICalendarRecurrenceRule> + 'a {
    event.properties(name).flat_map(|entry| &entry.values).filter_map(|value| match value {
        Value::RecurrenceRule(rule) => Some(rule.as_ref().clone()),
        _ => None,
    })
}

fn stamp(entry: &ICalendarEntry, value: &Value) -> Option<Stamp> {
    match value {
        Value::PartialDateTime(date) => stamp_of(entry, date),
        _ => None,
    }
}

fn stamp_of(entry: &ICalendarEntry, date: &calcard::common::PartialDateTime) -> Option<Stamp> {
    let local = local_seconds(date)?;
    let offset = date.tz_hour.map(|hours| {
        let seconds = i64::from(hours) * 3600 + i64::from(date.tz_minute.unwrap_or(0)) * 60;
        if date.tz_minus { -seconds } else { seconds }
    });
    let zone = entry.tz_id().map(str::to_owned);
    Some(Stamp { local, offset, date_only: !date.has_time(), zone })
}

/// The person behind ORGANIZER or ATTENDEE: a `mailto:` value, the EMAIL parameter where the value
/// is something else, and the name (CN).
fn mailbox(entry: &ICalendarEntry) -> Option<Mailbox> {
    let text = |name: &ICalendarParameterName| entry.parameter(name).and_then(|v| v.as_text());
    let clean = |text: &str| {
        let text = text.trim().trim_matches(['"', '\'']).trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let value = entry.calendar_address().and_then(|text| clean(strip_mailto(text)));
    let written = value.filter(|text| text.contains('@') && !text.contains(char::is_whitespace));
    let address = written.or_else(|| text(&ICalendarParameterName::Email).and_then(clean));
    let name = text(&ICalendarParameterName::Cn).and_then(clean);
    let name = name.filter(|name| Some(name) != address.as_ref());
    (address.is_some() || name.is_some())
        .then(|| Mailbox { name: name.map(Into::into), address: address.map(Into::into) })
}

fn strip_mailto(text: &str) -> &str {
    let text = text.trim();
    match text.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    }
}

fn status(entry: &ICalendarEntry) -> Status {
    let text = |name| entry.parameter(name).and_then(|v| v.as_text()).unwrap_or_default();
    let kind = text(&ICalendarParameterName::Cutype).to_ascii_uppercase();
    if matches!(kind.as_str(), "ROOM" | "RESOURCE") {
        return Status::Resource;
    }
    match text(&ICalendarParameterName::Partstat).to_ascii_uppercase().as_str() {
        "ACCEPTED" | "COMPLETED" | "IN-PROCESS" => Status::Accepted,
        // Who delegated does not attend; the delegate is listed too.
        "DECLINED" | "DELEGATED" => Status::Declined,
        "TENTATIVE" => Status::Tentative,
        _ => Status::NeedsAction,
    }
}
