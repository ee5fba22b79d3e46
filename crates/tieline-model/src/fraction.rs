//! Exact fractions: votes, thresholds and divided goods are never floats.

use std::fmt;
use std::str::FromStr;

use num_rational::Ratio;

/// An exact fraction, always reduced. With the bounds of this crate (at most
/// [`crate::decision::MAX_OPTIONS`] options) sums of votes cannot leave 128 bits.
pub type Fraction = Ratio<i128>;

/// A fraction as the nearest float, for display.
pub fn as_f64(fraction: Fraction) -> f64 {
    *fraction.numer() as f64 / *fraction.denom() as f64
}

/// A whole number as a fraction.
pub(crate) fn whole(count: u64) -> Fraction {
    Fraction::from_integer(i128::from(count))
}

/// `part / of` as a fraction, `None` where `of` is 0.
pub(crate) fn ratio(part: u64, of: u64) -> Option<Fraction> {
    (of > 0).then(|| Fraction::new(i128::from(part), i128::from(of)))
}

/// Error of reading a share from text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a share: write it like 2/3, 0.5 or 50%, from 0 to 1")]
pub struct ShareError(pub String);

/// An exact share from 0 to 1: a quorum, a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(Fraction);

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// One half.
    pub const HALF: Self = Self(Ratio::new_raw(1, 2));
    /// Two thirds.
    pub const TWO_THIRDS: Self = Self(Ratio::new_raw(2, 3));
    /// Four fifths.
    pub const FOUR_FIFTHS: Self = Self(Ratio::new_raw(4, 5));
    /// One fifth.
    pub const ONE_FIFTH: Self = Self(Ratio::new_raw(1, 5));
    /// The whole.
    pub const ALL: Self = Self(Ratio::new_raw(1, 1));

    /// `part` of `of`; `None` where `of` is 0 or less than `part`.
    pub fn new(part: u32, of: u32) -> Option<Self> {
        ratio(part.into(), of.into()).filter(|share| *share <= Self::ALL.0).map(Self)
    }

    /// The exact value, 0 to 1.
    pub const fn fraction(self) -> Fraction {
        self.0
    }

    /// The least whole number of `of` that reaches this share.
    pub fn of(self, of: u64) -> u64 {
        u64::try_from((self.0 * whole(of)).ceil().to_integer()).unwrap_or(of)
    }
}

impl fmt::Display for Share {
    /// `2/3`; whole numbers as `0` and `1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Share {
    type Err = ShareError;

    /// Reads `2/3`, `0.5`, `50%` or `1`; at most nine digits on each side of the sign.
    fn from_str(text: &str) -> Result<Self, ShareError> {
        let bad = || ShareError(text.to_owned());
        let share = read(text.trim()).ok_or_else(bad)?;
        if share < Self::ZERO.0 || share > Self::ALL.0 { Err(bad()) } else { Ok(Self(share)) }
    }
}

fn read(text: &str) -> Option<Fraction> {
    if let Some((part, of)) = text.split_once('/') {
        return ratio(digits(part.trim())?, digits(of.trim())?);
    }
    if let Some(percent) = text.strip_suffix('%') {
        return Some(decimal(percent.trim())? / Fraction::from_integer(100));
    }
    decimal(text)
}

fn decimal(text: &str) -> Option<Fraction> {
    let (before, after) = text.split_once('.').unwrap_or((text, "0"));
    let scale = 10_i128.pow(u32::try_from(after.len()).ok()?.min(9));
    let after = Fraction::new(i128::from(digits(after)?), scale);
    Some(whole(digits(before)?) + after)
}

fn digits(text: &str) -> Option<u64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_exactly_as_people_write_them() {
        let share = |text: &str| text.parse::<Share>();
        assert_eq!(share("2/3"), Ok(Share::TWO_THIRDS));
        assert_eq!(share(" 50% "), Ok(Share::HALF));
        assert_eq!(share("0.80"), Ok(Share::FOUR_FIFTHS));
        assert_eq!(share("12.5%"), Ok(Share(Fraction::new(1, 8))));
        for wrong in ["", "2/0", "3/2", "-1/2", "110%", "half", "1.", "1e-3", "0.12345678901"] {
            assert_eq!(share(wrong), Err(ShareError(wrong.to_owned())));
        }
        assert_eq!(Share::TWO_THIRDS.to_string().parse(), Ok(Share::TWO_THIRDS));
    }

    #[test]
    fn the_least_number_that_reaches_a_share_is_rounded_up() {
        assert_eq!(Share::TWO_THIRDS.of(14), 10);
        assert_eq!(Share::HALF.of(0), 0);
        assert_eq!(Share::new(1, 3).map(|third| third.of(9)), Some(3));
        assert_eq!(Share::new(4, 3), None);
    }
}
