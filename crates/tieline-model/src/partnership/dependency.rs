//! How far a partnership rests on single people (METHODS 13).

/// Above this share of the strength in one person, an alert.
pub const ALERT_SHARE: f64 = 0.6;

/// How the strength of one side's ties to a partnership is spread over its people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyPerson {
    /// Place of the strongest person in the input; the first of equals.
    pub top: usize,
    /// The strongest person's share, above 0 to 1.
    pub top_share: f64,
    /// Sum of squared shares (Herfindahl-Hirschman), above 0 to 1.
    pub concentration: f64,
    /// 1 / concentration: as if so many people carried it equally.
    pub effective_number: f64,
    /// Fewest people who hold more than half.
    pub bus_factor: usize,
    /// People with any strength.
    pub n_people: usize,
}

/// **Summary** – would the partnership survive the loss of one person?
/// **Input** – `strengths`: tie strength per own-side person; those not above 0 are left out.
/// **Undefined** – `None` without ties.
/// **Complexity** – O(n log n).
pub fn key_person(strengths: &[f64]) -> Option<KeyPerson> {
    let mut people: Vec<(usize, f64)> = strengths
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, strength)| *strength > 0.0 && strength.is_finite())
        .collect();
    people.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let total: f64 = people.iter().map(|(_, strength)| strength).sum();
    let (top, strongest) = *people.first()?;
    let concentration: f64 = people.iter().map(|(_, own)| (own / total).powi(2)).sum();
    let mut held = 0.0;
    let fewest = people.iter().position(|(_, own)| {
        held += own;
        held > total / 2.0
    });
    Some(KeyPerson {
        top,
        top_share: strongest / total,
        concentration,
        effective_number: 1.0 / concentration,
        bus_factor: fewest.map_or(people.len(), |at| at + 1),
        n_people: people.len(),
    })
}

impl KeyPerson {
    /// Whether to alert: the top share is above [`ALERT_SHARE`], or one person of several holds more
    /// than half, or the strongest person is known to leave.
    pub fn is_alert(&self, top_leaves: bool) -> bool {
        self.top_share > ALERT_SHARE || (self.bus_factor == 1 && self.n_people >= 2) || top_leaves
    }
}
