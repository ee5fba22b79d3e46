//! Times to meet across time zones that share inconvenience fairly over time ([Tieline]).
//!
//! Each slot costs each party points by the local clock of whichever of its people has it worst
//! ([`points_at`]). A party's burden is what its earlier meetings cost it, and the slot. Slots are
//! ordered by the largest burden that they leave any party with, then by the second largest, and so
//! on (leximin fairness); then by the points of the slot alone; then the earliest. So whoever got up
//! early last time does not next time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::reservation::Interval;
use crate::id::PartyId;
use crate::time::Moment;

/// Longest time searched, in days.
pub const MAX_SEARCH_DAYS: f64 = 62.0;

/// Minutes between the beginnings of slots.
pub const STEP_MINUTES: i64 = 30;

/// Longest meeting, in minutes.
pub const MAX_MINUTES: i64 = 480;

const MINUTE_MS: i64 = 60_000;

/// Someone who should be there.
#[derive(Debug, Clone)]
pub struct Attendee {
    /// For which party.
    pub party: PartyId,
    /// Whose clock counts.
    pub zone: TimeZone,
    /// When not to be had.
    pub busy: Vec<Interval>,
}

/// Why no times can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeetingError {
    /// Nobody to meet.
    #[error("name who should be there")]
    Nobody,
    /// Too long a search.
    #[error("look for times within at most {MAX_SEARCH_DAYS} days")]
    Window,
    /// Too short or too long a meeting.
    #[error("a meeting lasts from 1 to {MAX_MINUTES} minutes")]
    Length,
}

/// A time at which everyone can be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When.
    pub when: Interval,
    /// What it costs each party, in points.
    pub points: BTreeMap<PartyId, u32>,
    /// What each party would then have borne in all, in points.
    pub burden: BTreeMap<PartyId, u32>,
}

/// What a moment costs someone by the local clock, in points: Monday to Friday 0 from 9 to 17,
/// 1 from 8 and to 18, 3 from 7 and to 20, 6 from 6 and to 22, 10 at night; at weekends 6 at least.
pub fn points_at(at: Moment, zone: &TimeZone) -> u32 {
    let local = at.timestamp().to_zoned(zone.clone());
    let by_hour = match local.hour() {
        9..=16 => 0,
        8 | 17 => 1,
        7 | 18 | 19 => 3,
        6 | 20 | 21 => 6,
        _ => 10,
    };
    let is_weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
    if is_weekend { by_hour.max(6) } else { by_hour }
}

/// **Summary** – when these people can meet, the fairest time first.
/// **Input** – `past`: points that each party has borne so far (sum of [`Slot::points`] of meetings
/// held); `window`: where slots must lie; `most`: how many to return.
/// **Complexity** – O(slots (attendees + zones)); at most about 3,000 slots.
///
/// # Errors
/// Nobody to meet, a window or a length out of range.
pub fn slots(
    attendees: &[Attendee],
    past: &BTreeMap<PartyId, u32>,
    window: Interval,
    minutes: i64,
    most: usize,
) -> Result<Vec<Slot>, MeetingError> {
    if attendees.is_empty() {
        return Err(MeetingError::Nobody);
    }
    if window.to.days_since(window.from) > MAX_SEARCH_DAYS {
        return Err(MeetingError::Window);
    }
    if !(1..=MAX_MINUTES).contains(&minutes) {
        return Err(MeetingError::Length);
    }
    let clocks = clocks(attendees);
    let step = STEP_MINUTES * MINUTE_MS;
    let first = window.from.ms().div_euclid(step) * step;
    let starts = (0_i64..).map(|n| first + n * step).skip_while(|start| *start < window.from.ms());
    let mut found: Vec<Slot> = starts
        .map(|start| (start, start + minutes * MINUTE_MS))
        .take_while(|(_, end)| *end <= window.to.ms())
        .map(|(start, end)| Interval { from: Moment::from_ms(start), to: Moment::from_ms(end) })
        .filter(|when| is_free(attendees, when))
        .map(|when| slot(when, &clocks, past))
        .collect();
    found.sort_by_cached_key(|slot| {
        let mut burdens: Vec<u32> = slot.burden.values().copied().collect();
        burdens.sort_unstable_by_key(|burden| Reverse(*burden));
        (burdens, slot.points.values().sum::<u32>(), slot.when.from)
    });
    found.truncate(most);
    Ok(found)
}

/// The clocks of each party, each zone once.
fn clocks(attendees: &[Attendee]) -> BTreeMap<PartyId, Vec<TimeZone>> {
    let mut clocks: BTreeMap<PartyId, Vec<TimeZone>> = BTreeMap::new();
    for attendee in attendees {
        let zones = clocks.entry(attendee.party).or_default();
        if !zones.contains(&attendee.zone) {
            zones.push(attendee.zone.clone());
        }
    }
    clocks
}

fn is_free(attendees: &[Attendee], when: &Interval) -> bool {
    attendees.iter().all(|attendee| attendee.busy.iter().all(|busy| !busy.overlaps(when)))
}

fn slot(
    when: Interval,
    clocks: &BTreeMap<PartyId, Vec<TimeZone>>,
    past: &BTreeMap<PartyId, u32>,
) -> Slot {
    // Every half hour of the meeting, and its last minute.
    let last = when.to.ms() - MINUTE_MS;
    let moments = || {
        let step = (STEP_MINUTES * MINUTE_MS) as usize;
        (when.from.ms()..when.to.ms()).step_by(step).chain([last]).map(Moment::from_ms)
    };
    let worst = |zones: &Vec<TimeZone>| {
        zones.iter().flat_map(|zone| moments().map(|at| points_at(at, zone))).max().unwrap_or(0)
    };
    let points: BTreeMap<PartyId, u32> =
        clocks.iter().map(|(party, zones)| (*party, worst(zones))).collect();
    let burden = points
        .iter()
        .map(|(party, points)| {
            (*party, past.get(party).copied().unwrap_or(0).saturating_add(*points))
        })
        .collect();
    Slot { when, points, burden }
}
