//! What changed in the network between two days.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_insight::changes::{LinkChange, TieChange};
use tieline_insight::voice::sentence_case;
use tieline_insight::{Changes, PersonRef, View, changes};
use tieline_model::access::Viewer;
use tieline_model::time::Moment;

use super::form::Fault;
use super::lens_form::{Asking, LensAsked, LensForm, Seen, last_day, moment, through};
use super::nothing::nothing;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::lens::Lens;
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::snapshot::Snapshot;

/// Days between the two, where nothing is said.
const USUAL_DAYS: f64 = 90.0;

/// Rows of each list on the page.
const MOST: usize = 25;

/// Counts of people below this are told as "fewer than five" to those who see no names.
const FEW: usize = 5;

/// The two days.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Days {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// What changed, as far as a viewer may see it.
pub(crate) struct Told {
    pub(crate) found: Changes,
    /// Whether every tie is listed; else the viewer's own alone.
    pub(crate) all_ties: bool,
    /// Whether people who joined or left are named.
    pub(crate) named: bool,
}

/// A list of ties with one kind of change.
struct Kind {
    id: &'static str,
    title: String,
    meaning: String,
    /// How many there are.
    n: usize,
    rows: Vec<TieChange>,
}

/// People who came in, or have no tie any more.
struct Moved {
    id: &'static str,
    title: String,
    n: String,
    /// In a sentence.
    told: String,
    people: Vec<PersonRef>,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    shell: Shell,
    path: &'static str,
    /// Field, label and value of both days.
    days: [(&'static str, String, String); 2],
    between: String,
    lens: LensForm,
    faults: Vec<Fault>,
    kinds: [Kind; 4],
    links: Vec<LinkChange>,
    more_links: usize,
    moved: [Moved; 2],
    all_ties: bool,
    named: bool,
}

/// The lenses of both days, over the part of the network that `part` asks for.
pub(crate) fn lenses(days: &Days, part: &LensAsked, live: &Snapshot) -> ([Lens; 2], Vec<Fault>) {
    let (mut lens, mut faults) = LensAsked { at: String::new(), ..part.clone() }.read(live);
    let mut day = |field, text: &str| {
        moment(text, live).unwrap_or_else(|why| {
            faults.push(Fault::new(field, why));
            None
        })
    };
    let (from, to) = (day("from", &days.from), day("to", &days.to));
    let newest = live.as_of.unwrap_or_else(|| Moment::from_ms(0));
    let usual = to.unwrap_or(newest).plus_days(-USUAL_DAYS);
    let since = live.since.map_or(usual, |since| since.plus_days(1.0));
    let from = from.unwrap_or_else(|| usual.max(since));
    if from >= to.unwrap_or(newest) {
        faults.push(Fault::new("from", t!("form-days-order")));
    }
    lens.as_of = Some(from);
    let then = lens;
    lens.as_of = to;
    ([then, lens], faults)
}

/// Compares two networks for a viewer. Single ties are for their ends and for a workspace of one,
/// as everywhere; people who joined or left are named to those who see named findings.
pub(crate) fn told(then: &Snapshot, now: &Snapshot, viewer: &Viewer) -> Told {
    // One grouping for both, else groups of one would be compared with departments of the other.
    let level = Some(now.named.grouping);
    let names = now.names(viewer);
    let before = View::new(&then.network, level, names);
    let after = View::new(&now.network, level, names);
    Told { found: changes(&before, &after), all_ties: viewer.alone, named: viewer.sees_all_named() }
}

impl Told {
    /// The ties of a list that the viewer may see.
    pub(crate) fn seen<'a>(
        &self,
        list: &'a [TieChange],
        viewer: &Viewer,
    ) -> impl Iterator<Item = &'a TieChange> {
        let all = self.all_ties;
        let own = viewer.actor;
        list.iter().filter(move |tie| {
            let is_own = |person: &PersonRef| person.actor.is_some() && person.actor == own;
            all || is_own(&tie.person_a) || is_own(&tie.person_b)
        })
    }

