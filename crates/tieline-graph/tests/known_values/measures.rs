//! Measures of nodes, groups and whole graphs.

use serde_json::Value;
use tieline_graph::betweenness::{
    betweenness, betweenness_from_pivots, betweenness_normalised, betweenness_weighted,
};
use tieline_graph::brokerage::{
    BrokerageRoles, brokerage, brokerage_expected, brokerage_partial, brokerage_undirected,
};
use tieline_graph::centralization::{
    betweenness_centralization, closeness_centralization, degree_centralization,
};
use tieline_graph::closeness::{
    closeness_wf, global_efficiency, harmonic, harmonic_in, harmonic_weighted, reach,
};
use tieline_graph::cohesion::{
    clustering_onnela, core_numbers, density, edge_reciprocity, local_clustering, mean_clustering,
    transitivity,
};
use tieline_graph::community::{
    LeidenOptions, adjusted_rand_index, leiden, modularity, normalised_mutual_information,
};
use tieline_graph::components::components;
use tieline_graph::cut::{articulation_points, bridges};
use tieline_graph::fragmentation::{
    NegMeasure, PosMeasure, distance_weighted_fragmentation, fragmentation, kpp_neg, kpp_pos,
};
use tieline_graph::mixing::{
    EiIndex, assortativity, blau, degree_assortativity, ei_index, ei_permutation_test, homophily,
};
use tieline_graph::multiple::adjusted_p;
use tieline_graph::pagerank::{Personalisation, pagerank, pagerank_weighted};
use tieline_graph::silo::silo_table;
use tieline_graph::structural_holes::{StructuralHoles, structural_holes};
use tieline_graph::{Graph, Weights};

use crate::support::{World, check, graph_of, text, vectors};

const UNDIRECTED: [&str; 3] = ["network_t13.json", "network_kite.json", "network_karate.json"];

fn degrees(values: impl Iterator<Item = usize>) -> Vec<f64> {
    values.map(|value| value as f64).collect()
}

#[test]
fn node_measures_of_undirected_graphs() {
    for file in UNDIRECTED {
        let world = World::load(file);
        let (graph, expected) = (&world.graph, &world.value["nodes_expected"]);
        let raw = betweenness(graph);
        let all: Vec<u32> = graph.nodes().collect();
        let normalised = betweenness_normalised(&raw, graph.n_nodes(), false);
        let cores: Vec<f64> = core_numbers(graph).into_iter().map(f64::from).collect();
        let holes = structural_holes(graph, Weights::Binary);
        let unit = Personalisation::Uniform;
        let strength: Vec<f64> = graph.nodes().map(|node| graph.strength(node)).collect();
        for (what, actual) in [
            ("betweenness_raw", &raw),
            ("betweenness_raw", &betweenness_from_pivots(graph, &all)),
            ("betweenness_norm", &normalised),
            ("harmonic_norm", &harmonic(graph)),
            ("harmonic_norm", &harmonic_in(graph)),
            ("reach2", &reach(graph, 2)),
            ("closeness_wf", &closeness_wf(graph)),
            ("pagerank_085", &pagerank(graph, 0.85, unit)),
            ("clustering_local", &local_clustering(graph)),
            ("core_number", &cores),
            ("degree", &degrees(graph.nodes().map(|node| graph.degree(node)))),
            ("strength", &strength),
            ("burt_constraint", &holes.constraint),
            ("burt_effective_size", &holes.effective_size),
            ("burt_efficiency", &holes.efficiency),
            ("burt_hierarchy", &holes.hierarchy),
        ] {
            world.check_nodes(&format!("{file} {what}"), actual, &expected[what]);
        }
    }
}

#[test]
fn weighted_node_measures_of_t13() {
    let world = World::load("network_t13.json");
    let (graph, expected) = (&world.graph, &world.value["nodes_expected"]);
    let holes = structural_holes(graph, Weights::Tie);
    for (what, actual) in [
        ("betweenness_raw_weighted_dist_1_over_w", &betweenness_weighted(graph)),
        ("harmonic_norm_weighted_dist_1_over_w", &harmonic_weighted(graph)),
        ("pagerank_085_weighted", &pagerank_weighted(graph, 0.85, Personalisation::Uniform)),
        ("clustering_onnela_weighted", &clustering_onnela(graph)),
        ("burt_constraint_weighted", &holes.constraint),
        ("burt_effective_size_weighted", &holes.effective_size),
        ("burt_efficiency_weighted", &holes.efficiency),
        ("burt_hierarchy_weighted", &holes.hierarchy),
    ] {
        world.check_nodes(what, actual, &expected[what]);
    }
}

