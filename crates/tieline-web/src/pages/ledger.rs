//! The ledger of give and take: what each party gave and received, kind by kind, as the receivers
//! confirmed it, and what that does not mean.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{GiftId, PartyId};
use tieline_model::ledger::{self, GiveAndTake, Receipt};
use tieline_model::partnership::resource::ResourceKind;
use tieline_store::{Constraint, Flow, Gift, NewGift, StoreError};

use super::aims::MAX_AIM;
use super::conflict::Row;
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::resources::{
    MAX_UNIT, Part, amount_of, amount_words, finish, id_of, kind_name, kinds, late_text, parts,
    to_part,
};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Lines of one page.
const PAGE: u64 = 50;

/// Proposed lines, and thanks, of a page.
const FEW: u64 = 10;

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Those before this one.
    before: String,
}

/// A line of the ledger in words.
struct Line {
    id: GiftId,
    version: i64,
    text: String,
    between: String,
    what: String,
    day: String,
    receipt: (&'static str, String),
    question: String,
    /// Whether the viewer's party received it: then it answers.
    is_received: bool,
    is_confirmed: bool,
    /// Whether the viewer may take it back.
    may_remove: bool,
}

/// What one party gave and received of one kind.
struct Share {
    name: String,
    given: String,
    received: String,
    balance: String,
}

/// One kind in one unit.
struct Kind {
    name: String,
    shares: Vec<Share>,
    /// How much of it went back, in words.
    reciprocity: String,
}

/// What the form of a line brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GiftForm {
    receiver: String,
    kind: String,
    text: String,
    amount: String,
    unit: String,
    day: String,
    booking: String,
}

/// A line that a booking proposes.
struct Proposal {
    words: String,
    form: GiftForm,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    shell: Shell,
    head: Head,
    id: String,
    parts: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String)>,
    flows: Vec<Kind>,
    lines: Vec<Line>,
    more: Option<String>,
    proposed: Vec<Proposal>,
    /// Who thanks whom for what, and the line.
    thanks: Vec<(String, String)>,
    ours: Option<String>,
    others: Vec<(PartyId, String)>,
    typed: GiftForm,
    faults: Vec<Fault>,
}

impl LedgerPage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

pub(super) fn receipt_words(receipt: Receipt) -> (&'static str, String) {
    match receipt {
        Receipt::Waits => ("acc", t!("ledger-waits")),
        Receipt::Confirmed => ("good", t!("ledger-confirmed")),
        Receipt::Questioned => ("warn", t!("ledger-questioned")),
    }
}

fn line(room: &InRoom, one: Gift) -> Line {
    let standing = room.standing();
    let (giver, receiver) = (party_name(room, one.new.giver), party_name(room, one.new.receiver));
    let kind = kind_name(one.new.kind);
    Line {
        what: match one.new.amount {
            Some(n) => t!("ledger-amount", amount = amount_words(n, &one.new.unit), kind = kind),
            None => kind,
        },
        between: t!("ledger-between", giver = giver, receiver = receiver),
        day: here::day(one.new.day.date()),
        receipt: receipt_words(one.receipt),
        is_received: standing.writes_for(one.new.receiver),
        is_confirmed: one.receipt == Receipt::Confirmed,
        may_remove: standing.writes_for(one.new.giver) && one.receipt != Receipt::Confirmed,
        id: one.id,
        version: one.version,
        text: one.new.text,
        question: one.question,
    }
}

/// A side of what a party gave and took: the amount, and what has none.
fn side(amount: f64, unit: &str, n_unvalued: u64) -> String {
    // Amounts are whole and far below 2^53.
    let words = amount_words(amount as u64, unit);
    match (amount > 0.0, n_unvalued) {
        (_, 0) => words,
        (true, n) => t!("ledger-and-unvalued", amount = words, n = n),
        (false, n) => t!("ledger-unvalued", n = n),
    }
}

