//! Commitments of a partnership: one list of what the parties promised each other, in both directions,
//! what becomes of it, and how reliable that shows them to be.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::commitment::{CommitmentState, Ending, Reliability, Source};
use tieline_model::id::{CommitmentId, PartyId, SeatId};
use tieline_model::time::Moment;
use tieline_store::{CommitmentsAsked, Constraint, NewCommitment, Promised, StoreError, Tx};

use super::conflict::{self, Late, Row};
use super::contacts::MAX_TEXT;
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab, name_of, party_name};
use super::partnerships::MAX_ABOUT;
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Commitments of one page.
const PAGE: u64 = 50;

/// People of a party that the form offers.
const MOST_PEOPLE: u64 = 200;

/// Which list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `ours` or `mine`; else of all parties.
    of: String,
    /// `ended`; else the open ones.
    state: String,
    /// Those after this one.
    after: String,
}

/// A commitment in words.
struct Line {
    id: CommitmentId,
    version: i64,
    text: String,
    between: String,
    who: Option<String>,
    source: String,
    state: (&'static str, String),
    follows: bool,
    /// What one side asks for, and why.
    asked: Option<(String, String)>,
    /// Whether the viewer's party answers that.
    answers: bool,
    /// Whether the viewer says that it was kept.
    is_ours: bool,
    /// Whether the viewer may ask for another date.
    may_ask: bool,
}

/// What commitments show of someone: name, counts, share in words.
struct Shows {
    name: String,
    counts: [u64; 5],
    score: String,
}

/// What the form of a promise brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PromiseForm {
    text: String,
    to: String,
    seat: String,
    source: String,
    due: String,
}

#[derive(Template)]
#[template(path = "commitments.html")]
struct CommitmentsPage {
    shell: Shell,
    head: Head,
    id: String,
    /// Path and name of each choice, and whether it is taken: whose, and how they stand.
    whose: Vec<(String, String, bool)>,
    states: Vec<(String, String, bool)>,
    is_ended: bool,
    lines: Vec<Line>,
    more: Option<String>,
    own: Option<Shows>,
    parties: Vec<Shows>,
    /// Name of the viewer's party, whom it may promise to, and who may see to it.
    ours: Option<String>,
    others: Vec<(PartyId, String)>,
    people: Vec<(SeatId, String)>,
    typed: PromiseForm,
    faults: Vec<Fault>,
}

impl CommitmentsPage {
    fn sources(&self) -> Vec<(&'static str, String)> {
        Source::ALL.iter().map(|source| (source.name(), source_name(*source))).collect()
    }

    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }
}

fn source_name(source: Source) -> String {
    match source {
        Source::Said => t!("commitments-source-said"),
        Source::Meeting => t!("commitments-source-meeting"),
        Source::Decision => t!("commitments-source-decision"),
        Source::Agreement => t!("commitments-source-agreement"),
        Source::Initiative => t!("commitments-source-initiative"),
    }
}

/// Class of the pill of a commitment and its words.
fn state_words(one: &Promised, now: Moment) -> (&'static str, String) {
    let due = one.state.due.map(here::until);
    let ended = one.state.ended.map_or_else(String::new, |(_, at)| here::date(at));
    match (one.state.state(now), due) {
        (CommitmentState::Open, Some(due)) => ("acc", t!("commitments-due", day = due)),
        (CommitmentState::Late, Some(due)) => ("bad", t!("commitments-late", day = due)),
        (CommitmentState::Open | CommitmentState::Late, None) => {
            ("line", t!("commitments-no-date"))
        }
        (CommitmentState::Kept, Some(due)) if is_kept_late(one) => {
            ("warn", t!("commitments-kept-late", day = ended, due = due))
        }
        (CommitmentState::Kept, _) => ("good", t!("commitments-kept-on", day = ended)),
        (CommitmentState::Renegotiated, _) => {
            ("line", t!("commitments-renegotiated-on", day = ended))
        }
        (CommitmentState::Withdrawn, _) => ("line", t!("commitments-withdrawn-on", day = ended)),
    }
}

