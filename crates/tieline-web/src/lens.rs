//! Through what the network is looked at: another moment, one kind of tie, one organisation, strong
//! ties alone. Such a network is worked out in the background and kept for a while; a page never
//! waits for it.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tieline_model::id::UnitId;
use tieline_model::interaction::Channel;
use tieline_model::time::Moment;
use tokio::sync::watch;

use crate::snapshot::Snapshot;

/// Longest that a page waits before it says that it is being worked out.
const PATIENCE: Duration = Duration::from_millis(400);

/// People and pairs that kept networks hold together, at most: two stay in any case, so that two
/// moments can be compared.
const MOST_KEPT: usize = 2_000_000;

/// Networks kept, at most.
const MOST_LENSES: usize = 16;

/// Networks that wait to be worked out, at most.
const MOST_WAITING: usize = 8;

/// One kind of tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TieKind {
    /// Mail and chat.
    Message,
    /// Meetings and writing the same document.
    Meeting,
    /// Calls.
    Call,
    /// Logged by hand, or dated contacts of a list.
    Recorded,
    /// Stated in a list without dates.
    Stated,
}

impl TieKind {
    /// All of them, as a page offers them.
    pub const ALL: [Self; 5] =
        [Self::Message, Self::Meeting, Self::Call, Self::Recorded, Self::Stated];

    /// The word in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Meeting => "meeting",
            Self::Call => "call",
            Self::Recorded => "recorded",
            Self::Stated => "stated",
        }
    }

    /// In words.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Message => t!("network-lens-message"),
            Self::Meeting => t!("network-lens-meeting"),
            Self::Call => t!("network-lens-call"),
            Self::Recorded => t!("network-lens-recorded"),
            Self::Stated => t!("network-lens-stated"),
        }
    }

    /// Whether what goes over this channel is of this kind.
    pub fn takes(self, channel: Channel) -> bool {
        let kind = match channel {
            Channel::Email | Channel::Chat => Self::Message,
            Channel::Meeting | Channel::CoEdit => Self::Meeting,
            Channel::Call => Self::Call,
            Channel::Introduction | Channel::Contact => Self::Recorded,
        };
        self == kind
    }
}

/// Which ties count, by their strength (METHODS 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Least {
    /// Every working tie.
    #[default]
    Working,
    /// From the middle band on.
    Middling,
    /// Strong ones.
    Strong,
}

impl Least {
    /// All of them, as a page offers them.
    pub const ALL: [Self; 3] = [Self::Working, Self::Middling, Self::Strong];

    /// The word in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Middling => "middling",
            Self::Strong => "strong",
        }
    }

    /// In words.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Working => t!("network-lens-working"),
            Self::Middling => t!("network-lens-middling"),
            Self::Strong => t!("network-lens-strong"),
        }
    }

    /// Tie probability from which a tie counts, as its bars show it: three of five, five of five.
    /// `None`: the threshold of working ties.
    pub const fn probability(self) -> Option<f64> {
        match self {
            Self::Working => None,
            Self::Middling => Some(0.4),
            Self::Strong => Some(0.8),
        }
    }
}

/// Through what the network is looked at; the default is the network as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Lens {
    /// The moment; `None`: the newest.
    pub as_of: Option<Moment>,
    /// Ties of this kind alone.
    pub kind: Option<TieKind>,
    /// People of this organisation or department alone.
    pub unit: Option<UnitId>,
    /// How strong a tie has to be.
    pub least: Least,
}

impl Lens {
    /// Whether it shows the network as it is.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Works out a network through a lens. May take a while and may block.
pub trait Lookout: Debug + Send + Sync {
    /// The network of the same imports and rules as `live`, through the lens.
    ///
    /// # Errors
    /// Why it cannot be worked out, for people.
    fn look(&self, lens: &Lens, live: &Snapshot) -> Result<Snapshot, String>;
}

/// What is known of a network that someone asked for.
#[derive(Debug, Clone)]
pub(crate) enum Look {
    /// Here it is.
    Ready(Arc<Snapshot>),
    /// It is being worked out, after so many others.
    Working {
        /// Others that come first.
        ahead: usize,
    },
    /// It cannot be had; says why.
    Failed(String),
}

/// Networks through lenses: kept, being worked out, waiting.
#[derive(Debug)]
pub(crate) struct Looks {
    lookout: Option<Arc<dyn Lookout>>,
    state: Arc<Mutex<State>>,
    /// Tells that one more is done.
    done: Arc<watch::Sender<u64>>,
}

#[derive(Debug, Default)]
struct State {
    /// When the network was built that all of these are of.
    of: Option<Moment>,
    /// The one used last comes last.
    kept: VecDeque<(Lens, Result<Arc<Snapshot>, String>)>,
    waiting: VecDeque<Lens>,
    /// The first of those waiting is at work.
    is_working: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Looks {
    /// Networks worked out by this lookout; without one there are none.
    pub(crate) fn new(lookout: Option<Arc<dyn Lookout>>) -> Self {
        let done = Arc::new(watch::Sender::new(0));
        Self { lookout, state: Arc::default(), done }
    }

    /// Tells of each that is done.
    pub(crate) fn done(&self) -> watch::Receiver<u64> {
        self.done.subscribe()
    }

    /// The network through a lens; waits a moment for one that is nearly there.
    pub(crate) async fn get(&self, live: &Arc<Snapshot>, lens: &Lens) -> Look {
        if lens.is_plain() {
            return Look::Ready(Arc::clone(live));
        }
        let mut done = self.done.subscribe();
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            let look = self.ask(live, lens);
            if !matches!(look, Look::Working { .. }) {
                return look;
            }
            if tokio::time::timeout_at(patience, done.changed()).await.is_err() {
                return look;
            }
        }
    }

