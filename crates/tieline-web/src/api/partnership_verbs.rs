//! Verbs on a partnership or one thing in it that a program names by its id, and says no more of; and
//! the objectives of units.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{
    AimId, ChallengeId, ChallengePointId, CheckInId, CommentId, ContributionId, DutyId, GiftId,
    HeardId, InitiativeId, KeyResultId, ObjectiveId, ObjectiveLinkId, PactId, PartId,
    PartnershipId, PartyId, PointId, PostId, ResourceId, RiskId, SeatId, TaskId, TopicId, TrialId,
    UnitId, WorkId,
};
use tieline_model::room::Participant;
use tieline_store::StoreError;

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::objective;
use super::reads::{Answer, may_read};
use super::types::{
    Done, Made, NotWritten, ObjectiveAsked, ObjectiveChange, ObjectiveSeen, Portion, Refused,
    Repeatable, ServedAsked,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked, once};
use crate::app::App;
use crate::pages::aims::MAX_AIM;
use crate::pages::partnerships::MOST_AIMS;
use crate::pages::subject::within;
use crate::session::{self, GUEST_DAYS};

/// Handlers that find one thing in a room by its id and do one verb of the store.
macro_rules! in_room {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident($path:literal, $part:literal, $what:literal) $id:ty:
            |$tx:ident, $room:ident, $one:ident, $by:ident| $verb:expr;
    )+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(post, path = $path, tag = "partnerships",
            params(("id" = String, Path, description = "id of a partnership"),
                ($part = String, Path, description = $what), Repeatable),
            responses((status = 200, body = Done), Refused, NotWritten))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Writer(caller): Writer,
            headers: HeaderMap,
            Path((id, one)): Path<(String, String)>,
        ) -> Result<Response, ApiError> {
            let $room: PartnershipId = id.parse().map_err(|_| ApiError::NotFound)?;
            let $one: $id = one.parse().map_err(|_| ApiError::NotFound)?;
            let $by = Participant::Account(caller.account.id);
            let route = concat!("POST ", $path).replace("{id}", &id).replace(
                concat!("{", $part, "}"), &one);
            once(&app, &caller, &headers, (&route, StatusCode::OK), async |$tx| {
                $verb.await?;
                Ok(DONE)
            })
            .await
        }
    )+};
}

