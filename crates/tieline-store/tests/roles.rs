//! Who does what, on each kind of store: written by all, read back by each, and what becomes of two
//! changes at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::access::Role as Access;
use tieline_model::id::{AccountId, PartnershipId, SeatId};
use tieline_model::partnership::stage::{Gate, Stage};
use tieline_model::raci::{ReadBack, Role};
use tieline_model::room::{Duty, Participant};
use tieline_store::{Constraint, NewAccount, NewPartnership, Store, StoreError, WorkDraft};
use world::{Home, address, conflict, done, is_gone, moment};

/// A room of two parties: Ada sits at the first, Bo at the second, Cy is outside.
struct Table {
    store: Store,
    id: PartnershipId,
    by: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
    seats: [SeatId; 2],
}

async fn account(store: &Store, login: &str, role: Access, of: Option<&str>) -> AccountId {
    let new = NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        password_hash: None,
        actor: of.map(address),
    };
    done!(store, tx => tx.add_account(&new)).unwrap()
}

fn draft(title: &str, roles: &[(SeatId, &[Role], Option<SeatId>)]) -> WorkDraft {
    let one = |(seat, roles, deputy): &(SeatId, &[Role], Option<SeatId>)| {
        (*seat, (roles.iter().copied().collect::<BTreeSet<_>>(), *deputy))
    };
    let (title, about) = (title.to_owned(), String::new());
    WorkDraft { title, about, roles: roles.iter().map(one).collect() }
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let convener = account(&store, "own", Access::Owner, None).await;
        let by = Participant::Account(convener);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: "Nobody is cold.".to_owned(),
            begins: None,
            ends: Some(moment(9)),
            notice: None,
            by: convener,
        };
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let (mut people, mut seats) = (Vec::new(), Vec::new());
        for (login, mail) in [("ada", "ada@one.example"), ("bo", "bo@two.example")] {
            let account = account(&store, login, Access::Member, Some(mail)).await;
            people.push(Participant::Account(account));
            let party = done!(store, tx => tx.add_party(id, (None, login), by)).unwrap();
            let at = (id, party);
            let seat =
                done!(store, tx => tx.give_seat(at, address(mail), Duty::Member, by)).unwrap();
            seats.push(seat);
        }
        let cy = account(&store, "cy", Access::Member, Some("cy@three.example")).await;
        let (ada, bo, cy) = (people[0], people[1], Participant::Account(cy));
        Self { store, id, by, ada, bo, cy, seats: [seats[0], seats[1]] }
    }
}

