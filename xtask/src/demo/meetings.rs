//! The meetings of the demo world and the calendars that hold them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::cast::{BEACON, COLLEGE, COUNCIL, Cast, HEARTH, ORGS, TRUST};
use super::clock::{self, DAYS, Local};
use super::dice::Dice;
use super::plan::Plan;

/// A single or recurring meeting.
pub(crate) struct Meeting {
    uid: String,
    title: &'static str,
    organiser: usize,
    /// Everyone else, with the answer.
    attendees: Vec<(usize, &'static str)>,
    start: Local,
    minutes: i64,
    /// Weeks between occurrences; 0 for a single meeting.
    every_weeks: i64,
    /// Days on which an occurrence falls out.
    without: Vec<i64>,
    /// An occurrence that is held at another time: (its day, when instead).
    moved: Option<(i64, Local)>,
    /// An occurrence that was called off.
    called_off: Option<i64>,
    cancelled: bool,
    room: bool,
}

/// Plans all meetings.
pub(crate) fn plan(cast: &Cast, plan: &Plan) -> Vec<Meeting> {
    let mut dice = Dice::new(4);
    let mut meetings = Vec::new();
    weekly_teams(cast, &mut meetings, &mut dice);
    groups_across(cast, &mut meetings, &mut dice);
    one_to_ones(cast, plan, &mut meetings, &mut dice);
    finish(cast, &mut meetings);
    meetings
}

/// Six departments meet weekly, in small teams.
fn weekly_teams(cast: &Cast, meetings: &mut Vec<Meeting>, dice: &mut Dice) {
    for (n, unit) in
        ["Housing", "Public Health", "Transport", "Integrated Care", "Retrofit", "Finance"]
            .iter()
            .enumerate()
    {
        let people: Vec<usize> = cast.unit(unit).iter().take(5).copied().collect();
        let start = Local { day: 2 + n as i64 % 5, minute: 9 * 60 + 30, second: 0 };
        series(meetings, &people, "Team meeting", start, 1, 45, dice);
    }
}

/// Groups that cross departments or organisations, along the planted brokers.
fn groups_across(cast: &Cast, meetings: &mut Vec<Meeting>, dice: &mut Dice) {
    let (priya, tom) = (cast.who("Priya", "Nair"), cast.who("Tom", "Acheson"));
    let ruth = cast.who("Ruth", "Adeyemi");
    let take = |unit: &str, skip: usize, n: usize| -> Vec<usize> {
        cast.unit(unit).iter().skip(skip).take(n).copied().collect()
    };
    let group = |lead: usize, parts: &[Vec<usize>]| -> Vec<usize> {
        std::iter::once(lead).chain(parts.iter().flatten().copied()).collect()
    };
    let groups = [
        (group(priya, &[take("Retrofit", 0, 2), take("Installations", 0, 1)]), "Retrofit board"),
        (group(tom, &[take("Discharge", 0, 1), take("Casework", 2, 1)]), "Warm discharge"),
        (group(ruth, &[take("Home Visits", 0, 3)]), "Home visits"),
        (
            group(
                cast.unit("Adult Social Care")[0],
                &[take("Public Health", 0, 3), take("Adult Social Care", 3, 2)],
            ),
            "Winter plan",
        ),
        (
            group(cast.unit("Planning")[0], &[take("Transport", 0, 2), take("Planning", 2, 1)]),
            "Street works",
        ),
        (
            group(
                cast.unit("Retrofit Academy")[0],
                &[take("Installations", 2, 1), take("Site Team", 1, 1)],
            ),
            "Installer cohort",
        ),
    ];
    for (n, (people, title)) in groups.iter().enumerate() {
        let start = Local { day: 2 + (n as i64 + 1) % 5, minute: 14 * 60, second: 0 };
        series(meetings, people, title, start, 2, 60, dice);
    }
}

/// Single meetings of two or three people who know each other well.
fn one_to_ones(cast: &Cast, plan: &Plan, meetings: &mut Vec<Meeting>, dice: &mut Dice) {
    let close: Vec<(usize, usize)> = plan
        .ties
        .iter()
        .filter(|tie| tie.every < 20 && tie.to == DAYS && tie.from == 0)
        .map(|tie| (tie.a, tie.b))
        .collect();
    for n in 0..230 {
        let Some((a, b)) = dice.pick(&close) else { return };
        let day = clock::next_working(dice.between(0, DAYS - 6));
        let minute = 9 * 60 + dice.between(0, 14) * 30;
        let answer = dice.pick(&["ACCEPTED", "ACCEPTED", "ACCEPTED", "TENTATIVE"]);
        let mut attendees = vec![(cast.mailbox_on(b, day), answer.unwrap_or("ACCEPTED"))];
        let common: Vec<usize> =
            plan.alters(a, day).into_iter().filter(|p| *p != b && plan.knows(*p, b, day)).collect();
        if dice.percent(30)
            && let Some(third) = dice.pick(&common)
        {
            let answer = dice.pick(&["DECLINED", "ACCEPTED", "NEEDS-ACTION"]);
            attendees.push((cast.mailbox_on(third, day), answer.unwrap_or("DECLINED")));
        }
        meetings.push(Meeting {
            uid: String::new(),
            title: "Catch-up",
            organiser: cast.mailbox_on(a, day),
            attendees,
            start: Local { day, minute, second: 0 },
            minutes: 30,
            every_weeks: 0,
            without: Vec::new(),
            moved: None,
            called_off: None,
            cancelled: n % 19 == 4,
            room: n % 6 == 0,
        });
    }
}

fn series(
    meetings: &mut Vec<Meeting>,
    people: &[usize],
    title: &'static str,
    start: Local,
    every_weeks: i64,
    minutes: i64,
    dice: &mut Dice,
) {
    let days = || (start.day..DAYS).step_by((every_weeks * 7) as usize);
    let without: Vec<i64> = days().filter(|day| !clock::is_working(*day)).collect();
    let held: Vec<i64> = days().filter(|day| !without.contains(day)).collect();
    let moved_day = held[held.len() / 2];
    let later = Local { day: clock::next_working(moved_day + 1), minute: 11 * 60, second: 0 };
    let attendees = people[1..].iter().enumerate().map(|(i, person)| {
        let answer = match i {
            0 => "ACCEPTED",
            1 => "TENTATIVE",
            _ => dice.pick(&["ACCEPTED", "ACCEPTED", "NEEDS-ACTION"]).unwrap_or("ACCEPTED"),
        };
        (*person, answer)
    });
    meetings.push(Meeting {
        uid: String::new(),
        title,
        organiser: people[0],
        attendees: attendees.collect(),
        start,
        minutes,
        every_weeks,
        without,
        moved: Some((moved_day, later)),
        called_off: Some(held[held.len() / 3]),
        cancelled: false,
        room: every_weeks == 1,
    });
}

/// People become mailboxes in series, and everyone gets an identifier.
fn finish(cast: &Cast, meetings: &mut [Meeting]) {
    for (n, meeting) in meetings.iter_mut().enumerate() {
        if meeting.every_weeks > 0 {
            let mailbox = |person: usize| cast.people[person].mailboxes[0];
            meeting.organiser = mailbox(meeting.organiser);
            for attendee in &mut meeting.attendees {
                attendee.0 = mailbox(attendee.0);
            }
        }
        let domain = cast.mailboxes[meeting.organiser].domain();
        meeting.uid = format!("{:08x}-{n:04}@{domain}", 0x5eed_0000_u32 + n as u32 * 977);
    }
}

impl Meeting {
    /// Starts of the occurrences by rule, before one is moved or called off.
    fn days(&self) -> Vec<i64> {
        if self.every_weeks == 0 {
            return vec![self.start.day];
        }
        let days = (self.start.day..DAYS).step_by((self.every_weeks * 7) as usize);
        days.filter(|day| !self.without.contains(day)).collect()
    }

