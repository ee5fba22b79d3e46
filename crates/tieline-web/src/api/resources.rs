//! What parties share, for programs: the register and the bookings of what is in it.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{BookingId, ResourceId};
use tieline_model::partnership::reservation::{Interval, Overbooked};
use tieline_model::partnership::resource::{Direction, ResourceKind, may_meet};
use tieline_model::time::Moment;
use tieline_store::{Booked, Booking, NewBooking, NewResource, Resource, ResourcesAsked};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    BookingAsked, BookingSeen, BookingVerb, BookingsWanted, Done, Made, NotWritten, Portion,
    Refused, Repeatable, ResourceAsked, ResourceSeen, ResourcesWanted, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::resources::{MAX_AMOUNT, MOST, check};
use crate::pages::subject::within;
use crate::session;

/// Lines of one answer.
const PAGE: u64 = 200;

/// Bookings of one answer; ask for a shorter time where there are more.
const MOST_BOOKINGS: u64 = 1000;

/// A kind that a program writes.
pub(super) fn kind_of(word: &str) -> Result<ResourceKind, ApiError> {
    let kind = ResourceKind::from_name(word);
    kind.ok_or_else(|| invalid("kind is time, equipment, room, funds, data or knowledge"))
}

fn direction_of(word: &str) -> Result<Direction, ApiError> {
    Direction::from_name(word).ok_or_else(|| invalid("direction is offer or ask"))
}

/// An amount that a program writes.
pub(super) fn amount_of(amount: Option<u64>) -> Result<Option<u64>, ApiError> {
    match amount {
        Some(amount) if !(1..=MAX_AMOUNT).contains(&amount) => {
            Err(invalid("an amount is at least 1 and at most a million million"))
        }
        amount => Ok(amount),
    }
}

/// The register of a partnership, in the order in which it grew.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/resources", tag = "resources",
    params(("id" = String, Path, description = "id of a partnership"), ResourcesWanted),
    responses((status = 200, body = Portion<ResourceSeen>), Refused))]
pub(crate) async fn list_resources(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<ResourcesWanted>,
) -> Answer<Portion<ResourceSeen>> {
    let Query(wanted) = wanted?;
    let asked = ResourcesAsked {
        direction: wanted.direction.as_deref().map(direction_of).transpose()?,
        kind: wanted.kind.as_deref().map(kind_of).transpose()?,
        after: wanted.cursor.as_deref().map(known).transpose()?,
    };
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.resources(id, &asked, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    let others = app.store.resources(id, &ResourcesAsked::default(), MOST, by).await?;
    Ok(Json(Portion { items: all.into_iter().map(|one| seen(one, &others)).collect(), next }))
}

fn seen(one: Resource, others: &[Resource]) -> ResourceSeen {
    let own = one.new.listed();
    let fits = |other: &&Resource| {
        may_meet(&other.new.listed(), &own) || may_meet(&own, &other.new.listed())
    };
    let may_meet = others.iter().filter(fits).map(|other| other.id.to_string()).collect();
    ResourceSeen {
        id: one.id.to_string(),
        party: one.new.party.to_string(),
        direction: one.new.direction.name(),
        kind: one.new.kind.name(),
        title: one.new.title,
        amount: one.new.amount,
        unit: one.new.unit,
        conditions: one.new.conditions,
        may_meet,
        version: one.version,
    }
}

fn understood(asked: ResourceAsked) -> Result<NewResource, ApiError> {
    let new = NewResource {
        party: known(&asked.party)?,
        direction: direction_of(&asked.direction)?,
        kind: kind_of(&asked.kind)?,
        title: asked.title,
        amount: amount_of(asked.amount)?,
        unit: asked.unit,
        conditions: asked.conditions,
    };
    let mut faults = Vec::new();
    check(&new, &mut faults);
    checked(&faults)?;
    Ok(new)
}

/// Lists what the account's own party offers or needs.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/resources", tag = "resources",
    request_body = ResourceAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn list_resource(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<ResourceAsked>,
) -> Result<Response, ApiError> {
    let new = understood(asked?.0)?;
    let what = (&*id, "/resources", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.list_resource(id, &new, by).await?.to_string() })
    })
    .await
}

