//! The map of groups: two arcs of groups, ties between them as lines, gaps dashed in amber.
//! Deterministic, drawn on the server, readable without scripts; the heat table holds the numbers.
//!
//! Every group has a height of its own and its label outside the arc, so that labels cannot meet,
//! however many groups there are and however long their names.

use tieline_insight::findings::{HeatClass, HeatTable};

use super::show::ties;

const WIDTH: f64 = 720.0;
/// Reach of the arcs from the middle; what is left beside them holds the labels.
const REACH: f64 = 190.0;
/// Height between two groups of one side: two lines of label and air.
const STEP: f64 = 40.0;
const LINE_HEIGHT: f64 = 13.0;
/// Characters of a label's line; 12 px letters are up to 7 px wide.
const LABEL_CHARS: usize = 20;
const MOST_GAPS: usize = 6;

/// One group on the map.
pub(crate) struct Dot {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) radius: f64,
    /// Number of its hue, 1 to 8.
    pub(crate) hue: usize,
    /// The name in full.
    pub(crate) name: String,
    pub(crate) label_x: f64,
    /// The label in one or two lines, each with its height.
    pub(crate) label: Vec<(f64, String)>,
    /// `start` or `end`.
    pub(crate) anchor: &'static str,
}

/// Ties between two groups, or a gap.
pub(crate) struct Line {
    pub(crate) path: String,
    /// Line width; 0 for a gap, whose style says it.
    pub(crate) width: f64,
    pub(crate) is_gap: bool,
    /// What it says on hovering and to screen readers.
    pub(crate) title: String,
}

/// The whole picture.
pub(crate) struct GroupMap {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) dots: Vec<Dot>,
    /// Ties first, gaps on top.
    pub(crate) lines: Vec<Line>,
    /// The picture in one sentence.
    pub(crate) summary: String,
}

#[derive(Clone, Copy, Default)]
struct Place {
    x: f64,
    y: f64,
}

/// Draws the map; `None` with fewer than three groups, where a picture says nothing.
/// `members[i]` is the number of people of group `i` of the table.
pub(crate) fn group_map(heat: &HeatTable, members: &[usize]) -> Option<GroupMap> {
    let n = heat.names.len();
    if n < 3 {
        return None;
    }
    let height = STEP * n.div_ceil(2) as f64 + 24.0;
    let places = places(&circle_order(heat), height);
    let largest = members.iter().copied().max().unwrap_or(1).max(1) as f64;
    let dots = (0..n)
        .map(|group| {
            let share = members.get(group).copied().unwrap_or(0) as f64 / largest;
            dot(&heat.names[group], places[group], 5.0 + 11.0 * share.sqrt(), hue(group, n))
        })
        .collect();
    let centre = Place { x: WIDTH / 2.0, y: height / 2.0 };
    let (mut lines, left_out) = tie_lines(heat, &places, centre);
    let gaps = gap_lines(heat, &places, centre);
    let summary = summary(n, left_out, gaps.len());
    lines.extend(gaps);
    Some(GroupMap { width: WIDTH, height, dots, lines, summary })
}

fn summary(groups: usize, left_out: usize, gaps: usize) -> String {
    let size = if left_out > 0 {
        t!("report-map-thinner", groups = groups)
    } else {
        t!("report-map", groups = groups)
    };
    let gaps = match gaps {
        most if most >= MOST_GAPS => t!("report-map-widest-gaps", n = most),
        all => t!("report-map-gaps", n = all),
    };
    format!("{size} {gaps}")
}

/// Beyond eight groups hues would repeat and mislead: the rest share one and rely on labels.
fn hue(group: usize, groups: usize) -> usize {
    if groups <= 8 || group < 6 { group + 1 } else { 7 }
}

/// Round the circle, half of the groups on either side. The order begins in the middle of the left
/// side and goes over the top, so that the ties among the groups it begins with, which are the most,
/// cross the picture and do not pile up on one side.
fn places(order: &[usize], height: f64) -> Vec<Place> {
    let n = order.len();
    let right = n.div_ceil(2);
    let start = n - n / 4;
    let mut places = vec![Place::default(); n];
    for (at, group) in order.iter().enumerate() {
        let position = (at + start) % n;
        let (row, rows, side) = if position < right {
            (position, right, 1.0)
        } else {
            (n - 1 - position, n - right, -1.0)
        };
        // From -1 at the top to 1 at the bottom, never quite reaching either.
        let level = (2.0 * row as f64 + 1.0) / rows as f64 - 1.0;
        let out = (1.0 - level.abs().powi(3)).powf(1.0 / 3.0);
        let (middle, half) = (height / 2.0, STEP * right as f64 / 2.0);
        places[*group] = Place { x: WIDTH / 2.0 + side * REACH * out, y: middle + half * level };
    }
    places
}

