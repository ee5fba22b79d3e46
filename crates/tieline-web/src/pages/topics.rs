//! What a partnership talks about: its topics, a search in what was said, and a new topic.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AccountId, PartyId, PostId, SeatId, TopicId};
use tieline_model::participation::PostKind;
use tieline_model::time::Moment;
use tieline_store::{FoundPost, NewPost, Post, Topic, TopicCursor};

use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::subject::{within, writer};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Topics of one page.
const PAGE: u64 = 50;

/// Posts that a search shows at once.
const FOUND: u64 = 30;

/// Longest title, in characters.
pub(crate) const MAX_TITLE: usize = 120;

/// People of each party who can be mentioned by name.
const MOST_PEOPLE: u64 = 500;

/// Mentions that one text is read for.
const MOST_MENTIONS: usize = 50;

/// Which topics.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    /// `closed`; else the open ones.
    state: String,
    /// Where the list goes on: a moment and a topic.
    after: String,
    /// Where the search goes on.
    before: String,
}

impl Asked {
    fn is_closed(&self) -> bool {
        self.state == "closed"
    }
}

/// What the form of a topic brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TopicForm {
    title: String,
    text: String,
}

/// A topic in a list.
struct Line {
    id: TopicId,
    title: String,
    what: String,
    summary: Option<String>,
    new: Option<String>,
    is_mentioned: bool,
}

/// A post that was looked for.
struct Hit {
    href: String,
    title: String,
    text: String,
    by: String,
}

#[derive(Template)]
#[template(path = "topics.html")]
struct TopicsPage {
    shell: Shell,
    head: Head,
    id: String,
    q: String,
    is_closed: bool,
    lines: Vec<Line>,
    hits: Vec<Hit>,
    more: Option<String>,
    typed: TopicForm,
    faults: Vec<Fault>,
}

impl TopicsPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "topics")
    }
}

/// Path and name of each part of the talk of a room, and whether it is shown.
pub(crate) fn parts(base: &str, here: &str) -> Vec<(String, String, bool)> {
    let all = [
        ("topics", t!("talk-topics")),
        ("topics/voices", t!("talk-voices")),
        ("listening", t!("listening-title")),
    ];
    all.into_iter().map(|(rest, name)| (format!("{base}/{rest}"), name, rest == here)).collect()
}

/// Who wrote something: by the name of a seat, which a guest has without an account, or of an account.
pub(crate) async fn author(
    app: &App,
    name: Option<&String>,
    by: Option<AccountId>,
) -> Result<String, AppError> {
    match name {
        Some(name) => Ok(name.clone()),
        None => writer(app, by).await,
    }
}

/// Who wrote a post, for which party and when, in words.
pub(crate) async fn said_by(app: &App, room: &InRoom, post: &Post) -> Result<String, AppError> {
    let who = author(app, post.name.as_ref(), post.by).await?;
    Ok(match post.party.map(|party| party_name(room, party)).filter(|name| !name.is_empty()) {
        Some(party) => t!("talk-said-for", who = who, party = party, when = here::moment(post.at)),
        None => t!("talk-said", who = who, when = here::moment(post.at)),
    })
}

/// What a post says, in words: an invitation has none of its own.
pub(crate) fn words_of(post: &Post) -> String {
    match post.kind {
        PostKind::Said => post.text.clone(),
        PostKind::Invited => t!("talk-invitation", names = here::list(&names_in(post))),
    }
}

/// Names of whom a post mentions.
pub(crate) fn names_in(post: &Post) -> Vec<String> {
    let name = |(_, name): &(SeatId, Option<String>)| {
        name.clone().unwrap_or_else(|| t!("partnerships-nobody-known"))
    };
    post.mentions.iter().map(name).collect()
}

fn line(one: Topic) -> Line {
    let new = one.read.map(|read| one.posts - read).filter(|n| *n > 0 && one.closed.is_none());
    Line {
        id: one.id,
        what: t!("talk-posts-last", n = one.posts, at = here::moment(one.last)),
        summary: one.summary.map(|summary| summary.text),
        new: new.map(|n| t!("talk-new-n", n = n)),
        is_mentioned: one.is_mentioned,
        title: one.title,
    }
}

