//! Voting methods against an independent library, and the properties that each must have.
//!
//! The elections in `elections/elections.json` were made by `elections/generate.py`, which says how.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its elections fails")]

mod common;

use common::{list, option, text, whole};
use proptest::prelude::*;
use serde_json::Value;
use tieline_model::decision::ranked::{
    Ranking, borda, condorcet_winner, first_choices, pairwise, ranked_pairs, schulze, smith_set,
};
use tieline_model::decision::runoff::instant_runoff;
use tieline_model::decision::{
    Ballot, Cast, DecisionRules, Method, MethodKind, Options, Outcome, RankedRule, count,
};
use tieline_model::fraction::Fraction;
use tieline_model::id::OptionId;

fn elections(name: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/elections/elections.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    list(&all[name]).to_vec()
}

fn digits(text: &str) -> Vec<usize> {
    text.bytes().map(|digit| usize::from(digit - b'0')).collect()
}

fn read(election: &Value) -> (usize, Vec<Ranking>) {
    let ballots = election[1].as_object().unwrap().iter().map(|(ranking, votes)| Ranking {
        tiers: digits(ranking).into_iter().map(|option| vec![option]).collect(),
        weight: whole(votes),
    });
    (whole(&election[0]) as usize, ballots.collect())
}

fn best(points: &[Fraction]) -> Vec<usize> {
    let most = points.iter().max();
    (0..points.len()).filter(|at| points.get(*at) == most).collect()
}

/// All orders of `0..n`.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let Some(last) = n.checked_sub(1) else { return vec![Vec::new()] };
    let shorter = orders(last);
    let with_last = shorter.iter().flat_map(|order| {
        (0..n).map(move |at| {
            let mut order = order.clone();
            order.insert(at, last);
            order
        })
    });
    with_last.collect()
}

#[test]
fn a_thousand_elections_without_ties_agree_with_pref_voting() {
    let all = elections("tie_free");
    assert_eq!(all.len(), 1000);
    for election in &all {
        let (n, ballots) = read(election);
        let expected = &election[2];
        let pairs = pairwise(n, &ballots);
        let order: Vec<usize> = (0..n).collect();
        let backwards: Vec<usize> = (0..n).rev().collect();
        let winner = condorcet_winner(&pairs).map(|winner| winner as u64);
        assert_eq!(winner, expected["c"].as_u64());
        assert_eq!(smith_set(&pairs), digits(text(&expected["k"])));
        for order in [&order, &backwards] {
            let found = schulze(&pairs, order);
            assert_eq!(found.winners, digits(text(&expected["s"])));
            assert_eq!(found.ranking[..1], found.winners[..]);
            let locked = ranked_pairs(&pairs, order);
            assert_eq!(locked.ranking[..1], digits(text(&expected["r"]))[..]);
            assert!(!locked.asked_tie_order);
            let runoff = instant_runoff(n, &ballots, order);
            assert_eq!(runoff.ranking[..1], digits(text(&expected["i"]))[..]);
            assert!(!runoff.asked_tie_order);
        }
        assert_eq!(best(&borda(n, &ballots)), digits(text(&expected["b"])));
        assert_eq!(best(&first_choices(n, &ballots)), digits(text(&expected["p"])));
    }
}

#[test]
fn sets_of_winners_before_tie_breaks_agree_with_pref_voting() {
    let all = elections("tied");
    assert_eq!(all.len(), 300);
    for election in &all {
        let (n, ballots) = read(election);
        let expected = &election[2];
        let pairs = pairwise(n, &ballots);
        let of_schulze = digits(text(&expected["s"]));
        let of_runoff = digits(text(&expected["i"]));
        for order in orders(n) {
            let found = schulze(&pairs, &order);
            assert_eq!(found.winners, of_schulze);
            assert!(of_schulze.contains(&found.ranking[0]));
            assert!(!found.asked_tie_order || of_schulze.len() > 1);
            // One order of eliminations of all that the library allows.
            assert!(of_runoff.contains(&instant_runoff(n, &ballots, &order).ranking[0]));
        }
        assert_eq!(smith_set(&pairs), digits(text(&expected["k"])));
        assert_eq!(best(&borda(n, &ballots)), digits(text(&expected["b"])));
        assert_eq!(best(&first_choices(n, &ballots)), digits(text(&expected["p"])));
    }
}

const N: usize = 4;

const METHODS: [Method; 7] = [
    Method::Approval,
    Method::Score { max: 5 },
    Method::Dot { dots: 12, per_option: None },
    Method::Quadratic { budget: 100 },
    Method::Ranked(RankedRule::Schulze),
    Method::Ranked(RankedRule::RankedPairs),
    Method::Ranked(RankedRule::InstantRunoff),
];

/// What a voter thinks of each option, 0 to 3; every method's ballot is made from it.
type Views = Vec<[u32; N]>;

fn views() -> impl Strategy<Value = Views> {
    prop::collection::vec(prop::array::uniform4(0u32..4), 1..9)
}

fn ballot(method: Method, view: &[u32; N]) -> Ballot {
    let given = || (0..N).map(|at| (option(at), view[at]));
    match method {
        Method::Approval => {
            Ballot::Approval(given().filter(|(_, view)| *view > 1).map(|(id, _)| id).collect())
        }
        Method::Score { .. } => Ballot::Score(given().collect()),
        Method::Dot { .. } => Ballot::Dot(given().collect()),
        Method::Quadratic { .. } => {
            Ballot::Quadratic(given().map(|(id, view)| (id, view as i32 - 1)).collect())
        }
        _ => {
            let tier = |level| given().filter(|(_, v)| *v == level).map(|(id, _)| id).collect();
            let tiers: Vec<Vec<OptionId>> = (1..4).rev().map(tier).collect();
            Ballot::Ranked(tiers.into_iter().filter(|tier| !tier.is_empty()).collect())
        }
    }
}

