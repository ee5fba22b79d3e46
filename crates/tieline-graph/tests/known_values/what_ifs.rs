//! Paths, losses, new ties, and what chance would give.

use serde_json::Value;
use tieline_graph::bridging::{
    Bridge, BridgeOptions, Isolates, close_gap, proximity, suggest_bridges,
};
use tieline_graph::inequality::{evenness, gini, gini_unbiased, herfindahl, top_share};
use tieline_graph::paths::{warm_path, warm_paths};
use tieline_graph::removal::{lost_group_pairs, removal_loss, resilience};
use tieline_graph::silo::{
    PairNull, pair_index, pair_p_values, pair_p_values_by_activity, silo_table,
};
use tieline_graph::{Graph, Weights};

use crate::support::{World, check, edges, graph_of, vectors};

fn check_path(names: &[String], graph: &Graph, from: &str, to: &str, case: &Value) {
    let index = |name: &str| names.iter().position(|known| known == name).unwrap() as u32;
    let hops = case["max_hops"].as_u64().unwrap() as usize;
    let found = warm_path(graph, index(from), index(to), 5.0, hops);
    let Some(path) = case["path"].as_array() else {
        assert_eq!(found, None);
        return;
    };
    let found = found.unwrap();
    let expected: Vec<u32> = path.iter().map(|name| index(name.as_str().unwrap())).collect();
    assert_eq!(found.nodes, expected);
    check("probability", found.probability, &case["prob"]);
    assert_eq!(found.step_probability.len(), expected.len() - 1);
}

#[test]
fn warm_paths_of_the_reference() {
    let world = World::load("network_t13.json");
    let links = vectors("links.json");
    for case in links["warm_intro"]["cases"].as_array().unwrap() {
        let (from, to) = (case["source"].as_str().unwrap(), case["target"].as_str().unwrap());
        check_path(&world.names, &world.graph, from, to, case);
    }
    let small = &links["warm_intro"]["small"];
    let mut names: Vec<String> =
        edges(&small["edges"]).into_iter().flat_map(|(u, v, _)| [u, v]).collect();
    names.sort();
    names.dedup();
    let graph = graph_of(&names, &small["edges"], false);
    for case in small["cases"].as_array().unwrap() {
        check_path(&names, &graph, "s", "t", case);
    }
}

#[test]
fn alternative_paths_start_with_different_introducers() {
    // The three paths of the reference's small graph, each with another first step.
    let ties = [(0, 1, 0.5), (0, 2, 4.0), (2, 1, 3.0), (0, 3, 20.0), (3, 4, 18.0), (4, 1, 20.0)];
    let graph = Graph::undirected(5, ties).unwrap();
    let nodes: Vec<Vec<u32>> =
        warm_paths(&graph, 0, 1, 5.0, 3, 5).into_iter().map(|path| path.nodes).collect();
    assert_eq!(nodes, [vec![0, 3, 4, 1], vec![0, 2, 1], vec![0, 1]]);
}

#[test]
fn no_path_to_oneself_to_strangers_or_without_trust() {
    let graph = Graph::undirected(3, [(0, 1, 1.0)]).unwrap();
    assert_eq!(warm_path(&graph, 0, 0, 5.0, 3), None);
    assert_eq!(warm_path(&graph, 0, 2, 5.0, 3), None);
    assert_eq!(warm_path(&graph, 0, 9, 5.0, 3), None);
    assert_eq!(warm_path(&graph, 0, 1, 0.0, 3), None);
    assert_eq!(warm_path(&graph, 0, 1, f64::NAN, 3), None);
    assert_eq!(warm_path(&graph, 0, 1, 5.0, 0), None);
}

#[test]
fn equal_paths_are_broken_by_hops_then_by_node() {
    let ties = [(0, 2, 1.0), (2, 3, 1.0), (0, 1, 1.0), (1, 3, 1.0)];
    let graph = Graph::undirected(4, ties).unwrap();
    assert_eq!(warm_path(&graph, 0, 3, 5.0, 3).unwrap().nodes, [0, 1, 3]);
    // Ties so strong that a step never fails: the detour costs nothing, the direct tie is taken.
    let sure = Graph::undirected(3, [(0, 1, 1e9), (1, 2, 1e9), (0, 2, 1e9)]).unwrap();
    assert_eq!(warm_path(&sure, 0, 2, 5.0, 3).unwrap().nodes, [0, 2]);
}

