//! How good a resolution is, against a gold standard (METHODS 12.3).
//!
//! Clusterings are slices of labels: `labels[i]` is the cluster of record `i`.

use std::collections::HashMap;
use std::hash::Hash;

/// Precision, recall and their harmonic mean; `None` where a denominator is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Share of what was found that is true.
    pub precision: Option<f64>,
    /// Share of what is true that was found.
    pub recall: Option<f64>,
    /// `2PR/(P+R)`.
    pub f1: Option<f64>,
}

impl Quality {
    fn new(precision: Option<f64>, recall: Option<f64>) -> Self {
        let f1 = match (precision, recall) {
            (Some(p), Some(r)) if p + r > 0.0 => Some(2.0 * p * r / (p + r)),
            _ => None,
        };
        Self { precision, recall, f1 }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn pairs_within<T: Eq + Hash>(labels: impl Iterator<Item = T>) -> u64 {
    let mut sizes: HashMap<T, u64> = HashMap::new();
    for label in labels {
        *sizes.entry(label).or_default() += 1;
    }
    sizes.values().map(|size| size * (size - 1) / 2).sum()
}

/// Pairwise precision, recall and F1: over pairs of records put together. Extra labels of the longer
/// slice are ignored. O(n).
pub fn pairwise<P: Eq + Hash, T: Eq + Hash>(predicted: &[P], truth: &[T]) -> Quality {
    let both = pairs_within(predicted.iter().zip(truth));
    let found = pairs_within(predicted.iter().zip(truth).map(|(p, _)| p));
    let real = pairs_within(predicted.iter().zip(truth).map(|(_, t)| t));
    Quality::new(ratio(both, found), ratio(both, real))
}

/// B-cubed precision, recall and F1 (Bagga and Baldwin 1998): for each record the share of its
/// predicted cluster that is truly its own, and of its true cluster that was found; averaged. O(n).
pub fn b_cubed<P: Eq + Hash, T: Eq + Hash>(predicted: &[P], truth: &[T]) -> Quality {
    let n = predicted.len().min(truth.len());
    let mut predicted_sizes: HashMap<&P, f64> = HashMap::new();
    let mut true_sizes: HashMap<&T, f64> = HashMap::new();
    let mut both: HashMap<(&P, &T), f64> = HashMap::new();
    for (p, t) in predicted.iter().zip(truth) {
        *predicted_sizes.entry(p).or_default() += 1.0;
        *true_sizes.entry(t).or_default() += 1.0;
        *both.entry((p, t)).or_default() += 1.0;
    }
    if n == 0 {
        return Quality::new(None, None);
    }
    // Summed in the order of the records, so that the result has the same bits each time.
    let (mut precision, mut recall) = (0.0, 0.0);
    for (p, t) in predicted.iter().zip(truth) {
        precision += both[&(p, t)] / predicted_sizes[p];
        recall += both[&(p, t)] / true_sizes[t];
    }
    Quality::new(Some(precision / n as f64), Some(recall / n as f64))
}

/// How good blocking is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockingQuality {
    /// Share of all pairs that need not be compared; `None` under two records.
    pub reduction_ratio: Option<f64>,
    /// Share of true pairs among the candidates; `None` without true pairs.
    pub pair_completeness: Option<f64>,
    /// Share of candidates that are true; `None` without candidates.
    pub pairs_quality: Option<f64>,
}

/// Blocking figures from counts: records, candidate pairs, true pairs, true pairs among candidates.
pub fn blocking(
    n_records: u64,
    candidate_pairs: u64,
    true_pairs: u64,
    true_candidates: u64,
) -> BlockingQuality {
    let all = n_records * n_records.saturating_sub(1) / 2;
    BlockingQuality {
        reduction_ratio: ratio(candidate_pairs, all).map(|share| 1.0 - share),
        pair_completeness: ratio(true_candidates, true_pairs),
        pairs_quality: ratio(true_candidates, candidate_pairs),
    }
}
