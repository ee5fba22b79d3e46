//! The score: Fellegi and Sunter 1969, "A theory for record linkage" (METHODS 12.3).

/// A field that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// E-mail address, host aliases and tags folded.
    Email,
    /// Organisation.
    Organisation,
    /// Telephone number.
    Phone,
}

impl Field {
    /// All fields, in the order of listings.
    pub const ALL: [Self; 5] =
        [Self::Given, Self::Family, Self::Email, Self::Organisation, Self::Phone];

    /// The word used in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Family => "family",
            Self::Email => "email",
            Self::Organisation => "org",
            Self::Phone => "phone",
        }
    }
}

/// How well two values of a field agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Equal after folding.
    Exact,
    /// Nearly equal: names only.
    Close,
    /// Different.
    Else,
}

impl Level {
    /// The word used in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Close => "close",
            Self::Else => "else",
        }
    }
}

/// m (probability of a level among pairs that are one person) and u (among pairs that are not).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MU {
    /// Probability among matches, in (0, 1).
    pub m: f64,
    /// Probability among non-matches, in (0, 1).
    pub u: f64,
}

impl MU {
    /// `log2(m/u)`, bits.
    pub fn weight(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// m and u of every field and level. A field without a close level has `None` there and a close
/// agreement counts as [`Level::Else`].
#[derive(Debug, Clone, PartialEq)]
pub struct FieldTable {
    /// Exact, close, else per field, in the order of [`Field::ALL`].
    pub fields: [(MU, Option<MU>, MU); 5],
}

impl Default for FieldTable {
    /// The table of METHODS 12.3.
    fn default() -> Self {
        let three = |m: [f64; 3], u: [f64; 3]| {
            (MU { m: m[0], u: u[0] }, Some(MU { m: m[1], u: u[1] }), MU { m: m[2], u: u[2] })
        };
        let two =
            |m: [f64; 2], u: [f64; 2]| (MU { m: m[0], u: u[0] }, None, MU { m: m[1], u: u[1] });
        Self {
            fields: [
                three([0.80, 0.13, 0.07], [0.01, 0.02, 0.97]),
                three([0.90, 0.07, 0.03], [0.003, 0.007, 0.99]),
                two([0.70, 0.30], [0.0001, 0.9999]),
                two([0.85, 0.15], [0.05, 0.95]),
                two([0.60, 0.40], [0.0002, 0.9998]),
            ],
        }
    }
}

impl FieldTable {
    /// Weight of an agreement in bits: `log2(m/u)`; 0 for a missing value.
    pub fn weight(&self, field: Field, level: Option<Level>) -> f64 {
        let (exact, close, other) = self.fields[field as usize];
        match level {
            None => 0.0,
            Some(Level::Exact) => exact.weight(),
            Some(Level::Close) => close.unwrap_or(other).weight(),
            Some(Level::Else) => other.weight(),
        }
    }
}

/// Posterior probability, 0..1: odds = `prior/(1-prior) * 2^weight_bits`.
pub fn posterior(prior: f64, weight_bits: f64) -> f64 {
    let log_odds = (prior / (1.0 - prior)).log2() + weight_bits;
    1.0 / (1.0 + (-log_odds).exp2())
}

/// Parameters of binary agreement fields, as EM estimates them.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Probability of agreement among matches, per field.
    pub m: Vec<f64>,
    /// Probability of agreement among non-matches, per field.
    pub u: Vec<f64>,
    /// Share of matches among the pairs.
    pub p: f64,
}

/// Why an estimate is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EstimateError {
    /// Fewer pairs than an estimate needs.
    #[error("an estimate needs at least 500 compared pairs")]
    TooFewPairs,
    /// A pattern has another number of fields than the start values, or a count is negative or not
    /// finite.
    #[error("patterns and start values do not fit each other")]
    Malformed,
    /// A field would count agreement as evidence against a match (u > m).
    #[error("agreement on a field would count against a match")]
    AgreementCountsAgainst,
}

/// Fewest compared pairs for an estimate (METHODS 12.3).
pub const MIN_PAIRS: f64 = 500.0;

/// Re-estimates m, u and p by expectation-maximisation (Winkler 1988) from counts of agreement
/// patterns, `iterations` times, fields independent given the class.
///
/// # Errors
/// Refuses under [`MIN_PAIRS`] pairs, malformed input, and an estimate with u > m on any field.
pub fn estimate(
    patterns: &[(Vec<bool>, f64)],
    start: &Estimate,
    iterations: usize,
) -> Result<Estimate, EstimateError> {
    let n_fields = start.m.len();
    let fits = |(agree, count): &(Vec<bool>, f64)| {
        agree.len() == n_fields && count.is_finite() && *count >= 0.0
    };
    if start.u.len() != n_fields || !patterns.iter().all(fits) {
        return Err(EstimateError::Malformed);
    }
    if patterns.iter().map(|(_, count)| count).sum::<f64>() < MIN_PAIRS {
        return Err(EstimateError::TooFewPairs);
    }
    let mut now = start.clone();
    for _ in 0..iterations {
        now = em_step(patterns, &now);
    }
    let accepted = now.m.iter().zip(&now.u).all(|(m, u)| u <= m);
    if accepted { Ok(now) } else { Err(EstimateError::AgreementCountsAgainst) }
}

fn em_step(patterns: &[(Vec<bool>, f64)], now: &Estimate) -> Estimate {
    let n_fields = now.m.len();
    let likelihood = |agree: &[bool], by: &[f64]| -> f64 {
        agree.iter().zip(by).map(|(agree, p)| if *agree { *p } else { 1.0 - p }).product()
    };
    let (mut matches, mut others) = (0.0, 0.0);
    let (mut m, mut u) = (vec![0.0; n_fields], vec![0.0; n_fields]);
    for (agree, count) in patterns {
        let as_match = now.p * likelihood(agree, &now.m);
        let as_other = (1.0 - now.p) * likelihood(agree, &now.u);
        let total = as_match + as_other;
        let share = if total > 0.0 { as_match / total } else { now.p };
        matches += count * share;
        others += count * (1.0 - share);
        for (field, agrees) in agree.iter().enumerate() {
            if *agrees {
                m[field] += count * share;
                u[field] += count * (1.0 - share);
            }
        }
    }
    let ratio =
        |part: f64, whole: f64, before: f64| if whole > 0.0 { part / whole } else { before };
    Estimate {
        m: m.iter().zip(&now.m).map(|(sum, before)| ratio(*sum, matches, *before)).collect(),
        u: u.iter().zip(&now.u).map(|(sum, before)| ratio(*sum, others, *before)).collect(),
        p: ratio(matches, matches + others, now.p),
    }
}