#[test]
fn losses_when_people_leave() {
    let world = World::load("network_t13.json");
    let expected = vectors("resilience.json");
    let removal = expected["single_removal"].as_object().unwrap();
    for (name, expected) in removal.iter().filter(|(name, _)| *name != "baseline") {
        let removed: Vec<u32> =
            name.split('+').map(|name| world.node(&Value::String(name.into()))).collect();
        let loss = removal_loss(&world.graph, &removed);
        check(name, loss.pair_loss, &expected["pair_loss"]);
        check(name, loss.efficiency_loss, &expected["efficiency_loss"]);
        check(name, loss.pairs_before as f64, &expected["pairs_before"]);
        check(name, loss.pairs_after as f64, &expected["pairs_after"]);
        assert_eq!(loss.components_before, 2);
        let Some(isolated) = expected.get("newly_isolated") else { continue };
        let isolated: Vec<u32> =
            isolated.as_array().unwrap().iter().map(|name| world.node(name)).collect();
        assert_eq!(loss.newly_isolated, isolated);
        check(name, loss.components_after as f64, &expected["components"]);
        let lost: Vec<String> = lost_group_pairs(&world.graph, &removed, &world.groups)
            .into_iter()
            .map(|(a, b)| {
                format!("{}|{}", world.group_names[a as usize], world.group_names[b as usize])
            })
            .collect();
        let listed = expected["lost_department_links"].as_array().unwrap();
        assert_eq!(lost, listed.iter().map(|l| l.as_str().unwrap()).collect::<Vec<_>>());
    }
}

#[test]
fn resilience_under_attack_on_the_best_connected() {
    let world = World::load("network_t13.json");
    let expected = vectors("resilience.json");
    let attack = &expected["adaptive_degree_attack"];
    let found = resilience(&world.graph);
    check("R", found.r, &attack["R"]);
    let order: Vec<u32> =
        attack["order"].as_array().unwrap().iter().map(|name| world.node(name)).collect();
    assert_eq!(found.order, order);
    for (actual, expected) in found.largest_share.iter().zip(attack["S"].as_array().unwrap()) {
        check("S", *actual, expected);
    }
    let star = (1..6).map(|leaf| (0, leaf, 1.0));
    check("star", resilience(&Graph::undirected(6, star).unwrap()).r, &expected["star6"]["R"]);
    let pairs = (0..4).flat_map(|u| (u + 1..4).map(move |v| (u, v, 1.0)));
    check("k4", resilience(&Graph::undirected(4, pairs).unwrap()).r, &expected["k4"]["R"]);
}

fn check_bridges(world: &World, found: &[Bridge], expected: &Value) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for (bridge, expected) in found.iter().zip(expected) {
        let edge = &expected["edge"];
        assert_eq!((bridge.a, bridge.b), (world.node(&edge[0]), world.node(&edge[1])));
        check("gain", bridge.gain, &expected["gain"]);
        check("proximity", bridge.proximity_after, &expected["proximity_after"]);
    }
}

#[test]
fn bridges_of_the_reference() {
    let world = World::load("network_t13.json");
    let expected = &vectors("links.json")["bridging"];
    let suggest = |cap, isolates, prefilter| {
        let options = BridgeOptions { k: 3, cap, isolates, prefilter, ..BridgeOptions::default() };
        suggest_bridges(&world.graph, &world.groups, &options)
    };
    let near = |isolates| proximity(&world.graph, &world.groups, isolates);
    check("base", near(Isolates::Include), &expected["base"]);
    check_bridges(&world, &suggest(1, Isolates::Include, None), &expected["greedy_k3_cap1"]);
    check_bridges(&world, &suggest(2, Isolates::Include, Some(200)), &expected["greedy_k3_cap2"]);
    let without = &expected["without_isolate_m"];
    check("base", near(Isolates::Exclude), &without["base"]);
    check_bridges(&world, &suggest(2, Isolates::Exclude, None), &without["greedy_k3_cap2"]);
}

