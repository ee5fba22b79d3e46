//! `tieline serve` with a certificate of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;

use support::Tieline;

#[test]
fn a_certificate_that_is_none_or_has_no_key_is_named_at_the_start() {
    let tieline = Tieline::new();
    let (cert, key) = (tieline.data.path().join("c.pem"), tieline.data.path().join("k.pem"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--no-open", "--no-worker"];
    let files = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let why = tieline.fails(&[&serve[..], &files[..]].concat());
    assert!(why.contains("cannot read") && why.contains("c.pem"), "{why}");
    fs::write(&cert, "nonsense").unwrap();
    fs::write(&key, "nonsense").unwrap();
    let why = tieline.fails(&[&serve[..], &files[..]].concat());
    assert!(why.contains("c.pem holds no certificate"), "{why}");
    let why = tieline.fails(&[&serve[..], &files[..2]].concat());
    assert!(why.contains("--tls-key"), "{why}");
}
