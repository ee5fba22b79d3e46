//! Parts of the network page.

use tieline_insight::View;
use tieline_insight::findings::HeatCell;

use crate::report::show as report;
use crate::snapshot::Snapshot;

/// Rows of the table on one page.
const PAGE: usize = 100;

/// A cell of the heat table.
pub(crate) struct Cell {
    pub(crate) class: &'static str,
    pub(crate) style: String,
    pub(crate) text: String,
    pub(crate) title: String,
}

/// A cell, with words for those who do not see colours.
pub(crate) fn cell(cell: &HeatCell, row: &str, column: &str) -> Cell {
    Cell {
        class: report::heat_class(cell),
        style: report::heat(cell),
        text: report::heat_text(cell),
        title: t!("report-line", one = row, two = column, ties = report::heat_title(cell)),
    }
}

/// A person in the table behind the map.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) ties: usize,
    pub(crate) across: String,
    pub(crate) bridging: String,
    pub(crate) strongest: String,
}

/// A page of people, or of those of one group, by name, and where the next one begins. O(n log n), and the ties of a page.
pub(crate) fn rows(
    snapshot: &Snapshot,
    seen: &View<'_>,
    group: Option<u32>,
    from: usize,
) -> (Vec<Row>, Option<usize>) {
    let network = &snapshot.network;
    let is_in = |node: &u32| group.is_none_or(|label| seen.groups().label(*node) == Some(label));
    let mut nodes = network.by_name().iter().copied().filter(is_in).skip(from);
    let page: Vec<u32> = nodes.by_ref().take(PAGE).collect();
    let next = nodes.next().map(|_| from + page.len());
    (page.into_iter().map(|node| row(snapshot, seen, node)).collect(), next)
}

fn row(snapshot: &Snapshot, seen: &View<'_>, node: u32) -> Row {
    let network = &snapshot.network;
    let actor = &network.actors()[node as usize];
    let label = seen.groups().label(node);
    let graph = network.graph();
    let weights = graph.weights(node).iter().copied();
    let mut ties: Vec<(u32, f64)> = graph.neighbours(node).iter().copied().zip(weights).collect();
    ties.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let across = ties.iter().filter(|(other, _)| seen.groups().label(*other) != label).count();
    let strongest =
        ties.iter().take(3).map(|(other, _)| network.actors()[*other as usize].name.as_str());
    let share = snapshot.measures.get(node as usize).and_then(|measures| measures.route_share);
    Row {
        id: actor.id.to_string(),
        name: actor.name.clone(),
        group: seen.groups().shown_group(node).map(|group| group.name.clone()).unwrap_or_default(),
        ties: ties.len(),
        across: if ties.is_empty() {
            "–".to_owned()
        } else {
            format!("{:.0} %", 100.0 * across as f64 / ties.len() as f64)
        },
        bridging: share.map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0)),
        strongest: strongest.collect::<Vec<_>>().join(", "),
    }
}
