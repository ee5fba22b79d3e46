//! The system of record: imports, facts, decisions, and what is derived from them.
//!
//! Facts belong to the import that brought them, so that undoing an import is deleting its rows;
//! actors, units and affiliations are derived and replaced as a whole. A person's word (decisions,
//! classes) stands beside both and outlives them.
//!
//! * [`Store`] reads, [`Tx`] changes: forgetting the transaction does not compile.
//! * An import is *live* when it is done and not undone. Reads of facts cover live imports alone.
//! * Order of writing: [`Tx::begin_import`], then per flush addresses, sightings and lists before
//!   the facts that name them, at last [`Tx::finish_import`]. Each may be a transaction of its own:
//!   an import that does not finish is discarded and is never seen by a read of facts.
//! * Every verb writes its [`HistoryEvent`] in the same transaction.
//!
//! SQL in this crate is portable; what differs between databases is in the `dialect` module.

mod account_mail;
mod accounts;
mod aims;
mod api;
mod audit;
mod backup;
mod ballots;
mod bookings;
mod bulk;
mod case_numbers;
mod case_reads;
mod case_steps;
mod case_words;
mod cases;
mod challenge_reads;
mod challenges;
mod charters;
mod commitments;
mod commitments_due;
mod consent;
mod contacts;
mod counts;
mod decisions;
mod dialect;
mod entity;
mod erasure;
mod erasure_written;
mod error;
mod expertise;
mod export;
mod facts;
mod fields;
mod findings;
mod fold;
mod gifts;
mod glance;
mod guests;
mod history;
mod identity;
mod imports;
mod initiative_plan;
mod initiative_reads;
mod initiatives;
mod jobs;
mod joint;
mod joint_outcome;
mod joint_reads;
mod joint_stage;
mod links;
mod listening;
mod live;
mod migration;
mod news;
mod notes;
mod objective_links;
mod objectives;
mod pact_reads;
mod pacts;
mod parties;
mod people;
mod place_before;
mod placements;
mod promises;
mod resources;
mod rhythms;
mod roles;
mod rooms;
mod said;
mod say;
mod schema;
mod search;
mod sessions;
mod shelf;
mod sides;
mod stages;
mod stakeholders;
mod stances;
mod store;
mod tags;
mod texts;
mod throttle;
mod topic_reads;
mod topics;
mod units;
mod views;

pub use accounts::{Account, NewAccount};
pub use aims::Aim;
pub use api::{ApiToken, Kept, NewToken, TokenScope};
pub use audit::Look;
pub use ballots::{NewBallot, Taken, VoterRow, ballot_from};
pub use bookings::{Booked, Booking, NewBooking};
pub use bulk::{BulkChange, BulkDone};
pub use case_numbers::{Dividing, OwnNumbers, SuggestedDeal, Worked};
pub use case_words::{CaseWord, NewAction};
pub use cases::{
    CaseAction, CaseLine, CasePerson, CasePoint, CaseSide, ConflictCase, InCase, NewCase,
};
pub use challenge_reads::{Challenge, ChallengePoint, PointStance, Trial};
pub use challenges::{ChallengeDraft, PointDraft, TrialDraft};
pub use charters::{CharterComment, CharterVersion};
pub use commitments::{CommitmentsAsked, DateAsked, NewCommitment, Promised, Reliabilities};
pub use commitments_due::CommitmentDue;
pub use consent::Consent;
pub use contacts::{Contact, ContactCursor, ContactTie, NewContact};
pub use counts::KeptCount;
pub use decisions::{ClassOverride, StoredDecision};
pub use dialect::StoreUrl;
pub use erasure::Erased;
pub use error::{Constraint, StoreError};
pub use expertise::{Expertise, Help};
pub use facts::{AttendanceRow, ListSender, ListSighting, Sighting, StatedTieRow};
pub use fields::{Field, FieldKind};
pub use findings::{FindingsRun, KeptFinding};
pub use gifts::{Flow, Gift, NewGift, Proposed};
pub use guests::{Author, Guest, GuestLink, GuestSeat};
pub use history::{HistoryEvent, Verb};
pub use identity::{
    Actor, ActorKind, IdentityState, Merge, MergePart, Review, ReviewState, StoredReview,
};
pub use imports::{Import, ImportFile, ImportState, LocatedIssue, NewImport, Tallies};
pub use initiative_plan::{RiskDraft, TaskDraft};
pub use initiative_reads::{Contribution, Initiative, InitiativePart, InitiativeTask, Risk};
pub use initiatives::{InitiativeDraft, NewContribution, PartDraft};
pub use jobs::StoredJob;
pub use joint::{DecisionDraft, DecisionOption, JointDecision, WrittenOutcome};
pub use joint_reads::{DecisionQuery, SeatName, SeenBallot, Statement, Waiting};
pub use joint_stage::JointStep;
pub use links::{Link, LinkPurpose};
pub use listening::Heard;
pub use live::{ClaimCursor, ListStats, SeenAddress};
pub use migration::Class;
pub use news::{News, Written, WrittenKind};
pub use notes::{NewNote, Note};
pub use objective_links::{CheckIn, ObjectiveLink};
pub use objectives::{KeyResult, KeyResultDraft, Objective, ObjectiveDraft};
pub use pact_reads::{Duty, PactDue};
pub use pacts::{DutyDraft, Pact, PactDraft, Signature};
pub use parties::{Party, SeatOf, Seated};
pub use people::{AddressSeen, PeopleCursor, PeopleQuery, Person, PersonRow};
pub use placements::{Moved, Placed};
pub use promises::{NewPromise, Promise};
pub use resources::{NewResource, Resource, ResourcesAsked};
pub use rhythms::Rhythm;
pub use roles::{PieceOfWork, RolePerson, WorkDraft};
pub use rooms::{NewPartnership, Partnership, PartnershipRow, Room};
pub use said::{Said, SaidPerson, SaidPlace, SaidTie};
pub use say::{NewPerson, NewPlace};
pub use schema::{TableDoc, schema};
pub use search::Reader;
pub use sessions::{NewSession, Session};
pub use sides::{Side, Sides};
pub use stages::{Answered, Step};
pub use stakeholders::{
    NewStakeholder, Register, Stakeholder, StakeholderChange, StakeholderHeld, Whom,
};
pub use stances::{NewStance, Stance, Sway, TowardsStep};
pub use store::{Store, Tx};
pub use tags::TagCount;
pub use texts::Mentions;
pub use topic_reads::{FoundPost, MentionWaiting, Post, Spoken, Summary, Topic, TopicCursor};
pub use topics::NewPost;
pub use units::UnitRow;
pub use views::{SavedView, Snooze};
