//! What a team writes down, on each kind of store: who may read it, who may change it, what is kept.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::access::{Role, TieConsent, Visibility};
use tieline_model::contact::ContactKind;
use tieline_model::id::AccountId;
use tieline_model::job::Job;
use tieline_store::{
    Constraint, FieldKind, KeptFinding, NewAccount, NewContact, NewNote, NewPromise, NewSession,
    PeopleQuery, Reader, Store, StoreUrl, Tx, Verb, WrittenKind,
};
use world::{address, conflict, is_gone, moment};

fn account(login: &str, role: Role) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        password_hash: None,
        actor: None,
    }
}

async fn two_accounts(store: &Store) -> (AccountId, AccountId) {
    let tx = store.begin().await.unwrap();
    let owner = NewAccount { actor: Some(address("me@one.example")), ..account("Ow", Role::Owner) };
    let owner = tx.add_account(&owner).await.unwrap();
    let member = tx.add_account(&account("M\u{e9}m", Role::Member)).await.unwrap();
    tx.commit().await.unwrap();
    (owner, member)
}

/// Runs a verb in a transaction of its own: on PostgreSQL a refused statement ends its transaction.
macro_rules! alone {
    ($store:expr, $tx:ident => $verb:expr) => {{
        let $tx: Tx = $store.begin().await.unwrap();
        let done = $verb.await;
        if done.is_ok() {
            $tx.commit().await.unwrap();
        } else {
            $tx.rollback().await.unwrap();
        }
        done
    }};
}

#[tokio::test]
async fn the_last_owner_stays_and_a_login_has_one_account() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let twice = alone!(store, tx => tx.add_account(&account(" MEM ", Role::Guest)));
        assert!(matches!(conflict(twice), Constraint::Taken(_)));
        let rule = conflict(alone!(store, tx => tx.disable_account(owner)));
        assert_eq!(rule, Constraint::LastOwner);
        let rule = conflict(alone!(store, tx => tx.set_role(owner, Role::Steward)));
        assert_eq!(rule, Constraint::LastOwner);
        alone!(store, tx => tx.set_role(member, Role::Owner)).unwrap();
        alone!(store, tx => tx.disable_account(owner)).unwrap();
        let rule = conflict(alone!(store, tx => tx.set_role(member, Role::Guest)));
        assert_eq!(rule, Constraint::LastOwner, "a disabled owner does not count");

        let (found, hash) = store.account_by_login("m\u{c9}M").await.unwrap().unwrap();
        assert_eq!((found.id, hash, found.has_password), (member, None, false));
        alone!(store, tx => tx.set_password(member, "$argon2id$x")).unwrap();
        let old = alone!(store, tx => tx.update_account(&found));
        assert_eq!(conflict(old), Constraint::Stale);
        let mut found = store.account(member).await.unwrap();
        found.theme = Some("dark".to_owned());
        found.time_zone = "Europe/Vienna".to_owned();
        alone!(store, tx => tx.update_account(&found)).unwrap();
        found.version += 1;
        assert_eq!(store.account(member).await.unwrap(), found);
        assert_eq!(store.count_accounts().await.unwrap(), 2);
        assert_eq!(store.accounts(Some(owner), 9).await.unwrap(), [found]);
        is_gone(&store.account(AccountId(uuid::Uuid::nil())).await);
        assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::AccountChanged);
    }
}

