//! All findings of one network as of one moment: what a report, a listing or a page shows.

use tieline_model::id::UnitId;
use tieline_model::tie::TieState;
use tieline_model::time::{Moment, Window};

use crate::finding::{Coverage, Finding, FindingKind, Method, PersonRef, Significance, Stability};
use crate::input::{Grouping, Names, Provenance};

/// Everything found. Same input, same moment, same seed: the same values, bit for bit.
///
/// Privacy (METHODS 14) is applied before anything gets here: groups under five are only counted,
/// and a [`PersonRef`] names nobody who may not be named.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Moment of all decays.
    pub as_of: Option<Moment>,
    /// Window of the contacts; `None` = the whole history.
    pub window: Option<Window>,
    /// Seed of everything random.
    pub seed: u64,
    /// Whether individuals are named.
    pub names: Names,
    /// Which groups were compared.
    pub grouping: Grouping,
    /// Where the groups come from, in a sentence.
    pub grouping_note: String,
    /// A claim made from the top finding: the report's title.
    pub headline: String,
    /// A paragraph under the title.
    pub lede: String,
    /// Four key numbers.
    pub key_numbers: Vec<KeyNumber>,
    /// The network in numbers.
    pub summary: Summary,
    /// Groups with five people or more, largest first.
    pub groups: Vec<GroupRow>,
    /// Groups that are too small to show, and only counted.
    pub small_groups: SmallGroups,
    /// Group by group: ties found against ties expected.
    pub heat: HeatTable,
    /// Every pair of shown groups: the flagged first (of these, those known to be uncertain last),
    /// then by how many ties are missing.
    pub silos: Vec<SiloRow>,
    /// Formal chart beside communities, where departments or organisations are known.
    pub formal: Option<FormalChart>,
    /// People who join groups up, by share of shortest routes.
    pub brokers: Vec<BrokerRow>,
    /// People without whom parts of the network are cut off, the gravest first.
    pub departures: Vec<DepartureRow>,
    /// Links between two groups, each from the side on which it hangs most on one person: alerts
    /// first, organisations before departments, the gravest first.
    pub dependences: Vec<DependenceRow>,
    /// Ties that have gone quiet, the most worth reviving first.
    pub cooling: Vec<CoolingRow>,
    /// For each flagged gap that is told: the smallest set of new ties that closes it.
    pub bridge_plans: Vec<BridgePlan>,
    /// The findings as sentences, in report order.
    pub sections: Vec<Section>,
    /// One line each: what to do next, the most useful first, at most five.
    pub suggestions: Vec<String>,
    /// What was not computed or not shown, and why.
    pub notes: Vec<String>,
    /// How this was made: parameters, seeds, counts.
    pub made: Vec<MadeItem>,
    /// Words of the report explained.
    pub glossary: Vec<Term>,
    /// Counts of what was read, as handed in.
    pub provenance: Provenance,
}

impl Findings {
    /// All findings in report order.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.sections.iter().flat_map(|section| section.findings.iter())
    }

    /// The `n` findings to tell first, mixing kinds: the gravest of each kind, then the next of each,
    /// and so on. What is patchy or known to be uncertain, and what asks for no attention, comes
    /// after the rest. The network as a whole is not among them, and no plan for new ties: its first
    /// introduction is the action of the gap that it would close.
    pub fn told(&self, n: usize) -> Vec<&Finding> {
        const ORDER: [FindingKind; 7] = [
            FindingKind::Silo,
            FindingKind::Dependence,
            FindingKind::Broker,
            FindingKind::Departure,
            FindingKind::Cooling,
            FindingKind::FormalChart,
            FindingKind::Orientation,
        ];
        let grave = |finding: &Finding| {
            finding.flagged && !finding.coverage.patchy && !finding.stability.is_doubtful()
        };
        let mut told = Vec::new();
        for wanted in [true, false] {
            let of = |kind| self.of_kind(kind).filter(|found| grave(found) == wanted).collect();
            let kinds: [Vec<&Finding>; 7] = ORDER.map(of);
            let rounds = kinds.iter().map(Vec::len).max().unwrap_or(0);
            for round in 0..rounds {
                told.extend(kinds.iter().filter_map(|kind| kind.get(round).copied()));
            }
        }
        told.truncate(n);
        told
    }

    /// The findings of one kind.
    pub fn of_kind(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.all().filter(move |finding| finding.kind == kind)
    }
}

