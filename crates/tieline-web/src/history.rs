//! Findings over time: what appeared, what stays, what went, and since when. They are kept without
//! names of people, so the history names nobody either.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tieline_insight::{Finding, FindingKind, Findings};
use tieline_model::time::Moment;
use tieline_store::{FindingsRun, KeptFinding, Store, StoreError};

/// Computations that the history looks back over.
const MOST_RUNS: u64 = 60;

/// Findings that went, at most; the latest first.
const MOST_GONE: usize = 40;

/// Findings as they are kept: those that ask for attention. Of findings with `Names::Hidden` alone.
pub fn kept(findings: &Findings) -> Vec<KeptFinding> {
    let mut gaps = findings.silos.iter().filter(|row| row.flagged);
    let mut links = findings.dependences.iter().filter(|row| row.alert);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let told = findings.all().filter(|finding| finding.kind != FindingKind::Summary);
    let mut all = Vec::new();
    for finding in told {
        // The rows behind these sentences stand in the same order; their groups name the finding.
        let subject = match finding.kind {
            FindingKind::Silo => gaps.next().map(|row| format!("{}|{}", row.group_a, row.group_b)),
            FindingKind::Dependence => {
                links.next().map(|row| format!("{}|{}", row.side, row.other))
            }
            _ => None,
        };
        let subject = subject.unwrap_or_else(|| without_numbers(&finding.headline));
        let again = times.entry(format!("{}:{subject}", finding.kind.name())).or_default();
        *again += 1;
        all.push(one(finding, &format!("{subject}#{again}")));
    }
    all
}

fn one(finding: &Finding, subject: &str) -> KeptFinding {
    KeptFinding {
        kind: finding.kind.name().to_owned(),
        severity: if finding.flagged { 2.0 } else { 1.0 },
        sentence: finding.headline.clone(),
        detail: json!({ "subject": subject, "detail": finding.detail }).to_string(),
    }
}

/// The words of a sentence without its numbers, which change while the finding stays.
fn without_numbers(sentence: &str) -> String {
    let words = sentence.split_whitespace();
    words.filter(|word| !word.contains(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// In the newest computation, and not in the one before.
    New,
    /// In the newest one, and before.
    Stays,
    /// Not in the newest one.
    Gone,
}

impl State {
    /// The word for programs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Stays => "stays",
            Self::Gone => "gone",
        }
    }
}

/// A finding over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its kind.
    pub(crate) kind: String,
    /// As it was told last.
    pub(crate) sentence: String,
    pub(crate) state: State,
    /// The moment that it was first told of, without a break since.
    pub(crate) since: Moment,
    /// The moment from which it is not told any more.
    pub(crate) until: Option<Moment>,
}

/// All findings over time, as far as they are kept: new, staying, gone; and how far back that is.
pub(crate) struct History {
    pub(crate) entries: Vec<Entry>,
    /// Moments of the oldest and the newest computation.
    pub(crate) span: Option<(Moment, Moment)>,
    /// Computations.
    pub(crate) runs: usize,
}

/// Reads the history.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn history(store: &Store) -> Result<History, StoreError> {
    let mut runs = Vec::new();
    for run in store.findings_runs(None, MOST_RUNS).await? {
        let found = store.findings(&run.fingerprint).await?;
        runs.push((run, found));
    }
    runs.reverse();
    let span = runs.first().zip(runs.last()).map(|(first, last)| (first.0.as_of, last.0.as_of));
    Ok(History { entries: entries(&runs), span, runs: runs.len() })
}

/// A finding while the runs are read.
struct Track {
    entry: Entry,
    /// The run that it was last in.
    last: usize,
    ordinal: usize,
}

/// What the runs say, the oldest first.
fn entries(runs: &[(FindingsRun, Vec<KeptFinding>)]) -> Vec<Entry> {
    let mut tracks: BTreeMap<(String, String), Track> = BTreeMap::new();
    for (at, (run, found)) in runs.iter().enumerate() {
        for (ordinal, one) in found.iter().enumerate() {
            let key = (one.kind.clone(), subject(one));
            let earlier = tracks.get(&key).filter(|track| track.last + 1 == at);
            let since = earlier.map_or(run.as_of, |track| track.entry.since);
            let entry = Entry {
                kind: one.kind.clone(),
                sentence: one.sentence.clone(),
                // The first run of all has nothing before it to be new against.
                state: if earlier.is_none() && at > 0 { State::New } else { State::Stays },
                since,
                until: None,
            };
            tracks.insert(key, Track { entry, last: at, ordinal });
        }
    }
    let newest = runs.len().saturating_sub(1);
    let (mut here, mut gone): (Vec<Track>, Vec<Track>) =
        tracks.into_values().partition(|track| track.last == newest);
    here.sort_by_key(|track| (track.entry.state != State::New, track.ordinal));
    gone.sort_by_key(|track| (std::cmp::Reverse(track.last), track.ordinal));
    gone.truncate(MOST_GONE);
    for track in &mut gone {
        track.entry.state = State::Gone;
        track.entry.until = runs.get(track.last + 1).map(|(run, _)| run.as_of);
    }
    here.into_iter().chain(gone).map(|track| track.entry).collect()
}

fn subject(one: &KeptFinding) -> String {
    let detail: Option<Value> = serde_json::from_str(&one.detail).ok();
    let subject = detail.as_ref().and_then(|detail| detail.get("subject")).and_then(Value::as_str);
    subject.map_or_else(|| without_numbers(&one.sentence), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(day: i64, subjects: &[&str]) -> (FindingsRun, Vec<KeptFinding>) {
        let as_of = Moment::from_ms(day * tieline_model::time::DAY_MS);
        let found = subjects.iter().map(|subject| KeptFinding {
            kind: "silo".to_owned(),
            severity: 2.0,
            sentence: format!("{subject} on day {day}"),
            detail: json!({ "subject": subject }).to_string(),
        });
        let fingerprint = day.to_string();
        let n = subjects.len() as u64;
        (FindingsRun { fingerprint, as_of, computed: as_of, n }, found.collect())
    }

    #[test]
    fn findings_appear_stay_and_go() {
        let runs = [
            run(1, &["a", "b"]),
            run(2, &["a"]),
            run(3, &["a", "b", "c"]),
            run(5, &["a", "c", "d"]),
        ];
        let found = entries(&runs);
        let told: Vec<(&str, State, i64, Option<i64>)> = found
            .iter()
            .map(|entry| {
                let until = entry.until.map(Moment::day);
                (entry.sentence.as_str(), entry.state, entry.since.day(), until)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("d on day 5", State::New, 5, None),
                ("a on day 5", State::Stays, 1, None),
                ("c on day 5", State::Stays, 3, None),
                // It came back on day 3, and is gone again.
                ("b on day 3", State::Gone, 3, Some(5)),
            ]
        );
    }

    #[test]
    fn one_run_has_nothing_new_and_none_has_nothing() {
        assert!(entries(&[run(1, &["a"])]).iter().all(|entry| entry.state == State::Stays));
        assert!(entries(&[]).is_empty());
    }

    #[test]
    fn a_finding_is_the_same_while_its_numbers_change() {
        assert_eq!(without_numbers("Housing has 4 ties (31%) more."), "Housing has ties more.");
    }
}
