//! What people write about people, for programs: facts by hand, notes, promises, tags.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use tieline_model::access::Visibility;
use tieline_model::address::Address;
use tieline_model::id::{ActorId, AddressId, NoteId};
use tieline_store::{
    ActorKind, NewNote, NewPerson, NewPlace, NewPromise, Note, Person, StoreError, Tx,
};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::types::{
    Done, Made, NameAsked, NotWritten, NoteAsked, NoteChange, NoteSeen, PersonAsked, PlaceAsked,
    Portion, PromiseNoted, PromiseSeen, Refused, Repeatable, TagAsked, TieAsked, time,
};
use super::writes::{answer, answered, invalid, key};
use crate::app::App;
use crate::pages::facts::{self, MAX_NAME, PlaceForm, Understood};
use crate::pages::form::Fault;
use crate::pages::notes::MAX_NOTE;
use crate::pages::subject::{day_of, within};
use crate::pages::tags::MAX_TAG;

/// Notes and promises that one answer holds.
const MOST: u64 = 200;

pub(super) type Asked<T> = Result<Json<T>, JsonRejection>;

/// Someone of the directory, for whoever may read it.
pub(super) async fn subject(app: &App, caller: &Caller, id: &str) -> Result<Person, ApiError> {
    if !caller.viewer.may_read() {
        return Err(ApiError::NotFound);
    }
    let id: ActorId = id.parse().map_err(|_| ApiError::NotFound)?;
    Ok(app.store.person(id).await?)
}

/// Does a verb once for each key, in one transaction with its answer.
pub(super) async fn once<B: Serialize>(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    (route, status): (&str, StatusCode),
    verb: impl AsyncFnOnce(&Tx) -> Result<B, ApiError>,
) -> Result<Response, ApiError> {
    if !caller.viewer.may_read() {
        return Err(ApiError::NotFound);
    }
    let key = key(headers)?;
    let tx = app.store.begin_by(caller.viewer.account).await?;
    if let Some(again) = answered(&tx, caller, key.as_deref(), route).await? {
        return Ok(again);
    }
    let body = verb(&tx).await?;
    answer(tx, caller, key.as_deref(), (route, status), &body).await
}

/// The first thing that is wrong with what was sent.
pub(super) fn checked(faults: &[Fault]) -> Result<(), ApiError> {
    match faults.first() {
        Some(fault) => Err(invalid(&format!("{}: {}", fault.field, fault.text))),
        None => Ok(()),
    }
}

fn visibility(word: Option<&str>) -> Result<Visibility, ApiError> {
    match word {
        None => Ok(Visibility::default()),
        Some(word) => Visibility::from_name(word)
            .ok_or_else(|| invalid("visibility is own, party, partnership or workspace")),
    }
}

pub(super) const DONE: Done = Done { done: true };

/// Adds a person or organisation by hand.
#[utoipa::path(post, path = "/api/v1/people", tag = "directory", request_body = PersonAsked,
    params(Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_person(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<PersonAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("name", &asked.name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let address = asked.address.map(|text| Address::email(&text));
    let address = address.transpose().map_err(|why| invalid(&why.to_string()))?;
    let kind = match asked.kind.as_deref() {
        None | Some("person") => ActorKind::Person,
        Some("organisation") => ActorKind::Organisation,
        Some(_) => return Err(invalid("kind is person or organisation")),
    };
    let new = NewPerson { address, name: asked.name, kind, by: caller.account.id };
    once(&app, &caller, &headers, ("POST /people", StatusCode::CREATED), async |tx| {
        let added = tx.add_person(&new).await?;
        Ok(Made { id: ActorId::of_anchor(added).to_string() })
    })
    .await
}

/// Says the name of a person or organisation; it outranks what files say.
#[utoipa::path(post, path = "/api/v1/people/{id}/name", tag = "directory", request_body = NameAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn say_name(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<NameAsked>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("name", &asked.name, MAX_NAME, &mut faults);
    checked(&faults)?;
    let about = facts::named_at(&app, &person).await?;
    let by = caller.account.id;
    let route = format!("POST /people/{id}/name");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.say_name(about, &asked.name, by, asked.version).await?;
        Ok(DONE)
    })
    .await
}

