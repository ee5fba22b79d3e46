//! Verbs on one thing that a program names by its id, and says no more of.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{AimId, NoteId, PartnershipId, PlaceId, PromiseId, SavedViewId, UnitId};

use super::caller::Writer;
use super::error::ApiError;
use super::partnership_verbs::steward;
use super::types::{Done, NotWritten, Refused, Repeatable};
use super::written::{DONE, once};
use crate::app::App;
use crate::session;

/// Handlers that find the thing by its id and do one verb of the store, `by` the caller's account,
/// where `if` lets the caller.
macro_rules! on_one {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident($path:literal, $tag:literal, $what:literal) $(if $may:ident,)? $id:ty:
            |$tx:ident, $one:ident, $by:ident| $verb:expr;
    )+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(post, path = $path, tag = $tag,
            params(("id" = String, Path, description = $what), Repeatable),
            responses((status = 200, body = Done), Refused, NotWritten))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Writer(caller): Writer,
            headers: HeaderMap,
            Path(id): Path<String>,
        ) -> Result<Response, ApiError> {
            $($may(&caller)?;)?
            let ($one, $by): ($id, _) =
                (id.parse().map_err(|_| ApiError::NotFound)?, caller.account.id);
            let route = concat!("POST ", $path).replace("{id}", &id);
            once(&app, &caller, &headers, (&route, StatusCode::OK), async |$tx| {
                $verb.await?;
                Ok(DONE)
            })
            .await
        }
    )+};
}

on_one! {
    /// Takes back where someone works.
    remove_place("/api/v1/places/{id}/removal", "directory", "id of a place") PlaceId:
        |tx, one, _by| tx.remove_place(one);

    /// Lets a place that was taken back stand again.
    restore_place("/api/v1/places/{id}/restoration", "directory", "id of a place") PlaceId:
        |tx, one, _by| tx.restore_place(one);

    /// Removes a note that the account wrote.
    remove_note("/api/v1/notes/{id}/removal", "notes", "id of a note") NoteId:
        |tx, one, by| tx.delete_note(one, by);

    /// Brings a removed note back.
    restore_note("/api/v1/notes/{id}/restoration", "notes", "id of a note") NoteId:
        |tx, one, by| tx.undelete_note(one, by);

    /// Says that a promise was kept, now.
    keep_promise("/api/v1/promises/{id}/kept", "promises", "id of a promise") PromiseId:
        |tx, one, by| tx.keep_promise(one, by, session::now());

    /// Opens a kept promise again.
    reopen_promise("/api/v1/promises/{id}/reopening", "promises", "id of a promise") PromiseId:
        |tx, one, by| tx.reopen_promise(one, by);

    /// Takes a promise back that the account wrote down.
    withdraw_promise("/api/v1/promises/{id}/withdrawal", "promises", "id of a promise") PromiseId:
        |tx, one, by| tx.withdraw_promise(one, by);

    /// Takes a unit back that the account added and nobody works in.
    withdraw_unit("/api/v1/units/{id}/withdrawal", "directory", "id of a unit") UnitId:
        |tx, one, by| tx.withdraw_unit(one, by);

    /// Takes a partnership back that the account opened.
    remove_partnership("/api/v1/partnerships/{id}/removal", "partnerships", "id of a partnership")
        PartnershipId: |tx, one, by| tx.remove_partnership(one, by);

    /// Brings it back.
    restore_partnership("/api/v1/partnerships/{id}/restoration", "partnerships",
        "id of a partnership") PartnershipId: |tx, one, by| tx.restore_partnership(one, by);

    /// Takes an objective back; for stewards.
    remove_objective("/api/v1/objectives/{id}/removal", "partnerships", "id of an objective")
        if steward, AimId: |tx, one, _by| tx.remove_aim(one);

    /// Lets it stand again; for stewards.
    restore_objective("/api/v1/objectives/{id}/restoration", "partnerships", "id of an objective")
        if steward, AimId: |tx, one, _by| tx.restore_aim(one);

    /// Removes a saved listing of the account.
    remove_view("/api/v1/views/{id}/removal", "account", "id of a saved view") SavedViewId:
        |tx, one, by| tx.remove_view(one, by);
}
