//! One conflict case: what each side says, what is collected, what they agree on, and what comes next.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::{Gate, Stage, follow_ups};
use tieline_model::id::{CaseActionId, PartyId, PointId, SeatId};
use tieline_store::{CasePerson, CaseSide, ConflictCase};

use super::case_numbers::{Numbers, name, numbers};
use super::case_signs::{Suggestion, suggestions};
use super::cases::{next_look, stage_name};
use super::decision_vote::{Fields, value};
use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab};
use crate::app::App;
use crate::at_case::AtCase;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Shell};

/// A stage on the way.
struct Station {
    name: String,
    class: &'static str,
    is_here: bool,
}

/// Something collected, and whether the viewer may take it back.
struct PointLine {
    id: PointId,
    topic: String,
    text: String,
    may_remove: bool,
}

/// A side with what it said.
struct SideCard {
    side: CaseSide,
    is_own: bool,
    /// Who said its view back, and how.
    restated: Option<(String, String)>,
    interests: Vec<PointLine>,
}

/// What the agreement asks for, in words.
struct ActionLine {
    id: CaseActionId,
    text: String,
    who: String,
    due: String,
    is_done: bool,
    /// Whether it is a promise already.
    is_promised: bool,
}

/// A step that may be taken.
struct Way {
    to: &'static str,
    label: String,
    missing: Vec<String>,
    is_main: bool,
    /// Whether there is no way back from it.
    is_end: bool,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    shell: Shell,
    /// For those who are in the room.
    head: Option<Head>,
    base: String,
    here: String,
    id: String,
    case: ConflictCase,
    stage: (&'static str, String),
    between: String,
    stations: Vec<Station>,
    sides: Vec<SideCard>,
    options: Vec<PointLine>,
    items: Vec<PointLine>,
    choices: Vec<PointLine>,
    numbers: Vec<Numbers>,
    actions: Vec<ActionLine>,
    /// Who may see to something.
    people: Vec<(SeatId, String)>,
    looks: Vec<String>,
    next_look: String,
    ways: Vec<Way>,
    suggestions: Vec<Suggestion>,
    typed: Fields,
    faults: Vec<Fault>,
}

impl CasePage {
    /// What was typed into a field, or what is kept.
    fn typed<'a>(&'a self, name: &str, kept: &'a str) -> &'a str {
        match self.typed.iter().any(|(known, _)| known == name) {
            true => value(&self.typed, name),
            false => kept,
        }
    }

    fn is_typed(&self, name: &str, id: &SeatId) -> bool {
        value(&self.typed, name) == id.to_string()
    }

    /// Whether a stage was come to.
    fn is_from(&self, stage: Stage) -> bool {
        stage <= self.case.stage
    }

    /// Whether words of a stage are still written.
    fn writes(&self, from: Stage) -> bool {
        self.is_from(from) && self.case.stage <= Stage::Agreement
    }

    fn is_at(&self, stage: Stage) -> bool {
        self.case.stage == stage
    }

    /// The viewer's own side.
    fn own(&self) -> Option<&CaseSide> {
        self.case.reader.side.and_then(|party| self.case.side(party))
    }

    /// Points that numbers are given for, as a list to change.
    fn removable(&self, numbers: &Numbers) -> &[PointLine] {
        if numbers.is_of_choices() { &self.choices } else { &self.items }
    }

    /// Name of each side that a word is asked of, and whether it gave it.
    fn word(&self, is: fn(&CaseSide) -> bool) -> Vec<(&str, bool)> {
        self.case.sides.iter().map(|side| (side.name.as_str(), is(side))).collect()
    }

    fn accepted(&self) -> Vec<(&str, bool)> {
        self.word(|side| side.accepts)
    }

    fn settled(&self) -> Vec<(&str, bool)> {
        self.word(|side| side.settled)
    }

