//! One joint decision: the question, what people say, its poll and its counts, what follows from it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::decision::{Stance, VoterUnit};
use tieline_model::id::{AimId, CommentId, DecisionId, PartyId, SeatId};
use tieline_store::{DecisionOption, JointDecision, SeatName, Statement};

use super::decision_count::{CountView, counted};
use super::decision_poll::{Poll, poll};
use super::decision_words::{
    gate_sentence, method_name, secrecy_name, stage_name, stance_name, unit_name, verdict_name,
};
use super::decisions::{decision_of, is_draft};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab};
use super::subject::{within, writer};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Statements that the page shows.
const MOST_SAID: u64 = 200;

/// People whose names are looked up for a page.
pub(super) const MOST_NAMES: u64 = 2_500;

/// People that forms let choose from.
const MOST_CHOICES: usize = 200;

/// Names of everyone in the room, by seat.
pub(super) struct Names {
    of: BTreeMap<SeatId, SeatName>,
    parties: BTreeMap<PartyId, String>,
}

impl Names {
    pub(super) async fn read(app: &App, room: &InRoom) -> Result<Self, AppError> {
        let all = app.store.seat_names(room.id(), MOST_NAMES, room.by).await?;
        let parties = room.room.parties.iter();
        Ok(Self {
            of: all.into_iter().map(|one| (one.seat, one)).collect(),
            parties: parties.map(|(party, _)| (party.id, party.name.clone())).collect(),
        })
    }

    pub(super) fn person(&self, seat: SeatId) -> String {
        let name = self.of.get(&seat).and_then(|one| one.name.clone());
        name.unwrap_or_else(|| t!("partnerships-nobody-known"))
    }

    pub(super) fn party(&self, party: PartyId) -> String {
        self.parties.get(&party).cloned().unwrap_or_else(|| t!("decisions-party-left"))
    }

    /// Seats of those who sit at a party now or sat there, each with its name.
    fn at(&self, party: PartyId) -> Vec<(SeatId, String)> {
        let of = self.of.values().filter(|one| one.party == party);
        of.map(|one| (one.seat, self.person(one.seat))).take(MOST_CHOICES).collect()
    }
}

/// What someone said.
struct Spoken {
    id: CommentId,
    name: String,
    party: String,
    stance: String,
    tone: &'static str,
    text: String,
    at: String,
    is_own: bool,
}

/// A stage of all.
struct Station {
    name: String,
    class: &'static str,
    is_here: bool,
    note: String,
}

/// A step that may be taken.
struct Way {
    to: &'static str,
    label: String,
    missing: Vec<String>,
    is_main: bool,
}

/// A party whose delegate is chosen when the poll opens.
struct Seats {
    party: PartyId,
    name: String,
    people: Vec<(SeatId, String)>,
}

/// What follows from it, in words.
struct OutcomeView {
    statement: String,
    aim: String,
    owner: String,
    bound: Vec<String>,
    first_step: String,
    review: String,
    note: String,
}

/// What the form of an outcome has to choose from.
struct OutcomeChoices {
    aims: Vec<(AimId, String, bool)>,
    /// Seat, name with party, whether they see to it, whether they are bound.
    people: Vec<(SeatId, String, bool, bool)>,
    review_on: String,
}

#[derive(Template)]
#[template(path = "decision.html")]
struct DecisionPage {
    shell: Shell,
    view: View,
    typed: SayForm,
    faults: Vec<Fault>,
    outcome_choices: Option<OutcomeChoices>,
    outcome_typed: (String, String),
}

/// What page and record of a decision show alike.
pub(super) struct View {
    pub(super) head: Head,
    pub(super) id: String,
    pub(super) base: String,
    pub(super) one: JointDecision,
    sub: String,
    stations: Vec<Station>,
    options: Vec<DecisionOption>,
    drives: bool,
    edits: bool,
    said: Vec<Spoken>,
    stances: [usize; 3],
    ways: Vec<Way>,
    seats: Vec<Seats>,
    poll: Option<Poll>,
    counts: Vec<CountView>,
    outcome: Option<OutcomeView>,
    rules: Vec<(String, String)>,
    is_review_due: bool,
}