    /// Occurrences that took place with at least two people.
    fn held(&self) -> usize {
        let declined = self.attendees.iter().filter(|a| a.1 == "DECLINED").count();
        if self.cancelled || self.attendees.len() - declined < 1 {
            return 0;
        }
        self.days().len() - usize::from(self.called_off.is_some())
    }

    /// Calendar components it takes: the series and its two exceptions.
    fn components(&self) -> usize {
        1 + usize::from(self.moved.is_some()) + usize::from(self.called_off.is_some())
    }

    fn concerns(&self, cast: &Cast, org: usize) -> bool {
        let domain = ORGS[org].domain;
        let everyone = self.attendees.iter().map(|a| a.0).chain([self.organiser]);
        everyone.into_iter().any(|mailbox| cast.mailboxes[mailbox].domain() == domain)
    }
}

/// How a calendar writes its time zone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Olson,
    Windows,
}

impl Zone {
    const fn name(self) -> &'static str {
        match self {
            Self::Olson => "Europe/London",
            Self::Windows => "GMT Standard Time",
        }
    }
}

/// The calendars: (path or name within the takeout, text), and their counts.
pub(crate) fn calendars(cast: &Cast, meetings: &[Meeting]) -> (Vec<(String, Vec<u8>)>, Value) {
    let mut files = Vec::new();
    let mut per_file = serde_json::Map::new();
    let mut seen = BTreeSet::new();
    for (org, path, zone) in [
        (COUNCIL, "archives/council-calendar.ics", Zone::Olson),
        (TRUST, "archives/trust-calendar.ics", Zone::Windows),
        (BEACON, "archives/beacon-calendar.ics", Zone::Olson),
        (HEARTH, "archives/warm-hearth-calendar.ics", Zone::Olson),
        (COLLEGE, "archives/college-takeout.zip", Zone::Olson),
    ] {
        let mine: Vec<&Meeting> = meetings.iter().filter(|m| m.concerns(cast, org)).collect();
        seen.extend(mine.iter().map(|meeting| meeting.uid.as_str()));
        let components: usize = mine.iter().map(|meeting| meeting.components()).sum();
        per_file.insert(path.to_owned(), json!({"components": components}));
        files.push((path.to_owned(), calendar(cast, &mine, zone).into_bytes()));
    }
    let known: Vec<&Meeting> = meetings.iter().filter(|m| seen.contains(m.uid.as_str())).collect();
    let counts = json!({
        "files": per_file,
        "meetings": known.len(),
        "series": known.iter().filter(|m| m.every_weeks > 0).count(),
        "components": known.iter().map(|m| m.components()).sum::<usize>(),
        "cancelled_meetings": known.iter().filter(|m| m.cancelled).count(),
        "cancelled_occurrences": known.iter().filter(|m| m.called_off.is_some()).count(),
        "moved_occurrences": known.iter().filter(|m| m.moved.is_some()).count(),
        "held_occurrences": known.iter().map(|m| m.held()).sum::<usize>(),
    });
    (files, counts)
}

