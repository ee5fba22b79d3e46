//! Conflict cases: the method vectors (METHODS 7), fairness of divisions, and that no path skips a
//! gate.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its vectors fails")]

mod common;

use std::collections::BTreeSet;

use common::{close, list, number, text, texts, vectors, whole};
use proptest::prelude::*;
use serde_json::Value;
use tieline_model::conflict::adjusted_winner::{Division, Side, divide};
use tieline_model::conflict::package::{Deals, deals};
use tieline_model::conflict::stage::{Action, Course, Interest, Restatement, follow_ups, practice};
use tieline_model::conflict::{
    Case, DivisionError, Gate, Issue, MediatorEvidence, PackageError, Stage, mediator_score,
};
use tieline_model::fraction::{Fraction, as_f64};
use tieline_model::step::Refused;
use tieline_model::time::Moment;

fn points(case: &Value) -> Vec<[u32; 2]> {
    let both = list(&case["points_A"]).iter().zip(list(&case["points_B"]));
    both.map(|(a, b)| [whole(a) as u32, whole(b) as u32]).collect()
}

#[test]
fn divisions_match_the_vectors_exactly() {
    for case in list(&vectors("conflict")["adjusted_winner"]) {
        let found = divide(&points(case)).unwrap();
        let winners: Vec<u64> =
            list(&case["after_winner_phase"]).iter().map(|sum| number(sum) as u64).collect();
        assert_eq!(found.after_winner_phase[..], winners);
        assert_eq!(found.points.to_string(), text(&case["final_points_exact"]));
        let items = texts(&case["items"]);
        for (item, share) in items.iter().zip(&found.share_first) {
            assert_eq!(share.to_string(), text(&case["share_A_exact"][item]));
        }
        let moved = list(&case["transfers_from_leader"]);
        let real: Vec<_> = found.transfers.iter().map(|one| (items[one.item], one.share)).collect();
        assert_eq!(real.len(), moved.len());
        for ((item, share), expected) in real.into_iter().zip(moved) {
            assert_eq!(item, text(&expected[0]));
            close(as_f64(share), number(&expected[1]));
        }
    }
}

#[test]
fn an_item_that_cannot_be_split_shows_both_ways() {
    let carol = &vectors("conflict")["adjusted_winner"][0];
    let points = points(carol);
    let division = divide(&points).unwrap();
    let [with_carol, with_bob] = division.whole_allocations(&points).unwrap();
    assert_eq!(with_carol.holder[0], Side::First);
    assert_eq!(with_carol.points, [65, 50].map(Fraction::from_integer));
    assert_eq!(with_bob.points, [15, 90].map(Fraction::from_integer));
    assert_eq!(with_bob.difference(), Fraction::from_integer(75));
    assert_eq!(divide(&[[100, 0], [0, 100]]).unwrap().whole_allocations(&[]), None);
}

#[test]
fn points_that_cannot_be_used_are_refused() {
    let short = DivisionError::NotHundred { side: Side::Second, sum: 90 };
    assert_eq!(divide(&[[100, 90]]), Err(short));
    let unwanted = DivisionError::Unwanted { item: 1 };
    assert_eq!(divide(&[[100, 100], [0, 0]]), Err(unwanted));
    let nothing = DivisionError::NotHundred { side: Side::First, sum: 0 };
    assert_eq!(divide(&[]), Err(nothing));
}