/// A number to show large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNumber {
    /// As shown: "2.7", "31%", "1,901".
    pub value: String,
    /// What it counts.
    pub label: String,
}

/// The network in numbers. Undefined ratios are `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// People in the network, isolates too; without those who opted out.
    pub people: usize,
    /// Organisations that are themselves nodes.
    pub organisations: usize,
    /// People who opted out and are left out.
    pub opted_out: usize,
    /// People with at least one tie.
    pub connected_people: usize,
    /// Ties with strength >= theta.
    pub ties: usize,
    /// Interactions behind them and behind weaker contacts.
    pub interactions: u64,
    /// Share of possible ties that exist, 0 to 1.
    pub density: Option<f64>,
    /// Connected parts; an isolate is one.
    pub components: usize,
    /// Share of people in the largest part, 0 to 1.
    pub largest_share: Option<f64>,
    /// Mean steps between two people who are connected, >= 1.
    pub mean_steps: Option<f64>,
    /// People that the mean starts from; fewer than all in networks above 5,000.
    pub mean_steps_sources: usize,
    /// Share of ties that join two groups, 0 to 1; ties of people without a group are not counted.
    pub across_share: Option<f64>,
    /// Ties left out of `across_share`, because an end has no known group.
    pub ties_without_group: usize,
    /// Share of ties that would join two groups by chance, given group sizes, 0 to 1.
    pub across_expected: Option<f64>,
    /// Listed people seen, as a share of those listed; `None` without a directory.
    pub coverage: Option<f64>,
    /// Share of closed triads, 0 to 1.
    pub transitivity: Option<f64>,
}

/// One group with at least five people.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRow {
    /// Name.
    pub name: String,
    /// Unit, unless the group is a community.
    pub unit: Option<UnitId>,
    /// Members in the network.
    pub members: usize,
    /// Members a directory lists.
    pub listed: usize,
    /// Listed members seen in a counted interaction, as a share; `None` without a directory.
    pub coverage: Option<f64>,
    /// Ties inside.
    pub ties_inside: usize,
    /// Ties that leave it.
    pub ties_outside: usize,
    /// E-I index, -1 (all inside) to 1 (all outside); `None` without ties.
    pub ei: Option<f64>,
    /// E-I index expected if ties fell anywhere.
    pub ei_expected: Option<f64>,
    /// Share of members in the community that holds most of them, 0 to 1.
    pub modal_community_share: Option<f64>,
}

/// Groups too small to show (METHODS 14.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SmallGroups {
    /// How many groups.
    pub groups: usize,
    /// How many people they hold together.
    pub people: usize,
    /// People whose group is not known.
    pub unknown: usize,
}

/// How a cell of the heat table is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeatClass {
    /// The group with itself: not compared.
    Within,
    /// A flagged silo: corrected p under 0.05 and under half of the ties expected.
    Silo,
    /// Under half of the ties expected, but this may be chance.
    Few,
    /// Half to under one and a half times the ties expected.
    Usual,
    /// One and a half times and more.
    Many,
    /// Too little to compare: under one tie expected. Grey.
    Unclear,
}

/// One cell of the heat table.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatCell {
    /// Ties found.
    pub observed: usize,
    /// Ties expected from how active both groups are.
    pub expected: f64,
    /// Found against expected, >= 0; `None` where nothing is expected.
    pub ratio: Option<f64>,
    /// How to show it.
    pub class: HeatClass,
    /// Whether either group's coverage is under 0.65.
    pub patchy: bool,
}

/// Group by group; square and symmetric, rows and columns in the order of `names`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatTable {
    /// Group names.
    pub names: Vec<String>,
    /// `cells[row][column]`.
    pub cells: Vec<Vec<HeatCell>>,
    /// Groups of five people and more that did not fit.
    pub left_out: usize,
}

