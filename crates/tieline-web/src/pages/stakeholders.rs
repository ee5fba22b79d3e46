//! The stakeholders of a partnership or an organisation: a grid of power and interest with one's own
//! placements, its table, and what is said of the one that is picked.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{StakeholderId, UnitId};
use tieline_model::stakeholder::{Engagement, EngagementGap, Placement, Quadrant, Salience, Side};
use tieline_model::stakeholder::{Spread, quadrant, work_list};
use tieline_store::{Placed, Register, Stakeholder, Stance, Sway, Tx};

use super::form::{Fault, fault_of};
use super::partnership::{Head, Tab};
use super::stakeholder_panel::{Panel, panel};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::page::page;
use crate::room::{InRoom, participant};
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Stakeholders of one page.
const PAGE: u64 = 100;

/// A register that someone is in, with what its pages need.
pub(crate) struct Desk {
    /// Whose.
    pub(crate) register: Register,
    /// Where its page is.
    pub(crate) base: String,
    pub(crate) signed: Signed,
    room: Option<InRoom>,
    name: String,
}

impl Desk {
    /// The register, for whoever is in it.
    pub(crate) async fn open(
        app: &App,
        signed: Signed,
        register: Register,
    ) -> Result<Self, AppError> {
        match register {
            Register::Partnership(id) => {
                let room = InRoom::enter(app, signed.clone(), id).await?;
                let (base, name) = (room.base(), room.room.partnership.name.clone());
                let base = format!("{base}/stakeholders");
                Ok(Self { register, base, signed, room: Some(room), name })
            }
            Register::Organisation(unit) => {
                app.store.may_enter(register, participant(&signed)).await?;
                let name = super::partnerships::unit_names(app).await?.remove(&unit);
                let name = name.ok_or(AppError::NotFound)?;
                let base = format!("/organisations/{unit}/stakeholders");
                Ok(Self { register, base, signed, room: None, name })
            }
        }
    }

    /// The register of a stakeholder of a path, and the stakeholder.
    pub(crate) async fn of(
        app: &App,
        signed: Signed,
        id: &str,
    ) -> Result<(Self, Stakeholder), AppError> {
        let id: StakeholderId = id.parse().map_err(|_| AppError::NotFound)?;
        let one = app.store.stakeholder(id, participant(&signed)).await?;
        let desk = Self::open(app, signed, one.register).await?;
        Ok((desk, one))
    }

    /// Who asks.
    pub(crate) fn by(&self) -> tieline_model::room::Participant {
        participant(&self.signed)
    }

    /// A transaction in which they do something.
    pub(crate) async fn begin(&self, app: &App) -> Result<Tx, AppError> {
        Ok(app.store.begin_by(self.signed.viewer.account).await?)
    }

    /// What surrounds its pages.
    pub(crate) fn shell(&self, app: &App) -> Shell {
        match &self.room {
            Some(room) => room.shell(app),
            None => Shell::new(app, &self.signed, Place::Directory),
        }
    }

    /// Whether a unit is a party of the partnership, or the organisation itself.
    pub(crate) fn has_unit(&self, unit: UnitId) -> bool {
        match (&self.room, self.register) {
            (Some(room), _) => room.room.parties.iter().any(|(party, _)| party.unit == Some(unit)),
            (None, Register::Organisation(own)) => own == unit,
            (None, Register::Partnership(_)) => false,
        }
    }

    /// Back to the page, with one picked.
    pub(crate) fn back(&self, one: StakeholderId, done: &str, undo: &str) -> Response {
        let to = format!("{}?one={one}&done={done}&undo={undo}", self.base);
        Redirect::to(&to).into_response()
    }
}

/// Everything that a form of these pages may bring; each reads its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StakeForm {
    pub(crate) mail: String,
    pub(crate) unit: String,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) wants: String,
    pub(crate) side: String,
    pub(crate) will: String,
    pub(crate) legitimacy: String,
    pub(crate) urgency: String,
    pub(crate) version: i64,
    pub(crate) power: String,
    pub(crate) interest: String,
    pub(crate) why: String,
    pub(crate) now: String,
    pub(crate) wanted: String,
    pub(crate) wanted_by: String,
    pub(crate) reassess: String,
    pub(crate) evidence: String,
    pub(crate) after: i64,
    pub(crate) step: String,
    pub(crate) due: String,
    pub(crate) to: String,
    pub(crate) strength: String,
    pub(crate) note: String,
}

/// Which one is picked, and after which the page goes on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    one: String,
    after: String,
}

/// A stakeholder in the grid and the table.
struct Token {
    id: String,
    name: String,
    initials: String,
    /// Where the reader placed it, percent; `None`: not yet.
    place: Option<(u32, u32)>,
    quadrant: String,
    salience: String,
    /// Class of its size.
    size: &'static str,
    /// Sign of its stance, and class.
    sign: (&'static str, &'static str),
    stance: String,
    n: usize,
    contested: bool,
    is_picked: bool,
}

