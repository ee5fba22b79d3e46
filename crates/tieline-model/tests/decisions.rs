//! The method vectors of joint decisions (METHODS 6).

#![allow(clippy::unwrap_used, reason = "a test that cannot read its vectors fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{close, fraction_or_null, list, number, option, text, texts, vectors, whole};
use serde_json::Value;
use tieline_model::decision::ballot::{Gradient, Vote, quadratic_cost};
use tieline_model::decision::count::RankedCount;
use tieline_model::decision::points::PointsCount;
use tieline_model::decision::runoff::RoundEnd;
use tieline_model::decision::tie_break::{self, Hash32, Nonce};
use tieline_model::decision::{
    Ballot, Cast, Count, DecisionRules, MajorityBase, MajorityRule, Method, MethodKind, Options,
    Outcome, RankedRule, Verdict, count, delegation,
};
use tieline_model::fraction::{Share, as_f64};
use tieline_model::id::OptionId;

fn rules(method: Method) -> DecisionRules {
    DecisionRules { method, ..DecisionRules::of(MethodKind::Majority) }
}

fn singles(ballots: Vec<Ballot>) -> Vec<Cast> {
    ballots.into_iter().map(Cast::single).collect()
}

/// Counts a decision on options A, B, C ... in that order of listing and of ties.
fn counted(method: Method, n_options: usize, cast: &[Cast]) -> Outcome {
    let ids: Vec<OptionId> = (0..n_options).map(option).collect();
    let options = Options::new(ids.clone()).unwrap();
    let eligible = cast.iter().map(|cast| cast.weight).sum();
    count(&rules(method), &options, cast, eligible, &ids).unwrap()
}

fn points(outcome: &Outcome) -> &PointsCount {
    match &outcome.count {
        Count::Points(points) => points,
        other => panic!("{other:?} are no points"),
    }
}

#[test]
fn majorities_match_the_vectors() {
    for case in list(&vectors("decisions")["majority"]) {
        let votes = |name: &str, vote| vec![Ballot::Majority(vote); whole(&case[name]) as usize];
        let all = [votes("yes", Vote::Yes), votes("no", Vote::No), votes("abstain", Vote::Abstain)];
        let rule = MajorityRule {
            base: MajorityBase::from_name(text(&case["kind"])).unwrap(),
            threshold: text(&case["threshold"]).parse().unwrap(),
        };
        let rules = DecisionRules {
            quorum: number(&case["quorum"]).to_string().parse().unwrap(),
            ..rules(Method::Majority(rule))
        };
        let cast = singles(all.concat());
        let outcome =
            count(&rules, &Options::none(), &cast, whole(&case["eligible"]), &[]).unwrap();
        assert_eq!(outcome.verdict.name().replace('-', "_"), text(&case["expected"]), "{case}");
    }
}

#[test]
fn gradients_match_the_vectors() {
    for case in list(&vectors("decisions")["gradients"]) {
        let level = |level: &Value| Gradient::from_level(whole(level) as u8).unwrap();
        let ballots = list(&case["levels"]).iter().map(|at| Ballot::Gradient(level(at))).collect();
        let rules = DecisionRules::of(MethodKind::Gradients);
        let cast = singles(ballots);
        let outcome = count(&rules, &Options::none(), &cast, cast.len() as u64, &[]).unwrap();
        let expected = &case["expected"];
        let word = match outcome.verdict {
            Verdict::Passed => "agreed",
            Verdict::Rejected => "not_agreed",
            Verdict::Blocked => "blocked",
            Verdict::DiscussMore => "discuss_more",
            Verdict::NoDecision => "no_decision",
            other => other.name(),
        };
        assert_eq!(word, text(&expected["outcome"]), "{case}");
        let Count::Gradients(found) = outcome.count else { panic!("another count") };
        for gradient in Gradient::ALL {
            let votes = whole(&expected["counts"][gradient.level().to_string()]);
            assert_eq!(found.votes(*gradient), votes);
        }
        fraction_or_null(found.support_share(), &expected["support_share"]);
        fraction_or_null(found.median_level(), &expected["median_level"]);
    }
}

fn letter(name: &str) -> OptionId {
    option(usize::from(name.as_bytes()[0] - b'A'))
}

fn letters<N>(ballot: &Value, number: impl Fn(&Value) -> N) -> Vec<(OptionId, N)> {
    let object = ballot.as_object().unwrap();
    object.iter().map(|(name, given)| (letter(name), number(given))).collect()
}

