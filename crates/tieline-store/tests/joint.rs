//! Joint decisions, on each kind of store: from the question to the review, ballots of all kinds of
//! secrecy, delegates and votes passed on, fifty voters at once, and what copies of a store hold.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::decision::ballot::{Consent, ObjectionState, Vote};
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::decision::tie_break::{Hash32, Nonce, TieBreak};
use tieline_model::decision::{
    Ballot, BallotError, DecisionRules, Delegating, MethodKind, Options, Secrecy, Stance, Verdict,
    VoterUnit,
};
use tieline_model::id::{AccountId, DecisionId, OptionId, PartnershipId, PartyId, VoterId};
use tieline_model::room::{Duty, Participant};
use tieline_model::time::Moment;
use tieline_store::{
    Constraint, DecisionDraft, DecisionQuery, JointStep, NewAccount, NewBallot, NewPartnership,
    NewPerson, Store, StoreError, Taken, WrittenOutcome,
};
use world::{Home, address, conflict, done, is_gone};

/// A room of two parties: Ada leads one, Bo sits at the other, Cy is outside.
struct Table {
    store: Store,
    id: PartnershipId,
    ours: PartyId,
    by: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
    owner: AccountId,
}

async fn account(store: &Store, login: &str, role: Role, of: Option<&str>) -> AccountId {
    let new = NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        password_hash: None,
        actor: of.map(address),
    };
    done!(store, tx => tx.add_account(&new)).unwrap()
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let owner = account(&store, "own", Role::Owner, None).await;
        let ada = account(&store, "ada", Role::Member, Some("a.ek@one.example")).await;
        let bo = account(&store, "bo", Role::Member, Some("bo@two.example")).await;
        let cy = account(&store, "cy", Role::Member, Some("cy@three.example")).await;
        let by = Participant::Account(owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: owner,
        };
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let ours = done!(store, tx => tx.add_party(id, (None, "Nursing"), by)).unwrap();
        let theirs = done!(store, tx => tx.add_party(id, (None, "Beacon"), by)).unwrap();
        let (a, b) = (address("ada@one.example"), address("bo@two.example"));
        done!(store, tx => tx.give_seat((id, ours), a, Duty::Lead, by)).unwrap();
        done!(store, tx => tx.give_seat((id, theirs), b, Duty::Member, by)).unwrap();
        let [ada, bo, cy] = [ada, bo, cy].map(Participant::Account);
        Self { store, id, ours, by, ada, bo, cy, owner }
    }

    /// A question that is talked about and proposed.
    async fn proposed(&self, rules: DecisionRules) -> DecisionId {
        let (store, id) = (&self.store, self.id);
        let draft = draft(rules);
        let one = done!(store, tx => tx.ask_joint_decision(id, &draft, self.ada)).unwrap();
        for (by, stance) in [(self.ada, Stance::Supports), (self.bo, Stance::Concern)] {
            let said = (stance, "as I see it");
            done!(store, tx => tx.speak_to((id, one), said, by)).unwrap();
        }
        self.step(one, Stage::Propose).await.unwrap();
        one
    }

    async fn open(&self, rules: DecisionRules) -> DecisionId {
        let one = self.proposed(rules).await;
        self.step(one, Stage::Decide).await.unwrap();
        one
    }

    async fn step(&self, one: DecisionId, to: Stage) -> Result<(), StoreError> {
        let version = self.version(one).await;
        let step = JointStep { to, version, delegates: Vec::new(), nonce: Nonce([7; 32]) };
        done!(self.store, tx => tx.step_joint_decision((self.id, one), &step, self.ada))
    }

    async fn version(&self, one: DecisionId) -> i64 {
        self.store.joint_decision((self.id, one), self.by).await.unwrap().0.version
    }

    async fn options(&self, one: DecisionId) -> Vec<OptionId> {
        let (_, options) = self.store.joint_decision((self.id, one), self.by).await.unwrap();
        options.into_iter().map(|option| option.id).collect()
    }

    /// The vote that someone casts.
    async fn vote_of(&self, one: DecisionId, by: Participant) -> VoterId {
        let seat = self.store.room(self.id, by).await.unwrap().standing.seat.unwrap().id;
        let voters = self.store.joint_voters((self.id, one), by).await.unwrap();
        voters.iter().find(|voter| voter.is_cast_by(seat)).unwrap().id
    }

    async fn cast(
        &self,
        one: DecisionId,
        ballot: &Ballot,
        by: Participant,
    ) -> Result<Taken, StoreError> {
        self.cast_with(one, ballot, (None, "fresh", [1; 16]), by).await
    }

    async fn cast_with(
        &self,
        one: DecisionId,
        ballot: &Ballot,
        (token, fresh, random): (Option<&str>, &str, [u8; 16]),
        by: Participant,
    ) -> Result<Taken, StoreError> {
        let voter = self.vote_of(one, by).await;
        let new = NewBallot { voter, ballot, token, random, fresh };
        done!(self.store, tx => tx.cast_ballot((self.id, one), &new, by))
    }

    async fn close(&self, one: DecisionId, early: bool) -> Result<Verdict, StoreError> {
        done!(self.store, tx => tx.close_poll((self.id, one), early, self.ada))
    }
}