in_room! {
    /// Lets a party leave, with everyone who sits there.
    remove_party("/api/v1/partnerships/{id}/parties/{party}/removal", "party", "id of a party")
        PartyId: |tx, room, one, by| tx.remove_party(room, one, by);

    /// Lets a party take part again.
    restore_party("/api/v1/partnerships/{id}/parties/{party}/restoration", "party", "id of a party")
        PartyId: |tx, room, one, by| tx.restore_party(room, one, by);

    /// Lets someone leave.
    end_seat("/api/v1/partnerships/{id}/people/{seat}/removal", "seat", "id of a seat")
        SeatId: |tx, room, one, by| tx.end_seat((room, one), by);

    /// Lets someone sit there again.
    resume_seat("/api/v1/partnerships/{id}/people/{seat}/restoration", "seat", "id of a seat")
        SeatId: |tx, room, one, by| tx.resume_seat((room, one), by);

    /// Gives the link of a seat, and the sessions that it opened, 30 days from now.
    renew_link("/api/v1/partnerships/{id}/people/{seat}/link/renewal", "seat", "id of a seat")
        SeatId: |tx, room, one, by| {
            let now = session::now();
            tx.renew_guest((room, one), (now, now.plus_days(GUEST_DAYS)), by)
        };

    /// Ends the link of a seat, and every session that it opened.
    end_link("/api/v1/partnerships/{id}/people/{seat}/link/removal", "seat", "id of a seat")
        SeatId: |tx, room, one, by| tx.revoke_guest((room, one), by);

    /// Takes a comment back that the account wrote.
    remove_comment("/api/v1/partnerships/{id}/agreement/comments/{comment}/removal", "comment",
        "id of a comment") CommentId:
        |tx, room, one, by| tx.remove_comment((room, one), true, by);

    /// Lets it stand again.
    restore_comment("/api/v1/partnerships/{id}/agreement/comments/{comment}/restoration",
        "comment", "id of a comment") CommentId:
        |tx, room, one, by| tx.remove_comment((room, one), false, by);

    /// Takes something collected in a conflict case back: an interest by its side, else by anyone in it.
    remove_case_point("/api/v1/partnerships/{id}/conflicts/points/{point}/removal", "point",
        "id of a point") PointId:
        |tx, room, one, by| tx.remove_case_point((room, one), true, by);

    /// Lets it stand again.
    restore_case_point("/api/v1/partnerships/{id}/conflicts/points/{point}/restoration", "point",
        "id of a point") PointId:
        |tx, room, one, by| tx.remove_case_point((room, one), false, by);

    /// Takes an objective of a partnership back, with what measures it.
    remove_okr("/api/v1/partnerships/{id}/okr/{okr}/removal", "okr", "id of an objective of it")
        ObjectiveId: |tx, room, one, by| tx.remove_objective((room, one), true, by);

    /// Lets it stand again.
    restore_okr("/api/v1/partnerships/{id}/okr/{okr}/restoration", "okr", "id of an objective of it")
        ObjectiveId: |tx, room, one, by| tx.remove_objective((room, one), false, by);

    /// Takes a key result back, with its check-ins.
    remove_key_result("/api/v1/partnerships/{id}/okr/results/{result}/removal", "result", "id of a key result")
        KeyResultId: |tx, room, one, by| tx.remove_key_result((room, one), true, by);

    /// Lets it stand again.
    restore_key_result("/api/v1/partnerships/{id}/okr/results/{result}/restoration", "result", "id of a key result")
        KeyResultId: |tx, room, one, by| tx.remove_key_result((room, one), false, by);

    /// Takes a check-in back that the account wrote.
    remove_check_in("/api/v1/partnerships/{id}/okr/check-ins/{check}/removal", "check", "id of a check-in")
        CheckInId: |tx, room, one, by| tx.remove_check_in((room, one), true, by.account().ok_or(ApiError::NotFound)?);

    /// Lets it stand again.
    restore_check_in("/api/v1/partnerships/{id}/okr/check-ins/{check}/restoration", "check", "id of a check-in")
        CheckInId: |tx, room, one, by| tx.remove_check_in((room, one), false, by.account().ok_or(ApiError::NotFound)?);

    /// Takes back what was said of two objectives.
    remove_okr_link("/api/v1/partnerships/{id}/okr/links/{link}/removal", "link", "id of what was said")
        ObjectiveLinkId: |tx, room, one, by| tx.remove_objective_link((room, one), true, by);

    /// Lets it stand again.
    restore_okr_link("/api/v1/partnerships/{id}/okr/links/{link}/restoration", "link", "id of what was said")
        ObjectiveLinkId: |tx, room, one, by| tx.remove_objective_link((room, one), false, by);

    /// Takes a piece of work back, with its roles.
    remove_work("/api/v1/partnerships/{id}/roles/{work}/removal", "work", "id of a piece of work")
        WorkId: |tx, room, one, by| tx.remove_work((room, one), true, by);

    /// Lets it stand again.
    restore_work("/api/v1/partnerships/{id}/roles/{work}/restoration", "work", "id of a piece of work")
        WorkId: |tx, room, one, by| tx.remove_work((room, one), false, by);

    /// Takes something out of the register that is not booked.
    remove_resource("/api/v1/partnerships/{id}/resources/{resource}/removal", "resource",
        "id of a line of the register") ResourceId:
        |tx, room, one, by| tx.remove_resource((room, one), true, by);

    /// Lists it again.
    restore_resource("/api/v1/partnerships/{id}/resources/{resource}/restoration", "resource",
        "id of a line of the register") ResourceId:
        |tx, room, one, by| tx.remove_resource((room, one), false, by);

    /// Takes a line of the ledger back that is not confirmed.
    remove_gift("/api/v1/partnerships/{id}/ledger/{gift}/removal", "gift",
        "id of a line of the ledger") GiftId:
        |tx, room, one, by| tx.remove_gift((room, one), true, by);

    /// Lets it stand again.
    restore_gift("/api/v1/partnerships/{id}/ledger/{gift}/restoration", "gift",
        "id of a line of the ledger") GiftId:
        |tx, room, one, by| tx.remove_gift((room, one), false, by);
    /// Takes back a challenge in which nobody else spoke, and of which nothing came.
    remove_challenge("/api/v1/partnerships/{id}/challenges/{challenge}/removal", "challenge",
        "id of a challenge") ChallengeId: |tx, room, one, by| tx.remove_challenge((room, one), true, by);

    /// Lets it stand again.
    restore_challenge("/api/v1/partnerships/{id}/challenges/{challenge}/restoration", "challenge",
        "id of a challenge") ChallengeId: |tx, room, one, by| tx.remove_challenge((room, one), false, by);

    /// Takes back what the account's party said.
    remove_challenge_point("/api/v1/partnerships/{id}/challenges/points/{entry}/removal", "entry",
        "id of a point of a challenge") ChallengePointId: |tx, room, one, by| tx.remove_challenge_point((room, one), true, by);

    /// Lets it stand again.
    restore_challenge_point("/api/v1/partnerships/{id}/challenges/points/{entry}/restoration", "entry",
        "id of a point of a challenge") ChallengePointId: |tx, room, one, by| tx.remove_challenge_point((room, one), false, by);

    /// Takes out a trial of which nobody said what it showed.
    remove_trial("/api/v1/partnerships/{id}/challenges/trials/{trial}/removal", "trial",
        "id of a trial") TrialId: |tx, room, one, by| tx.remove_trial((room, one), true, by);

    /// Lets it stand again.
    restore_trial("/api/v1/partnerships/{id}/challenges/trials/{trial}/restoration", "trial",
        "id of a trial") TrialId: |tx, room, one, by| tx.remove_trial((room, one), false, by);

    /// Takes back an initiative in which nothing was given or promised.
    remove_initiative("/api/v1/partnerships/{id}/initiatives/{initiative}/removal", "initiative",
        "id of an initiative") InitiativeId: |tx, room, one, by| tx.remove_initiative((room, one), true, by);

    /// Lets it stand again.
    restore_initiative("/api/v1/partnerships/{id}/initiatives/{initiative}/restoration", "initiative",
        "id of an initiative") InitiativeId: |tx, room, one, by| tx.remove_initiative((room, one), false, by);

    /// Takes back a part of which nothing was confirmed.
    remove_part("/api/v1/partnerships/{id}/initiatives/parts/{part}/removal", "part",
        "id of a part of an initiative") PartId: |tx, room, one, by| tx.remove_part((room, one), true, by);

    /// Lets it stand again.
    restore_part("/api/v1/partnerships/{id}/initiatives/parts/{part}/restoration", "part",
        "id of a part of an initiative") PartId: |tx, room, one, by| tx.remove_part((room, one), false, by);

    /// Takes back what was given and is not confirmed.
    remove_contribution("/api/v1/partnerships/{id}/initiatives/contributions/{contribution}/removal", "contribution",
        "id of a contribution") ContributionId: |tx, room, one, by| tx.remove_contribution((room, one), true, by);

    /// Lets it stand again.
    restore_contribution("/api/v1/partnerships/{id}/initiatives/contributions/{contribution}/restoration", "contribution",
        "id of a contribution") ContributionId: |tx, room, one, by| tx.remove_contribution((room, one), false, by);

    /// Takes a task out, and its promise back.
    remove_task("/api/v1/partnerships/{id}/initiatives/tasks/{task}/removal", "task",
        "id of a task") TaskId: |tx, room, one, by| tx.remove_task((room, one), true, by);

    /// Lets it stand again.
    restore_task("/api/v1/partnerships/{id}/initiatives/tasks/{task}/restoration", "task",
        "id of a task") TaskId: |tx, room, one, by| tx.remove_task((room, one), false, by);

    /// Takes a risk out.
    remove_risk("/api/v1/partnerships/{id}/initiatives/risks/{risk}/removal", "risk",
        "id of a risk") RiskId: |tx, room, one, by| tx.remove_risk((room, one), true, by);

    /// Lets it stand again.
    restore_risk("/api/v1/partnerships/{id}/initiatives/risks/{risk}/restoration", "risk",
        "id of a risk") RiskId: |tx, room, one, by| tx.remove_risk((room, one), false, by);

    /// Takes back an agreement that nobody signed.
    remove_pact("/api/v1/partnerships/{id}/pacts/{pact}/removal", "pact", "id of an agreement")
        PactId: |tx, room, one, by| tx.remove_pact((room, one), true, by);

    /// Lets it stand again.
    restore_pact("/api/v1/partnerships/{id}/pacts/{pact}/restoration", "pact",
        "id of an agreement") PactId: |tx, room, one, by| tx.remove_pact((room, one), false, by);

    /// Takes a duty out of an agreement: each party signs again.
    remove_duty("/api/v1/partnerships/{id}/pacts/duties/{duty}/removal", "duty", "id of a duty")
        DutyId: |tx, room, one, by| tx.remove_duty((room, one), true, by);

    /// Lets it stand again: each party signs again.
    restore_duty("/api/v1/partnerships/{id}/pacts/duties/{duty}/restoration", "duty",
        "id of a duty") DutyId: |tx, room, one, by| tx.remove_duty((room, one), false, by);

    /// Takes back what was said and not answered yet.
    remove_heard("/api/v1/partnerships/{id}/listening/{heard}/removal", "heard",
        "id of something that was said") HeardId:
        |tx, room, one, by| tx.remove_heard((room, one), true, by);

    /// Lets it stand again.
    restore_heard("/api/v1/partnerships/{id}/listening/{heard}/restoration", "heard",
        "id of something that was said") HeardId:
        |tx, room, one, by| tx.remove_heard((room, one), false, by);

    /// Takes back a post that the account wrote.
    remove_post("/api/v1/partnerships/{id}/topics/posts/{post}/removal", "post", "id of a post")
        PostId: |tx, room, one, by| tx.remove_post((room, one), true, by);

    /// Lets it stand again.
    restore_post("/api/v1/partnerships/{id}/topics/posts/{post}/restoration", "post", "id of a post")
        PostId: |tx, room, one, by| tx.remove_post((room, one), false, by);

    /// Closes a topic.
    close_topic("/api/v1/partnerships/{id}/topics/{topic}/closure", "topic", "id of a topic")
        TopicId: |tx, room, one, by| tx.close_topic((room, one), true, by);

    /// Opens it again.
    reopen_topic("/api/v1/partnerships/{id}/topics/{topic}/reopening", "topic", "id of a topic")
        TopicId: |tx, room, one, by| tx.close_topic((room, one), false, by);

    /// Takes back a topic that the account opened, while nobody else has said anything in it.
    remove_topic("/api/v1/partnerships/{id}/topics/{topic}/removal", "topic", "id of a topic")
        TopicId: |tx, room, one, by| tx.remove_topic((room, one), true, by);

    /// Lets it stand again.
    restore_topic("/api/v1/partnerships/{id}/topics/{topic}/restoration", "topic", "id of a topic")
        TopicId: |tx, room, one, by| tx.remove_topic((room, one), false, by);

    /// Takes back what the account said on a question.
    remove_statement("/api/v1/partnerships/{id}/decisions/statements/{comment}/removal",
        "comment", "id of a statement") CommentId:
        |tx, room, one, by| tx.unsay((room, one), true, by);

    /// Lets it stand again.
    restore_statement("/api/v1/partnerships/{id}/decisions/statements/{comment}/restoration",
        "comment", "id of a statement") CommentId:
        |tx, room, one, by| tx.unsay((room, one), false, by);

    /// Says that a partnership does not serve an objective any more.
    drop_objective("/api/v1/partnerships/{id}/objectives/{objective}/removal", "objective",
        "id of an objective") AimId: |tx, room, one, by| tx.drop_aim(room, one, by);
}

