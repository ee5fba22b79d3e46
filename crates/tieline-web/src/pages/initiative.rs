//! One joint initiative: how it goes, each party's part, the plan with what decides its end, the risks.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{
    ContributionId, InitiativeId, ObjectiveId, PartId, PartyId, RiskId, SeatId, TaskId,
};
use tieline_model::initiative::{Ended, HIGH_RISK, RiskState, TaskState};
use tieline_model::ledger::Receipt;
use tieline_model::schedule::{Schedule, Slot};
use tieline_model::time::{DAY_MS, Moment};
use tieline_store::{
    Constraint, Contribution, Initiative, InitiativePart, InitiativeTask, Risk, StoreError,
};

use super::commitments::people;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::initiative_parts::{ContributionForm, PartForm};
use super::initiative_plan::{RiskForm, TaskForm};
use super::initiatives::{
    InitiativeForm, days_words, may_write, objectives, progress_words, sign_words, status,
};
use super::ledger::receipt_words;
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::resources::{amount_words, finish, id_of, to_part};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Width of a bar of the timeline.
const WIDTH: f64 = 1000.0;

/// What was given, in words.
struct Given {
    id: ContributionId,
    version: i64,
    what: String,
    day: String,
    receipt: (&'static str, String),
    question: String,
    /// Whether the viewer's party answers, and whether it may take it back.
    answers: bool,
    may_remove: bool,
    is_confirmed: bool,
}

/// A part in words.
struct PartLine {
    id: PartId,
    text: String,
    party: String,
    /// Planned, confirmed, and what waits for an answer.
    planned: String,
    given: String,
    waits: Option<String>,
    unit: String,
    contributions: Vec<Given>,
    is_own: bool,
}

/// A task in words.
struct TaskLine {
    id: TaskId,
    version: i64,
    title: String,
    who: String,
    pill: (&'static str, String),
    /// The day that it is promised for, or that of a milestone.
    due: String,
    is_promised: bool,
    is_milestone: bool,
    needs: String,
    /// When it can be done, and what that means.
    when: String,
    slack: String,
    is_critical: bool,
    /// Where its bar begins, and how long it is, in thousandths.
    bar: (i64, i64),
    color: &'static str,
    may_change: bool,
    state: &'static str,
}

/// A risk in words.
struct RiskLine {
    id: RiskId,
    version: i64,
    text: String,
    answer: String,
    who: String,
    party: String,
    score: String,
    pill: (&'static str, String),
    likelihood: u8,
    impact: u8,
    state: &'static str,
}

/// What was typed wrongly.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) initiative: Option<InitiativeForm>,
    pub(super) learnt: String,
    pub(super) part: PartForm,
    pub(super) given: ContributionForm,
    pub(super) task: TaskForm,
    pub(super) risk: RiskForm,
    pub(super) faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "initiative.html")]
pub(super) struct InitiativePage {
    shell: Shell,
    head: Head,
    id: String,
    at: String,
    title: String,
    text: String,
    objective: Option<String>,
    days: String,
    pill: (&'static str, String),
    status: String,
    signs: Vec<String>,
    /// How it ended, in words, and what came of it.
    learnt: Option<String>,
    version: i64,
    parts: Vec<PartLine>,
    tasks: Vec<TaskLine>,
    /// Where today is on the timeline, in thousandths; and its first and last day.
    today: Option<f64>,
    span: Option<(String, String)>,
    risks: Vec<RiskLine>,
    objectives: Vec<(ObjectiveId, String)>,
    parties: Vec<(PartyId, String)>,
    ours: Option<(PartyId, String)>,
    people: Vec<(SeatId, String)>,
    may_write: bool,
    typed: InitiativeForm,
    end: String,
    part: PartForm,
    given: ContributionForm,
    task: TaskForm,
    risk: RiskForm,
    faults: Vec<Fault>,
    is_edited: bool,
    submit: String,
}

impl InitiativePage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }

    fn levels(&self) -> Vec<(u8, String)> {
        levels()
    }

    fn risk_states(&self) -> Vec<(&'static str, String)> {
        RiskState::ALL.iter().map(|state| (state.name(), risk_words(*state).1)).collect()
    }

    fn today_x(&self) -> String {
        self.today.map(|x| format!("{x:.0}")).unwrap_or_default()
    }
}

/// The steps of likelihood and of impact.
pub(super) fn levels() -> Vec<(u8, String)> {
    vec![
        (1, t!("initiatives-level-1")),
        (2, t!("initiatives-level-2")),
        (3, t!("initiatives-level-3")),
        (4, t!("initiatives-level-4")),
        (5, t!("initiatives-level-5")),
    ]
}

