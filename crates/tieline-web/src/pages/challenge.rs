//! One challenge: what each party sees, why it happens, what could be done, what is tried, and what comes
//! of it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::challenge::{Closing, PointKind, TrialResult};
use tieline_model::id::{ChallengeId, ChallengePointId, ObjectiveId, PartyId, TrialId};
use tieline_model::time::Moment;
use tieline_store::{Challenge, ChallengePoint, Constraint, StoreError, Trial};

use super::challenge_points::{PointForm, ShownForm, TrialForm};
use super::challenges::{ChallengeForm, parties_of, state_words, want_words};
use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::initiatives::{may_write, objectives};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::resources::{finish, id_of, to_part};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// A point in words.
struct PointLine {
    id: ChallengePointId,
    text: String,
    party: String,
    source: String,
    /// The cause that it answers.
    under: Option<String>,
    /// How far below the problem it stands.
    depth: usize,
    seen_by: Option<String>,
    /// Who doubts it, and why.
    doubts: Vec<(String, String)>,
    is_own: bool,
    /// Whether the viewer's party says what it thinks of it, and whether it sees it too.
    answers: bool,
    agrees: bool,
}

/// A trial in words.
struct TrialLine {
    id: TrialId,
    version: i64,
    text: String,
    sign: String,
    who: String,
    option: Option<String>,
    days: String,
    pill: (&'static str, String),
    seen: String,
    has_shown: bool,
}

/// What was typed wrongly.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) challenge: Option<ChallengeForm>,
    pub(super) learnt: String,
    pub(super) point: PointForm,
    pub(super) trial: TrialForm,
    pub(super) shown: ShownForm,
    pub(super) faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "challenge.html")]
pub(super) struct ChallengePage {
    shell: Shell,
    head: Head,
    id: String,
    at: String,
    title: String,
    text: String,
    objective: Option<String>,
    pill: (&'static str, String),
    ended: Option<String>,
    learnt: Option<String>,
    wants: Vec<String>,
    version: i64,
    /// By party.
    evidence: Vec<(String, Vec<PointLine>)>,
    causes: Vec<PointLine>,
    options: Vec<PointLine>,
    trials: Vec<TrialLine>,
    decision: Option<(String, String)>,
    initiative: Option<(String, String)>,
    objectives: Vec<(ObjectiveId, String)>,
    parties: Vec<(PartyId, String)>,
    ours: Option<String>,
    may_write: bool,
    typed: ChallengeForm,
    end: String,
    point: PointForm,
    trial: TrialForm,
    shown: ShownForm,
    faults: Vec<Fault>,
    is_edited: bool,
    submit: String,
}

impl ChallengePage {
    fn is_typed(&self, id: &impl ToString, typed: &str) -> bool {
        id.to_string() == typed
    }

    /// What was typed for a kind of point.
    fn typed_for(&self, kind: &str) -> &str {
        if self.point.kind == kind { &self.point.text } else { "" }
    }

