//! Lists, exclusions, group limits, erasure.

use std::collections::HashSet;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tieline_model::interaction::{LeftOut, Status};
use tieline_model::time::{Moment, Window};

use crate::support::{Event, World, address, at, import, list_id, mail, meeting, nodes};

const LIST: u32 = 90;
const TOMBSTONE: u32 = 99;

fn window() -> Window {
    Window::until(Moment::from_ms(at("2026-06-01T00:00:00Z")))
}

/// Directed pairs with their undecayed, channel-weighted sums.
fn sums(world: &World, live: &[tieline_model::id::ImportId]) -> Vec<(u32, u32, f64)> {
    world.lake.refresh(live, &world.rules).unwrap();
    let people = nodes(1..=99);
    let all = world.lake.ties_by_address(live, &world.rules, window()).unwrap();
    let mut found: Vec<(u32, u32, f64)> =
        all.iter().map(|one| (people[&one.from], people[&one.to], one.weight)).collect();
    found.sort_by_key(|(from, to, _)| (*from, *to));
    found
}

fn with_list() -> World {
    let mut world = World::new();
    world.rules.excluded.insert(address(LIST));
    world.rules.list_addresses.insert(address(LIST));
    world
}

#[test]
fn an_answer_on_a_list_is_one_tie_to_the_author_answered() {
    let world = with_list();
    let live = [world.import(
        1,
        &[
            mail(1, at("2026-01-31T10:00:00Z"), 1, &[LIST]),
            mail(2, at("2026-02-01T10:00:00Z"), 2, &[LIST, 3, 4]).answers(1),
            mail(3, at("2026-02-02T10:00:00Z"), 3, &[5, 6]).answers(2).on_list(7),
            // Not on a list: the header rule.
            mail(4, at("2026-02-03T10:00:00Z"), 4, &[5, 6]).answers(2),
            // On a list, but what it answers is unknown: the header rule.
            mail(5, at("2026-02-04T10:00:00Z"), 5, &[LIST, 6]).answers(1000),
            // Answers itself, and an answer with no recipient but the list header.
            mail(6, at("2026-02-05T10:00:00Z"), 2, &[LIST, 3]).answers(2),
            mail(7, at("2026-02-06T10:00:00Z"), 6, &[]).answers(1).on_list(7),
        ],
    )];
    let expected = [(2, 1, 1.0), (3, 2, 1.0), (4, 5, 0.5), (4, 6, 0.5), (5, 6, 1.0), (6, 1, 1.0)];
    assert_eq!(sums(&world, &live), expected);
}

#[test]
fn the_message_answered_may_come_with_a_later_import_and_go_with_it() {
    let world = with_list();
    let a = world.import(1, &[mail(2, at("2026-03-01T10:00:00Z"), 2, &[LIST, 3]).answers(1)]);
    assert_eq!(sums(&world, &[a]), [(2, 3, 1.0)]);
    let b = world.import(2, &[mail(1, at("2025-11-30T10:00:00Z"), 1, &[LIST])]);
    assert_eq!(sums(&world, &[a, b]), [(2, 1, 1.0)]);
    world.lake.remove(b).unwrap();
    assert_eq!(sums(&world, &[a]), [(2, 3, 1.0)]);
}

#[test]
fn excluding_an_address_rebuilds_its_months_only_and_takes_it_out_of_r() {
    let mut world = World::new();
    let live = [world.import(
        1,
        &[
            mail(1, at("2026-01-10T10:00:00Z"), 1, &[2, 3, 50]),
            mail(2, at("2026-02-10T10:00:00Z"), 1, &[2, 3]),
            mail(3, at("2026-03-10T10:00:00Z"), 50, &[1]),
        ],
    )];
    world.derive(&live);
    world.rules.excluded.insert(address(50));
    let done = world.lake.refresh(&live, &world.rules).unwrap();
    let rebuilt: Vec<String> = done.rebuilt.iter().map(ToString::to_string).collect();
    assert_eq!((rebuilt, done.kept), (vec!["2026-01".to_owned(), "2026-03".to_owned()], 1));
    assert_eq!(sums(&world, &live), [(1, 2, 1.0), (1, 3, 1.0)]);
    world.rules.excluded.insert(address(77));
    assert_eq!(world.lake.refresh(&live, &world.rules).unwrap().kept, 3);
    world.rules.newsletters.insert(list_id(3));
    assert_eq!(world.lake.refresh(&live, &world.rules).unwrap().kept, 3);
}

#[test]
fn newsletters_and_broadcasts_make_no_tie() {
    let mut world = World::new();
    world.rules.newsletters.insert(list_id(5));
    world.rules.params.max_group = 4;
    let moment = at("2026-01-10T10:00:00Z");
    let live = [world.import(
        1,
        &[
            mail(1, moment, 1, &[2]).on_list(5),
            mail(2, moment, 1, &[2, 3, 4, 5]),
            mail(3, moment, 6, &[1, 2, 3]),
            meeting(4, moment, 30, &[1, 2, 3, 4, 5]),
            // The sender's own copy and the list address are no participants.
            mail(5, moment, 7, &[7, 1, 2, 3]),
            mail(6, moment, 8, &[2]).answers(3).on_list(5),
        ],
    )];
    let third = 1.0 / 3.0;
    let from = |n: u32| [(n, 1, third), (n, 2, third), (n, 3, third)];
    assert_eq!(sums(&world, &live), [from(6), from(7)].concat());
}

