//! Twelve months of contact by kind, as a figure: one lane for meetings, one for messages, one for
//! promises, and the gap since the last contact shaded.

use tieline_model::contact::ContactKind;
use tieline_model::interaction::Interaction;
use tieline_model::time::{DAY_MS, Moment, Month};

use crate::here;

/// Where the first day lies, and how wide the year is, in the units of the figure.
const LEFT: f64 = 100.0;
const WIDTH: f64 = 610.0;
const DAYS: f64 = 365.0;

/// Shortest gap that is shaded, days: shorter ones say nothing.
const LEAST_GAP: f64 = 14.0;

/// Marks of one kind.
pub(crate) struct Lane {
    pub(crate) name: &'static str,
    /// `dot`, `small` or `diamond`.
    pub(crate) shape: &'static str,
    pub(crate) y: u32,
    /// Places, the oldest first.
    pub(crate) xs: Vec<String>,
}

/// The figure.
pub(crate) struct Lanes {
    pub(crate) lanes: [Lane; 3],
    /// Place and name of the beginning of each month.
    pub(crate) months: Vec<(String, String)>,
    /// Place, width, middle and words of the gap since the last contact.
    pub(crate) gap: Option<(String, String, String, String)>,
    /// All of it in a sentence.
    pub(crate) label: String,
}

/// What the lanes show.
pub(crate) struct Marks<'a> {
    /// What archives hold of the two.
    pub(crate) seen: &'a [Interaction],
    /// What was logged by hand.
    pub(crate) logged: &'a [(ContactKind, Moment)],
    /// When promises were kept or fall due.
    pub(crate) promised: &'a [Moment],
}

/// The lanes of the year up to a moment; `None` when nothing happened in it.
pub(crate) fn lanes(marks: &Marks<'_>, at: Moment) -> Option<Lanes> {
    let (mut met, mut wrote) = (Vec::new(), Vec::new());
    for act in marks.seen {
        let gathers = act.minutes > 0 || act.channel.is_gathering();
        if gathers { met.push(act.at) } else { wrote.push(act.at) }
    }
    for (kind, when) in marks.logged {
        match kind {
            ContactKind::Met | ContactKind::Called => met.push(*when),
            ContactKind::Wrote => wrote.push(*when),
        }
    }
    let last = met.iter().chain(&wrote).filter(|when| **when <= at).max().copied();
    let lane =
        |name, shape, y, moments: &[Moment]| Lane { name, shape, y, xs: places(moments, at) };
    let lanes = [
        lane("Meetings", "dot", 16, &met),
        lane("Messages", "small", 44, &wrote),
        lane("Promises", "diamond", 72, marks.promised),
    ];
    if lanes.iter().all(|lane| lane.xs.is_empty()) {
        return None;
    }
    let since = last.map(|last| at.days_since(last)).unwrap_or(DAYS).min(DAYS);
    let days = here::count(since.round().max(0.0) as u64, "day");
    let label = format!(
        "Twelve months of contact: {} of meetings, {} of messages; the last {days} ago.",
        here::count(lanes[0].xs.len() as u64, "day"),
        here::count(lanes[1].xs.len() as u64, "day"),
    );
    let gap = (since >= LEAST_GAP).then(|| {
        let width = WIDTH * since / DAYS;
        let start = LEFT + WIDTH - width;
        (show(start), show(width), show(start + width / 2.0), days)
    });
    Some(Lanes { lanes, months: months(at), gap, label })
}

fn show(x: f64) -> String {
    format!("{x:.1}")
}

fn place(when: Moment, at: Moment) -> Option<f64> {
    let ago = at.days_since(when);
    (0.0..=DAYS).contains(&ago).then(|| LEFT + WIDTH * (1.0 - ago / DAYS))
}

/// One place for each day on which something happened.
fn places(moments: &[Moment], at: Moment) -> Vec<String> {
    let mut days: Vec<i64> = moments.iter().map(|when| when.day()).collect();
    days.sort_unstable();
    days.dedup();
    // The day itself counts although its noon may be to come.
    days.retain(|day| *day <= at.day());
    let noon = |day: i64| Moment::from_ms(day * DAY_MS + DAY_MS / 2).min(at);
    days.into_iter().filter_map(|day| place(noon(day), at)).map(show).collect()
}

fn months(at: Moment) -> Vec<(String, String)> {
    let mut month = at.month();
    let mut all = Vec::new();
    for _ in 0..12 {
        if let Some(x) = place(month.start(), at) {
            let name = month.start().date().strftime("%b").to_string();
            all.push((show(x), name));
        }
        month = Month::from_index(month.index() - 1);
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(day: i64) -> Moment {
        Moment::from_ms(day * DAY_MS)
    }

    #[test]
    fn a_day_is_one_mark_and_a_long_silence_is_shaded() {
        let logged = [
            (ContactKind::Met, moment(1_000)),
            (ContactKind::Called, moment(1_000)),
            (ContactKind::Wrote, moment(980)),
            (ContactKind::Wrote, moment(100)),
        ];
        let marks = Marks { seen: &[], logged: &logged, promised: &[moment(2_000)] };
        let found = lanes(&marks, moment(1_050)).unwrap();
        let n: Vec<usize> = found.lanes.iter().map(|lane| lane.xs.len()).collect();
        assert_eq!(n, [1, 1, 0], "what lies outside the year is not drawn");
        assert_eq!(found.gap.unwrap().3, "50 days");
        assert_eq!(found.months.len(), 12);
        let fresh = lanes(&marks, moment(1_003)).unwrap();
        assert!(fresh.gap.is_none());
        let nothing = Marks { seen: &[], logged: &[], promised: &[] };
        assert!(lanes(&nothing, moment(9)).is_none());
    }
}