fn balance_words(found: &GiveAndTake) -> String {
    match found.balance() {
        None => t!("ledger-balance-none"),
        Some(balance) if balance > 0.0 => t!("ledger-balance-gave"),
        Some(balance) if balance < 0.0 => t!("ledger-balance-received"),
        Some(_) => t!("ledger-balance-even"),
    }
}

fn kind(room: &InRoom, flow: &Flow) -> Kind {
    let name = kind_name(flow.kind);
    let share = |(id, name): (PartyId, String)| {
        let found = ledger::of_party(&flow.entries, id);
        Share {
            name,
            given: side(found.given, &flow.unit, found.n_unvalued_given),
            received: side(found.received, &flow.unit, found.n_unvalued_received),
            balance: balance_words(&found),
        }
    };
    Kind {
        name: match flow.unit.is_empty() {
            true => name,
            false => t!("ledger-kind-unit", kind = name, unit = flow.unit.clone()),
        },
        shares: flow.parties().into_iter().map(|id| share((id, party_name(room, id)))).collect(),
        reciprocity: ledger::reciprocity(&flow.entries)
            .map(|share| t!("ledger-reciprocity", share = here::percent(share)))
            .unwrap_or_default(),
    }
}

async fn proposals(app: &App, room: &InRoom) -> Result<Vec<Proposal>, AppError> {
    let proposed = app.store.gifts_proposed(room.id(), FEW, room.by).await?.into_iter();
    let one = |new: NewGift| {
        let amount = amount_words(new.amount.unwrap_or(1), &new.unit);
        let day = here::date(new.day);
        let receiver = party_name(room, new.receiver);
        Proposal {
            words: t!(
                "ledger-proposal",
                text = new.text.clone(),
                amount = amount,
                receiver = receiver,
                day = day
            ),
            form: GiftForm {
                receiver: new.receiver.to_string(),
                kind: new.kind.name().to_owned(),
                text: new.text,
                amount: new.amount.map(|amount| amount.to_string()).unwrap_or_default(),
                unit: new.unit,
                day: new.day.date().to_string(),
                booking: new.booking.map(|booking| booking.to_string()).unwrap_or_default(),
            },
        }
    };
    Ok(proposed.map(|one| one.new).map(one).collect())
}

async fn thanks(app: &App, room: &InRoom) -> Result<Vec<(String, String)>, AppError> {
    let all = app.store.thanks(room.id(), FEW, room.by).await?.into_iter();
    let words = |(one, title): (tieline_store::Booking, String)| {
        let said = one.thanks.map(|(line, _)| line).unwrap_or_default();
        (t!("ledger-thanks-for", party = party_name(room, one.party), what = title), said)
    };
    Ok(all.map(words).collect())
}

async fn ledger_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (GiftForm, Vec<Fault>),
) -> Result<LedgerPage, AppError> {
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before = before.map(|before| id_of::<GiftId>(before)).transpose()?;
    let mut found = app.store.gifts(room.id(), before, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let flows = app.store.flows(room.id(), room.by).await?;
    let counts = |flow: &&Flow| flow.entries.iter().any(|one| one.is_confirmed);
    let ours = room.standing().party();
    let parties = room.room.parties.iter().map(|(party, _)| (party.id, party.name.clone()));
    Ok(LedgerPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Resources),
        id: room.id().to_string(),
        parts: parts(room, Part::Ledger),
        kinds: kinds(),
        flows: flows.iter().filter(counts).map(|flow| kind(room, flow)).collect(),
        lines: found.into_iter().map(|one| line(room, one)).collect(),
        more: last.map(|last| format!("{}/ledger?before={last}", room.base())),
        proposed: proposals(app, room).await?,
        thanks: thanks(app, room).await?,
        ours: ours.map(|party| party_name(room, party)),
        others: parties.filter(|(id, _)| Some(*id) != ours).collect(),
        typed,
        faults,
    })
}

/// `GET /partnerships/{id}/ledger`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = ledger_page(&app, &room, &asked, (GiftForm::default(), Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&LedgerPage { shell, ..shown })
}

