//! A conflict case with something in each of its tables.

use std::collections::BTreeMap;

use tieline_model::conflict::{PointKind, Stage};
use tieline_model::id::{CaseId, PartnershipId, PartyId};
use tieline_model::room::Participant;
use tieline_store::{
    CaseWord, CommitmentsAsked, ConflictCase, NewAction, NewCase, OwnNumbers, Store,
};

use crate::world::{address, moment};

/// A case between two people who speak for their parties.
struct Quarrel<'a> {
    store: &'a Store,
    at: (PartnershipId, CaseId),
    sides: [PartyId; 2],
    by: [Participant; 2],
}

impl Quarrel<'_> {
    async fn read(&self) -> ConflictCase {
        self.store.case(self.at, self.by[0]).await.unwrap()
    }

    /// Says something for one of the two, of the version that is there.
    async fn say(&self, n: usize, word: CaseWord) {
        let known = self.read().await;
        let of = match &word {
            CaseWord::View { .. } | CaseWord::Understood(_) => Some(self.sides[n]),
            CaseWord::Restated { of, .. } => Some(*of),
            _ => None,
        };
        let version = of.map_or(known.version, |of| known.side(of).unwrap().version);
        let tx = self.store.begin_in_room(self.by[n]).await.unwrap();
        tx.say_in_case(self.at, &word, version, self.by[n]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn collect(&self, n: usize, kind: PointKind, text: &str) {
        let (topic, text) = (String::new(), text.to_owned());
        self.say(n, CaseWord::Point { kind, topic, text }).await;
    }

    async fn step(&self, to: Stage) {
        let version = self.read().await.version;
        let tx = self.store.begin_in_room(self.by[0]).await.unwrap();
        tx.step_case(self.at, (to, version), self.by[0]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Raises a case and takes it to its end.
pub(crate) async fn quarrel(store: &Store, id: PartnershipId, by: [Participant; 2]) {
    let room = store.room(id, by[0]).await.unwrap();
    let sides = [room.parties[0].0.id, room.parties[1].0.id];
    let new = NewCase {
        title: "Who pays".to_owned(),
        about: String::new(),
        sides: sides.into_iter().collect(),
    };
    let tx = store.begin_in_room(by[1]).await.unwrap();
    let case = tx.raise_case(id, &new, by[1]).await.unwrap();
    tx.commit().await.unwrap();
    let quarrel = Quarrel { store, at: (id, case), sides, by };
    quarrel.say(0, CaseWord::Mediator(Some(address("cy@three.example")))).await;
    quarrel.step(Stage::Listening).await;
    for n in [0, 1] {
        let (view, position) = ("We paid.".to_owned(), "You pay.".to_owned());
        quarrel.say(n, CaseWord::View { view, position }).await;
    }
    for n in [0, 1] {
        let of = sides[1 - n];
        quarrel.say(n, CaseWord::Restated { of, text: "You paid.".to_owned() }).await;
    }
    for n in [0, 1] {
        quarrel.say(n, CaseWord::Understood(true)).await;
    }
    quarrel.step(Stage::Interests).await;
    for n in [0, 1] {
        quarrel.collect(n, PointKind::Interest, "a budget that holds").await;
    }
    quarrel.step(Stage::Options).await;
    for option in ["share", "lease"] {
        quarrel.collect(0, PointKind::Option, option).await;
    }
    quarrel.collect(1, PointKind::Item, "the boiler").await;
    let item = quarrel.read().await.points.last().unwrap().id;
    let worth = OwnNumbers { worth: BTreeMap::from([(item, 100)]), no_deal: 0 };
    let tx = store.begin_in_room(by[0]).await.unwrap();
    tx.give_numbers((id, case), (PointKind::Item, &worth), by[0]).await.unwrap();
    tx.commit().await.unwrap();
    quarrel.step(Stage::Agreement).await;
    settle(&quarrel, room.standing.seat.unwrap().id).await;
}

/// Agrees, promises, keeps and closes.
async fn settle(quarrel: &Quarrel<'_>, seat: tieline_model::id::SeatId) {
    let (store, id, by) = (quarrel.store, quarrel.at.0, quarrel.by);
    let (text, due) = ("Pay half of it".to_owned(), moment(9));
    quarrel.say(0, CaseWord::Action(NewAction { seat, text, due })).await;
    for n in [0, 1] {
        quarrel.say(n, CaseWord::Accepts(true)).await;
    }
    quarrel.step(Stage::FollowUp).await;
    let all = store.commitments(id, &CommitmentsAsked::default(), 99, by[0]).await.unwrap();
    let promised = all.into_iter().find(|one| one.new.text == "Pay half of it").unwrap();
    let tx = store.begin_in_room(by[0]).await.unwrap();
    tx.end_commitment((id, promised.id), true, promised.version, by[0]).await.unwrap();
    tx.commit().await.unwrap();
    quarrel.say(1, CaseWord::Learnt("Ask before buying.".to_owned())).await;
    for n in [0, 1] {
        quarrel.say(n, CaseWord::Settled(true)).await;
    }
    quarrel.step(Stage::Closed).await;
}
