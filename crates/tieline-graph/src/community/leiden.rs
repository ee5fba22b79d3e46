//! One run of the Leiden algorithm (Traag, Waltman & van Eck 2019, supplementary algorithm A.2).

use std::collections::VecDeque;

use rand_chacha::ChaCha20Rng;

use super::LeidenOptions;
use crate::graph::Graph;
use crate::random;

/// Gains closer than this, relative to the strength of the node that moves, are no gains.
const LEAST_GAIN: f64 = 1e-12;
/// Randomness of the refinement: how readily it takes a merge that is not the best.
const THETA: f64 = 0.01;

/// Finds communities from one stream of random numbers. Labels are arbitrary numbers below n.
pub(super) fn run(graph: &Graph, options: LeidenOptions<'_>, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let base = Network::of(graph);
    let mut label = start_labels(graph.n_nodes(), options.start);
    for _ in 0..options.iterations.max(1) {
        let next = iterate(&base, label.clone(), options.gamma, rng);
        let same = same_partition(&label, &next);
        label = next;
        if same {
            break;
        }
    }
    label
}

fn start_labels(n: usize, start: Option<&[u32]>) -> Vec<u32> {
    let given: Vec<u32> =
        start.map_or_else(Vec::new, |labels| labels[..n.min(labels.len())].into());
    // Renumbered below n; nodes without a label are alone, numbered after the given ones.
    let mut label = super::canonical(&given);
    let used = label.iter().max().map_or(0, |&most| most + 1);
    label.extend((0..(n - given.len()) as u32).map(|extra| used + extra));
    label
}

fn same_partition(a: &[u32], b: &[u32]) -> bool {
    super::canonical(a) == super::canonical(b)
}

/// A weighted network whose nodes may stand for many nodes of the graph.
struct Network {
    offsets: Vec<usize>,
    /// Neighbour and strength; ties within an aggregated node are not kept, as they never matter
    /// for a move.
    ties: Vec<(u32, f64)>,
    /// Strength of each node, ties within it included (twice).
    strength: Vec<f64>,
    /// Sum of all strengths, 2m.
    total: f64,
}

impl Network {
    fn of(graph: &Graph) -> Network {
        let mut network = Network {
            offsets: vec![0],
            ties: Vec::with_capacity(2 * graph.n_ties()),
            strength: graph.nodes().map(|node| graph.strength(node)).collect(),
            total: 0.0,
        };
        for node in graph.nodes() {
            network.ties.extend(graph.ties_of(node));
            network.offsets.push(network.ties.len());
        }
        network.total = network.strength.iter().sum();
        network
    }

    fn n(&self) -> usize {
        self.strength.len()
    }

    fn ties_of(&self, node: u32) -> &[(u32, f64)] {
        &self.ties[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }

    /// The network whose nodes are the communities `0..count`.
    fn aggregated(&self, label: &[u32], count: usize) -> Network {
        let members = members(label, count);
        let mut meter = Meter::new(count);
        let mut network = Network {
            offsets: vec![0],
            ties: vec![],
            strength: vec![0.0; count],
            total: self.total,
        };
        for (community, nodes) in members.iter().enumerate() {
            for &node in nodes {
                network.strength[community] += self.strength[node as usize];
                for &(next, strength) in self.ties_of(node) {
                    meter.add(label[next as usize], strength);
                }
            }
            meter.touched.sort_unstable();
            let outward = meter.touched.iter().filter(|&&other| other as usize != community);
            network.ties.extend(outward.map(|&other| (other, meter.sum[other as usize])));
            network.offsets.push(network.ties.len());
            meter.clear();
        }
        network
    }
}

/// Sums per community, cleared in the time it took to fill them.
struct Meter {
    sum: Vec<f64>,
    seen: Vec<bool>,
    touched: Vec<u32>,
}

impl Meter {
    fn new(n: usize) -> Meter {
        Meter { sum: vec![0.0; n], seen: vec![false; n], touched: Vec::new() }
    }

    fn add(&mut self, community: u32, strength: f64) {
        if !std::mem::replace(&mut self.seen[community as usize], true) {
            self.touched.push(community);
        }
        self.sum[community as usize] += strength;
    }

