//! The network that pages show. Built in the background, immutable, swapped whole: a page never
//! waits for a rebuild, and says how old what it shows is.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tieline_insight::{Findings, Names, Network, PersonMeasures, View};
use tieline_lake::Rules;
use tieline_model::access::Viewer;
use tieline_model::id::{ActorId, AddressId, ImportId, UnitId};
use tieline_model::org::Unit;
use tieline_model::time::{Moment, Window};
use tokio::sync::watch;

use crate::lens::{Lens, Look, Lookout, Looks};
use crate::news::Newsroom;

/// One state of the network, with everything that is computed from it once.
#[derive(Debug)]
pub struct Snapshot {
    /// The network as of [`Snapshot::as_of`].
    pub network: Network,
    /// Findings that name people.
    pub named: Findings,
    /// The same findings without names.
    pub unnamed: Findings,
    /// Measures of everyone, by node.
    pub measures: Vec<PersonMeasures>,
    /// Units by id.
    pub units: BTreeMap<UnitId, Unit>,
    /// Which actor each address belongs to.
    pub actor_of: HashMap<AddressId, ActorId>,
    /// The network week by week, the oldest first; the last is now.
    pub pulse: Vec<Pulse>,
    /// The moment it is of; `None` when nothing is dated.
    pub as_of: Option<Moment>,
    /// The window it looks back over.
    pub window: Option<Window>,
    /// Beginning of the month with the first interaction; `None` when nothing is dated.
    pub since: Option<Moment>,
    /// Imports that it was built from.
    pub imports: Vec<ImportId>,
    /// Rules that ties were built with, for the evidence behind them.
    pub rules: Rules,
    /// When it was built.
    pub built: Moment,
}

/// The network at one moment, in four numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulse {
    /// The moment.
    pub at: Moment,
    /// Mean steps between connected people.
    pub steps: Option<f64>,
    /// Share of ties across groups, 0 to 1.
    pub across: Option<f64>,
    /// Working ties.
    pub ties: usize,
    /// People with at least one.
    pub connected: usize,
}

impl Snapshot {
    /// The findings that a viewer may read.
    pub fn findings(&self, viewer: &Viewer) -> &Findings {
        match self.names(viewer) {
            Names::Shown => &self.named,
            Names::Hidden => &self.unnamed,
        }
    }

    /// Whether findings name people to a viewer.
    pub fn names(&self, viewer: &Viewer) -> Names {
        if viewer.sees_all_named() { Names::Shown } else { Names::Hidden }
    }

    /// The network as a viewer may read it. O(n).
    pub fn view(&self, viewer: &Viewer) -> View<'_> {
        View::new(&self.network, None, self.names(viewer))
    }
}

/// The newest snapshot, and word of newer ones and of whatever else changes.
#[derive(Debug)]
pub struct Live {
    current: RwLock<Option<Arc<Snapshot>>>,
    /// The same network through lenses.
    looks: Looks,
    /// How many were published; 0 = the first is still being built.
    built: watch::Sender<u64>,
    /// Word of whatever changes, for pages that are open.
    news: Newsroom,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            current: RwLock::default(),
            looks: Looks::default(),
            built: watch::Sender::new(0),
            news: Newsroom::default(),
        }
    }
}

impl Live {
    /// One that can also show the network through a lens.
    pub fn looking(lookout: Arc<dyn Lookout>) -> Self {
        Self { looks: Looks::new(Some(lookout)), ..Self::default() }
    }

    /// The network through a lens; `None` before the first one. Waits for less than a second.
    pub(crate) async fn through(&self, lens: &Lens) -> Option<Look> {
        let live = self.get()?;
        Some(self.looks.get(&live, lens).await)
    }

    /// The newest snapshot; `None` before the first one.
    pub fn get(&self) -> Option<Arc<Snapshot>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the first snapshot is still being built: it is not known yet if there is anything.
    pub fn is_starting(&self) -> bool {
        *self.built.borrow() == 0
    }

    /// The newest snapshot; while the first is being built, waits for it as long as a caller would.
    pub(crate) async fn awaited(&self, patience: Duration) -> Option<Arc<Snapshot>> {
        let mut built = self.subscribe();
        // Too late, or the server stops: what there is then is the answer.
        let first = built.wait_for(|built| *built > 0);
        tokio::time::timeout(patience, first).await.ok();
        self.get()
    }

    /// Puts a snapshot in place of the one before. `None`: nothing is imported.
    pub fn publish(&self, snapshot: Option<Snapshot>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = snapshot.map(Arc::new);
        self.built.send_modify(|built| *built += 1);
        self.news.network_changed();
    }

    /// Ends the streams of all browsers, which come back by themselves: before the server stops.
    pub fn close(&self) {
        self.news.close();
    }

    /// Word of whatever changes.
    pub(crate) fn news(&self) -> &Newsroom {
        &self.news
    }

    /// Tells of every network through a lens that is there, or cannot be had.
    pub(crate) fn looks_done(&self) -> watch::Receiver<u64> {
        self.looks.done()
    }

    /// Tells of every later [`Live::publish`].
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.built.subscribe()
    }
}
