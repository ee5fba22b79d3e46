//! Several at once, on each kind of store: of all who want the same thing, one gets it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::access::{Role, Visibility};
use tieline_model::id::AccountId;
use tieline_model::job::{Job, JobProgress, JobState};
use tieline_store::{
    Constraint, Link, LinkPurpose, NewAccount, NewNote, Store, StoreError, TableDoc, schema,
};
use world::{address, moment};

async fn owner(store: &Store) -> AccountId {
    let tx = store.begin().await.unwrap();
    let new = NewAccount {
        login: "owner".to_owned(),
        name: "Owner".to_owned(),
        role: Role::Owner,
        password_hash: None,
        actor: None,
    };
    let id = tx.add_account(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_who_set_a_workspace_up_at_once_one_owns_it() {
    for home in world::homes() {
        let (one, other) = (home.open().await, home.open().await);
        let tries: Vec<_> = (0..8)
            .map(|n| {
                let store = if n % 2 == 0 { one.clone() } else { other.clone() };
                tokio::spawn(async move {
                    let new = NewAccount {
                        login: format!("owner {n}"),
                        name: format!("Owner {n}"),
                        role: Role::Owner,
                        password_hash: None,
                        actor: None,
                    };
                    let tx = store.begin().await.unwrap();
                    let made = tx.add_first_account(&new).await.unwrap();
                    tx.commit().await.unwrap();
                    usize::from(made.is_some())
                })
            })
            .collect();
        let mut made = 0;
        for one in tries {
            made += one.await.unwrap();
        }
        assert_eq!((made, one.count_accounts().await.unwrap()), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_workers_do_each_job_once() {
    for home in world::homes() {
        let store = home.open().await;
        let tx = store.begin().await.unwrap();
        for _ in 0..40 {
            tx.enqueue(&Job::Refresh, None, None).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..8)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let worker = format!("w{n}");
                    let mut done = Vec::new();
                    loop {
                        let tx = store.begin().await.unwrap();
                        let job = tx.claim_job(&worker, moment(1), 60_000).await.unwrap();
                        tx.commit().await.unwrap();
                        let Some(job) = job else { return done };
                        let tx = store.begin().await.unwrap();
                        let end = tx.finish_job(job.id, &worker, Ok(None)).await.unwrap();
                        tx.commit().await.unwrap();
                        assert_eq!(end, JobState::Done);
                        done.push(job.id);
                    }
                })
            })
            .collect();
        let mut done = Vec::new();
        for worker in workers {
            done.extend(worker.await.unwrap());
        }
        assert_eq!(done.len(), 40);
        assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 40, "each job once");
        let jobs = store.jobs(None, 100).await.unwrap();
        assert!(jobs.iter().all(|job| job.attempts == 1 && job.state == JobState::Done));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_used_by_one_of_two() {
    for home in world::homes() {
        let store = home.open().await;
        let hash = "ab".repeat(32);
        let link = Link {
            purpose: LinkPurpose::Setup,
            account: None,
            address: None,
            role: Some(Role::Owner),
            expires: moment(2),
        };
        let tx = store.begin().await.unwrap();
        tx.add_link(&hash, &link).await.unwrap();
        tx.commit().await.unwrap();
        let users: Vec<_> = (0..2)
            .map(|_| {
                let (store, hash) = (store.clone(), hash.clone());
                tokio::spawn(async move {
                    let tx = store.begin().await.unwrap();
                    let used = tx.use_link(&hash, LinkPurpose::Setup, moment(1)).await.unwrap();
                    tx.commit().await.unwrap();
                    used
                })
            })
            .collect();
        let mut used = Vec::new();
        for user in users {
            used.extend(user.await.unwrap());
        }
        assert_eq!(used, [link]);
        assert_eq!(store.link(&hash, moment(1)).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_change_the_same_note_one_is_told() {
    for home in world::homes() {
        let store = home.open().await;
        let author = owner(&store).await;
        let new = NewNote {
            about: address("ada@one.example"),
            author,
            text: "first".to_owned(),
            visibility: Visibility::Own,
        };
        let tx = store.begin().await.unwrap();
        let id = tx.add_note(&new).await.unwrap();
        tx.commit().await.unwrap();
        let read = store.note(id, author, false).await.unwrap();
        let writers: Vec<_> = ["second", "third"]
            .into_iter()
            .map(|text| {
                let (store, mut note) = (store.clone(), read.clone());
                note.text = text.to_owned();
                tokio::spawn(async move {
                    let tx = store.begin().await?;
                    tx.update_note(&note).await?;
                    tx.commit().await?;
                    Ok::<_, StoreError>(note.text)
                })
            })
            .collect();
        let (mut kept, mut told) = (Vec::new(), 0);
        for writer in writers {
            match writer.await.unwrap() {
                Ok(text) => kept.push(text),
                Err(StoreError::Conflict(Constraint::Stale)) => told += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((kept.len(), told), (1, 1));
        let after = store.note(id, author, false).await.unwrap();
        assert_eq!((&after.text, after.version), (&kept[0], read.version + 1));
    }
}

#[tokio::test]
async fn a_job_whose_worker_is_gone_is_taken_by_another() {
    for home in world::homes() {
        let store = home.open().await;
        let tx = store.begin().await.unwrap();
        let id = tx.enqueue(&Job::Refresh, None, Some("today")).await.unwrap();
        assert_eq!(tx.enqueue(&Job::Refresh, None, Some("today")).await.unwrap(), id);
        let day = 86_400_000;
        let first = tx.claim_job("first", moment(1), day).await.unwrap().unwrap();
        assert_eq!((first.id, first.attempts), (id, 1));
        assert!(tx.claim_job("second", moment(1), day).await.unwrap().is_none());
        let again = tx.claim_job("second", moment(3), day).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempts, again.started), (id, 2, Some(moment(1))));
        let progress = JobProgress { records: 7, ..JobProgress::default() };
        let lost = tx.renew(id, "first", moment(3), day, &progress).await;
        assert!(matches!(lost, Err(StoreError::Conflict(Constraint::LeaseLost))), "{lost:?}");
        tx.commit().await.unwrap();

        let tx = store.begin().await.unwrap();
        tx.pause_job(id).await.unwrap();
        let state = tx.renew(id, "second", moment(3), day, &progress).await.unwrap();
        assert_eq!(state, JobState::Paused);
        assert!(tx.claim_job("third", moment(9), day).await.unwrap().is_none());
        tx.resume_job(id).await.unwrap();
        let third = tx.claim_job("third", moment(9), day).await.unwrap().unwrap();
        assert_eq!((third.progress, third.state), (progress.clone(), JobState::Running));
        tx.stop_job(id).await.unwrap();
        let state = tx.renew(id, "third", moment(9), day, &progress).await.unwrap();
        assert_eq!(state, JobState::Stopping);
        assert_eq!(tx.finish_job(id, "third", Ok(None)).await.unwrap(), JobState::Stopped);
        let over = tx.stop_job(id).await;
        assert!(matches!(over, Err(StoreError::Conflict(Constraint::JobState(_)))), "{over:?}");
        tx.commit().await.unwrap();
        assert!(store.job(id).await.unwrap().finished.is_some());
    }
}

#[tokio::test]
async fn both_databases_have_the_documented_tables_and_columns() {
    for home in world::homes() {
        home.open().await.close().await.unwrap();
        let documented = |table: TableDoc| {
            assert!(!table.row.is_empty() && table.columns.iter().all(|one| !one.1.is_empty()));
            let columns = table.columns.into_iter().map(|one| one.0).chain(["created_at"]);
            columns.map(move |column| format!("{}.{column}", table.name)).collect::<Vec<_>>()
        };
        let expected: BTreeSet<String> = schema().into_iter().flat_map(documented).collect();
        assert_eq!(world::columns(&home.url).await, expected, "{:?}", home.url);
    }
}
