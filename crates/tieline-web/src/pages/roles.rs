//! Who does what: the matrix of the pieces of work of a partnership and what people are for them,
//! what is wrong with it, what each person carries, and what they said to their roles.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{PartnershipId, SeatId, WorkId};
use tieline_model::raci::{self, Assignment, Finding, Load, ReadBack, Role, Work};
use tieline_model::room::Participant;
use tieline_store::{Constraint, PieceOfWork, RolePerson, StoreError};

use super::form::Fault;
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Pieces of work that the matrix knows: validity and load are of all of them.
pub(crate) const MOST: u64 = 1000;

/// Pieces of work of one page.
const PAGE: usize = 50;

/// The whole matrix, with whoever is in it.
pub(crate) struct Matrix {
    pub(crate) works: Vec<PieceOfWork>,
    pub(crate) people: Vec<RolePerson>,
    pub(crate) findings: Vec<Finding<WorkId, SeatId>>,
    pub(crate) load: BTreeMap<SeatId, Load>,
    /// Whether everyone with a role accepts it.
    pub(crate) is_read_back: bool,
}

/// The matrix of a partnership.
pub(crate) async fn matrix(
    app: &App,
    (id, by): (PartnershipId, Participant),
) -> Result<Matrix, StoreError> {
    let works = app.store.works(id, MOST, by).await?;
    let people = app.store.role_people(id, by).await?;
    let rows: Vec<Work<WorkId, SeatId>> = works.iter().map(|one| one.row.clone()).collect();
    let left: BTreeSet<SeatId> =
        people.iter().filter(|one| one.has_left).map(|one| one.seat).collect();
    Ok(Matrix {
        findings: raci::findings(&rows, &left),
        load: raci::load(&rows),
        is_read_back: raci::is_read_back(&rows),
        works,
        people,
    })
}

impl Matrix {
    pub(super) fn name(&self, seat: SeatId) -> String {
        let found = self.people.iter().find(|one| one.seat == seat);
        found.and_then(|one| one.name.clone()).unwrap_or_else(|| t!("partnerships-nobody-known"))
    }

    /// What is wrong with one piece of work: class and words.
    pub(super) fn findings_of(&self, work: WorkId) -> Vec<(&'static str, String)> {
        let told = |finding: &Finding<WorkId, SeatId>| {
            let tone = if finding.is_error() { "bad" } else { "warn" };
            self.words(finding, work).map(|words| (tone, words))
        };
        self.findings.iter().filter_map(told).collect()
    }

    fn words(&self, finding: &Finding<WorkId, SeatId>, of: WorkId) -> Option<String> {
        match finding {
            Finding::NoAccountable(work) if *work == of => Some(t!("roles-no-accountable")),
            Finding::SeveralAccountable(work) if *work == of => {
                Some(t!("roles-several-accountable"))
            }
            Finding::NoResponsible(work) if *work == of => Some(t!("roles-no-responsible")),
            Finding::ConsultedAndInformed(work, people) if *work == of => {
                let names: Vec<String> = people.iter().map(|seat| self.name(*seat)).collect();
                Some(t!("roles-asked-and-told", people = here::list(&names)))
            }
            Finding::ManyConsulted(work) if *work == of => Some(t!("roles-many-consulted")),
            Finding::ManyResponsible(work) if *work == of => Some(t!("roles-many-responsible")),
            Finding::Left(work, seat) if *work == of => {
                Some(t!("roles-left", person = self.name(*seat)))
            }
            Finding::SinglePoint(work, seat) if *work == of => {
                Some(t!("roles-single-point", person = self.name(*seat)))
            }
            _ => None,
        }
    }
}

/// A role in words, with its letter.
pub(crate) fn role_name(role: Role) -> (&'static str, String) {
    match role {
        Role::Responsible => ("R", t!("roles-responsible")),
        Role::Accountable => ("A", t!("roles-accountable")),
        Role::Consulted => ("C", t!("roles-consulted")),
        Role::Informed => ("I", t!("roles-informed")),
    }
}

