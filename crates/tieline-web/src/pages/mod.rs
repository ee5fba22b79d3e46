//! One file a page: struct, handler, tests.

pub(crate) mod contacts;
pub(crate) mod enter;
pub(crate) mod form;
pub(crate) mod health;
pub(crate) mod identities;
pub(crate) mod imports;
mod imports_csv;
pub(crate) mod imports_upload;
pub(crate) mod insights;
pub(crate) mod jobs;
mod jobs_view;
pub(crate) mod network;
mod network_view;
mod nothing;
pub(crate) mod organisations;
pub(crate) mod path;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod preferences;
pub(crate) mod search;
pub(crate) mod set_up;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod tie;
mod tie_view;
pub(crate) mod today;
mod today_view;
