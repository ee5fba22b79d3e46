//! Networks with planted truths: what is there is found, what may not be told is not told.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{World, as_events, unit_id};
use tieline_graph::paths::shortest_path_lengths;
use tieline_insight::groups::Groups;
use tieline_insight::{
    AnalysisOptions, FindingKind, Findings, Grouping, Names, Network, NetworkInput, View, analyse,
    bridges, changes, path, without,
};
use tieline_model::org::UnitKind;
use tieline_model::tie::TieState;
use tieline_model::time::{DAY_MS, Moment};

fn options() -> AnalysisOptions {
    AnalysisOptions { permutations: 999, resamples: 40, ..AnalysisOptions::default() }
}

fn found(input: NetworkInput) -> Findings {
    analyse(&Network::build(input).unwrap(), None, &options())
}

/// Housing and Health know Planning well (30 ties each), and each other by one tie.
fn silo_world() -> World {
    let mut world = World::new();
    let [housing, health, planning] =
        ["Housing", "Health", "Planning"].map(|name| world.department(name, 10));
    for people in [&housing, &health, &planning] {
        world.ring(people, 2);
    }
    for at in 0..10 {
        for step in 0..3 {
            world.tie(housing[at], planning[(at + step) % 10], 1.0);
            world.tie(health[at], planning[(at + step) % 10], 1.0);
        }
    }
    world.tie(housing[0], health[0], 1.0);
    world
}

/// Degrees: Housing 20 ring ends x 2 + 30 + 1 = 71, Health 71, Planning 40 + 60 = 100; m = 121.
/// So 71 x 71 / 242 = 20.83 ties would be expected where 1 is.
#[test]
fn a_planted_silo_is_found_with_its_numbers() {
    let findings = found(silo_world().input);
    let first = &findings.silos[0];
    assert!(first.flagged);
    assert_eq!(
        [first.group_a.as_str(), &first.group_b].iter().filter(|n| **n == "Planning").count(),
        0
    );
    assert_eq!(first.observed, 1);
    assert!((first.expected - 71.0 * 71.0 / 242.0).abs() < 1e-9, "{}", first.expected);
    assert!(first.significance.as_ref().unwrap().p_corrected < 0.05);
    assert_eq!(findings.silos.iter().filter(|row| row.flagged).count(), 1);
    let told = findings.of_kind(FindingKind::Silo).next().unwrap();
    assert!(
        told.headline.contains("have 1 working tie where about 21 would be expected"),
        "{}",
        told.headline
    );
    assert!(findings.headline.starts_with("We don\u{2019}t yet talk across H"));
    assert_eq!(findings.key_numbers.len(), 4);
    assert_eq!(findings.heat.cells.len(), 3);
}

#[test]
fn a_gap_comes_with_the_ties_that_close_it_and_someone_who_introduces() {
    let findings = found(silo_world().input);
    let plan = &findings.bridge_plans[0];
    assert!(!plan.ties.is_empty() && plan.ties.len() <= 10);
    assert!(plan.ratio_after.unwrap() > plan.ratio_before.unwrap());
    // Twenty ties are missing and ten is the most.
    assert!(!plan.closes);
    let network = Network::build(silo_world().input).unwrap();
    let view = View::new(&network, None, Names::Shown);
    assert_eq!(bridges(&view, unit_id("Housing"), unit_id("Health")).as_ref(), Ok(plan));
    // An introduction takes two people between at most, so it exists within three steps.
    for tie in &plan.ties {
        let ends = (tie.person_a.node.unwrap(), tie.person_b.node.unwrap());
        let steps = shortest_path_lengths(network.graph(), ends.0)[ends.1 as usize];
        assert_eq!(tie.introduction.is_some(), steps <= 3);
    }
    assert!(bridges(&view, unit_id("Housing"), unit_id("Housing")).is_err());
    assert!(bridges(&view, unit_id("Housing"), unit_id("Nowhere")).is_err());
}

#[test]
fn a_silo_that_many_events_support_is_stable_and_the_same_every_time() {
    let (input, events) = as_events(&silo_world().input);
    let network = Network::build(input).unwrap();
    let findings = analyse(&network, Some(&events), &options());
    let stability = &findings.silos[0].stability;
    assert!(stability.certain, "{}", stability.sentence);
    assert!(findings.brokers.iter().all(|broker| broker.stability.share.is_some()));
    let mut backwards = events;
    backwards.reverse();
    // Sums of floats may differ in the last bit, what is counted from them does not here.
    assert_eq!(findings, analyse(&network, Some(&backwards), &options()));
}

