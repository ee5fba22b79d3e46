//! Parties of a partnership and who sits at them: added, renamed, removed, restored.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::address::Address;
use tieline_model::id::{AddressId, PartnershipId, PartyId, SeatId, UnitId};
use tieline_model::org::UnitKind;
use tieline_model::room::{Duty, Participant};
use tieline_store::{ActorKind, Constraint, GuestLink, NewPerson, Party, Seated, StoreError, Tx};

use super::conflict::{self, Late, Row};
use super::facts::MAX_NAME;
use super::form::{Fault, fault_of};
use super::guest::link_words;
use super::partnership::{Head, Tab, name_of};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::{InRoom, duty_name, seat_of};
use crate::session;
use crate::shell::{Done, Shell};

/// People of a party that the page of all parties shows.
const EACH: u64 = 20;

/// People of the page of one party.
const PAGE: u64 = 100;

/// Someone at a party.
struct SeatRow {
    id: SeatId,
    /// Their page in the directory.
    page: Option<String>,
    name: String,
    duty: String,
    is_lead: bool,
    since: String,
    is_own: bool,
    /// What the link of the seat is, in words; for those who may make one.
    link: Option<String>,
}

/// A party with its people.
struct PartyRow {
    id: PartyId,
    name: String,
    version: i64,
    unit: Option<String>,
    n: u64,
    people: Vec<SeatRow>,
    /// Whether the viewer says who sits there.
    seats: bool,
    /// Where those come who are not shown.
    more: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    party: String,
    after: String,
}

/// What the forms of the page bring.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleForm {
    /// Id of a unit of the directory, or empty.
    unit: String,
    /// Name of a party.
    name: String,
    /// Id of a party.
    party: String,
    /// Name of a person.
    who: String,
    /// E-mail address of a person.
    mail: String,
    /// `lead` when ticked.
    duty: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "partnership_people.html")]
struct PeoplePage {
    shell: Shell,
    head: Head,
    parties: Vec<PartyRow>,
    units: Vec<(UnitId, String)>,
    typed: PeopleForm,
    faults: Vec<Fault>,
    arranges: bool,
    /// Whether the viewer may hand out links: no guest does.
    hands_links: bool,
}

impl PeoplePage {
    /// Parties that the viewer may give seats at.
    fn seating(&self) -> Vec<(&PartyId, &str)> {
        let open = self.parties.iter().filter(|party| party.seats);
        open.map(|party| (&party.id, party.name.as_str())).collect()
    }

    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

async fn people_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (PeopleForm, Vec<Fault>),
) -> Result<PeoplePage, AppError> {
    let arranges = room.standing().arranges();
    let parties = match asked.party.is_empty() {
        true => all_parties(app, room).await?,
        false => vec![one_party(app, room, asked).await?],
    };
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    let units = if arranges && reads { units(app).await? } else { Vec::new() };
    let head = Head::new(room, Tab::People);
    let (shell, hands_links) = (room.shell(app), room.by.account().is_some());
    Ok(PeoplePage { shell, head, parties, units, typed, faults, arranges, hands_links })
}

/// Organisations and their departments, by name.
pub(crate) async fn units(app: &App) -> Result<Vec<(UnitId, String)>, AppError> {
    let all = app.store.units(None).await?;
    let name = |id: UnitId| all.iter().find(|row| row.unit.id == id).map(|row| &row.unit.name);
    let mut units: Vec<(UnitId, String)> = all
        .iter()
        .filter(|row| row.unit.kind != UnitKind::Community)
        .map(|row| match row.unit.parent.and_then(name) {
            Some(above) => (row.unit.id, format!("{above}: {}", row.unit.name)),
            None => (row.unit.id, row.unit.name.clone()),
        })
        .collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(units)
}

async fn all_parties(app: &App, room: &InRoom) -> Result<Vec<PartyRow>, AppError> {
    let links = app.store.guest_links(room.id(), session::now(), room.by).await?;
    let seated = app.store.seated(room.id(), EACH, room.by).await?;
    let row = |(party, n): &(Party, u64)| {
        let people = seated.iter().filter(|one| one.party == party.id);
        let people: Vec<SeatRow> = people.map(|one| seat_row(room, one, &links)).collect();
        let more = (*n > people.len() as u64)
            .then(|| format!("{}/people?party={}", room.base(), party.id));
        party_row(room, party, *n, people, more)
    };
    Ok(room.room.parties.iter().map(row).collect())
}

async fn one_party(app: &App, room: &InRoom, asked: &Asked) -> Result<PartyRow, AppError> {
    let party = room.party(&asked.party)?;
    let after = if asked.after.is_empty() { None } else { Some(seat_of(&asked.after)?) };
    let at = (room.id(), party.id);
    let links = app.store.guest_links(room.id(), session::now(), room.by).await?;
    let mut seated = app.store.seated_at(at, after, PAGE + 1, room.by).await?;
    let is_more = seated.len() as u64 > PAGE;
    seated.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = seated.last().filter(|_| is_more).map(|one| one.id);
    let more = last.map(|last| format!("{}/people?party={}&after={last}", room.base(), party.id));
    let n = room.room.parties.iter().find(|(one, _)| one.id == party.id).map_or(0, |(_, n)| *n);
    let people = seated.iter().map(|one| seat_row(room, one, &links)).collect();
    Ok(party_row(room, party, n, people, more))
}

