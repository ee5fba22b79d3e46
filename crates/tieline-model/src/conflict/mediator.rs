//! Who could mediate: near to both sides, equally, and part of neither (METHODS 7.2, [Tieline]).

/// What is known of a candidate. Candidates who are a party, in a party's reporting line, or opted
/// out are left out before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MediatorEvidence<U> {
    /// Probability of the best path of at most two steps to the first party that avoids the second,
    /// 0 to 1.
    pub path_a: f64,
    /// The same to the second party, avoiding the first.
    pub path_b: f64,
    /// Unit of the candidate.
    pub unit: U,
    /// Units of both parties.
    pub party_units: [U; 2],
    /// Trust in the candidate, 0 to 1; unknown counts 1/2.
    pub trust: Option<f64>,
    /// Cases that the candidate mediates now.
    pub open_cases: u32,
}

/// A score and the factors whose product it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MediatorScore {
    /// Geometric mean of both path probabilities, 0 to 1.
    pub closeness: f64,
    /// 1 equally near to both, towards 0 near to one.
    pub balance: f64,
    /// 1 in a unit of neither party, or where both share a unit; 1/2 otherwise.
    pub unit_factor: f64,
    /// 1/2 (no trust) to 1.
    pub trust_factor: f64,
    /// 1 without open cases, 1/2 with one, 1/3 with two ...
    pub load_factor: f64,
}

impl MediatorScore {
    /// The product of the factors, 0 to 1; higher is a better suggestion.
    pub fn value(&self) -> f64 {
        self.closeness * self.balance * self.unit_factor * self.trust_factor * self.load_factor
    }
}

/// The score of a candidate; `None` where one of the parties cannot be reached.
pub fn mediator_score<U: PartialEq>(evidence: &MediatorEvidence<U>) -> Option<MediatorScore> {
    let (a, b) = (evidence.path_a, evidence.path_b);
    // Written so that NaN is refused as well.
    if !(a > 0.0 && b > 0.0) {
        return None;
    }
    let [unit_a, unit_b] = &evidence.party_units;
    let is_apart = unit_a == unit_b || (evidence.unit != *unit_a && evidence.unit != *unit_b);
    Some(MediatorScore {
        closeness: (a * b).sqrt(),
        balance: 1.0 - (a - b).abs() / (a + b),
        unit_factor: if is_apart { 1.0 } else { 0.5 },
        trust_factor: 0.5 + 0.5 * evidence.trust.unwrap_or(0.5).clamp(0.0, 1.0),
        load_factor: 1.0 / (1.0 + f64::from(evidence.open_cases)),
    })
}