#[test]
fn stability_above_the_budget_is_left_out_with_the_reason() {
    let (input, events) = as_events(&silo_world().input);
    let network = Network::build(input).unwrap();
    let options = AnalysisOptions { max_resampled_ties: 10, ..options() };
    let findings = analyse(&network, Some(&events), &options);
    assert_eq!(findings.silos[0].stability.share, None);
    assert!(findings.notes.iter().any(|note| note.contains("more than 10 ties")));
}

/// Two groups of ten, joined by one person alone.
fn broker_world() -> (World, u32) {
    let mut world = World::new();
    let [east, west] = ["East", "West"].map(|name| world.department(name, 10));
    world.ring(&east, 3);
    world.ring(&west, 3);
    for other in [0, 2, 3, 6, 8] {
        world.tie(east[0], west[other], 2.0);
    }
    (world, east[0])
}

#[test]
fn the_person_who_joins_two_groups_is_found_as_broker_departure_and_dependence() {
    let (world, _) = broker_world();
    let findings = found(world.input.clone());
    assert_eq!(findings.brokers[0].person.label, "East 0");
    // 9 x 10 of the 171 pairs of others can only meet through this person.
    assert!(findings.brokers[0].route_share.unwrap() >= 90.0 / 171.0);
    let departure = &findings.departures[0];
    assert_eq!(departure.person.label, "East 0");
    assert!((departure.pair_loss - 90.0 / 171.0).abs() < 1e-9, "{}", departure.pair_loss);
    assert_eq!(departure.lost_links, [("East".to_owned(), "West".to_owned())]);
    // One row for the link, told from the side on which it hangs: West's five share it evenly.
    assert_eq!(findings.dependences.len(), 1);
    let hanging = &findings.dependences[0];
    assert!(hanging.alert);
    assert_eq!((hanging.side.as_str(), hanging.person.label.as_str()), ("East", "East 0"));
    assert_eq!((hanging.ties, hanging.person_ties, hanging.bus_factor), (5, 5, 1));
    assert!((hanging.top_share - 1.0).abs() < 1e-12);
    let told = findings.of_kind(FindingKind::Dependence).next().unwrap();
    assert_eq!(told.headline, "East 0 carries all 5 working ties between East and West.");
    assert_eq!(told.detail, "Without this person East would have no working tie to West.");
    let told = findings.of_kind(FindingKind::Departure).next().unwrap();
    assert_eq!(
        told.headline,
        "Without East 0, 53% of the pairs of people who can reach each other would lose each \
         other and East and West would have no tie."
    );
    assert_eq!(told.action, "Find a second person beside East 0 who links East and West.");

    let network = Network::build(world.input).unwrap();
    let view = View::new(&network, None, Names::Shown);
    let node = network.node_of(common::actor_id("East 0")).unwrap();
    let what_if = without(&view, &[node, u32::MAX]);
    assert!((what_if.pair_loss - 90.0 / 171.0).abs() < 1e-9);
    assert!(
        what_if.sentence.starts_with("Without East 0, 53% of the pairs"),
        "{}",
        what_if.sentence
    );
    assert_eq!((what_if.components_before, what_if.components_after), (1, 2));
    assert_eq!(without(&view, &[]).sentence, "Nobody was taken out, so nothing changes.");
}

#[test]
fn a_warm_path_leads_through_the_one_who_knows_both() {
    let (world, _) = broker_world();
    let network = Network::build(world.input).unwrap();
    let view = View::new(&network, None, Names::Shown);
    let node = |name| network.node_of(common::actor_id(name)).unwrap();
    let found = path(&view, node("East 1"), node("West 3"), 3);
    assert_eq!(found.paths[0].steps.len(), 2);
    assert_eq!(found.paths[0].steps[0].to.label, "East 0");
    assert!(found.sentence.starts_with("East 1 can reach West 3 through East 0"));
    assert!(path(&view, node("East 5"), node("West 3"), 1).paths.is_empty());
    assert!(path(&view, node("East 0"), node("East 1"), 3).already_known);
    assert!(path(&view, node("East 0"), node("East 0"), 3).paths.is_empty());
    assert!(path(&view, 10_000, 0, 3).paths.is_empty());
}

