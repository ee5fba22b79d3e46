//! The listening record: what was said, what was done, what was not and why.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::HeardId;
use tieline_model::listening::{Answering, Reply, answering};
use tieline_store::{Constraint, Heard, StoreError};

use super::aims::MAX_AIM;
use super::conflict::Row;
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::resources::{finish, id_of, late_text, to_part};
use super::subject::within;
use super::topics::parts;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Lines of one page.
const PAGE: u64 = 50;

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Only those with this reply.
    reply: String,
    /// Those before this one.
    before: String,
}

/// What the form of something said brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HeardForm {
    text: String,
    voice: String,
}

/// What the form of an answer brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReplyForm {
    reply: String,
    answer: String,
    version: i64,
}

/// Something said, in words.
struct Line {
    id: HeardId,
    version: i64,
    text: String,
    said: String,
    reply: (&'static str, String),
    /// What came of it, and who says so when.
    answer: Option<(String, String)>,
    chosen: Reply,
    may_remove: bool,
}

#[derive(Template)]
#[template(path = "listening.html")]
struct ListeningPage {
    shell: Shell,
    head: Head,
    id: String,
    reply: Option<Reply>,
    lines: Vec<Line>,
    more: Option<String>,
    counts: Vec<(String, u64)>,
    /// How soon is answered, in words.
    times: Vec<String>,
    typed: HeardForm,
    /// Which answer is wrong, and what was typed.
    answered: Option<(HeardId, ReplyForm)>,
    faults: Vec<Fault>,
}

impl ListeningPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "listening")
    }

    fn answers(&self) -> Vec<(&'static str, String)> {
        let answers = [Reply::Doing, Reply::Done, Reply::Declined];
        answers.into_iter().map(|one| (one.name(), reply_words(one).1)).collect()
    }

    fn filters(&self) -> Vec<(String, String, bool)> {
        let path = |reply: Reply| format!("{}/listening?reply={}", self.head.base, reply.name());
        let one = |reply: &Reply| (path(*reply), reply_words(*reply).1, self.reply == Some(*reply));
        let all =
            (format!("{}/listening", self.head.base), t!("listening-all"), self.reply.is_none());
        std::iter::once(all).chain(Reply::ALL.iter().map(one)).collect()
    }

    /// What was typed as an answer to a line, else the answer that it has.
    fn typed_answer(&self, line: &Line) -> String {
        match &self.answered {
            Some((id, form)) if *id == line.id => form.answer.clone(),
            _ => line.answer.as_ref().map(|(text, _)| text.clone()).unwrap_or_default(),
        }
    }

    fn is_chosen(&self, line: &Line, name: &str) -> bool {
        match &self.answered {
            Some((id, form)) if *id == line.id => form.reply == name,
            _ => line.chosen.name() == name,
        }
    }

    fn is_answered_wrongly(&self, line: &Line) -> bool {
        self.answered.as_ref().is_some_and(|(id, _)| *id == line.id)
    }
}

/// A reply as a pill: its colour and its name.
pub(crate) fn reply_words(reply: Reply) -> (&'static str, String) {
    match reply {
        Reply::Waits => ("warn", t!("listening-waits")),
        Reply::Doing => ("acc", t!("listening-doing")),
        Reply::Done => ("good", t!("listening-was-done")),
        Reply::Declined => ("", t!("listening-declined")),
    }
}

/// Who said something, for which party and when, in words.
fn said_words(room: &InRoom, one: &Heard) -> String {
    let party = one.party.map(|party| party_name(room, party)).unwrap_or_default();
    let when = here::date(one.said);
    match (one.voice.is_empty(), party.is_empty()) {
        (true, true) => t!("listening-said", when = when),
        (true, false) => t!("listening-said-for", party = party, when = when),
        (false, true) => t!("listening-said-by", voice = one.voice.clone(), when = when),
        (false, false) => {
            t!("listening-said-by-for", voice = one.voice.clone(), party = party, when = when)
        }
    }
}

fn line(room: &InRoom, one: Heard) -> Line {
    let standing = room.standing();
    let party = one.answered_for.map(|party| party_name(room, party)).unwrap_or_default();
    let told = one.answered.map(|at| match party.is_empty() {
        true => t!("listening-answered", when = here::date(at)),
        false => t!("listening-answered-for", party = party, when = here::date(at)),
    });
    let is_own = one.party.map_or(standing.convenes, |party| standing.writes_for(party));
    Line {
        said: said_words(room, &one),
        reply: reply_words(one.reply),
        chosen: if one.reply == Reply::Waits { Reply::Doing } else { one.reply },
        may_remove: is_own && told.is_none(),
        answer: told.map(|told| (one.answer, told)),
        id: one.id,
        version: one.version,
        text: one.text,
    }
}

/// Whole days, for words.
fn whole(days: f64) -> i64 {
    // Days of a partnership are far below 2^53.
    days.round() as i64
}

fn counts(found: &Answering) -> Vec<(String, u64)> {
    let counts = [
        (Reply::Waits, found.n_waits),
        (Reply::Doing, found.n_doing),
        (Reply::Done, found.n_done),
        (Reply::Declined, found.n_declined),
    ];
    counts.into_iter().map(|(reply, n)| (reply_words(reply).1, n)).collect()
}

