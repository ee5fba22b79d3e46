//! Seeded random numbers: ChaCha20, one stream per draw.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The generator of draw number `stream` under `seed`.
///
/// Streams are independent of each other, so draw `k` gives the same numbers whichever thread makes
/// it and however many draws there are.
pub(crate) fn stream(seed: u64, stream: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// A number uniform in `0..bound` (0 where `bound` is 0), with a bias below `bound / 2^64`.
pub(crate) fn below(rng: &mut ChaCha20Rng, bound: usize) -> usize {
    ((u128::from(rng.next_u64()) * bound as u128) >> 64) as usize
}

/// A number uniform in `[0, 1)`, a multiple of 2^-53.
pub(crate) fn unit(rng: &mut ChaCha20Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Puts the items in a uniformly random order (Fisher and Yates).
pub(crate) fn shuffle<T>(rng: &mut ChaCha20Rng, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(rng, last + 1));
    }
}
