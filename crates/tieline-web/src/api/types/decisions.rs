//! Joint decisions of a partnership.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which decisions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionsAsked {
    /// Those in force, settled or withdrawn; else those on the way there.
    pub(crate) log: bool,
    /// Words that they have.
    pub(crate) q: Option<String>,
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
}

/// A decision in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionCard {
    pub(crate) id: String,
    pub(crate) question: String,
    /// discuss | propose | decide | outcome | review | settled | withdrawn
    pub(crate) stage: &'static str,
    /// consent | gradients | majority | approval | score | dot | quadratic | ranked
    pub(crate) method: &'static str,
    /// person | party
    pub(crate) voters: &'static str,
    /// open | open-at-close | anonymous
    pub(crate) secrecy: &'static str,
    /// An exact share.
    pub(crate) quorum: String,
    pub(crate) closes: Option<String>,
    /// What the last count says.
    pub(crate) verdict: Option<&'static str>,
    pub(crate) version: i64,
}

/// A decision, as the account sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionFull {
    #[serde(flatten)]
    pub(crate) decision: DecisionCard,
    pub(crate) why: String,
    pub(crate) proposal: String,
    pub(crate) options: Vec<OptionSeen>,
    /// SHA-256 of the secret of the tie-break.
    pub(crate) commitment: Option<String>,
    pub(crate) poll: Vec<VoterSeen>,
    /// Ballots that may be seen: open ones, and the account's own.
    pub(crate) ballots: Vec<BallotSeen>,
    /// The counts, the first one first.
    pub(crate) counts: Vec<CountSeen>,
    pub(crate) outcome: OutcomeSeen,
    /// What is missing for each step that there is.
    pub(crate) steps: Vec<DecisionStepSeen>,
}

/// Something to choose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionSeen {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) note: String,
}

/// A vote, and whether it was cast.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VoterSeen {
    pub(crate) id: String,
    /// The party whose vote it is; null: the person's own.
    pub(crate) party: Option<String>,
    /// Seat of whoever casts it.
    pub(crate) seat: String,
    pub(crate) stand_in: Option<String>,
    pub(crate) cast: bool,
    pub(crate) passed_to: Option<String>,
}

/// A ballot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BallotSeen {
    pub(crate) id: String,
    /// Whose vote.
    pub(crate) voter: String,
    /// What it says, such as `{"majority":"yes","weight":1}`.
    #[schema(value_type = Object)]
    pub(crate) says: Value,
}

/// A count, as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountSeen {
    pub(crate) number: u64,
    pub(crate) at: String,
    pub(crate) verdict: &'static str,
    /// Whether the poll was closed before its deadline.
    pub(crate) early: bool,
    /// The whole count; fractions are texts.
    #[schema(value_type = Object)]
    pub(crate) tally: Value,
    /// The ballots, sorted, as the tie-break hashes them; null: left out of this copy.
    pub(crate) ballots: Option<Vec<String>>,
    pub(crate) commitment: String,
    pub(crate) nonce: String,
    pub(crate) root: String,
}

/// What follows from a decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutcomeSeen {
    pub(crate) statement: String,
    pub(crate) objective: Option<String>,
    /// Seat of whoever sees to it.
    pub(crate) owner: Option<String>,
    /// Seats of those it binds.
    pub(crate) bound: Vec<String>,
    pub(crate) first_step: String,
    pub(crate) review_on: Option<String>,
    pub(crate) review_note: String,
}

/// A step, and what is missing for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionStepSeen {
    pub(crate) to: &'static str,
    pub(crate) missing: Vec<&'static str>,
}

