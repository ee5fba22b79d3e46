//! Facts said by hand, for programs: places, custom fields, units, and one organisation.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{ActorId, PlaceId, UnitId};
use tieline_model::org::UnitKind;
use tieline_model::time::Moment;
use tieline_store::{FieldKind, PeopleQuery, PersonRow, SaidPlace, UnitRow};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::reads::{Answer, may_read};
use super::types::{
    Done, FieldSeen, FieldValue, FieldsAsked, Made, NotWritten, OrganisationPerson,
    OrganisationSeen, OwnTie, PersonCard, PlaceChange, PlaceSeen, Portion, Refused, Repeatable,
    UnitAsked, UnitFull, UnitRef, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked, looked_at, once, subject, understood};
use crate::app::App;
use crate::pages::facts::{self, MAX_NAME};
use crate::pages::subject::within;
use crate::pages::{organisation, tags, tie_view};
use crate::snapshot::Snapshot;

/// People of an organisation that one answer holds.
const MOST: u64 = 200;

/// Days for which days of contact are listed.
const LANE_DAYS: f64 = 365.0;

/// Places of a person that someone said, with the versions by which they are changed.
#[utoipa::path(get, path = "/api/v1/people/{id}/places", tag = "directory",
    params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = Portion<PlaceSeen>), Refused))]
pub(crate) async fn list_places(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<PlaceSeen>> {
    let person = looked_at(&app, &caller, &id).await?;
    let said = app.store.said_about(&person.actor.addresses).await?;
    let items = said.places.into_iter().map(|place| PlaceSeen {
        id: place.id.to_string(),
        unit: place.unit.to_string(),
        title: place.title,
        from: place.from.map(time),
        to: place.to.map(time),
        by: place.by.map(|by| by.to_string()),
        version: place.version,
    });
    Ok(Json(Portion::whole(items)))
}

/// Changes where someone works.
#[utoipa::path(post, path = "/api/v1/places/{id}", tag = "directory", request_body = PlaceChange,
    params(("id" = String, Path, description = "id of a place"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_place(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PlaceChange>,
) -> Result<Response, ApiError> {
    let kept = place(&app, &caller, &id).await?;
    let Json(PlaceChange { place, version }) = asked?;
    let (form, understood) = understood(place, version)?;
    let by = caller.account.id;
    let route = format!("POST /places/{id}");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        let place = SaidPlace {
            unit: facts::unit_of(tx, &form, by).await?,
            title: Some(form.title.clone()),
            from: understood.from,
            to: understood.to,
            version: form.version,
            ..kept.clone()
        };
        tx.update_place(&place, by).await?;
        Ok(DONE)
    })
    .await
}

/// Says of a place again what was said before its last change.
#[utoipa::path(post, path = "/api/v1/places/{id}/before", tag = "directory",
    params(("id" = String, Path, description = "id of a place"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn place_before(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let kept = place(&app, &caller, &id).await?;
    let route = format!("POST /places/{id}/before");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.say_place_before(&kept, caller.account.id).await?;
        Ok(DONE)
    })
    .await
}

async fn place(app: &App, caller: &Caller, id: &str) -> Result<SaidPlace, ApiError> {
    may_read(caller)?;
    let id: PlaceId = id.parse().map_err(|_| ApiError::NotFound)?;
    Ok(app.store.place(id).await?)
}

/// Custom fields of everyone in the directory.
#[utoipa::path(get, path = "/api/v1/fields", tag = "directory",
    responses((status = 200, body = Portion<FieldSeen>), Refused))]
pub(crate) async fn list_fields(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<FieldSeen>> {
    may_read(&caller)?;
    let fields = app.store.fields().await?.into_iter();
    let items = fields.map(|field| FieldSeen {
        id: field.id.to_string(),
        name: field.name,
        kind: match &field.kind {
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::Date => "date",
            FieldKind::Choice(_) => "choice",
        },
        choices: match field.kind {
            FieldKind::Choice(choices) => choices,
            _ => Vec::new(),
        },
    });
    Ok(Json(Portion::whole(items)))
}

/// Values of custom fields of a person.
#[utoipa::path(get, path = "/api/v1/people/{id}/fields", tag = "directory",
    params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = Portion<FieldValue>), Refused))]
