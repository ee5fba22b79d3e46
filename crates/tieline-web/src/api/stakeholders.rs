//! Stakeholders for programs: the registers that the account is in, and the verbs of their pages.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use tieline_model::id::{StakeholderId, StakeholderStepId};
use tieline_model::room::Participant;
use tieline_model::stakeholder::{Engagement, Influence, Placement, Salience, Side};
use tieline_store::{
    NewStakeholder, NewStance, Placed, Register, Stakeholder, StakeholderChange, Stance, Tx,
};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::participant;
use super::reads::{Answer, Asked as Queried};
use super::types::{
    Done, InfluenceAsked, Made, NotWritten, PlacementAsked, PlacementSeen, Portion, Refused,
    RegisterAsked, Repeatable, StakeholderAsked, StakeholderChanged, StakeholderSeen, StanceAsked,
    StanceSeen, TowardsAsked, TowardsSeen, time,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked, once};
use crate::app::App;
use crate::pages::facts::MAX_NAME;
use crate::pages::partnerships::MAX_ABOUT;
use crate::pages::stakeholder_verbs::whom;
use crate::pages::subject::{day_of, within};

/// Stakeholders and steps of one answer.
const PAGE: u64 = 100;

fn register(partnership: Option<&str>, organisation: Option<&str>) -> Result<Register, ApiError> {
    match (partnership, organisation) {
        (Some(id), None) => Ok(Register::Partnership(id.parse().map_err(|_| ApiError::NotFound)?)),
        (None, Some(id)) => Ok(Register::Organisation(id.parse().map_err(|_| ApiError::NotFound)?)),
        _ => Err(invalid("name a partnership or an organisation")),
    }
}

fn id_of(id: &str) -> Result<StakeholderId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// Stakeholders of a register in the order in which they came. What others placed is there for
/// whoever gave their own.
#[utoipa::path(get, path = "/api/v1/stakeholders", tag = "stakeholders", params(RegisterAsked),
    responses((status = 200, body = Portion<StakeholderSeen>), Refused))]
pub(crate) async fn list_stakeholders(
    State(app): State<App>,
    caller: Caller,
    asked: Queried<RegisterAsked>,
) -> Answer<Portion<StakeholderSeen>> {
    let Query(asked) = asked?;
    let (by, of) = (
        participant(&caller),
        register(asked.partnership.as_deref(), asked.organisation.as_deref())?,
    );
    let after: Result<Option<StakeholderId>, _> =
        asked.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| invalid("cursor is one that a part gave"))?;
    let mut all = app.store.stakeholders(of, after, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| is_more).map(|one| one.id.to_string());
    let mut placed = app.store.placements(of, by).await?;
    let mut stances = app.store.stances(of, by).await?;
    let seen = |one: Stakeholder| {
        let (placed, stance) = (placed.remove(&one.id), stances.remove(&one.id));
        seen(one, placed.unwrap_or_default(), stance)
    };
    Ok(Json(Portion { items: all.into_iter().map(seen).collect(), next }))
}

fn seen(one: Stakeholder, placed: Placed, stance: Option<Stance>) -> StakeholderSeen {
    let place = |one: Placement| PlacementSeen { power: one.power, interest: one.interest };
    let said = one.said;
    let salience = Salience::possible(said.power, said.legitimacy, said.urgency);
    StakeholderSeen {
        id: one.id.to_string(),
        name: one.name,
        person: one.actor.map(|actor| actor.to_string()),
        unit: one.unit.map(|unit| unit.to_string()),
        about: said.about,
        wants: said.wants,
        side: said.side.map(Side::name),
        power: said.power,
        legitimacy: said.legitimacy,
        urgency: said.urgency,
        salience: salience.into_iter().map(Salience::name).collect(),
        version: one.version,
        own: placed.own.map(place),
        placed_by: placed.n,
        placements: placed.all.into_iter().map(place).collect(),
        stance: stance.map(|stance| StanceSeen {
            number: stance.number,
            now: stance.now.name(),
            wanted: stance.wanted.map(Engagement::name),
            wanted_by: stance.wanted_by.map(time),
            reassess: stance.reassess.map(time),
            evidence: stance.evidence,
        }),
    }
}