/// A question, as it is asked or changed. What is left out is as the form of the page has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionAsked {
    pub(crate) question: String,
    pub(crate) why: Option<String>,
    pub(crate) proposal: Option<String>,
    #[serde(default)]
    pub(crate) options: Vec<OptionAsked>,
    /// consent | gradients | majority | approval | score | dot | quadratic | ranked
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) settings: SettingsAsked,
    /// person | party
    pub(crate) voters: Option<String>,
    /// A share such as 1/2.
    pub(crate) quorum: Option<String>,
    /// open | open-at-close | anonymous
    pub(crate) secrecy: Option<String>,
    /// Whether votes may be passed on.
    #[serde(default)]
    pub(crate) passing: bool,
    /// Most steps of passing on.
    pub(crate) chain: Option<u32>,
    /// End of the talk, RFC 3339.
    pub(crate) talk: Option<String>,
    /// Until when ballots are taken, RFC 3339.
    pub(crate) closes: Option<String>,
    /// The version that is changed; 0 for a new one.
    #[serde(default)]
    pub(crate) version: i64,
}

/// Name and note of an option.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionAsked {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) note: String,
}

/// Settings of methods; those of the method that is chosen count.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SettingsAsked {
    /// Majority: simple | present | absolute
    pub(crate) base: Option<String>,
    /// Majority: a share.
    pub(crate) threshold: Option<String>,
    /// Levels of agreement: vetoes that do not block.
    pub(crate) vetoes: Option<u32>,
    /// Levels of agreement: a share.
    pub(crate) support: Option<String>,
    /// Levels of agreement: a share.
    pub(crate) discuss: Option<String>,
    /// Marks: the highest.
    pub(crate) most: Option<u32>,
    pub(crate) dots: Option<u32>,
    /// Most dots on one option.
    pub(crate) per_option: Option<u32>,
    pub(crate) budget: Option<u32>,
    /// schulze | ranked-pairs | instant-runoff
    pub(crate) rule: Option<String>,
}

/// Something said on a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatementAsked {
    /// supports | concern | neither
    pub(crate) stance: String,
    pub(crate) text: String,
}

/// Something that was said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementSeen {
    pub(crate) id: String,
    pub(crate) stance: &'static str,
    pub(crate) party: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) text: String,
    pub(crate) at: String,
}

/// A step of a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionStepAsked {
    pub(crate) to: String,
    pub(crate) version: i64,
    /// Who votes for each party, when ballots are to be taken.
    #[serde(default)]
    pub(crate) delegates: Vec<DelegateAsked>,
}

/// Who votes for a party.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DelegateAsked {
    pub(crate) party: String,
    /// Their seat.
    pub(crate) seat: String,
    /// Seat of whoever votes where they have not.
    pub(crate) stand_in: Option<String>,
}

/// A ballot to be cast.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BallotAsked {
    /// The vote.
    pub(crate) voter: String,
    /// By the method: `{"consent":"consents|concern|objection|abstains"}`, `{"gradient":1..8}`,
    /// `{"majority":"yes|no|abstain"}`, `{"approval":[ids]}`, `{"score"|"dot"|"quadratic":{id:n}}`,
    /// `{"ranked":[[ids],[ids]]}`.
    #[schema(value_type = Object)]
    pub(crate) says: Value,
    /// Why, for concerns and objections.
    #[serde(default)]
    pub(crate) reason: String,
    /// What changes an anonymous ballot that was cast.
    pub(crate) token: Option<String>,
}

/// What became of a ballot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BallotTaken {
    /// What alone changes an anonymous ballot that is new; it is shown this once.
    pub(crate) token: Option<String>,
}

/// To whom a vote is passed on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassAsked {
    pub(crate) voter: String,
    /// Another vote; null: to nobody.
    pub(crate) to: Option<String>,
}

/// What became of an objection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectionAsked {
    /// integrated | withdrawn | upheld
    pub(crate) state: String,
}

/// That a poll is closed and counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosureAsked {
    /// Whether it is closed before its deadline.
    #[serde(default)]
    pub(crate) early: bool,
}

/// What a count came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counted {
    pub(crate) verdict: &'static str,
}

/// An outcome to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutcomeAsked {
    pub(crate) statement: String,
    pub(crate) objective: Option<String>,
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) bound: Vec<String>,
    #[serde(default)]
    pub(crate) first_step: String,
    /// RFC 3339.
    pub(crate) review_on: Option<String>,
    pub(crate) version: i64,
}

/// What a review found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewAsked {
    pub(crate) note: String,
    /// settled | discuss
    pub(crate) to: String,
    pub(crate) version: i64,
}
