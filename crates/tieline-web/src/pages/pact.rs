//! One signed agreement: its wording, who signed it, its duties and the commitments that they become.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{DutyId, PactId, PartyId};
use tieline_model::pact::MAX_EVERY_MONTHS;
use tieline_store::{Constraint, Duty, DutyDraft, Pact, Signature, StoreError, Tx};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::pacts::{PactForm, kind_name, kinds, parts, party_names, state_words};
use super::partnership::{Head, Tab, party_name};
use super::partnerships::MAX_ABOUT;
use super::resources::{finish, id_of, to_part};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// What the form of a duty brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DutyForm {
    party: String,
    to: String,
    /// What.
    duty: String,
    due: String,
    every: String,
    version: i64,
}

/// What a button sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VersionForm {
    version: i64,
}

/// A duty in words.
struct Line {
    id: DutyId,
    text: String,
    between: String,
    when: String,
    promised: u64,
}

#[derive(Template)]
#[template(path = "pact.html")]
struct PactPage {
    shell: Shell,
    head: Head,
    id: String,
    pact: Pact,
    kind: String,
    state: (&'static str, String),
    told: String,
    days: Vec<(String, String)>,
    /// Party, colour and words of each signature.
    signatures: Vec<(String, &'static str, String)>,
    duties: Vec<Line>,
    parties: Vec<(PartyId, String)>,
    bound: Vec<(PartyId, String)>,
    kinds: Vec<(&'static str, String)>,
    may_write: bool,
    may_sign: bool,
    is_signed: bool,
    is_taken_back: bool,
    typed: PactForm,
    duty: DutyForm,
    faults: Vec<Fault>,
    is_edited: bool,
    submit: String,
}

impl PactPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "pacts")
    }

    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

fn signature(room: &InRoom, pact: &Pact, one: &Signature) -> (String, &'static str, String) {
    let name = party_name(room, one.party);
    match one.signed {
        Some((version, at)) if version == pact.version => {
            (name, "good", t!("pacts-signed-on", day = here::date(at)))
        }
        Some(_) => (name, "warn", t!("pacts-signed-earlier")),
        None => (name, "", t!("pacts-signed-not")),
    }
}

fn duty(room: &InRoom, one: Duty) -> Line {
    let day = here::day(one.draft.due.date());
    let to = match one.draft.to {
        Some(to) => party_name(room, to),
        None => t!("pacts-all-others"),
    };
    Line {
        between: t!("pacts-owes", party = party_name(room, one.draft.party), to = to),
        when: match one.draft.every_months {
            None => t!("pacts-once", day = day),
            Some(months) => t!("pacts-every", day = day, n = i64::from(months)),
        },
        id: one.id,
        text: one.draft.text,
        promised: one.promised,
    }
}

fn days(pact: &Pact) -> Vec<(String, String)> {
    let draft = &pact.draft;
    let day = |name: String, at: Option<tieline_model::time::Moment>| {
        at.map(|at| (name, here::day(at.date())))
    };
    [
        day(t!("pacts-begins"), draft.begins),
        day(t!("pacts-ends"), draft.ends.map(|ends| ends.plus_days(-1.0))),
        day(t!("pacts-notice"), draft.notice),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What was typed wrongly.
#[derive(Default)]
struct Typed {
    pact: Option<PactForm>,
    duty: DutyForm,
    faults: Vec<Fault>,
}

async fn pact_page(
    app: &App,
    room: &InRoom,
    id: PactId,
    typed: Typed,
) -> Result<PactPage, AppError> {
    let (pact, duties) = app.store.pact((room.id(), id), room.by).await?;
    let standing = room.standing();
    let (state, told) = state_words(&pact, session::now());
    let bound = |(party, _): &(PartyId, String)| pact.draft.parties.contains(party);
    let is_open = pact.ended.is_none();
    let unsigned = |one: &&Signature| one.signed.is_none_or(|(n, _)| n != pact.version);
    let mut waits = pact.signatures.iter().filter(unsigned);
    Ok(PactPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Agreement),
        id: room.id().to_string(),
        kind: kind_name(pact.draft.kind),
        state,
        told,
        days: days(&pact),
        signatures: pact.signatures.iter().map(|one| signature(room, &pact, one)).collect(),
        duties: duties.into_iter().map(|one| duty(room, one)).collect(),
        bound: party_names(room).into_iter().filter(bound).collect(),
        parties: party_names(room),
        kinds: kinds(),
        may_write: is_open && pact.is_open_to(&standing),
        may_sign: is_open && waits.any(|one| standing.gives_word_of(one.party)),
        is_signed: pact.is_signed(),
        is_taken_back: pact.signatures.iter().all(|one| one.signed.is_none()),
        is_edited: typed.pact.is_some(),
        typed: typed.pact.unwrap_or_else(|| PactForm::of(&pact)),
        duty: typed.duty,
        faults: typed.faults,
        submit: t!("pacts-change"),
        pact,
    })
}

async fn again(app: &App, room: &InRoom, id: PactId, typed: Typed) -> Result<Response, AppError> {
    let shown = pact_page(app, room, id, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `GET /partnerships/{id}/pacts/{pact}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = pact_page(&app, &room, id_of(&pact)?, Typed::default()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&PactPage { shell, ..shown })
}

/// `POST /partnerships/{id}/pacts/{pact}`: another wording.
pub(crate) async fn change(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (id, form): (PactId, _) = (id_of(&pact)?, PactForm::read(fields));
    let mut faults = Vec::new();
    let draft = form.understood(&room, &mut faults)?;
    if !faults.is_empty() {
        let typed = Typed { pact: Some(form), faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    }
    let tx = room.begin(&app).await?;
    match tx.change_pact((room.id(), id), &draft, form.version, room.by).await {
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, id, form).await
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            let faults = vec![Fault::new("party", t!("pacts-party-stays"))];
            let typed = Typed { pact: Some(form), faults, ..Typed::default() };
            again(&app, &room, id, typed).await
        }
        did => {
            did?;
            tx.commit().await?;
            Ok(to_part(&room, &format!("pacts/{id}"), "pact-changed", None).into_response())
        }
    }
}

/// Someone else changed the wording meanwhile.
async fn late(app: &App, room: &InRoom, id: PactId, mine: PactForm) -> Result<Response, AppError> {
    let (kept, _) = app.store.pact((room.id(), id), room.by).await?;
    let theirs = PactForm::of(&kept);
    let at = format!("{}/pacts/{id}", room.base());
    let mut fields = vec![("version", kept.version.to_string())];
    fields.extend(mine.parties.iter().map(|party| ("party", party.clone())));
    let rows = [
        ("title", t!("pacts-name"), theirs.title, mine.title),
        ("kind", t!("pacts-kind"), theirs.kind, mine.kind),
        ("text", t!("pacts-text"), theirs.text, mine.text),
        ("place", t!("pacts-place"), theirs.place, mine.place),
        ("begins", t!("pacts-begins"), theirs.begins, mine.begins),
        ("ends", t!("pacts-ends"), theirs.ends, mine.ends),
        ("notice", t!("pacts-notice"), theirs.notice, mine.notice),
    ];
    fields.extend(rows.iter().map(|(name, _, _, mine)| (*name, mine.clone())));
    let late = Late {
        what: kept.draft.title,
        who: String::new(),
        back: at.clone(),
        action: at,
        fields,
        rows: rows
            .into_iter()
            .map(|(_, label, theirs, mine)| Row::new(label, theirs, mine))
            .collect(),
    };
    conflict::show(room.shell(app), late)
}

/// What is wrong with a duty, of a form or of a program.
pub(crate) fn check_duty(draft: &DutyDraft, faults: &mut Vec<Fault>) {
    if draft.text.trim().is_empty() {
        faults.push(Fault::new("duty", t!("pacts-duty-missing")));
    }
    within("duty", &draft.text, MAX_ABOUT, faults);
    if draft.to == Some(draft.party) {
        faults.push(Fault::new("to", t!("pacts-duty-to-itself")));
    }
    if draft.every_months.is_some_and(|months| !(1..=MAX_EVERY_MONTHS).contains(&months)) {
        faults.push(Fault::new("every", t!("pacts-every-range", n = i64::from(MAX_EVERY_MONTHS))));
    }
}

fn understood(
    room: &InRoom,
    form: &DutyForm,
    faults: &mut Vec<Fault>,
) -> Result<Option<DutyDraft>, AppError> {
    let party = Some(&form.party).filter(|party| !party.is_empty());
    let party = party.map(|party| room.party(party)).transpose()?.map(|party| party.id);
    let to = Some(&form.to).filter(|to| !to.is_empty());
    let to = to.map(|to| room.party(to)).transpose()?.map(|party| party.id);
    let due = day_of("due", &form.due, faults);
    if due.is_none() && faults.is_empty() {
        faults.push(Fault::new("due", t!("pacts-due-missing")));
    }
    let every = form.every.trim();
    let every_months = match every.parse::<u32>() {
        _ if every.is_empty() => None,
        Ok(months) => Some(months),
        // Out of every range, so it is told.
        Err(_) => Some(0),
    };
    let Some(party) = party else {
        faults.push(Fault::new("owes", t!("pacts-party-missing")));
        return Ok(None);
    };
    let text = form.duty.clone();
    let draft = DutyDraft { party, to, text, due: due.unwrap_or(session::now()), every_months };
    check_duty(&draft, faults);
    Ok(Some(draft))
}

/// `POST /partnerships/{id}/pacts/{pact}/duties`.
pub(crate) async fn add_duty(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Form(form): Form<DutyForm>,
) -> Result<Response, AppError> {
    let id: PactId = id_of(&pact)?;
    let mut faults = Vec::new();
    let draft = understood(&room, &form, &mut faults)?;
    let Some(draft) = draft.filter(|_| faults.is_empty()) else {
        let typed = Typed { duty: form, faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    };
    let tx = room.begin(&app).await?;
    let did = tx.add_duty((room.id(), id), &draft, form.version, room.by).await;
    if let Err(StoreError::Conflict(_)) = did {
        tx.rollback().await?;
        let faults = vec![Fault::new("duty", t!("pacts-duty-late"))];
        return again(&app, &room, id, Typed { duty: form, faults, ..Typed::default() }).await;
    }
    let one = did?;
    tx.commit().await?;
    Ok(to_part(&room, &format!("pacts/{id}"), "duty", Some(&one)).into_response())
}

/// Does something to an agreement of the version that the viewer read.
async fn act(
    app: &App,
    room: &InRoom,
    pact: &str,
    done: &str,
    verb: impl AsyncFnOnce(&Tx, PactId) -> Result<(), StoreError>,
) -> Result<Redirect, AppError> {
    let (id, tx): (PactId, _) = (id_of(pact)?, room.begin(app).await?);
    let did = verb(&tx, id).await;
    let at = format!("pacts/{id}");
    let otherwise = match did {
        Err(StoreError::Conflict(Constraint::Value(_))) => "pact-unsigned",
        _ => "share-changed",
    };
    finish(tx, did, (to_part(room, &at, done, None), to_part(room, &at, otherwise, None))).await
}

/// `POST /partnerships/{id}/pacts/{pact}/signature`: for the viewer's party.
pub(crate) async fn sign(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Result<Redirect, AppError> {
    act(&app, &room, &pact, "pact-signed", async |tx, id| {
        tx.sign_pact((room.id(), id), form.version, room.by).await
    })
    .await
}

/// `POST /partnerships/{id}/pacts/{pact}/commitments`: duties become commitments.
pub(crate) async fn promise(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Result<Redirect, AppError> {
    act(&app, &room, &pact, "pact-promised", async |tx, id| {
        tx.promise_duties((room.id(), id), form.version, room.by).await.map(drop)
    })
    .await
}

/// `POST /partnerships/{id}/pacts/{pact}/end`.
pub(crate) async fn end(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
    Form(form): Form<VersionForm>,
) -> Result<Redirect, AppError> {
    act(&app, &room, &pact, "pact-ended", async |tx, id| {
        tx.end_pact((room.id(), id), form.version, room.by).await
    })
    .await
}

/// `POST /partnerships/{id}/pacts/{pact}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &pact, true).await
}

/// `POST /partnerships/{id}/pacts/{pact}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, pact)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &pact, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    pact: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<PactId>(pact)?, room.begin(app).await?);
    let did = tx.remove_pact((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, "pacts", "pact-removed", Some(&one)),
        false => to_part(room, "pacts", "back", None),
    };
    finish(tx, did, (done, to_part(room, "pacts", "share-changed", None))).await
}

/// `POST /partnerships/{id}/pacts/duties/{duty}/removal`.
pub(crate) async fn remove_duty(
    State(app): State<App>,
    room: InRoom,
    Path((_, duty)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_duty_removed(&app, &room, &duty, true).await
}

/// `POST /partnerships/{id}/pacts/duties/{duty}/restoration`.
pub(crate) async fn restore_duty(
    State(app): State<App>,
    room: InRoom,
    Path((_, duty)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_duty_removed(&app, &room, &duty, false).await
}

async fn set_duty_removed(
    app: &App,
    room: &InRoom,
    duty: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<DutyId>(duty)?, room.begin(app).await?);
    let did = tx.remove_duty((room.id(), one), is_removed, room.by).await;
    let done = match is_removed {
        true => to_part(room, "pacts", "duty-removed", Some(&one)),
        false => to_part(room, "pacts", "back", None),
    };
    finish(tx, did, (done, to_part(room, "pacts", "share-changed", None))).await
}
