//! A partnership to take along: a brief to print, and its dates as a calendar.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tieline_model::id::SeatId;
use tieline_model::raci::Role;
use tieline_store::DecisionQuery;

use super::charter::section_name;
use super::listening::reply_words;
use super::objectives::{Scored, scored};
use super::partnership::{Head, Tab, charter_now, name_of, party_name};
use super::roles::{Matrix, matrix, role_name};
use crate::app::App;
use crate::dates::{When, calendar, dates};
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::Shell;

/// Lines of one part of the brief.
const MOST: usize = 50;

/// People who are named of each party.
const EACH: u64 = 12;

/// The first lines of a part.
struct Part<T> {
    lines: Vec<T>,
    /// Whether there are more.
    is_cut: bool,
}

impl<T> Part<T> {
    fn of(all: impl IntoIterator<Item = T>) -> Self {
        let mut lines: Vec<T> = all.into_iter().take(MOST + 1).collect();
        let is_cut = lines.len() > MOST;
        lines.truncate(MOST);
        Self { lines, is_cut }
    }
}

/// An objective: whose, what, how far, and what measures it.
struct ObjectiveLine {
    whose: String,
    title: String,
    score: String,
    results: Vec<String>,
}

/// A decision: what was asked, what came of it, the first step, when it is looked at again.
struct DecisionLine {
    question: String,
    statement: String,
    step: String,
}

#[derive(Template)]
#[template(path = "brief.html")]
struct BriefPage {
    shell: Shell,
    head: Head,
    about: String,
    /// Name of each party, and its people in words.
    parties: Vec<(String, String)>,
    /// How the agreement stands, and what its sections say; `None`: there is none.
    agreement: Option<(String, Vec<(String, String)>)>,
    objectives: Part<ObjectiveLine>,
    /// Work, with who is accountable, and who is responsible.
    works: Part<(String, String, String)>,
    decisions: Part<DecisionLine>,
    /// Problems that are shared, how they stand, and what there is of them.
    challenges: Part<(String, String, String)>,
    /// What is done together, how it goes, and its status.
    initiatives: Part<(String, String, String)>,
    /// What was said, and what came of it.
    heard: Part<(String, String, String)>,
    /// When, what, and where more is said.
    dates: Part<(String, String, String)>,
    made: String,
}

impl BriefPage {
    fn role(&self, role: Role) -> String {
        role_name(role).1
    }
}

/// `GET /partnerships/{id}/brief`: to print. Reads what the overview and the first page of each part
/// read.
pub(crate) async fn show(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    let (id, by) = (room.id(), room.by);
    let matrix = matrix(&app, (id, by)).await?;
    let found = app.store.objectives(id, None, MOST as u64 + 1, by).await?;
    let objectives = scored(&app, (id, by), found).await?;
    let limit = MOST as u64 + 1;
    let query = DecisionQuery { is_log: true, text: None, before: None, limit };
    let decisions = app.store.joint_decisions(id, &query, by).await?;
    let heard = app.store.heard(id, (None, None), limit, by).await?;
    let ahead = dates(&app, &room.room, by).await?;
    page(&BriefPage {
        about: room.room.partnership.about.clone(),
        parties: parties(&app, &room).await?,
        agreement: agreement(&app, &room).await?,
        objectives: Part::of(objectives.iter().map(|one| objective(&room, one))),
        works: works(&matrix),
        decisions: Part::of(decisions.iter().filter(|one| !one.outcome.statement.is_empty()).map(
            |one| DecisionLine {
                question: one.question.clone(),
                statement: one.outcome.statement.clone(),
                step: one.outcome.first_step.clone(),
            },
        )),
        challenges: Part::of(super::challenges::brief(&app, (&room, by), limit).await?),
        initiatives: Part::of(super::initiatives::brief(&app, (&room, by), limit).await?),
        heard: Part::of(
            heard.into_iter().map(|one| (one.text, reply_words(one.reply).1, one.answer)),
        ),
        dates: Part::of(
            ahead
                .into_iter()
                .map(|one| (when(one.when), one.text, format!("{}{}", room.base(), one.path))),
        ),
        made: here::moment(session::now()),
        head: Head::new(&room, Tab::Overview),
        shell: room.shell(&app),
    })
}

fn when(when: When) -> String {
    match when {
        When::Day(day) => here::day(day),
        When::At(at) => here::moment(at),
    }
}

async fn parties(app: &App, room: &InRoom) -> Result<Vec<(String, String)>, AppError> {
    let seated = app.store.seated(room.id(), EACH, room.by).await?;
    let line = |(party, n): &(tieline_store::Party, u64)| {
        let at = seated.iter().filter(|one| one.party == party.id);
        let names: Vec<String> = at.map(name_of).collect();
        let more = n.saturating_sub(names.len() as u64);
        let people = match (names.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => here::list(&names),
            (false, more) => t!("brief-people-more", names = names.join(", "), n = more),
        };
        (t!("brief-people-of", party = party.name, n = *n), people)
    };
    Ok(room.room.parties.iter().map(line).collect())
}

/// What all parties assented to, else the newest draft.
async fn agreement(
    app: &App,
    room: &InRoom,
) -> Result<Option<(String, Vec<(String, String)>)>, AppError> {
    let Some((found, words)) = charter_now(app, room).await? else { return Ok(None) };
    let sections = found.texts.into_iter().map(|(section, text)| (section_name(section).0, text));
    Ok(Some((words, sections.collect())))
}

fn objective(room: &InRoom, one: &Scored) -> ObjectiveLine {
    let party = one.objective.draft.party.map(|party| party_name(room, party));
    let result = |(result, ..): &(tieline_store::KeyResult, _, _)| result.draft.metric.clone();
    ObjectiveLine {
        whose: party.unwrap_or_else(|| t!("objectives-shared")),
        title: one.objective.draft.title.clone(),
        score: one.score.map_or_else(|| t!("objectives-unmeasured"), here::percent),
        results: one.results.iter().map(result).collect(),
    }
}

fn works(matrix: &Matrix) -> Part<(String, String, String)> {
    let names = |of: Vec<SeatId>| {
        let names: Vec<String> = of.into_iter().map(|seat| matrix.name(seat)).collect();
        here::list(&names)
    };
    Part::of(matrix.works.iter().map(|work| {
        let with = |role: Role| {
            let row = work.row.row.iter().filter(|cell| cell.roles.contains(&role));
            names(row.map(|cell| cell.person).collect())
        };
        (work.title.clone(), with(Role::Accountable), with(Role::Responsible))
    }))
}

/// `GET /partnerships/{id}/dates.ics`: the dates that stand, as a calendar takes them in.
pub(crate) async fn ics(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    let all = dates(&app, &room.room, room.by).await?;
    Ok(calendar_file(&calendar(&room.room.partnership.name, &all, session::now())))
}

/// A calendar as it is sent.
pub(crate) fn calendar_file(text: &str) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"dates.ics\""),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    (head, text.to_owned()).into_response()
}