#[test]
fn approvals_and_marks_match_the_vectors() {
    let all = vectors("decisions");
    let approved = |ballot: &Value| texts(ballot).into_iter().map(letter).collect();
    let ballots = list(&all["approval"]["ballots"]).iter().map(approved).map(Ballot::Approval);
    let outcome = counted(Method::Approval, 3, &singles(ballots.collect()));
    for (at, name) in ["A", "B", "C"].into_iter().enumerate() {
        let total = points(&outcome).standings[at].total;
        assert_eq!(total, i128::from(whole(&all["approval"]["counts"][name])));
        fraction_or_null(points(&outcome).share(at), &all["approval"]["share"][name]);
    }
    assert_eq!(outcome.ranking[0], letter("B"));

    let score = &all["score"];
    let mark = |mark: &Value| whole(mark) as u32;
    let ballots = list(&score["ballots"]).iter().map(|ballot| Ballot::Score(letters(ballot, mark)));
    let outcome = counted(Method::Score { max: 5 }, 3, &singles(ballots.collect()));
    for (at, name) in ["A", "B", "C"].into_iter().enumerate() {
        let standing = points(&outcome).standings[at];
        fraction_or_null(standing.value, &score["mean_rated_only"][name]);
        assert_eq!(standing.total, i128::from(whole(&score["total_missing_as_0"][name])));
    }
    assert_eq!(outcome.winners, [letter("A")]);
}

#[test]
fn an_option_that_fewer_than_half_marked_cannot_win() {
    let mark = |marks: Vec<(usize, u32)>| {
        Ballot::Score(marks.into_iter().map(|(at, mark)| (option(at), mark)).collect())
    };
    let ballots = vec![mark(vec![(0, 5), (1, 2)]), mark(vec![(1, 2)]), mark(vec![(1, 3)])];
    let outcome = counted(Method::Score { max: 5 }, 2, &singles(ballots));
    assert_eq!(points(&outcome).standings[0].value, None);
    assert_eq!(outcome.winners, [option(1)]);
    assert_eq!(outcome.ranking, [option(1), option(0)]);
}

#[test]
fn quadratic_votes_match_the_vectors() {
    let case = &vectors("decisions")["quadratic"];
    let votes = |votes: &Value| votes.as_i64().unwrap() as i32;
    let all: Vec<_> = list(&case["ballots"]).iter().map(|ballot| letters(ballot, votes)).collect();
    for (ballot, cost) in all.iter().zip(list(&case["cost"])) {
        assert_eq!(quadratic_cost(ballot), whole(cost));
    }
    let method = Method::Quadratic { budget: whole(&case["budget"]) as u32 };
    let cast = singles(all.into_iter().map(Ballot::Quadratic).collect());
    let outcome = counted(method, 3, &cast);
    for (at, name) in ["A", "B", "C"].into_iter().enumerate() {
        let total = i128::from(case["totals"][name].as_i64().unwrap());
        assert_eq!(points(&outcome).standings[at].total, total);
    }
    let over = letters(&case["invalid_example"]["ballot"], votes);
    assert_eq!(quadratic_cost(&over), whole(&case["invalid_example"]["cost"]));
    let options = Options::new((0..3).map(option).collect()).unwrap();
    assert!(Ballot::Quadratic(over).check(&method, &options).is_err());
}

#[test]
fn delegation_matches_the_vectors() {
    let case = &vectors("decisions")["delegation"];
    let eligible: BTreeSet<&str> = texts(&case["eligible"]).into_iter().collect();
    let direct = case["direct"].as_object().unwrap();
    let voted: BTreeSet<&str> = direct.keys().map(String::as_str).collect();
    let passed_on: BTreeMap<&str, &str> = case["delegate_to"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(from, to)| (from.as_str(), text(to)))
        .collect();
    let found = delegation::resolve(&eligible, &voted, &passed_on, None);
    let expected = &case["expected"];
    let weights = expected["weights"].as_object().unwrap();
    assert_eq!(found.weights.len(), weights.len());
    for (voter, weight) in weights {
        assert_eq!(found.weights[voter.as_str()], whole(weight));
    }
    for (voter, why) in expected["unresolved"].as_object().unwrap() {
        assert_eq!(found.unresolved[voter.as_str()].name(), text(why));
    }
    let cast: Vec<Cast> = found
        .weights
        .iter()
        .map(|(voter, weight)| {
            let vote = Vote::from_name(text(&direct[*voter])).unwrap();
            Cast { ballot: Ballot::Majority(vote), weight: *weight }
        })
        .collect();
    let rules = DecisionRules::of(MethodKind::Majority);
    let outcome = count(&rules, &Options::none(), &cast, eligible.len() as u64, &[]).unwrap();
    let Count::Majority(votes) = outcome.count else { panic!("another count") };
    let tally = &case["tally"];
    let expected = (whole(&tally["yes"]), whole(&tally["no"]), whole(&tally["abstain"]));
    assert_eq!((votes.yes, votes.no, votes.abstain), expected);
    fraction_or_null(outcome.participation.share(), &case["participation"]);
}

