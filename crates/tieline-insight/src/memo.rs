//! What is worked out of one network once, whoever asks: findings with names and without, and the
//! measures of everyone, rest on the same computations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tieline_graph::community::{Communities, leiden};
use tieline_graph::graph::Weights;
use tieline_graph::mixing::{PermutationTest, ei_permutation_test};
use tieline_graph::silo::PairNull;

use crate::groups::leiden_options;
use crate::measures::{Routes, routes};
use crate::network::Network;

/// Results of a network, each computed when it is first asked for. All are functions of the network,
/// its seed and their key, so what is kept is what would be computed again.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    routes: OnceLock<Routes>,
    communities: OnceLock<Communities>,
    ei_tests: Kept<Dealing, PermutationTest>,
    pair_nulls: Kept<Dealing, PairNull>,
    resampled: Kept<Sample, Resampled>,
}

/// Labels of nodes that are dealt at random, how many there are, and how often they are dealt.
type Dealing = (Vec<Option<u32>>, usize, usize);

/// Which result of resampling: labels of the compared groups where gaps are asked for, the people
/// asked about, and how many resamples.
type Sample = (Option<Vec<Option<u32>>>, Vec<u32>, u32);

/// What came back in how many resamples of the events.
#[derive(Debug, Default)]
pub(crate) struct Resampled {
    /// Resamples made.
    pub(crate) done: u32,
    /// Pairs of compared groups that were flagged.
    pub(crate) flagged: BTreeMap<(u32, u32), u32>,
    /// For each person asked about, how often among the first.
    pub(crate) kept: Vec<u32>,
}

impl Network {
    /// Betweenness of everyone. See [`routes`] for its cost; computed once.
    pub fn routes(&self) -> &Routes {
        self.memo().routes.get_or_init(|| routes(self.graph(), self.seed()))
    }

    /// Communities of the unweighted network by Leiden (METHODS 2.9); computed once.
    pub(crate) fn communities(&self) -> &Communities {
        self.memo().communities.get_or_init(|| leiden(self.graph(), leiden_options(self)))
    }

    /// The permutation test of the E-I index for these labels.
    pub(crate) fn ei_test(&self, labels: &[Option<u32>], times: usize) -> Arc<PermutationTest> {
        let make =
            || ei_permutation_test(self.graph(), labels, Weights::Binary, times, self.seed());
        self.memo().ei_tests.get((labels.to_vec(), 0, times), make)
    }

    /// The chance distribution of ties between each pair of these labels.
    pub(crate) fn pair_null(
        &self,
        labels: &[Option<u32>],
        n_labels: usize,
        times: usize,
    ) -> Arc<PairNull> {
        let make = || PairNull::new(self.graph(), labels, n_labels, times, self.seed());
        self.memo().pair_nulls.get((labels.to_vec(), n_labels, times), make)
    }

    /// What `make` counts in resamples of the events.
    pub(crate) fn resampled(
        &self,
        sample: Sample,
        make: impl FnOnce() -> Resampled,
    ) -> Arc<Resampled> {
        self.memo().resampled.get(sample, make)
    }
}

/// Results by key; a network has few keys, so they are looked through.
#[derive(Debug)]
struct Kept<K, V>(Mutex<Vec<(K, Arc<V>)>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V> Kept<K, V> {
    /// Whoever asks for the same meanwhile waits for it.
    fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = kept.iter().find(|(known, _)| *known == key) {
            return Arc::clone(found);
        }
        let made = Arc::new(make());
        kept.push((key, Arc::clone(&made)));
        made
    }
}
