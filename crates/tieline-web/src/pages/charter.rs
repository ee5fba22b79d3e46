//! The charter of a partnership: its newest version, what changed since the one before, how the
//! parties stand to it, and what people say of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use tieline_model::id::{AccountId, CommentId};
use tieline_model::partnership::charter::{Answer, Charter, Standing};
use tieline_model::room::{Participant, Section};
use tieline_store::{Author, CharterComment, CharterVersion, Constraint, StoreError};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::partnerships::{MAX_ABOUT, changed_at};
use super::subject::{within, writer};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Comments that the page shows.
const MOST_COMMENTS: u64 = 200;

/// A section in words, and what belongs into it.
pub(crate) fn section_name(section: Section) -> (String, String) {
    match section {
        Section::Purpose => (t!("charter-purpose"), t!("charter-purpose-hint")),
        Section::Vision => (t!("charter-vision"), t!("charter-vision-hint")),
        Section::Mission => (t!("charter-mission"), t!("charter-mission-hint")),
        Section::Principles => (t!("charter-principles"), t!("charter-principles-hint")),
        Section::Scope => (t!("charter-scope"), t!("charter-scope-hint")),
        Section::Communication => (t!("charter-communication"), t!("charter-communication-hint")),
        Section::Decisions => (t!("charter-decisions"), t!("charter-decisions-hint")),
        Section::Review => (t!("charter-review"), t!("charter-review-hint")),
        Section::Exit => (t!("charter-exit"), t!("charter-exit-hint")),
    }
}

/// What a section says: pieces that stay, come in (`ins`) or go (`del`).
struct SectionText {
    name: String,
    pieces: Vec<(&'static str, String)>,
    is_changed: bool,
}

/// How a party stands to the newest version.
struct PartyAnswer {
    name: String,
    tone: &'static str,
    words: String,
}

/// A comment in words.
struct Said {
    id: CommentId,
    text: String,
    /// On what, by whom and when.
    on: String,
    by: String,
    is_own: bool,
}

/// What the page of a charter shows, where there is one.
struct Shown {
    number: u32,
    saved: String,
    sections: Vec<SectionText>,
    is_newest: bool,
    has_changes: bool,
    answers: Vec<PartyAnswer>,
    /// What holds, in a sentence.
    holds: String,
    comments: Vec<Said>,
}

#[derive(Template)]
#[template(path = "charter.html")]
struct CharterPage {
    shell: Shell,
    head: Head,
    id: String,
    shown: Option<Shown>,
    newest: u32,
    /// Whether the viewer answers for a party.
    answers: bool,
    typed: CommentForm,
    faults: Vec<Fault>,
}

impl CharterPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        super::pacts::parts(&self.head.base, "agreement")
    }

    /// Word and name of each section.
    fn sections(&self) -> Vec<(&'static str, String)> {
        Section::ALL.iter().map(|section| (section.name(), section_name(*section).0)).collect()
    }
}

/// Which version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    version: Option<u32>,
}

async fn charter_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (CommentForm, Vec<Fault>),
) -> Result<CharterPage, AppError> {
    let charter = app.store.assents(room.id(), room.by).await?;
    let shown = match (asked.version, charter.newest) {
        (None, 0) => None,
        (version, _) => Some(shown(app, room, &charter, version).await?),
    };
    let standing = room.standing();
    Ok(CharterPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Agreement),
        id: room.id().to_string(),
        newest: charter.newest,
        answers: standing.party().is_some_and(|party| standing.gives_word_of(party)),
        shown,
        typed,
        faults,
    })
}

async fn shown(
    app: &App,
    room: &InRoom,
    charter: &Charter,
    version: Option<u32>,
) -> Result<Shown, AppError> {
    let one = app.store.charter(room.id(), version, room.by).await?;
    let before = match one.number {
        0 | 1 => None,
        number => Some(app.store.charter(room.id(), Some(number - 1), room.by).await?),
    };
    let sections: Vec<SectionText> =
        Section::ALL.iter().filter_map(|section| section_text(*section, &one, &before)).collect();
    let by = author(app, one.by, &one.guest).await?;
    let parties: Vec<_> = room.room.parties.iter().map(|(party, _)| party.id).collect();
    let holds = match charter.in_force(&parties) {
        Some(number) if number == charter.newest => t!("charter-holds-newest"),
        Some(number) => t!("charter-holds-earlier", number = number),
        None => t!("charter-holds-none"),
    };
    Ok(Shown {
        number: one.number,
        saved: t!("charter-saved", who = by, when = here::moment(one.at)),
        has_changes: sections.iter().any(|section| section.is_changed),
        sections,
        is_newest: one.number == charter.newest,
        answers: parties.iter().map(|party| answer_of(room, charter, *party)).collect(),
        holds,
        comments: comments(app, room).await?,
    })
}

