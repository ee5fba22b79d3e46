//! Ties that have gone quiet (METHODS 1.2).

use std::collections::BTreeSet;

use tieline_model::tie::{TieState, days_until_below, tie_probability};
use tieline_model::time::Moment;

use crate::finding::{Finding, FindingKind, Method, Part};
use crate::findings::CoolingRow;
use crate::network::Pair;
use crate::voice::{View, count, stability_unknown};

const METHOD: Method = Method {
    name: "Decay forecast and revival rank",
    section: "1.2",
    reference: "Levin, Walter and Murnighan 2011; Burt 2000; states and rank: Tieline",
};

/// Contact days that a rhythm needs (METHODS 1.2).
const FEWEST_DAYS: usize = 3;

/// A row with the pair it speaks of.
pub(crate) struct Cooling {
    pub(crate) row: CoolingRow,
    pair: (u32, u32),
}

/// Ties out of their rhythm, with at least three contact days and, on the day of the last contact,
/// at least twice the strength that makes a tie; the most worth reviving first. `silos` holds the
/// label pairs `(smaller, larger)` with a silo score of at least 0.5. Without an as-of moment
/// nothing is known. O(m log m).
pub(crate) fn cooling(view: &View<'_>, silos: &BTreeSet<(u32, u32)>) -> Vec<Cooling> {
    let Some(as_of) = view.network().as_of() else { return Vec::new() };
    let pairs = view.network().pairs().iter();
    let mut all: Vec<Cooling> = pairs.filter_map(|pair| one(view, silos, pair, as_of)).collect();
    all.sort_by(|x, y| y.row.worth.total_cmp(&x.row.worth).then(x.pair.cmp(&y.pair)));
    all
}

fn one(
    view: &View<'_>,
    silos: &BTreeSet<(u32, u32)>,
    pair: &Pair,
    as_of: Moment,
) -> Option<Cooling> {
    let network = view.network();
    let params = network.params();
    let contact = pair.contact.as_ref()?;
    let rhythm = contact.rhythm(as_of);
    if !matches!(rhythm.state, TieState::Cooling | TieState::Dormant)
        || contact.days.len() < FEWEST_DAYS
    {
        return None;
    }
    let quiet = as_of.days_since(contact.last).max(0.0);
    // Nothing was added since, so undoing the decay of the quiet days gives the exact strength then.
    let then = contact.strength.strength(params) * (quiet / params.half_life_days).exp2();
    let strength_at_last_contact = then + pair.stated;
    if !strength_at_last_contact.is_finite() || strength_at_last_contact < 2.0 * params.threshold {
        return None;
    }
    let labels = (view.groups().label(pair.a), view.groups().label(pair.b));
    let bridges_silo = match labels {
        (Some(x), Some(y)) => silos.contains(&(x.min(y), x.max(y))),
        _ => false,
    };
    let peak = tie_probability(strength_at_last_contact, params.saturation);
    let coverage = view.coverage_of_people([pair.a, pair.b]);
    let forecast = days_until_below(pair.strength, params.threshold, params.half_life_days);
    let row = CoolingRow {
        person_a: view.person(pair.a, &coverage),
        person_b: view.person(pair.b, &coverage),
        state: rhythm.state,
        strength: pair.strength,
        strength_at_last_contact,
        quiet_days: rhythm.gap_days.unwrap_or(quiet).floor(),
        usual_interval_days: rhythm.median_interval_days,
        // A tie of strength 0 fell under the threshold longer ago than can be said.
        days_until_below: if forecast.is_finite() { forecast } else { -quiet },
        contact_days: contact.days.len(),
        interactions: pair.interactions(),
        worth: peak * if bridges_silo { 2.0 } else { 1.0 },
        bridges_silo,
        coverage,
    };
    Some(Cooling { row, pair: (pair.a, pair.b) })
}

/// The ties worth a sentence, at most `most`: nobody in two of them, or one person who moved on
/// would fill them all.
pub(crate) fn told(ties: &[Cooling], most: usize) -> impl Iterator<Item = &Cooling> {
    let mut named = BTreeSet::new();
    let first = move |tie: &&Cooling| {
        let (a, b) = tie.pair;
        let new = !named.contains(&a) && !named.contains(&b);
        if new {
            named.extend([a, b]);
        }
        new
    };
    ties.iter().filter(first).take(most)
}

/// One tie in words.
pub(crate) fn finding(view: &View<'_>, found: &Cooling) -> Finding {
    let row = &found.row;
    let usual = row.usual_interval_days.map_or_else(String::new, |days| {
        match days.round().max(1.0) as u64 {
            1 => ", where every day was usual".to_owned(),
            days => format!(", where every {days} days was usual"),
        }
    });
    let headline = format!(
        "{} and {} have been out of touch for {}{usual}.",
        row.person_a.label,
        row.person_b.label,
        count(row.quiet_days as u64, "day"),
    );
    let forecast = if row.days_until_below > 0.0 {
        format!(
            "Without contact the tie ends in {}.",
            match row.days_until_below.ceil() as u64 {
                days @ 0..=60 => count(days, "day"),
                days => format!("about {}", count((days as f64 / 30.4).round() as u64, "month")),
            }
        )
    } else {
        "It is no working tie any more.".to_owned()
    };
    let bridge = if row.bridges_silo {
        " It is one of the few that join two groups with little contact."
    } else {
        ""
    };
    Finding {
        kind: FindingKind::Cooling,
        headline: crate::voice::sentence_case(&headline),
        detail: format!("{forecast}{bridge}"),
        parts: parts(row),
        evidence: view.evidence(&[found.pair], &row.coverage),
        coverage: row.coverage.clone(),
        stability: stability_unknown("Stability is not computed for single ties."),
        significance: None,
        flagged: true,
        caveat: "Quiet here may be a change of job, a holiday, or talk by other means.".to_owned(),
        action: format!("Ask {} to get in touch with {}.", row.person_a.label, row.person_b.label),
        method: METHOD,
    }
}

fn parts(row: &CoolingRow) -> Vec<Part> {
    let part = |name, value, meaning| Part { name, value: Some(value), meaning };
    vec![
        part("Quiet for", row.quiet_days, "Days since the last contact"),
        Part {
            name: "Usual interval",
            value: row.usual_interval_days,
            meaning: "Median days between contacts",
        },
        part("Strength now", row.strength, "In effective one-to-one interactions"),
        part(
            "Strength then",
            row.strength_at_last_contact,
            "On the day of the last contact: a lower bound of its peak",
        ),
        part(
            "Days left",
            row.days_until_below,
            "Until it is no tie any more; 0 or less: it is not",
        ),
        part("Worth reviving", row.worth, "Tie probability then, doubled across a gap; 0 to 2"),
    ]
}
