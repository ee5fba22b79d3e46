//! What the template shows, prepared: sections, rows that fit on a page, figures, dates.

use std::collections::BTreeSet;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tieline_insight::findings::{
    BridgePlan, BrokerRow, CoolingRow, DepartureRow, DependenceRow, MadeItem, Section, SiloRow,
    SuggestedTie,
};
use tieline_insight::{Finding, FindingKind, Findings, Names, Part, SourceCount};
use tieline_model::time::Moment;

use super::map::{GroupMap, group_map};
use super::show;
use super::{Frame, ReportOptions};
use crate::here;

const CSS: &str = include_str!("../../assets/report.css");
const INTER: &[u8] = include_bytes!("../../assets/fonts/inter.woff2");
const SERIF: &[u8] = include_bytes!("../../assets/fonts/source-serif.woff2");

/// Rows of a table that stand on the page; the rest is folded away.
const ROWS: usize = 8;
/// Gaps whose new ties stand on the page.
const PLANS: usize = 3;
/// New ties of one gap that stand on the page.
const PLAN_TIES: usize = 3;
/// Imports listed one by one.
const SOURCES: usize = 10;
/// Groups from which on the heads of the heat table stand upright.
const NARROW_HEADS: usize = 9;

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct ReportPage<'a> {
    frame: &'a Frame,
    css: String,
    workspace: &'a str,
    title: &'a str,
    as_of: String,
    window: String,
    hidden_names: bool,
    /// The list of gaps, which stands below the map and the heat table.
    joined: Option<SectionView<'a>>,
    sections: Vec<SectionView<'a>>,
    /// The network in numbers.
    summary: Option<&'a Finding>,
    f: &'a Findings,
    map: Option<GroupMap>,
    narrow_heads: bool,
    top_share: f64,
}

/// One section, with what its findings have in common said once.
pub(super) struct SectionView<'a> {
    section: &'a Section,
    /// The finding told in full.
    lead: Option<&'a Finding>,
    /// Sentences on what the findings do not mean.
    caveats: Vec<&'a str>,
    /// Methods and sources.
    methods: Vec<String>,
    /// What the numbers of the findings mean.
    parts: Vec<&'a Part>,
}