pub(crate) async fn show_fields(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<FieldValue>> {
    let person = looked_at(&app, &caller, &id).await?;
    let values = app.store.field_values(&person.actor.addresses).await?.into_iter();
    let items = values.map(|(_, field, value)| FieldValue { field: field.to_string(), value });
    Ok(Json(Portion::whole(items)))
}

/// Sets values of custom fields of a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/fields", tag = "directory", request_body = FieldsAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn set_fields(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<FieldsAsked>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(FieldsAsked { values }) = asked?;
    let fields = app.store.fields().await?;
    let known = app.store.field_values(&person.actor.addresses).await?;
    let is_known = |id: &String| fields.iter().any(|field| field.id.to_string() == *id);
    if let Some(unknown) = values.keys().find(|id| !is_known(id)) {
        return Err(invalid(&format!("values: '{unknown}' is no id of a field")));
    }
    let route = format!("POST /people/{id}/fields");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        for field in &fields {
            if let Some(value) = values.get(&field.id.to_string()) {
                tags::set_field::<ApiError>(tx, &person, &known, field, value.trim()).await?;
            }
        }
        Ok(DONE)
    })
    .await
}

/// Adds an organisation, or a department of one; one that is known by this name is that one.
#[utoipa::path(post, path = "/api/v1/units", tag = "directory", request_body = UnitAsked,
    params(Repeatable), responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_unit(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<UnitAsked>,
) -> Result<Response, ApiError> {
    may_read(&caller)?;
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("name", &asked.name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let parent: Option<UnitId> =
        asked.parent.map(|id| id.parse()).transpose().map_err(bad_parent)?;
    let units = app.store.units(None).await?;
    let fits =
        |row: &UnitRow| row.unit.kind == UnitKind::Organisation && Some(row.unit.id) == parent;
    if parent.is_some() && !units.iter().any(fits) {
        return Err(invalid("parent is no id of an organisation"));
    }
    let kind = if parent.is_some() { UnitKind::Department } else { UnitKind::Organisation };
    once(&app, &caller, &headers, ("POST /units", StatusCode::CREATED), async |tx| {
        let id = tx.add_unit((kind, &asked.name), parent, caller.account.id).await?;
        Ok(Made { id: id.to_string() })
    })
    .await
}

fn bad_parent<E>(_: E) -> ApiError {
    invalid("parent is no id of an organisation")
}

/// One organisation or part of one: what it is part of, its parts, its people with the account's own
/// ties and their days of contact. A look at each person is written into the audit log.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "directory",
    params(("id" = String, Path, description = "id of a unit")),
    responses((status = 200, body = OrganisationSeen), Refused))]
pub(crate) async fn show_unit(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<OrganisationSeen> {
    may_read(&caller)?;
    let id: UnitId = id.parse().map_err(|_| ApiError::NotFound)?;
    let units = app.store.units(None).await?;
    let at = units.iter().position(|row| row.unit.id == id).ok_or(ApiError::NotFound)?;
    let query = PeopleQuery { unit: Some(id), limit: MOST, ..PeopleQuery::default() };
    let (rows, _) = app.store.people(&query).await?;
    let total = app.store.count_people(&query).await?;
    organisation::looked(&app, &caller.viewer, &rows).await?;
    let snapshot = app.live.get();
    let person = |row| one_of(row, caller.viewer.actor, snapshot.as_deref());
    let people = rows.into_iter().map(person).collect();
    let all: Vec<_> = units.iter().map(|row| &row.unit).collect();
    let above = units.get(at).map(|row| organisation::above(&row.unit, &all)).unwrap_or_default();
    let above = above.into_iter().map(|(id, name)| UnitRef { id, name }).collect();
    let (mut own, mut parts) = (None, Vec::new());
    for row in units {
        if row.unit.id == id {
            own = Some(UnitFull::from(row));
        } else if row.unit.parent == Some(id) {
            parts.push(UnitFull::from(row));
        }
    }
    let unit = own.ok_or(ApiError::NotFound)?;
    Ok(Json(OrganisationSeen { unit, above, parts, people, total }))
}

fn one_of(row: PersonRow, me: Option<ActorId>, snapshot: Option<&Snapshot>) -> OrganisationPerson {
    let tie = snapshot.and_then(|snapshot| {
        let pair = organisation::own_pair(snapshot, me, row.id)?;
        let since = snapshot.as_of.map(|at| at.plus_days(-LANE_DAYS));
        let contact = pair.contact.as_ref();
        let day = |day: &i64| Moment::from_ms(day * 86_400_000);
        let days = contact.into_iter().flat_map(|contact| &contact.days).map(day);
        let days = days.filter(|day| since.is_none_or(|since| *day >= since));
        Some(OwnTie {
            strength: pair.strength,
            bars: tie_view::bars(snapshot, pair.strength),
            last: contact.map(|contact| time(contact.last)),
            days: days.map(|day| day.date().to_string()).collect(),
        })
    });
    OrganisationPerson { person: PersonCard::from(row), tie }
}