#[test]
fn node_measures_of_a_directed_graph() {
    let world = World::load("network_d8.json");
    let (graph, expected) = (&world.graph, &world.value["nodes_expected"]);
    let raw = betweenness(graph);
    let weighted = structural_holes(graph, Weights::Tie);
    for (what, actual) in [
        ("betweenness_raw", &raw),
        ("betweenness_norm", &betweenness_normalised(&raw, graph.n_nodes(), true)),
        ("harmonic_out_norm", &harmonic(graph)),
        ("harmonic_in_norm", &harmonic_in(graph)),
        ("pagerank_085", &pagerank(graph, 0.85, Personalisation::Uniform)),
        ("pagerank_085_weighted", &pagerank_weighted(graph, 0.85, Personalisation::Uniform)),
        ("clustering_undirected_projection", &local_clustering(graph)),
        ("burt_constraint_binary", &structural_holes(graph, Weights::Binary).constraint),
        ("burt_constraint_weighted", &weighted.constraint),
        ("burt_effective_size_weighted", &weighted.effective_size),
        ("burt_hierarchy_weighted", &weighted.hierarchy),
        ("in_degree", &degrees(graph.nodes().map(|node| graph.in_degree(node)))),
        ("out_degree", &degrees(graph.nodes().map(|node| graph.degree(node)))),
    ] {
        world.check_nodes(what, actual, &expected[what]);
    }
    check("density", density(graph), &world.value["density"]);
    check("reciprocity", edge_reciprocity(graph), &world.value["reciprocity_dyadic_edges"]);
    let mixing = assortativity(graph, &world.groups, Weights::Binary);
    check("assortativity", mixing, &world.value["dept_assortativity"]);
}

#[test]
fn whole_graph_measures() {
    for file in UNDIRECTED {
        let world = World::load(file);
        let (graph, expected) = (&world.graph, &world.value["graph_expected"]);
        for (what, actual) in [
            ("density", density(graph)),
            ("avg_clustering", mean_clustering(graph)),
            ("transitivity", transitivity(graph)),
            ("components", components(graph).count() as f64),
            ("degree_assortativity", degree_assortativity(graph)),
            ("fragmentation", fragmentation(graph)),
            ("distance_weighted_fragmentation", distance_weighted_fragmentation(graph)),
            ("global_efficiency", global_efficiency(graph)),
            ("m", graph.n_ties() as f64),
            ("n", graph.n_nodes() as f64),
        ] {
            check(&format!("{file} {what}"), actual, &expected[what]);
        }
        let freeman = &expected["freeman"];
        check("degree centralization", degree_centralization(graph), &freeman["degree"]);
        check("betweenness", betweenness_centralization(graph), &freeman["betweenness"]);
        check("closeness", closeness_centralization(graph), &freeman["closeness"]);
        if !world.value["dept"].is_null() {
            let mixing = assortativity(graph, &world.groups, Weights::Binary);
            check("assortativity", mixing, &world.value["dept_assortativity"]);
        }
    }
}

