//! One piece of work: what it is, and what each person is for it. Two people who change it at once
//! see both versions.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::id::{SeatId, WorkId};
use tieline_model::raci::Role;
use tieline_store::{Constraint, PieceOfWork, StoreError, WorkDraft};

use super::aims::MAX_AIM;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{name_of, party_name};
use super::partnerships::changed_at;
use super::roles::{matrix, read_back_name, role_name, roles_words, work_of};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// People of each party that can be chosen.
const EACH: u64 = 200;

/// Lines of the form for people who are nothing for the work yet.
const BLANK: usize = 3;

/// Lines that a form can have.
const MOST_LINES: usize = 300;

type Roles = BTreeMap<SeatId, (BTreeSet<Role>, Option<SeatId>)>;

/// Who someone can be: seat, and name with the party.
type Choice = (SeatId, String);

/// A line of the form.
struct Line {
    n: usize,
    /// Seat and name; none in a blank line, where someone is chosen.
    person: Option<Choice>,
    /// Letter, words, whether ticked.
    boxes: Vec<(&'static str, String, bool)>,
    deputy: Option<SeatId>,
    /// What the person said: class and words.
    answer: Option<(&'static str, String)>,
    question: String,
}

impl Line {
    fn is_deputy(&self, seat: &SeatId) -> bool {
        self.deputy == Some(*seat)
    }
}

#[derive(Template)]
#[template(path = "role_form.html")]
struct FormPage {
    shell: Shell,
    name: String,
    base: String,
    action: String,
    title: String,
    about: String,
    version: i64,
    lines: Vec<Line>,
    choices: Vec<Choice>,
    /// What is wrong with it as it is kept: class and words.
    findings: Vec<(&'static str, String)>,
    removal: Option<String>,
    faults: Vec<Fault>,
}

fn letter(role: Role) -> &'static str {
    role_name(role).0
}

async fn choices(app: &App, room: &InRoom) -> Result<Vec<Choice>, AppError> {
    let seated = app.store.seated(room.id(), EACH, room.by).await?;
    let choice = |one: &tieline_store::Seated| {
        let (name, party) = (name_of(one), party_name(room, one.party));
        (one.id, t!("roles-person-of", person = name, party = party))
    };
    let mut all: Vec<Choice> = seated.iter().map(choice).collect();
    for one in app.store.role_people(room.id(), room.by).await? {
        if !all.iter().any(|(seat, _)| *seat == one.seat) {
            let name = one.name.unwrap_or_else(|| t!("partnerships-nobody-known"));
            let party = party_name(room, one.party);
            all.push((one.seat, t!("roles-person-of", person = name, party = party)));
        }
    }
    Ok(all)
}

async fn form_page(
    app: &App,
    room: &InRoom,
    kept: Option<&PieceOfWork>,
    (draft, version, faults): (&WorkDraft, i64, Vec<Fault>),
) -> Result<FormPage, AppError> {
    let choices = choices(app, room).await?;
    let base = room.base();
    let lines = lines(draft, kept, &choices);
    let findings = match kept {
        Some(kept) => matrix(app, (room.id(), room.by)).await?.findings_of(kept.row.work),
        None => Vec::new(),
    };
    let at = kept.map(|kept| format!("{base}/roles/{}", kept.row.work));
    Ok(FormPage {
        shell: room.shell(app),
        name: room.room.partnership.name.clone(),
        action: at.clone().unwrap_or_else(|| format!("{base}/roles/new")),
        removal: at.map(|at| format!("{at}/removal")),
        base,
        title: draft.title.clone(),
        about: draft.about.clone(),
        version,
        lines,
        choices,
        findings,
        faults,
    })
}

fn lines(draft: &WorkDraft, kept: Option<&PieceOfWork>, choices: &[Choice]) -> Vec<Line> {
    let boxes = |roles: &BTreeSet<Role>| {
        let one = |role: &Role| (letter(*role), role_name(*role).1, roles.contains(role));
        Role::ALL.iter().map(one).collect::<Vec<_>>()
    };
    let cells = kept.map_or(&[][..], |kept| &kept.row.row);
    let known = draft.roles.iter().enumerate().map(|(n, (seat, (roles, deputy)))| {
        let cell = cells.iter().find(|cell| cell.person == *seat);
        let name = choices.iter().find(|(known, _)| known == seat).map(|(_, name)| name.clone());
        let answer = cell.map(|cell| read_back_name(cell.read_back));
        Line {
            n,
            person: Some((*seat, name.unwrap_or_else(|| t!("partnerships-nobody-known")))),
            boxes: boxes(roles),
            deputy: *deputy,
            answer: answer.map(|(tone, _, words)| (tone, words)),
            question: kept.and_then(|kept| kept.questions.get(seat).cloned()).unwrap_or_default(),
        }
    });
    let blank = |n| Line {
        n: draft.roles.len() + n,
        person: None,
        boxes: boxes(&BTreeSet::new()),
        deputy: None,
        answer: None,
        question: String::new(),
    };
    known.chain((0..BLANK).map(blank)).collect()
}

fn draft_of(one: &PieceOfWork) -> WorkDraft {
    let cells = one.row.row.iter();
    WorkDraft {
        title: one.title.clone(),
        about: one.about.clone(),
        roles: cells.map(|cell| (cell.person, (cell.roles.clone(), cell.deputy))).collect(),
    }
}

/// What the form brings: lines, or all of them in one field from the page of a conflict.
type Typed = BTreeMap<String, String>;

fn understand(typed: &Typed, faults: &mut Vec<Fault>) -> (WorkDraft, i64) {
    let text = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let roles = match typed.get("roles") {
        Some(roles) => written(roles),
        None => (0..MOST_LINES).filter_map(|n| line_of(typed, n)).collect(),
    };
    let draft =
        WorkDraft { title: text("title"), about: text("about").replace("\r\n", "\n"), roles };
    check(&draft, faults);
    (draft, text("version").parse().unwrap_or(0))
}

/// What is wrong with a piece of work, of a form or of a program.
pub(crate) fn check(draft: &WorkDraft, faults: &mut Vec<Fault>) {
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("roles-title-missing")));
    }
    within("title", &draft.title, MAX_AIM, faults);
    within("about", &draft.about, MAX_NOTE, faults);
    if draft.roles.len() > MOST_LINES {
        faults.push(Fault::new("people", t!("roles-too-many", n = MOST_LINES)));
    }
    if draft.roles.iter().any(|(seat, (_, deputy))| *deputy == Some(*seat)) {
        faults.push(Fault::new("people", t!("roles-own-deputy")));
    }
}