/// Changes what is said of something, of the version given. Whose it is, and whether it is offered,
/// stay.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/resources/{resource}", tag = "resources",
    request_body = ResourceAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("resource" = String, Path, description = "id of a line of the register"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_resource(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<ResourceAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let version = asked.version;
    let new = understood(asked)?;
    let at: ResourceId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/resources/{one}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.change_resource((id, at), &new, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// A time that a program writes.
fn when(from: &str, to: &str) -> Result<Interval, ApiError> {
    let read =
        |text: &str| text.parse::<Moment>().map_err(|_| invalid("a time is none of RFC 3339"));
    Interval::new(read(from)?, read(to)?).map_err(|why| invalid(&why.to_string()))
}

/// Bookings of something that touch a time, the first first; at most 1,000.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/resources/{resource}/bookings",
    tag = "resources",
    params(("id" = String, Path, description = "id of a partnership"),
        ("resource" = String, Path, description = "id of a line of the register"), BookingsWanted),
    responses((status = 200, body = Portion<BookingSeen>), Refused))]
pub(crate) async fn list_bookings(
    State(app): State<App>,
    caller: Caller,
    Path((id, one)): Path<(String, String)>,
    wanted: Queried<BookingsWanted>,
) -> Answer<Portion<BookingSeen>> {
    let at = (room_of(&id)?, one.parse().map_err(|_| ApiError::NotFound)?);
    let Query(BookingsWanted { from, to }) = wanted?;
    let when = when(&from, &to)?;
    let all = app.store.bookings(at, when, MOST_BOOKINGS, participant(&caller)).await?;
    let now = session::now();
    Ok(Json(Portion::whole(all.into_iter().map(|one| booking(one, now)))))
}

fn booking(one: Booking, now: Moment) -> BookingSeen {
    let late = one.is_late(now);
    let (returned, condition) = one.returned.unzip();
    BookingSeen {
        id: one.id.to_string(),
        party: one.party.to_string(),
        seat: one.seat.map(|seat| seat.to_string()),
        from: time(one.new.when.from),
        to: time(one.new.when.to),
        amount: one.new.amount,
        purpose: one.new.purpose,
        returned: returned.map(time),
        condition: condition.unwrap_or_default(),
        late,
        thanks: one.thanks.map(|(line, _)| line),
        version: one.version,
    }
}

/// What a program is told of a time that is taken, with the next one that is free.
fn taken(conflicts: &[Overbooked], next: Option<Interval>) -> ApiError {
    let all: Vec<String> = conflicts
        .iter()
        .map(|one| format!("{} to {}: {} free", time(one.when.from), time(one.when.to), one.free))
        .collect();
    let next = match next {
        Some(next) => format!("next free: {} to {}", time(next.from), time(next.to)),
        None => "there is never so much".to_owned(),
    };
    ApiError::Conflict(format!("it is taken: {}; {next}", all.join(", ")))
}

/// Books something for the account's own party. Where it is taken: 409, with the next time at which
/// it is free as long.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/resources/{resource}/bookings",
    tag = "resources", request_body = BookingAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("resource" = String, Path, description = "id of a line of the register"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn book_resource(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<BookingAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("purpose", &asked.purpose, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let when = when(&asked.from, &asked.to)?;
    let amount = amount_of(asked.amount)?.unwrap_or(1);
    let new = NewBooking { when, amount, purpose: asked.purpose };
    let at: ResourceId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/resources/{one}/bookings");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::CREATED), async |tx, id, by| {
        match tx.book((id, at), &new, by).await? {
            Booked::Done(one) => Ok(Made { id: one.to_string() }),
            Booked::Taken { conflicts, next } => Err(taken(&conflicts, next)),
        }
    })
    .await
}

/// Says what becomes of a booking of the version given: cancelled, given back, thanked for, or open
/// again.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/bookings/{booking}", tag = "resources",
    request_body = BookingVerb,
    params(("id" = String, Path, description = "id of a partnership"),
        ("booking" = String, Path, description = "id of a booking"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_booking(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<BookingVerb>,
) -> Result<Response, ApiError> {
    let Json(BookingVerb { state, line, version }) = asked?;
    let mut faults = Vec::new();
    within("line", &line, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let one_id: BookingId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/bookings/{one}");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        let at = (id, one_id);
        match state.as_str() {
            "cancelled" => tx.cancel_booking(at, version, by).await?,
            "returned" => tx.return_booking(at, &line, version, by).await?,
            "thanked" => tx.thank(at, &line, version, by).await?,
            "open" => {
                if let Booked::Taken { conflicts, next } = tx.reopen_booking(at, by).await? {
                    return Err(taken(&conflicts, next));
                }
            }
            _ => return Err(invalid("state is cancelled, returned, thanked or open")),
        }
        Ok(DONE)
    })
    .await
}
