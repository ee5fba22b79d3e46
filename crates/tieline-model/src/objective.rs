//! Objectives and key results: scores, pace, alignment across parties (METHODS 8.1 and 8.2).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::access::words;
use crate::time::Moment;

/// What a key result is measured by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyResult {
    /// Where it began.
    pub baseline: f64,
    /// Where it should come to; below the baseline for what should fall.
    pub target: f64,
    /// The last value; `None`: never measured.
    pub actual: Option<f64>,
    /// Whether it should have been reached by now.
    pub is_past_due: bool,
}

impl KeyResult {
    /// Which way it should go; `None` where it has no way to go.
    pub fn direction(&self) -> Option<Direction> {
        match self.target.partial_cmp(&self.baseline) {
            Some(Ordering::Greater) => Some(Direction::Up),
            Some(Ordering::Less) => Some(Direction::Down),
            _ => None,
        }
    }

    /// Progress from baseline to target, not limited to 0 to 1: for display. `None`: not measured,
    /// or baseline and target are the same (ask a yes/no key result instead).
    pub fn progress(&self) -> Option<f64> {
        let way = self.target - self.baseline;
        // Compared exactly: any difference at all is a way to go.
        if way == 0.0 { None } else { Some((self.actual? - self.baseline) / way) }
    }

    /// Score from 0 to 1. Not measured: 0 once past due, else `None`.
    pub fn score(&self) -> Option<f64> {
        match (self.actual, self.is_past_due) {
            (None, true) => Some(0.0),
            _ => self.progress().map(|progress| progress.clamp(0.0, 1.0)),
        }
    }
}

/// How sure whoever checks in is that the target will be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Something has to change first.
    Low,
    /// It may go either way.
    Medium,
    /// As far as one can know.
    High,
}
words!(Confidence { Low "low", Medium "medium", High "high", });

/// Share of the time from `from` to `to` that is gone at `now`, 0 to 1; `None` where it is no time.
pub fn elapsed_share(from: Moment, to: Moment, now: Moment) -> Option<f64> {
    let length = to.days_since(from);
    (length > 0.0).then(|| (now.days_since(from) / length).clamp(0.0, 1.0))
}

/// Score of an objective from its key results' scores and weights (above 0): the weighted mean. Those
/// without a score are left out; `None` where all are.
pub fn objective_score(key_results: &[(Option<f64>, f64)]) -> Option<f64> {
    let scored = || key_results.iter().filter_map(|(score, weight)| Some(((*score)?, *weight)));
    let weights: f64 = scored().map(|(_, weight)| weight).sum();
    let sum: f64 = scored().map(|(score, weight)| score * weight).sum();
    (weights > 0.0).then(|| sum / weights)
}

/// How a score is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Below 0.3.
    Red,
    /// From 0.3, below 0.7.
    Amber,
    /// From 0.7.
    Green,
}
words!(Band { Red "red", Amber "amber", Green "green", });

/// The band of a score.
pub fn band(score: f64) -> Band {
    match score {
        score if score >= 0.7 => Band::Green,
        score if score >= 0.3 => Band::Amber,
        _ => Band::Red,
    }
}

/// Below this pace an objective is at risk.
pub const AT_RISK_PACE: f64 = 0.7;

/// Score as a share of the time that is gone: 1 is on the way. `None` before anything is gone.
/// `elapsed_share`: from 0 to 1.
pub fn pace(score: f64, elapsed_share: f64) -> Option<f64> {
    (elapsed_share > 0.0).then(|| score / elapsed_share.min(1.0))
}

/// How one objective bears on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// Helps it.
    Supports,
    /// Needs it.
    DependsOn,
    /// Works against it.
    ConflictsWith,
    /// Is the same under another name.
    Duplicates,
}
words!(LinkKind {
    Supports "supports", DependsOn "depends_on", ConflictsWith "conflicts_with",
    Duplicates "duplicates",
});

/// What people said of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkState {
    /// It holds.
    Confirmed,
    /// It does not, and is not proposed again.
    Rejected,
}
words!(LinkState { Confirmed "confirmed", Rejected "rejected", });

/// A link that someone made, or a proposal that someone answered. `O` names an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<O> {
    /// From which objective.
    pub from: O,
    /// To which.
    pub to: O,
    /// How the first bears on the second.
    pub kind: LinkKind,
    /// What people said.
    pub state: LinkState,
}

/// Which way a metric should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}
words!(Direction { Up "up", Down "down", });

/// An objective as far as alignment asks. `U` names a unit or party, `R` a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim<O, U, R> {
    /// Which.
    pub objective: O,
    /// Whose.
    pub owner: U,
    /// The objective that it is part of.
    pub parent: Option<O>,
    /// Metrics of its key results, by name, and where they should go.
    pub metrics: Vec<(String, Direction)>,
    /// Resources that it asks for: how much, and from when to when (milliseconds, half-open).
    pub claims: Vec<Claim<R>>,
}

