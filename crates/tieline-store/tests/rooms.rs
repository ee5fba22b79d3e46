//! The room of a partnership, on each kind of store: who is in it, what one side reads of another,
//! and what becomes of two changes at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::access::Role;
use tieline_model::id::{AccountId, PartnershipId, PartyId, UnitId};
use tieline_model::partnership::charter::{Answer, Standing};
use tieline_model::partnership::stage::{Gate, Stage, StageAnswer};
use tieline_model::room::{Duty, Participant, Section};
use tieline_store::{
    Answered, Constraint, NewAccount, NewPartnership, Partnership, Step, Store, StoreError, Verb,
};
use world::{Home, address, conflict, done, is_gone, moment};

/// A room of two parties. Ada leads one, Bo sits at the other, Cy and the other steward are outside.
struct Table {
    store: Store,
    id: PartnershipId,
    ours: PartyId,
    theirs: PartyId,
    convener: AccountId,
    by: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
    steward: Participant,
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

fn harbour(by: AccountId) -> NewPartnership {
    NewPartnership {
        name: " Warm  homes ".to_owned(),
        about: "Nobody is cold at home.".to_owned(),
        begins: Some(moment(1)),
        ends: Some(moment(900)),
        notice: Some(moment(800)),
        by,
    }
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let convener = account(&store, "own", Role::Owner, None).await;
        // Ada's account knows another address of hers than the seat does.
        let ada = account(&store, "ada", Role::Member, Some("a.ek@one.example")).await;
        let bo = account(&store, "bo", Role::Member, Some("bo@two.example")).await;
        let cy = account(&store, "cy", Role::Member, Some("cy@three.example")).await;
        let steward = account(&store, "st", Role::Steward, None).await;
        let by = Participant::Account(convener);
        let id = done!(store, tx => tx.add_partnership(&harbour(convener))).unwrap();
        let unit = Some(UnitId::derived(&[b"Nursing"]));
        let ours = done!(store, tx => tx.add_party(id, (unit, "Nursing"), by)).unwrap();
        let theirs = done!(store, tx => tx.add_party(id, (None, "Beacon Homes"), by)).unwrap();
        let (a, b) = (address("ada@one.example"), address("bo@two.example"));
        done!(store, tx => tx.give_seat((id, ours), a, Duty::Lead, by)).unwrap();
        done!(store, tx => tx.give_seat((id, theirs), b, Duty::Member, by)).unwrap();
        let [ada, bo, cy, steward] = [ada, bo, cy, steward].map(Participant::Account);
        Self { store, id, ours, theirs, convener, by, ada, bo, cy, steward }
    }

    async fn room(&self, by: Participant) -> tieline_store::Room {
        self.store.room(self.id, by).await.unwrap()
    }
}

#[tokio::test]
async fn a_room_exists_for_those_who_are_in_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let room = table.room(table.ada).await;
        assert_eq!(room.partnership.name, "Warm homes");
        let names: Vec<_> = room.parties.iter().map(|(one, n)| (&*one.name, *n)).collect();
        assert_eq!(names, [("Nursing", 1), ("Beacon Homes", 1)]);
        assert_eq!(room.standing.party(), Some(table.ours), "by any address of the person");
        assert!(table.room(table.by).await.standing.convenes);
        for outside in [table.cy, table.steward] {
            is_gone(&store.room(id, outside).await);
            is_gone(&store.sides(id, outside).await);
            is_gone(&store.seated(id, 9, outside).await);
            is_gone(&store.stage_answers(id, outside).await);
            is_gone(&store.aims_served(id, outside).await);
            assert!(store.partnerships(outside, 9).await.unwrap().is_empty());
        }
        let seat = table.room(table.bo).await.standing.seat.unwrap();
        assert_eq!(table.room(Participant::Guest(seat.id)).await.standing.seat, Some(seat));
        let mut inside = store.accounts_in(id).await.unwrap();
        inside.sort();
        assert_eq!(inside.len(), 3, "{inside:?}");
        let events = store.history(20).await.unwrap();
        let of_room = events.iter().filter(|event| event.verb.is_of_room());
        assert!(
            of_room.clone().count() == 5 && of_room.clone().all(|e| e.subject == id.to_string())
        );
    }
}

