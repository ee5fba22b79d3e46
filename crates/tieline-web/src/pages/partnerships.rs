//! Partnerships: the list with what it says as a whole; begun, changed, taken back, restored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use tieline_model::id::{AimId, PartnershipId, UnitId};
use tieline_model::partnership::renewal::{Term, TermState};
use tieline_model::partnership::stage::Stage;
use tieline_model::time::Moment;
use tieline_store::{Aim, Constraint, NewPartnership, Partnership, PartnershipRow, StoreError, Tx};

use super::cases::{Line, line};
use super::conflict::{self, Late, Row};
use super::facts::MAX_NAME;
use super::form::{Fault, fault_of};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::here;
use crate::page::page;
use crate::room::{InRoom, open_to_guest, participant, stage_name, stage_tone};
use crate::session;
use crate::shell::{Done, Place, Shell};

/// Partnerships of the list.
pub(crate) const MOST: u64 = 200;

/// Aims that are looked at.
pub(crate) const MOST_AIMS: u64 = 500;

/// Longest purpose, characters.
pub(crate) const MAX_ABOUT: usize = 500;

/// Partnerships from which on it is said how many one partner is in.
const FEWEST: usize = 3;

/// A partnership in the list.
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) stage: String,
    pub(crate) tone: &'static str,
    pub(crate) parties: String,
    /// Class of its pill and its words; no words: there is no date.
    pub(crate) next: (&'static str, String),
}

#[derive(Template)]
#[template(path = "partnerships.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Listed>,
    /// Aims that nobody carries, with whose they are.
    uncarried: Vec<(String, String)>,
    n_aims: usize,
    dependence: Option<Dependence>,
    begins: bool,
    /// Cases that the viewer mediates.
    mediated: Vec<Line>,
}

/// How much rests on one partner.
pub(crate) struct Dependence {
    name: String,
    n: usize,
    of: usize,
}

/// `GET /partnerships`.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Result<Signed, AppError>,
    jar: CookieJar,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let signed = match signed {
        Ok(signed) => signed,
        // A guest has no list: the way up leads back to the only room that is open to them.
        Err(stranger) => {
            let open = open_to_guest(&app, &jar).await?.ok_or(stranger)?;
            return Ok(Redirect::to(&format!("/partnerships/{open}")).into_response());
        }
    };
    let by = participant(&signed);
    let all = app.store.partnerships(by, MOST).await?;
    let (mut uncarried, mut n_aims) = (Vec::new(), 0);
    if signed.viewer.may_read() {
        let carried = app.store.aims_carried(by).await?;
        let carried: BTreeSet<AimId> = carried.into_iter().map(|(aim, _)| aim).collect();
        let aims = app.store.aims(MOST_AIMS).await?;
        n_aims = aims.len();
        let left: Vec<Aim> = aims.into_iter().filter(|aim| !carried.contains(&aim.id)).collect();
        let names = unit_names(&app).await?;
        let whose = |aim: &Aim| names.get(&aim.unit).cloned().unwrap_or_default();
        uncarried = left.iter().map(|aim| (aim.text.clone(), whose(aim))).collect();
    }
    let now = session::now();
    let mediated = app.store.cases_mediated(by, MOST).await?;
    page(&ListPage {
        mediated: mediated.into_iter().map(line).collect(),
        rows: all.iter().map(|row| listed(row, now)).collect(),
        uncarried,
        n_aims,
        dependence: dependence(&all),
        begins: signed.viewer.may_steward(),
        shell: Shell::new(&app, &signed, Place::Partnerships).with_toast(done.toast()),
    })
}

/// Names of units, for aims.
pub(crate) async fn unit_names(app: &App) -> Result<HashMap<UnitId, String>, AppError> {
    let units = app.store.units(None).await?.into_iter();
    Ok(units.map(|row| (row.unit.id, row.unit.name)).collect())
}

/// A partnership as lists show it.
pub(crate) fn listed(row: &PartnershipRow, now: Moment) -> Listed {
    let one = &row.partnership;
    let parties: Vec<&str> = row.parties.iter().map(|party| party.name.as_str()).collect();
    Listed {
        id: one.id.to_string(),
        name: one.name.clone(),
        stage: stage_name(one.stage),
        tone: stage_tone(one.stage),
        parties: parties.join(", "),
        next: next(one, now),
    }
}

