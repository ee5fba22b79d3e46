//! One story, told to a store of each kind: what is written is read back, what is undone is gone.
#![allow(clippy::unwrap_used, reason = "steps of a test")]

mod world;

use tieline_model::address::AddressClass;
use tieline_model::claim::Decision;
use tieline_model::id::ImportId;
use tieline_model::interaction::LeftOut;
use tieline_store::{
    Constraint, ImportState, PeopleQuery, ReviewState, Store, StoreError, Tallies, Verb,
};
use world::{
    Home, address, email, identity, import, import_a, import_b, moment, new_import, tallies,
};

#[tokio::test]
async fn the_story_of_a_store() {
    for home in world::homes() {
        the_story(&home).await;
    }
}

async fn the_story(home: &Home) {
    let store = home.open().await;
    an_empty_store_answers_everything(&store).await;
    an_import_is_invisible_until_it_is_done(&store).await;
    facts_of_live_imports_add_up(&store).await;
    issues_and_files_come_in_order(&store).await;
    a_person_outranks_a_computation(&store).await;
    the_identity_is_replaced_whole(&store).await;
    people_are_found(&store).await;
    an_erased_person_is_gone(&store, home).await;
    undoing_everything_leaves_nothing(&store).await;
    assert_eq!(store.integrity_check().await.unwrap(), Vec::<String>::new());
}

async fn an_empty_store_answers_everything(store: &Store) {
    assert!(store.imports(None, 10).await.unwrap().is_empty());
    assert!(store.unfinished_imports().await.unwrap().is_empty());
    assert!(store.all_addresses().await.unwrap().is_empty());
    assert!(store.claims().await.unwrap().is_empty());
    assert!(store.lists().await.unwrap().is_empty());
    assert!(store.units(None).await.unwrap().is_empty());
    assert_eq!(store.people(&PeopleQuery::default()).await.unwrap(), (vec![], None));
    assert_eq!(store.identity().await.unwrap(), tieline_store::IdentityState::default());
    assert!(matches!(
        store.import_by_prefix("ab").await,
        Err(StoreError::NotFound { what: "import", .. })
    ));
}

async fn an_import_is_invisible_until_it_is_done(store: &Store) {
    let a = import_a();
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.begin_import(&a.new).await.unwrap(), 1);
    a.write(&tx).await;
    tx.commit().await.unwrap();

    assert!(store.live_imports().await.unwrap().is_empty());
    assert!(store.all_addresses().await.unwrap().is_empty());
    assert!(store.claims().await.unwrap().is_empty());
    assert!(store.stated_ties().await.unwrap().is_empty());
    assert!(store.attendance().await.unwrap().is_empty());
    assert!(store.lists().await.unwrap().is_empty());
    let as_if = store.as_if_done(a.new.id);
    assert!(!as_if.all_addresses().await.unwrap().is_empty());
    let told = (as_if.all_addresses().await.unwrap(), as_if.claims().await.unwrap());
    let ties = as_if.stated_ties().await.unwrap();
    assert!(store.live_imports().await.unwrap().is_empty(), "what would be so is not so");
    let unfinished = store.unfinished_imports().await.unwrap();
    assert_eq!(unfinished.len(), 1);
    assert_eq!(
        (unfinished[0].id, unfinished[0].state, unfinished[0].finished_at),
        (a.new.id, ImportState::Running, None)
    );

    let tx = store.begin().await.unwrap();
    let second = tx.begin_import(&new_import("b")).await;
    assert!(matches!(second, Err(StoreError::Conflict(Constraint::ImportRunning))), "{second:?}");
    drop(tx);
    let tx = store.begin().await.unwrap();
    let again = tx.begin_import(&a.new).await;
    assert!(matches!(again, Err(StoreError::Conflict(Constraint::ImportExists))), "{again:?}");
    let undo = tx.undo_import(a.new.id).await;
    assert!(matches!(undo, Err(StoreError::Conflict(Constraint::ImportState(_)))), "{undo:?}");
    tx.finish_import(a.new.id, &tallies()).await.unwrap();
    let twice = tx.finish_import(a.new.id, &tallies()).await;
    assert!(matches!(twice, Err(StoreError::Conflict(Constraint::ImportState(_)))), "{twice:?}");
    let discard = tx.discard_import(a.new.id).await;
    assert!(matches!(discard, Err(StoreError::Conflict(Constraint::ImportState(_)))));
    tx.commit().await.unwrap();

    let done = store.import(a.new.id).await.unwrap();
    assert_eq!((done.rank, done.state), (1, ImportState::Done));
    assert_eq!(done.tallies, tallies());
    assert_eq!((store.all_addresses().await.unwrap(), store.claims().await.unwrap()), told);
    assert_eq!(store.stated_ties().await.unwrap(), ties);
    assert!(done.finished_at.is_some());
    assert_eq!(store.all_addresses().await.unwrap().len(), 4);
    assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::ImportFinished);
}

