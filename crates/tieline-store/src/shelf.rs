//! The units and how many people each has, kept in memory: nearly every page names them, and
//! counting people reads every affiliation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::people::UnitTree;
use crate::units::UnitRow;

/// How long other processes' changes may stay unseen. Changes of this process are seen at once.
const FRESH: Duration = Duration::from_secs(5);

/// How long a count stays while the history tells of no change.
const HOLDS: Duration = Duration::from_secs(60);

/// Units with their counts, and the same as a tree.
#[derive(Debug)]
pub(crate) struct Kept {
    /// When they were counted.
    pub(crate) counted: Instant,
    /// The last event before that after which they may differ.
    pub(crate) event: Option<Uuid>,
    /// All units by id.
    pub(crate) rows: Vec<UnitRow>,
    /// For the units above one.
    pub(crate) tree: UnitTree,
}

/// What is kept of one database; all stores of this process that opened it share it.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    state: Mutex<State>,
    /// Held while units are counted, so that many who ask at once count once.
    pub(crate) counting: Arc<tokio::sync::Mutex<()>>,
    /// Held by the one of this process who writes; it is handed on in the order of asking.
    pub(crate) writing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct State {
    /// Grows with each change of units or affiliations.
    generation: u64,
    kept: Option<(Instant, Arc<Kept>)>,
}

impl Shelf {
    /// The shelf of the database of this URL.
    pub(crate) fn of(url: &str) -> Arc<Self> {
        static ALL: Mutex<Option<HashMap<String, Weak<Shelf>>>> = Mutex::new(None);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        let all = all.get_or_insert_default();
        all.retain(|_, shelf| shelf.strong_count() > 0);
        if let Some(shelf) = all.get(url).and_then(Weak::upgrade) {
            return shelf;
        }
        let shelf = Arc::new(Self::default());
        all.insert(url.to_owned(), Arc::downgrade(&shelf));
        shelf
    }

    /// What is kept, and whether it is due to be looked at again.
    pub(crate) fn get(&self) -> Option<(Arc<Kept>, bool)> {
        let state = self.lock();
        let (since, kept) = state.kept.as_ref()?;
        Some((Arc::clone(kept), since.elapsed() > FRESH))
    }

    /// To be asked before units are counted, and told when the count is kept.
    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Keeps a count, unless something changed while it was made.
    pub(crate) fn keep(&self, generation: u64, kept: &Arc<Kept>) {
        let mut state = self.lock();
        if state.generation == generation {
            state.kept = Some((Instant::now(), Arc::clone(kept)));
        }
    }

    /// Keeps for longer what another look at the history found unchanged; whether it may.
    pub(crate) fn renew(&self, kept: &Arc<Kept>, event: Option<Uuid>) -> bool {
        let mut state = self.lock();
        let same = |(_, one): &&mut (Instant, Arc<Kept>)| Arc::ptr_eq(one, kept);
        match state.kept.as_mut().filter(same) {
            Some((since, kept)) if kept.event == event && kept.counted.elapsed() < HOLDS => {
                *since = Instant::now();
                true
            }
            _ => false,
        }
    }

    /// Forgets what is kept: units or affiliations changed.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.generation += 1;
        state.kept = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an SQL text changes units or affiliations. Too often is no harm.
pub(crate) fn changes(sql: &str) -> bool {
    !sql.starts_with("SELECT") && (sql.contains("affiliation") || sql.contains("unit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Arc<Kept> {
        Arc::new(Kept {
            counted: Instant::now(),
            event: None,
            rows: Vec::new(),
            tree: UnitTree::new(Vec::new()),
        })
    }

    #[test]
    fn a_count_made_while_something_changed_is_not_kept() {
        let shelf = Shelf::default();
        let before = shelf.generation();
        shelf.forget();
        shelf.keep(before, &nothing());
        assert!(shelf.get().is_none());
        shelf.keep(shelf.generation(), &nothing());
        assert!(shelf.get().is_some_and(|(_, is_due)| !is_due));
        shelf.forget();
        assert!(shelf.get().is_none());
    }

    #[test]
    fn a_count_is_kept_for_longer_while_nothing_happened() {
        let shelf = Shelf::default();
        let kept = nothing();
        assert!(!shelf.renew(&kept, None), "it is not what is kept");
        shelf.keep(shelf.generation(), &kept);
        assert!(shelf.renew(&kept, None));
        assert!(!shelf.renew(&kept, Some(Uuid::nil())), "something happened");
        assert!(!shelf.renew(&nothing(), None), "another was kept meanwhile");
    }

    #[test]
    fn stores_of_one_database_share_a_shelf() {
        let one = Shelf::of("sqlite:one");
        assert!(Arc::ptr_eq(&one, &Shelf::of("sqlite:one")));
        assert!(!Arc::ptr_eq(&one, &Shelf::of("sqlite:two")));
    }
}
