//! Registers of stakeholders, on each kind of store: who reads them, what one learns of the
//! placements of others, and what becomes of two words at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use tieline_model::access::Role;
use tieline_model::id::{AccountId, StakeholderId, UnitId};
use tieline_model::room::{Duty, Participant};
use tieline_model::stakeholder::{Engagement, Influence, Placement, Side};
use tieline_store::{
    Constraint, NewAccount, NewPartnership, NewStakeholder, NewStance, Register, StakeholderChange,
    Store, StoreError, Verb, Whom,
};
use world::{Home, address, conflict, done, is_gone, moment};

struct Table {
    store: Store,
    register: Register,
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

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let owner = account(&store, "own", Role::Owner, None).await;
        let ada = account(&store, "ada", Role::Member, Some("a.ek@one.example")).await;
        let bo = account(&store, "bo", Role::Member, Some("bo@two.example")).await;
        let cy = account(&store, "cy", Role::Steward, Some("cy@three.example")).await;
        let by = Participant::Account(owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: owner,
        };
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let party = done!(store, tx => tx.add_party(id, (None, "Beacon"), by)).unwrap();
        for who in ["ada@one.example", "bo@two.example"] {
            let who = address(who);
            done!(store, tx => tx.give_seat((id, party), who, Duty::Member, by)).unwrap();
        }
        let [ada, bo, cy] = [ada, bo, cy].map(Participant::Account);
        Self { store, register: Register::Partnership(id), by, ada, bo, cy }
    }

    async fn add(&self, whom: Whom) -> StakeholderId {
        let new = NewStakeholder { whom, about: " decides on permits ".to_owned() };
        done!(self.store, tx => tx.add_stakeholder(self.register, &new, self.ada)).unwrap()
    }
}

fn at(power: f64, interest: f64) -> Placement {
    Placement { power, interest }
}

#[tokio::test]
async fn a_register_is_there_for_those_who_are_in_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, register) = (&table.store, table.register);
        let council = table.add(Whom::Named("Council".to_owned())).await;
        let bo = table.add(Whom::Person(address("bo@two.example"))).await;
        let unit = UnitId::derived(&[b"Nursing"]);
        table.add(Whom::Unit(unit, "Nursing".to_owned())).await;
        for twice in [
            Whom::Named(" council".to_owned()),
            Whom::Person(address("bo@two.example")),
            Whom::Unit(unit, "Ward".to_owned()),
        ] {
            let new = NewStakeholder { whom: twice, about: String::new() };
            let again = done!(store, tx => tx.add_stakeholder(register, &new, table.bo));
            assert!(matches!(conflict(again), Constraint::Taken(_)));
        }
        let all = store.stakeholders(register, None, 9, table.bo).await.unwrap();
        let names: Vec<_> = all.iter().map(|one| one.name.as_deref().unwrap()).collect();
        assert_eq!(
            (names[0], names[2], all[0].said.about.as_str()),
            ("Council", "Nursing", "decides on permits")
        );
        let after = store.stakeholders(register, Some(council), 1, table.bo).await.unwrap();
        assert_eq!(after[0].id, bo);
        is_gone(&store.stakeholders(register, None, 9, table.cy).await);
        is_gone(&store.stakeholder(council, table.cy).await);
        is_gone(&store.placements(register, table.cy).await);
        is_gone(&store.movement(council, 9, table.cy).await);
        is_gone(&store.stances(register, table.cy).await);
        is_gone(&store.stakeholder_steps(council, 9, table.cy).await);
        is_gone(&store.influence(register, 9, table.cy).await);
        is_gone(&done!(store, tx => tx.remove_stakeholder(council, true, table.cy)));
        is_gone(&done!(store, tx => tx.place_stakeholder(council, (at(0.5, 0.5), ""), table.cy)));

        let said = StakeholderChange {
            wants: "quiet".to_owned(),
            side: Some(Side::Both),
            power: Some(true),
            urgency: Some(false),
            ..StakeholderChange::default()
        };
        is_gone(&done!(store, tx => tx.update_stakeholder((council, 1), &said, table.cy)));
        done!(store, tx => tx.update_stakeholder((council, 1), &said, table.bo)).unwrap();
        let late = done!(store, tx => tx.update_stakeholder((council, 1), &said, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        assert_eq!(store.stakeholder(council, table.by).await.unwrap().said, said);
        done!(store, tx => tx.remove_stakeholder(council, true, table.bo)).unwrap();
        is_gone(&store.stakeholder(council, table.ada).await);
        done!(store, tx => tx.remove_stakeholder(council, false, table.ada)).unwrap();
        assert_eq!(store.history(1).await.unwrap()[0].verb, Verb::StakeholderRestored);
    }
}