/// The slice for tests: the calendar of meetings that only the given people attend, and how many
/// components it has.
pub(crate) fn slice(cast: &Cast, meetings: &[Meeting], people: &[usize]) -> (usize, Vec<u8>) {
    let boxes: Vec<usize> =
        people.iter().flat_map(|person| cast.people[*person].mailboxes.clone()).collect();
    let inside = |meeting: &&Meeting| {
        let mut everyone = meeting.attendees.iter().map(|a| a.0).chain([meeting.organiser]);
        everyone.all(|mailbox| boxes.contains(&mailbox))
    };
    let mine: Vec<&Meeting> = meetings.iter().filter(inside).collect();
    let components = mine.iter().map(|meeting| meeting.components()).sum();
    (components, calendar(cast, &mine, Zone::Olson).into_bytes())
}

fn calendar(cast: &Cast, meetings: &[&Meeting], zone: Zone) -> String {
    let mut text = String::new();
    line(&mut text, "BEGIN:VCALENDAR");
    line(&mut text, "PRODID:-//Northmoor//Demo//EN");
    line(&mut text, "VERSION:2.0");
    for part in [
        "BEGIN:VTIMEZONE",
        &format!("TZID:{}", zone.name()),
        "BEGIN:STANDARD",
        "DTSTART:19961027T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19810329T010000",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    ] {
        line(&mut text, part);
    }
    for meeting in meetings {
        component(&mut text, cast, meeting, zone, meeting.start, None, meeting.cancelled);
        if let Some((day, instead)) = meeting.moved {
            component(&mut text, cast, meeting, zone, instead, Some(day), false);
        }
        if let Some(day) = meeting.called_off {
            let start = Local { day, ..meeting.start };
            component(&mut text, cast, meeting, zone, start, Some(day), true);
        }
    }
    line(&mut text, "END:VCALENDAR");
    text
}