fn party_row(
    room: &InRoom,
    party: &Party,
    n: u64,
    people: Vec<SeatRow>,
    more: Option<String>,
) -> PartyRow {
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    PartyRow {
        id: party.id,
        name: party.name.clone(),
        version: party.version,
        unit: party.unit.filter(|_| reads).map(|unit| format!("/organisations/{unit}")),
        n,
        people,
        seats: room.standing().seats(party.id),
        more,
    }
}

fn seat_row(room: &InRoom, one: &Seated, links: &[GuestLink]) -> SeatRow {
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    SeatRow {
        id: one.id,
        page: one.actor.filter(|_| reads).map(|actor| format!("/people/{actor}")),
        name: name_of(one),
        duty: duty_name(one.duty),
        is_lead: one.duty == Duty::Lead,
        since: here::date(one.since),
        is_own: room.standing().seat.is_some_and(|own| own.id == one.id),
        link: links.iter().find(|link| link.seat == one.id).map(link_words),
    }
}

/// `GET /partnerships/{id}/people`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (PeopleForm::default(), Vec::new());
    let shown = people_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&PeoplePage { shell, ..shown })
}

async fn again(
    app: &App,
    room: &InRoom,
    typed: PeopleForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let shown = people_page(app, room, &Asked::default(), (typed, faults)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `POST /partnerships/{id}/parties`: a unit of the directory, or an organisation by its name.
pub(crate) async fn add_party(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<PeopleForm>,
) -> Result<Response, AppError> {
    if !room.standing().arranges() {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let (unit, name) = party_of(&app, &room, &form, &mut faults).await?;
    if !faults.is_empty() {
        return again(&app, &room, form, faults).await;
    }
    let tx = room.begin(&app).await?;
    match tx.add_party(room.id(), (unit, &name), room.by).await {
        Ok(party) => {
            tx.commit().await?;
            Ok(to_people(&room, "party", party).into_response())
        }
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("name", t!("partnerships-party-taken"));
            again(&app, &room, form, vec![fault]).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Unit and name of the party that a form means. A unit is known to whoever reads the directory.
async fn party_of(
    app: &App,
    room: &InRoom,
    form: &PeopleForm,
    faults: &mut Vec<Fault>,
) -> Result<(Option<UnitId>, String), AppError> {
    within("name", &form.name, MAX_NAME, faults);
    let mut name = form.name.trim().to_owned();
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    let known = if form.unit.is_empty() || !reads { Vec::new() } else { units(app).await? };
    let unit = known.into_iter().find(|(id, _)| id.to_string() == form.unit);
    if unit.is_none() && !form.unit.is_empty() {
        faults.push(Fault::new("unit", t!("partnerships-unit-unknown")));
    } else if let Some((_, unit)) = &unit
        && name.is_empty()
    {
        name = unit.rsplit(": ").next().unwrap_or(unit).to_owned();
    } else if name.is_empty() {
        faults.push(Fault::new("name", t!("partnerships-party-missing")));
    }
    Ok((unit.map(|(id, _)| id), name))
}

fn to_people(room: &InRoom, done: &str, what: impl std::fmt::Display) -> Redirect {
    let id = room.id();
    Redirect::to(&format!("{}/people?done={done}&undo={id}.{what}", room.base()))
}

/// `POST /partnerships/{id}/parties/{party}/name`.
pub(crate) async fn rename(
    State(app): State<App>,
    room: InRoom,
    Path((_, party)): Path<(String, String)>,
    Form(form): Form<PeopleForm>,
) -> Result<Response, AppError> {
    let known = room.party(&party)?.clone();
    if !room.standing().seats(known.id) {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    within("name", &form.name, MAX_NAME, &mut faults);
    if form.name.trim().is_empty() {
        faults.push(Fault::new("name", t!("partnerships-party-missing")));
    }
    if !faults.is_empty() {
        return again(&app, &room, form, faults).await;
    }
    let renamed = Party { name: form.name.clone(), version: form.version, ..known.clone() };
    let tx = room.begin(&app).await?;
    match tx.rename_party(&renamed, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/people?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            renamed_late(&app, &room, known, form.name)
        }
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("name", t!("partnerships-party-taken"));
            again(&app, &room, form, vec![fault]).await
        }
        Err(error) => Err(error.into()),
    }
}

fn renamed_late(app: &App, room: &InRoom, kept: Party, mine: String) -> Result<Response, AppError> {
    let late = Late {
        what: room.room.partnership.name.clone(),
        who: String::new(),
        back: format!("{}/people", room.base()),
        action: format!("{}/parties/{}/name", room.base(), kept.id),
        fields: vec![("name", mine.clone()), ("version", kept.version.to_string())],
        rows: vec![Row { label: t!("partnerships-party-name"), theirs: kept.name, mine }],
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/people`: a person of the directory, or someone who comes into it.
pub(crate) async fn give_seat(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<PeopleForm>,
) -> Result<Response, AppError> {
    let party = room.party(&form.party).ok().filter(|party| room.standing().seats(party.id));
    let party = party.ok_or(AppError::NotFound)?.id;
    let mut faults = Vec::new();
    let address = person_of(&form, &mut faults);
    let Some(address) = address.filter(|_| faults.is_empty()) else {
        return again(&app, &room, form, faults).await;
    };
    let duty = if form.duty == Duty::Lead.name() { Duty::Lead } else { Duty::Member };
    let tx = room.begin(&app).await?;
    match seated(&tx, &app, (room.id(), party), (&form.who, address), (duty, room.by)).await {
        Ok(seat) => {
            tx.commit().await?;
            Ok(to_people(&room, "seat", seat).into_response())
        }
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("mail", t!("partnerships-seat-taken"));
            again(&app, &room, form, vec![fault]).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The address of the person that a form means.
fn person_of(form: &PeopleForm, faults: &mut Vec<Fault>) -> Option<Address> {
    if form.who.trim().is_empty() {
        faults.push(Fault::new("who", t!("partnerships-who-missing")));
    }
    within("who", &form.who, MAX_NAME, faults);
    within("mail", &form.mail, MAX_NAME, faults);
    let address = Address::email(form.mail.trim()).ok();
    if address.is_none() {
        faults.push(Fault::new("mail", t!("partnerships-mail-missing")));
    }
    address
}

/// Gives a seat. Someone whom nobody knows comes into the directory by it, under the name that was
/// written; of someone known the directory's name stands.
pub(crate) async fn seated(
    tx: &Tx,
    app: &App,
    at: (PartnershipId, PartyId),
    (name, address): (&str, Address),
    (duty, by): (Duty, Participant),
) -> Result<SeatId, StoreError> {
    let who: AddressId = address.id();
    if let Some(account) = by.account()
        && app.store.actor_of(who).await?.is_none()
    {
        let new = NewPerson {
            address: Some(address),
            name: name.to_owned(),
            kind: ActorKind::Person,
            by: account,
        };
        tx.add_person(&new).await?;
    }
    tx.give_seat(at, who, duty, by).await
}

/// Defines handlers of a path with a party or a seat: one verb, one transaction, back to the people.
macro_rules! on_one {
    ($($(#[doc = $doc:literal])+ $name:ident($id:ty, $done:literal):
        |$tx:ident, $at:ident, $by:ident| $verb:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) async fn $name(
            State(app): State<App>,
            room: InRoom,
            Path((_, one)): Path<(String, String)>,
        ) -> Result<Redirect, AppError> {
            let one: $id = one.parse().map_err(|_| AppError::NotFound)?;
            let ($tx, $at, $by) = (room.begin(&app).await?, (room.id(), one), room.by);
            $verb.await?;
            $tx.commit().await?;
            Ok(to_people(&room, $done, one))
        }
    )+};
}

on_one! {
    /// `POST /partnerships/{id}/parties/{party}/restoration`.
    restore_party(PartyId, "back"): |tx, at, by| tx.restore_party(at.0, at.1, by);

    /// `POST /partnerships/{id}/people/{seat}/restoration`.
    resume_seat(SeatId, "back"): |tx, at, by| tx.resume_seat(at, by);

    /// `POST /partnerships/{id}/people/{seat}/lead`.
    make_lead(SeatId, "saved"): |tx, at, by| tx.set_duty(at, Duty::Lead, by);

    /// `POST /partnerships/{id}/people/{seat}/member`.
    make_member(SeatId, "saved"): |tx, at, by| tx.set_duty(at, Duty::Member, by);
}

/// `POST /partnerships/{id}/parties/{party}/removal`.
pub(crate) async fn remove_party(
    State(app): State<App>,
    room: InRoom,
    Path((_, party)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let party = room.party(&party)?.id;
    let tx = room.begin(&app).await?;
    tx.remove_party(room.id(), party, room.by).await?;
    tx.commit().await?;
    let leaves = room.standing().party() == Some(party);
    Ok(gone(&room, leaves, "party-removed", party))
}

/// `POST /partnerships/{id}/people/{seat}/removal`.
pub(crate) async fn end_seat(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let seat = seat_of(&seat)?;
    let tx = room.begin(&app).await?;
    tx.end_seat((room.id(), seat), room.by).await?;
    tx.commit().await?;
    let leaves = room.standing().seat.is_some_and(|own| own.id == seat);
    Ok(gone(&room, leaves, "seat-ended", seat))
}

/// Whoever left themselves is not in the room any more.
fn gone(room: &InRoom, leaves: bool, done: &str, what: impl std::fmt::Display) -> Redirect {
    if leaves && !room.standing().convenes {
        return Redirect::to("/partnerships?done=left");
    }
    to_people(room, done, what)
}