#[tokio::test]
async fn the_register_of_an_organisation_is_of_those_who_work_there() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let store = &table.store;
        let Participant::Account(ada) = table.ada else { panic!("an account") };
        let Participant::Account(owner) = table.by else { panic!("an account") };
        let theirs = store.organisations_of(ada).await.unwrap();
        assert!(store.organisations_of(owner).await.unwrap().is_empty());
        for (unit, _) in &theirs {
            let register = Register::Organisation(*unit);
            assert!(store.stakeholders(register, None, 9, table.ada).await.unwrap().is_empty());
            is_gone(&store.stakeholders(register, None, 9, table.by).await);
            let new =
                NewStakeholder { whom: Whom::Named("Press".to_owned()), about: String::new() };
            is_gone(&done!(store, tx => tx.add_stakeholder(register, &new, table.by)));
            done!(store, tx => tx.add_stakeholder(register, &new, table.ada)).unwrap();
        }
        assert!(!theirs.is_empty(), "Ada works somewhere");
    }
}

#[tokio::test]
async fn placements_of_others_are_read_by_whoever_gave_their_own_and_without_names() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, register) = (&table.store, table.register);
        let one = table.add(Whom::Named("Council".to_owned())).await;
        let place = async |by, placement, why: &str| done!(store, tx => tx.place_stakeholder(one, (placement, why), by));
        place(table.ada, at(0.9, 0.2), "their permits").await.unwrap();
        let seen = store.placements(register, table.bo).await.unwrap().remove(&one).unwrap();
        assert_eq!(
            (seen.own, seen.n, seen.all.len()),
            (None, 1, 0),
            "nothing but that there is one"
        );
        assert!(store.movement(one, 9, table.bo).await.unwrap().is_empty());
        place(table.bo, at(0.4, 0.2), "").await.unwrap();
        place(table.ada, at(0.8, 0.6), "they came").await.unwrap();
        let seen = store.placements(register, table.bo).await.unwrap().remove(&one).unwrap();
        assert_eq!(seen.all, [at(0.4, 0.2), at(0.8, 0.6)]);
        let moved = store.movement(one, 9, table.bo).await.unwrap();
        assert_eq!(
            (moved.len(), moved[0].from, &*moved[0].why),
            (3, Some(at(0.9, 0.2)), "they came")
        );
        done!(store, tx => tx.unplace_stakeholder(one, table.ada)).unwrap();
        let seen = store.placements(register, table.ada).await.unwrap().remove(&one).unwrap();
        assert_eq!(seen.own, Some(at(0.9, 0.2)), "what was there before counts again");
        for wrong in [at(1.1, 0.0), at(0.0, -0.1), at(f64::NAN, 0.5)] {
            assert!(matches!(conflict(place(table.bo, wrong, "").await), Constraint::Value(_)));
        }
        let bo = table.add(Whom::Person(address("bo@two.example"))).await;
        let own = done!(store, tx => tx.place_stakeholder(bo, (at(1.0, 1.0), ""), table.bo));
        assert!(matches!(conflict(own), Constraint::Value(_)), "nobody places themself");
        done!(store, tx => tx.place_stakeholder(bo, (at(0.1, 0.3), ""), table.ada)).unwrap();
        let held = store.stakeholder_held(&[address("bo@two.example")]).await.unwrap();
        assert_eq!((held[0].n_placed, held[0].placed), (1, None), "five are needed");
        assert_eq!(held[0].register, "Warm homes");
    }
}