#[test]
fn the_tie_break_matches_the_vectors() {
    let case = &vectors("decisions")["tie_break"];
    let hash = |name: &str| text(&case[name]).parse::<Hash32>().unwrap();
    let nonce = Nonce(hash("nonce_hex").0);
    assert_eq!(nonce.commitment(), hash("nonce_commitment_hex"));
    let root = tie_break::ballots_root(&texts(&case["ballots"]));
    assert_eq!(root, hash("ballots_root_hex"));
    let backwards: Vec<&str> = texts(&case["ballots"]).into_iter().rev().collect();
    assert_eq!(tie_break::ballots_root(&backwards), root);
    let seed = tie_break::seed(text(&case["decision_id"]), &nonce, &root);
    assert_eq!(seed, hash("seed_hex"));
    let mut order = texts(&case["options"]);
    for option in &order {
        let expected: Hash32 = text(&case["hmac_hex"][option]).parse().unwrap();
        assert_eq!(tie_break::draw(&seed, option), expected);
    }
    order.sort_by_key(|option| tie_break::draw(&seed, option));
    assert_eq!(order, texts(&case["order"]));
}

/// An election of the vectors: names of the options, and the outcome by each rule.
struct Election {
    names: Vec<String>,
    ties: Vec<OptionId>,
    cast: Vec<Cast>,
}

impl Election {
    fn read(case: &Value) -> Self {
        let names: Vec<String> =
            texts(&case["candidates"]).into_iter().map(str::to_owned).collect();
        let at = |name: &str| option(names.iter().position(|known| known == name).unwrap());
        let tier = |tier: &Value| match tier {
            Value::String(name) => vec![at(name)],
            tied => texts(tied).into_iter().map(at).collect(),
        };
        let cast = list(&case["ballots"]).iter().map(|ballot| Cast {
            ballot: Ballot::Ranked(list(&ballot["ranking"]).iter().map(tier).collect()),
            weight: whole(&ballot["count"]),
        });
        let ties = texts(&case["tie_break_order"]).into_iter().map(at).collect();
        Self { cast: cast.collect(), ties, names }
    }

    fn outcome(&self, rule: RankedRule) -> Outcome {
        let options = Options::new((0..self.names.len()).map(option).collect()).unwrap();
        let eligible = self.cast.iter().map(|cast| cast.weight).sum();
        count(&rules(Method::Ranked(rule)), &options, &self.cast, eligible, &self.ties).unwrap()
    }

    fn named(&self, indices: &[usize]) -> Vec<&str> {
        indices.iter().map(|at| self.names[*at].as_str()).collect()
    }

    fn ranked(&self) -> RankedCount {
        match self.outcome(RankedRule::Schulze).count {
            Count::Ranked(count) => *count,
            other => panic!("{other:?} is not ranked"),
        }
    }
}

#[test]
fn pairs_points_and_sets_match_the_vectors() {
    for case in list(&vectors("decisions")["elections"]) {
        let election = Election::read(case);
        let found = election.ranked();
        for (x, row) in election.names.iter().enumerate() {
            for (y, column) in election.names.iter().enumerate() {
                assert_eq!(found.pairwise.get(x, y), whole(&case["pairwise"][row][column]));
                if x != y {
                    let strength = whole(&case["schulze"]["p"][row][column]);
                    assert_eq!(found.schulze.strengths.get(x, y), strength);
                }
            }
            close(as_f64(found.first_choices[x]), number(&case["plurality"][row]));
            close(as_f64(found.borda[x]), number(&case["borda"][row]));
        }
        let winner = found.condorcet_winner.map(|at| election.names[at].as_str());
        assert_eq!(winner, case["condorcet_winner"].as_str());
        assert_eq!(election.named(&found.smith_set), texts(&case["smith_set"]));
        assert_eq!(election.named(&found.schulze.winners), texts(&case["schulze"]["winners"]));
        assert_eq!(election.named(&found.schulze.ranking), texts(&case["schulze"]["ranking"]));
    }
}