    fn clear(&mut self) {
        for community in self.touched.drain(..) {
            self.sum[community as usize] = 0.0;
            self.seen[community as usize] = false;
        }
    }
}

fn members(label: &[u32], count: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); count];
    for (node, &community) in label.iter().enumerate() {
        members[community as usize].push(node as u32);
    }
    members
}

/// Moves, refines and aggregates until aggregation brings nothing more.
fn iterate(base: &Network, start: Vec<u32>, gamma: f64, rng: &mut ChaCha20Rng) -> Vec<u32> {
    let mut label = start;
    // Which node of the current level every node of the base is in.
    let mut level_of: Vec<u32> = (0..base.n() as u32).collect();
    let mut level: Option<Network> = None;
    loop {
        let network = level.as_ref().unwrap_or(base);
        move_nodes(network, &mut label, gamma, rng);
        let (refined, count) = refine(network, &label, gamma, rng);
        if count == network.n() {
            break;
        }
        let next = network.aggregated(&refined, count);
        let mut next_label = vec![0; count];
        for (node, &part) in refined.iter().enumerate() {
            next_label[part as usize] = label[node];
        }
        label = renumbered(&next_label);
        for part in &mut level_of {
            *part = refined[*part as usize];
        }
        level = Some(next);
    }
    level_of.iter().map(|&part| label[part as usize]).collect()
}

/// Labels `0..k` in the order of first use.
fn renumbered(label: &[u32]) -> Vec<u32> {
    let mut number = vec![u32::MAX; label.iter().max().map_or(0, |&most| most as usize + 1)];
    let mut count = 0;
    let number_of = |&community: &u32| {
        let slot = &mut number[community as usize];
        if *slot == u32::MAX {
            *slot = count;
            count += 1;
        }
        *slot
    };
    label.iter().map(number_of).collect()
}

/// Moves single nodes to the neighbouring (or an empty) community with the largest gain until no
/// node gains; only nodes whose surroundings changed are looked at again. Labels must be below n.
fn move_nodes(network: &Network, label: &mut [u32], gamma: f64, rng: &mut ChaCha20Rng) {
    let n = network.n();
    let mut activity = vec![0.0; n];
    let mut size = vec![0usize; n];
    for (node, &community) in label.iter().enumerate() {
        activity[community as usize] += network.strength[node];
        size[community as usize] += 1;
    }
    let mut empty: Vec<u32> = (0..n as u32).rev().filter(|&c| size[c as usize] == 0).collect();
    let mut order: Vec<u32> = (0..n as u32).collect();
    random::shuffle(rng, &mut order);
    let mut queue = VecDeque::from(order);
    let mut waits = vec![true; n];
    let mut meter = Meter::new(n);
    while let Some(node) = queue.pop_front() {
        waits[node as usize] = false;
        let (own, strength) = (label[node as usize], network.strength[node as usize]);
        let per_activity = gamma * strength / network.total;
        activity[own as usize] -= strength;
        size[own as usize] -= 1;
        for &(next, tie) in network.ties_of(node) {
            meter.add(label[next as usize], tie);
        }
        let gain = |c: u32| meter.sum[c as usize] - per_activity * activity[c as usize];
        let alone = if size[own as usize] == 0 { Some(own) } else { empty.last().copied() };
        // To stay is the measure; of others only a clear gain counts. An empty community gains 0.
        let mut best = (own, if size[own as usize] == 0 { 0.0 } else { gain(own) });
        let others = meter.touched.iter().map(|&c| (c, gain(c)));
        for (community, gained) in others.chain(alone.map(|c| (c, 0.0))) {
            if gained > best.1 + LEAST_GAIN * strength {
                best = (community, gained);
            }
        }
        meter.clear();
        let chosen = best.0;
        if size[own as usize] == 0 && chosen != own {
            activity[own as usize] = 0.0;
            empty.push(own);
        } else if chosen != own && size[chosen as usize] == 0 {
            empty.pop();
        }
        activity[chosen as usize] += strength;
        size[chosen as usize] += 1;
        label[node as usize] = chosen;
        if chosen != own {
            for &(next, _) in network.ties_of(node) {
                let outside = label[next as usize] != chosen;
                if outside && !std::mem::replace(&mut waits[next as usize], true) {
                    queue.push_back(next);
                }
            }
        }
    }
}

