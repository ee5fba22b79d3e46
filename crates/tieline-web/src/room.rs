//! Who is in the room of a partnership. A handler that takes [`InRoom`] is never run for anyone else:
//! to them the partnership does not exist.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use tieline_model::id::{AimId, PartnershipId, PartyId, SeatId};
use tieline_model::partnership::stage::{Gate, RenewalDecision, Stage, StageAnswer};
use tieline_model::room::{Duty, Participant, Standing};
use tieline_store::{Guest, Party, Room, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::extract::{self, Signed};
use crate::here;
use crate::session::{self, GUEST_COOKIES, Secret};
use crate::shell::{Place, Shell, Toast};

/// Someone in a room, and the room.
pub(crate) struct InRoom {
    /// The partnership of the path, with its parties.
    pub(crate) room: Room,
    /// Who asks.
    pub(crate) by: Participant,
    door: Door,
}

/// Cookies of guests that are looked at for one request.
const MOST_ROOMS: usize = 8;

/// How someone came in.
enum Door {
    Account(Box<Signed>),
    /// By the link of a seat; the name of whoever sits there.
    Link(String),
}

impl FromRequestParts<App> for InRoom {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let signed =
            <Signed as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(|_| AppError::NotFound)?;
        let id = params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id);
        let id: Option<PartnershipId> = id.and_then(|id| id.parse().ok());
        let guest = guest(parts, app, id).await?;
        if signed.is_none() && guest.is_none() {
            return Err(extract::stranger(parts));
        }
        let id = id.ok_or(AppError::NotFound)?;
        if let Some(signed) = signed {
            match Self::enter(app, signed, id).await {
                Err(AppError::NotFound) => {}
                entered => return entered,
            }
        }
        let guest = guest.ok_or(AppError::NotFound)?;
        let by = Participant::Guest(guest.seat);
        here::is_for_guest(&guest.zone);
        let room = app.store.room(id, by).await?;
        Ok(Self { room, by, door: Door::Link(guest.name.unwrap_or_default()) })
    }
}

/// Who holds the session of a guest of a partnership, if anyone does.
async fn guest(
    parts: &Parts,
    app: &App,
    id: Option<PartnershipId>,
) -> Result<Option<Guest>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(cookie) = jar.get(&session::guest_cookie_name(id)) else { return Ok(None) };
    let hash = Secret::given(cookie.value()).hash();
    let guest = app.store.guest(&hash, session::now()).await?;
    // What a cookie is called is the browser's word alone.
    Ok(guest.filter(|guest| guest.partnership == id))
}

/// The partnership that a browser is in as a guest, the first of several.
pub(crate) async fn open_to_guest(
    app: &App,
    jar: &CookieJar,
) -> Result<Option<PartnershipId>, AppError> {
    let held = jar.iter().filter(|cookie| cookie.name().starts_with(GUEST_COOKIES));
    for cookie in held.take(MOST_ROOMS) {
        let hash = Secret::given(cookie.value()).hash();
        if let Some(guest) = app.store.guest(&hash, session::now()).await? {
            return Ok(Some(guest.partnership));
        }
    }
    Ok(None)
}

impl InRoom {
    /// The room, for whoever is in it.
    pub(crate) async fn enter(
        app: &App,
        signed: Signed,
        id: PartnershipId,
    ) -> Result<Self, AppError> {
        let by = participant(&signed);
        let room = app.store.room(id, by).await?;
        Ok(Self { room, by, door: Door::Account(Box::new(signed)) })
    }

    /// The partnership.
    pub(crate) fn id(&self) -> PartnershipId {
        self.room.partnership.id
    }

    /// What they are in the room.
    pub(crate) fn standing(&self) -> Standing {
        self.room.standing
    }

    /// Where the page of the partnership is.
    pub(crate) fn base(&self) -> String {
        format!("/partnerships/{}", self.id())
    }

    /// What surrounds its pages.
    pub(crate) fn shell(&self, app: &App) -> Shell {
        match &self.door {
            Door::Account(signed) => Shell::new(app, signed, Place::Partnerships),
            Door::Link(name) => Shell::of_guest(app, name, self.base()),
        }
    }