#[derive(Template)]
#[template(path = "stakeholders.html")]
struct GridPage {
    shell: Shell,
    head: Option<Head>,
    live: String,
    name: String,
    base: String,
    tokens: Vec<Token>,
    n_placed: usize,
    /// Who to act on first, in a sentence each.
    act: Vec<String>,
    panel: Option<Panel>,
    units: Vec<(UnitId, String)>,
    reads: bool,
    more: Option<String>,
    typed: StakeForm,
    faults: Vec<Fault>,
}

/// What a register holds, read once.
pub(crate) struct Holding {
    pub(crate) all: Vec<Stakeholder>,
    pub(crate) placed: BTreeMap<StakeholderId, Placed>,
    pub(crate) stances: BTreeMap<StakeholderId, Stance>,
    pub(crate) sways: Vec<Sway>,
}

async fn grid_page(
    app: &App,
    desk: &Desk,
    asked: &Asked,
    (typed, faults): (StakeForm, Vec<Fault>),
) -> Result<GridPage, AppError> {
    let by = desk.by();
    let after = match asked.after.is_empty() {
        true => None,
        false => Some(asked.after.parse().map_err(|_| AppError::NotFound)?),
    };
    let mut all = app.store.stakeholders(desk.register, after, PAGE + 1, by).await?;
    let is_more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = all.last().filter(|_| is_more).map(|one| one.id);
    let picked: Option<StakeholderId> = asked.one.parse().ok();
    let held = Holding {
        placed: app.store.placements(desk.register, by).await?,
        stances: app.store.stances(desk.register, by).await?,
        sways: app.store.influence(desk.register, 500, by).await?,
        all,
    };
    let tokens: Vec<Token> = held.all.iter().map(|one| token(one, &held, picked)).collect();
    let panel = match picked {
        Some(id) => Some(panel(app, desk, &held, app.store.stakeholder(id, by).await?).await?),
        None => None,
    };
    let reads = desk.signed.viewer.may_read();
    Ok(GridPage {
        shell: desk.shell(app),
        head: desk.room.as_ref().map(|room| Head::new(room, Tab::Stakeholders)),
        live: match desk.register {
            Register::Partnership(id) => format!("partnerships:{id}"),
            Register::Organisation(_) => String::new(),
        },
        name: desk.name.clone(),
        base: desk.base.clone(),
        n_placed: tokens.iter().filter(|one| one.place.is_some()).count(),
        act: act_on(&held),
        tokens,
        panel,
        units: if reads { super::partnership_people::units(app).await? } else { Vec::new() },
        reads,
        more: last.map(|last| format!("{}?after={last}", desk.base)),
        typed,
        faults,
    })
}

