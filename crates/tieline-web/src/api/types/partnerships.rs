//! Partnerships: the room, its parties and people, sides, stages, objectives.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A partnership in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnershipCard {
    pub(crate) id: String,
    pub(crate) name: String,
    /// idea | forming | agreed | working | renewing | closing | closed
    pub(crate) stage: &'static str,
    pub(crate) parties: Vec<PartyCard>,
    pub(crate) begins: Option<String>,
    /// First moment after it; null: open-ended.
    pub(crate) ends: Option<String>,
    /// Last day to give notice.
    pub(crate) notice: Option<String>,
}

/// A party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyCard {
    pub(crate) id: String,
    /// As it calls itself here.
    pub(crate) name: String,
    /// Its unit in the directory; null: it is known by its name alone.
    pub(crate) unit: Option<String>,
    pub(crate) version: i64,
}

/// A partnership, as the account sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnershipFull {
    pub(crate) partnership: PartnershipCard,
    /// What it is for; may be empty.
    pub(crate) about: String,
    /// Why it ends; may be empty.
    pub(crate) reason: String,
    pub(crate) version: i64,
    pub(crate) standing: StandingSeen,
    pub(crate) sides: SidesSeen,
    pub(crate) objectives: Vec<ObjectiveSeen>,
    /// What its stage asks.
    pub(crate) questions: Vec<QuestionSeen>,
    /// Where it can go from here.
    pub(crate) steps: Vec<StepSeen>,
}

/// What the account is in the room.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandingSeen {
    /// Whether it opened the room.
    pub(crate) convenes: bool,
    /// Id of the party where it sits.
    pub(crate) party: Option<String>,
    /// member | lead
    pub(crate) duty: Option<&'static str>,
}

/// What the sides wrote, as far as the account may read it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SidesSeen {
    /// Whether each party has written: from then on all of it is open.
    pub(crate) mutual: bool,
    /// Ids of parties that have written.
    pub(crate) written: Vec<String>,
    pub(crate) open: Vec<SideSeen>,
}

/// What a party wrote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SideSeen {
    pub(crate) party: String,
    pub(crate) benefits: String,
    pub(crate) costs: String,
    pub(crate) version: i64,
}

/// What a party writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SideAsked {
    /// At most 5000 characters.
    pub(crate) benefits: String,
    /// At most 5000 characters.
    pub(crate) costs: String,
    /// Version that is changed; 0: nothing is written yet.
    pub(crate) version: i64,
}

/// A strategic objective of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObjectiveSeen {
    pub(crate) id: String,
    /// Id of the unit.
    pub(crate) unit: String,
    pub(crate) text: String,
    pub(crate) version: i64,
}

/// An objective to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectiveAsked {
    /// Id of the unit.
    pub(crate) unit: String,
    /// At most 200 characters.
    pub(crate) text: String,
}

/// What an objective becomes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectiveChange {
    /// At most 200 characters.
    pub(crate) text: String,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// Which objective a partnership serves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServedAsked {
    /// Id of the objective.
    pub(crate) objective: String,
}

/// A question of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionSeen {
    pub(crate) key: &'static str,
    pub(crate) text: &'static str,
    /// yes | partly | no; null: not answered yet
    pub(crate) answer: Option<&'static str>,
    pub(crate) note: String,
    /// 0: not answered yet.
    pub(crate) version: i64,
}

/// An answer to a question of a stage.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionAnswer {
    /// yes | partly | no
    pub(crate) answer: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) note: String,
    /// Version that is changed; 0: not answered yet.
    pub(crate) version: i64,
}

/// A step to another stage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepSeen {
    pub(crate) to: &'static str,
    /// What is missing for it, in sentences; a reason and what a renewal came to are said with the step.
    pub(crate) missing: Vec<&'static str>,
}

/// A step to be taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepAsked {
    /// The stage to go to.
    pub(crate) to: String,
    /// Why it ends, where it ends; at most 500 characters.
    #[serde(default)]
    pub(crate) reason: String,
    /// Version of the partnership that is changed.
    pub(crate) version: i64,
}

/// What a partnership is said to be. Days are written like 2026-11-23.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnershipAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// What it is for; at most 500 characters.
    #[serde(default)]
    pub(crate) about: String,
    /// First day.
    #[serde(default)]
    pub(crate) begins: String,
    /// Last day.
    #[serde(default)]
    pub(crate) last: String,
    /// Last day to give notice.
    #[serde(default)]
    pub(crate) notice: String,
}

/// What a partnership becomes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnershipChange {
    pub(crate) partnership: PartnershipAsked,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// A party to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// Id of its unit in the directory, if it has one.
    #[serde(default)]
    pub(crate) unit: Option<String>,
}

/// How a party calls itself from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyNameAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// Someone who sits at a party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeatSeen {
    pub(crate) id: String,
    /// Id of the party.
    pub(crate) party: String,
    /// Id of the person; null: nobody of the directory has the address any more.
    pub(crate) person: Option<String>,
    pub(crate) name: Option<String>,
    /// member | lead
    pub(crate) duty: &'static str,
    pub(crate) since: String,
}

/// How someone without an account may come to a seat.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkSeen {
    /// Id of the seat.
    pub(crate) seat: String,
    /// Whether a link waits to be opened.
    pub(crate) waits: bool,
    /// Browsers that are in by it.
    pub(crate) browsers: u64,
    /// First moment at which all of it has failed.
    pub(crate) expires: String,
}

/// A link that was made, told this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkMade {
    /// Behind the address of this server.
    pub(crate) path: String,
    /// First moment at which it fails.
    pub(crate) expires: String,
}

/// A seat to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeatAsked {
    /// Id of the party.
    pub(crate) party: String,
    /// At most 200 characters; of someone new to the directory.
    pub(crate) name: String,
    /// E-mail address of the person.
    pub(crate) address: String,
    /// member | lead
    #[serde(default)]
    pub(crate) duty: Option<String>,
}

/// What someone does for their party from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyAsked {
    /// member | lead
    pub(crate) duty: String,
}

/// Which people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeatsAsked {
    /// Id of the party.
    pub(crate) party: String,
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
}
