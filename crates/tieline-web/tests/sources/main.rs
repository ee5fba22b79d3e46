//! Bringing files, looking after jobs, saying who is who: the router in process, on a temporary data
//! folder. No worker runs here; what it would write is written by the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod bench;
mod identities;
mod jobs;
mod uploads;
