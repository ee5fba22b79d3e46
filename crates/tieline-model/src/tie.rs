//! Ties: strength, reciprocity, decay and states (METHODS 1.1 and 1.2).

use crate::interaction::Channel;
use crate::time::{DAY_MS, Moment};

/// Parameters of tie strength. Changing half-life or group limit rebuilds the segments; the others
/// apply when ties are merged.
#[derive(Debug, Clone, PartialEq)]
pub struct TieParams {
    /// Days after which an interaction counts half. Default 90. Range > 0.
    pub half_life_days: f64,
    /// Reciprocity weight rho: 0 = direction is ignored, 1 = only what is returned. Default 0.5.
    pub reciprocity_weight: f64,
    /// Saturation kappa, in effective one-to-one interactions: s = kappa gives p = 0.632. Default 5.
    pub saturation: f64,
    /// Participants above which an event is a broadcast and makes no tie. Default 25. Range 2..=1000.
    pub max_group: u32,
    /// Strength from which a tie exists (theta). Default 0.5.
    pub threshold: f64,
    /// Weight of each channel, in effective one-to-one interactions.
    pub channel_weights: ChannelWeights,
}

impl Default for TieParams {
    fn default() -> Self {
        Self {
            half_life_days: 90.0,
            reciprocity_weight: 0.5,
            saturation: 5.0,
            max_group: 25,
            threshold: 0.5,
            channel_weights: ChannelWeights::default(),
        }
    }
}

/// Weight of each channel (METHODS 1.1; `contact` is a dated contact of unstated kind).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelWeights([f64; Channel::ALL.len() + 1]);

impl Default for ChannelWeights {
    fn default() -> Self {
        let mut weights = Self([0.0; Channel::ALL.len() + 1]);
        for channel in Channel::ALL {
            weights.set(
                *channel,
                match channel {
                    Channel::Email | Channel::Contact => 1.0,
                    Channel::Chat => 0.5,
                    Channel::Call => 1.5,
                    Channel::Meeting | Channel::Introduction => 2.0,
                    Channel::CoEdit => 0.7,
                },
            );
        }
        weights
    }
}

impl ChannelWeights {
    /// The weight of `channel`.
    pub fn of(&self, channel: Channel) -> f64 {
        self.0[channel.code() as usize]
    }

    /// Sets the weight of `channel`.
    pub fn set(&mut self, channel: Channel, weight: f64) {
        self.0[channel.code() as usize] = weight;
    }
}

/// `2^(-age/h)`: what is left of an interaction after `age_days`. 0 for negative ages: what has not
/// happened yet does not count.
pub fn decay(age_days: f64, half_life_days: f64) -> f64 {
    if age_days < 0.0 { 0.0 } else { (-age_days / half_life_days).exp2() }
}

/// Share of a message that each of `recipients` people gets: `1/|R|`; 0 when nobody does.
pub fn message_share(recipients: u32) -> f64 {
    if recipients == 0 { 0.0 } else { 1.0 / f64::from(recipients) }
}

/// Share of a gathering that each ordered pair of `attendees` gets: `0.5 f/(n-1)` with
/// `f = clamp(minutes/30, 0.5, 4)`; missing duration (0) counts as 30 minutes. 0 under two attendees.
pub fn gathering_share(attendees: u32, minutes: u32) -> f64 {
    if attendees < 2 {
        return 0.0;
    }
    let minutes = if minutes == 0 { 30 } else { minutes };
    let duration_factor = (f64::from(minutes) / 30.0).clamp(0.5, 4.0);
    0.5 * duration_factor / f64::from(attendees - 1)
}

/// Strength of one pair, in its parts. `x_ij` and `x_ji` are the decayed sums of each direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// What i gave j.
    pub x_ij: f64,
    /// What j gave i.
    pub x_ji: f64,
}

impl Strength {
    /// `x_ij + x_ji`.
    pub fn total(&self) -> f64 {
        self.x_ij + self.x_ji
    }

    /// `2 min / total`, 0 (one-sided) to 1 (even); `None` without any contact.
    pub fn reciprocity(&self) -> Option<f64> {
        (self.total() > 0.0).then(|| 2.0 * self.x_ij.min(self.x_ji) / self.total())
    }

    /// `(x_ij - x_ji)/total`, -1 to 1; `None` without any contact.
    pub fn balance(&self) -> Option<f64> {
        (self.total() > 0.0).then(|| (self.x_ij - self.x_ji) / self.total())
    }

    /// `s = (1-rho) total + rho 2 min`, >= 0, in effective one-to-one interactions.
    pub fn strength(&self, params: &TieParams) -> f64 {
        let rho = params.reciprocity_weight;
        (1.0 - rho) * self.total() + rho * 2.0 * self.x_ij.min(self.x_ji)
    }

    /// `p = 1 - exp(-s/kappa)`, 0..1.
    pub fn probability(&self, params: &TieParams) -> f64 {
        tie_probability(self.strength(params), params.saturation)
    }
}

/// `p = 1 - exp(-s/kappa)`, 0..1.
pub fn tie_probability(strength: f64, saturation: f64) -> f64 {
    -(-strength / saturation).exp_m1()
}

/// Days without contact until a tie of `strength` falls under `threshold`:
/// `h log2(s/theta)`; <= 0 means it is under already; negative infinity for strength 0.
pub fn days_until_below(strength: f64, threshold: f64, half_life_days: f64) -> f64 {
    half_life_days * (strength / threshold).log2()
}

