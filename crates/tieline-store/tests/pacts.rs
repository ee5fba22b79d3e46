//! Signed agreements, on each kind of store: who writes and signs, what a change asks, which duties
//! become commitments, and which are about to end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::time::{SystemTime, UNIX_EPOCH};

use tieline_model::access::Role;
use tieline_model::commitment::Source;
use tieline_model::id::{PactId, PartnershipId, PartyId};
use tieline_model::pact::PactState;
use tieline_model::partnership::renewal::TermState;
use tieline_model::room::{Duty, Participant};
use tieline_model::time::Moment;
use tieline_store::{
    CommitmentsAsked, Constraint, DutyDraft, NewAccount, NewPartnership, PactDraft, Store,
};
use world::{Home, address, conflict, done, is_gone};

/// A room of three parties: two with a lead and one with a member, who come by link.
struct Table {
    store: Store,
    id: PartnershipId,
    parties: [PartyId; 3],
    owner: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
    now: Moment,
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let new = NewAccount {
            login: "own".to_owned(),
            name: "own".to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: None,
        };
        let by = done!(store, tx => tx.add_account(&new)).unwrap();
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by,
        };
        let owner = Participant::Account(by);
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let (mut parties, mut seats) = (Vec::new(), Vec::new());
        for (who, duty) in [
            ("ada@one.example", Duty::Lead),
            ("bo@two.example", Duty::Lead),
            ("cy@three.example", Duty::Member),
        ] {
            let party = done!(store, tx => tx.add_party(id, (None, who), owner)).unwrap();
            let at = ((id, party), address(who));
            seats.push(done!(store, tx => tx.give_seat(at.0, at.1, duty, owner)).unwrap());
            parties.push(party);
        }
        let [ada, bo, cy] = [0, 1, 2].map(|n| Participant::Guest(seats[n]));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let now = Moment::from_ms(i64::try_from(now).unwrap());
        Self { store, id, parties: parties.try_into().unwrap(), owner, ada, bo, cy, now }
    }

    fn draft(&self, days: f64) -> PactDraft {
        PactDraft {
            title: " Use of  data ".to_owned(),
            ends: Some(self.now.plus_days(days)),
            parties: self.parties[..2].to_vec(),
            ..PactDraft::default()
        }
    }

    fn duty(&self, every_months: Option<u32>) -> DutyDraft {
        let [party, to, _] = self.parties;
        let due = Moment::start_of(self.now.date());
        DutyDraft { party, to: Some(to), text: "a list".to_owned(), due, every_months }
    }

    async fn signed(&self, at: (PartnershipId, PactId), version: i64) {
        for by in [self.ada, self.bo] {
            done!(self.store, tx => tx.sign_pact(at, version, by)).unwrap();
        }
    }
}

