//! Planned against real contact, and who is thanked (METHODS 9.7, Tieline's own).

use std::collections::BTreeMap;

use crate::time::Moment;

/// Days after a milestone within which thanks count for it.
pub const RECOGNITION_DAYS: f64 = 14.0;

/// Share of the days of a period on which the last contact was at most `every_days` ago; before the
/// first contact, the first day counts as one. `None` for a period without days.
///
/// `first`, `last`: first and last day of the period, as days since any one day; `contacts`: days of
/// contact, in any order, also from before the period.
pub fn adherence(first: i64, last: i64, contacts: &[i64], every_days: u32) -> Option<f64> {
    let mut days = contacts.to_vec();
    days.sort_unstable();
    let kept = (first..=last).filter(|day| {
        let earlier = days.partition_point(|contact| contact <= day);
        let since = earlier.checked_sub(1).map_or(first, |at| days[at]);
        day - since <= i64::from(every_days)
    });
    let n = usize::try_from(last.checked_sub(first)?.checked_add(1)?).ok().filter(|n| *n > 0)?;
    Some(kept.count() as f64 / n as f64)
}

/// A milestone that was reached, and when someone was thanked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// When it was reached.
    pub reached_at: Moment,
    /// When people were thanked for it.
    pub thanked_at: Vec<Moment>,
}

/// Share of the milestones reached that were followed by thanks within [`RECOGNITION_DAYS`]; `None`
/// where none was reached.
pub fn recognition_coverage(reached: &[Milestone]) -> Option<f64> {
    let is_thanked = |milestone: &&Milestone| {
        let until = milestone.reached_at.plus_days(RECOGNITION_DAYS);
        milestone.thanked_at.iter().any(|at| *at >= milestone.reached_at && *at <= until)
    };
    let n = reached.iter().filter(is_thanked).count();
    (!reached.is_empty()).then(|| n as f64 / reached.len() as f64)
}

/// How often each contributor was thanked, those never thanked included: the evenness of these
/// numbers (METHODS 2.19) tells whether praise goes to the same few.
pub fn thanks_per_contributor<P: Copy + Ord>(contributors: &[P], thanked: &[P]) -> Vec<(P, u64)> {
    let mut thanks: BTreeMap<P, u64> = contributors.iter().map(|person| (*person, 0)).collect();
    for person in thanked {
        *thanks.entry(*person).or_insert(0) += 1;
    }
    thanks.into_iter().collect()
}