    fn results(&self) -> Vec<(&'static str, String)> {
        TrialResult::ALL.iter().map(|one| (one.name(), result_words(*one).1)).collect()
    }
}

fn result_words(result: TrialResult) -> (&'static str, String) {
    match result {
        TrialResult::Worked => ("good", t!("challenges-worked")),
        TrialResult::Partly => ("warn", t!("challenges-partly")),
        TrialResult::Failed => ("bad", t!("challenges-failed")),
    }
}

fn point(
    room: &InRoom,
    one: &ChallengePoint,
    (depth, under): (usize, Option<String>),
) -> PointLine {
    let ours = room.standing().party();
    let is_own = room.standing().writes_for(one.draft.party);
    let agree: Vec<String> = one
        .stances
        .iter()
        .filter(|stance| stance.agrees)
        .map(|stance| party_name(room, stance.party))
        .collect();
    let doubt = one.stances.iter().filter(|stance| !stance.agrees);
    let doubts = doubt.map(|stance| {
        let who = t!("challenges-doubted", party = party_name(room, stance.party));
        (who, stance.text.clone())
    });
    let mine = one.stances.iter().find(|stance| Some(stance.party) == ours);
    PointLine {
        id: one.id,
        text: one.draft.text.clone(),
        party: party_name(room, one.draft.party),
        source: one.draft.source.clone(),
        under,
        depth,
        seen_by: match agree.len() {
            0 => None,
            1 => Some(t!("challenges-seen-by", parties = here::list(&agree))),
            _ => Some(t!("challenges-seen-by-many", parties = here::list(&agree))),
        },
        doubts: doubts.collect(),
        is_own,
        answers: ours.is_some() && !is_own,
        agrees: mine.is_some_and(|stance| stance.agrees),
    }
}

/// Causes with how deep each hangs, below what they explain.
fn causes(
    all: &[ChallengePoint],
    under: Option<ChallengePointId>,
    depth: usize,
) -> Vec<(usize, &ChallengePoint)> {
    let here = all.iter().filter(|one| one.draft.kind == PointKind::Cause);
    here.filter(|one| one.draft.parent == under)
        .flat_map(|one| {
            let below = causes(all, Some(one.id), depth + 1);
            std::iter::once((depth, one)).chain(below)
        })
        .collect()
}

fn evidence(room: &InRoom, all: &[ChallengePoint]) -> Vec<(String, Vec<PointLine>)> {
    let of = |party: PartyId| {
        let these = all.iter().filter(|one| one.draft.kind == PointKind::Evidence);
        let these = these.filter(|one| one.draft.party == party);
        these.map(|one| point(room, one, (0, None))).collect()
    };
    let parties = room.room.parties.iter().map(|(party, _)| party.id);
    parties.map(|party| (party_name(room, party), of(party))).collect()
}

fn options(room: &InRoom, all: &[ChallengePoint]) -> Vec<PointLine> {
    let text = |id: ChallengePointId| {
        let cause = all.iter().find(|one| one.id == id)?;
        Some(t!("challenges-answers-to", cause = cause.draft.text.as_str()))
    };
    let these = all.iter().filter(|one| one.draft.kind == PointKind::Option);
    these.map(|one| point(room, one, (0, one.draft.parent.and_then(text)))).collect()
}

fn trial(room: &InRoom, all: &Challenge, one: &Trial, now: Moment) -> TrialLine {
    let draft = &one.draft;
    let option = draft.option.and_then(|id| all.points.iter().find(|point| point.id == id));
    let is_over = draft.ends.is_some_and(|ends| ends <= now);
    TrialLine {
        id: one.id,
        version: one.version,
        text: draft.text.clone(),
        sign: draft.sign.clone(),
        who: draft.party.map_or_else(
            || t!("challenges-run-together"),
            |party| t!("challenges-run-by", party = party_name(room, party)),
        ),
        option: option.map(|option| option.draft.text.clone()),
        days: super::initiatives::term_words(draft.begins, draft.ends),
        pill: match &one.shown {
            Some((result, _)) => result_words(*result),
            None if is_over => ("warn", t!("challenges-trial-over")),
            None => ("acc", t!("challenges-trial-runs")),
        },
        seen: one.shown.as_ref().map(|(_, seen)| seen.clone()).unwrap_or_default(),
        has_shown: one.shown.is_some(),
    }
}

async fn challenge_page(
    app: &App,
    room: &InRoom,
    id: ChallengeId,
    typed: Typed,
) -> Result<ChallengePage, AppError> {
    let (one, now) = (app.store.challenge((room.id(), id), room.by).await?, session::now());
    let all = objectives(app, room).await?;
    let hinders = all.iter().find(|(id, _)| Some(*id) == one.draft.objective);
    let wants = one.wants(parties_of(&room.room), now);
    let tree = causes(&one.points, None, 0);
    let base = room.base();
    Ok(ChallengePage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Challenges),
        id: room.id().to_string(),
        at: format!("{base}/challenges/{id}"),
        title: one.draft.title.clone(),
        text: one.draft.text.clone(),
        objective: hinders.map(|(_, title)| title.clone()),
        pill: state_words(&one),
        ended: one
            .ended
            .as_ref()
            .map(|(_, at, _)| t!("challenges-ended-on", day = here::date(*at))),
        learnt: one.ended.as_ref().map(|(_, _, learnt)| learnt.clone()),
        wants: wants.iter().map(|want| want_words(room, want)).collect(),
        version: one.version,
        evidence: evidence(room, &one.points),
        causes: tree.into_iter().map(|(depth, cause)| point(room, cause, (depth, None))).collect(),
        options: options(room, &one.points),
        trials: one.trials.iter().map(|line| trial(room, &one, line, now)).collect(),
        decision: one
            .decision
            .as_ref()
            .map(|(id, text)| (format!("{base}/decisions/{id}"), text.clone())),
        initiative: one
            .initiative
            .as_ref()
            .map(|(id, text)| (format!("{base}/initiatives/{id}"), text.clone())),
        objectives: all,
        parties: super::pacts::party_names(room),
        ours: room.standing().party().map(|party| party_name(room, party)),
        may_write: may_write(room),
        is_edited: typed.challenge.is_some(),
        typed: typed.challenge.unwrap_or_else(|| ChallengeForm::of(&one)),
        end: typed.learnt,
        point: typed.point,
        trial: typed.trial,
        shown: typed.shown,
        faults: typed.faults,
        submit: t!("challenges-change"),
    })
}

