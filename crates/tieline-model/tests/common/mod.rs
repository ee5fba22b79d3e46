//! Shared by the tests: vectors, options by letter.

#![allow(dead_code, reason = "not every test uses every helper")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use serde_json::Value;
use tieline_model::fraction::{Fraction, as_f64};
use tieline_model::id::OptionId;

/// The known values of one file.
pub(crate) fn vectors(name: &str) -> Value {
    let path = format!("{}/../../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The elements of a JSON list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A JSON number.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// A JSON count.
pub(crate) fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// A JSON text.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The texts of a JSON list.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

/// Compares at 1e-6.
pub(crate) fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-6, "{actual} is not {expected}");
}

/// Compares a value that may be undefined (null) at 1e-6.
pub(crate) fn close_or_null(actual: Option<f64>, expected: &Value) {
    match (actual, expected.as_f64()) {
        (Some(actual), Some(expected)) => close(actual, expected),
        (actual, expected) => assert_eq!(actual, expected),
    }
}

/// Compares an exact fraction that may be undefined (null) at 1e-6.
pub(crate) fn fraction_or_null(actual: Option<Fraction>, expected: &Value) {
    close_or_null(actual.map(as_f64), expected);
}

/// The option of a number.
pub(crate) fn option(number: usize) -> OptionId {
    OptionId(uuid::Uuid::from_u128(number as u128))
}
