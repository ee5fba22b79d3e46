//! What parties share, on each kind of store: the register, bookings that never overlap too far, who
//! can help, and the ledger of give and take.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::sync::Arc;

use tieline_model::id::{BookingId, PartyId, ResourceId, SeatId};
use tieline_model::ledger::{self, Receipt};
use tieline_model::partnership::reservation::Interval;
use tieline_model::partnership::resource::{Direction, ResourceKind};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{
    Booked, Constraint, NewBooking, NewGift, NewResource, ResourcesAsked, StoreError,
};
use world::table::Table;
use world::{done, is_gone};

/// A moment that lies ahead of every clock of a test, in hours from there.
fn hour(n: i64) -> Moment {
    Moment::from_ms(9_000_000_000_000 + n * 3_600_000)
}

fn hours(from: i64, to: i64) -> Interval {
    Interval::new(hour(from), hour(to)).unwrap()
}

/// A time that began long ago and is not over.
fn since_long() -> Interval {
    Interval::new(Moment::from_ms(1), hour(0)).unwrap()
}

fn is_refused<T: std::fmt::Debug>(did: &Result<T, StoreError>) {
    assert!(matches!(did, Err(StoreError::Conflict(Constraint::Value(_)))), "{did:?}");
}

fn is_stale<T: std::fmt::Debug>(did: &Result<T, StoreError>) {
    assert!(matches!(did, Err(StoreError::Conflict(Constraint::Stale))), "{did:?}");
}

impl Table {
    fn thing(&self, title: &str, amount: Option<u64>) -> NewResource {
        NewResource {
            party: self.ours,
            direction: Direction::Offer,
            kind: ResourceKind::Equipment,
            title: title.to_owned(),
            amount,
            unit: "pieces".to_owned(),
            conditions: String::new(),
        }
    }

    async fn listed(&self, title: &str, amount: Option<u64>) -> ResourceId {
        let new = self.thing(title, amount);
        done!(self.store, tx => tx.list_resource(self.id, &new, self.ada)).unwrap()
    }

    async fn try_to_book(&self, thing: ResourceId, when: Interval, amount: u64) -> Booked {
        let new = NewBooking { when, amount, purpose: String::new() };
        done!(self.store, tx => tx.book((self.id, thing), &new, self.bo)).unwrap()
    }

    async fn booked(&self, thing: ResourceId, when: Interval, amount: u64) -> BookingId {
        match self.try_to_book(thing, when, amount).await {
            Booked::Done(booking) => booking,
            taken @ Booked::Taken { .. } => panic!("{taken:?}"),
        }
    }

    fn gift(&self, (giver, receiver): (PartyId, PartyId), amount: Option<u64>) -> NewGift {
        NewGift {
            giver,
            receiver,
            kind: ResourceKind::Time,
            text: "a survey".to_owned(),
            amount,
            unit: "hours".to_owned(),
            day: Moment::from_ms(0),
            booking: None,
        }
    }
}

