//! Stakeholders: power and interest, salience, engagement, suggested placement (METHODS 3).

use std::collections::BTreeSet;

use crate::access::words;

/// From this value on, power or interest is high.
pub const HIGH: f64 = 0.5;

/// Where to spend attention (grid after Mendelow 1981).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quadrant {
    /// High power, high interest.
    ManageClosely,
    /// High power, low interest.
    KeepSatisfied,
    /// Low power, high interest.
    KeepInformed,
    /// Low power, low interest.
    Monitor,
    /// Power or interest is not known.
    Unclassified,
}
words!(Quadrant {
    ManageClosely "manage_closely", KeepSatisfied "keep_satisfied", KeepInformed "keep_informed",
    Monitor "monitor", Unclassified "unclassified",
});

/// The quadrant of power and interest, each from 0 to 1.
pub fn quadrant(power: Option<f64>, interest: Option<f64>) -> Quadrant {
    match (power, interest) {
        (Some(power), Some(interest)) => match (power >= HIGH, interest >= HIGH) {
            (true, true) => Quadrant::ManageClosely,
            (true, false) => Quadrant::KeepSatisfied,
            (false, true) => Quadrant::KeepInformed,
            (false, false) => Quadrant::Monitor,
        },
        _ => Quadrant::Unclassified,
    }
}

/// How much a stakeholder counts (Mitchell, Agle & Wood 1997).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Salience {
    /// No attribute.
    NonStakeholder,
    /// Power alone.
    Dormant,
    /// Legitimacy alone.
    Discretionary,
    /// Urgency alone.
    Demanding,
    /// Power and legitimacy.
    Dominant,
    /// Power and urgency, without legitimacy: may use force.
    Dangerous,
    /// Legitimacy and urgency.
    Dependent,
    /// All three.
    Definitive,
}
words!(Salience {
    NonStakeholder "non_stakeholder", Dormant "dormant", Discretionary "discretionary",
    Demanding "demanding", Dominant "dominant", Dangerous "dangerous", Dependent "dependent",
    Definitive "definitive",
});

impl Salience {
    /// From the three attributes.
    pub const fn of(power: bool, legitimacy: bool, urgency: bool) -> Self {
        match (power, legitimacy, urgency) {
            (false, false, false) => Self::NonStakeholder,
            (true, false, false) => Self::Dormant,
            (false, true, false) => Self::Discretionary,
            (false, false, true) => Self::Demanding,
            (true, true, false) => Self::Dominant,
            (true, false, true) => Self::Dangerous,
            (false, true, true) => Self::Dependent,
            (true, true, true) => Self::Definitive,
        }
    }

    /// Number of attributes, 0 to 3: 1 latent, 2 expectant, 3 definitive.
    pub const fn priority(self) -> u8 {
        match self {
            Self::NonStakeholder => 0,
            Self::Dormant | Self::Discretionary | Self::Demanding => 1,
            Self::Dominant | Self::Dangerous | Self::Dependent => 2,
            Self::Definitive => 3,
        }
    }

    /// The classes that are possible where some attributes are not known; one where all are.
    pub fn possible(
        power: Option<bool>,
        legitimacy: Option<bool>,
        urgency: Option<bool>,
    ) -> BTreeSet<Self> {
        let values = |known: Option<bool>| known.map_or(vec![false, true], |known| vec![known]);
        let mut classes = BTreeSet::new();
        for power in values(power) {
            for legitimacy in values(legitimacy) {
                let all = values(urgency).into_iter();
                classes.extend(all.map(|urgency| Self::of(power, legitimacy, urgency)));
            }
        }
        classes
    }
}

/// How a stakeholder stands to the matter (engagement matrix of PMI). Ordinal; being unaware is not
/// worse than resisting, it only comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engagement {
    /// Does not know of it.
    Unaware,
    /// Is against it.
    Resistant,
    /// Neither.
    Neutral,
    /// Is for it.
    Supportive,
    /// Drives it.
    Leading,
}
words!(Engagement {
    Unaware "unaware", Resistant "resistant", Neutral "neutral", Supportive "supportive",
    Leading "leading",
});

impl Engagement {
    /// Levels from here to what is wanted; below 0: more engaged than wanted, which is worth a check.
    pub const fn gap_to(self, wanted: Self) -> i8 {
        wanted as i8 - self as i8
    }
}

