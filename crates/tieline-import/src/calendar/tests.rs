use std::io::BufReader;

use proptest::prelude::*;
use tieline_model::id::EventId;
use tieline_model::interaction::Status;
use tieline_model::record::Gathering;

use super::*;
use crate::testing::{Collected, read_bytes};

fn read(text: &str) -> Collected {
    read_bytes(&Calendar, "test.ics", text.as_bytes())
}

fn calendar(body: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{body}END:VCALENDAR\n").replace('\n', "\r\n")
}

fn event(body: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:u1\n{body}END:VEVENT\n"))
}

fn only(collected: &Collected) -> Gathering {
    match collected.records.as_slice() {
        [(_, Record::Gathering(gathering))] => gathering.as_ref().clone(),
        other => panic!("{other:?} {:?}", collected.issues),
    }
}

fn starts(collected: &Collected) -> Vec<String> {
    only(collected).occurrences.iter().map(|o| o.at.to_string()).collect()
}

#[test]
fn a_meeting_keeps_its_people_answers_start_and_length() {
    let found = read(&event(
        "SEQUENCE:3\nDTSTART;TZID=Europe/Berlin:20260330T090000\nDTEND;TZID=Europe/Berlin:20260330T\n 103000\n\
         ORGANIZER;CN=\"Ngo, Amara\":mailto:amara@example.org\n\
         ATTENDEE;PARTSTAT=DECLINED:MAILTO:bo@example.org\n\
         ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room1@example.org\n\
         ATTENDEE;EMAIL=cy@example.org;PARTSTAT=ACCEPTED:urn:uuid:1\n\
         BEGIN:VALARM\nATTENDEE:mailto:alarm@example.org\nEND:VALARM\n",
    ));
    let gathering = only(&found);
    assert_eq!(gathering.revision, 6);
    let organiser = gathering.organiser.as_ref().unwrap();
    assert_eq!(organiser.name.as_deref(), Some("Ngo, Amara"));
    assert_eq!(organiser.address.as_deref(), Some("amara@example.org"));
    let answers: Vec<_> =
        gathering.attendees.iter().map(|(m, s)| (m.address.as_deref().unwrap(), *s)).collect();
    assert_eq!(
        answers,
        [
            ("bo@example.org", Status::Declined),
            ("room1@example.org", Status::Resource),
            ("cy@example.org", Status::Accepted),
        ]
    );
    // 09:00 in Berlin on the day after the change to summer time is 07:00 UTC.
    assert_eq!(starts(&found), ["2026-03-30T07:00:00Z"]);
    assert_eq!(gathering.occurrences[0].minutes, 90);
    assert_eq!(gathering.occurrences[0].event, EventId::of(&[b"ical", b"u1"]));
    assert!(found.issues.is_empty(), "{:?}", found.issues);
}

#[test]
fn a_rescheduled_single_meeting_stays_the_same_event() {
    let at = |day: &str, seq: &str| {
        only(&read(&event(&format!("SEQUENCE:{seq}\nDTSTART:202601{day}T100000Z\n"))))
    };
    let (old, new) = (at("05", "0"), at("06", "1"));
    assert_eq!(old.occurrences[0].event, new.occurrences[0].event);
    assert!(new.revision > old.revision);
}

#[test]
fn a_weekly_meeting_keeps_its_wall_clock_time_over_the_change_of_summer_time() {
    let found = read(&event(
        "DTSTART;TZID=America/New_York:20260301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\n",
    ));
    assert_eq!(
        starts(&found),
        ["2026-03-01T14:00:00Z", "2026-03-08T13:00:00Z", "2026-03-15T13:00:00Z"]
    );
}

#[test]
fn excluded_and_further_dates_and_until_are_honoured() {
    let found = read(&event(
        "DTSTART;TZID=Europe/Berlin:20260105T100000\n\
         RRULE:FREQ=DAILY;UNTIL=20260109T090000Z\n\
         EXDATE;TZID=Europe/Berlin:20260106T100000\nEXDATE;VALUE=DATE:20260107\n\
         RDATE;TZID=Europe/Berlin:20260201T100000\n",
    ));
    assert_eq!(
        starts(&found),
        [
            "2026-01-05T09:00:00Z",
            "2026-01-08T09:00:00Z",
            "2026-01-09T09:00:00Z",
            "2026-02-01T09:00:00Z"
        ]
    );
}

