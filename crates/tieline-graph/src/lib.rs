//! Immutable graphs and the measures of social network analysis.
//!
//! A [`Graph`] has nodes `0..n` without gaps and knows nothing about people; whoever builds it
//! keeps the map from node to actor. It is built once by a checked constructor and never changes,
//! so every measure is a free function of a graph and is total on it: no measure returns an error.
//!
//! Rules that hold for every measure:
//!
//! * **Order.** A result per node is a `Vec` of length `n_nodes`, in node order.
//! * **Undefined.** A value that is not defined (a ratio with denominator 0) is `f64::NAN`, and the
//!   documentation says when. Callers turn it into `Option` before it leaves the program.
//! * **Strength and distance.** A weight is a tie strength: larger is closer. Where a path needs a
//!   length, it is `1 / strength`; a strength is never used as a length.
//! * **Determinism.** The same input gives the same bits for any number of threads. What draws
//!   random numbers takes a seed (ChaCha20, one stream per draw).
//! * **Groups.** A partition is a slice indexed by node. A node without an entry, or with `None`,
//!   belongs to no known group.
//!
//! Modules in reading order: [`graph`], [`components`], [`paths`], [`cohesion`], [`cut`],
//! [`closeness`], [`betweenness`], [`pagerank`], [`structural_holes`] (the exemplary measure),
//! [`brokerage`], [`mixing`], [`silo`], [`multiple`], [`community`], [`fragmentation`],
//! [`removal`], [`bridging`], [`centralization`], [`inequality`].

pub mod betweenness;
pub mod bridging;
pub mod brokerage;
pub mod centralization;
pub mod closeness;
pub mod cohesion;
pub mod community;
pub mod components;
pub mod cut;
pub mod fragmentation;
pub mod graph;
pub mod inequality;
pub mod mixing;
pub mod multiple;
pub mod pagerank;
pub mod paths;
mod random;
mod reduce;
pub mod removal;
pub mod silo;
pub mod structural_holes;

pub use graph::{Graph, GraphError, Weights};
