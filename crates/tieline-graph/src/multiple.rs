//! Many comparisons at once.

/// Benjamini and Hochberg's adjusted p values: how sure a finding is when many were looked for.
///
/// **Definition.** With the m p values ascending, `adjusted(i) = min over j >= i of p(j) m / j`, at
/// most 1. Flagging all adjusted values under q keeps the expected share of false flags under q.
/// **Input.** p values in `[0, 1]`, in any order. A NaN stands for a comparison that was not made.
/// **Output.** In the order of the input. **Undefined.** NaN stays NaN and does not count in m.
/// **Complexity.** O(m log m).
/// **Reference.** Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
///
/// ```
/// use tieline_graph::multiple::adjusted_p;
/// assert_eq!(adjusted_p(&[0.04, 0.01, 0.5, 0.02]), [0.16 / 3.0, 0.04, 0.5, 0.04]);
/// ```
#[must_use]
pub fn adjusted_p(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> =
        (0..p_values.len()).filter(|&index| !p_values[index].is_nan()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut least = 1.0f64;
    for (position, &index) in order.iter().enumerate().rev() {
        least = least.min(p_values[index] * order.len() as f64 / (position + 1) as f64);
        adjusted[index] = least;
    }
    adjusted
}
