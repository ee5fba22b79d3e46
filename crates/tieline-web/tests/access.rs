//! Who may use which route, and who sees which data.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod access {
    pub(crate) mod conflicts;
    pub(crate) mod rooms;
    pub(crate) mod table;
}
mod support;

use std::collections::BTreeSet;

use access::conflicts::{case_between, interest};
use access::rooms::{GUESTS, INSIDE, ROOMS};
use access::table::TABLE;

use support::world::{
    BROKER, COLLEAGUE, MEMBER, TWO_OTHERS, actor_of, address_of, everyone, mail_of, unit_of,
};
use support::{Answer, Browser, PASSWORD, TestApp, all_routes, now};
use tieline_model::access::{Role, TieConsent, Visibility};
use tieline_model::challenge::PointKind;
use tieline_model::claim::Decision;
use tieline_model::commitment::Source;
use tieline_model::contact::ContactKind;
use tieline_model::decision::{DecisionRules, MethodKind};
use tieline_model::id::{AccountId, AimId, ImportId, PartnershipId, PartyId, SeatId};
use tieline_model::initiative::RiskState;
use tieline_model::job::Job;
use tieline_model::objective::{Confidence, Link, LinkKind, LinkState};
use tieline_model::partnership::reservation::Interval;
use tieline_model::partnership::resource::{Direction, ResourceKind};
use tieline_model::raci::Role as Duties;
use tieline_model::room::{Duty, Participant};
use tieline_store::{
    Booked, ChallengeDraft, DecisionDraft, DutyDraft, InitiativeDraft, KeyResultDraft, NewBooking,
    NewCommitment, NewContact, NewContribution, NewGift, NewPartnership, NewPost, NewResource,
    NewStakeholder, ObjectiveDraft, PactDraft, PartDraft, PointDraft, Register, RiskDraft,
    TaskDraft, TrialDraft, Tx, Whom, WorkDraft,
};

/// Routes that a stranger may ask for: they have no part that needs a session.
const OPEN: &[&str] = &["/set-up", "/healthz", "/readyz"];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<(&str, String)> = all_routes().collect();
    let rows: BTreeSet<(&str, String)> =
        all_rows().map(|(method, path, _)| (*method, (*path).to_owned())).collect();
    let missing: Vec<_> = routes.difference(&rows).collect();
    assert!(missing.is_empty(), "say in TABLE who may use {missing:?}");
    let stale: Vec<_> = rows.difference(&routes).collect();
    assert!(stale.is_empty(), "no such route: {stale:?}");
    assert_eq!(rows.len(), all_rows().count(), "a row occurs twice");
    let of_rooms = routes
        .iter()
        .filter_map(|(method, path)| Some((*method, path.strip_prefix("/partnerships/{id}")?)));
    let of_rooms: BTreeSet<(&str, &str)> = of_rooms.collect();
    let inside: BTreeSet<(&str, &str)> = INSIDE.iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(of_rooms, inside, "say in INSIDE what each side may do");
}

fn all_rows() -> impl Iterator<Item = &'static (&'static str, &'static str, [u16; 5])> {
    TABLE.iter().chain(ROOMS)
}

