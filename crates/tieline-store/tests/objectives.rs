//! Objectives of a partnership, on each kind of store: who writes which, where they stand, and what
//! becomes of two answers at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::access::Role;
use tieline_model::id::{AccountId, KeyResultId, ObjectiveId, PartnershipId, PartyId, UnitId};
use tieline_model::objective::{Confidence, Link, LinkKind, LinkState};
use tieline_model::room::{Duty, Participant};
use tieline_store::{
    Constraint, KeyResultDraft, NewAccount, NewPartnership, ObjectiveDraft, Store, StoreError, Verb,
};
use world::{Home, address, conflict, done, is_gone};

/// A room of two parties: Ada sits at the first, Bo at the second, Cy is outside.
struct Table {
    store: Store,
    id: PartnershipId,
    ours: PartyId,
    theirs: PartyId,
    by: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
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

fn draft(party: Option<PartyId>, title: &str) -> ObjectiveDraft {
    ObjectiveDraft { party, title: title.to_owned(), ..ObjectiveDraft::default() }
}

fn result(metric: &str, baseline: f64, target: f64) -> KeyResultDraft {
    let (metric, unit) = (metric.to_owned(), "a month".to_owned());
    KeyResultDraft { metric, unit, baseline, target, weight: 1.0, due: None }
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let convener = account(&store, "own", Role::Owner, None).await;
        let mut people = Vec::new();
        for (login, mail) in
            [("ada", "ada@one.example"), ("bo", "bo@two.example"), ("cy", "cy@three.example")]
        {
            let id = account(&store, login, Role::Member, Some(mail)).await;
            people.push(Participant::Account(id));
        }
        let by = Participant::Account(convener);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: convener,
        };
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let ours = done!(store, tx => tx.add_party(id, (None, "Nursing"), by)).unwrap();
        let theirs = done!(store, tx => tx.add_party(id, (None, "Beacon"), by)).unwrap();
        let (a, b) = (address("ada@one.example"), address("bo@two.example"));
        done!(store, tx => tx.give_seat((id, ours), a, Duty::Member, by)).unwrap();
        done!(store, tx => tx.give_seat((id, theirs), b, Duty::Member, by)).unwrap();
        let (ada, bo, cy) = (people[0], people[1], people[2]);
        Self { store, id, ours, theirs, by, ada, bo, cy }
    }

    async fn objective(&self, party: Option<PartyId>, title: &str, by: Participant) -> ObjectiveId {
        let draft = draft(party, title);
        done!(self.store, tx => tx.add_objective(self.id, &draft, by)).unwrap()
    }

    async fn result(&self, of: ObjectiveId, by: Participant) -> KeyResultId {
        let draft = result("admissions", 40.0, 20.0);
        done!(self.store, tx => tx.add_key_result((self.id, of), &draft, by)).unwrap()
    }
}

#[tokio::test]
async fn what_is_shared_is_written_by_all_and_what_is_a_partys_by_its_people() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let ours = draft(Some(table.ours), " Shorter  stays ");
        for by in [table.bo, table.by, table.cy] {
            is_gone(&done!(store, tx => tx.add_objective(id, &ours, by)));
        }
        let own = done!(store, tx => tx.add_objective(id, &ours, table.ada)).unwrap();
        let shared = table.objective(None, "Nobody is cold", table.bo).await;
        is_gone(&done!(store, tx => tx.add_objective(id, &draft(None, "x"), table.cy)));
        let blank = done!(store, tx => tx.add_objective(id, &draft(None, " "), table.ada));
        assert!(matches!(conflict(blank), Constraint::Value(_)));

        let part = ObjectiveDraft { parent: Some(shared), ..draft(None, "Shorter stays") };
        done!(store, tx => tx.update_objective((id, own), &part, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.update_objective((id, own), &part, 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        is_gone(&done!(store, tx => tx.update_objective((id, own), &part, 2, table.bo)));
        let cycle = ObjectiveDraft { parent: Some(own), ..draft(None, "Nobody is cold") };
        let cycle = done!(store, tx => tx.update_objective((id, shared), &cycle, 1, table.ada));
        assert!(matches!(conflict(cycle), Constraint::Value(_)), "shared ones are part of none");
        let unit = UnitId::derived(&[b"Nursing"]);
        let Participant::Account(convener) = table.by else { panic!("an account") };
        let aim = done!(store, tx => tx.add_aim(unit, "Fewer beds", convener)).unwrap();
        let serving = ObjectiveDraft { aim: Some(aim), ..part.clone() };
        is_gone(&done!(store, tx => tx.update_objective((id, own), &serving, 2, table.ada)));
        done!(store, tx => tx.serve_aim(id, aim, table.by)).unwrap();
        done!(store, tx => tx.update_objective((id, own), &serving, 2, table.ada)).unwrap();

        let all = store.objectives(id, None, 9, table.bo).await.unwrap();
        let titles: Vec<&str> = all.iter().map(|one| &*one.draft.title).collect();
        assert_eq!(titles, ["Shorter stays", "Nobody is cold"]);
        assert_eq!((all[0].draft.party, all[0].draft.aim), (Some(table.ours), Some(aim)));
        assert_eq!(store.objectives(id, Some(all[0].id), 9, table.bo).await.unwrap().len(), 1);
        is_gone(&store.objectives(id, None, 9, table.cy).await);
        is_gone(&store.objective((id, own), table.cy).await);
        done!(store, tx => tx.remove_objective((id, own), true, table.ada)).unwrap();
        is_gone(&store.objective((id, own), table.ada).await);
        is_gone(&done!(store, tx => tx.remove_objective((id, own), true, table.ada)));
        done!(store, tx => tx.remove_objective((id, own), false, table.ada)).unwrap();
        assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::ObjectiveRestored);
        assert_eq!(store.objective((id, own), table.bo).await.unwrap().draft.parent, Some(shared));
    }
}

