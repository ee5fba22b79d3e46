//! The network of a snapshot at another moment or in part, worked out beside the server. It reads
//! alone, without the lock of a command: what a running import writes is not live yet, and of what
//! an undo takes away meanwhile the look fails and is asked for anew.

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;
use tieline_insight::{Names, View, people};
use tieline_model::time::Moment;
use tieline_web::{Lens, Lookout, Snapshot};

use super::background;
use super::filter::Filter;
use super::network::look_through;
use crate::cli::Scope;
use crate::workspace::Workspace;

/// Looks at a data folder.
#[derive(Debug)]
pub(crate) struct FolderLookout {
    /// Where it is.
    pub(crate) data: PathBuf,
}

impl Lookout for FolderLookout {
    fn look(&self, lens: &Lens, live: &Snapshot) -> Result<Snapshot, String> {
        background::run(|| look(self, lens, live)).map_err(|error| {
            tracing::warn!("a network through a lens cannot be worked out: {error:#}");
            "what it is made of could not be read: try again in a minute".to_owned()
        })
    }
}

/// Everything that pages show but the pulse and how stable findings are.
fn look(lookout: &FolderLookout, lens: &Lens, live: &Snapshot) -> Result<Snapshot> {
    let workspace = Workspace::open_to_read(&lookout.data)?;
    let scope = Scope { as_of: None, window: None, unit: lens.unit.map(|unit| unit.to_string()) };
    let filter = Filter { kind: lens.kind, least: lens.least };
    let as_of = lens.as_of.or(live.as_of);
    let of = (live.imports.clone(), live.rules.clone());
    let looked = look_through(&workspace, &scope, as_of, of, filter)?;
    Ok(Snapshot {
        named: looked.analyse_once(&workspace, Names::Shown)?,
        unnamed: looked.analyse_once(&workspace, Names::Hidden)?,
        measures: people(&View::new(&looked.network, None, Names::Shown)),
        units: looked.units.clone(),
        actor_of: live.actor_of.clone(),
        pulse: Vec::new(),
        as_of: looked.as_of,
        window: looked.window,
        since: live.since,
        imports: live.imports.clone(),
        rules: looked.rules().clone(),
        built: Moment::from_ms(Timestamp::now().as_millisecond()),
        network: looked.network,
    })
}
