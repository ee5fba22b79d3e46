//! Properties that hold on every graph, and naive twins of the fast algorithms.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its input fails")]

use proptest::prelude::*;
use tieline_graph::betweenness::{betweenness, betweenness_from_pivots, betweenness_weighted};
use tieline_graph::bridging::{BridgeOptions, Isolates, close_gap, proximity, suggest_bridges};
use tieline_graph::brokerage::{
    brokerage, brokerage_expected, brokerage_partial, brokerage_undirected,
};
use tieline_graph::centralization::{
    betweenness_centralization, closeness_centralization, degree_centralization,
};
use tieline_graph::closeness::{
    closeness_wf, global_efficiency, harmonic, harmonic_in, harmonic_weighted, mean_distance, reach,
};
use tieline_graph::cohesion::{
    clustering_onnela, core_numbers, density, edge_reciprocity, local_clustering, mean_clustering,
    transitivity,
};
use tieline_graph::community::{LeidenOptions, canonical, leiden, modularity};
use tieline_graph::components::components;
use tieline_graph::cut::{articulation_points, bridges};
use tieline_graph::fragmentation::{
    NegMeasure, PosMeasure, distance_weighted_fragmentation, fragmentation, kpp_neg, kpp_pos,
};
use tieline_graph::mixing::{
    assortativity, blau, degree_assortativity, ei_index, ei_permutation_test, homophily,
};
use tieline_graph::pagerank::{Personalisation, pagerank, pagerank_weighted};
use tieline_graph::paths::{UNREACHABLE, shortest_path_lengths, warm_path, warm_paths};
use tieline_graph::removal::{removal_loss, resilience};
use tieline_graph::silo::{pair_p_values, silo_table};
use tieline_graph::structural_holes::structural_holes;
use tieline_graph::{Graph, GraphError, Weights};

type Ties = Vec<(u32, u32, f64)>;

/// Up to nine nodes with some ties among them.
fn small() -> impl Strategy<Value = (usize, Ties)> {
    (1usize..10).prop_flat_map(|n| {
        let tie =
            (0..n as u32, 0..n as u32, 1u32..40).prop_map(|(u, v, s)| (u, v, f64::from(s) / 8.0));
        (Just(n), prop::collection::vec(tie, 0..24))
    })
}

fn built(is_directed: bool, n: usize, ties: Ties) -> Graph {
    let graph = if is_directed { Graph::directed(n, ties) } else { Graph::undirected(n, ties) };
    graph.unwrap()
}

fn undirected() -> impl Strategy<Value = Graph> {
    small().prop_map(|(n, ties)| Graph::undirected(n, ties).unwrap())
}

fn directed() -> impl Strategy<Value = Graph> {
    small().prop_map(|(n, ties)| Graph::directed(n, ties).unwrap())
}

