//! Joint initiatives for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What partners do together, with all that is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativeSeen {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What it is for.
    pub(crate) text: String,
    /// Id of the objective that it serves.
    pub(crate) objective: Option<String>,
    /// Its first day.
    pub(crate) begins: Option<String>,
    /// Its last day.
    pub(crate) ends: Option<String>,
    /// planned | on-the-way | at-risk | behind | done | stopped
    pub(crate) progress: &'static str,
    /// Why it does not go better: past-end | ends-late | milestones-late | tasks-late | parts-behind |
    /// risks-high, the weightiest first.
    pub(crate) signs: Vec<&'static str>,
    /// The last day of what is left, at the earliest; null: nothing is left.
    pub(crate) can_end: Option<String>,
    /// What came of it and what was learnt, where it ended.
    pub(crate) learnt: Option<String>,
    pub(crate) parts: Vec<InitiativePartSeen>,
    pub(crate) tasks: Vec<InitiativeTaskSeen>,
    /// The highest first, those that are over last.
    pub(crate) risks: Vec<InitiativeRiskSeen>,
    /// Grows with each change of what it says itself.
    pub(crate) version: i64,
}

/// What a party brings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativePartSeen {
    pub(crate) id: String,
    /// Id of the party.
    pub(crate) party: String,
    pub(crate) text: String,
    /// How much is planned; null: it has no amount.
    pub(crate) amount: Option<u64>,
    pub(crate) unit: String,
    /// Sum of what was given and confirmed.
    pub(crate) given: u64,
    /// The latest first.
    pub(crate) contributions: Vec<ContributionSeen>,
}

/// What was given of a part.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContributionSeen {
    pub(crate) id: String,
    pub(crate) amount: Option<u64>,
    pub(crate) text: String,
    pub(crate) day: String,
    /// waits | confirmed | questioned
    pub(crate) receipt: &'static str,
    /// Id of the party that answered.
    pub(crate) answered_by: Option<String>,
    pub(crate) question: String,
    pub(crate) version: i64,
}

/// A task or a milestone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativeTaskSeen {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Id of the party that does it.
    pub(crate) party: Option<String>,
    /// Id of the seat that sees to it.
    pub(crate) seat: Option<String>,
    /// Days that it takes; 0: a milestone.
    pub(crate) days: u32,
    /// The day that it is promised for, or that of a milestone.
    pub(crate) due: Option<String>,
    /// Id of the commitment of that day.
    pub(crate) commitment: Option<String>,
    /// open | begun | done
    pub(crate) state: &'static str,
    /// Ids of what it waits for.
    pub(crate) needs: Vec<String>,
    /// Its first day at the earliest, or as it was.
    pub(crate) can_begin: String,
    /// Its last day at the earliest, or as it was.
    pub(crate) can_end: String,
    /// Days to spare before the end of the plan moves.
    pub(crate) slack: i64,
    /// Whether the end of the plan waits for it.
    pub(crate) is_critical: bool,
    pub(crate) version: i64,
}

/// A risk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativeRiskSeen {
    pub(crate) id: String,
    pub(crate) text: String,
    /// From 1 to 5.
    pub(crate) likelihood: u8,
    /// From 1 to 5.
    pub(crate) impact: u8,
    /// What is done about it.
    pub(crate) answer: String,
    /// Id of the party that watches it.
    pub(crate) party: Option<String>,
    /// open | happened | over
    pub(crate) state: &'static str,
    pub(crate) version: i64,
}

/// An initiative as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativeAsked {
    /// At most 200 characters.
    pub(crate) title: String,
    /// At most 5,000 characters.
    #[serde(default)]
    pub(crate) text: String,
    /// Id of an objective of the partnership.
    #[serde(default)]
    pub(crate) objective: Option<String>,
    /// A day, such as 2027-03-01.
    #[serde(default)]
    pub(crate) begins: String,
    /// Its last day.
    #[serde(default)]
    pub(crate) ends: String,
    /// The version that was read, where one is changed.
    #[serde(default)]
    pub(crate) version: i64,
}

/// How an initiative ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativeEndAsked {
    /// done | stopped; without one it goes on again.
    #[serde(default)]
    pub(crate) ended: Option<String>,
    /// What came of it; at most 5,000 characters.
    #[serde(default)]
    pub(crate) learnt: String,
    /// The version that was read.
    pub(crate) version: i64,
}

/// What the account's party brings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativePartAsked {
    /// Id of the account's party.
    pub(crate) party: String,
    /// At most 200 characters.
    pub(crate) text: String,
    /// How much in all; without one it has no amount.
    #[serde(default)]
    pub(crate) amount: Option<u64>,
    /// At most 40 characters.
    #[serde(default)]
    pub(crate) unit: String,
}

/// What was given of a part of the account's party.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContributionAsked {
    #[serde(default)]
    pub(crate) amount: Option<u64>,
    /// At most 200 characters.
    #[serde(default)]
    pub(crate) text: String,
    /// A day, such as 2027-03-01; today without one.
    #[serde(default)]
    pub(crate) day: String,
}

/// What another party says of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContributionAnswer {
    /// waits | confirmed | questioned
    pub(crate) receipt: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) question: String,
    /// The version that was read.
    pub(crate) version: i64,
}

/// A task or a milestone as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativeTaskAsked {
    /// At most 200 characters.
    pub(crate) title: String,
    /// Id of the party that does it.
    #[serde(default)]
    pub(crate) party: Option<String>,
    /// Id of a seat of that party.
    #[serde(default)]
    pub(crate) seat: Option<String>,
    /// From 0 to 999; 0: a milestone.
    pub(crate) days: u32,
    /// The day of a milestone, or what the account's own party promises.
    #[serde(default)]
    pub(crate) due: String,
    /// Ids of tasks of the same initiative.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// The version that was read, where one is changed.
    #[serde(default)]
    pub(crate) version: i64,
}

/// How far a task is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskStateAsked {
    /// open | begun | done
    pub(crate) state: String,
    /// The version that was read.
    pub(crate) version: i64,
}

/// A risk as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativeRiskAsked {
    /// At most 200 characters.
    pub(crate) text: String,
    /// From 1 to 5.
    pub(crate) likelihood: u8,
    /// From 1 to 5.
    pub(crate) impact: u8,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) answer: String,
    /// Id of the party that watches it.
    #[serde(default)]
    pub(crate) party: Option<String>,
    /// open | happened | over
    pub(crate) state: String,
    /// The version that was read, where one is changed.
    #[serde(default)]
    pub(crate) version: i64,
}
