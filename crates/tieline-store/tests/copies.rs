//! Copies of a store are whole, and an erased person is in none of its rows.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

#[path = "copies/quarrel.rs"]
mod quarrel;
mod world;

use std::collections::BTreeSet;

use tieline_model::access::{Role, TieConsent, Visibility};
use tieline_model::challenge::{Closing, PointKind, TrialResult};
use tieline_model::commitment::Source;
use tieline_model::contact::ContactKind;
use tieline_model::decision::ballot::Consent;
use tieline_model::decision::stage::Stage;
use tieline_model::decision::tie_break::Nonce;
use tieline_model::decision::{Ballot, DecisionRules, MethodKind, Secrecy, Stance, Verdict};
use tieline_model::id::{AccountId, AddressId, AimId, PartnershipId, PartyId, SeatId, UnitId};
use tieline_model::initiative::{Ended, RiskState};
use tieline_model::job::Job;
use tieline_model::ledger::Receipt;
use tieline_model::listening::Reply;
use tieline_model::objective::{Confidence, Link as ObjectiveTie, LinkKind, LinkState};
use tieline_model::org::UnitKind;
use tieline_model::partnership::charter::Answer;
use tieline_model::partnership::reservation::Interval;
use tieline_model::partnership::resource::{Direction, ResourceKind};
use tieline_model::partnership::stage::StageAnswer;
use tieline_model::raci::{ReadBack, Role as Duties};
use tieline_model::room::{Duty, Participant, Section};
use tieline_model::stakeholder::{Engagement, Influence, Placement};
use tieline_model::time::Moment;
use tieline_store::{
    Answered, Booked, BulkChange, ChallengeDraft, Constraint, DecisionDraft, DutyDraft, FieldKind,
    InitiativeDraft, JointStep, Kept, KeptFinding, KeyResultDraft, Link, LinkPurpose, NewAccount,
    NewBallot, NewBooking, NewCommitment, NewContact, NewContribution, NewGift, NewNote,
    NewPartnership, NewPlace, NewPost, NewPromise, NewResource, NewSession, NewStakeholder,
    NewStance, NewToken, ObjectiveDraft, PactDraft, PartDraft, PeopleQuery, PointDraft, Register,
    RiskDraft, SaidPlace, Store, StoreError, StoreUrl, TaskDraft, TokenScope, TrialDraft, Tx, Whom,
    WorkDraft, WrittenOutcome,
};
use world::{address, identity, import, import_a, import_b, moment};

