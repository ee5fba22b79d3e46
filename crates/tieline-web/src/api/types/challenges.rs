//! Challenges for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem that partners share, with all that is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChallengeSeen {
    pub(crate) id: String,
    /// The problem in a line.
    pub(crate) title: String,
    /// What happens, to whom, since when.
    pub(crate) text: String,
    /// Id of the objective that it stands in the way of.
    pub(crate) objective: Option<String>,
    /// solved | accepted | stopped; null: it is worked on.
    pub(crate) ended: Option<&'static str>,
    /// What was learnt, where it ended.
    pub(crate) learnt: Option<String>,
    /// What is missing, in the order in which it is best done: evidence | causes | shared-cause | options
    /// | unanswered | trial | results | learning.
    pub(crate) wants: Vec<&'static str>,
    /// In the order in which parties said it.
    pub(crate) points: Vec<ChallengePointSeen>,
    pub(crate) trials: Vec<TrialSeen>,
    /// Id of the decision that came of it.
    pub(crate) decision: Option<String>,
    /// Id of the initiative that came of it.
    pub(crate) initiative: Option<String>,
    /// Grows with each change of what it says itself.
    pub(crate) version: i64,
}

/// What a party says of a challenge.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChallengePointSeen {
    pub(crate) id: String,
    /// evidence | cause | option
    pub(crate) kind: &'static str,
    /// Id of the party.
    pub(crate) party: String,
    /// Id of the cause that it explains or answers.
    pub(crate) parent: Option<String>,
    pub(crate) text: String,
    /// Of evidence: where it comes from.
    pub(crate) source: String,
    /// What other parties say of it.
    pub(crate) stances: Vec<PointStanceSeen>,
}

/// Whether another party sees a point too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointStanceSeen {
    /// Id of the party.
    pub(crate) party: String,
    /// Whether it sees it too; else it doubts it.
    pub(crate) agrees: bool,
    /// Why it doubts it.
    pub(crate) text: String,
}

/// Something that is or was tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrialSeen {
    pub(crate) id: String,
    /// Id of the option that is tried.
    pub(crate) option: Option<String>,
    /// Id of the party that runs it; null: all.
    pub(crate) party: Option<String>,
    pub(crate) text: String,
    /// By what it will be known.
    pub(crate) sign: String,
    /// Its first day.
    pub(crate) begins: Option<String>,
    /// Its last day.
    pub(crate) ends: Option<String>,
    /// worked | partly | failed; null: nobody said.
    pub(crate) result: Option<&'static str>,
    /// What was seen.
    pub(crate) seen: String,
    pub(crate) version: i64,
}

/// A challenge as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengeAsked {
    /// At most 200 characters.
    pub(crate) title: String,
    /// At most 5,000 characters.
    #[serde(default)]
    pub(crate) text: String,
    /// Id of an objective of the partnership.
    #[serde(default)]
    pub(crate) objective: Option<String>,
    /// The version that was read, where one is changed.
    #[serde(default)]
    pub(crate) version: i64,
}

/// How a challenge ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengeEndAsked {
    /// solved, accepted or stopped; null: it is worked on again.
    pub(crate) ended: Option<String>,
    /// What was learnt; at most 5,000 characters.
    #[serde(default)]
    pub(crate) learnt: String,
    /// The version that was read.
    pub(crate) version: i64,
}

/// What the account's party says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengePointAsked {
    /// evidence, cause or option.
    pub(crate) kind: String,
    /// Id of the party.
    pub(crate) party: String,
    /// Id of the cause that it explains or answers.
    #[serde(default)]
    pub(crate) parent: Option<String>,
    /// At most 200 characters.
    pub(crate) text: String,
    /// Of evidence: where it comes from; at most 200 characters.
    #[serde(default)]
    pub(crate) source: String,
}

/// What the account's party says of the point of another one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointStanceAsked {
    /// Whether it sees it too; else it doubts it.
    pub(crate) agrees: bool,
    /// Why it doubts it; at most 500 characters.
    #[serde(default)]
    pub(crate) text: String,
}

/// Something to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialAsked {
    /// Id of an option of the challenge.
    #[serde(default)]
    pub(crate) option: Option<String>,
    /// Id of the party that runs it; null: all.
    #[serde(default)]
    pub(crate) party: Option<String>,
    /// At most 200 characters.
    pub(crate) text: String,
    /// By what it will be known; at most 200 characters.
    #[serde(default)]
    pub(crate) sign: String,
    /// A day, such as 2027-03-01.
    #[serde(default)]
    pub(crate) begins: String,
    /// Its last day.
    #[serde(default)]
    pub(crate) ends: String,
}

/// What a trial showed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialEndAsked {
    /// worked, partly or failed; null: it goes on.
    pub(crate) result: Option<String>,
    /// What was seen; at most 500 characters.
    #[serde(default)]
    pub(crate) seen: String,
    /// The version that was read.
    pub(crate) version: i64,
}
