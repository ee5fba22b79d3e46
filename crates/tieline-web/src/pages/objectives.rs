//! Objectives of a partnership and of its parties, with what measures them: how far they are, by the
//! share of the way that is gone and the share of the time that is gone.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AimId, KeyResultId, ObjectiveId, PartnershipId, PartyId};
use tieline_model::objective::{
    self as rules, AT_RISK_PACE, Band, band, elapsed_share, objective_score,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{CheckIn, Constraint, KeyResult, Objective, ObjectiveDraft, StoreError};

use super::aims::MAX_AIM;
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::partnerships::{changed_at, day};
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Objectives of one page, and those that a choice or the alignment knows.
pub(crate) const PAGE: u64 = 200;

/// An objective with how far it is.
pub(crate) struct Scored {
    pub(crate) objective: Objective,
    /// What measures it, where it stood last, and its part of the score.
    pub(crate) results: Vec<(KeyResult, Option<CheckIn>, rules::KeyResult)>,
    /// 0 to 1; `None`: nothing to tell it by.
    pub(crate) score: Option<f64>,
    /// Share of its time that is gone.
    pub(crate) elapsed: Option<f64>,
    /// Share of the way by share of the time.
    pub(crate) pace: Option<f64>,
}

impl Scored {
    /// Whether it will come too late as it goes now.
    pub(crate) fn is_at_risk(&self) -> bool {
        self.pace.is_some_and(|pace| pace < AT_RISK_PACE)
    }

    /// Class and words of its score.
    fn pill(&self) -> (&'static str, String) {
        match self.score {
            Some(score) => (tone(score), here::percent(score)),
            None => ("line", t!("objectives-unmeasured")),
        }
    }

    /// Class and words of its pace, where it has one.
    fn pace_pill(&self) -> Option<(&'static str, String)> {
        self.pace?;
        Some(match self.is_at_risk() {
            true => ("warn", t!("objectives-at-risk")),
            false => ("good", t!("objectives-on-pace")),
        })
    }
}

fn tone(score: f64) -> &'static str {
    match band(score) {
        Band::Red => "bad",
        Band::Amber => "warn",
        Band::Green => "good",
    }
}

/// Objectives with how far they are.
pub(crate) async fn scored(
    app: &App,
    (id, by): (PartnershipId, Participant),
    objectives: Vec<Objective>,
) -> Result<Vec<Scored>, StoreError> {
    let ids: Vec<ObjectiveId> = objectives.iter().map(|one| one.id).collect();
    let results = app.store.key_results(id, &ids, by).await?;
    let result_ids: Vec<KeyResultId> = results.iter().map(|one| one.id).collect();
    let last = app.store.last_check_ins(id, &result_ids, by).await?;
    let now = session::now();
    let with = |objective: Objective| {
        let own = results.iter().filter(|result| result.objective == objective.id);
        let results: Vec<_> = own
            .map(|result| {
                let last = last.iter().find(|check| check.result == result.id);
                (result.clone(), last.cloned(), measured(&objective, result, last, now))
            })
            .collect();
        let parts: Vec<(Option<f64>, f64)> =
            results.iter().map(|(result, _, rule)| (rule.score(), result.draft.weight)).collect();
        let score = objective_score(&parts);
        let days = objective.draft.begins.zip(objective.draft.ends);
        let elapsed = days.and_then(|(begins, ends)| elapsed_share(begins, ends, now));
        let pace = score.zip(elapsed).and_then(|(score, elapsed)| rules::pace(score, elapsed));
        Scored { objective, results, score, elapsed, pace }
    };
    Ok(objectives.into_iter().map(with).collect())
}

/// A key result as the model asks for it.
pub(crate) fn measured(
    objective: &Objective,
    result: &KeyResult,
    last: Option<&CheckIn>,
    now: Moment,
) -> rules::KeyResult {
    rules::KeyResult {
        baseline: result.draft.baseline,
        target: result.draft.target,
        actual: last.map(|check| check.value),
        is_past_due: result.draft.due.or(objective.draft.ends).is_some_and(|due| due <= now),
    }
}

