//! For random events, imports, moments and windows: files give what a direct sum gives.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tieline_lake::Rules;
use tieline_model::id::ImportId;
use tieline_model::interaction::{Channel, Status};
use tieline_model::time::{Moment, Window};

use crate::naive::{Sums, direct};
use crate::support::{DAY, Event, World, address, at, list_id, mail, nodes};

const PEOPLE: u32 = 8;
/// Excluded people; the first is a list's address.
const OUTSIDE: [u32; 2] = [7, 8];

fn start() -> i64 {
    at("2025-12-20T00:00:00Z")
}

fn channel() -> impl Strategy<Value = Channel> {
    prop_oneof![
        4 => Just(Channel::Email),
        1 => Just(Channel::Chat),
        1 => Just(Channel::Meeting),
        1 => Just(Channel::Call),
        1 => Just(Channel::Contact),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        3 => Just(Status::None),
        1 => Just(Status::Accepted),
        1 => Just(Status::Declined),
        1 => Just(Status::Cancelled),
        1 => Just(Status::NeedsAction),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let people = proptest::collection::btree_map(1..=PEOPLE, status(), 0..6);
    let when = prop_oneof![(0_i64..100 * DAY).boxed(), (0_i64..100).prop_map(|d| d * DAY).boxed()];
    ((1_u32..40, when, channel(), 0..=PEOPLE), (people, 0_u32..3, 0_u32..40, 0_u32..2, 0_u32..200))
        .prop_map(|((id, after, channel, from), (people, list, parent, revision, minutes))| Event {
            channel,
            to: people.into_iter().collect(),
            list: if channel == Channel::Email { list } else { 0 },
            parent: if channel.is_gathering() { 0 } else { parent },
            revision,
            minutes,
            ..mail(id, start() + after, from, &[])
        })
}

fn imports() -> impl Strategy<Value = Vec<Vec<Event>>> {
    proptest::collection::vec(proptest::collection::vec(event(), 0..60), 1..4)
}

fn window() -> impl Strategy<Value = Window> {
    let day = prop_oneof![(-5_i64..130).prop_map(|d| d * DAY).boxed(), (0..110 * DAY).boxed()];
    (day.clone(), proptest::option::of(day)).prop_map(|(to, back)| Window {
        from: back.map(|back| Moment::from_ms(start() + to - back.abs())),
        to: Moment::from_ms(start() + to),
    })
}

/// The same events spread over three years and a half instead of 100 days, and windows over them.
fn spread(imports: &mut [Vec<Event>], windows: &mut [Window]) {
    let wide = |at: i64| start() + (at - start()) * 13;
    imports.iter_mut().flatten().for_each(|event| event.at = wide(event.at));
    for window in windows {
        window.from = window.from.map(|from| Moment::from_ms(wide(from.ms())));
        window.to = Moment::from_ms(wide(window.to.ms()));
    }
}

fn rules() -> Rules {
    let mut rules = Rules::default();
    rules.params.max_group = 5;
    rules.excluded.extend(OUTSIDE.map(address));
    rules.list_addresses.insert(address(OUTSIDE[0]));
    rules.newsletters.insert(list_id(2));
    rules
}

fn world(imports: &[Vec<Event>], part_rows: usize) -> (World, Vec<ImportId>) {
    let mut world = World::new();
    world.rules = rules();
    let live =
        imports.iter().zip(1..).map(|(events, n)| world.import_in_parts(n, events, part_rows));
    let live = live.collect();
    (world, live)
}

fn found(world: &World, live: &[ImportId], window: Window) -> Sums {
    let people = nodes(1..=PEOPLE);
    let all = world.lake.ties_by_address(live, &world.rules, window).unwrap();
    all.iter().map(|one| ((people[&one.from], people[&one.to]), (one.count, one.decayed))).collect()
}

fn assert_same(found: &Sums, expected: &Sums) -> Result<(), TestCaseError> {
    let keys = |sums: &Sums| sums.keys().copied().collect::<Vec<_>>();
    prop_assert_eq!(keys(found), keys(expected));
    for (pair, (count, sum)) in found {
        let (n, x) = expected[pair];
        prop_assert_eq!(*count, n, "{:?}", pair);
        prop_assert!((sum - x).abs() <= 1e-9 * x.abs().max(1.0), "{pair:?}: {sum} is not {x}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn segments_merge_to_the_direct_sum(
        imports in imports(),
        windows in proptest::collection::vec(window(), 4),
        part_rows in prop_oneof![Just(7_usize), Just(100_000)],
    ) {
        let (world, live) = world(&imports, part_rows);
        // Without segments first, then with them.
        let raw = found(&world, &live, windows[0]);
        assert_same(&raw, &direct(&imports, &world.rules, windows[0]))?;
        world.derive(&live);
        for window in windows {
            let expected = direct(&imports, &world.rules, window);
            assert_same(&found(&world, &live, window), &expected)?;
        }
    }

    #[test]
    fn rollups_of_several_years_merge_to_the_direct_sum(
        imports in imports(),
        windows in proptest::collection::vec(window(), 4),
        stale in 0_usize..3,
    ) {
        let (mut imports, mut windows) = (imports, windows);
        spread(&mut imports, &mut windows);
        windows.push(Window::until(Moment::from_ms(at("2030-01-01T00:00:00Z"))));
        let (world, live) = world(&imports, 50);
        // Roll-ups of some of the imports are stale for all of them.
        world.derive(&live[..live.len().min(stale)]);
        world.lake.relink(&live, &|head| head.left_out).unwrap();
        for window in &windows {
            let expected = direct(&imports, &world.rules, *window);
            assert_same(&found(&world, &live, *window), &expected)?;
        }
        world.derive(&live);
        for window in windows {
            let expected = direct(&imports, &world.rules, window);
            assert_same(&found(&world, &live, window), &expected)?;
        }
    }

    #[test]
    fn shares_of_events_add_up_to_the_ties(imports in imports(), window in window()) {
        let (world, live) = world(&imports, 1_000);
        world.derive(&live);
        let people = nodes(1..=PEOPLE);
        let mut sums: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        world.lake.shares(&live, &world.rules, window, &people, &mut |share| {
            *sums.entry((share.from, share.to)).or_default() += share.increment;
        }).unwrap();
        let ties = world.lake.ties(&live, &world.rules, window, &people).unwrap();
        let mut pairs = 0;
        for tie in ties {
            let strength = tie.contact.strength;
            for (pair, x) in [((tie.a, tie.b), strength.x_ij), ((tie.b, tie.a), strength.x_ji)] {
                let sum = sums.get(&pair).copied().unwrap_or(0.0);
                prop_assert!((sum - x).abs() <= 1e-9, "{pair:?}: {sum} is not {x}");
                pairs += usize::from(sums.contains_key(&pair));
            }
        }
        prop_assert_eq!(pairs, sums.len());
    }

    #[test]
    fn undo_in_any_order_leaves_what_is_left(imports in imports(), gone in 0_usize..3) {
        let (world, mut live) = world(&imports, 50);
        world.derive(&live);
        let removed = live.remove(gone % imports.len());
        world.lake.remove(removed).unwrap();
        let undone = world.derive(&live);

        let fresh = World { rules: rules(), ..World::new() };
        for (events, n) in imports.iter().zip(1..).filter(|(_, n)| crate::support::import(*n) != removed) {
            fresh.import_in_parts(n, events, 50);
        }
        prop_assert_eq!(undone, fresh.derive(&live));
        prop_assert!(world.files() == fresh.files());
    }
}
