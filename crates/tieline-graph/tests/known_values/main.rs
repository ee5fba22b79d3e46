//! Every measure against values computed by other programs (networkx, igraph, leidenalg,
//! scikit-learn, R `sna`) or by brute force; `vectors/README.md` says which.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot read its vectors fails"
)]

mod measures;
mod support;
mod what_ifs;
