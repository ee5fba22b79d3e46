//! Overrides of this and all later occurrences of a series (RFC 5545, 3.2.13 and 3.8.4.4): each later
//! occurrence moves by the same wall clock time and gets the same length, people and state, up to the
//! next such override; an occurrence that has an override of its own keeps that.
//!
//! The series may stand after its overrides, so they wait for the end of their calendar.

use std::collections::{BTreeSet, HashMap};

use tieline_model::issue::Position;
use tieline_model::record::Occurrence;
use tieline_model::time::Moment;

use super::event::{Change, Entry, occurrence_id};

/// Moments remembered of one calendar, of all its series together: 16 MB.
const MAX_MOMENTS: usize = 2_000_000;
/// Overrides that wait.
const MAX_WAITING: usize = 2000;

const ALONE: &str = "changes this and all later occurrences of a series that is not known here: only this one was changed";

/// The series of one calendar, and the overrides that wait for them.
#[derive(Default)]
pub(super) struct Series {
    by_uid: HashMap<String, Known>,
    moments: usize,
    waiting: Vec<(Position, Entry)>,
}

/// What is known of one series.
#[derive(Default)]
struct Known {
    revision: u32,
    /// UTC seconds at which its newest version would take place, in order.
    times: Vec<i64>,
    /// Of these the ones that have an override of their own.
    overridden: BTreeSet<i64>,
}

impl Series {
    /// Remembers what later overrides have to know; gives the entry back unless it has to wait.
    pub(super) fn take(&mut self, position: Position, mut entry: Entry) -> Option<Entry> {
        match &entry.change {
            Some(Change { later: Some(_), .. }) if self.waiting.len() < MAX_WAITING => {
                self.waiting.push((position, entry));
                return None;
            }
            Some(Change { later: Some(_), .. }) => entry.repairs.push(ALONE.to_owned()),
            Some(Change { original, later: None }) if self.has_room(1) => {
                self.of(&entry.uid).overridden.insert(*original);
            }
            None if entry.repeats && self.has_room(entry.gathering.occurrences.len()) => {
                let revision = entry.gathering.revision;
                let known = self.of(&entry.uid);
                if known.times.is_empty() || revision > known.revision {
                    known.revision = revision;
                    let seconds = |one: &Occurrence| one.at.ms().div_euclid(1000);
                    known.times = entry.gathering.occurrences.iter().map(seconds).collect();
                }
            }
            _ => {}
        }
        Some(entry)
    }

    /// The overrides that waited, with the later occurrences they change.
    pub(super) fn settle(&mut self) -> Vec<(Position, Entry)> {
        let mut starts: HashMap<String, BTreeSet<i64>> = HashMap::new();
        for (_, entry) in &self.waiting {
            let original = entry.change.as_ref().map(|change| change.original);
            starts.entry(entry.uid.clone()).or_default().extend(original);
        }
        let series = std::mem::take(self);
        let nothing = Known::default();
        series
            .waiting
            .into_iter()
            .map(|(position, mut entry)| {
                let known = series.by_uid.get(&entry.uid).unwrap_or(&nothing);
                if let Some(starts) = starts.get(&entry.uid) {
                    extend(&mut entry, known, starts);
                }
                (position, entry)
            })
            .collect()
    }

    fn has_room(&mut self, moments: usize) -> bool {
        let fits = self.moments + moments <= MAX_MOMENTS;
        if fits {
            self.moments += moments;
        }
        fits
    }

    fn of(&mut self, uid: &str) -> &mut Known {
        self.by_uid.entry(uid.to_owned()).or_default()
    }
}

/// Adds the later occurrences; `starts` are those of all such overrides of the series.
fn extend(entry: &mut Entry, known: &Known, starts: &BTreeSet<i64>) {
    let Entry { gathering, repairs, uid, change, .. } = entry;
    let Some(Change { original, later: Some(later) }) = change else { return };
    let Some(first) = gathering.occurrences.first().copied() else { return };
    let end = starts.range(original.saturating_add(1)..).next().copied().unwrap_or(i64::MAX);
    let is_later = |at: &&i64| **at > *original && **at < end && !known.overridden.contains(at);
    // Dates of its own say where they are; those of the series say where they were.
    let added: Vec<(i64, i64)> = if !known.times.is_empty() {
        known.times.iter().filter(is_later).map(|at| (*at, later.moved(*at))).collect()
    } else if !later.dates.is_empty() {
        later.dates.iter().filter(is_later).map(|at| (*at, *at)).collect()
    } else {
        repairs.push(ALONE.to_owned());
        return;
    };
    gathering.occurrences.extend(added.into_iter().map(|(original, at)| Occurrence {
        event: occurrence_id(uid, original),
        at: Moment::from_seconds(at),
        ..first
    }));
}