#[tokio::test]
async fn a_party_lists_what_is_its_own_and_everyone_in_the_room_reads_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let new = table.thing("A van", Some(1));
        for other in [table.bo, table.convener] {
            is_gone(&done!(store, tx => tx.list_resource(id, &new, other)));
        }
        is_refused(&done!(store, tx => tx.list_resource(id, &table.thing(" ", None), table.ada)));
        let nothing = table.thing("A van", Some(0));
        is_refused(&done!(store, tx => tx.list_resource(id, &nothing, table.ada)));
        let van = table.listed("A van", Some(1)).await;
        let data = table.listed("Degree days", None).await;
        let titles = async |asked: ResourcesAsked, limit| {
            let found = store.resources(id, &asked, limit, table.bo).await.unwrap();
            found.into_iter().map(|one| one.new.title).collect::<Vec<_>>()
        };
        let all = ResourcesAsked::default();
        assert_eq!(titles(all, 9).await, ["A van", "Degree days"]);
        assert_eq!(titles(ResourcesAsked { after: Some(van), ..all }, 1).await, ["Degree days"]);
        let asks = ResourcesAsked { direction: Some(Direction::Ask), ..all };
        assert!(titles(asks, 9).await.is_empty());
        let rooms = ResourcesAsked { kind: Some(ResourceKind::Room), ..all };
        assert!(titles(rooms, 9).await.is_empty());

        let more = table.thing("Two vans", Some(2));
        is_gone(&done!(store, tx => tx.change_resource((id, van), &more, 1, table.bo)));
        done!(store, tx => tx.change_resource((id, van), &more, 1, table.ada)).unwrap();
        is_stale(&done!(store, tx => tx.change_resource((id, van), &new, 1, table.ada)));
        table.booked(van, hours(0, 2), 1).await;
        table.booked(van, hours(1, 3), 1).await;
        is_refused(&done!(store, tx => tx.change_resource((id, van), &new, 2, table.ada)));
        is_refused(&done!(store, tx => tx.remove_resource((id, van), true, table.ada)));
        is_gone(&done!(store, tx => tx.remove_resource((id, data), true, table.bo)));
        done!(store, tx => tx.remove_resource((id, data), true, table.ada)).unwrap();
        is_gone(&store.resource((id, data), table.bo).await);
        done!(store, tx => tx.remove_resource((id, data), false, table.ada)).unwrap();
        assert_eq!(titles(all, 9).await.len(), 2);
        let outside = Participant::Guest(SeatId(uuid::Uuid::nil()));
        is_gone(&store.resources(id, &all, 9, outside).await);
        is_gone(&store.bookings((id, van), hours(0, 9), 9, outside).await);
    }
}

#[tokio::test]
async fn never_more_is_booked_than_there_is_and_what_comes_back_is_free() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let laptops = table.listed("Laptops", Some(5)).await;
        let first = table.booked(laptops, hours(0, 4), 3).await;
        table.booked(laptops, hours(4, 8), 5).await;
        let Booked::Taken { conflicts, next } = table.try_to_book(laptops, hours(2, 5), 3).await
        else {
            panic!("three of two")
        };
        let free: Vec<_> = conflicts.iter().map(|one| (one.when, one.free)).collect();
        assert_eq!(free, [(hours(2, 4), 2), (hours(4, 5), 0)]);
        assert_eq!(next, Some(hours(8, 11)));
        let too_much = table.try_to_book(laptops, hours(9, 10), 6).await;
        assert!(matches!(too_much, Booked::Taken { next: None, .. }), "{too_much:?}");
        let new = NewBooking { when: hours(9, 10), amount: 0, purpose: String::new() };
        is_refused(&done!(store, tx => tx.book((id, laptops), &new, table.bo)));
        let over = Interval::new(Moment::from_ms(1), Moment::from_ms(2)).unwrap();
        let new = NewBooking { when: over, amount: 1, purpose: String::new() };
        is_refused(&done!(store, tx => tx.book((id, laptops), &new, table.bo)));
        let new = NewBooking { when: hours(9, 10), ..new };
        is_gone(&done!(store, tx => tx.book((id, laptops), &new, table.convener)));

        is_refused(&done!(store, tx => tx.return_booking((id, first), "", 1, table.bo)));
        is_gone(&done!(store, tx => tx.cancel_booking((id, first), 1, table.convener)));
        is_stale(&done!(store, tx => tx.cancel_booking((id, first), 2, table.bo)));
        done!(store, tx => tx.cancel_booking((id, first), 1, table.ada)).unwrap();
        let instead = table.booked(laptops, hours(2, 4), 4).await;
        let back = done!(store, tx => tx.reopen_booking((id, first), table.bo)).unwrap();
        assert!(matches!(back, Booked::Taken { .. }), "someone else has them by now");
        done!(store, tx => tx.cancel_booking((id, instead), 1, table.bo)).unwrap();
        let back = done!(store, tx => tx.reopen_booking((id, first), table.bo)).unwrap();
        assert_eq!(back, Booked::Done(first));

        let without_end = table.listed("Degree days", None).await;
        for _ in 0..2 {
            table.booked(without_end, hours(0, 4), 1).await;
        }
        let found = store.bookings((id, without_end), hours(3, 9), 9, table.ada).await.unwrap();
        assert_eq!(found.len(), 2, "it does not run out");
    }
}

