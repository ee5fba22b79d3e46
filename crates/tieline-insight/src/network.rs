//! The network: people as nodes, contacts and stated ties as one weighted graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use tieline_graph::graph::{Graph, GraphError};
use tieline_model::id::{ActorId, UnitId};
use tieline_model::org::Unit;
use tieline_model::tie::{Contact, Strength, TieParams};
use tieline_model::time::{Moment, Window};

use crate::input::{ActorNode, NetworkInput, ReportsTo};
use crate::memo::Memo;

/// Why an input makes no network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// An index points past the actors.
    #[error("{what} {position} names actor {index}, but there are {actors} actors")]
    OutOfRange {
        /// Which list ("contact", "stated tie", "reporting line").
        what: &'static str,
        /// Position in that list.
        position: usize,
        /// The index.
        index: u32,
        /// Number of actors.
        actors: usize,
    },
    /// The same actor twice.
    #[error("actor {0} occurs twice")]
    DuplicateActor(ActorId),
    /// A pair with two contacts.
    #[error("contact {position} repeats the pair of an earlier one")]
    DuplicateContact {
        /// Position in the contacts.
        position: usize,
    },
    /// A sum or weight that is negative, infinite or not a number.
    #[error("{what} {position} has a weight that is not a finite number from 0 up")]
    BadWeight {
        /// Which list.
        what: &'static str,
        /// Position in that list.
        position: usize,
    },
    /// An actor names a unit that is not among the units.
    #[error("actor {actor} names unit {unit}, which is not among the units")]
    UnknownUnit {
        /// Who.
        actor: ActorId,
        /// The unit.
        unit: UnitId,
    },
    /// A parameter out of its range.
    #[error("the {0} of a tie must be a finite number above 0")]
    BadParameter(&'static str),
    /// More actors than 32 bits count.
    #[error("more than {} actors", u32::MAX)]
    TooManyActors,
    /// The graph refused a tie.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// Two people who had contact, or whom someone stated to be tied; also below the threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Network index, the smaller.
    pub a: u32,
    /// Network index, the larger.
    pub b: u32,
    /// Strength: contact and stated weight together, >= 0.
    pub strength: f64,
    /// The stated part of it.
    pub stated: f64,
    /// What passed between them, `i` = `a`; `None` for ties that are only stated.
    pub contact: Option<Contact>,
}

impl Pair {
    /// Interactions, both directions added: a message counts once, a gathering once for each end.
    pub fn interactions(&self) -> u64 {
        self.contact.as_ref().map_or(0, |contact| contact.count_ij + contact.count_ji)
    }
}

/// An immutable network: nodes are the actors who did not opt out, in ascending order of
/// [`ActorId`], so that the order of the input never matters. Ties are pairs with strength of at
/// least theta; the graph is undirected, weight = strength. Actors without ties are kept.
#[derive(Debug, Clone)]
pub struct Network {
    actors: Vec<ActorNode>,
    node_of_input: Vec<Option<u32>>,
    units: BTreeMap<UnitId, Unit>,
    pairs: Vec<Pair>,
    graph: Graph,
    formal: Vec<ReportsTo>,
    as_of: Option<Moment>,
    window: Option<Window>,
    params: TieParams,
    seed: u64,
    opted_out: usize,
    memo: Arc<Memo>,
}

impl Network {
    /// Builds the network. O((n + m) log(n + m)).
    ///
    /// Contacts of an actor with itself are dropped, as are all contacts and reporting lines of
    /// people who opted out.
    ///
    /// # Errors
    /// When the input contradicts itself; says where.
    pub fn build(input: NetworkInput) -> Result<Self, NetworkError> {
        check_params(&input.params)?;
        let units: BTreeMap<UnitId, Unit> =
            input.units.iter().map(|unit| (unit.id, unit.clone())).collect();
        let n_input = input.actors.len();
        if u32::try_from(n_input).is_err() {
            return Err(NetworkError::TooManyActors);
        }
        let node_of_input = sorted_nodes(&input.actors, &units)?;
        let pairs = collect_pairs(&input, &node_of_input)?;
        let mut formal = Vec::new();
        for (position, line) in input.formal.iter().enumerate() {
            let report = node(&node_of_input, "reporting line", position, line.report)?;
            let manager = node(&node_of_input, "reporting line", position, line.manager)?;
            if let (Some(report), Some(manager)) = (report, manager)
                && report != manager
            {
                formal.push(ReportsTo { report, manager });
            }
        }
        formal.sort_by_key(|line| (line.report, line.manager));
        formal.dedup();
        let opted_out = input.actors.iter().filter(|actor| actor.opted_out).count();
        let mut actors: Vec<ActorNode> =
            input.actors.into_iter().filter(|actor| !actor.opted_out).collect();
        actors.sort_by_key(|actor| actor.id);
        let graph = graph_of(actors.len(), &pairs, input.params.threshold)?;
        Ok(Self {
            actors,
            node_of_input,
            units,
            pairs,
            graph,
            formal,
            as_of: input.as_of,
            window: input.window,
            params: input.params,
            seed: input.seed,
            opted_out,
            memo: Arc::default(),
        })
    }

