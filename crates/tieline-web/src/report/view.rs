//! What the template shows, prepared: numbers as text, colours, figures.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tieline_insight::findings::{BrokerRow, CoolingRow, DependenceRow, HeatCell, HeatClass};
use tieline_insight::{Coverage, Finding, FindingKind, Findings, Names, SourceCount, Stability};
use tieline_model::time::Moment;

use super::ReportOptions;
use super::map::{GroupMap, group_map};

const CSS: &str = include_str!("../../assets/report.css");
const INTER: &[u8] = include_bytes!("../../assets/fonts/inter.woff2");
const SERIF: &[u8] = include_bytes!("../../assets/fonts/source-serif.woff2");

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct ReportPage<'a> {
    css: String,
    workspace: &'a str,
    title: &'a str,
    as_of: String,
    window: String,
    hidden_names: bool,
    f: &'a Findings,
    map: Option<GroupMap>,
    top_share: f64,
}

impl<'a> ReportPage<'a> {
    pub(super) fn new(findings: &'a Findings, options: &'a ReportOptions) -> Self {
        let members: Vec<usize> = findings
            .heat
            .names
            .iter()
            .map(|name| {
                findings.groups.iter().find(|group| group.name == *name).map_or(0, |g| g.members)
            })
            .collect();
        let shares = findings.brokers.iter().filter_map(|broker| broker.route_share);
        Self {
            css: style_sheet(),
            workspace: &options.workspace,
            title: options.title.as_deref().unwrap_or(&findings.headline),
            as_of: findings.as_of.map_or_else(|| "no dated data".to_owned(), last_day),
            window: window(findings),
            hidden_names: findings.names == Names::Hidden,
            map: group_map(&findings.heat, &members),
            top_share: shares.fold(0.0, f64::max),
            f: findings,
        }
    }

    /// Findings of a section that the tables above it do not show in full already: the flagged ones
    /// and at most five others.
    fn shown(&self, findings: &'a [Finding]) -> impl Iterator<Item = &'a Finding> {
        let flagged = findings.iter().filter(|finding| finding.flagged).count();
        findings.iter().take(flagged.max(5).min(10))
    }

    fn bar(&self, broker: &BrokerRow) -> String {
        let share = broker.route_share.unwrap_or(0.0);
        format!("{:.0}", if self.top_share > 0.0 { 100.0 * share / self.top_share } else { 0.0 })
    }

    fn read_total(&self) -> String {
        show::grouped(&self.f.provenance.sources.iter().map(|source| source.read).sum())
    }

    fn is_brokers(&self, kind: FindingKind) -> bool {
        kind == FindingKind::Broker
    }

    fn is_dependence(&self, kind: FindingKind) -> bool {
        kind == FindingKind::Dependence
    }

    fn is_cooling(&self, kind: FindingKind) -> bool {
        kind == FindingKind::Cooling
    }

    fn is_bridges(&self, kind: FindingKind) -> bool {
        kind == FindingKind::Bridges
    }

    fn is_orientation(&self, kind: FindingKind) -> bool {
        kind == FindingKind::Orientation
    }

    fn dependences(&self) -> impl Iterator<Item = &'a DependenceRow> {
        self.f.dependences.iter().take(10)
    }

    fn cooling(&self) -> impl Iterator<Item = &'a CoolingRow> {
        self.f.cooling.iter().take(10)
    }
}

fn style_sheet() -> String {
    let face = |family: &str, bytes: &[u8]| {
        format!(
            "@font-face{{font-family:\"{family}\";src:url(data:font/woff2;base64,{}) \
             format(\"woff2\");font-weight:100 900}}",
            STANDARD.encode(bytes)
        )
    };
    format!("{}\n{}\n{CSS}", face("Inter", INTER), face("Source Serif 4", SERIF))
}

/// The last day before a moment, in words: 16 November 2026.
fn last_day(moment: Moment) -> String {
    let date = Moment::from_ms(moment.ms() - 1).date();
    const MONTHS: [&str; 12] = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ];
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()) - 1).copied().unwrap_or("");
    format!("{} {month} {}", date.day(), date.year())
}

fn window(findings: &Findings) -> String {
    match findings.window.and_then(|window| Some((window.from?, window.to))) {
        Some((from, to)) => format!("{:.0} days to {}", to.days_since(from), last_day(to)),
        None => match findings.as_of {
            Some(as_of) => format!("everything to {}", last_day(as_of)),
            None => "ties without dates".to_owned(),
        },
    }
}

/// Helpers that the template calls.
pub(super) mod show {
    use super::{Coverage, HeatCell, HeatClass, SourceCount, Stability};

    /// A ratio with one decimal, a dash where undefined.
    pub(crate) fn ratio(value: &Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |x| format!("{x:.1}"))
    }

    /// Two decimals, a dash where undefined.
    pub(crate) fn two(value: &Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |x| format!("{x:.2}"))
    }

    /// A share in per cent, a dash where undefined.
    pub(crate) fn percent(value: &Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |x| format!("{:.0}%", 100.0 * x))
    }

    /// A share in per cent.
    pub(crate) fn share(value: &f64) -> String {
        percent(&Some(*value))
    }

    /// A number with one decimal.
    pub(crate) fn one(value: &f64) -> String {
        ratio(&Some(*value))
    }

    /// A number without decimals.
    pub(crate) fn whole(value: &f64) -> String {
        format!("{value:.0}")
    }

    /// A number with thousands separated.
    pub(crate) fn grouped(value: &u64) -> String {
        let digits = value.to_string();
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
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
        match cell.class {
            HeatClass::Within => "inside the group: not compared".to_owned(),
            HeatClass::Unclear => format!("{} ties, too few expected to compare", cell.observed),
            _ => format!("{} ties, about {:.0} expected", cell.observed, cell.expected),
        }
    }

    /// What a heat cell shows.
    pub(crate) fn heat_text(cell: &HeatCell) -> String {
        if cell.class == HeatClass::Within { "·".to_owned() } else { ratio(&cell.ratio) }
    }

    /// Left-out records of one batch, by reason.
    pub(crate) fn left_out(source: &SourceCount) -> String {
        let parts: Vec<String> =
            source.left_out.iter().map(|(reason, n)| format!("{} {reason}", grouped(n))).collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
    }

    /// Whether a coverage deserves a warning.
    pub(crate) fn is_patchy(coverage: &Coverage) -> bool {
        coverage.patchy
    }

    /// The stability as a short label.
    pub(crate) fn stable(stability: &Stability) -> String {
        match stability.share {
            Some(share) if stability.certain => format!("stable in {:.0}% of resamples", 100.0 * share),
            Some(share) => format!("not certain: {:.0}% of resamples", 100.0 * share),
            None => String::new(),
        }
    }
}