fn groups_of(graph: &Graph, count: u32) -> Vec<Option<u32>> {
    graph.nodes().map(|node| Some(node % count)).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn assert_close(a: &[f64], b: &[f64]) {
    assert!(a.len() == b.len() && a.iter().zip(b).all(|(x, y)| close(*x, *y)), "{a:?}\n{b:?}");
}

/// Every measure that gives a number per node.
fn per_node(graph: &Graph, groups: &[Option<u32>]) -> Vec<Vec<f64>> {
    let plain: Vec<u32> = groups.iter().map(|group| group.unwrap_or(9)).collect();
    let binary = structural_holes(graph, Weights::Binary);
    let tie = structural_holes(graph, Weights::Tie);
    let roles = brokerage(graph, &plain);
    vec![
        betweenness(graph),
        betweenness_weighted(graph),
        harmonic(graph),
        harmonic_in(graph),
        harmonic_weighted(graph),
        closeness_wf(graph),
        reach(graph, 2),
        pagerank(graph, 0.85, Personalisation::Uniform),
        pagerank_weighted(graph, 0.85, Personalisation::Uniform),
        local_clustering(graph),
        clustering_onnela(graph),
        core_numbers(graph).into_iter().map(f64::from).collect(),
        binary.constraint,
        binary.effective_size,
        binary.hierarchy,
        tie.constraint,
        tie.efficiency,
        blau(graph, groups),
        ei_index(graph, groups, Weights::Tie).by_node,
        roles.iter().map(|roles| roles.gatekeeper).collect(),
        brokerage_partial(graph, &plain).iter().map(|roles| roles.total()).collect(),
        brokerage_expected(&roles, &plain).iter().map(|roles| roles.liaison).collect(),
        brokerage_undirected(graph, &plain).iter().map(|roles| roles.total()).collect(),
    ]
}

/// Every measure that gives one number.
fn whole(graph: &Graph, groups: &[Option<u32>]) -> Vec<f64> {
    let mut values = vec![
        density(graph),
        edge_reciprocity(graph),
        mean_clustering(graph),
        transitivity(graph),
        mean_distance(graph),
        global_efficiency(graph),
        fragmentation(graph),
        distance_weighted_fragmentation(graph),
        degree_assortativity(graph),
        assortativity(graph, groups, Weights::Tie),
        ei_index(graph, groups, Weights::Tie).network,
        degree_centralization(graph),
        betweenness_centralization(graph),
        closeness_centralization(graph),
        components(graph).count() as f64,
        kpp_neg(graph, 2, NegMeasure::Fragmentation).value,
        kpp_pos(graph, 2, PosMeasure::DistanceWeightedReach).value,
        proximity(graph, groups, Isolates::Include),
    ];
    values.extend(silo_table(graph, groups, 3, Weights::Tie).pairs.iter().map(|p| p.ratio_config));
    values.extend(homophily(graph, groups, Weights::Tie).iter().map(|h| h.inbreeding));
    values
}

proptest! {
    #[test]
    fn renaming_nodes_permutes_every_result(
        (n, ties) in small(), is_directed: bool, keys in prop::collection::vec(any::<u32>(), 10)
    ) {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&node| (keys[node], node));
        let mut renamed = vec![0u32; n];
        for (new, &old) in order.iter().enumerate() {
            renamed[old] = new as u32;
        }
        let moved = ties.iter().map(|&(u, v, s)| (renamed[u as usize], renamed[v as usize], s));
        let before = built(is_directed, n, ties.clone());
        let after = built(is_directed, n, moved.collect());
        let groups = groups_of(&before, 3);
        let mut new_groups = vec![None; n];
        for old in 0..n {
            new_groups[renamed[old] as usize] = groups[old];
        }
        for (one, other) in per_node(&before, &groups).iter().zip(per_node(&after, &new_groups)) {
            let back: Vec<f64> = (0..n).map(|old| other[renamed[old] as usize]).collect();
            assert_close(one, &back);
        }
        assert_close(&whole(&before, &groups), &whole(&after, &new_groups));
    }

    #[test]
    fn a_tie_in_two_halves_is_one_tie((n, ties) in small(), is_directed: bool) {
        let halves: Ties = ties.iter().flat_map(|&(u, v, s)| [(u, v, s / 2.0); 2]).collect();
        let (one, other) = (built(is_directed, n, ties), built(is_directed, n, halves));
        let groups = groups_of(&one, 3);
        for (a, b) in per_node(&one, &groups).iter().zip(per_node(&other, &groups)) {
            assert_close(a, &b);
        }
    }

    #[test]
    fn the_order_of_the_input_changes_no_bit((n, ties) in small()) {
        let ties: Ties = ties.into_iter().map(|(u, v, s)| (u, v, s / 7.0)).collect();
        let mut reversed = ties.clone();
        reversed.reverse();
        prop_assert_eq!(Graph::undirected(n, ties).unwrap(), Graph::undirected(n, reversed).unwrap());
    }

    #[test]
    fn betweenness_is_that_of_all_shortest_paths(graph in directed()) {
        assert_close(&betweenness(&graph), &naive_betweenness(&graph));
        let both = graph.as_undirected();
        let halved: Vec<f64> = naive_betweenness(&both).iter().map(|b| b / 2.0).collect();
        assert_close(&betweenness(&both), &halved);
        // With ties that are all equally long, weighing them changes nothing.
        assert_close(&betweenness_weighted(&both.with_unit_weights()), &halved);
    }

    #[test]
    fn constraint_is_that_of_the_formula(graph in directed()) {
        assert_close(
            &structural_holes(&graph, Weights::Tie).constraint, &naive_constraint(&graph));
        let both = graph.as_undirected();
        assert_close(
            &structural_holes(&both, Weights::Tie).constraint, &naive_constraint(&both));
    }

    #[test]
    fn cut_nodes_and_bridges_are_those_whose_removal_adds_components(graph in undirected()) {
        let count = components(&graph).count();
        for node in graph.nodes() {
            let mut removed = vec![false; graph.n_nodes()];
            removed[node as usize] = true;
            // The removed node is left as an isolate.
            let rest = components(&graph.without_nodes(&removed)).count() - 1;
            prop_assert_eq!(articulation_points(&graph).contains(&node), rest > count);
        }
        for tie in graph.ties() {
            let rest = graph.ties().filter(|other| *other != tie);
            let without = Graph::undirected(graph.n_nodes(), rest).unwrap();
            let is_bridge = bridges(&graph).contains(&(tie.0, tie.1));
            prop_assert_eq!(is_bridge, components(&without).count() > count);
        }
    }

    #[test]
    fn core_numbers_are_those_of_peeling(graph in undirected()) {
        let cores = core_numbers(&graph);
        for k in 0..6u32 {
            let mut kept = vec![true; graph.n_nodes()];
            while let Some(node) = graph.nodes().find(|&node| {
                let inside = graph.neighbours(node).iter().filter(|&&v| kept[v as usize]).count();
                kept[node as usize] && (inside as u32) < k
            }) {
                kept[node as usize] = false;
            }
            for node in graph.nodes() {
                prop_assert_eq!(kept[node as usize], cores[node as usize] >= k);
            }
        }
    }

    #[test]
    fn communities_are_connected_canonical_and_no_worse_than_the_start(
        graph in undirected(), seed: u64
    ) {
        let found = leiden(&graph, LeidenOptions { seed, runs: 3, ..LeidenOptions::default() });
        prop_assert_eq!(canonical(&found.label), found.label.clone());
        let within = graph.ties().filter(|t| found.label[t.0 as usize] == found.label[t.1 as usize]);
        let parts = components(&Graph::undirected(graph.n_nodes(), within).unwrap()).count();
        let communities = found.label.iter().max().map_or(0, |&most| most as usize + 1);
        prop_assert_eq!(parts, communities);
        let alone: Vec<u32> = graph.nodes().collect();
        let start = modularity(&graph, &alone, 1.0, Weights::Tie);
        prop_assert!(found.modularity.is_nan() || found.modularity >= start - 1e-12);
        let again = LeidenOptions { start: Some(&found.label), seed, ..LeidenOptions::default() };
        let again = leiden(&graph, again).modularity;
        prop_assert!(again.is_nan() || again >= found.modularity - 1e-12);
    }

    #[test]
    fn no_move_of_a_node_and_no_merger_improves_what_leiden_found(graph in undirected()) {
        prop_assume!(graph.n_ties() > 0);
        let found = leiden(&graph, LeidenOptions::default());
        let quality = |label: &[u32]| modularity(&graph, label, 1.0, Weights::Tie);
        let communities = found.label.iter().max().map_or(0, |&most| most + 1);
        // `communities` itself is an empty community.
        for one in 0..=communities {
            for node in 0..graph.n_nodes() {
                let mut moved = found.label.clone();
                moved[node] = one;
                prop_assert!(quality(&moved) <= found.modularity + 1e-9);
            }
            for other in 0..one {
                let merge = |&label: &u32| if label == one { other } else { label };
                let merged: Vec<u32> = found.label.iter().map(merge).collect();
                prop_assert!(quality(&merged) <= found.modularity + 1e-9);
            }
        }
    }

    #[test]
    fn leiden_never_claims_more_than_the_best_of_all_partitions((n, ties) in small()) {
        let n = n.min(6);
        let ties = ties.into_iter().filter(|t| t.0.max(t.1) < n as u32);
        let graph = Graph::undirected(n, ties).unwrap();
        prop_assume!(graph.n_ties() > 0);
        let found = leiden(&graph, LeidenOptions::default()).modularity;
        let mut best = f64::NEG_INFINITY;
        for_each_partition(n, &mut |label| {
            best = best.max(modularity(&graph, label, 1.0, Weights::Tie));
        });
        prop_assert!(found <= best + 1e-9, "{found} {best}");
    }

    #[test]
    fn values_stay_in_their_ranges(graph in directed()) {
        let groups = groups_of(&graph, 3);
        let within = |values: &[f64], low: f64, high: f64| {
            values.iter().all(|v| v.is_nan() || (low - 1e-9..=high + 1e-9).contains(v))
        };
        prop_assert!(within(&harmonic(&graph), 0.0, 1.0));
        prop_assert!(within(&reach(&graph, 2), 0.0, 1.0));
        prop_assert!(within(&local_clustering(&graph), 0.0, 1.0));
        prop_assert!(within(&clustering_onnela(&graph), 0.0, 1.0));
        prop_assert!(within(&ei_index(&graph, &groups, Weights::Tie).by_node, -1.0, 1.0));
        let rank = pagerank(&graph, 0.85, Personalisation::Uniform);
        prop_assert!((rank.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let holes = structural_holes(&graph, Weights::Tie);
        prop_assert!(within(&holes.efficiency, 0.0, 1.0));
        prop_assert!(within(&holes.hierarchy, 0.0, 1.0));
        prop_assert!(within(&[resilience(&graph).r], 0.0, 1.0));
        let loss = removal_loss(&graph, &[0]);
        prop_assert!(within(&[loss.pair_loss, loss.efficiency_loss], 0.0, 1.0));
    }

    #[test]
    fn warm_paths_are_the_best_of_all_paths(graph in directed()) {
        let n = graph.n_nodes() as u32;
        for hops in 1..4 {
            let found = warm_path(&graph, 0, n - 1, 5.0, hops);
            let best = best_chain(&graph, &mut vec![0], n - 1, hops);
            let probability = found.as_ref().map_or(0.0, |path| path.probability);
            prop_assert!(n == 1 || close(probability, best));
            if let Some(path) = found {
                prop_assert!(path.nodes.len() <= hops + 1);
            }
        }
        let firsts: Vec<u32> =
            warm_paths(&graph, 0, n - 1, 5.0, 3, 3).iter().map(|path| path.nodes[1]).collect();
        let mut distinct = firsts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), firsts.len());
    }

    #[test]
    fn bridges_are_what_adding_the_tie_brings(graph in undirected()) {
        let groups = groups_of(&graph, 2);
        let options = BridgeOptions {
            k: 3, isolates: Isolates::Include, prefilter: None, ..BridgeOptions::default()
        };
        let mut ties: Ties = graph.ties().collect();
        let mut before = proximity(&graph, &groups, Isolates::Include);
        for bridge in suggest_bridges(&graph, &groups, &options) {
            ties.push((bridge.a, bridge.b, 1.0));
            let after = Graph::undirected(graph.n_nodes(), ties.clone()).unwrap();
            let after = proximity(&after, &groups, Isolates::Include);
            prop_assert!(close(after, bridge.proximity_after), "{after} {bridge:?}");
            prop_assert!(close(after - before, bridge.gain));
            before = after;
        }
    }
}

