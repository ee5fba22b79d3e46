//! How the objectives of the parties bear on each other: what people said, and what they should look
//! at. Nothing holds because texts are alike; people confirm or refuse.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{ObjectiveId, ObjectiveLinkId, PartnershipId, PartyId};
use tieline_model::objective::{
    Aim, Link, LinkKind, LinkState, Proposal, Reason, alignment, proposals,
};
use tieline_model::room::Participant;
use tieline_model::similarity::Texts;
use tieline_store::{Constraint, Objective, ObjectiveLink, StoreError};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::objectives::{PAGE, chosen, measured, owner_name};
use super::partnership::{Head, Tab};
use super::partnerships::changed_at;
use super::subject::writer;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::session;
use crate::shell::{Done, Shell};

/// Links that the page knows.
const MOST_LINKS: u64 = 2000;

/// An objective as alignment sees it; resources are not claimed by objectives yet.
pub(crate) type Seen = Aim<ObjectiveId, Option<PartyId>, u8>;

/// What there is to align.
pub(crate) struct Aligned {
    pub(crate) objectives: Vec<Objective>,
    pub(crate) aims: Vec<Seen>,
    pub(crate) links: Vec<ObjectiveLink>,
    pub(crate) proposed: Vec<Proposal<ObjectiveId>>,
}

/// Objectives of a partnership, what people said of them, and what is proposed.
pub(crate) async fn aligned(
    app: &App,
    (id, by): (PartnershipId, Participant),
) -> Result<Aligned, StoreError> {
    let objectives = app.store.objectives(id, None, PAGE, by).await?;
    let ids: Vec<ObjectiveId> = objectives.iter().map(|one| one.id).collect();
    let results = app.store.key_results(id, &ids, by).await?;
    let links = app.store.objective_links(id, MOST_LINKS, by).await?;
    let now = session::now();
    let of = |one: ObjectiveId| results.iter().filter(move |result| result.objective == one);
    let aim = |one: &Objective| Aim {
        objective: one.id,
        owner: one.draft.party,
        parent: one.draft.parent,
        metrics: of(one.id)
            .filter_map(|result| {
                let way = measured(one, result, None, now).direction()?;
                Some((result.draft.metric.clone(), way))
            })
            .collect(),
        claims: Vec::new(),
    };
    let aims: Vec<Seen> = objectives.iter().map(aim).collect();
    let text = |one: &Objective| {
        let metrics = of(one.id).map(|result| result.draft.metric.as_str());
        let parts = [one.draft.title.as_str(), one.draft.why.as_str()].into_iter().chain(metrics);
        parts.collect::<Vec<_>>().join(" ")
    };
    let texts = Texts::new(&objectives.iter().map(text).collect::<Vec<_>>());
    let said: Vec<Link<ObjectiveId>> = links.iter().map(|one| one.link).collect();
    let part_of = |one: &Proposal<ObjectiveId>| {
        let of = |a: ObjectiveId, b: ObjectiveId| {
            aims.iter().any(|aim| aim.objective == a && aim.parent == Some(b))
        };
        one.kind == LinkKind::Duplicates && (of(one.one, one.other) || of(one.other, one.one))
    };
    // A part is alike with its whole: that says nothing.
    let proposed = proposals(&aims, |one, other| texts.cosine(one, other), &said);
    let proposed = proposed.into_iter().filter(|one| !part_of(one)).collect();
    Ok(Aligned { objectives, aims, links, proposed })
}

impl Aligned {
    fn owner(&self, id: ObjectiveId) -> Option<PartyId> {
        self.objectives.iter().find(|one| one.id == id).and_then(|one| one.draft.party)
    }

    fn title(&self, id: ObjectiveId) -> String {
        let found = self.objectives.iter().find(|one| one.id == id);
        found.map_or(String::new(), |one| one.draft.title.clone())
    }

    /// Whether a pair is of these two owners, whichever way round.
    fn is_of(
        &self,
        (from, to): (ObjectiveId, ObjectiveId),
        (one, other): (Option<PartyId>, Option<PartyId>),
    ) -> bool {
        let pair = (self.owner(from), self.owner(to));
        pair == (one, other) || pair == (other, one)
    }
}