fn risk_words(state: RiskState) -> (&'static str, String) {
    match state {
        RiskState::Open => ("", t!("initiatives-risk-open")),
        RiskState::Happened => ("bad", t!("initiatives-risk-happened")),
        RiskState::Over => ("good", t!("initiatives-risk-over")),
    }
}

fn given(room: &InRoom, part: &InitiativePart, one: &Contribution) -> Given {
    let amount = one.new.amount.map(|amount| amount_words(amount, &part.draft.unit));
    let is_own = room.standing().writes_for(part.draft.party);
    let (receipt, by) = one.receipt;
    let (tone, words) = receipt_words(receipt);
    let words = match by.filter(|_| receipt != Receipt::Waits) {
        Some(by) => t!("initiatives-answered-by", answer = words, party = party_name(room, by)),
        None => words,
    };
    Given {
        id: one.id,
        version: one.version,
        what: match (amount, one.new.text.is_empty()) {
            (Some(amount), true) => amount,
            (Some(amount), false) => {
                t!("initiatives-amount-text", amount = amount, text = one.new.text.as_str())
            }
            (None, _) => one.new.text.clone(),
        },
        day: here::day(one.new.day.date()),
        receipt: (tone, words),
        question: one.question.clone(),
        answers: room.standing().party().is_some() && !is_own,
        may_remove: is_own && receipt != Receipt::Confirmed,
        is_confirmed: receipt == Receipt::Confirmed,
    }
}

fn part(room: &InRoom, one: &InitiativePart) -> PartLine {
    let unit = &one.draft.unit;
    let n = |receipt: Receipt| {
        one.contributions.iter().filter(|given| given.receipt.0 == receipt).count()
    };
    let waits = n(Receipt::Waits) + n(Receipt::Questioned);
    PartLine {
        id: one.id,
        text: one.draft.text.clone(),
        party: party_name(room, one.draft.party),
        planned: match one.draft.amount {
            Some(amount) => amount_words(amount, unit),
            None => t!("initiatives-no-amount"),
        },
        given: match one.draft.amount {
            Some(_) => amount_words(one.sum(Receipt::Confirmed), unit),
            None => t!("initiatives-n-given", n = n(Receipt::Confirmed)),
        },
        waits: (waits > 0).then(|| t!("initiatives-n-wait", n = waits)),
        unit: unit.clone(),
        contributions: one.contributions.iter().map(|line| given(room, one, line)).collect(),
        is_own: room.standing().writes_for(one.draft.party),
    }
}

/// Who does a task, in words.
fn doer(room: &InRoom, one: &InitiativeTask) -> String {
    match (one.draft.party.map(|party| party_name(room, party)), &one.who) {
        (Some(party), Some(who)) => {
            t!("initiatives-who", who = who.as_str(), party = party)
        }
        (Some(party), None) => party,
        (None, _) if one.is_milestone() => t!("initiatives-milestone"),
        (None, _) => t!("initiatives-nobody"),
    }
}

fn task_pill(one: &InitiativeTask, now: Moment) -> (&'static str, String) {
    match (one.done, one.is_late(now), one.state()) {
        (Some(done), ..) if one.is_milestone() => {
            ("good", t!("initiatives-reached-on", day = here::date(done)))
        }
        (Some(done), ..) => ("good", t!("initiatives-done-on", day = here::date(done))),
        (None, true, _) => ("bad", t!("initiatives-late")),
        (None, false, TaskState::Begun) => ("acc", t!("initiatives-begun")),
        (None, false, _) => ("", t!("initiatives-open")),
    }
}

/// First and last day of a slot in words; of a milestone that day.
fn when(slot: &Slot, is_milestone: bool) -> String {
    let day = |day: i64| here::day(Moment::from_ms(day.saturating_mul(DAY_MS)).date());
    let last = day(slot.ends.saturating_sub(1));
    match is_milestone || slot.ends - slot.begins <= 1 {
        true => last,
        false => t!("initiatives-from-to", begins = day(slot.begins), ends = last),
    }
}

/// First day and first day after, of all bars.
fn span(one: &Initiative, found: &Schedule, now: Moment) -> (i64, i64) {
    let begins =
        found.slots.iter().map(|slot| slot.begins).chain(one.draft.begins.map(Moment::day));
    let ends = found.slots.iter().map(|slot| slot.ends).chain(one.draft.ends.map(Moment::day));
    let (first, last) = (begins.min(), ends.max());
    let first = first.unwrap_or(now.day());
    (first, last.unwrap_or(first).max(first + 1))
}

