//! Who is heard in the talk of a partnership: shares of parties and duties where enough people are
//! behind them, the reader's own, and whom nobody has heard yet.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use tieline_insight::groups::{SMALLEST_GROUP, shown_cells};
use tieline_insight::{evenness, gini};
use tieline_model::id::{PartnershipId, PartyId, SeatId, TopicId};
use tieline_model::participation::voices;
use tieline_model::room::{Duty, Participant};
use tieline_model::time::Moment;
use tieline_store::{Spoken, Topic};

use super::partnership::{Head, Tab, party_name};
use super::topics::parts;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::{InRoom, duty_name};
use crate::session;
use crate::shell::{Done, Shell};

/// Days after which an invitation may be repeated.
const INVITED_DAYS: f64 = 14.0;

/// People whom the page offers to invite.
const MOST_INVITED: usize = 100;

/// Topics that an invitation may be written in.
const MOST_TOPICS: u64 = 50;

/// What a group has said.
pub(crate) struct GroupVoice<G> {
    /// Which.
    pub(crate) of: G,
    /// How many people it has.
    pub(crate) people: usize,
    /// Its share of all words and whether that is under half of an even one; `None`: too few people,
    /// or nothing was said.
    pub(crate) share: Option<(f64, bool)>,
}

/// Someone who was hardly heard.
pub(crate) struct Unheard {
    pub(crate) seat: SeatId,
    pub(crate) party: PartyId,
    pub(crate) name: Option<String>,
    /// Whether they were asked not long ago.
    pub(crate) is_invited: bool,
}

/// Who is heard in a room.
pub(crate) struct Heard {
    /// People who sit there.
    pub(crate) people: usize,
    /// Posts that stand.
    pub(crate) posts: u64,
    /// Posts and share of the words of the reader; `None` without a seat.
    pub(crate) own: Option<(u64, Option<f64>)>,
    /// Evenness and Gini coefficient of the words of all; `None`: too few people, or nothing was said.
    pub(crate) even: Option<(f64, f64)>,
    pub(crate) parties: Vec<GroupVoice<PartyId>>,
    pub(crate) duties: Vec<GroupVoice<Duty>>,
    /// Whom nobody has heard yet, by name.
    pub(crate) unheard: Vec<Unheard>,
}

/// Who is heard in a room, as its reader may know it (METHODS 1.3, 14.2).
pub(crate) async fn heard(
    app: &App,
    (id, by): (PartnershipId, Participant),
    now: Moment,
) -> Result<Heard, AppError> {
    let own = app.store.room(id, by).await?.standing.seat.map(|seat| seat.id);
    let all = app.store.spoken(id, by).await?;
    let amounts: Vec<(SeatId, f64)> = all.iter().map(|one| (one.seat, one.words as f64)).collect();
    let each = voices(&amounts);
    let is_told = all.len() >= SMALLEST_GROUP && !each.is_empty();
    let words: Vec<f64> = amounts.iter().map(|(_, words)| *words).collect();
    let share_of = |seat| each.iter().find(|one| one.of == seat).map(|one| one.share);
    let mine = all.iter().find(|one| Some(one.seat) == own);
    let unheard = all
        .iter()
        .zip(&each)
        .filter(|(one, voice)| is_told && voice.is_unheard && Some(one.seat) != own);
    Ok(Heard {
        people: all.len(),
        posts: all.iter().map(|one| one.posts).sum(),
        own: mine.map(|one| (one.posts, share_of(one.seat))),
        even: is_told.then(|| (evenness(&words), gini(&words))),
        parties: groups(&all, |one| one.party),
        duties: groups(&all, |one| one.duty),
        unheard: unheard.map(|(one, _)| to_invite(one, now)).collect(),
    })
}

fn to_invite(one: &Spoken, now: Moment) -> Unheard {
    Unheard {
        seat: one.seat,
        party: one.party,
        name: one.name.clone(),
        is_invited: one.invited.is_some_and(|at| now.days_since(at) < INVITED_DAYS),
    }
}

