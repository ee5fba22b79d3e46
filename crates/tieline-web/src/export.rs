//! The network as a file: a picture, or a table or graph for other programs. It holds what the page
//! shows to the same viewer through the same lens, and no more: people and their ties in a workspace
//! of one, else groups of five people or more and the ties between them.

use std::fmt::Write as _;

use tieline_insight::findings::HeatCell;
use tieline_insight::{Layer, View};
use tieline_model::access::Viewer;

use crate::csv;
use crate::map::{self, DRAW_PEOPLE_UP_TO, escape};
use crate::pages::layers;
use crate::snapshot::Snapshot;

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// The map.
    Svg,
    /// A graph, as Gephi and others read it.
    Gexf,
    /// One line a tie.
    Csv,
}

impl Format {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Svg, Self::Gexf, Self::Csv];

    /// The word in URLs, and the end of the file's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Gexf => "gexf",
            Self::Csv => "csv",
        }
    }

    /// From the word.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its media type.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml; charset=utf-8",
            Self::Gexf => "application/gexf+xml; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The file; `None` where there is no map to draw.
pub(crate) fn file(
    snapshot: &Snapshot,
    viewer: &Viewer,
    drawing: &Drawing,
    format: Format,
) -> Option<String> {
    let seen = snapshot.view(viewer);
    match (format, viewer.alone) {
        (Format::Svg, _) => drawn(snapshot, &seen, viewer, drawing).map(|svg| standing_alone(&svg)),
        (Format::Csv, true) => Some(people_csv(snapshot, &seen)),
        (Format::Csv, false) => Some(groups_csv(snapshot, viewer)),
        (Format::Gexf, true) => Some(people_gexf(snapshot, &seen)),
        (Format::Gexf, false) => Some(groups_gexf(snapshot, viewer)),
    }
}

/// What of the network is drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawing {
    /// Ties of this layer; `None`: all.
    pub(crate) layer: Option<Layer>,
    /// People of this group; `None`: the whole.
    pub(crate) group: Option<String>,
    /// Everyone where the ties pull them, not by group.
    pub(crate) is_organic: bool,
    /// Where a group opens: a URL up to its name.
    pub(crate) open: String,
}

/// The label of a shown group.
pub(crate) fn label_of(seen: &View<'_>, name: &str) -> Option<u32> {
    let groups = seen.groups().groups();
    let at = groups.iter().position(|group| group.shown && group.name == name)?;
    u32::try_from(at).ok()
}

/// The map as a page draws it for a viewer.
pub(crate) fn drawn(
    snapshot: &Snapshot,
    seen: &View<'_>,
    viewer: &Viewer,
    drawing: &Drawing,
) -> Option<String> {
    let findings = snapshot.findings(viewer);
    let layer = drawing.layer;
    // Ties between named people are for a workspace of one; others see groups.
    if let Some(group) = drawing.group.as_ref().filter(|_| viewer.alone) {
        return map::group_people_map(snapshot, seen, label_of(seen, group)?, layer);
    }
    if viewer.alone && snapshot.network.len() <= DRAW_PEOPLE_UP_TO {
        return match drawing.is_organic {
            true => map::organic_map(snapshot, seen, layer),
            false => map::people_map(snapshot, seen, layer, &drawing.open),
        };
    }
    let open = viewer.alone.then_some(drawing.open.as_str());
    match layer {
        None => map::groups_map(findings, open),
        Some(layer) => {
            let counts = layers::between_groups(seen, &findings.heat.names, layer);
            map::layer_map(findings, &counts, open)
        }
    }
}

