//! One shared thing: what is said of it, its bookings as a calendar of four weeks and as a table, and
//! what becomes of a booking.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde::Deserialize;
use tieline_model::id::{BookingId, ResourceId};
use tieline_model::partnership::reservation::{Interval, Reservation, free};
use tieline_model::partnership::resource::Direction;
use tieline_model::time::Moment;
use tieline_store::{Booked, Booking, Constraint, NewBooking, Resource, StoreError};

use super::conflict::{self, Late, Row};
use super::decision_time::{moment_of, typed, zone_here};
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::resources::{
    Part, ResourceForm, amount_of, amount_words, finish, id_of, kind_name, kinds, late_text, parts,
    to_part,
};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Days of the calendar.
const DAYS: i64 = 28;

/// Bookings of a page.
const MOST: u64 = 500;

/// Bookings that a day names.
const EACH_DAY: usize = 3;

/// Which four weeks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Weeks {
    /// A day of the first one; else this week.
    from: String,
}

/// The Monday on or before the day asked for; this week's without one.
fn monday(asked: &str, zone: &TimeZone) -> Date {
    let now = session::now().timestamp().to_zoned(zone.clone()).date();
    let day: Date = asked.parse().unwrap_or(now);
    // The calendar has no weeks at its ends.
    let day = if (1900..=9000).contains(&day.year()) { day } else { now };
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(since.days()).unwrap_or(day)
}

fn moment(zoned: &Zoned) -> Moment {
    Moment::from_ms(zoned.timestamp().as_millisecond())
}

/// From the beginning of a day to its end, where the viewer is.
fn day_of(day: Date, zone: &TimeZone) -> Option<Interval> {
    let from = day.to_zoned(zone.clone()).ok()?;
    let to = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    Interval::new(moment(&from), moment(&to)).ok()
}

/// A day of the calendar.
struct Day {
    /// The whole date, and the number of the day.
    date: String,
    n: i8,
    is_today: bool,
    /// Class of the cell, and what is free in words.
    tone: &'static str,
    free: String,
    /// Who has it, from when.
    lines: Vec<String>,
    more: usize,
}

/// A booking in words.
struct Line {
    id: BookingId,
    version: i64,
    from: String,
    to: String,
    party: String,
    who: Option<String>,
    amount: String,
    purpose: String,
    state: (&'static str, String),
    condition: String,
    thanks: String,
    /// What the viewer may do.
    may_cancel: bool,
    may_return: bool,
    may_thank: bool,
}

/// What the form of a booking brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BookingForm {
    from: String,
    to: String,
    amount: String,
    purpose: String,
}

/// A time to take instead of one that is not free: in words, and as the form has it.
struct Instead {
    words: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "resource.html")]
struct ResourcePage {
    shell: Shell,
    head: Head,
    id: String,
    parts: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String)>,
    path: String,
    party: String,
    kind: String,
    amount: String,
    is_offer: bool,
    is_ours: bool,
    /// Whether there is one of it, so that nobody says how much.
    is_single: bool,
    may_book: bool,
    conditions: String,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
    span: String,
    earlier: Option<String>,
    later: Option<String>,
    lines: Vec<Line>,
    is_cut: bool,
    zone: String,
    edit: ResourceForm,
    typed: BookingForm,
    instead: Option<Instead>,
    faults: Vec<Fault>,
}

fn state_words(one: &Booking, now: Moment) -> (&'static str, String) {
    match &one.returned {
        Some((at, _)) if one.is_late(now) => {
            ("warn", t!("bookings-returned-late", day = here::moment(*at)))
        }
        Some((at, _)) => ("good", t!("bookings-returned", day = here::moment(*at))),
        None if one.is_late(now) => ("bad", t!("bookings-late")),
        None if one.new.when.from <= now => ("acc", t!("bookings-in-use")),
        None => ("line", t!("bookings-booked")),
    }
}

fn line(room: &InRoom, thing: &Resource, one: Booking, now: Moment) -> Line {
    let standing = room.standing();
    let (has, owns) = (standing.writes_for(one.party), standing.writes_for(thing.new.party));
    let began = one.new.when.from <= now;
    Line {
        from: here::moment(one.new.when.from),
        to: here::moment(one.new.when.to),
        party: party_name(room, one.party),
        amount: amount_words(one.new.amount, &thing.new.unit),
        state: state_words(&one, now),
        may_cancel: one.is_open() && (has || owns),
        may_return: one.is_open() && began && (has || owns),
        may_thank: began && has && one.party != thing.new.party,
        id: one.id,
        version: one.version,
        who: one.who,
        purpose: one.new.purpose,
        condition: one.returned.map(|(_, condition)| condition).unwrap_or_default(),
        thanks: one.thanks.map(|(line, _)| line).unwrap_or_default(),
    }
}