async fn facts_of_live_imports_add_up(store: &Store) {
    import(store, &import_b()).await;
    let (ada, bo, list) = (email("ada@one.example"), email("bo@two.example"), email("l@x.example"));

    let seen = store.address(ada.id()).await.unwrap().unwrap();
    assert_eq!(seen.address, ada);
    // 3 + 4 sent in two portions of import A, 5 in B.
    assert_eq!((seen.sent, seen.received, seen.rank), (12, 2, 1));
    assert_eq!((seen.first, seen.last), (Some(moment(10)), Some(moment(90))));
    assert_eq!(seen.senders_sketch, 0b111);
    let post = store.address(list.id()).await.unwrap().unwrap();
    assert_eq!(post.senders_sketch, 1 << 63);
    assert!(post.was_list_post && !post.was_resource && post.first.is_none());
    let in_b_alone = store.address(address("cy@three.example")).await.unwrap().unwrap();
    assert_eq!(in_b_alone.rank, 2);

    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = store.addresses(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        paged.extend(page);
    }
    assert_eq!(paged, store.all_addresses().await.unwrap());
    assert!(paged.is_sorted_by_key(|seen| seen.id));

    let lists = store.lists().await.unwrap();
    assert_eq!(lists.len(), 1);
    assert_eq!((lists[0].messages, lists[0].answers, lists[0].senders), (30, 12, 2));
    assert_eq!(lists[0].posts, [list.id()]);

    let claims = store.claims().await.unwrap();
    assert_eq!(claims.len(), 4);
    let named = claims.iter().find(|claim| claim.name.as_deref() == Some("Ada Ek")).unwrap();
    assert_eq!((named.count, named.first, named.last), (7, Some(moment(10)), Some(moment(40))));
    let card = claims.iter().find(|claim| claim.addresses.len() == 2).unwrap();
    assert_eq!(card.addresses, [bo.id(), ada.id()]);
    assert_eq!(card.nicknames, world::CARD_LISTS[0]);
    assert_eq!(card.units, world::CARD_LISTS[1]);
    let (first, next) = store.claims_page(None, 3).await.unwrap();
    let (second, end) = store.claims_page(next, 3).await.unwrap();
    assert_eq!([first, second].concat(), claims);
    assert!(next.is_some() && end.is_none());

    let about_bo = store.claims_about(&[bo.id(), bo.id()]).await.unwrap();
    assert_eq!(about_bo, std::slice::from_ref(card));
    let both = store.addresses_of(&[bo.id(), ada.id(), address("no@one.example")]).await.unwrap();
    assert_eq!(both.len(), 2);
    assert!(both.contains(&seen));

    let ties = store.stated_ties().await.unwrap();
    assert_eq!(ties.len(), 2);
    assert_eq!((ties[0].import, ties[1].import), (import_a().new.id, import_b().new.id));
    assert_eq!(store.attendance().await.unwrap().len(), 1);
}