#[tokio::test]
async fn a_session_holds_until_it_expires_or_its_account_is_disabled() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let (a, b, c) = ("a1".repeat(32), "b2".repeat(32), "c3".repeat(32));
        let new = |account| NewSession { account, expires: moment(9), about: "Firefox".to_owned() };
        let tx = store.begin().await.unwrap();
        for (hash, account) in [(&a, owner), (&b, owner), (&c, member)] {
            tx.open_session(hash, &new(account)).await.unwrap();
        }
        tx.touch_session(&a, moment(4)).await.unwrap();
        let clear = tx.open_session("a secret in clear", &new(owner)).await;
        assert!(matches!(conflict(clear), Constraint::Value(_)));
        tx.commit().await.unwrap();

        let (session, account) = store.session(&a, moment(8)).await.unwrap().unwrap();
        assert_eq!((session.last_used, account.id), (moment(4), owner));
        assert_eq!(store.session(&a, moment(9)).await.unwrap(), None);
        assert_eq!(store.session("?", moment(8)).await.unwrap(), None);
        assert_eq!(alone!(store, tx => tx.close_sessions(owner, Some(&a))).unwrap(), 1);
        assert_eq!(store.sessions_of(owner).await.unwrap(), [session]);
        alone!(store, tx => tx.disable_account(member)).unwrap();
        assert_eq!(store.session(&c, moment(8)).await.unwrap(), None);
        assert_eq!(alone!(store, tx => tx.sweep_sessions(moment(9))).unwrap(), 1);

        let tx = store.begin().await.unwrap();
        for day in [1, 2, 3] {
            tx.note_failure(&a, moment(day)).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(store.failures(&a, moment(2)).await.unwrap(), 2);
        alone!(store, tx => tx.clear_failures(&a)).unwrap();
        assert_eq!(store.failures(&a, moment(0)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_logged_contact_is_read_by_whom_it_says_and_undone_by_its_author() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
        let new = |day, visibility| NewContact {
            by: owner,
            kind: ContactKind::Met,
            at: moment(day),
            line: " the fair ".to_owned(),
            visibility,
            people: vec![bo, ada, bo],
        };
        let tx = store.begin().await.unwrap();
        let own = tx.log_contact(&new(1, Visibility::Own)).await.unwrap();
        let open = tx.log_contact(&new(2, Visibility::Workspace)).await.unwrap();
        let promise = NewPromise {
            contact: Some(open),
            by_us: true,
            who: ada,
            text: "send the plan".to_owned(),
            due: Some(moment(5)),
            author: owner,
            visibility: Visibility::Workspace,
        };
        let undated = NewPromise { due: None, contact: None, ..promise.clone() };
        let undated = tx.add_promise(&undated).await.unwrap();
        let dated = tx.add_promise(&promise).await.unwrap();
        is_gone(&tx.add_promise(&NewPromise { author: member, ..promise }).await);
        tx.commit().await.unwrap();

        let ids = async |viewer, workspace_ok| {
            let found = store.contacts_about(&[ada], viewer, workspace_ok, None, 9).await.unwrap();
            found.iter().map(|contact| contact.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(owner, true).await, [open, own]);
        assert_eq!(ids(member, true).await, [open]);
        assert!(ids(member, false).await.is_empty());
        let mine = store.contacts_by(owner, None, 1).await.unwrap();
        assert_eq!(
            (mine[0].people.as_slice(), mine[0].line.as_str()),
            (&[bo, ada][..], "the fair")
        );
        let next = store.contacts_by(owner, Some(mine[0].cursor()), 9).await.unwrap();
        assert_eq!(next.iter().map(|one| one.id).collect::<Vec<_>>(), [own]);
        let ties = store.all_contacts().await.unwrap();
        assert_eq!(ties.len(), 4);
        assert_eq!((ties[0].own, ties[0].other), (address("me@one.example"), bo));

        let mut changed = mine[0].clone();
        changed.people = vec![ada];
        alone!(store, tx => tx.update_contact(&changed)).unwrap();
        assert_eq!(conflict(alone!(store, tx => tx.update_contact(&changed))), Constraint::Stale);
        changed.by = member;
        is_gone(&alone!(store, tx => tx.update_contact(&changed)));

        let promised = async || {
            let open = store.promises_open(owner, 9).await.unwrap();
            open.iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(promised().await, [dated, undated]);
        alone!(store, tx => tx.keep_promise(undated, owner, moment(3))).unwrap();
        assert_eq!(promised().await, [dated]);
        alone!(store, tx => tx.reopen_promise(undated, owner)).unwrap();
        is_gone(&alone!(store, tx => tx.keep_promise(undated, member, moment(3))));
        assert_eq!(store.promises_about(&[ada], member, true, 9).await.unwrap().len(), 2);
        assert!(store.promises_about(&[ada], member, false, 9).await.unwrap().is_empty());

        is_gone(&alone!(store, tx => tx.undo_contact(open, member)));
        alone!(store, tx => tx.undo_contact(open, owner)).unwrap();
        assert_eq!(ids(owner, true).await, [own]);
        assert_eq!(promised().await, [undated], "the promise made at it went with it");
    }
}

#[tokio::test]
async fn notes_are_read_by_scope_and_come_back_after_deletion() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let ada = address("ada@one.example");
        let new = |visibility| NewNote {
            about: ada,
            author: owner,
            text: "knows boats".to_owned(),
            visibility,
        };
        let tx = store.begin().await.unwrap();
        let own = tx.add_note(&new(Visibility::Own)).await.unwrap();
        let open = tx.add_note(&new(Visibility::Workspace)).await.unwrap();
        let empty = tx.add_note(&NewNote { text: " ".to_owned(), ..new(Visibility::Own) }).await;
        assert!(matches!(conflict(empty), Constraint::Value(_)));
        tx.commit().await.unwrap();
        let ids = async |viewer, workspace_ok| {
            let found = store.notes_about(&[ada], viewer, workspace_ok, 9).await.unwrap();
            found.iter().map(|note| note.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(owner, true).await, [open, own]);
        assert_eq!(ids(member, true).await, [open]);
        assert!(ids(member, false).await.is_empty());
        assert!(store.notes_about(&[], owner, true, 9).await.unwrap().is_empty());
        is_gone(&store.note(own, member, true).await);
        is_gone(&alone!(store, tx => tx.delete_note(open, member)));
        alone!(store, tx => tx.delete_note(open, owner)).unwrap();
        assert_eq!(ids(owner, true).await, [own]);
        alone!(store, tx => tx.undelete_note(open, owner)).unwrap();
        assert_eq!(ids(member, true).await, [open]);
        let by = store.notes_by(owner, Some(open), 9).await.unwrap();
        assert_eq!(by.iter().map(|note| note.id).collect::<Vec<_>>(), [own]);
    }
}

#[tokio::test]
async fn tags_fields_views_and_consent_are_kept() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let (ada, bo) = (address("ada@one.example"), address("bo@two.example"));
        let tx = store.begin().await.unwrap();
        tx.add_tag(&[ada, bo], "Caf\u{e9}  club", Some(owner)).await.unwrap();
        tx.add_tag(&[ada], "cafe club", None).await.unwrap();
        tx.add_tag(&[ada], "board", None).await.unwrap();
        let choice = FieldKind::Choice(vec!["red".to_owned()]);
        let colour = tx.add_field("Colour", &choice).await.unwrap();
        let since = tx.add_field("Since", &FieldKind::Date).await.unwrap();
        tx.set_field(colour, ada, Some("red")).await.unwrap();
        tx.set_field(since, ada, Some("2026-11-16")).await.unwrap();
        for (field, value) in [(colour, "blue"), (since, "16.11.2026"), (since, "2026-02-30")] {
            let refused = tx.set_field(field, ada, Some(value)).await;
            assert!(matches!(conflict(refused), Constraint::Value(_)), "{value}");
        }
        let view = tx.save_view(owner, "people", "Mine", "unit=1").await.unwrap();
        assert_eq!(tx.save_view(owner, "people", "Mine", "unit=2").await.unwrap(), view);
        tx.snooze(owner, "cooling:1", moment(5)).await.unwrap();
        tx.set_consent(ada, TieConsent::Band, false, Some(member)).await.unwrap();
        tx.set_consent(bo, TieConsent::Nothing, false, None).await.unwrap();
        tx.set_consent(bo, TieConsent::Exists, true, None).await.unwrap();
        tx.look(member, ada, "person", moment(1)).await.unwrap();
        tx.set_named_findings(true, owner).await.unwrap();
        tx.note_export(member, "csv").await.unwrap();
        tx.commit().await.unwrap();
        let last = store.history(1).await.unwrap().remove(0);
        assert_eq!((last.verb, last.detail.as_str()), (Verb::NetworkExported, "csv"));
        assert_eq!(last.subject, member.to_string());

        let tags = store.tags().await.unwrap();
        let tags: Vec<_> = tags.iter().map(|tag| (tag.name.as_str(), tag.n_people)).collect();
        assert_eq!(tags, [("board", 1), ("Caf\u{e9} club", 2)]);
        let mut both = vec![ada, bo];
        both.sort_unstable();
        assert_eq!(store.addresses_tagged("CAFE CLUB").await.unwrap(), both);
        alone!(store, tx => tx.remove_tag(&[ada, bo], "cafe club")).unwrap();
        assert_eq!(store.tags_of(&both).await.unwrap(), [(ada, "board".to_owned())]);

        assert_eq!(store.fields().await.unwrap()[0].kind, choice);
        let values = store.field_values(&[ada]).await.unwrap();
        assert!(values.contains(&(ada, since, "2026-11-16".to_owned())) && values.len() == 2);
        let twice = alone!(store, tx => tx.add_field("COLOUR", &FieldKind::Text));
        assert!(matches!(conflict(twice), Constraint::Taken(_)));
        alone!(store, tx => tx.remove_field(colour)).unwrap();
        assert_eq!(store.field_values(&[ada]).await.unwrap().len(), 1);

        let views = store.views(owner, "people").await.unwrap();
        assert_eq!((views.len(), views[0].query.as_str()), (1, "unit=2"));
        is_gone(&alone!(store, tx => tx.remove_view(view, member)));
        assert_eq!(store.snoozes(owner, moment(4)).await.unwrap().len(), 1);
        assert!(store.snoozes(owner, moment(5)).await.unwrap().is_empty());

        assert_eq!(store.opted_out().await.unwrap(), [bo]);
        let consents = store.consent_of(&[ada]).await.unwrap();
        assert_eq!((consents[0].ties, consents[0].by), (TieConsent::Band, Some(member)));
        let looks = store.looks_at(&[ada], None, 9).await.unwrap();
        assert_eq!((looks.len(), looks[0].account), (1, member));
        assert!(store.looks(Some(looks[0].id), 9).await.unwrap().is_empty());
        assert!(store.named_findings().await.unwrap());
    }
}