/// What is free on a day, in words, with the class of its cell.
fn free_words(thing: &Resource, taken: &[Reservation], when: &Interval) -> (&'static str, String) {
    let is_taken = taken.iter().any(|one| one.when.overlaps(when));
    match thing.new.amount {
        _ if !is_taken => ("", t!("bookings-free")),
        None => ("part", t!("bookings-in-use")),
        Some(capacity) => match free(capacity, taken, when) {
            0 => ("full", t!("bookings-taken")),
            left => ("part", t!("bookings-free-of", n = left, of = capacity)),
        },
    }
}

fn calendar(
    room: &InRoom,
    thing: &Resource,
    (first, zone): (Date, &TimeZone),
    found: &[Booking],
) -> Vec<Vec<Day>> {
    let taken: Vec<Reservation> = found.iter().filter_map(Booking::reservation).collect();
    let today = session::now().timestamp().to_zoned(zone.clone()).date();
    let cell = |n: i64| {
        let date = first.checked_add(n.days()).ok()?;
        let when = day_of(date, zone)?;
        let (tone, free) = free_words(thing, &taken, &when);
        let here = found.iter().filter(|one| {
            one.reservation().is_some_and(|reservation| reservation.when.overlaps(&when))
        });
        let lines: Vec<String> = here.map(|one| party_name(room, one.party)).collect();
        Some(Day {
            date: here::day(date),
            n: date.day(),
            is_today: date == today,
            tone,
            free,
            more: lines.len().saturating_sub(EACH_DAY),
            lines: lines.into_iter().take(EACH_DAY).collect(),
        })
    };
    let days: Vec<i64> = (0..DAYS).collect();
    days.chunks(7).map(|week| week.iter().filter_map(|n| cell(*n)).collect()).collect()
}

async fn resource_page(
    app: &App,
    room: &InRoom,
    thing: &Resource,
    weeks: &Weeks,
    (typed, edit, faults): (BookingForm, Option<ResourceForm>, Vec<Fault>),
) -> Result<ResourcePage, AppError> {
    let (zone, now) = (zone_here(), session::now());
    let first = monday(&weeks.from, &zone);
    let last = first.checked_add((DAYS - 1).days()).map_err(|_| AppError::NotFound)?;
    let (begin, end) = day_of(first, &zone).zip(day_of(last, &zone)).ok_or(AppError::NotFound)?;
    let span = Interval { from: begin.from, to: end.to };
    let at = (room.id(), thing.id);
    let mut found = app.store.bookings(at, span, MOST + 1, room.by).await?;
    let is_cut = found.len() as u64 > MOST;
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let path = format!("{}/resources/{}", room.base(), thing.id);
    let to =
        |days: i64| first.checked_add(days.days()).ok().map(|day| format!("{path}?from={day}"));
    let is_offer = thing.new.direction == Direction::Offer;
    let amount = thing.new.amount;
    Ok(ResourcePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Resources),
        id: room.id().to_string(),
        parts: parts(room, Part::Register),
        kinds: kinds(),
        party: party_name(room, thing.new.party),
        kind: kind_name(thing.new.kind),
        amount: amount
            .map_or_else(|| t!("resources-no-amount"), |n| amount_words(n, &thing.new.unit)),
        is_offer,
        is_ours: room.standing().writes_for(thing.new.party),
        is_single: amount == Some(1),
        may_book: is_offer && room.standing().seat.is_some(),
        conditions: thing.new.conditions.clone(),
        weekdays: (1..=7_i64).map(|n| t!("date-weekday", weekday = n)).collect(),
        weeks: calendar(room, thing, (first, &zone), &found),
        span: t!("bookings-span", from = here::day(first), to = here::day(last)),
        earlier: to(-DAYS),
        later: to(DAYS),
        lines: found.into_iter().map(|one| line(room, thing, one, now)).collect(),
        is_cut,
        zone: here::zone(),
        edit: edit.unwrap_or_else(|| ResourceForm::of(thing)),
        path,
        typed,
        instead: None,
        faults,
    })
}

/// `GET /partnerships/{id}/resources/{resource}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Query(weeks): Query<Weeks>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let thing = app.store.resource((room.id(), id_of(&one)?), room.by).await?;
    let nothing = (BookingForm::default(), None, Vec::new());
    let shown = resource_page(&app, &room, &thing, &weeks, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ResourcePage { shell, ..shown })
}

