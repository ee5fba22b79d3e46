//! What people say by hand about who is where, on each kind of store: it outranks what imports say,
//! survives them, and can be taken back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::access::{Role, Visibility};
use tieline_model::id::{AccountId, ActorId, AddressId, UnitId};
use tieline_model::org::{FactSource, UnitKind};
use tieline_store::{
    ActorKind, BulkChange, Constraint, NewAccount, NewNote, NewPerson, NewPlace, PeopleQuery,
    SaidPlace, Store, StoreError, Verb,
};
use world::{address, conflict, done, email, moment};

async fn owner(store: &Store) -> AccountId {
    let new = NewAccount {
        login: "own".to_owned(),
        name: "Own".to_owned(),
        role: Role::Owner,
        password_hash: None,
        actor: None,
    };
    let tx = store.begin().await.unwrap();
    let id = tx.add_account(&new).await.unwrap();
    tx.replace_identity(&world::identity()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn settled_anew(store: &Store) {
    done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
}

async fn found(store: &Store, text: &str) -> Vec<String> {
    let query = PeopleQuery { text: Some(text.to_owned()), ..PeopleQuery::default() };
    store.people(&query).await.unwrap().0.into_iter().map(|row| row.name).collect()
}

async fn actor_at(store: &Store, of: AddressId) -> ActorId {
    store.actor_of(of).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_name_that_was_said_outranks_imports_and_goes_back_by_one_step() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let ada = address("ada@one.example");
        done!(store, tx => tx.say_name(ada, " Ada  Lovelace ", by, 0)).unwrap();
        for _ in 0..2 {
            let person = store.person(actor_at(&store, ada).await).await.unwrap();
            assert_eq!(person.actor.name, "Ada Lovelace");
            assert_eq!(found(&store, "lovel").await, ["Ada Lovelace"]);
            settled_anew(&store).await;
        }
        let said = store.said_about(&[ada]).await.unwrap();
        assert_eq!((said.people[0].version, said.people[0].by), (1, Some(by)));
        let late = done!(store, tx => tx.say_name(ada, "Ada King", by, 0));
        assert_eq!(conflict(late), Constraint::Stale);
        let blank = done!(store, tx => tx.say_name(ada, " ", by, 1));
        assert!(matches!(conflict(blank), Constraint::Value(_)));
        done!(store, tx => tx.say_name_before(ada, by)).unwrap();
        assert_eq!(found(&store, "lovel").await, Vec::<String>::new());
        assert_eq!(found(&store, "ada").await, ["Ada Ek"]);
        assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::NameSaid);
        let nobody = done!(store, tx => tx.say_name(address("x@y.example"), "X", by, 0));
        assert!(matches!(nobody, Err(StoreError::NotFound { .. })), "{nobody:?}");
    }
}

#[tokio::test]
async fn a_place_that_was_said_stands_before_others_and_replaces_its_like() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let ada = address("ada@one.example");
        let nursing = UnitId::derived(&[b"Nursing"]);
        let new = |unit, title: &str| NewPlace {
            who: ada,
            unit,
            title: Some(title.to_owned()),
            from: Some(moment(20)),
            to: None,
            by,
        };
        let id = done!(store, tx => tx.add_place(&new(nursing, "head"))).unwrap();
        let harbour =
            done!(store, tx => tx.add_unit((UnitKind::Organisation, "Harbour"), None, by));
        let harbour = harbour.unwrap();
        let again = (UnitKind::Organisation, " harbour ");
        assert_eq!(done!(store, tx => tx.add_unit(again, None, by)).unwrap(), harbour);
        done!(store, tx => tx.add_place(&NewPlace { to: Some(moment(30)), ..new(harbour, "guest") }))
            .unwrap();
        for _ in 0..2 {
            let person = store.person(actor_at(&store, ada).await).await.unwrap();
            let places: Vec<_> = person
                .affiliations
                .iter()
                .map(|(one, path)| (path[0].name.as_str(), one.title.as_deref(), one.source))
                .collect();
            let person = FactSource::Person;
            let expected = [("Nursing", Some("head"), person), ("Harbour", Some("guest"), person)];
            assert_eq!(places, expected);
            settled_anew(&store).await;
        }

        let known = store.place(id).await.unwrap();
        let moved = SaidPlace { to: Some(moment(40)), ..known.clone() };
        done!(store, tx => tx.update_place(&moved, by)).unwrap();
        assert_eq!(conflict(done!(store, tx => tx.update_place(&known, by))), Constraint::Stale);
        let wrong = SaidPlace { to: Some(moment(1)), version: 2, ..known };
        let wrong = done!(store, tx => tx.update_place(&wrong, by));
        assert!(matches!(conflict(wrong), Constraint::Value(_)));
        done!(store, tx => tx.remove_place(id)).unwrap();
        settled_anew(&store).await;
        let person = store.person(actor_at(&store, ada).await).await.unwrap();
        assert_eq!(person.affiliations.len(), 2, "what the import says shows again");
        done!(store, tx => tx.restore_place(id)).unwrap();
        assert_eq!(store.place(id).await.unwrap().to, Some(moment(40)));
        let used = done!(store, tx => tx.withdraw_unit(harbour, by));
        assert!(matches!(conflict(used), Constraint::Value(_)));
    }
}

