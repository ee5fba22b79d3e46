//! Partnerships: the method vectors (METHODS 13), stages, shared resources, times to meet.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its vectors fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{close, list, number, vectors, whole};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use tieline_model::id::{PartyId, UnitId};
use tieline_model::partnership::dependency::key_person;
use tieline_model::partnership::meeting::{Attendee, MeetingError, Slot, points_at, slots};
use tieline_model::partnership::renewal::{Term, TermState, review_every_days};
use tieline_model::partnership::reservation::{
    Interval, Overbooked, Reservation, conflicts, free, next_free,
};
use tieline_model::partnership::stage::{Gate, Progress, RenewalDecision, Stage};
use tieline_model::partnership::{Party, Reach, reach};
use tieline_model::step::Refused;
use tieline_model::time::Moment;
use uuid::Uuid;

fn party(number: u128) -> PartyId {
    PartyId(Uuid::from_u128(number))
}

#[test]
fn key_people_match_the_vectors() {
    for case in list(&vectors("people")["sustainability"]["key_person"]) {
        let strengths: Vec<f64> =
            case["strength"].as_object().unwrap().values().map(number).collect();
        let found = key_person(&strengths).unwrap();
        let expected = &case["expected"];
        close(found.top_share, number(&expected["top_share"]));
        close(found.concentration, number(&expected["hhi"]));
        close(found.effective_number, number(&expected["effective_number"]));
        assert_eq!(found.bus_factor as u64, whole(&expected["bus_factor"]));
    }
    assert_eq!(key_person(&[0.0, f64::NAN, -1.0]), None);
    assert!(key_person(&[8.0, 1.0, 1.0]).unwrap().is_alert(false));
    let even = key_person(&[3.0, 3.0, 3.0]).unwrap();
    assert!(!even.is_alert(false) && even.is_alert(true));
}

#[test]
fn reviews_come_as_often_as_the_vectors_say() {
    for case in list(&vectors("people")["sustainability"]["cadence"]) {
        let days = review_every_days(number(&case["importance"]), case["health"].as_f64());
        assert_eq!(u64::from(days), whole(&case["expected_days"]), "{case}");
    }
    assert_eq!(review_every_days(1.0, None), 60);
}

#[test]
fn a_term_alerts_thrice_and_lapses_rather_than_going_on_silently() {
    let day = |day: f64| Moment::from_ms(0).plus_days(day);
    let term = Term { ends_at: day(400.0), notice_by: Some(day(340.0)) };
    let state = |at: f64| term.state(false, day(at));
    assert_eq!(state(159.0), TermState::Running);
    assert_eq!(state(160.0), TermState::Alert { days: 180 });
    assert_eq!(state(250.0), TermState::Alert { days: 90 });
    assert_eq!(state(339.0), TermState::Alert { days: 30 });
    assert_eq!(state(340.0), TermState::NoticePassed);
    assert_eq!(state(400.0), TermState::Lapsed);
    assert_eq!(term.state(true, day(500.0)), TermState::Decided);
    let late = Term { notice_by: Some(day(500.0)), ..term };
    assert_eq!(late.due(), day(400.0));
}

#[test]
fn reach_follows_from_the_organisations() {
    let of = |organisations: &[u128]| {
        let parties: Vec<Party> = organisations
            .iter()
            .enumerate()
            .map(|(at, organisation)| Party {
                id: party(at as u128),
                unit: UnitId(Uuid::from_u128(100 + at as u128)),
                organisation: UnitId(Uuid::from_u128(*organisation)),
            })
            .collect();
        reach(&parties)
    };
    assert_eq!(of(&[1]), None);
    assert_eq!(of(&[1, 1]), Some(Reach::Internal));
    assert_eq!(of(&[1, 2, 3]), Some(Reach::External));
    assert_eq!(of(&[1, 1, 2]), Some(Reach::Mixed));
}

/// A partnership with everything that its gates ask for, the renewal aside.
fn all_there(renewal: Option<RenewalDecision>) -> Progress {
    Progress {
        n_parties: 3,
        purpose: true,
        n_benefits: 3,
        charter: true,
        roles_read_back: true,
        decision_rights: true,
        terms: true,
        review_date: true,
        renewal,
        reason: true,
        told: true,
        n_out: 0,
        n_open_commitments: 0,
        learnt: true,
    }
}