async fn hit(app: &App, room: &InRoom, one: FoundPost) -> Result<Hit, AppError> {
    Ok(Hit {
        href: post_path(room, one.post.topic, one.post.number),
        title: one.title,
        text: words_of(&one.post),
        by: said_by(app, room, &one.post).await?,
    })
}

/// Where a post is.
pub(crate) fn post_path(room: &InRoom, topic: TopicId, number: i64) -> String {
    format!("{}/topics/{topic}?after={}#post-{number}", room.base(), number - 1)
}

/// A place in the list of topics, as a path holds it.
pub(crate) fn cursor_of(text: &str) -> Option<TopicCursor> {
    let (last, id) = text.split_once('.')?;
    Some(TopicCursor { last: Moment::from_ms(last.parse().ok()?), id: id.parse().ok()? })
}

/// The place after a topic.
pub(crate) fn cursor_after(one: &Topic) -> String {
    format!("{}.{}", one.last.ms(), one.id)
}

/// Topics of one page, and where the next goes on.
async fn listed(
    app: &App,
    room: &InRoom,
    asked: &Asked,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let after = Some(&asked.after).filter(|after| !after.is_empty());
    let after = after.map(|after| cursor_of(after).ok_or(AppError::NotFound)).transpose()?;
    let which = (asked.is_closed(), after);
    let mut found = app.store.topics(room.id(), which, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(cursor_after);
    let state = if asked.is_closed() { "closed" } else { "" };
    let more = last.map(|last| format!("{}/topics?state={state}&after={last}", room.base()));
    Ok((found.into_iter().map(line).collect(), more))
}

/// Posts that a search finds for one page, and where the next goes on.
async fn searched(
    app: &App,
    room: &InRoom,
    asked: &Asked,
) -> Result<(Vec<Hit>, Option<String>), AppError> {
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before: Option<PostId> =
        before.map(|id| id.parse()).transpose().map_err(|_| AppError::NotFound)?;
    let mut found = app.store.find_posts(room.id(), &asked.q, (before, FOUND + 1), room.by).await?;
    let is_more = found.len() as u64 > FOUND;
    found.truncate(usize::try_from(FOUND).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|found| found.post.id);
    let words = crate::error::encode_part(&asked.q);
    let mut hits = Vec::with_capacity(found.len());
    for one in found {
        hits.push(hit(app, room, one).await?);
    }
    Ok((hits, last.map(|last| format!("{}/topics?q={words}&before={last}", room.base()))))
}

async fn topics_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (TopicForm, Vec<Fault>),
) -> Result<TopicsPage, AppError> {
    let is_search = !asked.q.trim().is_empty();
    let ((lines, more), (hits, more_hits)) = match is_search {
        true => ((Vec::new(), None), searched(app, room, asked).await?),
        false => (listed(app, room, asked).await?, (Vec::new(), None)),
    };
    Ok(TopicsPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Talk),
        id: room.id().to_string(),
        q: asked.q.trim().to_owned(),
        is_closed: asked.is_closed(),
        lines,
        hits,
        more: more.or(more_hits),
        typed,
        faults,
    })
}

/// `GET /partnerships/{id}/topics`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = topics_page(&app, &room, &asked, (TopicForm::default(), Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&TopicsPage { shell, ..shown })
}

/// What is wrong with the text of a post.
pub(crate) fn check_text(text: &str, faults: &mut Vec<Fault>) {
    if text.trim().is_empty() {
        faults.push(Fault::new("text", t!("talk-text-missing")));
    }
    within("text", text, MAX_NOTE, faults);
}

/// What is wrong with the title of a topic.
pub(crate) fn check_title(title: &str, faults: &mut Vec<Fault>) {
    if title.trim().is_empty() {
        faults.push(Fault::new("title", t!("talk-title-missing")));
    }
    within("title", title, MAX_TITLE, faults);
}