#[tokio::test]
async fn roles_are_read_back_and_asked_again_after_a_change() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, [ada, bo]) = (&table.store, table.id, table.seats);
        let roles: [(SeatId, &[Role], Option<SeatId>); 2] =
            [(ada, &[Role::Accountable], None), (bo, &[Role::Responsible], Some(ada))];
        let first = draft(" Fit  roofs ", &roles);
        is_gone(&done!(store, tx => tx.add_work(id, &first, table.cy)));
        let alone = draft("x", &[(ada, &[Role::Informed], Some(ada))]);
        let alone = done!(store, tx => tx.add_work(id, &alone, table.ada));
        assert!(matches!(conflict(alone), Constraint::Value(_)), "nobody is their own deputy");
        let stranger = draft("x", &[(SeatId(id.0), &[Role::Informed], None)]);
        is_gone(&done!(store, tx => tx.add_work(id, &stranger, table.ada)));
        let work = done!(store, tx => tx.add_work(id, &first, table.bo)).unwrap();
        let kept = store.work((id, work), table.ada).await.unwrap();
        assert_eq!((&*kept.title, kept.row.row.len(), kept.version), ("Fit roofs", 2, 1));
        is_gone(&store.work((id, work), table.cy).await);
        is_gone(&store.works(id, 9, table.cy).await);
        is_gone(&store.role_people(id, table.cy).await);

        let at = (id, work);
        let ask = (ReadBack::Question, " how many? ");
        done!(store, tx => tx.read_back(at, ask, 1, table.bo)).unwrap();
        let blank = done!(store, tx => tx.read_back(at, (ReadBack::Question, " "), 1, table.bo));
        assert!(matches!(conflict(blank), Constraint::Value(_)));
        is_gone(&done!(store, tx => tx.read_back(at, (ReadBack::Accepted, ""), 1, table.by)));
        for (by, read) in [(table.bo, 1), (table.ada, 1), (table.by, 0)] {
            let seen = store.work(at, by).await.unwrap();
            assert_eq!(seen.questions.len(), read, "for whoever asked and whoever answers");
        }
        for by in [table.ada, table.bo] {
            done!(store, tx => tx.read_back(at, (ReadBack::Accepted, ""), 1, by)).unwrap();
        }
        let roles: [(SeatId, &[Role], Option<SeatId>); 2] =
            [(ada, &[Role::Accountable], None), (bo, &[Role::Responsible], None)];
        let changed = draft("Fit roofs", &roles);
        done!(store, tx => tx.update_work(at, &changed, 1, table.by)).unwrap();
        let late = done!(store, tx => tx.update_work(at, &changed, 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        let late = done!(store, tx => tx.read_back(at, (ReadBack::Accepted, ""), 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        let kept = store.work(at, table.ada).await.unwrap();
        let said: Vec<ReadBack> = kept.row.row.iter().map(|cell| cell.read_back).collect();
        assert_eq!(said, [ReadBack::Accepted, ReadBack::Open], "only whose role changed");

        done!(store, tx => tx.remove_work(at, true, table.ada)).unwrap();
        assert!(store.works(id, 9, table.ada).await.unwrap().is_empty());
        done!(store, tx => tx.remove_work(at, false, table.bo)).unwrap();
        assert_eq!(store.works(id, 9, table.ada).await.unwrap()[0].row.row.len(), 2);
        done!(store, tx => tx.end_seat((id, bo), table.bo)).unwrap();
        let people = store.role_people(id, table.ada).await.unwrap();
        let left: Vec<bool> = people.iter().map(|one| one.has_left).collect();
        assert_eq!(left, [false, true]);
        done!(store, tx => tx.update_work(at, &changed, 4, table.ada)).unwrap();
    }
}

#[tokio::test]
async fn the_gate_of_roles_opens_when_everyone_accepts() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, [ada, _]) = (&table.store, table.id, table.seats);
        let partnership = store.room(id, table.by).await.unwrap().partnership;
        let is_open = || async {
            store.progress(&partnership, moment(1), table.by).await.unwrap().roles_read_back
        };
        assert!(!is_open().await);
        let work = draft("Fit roofs", &[(ada, &[Role::Accountable, Role::Responsible], None)]);
        let work = done!(store, tx => tx.add_work(id, &work, table.ada)).unwrap();
        assert!(!is_open().await);
        let accept = (ReadBack::Accepted, "");
        done!(store, tx => tx.read_back((id, work), accept, 1, table.ada)).unwrap();
        assert!(is_open().await);
        let progress = store.progress(&partnership, moment(1), table.by).await.unwrap();
        let missing = Stage::Agreed.advance(Stage::Working, &progress).unwrap_err();
        assert!(!format!("{missing:?}").contains(&format!("{:?}", Gate::RolesReadBack)));
    }
}

#[tokio::test]
async fn of_fifty_who_change_one_piece_of_work_at_once_each_is_told_or_heard() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (id, [ada, _]) = (table.id, table.seats);
        let first = draft("Fit roofs", &[(ada, &[Role::Accountable], None)]);
        let work = done!(table.store, tx => tx.add_work(id, &first, table.ada)).unwrap();
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, by) = (table.store.clone(), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    let mine = draft(&format!("title {n}"), &[(ada, &[Role::Informed], None)]);
                    // Whoever is told that someone was faster looks again, and saves over that.
                    loop {
                        let kept = store.work((id, work), by).await.unwrap();
                        let at = (id, work);
                        let saved = done!(store, tx => tx.update_work(at, &mine, kept.version, by));
                        match saved {
                            Ok(()) => return,
                            Err(
                                StoreError::Conflict(Constraint::Stale)
                                | StoreError::Unavailable(_),
                            ) => {}
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        for one in tries {
            one.await.unwrap();
        }
        let kept = table.store.work((id, work), table.ada).await.unwrap();
        assert_eq!((kept.version, kept.row.row.len()), (51, 1), "each was of the one before");
    }
}