#[test]
fn groups_under_five_are_counted_but_never_named() {
    let mut world = silo_world();
    let tiny = world.department("Secretive", 4);
    world.ring(&tiny, 1);
    for other in 0..4 {
        world.tie(tiny[0], other, 2.0);
    }
    // Four hidden people would follow from the total, so the smallest shown group goes too.
    let findings = found(world.input.clone());
    assert_eq!((findings.small_groups.groups, findings.small_groups.people), (2, 14));
    assert_eq!(findings.groups.len(), 2);
    let all: Vec<&str> = findings.heat.names.iter().map(String::as_str).collect();
    assert!(!all.contains(&"Secretive"));
    let text = format!("{:?} {:?} {:?}", findings.silos, findings.dependences, findings.heat);
    assert!(!text.contains("Secretive\""));
    let hidden = AnalysisOptions { names: Names::Hidden, ..options() };
    let findings = analyse(&Network::build(world.input).unwrap(), None, &hidden);
    assert!(!format!("{findings:?}").contains("Secretive"));
}

#[test]
fn where_few_listed_people_were_seen_nobody_is_named() {
    let (mut world, _) = broker_world();
    for (at, actor) in world.input.actors.iter_mut().enumerate() {
        actor.listed = true;
        actor.seen = at % 2 == 0;
    }
    let findings = found(world.input);
    assert!(findings.brokers[0].coverage.patchy);
    assert_eq!(findings.brokers[0].person.label, "a person in East");
    assert_eq!(findings.summary.coverage, Some(0.5));
    let text = format!("{findings:?}");
    for at in 0..10 {
        assert!(!text.contains(&format!("East {at}")), "East {at} is named");
    }
}

#[test]
fn people_who_opted_out_are_gone_with_their_ties() {
    let (mut world, broker) = broker_world();
    world.input.actors[broker as usize].opted_out = true;
    let findings = found(world.input);
    assert_eq!((findings.summary.people, findings.summary.opted_out), (19, 1));
    assert_eq!(findings.summary.components, 2);
    assert!(!format!("{findings:?}").contains("East 0"));
}

#[test]
fn a_tie_out_of_its_rhythm_is_reported_with_its_forecast() {
    let mut world = World::new();
    world.input.as_of = Some(Moment::from_ms(1_000 * DAY_MS));
    let people = world.department("Housing", 6);
    // Every ten days until day 940: 60 days quiet, usual 10: cooling after 30, dormant after 90.
    let days: Vec<i64> = (60..=94).map(|ten| ten * 10).collect();
    world.contact(people[0], people[1], &days);
    // In its rhythm, and not.
    world.contact(people[2], people[3], &(60..=100).map(|ten| ten * 10 - 5).collect::<Vec<i64>>());
    let findings = found(world.input);
    assert_eq!(findings.cooling.len(), 1);
    let row = &findings.cooling[0];
    assert_eq!(row.state, TieState::Cooling);
    assert!((row.quiet_days - 60.0).abs() < 1e-9);
    assert_eq!(row.usual_interval_days, Some(10.0));
    assert!((row.strength_at_last_contact / row.strength - (60.0_f64 / 90.0).exp2()).abs() < 1e-9);
    assert!((row.days_until_below - 90.0 * (row.strength / 0.5).log2()).abs() < 1e-9);
    let told = findings.of_kind(FindingKind::Cooling).next().unwrap();
    assert!(
        told.headline.contains("out of touch for 60 days, where every 10 days was usual"),
        "{}",
        told.headline
    );
}

#[test]
fn changes_name_what_came_what_went_and_who() {
    let (mut world, broker) = broker_world();
    let then = Network::build(world.input.clone()).unwrap();
    let new = world.person("Newcomer", Some("West"));
    world.tie(new, broker, 3.0);
    world.input.stated.retain(|tie| !(tie.a == broker && tie.b == 10));
    world.input.stated[0].weight = 9.0;
    let now = Network::build(world.input).unwrap();
    let views = [&then, &now].map(|network| View::new(network, None, Names::Shown));
    let found = changes(&views[0], &views[1]);
    let labels = |people: &[tieline_insight::PersonRef]| -> Vec<String> {
        people.iter().map(|person| person.label.clone()).collect()
    };
    assert_eq!(labels(&found.joined), ["Newcomer"]);
    assert!(found.left.is_empty());
    assert_eq!((found.appeared.len(), found.vanished.len()), (1, 1));
    assert_eq!((found.strengthened.len(), found.cooled.len()), (1, 0));
    // One tie between East and West went, one came: their number is the same.
    assert!(found.links.is_empty());
    let same = changes(&views[1], &views[1]);
    assert!(same.appeared.is_empty() && same.vanished.is_empty() && same.links.is_empty());
}

