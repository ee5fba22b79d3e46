//! Killed at any moment and run again, an import ends as if nothing had happened.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use support::{Tieline, message};

/// Kills of the test.
const KILLS: u32 = 50;

/// An archive that takes a while to read.
fn archive(path: &Path) {
    let mut text = String::new();
    for n in 0..6_000_u32 {
        let (from, to) = (n % 97, (n * 7 + 13) % 89);
        let date = format!(
            "{} {} 2026 09:{:02}:00 +0000",
            1 + n % 28,
            ["Jan", "Feb", "Mar", "Apr"][(n / 1500) as usize],
            n % 60
        );
        let _ = write!(
            text,
            "{}",
            message(
                &format!("{n}@x.example"),
                &format!("p{from}@acme.example"),
                &format!("q{to}@trust.example, p{}@acme.example", n % 31),
                &date,
                ""
            )
        );
    }
    fs::write(path, text).unwrap();
}

/// A small repeatable stream of numbers, so that the moments are the same in every run.
struct Moments(u64);

impl Moments {
    fn next_share(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }
}

#[test]
fn killed_at_fifty_moments_and_run_again_the_import_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail.mbox");
    archive(&mail);
    let undisturbed = Tieline::new();
    let started = Instant::now();
    let listings = [vec!["imports", "--json"], vec!["units", "--json"]];
    let whole = undisturbed.import(&[&mail]);
    let duration = started.elapsed().as_secs_f64();
    let expected = undisturbed.state_of(&listings);
    let mut moments = Moments(20_261_116);
    let mut killed = 0;
    for _ in 0..KILLS {
        let tieline = Tieline::new();
        // `timeout` sends SIGKILL at the moment, whatever the program is doing.
        let after = format!("{:.3}", duration * moments.next_share());
        let status = Command::new("timeout")
            .args(["--signal=KILL", &after, env!("CARGO_BIN_EXE_tieline"), "--data"])
            .arg(tieline.data.path())
            .args(["import", "--json"])
            .arg(&mail)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        killed += u32::from(!status.success());
        let again = tieline.import(&[&mail]);
        assert_eq!((&again.id, again.read), (&whole.id, whole.read));
        tieline.state_of(&listings).assert_same(&expected, &format!("killed after {after} s"));
    }
    assert!(killed > KILLS / 2, "only {killed} of {KILLS} were killed in time");
}
