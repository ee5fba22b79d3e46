//! Commitments of a partnership, on each kind of store: who promises, what becomes of it, who agrees to
//! another date, and what becomes of many at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::sync::Arc;

use tieline_model::commitment::{CommitmentState, Ending, Source};
use tieline_model::id::{CommitmentId, SeatId};
use tieline_model::room::{Duty, Participant};
use tieline_store::{CommitmentsAsked, Constraint, NewCommitment, StoreError};
use world::table::Table;
use world::{address, done, is_gone, moment};

/// A moment that lies ahead of every clock of a test.
const AHEAD: i64 = 90_000;

impl Table {
    fn boiler(&self, text: &str, due: Option<i64>) -> NewCommitment {
        NewCommitment {
            party: self.ours,
            to: Some(self.theirs),
            seat: Some(self.seat),
            text: text.to_owned(),
            source: Source::Meeting,
            due: due.map(moment),
        }
    }

    async fn promise(&self, text: &str, due: Option<i64>) -> CommitmentId {
        let new = self.boiler(text, due);
        done!(self.store, tx => tx.add_commitment(self.id, &new, self.ada)).unwrap()
    }

    async fn texts(&self, asked: CommitmentsAsked, limit: u64) -> Vec<String> {
        let found = self.store.commitments(self.id, &asked, limit, self.bo).await.unwrap();
        found.into_iter().map(|one| one.new.text).collect()
    }
}

#[tokio::test]
async fn a_party_promises_for_itself_and_everyone_in_the_room_reads_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let new = table.boiler("a boiler", None);
        for other in [table.bo, table.convener] {
            is_gone(&done!(store, tx => tx.add_commitment(id, &new, other)));
        }
        let to_self = NewCommitment { to: Some(table.ours), ..new.clone() };
        assert!(done!(store, tx => tx.add_commitment(id, &to_self, table.ada)).is_err());
        let nothing = NewCommitment { text: " ".to_owned(), ..new.clone() };
        assert!(done!(store, tx => tx.add_commitment(id, &nothing, table.ada)).is_err());
        let undated = table.promise("a boiler", None).await;
        let later = table.promise("a survey", Some(AHEAD + 1)).await;
        table.promise("a crew", Some(AHEAD)).await;
        let open = CommitmentsAsked::default();
        assert_eq!(table.texts(open, 9).await, ["a crew", "a survey", "a boiler"]);
        assert_eq!(table.texts(open, 2).await, ["a crew", "a survey"]);
        let rest = CommitmentsAsked { after: Some(later), ..open };
        assert_eq!(table.texts(rest, 9).await, ["a boiler"]);
        for asked in [
            CommitmentsAsked { party: Some(table.theirs), ..open },
            CommitmentsAsked { seat: Some(table.seat), ..open },
        ] {
            assert_eq!(table.texts(asked, 9).await.len(), 3, "both directions; by person");
        }
        let found = store.commitment((id, undated), table.bo).await.unwrap();
        is_gone(&done!(store, tx => tx.end_commitment((id, undated), true, 1, table.bo)));
        done!(store, tx => tx.end_commitment((id, undated), true, found.version, table.ada))
            .unwrap();
        let late = done!(store, tx => tx.end_commitment((id, undated), false, 1, table.ada));
        assert!(matches!(late, Err(StoreError::Conflict(Constraint::Stale))));
        let ended = CommitmentsAsked { ended: true, ..open };
        assert_eq!(table.texts(ended, 9).await, ["a boiler"]);
        done!(store, tx => tx.reopen_commitment((id, undated), table.ada)).unwrap();
        assert_eq!(table.texts(open, 9).await.len(), 3);
        let outside = Participant::Guest(SeatId(uuid::Uuid::nil()));
        is_gone(&store.commitments(id, &open, 9, outside).await);
        is_gone(&store.reliabilities(id, moment(0), outside).await);
    }
}