/// What the style sheet says of the map, in the light theme, as attributes: the file has no style
/// sheet, and works as a picture under any policy of content.
const LOOKS: &[(&str, &str)] = &[
    (
        "<svg class=\"net\"",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"Inter, system-ui, sans-serif\" \
         font-size=\"11\" font-weight=\"600\" style=\"background:#ffffff\"",
    ),
    ("class=\"e x\"", "fill=\"none\" stroke=\"#9fb0ab\" stroke-width=\"0.6\" opacity=\"0.7\""),
    ("class=\"e\"", "fill=\"none\" stroke=\"#9fb0ab\" stroke-width=\"0.6\" opacity=\"0.45\""),
    ("class=\"link\"", "fill=\"none\" stroke=\"#9fb0ab\""),
    (
        "class=\"gapline\"",
        "fill=\"none\" stroke=\"#c9741c\" stroke-width=\"2\" stroke-dasharray=\"5 4\"",
    ),
    ("<text class=\"g\"", "<text font-size=\"12.5\" font-weight=\"680\""),
    ("<circle ", "<circle stroke=\"#ffffff\" "),
    (
        "<text ",
        "<text fill=\"#14211f\" paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3.5\" \
         stroke-linejoin=\"round\" ",
    ),
    ("var(--g1)", "#0e7c86"),
    ("var(--g2)", "#c05a26"),
    ("var(--g3)", "#7656a3"),
    ("var(--g4)", "#587a2a"),
    ("var(--g5)", "#2c6bb0"),
    ("var(--g6)", "#a37b1c"),
    ("var(--g7)", "#5f6f6b"),
    ("var(--g8)", "#ad4378"),
];

/// The map without a page around it: no links, no style sheet.
fn standing_alone(svg: &str) -> String {
    let mut alone = String::with_capacity(svg.len() * 2);
    // Names are escaped, so every '<' begins an element of ours.
    let mut parts = svg.split('<');
    alone.push_str(parts.next().unwrap_or(""));
    for part in parts {
        if part.starts_with("a ") || part.starts_with("/a>") {
            alone.push_str(part.split_once('>').map_or("", |(_, rest)| rest));
            continue;
        }
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let mut tag = format!("<{tag}>");
        for (from, to) in LOOKS {
            tag = tag.replace(from, to);
        }
        alone.push_str(&tag);
        alone.push_str(text);
    }
    alone
}

fn people_csv(snapshot: &Snapshot, seen: &View<'_>) -> String {
    let head = [
        "from_id",
        "from",
        "from_group",
        "to_id",
        "to",
        "to_group",
        "strength",
        "interactions",
        "first",
        "last",
    ];
    let mut out = csv::line(&head);
    let network = &snapshot.network;
    let group = |node| seen.groups().shown_group(node).map_or("", |group| group.name.as_str());
    for pair in network.ties() {
        let (Some(a), Some(b)) =
            (network.actors().get(pair.a as usize), network.actors().get(pair.b as usize))
        else {
            continue;
        };
        let day = |at: tieline_model::time::Moment| at.date().to_string();
        let contact = pair.contact.as_ref();
        out.push_str(&csv::line(&[
            &a.id.to_string(),
            &a.name,
            group(pair.a),
            &b.id.to_string(),
            &b.name,
            group(pair.b),
            &format!("{:.3}", pair.strength),
            &pair.interactions().to_string(),
            &contact.map(|contact| day(contact.first)).unwrap_or_default(),
            &contact.map(|contact| day(contact.last)).unwrap_or_default(),
        ]));
    }
    out
}

/// Pairs of groups of the heat table, each with its cell.
fn group_pairs<'a>(
    snapshot: &'a Snapshot,
    viewer: &Viewer,
) -> impl Iterator<Item = (usize, usize, &'a HeatCell)> {
    let cells = &snapshot.findings(viewer).heat.cells;
    cells
        .iter()
        .enumerate()
        .flat_map(|(x, row)| row.iter().enumerate().skip(x).map(move |(y, cell)| (x, y, cell)))
}

fn groups_csv(snapshot: &Snapshot, viewer: &Viewer) -> String {
    let mut out = csv::line(&["group", "and", "ties", "expected", "found_over_expected"]);
    let names = &snapshot.findings(viewer).heat.names;
    for (x, y, cell) in group_pairs(snapshot, viewer) {
        let (Some(a), Some(b)) = (names.get(x), names.get(y)) else { continue };
        out.push_str(&csv::line(&[
            a,
            b,
            &cell.observed.to_string(),
            &format!("{:.3}", cell.expected),
            &cell.ratio.map(|ratio| format!("{ratio:.3}")).unwrap_or_default(),
        ]));
    }
    out
}