#[tokio::test]
async fn people_are_found_by_tags_and_by_the_notes_that_one_may_read() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let ada = address("ada@one.example");
        let tx = store.begin().await.unwrap();
        tx.replace_identity(&world::identity()).await.unwrap();
        tx.add_tag(&[ada], "Steering group", None).await.unwrap();
        let own = NewNote {
            about: ada,
            author: owner,
            text: "knows Boats".to_owned(),
            visibility: Visibility::Own,
        };
        let id = tx.add_note(&own).await.unwrap();
        tx.commit().await.unwrap();
        let found = async |text: &str, account, workspace| {
            let reader = Some(Reader { account, workspace });
            let text = Some(text.to_owned());
            let query = PeopleQuery { text, reader, ..PeopleQuery::default() };
            let (people, _) = store.people(&query).await.unwrap();
            assert_eq!(store.count_people(&query).await.unwrap(), people.len() as u64);
            people.len()
        };
        assert_eq!(found("steer ada", member, false).await, 1);
        assert_eq!(found("boat", owner, true).await, 1);
        assert_eq!(found("boat", member, true).await, 0);
        let mut note = store.note(id, owner, true).await.unwrap();
        note.visibility = Visibility::Workspace;
        note.text = "knows ships".to_owned();
        alone!(store, tx => tx.update_note(&note)).unwrap();
        assert_eq!(found("boat", owner, true).await, 0);
        assert_eq!(found("ship", member, true).await, 1);
        assert_eq!(found("ship", member, false).await, 0);
        alone!(store, tx => tx.delete_note(id, owner)).unwrap();
        assert_eq!(found("ship", owner, true).await, 0);
        alone!(store, tx => tx.undelete_note(id, owner)).unwrap();
        assert_eq!(found("ship", owner, true).await, 1);
        alone!(store, tx => tx.remove_tag(&[ada], "steering group")).unwrap();
        assert_eq!(found("steer", owner, true).await, 0);
    }
}

