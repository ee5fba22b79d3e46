//! Links between two groups that hang on one person (METHODS 13, key-person dependency).

use std::collections::{BTreeMap, BTreeSet};

use tieline_model::id::UnitId;
use tieline_model::partnership::dependency::key_person;

use crate::finding::{Finding, FindingKind, Method, Part};
use crate::findings::DependenceRow;
use crate::input::Grouping;
use crate::voice::{View, count, percent, stability_unknown};

const METHOD: Method = Method {
    name: "Key-person dependency",
    section: "13",
    reference: "Tieline; Herfindahl-Hirschman index",
};

/// Ties that a link needs before it can be said to hang on anyone: between organisations, and
/// between the smaller groups inside them, of which there are so many more pairs.
const FEWEST_TIES: usize = 3;
const FEWEST_TIES_OF_PARTS: usize = 5;

/// A row with the ties it rests on.
pub(crate) struct Dependence {
    pub(crate) row: DependenceRow,
    pairs: Vec<(u32, u32)>,
    node: u32,
}

impl Dependence {
    /// What would be lost, the more the less is left: the ties that the person carries, times their
    /// share of the ties, times their share of the strength.
    fn gravity(&self) -> f64 {
        let carried = self.row.person_ties as f64;
        carried * (carried / self.row.ties as f64) * self.row.top_share
    }
}

/// The links between shown groups with enough ties, each told from the side on which it hangs
/// most: between organisations, then between the groups of the view; alerts first, the gravest
/// first, at most `top` a level. A link between departments that hangs on the one person on whom
/// the link of their organisations hangs is the same finding, and left out. O(m log m).
pub(crate) fn dependences(view: &View<'_>, top: usize) -> Vec<Dependence> {
    let mut all = Vec::new();
    let mut known: BTreeSet<(UnitId, UnitId)> = BTreeSet::new();
    if view.groups().level() == Grouping::Department {
        let organisations = View::new(view.network(), Some(Grouping::Organisation), view.names());
        all = ranked(at_level(&organisations, &mut known), usize::MAX);
    }
    let network = view.network();
    let key = |link: &Dependence| {
        let (a, b) = link.pairs.first()?;
        let (a, b) = (network.organisation_of(*a)?, network.organisation_of(*b)?);
        Some((a.min(b), a.max(b), link.node))
    };
    let told: BTreeSet<_> = all.iter().filter(|link| link.row.alert).filter_map(key).collect();
    all.truncate(top);
    let mut parts = at_level(view, &mut known);
    parts.retain(|link| key(link).is_none_or(|key| !told.contains(&key)));
    all.extend(ranked(parts, top));
    // Stable: organisations stay before departments.
    all.sort_by_key(|link| !link.row.alert);
    all
}

fn ranked(mut links: Vec<Dependence>, top: usize) -> Vec<Dependence> {
    links.sort_by(|x, y| {
        let name = |link: &Dependence| (link.row.side.clone(), link.row.other.clone());
        y.row
            .alert
            .cmp(&x.row.alert)
            .then(y.gravity().total_cmp(&x.gravity()))
            .then_with(|| name(x).cmp(&name(y)))
    });
    links.truncate(top);
    links
}

/// A tie across: its end in the first group, its end in the second, its strength.
type Crossing = (u32, u32, f64);

fn at_level(view: &View<'_>, known: &mut BTreeSet<(UnitId, UnitId)>) -> Vec<Dependence> {
    let groups = view.groups();
    let fewest = match groups.level() {
        Grouping::Organisation => FEWEST_TIES,
        Grouping::Department | Grouping::Community => FEWEST_TIES_OF_PARTS,
    };
    let mut all = Vec::new();
    let mut links: BTreeMap<(u32, u32), Vec<Crossing>> = BTreeMap::new();
    for tie in view.network().ties() {
        let (Some(x), Some(y)) = (groups.label(tie.a), groups.label(tie.b)) else { continue };
        let shown = [x, y].iter().all(|at| groups.groups()[*at as usize].shown);
        if x != y && shown {
            // The first end belongs to the first group.
            let (pair, ends) =
                if x < y { ((x, y), (tie.a, tie.b)) } else { ((y, x), (tie.b, tie.a)) };
            links.entry(pair).or_default().push((ends.0, ends.1, tie.strength));
        }
    }
    for ((x, y), ties) in links {
        let units = (groups.groups()[x as usize].unit, groups.groups()[y as usize].unit);
        if let (Some(a), Some(b)) = units
            && !known.insert((a.min(b), a.max(b)))
        {
            continue;
        }
        if ties.len() < fewest {
            continue;
        }
        let near = one_side(view, (x, y), ties.iter().copied());
        let far = one_side(view, (y, x), ties.iter().map(|(a, b, s)| (*b, *a, *s)));
        all.extend(worse_of(near, far));
    }
    all
}