/// A number of a key result as it is read, with its unit.
pub(crate) fn amount(value: f64, unit: &str) -> String {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    let number = match is_whole {
        true if value < 0.0 => format!("\u{2212}{}", here::grouped(value.abs() as u64)),
        true => here::grouped(value as u64),
        false => value.to_string(),
    };
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// "From 40 to 20 a month", and where it is now.
pub(crate) fn way(result: &KeyResult, last: Option<&CheckIn>) -> String {
    let draft = &result.draft;
    let (from, to) = (amount(draft.baseline, ""), amount(draft.target, &draft.unit));
    match last {
        Some(check) => {
            t!("objectives-way-now", from = from, to = to, now = amount(check.value, ""))
        }
        None => t!("objectives-way", from = from, to = to),
    }
}

/// A key result in the list.
pub(crate) struct ResultLine {
    pub(crate) path: String,
    pub(crate) metric: String,
    pub(crate) way: String,
    /// Width of the bar, 0 to 100.
    pub(crate) width: String,
    /// The share of the way that is gone, as it is: below 0 and above 1 too.
    pub(crate) progress: String,
    /// Its part of the score.
    pub(crate) score: String,
    pub(crate) weight: String,
    pub(crate) due: String,
}

pub(crate) fn result_lines(base: &str, one: &Scored) -> Vec<ResultLine> {
    let line = |(result, last, rule): &(KeyResult, Option<CheckIn>, rules::KeyResult)| ResultLine {
        path: format!("{base}/okr/results/{}", result.id),
        metric: result.draft.metric.clone(),
        way: way(result, last.as_ref()),
        width: format!("{:.0}", rule.score().unwrap_or(0.0) * 100.0),
        progress: rule.progress().map_or_else(|| "\u{2013}".to_owned(), signed_percent),
        score: rule.score().map_or_else(|| t!("objectives-not-counted"), here::percent),
        weight: amount(result.draft.weight, ""),
        due: result.draft.due.map_or(String::new(), here::until),
    };
    one.results.iter().map(line).collect()
}

fn signed_percent(share: f64) -> String {
    if share < 0.0 { format!("\u{2212}{}", here::percent(-share)) } else { here::percent(share) }
}

/// An objective in the list.
struct ObjectiveCard {
    path: String,
    title: String,
    score: (&'static str, String),
    pace: Option<(&'static str, String)>,
    days: String,
    results: Vec<ResultLine>,
}

fn days(objective: &Objective) -> String {
    match (objective.draft.begins, objective.draft.ends) {
        (Some(from), Some(to)) => {
            t!("objectives-days", from = here::day(from.date()), to = here::until(to))
        }
        (None, Some(to)) => t!("objectives-until", to = here::until(to)),
        _ => String::new(),
    }
}

fn card(base: &str, one: &Scored) -> ObjectiveCard {
    ObjectiveCard {
        path: format!("{base}/okr/{}", one.objective.id),
        title: one.objective.draft.title.clone(),
        score: one.pill(),
        pace: one.pace_pill(),
        days: days(&one.objective),
        results: result_lines(base, one),
    }
}

/// Whose, in words.
pub(crate) fn owner_name(room: &InRoom, party: Option<PartyId>) -> String {
    party.map_or_else(|| t!("objectives-shared"), |party| party_name(room, party))
}

/// Whether someone writes the objectives of this owner.
pub(crate) fn writes(room: &InRoom, party: Option<PartyId>) -> bool {
    party.is_none_or(|party| room.standing().writes_for(party))
}

#[derive(Template)]
#[template(path = "objectives.html")]
struct ListPage {
    shell: Shell,
    head: Head,
    id: String,
    /// Whose, and which.
    owners: Vec<(String, Vec<ObjectiveCard>)>,
    more: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    after: String,
}

/// `GET /partnerships/{id}/okr`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let after: Option<ObjectiveId> = asked.after.parse().ok();
    let found = app.store.objectives(room.id(), after, PAGE, room.by).await?;
    let base = room.base();
    let is_full = found.len() as u64 == PAGE;
    let more = found.last().filter(|_| is_full).map(|one| format!("{base}/okr?after={}", one.id));
    let all = scored(&app, (room.id(), room.by), found).await?;
    let parties = room.room.parties.iter().map(|(party, _)| Some(party.id));
    let of = |owner: Option<PartyId>| {
        let own = all.iter().filter(|one| one.objective.draft.party == owner);
        (owner_name(&room, owner), own.map(|one| card(&base, one)).collect::<Vec<_>>())
    };
    let owners = std::iter::once(None).chain(parties).map(of);
    page(&ListPage {
        head: Head::new(&room, Tab::Objectives),
        id: room.id().to_string(),
        owners: owners.filter(|(_, cards)| !cards.is_empty()).collect(),
        more,
        shell: room.shell(&app).with_toast(done.toast()),
    })
}

/// What the form brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ObjectiveForm {
    /// Id of a party; empty: shared.
    pub(crate) party: String,
    /// Id of a shared objective, or empty.
    pub(crate) parent: String,
    /// Id of an aim, or empty.
    pub(crate) aim: String,
    pub(crate) title: String,
    pub(crate) why: String,
    pub(crate) begins: String,
    pub(crate) last: String,
    pub(crate) version: i64,
}

/// What the form means.
pub(crate) fn understand(form: &ObjectiveForm, faults: &mut Vec<Fault>) -> ObjectiveDraft {
    if form.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("objectives-title-missing")));
    }
    within("title", &form.title, MAX_AIM, faults);
    within("why", &form.why, MAX_NOTE, faults);
    let begins = day_of("begins", &form.begins, faults);
    let ends = day_of("last", &form.last, faults).map(|day| day.plus_days(1.0));
    if begins.zip(ends).is_some_and(|(begins, ends)| ends <= begins) {
        faults.push(Fault::new("last", t!("objectives-last-too-early")));
    }
    let party = chosen(&form.party, ("party", t!("objectives-owner-unknown")), faults);
    let parent: Option<ObjectiveId> =
        chosen(&form.parent, ("parent", t!("objectives-parent-unknown")), faults);
    if parent.is_some() && party.is_none() {
        faults.push(Fault::new("parent", t!("objectives-parent-of-shared")));
    }
    ObjectiveDraft {
        party,
        parent,
        aim: chosen(&form.aim, ("aim", t!("objectives-aim-unknown")), faults),
        title: form.title.clone(),
        why: form.why.replace("\r\n", "\n"),
        begins,
        ends,
    }
}

