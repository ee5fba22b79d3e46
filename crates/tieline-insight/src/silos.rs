//! Pairs of groups that should be talking and are not (METHODS 2.13, 2.23).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tieline_graph::graph::{Graph, Weights};
use tieline_graph::multiple::adjusted_p;
use tieline_graph::silo::{PairNull, SiloPair, SiloTable, pair_index, silo_table};

use crate::finding::{Finding, FindingKind, Method, Part, Significance, Stability};
use crate::findings::{HeatCell, HeatClass, HeatTable, SiloRow};
use crate::gaps::Planned;
use crate::groups::{Groups, PATCHY_UNDER};
use crate::input::{AnalysisOptions, Grouping};
use crate::voice::{View, about, count, defined, percent, stability_unknown};

const METHOD: Method = Method {
    name: "Silo index",
    section: "2.13, 2.2, 2.23",
    reference: "Tieline, on the configuration model (Newman 2003); Benjamini and Hochberg 1995",
};

/// Corrected p under which, and share of the expected ties under which, a pair is flagged.
const ALPHA: f64 = 0.05;
const FLAG_UNDER: f64 = 0.5;

/// Tie visits that the permutations may cost.
const VISITS: usize = 2_000_000_000;

/// The shown groups that are compared; everyone else of a known group is one further label, which
/// leaves the chance distribution of each compared pair as it is.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    /// Label of each node: position in `kept`, or `kept.len()` for everyone else.
    label: Vec<Option<u32>>,
    /// Original labels of the compared groups.
    pub(crate) kept: Vec<u32>,
    /// Shown groups that did not fit.
    left_out: usize,
}

impl Compared {
    fn of(groups: &Groups, most: usize) -> Self {
        let shown = groups.groups().iter().enumerate().filter(|(_, group)| group.shown);
        let mut kept: Vec<u32> = shown.map(|(at, _)| at as u32).collect();
        let left_out = kept.len().saturating_sub(most);
        kept.truncate(most);
        let mut new = vec![kept.len() as u32; groups.groups().len()];
        for (at, old) in kept.iter().enumerate() {
            new[*old as usize] = at as u32;
        }
        let renamed = |label: &Option<u32>| label.map(|old| new[old as usize]);
        Self { label: groups.labels().iter().map(renamed).collect(), kept, left_out }
    }

    /// Label of each node among the compared groups.
    pub(crate) fn labels(&self) -> &[Option<u32>] {
        &self.label
    }

    fn n_labels(&self) -> usize {
        self.kept.len() + 1
    }

    /// Pairs of different compared groups.
    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + use<> {
        let n = self.kept.len() as u32;
        (0..n).flat_map(move |x| (x + 1..n).map(move |y| (x, y)))
    }

    /// Chance of as few ties as `table` has between a pair, under `null`.
    fn p(&self, table: &SiloTable, null: &PairNull, (x, y): (u32, u32)) -> Option<f64> {
        let at = pair_index(self.n_labels(), x, y)?;
        defined(null.p_lower(at, table.pairs.get(at)?.observed as usize))
    }

    /// Which pairs are flagged in a resampled network: its counts against the chance distribution
    /// of the whole data, so that a pair is judged alike in the data and in every resample.
    fn flags(&self, graph: &Graph, null: &PairNull) -> BTreeSet<(u32, u32)> {
        let table = silo_table(graph, &self.label, self.n_labels(), Weights::Binary);
        let p = |(x, y)| self.p(&table, null, (x, y)).map(|p| (x, y, p));
        let tested: Vec<(u32, u32, f64)> = self.pairs().filter_map(p).collect();
        let corrected = adjusted_p(&tested.iter().map(|test| test.2).collect::<Vec<f64>>());
        let flagged = tested.iter().zip(corrected).filter(|((x, y, _), p)| {
            let few = table.pair(*x, *y).is_some_and(|pair| pair.ratio_config < FLAG_UNDER);
            *p < ALPHA && few
        });
        flagged.map(|((x, y, _), _)| (*x, *y)).collect()
    }
}