fn naive_betweenness(graph: &Graph) -> Vec<f64> {
    let n = graph.n_nodes();
    let mut total = vec![0.0; n];
    for from in graph.nodes() {
        let length = shortest_path_lengths(graph, from);
        for to in graph.nodes() {
            if from == to || length[to as usize] == UNREACHABLE {
                continue;
            }
            let mut paths = Vec::new();
            shortest_paths(graph, &length, &mut vec![to], from, &mut paths);
            for path in &paths {
                for &inner in &path[1..path.len() - 1] {
                    total[inner as usize] += 1.0 / paths.len() as f64;
                }
            }
        }
    }
    total
}

fn shortest_paths(
    graph: &Graph,
    length: &[u32],
    path: &mut Vec<u32>,
    from: u32,
    found: &mut Vec<Vec<u32>>,
) {
    let last = path[path.len() - 1];
    if last == from {
        found.push(path.clone());
        return;
    }
    for &previous in graph.in_neighbours(last) {
        if length[previous as usize] != UNREACHABLE
            && length[previous as usize] + 1 == length[last as usize]
        {
            path.push(previous);
            shortest_paths(graph, length, path, from, found);
            path.pop();
        }
    }
}

fn naive_constraint(graph: &Graph) -> Vec<f64> {
    let a = |i, j| graph.weight_between(i, j).unwrap_or(0.0);
    // An undirected tie is the same both ways; doubling it would cancel in p.
    let z = |i: u32, j: u32| if i == j { 0.0 } else { a(i, j) + a(j, i) };
    let p = |i: u32, j: u32| z(i, j) / graph.nodes().map(|k| z(i, k)).sum::<f64>();
    let of = |i: u32| {
        let contacts: Vec<u32> = graph.nodes().filter(|&j| z(i, j) > 0.0).collect();
        let dyadic = |j: u32| {
            let over: f64 = contacts.iter().filter(|&&q| q != j).map(|&q| p(i, q) * p(q, j)).sum();
            (p(i, j) + over).powi(2)
        };
        if contacts.is_empty() { f64::NAN } else { contacts.iter().map(|&j| dyadic(j)).sum() }
    };
    graph.nodes().map(of).collect()
}

