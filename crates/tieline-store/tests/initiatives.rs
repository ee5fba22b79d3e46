//! Joint initiatives, on each kind of store: who writes what, what a promise of a task does, which plans
//! are refused, and many who write at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::commitment::CommitmentState;
use tieline_model::id::{InitiativeId, PartnershipId, TaskId};
use tieline_model::initiative::{Ended, Progress, RiskState, Sign, TaskState};
use tieline_model::ledger::Receipt;
use tieline_model::time::Moment;
use tieline_store::{
    CommitmentsAsked, Constraint, InitiativeDraft, NewContribution, PartDraft, RiskDraft, TaskDraft,
};
use world::table::Table;
use world::{conflict, done, is_gone};

type At = (PartnershipId, InitiativeId);

fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment::from_ms(i64::try_from(since.as_millis()).unwrap())
}

/// An initiative of a hundred days that began fifty days ago.
async fn begun(table: &Table) -> At {
    let draft = InitiativeDraft {
        title: " Fit  roofs ".to_owned(),
        begins: Some(now().plus_days(-50.0)),
        ends: Some(now().plus_days(50.0)),
        ..InitiativeDraft::default()
    };
    (table.id, done!(table.store, tx => tx.add_initiative(table.id, &draft, table.ada)).unwrap())
}

fn task(title: &str, days: u32, needs: &[TaskId]) -> TaskDraft {
    TaskDraft { title: title.to_owned(), days, needs: needs.to_vec(), ..TaskDraft::default() }
}

#[tokio::test]
async fn a_part_counts_when_another_party_confirms_what_was_given() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let store = &table.store;
        let at = begun(&table).await;
        let part = PartDraft {
            party: table.ours,
            text: "a crew".to_owned(),
            amount: Some(100),
            unit: "days".to_owned(),
        };
        is_gone(&done!(store, tx => tx.add_part(at, &part, table.bo)));
        is_gone(&done!(store, tx => tx.add_part(at, &part, table.convener)));
        let part = (at.0, done!(store, tx => tx.add_part(at, &part, table.ada)).unwrap());
        let nothing = NewContribution { amount: None, text: " ".to_owned(), day: now() };
        let refused = done!(store, tx => tx.contribute(part, &nothing, table.ada));
        assert!(matches!(conflict(refused), Constraint::Value(_)));
        let new = NewContribution { amount: Some(40), text: String::new(), day: now() };
        is_gone(&done!(store, tx => tx.contribute(part, &new, table.bo)));
        let given = (at.0, done!(store, tx => tx.contribute(part, &new, table.ada)).unwrap());
        let found = store.initiative(at, table.bo).await.unwrap();
        assert_eq!(found.draft.title, "Fit roofs");
        assert_eq!(found.parts[0].sum(Receipt::Confirmed), 0);
        assert_eq!(found.progress(now()), (Progress::AtRisk, vec![Sign::PartsBehind(1)]));

        let own = done!(store, tx => tx.answer_contribution(given, (Receipt::Confirmed, ""), 1, table.ada));
        is_gone(&own);
        let mute = done!(store, tx => tx.answer_contribution(given, (Receipt::Questioned, " "), 1, table.bo));
        assert!(matches!(conflict(mute), Constraint::Value(_)));
        let yes = (Receipt::Confirmed, "");
        done!(store, tx => tx.answer_contribution(given, yes, 1, table.bo)).unwrap();
        let late = done!(store, tx => tx.answer_contribution(given, yes, 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        let found = store.initiative(at, table.ada).await.unwrap();
        assert_eq!(found.parts[0].sum(Receipt::Confirmed), 40);
        assert_eq!(
            found.parts[0].contributions[0].receipt,
            (Receipt::Confirmed, Some(table.theirs))
        );
        assert_eq!(found.progress(now()), (Progress::OnTheWay, vec![]));

        for refused in [
            done!(store, tx => tx.remove_contribution(given, true, table.ada)),
            done!(store, tx => tx.remove_part(part, true, table.ada)),
            done!(store, tx => tx.remove_initiative(at, true, table.ada)),
        ] {
            assert!(matches!(conflict(refused), Constraint::Value(_)), "what was given stands");
        }
        let silent =
            done!(store, tx => tx.end_initiative(at, Some((Ended::Done, " ")), 1, table.bo));
        assert!(matches!(conflict(silent), Constraint::Value(_)));
        let learnt = Some((Ended::Done, "begin in spring"));
        done!(store, tx => tx.end_initiative(at, learnt, 1, table.bo)).unwrap();
        let found = store.initiative(at, table.ada).await.unwrap();
        assert_eq!(found.progress(now()).0, Progress::Ended(Ended::Done));
        done!(store, tx => tx.end_initiative(at, None, 2, table.ada)).unwrap();
        assert_eq!(store.initiative(at, table.ada).await.unwrap().ended, None);
    }
}

