//! What changed, as it happens: one stream of server-sent events a browser. It says kinds and ids of
//! what the account may see, never a name and never content.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, viewer};
use crate::news::{self, Seat, Topic, Word};
use crate::session;

/// Pause between two looks whether the session still holds: it may end by itself.
const CHECK_EVERY: Duration = Duration::from_secs(60);

/// Pause between two signs of life, so that proxies do not think the line dead.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// How long a browser waits before it comes back.
const COME_BACK: Duration = Duration::from_secs(2);

/// When the page was made that begins to listen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Since {
    /// Ms UTC.
    since: Option<u64>,
}

/// `GET /live`. One stream too many is refused: the page then asks now and then, as without one.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Query(since): Query<Since>,
) -> Result<Response, AppError> {
    let after = last_event(&headers).or_else(|| since.since.map(first_event_of));
    let Some(listening) = Listening::begin(app, signed, after).await? else {
        let why = "this account has as many streams as it may have";
        return Ok((StatusCode::TOO_MANY_REQUESTS, why).into_response());
    };
    let stream = Sse::new(heard(listening)).keep_alive(KeepAlive::new().interval(ALIVE_EVERY));
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, stream).into_response())
}

/// The event that a stream which broke had heard last.
fn last_event(headers: &HeaderMap) -> Option<Uuid> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// Ids of events begin with their moment.
fn first_event_of(ms: u64) -> Uuid {
    Uuid::from_u128(u128::from(ms) << 80)
}

/// One stream.
struct Listening {
    app: App,
    signed: Signed,
    words: broadcast::Receiver<Arc<Word>>,
    closing: watch::Receiver<bool>,
    checks: Interval,
    queue: VecDeque<Word>,
    /// The newest event that was told when the stream began.
    told: Option<Uuid>,
    is_new: bool,
    _seat: Seat,
}

fn heard(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(listening, |mut listening| async move {
        let event = listening.next().await?;
        Some((Ok(event), listening))
    })
}

impl Listening {
    /// From after this event on, if one is given; `None` when the account has no place for it.
    async fn begin(
        app: App,
        signed: Signed,
        after: Option<Uuid>,
    ) -> Result<Option<Self>, AppError> {
        // First the ear, then what was missed: between both nothing is lost.
        let words = app.live.news().words();
        let newest = app.store.last_event().await?;
        let Some(seat) = news::seat(&app, signed.viewer.account, newest) else { return Ok(None) };
        let missed = match after {
            Some(after) => news::missed(&app, &signed.viewer, after).await?,
            None => Vec::new(),
        };
        let mut checks = interval_at(Instant::now() + CHECK_EVERY, CHECK_EVERY);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let closing = app.live.news().closing();
        let told = missed.iter().filter_map(|word| word.event).max().max(newest);
        let queue = missed.into();
        let is_new = true;
        Ok(Some(Self { app, signed, words, closing, checks, queue, told, is_new, _seat: seat }))
    }

    /// The next event; `None` when the stream ends: the session does not hold any more, or the
    /// server goes.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.is_new) {
            return Some(Event::default().event("open").retry(COME_BACK).data("{}"));
        }
        while !*self.closing.borrow() {
            if let Some(word) = self.queue.pop_front() {
                return Some(told(&word));
            }
            tokio::select! {
                biased;
                _ = self.closing.changed() => {}
                _ = self.checks.tick() => if !self.holds().await { return None },
                heard = self.words.recv() => match heard {
                    Ok(word) if word.event.is_some() && word.event <= self.told => {}
                    Ok(word) if !word.is_for(&self.signed.viewer) => {}
                    Ok(word) if word.topic == Topic::Account => {
                        if !self.holds().await { return None }
                    }
                    Ok(word) => self.queue.push_back((*word).clone()),
                    Err(RecvError::Lagged(_)) => {
                        if !self.holds().await { return None }
                        self.queue.push_back(Word::anything(&self.signed.viewer));
                    }
                    Err(RecvError::Closed) => return None,
                },
            }
        }
        None
    }

    /// Whether the session still holds, with the rights that the account has now.
    async fn holds(&mut self) -> bool {
        let found = self.app.store.session(&self.signed.session, session::now()).await;
        let Ok(Some((_, account))) = found else { return false };
        match viewer(&self.app, &account).await {
            Ok(viewer) => {
                self.signed.viewer = viewer;
                true
            }
            Err(_) => false,
        }
    }
}

fn told(word: &Word) -> Event {
    let data = json!({ "at": word.at.ms(), "ids": word.ids });
    let event = Event::default().event(word.topic.name()).data(data.to_string());
    match word.event {
        Some(id) => event.id(id.to_string()),
        None => event,
    }
}