fn stance(now: Engagement) -> NewStance {
    NewStance {
        now,
        wanted: Some(Engagement::Supportive),
        wanted_by: Some(moment(90)),
        reassess: Some(moment(30)),
        evidence: " said so in the meeting ".to_owned(),
    }
}

#[tokio::test]
async fn stances_follow_each_other_steps_are_done_and_influence_is_said() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, register) = (&table.store, table.register);
        let one = table.add(Whom::Named("Council".to_owned())).await;
        let other = table.add(Whom::Named("Tenants".to_owned())).await;
        let said = stance(Engagement::Resistant);
        done!(store, tx => tx.say_stance((one, 0), &said, table.ada)).unwrap();
        let late = done!(store, tx => tx.say_stance((one, 0), &said, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        done!(store, tx => tx.say_stance((one, 1), &stance(Engagement::Neutral), table.bo))
            .unwrap();
        let stances = store.stances(register, table.by).await.unwrap();
        assert_eq!(
            (stances.len(), stances[&one].now, stances[&one].number),
            (1, Engagement::Neutral, 2)
        );
        let all = store.stances_of(one, 9, table.by).await.unwrap();
        assert_eq!((all.len(), &*all[1].evidence), (2, "said so in the meeting"));

        let step =
            done!(store, tx => tx.add_stakeholder_step(one, (" Write  to them", None), table.bo))
                .unwrap();
        let due = Some(moment(5));
        done!(store, tx => tx.add_stakeholder_step(one, ("Call", due), table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.set_stakeholder_step(step, true, table.cy)));
        done!(store, tx => tx.set_stakeholder_step(step, true, table.ada)).unwrap();
        let steps = store.stakeholder_steps(one, 9, table.by).await.unwrap();
        let told: Vec<_> = steps.iter().map(|step| (&*step.text, step.done.is_some())).collect();
        assert_eq!(told, [("Call", false), ("Write to them", true)]);
        done!(store, tx => tx.remove_stakeholder_step(step, true, table.ada)).unwrap();
        assert_eq!(store.stakeholder_steps(one, 9, table.by).await.unwrap().len(), 1);
        done!(store, tx => tx.remove_stakeholder_step(step, false, table.ada)).unwrap();

        let strong = Some((Influence::Strong, "sits on its board"));
        let twice = done!(store, tx => tx.say_influence((one, one), strong, table.ada));
        assert!(matches!(conflict(twice), Constraint::Value(_)));
        is_gone(&done!(store, tx => tx.say_influence((one, other), strong, table.cy)));
        done!(store, tx => tx.say_influence((one, other), Some((Influence::Some, "")), table.ada))
            .unwrap();
        done!(store, tx => tx.say_influence((one, other), strong, table.bo)).unwrap();
        let sways = store.influence(register, 9, table.by).await.unwrap();
        assert_eq!((sways.len(), sways[0].strength), (1, Influence::Strong));
        done!(store, tx => tx.say_influence((one, other), None, table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.say_influence((one, other), None, table.bo)));
    }
}

#[tokio::test]
async fn of_fifty_who_say_how_one_stands_at_once_each_word_is_kept() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let one = table.add(Whom::Named("Council".to_owned())).await;
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, by) = (table.store.clone(), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    // Whoever is told that someone was faster looks again, and speaks after that.
                    loop {
                        let known = store.stances_of(one, 1, by).await.unwrap();
                        let after = known.first().map_or(0, |stance| stance.number);
                        let said = stance(Engagement::Neutral);
                        match done!(store, tx => tx.say_stance((one, after), &said, by)) {
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
        let all = table.store.stances_of(one, 99, table.ada).await.unwrap();
        let numbers: Vec<i64> = all.iter().rev().map(|stance| stance.number).collect();
        assert_eq!(numbers, (1..=50).collect::<Vec<i64>>());
    }
}