/// What a stakeholder needs for a place in the work list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EngagementGap<S> {
    /// Who.
    pub stakeholder: S,
    /// Levels to go.
    pub gap: i8,
    /// Power, 0 to 1.
    pub power: f64,
    /// Interest, 0 to 1.
    pub interest: f64,
}

impl<S> EngagementGap<S> {
    /// What the list is ordered by: `gap (0.6 power + 0.4 interest)`.
    pub fn urgency(&self) -> f64 {
        f64::from(self.gap) * (0.6 * self.power + 0.4 * self.interest)
    }
}

/// Those with a gap above 0, the most urgent first; ties by stakeholder.
pub fn work_list<S: Copy + Ord>(all: &[EngagementGap<S>]) -> Vec<EngagementGap<S>> {
    let mut open: Vec<EngagementGap<S>> = all.iter().filter(|one| one.gap > 0).copied().collect();
    open.sort_by(|x, y| {
        y.urgency().total_cmp(&x.urgency()).then_with(|| x.stakeholder.cmp(&y.stakeholder))
    });
    open
}

/// Whether a stakeholder belongs to one's own organisation (METHODS 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Membership {
    /// Own organisation.
    Internal,
    /// Another one.
    External,
    /// Nothing says so: a public mail domain decides nothing.
    Unknown,
}
words!(Membership { Internal "internal", External "external", Unknown "unknown", });

/// On which side a stakeholder stands, as a person says it; it outranks what is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Inside: own organisation, or a party of the partnership.
    Internal,
    /// Outside.
    External,
    /// Both: a tenant on the board, a partner's person who works with us.
    Both,
}
words!(Side { Internal "internal", External "external", Both "both", });

/// How much one stakeholder sways another, as a person says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Influence {
    /// Is listened to.
    Some,
    /// Is followed.
    Strong,
}
words!(Influence { Some "some", Strong "strong", });

/// Placements of others from which on the person who was placed sees where (METHODS 14.2).
pub const SHOWN_FROM: usize = 5;

/// What a person who was placed sees of it: from five placers on the median of power and interest,
/// below that nothing, for the numbers of one or two would tell who gave them.
pub fn shown_to_placed(placements: &[Placement]) -> Option<Placement> {
    let spread = Spread::of(placements).filter(|spread| spread.n >= SHOWN_FROM)?;
    Some(Placement { power: spread.power.median, interest: spread.interest.median })
}

/// From the membership record, else from the verified mail domain. `is_own_domain`: `None` for
/// public or unknown domains.
pub fn membership(is_own_member: Option<bool>, is_own_domain: Option<bool>) -> Membership {
    match is_own_member.or(is_own_domain) {
        Some(true) => Membership::Internal,
        Some(false) => Membership::External,
        None => Membership::Unknown,
    }
}

/// Mid-rank percentiles, each from 0 to 1: the share of the others below, and half of those equal.
/// A single value has 1/2. Values must not be NaN.
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let others = values.len().saturating_sub(1) as f64;
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let equal = values.iter().filter(|other| *other == value).count() as f64 - 1.0;
        if others > 0.0 { (below + 0.5 * equal) / others } else { 0.5 }
    };
    values.iter().map(rank).collect()
}

/// What is known of one stakeholder's place in network and matter; `None` where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlacementEvidence {
    /// Level of the role; larger is higher.
    pub level: Option<f64>,
    /// Betweenness.
    pub betweenness: Option<f64>,
    /// PageRank.
    pub pagerank: Option<f64>,
    /// People within two steps, as a share.
    pub reach2: Option<f64>,
    /// Share of the person's interactions on the matter.
    pub topic_share: Option<f64>,
    /// The same over the last 30 days.
    pub recent_share: Option<f64>,
}