#[tokio::test]
async fn who_leads_a_party_arranges_and_who_sits_there_does_not() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let known = table.room(table.ada).await.partnership;
        let renamed = Partnership { name: "Warm streets".to_owned(), ..known.clone() };
        is_gone(&done!(store, tx => tx.update_partnership(&renamed, table.bo)));
        is_gone(&done!(store, tx => tx.update_partnership(&renamed, table.cy)));
        done!(store, tx => tx.update_partnership(&renamed, table.ada)).unwrap();
        let late = done!(store, tx => tx.update_partnership(&known, table.by));
        assert_eq!(conflict(late), Constraint::Stale);
        let wrong = Partnership { ends: Some(moment(1)), version: 2, ..known };
        let wrong = done!(store, tx => tx.update_partnership(&wrong, table.ada));
        assert!(matches!(conflict(wrong), Constraint::Value(_)));

        is_gone(&done!(store, tx => tx.add_party(id, (None, "Fenwick"), table.bo)));
        let third = done!(store, tx => tx.add_party(id, (None, "Fenwick"), table.ada)).unwrap();
        let again = done!(store, tx => tx.add_party(id, (None, " fenwick "), table.by));
        assert!(matches!(conflict(again), Constraint::Taken(_)));
        let cy = address("cy@three.example");
        let seat = (id, third);
        is_gone(&done!(store, tx => tx.give_seat(seat, cy, Duty::Member, table.ada)));
        let taken = address("a.ek@one.example");
        let twice = done!(store, tx => tx.give_seat(seat, taken, Duty::Member, table.by));
        assert!(matches!(conflict(twice), Constraint::Taken(_)), "one person, one side");
        done!(store, tx => tx.give_seat(seat, cy, Duty::Member, table.by)).unwrap();
        let seated = store.seated(id, 1, table.cy).await.unwrap();
        assert_eq!(seated.len(), 3);
        assert_eq!(store.seated_at(seat, None, 9, table.cy).await.unwrap().len(), 1);

        is_gone(&done!(store, tx => tx.remove_party(id, third, table.ada)));
        done!(store, tx => tx.remove_party(id, third, table.by)).unwrap();
        is_gone(&store.room(id, table.cy).await);
        done!(store, tx => tx.restore_party(id, third, table.ada)).unwrap();
        assert_eq!(table.room(table.cy).await.parties.len(), 3);
        let party = table.room(table.cy).await.parties[2].0.clone();
        let renamed = tieline_store::Party { name: "Fenwick Trust".to_owned(), ..party.clone() };
        done!(store, tx => tx.rename_party(&renamed, table.by)).unwrap();
        let late = done!(store, tx => tx.rename_party(&party, table.by));
        assert_eq!(conflict(late), Constraint::Stale);
    }
}

