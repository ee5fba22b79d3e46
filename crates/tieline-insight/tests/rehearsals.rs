//! What a new tie and a merger would change, on networks that can be counted by hand.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{World, unit_id};
use tieline_insight::{Names, Network, Rehearsal, RehearsalError, View, merged, with_tie};

/// Three rings of five: A and B joined by two ties of A 0, B and C by one, A and C by none.
/// Ties: 5 inside each, so m = 18; K(A) = 12, K(B) = 13, K(C) = 11.
fn world() -> Network {
    let mut world = World::new();
    let [a, b, c] = ["A", "B", "C"].map(|name| world.department(name, 5));
    for people in [&a, &b, &c] {
        world.ring(people, 1);
    }
    for (x, y) in [(a[0], b[0]), (a[0], b[1]), (b[2], c[0])] {
        world.tie(x, y, 2.0);
    }
    Network::build(world.input).unwrap()
}

fn numbers(found: &Rehearsal, name: &str) -> (Option<f64>, Option<f64>) {
    let change = found.changes.iter().find(|change| change.name == name).unwrap();
    (change.before, change.after)
}

fn close(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?} is not {expected}");
}

#[test]
fn a_new_tie_shortens_routes_and_fills_a_gap() {
    let network = world();
    let view = View::new(&network, None, Names::Shown);
    let node = |name: &str| network.node_of(common::actor_id(name)).unwrap();
    let found = with_tie(&view, node("A 0"), node("C 0")).unwrap();
    // A 0 - B 1 - B 2 - C 0 is the shortest way.
    assert_eq!(numbers(&found, "Steps between the two"), (Some(3.0), Some(1.0)));
    let (before, after) = numbers(&found, "Steps apart, everyone");
    assert!(after.unwrap() < before.unwrap());
    // Alone, A 0, B 2 and C 0 cut the network; with the tie A 0 and C 0 still do: their rings hang
    // on them.
    let name = "People without whom the network falls apart";
    assert_eq!(numbers(&found, name), (Some(3.0), Some(2.0)));
    assert_eq!(numbers(&found, "Separate parts"), (Some(1.0), Some(1.0)));
    // O/E: none before; then 1 tie where K(A) K(C) / 2m = 13 * 12 / 38 are expected.
    let [gap] = found.gaps.as_slice() else { panic!("one pair of groups") };
    close(gap.before, 0.0);
    close(gap.after, 38.0 / (13.0 * 12.0));
}

#[test]
fn a_merger_moves_ties_inside_and_leaves_steps_as_they_are() {
    let network = world();
    let view = View::new(&network, None, Names::Shown);
    let label = |name: &str| view.groups().label_of_unit(unit_id(name)).unwrap();
    let found = merged(&view, label("A"), label("B")).unwrap();
    let (before, after) = numbers(&found, "Ties across groups");
    close(before, 3.0 / 18.0);
    close(after, 1.0 / 18.0);
    // A and B through A 0, B and C through B 2 (and C 0); then AB and C through B 2.
    let held = numbers(&found, "Pairs of groups joined through one person alone");
    assert_eq!(held, (Some(2.0), Some(1.0)));
    // E(A,B) = 12*13/36 = 4.3: 2 found; E(A,C) = 12*11/36: none; E(B,C) = 13*11/36: one. All under
    // half. Then E(AB,C) = 25*11/36: one.
    let gaps = numbers(&found, "Pairs of groups with under half of the ties expected");
    assert_eq!(gaps, (Some(3.0), Some(1.0)));
    assert_eq!(found.gaps.len(), 2, "each of the two against C");
    for gap in &found.gaps {
        close(gap.after, 36.0 / (25.0 * 11.0));
    }
    close(found.gaps.iter().find(|gap| gap.group_a == "B").unwrap().before, 36.0 / (13.0 * 11.0));
    assert_eq!(numbers(&found, "People in the one group").1, Some(10.0));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut world = World::new();
    let a = world.department("A", 6);
    world.department("B", 5);
    world.department("Small", 3);
    world.ring(&a, 1);
    let network = Network::build(world.input).unwrap();
    let view = View::new(&network, None, Names::Shown);
    let node = |name: &str| network.node_of(common::actor_id(name)).unwrap();
    assert_eq!(with_tie(&view, 0, 0), Err(RehearsalError::NotTwo));
    assert_eq!(with_tie(&view, 0, 99), Err(RehearsalError::NotTwo));
    assert_eq!(with_tie(&view, node("A 0"), node("A 1")), Err(RehearsalError::Tied));
    let label = |name: &str| view.groups().label_of_unit(unit_id(name)).unwrap();
    assert_eq!(merged(&view, label("A"), label("A")), Err(RehearsalError::NotTwo));
    assert_eq!(merged(&view, label("A"), 99), Err(RehearsalError::NotTwo));
    assert_eq!(merged(&view, label("A"), label("Small")), Err(RehearsalError::TooSmall));
    assert!(with_tie(&view, node("B 0"), node("Small 0")).is_ok());
}