impl View {
    pub(super) async fn read(
        app: &App,
        room: &InRoom,
        (one, options): (JointDecision, Vec<DecisionOption>),
    ) -> Result<Self, AppError> {
        let at = (room.id(), one.id);
        let names = Names::read(app, room).await?;
        let said = app.store.statements(at, (None, MOST_SAID), room.by).await?;
        let n = |stance| said.iter().filter(|one| one.stance == stance).count();
        let stances = [n(Stance::Supports), n(Stance::Concern), n(Stance::Neither)];
        let mut spoken = Vec::new();
        for one in said {
            spoken.push(spoken_of(app, room, &names, one).await?);
        }
        let now = session::now();
        let progress = app.store.joint_progress(&one, now, room.by).await?;
        let drives = one.is_driven_by(&room.standing(), room.by);
        let counts = app.store.counts(at, room.by).await?;
        Ok(Self {
            head: Head::new(room, Tab::Decisions),
            id: room.id().to_string(),
            base: format!("{}/decisions/{}", room.base(), one.id),
            sub: sub(app, &one).await?,
            stations: stations(&one),
            drives,
            edits: is_draft(&one),
            said: spoken,
            stances,
            ways: ways(&one, &progress),
            seats: seats(room, &names, &one),
            poll: poll(app, room, &names, (&one, &options), &progress).await?,
            counts: counts.iter().rev().map(counted).collect(),
            outcome: outcome(app, room, &names, &one).await?,
            rules: rules(&one),
            is_review_due: one.stage.is_review_due(&progress),
            options,
            one,
        })
    }

    fn is_over(&self) -> bool {
        self.one.stage.is_over()
    }

    fn is_at(&self, stage: &str) -> bool {
        self.one.stage.name() == stage
    }
}

async fn sub(app: &App, one: &JointDecision) -> Result<String, AppError> {
    let who = match one.by {
        Some(_) => writer(app, one.by).await?,
        None => t!("charter-by-guest"),
    };
    Ok(t!(
        "decisions-sub",
        method = method_name(one.rules.method.kind()),
        unit = unit_name(one.rules.voter_unit),
        who = who,
        day = here::date(one.asked)
    ))
}

/// What was fixed of how it is decided, in words.
fn rules(one: &JointDecision) -> Vec<(String, String)> {
    let rules = &one.rules;
    let mut all = vec![
        (t!("decisions-method"), method_name(rules.method.kind())),
        (t!("decisions-voters"), unit_name(rules.voter_unit)),
        (t!("decisions-quorum"), rules.quorum.to_string()),
        (t!("decisions-secrecy"), secrecy_name(rules.secrecy)),
    ];
    all.extend(one.closes_at.map(|at| (t!("decisions-deadline"), here::moment(at))));
    all
}

async fn spoken_of(
    app: &App,
    room: &InRoom,
    names: &Names,
    one: Statement,
) -> Result<Spoken, AppError> {
    let name = match (one.name, one.by) {
        (Some(name), _) => name,
        (None, Some(by)) => writer(app, Some(by)).await?,
        (None, None) => t!("charter-by-guest"),
    };
    let (stance, tone) = stance_name(one.stance);
    let own_seat = one.seat.is_some() && one.seat == room.standing().seat.map(|seat| seat.id);
    Ok(Spoken {
        id: one.id,
        name,
        party: one.party.map(|party| names.party(party)).unwrap_or_default(),
        stance,
        tone,
        text: one.text,
        at: here::moment(one.at),
        is_own: own_seat || (one.by.is_some() && one.by == room.by.account()),
    })
}

fn stations(one: &JointDecision) -> Vec<Station> {
    let all = [Stage::Discuss, Stage::Propose, Stage::Decide, Stage::Outcome, Stage::Review];
    let note = |stage: Stage| match stage {
        Stage::Decide if one.stage == stage && one.verdict.is_none() => {
            one.closes_at.map(|at| t!("decisions-closes", at = here::moment(at)))
        }
        Stage::Review => one.outcome.review_on.map(|on| here::day(on.date())),
        _ => None,
    };
    let station = |stage: Stage| Station {
        name: stage_name(stage),
        class: if one.stage != Stage::Withdrawn && stage < one.stage { "done" } else { "" },
        is_here: stage == one.stage,
        note: note(stage).unwrap_or_default(),
    };
    all.into_iter().map(station).collect()
}