/// The date that counts next, and how it stands (METHODS 13).
pub(crate) fn next(one: &Partnership, now: Moment) -> (&'static str, String) {
    let Some(ends_at) = one.ends.filter(|_| one.stage != Stage::Closed) else {
        return ("", String::new());
    };
    let term = Term { ends_at, notice_by: one.notice };
    let last = here::day(ends_at.plus_days(-1.0).date());
    match term.state(one.renewal.is_some(), now) {
        TermState::Lapsed => ("bad", t!("partnerships-lapsed", day = last)),
        TermState::NoticePassed => ("warn", t!("partnerships-notice-passed", day = last)),
        TermState::Alert { .. } if one.notice.is_some_and(|notice| notice < ends_at) => {
            ("warn", t!("partnerships-notice-by", day = here::day(term.due().date())))
        }
        TermState::Alert { .. } => ("warn", t!("partnerships-ends", day = last)),
        TermState::Running | TermState::Decided => ("", t!("partnerships-ends", day = last)),
    }
}

/// The partner that most partnerships of the viewer rest on, where it is in more than 60 % of three
/// or more that go on. The viewer's own side is in all of them, and no partner.
fn dependence(all: &[PartnershipRow]) -> Option<Dependence> {
    let going: Vec<&PartnershipRow> =
        all.iter().filter(|row| row.partnership.stage != Stage::Closed).collect();
    let key = |party: &tieline_store::Party| {
        party.unit.map_or_else(|| party.name.to_lowercase(), |unit| unit.to_string())
    };
    let is_own =
        |row: &PartnershipRow, party: &tieline_store::Party| row.standing.party() == Some(party.id);
    let own: BTreeSet<String> = going
        .iter()
        .flat_map(|row| row.parties.iter().filter(|party| is_own(row, party)).map(key))
        .collect();
    let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for party in going.iter().flat_map(|row| &row.parties) {
        if !own.contains(&key(party)) {
            counts.entry(key(party)).or_insert((0, &party.name)).0 += 1;
        }
    }
    let (n, name) = counts.into_values().max_by_key(|(n, _)| *n)?;
    let of = going.len();
    (of >= FEWEST && n * 5 > of * 3).then(|| Dependence { name: name.to_owned(), n, of })
}

/// What the form brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartnershipForm {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) begins: String,
    pub(crate) last: String,
    pub(crate) notice: String,
    pub(crate) version: i64,
}

/// The days of a form. The last day is inside.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Days {
    pub(crate) begins: Option<Moment>,
    pub(crate) ends: Option<Moment>,
    pub(crate) notice: Option<Moment>,
}

/// What the form means.
pub(crate) fn understand(form: &PartnershipForm, faults: &mut Vec<Fault>) -> Days {
    if form.name.trim().is_empty() {
        faults.push(Fault::new("name", t!("partnerships-name-missing")));
    }
    within("name", &form.name, MAX_NAME, faults);
    within("about", &form.about, MAX_ABOUT, faults);
    let begins = day_of("begins", &form.begins, faults);
    let ends = day_of("last", &form.last, faults).map(|day| day.plus_days(1.0));
    let notice = day_of("notice", &form.notice, faults);
    let is_after = |one: Option<Moment>| one.zip(ends).is_some_and(|(one, ends)| ends <= one);
    if is_after(begins) {
        faults.push(Fault::new("last", t!("partnerships-last-too-early")));
    }
    if is_after(notice) {
        faults.push(Fault::new("notice", t!("partnerships-notice-too-late")));
    }
    Days { begins, ends, notice }
}

#[derive(Template)]
#[template(path = "partnership_form.html")]
struct FormPage {
    shell: Shell,
    typed: PartnershipForm,
    faults: Vec<Fault>,
    action: String,
    back: String,
    /// Name of the partnership that is changed; `None`: a new one.
    name: Option<String>,
    /// Where it is taken back, for whoever opened it.
    removal: Option<String>,
}

/// `GET /partnerships/new`.
pub(crate) async fn new(
    State(app): State<App>,
    Steward(signed): Steward,
) -> Result<Response, AppError> {
    let shell = Shell::new(&app, &signed, Place::Partnerships);
    page(&empty_form(shell, PartnershipForm::default(), Vec::new()))
}

fn empty_form(shell: Shell, typed: PartnershipForm, faults: Vec<Fault>) -> FormPage {
    let (action, back) = ("/partnerships/new".to_owned(), "/partnerships".to_owned());
    FormPage { shell, typed, faults, action, back, name: None, removal: None }
}

