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