/// How one bears on another, in words.
pub(crate) fn kind_name(kind: LinkKind) -> String {
    match kind {
        LinkKind::Supports => t!("objectives-supports"),
        LinkKind::DependsOn => t!("objectives-depends-on"),
        LinkKind::ConflictsWith => t!("objectives-conflicts-with"),
        LinkKind::Duplicates => t!("objectives-duplicates"),
    }
}

fn kind_tone(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Supports | LinkKind::DependsOn => "good",
        LinkKind::ConflictsWith => "bad",
        LinkKind::Duplicates => "warn",
    }
}

fn state_name(state: LinkState) -> String {
    match state {
        LinkState::Confirmed => t!("objectives-confirmed"),
        LinkState::Rejected => t!("objectives-rejected"),
    }
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Text(cosine) => t!("objectives-why-text", share = here::percent(*cosine)),
        Reason::Metric(metric) => t!("objectives-why-metric", metric = metric),
        Reason::Resource(_) => t!("objectives-why-resource"),
    }
}

/// A cell of the matrix.
struct Cell {
    /// Where its pairs are; none in a cell of an owner with itself.
    path: Option<String>,
    n_tied: u64,
    n_conflicts: u64,
    n_proposed: u64,
}

/// An owner with its cells.
struct MatrixRow {
    name: String,
    cells: Vec<Cell>,
    /// Its objectives that serve an aim of an organisation.
    n_serving: u64,
    score: String,
    orphans: Vec<(String, String)>,
}

/// A pair of objectives, proposed or answered.
struct Pair {
    from: (ObjectiveId, String),
    to: (ObjectiveId, String),
    kind: &'static str,
    tone: &'static str,
    words: String,
    /// Why it is proposed, or what was said by whom.
    why: String,
    /// What was said, and its version.
    said: Option<(ObjectiveLinkId, LinkState, i64)>,
}

impl Pair {
    fn version(&self) -> i64 {
        self.said.map_or(0, |(_, _, version)| version)
    }

    fn is_refused(&self) -> bool {
        self.said.is_some_and(|(_, state, _)| state == LinkState::Rejected)
    }
}

#[derive(Template)]
#[template(path = "objective_alignment.html")]
struct AlignmentPage {
    shell: Shell,
    head: Head,
    id: String,
    names: Vec<String>,
    rows: Vec<MatrixRow>,
    /// Whose pairs are shown; `None`: all of them.
    between: Option<String>,
    proposed: Vec<Pair>,
    said: Vec<Pair>,
    /// Objectives that can be tied by hand.
    choices: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    typed: LinkForm,
    faults: Vec<Fault>,
}

/// Whose pairs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    one: String,
    other: String,
}

fn word_of(owner: Option<PartyId>) -> String {
    owner.map_or_else(|| "shared".to_owned(), |party| party.to_string())
}

async fn alignment_page(
    app: &App,
    room: &InRoom,
    asked: &Asked,
    (typed, faults): (LinkForm, Vec<Fault>),
) -> Result<AlignmentPage, AppError> {
    let all = aligned(app, (room.id(), room.by)).await?;
    let parties = room.room.parties.iter().map(|(party, _)| Some(party.id));
    let owners: Vec<Option<PartyId>> = std::iter::once(None).chain(parties).collect();
    let named = |word: &str| owners.iter().copied().find(|owner| word_of(*owner) == word);
    let pair = named(&asked.one).zip(named(&asked.other));
    let shown =
        |from, to| pair.is_none_or(|owners: (Option<PartyId>, _)| all.is_of((from, to), owners));
    let proposed = all.proposed.iter().filter(|one| shown(one.one, one.other));
    let proposed = proposed.map(|one| proposed_pair(&all, one)).collect();
    let mut said = Vec::new();
    for one in all.links.iter().filter(|one| shown(one.link.from, one.link.to)) {
        said.push(said_pair(app, &all, one).await?);
    }
    let whose = |one: &Objective| {
        let owner = owner_name(room, one.draft.party);
        t!("partnerships-aim-of", whose = owner, aim = one.draft.title)
    };
    Ok(AlignmentPage {
        shell: room.shell(app),
        head: Head::new(room, Tab::Objectives),
        id: room.id().to_string(),
        names: owners.iter().map(|owner| owner_name(room, *owner)).collect(),
        rows: owners.iter().map(|owner| matrix_row(room, &all, &owners, *owner)).collect(),
        between: pair.map(|(one, other)| {
            let (one, other) = (owner_name(room, one), owner_name(room, other));
            t!("objectives-between", one = one, other = other)
        }),
        proposed,
        said,
        choices: all.objectives.iter().map(|one| (one.id.to_string(), whose(one))).collect(),
        kinds: LinkKind::ALL.iter().map(|kind| (kind.name(), kind_name(*kind))).collect(),
        typed,
        faults,
    })
}

