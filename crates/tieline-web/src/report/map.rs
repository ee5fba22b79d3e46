//! The map of groups: a circle of groups, ties between them as lines, gaps dashed in amber.
//! Deterministic, drawn on the server, readable without scripts; the heat table holds the numbers.

use std::f64::consts::TAU;

use tieline_insight::findings::{HeatClass, HeatTable};

const WIDTH: f64 = 780.0;
const HEIGHT: f64 = 420.0;

/// One group on the map.
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
    /// Number of its hue, 1 to 8.
    pub(super) hue: usize,
    pub(super) name: String,
    pub(super) label_x: f64,
    pub(super) label_y: f64,
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
}

/// Ties between two groups, or a gap.
pub(super) struct Line {
    pub(super) path: String,
    /// Line width; 0 for a gap, whose style says it.
    pub(super) width: f64,
    pub(super) is_gap: bool,
    /// What it says on hovering and to screen readers.
    pub(super) title: String,
}

/// The whole picture.
pub(super) struct GroupMap {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) dots: Vec<Dot>,
    /// Ties first, gaps on top.
    pub(super) lines: Vec<Line>,
    /// The picture in one sentence.
    pub(super) summary: String,
}

/// Draws the map; `None` with fewer than three groups, where a picture says nothing.
/// `members[i]` is the number of people of group `i` of the table.
pub(super) fn group_map(heat: &HeatTable, members: &[usize]) -> Option<GroupMap> {
    let n = heat.names.len();
    if n < 3 {
        return None;
    }
    let order = circle_order(heat);
    let largest = members.iter().copied().max().unwrap_or(1).max(1) as f64;
    let mut places = vec![(0.0, 0.0, 0.0); n];
    for (position, group) in order.iter().enumerate() {
        let angle = TAU * position as f64 / n as f64 - TAU / 4.0;
        let (x, y) = (WIDTH / 2.0 + 215.0 * angle.cos(), HEIGHT / 2.0 + 155.0 * angle.sin());
        places[*group] = (x, y, angle);
    }
    let dots = (0..n)
        .map(|group| {
            let (x, y, angle) = places[group];
            let share = members.get(group).copied().unwrap_or(0) as f64 / largest;
            let radius = 8.0 + 14.0 * share.sqrt();
            dot(heat.names[group].clone(), x, y, angle, radius, group % 8 + 1)
        })
        .collect();
    let (lines, gaps) = lines(heat, &places);
    let summary = format!(
        "{n} groups; the thicker a line, the more working ties; {}.",
        match gaps {
            0 => "no gap stands out".to_owned(),
            1 => "one gap is drawn in amber".to_owned(),
            more => format!("{more} gaps are drawn in amber"),
        }
    );
    Some(GroupMap { width: WIDTH, height: HEIGHT, dots, lines, summary })
}

fn dot(name: String, x: f64, y: f64, angle: f64, radius: f64, hue: usize) -> Dot {
    let (cos, sin) = (angle.cos(), angle.sin());
    let anchor = if cos > 0.3 { "start" } else if cos < -0.3 { "end" } else { "middle" };
    let away = radius + 8.0;
    let label_y = if anchor == "middle" { y + sin.signum() * (away + 6.0) + 4.0 } else { y + 4.0 };
    let label_x = if anchor == "middle" { x } else { x + cos.signum() * away };
    Dot { x, y, radius, hue, name, label_x, label_y, anchor }
}

/// Ties as curves bent to the middle, and gaps. At most 12 gaps, the widest first, so that the
/// picture stays readable.
fn lines(heat: &HeatTable, places: &[(f64, f64, f64)]) -> (Vec<Line>, usize) {
    let n = heat.names.len();
    let pairs = || (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let most = pairs().map(|(a, b)| heat.cells[a][b].observed).max().unwrap_or(1).max(1) as f64;
    let mut drawn: Vec<Line> = pairs()
        .filter(|(a, b)| heat.cells[*a][*b].observed > 0)
        .map(|(a, b)| {
            let observed = heat.cells[a][b].observed;
            Line {
                path: curve(places[a], places[b]),
                width: 0.6 + 7.0 * (observed as f64 / most).sqrt(),
                is_gap: false,
                title: format!("{} and {}: {observed} working ties", heat.names[a], heat.names[b]),
            }
        })
        .collect();
    let mut gaps: Vec<(usize, usize)> =
        pairs().filter(|(a, b)| heat.cells[*a][*b].class == HeatClass::Silo).collect();
    gaps.sort_by(|x, y| {
        heat.cells[y.0][y.1].expected.total_cmp(&heat.cells[x.0][x.1].expected).then(x.cmp(y))
    });
    gaps.truncate(12);
    let n_gaps = gaps.len();
    drawn.extend(gaps.into_iter().map(|(a, b)| Line {
        path: curve(places[a], places[b]),
        width: 0.0,
        is_gap: true,
        title: format!(
            "gap between {} and {}: {} ties where {:.0} would be expected",
            heat.names[a], heat.names[b], heat.cells[a][b].observed, heat.cells[a][b].expected
        ),
    }));
    (drawn, n_gaps)
}

fn curve(from: (f64, f64, f64), to: (f64, f64, f64)) -> String {
    let bend = 0.35;
    let pull = |x: f64, centre: f64| x + (centre - x) * bend;
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    let (cx, cy) = (pull(middle.0, WIDTH / 2.0), pull(middle.1, HEIGHT / 2.0));
    format!("M{:.1} {:.1}Q{cx:.1} {cy:.1} {:.1} {:.1}", from.0, from.1, to.0, to.1)
}

/// Groups in an order that puts those with many ties side by side: start with the best connected
/// one, then always the one with most ties to the last placed. O(n^2).
fn circle_order(heat: &HeatTable) -> Vec<usize> {
    let n = heat.names.len();
    let total = |group: usize| -> usize {
        (0..n).filter(|other| *other != group).map(|other| heat.cells[group][other].observed).sum()
    };
    let mut left: Vec<usize> = (0..n).collect();
    left.sort_by_key(|group| (std::cmp::Reverse(total(*group)), *group));
    let mut order = Vec::with_capacity(n);
    let mut last = left.remove(0);
    order.push(last);
    while !left.is_empty() {
        let next = (0..left.len())
            .max_by_key(|i| (heat.cells[last][left[*i]].observed, std::cmp::Reverse(*i)))
            .unwrap_or(0);
        last = left.remove(next);
        order.push(last);
    }
    order
}