/// One pair of groups.
#[derive(Debug, Clone, PartialEq)]
pub struct SiloRow {
    /// One group.
    pub group_a: String,
    /// The other.
    pub group_b: String,
    /// Unit of the first, unless a community.
    pub unit_a: Option<UnitId>,
    /// Unit of the second.
    pub unit_b: Option<UnitId>,
    /// Ties between them.
    pub observed: usize,
    /// Ties expected from how active both are (configuration model).
    pub expected: f64,
    /// Ties expected from their sizes alone.
    pub expected_by_size: f64,
    /// Found against expected from activity.
    pub ratio: Option<f64>,
    /// Found against expected from size.
    pub ratio_by_size: Option<f64>,
    /// Silo score `max(0, 1 - ratio_by_size)`: 1 = no contact at all.
    pub score: Option<f64>,
    /// Test against chance; `None` between communities, which were found from the same ties.
    pub significance: Option<Significance>,
    /// Whether it counts as a silo: corrected p under 0.05 and ratio under 0.5.
    pub flagged: bool,
    /// How much was seen.
    pub coverage: Coverage,
    /// How stable the flag is.
    pub stability: Stability,
}

/// Formal chart beside the communities.
#[derive(Debug, Clone, PartialEq)]
pub struct FormalChart {
    /// Communities with two people or more.
    pub communities: usize,
    /// Modularity of the communities.
    pub modularity: Option<f64>,
    /// Adjusted Rand index of groups against communities, 1 = the same, 0 = as by chance.
    pub ari: f64,
    /// Normalised mutual information, 0 to 1.
    pub nmi: f64,
    /// `1 - max(0, ARI)`.
    pub divergence: f64,
    /// Reporting lines between two people of the network.
    pub reporting_lines: usize,
    /// Share of them with a working tie; `None` without reporting lines.
    pub reporting_with_tie: Option<f64>,
    /// People who work mainly with another group than their own.
    pub elsewhere: Vec<InformalHome>,
    /// How many there are, of all shown groups.
    pub n_elsewhere: usize,
}

/// Someone whose informal home is another group.
#[derive(Debug, Clone, PartialEq)]
pub struct InformalHome {
    /// Who.
    pub person: PersonRef,
    /// Group on the chart.
    pub formal: String,
    /// Group that most of the person's community belongs to.
    pub informal: String,
    /// Ties to the own group.
    pub ties_own: usize,
    /// Ties to the informal home.
    pub ties_there: usize,
}

/// Gould-Fernandez roles of one person, undirected: pairs that the person joins.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Roles {
    /// Two people of the own group.
    pub coordinator: f64,
    /// Two people of one other group.
    pub consultant: f64,
    /// One of the own group and one outside.
    pub gatekeeper_or_representative: f64,
    /// Two people of two other groups.
    pub liaison: f64,
}

/// Someone who joins groups up.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerRow {
    /// Rank by betweenness, from 1.
    pub rank: usize,
    /// Who.
    pub person: PersonRef,
    /// Betweenness, raw: routes, unordered pairs.
    pub betweenness: f64,
    /// Share of the shortest routes between other connected people that pass here, 0 to 1.
    pub route_share: Option<f64>,
    /// Burt's constraint: low = room to broker; `None` without ties.
    pub constraint: Option<f64>,
    /// Effective size: contacts that do not know each other.
    pub effective_size: Option<f64>,
    /// Working ties.
    pub degree: usize,
    /// Groups reached by a tie, the own one too.
    pub groups_reached: usize,
    /// Strength of all ties against the median of connected people.
    pub load: Option<f64>,
    /// Pairs joined, by role; `None` where the group is not known.
    pub roles: Option<Roles>,
    /// How much was seen.
    pub coverage: Coverage,
    /// Share of resamples in which the person stays among those shown.
    pub stability: Stability,
}

/// What breaks without someone (METHODS 2.16).
#[derive(Debug, Clone, PartialEq)]
pub struct DepartureRow {
    /// Who.
    pub person: PersonRef,
    /// Share of connected pairs of others that would lose each other, 0 to 1.
    pub pair_loss: f64,
    /// Share of closeness lost, 0 to 1; `None` where the network is too large to compute it.
    pub efficiency_loss: Option<f64>,
    /// People left without any tie.
    pub newly_isolated: usize,
    /// Pairs of shown groups left without any tie.
    pub lost_links: Vec<(String, String)>,
    /// People of other organisations whose only ties were here.
    pub orphaned_contacts: usize,
    /// How much was seen.
    pub coverage: Coverage,
}

