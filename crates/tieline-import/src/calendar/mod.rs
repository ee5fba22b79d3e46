//! iCalendar: meetings with their occurrences and attendees.
//!
//! The file is streamed component by component. Of an event only what concerns who met when is ever
//! held: titles, descriptions, places and attachments are dropped while reading. To-dos, journals,
//! free/busy times and alarms are no meetings and are not read.

mod event;
mod later;
mod repeat;
mod zone;

use std::collections::{BTreeMap, VecDeque};
use std::io::BufRead;

use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType};
use calcard::{Entry, Parser};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

use crate::lines::{ContentLine, ContentLines};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::text;
use event::{Entry as Event, Surroundings, entry, zones_used};
use later::Series;
use zone::{Zones, named};

/// Properties of an event that say who met when. Everything else is dropped unread.
const KEPT: [&str; 17] = [
    "UID",
    "RECURRENCE-ID",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "EXRULE",
    "STATUS",
    "ORGANIZER",
    "ATTENDEE",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "TZID",
];

/// Bytes kept of one component; an event with more attendees than fit is cut.
const MAX_COMPONENT: usize = 4 * 1024 * 1024;
/// Events that wait for a time zone which the file defines only after them.
const MAX_WAITING: usize = 2000;

/// Reads iCalendar files (`.ics`, `.ical`, `.vcs`).
#[derive(Debug)]
pub struct Calendar;

impl Source for Calendar {
    fn name(&self) -> &'static str {
        "icalendar"
    }

    fn about(&self) -> &'static str {
        "meetings of a calendar file (.ics), with recurrences, attendees and their answers"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let head = text::head(probe.head);
        let begins = head.lines().map(str::trim).find(|line| !line.is_empty());
        let named =
            ["ics", "ical", "ifb", "icalendar", "vcs"].iter().any(|e| probe.has_extension(e));
        match begins.map(str::to_ascii_uppercase).as_deref() {
            Some("BEGIN:VCALENDAR") => Confidence::Certain,
            Some("BEGIN:VEVENT") => Confidence::Likely,
            _ if head.to_ascii_uppercase().contains("BEGIN:VCALENDAR") && named => {
                Confidence::Likely
            }
            _ if named => Confidence::Possible,
            _ => Confidence::No,
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut input = text::as_utf8(input)?;
        let mut lines = ContentLines::new(&mut input);
        let mut reader = Reader::new(sink);
        while let Some(line) = lines.next()? {
            reader.line(&line)?;
        }
        reader.end()
    }
}

/// A component while its lines arrive.
struct Open {
    offset: u64,
    text: String,
    /// Names of the components open inside it.
    inside: Vec<String>,
    recoded: bool,
    /// Lines that are no properties.
    broken_lines: u32,
    cut: bool,
}

/// An event that waits for its time zone.
struct Waiting {
    offset: u64,
    event: ICalendarComponent,
    repairs: Vec<String>,
}

struct Reader<'a> {
    sink: &'a mut dyn Sink,
    zones: Zones,
    method: String,
    open: Option<(&'static str, Open)>,
    waiting: VecDeque<Waiting>,
    series: Series,
    /// Whether waiting has been given up in this calendar.
    patience_lost: bool,
    events: u64,
    others: BTreeMap<String, u64>,
    any_line: bool,
}

