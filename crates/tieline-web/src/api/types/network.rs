//! The network, its findings and what is tried with it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::PersonRef;

/// Which network: at another moment, or a part of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct NetworkAsked {
    /// A day like 2026-03-31, that day included; the newest when not said.
    pub(crate) at: Option<String>,
    /// message | meeting | call | recorded | stated; all when not said.
    pub(crate) kind: Option<String>,
    /// Id of an organisation of five people or more.
    pub(crate) unit: Option<String>,
    /// working (when not said) | middling | strong
    pub(crate) least: Option<String>,
}

/// A finding over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingOverTime {
    pub(crate) kind: String,
    /// As it was told last.
    pub(crate) headline: String,
    /// new | stays | gone
    pub(crate) state: &'static str,
    /// First moment that it was told of, without a break since.
    pub(crate) since: String,
    /// Moment from which it is not told any more; null while it is.
    pub(crate) until: Option<String>,
}

/// Which file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportAsked {
    /// svg | gexf | csv
    pub(crate) format: Option<String>,
    /// seen | said | formal, for the map; all ties when not said.
    pub(crate) layer: Option<String>,
}

/// What is tried: someone leaves, two people get a tie, or two groups become one.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhatIfAsked {
    /// Id of who leaves.
    pub(crate) without: Option<String>,
    /// Ids of the two who get a tie.
    pub(crate) a: Option<String>,
    pub(crate) b: Option<String>,
    /// Names of the two groups that become one.
    pub(crate) merge: Option<String>,
    pub(crate) with: Option<String>,
}

/// What would change. Nothing is saved.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct WhatIfSeen {
    pub(crate) numbers: Vec<NumberChange>,
    /// Ties found over ties expected of pairs of groups.
    pub(crate) gaps: Vec<GapChangeSeen>,
    /// Pairs of groups that lose their only tie.
    pub(crate) lost_links: Vec<[String; 2]>,
    /// How it is worked out.
    pub(crate) note: String,
}

/// A number as it is, and as it would be; null where it is not defined.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberChange {
    pub(crate) name: &'static str,
    pub(crate) before: Option<f64>,
    pub(crate) after: Option<f64>,
}

/// A pair of groups, as it is and as it would be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapChangeSeen {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) before: Option<f64>,
    pub(crate) after: Option<f64>,
}

/// Which two moments.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesAsked {
    /// A day, that day included; 90 days before `to` when not said.
    pub(crate) from: Option<String>,
    /// A day, that day included; the newest when not said.
    pub(crate) to: Option<String>,
    /// message | meeting | call | recorded | stated; all when not said.
    pub(crate) kind: Option<String>,
    /// Id of an organisation of five people or more.
    pub(crate) unit: Option<String>,
    /// working (when not said) | middling | strong
    pub(crate) least: Option<String>,
}

/// What changed between two moments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesSeen {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Ties that were none then.
    pub(crate) appeared: usize,
    /// Ties at least 1.5 times as strong.
    pub(crate) strengthened: usize,
    /// Ties at least 1.5 times as strong then.
    pub(crate) cooled: usize,
    /// Ties that are none now.
    pub(crate) vanished: usize,
    /// People with a tie who had none; null where the account sees no names.
    pub(crate) joined: Option<Vec<PersonRef>>,
    /// People with no tie who had one; null where the account sees no names.
    pub(crate) left: Option<Vec<PersonRef>>,
    /// Pairs of groups whose number of ties changed.
    pub(crate) groups: Vec<LinkChangeSeen>,
    /// Single ties: those of the account, in a workspace of one all.
    pub(crate) ties: Vec<TieChangeSeen>,
}

/// Ties between two groups.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkChangeSeen {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) then: usize,
    pub(crate) now: usize,
}

/// A tie that changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TieChangeSeen {
    /// appeared | strengthened | cooled | vanished
    pub(crate) change: &'static str,
    pub(crate) a: PersonRef,
    pub(crate) b: PersonRef,
    /// Strength then; 0 where there was no contact.
    pub(crate) then: f64,
    pub(crate) now: f64,
}

/// A finding with what is needed to judge it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingSeen {
    pub(crate) kind: &'static str,
    pub(crate) headline: String,
    pub(crate) detail: String,
    /// What to do about it.
    pub(crate) action: String,
    /// Whether it asks for attention.
    pub(crate) flagged: bool,
    pub(crate) parts: Vec<FindingPart>,
    /// What it rests on.
    pub(crate) evidence: String,
    pub(crate) coverage: String,
    pub(crate) stability: String,
    /// Where the method comes from.
    pub(crate) method: String,
}

/// A number that a finding is made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingPart {
    pub(crate) name: &'static str,
    /// Null: not defined.
    pub(crate) value: Option<f64>,
    pub(crate) meaning: &'static str,
}

/// All findings as of one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsSeen {
    pub(crate) as_of: Option<String>,
    /// Whether people are named.
    pub(crate) names: bool,
    pub(crate) items: Vec<FindingSeen>,
}

/// The network in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NetworkSummary {
    pub(crate) as_of: Option<String>,
    /// When it was computed.
    pub(crate) built: String,
    pub(crate) people: usize,
    pub(crate) connected_people: usize,
    /// People who stay off the map.
    pub(crate) opted_out: usize,
    pub(crate) organisations: usize,
    pub(crate) ties: usize,
    pub(crate) interactions: u64,
    pub(crate) components: usize,
    pub(crate) density: Option<f64>,
    pub(crate) largest_share: Option<f64>,
    pub(crate) mean_steps: Option<f64>,
    pub(crate) across_share: Option<f64>,
    pub(crate) across_expected: Option<f64>,
    pub(crate) coverage: Option<f64>,
    pub(crate) transitivity: Option<f64>,
}

/// A group of five people or more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupSeen {
    pub(crate) name: String,
    /// Id of the unit; null for a community.
    pub(crate) unit: Option<String>,
    pub(crate) people: usize,
    pub(crate) ties_inside: usize,
    pub(crate) ties_outside: usize,
    /// E-I index, -1 to 1.
    pub(crate) ei: Option<f64>,
    pub(crate) coverage: Option<f64>,
}

/// The groups of the network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupsSeen {
    pub(crate) as_of: Option<String>,
    pub(crate) items: Vec<GroupSeen>,
    /// Groups under five people, which are counted alone.
    pub(crate) small_groups: usize,
    pub(crate) people_in_small_groups: usize,
}