/// Roles of someone, and who stands in.
type Share = (BTreeSet<Role>, Option<SeatId>);

fn line_of(typed: &Typed, n: usize) -> Option<(SeatId, Share)> {
    let seat = typed.get(&format!("seat-{n}"))?.parse().ok()?;
    let is = |role: &Role| typed.contains_key(&format!("{}-{n}", letter(*role)));
    let roles: BTreeSet<Role> = Role::ALL.iter().copied().filter(is).collect();
    let deputy = typed.get(&format!("deputy-{n}")).and_then(|deputy| deputy.parse().ok());
    (!roles.is_empty()).then_some((seat, (roles, deputy)))
}

/// Roles in one field: `seat:AR:deputy`, with spaces between.
fn in_one(roles: &Roles) -> String {
    let one = |(seat, (roles, deputy)): (&SeatId, &Share)| {
        let letters: String = roles.iter().map(|role| letter(*role)).collect();
        format!("{seat}:{letters}:{}", deputy.map_or(String::new(), |deputy| deputy.to_string()))
    };
    roles.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn written(text: &str) -> Roles {
    let one = |part: &str| {
        let mut fields = part.split(':');
        let (seat, letters) = (fields.next()?.parse().ok()?, fields.next()?);
        let deputy = fields.next().and_then(|deputy| deputy.parse().ok());
        let is = |role: &Role| letters.contains(letter(*role));
        Some((seat, (Role::ALL.iter().copied().filter(is).collect(), deputy)))
    };
    text.split_whitespace().filter_map(one).collect()
}

/// `GET /partnerships/{id}/roles/new`.
pub(crate) async fn new(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    page(&form_page(&app, &room, None, (&WorkDraft::default(), 0, Vec::new())).await?)
}

/// `GET /partnerships/{id}/roles/{work}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, work)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let kept = app.store.work((room.id(), work_of(&work)?), room.by).await?;
    let typed = (&draft_of(&kept), kept.version, Vec::new());
    let shown = form_page(&app, &room, Some(&kept), typed).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&FormPage { shell, ..shown })
}