/// Cuts 100 into `n` whole parts at these marks.
fn hundred(n: usize) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0u32..=100, n - 1).prop_map(|mut marks| {
        marks.extend([0, 100]);
        marks.sort_unstable();
        marks.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
}

fn bids() -> impl Strategy<Value = Vec<[u32; 2]>> {
    (1usize..8)
        .prop_flat_map(|n| (hundred(n), hundred(n)))
        .prop_map(|(a, b)| a.into_iter().zip(b).map(|(a, b)| [a, b]).collect::<Vec<_>>())
        .prop_filter("an item that neither wants", |items| !items.contains(&[0, 0]))
}

fn worth(points: &[[u32; 2]], division: &Division, side: usize, of: usize) -> Fraction {
    let one = Fraction::from_integer(1);
    let share = |first: Fraction| if of == 0 { first } else { one - first };
    points
        .iter()
        .zip(&division.share_first)
        .map(|(item, first)| Fraction::from_integer(item[side].into()) * share(*first))
        .sum()
}

proptest! {
    /// Equal, envy-free, and with at most one item split.
    #[test]
    fn a_division_is_equal_and_envy_free(points in bids()) {
        let found = divide(&points).unwrap();
        let own = |side| worth(&points, &found, side, side);
        prop_assert_eq!(own(0), found.points);
        prop_assert_eq!(own(1), found.points);
        for side in 0..2 {
            prop_assert!(own(side) >= worth(&points, &found, side, 1 - side));
        }
        let zero = Fraction::from_integer(0);
        let one = Fraction::from_integer(1);
        let split = found.share_first.iter().filter(|share| **share > zero && **share < one);
        prop_assert_eq!(split.count(), usize::from(found.split.is_some()));
    }

    /// Efficient: nothing that the first party holds is worth relatively more to the second than
    /// anything that the second holds (no exchange helps both).
    #[test]
    fn a_division_leaves_no_exchange_that_helps_both(points in bids()) {
        let found = divide(&points).unwrap();
        let zero = Fraction::from_integer(0);
        let one = Fraction::from_integer(1);
        for (x, given) in found.share_first.iter().enumerate().filter(|(_, share)| **share > zero) {
            for (y, _) in found.share_first.iter().enumerate().filter(|(_, share)| **share < one) {
                let [ax, bx] = points[x].map(u64::from);
                let [ay, by] = points[y].map(u64::from);
                prop_assert!(ax * by >= ay * bx, "{} {} {}", x, y, given);
            }
        }
    }

    /// The frontier, merged issue by issue, is that of all packages one by one.
    #[test]
    fn the_frontier_is_that_of_all_packages(
        worths in prop::collection::vec(
            prop::collection::vec(prop::array::uniform2(-3i64..9), 1..4), 1..5,
        ),
    ) {
        let issues: Vec<Issue> = worths.into_iter().map(|options| Issue { options }).collect();
        let mut all = vec![[0i64; 2]];
        for issue in &issues {
            all = all.iter().flat_map(|sum| {
                issue.options.iter().map(move |worth| [sum[0] + worth[0], sum[1] + worth[1]])
            }).collect();
        }
        let beats = |x: &[i64; 2], y: &[i64; 2]| x != y && x[0] >= y[0] && x[1] >= y[1];
        let best: BTreeSet<[i64; 2]> =
            all.iter().filter(|own| !all.iter().any(|other| beats(other, own))).copied().collect();
        let found = deals(&issues, [2, 2]).unwrap();
        prop_assert_eq!(found.n_packages, all.len() as u128);
        prop_assert_eq!(found.frontier.len(), best.len());
        let own: BTreeSet<[i64; 2]> = found.frontier.iter().map(|deal| deal.utilities).collect();
        prop_assert_eq!(own, best);
    }
}

/// Issues and options in the order of METHODS 7.4, which breaks ties; JSON objects have none.
const ISSUES: [(&str, &[&str]); 4] = [
    ("budget_split", &["50/50", "60/40", "40/60"]),
    ("lead_org", &["A", "B", "co-lead"]),
    ("data_sharing", &["full", "partial", "none"]),
    ("timeline", &["6m", "12m"]),
];

struct Packages {
    found: Deals,
}

impl Packages {
    fn read(case: &Value) -> Self {
        let pair = |worth: &Value| [worth[0].as_i64().unwrap(), worth[1].as_i64().unwrap()];
        let worths: Vec<Issue> = ISSUES
            .iter()
            .map(|(issue, options)| {
                let worth = |option: &&str| pair(&case["issues"][issue][option]);
                Issue { options: options.iter().map(worth).collect() }
            })
            .collect();
        Self { found: deals(&worths, pair(&case["batna"])).unwrap() }
    }

    fn is(&self, place: usize, expected: &Value) {
        let deal = &self.found.frontier[place];
        let worth = ["uA", "uB"].map(|side| expected[side].as_i64().unwrap());
        assert_eq!(deal.utilities, worth);
        assert_eq!(deal.product(), i128::from(expected["nash"].as_i64().unwrap()));
        for ((issue, options), choice) in ISSUES.iter().zip(&deal.choices) {
            assert_eq!(options[*choice], text(&expected["package"][issue]));
        }
    }
}

#[test]
fn package_deals_match_the_vectors() {
    let case = &vectors("conflict")["packages"];
    let packages = Packages::read(case);
    let found = &packages.found;
    assert_eq!(found.n_packages, u128::from(whole(&case["n_packages"])));
    assert_eq!(found.frontier.len(), list(&case["pareto"]).len());
    for (place, expected) in list(&case["pareto"]).iter().enumerate() {
        packages.is(place, expected);
    }
    assert_eq!(found.by_product.len() as u64, whole(&case["n_feasible_pareto"]));
    packages.is(found.by_product[0], &case["nash_solution"]);
    packages.is(found.by_product[1], &case["nash_runner_up"]);
    packages.is(found.egalitarian.unwrap(), &case["egalitarian"]);
    packages.is(found.proportional.unwrap(), &case["kalai_smorodinsky_discrete"]);
    packages.is(found.utilitarian.unwrap(), &case["utilitarian"]);
}

#[test]
fn no_package_that_beats_no_deal_is_said_so() {
    let issue = Issue { options: vec![[10, 0], [0, 10]] };
    let found = deals(std::slice::from_ref(&issue), [6, 6]).unwrap();
    assert!(found.by_product.is_empty() && found.egalitarian.is_none());
    assert_eq!(found.frontier.len(), 2);
    assert_eq!(deals(&[], [0, 0]), Err(PackageError::Issues));
    let none = Issue { options: Vec::new() };
    assert_eq!(deals(&[issue, none], [0, 0]), Err(PackageError::Options { issue: 1 }));
    let huge = Issue { options: vec![[i64::MIN, 0]] };
    assert_eq!(deals(&[huge], [0, 0]), Err(PackageError::Utility { issue: 0 }));
}

#[test]
fn mediators_match_the_vectors() {
    let all = vectors("conflict");
    let unit = |name: &str| {
        name.chars().next().map(|name| match name {
            'a'..='d' => "ENG",
            'e'..='h' => "SAL",
            _ => "OPS",
        })
    };
    for case in list(&all["mediator"]) {
        let (a, b) = (text(&case["A"]), text(&case["B"]));
        let mut scores = Vec::new();
        for expected in list(&case["expected"]) {
            let name = text(&expected["mediator"]);
            let score = mediator_score(&MediatorEvidence {
                path_a: number(&expected["p_A"]),
                path_b: number(&expected["p_B"]),
                unit: unit(name),
                party_units: [unit(a), unit(b)],
                trust: case["trust"][name].as_f64(),
                open_cases: case["load"][name].as_u64().unwrap_or(0) as u32,
            })
            .unwrap();
            close(score.closeness, number(&expected["closeness"]));
            close(score.balance, number(&expected["balance"]));
            close(score.unit_factor, number(&expected["unit_factor"]));
            close(score.load_factor, number(&expected["load_factor"]));
            close(score.value(), number(&expected["score"]));
            scores.push(score.value());
        }
        assert!(scores.is_sorted_by(|better, worse| better >= worse));
    }
    let unreachable = MediatorEvidence {
        path_a: 0.0,
        path_b: 0.5,
        unit: 1,
        party_units: [2, 3],
        trust: None,
        open_cases: 0,
    };
    assert_eq!(mediator_score(&unreachable), None);
}

/// A case of two parties with everything that its gates ask for.
fn whole_case(now: Moment) -> Case<char> {
    let say = |party, text: &str| Interest { party, text: text.to_owned() };
    let mut case = Case::between(['a', 'b']);
    case.positions = vec![say('a', "No lorries."), say('b', "Deliver at eight")];
    case.interests = vec![say('a', "children walk there"), say('b', "crews start on time")];
    case.restatements = vec![
        Restatement { of: 'a', by: 'b', is_confirmed: true },
        Restatement { of: 'b', by: 'a', is_confirmed: true },
    ];
    case.n_options = 2;
    case.accepted = case.parties.clone();
    case.actions = vec![Action { has_owner: true, due: Some(now), is_done: true }];
    case.confirmed = case.parties.clone();
    case.closed_at = Some(now);
    case
}

/// What each gate needs, taken away.
fn broken(gate: Gate, whole: &Case<char>) -> Case<char> {
    let mut case = whole.clone();
    match gate {
        Gate::Parties => case.parties = BTreeSet::from(['a']),
        Gate::Understood => case.restatements[1].is_confirmed = false,
        Gate::Interests => case.interests[0].text = " no  Lorries".to_owned(),
        Gate::Options => case.n_options = 1,
        Gate::Acceptance => case.accepted = BTreeSet::from(['b']),
        Gate::Actions => case.actions[0].due = None,
        Gate::ActionsDone => case.actions[0].is_done = false,
        Gate::Confirmed => case.confirmed.clear(),
        Gate::Recent => case.closed_at = None,
    }
    case
}

/// Every stage that can be reached from raised over any steps.
fn reachable(case: &Case<char>, now: Moment) -> BTreeSet<Stage> {
    let mut reached = BTreeSet::from([Stage::Raised]);
    let mut open = vec![Stage::Raised];
    while let Some(from) = open.pop() {
        for to in Stage::ALL {
            if from.advance(*to, case, now).is_ok() && reached.insert(*to) {
                open.push(*to);
            }
        }
    }
    reached
}

#[test]
fn no_path_skips_a_gate() {
    let now = Moment::from_ms(0);
    let whole = whole_case(now);
    assert_eq!(reachable(&whole, now).len(), Stage::ALL.len());
    for (gate, behind) in [
        (Gate::Parties, Stage::Listening),
        (Gate::Understood, Stage::Interests),
        (Gate::Interests, Stage::Options),
        (Gate::Options, Stage::Agreement),
        (Gate::Acceptance, Stage::FollowUp),
        (Gate::Actions, Stage::FollowUp),
        (Gate::ActionsDone, Stage::Closed),
        (Gate::Confirmed, Stage::Closed),
    ] {
        let reached = reachable(&broken(gate, &whole), now);
        let skipped: Vec<_> =
            reached.iter().filter(|stage| **stage >= behind && **stage <= Stage::Closed).collect();
        assert!(skipped.is_empty(), "{gate:?} does not hold {skipped:?} back");
        assert!(!gate.sentence().is_empty());
    }
}

#[test]
fn a_refused_step_names_everything_that_is_missing() {
    let now = Moment::from_ms(0);
    let fresh = Case::between(['a', 'b']);
    assert_eq!(Stage::Raised.advance(Stage::Listening, &fresh, now), Ok(Stage::Listening));
    let refused = Stage::Agreement.advance(Stage::FollowUp, &fresh, now);
    let Err(Refused::Missing(gates)) = refused else { panic!("{refused:?}") };
    let all = [Gate::Understood, Gate::Interests, Gate::Options, Gate::Acceptance, Gate::Actions];
    assert_eq!(gates, all);
    let skip = Stage::Raised.advance(Stage::Options, &whole_case(now), now);
    assert_eq!(skip, Err(Refused::NoSuchStep { from: Stage::Raised, to: Stage::Options }));
}

#[test]
fn a_closed_case_is_taken_up_again_for_ninety_days_and_asks_again() {
    let closed_at = Moment::from_ms(0);
    let case = whole_case(closed_at);
    let again = |days| Stage::Closed.advance(Stage::Interests, &case, closed_at.plus_days(days));
    assert_eq!(again(90.0), Ok(Stage::Interests));
    assert_eq!(again(90.1), Err(Refused::Missing(vec![Gate::Recent])));
    assert!(!reachable(&case.taken_back(), closed_at).contains(&Stage::FollowUp));
    let days = follow_ups(closed_at).map(|at| at.days_since(closed_at));
    assert_eq!(days, [14.0, 45.0]);
}

#[test]
fn practice_is_told_from_five_cases_on() {
    let day = |day: f64| Moment::from_ms(0).plus_days(day);
    let settled = Course {
        entered: vec![
            (Stage::Raised, day(0.0)),
            (Stage::Listening, day(2.0)),
            (Stage::Interests, day(6.0)),
            (Stage::Options, day(7.0)),
            (Stage::Agreement, day(8.0)),
            (Stage::FollowUp, day(9.0)),
            (Stage::Closed, day(60.0)),
        ],
    };
    let mut reopened = settled.clone();
    reopened.entered.push((Stage::Interests, day(70.0)));
    let left = Course { entered: vec![(Stage::Raised, day(0.0)), (Stage::Withdrawn, day(7.0))] };
    let courses = [vec![settled; 4], vec![reopened]].concat();
    assert_eq!(practice(&courses[..4]), None);
    let found = practice(&[courses, vec![left]].concat()).unwrap();
    assert_eq!(found.n_cases, 6);
    close(found.reopen_rate.unwrap(), 0.2);
    close(found.accept_rate.unwrap(), 5.0 / 6.0);
    let days: Vec<_> = found.days_per_stage.iter().map(|(_, days)| *days).collect();
    close(days[0].unwrap(), 17.0 / 6.0);
    assert_eq!(days[1], Some(4.0));
}
