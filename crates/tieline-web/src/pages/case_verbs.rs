//! What people do in a conflict case: one form a word, one transaction, back to the case.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::Stage;
use tieline_model::id::{PointId, SeatId};
use tieline_store::{CaseWord, ConflictCase, Constraint, NewAction, OwnNumbers, StoreError};

use super::case::{again, gate_sentence};
use super::conflict::{self, Late, Row};
use super::contacts::MAX_TEXT;
use super::decision_vote::{Fields, value};
use super::form::Fault;
use super::notes::MAX_NOTE;
use super::partnerships::MAX_ABOUT;
use super::subject::{day_of, within};
use crate::app::App;
use crate::at_case::{AtCase, Visitor};
use crate::error::AppError;

/// A text that a form must bring.
fn wanted(fields: &Fields, field: &'static str, most: usize, faults: &mut Vec<Fault>) -> String {
    let text = value(fields, field);
    within(field, text, most, faults);
    if text.is_empty() {
        faults.push(Fault::new(field, t!("conflicts-missing")));
    }
    text.to_owned()
}

fn point(kind: PointKind, fields: &Fields, faults: &mut Vec<Fault>) -> CaseWord {
    let topic = match kind {
        PointKind::Choice => wanted(fields, "topic", MAX_TEXT, faults),
        _ => String::new(),
    };
    CaseWord::Point { kind, topic, text: wanted(fields, kind.name(), MAX_ABOUT, faults) }
}

fn action(fields: &Fields, faults: &mut Vec<Fault>) -> Option<CaseWord> {
    let text = wanted(fields, "action", MAX_TEXT, faults);
    let seat = value(fields, "seat").parse::<SeatId>().ok();
    if seat.is_none() {
        faults.push(Fault::new("seat", t!("conflicts-seat-missing")));
    }
    let n = faults.len();
    let due = day_of("due", value(fields, "due"), faults);
    if due.is_none() && faults.len() == n {
        faults.push(Fault::new("due", t!("conflicts-due-missing")));
    }
    // Due by the end of the day.
    let due = due?.plus_days(1.0);
    Some(CaseWord::Action(NewAction { seat: seat?, text, due }))
}

/// The word of a form; `None` where something of it is wrong.
fn word_of(fields: &Fields, faults: &mut Vec<Fault>) -> Result<Option<CaseWord>, AppError> {
    let is_yes = value(fields, "is") == "yes";
    let what = value(fields, "what");
    if let Some(kind) = PointKind::from_name(what) {
        return Ok(Some(point(kind, fields, faults)));
    }
    Ok(Some(match what {
        "view" => {
            within("position", value(fields, "position"), MAX_ABOUT, faults);
            let position = value(fields, "position").to_owned();
            CaseWord::View { view: wanted(fields, "view", MAX_NOTE, faults), position }
        }
        "restated" => {
            let of = value(fields, "of").parse().map_err(|_| AppError::NotFound)?;
            CaseWord::Restated { of, text: wanted(fields, "restated", MAX_NOTE, faults) }
        }
        "understood" => CaseWord::Understood(is_yes),
        "agreement" => CaseWord::Agreement(wanted(fields, "agreement", MAX_NOTE, faults)),
        "action" => return Ok(action(fields, faults)),
        "action-gone" => {
            let one = value(fields, "action").parse().map_err(|_| AppError::NotFound)?;
            CaseWord::ActionGone(one)
        }
        "accepts" => CaseWord::Accepts(is_yes),
        "learnt" => {
            within("learnt", value(fields, "learnt"), MAX_ABOUT, faults);
            CaseWord::Learnt(value(fields, "learnt").to_owned())
        }
        "settled" => CaseWord::Settled(is_yes),
        "mediator" => {
            let who = Some(value(fields, "who")).filter(|who| !who.is_empty());
            let who = who.map(|who| who.parse().map_err(|_| AppError::NotFound));
            CaseWord::Mediator(who.transpose()?)
        }
        "mediator-accepted" => CaseWord::MediatorAccepted(is_yes),
        _ => return Err(AppError::NotFound),
    }))
}