fn best_chain(graph: &Graph, path: &mut Vec<u32>, to: u32, hops: usize) -> f64 {
    let last = path[path.len() - 1];
    if last == to {
        return 1.0;
    }
    let mut best = 0.0f64;
    for (next, strength) in graph.ties_of(last) {
        if hops > 0 && !path.contains(&next) {
            path.push(next);
            let step = 1.0 - (-strength / 5.0).exp();
            best = best.max(step * best_chain(graph, path, to, hops - 1));
            path.pop();
        }
    }
    best
}

fn for_each_partition(n: usize, visit: &mut impl FnMut(&[u32])) {
    fn grow(label: &mut Vec<u32>, n: usize, used: u32, visit: &mut impl FnMut(&[u32])) {
        if label.len() == n {
            return visit(label);
        }
        for community in 0..=used {
            label.push(community);
            grow(label, n, used.max(community + 1), visit);
            label.pop();
        }
    }
    grow(&mut Vec::new(), n, 0, visit);
}

/// A ring of `n` nodes with chords, and uneven strengths.
fn ring(n: u32) -> Graph {
    let ties = (0..n).flat_map(|node| {
        let strength = 1.0 / (1.0 + f64::from(node % 17));
        [(node, (node + 1) % n, strength), (node, (node * 7 + 3) % n, 2.0 * strength)]
    });
    Graph::undirected(n as usize, ties).unwrap()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let graph = ring(200);
    let smaller = ring(40);
    let groups = groups_of(&graph, 3);
    let everything = || {
        let mut values = per_node(&graph, &groups).concat();
        values.extend(whole(&smaller, &groups));
        values.extend(pair_p_values(&graph, &groups, 3, 200, 5));
        let test = ei_permutation_test(&graph, &groups, Weights::Tie, 200, 5);
        values.extend([test.mean, test.sd, test.p_two_sided]);
        let found = leiden(&graph, LeidenOptions::default());
        values.extend(found.label.iter().map(|&label| f64::from(label)));
        let options = BridgeOptions { k: 2, ..BridgeOptions::default() };
        values.extend(suggest_bridges(&graph, &groups, &options).iter().map(|b| b.gain));
        values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>()
    };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(everything)
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5));
}