    /// A number of people as it may be told: small ones would point at someone.
    pub(crate) fn people(&self, n: usize) -> String {
        match n {
            1..FEW if !self.named => t!("network-fewer-than-five"),
            n => t!("people-n", n = n),
        }
    }
}

/// `GET /network/changes?from=&to=`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    asking: Asking,
    Query(days): Query<Days>,
    Query(part): Query<LensAsked>,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let shell = Shell::new(&app, &signed, Place::Network);
    let Some(live) = app.live.get().filter(|live| live.as_of.is_some()) else {
        return nothing(&app, shell);
    };
    let (lenses, faults) = lenses(&days, &part, &live);
    let wanted = if faults.is_empty() { lenses } else { [Lens::default(); 2] };
    let networks = match through(&app, &signed, asking, wanted).await? {
        Seen::Networks(networks) => networks,
        Seen::Instead(response) => return Ok(response),
    };
    let viewer = signed.viewer;
    let built = move || {
        built(shell, &live, &networks.each_ref().map(|one| &**one), &viewer, lenses, faults)
    };
    page(&tokio::task::spawn_blocking(here::carried(built)).await?)
}

fn built(
    shell: Shell,
    live: &Snapshot,
    [then, now]: &[&Snapshot; 2],
    viewer: &Viewer,
    [from, to]: [Lens; 2],
    faults: Vec<Fault>,
) -> ChangesPage {
    let told = told(then, now, viewer);
    let links = &told.found.links;
    let newest = live.as_of.unwrap_or_else(|| Moment::from_ms(0));
    let (since, until) = (from.as_of.unwrap_or(newest), to.as_of.unwrap_or(newest));
    ChangesPage {
        shell,
        path: "/network/changes",
        days: [
            ("from", t!("network-day-from"), last_day(since).to_string()),
            ("to", t!("network-day-to"), last_day(until).to_string()),
        ],
        between: t!("network-between-days", from = here::until(since), to = here::until(until)),
        lens: LensForm::new(&Lens { as_of: None, ..to }, live),
        faults,
        kinds: kinds(&told, viewer),
        links: links.iter().take(MOST).cloned().collect(),
        more_links: links.len().saturating_sub(MOST),
        moved: moved(&told),
        all_ties: told.all_ties,
        named: told.named,
    }
}

/// Ties by how they changed.
fn kinds(told: &Told, viewer: &Viewer) -> [Kind; 4] {
    let kind = |id, (title, meaning), list: &[TieChange]| Kind {
        id,
        title,
        meaning,
        n: list.len(),
        rows: told.seen(list, viewer).take(MOST).cloned().collect(),
    };
    let found = &told.found;
    let new = (t!("network-change-appeared"), t!("network-change-appeared-text"));
    let stronger = (t!("network-change-stronger"), t!("network-change-stronger-text"));
    let cooled = (t!("network-change-cooled"), t!("network-change-cooled-text"));
    let ended = (t!("network-change-vanished"), t!("network-change-vanished-text"));
    [
        kind("appeared", new, &found.appeared),
        kind("stronger", stronger, &found.strengthened),
        kind("cooled", cooled, &found.cooled),
        kind("vanished", ended, &found.vanished),
    ]
}

/// Who came in, and who has no tie any more.
fn moved(told: &Told) -> [Moved; 2] {
    let moved = |id, title, what: String, people: &[PersonRef]| Moved {
        id,
        title,
        n: told.people(people.len()),
        told: match people.len() {
            0 => t!("network-nobody"),
            n => format!("{}. {what}", sentence_case(&told.people(n))),
        },
        people: people.iter().take(if told.named { MOST } else { 0 }).cloned().collect(),
    };
    let (joined, left) = (&told.found.joined, &told.found.left);
    [
        moved("joined", t!("network-change-joined"), t!("network-came-in-text"), joined),
        moved("left", t!("network-change-left"), t!("network-went-text"), left),
    ]
}