/// `POST /partnerships/{id}/resources/{resource}`: what is said of it changes.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ResourceForm>,
) -> Result<Response, AppError> {
    let thing = app.store.resource((room.id(), id_of(&one)?), room.by).await?;
    if !room.standing().writes_for(thing.new.party) {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let new = form.understood(thing.new.party, &mut faults);
    if faults.is_empty() {
        let tx = room.begin(&app).await?;
        match tx.change_resource((room.id(), thing.id), &new, form.version, room.by).await {
            Ok(()) => {
                tx.commit().await?;
                let at = format!("resources/{}", thing.id);
                return Ok(to_part(&room, &at, "saved", None).into_response());
            }
            Err(StoreError::Conflict(Constraint::Stale)) => {
                tx.rollback().await?;
                return late(&app, &room, thing.id, form).await;
            }
            Err(StoreError::Conflict(_)) => {
                tx.rollback().await?;
                faults.push(Fault::new("amount", t!("resources-amount-booked")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let typed = (BookingForm::default(), Some(form), faults);
    let shown = resource_page(&app, &room, &thing, &Weeks::default(), typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// Someone changed it meanwhile: both versions side by side.
async fn late(
    app: &App,
    room: &InRoom,
    id: ResourceId,
    mine: ResourceForm,
) -> Result<Response, AppError> {
    let kept = app.store.resource((room.id(), id), room.by).await?;
    let theirs = ResourceForm::of(&kept);
    let row = |label: String, theirs: &str, mine: &str| Row {
        label,
        theirs: theirs.to_owned(),
        mine: mine.to_owned(),
    };
    let rows = vec![
        row(t!("resources-what"), &theirs.title, &mine.title),
        row(t!("resources-amount"), &theirs.amount, &mine.amount),
        row(t!("resources-unit"), &theirs.unit, &mine.unit),
        row(t!("resources-conditions"), &theirs.conditions, &mine.conditions),
    ];
    let at = format!("{}/resources/{id}", room.base());
    let fields = vec![
        ("kind", mine.kind),
        ("title", mine.title),
        ("amount", mine.amount),
        ("unit", mine.unit),
        ("conditions", mine.conditions),
        ("version", kept.version.to_string()),
    ];
    let late = Late {
        what: kept.new.title,
        who: String::new(),
        back: at.clone(),
        action: at,
        fields,
        rows,
    };
    conflict::show(room.shell(app), late)
}

/// What a form of a booking means; `None` with what is wrong.
fn understood(form: &BookingForm, thing: &Resource, faults: &mut Vec<Fault>) -> Option<NewBooking> {
    let zone = zone_here();
    let (from, to) =
        (moment_of("from", &form.from, &zone, faults), moment_of("to", &form.to, &zone, faults));
    within("purpose", &form.purpose, MAX_ABOUT, faults);
    let amount = amount_of(&form.amount, faults).unwrap_or(1);
    for (field, text) in [("from", &form.from), ("to", &form.to)] {
        if text.trim().is_empty() {
            faults.push(Fault::new(field, t!("bookings-when-missing")));
        }
    }
    let when = from.zip(to).and_then(|(from, to)| Interval::new(from, to).ok());
    if when.is_none() && faults.is_empty() {
        faults.push(Fault::new("to", t!("bookings-end-first")));
    }
    if when.is_some_and(|when| when.to <= session::now()) {
        faults.push(Fault::new("to", t!("bookings-over")));
    }
    if thing.new.amount.is_some_and(|capacity| amount > capacity) {
        let all = thing.new.amount.unwrap_or_default();
        faults.push(Fault::new("amount", t!("bookings-too-much", n = all)));
    }
    let when = when.filter(|_| faults.is_empty())?;
    Some(NewBooking { when, amount, purpose: form.purpose.clone() })
}

/// `POST /partnerships/{id}/resources/{resource}/bookings`.
pub(crate) async fn book(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<BookingForm>,
) -> Result<Response, AppError> {
    let thing = app.store.resource((room.id(), id_of(&one)?), room.by).await?;
    if room.standing().seat.is_none() || thing.new.direction == Direction::Ask {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let mut instead = None;
    if let Some(new) = understood(&form, &thing, &mut faults) {
        let tx = room.begin(&app).await?;
        match tx.book((room.id(), thing.id), &new, room.by).await? {
            Booked::Done(one) => {
                tx.commit().await?;
                let at = format!("resources/{}", thing.id);
                return Ok(to_part(&room, &at, "booked", Some(&one)).into_response());
            }
            Booked::Taken { conflicts, next } => {
                tx.rollback().await?;
                let words = conflicts.iter().map(|one| {
                    let (from, to) = (here::moment(one.when.from), here::moment(one.when.to));
                    t!("bookings-conflict", free = one.free, from = from, to = to)
                });
                faults.extend(words.map(|words| Fault::new("from", words)));
                instead = next.map(other_time);
            }
        }
    }
    let weeks = Weeks { from: form.from.chars().take(10).collect() };
    let shown = resource_page(&app, &room, &thing, &weeks, (form, None, faults)).await?;
    let shown = ResourcePage { instead, ..shown };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

fn other_time(next: Interval) -> Instead {
    let zone = zone_here();
    let (from, to) = (here::moment(next.from), here::moment(next.to));
    Instead {
        words: t!("bookings-next-free", from = from, to = to),
        from: typed(Some(next.from), &zone),
        to: typed(Some(next.to), &zone),
    }
}

/// What a form on one booking brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OneForm {
    version: i64,
    condition: String,
    thanks: String,
}

/// A booking of a path, and the page of its thing.
async fn booking(app: &App, room: &InRoom, one: &str) -> Result<(Booking, String), AppError> {
    let one = app.store.booking((room.id(), id_of(one)?), room.by).await?;
    let at = format!("resources/{}", one.resource);
    Ok((one, at))
}

/// `POST /partnerships/{id}/bookings/{booking}/cancellation`.
pub(crate) async fn cancel(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Redirect, AppError> {
    let (one, at) = booking(&app, &room, &one).await?;
    // Just after it was made there is nothing to have changed: undoing it names no version.
    let version = if form.version == 0 { one.version } else { form.version };
    let tx = room.begin(&app).await?;
    let did = tx.cancel_booking((room.id(), one.id), version, room.by).await;
    let changed = to_part(&room, &at, "share-changed", None);
    finish(tx, did, (to_part(&room, &at, "booking-cancelled", Some(&one.id)), changed)).await
}

/// `POST /partnerships/{id}/bookings/{booking}/reopening`.
pub(crate) async fn reopen(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, at) = booking(&app, &room, &one).await?;
    let tx = room.begin(&app).await?;
    let did = tx.reopen_booking((room.id(), one.id), room.by).await;
    let done = match did {
        Ok(Booked::Taken { .. }) => "booking-taken",
        _ => "back",
    };
    let changed = to_part(&room, &at, "share-changed", None);
    finish(tx, did, (to_part(&room, &at, done, None), changed)).await
}

/// `POST /partnerships/{id}/bookings/{booking}/return`.
pub(crate) async fn give_back(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Response, AppError> {
    let (one, at) = booking(&app, &room, &one).await?;
    let kept = one.returned.as_ref().map(|(_, condition)| condition.clone()).unwrap_or_default();
    let label = t!("bookings-condition");
    let field = ("condition", form.condition, kept, label);
    said(&app, &room, (&one, &at, "return", "given-back"), field, form.version).await
}

/// `POST /partnerships/{id}/bookings/{booking}/thanks`.
pub(crate) async fn thank(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Response, AppError> {
    let (one, at) = booking(&app, &room, &one).await?;
    let kept = one.thanks.as_ref().map(|(line, _)| line.clone()).unwrap_or_default();
    let field = ("thanks", form.thanks, kept, t!("bookings-thanks"));
    said(&app, &room, (&one, &at, "thanks", "thanked"), field, form.version).await
}

/// Writes a line on a booking: in what condition it came back, or thanks.
async fn said(
    app: &App,
    room: &InRoom,
    (one, at, verb, done): (&Booking, &str, &str, &str),
    (field, mine, kept, label): (&'static str, String, String, String),
    version: i64,
) -> Result<Response, AppError> {
    if mine.chars().count() > MAX_ABOUT {
        return Err(AppError::BadRequest(t!("form-at-most", n = MAX_ABOUT)));
    }
    let (tx, what) = (room.begin(app).await?, (room.id(), one.id));
    let did = match verb {
        "thanks" => tx.thank(what, &mine, version, room.by).await,
        _ => tx.return_booking(what, &mine, version, room.by).await,
    };
    if matches!(did, Err(StoreError::Conflict(Constraint::Stale))) && !mine.trim().is_empty() {
        tx.rollback().await?;
        let base = room.base();
        let action = format!("{base}/bookings/{}/{verb}", one.id);
        let page = (label.clone(), format!("{base}/{at}"), action);
        let fields = vec![(field, mine.clone()), ("version", one.version.to_string())];
        return late_text(app, room, page, Row { label, theirs: kept, mine }, fields);
    }
    let undo: Option<&dyn ToString> = (verb == "return").then_some(&one.id as &dyn ToString);
    let ways = (to_part(room, at, done, undo), to_part(room, at, "share-changed", None));
    Ok(finish(tx, did, ways).await?.into_response())
}
