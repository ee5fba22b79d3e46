//! Resampling of events (METHODS 2.23): would a finding come back, had chance dealt the events anew?
//!
//! Each replicate gives every event a Poisson weight of mean 1 and adds the contributions up again.
//! The weight is a hash of seed, event and replicate, so it needs no memory, does not depend on the
//! order of events, and is the same for all contributions of one event. Replicates are made in
//! blocks whose sums fit [`BLOCK_BYTES`]; each block reads the events once.

use std::collections::HashMap;

use tieline_graph::graph::Graph;
use tieline_model::id::EventId;
use tieline_model::tie::Strength;

use crate::input::EventShares;
use crate::network::Network;

/// Memory for the sums of one block of replicates: 64 MB.
pub const BLOCK_BYTES: usize = 64 << 20;

/// Builds `replicates` networks and hands each to `use_graph`. Contributions of pairs that the
/// network does not hold (people who opted out) are skipped. A replicate that the graph refuses
/// (which finite sums cannot cause) is not handed over; returns how many were.
///
/// Time O(replicates * (contributions + pairs)); memory [`BLOCK_BYTES`] or, if larger, two numbers a
/// pair.
pub(crate) fn resample(
    network: &Network,
    events: &dyn EventShares,
    replicates: u32,
    use_graph: impl FnMut(&Graph),
) -> u32 {
    resample_within(BLOCK_BYTES, network, events, replicates, use_graph)
}

fn resample_within(
    bytes: usize,
    network: &Network,
    events: &dyn EventShares,
    replicates: u32,
    mut use_graph: impl FnMut(&Graph),
) -> u32 {
    let slots = slots(network);
    let n_slots = network.pairs().len() * 2;
    let fit = bytes / (n_slots.max(1) * size_of::<f64>());
    let block = (fit.max(1)).min(replicates as usize).max(1) as u32;
    let mut done = 0;
    let mut first = 0;
    while first < replicates {
        let width = block.min(replicates - first);
        let sums = block_sums(network, events, &slots, n_slots, first..first + width);
        for column in 0..width as usize {
            if let Some(graph) = replicate(network, &sums, width as usize, column) {
                use_graph(&graph);
                done += 1;
            }
        }
        first += width;
    }
    done
}

/// Slot of each directed pair: twice the position of the pair, plus one for the way back.
fn slots(network: &Network) -> HashMap<(u32, u32), u32> {
    let mut slots = HashMap::with_capacity(network.pairs().len() * 2);
    for (at, pair) in network.pairs().iter().enumerate() {
        slots.insert((pair.a, pair.b), 2 * at as u32);
        slots.insert((pair.b, pair.a), 2 * at as u32 + 1);
    }
    slots
}

fn block_sums(
    network: &Network,
    events: &dyn EventShares,
    slots: &HashMap<(u32, u32), u32>,
    n_slots: usize,
    replicates: std::ops::Range<u32>,
) -> Vec<f64> {
    let width = replicates.len();
    let mut sums = vec![0.0; n_slots * width];
    let mut weights = vec![0.0; width];
    let mut weighted: Option<EventId> = None;
    events.for_each(&mut |share| {
        let ends = (network.node_of_input(share.from), network.node_of_input(share.to));
        let (Some(from), Some(to)) = ends else { return };
        let Some(slot) = slots.get(&(from, to)) else { return };
        if !(share.increment.is_finite() && share.increment > 0.0) {
            return;
        }
        if weighted != Some(share.event) {
            let key = event_key(network.seed(), share.event);
            for (weight, replicate) in weights.iter_mut().zip(replicates.clone()) {
                *weight = poisson_one(key, replicate);
            }
            weighted = Some(share.event);
        }
        let row = *slot as usize * width;
        for (sum, weight) in sums[row..row + width].iter_mut().zip(&weights) {
            *sum += weight * share.increment;
        }
    });
    sums
}

fn replicate(network: &Network, sums: &[f64], width: usize, column: usize) -> Option<Graph> {
    let threshold = network.params().threshold;
    let ties = network.pairs().iter().enumerate().filter_map(|(at, pair)| {
        let x_ij = sums[2 * at * width + column];
        let x_ji = sums[(2 * at + 1) * width + column];
        let strength = network.strength_of(Strength { x_ij, x_ji }, pair.stated);
        (strength >= threshold).then_some((pair.a, pair.b, strength))
    });
    Graph::undirected(network.len(), ties).ok()
}

