//! Outside partners who take part by link: the link is handed over or mailed, exchanged once for a
//! session that opens one partnership alone, and can be renewed or ended at any time.

use askama::Template;
use axum::extract::{Extension, Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::Deserialize;
use tieline_model::id::SeatId;
use tieline_model::job::{Job, Letter};
use tieline_store::{Constraint, GuestLink, GuestSeat, StoreError};

use super::form::{Fault, fault_of};
use crate::app::App;
use crate::client::Client;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::{InRoom, seat_of};
use crate::session::{self, GUEST_DAYS, Secret};
use crate::shell::{Outside, Shell};
use crate::throttle::{Limit, count};

/// Links that one network may try in an hour: an office shares an address.
const MOST_OF_NETWORK: u64 = 60;

#[derive(Template)]
#[template(path = "guest_link.html")]
struct LinkPage {
    shell: Shell,
    base: String,
    room: String,
    name: String,
    /// Where the page is, for its forms.
    at: String,
    /// The link that was made just now, and its last day.
    made: Option<(String, String)>,
    /// What holds, in a sentence.
    holds: String,
    is_open: bool,
    /// Whether whoever sits there has an account.
    signs_in: bool,
    mails: bool,
}

/// The seat of a path, for accounts that say who sits at its party.
async fn seat_for(app: &App, room: &InRoom, seat: &str) -> Result<(SeatId, GuestSeat), AppError> {
    let seat = seat_of(seat)?;
    let known = app.store.guest_seat(seat).await?.filter(|known| {
        known.partnership == room.id()
            && room.by.account().is_some()
            && room.standing().seats(known.party)
    });
    Ok((seat, known.ok_or(AppError::NotFound)?))
}

async fn link_page(
    app: &App,
    room: &InRoom,
    (seat, known): (SeatId, GuestSeat),
    made: Option<(String, String)>,
) -> Result<LinkPage, AppError> {
    let links = app.store.guest_links(room.id(), session::now(), room.by).await?;
    let link = links.iter().find(|link| link.seat == seat);
    Ok(LinkPage {
        shell: room.shell(app),
        base: room.base(),
        room: room.room.partnership.name.clone(),
        name: known.name.unwrap_or_else(|| t!("partnerships-nobody-known")),
        at: format!("{}/people/{seat}/link", room.base()),
        made,
        holds: link.map_or_else(|| t!("guest-holds-none"), link_words),
        is_open: link.is_some(),
        signs_in: known.signs_in,
        mails: app.settings.mails,
    })
}

/// What a link is, in a sentence.
pub(super) fn link_words(link: &GuestLink) -> String {
    let until = here::date(link.expires);
    match (link.waits, link.browsers) {
        (true, 0) => t!("guest-holds-waits", until = until),
        (true, n) => t!("guest-holds-both", n = n, until = until),
        (false, n) => t!("guest-holds-came", n = n, until = until),
    }
}

/// `GET /partnerships/{id}/people/{seat}/link`: what a link does, and what there is.
pub(crate) async fn show_link(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let at = seat_for(&app, &room, &seat).await?;
    page(&link_page(&app, &room, at, None).await?)
}

/// `POST /partnerships/{id}/people/{seat}/link`: a link for whoever sits there, shown once. There is
/// no redirect, because the secret must not get into an address that is kept.
pub(crate) async fn make_link(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let at = seat_for(&app, &room, &seat).await?;
    let secret = Secret::new()?;
    let expires = session::now().plus_days(GUEST_DAYS);
    let tx = room.begin(&app).await?;
    match tx.add_guest_link(&secret.hash(), (room.id(), at.0), expires, room.by).await {
        Ok(()) => tx.commit().await?,
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            tx.rollback().await?;
            let shown = page(&link_page(&app, &room, at, None).await?)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    let made = (session::guest_path(&secret), here::date(expires));
    page(&link_page(&app, &room, at, Some(made)).await?)
}

/// `POST /partnerships/{id}/people/{seat}/link/mail`: sends it to the address of the seat.
pub(crate) async fn mail_link(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (seat, known) = seat_for(&app, &room, &seat).await?;
    let by = room.by.account().filter(|_| app.settings.mails && !known.signs_in);
    let by = by.ok_or(AppError::NotFound)?;
    let tx = room.begin(&app).await?;
    tx.enqueue(&Job::Mail { letter: Letter::Guest { seat, by } }, Some(by), None).await?;
    tx.commit().await?;
    Ok(to_people(&room, "guest-mailed"))
}

/// `POST /partnerships/{id}/people/{seat}/link/renewal`: thirty days from now.
pub(crate) async fn renew(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let now = session::now();
    let tx = room.begin(&app).await?;
    let days = (now, now.plus_days(GUEST_DAYS));
    tx.renew_guest((room.id(), seat_of(&seat)?), days, room.by).await?;
    tx.commit().await?;
    Ok(to_people(&room, "guest-renewed"))
}

/// `POST /partnerships/{id}/people/{seat}/link/removal`: ends the link and what it was exchanged for.
pub(crate) async fn revoke(
    State(app): State<App>,
    room: InRoom,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let tx = room.begin(&app).await?;
    tx.revoke_guest((room.id(), seat_of(&seat)?), room.by).await?;
    tx.commit().await?;
    Ok(to_people(&room, "guest-ended"))
}

fn to_people(room: &InRoom, done: &str) -> Redirect {
    Redirect::to(&format!("{}/people?done={done}", room.base()))
}

/// What the form on entering brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnterForm {
    zone: String,
}

#[derive(Template)]
#[template(path = "guest_enter.html")]
struct EnterPage {
    outside: Outside,
    secret: String,
    room: String,
    name: String,
    until: String,
    zone: String,
    /// Whether the browser may say where it is: not over what was typed.
    asks: bool,
    faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "guest_used.html")]