#[tokio::test]
async fn the_day_of_a_task_is_a_promise_of_its_party() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, begun(&table).await);
        let due = Some(Moment::from_ms(now().ms() / 1000 * 1000).plus_days(9.0));
        let draft = TaskDraft {
            party: Some(table.ours),
            seat: Some(table.seat),
            due,
            ..task("Measure", 3, &[])
        };
        let theirs = done!(store, tx => tx.add_task(at, &draft, table.bo));
        assert!(matches!(conflict(theirs), Constraint::Value(_)), "nobody promises for another");
        let asked = TaskDraft { due: None, ..draft.clone() };
        let asked = done!(store, tx => tx.add_task(at, &asked, table.bo)).unwrap();
        let one = (at.0, asked);
        is_gone(&done!(store, tx => tx.set_task_state(one, TaskState::Done, 1, table.bo)));
        done!(store, tx => tx.change_task(one, &draft, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.change_task(one, &draft, 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        let stays = TaskDraft { party: None, seat: None, due: None, ..draft.clone() };
        let refused = done!(store, tx => tx.change_task(one, &stays, 2, table.ada));
        assert!(matches!(conflict(refused), Constraint::Value(_)), "a promise stays");

        let known = &store.initiative(at, table.bo).await.unwrap().tasks[0];
        assert_eq!((known.draft.due, known.who.as_deref()), (due, Some("Ada Ek")));
        let promise = known.commitment.unwrap();
        let other = Moment::from_ms(now().ms() / 1000 * 1000).plus_days(20.0);
        done!(store, tx => tx.ask_date((at.0, promise), (other, ""), 1, table.ada)).unwrap();
        let next = done!(store, tx => tx.answer_date((at.0, promise), true, 2, table.bo)).unwrap();
        let known = &store.initiative(at, table.bo).await.unwrap().tasks[0];
        assert_eq!((known.draft.due, known.commitment), (Some(other), next));

        done!(store, tx => tx.set_task_state(one, TaskState::Done, 2, table.ada)).unwrap();
        let state = async || {
            let at = (at.0, next.unwrap());
            store.commitment(at, table.bo).await.unwrap().state.state(now())
        };
        assert_eq!(state().await, CommitmentState::Kept);
        done!(store, tx => tx.set_task_state(one, TaskState::Open, 3, table.ada)).unwrap();
        assert_eq!(state().await, CommitmentState::Open);
        is_gone(&done!(store, tx => tx.remove_task(one, true, table.convener)));
        done!(store, tx => tx.remove_task(one, true, table.ada)).unwrap();
        assert_eq!(state().await, CommitmentState::Withdrawn);
        done!(store, tx => tx.remove_task(one, false, table.ada)).unwrap();
        assert_eq!(state().await, CommitmentState::Open);
        let open = CommitmentsAsked::default();
        assert_eq!(store.commitments(at.0, &open, 9, table.bo).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn plans_have_no_circles_and_say_what_decides_their_end() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, begun(&table).await);
        let add = async |draft: TaskDraft| {
            done!(store, tx => tx.add_task(at, &draft, table.ada)).unwrap()
        };
        let one = add(task("Measure", 3, &[])).await;
        let two = add(task("Order", 60, &[one])).await;
        let last = add(task("Roofs are on", 0, &[two])).await;
        let back = task("Measure", 3, &[last]);
        let refused = done!(store, tx => tx.change_task((at.0, one), &back, 1, table.bo));
        assert!(matches!(conflict(refused), Constraint::Value(_)), "a circle");
        let found = store.initiative(at, table.bo).await.unwrap();
        assert_eq!(found.progress(now()), (Progress::Behind, vec![Sign::EndsLate(13)]));
        assert!(found.schedule(now()).slots.iter().all(|slot| slot.is_critical));

        // Taken out, it lets a circle in that it closes when it comes back.
        done!(store, tx => tx.remove_task((at.0, two), true, table.bo)).unwrap();
        done!(store, tx => tx.change_task((at.0, one), &back, 1, table.bo)).unwrap();
        let refused = done!(store, tx => tx.remove_task((at.0, two), false, table.bo));
        assert!(matches!(conflict(refused), Constraint::Value(_)));
        let elsewhere = begun(&table).await;
        is_gone(&done!(store, tx => tx.add_task(elsewhere, &task("x", 1, &[one]), table.ada)));
        let endless = done!(store, tx => tx.add_task(at, &task("x", 1000, &[]), table.ada));
        assert!(matches!(conflict(endless), Constraint::Value(_)));

        let risk = |likelihood| RiskDraft {
            text: "rain".to_owned(),
            likelihood,
            impact: 5,
            answer: String::new(),
            party: Some(table.theirs),
            state: RiskState::Open,
        };
        let refused = done!(store, tx => tx.add_risk(at, &risk(6), table.bo));
        assert!(matches!(conflict(refused), Constraint::Value(_)));
        for likelihood in [1, 3] {
            done!(store, tx => tx.add_risk(at, &risk(likelihood), table.bo)).unwrap();
        }
        let found = store.initiative(at, table.ada).await.unwrap();
        let scores: Vec<u8> = found.risks.iter().map(|one| one.score()).collect();
        assert_eq!(scores, [15, 5]);
        assert_eq!(found.progress(now()).1.last(), Some(&Sign::RisksHigh(1)));
        let over = RiskDraft { state: RiskState::Over, ..risk(3) };
        let one = (at.0, found.risks[0].id);
        done!(store, tx => tx.change_risk(one, &over, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.change_risk(one, &over, 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        let found = store.initiative(at, table.ada).await.unwrap();
        assert_eq!(found.risks[0].score(), 5, "what is over comes last");
        let page = store.initiatives(at.0, None, 1, table.bo).await.unwrap();
        let rest = store.initiatives(at.0, Some(page[0].id), 9, table.bo).await.unwrap();
        assert_eq!((page[0].id, rest[0].id), (elsewhere.1, at.1));
    }
}

#[tokio::test]
async fn fifty_who_tie_tasks_together_at_once_close_no_circle_and_lose_nothing() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, begun(&table).await);
        let mut tasks = Vec::new();
        for n in 0..10 {
            let draft = task(&format!("task {n}"), 1, &[]);
            tasks.push(done!(store, tx => tx.add_task(at, &draft, table.ada)).unwrap());
        }
        // Each waits for the next one: all of them together would be a circle.
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, mine) = (store.clone(), n % 10);
                let draft = task(&format!("task {mine}"), 1, &[tasks[(mine + 1) % 10]]);
                let (one, by) = ((at.0, tasks[mine]), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    done!(store, tx => tx.change_task(one, &draft, 1, by)).is_ok()
                })
            })
            .collect();
        let mut changed = 0;
        for one in tries {
            changed += usize::from(one.await.unwrap());
        }
        assert_eq!(changed, 9, "each task once, and the one that would close the circle never");
        let found = store.initiative(at, table.bo).await.unwrap();
        let needs: usize = found.tasks.iter().map(|one| one.draft.needs.len()).sum();
        assert_eq!(needs, 9);
        assert_eq!(found.schedule(now()).slots.iter().filter(|slot| slot.is_critical).count(), 10);
    }
}