#[test]
fn articulation_points_and_bridges() {
    for file in UNDIRECTED {
        let world = World::load(file);
        let expected = &world.value["graph_expected"];
        let nodes = |list: &Value| -> Vec<u32> {
            list.as_array().unwrap().iter().map(|name| world.node(name)).collect()
        };
        assert_eq!(articulation_points(&world.graph), nodes(&expected["articulation_points"]));
        let ties: Vec<(u32, u32)> = expected["bridges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tie| (world.node(&tie[0]), world.node(&tie[1])))
            .collect();
        assert_eq!(bridges(&world.graph), ties);
    }
}

#[test]
fn key_players() {
    for file in UNDIRECTED {
        let world = World::load(file);
        let expected = &world.value["graph_expected"];
        for k in [1, 2] {
            let graph = &world.graph;
            for (what, found) in [
                ("kpp_neg_F", kpp_neg(graph, k, NegMeasure::Fragmentation)),
                ("kpp_neg_DF", kpp_neg(graph, k, NegMeasure::DistanceWeighted)),
                ("kpp_pos_dR", kpp_pos(graph, k, PosMeasure::DistanceWeightedReach)),
                ("kpp_pos_reach1", kpp_pos(graph, k, PosMeasure::ReachWithin(1))),
            ] {
                let expected = &expected[what][k.to_string()];
                check(&format!("{file} {what} {k}"), found.value, &expected[0]);
                let set: Vec<u32> =
                    expected[1].as_array().unwrap().iter().map(|name| world.node(name)).collect();
                assert_eq!(found.members, set, "{file} {what} {k}");
                assert!(found.exact);
            }
        }
    }
}

#[test]
fn structural_holes_of_special_graphs() {
    for (name, value) in vectors("network_special.json").as_object().unwrap() {
        let world = World::of(value.clone(), false);
        let StructuralHoles { constraint, effective_size, efficiency, hierarchy } =
            structural_holes(&world.graph, Weights::Tie);
        for (what, actual) in [
            ("constraint", constraint),
            ("effective_size", effective_size),
            ("efficiency", efficiency),
            ("hierarchy", hierarchy),
        ] {
            for (node, expected) in value["burt"].as_object().unwrap() {
                let node: usize = node.parse().unwrap();
                check(&format!("{name} {what} {node}"), actual[node], &expected[what]);
            }
        }
        check(name, fragmentation(&world.graph), &value["fragmentation"]);
        check(name, distance_weighted_fragmentation(&world.graph), &value["dwf"]);
        if let Some(expected) = value["freeman"].get("degree") {
            check(name, degree_centralization(&world.graph), expected);
            let freeman = &value["freeman"];
            check(name, betweenness_centralization(&world.graph), &freeman["betweenness"]);
            check(name, closeness_centralization(&world.graph), &freeman["closeness"]);
        }
    }
}

fn check_ei(world: &World, ei: &EiIndex, expected: &Value) {
    check("network", ei.network, &expected["network"]);
    check("E", ei.external, &expected["E"]);
    check("I", ei.internal, &expected["I"]);
    world.check_nodes("person", &ei.by_node, &expected["person"]);
    for (index, name) in world.group_names.iter().enumerate() {
        check(name, ei.by_group[index], &expected["unit"][name]);
    }
    assert_eq!((ei.excluded_nodes, ei.excluded_ties), (0, 0));
}

#[test]
fn ei_index_of_networks_people_and_units() {
    for file in ["network_t13.json", "network_d8.json", "network_karate.json"] {
        let world = World::load(file);
        let ei = ei_index(&world.graph, &world.groups, Weights::Binary);
        check_ei(&world, &ei, &world.value["ei"]);
        if file != "network_karate.json" {
            let ei = ei_index(&world.graph, &world.groups, Weights::Tie);
            check_ei(&world, &ei, &world.value["ei_weighted"]);
        }
    }
}

#[test]
fn ei_permutations_agree_with_the_enumeration_of_all_labellings() {
    let world = World::load("network_t13.json");
    for (weights, key) in
        [(Weights::Binary, "ei_permutation_exact"), (Weights::Tie, "ei_permutation_exact_weighted")]
    {
        let exact = &world.value[key];
        let index = ei_index(&world.graph, &world.groups, weights);
        check("expected", index.expected, &exact["mean"]);
        let test = ei_permutation_test(&world.graph, &world.groups, weights, 20_000, 1);
        assert!((test.mean - exact["mean"].as_f64().unwrap()).abs() < 0.01);
        assert!((test.sd - exact["sd_population"].as_f64().unwrap()).abs() < 0.01);
        assert!((test.z - exact["z"].as_f64().unwrap()).abs() < 0.2);
        assert!(test.p_lower < 0.001 && test.p_upper > 0.999 && test.p_two_sided < 0.002);
        assert_eq!(test.permutations, 20_000);
    }
}

#[test]
fn homophily_and_diversity_of_t13() {
    let world = World::load("network_t13.json");
    let found = homophily(&world.graph, &world.groups, Weights::Binary);
    for (index, name) in world.group_names.iter().enumerate() {
        let expected = &world.value["coleman_homophily"][name];
        check(name, found[index].same_share, &expected["H"]);
        check(name, found[index].baseline, &expected["w"]);
        check(name, found[index].inbreeding, &expected["inbreeding"]);
    }
    world.check_nodes("blau", &blau(&world.graph, &world.groups), &world.value["blau_ego"]);
}

#[test]
fn silo_tables() {
    for (file, weights, key) in [
        ("network_t13.json", Weights::Binary, "silo"),
        ("network_t13.json", Weights::Tie, "silo_weighted"),
        ("network_karate.json", Weights::Binary, "silo"),
    ] {
        let world = World::load(file);
        let table = silo_table(&world.graph, &world.groups, world.group_names.len(), weights);
        for (names, expected) in world.value[key].as_object().unwrap() {
            let group = |name: &str| {
                world.group_names.iter().position(|known| known == name).unwrap() as u32
            };
            let (a, b) = names.split_once('|').unwrap();
            let pair = table.pair(group(a), group(b)).unwrap();
            check(names, pair.observed, &expected["observed"]);
            check(names, pair.expected_density, &expected["exp_density"]);
            check(names, pair.expected_config, &expected["exp_config"]);
            check(names, pair.ratio_density, &expected["ratio_density"]);
            check(names, pair.ratio_config, &expected["ratio_config"]);
            check(names, pair.log2_density, &expected["log2_smoothed"]);
            check(names, pair.score, &expected["silo_score"]);
        }
    }
}

fn check_roles(world: &World, found: &[BrokerageRoles], expected: &Value) {
    for (name, expected) in expected.as_object().unwrap() {
        let roles = found[world.node(&Value::String(name.clone())) as usize];
        check(name, roles.coordinator, &expected["coordinator"]);
        check(name, roles.consultant, &expected["consultant"]);
        check(name, roles.gatekeeper, &expected["gatekeeper"]);
        check(name, roles.representative, &expected["representative"]);
        check(name, roles.liaison, &expected["liaison"]);
        if let Some(total) = expected.get("total") {
            check(name, roles.total(), total);
        }
    }
}

#[test]
fn brokerage_roles() {
    let world = World::load("network_d8.json");
    let groups = world.plain_groups();
    let raw = brokerage(&world.graph, &groups);
    check_roles(&world, &raw, &world.value["gould_fernandez_raw"]);
    let partial = brokerage_partial(&world.graph, &groups);
    check_roles(&world, &partial, &world.value["gould_fernandez_partial"]);
    let expected = brokerage_expected(&raw, &groups);
    let key = "gould_fernandez_expected_label_permutation";
    check_roles(&world, &expected, &world.value[key]);

    let world = World::load("network_t13.json");
    let undirected = brokerage_undirected(&world.graph, &world.plain_groups());
    for (name, expected) in world.value["gould_fernandez_undirected"].as_object().unwrap() {
        let roles = undirected[world.node(&Value::String(name.clone())) as usize];
        check(name, roles.coordinator, &expected["coordinator"]);
        check(name, roles.consultant, &expected["consultant"]);
        let both = "gatekeeper_or_representative";
        check(name, roles.gatekeeper_or_representative, &expected[both]);
        check(name, roles.liaison, &expected["liaison"]);
        check(name, roles.total(), &expected["total"]);
    }
}

/// Labels from a list of lists of node names.
fn labels(names: &[String], parts: &Value) -> Vec<u32> {
    let part_of = |name: &String| {
        let holds = |part: &Value| part.as_array().unwrap().iter().any(|n| text(n) == *name);
        parts.as_array().unwrap().iter().position(holds).unwrap() as u32
    };
    names.iter().map(part_of).collect()
}

#[test]
fn modularity_and_agreement_of_given_partitions() {
    let communities = vectors("communities.json");
    let world = World::load("network_t13.json");
    let (expected, groups) = (&communities["t13"], world.plain_groups());
    let first = labels(&world.names, &expected["partition_1"]);
    let second = labels(&world.names, &expected["partition_2"]);
    let quality = |label: &[u32], gamma, weights| modularity(&world.graph, label, gamma, weights);
    check("Q1", quality(&first, 1.0, Weights::Binary), &expected["Q1"]);
    check("Q1 at 1.5", quality(&first, 1.5, Weights::Binary), &expected["Q1_gamma_1_5"]);
    check("Q1 weighted", quality(&first, 1.0, Weights::Tie), &expected["Q1_weighted"]);
    check("Q2", quality(&second, 1.0, Weights::Binary), &expected["Q2"]);
    check("Q2 weighted", quality(&second, 1.0, Weights::Tie), &expected["Q2_weighted"]);
    for (label, key) in [(&first, "dept_vs_p1"), (&second, "dept_vs_p2")] {
        check(key, adjusted_rand_index(&groups, label), &expected[key]["ari"]);
        check(key, normalised_mutual_information(&groups, label), &expected[key]["nmi"]);
    }
    let world = World::load("network_d8.json");
    let expected = &communities["directed_modularity_d8"];
    let label = labels(&world.names, &expected["parts"]);
    check("Q", modularity(&world.graph, &label, 1.0, Weights::Binary), &expected["Q"]);
    check(
        "Q weighted",
        modularity(&world.graph, &label, 1.0, Weights::Tie),
        &expected["Q_weighted"],
    );
    for case in communities["small"].as_array().unwrap() {
        let side = |key: &str| -> Vec<u32> {
            case[key].as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as u32).collect()
        };
        check("ari", adjusted_rand_index(&side("a"), &side("b")), &case["ari"]);
        check("nmi", normalised_mutual_information(&side("a"), &side("b")), &case["nmi"]);
    }
}

