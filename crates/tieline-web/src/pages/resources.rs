//! What the parties of a partnership share and need: the register, and which offer may meet an ask.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{PartyId, ResourceId};
use tieline_model::partnership::resource::{Direction, ResourceKind, may_meet};
use tieline_store::{NewResource, Resource, ResourcesAsked, StoreError, Tx};

use super::aims::MAX_AIM;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Lines of one page.
const PAGE: u64 = 50;

/// Lines of the other direction that are looked at for what meets one.
pub(crate) const MOST: u64 = 1000;

/// Things that are late at once on a page.
const MOST_LATE: u64 = 20;

/// Longest unit, characters.
pub(crate) const MAX_UNIT: usize = 40;

/// Largest amount.
pub(crate) const MAX_AMOUNT: u64 = 1_000_000_000_000;

/// A part of what is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Register,
    Expertise,
    Ledger,
}

/// Path and name of each part, and whether it is shown.
pub(super) fn parts(room: &InRoom, here: Part) -> Vec<(String, String, bool)> {
    let base = room.base();
    [
        (format!("{base}/resources"), t!("resources-register"), Part::Register),
        (format!("{base}/expertise"), t!("expertise-title"), Part::Expertise),
        (format!("{base}/ledger"), t!("ledger-title"), Part::Ledger),
    ]
    .into_iter()
    .map(|(path, name, part)| (path, name, part == here))
    .collect()
}

/// A kind in words.
pub(super) fn kind_name(kind: ResourceKind) -> String {
    match kind {
        ResourceKind::Time => t!("resources-kind-time"),
        ResourceKind::Equipment => t!("resources-kind-equipment"),
        ResourceKind::Room => t!("resources-kind-room"),
        ResourceKind::Funds => t!("resources-kind-funds"),
        ResourceKind::Data => t!("resources-kind-data"),
        ResourceKind::Knowledge => t!("resources-kind-knowledge"),
    }
}

/// All kinds: word and name.
pub(super) fn kinds() -> Vec<(&'static str, String)> {
    ResourceKind::ALL.iter().map(|kind| (kind.name(), kind_name(*kind))).collect()
}

/// So much of something, in words.
pub(super) fn amount_words(amount: u64, unit: &str) -> String {
    let amount = here::grouped(amount);
    if unit.is_empty() { amount } else { t!("resources-amount-unit", n = amount, unit = unit) }
}

/// An amount that was typed; nothing: none.
pub(super) fn amount_of(text: &str, faults: &mut Vec<Fault>) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let amount = text.parse().ok().filter(|amount| (1..=MAX_AMOUNT).contains(amount));
    if amount.is_none() {
        faults.push(Fault::new("amount", t!("resources-amount-bad")));
    }
    amount
}

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `offer` or `ask`; else both.
    direction: String,
    /// A kind; else all.
    kind: String,
    /// Those after this one.
    after: String,
}

impl Asked {
    fn to_store(&self) -> Result<ResourcesAsked, AppError> {
        let after = Some(&self.after).filter(|after| !after.is_empty()).map(|after| after.parse());
        Ok(ResourcesAsked {
            direction: Direction::from_name(&self.direction),
            kind: ResourceKind::from_name(&self.kind),
            after: after.transpose().map_err(|_| AppError::NotFound)?,
        })
    }
}

/// A line of the register in words.
struct Line {
    path: String,
    title: String,
    party: String,
    kind: String,
    is_offer: bool,
    amount: String,
    conditions: String,
    /// Path, title and party of what may meet it.
    meets: Vec<(String, String, String)>,
}

/// What the form of a line brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ResourceForm {
    pub(super) direction: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) amount: String,
    pub(super) unit: String,
    pub(super) conditions: String,
    pub(super) version: i64,
}

impl ResourceForm {
    /// As it is kept.
    pub(super) fn of(one: &Resource) -> Self {
        Self {
            direction: one.new.direction.name().to_owned(),
            kind: one.new.kind.name().to_owned(),
            title: one.new.title.clone(),
            amount: one.new.amount.map(|amount| amount.to_string()).unwrap_or_default(),
            unit: one.new.unit.clone(),
            conditions: one.new.conditions.clone(),
            version: one.version,
        }
    }

    pub(super) fn understood(&self, party: PartyId, faults: &mut Vec<Fault>) -> NewResource {
        let new = NewResource {
            party,
            direction: Direction::from_name(&self.direction).unwrap_or_default(),
            kind: ResourceKind::from_name(&self.kind).unwrap_or_default(),
            title: self.title.clone(),
            amount: amount_of(&self.amount, faults),
            unit: self.unit.clone(),
            conditions: self.conditions.replace("\r\n", "\n"),
        };
        check(&new, faults);
        new
    }
}

/// What is wrong with a line, of a form or of a program.
pub(crate) fn check(new: &NewResource, faults: &mut Vec<Fault>) {
    if new.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("resources-title-missing")));
    }
    within("title", &new.title, MAX_AIM, faults);
    within("unit", &new.unit, MAX_UNIT, faults);
    within("conditions", &new.conditions, MAX_ABOUT, faults);
}

#[derive(Template)]
#[template(path = "resources.html")]
struct ResourcesPage {
    shell: Shell,
    head: Head,
    id: String,
    parts: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String)>,
    asked: Asked,
    lines: Vec<Line>,
    more: Option<String>,
    /// Path, title and words of what was to be given back by now.
    late: Vec<(String, String, String)>,
    /// Name of the viewer's party.
    ours: Option<String>,
    typed: ResourceForm,
    faults: Vec<Fault>,
}