async fn issues_and_files_come_in_order(store: &Store) {
    let a = import_a();
    let files = store.files(a.new.id).await.unwrap();
    assert_eq!(files, a.files);
    let all = store.issues(a.new.id, None, 100).await.unwrap();
    assert_eq!(all.iter().map(|one| one.issue.clone()).collect::<Vec<_>>(), a.issues);
    let page = store.issues(a.new.id, Some(all[0].ordinal), 1).await.unwrap();
    assert_eq!(page, all[1..2]);

    let imports = store.imports(None, 10).await.unwrap();
    assert_eq!(imports.iter().map(|one| one.rank).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(store.imports(Some(1), 10).await.unwrap(), imports[1..]);
    for one in &imports {
        let whole = one.id.to_string();
        assert_eq!(store.import_by_prefix(&whole).await.unwrap().id, one.id);
        assert_eq!(store.import_by_prefix(&whole[..12]).await.unwrap().id, one.id);
    }
    let changed = Tallies { new: 4, duplicate: 3, ..tallies() };
    let tx = store.begin().await.unwrap();
    tx.set_tallies(&[(imports[1].id, changed.clone())]).await.unwrap();
    let unknown = tx.set_tallies(&[(ImportId::of(&[b"?"]), changed.clone())]).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    tx.commit().await.unwrap();
    assert_eq!(store.import(imports[1].id).await.unwrap().tallies, changed);
    assert_eq!(imports[0].tallies.left_out_by, [(LeftOut::Bulk, 1), (LeftOut::Broadcast, 2)]);
}

async fn a_person_outranks_a_computation(store: &Store) {
    let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
    let word = |same, reason: &str| Decision { a: bo, b: ada, same, reason: reason.to_owned() };
    let tx = store.begin().await.unwrap();
    tx.add_decision(&word(true, "first")).await.unwrap();
    tx.add_decision(&word(false, "on reflection")).await.unwrap();
    let same = Decision { a: ada, b: ada, same: true, reason: String::new() };
    assert!(matches!(tx.add_decision(&same).await, Err(StoreError::Conflict(_))));
    tx.set_address_class(bo, AddressClass::RoleMailbox, "a desk").await.unwrap();
    tx.set_setting("colour", "blue").await.unwrap();
    tx.set_setting("colour", "green").await.unwrap();
    tx.save_column_mapping("staff", r#"{"name":"A"}"#).await.unwrap();
    assert!(matches!(
        tx.save_column_mapping("staff", "{").await,
        Err(StoreError::Conflict(Constraint::Value(_)))
    ));
    tx.commit().await.unwrap();

    let decisions = store.decisions().await.unwrap();
    assert_eq!(decisions.len(), 1);
    let kept = &decisions[0].decision;
    assert_eq!((kept.same, kept.reason.as_str()), (false, "on reflection"));
    assert!(kept.a < kept.b);
    let seen = store.address(bo).await.unwrap().unwrap();
    assert_eq!(seen.class_override, Some(AddressClass::RoleMailbox));
    assert_eq!(store.class_overrides().await.unwrap()[0].reason, "a desk");
    assert_eq!(store.setting("colour").await.unwrap().as_deref(), Some("green"));
    assert_eq!(store.setting("none").await.unwrap(), None);
    assert_eq!(store.column_mappings().await.unwrap().len(), 1);
    let verbs: Vec<Verb> = store.history(4).await.unwrap().iter().map(|e| e.verb).collect();
    assert_eq!(
        verbs,
        [Verb::MappingSaved, Verb::ClassSet, Verb::IdentitiesSplit, Verb::IdentitiesMerged]
    );

    let tx = store.begin().await.unwrap();
    tx.remove_address_class(bo).await.unwrap();
    assert!(matches!(tx.remove_address_class(bo).await, Err(StoreError::NotFound { .. })));
    tx.commit().await.unwrap();
    assert_eq!(store.address(bo).await.unwrap().unwrap().class_override, None);
}

async fn the_identity_is_replaced_whole(store: &Store) {
    for state in [identity(), identity()] {
        let tx = store.begin().await.unwrap();
        tx.replace_identity(&state).await.unwrap();
        tx.commit().await.unwrap();
        world::assert_same_identity(&store.identity().await.unwrap(), &state);
    }
    let state = identity();
    let map = store.identity_map().await.unwrap();
    let expected: usize = state.actors.iter().map(|actor| actor.addresses.len()).sum();
    assert_eq!(map.len(), expected);
    assert_eq!(store.actor_of(map[0].0).await.unwrap(), Some(map[0].1));

    // The pair under review was decided in an earlier step; the other was not.
    let reviews = store.reviews(None, 10).await.unwrap();
    let states: Vec<_> = reviews.iter().map(|stored| stored.state).collect();
    assert_eq!(states, [ReviewState::KeptApart, ReviewState::Open]);
    assert_eq!(store.reviews(Some(0), 10).await.unwrap(), reviews[1..]);
    let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
    let tx = store.begin().await.unwrap();
    tx.remove_decision(ada, bo).await.unwrap();
    assert!(matches!(tx.remove_decision(ada, bo).await, Err(StoreError::NotFound { .. })));
    tx.commit().await.unwrap();
    assert_eq!(store.reviews(None, 1).await.unwrap()[0].state, ReviewState::Open);

    let mut broken = identity();
    broken.actors[1].addresses = broken.actors[0].addresses.clone();
    let tx = store.begin().await.unwrap();
    let refused = tx.replace_identity(&broken).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Constraint::Taken(_)))), "{refused:?}");
    drop(tx);
    world::assert_same_identity(&store.identity().await.unwrap(), &state);
}