impl<'a> SectionView<'a> {
    fn new(section: &'a Section) -> Self {
        let mut caveats = Vec::new();
        let mut methods = Vec::new();
        let mut parts: Vec<&'a Part> = Vec::new();
        for finding in &section.findings {
            push_new(&mut caveats, finding.caveat.as_str());
            let method = format!("{} ({})", finding.method.name, finding.method.reference);
            push_new(&mut methods, method);
            for part in &finding.parts {
                if parts.iter().all(|known| known.name != part.name) {
                    parts.push(part);
                }
            }
        }
        Self { section, lead: section.findings.first(), caveats, methods, parts }
    }
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
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
        let of_kind = |kind| findings.sections.iter().find(move |section| section.kind == kind);
        let shares = findings.brokers.iter().filter_map(|broker| broker.route_share);
        Self {
            frame: &options.frame,
            css: if options.frame == Frame::File { style_sheet() } else { String::new() },
            workspace: &options.workspace,
            title: options.title.as_deref().unwrap_or(&findings.headline),
            as_of: findings.as_of.map_or_else(|| t!("report-undated"), last_day),
            window: window(findings),
            hidden_names: findings.names == Names::Hidden,
            joined: of_kind(FindingKind::Silo).map(SectionView::new),
            sections: findings
                .sections
                .iter()
                .filter(|section| !matches!(section.kind, FindingKind::Summary | FindingKind::Silo))
                .map(SectionView::new)
                .collect(),
            summary: of_kind(FindingKind::Summary).and_then(|section| section.findings.first()),
            map: group_map(&findings.heat, &members),
            narrow_heads: findings.heat.names.len() > NARROW_HEADS,
            top_share: shares.fold(0.0, f64::max),
            f: findings,
        }
    }

    fn bar(&self, broker: &BrokerRow) -> String {
        let share = broker.route_share.unwrap_or(0.0);
        format!("{:.0}", if self.top_share > 0.0 { 100.0 * share / self.top_share } else { 0.0 })
    }

    fn is(&self, part: &SectionView<'_>, name: &str) -> bool {
        part.section.kind.name() == name
    }

    /// The widest gaps beyond chance.
    fn gaps(&self) -> Vec<&'a SiloRow> {
        self.f.silos.iter().filter(|row| row.flagged).take(ROWS).collect()
    }

    fn more_gaps(&self) -> usize {
        self.f.silos.iter().filter(|row| row.flagged).count().saturating_sub(ROWS)
    }

    fn dependences(&self) -> impl Iterator<Item = &'a DependenceRow> {
        self.f.dependences.iter().take(ROWS)
    }

    fn departures(&self) -> impl Iterator<Item = &'a DepartureRow> {
        self.f.departures.iter().take(ROWS)
    }

    fn cooling(&self) -> impl Iterator<Item = &'a CoolingRow> {
        self.f.cooling.iter().take(ROWS)
    }

    /// The widest gaps with a few of their new ties: first the one that the finding says to begin
    /// with, so that text and table agree, then the others in their order.
    fn plans(&self) -> Vec<(&'a BridgePlan, Vec<&'a SuggestedTie>)> {
        let mut findings = self.f.of_kind(FindingKind::Bridges);
        let shown = self.f.bridge_plans.iter().take(PLANS).map(|plan| {
            let action = findings.next().map_or("", |finding| finding.action.as_str());
            let begins = |tie: &SuggestedTie| {
                action.contains(&format!("{} and {}", tie.person_a.label, tie.person_b.label))
            };
            let mut ties: Vec<&SuggestedTie> = plan.ties.iter().collect();
            ties.sort_by_key(|tie| !begins(tie));
            ties.truncate(PLAN_TIES);
            (plan, ties)
        });
        shown.collect()
    }

    /// Whether the page holds back some of the new ties.
    fn has_more_ties(&self) -> bool {
        self.f.bridge_plans.len() > PLANS
            || self.f.bridge_plans.iter().any(|plan| plan.ties.len() > PLAN_TIES)
    }

    /// Every number of the network, for the fold at the end.
    fn summary_parts(&self) -> &'a [Part] {
        self.summary.map_or(&[], |finding| finding.parts.as_slice())
    }

    fn read_total(&self) -> u64 {
        self.f.provenance.sources.iter().map(|source| source.read).sum()
    }

    /// The imports with most records, and the others as one row.
    fn sources(&self) -> Vec<SourceCount> {
        let mut sources = self.f.provenance.sources.clone();
        if sources.len() <= SOURCES {
            return sources;
        }
        sources.sort_by(|a, b| b.read.cmp(&a.read).then_with(|| a.name.cmp(&b.name)));
        let others = sources.split_off(SOURCES - 1);
        let mut sum =
            SourceCount { name: t!("report-more-imports", n = others.len()), ..Default::default() };
        for source in others {
            sum.read += source.read;
            sum.new += source.new;
            sum.duplicate += source.duplicate;
            sum.issues += source.issues;
            for (reason, n) in source.left_out {
                match sum.left_out.iter_mut().find(|known| known.0 == reason) {
                    Some(known) => known.1 += n,
                    None => sum.left_out.push((reason, n)),
                }
            }
        }
        sources.push(sum);
        sources
    }

    /// Parameters and counts, without the imports, which have a table of their own.
    fn made(&self) -> impl Iterator<Item = &'a MadeItem> {
        let sources: BTreeSet<&str> =
            self.f.provenance.sources.iter().map(|source| source.name.as_str()).collect();
        self.f.made.iter().filter(move |item| !sources.contains(item.name.as_str()))
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
    here::until(moment)
}

fn window(findings: &Findings) -> String {
    match findings.window.and_then(|window| Some((window.from?, window.to))) {
        Some((from, to)) => {
            t!("report-window", days = to.days_since(from).round() as u64, to = last_day(to))
        }
        None => match findings.as_of {
            Some(as_of) => t!("report-everything", to = last_day(as_of)),
            None => t!("report-ties-undated"),
        },
    }
}
