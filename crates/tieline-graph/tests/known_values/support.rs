//! Graphs and expected values from the vector files of the workspace.

use std::collections::BTreeMap;

use serde_json::Value;
use tieline_graph::Graph;

/// Values are compared with this absolute tolerance.
pub(crate) const TOLERANCE: f64 = 1e-6;

pub(crate) fn vectors(file: &str) -> Value {
    let path = format!("{}/../../vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A graph of the vector files with the names of its nodes.
pub(crate) struct World {
    pub(crate) names: Vec<String>,
    pub(crate) graph: Graph,
    pub(crate) groups: Vec<Option<u32>>,
    pub(crate) group_names: Vec<String>,
    pub(crate) value: Value,
}

impl World {
    pub(crate) fn load(file: &str) -> World {
        let value = vectors(file);
        let directed = file == "network_d8.json";
        World::of(value, directed)
    }

    pub(crate) fn of(value: Value, directed: bool) -> World {
        let names = node_names(&value);
        let graph = graph_of(&names, &value["edges"], directed);
        let dept: BTreeMap<String, String> = value["dept"]
            .as_object()
            .map(|dept| dept.iter().map(|(k, v)| (k.clone(), text(v))).collect())
            .unwrap_or_default();
        let mut group_names: Vec<String> = dept.values().cloned().collect();
        group_names.sort();
        group_names.dedup();
        let group = |name: &String| {
            let dept = dept.get(name)?;
            group_names.iter().position(|known| known == dept).map(|index| index as u32)
        };
        let groups = names.iter().map(group).collect();
        World { names, graph, groups, group_names, value }
    }

    pub(crate) fn node(&self, name: &Value) -> u32 {
        let name = text(name);
        self.names.iter().position(|known| *known == name).expect("a node of the graph") as u32
    }

    pub(crate) fn plain_groups(&self) -> Vec<u32> {
        self.groups.iter().map(|group| group.expect("everyone has a group")).collect()
    }

    /// Checks one value per node; `null` expects NaN.
    pub(crate) fn check_nodes(&self, what: &str, actual: &[f64], expected: &Value) {
        assert_eq!(actual.len(), self.names.len(), "{what}");
        let expected = expected.as_object().unwrap_or_else(|| panic!("{what}: no such vector"));
        assert_eq!(expected.len(), self.names.len(), "{what}");
        for (name, expected) in expected {
            let node = self.node(&Value::String(name.clone()));
            check(&format!("{what} of {name}"), actual[node as usize], expected);
        }
    }
}

pub(crate) fn check(what: &str, actual: f64, expected: &Value) {
    match expected.as_f64() {
        Some(expected) => assert!(
            (actual - expected).abs() <= TOLERANCE,
            "{what}: got {actual}, expected {expected}"
        ),
        None => {
            assert!(expected.is_null(), "{what}: no such vector");
            assert!(actual.is_nan(), "{what}: got {actual}, expected undefined");
        }
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn node_names(value: &Value) -> Vec<String> {
    if let Some(nodes) = value["nodes"].as_array() {
        return nodes.iter().map(text).collect();
    }
    if let Some(n) = value["n"].as_u64() {
        return (0..n).map(|node| node.to_string()).collect();
    }
    let mut names: Vec<String> =
        edges(&value["edges"]).into_iter().flat_map(|(u, v, _)| [u, v]).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    names.dedup();
    names
}

pub(crate) fn edges(value: &Value) -> Vec<(String, String, f64)> {
    let edge = |edge: &Value| {
        let weight = edge.get(2).and_then(Value::as_f64).unwrap_or(1.0);
        (text(&edge[0]), text(&edge[1]), weight)
    };
    value.as_array().expect("a list of edges").iter().map(edge).collect()
}

pub(crate) fn graph_of(names: &[String], value: &Value, directed: bool) -> Graph {
    let index = |name: &String| names.iter().position(|known| known == name).unwrap() as u32;
    let ties: Vec<(u32, u32, f64)> =
        edges(value).iter().map(|(u, v, s)| (index(u), index(v), *s)).collect();
    if directed {
        Graph::directed(names.len(), ties).unwrap()
    } else {
        Graph::undirected(names.len(), ties).unwrap()
    }
}
