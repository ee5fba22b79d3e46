//! Stakeholders of a partnership or an organisation.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whose register: one of both.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegisterAsked {
    /// Id of a partnership that the account is in.
    pub(crate) partnership: Option<String>,
    /// Id of an organisation or a part of one that the account works in.
    pub(crate) organisation: Option<String>,
    /// Where the part before ended.
    pub(crate) cursor: Option<String>,
}

/// A stakeholder to be written down: a person by mail, a unit by id, or a name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StakeholderAsked {
    pub(crate) partnership: Option<String>,
    pub(crate) organisation: Option<String>,
    pub(crate) mail: String,
    pub(crate) unit: String,
    pub(crate) name: String,
    pub(crate) about: String,
}

/// A stakeholder as the account sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StakeholderSeen {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) about: String,
    pub(crate) wants: String,
    /// internal | external | both; null: as the directory says
    pub(crate) side: Option<&'static str>,
    pub(crate) power: Option<bool>,
    pub(crate) legitimacy: Option<bool>,
    pub(crate) urgency: Option<bool>,
    /// Classes of salience that are still possible.
    pub(crate) salience: Vec<&'static str>,
    pub(crate) version: i64,
    /// Where the account placed it.
    pub(crate) own: Option<PlacementSeen>,
    /// How many people placed it.
    pub(crate) placed_by: usize,
    /// All placements without names; empty before the account gave its own.
    pub(crate) placements: Vec<PlacementSeen>,
    pub(crate) stance: Option<StanceSeen>,
}

/// A placement, both from 0 to 1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlacementSeen {
    pub(crate) power: f64,
    pub(crate) interest: f64,
}

/// How a stakeholder stands, as it was last said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StanceSeen {
    pub(crate) number: i64,
    /// unaware | resistant | neutral | supportive | leading
    pub(crate) now: &'static str,
    pub(crate) wanted: Option<&'static str>,
    pub(crate) wanted_by: Option<String>,
    pub(crate) reassess: Option<String>,
    pub(crate) evidence: String,
}

/// What is said of a stakeholder, all of it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StakeholderChanged {
    /// The version that was read.
    pub(crate) version: i64,
    pub(crate) about: String,
    pub(crate) wants: String,
    /// internal | external | both
    pub(crate) side: Option<String>,
    pub(crate) power: Option<bool>,
    pub(crate) legitimacy: Option<bool>,
    pub(crate) urgency: Option<bool>,
}

/// Where the account places a stakeholder.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacementAsked {
    /// 0 to 1
    pub(crate) power: f64,
    /// 0 to 1
    pub(crate) interest: f64,
    #[serde(default)]
    pub(crate) why: String,
}

/// How a stakeholder stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StanceAsked {
    /// Number of the last word on it; 0: none yet.
    pub(crate) after: i64,
    /// unaware | resistant | neutral | supportive | leading
    pub(crate) now: String,
    #[serde(default)]
    pub(crate) wanted: String,
    /// A day, like 2026-11-23.
    #[serde(default)]
    pub(crate) wanted_by: String,
    #[serde(default)]
    pub(crate) reassess: String,
    #[serde(default)]
    pub(crate) evidence: String,
}

/// A step towards a stakeholder, to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TowardsAsked {
    pub(crate) text: String,
    /// A day, like 2026-11-23.
    #[serde(default)]
    pub(crate) due: String,
}

/// A step towards a stakeholder.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TowardsSeen {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) due: Option<String>,
    pub(crate) done: Option<String>,
}

/// Whom a stakeholder sways.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InfluenceAsked {
    /// Id of another stakeholder of the register.
    pub(crate) to: String,
    /// some | strong; null: it does not
    pub(crate) strength: Option<String>,
    #[serde(default)]
    pub(crate) note: String,
}
