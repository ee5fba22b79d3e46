//! Conflict cases, on each kind of store: who is in one, its gates, numbers that stay with their side,
//! promises and the lesson that come of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::access::Role;
use tieline_model::conflict::{Gate, PointKind, Stage};
use tieline_model::id::{CaseId, PartnershipId, PartyId, PointId, SeatId};
use tieline_model::room::{Duty, Participant};
use tieline_store::{
    CaseWord, CommitmentsAsked, ConflictCase, Constraint, NewAccount, NewAction, NewCase,
    NewPartnership, OwnNumbers, Store, StoreError,
};
use world::{Home, address, done, is_gone, moment};

/// A room of three parties; Ada and Bo come by link for the first two, Cy for the third.
struct Table {
    store: Store,
    id: PartnershipId,
    parties: [PartyId; 3],
    seats: [SeatId; 3],
    convener: Participant,
    outside: Participant,
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let new = |login: &str| NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: None,
        };
        let account = done!(store, tx => tx.add_account(&new("own"))).unwrap();
        let outside = done!(store, tx => tx.add_account(&new("other"))).unwrap();
        let room = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: account,
        };
        let id = done!(store, tx => tx.add_partnership(&room)).unwrap();
        let by = Participant::Account(account);
        let who = ["ada@one.example", "bo@two.example", "cy@three.example"];
        let (mut parties, mut seats) = (Vec::new(), Vec::new());
        for (name, who) in ["Beacon", "Fenwick", "Council"].into_iter().zip(who) {
            let party = done!(store, tx => tx.add_party(id, (None, name), by)).unwrap();
            let at = (id, party);
            let seat = done!(store, tx => tx.give_seat(at, address(who), Duty::Member, by));
            parties.push(party);
            seats.push(seat.unwrap());
        }
        Self {
            store,
            id,
            parties: parties.try_into().unwrap(),
            seats: seats.try_into().unwrap(),
            convener: by,
            outside: Participant::Account(outside),
        }
    }

    fn guest(&self, n: usize) -> Participant {
        Participant::Guest(self.seats[n])
    }

    async fn raise(&self, n: usize) -> Result<CaseId, StoreError> {
        let new = NewCase {
            title: "Who pays for the boilers".to_owned(),
            about: String::new(),
            sides: self.parties[..2].iter().copied().collect(),
        };
        let (store, id, by) = (&self.store, self.id, self.guest(n));
        done!(store, tx => tx.raise_case(id, &new, by))
    }

    async fn read(&self, case: CaseId, n: usize) -> ConflictCase {
        self.store.case((self.id, case), self.guest(n)).await.unwrap()
    }

    /// Says something with the version that is there.
    async fn say(&self, case: CaseId, n: usize, word: CaseWord) -> Result<(), StoreError> {
        let known = self.read(case, n).await;
        let of = match &word {
            CaseWord::View { .. } | CaseWord::Understood(_) => Some(self.parties[n]),
            CaseWord::Restated { of, .. } => Some(*of),
            _ => None,
        };
        let version = of.map_or(known.version, |of| known.side(of).unwrap().version);
        let (store, at, by) = (&self.store, (self.id, case), self.guest(n));
        done!(store, tx => tx.say_in_case(at, &word, version, by)).map(drop)
    }

    async fn step(&self, case: CaseId, to: Stage) -> Result<(), StoreError> {
        let version = self.read(case, 0).await.version;
        let (store, at, by) = (&self.store, (self.id, case), self.guest(0));
        done!(store, tx => tx.step_case(at, (to, version), by))
    }

    async fn collect(&self, case: CaseId, n: usize, kind: PointKind, text: &str) {
        let topic = if kind == PointKind::Choice { "Lead" } else { "" };
        let (topic, text) = (topic.to_owned(), text.to_owned());
        self.say(case, n, CaseWord::Point { kind, topic, text }).await.unwrap();
    }

    async fn give(
        &self,
        case: CaseId,
        n: usize,
        kind: PointKind,
        worth: &[i64],
    ) -> Result<(), StoreError> {
        let known = self.read(case, n).await;
        let points = known.points.iter().filter(|point| point.kind == kind);
        let worth = points.map(|point| point.id).zip(worth.iter().copied()).collect();
        let given = OwnNumbers { worth, no_deal: 5 };
        let (store, at, by) = (&self.store, (self.id, case), self.guest(n));
        done!(store, tx => tx.give_numbers(at, (kind, &given), by))
    }
}

/// What is missing for a step.
fn shut(done: Result<(), StoreError>) -> Vec<Gate> {
    match done {
        Err(StoreError::Conflict(Constraint::Unsettled(gates))) => gates,
        other => panic!("{other:?}"),
    }
}

