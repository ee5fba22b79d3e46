//! The web application: pages, sign-in, live updates. Holds no rules: it parses at the edge, asks the
//! model, writes once, renders a struct.
//!
//! Modules in reading order:
//!
//! * [`app`]: what every request can reach; `routes`: the whole map of URLs on one screen.
//! * [`snapshot`]: the network that pages show, swapped whole when it was rebuilt; [`lens`]: the same
//!   at another moment, or in part.
//! * [`client`]: from where; [`provider`]: whoever vouches for people at sign-in.
//! * `extract`: who asks; `session`: cookies and one-time links; `security`: headers, forgery.
//! * `news`: word of what changes, for pages that stay current.
//! * `page` and `error`: what is sent back; `shell`: what surrounds every page.
//! * `text`: the catalogue of texts.
//! * `api`: the same for programs, as JSON.
//! * `pages`: one file a page; [`report`]: the printable report; [`preview`]: what a dry run found.

// First: its macros are for all that follow.
#[macro_use]
mod text;

mod api;
pub mod app;
mod assets;
mod at_case;
pub mod client;
mod csv;
mod dates;
mod error;
mod export;
mod extract;
mod glossary;
mod here;
pub mod history;
pub mod lens;
pub mod mail;
mod map;
mod metrics;
mod news;
mod organic;
mod page;
mod pages;
pub mod preview;
pub mod provider;
mod reach;
pub mod report;
mod room;
mod routes;
mod security;
mod session;
mod shell;
mod show;
pub mod snapshot;
mod throttle;

pub use api::MOST_A_MINUTE;
pub use app::{App, Settings};
pub use client::Network;
pub use lens::{Least, Lens, Lookout, TieKind};
pub use provider::{Claim, Provider, ProviderSettings, Unknown};
pub use routes::{ROUTES, router};
pub use session::{GUEST_DAYS, Secret, entry_link, guest_link, own_data_link};
pub use snapshot::{Live, Pulse, Snapshot};
