//! One topic of a partnership: its summary, what was said, and what someone says to it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{PostId, TopicId};
use tieline_store::{Constraint, NewPost, Post, StoreError, Topic};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab};
use super::subject::within;
use super::topics::{author, check_text, mentions, names_in, parts, post_path, said_by, words_of};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Posts of one page.
const PAGE: u64 = 50;

/// Which posts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Those after this number.
    after: Option<i64>,
    /// The last before this number.
    before: Option<i64>,
    /// The post that is answered.
    reply: String,
}

/// What the form of a post brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PostForm {
    text: String,
    reply: String,
}

/// What the form of a summary brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SummaryForm {
    summary: String,
    to: i64,
    version: i64,
}

/// How far someone has read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReadForm {
    to: i64,
}

/// A post in words.
struct Said {
    id: PostId,
    number: i64,
    by: String,
    text: String,
    mentions: Option<String>,
    /// Where the post is that it answers, and which.
    answers: Option<(String, String)>,
    is_own: bool,
    is_new: bool,
}

/// A summary in words.
struct Summed {
    text: String,
    by: String,
    since: String,
}

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage {
    shell: Shell,
    head: Head,
    id: String,
    topic: TopicId,
    title: String,
    opened: String,
    closed: Option<String>,
    is_mentioned: bool,
    summary: Option<Summed>,
    version: i64,
    n_posts: i64,
    posts: Vec<Said>,
    /// Numbers of the posts from which earlier and later pages go on.
    earlier: Option<i64>,
    later: Option<i64>,
    /// Number of the last post shown, where not all up to it is read.
    unread_to: Option<i64>,
    /// The post that is answered, in words.
    replied: Option<String>,
    typed: PostForm,
    typed_summary: String,
    faults: Vec<Fault>,
}

impl TopicPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "topics")
    }
}

fn topic_of(id: &str) -> Result<TopicId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// What a page of posts goes after and before: what was asked, else what is new, else the end.
fn bounds(asked: &Asked, known: &Topic) -> (Option<i64>, Option<i64>) {
    if asked.after.is_some() || asked.before.is_some() {
        return (asked.after, asked.before);
    }
    let unread = known.read.filter(|read| known.posts - read > PAGE as i64);
    (unread, None)
}

async fn topic_page(
    app: &App,
    room: &InRoom,
    known: Topic,
    asked: &Asked,
    (typed, faults): (PostForm, Vec<Fault>),
) -> Result<TopicPage, AppError> {
    let at = (room.id(), known.id);
    let bounds = bounds(asked, &known);
    let mut found = app.store.posts(at, bounds, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    let (mut earlier, mut later) = (None, None);
    if bounds.0.is_some() {
        found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        later = found.last().filter(|_| is_more).map(|post| post.number);
        earlier = found.first().filter(|post| post.number > 1).map(|post| post.number);
    } else {
        if is_more {
            found.remove(0);
        }
        earlier = found.first().filter(|_| is_more).map(|post| post.number).or(earlier);
        let last = found.last().map(|post| post.number);
        later = last.filter(|last| bounds.1.is_some() && *last < known.posts).or(later);
    }
    let mut replied = None;
    if let Some(post) = found.iter().find(|post| post.id.to_string() == typed.reply) {
        replied = Some(t!("talk-answers-n", n = post.number));
    }
    let last = found.last().map(|post| post.number);
    let mut posts = Vec::with_capacity(found.len());
    for post in found {
        posts.push(said(app, room, post, known.read).await?);
    }
    Ok(TopicPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Talk),
        id: room.id().to_string(),
        opened: t!(
            "talk-opened",
            who = author(app, known.name.as_ref(), known.by).await?,
            when = here::moment(known.opened)
        ),
        closed: known.closed.map(|at| t!("talk-closed-on", when = here::moment(at))),
        is_mentioned: known.is_mentioned,
        unread_to: last.filter(|last| known.read.is_some_and(|read| read < *last)),
        typed_summary: known.summary.as_ref().map_or_else(String::new, |one| one.text.clone()),
        summary: summed(app, &known).await?,
        topic: known.id,
        title: known.title,
        version: known.version,
        n_posts: known.posts,
        posts,
        earlier,
        later,
        replied,
        typed,
        faults,
    })
}

