//! Topics of a partnership for programs: what is said, who is mentioned, who is heard.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{PostId, SeatId, TopicId};
use tieline_model::room::Duty;
use tieline_store::{NewPost, Post, Topic};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::types::{
    Done, GroupHeard, Made, NotWritten, Portion, PostAsked, PostSeen, PostsSearched, PostsWanted,
    ReadAsked, Refused, Repeatable, SummaryAsked, SummarySeen, TopicAsked, TopicSeen, TopicsWanted,
    UnheardSeen, VoicesAsked, VoicesSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::notes::MAX_NOTE;
use crate::pages::subject::within;
use crate::pages::topics::{check_text, check_title, cursor_after, cursor_of};
use crate::pages::voices::{GroupVoice, heard};
use crate::session;

/// Topics or posts of one answer.
const PAGE: u64 = 200;

/// Posts of one answer to a search.
const FOUND: u64 = 50;

/// Seats that one post of a program mentions.
const MOST_MENTIONS: usize = 50;

/// The first of what was found, and whether there is more.
fn portion<T>(mut found: Vec<T>, most: u64) -> (Vec<T>, bool) {
    let is_more = found.len() as u64 > most;
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    (found, is_more)
}

/// Topics of a partnership, the last answered first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/topics", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), TopicsWanted),
    responses((status = 200, body = Portion<TopicSeen>), Refused))]
pub(crate) async fn list_topics(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<TopicsWanted>,
) -> Answer<Portion<TopicSeen>> {
    let Query(wanted) = wanted?;
    let none = || invalid("cursor is none that was given");
    let after = wanted.cursor.as_deref().map(|text| cursor_of(text).ok_or_else(none));
    let which = (wanted.closed, after.transpose()?);
    let found = app.store.topics(room_of(&id)?, which, PAGE + 1, participant(&caller)).await?;
    let (found, is_more) = portion(found, PAGE);
    let next = found.last().filter(|_| is_more).map(cursor_after);
    Ok(Json(Portion { items: found.into_iter().map(topic).collect(), next }))
}

fn topic(one: Topic) -> TopicSeen {
    TopicSeen {
        id: one.id.to_string(),
        title: one.title,
        opened: time(one.opened),
        posts: one.posts,
        last: time(one.last),
        summary: one.summary.map(|summary| SummarySeen {
            text: summary.text,
            to: summary.to,
            at: time(summary.at),
        }),
        closed: one.closed.map(time),
        read: one.read,
        mentioned: one.is_mentioned,
        version: one.version,
    }
}

fn post(one: Post) -> PostSeen {
    PostSeen {
        id: one.id.to_string(),
        topic: one.topic.to_string(),
        number: one.number,
        kind: one.kind.name(),
        text: one.text,
        party: one.party.map(|party| party.to_string()),
        seat: one.seat.map(|seat| seat.to_string()),
        name: one.name,
        reply_to: one.reply_to,
        mentions: one.mentions.iter().map(|(seat, _)| seat.to_string()).collect(),
        at: time(one.at),
    }
}

fn topic_of(id: &str) -> Result<TopicId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// Posts of a topic, in their order.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/topics/{topic}/posts", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"),
        ("topic" = String, Path, description = "id of a topic"), PostsWanted),
    responses((status = 200, body = Portion<PostSeen>), Refused))]
pub(crate) async fn list_posts(
    State(app): State<App>,
    caller: Caller,
    Path((id, one)): Path<(String, String)>,
    wanted: Queried<PostsWanted>,
) -> Answer<Portion<PostSeen>> {
    let Query(wanted) = wanted?;
    let (at, by) = ((room_of(&id)?, topic_of(&one)?), participant(&caller));
    let bounds = (Some(wanted.cursor.unwrap_or(0)), None);
    let (found, is_more) = portion(app.store.posts(at, bounds, PAGE + 1, by).await?, PAGE);
    let next = found.last().filter(|_| is_more).map(|last| last.number.to_string());
    Ok(Json(Portion { items: found.into_iter().map(post).collect(), next }))
}

/// Posts of a partnership that have all words of a text, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/topics/posts", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"), PostsSearched),
    responses((status = 200, body = Portion<PostSeen>), Refused))]
pub(crate) async fn find_posts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    wanted: Queried<PostsSearched>,
) -> Answer<Portion<PostSeen>> {
    let Query(wanted) = wanted?;
    let none = |_| invalid("cursor is none that was given");
    let before: Option<PostId> =
        wanted.cursor.map(|text| text.parse().map_err(none)).transpose()?;
    let (room, by) = (room_of(&id)?, participant(&caller));
    let found = app.store.find_posts(room, &wanted.q, (before, FOUND + 1), by).await?;
    let (found, is_more) = portion(found, FOUND);
    let next = found.last().filter(|_| is_more).map(|last| last.post.id.to_string());
    Ok(Json(Portion { items: found.into_iter().map(|found| post(found.post)).collect(), next }))
}