/// Roles in words.
pub(super) fn roles_words(roles: &BTreeSet<Role>) -> String {
    let names: Vec<String> = roles.iter().map(|role| role_name(*role).1).collect();
    here::list(&names)
}

/// What someone said to a role: class, sign and words.
pub(super) fn read_back_name(answer: ReadBack) -> (&'static str, &'static str, String) {
    match answer {
        ReadBack::Open => ("line", "", t!("roles-open")),
        ReadBack::Accepted => ("good", "✓", t!("roles-accepted")),
        ReadBack::Question => ("warn", "?", t!("roles-question")),
    }
}

/// What one person is for one piece of work; nothing, mostly.
struct Cell {
    letters: Vec<(&'static str, String)>,
    sign: &'static str,
    words: String,
    deputy: String,
}

/// A piece of work in the matrix.
struct WorkRow {
    path: String,
    title: String,
    cells: Vec<Cell>,
    findings: Vec<(&'static str, String)>,
}

/// What one person carries.
struct LoadRow {
    name: String,
    party: String,
    load: Load,
    is_over: bool,
}

/// A role of the viewer's own.
struct Own {
    path: String,
    title: String,
    about: String,
    roles: String,
    deputy: String,
    answer: (&'static str, &'static str, String),
    question: String,
    version: i64,
}

/// A question that the viewer may answer: on which work, by whom, what.
type Asking = (String, String, String, String);

#[derive(Template)]
#[template(path = "roles.html")]
struct RolesPage {
    shell: Shell,
    head: Head,
    id: String,
    people: Vec<(String, String)>,
    rows: Vec<WorkRow>,
    more: Option<String>,
    load: Vec<LoadRow>,
    own: Vec<Own>,
    asking: Vec<Asking>,
    is_read_back: bool,
    n_roles: u64,
    n_accepted: u64,
    faults: Vec<Fault>,
}

/// Which part of the matrix.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    after: String,
}

async fn roles_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    faults: Vec<Fault>,
) -> Result<RolesPage, AppError> {
    let all = matrix(app, (room.id(), room.by)).await?;
    let after: Option<WorkId> = asked.after.parse().ok();
    let shown = all.works.iter().filter(|one| after.is_none_or(|after| one.row.work > after));
    let shown: Vec<&PieceOfWork> = shown.take(PAGE + 1).collect();
    let last = shown.get(PAGE - 1).filter(|_| shown.len() > PAGE);
    let more = last.map(|one| format!("{}/roles?after={}", room.base(), one.row.work));
    let shown = shown.get(..PAGE).unwrap_or(&shown);
    let holds = |person: &&RolePerson| {
        shown.iter().any(|one| one.row.row.iter().any(|cell| cell.person == person.seat))
    };
    let people: Vec<&RolePerson> = all.people.iter().filter(holds).collect();
    let named = |one: &&RolePerson| (all.name(one.seat), party_name(room, one.party));
    let cells = || all.works.iter().flat_map(|one| &one.row.row);
    let accepted = cells().filter(|cell| cell.read_back == ReadBack::Accepted).count();
    Ok(RolesPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Roles),
        id: room.id().to_string(),
        people: people.iter().map(named).collect(),
        rows: shown.iter().map(|one| work_row(room, &all, &people, one)).collect(),
        more,
        load: load_rows(room, &all),
        own: own_roles(room, &all),
        asking: asking(room, &all),
        is_read_back: all.is_read_back,
        n_roles: cells().count() as u64,
        n_accepted: accepted as u64,
        faults,
    })
}

fn work_row(room: &InRoom, all: &Matrix, people: &[&RolePerson], one: &PieceOfWork) -> WorkRow {
    let cell = |person: &&RolePerson| {
        let found = one.row.row.iter().find(|cell| cell.person == person.seat);
        let answer = found.map(|cell| read_back_name(cell.read_back));
        let (_, sign, words) = answer.unwrap_or(("", "", String::new()));
        let deputy = found.and_then(|cell| cell.deputy).map(|deputy| all.name(deputy));
        let roles = found.map(|cell| cell.roles.clone()).unwrap_or_default();
        Cell {
            letters: roles.into_iter().map(role_name).collect(),
            sign,
            words,
            deputy: deputy.unwrap_or_default(),
        }
    };
    WorkRow {
        path: format!("{}/roles/{}", room.base(), one.row.work),
        title: one.title.clone(),
        cells: people.iter().map(cell).collect(),
        findings: all.findings_of(one.row.work),
    }
}