#[test]
fn without_departments_groups_are_communities_and_said_to_be() {
    let (mut world, _) = broker_world();
    for actor in &mut world.input.actors {
        actor.unit = None;
    }
    let network = Network::build(world.input).unwrap();
    assert_eq!(Groups::best_level(&network), Grouping::Community);
    let findings = analyse(&network, None, &options());
    assert_eq!(findings.groups.len(), 2);
    assert!(findings.grouping_note.contains("formed by themselves"));
    assert!(findings.groups[0].name.starts_with("Group 1 around "));
    assert!(findings.silos.iter().all(|row| row.significance.is_none() && !row.flagged));
    assert!(findings.notes.iter().any(|note| note.contains("not tested")));
}

#[test]
fn people_who_work_elsewhere_and_reporting_lines_are_compared_with_the_chart() {
    let (mut world, _) = broker_world();
    let east = 0..10_u32;
    let seconded = world.person("Seconded", Some("East"));
    for other in 10..15 {
        world.tie(seconded, other, 3.0);
    }
    world.reports(seconded, 0);
    for report in east.skip(1).take(2) {
        world.reports(report, 0);
    }
    let findings = found(world.input);
    let chart = findings.formal.unwrap();
    assert_eq!(chart.n_elsewhere, 1);
    let home = &chart.elsewhere[0];
    assert_eq!((home.person.label.as_str(), home.informal.as_str()), ("Seconded", "West"));
    assert_eq!((home.ties_own, home.ties_there), (0, 5));
    assert_eq!(chart.reporting_lines, 3);
    // East 1 and East 2 are tied to East 0, the seconded person is not.
    assert_eq!(chart.reporting_with_tie, Some(2.0 / 3.0));
    assert!(chart.ari > 0.5 && chart.ari < 1.0);
}

#[test]
fn organisations_with_departments_are_compared_at_both_levels() {
    let mut world = World::new();
    world.unit("Council", UnitKind::Organisation, None);
    world.unit("Trust", UnitKind::Organisation, None);
    for (department, organisation) in
        [("Roads", "Council"), ("Parks", "Council"), ("Wards", "Trust")]
    {
        world.unit(department, UnitKind::Department, Some(organisation));
        let people: Vec<u32> = (0..6)
            .map(|at| world.person(&format!("{department} {at}"), Some(department)))
            .collect();
        world.ring(&people, 1);
    }
    // Roads 0 alone knows the Trust, and alone knows Parks; but three ties are few for departments.
    for other in 12..17 {
        world.tie(0, other, 1.0);
    }
    for other in 6..11 {
        world.tie(0, other, 1.0);
    }
    for other in 12..15 {
        world.tie(7, other, 0.5);
    }
    let findings = found(world.input);
    let links: Vec<(Grouping, &str, &str)> = findings
        .dependences
        .iter()
        .map(|row| (row.level, row.side.as_str(), row.other.as_str()))
        .collect();
    // That Roads and Wards hang on the same person is the first finding again; Parks and Wards
    // have three ties.
    let expected =
        [(Grouping::Organisation, "Council", "Trust"), (Grouping::Department, "Roads", "Parks")];
    assert_eq!(links, expected);
    assert!(findings.dependences.iter().all(|row| row.alert && row.person.label == "Roads 0"));
}

/// Four departments that all know the Centre. North and South are larger, so more ties are missing
/// between them than between East and West; one person holds the two ties that they have.
fn two_silos() -> World {
    let mut world = World::new();
    let centre = world.department("Centre", 12);
    let [north, south] = ["North", "South"].map(|name| world.department(name, 12));
    let [east, west] = ["East", "West"].map(|name| world.department(name, 8));
    for people in [&north, &south, &east, &west] {
        world.ring(people, 2);
        for (at, person) in people.iter().enumerate() {
            for step in 0..3 {
                world.tie(*person, centre[(at + 4 * step) % 12], 2.0);
            }
        }
    }
    for (large, small) in [(&north, &east), (&north, &west), (&south, &east), (&south, &west)] {
        for at in 0..12 {
            world.tie(large[at], small[at % 8], 2.0);
            world.tie(large[at], small[(at + 3) % 8], 2.0);
        }
    }
    world.tie(north[0], south[0], 2.0);
    world.tie(north[0], south[5], 2.0);
    world
}

