//! Each rule of identity at its boundary, and people who must not be joined.
#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

mod common;

use common::{World, actor_of, are_one, id, is_reviewed};
use tieline_identity::{ActorKind, MergeRule};
use tieline_model::address::AddressClass;
use tieline_model::claim::ClaimSource;

#[test]
fn a_card_that_lists_two_addresses_joins_them_and_says_so() {
    let world = World::default().card("Jane Doe", &["jane@acme.example.org", "jdoe@gmail.com"]);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 1);
    let actor = &resolution.actors[0];
    assert_eq!((actor.name.as_str(), actor.kind), ("Jane Doe", ActorKind::Person));
    assert_eq!((actor.given.as_deref(), actor.family.as_deref()), (Some("Jane"), Some("Doe")));
    assert_eq!(actor.merges.len(), 1);
    assert_eq!(actor.merges[0].rule, MergeRule::Card);
    assert!(actor.merges[0].sentence.contains("contact card lists"));
}

#[test]
fn the_same_name_at_another_address_is_reviewed_and_never_applied() {
    let world = World::default()
        .mail("Jane Doe", "jane.doe@housing.org.uk")
        .mail("Doe, Jane", "jane.doe@hospital.nhs.uk");
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert!(is_reviewed(&resolution, "jane.doe@housing.org.uk", "jane.doe@hospital.nhs.uk"));
    let review = &resolution.reviews[0];
    assert!(review.reasons_for.iter().any(|reason| reason.contains("same full name")));
    assert!(review.reasons_against.iter().any(|r| r.contains("different organisations")));
    // METHODS 12.3: given and family exact, email and org different.
    assert!((review.probability - 0.362_554_791).abs() < 1e-6, "{}", review.probability);
}

#[test]
fn the_same_name_in_one_organisation_is_reviewed_too_however_high_the_score() {
    let world = World::default()
        .mail("John Smith", "john.smith@acme.com")
        .mail("John Smith", "jsmith2@acme.com");
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert!(resolution.reviews[0].probability > 0.95);
}

#[test]
fn father_and_son_at_one_domain_are_not_joined_by_a_shared_telephone() {
    let world = World::default()
        .card("John Smith Sr.", &["john@smith-builders.co.uk", "tel:+441234567890"])
        .card("John Smith Jr.", &["johnny@smith-builders.co.uk", "tel:+441234567890"]);
    let resolution = world.resolve();
    assert!(!are_one(&resolution, "john@smith-builders.co.uk", "johnny@smith-builders.co.uk"));
    assert_eq!(resolution.unowned, [id("tel:+441234567890")]);
    let review = &resolution.reviews[0];
    assert!(review.reasons_against.iter().any(|reason| reason.contains("generations differ")));
    assert!(review.reasons_for.iter().any(|reason| reason.contains("telephone")));
}

#[test]
fn a_shared_telephone_and_the_same_name_join_two_cards() {
    let world = World::default()
        .card("Jane Doe", &["jane@acme.com", "tel:+441234567890"])
        .card("Jane Doe", &["jane.doe@gmail.com", "tel:+441234567890"]);
    assert!(are_one(&world.resolve(), "jane@acme.com", "jane.doe@gmail.com"));
}

#[test]
fn a_switchboard_number_joins_nobody() {
    let world = World::default()
        .row("Ann Alder", &["ann@acme.com", "tel:+441234567890"])
        .row("Ben Birch", &["ben@acme.com", "tel:+441234567890"]);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert!(resolution.reviews.is_empty());
    assert_eq!(resolution.unowned, [id("tel:+441234567890")]);
}

#[test]
fn a_card_of_a_name_and_a_number_contests_the_number() {
    let world = World::default()
        .card("Ann Alder", &["ann@acme.com", "tel:+441234567890"])
        .card("Ben Birch", &["tel:+441234567890"]);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 1);
    assert_eq!(resolution.unowned, [id("tel:+441234567890")]);
}

#[test]
fn a_family_mailbox_on_two_cards_joins_nobody() {
    let world = World::default()
        .card("Ann Alder", &["ann@acme.com", "home@alders.org.uk"])
        .card("Ben Alder", &["ben@birch.com", "home@alders.org.uk"]);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 3);
    assert!(is_reviewed(&resolution, "ann@acme.com", "home@alders.org.uk"));
}