fn load_rows(room: &InRoom, all: &Matrix) -> Vec<LoadRow> {
    let is_over = |seat: SeatId| all.findings.contains(&Finding::Overload(seat));
    let row = |one: &RolePerson| LoadRow {
        name: all.name(one.seat),
        party: party_name(room, one.party),
        load: all.load.get(&one.seat).copied().unwrap_or_default(),
        is_over: is_over(one.seat),
    };
    all.people.iter().map(row).collect()
}

fn own_roles(room: &InRoom, all: &Matrix) -> Vec<Own> {
    let Some(seat) = room.standing().seat.map(|seat| seat.id) else { return Vec::new() };
    let own = |one: &PieceOfWork| {
        let cell: &Assignment<SeatId> = one.row.row.iter().find(|cell| cell.person == seat)?;
        Some(Own {
            path: format!("{}/roles/{}", room.base(), one.row.work),
            title: one.title.clone(),
            about: one.about.clone(),
            roles: roles_words(&cell.roles),
            deputy: cell.deputy.map(|deputy| all.name(deputy)).unwrap_or_default(),
            answer: read_back_name(cell.read_back),
            question: one.questions.get(&seat).cloned().unwrap_or_default(),
            version: one.version,
        })
    };
    all.works.iter().filter_map(own).collect()
}

fn asking(room: &InRoom, all: &Matrix) -> Vec<Asking> {
    let own = room.standing().seat.map(|seat| seat.id);
    let of_work = |one: &PieceOfWork| {
        let path = format!("{}/roles/{}", room.base(), one.row.work);
        let others = one.questions.iter().filter(|(seat, _)| Some(**seat) != own);
        let told = others
            .map(|(seat, text)| (path.clone(), one.title.clone(), all.name(*seat), text.clone()));
        told.collect::<Vec<_>>()
    };
    all.works.iter().flat_map(of_work).collect()
}

/// `GET /partnerships/{id}/roles`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = roles_page(&app, &room, &asked, Vec::new()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&RolesPage { shell, ..shown })
}

/// The id of a piece of work in a path.
pub(crate) fn work_of(id: &str) -> Result<WorkId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// What the form of a read-back brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerForm {
    answer: String,
    question: String,
    version: i64,
}

/// What is wrong with a read-back.
pub(crate) fn answered(
    (answer, question): (&str, &str),
    faults: &mut Vec<Fault>,
) -> Option<ReadBack> {
    let answer = ReadBack::from_name(answer);
    if answer.is_none() {
        faults.push(Fault::new("own", t!("roles-answer-missing")));
    }
    if answer == Some(ReadBack::Question) && question.trim().is_empty() {
        faults.push(Fault::new("own", t!("roles-question-missing")));
    }
    within("own", question, MAX_ABOUT, faults);
    answer.filter(|_| faults.is_empty())
}

/// `POST /partnerships/{id}/roles/{work}/read-back`: what someone says to a role of theirs.
pub(crate) async fn read_back(
    State(app): State<App>,
    room: InRoom,
    Path((_, work)): Path<(String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, AppError> {
    let work = work_of(&work)?;
    let known = app.store.work((room.id(), work), room.by).await?;
    let own = room.standing().seat.map(|seat| seat.id);
    known.row.row.iter().find(|cell| Some(cell.person) == own).ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    let Some(answer) = answered((&form.answer, &form.question), &mut faults) else {
        return again(&app, &room, faults).await;
    };
    let tx = room.begin(&app).await?;
    let said = (answer, form.question.as_str());
    match tx.read_back((room.id(), work), said, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/roles?done=read-back", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            again(&app, &room, vec![Fault::new("own", t!("roles-newer"))]).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(app: &App, room: &InRoom, faults: Vec<Fault>) -> Result<Response, AppError> {
    let shown = roles_page(app, room, &Asked::default(), faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}