#[test]
fn leiden_finds_the_optimum_of_t13() {
    let expected = &vectors("communities.json")["t13"];
    let world = World::load("network_t13.json");
    for (weights, key) in [(Weights::Binary, "optimum"), (Weights::Tie, "optimum_weighted")] {
        let found = leiden(&world.graph, LeidenOptions { weights, ..LeidenOptions::default() });
        check(key, found.modularity, &expected[key]["Q"]);
        assert_eq!(found.label, labels(&world.names, &expected[key]["parts"]));
    }
}

#[test]
fn leiden_finds_the_optimum_of_the_karate_club() {
    let world = World::load("network_karate.json");
    let found = leiden(&world.graph, LeidenOptions::default());
    check("Q", found.modularity, &world.value["modularity_optimum"]);
    let clubs = world.plain_groups();
    check(
        "nmi",
        normalised_mutual_information(&clubs, &found.label),
        &world.value["nmi_best_vs_club"],
    );
    check("ari", adjusted_rand_index(&clubs, &found.label), &world.value["ari_best_vs_club"]);
    let best: Vec<u32> = world.value["leiden_best_membership"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| label.as_u64().unwrap() as u32)
        .collect();
    assert_eq!(adjusted_rand_index(&best, &found.label), 1.0);
    let quality = |gamma| modularity(&world.graph, &clubs, gamma, Weights::Binary);
    check("clubs", quality(1.0), &world.value["modularity_of_clubs"]);
    check("clubs at 0.5", quality(0.5), &world.value["modularity_of_clubs_gamma_0_5"]);
}

