//! Small pictures of the network, drawn on the server: deterministic, readable without scripts.

use std::fmt::Write as _;

use tieline_insight::findings::{HeatClass, HeatTable, SiloRow};
use tieline_insight::{Findings, Groups, Layer, Network, View};

use crate::error::encode;
use crate::organic;
use crate::report::map::{circle_order, group_map};
use crate::snapshot::Snapshot;

/// People drawn of each group, at most; the figure's text says so.
const MOST_DRAWN: usize = 12;

/// Golden angle, radians: points along a spiral at this angle never line up.
const GOLDEN: f64 = 2.399_963_229_728_653;

/// Two groups, the ties inside them, and those across in amber. Nobody is named; both groups have
/// five people or more, or there would be no finding. `None` when a group is not in the network.
/// O(n), and the ties of those who are drawn.
pub(crate) fn gap_figure(snapshot: &Snapshot, silo: &SiloRow) -> Option<String> {
    let groups = snapshot.network.groups(snapshot.named.grouping);
    let (a, b) = (groups.label_of_unit(silo.unit_a?)?, groups.label_of_unit(silo.unit_b?)?);
    let mut at: Vec<Option<(f64, f64, usize)>> = vec![None; snapshot.network.len()];
    for (side, label) in [a, b].into_iter().enumerate() {
        for (i, node) in busiest(snapshot, &groups, label).into_iter().enumerate() {
            let (x, y) = spiral(i, if side == 0 { 62.0 } else { 188.0 }, 84.0);
            *at.get_mut(node as usize)? = Some((x, y, side));
        }
    }
    let mut svg = String::new();
    let place = |node: u32| at.get(node as usize).copied().flatten();
    let (mut inside, mut across) = (String::new(), String::new());
    let drawn = (0..at.len() as u32).filter(|node| place(*node).is_some());
    // Each tie once, from its smaller end.
    let ties = drawn.flat_map(|node| {
        let alters = snapshot.network.graph().neighbours(node).iter();
        alters.filter(move |alter| **alter > node).map(move |alter| (node, *alter))
    });
    for (a, b) in ties {
        let (Some((x1, y1, from)), Some((x2, y2, to))) = (place(a), place(b)) else {
            continue;
        };
        let lines = if from == to { &mut inside } else { &mut across };
        let _ = write!(lines, "M{x1:.0},{y1:.0}L{x2:.0},{y2:.0}");
    }
    let (name_a, name_b) = (escape(&short(&silo.group_a)), escape(&short(&silo.group_b)));
    let expected = format!("{:.0}", silo.expected);
    let _ = write!(
        svg,
        "<svg class=\"gapfig\" viewBox=\"0 0 250 170\" width=\"236\" height=\"160\" role=\"img\" aria-label=\"{}\">\
         <path class=\"e\" d=\"{inside}\"/><path class=\"x\" d=\"{across}\"/>",
        escape(&t!(
            "network-gap-figure",
            one = short(&silo.group_a),
            two = short(&silo.group_b),
            ties = silo.observed,
            expected = expected,
        ))
    );
    for (x, y, side) in at.iter().flatten() {
        let hue = side + 1;
        let _ = write!(svg, "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"5\" fill=\"var(--g{hue})\"/>");
    }
    let _ = write!(
        svg,
        "<text x=\"12\" y=\"20\">{name_a}</text><text x=\"238\" y=\"20\" text-anchor=\"end\">{name_b}</text>\
         <text class=\"gap\" x=\"125\" y=\"162\" text-anchor=\"middle\">{}</text></svg>",
        escape(&t!("network-gap-ties", ties = silo.observed, expected = expected))
    );
    Some(svg)
}

/// People up to which everyone is drawn; above, groups come first.
pub(crate) const DRAW_PEOPLE_UP_TO: usize = 2_000;

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 560.0;

/// Ties drawn on a map, at most: the strongest ones.
const MOST_LINES: usize = 3_000;

/// People whose names are written on the map.
const MOST_NAMES: usize = 6;

/// People up to whom all are named.
const NAME_ALL_UP_TO: usize = 40;

/// Everyone as a dot near the others of the same group, groups round an ellipse so that those with
/// many ties are neighbours. The same network gives the same picture. `None` without groups.
/// O(n + m log m).
///
/// `open`: where the map of a group's people is.
pub(crate) fn people_map(
    snapshot: &Snapshot,
    seen: &View<'_>,
    layer: Option<Layer>,
    open: &str,
) -> Option<String> {
    let places = places(snapshot, seen)?;
    people_at(snapshot, seen, layer, &places, open)
}

