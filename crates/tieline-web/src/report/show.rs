//! Numbers and cells as the template writes them.

use tieline_insight::findings::{HeatCell, HeatClass, Path};
use tieline_insight::{Coverage, Finding, SourceCount, Stability};

use crate::here;

/// What stands where a number is not defined.
const UNDEFINED: &str = "–";

/// A ratio with one decimal, a dash where undefined.
pub(crate) fn ratio(value: &Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |x| format!("{x:.1}"))
}

/// Two decimals, a dash where undefined.
pub(crate) fn two(value: &Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |x| format!("{x:.2}"))
}

/// A share in per cent, a dash where undefined; small ones are never shown as nothing.
pub(crate) fn percent(value: &Option<f64>) -> String {
    match value {
        None => UNDEFINED.to_owned(),
        Some(x) if *x > 0.0 && *x < 0.01 => t!("number-percent-under"),
        Some(x) => whole(*x),
    }
}

/// A share in per cent.
pub(crate) fn share(value: &f64) -> String {
    percent(&Some(*value))
}

/// A number with one decimal.
pub(crate) fn one(value: &f64) -> String {
    ratio(&Some(*value))
}

/// Days without decimals.
pub(crate) fn days(value: &f64) -> String {
    t!("report-days", n = value.round().max(0.0) as u64)
}

/// A number of working ties.
pub(crate) fn ties(count: u64) -> String {
    t!("report-working-ties", n = count)
}

/// A number as short as it can be: whole, or with two decimals; a dash where undefined.
pub(crate) fn number(value: &Option<f64>) -> String {
    match value {
        Some(x) if x.fract() == 0.0 && x.abs() < 1e15 => {
            let sign = if *x < 0.0 { "-" } else { "" };
            format!("{sign}{}", grouped(&(x.abs() as u64)))
        }
        _ => two(value),
    }
}

/// A probability, never shown as nothing.
pub(crate) fn p(value: &f64) -> String {
    if *value < 0.001 { "< 0.001".to_owned() } else { format!("{value:.3}") }
}

/// A number with thousands separated.
pub(crate) fn grouped(value: &u64) -> String {
    here::grouped(*value)
}

/// Colour of a heat cell: amber for few, petrol for many, on a scale of doublings.
pub(crate) fn heat(cell: &HeatCell) -> String {
    if matches!(cell.class, HeatClass::Within | HeatClass::Unclear) {
        return String::new();
    }
    let doublings = cell.ratio.map_or(0.0, |ratio| ratio.max(0.05).log2()).clamp(-2.0, 2.0);
    let share = 50.0 * doublings.abs();
    let end = if doublings < 0.0 { "lo" } else { "hi" };
    format!("background:color-mix(in srgb,var(--h-{end}) {share:.0}%,var(--h-mid))")
}

/// Class of a heat cell.
pub(crate) fn heat_class(cell: &HeatCell) -> &'static str {
    match cell.class {
        HeatClass::Within => "self",
        HeatClass::Silo => "hot",
        HeatClass::Unclear => "off",
        HeatClass::Few | HeatClass::Usual | HeatClass::Many => "",
    }
}

/// What a heat cell says in full.
pub(crate) fn heat_title(cell: &HeatCell) -> String {
    let found = ties(cell.observed as u64);
    match cell.class {
        HeatClass::Within => t!("report-cell-within"),
        HeatClass::Unclear => t!("report-cell-unclear", ties = found),
        _ => t!("report-cell", ties = found, expected = format!("{:.0}", cell.expected)),
    }
}

/// What a heat cell shows.
pub(crate) fn heat_text(cell: &HeatCell) -> String {
    match cell.class {
        HeatClass::Within => "·".to_owned(),
        HeatClass::Unclear => UNDEFINED.to_owned(),
        _ => ratio(&cell.ratio),
    }
}

/// How many records of one batch were left out.
pub(crate) fn left_out_total(source: &SourceCount) -> String {
    grouped(&source.left_out.iter().map(|(_, n)| n).sum())
}

/// Left-out records of one batch by reason, the most frequent first.
pub(crate) fn left_out(source: &SourceCount) -> String {
    let mut reasons: Vec<&(String, u64)> = source.left_out.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let told = |(reason, n): &(String, u64)| t!("report-left-out-n", n = *n, why = why(reason));
    reasons.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

/// Why records are kept out of ties, as a table has room for it.
fn why(reason: &str) -> String {
    match reason {
        "auto-submitted" => t!("report-why-auto-submitted"),
        "bulk" => t!("report-why-bulk"),
        "delivery-report" => t!("report-why-delivery-report"),
        "automated-sender" => t!("report-why-automated-sender"),
        "role-mailbox" => t!("report-why-role-mailbox"),
        "broadcast" => t!("report-why-broadcast"),
        "newsletter" => t!("report-why-newsletter"),
        "no-gathering" => t!("report-why-no-gathering"),
        "erased" => t!("report-why-erased"),
        "no-sender" => t!("report-why-no-sender"),
        other => other.replace('-', " "),
    }
}

/// Who stands between the two ends of a path, and how likely it carries.
pub(crate) fn way_in(path: &Option<Path>) -> String {
    let Some(path) = path else {
        return t!("report-no-chain");
    };
    let between: Vec<String> =
        path.steps.iter().skip(1).map(|step| step.from.label.clone()).collect();
    let chance = percent(&Some(path.probability));
    if between.is_empty() {
        t!("report-chain-direct", chance = chance)
    } else {
        t!("report-chain", names = here::list(&between), chance = chance)
    }
}

/// Whether a coverage deserves a warning.
pub(crate) fn is_patchy(coverage: &Coverage) -> bool {
    coverage.patchy
}

/// The stability as a short label.
pub(crate) fn stable(stability: &Stability) -> String {
    match stability.share {
        Some(share) if stability.certain => t!("report-stable", share = whole(share)),
        Some(share) => t!("report-not-certain", share = whole(share)),
        None => t!("report-not-computed"),
    }
}

fn whole(share: f64) -> String {
    t!("number-percent", n = format!("{:.0}", 100.0 * share))
}

/// Colour of the label of [`stable`].
pub(crate) fn stable_class(stability: &Stability) -> &'static str {
    match stability.share {
        Some(_) if stability.certain => "good",
        Some(_) => "warn",
        None => "",
    }
}

/// What a finding rests on, in a few sentences.
pub(crate) fn basis(finding: &Finding) -> String {
    let mut text =
        [&finding.evidence.sentence, &finding.coverage.sentence, &finding.stability.sentence]
            .into_iter()
            .filter(|sentence| !sentence.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
    if let Some(test) = &finding.significance {
        text.push_str(&format!(
            " Against chance: p {}, corrected for {} tests {}. {}.",
            p(&test.p),
            test.n_tests,
            p(&test.p_corrected),
            test.test.trim_end_matches('.')
        ));
    }
    text
}