/// How far the link between two groups hangs on one person (METHODS 13).
#[derive(Debug, Clone, PartialEq)]
pub struct DependenceRow {
    /// Which kind of groups.
    pub level: Grouping,
    /// The side whose people are compared.
    pub side: String,
    /// The other side.
    pub other: String,
    /// Who carries most.
    pub person: PersonRef,
    /// Ties between the groups.
    pub ties: usize,
    /// Ties of that person among them.
    pub person_ties: usize,
    /// People of `side` who carry at least one.
    pub carriers: usize,
    /// Share of tie strength that the person carries, 0 to 1.
    pub top_share: f64,
    /// Herfindahl-Hirschman index of the shares, in (0, 1].
    pub hhi: f64,
    /// Effective number of carriers, `1/hhi`.
    pub effective_number: f64,
    /// Fewest people who hold more than half.
    pub bus_factor: usize,
    /// Whether it hangs on one person: a top share over 0.6 or a bus factor of 1. A row has at least
    /// three ties between organisations, and five between other groups.
    pub alert: bool,
    /// How much was seen.
    pub coverage: Coverage,
}

/// A tie that has gone quiet (METHODS 1.2).
#[derive(Debug, Clone, PartialEq)]
pub struct CoolingRow {
    /// One end.
    pub person_a: PersonRef,
    /// The other.
    pub person_b: PersonRef,
    /// Cooling or dormant.
    pub state: TieState,
    /// Strength now.
    pub strength: f64,
    /// Strength on the day of the last contact: a lower bound of its peak.
    pub strength_at_last_contact: f64,
    /// Days since the last contact.
    pub quiet_days: f64,
    /// Usual days between contacts; `None` with fewer than three contact days.
    pub usual_interval_days: Option<f64>,
    /// Days until the tie falls under the threshold; <= 0 = it has.
    pub days_until_below: f64,
    /// Days of contact in the window.
    pub contact_days: usize,
    /// Interactions in the window.
    pub interactions: u64,
    /// Revival rank: tie probability at the last contact, doubled where it bridges a silo.
    pub worth: f64,
    /// Whether it joins two groups with a silo score of at least 0.5.
    pub bridges_silo: bool,
    /// How much was seen.
    pub coverage: Coverage,
}

/// One suggested tie.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedTie {
    /// One end.
    pub person_a: PersonRef,
    /// The other.
    pub person_b: PersonRef,
    /// Groups that it joins.
    pub groups: (String, String),
    /// Gain in mean closeness (1/steps) between groups.
    pub gain: f64,
    /// Mean closeness between groups after this tie and those before it.
    pub proximity_after: f64,
    /// Pairs of people that come closer.
    pub pairs_shortened: usize,
    /// Who could introduce them, along the warmest path; `None` if no path of three steps exists.
    pub introduction: Option<Path>,
}

/// The smallest set of new ties that closes one gap (METHODS 2.17, 2.23).
#[derive(Debug, Clone, PartialEq)]
pub struct BridgePlan {
    /// One group.
    pub group_a: String,
    /// The other.
    pub group_b: String,
    /// The ties, in the order of choice; at most ten.
    pub ties: Vec<SuggestedTie>,
    /// Found against expected before.
    pub ratio_before: Option<f64>,
    /// Found against expected with all of them.
    pub ratio_after: Option<f64>,
    /// Whether `ratio_after` reaches 1.
    pub closes: bool,
    /// How much was seen.
    pub coverage: Coverage,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep {
    /// From whom.
    pub from: PersonRef,
    /// To whom.
    pub to: PersonRef,
    /// Probability of the step, 0 to 1.
    pub probability: f64,
    /// Strength of the tie.
    pub strength: f64,
    /// Last contact, where the tie is dated.
    pub last_contact: Option<Moment>,
}

/// A chain of introductions (METHODS 2.18).
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Steps in order, one or more.
    pub steps: Vec<PathStep>,
    /// Product of the steps' probabilities, 0 to 1.
    pub probability: f64,
    /// In a sentence.
    pub sentence: String,
}

/// One part of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Kind of its findings; also the anchor (`FindingKind::name`).
    pub kind: FindingKind,
    /// Heading.
    pub title: &'static str,
    /// One sentence: how to read it; says so where there is nothing to report.
    pub intro: String,
    /// Findings, the most important first.
    pub findings: Vec<Finding>,
}

/// One line of "How this was made".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeItem {
    /// What.
    pub name: String,
    /// Value, with unit.
    pub value: String,
    /// What it does.
    pub meaning: String,
}

/// One word explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// What the report says.
    pub word: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Term of the field, section and source.
    pub method: Method,
}
