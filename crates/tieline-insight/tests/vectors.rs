//! The method vectors of fixture T13, through the network.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{World, actor_id};
use serde_json::Value;
use tieline_insight::{Grouping, Names, Network, View, path, people, without};

fn json(name: &str) -> Value {
    let path = format!("{}/../../vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn t13() -> Network {
    let vector = json("network_t13.json");
    let mut world = World::new();
    for unit in ["ENG", "SAL", "OPS"] {
        world.department(unit, 0);
    }
    let names: Vec<&str> =
        vector["nodes"].as_array().unwrap().iter().map(|node| node.as_str().unwrap()).collect();
    for name in &names {
        world.person(name, vector["dept"][*name].as_str());
    }
    let index = |node: &Value| names.iter().position(|name| node == *name).unwrap() as u32;
    for tie in vector["edges"].as_array().unwrap() {
        world.tie(index(&tie[0]), index(&tie[1]), tie[2].as_f64().unwrap());
    }
    Network::build(world.input).unwrap()
}

fn same(actual: Option<f64>, expected: &Value, what: &str) {
    match (actual, expected.as_f64()) {
        (None, None) => {}
        (Some(actual), Some(expected)) if (actual - expected).abs() <= 1e-6 => {}
        _ => panic!("{what}: {actual:?} is not {expected}"),
    }
}

#[test]
fn measures_of_people_match_the_vectors() {
    let vector = json("network_t13.json");
    let network = t13();
    let view = View::new(&network, Some(Grouping::Department), Names::Shown);
    let nodes = &vector["nodes_expected"];
    for measures in people(&view) {
        let name = measures.person.label.as_str();
        same(Some(measures.degree as f64), &nodes["degree"][name], name);
        same(Some(measures.strength), &nodes["strength"][name], name);
        same(Some(measures.betweenness), &nodes["betweenness_raw"][name], name);
        same(measures.constraint, &nodes["burt_constraint"][name], name);
        same(measures.effective_size, &nodes["burt_effective_size"][name], name);
        same(measures.ei, &vector["ei"]["person"][name], name);
        same(Some(f64::from(measures.core)), &nodes["core_number"][name], name);
        let expected = &vector["gould_fernandez_undirected"][name];
        let roles = measures.roles.unwrap();
        same(Some(roles.coordinator), &expected["coordinator"], name);
        same(Some(roles.consultant), &expected["consultant"], name);
        same(
            Some(roles.gatekeeper_or_representative),
            &expected["gatekeeper_or_representative"],
            name,
        );
        same(Some(roles.liaison), &expected["liaison"], name);
    }
}

#[test]
fn removals_match_the_vectors() {
    let network = t13();
    let view = View::new(&network, Some(Grouping::Department), Names::Shown);
    for (name, expected) in json("resilience.json")["single_removal"].as_object().unwrap() {
        let Some(node) = network.node_of(actor_id(name)) else { continue };
        let loss = without(&view, &[node]);
        same(Some(loss.pair_loss), &expected["pair_loss"], name);
        same(loss.efficiency_loss, &expected["efficiency_loss"], name);
        same(Some(loss.components_after as f64), &expected["components"], name);
        let mut isolated: Vec<String> =
            loss.newly_isolated.iter().map(|person| person.label.clone()).collect();
        isolated.sort();
        assert_eq!(serde_json::json!(isolated), expected["newly_isolated"], "{name}");
    }
}

#[test]
fn warm_paths_match_the_vectors() {
    let network = t13();
    let view = View::new(&network, Some(Grouping::Department), Names::Shown);
    let node = |name: &Value| network.node_of(actor_id(name.as_str().unwrap())).unwrap();
    for case in json("links.json")["warm_intro"]["cases"].as_array().unwrap() {
        let hops = case["max_hops"].as_u64().map_or(13, |hops| hops as usize);
        let found = path(&view, node(&case["source"]), node(&case["target"]), hops);
        let Some(best) = found.paths.first() else {
            assert!(case["path"].is_null(), "{case}");
            continue;
        };
        same(Some(best.probability), &case["prob"], &case.to_string());
        let mut names = vec![best.steps[0].from.label.clone()];
        names.extend(best.steps.iter().map(|step| step.to.label.clone()));
        assert_eq!(serde_json::json!(names), case["path"], "{case}");
    }
}
