//! When plans end, which tasks decide it, and how an initiative goes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use tieline_model::initiative::{
    Ended, Facts, HIGH_RISK, Progress, Sign, is_behind, progress, risk_score,
};
use tieline_model::schedule::{Circle, Schedule, Step, schedule};
use tieline_model::time::Moment;

fn step(days: u32, needs: &[usize]) -> Step {
    Step { days, needs: needs.to_vec(), ..Step::default() }
}

/// First day, first day after, slack and whether it is critical, of each.
fn told(found: &Schedule) -> Vec<(i64, i64, i64, bool)> {
    found.slots.iter().map(|one| (one.begins, one.ends, one.slack, one.is_critical)).collect()
}

#[test]
fn the_longest_chain_decides_the_end() {
    // A (3 days), then B (4) or C (2) side by side, then D (1), then the milestone.
    let plan = [step(3, &[]), step(4, &[0]), step(2, &[0]), step(1, &[1, 2]), step(0, &[3])];
    let found = schedule(&plan, 100, 90).unwrap();
    let expected = [
        (100, 103, 0, true),
        (103, 107, 0, true),
        (103, 105, 2, false),
        (107, 108, 0, true),
        (108, 108, 0, true),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.ends, Some(108));
    // Late in the plan nothing that is open begins before today.
    assert_eq!(schedule(&plan, 100, 120).unwrap().ends, Some(128));
}

#[test]
fn what_was_begun_and_done_keeps_its_days() {
    let mut plan = vec![step(3, &[]), step(4, &[0]), step(2, &[0])];
    plan[0].begun = Some(100);
    plan[0].done = Some(105);
    plan[1].begun = Some(104);
    let found = schedule(&plan, 100, 106).unwrap();
    let expected = [(100, 106, 0, false), (104, 108, 0, true), (106, 108, 0, true)];
    assert_eq!(told(&found), expected);
    // Begun and over its days: it takes today at least.
    assert_eq!(schedule(&plan, 100, 120).unwrap().slots[1].ends, 121);
    for one in &mut plan {
        one.done = Some(110);
    }
    let over = schedule(&plan, 100, 120).unwrap();
    assert_eq!((over.ends, over.slots[2].begins), (None, 109));
    assert!(over.slots.iter().all(|one| !one.is_critical && one.slack == 0));
    assert_eq!(schedule(&[], 0, 0).unwrap(), Schedule::default());
}

#[test]
fn tasks_that_wait_for_each_other_are_named() {
    let plan = [step(1, &[]), step(1, &[0, 3]), step(1, &[1]), step(1, &[2]), step(1, &[3])];
    let Circle(mut found) = schedule(&plan, 0, 0).unwrap_err();
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3]);
    assert_eq!(schedule(&[step(1, &[0])], 0, 0).unwrap_err(), Circle(vec![0]));
    assert!(schedule(&[step(1, &[7])], 0, 0).is_ok(), "what is out of range is passed over");
}

#[test]
fn an_initiative_goes_as_its_facts_say() {
    let day = |n: f64| Moment::from_ms(0).plus_days(n);
    let plan = Facts { begins: Some(day(10.0)), ends: Some(day(110.0)), ..Facts::default() };
    let late = |can: f64| Facts { can_end: Some(day(can)), ..plan };
    for (facts, at, expected) in [
        (plan, 5.0, (Progress::Planned, vec![])),
        (plan, 50.0, (Progress::OnTheWay, vec![])),
        (late(110.0), 50.0, (Progress::OnTheWay, vec![])),
        (late(113.0), 50.0, (Progress::Behind, vec![Sign::EndsLate(3)])),
        (late(130.0), 120.0, (Progress::Behind, vec![Sign::PastEnd])),
        (
            Facts { tasks_late: 2, milestones_late: 1, ..plan },
            50.0,
            (Progress::Behind, vec![Sign::MilestonesLate(1), Sign::TasksLate(2)]),
        ),
        (
            Facts { parts_behind: 1, risks_high: 1, ..plan },
            50.0,
            (Progress::AtRisk, vec![Sign::PartsBehind(1), Sign::RisksHigh(1)]),
        ),
        (
            Facts { ended: Some(Ended::Stopped), tasks_late: 9, ..plan },
            500.0,
            (Progress::Ended(Ended::Stopped), vec![]),
        ),
        (Facts::default(), 0.0, (Progress::OnTheWay, vec![])),
    ] {
        assert_eq!(progress(&facts, day(at)), expected, "{facts:?} {at}");
    }
}

