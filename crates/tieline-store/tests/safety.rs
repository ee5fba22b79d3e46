//! What must hold when things go wrong, when two work at once, and when imports come and go.
#![allow(clippy::unwrap_used, reason = "steps of a test")]

mod world;

use proptest::prelude::*;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::{AccountId, AddressId, ImportId};
use tieline_store::{Constraint, NewAccount, PeopleQuery, Sighting, Store, StoreError, StoreUrl};
use world::{Batch, identity, import, import_a, import_b, new_import, open, tallies};

#[tokio::test]
async fn undoing_one_import_leaves_exactly_what_the_other_alone_leaves() {
    for (undone, kept) in [(import_a(), import_b()), (import_b(), import_a())] {
        for undone_first in [true, false] {
            let (home, alone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (store, alone) = (open(home.path()).await, open(alone.path()).await);
            import(&alone, &kept).await;
            let order = if undone_first { [&undone, &kept] } else { [&kept, &undone] };
            for batch in order {
                import(&store, batch).await;
            }
            assert_ne!(store.contents().await.unwrap(), alone.contents().await.unwrap());
            let tx = store.begin().await.unwrap();
            tx.undo_import(undone.new.id).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.contents().await.unwrap(), alone.contents().await.unwrap());
            assert_eq!(store.integrity_check().await.unwrap(), Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path()).await;
    let before = store.contents().await.unwrap();
    let a = import_a();
    let tx = store.begin().await.unwrap();
    tx.begin_import(&a.new).await.unwrap();
    a.write(&tx).await;
    tx.replace_identity(&identity()).await.unwrap();
    drop(tx);
    assert_eq!(store.contents().await.unwrap(), before);
    assert!(store.history(10).await.unwrap().is_empty());
    // The next writer is not held up by it.
    import(&store, &a).await;
    assert_eq!(store.live_imports().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_interrupted_import_is_found_and_discarded_after_reopening() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path()).await;
    let before = store.contents().await.unwrap();
    let a = import_a();
    let tx = store.begin().await.unwrap();
    tx.begin_import(&a.new).await.unwrap();
    a.write(&tx).await;
    tx.commit().await.unwrap();
    store.close().await.unwrap();

    let store = open(home.path()).await;
    let unfinished = store.unfinished_imports().await.unwrap();
    assert_eq!(unfinished.len(), 1);
    let tx = store.begin().await.unwrap();
    tx.discard_import(unfinished[0].id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.contents().await.unwrap(), before);
}

#[tokio::test]
async fn whom_a_page_showed_is_noted_beside_a_writer_where_the_database_allows_it() {
    for home in world::homes() {
        let store = home.open_impatient().await;
        let a = import_a();
        import(&store, &a).await;
        let tx = store.begin().await.unwrap();
        let boss = NewAccount {
            login: "boss".to_owned(),
            name: "boss".to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: None,
        };
        let by = tx.add_account(&boss).await.unwrap();
        tx.commit().await.unwrap();
        let whom = [world::address("ada@a.example"), world::address("bo@b.example")];
        let writer = store.begin().await.unwrap();
        writer.set_setting("who", "first").await.unwrap();
        let beside = store.note_looks(by, &whom, "person", world::moment(1)).await;
        match home.url {
            StoreUrl::Postgres(_) => beside.unwrap(),
            StoreUrl::File(_) => {
                assert!(matches!(beside, Err(StoreError::Unavailable(_))), "{beside:?}");
                writer.commit().await.unwrap();
                store.note_looks(by, &whom, "person", world::moment(1)).await.unwrap();
            }
        }
        let looks = store.looks(None, 10).await.unwrap();
        assert_eq!(looks.len(), 2);
        assert!(looks.iter().all(|look| look.account == by && look.page == "person"));
        // Nobody looks at all without an account.
        let nobody = store
            .note_looks(AccountId(uuid::Uuid::now_v7()), &whom, "person", world::moment(1))
            .await;
        assert!(nobody.is_err());
    }
}

#[tokio::test]
async fn a_second_writer_is_told_and_readers_are_not_held_up() {
    for home in world::homes() {
        let (first, second) = (home.open_impatient().await, home.open_impatient().await);
        let tx = first.begin().await.unwrap();
        tx.set_setting("who", "first").await.unwrap();
        match second.begin().await {
            Err(StoreError::Unavailable(text)) => {
                assert!(text.contains("another tieline"), "{text}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(second.setting("who").await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(second.setting("who").await.unwrap().as_deref(), Some("first"));
        let tx = second.begin().await.unwrap();
        tx.set_setting("who", "second").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(first.setting("who").await.unwrap().as_deref(), Some("second"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_writers_at_once_all_succeed() {
    for home in world::homes() {
        let store = home.open().await;
        let writers: Vec<_> = (0..20)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let tx = store.begin().await?;
                    let sum = tx.setting("sum").await?.map_or(0, |text| text.parse().unwrap_or(0));
                    tx.set_setting("sum", &(sum + n).to_string()).await?;
                    tx.commit().await
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(store.setting("sum").await.unwrap().as_deref(), Some("190"));
    }
}

#[tokio::test]
async fn writers_take_turns_as_they_came_and_leave_connections_to_readers() {
    for home in world::homes() {
        let store = home.open().await;
        let first = store.begin().await.unwrap();
        let turns = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut writers = Vec::new();
        // More than there are connections.
        for n in 0..30 {
            let (store, turns) = (store.clone(), turns.clone());
            writers.push(tokio::spawn(async move {
                let tx = store.begin().await.unwrap();
                turns.lock().unwrap().push(n);
                tx.commit().await.unwrap();
            }));
            // On its one thread, this lets the writer come as far as its wait.
            tokio::task::yield_now().await;
        }
        assert_eq!(store.setting("who").await.unwrap(), None);
        assert!(writers.iter().all(|writer| !writer.is_finished()));
        first.commit().await.unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(*turns.lock().unwrap(), (0..30).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_hundred_thousand_addresses_come_back_as_they_were() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path()).await;
    let new = new_import("many");
    let addresses: Vec<Address> = (0..100_000)
        .map(|n| Address::email(&format!("p{n}@d{}.example", n % 97)).unwrap())
        .collect();
    let sightings: Vec<Sighting> = addresses
        .iter()
        .map(|address| Sighting { sent: 1, ..Sighting::named(address.id()) })
        .collect();
    let tx = store.begin().await.unwrap();
    tx.begin_import(&new).await.unwrap();
    tx.add_addresses(&addresses).await.unwrap();
    tx.add_sightings(new.id, &sightings).await.unwrap();
    tx.add_sightings(new.id, &sightings).await.unwrap();
    tx.finish_import(new.id, &tallies()).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.all_addresses().await.unwrap();
    assert_eq!(found.len(), 100_000);
    assert!(found.iter().all(|seen| seen.sent == 2));
    let mut expected: Vec<AddressId> = addresses.iter().map(Address::id).collect();
    expected.sort_unstable();
    assert_eq!(found.iter().map(|seen| seen.id).collect::<Vec<_>>(), expected);
    let tx = store.begin().await.unwrap();
    tx.undo_import(new.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.contents().await.unwrap().values().all(Vec::is_empty));
}

#[tokio::test]
async fn a_prefix_that_fits_two_imports_is_ambiguous() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path()).await;
    for id in ["00000000000000a1", "00000000000000a2", "1000000000000000"] {
        let new = tieline_store::NewImport { id: id.parse().unwrap(), ..new_import("x") };
        let tx = store.begin().await.unwrap();
        tx.begin_import(&new).await.unwrap();
        tx.finish_import(new.id, &tallies()).await.unwrap();
        tx.commit().await.unwrap();
    }
    match store.import_by_prefix("00000000000000a").await {
        Err(StoreError::Ambiguous { candidates, .. }) => {
            assert_eq!(candidates, ["00000000000000a1", "00000000000000a2"]);
        }
        other => panic!("{other:?}"),
    }
    let one = store.import_by_prefix("1").await.unwrap();
    assert_eq!(one.id, "1000000000000000".parse::<ImportId>().unwrap());
    for unknown in ["", "zz", "2", "%", "-1", "00000000000000a11"] {
        let found = store.import_by_prefix(unknown).await;
        assert!(matches!(found, Err(StoreError::NotFound { .. })), "{unknown}: {found:?}");
    }
}

#[tokio::test]
async fn facts_without_their_parents_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path()).await;
    let a = import_a();
    let missing = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Conflict(Constraint::MissingParent))),
            "{result:?}"
        );
    };
    let value = |result: Result<(), StoreError>| {
        assert!(matches!(result, Err(StoreError::Conflict(Constraint::Value(_)))), "{result:?}");
    };
    let tx = store.begin().await.unwrap();
    missing(tx.add_files(a.new.id, &a.files).await);
    tx.begin_import(&a.new).await.unwrap();
    missing(tx.add_sightings(a.new.id, &a.sightings).await);
    tx.add_addresses(&a.addresses).await.unwrap();
    missing(tx.add_claims(&a.claims).await);
    missing(tx.add_stated_ties(a.new.id, &a.ties).await);
    missing(tx.add_attendance(a.new.id, &a.attendance).await);
    missing(tx.add_list_senders(a.new.id, &a.senders).await);
    let mut nobody = a.claims[0].clone();
    nobody.addresses.clear();
    value(tx.add_claims(&[nobody]).await);
    let mut endless = a.ties[0].clone();
    endless.weight = f64::NAN;
    value(tx.add_stated_ties(a.new.id, &[endless]).await);
    let unknown = tx.finish_import(ImportId::of(&[b"?"]), &tallies()).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn what_is_no_store_is_refused_with_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("letter.txt");
    std::fs::write(&path, "Dear store, ".repeat(500)).unwrap();
    for url in [StoreUrl::file(&path), StoreUrl::file(home.path().join("no/such/folder/x.db"))] {
        let refused = Store::open(&url).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    assert!(matches!("mysql://db/tieline".parse::<StoreUrl>(), Err(StoreError::Unavailable(_))));
    let odd = home.path().join("a b%20c?d#e.db");
    assert_eq!("sqlite:x.db".parse::<StoreUrl>().unwrap().path().unwrap().to_str(), Some("x.db"));
    Store::open(&StoreUrl::file(&odd)).await.unwrap().close().await.unwrap();
    assert!(odd.exists());
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused() {
    use sea_orm::ConnectionTrait;
    let home = tempfile::tempdir().unwrap();
    open(home.path()).await.close().await.unwrap();
    let path = home.path().join("tieline.db");
    let db = sea_orm::Database::connect(format!("sqlite:{}", path.display())).await.unwrap();
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_future', 0)").await.unwrap();
    db.close().await.unwrap();
    match Store::open(&StoreUrl::file(&path)).await {
        Err(StoreError::Unavailable(text)) => assert!(text.contains("newer"), "{text}"),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever text a person types or an archive holds: it comes back as it was, and search
    /// neither fails nor misses it.
    #[test]
    fn any_text_is_stored_and_found(name in "\\PC{1,12}", text in "\\PC{0,8}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let home = tempfile::tempdir().unwrap();
            let store = open(home.path()).await;
            let mut state = identity();
            state.actors[0].name = name.clone();
            let tx = store.begin().await.unwrap();
            tx.replace_identity(&state).await.unwrap();
            tx.commit().await.unwrap();
            world::assert_same_identity(&store.identity().await.unwrap(), &state);
            let query = PeopleQuery { text: Some(name.clone()), ..PeopleQuery::default() };
            let (people, _) = store.people(&query).await.unwrap();
            assert!(people.iter().any(|row| row.name == name));
            store.find_people(&text, 5).await.unwrap();
            store.find_units(&text).await.unwrap();
        });
    }

    /// However an import is cut into portions, the store holds the same.
    #[test]
    fn portions_do_not_matter(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
                              cut in 0..6_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (store, plain) = (open(home.path()).await, open(other.path()).await);
            let a = import_a();
            import(&plain, &a).await;
            let shuffled = Batch {
                sightings: order.iter().map(|i| a.sightings[*i].clone()).collect(),
                ..a.clone()
            };
            let tx = store.begin().await.unwrap();
            tx.begin_import(&a.new).await.unwrap();
            tx.add_addresses(&a.addresses).await.unwrap();
            tx.add_sightings(a.new.id, &shuffled.sightings[..cut]).await.unwrap();
            let rest = Batch { sightings: shuffled.sightings[cut..].to_vec(), ..shuffled };
            rest.write(&tx).await;
            tx.finish_import(a.new.id, &tallies()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.contents().await.unwrap(), plain.contents().await.unwrap());
        });
    }
}