#[test]
fn empty_lonely_and_extreme_graphs_have_values_or_none_but_never_panic() {
    let none: [(u32, u32, f64); 0] = [];
    let huge = [(0, 1, 1e300), (1, 2, 1e-300), (2, 0, 5e-324), (3, 4, 1e-320)];
    for graph in [
        Graph::undirected(0, none).unwrap(),
        Graph::directed(0, none).unwrap(),
        Graph::undirected(1, none).unwrap(),
        Graph::undirected(2, none).unwrap(),
        Graph::undirected(2, [(0, 1, 1.0)]).unwrap(),
        Graph::undirected(6, huge).unwrap(),
        Graph::directed(6, huge).unwrap(),
    ] {
        let groups = groups_of(&graph, 2);
        for groups in [&groups[..], &[], &[None, Some(0)], &[Some(u32::MAX), Some(0)]] {
            for values in per_node(&graph, groups) {
                assert_eq!(values.len(), graph.n_nodes());
            }
            let _ = whole(&graph, groups);
            let _ = ei_permutation_test(&graph, groups, Weights::Tie, 10, 0);
            let _ = pair_p_values(&graph, groups, 3, 10, 0);
            let _ = suggest_bridges(&graph, groups, &BridgeOptions::default());
            let _ = close_gap(&graph, groups, 0, u32::MAX, &BridgeOptions::default());
        }
        let _ =
            leiden(&graph, LeidenOptions { start: Some(&[3, 3, 3]), ..LeidenOptions::default() });
        let _ = removal_loss(&graph, &[0, 0, 77]);
        let _ = resilience(&graph);
        let _ = kpp_neg(&graph, 9, NegMeasure::DistanceWeighted);
        let _ = warm_paths(&graph, 0, 1, 5.0, usize::MAX, 3);
        let _ = betweenness_from_pivots(&graph, &[99]);
        assert!(graph.neighbours(99).is_empty() && !graph.has_tie(99, 0));
    }
}