async fn summed(app: &App, known: &Topic) -> Result<Option<Summed>, AppError> {
    let Some(one) = &known.summary else { return Ok(None) };
    let who = author(app, one.name.as_ref(), one.by).await?;
    Ok(Some(Summed {
        text: one.text.clone(),
        by: t!("talk-summed-by", who = who, when = here::moment(one.at)),
        since: t!("talk-since", n = known.posts - one.to),
    }))
}

async fn said(app: &App, room: &InRoom, post: Post, read: Option<i64>) -> Result<Said, AppError> {
    let names = names_in(&post);
    Ok(Said {
        id: post.id,
        number: post.number,
        by: said_by(app, room, &post).await?,
        text: words_of(&post),
        mentions: (!names.is_empty()).then(|| t!("talk-mentions", names = here::list(&names))),
        answers: post
            .reply_to
            .map(|n| (post_path(room, post.topic, n), t!("talk-answers-n", n = n))),
        is_own: post.is_own,
        is_new: !post.is_own && read.is_some_and(|read| read < post.number),
    })
}

/// `GET /partnerships/{id}/topics/{topic}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let known = app.store.topic((room.id(), topic_of(&topic)?), room.by).await?;
    let typed = PostForm { reply: asked.reply.clone(), text: String::new() };
    let shown = topic_page(&app, &room, known, &asked, (typed, Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&TopicPage { shell, ..shown })
}