#[tokio::test]
async fn people_leave_and_come_back_and_a_partnership_is_taken_back_by_whoever_opened_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let seat = table.room(table.bo).await.standing.seat.unwrap().id;
        is_gone(&done!(store, tx => tx.end_seat((id, seat), table.ada)));
        done!(store, tx => tx.end_seat((id, seat), table.bo)).unwrap();
        is_gone(&store.room(id, table.bo).await);
        is_gone(&store.room(id, Participant::Guest(seat)).await);
        is_gone(&done!(store, tx => tx.resume_seat((id, seat), table.bo)));
        done!(store, tx => tx.resume_seat((id, seat), table.by)).unwrap();
        done!(store, tx => tx.set_duty((id, seat), Duty::Lead, table.by)).unwrap();
        assert!(table.room(table.bo).await.standing.gives_word_of(table.theirs));
        let held = store.seats_of(&[address("bo@two.example")]).await.unwrap();
        assert_eq!((&*held[0].party, held[0].duty), ("Beacon Homes", Duty::Lead));

        let Participant::Account(ada) = table.ada else { panic!("an account") };
        is_gone(&done!(store, tx => tx.remove_partnership(id, ada)));
        done!(store, tx => tx.remove_partnership(id, table.convener)).unwrap();
        is_gone(&store.room(id, table.by).await);
        assert!(store.partnerships(table.ada, 9).await.unwrap().is_empty());
        done!(store, tx => tx.restore_partnership(id, table.convener)).unwrap();
        assert_eq!(store.partnerships(table.ada, 9).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_a_party_wrote_is_its_own_until_each_has_written() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let ours = (table.ours, "fewer admissions", "two nurses");
        is_gone(&done!(store, tx => tx.write_side(id, ours, 0, table.bo)));
        is_gone(&done!(store, tx => tx.write_side(id, ours, 0, table.by)));
        done!(store, tx => tx.write_side(id, ours, 0, table.ada)).unwrap();
        let late = done!(store, tx => tx.write_side(id, ours, 0, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        let blank = done!(store, tx => tx.write_side(id, (table.ours, " ", "x"), 1, table.ada));
        assert!(matches!(conflict(blank), Constraint::Value(_)));
        for (by, open) in [(table.ada, 1), (table.bo, 0), (table.by, 0)] {
            let sides = store.sides(id, by).await.unwrap();
            assert_eq!((sides.is_mutual, sides.open.len()), (false, open));
            assert_eq!(sides.written, [table.ours], "that it is written is no secret");
        }
        let theirs = (table.theirs, "warm tenants", "a crew of six");
        done!(store, tx => tx.write_side(id, theirs, 0, table.bo)).unwrap();
        for by in [table.ada, table.bo, table.by] {
            let sides = store.sides(id, by).await.unwrap();
            assert!(sides.is_mutual && sides.open.len() == 2);
        }
        done!(store, tx => tx.add_party(id, (None, "Fenwick"), table.ada)).unwrap();
        let sides = store.sides(id, table.bo).await.unwrap();
        assert!(!sides.is_mutual && sides.open.len() == 1, "a third has not written yet");
    }
}

#[tokio::test]
async fn aims_are_served_and_questions_answered() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let nursing = UnitId::derived(&[b"Nursing"]);
        let by = table.convener;
        let aim = done!(store, tx => tx.add_aim(nursing, " Fewer  admissions", by)).unwrap();
        is_gone(&done!(store, tx => tx.add_aim(UnitId::derived(&[b"No"]), "x", by)));
        let other = done!(store, tx => tx.add_aim(nursing, "Shorter stays", by)).unwrap();
        is_gone(&done!(store, tx => tx.serve_aim(id, aim, table.bo)));
        done!(store, tx => tx.serve_aim(id, aim, table.ada)).unwrap();
        done!(store, tx => tx.serve_aim(id, aim, table.ada)).unwrap();
        let served = store.aims_served(id, table.bo).await.unwrap();
        assert_eq!((served.len(), &*served[0].text), (1, "Fewer admissions"));
        assert_eq!(store.aims_carried(table.bo).await.unwrap(), [(aim, id)]);
        assert!(store.aims_carried(table.cy).await.unwrap().is_empty());
        done!(store, tx => tx.update_aim(&served[0], by)).unwrap();
        assert_eq!(conflict(done!(store, tx => tx.update_aim(&served[0], by))), Constraint::Stale);
        done!(store, tx => tx.remove_aim(aim)).unwrap();
        assert!(store.aims_served(id, table.bo).await.unwrap().is_empty());
        is_gone(&done!(store, tx => tx.serve_aim(id, aim, table.ada)));
        done!(store, tx => tx.restore_aim(aim)).unwrap();
        let all: Vec<_> = store.aims(9).await.unwrap().into_iter().map(|aim| aim.id).collect();
        assert_eq!(all, [aim, other]);
        done!(store, tx => tx.drop_aim(id, aim, table.ada)).unwrap();

        let answer = |answer, version| Answered {
            question: "not-alone".to_owned(),
            answer,
            note: " not one of us ".to_owned(),
            changed: moment(0),
            version,
        };
        done!(store, tx => tx.answer_question(id, &answer(StageAnswer::Partly, 0), table.bo))
            .unwrap();
        let late =
            done!(store, tx => tx.answer_question(id, &answer(StageAnswer::No, 0), table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        is_gone(&done!(store, tx => tx.answer_question(id, &answer(StageAnswer::No, 1), table.cy)));
        let answers = store.stage_answers(id, table.ada).await.unwrap();
        let told = (answers[0].answer, &*answers[0].note);
        assert_eq!(told, (StageAnswer::Partly, "not one of us"));
        let unasked = Answered { question: "why".to_owned(), ..answer(StageAnswer::No, 0) };
        is_gone(&done!(store, tx => tx.answer_question(id, &unasked, table.ada)));
        assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::QuestionAnswered);
    }
}

