//! Conflicts of a partnership: early signs, the cases that the viewer is in, and what was learnt.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::conflict::Stage;
use tieline_model::conflict::stage::follow_ups;
use tieline_model::id::{CaseId, PartyId};
use tieline_store::{CaseLine, NewCase};

use super::case_signs::{Sign, signs};
use super::contacts::MAX_TEXT;
use super::decision_vote::{Fields, value};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Cases of one page.
const PAGE: u64 = 50;

/// What was learnt, as far as it is shown.
const MOST_LESSONS: u64 = 100;

/// Which part of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    after: String,
}

/// A case in words.
pub(super) struct Line {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) sides: String,
    pub(super) stage: (&'static str, String),
    /// When it is looked at again.
    pub(super) follow_up: String,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    shell: Shell,
    head: Head,
    id: String,
    lines: Vec<Line>,
    more: Option<String>,
    /// For people of a party alone.
    signs: Option<Vec<Sign>>,
    lessons: Vec<String>,
    /// Parties that a case may be between, and whether the viewer's own is one of it anyway.
    ours: Option<String>,
    others: Vec<(PartyId, String)>,
    may_raise: bool,
    typed: Fields,
    faults: Vec<Fault>,
}

impl CasesPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.typed, name)
    }

    fn is_chosen(&self, party: &PartyId) -> bool {
        let id = party.to_string();
        self.typed.iter().any(|(name, value)| name == "side" && *value == id)
    }
}

/// A stage of a case in words, with the class of its pill.
pub(super) fn stage_name(stage: Stage) -> (&'static str, String) {
    match stage {
        Stage::Raised => ("warn", t!("conflicts-stage-raised")),
        Stage::Listening => ("acc", t!("conflicts-stage-listening")),
        Stage::Interests => ("acc", t!("conflicts-stage-interests")),
        Stage::Options => ("acc", t!("conflicts-stage-options")),
        Stage::Agreement => ("acc", t!("conflicts-stage-agreement")),
        Stage::FollowUp => ("good", t!("conflicts-stage-follow-up")),
        Stage::Closed => ("good", t!("conflicts-stage-closed")),
        Stage::Withdrawn => ("", t!("conflicts-stage-withdrawn")),
        Stage::Escalated => ("warn", t!("conflicts-stage-escalated")),
    }
}

/// The next day on which the sides look whether the agreement holds; the last one once both passed.
pub(super) fn next_look(agreed: tieline_model::time::Moment) -> String {
    let days = follow_ups(agreed);
    let now = session::now();
    let next = days.into_iter().find(|day| *day > now).unwrap_or(days[1]);
    t!("conflicts-look-again", day = here::day(next.date()))
}

/// A case in words.
pub(super) fn line(one: CaseLine) -> Line {
    let follow_up = one.agreed.filter(|_| one.stage == Stage::FollowUp).map(next_look);
    Line {
        path: format!("/partnerships/{}/conflicts/{}", one.partnership, one.id),
        title: one.title,
        sides: one.sides.join(" · "),
        stage: stage_name(one.stage),
        follow_up: follow_up.unwrap_or_default(),
    }
}

async fn cases_page(
    app: &App,
    room: &InRoom,
    after: Option<CaseId>,
    (typed, faults): (Fields, Vec<Fault>),
) -> Result<CasesPage, AppError> {
    let (id, by) = (room.id(), room.by);
    let mut found = app.store.cases(id, after, PAGE + 1, by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    let ours = room.standing().party();
    let parties = room.room.parties.iter().map(|(party, _)| (party.id, party.name.clone()));
    let (own, others): (Vec<_>, Vec<_>) = parties.partition(|(party, _)| Some(*party) == ours);
    Ok(CasesPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Conflicts),
        id: id.to_string(),
        lines: found.into_iter().map(line).collect(),
        more: last.map(|last| format!("{}/conflicts?after={last}", room.base())),
        signs: match ours {
            Some(ours) => Some(signs(app, room, ours).await?),
            None => None,
        },
        lessons: app.store.lessons(id, MOST_LESSONS, by).await?,
        may_raise: ours.is_some() || room.standing().convenes,
        ours: own.into_iter().next().map(|(_, name)| name),
        others,
        typed,
        faults,
    })
}

/// `GET /partnerships/{id}/conflicts`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (Fields::new(), Vec::new());
    let shown = cases_page(&app, &room, asked.after.parse().ok(), nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&CasesPage { shell, ..shown })
}

/// `POST /partnerships/{id}/conflicts`: raises a case between the viewer's party and others, or
/// between parties that the convener names.
pub(crate) async fn raise(
    State(app): State<App>,
    room: InRoom,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let standing = room.standing();
    if standing.party().is_none() && !standing.convenes {
        return Err(AppError::NotFound);
    }
    let mut faults = Vec::new();
    within("title", value(&fields, "title"), MAX_TEXT, &mut faults);
    within("about", value(&fields, "about"), MAX_NOTE, &mut faults);
    if value(&fields, "title").is_empty() {
        faults.push(Fault::new("title", t!("conflicts-title-missing")));
    }
    let chosen = fields.iter().filter(|(name, _)| name == "side");
    let chosen = chosen.filter_map(|(_, party)| room.party(party).ok().map(|party| party.id));
    let new = NewCase {
        title: value(&fields, "title").to_owned(),
        about: value(&fields, "about").to_owned(),
        sides: chosen.chain(standing.party()).collect(),
    };
    if new.sides.len() < 2 {
        faults.push(Fault::new("sides", t!("conflicts-sides-missing")));
    }
    if !faults.is_empty() {
        let shown = cases_page(&app, &room, None, (fields, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let case = tx.raise_case(room.id(), &new, room.by).await?;
    tx.commit().await?;
    let to = format!("{}/conflicts/{case}?done=case-raised", room.base());
    Ok(Redirect::to(&to).into_response())
}