async fn again(
    app: &App,
    room: &InRoom,
    kept: Option<&PieceOfWork>,
    typed: (&WorkDraft, i64, Vec<Fault>),
) -> Result<Response, AppError> {
    let shown = form_page(app, room, kept, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `POST /partnerships/{id}/roles/new`.
pub(crate) async fn create(
    State(app): State<App>,
    room: InRoom,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let (draft, _) = understand(&typed, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, None, (&draft, 0, faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.add_work(room.id(), &draft, room.by).await {
        Ok(work) => {
            tx.commit().await?;
            let (at, id) = (format!("{}/roles/{work}", room.base()), room.id());
            Ok(Redirect::to(&format!("{at}?done=work&undo={id}.{work}")).into_response())
        }
        Err(StoreError::NotFound { .. }) => {
            tx.rollback().await?;
            let fault = Fault::new("people", t!("roles-person-unknown"));
            again(&app, &room, None, (&draft, 0, vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /partnerships/{id}/roles/{work}`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, work)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    let kept = app.store.work((room.id(), work_of(&work)?), room.by).await?;
    let mut faults = Vec::new();
    let (draft, version) = understand(&typed, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, Some(&kept), (&draft, version, faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.update_work((room.id(), kept.row.work), &draft, version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            let at = format!("{}/roles/{}", room.base(), kept.row.work);
            Ok(Redirect::to(&format!("{at}?done=saved")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, kept.row.work, &draft).await
        }
        Err(StoreError::NotFound { .. }) => {
            tx.rollback().await?;
            let fault = Fault::new("people", t!("roles-person-unknown"));
            again(&app, &room, Some(&kept), (&draft, version, vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late(
    app: &App,
    room: &InRoom,
    id: WorkId,
    mine: &WorkDraft,
) -> Result<Response, AppError> {
    let kept = app.store.work((room.id(), id), room.by).await?;
    let theirs = draft_of(&kept);
    let choices = choices(app, room).await?;
    let name = |seat: &SeatId| {
        let found = choices.iter().find(|(known, _)| known == seat);
        found.map_or_else(|| t!("partnerships-nobody-known"), |(_, name)| name.clone())
    };
    let words = |draft: &WorkDraft, seat: &SeatId| match draft.roles.get(seat) {
        None => String::new(),
        Some((roles, None)) => roles_words(roles),
        Some((roles, Some(deputy))) => {
            t!("roles-with-deputy", roles = roles_words(roles), deputy = name(deputy))
        }
    };
    let seats: BTreeSet<&SeatId> = theirs.roles.keys().chain(mine.roles.keys()).collect();
    let fixed = [
        Row::new(t!("roles-title-is"), theirs.title.clone(), mine.title.clone()),
        Row::new(t!("roles-about"), theirs.about.clone(), mine.about.clone()),
    ];
    let people =
        seats.into_iter().map(|seat| Row::new(name(seat), words(&theirs, seat), words(mine, seat)));
    let back = format!("{}/roles/{id}", room.base());
    let late = Late {
        what: kept.title,
        who: changed_at(kept.changed),
        action: back.clone(),
        back,
        fields: vec![
            ("title", mine.title.clone()),
            ("about", mine.about.clone()),
            ("roles", in_one(&mine.roles)),
            ("version", kept.version.to_string()),
        ],
        rows: fixed.into_iter().chain(people).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/roles/{work}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, work)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let work = work_of(&work)?;
    let tx = room.begin(&app).await?;
    tx.remove_work((room.id(), work), true, room.by).await?;
    tx.commit().await?;
    let id = room.id();
    Ok(Redirect::to(&format!("{}/roles?done=work-removed&undo={id}.{work}", room.base())))
}

/// `POST /partnerships/{id}/roles/{work}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, work)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let work = work_of(&work)?;
    let tx = room.begin(&app).await?;
    tx.remove_work((room.id(), work), false, room.by).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/roles/{work}?done=back", room.base())))
}