/// Everyone where the ties pull them ([`organic`]); colours still say the group.
pub(crate) fn organic_map(
    snapshot: &Snapshot,
    seen: &View<'_>,
    layer: Option<Layer>,
) -> Option<String> {
    let at = organic_places(snapshot, seen, layer);
    let in_box = |(x, y): &(f64, f64)| {
        // One scale both ways keeps distances true; the box is wider than high.
        Some((WIDTH / 2.0 + (x - 0.5) * (HEIGHT - 50.0) * 1.4, 25.0 + y * (HEIGHT - 50.0)))
    };
    let places = Places { people: at.iter().map(in_box).collect(), groups: Vec::new() };
    people_at(snapshot, seen, layer, &places, "")
}

/// Where the ties of a layer pull everyone, from 0 to 1; all start by group.
pub(crate) fn organic_places(
    snapshot: &Snapshot,
    seen: &View<'_>,
    layer: Option<Layer>,
) -> Vec<(f64, f64)> {
    let network = &snapshot.network;
    let mut order: Vec<u32> = (0..network.len() as u32).collect();
    order.sort_by_key(|node| (seen.groups().label(*node).unwrap_or(u32::MAX), *node));
    organic::places(network.len(), &drawn_ties(network, layer), &order)
}

/// The pairs that a map of everyone draws.
pub(crate) fn drawn_ties(network: &Network, layer: Option<Layer>) -> Vec<(u32, u32)> {
    lines(network, layer, |_, _| true)
}

/// Number of the hue of a person's group.
pub(crate) fn hue_of(seen: &View<'_>, node: u32) -> usize {
    let groups = seen.groups();
    groups.label(node).map_or(7, |label| hue(label as usize, groups.groups().len()))
}

