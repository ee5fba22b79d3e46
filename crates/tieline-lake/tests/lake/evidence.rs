//! The interactions behind a tie.

use tieline_lake::{Cursor, EvidenceQuery};
use tieline_model::id::EventId;
use tieline_model::time::{Moment, Window};

use crate::support::{Event, World, address, at, event_id, mail, meeting};

const LIST: u32 = 90;

fn events() -> Vec<Event> {
    vec![
        mail(1, at("2026-01-10T10:00:00Z"), 1, &[2, 3]),
        mail(2, at("2026-01-11T10:00:00Z"), 2, &[1]),
        meeting(3, at("2026-02-01T10:00:00Z"), 30, &[5, 1, 2]),
        mail(4, at("2026-02-02T10:00:00Z"), 3, &[4]),
        mail(5, at("2026-02-03T10:00:00Z"), 2, &[LIST, 4]).answers(1),
        mail(6, at("2026-02-03T10:00:00Z"), 1, &(2..40).collect::<Vec<u32>>()),
        mail(7, at("2026-03-03T10:00:00Z"), 1, &[12]),
    ]
}

fn world() -> World {
    let mut world = World::new();
    world.rules.excluded.insert(address(LIST));
    world.rules.list_addresses.insert(address(LIST));
    world
}

#[test]
fn evidence_is_what_contributes_newest_first() {
    let world = world();
    let live = [world.import(1, &events()), world.import(2, &events()[..3])];
    let (a, b) = ([address(1)], [address(2), address(12)]);
    let window = Window::until(Moment::from_ms(at("2026-04-01T00:00:00Z")));
    let query = EvidenceQuery { a: &a, b: &b, window, limit: 10, before: None };
    let all = world.lake.evidence(&live, &world.rules, &query).unwrap();
    let found: Vec<EventId> = all.iter().map(|one| one.event).collect();
    // Not 6, a broadcast; not 4, of others.
    assert_eq!(found, [7, 5, 3, 2, 1].map(event_id));
    assert!(all.iter().all(|one| one.import == live[0]));
    assert_eq!((all[4].from, all[4].to), (address(1), address(2)));

    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let query = EvidenceQuery { limit: 2, before, ..query };
        let page = world.lake.evidence(&live, &world.rules, &query).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(Cursor::of(last));
        pages.extend(page);
    }
    assert_eq!(pages, all);
}

#[test]
fn evidence_keeps_to_the_window() {
    let world = world();
    let live = [world.import(1, &events())];
    let (a, b) = ([address(1)], [address(2)]);
    let window = Window {
        from: Some(Moment::from_ms(at("2026-01-11T00:00:00Z"))),
        to: Moment::from_ms(at("2026-02-01T10:00:00Z")),
    };
    let query = EvidenceQuery { a: &a, b: &b, window, limit: 10, before: None };
    let found = world.lake.evidence(&live, &world.rules, &query).unwrap();
    assert_eq!(found.iter().map(|one| one.event).collect::<Vec<_>>(), [event_id(2)]);
}
