//! What is said, set and kept for one account or many: places, fields, units, views, rhythms, what is
//! put off, and changes of many at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{NoteAsked, PersonCard, PlaceAsked, UnitFull, UnitRef};

/// A place that someone said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceSeen {
    pub(crate) id: String,
    pub(crate) unit: String,
    pub(crate) title: Option<String>,
    /// Null: as far back as anything is known.
    pub(crate) from: Option<String>,
    /// First moment after; null: still so.
    pub(crate) to: Option<String>,
    /// Id of the account that said it last; null: one that is gone.
    pub(crate) by: Option<String>,
    pub(crate) version: i64,
}

/// What a place becomes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceChange {
    pub(crate) place: PlaceAsked,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// What a note becomes; where nothing is said of who reads it, that stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteChange {
    pub(crate) note: NoteAsked,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// An organisation to be added, or a department of one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// Id of the organisation that it is a department of.
    pub(crate) parent: Option<String>,
}

/// An organisation or a part of one, with who is there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganisationSeen {
    pub(crate) unit: UnitFull,
    /// The units that it is part of, the widest first.
    pub(crate) above: Vec<UnitRef>,
    pub(crate) parts: Vec<UnitFull>,
    /// The first of its people, by name.
    pub(crate) people: Vec<OrganisationPerson>,
    /// How many people it has.
    pub(crate) total: u64,
}

/// One of its people, with the account's own tie.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganisationPerson {
    pub(crate) person: PersonCard,
    /// Null: there is none, or the account is no person of the data.
    pub(crate) tie: Option<OwnTie>,
}

/// A tie of the account's own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnTie {
    /// METHODS 1.1.
    pub(crate) strength: f64,
    /// 1 to 5.
    pub(crate) bars: u8,
    pub(crate) last: Option<String>,
    /// Days of contact in the last twelve months.
    pub(crate) days: Vec<String>,
}

/// A custom field of people and organisations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldSeen {
    pub(crate) id: String,
    pub(crate) name: String,
    /// text | number | date | choice
    pub(crate) kind: &'static str,
    /// Values of a choice.
    pub(crate) choices: Vec<String>,
}

/// A value of a custom field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldValue {
    pub(crate) field: String,
    pub(crate) value: String,
}

/// Values of custom fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldsAsked {
    /// By the id of each field; an empty value is cleared, a field that is not named stays.
    pub(crate) values: BTreeMap<String, String>,
}

/// A listing of the directory, saved under a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewSeen {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Its filters, as a query string.
    pub(crate) query: String,
    /// Whether all members see it.
    pub(crate) shared: bool,
    /// Whether the account saved it.
    pub(crate) own: bool,
}

/// A listing to be saved; one of this name is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewAsked {
    /// At most 60 characters.
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) shared: bool,
    #[serde(default)]
    pub(crate) filters: FiltersAsked,
}

/// Filters of the directory.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FiltersAsked {
    /// Words of names, organisations, roles and tags.
    pub(crate) q: String,
    /// Id of a unit; those inside it count.
    pub(crate) unit: String,
    /// person | organisation
    pub(crate) kind: String,
    /// A tag that they have.
    pub(crate) tag: String,
    /// What their role contains.
    pub(crate) role: String,
    /// Days back within which an import saw them; for stewards.
    pub(crate) seen: String,
}

/// How often the account wants to be in touch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RhythmSeen {
    /// 1 to 3,650; null: as they usually are.
    pub(crate) days: Option<u64>,
}

/// Something put off.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnoozeSeen {
    /// Its kind and ids.
    pub(crate) item: String,
    /// First moment at which it shows again.
    pub(crate) until: String,
}

/// Something to be put off for two weeks, or to show again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnoozeAsked {
    /// Its kind and ids, at most 500 bytes.
    pub(crate) item: String,
}

/// Whom a change of many would change.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct BulkPreviewAsked {
    /// Words of names, organisations, roles and tags.
    pub(crate) q: Option<String>,
    /// Id of a unit; those inside it count.
    pub(crate) unit: Option<String>,
    /// person | organisation
    pub(crate) kind: Option<String>,
    /// A tag that they have.
    pub(crate) tag: Option<String>,
    /// What their role contains.
    pub(crate) role: Option<String>,
    /// Days back within which an import saw them.
    pub(crate) seen: Option<String>,
}

/// Whom a change would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkPreview {
    /// How many; say it with the change.
    pub(crate) n: u64,
    /// The first of them, by name.
    pub(crate) people: Vec<PersonCard>,
}

/// A change of many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkAsked {
    /// tag | place | opt-out
    pub(crate) what: String,
    /// The tag, or the name of the organisation.
    #[serde(default)]
    pub(crate) with: String,
    /// How many the preview said: where the list changed since, nothing is done.
    pub(crate) n: u64,
    #[serde(default)]
    pub(crate) filters: FiltersAsked,
}

/// What a change of many did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkMade {
    /// By which it is taken back.
    pub(crate) id: String,
    /// How many were really changed; the others were so already.
    pub(crate) changed: u64,
}