fn broken(gate: Gate) -> Progress {
    let mut progress = all_there(Some(RenewalDecision::Renew));
    match gate {
        Gate::Parties => progress.n_parties = 1,
        Gate::Purpose => progress.purpose = false,
        Gate::Benefits => progress.n_benefits = 2,
        Gate::Charter => progress.charter = false,
        Gate::RolesReadBack => progress.roles_read_back = false,
        Gate::DecisionRights => progress.decision_rights = false,
        Gate::Terms => progress.terms = false,
        Gate::ReviewDate => progress.review_date = false,
        Gate::RenewalDecision => progress.renewal = None,
        Gate::Reason => progress.reason = false,
        Gate::Told => progress.told = false,
        Gate::HandedBack => progress.n_out = 1,
        Gate::CommitmentsSettled => progress.n_open_commitments = 1,
        Gate::Learnt => progress.learnt = false,
    }
    progress
}

fn reachable(from: Stage, progress: &Progress) -> BTreeSet<Stage> {
    common::reachable(from, Stage::ALL, |from, to| from.advance(to, progress).is_ok())
}

#[test]
fn no_path_skips_a_gate() {
    let whole = all_there(Some(RenewalDecision::Renew));
    assert_eq!(reachable(Stage::Idea, &whole).len(), Stage::ALL.len());
    for gate in Gate::ALL {
        let (from, behind): (Stage, &[Stage]) = match gate {
            Gate::Parties | Gate::Purpose => (Stage::Idea, &[Stage::Forming, Stage::Agreed]),
            Gate::Benefits | Gate::Charter => (Stage::Idea, &[Stage::Agreed, Stage::Working]),
            Gate::RolesReadBack | Gate::DecisionRights | Gate::Terms | Gate::ReviewDate => {
                (Stage::Idea, &[Stage::Working, Stage::Renewing])
            }
            Gate::RenewalDecision => (Stage::Renewing, &[Stage::Working, Stage::Closing]),
            Gate::Reason => (Stage::Idea, &[Stage::Closing, Stage::Closed]),
            Gate::Told | Gate::HandedBack | Gate::CommitmentsSettled | Gate::Learnt => {
                (Stage::Closing, &[Stage::Closed])
            }
        };
        let reached = reachable(from, &broken(*gate));
        assert!(behind.iter().all(|stage| !reached.contains(stage)), "{gate:?}: {reached:?}");
        assert!(gate.sentence().ends_with('.'));
    }
}

#[test]
fn a_renewal_leads_where_it_was_decided_and_nowhere_else() {
    for (decision, to) in [
        (RenewalDecision::Renew, Stage::Working),
        (RenewalDecision::Renegotiate, Stage::Forming),
        (RenewalDecision::Close, Stage::Closing),
    ] {
        for other in [Stage::Working, Stage::Forming, Stage::Closing] {
            let step = Stage::Renewing.advance(other, &all_there(Some(decision)));
            let refused = Err(Refused::Missing(vec![Gate::RenewalDecision]));
            assert_eq!(step, if other == to { Ok(to) } else { refused });
        }
    }
    let skip = Stage::Idea.advance(Stage::Working, &all_there(None));
    assert_eq!(skip, Err(Refused::NoSuchStep { from: Stage::Idea, to: Stage::Working }));
}

#[test]
fn every_stage_but_the_last_asks_and_keys_are_unique() {
    let all = Stage::ALL.iter().flat_map(|stage| stage.questions());
    let keys: Vec<&str> = all.clone().map(|question| question.key).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    assert!(all.clone().all(|question| question.text.ends_with('?')));
    assert!(Stage::ALL[..6].iter().all(|stage| stage.questions().len() >= 3));
    assert!(Stage::Closed.questions().is_empty());
}

fn hours(from: i64, to: i64) -> Interval {
    let at = |hour: i64| Moment::from_ms(hour * 3_600_000);
    Interval::new(at(from), at(to)).unwrap()
}

fn reserved(from: i64, to: i64, amount: u64) -> Reservation {
    Reservation { when: hours(from, to), amount }
}

#[test]
fn touching_reservations_do_not_conflict_and_overlaps_say_where() {
    let taken = [reserved(8, 10, 2), reserved(9, 12, 1)];
    assert!(conflicts(3, &taken, &reserved(10, 12, 2)).is_empty());
    let found = conflicts(3, &taken, &reserved(7, 12, 2));
    let expected =
        [Overbooked { when: hours(8, 9), free: 1 }, Overbooked { when: hours(9, 10), free: 0 }];
    assert_eq!(found, expected);
    assert_eq!(conflicts(3, &[], &reserved(0, 1, 4)), [Overbooked { when: hours(0, 1), free: 3 }]);
    assert_eq!(free(3, &taken, &hours(7, 12)), 0);
    assert_eq!(free(3, &taken, &hours(12, 13)), 3);
    let at = Moment::from_ms(0);
    assert!(Interval::new(at, at).is_err());
}

