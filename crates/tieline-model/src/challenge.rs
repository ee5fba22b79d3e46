//! Challenges: a problem that partners share, from its statement to what was learnt (Tieline's own).
//!
//! Each side says what it sees, causes are asked for until one can be acted on (as in the "five whys" of
//! Ohno 1988, *Toyota Production System*), options answer causes, one is tried, and what came of it is
//! kept. No step is forced: what is still missing is told ([`wants`]), and people go on as they judge.

use std::collections::BTreeSet;

use crate::access::words;
use crate::id::PartyId;
use crate::time::Moment;

/// How deep causes go below each other: a fifth "why" is the last.
pub const MAX_DEPTH: usize = 5;

/// Parties that should see a cause before something is built on it.
const SHARED: usize = 2;

/// What a party says of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointKind {
    /// What it sees, with its source.
    Evidence,
    /// Why that is so.
    Cause,
    /// What could be done.
    Option,
}
words!(PointKind { Evidence "evidence", Cause "cause", Option "option", });

/// What a trial showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrialResult {
    /// What was hoped for.
    Worked,
    /// Some of it.
    Partly,
    /// Nothing of it.
    Failed,
}
words!(TrialResult { Worked "worked", Partly "partly", Failed "failed", });

/// How a challenge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closing {
    /// The problem is gone.
    Solved,
    /// It stays, and partners live with it.
    Accepted,
    /// Nobody works on it any more.
    Stopped,
}
words!(Closing { Solved "solved", Accepted "accepted", Stopped "stopped", });

/// A point as far as [`wants`] asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointFacts {
    /// What it says.
    pub kind: PointKind,
    /// Whose it is.
    pub party: PartyId,
    /// The cause that it hangs under, by its place in the list.
    pub under: Option<usize>,
    /// Parties that see it too, without that whose it is.
    pub agree: usize,
}

/// A trial as far as [`wants`] asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialFacts {
    /// First moment after its last day.
    pub ends: Option<Moment>,
    /// What it showed.
    pub result: Option<TrialResult>,
}

/// What a challenge has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Parties of the room.
    pub parties: BTreeSet<PartyId>,
    /// What they said.
    pub points: Vec<PointFacts>,
    /// What is or was tried.
    pub trials: Vec<TrialFacts>,
    /// Whether a decision or an initiative came of it.
    pub is_fed: bool,
    /// Whether it ended.
    pub has_ended: bool,
}

/// What is still missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// These parties did not say what they see.
    Evidence(Vec<PartyId>),
    /// Nobody said why.
    Causes,
    /// No cause is seen by two parties.
    SharedCause,
    /// Nobody said what could be done.
    Options,
    /// So many of the lowest causes have no option.
    Unanswered(usize),
    /// Nothing is tried, decided or planned.
    Trial,
    /// So many trials are over, and nobody said what they showed.
    Results(usize),
    /// A trial showed something: say what was learnt, and end it.
    Learning,
}

/// **Summary** – what a challenge still wants, in the order in which it is best done; empty once it
/// ended, and while a trial is running that nothing else is missing beside.
/// **Complexity** – O(points + parties + trials).
pub fn wants(facts: &Facts, now: Moment) -> Vec<Want> {
    if facts.has_ended {
        return Vec::new();
    }
    let of = |kind| facts.points.iter().filter(move |point| point.kind == kind);
    let heard: BTreeSet<PartyId> = of(PointKind::Evidence).map(|point| point.party).collect();
    let silent: Vec<PartyId> = facts.parties.difference(&heard).copied().collect();
    let mut all = Vec::new();
    if !silent.is_empty() {
        all.push(Want::Evidence(silent));
    }
    let n_causes = of(PointKind::Cause).count();
    let is_shared = of(PointKind::Cause).any(|cause| cause.agree + 1 >= SHARED);
    match (n_causes, is_shared) {
        (0, _) => all.push(Want::Causes),
        (_, false) if facts.parties.len() >= SHARED => all.push(Want::SharedCause),
        _ => {}
    }
    match (of(PointKind::Option).next().is_some(), unanswered(&facts.points)) {
        (false, _) => all.push(Want::Options),
        (true, 0) => {}
        (true, n) => all.push(Want::Unanswered(n)),
    }
    all.extend(of_trials(facts, now));
    all
}

fn of_trials(facts: &Facts, now: Moment) -> Option<Want> {
    let is_over =
        |trial: &&TrialFacts| trial.result.is_none() && trial.ends.is_some_and(|ends| ends <= now);
    let over = facts.trials.iter().filter(is_over).count();
    let has_shown = facts.trials.iter().any(|trial| trial.result.is_some());
    let is_running = facts.trials.iter().any(|trial| trial.result.is_none());
    match (over, is_running, has_shown) {
        (1.., ..) => Some(Want::Results(over)),
        (0, true, _) => None,
        (0, false, true) => Some(Want::Learning),
        (0, false, false) if facts.is_fed => None,
        (0, false, false) => Some(Want::Trial),
    }
}

/// Lowest causes to which no option answers, neither to them nor to a cause above them.
fn unanswered(points: &[PointFacts]) -> usize {
    let answered: BTreeSet<usize> = points
        .iter()
        .filter(|point| point.kind == PointKind::Option)
        .filter_map(|point| point.under)
        .collect();
    let above: BTreeSet<usize> = points
        .iter()
        .filter(|point| point.kind == PointKind::Cause)
        .filter_map(|point| point.under)
        .collect();
    let lowest = points
        .iter()
        .enumerate()
        .filter(|(at, point)| point.kind == PointKind::Cause && !above.contains(at));
    let is_open = |at: usize| !chain(points, at).iter().any(|cause| answered.contains(cause));
    // Where no option says what it answers to, it may answer to any.
    match answered.is_empty() {
        true => 0,
        false => lowest.filter(|(at, _)| is_open(*at)).count(),
    }
}

/// A cause and those above it, the lowest first; at most [`MAX_DEPTH`].
pub fn chain(points: &[PointFacts], at: usize) -> Vec<usize> {
    let up = |at: &usize| points.get(*at).and_then(|point| point.under);
    std::iter::successors(Some(at), up).take(MAX_DEPTH).collect()
}