struct UsedPage {
    outside: Outside,
}

/// `GET /guest/{secret}`: says what a click does. A program that looks at links uses nothing up.
pub(crate) async fn show(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    enter_page(&app, secret, None).await
}

async fn enter_page(
    app: &App,
    secret: String,
    typed: Option<String>,
) -> Result<Response, AppError> {
    let hash = Secret::given(&secret).hash();
    let Some(guest) = app.store.guest_by_link(&hash, session::now()).await? else {
        return used();
    };
    let is_refused = typed.is_some();
    let shown = page(&EnterPage {
        outside: Outside,
        secret,
        room: guest.room,
        name: guest.name.unwrap_or_else(|| t!("partnerships-nobody-known")),
        until: here::date(guest.expires),
        asks: !is_refused,
        faults: typed.iter().map(|_| Fault::new("zone", t!("form-zone"))).collect(),
        zone: typed.unwrap_or_else(here::zone),
    })?;
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown).into_response())
}

fn used() -> Result<Response, AppError> {
    Ok((StatusCode::GONE, page(&UsedPage { outside: Outside })?).into_response())
}

/// `POST /guest/{secret}`: exchanges the link, once.
pub(crate) async fn enter(
    State(app): State<App>,
    Path(secret): Path<String>,
    Extension(client): Extension<Client>,
    jar: CookieJar,
    Form(form): Form<EnterForm>,
) -> Result<Response, AppError> {
    let now = session::now();
    count(&app, &[Limit::new("guest-from", &client.network(), MOST_OF_NETWORK)], now).await?;
    let zone = if form.zone.is_empty() { here::zone() } else { form.zone };
    if jiff::tz::TimeZone::get(&zone).is_err() {
        return enter_page(&app, secret, Some(zone)).await;
    }
    let (hash, own) = (Secret::given(&secret).hash(), Secret::new()?);
    let tx = app.store.begin().await?;
    let guest = tx.use_guest_link(&hash, (&own.hash(), &zone), now).await?;
    tx.commit().await?;
    let Some(guest) = guest else { return used() };
    let jar = jar.add(session::guest_cookie(guest.partnership, &own, app.settings.secure));
    Ok((jar, Redirect::to(&format!("/partnerships/{}", guest.partnership))).into_response())
}

#[derive(Template)]
#[template(path = "guest_left.html")]
struct LeftPage {
    outside: Outside,
}

/// `POST /partnerships/{id}/guest-session/end`: a guest leaves this browser.
pub(crate) async fn end(
    State(app): State<App>,
    room: InRoom,
    jar: CookieJar,
) -> Result<Response, AppError> {
    let name = session::guest_cookie_name(room.id());
    let held = jar.get(&name).filter(|_| room.by.account().is_none());
    let hash = Secret::given(held.ok_or(AppError::NotFound)?.value()).hash();
    let tx = room.begin(&app).await?;
    tx.close_guest_session(&hash).await?;
    tx.commit().await?;
    let jar = jar.remove(Cookie::build(name).path("/partnerships"));
    Ok((jar, page(&LeftPage { outside: Outside })?).into_response())
}