/// A section with what changed in it; `None` when it says nothing in both versions.
fn section_text(
    section: Section,
    one: &CharterVersion,
    before: &Option<CharterVersion>,
) -> Option<SectionText> {
    let now = one.texts.get(&section).map_or("", String::as_str);
    let then = before.as_ref().map(|before| before.texts.get(&section).map_or("", String::as_str));
    if now.is_empty() && then.is_none_or(str::is_empty) {
        return None;
    }
    let (name, _) = section_name(section);
    let is_changed = then.is_some_and(|then| then != now);
    let pieces = match then {
        Some(then) if is_changed => pieces(then, now),
        _ => vec![("", now.to_owned())],
    };
    Some(SectionText { name, pieces, is_changed })
}

/// Words that stay, come in and go, neighbours of one kind joined.
fn pieces(then: &str, now: &str) -> Vec<(&'static str, String)> {
    let mut pieces: Vec<(&'static str, String)> = Vec::new();
    for change in TextDiff::from_words(then, now).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "",
            ChangeTag::Insert => "ins",
            ChangeTag::Delete => "del",
        };
        match pieces.last_mut().filter(|(last, _)| *last == kind) {
            Some((_, text)) => text.push_str(change.value()),
            None => pieces.push((kind, change.value().to_owned())),
        }
    }
    pieces
}

fn answer_of(room: &InRoom, charter: &Charter, party: tieline_model::id::PartyId) -> PartyAnswer {
    let (tone, words) = match charter.standing(party) {
        Standing::Answered(Answer::Assents) => ("good", t!("charter-assents")),
        Standing::Answered(Answer::Asks) => ("warn", t!("charter-asks")),
        Standing::Answered(Answer::Declines) => ("bad", t!("charter-declines")),
        Standing::Earlier(number) => ("warn", t!("charter-earlier", number = number)),
        Standing::Open => ("line", t!("charter-open")),
    };
    PartyAnswer { name: party_name(room, party), tone, words }
}

async fn comments(app: &App, room: &InRoom) -> Result<Vec<Said>, AppError> {
    let mut said = Vec::new();
    for one in app.store.charter_comments(room.id(), MOST_COMMENTS, room.by).await? {
        said.push(said_of(app, room, one).await?);
    }
    Ok(said)
}

/// Who wrote something: an account, or a guest by the name of their seat.
async fn author(
    app: &App,
    by: Option<AccountId>,
    guest: &Option<Author>,
) -> Result<String, AppError> {
    match guest {
        Some(Author { name: Some(name), .. }) => Ok(t!("charter-by-link", name = name)),
        Some(Author { name: None, .. }) => Ok(t!("charter-by-guest")),
        None => writer(app, by).await,
    }
}

async fn said_of(app: &App, room: &InRoom, one: CharterComment) -> Result<Said, AppError> {
    let name = author(app, one.by, &one.guest).await?;
    let when = here::moment(one.at);
    let by = match one.party.map(|party| party_name(room, party)) {
        Some(party) => t!("charter-said-for", who = name, party = party, when = when),
        None => t!("charter-said", who = name, when = when),
    };
    let on = match one.section {
        Some(section) => {
            t!("charter-on-section", number = one.number, section = section_name(section).0)
        }
        None => t!("charter-on-whole", number = one.number),
    };
    let is_own = match room.by {
        Participant::Account(account) => one.by == Some(account),
        Participant::Guest(seat) => one.guest.is_some_and(|guest| guest.seat == seat),
    };
    Ok(Said { id: one.id, text: one.text, on, by, is_own })
}

/// `GET /partnerships/{id}/agreement`: the newest version, or the one that is asked for.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (CommentForm::default(), Vec::new());
    let shown = charter_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&CharterPage { shell, ..shown })
}