#[test]
fn personalised_pagerank_starts_again_at_the_seed() {
    let world = World::load("network_t13.json");
    let rank = pagerank(&world.graph, 0.85, Personalisation::Seeds(&[0]));
    world.check_nodes("ppr", &rank, &vectors("links.json")["ppr_from_a_alpha085"]);
}

#[test]
fn adjusted_p_values_agree_with_scipy() {
    // scipy.stats.false_discovery_control(p, method="bh"), scipy 1.17; statsmodels 0.15 agrees.
    let p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251];
    let expected = [
        0.012,
        0.048,
        0.1008,
        0.1008,
        0.1008,
        0.12,
        0.12685714285714284,
        0.24218181818181816,
        0.24218181818181816,
        0.24218181818181816,
        0.24218181818181816,
        0.251,
    ];
    for (actual, expected) in adjusted_p(&p).into_iter().zip(expected) {
        assert!((actual - expected).abs() <= 1e-12, "{actual} {expected}");
    }
    let mut shuffled = p;
    shuffled.reverse();
    let mut adjusted = adjusted_p(&shuffled);
    adjusted.reverse();
    assert_eq!(adjusted, adjusted_p(&p));
    let with_gap = adjusted_p(&[0.01, f64::NAN, 0.02]);
    assert!(with_gap[1].is_nan());
    assert_eq!((with_gap[0], with_gap[2]), (0.02, 0.02));
}

#[test]
fn four_node_brokerage_example_of_the_reference() {
    let names: Vec<String> = ["0", "1", "2", "3"].map(String::from).to_vec();
    let arcs = serde_json::json!([[0, 1], [0, 2], [1, 2], [1, 3], [2, 3], [3, 0]]);
    let graph: Graph = graph_of(&names, &arcs, true);
    let roles = brokerage(&graph, &[0, 0, 1, 1]);
    let of = |node: usize| roles[node].to_array();
    assert_eq!(of(0), [0.0, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(of(1), [0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(of(2), [0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(of(3), [0.0, 1.0, 0.0, 1.0, 0.0]);
}
