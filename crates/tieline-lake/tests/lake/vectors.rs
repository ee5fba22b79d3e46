//! METHODS 1.1 vectors, through files.

use std::collections::HashMap;

use serde_json::Value;
use tieline_lake::PairContact;
use tieline_model::id::AddressId;
use tieline_model::interaction::{Channel, Status};
use tieline_model::time::{Moment, Window};

use crate::support::{DAY, Event, World, address, at, mail};

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/tie_strength.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn person(name: &Value) -> u32 {
    u32::from(name.as_str().unwrap().as_bytes()[0] - b'a' + 1)
}

/// The end of the window lies a millisecond behind the moment of the vectors, so that an event of
/// age 0 is inside.
fn as_of() -> i64 {
    at("2026-07-15T12:00:00Z") + 1
}

fn events(all: &Value) -> Vec<Event> {
    let each = all["events"].as_array().unwrap().iter();
    each.map(|one| {
        let age_days = one["age_days"].as_f64().unwrap();
        let moment = as_of() - 1 - (age_days * DAY as f64) as i64;
        let id = one["id"].as_u64().unwrap() as u32;
        let channel = Channel::from_name(one["channel"].as_str().unwrap()).unwrap();
        let people = |key: &str| -> Vec<u32> {
            one[key].as_array().into_iter().flatten().map(person).collect()
        };
        let attendees = people("attendees");
        if attendees.is_empty() {
            let event = mail(id, moment, person(&one["from"]), &people("to"));
            return Event { channel, ..event };
        }
        let event = mail(id, moment, attendees[0], &attendees);
        let minutes = one["duration_min"].as_u64().unwrap() as u32;
        let to = event.to.iter().map(|(to, _)| (*to, Status::Accepted)).collect();
        Event { channel, minutes, to, ..event }
    })
    .collect()
}

fn ties(world: &World, live: &[tieline_model::id::ImportId]) -> Vec<PairContact> {
    let nodes: HashMap<AddressId, u32> = (1..=4).map(|n| (address(n), n)).collect();
    let window = Window::until(Moment::from_ms(as_of()));
    world.lake.ties(live, &world.rules, window, &nodes).unwrap()
}

fn name(pair: &PairContact) -> String {
    let letter = |n: u32| char::from(b'a' + n as u8 - 1);
    format!("{}-{}", letter(pair.a), letter(pair.b))
}

fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() <= 1e-6, "{what}: {found} is not {expected}");
}

#[test]
fn ties_match_the_vectors() {
    let all = vectors();
    let world = World::new();
    let live = [world.import(1, &events(&all))];
    world.derive(&live);
    let found = ties(&world, &live);
    assert_eq!(found.len(), all["expected"].as_object().unwrap().len());
    for pair in &found {
        let (expected, strength) = (&all["expected"][name(pair)], pair.contact.strength);
        assert_close(strength.x_ij, &expected["x_ij"], &name(pair));
        assert_close(strength.x_ji, &expected["x_ji"], &name(pair));
        let params = &world.rules.params;
        assert_close(strength.strength(params), &expected["strength"], &name(pair));
        assert_close(strength.probability(params), &expected["prob"], &name(pair));
    }
}

#[test]
fn another_half_life_and_no_reciprocity_match_the_vectors() {
    let all = vectors();
    let mut world = World::new();
    let live = [world.import(1, &events(&all))];
    world.derive(&live);
    world.rules.params.half_life_days = 30.0;
    let before = world.lake.refresh(&live, &world.rules).unwrap();
    assert_eq!((before.rebuilt.len(), before.kept), (world.lake.months(&live).unwrap().len(), 0));
    for pair in ties(&world, &live) {
        let strength = pair.contact.strength.strength(&world.rules.params);
        assert_close(strength, &all["expected_halflife30"][name(&pair)], &name(&pair));
    }
    world.rules = tieline_lake::Rules::default();
    world.rules.params.reciprocity_weight = 0.0;
    for pair in ties(&world, &live) {
        let strength = pair.contact.strength.strength(&world.rules.params);
        assert_close(strength, &all["expected_rho0"][name(&pair)], &name(&pair));
    }
}

#[test]
fn joining_two_addresses_changes_no_weight() {
    let world = World::new();
    let live = [world.import(1, &events(&vectors()))];
    world.derive(&live);
    let apart = ties(&world, &live);
    // c and d are one person from now on: node 3.
    let nodes = HashMap::from([(address(1), 1), (address(2), 2), (address(3), 3), (address(4), 3)]);
    let window = Window::until(Moment::from_ms(as_of()));
    let joined = world.lake.ties(&live, &world.rules, window, &nodes).unwrap();
    let sum = |all: &[PairContact], a: u32, bs: &[u32]| -> f64 {
        let chosen = all.iter().filter(|pair| pair.a == a && bs.contains(&pair.b));
        chosen.map(|pair| pair.contact.strength.total()).sum()
    };
    for (a, bs) in [(1, [3, 4]), (2, [3, 4])] {
        assert!((sum(&apart, a, &bs) - sum(&joined, a, &[3])).abs() < 1e-12);
    }
    assert!((sum(&apart, 1, &[2]) - sum(&joined, 1, &[2])).abs() < 1e-12);
    assert!(joined.iter().all(|pair| pair.a != pair.b), "no tie to oneself");
}

#[test]
fn days_and_counts_are_those_of_the_events() {
    let world = World::new();
    let live = [world.import(
        1,
        &[
            mail(1, at("2026-01-31T23:59:59Z"), 1, &[2]),
            mail(2, at("2026-02-01T00:00:00Z"), 2, &[1]),
            mail(3, at("2026-02-01T10:00:00Z"), 1, &[2]),
        ],
    )];
    world.derive(&live);
    let nodes = HashMap::from([(address(1), 5), (address(2), 3)]);
    let window = Window::until("2026-03-01T00:00:00Z".parse().unwrap());
    let ties = world.lake.ties(&live, &world.rules, window, &nodes).unwrap();
    assert_eq!(ties.len(), 1);
    let (pair, contact) = (&ties[0], &ties[0].contact);
    assert_eq!((pair.a, pair.b), (3, 5));
    assert_eq!((contact.count_ij, contact.count_ji), (1, 2));
    let day = |text: &str| text.parse::<Moment>().unwrap().day();
    assert_eq!(contact.days, [day("2026-01-31T00:00:00Z"), day("2026-02-01T00:00:00Z")]);
    assert_eq!(contact.first.ms(), at("2026-01-31T23:59:59Z"));
    assert_eq!(contact.last.ms(), at("2026-02-01T10:00:00Z"));
}