#[tokio::test]
async fn a_lead_of_each_party_signs_a_wording_and_a_change_asks_again() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let draft = table.draft(400.0);
        is_gone(&done!(store, tx => tx.add_pact(id, &draft, table.cy)));
        let alone = PactDraft { parties: table.parties[..1].to_vec(), ..draft.clone() };
        let turned = PactDraft { begins: draft.ends, ..draft.clone() };
        let nameless = PactDraft { title: " ".to_owned(), ..draft.clone() };
        for wrong in [alone, turned, nameless] {
            let refused = done!(store, tx => tx.add_pact(id, &wrong, table.ada));
            assert!(matches!(conflict(refused), Constraint::Value(_)), "{wrong:?}");
        }
        let pact = done!(store, tx => tx.add_pact(id, &draft, table.ada)).unwrap();
        let at = (id, pact);
        is_gone(&done!(store, tx => tx.sign_pact(at, 1, table.cy)));
        is_gone(&done!(store, tx => tx.sign_pact(at, 1, table.owner)));
        is_gone(&done!(store, tx => tx.change_pact(at, &draft, 1, table.cy)));
        is_gone(&done!(store, tx => tx.remove_pact(at, true, table.cy)));
        done!(store, tx => tx.sign_pact(at, 1, table.ada)).unwrap();
        let (known, _) = store.pact(at, table.cy).await.unwrap();
        assert_eq!(known.draft.title, "Use of data");
        assert_eq!(known.state(table.now), PactState::Draft);
        let end = done!(store, tx => tx.end_pact(at, 1, table.bo));
        assert!(matches!(conflict(end), Constraint::Value(_)), "a draft");
        let back = done!(store, tx => tx.remove_pact(at, true, table.bo));
        assert!(matches!(conflict(back), Constraint::Value(_)), "one has signed");
        done!(store, tx => tx.sign_pact(at, 1, table.bo)).unwrap();
        let (known, _) = store.pact(at, table.bo).await.unwrap();
        assert_eq!(known.state(table.now), PactState::Holds(TermState::Running));

        let all = PactDraft { parties: table.parties.to_vec(), ..draft.clone() };
        done!(store, tx => tx.change_pact(at, &all, 1, table.bo)).unwrap();
        let stale = done!(store, tx => tx.sign_pact(at, 1, table.ada));
        assert_eq!(conflict(stale), Constraint::Stale, "that wording is gone");
        let (known, _) = store.pact(at, table.bo).await.unwrap();
        assert!(known.was_signed() && known.signatures.len() == 3);
        done!(store, tx => tx.change_pact(at, &draft, 2, table.cy)).unwrap();
        is_gone(&done!(store, tx => tx.change_pact(at, &draft, 3, table.cy)));
        table.signed(at, 3).await;
        done!(store, tx => tx.end_pact(at, 3, table.ada)).unwrap();
        let again = done!(store, tx => tx.sign_pact(at, 3, table.ada));
        assert!(matches!(conflict(again), Constraint::Value(_)), "it is ended");
        assert_eq!(store.pact(at, table.bo).await.unwrap().0.state(table.now), PactState::Ended);
    }
}

#[tokio::test]
async fn duties_of_what_holds_become_commitments_once() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let pact = done!(store, tx => tx.add_pact(id, &table.draft(100.0), table.ada)).unwrap();
        let at = (id, pact);
        let stranger = DutyDraft { party: table.parties[2], ..table.duty(None) };
        let itself = DutyDraft { to: Some(table.parties[0]), ..table.duty(None) };
        let never = table.duty(Some(0));
        for wrong in [stranger, itself, never] {
            let refused = done!(store, tx => tx.add_duty(at, &wrong, 1, table.ada));
            assert!(matches!(conflict(refused), Constraint::Value(_)), "{wrong:?}");
        }
        is_gone(&done!(store, tx => tx.add_duty(at, &table.duty(None), 1, table.cy)));
        done!(store, tx => tx.add_duty(at, &table.duty(Some(1)), 1, table.ada)).unwrap();
        let once = done!(store, tx => tx.add_duty(at, &table.duty(None), 2, table.bo)).unwrap();
        let early = done!(store, tx => tx.promise_duties(at, 3, table.ada));
        assert!(matches!(conflict(early), Constraint::Value(_)), "nobody has signed");
        table.signed(at, 3).await;
        let made = done!(store, tx => tx.promise_duties(at, 3, table.bo)).unwrap();
        // Today and each month of a term of a hundred days, and once more today.
        assert!((4..=5).contains(&made), "{made}");
        let again = done!(store, tx => tx.promise_duties(at, 3, table.ada)).unwrap();
        assert_eq!(again, 0, "what is a commitment stays one");
        let asked = CommitmentsAsked { party: Some(table.parties[1]), ..Default::default() };
        let promised = store.commitments(id, &asked, 99, table.cy).await.unwrap();
        assert_eq!(promised.len() as u64, made);
        assert!(promised.iter().all(|one| one.new.source == Source::Agreement));
        let ends = table.now.plus_days(101.0);
        assert!(promised.iter().all(|one| one.state.due.unwrap() <= ends));

        is_gone(&done!(store, tx => tx.remove_duty((id, once), true, table.cy)));
        let less = PactDraft { parties: table.parties[1..].to_vec(), ..table.draft(100.0) };
        let named = done!(store, tx => tx.change_pact(at, &less, 3, table.bo));
        assert!(matches!(conflict(named), Constraint::Value(_)), "a duty names it");
        done!(store, tx => tx.remove_duty((id, once), true, table.bo)).unwrap();
        assert_eq!(store.pact(at, table.ada).await.unwrap().1.len(), 1);
        done!(store, tx => tx.remove_duty((id, once), false, table.bo)).unwrap();
        let (known, duties) = store.pact(at, table.ada).await.unwrap();
        assert_eq!((known.version, duties.len()), (5, 2));
        assert_eq!(duties.iter().map(|one| one.promised).sum::<u64>(), made);
        assert_eq!(known.state(table.now), PactState::Draft, "each signs again");
    }
}