#[tokio::test]
async fn of_two_who_write_a_side_at_once_one_is_told() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (id, party) = (table.id, table.ours);
        let tries: Vec<_> = (0..12)
            .map(|n| {
                let (store, ada) = (table.store.clone(), table.ada);
                tokio::spawn(async move {
                    let text = format!("benefit {n}");
                    let side = (party, text.as_str(), "cost");
                    done!(store, tx => tx.write_side(id, side, 0, ada)).is_ok()
                })
            })
            .collect();
        let mut written = 0;
        for one in tries {
            written += usize::from(one.await.unwrap());
        }
        assert_eq!(written, 1);
        assert_eq!(table.store.sides(id, table.ada).await.unwrap().open[0].version, 1);
    }
}

#[tokio::test]
async fn a_step_waits_for_all_of_its_gates_and_names_them() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let step = |to, version| Step { to, reason: String::new(), renewal: None, version };
        is_gone(&done!(store, tx => tx.step_stage(id, &step(Stage::Forming, 1), table.bo)));
        let far = done!(store, tx => tx.step_stage(id, &step(Stage::Working, 1), table.ada));
        assert!(matches!(conflict(far), Constraint::Value(_)));
        done!(store, tx => tx.step_stage(id, &step(Stage::Forming, 1), table.ada)).unwrap();
        let late = done!(store, tx => tx.step_stage(id, &step(Stage::Agreed, 1), table.by));
        assert_eq!(conflict(late), Constraint::Stale);
        let shut = done!(store, tx => tx.step_stage(id, &step(Stage::Agreed, 2), table.by));
        assert_eq!(conflict(shut), Constraint::Shut(vec![Gate::Benefits, Gate::Charter]));
        let shut = done!(store, tx => tx.step_stage(id, &step(Stage::Closed, 2), table.by));
        assert_eq!(conflict(shut), Constraint::Shut(vec![Gate::Reason]));
        let dropped = Step { reason: " no money ".to_owned(), ..step(Stage::Closed, 2) };
        done!(store, tx => tx.step_stage(id, &dropped, table.by)).unwrap();
        let room = table.room(table.bo).await.partnership;
        assert_eq!((room.stage, &*room.reason), (Stage::Closed, "no money"));
    }
}

fn vision(text: &str) -> std::collections::BTreeMap<Section, String> {
    [(Section::Vision, text.to_owned()), (Section::Exit, " ".to_owned())].into()
}

