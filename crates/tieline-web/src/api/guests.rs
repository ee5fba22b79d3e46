//! Links of guests for programs: what there is, made, mailed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tieline_model::id::SeatId;
use tieline_model::job::{Job, Letter};
use tieline_store::{Constraint, GuestLink, StoreError};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{participant, room_of};
use super::reads::Answer;
use super::types::{Done, LinkMade, LinkSeen, NotWritten, Portion, Refused, Repeatable, time};
use super::writes::invalid;
use super::written::{DONE, once};
use crate::app::App;
use crate::error::AppError;
use crate::session::{self, GUEST_DAYS, Secret};

/// Seats that guests may come to, at the parties whose seats the account gives.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/links", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = Portion<LinkSeen>), Refused))]
pub(crate) async fn list_links(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<LinkSeen>> {
    let by = participant(&caller);
    let all = app.store.guest_links(room_of(&id)?, session::now(), by).await?;
    Ok(Json(Portion { items: all.into_iter().map(link).collect(), next: None }))
}

fn link(one: GuestLink) -> LinkSeen {
    LinkSeen {
        seat: one.seat.to_string(),
        waits: one.waits,
        browsers: one.browsers,
        expires: time(one.expires),
    }
}

/// Makes the link of a seat, for someone without an account; one that was not opened yet ends. The
/// answer is not kept for repeating, since it holds the secret: asked again, it makes another one.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/people/{seat}/link",
    tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"),
        ("seat" = String, Path, description = "id of a seat")),
    responses((status = 201, body = LinkMade), Refused, NotWritten))]
pub(crate) async fn make_link(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, seat)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let seat: SeatId = seat.parse().map_err(|_| ApiError::NotFound)?;
    let at = (room_of(&id)?, seat);
    if !caller.viewer.may_read() {
        return Err(ApiError::NotFound);
    }
    let (secret, expires) =
        (Secret::new().map_err(AppError::from)?, session::now().plus_days(GUEST_DAYS));
    let tx = app.store.begin_by(caller.account.id).await?;
    match tx.add_guest_link(&secret.hash(), at, expires, participant(&caller)).await {
        Err(StoreError::Conflict(Constraint::Taken(_))) => {
            return Err(invalid("whoever sits there has an account and signs in"));
        }
        made => made?,
    }
    tx.commit().await?;
    let made = LinkMade { path: session::guest_path(&secret), expires: time(expires) };
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, unkept, Json(made)).into_response())
}

/// Mails the link of a seat to its address, where mail is configured.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/people/{seat}/link/mail",
    tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership"),
        ("seat" = String, Path, description = "id of a seat"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn mail_link(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, seat)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let at: SeatId = seat.parse().map_err(|_| ApiError::NotFound)?;
    let room = app.store.room(room_of(&id)?, participant(&caller)).await?;
    let known = app.store.guest_seat(at).await?.filter(|known| {
        known.partnership == room.partnership.id && room.standing.seats(known.party)
    });
    let known = known.ok_or(ApiError::NotFound)?;
    if !app.settings.mails {
        return Err(invalid("no mail is configured: make a link and hand it over"));
    }
    if known.signs_in {
        return Err(invalid("whoever sits there has an account and signs in"));
    }
    let by = caller.account.id;
    let route = format!("POST /partnerships/{id}/people/{seat}/link/mail");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.enqueue(&Job::Mail { letter: Letter::Guest { seat: at, by } }, Some(by), None).await?;
        Ok(DONE)
    })
    .await
}