/// One column of the evidence, by name, with its weight.
type Column = (&'static str, f64, fn(&PlacementEvidence) -> Option<f64>);

const POWER: [Column; 4] = [
    ("level", 0.40, |one| one.level),
    ("betweenness", 0.25, |one| one.betweenness),
    ("pagerank", 0.20, |one| one.pagerank),
    ("reach2", 0.15, |one| one.reach2),
];
const INTEREST: [Column; 2] =
    [("topic_share", 0.60, |one| one.topic_share), ("recent_share", 0.40, |one| one.recent_share)];

/// A suggested value and what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// 0 to 1; the sum of the parts.
    pub value: f64,
    /// Name of the evidence and its contribution.
    pub parts: Vec<(&'static str, f64)>,
}

/// A suggested place in the grid. It is evidence of access, not of authority, and stays a suggestion
/// until someone accepts or overrides it.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedPlacement {
    /// Power; `None` where no column is known for everyone.
    pub power: Option<Suggested>,
    /// Interest; likewise.
    pub interest: Option<Suggested>,
}

impl SuggestedPlacement {
    /// Its quadrant.
    pub fn quadrant(&self) -> Quadrant {
        let value = |one: &Option<Suggested>| one.as_ref().map(|one| one.value);
        quadrant(value(&self.power), value(&self.interest))
    }
}

/// **Summary** – where stakeholders may stand, from their place in network and matter (Tieline's own).
/// **Definition** – weighted mid-ranks among all; a column that is missing for anyone is left out and
/// the other weights grow in proportion.
/// **Complexity** – O(n²) comparisons per column.
pub fn suggest(all: &[PlacementEvidence]) -> Vec<SuggestedPlacement> {
    let (power, interest) = (weighted(all, &POWER), weighted(all, &INTEREST));
    power
        .into_iter()
        .zip(interest)
        .map(|(power, interest)| SuggestedPlacement { power, interest })
        .collect()
}

fn weighted(all: &[PlacementEvidence], columns: &[Column]) -> Vec<Option<Suggested>> {
    let known: Vec<(&'static str, f64, Vec<f64>)> = columns
        .iter()
        .filter_map(|(name, weight, value)| {
            let values: Option<Vec<f64>> =
                all.iter().map(|one| value(one).filter(|value| !value.is_nan())).collect();
            Some((*name, *weight, mid_ranks(&values?)))
        })
        .collect();
    let weights: f64 = known.iter().map(|(_, weight, _)| weight).sum();
    let of = |at: usize| {
        let part = |(name, weight, ranks): &(&'static str, f64, Vec<f64>)| {
            (*name, weight * ranks[at] / weights)
        };
        let parts: Vec<(&'static str, f64)> = known.iter().map(part).collect();
        let value = parts.iter().map(|(_, part)| part).sum();
        (!known.is_empty()).then_some(Suggested { value, parts })
    };
    (0..all.len()).map(of).collect()
}

/// Where one person places a stakeholder; both from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Power to affect the outcome.
    pub power: f64,
    /// Interest in it.
    pub interest: f64,
}

/// Lowest, middle and highest of several values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lowest.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// Highest.
    pub high: f64,
}

impl Range {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let n = values.len();
        let median = f64::midpoint(values[(n - 1) / 2], values[n / 2]);
        Some(Self { low, median, high })
    }

    /// Highest less lowest.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// Where several people place one stakeholder.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// How many placed it.
    pub n: usize,
    /// Power.
    pub power: Range,
    /// Interest.
    pub interest: Range,
    /// The quadrants that it was placed in.
    pub quadrants: BTreeSet<Quadrant>,
}

impl Spread {
    /// From independent placements; `None` without any.
    pub fn of(placements: &[Placement]) -> Option<Self> {
        let place = |one: &Placement| quadrant(Some(one.power), Some(one.interest));
        Some(Self {
            n: placements.len(),
            power: Range::of(placements.iter().map(|one| one.power).collect())?,
            interest: Range::of(placements.iter().map(|one| one.interest).collect())?,
            quadrants: placements.iter().map(place).collect(),
        })
    }

    /// Whether people disagree on what to do: it was placed in more than one quadrant.
    pub fn is_contested(&self) -> bool {
        self.quadrants.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_placed_sees_the_middle_of_five_and_nothing_of_four() {
        let at = |power| Placement { power, interest: 0.5 };
        let mut all: Vec<Placement> = [0.1, 0.9, 0.2, 0.3].map(at).to_vec();
        assert_eq!(shown_to_placed(&all), None);
        all.push(at(1.0));
        assert_eq!(shown_to_placed(&all), Some(at(0.3)));
    }
}