impl ResourcesPage {
    fn is_filtered(&self) -> bool {
        !self.asked.direction.is_empty() || !self.asked.kind.is_empty()
    }
}

fn line(room: &InRoom, one: &Resource, others: &[Resource]) -> Line {
    let path = |one: &Resource| format!("{}/resources/{}", room.base(), one.id);
    let listed = one.new.listed();
    let fits = |other: &&Resource| {
        may_meet(&other.new.listed(), &listed) || may_meet(&listed, &other.new.listed())
    };
    let meets = others.iter().filter(fits);
    Line {
        path: path(one),
        title: one.new.title.clone(),
        party: party_name(room, one.new.party),
        kind: kind_name(one.new.kind),
        is_offer: one.new.direction == Direction::Offer,
        amount: one
            .new
            .amount
            .map_or_else(|| t!("resources-no-amount"), |n| amount_words(n, &one.new.unit)),
        conditions: one.new.conditions.clone(),
        meets: meets
            .map(|other| (path(other), other.new.title.clone(), party_name(room, other.new.party)))
            .collect(),
    }
}

/// What was to be given back by now, in words.
async fn late_words(app: &App, room: &InRoom) -> Result<Vec<(String, String, String)>, AppError> {
    let late = app.store.late_bookings(room.id(), session::now(), MOST_LATE, room.by).await?;
    let words = |(one, title): (tieline_store::Booking, String)| {
        let party = party_name(room, one.party);
        let due = here::moment(one.new.when.to);
        let path = format!("{}/resources/{}", room.base(), one.resource);
        (path, title, t!("resources-late", party = party, due = due))
    };
    Ok(late.into_iter().map(words).collect())
}

async fn resources_page(
    app: &App,
    room: &InRoom,
    asked: Asked,
    (typed, faults): (ResourceForm, Vec<Fault>),
) -> Result<ResourcesPage, AppError> {
    let which = asked.to_store()?;
    let mut found = app.store.resources(room.id(), &which, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let others = app.store.resources(room.id(), &ResourcesAsked::default(), MOST, room.by).await?;
    let here = format!(
        "{}/resources?direction={}&kind={}",
        room.base(),
        crate::error::encode_part(&asked.direction),
        crate::error::encode_part(&asked.kind)
    );
    Ok(ResourcesPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Resources),
        id: room.id().to_string(),
        parts: parts(room, Part::Register),
        kinds: kinds(),
        lines: found.iter().map(|one| line(room, one, &others)).collect(),
        more: last.map(|last| format!("{here}&after={last}")),
        late: late_words(app, room).await?,
        ours: room.standing().party().map(|party| party_name(room, party)),
        asked,
        typed,
        faults,
    })
}

/// `GET /partnerships/{id}/resources`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = resources_page(&app, &room, asked, (ResourceForm::default(), Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ResourcesPage { shell, ..shown })
}

/// `POST /partnerships/{id}/resources`: the viewer's party offers or needs something.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<ResourceForm>,
) -> Result<Response, AppError> {
    let party = room.standing().party().ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    let new = form.understood(party, &mut faults);
    if !faults.is_empty() {
        let shown = resources_page(&app, &room, Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let one = tx.list_resource(room.id(), &new, room.by).await?;
    tx.commit().await?;
    Ok(to_part(&room, "resources", "resource", Some(&one)).into_response())
}

/// A part of what is shared after something was done there, with a way back from it.
pub(super) fn to_part(
    room: &InRoom,
    part: &str,
    done: &str,
    what: Option<&dyn ToString>,
) -> Redirect {
    let undo = what.map(|what| format!("&undo={}.{}", room.id(), what.to_string()));
    let undo = undo.unwrap_or_default();
    Redirect::to(&format!("{}/{part}?done={done}{undo}", room.base()))
}

/// The id in a path.
pub(super) fn id_of<T: std::str::FromStr>(id: &str) -> Result<T, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// Commits what a verb did; where someone else was first, the page shows how it stands.
pub(super) async fn finish<T>(
    tx: Tx,
    did: Result<T, StoreError>,
    (done, changed): (Redirect, Redirect),
) -> Result<Redirect, AppError> {
    match did {
        Ok(_) => {
            tx.commit().await?;
            Ok(done)
        }
        Err(StoreError::Conflict(_)) => {
            tx.rollback().await?;
            Ok(changed)
        }
        Err(error) => Err(error.into()),
    }
}

/// A line that was typed of something that someone changed meanwhile: nothing typed is lost.
pub(super) fn late_text(
    app: &App,
    room: &InRoom,
    (what, back, action): (String, String, String),
    row: Row,
    fields: Vec<(&'static str, String)>,
) -> Result<Response, AppError> {
    let late = Late { what, who: String::new(), back, action, fields, rows: vec![row] };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/resources/{resource}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<ResourceId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_resource((room.id(), one), true, room.by).await;
    let at = format!("resources/{one}");
    let booked = to_part(&room, &at, "resource-booked", None);
    finish(tx, did, (to_part(&room, "resources", "resource-removed", Some(&one)), booked)).await
}

/// `POST /partnerships/{id}/resources/{resource}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<ResourceId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_resource((room.id(), one), false, room.by).await;
    let changed = to_part(&room, "resources", "share-changed", None);
    finish(tx, did, (to_part(&room, "resources", "back", None), changed)).await
}