/// Every compared pair: the flagged first, of these the certain, then by missing ties.
pub(crate) struct Silos {
    pub(crate) rows: Vec<Silo>,
    pub(crate) heat: HeatTable,
    pub(crate) compared: Compared,
    /// The chance distribution of each pair; `None` = no test (communities, nothing to compare).
    null: Option<Arc<PairNull>>,
}

/// A row with the groups that it compares.
pub(crate) struct Silo {
    pub(crate) row: SiloRow,
    /// Original labels, the smaller first.
    pub(crate) labels: (u32, u32),
    /// Positions among the compared groups.
    compared: (u32, u32),
}

impl Silo {
    /// The ties between the two groups, as network indices.
    pub(crate) fn ties(&self, view: &View<'_>) -> Vec<(u32, u32)> {
        let (x, y) = self.labels;
        let between = view.network().ties().filter(|tie| {
            let ends = (view.groups().label(tie.a), view.groups().label(tie.b));
            ends == (Some(x), Some(y)) || ends == (Some(y), Some(x))
        });
        between.map(|tie| (tie.a, tie.b)).collect()
    }
}

impl Silos {
    /// Label pairs with a silo score of at least 0.5.
    pub(crate) fn apart(&self) -> BTreeSet<(u32, u32)> {
        let apart = self.rows.iter().filter(|silo| silo.row.score.is_some_and(|s| s >= 0.5));
        apart.map(|silo| silo.labels).collect()
    }

    pub(crate) fn flagged(&self) -> impl Iterator<Item = &Silo> {
        self.rows.iter().filter(|silo| silo.row.flagged)
    }

    /// Label permutations made; 0 = none.
    pub(crate) fn permutations(&self) -> usize {
        self.null.as_ref().map_or(0, |null| null.permutations())
    }

    /// Which pairs are flagged in a resampled network, as positions among the compared groups.
    pub(crate) fn flags(&self, graph: &Graph) -> BTreeSet<(u32, u32)> {
        self.null.as_ref().map_or_else(BTreeSet::new, |null| self.compared.flags(graph, null))
    }