/// A claim on a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim<R> {
    /// Which.
    pub resource: R,
    /// How much of it.
    pub amount: u64,
    /// How much of it there is.
    pub capacity: u64,
    /// For which time.
    pub when: crate::partnership::reservation::Interval,
}

/// Cosine similarity from which an overlap is proposed.
pub const OVERLAP_COSINE: f64 = 0.35;

/// Why something is proposed.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The texts are alike: cosine similarity, 0 to 1.
    Text(f64),
    /// One wants this metric up, the other down.
    Metric(String),
    /// Together they ask for more of a resource than there is, at the same time. Place of the claim
    /// in the first objective.
    Resource(usize),
}

/// A link that people should look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal<O> {
    /// One objective; the one listed first.
    pub one: O,
    /// The other.
    pub other: O,
    /// [`LinkKind::Duplicates`] for an overlap, [`LinkKind::ConflictsWith`] for a conflict. Alike
    /// texts alone never make a conflict.
    pub kind: LinkKind,
    /// Why.
    pub reason: Reason,
}

/// **Summary** – where objectives of different owners may overlap or conflict, for people to judge.
/// **Input** – `cosine`: similarity of the texts of two aims by their places, 0 to 1; `links`: what
/// people said already, of either direction; such pairs are not proposed again in that kind.
/// **Complexity** – O(n²) pairs.
pub fn proposals<O: Copy + Ord, U: PartialEq, R: PartialEq>(
    aims: &[Aim<O, U, R>],
    cosine: impl Fn(usize, usize) -> f64,
    links: &[Link<O>],
) -> Vec<Proposal<O>> {
    let pair = |one: O, other: O, kind| (one.min(other), one.max(other), kind);
    let said: BTreeSet<(O, O, LinkKind)> =
        links.iter().map(|link| pair(link.from, link.to, link.kind)).collect();
    let mut found = Vec::new();
    for (at, one) in aims.iter().enumerate() {
        for (place, other) in aims.iter().enumerate().skip(at + 1) {
            if one.owner == other.owner {
                continue;
            }
            let similarity = cosine(at, place);
            let overlap = (similarity >= OVERLAP_COSINE).then_some(Reason::Text(similarity));
            let reasons = overlap
                .map(|reason| (LinkKind::Duplicates, reason))
                .into_iter()
                .chain(conflict(one, other).map(|reason| (LinkKind::ConflictsWith, reason)));
            let (one, other) = (one.objective, other.objective);
            let fresh = reasons.filter(|(kind, _)| !said.contains(&pair(one, other, *kind)));
            found.extend(fresh.map(|(kind, reason)| Proposal { one, other, kind, reason }));
        }
    }
    found
}

fn conflict<O, U, R: PartialEq>(one: &Aim<O, U, R>, other: &Aim<O, U, R>) -> Option<Reason> {
    let opposed = one.metrics.iter().find(|(name, direction)| {
        let is_same = |text: &str| text.trim().to_lowercase() == name.trim().to_lowercase();
        other.metrics.iter().any(|(text, way)| is_same(text) && way != direction)
    });
    if let Some((name, _)) = opposed {
        return Some(Reason::Metric(name.clone()));
    }
    let too_much = |mine: &Claim<R>| {
        other.claims.iter().any(|theirs| {
            mine.resource == theirs.resource
                && mine.when.overlaps(&theirs.when)
                && mine.amount.saturating_add(theirs.amount) > mine.capacity.min(theirs.capacity)
        })
    };
    one.claims.iter().position(too_much).map(Reason::Resource)
}

/// How far an owner's objectives are tied to those of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment<O> {
    /// Share of the owner's objectives that are tied, 0 to 1; `None` without objectives.
    pub score: Option<f64>,
    /// Those that are not: nobody else's objective or parent is confirmed to be helped or needed.
    pub orphans: Vec<O>,
}

/// The alignment of one owner: an objective is tied where it is confirmed to support or depend on an
/// objective of someone else, or on a parent.
pub fn alignment<O: Copy + Ord, U: PartialEq, R>(
    aims: &[Aim<O, U, R>],
    owner: &U,
    links: &[Link<O>],
) -> Alignment<O> {
    let elsewhere: BTreeSet<O> =
        aims.iter().filter(|aim| aim.owner != *owner).map(|aim| aim.objective).collect();
    let is_tied = |aim: &&Aim<O, U, R>| {
        links.iter().any(|link| {
            link.state == LinkState::Confirmed
                && matches!(link.kind, LinkKind::Supports | LinkKind::DependsOn)
                && link.from == aim.objective
                && (elsewhere.contains(&link.to) || aim.parent == Some(link.to))
        })
    };
    let own: Vec<&Aim<O, U, R>> = aims.iter().filter(|aim| aim.owner == *owner).collect();
    let orphans: Vec<O> = own.iter().filter(|aim| !is_tied(aim)).map(|aim| aim.objective).collect();
    let n_tied = own.len() - orphans.len();
    let score = (!own.is_empty()).then(|| n_tied as f64 / own.len() as f64);
    Alignment { score, orphans }
}