#[tokio::test]
async fn who_is_added_by_hand_stays_until_taken_back_or_erased() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let new = |name: &str, address: Option<&str>| NewPerson {
            address: address.map(email),
            name: name.to_owned(),
            kind: ActorKind::Person,
            by,
        };
        let dee =
            done!(store, tx => tx.add_person(&new("Dee Ox", Some("dee@four.example")))).unwrap();
        let eli = done!(store, tx => tx.add_person(&new("Eli Ox", None))).unwrap();
        let taken = done!(store, tx => tx.add_person(&new("Else", Some("ada@one.example"))));
        assert!(matches!(conflict(taken), Constraint::Taken(_)));
        let unit =
            done!(store, tx => tx.add_unit((UnitKind::Organisation, "Ox"), None, by)).unwrap();
        let place = NewPlace { who: dee, unit, title: None, from: None, to: None, by };
        done!(store, tx => tx.add_place(&place)).unwrap();
        done!(store, tx => tx.say_tie(eli, dee, by)).unwrap();
        done!(store, tx => tx.say_tie(dee, eli, by)).unwrap();
        assert_eq!(store.said_ties().await.unwrap().len(), 1);
        settled_anew(&store).await;
        assert_eq!(found(&store, "ox").await, ["Dee Ox", "Eli Ox"]);
        let names: Vec<_> = store.added_by_hand().await.unwrap();
        assert_eq!(names.len(), 2);

        let note = NewNote {
            about: dee,
            author: by,
            text: "met once".to_owned(),
            visibility: Visibility::Own,
        };
        done!(store, tx => tx.add_note(&note)).unwrap();
        let kept = done!(store, tx => tx.withdraw_person(dee, by));
        assert!(matches!(conflict(kept), Constraint::Value(_)));
        done!(store, tx => tx.withdraw_person(eli, by)).unwrap();
        assert_eq!(found(&store, "ox").await, ["Dee Ox"]);
        assert!(store.said_ties().await.unwrap().is_empty());
        done!(store, tx => tx.say_name(dee, "Dee Bull", by, 1)).unwrap();
        done!(store, tx => tx.erase_addresses(&[dee], &[[7; 32]])).unwrap();
        settled_anew(&store).await;
        assert_eq!(found(&store, "dee").await, Vec::<String>::new());
        assert!(store.said_about(&[dee]).await.unwrap().people.is_empty());
    }
}

#[tokio::test]
async fn rhythms_and_shared_views_are_whose_they_are() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let other = NewAccount {
            login: "other".to_owned(),
            name: "Other".to_owned(),
            role: Role::Member,
            password_hash: None,
            actor: None,
        };
        let other = done!(store, tx => tx.add_account(&other)).unwrap();
        let ada = address("ada@one.example");
        done!(store, tx => tx.set_rhythm(by, &[ada], Some(30))).unwrap();
        done!(store, tx => tx.set_rhythm(by, &[ada], Some(14))).unwrap();
        let wrong = done!(store, tx => tx.set_rhythm(by, &[ada], Some(0)));
        assert!(matches!(conflict(wrong), Constraint::Value(_)));
        assert_eq!(store.rhythms(by).await.unwrap()[0].days, 14);
        assert!(store.rhythms(other).await.unwrap().is_empty());
        done!(store, tx => tx.set_rhythm(by, &[ada], None)).unwrap();
        assert!(store.rhythms(by).await.unwrap().is_empty());

        let view = done!(store, tx => tx.save_view(by, "people", "Mine", "tag=x")).unwrap();
        assert!(store.views(other, "people").await.unwrap().is_empty());
        let theirs = done!(store, tx => tx.share_view(view, other, true));
        assert!(matches!(theirs, Err(StoreError::NotFound { .. })));
        done!(store, tx => tx.share_view(view, by, true)).unwrap();
        assert!(store.views(other, "people").await.unwrap()[0].shared);
        done!(store, tx => tx.remove_view(view, by)).unwrap();
        assert!(store.views(other, "people").await.unwrap().is_empty());
        done!(store, tx => tx.snooze(by, "cooling:1", moment(5))).unwrap();
        done!(store, tx => tx.end_snooze(by, "cooling:1")).unwrap();
        assert!(store.snoozes(by, moment(4)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn many_are_changed_at_once_and_only_they_are_changed_back() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let [ada, bo, cy] = ["ada@one.example", "bo@two.example", "cy@three.example"].map(address);
        done!(store, tx => tx.add_tag(&[bo], "Board", Some(by))).unwrap();
        let board = BulkChange::Tag("board".to_owned());
        let edit = done!(store, tx => tx.bulk_edit(by, &board, &[ada, bo, cy])).unwrap();
        assert_eq!(edit.changed, 2, "one has it already");
        let tagged = PeopleQuery { tag: Some("BOARD".to_owned()), ..PeopleQuery::default() };
        assert_eq!(store.people(&tagged).await.unwrap().0.len(), 3);
        done!(store, tx => tx.undo_bulk_edit(edit.id, by)).unwrap();
        done!(store, tx => tx.undo_bulk_edit(edit.id, by)).unwrap();
        assert_eq!(store.addresses_tagged("board").await.unwrap(), [bo]);

        let nursing = UnitId::derived(&[b"Nursing"]);
        let place = BulkChange::Place(nursing, moment(9));
        let edit = done!(store, tx => tx.bulk_edit(by, &place, &[ada, cy])).unwrap();
        assert_eq!(edit.changed, 1, "one is there already");
        let there = PeopleQuery { unit: Some(nursing), ..PeopleQuery::default() };
        assert_eq!(store.count_people(&there).await.unwrap(), 2);
        done!(store, tx => tx.undo_bulk_edit(edit.id, by)).unwrap();
        assert_eq!(store.count_people(&there).await.unwrap(), 1);

        let edit = done!(store, tx => tx.bulk_edit(by, &BulkChange::OptOut, &[ada, cy])).unwrap();
        assert_eq!(store.opted_out().await.unwrap().len(), 2);
        done!(store, tx => tx.undo_bulk_edit(edit.id, by)).unwrap();
        assert!(store.opted_out().await.unwrap().is_empty());
        let theirs = AccountId(uuid::Uuid::nil());
        let gone = done!(store, tx => tx.undo_bulk_edit(edit.id, theirs));
        assert!(matches!(gone, Err(StoreError::NotFound { .. })));

        let lead = PeopleQuery { role: Some("LEAD".to_owned()), ..PeopleQuery::default() };
        assert_eq!(store.count_people(&lead).await.unwrap(), 2, "proposals do not count");
        let seen = PeopleQuery { seen_since: Some(moment(1)), ..PeopleQuery::default() };
        assert_eq!(store.count_people(&seen).await.unwrap(), 0, "no import has seen anyone");
    }
}