    /// What was worked out of it already. Copies share it.
    pub(crate) fn memo(&self) -> &Memo {
        &self.memo
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.actors.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// The actors, by node.
    pub fn actors(&self) -> &[ActorNode] {
        &self.actors
    }

    /// The node of an actor; `None` if unknown or opted out. O(log n).
    pub fn node_of(&self, actor: ActorId) -> Option<u32> {
        self.actors.binary_search_by_key(&actor, |known| known.id).ok().map(|node| node as u32)
    }

    /// The node of an index of the input; `None` if out of range or opted out.
    pub fn node_of_input(&self, index: u32) -> Option<u32> {
        self.node_of_input.get(index as usize).copied().flatten()
    }

    /// Ties with strength >= theta, weight = strength.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Every pair with any contact or stated tie, by `(a, b)`.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// One pair, in either order. O(log m).
    pub fn pair(&self, a: u32, b: u32) -> Option<&Pair> {
        let key = (a.min(b), a.max(b));
        let found = self.pairs.binary_search_by_key(&key, |pair| (pair.a, pair.b));
        found.ok().and_then(|at| self.pairs.get(at))
    }

    /// Ties of a node, by the other end. O(d log m) for d ties.
    pub fn ties_of(&self, node: u32) -> impl Iterator<Item = &Pair> {
        self.graph.neighbours(node).iter().filter_map(move |alter| self.pair(node, *alter))
    }

    /// Pairs that are ties, by `(a, b)`.
    pub fn ties(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| pair.strength >= self.params.threshold)
    }

    /// Reporting lines, as nodes.
    pub fn formal(&self) -> &[ReportsTo] {
        &self.formal
    }

    /// A unit.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The organisation of a node: named directly, or the topmost unit above its department.
    pub fn organisation_of(&self, node: u32) -> Option<UnitId> {
        let actor = self.actors.get(node as usize)?;
        actor.organisation.or_else(|| actor.unit.map(|unit| self.top_of(unit)))
    }

    fn top_of(&self, unit: UnitId) -> UnitId {
        let mut top = unit;
        // A loop of parents ends after as many steps as there are units.
        for _ in 0..self.units.len() {
            match self.units.get(&top).and_then(|unit| unit.parent) {
                Some(parent) if self.units.contains_key(&parent) => top = parent,
                _ => break,
            }
        }
        top
    }

    /// Moment of all decays.
    pub fn as_of(&self) -> Option<Moment> {
        self.as_of
    }

    /// Window of the contacts.
    pub fn window(&self) -> Option<Window> {
        self.window
    }

    /// Parameters of the ties.
    pub fn params(&self) -> &TieParams {
        &self.params
    }

    /// Seed of everything random.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// People who opted out and are not in the network.
    pub fn opted_out(&self) -> usize {
        self.opted_out
    }

    /// The strength of a pair from its directed sums and its stated weight.
    pub(crate) fn strength_of(&self, sums: Strength, stated: f64) -> f64 {
        sums.strength(&self.params) + stated
    }
}

/// The graph of the pairs with strength >= `threshold`.
pub(crate) fn graph_of(n: usize, pairs: &[Pair], threshold: f64) -> Result<Graph, GraphError> {
    let ties = pairs.iter().filter(|pair| pair.strength >= threshold);
    Graph::undirected(n, ties.map(|pair| (pair.a, pair.b, pair.strength)))
}