/// One VEVENT: the meeting itself, or an occurrence that differs (`instead_of`).
fn component(
    text: &mut String,
    cast: &Cast,
    meeting: &Meeting,
    zone: Zone,
    start: Local,
    instead_of: Option<i64>,
    cancelled: bool,
) {
    let at =
        |local: Local| format!("TZID={}:{}", zone.name(), local.civil().strftime("%Y%m%dT%H%M%S"));
    let end = Local { minute: start.minute + meeting.minutes, ..start };
    let written = Local { day: (meeting.start.day - 3).max(0), minute: 600, second: 0 };
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{}", meeting.uid));
    line(text, &format!("DTSTAMP:{}", utc(written)));
    line(text, &format!("DTSTART;{}", at(start)));
    if meeting.every_weeks == 2 {
        line(text, &format!("DURATION:PT{}M", meeting.minutes));
    } else {
        line(text, &format!("DTEND;{}", at(end)));
    }
    match instead_of {
        Some(day) => {
            let original = Local { day, ..meeting.start };
            line(text, &format!("RECURRENCE-ID;{}", at(original)));
            line(text, "SEQUENCE:1");
        }
        None => {
            recurrence(text, meeting, &at);
            line(text, "SEQUENCE:0");
        }
    }
    line(text, &format!("SUMMARY:{}", meeting.title));
    line(text, if cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    people(text, cast, meeting);
    line(text, "END:VEVENT");
}

fn recurrence(text: &mut String, meeting: &Meeting, at: &dyn Fn(Local) -> String) {
    if meeting.every_weeks == 0 {
        return;
    }
    // The rule ends with the demo world: nothing lies in its future.
    let until = utc(Local { day: DAYS - 1, minute: 18 * 60, second: 0 });
    line(text, &format!("RRULE:FREQ=WEEKLY;INTERVAL={};UNTIL={until}", meeting.every_weeks));
    for day in &meeting.without {
        line(text, &format!("EXDATE;{}", at(Local { day: *day, ..meeting.start })));
    }
}

fn people(text: &mut String, cast: &Cast, meeting: &Meeting) {
    let named = |mailbox: usize| {
        let mailbox = &cast.mailboxes[mailbox];
        let name = mailbox.name.replace('"', "");
        format!("CN=\"{name}\":mailto:{}", mailbox.email)
    };
    line(text, &format!("ORGANIZER;{}", named(meeting.organiser)));
    let own = named(meeting.organiser);
    line(text, &format!("ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED;{own}"));
    for (mailbox, answer) in &meeting.attendees {
        line(text, &format!("ATTENDEE;PARTSTAT={answer};RSVP=TRUE;{}", named(*mailbox)));
    }
    if meeting.room {
        line(
            text,
            "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED;CN=\"Room 2.14\":mailto:room-2-14@northmoor-council.example",
        );
        line(text, "LOCATION:Room 2.14");
    }
}

fn utc(local: Local) -> String {
    let at: Timestamp = local.utc().0;
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A content line, folded after 74 bytes at a character boundary, with CRLF.
fn line(text: &mut String, content: &str) {
    let mut width = 0;
    for c in content.chars() {
        if width + c.len_utf8() > 74 {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(c);
        width += c.len_utf8();
    }
    let _ = write!(text, "\r\n");
}