#[test]
fn a_couples_card_does_not_join_two_people_who_write_under_their_own_names() {
    let world = World::default()
        .mail("Ann Alder", "ann@gmail.com")
        .mail("Ben Birch", "ben@gmail.com")
        .card("Ann and Ben", &["ann@gmail.com", "ben@gmail.com"]);
    let resolution = world.resolve();
    assert!(!are_one(&resolution, "ann@gmail.com", "ben@gmail.com"));
    assert!(is_reviewed(&resolution, "ann@gmail.com", "ben@gmail.com"));
}

#[test]
fn a_mailbox_used_under_many_names_is_never_joined() {
    let mut world = World::default();
    for name in ["Ann Alder", "Ben Birch", "Cyd Cedar", "Dan Dogwood"] {
        world = world.mail(name, "frontdesk@acme.com");
    }
    let world = world.card("Ann Alder", &["ann@gmail.com", "frontdesk@acme.com"]);
    assert!(!are_one(&world.resolve(), "ann@gmail.com", "frontdesk@acme.com"));
}

#[test]
fn host_aliases_and_tags_join_under_the_same_full_name_only() {
    let world = World::default()
        .mail("Jane Doe", "jd@acme.com")
        .mail("Jane Doe", "jd@mail.acme.com")
        .mail("Jane Doe", "jd+lists@acme.com")
        .mail("John Dow", "jd@shop.acme.com");
    let resolution = world.resolve();
    let actor = actor_of(&resolution, "jd@acme.com");
    let rules: Vec<MergeRule> = actor.merges.iter().map(|merge| merge.rule).collect();
    assert_eq!(rules, [MergeRule::TagAlias, MergeRule::HostAlias]);
    assert!(actor.merges.iter().all(|merge| merge.probability > 0.999 && merge.parts.len() == 3));
    assert!(!are_one(&resolution, "jd@acme.com", "jd@shop.acme.com"));
}

#[test]
fn branches_of_one_domain_and_hosts_of_a_provider_are_no_aliases() {
    let world = World::default()
        .mail("John Smith", "john.smith@uk.acme.com")
        .mail("John Smith", "john.smith@de.acme.com")
        .mail("Jane Doe", "jane@comcast.net")
        .mail("Jane Doe", "jane@home.comcast.net");
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 4);
    assert!(is_reviewed(&resolution, "john.smith@uk.acme.com", "john.smith@de.acme.com"));
    assert!(is_reviewed(&resolution, "jane@comcast.net", "jane@home.comcast.net"));
}

#[test]
fn two_verified_addresses_of_one_domain_are_not_joined_through_a_third() {
    let world = World::default()
        .row("Jane Doe", &["jane.doe@acme.com"])
        .row("Jane Doe", &["jane.doe2@acme.com", "jane@gmail.com"])
        .card("Jane Doe", &["jane@gmail.com", "jane.doe@acme.com"]);
    let resolution = world.resolve();
    assert!(are_one(&resolution, "jane.doe2@acme.com", "jane@gmail.com"), "the row is stronger");
    assert!(!are_one(&resolution, "jane.doe@acme.com", "jane.doe2@acme.com"));
    assert!(is_reviewed(&resolution, "jane.doe@acme.com", "jane.doe2@acme.com"));
}

#[test]
fn two_addresses_of_one_domain_are_joined_where_one_row_lists_both() {
    let world = World::default().row("Jane Doe", &["jane.doe@acme.com", "jdoe@acme.com"]);
    assert_eq!(world.resolve().actors.len(), 1);
}

#[test]
fn a_persons_decision_joins_what_no_rule_would_and_keeps_its_reason() {
    let world = World::default()
        .mail("Jane Doe", "jane@acme.com")
        .mail("J. Miller", "jm@birch.com")
        .decide("jm@birch.com", "jane@acme.com", true);
    let resolution = world.resolve();
    let actor = actor_of(&resolution, "jane@acme.com");
    assert_eq!(actor.addresses.len(), 2);
    assert!(actor.merges[0].sentence.ends_with("asked them"));
}

#[test]
fn a_split_outranks_a_directory_row_and_is_not_asked_again() {
    let world = World::default().row("Jane Doe", &["jane@acme.com", "jane@birch.com"]).decide(
        "jane@acme.com",
        "jane@birch.com",
        false,
    );
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert!(resolution.reviews.is_empty());
}

#[test]
fn a_split_holds_across_a_chain_which_breaks_at_its_weakest_link() {
    let world = World::default()
        .row("Jane Doe", &["jane@acme.com", "jane@birch.com"])
        .card("Jane Doe", &["jane@birch.com", "jane@cedar.com"])
        .decide("jane@acme.com", "jane@cedar.com", false);
    let resolution = world.resolve();
    assert!(are_one(&resolution, "jane@acme.com", "jane@birch.com"));
    assert!(!are_one(&resolution, "jane@birch.com", "jane@cedar.com"));
}

