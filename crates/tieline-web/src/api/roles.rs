//! Roles in partnerships for programs.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tieline_model::id::{SeatId, WorkId};
use tieline_model::raci::{Finding, Role};
use tieline_store::{PieceOfWork, RolePerson, WorkDraft};

use super::caller::{Caller, Writer};
use super::error::ApiError;
use super::partnerships::{in_room, participant, room_of};
use super::reads::Answer;
use super::types::{
    Done, Made, NotWritten, ReadBackAsked, Refused, Repeatable, RoleAsked, RoleFinding,
    RolePersonSeen, RoleSeen, RolesSeen, WorkAsked, WorkSeen,
};
use super::writes::invalid;
use super::written::{Asked, DONE, checked};
use crate::app::App;
use crate::pages::role_form::check;
use crate::pages::roles::{Matrix, answered, matrix};

/// Pieces of work with their roles, what each person carries, and what is wrong with it.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/roles", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = RolesSeen), Refused))]
pub(crate) async fn list_roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<RolesSeen> {
    let all = matrix(&app, (room_of(&id)?, participant(&caller))).await?;
    Ok(Json(RolesSeen {
        works: all.works.iter().map(work).collect(),
        people: all.people.iter().map(|one| person(&all, one)).collect(),
        findings: all.findings.iter().map(finding).collect(),
        read_back: all.is_read_back,
    }))
}

fn work(one: &PieceOfWork) -> WorkSeen {
    let role = |cell: &tieline_model::raci::Assignment<SeatId>| RoleSeen {
        seat: cell.person.to_string(),
        roles: cell.roles.iter().map(|role| role.name()).collect(),
        deputy: cell.deputy.map(|deputy| deputy.to_string()),
        read_back: cell.read_back.name(),
        question: one.questions.get(&cell.person).cloned(),
    };
    WorkSeen {
        id: one.row.work.to_string(),
        title: one.title.clone(),
        about: one.about.clone(),
        roles: one.row.row.iter().map(role).collect(),
        version: one.version,
    }
}

fn person(all: &Matrix, one: &RolePerson) -> RolePersonSeen {
    let load = all.load.get(&one.seat).copied().unwrap_or_default();
    RolePersonSeen {
        seat: one.seat.to_string(),
        party: one.party.to_string(),
        name: one.name.clone(),
        has_left: one.has_left,
        accountable: load.accountable as u64,
        responsible: load.responsible as u64,
        consulted: load.consulted as u64,
        informed: load.informed as u64,
        deputy: load.deputy as u64,
        not_accepted: load.not_accepted as u64,
    }
}

fn finding(one: &Finding<WorkId, SeatId>) -> RoleFinding {
    let (work, people): (Option<&WorkId>, Vec<&SeatId>) = match one {
        Finding::NoAccountable(work)
        | Finding::SeveralAccountable(work)
        | Finding::NoResponsible(work)
        | Finding::ManyConsulted(work)
        | Finding::ManyResponsible(work) => (Some(work), Vec::new()),
        Finding::ConsultedAndInformed(work, people) => (Some(work), people.iter().collect()),
        Finding::Overload(person) => (None, vec![person]),
        Finding::Left(work, person) | Finding::SinglePoint(work, person) => {
            (Some(work), vec![person])
        }
    };
    RoleFinding {
        code: one.code(),
        work: work.map(ToString::to_string),
        people: people.into_iter().map(ToString::to_string).collect(),
    }
}

fn seat_of(seat: &str) -> Result<SeatId, ApiError> {
    seat.parse().map_err(|_| invalid("seat is no id"))
}

fn draft_of(asked: WorkAsked) -> Result<(WorkDraft, i64), ApiError> {
    let word = |word: &String| {
        Role::from_name(word)
            .ok_or_else(|| invalid("roles are responsible, accountable, consulted and informed"))
    };
    let one = |RoleAsked { seat, roles, deputy }: &RoleAsked| {
        let roles = roles.iter().map(word).collect::<Result<BTreeSet<Role>, ApiError>>()?;
        Ok((seat_of(seat)?, (roles, deputy.as_deref().map(seat_of).transpose()?)))
    };
    let roles = asked.roles.iter().map(one).collect::<Result<_, ApiError>>()?;
    let draft = WorkDraft { title: asked.title, about: asked.about, roles };
    let mut faults = Vec::new();
    check(&draft, &mut faults);
    checked(&faults)?;
    Ok((draft, asked.version))
}

/// Writes a piece of work down with its roles.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/roles", tag = "partnerships",
    request_body = WorkAsked,
    params(("id" = String, Path, description = "id of a partnership"), Repeatable),
    responses((status = 201, body = Made), Refused, NotWritten))]
pub(crate) async fn add_work(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path(id): Path<String>,
    asked: Asked<WorkAsked>,
) -> Result<Response, ApiError> {
    let (draft, _) = draft_of(asked?.0)?;
    let what = (&*id, "/roles", StatusCode::CREATED);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        Ok(Made { id: tx.add_work(id, &draft, by).await?.to_string() })
    })
    .await
}

/// Changes a piece of work of the version given with its roles.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/roles/{work}", tag = "partnerships",
    request_body = WorkAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("work" = String, Path, description = "id of a piece of work"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn change_work(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, work)): Path<(String, String)>,
    asked: Asked<WorkAsked>,
) -> Result<Response, ApiError> {
    let (draft, version) = draft_of(asked?.0)?;
    let one: WorkId = work.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/roles/{work}");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.update_work((id, one), &draft, version, by).await?;
        Ok(DONE)
    })
    .await
}

/// Reads back a role of the account's own.
#[utoipa::path(post, path = "/api/v1/partnerships/{id}/roles/{work}/read-back",
    tag = "partnerships", request_body = ReadBackAsked,
    params(("id" = String, Path, description = "id of a partnership"),
        ("work" = String, Path, description = "id of a piece of work"), Repeatable),
    responses((status = 200, body = Done), Refused, NotWritten))]
pub(crate) async fn read_back(
    State(app): State<App>,
    Writer(caller): Writer,
    headers: HeaderMap,
    Path((id, work)): Path<(String, String)>,
    asked: Asked<ReadBackAsked>,
) -> Result<Response, ApiError> {
    let Json(ReadBackAsked { answer, question, version }) = asked?;
    let mut faults = Vec::new();
    let answer = answered((&answer, &question), &mut faults);
    checked(&faults)?;
    let answer = answer.ok_or_else(|| invalid("answer is accepted, question or open"))?;
    let one: WorkId = work.parse().map_err(|_| ApiError::NotFound)?;
    let rest = format!("/roles/{work}/read-back");
    let what = (&*id, &*rest, StatusCode::OK);
    in_room((&app, &caller, &headers), what, async |tx, id, by| {
        tx.read_back((id, one), (answer, &question), version, by).await?;
        Ok(DONE)
    })
    .await
}