#[tokio::test]
async fn leads_of_those_bound_hear_of_an_end_and_nobody_else() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, now) = (&table.store, table.id, table.now);
        let mut made = Vec::new();
        for days in [20.0, 300.0, 90.0] {
            let draft = table.draft(days);
            made.push(done!(store, tx => tx.add_pact(id, &draft, table.ada)).unwrap());
        }
        assert!(store.pacts_due(table.ada, now, 9).await.unwrap().is_empty(), "drafts");
        for pact in &made {
            table.signed((id, *pact), 1).await;
        }
        for by in [table.ada, table.bo] {
            let due = store.pacts_due(by, now, 9).await.unwrap();
            let ids: Vec<_> = due.iter().map(|one| one.pact.id).collect();
            assert_eq!(ids, [made[0], made[2]], "the first due first");
            assert_eq!(due[0].room, "Warm homes");
        }
        for by in [table.cy, table.owner] {
            assert!(store.pacts_due(by, now, 9).await.unwrap().is_empty());
        }
        let later = now.plus_days(400.0);
        let due = store.pacts_due(table.bo, later, 9).await.unwrap();
        assert_eq!(due.len(), 3);
        assert_eq!(due[2].pact.state(later), PactState::Holds(TermState::Lapsed));
        done!(store, tx => tx.end_pact((id, made[0]), 1, table.ada)).unwrap();
        assert_eq!(store.pacts_due(table.bo, later, 9).await.unwrap().len(), 2);
        let page = store.pacts(id, None, 2, table.cy).await.unwrap();
        let rest = store.pacts(id, Some(page[1].id), 9, table.cy).await.unwrap();
        assert_eq!((page.len(), rest.len()), (2, 1));
    }
}

#[tokio::test]
async fn of_fifty_who_sign_and_reword_at_once_none_signs_what_is_gone() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let id = table.id;
        let draft = table.draft(400.0);
        let pact = done!(table.store, tx => tx.add_pact(id, &draft, table.ada)).unwrap();
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, draft) = (table.store.clone(), draft.clone());
                let by = [table.ada, table.bo][n % 2];
                tokio::spawn(async move {
                    let at = (id, pact);
                    match n % 5 {
                        0 => done!(store, tx => tx.change_pact(at, &draft, 1, by)).is_ok(),
                        _ => done!(store, tx => tx.sign_pact(at, 1, by)).is_ok(),
                    }
                })
            })
            .collect();
        let mut changed = 0;
        for (n, one) in tries.into_iter().enumerate() {
            let did = one.await.unwrap();
            changed += usize::from(did && n % 5 == 0);
        }
        assert_eq!(changed, 1, "of those who change version 1 one is first");
        let (known, _) = table.store.pact((id, pact), table.ada).await.unwrap();
        assert_eq!(known.version, 2);
        assert!(!known.is_signed(), "the new wording is signed by nobody");
    }
}