fn people_at(
    snapshot: &Snapshot,
    seen: &View<'_>,
    layer: Option<Layer>,
    places: &Places,
    open: &str,
) -> Option<String> {
    let network = &snapshot.network;
    let (mut inside, mut across) = (String::new(), String::new());
    for (a, b) in drawn_ties(network, layer) {
        let (from, to) = (places.people.get(a as usize)?, places.people.get(b as usize)?);
        let (Some((x1, y1)), Some((x2, y2))) = (from, to) else { continue };
        let same = seen.groups().label(a) == seen.groups().label(b);
        let lines = if same { &mut inside } else { &mut across };
        let _ = write!(lines, "M{x1:.0} {y1:.0}L{x2:.0} {y2:.0}");
    }
    let shown = seen.groups().groups().iter().filter(|group| group.shown).count();
    let mut svg = format!(
        "<svg class=\"net\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"group\" aria-label=\"{}\">\
         <path class=\"e\" d=\"{inside}\"/><path class=\"e x\" d=\"{across}\"/>",
        escape(&t!("network-map-of-all", people = network.len(), groups = shown)),
    );
    dots(&mut svg, snapshot, seen, places);
    for (x, y, name) in &places.groups {
        let label = escape(&t!("network-open-group", name = name));
        let (query, name) = (encode(name), escape(name));
        let _ = write!(
            svg,
            "<a href=\"{open}group={query}\" aria-label=\"{label}\"><text class=\"g\" x=\"{x:.0}\" \
             y=\"{y:.0}\" text-anchor=\"middle\">{name}</text></a>"
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

/// People of one group that are drawn, at most: those with most ties.
pub(crate) const MOST_OF_A_GROUP: usize = 300;

/// One group opened: its people, those with most ties in the middle, and the ties among them. `None`
/// for a group that is not shown. O(n + m log m).
pub(crate) fn group_people_map(
    snapshot: &Snapshot,
    seen: &View<'_>,
    label: u32,
    layer: Option<Layer>,
) -> Option<String> {
    let network = &snapshot.network;
    let group = seen.groups().groups().get(label as usize).filter(|group| group.shown)?;
    let mut members = seen.groups().members(label);
    members.sort_by_key(|node| (std::cmp::Reverse(network.graph().degree(*node)), *node));
    members.truncate(MOST_OF_A_GROUP);
    let scale = (250.0 / (members.len() as f64).sqrt()).min(40.0);
    let mut places = Places { people: vec![None; network.len()], groups: Vec::new() };
    for (i, node) in members.iter().enumerate() {
        let radius = scale * (i as f64 + 0.3).sqrt();
        let turn = i as f64 * GOLDEN;
        *places.people.get_mut(*node as usize)? =
            Some((WIDTH / 2.0 + 1.5 * radius * turn.cos(), HEIGHT / 2.0 + radius * turn.sin()));
    }
    let mut inside = String::new();
    let place = |node: u32| places.people.get(node as usize).copied().flatten();
    let among = lines(network, layer, |a, b| place(a).is_some() && place(b).is_some());
    for (a, b) in among {
        if let (Some((x1, y1)), Some((x2, y2))) = (place(a), place(b)) {
            let _ = write!(inside, "M{x1:.0} {y1:.0}L{x2:.0} {y2:.0}");
        }
    }
    let mut svg = format!(
        "<svg class=\"net\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"group\" aria-label=\"{}\">\
         <path class=\"e\" d=\"{inside}\"/>",
        escape(&t!("network-map-of-group", people = members.len(), group = group.name)),
    );
    dots(&mut svg, snapshot, seen, &places);
    svg.push_str("</svg>");
    Some(svg)
}

/// The pairs that are drawn: the strongest ties, or those of one layer.
fn lines(
    network: &Network,
    layer: Option<Layer>,
    is_drawn: impl Fn(u32, u32) -> bool,
) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(f64, u32, u32)> = match layer {
        None => network.ties().map(|pair| (pair.strength, pair.a, pair.b)).collect(),
        Some(layer) => {
            let strength = |a, b| network.pair(a, b).map_or(0.0, |pair| pair.strength);
            layer.pairs(network).into_iter().map(|(a, b)| (strength(a, b), a, b)).collect()
        }
    };
    pairs.retain(|(_, a, b)| is_drawn(*a, *b));
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    pairs.truncate(MOST_LINES);
    pairs.into_iter().map(|(_, a, b)| (a, b)).collect()
}

/// Where people and the names of groups stand.
struct Places {
    people: Vec<Option<(f64, f64)>>,
    groups: Vec<(f64, f64, String)>,
}

fn places(snapshot: &Snapshot, seen: &View<'_>) -> Option<Places> {
    let groups = seen.groups();
    let heat = &snapshot.named.heat;
    let shown: Vec<u32> = (0..groups.groups().len() as u32)
        .filter(|label| groups.groups().get(*label as usize).is_some_and(|group| group.shown))
        .collect();
    if shown.len() < 2 {
        return None;
    }
    // The heat table holds the largest groups by name; the rest follow in their own order.
    let mut order: Vec<u32> = Vec::with_capacity(shown.len());
    if heat.names.len() > 2 {
        for at in circle_order(heat) {
            let name = heat.names.get(at)?;
            order.extend(shown.iter().filter(|label| seen.group_name(**label) == name));
        }
    }
    order.extend(shown.iter().filter(|label| !order.contains(label)).copied().collect::<Vec<_>>());
    let sizes: Vec<f64> =
        order.iter().map(|label| (groups.members(*label).len() as f64).sqrt()).collect();
    let around: f64 = sizes.iter().map(|size| size + 1.5).sum();
    // Neighbouring clusters touch when their radii fill the ellipse; names need a third of it.
    let scale = (1_050.0 / around).clamp(3.0, 14.0);
    let mut people = vec![None; snapshot.network.len()];
    let mut names = Vec::new();
    let mut angle = -std::f64::consts::FRAC_PI_2;
    for (label, size) in order.iter().zip(&sizes) {
        let share = (size + 1.5) / around * std::f64::consts::TAU;
        let middle = angle + share / 2.0;
        angle += share;
        let (x, y) =
            (WIDTH / 2.0 + 345.0 * middle.cos(), HEIGHT / 2.0 + 12.0 + 215.0 * middle.sin());
        for (i, node) in groups.members(*label).into_iter().enumerate() {
            let radius = scale * (i as f64 + 0.3).sqrt();
            let turn = i as f64 * GOLDEN;
            *people.get_mut(node as usize)? =
                Some((x + radius * turn.cos(), y + radius * turn.sin()));
        }
        names.push((x, y - scale * size - 9.0, seen.group_name(*label).to_owned()));
    }
    Some(Places { people, groups: names })
}

/// The dots, each a way to the person's page; the busiest bridges carry their names.
fn dots(svg: &mut String, snapshot: &Snapshot, seen: &View<'_>, places: &Places) {
    let share =
        |node: usize| snapshot.measures.get(node).and_then(|m| m.route_share).unwrap_or(0.0);
    let is_placed = |node: &usize| places.people.get(*node).is_some_and(Option::is_some);
    let mut busiest: Vec<usize> = (0..places.people.len()).filter(is_placed).collect();
    busiest.sort_by(|a, b| share(*b).total_cmp(&share(*a)).then(a.cmp(b)));
    // Where there is room for it, everyone is named.
    let named = if busiest.len() <= NAME_ALL_UP_TO { busiest.len() } else { MOST_NAMES };
    busiest.truncate(named);
    let most = busiest.first().map_or(1.0, |node| share(*node)).max(1e-9);
    let mut names = String::new();
    for (node, place) in places.people.iter().enumerate() {
        let (Some((x, y)), Some(actor)) = (place, snapshot.network.actors().get(node)) else {
            continue;
        };
        let hue = hue_of(seen, node as u32);
        let radius = 3.4 + 5.6 * (share(node) / most).sqrt();
        let name = escape(&actor.name);
        let _ = write!(
            svg,
            "<a href=\"/people/{}\" tabindex=\"-1\"><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" \
             fill=\"var(--g{hue})\"><title>{name}</title></circle></a>",
            actor.id
        );
        if busiest.contains(&node) && (named != MOST_NAMES || share(node) > 0.0) {
            let _ = write!(
                names,
                "<text x=\"{:.0}\" y=\"{:.0}\">{name}</text>",
                x + radius + 3.0,
                y + 4.0
            );
        }
    }
    svg.push_str(&names);
}

/// Beyond eight groups hues would repeat and mislead: the rest share one.
fn hue(group: usize, groups: usize) -> usize {
    if groups <= 8 || group < 6 { group + 1 } else { 7 }
}

/// Groups alone, for those who may not see who is tied to whom, and for large networks.
///
/// `open`: where the map of a group's people is; `None` for those who may not see it.
pub(crate) fn groups_map(findings: &Findings, open: Option<&str>) -> Option<String> {
    groups_map_of(findings, &findings.heat, open)
}

/// The same with the ties of one layer instead: `counts` as the heat table has its cells.
pub(crate) fn layer_map(
    findings: &Findings,
    counts: &[Vec<usize>],
    open: Option<&str>,
) -> Option<String> {
    let mut heat = findings.heat.clone();
    for (row, counts) in heat.cells.iter_mut().zip(counts) {
        for (cell, count) in row.iter_mut().zip(counts) {
            (cell.observed, cell.class) = (*count, HeatClass::Usual);
        }
    }
    groups_map_of(findings, &heat, open)
}

fn groups_map_of(findings: &Findings, heat: &HeatTable, open: Option<&str>) -> Option<String> {
    let members: Vec<usize> = heat
        .names
        .iter()
        .map(|name| {
            findings
                .groups
                .iter()
                .find(|group| &group.name == name)
                .map_or(0, |group| group.members)
        })
        .collect();
    let map = group_map(heat, &members)?;
    let mut svg = format!(
        "<svg class=\"net\" viewBox=\"0 0 {} {}\" role=\"{}\" aria-label=\"{}\">",
        map.width,
        map.height,
        if open.is_some() { "group" } else { "img" },
        escape(&t!("network-map-of-groups", summary = map.summary))
    );
    for line in &map.lines {
        let title = escape(&line.title);
        let _ = if line.is_gap {
            write!(svg, "<path class=\"gapline\" d=\"{}\"><title>{title}</title></path>", line.path)
        } else {
            write!(
                svg,
                "<path class=\"link\" stroke-width=\"{:.1}\" d=\"{}\"><title>{title}</title></path>",
                line.width, line.path
            )
        };
    }
    for dot in &map.dots {
        let name = escape(&dot.name);
        if let Some(open) = open {
            let group = encode(&dot.name);
            let label = escape(&t!("network-open-group", name = dot.name));
            let _ = write!(svg, "<a href=\"{open}group={group}\" aria-label=\"{label}\">");
        }
        let _ = write!(
            svg,
            "<g><title>{name}</title><circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\" fill=\"var(--g{})\"/>",
            dot.x, dot.y, dot.radius, dot.hue
        );
        for (y, text) in &dot.label {
            let text = escape(text);
            let _ = write!(
                svg,
                "<text class=\"g\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"{}\">{text}</text>",
                dot.label_x, dot.anchor
            );
        }
        svg.push_str(if open.is_some() { "</g></a>" } else { "</g>" });
    }
    svg.push_str("</svg>");
    Some(svg)
}

/// The members with the most ties.
fn busiest(snapshot: &Snapshot, groups: &Groups, label: u32) -> Vec<u32> {
    let mut members = groups.members(label);
    let graph = snapshot.network.graph();
    members.sort_by_key(|node| (std::cmp::Reverse(graph.degree(*node)), *node));
    members.truncate(MOST_DRAWN);
    members
}

fn spiral(i: usize, x: f64, y: f64) -> (f64, f64) {
    let radius = 13.5 * (i as f64 + 0.6).sqrt();
    let angle = i as f64 * GOLDEN;
    (x + radius * angle.cos(), y + radius * angle.sin() * 1.05)
}

/// Fits above its half of the figure.
fn short(name: &str) -> String {
    const MOST: usize = 17;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let cut: String = name.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Text for SVG.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