/// Names of all that a query lists, read in pages of this size.
async fn paged(store: &Store, query: &PeopleQuery, limit: u64) -> Vec<String> {
    let mut query = PeopleQuery { limit, ..query.clone() };
    let mut names = Vec::new();
    loop {
        let (rows, next) = store.people(&query).await.unwrap();
        names.extend(rows.into_iter().map(|row| row.name));
        match next {
            Some(next) => query.after = Some(next),
            None => return names,
        }
    }
}

/// Each comes before the one before, and then one between two, so that there is no room left for
/// their numbers now and then: what a text finds stays in the order of the directory.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_text_finds_comes_page_by_page_in_the_order_of_the_directory() {
    for home in world::homes() {
        let store = home.open().await;
        let by = owner(&store).await;
        let ox = done!(store, tx => tx.add_unit((UnitKind::Organisation, "Ox"), None, by)).unwrap();
        for n in (0..60).rev().chain(60..64) {
            let name = format!("{} Heron {n}", ["Åsa", "bo", "Cy"][n % 3]);
            let new = NewPerson { address: None, name, kind: ActorKind::Person, by };
            let who = done!(store, tx => tx.add_person(&new)).unwrap();
            if n % 4 > 0 {
                let place = NewPlace { who, unit: ox, title: None, from: None, to: None, by };
                done!(store, tx => tx.add_place(&place)).unwrap();
            }
            if n % 20 == 7 {
                done!(store, tx => tx.say_name(who, &format!("Mo Heron {n}"), by, 1)).unwrap();
            }
        }
        let text = PeopleQuery { text: Some("heron".to_owned()), ..PeopleQuery::default() };
        // With a kind it is sorted by the database.
        let sorted = PeopleQuery { kind: Some(ActorKind::Person), ..text.clone() };
        let expected = paged(&store, &sorted, 1_000).await;
        assert_eq!(expected.len(), 64);
        for limit in [1, 7, 64, 1_000] {
            assert_eq!(paged(&store, &text, limit).await, expected, "{limit} a page");
        }
        assert_eq!(store.count_people(&text).await.unwrap(), 64);
        let inside = PeopleQuery { unit: Some(ox), ..PeopleQuery::default() };
        let sorted_inside = PeopleQuery { kind: Some(ActorKind::Person), ..inside.clone() };
        let expected = paged(&store, &sorted_inside, 1_000).await;
        assert_eq!(expected.len(), 48);
        assert_eq!(paged(&store, &inside, 7).await, expected);
        assert_eq!(store.count_people(&inside).await.unwrap(), 48);
        assert!(store.integrity_check().await.unwrap().is_empty());
        settled_anew(&store).await;
        assert_eq!(paged(&store, &text, 9).await, paged(&store, &sorted, 1_000).await);
    }
}
