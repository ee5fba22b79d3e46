//! Several imports: what counts, what is undone, what a kill leaves.

use std::fs;

use tieline_lake::{DirectedContact, LakeError, PairContact};
use tieline_model::id::ImportId;
use tieline_model::interaction::LeftOut;
use tieline_model::time::{Moment, Window};

use crate::support::{DAY, Event, World, at, import, mail, meeting, nodes};

const START: &str = "2026-01-10T08:00:00Z";

fn ours() -> Vec<Event> {
    (0..40).map(|i| mail(i + 1, at(START) + i64::from(i) * 2 * DAY, 1 + i % 3, &[4, 5])).collect()
}

/// Half of them copies of `ours`, and answers to messages of `ours`.
fn theirs() -> Vec<Event> {
    let copies = ours().into_iter().step_by(2);
    let answers = (0..20).map(|i| {
        let moment = at(START) + i64::from(i) * 3 * DAY;
        mail(100 + i, moment, 4, &[1, 2, 3]).answers(i + 1).on_list(1)
    });
    copies.chain(answers).collect()
}

#[test]
fn undoing_an_import_leaves_the_files_of_never_having_had_it() {
    let with = World::new();
    let (a, b) = (with.import(1, &ours()), with.import(2, &theirs()));
    with.derive(&[a, b]);
    assert!(with.root().join("links").join("month=2026-01.parquet").exists());
    with.lake.remove(a).unwrap();
    let undone = with.derive(&[b]);

    let without = World::new();
    let b = without.import(2, &theirs());
    let never = without.derive(&[b]);
    assert_eq!(undone, never);
    let (left, right) = (with.files(), without.files());
    let names = |files: &std::collections::HashMap<_, _>| {
        let mut names: Vec<std::path::PathBuf> = files.keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&left), names(&right));
    for (name, bytes) in &left {
        assert!(*bytes == right[name], "{} differs", name.display());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (World::new(), World::new());
    for world in [&one, &two] {
        let live = [world.import_in_parts(1, &ours(), 17), world.import(2, &theirs())];
        world.derive(&live);
    }
    assert!(one.files() == two.files());
}

#[test]
fn the_size_of_parts_changes_no_result() {
    let window = Window::until(Moment::from_ms(at("2026-04-02T09:00:00Z")));
    let ties = |part_rows: usize| {
        let world = World::new();
        let mut events = ours();
        events.extend(theirs());
        events.push(meeting(900, at(START) + 1, 90, &[1, 2, 6]).revised(1));
        events.push(meeting(900, at(START) + DAY, 90, &[1, 2]).revised(0));
        let live = [world.import_in_parts(1, &events, part_rows)];
        let tallies = world.derive(&live);
        assert_eq!((tallies[0].new, tallies[0].duplicate), (61, 21));
        world.lake.ties(&live, &world.rules, window, &nodes(1..=6)).unwrap()
    };
    let whole = ties(1_000_000);
    assert!(!whole.is_empty());
    assert_eq!(ties(1), whole);
    assert_eq!(ties(13), whole);
}

#[test]
fn an_event_counts_once_across_imports_and_stays_when_one_goes() {
    let world = World::new();
    let (a, b) = (world.import(1, &ours()), world.import(2, &ours()));
    let tallies = world.derive(&[a, b]);
    assert_eq!((tallies[0].new, tallies[0].duplicate), (40, 0));
    assert_eq!((tallies[1].new, tallies[1].duplicate), (0, 40));
    let window = Window::until(Moment::from_ms(at("2026-05-01T00:00:00Z")));
    let both = world.lake.ties_by_address(&[a, b], &world.rules, window).unwrap();
    assert_eq!(both.iter().map(|pair| pair.count).sum::<u64>(), 80);
    world.lake.remove(a).unwrap();
    let tallies = world.derive(&[b]);
    assert_eq!((tallies[0].new, tallies[0].duplicate), (40, 0));
    assert_eq!(world.lake.ties_by_address(&[b], &world.rules, window).unwrap(), both);
}