#[test]
fn isolates_have_the_values_of_the_conventions() {
    let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0)]).unwrap();
    let holes = structural_holes(&graph, Weights::Binary);
    assert!(holes.constraint[3].is_nan() && holes.effective_size[3].is_nan());
    assert!(holes.efficiency[3].is_nan() && holes.hierarchy[3].is_nan());
    let groups = [Some(0); 4];
    assert!(ei_index(&graph, &groups, Weights::Binary).by_node[3].is_nan());
    assert!(blau(&graph, &groups)[3].is_nan());
    assert_eq!(betweenness(&graph)[3], 0.0);
    assert_eq!(harmonic(&graph)[3], 0.0);
    assert_eq!(core_numbers(&graph)[3], 0);
    assert_eq!(local_clustering(&graph)[3], 0.0);
    assert_eq!(reach(&graph, 2)[3], 0.0);
}

#[test]
fn people_of_unknown_group_are_left_out_and_counted() {
    let graph = Graph::undirected(4, [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)]).unwrap();
    let groups = [Some(0), Some(1), None, Some(1)];
    let ei = ei_index(&graph, &groups, Weights::Binary);
    assert_eq!((ei.network, ei.excluded_nodes, ei.excluded_ties), (1.0, 1, 2));
    let table = silo_table(&graph, &groups, 2, Weights::Binary);
    assert_eq!((table.excluded_nodes, table.excluded_ties), (1, 2));
    assert_eq!(table.pair(0, 1).map(|pair| pair.observed), Some(1.0));
    assert_eq!(table.pair(0, 2), None);
}

#[test]
fn a_bad_tie_is_refused_with_its_position() {
    let build = |tie| Graph::undirected(2, [(0, 1, 1.0), tie]).unwrap_err();
    assert_eq!(build((0, 2, 1.0)), GraphError::NodeOutOfRange { position: 1, node: 2, n: 2 });
    assert_eq!(build((0, 1, -1.0)), GraphError::BadWeight { position: 1, weight: -1.0 });
    assert!(matches!(build((0, 1, f64::NAN)), GraphError::BadWeight { position: 1, .. }));
    assert!(matches!(build((1, 1, f64::INFINITY)), GraphError::BadWeight { .. }));
    let half = f64::MAX / 2.0;
    let overflow = Graph::directed(2, [(0, 1, half), (0, 1, half)]);
    assert_eq!(overflow.unwrap_err(), GraphError::WeightOverflow);
    assert_eq!(
        Graph::undirected(usize::MAX, [(0, 1, 1.0)]).unwrap_err(),
        GraphError::TooManyNodes(usize::MAX)
    );
}

#[test]
fn self_ties_and_ties_of_no_strength_are_dropped() {
    let graph = Graph::directed(3, [(0, 0, 1.0), (0, 1, 0.0), (1, 2, 2.0), (1, 2, 1.0)]).unwrap();
    assert_eq!(graph.ties().collect::<Vec<_>>(), [(1, 2, 3.0)]);
    assert_eq!(graph.in_neighbours(2), [1]);
    assert_eq!(graph.as_undirected().ties().count(), 1);
}
