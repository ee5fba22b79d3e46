//! The stage of a partnership: what it asks, what the room answers, and the steps from here with what
//! is still missing for each.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::partnership::stage::{Gate, RenewalDecision, Stage, StageAnswer};
use tieline_store::{Answered, Constraint, Partnership, Step, StoreError};

use super::conflict::{self, Late, Row};
use super::form::Fault;
use super::partnership::{Head, Tab};
use super::partnerships::{MAX_ABOUT, changed_at};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::room::{InRoom, answer_name, gate_sentence, question_text, renewal_name, stage_name};
use crate::session;
use crate::shell::{Done, Shell};

/// A question of a stage, with its answer.
pub(crate) struct Question {
    pub(crate) key: &'static str,
    pub(crate) text: String,
    /// Word, words and class of the pill of the answer; `None`: not answered yet.
    pub(crate) answer: Option<(&'static str, String, &'static str)>,
    pub(crate) note: String,
    version: i64,
}

/// A step from here.
pub(crate) struct Way {
    pub(crate) to: &'static str,
    pub(crate) name: String,
    /// What is missing for it; empty: it can be taken.
    pub(crate) missing: Vec<String>,
    /// Whether it asks why it ends.
    needs_reason: bool,
    /// What the renewal must have come to.
    renewal: Option<RenewalDecision>,
}

/// The questions of a stage.
pub(crate) async fn questions(
    app: &App,
    room: &InRoom,
    stage: Stage,
) -> Result<Vec<Question>, AppError> {
    let answers = app.store.stage_answers(room.id(), room.by).await?;
    let question = |one: &tieline_model::partnership::stage::StageQuestion| {
        let known = answers.iter().find(|answer| answer.question == one.key);
        Question {
            key: one.key,
            text: question_text(one.key).unwrap_or_else(|| one.text.to_owned()),
            answer: known.map(|known| {
                let (words, tone) = answer_name(known.answer);
                (known.answer.name(), words, tone)
            }),
            note: known.map_or(String::new(), |known| known.note.clone()),
            version: known.map_or(0, |known| known.version),
        }
    };
    Ok(stage.questions().iter().map(question).collect())
}

/// The steps from where a partnership stands. What is said with a step itself is not missing for it.
pub(crate) async fn ways(app: &App, room: &InRoom) -> Result<Vec<Way>, AppError> {
    let one = &room.room.partnership;
    let progress = app.store.progress(one, session::now(), room.by).await?;
    let way = |to: &Stage| {
        let shut = one.stage.shut_gates(*to, &progress)?;
        let missing = shut.iter().filter(|gate| !is_said(**gate)).map(|gate| gate_sentence(*gate));
        Some(Way {
            to: to.name(),
            name: stage_name(*to),
            missing: missing.collect(),
            needs_reason: shut.contains(&Gate::Reason),
            renewal: decision(one, *to),
        })
    };
    Ok(Stage::ALL.iter().filter_map(way).collect())
}

/// Whether a gate is opened by what is said with the step.
pub(crate) fn is_said(gate: Gate) -> bool {
    matches!(gate, Gate::Reason | Gate::RenewalDecision)
}

/// What a renewal comes to by this step.
pub(crate) fn decision(one: &Partnership, to: Stage) -> Option<RenewalDecision> {
    match (one.stage, to) {
        (Stage::Renewing, Stage::Working) => Some(RenewalDecision::Renew),
        (Stage::Renewing, Stage::Forming) => Some(RenewalDecision::Renegotiate),
        (Stage::Renewing, Stage::Closing) => Some(RenewalDecision::Close),
        _ => None,
    }
}

/// One stage of all.
struct Station {
    name: String,
    is_past: bool,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "partnership_stage.html")]
struct StagePage {
    shell: Shell,
    head: Head,
    stations: Vec<Station>,
    questions: Vec<Question>,
    ways: Vec<Way>,
    arranges: bool,
    version: i64,
    reason: String,
    faults: Vec<Fault>,
}