#[tokio::test]
async fn findings_of_one_computation_are_kept_once() {
    for home in world::homes() {
        let store = home.open().await;
        let one = KeptFinding {
            kind: "silo".to_owned(),
            severity: 0.25,
            sentence: "Nursing talks to itself".to_owned(),
            detail: r#"{"n":7}"#.to_owned(),
        };
        let tx = store.begin().await.unwrap();
        tx.keep_findings("f1", moment(3), std::slice::from_ref(&one)).await.unwrap();
        tx.keep_findings("f1", moment(3), std::slice::from_ref(&one)).await.unwrap();
        let endless = KeptFinding { severity: f64::INFINITY, ..one.clone() };
        let refused = tx.keep_findings("f2", moment(3), &[endless]).await;
        assert!(matches!(conflict(refused), Constraint::Value(_)));
        tx.commit().await.unwrap();
        assert_eq!(store.findings("f1").await.unwrap(), [one]);
        let runs = store.findings_runs(None, 9).await.unwrap();
        assert_eq!((runs.len(), runs[0].n, runs[0].as_of), (1, 1, moment(3)));
    }
}

#[tokio::test]
async fn what_is_new_is_told_in_order_with_whom_it_is_about() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, _) = two_accounts(&store).await;
        let before = store.last_event().await.unwrap();
        let about = address("ada@acme.example");
        let note = NewNote {
            about,
            author: owner,
            text: "likes tea".to_owned(),
            visibility: Visibility::Workspace,
        };
        let contact = NewContact {
            by: owner,
            kind: ContactKind::Met,
            at: moment(1),
            line: String::new(),
            visibility: Visibility::Own,
            people: vec![about, address("bo@acme.example")],
        };
        let note = alone!(store, tx => tx.add_note(&note)).unwrap();
        alone!(store, tx => tx.delete_note(note, owner)).unwrap();
        let contact = alone!(store, tx => tx.log_contact(&contact)).unwrap();
        let job = alone!(store, tx => tx.enqueue(&Job::Refresh, None, None)).unwrap();
        let news = store.events_after(before, 10).await.unwrap();
        let verbs: Vec<Verb> = news.iter().map(|one| one.verb).collect();
        let expected = [Verb::NoteAdded, Verb::NoteDeleted, Verb::ContactLogged, Verb::JobQueued];
        assert_eq!(verbs, expected);
        assert!(news.is_sorted_by_key(|one| one.id), "in the order in which they were committed");
        assert_eq!(store.last_event().await.unwrap(), news.last().map(|one| one.id));
        assert_eq!(store.events_after(before, 2).await.unwrap(), news[..2]);
        assert_eq!(store.events_after(None, 99).await.unwrap().last(), news.last());
        // What was taken back is still known to be about someone, so that their page is told.
        let found = store.written(WrittenKind::Note, note.0).await.unwrap().unwrap();
        assert_eq!((found.author, found.visibility), (owner, Visibility::Workspace));
        assert_eq!(found.about, [about]);
        let found = store.written(WrittenKind::Contact, contact.0).await.unwrap().unwrap();
        assert_eq!(found.about, [about, address("bo@acme.example")]);
        assert_eq!(store.written(WrittenKind::Promise, note.0).await.unwrap(), None);
        let at_work = store.jobs_at_work(9).await.unwrap();
        assert_eq!(at_work.iter().map(|job| job.id).collect::<Vec<_>>(), [job]);
        alone!(store, tx => tx.stop_job(job)).unwrap();
        assert!(store.jobs_at_work(9).await.unwrap().is_empty());
    }
}