/// `POST /partnerships/{id}/topics`: opens a topic.
pub(crate) async fn open(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<TopicForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    check_title(&form.title, &mut faults);
    check_text(&form.text, &mut faults);
    if !faults.is_empty() {
        let shown = topics_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let mentions = mentions(&app, &room, &form.text).await?;
    let first = NewPost { text: &form.text, reply_to: None, mentions: &mentions };
    let tx = room.begin(&app).await?;
    let topic = tx.open_topic(room.id(), &form.title, &first, room.by).await?;
    tx.commit().await?;
    let undo = format!("done=topic&undo={}.{topic}", room.id());
    Ok(Redirect::to(&format!("{}/topics/{topic}?{undo}", room.base())).into_response())
}

/// People of the room, with their parties and names, the first of each party.
pub(crate) async fn people(
    app: &App,
    room: &InRoom,
) -> Result<Vec<(SeatId, PartyId, String)>, AppError> {
    let seated = app.store.seated(room.id(), MOST_PEOPLE, room.by).await?;
    let named = seated.into_iter().filter_map(|one| Some((one.id, one.party, one.name?)));
    Ok(named.collect())
}

/// Whom of the room a text mentions.
pub(crate) async fn mentions(
    app: &App,
    room: &InRoom,
    text: &str,
) -> Result<Vec<SeatId>, AppError> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let known = people(app, room).await?;
    let known: Vec<(SeatId, String)> =
        known.into_iter().map(|(seat, _, name)| (seat, name.to_lowercase())).collect();
    Ok(mentioned(text, &known))
}

/// Whom a text mentions by an @ and their name, or their first name where nobody else has it. Names
/// are in lower case. An @ within a word is none: it may be an address.
fn mentioned(text: &str, known: &[(SeatId, String)]) -> Vec<SeatId> {
    let mut found = Vec::new();
    let starts = text
        .match_indices('@')
        .filter(|(at, _)| !text[..*at].chars().next_back().is_some_and(char::is_alphanumeric));
    for (at, _) in starts.take(MOST_MENTIONS) {
        let rest: String = text[at + 1..].chars().take(200).collect::<String>().to_lowercase();
        let is_said = |name: &str| {
            let after = rest.strip_prefix(name).map(|after| after.chars().next());
            !name.is_empty() && after.is_some_and(|next| !next.is_some_and(char::is_alphanumeric))
        };
        let whole = known.iter().filter(|(_, name)| is_said(name));
        let whole = whole.max_by_key(|(_, name)| name.len()).map(|(seat, _)| *seat);
        let first = |name: &str| name.split_whitespace().next().is_some_and(is_said);
        let mut alike = known.iter().filter(|(_, name)| first(name)).map(|(seat, _)| *seat);
        let only = alike.next().filter(|_| alike.next().is_none());
        if let Some(seat) = whole.or(only)
            && !found.contains(&seat)
        {
            found.push(seat);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::mentioned;
    use tieline_model::id::SeatId;
    use uuid::Uuid;

    #[test]
    fn a_name_after_an_at_mentions_and_an_address_does_not() {
        let names = ["ada ek", "ada ek holm", "bo lind", "cy park", "cy ross", "\u{f8}ya dahl"];
        let seat = |n: usize| SeatId(Uuid::from_u128(n as u128));
        let known: Vec<_> =
            names.iter().enumerate().map(|(n, name)| (seat(n), (*name).to_owned())).collect();
        for (text, found) in [
            ("@Ada Ek, what do you say?", vec![0]),
            ("(@ada ek holm)", vec![1]),
            ("@Bo and @BO LIND: yes", vec![2]),
            ("@Cy", vec![]),
            ("@cy ross. @Cy Park!", vec![4, 3]),
            ("mail bo@lind.example, @bolt, @ bo", vec![]),
            ("@\u{d8}ya!", vec![5]),
            ("@", vec![]),
        ] {
            let expected: Vec<_> = found.into_iter().map(seat).collect();
            assert_eq!(mentioned(text, &known), expected, "{text}");
        }
    }
}