/// Says that a partnership serves an objective.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/objectives", tag = "partnerships",
    request_body = ServedAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn serve_objective(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<ServedAsked>,
) -> Result<Response, ApiError> {
    let room: PartnershipId = id.parse().map_err(|_| ApiError::NotFound)?;
    let aim: AimId = asked?.0.objective.parse().map_err(|_| invalid("objective is no id"))?;
    let by = Participant::Account(caller.account.id);
    let route = format!("POST /partnerships/{id}/objectives");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.serve_aim(room, aim, by).await?;
        Ok(DONE)
    })
    .await
}

/// Strategic objectives of units, by unit.
#[utoipa::path(get, path = "/api/v1/objectives", tag = "partnerships",
    responses((status = 200, body = Portion<ObjectiveSeen>), Refused))]
pub(crate) async fn list_objectives(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<ObjectiveSeen>> {
    may_read(&caller)?;
    let items = app.store.aims(MOST_AIMS).await?.into_iter().map(objective).collect();
    Ok(Json(Portion { items, next: None }))
}

fn line(text: &str) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    within("text", text, MAX_AIM, &mut faults);
    checked(&faults)
}

/// Whether the caller runs things.
pub(super) fn steward(caller: &Caller) -> Result<(), ApiError> {
    if caller.viewer.may_steward() { Ok(()) } else { Err(ApiError::NotFound) }
}

