//! A partnership as one document.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ChallengeSeen, CharterSeen, CommentSeen, CommitmentSeen, DecisionFull, ExpertSeen, GiftSeen,
    HeardSeen, InitiativeSeen, OkrSeen, PactFull, PartnershipFull, ResourceSeen, RolesSeen,
    SeatSeen,
};

/// Everything of a partnership that all in the room may read, as the account reads it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnershipWhole {
    /// `tieline-partnership-1`.
    pub(crate) format: &'static str,
    /// When it was read.
    pub(crate) made: String,
    pub(crate) partnership: PartnershipFull,
    pub(crate) people: Vec<SeatSeen>,
    /// The newest version; null where there is none.
    pub(crate) agreement: Option<CharterSeen>,
    /// The latest on the agreement.
    pub(crate) comments: Vec<CommentSeen>,
    pub(crate) objectives: Vec<OkrSeen>,
    pub(crate) roles: RolesSeen,
    pub(crate) decisions: Vec<DecisionFull>,
    /// The open ones, then those that ended.
    pub(crate) commitments: Vec<CommitmentSeen>,
    pub(crate) resources: Vec<ResourceSeen>,
    pub(crate) expertise: Vec<ExpertSeen>,
    /// What parties gave each other, the latest first.
    pub(crate) ledger: Vec<GiftSeen>,
    /// Challenges with all that is in them, the latest first.
    pub(crate) challenges: Vec<ChallengeSeen>,
    /// Joint initiatives with all that is in them, the latest first.
    pub(crate) initiatives: Vec<InitiativeSeen>,
    /// Signed agreements with their duties, the latest first.
    pub(crate) pacts: Vec<PactFull>,
    /// What was said and what came of it, the latest first.
    pub(crate) listening: Vec<HeardSeen>,
    /// What was learnt from conflict cases.
    pub(crate) lessons: Vec<String>,
    /// What is not in it, and why.
    pub(crate) left_out: Vec<&'static str>,
}
