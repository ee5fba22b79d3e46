//! Kumu JSON: elements and connections.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

use super::Attributes;
use super::graphml::tie;
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::text;

/// Largest file that is read: JSON has to be held whole.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a Kumu map (also node-link JSON with `nodes` and `links` or `edges`).
#[derive(Debug)]
pub struct Kumu;

impl Source for Kumu {
    fn name(&self) -> &'static str {
        "kumu"
    }

    fn about(&self) -> &'static str {
        "a map from Kumu, or node-link JSON (.json)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let head = text::head(probe.head);
        let has = |word: &str| head.contains(&format!("\"{word}\""));
        let json = probe.has_extension("json");
        let kumu = has("elements") && (has("connections") || json);
        let node_link = has("nodes") && (has("links") || has("edges")) && json;
        let object = head.trim_start_matches('\u{feff}').trim_start().starts_with('{');
        if object && (kumu || node_link) { Confidence::Likely } else { Confidence::No }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut bytes = Vec::new();
        text::as_utf8(input)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        let lost = |sink: &mut dyn Sink, reason: String| {
            sink.issue(Position::File, Severity::Lost, reason)
        };
        if bytes.len() as u64 > MAX_BYTES {
            return lost(sink, "network in JSON over 64 MiB: save it as GraphML or CSV".to_owned());
        }
        let text = text::decode(&bytes).0;
        let parsed: Result<Value, _> = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        let map = match parsed {
            Ok(Value::Object(map)) => map,
            Ok(_) => return lost(sink, "JSON that holds no network".to_owned()),
            Err(error) => return lost(sink, format!("broken JSON: {error}")),
        };
        let list =
            |names: &[&str]| names.iter().find_map(|name| map.get(*name).and_then(Value::as_array));
        let nodes = list(&["elements", "nodes"]);
        let ties = list(&["connections", "links", "edges"]);
        if nodes.is_none() && ties.is_none() {
            return lost(sink, "JSON without elements and connections".to_owned());
        }
        let directed = map.get("directed").and_then(Value::as_bool).unwrap_or(false);
        for (at, value) in nodes.into_iter().flatten().enumerate() {
            deliver(sink, at, node(value))?;
        }
        for (at, value) in ties.into_iter().flatten().enumerate() {
            deliver(sink, at, connection(value, directed))?;
        }
        Ok(())
    }
}

fn deliver(
    sink: &mut dyn Sink,
    at: usize,
    record: Result<Record, &'static str>,
) -> Result<(), Stop> {
    let position = Position::Row(at as u64 + 1);
    match record {
        Ok(record) => sink.record(position, record),
        Err(reason) => sink.issue(position, Severity::Lost, reason.to_owned()),
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        // A reference may be written as an object with an id.
        Value::Object(map) => map.get("id").or_else(|| map.get("_id")).and_then(text_of),
        _ => None,
    }
}

fn attributes(map: &Map<String, Value>) -> Attributes {
    let mut attributes = Attributes::default();
    let inner = map.get("attributes").and_then(Value::as_object);
    for (name, value) in inner.into_iter().flatten().chain(map) {
        if let Some(text) = text_of(value) {
            attributes.add(name, &text);
        }
    }
    attributes
}

/// Elements are referred to by `_id` in exports and by label in hand-made files.
fn node(value: &Value) -> Result<Record, &'static str> {
    let map = value.as_object().ok_or("element that is no object")?;
    let attributes = attributes(map);
    let label = attributes.first(&["label", "name"]);
    let id = ["_id", "id", "key"].iter().find_map(|name| map.get(*name).and_then(text_of));
    let id = id.or_else(|| label.clone()).ok_or("element without an id and a label")?;
    let mut node = attributes.node(&id, label);
    // Kumu's element type says what it is (Person, Organisation), not where it belongs.
    if node.unit.is_some() && node.unit == attributes.first(&["element type"]) {
        node.unit = None;
    }
    Ok(Record::Node(Box::new(node)))
}

fn connection(value: &Value, default: bool) -> Result<Record, &'static str> {
    let map = value.as_object().ok_or("connection that is no object")?;
    let end = |names: [&str; 2]| names.iter().find_map(|name| map.get(*name).and_then(text_of));
    let (from, to) = (end(["from", "source"]), end(["to", "target"]));
    let directed = match map.get("direction").and_then(Value::as_str) {
        Some(direction) => direction == "directed",
        None => map.get("directed").and_then(Value::as_bool).unwrap_or(default),
    };
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    tie(from, to, directed, &attributes(map), None).map(|tie| Record::StatedTie(Box::new(tie)))
}