/// The steps that have no form of their own: not the count, and not what the review finds.
fn ways(one: &JointDecision, progress: &tieline_model::decision::stage::Progress) -> Vec<Way> {
    let way = |to: &Stage| {
        let by_itself =
            matches!((one.stage, *to), (Stage::Decide, Stage::Outcome) | (Stage::Review, _));
        if by_itself && *to != Stage::Withdrawn {
            return None;
        }
        let shut = one.stage.shut_gates(*to, progress)?;
        let label = match (one.stage, *to) {
            (_, Stage::Withdrawn) => t!("decisions-withdraw"),
            (Stage::Propose, Stage::Decide) => t!("decisions-open-poll"),
            (Stage::Outcome, Stage::Review) => t!("decisions-put-in-force"),
            (_, Stage::Discuss) => t!("decisions-back-to-discuss"),
            (Stage::Decide, Stage::Propose) => t!("decisions-back-to-propose"),
            (_, to) => t!("decisions-go-to", stage = stage_name(to)),
        };
        Some(Way {
            to: to.name(),
            label,
            missing: shut.into_iter().map(gate_sentence).collect(),
            is_main: *to > one.stage && *to != Stage::Withdrawn,
        })
    };
    Stage::ALL.iter().filter_map(way).collect()
}

/// Parties whose delegates are chosen with the step that opens the poll.
fn seats(room: &InRoom, names: &Names, one: &JointDecision) -> Vec<Seats> {
    if one.stage != Stage::Propose || one.rules.voter_unit != VoterUnit::Party {
        return Vec::new();
    }
    let parties = room.room.parties.iter();
    let one = |(party, _): &(tieline_store::Party, u64)| Seats {
        party: party.id,
        name: party.name.clone(),
        people: names.at(party.id),
    };
    parties.map(one).filter(|seats| !seats.people.is_empty()).collect()
}

async fn outcome(
    app: &App,
    room: &InRoom,
    names: &Names,
    one: &JointDecision,
) -> Result<Option<OutcomeView>, AppError> {
    let written = &one.outcome;
    if written.statement.is_empty() {
        return Ok(None);
    }
    let bound = app.store.bound_by((room.id(), one.id), room.by).await?;
    let aims = app.store.aims_served(room.id(), room.by).await?;
    let aim = aims.into_iter().find(|aim| Some(aim.id) == written.aim);
    Ok(Some(OutcomeView {
        statement: written.statement.clone(),
        aim: aim.map(|aim| aim.text).unwrap_or_default(),
        owner: written.owner.map(|seat| names.person(seat)).unwrap_or_default(),
        bound: bound.into_iter().map(|seat| names.person(seat)).collect(),
        first_step: written.first_step.clone(),
        review: written.review_on.map(|on| here::day(on.date())).unwrap_or_default(),
        note: one.review_note.clone(),
    }))
}

async fn outcome_choices(
    app: &App,
    room: &InRoom,
    one: &JointDecision,
) -> Result<Option<OutcomeChoices>, AppError> {
    if one.stage != Stage::Outcome || !one.is_driven_by(&room.standing(), room.by) {
        return Ok(None);
    }
    let names = Names::read(app, room).await?;
    let bound = app.store.bound_by((room.id(), one.id), room.by).await?;
    let aims = app.store.aims_served(room.id(), room.by).await?.into_iter();
    let parties = room.room.parties.iter();
    let people = parties.flat_map(|(party, _)| {
        let of = names.at(party.id).into_iter();
        of.map(|(seat, name)| {
            let shown = format!("{name}, {}", party.name);
            (seat, shown, one.outcome.owner == Some(seat), bound.contains(&seat))
        })
        .collect::<Vec<_>>()
    });
    Ok(Some(OutcomeChoices {
        aims: aims.map(|aim| (aim.id, aim.text, one.outcome.aim == Some(aim.id))).collect(),
        people: people.take(MOST_CHOICES).collect(),
        review_on: one.outcome.review_on.map(|on| on.date().to_string()).unwrap_or_default(),
    }))
}

