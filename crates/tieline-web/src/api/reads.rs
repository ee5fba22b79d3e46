//! Reads: the twins of the pages, under the same rules of access.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tieline_insight::{Finding, Names};
use tieline_model::access::TieView;
use tieline_model::id::{ActorId, JobId};
use tieline_store::{ActorKind, PeopleQuery, Reader};

use super::caller::Caller;
use super::error::ApiError;
use super::types::{
    FindingOverTime, FindingPart, FindingSeen, FindingsSeen, ImportSeen, JobSeen, Me, Paging,
    PeopleAsked, PersonCard, PersonFull, PersonRef, Portion, Refused, TieSeen, UnitFull, time,
};
use crate::app::App;
use crate::pages::{people, person, tie_view};
use crate::session;
use crate::snapshot::Snapshot;

/// Items of a part of a list, where nothing is said.
const USUAL: u64 = 50;

/// Most items of a part of a list.
const MOST: u64 = 200;

pub(super) type Answer<T> = Result<Json<T>, ApiError>;
pub(super) type Asked<T> = Result<Query<T>, QueryRejection>;

/// The account that the token acts for.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses(
    (status = 200, body = Me), Refused))]
pub(crate) async fn me(caller: Caller) -> Json<Me> {
    Json(Me {
        id: caller.account.id.to_string(),
        name: caller.account.name,
        role: caller.account.role.name(),
        person: caller.viewer.actor.map(|actor| actor.to_string()),
        scopes: caller.scope.name().split(' ').collect(),
    })
}

/// Directory cards, by name.
#[utoipa::path(get, path = "/api/v1/people", tag = "directory", params(PeopleAsked), responses(
    (status = 200, body = Portion<PersonCard>), Refused))]
pub(crate) async fn list_people(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<PeopleAsked>,
) -> Answer<Portion<PersonCard>> {
    may_read(&caller)?;
    let query = people_query(&caller, asked?.0)?;
    let (rows, next) = app.store.people(&query).await?;
    Ok(Json(Portion {
        items: rows.into_iter().map(PersonCard::from).collect(),
        next: next.as_ref().map(people::token),
    }))
}

fn people_query(caller: &Caller, asked: PeopleAsked) -> Result<PeopleQuery, ApiError> {
    let text = asked.q.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let unit = asked.unit.map(|id| id.parse());
    let unit = unit.transpose().map_err(|_| invalid("unit is no id of a unit"))?;
    let kind = match asked.kind.as_deref() {
        None => None,
        Some("person") => Some(ActorKind::Person),
        Some("organisation") => Some(ActorKind::Organisation),
        Some(_) => return Err(invalid("kind is person or organisation")),
    };
    let after = asked.cursor.map(|token| people::cursor(&token).ok_or_else(bad_cursor));
    let viewer = &caller.viewer;
    let reader = Some(Reader { account: viewer.account, workspace: viewer.may_read() });
    let (after, limit) = (after.transpose()?, limit(asked.limit)?);
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (tag, role) = (given(asked.tag), given(asked.role));
    Ok(PeopleQuery { text, reader, unit, kind, tag, role, after, limit, ..PeopleQuery::default() })
}

/// One person or organisation. The look is written into the audit log.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "directory", params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = PersonFull), Refused))]
pub(crate) async fn show_person(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<PersonFull> {
    let id = seen_person(&caller, &id)?;
    let viewer = caller.viewer;
    let person = app.store.person(id).await?;
    note_look(&app, &caller, &person.actor).await?;
    let addresses = viewer.may_steward() || viewer.is(id) || viewer.alone;
    Ok(Json(PersonFull::of(&person, addresses)))
}

/// Ties of a person, as far as both people of each let it be seen; the strongest first.
#[utoipa::path(get, path = "/api/v1/people/{id}/ties", tag = "directory", params(("id" = String, Path, description = "id of a person")),
    responses((status = 200, body = Portion<TieSeen>), Refused))]