    fn mediation(&self) -> Vec<(&str, bool)> {
        self.word(|side| side.mediator_ok)
    }
}

/// A gate in words.
pub(crate) fn gate_sentence(gate: Gate) -> String {
    match gate {
        Gate::Parties => t!("conflicts-gate-parties"),
        Gate::Understood => t!("conflicts-gate-understood"),
        Gate::Interests => t!("conflicts-gate-interests"),
        Gate::Options => t!("conflicts-gate-options"),
        Gate::Acceptance => t!("conflicts-gate-acceptance"),
        Gate::Actions => t!("conflicts-gate-actions"),
        Gate::ActionsDone => t!("conflicts-gate-actions-done"),
        Gate::Confirmed => t!("conflicts-gate-confirmed"),
        Gate::Recent => t!("conflicts-gate-recent"),
    }
}

fn stations(case: &ConflictCase) -> Vec<Station> {
    let all = Stage::ALL.iter().filter(|stage| **stage <= Stage::Closed);
    let left = matches!(case.stage, Stage::Withdrawn | Stage::Escalated);
    let station = |stage: &Stage| Station {
        name: stage_name(*stage).1,
        class: if !left && *stage < case.stage { "done" } else { "" },
        is_here: *stage == case.stage,
    };
    all.map(station).collect()
}

fn ways(case: &ConflictCase) -> Vec<Way> {
    let state = case.state();
    let way = |to: &Stage| {
        let shut = case.stage.shut_gates(*to, &state, session::now())?;
        let label = match *to {
            Stage::Withdrawn => t!("conflicts-withdraw"),
            Stage::Escalated => t!("conflicts-escalate"),
            Stage::Closed => t!("conflicts-close"),
            Stage::Interests if case.stage == Stage::Closed => t!("conflicts-reopen"),
            to if to < case.stage => t!("conflicts-back-to", stage = stage_name(to).1),
            to => t!("conflicts-go-to", stage = stage_name(to).1),
        };
        Some(Way {
            to: to.name(),
            label,
            missing: shut.into_iter().map(gate_sentence).collect(),
            is_main: case.stage.next() == Some(*to) || case.stage.is_over(),
            is_end: matches!(to, Stage::Withdrawn | Stage::Escalated),
        })
    };
    Stage::ALL.iter().filter_map(way).collect()
}

fn points(case: &ConflictCase, kind: PointKind, of: Option<PartyId>) -> Vec<PointLine> {
    let is_open = kind.from_stage() <= case.stage && case.stage <= Stage::Agreement;
    let found = case.points.iter().filter(|point| point.kind == kind && point.party == of);
    let line = |point: &tieline_store::CasePoint| PointLine {
        id: point.id,
        topic: point.topic.clone(),
        text: point.text.clone(),
        may_remove: is_open && (of.is_none() || of == case.reader.side),
    };
    found.map(line).collect()
}

fn side_card(case: &ConflictCase, side: &CaseSide) -> SideCard {
    let restated = side.restated.as_ref();
    SideCard {
        side: side.clone(),
        is_own: case.reader.side == Some(side.party),
        restated: restated.map(|(by, text)| (name(case, *by), text.clone())),
        interests: points(case, PointKind::Interest, Some(side.party)),
    }
}

fn person(case: &ConflictCase, one: &CasePerson) -> String {
    let who = one.name.clone().unwrap_or_else(|| t!("partnerships-nobody-known"));
    format!("{who}, {}", name(case, one.party))
}

fn actions(case: &ConflictCase, people: &[CasePerson]) -> Vec<ActionLine> {
    let who = |party: PartyId, seat: Option<SeatId>| {
        let found = people.iter().find(|one| Some(one.seat) == seat);
        found.map_or_else(|| name(case, party), |one| person(case, one))
    };
    let line = |one: &tieline_store::CaseAction| ActionLine {
        id: one.id,
        text: one.text.clone(),
        who: who(one.party, one.seat),
        due: here::until(one.due),
        is_done: one.is_done,
        is_promised: one.commitment.is_some(),
    };
    case.actions.iter().map(line).collect()
}

async fn case_page(
    app: &App,
    at: &AtCase,
    (typed, faults): (Fields, Vec<Fault>),
) -> Result<CasePage, AppError> {
    let case = &at.case;
    let people = app.store.case_people(at.at(), at.who.by).await?;
    let worked = app.store.worked_out(at.at(), at.who.by).await?;
    let wanted = case.mediator.is_none() && !case.stage.is_over();
    let looks = case.agreed.map(follow_ups).into_iter().flatten();
    let kinds = [PointKind::Item, PointKind::Choice];
    Ok(CasePage {
        shell: at.who.shell(app),
        head: at.who.room().map(|room| Head::new(room, Tab::Conflicts)),
        base: at.who.base(),
        here: at.path(),
        id: at.who.id.to_string(),
        stage: stage_name(case.stage),
        between: case.sides.iter().map(|side| &*side.name).collect::<Vec<_>>().join(" · "),
        stations: stations(case),
        sides: case.sides.iter().map(|side| side_card(case, side)).collect(),
        options: points(case, PointKind::Option, None),
        items: points(case, PointKind::Item, None),
        choices: points(case, PointKind::Choice, None),
        numbers: kinds.into_iter().filter_map(|kind| numbers(case, &worked, kind)).collect(),
        actions: actions(case, &people),
        looks: looks.map(|day| here::day(day.date())).collect(),
        next_look: case.agreed.map(next_look).unwrap_or_default(),
        ways: ways(case),
        suggestions: match wanted {
            true => suggestions(app, at, &people).await?,
            false => Vec::new(),
        },
        people: people.iter().map(|one| (one.seat, person(case, one))).collect(),
        case: case.clone(),
        typed,
        faults,
    })
}

/// `GET /partnerships/{id}/conflicts/{case}`.
pub(crate) async fn show(
    State(app): State<App>,
    at: AtCase,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shown = case_page(&app, &at, (Fields::new(), Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&CasePage { shell, ..shown })
}

/// The page again, with what was typed and what is wrong with it.
pub(super) async fn again(
    app: &App,
    at: &AtCase,
    typed: Fields,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    let shown = case_page(app, at, (typed, faults)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}
