//! Units, affiliations and job changes; names of organisations.
#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

mod common;

use common::{World, actor_of};
use tieline_identity::{
    OrganisationName, OrganisationResolution, Organisations, organisations, resolve_organisations,
};
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::time::Moment;

fn names(list: &[(&str, &[&str])]) -> OrganisationResolution {
    let names: Vec<OrganisationName> = list
        .iter()
        .map(|(name, domains)| OrganisationName {
            name: (*name).to_owned(),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        })
        .collect();
    resolve_organisations(&names)
}

fn unit<'a>(found: &'a Organisations, name: &str) -> &'a Unit {
    found.units.iter().find(|unit| unit.name == name).unwrap()
}

fn of<'a>(
    found: &'a Organisations,
    resolution: &tieline_identity::Resolution,
    email: &str,
) -> Vec<&'a Affiliation> {
    let actor = actor_of(resolution, email).id;
    found.affiliations.iter().filter(|affiliation| affiliation.actor == actor).collect()
}

#[test]
fn legal_forms_case_and_punctuation_do_not_tell_organisations_apart() {
    let found = names(&[
        ("Acme Ltd", &[]),
        ("ACME Limited", &[]),
        ("The Acme Company", &[]),
        ("Acme, Inc.", &[]),
        ("Alder & Birch GmbH & Co. KG", &[]),
        ("Alder and Birch", &[]),
    ]);
    assert_eq!(found.groups, [vec![0, 1, 2, 3], vec![4, 5]]);
    assert!(found.reviews.is_empty());
}

#[test]
fn what_makes_a_name_stays_in_it() {
    let found = names(&[
        ("Northfield NHS Trust", &[]),
        ("Northfield Council", &[]),
        ("Northfield College", &[]),
    ]);
    assert_eq!(found.groups.len(), 3);
    assert!(found.reviews.is_empty(), "bodies of one town are not asked about");
}

#[test]
fn an_abbreviation_is_applied_where_the_name_states_it_and_reviewed_where_not() {
    let found = names(&[
        ("National Health Forum (NHF)", &[]),
        ("NHF", &[]),
        ("Alder Birch Cedar Works", &[]),
        ("ABCW", &[]),
    ]);
    assert_eq!(found.groups, [vec![0, 1], vec![2], vec![3]]);
    assert_eq!(found.reviews.len(), 1);
    assert_eq!((found.reviews[0].a, found.reviews[0].b), (2, 3));
}

#[test]
fn longer_forms_spellings_and_domains_are_reviewed() {
    let found = names(&[
        ("Quercus", &["quercus.com"]),
        ("Quercus Networks India", &[]),
        ("Querkus", &[]),
        ("Quercus Deutschland", &["quercus.com", "gmail.com"]),
        ("Unrelated", &["gmail.com"]),
    ]);
    assert_eq!(found.groups.len(), 5);
    let with_first: Vec<usize> =
        found.reviews.iter().filter(|review| review.a == 0).map(|review| review.b).collect();
    assert_eq!(with_first, [1, 2, 3]);
    assert!(found.reviews.iter().all(|review| review.b != 4 && !review.reasons.is_empty()));
}

#[test]
fn names_of_nothing_are_no_organisation() {
    let found = names(&[("", &[]), ("***", &[]), ("(", &[])]);
    assert_eq!(found.groups.len(), 3);
    assert!(found.reviews.is_empty());
}

#[test]
fn a_directory_gives_units_titles_managers_and_dates() {
    let from = Moment::from_seconds(86_400 * 365 * 50);
    let world = World::default()
        .row("Ann Alder", &["ann@northfield.gov.uk", "#P1"])
        .with(|claim| {
            claim.organisation = Some("Northfield Council".into());
            claim.units = vec!["Housing".into()];
            claim.title = Some("Head of Housing".into());
        })
        .row("Ben Birch", &["ben@northfield.gov.uk", "#P2"])
        .with(|claim| {
            claim.organisation = Some("Northfield Council".into());
            claim.units = vec!["Housing".into(), "Repairs".into()];
            claim.manager = Some("p1".into());
            claim.from = Some(from);
        })
        .row("Cyd Cedar", &["cyd@northfield.gov.uk"])
        .with(|claim| {
            claim.organisation = Some("Northfield Council".into());
            claim.manager = Some("Birch, Ben".into());
        })
        .row("Dan Dogwood", &["dan@northfield.gov.uk"])
        .with(|claim| {
            claim.title = Some("Clerk".into());
            claim.manager = Some("ann@northfield.gov.uk".into());
        });
    let (resolution, found) = world.organisations();
    let council = unit(&found, "Northfield Council");
    assert_eq!((council.kind, council.parent), (UnitKind::Organisation, None));
    assert_eq!(council.domains, ["northfield.gov.uk"]);
    let housing = unit(&found, "Housing");
    let repairs = unit(&found, "Repairs");
    assert_eq!((housing.parent, repairs.parent), (Some(council.id), Some(housing.id)));
    assert_eq!(found.units.len(), 3, "the domain is the council's");

    let ann = actor_of(&resolution, "ann@northfield.gov.uk").id;
    let ben = of(&found, &resolution, "ben@northfield.gov.uk");
    assert_eq!(ben.len(), 1);
    assert_eq!((ben[0].unit, ben[0].from, ben[0].manager), (repairs.id, Some(from), Some(ann)));
    assert_eq!(ben[0].source, FactSource::Directory);
    let cyd = of(&found, &resolution, "cyd@northfield.gov.uk");
    assert_eq!(cyd[0].manager, Some(ben[0].actor));
    let dan = of(&found, &resolution, "dan@northfield.gov.uk");
    assert_eq!((dan[0].unit, dan[0].manager), (council.id, Some(ann)));
}