pub(crate) async fn show_ties(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Portion<TieSeen>> {
    let id = seen_person(&caller, &id)?;
    let person = app.store.person(id).await?;
    note_look(&app, &caller, &person.actor).await?;
    let snapshot = snapshot(&app).await?;
    let consents = person::consents(&app, &snapshot).await?;
    let consent = |actor: ActorId| person::consent_of(&consents, actor);
    let Some(node) = snapshot.network.node_of(id) else {
        return Ok(Json(Portion::whole(std::iter::empty())));
    };
    let pairs = snapshot.network.ties_of(node);
    let mut ties: Vec<(f64, TieSeen)> = Vec::new();
    for pair in pairs {
        let other = if pair.a == node { pair.b } else { pair.a };
        let Some(actor) = snapshot.network.actors().get(other as usize) else { continue };
        let shown = caller.viewer.tie((id, consent(id)), (actor.id, consent(actor.id)));
        if shown == TieView::Hidden {
            continue;
        }
        let known = tie_view::known(&snapshot, pair, id, actor, String::new(), shown);
        let full = shown == TieView::Full;
        let last = pair.contact.as_ref().filter(|_| full).map(|contact| time(contact.last));
        ties.push((
            pair.strength,
            TieSeen {
                person: PersonRef { id: known.id, name: known.name },
                shown: match shown {
                    TieView::Hidden | TieView::Exists => "exists",
                    TieView::Band => "band",
                    TieView::Full => "full",
                },
                bars: (known.bars > 0).then_some(known.bars),
                strength: full.then_some(pair.strength),
                last,
            },
        ));
    }
    // What is shown alike is ordered by name: the order must not tell what the value does not.
    ties.sort_by(|(x, a), (y, b)| {
        b.bars
            .cmp(&a.bars)
            .then_with(|| {
                if a.strength.is_some() {
                    y.total_cmp(x)
                } else {
                    a.person.name.cmp(&b.person.name)
                }
            })
            .then_with(|| a.person.id.cmp(&b.person.id))
    });
    Ok(Json(Portion::whole(ties.into_iter().map(|(_, tie)| tie))))
}

/// Organisations and their parts.
#[utoipa::path(get, path = "/api/v1/units", tag = "directory", responses(
    (status = 200, body = Portion<UnitFull>), Refused))]
pub(crate) async fn list_units(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<UnitFull>> {
    may_read(&caller)?;
    let units = app.store.units(None).await?;
    Ok(Json(Portion::whole(units.into_iter().map(UnitFull::from))))
}

/// Findings, with names as the account may see them.
#[utoipa::path(get, path = "/api/v1/findings", tag = "network", responses(
    (status = 200, body = FindingsSeen), Refused))]
pub(crate) async fn list_findings(State(app): State<App>, caller: Caller) -> Answer<FindingsSeen> {
    may_read(&caller)?;
    let snapshot = snapshot(&app).await?;
    let findings = snapshot.findings(&caller.viewer);
    Ok(Json(FindingsSeen {
        as_of: snapshot.as_of.map(time),
        names: snapshot.names(&caller.viewer) == Names::Shown,
        items: findings.all().map(finding).collect(),
    }))
}

/// Findings over time: new, staying and gone ones, as far as they are kept. People are not named.
#[utoipa::path(get, path = "/api/v1/findings/history", tag = "network", responses(
    (status = 200, body = Portion<FindingOverTime>), Refused))]
pub(crate) async fn findings_history(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Portion<FindingOverTime>> {
    may_read(&caller)?;
    let found = crate::history::history(&app.store).await?;
    let items = found.entries.into_iter().map(|entry| FindingOverTime {
        kind: entry.kind,
        headline: entry.sentence,
        state: entry.state.name(),
        since: time(entry.since),
        until: entry.until.map(time),
    });
    Ok(Json(Portion::whole(items)))
}

fn finding(found: &Finding) -> FindingSeen {
    let part = |part: &tieline_insight::Part| FindingPart {
        name: part.name,
        value: part.value,
        meaning: part.meaning,
    };
    FindingSeen {
        kind: found.kind.name(),
        headline: found.headline.clone(),
        detail: found.detail.clone(),
        action: found.action.clone(),
        flagged: found.flagged,
        parts: found.parts.iter().map(part).collect(),
        evidence: found.evidence.sentence.clone(),
        coverage: found.coverage.sentence.clone(),
        stability: found.stability.sentence.clone(),
        method: format!("{} ({})", found.method.name, found.method.reference),
    }
}

/// Imports in the order in which they were made; for stewards.
#[utoipa::path(get, path = "/api/v1/imports", tag = "work", params(Paging), responses(
    (status = 200, body = Portion<ImportSeen>), Refused))]