fn seats_of(seats: &[String]) -> Result<Vec<SeatId>, ApiError> {
    if seats.len() > MOST_MENTIONS {
        return Err(invalid("at most 50 seats at once"));
    }
    seats.iter().map(|seat| seat.parse().map_err(|_| invalid("a seat is no id"))).collect()
}

/// Opens a topic with a first post.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/topics", tag = "partnerships",
    request_body = TopicAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn open_topic(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<TopicAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    check_title(&asked.title, &mut faults);
    check_text(&asked.text, &mut faults);
    checked(&faults)?;
    let mentions = seats_of(&asked.mentions)?;
    let what = (&*id, "/topics", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        let first = NewPost { text: &asked.text, reply_to: None, mentions: &mentions };
        Ok(Made { id: tx.open_topic(id, &asked.title, &first, by).await?.to_string() })
    })
    .await
}

/// Says something in an open topic.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/topics/{topic}/posts",
    tag = "partnerships", request_body = PostAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("topic" = String, Path, description = "id of a topic"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_post(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<PostAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    check_text(&asked.text, &mut faults);
    checked(&faults)?;
    let (at, mentions) = (topic_of(&one)?, seats_of(&asked.mentions)?);
    let reply = asked.reply_to.as_deref().map(str::parse).transpose();
    let reply: Option<PostId> = reply.map_err(|_| invalid("reply_to is no id"))?;
    let rest = format!("/topics/{one}/posts");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::CREATED), async |tx, id, by| {
        let new = NewPost { text: &asked.text, reply_to: reply, mentions: &mentions };
        Ok(Made { id: tx.post((id, at), &new, by).await?.to_string() })
    })
    .await
}

/// Sums a topic of the version given up.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/topics/{topic}/summary",
    tag = "partnerships", request_body = SummaryAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("topic" = String, Path, description = "id of a topic"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn sum_topic(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<SummaryAsked>,
) -> Result<Response, ApiError> {
    let Json(SummaryAsked { text, to, version }) = asked?;
    let mut faults = Vec::new();
    within("text", &text, MAX_NOTE, &mut faults);
    checked(&faults)?;
    let (at, rest) = (topic_of(&one)?, format!("/topics/{one}/summary"));
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.sum_topic((id, at), (&text, to), version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Remembers how far the account has read a topic. It is shown to nobody else.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/topics/{topic}/read",
    tag = "partnerships", request_body = ReadAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("topic" = String, Path, description = "id of a topic"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn read_topic(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<ReadAsked>,
) -> Result<Response, ApiError> {
    let Json(ReadAsked { to }) = asked?;
    let (at, rest) = (topic_of(&one)?, format!("/topics/{one}/read"));
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.read_topic((id, at), to, by).await?;
        Ok(DONE)
    })
    .await
}

/// Who is heard in the topics of a partnership, where enough people are behind a number.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/topics/voices", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = VoicesSeen), Refused))]
pub(crate) async fn show_voices(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<VoicesSeen> {
    let found = heard(&app, (room_of(&id)?, participant(&caller)), session::now()).await?;
    Ok(Json(VoicesSeen {
        people: found.people as u64,
        posts: found.posts,
        own: found.own.and_then(|(_, share)| share),
        evenness: found.even.map(|(even, _)| even),
        gini: found.even.map(|(_, gini)| gini),
        parties: found.parties.iter().map(|one| group(one, one.of.to_string())).collect(),
        duties: found.duties.iter().map(|one| group(one, Duty::name(one.of).to_owned())).collect(),
        unheard: found
            .unheard
            .into_iter()
            .map(|one| UnheardSeen {
                seat: one.seat.to_string(),
                party: one.party.to_string(),
                name: one.name,
                invited: one.is_invited,
            })
            .collect(),
    }))
}

fn group<G>(one: &GroupVoice<G>, of: String) -> GroupHeard {
    GroupHeard {
        of,
        people: one.people as u64,
        share: one.share.map(|(share, _)| share),
        unheard: one.share.map(|(_, unheard)| unheard),
    }
}

/// Asks people to say something in an open topic.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/topics/voices", tag = "partnerships",
    request_body = VoicesAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn invite_voices(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<VoicesAsked>,
) -> Result<Response, ApiError> {
    let Json(VoicesAsked { topic, seats }) = asked?;
    let (at, seats) = (topic_of(&topic)?, seats_of(&seats)?);
    let what = (&*id, "/topics/voices", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.invite_voices((id, at), &seats, by).await?.to_string() })
    })
    .await
}
