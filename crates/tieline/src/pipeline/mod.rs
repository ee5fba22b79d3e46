//! The import pipeline: archives to store and lake, and from there to the network.

pub(crate) mod archive;
mod background;
pub(crate) mod batch;
pub(crate) mod classify;
pub(crate) mod control;
pub(crate) mod erase;
pub(crate) mod facts;
mod filter;
mod first;
pub(crate) mod import;
pub(crate) mod keep;
mod logged;
pub(crate) mod lookout;
mod members;
pub(crate) mod network;
mod outlook;
pub(crate) mod post;
pub(crate) mod preview;
pub(crate) mod progress;
pub(crate) mod save;
pub(crate) mod settle;
mod snapshot;
pub(crate) mod translate;
pub(crate) mod worker;