/// A field of the form: word, name, hint, text, what is wrong.
type SectionField = (&'static str, String, String, String);

#[derive(Template)]
#[template(path = "charter_edit.html")]
struct EditPage {
    shell: Shell,
    name: String,
    back: String,
    after: u32,
    fields: Vec<SectionField>,
    faults: Vec<Fault>,
}

fn edit_page(
    app: &App,
    room: &InRoom,
    (after, texts): (u32, &BTreeMap<Section, String>),
    faults: Vec<Fault>,
) -> EditPage {
    let field = |section: &Section| {
        let (name, hint) = section_name(*section);
        (section.name(), name, hint, texts.get(section).cloned().unwrap_or_default())
    };
    EditPage {
        shell: room.shell(app),
        name: room.room.partnership.name.clone(),
        back: format!("{}/agreement", room.base()),
        after,
        fields: Section::ALL.iter().map(field).collect(),
        faults,
    }
}

/// `GET /partnerships/{id}/agreement/edit`.
pub(crate) async fn edit(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    let newest = app.store.assents(room.id(), room.by).await?.newest;
    let texts = match newest {
        0 => BTreeMap::new(),
        _ => app.store.charter(room.id(), Some(newest), room.by).await?.texts,
    };
    page(&edit_page(&app, &room, (newest, &texts), Vec::new()))
}

/// `POST /partnerships/{id}/agreement`: saves the next version.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let after: u32 = typed.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let text = |section: &Section| Some((*section, typed.get(section.name())?.clone()));
    let texts: BTreeMap<Section, String> = Section::ALL.iter().filter_map(text).collect();
    let faults = faults(&texts);
    if !faults.is_empty() {
        let again = page(&edit_page(&app, &room, (after, &texts), faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let tx = room.begin(&app).await?;
    match tx.save_charter(room.id(), &texts, after, room.by).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/agreement?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, &texts).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a version.
pub(crate) fn faults(texts: &BTreeMap<Section, String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if texts.values().all(|text| text.trim().is_empty()) {
        faults.push(Fault::new(Section::Purpose.name(), t!("charter-missing")));
    }
    for (section, text) in texts {
        within(section.name(), text, MAX_NOTE, &mut faults);
    }
    faults
}

async fn late(
    app: &App,
    room: &InRoom,
    mine: &BTreeMap<Section, String>,
) -> Result<Response, AppError> {
    let kept = app.store.charter(room.id(), None, room.by).await?;
    let of = |texts: &BTreeMap<Section, String>, section: &Section| {
        texts.get(section).map_or(String::new(), |text| text.trim().replace("\r\n", "\n"))
    };
    let row = |section: &Section| Row {
        label: section_name(*section).0,
        theirs: of(&kept.texts, section),
        mine: of(mine, section),
    };
    let mut fields: Vec<(&'static str, String)> =
        Section::ALL.iter().map(|section| (section.name(), of(mine, section))).collect();
    fields.push(("after", kept.number.to_string()));
    let back = format!("{}/agreement", room.base());
    let late = Late {
        what: t!("charter-title"),
        who: changed_at(kept.at),
        action: back.clone(),
        back,
        fields,
        rows: Section::ALL.iter().map(row).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// What the form of an answer brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerForm {
    version: u32,
    answer: String,
    note: String,
}

/// `POST /partnerships/{id}/agreement/answers`: the word of a party on the newest version.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<AnswerForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    within("answer", &form.note, MAX_ABOUT, &mut faults);
    let Some(answer) = Answer::from_name(&form.answer).filter(|_| faults.is_empty()) else {
        faults.push(Fault::new("answer", t!("charter-answer-missing")));
        return again(&app, &room, (CommentForm::default(), faults)).await;
    };
    let tx = room.begin(&app).await?;
    match tx.answer_charter(room.id(), (form.version, answer, &form.note), room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/agreement?done=answered", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            let fault = Fault::new("answer", t!("charter-newer"));
            again(&app, &room, (CommentForm::default(), vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(
    app: &App,
    room: &InRoom,
    typed: (CommentForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let shown = charter_page(app, room, &Asked::default(), typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// What the form of a comment brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommentForm {
    version: u32,
    /// Word of a section; empty: on the whole.
    section: String,
    comment: String,
}

/// `POST /partnerships/{id}/agreement/comments`.
pub(crate) async fn comment(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<CommentForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    if form.comment.trim().is_empty() {
        faults.push(Fault::new("comment", t!("charter-comment-missing")));
    }
    within("comment", &form.comment, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, (form, faults)).await;
    }
    let section = Section::from_name(&form.section);
    let tx = room.begin(&app).await?;
    let said = (form.version, section, form.comment.as_str());
    let comment = tx.comment_charter(room.id(), said, room.by).await?;
    tx.commit().await?;
    Ok(to_charter(&room, "comment", comment).into_response())
}

fn to_charter(room: &InRoom, done: &str, comment: CommentId) -> Redirect {
    let id = room.id();
    Redirect::to(&format!("{}/agreement?done={done}&undo={id}.{comment}", room.base()))
}

/// `POST /partnerships/{id}/agreement/comments/{comment}/removal`.
pub(crate) async fn remove_comment(
    State(app): State<App>,
    room: InRoom,
    Path((_, comment)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &comment, true).await
}

/// `POST /partnerships/{id}/agreement/comments/{comment}/restoration`.
pub(crate) async fn restore_comment(
    State(app): State<App>,
    room: InRoom,
    Path((_, comment)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &comment, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    comment: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let comment: CommentId = comment.parse().map_err(|_| AppError::NotFound)?;
    let tx = room.begin(app).await?;
    tx.remove_comment((room.id(), comment), is_removed, room.by).await?;
    tx.commit().await?;
    let done = if is_removed { "comment-removed" } else { "back" };
    Ok(to_charter(room, done, comment))
}
