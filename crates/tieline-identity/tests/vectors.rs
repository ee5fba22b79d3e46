//! METHODS 12 against `vectors/privacy_er.json`, computed outside this project.
#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use serde_json::Value;
use tieline_identity::evaluate::{b_cubed, blocking, pairwise};
use tieline_identity::fellegi_sunter::{
    Estimate, EstimateError, Field, FieldTable, Level, estimate, posterior,
};
use tieline_identity::names::soundex;
use tieline_model::address::{Address, AddressClass};

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/privacy_er.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn close(actual: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((actual - expected).abs() <= 1e-6, "{actual} is not {expected}");
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn emails_match_the_vectors() {
    for case in vectors()["email"].as_array().unwrap() {
        let found = Address::email(case["input"].as_str().unwrap()).ok();
        let expected = &case["expected"];
        assert_eq!(found.is_none(), expected.is_null(), "{case}");
        if let Some(address) = found {
            assert_eq!(address.text(), expected["email"].as_str().unwrap());
            assert_eq!(address.domain(), expected["domain"].as_str());
            let role = address.class_by_pattern() == AddressClass::RoleMailbox;
            assert_eq!(Some(role), expected["role"].as_bool(), "{case}");
        }
    }
}

#[test]
fn jaro_winkler_matches_the_vectors() {
    for case in vectors()["jaro_winkler"].as_array().unwrap() {
        let (a, b) = (case["a"].as_str().unwrap(), case["b"].as_str().unwrap());
        close(strsim::jaro(a, b), &case["jaro"]);
        close(strsim::jaro_winkler(a, b), &case["jaro_winkler"]);
    }
}

#[test]
fn the_score_matches_the_vectors() {
    let all = vectors();
    let table = FieldTable::default();
    for case in all["fellegi_sunter"]["cases"].as_array().unwrap() {
        let mut total = 0.0;
        for field in Field::ALL {
            let level = match case["pattern"][field.name()].as_str() {
                Some("exact") => Some(Level::Exact),
                Some("close") => Some(Level::Close),
                Some(_) => Some(Level::Else),
                None => None,
            };
            let weight = table.weight(field, level);
            close(weight, &case["expected"]["weights"][field.name()]);
            total += weight;
        }
        close(total, &case["expected"]["total"]);
        let probability = posterior(case["prior"].as_f64().unwrap(), total);
        close(probability, &case["expected"]["posterior"]);
    }
}

#[test]
fn re_estimation_matches_the_vectors() {
    let em = &vectors()["em"];
    let counts = numbers(&em["counts"]);
    let patterns: Vec<(Vec<bool>, f64)> = em["patterns"]
        .as_array()
        .unwrap()
        .iter()
        .zip(counts)
        .map(|(pattern, count)| (numbers(pattern).iter().map(|x| *x > 0.5).collect(), count))
        .collect();
    let init = &em["init"];
    let start =
        Estimate { m: numbers(&init["m"]), u: numbers(&init["u"]), p: init["p"].as_f64().unwrap() };
    for case in em["after"].as_array().unwrap() {
        let iterations = case["iterations"].as_u64().unwrap() as usize;
        let found = estimate(&patterns, &start, iterations).unwrap();
        close(found.p, &case["p"]);
        for field in 0..3 {
            close(found.m[field], &case["m"][field]);
            close(found.u[field], &case["u"][field]);
        }
    }
    let few = [(vec![true, true, true], 499.0)];
    assert_eq!(estimate(&few, &start, 1), Err(EstimateError::TooFewPairs));
    let short = [(vec![true], 900.0)];
    assert_eq!(estimate(&short, &start, 1), Err(EstimateError::Malformed));
    let swapped = Estimate { m: start.u.clone(), u: start.m.clone(), p: 0.9 };
    let refused = estimate(&patterns, &swapped, 50);
    assert_eq!(refused, Err(EstimateError::AgreementCountsAgainst));
}

#[test]
fn blocking_and_cluster_figures_match_the_vectors() {
    let all = vectors();
    let (b, n) = (&all["blocking"], |key: &str| all["blocking"][key].as_u64().unwrap());
    let found = blocking(
        n("n_records"),
        n("candidate_pairs"),
        n("true_pairs"),
        n("true_pairs_in_candidates"),
    );
    close(found.reduction_ratio.unwrap(), &b["reduction_ratio"]);
    close(found.pair_completeness.unwrap(), &b["pair_completeness"]);
    close(found.pairs_quality.unwrap(), &b["pairs_quality"]);
    let eval = &all["cluster_eval"];
    let predicted: Vec<String> =
        eval["pred"].as_object().unwrap().values().map(Value::to_string).collect();
    let truth: Vec<String> =
        eval["truth"].as_object().unwrap().values().map(Value::to_string).collect();
    let (pairs, cubed) = (pairwise(&predicted, &truth), b_cubed(&predicted, &truth));
    close(pairs.precision.unwrap(), &eval["expected"]["pair_precision"]);
    close(pairs.recall.unwrap(), &eval["expected"]["pair_recall"]);
    close(pairs.f1.unwrap(), &eval["expected"]["pair_f1"]);
    close(cubed.precision.unwrap(), &eval["expected"]["bcubed_precision"]);
    close(cubed.recall.unwrap(), &eval["expected"]["bcubed_recall"]);
    close(cubed.f1.unwrap(), &eval["expected"]["bcubed_f1"]);
}

#[test]
fn figures_of_nothing_are_undefined() {
    let none: [u8; 0] = [];
    assert_eq!(pairwise(&none, &none).precision, None);
    assert_eq!(b_cubed(&none, &none).f1, None);
    assert_eq!(blocking(1, 0, 0, 0).reduction_ratio, None);
}

/// The examples of the US National Archives' page on the Soundex indexing system.
#[test]
fn soundex_matches_the_national_archives() {
    for (name, code) in [
        ("washington", "w252"),
        ("lee", "l000"),
        ("gutierrez", "g362"),
        ("pfister", "p236"),
        ("jackson", "j250"),
        ("tymczak", "t522"),
        ("ashcraft", "a261"),
        ("", ""),
    ] {
        assert_eq!(soundex(name), code, "{name}");
    }
}