/// What is wrong with a line, of a form or of a program.
pub(crate) fn check(new: &NewGift, faults: &mut Vec<Fault>) {
    if new.text.trim().is_empty() {
        faults.push(Fault::new("text", t!("ledger-text-missing")));
    }
    within("text", &new.text, MAX_AIM, faults);
    within("unit", &new.unit, MAX_UNIT, faults);
}

fn understood(
    room: &InRoom,
    giver: PartyId,
    form: &GiftForm,
    faults: &mut Vec<Fault>,
) -> Result<NewGift, AppError> {
    let receiver = room.party(&form.receiver).map(|party| party.id).unwrap_or(giver);
    if receiver == giver {
        faults.push(Fault::new("receiver", t!("ledger-receiver-missing")));
    }
    let booking = Some(&form.booking).filter(|booking| !booking.is_empty());
    let today = session::now();
    let new = NewGift {
        giver,
        receiver,
        kind: ResourceKind::from_name(&form.kind).unwrap_or_default(),
        text: form.text.clone(),
        amount: amount_of(&form.amount, faults),
        unit: form.unit.clone(),
        day: day_of("day", &form.day, faults).unwrap_or(today),
        booking: booking.map(|booking| id_of(booking)).transpose()?,
    };
    check(&new, faults);
    Ok(new)
}

/// `POST /partnerships/{id}/ledger`: the viewer's party says what it gave.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<GiftForm>,
) -> Result<Response, AppError> {
    let party = room.standing().party().ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    let new = understood(&room, party, &form, &mut faults)?;
    if !faults.is_empty() {
        let shown = ledger_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let did = tx.enter_gift(room.id(), &new, room.by).await;
    let what = did.as_ref().ok().copied();
    let what: Option<&dyn ToString> = what.as_ref().map(|what| what as &dyn ToString);
    let done = to_part(&room, "ledger", "gift", what);
    let changed = to_part(&room, "ledger", "share-changed", None);
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// What whoever received something says of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReceiptForm {
    receipt: String,
    question: String,
    version: i64,
}

/// `POST /partnerships/{id}/ledger/{gift}/receipt`.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ReceiptForm>,
) -> Result<Response, AppError> {
    let one: GiftId = id_of(&one)?;
    if form.question.chars().count() > MAX_ABOUT {
        return Err(AppError::BadRequest(t!("form-at-most", n = MAX_ABOUT)));
    }
    let receipt = Receipt::from_name(&form.receipt).unwrap_or_default();
    let tx = room.begin(&app).await?;
    let said = (receipt, &*form.question);
    let did = tx.answer_gift((room.id(), one), said, form.version, room.by).await;
    let is_stale = matches!(did, Err(StoreError::Conflict(Constraint::Stale)));
    if is_stale && !form.question.trim().is_empty() {
        tx.rollback().await?;
        return late(&app, &room, one, form).await;
    }
    let (done, changed) = (
        to_part(&room, "ledger", "gift-answered", None),
        to_part(&room, "ledger", "share-changed", None),
    );
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

async fn late(
    app: &App,
    room: &InRoom,
    one: GiftId,
    form: ReceiptForm,
) -> Result<Response, AppError> {
    let kept = app.store.gift((room.id(), one), room.by).await?;
    let base = room.base();
    let page = (kept.new.text, format!("{base}/ledger"), format!("{base}/ledger/{one}/receipt"));
    let theirs = match kept.question.is_empty() {
        true => receipt_words(kept.receipt).1,
        false => kept.question,
    };
    let row = Row { label: t!("ledger-question"), theirs, mine: form.question.clone() };
    let fields = vec![
        ("receipt", form.receipt),
        ("question", form.question),
        ("version", kept.version.to_string()),
    ];
    late_text(app, room, page, row, fields)
}

/// `POST /partnerships/{id}/ledger/{gift}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/ledger/{gift}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &one, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<GiftId>(one)?, room.begin(app).await?);
    let did = tx.remove_gift((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, "ledger", "gift-removed", Some(&one)),
        false => to_part(room, "ledger", "back", None),
    };
    finish(tx, did, (done, to_part(room, "ledger", "share-changed", None))).await
}