#[tokio::test]
async fn every_route_answers_each_role_as_the_table_says() {
    let app = TestApp::new().await;
    let mut wrong = Vec::new();
    for (method, route, expected) in all_rows() {
        let roles = std::iter::once(None).chain(Role::ALL.iter().copied().map(Some));
        for (role, expected) in roles.zip(expected) {
            let found = ask(&app, role, method, route).await.status.as_u16();
            if found != *expected {
                let who = role.map_or("stranger", Role::name);
                wrong.push(format!("{method} {route} as {who}: {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_a_part_of_a_page_is_refused() {
    let app = TestApp::new().await;
    for (method, route, expected) in all_rows() {
        if *method != "GET" || expected[0] != 303 || OPEN.contains(route) {
            continue;
        }
        let (path, _) = request_for(&app, None, route).await;
        let sent = app.stranger().get(&path).await;
        assert!(sent.location().starts_with("/sign-in?next=/"), "{path}: {}", sent.location());
        assert_eq!(app.stranger().get_part(&path).await.status, 401, "{path}");
    }
}

/// One request of a row, by a browser of its own.
async fn ask(app: &TestApp, role: Option<Role>, method: &str, route: &str) -> Answer {
    let browser = match role {
        Some(role) => app.as_(role).await,
        None => app.stranger(),
    };
    let (path, fields) = request_for(app, role, route).await;
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    match method {
        "GET" => browser.get(&path).await,
        _ => browser.post(&path, &fields).await,
    }
}

/// A path of the route that exists, and a form that it takes.
async fn request_for(
    app: &TestApp,
    role: Option<Role>,
    route: &str,
) -> (String, Vec<(&'static str, String)>) {
    let person = actor_of(TWO_OTHERS.0).to_string();
    let other = actor_of(TWO_OTHERS.1).to_string();
    let (a, b) = (address_of(TWO_OTHERS.0), address_of(TWO_OTHERS.1));
    let id = match route.split('/').nth(1) {
        Some("contacts") => match role {
            Some(role) => contact_by(app, app.account(role)).await,
            None => person,
        },
        Some("jobs") => job(app).await,
        Some("stakeholders") => {
            let (one, step) = stakeholder(app).await;
            if route.contains("/steps/{id}") { step } else { one }
        }
        Some("organisations") => unit_of("Nursing").to_string(),
        Some("partnerships") if route.contains("/objectives/{id}") => aim(app).await.to_string(),
        Some("partnerships") => room(app).await.to_string(),
        // Undoing the only import would end the world for the rows that follow.
        Some("imports") if !route.ends_with("/undo") => ImportId::of(&[b"harbour"]).to_string(),
        _ => person,
    };
    if route == "/identities/decisions/{a}/{b}/undo" {
        let tx = app.store.begin().await.unwrap();
        tx.add_decision(&Decision { a, b, same: false, reason: String::new() }).await.unwrap();
        tx.commit().await.unwrap();
    }
    let path = match route {
        "/assets/{name}" => stylesheet(&app.stranger()).await,
        "/network/export" => format!("{route}?format=csv"),
        _ => route
            .replace("{id}", &id)
            .replace("{other}", &other)
            .replace("{a}", &a.to_string())
            .replace("{b}", &b.to_string())
            .replace("{tag}", "Board")
            .replace("{item}", "reviews")
            .replace("{question}", "not-alone")
            .replace("{party}", &other)
            .replace("{seat}", &other)
            .replace("{aim}", &other)
            .replace("{comment}", &other)
            .replace("{objective}", &other)
            .replace("{okr}", &other)
            .replace("{result}", &other)
            .replace("{check}", &other)
            .replace("{link}", &other)
            .replace("{work}", &other)
            .replace("{decision}", &other)
            .replace("{ballot}", &other)
            .replace("{commitment}", &other)
            .replace("{case}", &other)
            .replace("{point}", &other)
            .replace("{resource}", &other)
            .replace("{booking}", &other)
            .replace("{gift}", &other)
            .replace("{ask}", &other)
            .replace("{heard}", &other)
            .replace("{challenge}", &other)
            .replace("{entry}", &other)
            .replace("{trial}", &other)
            .replace("{initiative}", &other)
            .replace("{part}", &other)
            .replace("{contribution}", &other)
            .replace("{task}", &other)
            .replace("{risk}", &other)
            .replace("{pact}", &other)
            .replace("{duty}", &other)
            .replace("{topic}", &other)
            .replace("{post}", &other)
            .replace("{secret}", "unknown"),
    };
    let text = |text: &str| text.to_owned();
    let fields = match route {
        "/contacts" => {
            vec![("who", text(COLLEAGUE)), ("kind", text("met")), ("day", text("2024-01-02"))]
        }
        "/settings/account" => {
            let version = match role {
                Some(role) => app.store.account(app.account(role)).await.unwrap().version,
                None => 1,
            };
            vec![("name", text("Someone")), ("zone", text("UTC")), ("version", version.to_string())]
        }
        "/settings/password" => vec![("current", text(PASSWORD)), ("password", text(PASSWORD))],
        "/set-up" => vec![("token", text("t")), ("name", text("n")), ("password", text(PASSWORD))],
        "/identities/decisions" => {
            let decision = ("decision", text("different"));
            vec![("a", a.to_string()), ("b", b.to_string()), decision]
        }
        "/settings/fields" => {
            vec![("field", format!("Region {}", role.map_or("", Role::name)))]
        }
        "/snoozes" => vec![("item", text("reviews"))],
        "/people/{id}/notes" => vec![("note", text("met at the fair"))],
        "/people/{id}/promises" => vec![("promise", text("a list"))],
        "/people/{id}/tags" => vec![("tag", text("Board"))],
        "/sign-in/mail" => vec![("mail", text("someone@harbour.example"))],
        "/sign-in" => vec![("login", text("nobody")), ("password", text("wrong password"))],
        _ => Vec::new(),
    };
    (path, fields)
}

/// A dry run that waits to be taken.
async fn job(app: &TestApp) -> String {
    let job = Job::Import { paths: vec!["nowhere".to_owned()], dry_run: true };
    let tx = app.store.begin().await.unwrap();
    let id = tx.enqueue(&job, None, None).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// A partnership that the owner opened.
async fn room(app: &TestApp) -> PartnershipId {
    let new = NewPartnership {
        name: "Warm homes".to_owned(),
        about: "Nobody is cold at home.".to_owned(),
        begins: None,
        ends: None,
        notice: None,
        by: app.account(Role::Owner),
    };
    let tx = app.store.begin().await.unwrap();
    let id = tx.add_partnership(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A question to decide by consent.
fn question() -> DecisionDraft {
    DecisionDraft {
        question: "Where to?".to_owned(),
        why: String::new(),
        proposal: String::new(),
        options: Vec::new(),
        rules: DecisionRules::of(MethodKind::Consent),
        discuss_until: None,
        closes_at: None,
    }
}

/// A stakeholder of a partnership that the owner opened, and a step towards it.
async fn stakeholder(app: &TestApp) -> (String, String) {
    let register = Register::Partnership(room(app).await);
    let by = Participant::Account(app.account(Role::Owner));
    let new = NewStakeholder { whom: Whom::Named("Council".to_owned()), about: String::new() };
    let tx = app.store.begin().await.unwrap();
    let id = tx.add_stakeholder(register, &new, by).await.unwrap();
    let step = tx.add_stakeholder_step(id, ("Call", None), by).await.unwrap();
    tx.commit().await.unwrap();
    (id.to_string(), step.to_string())
}

/// An aim of Nursing.
async fn aim(app: &TestApp) -> AimId {
    let tx = app.store.begin().await.unwrap();
    let by = app.account(Role::Owner);
    let id = tx.add_aim(unit_of("Nursing"), "Shorter stays", by).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn every_route_of_a_room_answers_each_side_as_the_table_says() {
    let app = TestApp::new().await;
    let lead = app.as_person(TWO_OTHERS.0).await;
    let member = app.as_person(TWO_OTHERS.1).await;
    let sides = [lead, member, app.as_(Role::Member).await, app.as_(Role::Owner).await];
    let outside = [app.as_person(COLLEAGUE).await, app.as_(Role::Steward).await];
    let mut wrong = Vec::new();
    for (method, rest, expected) in INSIDE {
        // Who comes by the link of a seat may do there what its person may with an account.
        let (path, fields) = room_request(&app, rest).await;
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
        let guest = guest_of(&app, &path).await;
        let found = match *method {
            "GET" => guest.get_as_guest(&path).await,
            _ => guest.post_as_guest(&path, &fields).await,
        };
        let differs = GUESTS.iter().find(|row| (row.0, row.1) == (*method, *rest));
        let told = differs.map_or(expected[1], |row| row.2);
        if found.status.as_u16() != told {
            wrong.push(format!("{method} {rest} as guest: {}, not {told}", found.status));
        }
        let inside = sides.iter().zip(expected.iter().copied());
        let nobody = outside.iter().map(|browser| (browser, 404));
        for (n, (browser, expected)) in inside.chain(nobody).enumerate() {
            let (path, fields) = room_request(&app, rest).await;
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
            let answer = match *method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &fields).await,
            };
            let found = answer.status.as_u16();
            if found != expected {
                wrong.push(format!("{method} {rest} as {n}: {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A browser with the session of a guest, at the seat of the member of the room of a path.
async fn guest_of(app: &TestApp, path: &str) -> Browser {
    let id: PartnershipId = path.split('/').nth(2).unwrap().parse().unwrap();
    let by = Participant::Account(app.account(Role::Owner));
    let seated = app.store.seated(id, 9, by).await.unwrap();
    let seat = seated.iter().find(|one| one.who == address_of(BROKER)).unwrap().id;
    app.at_seat(id, seat).await
}

#[tokio::test]
async fn who_came_by_link_is_a_stranger_everywhere_but_in_that_room() {
    let app = TestApp::new().await;
    let (path, _) = room_request(&app, "").await;
    let guest = guest_of(&app, &path).await;
    assert_eq!(guest.get_as_guest(&path).await.status, 200);
    let mut wrong = Vec::new();
    for (method, route, expected) in all_rows() {
        let (path, fields) = request_for(&app, None, route).await;
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, &**b)).collect();
        let found = match *method {
            "GET" => guest.get_as_guest(&path).await,
            _ => guest.post_as_guest(&path, &fields).await,
        };
        if found.status.as_u16() != expected[0] {
            wrong.push(format!("{method} {route}: {}, not {}", found.status, expected[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A path of a new room with two parties, and a form that it takes.
/// A challenge with what a party sees, and a trial.
async fn problem(tx: &Tx, (id, party): (PartnershipId, PartyId), seat: SeatId) -> [String; 3] {
    let by = Participant::Guest(seat);
    let draft = ChallengeDraft { title: "It drips".to_owned(), ..ChallengeDraft::default() };
    let one = tx.add_challenge(id, &draft, by).await.unwrap();
    let draft = PointDraft {
        kind: PointKind::Evidence,
        party,
        parent: None,
        text: "six calls a week".to_owned(),
        source: String::new(),
    };
    let point = tx.add_challenge_point((id, one), &draft, by).await.unwrap();
    let draft = TrialDraft { text: "tar it".to_owned(), ..TrialDraft::default() };
    let trial = tx.add_trial((id, one), &draft, by).await.unwrap();
    [one.to_string(), point.to_string(), trial.to_string()]
}

/// An initiative with a part of a party, what it gave, a task of nobody yet, and a risk.
async fn together(tx: &Tx, (id, party): (PartnershipId, PartyId), seat: SeatId) -> [String; 5] {
    let by = Participant::Guest(seat);
    let draft = InitiativeDraft { title: "Fit roofs".to_owned(), ..InitiativeDraft::default() };
    let one = tx.add_initiative(id, &draft, by).await.unwrap();
    let draft =
        PartDraft { party, text: "a crew".to_owned(), amount: Some(9), unit: "days".to_owned() };
    let part = tx.add_part((id, one), &draft, by).await.unwrap();
    let new = NewContribution { amount: Some(2), text: String::new(), day: now() };
    let given = tx.contribute((id, part), &new, by).await.unwrap();
    let draft = TaskDraft { title: "Measure".to_owned(), days: 3, ..TaskDraft::default() };
    let task = tx.add_task((id, one), &draft, by).await.unwrap();
    let draft = RiskDraft {
        text: "rain".to_owned(),
        likelihood: 4,
        impact: 4,
        answer: String::new(),
        party: None,
        state: RiskState::Open,
    };
    let risk = tx.add_risk((id, one), &draft, by).await.unwrap();
    [one.to_string(), part.to_string(), given.to_string(), task.to_string(), risk.to_string()]
}

async fn room_request(app: &TestApp, rest: &str) -> (String, Vec<(&'static str, String)>) {
    let (id, aim) = (room(app).await, aim(app).await);
    let by = Participant::Account(app.account(Role::Owner));
    let tx = app.store.begin().await.unwrap();
    let party = tx.add_party(id, (None, "Beacon"), by).await.unwrap();
    let other = tx.add_party(id, (None, "Fenwick"), by).await.unwrap();
    let (lead, member) = (address_of(TWO_OTHERS.0), address_of(TWO_OTHERS.1));
    let sits = tx.give_seat((id, party), lead, Duty::Lead, by).await.unwrap();
    let seat = tx.give_seat((id, party), member, Duty::Member, by).await.unwrap();
    tx.give_seat((id, party), address_of(BROKER), Duty::Member, by).await.unwrap();
    let others = tx.give_seat((id, other), address_of(MEMBER), Duty::Member, by).await.unwrap();
    let new = NewCommitment {
        party,
        to: Some(other),
        seat: None,
        text: "a boiler".to_owned(),
        source: Source::Said,
        due: None,
    };
    let commitment = tx.add_commitment(id, &new, Participant::Guest(seat)).await.unwrap();
    let due = (now().plus_days(9.0), "");
    tx.ask_date((id, commitment), due, 1, Participant::Guest(others)).await.unwrap();
    let [objective, result, check, link] = okr(&tx, id, party, sits).await;
    let roles = [(sits, (BTreeSet::from([Duties::Accountable]), None))].into();
    let (title, about) = ("Fit roofs".to_owned(), String::new());
    let work = tx.add_work(id, &WorkDraft { title, about, roles }, by).await.unwrap();
    let decision = tx.ask_joint_decision(id, &question(), by).await.unwrap();
    let sides = [(party, Participant::Guest(seat)), (other, Participant::Guest(others))];
    let case = case_between(&tx, id, sides).await;
    let [thing, booking, gift, ask] = shared(&tx, id, [party, other], [sits, seat, others]).await;
    let said = NewPost { text: "what of roofs?", ..NewPost::default() };
    let topic = tx.open_topic(id, "Roofs", &said, Participant::Guest(seat)).await.unwrap();
    let draft = PactDraft {
        title: "Use of data".to_owned(),
        parties: vec![party, other],
        ..PactDraft::default()
    };
    let pact = tx.add_pact(id, &draft, Participant::Guest(seat)).await.unwrap();
    let (text, due) = ("a list".to_owned(), now());
    let owed = DutyDraft { party, to: None, text, due, every_months: None };
    let duty = tx.add_duty((id, pact), &owed, 1, Participant::Guest(seat)).await.unwrap();
    let heard = tx.hear(id, ("It drips.", ""), Participant::Guest(seat)).await.unwrap();
    let [challenge, entry, trial] = problem(&tx, (id, party), seat).await;
    let [initiative, part, given, task, risk] = together(&tx, (id, party), seat).await;
    let post = tx.post((id, topic), &said, Participant::Guest(seat)).await.unwrap();
    tx.commit().await.unwrap();
    let point = interest(app, (id, case), Participant::Guest(seat)).await;
    let path = format!("/partnerships/{id}{rest}")
        .replace("{case}", &case.to_string())
        .replace("{point}", &point)
        .replace("{resource}", &thing)
        .replace("{booking}", &booking)
        .replace("{gift}", &gift)
        .replace("{ask}", &ask)
        .replace("{heard}", &heard.to_string())
        .replace("{challenge}", &challenge)
        .replace("{entry}", &entry)
        .replace("{trial}", &trial)
        .replace("{initiative}", &initiative)
        .replace("{part}", &part)
        .replace("{contribution}", &given)
        .replace("{task}", &task)
        .replace("{risk}", &risk)
        .replace("{pact}", &pact.to_string())
        .replace("{duty}", &duty.to_string())
        .replace("{topic}", &topic.to_string())
        .replace("{post}", &post.to_string())
        .replace("{work}", &work.to_string())
        .replace("{objective}", &objective)
        .replace("{result}", &result)
        .replace("{check}", &check)
        .replace("{link}", &link)
        .replace("{decision}", &decision.to_string())
        .replace("{ballot}", &aim.to_string())
        .replace("{party}", &party.to_string())
        .replace("{seat}", &seat.to_string())
        .replace("{aim}", &aim.to_string())
        .replace("{comment}", &aim.to_string())
        .replace("{commitment}", &commitment.to_string())
        .replace("{question}", "not-alone");
    let text = |text: &str| text.to_owned();
    let fields = match rest {
        "/agreement" => vec![("vision", text("Nobody is cold.")), ("after", text("0"))],
        "/objectives" => vec![("aim", aim.to_string())],
        "/people" => vec![("party", party.to_string())],
        "/expertise/{seat}/questions" => vec![("question", text("Who pays?"))],
        "/expertise/questions/{ask}" => vec![("answer", text("We do.")), ("version", text("1"))],
        "/pacts/{pact}/commitments" | "/pacts/{pact}/end" | "/pacts/{pact}/signature" => {
            vec![("version", text("2"))]
        }
        "/listening/{heard}/answer" => {
            vec![("reply", text("done")), ("answer", text("Mended.")), ("version", text("1"))]
        }
        "/challenges/points/{entry}/stance" => vec![("agrees", text("yes"))],
        "/challenges/trials/{trial}" => {
            vec![("result", text("worked")), ("seen", text("Dry.")), ("version", text("1"))]
        }
        "/initiatives/contributions/{contribution}" => {
            vec![("receipt", text("confirmed")), ("version", text("1"))]
        }
        "/initiatives/tasks/{task}/state" => {
            vec![("state", text("done")), ("version", text("1"))]
        }
        "/ledger/{gift}/receipt" => vec![("receipt", text("confirmed")), ("version", text("1"))],
        rest if rest.starts_with("/bookings/") => {
            vec![("version", text("1")), ("thanks", text("It helped."))]
        }
        rest if rest.starts_with("/commitments/") => vec![("version", text("2"))],
        "/conflicts/{case}" => vec![("what", text("view")), ("version", text("4"))],
        "/conflicts/{case}/numbers" => vec![("kind", text("item"))],
        "/conflicts/{case}/stage" => vec![("to", text("withdrawn")), ("version", text("3"))],
        "/stage" => vec![("to", text("forming")), ("version", text("1"))],
        "/decisions/{decision}/stage" => vec![("to", text("withdrawn")), ("version", text("1"))],
        "/decisions/{decision}/review" => vec![("note", text("x")), ("version", text("1"))],
        _ => Vec::new(),
    };
    (path, fields)
}

/// A van of the first party that the other one has booked, what the other one says that it gave, and
/// what someone else of the first party was asked.
async fn shared(
    tx: &Tx,
    id: PartnershipId,
    [party, other]: [PartyId; 2],
    [sits, seat, others]: [SeatId; 3],
) -> [String; 4] {
    let (lead, member, outside) =
        (Participant::Guest(sits), Participant::Guest(seat), Participant::Guest(others));
    let van = NewResource {
        party,
        direction: Direction::Offer,
        kind: ResourceKind::Equipment,
        title: "A van".to_owned(),
        amount: Some(1),
        unit: String::new(),
        conditions: String::new(),
    };
    let van = tx.list_resource(id, &van, lead).await.unwrap();
    let when = Interval::new(now().plus_days(-1.0), now().plus_days(1.0)).unwrap();
    let new = NewBooking { when, amount: 1, purpose: String::new() };
    let Booked::Done(booking) = tx.book((id, van), &new, outside).await.unwrap() else {
        panic!("it is free")
    };
    let gift = NewGift {
        giver: other,
        receiver: party,
        kind: ResourceKind::Time,
        text: "A day".to_owned(),
        amount: Some(8),
        unit: "hours".to_owned(),
        day: now(),
        booking: None,
    };
    let gift = tx.enter_gift(id, &gift, outside).await.unwrap();
    tx.say_expertise(id, ("Grant law", &[]), 0, member).await.unwrap();
    let ask = tx.ask_help((id, seat), "Who pays?", outside).await.unwrap();
    [van.to_string(), booking.to_string(), gift.to_string(), ask.to_string()]
}

/// An objective of a party, a key result with a check-in, and what it is tied to.
async fn okr(tx: &Tx, id: PartnershipId, party: PartyId, seat: SeatId) -> [String; 4] {
    let by = Participant::Guest(seat);
    let draft = |party| ObjectiveDraft {
        party,
        title: "Shorter stays".to_owned(),
        ..ObjectiveDraft::default()
    };
    let shared = tx.add_objective(id, &draft(None), by).await.unwrap();
    let own = tx.add_objective(id, &draft(Some(party)), by).await.unwrap();
    let measure = KeyResultDraft {
        metric: "days".to_owned(),
        unit: String::new(),
        baseline: 9.0,
        target: 6.0,
        weight: 1.0,
        due: None,
    };
    let result = tx.add_key_result((id, own), &measure, by).await.unwrap();
    let said = (8.0, Confidence::Medium, "");
    let check = tx.check_in((id, result), said, by).await.unwrap();
    let (kind, state) = (LinkKind::Supports, LinkState::Confirmed);
    let link = Link { from: own, to: shared, kind, state };
    let link = tx.link_objectives(id, &link, 0, by).await.unwrap();
    [own.to_string(), result.to_string(), check.to_string(), link.to_string()]
}

async fn stylesheet(browser: &Browser) -> String {
    let page = browser.get("/healthz").await;
    assert_eq!(page.text, "ok");
    let page = browser.get("/sign-in").await.text;
    let from = page.find("/assets/").unwrap();
    page[from..].split('"').next().unwrap().to_owned()
}

async fn contact_by(app: &TestApp, by: AccountId) -> String {
    let contact = NewContact {
        by,
        kind: ContactKind::Met,
        at: now(),
        line: String::new(),
        visibility: Visibility::Own,
        people: vec![address_of(COLLEAGUE)],
    };
    let tx = app.store.begin().await.unwrap();
    let id = tx.log_contact(&contact).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

fn page_of(name: &str) -> String {
    format!("/people/{}", actor_of(name))
}

fn tie_of(a: &str, b: &str) -> String {
    format!("/people/{}/ties/{}", actor_of(a), actor_of(b))
}

fn what_if_of(name: &str) -> String {
    format!("/network?without={}", actor_of(name))
}

async fn ok(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text
}

/// The people whom a text names, by name or by address.
fn named_in(text: &str) -> Vec<&'static str> {
    let names = everyone().map(|(name, _)| name);
    names.filter(|name| text.contains(name) || text.contains(&mail_of(name))).collect()
}

async fn consent(app: &TestApp, name: &str, ties: TieConsent) {
    let tx = app.store.begin().await.unwrap();
    tx.set_consent(address_of(name), ties, false, None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn name_findings(app: &TestApp) {
    let tx = app.store.begin().await.unwrap();
    tx.set_named_findings(true, app.account(Role::Owner)).await.unwrap();
    tx.commit().await.unwrap();
}

const READERS: [Role; 3] = [Role::Member, Role::Steward, Role::Owner];

#[tokio::test]
async fn a_tie_of_others_is_shown_as_far_as_both_consent() {
    let app = TestApp::new().await;
    let (one, two) = TWO_OTHERS;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert_eq!(named_in(&text.replace(&mail_of(one), "")), [one], "{role:?}: nobody consented");
        assert!(text.contains("as both people allow"), "{role:?}: a hidden tie is owned up to");
    }
    consent(&app, one, TieConsent::Band).await;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert!(!text.contains(two), "{role:?}: one of two consented");
    }
    consent(&app, two, TieConsent::Exists).await;
    for role in READERS {
        let text = ok(&app.as_(role).await, &page_of(one)).await;
        assert!(text.contains(two) && text.contains("There is a tie"), "{role:?}");
        assert!(!text.contains("\"Tie strength"), "{role:?}: existence alone");
    }
    consent(&app, two, TieConsent::Band).await;
    for role in READERS {
        let browser = app.as_(role).await;
        let text = ok(&browser, &page_of(one)).await;
        assert!(text.contains("\"Tie strength") && text.contains("not shown"), "{role:?}");
        assert!(!text.contains("days of contact\""), "{role:?}: a band has no days");
        assert_eq!(browser.get(&tie_of(one, two)).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn own_ties_are_open_down_to_the_interactions() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    assert!(ok(&member, &page_of(COLLEAGUE)).await.contains("Your tie"));
    assert!(ok(&member, &page_of(MEMBER)).await.contains("This is you"));
    for (a, b) in [(MEMBER, COLLEAGUE), (COLLEAGUE, MEMBER)] {
        assert!(ok(&member, &tie_of(a, b)).await.contains("What is behind this tie"));
    }
    for role in [Role::Guest, Role::Steward, Role::Owner] {
        let other = app.as_(role).await;
        assert_eq!(other.get(&tie_of(MEMBER, COLLEAGUE)).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn a_workspace_of_one_shows_its_owner_everything() {
    let app = TestApp::alone().await;
    let owner = app.as_(Role::Owner).await;
    let (one, two) = TWO_OTHERS;
    assert!(ok(&owner, &page_of(one)).await.contains(two));
    assert!(ok(&owner, &tie_of(one, two)).await.contains("What is behind this tie"));
    assert!(ok(&owner, "/network").await.contains(BROKER));
    assert!(ok(&owner, &what_if_of(BROKER)).await.contains(&format!("Without {BROKER}")));
    let path = format!("/network/path?from={}&to={}", actor_of(MEMBER), actor_of(one));
    assert!(ok(&owner, &path).await.contains(BROKER), "the only way leads through the broker");
}

/// Everything that tells of the network as a whole.
const FINDINGS: [&str; 7] = [
    "/",
    "/network",
    "/network?view=table",
    "/insights",
    "/insights?names=shown",
    "/insights?names=hidden",
    "/insights/report.html",
];

#[tokio::test]
async fn findings_name_nobody_while_named_findings_are_off() {
    let app = TestApp::new().await;
    for role in READERS {
        let browser = app.as_(role).await;
        for path in FINDINGS {
            let text = ok(&browser, path).await;
            assert_eq!(named_in(&text), [""; 0], "{path} as {role:?}");
        }
        let named = everyone().map(|(name, _)| name).filter(|name| *name != MEMBER);
        for name in named {
            assert_eq!(browser.get(&what_if_of(name)).await.status, 404, "{name} as {role:?}");
        }
    }
}

#[tokio::test]
async fn stewards_and_the_owner_see_names_once_named_findings_are_on() {
    let app = TestApp::new().await;
    name_findings(&app).await;
    for role in [Role::Steward, Role::Owner] {
        let browser = app.as_(role).await;
        assert!(ok(&browser, "/network").await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, &what_if_of(BROKER)).await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, "/network?view=table").await.contains(BROKER), "{role:?}");
        assert!(ok(&browser, "/insights").await.contains(BROKER), "{role:?}");
        assert!(named_in(&ok(&browser, "/insights?names=hidden").await).is_empty(), "{role:?}");
        assert_eq!(browser.get("/network/path").await.status, 200, "{role:?}");
        let (one, two) = TWO_OTHERS;
        assert_eq!(browser.get(&tie_of(one, two)).await.status, 404, "{role:?}");
    }
    let member = app.as_(Role::Member).await;
    for path in FINDINGS {
        assert_eq!(named_in(&ok(&member, path).await), [""; 0], "{path} as a member");
    }
    assert_eq!(member.get(&what_if_of(BROKER)).await.status, 404);
    assert_eq!(member.get("/network/path").await.status, 404);
}

#[tokio::test]
async fn a_member_tries_what_if_of_themselves_alone() {
    let app = TestApp::new().await;
    let text = ok(&app.as_(Role::Member).await, &what_if_of(MEMBER)).await;
    assert!(text.contains("Without "));
    let others: Vec<_> = named_in(&text).into_iter().filter(|name| *name != MEMBER).collect();
    assert_eq!(others, [""; 0]);
}

#[tokio::test]
async fn groups_under_five_are_in_no_table_of_groups() {
    let several = TestApp::new().await;
    let alone = TestApp::alone().await;
    for (app, role) in [(&several, Role::Member), (&several, Role::Steward), (&alone, Role::Owner)]
    {
        let browser = app.as_(role).await;
        for path in ["/", "/network", "/insights", "/insights/report.html"] {
            let text = ok(&browser, path).await;
            assert!(!text.contains("Chaplaincy"), "{path} as {role:?}");
        }
        assert!(ok(&browser, "/network").await.contains("Nursing"), "{role:?}");
    }
}

#[tokio::test]
async fn a_guest_learns_nothing_of_the_workspace() {
    let app = TestApp::new().await;
    let guest = app.as_(Role::Guest).await;
    let search = format!("/search?q={}", &BROKER[..4]);
    for path in ["/", "/settings", "/search", &search] {
        let text = ok(&guest, path).await;
        assert!(named_in(&text).is_empty(), "{path}");
        for secret in ["Nursing", "Housing", "Harbour Trust", "27 people"] {
            assert!(!text.contains(secret), "{path} tells of {secret}");
        }
    }
    // Nor by what a form answers: whether someone is known is told to nobody who may not look.
    let version = app.store.account(app.account(Role::Guest)).await.unwrap().version.to_string();
    let form =
        |person| [("name", "A guest"), ("zone", "-"), ("version", &*version), ("person", person)];
    let known = guest.post("/settings/account", &form(BROKER)).await;
    let unknown = guest.post("/settings/account", &form("Nobody At All")).await;
    assert_eq!(known.text, unknown.text);
}

#[tokio::test]
async fn addresses_are_for_stewards_and_the_person() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    assert!(!ok(&member, &page_of(COLLEAGUE)).await.contains(&mail_of(COLLEAGUE)));
    assert!(ok(&member, &page_of(MEMBER)).await.contains(&mail_of(MEMBER)));
    let steward = app.as_(Role::Steward).await;
    assert!(ok(&steward, &page_of(COLLEAGUE)).await.contains(&mail_of(COLLEAGUE)));
    for path in ["/people", "/search?q=harbour", "/search/results?q=harbour"] {
        assert!(!ok(&member, path).await.contains("@harbour.example"), "{path}");
    }
    // A name that fits several people is answered with the people, not with their addresses.
    let fields = [("who", "harbour"), ("kind", "met"), ("day", "2024-01-02")];
    let answer = member.post("/contacts", &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("could be"));
    assert!(!answer.text.contains("@harbour.example"));
}

#[tokio::test]
async fn whoever_opens_a_page_on_someone_is_noted() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    ok(&member, &page_of(COLLEAGUE)).await;
    ok(&member, &page_of(MEMBER)).await;
    let looks = app.store.looks(None, 10).await.unwrap();
    let seen: Vec<_> = looks.iter().map(|look| (look.account, look.address)).collect();
    assert_eq!(seen, [(app.account(Role::Member), address_of(COLLEAGUE))]);
}

#[tokio::test]
async fn a_contact_is_taken_back_by_its_author_alone() {
    let app = TestApp::new().await;
    let id = contact_by(&app, app.account(Role::Member)).await;
    let path = format!("/contacts/{id}/undo");
    for role in [Role::Guest, Role::Steward, Role::Owner] {
        assert_eq!(app.as_(role).await.post(&path, &[]).await.status, 404, "{role:?}");
    }
    assert_eq!(app.as_(Role::Member).await.post(&path, &[]).await.status, 303);
    assert_eq!(app.as_(Role::Member).await.post(&path, &[]).await.status, 404, "taken back once");
}