    /// What is known of it; begins to work it out where nothing is.
    fn ask(&self, live: &Arc<Snapshot>, lens: &Lens) -> Look {
        let Some(lookout) = &self.lookout else {
            return Look::Failed(t!("error-no-lookout"));
        };
        let mut state = lock(&self.state);
        if state.of != Some(live.built) {
            // Another network: what was worked out of the one before is not so any more.
            state.of = Some(live.built);
            state.kept.clear();
            state.waiting.clear();
        }
        if let Some(at) = state.kept.iter().position(|(known, _)| known == lens)
            && let Some(found) = state.kept.remove(at)
        {
            let look = match &found.1 {
                Ok(snapshot) => Look::Ready(Arc::clone(snapshot)),
                Err(why) => Look::Failed(why.clone()),
            };
            // What failed is tried again when it is asked for again.
            if found.1.is_ok() {
                state.kept.push_back(found);
            }
            return look;
        }
        if let Some(ahead) = state.waiting.iter().position(|known| known == lens) {
            return Look::Working { ahead };
        }
        if state.waiting.len() >= MOST_WAITING {
            let why = t!("error-lookout-busy");
            return Look::Failed(why);
        }
        let ahead = state.waiting.len();
        state.waiting.push_back(*lens);
        if !state.is_working {
            state.is_working = true;
            let (lookout, live) = (Arc::clone(lookout), Arc::clone(live));
            let (state, done) = (Arc::clone(&self.state), Arc::clone(&self.done));
            tokio::task::spawn_blocking(move || work(&*lookout, &live, &state, &done));
        }
        Look::Working { ahead }
    }
}

/// Works out what waits, one after the other.
fn work(lookout: &dyn Lookout, live: &Snapshot, state: &Mutex<State>, done: &watch::Sender<u64>) {
    loop {
        let lens = {
            let mut state = lock(state);
            let is_current = state.of == Some(live.built);
            match state.waiting.front().copied().filter(|_| is_current) {
                Some(lens) => lens,
                None => {
                    // Asked of another network meanwhile: whoever asks again begins anew.
                    state.waiting.clear();
                    state.is_working = false;
                    break;
                }
            }
        };
        let look = std::panic::AssertUnwindSafe(|| lookout.look(&lens, live));
        let found = std::panic::catch_unwind(look)
            .unwrap_or_else(|_| Err("something went wrong on our side".to_owned()));
        if let Err(why) = &found {
            tracing::warn!(why, "a network through a lens could not be worked out");
        }
        let mut state = lock(state);
        if state.of == Some(live.built) {
            state.waiting.retain(|waiting| *waiting != lens);
            state.kept.push_back((lens, found.map(Arc::new)));
            forget(&mut state.kept);
        }
        drop(state);
        done.send_modify(|n| *n += 1);
    }
    done.send_modify(|n| *n += 1);
}

/// Lets go of those used longest ago, as far as memory asks for it.
fn forget(kept: &mut VecDeque<(Lens, Result<Arc<Snapshot>, String>)>) {
    let size = |found: &Result<Arc<Snapshot>, String>| match found {
        Ok(snapshot) => snapshot.network.len() + snapshot.network.pairs().len(),
        Err(_) => 0,
    };
    loop {
        let all: usize = kept.iter().map(|(_, found)| size(found)).sum();
        if kept.len() <= 2 || (kept.len() <= MOST_LENSES && all <= MOST_KEPT) {
            return;
        }
        kept.pop_front();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
