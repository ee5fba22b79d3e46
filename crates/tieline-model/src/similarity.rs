//! How alike texts are: tf-idf and cosine, by the definition of METHODS 2.21.

use std::collections::{BTreeMap, BTreeSet};

/// Texts as directions in the space of their words: each has length 1, or 0 where it has no word.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// Of each text the places of its words, in order, with their weights.
    directions: Vec<Vec<(usize, f64)>>,
}

impl Texts {
    /// The texts in the order given. Words are compared in lower case; how often each stands in a text
    /// weighs by how few of the texts have it: `ln((1 + n) / (1 + df)) + 1`. O(words · log words).
    pub fn new<T: AsRef<str>>(texts: &[T]) -> Self {
        let counted: Vec<BTreeMap<String, u32>> =
            texts.iter().map(|text| counts(text.as_ref())).collect();
        let words: BTreeSet<&String> = counted.iter().flat_map(BTreeMap::keys).collect();
        let n = counted.len() as f64;
        let weights: BTreeMap<&String, (usize, f64)> = (words.into_iter().enumerate())
            .map(|(place, word)| {
                let df = counted.iter().filter(|counts| counts.contains_key(word)).count() as f64;
                (word, (place, ((1.0 + n) / (1.0 + df)).ln() + 1.0))
            })
            .collect();
        let direction = |counts: &BTreeMap<String, u32>| {
            let weighed = counts.iter().filter_map(|(word, n)| {
                let (place, idf) = weights.get(word)?;
                Some((*place, f64::from(*n) * idf))
            });
            let weighed: Vec<(usize, f64)> = weighed.collect();
            let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            weighed.into_iter().map(|(place, weight)| (place, weight / length)).collect()
        };
        Self { directions: counted.iter().map(direction).collect() }
    }

    /// How alike two of the texts are, by their places: 0 to 1; 0 for a text without words.
    pub fn cosine(&self, one: usize, other: usize) -> f64 {
        let of = |place: usize| self.directions.get(place).map_or(&[][..], Vec::as_slice);
        let (mut one, mut other) = (of(one).iter().peekable(), of(other).iter().peekable());
        let mut sum = 0.0;
        while let (Some((a, x)), Some((b, y))) = (one.peek(), other.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(other.next()),
                std::cmp::Ordering::Equal => {
                    sum += x * y;
                    one.next();
                    other.next();
                }
            }
        }
        sum.clamp(0.0, 1.0)
    }
}

/// How often each word stands in a text.
fn counts(text: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let lower = text.to_lowercase();
    let is_apart = |c: char| !(c.is_alphanumeric() || c == '_');
    for word in lower.split(is_apart).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}
