//! Networks that somebody has already: edge lists, node lists, GraphML, GEXF, Kumu, Pajek, and who
//! took part in what.
//!
//! Ids are handed over as written; that they mean something only within their files is the
//! pipeline's business. The word in `kind` of a mapping overrides what a table seems to be:
//! `edges`, `nodes`, `node-labels` (pairs of a node and its unit, which look exactly like an edge
//! list), `two-mode`, `matrix`.

mod gexf;
mod graphml;
mod kumu;
mod pajek;
mod tables;
mod xml;

pub use gexf::Gexf;
pub use graphml::GraphMl;
pub use kumu::Kumu;
pub use pajek::Pajek;
pub use tables::NetworkTable;

use tieline_model::record::{Node, Record};

use crate::directory::looks_like_email;
use crate::table::words::folded;

/// Attributes that name a node, best first.
const LABELS: [&str; 11] = [
    "label",
    "full name",
    "fullname",
    "display name",
    "name",
    "vertex names",
    "screen name",
    "firstname",
    "title",
    "short name",
    "acronym",
];

/// Attributes that say which group a node belongs to, best first.
const UNITS: [&str; 25] = [
    "department",
    "dept",
    "unit",
    "team",
    "division",
    "agency",
    "party",
    "club",
    "discipline",
    "disc col",
    "school",
    "faculty",
    "section",
    "status",
    "group",
    "community",
    "cluster",
    "org unit",
    "abteilung",
    "category",
    "type",
    "class",
    "region",
    "activity type",
    "modularity class",
];

/// Attributes that name an organisation.
const ORGANISATIONS: [&str; 7] =
    ["organisation", "organization", "company", "employer", "institution", "affiliation", "org"];

/// A node from its attributes, whatever format they come from.
#[derive(Debug, Default)]
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn add(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.0.push((folded(name), value.to_owned()));
        }
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    /// The record of a node; one without an id is none.
    fn record(&self, id: &str, label: Option<String>) -> xml::Found {
        if id.is_empty() {
            return Err("node without an id");
        }
        Ok(Record::Node(Box::new(self.node(id, label))))
    }

    /// The node; `label` is what the format itself states as its label.
    fn node(&self, id: &str, label: Option<String>) -> Node {
        let label = label.filter(|label| !label.trim().is_empty()).or_else(|| self.first(&LABELS));
        let email = self.first(&["email", "e mail", "mail"]).or_else(|| {
            self.0.iter().map(|(_, value)| value.clone()).find(|v| looks_like_email(v))
        });
        let email = email.filter(|text| looks_like_email(text));
        Node {
            id: id.to_owned(),
            label,
            email,
            organisation: self.first(&ORGANISATIONS),
            unit: self.first(&UNITS),
        }
    }
}

/// A weight: finite and not negative; `None` for everything else.
fn weight(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = text.parse::<f64>().ok().or_else(|| text.replace(',', ".").parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests;