#[tokio::test]
async fn another_date_is_asked_for_by_one_side_and_agreed_by_the_other() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let one = table.promise("a boiler", Some(AHEAD)).await;
        let at = (id, one);
        let date = (moment(AHEAD + 20), "the crew is ill");
        is_gone(&done!(store, tx => tx.ask_date(at, date, 1, table.convener)));
        let past = done!(store, tx => tx.ask_date(at, (moment(1), ""), 1, table.ada));
        assert!(matches!(past, Err(StoreError::Conflict(Constraint::Value(_)))));
        done!(store, tx => tx.ask_date(at, date, 1, table.ada)).unwrap();
        is_gone(&done!(store, tx => tx.answer_date(at, true, 2, table.ada)));
        is_gone(&done!(store, tx => tx.answer_date(at, true, 2, table.convener)));
        assert_eq!(done!(store, tx => tx.answer_date(at, false, 2, table.bo)).unwrap(), None);
        let known = store.commitment(at, table.bo).await.unwrap();
        assert_eq!((known.asked, known.state.due), (None, Some(moment(AHEAD))));

        done!(store, tx => tx.ask_date(at, date, 3, table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.answer_date(at, true, 4, table.bo)));
        let next = done!(store, tx => tx.answer_date(at, true, 4, table.ada)).unwrap().unwrap();
        let old = store.commitment(at, table.bo).await.unwrap();
        assert!(matches!(old.state.ended, Some((Ending::Renegotiated, _))));
        let new = store.commitment((id, next), table.bo).await.unwrap();
        assert_eq!((new.follows, new.state.due), (Some(one), Some(date.0)));
        assert_eq!((new.new.party, &*new.new.text), (table.ours, "a boiler"));
        assert!(done!(store, tx => tx.reopen_commitment(at, table.ada)).is_err());
        let shown = store.reliabilities(id, moment(AHEAD + 30), table.ada).await.unwrap();
        let own = shown.own.unwrap();
        assert_eq!((own.due, own.late, own.renegotiated), (1, 1, 1), "the new date was missed");
        assert_eq!(shown.parties[0], (table.ours, own));
        let theirs = store.reliabilities(id, moment(AHEAD + 30), table.bo).await.unwrap();
        assert_eq!(theirs.own.unwrap().due, 0, "each is shown their own alone");
        let convener = store.reliabilities(id, moment(0), table.convener).await.unwrap();
        assert_eq!(convener.own, None);
    }
}

#[tokio::test]
async fn what_is_due_waits_for_whoever_sees_to_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, now) = (&table.store, table.id, moment(AHEAD));
        let due = |days: f64| NewCommitment {
            due: Some(now.plus_days(days)),
            ..table.boiler("a boiler", None)
        };
        let soon = done!(store, tx => tx.add_commitment(id, &due(6.0), table.ada)).unwrap();
        done!(store, tx => tx.add_commitment(id, &due(9.0), table.ada)).unwrap();
        let late = NewCommitment { seat: None, text: "late".to_owned(), ..due(-2.0) };
        done!(store, tx => tx.add_commitment(id, &late, table.ada)).unwrap();
        let told = async |by: Participant| {
            let found = store.commitments_due(by, now, 9).await.unwrap();
            found.into_iter().map(|one| (one.promised.new.text, one.is_asked)).collect::<Vec<_>>()
        };
        let both = vec![("late".to_owned(), false), ("a boiler".to_owned(), false)];
        assert_eq!(told(table.ada).await, both, "it has no lead: everyone there counts as one");
        assert!(told(table.bo).await.is_empty() && told(table.convener).await.is_empty());
        let other = now.plus_days(20.0);
        done!(store, tx => tx.ask_date((id, soon), (other, "ill"), 1, table.ada)).unwrap();
        assert_eq!(told(table.bo).await, [("a boiler".to_owned(), true)]);
        assert_eq!(told(table.ada).await, both, "who asks does not answer");
        let found = store.commitments_due(table.bo, now, 9).await.unwrap();
        assert_eq!((&*found[0].room, &*found[0].party), ("Warm homes", "Beacon"));
        done!(store, tx => tx.answer_date((id, soon), true, 2, table.bo)).unwrap();
        assert!(told(table.bo).await.is_empty());
        assert_eq!(told(table.ada).await, both[..1], "its day lies further ahead");
        let lead = address("lead@one.example");
        let lead = (id, table.ours, lead);
        done!(store, tx => tx.give_seat((lead.0, lead.1), lead.2, Duty::Lead, table.convener))
            .unwrap();
        assert!(told(table.ada).await.is_empty(), "the lead is told of what nobody sees to");
    }
}

#[tokio::test]
async fn of_fifty_who_end_one_commitment_at_once_one_does_and_the_rest_are_told() {
    for home in world::homes() {
        let table = Arc::new(Table::laid(&home).await);
        let one = table.promise("a boiler", Some(AHEAD)).await;
        let tries = (0..50).map(|n| {
            let table = Arc::clone(&table);
            tokio::spawn(async move {
                let (store, at) = (&table.store, (table.id, one));
                let date = (moment(AHEAD + n), "");
                loop {
                    let did = match n % 2 {
                        0 => done!(store, tx => tx.end_commitment(at, true, 1, table.ada)),
                        _ => done!(store, tx => tx.ask_date(at, date, 1, table.bo)),
                    };
                    if !matches!(did, Err(StoreError::Unavailable(_))) {
                        return did;
                    }
                }
            })
        });
        let mut did = 0;
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Ok(()) => did += 1,
                Err(error) => {
                    assert!(matches!(error, StoreError::Conflict(Constraint::Stale)), "{error}");
                }
            }
        }
        assert_eq!(did, 1, "one was first");
        let known = table.store.commitment((table.id, one), table.bo).await.unwrap();
        assert_eq!(known.version, 2);
        let is_kept = known.state.state(moment(0)) == CommitmentState::Kept;
        assert_ne!(is_kept, known.asked.is_some(), "what the first one did");
    }
}
