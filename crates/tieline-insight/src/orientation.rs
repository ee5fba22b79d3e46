//! Whether groups look inward or outward (METHODS 2.2).

use tieline_graph::graph::Weights;
use tieline_graph::mixing::ei_index;

use crate::finding::{Finding, FindingKind, Method, Part, Significance};
use crate::findings::GroupRow;
use crate::input::{AnalysisOptions, Grouping};
use crate::voice::{View, count, coverage_of, defined, percent, stability_unknown};

const METHOD: Method =
    Method { name: "E-I index", section: "2.2", reference: "Krackhardt and Stern 1988" };

/// Tie visits that the permutations may cost.
const VISITS: usize = 2_000_000_000;

/// The shown groups, the largest first. `modal` gives each label's share of members in its main
/// community.
pub(crate) fn group_rows(view: &View<'_>, modal: impl Fn(u32) -> Option<f64>) -> Vec<GroupRow> {
    let graph = view.network().graph();
    let groups = view.groups();
    let ei = ei_index(graph, groups.labels(), Weights::Binary);
    let (mut inside, mut outside) =
        (vec![0; groups.groups().len()], vec![0; groups.groups().len()]);
    for (a, b, _) in graph.ties() {
        let (Some(x), Some(y)) = (groups.label(a), groups.label(b)) else { continue };
        if x == y {
            inside[x as usize] += 1;
        } else {
            outside[x as usize] += 1;
            outside[y as usize] += 1;
        }
    }
    let n = groups.labels().iter().flatten().count();
    let shown = groups.groups().iter().enumerate().filter(|(_, group)| group.shown);
    shown
        .map(|(at, group)| GroupRow {
            name: group.name.clone(),
            unit: group.unit,
            members: group.members,
            listed: group.listed,
            coverage: group.coverage(),
            ties_inside: inside[at],
            ties_outside: outside[at],
            ei: ei.by_group.get(at).copied().and_then(defined),
            ei_expected: ei_expected(group.members, n),
            modal_community_share: modal(at as u32),
        })
        .collect()
}

/// E-I index of a group of `members` among `n` people, if ties fell on any pair alike: the ratio of
/// the expected sums, `(2 (n - g) - (g - 1)) / (2 (n - g) + (g - 1))`.
fn ei_expected(members: usize, n: usize) -> Option<f64> {
    let out = 2.0 * n.saturating_sub(members) as f64;
    let own = members.saturating_sub(1) as f64;
    crate::voice::ratio(out - own, out + own)
}

/// The network, then the groups that look inward most against what their size lets expect.
pub(crate) fn findings(
    view: &View<'_>,
    rows: &[GroupRow],
    options: &AnalysisOptions,
) -> Vec<Finding> {
    let mut all = Vec::new();
    all.extend(network_finding(view, options));
    let gap = |row: &GroupRow| Some(row.ei? - row.ei_expected?);
    let mut inward: Vec<&GroupRow> = rows.iter().filter(|row| gap(row).is_some()).collect();
    inward.sort_by(|x, y| {
        let (x, y) = (gap(x).unwrap_or(0.0), gap(y).unwrap_or(0.0));
        x.total_cmp(&y)
    });
    all.extend(
        inward
            .into_iter()
            .take(options.sentences.saturating_sub(1))
            .filter_map(|row| group_finding(view, row)),
    );
    all
}