/// An id that was chosen, or nothing.
pub(crate) fn chosen<T: std::str::FromStr>(
    text: &str,
    (field, wrong): (&'static str, String),
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let id = text.parse().ok();
    if id.is_none() && !text.is_empty() {
        faults.push(Fault::new(field, wrong));
    }
    id
}

#[derive(Template)]
#[template(path = "objective_form.html")]
struct FormPage {
    shell: Shell,
    name: String,
    base: String,
    action: String,
    /// Whether it is a new one, whose owner can be chosen.
    is_new: bool,
    owners: Vec<(String, String)>,
    parents: Vec<(String, String)>,
    aims: Vec<(String, String)>,
    typed: ObjectiveForm,
    faults: Vec<Fault>,
}

async fn form_page(
    app: &App,
    room: &InRoom,
    of: Option<ObjectiveId>,
    (typed, faults): (ObjectiveForm, Vec<Fault>),
) -> Result<FormPage, AppError> {
    let base = room.base();
    let own = room.standing().party();
    let owners = std::iter::once(None).chain(own.map(Some));
    let id = |party: Option<PartyId>| party.map_or(String::new(), |party| party.to_string());
    let all = app.store.objectives(room.id(), None, PAGE, room.by).await?;
    let shared = all.into_iter().filter(|one| one.draft.party.is_none() && Some(one.id) != of);
    let aims = app.store.aims_served(room.id(), room.by).await?;
    Ok(FormPage {
        shell: room.shell(app),
        name: room.room.partnership.name.clone(),
        action: of.map_or_else(|| format!("{base}/okr/new"), |of| format!("{base}/okr/{of}/edit")),
        base,
        is_new: of.is_none(),
        owners: owners.map(|owner| (id(owner), owner_name(room, owner))).collect(),
        parents: shared.map(|one| (one.id.to_string(), one.draft.title)).collect(),
        aims: aims.into_iter().map(|aim| (aim.id.to_string(), aim.text)).collect(),
        typed,
        faults,
    })
}

async fn again(
    app: &App,
    room: &InRoom,
    of: Option<ObjectiveId>,
    typed: (ObjectiveForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let shown = form_page(app, room, of, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `GET /partnerships/{id}/okr/new`.
pub(crate) async fn new(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    let begins = session::now().date().to_string();
    let typed = ObjectiveForm { begins, ..ObjectiveForm::default() };
    page(&form_page(&app, &room, None, (typed, Vec::new())).await?)
}

/// `POST /partnerships/{id}/okr/new`.
pub(crate) async fn create(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<ObjectiveForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let draft = understand(&form, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, None, (form, faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.add_objective(room.id(), &draft, room.by).await {
        Ok(objective) => {
            tx.commit().await?;
            let at = format!("{}/okr/{objective}", room.base());
            let id = room.id();
            Ok(Redirect::to(&format!("{at}?done=okr&undo={id}.{objective}")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("parent", t!("objectives-parent-unknown"));
            again(&app, &room, None, (form, vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The id of an objective in a path.
pub(crate) fn objective_of(id: &str) -> Result<ObjectiveId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

fn form_of(one: &Objective) -> ObjectiveForm {
    let id = |id: Option<String>| id.unwrap_or_default();
    ObjectiveForm {
        party: id(one.draft.party.map(|party| party.to_string())),
        parent: id(one.draft.parent.map(|parent| parent.to_string())),
        aim: id(one.draft.aim.map(|aim| aim.to_string())),
        title: one.draft.title.clone(),
        why: one.draft.why.clone(),
        begins: day(one.draft.begins),
        last: day(one.draft.ends.map(|ends| ends.plus_days(-1.0))),
        version: one.version,
    }
}

/// An objective of a path that the viewer writes; else there is no such page.
async fn own(app: &App, room: &InRoom, id: &str) -> Result<Objective, AppError> {
    let one = app.store.objective((room.id(), objective_of(id)?), room.by).await?;
    if writes(room, one.draft.party) { Ok(one) } else { Err(AppError::NotFound) }
}

/// `GET /partnerships/{id}/okr/{objective}/edit`.
pub(crate) async fn edit(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let one = own(&app, &room, &objective).await?;
    page(&form_page(&app, &room, Some(one.id), (form_of(&one), Vec::new())).await?)
}

/// `POST /partnerships/{id}/okr/{objective}/edit`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
    Form(form): Form<ObjectiveForm>,
) -> Result<Response, AppError> {
    let kept = own(&app, &room, &objective).await?;
    let form = ObjectiveForm { party: form_of(&kept).party, ..form };
    let mut faults = Vec::new();
    let draft = understand(&form, &mut faults);
    if !faults.is_empty() {
        return again(&app, &room, Some(kept.id), (form, faults)).await;
    }
    let tx = room.begin(&app).await?;
    match tx.update_objective((room.id(), kept.id), &draft, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            let at = format!("{}/okr/{}", room.base(), kept.id);
            Ok(Redirect::to(&format!("{at}?done=saved")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, kept.id, form).await
        }
        Err(StoreError::Conflict(Constraint::Value(_))) => {
            tx.rollback().await?;
            let fault = Fault::new("parent", t!("objectives-parent-unknown"));
            again(&app, &room, Some(kept.id), (form, vec![fault])).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late(
    app: &App,
    room: &InRoom,
    id: ObjectiveId,
    mine: ObjectiveForm,
) -> Result<Response, AppError> {
    let one = app.store.objective((room.id(), id), room.by).await?;
    let kept = form_of(&one);
    let mut titles = Vec::new();
    for other in app.store.objectives(room.id(), None, PAGE, room.by).await? {
        titles.push((other.id.to_string(), other.draft.title));
    }
    for aim in app.store.aims_served(room.id(), room.by).await? {
        titles.push((aim.id.to_string(), aim.text));
    }
    let named = |id: &String| {
        let found = titles.iter().find(|(known, _)| known == id);
        found.map_or(String::new(), |(_, title)| title.clone())
    };
    let rows = vec![
        Row::new(t!("objectives-title-is"), &kept.title, &mine.title),
        Row::new(t!("objectives-why"), &kept.why, &mine.why),
        Row::new(t!("objectives-part-of"), named(&kept.parent), named(&mine.parent)),
        Row::new(t!("objectives-serves"), named(&kept.aim), named(&mine.aim)),
        Row::new(t!("partnerships-first-day"), &kept.begins, &mine.begins),
        Row::new(t!("partnerships-last-day"), &kept.last, &mine.last),
    ];
    let back = format!("{}/okr/{id}", room.base());
    let late = Late {
        what: one.draft.title,
        who: changed_at(one.changed),
        action: format!("{back}/edit"),
        back,
        fields: vec![
            ("parent", mine.parent),
            ("aim", mine.aim),
            ("title", mine.title),
            ("why", mine.why),
            ("begins", mine.begins),
            ("last", mine.last),
            ("version", kept.version.to_string()),
        ],
        rows,
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/okr/{objective}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let objective = objective_of(&objective)?;
    let tx = room.begin(&app).await?;
    tx.remove_objective((room.id(), objective), true, room.by).await?;
    tx.commit().await?;
    let id = room.id();
    Ok(Redirect::to(&format!("{}/okr?done=okr-removed&undo={id}.{objective}", room.base())))
}

/// `POST /partnerships/{id}/okr/{objective}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, objective)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let objective = objective_of(&objective)?;
    let tx = room.begin(&app).await?;
    tx.remove_objective((room.id(), objective), false, room.by).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/okr/{objective}?done=back", room.base())))
}

/// The aim that an objective serves, in words.
pub(crate) async fn aim_text(
    app: &App,
    room: &InRoom,
    aim: Option<AimId>,
) -> Result<Option<String>, AppError> {
    let served = app.store.aims_served(room.id(), room.by).await?;
    Ok(served.into_iter().find(|one| Some(one.id) == aim).map(|one| one.text))
}

/// How an objective stands, in words: class and words of score and pace, and its days.
pub(crate) fn standing(
    one: &Scored,
) -> ((&'static str, String), Option<(&'static str, String)>, String) {
    (one.pill(), one.pace_pill(), days(&one.objective))
}
