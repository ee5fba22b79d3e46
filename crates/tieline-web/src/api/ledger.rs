//! The ledger of give and take for programs: its lines, what receivers say of them, the balance.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{GiftId, PartyId};
use tieline_model::ledger::{self, Receipt};
use tieline_store::{Flow, Gift, NewGift};

use super::caller::{Caller, Writer};
use super::decisions::known;
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::{Answer, Asked as Queried};
use super::resources::{amount_of, kind_of};
use super::types::{
    BalanceSeen, Done, GiftAsked, GiftSeen, Made, NotWritten, Paging, Portion, ReceiptAsked,
    Refused, Repeatable, ShareSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::ledger::check;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::subject::{day_of, within};
use crate::session;

/// Lines of one answer.
const PAGE: u64 = 200;

/// Lines of the ledger, the newest first.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/ledger", tag = "resources",
    params(("id" = String, Path, description = "id of a partnership"), Paging),
    responses((status = 200, body = Portion<GiftSeen>), Refused))]
pub(crate) async fn list_gifts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Queried<Paging>,
) -> Answer<Portion<GiftSeen>> {
    let Query(Paging { cursor, limit }) = paging?;
    let before: Option<GiftId> = cursor.as_deref().map(known).transpose()?;
    let limit = limit.unwrap_or(50).clamp(1, PAGE);
    let (id, by) = (room_of(&id)?, participant(&caller));
    let mut all = app.store.gifts(id, before, limit + 1, by).await?;
    let is_more = all.len() as u64 > limit;
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|last| last.id.to_string());
    Ok(Json(Portion { items: all.into_iter().map(gift).collect(), next }))
}

fn gift(one: Gift) -> GiftSeen {
    GiftSeen {
        id: one.id.to_string(),
        giver: one.new.giver.to_string(),
        receiver: one.new.receiver.to_string(),
        kind: one.new.kind.name(),
        text: one.new.text,
        amount: one.new.amount,
        unit: one.new.unit,
        day: time(one.new.day),
        booking: one.new.booking.map(|booking| booking.to_string()),
        receipt: one.receipt.name(),
        question: one.question,
        version: one.version,
    }
}

/// What each party gave and received, for each kind in each unit: unlike things are never added up.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/ledger/balance", tag = "resources",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = Portion<BalanceSeen>), Refused))]
pub(crate) async fn show_balance(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<BalanceSeen>> {
    let flows = app.store.flows(room_of(&id)?, participant(&caller)).await?;
    Ok(Json(Portion::whole(flows.iter().map(balance))))
}

fn balance(flow: &Flow) -> BalanceSeen {
    let share = |party: PartyId| {
        let found = ledger::of_party(&flow.entries, party);
        ShareSeen {
            party: party.to_string(),
            given: found.given,
            received: found.received,
            unvalued_given: found.n_unvalued_given,
            unvalued_received: found.n_unvalued_received,
            unconfirmed: found.n_unconfirmed,
            balance: found.balance(),
        }
    };
    BalanceSeen {
        kind: flow.kind.name(),
        unit: flow.unit.clone(),
        reciprocity: ledger::reciprocity(&flow.entries),
        parties: flow.parties().into_iter().map(share).collect(),
    }
}

/// Writes down what the account's own party gave another; the other confirms or questions it.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/ledger", tag = "resources",
    request_body = GiftAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn enter_gift(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<GiftAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    let new = NewGift {
        giver: known(&asked.giver)?,
        receiver: known(&asked.receiver)?,
        kind: kind_of(&asked.kind)?,
        text: asked.text,
        amount: amount_of(asked.amount)?,
        unit: asked.unit,
        day: day_of("day", &asked.day, &mut faults).unwrap_or(session::now()),
        booking: asked.booking.as_deref().map(known).transpose()?,
    };
    check(&new, &mut faults);
    checked(&faults)?;
    let what = (&*id, "/ledger", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.enter_gift(id, &new, by).await?.to_string() })
    })
    .await
}

/// Confirms or questions what the account's own party received, of the version given.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/ledger/{gift}/receipt", tag = "resources",
    request_body = ReceiptAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("gift" = String, Path, description = "id of a line of the ledger"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn answer_gift(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, one)): Path<(String, String)>,
    asked: Asked<ReceiptAsked>,
) -> Result<Response, ApiError> {
    let Json(ReceiptAsked { receipt, question, version }) = asked?;
    let mut faults = Vec::new();
    within("question", &question, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let receipt = Receipt::from_name(&receipt);
    let receipt = receipt.ok_or_else(|| invalid("receipt is waits, confirmed or questioned"))?;
    let at: GiftId = one.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/ledger/{one}/receipt");
    in_room((&app, &caller, &headers), (&id, &rest, StatusCode::OK), async |tx, id, by| {
        tx.answer_gift((id, at), (receipt, &question), version, by).await?;
        Ok(DONE)
    })
    .await
}