/// The page, with what was typed and what is wrong with it.
pub(super) async fn shown(
    app: &App,
    room: &InRoom,
    id: &str,
    (typed, faults): (SayForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let (one, options) = decision_of(app, room, id).await?;
    let outcome_choices = outcome_choices(app, room, &one).await?;
    let outcome_typed = (one.outcome.statement.clone(), one.outcome.first_step.clone());
    let view = View::read(app, room, (one, options)).await?;
    let shell = room.shell(app).with_toast(typed.done.toast());
    page(&DecisionPage { shell, view, typed, faults, outcome_choices, outcome_typed })
}

/// The page again, with what is wrong.
pub(super) async fn again(
    app: &App,
    room: &InRoom,
    id: &str,
    (typed, faults): (SayForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let again = shown(app, room, id, (typed, faults)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// `GET /partnerships/{id}/decisions/{decision}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let typed = SayForm { done, ..SayForm::default() };
    shown(&app, &room, &id, (typed, Vec::new())).await
}

#[derive(Template)]
#[template(path = "decision_record.html")]
struct RecordPage {
    shell: Shell,
    view: View,
    made: String,
}

/// `GET /partnerships/{id}/decisions/{decision}/record`: to print.
pub(crate) async fn record(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let found = decision_of(&app, &room, &id).await?;
    let view = View::read(&app, &room, found).await?;
    let made = here::moment(session::now());
    page(&RecordPage { shell: room.shell(&app), view, made })
}

/// What the form of a statement brings, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SayForm {
    stance: String,
    text: String,
    #[serde(skip)]
    done: Done,
}

/// Where the page of a decision is, with word of what was done.
pub(super) fn to_decision(room: &InRoom, id: &str, done: &str) -> Response {
    Redirect::to(&format!("{}/decisions/{id}?done={done}", room.base())).into_response()
}

/// `POST /partnerships/{id}/decisions/{decision}/statements`.
pub(crate) async fn say(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<SayForm>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(&app, &room, &id).await?;
    let mut faults = Vec::new();
    if form.text.trim().is_empty() {
        faults.push(Fault::new("text", t!("decisions-say-missing")));
    }
    within("text", &form.text, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, &id, (form, faults)).await;
    }
    let stance = Stance::from_name(&form.stance).unwrap_or(Stance::Neither);
    let tx = room.begin(&app).await?;
    let said = tx.speak_to((room.id(), one.id), (stance, &form.text), room.by).await?;
    tx.commit().await?;
    Ok(to_decision(&room, &id, &format!("said&undo={}.{said}", room.id())))
}

/// `POST /partnerships/{id}/decisions/statements/{comment}/removal`.
pub(crate) async fn unsay(
    State(app): State<App>,
    room: InRoom,
    Path((_, said)): Path<(String, String)>,
) -> Result<Response, AppError> {
    set_removed(&app, &room, &said, true).await
}

/// `POST /partnerships/{id}/decisions/statements/{comment}/restoration`.
pub(crate) async fn say_again(
    State(app): State<App>,
    room: InRoom,
    Path((_, said)): Path<(String, String)>,
) -> Result<Response, AppError> {
    set_removed(&app, &room, &said, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    said: &str,
    is_removed: bool,
) -> Result<Response, AppError> {
    let said: CommentId = said.parse().map_err(|_| AppError::NotFound)?;
    let tx = room.begin(app).await?;
    let id: DecisionId = tx.unsay((room.id(), said), is_removed, room.by).await?;
    tx.commit().await?;
    let done = if is_removed { "unsaid" } else { "back" };
    Ok(to_decision(room, &id.to_string(), &format!("{done}&undo={}.{said}", room.id())))
}

/// Gates as faults of the page.
pub(super) fn gate_faults(gates: Vec<Gate>) -> Vec<Fault> {
    gates.into_iter().map(|gate| Fault::new("steps", gate_sentence(gate))).collect()
}

impl DecisionPage {
    fn verdict(&self) -> String {
        self.view.one.verdict.map(verdict_name).unwrap_or_default()
    }

    /// Word and label of each stance.
    fn choices(&self) -> Vec<(&'static str, String, bool)> {
        let one = |stance: &Stance| {
            (stance.name(), stance_name(*stance).0, stance.name() == self.typed.stance)
        };
        Stance::ALL.iter().map(one).collect()
    }
}
