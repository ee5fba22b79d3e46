//! One partnership: what it is for, why it matters, its parties and people, what each side gains and
//! gives, and what its stage asks.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AimId, PartyId};
use tieline_model::room::Section;
use tieline_store::{Aim, CharterVersion, Sides, Tx};

use super::partnership_stage::{Question, Way, questions, ways};
use super::partnerships::{MOST_AIMS, next, unit_names};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::{InRoom, aim_of, duty_name, stage_name, stage_tone};
use crate::session;
use crate::shell::{Done, Shell};

/// People of a party that the overview names.
const EACH: u64 = 5;

/// Head of each page of a partnership.
pub(crate) struct Head {
    pub(crate) base: String,
    pub(crate) name: String,
    pub(crate) stage: String,
    pub(crate) tone: &'static str,
    /// "2 parties, 14 people, since 3 March 2025."
    pub(crate) size: String,
    pub(crate) next: (&'static str, String),
    pub(crate) arranges: bool,
    /// Which tab this is.
    tab: Tab,
    /// Whether who looks has an account: a guest has no part in the register of stakeholders.
    is_signed: bool,
}

/// A part of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The whole of it.
    Overview,
    /// The charter.
    Agreement,
    /// Objectives and what measures them.
    Objectives,
    /// Who does what.
    Roles,
    /// Joint decisions.
    Decisions,
    /// What is talked about, and who is heard.
    Talk,
    /// Problems that they share.
    Challenges,
    /// What they do together.
    Initiatives,
    /// What the parties promised each other.
    Commitments,
    /// What stands between parties.
    Conflicts,
    /// What they share.
    Resources,
    /// Parties, and who sits there.
    People,
    /// Who has a stake.
    Stakeholders,
    /// What the stage asks.
    Stage,
}

impl Head {
    /// The head of a page of the room.
    pub(crate) fn new(room: &InRoom, tab: Tab) -> Self {
        let one = &room.room.partnership;
        let n_people: u64 = room.room.parties.iter().map(|(_, n)| n).sum();
        let n_parties = room.room.parties.len();
        let size = match one.begins {
            Some(begins) => {
                let day = here::day(begins.date());
                t!("partnerships-size-since", parties = n_parties, people = n_people, day = day)
            }
            None => t!("partnerships-size", parties = n_parties, people = n_people),
        };
        Self {
            base: room.base(),
            name: one.name.clone(),
            stage: stage_name(one.stage),
            tone: stage_tone(one.stage),
            size,
            next: next(one, session::now()),
            arranges: room.standing().arranges(),
            tab,
            is_signed: room.signed().is_some(),
        }
    }