/// Writes a stakeholder down.
#[utoipa::path(post, path = "/api/v1/stakeholders", tag = "stakeholders",
    request_body = StakeholderAsked, params(Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_stakeholder(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    asked: Asked<StakeholderAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let of = register(asked.partnership.as_deref(), asked.organisation.as_deref())?;
    let by = participant(&caller);
    app.store.may_enter(of, by).await?;
    let mut faults = Vec::new();
    within("name", &asked.name, MAX_NAME, &mut faults);
    within("about", &asked.about, MAX_ABOUT, &mut faults);
    let named = (asked.mail.as_str(), asked.unit.as_str(), asked.name.as_str());
    let found = whom(&app, caller.viewer.may_read(), named, &mut faults).await;
    let found = found.map_err(|_| ApiError::NotFound)?;
    checked(&faults)?;
    let whom = found.ok_or_else(|| invalid("name a person, a unit or a name"))?;
    let new = NewStakeholder { whom, about: asked.about };
    once(&app, &caller, &headers, ("POST /stakeholders", StatusCode::CREATED), async |tx| {
        Ok(Made { id: tx.add_stakeholder(of, &new, by).await?.to_string() })
    })
    .await
}

/// Does a verb on one stakeholder once for each key: `rest` is the path after the id.
async fn on_one<B: Serialize>(
    (app, caller, headers): (&App, &Caller, &HeaderMap),
    (id, rest, status): (&str, &str, StatusCode),
    verb: impl AsyncFnOnce(&Tx, StakeholderId, Participant) -> Result<B, ApiError>,
) -> Result<Response, ApiError> {
    let (one, by) = (id_of(id)?, participant(caller));
    let route = format!("POST /stakeholders/{id}{rest}");
    once(app, caller, headers, (&route, status), async |tx| verb(tx, one, by).await).await
}

/// Changes what is said of a stakeholder.
#[utoipa::path(post, path = "/api/v1/stakeholders/{id}", tag = "stakeholders",
    request_body = StakeholderChanged,
    params(("id" = String, Path, description = "id of a stakeholder"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_stakeholder(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<StakeholderChanged>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    within("about", &asked.about, MAX_ABOUT, &mut faults);
    within("wants", &asked.wants, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let side = |name: String| {
        Side::from_name(&name).ok_or_else(|| invalid("side is internal, external or both"))
    };
    let said = StakeholderChange {
        about: asked.about,
        wants: asked.wants,
        side: asked.side.map(side).transpose()?,
        power: asked.power,
        legitimacy: asked.legitimacy,
        urgency: asked.urgency,
    };
    on_one((&app, &caller, &headers), (&id, "", StatusCode::OK), async |tx, one, by| {
        tx.update_stakeholder((one, asked.version), &said, by).await?;
        Ok(DONE)
    })
    .await
}

/// Places a stakeholder, as the account sees it.
#[utoipa::path(post, path = "/api/v1/stakeholders/{id}/placement", tag = "stakeholders",
    request_body = PlacementAsked,
    params(("id" = String, Path, description = "id of a stakeholder"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn place_stakeholder(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<PlacementAsked>,
) -> Result<Response, ApiError> {
    let Json(PlacementAsked { power, interest, why }) = asked?;
    let mut faults = Vec::new();
    within("why", &why, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let what = (&*id, "/placement", StatusCode::OK);
    on_one((&app, &caller, &headers), what, async |tx, one, by| {
        tx.place_stakeholder(one, (Placement { power, interest }, &why), by).await?;
        Ok(DONE)
    })
    .await
}

/// Says how a stakeholder stands and is wanted to.
#[utoipa::path(post, path = "/api/v1/stakeholders/{id}/stances", tag = "stakeholders",
    request_body = StanceAsked,
    params(("id" = String, Path, description = "id of a stakeholder"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn say_stance(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<StanceAsked>,
) -> Result<Response, ApiError> {
    let Json(asked) = asked?;
    let mut faults = Vec::new();
    let wanted_by = day_of("wanted_by", &asked.wanted_by, &mut faults);
    let reassess = day_of("reassess", &asked.reassess, &mut faults);
    within("evidence", &asked.evidence, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let level = |name: &str| {
        Engagement::from_name(name).ok_or_else(|| {
            invalid("a stance is unaware, resistant, neutral, supportive or leading")
        })
    };
    let wanted = if asked.wanted.is_empty() { None } else { Some(level(&asked.wanted)?) };
    let now = level(&asked.now)?;
    let new = NewStance { now, wanted, wanted_by, reassess, evidence: asked.evidence };
    let what = (&*id, "/stances", StatusCode::OK);
    on_one((&app, &caller, &headers), what, async |tx, one, by| {
        tx.say_stance((one, asked.after), &new, by).await?;
        Ok(DONE)
    })
    .await
}

/// Steps towards a stakeholder, open ones first.
#[utoipa::path(get, path = "/api/v1/stakeholders/{id}/steps", tag = "stakeholders",
    params(("id" = String, Path, description = "id of a stakeholder")),
    responses((status = 200, body = Portion<TowardsSeen>), Refused))]
pub(crate) async fn list_steps(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<TowardsSeen>> {
    let all = app.store.stakeholder_steps(id_of(&id)?, PAGE, participant(&caller)).await?;
    let items = all.into_iter().map(|step| TowardsSeen {
        id: step.id.to_string(),
        text: step.text,
        due: step.due.map(time),
        done: step.done.map(time),
    });
    Ok(Json(Portion { items: items.collect(), next: None }))
}

/// Writes a step towards a stakeholder down.
#[utoipa::path(post, path = "/api/v1/stakeholders/{id}/steps", tag = "stakeholders",
    request_body = TowardsAsked,
    params(("id" = String, Path, description = "id of a stakeholder"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_step(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<TowardsAsked>,
) -> Result<Response, ApiError> {
    let Json(TowardsAsked { text, due }) = asked?;
    let mut faults = Vec::new();
    within("text", &text, MAX_NAME, &mut faults);
    let due = day_of("due", &due, &mut faults);
    checked(&faults)?;
    let what = (&*id, "/steps", StatusCode::CREATED);
    on_one((&app, &caller, &headers), what, async |tx, one, by| {
        Ok(Made { id: tx.add_stakeholder_step(one, (&text, due), by).await?.to_string() })
    })
    .await
}

/// Says whom a stakeholder sways, or that it does not.
#[utoipa::path(post, path = "/api/v1/stakeholders/{id}/influence", tag = "stakeholders",
    request_body = InfluenceAsked,
    params(("id" = String, Path, description = "id of a stakeholder"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn say_influence(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<InfluenceAsked>,
) -> Result<Response, ApiError> {
    let Json(InfluenceAsked { to, strength, note }) = asked?;
    let mut faults = Vec::new();
    within("note", &note, MAX_ABOUT, &mut faults);
    checked(&faults)?;
    let known = |name: String| {
        Influence::from_name(&name).ok_or_else(|| invalid("strength is some or strong"))
    };
    let (to, strength) = (id_of(&to)?, strength.map(known).transpose()?);
    let what = (&*id, "/influence", StatusCode::OK);
    on_one((&app, &caller, &headers), what, async |tx, one, by| {
        let said = strength.map(|strength| (strength, &*note));
        tx.say_influence((one, to), said, by).await?;
        Ok(DONE)
    })
    .await
}

/// Handlers that name one thing by its id and do one verb of the store.
macro_rules! by_id {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident($path:literal, $what:literal) $id:ty: |$tx:ident, $one:ident, $by:ident| $verb:expr;
    )+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(post, path = $path, tag = "stakeholders",
            params(("id" = String, Path, description = $what), Repeatable),
            responses((status = 200, body = Done), Refused, NotWritten))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Writer(caller): Writer,
            headers: HeaderMap,
            Path(id): Path<String>,
        ) -> Result<Response, ApiError> {
            let $one: $id = id.parse().map_err(|_| ApiError::NotFound)?;
            let $by = participant(&caller);
            let route = concat!("POST ", $path).replace("{id}", &id);
            once(&app, &caller, &headers, (&route, StatusCode::OK), async |$tx| {
                $verb.await?;
                Ok(DONE)
            })
            .await
        }
    )+};
}

by_id! {
    /// Takes the last placement of the account back.
    unplace_stakeholder("/api/v1/stakeholders/{id}/placement/removal", "id of a stakeholder")
        StakeholderId: |tx, one, by| tx.unplace_stakeholder(one, by);

    /// Takes a stakeholder out of the register.
    remove_stakeholder("/api/v1/stakeholders/{id}/removal", "id of a stakeholder")
        StakeholderId: |tx, one, by| tx.remove_stakeholder(one, true, by);

    /// Lets it stand there again.
    restore_stakeholder("/api/v1/stakeholders/{id}/restoration", "id of a stakeholder")
        StakeholderId: |tx, one, by| tx.remove_stakeholder(one, false, by);

    /// Says that a step is done.
    finish_step("/api/v1/stakeholders/steps/{id}/done", "id of a step")
        StakeholderStepId: |tx, one, by| tx.set_stakeholder_step(one, true, by);

    /// Says that it is open again.
    reopen_step("/api/v1/stakeholders/steps/{id}/reopening", "id of a step")
        StakeholderStepId: |tx, one, by| tx.set_stakeholder_step(one, false, by);

    /// Takes a step back.
    remove_step("/api/v1/stakeholders/steps/{id}/removal", "id of a step")
        StakeholderStepId: |tx, one, by| tx.remove_stakeholder_step(one, true, by);

    /// Lets a step stand again.
    restore_step("/api/v1/stakeholders/steps/{id}/restoration", "id of a step")
        StakeholderStepId: |tx, one, by| tx.remove_stakeholder_step(one, false, by);
}