#[tokio::test]
async fn check_ins_are_kept_and_the_last_one_counts() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let own = table.objective(Some(table.ours), "Shorter stays", table.ada).await;
        is_gone(
            &done!(store, tx => tx.add_key_result((id, own), &result("x", 1.0, 2.0), table.bo)),
        );
        for wrong in [result("x", 5.0, 5.0), result(" ", 1.0, 2.0), result("x", f64::NAN, 2.0)] {
            let refused = done!(store, tx => tx.add_key_result((id, own), &wrong, table.ada));
            assert!(matches!(conflict(refused), Constraint::Value(_)), "{wrong:?}");
        }
        let key = table.result(own, table.ada).await;
        let said = (36.0, Confidence::Medium, " slow  start ");
        is_gone(&done!(store, tx => tx.check_in((id, key), said, table.bo)));
        done!(store, tx => tx.check_in((id, key), said, table.ada)).unwrap();
        let later = (31.5, Confidence::High, "");
        let later = done!(store, tx => tx.check_in((id, key), later, table.ada)).unwrap();
        let last = store.last_check_ins(id, &[key], table.bo).await.unwrap();
        assert_eq!((last.len(), last[0].value, last[0].id), (1, 31.5, later));
        let all = store.check_ins((id, key), None, 9, table.bo).await.unwrap();
        assert_eq!((all.len(), all[0].value, &*all[1].line), (2, 31.5, "slow start"));
        let before = store.check_ins((id, key), Some(later), 9, table.bo).await.unwrap();
        assert_eq!(before.len(), 1);
        let (Participant::Account(ada), Participant::Account(bo)) = (table.ada, table.bo) else {
            panic!("accounts")
        };
        is_gone(&done!(store, tx => tx.remove_check_in((id, later), true, bo)));
        done!(store, tx => tx.remove_check_in((id, later), true, ada)).unwrap();
        let last = store.last_check_ins(id, &[key], table.bo).await.unwrap();
        assert_eq!((last[0].value, last[0].confidence), (36.0, Confidence::Medium));
        done!(store, tx => tx.remove_check_in((id, later), false, ada)).unwrap();

        let changed = result("stays", 10.0, 20.0);
        done!(store, tx => tx.update_key_result((id, key), &changed, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.update_key_result((id, key), &changed, 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        done!(store, tx => tx.remove_key_result((id, key), true, table.ada)).unwrap();
        is_gone(&store.key_result((id, key), table.ada).await);
        is_gone(&done!(store, tx => tx.check_in((id, key), said, table.ada)));
        assert!(store.key_results(id, &[own], table.ada).await.unwrap().is_empty());
        done!(store, tx => tx.remove_key_result((id, key), false, table.ada)).unwrap();
        assert_eq!(store.key_result((id, key), table.bo).await.unwrap().draft.metric, "stays");
        is_gone(&store.key_results(id, &[own], table.cy).await);
    }
}

#[tokio::test]
async fn a_pair_is_answered_once_whichever_way_round() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let own = table.objective(Some(table.ours), "Shorter stays", table.ada).await;
        let other = table.objective(Some(table.theirs), "Longer stays", table.bo).await;
        let link = |from, to, state| Link { from, to, kind: LinkKind::ConflictsWith, state };
        let said = link(own, other, LinkState::Rejected);
        is_gone(&done!(store, tx => tx.link_objectives(id, &said, 0, table.cy)));
        let alone = link(own, own, LinkState::Confirmed);
        let alone = done!(store, tx => tx.link_objectives(id, &alone, 0, table.ada));
        assert!(matches!(conflict(alone), Constraint::Value(_)));
        let made = done!(store, tx => tx.link_objectives(id, &said, 0, table.ada)).unwrap();
        let turned = link(other, own, LinkState::Confirmed);
        let late = done!(store, tx => tx.link_objectives(id, &turned, 0, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        let again = done!(store, tx => tx.link_objectives(id, &turned, 1, table.bo)).unwrap();
        assert_eq!(again, made);
        let all = store.objective_links(id, 9, table.ada).await.unwrap();
        assert_eq!((all.len(), all[0].link.state, all[0].version), (1, LinkState::Confirmed, 2));
        done!(store, tx => tx.remove_objective_link((id, made), true, table.ada)).unwrap();
        assert!(store.objective_links(id, 9, table.ada).await.unwrap().is_empty());
        done!(store, tx => tx.remove_objective_link((id, made), false, table.bo)).unwrap();
        done!(store, tx => tx.remove_objective((id, own), true, table.ada)).unwrap();
        assert!(store.objective_links(id, 9, table.ada).await.unwrap().is_empty());
        is_gone(&store.objective_links(id, 9, table.cy).await);
    }
}

#[tokio::test]
async fn of_fifty_who_change_one_objective_at_once_each_is_told_or_heard() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let id = table.id;
        let shared = table.objective(None, "Nobody is cold", table.ada).await;
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, by) = (table.store.clone(), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    let mine = draft(None, &format!("title {n}"));
                    // Whoever is told that someone was faster looks again, and saves over that.
                    loop {
                        let kept = store.objective((id, shared), by).await.unwrap();
                        let saved = done!(store, tx =>
                            tx.update_objective((id, shared), &mine, kept.version, by));
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
        let kept = table.store.objective((id, shared), table.ada).await.unwrap();
        assert_eq!(kept.version, 51, "each change was of the one before");
    }
}
