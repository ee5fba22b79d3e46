//! One tie, down to the interactions behind it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_lake::EvidenceQuery;
use tieline_model::access::{TieConsent, TieView};
use tieline_model::contact::ContactKind;
use tieline_model::id::{ActorId, AddressId};
use tieline_model::interaction::Interaction;
use tieline_model::time::{Moment, Month, Window};
use tieline_store::{Actor, Contact};

use super::lanes::days_by_month;
use super::tie_view::{self, TieParts};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Place, Shell};
use crate::show;
use crate::snapshot::Snapshot;

/// Interactions shown, the newest ones.
const MOST: usize = 100;

/// Interactions read where one kind alone is shown.
const MOST_READ: usize = 2_000;

/// Months that can be asked for.
const MONTHS: RangeInclusive<Month> = Month::new(1, 1)..=Month::new(9_999, 12);

/// What of a tie is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Year and month; empty: the whole window.
    month: String,
    /// `meetings` or `messages`; empty: both.
    kind: String,
}

/// What of a tie is shown.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    month: Option<Month>,
    /// Meetings and calls alone, or messages alone.
    gathers: Option<bool>,
}

impl Asked {
    fn part(&self) -> Result<Part, AppError> {
        let month = match self.month.as_str() {
            "" => None,
            text => {
                let why = || AppError::BadRequest(t!("error-month"));
                let month = text.parse::<Month>().map_err(|_| why())?;
                Some(Some(month).filter(|month| MONTHS.contains(month)).ok_or_else(why)?)
            }
        };
        let gathers = match self.kind.as_str() {
            "" => None,
            "meetings" => Some(true),
            "messages" => Some(false),
            _ => {
                let why = t!("error-kind-of-tie");
                return Err(AppError::BadRequest(why.to_owned()));
            }
        };
        Ok(Part { month, gathers })
    }
}

impl Part {
    /// "March 2026, meetings"; empty for everything.
    fn words(self) -> String {
        let month = self.month.map(|month| here::month(month.start().date()));
        let kind = self.gathers.map(|gathers| match gathers {
            true => t!("people-part-meetings"),
            false => t!("people-part-messages"),
        });
        let words = [month, kind].into_iter().flatten();
        words.collect::<Vec<_>>().join(", ")
    }

    fn takes(self, at: Moment, gathers: bool) -> bool {
        self.month.is_none_or(|month| at.month() == month)
            && self.gathers.is_none_or(|wanted| wanted == gathers)
    }

    /// The part of a window that it covers; `None` where they do not meet.
    fn within(self, window: Window) -> Option<Window> {
        let Some(month) = self.month else { return Some(window) };
        let from = window.from.map_or(month.start(), |from| from.max(month.start()));
        let to = window.to.min(month.end());
        (from < to).then_some(Window { from: Some(from), to })
    }
}

/// One interaction in words. What it was about is not known: only headers are read.
struct Row {
    when: String,
    what: String,
    direction: String,
    group: String,
}

/// A month with contact.
struct MonthLink {
    href: String,
    name: String,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "tie.html")]
struct TiePage {
    shell: Shell,
    a: (String, String),
    b: (String, String),
    tie: TieParts,
    window: String,
    /// What of it is shown; empty: everything.
    part: String,
    months: Vec<MonthLink>,
    rows: Vec<Row>,
    is_cut: bool,
}

/// Whether there is a page of this tie.
pub(super) fn is_open(snapshot: &Snapshot, a: ActorId, b: ActorId) -> bool {
    let nodes = snapshot.network.node_of(a).zip(snapshot.network.node_of(b));
    nodes.is_some_and(|(a, b)| a != b && snapshot.network.pair(a, b).is_some())
}

/// `GET /people/{a}/ties/{b}`: for whoever may see all of the tie.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((a, b)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let a: ActorId = a.parse().map_err(|_| AppError::NotFound)?;
    let b: ActorId = b.parse().map_err(|_| AppError::NotFound)?;
    let nothing = TieConsent::Nothing;
    // Consent never opens the interactions: they are for the two, or for a workspace of one.
    if signed.viewer.tie((a, nothing), (b, nothing)) != TieView::Full {
        return Err(AppError::NotFound);
    }
    let snapshot = app.live.get().ok_or(AppError::NotFound)?;
    let (one, two) = (app.store.person(a).await?.actor, app.store.person(b).await?.actor);
    let built = build(&app, &signed, &snapshot, (&one, &two), asked.part()?).await?;
    let (by, both) = (signed.viewer.account, [one.anchor, two.anchor]);
    app.store.note_looks(by, &both, "tie", session::now()).await?;
    page(&built)
}

async fn build(
    app: &App,
    signed: &Signed,
    snapshot: &Arc<Snapshot>,
    (one, two): (&Actor, &Actor),
    part: Part,
) -> Result<TiePage, AppError> {
    let nodes = snapshot.network.node_of(one.id).zip(snapshot.network.node_of(two.id));
    let (node, other) = nodes.ok_or(AppError::NotFound)?;
    let pair = snapshot.network.pair(node, other).ok_or(AppError::NotFound)?;
    let mut rows = seen(app, snapshot, (one, two), part).await?;
    rows.extend(logged(app, signed, snapshot, (one, two), part).await?);
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let is_cut = rows.len() > MOST;
    rows.truncate(MOST);
    let days = pair.contact.as_ref().map(|contact| contact.days.as_slice()).unwrap_or_default();
    Ok(TiePage {
        shell: Shell::new(app, signed, Place::Directory),
        a: (one.id.to_string(), one.name.clone()),
        b: (two.id.to_string(), two.name.clone()),
        tie: tie_view::parts(snapshot, pair, node),
        window: here::window(snapshot.window, snapshot.as_of),
        part: part.words(),
        months: months((one.id, two.id), days, snapshot.as_of, part),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        is_cut,
    })
}