#[test]
fn a_pair_both_joined_and_split_stays_apart_and_is_asked_again() {
    let world = World::default()
        .mail("Jane Doe", "jane@acme.com")
        .mail("Jane Doe", "jane@birch.com")
        .decide("jane@acme.com", "jane@birch.com", true)
        .decide("jane@birch.com", "jane@acme.com", false);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert_eq!(resolution.reviews.len(), 1);
}

#[test]
fn lists_and_machines_are_no_actors_and_role_mailboxes_no_persons() {
    let world = World::default()
        .card("Jane Doe", &["jane@acme.com", "info@acme.com"])
        .mail("Jane Doe", "noreply@acme.com")
        .mail("Jane Doe", "talk@lists.acme.com")
        .mail("IT Support", "it@acme.com")
        .class("talk@lists.acme.com", AddressClass::List);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 3);
    assert_eq!(actor_of(&resolution, "jane@acme.com").addresses.len(), 1);
    assert_eq!(actor_of(&resolution, "info@acme.com").kind, ActorKind::Organisation);
    let support = actor_of(&resolution, "it@acme.com");
    assert_eq!((support.kind, support.name.as_str()), (ActorKind::Organisation, "IT Support"));
    assert_eq!(resolution.unowned.len(), 2);
    assert!(resolution.reviews.is_empty());
}

#[test]
fn a_name_like_admin_or_via_names_nobody() {
    let world = World::default()
        .mail("admin", "x1@acme.com")
        .mail("admin", "x2@birch.com")
        .mail("Jane Doe via Docs", "share@docs.example.com")
        .mail("Jane Doe", "jane@cedar.com");
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 4);
    assert!(resolution.reviews.is_empty(), "{:?}", resolution.reviews);
    assert_eq!(actor_of(&resolution, "share@docs.example.com").name, "share@docs.example.com");
}

#[test]
fn nicknames_initials_and_spellings_are_close_enough_for_review() {
    let world = World::default()
        .mail("Robert Müller", "robert.mueller@acme.com")
        .mail("Bob Muller", "bob@acme.com")
        .mail("R. Müller", "rm@acme.com")
        .mail("Robert Mueller", "robert@acme.com");
    let resolution = world.resolve();
    for other in ["bob@acme.com", "rm@acme.com", "robert@acme.com"] {
        assert!(is_reviewed(&resolution, "robert.mueller@acme.com", other), "{other}");
    }
}

#[test]
fn a_mailbox_without_a_name_that_spells_one_is_reviewed() {
    let world = World::default().mail("Florian Heim", "f.heim@acme.com").says(
        ClaimSource::NamedByOthers,
        "",
        &["florianheim@gmail.com"],
    );
    let resolution = world.resolve();
    assert!(is_reviewed(&resolution, "f.heim@acme.com", "florianheim@gmail.com"));
    let against = &resolution.reviews[0].reasons_against;
    assert!(against.iter().any(|reason| reason.contains("only read from the address")));
}

#[test]
fn the_anchor_is_the_address_of_the_lowest_rank() {
    let mut world = World::default().card("Jane Doe", &["jane@acme.com", "jane@gmail.com"]);
    let before = world.resolve().actors[0].clone();
    assert_eq!(before.anchor, id("jane@acme.com"));
    assert_eq!(before.addresses[0], before.anchor);
    world.see("jane@gmail.com").rank = 0;
    world.see("jane@acme.com").rank = 5;
    let after = world.resolve().actors[0].clone();
    assert_eq!(after.anchor, id("jane@gmail.com"));
    assert_ne!(after.id, before.id);
}

#[test]
fn blocks_that_are_too_large_are_reported_not_compared() {
    let mut world = World::default();
    for n in 0..501 {
        world = world.mail("Jane Doe", &format!("n{n}@d{n}.com"));
    }
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 501);
    assert_eq!(resolution.compared_pairs, 0);
    assert!(resolution.skipped_blocks.iter().any(|b| b.rule == "full name" && b.size == 501));
}

#[test]
fn claims_and_decisions_on_unknown_addresses_are_left_aside() {
    let mut world = World::default().card("Jane Doe", &["jane@acme.com", "jane@gmail.com"]);
    world = world.decide("jane@acme.com", "gone@acme.com", true);
    world.addresses.retain(|facts| facts.id != id("jane@gmail.com"));
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 1);
    assert_eq!(resolution.actors[0].addresses, [id("jane@acme.com")]);
}