#[tokio::test]
async fn what_came_back_is_thanked_for_and_proposed_to_whoever_gave_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let van = table.listed("A van", Some(1)).await;
        let booking = table.booked(van, since_long(), 1).await;
        let at = (id, booking);
        is_gone(&done!(store, tx => tx.thank(at, "it helped", 1, table.ada)));
        done!(store, tx => tx.return_booking(at, "scratched", 1, table.bo)).unwrap();
        is_stale(&done!(store, tx => tx.return_booking(at, "a dent", 1, table.ada)));
        done!(store, tx => tx.return_booking(at, "a dent", 2, table.ada)).unwrap();
        let known = store.booking(at, table.bo).await.unwrap();
        assert_eq!(known.returned.as_ref().map(|(_, condition)| &**condition), Some("a dent"));
        assert!(!known.is_late(hour(9)), "it came back before its end");
        done!(store, tx => tx.thank(at, "it helped", 3, table.bo)).unwrap();
        let thanks = store.thanks(id, 9, table.ada).await.unwrap();
        assert_eq!((thanks.len(), &*thanks[0].1), (1, "A van"));
        table.booked(van, hours(-9, -8), 1).await;

        assert!(store.gifts_proposed(id, 9, table.bo).await.unwrap().is_empty());
        assert!(store.gifts_proposed(id, 9, table.convener).await.unwrap().is_empty());
        let proposed = store.gifts_proposed(id, 9, table.ada).await.unwrap();
        assert_eq!(proposed.len(), 1);
        let new = &proposed[0].new;
        assert_eq!((new.giver, new.receiver, new.amount), (table.ours, table.theirs, Some(1)));
        let gift = done!(store, tx => tx.enter_gift(id, new, table.ada)).unwrap();
        assert!(store.gifts_proposed(id, 9, table.ada).await.unwrap().is_empty());
        let twice = done!(store, tx => tx.enter_gift(id, new, table.ada));
        assert!(matches!(twice, Err(StoreError::Conflict(Constraint::Taken(_)))), "{twice:?}");
        is_refused(&done!(store, tx => tx.reopen_booking(at, table.bo)));
        done!(store, tx => tx.remove_gift((id, gift), true, table.ada)).unwrap();
        assert_eq!(store.gifts_proposed(id, 9, table.ada).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_was_given_counts_once_the_receiver_confirms_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let (out, back) = ((table.ours, table.theirs), (table.theirs, table.ours));
        let new = table.gift(out, Some(30));
        for other in [table.bo, table.convener] {
            is_gone(&done!(store, tx => tx.enter_gift(id, &new, other)));
        }
        let to_self = table.gift((table.ours, table.ours), None);
        is_refused(&done!(store, tx => tx.enter_gift(id, &to_self, table.ada)));
        let given = done!(store, tx => tx.enter_gift(id, &new, table.ada)).unwrap();
        let new = table.gift(back, Some(20));
        let taken = done!(store, tx => tx.enter_gift(id, &new, table.bo)).unwrap();
        let confirmed = (Receipt::Confirmed, "");
        is_gone(&done!(store, tx => tx.answer_gift((id, given), confirmed, 1, table.ada)));
        let asked = (Receipt::Questioned, " ");
        is_refused(&done!(store, tx => tx.answer_gift((id, given), asked, 1, table.bo)));
        let asked = (Receipt::Questioned, "was it not 25?");
        done!(store, tx => tx.answer_gift((id, given), asked, 1, table.bo)).unwrap();
        is_stale(&done!(store, tx => tx.answer_gift((id, given), confirmed, 1, table.bo)));
        let flows = store.flows(id, table.convener).await.unwrap();
        assert_eq!((flows.len(), flows[0].parties()), (1, Vec::new()), "nothing counts yet");

        done!(store, tx => tx.answer_gift((id, given), confirmed, 2, table.bo)).unwrap();
        done!(store, tx => tx.answer_gift((id, taken), confirmed, 1, table.ada)).unwrap();
        let flows = store.flows(id, table.convener).await.unwrap();
        let found = ledger::of_party(&flows[0].entries, table.ours);
        assert_eq!((found.given, found.received), (30.0, 20.0));
        assert!((found.reciprocity().unwrap() - 0.8).abs() < 1e-12);
        is_refused(&done!(store, tx => tx.remove_gift((id, given), true, table.ada)));
        let texts = store.gifts(id, Some(taken), 9, table.bo).await.unwrap();
        assert_eq!(texts.iter().map(|one| one.id).collect::<Vec<_>>(), [given]);
    }
}