    /// A transaction in which they do something.
    pub(crate) async fn begin(&self, app: &App) -> Result<Tx, AppError> {
        Ok(app.store.begin_in_room(self.by).await?)
    }

    /// Who signed in.
    pub(crate) fn signed(&self) -> Option<&Signed> {
        match &self.door {
            Door::Account(signed) => Some(signed),
            Door::Link(_) => None,
        }
    }

    /// A party of the room, by its id in a path.
    pub(crate) fn party(&self, id: &str) -> Result<&Party, AppError> {
        let id: PartyId = id.parse().map_err(|_| AppError::NotFound)?;
        let mut parties = self.room.parties.iter().map(|(party, _)| party);
        parties.find(|party| party.id == id).ok_or(AppError::NotFound)
    }
}

/// Who asks, for reads that need no room yet.
pub(crate) fn participant(signed: &Signed) -> Participant {
    Participant::Account(signed.viewer.account)
}

/// A stage in words.
pub(crate) fn stage_name(stage: Stage) -> String {
    match stage {
        Stage::Idea => t!("partnerships-stage-idea"),
        Stage::Forming => t!("partnerships-stage-forming"),
        Stage::Agreed => t!("partnerships-stage-agreed"),
        Stage::Working => t!("partnerships-stage-working"),
        Stage::Renewing => t!("partnerships-stage-renewing"),
        Stage::Closing => t!("partnerships-stage-closing"),
        Stage::Closed => t!("partnerships-stage-closed"),
    }
}

/// Class of the pill of a stage.
pub(crate) fn stage_tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Idea | Stage::Forming => "acc",
        Stage::Agreed | Stage::Working => "good",
        Stage::Renewing | Stage::Closing => "warn",
        Stage::Closed => "",
    }
}

/// What someone does for their party, in words.
pub(crate) fn duty_name(duty: Duty) -> String {
    match duty {
        Duty::Lead => t!("partnerships-duty-lead"),
        Duty::Member => t!("partnerships-duty-member"),
    }
}

/// An answer to a question of a stage, in words, with the class of its pill.
pub(crate) fn answer_name(answer: StageAnswer) -> (String, &'static str) {
    match answer {
        StageAnswer::Yes => (t!("partnerships-answer-yes"), "good"),
        StageAnswer::Partly => (t!("partnerships-answer-partly"), "warn"),
        StageAnswer::No => (t!("partnerships-answer-no"), "bad"),
    }
}

/// What a renewal came to, in words.
pub(crate) fn renewal_name(renewal: RenewalDecision) -> String {
    match renewal {
        RenewalDecision::Renew => t!("partnerships-renewal-renew"),
        RenewalDecision::Renegotiate => t!("partnerships-renewal-renegotiate"),
        RenewalDecision::Close => t!("partnerships-renewal-close"),
    }
}

/// What is missing for a step, in a sentence.
pub(crate) fn gate_sentence(gate: Gate) -> String {
    match gate {
        Gate::Parties => t!("partnerships-gate-parties"),
        Gate::Purpose => t!("partnerships-gate-purpose"),
        Gate::Benefits => t!("partnerships-gate-benefits"),
        Gate::Charter => t!("partnerships-gate-charter"),
        Gate::RolesReadBack => t!("partnerships-gate-roles-read-back"),
        Gate::DecisionRights => t!("partnerships-gate-decision-rights"),
        Gate::Terms => t!("partnerships-gate-terms"),
        Gate::ReviewDate => t!("partnerships-gate-review-date"),
        Gate::RenewalDecision => t!("partnerships-gate-renewal-decision"),
        Gate::Reason => t!("partnerships-gate-reason"),
        Gate::Told => t!("partnerships-gate-told"),
        Gate::HandedBack => t!("partnerships-gate-handed-back"),
        Gate::CommitmentsSettled => t!("partnerships-gate-commitments-settled"),
        Gate::Learnt => t!("partnerships-gate-learnt"),
    }
}

