//! Word of what changed, for pages that stay current: one look a second at the store for the whole
//! server, handed on to every stream that may hear it. What is said is kinds and ids; the page then
//! asks for what it shows, as anyone would.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tieline_model::access::{Viewer, Visibility};
use tieline_model::id::{AccountId, ActorId, AddressId, JobId, PartnershipId, PlaceId};
use tieline_model::job::{JobProgress, JobState};
use tieline_model::time::Moment;
use tieline_store::{News, Store, StoreError, Verb, WrittenKind};
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::app::App;
use crate::session;

/// Pause between two looks at the store. A look is two reads of indexed rows, and is taken only while
/// someone listens.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Events of one look; what is left comes with the next.
const MOST_EVENTS: u64 = 500;

/// Jobs whose progress is told.
const MOST_JOBS: u64 = 100;

/// Words that a slow listener may lag behind; then it is told that anything may have changed.
const MOST_WAITING: usize = 256;

/// Streams of one account at once: a browser has one, whatever it has open.
const MOST_STREAMS: usize = 8;

/// What a word is about. A page says which of these it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Background work went on; ids of jobs.
    Jobs,
    /// An import came or went.
    Imports,
    /// Pairs that wait for a word, or the words on them.
    Reviews,
    /// What is known of people; their ids, or none where it may be anyone.
    People,
    /// A new network is shown.
    Network,
    /// A network through a lens is there.
    Looks,
    /// A partnership; its id.
    Partnerships,
    /// What an account put on its own Today.
    Today,
    /// Sessions or rights of an account: its streams look whether they still hold.
    Account,
    /// The listener missed something: anything may have changed.
    Anything,
}

impl Topic {
    /// Its name in the stream.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Imports => "imports",
            Self::Reviews => "reviews",
            Self::People => "people",
            Self::Network => "network",
            Self::Looks => "looks",
            Self::Partnerships => "partnerships",
            Self::Today => "today",
            Self::Account => "account",
            Self::Anything => "anything",
        }
    }
}

/// Who may hear a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// Whoever sees the directory.
    Readers,
    /// Whoever runs imports.
    Stewards,
    /// One account.
    One(AccountId),
    /// Whoever may read something of this visibility by this author.
    Of(Visibility, AccountId),
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it is about.
    pub(crate) topic: Topic,
    /// Ids of what changed, where the topic has such.
    pub(crate) ids: Vec<String>,
    /// When.
    pub(crate) at: Moment,
    /// Event of the history that it tells of: where a stream that breaks goes on.
    pub(crate) event: Option<Uuid>,
    audience: Audience,
}

impl Word {
    fn new(topic: Topic, audience: Audience, at: Moment) -> Self {
        Self { topic, ids: Vec::new(), at, event: None, audience }
    }

    /// That anything may have changed.
    pub(crate) fn anything(viewer: &Viewer) -> Self {
        Self::new(Topic::Anything, Audience::One(viewer.account), session::now())
    }

    /// Whether a viewer may hear it.
    pub(crate) fn is_for(&self, viewer: &Viewer) -> bool {
        match self.audience {
            Audience::Readers => viewer.may_read(),
            Audience::Stewards => viewer.may_steward(),
            Audience::One(account) => viewer.account == account,
            Audience::Of(visibility, author) => {
                viewer.may_read() && viewer.reads(visibility, author)
            }
        }
    }
}

/// Where words are handed on.
#[derive(Debug)]
pub(crate) struct Newsroom {
    out: broadcast::Sender<Arc<Word>>,
    closing: watch::Sender<bool>,
    seats: Mutex<Seats>,
}

/// Who listens.
#[derive(Debug, Default)]
struct Seats {
    of: BTreeMap<AccountId, usize>,
    /// Whether someone looks at the store for them.
    is_watched: bool,
}

impl Default for Newsroom {
    fn default() -> Self {
        Self {
            out: broadcast::Sender::new(MOST_WAITING),
            closing: watch::Sender::new(false),
            seats: Mutex::default(),
        }
    }
}

/// The place of one stream; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    app: App,
    account: AccountId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.app.live.news().seats();
        if let Some(n) = seats.of.get_mut(&self.account) {
            *n -= 1;
            if *n == 0 {
                seats.of.remove(&self.account);
            }
        }
    }
}

impl Newsroom {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says something to all who may hear it.
    fn say(&self, word: Word) {
        // Nobody listens: then nobody misses it.
        let _ = self.out.send(Arc::new(word));
    }

