//! Pairs of groups that should be talking and are not (METHODS 2.13, 2.23).

use std::collections::BTreeSet;

use tieline_graph::graph::{Graph, Weights};
use tieline_graph::multiple::adjusted_p;
use tieline_graph::silo::{
    SiloPair, SiloTable, pair_index, pair_p_values, pair_z_analytic, silo_table,
};

use crate::finding::{Finding, FindingKind, Method, Part, Significance, Stability};
use crate::findings::{HeatCell, HeatClass, HeatTable, SiloRow};
use crate::groups::{Groups, PATCHY_UNDER};
use crate::input::{AnalysisOptions, Grouping};
use crate::voice::{View, about, count, defined, stability_unknown};

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

    fn n_labels(&self) -> usize {
        self.kept.len() + 1
    }

    /// Pairs of different compared groups.
    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + use<> {
        let n = self.kept.len() as u32;
        (0..n).flat_map(move |x| (x + 1..n).map(move |y| (x, y)))
    }

    /// Which pairs are flagged in a resampled network, by the analytic p.
    pub(crate) fn flags(&self, graph: &Graph) -> BTreeSet<(u32, u32)> {
        let table = silo_table(graph, &self.label, self.n_labels(), Weights::Binary);
        let moments = pair_z_analytic(graph, &self.label, self.n_labels(), Weights::Binary);
        let p = |x, y| {
            let at = pair_index(self.n_labels(), x, y)?;
            moments.get(at).map(|found| found.p_lower).and_then(defined)
        };
        let tested: Vec<(u32, u32, f64)> =
            self.pairs().filter_map(|(x, y)| p(x, y).map(|p| (x, y, p))).collect();
        let corrected = adjusted_p(&tested.iter().map(|test| test.2).collect::<Vec<f64>>());
        let flagged = tested.iter().zip(corrected).filter(|((x, y, _), p)| {
            let few = table.pair(*x, *y).is_some_and(|pair| pair.ratio_config < FLAG_UNDER);
            *p < ALPHA && few
        });
        flagged.map(|((x, y, _), _)| (*x, *y)).collect()
    }
}

/// Every compared pair, the widest gap first.
pub(crate) struct Silos {
    pub(crate) rows: Vec<Silo>,
    pub(crate) heat: HeatTable,
    pub(crate) compared: Compared,
    /// Label permutations made; 0 = none (communities, or nothing to compare).
    pub(crate) permutations: u32,
}

/// A row with the groups that it compares.
pub(crate) struct Silo {
    pub(crate) row: SiloRow,
    /// Original labels, the smaller first.
    pub(crate) labels: (u32, u32),
    /// Positions among the compared groups.
    compared: (u32, u32),
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

    /// Sets how stable each flag is; `of` is asked with positions among the compared groups.
    pub(crate) fn set_stability(&mut self, of: impl Fn((u32, u32)) -> Stability) {
        for silo in &mut self.rows {
            if silo.row.flagged {
                silo.row.stability = of(silo.compared);
            }
        }
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
    let permutations = if testable { options.permutations.min(most.max(200) as u32) } else { 0 };
    let tests = tests(view, &compared, permutations);
    let mut rows: Vec<(f64, Silo)> = compared
        .pairs()
        .zip(tests)
        .filter_map(|(pair, test)| {
            table
                .pair(pair.0, pair.1)
                .map(|found| (found.log2_config, row(view, &compared, found, test)))
        })
        .collect();
    rows.sort_by(|x, y| {
        let key = |silo: &Silo| (!silo.row.flagged, silo.labels);
        key(&x.1).0.cmp(&key(&y.1).0).then(x.0.total_cmp(&y.0)).then(key(&x.1).cmp(&key(&y.1)))
    });
    let rows: Vec<Silo> = rows.into_iter().map(|(_, silo)| silo).collect();
    let heat = heat(view, &compared, &table, &rows);
    Silos { rows, heat, compared, permutations }
}

/// A test for each compared pair, in the order of [`Compared::pairs`].
fn tests(view: &View<'_>, compared: &Compared, permutations: u32) -> Vec<Option<Significance>> {
    let pairs: Vec<(u32, u32)> = compared.pairs().collect();
    if permutations == 0 {
        return vec![None; pairs.len()];
    }
    let n_labels = compared.n_labels();
    let seed = view.network().seed();
    let graph = view.network().graph();
    let all = pair_p_values(graph, &compared.label, n_labels, permutations as usize, seed);
    let p_of = |pair: &(u32, u32)| {
        let at = pair_index(n_labels, pair.0, pair.1)?;
        all.get(at).copied().and_then(defined)
    };
    let raw: Vec<Option<f64>> = pairs.iter().map(p_of).collect();
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
                    count(u64::from(permutations), "random dealing")
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

/// One pair in words.
pub(crate) fn finding(view: &View<'_>, silo: &Silo) -> Finding {
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
    let chance = row.significance.as_ref().map_or_else(String::new, |test| {
        let p = if test.p_corrected < 0.001 {
            "under 0.001".to_owned()
        } else {
            format!("{:.3}", test.p_corrected)
        };
        format!(
            "Chance alone would rarely do this (p {p}, corrected for {}).",
            count(test.n_tests as u64, "pair")
        )
    });
    let usual = match row.ratio {
        Some(ratio) if row.observed > 0 => {
            format!("That is {ratio:.2} of what is usual for two groups as active as these. ")
        }
        _ => String::new(),
    };
    let between = view.network().ties().filter(|tie| {
        let ends = (view.groups().label(tie.a), view.groups().label(tie.b));
        let (x, y) = silo.labels;
        ends == (Some(x), Some(y)) || ends == (Some(y), Some(x))
    });
    let pairs: Vec<(u32, u32)> = between.map(|tie| (tie.a, tie.b)).collect();
    Finding {
        kind: FindingKind::Silo,
        headline,
        detail: format!("{usual}{chance}"),
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
        action: format!(
            "Ask {} and {} what they would gain from each other, and make the first introduction.",
            row.group_a, row.group_b
        ),
        method: METHOD,
    }
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
