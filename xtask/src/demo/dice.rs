//! The only source of chance: ChaCha20 from a fixed seed, one stream a purpose, integers only, so
//! that the same bytes come out on every machine.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Seed of the demo world. Another seed gives another world with the same planted truths.
const SEED: [u8; 32] = *b"Tieline demo world, Northmoor v1";

/// A stream of chance.
pub(crate) struct Dice(ChaCha20Rng);

impl Dice {
    /// The stream of one purpose; purposes do not disturb each other.
    pub(crate) fn new(purpose: u64) -> Self {
        let mut rng = ChaCha20Rng::from_seed(SEED);
        rng.set_stream(purpose);
        Self(rng)
    }

    /// A number in `0..n`; 0 when `n` is 0. The bias of the remainder is far below what the world
    /// could show.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.0.next_u64() % n as u64) as usize }
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items; `None` of an empty slice.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        if items.is_empty() { None } else { Some(items[self.below(items.len())]) }
    }

    /// Up to `n` different items, in order of drawing.
    pub(crate) fn some<T: Copy>(&mut self, items: &[T], n: usize) -> Vec<T> {
        let mut rest = items.to_vec();
        let mut drawn = Vec::new();
        while drawn.len() < n && !rest.is_empty() {
            drawn.push(rest.swap_remove(self.below(rest.len())));
        }
        drawn
    }
}
