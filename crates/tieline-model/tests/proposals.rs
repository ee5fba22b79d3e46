//! Properties of decisions on one proposal, and of votes passed on.

#![allow(clippy::unwrap_used, reason = "a test that cannot count fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tieline_model::decision::ballot::{Consent, Gradient, ObjectionState, Vote};
use tieline_model::decision::delegation::resolve;
use tieline_model::decision::{
    Ballot, Cast, DecisionRules, MajorityBase, MajorityRule, Method, MethodKind, Options, Verdict,
    count,
};
use tieline_model::fraction::Share;

/// Methods on one proposal, each with its ballot for a view from 0 (most in favour) to 7.
fn methods() -> Vec<Method> {
    let majority = |base, threshold| Method::Majority(MajorityRule { base, threshold });
    let mut all = vec![Method::Consent, MethodKind::Gradients.with_defaults()];
    for base in MajorityBase::ALL {
        all.extend([majority(*base, Share::HALF), majority(*base, Share::TWO_THIRDS)]);
    }
    all
}

fn ballot(method: Method, view: u8) -> Ballot {
    match method {
        Method::Consent => Ballot::Consent(match view {
            0..=3 => Consent::Consents,
            4 => Consent::Abstains,
            5 | 6 => Consent::Concern { reason: "cost".to_owned() },
            _ => Consent::Objection { reason: "harm".to_owned(), state: ObjectionState::Raised },
        }),
        Method::Gradients(_) => Ballot::Gradient(Gradient::from_level(view + 1).unwrap()),
        _ => Ballot::Majority(match view {
            0..=3 => Vote::Yes,
            4 | 5 => Vote::Abstain,
            _ => Vote::No,
        }),
    }
}

fn verdict(method: Method, views: &[u8], eligible: u64) -> Verdict {
    let cast: Vec<Cast> = views.iter().map(|view| Cast::single(ballot(method, *view))).collect();
    let rules = DecisionRules { method, ..DecisionRules::of(MethodKind::Majority) };
    count(&rules, &Options::none(), &cast, eligible, &[]).unwrap().verdict
}

proptest! {
    /// Anonymity: who casts which ballot does not matter.
    #[test]
    fn ballots_in_another_order_say_the_same(
        views in prop::collection::vec(0u8..8, 0..12), absent in 0u64..6, turn in 0usize..12,
    ) {
        let eligible = views.len() as u64 + absent;
        let mut turned = views.clone();
        turned.rotate_left(turn % views.len().max(1));
        for method in methods() {
            prop_assert_eq!(verdict(method, &views, eligible), verdict(method, &turned, eligible));
        }
    }

    /// Monotonicity: whoever turns to full support never keeps a proposal from passing.
    #[test]
    fn turning_to_full_support_never_costs_a_pass(
        views in prop::collection::vec(0u8..8, 1..12), absent in 0u64..6, voter in 0usize..12,
    ) {
        let eligible = views.len() as u64 + absent;
        let mut turned = views.clone();
        turned[voter % views.len()] = 0;
        for method in methods() {
            if verdict(method, &views, eligible) == Verdict::Passed {
                prop_assert_eq!(verdict(method, &turned, eligible), Verdict::Passed);
            }
        }
    }

    /// A tie at one half never passes: yes and no are treated alike.
    #[test]
    fn as_many_yes_as_no_does_not_pass(n in 1usize..6, abstain in 0usize..4) {
        let views = [vec![0; n], vec![7; n], vec![4; abstain]].concat();
        for base in MajorityBase::ALL {
            let rule = MajorityRule { base: *base, threshold: Share::HALF };
            let found = verdict(Method::Majority(rule), &views, views.len() as u64);
            prop_assert_eq!(found, Verdict::Rejected);
        }
    }

    /// Every vote goes to exactly one ballot, or to none with a reason; direct votes stay one's own.
    #[test]
    fn no_vote_is_lost_or_counted_twice(
        eligible in prop::collection::btree_set(0u8..12, 0..12),
        direct in prop::collection::btree_set(0u8..12, 0..6),
        passed_on in prop::collection::btree_map(0u8..12, 0u8..14, 0..12),
        max_chain in prop::option::of(0u32..4),
    ) {
        let found = resolve(&eligible, &direct, &passed_on, max_chain);
        prop_assert_eq!(found.n_votes() as usize + found.unresolved.len(), eligible.len());
        let voting: BTreeSet<u8> = eligible.intersection(&direct).copied().collect();
        let weighted: BTreeSet<u8> = found.weights.keys().copied().collect();
        prop_assert_eq!(weighted, voting);
        let alone = resolve(&eligible, &direct, &BTreeMap::new(), max_chain);
        prop_assert!(alone.weights.values().all(|weight| *weight == 1));
    }
}