/// Says where someone works.
#[utoipa::path(post, path = "/api/v1/people/{id}/places", tag = "directory", request_body = PlaceAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_place(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PlaceAsked>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(asked) = asked?;
    let (form, understood) = understood(asked, 0)?;
    let (by, who) = (caller.account.id, person.actor.anchor);
    let route = format!("POST /people/{id}/places");
    once(&app, &caller, &headers, (&route, StatusCode::CREATED), async |tx| {
        let unit = facts::unit_of(tx, &form, by).await?;
        let title = Some(form.title.clone());
        let (from, to) = (understood.from, understood.to);
        let place = tx.add_place(&NewPlace { who, unit, title, from, to, by }).await?;
        Ok(Made { id: place.to_string() })
    })
    .await
}

/// A place as it was sent, as the form of the page would bring it, and what it means.
pub(super) fn understood(
    asked: PlaceAsked,
    version: i64,
) -> Result<(PlaceForm, Understood), ApiError> {
    let PlaceAsked { organisation, department, title, from, to } = asked;
    let title = title.unwrap_or_default();
    let form = PlaceForm { organisation, department, title, from, to, version };
    let mut faults = Vec::new();
    let understood = facts::understand(&form, &mut faults);
    checked(&faults)?;
    Ok((form, understood))
}

/// Notes on a person that the account may read, the latest first.
#[utoipa::path(get, path = "/api/v1/people/{id}/notes", tag = "notes",
    params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = Portion<NoteSeen>), Refused))]
pub(crate) async fn list_notes(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Portion<NoteSeen>>, ApiError> {
    let person = looked_at(&app, &caller, &id).await?;
    let (of, by) = (&person.actor.addresses, caller.account.id);
    let notes = app.store.notes_about(of, by, true, MOST).await?;
    let items = notes.into_iter().map(|note| NoteSeen {
        id: note.id.to_string(),
        text: note.text,
        visibility: note.visibility.name(),
        author: note.author.to_string(),
        changed: time(note.changed),
        version: note.version,
    });
    Ok(Json(Portion::whole(items)))
}

/// Writes a note on a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/notes", tag = "notes", request_body = NoteAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_note(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<NoteAsked>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("text", &asked.text, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let note = NewNote {
        about: person.actor.anchor,
        author: caller.account.id,
        text: asked.text,
        visibility: visibility(asked.visibility.as_deref())?,
    };
    let route = format!("POST /people/{id}/notes");
    once(&app, &caller, &headers, (&route, StatusCode::CREATED), async |tx| {
        Ok(Made { id: tx.add_note(&note).await?.to_string() })
    })
    .await
}

/// Changes a note that the account wrote.
#[utoipa::path(post, path = "/api/v1/notes/{id}", tag = "notes", request_body = NoteChange,
    params(("id" = String, Path, description = "id of a note"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_note(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<NoteChange>,
) -> Result<Response, ApiError> {
    let one: NoteId = id.parse().map_err(|_| ApiError::NotFound)?;
    let kept = app.store.note(one, caller.account.id, false).await?;
    let Json(asked) = asked?;
    let NoteChange { note, version } = asked;
    let mut faults = Vec::new();
    within("text", &note.text, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let visibility = match &note.visibility {
        None => kept.visibility,
        word => visibility(word.as_deref())?,
    };
    let note = Note { text: note.text, visibility, version, ..kept };
    let route = format!("POST /notes/{id}");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.update_note(&note).await?;
        Ok(DONE)
    })
    .await
}

/// Promises with a person that the account may read, open ones first.
#[utoipa::path(get, path = "/api/v1/people/{id}/promises", tag = "promises",
    params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = Portion<PromiseSeen>), Refused))]
pub(crate) async fn list_promises(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Portion<PromiseSeen>>, ApiError> {
    let person = looked_at(&app, &caller, &id).await?;
    let (of, by) = (&person.actor.addresses, caller.account.id);
    let promises = app.store.promises_about(of, by, true, MOST).await?;
    let items = promises.into_iter().map(|promise| PromiseSeen {
        id: promise.id.to_string(),
        by_us: promise.by_us,
        text: promise.text,
        due: promise.due.map(time),
        kept: promise.kept.map(time),
        author: promise.author.to_string(),
    });
    Ok(Json(Portion::whole(items)))
}

/// Writes a promise down.
#[utoipa::path(post, path = "/api/v1/people/{id}/promises", tag = "promises", request_body = PromiseNoted,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_promise(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PromiseNoted>,
) -> Result<Response, ApiError> {
    let person = subject(&app, &caller, &id).await?;
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("text", &asked.text, crate::pages::contacts::MAX_TEXT, &mut faults);
    let due = day_of("due", &asked.due, &mut faults);
    checked(&faults)?;
    let promise = NewPromise {
        contact: None,
        by_us: asked.by_us,
        who: person.actor.anchor,
        text: asked.text,
        due,
        author: caller.account.id,
        visibility: visibility(asked.visibility.as_deref())?,
    };
    let route = format!("POST /people/{id}/promises");
    once(&app, &caller, &headers, (&route, StatusCode::CREATED), async |tx| {
        Ok(Made { id: tx.add_promise(&promise).await?.to_string() })
    })
    .await
}