#[test]
fn an_override_has_the_event_of_the_occurrence_it_changes_and_outranks_it() {
    let found = read(&calendar(
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260105T100000Z\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID:20260106T100000Z\nDTSTART:20260106T150000Z\n\
         STATUS:CANCELLED\nEND:VEVENT\n",
    ));
    let gatherings: Vec<_> = found
        .records
        .iter()
        .map(|(_, record)| match record {
            Record::Gathering(gathering) => gathering,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(gatherings[0].occurrences[1].event, gatherings[1].occurrences[0].event);
    assert!(gatherings[1].revision > gatherings[0].revision);
    assert!(gatherings[1].occurrences[0].cancelled);
    assert_eq!(gatherings[1].occurrences[0].at.to_string(), "2026-01-06T15:00:00Z");
}

/// Where each override puts the occurrences, and how long they last, as read.
fn moved(text: &str) -> Vec<(String, u32)> {
    let found = read(text);
    assert!(found.issues.is_empty(), "{:?}", found.issues);
    let gatherings = found.records.iter().filter_map(|(_, record)| match record {
        Record::Gathering(gathering) if gathering.revision % 2 == 1 => Some(gathering),
        _ => None,
    });
    let all = gatherings.flat_map(|gathering| gathering.occurrences.clone());
    all.map(|one| (one.at.to_string(), one.minutes)).collect()
}

#[test]
fn a_change_of_this_and_later_occurrences_moves_each_by_the_same_clock_time_up_to_the_next_change()
{
    // Every second day at 12:00, six times. From the second on 3 hours earlier and 30 minutes long;
    // the third has a change of its own; from the fifth on a day later.
    let series = "BEGIN:VEVENT\nUID:u1\nDTSTART:20260601T120000Z\nDTEND:20260601T140000Z\n\
                  RRULE:FREQ=DAILY;INTERVAL=2;COUNT=6\nEND:VEVENT\n";
    let changes = "BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260603T120000Z\n\
                   DTSTART:20260603T090000Z\nDURATION:PT30M\nEND:VEVENT\n\
                   BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID:20260605T120000Z\n\
                   DTSTART:20260605T170000Z\nDURATION:PT20M\nEND:VEVENT\n\
                   BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260609T120000Z\n\
                   DTSTART:20260610T120000Z\nDURATION:PT40M\nEND:VEVENT\n";
    let expected = [
        ("2026-06-03T09:00:00Z", 30),
        ("2026-06-05T17:00:00Z", 20),
        ("2026-06-07T09:00:00Z", 30),
        ("2026-06-10T12:00:00Z", 40),
        ("2026-06-12T12:00:00Z", 40),
    ];
    for body in [format!("{series}{changes}"), format!("{changes}{series}")] {
        let mut found = moved(&calendar(&body));
        found.sort();
        assert_eq!(found, expected.map(|(at, minutes)| (at.to_owned(), minutes)));
        let records = read(&calendar(&body)).records;
        let events: Vec<EventId> = records
            .iter()
            .flat_map(|(_, record)| match record {
                Record::Gathering(gathering) => gathering.occurrences.clone(),
                other => panic!("{other:?}"),
            })
            .map(|one| one.event)
            .collect();
        let distinct: std::collections::BTreeSet<_> = events.iter().collect();
        assert_eq!((events.len(), distinct.len()), (6 + 5, 6), "each change is of an occurrence");
    }
}

#[test]
fn later_occurrences_keep_their_new_clock_time_over_the_change_of_summer_time() {
    // 09:00 in New York, from 1 March 2026 on at 11:00; summer time begins on 8 March.
    let found = moved(&calendar(
        "BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=America/New_York:20260222T090000\n\
         RRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260301T140000Z\n\
         DTSTART;TZID=America/New_York:20260301T110000\nDURATION:PT1H\nEND:VEVENT\n",
    ));
    let at: Vec<&str> = found.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(at, ["2026-03-01T16:00:00Z", "2026-03-08T15:00:00Z", "2026-03-15T15:00:00Z"]);
}

#[test]
fn later_occurrences_can_be_cancelled_or_stated_by_the_change_itself() {
    let cancelled = read(&calendar(
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260601T120000Z\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260603T120000Z\n\
         DTSTART:20260603T120000Z\nSTATUS:CANCELLED\nEND:VEVENT\n",
    ));
    let Record::Gathering(change) = &cancelled.records[1].1 else { panic!("a gathering") };
    assert_eq!(change.occurrences.len(), 2);
    assert!(change.occurrences.iter().all(|one| one.cancelled));
    // As Lotus Notes writes a changed series, without the series itself.
    let stated = moved(&event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260601T120000Z\nDTSTART:20260601T120000Z\n\
         DTEND:20260601T123000Z\n\
         RDATE;VALUE=PERIOD:20260601T120000Z/20260601T123000Z,20260608T120000Z/20260608T123000Z\n",
    ));
    let at: Vec<&str> = stated.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(at, ["2026-06-01T12:00:00Z", "2026-06-08T12:00:00Z"]);
    let alone = read(&event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260601T120000Z\nDTSTART:20260601T130000Z\n",
    ));
    assert_eq!(only(&alone).occurrences.len(), 1);
    assert!(alone.issues[0].2.contains("not known here"), "{:?}", alone.issues);
}

#[test]
fn a_rule_without_end_stops_two_years_after_the_newest_date_stated() {
    let found =
        read(&event("DTSTAMP:20260101T000000Z\nDTSTART:20200106T100000Z\nRRULE:FREQ=WEEKLY\n"));
    let last = starts(&found).pop().unwrap();
    assert!(last.starts_with("2028-01-0") || last.starts_with("2027-12-"), "{last}");
    let many = read(&event("DTSTART:20200106T100000Z\nRRULE:FREQ=HOURLY\n"));
    assert_eq!(only(&many).occurrences.len(), 4000);
    assert!(many.issues[0].2.contains("4000"), "{:?}", many.issues);
}