async fn stage_page(
    app: &App,
    room: &InRoom,
    reason: String,
    faults: Vec<Fault>,
) -> Result<StagePage, AppError> {
    let here = room.room.partnership.stage;
    let station = |stage: &Stage| Station {
        name: stage_name(*stage),
        is_past: *stage < here,
        is_here: *stage == here,
    };
    Ok(StagePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Stage),
        stations: Stage::ALL.iter().map(station).collect(),
        questions: questions(app, room, here).await?,
        ways: ways(app, room).await?,
        arranges: room.standing().arranges(),
        version: room.room.partnership.version,
        reason,
        faults,
    })
}

/// `GET /partnerships/{id}/stage`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let reason = room.room.partnership.reason.clone();
    let shown = stage_page(&app, &room, reason, Vec::new()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&StagePage { shell, ..shown })
}

/// What the form of a step brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StepForm {
    to: String,
    reason: String,
    version: i64,
}

/// `POST /partnerships/{id}/stage`.
pub(crate) async fn step(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<StepForm>,
) -> Result<Response, AppError> {
    let to = Stage::from_name(&form.to).filter(|_| room.standing().arranges());
    let to = to.ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    within("reason", &form.reason, MAX_ABOUT, &mut faults);
    if faults.is_empty() {
        let renewal = decision(&room.room.partnership, to);
        let step = Step { to, reason: form.reason.clone(), renewal, version: form.version };
        let tx = room.begin(&app).await?;
        match tx.step_stage(room.id(), &step, room.by).await {
            Ok(()) => {
                tx.commit().await?;
                let path = format!("{}/stage?done=stage", room.base());
                return Ok(Redirect::to(&path).into_response());
            }
            Err(StoreError::Conflict(Constraint::Shut(gates))) => {
                tx.rollback().await?;
                faults.extend(gates.into_iter().map(|gate| {
                    let field = if gate == Gate::Reason { "reason" } else { "steps" };
                    Fault::new(field, gate_sentence(gate))
                }));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let again = page(&stage_page(&app, &room, form.reason, faults).await?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// What the form of an answer brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerForm {
    answer: String,
    note: String,
    version: i64,
}

/// `POST /partnerships/{id}/questions/{question}`.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, question)): Path<(String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let answer = StageAnswer::from_name(&form.answer);
    if answer.is_none() {
        faults.push(Fault::new("questions", t!("partnerships-answer-missing")));
    }
    within("questions", &form.note, MAX_ABOUT, &mut faults);
    let Some(answer) = answer.filter(|_| faults.is_empty()) else {
        let reason = room.room.partnership.reason.clone();
        let again = page(&stage_page(&app, &room, reason, faults).await?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    };
    let answered = Answered {
        question,
        answer,
        note: form.note,
        changed: session::now(),
        version: form.version,
    };
    let tx = room.begin(&app).await?;
    match tx.answer_question(room.id(), &answered, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/stage?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, answered).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late(app: &App, room: &InRoom, mine: Answered) -> Result<Response, AppError> {
    let all = app.store.stage_answers(room.id(), room.by).await?;
    let kept = all.into_iter().find(|one| one.question == mine.question);
    let kept = kept.ok_or(AppError::NotFound)?;
    let words = |one: &Answered| answer_name(one.answer).0;
    let rows = vec![
        Row { label: t!("partnerships-answer"), theirs: words(&kept), mine: words(&mine) },
        Row { label: t!("partnerships-note"), theirs: kept.note, mine: mine.note.clone() },
    ];
    let base = room.base();
    let late = Late {
        what: question_text(&mine.question).unwrap_or_default(),
        who: changed_at(kept.changed),
        back: format!("{base}/stage"),
        action: format!("{base}/questions/{}", mine.question),
        fields: vec![
            ("answer", mine.answer.name().to_owned()),
            ("note", mine.note),
            ("version", kept.version.to_string()),
        ],
        rows,
    };
    conflict::show(room.shell(app), late)
}

impl StagePage {
    /// Words and labels of the answers that a question may get.
    fn choices(&self) -> [(&'static str, String); 3] {
        [StageAnswer::Yes, StageAnswer::Partly, StageAnswer::No]
            .map(|answer| (answer.name(), answer_name(answer).0))
    }

    fn is_answer(&self, one: &Question, word: &str) -> bool {
        one.answer.as_ref().is_some_and(|(known, ..)| *known == word)
    }
}

impl Way {
    /// What the renewal comes to by it, in words.
    fn comes_to(&self) -> Option<String> {
        self.renewal.map(renewal_name)
    }
}