/// The side on which a link hangs more; of equals the first, which is the larger group.
fn worse_of(near: Option<Dependence>, far: Option<Dependence>) -> Option<Dependence> {
    let key = |link: &Dependence| (link.row.alert, link.gravity());
    match (near, far) {
        (Some(near), Some(far)) => {
            let ((a, x), (b, y)) = (key(&near), key(&far));
            Some(if b.cmp(&a).then(y.total_cmp(&x)).is_gt() { far } else { near })
        }
        (near, far) => near.or(far),
    }
}

/// The side of the first group; each tie's first end belongs to it.
fn one_side(
    view: &View<'_>,
    (side, other): (u32, u32),
    ties: impl Iterator<Item = Crossing>,
) -> Option<Dependence> {
    let mut carried: BTreeMap<u32, (f64, usize)> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (own, alter, strength) in ties {
        let sum = carried.entry(own).or_default();
        sum.0 += strength;
        sum.1 += 1;
        pairs.push((own.min(alter), own.max(alter)));
    }
    // The first of equals is the one with the smallest id: nodes are in that order.
    let carriers: Vec<(u32, f64, usize)> =
        carried.into_iter().map(|(node, (strength, ties))| (node, strength, ties)).collect();
    let found = key_person(&carriers.iter().map(|one| one.1).collect::<Vec<f64>>())?;
    let (node, _, person_ties) = *carriers.get(found.top)?;
    let coverage = view.coverage([side, other]);
    let row = DependenceRow {
        level: view.groups().level(),
        side: view.group_name(side).to_owned(),
        other: view.group_name(other).to_owned(),
        person: view.person(node, &coverage),
        ties: pairs.len(),
        person_ties,
        carriers: carriers.len(),
        top_share: found.top_share,
        hhi: found.concentration,
        effective_number: found.effective_number,
        bus_factor: found.bus_factor,
        alert: found.is_alert(false),
        coverage,
    };
    Some(Dependence { row, pairs, node })
}

/// One alert in words.
pub(crate) fn finding(view: &View<'_>, found: &Dependence) -> Finding {
    let row = &found.row;
    let ties = count(row.ties as u64, "working tie");
    let carried = if row.person_ties == row.ties {
        format!("all {ties}")
    } else {
        format!("{} of the {ties}", row.person_ties)
    };
    let headline =
        format!("{} carries {carried} between {} and {}.", row.person.label, row.side, row.other);
    let detail = match row.ties - row.person_ties {
        0 => {
            format!("Without this person {} would have no working tie to {}.", row.side, row.other)
        }
        rest => format!(
            "By strength that is {} of the link; {} would be left.",
            percent(row.top_share),
            count(rest as u64, "tie"),
        ),
    };
    Finding {
        kind: FindingKind::Dependence,
        headline: crate::voice::sentence_case(&headline),
        detail,
        parts: parts(row),
        evidence: view.evidence(&found.pairs, &row.coverage),
        coverage: row.coverage.clone(),
        stability: stability_unknown("Stability is not computed for shares."),
        significance: None,
        flagged: row.alert,
        caveat: "It says who has the contact, not that anyone does something wrong; one person as \
                 the agreed contact can be a choice."
            .to_owned(),
        action: format!(
            "Ask {} to bring one colleague from {} to the next contact with {}.",
            row.person.label, row.side, row.other
        ),
        method: METHOD,
    }
}

fn parts(row: &DependenceRow) -> Vec<Part> {
    let part = |name, value, meaning| Part { name, value: Some(value), meaning };
    vec![
        part("Ties", row.ties as f64, "Working ties between the two groups"),
        part("Ties of this person", row.person_ties as f64, "Those that the person is an end of"),
        part("Top share", row.top_share, "Share of tie strength that the person carries, 0 to 1"),
        part("HHI", row.hhi, "Sum of the squared shares, 1 = one person carries all"),
        part("Effective number", row.effective_number, "Carriers, were all of them equal"),
        part("Bus factor", row.bus_factor as f64, "Fewest people who carry more than half"),
    ]
}
