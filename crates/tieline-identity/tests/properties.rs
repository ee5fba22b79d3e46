//! Properties over random evidence from a small, collision-rich world.
#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{World, claim, id};
use proptest::prelude::*;
use tieline_identity::names::{Reading, compare};
use tieline_identity::{OrganisationName, organisations, resolve_organisations};
use tieline_model::claim::{ClaimSource, Decision};
use tieline_model::id::AddressId;

const ADDRESSES: [&str; 16] = [
    "jane@acme.com",
    "jane.doe@acme.com",
    "jane+x@acme.com",
    "jane@mail.acme.com",
    "jane@gmail.com",
    "john@acme.com",
    "john@birch.com",
    "info@acme.com",
    "noreply@acme.com",
    "home@smiths.org.uk",
    "old!bang!path",
    "tel:+441234567890",
    "tel:+449876543210",
    "#P1",
    "#P2",
    "js@cedar.com",
];

const NAMES: [&str; 10] = [
    "Jane Doe",
    "Doe, Jane",
    "John Smith",
    "John Smith Jr.",
    "J. Smith",
    "Support Team",
    "Jane Doe via Docs",
    "jsmith",
    "",
    "李雷",
];

fn source() -> impl Strategy<Value = ClaimSource> {
    prop::sample::select(vec![
        ClaimSource::SelfNamed,
        ClaimSource::NamedByOthers,
        ClaimSource::Card,
        ClaimSource::Directory,
        ClaimSource::Calendar,
        ClaimSource::NetworkFile,
    ])
}

prop_compose! {
    fn worlds()(
        claims in prop::collection::vec(
            (source(), 0..NAMES.len(), prop::collection::vec(0..ADDRESSES.len(), 1..4), any::<bool>()),
            0..14,
        ),
        decisions in prop::collection::vec((0..ADDRESSES.len(), 0..ADDRESSES.len(), any::<bool>()), 0..4),
        ranks in prop::collection::vec(0_u32..3, ADDRESSES.len()),
    ) -> World {
        let mut world = World::default();
        for (text, rank) in ADDRESSES.iter().zip(ranks) {
            world.see(text).rank = rank;
        }
        for (source, name, addresses, at_acme) in claims {
            let addresses: Vec<&str> = addresses.iter().map(|at| ADDRESSES[*at]).collect();
            let mut said = claim(source, NAMES[name], &addresses);
            said.organisation = at_acme.then(|| "Acme Ltd".to_owned());
            world.claims.push(said);
        }
        for (a, b, same) in decisions {
            let (a, b) = (id(ADDRESSES[a]), id(ADDRESSES[b]));
            world.decisions.push(Decision { a, b, same, reason: format!("{a}") });
        }
        world
    }
}