/// Something in every table. Ada has an account; the owner wrote about her and about Bo.
async fn fill(store: &Store) {
    import(store, &import_a()).await;
    import(store, &import_b()).await;
    let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
    let account = |login: &str, role, actor| NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        password_hash: Some("$argon2id$".to_owned()),
        actor,
    };
    let tx = store.begin().await.unwrap();
    tx.replace_identity(&identity()).await.unwrap();
    tx.save_column_mapping("staff", "{}").await.unwrap();
    tx.set_address_class(bo, tieline_model::address::AddressClass::Person, "known").await.unwrap();
    let word = tieline_model::claim::Decision { a: ada, b: bo, same: false, reason: String::new() };
    tx.add_decision(&word).await.unwrap();
    tx.erase_addresses(&[], &[[7; 32]]).await.unwrap();
    let owner = tx.add_account(&account("owner", Role::Owner, None)).await.unwrap();
    let hers = tx.add_account(&account("ada-ek", Role::Member, Some(ada))).await.unwrap();
    for (by, hash) in [(owner, "a"), (hers, "b")] {
        let session = NewSession { account: by, expires: moment(9), about: "Firefox".to_owned() };
        tx.open_session(&hash.repeat(64), &session).await.unwrap();
        let link = Link {
            purpose: LinkPurpose::OwnData,
            account: Some(by),
            address: Some(ada),
            role: None,
            expires: moment(9),
        };
        tx.add_link(&hash.repeat(64), &link).await.unwrap();
        let token = NewToken {
            account: by,
            name: "script".to_owned(),
            scope: TokenScope::Write,
            expires: moment(9),
        };
        tx.add_token(&hash.repeat(64), &token).await.unwrap();
        tx.keep_answer(by, "key-1", &answer()).await.unwrap();
        tx.note_failure(&hash.repeat(64), moment(1)).await.unwrap();
        tx.enqueue(&Job::Refresh, Some(by), None).await.unwrap();
        let contact = |people: &[_]| NewContact {
            by,
            kind: ContactKind::Met,
            at: moment(3),
            line: "lunch with Ada Ek".to_owned(),
            visibility: Visibility::Workspace,
            people: people.to_vec(),
        };
        let alone = tx.log_contact(&contact(&[ada])).await.unwrap();
        tx.log_contact(&contact(&[ada, bo])).await.unwrap();
        let promise = NewPromise {
            contact: Some(alone),
            by_us: true,
            who: ada,
            text: "a plan for Ada Ek".to_owned(),
            due: None,
            author: by,
            visibility: Visibility::Own,
        };
        tx.add_promise(&promise).await.unwrap();
        let note = |about, text: &str| NewNote {
            about,
            author: by,
            text: text.to_owned(),
            visibility: Visibility::Own,
        };
        tx.add_note(&note(ada, "Ada Ek sails")).await.unwrap();
        tx.add_note(&note(bo, "knits \u{1f9f6} \"by hand\"\n")).await.unwrap();
        let view = tx.save_view(by, "people", "Mine", "a=1").await.unwrap();
        tx.share_view(view, by, true).await.unwrap();
        tx.set_rhythm(by, &[ada], Some(30)).await.unwrap();
        tx.bulk_edit(by, &BulkChange::Tag(format!("of {hash}")), &[ada, bo]).await.unwrap();
        tx.snooze(by, "cooling", moment(9)).await.unwrap();
        tx.look(by, bo, "person", moment(2)).await.unwrap();
        tx.look(by, ada, "person", moment(2)).await.unwrap();
    }
    say(&tx, hers, ada, bo).await;
    let bos = partner(&tx, owner, hers, (ada, bo)).await;
    tx.add_tag(&[ada, bo], "Board", Some(hers)).await.unwrap();
    let field = tx.add_field("Since", &FieldKind::Text).await.unwrap();
    tx.set_field(field, ada, Some("Ada Ek's")).await.unwrap();
    tx.set_field(field, ada, Some("Ada Ek's own")).await.unwrap();
    let mail = |text: &str| tieline_model::address::Address::email(text).unwrap();
    // The owner's mail went to another address of hers.
    tx.set_account_mail(owner, Some(&mail("a.ek@one.example"))).await.unwrap();
    tx.set_account_mail(hers, Some(&mail("ada@one.example"))).await.unwrap();
    tx.set_consent(ada, TieConsent::Band, false, Some(hers)).await.unwrap();
    tx.set_consent(bo, TieConsent::Band, true, Some(hers)).await.unwrap();
    let finding = KeptFinding {
        kind: "silo".to_owned(),
        severity: 0.1 + 0.2,
        sentence: "Nursing talks to itself".to_owned(),
        detail: "{}".to_owned(),
    };
    tx.keep_findings("f", moment(3), &[finding]).await.unwrap();
    tx.commit().await.unwrap();
    for (id, seat) in bos {
        let guest = Participant::Guest(seat);
        let tx = store.begin_in_room(guest).await.unwrap();
        tx.comment_charter(id, (1, None, "from outside"), guest).await.unwrap();
        tx.commit().await.unwrap();
        quarrel::quarrel(store, id, [Participant::Account(hers), guest]).await;
    }
    for (by, about) in [(hers, bo), (owner, ada), (owner, bo)] {
        let tx = store.begin_by(by).await.unwrap();
        tx.add_tag(&[about], "Quay", Some(by)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// What someone said by hand about both.
async fn say(tx: &Tx, by: AccountId, ada: AddressId, bo: AddressId) {
    tx.say_name(ada, "Ada Ek-Ohm", by, 0).await.unwrap();
    tx.say_name(bo, "Bo Oak", by, 0).await.unwrap();
    let unit = tx.add_unit((UnitKind::Organisation, "Harbour"), None, by).await.unwrap();
    for who in [ada, bo] {
        let title = Some("Head".to_owned());
        let place = NewPlace { who, unit, title, from: None, to: None, by };
        let id = tx.add_place(&place).await.unwrap();
        for (version, title) in [(1, "Mate of Ada Ek"), (2, "Captain")] {
            let changed = SaidPlace {
                id,
                who,
                unit,
                title: Some(title.to_owned()).filter(|_| who == ada || version == 2),
                from: None,
                to: None,
                by: Some(by),
                at: moment(1),
                version,
            };
            tx.update_place(&changed, by).await.unwrap();
        }
    }
    tx.say_tie(ada, bo, by).await.unwrap();
    tx.say_tie(address("cy@three.example"), bo, by).await.unwrap();
}

/// Partnerships in which Ada leads one party and Bo sits at the other, and his seats.
async fn partner(
    tx: &Tx,
    owner: AccountId,
    hers: AccountId,
    (ada, bo): (AddressId, AddressId),
) -> Vec<(PartnershipId, SeatId)> {
    let mut seats = Vec::new();
    let (by, she) = (Participant::Account(owner), Participant::Account(hers));
    for (opened_by, name) in [(owner, "Warm homes"), (hers, "Dry cellars")] {
        let new = NewPartnership {
            name: name.to_owned(),
            about: String::new(),
            begins: None,
            ends: Some(moment(9)),
            notice: None,
            by: opened_by,
        };
        let id = tx.add_partnership(&new).await.unwrap();
        let by = if opened_by == owner { by } else { she };
        let party = tx.add_party(id, (None, "Beacon"), by).await.unwrap();
        let other = tx.add_party(id, (None, "Fenwick"), by).await.unwrap();
        let first = tx.give_seat((id, party), ada, Duty::Lead, by).await.unwrap();
        let second = tx.give_seat((id, other), bo, Duty::Lead, by).await.unwrap();
        let hash = if opened_by == owner { "e" } else { "f" };
        tx.add_guest_link(&hash.repeat(64), (id, second), moment(9), by).await.unwrap();
        tx.use_guest_link(&hash.repeat(64), (&hash.repeat(64), "Europe/Oslo"), moment(1))
            .await
            .unwrap()
            .unwrap();
        tx.write_side(id, (party, "warm homes", "a crew"), 0, she).await.unwrap();
        let nursing = UnitId::derived(&[b"Nursing"]);
        let aim = tx.add_aim(nursing, "Shorter stays", opened_by).await.unwrap();
        tx.serve_aim(id, aim, she).await.unwrap();
        let answer = Answered {
            question: "not-alone".to_owned(),
            answer: StageAnswer::Yes,
            note: String::new(),
            changed: moment(1),
            version: 0,
        };
        tx.answer_question(id, &answer, she).await.unwrap();
        let vision = [(Section::Vision, "Nobody is cold.".to_owned())].into();
        tx.save_charter(id, &vision, 0, she).await.unwrap();
        tx.answer_charter(id, (1, Answer::Assents, ""), she).await.unwrap();
        let said = (1, Some(Section::Vision), "as Ada Ek sees it");
        tx.comment_charter(id, said, she).await.unwrap();
        let said = (1, None, "well said");
        tx.comment_charter(id, said, if opened_by == owner { by } else { she }).await.unwrap();
        divide(tx, id, [first, second], hers).await;
        strive(tx, (id, party), (owner, hers), opened_by == owner).await;
        decide(tx, (id, first), aim, she).await;
        let new = NewCommitment {
            party,
            to: Some(other),
            seat: None,
            text: "a boiler".to_owned(),
            source: Source::Meeting,
            due: Some(moment(9)),
        };
        let promised = tx.add_commitment(id, &new, she).await.unwrap();
        tx.ask_date((id, promised), (moment(99_000), "the crew is ill"), 1, she).await.unwrap();
        share(tx, (id, first), [party, other], [she, Participant::Guest(second)]).await;
        talk(tx, id, [first, second], (by, she)).await;
        problem(tx, id, [party, other], [she, Participant::Guest(second)]).await;
        together(tx, (id, first), party, [she, Participant::Guest(second)]).await;
        seats.push((id, second));
        stake(tx, Register::Partnership(id), she, (ada, bo)).await;
    }
    seats
}

/// A challenge with what her party sees and what he doubts of it, why, what could be done, and a trial.
async fn problem(
    tx: &Tx,
    id: PartnershipId,
    [party, _]: [PartyId; 2],
    [she, he]: [Participant; 2],
) {
    let draft = ChallengeDraft {
        title: "It drips".to_owned(),
        text: "since March".to_owned(),
        objective: None,
    };
    let one = tx.add_challenge(id, &draft, she).await.unwrap();
    let say = async |kind, text: &str, parent| {
        let (text, source) = (text.to_owned(), "a log".to_owned());
        let draft = PointDraft { kind, party, parent, text, source };
        tx.add_challenge_point((id, one), &draft, she).await.unwrap()
    };
    let seen = say(PointKind::Evidence, "six calls a week", None).await;
    tx.answer_challenge_point((id, seen), (false, "four of them"), he).await.unwrap();
    let cause = say(PointKind::Cause, "old tiles", None).await;
    let option = say(PointKind::Option, "tar", Some(cause)).await;
    let draft = TrialDraft {
        option: Some(option),
        party: Some(party),
        text: "tar one roof".to_owned(),
        sign: "no calls".to_owned(),
        begins: Some(moment(1)),
        ends: Some(moment(9)),
    };
    let trial = tx.add_trial((id, one), &draft, he).await.unwrap();
    let shown = Some((TrialResult::Partly, "one call"));
    tx.end_trial((id, trial), shown, 1, he).await.unwrap();
    let draft = InitiativeDraft { title: "Tar roofs".to_owned(), ..InitiativeDraft::default() };
    tx.start_from_challenge((id, one), &draft, she).await.unwrap();
    let learnt = Some((Closing::Solved, "tar holds"));
    tx.end_challenge((id, one), learnt, 1, she).await.unwrap();
}

/// An initiative with what her party brings and gave, a promised task that a milestone waits for, and
/// what may go wrong.
async fn together(
    tx: &Tx,
    (id, seat): (PartnershipId, SeatId),
    party: PartyId,
    [she, he]: [Participant; 2],
) {
    let draft = InitiativeDraft {
        title: "Fit roofs".to_owned(),
        text: "forty of them".to_owned(),
        begins: Some(moment(1)),
        ends: Some(moment(90)),
        ..InitiativeDraft::default()
    };
    let one = tx.add_initiative(id, &draft, she).await.unwrap();
    let part =
        PartDraft { party, text: "a crew".to_owned(), amount: Some(9), unit: "days".to_owned() };
    let part = tx.add_part((id, one), &part, she).await.unwrap();
    let new = NewContribution { amount: Some(2), text: "in March".to_owned(), day: moment(3) };
    let given = tx.contribute((id, part), &new, she).await.unwrap();
    let said = (Receipt::Questioned, "which roofs?");
    tx.answer_contribution((id, given), said, 1, he).await.unwrap();
    let draft = TaskDraft {
        title: "Measure".to_owned(),
        party: Some(party),
        seat: Some(seat),
        days: 3,
        due: Some(moment(9)),
        needs: Vec::new(),
    };
    let task = tx.add_task((id, one), &draft, she).await.unwrap();
    let draft = TaskDraft {
        title: "All measured".to_owned(),
        due: Some(moment(20)),
        needs: vec![task],
        ..TaskDraft::default()
    };
    tx.add_task((id, one), &draft, he).await.unwrap();
    let draft = RiskDraft {
        text: "rain".to_owned(),
        likelihood: 4,
        impact: 4,
        answer: "tents".to_owned(),
        party: Some(party),
        state: RiskState::Open,
    };
    tx.add_risk((id, one), &draft, he).await.unwrap();
    let learnt = Some((Ended::Done, "roofs keep warm"));
    tx.end_initiative((id, one), learnt, 1, she).await.unwrap();
}

/// A van that his party booked, gave back and thanks for, what her party says that it gave, what she
/// can help with, and what he asks her.
async fn share(
    tx: &Tx,
    (id, seat): (PartnershipId, SeatId),
    [party, other]: [PartyId; 2],
    [she, he]: [Participant; 2],
) {
    let van = NewResource {
        party,
        direction: Direction::Offer,
        kind: ResourceKind::Equipment,
        title: "A van".to_owned(),
        amount: Some(1),
        unit: "pieces".to_owned(),
        conditions: "Bring it back full.".to_owned(),
    };
    let van = tx.list_resource(id, &van, she).await.unwrap();
    let when = Interval { from: moment(1), to: Moment::from_ms(i64::MAX / 4) };
    let new = NewBooking { when, amount: 1, purpose: "pipes".to_owned() };
    let Booked::Done(booking) = tx.book((id, van), &new, he).await.unwrap() else {
        panic!("it is free")
    };
    tx.return_booking((id, booking), "scratched", 1, he).await.unwrap();
    tx.thank((id, booking), "it helped", 2, he).await.unwrap();
    let gift = NewGift {
        giver: party,
        receiver: other,
        kind: ResourceKind::Equipment,
        text: "A van".to_owned(),
        amount: Some(1),
        unit: "pieces".to_owned(),
        day: moment(1),
        booking: Some(booking),
    };
    let gift = tx.enter_gift(id, &gift, she).await.unwrap();
    tx.answer_gift((id, gift), (Receipt::Questioned, "for how long?"), 1, he).await.unwrap();
    let draft = PactDraft {
        title: "Use of data".to_owned(),
        text: "for warmth alone".to_owned(),
        ends: Some(Moment::from_ms(i64::MAX / 4)),
        parties: vec![party, other],
        ..PactDraft::default()
    };
    let pact = tx.add_pact(id, &draft, she).await.unwrap();
    let duty = DutyDraft {
        party,
        to: Some(other),
        text: "a list".to_owned(),
        // Before and after today, so that one of its days is a commitment whenever this runs.
        due: Moment::from_ms(1_700_000_000_000),
        every_months: Some(1),
    };
    tx.add_duty((id, pact), &duty, 1, she).await.unwrap();
    for by in [she, he] {
        tx.sign_pact((id, pact), 2, by).await.unwrap();
    }
    tx.promise_duties((id, pact), 2, she).await.unwrap();
    let heard = tx.hear(id, ("the stairs are dark", "a tenant"), she).await.unwrap();
    tx.answer_heard((id, heard), (Reply::Declined, "the owner refuses"), 1, he).await.unwrap();
    tx.say_expertise(id, ("she sails", &["boats".to_owned()]), 0, she).await.unwrap();
    let asked = tx.ask_help((id, seat), "who sails?", he).await.unwrap();
    tx.give_help((id, asked), "she sails too", 1, she).await.unwrap();
}

/// A topic of hers that mentions Bo, what others say, and how far she has read.
async fn talk(
    tx: &Tx,
    id: PartnershipId,
    [ada, bo]: [SeatId; 2],
    (by, she): (Participant, Participant),
) {
    let first = NewPost { text: "as Ada Ek says", reply_to: None, mentions: &[bo] };
    let topic = tx.open_topic(id, "Roofs", &first, she).await.unwrap();
    let one = tx.post((id, topic), &first, she).await.unwrap();
    let answer = NewPost { text: "well said", reply_to: Some(one), mentions: &[ada] };
    tx.post((id, topic), &answer, Participant::Guest(bo)).await.unwrap();
    tx.invite_voices((id, topic), &[ada, bo], by).await.unwrap();
    tx.sum_topic((id, topic), ("All agree.", 3), 1, she).await.unwrap();
    tx.read_topic((id, topic), 3, she).await.unwrap();
    tx.close_topic((id, topic), true, she).await.unwrap();
}

/// A decision of hers that was counted and bears an outcome, and another whose poll is open.
async fn decide(tx: &Tx, (id, seat): (PartnershipId, SeatId), aim: AimId, she: Participant) {
    for is_done in [true, false] {
        let mut rules = DecisionRules::of(MethodKind::Consent);
        rules.secrecy = Secrecy::Open;
        let draft = DecisionDraft {
            question: "Where to?".to_owned(),
            why: String::new(),
            proposal: "To the depot.".to_owned(),
            options: vec![("Depot".to_owned(), String::new())],
            rules,
            discuss_until: Some(moment(1)),
            closes_at: Some(Moment::from_ms(i64::MAX / 4)),
        };
        let one = tx.ask_joint_decision(id, &draft, she).await.unwrap();
        let said = (Stance::Supports, "as Ada Ek says");
        tx.speak_to((id, one), said, she).await.unwrap();
        for (version, to) in [(1, Stage::Propose), (2, Stage::Decide)] {
            let (delegates, nonce) = (Vec::new(), Nonce([7; 32]));
            let step = JointStep { to, version, delegates, nonce };
            tx.step_joint_decision((id, one), &step, she).await.unwrap();
        }
        let voter = tx.vote_held_by((id, one), she).await.unwrap();
        let reason = "Ada Ek fears floods".to_owned();
        let ballot = Ballot::Consent(Consent::Concern { reason });
        let new = NewBallot { voter, ballot: &ballot, token: None, random: [0; 16], fresh: "" };
        tx.cast_ballot((id, one), &new, she).await.unwrap();
        if is_done {
            assert_eq!(tx.close_poll((id, one), true, she).await.unwrap(), Verdict::Passed);
            let outcome = WrittenOutcome {
                statement: "It goes to the depot.".to_owned(),
                aim: Some(aim),
                owner: Some(seat),
                first_step: "Sign".to_owned(),
                review_on: Some(moment(9)),
            };
            tx.write_outcome((id, one), (&outcome, &[seat]), 4, she).await.unwrap();
        }
    }
}

/// What its parties want to have reached, and where they stand.
async fn strive(
    tx: &Tx,
    (id, party): (PartnershipId, PartyId),
    (owner, hers): (AccountId, AccountId),
    is_owners: bool,
) {
    let she = Participant::Account(hers);
    let draft = |party, title: &str| ObjectiveDraft {
        party,
        title: title.to_owned(),
        ..ObjectiveDraft::default()
    };
    let by = if is_owners { Participant::Account(owner) } else { she };
    let shared = tx.add_objective(id, &draft(None, "Nobody is cold"), by).await.unwrap();
    let own = ObjectiveDraft { parent: Some(shared), ..draft(Some(party), "Shorter stays") };
    let own = tx.add_objective(id, &own, she).await.unwrap();
    let result = KeyResultDraft {
        metric: "admissions".to_owned(),
        unit: "a month".to_owned(),
        baseline: 0.1 + 0.2,
        target: 20.0,
        weight: 1.0,
        due: Some(moment(9)),
    };
    let result = tx.add_key_result((id, own), &result, she).await.unwrap();
    let said = (31.5, Confidence::High, "as Ada Ek counted");
    tx.check_in((id, result), said, she).await.unwrap();
    let (kind, state) = (LinkKind::Supports, LinkState::Confirmed);
    let link = ObjectiveTie { from: own, to: shared, kind, state };
    tx.link_objectives(id, &link, 0, by).await.unwrap();
}

/// Who does what, and what Ada asked of hers.
async fn divide(tx: &Tx, id: PartnershipId, seats: [SeatId; 2], hers: AccountId) {
    let she = Participant::Account(hers);
    let [ada, bo] = seats;
    let roles = [(ada, (BTreeSet::from([Duties::Accountable]), None))];
    let others = [(bo, (BTreeSet::from([Duties::Responsible]), Some(ada)))];
    let draft = WorkDraft {
        title: "Fit roofs".to_owned(),
        about: String::new(),
        roles: roles.into_iter().chain(others).collect(),
    };
    let work = tx.add_work(id, &draft, she).await.unwrap();
    let asks = (ReadBack::Question, "is it Ada Ek?");
    tx.read_back((id, work), asks, 1, she).await.unwrap();
}

/// Ada and Bo in a register, with what Ada said of it.
async fn stake(tx: &Tx, register: Register, she: Participant, (ada, bo): (AddressId, AddressId)) {
    let mut ids = Vec::new();
    for (who, about) in [(ada, "whom Ada Ek is"), (bo, "keeps the books")] {
        let new = NewStakeholder { whom: Whom::Person(who), about: about.to_owned() };
        let id = tx.add_stakeholder(register, &new, she).await.unwrap();
        let stance = NewStance {
            now: Engagement::Neutral,
            wanted: None,
            wanted_by: None,
            reassess: None,
            evidence: "kindly".to_owned(),
        };
        tx.say_stance((id, 0), &stance, she).await.unwrap();
        tx.add_stakeholder_step(id, ("Call them", None), she).await.unwrap();
        ids.push(id);
    }
    let placed = (Placement { power: 0.25, interest: 0.75 }, "");
    tx.place_stakeholder(ids[1], placed, she).await.unwrap();
    tx.say_influence((ids[0], ids[1]), Some((Influence::Some, "")), she).await.unwrap();
}

fn answer() -> Kept {
    Kept { route: "POST /contacts".to_owned(), status: 201, body: "{}".to_owned() }
}

async fn exported(store: &Store) -> String {
    let mut out = Vec::new();
    let n = store.export(&mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count() as u64, n + 1);
    text
}

#[tokio::test]
async fn an_export_fills_a_store_of_the_other_kind_with_the_same() {
    let (from, to) = (world::homes(), world::homes());
    for (from, to) in from.iter().zip(to.iter().rev()) {
        let (store, other) = (from.open().await, to.open().await);
        fill(&store).await;
        let text = exported(&store).await;
        for table in tieline_store::schema() {
            let line = format!("\"table\":\"{}\"", table.name);
            assert!(text.contains(&line), "{} is not in the export", table.name);
        }
        let n = other.import_everything(&mut text.as_bytes()).await.unwrap();
        assert_eq!(text.lines().count() as u64, n + 1);
        assert!(exported(&other).await == text, "the copy differs");
        assert_eq!(other.integrity_check().await.unwrap(), Vec::<String>::new());
        let query = PeopleQuery { text: Some("boar ad".to_owned()), ..PeopleQuery::default() };
        assert_eq!(other.people(&query).await.unwrap().0.len(), 1, "search works there");

        let again = other.import_everything(&mut text.as_bytes()).await;
        assert!(matches!(again, Err(StoreError::Conflict(Constraint::Value(_)))), "{again:?}");
    }
}

#[tokio::test]
async fn what_is_no_export_is_refused_and_leaves_nothing() {
    for home in world::homes() {
        let store = home.open().await;
        let head = r#"{"tieline":"workspace","schema":3}"#;
        for (bad, line) in [
            (String::new(), "no export"),
            ("{}".to_owned(), "no export"),
            (r#"{"tieline":"workspace","schema":999}"#.to_owned(), "newer"),
            (format!("{head}\n{{\"table\":\"x\",\"row\":{{}}}}"), "line 2"),
            (format!("{head}\n{{\"table\":\"setting\",\"row\":{{}}}}"), "line 2"),
            (format!("{head}\n{{\"table\":\"setting\",\"row\":{{\"x\":1}}}}"), "'x'"),
            (
                format!(
                    "{head}\n{{\"table\":\"setting\",\"row\":{{\"key\":\"a\",\"value\":\"b\",\
                     \"created_at\":1}}}}\nnonsense"
                ),
                "line 3",
            ),
        ] {
            match store.import_everything(&mut bad.as_bytes()).await {
                Err(StoreError::Conflict(Constraint::Value(text))) => {
                    assert!(text.contains(line), "{text}");
                }
                other => panic!("{bad}: {other:?}"),
            }
            assert_eq!(store.setting("a").await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn a_backup_holds_what_is_committed_and_never_replaces_a_file() {
    let home = world::sqlite();
    let store = home.open().await;
    fill(&store).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let tx = store.begin().await.unwrap();
    tx.set_setting("half", "done").await.unwrap();
    store.backup(&path).await.unwrap();
    tx.commit().await.unwrap();
    let copy = Store::open(&StoreUrl::file(&path)).await.unwrap();
    assert_eq!(copy.setting("half").await.unwrap(), None);
    assert_eq!(copy.contents().await.unwrap(), store.contents().await.unwrap());
    copy.close().await.unwrap();
    let again = store.backup(&path).await;
    assert!(matches!(again, Err(StoreError::Unavailable(_))), "{again:?}");
    let nowhere = store.backup(&folder.path().join("no/such/copy.db")).await;
    assert!(nowhere.is_err());
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[tokio::test]
async fn an_erased_person_is_in_no_row_and_their_account_is_gone() {
    for home in world::homes() {
        let store = home.open().await;
        fill(&store).await;
        let hers = store.account_by_login("ada-ek").await.unwrap().unwrap().0.id;
        let addresses = ["ada@one.example", "a.ek@one.example"].map(address);
        let tx = store.begin().await.unwrap();
        let erased = tx.erase_addresses(&addresses, &[[1; 32]]).await.unwrap();
        tx.commit().await.unwrap();
        store.scrub().await.unwrap();
        assert!(erased.written > 0);
        let text = exported(&store).await;
        let [ada, other] = addresses;
        for trace in [
            "Ada Ek".to_owned(),
            "Ohm".to_owned(),
            "ada-ek".to_owned(),
            "\"ada\"".to_owned(),
            " ada ".to_owned(),
            "ada@one".to_owned(),
            "a.ek@one".to_owned(),
            "sails".to_owned(),
            ada.to_string(),
            ada.as_i64().to_string(),
            other.as_i64().to_string(),
            hers.to_string(),
        ] {
            assert!(!text.contains(&trace), "{trace} is still there");
        }
        // What concerns others stays; so does the room that she opened, for those who are in it.
        assert!(text.contains("Dry cellars") && text.contains("Beacon"));
        assert!(text.contains("keeps the books") && text.contains("kindly"));
        assert!(!text.contains("stakeholder_influence"));
        assert!(text.contains("knits") && text.contains("bo@two.example"));
        let owner = store.account_by_login("owner").await.unwrap().unwrap().0.id;
        let contacts = store.contacts_by(owner, None, 9).await.unwrap();
        assert_eq!(contacts.len(), 1, "the one with Bo");
        assert_eq!(contacts[0].people, [address("bo@two.example")]);
        assert_eq!(store.integrity_check().await.unwrap(), Vec::<String>::new());
        let Some(folder) = &home.folder else { continue };
        for file in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for trace in ["Ada Ek", "ada-ek", "a.ek@one", "sails"] {
                let found = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
                assert!(!found, "{trace} is still in a file");
            }
        }
    }
}

#[tokio::test]
async fn the_only_owner_cannot_be_erased() {
    for home in world::homes() {
        let store = home.open().await;
        let me = address("me@one.example");
        let tx = store.begin().await.unwrap();
        let new = NewAccount {
            login: "me".to_owned(),
            name: "Me".to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: Some(me),
        };
        tx.add_account(&new).await.unwrap();
        let refused = tx.erase_addresses(&[me], &[]).await;
        let rule = Constraint::LastOwner;
        assert!(matches!(refused, Err(StoreError::Conflict(found)) if found == rule));
    }
}

#[tokio::test]
async fn a_token_acts_for_its_account_until_it_expires_or_is_taken_back() {
    for home in world::homes() {
        let store = home.open().await;
        fill(&store).await;
        let owner = store.account_by_login("owner").await.unwrap().unwrap().0;
        let (token, account) = store.token(&"a".repeat(64), moment(8)).await.unwrap().unwrap();
        assert_eq!((account.id, token.scope, token.last_used), (owner.id, TokenScope::Write, None));
        assert!(store.token(&"a".repeat(64), moment(9)).await.unwrap().is_none(), "it ended");
        assert!(store.token(&"c".repeat(64), moment(8)).await.unwrap().is_none());

        let hers = store.account_by_login("ada-ek").await.unwrap().unwrap().0;
        let tx = store.begin().await.unwrap();
        let of_another = tx.remove_token(&"a".repeat(64), hers.id).await;
        assert!(matches!(of_another, Err(StoreError::NotFound { .. })), "{of_another:?}");
        tx.remove_token(&"a".repeat(64), owner.id).await.unwrap();
        tx.disable_account(hers.id).await.unwrap();
        tx.commit().await.unwrap();
        for hash in ["a", "b"] {
            assert!(store.token(&hash.repeat(64), moment(8)).await.unwrap().is_none());
        }
    }
}

#[tokio::test]
async fn an_answer_is_kept_for_its_account_alone_and_once() {
    for home in world::homes() {
        let store = home.open().await;
        fill(&store).await;
        let owner = store.account_by_login("owner").await.unwrap().unwrap().0.id;
        let hers = store.account_by_login("ada-ek").await.unwrap().unwrap().0.id;
        let tx = store.begin().await.unwrap();
        assert_eq!(tx.kept_answer(owner, "key-1").await.unwrap(), Some(answer()));
        assert_eq!(tx.kept_answer(owner, "key-2").await.unwrap(), None);
        tx.keep_answer(owner, "key-2", &answer()).await.unwrap();
        assert_eq!(tx.kept_answer(hers, "key-2").await.unwrap(), None);
        let twice = tx.keep_answer(owner, "key-1", &answer()).await;
        assert!(matches!(twice, Err(StoreError::Conflict(Constraint::Taken(_)))), "{twice:?}");
    }
}
