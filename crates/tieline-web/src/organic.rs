//! An organic layout of the network: who is tied is drawn together, whatever the groups say. Computed
//! here, without randomness, so that the same network gives the same picture everywhere.
//!
//! ForceAtlas2 (Jacomy, Venturini, Heymann and Bastian 2014): repulsion by degree, attraction by
//! distance, gravity to the middle; here with a step that shrinks from round to round.

/// Golden angle, radians.
const GOLDEN: f64 = 2.399_963_229_728_653;

/// Pairs of people that all rounds may visit together: about half a second.
const VISITS: usize = 300_000_000;

/// Most rounds, for small networks.
const ROUNDS: usize = 300;

/// Fewest rounds.
const FEWEST: usize = 40;

const REPULSION: f64 = 2.0;
const GRAVITY: f64 = 1.0;

/// Places of `n` nodes with these ties, in a box from 0 to 1 both ways; `order` says where each node
/// starts on a spiral. Nodes without ties stand on the rim. O(rounds n^2).
pub(crate) fn places(n: usize, ties: &[(u32, u32)], order: &[u32]) -> Vec<(f64, f64)> {
    let mut degree = vec![0.0; n];
    for (a, b) in ties {
        for end in [a, b] {
            if let Some(degree) = degree.get_mut(*end as usize) {
                *degree += 1.0;
            }
        }
    }
    let mut at = vec![(0.0, 0.0); n];
    for (i, node) in order.iter().enumerate() {
        let (radius, turn) = ((i as f64 + 0.5).sqrt() * 4.0, i as f64 * GOLDEN);
        if let Some(place) = at.get_mut(*node as usize) {
            *place = (radius * turn.cos(), radius * turn.sin());
        }
    }
    let tied: Vec<usize> = (0..n).filter(|node| degree[*node] > 0.0).collect();
    let rounds = (VISITS / (tied.len() * tied.len()).max(1)).clamp(FEWEST, ROUNDS);
    for round in 0..rounds {
        let step = 10.0 * (1.0 - round as f64 / rounds as f64) + 0.1;
        move_once(&tied, ties, &degree, &mut at, step);
    }
    rim(&degree, &mut at);
    boxed(&mut at);
    at
}

/// One round: all forces, then a move of at most `step`.
fn move_once(
    tied: &[usize],
    ties: &[(u32, u32)],
    degree: &[f64],
    at: &mut [(f64, f64)],
    step: f64,
) {
    let mut force = vec![(0.0, 0.0); at.len()];
    for (i, a) in tied.iter().enumerate() {
        let ((ax, ay), mass) = (at[*a], degree[*a] + 1.0);
        let far = ax.hypot(ay).max(1e-9);
        force[*a].0 -= GRAVITY * mass * ax / far;
        force[*a].1 -= GRAVITY * mass * ay / far;
        for b in &tied[i + 1..] {
            let (dx, dy) = (ax - at[*b].0, ay - at[*b].1);
            let push = REPULSION * mass * (degree[*b] + 1.0) / (dx * dx + dy * dy).max(0.01);
            force[*a].0 += dx * push;
            force[*a].1 += dy * push;
            force[*b].0 -= dx * push;
            force[*b].1 -= dy * push;
        }
    }
    for (a, b) in ties {
        let (a, b) = (*a as usize, *b as usize);
        let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
        force[a].0 -= dx;
        force[a].1 -= dy;
        force[b].0 += dx;
        force[b].1 += dy;
    }
    for node in tied {
        let (fx, fy) = force[*node];
        let (fx, fy) = (fx / (degree[*node] + 1.0), fy / (degree[*node] + 1.0));
        let strength = fx.hypot(fy);
        let scale = if strength > step { step / strength } else { 1.0 };
        at[*node].0 += fx * scale;
        at[*node].1 += fy * scale;
    }
}

/// Those without ties stand on a circle around the others.
fn rim(degree: &[f64], at: &mut [(f64, f64)]) {
    let reach = |(place, degree): (&(f64, f64), &f64)| {
        if *degree > 0.0 { place.0.hypot(place.1) } else { 0.0 }
    };
    let around = at.iter().zip(degree).map(reach).fold(1.0, f64::max) * 1.08;
    let alone: Vec<usize> = (0..at.len()).filter(|node| degree[*node] == 0.0).collect();
    for (i, node) in alone.iter().enumerate() {
        let turn = std::f64::consts::TAU * i as f64 / alone.len() as f64;
        at[*node] = (around * turn.cos(), around * turn.sin());
    }
}

/// Into a box from 0 to 1, the same scale both ways.
fn boxed(at: &mut [(f64, f64)]) {
    let bounds = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (left, right) = bounds(&mut at.iter().map(|place| place.0));
    let (top, bottom) = bounds(&mut at.iter().map(|place| place.1));
    let size = (right - left).max(bottom - top).max(1e-9);
    let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    for place in at {
        *place = (0.5 + (place.0 - middle.0) / size, 0.5 + (place.1 - middle.1) / size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rings of ten, joined by one tie, and one without any.
    fn two_rings() -> Vec<(u32, u32)> {
        let ring = |start: u32| (0..10).map(move |i| (start + i, start + (i + 1) % 10));
        let chord = |start: u32| (0..10).map(move |i| (start + i, start + (i + 3) % 10));
        ring(0).chain(ring(10)).chain(chord(0)).chain(chord(10)).chain([(0, 10)]).collect()
    }

    #[test]
    fn the_tied_stand_nearer_than_the_others_and_nobody_outside() {
        let order: Vec<u32> = (0..21).collect();
        let at = places(21, &two_rings(), &order);
        let far = |a: usize, b: usize| (at[a].0 - at[b].0).hypot(at[a].1 - at[b].1);
        let mean = |pairs: Vec<(usize, usize)>| {
            let n = pairs.len() as f64;
            pairs.into_iter().map(|(a, b)| far(a, b)).sum::<f64>() / n
        };
        let inside = mean((0..10).flat_map(|a| (0..a).map(move |b| (a, b))).collect());
        let across = mean((0..10).flat_map(|a| (10..20).map(move |b| (a, b))).collect());
        assert!(across > 1.5 * inside, "{across} {inside}");
        assert!(at.iter().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y)));
        assert_eq!(at, places(21, &two_rings(), &order), "the same each time");
    }

    #[test]
    fn nobody_and_one_are_no_fault() {
        assert!(places(0, &[], &[]).is_empty());
        assert_eq!(places(1, &[], &[0]).len(), 1);
    }
}