fn task(
    room: &InRoom,
    (all, at): (&Initiative, usize),
    slot: &Slot,
    ((first, last), now): ((i64, i64), Moment),
) -> TaskLine {
    let one = &all.tasks[at];
    let scale = WIDTH / (last - first) as f64;
    let place = |need: &TaskId| all.tasks.iter().position(|task| task.id == *need);
    let needs =
        one.draft.needs.iter().filter_map(place).map(|at| all.tasks[at].draft.title.clone());
    let needs: Vec<String> = needs.collect();
    let is_done = one.done.is_some();
    TaskLine {
        id: one.id,
        version: one.version,
        title: one.draft.title.clone(),
        who: doer(room, one),
        pill: task_pill(one, now),
        due: one.draft.due.map(here::until).unwrap_or_default(),
        is_promised: one.commitment.is_some(),
        is_milestone: one.is_milestone(),
        needs: here::list(&needs),
        when: when(slot, one.is_milestone()),
        slack: match (is_done, slot.is_critical) {
            (true, _) => String::new(),
            (false, true) => t!("initiatives-critical"),
            (false, false) => t!("initiatives-slack", n = slot.slack),
        },
        is_critical: slot.is_critical,
        // Thousandths: whole numbers are near enough.
        bar: (
            ((slot.begins - first) as f64 * scale).round() as i64,
            ((slot.ends - slot.begins) as f64 * scale).round().max(WIDTH / 100.0) as i64,
        ),
        color: match (is_done, slot.is_critical) {
            (true, _) => "var(--good)",
            (false, true) => "var(--warn)",
            (false, false) => "var(--accent)",
        },
        may_change: one.is_open_to(&room.standing()),
        state: one.state().name(),
    }
}

fn risk(room: &InRoom, one: &Risk) -> RiskLine {
    let (tone, state) = risk_words(one.draft.state);
    let is_high = one.draft.state == RiskState::Open && one.score() >= HIGH_RISK;
    RiskLine {
        id: one.id,
        version: one.version,
        text: one.draft.text.clone(),
        answer: one.draft.answer.clone(),
        who: one.draft.party.map_or_else(
            || t!("initiatives-nobody-watches"),
            |party| t!("initiatives-watches", party = party_name(room, party)),
        ),
        party: one.draft.party.map(|party| party.to_string()).unwrap_or_default(),
        score: t!("initiatives-score", n = one.score()),
        pill: if is_high { ("warn", t!("initiatives-risk-high")) } else { (tone, state) },
        likelihood: one.draft.likelihood,
        impact: one.draft.impact,
        state: one.draft.state.name(),
    }
}

pub(super) async fn initiative_page(
    app: &App,
    room: &InRoom,
    id: InitiativeId,
    typed: Typed,
) -> Result<InitiativePage, AppError> {
    let (one, now) = (app.store.initiative((room.id(), id), room.by).await?, session::now());
    let (progress, signs) = one.progress(now);
    let found = one.schedule(now);
    let span = span(&one, &found, now);
    let lines = found.slots.iter().enumerate();
    let lines = lines.map(|(at, slot)| task(room, (&one, at), slot, (span, now))).collect();
    let day = |day: i64| here::day(Moment::from_ms(day.saturating_mul(DAY_MS)).date());
    let share = (now.day() - span.0) as f64 / (span.1 - span.0) as f64;
    let all = objectives(app, room).await?;
    let serves = all.iter().find(|(id, _)| Some(*id) == one.draft.objective);
    let ours = room.standing().party().map(|party| (party, party_name(room, party)));
    Ok(InitiativePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Initiatives),
        id: room.id().to_string(),
        at: format!("{}/initiatives/{id}", room.base()),
        title: one.draft.title.clone(),
        text: one.draft.text.clone(),
        objective: serves.map(|(_, title)| title.clone()),
        days: days_words(&one.draft),
        pill: progress_words(progress),
        status: status(&one, now),
        signs: signs.into_iter().map(sign_words).collect(),
        learnt: one.ended.as_ref().map(|(_, _, learnt)| learnt.clone()),
        version: one.version,
        parts: one.parts.iter().map(|line| part(room, line)).collect(),
        tasks: lines,
        today: (0.0..=1.0).contains(&share).then_some(share * WIDTH),
        span: (!one.tasks.is_empty()).then(|| (day(span.0), day(span.1 - 1))),
        risks: one.risks.iter().map(|line| risk(room, line)).collect(),
        objectives: all,
        parties: super::pacts::party_names(room),
        ours,
        people: people(app, room).await?,
        may_write: may_write(room),
        is_edited: typed.initiative.is_some(),
        typed: typed.initiative.unwrap_or_else(|| InitiativeForm::of(&one)),
        end: typed.learnt,
        part: typed.part,
        given: typed.given,
        task: typed.task,
        risk: typed.risk,
        faults: typed.faults,
        submit: t!("initiatives-change"),
    })
}