/// What groups have said; a group of few is hidden, and what would tell of it by difference.
fn groups<G: Copy + Ord>(all: &[Spoken], of: impl Fn(&Spoken) -> G) -> Vec<GroupVoice<G>> {
    let mut sums: BTreeMap<G, (usize, f64)> = BTreeMap::new();
    for one in all {
        let (people, words) = sums.entry(of(one)).or_default();
        *people += 1;
        *words += one.words as f64;
    }
    let sizes: Vec<usize> = sums.values().map(|(people, _)| *people).collect();
    let shown = shown_cells(&sizes, SMALLEST_GROUP);
    let amounts: Vec<(G, f64)> = sums.iter().map(|(of, (_, words))| (*of, *words)).collect();
    let shares = voices(&amounts);
    let one = |(n, (of, (people, _))): (usize, (&G, &(usize, f64)))| {
        let share = shares.get(n).filter(|_| shown.get(n) == Some(&true));
        let share = share.map(|voice| (voice.share, voice.is_unheard));
        GroupVoice { of: *of, people: *people, share }
    };
    sums.iter().enumerate().map(one).collect()
}

/// A line of a table: name, people, share in words, and whether it is hardly heard.
type Line = (String, usize, String, bool);

#[derive(Template)]
#[template(path = "voices.html")]
struct VoicesPage {
    shell: Shell,
    head: Head,
    id: String,
    /// Whether anything may be told.
    is_told: bool,
    why_not: String,
    even: Option<(String, String)>,
    own: Option<String>,
    parties: Vec<Line>,
    duties: Vec<Line>,
    /// Seat, name, party, and whether they were asked not long ago.
    unheard: Vec<(SeatId, String, String, bool)>,
    more_unheard: usize,
    topics: Vec<(TopicId, String)>,
}

impl VoicesPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "topics/voices")
    }
}

fn line<G>(one: &GroupVoice<G>, name: String) -> Line {
    let (words, is_unheard) = match one.share {
        Some((share, is_unheard)) => (here::percent(share), is_unheard),
        None => (t!("talk-too-few"), false),
    };
    (name, one.people, words, is_unheard)
}

fn own_words((posts, share): (u64, Option<f64>)) -> String {
    match share {
        Some(share) => t!("talk-own-share", n = posts, share = here::percent(share)),
        None => t!("talk-own-none"),
    }
}

/// `GET /partnerships/{id}/topics/voices`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let found = heard(&app, (room.id(), room.by), session::now()).await?;
    let open = app.store.topics(room.id(), (false, None), MOST_TOPICS, room.by).await?;
    let name = |one: &Unheard| {
        let name = one.name.clone().unwrap_or_else(|| t!("partnerships-nobody-known"));
        (one.seat, name, party_name(&room, one.party), one.is_invited)
    };
    page(&VoicesPage {
        shell: room.shell(&app).with_toast(done.toast()),
        head: Head::new(&room, Tab::Talk),
        id: room.id().to_string(),
        is_told: found.even.is_some(),
        why_not: match found.people < SMALLEST_GROUP {
            true => t!("talk-few-people", n = SMALLEST_GROUP),
            false => t!("talk-nothing-said"),
        },
        even: found.even.map(|(even, gini)| (here::percent(even), format!("{gini:.2}"))),
        own: found.own.map(own_words),
        parties: found.parties.iter().map(|one| line(one, party_name(&room, one.of))).collect(),
        duties: found.duties.iter().map(|one| line(one, duty_name(one.of))).collect(),
        unheard: found.unheard.iter().take(MOST_INVITED).map(name).collect(),
        more_unheard: found.unheard.len().saturating_sub(MOST_INVITED),
        topics: open.into_iter().map(|Topic { id, title, .. }| (id, title)).collect(),
    })
}

/// Whom to ask to say something, and in which topic.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InviteForm {
    topic: String,
    seat: String,
}

/// `POST /partnerships/{id}/topics/voices`: asks someone to say something.
pub(crate) async fn invite(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<InviteForm>,
) -> Result<Redirect, AppError> {
    let topic: TopicId = form.topic.parse().map_err(|_| AppError::NotFound)?;
    let seat: SeatId = form.seat.parse().map_err(|_| AppError::NotFound)?;
    let tx = room.begin(&app).await?;
    let post = tx.invite_voices((room.id(), topic), &[seat], room.by).await?;
    tx.commit().await?;
    let undo = format!("undo={}.{post}", room.id());
    Ok(Redirect::to(&format!("{}/topics/voices?done=voice-invited&{undo}", room.base())))
}