fn is_refused(done: &Result<(), StoreError>) -> bool {
    matches!(done, Err(StoreError::Conflict(Constraint::Value(_))))
}

/// Talks a case through until options are collected.
async fn to_options(table: &Table, case: CaseId) {
    assert_eq!(shut_steps(table, case).await, "only the next stage");
    table.step(case, Stage::Listening).await.unwrap();
    assert_eq!(shut(table.step(case, Stage::Interests).await), [Gate::Understood]);
    for (n, view) in ["We paid last year.", "We were not asked."].into_iter().enumerate() {
        let (view, position) = (view.to_owned(), "You pay.".to_owned());
        table.say(case, n, CaseWord::View { view, position }).await.unwrap();
    }
    for n in [0, 1] {
        let of = table.parties[1 - n];
        let text = "You feel left alone.".to_owned();
        table.say(case, n, CaseWord::Restated { of, text }).await.unwrap();
    }
    for n in [0, 1] {
        table.say(case, n, CaseWord::Understood(true)).await.unwrap();
    }
    table.step(case, Stage::Interests).await.unwrap();
    table.collect(case, 0, PointKind::Interest, "You pay").await;
    table.collect(case, 1, PointKind::Interest, "a say in what is bought").await;
    let missing = shut(table.step(case, Stage::Options).await);
    assert_eq!(missing, [Gate::Interests], "a demand is no interest");
    table.collect(case, 0, PointKind::Interest, "a budget that holds").await;
    table.step(case, Stage::Options).await.unwrap();
}

/// No stage but the next may be gone to.
async fn shut_steps(table: &Table, case: CaseId) -> &'static str {
    for to in [Stage::Interests, Stage::Options, Stage::Agreement, Stage::FollowUp, Stage::Closed] {
        assert!(is_refused(&table.step(case, to).await), "{to:?}");
    }
    "only the next stage"
}

#[tokio::test]
async fn a_case_goes_from_raised_to_closed_through_each_gate() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let case = table.raise(0).await.unwrap();
        to_options(&table, case).await;
        table.collect(case, 0, PointKind::Option, "Share the bill").await;
        assert_eq!(shut(table.step(case, Stage::Agreement).await), [Gate::Options]);
        table.collect(case, 1, PointKind::Option, "Lease them").await;
        table.step(case, Stage::Agreement).await.unwrap();
        table.say(case, 0, CaseWord::Agreement("We share.".to_owned())).await.unwrap();
        table.say(case, 1, CaseWord::Accepts(true)).await.unwrap();
        let (seat, due) = (table.seats[0], moment(90_000));
        let action = NewAction { seat, text: "Ask for an offer".to_owned(), due };
        table.say(case, 1, CaseWord::Action(action)).await.unwrap();
        assert!(!table.read(case, 0).await.sides[1].accepts, "changed: asked again");
        assert_eq!(shut(table.step(case, Stage::FollowUp).await), [Gate::Acceptance]);
        for n in [0, 1] {
            table.say(case, n, CaseWord::Accepts(true)).await.unwrap();
        }
        table.step(case, Stage::FollowUp).await.unwrap();
        let late = table.say(case, 0, CaseWord::Agreement("We do not.".to_owned())).await;
        assert!(is_refused(&late), "what was agreed stays");
        let all = CommitmentsAsked::default();
        let promised = table.store.commitments(table.id, &all, 9, table.convener).await.unwrap();
        assert_eq!(promised.len(), 1);
        assert_eq!(promised[0].new.to, Some(table.parties[1]));
        let named = table.say(case, 0, CaseWord::Learnt("Ask Fenwick first.".to_owned())).await;
        assert!(is_refused(&named), "kept without names");
        table.say(case, 0, CaseWord::Learnt("Ask before buying.".to_owned())).await.unwrap();
        for n in [0, 1] {
            table.say(case, n, CaseWord::Settled(true)).await.unwrap();
        }
        assert_eq!(shut(table.step(case, Stage::Closed).await), [Gate::ActionsDone]);
        let (store, at, by) = (&table.store, (table.id, promised[0].id), table.guest(0));
        done!(store, tx => tx.end_commitment(at, true, 1, by)).unwrap();
        table.step(case, Stage::Closed).await.unwrap();
        let lessons = table.store.lessons(table.id, 9, table.guest(2)).await.unwrap();
        assert_eq!(lessons, ["Ask before buying."]);
        table.step(case, Stage::Interests).await.unwrap();
        assert!(table.read(case, 0).await.sides.iter().all(|side| !side.accepts));
    }
}

