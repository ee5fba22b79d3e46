//! Who can help: what people of all parties wrote of themselves for this room, and the questions that
//! one asks or is asked, which nobody else reads.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tieline_model::id::{HelpId, SeatId};
use tieline_store::{Constraint, Expertise, Help, StoreError};

use super::conflict::{self, Late, Row};
use super::contacts::MAX_TEXT;
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, party_name};
use super::resources::{Part, finish, id_of, late_text, parts, to_part};
use super::subject::within;
use super::tags::MAX_TAG;
use crate::app::App;
use crate::error::{AppError, encode_part};
use crate::here;
use crate::page::page;
use crate::room::{InRoom, seat_of};
use crate::shell::{Done, Shell};

/// People of one page.
const PAGE: u64 = 50;

/// Questions of one page.
const QUESTIONS: u64 = 20;

/// Words for it that someone may give.
const MOST_TAGS: usize = 12;

/// Longest text that is looked for, characters.
const MAX_QUERY: usize = 200;

/// Who is looked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    /// People after this seat.
    after: String,
    /// Questions before this one.
    before: String,
}

/// Someone who can help.
struct Line {
    seat: SeatId,
    name: String,
    party: String,
    about: String,
    /// Path that finds others, and the word.
    tags: Vec<(String, String)>,
    may_ask: bool,
}

/// A question in words.
struct Question {
    id: HelpId,
    version: i64,
    between: String,
    text: String,
    answer: Option<(String, String)>,
    /// Whether the viewer answers it.
    is_mine: bool,
}

/// What someone writes of themselves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OwnForm {
    about: String,
    tags: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "expertise.html")]
struct ExpertisePage {
    shell: Shell,
    head: Head,
    id: String,
    parts: Vec<(String, String, bool)>,
    q: String,
    lines: Vec<Line>,
    more: Option<String>,
    questions: Vec<Question>,
    earlier: Option<String>,
    /// What the viewer wrote; `None` for whoever has no seat.
    own: Option<OwnForm>,
    faults: Vec<Fault>,
}

/// Words for it as they were typed, each once.
pub(crate) fn tags_of(text: &str, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', '\n']) {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        if !tag.is_empty() && !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            within("tags", &tag, MAX_TAG, faults);
            tags.push(tag);
        }
    }
    if tags.len() > MOST_TAGS {
        faults.push(Fault::new("tags", t!("expertise-too-many", n = MOST_TAGS)));
    }
    tags
}

fn line(room: &InRoom, one: Expertise) -> Line {
    let base = room.base();
    let own = room.standing().seat.map(|seat| seat.id);
    let path = |tag: &String| format!("{base}/expertise?q={}", encode_part(tag));
    Line {
        name: one.name.unwrap_or_else(|| t!("partnerships-nobody-known")),
        party: party_name(room, one.party),
        tags: one.tags.iter().map(|tag| (path(tag), tag.clone())).collect(),
        may_ask: own.is_some_and(|own| own != one.seat),
        seat: one.seat,
        about: one.about,
    }
}

fn question(room: &InRoom, one: Help) -> Question {
    let is_mine = room.standing().seat.is_some_and(|seat| seat.id == one.asked);
    let name = |name: Option<String>| name.unwrap_or_else(|| t!("partnerships-nobody-known"));
    Question {
        between: match is_mine {
            true => t!("expertise-asks-you", name = name(one.asker_name)),
            false => t!("expertise-you-ask", name = name(one.asked_name)),
        },
        id: one.id,
        version: one.version,
        text: one.question,
        answer: one.answer.map(|(text, at)| (text, here::date(at))),
        is_mine,
    }
}

async fn expertise_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (Option<OwnForm>, Vec<Fault>),
) -> Result<ExpertisePage, AppError> {
    let (id, by) = (room.id(), room.by);
    let q: String = asked.q.chars().take(MAX_QUERY).collect();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let after = some(&asked.after).map(|after| seat_of(&after)).transpose()?;
    let before = some(&asked.before).map(|before| id_of::<HelpId>(&before)).transpose()?;
    let mut found = app.store.experts(id, (&q, after), PAGE + 1, by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.seat);
    let mut questions = app.store.own_help(id, before, QUESTIONS + 1, by).await?;
    let is_earlier = questions.len() as u64 > QUESTIONS;
    questions.truncate(usize::try_from(QUESTIONS).unwrap_or(usize::MAX));
    let first = questions.last().filter(|_| is_earlier).map(|last| last.id);
    let kept = app.store.own_expertise(id, by).await?;
    let own = || match kept {
        Some(one) => OwnForm { about: one.about, tags: one.tags.join(", "), version: one.version },
        None => OwnForm::default(),
    };
    let here = format!("{}/expertise?q={}", room.base(), encode_part(&q));
    Ok(ExpertisePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Resources),
        id: id.to_string(),
        parts: parts(room, Part::Expertise),
        lines: found.into_iter().map(|one| line(room, one)).collect(),
        more: last.map(|last| format!("{here}&after={last}")),
        questions: questions.into_iter().map(|one| question(room, one)).collect(),
        earlier: first.map(|first| format!("{here}&before={first}")),
        own: room.standing().seat.map(|_| typed.unwrap_or_else(own)),
        q,
        faults,
    })
}

