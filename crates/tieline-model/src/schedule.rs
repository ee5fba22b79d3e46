//! When the tasks of a plan can be done, and which of them decide its end.
//!
//! The critical path method: Kelley & Walker 1959, "Critical-path planning and scheduling". Days are
//! counted from 1970 and each of them counts, weekends too; a task that ends on a day ends *before* the
//! next one, so ends are first days after.

use std::collections::VecDeque;

/// Most days that a task may take.
pub const MAX_DAYS: u32 = 999;

/// A task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Days that it takes; 0: a milestone.
    pub days: u32,
    /// The day it was begun.
    pub begun: Option<i64>,
    /// The day it was done.
    pub done: Option<i64>,
    /// Places of the tasks that come before it.
    pub needs: Vec<usize>,
}

/// When a task is, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slot {
    /// Its first day.
    pub begins: i64,
    /// The first day after it.
    pub ends: i64,
    /// Days that it may take longer, or begin later, before the plan ends later; 0 when it is done.
    pub slack: i64,
    /// Whether the end of the plan waits for it.
    pub is_critical: bool,
}

/// When everything in a plan is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// Of each task, in their order.
    pub slots: Vec<Slot>,
    /// The first day after all that is not done; `None`: all is.
    pub ends: Option<i64>,
}

/// Tasks that wait for each other in a circle, each for the next one, the last for the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these tasks wait for each other: none of them can begin")]
pub struct Circle(pub Vec<usize>);

/// **Summary** – when each task of a plan can be done at the earliest, and which decide its end.
/// **Mathematical** – forward: `begins = max(from, today, ends of needs)` for what is not begun,
/// `ends = begins + days`; what was begun keeps its day and ends today at the earliest; what is done
/// keeps its days. Backward over what is not done: `latest end = min(latest begin of what waits for
/// it)`, that of the plan where nothing waits; `slack = latest end - ends`; critical: slack 0.
/// **Parameters** – `from`, `today`: days since 1970. A need that is out of range is passed over.
/// **Errors** – [`Circle`]. **Complexity** – O(tasks + needs).
pub fn schedule(steps: &[Step], from: i64, today: i64) -> Result<Schedule, Circle> {
    let order = order(steps)?;
    let mut slots = vec![Slot::default(); steps.len()];
    for &at in &order {
        let step = &steps[at];
        let after = needs(step, steps.len()).map(|need| slots[need].ends).max();
        slots[at] = forward(step, after.unwrap_or(i64::MIN), from.max(today), today);
    }
    let is_open = |at: usize| steps[at].done.is_none();
    let ends = (0..steps.len()).filter(|at| is_open(*at)).map(|at| slots[at].ends).max();
    let Some(end) = ends else { return Ok(Schedule { slots, ends }) };
    let mut latest = vec![end; steps.len()];
    for &at in order.iter().rev().filter(|at| is_open(**at)) {
        let slot = &mut slots[at];
        slot.slack = latest[at] - slot.ends;
        slot.is_critical = slot.slack == 0;
        // What was begun before its time no longer waits for anything.
        if steps[at].begun.is_none() {
            let begin = latest[at] - (slot.ends - slot.begins);
            for need in needs(&steps[at], steps.len()) {
                latest[need] = latest[need].min(begin);
            }
        }
    }
    Ok(Schedule { slots, ends })
}

fn needs(step: &Step, n: usize) -> impl Iterator<Item = usize> + '_ {
    step.needs.iter().copied().filter(move |need| *need < n)
}

fn forward(step: &Step, after: i64, earliest: i64, today: i64) -> Slot {
    let days = i64::from(step.days.min(MAX_DAYS));
    let (begins, ends) = match (step.begun, step.done) {
        (begun, Some(done)) => {
            let ends = done.saturating_add(1);
            (begun.unwrap_or(ends - days.max(1)).min(done), ends)
        }
        (Some(begun), None) => (begun, (begun.saturating_add(days)).max(today + 1)),
        (None, None) => {
            let begins = earliest.max(after);
            (begins, begins.saturating_add(days))
        }
    };
    Slot { begins, ends, slack: 0, is_critical: false }
}

/// The tasks so that each comes after what it needs.
fn order(steps: &[Step]) -> Result<Vec<usize>, Circle> {
    let n = steps.len();
    let mut waits = vec![0_usize; n];
    let mut then = vec![Vec::new(); n];
    for (at, step) in steps.iter().enumerate() {
        for need in needs(step, n) {
            waits[at] += 1;
            then[need].push(at);
        }
    }
    let mut free: VecDeque<usize> = (0..n).filter(|at| waits[*at] == 0).collect();
    let mut order = Vec::with_capacity(n);
    while let Some(at) = free.pop_front() {
        order.push(at);
        for &next in &then[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                free.push_back(next);
            }
        }
    }
    if order.len() == n { Ok(order) } else { Err(circle(steps, &waits)) }
}

/// A circle among the tasks that still wait: each of them waits for another one.
fn circle(steps: &[Step], waits: &[usize]) -> Circle {
    let mut path = Vec::new();
    let mut seen = vec![None; steps.len()];
    let mut next = waits.iter().position(|n| *n > 0);
    while let Some(at) = next {
        if let Some(first) = seen[at] {
            path.drain(..first);
            break;
        }
        seen[at] = Some(path.len());
        path.push(at);
        next = needs(&steps[at], steps.len()).find(|need| waits[*need] > 0);
    }
    Circle(path)
}