#[test]
fn ranked_pairs_lock_as_in_the_vectors() {
    for case in list(&vectors("decisions")["elections"]) {
        let election = Election::read(case);
        let found = election.ranked().ranked_pairs;
        let majorities = list(&case["ranked_pairs"]["majorities"]);
        assert_eq!(found.majorities.len(), majorities.len());
        for (majority, expected) in found.majorities.iter().zip(majorities) {
            let names = election.named(&[majority.winner, majority.loser]);
            assert_eq!(names, [text(&expected[0]), text(&expected[1])]);
            let votes = [majority.votes_for, majority.votes_against];
            assert_eq!(votes, [whole(&expected[2]), whole(&expected[3])]);
            assert_eq!(majority.is_locked, text(&expected[4]) == "locked");
        }
        assert_eq!(election.named(&found.ranking), texts(&case["ranked_pairs"]["ranking"]));
    }
}

#[test]
fn run_offs_match_the_vectors_round_by_round() {
    for case in list(&vectors("decisions")["elections"]) {
        let election = Election::read(case);
        let found = election.ranked().runoff;
        let rounds = list(&case["irv"]["rounds"]);
        assert_eq!(found.rounds.len(), rounds.len());
        for (round, expected) in found.rounds.iter().zip(rounds) {
            for (at, name) in election.names.iter().enumerate() {
                fraction_or_null(round.votes[at], &expected["votes"][name]);
            }
            close(as_f64(round.exhausted), number(&expected["exhausted"]));
            let (word, who) = match round.end {
                RoundEnd::Elected(who) => ("elected", who),
                RoundEnd::Eliminated(who) => ("eliminated", who),
            };
            assert_eq!(expected[word].as_str(), Some(election.names[who].as_str()));
        }
        assert_eq!(election.names[found.ranking[0]], text(&case["irv"]["winner"]));
    }
}

#[test]
fn a_perfect_tie_is_decided_by_lot_and_says_so() {
    let all = vectors("decisions");
    let case = list(&all["elections"]).last().unwrap();
    let outcome = Election::read(case).outcome(RankedRule::Schulze);
    assert_eq!(outcome.winners, [option(0), option(1)]);
    assert_eq!(outcome.ranking[0], option(1));
    assert!(outcome.used_tie_break);
    let clear = Election::read(&list(&all["elections"])[0]).outcome(RankedRule::Schulze);
    assert!(!clear.used_tie_break);
    assert_eq!(clear.verdict, Verdict::Chosen);
}

#[test]
fn quorum_comes_first_and_the_count_is_kept() {
    let ids = vec![option(0), option(1)];
    let options = Options::new(ids.clone()).unwrap();
    let rules = DecisionRules { quorum: Share::TWO_THIRDS, ..rules(Method::Approval) };
    let cast = singles(vec![Ballot::Approval(vec![option(0)]); 5]);
    let outcome = count(&rules, &options, &cast, 9, &ids).unwrap();
    assert_eq!((outcome.verdict, outcome.participation.needed), (Verdict::NoQuorum, 6));
    assert!(outcome.winners.is_empty());
    assert_eq!(points(&outcome).standings[0].total, 5);
    assert!(count(&rules, &options, &cast, 4, &ids).is_err());
    assert!(count(&rules, &options, &cast, 9, &ids[..1]).is_err());
    let empty = singles(vec![Ballot::Approval(Vec::new()); 9]);
    assert_eq!(count(&rules, &options, &empty, 9, &ids).unwrap().verdict, Verdict::NoDecision);
}

#[test]
fn consent_needs_voices_and_no_standing_objection() {
    use tieline_model::decision::ballot::{Consent, ObjectionState};
    let objection = |state| Consent::Objection { reason: "lorries at school time".into(), state };
    let verdict = |stances: Vec<Consent>| {
        let cast = singles(stances.into_iter().map(Ballot::Consent).collect());
        let rules = DecisionRules::of(MethodKind::Consent);
        count(&rules, &Options::none(), &cast, 4, &[]).unwrap().verdict
    };
    let consents = || vec![Consent::Consents; 3];
    let with = |state| [consents(), vec![objection(state)]].concat();
    assert_eq!(verdict(consents()), Verdict::Passed);
    assert_eq!(verdict(with(ObjectionState::Raised)), Verdict::Blocked);
    assert_eq!(verdict(with(ObjectionState::Upheld)), Verdict::Blocked);
    assert_eq!(verdict(with(ObjectionState::Integrated)), Verdict::Passed);
    assert_eq!(verdict(with(ObjectionState::Withdrawn)), Verdict::Passed);
    assert_eq!(verdict(vec![Consent::Consents]), Verdict::NoQuorum);
    assert_eq!(verdict(vec![Consent::Abstains; 4]), Verdict::NoDecision);
}