#[test]
fn a_store_url_never_prints_its_password() {
    for text in [
        "postgres://tie:s3cret@db.example/tieline",
        "postgresql://tie:s3/cr:et@db.example:5432/tieline?sslmode=require&password=s3cret",
    ] {
        let url: StoreUrl = text.parse().unwrap();
        let shown = format!("{url} {url:?}");
        assert!(!shown.contains("s3") && !shown.contains("et@"), "{shown}");
        assert!(shown.contains("tie:***@db.example"), "{shown}");
    }
}

#[tokio::test]
async fn an_account_is_known_by_its_mail_and_the_history_by_who_did_it() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, member) = two_accounts(&store).await;
        let mail = |text: &str| tieline_model::address::Address::email(text).unwrap();
        let (a, b) = (mail("A@one.example"), mail("b@one.example"));
        alone!(store, tx => tx.set_account_mail(owner, Some(&a))).unwrap();
        let taken = alone!(store, tx => tx.set_account_mail(member, Some(&a)));
        assert!(matches!(conflict(taken), Constraint::Taken(_)));
        alone!(store, tx => tx.set_account_mail(owner, Some(&b))).unwrap();
        alone!(store, tx => tx.set_account_mail(member, Some(&a))).unwrap();
        let found = store.account_by_mail(&a).await.unwrap().unwrap();
        assert_eq!(found.id, member);
        assert_eq!(store.mail_of(owner).await.unwrap().as_deref(), Some("b@one.example"));
        alone!(store, tx => tx.set_account_mail(owner, None)).unwrap();
        assert_eq!(store.mail_of(owner).await.unwrap(), None);
        assert!(store.account_by_mail(&b).await.unwrap().is_none());

        assert_eq!(store.history(1).await.unwrap()[0].by, None, "a command did it");
        let tx = store.begin_by(member).await.unwrap();
        tx.add_tag(&[address("me@one.example")], "Board", Some(member)).await.unwrap();
        tx.commit().await.unwrap();
        let events = store.history(9).await.unwrap();
        assert_eq!((events[0].verb, events[0].by), (Verb::TagAdded, Some(member)));
        let before = store.history_before(Some(events[0].id), 1).await.unwrap();
        assert_eq!(before, events[1..2]);
    }
}