    fn is_at(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    /// Address and name of each part, and whether it is shown.
    pub(crate) fn tabs(&self) -> Vec<(String, String, bool)> {
        let base = &self.base;
        [
            (base.clone(), t!("partnerships-tab-overview"), Tab::Overview),
            (format!("{base}/agreement"), t!("charter-title"), Tab::Agreement),
            (format!("{base}/okr"), t!("objectives-title"), Tab::Objectives),
            (format!("{base}/roles"), t!("roles-title"), Tab::Roles),
            (format!("{base}/decisions"), t!("decisions-title"), Tab::Decisions),
            (format!("{base}/topics"), t!("talk-title"), Tab::Talk),
            (format!("{base}/challenges"), t!("challenges-title"), Tab::Challenges),
            (format!("{base}/initiatives"), t!("initiatives-title"), Tab::Initiatives),
            (format!("{base}/commitments"), t!("commitments-title"), Tab::Commitments),
            (format!("{base}/conflicts"), t!("conflicts-title"), Tab::Conflicts),
            (format!("{base}/resources"), t!("resources-title"), Tab::Resources),
            (format!("{base}/people"), t!("partnerships-tab-people"), Tab::People),
            (format!("{base}/stakeholders"), t!("stakeholders-title"), Tab::Stakeholders),
            (format!("{base}/stage"), t!("partnerships-tab-stage"), Tab::Stage),
        ]
        .into_iter()
        .filter(|(_, _, tab)| self.is_signed || *tab != Tab::Stakeholders)
        .map(|(path, name, tab)| (path, name, self.is_at(&tab)))
        .collect()
    }
}

/// A party with the first of its people.
struct PartyCard {
    name: String,
    /// Its page in the directory.
    unit: Option<String>,
    n: u64,
    /// Address of the page, name, duty.
    people: Vec<(Option<String>, String, String)>,
}

/// What one party wrote.
struct SideCard {
    name: String,
    is_own: bool,
    benefits: String,
    costs: String,
}

#[derive(Template)]
#[template(path = "partnership.html")]
struct RoomPage {
    shell: Shell,
    head: Head,
    id: String,
    about: String,
    /// How it stands, and the vision.
    vision: Option<(String, String)>,
    reason: String,
    aims: Vec<(AimId, String, String)>,
    /// Aims that it could serve as well.
    others: Vec<(AimId, String)>,
    parties: Vec<PartyCard>,
    sides: Vec<SideCard>,
    is_mutual: bool,
    waits_for: String,
    /// Where the viewer writes for their party.
    own_side: Option<String>,
    questions: Vec<Question>,
    ways: Vec<Way>,
}

impl RoomPage {
    /// Where a calendar program subscribes.
    fn feed(&self) -> String {
        format!("/api/v1{}/dates.ics", self.head.base)
    }
}

/// `GET /partnerships/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    room: InRoom,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let (id, by) = (room.id(), room.by);
    let sides = app.store.sides(id, by).await?;
    let names = unit_names(&app).await?;
    let whose = |aim: &Aim| names.get(&aim.unit).cloned().unwrap_or_default();
    let served = app.store.aims_served(id, by).await?;
    let others = others(&app, &room, &served).await?;
    let stage = room.room.partnership.stage;
    page(&RoomPage {
        head: Head::new(&room, Tab::Overview),
        id: id.to_string(),
        about: room.room.partnership.about.clone(),
        reason: room.room.partnership.reason.clone(),
        aims: served.iter().map(|aim| (aim.id, aim.text.clone(), whose(aim))).collect(),
        others: others.iter().map(|aim| (aim.id, one_of(aim, &whose(aim)))).collect(),
        parties: parties(&app, &room).await?,
        vision: vision(&app, &room).await?,
        waits_for: waits_for(&room, &sides),
        is_mutual: sides.is_mutual,
        own_side: room.standing().party().map(|own| format!("{}/parties/{own}/side", room.base())),
        sides: side_cards(&room, sides),
        questions: questions(&app, &room, stage).await?,
        ways: ways(&app, &room).await?,
        shell: room.shell(&app).with_toast(done.toast()),
    })
}

/// The version of the charter that counts, and how it stands: that which all parties assented to,
/// else the newest draft; `None`: there is none.
pub(super) async fn charter_now(
    app: &App,
    room: &InRoom,
) -> Result<Option<(CharterVersion, String)>, AppError> {
    let charter = app.store.assents(room.id(), room.by).await?;
    let parties: Vec<PartyId> = room.room.parties.iter().map(|(party, _)| party.id).collect();
    let (version, words) = match (charter.in_force(&parties), charter.newest) {
        (_, 0) => return Ok(None),
        (Some(version), _) => (version, t!("charter-vision-agreed")),
        (None, newest) => (newest, t!("charter-vision-drafted")),
    };
    Ok(Some((app.store.charter(room.id(), Some(version), room.by).await?, words)))
}

/// How the charter stands, and its vision.
async fn vision(app: &App, room: &InRoom) -> Result<Option<(String, String)>, AppError> {
    let found = charter_now(app, room).await?;
    Ok(found.and_then(|(mut charter, words)| {
        charter.texts.remove(&Section::Vision).map(|vision| (words, vision))
    }))
}

fn one_of(aim: &Aim, whose: &str) -> String {
    t!("partnerships-aim-of", whose = whose, aim = aim.text)
}

