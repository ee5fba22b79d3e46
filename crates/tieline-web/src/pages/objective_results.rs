//! One objective with the parts of its score, and one key result with what people saw of it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{CheckInId, KeyResultId};
use tieline_model::objective::{AT_RISK_PACE, Confidence};
use tieline_store::{CheckIn, Constraint, KeyResult, KeyResultDraft, Objective, StoreError};

use super::aims::MAX_AIM;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::objectives::{
    PAGE, ResultLine, Scored, aim_text, amount, objective_of, owner_name, result_lines, scored,
    standing, way, writes,
};
use super::partnership::{Head, Tab};
use super::partnerships::{MAX_ABOUT, changed_at, day};
use super::subject::{day_of, within, writer};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Check-ins of one page.
const CHECKS: u64 = 50;

/// Longest unit, characters.
const MAX_UNIT: usize = 60;

/// Largest number either way.
const MAX_NUMBER: f64 = 1e12;

/// What the form of a key result brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ResultForm {
    metric: String,
    unit: String,
    baseline: String,
    target: String,
    weight: String,
    due: String,
    version: i64,
}

fn number_of(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> f64 {
    let number = text.trim().parse().ok().filter(|number: &f64| number.abs() <= MAX_NUMBER);
    if number.is_none() {
        faults.push(Fault::new(field, t!("objectives-number-missing")));
    }
    number.unwrap_or_default()
}

fn understand(form: &ResultForm, faults: &mut Vec<Fault>) -> KeyResultDraft {
    let is_blank = form.weight.trim().is_empty();
    let draft = KeyResultDraft {
        metric: form.metric.clone(),
        unit: form.unit.clone(),
        baseline: number_of("baseline", &form.baseline, faults),
        target: number_of("target", &form.target, faults),
        weight: if is_blank { 1.0 } else { number_of("weight", &form.weight, faults) },
        due: day_of("due", &form.due, faults).map(|day| day.plus_days(1.0)),
    };
    if faults.is_empty() {
        sound(&draft, faults);
    }
    draft
}

/// What is wrong with a key result, of a form or of a program.
pub(crate) fn sound(draft: &KeyResultDraft, faults: &mut Vec<Fault>) {
    if draft.metric.trim().is_empty() {
        faults.push(Fault::new("metric", t!("objectives-metric-missing")));
    }
    within("metric", &draft.metric, MAX_AIM, faults);
    within("unit", &draft.unit, MAX_UNIT, faults);
    let is_small = |number: f64| number.abs() <= MAX_NUMBER;
    for (field, number) in [("baseline", draft.baseline), ("target", draft.target)] {
        if !is_small(number) {
            faults.push(Fault::new(field, t!("objectives-number-missing")));
        }
    }
    // Compared exactly: any difference at all is a way to go.
    if draft.baseline == draft.target {
        faults.push(Fault::new("target", t!("objectives-no-way")));
    }
    if !is_small(draft.weight) || draft.weight <= 0.0 {
        faults.push(Fault::new("weight", t!("objectives-weight-wrong")));
    }
}

/// What an objective is tied to, in words, and where that is.
type Near = (String, String);

#[derive(Template)]
#[template(path = "objective.html")]
struct ObjectivePage {
    shell: Shell,
    head: Head,
    id: String,
    base: String,
    title: String,
    owner: String,
    why: String,
    score: (&'static str, String),
    pace: Option<(&'static str, String)>,
    /// How score and pace come about, in a sentence each.
    score_why: String,
    pace_why: String,
    days: String,
    serves: Option<String>,
    parent: Option<Near>,
    children: Vec<Near>,
    results: Vec<ResultLine>,
    is_writer: bool,
    typed: ResultForm,
    faults: Vec<Fault>,
}

async fn objective_page(
    app: &App,
    room: &InRoom,
    id: &str,
    (typed, faults): (ResultForm, Vec<Fault>),
) -> Result<ObjectivePage, AppError> {
    let one = app.store.objective((room.id(), objective_of(id)?), room.by).await?;
    let all = app.store.objectives(room.id(), None, PAGE, room.by).await?;
    let base = room.base();
    let near = |other: &Objective| (format!("{base}/okr/{}", other.id), other.draft.title.clone());
    let parent = all.iter().find(|other| Some(other.id) == one.draft.parent).map(near);
    let children = all.iter().filter(|other| other.draft.parent == Some(one.id)).map(near);
    let children = children.collect();
    let serves = aim_text(app, room, one.draft.aim).await?;
    let with = scored(app, (room.id(), room.by), vec![one]).await?;
    let one = with.into_iter().next().ok_or(AppError::NotFound)?;
    let (score, pace, days) = standing(&one);
    Ok(ObjectivePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Objectives),
        id: room.id().to_string(),
        base: format!("{base}/okr/{}", one.objective.id),
        title: one.objective.draft.title.clone(),
        owner: owner_name(room, one.objective.draft.party),
        why: one.objective.draft.why.clone(),
        score,
        pace,
        score_why: score_why(&one),
        pace_why: pace_why(&one),
        days,
        serves,
        parent,
        children,
        results: result_lines(&base, &one),
        is_writer: writes(room, one.objective.draft.party),
        typed,
        faults,
    })
}

fn score_why(one: &Scored) -> String {
    let counted = one.results.iter().filter(|(_, _, rule)| rule.score().is_some()).count();
    match one.score {
        Some(score) => t!(
            "objectives-score-why",
            score = here::percent(score),
            n = counted as u64,
            of = one.results.len() as u64
        ),
        None => t!("objectives-score-none"),
    }
}

fn pace_why(one: &Scored) -> String {
    match one.elapsed.zip(one.pace) {
        Some((elapsed, pace)) => t!(
            "objectives-pace-why",
            elapsed = here::percent(elapsed),
            pace = format!("{pace:.2}"),
            least = AT_RISK_PACE.to_string()
        ),
        None => t!("objectives-pace-none"),
    }
}

/// `GET /partnerships/{id}/okr/{objective}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (ResultForm::default(), Vec::new());
    let shown = objective_page(&app, &room, &objective, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ObjectivePage { shell, ..shown })
}