/// State of a tie by its rhythm (METHODS 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieState {
    /// Never any contact.
    None,
    /// In its usual rhythm.
    Active,
    /// Quiet for longer than twice its usual interval (at least 30 days).
    Cooling,
    /// Quiet for longer than four times its usual interval (at least 90 days).
    Dormant,
}

impl TieState {
    /// The word used in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Active => "active",
            Self::Cooling => "cooling",
            Self::Dormant => "dormant",
        }
    }
}

/// The rhythm of a tie as of a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    /// Days since the last contact; `None` without any.
    pub gap_days: Option<f64>,
    /// Median interval between contact days; `None` with fewer than three of them.
    pub median_interval_days: Option<f64>,
    /// Gap after which the tie is cooling.
    pub cooling_after_days: f64,
    /// Gap after which it is dormant.
    pub dormant_after_days: f64,
    /// The state.
    pub state: TieState,
}

/// Rhythm of a tie from its distinct contact days (any order, repetitions allowed, days after
/// `as_of_day` ignored). O(k log k).
pub fn rhythm(contact_days: &[f64], as_of_day: f64) -> Rhythm {
    let mut days: Vec<f64> = contact_days.iter().copied().filter(|day| *day <= as_of_day).collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    let mut intervals: Vec<f64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let median = if days.len() >= 3 { median(&mut intervals) } else { None };
    let cooling_after_days = median.map_or(30.0, |m| f64::max(30.0, 2.0 * m));
    let dormant_after_days = median.map_or(90.0, |m| f64::max(90.0, 4.0 * m));
    let gap_days = days.last().map(|last| as_of_day - last);
    let state = match gap_days {
        None => TieState::None,
        Some(gap) if gap <= cooling_after_days => TieState::Active,
        Some(gap) if gap <= dormant_after_days => TieState::Cooling,
        Some(_) => TieState::Dormant,
    };
    Rhythm { gap_days, median_interval_days: median, cooling_after_days, dormant_after_days, state }
}

/// Median; `None` for an empty slice. Sorts in place.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        None
    } else if n % 2 == 1 {
        Some(values[n / 2])
    } else {
        Some(f64::midpoint(values[n / 2 - 1], values[n / 2]))
    }
}

/// Contact between two nodes as of a moment: what the lake's segments add up to.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Decayed, channel-weighted sums of both directions.
    pub strength: Strength,
    /// Number of events from i to j (a gathering counts in both directions).
    pub count_ij: u64,
    /// Number of events from j to i.
    pub count_ji: u64,
    /// First contact in the window.
    pub first: Moment,
    /// Last contact in the window.
    pub last: Moment,
    /// Distinct UTC days of contact, as days since 1970-01-01, ascending.
    pub days: Vec<i64>,
}

impl Contact {
    /// Rhythm as of a moment; days are whole UTC days.
    pub fn rhythm(&self, as_of: Moment) -> Rhythm {
        let days: Vec<f64> = self.days.iter().map(|day| *day as f64).collect();
        rhythm(&days, as_of.ms() as f64 / DAY_MS as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn vectors() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/tie_strength.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn close(actual: f64, expected: &Value) {
        let expected = expected.as_f64().unwrap();
        assert!((actual - expected).abs() <= 1e-6, "{actual} is not {expected}");
    }

    #[test]
    fn parts_of_strength_match_the_vectors() {
        let all = vectors();
        let params = TieParams::default();
        for (pair, expected) in all["expected"].as_object().unwrap() {
            let x = |name: &str| expected[name].as_f64().unwrap();
            let strength = Strength { x_ij: x("x_ij"), x_ji: x("x_ji") };
            close(strength.reciprocity().unwrap(), &expected["reciprocity"]);
            close(strength.balance().unwrap(), &expected["balance"]);
            close(strength.strength(&params), &expected["strength"]);
            close(strength.probability(&params), &expected["prob"]);
            assert!(!pair.is_empty());
        }
    }

    #[test]
    fn decay_forecast_matches_the_vectors() {
        for case in vectors()["days_until_below"].as_array().unwrap() {
            let x = |name: &str| case[name].as_f64().unwrap();
            close(days_until_below(x("s"), x("theta"), x("h")), &case["days"]);
        }
    }

    #[test]
    fn states_match_the_vectors() {
        for case in vectors()["dormancy"].as_array().unwrap() {
            let days: Vec<f64> =
                case["days"].as_array().unwrap().iter().map(|d| d.as_f64().unwrap()).collect();
            let found = rhythm(&days, case["T"].as_f64().unwrap());
            assert_eq!(found.state.name(), case["state"].as_str().unwrap(), "{case}");
            close(found.cooling_after_days, &case["cooling_after"]);
            close(found.dormant_after_days, &case["dormant_after"]);
        }
        assert_eq!(rhythm(&[], 10.0).state, TieState::None);
        assert_eq!(rhythm(&[20.0], 10.0).state, TieState::None);
    }

    #[test]
    fn no_contact_has_no_reciprocity() {
        let none = Strength { x_ij: 0.0, x_ji: 0.0 };
        assert_eq!((none.reciprocity(), none.balance()), (None, None));
        assert!(none.strength(&TieParams::default()).abs() < f64::EPSILON);
    }
}
