//! The network for programs: as it is, at another moment or in part, and what changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use tieline_insight::PersonRef as Person;
use tieline_insight::changes::TieChange;
use tieline_model::access::Viewer;
use tieline_model::time::Moment;

use super::caller::Caller;
use super::error::ApiError;
use super::reads::{Answer, Asked, invalid, may_read, snapshot};
use super::types::{
    ChangesAsked, ChangesSeen, ExportAsked, GroupSeen, GroupsSeen, LinkChangeSeen, NetworkAsked,
    NetworkSummary, PersonRef, Refused, TieChangeSeen, time,
};
use crate::app::App;
use crate::error::AppError;
use crate::export::{Drawing, Format, file};
use crate::lens::{Lens, Look};
use crate::pages::changes::{Days, Told, lenses, told};
use crate::pages::form::Fault;
use crate::pages::layers::layer;
use crate::pages::lens_form::LensAsked;
use crate::pages::network_export::{NO_MAP, answer, note};
use crate::snapshot::Snapshot;

impl From<NetworkAsked> for LensAsked {
    fn from(asked: NetworkAsked) -> Self {
        let NetworkAsked { at, kind, unit, least } = asked;
        let [at, kind, unit, least] = [at, kind, unit, least].map(Option::unwrap_or_default);
        Self { at, kind, unit, least }
    }
}

/// How often a program waits for a network as long as a page would: 20 seconds in all.
const TIMES_WAITED: usize = 50;

/// The network that a program asks for.
pub(super) async fn asked_for(
    app: &App,
    caller: &Caller,
    asked: NetworkAsked,
) -> Result<Arc<Snapshot>, ApiError> {
    may_read(caller)?;
    let live = snapshot(app).await?;
    let (lens, faults) = LensAsked::from(asked).read(&live);
    checked(faults)?;
    through(app, &lens).await
}

fn checked(faults: Vec<Fault>) -> Result<(), ApiError> {
    match faults.into_iter().next() {
        Some(fault) => Err(invalid(&format!("{}: {}", fault.field, fault.text))),
        None => Ok(()),
    }
}

/// A program waits, where a page would say how far it is.
async fn through(app: &App, lens: &Lens) -> Result<Arc<Snapshot>, ApiError> {
    for _ in 0..TIMES_WAITED {
        match app.live.through(lens).await {
            Some(Look::Ready(found)) => return Ok(found),
            Some(Look::Failed(why)) => return Err(ApiError::Unavailable(why)),
            Some(Look::Working { .. }) => {}
            None => return Err(ApiError::NotFound),
        }
    }
    Err(ApiError::Unavailable("this network is being worked out: ask again".to_owned()))
}

/// The network in numbers.
#[utoipa::path(get, path = "/api/v1/network/summary", tag = "network", params(NetworkAsked), responses(
    (status = 200, body = NetworkSummary), Refused))]
pub(crate) async fn network_summary(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<NetworkAsked>,
) -> Answer<NetworkSummary> {
    let snapshot = asked_for(&app, &caller, asked?.0).await?;
    let of = &snapshot.unnamed.summary;
    Ok(Json(NetworkSummary {
        as_of: snapshot.as_of.map(time),
        built: time(snapshot.built),
        people: of.people,
        connected_people: of.connected_people,
        opted_out: of.opted_out,
        organisations: of.organisations,
        ties: of.ties,
        interactions: of.interactions,
        components: of.components,
        density: of.density,
        largest_share: of.largest_share,
        mean_steps: of.mean_steps,
        across_share: of.across_share,
        across_expected: of.across_expected,
        coverage: of.coverage,
        transitivity: of.transitivity,
    }))
}

/// Groups of five people or more.
#[utoipa::path(get, path = "/api/v1/network/groups", tag = "network", params(NetworkAsked), responses(
    (status = 200, body = GroupsSeen), Refused))]
pub(crate) async fn network_groups(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<NetworkAsked>,
) -> Answer<GroupsSeen> {
    let snapshot = asked_for(&app, &caller, asked?.0).await?;
    let findings = &snapshot.unnamed;
    let groups = findings.groups.iter().map(|row| GroupSeen {
        name: row.name.clone(),
        unit: row.unit.map(|unit| unit.to_string()),
        people: row.members,
        ties_inside: row.ties_inside,
        ties_outside: row.ties_outside,
        ei: row.ei,
        coverage: row.coverage,
    });
    Ok(Json(GroupsSeen {
        as_of: snapshot.as_of.map(time),
        items: groups.collect(),
        small_groups: findings.small_groups.groups,
        people_in_small_groups: findings.small_groups.people,
    }))
}

