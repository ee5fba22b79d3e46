//! What every request can reach.

use std::path::PathBuf;
use std::sync::Arc;

use tieline_lake::Lake;
use tieline_store::Store;

use crate::client::Network;
use crate::provider::Provider;
use crate::snapshot::Live;

/// Shared by all requests; cloning is cheap.
#[derive(Debug, Clone)]
pub struct App {
    /// The system of record.
    pub store: Store,
    /// Interactions, for the evidence behind a tie; read only.
    pub lake: Arc<Lake>,
    /// The network as it was last built.
    pub live: Arc<Live>,
    /// What the operator set.
    pub settings: Arc<Settings>,
    /// Whoever vouches for people at sign-in, if anyone does.
    pub provider: Option<Arc<Provider>>,
}

/// What the operator set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name of the workspace.
    pub workspace: String,
    /// Folder for files on their way into an import.
    pub uploads: PathBuf,
    /// Largest upload, bytes.
    pub max_upload_bytes: usize,
    /// Folders of the server that stewards may import from.
    pub import_folders: Vec<PathBuf>,
    /// Requests that programs of one account may make in a minute.
    pub api_requests_a_minute: u32,
    /// Whether browsers reach the server over TLS: then cookies are marked for it.
    pub secure: bool,
    /// Whether this is the demo world.
    pub demo: bool,
    /// Whether mail can be sent: then links go by mail where someone has an address.
    pub mails: bool,
    /// Proxies in front of the server, whose word counts on where a request comes from.
    pub proxies: Vec<Network>,
}