#[test]
fn first_round_of_bridges_is_ranked_as_in_the_reference() {
    let world = World::load("network_t13.json");
    let expected = vectors("links.json");
    let mut forbidden = Vec::new();
    // Forbidding each winner in turn shows the whole ranking of the first round.
    for expected in expected["bridging"]["first_round_top10"].as_array().unwrap() {
        let options = BridgeOptions {
            k: 1,
            isolates: Isolates::Include,
            forbidden: forbidden.clone(),
            ..BridgeOptions::default()
        };
        let best = suggest_bridges(&world.graph, &world.groups, &options)[0];
        let edge = &expected["edge"];
        assert_eq!((best.a, best.b), (world.node(&edge[0]), world.node(&edge[1])));
        check("gain", best.gain, &expected["gain"]);
        forbidden.push((best.b, best.a));
    }
}

#[test]
fn a_gap_is_closed_by_ties_between_the_two_groups_only() {
    let world = World::load("network_t13.json");
    let group = |node: u32| world.groups[node as usize];
    let ratio = |graph: &Graph| {
        silo_table(graph, &world.groups, 3, Weights::Binary).pair(0, 1).unwrap().ratio_config
    };
    // ENG and OPS: no tie at all.
    let closed = close_gap(&world.graph, &world.groups, 0, 1, &BridgeOptions::default());
    assert_eq!(closed.ratio_before, 0.0);
    assert!(closed.ratio_after >= 1.0);
    for bridge in &closed.bridges {
        let mut groups = [group(bridge.a), group(bridge.b)];
        groups.sort();
        assert_eq!(groups, [Some(0), Some(1)]);
    }
    let with = |count: usize| {
        let new = closed.bridges[..count].iter().map(|bridge| (bridge.a, bridge.b, 1.0));
        ratio(&Graph::undirected(13, world.graph.ties().chain(new)).unwrap())
    };
    let all = closed.bridges.len();
    assert!((with(all) - closed.ratio_after).abs() < 1e-12);
    assert!(with(all - 1) < 1.0, "one tie fewer would not have been enough");
    let again = close_gap(&world.graph, &world.groups, 0, 0, &BridgeOptions::default());
    assert!(again.bridges.is_empty(), "a group that talks has no gap");
}

#[test]
fn people_who_opted_out_are_given_no_ties() {
    let world = World::load("network_t13.json");
    let options = BridgeOptions { opted_out: vec![2, 4], ..BridgeOptions::default() };
    for bridge in suggest_bridges(&world.graph, &world.groups, &options) {
        assert!(![2, 4].contains(&bridge.a) && ![2, 4].contains(&bridge.b));
    }
}

/// Ties between every pair of groups under every one of the 90,090 ways to label T13's 13 nodes
/// with groups of sizes 4, 5 and 4: the brute force that permutations must match.
fn all_labellings(graph: &Graph) -> Vec<[f64; 6]> {
    let ties: Vec<_> = graph.ties().collect();
    let mut label = [0u32; 13];
    let mut all = Vec::new();
    fn deal(
        node: usize,
        left: [usize; 3],
        label: &mut [u32; 13],
        visit: &mut impl FnMut(&[u32; 13]),
    ) {
        if node == label.len() {
            return visit(label);
        }
        for group in 0..3 {
            if left[group] > 0 {
                label[node] = group as u32;
                let mut rest = left;
                rest[group] -= 1;
                deal(node + 1, rest, label, visit);
            }
        }
    }
    deal(0, [4, 5, 4], &mut label, &mut |label| {
        let mut counts = [0.0; 6];
        for &(u, v, _) in &ties {
            counts[pair_index(3, label[u as usize], label[v as usize]).unwrap()] += 1.0;
        }
        all.push(counts);
    });
    all
}

#[test]
fn permutation_p_values_agree_with_all_labellings() {
    let world = World::load("network_t13.json");
    let all = all_labellings(&world.graph);
    let table = silo_table(&world.graph, &world.groups, 3, Weights::Binary);
    let drawn = pair_p_values(&world.graph, &world.groups, 3, 20_000, 7);
    for (index, pair) in table.pairs.iter().enumerate() {
        let fewer = all.iter().filter(|counts| counts[index] <= pair.observed).count();
        let exact = fewer as f64 / all.len() as f64;
        assert!((drawn[index] - exact).abs() < 0.015, "{index}: {} {exact}", drawn[index]);
    }
}