    /// That a new network is shown from now on.
    pub(crate) fn network_changed(&self) {
        self.say(Word::new(Topic::Network, Audience::Readers, session::now()));
    }

    /// Every word from now on.
    pub(crate) fn words(&self) -> broadcast::Receiver<Arc<Word>> {
        self.out.subscribe()
    }

    /// Turns true when the server ends: then streams end, and browsers come back by themselves.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends all streams.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

/// A place for one more stream of an account, and someone who looks at the store; `None` when the
/// account has as many as it may have. `from`: the newest event before; what comes later is told.
pub(crate) fn seat(app: &App, account: AccountId, from: Option<Uuid>) -> Option<Seat> {
    let mut seats = app.live.news().seats();
    let n = seats.of.entry(account).or_default();
    if *n >= MOST_STREAMS {
        return None;
    }
    *n += 1;
    if !seats.is_watched {
        seats.is_watched = true;
        tokio::spawn(watch_for_all(app.clone(), from));
    }
    Some(Seat { app: app.clone(), account })
}

/// What was seen at the last look.
#[derive(Default)]
struct Seen {
    event: Option<Uuid>,
    jobs: BTreeMap<JobId, (JobState, JobProgress)>,
}

/// Looks at the store while anyone listens. What other programs on the same store do is told like
/// what this server does.
async fn watch_for_all(app: App, from: Option<Uuid>) {
    let mut seen = Seen { event: from, ..Seen::default() };
    let mut looks = app.live.looks_done();
    let mut turns = tokio::time::interval(LOOK_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let news = app.live.news();
    loop {
        tokio::select! {
            _ = turns.tick() => {}
            done = looks.changed() => if done.is_ok() {
                news.say(Word::new(Topic::Looks, Audience::Readers, session::now()));
            }
        }
        {
            let mut seats = news.seats();
            if seats.of.is_empty() || *news.closing.borrow() {
                seats.is_watched = false;
                return;
            }
        }
        if let Err(error) = look(&app, &mut seen).await {
            tracing::warn!("what changed cannot be read: {error}");
        }
    }
}

async fn look(app: &App, seen: &mut Seen) -> Result<(), StoreError> {
    let events = app.store.events_after(seen.event, MOST_EVENTS).await?;
    for event in &events {
        for word in words_of(&app.store, event).await? {
            app.live.news().say(word);
        }
        seen.event = Some(event.id);
    }
    let jobs = app.store.jobs_at_work(MOST_JOBS).await?;
    let jobs: BTreeMap<JobId, (JobState, JobProgress)> =
        jobs.into_iter().map(|job| (job.id, (job.state, job.progress))).collect();
    let went_on = jobs.iter().filter(|(id, now)| seen.jobs.get(id) != Some(now)).map(|(id, _)| id);
    let over = seen.jobs.keys().filter(|id| !jobs.contains_key(id));
    let moved: BTreeSet<&JobId> = went_on.chain(over).collect();
    if !moved.is_empty() {
        let ids = moved.into_iter().map(ToString::to_string).collect();
        let word = Word::new(Topic::Jobs, Audience::Stewards, session::now());
        app.live.news().say(Word { ids, ..word });
    }
    seen.jobs = jobs;
    Ok(())
}

/// What a viewer would have heard since a moment or an event: for a stream that begins or goes on.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn missed(
    app: &App,
    viewer: &Viewer,
    after: Uuid,
) -> Result<Vec<Word>, StoreError> {
    let events = app.store.events_after(Some(after), MOST_EVENTS).await?;
    if events.len() as u64 == MOST_EVENTS {
        return Ok(vec![Word::anything(viewer)]);
    }
    let mut words = Vec::new();
    for event in &events {
        let all = words_of(&app.store, event).await?;
        let is_heard = |word: &Word| word.topic != Topic::Account && word.is_for(viewer);
        words.extend(all.into_iter().filter(is_heard));
    }
    Ok(words)
}

/// What an event of the history means for pages.
async fn words_of(store: &Store, event: &News) -> Result<Vec<Word>, StoreError> {
    let word =
        |topic, audience| Word { event: Some(event.id), ..Word::new(topic, audience, event.at) };
    let account = || event.subject.parse::<Uuid>().ok().map(|id| Audience::One(AccountId(id)));
    Ok(match Reach::of(event.verb) {
        Reach::Nobody => Vec::new(),
        Reach::Jobs => {
            vec![Word { ids: vec![event.subject.clone()], ..word(Topic::Jobs, Audience::Stewards) }]
        }
        Reach::Imports => vec![word(Topic::Imports, Audience::Stewards)],
        Reach::Reviews => vec![word(Topic::Reviews, Audience::Stewards)],
        Reach::Anyone => vec![word(Topic::People, Audience::Readers)],
        Reach::Account => account().map(|one| word(Topic::Account, one)).into_iter().collect(),
        Reach::Today => account().map(|one| word(Topic::Today, one)).into_iter().collect(),
        Reach::Person => {
            let about = event.subject.parse::<AddressId>().ok();
            about_people(store, about.into_iter(), word(Topic::People, Audience::Readers)).await?
        }
        Reach::Place => {
            let place = event.subject.parse::<Uuid>().ok().map(PlaceId);
            let about = match place {
                Some(place) => found(store.place_about(place).await)?,
                None => None,
            };
            about_people(store, about.into_iter(), word(Topic::People, Audience::Readers)).await?
        }
        Reach::Room => {
            let Ok(id) = event.subject.parse::<PartnershipId>() else { return Ok(Vec::new()) };
            let inside = store.accounts_in(id).await?.into_iter();
            let to = |one| Word {
                ids: vec![event.subject.clone()],
                ..word(Topic::Partnerships, Audience::One(one))
            };
            inside.map(to).collect()
        }
        Reach::Written(kind) => {
            let Ok(id) = event.subject.parse::<Uuid>() else { return Ok(Vec::new()) };
            let Some(written) = store.written(kind, id).await? else { return Ok(Vec::new()) };
            let readers = Audience::Of(written.visibility, written.author);
            let about = written.about.into_iter();
            let mut words = about_people(store, about, word(Topic::People, readers)).await?;
            words.push(word(Topic::Today, Audience::One(written.author)));
            words
        }
    })
}

/// The word with the people of these addresses; none where nobody has them.
async fn about_people(
    store: &Store,
    about: impl Iterator<Item = AddressId>,
    word: Word,
) -> Result<Vec<Word>, StoreError> {
    let mut ids: Vec<String> = Vec::new();
    for address in about {
        let actor: Option<ActorId> = store.actor_of(address).await?;
        ids.extend(actor.map(|actor| actor.to_string()));
    }
    Ok(if ids.is_empty() { Vec::new() } else { vec![Word { ids, ..word }] })
}

fn found<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(one) => Ok(Some(one)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How far what a verb did can be seen, and what the subject of its event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In no page that is open, but through the network that follows.
    Nobody,
    /// In pages of imports; a job.
    Jobs,
    /// In the list of imports.
    Imports,
    /// In the pairs to decide.
    Reviews,
    /// In pages of people, of whomever.
    Anyone,
    /// In pages of a person; an address.
    Person,
    /// In pages of a person; a place.
    Place,
    /// Where those may see it who may read it; what was written.
    Written(WrittenKind),
    /// In the pages of a partnership, for whoever is in its room; the partnership.
    Room,
    /// In the Today of an account; the account.
    Today,
    /// In whether sessions hold; the account.
    Account,
}

impl Reach {
    /// Every verb is named: a new one fails to compile until someone says who hears of it.
    fn of(verb: Verb) -> Self {
        match verb {
            Verb::JobQueued
            | Verb::JobPaused
            | Verb::JobResumed
            | Verb::JobStopped
            | Verb::JobFinished => Self::Jobs,
            Verb::ImportFinished | Verb::ImportUndone => Self::Imports,
            Verb::IdentitiesMerged | Verb::IdentitiesSplit | Verb::DecisionRemoved => Self::Reviews,
            Verb::PersonErased
            | Verb::PersonWithdrawn
            | Verb::BulkEdited
            | Verb::BulkUndone
            | Verb::FieldAdded
            | Verb::FieldRemoved => Self::Anyone,
            Verb::PersonAdded
            | Verb::NameSaid
            | Verb::TagAdded
            | Verb::TagRemoved
            | Verb::FieldSet => Self::Person,
            Verb::PlaceSaid
            | Verb::PlaceChanged
            | Verb::PlaceRemoved
            | Verb::PlaceRestored => Self::Place,
            Verb::NoteAdded | Verb::NoteChanged | Verb::NoteDeleted | Verb::NoteRestored => {
                Self::Written(WrittenKind::Note)
            }
            Verb::PromiseAdded
            | Verb::PromiseKept
            | Verb::PromiseReopened
            | Verb::PromiseWithdrawn => Self::Written(WrittenKind::Promise),
            Verb::ContactLogged | Verb::ContactChanged | Verb::ContactUndone => {
                Self::Written(WrittenKind::Contact)
            }
            Verb::PartnershipAdded
            | Verb::PartnershipChanged
            | Verb::PartnershipRemoved
            | Verb::PartnershipRestored
            | Verb::StageSet
            | Verb::PartyAdded
            | Verb::PartyChanged
            | Verb::PartyRemoved
            | Verb::PartyRestored
            | Verb::SeatGiven
            | Verb::SeatChanged
            | Verb::SeatEnded
            | Verb::SeatResumed
            | Verb::SideWritten
            | Verb::QuestionAnswered
            | Verb::CharterSaved
            | Verb::CharterAnswered
            | Verb::CharterCommented
            | Verb::CommentRemoved
            | Verb::GuestInvited
            | Verb::GuestRenewed
            | Verb::GuestCame
            | Verb::GuestRevoked
            | Verb::CommitmentMade
            | Verb::CommitmentKept
            | Verb::CommitmentWithdrawn
            | Verb::CommitmentReopened
            | Verb::DateAsked
            | Verb::DateAgreed
            | Verb::DateDeclined
            | Verb::AimServed
            | Verb::AimDropped
            | Verb::ObjectiveAdded
            | Verb::ObjectiveChanged
            | Verb::ObjectiveRemoved
            | Verb::ObjectiveRestored
            | Verb::KeyResultAdded
            | Verb::KeyResultChanged
            | Verb::KeyResultRemoved
            | Verb::KeyResultRestored
            | Verb::CheckedIn
            | Verb::CheckInRemoved
            | Verb::ObjectivesLinked
            | Verb::ObjectiveLinkRemoved
            | Verb::WorkAdded
            | Verb::WorkChanged
            | Verb::WorkRemoved
            | Verb::WorkRestored
            | Verb::RoleReadBack
            | Verb::TopicOpened
            | Verb::TopicRemoved
            | Verb::TopicPosted
            | Verb::PostRemoved
            | Verb::TopicSummed
            | Verb::TopicClosed
            | Verb::TopicReopened
            | Verb::JointAsked
            | Verb::JointChanged
            | Verb::JointSpoken
            | Verb::JointUnsaid
            | Verb::JointStepped
            | Verb::BallotCast
            | Verb::VotePassed
            | Verb::ObjectionAnswered
            | Verb::VotersReminded
            | Verb::JointCounted
            | Verb::OutcomeWritten
            | Verb::JointReviewed
            | Verb::StakeholderAdded
            | Verb::StakeholderChanged
            | Verb::StakeholderRemoved
            | Verb::StakeholderRestored
            | Verb::StakeholderPlaced
            | Verb::StanceSaid
            | Verb::StakeholderStepSet
            | Verb::InfluenceSaid => Self::Room,
            Verb::Snoozed | Verb::SnoozeEnded => Self::Today,
            Verb::SessionsClosed
            | Verb::AccountDisabled
            | Verb::AccountChanged
            | Verb::RoleSet => Self::Account,
            Verb::ImportDiscarded
            | Verb::ClassSet
            | Verb::ClassRemoved
            | Verb::MappingSaved
            | Verb::AccountAdded
            | Verb::PasswordSet
            | Verb::AccountEnabled
            | Verb::AccountMailSet
            | Verb::SessionOpened
            | Verb::LinkAdded
            | Verb::LinkUsed
            | Verb::ViewSaved
            | Verb::ViewRemoved
            | Verb::ConsentSet
            | Verb::FindingsKept
            | Verb::NamedFindingsSet
            | Verb::NetworkExported
            | Verb::TokenAdded
            | Verb::TokenRemoved
            | Verb::UnitAdded
            | Verb::UnitWithdrawn
            | Verb::AimAdded
            | Verb::AimChanged
            | Verb::AimRemoved
            | Verb::AimRestored
            // Whether a tie exists is for both ends to show.
            | Verb::TieSaid
            | Verb::TieWithdrawn
            | Verb::RhythmSet => Self::Nobody,
        }
    }
}
