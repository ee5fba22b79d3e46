//! Parallel sums whose result does not depend on the number of threads.

use std::ops::Range;

use rayon::prelude::*;

/// Number of parts a sum is cut into, whatever the number of threads.
const PARTS: usize = 64;

/// Cuts `0..n_items` into at most 64 ranges, computes one vector for each in parallel, and adds the
/// vectors up in the order of the ranges.
///
/// The cut depends on `n_items` alone, so the additions happen in the same order for any number of
/// threads and the result has the same bits.
pub(crate) fn sum_in_parts(
    n_items: usize,
    len: usize,
    part: impl Fn(Range<usize>) -> Vec<f64> + Sync,
) -> Vec<f64> {
    let size = n_items.div_ceil(PARTS).max(1);
    let starts: Vec<usize> = (0..n_items).step_by(size).collect();
    let parts: Vec<Vec<f64>> =
        starts.into_par_iter().map(|start| part(start..(start + size).min(n_items))).collect();
    let mut total = vec![0.0; len];
    for values in parts {
        for (sum, value) in total.iter_mut().zip(values) {
            *sum += value;
        }
    }
    total
}
