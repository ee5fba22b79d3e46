//! Who is who: pairs that wait for a person's word, and the words that were given.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::claim::Decision;
use tieline_model::id::AddressId;
use tieline_store::{AddressSeen, Person, ReviewState, StoredDecision};

use super::form::Fault;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Pairs of a page.
const PAGE: usize = 20;

/// Pairs read from the store at a time.
const READ: u64 = 100;

/// Longest reason, characters.
pub(super) const MAX_REASON: usize = 500;

/// Addresses shown of one person.
const MOST_ADDRESSES: usize = 8;

/// What the URL asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `decided` for the words that were given.
    state: String,
    after: String,
}

/// One of two people, as much as helps to tell.
struct Side {
    address: String,
    href: Option<String>,
    name: String,
    initials: String,
    addresses: Vec<String>,
    posts: Vec<String>,
    seen: String,
}

/// Two who may be one.
struct Pair {
    a: Side,
    b: Side,
    likely: String,
    reasons_for: Vec<String>,
    reasons_against: Vec<String>,
}

/// A word that was given.
struct Word {
    a: Side,
    b: Side,
    is_same: bool,
    reason: String,
    when: String,
}

#[derive(Template)]
#[template(path = "identities.html")]
struct IdentitiesPage {
    shell: Shell,
    is_decided: bool,
    open: u64,
    pairs: Vec<Pair>,
    words: Vec<Word>,
    next: Option<String>,
    faults: Vec<Fault>,
}

/// `GET /identities`.
pub(crate) async fn list(
    State(app): State<App>,
    Steward(signed): Steward,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let mut built = build(&app, &signed, &asked).await?;
    built.shell = built.shell.with_toast(done.toast());
    page(&built)
}

async fn build(app: &App, signed: &Signed, asked: &Asked) -> Result<IdentitiesPage, AppError> {
    let is_decided = asked.state == "decided";
    let (pairs, words, next) = if is_decided {
        let (words, next) = decided(app, &asked.after).await?;
        (Vec::new(), words, next)
    } else {
        let (pairs, next) = open(app, &asked.after).await?;
        (pairs, Vec::new(), next)
    };
    Ok(IdentitiesPage {
        shell: Shell::new(app, signed, Place::Directory),
        is_decided,
        open: app.store.open_reviews().await?,
        pairs,
        words,
        next,
        faults: Vec::new(),
    })
}

fn no_such_page() -> AppError {
    AppError::BadRequest(t!("error-no-such-page"))
}

/// Pairs without a word, after an ordinal, and where the next page begins.
async fn open(app: &App, after: &str) -> Result<(Vec<Pair>, Option<String>), AppError> {
    let mut after = match after {
        "" => None,
        number => Some(number.parse::<u64>().map_err(|_| no_such_page())?),
    };
    let mut pairs = Vec::new();
    let mut last = None;
    loop {
        let found = app.store.reviews(after, READ).await?;
        let Some(end) = found.last() else { return Ok((pairs, None)) };
        after = Some(end.ordinal);
        for stored in found.into_iter().filter(|stored| stored.state == ReviewState::Open) {
            if pairs.len() == PAGE {
                let next = last.map(|ordinal: u64| format!("/identities?after={ordinal}"));
                return Ok((pairs, next));
            }
            last = Some(stored.ordinal);
            let review = stored.review;
            pairs.push(Pair {
                a: side(app, review.a).await?,
                b: side(app, review.b).await?,
                likely: show::percent(review.probability),
                reasons_for: review.reasons_for.iter().map(|why| show::sentence(why)).collect(),
                reasons_against: review
                    .reasons_against
                    .iter()
                    .map(|why| show::sentence(why))
                    .collect(),
            });
        }
    }
}

/// Order of the words that were given, the newest first.
fn place(word: &StoredDecision) -> (i64, AddressId, AddressId) {
    (word.at.ms(), word.decision.a, word.decision.b)
}

fn place_of(token: &str) -> Option<(i64, AddressId, AddressId)> {
    let mut parts = token.split('-');
    let place =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}

async fn decided(app: &App, after: &str) -> Result<(Vec<Word>, Option<String>), AppError> {
    let mut all = app.store.decisions().await?;
    all.sort_by_key(|word| std::cmp::Reverse(place(word)));
    if !after.is_empty() {
        let from = place_of(after).ok_or_else(no_such_page)?;
        all.retain(|word| place(word) < from);
    }
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    let next = all.last().filter(|_| more).map(place);
    let mut words = Vec::with_capacity(all.len());
    for word in all {
        words.push(Word {
            a: side(app, word.decision.a).await?,
            b: side(app, word.decision.b).await?,
            is_same: word.decision.same,
            reason: word.decision.reason,
            when: here::date(word.at),
        });
    }
    let next = next.map(|(at, a, b)| format!("/identities?state=decided&after={at}-{a}-{b}"));
    Ok((words, next))
}