/// Aims that a partnership does not serve yet, for members who arrange it.
async fn others(app: &App, room: &InRoom, served: &[Aim]) -> Result<Vec<Aim>, AppError> {
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    if !(reads && room.standing().arranges()) {
        return Ok(Vec::new());
    }
    let is_served = |aim: &Aim| served.iter().any(|one| one.id == aim.id);
    let all = app.store.aims(MOST_AIMS).await?.into_iter();
    Ok(all.filter(|aim| !is_served(aim)).collect())
}

async fn parties(app: &App, room: &InRoom) -> Result<Vec<PartyCard>, AppError> {
    let seated = app.store.seated(room.id(), EACH, room.by).await?;
    let reads = room.signed().is_some_and(|signed| signed.viewer.may_read());
    let card = |(party, n): &(tieline_store::Party, u64)| PartyCard {
        name: party.name.clone(),
        unit: party.unit.filter(|_| reads).map(|unit| format!("/organisations/{unit}")),
        n: *n,
        people: seated
            .iter()
            .filter(|one| one.party == party.id)
            .map(|one| {
                let page = one.actor.filter(|_| reads).map(|actor| format!("/people/{actor}"));
                (page, name_of(one), duty_name(one.duty))
            })
            .collect(),
    };
    Ok(room.room.parties.iter().map(card).collect())
}

/// Name of whoever sits somewhere.
pub(crate) fn name_of(one: &tieline_store::Seated) -> String {
    one.name.clone().unwrap_or_else(|| t!("partnerships-nobody-known"))
}

/// Name of a party of the room.
pub(crate) fn party_name(room: &InRoom, id: PartyId) -> String {
    let found = room.room.parties.iter().find(|(party, _)| party.id == id);
    found.map_or(String::new(), |(party, _)| party.name.clone())
}

/// Parties that have not written yet.
fn waits_for(room: &InRoom, sides: &Sides) -> String {
    let missing = room.room.parties.iter().filter(|(party, _)| !sides.written.contains(&party.id));
    missing.map(|(party, _)| party.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn side_cards(room: &InRoom, sides: Sides) -> Vec<SideCard> {
    let own = room.standing().party();
    let card = |side: tieline_store::Side| SideCard {
        name: party_name(room, side.party),
        is_own: own == Some(side.party),
        benefits: side.benefits,
        costs: side.costs,
    };
    sides.open.into_iter().map(card).collect()
}

/// Which aim.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AimForm {
    aim: String,
}

/// `POST /partnerships/{id}/objectives`: it serves an aim.
pub(crate) async fn serve(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<AimForm>,
) -> Result<Redirect, AppError> {
    served(&app, &room, &form.aim).await
}

/// `POST /partnerships/{id}/objectives/{aim}/addition`.
pub(crate) async fn serve_again(
    State(app): State<App>,
    room: InRoom,
    Path((_, aim)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    served(&app, &room, &aim).await
}

async fn served(app: &App, room: &InRoom, aim: &str) -> Result<Redirect, AppError> {
    let aim = aim_of(aim)?;
    // An aim is of the workspace: whoever does not read there does not know it.
    if !room.signed().is_some_and(|signed| signed.viewer.may_read()) {
        return Err(AppError::NotFound);
    }
    let tx: Tx = room.begin(app).await?;
    tx.serve_aim(room.id(), aim, room.by).await?;
    tx.commit().await?;
    let id = room.id();
    Ok(Redirect::to(&format!("{}?done=aim-served&undo={id}.{aim}", room.base())))
}

/// `POST /partnerships/{id}/objectives/{aim}/removal`.
pub(crate) async fn drop_aim(
    State(app): State<App>,
    room: InRoom,
    Path((_, aim)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let aim = aim_of(&aim)?;
    let tx = room.begin(&app).await?;
    tx.drop_aim(room.id(), aim, room.by).await?;
    tx.commit().await?;
    let id = room.id();
    Ok(Redirect::to(&format!("{}?done=aim-dropped&undo={id}.{aim}", room.base())))
}