fn matrix_row(
    room: &InRoom,
    all: &Aligned,
    owners: &[Option<PartyId>],
    one: Option<PartyId>,
) -> MatrixRow {
    let said: Vec<Link<ObjectiveId>> = all.links.iter().map(|link| link.link).collect();
    let cell = |other: &Option<PartyId>| {
        let confirmed = |is_conflict: bool| {
            let counted = said.iter().filter(|link| {
                link.state == LinkState::Confirmed
                    && all.is_of((link.from, link.to), (one, *other))
                    && (link.kind == LinkKind::ConflictsWith) == is_conflict
            });
            counted.count() as u64
        };
        let proposed = all.proposed.iter();
        let query = format!("one={}&other={}", word_of(one), word_of(*other));
        Cell {
            path: (one != *other).then(|| format!("{}/okr/alignment?{query}#pairs", room.base())),
            n_tied: confirmed(false),
            n_conflicts: confirmed(true),
            n_proposed: proposed
                .filter(|pair| all.is_of((pair.one, pair.other), (one, *other)))
                .count() as u64,
        }
    };
    let found = alignment(&all.aims, &one, &said);
    let own = all.objectives.iter().filter(|objective| objective.draft.party == one);
    let orphan = |id: &ObjectiveId| (format!("{}/okr/{id}", room.base()), all.title(*id));
    MatrixRow {
        name: owner_name(room, one),
        cells: owners.iter().map(cell).collect(),
        n_serving: own.filter(|objective| objective.draft.aim.is_some()).count() as u64,
        score: found.score.map_or_else(|| "\u{2013}".to_owned(), here::percent),
        orphans: found.orphans.iter().map(orphan).collect(),
    }
}

fn proposed_pair(all: &Aligned, one: &Proposal<ObjectiveId>) -> Pair {
    Pair {
        from: (one.one, all.title(one.one)),
        to: (one.other, all.title(one.other)),
        kind: one.kind.name(),
        tone: kind_tone(one.kind),
        words: kind_name(one.kind),
        why: reason(&one.reason),
        said: None,
    }
}

async fn said_pair(app: &App, all: &Aligned, one: &ObjectiveLink) -> Result<Pair, AppError> {
    let who = match one.by {
        Some(_) => writer(app, one.by).await?,
        None => t!("charter-by-guest"),
    };
    let (state, when) = (state_name(one.link.state), here::moment(one.changed));
    Ok(Pair {
        from: (one.link.from, all.title(one.link.from)),
        to: (one.link.to, all.title(one.link.to)),
        kind: one.link.kind.name(),
        tone: kind_tone(one.link.kind),
        words: kind_name(one.link.kind),
        why: t!("objectives-said", state = state, who = who, when = when),
        said: Some((one.id, one.link.state, one.version)),
    })
}

/// `GET /partnerships/{id}/okr/alignment`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let nothing = (LinkForm::default(), Vec::new());
    let shown = alignment_page(&app, &room, &asked, nothing).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&AlignmentPage { shell, ..shown })
}