/// Number of groups that merges leave among an actor's addresses.
fn parts_left(addresses: &[AddressId], merges: &[(AddressId, AddressId)]) -> usize {
    let mut group: BTreeMap<AddressId, AddressId> = addresses.iter().map(|a| (*a, *a)).collect();
    for (a, b) in merges {
        let (from, to) = (group[a], group[b]);
        for at in group.values_mut().filter(|at| **at == from) {
            *at = to;
        }
    }
    group.values().collect::<BTreeSet<_>>().len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_the_evidence_makes_no_difference(
        world in worlds(),
        seed in any::<prop::sample::Index>(),
    ) {
        let mut other = world.clone();
        other.claims.reverse();
        other.decisions.reverse();
        other.addresses.reverse();
        if !other.claims.is_empty() {
            let at = seed.index(other.claims.len());
            other.claims.rotate_left(at);
        }
        let (one, two) = (world.organisations(), other.organisations());
        prop_assert_eq!(one.0, two.0);
        prop_assert_eq!(one.1, two.1);
    }

    #[test]
    fn a_split_pair_is_never_one_actor(world in worlds()) {
        let resolution = world.resolve();
        for split in world.decisions.iter().filter(|d| !d.same && d.a != d.b) {
            let together = resolution
                .actors
                .iter()
                .any(|actor| actor.addresses.contains(&split.a) && actor.addresses.contains(&split.b));
            prop_assert!(!together);
        }
    }

    #[test]
    fn every_address_has_one_place_and_every_actor_is_explained(world in worlds()) {
        let resolution = world.resolve();
        let mut placed: Vec<AddressId> = resolution
            .actors
            .iter()
            .flat_map(|actor| actor.addresses.iter().copied())
            .chain(resolution.unowned.iter().copied())
            .collect();
        placed.sort_unstable();
        let mut all: Vec<AddressId> = world.addresses.iter().map(|facts| facts.id).collect();
        all.sort_unstable();
        prop_assert_eq!(placed, all);
        for actor in &resolution.actors {
            prop_assert_eq!(actor.merges.len(), actor.addresses.len() - 1);
            let merges: Vec<_> = actor.merges.iter().map(|merge| (merge.a, merge.b)).collect();
            prop_assert_eq!(parts_left(&actor.addresses, &merges), 1);
            prop_assert_eq!(actor.addresses[0], actor.anchor);
            prop_assert!(actor.merges.iter().all(|merge| !merge.sentence.is_empty()));
            prop_assert!(!actor.name.is_empty());
        }
    }

    #[test]
    fn every_review_is_of_two_actors_with_reasons(world in worlds()) {
        let resolution = world.resolve();
        for review in &resolution.reviews {
            prop_assert_ne!(review.a, review.b);
            prop_assert!(!review.reasons_for.is_empty() && !review.reasons_against.is_empty());
            prop_assert!((0.0..=1.0).contains(&review.probability));
            let sum: f64 = review.parts.iter().map(|part| part.weight).sum();
            prop_assert!((sum - review.weight_bits).abs() < 1e-9);
        }
    }

    #[test]
    fn no_text_makes_reading_names_fail(raw in "\\PC{0,60}", other in ".{0,30}") {
        let (a, b) = (Reading::of(&raw), Reading::of(&other));
        if let (Some(a), Some(b)) = (a.person(), b.person()) {
            prop_assert_eq!(compare(&a, &b, 0.88).whole, compare(&b, &a, 0.88).whole);
        }
    }

    #[test]
    fn no_text_makes_names_of_organisations_fail(
        list in prop::collection::vec("\\PC{0,20}|[A-Ca-c .()&]{0,12}", 0..8),
    ) {
        let names: Vec<OrganisationName> = list
            .into_iter()
            .map(|name| OrganisationName { domains: vec![name.clone()], name })
            .collect();
        let found = resolve_organisations(&names);
        let placed: usize = found.groups.iter().map(Vec::len).sum();
        prop_assert_eq!(placed, names.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Name-like text: letters of many scripts, marks, separators, titles and suffixes.
    #[test]
    fn no_name_like_text_makes_reading_fail(
        words in prop::collection::vec(
            prop_oneof![
                "[A-Za-z]{1,8}[.,]?",
                "[\\u{c0}-\\u{17f}\\u{300}-\\u{36f}]{1,6}",
                "[\\u{4e00}-\\u{4e20}\\u{5d0}-\\u{5ea}\\u{627}-\\u{64a}\\u{1f3fb}\\u{200d}]{1,4}",
                Just("Jr.".to_owned()),
                Just("Dr".to_owned()),
                Just("van der".to_owned()),
                Just("(x".to_owned()),
                Just("\"".to_owned()),
                Just("O'".to_owned()),
                Just("-".to_owned()),
                Just(",".to_owned()),
            ],
            0..7,
        ),
    ) {
        if let Some(name) = Reading::of(&words.join(" ")).person() {
            prop_assert!(!name.full_key.is_empty() || name.family_key.is_empty());
            let _ = compare(&name, &name, 0.88);
        }
    }
}

#[test]
fn actors_of_other_evidence_do_no_harm() {
    let other = World::default().card("Jane Doe", &["jane@acme.com"]).resolve();
    let found = organisations(&World::default().evidence(), &other.actors);
    assert!(found.affiliations.is_empty());
}