fn outcome(method: Method, views: &Views, order: &[usize]) -> Outcome {
    let options = Options::new((0..N).map(option).collect()).unwrap();
    let rules = DecisionRules { method, ..DecisionRules::of(MethodKind::Approval) };
    let cast: Vec<Cast> = views.iter().map(|view| Cast::single(ballot(method, view))).collect();
    let ties: Vec<OptionId> = order.iter().map(|at| option(*at)).collect();
    count(&rules, &options, &cast, views.len() as u64, &ties).unwrap()
}

fn order() -> impl Strategy<Value = Vec<usize>> {
    Just((0..N).collect::<Vec<usize>>()).prop_shuffle()
}

proptest! {
    /// Anonymity: who casts which ballot does not matter.
    #[test]
    fn ballots_in_another_order_give_the_same_outcome(
        views in views(), order in order(), turn in 0usize..9,
    ) {
        let mut turned = views.clone();
        turned.rotate_left(turn % views.len());
        for method in METHODS {
            prop_assert_eq!(outcome(method, &views, &order), outcome(method, &turned, &order));
        }
    }

    /// Neutrality: renaming the options, in ballots and tie order alike, renames the outcome.
    #[test]
    fn renamed_options_give_the_renamed_outcome(
        views in views(), order in order(), names in order(),
    ) {
        let renamed: Views = views
            .iter()
            .map(|view| {
                let mut other = [0; N];
                (0..N).for_each(|at| other[names[at]] = view[at]);
                other
            })
            .collect();
        let renamed_order: Vec<usize> = order.iter().map(|at| names[*at]).collect();
        let rename = |id: &OptionId| option(names[id.0.as_u128() as usize]);
        for method in METHODS {
            let (plain, other) =
                (outcome(method, &views, &order), outcome(method, &renamed, &renamed_order));
            let ranking: Vec<OptionId> = plain.ranking.iter().map(rename).collect();
            prop_assert_eq!(ranking, other.ranking);
            let mut winners: Vec<OptionId> = plain.winners.iter().map(rename).collect();
            winners.sort_unstable();
            prop_assert_eq!(winners, other.winners);
            prop_assert_eq!(plain.verdict, other.verdict);
        }
    }

    /// Monotonicity, which instant run-off does not have: thinking better of the winner, and of
    /// nobody else, keeps it winning.
    #[test]
    fn more_support_never_costs_the_winner_its_place(
        views in views(), order in order(), voter in 0usize..9,
    ) {
        for method in METHODS {
            let is_runoff = method == Method::Ranked(RankedRule::InstantRunoff);
            let before = outcome(method, &views, &order);
            let Some(winner) = before.winners.first().filter(|_| !is_runoff) else { continue };
            let winner = before.ranking.first().unwrap_or(winner).0.as_u128() as usize;
            let mut better = views.clone();
            let view = &mut better[voter % views.len()][winner];
            *view = (*view + 1).min(3);
            let after = outcome(method, &better, &order);
            prop_assert_eq!(after.ranking[0], option(winner), "{:?}", method);
        }
    }

    /// Condorcet consistency: who beats everyone is elected, whatever the tie order.
    #[test]
    fn schulze_and_ranked_pairs_elect_the_condorcet_winner(views in views(), order in order()) {
        let found = outcome(Method::Ranked(RankedRule::Schulze), &views, &order);
        let other = outcome(Method::Ranked(RankedRule::RankedPairs), &views, &order);
        let tieline_model::decision::Count::Ranked(count) = &found.count else { panic!() };
        if let Some(winner) = count.condorcet_winner {
            prop_assert_eq!(&count.smith_set, &vec![winner]);
            prop_assert_eq!(found.ranking[0], option(winner));
            prop_assert_eq!(other.ranking[0], option(winner));
            prop_assert_eq!(&count.schulze.winners, &vec![winner]);
        }
        // Both always elect from the Smith set, which also no tie order leads out of.
        let is_in = |id: OptionId| count.smith_set.contains(&(id.0.as_u128() as usize));
        prop_assert!(is_in(found.ranking[0]) && is_in(other.ranking[0]));
    }

    /// Ties: the tie order chooses among the winners and nowhere else.
    #[test]
    fn the_tie_order_chooses_among_the_winners_alone(
        views in views(), one in order(), two in order(),
    ) {
        for method in METHODS {
            let (first, second) = (outcome(method, &views, &one), outcome(method, &views, &two));
            prop_assert_eq!(first.verdict, second.verdict);
            if !first.used_tie_break && !second.used_tie_break {
                prop_assert_eq!(&first.winners, &second.winners);
            }
            if let Some(leader) = first.winners.first() {
                prop_assert!(first.winners.contains(&first.ranking[0]), "{:?}", leader);
            }
        }
    }

    /// Votes never get lost in a run-off: every round holds all of them.
    #[test]
    fn every_round_of_a_runoff_holds_all_votes(views in views(), order in order()) {
        let found = outcome(Method::Ranked(RankedRule::InstantRunoff), &views, &order);
        let tieline_model::decision::Count::Ranked(count) = &found.count else { panic!() };
        for round in &count.runoff.rounds {
            let held: Fraction = round.votes.iter().flatten().sum();
            let all = Fraction::from_integer(views.len() as i128);
            prop_assert_eq!(held + round.exhausted, all);
        }
    }
}