fn soon() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment::from_ms(since.as_millis() as i64).plus_days(1.0)
}

fn draft(rules: DecisionRules) -> DecisionDraft {
    let option = |text: &str| (text.to_owned(), String::new());
    DecisionDraft {
        question: " Where  should it go? ".to_owned(),
        why: String::new(),
        proposal: "Open a second hub.".to_owned(),
        options: vec![option("Tannery"), option("Depot"), option("College")],
        rules,
        discuss_until: None,
        closes_at: Some(soon()),
    }
}

fn rules(kind: MethodKind) -> DecisionRules {
    DecisionRules::of(kind)
}

#[tokio::test]
async fn a_question_goes_from_talk_to_review_through_every_gate() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let given = draft(rules(MethodKind::Ranked));
        is_gone(&done!(store, tx => tx.ask_joint_decision(id, &given, table.cy)));
        let one = done!(store, tx => tx.ask_joint_decision(id, &given, table.bo)).unwrap();
        let at = (id, one);
        is_gone(&store.joint_decision(at, table.cy).await);
        let (known, options) = store.joint_decision(at, table.ada).await.unwrap();
        assert_eq!((&*known.question, options.len()), ("Where should it go?", 3));
        let early = table.step(one, Stage::Propose).await;
        assert_eq!(conflict(early), Constraint::Undecided(vec![Gate::Discussion]));
        let said = (Stance::Supports, "yes");
        let mine = done!(store, tx => tx.speak_to(at, said, table.ada)).unwrap();
        done!(store, tx => tx.speak_to(at, said, table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.unsay((id, mine), true, table.bo)));
        done!(store, tx => tx.unsay((id, mine), true, table.ada)).unwrap();
        assert_eq!(store.statements(at, (None, 9), table.bo).await.unwrap().len(), 1);
        done!(store, tx => tx.unsay((id, mine), false, table.ada)).unwrap();

        let changed = DecisionDraft { question: "Where to?".to_owned(), ..given.clone() };
        done!(store, tx => tx.change_joint_decision(at, &changed, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.change_joint_decision(at, &given, 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        assert_eq!(table.options(one).await, options.iter().map(|o| o.id).collect::<Vec<_>>());
        table.step(one, Stage::Propose).await.unwrap();
        table.step(one, Stage::Decide).await.unwrap();
        let fixed = done!(store, tx => tx.change_joint_decision(at, &given, 4, table.ada));
        assert_eq!(conflict(fixed), Constraint::Stale, "once ballots are taken nothing changes");
        assert_eq!(
            conflict(table.close(one, false).await),
            Constraint::Undecided(vec![Gate::PollClosed])
        );
        let waiting = store.decisions_waiting(table.bo, soon().plus_days(-1.0), 9).await.unwrap();
        assert!(waiting.len() == 1 && !waiting[0].is_review);
        let reminded = done!(store, tx => tx.remind_voters(at, table.ada)).unwrap();
        assert_eq!(reminded.len(), 2);
        let twice = done!(store, tx => tx.remind_voters(at, table.ada));
        assert_eq!(conflict(twice), Constraint::PollClosed);

        let ids = table.options(one).await;
        let ranking = Ballot::Ranked(vec![vec![ids[1]], vec![ids[0], ids[2]]]);
        for by in [table.ada, table.bo] {
            assert_eq!(table.cast(one, &ranking, by).await.unwrap(), Taken::Named);
        }
        assert_eq!(conflict(table.cast(one, &ranking, table.bo).await), Constraint::PollClosed);
        assert_eq!(
            done!(store, tx => tx.close_poll(at, false, table.bo)).unwrap(),
            Verdict::Chosen
        );
        assert_eq!(conflict(table.close(one, true).await), Constraint::PollClosed, "once");

        let count = store.counts(at, table.bo).await.unwrap().pop().unwrap();
        let ballots = count.ballots.clone().unwrap();
        let nonce = Nonce(count.nonce.parse::<Hash32>().unwrap().0);
        let list = Options::new(ids.clone()).unwrap();
        let proof = TieBreak::made(&one.to_string(), nonce, &ballots, &list);
        assert_eq!(proof.commitment.to_string(), count.commitment);
        assert_eq!((proof.root.to_string(), ballots.len()), (count.root, 2));
        assert!(count.tally.contains("\"condorcet\":1"), "{}", count.tally);

        let missing = table.step(one, Stage::Review).await;
        let Constraint::Undecided(gates) = conflict(missing) else { panic!("gates") };
        assert_eq!(gates.len(), 6);
        let unit = tieline_model::id::UnitId::derived(&[b"Nursing"]);
        let aim = done!(store, tx => tx.add_aim(unit, "Shorter stays", table.owner)).unwrap();
        let seat = store.room(id, table.bo).await.unwrap().standing.seat.unwrap().id;
        let outcome = WrittenOutcome {
            statement: "The hub goes to the depot.".to_owned(),
            aim: Some(aim),
            owner: Some(seat),
            first_step: "Sign the lease".to_owned(),
            review_on: Some(soon()),
        };
        let version = table.version(one).await;
        let strange = done!(store, tx =>
            tx.write_outcome(at, (&outcome, &[seat]), version, table.ada));
        assert!(matches!(conflict(strange), Constraint::Value(_)), "an aim of others");
        done!(store, tx => tx.serve_aim(id, aim, table.by)).unwrap();
        done!(store, tx => tx.write_outcome(at, (&outcome, &[seat]), version, table.ada)).unwrap();
        let late = done!(store, tx => tx.write_outcome(at, (&outcome, &[]), version, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        table.step(one, Stage::Review).await.unwrap();
        assert!(
            store.decisions_waiting(table.bo, soon().plus_days(-1.0), 9).await.unwrap().is_empty()
        );
        let due = store.decisions_waiting(table.bo, soon().plus_days(1.0), 9).await.unwrap();
        assert!(due.len() == 1 && due[0].is_review, "it fires for whoever is bound");
        let other = store.decisions_waiting(table.ada, soon().plus_days(1.0), 9).await.unwrap();
        assert!(other.is_empty());
        let log = DecisionQuery {
            is_log: true,
            text: Some("DEPOT hub".to_owned()),
            before: None,
            limit: 9,
        };
        assert_eq!(store.joint_decisions(id, &log, table.bo).await.unwrap().len(), 1);
        let none = DecisionQuery { text: Some("100%".to_owned()), ..log };
        assert!(store.joint_decisions(id, &none, table.bo).await.unwrap().is_empty());
        let version = table.version(one).await;
        let blank =
            done!(store, tx => tx.review_decision(at, (" ", Stage::Settled), version, table.ada));
        assert_eq!(conflict(blank), Constraint::Undecided(vec![Gate::ReviewNote]));
        done!(store, tx => tx.review_decision(at, ("it works", Stage::Settled), version, table.ada))
            .unwrap();
        assert_eq!(store.joint_decision(at, table.bo).await.unwrap().0.stage, Stage::Settled);
    }
}

#[tokio::test]
async fn an_objection_is_met_and_a_poll_without_decision_goes_back_to_talk() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let one = table
            .open(DecisionRules { secrecy: Secrecy::Open, ..rules(MethodKind::Consent) })
            .await;
        let (at, state) = ((id, one), ObjectionState::Raised);
        let blank = Ballot::Consent(Consent::Objection { reason: " ".to_owned(), state });
        let refused = table.cast(one, &blank, table.bo).await;
        assert_eq!(conflict(refused), Constraint::Ballot(BallotError::NoReason));
        let reason = "lorries at school time".to_owned();
        let objection = Ballot::Consent(Consent::Objection { reason, state });
        table.cast(one, &objection, table.bo).await.unwrap();
        let seen = store.seen_ballots(at, table.ada).await.unwrap();
        let (ballot, gone) = (seen[0].id, ObjectionState::Withdrawn);
        is_gone(&done!(store, tx => tx.answer_objection((id, one, ballot), gone, table.ada)));
        let met = ObjectionState::Integrated;
        is_gone(&done!(store, tx => tx.answer_objection((id, one, ballot), met, table.bo)));
        done!(store, tx => tx.answer_objection((id, one, ballot), met, table.ada)).unwrap();
        is_gone(&done!(store, tx => tx.answer_objection((id, one, ballot), gone, table.bo)));
        is_gone(&done!(store, tx => tx.close_poll(at, true, table.bo)));
        assert_eq!(table.close(one, true).await.unwrap(), Verdict::Passed);

        let one = table.open(rules(MethodKind::Majority)).await;
        table.cast(one, &Ballot::Majority(Vote::No), table.ada).await.unwrap();
        assert!(store.seen_ballots((id, one), table.bo).await.unwrap().is_empty(), "hidden");
        assert_eq!(store.seen_ballots((id, one), table.ada).await.unwrap().len(), 1, "one's own");
        assert_eq!(table.close(one, true).await.unwrap(), Verdict::Rejected);
        assert_eq!(store.seen_ballots((id, one), table.bo).await.unwrap().len(), 1);
        assert!(table.step(one, Stage::Outcome).await.is_err());
        table.step(one, Stage::Discuss).await.unwrap();
        let counts = store.counts((id, one), table.bo).await.unwrap();
        assert!(counts.len() == 1 && counts[0].early, "what was counted stays");
        assert!(store.joint_voters((id, one), table.bo).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn parties_vote_through_a_delegate_or_a_stand_in_and_votes_are_passed_on() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let cy = address("cy@three.example");
        let cys =
            done!(store, tx => tx.give_seat((id, table.ours), cy, Duty::Member, table.by)).unwrap();
        let by_party =
            DecisionRules { voter_unit: VoterUnit::Party, ..rules(MethodKind::Majority) };
        let one = table.proposed(by_party).await;
        let adas = store.room(id, table.ada).await.unwrap().standing.seat.unwrap().id;
        let step = JointStep {
            to: Stage::Decide,
            version: table.version(one).await,
            delegates: vec![(table.ours, adas, Some(cys))],
            nonce: Nonce([7; 32]),
        };
        done!(store, tx => tx.step_joint_decision((id, one), &step, table.ada)).unwrap();
        let voters = store.joint_voters((id, one), table.bo).await.unwrap();
        assert_eq!(voters.len(), 2);
        table.cast(one, &Ballot::Majority(Vote::No), table.cy).await.unwrap();
        table.cast(one, &Ballot::Majority(Vote::Yes), table.ada).await.unwrap();
        let late = table.cast(one, &Ballot::Majority(Vote::No), table.cy).await;
        assert_eq!(conflict(late), Constraint::Ballot(BallotError::DelegateVoted));
        table.cast(one, &Ballot::Majority(Vote::Yes), table.bo).await.unwrap();
        assert_eq!(table.close(one, false).await.unwrap(), Verdict::Passed);
        let count = store.counts((id, one), table.cy).await.unwrap().pop().unwrap();
        assert!(count.tally.contains("\"yes\":2"), "{}", count.tally);

        let passing = Delegating::Yes { max_chain: None };
        let one =
            table.open(DecisionRules { delegating: passing, ..rules(MethodKind::Majority) }).await;
        let from = table.vote_of(one, table.cy).await;
        let to = table.vote_of(one, table.ada).await;
        is_gone(&done!(store, tx => tx.pass_vote((id, one), (from, Some(to)), table.bo)));
        is_gone(&done!(store, tx => tx.pass_vote((id, one), (from, Some(from)), table.cy)));
        done!(store, tx => tx.pass_vote((id, one), (from, Some(to)), table.cy)).unwrap();
        table.cast(one, &Ballot::Majority(Vote::Yes), table.ada).await.unwrap();
        table.cast(one, &Ballot::Majority(Vote::No), table.bo).await.unwrap();
        assert_eq!(table.close(one, false).await.unwrap(), Verdict::Passed);
        let count = store.counts((id, one), table.cy).await.unwrap().pop().unwrap();
        assert!(count.ballots.unwrap().iter().any(|ballot| ballot.contains("\"weight\":2")));
    }
}

#[tokio::test]
async fn an_anonymous_ballot_belongs_to_its_token_and_leaves_no_trace_of_its_voter() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let sealed = DecisionRules { secrecy: Secrecy::Anonymous, ..rules(MethodKind::Approval) };
        let one = table.open(sealed).await;
        let ids = table.options(one).await;
        let (first, then) = (Ballot::Approval(vec![ids[0]]), Ballot::Approval(vec![ids[1]]));
        let events = store.history(99).await.unwrap().len();
        let token = ["a".repeat(64), "b".repeat(64)];
        let cast = table.cast_with(one, &first, (None, &token[0], [9; 16]), table.ada).await;
        assert_eq!(cast.unwrap(), Taken::Sealed);
        for wrong in [None, Some(&*token[1])] {
            let again = table.cast_with(one, &then, (wrong, "x", [3; 16]), table.ada).await;
            assert_eq!(conflict(again), Constraint::Cast);
        }
        let own = Some(&*token[0]);
        let changed = table.cast_with(one, &then, (own, "x", [3; 16]), table.ada).await;
        assert_eq!(changed.unwrap(), Taken::Changed);
        assert_eq!(store.history(99).await.unwrap().len(), events, "no event tells of it");
        for by in [table.ada, table.bo] {
            assert!(store.seen_ballots((id, one), by).await.unwrap().is_empty());
        }
        let rows = &store.contents().await.unwrap()["decision_ballot"];
        assert_eq!(rows.len(), 1);
        let seat = store.room(id, table.ada).await.unwrap().standing.seat.unwrap().id;
        let vote = table.vote_of(one, table.ada).await;
        assert!(!rows[0].contains(&seat.to_string()) && !rows[0].contains(&vote.to_string()));
        assert!(rows[0].contains("-4909-"), "a random id, version 4: {}", rows[0]);

        // A copy has no ballots, so that the poll begins anew there.
        let mut out = Vec::new();
        store.export(&mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("\"table\":\"decision_ballot\"") && !text.contains(&token[0]));
        assert!(!text.contains("\"cast_as\":\"holder\""));

        table.cast_with(one, &then, (None, &token[1], [5; 16]), table.bo).await.unwrap();
        assert_eq!(table.close(one, false).await.unwrap(), Verdict::Chosen);
        assert!(store.contents().await.unwrap()["decision_ballot"].is_empty(), "nor a token");
        let count = store.counts((id, one), table.bo).await.unwrap().pop().unwrap();
        assert_eq!(count.ballots.map(|all| all.len()), Some(2));
        let mut out = Vec::new();
        store.export(&mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\"ballots\":null") && !text.contains("\\\"approval\\\""));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_vote_at_once_each_is_counted_once() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let mut seats = Vec::new();
        for n in 0..50 {
            let mail = Address::email(&format!("p{n}@many.example")).unwrap();
            let new = NewPerson {
                address: Some(mail),
                name: format!("Person {n}"),
                kind: tieline_store::ActorKind::Person,
                by: table.owner,
            };
            let who = done!(store, tx => tx.add_person(&new)).unwrap();
            let given =
                done!(store, tx => tx.give_seat((id, table.ours), who, Duty::Member, table.by));
            seats.push(given.unwrap());
        }
        for secrecy in [Secrecy::OpenAtClose, Secrecy::Anonymous] {
            let one = table.open(DecisionRules { secrecy, ..rules(MethodKind::Majority) }).await;
            let voters = store.joint_voters((id, one), table.by).await.unwrap();
            let tries: Vec<_> = seats
                .iter()
                .enumerate()
                .map(|(n, seat)| {
                    let (store, by) = (store.clone(), Participant::Guest(*seat));
                    let voter = voters.iter().find(|one| one.is_cast_by(*seat)).unwrap().id;
                    let vote = if n % 2 == 0 { Vote::Yes } else { Vote::No };
                    tokio::spawn(async move {
                        let ballot = Ballot::Majority(vote);
                        let fresh = format!("{n:064}");
                        let random = [u8::try_from(n).unwrap(); 16];
                        let token = None;
                        let new =
                            NewBallot { voter, ballot: &ballot, token, random, fresh: &fresh };
                        // Each sends it twice: the second is a change, or refused without the token.
                        for _ in 0..2 {
                            let tx = store.begin().await.unwrap();
                            match tx.cast_ballot((id, one), &new, by).await {
                                Ok(_) => tx.commit().await.unwrap(),
                                Err(StoreError::Conflict(Constraint::Cast)) => {
                                    tx.rollback().await.unwrap();
                                }
                                Err(other) => panic!("{other:?}"),
                            }
                        }
                    })
                })
                .collect();
            for one in tries {
                one.await.unwrap();
            }
            let voters = store.joint_voters((id, one), table.by).await.unwrap();
            assert_eq!(voters.iter().filter(|one| one.cast.is_some()).count(), 50);
            let closers: Vec<_> = (0..4)
                .map(|_| {
                    let (store, by) = (store.clone(), table.by);
                    tokio::spawn(async move {
                        let tx = store.begin().await.unwrap();
                        match tx.close_poll((id, one), true, by).await {
                            Ok(_) => tx.commit().await.map(|()| 1).unwrap(),
                            Err(_) => tx.rollback().await.map(|()| 0).unwrap(),
                        }
                    })
                })
                .collect();
            let mut counted = 0;
            for one in closers {
                counted += one.await.unwrap();
            }
            assert_eq!(counted, 1, "it is counted once");
            let count = store.counts((id, one), table.by).await.unwrap().pop().unwrap();
            assert!(count.tally.contains("\"yes\":25") && count.tally.contains("\"no\":25"));
            let ballots: BTreeSet<String> = count.ballots.unwrap().into_iter().collect();
            assert_eq!(ballots.len(), 2);
        }
    }
}
