//! Three layers of one network: what was seen, what was said, what the chart says; and where they
//! disagree.

use std::collections::BTreeSet;

use crate::network::Network;

/// Where a tie is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Contacts that reach the threshold of a working tie.
    Seen,
    /// Ties that someone stated.
    Said,
    /// Reporting lines of the directory.
    Formal,
}

impl Layer {
    /// All of them, as a page offers them.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Said, Self::Formal];

    /// The word in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Said => "said",
            Self::Formal => "formal",
        }
    }

    /// Its pairs of nodes, the smaller first, ascending. O(m).
    pub fn pairs(self, network: &Network) -> Vec<(u32, u32)> {
        let threshold = network.params().threshold;
        match self {
            Self::Seen => {
                let seen = |pair: &&crate::Pair| pair.strength - pair.stated >= threshold;
                network.pairs().iter().filter(seen).map(|pair| (pair.a, pair.b)).collect()
            }
            Self::Said => {
                let said = network.pairs().iter().filter(|pair| pair.stated > 0.0);
                said.map(|pair| (pair.a, pair.b)).collect()
            }
            Self::Formal => {
                let lines = network.formal().iter().map(|line| (line.report, line.manager));
                let mut pairs: Vec<_> = lines.map(|(a, b)| (a.min(b), a.max(b))).collect();
                pairs.sort_unstable();
                pairs.dedup();
                pairs
            }
        }
    }
}

/// How far the layers agree. Pairs are of nodes, the smaller first, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layers {
    /// Pairs seen.
    pub seen: usize,
    /// Pairs stated.
    pub said: usize,
    /// Pairs of a report and a manager.
    pub formal: usize,
    /// Of these, pairs that were seen too.
    pub formal_seen: usize,
    /// Reporting lines between people who were not seen to work together.
    pub formal_unseen: Vec<(u32, u32)>,
    /// Stated ties between people who were not seen to work together.
    pub said_unseen: Vec<(u32, u32)>,
    /// Ties that were seen and not stated, between two people of whom ties were stated.
    pub seen_unsaid: Vec<(u32, u32)>,
}

/// Compares the layers. O(m log m); [`Network::layers`] keeps the answer.
pub fn layers(network: &Network) -> Layers {
    let [seen, said, formal] = Layer::ALL.map(|layer| layer.pairs(network));
    let asked: BTreeSet<u32> = said.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    // Each is ascending.
    let is_in = |all: &[(u32, u32)], pair: &(u32, u32)| all.binary_search(pair).is_ok();
    let without = |these: &[(u32, u32)], those: &[(u32, u32)]| -> Vec<(u32, u32)> {
        these.iter().filter(|pair| !is_in(those, pair)).copied().collect()
    };
    let is_asked = |pair: &&(u32, u32)| asked.contains(&pair.0) && asked.contains(&pair.1);
    let unsaid = seen.iter().filter(is_asked).filter(|pair| !is_in(&said, pair));
    Layers {
        seen: seen.len(),
        said: said.len(),
        formal: formal.len(),
        formal_seen: formal.iter().filter(|pair| is_in(&seen, pair)).count(),
        formal_unseen: without(&formal, &seen),
        said_unseen: without(&said, &seen),
        seen_unsaid: unsaid.copied().collect(),
    }
}