fn is_kept_late(one: &Promised) -> bool {
    let ended = one.state.ended.filter(|(ending, _)| *ending == Ending::Kept);
    ended.zip(one.state.due).is_some_and(|((_, at), due)| at > due)
}

fn line(room: &InRoom, one: Promised, now: Moment) -> Line {
    let party = room.standing().party();
    let to = one.new.to.map_or_else(|| t!("commitments-all-others"), |to| party_name(room, to));
    let asked = one.asked.as_ref().map(|asked| {
        let who = party_name(room, asked.party);
        let day = here::until(asked.due);
        (t!("commitments-asks", party = who, day = day), asked.note.clone())
    });
    let is_open = one.state.ended.is_none();
    Line {
        state: state_words(&one, now),
        between: t!("commitments-from-to", party = party_name(room, one.new.party), to = to),
        source: source_name(one.new.source),
        answers: party.is_some_and(|party| one.answers(party)),
        is_ours: is_open && room.standing().writes_for(one.new.party),
        may_ask: is_open && party.is_some_and(|party| one.is_side(party)),
        id: one.id,
        version: one.version,
        text: one.new.text,
        who: one.who.map(|name| t!("commitments-who", name = name)),
        follows: one.follows.is_some(),
        asked,
    }
}

fn shows(name: String, found: Reliability) -> Shows {
    let score = found.score();
    Shows {
        name,
        counts: [found.due, found.in_time, found.kept_late, found.late, found.renegotiated],
        score: score.map_or_else(|| t!("commitments-score-none"), here::percent),
    }
}

impl Asked {
    fn is_ended(&self) -> bool {
        self.state == "ended"
    }

    fn to_store(&self, room: &InRoom) -> Result<CommitmentsAsked, AppError> {
        let seat = room.standing().seat;
        let after = Some(&self.after).filter(|after| !after.is_empty()).map(|after| after.parse());
        Ok(CommitmentsAsked {
            party: seat.filter(|_| self.of == "ours").map(|seat| seat.party),
            seat: seat.filter(|_| self.of == "mine").map(|seat| seat.id),
            ended: self.is_ended(),
            after: after.transpose().map_err(|_| AppError::NotFound)?,
        })
    }

    /// Path and name of each choice of whose commitments, and whether it is taken.
    fn whose(&self, room: &InRoom) -> Vec<(String, String, bool)> {
        let mut all = vec![("", t!("commitments-of-all"))];
        if room.standing().seat.is_some() {
            all.push(("ours", t!("commitments-of-ours")));
            all.push(("mine", t!("commitments-of-mine")));
        }
        let known = all.iter().any(|(word, _)| *word == self.of);
        let choice = |(word, name): (&str, String)| {
            let is_here = if known { word == self.of } else { word.is_empty() };
            (self.path(room, word, if self.is_ended() { "ended" } else { "" }), name, is_here)
        };
        all.into_iter().map(choice).collect()
    }

    fn states(&self, room: &InRoom) -> Vec<(String, String, bool)> {
        let choice = |(word, name): (&str, String)| {
            (self.path(room, &self.of, word), name, self.is_ended() == (word == "ended"))
        };
        [("", t!("commitments-open")), ("ended", t!("commitments-ended"))].map(choice).to_vec()
    }

    fn path(&self, room: &InRoom, of: &str, state: &str) -> String {
        let of = crate::error::encode_part(of);
        format!("{}/commitments?of={of}&state={state}", room.base())
    }
}

async fn commitments_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (PromiseForm, Vec<Fault>),
) -> Result<CommitmentsPage, AppError> {
    let now = session::now();
    let which = asked.to_store(room)?;
    let mut found = app.store.commitments(room.id(), &which, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let here = asked.path(room, &asked.of, if asked.is_ended() { "ended" } else { "" });
    let shown = app.store.reliabilities(room.id(), now, room.by).await?;
    let ours = room.standing().party();
    let parties = room.room.parties.iter().map(|(party, _)| (party.id, party.name.clone()));
    Ok(CommitmentsPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Commitments),
        id: room.id().to_string(),
        whose: asked.whose(room),
        states: asked.states(room),
        is_ended: asked.is_ended(),
        lines: found.into_iter().map(|one| line(room, one, now)).collect(),
        more: last.map(|last| format!("{here}&after={last}")),
        own: shown.own.map(|own| shows(t!("commitments-yours"), own)),
        parties: shown
            .parties
            .into_iter()
            .map(|(id, one)| shows(party_name(room, id), one))
            .collect(),
        ours: ours.map(|party| party_name(room, party)),
        others: parties.filter(|(id, _)| Some(*id) != ours).collect(),
        people: people(app, room).await?,
        typed,
        faults,
    })
}

