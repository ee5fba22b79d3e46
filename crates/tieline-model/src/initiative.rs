//! Joint initiatives: what partners do together, each with its part, and how it goes.

use crate::access::words;
use crate::time::Moment;

/// Highest likelihood and impact of a risk.
pub const MAX_LEVEL: u8 = 5;

/// Likelihood times impact from which a risk is high: the upper corner of a matrix of five by five,
/// such as IEC 31010:2019 (B.10.3) draws it.
pub const HIGH_RISK: u8 = 15;

/// Part of the time that must be past before a part can be behind.
const EARLY: f64 = 0.1;

/// Given against planned, over time past, under which a part is behind: that of key results
/// (METHODS 8.1).
const PACE: f64 = 0.7;

/// How an initiative ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ended {
    /// What it was for is done.
    Done,
    /// It was given up.
    Stopped,
}
words!(Ended { Done "done", Stopped "stopped", });

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TaskState {
    /// Not begun.
    #[default]
    Open,
    /// Begun.
    Begun,
    /// Done; of a milestone: reached.
    Done,
}
words!(TaskState { Open "open", Begun "begun", Done "done", });

/// How a risk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RiskState {
    /// It may happen.
    #[default]
    Open,
    /// It did.
    Happened,
    /// It no longer can.
    Over,
}
words!(RiskState { Open "open", Happened "happened", Over "over", });

/// **Summary** – likelihood times impact of a risk, each from 1 to 5: from 1 to 25. An order of what to
/// look at first, not a quantity: the steps of neither scale are equal.
pub fn risk_score(likelihood: u8, impact: u8) -> u8 {
    likelihood.clamp(1, MAX_LEVEL) * impact.clamp(1, MAX_LEVEL)
}

/// How an initiative goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// Its first day is ahead.
    Planned,
    /// Nothing speaks against its end.
    OnTheWay,
    /// Something may make it late.
    AtRisk,
    /// It will be late as things stand, or is.
    Behind,
    /// It ended.
    Ended(Ended),
}

/// Why an initiative does not go as planned, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Its last day is past.
    PastEnd,
    /// What is left ends so many days after its last day.
    EndsLate(i64),
    /// Milestones whose day is past.
    MilestonesLate(usize),
    /// Tasks whose promised day is past.
    TasksLate(usize),
    /// Parts of which less was given than time went by.
    PartsBehind(usize),
    /// Open risks that are high.
    RisksHigh(usize),
}

/// What is known of an initiative.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// Beginning of its first day.
    pub begins: Option<Moment>,
    /// First moment after its last day.
    pub ends: Option<Moment>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// When what is left can be done at the earliest; `None`: nothing is left.
    pub can_end: Option<Moment>,
    /// Milestones whose day is past.
    pub milestones_late: usize,
    /// Tasks whose promised day is past.
    pub tasks_late: usize,
    /// Parts that are behind: see [`is_behind`].
    pub parts_behind: usize,
    /// Open risks that are high.
    pub risks_high: usize,
}

/// **Summary** – how an initiative goes, and why not better. Behind: its last day is past, what is left
/// ends after it, or a milestone is late. At risk: a promised task is late, a part is behind, a risk is
/// high. **Source** – Tieline. **Complexity** – O(1).
pub fn progress(facts: &Facts, now: Moment) -> (Progress, Vec<Sign>) {
    if let Some(ended) = facts.ended {
        return (Progress::Ended(ended), Vec::new());
    }
    let is_past = facts.ends.is_some_and(|ends| ends <= now);
    let late = facts.can_end.zip(facts.ends).map_or(0, |(can, ends)| can.day() - ends.day());
    let some = |n: usize, sign: fn(usize) -> Sign| (n > 0).then(|| sign(n));
    let behind: Vec<Sign> = [
        is_past.then_some(Sign::PastEnd),
        (late > 0 && !is_past).then_some(Sign::EndsLate(late)),
        some(facts.milestones_late, Sign::MilestonesLate),
    ]
    .into_iter()
    .flatten()
    .collect();
    let at_risk = [
        some(facts.tasks_late, Sign::TasksLate),
        some(facts.parts_behind, Sign::PartsBehind),
        some(facts.risks_high, Sign::RisksHigh),
    ];
    let is_behind = !behind.is_empty();
    let signs: Vec<Sign> = behind.into_iter().chain(at_risk.into_iter().flatten()).collect();
    let progress = match (is_behind, signs.is_empty()) {
        (true, _) => Progress::Behind,
        (false, false) => Progress::AtRisk,
        (false, true) if facts.begins.is_some_and(|begins| now < begins) => Progress::Planned,
        (false, true) => Progress::OnTheWay,
    };
    (progress, signs)
}

/// **Summary** – whether less was given of a part than time went by: `given / planned` under 0.7 of the
/// elapsed share of `[begins, ends)`, once a tenth of it is past. Without an amount planned or without
/// days nothing is behind. **Parameters** – amounts in one unit, 0 or more.
pub fn is_behind(
    (given, planned): (f64, f64),
    (begins, ends): (Option<Moment>, Option<Moment>),
    now: Moment,
) -> bool {
    let Some((begins, ends)) = begins.zip(ends).filter(|(begins, ends)| begins < ends) else {
        return false;
    };
    let elapsed = (now.days_since(begins) / ends.days_since(begins)).clamp(0.0, 1.0);
    planned > 0.0 && elapsed >= EARLY && given / planned < PACE * elapsed
}