fn times(found: &Answering) -> Vec<String> {
    let median = found.median_days.map(|days| t!("listening-median", n = whole(days)));
    let oldest = found.oldest_days.map(|days| t!("listening-oldest", n = whole(days)));
    median.into_iter().chain(oldest).collect()
}

/// What a page shows beside the list: what was typed wrongly.
#[derive(Default)]
struct Typed {
    heard: HeardForm,
    answered: Option<(HeardId, ReplyForm)>,
    faults: Vec<Fault>,
}

async fn listening_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    typed: Typed,
) -> Result<ListeningPage, AppError> {
    let reply = Reply::from_name(&asked.reply);
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before = before.map(|before| id_of::<HeardId>(before)).transpose()?;
    let mut found = app.store.heard(room.id(), (reply, before), PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let with = reply.map(|reply| format!("reply={}&", reply.name())).unwrap_or_default();
    let told = answering(&app.store.answered(room.id(), room.by).await?, session::now());
    Ok(ListeningPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Talk),
        id: room.id().to_string(),
        reply,
        lines: found.into_iter().map(|one| line(room, one)).collect(),
        more: last.map(|last| format!("{}/listening?{with}before={last}", room.base())),
        counts: counts(&told),
        times: times(&told),
        typed: typed.heard,
        answered: typed.answered,
        faults: typed.faults,
    })
}

/// `GET /partnerships/{id}/listening`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = listening_page(&app, &room, &asked, Typed::default()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ListeningPage { shell, ..shown })
}

async fn again(app: &App, room: &InRoom, typed: Typed) -> Result<Response, AppError> {
    let shown = listening_page(app, room, &Asked::default(), typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// What is wrong with something said, of a form or of a program.
pub(crate) fn check_heard(text: &str, voice: &str, faults: &mut Vec<Fault>) {
    if text.trim().is_empty() {
        faults.push(Fault::new("text", t!("listening-text-missing")));
    }
    within("text", text, MAX_ABOUT, faults);
    within("voice", voice, MAX_AIM, faults);
}

/// What is wrong with an answer, of a form or of a program.
pub(crate) fn check_answer(reply: Reply, answer: &str, faults: &mut Vec<Fault>) {
    if reply.in_words(answer).is_err() {
        faults.push(Fault::new("answer", t!("listening-answer-missing")));
    }
    within("answer", answer, MAX_ABOUT, faults);
}

/// `POST /partnerships/{id}/listening`: something was said.
pub(crate) async fn hear(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<HeardForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    check_heard(&form.text, &form.voice, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, Typed { heard: form, faults, ..Typed::default() }).await;
    }
    let tx = room.begin(&app).await?;
    let one = tx.hear(room.id(), (&form.text, &form.voice), room.by).await?;
    tx.commit().await?;
    Ok(to_part(&room, "listening", "heard", Some(&one)).into_response())
}

/// `POST /partnerships/{id}/listening/{heard}/answer`: what came of it.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ReplyForm>,
) -> Result<Response, AppError> {
    let one: HeardId = id_of(&one)?;
    let reply = Reply::from_name(&form.reply).unwrap_or_default();
    let mut faults = Vec::new();
    check_answer(reply, &form.answer, &mut faults);
    if !faults.is_empty() {
        // Only what is there can be answered.
        app.store.heard_one((room.id(), one), room.by).await?;
        let typed = Typed { answered: Some((one, form)), faults, ..Typed::default() };
        return again(&app, &room, typed).await;
    }
    let tx = room.begin(&app).await?;
    let said = (reply, &*form.answer);
    let did = tx.answer_heard((room.id(), one), said, form.version, room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Stale))) {
        tx.rollback().await?;
        return late(&app, &room, one, form).await;
    }
    let (done, changed) = (
        to_part(&room, "listening", "heard-answered", None),
        to_part(&room, "listening", "share-changed", None),
    );
    Ok(finish(tx, did, (done, changed)).await?.into_response())
}

/// Someone else answered meanwhile.
async fn late(
    app: &App,
    room: &InRoom,
    one: HeardId,
    form: ReplyForm,
) -> Result<Response, AppError> {
    let kept = app.store.heard_one((room.id(), one), room.by).await?;
    let at = format!("{}/listening", room.base());
    let page = (kept.text, at.clone(), format!("{at}/{one}/answer"));
    let row = Row { label: t!("listening-answer"), theirs: kept.answer, mine: form.answer.clone() };
    let fields =
        vec![("reply", form.reply), ("answer", form.answer), ("version", kept.version.to_string())];
    late_text(app, room, page, row, fields)
}

/// `POST /partnerships/{id}/listening/{heard}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &one, true).await
}

/// `POST /partnerships/{id}/listening/{heard}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &one, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    one: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<HeardId>(one)?, room.begin(app).await?);
    let did = tx.remove_heard((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, "listening", "heard-removed", Some(&one)),
        false => to_part(room, "listening", "back", None),
    };
    finish(tx, did, (done, to_part(room, "listening", "share-changed", None))).await
}
