//! `tieline demo`: the demo world through the same pipeline as anything else.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rust_embed::Embed;
use tieline_import::walk::{Inputs, Options};
use tieline_insight::Names;

use super::{network, report, serve};
use crate::cli::{DemoArgs, Format, LogFormat, Scope};
use crate::config::{FILE_NAME, TEMPLATE};
use crate::output::{grouped, line, note};
use crate::pipeline::batch::{batch_id, import};
use crate::pipeline::control::Control;
use crate::pipeline::import::Plan;
use crate::pipeline::network::look;
use crate::pipeline::settle::settle;
use crate::workspace::Workspace;

/// The demo world's archives, inside the program.
#[derive(Embed)]
#[folder = "../../demo/archives/"]
struct World;

/// Imports the demo world, tells the findings, writes the report, and serves the pages.
pub(super) fn run(data: Option<&Path>, args: &DemoArgs) -> Result<()> {
    let data = match data {
        Some(data) => data.to_owned(),
        None => std::env::temp_dir().join("tieline-demo"),
    };
    let archives = unpack(&data)?;
    name_workspace(&data)?;
    let workspace = Workspace::open(Some(&data))?;
    settle(&workspace)?;
    line("Warm Homes Northmoor: a made-up coalition of councils, health, housing and charities")?;
    let mut inputs = Inputs::find(std::slice::from_ref(&archives));
    let id = batch_id(inputs.digest(), None);
    if workspace.live()?.contains(&id) {
        note("the demo world is imported already");
    } else {
        let options = Options::default();
        let (label, control) = ("demo world", Control::default());
        let plan =
            Plan { id, label, inputs: &inputs, options: &options, control: &control, first: None };
        let read = import(&workspace, &plan)?;
        line(format!("{} records read from {} files", grouped(read.read), read.files.len()))?;
    }
    let scope = Scope { as_of: None, window: None, unit: None };
    let looked = look(&workspace, &scope)?;
    let findings = looked.analyse(&workspace, Names::Shown)?;
    network::tell(&looked, &findings, Format { json: false, csv: false })?;
    line("")?;
    report::write(&workspace, &findings, None, &args.output)?;
    line(format!(
        "look further: tieline --data {} network brokers   (or people, units, identities, imports)",
        data.display()
    ))?;
    if args.once {
        return Ok(());
    }
    drop(workspace);
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let first = serve::First::Visitor("Demo visitor");
    serve::serve(
        &data,
        serve::Serving {
            listen,
            secure: false,
            tls: None,
            open: !args.no_open,
            work: true,
            demo: true,
            log: LogFormat::Text,
        },
        first,
    )
}

/// A new data folder gets the coalition's name, for the report.
fn name_workspace(data: &Path) -> Result<()> {
    let path = data.join(FILE_NAME);
    if path.exists() {
        return Ok(());
    }
    let text = TEMPLATE.replace("\"Our network\"", "\"Warm Homes Northmoor\"");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes the archives beside the data, as files that anyone can look into.
fn unpack(data: &Path) -> Result<PathBuf> {
    let folder = data.join("demo-archives");
    for name in World::iter() {
        let Some(file) = World::get(&name) else { continue };
        let path = folder.join(name.as_ref());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, &file.data).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(folder)
}
