//! Adding by hand: a person, an organisation or a part of one, and five people at once.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::address::Address;
use tieline_model::id::{AccountId, ActorId, AddressId, UnitId};
use tieline_model::org::UnitKind;
use tieline_store::{ActorKind, Constraint, NewPerson, NewPlace, StoreError, Tx};

use super::facts::{MAX_NAME, PlaceForm, unit_of};
use super::form::{Fault, fault_of};
use super::subject::{subject, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::page::page;
use crate::shell::{Place, Shell};

/// People of the form of five.
const FIVE: usize = 5;

/// What the form on a person brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PersonForm {
    name: String,
    address: String,
    organisation: String,
    department: String,
    title: String,
}

/// A field of a form: id, label, value, that it may be left out.
type FieldOf<'a> = (&'static str, String, &'a str, String);

impl PersonForm {
    fn fields(&self) -> [FieldOf<'_>; 5] {
        let [name, organisation, department, address] = self.four();
        let title = ("title", t!("form-role"), self.title.as_str(), t!("form-optional"));
        [name, address, organisation, department, title]
    }

    fn four(&self) -> [FieldOf<'_>; 4] {
        let optional = t!("form-optional");
        let (unit, part) = (t!("form-organisation"), t!("form-department-or-team"));
        [
            ("name", t!("form-name"), &self.name, String::new()),
            ("organisation", unit, &self.organisation, optional.clone()),
            ("department", part, &self.department, optional.clone()),
            ("address", t!("form-address"), &self.address, optional),
        ]
    }
}

#[derive(Template)]
#[template(path = "person_new.html")]
struct PersonPage {
    shell: Shell,
    form: PersonForm,
    organisations: Vec<String>,
    faults: Vec<Fault>,
}

async fn person_page(
    app: &App,
    signed: &Signed,
    form: PersonForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let shell = Shell::new(app, signed, Place::Directory);
    let organisations = organisations(app).await?.into_iter().map(|(_, name)| name).collect();
    page(&PersonPage { shell, form, organisations, faults })
}

/// Organisations that are known: id and name.
async fn organisations(app: &App) -> Result<Vec<(UnitId, String)>, AppError> {
    let units = app.store.units(None).await?.into_iter().map(|row| row.unit);
    let organisations = units.filter(|unit| unit.kind == UnitKind::Organisation);
    Ok(organisations.map(|unit| (unit.id, unit.name)).collect())
}

/// `GET /people/new`.
pub(crate) async fn new_person(
    State(app): State<App>,
    Member(signed): Member,
) -> Result<Response, AppError> {
    person_page(&app, &signed, PersonForm::default(), Vec::new()).await
}