/// Splits every community into well-connected parts: starting from single nodes, merges nodes only
/// within their community and only into parts that are well connected to the rest of it. Returns
/// the part of each node, numbered `0..count`, and `count`.
fn refine(
    network: &Network,
    label: &[u32],
    gamma: f64,
    rng: &mut ChaCha20Rng,
) -> (Vec<u32>, usize) {
    let n = network.n();
    let mut parts = Parts::alone(network, label, gamma);
    let mut order: Vec<u32> = (0..n as u32).collect();
    random::shuffle(rng, &mut order);
    let mut meter = Meter::new(n);
    let mut choices: Vec<(u32, f64)> = Vec::new();
    for node in order {
        let strength = network.strength[node as usize];
        if parts.size[node as usize] != 1 || parts.part[node as usize] != node {
            continue;
        }
        if !parts.is_well_connected(node) {
            continue;
        }
        for &(next, tie) in network.ties_of(node) {
            if label[next as usize] == label[node as usize] {
                meter.add(parts.part[next as usize], tie);
            }
        }
        choices.clear();
        choices.push((node, 0.0));
        for &part in &meter.touched {
            let gain = meter.sum[part as usize]
                - gamma * strength * parts.strength[part as usize] / network.total;
            if gain >= 0.0 && parts.is_well_connected(part) {
                choices.push((part, gain / strength));
            }
        }
        let chosen = draw(&choices, rng);
        if chosen != node {
            parts.merge(node, chosen, meter.sum[chosen as usize]);
        }
        meter.clear();
    }
    let part = renumbered(&parts.part);
    let count = part.iter().max().map_or(0, |&most| most as usize + 1);
    (part, count)
}

/// Draws a choice with odds `exp(gain / THETA)`.
fn draw(choices: &[(u32, f64)], rng: &mut ChaCha20Rng) -> u32 {
    let most = choices.iter().map(|choice| choice.1).fold(0.0, f64::max);
    let odds = |gain: f64| ((gain - most) / THETA).exp();
    let total: f64 = choices.iter().map(|choice| odds(choice.1)).sum();
    let mut left = random::unit(rng) * total;
    for &(part, gain) in choices {
        left -= odds(gain);
        if left < 0.0 {
            return part;
        }
    }
    // Only rounding leads here: then the best choice is a fair one.
    choices.iter().rev().find(|choice| choice.1 == most).map_or(choices[0].0, |choice| choice.0)
}

/// The parts of the communities while they grow.
struct Parts {
    /// Part of each node; parts are numbered by the node they started from.
    part: Vec<u32>,
    size: Vec<usize>,
    strength: Vec<f64>,
    /// Strength of the ties from the part to the rest of its community.
    outward: Vec<f64>,
    /// Strength of the community a part lies in.
    community: Vec<f64>,
    /// gamma / 2m.
    scale: f64,
}

impl Parts {
    fn alone(network: &Network, label: &[u32], gamma: f64) -> Parts {
        let n = network.n();
        let mut activity = vec![0.0; n];
        for (node, &community) in label.iter().enumerate() {
            activity[community as usize] += network.strength[node];
        }
        let inside = |node: u32| {
            let same = |tie: &&(u32, f64)| label[tie.0 as usize] == label[node as usize];
            network.ties_of(node).iter().filter(same).map(|tie| tie.1).sum()
        };
        Parts {
            part: (0..n as u32).collect(),
            size: vec![1; n],
            strength: network.strength.clone(),
            outward: (0..n as u32).map(inside).collect(),
            community: label.iter().map(|&community| activity[community as usize]).collect(),
            scale: gamma / network.total,
        }
    }

    fn is_well_connected(&self, part: u32) -> bool {
        let part = part as usize;
        let rest = self.community[part] - self.strength[part];
        self.outward[part] >= self.scale * self.strength[part] * rest
    }

    /// Merges a node that is alone into a part to which it has ties of strength `between`.
    fn merge(&mut self, node: u32, into: u32, between: f64) {
        let (from, to) = (node as usize, into as usize);
        self.part[from] = into;
        self.size[to] += 1;
        self.size[from] = 0;
        self.strength[to] += self.strength[from];
        self.outward[to] += self.outward[from] - 2.0 * between;
    }
}
