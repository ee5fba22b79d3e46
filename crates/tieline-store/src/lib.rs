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

mod decisions;
mod dialect;
mod entity;
mod erasure;
mod error;
mod facts;
mod fold;
mod history;
mod identity;
mod imports;
mod live;
mod migration;
mod people;
mod schema;
mod store;
mod units;

pub use decisions::{ClassOverride, StoredDecision};
pub use dialect::StoreUrl;
pub use erasure::Erased;
pub use error::{Constraint, StoreError};
pub use facts::{AttendanceRow, ListSender, ListSighting, Sighting, StatedTieRow};
pub use history::{HistoryEvent, Verb};
pub use identity::{
    Actor, ActorKind, IdentityState, Merge, MergePart, Review, ReviewState, StoredReview,
};
pub use imports::{Import, ImportFile, ImportState, LocatedIssue, NewImport, Tallies};
pub use live::{ClaimCursor, ListStats, SeenAddress};
pub use people::{AddressSeen, PeopleCursor, PeopleQuery, Person, PersonRow};
pub use schema::{TableDoc, schema};
pub use store::{Store, Tx};
pub use units::UnitRow;
