//! The lake from outside: events in, ties out, against the method's vectors and a direct sum.

// Helpers of tests may unwrap, as tests themselves do.
#![allow(clippy::unwrap_used)]

mod evidence;
mod imports;
mod naive;
mod properties;
mod rules;
mod support;
mod vectors;