/// `POST /partnerships/{id}/okr/{objective}/results`.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
    Form(form): Form<ResultForm>,
) -> Result<Response, AppError> {
    let one = app.store.objective((room.id(), objective_of(&objective)?), room.by).await?;
    if !writes(&room, one.draft.party) {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    let draft = understand(&form, &mut faults);
    if !faults.is_empty() {
        let again = objective_page(&app, &room, &objective, (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&again)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let result = tx.add_key_result((room.id(), one.id), &draft, room.by).await?;
    tx.commit().await?;
    let (at, id) = (format!("{}/okr/{}", room.base(), one.id), room.id());
    Ok(Redirect::to(&format!("{at}?done=okr-result&undo={id}.{result}")).into_response())
}

/// A check-in in words.
struct Seen {
    id: CheckInId,
    value: String,
    confidence: (&'static str, String),
    line: String,
    by: String,
    is_own: bool,
}

/// What the form of a check-in brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CheckForm {
    value: String,
    confidence: String,
    line: String,
}

#[derive(Template)]
#[template(path = "objective_result.html")]
struct ResultPage {
    shell: Shell,
    head: Head,
    id: String,
    base: String,
    objective: (String, String),
    metric: String,
    way: String,
    checks: Vec<Seen>,
    more: Option<String>,
    is_writer: bool,
    typed: ResultForm,
    check: CheckForm,
    faults: Vec<Fault>,
}

/// Which part of the check-ins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: String,
}

/// How sure someone is, in words.
pub(crate) fn confidence_name(confidence: Confidence) -> (&'static str, String) {
    match confidence {
        Confidence::Low => ("bad", t!("objectives-confidence-low")),
        Confidence::Medium => ("warn", t!("objectives-confidence-medium")),
        Confidence::High => ("good", t!("objectives-confidence-high")),
    }
}

/// The id of a key result in a path.
fn result_of(id: &str) -> Result<KeyResultId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

fn form_of(result: &KeyResult) -> ResultForm {
    ResultForm {
        metric: result.draft.metric.clone(),
        unit: result.draft.unit.clone(),
        baseline: result.draft.baseline.to_string(),
        target: result.draft.target.to_string(),
        weight: result.draft.weight.to_string(),
        due: day(result.draft.due.map(|due| due.plus_days(-1.0))),
        version: result.version,
    }
}

/// What was typed into the forms of the page, and what is wrong with it.
struct Typed {
    result: Option<ResultForm>,
    check: CheckForm,
    faults: Vec<Fault>,
}

async fn result_page(
    app: &App,
    room: &InRoom,
    (id, asked): (&str, &Asked),
    typed: Typed,
) -> Result<ResultPage, AppError> {
    let result = app.store.key_result((room.id(), result_of(id)?), room.by).await?;
    let objective = app.store.objective((room.id(), result.objective), room.by).await?;
    let last = app.store.last_check_ins(room.id(), &[result.id], room.by).await?;
    let before: Option<CheckInId> = asked.before.parse().ok();
    let found = app.store.check_ins((room.id(), result.id), before, CHECKS, room.by).await?;
    let base = format!("{}/okr/results/{}", room.base(), result.id);
    let is_full = found.len() as u64 == CHECKS;
    let more = found.last().filter(|_| is_full).map(|one| format!("{base}?before={}", one.id));
    let mut checks = Vec::with_capacity(found.len());
    for one in found {
        checks.push(seen(app, room, &result, one).await?);
    }
    Ok(ResultPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Objectives),
        id: room.id().to_string(),
        base,
        objective: (format!("{}/okr/{}", room.base(), objective.id), objective.draft.title),
        metric: result.draft.metric.clone(),
        way: way(&result, last.first()),
        checks,
        more,
        is_writer: writes(room, objective.draft.party),
        typed: typed.result.unwrap_or_else(|| form_of(&result)),
        check: typed.check,
        faults: typed.faults,
    })
}