fn dot(name: &str, at: Place, radius: f64, hue: usize) -> Dot {
    let side = if at.x < WIDTH / 2.0 { -1.0 } else { 1.0 };
    let lines = label_lines(name);
    let top = at.y + 4.0 - LINE_HEIGHT * (lines.len() as f64 - 1.0) / 2.0;
    let label = lines
        .into_iter()
        .enumerate()
        .map(|(row, text)| (top + LINE_HEIGHT * row as f64, text))
        .collect();
    Dot {
        x: at.x,
        y: at.y,
        radius,
        hue,
        name: name.to_owned(),
        label_x: at.x + side * (radius + 6.0),
        label,
        anchor: if side < 0.0 { "end" } else { "start" },
    }
}

/// A name in at most two lines, broken between words; what does not fit ends in an ellipsis.
fn label_lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LABEL_CHARS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let cut = lines.len() > 2;
    lines.truncate(2);
    let last = lines.len().saturating_sub(1);
    for (row, line) in lines.iter_mut().enumerate() {
        if line.chars().count() > LABEL_CHARS || (cut && row == last) {
            *line = line.chars().take(LABEL_CHARS - 1).chain(['\u{2026}']).collect();
        }
    }
    lines
}

/// The strongest links, at most twice as many as groups; also how many that leaves out.
fn tie_lines(heat: &HeatTable, places: &[Place], centre: Place) -> (Vec<Line>, usize) {
    let observed = |pair: &(usize, usize)| heat.cells[pair.0][pair.1].observed;
    let mut linked: Vec<(usize, usize)> =
        pairs(places.len()).filter(|pair| observed(pair) > 0).collect();
    linked.sort_by_key(|pair| (std::cmp::Reverse(observed(pair)), *pair));
    let left_out = linked.len().saturating_sub(2 * places.len());
    linked.truncate(2 * places.len());
    let most = linked.first().map_or(1, observed).max(1) as f64;
    let lines = linked
        .iter()
        .map(|(a, b)| {
            let observed = observed(&(*a, *b));
            Line {
                path: curve(places[*a], places[*b], centre, 0.45),
                width: 0.6 + 6.4 * observed as f64 / most,
                is_gap: false,
                title: t!(
                    "report-line",
                    one = heat.names[*a],
                    two = heat.names[*b],
                    ties = ties(observed as u64),
                ),
            }
        })
        .collect();
    (lines, left_out)
}

/// The gaps beyond chance with most ties missing.
fn gap_lines(heat: &HeatTable, places: &[Place], centre: Place) -> Vec<Line> {
    let cell = |pair: &(usize, usize)| &heat.cells[pair.0][pair.1];
    let missing = |pair: &(usize, usize)| cell(pair).expected - cell(pair).observed as f64;
    let mut gaps: Vec<(usize, usize)> =
        pairs(places.len()).filter(|pair| cell(pair).class == HeatClass::Silo).collect();
    gaps.sort_by(|x, y| missing(y).total_cmp(&missing(x)).then(x.cmp(y)));
    gaps.truncate(MOST_GAPS);
    gaps.iter()
        .map(|(a, b)| Line {
            // Less bent than ties, so that the two never lie upon each other.
            path: curve(places[*a], places[*b], centre, 0.15),
            width: 0.0,
            is_gap: true,
            title: t!(
                "report-gap-line",
                one = heat.names[*a],
                two = heat.names[*b],
                ties = ties(cell(&(*a, *b)).observed as u64),
                expected = format!("{:.0}", cell(&(*a, *b)).expected),
            ),
        })
        .collect()
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)))
}

/// A curve pulled to the middle: neighbours of one side bow inwards, opposite sides stay straight.
fn curve(from: Place, to: Place, centre: Place, bend: f64) -> String {
    let pull = |x: f64, to: f64| x + (to - x) * bend;
    let x = pull(f64::midpoint(from.x, to.x), centre.x);
    let y = pull(f64::midpoint(from.y, to.y), centre.y);
    format!("M{:.1} {:.1}Q{x:.1} {y:.1} {:.1} {:.1}", from.x, from.y, to.x, to.y)
}

/// Groups in an order that puts those with many ties side by side: start with the best connected
/// one, then always the one with most ties to the last placed. O(n^2).
pub(crate) fn circle_order(heat: &HeatTable) -> Vec<usize> {
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