#[tokio::test]
async fn a_question_is_read_by_who_asked_and_who_is_asked_alone() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        is_gone(&done!(store, tx => tx.ask_help((id, table.seat), "who pays?", table.bo)));
        let tags = ["Heat pumps".to_owned()];
        done!(store, tx => tx.say_expertise(id, ("Grant law", &tags), 0, table.ada)).unwrap();
        is_stale(&done!(store, tx => tx.say_expertise(id, ("", &[]), 0, table.ada)));
        is_gone(&done!(store, tx => tx.say_expertise(id, ("x", &[]), 0, table.convener)));
        for (words, n) in [("", 1), ("heat", 1), ("pumps GRANT", 1), ("boats", 0)] {
            let found = store.experts(id, (words, None), 9, table.bo).await.unwrap();
            assert_eq!(found.len(), n, "{words}");
        }
        let asked =
            done!(store, tx => tx.ask_help((id, table.seat), "who pays?", table.bo)).unwrap();
        is_refused(&done!(store, tx => tx.ask_help((id, table.seat), "me?", table.ada)));
        is_gone(&done!(store, tx => tx.give_help((id, asked), "we do", 1, table.bo)));
        done!(store, tx => tx.give_help((id, asked), "we do", 1, table.ada)).unwrap();
        for one in [table.ada, table.bo] {
            assert_eq!(store.own_help(id, None, 9, one).await.unwrap().len(), 1);
            assert_eq!(store.help((id, asked), one).await.unwrap().answer.unwrap().0, "we do");
        }
        assert!(store.own_help(id, None, 9, table.convener).await.unwrap().is_empty());
        is_gone(&store.help((id, asked), table.convener).await);
        done!(store, tx => tx.say_expertise(id, ("", &[]), 1, table.ada)).unwrap();
        assert!(store.experts(id, ("", None), 9, table.bo).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn of_fifty_who_book_one_room_at_once_one_has_it_and_the_rest_learn_when() {
    for home in world::homes() {
        let table = Arc::new(Table::laid(&home).await);
        let room = table.listed("The hall", Some(1)).await;
        let tries = (0..50).map(|n| {
            let table = Arc::clone(&table);
            tokio::spawn(async move {
                let (store, at) = (&table.store, (table.id, room));
                let new = NewBooking { when: hours(0, 2), amount: 1, purpose: String::new() };
                let by = if n % 2 == 0 { table.ada } else { table.bo };
                loop {
                    let did = done!(store, tx => tx.book(at, &new, by));
                    if !matches!(did, Err(StoreError::Unavailable(_))) {
                        return did.unwrap();
                    }
                }
            })
        });
        let mut n_booked = 0;
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Booked::Done(_) => n_booked += 1,
                Booked::Taken { next, .. } => assert_eq!(next, Some(hours(2, 4))),
            }
        }
        assert_eq!(n_booked, 1);
        let at = (table.id, room);
        let found = table.store.bookings(at, hours(0, 9), 99, table.bo).await.unwrap();
        assert_eq!(found.len(), 1);
    }
}
