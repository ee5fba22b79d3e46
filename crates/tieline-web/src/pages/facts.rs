//! Facts about a person or organisation, said by hand: the name, and where they work since when.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AccountId, AddressId, PlaceId, UnitId};
use tieline_model::org::{Unit, UnitKind};
use tieline_model::time::Moment;
use tieline_store::{Constraint, NewPlace, Person, SaidPerson, SaidPlace, StoreError, Tx, UnitRow};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::subject::{day_of, page_of, subject, within, writer};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};

/// Longest name, title or unit, characters.
pub(crate) const MAX_NAME: usize = 200;

/// One place as the form shows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlaceForm {
    pub(crate) organisation: String,
    pub(crate) department: String,
    pub(crate) title: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) version: i64,
}

impl PlaceForm {
    /// Fields of a line: id, label, value, that it may be left out.
    fn texts(&self) -> [(&'static str, String, &str, String); 3] {
        let optional = t!("form-optional");
        [
            ("organisation", t!("form-organisation"), &self.organisation, String::new()),
            ("department", t!("form-department-or-team"), &self.department, optional.clone()),
            ("title", t!("form-role"), &self.title, optional),
        ]
    }

    /// Fields of a day: id, label, value.
    fn days(&self) -> [(&'static str, String, &str); 2] {
        [("from", t!("form-first-day"), &self.from), ("to", t!("form-last-day"), &self.to)]
    }
}

/// What the form on the name brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NameForm {
    name: String,
    version: i64,
}

/// A place that was said, with its form.
struct Said {
    id: String,
    form: PlaceForm,
    who: String,
}

#[derive(Template)]
#[template(path = "facts.html")]
struct FactsPage {
    shell: Shell,
    id: String,
    title: String,
    name: NameForm,
    named_by: Option<String>,
    places: Vec<Said>,
    new: PlaceForm,
    organisations: Vec<String>,
    faults: Vec<Fault>,
}

/// What was typed and cannot be taken: it is shown again.
#[derive(Default)]
struct Again {
    name: Option<NameForm>,
    new: Option<PlaceForm>,
    place: Option<(PlaceId, PlaceForm)>,
    faults: Vec<Fault>,
}

/// `GET /people/{id}/facts`. The look is written into the audit log.
pub(crate) async fn show(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    if !signed.viewer.is(person.actor.id) {
        let (by, whom) = (signed.viewer.account, [person.actor.anchor]);
        app.store.note_looks(by, &whom, "facts", session::now()).await?;
    }
    let shell = Shell::new(&app, &signed, Place::Directory).with_toast(done.toast());
    page(&facts(&app, shell, &person, Again::default()).await?)
}

async fn facts(
    app: &App,
    shell: Shell,
    person: &Person,
    again: Again,
) -> Result<FactsPage, AppError> {
    let said = app.store.said_about(&person.actor.addresses).await?;
    let units = app.store.units(None).await?;
    let named = said.people.last();
    let named_by = match named {
        Some(named) => Some(said_by(app, named.by, named.at).await?),
        None => None,
    };
    let mut places = Vec::new();
    for place in &said.places {
        let typed = again.place.as_ref().filter(|(id, _)| *id == place.id);
        let form = typed.map_or_else(|| form_of(place, &units), |(_, form)| form.clone());
        let who = said_by(app, place.by, place.at).await?;
        places.push(Said { id: place.id.to_string(), form, who });
    }
    let organisations = units.into_iter().filter(|row| row.unit.kind == UnitKind::Organisation);
    let name = again.name.unwrap_or_else(|| NameForm {
        name: person.actor.name.clone(),
        version: named.map_or(0, |named| named.version),
    });
    Ok(FactsPage {
        shell,
        id: person.actor.id.to_string(),
        title: person.actor.name.clone(),
        name,
        named_by,
        places,
        new: again.new.unwrap_or_default(),
        organisations: organisations.map(|row| row.unit.name).collect(),
        faults: again.faults,
    })
}

/// Who said something, and when.
pub(crate) async fn said_by(
    app: &App,
    by: Option<AccountId>,
    at: Moment,
) -> Result<String, AppError> {
    Ok(t!("people-said-by", who = writer(app, by).await?, day = here::date(at)))
}

/// A place as its form shows it.
fn form_of(place: &SaidPlace, units: &[UnitRow]) -> PlaceForm {
    let find = |id: UnitId| units.iter().map(|row| &row.unit).find(|unit| unit.id == id);
    let (mut organisation, mut department) = (String::new(), String::new());
    let mut next: Option<&Unit> = find(place.unit);
    for _ in 0..units.len() {
        let Some(unit) = next else { break };
        match unit.kind {
            UnitKind::Organisation => organisation.clone_from(&unit.name),
            _ if department.is_empty() => department.clone_from(&unit.name),
            _ => {}
        }
        next = unit.parent.and_then(find);
    }
    // The last day is written, the first moment after it is kept.
    let last = place.to.map(|to| to.plus_days(-1.0).date().to_string());
    PlaceForm {
        organisation,
        department,
        title: place.title.clone().unwrap_or_default(),
        from: place.from.map(|from| from.date().to_string()).unwrap_or_default(),
        to: last.unwrap_or_default(),
        version: place.version,
    }
}

async fn refused(
    app: &App,
    signed: &Signed,
    person: &Person,
    again: Again,
) -> Result<Response, AppError> {
    let shell = Shell::new(app, signed, Place::Directory);
    let shown = page(&facts(app, shell, person, again).await?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// `POST /people/{id}/name`.
pub(crate) async fn save_name(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    let mut faults = Vec::new();
    if form.name.trim().is_empty() {
        faults.push(Fault::new("name", t!("form-write-name")));
    }
    within("name", &form.name, MAX_NAME, &mut faults);
    if !faults.is_empty() {
        let again = Again { name: Some(form), faults, ..Again::default() };
        return refused(&app, &signed, &person, again).await;
    }
    let about = named_at(&app, &person).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let by = signed.viewer.account;
    match tx.say_name(about, &form.name, by, form.version).await {
        Ok(()) => {
            tx.commit().await?;
            let id = person.actor.id;
            Ok(Redirect::to(&format!("/people/{id}?done=name&undo={id}")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late_name(&app, &signed, &person, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The address with which the name is kept: the anchor, where nobody said one yet.
pub(crate) async fn named_at(app: &App, person: &Person) -> Result<AddressId, AppError> {
    let said = app.store.said_about(&person.actor.addresses).await?;
    Ok(said.people.last().map_or(person.actor.anchor, |named| named.address))
}

async fn late_name(
    app: &App,
    signed: &Signed,
    person: &Person,
    form: NameForm,
) -> Result<Response, AppError> {
    let said = app.store.said_about(&person.actor.addresses).await?;
    let kept: Option<&SaidPerson> = said.people.last();
    let who = match kept {
        Some(kept) => said_by(app, kept.by, kept.at).await?,
        None => t!("people-not-known-who"),
    };
    let path = format!("/people/{}", person.actor.id);
    conflict::ask(
        app,
        signed,
        Late {
            what: t!("people-the-name-of", name = person.actor.name),
            who: crate::show::sentence(&who),
            back: path.clone(),
            action: format!("{path}/name"),
            rows: vec![Row {
                label: t!("form-name"),
                theirs: person.actor.name.clone(),
                mine: form.name.clone(),
            }],
            fields: vec![
                ("name", form.name),
                ("version", kept.map_or(0, |kept| kept.version).to_string()),
            ],
        },
    )
}

/// `POST /people/{id}/name/before`: the name goes back by one step.
pub(crate) async fn name_before(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let about = named_at(&app, &person).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.say_name_before(about, signed.viewer.account).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people/{}?done=removed", person.actor.id)))
}

/// A place as typed, understood but for its unit.
pub(crate) struct Understood {
    pub(crate) from: Option<Moment>,
    pub(crate) to: Option<Moment>,
}

/// Reads what was typed of a place; the form is complete when there is no fault.
pub(crate) fn understand(form: &PlaceForm, faults: &mut Vec<Fault>) -> Understood {
    if form.organisation.trim().is_empty() {
        faults.push(Fault::new("organisation", t!("form-write-organisation")));
    }
    for (field, text) in [
        ("organisation", &form.organisation),
        ("department", &form.department),
        ("title", &form.title),
    ] {
        within(field, text, MAX_NAME, faults);
    }
    let from = day_of("from", &form.from, faults);
    let to = day_of("to", &form.to, faults).map(|last| last.plus_days(1.0));
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        faults.push(Fault::new("to", t!("form-last-before-first")));
    }
    Understood { from, to }
}

/// The unit that a form names, added where it is not known.
pub(crate) async fn unit_of(
    tx: &Tx,
    form: &PlaceForm,
    by: AccountId,
) -> Result<UnitId, StoreError> {
    let organisation = (UnitKind::Organisation, form.organisation.as_str());
    let organisation = tx.add_unit(organisation, None, by).await?;
    match form.department.trim() {
        "" => Ok(organisation),
        name => tx.add_unit((UnitKind::Department, name), Some(organisation), by).await,
    }
}

/// `POST /people/{id}/places`.
pub(crate) async fn add_place(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<PlaceForm>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    let mut faults = Vec::new();
    let understood = understand(&form, &mut faults);
    if !faults.is_empty() {
        let again = Again { new: Some(form), faults, ..Again::default() };
        return refused(&app, &signed, &person, again).await;
    }
    let by = signed.viewer.account;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let place = NewPlace {
        who: person.actor.anchor,
        unit: unit_of(&tx, &form, by).await?,
        title: Some(form.title),
        from: understood.from,
        to: understood.to,
        by,
    };
    let place = tx.add_place(&place).await?;
    tx.commit().await?;
    let path = format!("/people/{}", person.actor.id);
    Ok(Redirect::to(&format!("{path}?done=place&undo={place}")).into_response())
}

/// `POST /places/{id}`.
pub(crate) async fn save_place(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<PlaceForm>,
) -> Result<Response, AppError> {
    let id: PlaceId = id.parse().map_err(|_| AppError::NotFound)?;
    let kept = app.store.place(id).await?;
    let owner = app.store.actor_of(kept.who).await?.ok_or(AppError::NotFound)?;
    let person = app.store.person(owner).await?;
    let mut faults = Vec::new();
    let understood = understand(&form, &mut faults);
    if !faults.is_empty() {
        let again = Again { place: Some((id, form)), faults, ..Again::default() };
        return refused(&app, &signed, &person, again).await;
    }
    let by = signed.viewer.account;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let place = SaidPlace {
        unit: unit_of(&tx, &form, by).await?,
        title: Some(form.title.clone()),
        from: understood.from,
        to: understood.to,
        version: form.version,
        ..kept
    };
    match tx.update_place(&place, by).await {
        Ok(()) => {
            tx.commit().await?;
            let to = format!("/people/{owner}?done=place-changed&undo={id}");
            Ok(Redirect::to(&to).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late_place(&app, &signed, id, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late_place(
    app: &App,
    signed: &Signed,
    id: PlaceId,
    mine: PlaceForm,
) -> Result<Response, AppError> {
    let kept = app.store.place(id).await?;
    let who = said_by(app, kept.by, kept.at).await?;
    let theirs = form_of(&kept, &app.store.units(None).await?);
    let pairs = [
        (t!("form-organisation"), "organisation", theirs.organisation, mine.organisation),
        (t!("form-department"), "department", theirs.department, mine.department),
        (t!("form-role"), "title", theirs.title, mine.title),
        (t!("form-first-day"), "from", theirs.from, mine.from),
        (t!("form-last-day"), "to", theirs.to, mine.to),
    ];
    let mut rows = Vec::new();
    let mut fields = vec![("version", kept.version.to_string())];
    for (label, field, theirs, mine) in pairs {
        fields.push((field, mine.clone()));
        rows.push(Row { label, theirs, mine });
    }
    let late = Late {
        what: t!("people-where-someone-works"),
        who: crate::show::sentence(&who),
        back: page_of(app, kept.who).await?,
        action: format!("/places/{id}"),
        fields,
        rows,
    };
    conflict::ask(app, signed, late)
}

/// `POST /places/{id}/before`: what is said of a place goes back by one step.
pub(crate) async fn place_before(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let id: PlaceId = id.parse().map_err(|_| AppError::NotFound)?;
    let kept = app.store.place(id).await?;
    let by = signed.viewer.account;
    let tx = app.store.begin_by(by).await?;
    tx.say_place_before(&kept, by).await?;
    tx.commit().await?;
    let back = page_of(&app, kept.who).await?;
    Ok(Redirect::to(&format!("{back}?done=removed")))
}

/// `POST /places/{id}/removal`.
pub(crate) async fn remove_place(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change_place(&app, by, &id, async |tx, id| tx.remove_place(id).await).await?;
    Ok(Redirect::to(&format!("{back}?done=place-removed&undo={id}")))
}

/// `POST /places/{id}/restoration`.
pub(crate) async fn restore_place(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change_place(&app, by, &id, async |tx, id| tx.restore_place(id).await).await?;
    Ok(Redirect::to(&format!("{back}?done=place-restored")))
}

/// Does a verb on a place, in one transaction; the page of whom it is about.
async fn change_place(
    app: &App,
    by: AccountId,
    id: &str,
    verb: impl AsyncFnOnce(&Tx, PlaceId) -> Result<(), StoreError>,
) -> Result<String, AppError> {
    let id: PlaceId = id.parse().map_err(|_| AppError::NotFound)?;
    let about = app.store.place_about(id).await?;
    let tx = app.store.begin_by(by).await?;
    verb(&tx, id).await?;
    tx.commit().await?;
    page_of(app, about).await
}