/// The share of all 90,090 labellings with at most as many ties, for every pair and every count.
#[test]
fn the_kept_null_agrees_with_all_labellings_at_every_count() {
    let world = World::load("network_t13.json");
    let all = all_labellings(&world.graph);
    let null = PairNull::new(&world.graph, &world.groups, 3, 20_000, 7);
    assert_eq!(null.permutations(), 20_000);
    for pair in 0..6 {
        for ties in 0..=15 {
            let fewer = all.iter().filter(|counts| counts[pair] <= f64::from(ties)).count();
            let exact = fewer as f64 / all.len() as f64;
            let p = null.p_lower(pair, ties as usize);
            assert!((p - exact).abs() < 0.015, "{pair}, {ties}: {p} {exact}");
        }
    }
    let one = |ties: usize| null.p_lower(0, ties);
    assert_eq!((one(usize::MAX), one(14)), (1.0, 1.0));
    assert!(null.p_lower(6, 0).is_nan());
    let nobody = PairNull::new(&world.graph, &[Some(0); 13], 2, 9, 7);
    assert!(nobody.p_lower(1, 3).is_nan() && nobody.p_lower(2, 3).is_nan());
    // All 14 ties lie within the one group, however its label is dealt.
    assert_eq!((nobody.p_lower(0, 13), nobody.p_lower(0, 14)), (0.1, 1.0));
}

#[test]
fn labels_dealt_among_people_of_like_degree_keep_quiet_groups_quiet() {
    // Two cliques, and a group of isolates that nobody could blame for having no ties.
    let clique = |first: u32| {
        (first..first + 12).flat_map(move |u| (u + 1..first + 12).map(move |v| (u, v, 1.0)))
    };
    let graph = Graph::undirected(36, clique(0).chain(clique(12))).unwrap();
    let groups: Vec<Option<u32>> = (0..36).map(|node| Some(node / 12)).collect();
    let plain = pair_p_values(&graph, &groups, 3, 999, 1);
    let by_activity = pair_p_values_by_activity(&graph, &groups, 3, 999, 1, 3);
    let of = |p: &[f64], a, b| p[pair_index(3, a, b).unwrap()];
    assert!(of(&plain, 0, 2) < 0.02);
    assert_eq!(of(&by_activity, 0, 2), 1.0);
    assert!(of(&by_activity, 0, 1) < 0.02);
}

#[test]
fn inequality_of_the_reference() {
    // METHODS 2.19.
    let close = |actual: f64, expected: f64| assert!((actual - expected).abs() < 1e-6, "{actual}");
    close(gini(&[1.0, 2.0, 3.0, 4.0]), 0.25);
    close(gini_unbiased(&[1.0, 2.0, 3.0, 4.0]), 0.333333333);
    close(evenness(&[1.0, 2.0, 3.0, 4.0]), 0.923220);
    close(gini(&[0.0, 0.0, 0.0, 10.0]), 0.75);
    close(gini_unbiased(&[0.0, 0.0, 0.0, 10.0]), 1.0);
    close(evenness(&[0.0, 0.0, 0.0, 10.0]), 0.0);
    close(gini(&[5.0; 4]), 0.0);
    close(gini_unbiased(&[5.0; 4]), 0.0);
    close(evenness(&[5.0; 4]), 1.0);
    let voices = [12.0, 7.0, 3.0, 3.0, 0.0];
    close(gini(&voices), 0.448);
    close(gini_unbiased(&voices), 0.56);
    close(evenness(&voices), 0.756537);
    close(herfindahl(&voices), 0.3376);
    close(top_share(&voices, 1), 0.48);
    close(gini(&[10.0]), 0.0);
    assert!(evenness(&[10.0]).is_nan());
    assert!(gini(&[]).is_nan() && gini(&[0.0, 0.0]).is_nan() && gini(&[-1.0, 2.0]).is_nan());
}