fn check_params(params: &TieParams) -> Result<(), NetworkError> {
    for (name, value) in [
        ("threshold", params.threshold),
        ("half-life", params.half_life_days),
        ("saturation", params.saturation),
    ] {
        if !(value.is_finite() && value > 0.0) {
            return Err(NetworkError::BadParameter(name));
        }
    }
    if (0.0..=1.0).contains(&params.reciprocity_weight) {
        Ok(())
    } else {
        Err(NetworkError::BadParameter("reciprocity weight"))
    }
}

/// For each input index the node: rank by id among those who did not opt out.
fn sorted_nodes(
    actors: &[ActorNode],
    units: &BTreeMap<UnitId, Unit>,
) -> Result<Vec<Option<u32>>, NetworkError> {
    let mut order: Vec<usize> = (0..actors.len()).collect();
    order.sort_by_key(|at| actors[*at].id);
    for two in order.windows(2) {
        if actors[two[0]].id == actors[two[1]].id {
            return Err(NetworkError::DuplicateActor(actors[two[0]].id));
        }
    }
    let mut nodes = vec![None; actors.len()];
    let mut next = 0;
    for at in order {
        let actor = &actors[at];
        for unit in [actor.unit, actor.organisation].into_iter().flatten() {
            if !units.contains_key(&unit) {
                return Err(NetworkError::UnknownUnit { actor: actor.id, unit });
            }
        }
        if !actor.opted_out {
            nodes[at] = Some(next);
            next += 1;
        }
    }
    Ok(nodes)
}

fn node(
    nodes: &[Option<u32>],
    what: &'static str,
    position: usize,
    index: u32,
) -> Result<Option<u32>, NetworkError> {
    let actors = nodes.len();
    let out_of_range = NetworkError::OutOfRange { what, position, index, actors };
    nodes.get(index as usize).copied().ok_or(out_of_range)
}

fn is_weight(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn collect_pairs(input: &NetworkInput, nodes: &[Option<u32>]) -> Result<Vec<Pair>, NetworkError> {
    let mut pairs: BTreeMap<(u32, u32), Pair> = BTreeMap::new();
    for (position, found) in input.contacts.iter().enumerate() {
        let a = node(nodes, "contact", position, found.a)?;
        let b = node(nodes, "contact", position, found.b)?;
        let sums = found.contact.strength;
        if !(is_weight(sums.x_ij) && is_weight(sums.x_ji)) {
            return Err(NetworkError::BadWeight { what: "contact", position });
        }
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            continue;
        }
        let contact = if a < b { found.contact.clone() } else { turned(&found.contact) };
        let strength = contact.strength.strength(&input.params);
        let (a, b) = (a.min(b), a.max(b));
        let pair = Pair { a, b, strength, stated: 0.0, contact: Some(contact) };
        if pairs.insert((a, b), pair).is_some() {
            return Err(NetworkError::DuplicateContact { position });
        }
    }
    let mut stated: Vec<(u32, u32, f64)> = Vec::new();
    for (position, tie) in input.stated.iter().enumerate() {
        let a = node(nodes, "stated tie", position, tie.a)?;
        let b = node(nodes, "stated tie", position, tie.b)?;
        if !is_weight(tie.weight) {
            return Err(NetworkError::BadWeight { what: "stated tie", position });
        }
        if let (Some(a), Some(b)) = (a, b)
            && a != b
            && tie.weight > 0.0
        {
            stated.push((a.min(b), a.max(b), tie.weight));
        }
    }
    // Sums of floats depend on their order: sorted, they do not depend on the input's.
    stated.sort_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then(x.2.total_cmp(&y.2)));
    for (a, b, weight) in stated {
        let empty = Pair { a, b, strength: 0.0, stated: 0.0, contact: None };
        let pair = pairs.entry((a, b)).or_insert(empty);
        pair.strength += weight;
        pair.stated += weight;
    }
    Ok(pairs.into_values().collect())
}

fn turned(contact: &Contact) -> Contact {
    let sums = contact.strength;
    Contact {
        strength: Strength { x_ij: sums.x_ji, x_ji: sums.x_ij },
        count_ij: contact.count_ji,
        count_ji: contact.count_ij,
        ..contact.clone()
    }
}
