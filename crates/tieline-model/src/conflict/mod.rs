//! Resolving conflicts: a case and its stages, mediators, dividing what is in dispute, package deals
//! (METHODS 7).
//!
//! * [`stage`]: raised to closed, with the gates of METHODS 7.1 (after Fisher & Ury 1981).
//! * [`mediator`]: who is near to both sides and part of neither.
//! * [`adjusted_winner`]: dividing goods between two parties, exactly.
//! * [`package`]: one option per issue, so that both sides gain.

pub mod adjusted_winner;
pub mod mediator;
pub mod package;
pub mod stage;

pub use adjusted_winner::{Division, DivisionError, divide};
pub use mediator::{MediatorEvidence, MediatorScore, mediator_score};
pub use package::{Deal, Issue, PackageError, deals};
pub use stage::{Case, Gate, Stage};

use crate::access::words;

/// What people collect in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointKind {
    /// Why one side wants what it wants.
    Interest,
    /// A way out.
    Option,
    /// Something to be divided, on which each side puts points ([`divide`]).
    Item,
    /// One answer to an issue of a package ([`deals`]).
    Choice,
}
words!(PointKind { Interest "interest", Option "option", Item "item", Choice "choice", });

impl PointKind {
    /// The stage from which on it is collected.
    pub const fn from_stage(self) -> Stage {
        match self {
            Self::Interest => Stage::Interests,
            Self::Option | Self::Item | Self::Choice => Stage::Options,
        }
    }
}