async fn people_are_found(store: &Store) {
    let state = identity();
    let all = PeopleQuery::default();
    let (people, next) = store.people(&all).await.unwrap();
    assert!(next.is_none());
    let names: Vec<&str> = people.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Ada Ek", "bo 100%", "\u{c7}elik Y\u{131}lmaz"]);
    assert_eq!(store.count_people(&all).await.unwrap(), 3);

    let ada = &people[0];
    assert_eq!((ada.address.as_str(), ada.n_addresses), ("ada@one.example", 2));
    assert_eq!(ada.unit.as_ref().unwrap().name, "Nursing");
    assert_eq!(ada.organisation.as_ref().unwrap().name, "One Trust");
    assert_eq!(ada.title.as_deref(), Some("lead"));

    let mut paged = Vec::new();
    let mut query = PeopleQuery { limit: 1, ..PeopleQuery::default() };
    loop {
        let (page, next) = store.people(&query).await.unwrap();
        paged.extend(page);
        query.after = next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, people);

    let names_for = async |query: PeopleQuery| -> Vec<String> {
        let (people, _) = store.people(&query).await.unwrap();
        assert_eq!(store.count_people(&query).await.unwrap(), people.len() as u64);
        people.into_iter().map(|row| row.name).collect()
    };
    let text = |text: &str| PeopleQuery { text: Some(text.to_owned()), ..PeopleQuery::default() };
    assert_eq!(names_for(text("CELIK")).await, ["\u{c7}elik Y\u{131}lmaz"]);
    assert_eq!(names_for(text("two.exam")).await, ["bo 100%"]);
    // Each word begins one of the person's: of the name, the address, the title, the units.
    assert_eq!(names_for(text("E ad")).await, ["Ada Ek"]);
    assert_eq!(names_for(text("nurs trust LEAD")).await, ["Ada Ek"]);
    assert_eq!(names_for(text("00")).await, Vec::<String>::new());
    assert_eq!(names_for(text("ada bo")).await, Vec::<String>::new());
    assert_eq!(names_for(text("0%")).await, Vec::<String>::new());
    assert_eq!(names_for(text("%")).await, ["bo 100%"]);
    // A word counts once; more than anyone is called finds nobody.
    assert_eq!(names_for(text(&"ada ".repeat(100))).await, ["Ada Ek"]);
    let many: String = (0..40).map(|n| format!("w{n} ")).collect();
    for too_much in ["ada ".repeat(300), "%".repeat(60_000), many] {
        assert_eq!(names_for(text(&too_much)).await, Vec::<String>::new());
        assert!(store.find_people(&too_much, 5).await.unwrap().is_empty());
    }
    assert_eq!(names_for(text("'; DROP TABLE actor; --")).await, Vec::<String>::new());
    let unit = |at, unit| PeopleQuery { unit: Some(unit), as_of: at, ..PeopleQuery::default() };
    let [trust, nursing, other] = [&state.units[0], &state.units[1], &state.units[2]];
    assert_eq!(names_for(unit(None, trust.id)).await, ["Ada Ek", "bo 100%"]);
    assert_eq!(names_for(unit(None, nursing.id)).await, ["Ada Ek"]);
    assert_eq!(names_for(unit(Some(moment(150)), trust.id)).await, ["Ada Ek"]);
    assert_eq!(names_for(unit(None, other.id)).await, Vec::<String>::new());

    let units = store.units(None).await.unwrap();
    let n = |id| units.iter().find(|row| row.unit.id == id).unwrap().n_people;
    assert_eq!((n(trust.id), n(nursing.id), n(other.id)), (2, 1, 0));
    let later = store.units(Some(moment(150))).await.unwrap();
    assert_eq!(later.iter().find(|row| row.unit.id == trust.id).unwrap().n_people, 1);
    assert_eq!(store.find_units("one.example").await.unwrap(), std::slice::from_ref(trust));
    assert_eq!(store.find_units("NURS").await.unwrap(), std::slice::from_ref(nursing));
    assert_eq!(
        store.find_units(&nursing.id.to_string()).await.unwrap(),
        std::slice::from_ref(nursing)
    );
    assert_eq!(
        store.find_units(&nursing.id.to_string()[..8]).await.unwrap(),
        std::slice::from_ref(nursing)
    );

    for text in ["Ada <ADA@one.example>", "ada ek", &ada.id.to_string(), &ada.id.to_string()[..9]] {
        let found = store.find_people(text, 5).await.unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [ada.id], "{text}");
    }
    assert_eq!(store.find_people("example", 5).await.unwrap().len(), 3);
    assert!(store.find_people("  ", 5).await.unwrap().is_empty());

    let person = store.person(ada.id).await.unwrap();
    assert_eq!(person.actor, state.actors[0]);
    assert_eq!(person.addresses.len(), 2);
    assert_eq!(person.addresses[0].seen.as_ref().unwrap().sent, 12);
    assert_eq!(person.affiliations.len(), 1);
    let path: Vec<&str> = person.affiliations[0].1.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(path, ["Nursing", "One Trust"]);
    let unknown = tieline_model::id::ActorId::derived(&[b"nobody"]);
    assert!(matches!(store.person(unknown).await, Err(StoreError::NotFound { .. })));
}