#[test]
fn only_those_who_come_meet() {
    let mut world = World::new();
    world.rules.excluded.insert(address(50));
    let mut one = meeting(1, at("2026-01-10T10:00:00Z"), 30, &[1, 2, 3, 4, 5, 50]);
    let answers = [
        Status::None,
        Status::Accepted,
        Status::Declined,
        Status::Resource,
        Status::Tentative,
        Status::Accepted,
    ];
    one.to.iter_mut().zip(answers).for_each(|(to, status)| to.1 = status);
    let live = [world.import(1, &[one])];
    // w = 2, f = 1, n = 3: 0.5 * 2 / 2.
    let pairs = [(1, 2), (1, 5), (2, 1), (2, 5), (5, 1), (5, 2)];
    let expected: Vec<(u32, u32, f64)> = pairs.iter().map(|(i, j)| (*i, *j, 0.5)).collect();
    assert_eq!(sums(&world, &live), expected);
}

#[test]
fn what_has_not_happened_yet_does_not_count() {
    let world = World::new();
    let events: Vec<Event> = vec![
        mail(1, at("2026-05-31T23:59:59Z"), 1, &[2]),
        mail(2, at("2026-06-01T00:00:00Z"), 1, &[2]),
        mail(3, at("2031-06-01T00:00:00Z"), 1, &[2]),
    ];
    let live = [world.import(1, &events)];
    assert_eq!(sums(&world, &live), [(1, 2, 1.0)]);
}

#[test]
fn impossible_parameters_are_refused() {
    let mut world = World::new();
    for days in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        world.rules.params.half_life_days = days;
        assert!(world.lake.refresh(&[], &world.rules).is_err());
        assert!(world.lake.ties_by_address(&[], &world.rules, window()).is_err());
    }
    world.rules = tieline_lake::Rules::default();
    world.rules.params.max_group = 1;
    assert!(world.lake.refresh(&[], &world.rules).is_err());
}

/// Every 64-bit number in every Parquet file below a folder.
fn all_numbers(folder: &std::path::Path, found: &mut HashSet<i64>) {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_numbers(&path, found);
        } else if path.extension().is_some_and(|end| end == "parquet") {
            let file = std::fs::File::open(&path).unwrap();
            let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
            for batch in batches {
                for column in batch.unwrap().columns() {
                    let numbers = column.as_primitive_opt::<Int64Type>();
                    found.extend(numbers.iter().flat_map(|column| column.values().iter()));
                }
            }
        }
    }
}

#[test]
fn an_erased_person_is_in_no_file_and_the_others_keep_their_ties() {
    let mut world = World::new();
    let events = [
        mail(1, at("2026-01-10T10:00:00Z"), 1, &[2, 3, 8]),
        mail(2, at("2026-01-11T10:00:00Z"), 8, &[1, 2]),
        mail(3, at("2026-02-11T10:00:00Z"), 8, &[9]),
        mail(4, at("2026-02-12T10:00:00Z"), 2, &[1]).answers(2).on_list(4),
        meeting(5, at("2026-03-12T10:00:00Z"), 30, &[1, 2, 8]),
    ];
    let a = world.import(1, &events);
    // A file of an import that is not live names the person too.
    world.import(2, &events[..2]);
    world.rules.excluded.insert(address(TOMBSTONE));
    world.derive(&[a]);
    let erased: HashSet<_> = [address(8), address(9)].into();
    let done = world.lake.erase(&erased, address(TOMBSTONE)).unwrap();
    assert_eq!(done.removed_rows, 1);
    let tallies = world.lake.relink(&[a], &|head| head.left_out).unwrap();
    assert_eq!(tallies[0].left_out[&LeftOut::Erased], 2);
    // What 1 sent 2 and 3: |R| without the erased one. The meeting: S without it. The answer to
    // the erased author's message on a list makes no tie.
    let expected = [(1, 2, 0.5 + 1.0), (1, 3, 0.5), (2, 1, 1.0)];
    assert_eq!(sums(&world, &[a]), expected);
    let mut numbers = HashSet::new();
    all_numbers(world.folder.path(), &mut numbers);
    assert!(numbers.contains(&address(1).as_i64()));
    assert!(erased.iter().all(|gone| !numbers.contains(&gone.as_i64())));
    let again = world.lake.erase(&erased, address(TOMBSTONE)).unwrap();
    assert_eq!(again, tieline_lake::Erased::default());
    assert_eq!(world.lake.sweep(&[a]).unwrap(), [import(2)]);
}

#[test]
fn a_channel_without_weight_has_no_counts_and_no_days_either() {
    let mut world = World::new();
    let live = [world.import(
        1,
        &[
            // A whole month of the window, and a part of one.
            mail(1, at("2026-03-10T10:00:00Z"), 1, &[2]),
            meeting(2, at("2026-03-12T10:00:00Z"), 30, &[1, 2]),
            meeting(3, at("2026-05-02T10:00:00Z"), 30, &[1, 2]),
            mail(4, at("2026-05-04T10:00:00Z"), 2, &[1]),
            meeting(5, at("2026-05-06T10:00:00Z"), 30, &[1, 3]),
        ],
    )];
    world.rules.params.channel_weights.set(tieline_model::interaction::Channel::Meeting, 0.0);
    let window = Window::until(Moment::from_ms(at("2026-05-20T00:00:00Z")));
    let look = |world: &World| {
        let ties = world.lake.ties(&live, &world.rules, window, &nodes(1..=3)).unwrap();
        let [pair] = ties.as_slice() else { panic!("1 and 3 met only: {ties:?}") };
        let contact = &pair.contact;
        assert_eq!((contact.count_ij, contact.count_ji), (1, 1));
        let days = ["2026-03-10T00:00:00Z", "2026-05-04T00:00:00Z"].map(at);
        assert_eq!(contact.days, days.map(|day| day / crate::support::DAY));
        assert_eq!(contact.first.ms(), at("2026-03-10T10:00:00Z"));
    };
    // From the rows, and from segments and contributions.
    look(&world);
    world.derive(&live);
    look(&world);
}