/// Gives a tag to a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/tags", tag = "directory", request_body = TagAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn add_tag(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<TagAsked>,
) -> Result<Response, ApiError> {
    let by = caller.account.id;
    with_tag((&app, &caller, &headers), (&id, "tags"), asked, async |tx, person, tag| {
        tx.add_tag(&[person.actor.anchor], tag, Some(by)).await
    })
    .await
}

/// Takes a tag from a person.
#[utoipa::path(post, path = "/api/v1/people/{id}/tags/removal", tag = "directory", request_body = TagAsked,
    params(("id" = String, Path, description = "id of a person"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn remove_tag(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<TagAsked>,
) -> Result<Response, ApiError> {
    with_tag((&app, &caller, &headers), (&id, "tags/removal"), asked, async |tx, person, tag| {
        tx.remove_tag(&person.actor.addresses, tag).await
    })
    .await
}

/// Says that two people work together; for stewards, or one of the two.
#[utoipa::path(post, path = "/api/v1/ties", tag = "directory", request_body = TieAsked,
    params(Repeatable), responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn say_tie(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<TieAsked>,
) -> Result<Response, ApiError> {
    let by = caller.account.id;
    with_tie((&app, &caller, &headers), "POST /ties", asked, async |tx, a, b| {
        tx.say_tie(a, b, by).await
    })
    .await
}

/// Takes back that two people work together, as someone said; for stewards, or one of the two.
#[utoipa::path(post, path = "/api/v1/ties/removal", tag = "directory", request_body = TieAsked,
    params(Repeatable), responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn withdraw_tie(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<TieAsked>,
) -> Result<Response, ApiError> {
    with_tie((&app, &caller, &headers), "POST /ties/removal", asked, async |tx, a, b| {
        tx.withdraw_tie(a, b).await
    })
    .await
}

/// Does a verb with the tag that was sent and the person who was named.
async fn with_tag(
    (app, caller, headers): (&App, &Caller, &HeaderMap),
    (id, rest): (&str, &str),
    asked: Asked<TagAsked>,
    verb: impl AsyncFnOnce(&Tx, &Person, &str) -> Result<(), StoreError>,
) -> Result<Response, ApiError> {
    let person = subject(app, caller, id).await?;
    let Json(TagAsked { tag }) = asked?;
    let mut faults = Vec::new();
    within("tag", &tag, MAX_TAG, &mut faults);
    checked(&faults)?;
    let route = format!("POST /people/{id}/{rest}");
    once(app, caller, headers, (&route, StatusCode::OK), async |tx| {
        verb(tx, &person, &tag).await?;
        Ok(DONE)
    })
    .await
}

/// Does a verb with the addresses of both ends of the tie that was sent.
async fn with_tie(
    (app, caller, headers): (&App, &Caller, &HeaderMap),
    route: &str,
    asked: Asked<TieAsked>,
    verb: impl AsyncFnOnce(&Tx, AddressId, AddressId) -> Result<(), StoreError>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let (a, b) = both(app, caller, &asked).await?;
    once(app, caller, headers, (route, StatusCode::OK), async |tx| {
        verb(tx, a, b).await?;
        Ok(DONE)
    })
    .await
}

/// The addresses of both ends of a tie, for stewards and for each of the two.
async fn both(
    app: &App,
    caller: &Caller,
    asked: &TieAsked,
) -> Result<(AddressId, AddressId), ApiError> {
    let is_one = |id: &str| id.parse().is_ok_and(|id: ActorId| caller.viewer.is(id));
    if !(caller.viewer.may_steward() || is_one(&asked.a) || is_one(&asked.b)) {
        return Err(ApiError::NotFound);
    }
    let a = subject(app, caller, &asked.a).await?.actor.anchor;
    Ok((a, subject(app, caller, &asked.b).await?.actor.anchor))
}

/// As [`subject`]; the look is written into the audit log.
pub(super) async fn looked_at(app: &App, caller: &Caller, id: &str) -> Result<Person, ApiError> {
    let person = subject(app, caller, id).await?;
    super::reads::note_look(app, caller, &person.actor).await?;
    Ok(person)
}