#[tokio::test]
async fn a_charter_goes_on_by_versions_and_each_asks_again() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, ada) = (&table.store, table.id, table.ada);
        is_gone(&store.charter(id, None, ada).await);
        is_gone(&done!(store, tx => tx.save_charter(id, &vision("x"), 0, table.cy)));
        let blank = done!(store, tx => tx.save_charter(id, &vision(" "), 0, ada));
        assert!(matches!(conflict(blank), Constraint::Value(_)));
        let saved = done!(store, tx => tx.save_charter(id, &vision("warm"), 0, table.bo));
        assert_eq!(saved.unwrap(), Some(1));
        let same = done!(store, tx => tx.save_charter(id, &vision(" warm "), 1, ada));
        assert_eq!(same.unwrap(), None, "saying the same is no version");
        let assent = (1, Answer::Assents, "");
        is_gone(&done!(store, tx => tx.answer_charter(id, assent, table.bo)));
        is_gone(&done!(store, tx => tx.answer_charter(id, assent, table.by)));
        done!(store, tx => tx.answer_charter(id, assent, ada)).unwrap();
        let seat = table.room(table.bo).await.standing.seat.unwrap().id;
        done!(store, tx => tx.set_duty((id, seat), Duty::Lead, table.by)).unwrap();
        done!(store, tx => tx.answer_charter(id, assent, table.bo)).unwrap();
        let parties = [table.ours, table.theirs];
        assert!(store.assents(id, ada).await.unwrap().is_assented(&parties));

        done!(store, tx => tx.save_charter(id, &vision("warm and dry"), 1, ada)).unwrap();
        let late = done!(store, tx => tx.answer_charter(id, assent, ada));
        assert_eq!(conflict(late), Constraint::Stale);
        let charter = store.assents(id, table.bo).await.unwrap();
        assert_eq!((charter.newest, charter.in_force(&parties)), (2, Some(1)));
        assert_eq!(charter.standing(table.theirs), Standing::Earlier(1));
        let text = |version| async move { store.charter(id, version, ada).await.unwrap().texts };
        assert_eq!(text(Some(1)).await.len(), 1);
        assert_eq!(text(None).await[&Section::Vision], "warm and dry");

        let said = (2, Some(Section::Vision), " and light? ");
        is_gone(&done!(store, tx => tx.comment_charter(id, said, table.cy)));
        is_gone(&done!(store, tx => tx.comment_charter(id, (3, None, "x"), ada)));
        let comment = done!(store, tx => tx.comment_charter(id, said, ada)).unwrap();
        is_gone(&done!(store, tx => tx.remove_comment((id, comment), true, table.bo)));
        done!(store, tx => tx.remove_comment((id, comment), true, ada)).unwrap();
        assert!(store.charter_comments(id, 9, table.bo).await.unwrap().is_empty());
        done!(store, tx => tx.remove_comment((id, comment), false, ada)).unwrap();
        let comments = store.charter_comments(id, 9, table.bo).await.unwrap();
        assert_eq!((&*comments[0].text, comments[0].party), ("and light?", Some(table.ours)));
    }
}

#[tokio::test]
async fn of_fifty_who_save_one_charter_at_once_one_is_first_and_nothing_is_lost() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let id = table.id;
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, by) = (table.store.clone(), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    let mut told = 0;
                    // Whoever is told that someone was faster looks again, and saves after that.
                    loop {
                        let after = store.assents(id, by).await.unwrap().newest;
                        let texts = vision(&format!("vision {n}"));
                        let saved = done!(store, tx => tx.save_charter(id, &texts, after, by));
                        match saved {
                            Ok(Some(number)) => return (number, told),
                            Err(StoreError::Conflict(Constraint::Stale)) => told += 1,
                            Err(StoreError::Unavailable(_)) => {}
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        let mut numbers = Vec::new();
        for one in tries {
            numbers.push(one.await.unwrap().0);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=50).collect::<Vec<u32>>(), "each is a version of its own");
        let mut visions = std::collections::BTreeSet::new();
        for number in numbers {
            let one = table.store.charter(id, Some(number), table.ada).await.unwrap();
            visions.insert(one.texts[&Section::Vision].clone());
        }
        assert_eq!(visions.len(), 50, "and all of them are there");
    }
}