#[test]
fn a_whole_day_has_no_length() {
    let found = read(&event("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260106\n"));
    assert_eq!(only(&found).occurrences[0].minutes, 0);
    assert_eq!(starts(&found), ["2026-01-05T00:00:00Z"]);
    assert!(found.issues.is_empty());
}

#[test]
fn zones_are_found_by_windows_name_and_by_the_files_own_definition_even_when_it_comes_later() {
    let windows = read(&event("DTSTART;TZID=W. Europe Standard Time:20260701T100000\n"));
    assert_eq!(starts(&windows), ["2026-07-01T08:00:00Z"]);
    let zone = "BEGIN:VTIMEZONE\nTZID:Hall\nBEGIN:STANDARD\nDTSTART:19701025T030000\n\
                RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\n\
                END:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700329T020000\n\
                RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\n\
                END:DAYLIGHT\nEND:VTIMEZONE\n";
    for (date, utc) in
        [("20260701T100000", "2026-07-01T07:00:00Z"), ("20260101T100000", "2026-01-01T08:00:00Z")]
    {
        let event = format!("BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Hall:{date}\nEND:VEVENT\n");
        for body in [format!("{zone}{event}"), format!("{event}{zone}")] {
            let found = read(&calendar(&body));
            assert_eq!(starts(&found), [utc]);
            assert!(found.issues.is_empty(), "{:?}", found.issues);
        }
    }
}

#[test]
fn what_cannot_be_placed_is_an_issue_with_its_byte_and_reason() {
    let lost = read(&event("SUMMARY:x\n"));
    assert!(lost.records.is_empty());
    assert_eq!(lost.issues.len(), 1);
    assert_eq!(lost.issues[0].0, Position::Byte(30));
    assert_eq!(lost.issues[0].1, Severity::Lost);
    for (text, reason) in [
        (event("DTSTART:20261399T100000Z\n"), "is no date"),
        (event("DTSTART:tomorrow\n"), "is no date"),
        (event("DTSTART;TZID=Nowhere:20260101T100000\n"), "time zone is not known"),
        (event("DTSTART:20260101T100000\n"), "states no time zone"),
        (event("DTSTART:20260101T100000Z\nDTEND:20260101T090000Z\n"), "ends before it begins"),
        (
            event("DTSTART:20260101T100000Z\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:20260101T100000Z\n"),
            "every occurrence is excluded",
        ),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\n".into(), "no END"),
        (calendar("BEGIN:VTODO\nUID:1\nEND:VTODO\n"), "only 1 VTODO"),
        ("hello".into(), "no calendar entry"),
        (String::new(), "empty file"),
    ] {
        let found = read(&text);
        let reasons: Vec<_> = found.issues.iter().map(|issue| issue.2.as_str()).collect();
        assert!(reasons.iter().any(|r| r.contains(reason)), "{text}: {reasons:?}");
    }
}

#[test]
fn a_missing_uid_is_replaced_by_a_hash_that_is_the_same_every_time() {
    let text = calendar(
        "BEGIN:VEVENT\nDTSTART:20260101T100000Z\nATTENDEE:mailto:a@example.org\nEND:VEVENT\n",
    );
    let event = |found: &Collected| only(found).occurrences[0].event;
    assert_eq!(event(&read(&text)), event(&read(&text)));
    assert_ne!(event(&read(&text)), event(&read(&text.replace("a@", "b@"))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_calendars_never_panic_and_buffer_sizes_do_not_matter(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        capacity in 1usize..64,
    ) {
        let mut bytes = calendar(
            "BEGIN:VTIMEZONE\nTZID:Hall\nBEGIN:STANDARD\nDTSTART:19701025T030000\n\
             RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\n\
             END:STANDARD\nEND:VTIMEZONE\n\
             BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Hall:20260105T100000\nDURATION:PT1H\n\
             RRULE:FREQ=MONTHLY;BYDAY=2MO;COUNT=5\nEXDATE;TZID=Hall:20260209T100000\n\
             RDATE;VALUE=PERIOD:20260301T100000Z/PT2H\n\
             ATTENDEE;CN=\"A, B\";PARTSTAT=ACCEPTED:mailto:a@example.org\nEND:VEVENT\n",
        ).into_bytes();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let whole = read_bytes(&Calendar, "x.ics", &bytes);
        let mut pieces = Collected::default();
        let mut input = BufReader::with_capacity(capacity, &bytes[..]);
        Calendar.read(&mut input, &crate::testing::context("x.ics"), &mut pieces).unwrap();
        // UTF-16 without a mark can only be told when the first bytes come at once.
        if capacity >= 16 {
            prop_assert_eq!(whole.records, pieces.records);
            prop_assert_eq!(whole.issues, pieces.issues);
        }
    }
}