/// The question of a stage in words; the model's own where the catalogue has none.
pub(crate) fn question_text(key: &str) -> Option<String> {
    Some(match key {
        "whose-problem" => t!("partnerships-ask-whose-problem"),
        "who-else" => t!("partnerships-ask-who-else"),
        "not-alone" => t!("partnerships-ask-not-alone"),
        "own-benefit" => t!("partnerships-ask-own-benefit"),
        "who-is-missing" => t!("partnerships-ask-who-is-missing"),
        "what-would-stop-us" => t!("partnerships-ask-what-would-stop-us"),
        "vision-assented" => t!("partnerships-ask-vision-assented"),
        "roles-read-back" => t!("partnerships-ask-roles-read-back"),
        "decision-rights-known" => t!("partnerships-ask-decision-rights-known"),
        "terms-signed" => t!("partnerships-ask-terms-signed"),
        "promises-kept" => t!("partnerships-ask-promises-kept"),
        "each-speaks" => t!("partnerships-ask-each-speaks"),
        "results-together" => t!("partnerships-ask-results-together"),
        "overload" => t!("partnerships-ask-overload"),
        "what-changed" => t!("partnerships-ask-what-changed"),
        "which-objective-holds" => t!("partnerships-ask-which-objective-holds"),
        "what-to-drop" => t!("partnerships-ask-what-to-drop"),
        "who-follows" => t!("partnerships-ask-who-follows"),
        "who-was-told" => t!("partnerships-ask-who-was-told"),
        "handed-back" => t!("partnerships-ask-handed-back"),
        "what-was-learnt" => t!("partnerships-ask-what-was-learnt"),
        "who-is-thanked" => t!("partnerships-ask-who-is-thanked"),
        "which-ties-stay" => t!("partnerships-ask-which-ties-stay"),
        _ => return None,
    })
}

