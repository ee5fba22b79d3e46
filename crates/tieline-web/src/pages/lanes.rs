//! Twelve months of contact by kind, as a figure: one lane for meetings, one for messages, one for
//! promises, and the gap since the last contact shaded.

use std::collections::{BTreeMap, BTreeSet};

use tieline_model::contact::ContactKind;
use tieline_model::interaction::Interaction;
use tieline_model::time::{DAY_MS, Moment, Month};

use crate::here;

/// Where the first day lies, and how wide the year is, in the units of the figure.
const LEFT: f64 = 100.0;
const WIDTH: f64 = 610.0;
const DAYS: f64 = 365.0;

/// Width and height of the figure, and height of a cell in it.
const FIGURE: (f64, f64) = (720.0, 108.0);
const CELL: f64 = 26.0;

/// Shortest gap that is shaded, days: shorter ones say nothing.
const LEAST_GAP: f64 = 14.0;

/// Marks of one kind.
pub(crate) struct Lane {
    pub(crate) name: String,
    /// `dot`, `small` or `diamond`.
    pub(crate) shape: &'static str,
    pub(crate) y: u32,
    /// Places, the oldest first.
    pub(crate) xs: Vec<String>,
}

/// A month of a lane, which opens to what is behind its marks.
pub(crate) struct Cell {
    pub(crate) href: String,
    /// "March 2026: 4 days of meetings".
    pub(crate) label: String,
    /// Where it lies on the figure: left, top, width and height, of a hundred.
    pub(crate) place: [String; 4],
}

/// The figure.
pub(crate) struct Lanes {
    pub(crate) lanes: [Lane; 3],
    /// Months with meetings or messages; none where their interactions are not the viewer's to open.
    pub(crate) cells: Vec<Cell>,
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
    /// Page of the tie, where the viewer may open it.
    pub(crate) tie: Option<String>,
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
        lane(t!("people-lane-name-meetings"), "dot", 16, &met),
        lane(t!("people-lane-name-messages"), "small", 44, &wrote),
        lane(t!("people-lane-name-promises"), "diamond", 72, marks.promised),
    ];
    if lanes.iter().all(|lane| lane.xs.is_empty()) {
        return None;
    }
    let since = last.map(|last| at.days_since(last)).unwrap_or(DAYS).min(DAYS);
    let days = since.round().max(0.0) as u64;
    let (meetings, messages) = (lanes[0].xs.len(), lanes[1].xs.len());
    let label = t!("people-lanes", meetings = meetings, messages = messages, days = days);
    let gap = (since >= LEAST_GAP).then(|| {
        let width = WIDTH * since / DAYS;
        let start = LEFT + WIDTH - width;
        (show(start), show(width), show(start + width / 2.0), t!("people-lane-gap", n = days))
    });
    let cells = match &marks.tie {
        Some(tie) => [("meetings", lanes[0].y, &met), ("messages", lanes[1].y, &wrote)]
            .iter()
            .flat_map(|(kind, y, moments)| cells(tie, kind, *y, moments, at))
            .collect(),
        None => Vec::new(),
    };
    Some(Lanes { lanes, cells, months: months(at), gap, label })
}

/// The months of a lane in which something happened.
fn cells(tie: &str, kind: &str, y: u32, moments: &[Moment], at: Moment) -> Vec<Cell> {
    let mut found = Vec::new();
    for (month, n) in days_by_month(moments.iter().map(|when| when.day()), at) {
        let begins = at.days_since(month.start()).min(DAYS);
        let ends = at.days_since(month.end()).max(0.0);
        let x = |ago: f64| LEFT + WIDTH * (1.0 - ago / DAYS);
        let share = |part: f64, whole: f64| format!("{:.2}", 100.0 * part / whole);
        let name = here::month(month.start().date());
        found.push(Cell {
            href: format!("{tie}?month={month}&kind={kind}"),
            label: match kind {
                "meetings" => t!("people-lane-meetings", month = name, n = n),
                _ => t!("people-lane-messages", month = name, n = n),
            },
            place: [
                share(x(begins), FIGURE.0),
                share(f64::from(y) - CELL / 2.0, FIGURE.1),
                share(x(ends) - x(begins), FIGURE.0),
                share(CELL, FIGURE.1),
            ],
        });
    }
    found
}

/// Months of the year up to a moment in which some of these days lie, with how many.
pub(crate) fn days_by_month(days: impl Iterator<Item = i64>, at: Moment) -> BTreeMap<Month, u64> {
    let days: BTreeSet<i64> = days
        .filter(|day| *day <= at.day() && at.days_since(Moment::from_ms(day * DAY_MS)) <= DAYS)
        .collect();
    let mut months: BTreeMap<Month, u64> = BTreeMap::new();
    for day in days {
        *months.entry(Moment::from_ms(day * DAY_MS).month()).or_default() += 1;
    }
    months
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
            let name = here::short_month(month.start().date());
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
        let marks = Marks {
            seen: &[],
            logged: &logged,
            promised: &[moment(2_000)],
            tie: Some("/t".to_owned()),
        };
        let found = lanes(&marks, moment(1_050)).unwrap();
        let n: Vec<usize> = found.lanes.iter().map(|lane| lane.xs.len()).collect();
        assert_eq!(n, [1, 1, 0], "what lies outside the year is not drawn");
        assert_eq!(found.gap.unwrap().3, "50 days");
        assert_eq!(found.months.len(), 12);
        let opens: Vec<(&str, &str)> =
            found.cells.iter().map(|cell| (cell.href.as_str(), cell.label.as_str())).collect();
        // Day 1,000 is 27 September 1972, day 980 the 7th.
        let expected = [
            ("/t?month=1972-09&kind=meetings", "September 1972: 1 day of meetings"),
            ("/t?month=1972-09&kind=messages", "September 1972: 1 day of messages"),
        ];
        assert_eq!(opens, expected);
        let fresh = lanes(&marks, moment(1_003)).unwrap();
        assert!(fresh.gap.is_none());
        let nothing = Marks { seen: &[], logged: &[], promised: &[], tie: None };
        assert!(lanes(&nothing, moment(9)).is_none());
    }
}