#[test]
fn a_higher_revision_in_a_later_import_replaces_the_event_in_another_month() {
    let world = World::new();
    let a = world.import(1, &[meeting(1, at("2026-01-20T10:00:00Z"), 60, &[1, 2, 3])]);
    let moved = meeting(1, at("2026-02-20T10:00:00Z"), 60, &[1, 2]).revised(2);
    let b = world.import(2, &[moved]);
    let tallies = world.derive(&[a, b]);
    assert_eq!((tallies[0].new, tallies[0].duplicate), (0, 1));
    assert_eq!((tallies[1].new, tallies[1].duplicate), (1, 0));
    let window = Window::until(Moment::from_ms(at("2026-03-01T00:00:00Z")));
    let ties = world.lake.ties(&[a, b], &world.rules, window, &nodes(1..=3)).unwrap();
    assert_eq!(ties.len(), 1);
    assert_eq!((ties[0].a, ties[0].b, ties[0].contact.count_ij), (1, 2, 1));
    assert_eq!(ties[0].contact.first.ms(), at("2026-02-20T10:00:00Z"));
}

#[test]
fn left_out_and_duplicate_records_add_up_to_those_read() {
    let world = World::new();
    let mut events = ours();
    events.extend(ours().into_iter().take(5));
    let a = world.import_in_parts(1, &events, 9);
    let tallies = world
        .lake
        .relink(&[a], &|head| {
            if head.at.ms() < at(START) + 7 * DAY { LeftOut::Bulk } else { LeftOut::Kept }
        })
        .unwrap();
    let tally = &tallies[0];
    assert_eq!((tally.new, tally.duplicate, tally.left_out[&LeftOut::Bulk]), (36, 5, 4));
}

#[test]
fn a_dropped_writer_leaves_nothing() {
    let world = World::new();
    let b = world.import(2, &theirs());
    world.derive(&[b]);
    let before = world.files();
    let mut writer = world.lake.writer(import(1)).unwrap().with_part_rows(8);
    for event in ours() {
        writer.push(&event.head(), &event.rows()).unwrap();
    }
    drop(writer);
    assert!(world.files() == before);
}

#[test]
fn a_killed_import_counts_for_nothing_and_can_be_swept_or_repeated() {
    let world = World::new();
    let b = world.import(2, &theirs());
    world.derive(&[b]);
    let before = world.files();
    // As killed between its last file and the commit of its id; and in the middle of a file.
    let a = world.import(1, &ours());
    fs::write(world.root().join("segments/.month=2026-01.parquet.tmp"), b"PAR1 half").unwrap();
    fs::create_dir_all(world.root().join("interactions/.1234")).unwrap();
    assert_eq!(world.lake.refresh(&[b], &world.rules).unwrap().rebuilt, []);
    assert_eq!(world.lake.stats(&[b]).unwrap().heads, 40);
    assert_eq!(world.lake.sweep(&[b]).unwrap(), [a]);
    assert!(world.files() == before);
    let repeated = world.import(1, &ours());
    assert_eq!(world.derive(&[b, repeated])[1].duplicate, 20);
}

#[test]
fn a_truncated_file_of_a_live_import_is_named() {
    let world = World::new();
    let a = world.import(1, &ours());
    world.derive(&[a]);
    let path = world.root().join("interactions/month=2026-02").join(format!("{a}-000000.parquet"));
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = world.lake.refresh(&[a], &world.rules).unwrap_err();
    assert!(matches!(&error, LakeError::Unreadable { path: named, .. } if *named == path));
    assert!(error.to_string().contains("month=2026-02"));
    // An import that is not live does not matter.
    assert!(world.lake.refresh(&[], &world.rules).is_ok());
}

#[test]
fn a_damaged_derived_file_is_made_again() {
    let world = World::new();
    let a = world.import(1, &ours());
    world.derive(&[a]);
    let before = world.files();
    fs::write(world.root().join("segments/month=2026-02.parquet"), b"not a segment").unwrap();
    fs::remove_file(world.root().join("names/month=2026-03.parquet")).unwrap();
    fs::remove_dir_all(world.root().join("links")).unwrap();
    let done = world.lake.refresh(&[a], &world.rules).unwrap();
    let rebuilt: Vec<String> = done.rebuilt.iter().map(ToString::to_string).collect();
    assert_eq!((rebuilt, done.kept), (vec!["2026-02".to_owned(), "2026-03".to_owned()], 1));
    assert!(world.files() == before);
}

