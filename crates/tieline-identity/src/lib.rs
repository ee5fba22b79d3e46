//! Decides which addresses are one actor, and which names are one organisation.
//!
//! A pure function of the evidence: no input or output, no clock, no randomness, and the order in
//! which claims and addresses come makes no difference. Each merge names the rule it follows and
//! what it rests on; a person's decision outranks every rule.
//!
//! Modules in reading order:
//!
//! * [`evidence`]: what goes in; [`mod@resolve`]: what comes out, and the rules.
//! * [`names`]: names of people as they are written; [`domains`]: registrable domains and whose
//!   they are not.
//! * [`fellegi_sunter`]: the score (METHODS 12.3) and its re-estimation.
//! * [`org`]: units, affiliations and proposed job changes; [`org_names`]: which organisation names
//!   are one organisation.
//! * [`traces`]: where a person is named in free text, for erasing.
//! * [`evaluate`]: precision, recall, B-cubed and blocking figures against a gold standard.

mod actors;
mod blocking;
mod catalogue;
mod clusters;
pub mod domains;
pub mod evaluate;
pub mod evidence;
pub mod fellegi_sunter;
mod job_change;
mod links;
pub mod names;
pub mod org;
pub mod org_names;
mod profile;
pub mod resolve;
mod review;
pub mod traces;

pub use evidence::{AddressFacts, Evidence, Params};
pub use job_change::JOB_CHANGE_OVERLAP_DAYS;
pub use org::{JobChange, Organisations, UnitReview, organisations};
pub use org_names::{
    OrganisationName, OrganisationResolution, OrganisationReview, resolve_organisations,
};
pub use resolve::{
    ActorKind, Merge, MergeRule, Part, Resolution, ResolvedActor, Review, SkippedBlock, resolve,
};