#[tokio::test]
async fn a_case_exists_for_those_in_it_alone() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        is_gone(&table.raise(2).await);
        let case = table.raise(0).await.unwrap();
        let at = (table.id, case);
        for nobody in [table.guest(2), table.convener, table.outside] {
            is_gone(&table.store.case(at, nobody).await);
            let listed = table.store.cases(table.id, None, 9, nobody).await;
            assert!(listed.map_or(true, |cases| cases.is_empty()));
        }
        for n in [0, 1] {
            assert_eq!(
                table.store.cases(table.id, None, 9, table.guest(n)).await.unwrap().len(),
                1
            );
        }
        let one = address("cy@three.example");
        let side = table.say(case, 0, CaseWord::Mediator(Some(address("bo@two.example")))).await;
        assert!(is_refused(&side), "a side does not mediate");
        table.say(case, 0, CaseWord::Mediator(Some(one))).await.unwrap();
        table.say(case, 0, CaseWord::MediatorAccepted(true)).await.unwrap();
        is_gone(&table.store.case(at, table.guest(2)).await);
        table.say(case, 1, CaseWord::MediatorAccepted(true)).await.unwrap();
        let known = table.store.case(at, table.guest(2)).await.unwrap();
        assert!(known.reader.mediates && known.reader.side.is_none());
        assert_eq!(table.store.cases_mediated(table.guest(2), 9).await.unwrap().len(), 1);
        let (store, by) = (&table.store, table.guest(2));
        let word = CaseWord::Accepts(true);
        let spoken = done!(store, tx => tx.say_in_case(at, &word, known.version, by));
        assert!(spoken.is_err(), "a mediator speaks for no side");
    }
}

#[tokio::test]
async fn numbers_stay_with_their_side_and_what_comes_out_is_shared() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let case = table.raise(0).await.unwrap();
        to_options(&table, case).await;
        for item in ["house", "car"] {
            table.collect(case, 0, PointKind::Item, item).await;
        }
        for choice in ["ours", "yours", "both"] {
            table.collect(case, 0, PointKind::Choice, choice).await;
        }
        assert!(is_refused(&table.give(case, 0, PointKind::Item, &[60, 30]).await), "not 100");
        table.give(case, 0, PointKind::Item, &[60, 40]).await.unwrap();
        let at = (table.id, case);
        let theirs = table.store.worked_out(at, table.guest(1)).await.unwrap();
        assert_eq!((theirs.own[0].clone(), theirs.dividing.is_none()), (None, true));
        assert_eq!(theirs.given[0], [table.parties[0]]);
        table.give(case, 1, PointKind::Item, &[60, 40]).await.unwrap();
        table.give(case, 0, PointKind::Choice, &[40, 0, 25]).await.unwrap();
        table.give(case, 1, PointKind::Choice, &[0, 30, 20]).await.unwrap();
        let ours = table.store.worked_out(at, table.guest(0)).await.unwrap();
        let deals = ours.deals.unwrap();
        let both: Vec<PointId> =
            table.read(case, 0).await.points.iter().rev().take(1).map(|point| point.id).collect();
        assert_eq!(deals[0].choices, both, "the fair package gains for both");
        assert_eq!(deals[0].own, Some(20));
        let division = ours.dividing.unwrap().unwrap();
        assert_eq!(division.own.unwrap(), 50.into());
        assert!(is_refused(&table.give(case, 0, PointKind::Item, &[50, 50]).await), "sealed");
        let (store, by) = (&table.store, table.guest(1));
        done!(store, tx => tx.begin_numbers_anew(at, PointKind::Item, by)).unwrap();
        let anew = table.store.worked_out(at, table.guest(0)).await.unwrap();
        assert!(anew.dividing.is_none() && anew.deals.is_some() && anew.own[0].is_none());
        table.collect(case, 1, PointKind::Choice, "by turns").await;
        assert!(table.store.worked_out(at, by).await.unwrap().deals.is_none());
    }
}

#[tokio::test]
async fn of_two_who_write_the_same_one_is_told() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let case = table.raise(0).await.unwrap();
        let (store, at) = (&table.store, (table.id, case));
        let word = CaseWord::View { view: "A".to_owned(), position: String::new() };
        let mut told = Vec::new();
        for _ in 0..2 {
            let by = table.guest(0);
            told.push(done!(store, tx => tx.say_in_case(at, &word, 1, by)));
        }
        assert!(told[0].is_ok());
        assert!(matches!(told[1], Err(StoreError::Conflict(Constraint::Stale))));
        let sides: BTreeSet<PartyId> = [table.parties[0]].into();
        let alone = NewCase { title: "x".to_owned(), about: String::new(), sides };
        let by = table.guest(0);
        assert!(done!(store, tx => tx.raise_case(table.id, &alone, by)).is_err());
    }
}