/// Mixes the bits of a number (finaliser of SplitMix64: Steele, Lea and Flood 2014).
pub(crate) fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn event_key(seed: u64, event: EventId) -> u64 {
    let all = u128::from_le_bytes(event.0);
    mix(mix(seed ^ (all as u64)) ^ ((all >> 64) as u64))
}

/// A Poisson number of mean 1, by inversion of 53 random bits.
fn poisson_one(key: u64, replicate: u32) -> f64 {
    let bits = mix(key ^ mix(u64::from(replicate))) >> 11;
    let uniform = bits as f64 / (1_u64 << 53) as f64;
    let mut term = (-1.0_f64).exp();
    let mut below = term;
    let mut k = 0.0;
    // P(K > 18) is under 1e-17: less than one step of `uniform`.
    while uniform >= below && k < 18.0 {
        k += 1.0;
        term /= k;
        below += term;
    }
    k
}

#[cfg(test)]
mod tests {
    use tieline_model::id::ActorId;
    use tieline_model::tie::Contact;
    use tieline_model::time::Moment;

    use super::*;
    use crate::input::{ActorNode, EventShare, NetworkInput, PairContact};

    /// Ten people in a line, 20 events a tie.
    fn line() -> (Network, Vec<EventShare>) {
        let mut input = NetworkInput::default();
        let mut events = Vec::new();
        for at in 0..10_u32 {
            input.actors.push(ActorNode {
                id: ActorId::derived(&[&at.to_le_bytes()]),
                name: String::new(),
                unit: None,
                organisation: None,
                is_organisation: false,
                listed: false,
                seen: true,
                opted_out: false,
            });
        }
        let at = Moment::from_ms(0);
        for a in 0..9_u32 {
            let strength = Strength { x_ij: 0.5, x_ji: 0.5 };
            let contact = Contact {
                strength,
                count_ij: 20,
                count_ji: 20,
                first: at,
                last: at,
                days: vec![0],
            };
            input.contacts.push(PairContact { a, b: a + 1, contact });
            for number in 0..20_u32 {
                let event = EventId::of(&[&a.to_le_bytes(), &number.to_le_bytes()]);
                events.push(EventShare { event, from: a, to: a + 1, increment: 0.025 });
                events.push(EventShare { event, from: a + 1, to: a, increment: 0.025 });
            }
        }
        (Network::build(input).unwrap(), events)
    }

    #[test]
    fn the_size_of_the_blocks_does_not_matter_and_sums_stay_near_the_contacts() {
        let (network, events) = line();
        let graphs = |bytes| {
            let mut all: Vec<Vec<(u32, u32, f64)>> = Vec::new();
            let done = resample_within(bytes, &network, &events, 50, |graph| {
                all.push(graph.ties().collect());
            });
            assert_eq!(done, 50);
            all
        };
        let whole = graphs(BLOCK_BYTES);
        assert_eq!(whole, graphs(1));
        assert_eq!(whole, graphs(3 * 18 * 8));
        // Each tie has strength 1 with a standard deviation of 1/sqrt(20): the mean over 450 is
        // within 0.05 of 1, but for the few that fall under the threshold of 0.5.
        let strengths: Vec<f64> = whole.concat().iter().map(|tie| tie.2).collect();
        assert!(strengths.len() > 430);
        let mean = strengths.iter().sum::<f64>() / strengths.len() as f64;
        assert!((mean - 1.0).abs() < 0.05, "{mean}");
    }

    /// Mean and variance of a Poisson number of mean 1 are both 1; P(0) = 0.367879.
    #[test]
    fn weights_are_poisson_of_mean_one() {
        let n = 200_000_u32;
        let draws: Vec<f64> = (0..n).map(|at| poisson_one(mix(7), at)).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
        let zeros = draws.iter().filter(|x| **x == 0.0).count() as f64 / f64::from(n);
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
        assert!((zeros - 0.367_879).abs() < 0.005, "{zeros}");
    }
}