/// Who of the viewer's party may see to something.
pub(super) async fn people(app: &App, room: &InRoom) -> Result<Vec<(SeatId, String)>, AppError> {
    let Some(party) = room.standing().party() else { return Ok(Vec::new()) };
    let seated = app.store.seated_at((room.id(), party), None, MOST_PEOPLE, room.by).await?;
    Ok(seated.iter().map(|one| (one.id, name_of(one))).collect())
}

/// `GET /partnerships/{id}/commitments`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (PromiseForm::default(), Vec::new());
    let shown = commitments_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&CommitmentsPage { shell, ..shown })
}

async fn again(
    app: &App,
    room: &InRoom,
    typed: PromiseForm,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let shown = commitments_page(app, room, &Asked::default(), (typed, faults)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// The first moment after a day that was typed.
fn end_of(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> Option<Moment> {
    day_of(field, text, faults).map(|day| day.plus_days(1.0))
}

/// `POST /partnerships/{id}/commitments`: the viewer's party promises something.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<PromiseForm>,
) -> Result<Response, AppError> {
    let party = room.standing().party().ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    let new = understood(&app, &room, party, &form, &mut faults).await?;
    if !faults.is_empty() {
        return again(&app, &room, form, faults).await;
    }
    let tx = room.begin(&app).await?;
    let made = tx.add_commitment(room.id(), &new, room.by).await?;
    tx.commit().await?;
    Ok(to_list(&room, "promised", Some(made)).into_response())
}

async fn understood(
    app: &App,
    room: &InRoom,
    party: PartyId,
    form: &PromiseForm,
    faults: &mut Vec<Fault>,
) -> Result<NewCommitment, AppError> {
    if form.text.trim().is_empty() {
        faults.push(Fault::new("text", t!("commitments-missing")));
    }
    within("text", &form.text, MAX_TEXT, faults);
    let to = Some(&form.to).filter(|to| !to.is_empty()).map(|to| room.party(to));
    if to.as_ref().is_some_and(|to| to.as_ref().map_or(true, |to| to.id == party)) {
        faults.push(Fault::new("to", t!("commitments-party-unknown")));
    }
    let known = people(app, room).await?;
    let seat = known.iter().find(|(id, _)| id.to_string() == form.seat).map(|(id, _)| *id);
    if seat.is_none() && !form.seat.is_empty() {
        faults.push(Fault::new("seat", t!("commitments-person-unknown")));
    }
    Ok(NewCommitment {
        party,
        to: to.and_then(Result::ok).map(|to| to.id),
        seat,
        text: form.text.clone(),
        source: Source::from_name(&form.source).unwrap_or_default(),
        due: end_of("due", &form.due, faults),
    })
}

fn to_list(room: &InRoom, done: &str, what: Option<CommitmentId>) -> Redirect {
    let undo = what.map_or_else(String::new, |what| format!("&undo={}.{what}", room.id()));
    Redirect::to(&format!("{}/commitments?done={done}{undo}", room.base()))
}

/// What a form on one commitment brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OneForm {
    version: i64,
    day: String,
    note: String,
}

fn id_of(id: &str) -> Result<CommitmentId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// Commits what a verb did; where someone else was first, the list shows how it stands.
async fn finish<T>(
    room: &InRoom,
    tx: Tx,
    did: Result<T, StoreError>,
    (done, what): (&str, Option<CommitmentId>),
) -> Result<Redirect, AppError> {
    match did {
        Ok(_) => {
            tx.commit().await?;
            Ok(to_list(room, done, what))
        }
        Err(StoreError::Conflict(Constraint::Stale | Constraint::Value(_))) => {
            tx.rollback().await?;
            Ok(to_list(room, "commitment-changed", None))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /partnerships/{id}/commitments/{commitment}/kept`.
pub(crate) async fn keep(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of(&one)?, room.begin(&app).await?);
    let did = tx.end_commitment((room.id(), one), true, form.version, room.by).await;
    finish(&room, tx, did, ("commitment-kept", Some(one))).await
}

/// `POST /partnerships/{id}/commitments/{commitment}/withdrawal`.
pub(crate) async fn withdraw(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of(&one)?, room.begin(&app).await?);
    // Just after it was made there is nothing to have changed: undoing it names no version.
    let version = match form.version {
        0 => app.store.commitment((room.id(), one), room.by).await?.version,
        version => version,
    };
    let did = tx.end_commitment((room.id(), one), false, version, room.by).await;
    finish(&room, tx, did, ("commitment-withdrawn", Some(one))).await
}

/// `POST /partnerships/{id}/commitments/{commitment}/reopening`.
pub(crate) async fn reopen(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of(&one)?, room.begin(&app).await?);
    let did = tx.reopen_commitment((room.id(), one), room.by).await;
    finish(&room, tx, did, ("back", None)).await
}

/// `POST /partnerships/{id}/commitments/{commitment}/date`: asks the other side for another date.
pub(crate) async fn ask(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Response, AppError> {
    let one = id_of(&one)?;
    let known = app.store.commitment((room.id(), one), room.by).await?;
    let mut faults = Vec::new();
    within("note", &form.note, MAX_ABOUT, &mut faults);
    let due = end_of("day", &form.day, &mut faults);
    let due = due.filter(|due| *due > session::now());
    if due.is_none() && faults.is_empty() {
        let text = match form.day.trim().is_empty() {
            true => t!("commitments-day-missing"),
            false => t!("commitments-day-past"),
        };
        faults.push(Fault::new("day", text));
    }
    let Some(due) = due.filter(|_| faults.is_empty()) else {
        return again(&app, &room, PromiseForm::default(), faults).await;
    };
    let tx = room.begin(&app).await?;
    let did = tx.ask_date((room.id(), one), (due, &form.note), form.version, room.by).await;
    if matches!(did, Err(StoreError::Conflict(Constraint::Stale))) && known.state.ended.is_none() {
        tx.rollback().await?;
        return late(&app, &room, &known, form);
    }
    Ok(finish(&room, tx, did, ("date-asked", None)).await?.into_response())
}

/// Someone changed the commitment meanwhile: what was asked for stands beside it.
fn late(app: &App, room: &InRoom, known: &Promised, mine: OneForm) -> Result<Response, AppError> {
    let asked = known.asked.as_ref();
    let late = Late {
        what: known.new.text.clone(),
        who: String::new(),
        back: format!("{}/commitments", room.base()),
        action: format!("{}/commitments/{}/date", room.base(), known.id),
        rows: vec![
            Row::new(
                t!("commitments-new-day"),
                asked.map_or_else(
                    || state_words(known, session::now()).1,
                    |asked| here::until(asked.due),
                ),
                &mine.day,
            ),
            Row::new(
                t!("commitments-why"),
                asked.map_or_else(String::new, |asked| asked.note.clone()),
                &mine.note,
            ),
        ],
        fields: vec![
            ("day", mine.day),
            ("note", mine.note),
            ("version", known.version.to_string()),
        ],
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/commitments/{commitment}/date/agreement`.
pub(crate) async fn agree(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of(&one)?, room.begin(&app).await?);
    let did = tx.answer_date((room.id(), one), true, form.version, room.by).await;
    finish(&room, tx, did, ("date-agreed", None)).await
}

/// `POST /partnerships/{id}/commitments/{commitment}/date/refusal`.
pub(crate) async fn decline(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<OneForm>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of(&one)?, room.begin(&app).await?);
    let did = tx.answer_date((room.id(), one), false, form.version, room.by).await;
    finish(&room, tx, did, ("date-declined", None)).await
}