fn network_finding(view: &View<'_>, options: &AnalysisOptions) -> Option<Finding> {
    let network = view.network();
    let graph = network.graph();
    let labels = view.groups().labels();
    let ei = ei_index(graph, labels, Weights::Binary);
    let observed = defined(ei.network)?;
    let expected = defined(ei.expected)?;
    let community = view.groups().level() == Grouping::Community;
    let most = (VISITS / (graph.n_ties() + graph.n_nodes()).max(1)).max(200);
    let permutations = (options.permutations as usize).min(most);
    let test = (!community && permutations > 0).then(|| network.ei_test(labels, permutations));
    let p = test.as_ref().and_then(|test| defined(test.p_two_sided));
    let across = ei.external / (ei.external + ei.internal);
    let coverage = coverage_of(overall_coverage(view));
    let by_chance = f64::midpoint(expected, 1.0).clamp(0.0, 1.0);
    let part = |name, value, meaning| Part { name, value, meaning };
    let z = test.as_ref().and_then(|test| defined(test.z));
    Some(Finding {
        kind: FindingKind::Orientation,
        headline: format!(
            "{} of working ties cross from one group to another; {} would if ties fell anywhere.",
            percent(across),
            percent(by_chance),
        ),
        detail: if observed < expected { MORE_INSIDE } else { MORE_ACROSS }.to_owned(),
        parts: vec![
            part("E-I index", Some(observed), "-1 = all inside, 1 = all across"),
            part("Expected", Some(expected), "Mean if labels were dealt at random"),
            part("z", z, "Distance from the mean in standard deviations"),
            part("Left out", Some(ei.excluded_ties as f64), "Ties with an end of unknown group"),
        ],
        evidence: view.totals(|_| true),
        coverage,
        stability: stability_unknown("Stability is not computed for this index."),
        significance: p.map(|p| {
            let dealings = count(permutations as u64, "random dealing");
            let test = format!("Two-sided, {dealings} of the group labels");
            Significance { p, p_corrected: p, n_tests: 1, test }
        }),
        flagged: false,
        caveat: NOT_WRONG.to_owned(),
        action: "Look at the table of groups for the pairs that matter to you.".to_owned(),
        method: METHOD,
    })
}

const MORE_INSIDE: &str =
    "People work more inside their groups than chance would have it, as in most organisations.";
const MORE_ACROSS: &str = "People work across groups at least as much as chance would have it.";
const NOT_WRONG: &str = "Working inside a group is not wrong; the comparison shows how much, not \
                         whether it is too much.";

/// Listed people seen among all listed.
pub(crate) fn overall_coverage(view: &View<'_>) -> Option<f64> {
    let actors = view.network().actors();
    let listed = actors.iter().filter(|actor| actor.listed).count();
    let seen = actors.iter().filter(|actor| actor.listed && actor.seen).count();
    crate::voice::ratio(seen as f64, listed as f64)
}

fn group_finding(view: &View<'_>, row: &GroupRow) -> Option<Finding> {
    let (observed, expected) = (row.ei?, row.ei_expected?);
    let all = row.ties_inside + row.ties_outside;
    let coverage = coverage_of(row.coverage);
    let label = row.unit.and_then(|unit| view.groups().label_of_unit(unit));
    let of_group = |node| label.is_some() && view.groups().label(node) == label;
    let part = |name, value, meaning| Part { name, value: Some(value), meaning };
    let looks = if observed < expected { "inward" } else { "outward" };
    Some(Finding {
        kind: FindingKind::Orientation,
        headline: format!(
            "{} looks {looks}: {} of its {} {} inside.",
            row.name,
            row.ties_inside,
            count(all as u64, "working tie"),
            if row.ties_inside == 1 { "stays" } else { "stay" },
        ),
        detail: format!(
            "That is {} of them; by the size of the group, with {}, {} would be expected.",
            percent((1.0 - observed) / 2.0),
            count(row.members as u64, "person"),
            percent((1.0 - expected) / 2.0),
        ),
        parts: vec![
            part("E-I index", observed, "-1 = all inside, 1 = all outside"),
            part("Expected", expected, "If ties fell on any pair of people alike"),
            part("Ties inside", row.ties_inside as f64, "Working ties between members"),
            part("Ties outside", row.ties_outside as f64, "Working ties to other groups"),
        ],
        evidence: view.totals(|tie| of_group(tie.a) || of_group(tie.b)),
        coverage,
        stability: stability_unknown("Stability is not computed for this index."),
        significance: None,
        flagged: false,
        caveat: "A group that serves one purpose may rightly look inward.".to_owned(),
        action: format!("Ask {} with whom outside it would like to work more.", row.name),
        method: METHOD,
    })
}
