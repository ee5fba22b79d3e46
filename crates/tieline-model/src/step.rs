//! Steps between stages: what may follow what, and which gates are still shut.
//!
//! Decisions, conflict cases and partnerships move through stages. Each has a closed list of steps,
//! and each step a list of gates; a step with a shut gate is refused with all that is missing, so
//! that a page can say at once what to do.

/// Why a step was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused<S, G> {
    /// There is no step from this stage to that one.
    #[error("there is no step from this stage to that one")]
    NoSuchStep {
        /// Where it stands.
        from: S,
        /// Where it was to go.
        to: S,
    },
    /// Gates of the step are still shut.
    #[error("something is still missing for this step")]
    Missing(Vec<G>),
}

/// The stage after a step, given the gates of the step that are shut (`None`: no such step).
pub(crate) fn step<S: Copy, G>(from: S, to: S, shut: Option<Vec<G>>) -> Result<S, Refused<S, G>> {
    match shut {
        None => Err(Refused::NoSuchStep { from, to }),
        Some(shut) if shut.is_empty() => Ok(to),
        Some(shut) => Err(Refused::Missing(shut)),
    }
}

/// The gates of a list whose condition does not hold.
pub(crate) fn shut<G>(gates: impl IntoIterator<Item = (bool, G)>) -> Vec<G> {
    gates.into_iter().filter(|(is_open, _)| !is_open).map(|(_, gate)| gate).collect()
}