/// Whoever has the address; the address alone where nobody has it any more.
async fn side(app: &App, address: AddressId) -> Result<Side, AppError> {
    let person = match app.store.actor_of(address).await? {
        Some(actor) => Some(app.store.person(actor).await?),
        None => None,
    };
    match person {
        Some(person) => Ok(side_of(address, &person)),
        None => {
            let seen = app.store.address(address).await?;
            let seen = AddressSeen { id: address, seen };
            let name = text(&seen);
            Ok(Side {
                address: address.to_string(),
                href: None,
                initials: show::initials(&name),
                addresses: Vec::new(),
                posts: Vec::new(),
                seen: traffic(std::slice::from_ref(&seen)),
                name,
            })
        }
    }
}

fn side_of(address: AddressId, person: &Person) -> Side {
    let now = session::now();
    let posts = person.affiliations.iter().filter(|(post, _)| !post.proposed);
    let mut posts: Vec<String> = posts
        .filter(|(post, _)| post.holds_at(now))
        .map(|(post, units)| {
            let units = units.iter().map(|unit| unit.name.clone());
            post.title.clone().into_iter().chain(units).collect::<Vec<_>>().join(", ")
        })
        .collect();
    posts.dedup();
    posts.truncate(3);
    Side {
        address: address.to_string(),
        href: Some(format!("/people/{}", person.actor.id)),
        name: person.actor.name.clone(),
        initials: show::initials(&person.actor.name),
        addresses: person.addresses.iter().take(MOST_ADDRESSES).map(text).collect(),
        posts,
        seen: traffic(&person.addresses),
    }
}

fn text(address: &AddressSeen) -> String {
    match &address.seen {
        Some(seen) => seen.address.to_string(),
        None => t!("imports-address-gone"),
    }
}

/// "12 sent, 40 received, last on 3 March 2026".
fn traffic(addresses: &[AddressSeen]) -> String {
    let seen = || addresses.iter().filter_map(|address| address.seen.as_ref());
    let sent: u64 = seen().map(|seen| seen.sent).sum();
    let received: u64 = seen().map(|seen| seen.received).sum();
    if sent + received == 0 {
        return t!("imports-no-traffic");
    }
    match seen().filter_map(|seen| seen.last).max() {
        Some(last) => {
            let last = here::date(last);
            t!("imports-traffic-last", sent = sent, received = received, last = last)
        }
        None => t!("imports-traffic", sent = sent, received = received),
    }
}

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    a: String,
    b: String,
    /// `same` or `different`.
    decision: String,
    reason: String,
}

/// `POST /identities/decisions`: one person, or two. Everything derived follows in the background.
pub(crate) async fn decide(
    State(app): State<App>,
    Steward(signed): Steward,
    Form(given): Form<Given>,
) -> Result<Response, AppError> {
    let (a, b) = known_pair(&app, &given.a, &given.b).await?;
    let same = match given.decision.as_str() {
        "same" => true,
        "different" => false,
        _ => return Err(AppError::BadRequest(t!("error-same-or-not"))),
    };
    if given.reason.chars().count() > MAX_REASON {
        let mut built = build(&app, &signed, &Asked::default()).await?;
        built.faults.push(Fault::new("pairs", t!("form-reason-500")));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&built)?).into_response());
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.add_decision(&Decision { a, b, same, reason: given.reason.trim().to_owned() }).await?;
    tx.commit().await?;
    let done = if same { "same" } else { "different" };
    Ok(Redirect::to(&format!("/identities?done={done}&undo={a}-{b}")).into_response())
}

/// Two addresses that imports know, or that were added by hand.
async fn known_pair(app: &App, a: &str, b: &str) -> Result<(AddressId, AddressId), AppError> {
    let a: AddressId = a.parse().map_err(|_| AppError::NotFound)?;
    let b: AddressId = b.parse().map_err(|_| AppError::NotFound)?;
    for address in [a, b] {
        if app.store.address(address).await?.is_none() {
            app.store.actor_of(address).await?.ok_or(AppError::NotFound)?;
        }
    }
    Ok((a, b))
}

/// `POST /identities/decisions/{a}/{b}/undo`.
pub(crate) async fn undo(
    State(app): State<App>,
    Steward(signed): Steward,
    Path((a, b)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let a: AddressId = a.parse().map_err(|_| AppError::NotFound)?;
    let b: AddressId = b.parse().map_err(|_| AppError::NotFound)?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_decision(a, b).await?;
    tx.commit().await?;
    Ok(Redirect::to("/identities?done=decision-undone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_among_the_words_given_survives_its_url() {
        let (a, b) = (AddressId::of(&[b"a"]), AddressId::of(&[b"b"]));
        assert_eq!(place_of(&format!("5-{a}-{b}")), Some((5, a, b)));
        for none in ["", "5", "x-y-z", &format!("5-{a}-{b}-")] {
            assert_eq!(place_of(none), None, "{none}");
        }
    }
}
