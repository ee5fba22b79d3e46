//! Input that contradicts itself is refused with its place, and never panics.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{World, actor_id, unit_id};
use tieline_insight::{Network, NetworkError, ReportsTo};
use tieline_model::time::{DAY_MS, Moment};

fn world() -> World {
    let mut world = World::new();
    world.input.as_of = Some(Moment::from_ms(10 * DAY_MS));
    world.department("Housing", 3);
    world.tie(0, 1, 1.0);
    world.contact(1, 2, &[3]);
    world
}

fn refused(change: impl FnOnce(&mut World)) -> NetworkError {
    let mut world = world();
    change(&mut world);
    Network::build(world.input).unwrap_err()
}

#[test]
fn each_contradiction_is_named_with_its_place() {
    assert!(Network::build(world().input).is_ok());
    let out = |what| NetworkError::OutOfRange { what, position: 1, index: 9, actors: 3 };
    assert_eq!(refused(|w| w.tie(0, 9, 1.0)), out("stated tie"));
    assert_eq!(refused(|w| w.contact(9, 0, &[1])), out("contact"));
    let line = |report| ReportsTo { report, manager: 0 };
    assert_eq!(refused(|w| w.input.formal = vec![line(1), line(9)]), out("reporting line"));
    let repeated = NetworkError::DuplicateContact { position: 1 };
    assert_eq!(refused(|w| w.contact(2, 1, &[4])), repeated);
    let twice = |w: &mut World| w.input.actors[1].id = w.input.actors[0].id;
    assert_eq!(refused(twice), NetworkError::DuplicateActor(actor_id("Housing 0")));
    for weight in [f64::NAN, f64::INFINITY, -1.0] {
        let bad = NetworkError::BadWeight { what: "stated tie", position: 1 };
        assert_eq!(refused(|w| w.tie(0, 2, weight)), bad);
        let bad = NetworkError::BadWeight { what: "contact", position: 0 };
        assert_eq!(refused(|w| w.input.contacts[0].contact.strength.x_ij = weight), bad);
        let bad = refused(|w| w.input.params.threshold = weight);
        assert_eq!(bad, NetworkError::BadParameter("threshold"));
    }
    let unknown = NetworkError::UnknownUnit { actor: actor_id("Housing 0"), unit: unit_id("Mars") };
    assert_eq!(refused(|w| w.input.actors[0].unit = Some(unit_id("Mars"))), unknown);
}

#[test]
fn contact_with_oneself_makes_no_tie() {
    let mut world = world();
    world.contact(0, 0, &[1]);
    world.tie(2, 2, 5.0);
    let network = Network::build(world.input).unwrap();
    assert_eq!(network.pairs().len(), 2);
}

#[test]
fn a_contact_turned_round_keeps_its_directions() {
    for (a, b) in [(1, 2), (2, 1)] {
        let mut world = world();
        world.input.contacts[0].a = a;
        world.input.contacts[0].b = b;
        world.input.contacts[0].contact.strength.x_ij = 4.0;
        world.input.contacts[0].contact.strength.x_ji = 1.0;
        let network = Network::build(world.input).unwrap();
        let (from, to) = (network.node_of_input(a).unwrap(), network.node_of_input(b).unwrap());
        let sums = network.pair(from, to).unwrap().contact.as_ref().unwrap().strength;
        let given = if from < to { sums.x_ij } else { sums.x_ji };
        assert!((given - 4.0).abs() < 1e-12);
    }
}
