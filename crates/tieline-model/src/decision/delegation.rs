//! Passing one's vote on (METHODS 6.3; liquid democracy after Blum & Zuber 2016).

use std::collections::{BTreeMap, BTreeSet};

use crate::access::words;
use crate::fraction::{Fraction, ratio};

/// Why a voter's vote reached nobody. It is listed to the voter, and counts nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unresolved {
    /// The chain ends at someone who neither voted nor passed the vote on.
    NoVote,
    /// The chain comes back to someone on it.
    Cycle,
    /// The chain ends at someone who has no vote.
    NotEligible,
    /// The chain reaches a voter, but over more steps than the rules allow.
    TooLong,
}
words!(Unresolved {
    NoVote "no_vote", Cycle "cycle", NotEligible "not_eligible", TooLong "too_long",
});

/// Where all votes went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation<V> {
    /// Votes of each voter who voted directly: the own one and those passed on.
    pub weights: BTreeMap<V, u64>,
    /// Voters whose vote reached nobody.
    pub unresolved: BTreeMap<V, Unresolved>,
}

impl<V: Ord> Delegation<V> {
    /// Votes that count.
    pub fn n_votes(&self) -> u64 {
        self.weights.values().sum()
    }

    /// The largest share of the votes in one hand; above 1/5 deserves a warning. `None` without votes.
    pub fn concentration(&self) -> Option<Fraction> {
        ratio(*self.weights.values().max()?, self.n_votes())
    }
}

/// Where a chain ends, and after how many steps.
type End<V> = Result<(V, u32), Unresolved>;

/// **Summary** – whose ballot speaks for whom.
/// **Definition** – whoever votes directly speaks for oneself, also after passing the vote on; others
/// follow `delegate_to` until someone who voted directly. `max_chain`: most steps allowed.
/// **Input** – `eligible`: the frozen list of voters; entries of others in `direct` are ignored.
/// **Complexity** – O(n log n): each chain is walked once.
pub fn resolve<V: Ord + Copy>(
    eligible: &BTreeSet<V>,
    direct: &BTreeSet<V>,
    delegate_to: &BTreeMap<V, V>,
    max_chain: Option<u32>,
) -> Delegation<V> {
    let mut ends: BTreeMap<V, End<V>> = BTreeMap::new();
    let mut delegation = Delegation { weights: BTreeMap::new(), unresolved: BTreeMap::new() };
    for voter in eligible {
        follow(*voter, eligible, direct, delegate_to, &mut ends);
        match ends.get(voter).copied().unwrap_or(Err(Unresolved::NoVote)) {
            Ok((_, steps)) if max_chain.is_some_and(|most| steps > most) => {
                delegation.unresolved.insert(*voter, Unresolved::TooLong);
            }
            Ok((end, _)) => *delegation.weights.entry(end).or_insert(0) += 1,
            Err(why) => {
                delegation.unresolved.insert(*voter, why);
            }
        }
    }
    delegation
}

/// Walks from a voter to where the chain ends, and notes the end for everyone on the way.
fn follow<V: Ord + Copy>(
    voter: V,
    eligible: &BTreeSet<V>,
    direct: &BTreeSet<V>,
    delegate_to: &BTreeMap<V, V>,
    ends: &mut BTreeMap<V, End<V>>,
) {
    let mut chain = Vec::new();
    let mut on_chain = BTreeSet::new();
    let mut at = voter;
    let mut end = loop {
        if let Some(known) = ends.get(&at) {
            break *known;
        }
        if !eligible.contains(&at) {
            break Err(Unresolved::NotEligible);
        }
        if !on_chain.insert(at) {
            break Err(Unresolved::Cycle);
        }
        if direct.contains(&at) {
            ends.insert(at, Ok((at, 0)));
            break Ok((at, 0));
        }
        chain.push(at);
        match delegate_to.get(&at) {
            Some(next) => at = *next,
            None => break Err(Unresolved::NoVote),
        }
    };
    for passed in chain.into_iter().rev() {
        end = end.map(|(voter, steps)| (voter, steps + 1));
        ends.insert(passed, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(voters: &str) -> BTreeSet<char> {
        voters.chars().collect()
    }

    fn arrows(pairs: &[(char, char)]) -> BTreeMap<char, char> {
        pairs.iter().copied().collect()
    }

    #[test]
    fn chains_longer_than_allowed_count_nowhere() {
        let chain = arrows(&[('b', 'a'), ('c', 'b'), ('d', 'c')]);
        let found = resolve(&set("abcd"), &set("a"), &chain, Some(2));
        assert_eq!(found.weights, BTreeMap::from([('a', 3)]));
        assert_eq!(found.unresolved, BTreeMap::from([('d', Unresolved::TooLong)]));
        assert_eq!(found.concentration(), ratio(1, 1));
    }

    #[test]
    fn a_chain_to_someone_without_a_vote_counts_nowhere() {
        let found = resolve(&set("ab"), &set("ax"), &arrows(&[('b', 'x')]), None);
        assert_eq!(found.weights, BTreeMap::from([('a', 1)]));
        assert_eq!(found.unresolved, BTreeMap::from([('b', Unresolved::NotEligible)]));
    }

    #[test]
    fn a_long_chain_is_walked_without_deep_recursion() {
        let eligible: BTreeSet<u32> = (0..100_000).collect();
        let chain = (1..100_000).map(|voter| (voter, voter - 1)).collect();
        let found = resolve(&eligible, &BTreeSet::from([0]), &chain, None);
        assert_eq!(found.weights, BTreeMap::from([(0, 100_000)]));
        let nobody = resolve::<u32>(&BTreeSet::new(), &BTreeSet::new(), &BTreeMap::new(), None);
        assert_eq!(nobody.concentration(), None);
    }
}