#[tokio::test]
async fn a_link_opens_one_seat_once_until_it_ends_is_revoked_or_the_seat_is() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let bos = table.room(table.bo).await.standing.seat.unwrap().id;
        let at = ((id, table.theirs), address("l@x.example"));
        let seat = done!(store, tx => tx.give_seat(at.0, at.1, Duty::Lead, table.by)).unwrap();
        let (link, session) = ("a".repeat(64), "b".repeat(64));
        let end = moment(30);
        let known = done!(store, tx => tx.add_guest_link(&link, (id, bos), end, table.by));
        let taken = StoreError::Conflict(Constraint::Taken("an account of its own".into()));
        assert_eq!(known.unwrap_err().to_string(), taken.to_string(), "whoever signs in");
        is_gone(&done!(store, tx => tx.add_guest_link(&link, (id, seat), end, table.ada)));
        is_gone(&done!(store, tx => tx.add_guest_link(&link, (id, seat), end, table.bo)));
        let guest = Participant::Guest(seat);
        is_gone(&done!(store, tx => tx.add_guest_link(&link, (id, seat), end, guest)));
        done!(store, tx => tx.add_guest_link(&link, (id, seat), end, table.by)).unwrap();
        let known = store.guest_by_link(&link, moment(29)).await.unwrap().unwrap();
        assert_eq!((known.seat, known.partnership, &*known.room), (seat, id, "Warm homes"));
        assert!(store.guest_by_link(&link, end).await.unwrap().is_none(), "it ended");
        let used =
            done!(store, tx => tx.use_guest_link(&link, (&session, "UTC"), moment(2))).unwrap();
        assert_eq!(used.unwrap().seat, seat);
        let twice =
            done!(store, tx => tx.use_guest_link(&link, (&"c".repeat(64), "UTC"), moment(2)));
        assert!(twice.unwrap().is_none());
        assert!(store.guest(&session, moment(29)).await.unwrap().is_some());
        assert!(store.guest(&session, end).await.unwrap().is_none());
        let links = store.guest_links(id, moment(2), table.by).await.unwrap();
        let told: Vec<_> = links.iter().map(|one| (one.seat, one.waits, one.browsers)).collect();
        assert_eq!(told, [(seat, false, 1)]);
        let days = (moment(29), moment(59));
        is_gone(&done!(store, tx => tx.renew_guest((id, seat), days, table.ada)));
        done!(store, tx => tx.renew_guest((id, seat), days, table.by)).unwrap();
        assert!(store.guest(&session, moment(58)).await.unwrap().is_some());
        let over = (moment(59), moment(89));
        is_gone(&done!(store, tx => tx.renew_guest((id, seat), over, table.by)));
        assert!(store.guest_links(id, moment(2), table.ada).await.unwrap().is_empty());

        let tx = store.begin_in_room(guest).await.unwrap();
        let vision = [(Section::Vision, "warm tenants".to_owned())].into();
        tx.save_charter(id, &vision, 0, guest).await.unwrap();
        let said = tx.comment_charter(id, (1, None, "ours"), guest).await.unwrap();
        tx.commit().await.unwrap();
        let by_guest = store.charter(id, None, table.ada).await.unwrap();
        assert_eq!((by_guest.by, by_guest.guest.unwrap().seat), (None, seat));
        is_gone(&done!(store, tx => tx.remove_comment((id, said), true, table.ada)));
        let event = &store.history(1).await.unwrap()[0];
        assert_eq!((event.by, event.seat), (None, Some(seat)), "the history names the seat");
        done!(store, tx => tx.remove_comment((id, said), true, guest)).unwrap();
        let side = (table.theirs, "warm tenants", "a crew");
        done!(store, tx => tx.write_side(id, side, 0, guest)).unwrap();
        done!(store, tx => tx.end_seat((id, seat), table.by)).unwrap();
        assert!(store.guest(&session, moment(3)).await.unwrap().is_none(), "the seat is over");
        done!(store, tx => tx.resume_seat((id, seat), table.by)).unwrap();
        done!(store, tx => tx.revoke_guest((id, seat), table.by)).unwrap();
        assert!(store.guest(&session, moment(3)).await.unwrap().is_none());
    }
}