#[test]
fn a_part_is_behind_when_time_went_further_than_what_was_given() {
    let day = |n: f64| Moment::from_ms(0).plus_days(n);
    let term = (Some(day(0.0)), Some(day(100.0)));
    for (given, planned, at, expected) in [
        (0.0, 10.0, 9.0, false),
        (0.0, 10.0, 10.0, true),
        (3.5, 10.0, 50.0, false),
        (3.4, 10.0, 50.0, true),
        (6.0, 10.0, 900.0, true),
        (0.0, 0.0, 50.0, false),
        (0.0, 10.0, -5.0, false),
    ] {
        assert_eq!(is_behind((given, planned), term, day(at)), expected, "{given} {planned} {at}");
    }
    assert!(!is_behind((0.0, 10.0), (None, term.1), day(50.0)));
    assert_eq!((risk_score(5, 3), risk_score(0, 9)), (HIGH_RISK, 5));
}

/// Plans without circles: each task needs some of those before it.
fn plans() -> impl Strategy<Value = Vec<Step>> {
    let one = (0_u32..20, proptest::collection::vec(0_usize..40, 0..4), 0_u8..4);
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        let made = |(at, (days, needs, kind)): (usize, (u32, Vec<usize>, u8))| Step {
            days,
            needs: needs.into_iter().filter(|need| *need < at).collect(),
            begun: (kind == 1).then_some(95),
            done: (kind == 2).then_some(98),
        };
        all.into_iter().enumerate().map(made).collect()
    })
}

proptest! {
    #[test]
    fn nothing_begins_before_what_it_needs_and_something_decides_the_end(plan in plans()) {
        let found = schedule(&plan, 90, 100).unwrap();
        let open = |at: usize| plan[at].done.is_none();
        for (at, slot) in found.slots.iter().enumerate() {
            prop_assert!(slot.begins <= slot.ends && slot.slack >= 0);
            if open(at) && plan[at].begun.is_none() {
                for need in &plan[at].needs {
                    prop_assert!(slot.begins >= found.slots[*need].ends);
                }
            }
            if open(at) {
                prop_assert!(slot.ends + slot.slack <= found.ends.unwrap());
            }
        }
        let any_open = (0..plan.len()).any(open);
        prop_assert_eq!(found.ends.is_some(), any_open);
        prop_assert_eq!(found.slots.iter().any(|one| one.is_critical), any_open);
    }

    #[test]
    fn a_day_more_on_a_critical_task_ends_the_plan_a_day_later(plan in plans(), pick in 0_usize..40) {
        let found = schedule(&plan, 90, 100).unwrap();
        let at = pick % plan.len().max(1);
        if let Some(slot) = found.slots.get(at).filter(|_| plan[at].done.is_none()) {
            // What was begun long ago takes today whatever its days say.
            if plan[at].begun.is_none() {
                let mut longer = plan.clone();
                longer[at].days += 1;
                let then = schedule(&longer, 90, 100).unwrap();
                let more = i64::from(slot.is_critical);
                prop_assert_eq!(then.ends.unwrap() - found.ends.unwrap(), more);
            }
        }
    }

    #[test]
    fn a_need_of_a_later_task_closes_a_circle_and_only_then(plan in plans(), a in 0_usize..40, b in 0_usize..40) {
        let n = plan.len();
        if n > 0 {
            let (a, b) = (a % n, b % n);
            let mut reaches = vec![false; n];
            reaches[a] = true;
            for at in a + 1..n {
                reaches[at] = plan[at].needs.iter().any(|need| reaches[*need]);
            }
            let mut tied = plan.clone();
            tied[a].needs.push(b);
            prop_assert_eq!(schedule(&tied, 0, 0).is_err(), reaches[b]);
        }
    }
}