/// The page again with what is wrong.
pub(super) async fn again(
    app: &App,
    room: &InRoom,
    id: ChallengeId,
    typed: Typed,
) -> Result<Response, AppError> {
    let shown = challenge_page(app, room, id, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `GET /partnerships/{id}/challenges/{challenge}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = challenge_page(&app, &room, id_of(&one)?, Typed::default()).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&ChallengePage { shell, ..shown })
}

/// `POST /partnerships/{id}/challenges/{challenge}`: what it says.
pub(crate) async fn change(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<ChallengeForm>,
) -> Result<Response, AppError> {
    let id: ChallengeId = id_of(&one)?;
    let mut faults = Vec::new();
    let draft = form.understood(&mut faults)?;
    if !faults.is_empty() {
        let typed = Typed { challenge: Some(form), faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    }
    let tx = room.begin(&app).await?;
    match tx.change_challenge((room.id(), id), &draft, form.version, room.by).await {
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, id, form).await
        }
        did => {
            did?;
            tx.commit().await?;
            let at = format!("challenges/{id}");
            Ok(to_part(&room, &at, "challenge-changed", None).into_response())
        }
    }
}

/// Someone else changed it meanwhile.
async fn late(
    app: &App,
    room: &InRoom,
    id: ChallengeId,
    mine: ChallengeForm,
) -> Result<Response, AppError> {
    let kept = app.store.challenge((room.id(), id), room.by).await?;
    let theirs = ChallengeForm::of(&kept);
    let at = format!("{}/challenges/{id}", room.base());
    let rows = [
        ("title", t!("challenges-name"), theirs.title, mine.title),
        ("text", t!("challenges-text"), theirs.text, mine.text),
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

/// How a challenge ends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EndForm {
    /// `solved`, `accepted` or `stopped`; else it is worked on again.
    ended: String,
    learnt: String,
    version: i64,
}

/// `POST /partnerships/{id}/challenges/{challenge}/end`.
pub(crate) async fn end(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response, AppError> {
    let id: ChallengeId = id_of(&one)?;
    let (ended, mut faults) = (Closing::from_name(&form.ended), Vec::new());
    if ended.is_some() && form.learnt.trim().is_empty() {
        faults.push(Fault::new("learnt", t!("challenges-learnt-missing")));
    }
    within("learnt", &form.learnt, MAX_NOTE, &mut faults);
    if !faults.is_empty() {
        let typed = Typed { learnt: form.learnt, faults, ..Typed::default() };
        return again(&app, &room, id, typed).await;
    }
    let learnt = form.learnt.replace("\r\n", "\n");
    let tx = room.begin(&app).await?;
    let at = (room.id(), id);
    let how = ended.map(|ended| (ended, learnt.as_str()));
    let did = tx.end_challenge(at, how, form.version, room.by).await;
    if ended.is_some() && matches!(did, Err(StoreError::Conflict(Constraint::Stale))) {
        tx.rollback().await?;
        let faults = vec![Fault::new("learnt", t!("challenges-late-change"))];
        return again(&app, &room, id, Typed { learnt, faults, ..Typed::default() }).await;
    }
    let (at, word) = (
        format!("challenges/{id}"),
        if ended.is_some() { "challenge-ended" } else { "challenge-reopened" },
    );
    let changed = to_part(&room, &at, "share-changed", None);
    Ok(finish(tx, did, (to_part(&room, &at, word, None), changed)).await?.into_response())
}

/// `POST /partnerships/{id}/challenges/{challenge}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<ChallengeId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_challenge((room.id(), one), true, room.by).await;
    let refused = to_part(&room, &format!("challenges/{one}"), "challenge-stands", None);
    let done = to_part(&room, "challenges", "challenge-removed", Some(&one));
    finish(tx, did, (done, refused)).await
}

/// `POST /partnerships/{id}/challenges/{challenge}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, one)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let (one, tx) = (id_of::<ChallengeId>(&one)?, room.begin(&app).await?);
    let did = tx.remove_challenge((room.id(), one), false, room.by).await;
    let back = to_part(&room, &format!("challenges/{one}"), "back", None);
    finish(tx, did, (back, to_part(&room, "challenges", "share-changed", None))).await
}
