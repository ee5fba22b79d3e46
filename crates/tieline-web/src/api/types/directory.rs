//! People, organisations and their parts.

use serde::{Deserialize, Serialize};
use tieline_model::org::{Affiliation, Unit};
use tieline_store::{Person, PersonRow, UnitRow};
use utoipa::{IntoParams, ToSchema};

use super::time;

/// Which people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleAsked {
    /// Words of names, organisations, roles and tags.
    pub(crate) q: Option<String>,
    /// Id of a unit; those inside it count.
    pub(crate) unit: Option<String>,
    /// `person` or `organisation`.
    pub(crate) kind: Option<String>,
    /// A tag that they have.
    pub(crate) tag: Option<String>,
    /// What their role contains.
    pub(crate) role: Option<String>,
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
    /// At most this many, 1 to 200; 50 when not said.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u64>,
}

/// A directory card.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonCard {
    pub(crate) id: String,
    pub(crate) name: String,
    /// person | organisation
    pub(crate) kind: &'static str,
    pub(crate) title: Option<String>,
    pub(crate) unit: Option<UnitRef>,
    pub(crate) organisation: Option<UnitRef>,
}

/// A unit by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A person or organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonFull {
    pub(crate) id: String,
    pub(crate) name: String,
    /// person | organisation
    pub(crate) kind: &'static str,
    pub(crate) affiliations: Vec<Post>,
    /// For stewards and the person; else null.
    pub(crate) addresses: Option<Vec<String>>,
}

/// That a person belongs to a unit for a time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Post {
    pub(crate) title: Option<String>,
    /// The narrowest unit first, the organisation last.
    pub(crate) units: Vec<UnitRef>,
    /// Null: as far back as anything is known.
    pub(crate) from: Option<String>,
    /// First moment after; null: still so.
    pub(crate) to: Option<String>,
    /// person | directory | card | domain | network-file | community
    pub(crate) source: &'static str,
    /// Not confirmed yet.
    pub(crate) proposed: bool,
}

/// A tie as far as it may be seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TieSeen {
    pub(crate) person: PersonRef,
    /// exists | band | full
    pub(crate) shown: &'static str,
    /// 1, 3 or 5 of 5 in a band, 1 to 5 in full; null when only its existence is shown.
    pub(crate) bars: Option<u8>,
    /// METHODS 1.1; in full alone.
    pub(crate) strength: Option<f64>,
    /// Last contact; in full alone.
    pub(crate) last: Option<String>,
}

/// A person by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// An organisation or a part of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitFull {
    pub(crate) id: String,
    pub(crate) name: String,
    /// organisation | department | community
    pub(crate) kind: &'static str,
    /// Id of the unit that it is part of.
    pub(crate) parent: Option<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) people: u64,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> Self {
        Self { id: unit.id.to_string(), name: unit.name.clone() }
    }
}

impl From<PersonRow> for PersonCard {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            kind: row.kind.name(),
            title: row.title,
            unit: row.unit.as_ref().map(UnitRef::from),
            organisation: row.organisation.as_ref().map(UnitRef::from),
        }
    }
}

impl PersonFull {
    pub(crate) fn of(person: &Person, addresses: bool) -> Self {
        let texts = || {
            let seen = person.addresses.iter().filter_map(|address| address.seen.as_ref());
            seen.map(|seen| seen.address.to_string()).collect()
        };
        Self {
            id: person.actor.id.to_string(),
            name: person.actor.name.clone(),
            kind: person.actor.kind.name(),
            affiliations: person.affiliations.iter().map(Post::from).collect(),
            addresses: addresses.then(texts),
        }
    }
}

impl From<&(Affiliation, Vec<Unit>)> for Post {
    fn from((own, units): &(Affiliation, Vec<Unit>)) -> Self {
        Self {
            title: own.title.clone(),
            units: units.iter().map(UnitRef::from).collect(),
            from: own.from.map(time),
            to: own.to.map(time),
            source: own.source.name(),
            proposed: own.proposed,
        }
    }
}

impl From<UnitRow> for UnitFull {
    fn from(row: UnitRow) -> Self {
        Self {
            id: row.unit.id.to_string(),
            name: row.unit.name,
            kind: row.unit.kind.name(),
            parent: row.unit.parent.map(|parent| parent.to_string()),
            domains: row.unit.domains,
            people: row.n_people,
        }
    }
}
