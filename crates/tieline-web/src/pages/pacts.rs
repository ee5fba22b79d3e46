//! Signed agreements of a partnership: the list of them, and how each stands in words.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{PactId, PartyId};
use tieline_model::pact::{PactKind, PactState};
use tieline_model::partnership::renewal::TermState;
use tieline_model::time::Moment;
use tieline_store::{Pact, PactDraft};

use super::aims::MAX_AIM;
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab, party_name};
use super::resources::id_of;
use super::subject::{day_of, within};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Agreements of one page.
const PAGE: u64 = 50;

/// Longest note of where a document is, in characters.
const MAX_PLACE: usize = 500;

/// Which agreements.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: String,
}

/// What the form of an agreement brings.
#[derive(Debug, Clone, Default)]
pub(crate) struct PactForm {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) place: String,
    pub(super) begins: String,
    pub(super) ends: String,
    pub(super) notice: String,
    pub(super) parties: Vec<String>,
    pub(super) version: i64,
}

impl PactForm {
    /// Of what a form sends; a party comes once for each that is ticked.
    pub(super) fn read(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match &*name {
                "kind" => form.kind = value,
                "title" => form.title = value,
                "text" => form.text = value.replace("\r\n", "\n"),
                "place" => form.place = value,
                "begins" => form.begins = value,
                "ends" => form.ends = value,
                "notice" => form.notice = value,
                "party" => form.parties.push(value),
                "version" => form.version = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        form
    }

    /// As it is kept.
    pub(super) fn of(pact: &Pact) -> Self {
        let draft = &pact.draft;
        let day = |at: Option<Moment>| at.map(|at| at.date().to_string()).unwrap_or_default();
        Self {
            kind: draft.kind.name().to_owned(),
            title: draft.title.clone(),
            text: draft.text.clone(),
            place: draft.place.clone(),
            begins: day(draft.begins),
            ends: day(draft.ends.map(|ends| ends.plus_days(-1.0))),
            notice: day(draft.notice),
            parties: draft.parties.iter().map(ToString::to_string).collect(),
            version: pact.version,
        }
    }

    /// Whether a party is ticked.
    pub(super) fn binds(&self, party: &PartyId) -> bool {
        self.parties.contains(&party.to_string())
    }

    /// As it may be kept; what is wrong with it is added to the faults.
    pub(super) fn understood(
        &self,
        room: &InRoom,
        faults: &mut Vec<Fault>,
    ) -> Result<PactDraft, AppError> {
        let parties = self.parties.iter().map(|party| room.party(party).map(|party| party.id));
        let draft = PactDraft {
            kind: PactKind::from_name(&self.kind).unwrap_or_default(),
            title: self.title.clone(),
            text: self.text.clone(),
            place: self.place.clone(),
            begins: day_of("begins", &self.begins, faults),
            ends: day_of("ends", &self.ends, faults).map(|day| day.plus_days(1.0)),
            notice: day_of("notice", &self.notice, faults),
            parties: parties.collect::<Result<_, _>>()?,
        };
        check_pact(&draft, faults);
        Ok(draft)
    }
}

/// What is wrong with an agreement, of a form or of a program.
pub(crate) fn check_pact(draft: &PactDraft, faults: &mut Vec<Fault>) {
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("title", t!("pacts-title-missing")));
    }
    within("title", &draft.title, MAX_AIM, faults);
    within("text", &draft.text, MAX_NOTE, faults);
    within("place", &draft.place, MAX_PLACE, faults);
    if draft.parties.len() < 2 {
        faults.push(Fault::new("party", t!("pacts-parties-missing")));
    }
    let is_after = |first: Option<Moment>, then: Option<Moment>| {
        first.zip(then).is_some_and(|(first, then)| first >= then)
    };
    if is_after(draft.begins, draft.ends) {
        faults.push(Fault::new("ends", t!("pacts-ends-first")));
    }
    if is_after(draft.notice, draft.ends) {
        faults.push(Fault::new("notice", t!("pacts-notice-late")));
    }
}