async fn seen(
    app: &App,
    room: &InRoom,
    result: &KeyResult,
    one: CheckIn,
) -> Result<Seen, AppError> {
    let who = match one.by {
        Some(_) => writer(app, one.by).await?,
        None => t!("charter-by-guest"),
    };
    Ok(Seen {
        id: one.id,
        value: amount(one.value, &result.draft.unit),
        confidence: confidence_name(one.confidence),
        line: one.line,
        by: t!("charter-said", who = who, when = here::moment(one.at)),
        is_own: one.by.is_some() && one.by == room.by.account(),
    })
}

/// `GET /partnerships/{id}/okr/results/{result}`.
pub(crate) async fn show_result(
    State(app): State<App>,
    room: InRoom,
    Path((_, result)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let typed = Typed { result: None, check: CheckForm::default(), faults: Vec::new() };
    let shown = result_page(&app, &room, (&result, &asked), typed).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ResultPage { shell, ..shown })
}

async fn again(app: &App, room: &InRoom, id: &str, typed: Typed) -> Result<Response, AppError> {
    let shown = result_page(app, room, (id, &Asked::default()), typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// A key result of a path that the viewer writes; else there is nothing to write.
async fn own(app: &App, room: &InRoom, id: &str) -> Result<KeyResult, AppError> {
    let result = app.store.key_result((room.id(), result_of(id)?), room.by).await?;
    let objective = app.store.objective((room.id(), result.objective), room.by).await?;
    if writes(room, objective.draft.party) { Ok(result) } else { Err(AppError::NotFound) }
}

/// `POST /partnerships/{id}/okr/results/{result}`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, result)): Path<(String, String)>,
    Form(form): Form<ResultForm>,
) -> Result<Response, AppError> {
    let kept = own(&app, &room, &result).await?;
    let mut faults = Vec::new();
    let draft = understand(&form, &mut faults);
    if !faults.is_empty() {
        let typed = Typed { result: Some(form), check: CheckForm::default(), faults };
        return again(&app, &room, &result, typed).await;
    }
    let tx = room.begin(&app).await?;
    match tx.update_key_result((room.id(), kept.id), &draft, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            let at = format!("{}/okr/results/{}", room.base(), kept.id);
            Ok(Redirect::to(&format!("{at}?done=saved")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, &result, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late(app: &App, room: &InRoom, id: &str, mine: ResultForm) -> Result<Response, AppError> {
    let kept = own(app, room, id).await?;
    let theirs = form_of(&kept);
    let rows = vec![
        Row::new(t!("objectives-metric"), &theirs.metric, &mine.metric),
        Row::new(t!("objectives-unit"), &theirs.unit, &mine.unit),
        Row::new(t!("objectives-baseline"), &theirs.baseline, &mine.baseline),
        Row::new(t!("objectives-target"), &theirs.target, &mine.target),
        Row::new(t!("objectives-weight"), &theirs.weight, &mine.weight),
        Row::new(t!("objectives-due"), &theirs.due, &mine.due),
    ];
    let back = format!("{}/okr/results/{}", room.base(), kept.id);
    let late = Late {
        what: kept.draft.metric,
        who: changed_at(kept.changed),
        action: back.clone(),
        back,
        fields: vec![
            ("metric", mine.metric),
            ("unit", mine.unit),
            ("baseline", mine.baseline),
            ("target", mine.target),
            ("weight", mine.weight),
            ("due", mine.due),
            ("version", kept.version.to_string()),
        ],
        rows,
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/okr/results/{result}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, result)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let kept = own(&app, &room, &result).await?;
    let tx = room.begin(&app).await?;
    tx.remove_key_result((room.id(), kept.id), true, room.by).await?;
    tx.commit().await?;
    let (at, id) = (format!("{}/okr/{}", room.base(), kept.objective), room.id());
    Ok(Redirect::to(&format!("{at}?done=okr-result-removed&undo={id}.{}", kept.id)))
}

/// `POST /partnerships/{id}/okr/results/{result}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, result)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let result = result_of(&result)?;
    let tx = room.begin(&app).await?;
    tx.remove_key_result((room.id(), result), false, room.by).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/okr/results/{result}?done=back", room.base())))
}

/// What is wrong with the words of a check-in.
pub(crate) fn check_faults(line: &str, value: f64, faults: &mut Vec<Fault>) {
    within("line", line, MAX_ABOUT, faults);
    // What is no number compares as false.
    let is_small = value.abs() <= MAX_NUMBER;
    if !is_small {
        faults.push(Fault::new("value", t!("objectives-number-missing")));
    }
}

/// `POST /partnerships/{id}/okr/results/{result}/check-ins`.
pub(crate) async fn check_in(
    State(app): State<App>,
    room: InRoom,
    Path((_, result)): Path<(String, String)>,
    Form(form): Form<CheckForm>,
) -> Result<Response, AppError> {
    let kept = own(&app, &room, &result).await?;
    let mut faults = Vec::new();
    let value = number_of("value", &form.value, &mut faults);
    check_faults(&form.line, value, &mut faults);
    let confidence = Confidence::from_name(&form.confidence);
    if confidence.is_none() {
        faults.push(Fault::new("confidence", t!("objectives-confidence-missing")));
    }
    let Some(confidence) = confidence.filter(|_| faults.is_empty()) else {
        return again(&app, &room, &result, Typed { result: None, check: form, faults }).await;
    };
    let tx = room.begin(&app).await?;
    let said = (value, confidence, form.line.as_str());
    let check = tx.check_in((room.id(), kept.id), said, room.by).await?;
    tx.commit().await?;
    let (at, id) = (format!("{}/okr/results/{}", room.base(), kept.id), room.id());
    Ok(Redirect::to(&format!("{at}?done=okr-check&undo={id}.{check}")).into_response())
}

/// `POST /partnerships/{id}/okr/check-ins/{check}/removal`.
pub(crate) async fn remove_check_in(
    State(app): State<App>,
    room: InRoom,
    Path((_, check)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let result = set_removed(&app, &room, &check, true).await?;
    let (at, id) = (format!("{}/okr/results/{result}", room.base()), room.id());
    Ok(Redirect::to(&format!("{at}?done=okr-check-removed&undo={id}.{check}")))
}

/// `POST /partnerships/{id}/okr/check-ins/{check}/restoration`.
pub(crate) async fn restore_check_in(
    State(app): State<App>,
    room: InRoom,
    Path((_, check)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let result = set_removed(&app, &room, &check, false).await?;
    Ok(Redirect::to(&format!("{}/okr/results/{result}?done=back", room.base())))
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    check: &str,
    is_removed: bool,
) -> Result<KeyResultId, AppError> {
    let check: CheckInId = check.parse().map_err(|_| AppError::NotFound)?;
    let by = room.by.account().ok_or(AppError::NotFound)?;
    let tx = room.begin(app).await?;
    let result = tx.remove_check_in((room.id(), check), is_removed, by).await?;
    tx.commit().await?;
    Ok(result)
}