/// Months of the last year with contact, the newest first.
fn months(
    (a, b): (ActorId, ActorId),
    days: &[i64],
    as_of: Option<Moment>,
    part: Part,
) -> Vec<MonthLink> {
    let Some(at) = as_of else { return Vec::new() };
    let link = |month: Month| MonthLink {
        href: format!("/people/{a}/ties/{b}?month={month}"),
        name: here::short_month_of_year(month.start().date()),
        is_shown: part.month == Some(month),
    };
    days_by_month(days.iter().copied(), at).into_keys().rev().map(link).collect()
}

/// What archives hold, the newest first: one more than is shown.
async fn seen(
    app: &App,
    snapshot: &Arc<Snapshot>,
    (one, two): (&Actor, &Actor),
    part: Part,
) -> Result<Vec<(Moment, Row)>, AppError> {
    let window = snapshot.window.and_then(|window| part.within(window));
    let ends = (one.addresses.clone(), two.addresses.clone());
    // Of one kind alone: the others are read too, and left.
    let limit = if part.gathers.is_some() { MOST_READ } else { MOST + 1 };
    let found = within(app, snapshot.clone(), ends, window, limit).await?;
    let found = found.iter().filter(|act| part.takes(act.at, gathers(act)));
    Ok(found.map(|act| (act.at, row(act, &one.addresses, &one.name, &two.name))).collect())
}

/// What one of the two logged by hand with the other, for the one who did.
async fn logged(
    app: &App,
    signed: &Signed,
    snapshot: &Snapshot,
    (one, two): (&Actor, &Actor),
    part: Part,
) -> Result<Vec<(Moment, Row)>, AppError> {
    let other = match (signed.viewer.is(one.id), signed.viewer.is(two.id)) {
        (true, _) => two,
        (_, true) => one,
        _ => return Ok(Vec::new()),
    };
    let me = signed.viewer.account;
    let all = app.store.contacts_about(&other.addresses, me, false, None, MOST as u64 + 1).await?;
    let inside = |at: Moment| snapshot.window.is_none_or(|window| window.contains(at));
    let own = all.into_iter().filter(|contact| contact.by == me && inside(contact.at));
    Ok(own
        .filter(|contact| part.takes(contact.at, contact.kind != ContactKind::Wrote))
        .map(|contact| (contact.at, logged_row(&contact)))
        .collect())
}

fn logged_row(contact: &Contact) -> Row {
    Row {
        when: here::date(contact.at),
        what: match contact.kind {
            ContactKind::Met => t!("word-contact-met"),
            ContactKind::Called => t!("word-contact-called"),
            ContactKind::Wrote => t!("word-contact-wrote"),
        },
        direction: t!("people-recorded-by-you"),
        group: match contact.people.len() {
            0 | 1 => t!("people-only-them"),
            n => t!("people-n-named", n = n),
        },
    }
}

/// The newest interactions of the people of two lists of addresses, in the window of the network.
pub(crate) async fn evidence(
    app: &App,
    snapshot: Arc<Snapshot>,
    (a, b): (Vec<AddressId>, Vec<AddressId>),
    limit: usize,
) -> Result<Vec<Interaction>, AppError> {
    let window = snapshot.window;
    within(app, snapshot, (a, b), window, limit).await
}

/// As [`evidence`], in a part of the window; nothing without one.
async fn within(
    app: &App,
    snapshot: Arc<Snapshot>,
    (a, b): (Vec<AddressId>, Vec<AddressId>),
    window: Option<Window>,
    limit: usize,
) -> Result<Vec<Interaction>, AppError> {
    let Some(window) = window else { return Ok(Vec::new()) };
    let lake = app.lake.clone();
    let read = move || {
        let query = EvidenceQuery { a: &a, b: &b, window, limit, before: None };
        lake.evidence(&snapshot.imports, &snapshot.rules, &query)
    };
    Ok(tokio::task::spawn_blocking(read).await??)
}

/// Whether people were together, in a room or on a line.
fn gathers(act: &Interaction) -> bool {
    act.minutes > 0 || act.channel.is_gathering()
}

fn row(act: &Interaction, of_a: &[AddressId], a: &str, b: &str) -> Row {
    let gathers = gathers(act);
    let first = |name: &str| name.split_whitespace().next().unwrap_or(name).to_owned();
    Row {
        when: here::date(act.at),
        what: show::channel(act.channel),
        direction: if gathers {
            t!("people-together")
        } else if of_a.contains(&act.from) {
            t!("people-one-to-other", from = first(a), to = first(b))
        } else {
            t!("people-one-to-other", from = first(b), to = first(a))
        },
        group: match (gathers, act.group) {
            (true, n) => t!("people-n-together", n = n),
            (false, 0 | 1) => t!("people-only-them"),
            (false, n) => t!("people-to-n", n = n),
        },
    }
}
