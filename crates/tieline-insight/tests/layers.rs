//! Where what was seen, what was said and the chart disagree.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::World;
use tieline_insight::{Network, layers};
use tieline_model::time::{DAY_MS, Moment};

#[test]
fn each_disagreement_is_found_once() {
    let mut world = World::new();
    world.input.as_of = Some(Moment::from_ms(100 * DAY_MS));
    let people = world.department("A", 6);
    let (boss, a, b, c, d, e) = (people[0], people[1], people[2], people[3], people[4], people[5]);
    world.contact(boss, a, &[97, 98, 99]);
    world.contact(a, b, &[97, 98, 99]);
    world.contact(b, c, &[97, 98, 99]);
    // Too long ago to be a working tie by itself.
    world.contact(c, d, &[-800]);
    world.reports(a, boss);
    world.reports(boss, a);
    world.reports(e, boss);
    world.tie(a, c, 2.0);
    world.tie(b, a, 2.0);
    let network = Network::build(world.input).unwrap();
    let found = layers(&network);
    assert_eq!((found.seen, found.said, found.formal, found.formal_seen), (3, 2, 2, 1));
    let names = |pairs: &[(u32, u32)]| {
        let name = |node: u32| network.actors()[node as usize].name.clone();
        let mut all: Vec<[String; 2]> = pairs
            .iter()
            .map(|(x, y)| {
                let mut two = [name(*x), name(*y)];
                two.sort();
                two
            })
            .collect();
        all.sort();
        all
    };
    let pair = |x: &str, y: &str| vec![[x.to_owned(), y.to_owned()]];
    assert_eq!(names(&found.formal_unseen), pair("A 0", "A 5"));
    assert_eq!(names(&found.said_unseen), pair("A 1", "A 3"));
    // The boss was not asked, so the tie to A 1 is no disagreement.
    assert_eq!(names(&found.seen_unsaid), pair("A 2", "A 3"));
}