/// Text for XML, without the characters that it cannot hold.
fn xml(text: &str) -> String {
    let holds = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    escape(&text.chars().filter(holds).collect::<String>())
}

/// A document around nodes and edges: GEXF 1.3, attributes of nodes as given.
fn gexf(attributes: &[(&str, &str)], nodes: &str, edges: &str) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\"><meta><creator>Tieline</creator></meta>\
        <graph defaultedgetype=\"undirected\" mode=\"static\"><attributes class=\"node\">"
        .to_owned();
    for (at, (title, kind)) in attributes.iter().enumerate() {
        let _ = write!(out, "<attribute id=\"{at}\" title=\"{title}\" type=\"{kind}\"/>");
    }
    let _ =
        writeln!(out, "</attributes><nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>");
    out
}

fn people_gexf(snapshot: &Snapshot, seen: &View<'_>) -> String {
    let network = &snapshot.network;
    let (mut nodes, mut edges) = (String::new(), String::new());
    for (node, actor) in network.actors().iter().enumerate() {
        let group = seen.groups().shown_group(node as u32).map_or("", |group| &group.name);
        let _ = write!(
            nodes,
            "<node id=\"{}\" label=\"{}\"><attvalues><attvalue for=\"0\" value=\"{}\"/>\
             </attvalues></node>",
            actor.id,
            xml(&actor.name),
            xml(group)
        );
    }
    for (at, pair) in network.ties().enumerate() {
        let id = |node: u32| network.actors().get(node as usize).map(|actor| actor.id);
        if let (Some(a), Some(b)) = (id(pair.a), id(pair.b)) {
            let weight = pair.strength;
            let _ = write!(
                edges,
                "<edge id=\"{at}\" source=\"{a}\" target=\"{b}\" weight=\"{weight:.3}\"/>"
            );
        }
    }
    gexf(&[("group", "string")], &nodes, &edges)
}

fn groups_gexf(snapshot: &Snapshot, viewer: &Viewer) -> String {
    let findings = snapshot.findings(viewer);
    let (mut nodes, mut edges) = (String::new(), String::new());
    for (at, name) in findings.heat.names.iter().enumerate() {
        let row = findings.groups.iter().find(|group| &group.name == name);
        let _ = write!(
            nodes,
            "<node id=\"g{at}\" label=\"{}\"><attvalues><attvalue for=\"0\" value=\"{}\"/>\
             </attvalues></node>",
            xml(name),
            row.map_or(0, |row| row.members)
        );
    }
    for (x, y, cell) in
        group_pairs(snapshot, viewer).filter(|(x, y, cell)| x != y && cell.observed > 0)
    {
        let _ = write!(
            edges,
            "<edge id=\"{x}-{y}\" source=\"g{x}\" target=\"g{y}\" weight=\"{}\"/>",
            cell.observed
        );
    }
    gexf(&[("people", "integer")], &nodes, &edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_stands_alone_has_no_link_and_no_style_of_ours() {
        let map = "<svg class=\"net\" viewBox=\"0 0 1 1\"><path class=\"e x\" d=\"M0 0\"/>\
                   <a href=\"/people/1\"><circle cx=\"1\" fill=\"var(--g2)\"><title>&lt;a b&gt; var(--g1)\
                   </title></circle></a><text class=\"g\">A</text></svg>";
        let alone = standing_alone(map);
        assert!(!alone.contains("class=") && !alone.contains("<a ") && !alone.contains("</a>"));
        assert!(alone.contains("fill=\"#c05a26\"") && alone.contains("&lt;a b&gt; var(--g1)"));
        assert!(alone.contains("xmlns=\"http://www.w3.org/2000/svg\""));
    }

    #[test]
    fn xml_holds_no_control_characters_and_no_markup() {
        assert_eq!(xml("a\u{1}<b>\u{ffff} & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}