pub(crate) async fn list_imports(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<Paging>,
) -> Answer<Portion<ImportSeen>> {
    may_steward(&caller)?;
    let Query(Paging { cursor, limit: most }) = asked?;
    let after =
        cursor.map(|token| opened(&token)?.parse().map_err(|_| bad_cursor())).transpose()?;
    let most = limit(most)?;
    let found = app.store.imports(after, most).await?;
    let last = found.last().filter(|_| found.len() as u64 == most);
    let next = last.map(|import| sealed(&import.rank.to_string()));
    Ok(Json(Portion { items: found.into_iter().map(ImportSeen::from).collect(), next }))
}

/// Background work, the newest first; for stewards.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "work", params(Paging), responses(
    (status = 200, body = Portion<JobSeen>), Refused))]
pub(crate) async fn list_jobs(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<Paging>,
) -> Answer<Portion<JobSeen>> {
    may_steward(&caller)?;
    let Query(Paging { cursor, limit: most }) = asked?;
    let after = cursor.map(|token| opened(&token)?.parse::<JobId>().map_err(|_| bad_cursor()));
    let (after, most) = (after.transpose()?, limit(most)?);
    let found = app.store.jobs(after, most).await?;
    let last = found.last().filter(|_| found.len() as u64 == most);
    let next = last.map(|job| sealed(&job.id.to_string()));
    Ok(Json(Portion { items: found.into_iter().map(JobSeen::from).collect(), next }))
}

pub(super) fn may_read(caller: &Caller) -> Result<(), ApiError> {
    if caller.viewer.may_read() { Ok(()) } else { Err(ApiError::NotFound) }
}

pub(super) fn may_steward(caller: &Caller) -> Result<(), ApiError> {
    if caller.viewer.may_steward() { Ok(()) } else { Err(ApiError::NotFound) }
}

fn seen_person(caller: &Caller, id: &str) -> Result<ActorId, ApiError> {
    let id: ActorId = id.parse().map_err(|_| ApiError::NotFound)?;
    if caller.viewer.may_read() || caller.viewer.is(id) { Ok(id) } else { Err(ApiError::NotFound) }
}

/// Who looks at others is written down, whatever they look with.
pub(super) async fn note_look(
    app: &App,
    caller: &Caller,
    at: &tieline_store::Actor,
) -> Result<(), ApiError> {
    if caller.viewer.is(at.id) {
        return Ok(());
    }
    Ok(app.store.note_looks(caller.account.id, &[at.anchor], "api", session::now()).await?)
}

/// How long a program waits for the first network of a server that just started.
const FIRST_NETWORK: Duration = Duration::from_secs(20);

/// The newest network; a program waits, where a page would say that it is being built.
pub(super) async fn snapshot(app: &App) -> Result<Arc<Snapshot>, ApiError> {
    let starting = || ApiError::Unavailable("the network is being built: ask again".to_owned());
    let missing = || if app.live.is_starting() { starting() } else { ApiError::NotFound };
    app.live.awaited(FIRST_NETWORK).await.ok_or_else(missing)
}

fn limit(asked: Option<u64>) -> Result<u64, ApiError> {
    match asked {
        None => Ok(USUAL),
        Some(n @ 1..=MOST) => Ok(n),
        Some(_) => Err(invalid("limit is 1 to 200")),
    }
}

fn sealed(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

fn opened(cursor: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    String::from_utf8(bytes).map_err(|_| bad_cursor())
}

fn bad_cursor() -> ApiError {
    invalid("cursor is none that this list gave: begin without one")
}

pub(super) fn invalid(why: &str) -> ApiError {
    ApiError::Invalid(why.to_owned())
}