/// An agreement in a list.
struct Line {
    id: PactId,
    title: String,
    kind: String,
    parties: String,
    state: (&'static str, String),
    told: String,
}

#[derive(Template)]
#[template(path = "pacts.html")]
struct PactsPage {
    shell: Shell,
    head: Head,
    id: String,
    lines: Vec<Line>,
    more: Option<String>,
    parties: Vec<(PartyId, String)>,
    kinds: Vec<(&'static str, String)>,
    typed: PactForm,
    faults: Vec<Fault>,
    /// Whether the viewer may write one down.
    may_add: bool,
    submit: String,
}

impl PactsPage {
    fn parts(&self) -> Vec<(String, String, bool)> {
        parts(&self.head.base, "pacts")
    }
}

/// Path and name of each part of what parties agreed on, and whether it is shown.
pub(crate) fn parts(base: &str, here: &str) -> Vec<(String, String, bool)> {
    [("agreement", t!("charter-title")), ("pacts", t!("pacts-title"))]
        .into_iter()
        .map(|(rest, name)| (format!("{base}/{rest}"), name, rest == here))
        .collect()
}

/// Word and name of each kind.
pub(super) fn kinds() -> Vec<(&'static str, String)> {
    PactKind::ALL.iter().map(|kind| (kind.name(), kind_name(*kind))).collect()
}

/// Name of a kind.
pub(super) fn kind_name(kind: PactKind) -> String {
    match kind {
        PactKind::Memorandum => t!("pacts-kind-memorandum"),
        PactKind::DataSharing => t!("pacts-kind-data-sharing"),
        PactKind::Funding => t!("pacts-kind-funding"),
        PactKind::Service => t!("pacts-kind-service"),
        PactKind::Other => t!("pacts-kind-other"),
    }
}

/// How an agreement stands: as a pill, and in a sentence.
pub(crate) fn state_words(pact: &Pact, now: Moment) -> ((&'static str, String), String) {
    let last = pact.draft.ends.map(|ends| here::day(ends.plus_days(-1.0).date()));
    let last = last.unwrap_or_default();
    let due = pact.draft.term().map(|term| here::day(term.due().date())).unwrap_or_default();
    match pact.state(now) {
        PactState::Draft if pact.was_signed() => {
            (("warn", t!("pacts-state-changed")), t!("pacts-told-changed"))
        }
        PactState::Draft => (("", t!("pacts-state-draft")), t!("pacts-told-draft")),
        PactState::Ended => (("", t!("pacts-state-ended")), String::new()),
        PactState::Holds(TermState::Lapsed) => {
            (("bad", t!("pacts-state-lapsed")), t!("pacts-told-lapsed", day = last))
        }
        PactState::Holds(TermState::NoticePassed) => {
            (("warn", t!("pacts-state-notice")), t!("pacts-told-notice", day = last))
        }
        PactState::Holds(TermState::Alert { days }) => {
            let left = pact.draft.term().map_or(0.0, |term| term.due().days_since(now));
            let tone = if days <= 90 { "warn" } else { "acc" };
            // Days to an alert are at most 180.
            let n = left.ceil() as i64;
            ((tone, t!("pacts-state-due", n = n)), t!("pacts-told-due", day = due))
        }
        PactState::Holds(_) if last.is_empty() => {
            (("good", t!("pacts-state-holds")), t!("pacts-told-open"))
        }
        PactState::Holds(_) => {
            (("good", t!("pacts-state-holds")), t!("pacts-told-until", day = last))
        }
    }
}

fn line(room: &InRoom, pact: &Pact) -> Line {
    let (state, told) = state_words(pact, session::now());
    let names: Vec<String> =
        pact.draft.parties.iter().map(|party| party_name(room, *party)).collect();
    Line {
        id: pact.id,
        title: pact.draft.title.clone(),
        kind: kind_name(pact.draft.kind),
        parties: here::list(&names),
        state,
        told,
    }
}

/// Whether a viewer may write an agreement down: people of a party, and who arranges.
fn may_add(room: &InRoom) -> bool {
    room.standing().arranges() || room.standing().party().is_some()
}

async fn pacts_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (PactForm, Vec<Fault>),
) -> Result<PactsPage, AppError> {
    let before = Some(&asked.before).filter(|before| !before.is_empty());
    let before = before.map(|before| id_of::<PactId>(before)).transpose()?;
    let mut found = app.store.pacts(room.id(), before, PAGE + 1, room.by).await?;
    let is_more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|last| last.id);
    Ok(PactsPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Agreement),
        id: room.id().to_string(),
        lines: found.iter().map(|one| line(room, one)).collect(),
        more: last.map(|last| format!("{}/pacts?before={last}", room.base())),
        parties: party_names(room),
        kinds: kinds(),
        typed,
        faults,
        may_add: may_add(room),
        submit: t!("pacts-save"),
    })
}

/// Parties of the room by name.
pub(super) fn party_names(room: &InRoom) -> Vec<(PartyId, String)> {
    room.room.parties.iter().map(|(party, _)| (party.id, party.name.clone())).collect()
}

/// `GET /partnerships/{id}/pacts`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let both = party_names(&room).into_iter().map(|(party, _)| party.to_string());
    // Where there are two parties, it binds both.
    let parties = if room.room.parties.len() == 2 { both.collect() } else { Vec::new() };
    let typed = PactForm { parties, ..PactForm::default() };
    let shown = pacts_page(&app, &room, &asked, (typed, Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&PactsPage { shell, ..shown })
}

/// `POST /partnerships/{id}/pacts`: writes one down.
pub(crate) async fn add(
    State(app): State<App>,
    room: InRoom,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    if !may_add(&room) {
        return Err(AppError::NotFound);
    }
    let form = PactForm::read(fields);
    let mut faults = Vec::new();
    let draft = form.understood(&room, &mut faults)?;
    if !faults.is_empty() {
        let shown = pacts_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let tx = room.begin(&app).await?;
    let one = tx.add_pact(room.id(), &draft, room.by).await?;
    tx.commit().await?;
    let undo = format!("done=pact&undo={}.{one}", room.id());
    Ok(Redirect::to(&format!("{}/pacts/{one}?{undo}", room.base())).into_response())
}