    /// Sets how stable each flag is, and puts the certain ones first; `of` is asked with positions
    /// among the compared groups.
    pub(crate) fn set_stability(&mut self, of: impl Fn((u32, u32)) -> Stability) {
        for silo in &mut self.rows {
            if silo.row.flagged {
                silo.row.stability = of(silo.compared);
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        let missing = |row: &SiloRow| row.expected - row.observed as f64;
        self.rows.sort_by(|x, y| {
            let key = |silo: &Silo| (!silo.row.flagged, silo.row.stability.is_doubtful());
            key(x)
                .cmp(&key(y))
                .then(missing(&y.row).total_cmp(&missing(&x.row)))
                .then(x.labels.cmp(&y.labels))
        });
    }
}

/// Compares the shown groups. O(B m) for B permutations.
pub(crate) fn silos(view: &View<'_>, options: &AnalysisOptions) -> Silos {
    let graph = view.network().graph();
    let compared = Compared::of(view.groups(), options.max_groups);
    let table = silo_table(graph, &compared.label, compared.n_labels(), Weights::Binary);
    // Communities were found from these ties: that few lead out of them is no news.
    let testable = view.groups().level() != Grouping::Community
        && compared.kept.len() >= 2
        && graph.n_ties() > 0;
    let most = VISITS / (graph.n_ties() + graph.n_nodes()).max(1);
    let permutations =
        if testable { (options.permutations as usize).min(most.max(200)) } else { 0 };
    let null = (permutations > 0)
        .then(|| view.network().pair_null(&compared.label, compared.n_labels(), permutations));
    let tests = tests(&compared, &table, null.as_deref());
    let rows: Vec<Silo> = compared
        .pairs()
        .zip(tests)
        .filter_map(|(pair, test)| {
            table.pair(pair.0, pair.1).map(|found| row(view, &compared, found, test))
        })
        .collect();
    let heat = heat(view, &compared, &table, &rows);
    let mut silos = Silos { rows, heat, compared, null };
    silos.sort();
    silos
}

/// A test for each compared pair, in the order of [`Compared::pairs`].
fn tests(
    compared: &Compared,
    table: &SiloTable,
    null: Option<&PairNull>,
) -> Vec<Option<Significance>> {
    let Some(null) = null else { return vec![None; compared.pairs().count()] };
    let raw: Vec<Option<f64>> =
        compared.pairs().map(|pair| compared.p(table, null, pair)).collect();
    let known: Vec<f64> = raw.iter().copied().flatten().collect();
    let mut corrected = adjusted_p(&known).into_iter();
    raw.into_iter()
        .map(|p| {
            let p = p?;
            Some(Significance {
                p,
                p_corrected: corrected.next()?,
                n_tests: known.len(),
                test: format!(
                    "Share of {} of the group labels in which as few ties fall between the two; \
                     people keep their ties, groups their sizes",
                    count(null.permutations() as u64, "random dealing")
                ),
            })
        })
        .collect()
}

fn row(
    view: &View<'_>,
    compared: &Compared,
    found: &SiloPair,
    significance: Option<Significance>,
) -> Silo {
    let labels = (compared.kept[found.a as usize], compared.kept[found.b as usize]);
    let unit = |label: u32| view.groups().groups()[label as usize].unit;
    let ratio = defined(found.ratio_config);
    let flagged = significance.as_ref().is_some_and(|test| test.p_corrected < ALPHA)
        && ratio.is_some_and(|ratio| ratio < FLAG_UNDER);
    let stability = if flagged {
        stability_unknown("Stability was not computed.")
    } else {
        stability_unknown("Stability is computed for flagged pairs only.")
    };
    let row = SiloRow {
        group_a: view.group_name(labels.0).to_owned(),
        group_b: view.group_name(labels.1).to_owned(),
        unit_a: unit(labels.0),
        unit_b: unit(labels.1),
        observed: found.observed as usize,
        expected: found.expected_config,
        expected_by_size: found.expected_density,
        ratio,
        ratio_by_size: defined(found.ratio_density),
        score: defined(found.score),
        significance,
        flagged,
        coverage: view.coverage([labels.0, labels.1]),
        stability,
    };
    Silo { row, labels, compared: (found.a, found.b) }
}

fn heat(view: &View<'_>, compared: &Compared, table: &SiloTable, rows: &[Silo]) -> HeatTable {
    let flagged: BTreeSet<(u32, u32)> =
        rows.iter().filter(|silo| silo.row.flagged).map(|silo| silo.compared).collect();
    let n = compared.kept.len() as u32;
    let patchy = |at: u32| {
        let label = compared.kept[at as usize];
        view.groups().lowest_coverage([label]).is_some_and(|share| share < PATCHY_UNDER)
    };
    let cell = |x: u32, y: u32| {
        let found = table.pair(x, y)?;
        let ratio = defined(found.ratio_config);
        let class = if x == y {
            HeatClass::Within
        } else if flagged.contains(&(x.min(y), x.max(y))) {
            HeatClass::Silo
        } else {
            class(found.expected_config, ratio)
        };
        Some(HeatCell {
            observed: found.observed as usize,
            expected: found.expected_config,
            ratio,
            class,
            patchy: patchy(x) || patchy(y),
        })
    };
    HeatTable {
        names: compared.kept.iter().map(|label| view.group_name(*label).to_owned()).collect(),
        cells: (0..n).map(|x| (0..n).filter_map(|y| cell(x, y)).collect()).collect(),
        left_out: compared.left_out,
    }
}

fn class(expected: f64, ratio: Option<f64>) -> HeatClass {
    match ratio {
        Some(_) if expected < 1.0 => HeatClass::Unclear,
        None => HeatClass::Unclear,
        Some(ratio) if ratio < FLAG_UNDER => HeatClass::Few,
        Some(ratio) if ratio < 1.5 => HeatClass::Usual,
        Some(_) => HeatClass::Many,
    }
}

/// One pair in words; where there is a plan for it, the plan's first introduction is the action.
pub(crate) fn finding(view: &View<'_>, silo: &Silo, plans: &[Planned]) -> Finding {
    let row = &silo.row;
    let found = if row.observed == 0 {
        "no working tie".to_owned()
    } else {
        count(row.observed as u64, "working tie")
    };
    let headline = format!(
        "{} and {} have {found} where about {} would be expected from how active each is.",
        row.group_a,
        row.group_b,
        about(row.expected),
    );
    let usual = match row.ratio {
        Some(ratio) if row.observed > 0 => {
            format!(
                "That is {} of what is usual for two groups as active as these.",
                percent(ratio)
            )
        }
        _ => String::new(),
    };
    let pairs = silo.ties(view);
    let detail = [usual, through_one(view, row, &pairs), chance(row)];
    Finding {
        kind: FindingKind::Silo,
        headline,
        detail: detail.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        parts: parts(row),
        evidence: view.evidence(&pairs, &row.coverage),
        coverage: row.coverage.clone(),
        stability: row.stability.clone(),
        significance: row.significance.clone(),
        flagged: row.flagged,
        caveat:
            "Some groups need little of each other; and what is said in corridors or by phone is \
                 not in the data."
                .to_owned(),
        action: action(row, plans),
        method: METHOD,
    }
}

/// The test in words; nothing without one.
fn chance(row: &SiloRow) -> String {
    row.significance.as_ref().map_or_else(String::new, |test| {
        let p = if test.p_corrected < 0.001 {
            "under 0.001".to_owned()
        } else {
            format!("{:.3}", test.p_corrected)
        };
        format!(
            "Chance alone would rarely do this (p {p}, corrected for {}).",
            count(test.n_tests as u64, "pair")
        )
    })
}

/// Says so where one person is an end of more than half of the few ties there are.
fn through_one(view: &View<'_>, row: &SiloRow, pairs: &[(u32, u32)]) -> String {
    let mut ties: BTreeMap<u32, usize> = BTreeMap::new();
    for end in pairs.iter().flat_map(|(a, b)| [*a, *b]) {
        *ties.entry(end).or_default() += 1;
    }
    // Of equals the first: nodes are in the order of their ids.
    let most = ties.into_iter().max_by_key(|(node, ties)| (*ties, std::cmp::Reverse(*node)));
    match most {
        Some((node, carried)) if carried >= 2 && 2 * carried > pairs.len() => {
            let person = view.person(node, &row.coverage).label;
            if carried == pairs.len() {
                format!("All of them run through {person}.")
            } else {
                format!("{carried} of the {} run through {person}.", pairs.len())
            }
        }
        _ => String::new(),
    }
}

fn action(row: &SiloRow, plans: &[Planned]) -> String {
    let of_pair =
        |plan: &&Planned| plan.row.group_a == row.group_a && plan.row.group_b == row.group_b;
    plans.iter().find(of_pair).and_then(Planned::action).unwrap_or_else(|| {
        format!(
            "Bring one person from {} and one from {} together, and ask what each side needs.",
            row.group_a, row.group_b
        )
    })
}

fn parts(row: &SiloRow) -> Vec<Part> {
    let part = |name, value, meaning| Part { name, value, meaning };
    vec![
        part("Ties found", Some(row.observed as f64), "Working ties between the two groups"),
        part("Expected", Some(row.expected), "Ties expected from how active both groups are"),
        part("Found ÷ expected", row.ratio, "1 = as expected, 0 = none"),
        part("Expected by size", Some(row.expected_by_size), "If all pairs of people were alike"),
        part("Found ÷ expected by size", row.ratio_by_size, "1 = as expected, 0 = none"),
        part("Silo score", row.score, "0 = as many as by size or more, 1 = no contact at all"),
    ]
}