#[test]
fn a_domain_is_an_organisation_unless_the_public_uses_it() {
    let world = World::default()
        .mail("Ann Alder", "ann@mail.acme.co.uk")
        .mail("Ben Birch", "ben@gmail.com")
        .mail("Cyd Cedar", "cyd@comcast.net")
        .mail("Dan Dogwood", "dan@yahoo.co.uk");
    let (_, found) = world.organisations();
    let all: Vec<&str> = found.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(all, ["acme.co.uk"]);
    assert_eq!(found.affiliations.len(), 1);
    assert_eq!(found.affiliations[0].source, FactSource::Domain);
}

#[test]
fn one_card_does_not_give_a_strangers_domain_to_an_organisation() {
    let world = World::default()
        .card("Ann Alder", &["ann@cedar.com"])
        .with(|claim| claim.organisation = Some("Birch Works".into()))
        .mail("Ben Beech", "ben@cedar.com");
    let (resolution, found) = world.organisations();
    assert!(unit(&found, "Birch Works").domains.is_empty());
    assert_eq!(of(&found, &resolution, "ben@cedar.com")[0].unit, unit(&found, "cedar.com").id);
}

fn mover() -> World {
    World::default()
        .card("Jane Doe", &["jane@acme.com", "jane@birch.com"])
        .seen("jane@acme.com", 10, (100, 200))
        .seen("jane@birch.com", 3, (230, 400))
}

#[test]
fn a_change_of_domain_is_proposed_and_overwrites_nothing() {
    let (_, found) = mover().organisations();
    assert_eq!(found.job_changes.len(), 1);
    let change = &found.job_changes[0];
    assert_eq!(change.from_unit, unit(&found, "acme.com").id);
    assert_eq!(change.to_unit, unit(&found, "birch.com").id);
    assert_eq!((change.left.day(), change.joined.day()), (200, 230));
    assert_eq!((change.messages_before, change.messages_after), (10, 3));
    assert!(change.sentence.contains("acme.com until 1970-07-20"), "{}", change.sentence);
    let mut facts: Vec<(bool, Option<i64>)> =
        found.affiliations.iter().map(|a| (a.proposed, a.from.map(Moment::day))).collect();
    facts.sort_unstable();
    assert_eq!(facts, [(false, None), (true, Some(230))]);
}

#[test]
fn overlap_few_messages_or_a_directorys_word_propose_nothing() {
    let overlapping = mover().seen("jane@birch.com", 9, (150, 400));
    let rare = mover().seen("jane@birch.com", 2, (230, 400));
    let stated = mover()
        .row("Jane Doe", &["jane@birch.com"])
        .with(|claim| claim.organisation = Some("Birch".into()));
    for world in [overlapping, rare, stated] {
        let (_, found) = world.organisations();
        assert!(found.job_changes.is_empty());
        assert!(found.affiliations.iter().all(|affiliation| !affiliation.proposed));
        assert_eq!(found.affiliations.len(), 2);
    }
}

#[test]
fn the_order_of_the_evidence_changes_no_unit() {
    let world = World::default()
        .row("Ann Alder", &["ann@acme.com"])
        .with(|claim| {
            claim.organisation = Some("Acme Ltd".into());
            claim.units = vec!["human resources".into()];
        })
        .row("Ben Birch", &["ben@acme.com"])
        .with(|claim| {
            claim.organisation = Some("ACME Limited".into());
            claim.units = vec!["Human Resources".into()];
        });
    let (resolution, forward) = world.organisations();
    let mut backward = world.clone();
    backward.claims.reverse();
    backward.addresses.reverse();
    let again = organisations(&backward.evidence(), &resolution.actors);
    assert_eq!(forward, again);
    assert_eq!(forward.units.len(), 2);
}