/// `GET /partnerships/{id}/expertise`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = expertise_page(&app, &room, &asked, (None, Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ExpertisePage { shell, ..shown })
}

async fn again(
    app: &App,
    room: &InRoom,
    (typed, faults): (Option<OwnForm>, Vec<Fault>),
) -> Result<Response, AppError> {
    let shown = expertise_page(app, room, &Asked::default(), (typed, faults)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `POST /partnerships/{id}/expertise`: what the viewer can help with.
pub(crate) async fn say(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<OwnForm>,
) -> Result<Response, AppError> {
    if room.standing().seat.is_none() {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let about = form.about.replace("\r\n", "\n");
    within("about", &about, MAX_TEXT, &mut faults);
    let tags = tags_of(&form.tags, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, (Some(form), faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.say_expertise(room.id(), (&about, &tags), form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_part(&room, "expertise", "saved", None).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The same person wrote something else in another window.
async fn late(app: &App, room: &InRoom, mine: OwnForm) -> Result<Response, AppError> {
    let kept = app.store.own_expertise(room.id(), room.by).await?;
    let (about, tags, version) =
        kept.map(|one| (one.about, one.tags.join(", "), one.version)).unwrap_or_default();
    let row = |label: String, theirs: String, mine: &str| Row { label, theirs, mine: mine.into() };
    let at = format!("{}/expertise", room.base());
    let late = Late {
        what: t!("expertise-own"),
        who: String::new(),
        back: at.clone(),
        action: at,
        rows: vec![
            row(t!("expertise-about"), about, &mine.about),
            row(t!("expertise-tags"), tags, &mine.tags),
        ],
        fields: vec![("about", mine.about), ("tags", mine.tags), ("version", version.to_string())],
    };
    conflict::show(room.shell(app), late)
}

/// What a form of a question or an answer brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HelpForm {
    question: String,
    answer: String,
    version: i64,
}

/// `POST /partnerships/{id}/expertise/{seat}/questions`.
pub(crate) async fn ask(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
    Form(form): Form<HelpForm>,
) -> Result<Response, AppError> {
    let seat = seat_of(&seat)?;
    let own = room.standing().seat.map(|seat| seat.id);
    if own.is_none_or(|own| own == seat) {
        return Err(AppError::NotFound);
    }
    let fault = match form.question.chars().count() {
        n if n > MAX_TEXT => Some(t!("form-at-most", n = MAX_TEXT)),
        _ if form.question.trim().is_empty() => Some(t!("expertise-question-missing")),
        _ => None,
    };
    if let Some(text) = fault {
        return again(&app, &room, (None, vec![Fault::new("people", text)])).await;
    }
    let tx = room.begin(&app).await?;
    tx.ask_help((room.id(), seat), &form.question, room.by).await?;
    tx.commit().await?;
    Ok(to_part(&room, "expertise", "help-asked", None).into_response())
}

/// `POST /partnerships/{id}/expertise/questions/{ask}`: whoever was asked answers.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<HelpForm>,
) -> Result<Response, AppError> {
    let one: HelpId = id_of(&one)?;
    if form.answer.chars().count() > MAX_TEXT {
        return Err(AppError::BadRequest(t!("form-at-most", n = MAX_TEXT)));
    }
    let tx = room.begin(&app).await?;
    let did = tx.give_help((room.id(), one), &form.answer, form.version, room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Stale))) && !form.answer.is_empty() {
        tx.rollback().await?;
        return answered_twice(&app, &room, one, form.answer).await;
    }
    let (done, changed) = (
        to_part(&room, "expertise", "help-given", None),
        to_part(&room, "expertise", "share-changed", None),
    );
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

async fn answered_twice(
    app: &App,
    room: &InRoom,
    one: HelpId,
    mine: String,
) -> Result<Response, AppError> {
    let kept = app.store.help((room.id(), one), room.by).await?;
    let theirs = kept.answer.map(|(answer, _)| answer).unwrap_or_default();
    let base = room.base();
    let action = format!("{base}/expertise/questions/{one}");
    let page = (kept.question, format!("{base}/expertise"), action);
    let fields = vec![("answer", mine.clone()), ("version", kept.version.to_string())];
    late_text(app, room, page, Row { label: t!("expertise-answer"), theirs, mine }, fields)
}
