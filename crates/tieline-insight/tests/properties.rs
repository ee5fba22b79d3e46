//! What holds for every network, however odd.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{World, as_events, unit_id};
use proptest::prelude::*;
use tieline_insight::{
    AnalysisOptions, Findings, Grouping, Names, Network, NetworkInput, View, analyse, people,
    without,
};

const UNITS: [&str; 3] = ["Aleph", "Beth", "Gimel"];

/// People with unmistakable names in up to three units, and ties among them; also nobody, one
/// person, no ties, one group.
fn worlds() -> impl Strategy<Value = World> {
    let person = (prop::option::of(0..3_usize), any::<bool>(), any::<bool>(), 0..20_u8);
    let tie = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0.0..6.0);
    (prop::collection::vec(person, 0..30), prop::collection::vec(tie, 0..70)).prop_map(
        |(people, ties)| {
            let mut world = World::new();
            for unit in UNITS {
                world.department(unit, 0);
            }
            for (at, (unit, listed, seen, out)) in people.iter().enumerate() {
                let index = world.person(&format!("Zq{at}x"), unit.map(|at| UNITS[at]));
                let actor = &mut world.input.actors[index as usize];
                (actor.listed, actor.seen, actor.opted_out) = (*listed, *seen, *out == 0);
            }
            if !people.is_empty() {
                for (a, b, weight) in ties {
                    let (a, b) = (a.index(people.len()) as u32, b.index(people.len()) as u32);
                    world.tie(a, b, weight);
                }
            }
            world
        },
    )
}

fn options(names: Names) -> AnalysisOptions {
    AnalysisOptions { permutations: 49, resamples: 5, names, ..AnalysisOptions::default() }
}

fn found(input: NetworkInput, options: &AnalysisOptions) -> Findings {
    analyse(&Network::build(input).unwrap(), None, options)
}

fn has_no_nan(text: &str) -> bool {
    !["NaN", "Some(inf", ": inf", "-inf", " inf"].iter().any(|bad| {
        text.match_indices(bad)
            .any(|(at, _)| !text[at + bad.len()..].starts_with(char::is_alphabetic))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_number_is_undefined_and_nothing_panics(world in worlds()) {
        for grouping in [None, Some(Grouping::Organisation), Some(Grouping::Community)] {
            let options = AnalysisOptions { grouping, ..options(Names::Shown) };
            let findings = found(world.input.clone(), &options);
            let text = format!("{findings:?}");
            prop_assert!(has_no_nan(&text), "{text}");
            prop_assert!(findings.key_numbers.len() == 4);
            prop_assert!(findings.all().all(|finding| !finding.headline.is_empty()));
        }
        let network = Network::build(world.input).unwrap();
        let view = View::new(&network, None, Names::Shown);
        let (people, what_if) = (format!("{:?}", people(&view)), without(&view, &[0, 3]));
        prop_assert!(has_no_nan(&people), "{}", people);
        let what_if = format!("{what_if:?}");
        prop_assert!(has_no_nan(&what_if), "{}", what_if);
    }

    #[test]
    fn hidden_names_leave_no_name_and_no_id_anywhere(world in worlds()) {
        for grouping in [None, Some(Grouping::Community)] {
            let options = AnalysisOptions { grouping, ..options(Names::Hidden) };
            let text = format!("{:?}", found(world.input.clone(), &options));
            prop_assert!(!text.contains("Zq"), "{text}");
            prop_assert!(!text.contains("ActorId"), "{text}");
        }
    }

    #[test]
    fn small_groups_are_named_nowhere(world in worlds()) {
        let network = Network::build(world.input.clone()).unwrap();
        let view = View::new(&network, Some(Grouping::Department), Names::Shown);
        let options = AnalysisOptions { grouping: Some(Grouping::Department), ..options(Names::Shown) };
        let text = format!("{:?}", analyse(&network, None, &options));
        for unit in UNITS {
            let label = view.groups().label_of_unit(unit_id(unit));
            let shown = label.is_some_and(|at| view.groups().groups()[at as usize].shown);
            prop_assert!(shown || !text.contains(unit), "{unit}: {text}");
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(world in worlds(), turn in 0..30_usize) {
        let mut turned = world.input.clone();
        let n = turned.actors.len();
        if n > 0 {
            let turn = turn % n;
            turned.actors.rotate_left(turn);
            let moved = |index: u32| ((index as usize + n - turn) % n) as u32;
            for tie in &mut turned.stated {
                (tie.a, tie.b) = (moved(tie.b), moved(tie.a));
            }
            turned.stated.reverse();
        }
        let options = options(Names::Shown);
        prop_assert_eq!(found(world.input, &options), found(turned, &options));
    }

    #[test]
    fn resampled_shares_are_shares(world in worlds()) {
        let mut input = world.input;
        let mut seen = std::collections::BTreeSet::new();
        input.stated.retain(|tie| seen.insert((tie.a.min(tie.b), tie.a.max(tie.b))));
        let (input, events) = as_events(&input);
        let network = Network::build(input).unwrap();
        let findings = analyse(&network, Some(&events), &options(Names::Shown));
        for broker in &findings.brokers {
            prop_assert!(broker.stability.share.is_some_and(|share| (0.0..=1.0).contains(&share)));
        }
    }
}