#[test]
fn of_two_silos_the_one_that_misses_more_ties_comes_first_and_both_are_stable() {
    let (input, events) = as_events(&two_silos().input);
    let findings = analyse(&Network::build(input).unwrap(), Some(&events), &options());
    let flagged: Vec<&str> =
        findings.silos.iter().filter(|row| row.flagged).map(|row| row.group_a.as_str()).collect();
    assert_eq!(flagged.len(), 2, "{:?}", findings.silos);
    let (first, second) = (&findings.silos[0], &findings.silos[1]);
    let ends = |row: &tieline_insight::findings::SiloRow| {
        let mut ends = [row.group_a.clone(), row.group_b.clone()];
        ends.sort();
        ends
    };
    // By ratio it would be the other way round: 2 of about 20 ties against none of about 10.
    assert_eq!((ends(first), first.observed), (["North".to_owned(), "South".to_owned()], 2));
    assert_eq!((ends(second), second.observed), (["East".to_owned(), "West".to_owned()], 0));
    assert!(first.ratio > second.ratio);
    assert!(first.stability.certain && second.stability.certain, "{}", first.stability.sentence);
    assert!(findings.notes.iter().any(|note| note.contains("made for the whole data")));
    assert!(findings.headline.contains("North") && findings.headline.contains("South"));

    let told = findings.of_kind(FindingKind::Silo).next().unwrap();
    assert!(told.detail.contains("All of them run through North 0."), "{}", told.detail);
    // Someone new is introduced, not the one who has the contact already.
    assert!(told.action.starts_with("Introduce "), "{}", told.action);
    assert!(
        !told.action.split(", through").next().unwrap().contains("North 0 "),
        "{}",
        told.action
    );
    assert_eq!(findings.suggestions.first(), Some(&told.action));
}

#[test]
fn what_is_told_first_mixes_kinds_and_leaves_what_is_doubtful_for_later() {
    let (input, events) = as_events(&two_silos().input);
    let findings = analyse(&Network::build(input).unwrap(), Some(&events), &options());
    let told = findings.told(usize::MAX);
    let silos: Vec<usize> =
        (0..told.len()).filter(|at| told[*at].kind == FindingKind::Silo).collect();
    let others: Vec<FindingKind> = told.iter().map(|finding| finding.kind).collect();
    assert_eq!(silos[0], 0);
    assert!(others[1] != FindingKind::Silo, "{others:?}");
    assert!(!others.contains(&FindingKind::Summary) && !others.contains(&FindingKind::Bridges));
    let grave = |finding: &tieline_insight::Finding| {
        finding.flagged && !finding.coverage.patchy && !finding.stability.is_doubtful()
    };
    assert!(told.is_sorted_by_key(|finding| !grave(finding)));
    // Each but the summary and the plans, once.
    let all = findings
        .all()
        .filter(|finding| !matches!(finding.kind, FindingKind::Summary | FindingKind::Bridges));
    assert_eq!(told.len(), all.count());
    assert_eq!(findings.told(3), told[..3]);
    assert!(findings.told(0).is_empty());
}

#[test]
fn no_section_tells_more_sentences_than_asked() {
    let input = two_silos().input;
    let options = AnalysisOptions { sentences: 1, ..options() };
    let findings = analyse(&Network::build(input).unwrap(), None, &options);
    assert!(findings.sections.iter().all(|section| section.findings.len() <= 1));
    assert_eq!(findings.bridge_plans.len(), 1);
    // The tables hold the rest.
    assert_eq!(findings.silos.len(), 10);
}

#[test]
fn one_person_who_moved_on_is_told_once_among_the_ties_gone_quiet() {
    let mut world = World::new();
    world.input.as_of = Some(Moment::from_ms(1_000 * DAY_MS));
    let people = world.department("Housing", 8);
    let days: Vec<i64> = (60..=94).map(|ten| ten * 10).collect();
    for other in 1..5 {
        world.contact(people[0], people[other], &days);
    }
    world.contact(people[6], people[7], &days);
    let findings = found(world.input);
    assert_eq!(findings.cooling.len(), 5);
    assert_eq!(findings.of_kind(FindingKind::Cooling).count(), 2);
}

#[test]
fn organisations_in_the_network_are_not_counted_as_people() {
    let mut world = silo_world();
    assert!(found(world.clone().input).lede.starts_with("30 people and "));
    let shop = world.person("The Corner Shop", None);
    world.input.actors[shop as usize].is_organisation = true;
    world.tie(shop, 0, 1.0);
    let findings = found(world.input);
    assert!(findings.lede.starts_with("30 people, 1 organisation and "), "{}", findings.lede);
    let summary = findings.of_kind(FindingKind::Summary).next().unwrap();
    assert!(summary.headline.starts_with("30 people and 1 organisation with "));
    assert!(summary.headline.ends_with("30 people have at least one."), "{}", summary.headline);
}