#[test]
fn a_post_that_changes_hands_joins_nobody() {
    let world = World::default()
        .row("Ann Alder", &["ann@acme.com", "#P1"])
        .row("Ben Birch", &["ben@acme.com", "#P1"]);
    let resolution = world.resolve();
    assert!(!are_one(&resolution, "ann@acme.com", "ben@acme.com"));
    assert_eq!(resolution.unowned, [id("#P1")]);
}

#[test]
fn what_only_others_write_is_reviewed() {
    let both = ["jane@acme.com", "jane@birch.com"];
    let world = World::default().says(ClaimSource::NamedByOthers, "Jane Doe", &both);
    let resolution = world.resolve();
    assert_eq!(resolution.actors.len(), 2);
    assert!(is_reviewed(&resolution, both[0], both[1]));
    let own = World::default().says(ClaimSource::SelfNamed, "Jane Doe", &both);
    assert_eq!(own.resolve().actors[0].merges[0].rule, MergeRule::OwnHeader);
}

#[test]
fn an_unnamed_label_is_shown_without_its_scope() {
    let world = World::default().row("", &["#P1"]);
    assert_eq!(world.resolve().actors[0].name, "P1");
}

#[test]
fn nothing_gives_nothing() {
    let resolution = World::default().resolve();
    assert!(resolution.actors.is_empty() && resolution.reviews.is_empty());
}

/// The job change that a review of Jane's two addresses asks about, when each was seen on these days.
fn asked(old: (&str, u64, (i64, i64)), new: (&str, u64, (i64, i64))) -> Option<String> {
    let world = World::default()
        .row("Jane Doe", &[old.0])
        .row("Jane Doe", &[new.0])
        .seen(old.0, old.1, old.2)
        .seen(new.0, new.1, new.2);
    let resolution = world.resolve();
    assert!(!are_one(&resolution, old.0, new.0), "never applied alone");
    assert!(is_reviewed(&resolution, old.0, new.0));
    let [review] = resolution.reviews.as_slice() else { panic!("one review") };
    review.reasons_for.iter().find(|reason| reason.ends_with("a job change?")).cloned()
}

#[test]
fn one_name_that_stops_at_one_organisation_as_it_starts_at_another_is_asked_about_as_a_job_change()
{
    // Day 0 is 1970-01-01, day 100 is 1970-04-11, day 90 is 1970-04-01, day 131 is 1970-05-12.
    let (acme, trust) = ("jane@acme.com", "doe@trust.org");
    let says = "same name; jane@acme.com was last used in 1970-04, doe@trust.org first used in \
                1970-05: a job change?";
    assert_eq!(asked((acme, 9, (0, 100)), (trust, 9, (131, 300))).as_deref(), Some(says));
    assert_eq!(asked((trust, 9, (131, 300)), (acme, 9, (0, 100))).as_deref(), Some(says));
    assert!(asked((acme, 9, (0, 100)), (trust, 9, (90, 300))).is_some(), "a short overlap");
}

#[test]
fn addresses_used_side_by_side_or_hardly_or_at_no_organisation_are_no_job_change() {
    let (acme, trust) = ("jane@acme.com", "doe@trust.org");
    assert_eq!(asked((acme, 9, (0, 300)), (trust, 9, (100, 400))), None, "side by side");
    assert_eq!(asked((acme, 9, (0, 300)), (trust, 9, (280, 290))), None, "within the other's life");
    assert_eq!(asked((acme, 9, (0, 100)), (trust, 2, (131, 300))), None, "two messages");
    assert_eq!(asked((acme, 9, (0, 100)), ("jane@gmail.com", 9, (131, 300))), None, "free mail");
}

#[test]
fn letters_that_still_arrive_at_the_old_address_do_not_hide_a_job_change() {
    let day = |day: i64| Some(tieline_model::time::Moment::from_seconds(day * 86_400));
    let world = World::default()
        .mail("Jane Doe", "jane@acme.com")
        .with(|claim| (claim.count, claim.first, claim.last) = (9, day(0), day(100)))
        .mail("Jane Doe", "doe@trust.org")
        .with(|claim| (claim.count, claim.first, claim.last) = (9, day(131), day(300)))
        .seen("jane@acme.com", 99, (0, 300))
        .seen("doe@trust.org", 99, (131, 300));
    let resolution = world.resolve();
    let reasons = &resolution.reviews[0].reasons_for;
    assert!(reasons.iter().any(|reason| reason.ends_with("a job change?")), "{reasons:?}");
}
