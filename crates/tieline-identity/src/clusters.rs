//! Applies links, strongest first, and keeps apart what must stay apart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tieline_model::address::AddressKind;

use crate::evidence::Evidence;
use crate::links::{Link, Links};
use crate::profile::{AddressBook, World, alias_form};
use crate::resolve::MergeRule;

/// The addresses grouped, with the links that were applied and those that were not.
#[derive(Debug)]
pub(crate) struct Clusters {
    /// Root of each node: the lowest node of its cluster, which is its anchor.
    root: Vec<u32>,
    /// Members of each owned cluster, ascending, by root.
    pub(crate) members: BTreeMap<u32, Vec<u32>>,
    /// Applied links by root, in the order of application.
    pub(crate) applied: BTreeMap<u32, Vec<Link>>,
    /// Links that were not applied, with the reason.
    pub(crate) refused: Vec<(Link, String)>,
    /// Pairs of roots that a person keeps apart.
    pub(crate) apart: HashSet<(u32, u32)>,
}

impl Clusters {
    pub(crate) fn root(&self, node: u32) -> u32 {
        self.root[node as usize]
    }

    /// Whether the node belongs to an actor.
    pub(crate) fn is_owned(&self, node: u32) -> bool {
        self.members.contains_key(&self.root(node))
    }
}

pub(crate) fn apply(book: &AddressBook<'_>, evidence: &Evidence<'_>, links: Links) -> Clusters {
    let mut forest = Forest::new(book, evidence);
    let (mut applied, mut refused) = (Vec::new(), Vec::new());
    for link in links.links {
        match forest.join(&link, &links.listed_together) {
            Outcome::Joined => applied.push(link),
            Outcome::Redundant => {}
            Outcome::Refused(reason) => refused.push((link, reason)),
        }
    }
    let nodes = 0..book.profiles.len() as u32;
    let root: Vec<u32> = nodes.map(|node| forest.find(node)).collect();
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (node, root) in root.iter().enumerate() {
        members.entry(*root).or_default().push(node as u32);
    }
    members.retain(|_, nodes| is_actor(book, nodes, &links.contested));
    let mut by_root: BTreeMap<u32, Vec<Link>> = BTreeMap::new();
    for link in applied {
        by_root.entry(root[link.a as usize]).or_default().push(link);
    }
    let ordered = |a: u32, b: u32| (a.min(b), a.max(b));
    let apart =
        forest.splits.iter().map(|(a, b)| ordered(root[*a as usize], root[*b as usize])).collect();
    Clusters { root, members, applied: by_root, refused, apart }
}

/// Lists and machines are no actors, nor is a number or label that several people share.
fn is_actor(book: &AddressBook<'_>, nodes: &[u32], contested: &HashSet<u32>) -> bool {
    let counts = |node: &u32| {
        let profile = book.get(*node);
        let shared = contested.contains(node) && profile.facts.address.kind() != AddressKind::Email;
        profile.world != World::Neither && !shared
    };
    nodes.iter().any(counts)
}

enum Outcome {
    Joined,
    Redundant,
    Refused(String),
}

/// Disjoint sets that know what must not meet.
struct Forest {
    parent: Vec<u32>,
    size: Vec<u32>,
    lowest: Vec<u32>,
    splits: Vec<(u32, u32)>,
    /// Indices into `splits` that touch each set, by representative.
    touching: Vec<Vec<u32>>,
    /// Verified e-mail addresses by domain, by representative: (node, mailbox behind aliases).
    verified: Vec<BTreeMap<String, BTreeSet<(u32, String)>>>,
}

