//! GEXF 1.1 to 1.3, as Gephi writes it.

use std::collections::HashMap;
use std::io::BufRead;

use tieline_model::record::Record;
use tieline_model::time::Moment;

use super::Attributes;
use super::graphml::tie;
use super::xml::{self, Document, Element, Found};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::table::dates::{DateOrder, moment};

/// Reads GEXF.
#[derive(Debug)]
pub struct Gexf;

impl Source for Gexf {
    fn name(&self) -> &'static str {
        "gexf"
    }

    fn about(&self) -> &'static str {
        "a network from Gephi (.gexf)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        xml::detect(probe, "gexf")
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

#[derive(Default)]
struct Open {
    at: u64,
    id: String,
    label: Option<String>,
    ends: Option<(String, String)>,
    directed: bool,
    start: Option<String>,
    attributes: Attributes,
}

#[derive(Default)]
struct Network {
    /// Class (node or edge) of the attributes being declared.
    class: String,
    /// (class, id) -> title.
    titles: HashMap<(String, String), String>,
    directed: bool,
    open: Vec<Open>,
}

impl Document for Network {
    fn start(&mut self, element: &Element, at: u64, _: &mut dyn Sink) -> Result<(), Stop> {
        let attribute = |name: &str| element.attribute(name).map(str::to_owned);
        match element.name.as_str() {
            "graph" => self.directed = attribute("defaultedgetype").as_deref() == Some("directed"),
            "attributes" => self.class = attribute("class").unwrap_or_default(),
            "attribute" => {
                if let Some((id, title)) = attribute("id").zip(attribute("title")) {
                    self.titles.insert((self.class.clone(), id), title);
                }
            }
            "node" => self.open.push(Open {
                at,
                id: attribute("id").unwrap_or_default(),
                label: attribute("label"),
                ..Open::default()
            }),
            "edge" => {
                let mut open = Open {
                    at,
                    ends: Some((
                        attribute("source").unwrap_or_default(),
                        attribute("target").unwrap_or_default(),
                    )),
                    label: attribute("label"),
                    directed: match attribute("type").as_deref() {
                        Some("directed") => true,
                        Some("undirected" | "mutual") => false,
                        _ => self.directed,
                    },
                    start: attribute("start").or_else(|| attribute("timestamp")),
                    ..Open::default()
                };
                if let Some(weight) = attribute("weight") {
                    open.attributes.add("weight", &weight);
                }
                if let Some(kind) = attribute("kind") {
                    open.attributes.add("kind", &kind);
                }
                self.open.push(open);
            }
            "spell" => {
                if let Some(open) = self.open.last_mut().filter(|open| open.start.is_none()) {
                    open.start = attribute("start").or_else(|| attribute("timestamp"));
                }
            }
            "attvalue" => self.value(element),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, _: &str) -> Option<(u64, Found)> {
        if !matches!(name, "node" | "edge") {
            return None;
        }
        let open = self.open.pop()?;
        let found = match open.ends {
            None => open.attributes.record(&open.id, open.label),
            Some((from, to)) => {
                tie(from, to, open.directed, &open.attributes, open.label).map(|mut tie| {
                    tie.at = tie.at.or_else(|| open.start.as_deref().and_then(dated));
                    Record::StatedTie(Box::new(tie))
                })
            }
        };
        Some((open.at, found))
    }
}

impl Network {
    fn value(&mut self, element: &Element) {
        let Some(open) = self.open.last_mut() else { return };
        let id = element.attribute("for").or_else(|| element.attribute("id")).unwrap_or_default();
        let class = if open.ends.is_some() { "edge" } else { "node" };
        let title = self.titles.get(&(class.to_owned(), id.to_owned())).map_or(id, String::as_str);
        open.attributes.add(title, element.attribute("value").unwrap_or_default());
    }
}

/// Only real dates: GEXF times are often plain numbers without a unit.
fn dated(text: &str) -> Option<Moment> {
    let plain = text.parse::<f64>().is_ok();
    if plain { None } else { moment(text, DateOrder::DayFirst) }
}