/// A share as a whole number of a hundred.
pub(crate) fn percent(share: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let whole = (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    whole
}

fn token(one: &Stakeholder, held: &Holding, picked: Option<StakeholderId>) -> Token {
    let placed = held.placed.get(&one.id);
    let own = placed.and_then(|placed| placed.own);
    let spread = placed.and_then(|placed| Spread::of(&placed.all));
    let name = name_of(one);
    let (salience, size) = salience(one);
    let stance = held.stances.get(&one.id);
    Token {
        id: one.id.to_string(),
        initials: show::initials(&name),
        name,
        place: own.map(|own| (percent(own.power), percent(own.interest))),
        quadrant: quadrant_name(place_of(own)),
        salience,
        size,
        sign: sign(stance.map(|stance| stance.now)),
        stance: stance
            .map_or_else(|| t!("stakeholders-not-known"), |stance| level_name(stance.now)),
        n: placed.map_or(0, |placed| placed.n),
        contested: spread.is_some_and(|spread| spread.is_contested()),
        is_picked: picked == Some(one.id),
    }
}

fn place_of(own: Option<Placement>) -> Quadrant {
    quadrant(own.map(|own| own.power), own.map(|own| own.interest))
}

/// The name of a stakeholder.
pub(crate) fn name_of(one: &Stakeholder) -> String {
    one.name.clone().unwrap_or_else(|| t!("partnerships-nobody-known"))
}

/// Its class in words, all that are possible; and the class of its size.
pub(crate) fn salience(one: &Stakeholder) -> (String, &'static str) {
    let said = &one.said;
    if (said.power, said.legitimacy, said.urgency) == (None, None, None) {
        return (t!("stakeholders-not-known"), "");
    }
    let possible = Salience::possible(said.power, said.legitimacy, said.urgency);
    let least = possible.iter().map(|class| class.priority()).min().unwrap_or(0);
    let names: Vec<String> = possible.into_iter().map(salience_name).collect();
    let size = ["", "", "mid", "big"][usize::from(least.min(3))];
    (names.join(" / "), size)
}

/// A class of salience in words.
pub(crate) fn salience_name(class: Salience) -> String {
    match class {
        Salience::NonStakeholder => t!("stakeholders-class-none"),
        Salience::Dormant => t!("stakeholders-class-dormant"),
        Salience::Discretionary => t!("stakeholders-class-discretionary"),
        Salience::Demanding => t!("stakeholders-class-demanding"),
        Salience::Dominant => t!("stakeholders-class-dominant"),
        Salience::Dangerous => t!("stakeholders-class-dangerous"),
        Salience::Dependent => t!("stakeholders-class-dependent"),
        Salience::Definitive => t!("stakeholders-class-definitive"),
    }
}

/// What a quadrant says to do.
pub(crate) fn quadrant_name(quadrant: Quadrant) -> String {
    match quadrant {
        Quadrant::ManageClosely => t!("stakeholders-work-closely"),
        Quadrant::KeepSatisfied => t!("stakeholders-keep-satisfied"),
        Quadrant::KeepInformed => t!("stakeholders-keep-informed"),
        Quadrant::Monitor => t!("stakeholders-keep-an-eye"),
        Quadrant::Unclassified => t!("stakeholders-not-placed"),
    }
}

/// How a stakeholder stands, in words.
pub(crate) fn level_name(level: Engagement) -> String {
    match level {
        Engagement::Unaware => t!("stakeholders-unaware"),
        Engagement::Resistant => t!("stakeholders-resistant"),
        Engagement::Neutral => t!("stakeholders-neutral"),
        Engagement::Supportive => t!("stakeholders-supportive"),
        Engagement::Leading => t!("stakeholders-leading"),
    }
}

/// On which side it stands, in words.
pub(crate) fn side_name(side: Side) -> String {
    match side {
        Side::Internal => t!("stakeholders-internal"),
        Side::External => t!("stakeholders-external"),
        Side::Both => t!("stakeholders-both"),
    }
}

/// Sign and class of a stance.
pub(crate) fn sign(now: Option<Engagement>) -> (&'static str, &'static str) {
    match now {
        None => ("?", "line"),
        Some(Engagement::Unaware | Engagement::Neutral) => ("=", "line"),
        Some(Engagement::Resistant) => ("\u{2212}", "bad"),
        Some(Engagement::Supportive | Engagement::Leading) => ("+", "good"),
    }
}

/// The first three of the work list, by the reader's own placements (METHODS 3.3).
fn act_on(held: &Holding) -> Vec<String> {
    let gap = |one: &Stakeholder| {
        let stance = held.stances.get(&one.id)?;
        let own = held.placed.get(&one.id)?.own?;
        let gap = stance.now.gap_to(stance.wanted?);
        let (power, interest) = (own.power, own.interest);
        Some(EngagementGap { stakeholder: one.id, gap, power, interest })
    };
    let gaps: Vec<EngagementGap<StakeholderId>> = held.all.iter().filter_map(gap).collect();
    let sentence = |gap: EngagementGap<StakeholderId>| {
        let one = held.all.iter().find(|one| one.id == gap.stakeholder)?;
        let stance = held.stances.get(&one.id)?;
        let (now, wanted) = (level_name(stance.now), level_name(stance.wanted?));
        Some(t!("stakeholders-act-line", name = name_of(one), now = now, wanted = wanted))
    };
    work_list(&gaps).into_iter().take(3).filter_map(sentence).collect()
}

async fn shown(app: &App, desk: &Desk, asked: &Asked, done: &Done) -> Result<Response, AppError> {
    let shown = grid_page(app, desk, asked, (StakeForm::default(), Vec::new())).await?;
    let shell = shown.shell.with_toast(done.toast());
    page(&GridPage { shell, ..shown })
}

/// The page again, with what is wrong with a form.
pub(crate) async fn again(
    app: &App,
    desk: &Desk,
    one: Option<StakeholderId>,
    typed: (StakeForm, Vec<Fault>),
) -> Result<Response, AppError> {
    let one = one.map_or(String::new(), |one| one.to_string());
    let shown = grid_page(app, desk, &Asked { one, after: String::new() }, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// `GET /partnerships/{id}/stakeholders`.
pub(crate) async fn of_room(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let desk = Desk::open(&app, signed, Register::Partnership(id)).await?;
    shown(&app, &desk, &asked, &done).await
}

/// `GET /organisations/{id}/stakeholders`.
pub(crate) async fn of_unit(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let desk = Desk::open(&app, signed, Register::Organisation(id)).await?;
    shown(&app, &desk, &asked, &done).await
}

#[derive(Template)]
#[template(path = "stakeholder_registers.html")]
struct RegistersPage {
    shell: Shell,
    all: Vec<(String, String)>,
}

/// `GET /stakeholders`: the registers of the organisations that the viewer works in, and of the
/// partnerships that they are in.
pub(crate) async fn list(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    let mut all = Vec::new();
    for (unit, name) in app.store.organisations_of(signed.viewer.account).await? {
        all.push((format!("/organisations/{unit}/stakeholders"), name));
    }
    let most = super::partnerships::MOST;
    for row in app.store.partnerships(participant(&signed), most).await? {
        let one = row.partnership;
        all.push((format!("/partnerships/{}/stakeholders", one.id), one.name));
    }
    page(&RegistersPage { shell: Shell::new(&app, &signed, Place::Directory), all })
}