/// `POST /partnerships/{id}/topics/{topic}`: says something.
pub(crate) async fn post(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
    Form(form): Form<PostForm>,
) -> Result<Response, AppError> {
    let at = (room.id(), topic_of(&topic)?);
    let known = app.store.topic(at, room.by).await?;
    let mut faults = Vec::new();
    check_text(&form.text, &mut faults);
    if known.closed.is_some() {
        faults.push(Fault::new("text", t!("talk-is-closed")));
    }
    let reply = Some(&form.reply).filter(|reply| !reply.is_empty());
    let reply: Option<PostId> =
        reply.map(|id| id.parse()).transpose().map_err(|_| AppError::NotFound)?;
    if !faults.is_empty() {
        let shown = topic_page(&app, &room, known, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let mentions = mentions(&app, &room, &form.text).await?;
    let new = NewPost { text: &form.text, reply_to: reply, mentions: &mentions };
    let tx = room.begin(&app).await?;
    let post = tx.post(at, &new, room.by).await?;
    tx.commit().await?;
    Ok(to_topic(&room, at.1, "posted", &post.to_string()).into_response())
}

fn to_topic(room: &InRoom, topic: TopicId, done: &str, what: &str) -> Redirect {
    let undo = match what {
        "" => String::new(),
        what => format!("&undo={}.{what}", room.id()),
    };
    Redirect::to(&format!("{}/topics/{topic}?done={done}{undo}", room.base()))
}

/// `POST /partnerships/{id}/topics/{topic}/read`.
pub(crate) async fn read(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
    Form(form): Form<ReadForm>,
) -> Result<Redirect, AppError> {
    let at = (room.id(), topic_of(&topic)?);
    let tx = room.begin(&app).await?;
    tx.read_topic(at, form.to, room.by).await?;
    tx.commit().await?;
    let known = app.store.topic(at, room.by).await?;
    Ok(match known.posts > form.to {
        true => Redirect::to(&format!("{}/topics/{}?after={}", room.base(), at.1, form.to)),
        false => Redirect::to(&format!("{}/topics?done=topic-read", room.base())),
    })
}

/// `POST /partnerships/{id}/topics/{topic}/summary`.
pub(crate) async fn sum_up(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
    Form(form): Form<SummaryForm>,
) -> Result<Response, AppError> {
    let at = (room.id(), topic_of(&topic)?);
    let known = app.store.topic(at, room.by).await?;
    let mut faults = Vec::new();
    within("summary", &form.summary, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        let nothing = (PostForm::default(), faults);
        let shown = topic_page(&app, &room, known, &Asked::default(), nothing).await?;
        let shown = TopicPage { typed_summary: form.summary, ..shown };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let did = tx.sum_topic(at, (&form.summary, form.to), form.version, room.by).await;
    match did {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_topic(&room, at.1, "topic-summed", "").into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, known, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Someone else summed it up meanwhile: both summaries side by side.
async fn late(
    app: &App,
    room: &InRoom,
    known: Topic,
    mine: SummaryForm,
) -> Result<Response, AppError> {
    let theirs = summed(app, &known).await?;
    let back = format!("{}/topics/{}", room.base(), known.id);
    let late = Late {
        what: known.title,
        who: theirs.as_ref().map_or_else(String::new, |theirs| theirs.by.clone()),
        action: format!("{back}/summary"),
        back,
        rows: vec![Row {
            label: t!("talk-summary"),
            theirs: theirs.map_or_else(String::new, |theirs| theirs.text),
            mine: mine.summary.clone(),
        }],
        fields: vec![
            ("summary", mine.summary),
            ("to", mine.to.to_string()),
            ("version", known.version.to_string()),
        ],
    };
    conflict::show(room.shell(app), late)
}

async fn close_or_open(
    app: &App,
    room: &InRoom,
    topic: &str,
    is_closed: bool,
) -> Result<Redirect, AppError> {
    let topic = topic_of(topic)?;
    let tx = room.begin(app).await?;
    tx.close_topic((room.id(), topic), is_closed, room.by).await?;
    tx.commit().await?;
    Ok(match is_closed {
        true => to_topic(room, topic, "topic-closed", &topic.to_string()),
        false => to_topic(room, topic, "topic-reopened", ""),
    })
}

/// `POST /partnerships/{id}/topics/{topic}/closure`.
pub(crate) async fn close(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    close_or_open(&app, &room, &topic, true).await
}

/// `POST /partnerships/{id}/topics/{topic}/reopening`.
pub(crate) async fn reopen(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    close_or_open(&app, &room, &topic, false).await
}

/// `POST /partnerships/{id}/topics/{topic}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let topic = topic_of(&topic)?;
    let tx = room.begin(&app).await?;
    tx.remove_topic((room.id(), topic), true, room.by).await?;
    tx.commit().await?;
    let undo = format!("undo={}.{topic}", room.id());
    Ok(Redirect::to(&format!("{}/topics?done=topic-removed&{undo}", room.base())))
}

/// `POST /partnerships/{id}/topics/{topic}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, topic)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let topic = topic_of(&topic)?;
    let tx = room.begin(&app).await?;
    tx.remove_topic((room.id(), topic), false, room.by).await?;
    tx.commit().await?;
    Ok(to_topic(&room, topic, "back", ""))
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    post: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let one: PostId = post.parse().map_err(|_| AppError::NotFound)?;
    let tx = room.begin(app).await?;
    let topic = tx.remove_post((room.id(), one), is_removed, room.by).await?;
    tx.commit().await?;
    Ok(match is_removed {
        true => to_topic(room, topic, "unposted", post),
        false => to_topic(room, topic, "back", ""),
    })
}

/// `POST /partnerships/{id}/topics/posts/{post}/removal`.
pub(crate) async fn remove_post(
    State(app): State<App>,
    room: InRoom,
    Path((_, post)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &post, true).await
}

/// `POST /partnerships/{id}/topics/posts/{post}/restoration`.
pub(crate) async fn restore_post(
    State(app): State<App>,
    room: InRoom,
    Path((_, post)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &post, false).await
}