/// `POST /people/new`.
pub(crate) async fn create_person(
    State(app): State<App>,
    Member(signed): Member,
    Form(form): Form<PersonForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    if form.name.trim().is_empty() {
        faults.push(Fault::new("name", t!("form-write-name")));
    }
    for (field, _, text, _) in form.fields() {
        within(field, text, MAX_NAME, &mut faults);
    }
    if form.organisation.trim().is_empty() && !form.department.trim().is_empty() {
        faults.push(Fault::new("organisation", t!("form-organisation-of-department")));
    }
    let address = address_of("address", &form.address, &mut faults);
    let by = signed.viewer.account;
    if faults.is_empty() {
        let tx = app.store.begin_by(signed.viewer.account).await?;
        match add(&tx, &form, address, by).await {
            Ok(who) => {
                tx.commit().await?;
                let id = ActorId::of_anchor(who);
                let path = format!("/people/{id}?done=person&undo={id}");
                return Ok(Redirect::to(&path).into_response());
            }
            Err(StoreError::Conflict(Constraint::Taken(_))) => {
                tx.rollback().await?;
                let text = t!("form-address-known");
                faults.push(Fault::new("address", text));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let again = person_page(&app, &signed, form, faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// An e-mail address that may be left out.
fn address_of(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> Option<Address> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let address = Address::email(text).ok();
    if address.is_none() {
        faults.push(Fault::new(field, t!("form-address-optional")));
    }
    address
}

async fn add(
    tx: &Tx,
    form: &PersonForm,
    address: Option<Address>,
    by: AccountId,
) -> Result<AddressId, StoreError> {
    let new = NewPerson { address, name: form.name.clone(), kind: ActorKind::Person, by };
    let who = tx.add_person(&new).await?;
    if !form.organisation.trim().is_empty() {
        let place = PlaceForm {
            organisation: form.organisation.clone(),
            department: form.department.clone(),
            ..PlaceForm::default()
        };
        let unit = unit_of(tx, &place, by).await?;
        let title = Some(form.title.clone());
        tx.add_place(&NewPlace { who, unit, title, from: None, to: None, by }).await?;
    }
    Ok(who)
}

/// `POST /people/{id}/withdrawal`: whoever was added by hand goes again.
pub(crate) async fn withdraw_person(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.withdraw_person(person.actor.anchor, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/people?done=removed"))
}

/// What the form on a unit brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UnitForm {
    name: String,
    /// Id of the organisation that it is part of; empty: it is an organisation.
    parent: String,
}

#[derive(Template)]
#[template(path = "organisation_new.html")]
struct UnitPage {
    shell: Shell,
    form: UnitForm,
    organisations: Vec<(UnitId, String)>,
    faults: Vec<Fault>,
}

/// `GET /organisations/new`.
pub(crate) async fn new_unit(
    State(app): State<App>,
    Member(signed): Member,
) -> Result<Response, AppError> {
    let shell = Shell::new(&app, &signed, Place::Directory);
    let organisations = organisations(&app).await?;
    page(&UnitPage { shell, form: UnitForm::default(), organisations, faults: Vec::new() })
}

/// `POST /organisations/new`.
pub(crate) async fn create_unit(
    State(app): State<App>,
    Member(signed): Member,
    Form(form): Form<UnitForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    if form.name.trim().is_empty() {
        faults.push(Fault::new("name", t!("form-write-name")));
    }
    within("name", &form.name, MAX_NAME, &mut faults);
    let organisations = organisations(&app).await?;
    let parent = organisations.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.parent);
    if parent.is_none() && !form.parent.is_empty() {
        faults.push(Fault::new("parent", t!("form-parent")));
    }
    if !faults.is_empty() {
        let shell = Shell::new(&app, &signed, Place::Directory);
        let again = page(&UnitPage { shell, form, organisations, faults })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let kind = if parent.is_some() { UnitKind::Department } else { UnitKind::Organisation };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let id = tx.add_unit((kind, &form.name), parent, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/organisations/{id}?done=organisation&undo={id}")).into_response())
}

/// `POST /organisations/{id}/withdrawal`: a unit that was added by hand, and holds nobody, goes.
pub(crate) async fn withdraw_unit(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: UnitId = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.withdraw_unit(id, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to("/organisations?done=removed"))
}

#[derive(Template)]
#[template(path = "five.html")]
struct FivePage {
    shell: Shell,
    people: Vec<PersonForm>,
    /// Pairs of places in the list, whether they are said to work together.
    pairs: Vec<(usize, usize, bool)>,
    faults: Vec<Fault>,
}

fn pairs(typed: &BTreeMap<String, String>) -> Vec<(usize, usize, bool)> {
    let all = (0..FIVE).flat_map(|a| (a + 1..FIVE).map(move |b| (a, b)));
    all.map(|(a, b)| (a, b, typed.contains_key(&format!("tie-{a}-{b}")))).collect()
}

/// `GET /welcome/people`: a first map by hand, in five lines.
pub(crate) async fn five(
    State(app): State<App>,
    Member(signed): Member,
) -> Result<Response, AppError> {
    let shell = Shell::new(&app, &signed, Place::Today);
    let people = vec![PersonForm::default(); FIVE];
    page(&FivePage { shell, people, pairs: pairs(&BTreeMap::new()), faults: Vec::new() })
}

/// Ids of the fields on the names and addresses of five people, for faults to point at.
const NAME_FIELDS: [&str; FIVE] = ["name-0", "name-1", "name-2", "name-3", "name-4"];
const ADDRESS_FIELDS: [&str; FIVE] =
    ["address-0", "address-1", "address-2", "address-3", "address-4"];

/// `POST /welcome/people`: all of them, and who works with whom, in one transaction.
pub(crate) async fn create_five(
    State(app): State<App>,
    Member(signed): Member,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let people: Vec<PersonForm> = (0..FIVE).map(|at| person_at(&typed, at)).collect();
    let mut faults = Vec::new();
    let addresses = check_five(&people, &typed, &mut faults);
    if faults.is_empty() {
        let tx = app.store.begin_by(signed.viewer.account).await?;
        match add_five(&tx, &people, addresses, &pairs(&typed), signed.viewer.account).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(Redirect::to("/people?done=people").into_response());
            }
            Err(StoreError::Conflict(Constraint::Taken(_))) => {
                tx.rollback().await?;
                let text = t!("form-five-known");
                faults.push(Fault::new("address-0", text));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let shell = Shell::new(&app, &signed, Place::Today);
    let again = page(&FivePage { shell, people, pairs: pairs(&typed), faults })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

fn person_at(typed: &BTreeMap<String, String>, at: usize) -> PersonForm {
    let text = |field: &str| typed.get(&format!("{field}-{at}")).cloned().unwrap_or_default();
    PersonForm {
        name: text("name"),
        address: text("address"),
        organisation: text("organisation"),
        department: text("department"),
        title: String::new(),
    }
}

/// What is wrong with five people, and their addresses.
fn check_five(
    people: &[PersonForm],
    typed: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) -> Vec<Option<Address>> {
    let mut addresses: Vec<Option<Address>> = Vec::new();
    for ((person, name), address) in people.iter().zip(NAME_FIELDS).zip(ADDRESS_FIELDS) {
        let rest = [&person.address, &person.organisation, &person.department];
        let is_blank = person.name.trim().is_empty();
        if is_blank && rest.iter().any(|text| !text.trim().is_empty()) {
            faults.push(Fault::new(name, t!("form-five-name")));
        }
        for text in rest.into_iter().chain([&person.name]) {
            within(name, text, MAX_NAME, faults);
        }
        if person.organisation.trim().is_empty() && !person.department.trim().is_empty() {
            faults.push(Fault::new(name, t!("form-organisation-of-department")));
        }
        let known = address_of(address, &person.address, faults);
        if known.is_some() && addresses.contains(&known) {
            faults.push(Fault::new(address, t!("form-five-same")));
        }
        addresses.push(known);
    }
    let is_there = |at: usize| people.get(at).is_some_and(|one| !one.name.trim().is_empty());
    if !(0..FIVE).any(is_there) {
        faults.push(Fault::new("name-0", t!("form-five-none")));
    } else if pairs(typed).iter().any(|(a, b, tied)| *tied && !(is_there(*a) && is_there(*b))) {
        faults.push(Fault::new("name-0", t!("form-five-tie")));
    }
    addresses
}

async fn add_five(
    tx: &Tx,
    people: &[PersonForm],
    addresses: Vec<Option<Address>>,
    pairs: &[(usize, usize, bool)],
    by: AccountId,
) -> Result<(), StoreError> {
    let mut added = Vec::new();
    for (person, address) in people.iter().zip(addresses) {
        added.push(match person.name.trim() {
            "" => None,
            _ => Some(add(tx, person, address, by).await?),
        });
    }
    let at = |at: usize| added.get(at).copied().flatten();
    for (a, b, _) in pairs.iter().filter(|(.., tied)| *tied) {
        if let Some((a, b)) = at(*a).zip(at(*b)) {
            tx.say_tie(a, b, by).await?;
        }
    }
    Ok(())
}