/// What the form of a pair brings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LinkForm {
    from: String,
    to: String,
    kind: String,
    state: String,
    version: i64,
}

fn understand(form: &LinkForm, faults: &mut Vec<Fault>) -> Option<Link<ObjectiveId>> {
    let from = chosen(&form.from, ("from", t!("objectives-choose")), faults);
    let to = chosen(&form.to, ("to", t!("objectives-choose")), faults);
    let kind = LinkKind::from_name(&form.kind);
    let state = LinkState::from_name(&form.state);
    if faults.is_empty() && (from.is_none() || to.is_none() || from == to) {
        faults.push(Fault::new("to", t!("objectives-choose-two")));
    }
    if kind.is_none() || state.is_none() {
        faults.push(Fault::new("kind", t!("objectives-choose-kind")));
    }
    let link = Link { from: from?, to: to?, kind: kind?, state: state? };
    faults.is_empty().then_some(link)
}

/// `POST /partnerships/{id}/okr/alignment`: what someone says of two objectives.
pub(crate) async fn say(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<LinkForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let Some(link) = understand(&form, &mut faults) else {
        let shown = alignment_page(&app, &room, &Asked::default(), (form, faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    };
    let tx = room.begin(&app).await?;
    match tx.link_objectives(room.id(), &link, form.version, room.by).await {
        Ok(made) => {
            tx.commit().await?;
            Ok(to_alignment(&room, "okr-link", made).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, link).await
        }
        Err(error) => Err(error.into()),
    }
}

fn to_alignment(room: &InRoom, done: &str, link: ObjectiveLinkId) -> Redirect {
    let id = room.id();
    Redirect::to(&format!("{}/okr/alignment?done={done}&undo={id}.{link}", room.base()))
}

async fn late(app: &App, room: &InRoom, mine: Link<ObjectiveId>) -> Result<Response, AppError> {
    let all = aligned(app, (room.id(), room.by)).await?;
    let is_symmetric = matches!(mine.kind, LinkKind::ConflictsWith | LinkKind::Duplicates);
    let kept = all.links.iter().find(|one| {
        let pair = (one.link.from, one.link.to);
        let is_turned = is_symmetric && pair == (mine.to, mine.from);
        one.link.kind == mine.kind && (pair == (mine.from, mine.to) || is_turned)
    });
    let theirs = kept.map_or(String::new(), |kept| state_name(kept.link.state));
    let version = kept.map_or(0, |kept| kept.version);
    let words = t!(
        "objectives-pair",
        one = all.title(mine.from),
        kind = kind_name(mine.kind),
        other = all.title(mine.to)
    );
    let back = format!("{}/okr/alignment", room.base());
    let late = Late {
        what: words.clone(),
        who: kept.map_or(String::new(), |kept| changed_at(kept.changed)),
        action: back.clone(),
        back,
        fields: vec![
            ("from", mine.from.to_string()),
            ("to", mine.to.to_string()),
            ("kind", mine.kind.name().to_owned()),
            ("state", mine.state.name().to_owned()),
            ("version", version.to_string()),
        ],
        rows: vec![Row { label: words, theirs, mine: state_name(mine.state) }],
    };
    conflict::show(room.shell(app), late)
}

/// `POST /partnerships/{id}/okr/links/{link}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    room: InRoom,
    Path((_, link)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &link, true).await
}

/// `POST /partnerships/{id}/okr/links/{link}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    room: InRoom,
    Path((_, link)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    set_removed(&app, &room, &link, false).await
}

async fn set_removed(
    app: &App,
    room: &InRoom,
    link: &str,
    is_removed: bool,
) -> Result<Redirect, AppError> {
    let link: ObjectiveLinkId = link.parse().map_err(|_| AppError::NotFound)?;
    let tx = room.begin(app).await?;
    tx.remove_objective_link((room.id(), link), is_removed, room.by).await?;
    tx.commit().await?;
    let done = if is_removed { "okr-link-removed" } else { "back" };
    Ok(to_alignment(room, done, link))
}