#[test]
fn a_damaged_file_of_contributions_is_stale_and_changes_no_tie() {
    let world = World::new();
    let a = world.import(1, &theirs());
    world.derive(&[a]);
    let before = world.files();
    // A window that begins and ends within months.
    let window = Window {
        from: Some(Moment::from_ms(at(START) + 5 * DAY)),
        to: Moment::from_ms(at(START) + 50 * DAY),
    };
    let ties = || world.lake.ties(&[a], &world.rules, window, &nodes(1..=5)).unwrap();
    let whole = ties();
    assert!(whole.iter().any(|tie| tie.contact.days.len() > 1));
    let path = world.root().join("contributions/month=2026-01.parquet");
    fs::write(&path, b"PAR1 half").unwrap();
    assert_eq!(ties(), whole);
    let other = world.root().join("contributions/month=2026-02.parquet");
    fs::copy(&other, &path).unwrap();
    assert_eq!(ties(), whole);
    let rebuilt = world.lake.refresh(&[a], &world.rules).unwrap().rebuilt;
    assert_eq!(rebuilt.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-01"]);
    assert!(world.files() == before);
}

/// Mails of three people to two others over 26 months from November 2023, some of them answers of
/// a meeting, so that windows can hold whole years and quarters.
fn years() -> Vec<Event> {
    let start = at("2023-11-03T10:00:00Z");
    (0..260)
        .map(|i| {
            let moment = start + i64::from(i) * 3 * DAY;
            if i % 7 == 0 {
                meeting(i + 1, moment, 45, &[1, 4, 5])
            } else {
                mail(i + 1, moment, 1 + i % 3, &[4, 5])
            }
        })
        .collect()
}

fn rollup_names(world: &World) -> Vec<String> {
    let listed = fs::read_dir(world.root().join("rollups")).unwrap();
    let mut names: Vec<String> =
        listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Ties with days, which come from months, and without, which come from roll-ups too.
#[derive(Debug, PartialEq)]
struct Ties {
    between: Vec<PairContact>,
    directed: Vec<DirectedContact>,
}

fn ties_of(world: &World, live: &[ImportId], window: Window) -> Ties {
    let people = nodes(1..=5);
    Ties {
        between: world.lake.ties(live, &world.rules, window, &people).unwrap(),
        directed: world.lake.ties_by_address(live, &world.rules, window).unwrap(),
    }
}

/// Asserts that ties are the same but for the order in which their sums were added up.
fn assert_same_ties(found: &Ties, expected: &Ties) {
    let assert_near = |x: f64, y: f64| {
        assert!((x - y).abs() <= 1e-9 * y.abs().max(1e-3), "{x} is not {y}");
    };
    assert_eq!(found.directed.len(), expected.directed.len());
    for (one, other) in found.directed.iter().zip(&expected.directed) {
        assert_near(one.weight, other.weight);
        assert_near(one.decayed, other.decayed);
        let same = DirectedContact { weight: one.weight, decayed: one.decayed, ..*other };
        assert_eq!(*one, same);
    }
    assert_eq!(found.between.len(), expected.between.len());
    for (one, other) in found.between.iter().zip(&expected.between) {
        let (mut contact, wanted) = (one.contact.clone(), &other.contact);
        for (x, y) in [
            (contact.strength.x_ij, wanted.strength.x_ij),
            (contact.strength.x_ji, wanted.strength.x_ji),
        ] {
            assert_near(x, y);
        }
        contact.strength = wanted.strength;
        assert_eq!((one.a, one.b, &contact), (other.a, other.b, wanted));
    }
}

fn long_windows() -> Vec<Window> {
    let moment = |text: &str| Moment::from_ms(at(text));
    let within = |from: &str, to: &str| Window { from: Some(moment(from)), to: moment(to) };
    vec![
        Window::until(moment("2026-03-01T00:00:00Z")),
        Window::until(moment("2025-01-01T00:00:00Z")),
        within("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        within("2024-02-10T00:00:00Z", "2025-11-15T12:00:00Z"),
        within("2023-12-31T23:00:00Z", "2025-10-01T00:00:00Z"),
    ]
}

#[test]
fn rolled_up_years_and_quarters_give_what_the_rows_give() {
    let world = World::new();
    let a = world.import(1, &years());
    world.lake.relink(&[a], &|head| head.left_out).unwrap();
    let ties = |window| ties_of(&world, &[a], window);
    let from_rows: Vec<_> = long_windows().into_iter().map(ties).collect();
    assert!(from_rows.iter().all(|ties| ties.between.len() > 5 && ties.directed.len() > 5));
    world.lake.refresh(&[a], &world.rules).unwrap();
    let quarters = ["2023-10", "2024-01", "2024-04", "2024-07", "2024-10", "2025-01", "2025-04"];
    let mut names: Vec<String> = quarters.map(|one| format!("quarter={one}.parquet")).into();
    names.extend(["quarter=2025-07", "quarter=2025-10"].map(|one| format!("{one}.parquet")));
    let halves = ["2023-07", "2024-01", "2024-07", "2025-01", "2025-07"];
    names.extend(halves.map(|one| format!("half={one}.parquet")));
    let threes = ["2023-04", "2024-01", "2024-04", "2025-01", "2025-04"];
    names.extend(threes.map(|one| format!("quarters={one}.parquet")));
    names.extend(["year=2023-01", "year=2024-01", "year=2025-01"].map(|o| format!("{o}.parquet")));
    names.sort();
    assert_eq!(rollup_names(&world), names);
    for (window, expected) in long_windows().into_iter().zip(&from_rows) {
        assert_same_ties(&ties(window), expected);
    }
}

#[test]
fn sums_of_a_whole_year_read_no_other_file_of_sums() {
    let world = World::new();
    let a = world.import(1, &years());
    world.derive(&[a]);
    let year = long_windows()[2];
    let ties = || world.lake.ties_by_address(&[a], &world.rules, year);
    let whole = ties().unwrap();
    // Pages are damaged, not the footers.
    let damage = |folder: &str, sparing: &str| {
        for entry in fs::read_dir(world.root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if !name.starts_with(sparing) {
                let mut bytes = fs::read(&path).unwrap();
                bytes[4..40].fill(0xff);
                fs::write(&path, bytes).unwrap();
            }
        }
    };
    damage("segments", "none");
    damage("contributions", "none");
    damage("rollups", "year=2024");
    assert_eq!(ties().unwrap(), whole);
    damage("rollups", "none");
    assert!(matches!(ties(), Err(LakeError::Unreadable { .. })));
}

#[test]
fn a_damaged_rollup_changes_no_tie_and_is_made_again() {
    let world = World::new();
    let a = world.import(1, &years());
    world.derive(&[a]);
    let before = world.files();
    let ties = || -> Vec<_> {
        long_windows().into_iter().map(|window| ties_of(&world, &[a], window)).collect()
    };
    let whole = ties();
    let folder = world.root().join("rollups");
    fs::write(folder.join("year=2024-01.parquet"), b"PAR1 half").unwrap();
    fs::copy(folder.join("quarter=2024-07.parquet"), folder.join("quarter=2024-04.parquet"))
        .unwrap();
    fs::remove_file(folder.join("quarter=2025-01.parquet")).unwrap();
    for (found, expected) in ties().iter().zip(&whole) {
        assert_same_ties(found, expected);
    }
    // No month is stale, and the roll-ups come back byte for byte.
    assert_eq!(world.lake.refresh(&[a], &world.rules).unwrap().rebuilt, []);
    assert!(world.files() == before);
}

#[test]
fn an_import_into_an_old_month_makes_its_year_stale_and_its_undo_brings_it_back() {
    let world = World::new();
    let a = world.import(1, &years());
    world.derive(&[a]);
    let before = world.files();
    let more: Vec<Event> =
        (0..9).map(|i| mail(900 + i, at("2024-05-02T09:00:00Z"), 5, &[1, 2])).collect();
    let b = world.import(2, &more);
    let ties = |live: &[_]| -> Vec<_> {
        long_windows().into_iter().map(|window| ties_of(&world, live, window)).collect()
    };
    // Stale year and quarter, then rebuilt ones.
    let stale = ties(&[a, b]);
    let counted = |ties: &Ties| -> u64 {
        ties.between.iter().map(|tie| tie.contact.count_ij + tie.contact.count_ji).sum()
    };
    assert_eq!(counted(&stale[2]), counted(&ties(&[a])[2]) + 18);
    world.derive(&[a, b]);
    for (found, expected) in ties(&[a, b]).iter().zip(&stale) {
        assert_same_ties(found, expected);
    }
    let rollup =
        |name: &str| world.files()[&std::path::PathBuf::from("rollups").join(name)].clone();
    let old = |name: &str| &before[&std::path::PathBuf::from("rollups").join(name)];
    assert!(rollup("year=2024-01.parquet") != *old("year=2024-01.parquet"));
    assert!(rollup("quarter=2024-04.parquet") != *old("quarter=2024-04.parquet"));
    assert!(rollup("year=2025-01.parquet") == *old("year=2025-01.parquet"));
    world.lake.remove(b).unwrap();
    world.derive(&[a]);
    assert!(world.files() == before);
    // Data that ends earlier leaves no roll-up of what is gone.
    world.lake.remove(a).unwrap();
    world.derive(&[]);
    assert_eq!(rollup_names(&world), Vec::<String>::new());
}

#[test]
fn rows_of_another_event_or_time_are_refused() {
    let world = World::new();
    let mut writer = world.lake.writer(import(1)).unwrap();
    let (one, two) = (mail(1, at(START), 1, &[2]), mail(2, at(START), 1, &[2]));
    let refused = writer.push(&one.head(), &two.rows());
    assert!(matches!(refused, Err(LakeError::ForeignRow { .. })));
    let later = mail(1, at(START) + 1, 1, &[2]);
    assert!(writer.push(&one.head(), &later.rows()).is_err());
}

#[test]
fn an_empty_lake_answers_everything() {
    let world = World::new();
    let window = Window::until(Moment::from_ms(at(START)));
    assert_eq!(world.derive(&[]), []);
    assert_eq!(world.lake.ties(&[], &world.rules, window, &nodes(1..=2)).unwrap(), []);
    assert_eq!(world.lake.newest(&[], window.to).unwrap(), None);
    assert_eq!(world.lake.months(&[]).unwrap(), []);
    assert_eq!(world.lake.stats(&[]).unwrap(), tieline_lake::LakeStats::default());
    // An import without any record is live and empty; an unknown one has no files.
    let empty = world.import(1, &[]);
    assert_eq!(world.derive(&[empty, import(9)]).len(), 2);
}

#[test]
fn newest_ignores_what_lies_after_the_limit() {
    let world = World::new();
    let times = ["2026-01-05T00:00:00Z", "2026-01-20T00:00:00Z", "2031-01-01T00:00:00Z"];
    let events: Vec<Event> =
        times.iter().zip(1..).map(|(time, id)| mail(id, at(time), 1, &[2])).collect();
    let live = [world.import(1, &events)];
    let newest = |limit: &str| {
        let found = world.lake.newest(&live, Moment::from_ms(at(limit))).unwrap();
        found.map(|moment| moment.ms())
    };
    assert_eq!(newest("2026-11-16T00:00:00Z"), Some(at(times[1])));
    assert_eq!(newest("2026-01-19T00:00:00Z"), Some(at(times[0])));
    assert_eq!(newest("2026-01-05T00:00:00Z"), Some(at(times[0])));
    assert_eq!(newest("2026-01-01T00:00:00Z"), None);
    let stats = world.lake.stats(&live).unwrap();
    assert_eq!((stats.rows, stats.heads), (3, 3));
    assert_eq!(stats.last.map(|last| last.ms()), Some(at(times[2])));
}
