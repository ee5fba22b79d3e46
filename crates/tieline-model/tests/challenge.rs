//! What a challenge still wants.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use tieline_model::challenge::{
    Closing, Facts, MAX_DEPTH, PointFacts, PointKind, TrialFacts, TrialResult, Want, chain, wants,
};
use tieline_model::id::PartyId;
use tieline_model::time::Moment;
use uuid::Uuid;

fn now() -> Moment {
    Moment::from_ms(1_000_000)
}

fn party(n: u128) -> PartyId {
    PartyId(Uuid::from_u128(n))
}

fn point(kind: PointKind, of: u128, under: Option<usize>, agree: usize) -> PointFacts {
    PointFacts { kind, party: party(of), under, agree }
}

fn facts(points: Vec<PointFacts>, trials: Vec<TrialFacts>) -> Facts {
    let parties = [party(1), party(2)].into();
    Facts { parties, points, trials, is_fed: false, has_ended: false }
}

#[test]
fn each_step_is_told_until_it_is_done() {
    let told = |points: &[PointFacts], trials: &[TrialFacts]| {
        wants(&facts(points.to_vec(), trials.to_vec()), now())
    };
    let both = Want::Evidence(vec![party(1), party(2)]);
    assert_eq!(told(&[], &[]), [both, Want::Causes, Want::Options, Want::Trial]);
    let mut all = vec![point(PointKind::Evidence, 1, None, 0)];
    assert_eq!(told(&all, &[])[0], Want::Evidence(vec![party(2)]));
    all.push(point(PointKind::Evidence, 2, None, 0));
    all.push(point(PointKind::Cause, 1, None, 0));
    assert_eq!(told(&all, &[]), [Want::SharedCause, Want::Options, Want::Trial]);
    all[2].agree = 1;
    all.push(point(PointKind::Cause, 2, Some(2), 0));
    all.push(point(PointKind::Cause, 2, Some(2), 0));
    all.push(point(PointKind::Option, 1, None, 0));
    assert_eq!(told(&all, &[]), [Want::Trial], "an option of no cause may answer to any");
    all.push(point(PointKind::Option, 1, Some(3), 0));
    assert_eq!(told(&all, &[]), [Want::Unanswered(1), Want::Trial], "the other why has none");
    all.push(point(PointKind::Option, 1, Some(2), 0));
    assert_eq!(told(&all, &[]), [Want::Trial], "an answer to what is above answers to both");
    let trial = |ends: i64, result| TrialFacts { ends: Some(Moment::from_ms(ends)), result };
    assert_eq!(told(&all, &[trial(1_000_001, None)]), []);
    assert_eq!(told(&all, &[trial(1_000_000, None)]), [Want::Results(1)]);
    let shown = trial(9, Some(TrialResult::Failed));
    assert_eq!(told(&all, &[shown]), [Want::Learning]);
    assert_eq!(told(&all, &[shown, trial(2_000_000, None)]), [], "another one runs");
}

#[test]
fn what_was_fed_or_ended_wants_no_trial() {
    let mut all = facts(Vec::new(), Vec::new());
    all.is_fed = true;
    assert!(!wants(&all, now()).contains(&Want::Trial));
    all.has_ended = true;
    assert_eq!(wants(&all, now()), []);
    assert_eq!(Closing::from_name("accepted"), Some(Closing::Accepted));
    let alone = Facts {
        parties: [party(1)].into(),
        points: vec![point(PointKind::Cause, 1, None, 0)],
        ..Facts::default()
    };
    assert!(!wants(&alone, now()).contains(&Want::SharedCause), "nobody else could see it");
}

proptest! {
    /// Whatever hangs under whatever, also in circles: it ends, and more said never wants more evidence.
    #[test]
    fn no_list_of_points_breaks_it(
        all in prop::collection::vec((0_usize..3, 1_u128..4, prop::option::of(0_usize..20), 0_usize..3), 0..20),
        more in 1_u128..4,
    ) {
        let kinds = PointKind::ALL;
        let points: Vec<PointFacts> = all
            .into_iter()
            .map(|(kind, of, under, agree)| point(kinds[kind], of, under, agree))
            .collect();
        for at in 0..points.len() {
            prop_assert!((1..=MAX_DEPTH).contains(&chain(&points, at).len()));
        }
        let silent = |facts: &Facts| match wants(facts, now()).first() {
            Some(Want::Evidence(of)) => of.len(),
            _ => 0,
        };
        let mut facts = facts(points, Vec::new());
        let before = silent(&facts);
        facts.points.push(point(PointKind::Evidence, more, None, 0));
        prop_assert!(silent(&facts) <= before);
    }
}