impl<'a> Reader<'a> {
    fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            zones: Zones::default(),
            method: String::new(),
            open: None,
            waiting: VecDeque::new(),
            series: Series::default(),
            patience_lost: false,
            events: 0,
            others: BTreeMap::new(),
            any_line: false,
        }
    }

    fn line(&mut self, line: &ContentLine) -> Result<(), Stop> {
        self.any_line |= !line.text.trim().is_empty();
        if let Some(name) = line.bracket("BEGIN") {
            return self.begin(&name, line.offset);
        }
        if let Some(name) = line.bracket("END") {
            return self.close(&name);
        }
        if let Some((kind, open)) = &mut self.open {
            open.take(kind, line);
            return Ok(());
        }
        match line.name().as_deref() {
            Some("METHOD") => self.method = line.value().to_ascii_uppercase(),
            Some("X-WR-TIMEZONE") => self.zones.default = named(line.value()),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, name: &str, offset: u64) -> Result<(), Stop> {
        let kind = match name {
            "VEVENT" => "VEVENT",
            "VTIMEZONE" => "VTIMEZONE",
            "VCALENDAR" => {
                self.finish_component(true)?;
                return self.finish_calendar();
            }
            _ => {
                if let Some((kind, open)) = &mut self.open {
                    open.inside.push(name.to_owned());
                    if *kind == "VTIMEZONE" {
                        open.push(&format!("BEGIN:{name}"));
                    }
                } else {
                    *self.others.entry(name.to_owned()).or_default() += 1;
                }
                return Ok(());
            }
        };
        // Neither nests: an open one was never closed.
        self.finish_component(true)?;
        self.open = Some((kind, Open::new(offset)));
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Stop> {
        if name == "VCALENDAR" {
            self.finish_component(true)?;
            return self.finish_calendar();
        }
        let Some((kind, open)) = &mut self.open else { return Ok(()) };
        if name == *kind {
            return self.finish_component(false);
        }
        if let Some(at) = open.inside.iter().rposition(|inner| inner == name) {
            for inner in open.inside.split_off(at).into_iter().rev() {
                if *kind == "VTIMEZONE" {
                    open.push(&format!("END:{inner}"));
                }
            }
        }
        Ok(())
    }

    fn finish_component(&mut self, unterminated: bool) -> Result<(), Stop> {
        let Some((kind, mut open)) = self.open.take() else { return Ok(()) };
        for inner in std::mem::take(&mut open.inside).into_iter().rev() {
            if kind == "VTIMEZONE" {
                open.push(&format!("END:{inner}"));
            }
        }
        let calendar = parse(kind, &open.text);
        if kind == "VTIMEZONE" {
            if let Some((zone, parts)) = calendar.as_ref().and_then(zone_parts) {
                self.zones.define(zone, &parts);
            }
            return Ok(());
        }
        self.events += 1;
        let event = calendar.and_then(|calendar| {
            calendar
                .components
                .into_iter()
                .find(|part| part.component_type == ICalendarComponentType::VEvent)
        });
        let position = Position::Byte(open.offset);
        let Some(event) = event else {
            return self.sink.issue(position, Severity::Lost, "meeting that cannot be read".into());
        };
        let repairs = open.repairs(unterminated);
        let unknown = zones_used(&event).any(|id| self.zones.find(id).is_none());
        if !self.patience_lost && (unknown || !self.waiting.is_empty()) {
            self.waiting.push_back(Waiting { offset: open.offset, event, repairs });
            if self.waiting.len() >= MAX_WAITING {
                self.patience_lost = true;
                self.flush()?;
            }
            return Ok(());
        }
        self.deliver(&Waiting { offset: open.offset, event, repairs })
    }

    /// Delivers what waited for a time zone.
    fn flush(&mut self) -> Result<(), Stop> {
        while let Some(waiting) = self.waiting.pop_front() {
            self.deliver(&waiting)?;
        }
        Ok(())
    }

    fn deliver(&mut self, waiting: &Waiting) -> Result<(), Stop> {
        let around = Surroundings { method: &self.method, zones: &self.zones };
        let position = Position::Byte(waiting.offset);
        match entry(&waiting.event, &around) {
            Ok(mut event) => {
                event.repairs.splice(0..0, waiting.repairs.iter().cloned());
                match self.series.take(position, event) {
                    Some(event) => self.hand_over(position, event),
                    None => Ok(()),
                }
            }
            Err(reason) => self.sink.issue(position, Severity::Lost, reason),
        }
    }

    fn hand_over(&mut self, position: Position, event: Event) -> Result<(), Stop> {
        if !event.repairs.is_empty() {
            self.sink.issue(position, Severity::Repaired, event.repairs.join("; "))?;
        }
        self.sink.record(position, Record::Gathering(Box::new(event.gathering)))
    }

    fn finish_calendar(&mut self) -> Result<(), Stop> {
        self.flush()?;
        for (position, event) in self.series.settle() {
            self.hand_over(position, event)?;
        }
        self.patience_lost = false;
        self.method.clear();
        self.zones = Zones::default();
        Ok(())
    }

    fn end(mut self) -> Result<(), Stop> {
        self.finish_component(true)?;
        self.finish_calendar()?;
        if self.events > 0 {
            return Ok(());
        }
        let (severity, reason) = if !self.any_line {
            (Severity::Repaired, "empty file".to_owned())
        } else if self.others.is_empty() && self.zones_only() {
            (Severity::Lost, "no calendar entry could be found in it".to_owned())
        } else {
            let what: Vec<String> =
                self.others.iter().map(|(name, count)| format!("{count} {name}")).collect();
            let what = if what.is_empty() { "nothing else".to_owned() } else { what.join(", ") };
            (Severity::Repaired, format!("no meetings in it, only {what}, which is not read"))
        };
        self.sink.issue(Position::File, severity, reason)
    }

    fn zones_only(&self) -> bool {
        self.others.is_empty()
    }
}

impl Open {
    fn new(offset: u64) -> Self {
        let (text, inside) = (String::new(), Vec::new());
        Self { offset, text, inside, recoded: false, broken_lines: 0, cut: false }
    }

    fn take(&mut self, kind: &str, line: &ContentLine) {
        if kind == "VTIMEZONE" {
            self.push(&line.text);
            return;
        }
        // What is inside an event (an alarm and whom it writes to) says nothing about who meets.
        if !self.inside.is_empty() {
            return;
        }
        match line.name() {
            Some(name) if KEPT.contains(&name.as_str()) => {
                self.recoded |= line.recoded;
                if name.ends_with("RULE") {
                    self.push(&tidy_rule(&line.text));
                } else {
                    self.push(&line.text);
                }
            }
            None if !line.text.trim().is_empty() => self.broken_lines += 1,
            _ => {}
        }
    }

    fn push(&mut self, line: &str) {
        if self.text.len() + line.len() > MAX_COMPONENT {
            self.cut = true;
            return;
        }
        self.text.push_str(line);
        self.text.push_str("\r\n");
    }

    fn repairs(&self, unterminated: bool) -> Vec<String> {
        let mut repairs = Vec::new();
        let mut say = |holds: bool, what: &str| {
            if holds {
                repairs.push(what.to_owned());
            }
        };
        say(unterminated, "has no END:VEVENT");
        say(self.recoded, "is not in UTF-8: read as Windows-1252");
        say(self.broken_lines > 0, "holds lines that are no properties: they were skipped");
        say(self.cut, "is too large: what did not fit was left out");
        repairs
    }
}

/// A repetition rule without the escapes that some programs put into it, and without a COUNT that
/// counts nothing.
fn tidy_rule(line: &str) -> String {
    let line = line.replace('\\', "");
    let parts = line.split(';').filter(|part| {
        let count = part.trim().to_ascii_uppercase();
        let count = count.strip_prefix("COUNT=").map(|number| number.trim().parse::<i64>());
        !matches!(count, Some(Ok(number)) if number <= 0)
    });
    parts.collect::<Vec<_>>().join(";")
}

fn parse(kind: &str, lines: &str) -> Option<ICalendar> {
    let text = format!("BEGIN:VCALENDAR\r\nBEGIN:{kind}\r\n{lines}END:{kind}\r\nEND:VCALENDAR\r\n");
    match Parser::new(&text).entry() {
        Entry::ICalendar(calendar) => Some(calendar),
        _ => None,
    }
}

/// A zone and its STANDARD and DAYLIGHT parts.
fn zone_parts(calendar: &ICalendar) -> Option<(&ICalendarComponent, Vec<ICalendarComponent>)> {
    use ICalendarComponentType::{Daylight, Standard, VTimezone};
    let zone = calendar.components.iter().find(|part| part.component_type == VTimezone)?;
    let parts = calendar
        .components
        .iter()
        .filter(|part| matches!(part.component_type, Standard | Daylight))
        .cloned()
        .collect();
    Some((zone, parts))
}

#[cfg(test)]
mod tests;