/// The page again with what is wrong.
pub(super) async fn again(
    app: &App,
    room: &InRoom,
    id: InitiativeId,
    typed: Typed,
) -> Result<Response, AppError> {
    let shown = initiative_page(app, room, id, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `GET /partnerships/{id}/initiatives/{initiative}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = initiative_page(&app, &room, id_of(&one)?, Typed::default()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&InitiativePage { shell, ..shown })
}

/// `POST /partnerships/{id}/initiatives/{initiative}`: what it says.
pub(crate) async fn change(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<InitiativeForm>,
) -> Result<Response, AppError> {
    let id: InitiativeId = id_of(&one)?;
    let mut faults = Vec::new();
    let draft = form.understood(&mut faults)?;
    if !faults.is_empty() {
        let typed = Typed { initiative: Some(form), faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    }
    let tx = room.begin(&app).await?;
    match tx.change_initiative((room.id(), id), &draft, form.version, room.by).await {
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, id, form).await
        }
        did => {
            did?;
            tx.commit().await?;
            let at = format!("initiatives/{id}");
            Ok(to_part(&room, &at, "initiative-changed", None).into_response())
        }
    }
}

/// Someone else changed it meanwhile.
async fn late(
    app: &App,
    room: &InRoom,
    id: InitiativeId,
    mine: InitiativeForm,
) -> Result<Response, AppError> {
    let kept = app.store.initiative((room.id(), id), room.by).await?;
    let theirs = InitiativeForm::of(&kept);
    let at = format!("{}/initiatives/{id}", room.base());
    let rows = [
        ("title", t!("initiatives-name"), theirs.title, mine.title),
        ("text", t!("initiatives-text"), theirs.text, mine.text),
        ("begins", t!("pacts-begins"), theirs.begins, mine.begins),
        ("ends", t!("pacts-ends"), theirs.ends, mine.ends),
    ];
    let mut fields =
        vec![("version", kept.version.to_string()), ("objective", mine.objective.clone())];
    fields.extend(rows.iter().map(|(name, _, _, mine)| (*name, mine.clone())));
    let late = Late {
        what: kept.draft.title,
        who: String::new(),
        back: at.clone(),
        action: at,
        fields,
        rows: rows.into_iter().map(|(_, label, kept, mine)| Row::new(label, kept, mine)).collect(),
    };
    conflict::show(room.shell(app), late)
}

/// How an initiative ends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EndForm {
    /// `done` or `stopped`; else it goes on again.
    ended: String,
    learnt: String,
    version: i64,
}

/// `POST /partnerships/{id}/initiatives/{initiative}/end`.
pub(crate) async fn end(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response, AppError> {
    let id: InitiativeId = id_of(&one)?;
    let (ended, mut faults) = (Ended::from_name(&form.ended), Vec::new());
    if ended.is_some() && form.learnt.trim().is_empty() {
        faults.push(Fault::new("learnt", t!("initiatives-learnt-missing")));
    }
    super::subject::within("learnt", &form.learnt, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        let typed = Typed { learnt: form.learnt, faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    }
    let learnt = form.learnt.replace("\r\n", "\n");
    let tx = room.begin(&app).await?;
    let at = (room.id(), id);
    let how = ended.map(|ended| (ended, learnt.as_str()));
    let did = tx.end_initiative(at, how, form.version, room.by).await;
    if ended.is_some() && matches!(did, Err(StoreError::Conflict(Constraint::Stale))) {
        tx.rollback().await?;
        let faults = vec![Fault::new("learnt", t!("initiatives-late-change"))];
        return again(&app, &room, id, Typed { learnt, faults, ..Typed::default() }).await;
    }
    let (at, word) = (
        format!("initiatives/{id}"),
        if ended.is_some() { "initiative-ended" } else { "initiative-reopened" },
    );
    let changed = to_part(&room, &at, "share-changed", None);
    Ok(finish(tx, did, (to_part(&room, &at, word, None), changed)).await?.into_response())
}

/// `POST /partnerships/{id}/initiatives/{initiative}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<InitiativeId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_initiative((room.id(), one), true, room.by).await;
    let refused = to_part(&room, &format!("initiatives/{one}"), "initiative-stands", None);
    let done = to_part(&room, "initiatives", "initiative-removed", Some(&one));
    finish(tx, did, (done, refused)).await
}

/// `POST /partnerships/{id}/initiatives/{initiative}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<InitiativeId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_initiative((room.id(), one), false, room.by).await;
    let back = to_part(&room, &format!("initiatives/{one}"), "back", None);
    finish(tx, did, (back, to_part(&room, "initiatives", "share-changed", None))).await
}