async fn an_erased_person_is_gone(store: &Store, home: &Home) {
    let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
    let tx = store.begin().await.unwrap();
    tx.add_decision(&Decision { a: ada, b: bo, same: false, reason: "two".to_owned() })
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mac = [0xab; 32];
    let tx = store.begin().await.unwrap();
    let erased =
        tx.erase_addresses(&[ada, address("a.ek@one.example")], &[mac, mac]).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();

    assert_eq!((erased.addresses, erased.actors, erased.decisions), (2, 1, 1));
    assert_eq!(store.suppressions().await.unwrap(), [mac]);
    assert_eq!(store.integrity_check().await.unwrap(), Vec::<String>::new());
    let rest = format!("{:?} {:?}", store.contents().await, store.history(1000).await);
    for trace in ["ada@one", "a.ek@one", "Ada Ek", &ada.to_string(), &ada.as_i64().to_string()] {
        assert!(!rest.contains(trace), "{trace} is still there");
    }
    assert!(rest.contains("bo@two.example"));
    let Some(folder) = &home.folder else { return };
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for trace in ["ada@one", "a.ek@one", "Ada Ek", &ada.to_string()] {
            let found = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
            assert!(!found, "{trace} is still in a file");
        }
        // As SQLite writes a large number.
        let id = ada.as_i64().to_be_bytes();
        assert!(!bytes.windows(8).any(|window| window == id), "the id is still in a file");
    }
}

async fn undoing_everything_leaves_nothing(store: &Store) {
    let tx = store.begin().await.unwrap();
    for one in store.live_imports().await.unwrap() {
        tx.undo_import(one.id).await.unwrap();
    }
    tx.replace_identity(&tieline_store::IdentityState::default()).await.unwrap();
    tx.commit().await.unwrap();
    let contents = store.contents().await.unwrap();
    for (table, rows) in &contents {
        let kept = ["suppression", "column_mapping"].contains(table);
        assert_eq!(rows.is_empty(), !kept, "{table}: {rows:?}");
    }
    // A rank is never given twice.
    let a = import_a();
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.begin_import(&a.new).await.unwrap(), 3);
    a.write(&tx).await;
    tx.discard_import(a.new.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.contents().await.unwrap(), contents);
}
