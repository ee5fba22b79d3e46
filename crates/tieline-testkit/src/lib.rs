//! What tests of every crate share: where things are, the demo world and a small slice of it, the
//! method vectors, temporary data folders, a throw-away PostgreSQL, a mail server and an identity
//! provider on loopback, and a way to run the built
//! binary.
//!
//! For tests alone: what goes wrong here panics with a sentence, because a test has no one else to
//! tell.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test helper fails by panicking and says what it skips"
)]

mod binary;
mod data;
#[cfg(unix)]
mod postgres;
mod services;
mod world;

pub use binary::{Outcome, Tieline};
pub use data::{TempData, testdata, vectors, workspace_root};
#[cfg(unix)]
pub use postgres::{Postgres, postgres, postgres_that_stops};
pub use services::Service;
pub use world::{SmallWorld, demo_archives, demo_dir, expected, small_world};