impl Forest {
    fn new(book: &AddressBook<'_>, evidence: &Evidence<'_>) -> Self {
        let n = book.profiles.len();
        let mut splits: Vec<(u32, u32)> = evidence
            .decisions
            .iter()
            .filter(|decision| !decision.same)
            .filter_map(|decision| Some((book.node(decision.a)?, book.node(decision.b)?)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        splits.sort_unstable();
        splits.dedup();
        let mut touching = vec![Vec::new(); n];
        for (split, (a, b)) in splits.iter().enumerate() {
            touching[*a as usize].push(split as u32);
            touching[*b as usize].push(split as u32);
        }
        let verified = book.profiles.iter().enumerate().map(|(node, profile)| {
            let address = &profile.facts.address;
            match (profile.verified, address.domain(), alias_form(address)) {
                (true, Some(domain), Some(form)) => {
                    BTreeMap::from([(domain.to_owned(), BTreeSet::from([(node as u32, form)]))])
                }
                _ => BTreeMap::new(),
            }
        });
        Self {
            parent: (0..n as u32).collect(),
            size: vec![1; n],
            lowest: (0..n as u32).collect(),
            verified: verified.collect(),
            splits,
            touching,
        }
    }

    /// Representative of the set, paths halved on the way.
    fn representative(&mut self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            let above = self.parent[node as usize];
            self.parent[node as usize] = self.parent[above as usize];
            node = above;
        }
        node
    }

    /// The lowest node of the set.
    fn find(&mut self, node: u32) -> u32 {
        let representative = self.representative(node);
        self.lowest[representative as usize]
    }

    fn join(&mut self, link: &Link, listed_together: &HashSet<(u32, u32)>) -> Outcome {
        let (a, b) = (self.representative(link.a), self.representative(link.b));
        if a == b {
            return Outcome::Redundant;
        }
        if let Some(doubt) = link.doubt {
            return Outcome::Refused(doubt.to_owned());
        }
        if self.is_split(a, b) {
            return Outcome::Refused("a person said that they are two".to_owned());
        }
        if link.rule != MergeRule::Decision
            && let Some(domain) = self.verified_conflict(a, b, listed_together)
        {
            let reason = format!(
                "it would join two verified addresses at {domain} that no card or row lists together"
            );
            return Outcome::Refused(reason);
        }
        self.unite(a, b);
        Outcome::Joined
    }

    fn is_split(&mut self, a: u32, b: u32) -> bool {
        let fewer =
            if self.touching[a as usize].len() <= self.touching[b as usize].len() { a } else { b };
        let touching = std::mem::take(&mut self.touching[fewer as usize]);
        let mut split = false;
        for index in &touching {
            let (x, y) = self.splits[*index as usize];
            let (x, y) = (self.representative(x), self.representative(y));
            split |= (x, y) == (a, b) || (x, y) == (b, a);
        }
        self.touching[fewer as usize] = touching;
        split
    }

    /// A domain at which both sets have a verified address, not the same mailbox and never listed
    /// together.
    fn verified_conflict(
        &self,
        a: u32,
        b: u32,
        listed_together: &HashSet<(u32, u32)>,
    ) -> Option<String> {
        let (left, right) = (&self.verified[a as usize], &self.verified[b as usize]);
        let (fewer, more) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        let agrees = |(x, form_x): &(u32, String), (y, form_y): &(u32, String)| {
            form_x == form_y || listed_together.contains(&(*x.min(y), *x.max(y)))
        };
        fewer.iter().find_map(|(domain, ours)| {
            let theirs = more.get(domain)?;
            let together = ours.iter().any(|x| theirs.iter().any(|y| agrees(x, y)));
            (!together).then(|| domain.clone())
        })
    }

    fn unite(&mut self, a: u32, b: u32) {
        let larger_first = self.size[a as usize] >= self.size[b as usize];
        let (keep, gone) = if larger_first { (a, b) } else { (b, a) };
        self.parent[gone as usize] = keep;
        self.size[keep as usize] += self.size[gone as usize];
        self.lowest[keep as usize] = self.lowest[keep as usize].min(self.lowest[gone as usize]);
        let touching = std::mem::take(&mut self.touching[gone as usize]);
        self.touching[keep as usize].extend(touching);
        for (domain, nodes) in std::mem::take(&mut self.verified[gone as usize]) {
            self.verified[keep as usize].entry(domain).or_default().extend(nodes);
        }
    }
}