/// What changed between two days. Single ties are the account's own, but in a workspace of one.
#[utoipa::path(get, path = "/api/v1/network/changes", tag = "network", params(ChangesAsked), responses(
    (status = 200, body = ChangesSeen), Refused))]
pub(crate) async fn network_changes(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<ChangesAsked>,
) -> Answer<ChangesSeen> {
    may_read(&caller)?;
    let live = snapshot(&app).await?;
    let ChangesAsked { from, to, kind, unit, least } = asked?.0;
    let days = Days { from: from.unwrap_or_default(), to: to.unwrap_or_default() };
    let part = LensAsked::from(NetworkAsked { at: None, kind, unit, least });
    let ([from, to], faults) = lenses(&days, &part, &live);
    checked(faults)?;
    let (then, now) = (through(&app, &from).await?, through(&app, &to).await?);
    let viewer = caller.viewer;
    let newest = live.as_of.unwrap_or_else(|| Moment::from_ms(0));
    let between = [from, to].map(|lens| time(lens.as_of.unwrap_or(newest)));
    let compare = move || seen(&told(&then, &now, &viewer), &viewer, between);
    Ok(Json(tokio::task::spawn_blocking(compare).await.map_err(AppError::from)?))
}

/// The network as a file: SVG, GEXF or CSV. People in a workspace of one, else groups. That it was
/// taken is written down.
#[utoipa::path(get, path = "/api/v1/network/export", tag = "network", params(ExportAsked, NetworkAsked), responses(
    (status = 200, body = String, content_type = "text/csv"), Refused))]
pub(crate) async fn network_export(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<ExportAsked>,
    lens: Asked<NetworkAsked>,
) -> Result<Response, ApiError> {
    let ExportAsked { format, layer: word } = asked?.0;
    may_read(&caller)?;
    let format = Format::from_name(&format.unwrap_or_default());
    let format = format.ok_or_else(|| invalid("format is svg, gexf or csv"))?;
    let snapshot = asked_for(&app, &caller, lens?.0).await?;
    let (viewer, layer) = (caller.viewer, layer(&word.unwrap_or_default()));
    let drawing = Drawing { layer, ..Drawing::default() };
    let written = tokio::task::spawn_blocking(move || file(&snapshot, &viewer, &drawing, format));
    let body = written.await.map_err(AppError::from)?.ok_or_else(|| invalid(NO_MAP))?;
    note(&app, caller.account.id, format).await?;
    Ok(answer(format, body))
}

fn seen(told: &Told, viewer: &Viewer, [from, to]: [String; 2]) -> ChangesSeen {
    let found = &told.found;
    let kinds = [
        ("appeared", &found.appeared),
        ("strengthened", &found.strengthened),
        ("cooled", &found.cooled),
        ("vanished", &found.vanished),
    ];
    let ties = kinds.into_iter().flat_map(|(change, list)| {
        told.seen(list, viewer).filter_map(move |tie| tie_change(change, tie))
    });
    let people = |people: &[Person]| -> Option<Vec<PersonRef>> {
        told.named.then(|| people.iter().filter_map(person).collect())
    };
    ChangesSeen {
        from,
        to,
        appeared: found.appeared.len(),
        strengthened: found.strengthened.len(),
        cooled: found.cooled.len(),
        vanished: found.vanished.len(),
        joined: people(&found.joined),
        left: people(&found.left),
        groups: found
            .links
            .iter()
            .map(|link| LinkChangeSeen {
                a: link.group_a.clone(),
                b: link.group_b.clone(),
                then: link.then,
                now: link.now,
            })
            .collect(),
        ties: ties.collect(),
    }
}

fn tie_change(change: &'static str, tie: &TieChange) -> Option<TieChangeSeen> {
    let (a, b) = (person(&tie.person_a)?, person(&tie.person_b)?);
    Some(TieChangeSeen { change, a, b, then: tie.then, now: tie.now })
}

/// Someone who may be named.
fn person(person: &Person) -> Option<PersonRef> {
    Some(PersonRef { id: person.actor?.to_string(), name: person.label.clone() })
}
