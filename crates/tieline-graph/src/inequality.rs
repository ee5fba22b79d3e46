//! Participation inequality: whether work or voice is concentrated in a few.
//!
//! All measures take one amount per eligible member, those with nothing included as 0. They are NaN
//! where an amount is negative or not finite, where the amounts add up to 0, and where a member
//! count is too small (said at each).

/// The Gini coefficient.
///
/// **Definition.** `2 sum of i x(i) / (n sum of x) - (n + 1)/n`, x ascending, i from 1.
/// **Output.** In `[0, (n - 1)/n]`: 0 if all have the same. **Undefined.** Nobody, or a sum of 0.
/// **Complexity.** O(n log n). **Reference.** Gini 1912, *Variabilità e mutabilità*.
///
/// ```
/// use tieline_graph::inequality::gini;
/// assert_eq!(gini(&[1.0, 2.0, 3.0, 4.0]), 0.25);
/// ```
#[must_use]
pub fn gini(amounts: &[f64]) -> f64 {
    let Some(total) = total(amounts) else { return f64::NAN };
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let ranked: f64 =
        sorted.iter().enumerate().map(|(index, x)| (index as f64 + 1.0) * (x / total)).sum();
    2.0 * ranked / n - (n + 1.0) / n
}

/// The Gini coefficient times n / (n - 1), which reaches 1 when one member has everything.
///
/// **Undefined.** As [`gini`], and for fewer than two members.
#[must_use]
pub fn gini_unbiased(amounts: &[f64]) -> f64 {
    let n = amounts.len() as f64;
    if n < 2.0 { f64::NAN } else { gini(amounts) * n / (n - 1.0) }
}

/// Pielou's evenness: entropy of the shares over its largest possible value.
///
/// **Definition.** `-sum of p ln p / ln n`, n counting all members, those with nothing too.
/// **Output.** In `[0, 1]`: 1 if all have the same. **Undefined.** n < 2, or a sum of 0.
/// **Reference.** Pielou 1966, doi:10.1016/0022-5193(66)90013-0.
#[must_use]
pub fn evenness(amounts: &[f64]) -> f64 {
    let Some(total) = total(amounts) else { return f64::NAN };
    if amounts.len() < 2 {
        return f64::NAN;
    }
    let entropy: f64 =
        amounts.iter().map(|x| x / total).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    entropy / (amounts.len() as f64).ln()
}

/// The Herfindahl-Hirschman index, the sum of the squared shares, in `[1/n, 1]`.
#[must_use]
pub fn herfindahl(amounts: &[f64]) -> f64 {
    let Some(total) = total(amounts) else { return f64::NAN };
    amounts.iter().map(|x| (x / total).powi(2)).sum()
}

/// The share of the whole that the `k` largest hold together, in `[0, 1]`.
#[must_use]
pub fn top_share(amounts: &[f64], k: usize) -> f64 {
    let Some(total) = total(amounts) else { return f64::NAN };
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    sorted.iter().take(k).map(|x| x / total).sum()
}

fn total(amounts: &[f64]) -> Option<f64> {
    let total: f64 = amounts.iter().sum();
    let usable = amounts.iter().all(|x| *x >= 0.0) && total.is_finite() && total > 0.0;
    usable.then_some(total)
}
