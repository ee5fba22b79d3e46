//! What the API says of conflict cases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasesAsked {
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// A conflict case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseCard {
    pub(crate) id: String,
    /// Id of its partnership.
    pub(crate) partnership: String,
    pub(crate) title: String,
    /// raised | listening | interests | options | agreement | follow_up | closed | withdrawn |
    /// escalated
    pub(crate) stage: &'static str,
    /// Names of its sides.
    pub(crate) sides: Vec<String>,
    pub(crate) changed: String,
}

/// A conflict case, as those in it read it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseSeen {
    pub(crate) id: String,
    pub(crate) title: String,
    /// May be empty.
    pub(crate) about: String,
    /// As in the list.
    pub(crate) stage: &'static str,
    /// Id of the party whose side the account is on; null: it mediates, or raised the case.
    pub(crate) side: Option<String>,
    pub(crate) sides: Vec<CaseSideSeen>,
    /// Name of whoever is asked to mediate.
    pub(crate) mediator: Option<String>,
    pub(crate) points: Vec<CasePointSeen>,
    /// May be empty.
    pub(crate) agreement: String,
    pub(crate) actions: Vec<CaseActionSeen>,
    /// When all sides had accepted.
    pub(crate) agreed: Option<String>,
    /// Days on which the sides look whether it holds.
    pub(crate) follow_ups: Vec<String>,
    pub(crate) closed: Option<String>,
    /// What is kept of it without names; may be empty.
    pub(crate) learnt: String,
    /// Numbers for items that are divided.
    pub(crate) items: CaseNumbersSeen,
    /// Numbers for choices of packages.
    pub(crate) choices: CaseNumbersSeen,
    /// How items are divided, once both sides have given numbers.
    pub(crate) shares: Option<Vec<ItemShareSeen>>,
    /// An item on which neither side put a point.
    pub(crate) unwanted: Option<String>,
    /// Packages that are at least as good as none for both, the fairest first; null before both sides
    /// have given numbers.
    pub(crate) packages: Option<Vec<PackageSeen>>,
    /// Steps that there are from here, each with what is missing.
    pub(crate) steps: Vec<CaseStepSeen>,
    pub(crate) version: i64,
}

/// A side of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseSideSeen {
    /// Id of the party.
    pub(crate) party: String,
    pub(crate) name: String,
    pub(crate) view: String,
    pub(crate) position: String,
    /// Its view as another side said it back.
    pub(crate) restated: Option<String>,
    /// Id of the party that said it back.
    pub(crate) restated_by: Option<String>,
    /// Whether it said: yes, that is what I mean.
    pub(crate) understood: bool,
    pub(crate) accepts: bool,
    pub(crate) settled: bool,
    pub(crate) mediator_accepted: bool,
    pub(crate) version: i64,
}

/// Something collected in a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CasePointSeen {
    pub(crate) id: String,
    /// interest | option | item | choice
    pub(crate) kind: &'static str,
    /// Id of the party whose interest it is.
    pub(crate) party: Option<String>,
    /// The issue that a choice belongs to; else empty.
    pub(crate) topic: String,
    pub(crate) text: String,
}

/// What the agreement asks for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseActionSeen {
    pub(crate) id: String,
    /// Id of the party that does it.
    pub(crate) party: String,
    /// Id of the seat of whoever sees to it.
    pub(crate) seat: Option<String>,
    pub(crate) text: String,
    /// First moment after the day it is due.
    pub(crate) due: String,
    /// Id of the commitment that it became.
    pub(crate) commitment: Option<String>,
    pub(crate) done: bool,
}

/// Numbers for points of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseNumbersSeen {
    /// Ids of the parties that have given theirs.
    pub(crate) given: Vec<String>,
    /// The account's own side's, by id of the point. No other side's are ever told.
    pub(crate) own: Option<BTreeMap<String, i64>>,
    /// What no deal is worth to the account's own side.
    pub(crate) no_deal: Option<i64>,
}

/// Who has how much of an item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemShareSeen {
    /// Id of the item.
    pub(crate) item: String,
    /// The share of the first side, such as 5/6; the second has the rest.
    pub(crate) first: String,
}

/// A package.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackageSeen {
    /// Ids of its choices, one per issue.
    pub(crate) choices: Vec<String>,
    /// Whether the smaller gain is the largest possible.
    pub(crate) most_even: bool,
    /// What the account's own side gains by its own numbers.
    pub(crate) own_gain: Option<i64>,
}

/// A step of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseStepSeen {
    pub(crate) to: &'static str,
    /// What is missing, in sentences.
    pub(crate) missing: Vec<&'static str>,
}

/// A case to be raised.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseAsked {
    /// What it is about, in a line of at most 500 characters.
    pub(crate) title: String,
    /// What happened, as all sides can share it; at most 5,000 characters.
    #[serde(default)]
    pub(crate) about: String,
    /// Ids of its sides: two or more, the account's own among them unless it opened the room.
    pub(crate) sides: Vec<String>,
}

/// Something said in a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CaseWordAsked {
    /// How the account's side sees things, and what it asks for; `version` of the side.
    View {
        view: String,
        #[serde(default)]
        position: String,
        version: i64,
    },
    /// The view of another side said back; `version` of that side.
    Restated {
        /// Id of the party whose view it is.
        of: String,
        text: String,
        version: i64,
    },
    /// Whether what was said back is what the account's side means; `version` of the side.
    Understood { is: bool, version: i64 },
    /// Something collected.
    Point {
        /// interest | option | item | choice
        kind: String,
        /// The issue that a choice belongs to.
        #[serde(default)]
        topic: String,
        text: String,
    },
    /// What the sides agree on; `version` of the case.
    Agreement { text: String, version: i64 },
    /// What the agreement asks for.
    Action {
        /// Id of the seat of whoever sees to it.
        seat: String,
        text: String,
        /// Last day, such as 2027-03-01.
        due: String,
    },
    /// That it does not ask for this.
    ActionGone {
        /// Id of the action.
        action: String,
    },
    /// Whether the account's side accepts the agreement; `version` of the case.
    Accepts { is: bool, version: i64 },
    /// What is kept of it without names; `version` of the case.
    Learnt { text: String, version: i64 },
    /// Whether it is settled for the account's side; `version` of the case.
    Settled { is: bool, version: i64 },
    /// Who is asked to mediate; `version` of the case.
    Mediator {
        /// Id of a person; null: nobody.
        person: Option<String>,
        version: i64,
    },
    /// Whether the account's side accepts the mediator; `version` of the case.
    MediatorAccepted { is: bool, version: i64 },
}

/// Numbers of the account's own side for all points of a kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseNumbersAsked {
    /// item | choice
    pub(crate) kind: String,
    /// By id of the point: for items 0 to 100, adding up to 100; for choices -1000 to 1000. Without
    /// it, the numbers of both sides are begun anew.
    #[serde(default)]
    pub(crate) worth: Option<BTreeMap<String, i64>>,
    /// What no deal is worth, for choices.
    #[serde(default)]
    pub(crate) no_deal: i64,
}

/// A step of a case of the version given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseStepAsked {
    /// A stage.
    pub(crate) to: String,
    pub(crate) version: i64,
}

/// What was learnt from cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LessonsSeen {
    pub(crate) lessons: Vec<String>,
}