/// Writes an objective of a unit down; for stewards.
#[utoipa::path(post, path = "/api/v1/objectives", tag = "partnerships",
    request_body = ObjectiveAsked, params(Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_objective(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<ObjectiveAsked>,
) -> Result<Response, ApiError> {
    steward(&caller)?;
    let Json(ObjectiveAsked { unit, text }) = asked?;
    line(&text)?;
    let unit: UnitId = unit.parse().map_err(|_| invalid("unit is no id"))?;
    let by = caller.account.id;
    once(&app, &caller, &headers, ("POST /objectives", StatusCode::CREATED), async |tx| {
        match tx.add_aim(unit, &text, by).await {
            Err(StoreError::NotFound { .. }) => Err(invalid("there is no such unit")),
            added => Ok(Made { id: added?.to_string() }),
        }
    })
    .await
}

/// Changes an objective; for stewards.
#[utoipa::path(post, path = "/api/v1/objectives/{id}", tag = "partnerships",
    request_body = ObjectiveChange,
    params(("id" = String, Path, description = "id of an objective"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_objective(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<ObjectiveChange>,
) -> Result<Response, ApiError> {
    steward(&caller)?;
    let Json(ObjectiveChange { text, version }) = asked?;
    line(&text)?;
    let known = app.store.aim(id.parse().map_err(|_| ApiError::NotFound)?).await?;
    let (changed, by) = (tieline_store::Aim { text, version, ..known }, caller.account.id);
    let route = format!("POST /objectives/{id}");
    once(&app, &caller, &headers, (&route, StatusCode::OK), async |tx| {
        tx.update_aim(&changed, by).await?;
        Ok(DONE)
    })
    .await
}
