//! Recording a contact: who, how, when, one line, promises on both sides.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tieline_model::access::{Viewer, Visibility};
use tieline_model::contact::ContactKind;
use tieline_model::id::{ActorId, AddressId, ContactId};
use tieline_model::time::Moment;
use tieline_store::{NewContact, PersonRow};

use super::form::{Fault, fault_of};
use crate::app::App;
use crate::error::{AppError, encode};
use crate::extract::Signed;
use crate::page::page;
use crate::session;
use crate::shell::{Place, Shell};

/// Longest line or promise, characters.
pub(crate) const MAX_TEXT: usize = 500;

/// People of one contact.
const MAX_PEOPLE: usize = 30;

/// Who the contact is with, as an id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct With {
    who: String,
}

/// What the form brings; all text as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    kind: String,
    /// Names, addresses or ids, separated by commas or semicolons.
    who: String,
    /// A day, `2026-11-23`.
    day: String,
    line: String,
    we_promise: String,
    they_promise: String,
    visibility: String,
}

#[derive(Template)]
#[template(path = "contact_new.html")]
struct ContactPage {
    shell: Shell,
    typed: Typed,
    faults: Vec<Fault>,
}

/// `GET /contacts/new`.
pub(crate) async fn new(
    State(app): State<App>,
    signed: Signed,
    Query(With { who }): Query<With>,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let name = match who.parse::<ActorId>() {
        Ok(id) => app.store.person(id).await?.actor.name,
        Err(_) => String::new(),
    };
    let day = today(&signed.account.time_zone);
    let typed =
        Typed { kind: "met".to_owned(), who: name, day: day.to_string(), ..Typed::default() };
    let shell = Shell::new(&app, &signed, Place::Directory);
    page(&ContactPage { shell, typed, faults: Vec::new() })
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

pub(crate) fn today(time_zone: &str) -> Date {
    session::now().timestamp().to_zoned(zone(time_zone)).date()
}

/// What was typed, understood.
struct Understood {
    contact: NewContact,
    promises: Vec<(bool, String)>,
    first: ActorId,
}

/// `POST /contacts`: the contact and what was promised, in one transaction.
pub(crate) async fn create(
    State(app): State<App>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let understood = match understand(&app, &signed, &typed).await? {
        Ok(understood) => understood,
        Err(faults) => {
            let shell = Shell::new(&app, &signed, Place::Directory);
            let again = page(&ContactPage { shell, typed, faults })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    let Understood { contact, promises, first } = understood;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let id = tx.log_contact_with(&contact, &promises).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people/{first}?done=contact&undo={id}")).into_response())
}

async fn understand(
    app: &App,
    signed: &Signed,
    typed: &Typed,
) -> Result<Result<Understood, Vec<Fault>>, AppError> {
    let mut faults = Vec::new();
    let people = people(app, &signed.viewer, &typed.who, &mut faults).await?;
    let kind = ContactKind::from_name(&typed.kind);
    if kind.is_none() {
        faults.push(Fault::new("kind", t!("form-contact-kind")));
    }
    let at = moment(&typed.day, &signed.account.time_zone, &mut faults);
    for (field, text) in [
        ("line", &typed.line),
        ("we_promise", &typed.we_promise),
        ("they_promise", &typed.they_promise),
    ] {
        if text.chars().count() > MAX_TEXT {
            faults.push(Fault::new(field, t!("form-at-most-500")));
        }
    }
    let (Some(kind), Some(at), Some(first), true) =
        (kind, at, people.first().map(|row| row.id), faults.is_empty())
    else {
        return Ok(Err(faults));
    };
    let mut addresses: Vec<AddressId> = Vec::new();
    for row in &people {
        addresses.push(app.store.person(row.id).await?.actor.anchor);
    }
    let promises = [(true, &typed.we_promise), (false, &typed.they_promise)];
    Ok(Ok(Understood {
        contact: NewContact {
            by: signed.viewer.account,
            kind,
            at,
            line: typed.line.trim().to_owned(),
            visibility: Visibility::from_name(&typed.visibility).unwrap_or_default(),
            people: addresses,
        },
        promises: promises
            .into_iter()
            .map(|(by_us, text)| (by_us, text.trim().to_owned()))
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        first,
    }))
}

/// Whom the typed text names, each once.
async fn people(
    app: &App,
    viewer: &Viewer,
    typed: &str,
    faults: &mut Vec<Fault>,
) -> Result<Vec<PersonRow>, AppError> {
    let mut people: Vec<PersonRow> = Vec::new();
    for name in typed.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
        let mut found = app.store.find_people(name, 4).await?;
        match found.len() {
            1 => {
                let row = found.remove(0);
                if !people.iter().any(|known| known.id == row.id) {
                    people.push(row);
                }
            }
            0 => faults.push(Fault::new("who", t!("form-nobody-called", name = name))),
            _ => {
                let names = found.iter().take(3).map(|row| told_apart(row, viewer));
                let names = names.collect::<Vec<_>>().join(", ");
                let text = t!("form-could-be", name = name, names = names);
                faults.push(Fault::new("who", text));
            }
        }
    }
    if people.is_empty() && !faults.iter().any(|fault| fault.field == "who") {
        faults.push(Fault::new("who", t!("form-contact-who")));
    } else if people.len() > MAX_PEOPLE {
        faults.push(Fault::new("who", t!("form-contact-most")));
    }
    Ok(people)
}

/// A name with what tells it from like ones: the address for those who see addresses, else where
/// the person works.
fn told_apart(row: &PersonRow, viewer: &Viewer) -> String {
    let place = row.unit.as_ref().or(row.organisation.as_ref()).map(|unit| unit.name.as_str());
    let address = (viewer.may_steward() || viewer.alone).then_some(row.address.as_str());
    match address.or(place) {
        Some(text) => format!("{} ({text})", row.name),
        None => row.name.clone(),
    }
}

/// Noon of the day where the account is; the future is refused.
fn moment(day: &str, time_zone: &str, faults: &mut Vec<Fault>) -> Option<Moment> {
    let Ok(date) = day.trim().parse::<Date>() else {
        faults.push(Fault::new("day", t!("form-day")));
        return None;
    };
    if date > today(time_zone) {
        faults.push(Fault::new("day", t!("form-day-to-come")));
        return None;
    }
    let Ok(noon) = date.at(12, 0, 0, 0).to_zoned(zone(time_zone)) else {
        faults.push(Fault::new("day", t!("form-day-long-ago")));
        return None;
    };
    Some(Moment::from_ms(noon.timestamp().as_millisecond()).min(session::now()))
}

/// `POST /contacts/{id}/undo`.
pub(crate) async fn undo(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: ContactId = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.undo_contact(id, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/?done={}", encode("contact-undone"))))
}
