//! What is worked out of one network once, whoever asks: findings with names and without, and the
//! measures of everyone, rest on the same computations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tieline_graph::community::{Communities, leiden};
use tieline_graph::components::{Components, components};
use tieline_graph::cut::articulation_points;
use tieline_graph::graph::Weights;
use tieline_graph::mixing::{PermutationTest, ei_permutation_test};
use tieline_graph::silo::PairNull;

use crate::groups::{Groups, leiden_options};
use crate::input::Grouping;
use crate::layers::{Layer, Layers, layers};
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
    level: OnceLock<Grouping>,
    groups: Kept<Grouping, Groups>,
    components: OnceLock<Components>,
    is_cut: OnceLock<Vec<bool>>,
    layers: OnceLock<Layers>,
    links: Kept<(Grouping, Option<Layer>), Links>,
    by_name: OnceLock<Vec<u32>>,
}

/// Ties between each pair of shown groups, by their labels, the smaller first.
pub type Links = BTreeMap<(u32, u32), usize>;

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

    /// The finest level at which this network can be told; see [`Groups::best_level`].
    pub(crate) fn level(&self) -> Grouping {
        *self.memo().level.get_or_init(|| Groups::best_level(self))
    }

    /// Its groups at a level.
    pub fn groups(&self, level: Grouping) -> Arc<Groups> {
        self.memo().groups.get(level, || Groups::of(self, level))
    }

    /// Everyone by name, without regard to case; equals by node.
    pub fn by_name(&self) -> &[u32] {
        self.memo().by_name.get_or_init(|| {
            let mut nodes: Vec<u32> = (0..self.len() as u32).collect();
            nodes.sort_by_cached_key(|node| self.actors()[*node as usize].name.to_lowercase());
            nodes
        })
    }

    /// Its connected parts.
    pub(crate) fn components(&self) -> &Components {
        self.memo().components.get_or_init(|| components(self.graph()))
    }

    /// Whether a person holds parts of the network together that would fall apart (METHODS 2.14).
    pub(crate) fn is_cut(&self, node: u32) -> bool {
        let all = self.memo().is_cut.get_or_init(|| {
            let mut all = vec![false; self.len()];
            for node in articulation_points(self.graph()) {
                all[node as usize] = true;
            }
            all
        });
        all.get(node as usize).copied().unwrap_or(false)
    }

    /// How its layers compare.
    pub fn layers(&self) -> &Layers {
        self.memo().layers.get_or_init(|| layers(self))
    }

    /// Ties of a layer (`None`: all working ties) between each pair of shown groups of a level.
    pub fn links(&self, level: Grouping, layer: Option<Layer>) -> Arc<Links> {
        self.memo().links.get((level, layer), || {
            let groups = self.groups(level);
            match layer {
                None => links(&groups, self.ties().map(|pair| (pair.a, pair.b))),
                Some(layer) => links(&groups, layer.pairs(self).into_iter()),
            }
        })
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

/// Pairs of nodes counted by the shown groups that they join. O(m log g).
pub(crate) fn links(groups: &Groups, pairs: impl Iterator<Item = (u32, u32)>) -> Links {
    let shown = |node| groups.label(node).filter(|label| groups.groups()[*label as usize].shown);
    let mut links = Links::new();
    for (a, b) in pairs {
        if let (Some(x), Some(y)) = (shown(a), shown(b))
            && x != y
        {
            *links.entry((x.min(y), x.max(y))).or_default() += 1;
        }
    }
    links
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