#[tokio::test]
async fn a_changed_place_and_a_changed_value_go_back_by_one_step() {
    for home in world::homes() {
        let store = home.open().await;
        let (owner, _) = two_accounts(&store).await;
        let tx = store.begin().await.unwrap();
        let person = tieline_store::NewPerson {
            address: None,
            name: "Ada".to_owned(),
            kind: tieline_store::ActorKind::Person,
            by: owner,
        };
        let who = tx.add_person(&person).await.unwrap();
        let unit = (tieline_model::org::UnitKind::Organisation, "One");
        let unit = tx.add_unit(unit, None, owner).await.unwrap();
        let new = tieline_store::NewPlace {
            who,
            unit,
            title: Some("Clerk".to_owned()),
            from: Some(moment(1)),
            to: None,
            by: owner,
        };
        let place = tx.add_place(&new).await.unwrap();
        let field = tx.add_field("Region", &FieldKind::Text).await.unwrap();
        tx.commit().await.unwrap();

        let first = store.place(place).await.unwrap();
        is_gone(&alone!(store, tx => tx.say_place_before(&first, owner)));
        let changed = tieline_store::SaidPlace { title: Some("Head".to_owned()), ..first.clone() };
        alone!(store, tx => tx.update_place(&changed, owner)).unwrap();
        let second = store.place(place).await.unwrap();
        assert_eq!(second.title.as_deref(), Some("Head"));
        alone!(store, tx => tx.say_place_before(&second, owner)).unwrap();
        let third = store.place(place).await.unwrap();
        assert_eq!((third.title.as_deref(), third.from), (Some("Clerk"), Some(moment(1))));

        is_gone(&alone!(store, tx => tx.set_field_before(field, who)));
        alone!(store, tx => tx.set_field(field, who, Some("North"))).unwrap();
        alone!(store, tx => tx.set_field(field, who, Some("South"))).unwrap();
        alone!(store, tx => tx.set_field_before(field, who)).unwrap();
        let values = store.field_values(&[who]).await.unwrap();
        assert_eq!(values, [(who, field, "North".to_owned())]);
        let tx = store.begin().await.unwrap();
        tx.erase_addresses(&[who], &[]).await.unwrap();
        tx.commit().await.unwrap();
    }
}