#[test]
fn the_next_free_time_is_as_long_and_the_first_that_fits() {
    let taken = [reserved(8, 10, 2), reserved(9, 12, 1), reserved(13, 14, 3)];
    let next = |from, to, amount| next_free(3, &taken, &reserved(from, to, amount));
    assert_eq!(next(8, 9, 1), Some(hours(8, 9)), "it fits as it is");
    assert_eq!(next(8, 10, 2), Some(hours(10, 12)));
    assert_eq!(next(8, 10, 3), Some(hours(14, 16)), "an hour between two is too short");
    assert_eq!(next(8, 9, 3), Some(hours(12, 13)));
    assert_eq!(next(8, 9, 4), None, "more than there is");
}

proptest! {
    /// However reservations are asked for: what is let in never exceeds the capacity in any hour,
    /// and nothing that would fit is turned away.
    #[test]
    fn what_is_let_in_never_exceeds_the_capacity(
        asked in prop::collection::vec((0i64..24, 1i64..8, 0u64..4), 0..30),
    ) {
        let mut taken: Vec<Reservation> = Vec::new();
        let load = |taken: &[Reservation], hour: i64| -> u64 {
            let over = taken.iter().filter(|one| one.when.overlaps(&hours(hour, hour + 1)));
            over.map(|one| one.amount).sum()
        };
        for (from, length, amount) in asked {
            let wanted = reserved(from, from + length, amount);
            let fits = (from..from + length).all(|hour| load(&taken, hour) + amount <= 3);
            prop_assert_eq!(conflicts(3, &taken, &wanted).is_empty(), fits);
            if fits {
                taken.push(wanted);
            }
        }
        prop_assert!((0..32).all(|hour| load(&taken, hour) <= 3));
    }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn attendee(number: u128, name: &str) -> Attendee {
    Attendee { party: party(number), zone: zone(name), busy: Vec::new() }
}

#[test]
fn points_follow_the_local_clock_over_changes_of_the_hour() {
    let london = zone("Europe/London");
    // Friday before and Monday after the clocks went back on 25 October 2026.
    assert_eq!(points_at(at("2026-10-23T08:00:00Z"), &london), 0);
    assert_eq!(points_at(at("2026-10-26T08:00:00Z"), &london), 1);
    assert_eq!(points_at(at("2026-10-24T10:00:00Z"), &london), 6);
    assert_eq!(points_at(at("2026-10-26T02:00:00Z"), &london), 10);
}

#[test]
fn inconvenience_goes_round() {
    let people =
        [attendee(1, "Europe/London"), attendee(2, "Asia/Tokyo"), attendee(3, "America/New_York")];
    let mut past: BTreeMap<PartyId, u32> = BTreeMap::new();
    let mut held: Vec<Slot> = Vec::new();
    for week in 0..12 {
        let monday = at("2026-11-23T00:00:00Z").plus_days(7.0 * f64::from(week));
        let window = Interval::new(monday, monday.plus_days(5.0)).unwrap();
        let found = slots(&people, &past, window, 60, 5).unwrap();
        assert_eq!(found.len(), 5);
        past = found[0].burden.clone();
        held.push(found[0].clone());
    }
    // Nobody can always be spared; nobody bears more than one night above the others.
    let burdens: Vec<u32> = past.values().copied().collect();
    let spread = burdens.iter().max().unwrap() - burdens.iter().min().unwrap();
    assert!(spread <= 10, "{burdens:?}");
    let starts: BTreeSet<i64> = held.iter().map(|slot| slot.when.from.ms() % 86_400_000).collect();
    assert!(starts.len() > 1);
}

#[test]
fn busy_times_are_left_out_and_working_hours_come_first() {
    let mut people = [attendee(1, "Europe/London"), attendee(2, "Europe/Berlin")];
    let window = Interval::new(at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z")).unwrap();
    let first =
        |people: &[Attendee]| slots(people, &BTreeMap::new(), window, 60, 1).unwrap()[0].clone();
    assert_eq!(first(&people).when.from, at("2026-11-23T09:00:00Z"));
    assert!(first(&people).points.values().all(|points| *points == 0));
    people[0].busy =
        vec![Interval::new(at("2026-11-23T09:30:00Z"), at("2026-11-23T11:00:00Z")).unwrap()];
    assert_eq!(first(&people).when.from, at("2026-11-23T11:00:00Z"));
    people[1].busy = vec![window];
    assert_eq!(slots(&people, &BTreeMap::new(), window, 60, 5), Ok(Vec::new()));
    let none = slots(&[], &BTreeMap::new(), window, 60, 5);
    assert_eq!(none, Err(MeetingError::Nobody));
    assert_eq!(slots(&people, &BTreeMap::new(), window, 0, 5), Err(MeetingError::Length));
}