/// `POST /partnerships/new`.
pub(crate) async fn create(
    State(app): State<App>,
    Steward(signed): Steward,
    Form(form): Form<PartnershipForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let Days { begins, ends, notice } = understand(&form, &mut faults);
    if !faults.is_empty() {
        let shell = Shell::new(&app, &signed, Place::Partnerships);
        let again = page(&empty_form(shell, form, faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let by = signed.viewer.account;
    let (name, about) = (form.name, form.about);
    let tx = app.store.begin_by(by).await?;
    let new = NewPartnership { name, about, begins, ends, notice, by };
    let id = tx.add_partnership(&new).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/partnerships/{id}/people?done=partnership&undo={id}"))
        .into_response())
}

pub(crate) fn day(at: Option<Moment>) -> String {
    at.map_or(String::new(), |at| at.date().to_string())
}

fn form_of(one: &Partnership) -> PartnershipForm {
    PartnershipForm {
        name: one.name.clone(),
        about: one.about.clone(),
        begins: day(one.begins),
        last: day(one.ends.map(|ends| ends.plus_days(-1.0))),
        notice: day(one.notice),
        version: one.version,
    }
}

fn edit_page(app: &App, room: &InRoom, typed: PartnershipForm, faults: Vec<Fault>) -> FormPage {
    let back = room.base();
    FormPage {
        shell: room.shell(app),
        typed,
        faults,
        action: format!("{back}/edit"),
        name: Some(room.room.partnership.name.clone()),
        removal: room.standing().convenes.then(|| format!("{back}/removal")),
        back,
    }
}

/// `GET /partnerships/{id}/edit`.
pub(crate) async fn edit(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    if !room.standing().arranges() {
        return Err(AppError::NotFound);
    }
    page(&edit_page(&app, &room, form_of(&room.room.partnership), Vec::new()))
}

/// `POST /partnerships/{id}/edit`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<PartnershipForm>,
) -> Result<Response, AppError> {
    if !room.standing().arranges() {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let days = understand(&form, &mut faults);
    if !faults.is_empty() {
        let again = page(&edit_page(&app, &room, form, faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let changed = changed(room.room.partnership.clone(), &form, days);
    let tx = room.begin(&app).await?;
    match tx.update_partnership(&changed, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, form)
        }
        Err(error) => Err(error.into()),
    }
}

fn changed(known: Partnership, form: &PartnershipForm, days: Days) -> Partnership {
    Partnership {
        name: form.name.clone(),
        about: form.about.clone(),
        begins: days.begins,
        ends: days.ends,
        notice: days.notice,
        version: form.version,
        ..known
    }
}

fn late(app: &App, room: &InRoom, mine: PartnershipForm) -> Result<Response, AppError> {
    let kept = form_of(&room.room.partnership);
    let rows = vec![
        Row::new(t!("partnerships-name"), &kept.name, &mine.name),
        Row::new(t!("partnerships-about"), &kept.about, &mine.about),
        Row::new(t!("partnerships-first-day"), &kept.begins, &mine.begins),
        Row::new(t!("partnerships-last-day"), &kept.last, &mine.last),
        Row::new(t!("partnerships-notice"), &kept.notice, &mine.notice),
    ];
    let back = room.base();
    let late = Late {
        what: room.room.partnership.name.clone(),
        who: changed_at(room.room.partnership.changed),
        action: format!("{back}/edit"),
        back,
        fields: vec![
            ("name", mine.name),
            ("about", mine.about),
            ("begins", mine.begins),
            ("last", mine.last),
            ("notice", mine.notice),
            ("version", kept.version.to_string()),
        ],
        rows,
    };
    conflict::show(room.shell(app), late)
}

/// When something was changed meanwhile, in a sentence.
pub(crate) fn changed_at(at: Moment) -> String {
    t!("partnerships-changed-at", when = here::moment(at))
}

/// `POST /partnerships/{id}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let id = whole(&app, &signed, &id, async |tx, id| tx.remove_partnership(id, by).await).await?;
    Ok(Redirect::to(&format!("/partnerships?done=partnership-removed&undo={id}")))
}

/// `POST /partnerships/{id}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let id = whole(&app, &signed, &id, async |tx, id| tx.restore_partnership(id, by).await).await?;
    Ok(Redirect::to(&format!("/partnerships/{id}?done=back")))
}

/// Does a verb on a partnership that may be taken back, in one transaction.
async fn whole(
    app: &App,
    signed: &Signed,
    id: &str,
    verb: impl AsyncFnOnce(&Tx, PartnershipId) -> Result<(), StoreError>,
) -> Result<PartnershipId, AppError> {
    let id: PartnershipId = id.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    verb(&tx, id).await?;
    tx.commit().await?;
    Ok(id)
}