/// What to say of a word that the store does not take.
fn refused(said: &CaseWord) -> Option<Fault> {
    match said {
        CaseWord::Learnt(_) => Some(Fault::new("learnt", t!("conflicts-no-names"))),
        CaseWord::Mediator(_) => Some(Fault::new("who", t!("conflicts-not-neutral"))),
        _ => None,
    }
}

fn back(at: &AtCase, done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", at.path())).into_response()
}

/// `POST /partnerships/{id}/conflicts/{case}`: says one thing, of the kind that `what` names.
pub(crate) async fn say(
    State(app): State<App>,
    at: AtCase,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let said = word_of(&fields, &mut faults)?;
    let Some(said) = said.filter(|_| faults.is_empty()) else {
        return again(&app, &at, fields, faults).await;
    };
    let version = value(&fields, "version").parse().unwrap_or(0);
    let tx = at.who.begin(&app).await?;
    match tx.say_in_case(at.at(), &said, version, at.who.by).await {
        Ok(added) => {
            tx.commit().await?;
            Ok(match added {
                Some(point) => back(&at, &format!("case-point&undo={}.{point}", at.who.id)),
                None => back(&at, "case-said"),
            })
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, at, &said).await
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            match refused(&said) {
                Some(fault) => again(&app, &at, fields, vec![fault]).await,
                None => Ok(back(&at, "case-changed")),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Someone wrote meanwhile: both stand side by side. Where nothing was typed, the case shows how it
/// stands.
async fn late(app: &App, at: AtCase, said: &CaseWord) -> Result<Response, AppError> {
    let case = app.store.case(at.at(), at.who.by).await?;
    let Some((rows, fields)) = both(&case, said) else { return Ok(back(&at, "case-changed")) };
    let late = Late {
        what: case.title,
        who: String::new(),
        back: at.path(),
        action: at.path(),
        rows,
        fields,
    };
    conflict::show(at.who.shell(app), late)
}

type Both = (Vec<Row>, Vec<(&'static str, String)>);

/// What is kept and what was typed, with the fields that send the latter again.
fn both(case: &ConflictCase, said: &CaseWord) -> Option<Both> {
    let row = |label: String, theirs: &str, mine: &str| Row {
        label,
        theirs: theirs.to_owned(),
        mine: mine.to_owned(),
    };
    let shared = |what: &'static str, label: String, theirs: &str, mine: &String| {
        let fields = vec![
            ("what", what.to_owned()),
            (what, mine.clone()),
            ("version", case.version.to_string()),
        ];
        (vec![row(label, theirs, mine)], fields)
    };
    Some(match said {
        CaseWord::View { view, position } => {
            let own = case.reader.side.and_then(|party| case.side(party))?;
            let fields = vec![
                ("what", "view".to_owned()),
                ("view", view.clone()),
                ("position", position.clone()),
                ("version", own.version.to_string()),
            ];
            let rows = vec![
                row(t!("conflicts-view"), &own.view, view),
                row(t!("conflicts-position"), &own.position, position),
            ];
            (rows, fields)
        }
        CaseWord::Restated { of, text } => {
            let side = case.side(*of)?;
            let kept = side.restated.as_ref().map(|(_, text)| &**text).unwrap_or_default();
            let fields = vec![
                ("what", "restated".to_owned()),
                ("of", of.to_string()),
                ("restated", text.clone()),
                ("version", side.version.to_string()),
            ];
            let rows = vec![
                row(t!("conflicts-view"), &side.view, ""),
                row(t!("conflicts-said-back"), kept, text),
            ];
            (rows, fields)
        }
        CaseWord::Agreement(text) => {
            shared("agreement", t!("conflicts-agreement"), &case.agreement, text)
        }
        CaseWord::Learnt(text) => shared("learnt", t!("conflicts-learnt"), &case.learnt, text),
        _ => return None,
    })
}

/// `POST /partnerships/{id}/conflicts/{case}/stage`.
pub(crate) async fn step(
    State(app): State<App>,
    at: AtCase,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let to = Stage::from_name(value(&fields, "to")).ok_or(AppError::NotFound)?;
    let version = value(&fields, "version").parse().unwrap_or(0);
    let tx = at.who.begin(&app).await?;
    match tx.step_case(at.at(), (to, version), at.who.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(back(&at, "case-stage"))
        }
        Err(StoreError::Conflict(Constraint::Unsettled(gates))) => {
            tx.rollback().await?;
            let fault = |gate| Fault::new("steps", gate_sentence(gate));
            again(&app, &at, Fields::new(), gates.into_iter().map(fault).collect()).await
        }
        Err(StoreError::Conflict(Constraint::Stale | Constraint::Value(_))) => {
            tx.rollback().await?;
            Ok(back(&at, "case-changed"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Numbers as a form brings them: `worth-{point}`, `no_deal`.
fn given(fields: &Fields) -> Option<OwnNumbers> {
    let mut given = OwnNumbers::default();
    for (name, worth) in fields {
        if let Some(point) = name.strip_prefix("worth-") {
            given.worth.insert(point.parse().ok()?, worth.trim().parse().ok()?);
        }
    }
    let no_deal = value(fields, "no_deal");
    if !no_deal.is_empty() {
        given.no_deal = no_deal.parse().ok()?;
    }
    Some(given)
}

/// `POST /partnerships/{id}/conflicts/{case}/numbers`: gives the numbers of the viewer's side, or
/// begins anew with those of both.
pub(crate) async fn give_numbers(
    State(app): State<App>,
    at: AtCase,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let kind = PointKind::from_name(value(&fields, "kind")).ok_or(AppError::NotFound)?;
    let (field, unfit) = match kind {
        PointKind::Choice => ("numbers-choice", t!("conflicts-choices-unfit")),
        _ => ("numbers-item", t!("conflicts-items-unfit")),
    };
    let tx = at.who.begin(&app).await?;
    let done = match (value(&fields, "anew"), given(&fields)) {
        ("yes", _) => tx.begin_numbers_anew(at.at(), kind, at.who.by).await,
        (_, Some(given)) => tx.give_numbers(at.at(), (kind, &given), at.who.by).await,
        (_, None) => Err(StoreError::Conflict(Constraint::Value(String::new()))),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(back(&at, "case-said"))
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            again(&app, &at, fields, vec![Fault::new(field, unfit)]).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn set_removed(
    app: &App,
    who: &Visitor,
    point: &str,
    is_removed: bool,
) -> Result<Response, AppError> {
    let point: PointId = point.parse().map_err(|_| AppError::NotFound)?;
    let tx = who.begin(app).await?;
    let case = tx.remove_case_point((who.id, point), is_removed, who.by).await?;
    tx.commit().await?;
    let done = if is_removed { "case-point-removed" } else { "case-point" };
    let to = format!("{}?done={done}&undo={}.{point}", who.path_of(case), who.id);
    Ok(Redirect::to(&to).into_response())
}

/// `POST /partnerships/{id}/conflicts/points/{point}/removal`.
pub(crate) async fn remove_point(
    State(app): State<App>,
    who: Visitor,
    Path((_, point)): Path<(String, String)>,
) -> Result<Response, AppError> {
    set_removed(&app, &who, &point, true).await
}

/// `POST /partnerships/{id}/conflicts/points/{point}/restoration`.
pub(crate) async fn restore_point(
    State(app): State<App>,
    who: Visitor,
    Path((_, point)): Path<(String, String)>,
) -> Result<Response, AppError> {
    set_removed(&app, &who, &point, false).await
}
