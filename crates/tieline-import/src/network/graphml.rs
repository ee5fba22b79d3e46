//! GraphML.

use std::collections::HashMap;
use std::io::BufRead;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Record, StatedTie};
use tieline_model::time::Moment;

use super::xml::{self, Document, Element, Found};
use super::{Attributes, weight};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::table::dates::{DateOrder, moment};
use crate::table::words::folded;

/// Reads GraphML (also as yEd writes it).
#[derive(Debug)]
pub struct GraphMl;

impl Source for GraphMl {
    fn name(&self) -> &'static str {
        "graphml"
    }

    fn about(&self) -> &'static str {
        "a network in GraphML (.graphml)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        xml::detect(probe, "graphml")
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        xml::read(input, &mut Network::default(), sink)
    }
}

/// A `<key>`: the attribute's name and default.
struct Key {
    name: String,
    default: Option<String>,
}

/// A node or an edge while it is open.
#[derive(Default)]
struct Open {
    at: u64,
    id: String,
    ends: Option<(String, String)>,
    directed: bool,
    attributes: Attributes,
    label: Option<String>,
}

#[derive(Default)]
struct Network {
    keys: HashMap<String, Key>,
    /// The key whose default is being read.
    key: Option<String>,
    data: Option<String>,
    directed: bool,
    open: Vec<Open>,
}

impl Document for Network {
    fn start(&mut self, element: &Element, at: u64, sink: &mut dyn Sink) -> Result<(), Stop> {
        let attribute = |name: &str| element.attribute(name).map(str::to_owned);
        match element.name.as_str() {
            "key" => {
                if let Some(id) = attribute("id") {
                    let name = attribute("attr.name").unwrap_or_else(|| id.clone());
                    self.key = Some(id.clone());
                    self.keys.insert(id, Key { name, default: None });
                }
            }
            "graph" => self.directed = attribute("edgedefault").as_deref() == Some("directed"),
            "node" => {
                let id = attribute("id").unwrap_or_default();
                self.open.push(Open { at, id, ..Open::default() });
            }
            "edge" => {
                let ends = attribute("source").zip(attribute("target"));
                let directed = match attribute("directed").as_deref() {
                    Some("true") => true,
                    Some("false") => false,
                    _ => self.directed,
                };
                let ends = ends.or(Some(Default::default()));
                self.open.push(Open { at, ends, directed, ..Open::default() });
            }
            "data" => self.data = attribute("key"),
            "hyperedge" => {
                let reason = "a tie among more than two (hyperedge) is not read".to_owned();
                sink.issue(Position::Byte(at), Severity::Lost, reason)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, text: &str) -> Option<(u64, Found)> {
        match name {
            "default" => {
                if let Some(key) = self.key.as_ref().and_then(|id| self.keys.get_mut(id)) {
                    key.default = Some(text.trim().to_owned());
                }
            }
            "key" => self.key = None,
            "data" => {
                let key = self.data.take();
                if let (Some(open), Some(key)) = (self.open.last_mut(), key) {
                    let name = self.keys.get(&key).map_or(key.as_str(), |key| key.name.as_str());
                    open.attributes.add(name, text);
                }
            }
            // yEd writes labels as graphics.
            "nodelabel" | "edgelabel" => {
                if let Some(open) = self.open.last_mut() {
                    open.label.get_or_insert_with(|| text.trim().to_owned());
                }
            }
            "node" | "edge" => return self.open.pop().map(|open| (open.at, self.found(open))),
            _ => {}
        }
        None
    }
}

impl Network {
    fn found(&self, mut open: Open) -> Found {
        for key in self.keys.values() {
            let name = folded(&key.name);
            let missing = !open.attributes.0.iter().any(|(known, _)| *known == name);
            if let Some(default) = key.default.as_ref().filter(|_| missing) {
                open.attributes.add(&key.name, default);
            }
        }
        match open.ends {
            None => open.attributes.record(&open.id, open.label),
            Some((from, to)) => tie(from, to, open.directed, &open.attributes, open.label)
                .map(|tie| Record::StatedTie(Box::new(tie))),
        }
    }
}

/// A tie from its ends and attributes.
pub(super) fn tie(
    from: String,
    to: String,
    directed: bool,
    attributes: &Attributes,
    label: Option<String>,
) -> Result<StatedTie, &'static str> {
    if from.is_empty() || to.is_empty() {
        return Err("tie with one end only");
    }
    let written = attributes.first(&["weight", "strength", "value"]);
    let weight = match written {
        None => 1.0,
        Some(text) => weight(&text).ok_or("tie whose weight is no number from 0 up")?,
    };
    let at: Option<Moment> = attributes
        .first(&["time", "timestamp", "date", "datetime"])
        .and_then(|text| moment(&text, DateOrder::DayFirst));
    let label = label.filter(|label| !label.is_empty());
    let kind = attributes.first(&["kind", "relation", "relationship", "type", "label"]).or(label);
    Ok(StatedTie { from, to, weight, directed, at, kind })
}