/// The toast for something done in a room; `None` when the word is not of a room. `undo` holds the
/// partnership, and after a point what it was done to.
pub(crate) fn toast(done: &str, undo: &str) -> Option<Toast> {
    let (id, what) = undo.split_once('.').unwrap_or((undo, ""));
    let id = id.parse::<Uuid>().ok();
    let to = |place: &str, verb: &str| {
        let (id, what) = (id?, what.parse::<Uuid>().ok()?);
        Some(format!("/partnerships/{id}/{place}/{what}/{verb}"))
    };
    let whole = |verb: &str| Some(format!("/partnerships/{}/{verb}", id?));
    let aim = |verb: &str| Some(format!("/partnerships/objectives/{}/{verb}", id?));
    let stake = |verb: &str| Some(format!("/stakeholders/{}/{verb}", id?));
    let towards = |verb: &str| Some(format!("/stakeholders/steps/{}/{verb}", id?));
    let (text, undo) = match done {
        "stakeholder" => (t!("stakeholders-done-added"), stake("removal")),
        "stakeholder-removed" => (t!("stakeholders-done-removed"), stake("restoration")),
        "stakeholder-placed" => (t!("stakeholders-done-placed"), stake("placement/removal")),
        "stakeholder-step" => (t!("stakeholders-done-step"), towards("removal")),
        "stakeholder-step-removed" => {
            (t!("stakeholders-done-step-removed"), towards("restoration"))
        }
        "partnership" => (t!("partnerships-done-added"), whole("removal")),
        "partnership-removed" => (t!("partnerships-done-removed"), whole("restoration")),
        "party" => (t!("partnerships-done-party"), to("parties", "removal")),
        "party-removed" => (t!("partnerships-done-party-left"), to("parties", "restoration")),
        "seat" => (t!("partnerships-done-seat"), to("people", "removal")),
        "seat-ended" => (t!("partnerships-done-seat-ended"), to("people", "restoration")),
        "aim-served" => (t!("partnerships-done-aim-served"), to("objectives", "removal")),
        "aim-dropped" => (t!("partnerships-done-aim-dropped"), to("objectives", "addition")),
        "aim" => (t!("partnerships-done-aim"), aim("removal")),
        "aim-removed" => (t!("partnerships-done-aim-removed"), aim("restoration")),
        "answered" => (t!("charter-done-answered"), None),
        "comment" => (t!("charter-done-comment"), to("agreement/comments", "removal")),
        "comment-removed" => {
            (t!("charter-done-comment-removed"), to("agreement/comments", "restoration"))
        }
        "okr" => (t!("objectives-done"), to("okr", "removal")),
        "okr-removed" => (t!("objectives-done-removed"), to("okr", "restoration")),
        "okr-result" => (t!("objectives-done-result"), to("okr/results", "removal")),
        "okr-result-removed" => {
            (t!("objectives-done-result-removed"), to("okr/results", "restoration"))
        }
        "okr-check" => (t!("objectives-done-check"), to("okr/check-ins", "removal")),
        "okr-check-removed" => {
            (t!("objectives-done-check-removed"), to("okr/check-ins", "restoration"))
        }
        "okr-link" => (t!("objectives-done-link"), to("okr/links", "removal")),
        "okr-link-removed" => (t!("objectives-done-link-removed"), to("okr/links", "restoration")),
        "work" => (t!("roles-done"), to("roles", "removal")),
        "work-removed" => (t!("roles-done-removed"), to("roles", "restoration")),
        "read-back" => (t!("roles-done-read-back"), None),
        "asked" => (t!("decisions-done-asked"), None),
        "said" => (t!("decisions-done-said"), to("decisions/statements", "removal")),
        "unsaid" => (t!("decisions-done-unsaid"), to("decisions/statements", "restoration")),
        "voted" => (t!("decisions-done-voted"), None),
        "passed" => (t!("decisions-done-passed"), None),
        "counted" => (t!("decisions-done-counted"), None),
        "reminded" => (t!("decisions-done-reminded"), None),
        "reminded-mail" => (t!("decisions-done-reminded-mail"), None),
        "answered-objection" => (t!("decisions-done-objection"), None),
        "decision-stage" => (t!("decisions-done-stage"), None),
        "reviewed" => (t!("decisions-done-reviewed"), None),
        "topic" => (t!("talk-done-topic"), to("topics", "removal")),
        "topic-removed" => (t!("talk-done-topic-removed"), to("topics", "restoration")),
        "topic-closed" => (t!("talk-done-closed"), to("topics", "reopening")),
        "topic-reopened" => (t!("talk-done-reopened"), None),
        "topic-summed" => (t!("talk-done-summed"), None),
        "topic-read" => (t!("talk-done-read"), None),
        "posted" => (t!("talk-done-posted"), to("topics/posts", "removal")),
        "unposted" => (t!("talk-done-unposted"), to("topics/posts", "restoration")),
        "voice-invited" => (t!("talk-done-invited"), to("topics/posts", "removal")),
        "promised" => (t!("commitments-done-made"), to("commitments", "withdrawal")),
        "commitment-kept" => (t!("commitments-done-kept"), to("commitments", "reopening")),
        "commitment-withdrawn" => {
            (t!("commitments-done-withdrawn"), to("commitments", "reopening"))
        }
        "commitment-changed" => (t!("commitments-done-changed"), None),
        "date-asked" => (t!("commitments-done-asked"), None),
        "date-agreed" => (t!("commitments-done-agreed"), None),
        "date-declined" => (t!("commitments-done-declined"), None),
        "case-point" => (t!("conflicts-done-point"), to("conflicts/points", "removal")),
        "case-point-removed" => {
            (t!("conflicts-done-point-removed"), to("conflicts/points", "restoration"))
        }
        "case-raised" => (t!("conflicts-done-raised"), None),
        "case-said" => (t!("conflicts-done-said"), None),
        "case-stage" => (t!("conflicts-done-stage"), None),
        "case-changed" => (t!("commitments-done-changed"), None),
        "resource" => (t!("resources-done"), to("resources", "removal")),
        "resource-removed" => (t!("resources-done-removed"), to("resources", "restoration")),
        "resource-booked" => (t!("resources-done-booked"), None),
        "share-changed" => (t!("resources-done-changed"), None),
        "booked" => (t!("bookings-done"), to("bookings", "cancellation")),
        "booking-cancelled" => (t!("bookings-done-cancelled"), to("bookings", "reopening")),
        "given-back" => (t!("bookings-done-returned"), to("bookings", "reopening")),
        "booking-taken" => (t!("bookings-done-taken"), None),
        "thanked" => (t!("bookings-done-thanked"), None),
        "help-asked" => (t!("expertise-done-asked"), None),
        "help-given" => (t!("expertise-done-given"), None),
        "gift" => (t!("ledger-done"), to("ledger", "removal")),
        "gift-removed" => (t!("ledger-done-removed"), to("ledger", "restoration")),
        "gift-answered" => (t!("ledger-done-answered"), None),
        "challenge" => (t!("challenges-done-added"), to("challenges", "removal")),
        "challenge-removed" => (t!("challenges-done-removed"), to("challenges", "restoration")),
        "challenge-changed" => (t!("challenges-done-changed"), None),
        "challenge-ended" => (t!("challenges-done-ended"), None),
        "challenge-reopened" => (t!("challenges-done-again"), None),
        "challenge-stands" => (t!("challenges-stands"), None),
        "challenge-full" => (t!("challenges-full"), None),
        "challenge-fed" => (t!("challenges-fed-already"), None),
        "challenge-point" => (t!("challenges-done-point"), to("challenges/points", "removal")),
        "challenge-point-removed" => {
            (t!("challenges-done-out"), to("challenges/points", "restoration"))
        }
        "challenge-point-answered" => (t!("challenges-done-answered"), None),
        "trial" => (t!("challenges-done-trial"), to("challenges/trials", "removal")),
        "trial-removed" => (t!("challenges-done-out"), to("challenges/trials", "restoration")),
        "trial-shown" => (t!("challenges-done-shown"), None),
        "trial-stands" => (t!("challenges-trial-stands"), None),
        "initiative" => (t!("initiatives-done-added"), to("initiatives", "removal")),
        "initiative-removed" => (t!("initiatives-done-removed"), to("initiatives", "restoration")),
        "initiative-changed" | "task-changed" | "risk-changed" => {
            (t!("initiatives-done-changed"), None)
        }
        "initiative-ended" => (t!("initiatives-done-ended"), None),
        "initiative-reopened" => (t!("initiatives-done-on-again"), None),
        "initiative-stands" => (t!("initiatives-stands"), None),
        "initiative-full" => (t!("initiatives-full"), None),
        "part" => (t!("initiatives-done-part"), to("initiatives/parts", "removal")),
        "part-removed" => (t!("initiatives-done-out"), to("initiatives/parts", "restoration")),
        "contribution" => {
            (t!("initiatives-done-given"), to("initiatives/contributions", "removal"))
        }
        "contribution-removed" => {
            (t!("initiatives-done-out"), to("initiatives/contributions", "restoration"))
        }
        "contribution-answered" => (t!("initiatives-done-answered"), None),
        "task" => (t!("initiatives-done-task"), to("initiatives/tasks", "removal")),
        "task-removed" => (t!("initiatives-done-out"), to("initiatives/tasks", "restoration")),
        "risk" => (t!("initiatives-done-risk"), to("initiatives/risks", "removal")),
        "risk-removed" => (t!("initiatives-done-out"), to("initiatives/risks", "restoration")),
        "pact" => (t!("pacts-done"), to("pacts", "removal")),
        "pact-removed" => (t!("pacts-done-removed"), to("pacts", "restoration")),
        "pact-changed" => (t!("pacts-done-changed"), None),
        "pact-signed" => (t!("pacts-done-signed"), None),
        "pact-promised" => (t!("pacts-done-promised"), None),
        "pact-unsigned" => (t!("pacts-unsigned"), None),
        "pact-ended" => (t!("pacts-done-ended"), None),
        "duty" => (t!("pacts-done-duty"), to("pacts/duties", "removal")),
        "duty-removed" => (t!("pacts-done-duty-removed"), to("pacts/duties", "restoration")),
        "heard" => (t!("listening-done"), to("listening", "removal")),
        "heard-removed" => (t!("listening-done-removed"), to("listening", "restoration")),
        "heard-answered" => (t!("listening-done-answered"), None),
        "guest-ended" => (t!("guest-done-ended"), None),
        "guest-renewed" => (t!("guest-done-renewed"), None),
        "guest-mailed" => (t!("guest-done-mailed"), None),
        "left" => (t!("partnerships-done-left"), None),
        "stage" => (t!("partnerships-done-stage"), None),
        "back" => (t!("partnerships-done-back"), None),
        _ => return None,
    };
    Some(Toast { text, undo })
}

/// The id of a seat in a path.
pub(crate) fn seat_of(id: &str) -> Result<SeatId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// The id of an aim in a path.
pub(crate) fn aim_of(id: &str) -> Result<AimId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}
