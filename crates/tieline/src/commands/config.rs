//! `tieline config` and `tieline check`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use tieline_model::interaction::Channel;

use crate::cli::{ConfigAction, ConfigArgs};
use crate::config::doors::{Doors, TlsFiles};
use crate::config::{Config, FILE_NAME, StorePlace};
use crate::output::line;
use crate::workspace::{Workspace, data_folder};

/// Shows or checks the configuration.
pub(super) fn run(data: Option<&Path>, args: &ConfigArgs) -> Result<()> {
    let data = data_folder(data)?;
    std::fs::create_dir_all(&data)
        .with_context(|| format!("cannot make the data folder {}", data.display()))?;
    match args.action {
        Some(ConfigAction::Path) => line(data.join(FILE_NAME).display().to_string()),
        Some(ConfigAction::Check) => {
            Config::open(&data)?;
            line("the configuration is right")
        }
        Some(ConfigAction::Show) | None => show(&Config::open(&data)?),
    }
}

fn show(config: &Config) -> Result<()> {
    let ties = &config.ties;
    line(format!("workspace.name = {:?}", config.workspace))?;
    line(format!("ties.half_life_days = {}", ties.half_life_days))?;
    line(format!("ties.reciprocity_weight = {}", ties.reciprocity_weight))?;
    line(format!("ties.saturation = {}", ties.saturation))?;
    line(format!("ties.max_group = {}", ties.max_group))?;
    line(format!("ties.threshold = {}", ties.threshold))?;
    for channel in Channel::ALL {
        let weight = ties.channel_weights.of(*channel);
        line(format!("channels.{} = {weight}", channel.name()))?;
    }
    line(format!("findings.window_days = {}", config.window_days.unwrap_or(0.0)))?;
    line(format!("findings.top = {}", config.top))?;
    line(format!("findings.permutations = {}", config.permutations))?;
    line(format!("findings.resamples = {}", config.resamples))?;
    line(format!("findings.seed = {}", config.seed))?;
    line(format!("lists.min_senders = {}", config.lists.min_senders))?;
    line(format!("lists.min_answer_share = {}", config.lists.min_answer_share))?;
    line(format!("lists.silent_address_senders = {}", config.lists.silent_address_senders))?;
    line(format!("lists.silent_address_messages = {}", config.lists.silent_address_messages))?;
    line(match &config.store {
        None => "store: tieline.db in the data folder".to_owned(),
        Some(StorePlace::Url(url)) => format!("store.url = {url:?}"),
        Some(StorePlace::File(path)) => format!("store.url_file = {:?}", path.display()),
    })?;
    show_doors(&config.doors)
}

/// Secrets are in files or the environment: they are not read here.
fn show_doors(doors: &Doors) -> Result<()> {
    line(format!("server.url = {:?}", doors.url.as_deref().unwrap_or_default()))?;
    match &doors.tls {
        None => line("server: no TLS of its own")?,
        Some(TlsFiles { cert, key }) => {
            line(format!("server.tls_cert = {:?}", cert.display()))?;
            line(format!("server.tls_key = {:?}", key.display()))?;
        }
    }
    line(format!("server.proxies: {}", doors.proxies.len()))?;
    match &doors.mail {
        None => line("mail: none")?,
        Some(mail) => line(format!(
            "mail: {}:{}, {}, from {}",
            mail.host,
            mail.port,
            mail.tls.name(),
            mail.from
        ))?,
    }
    match &doors.oidc {
        None => line("oidc: none"),
        Some(oidc) => line(format!("oidc: {} as {}", oidc.issuer, oidc.client)),
    }
}

/// Checks store and lake.
pub(super) fn check_data(workspace: &Workspace) -> Result<()> {
    let mut faults =
        workspace.wait(workspace.store.integrity_check()).context("cannot check the store")?;
    if let Err(error) = workspace.lake.stats(&workspace.live()?) {
        faults.push(format!("lake: {error}"));
    }
    if faults.is_empty() {
        return line("the store is sound, and every file of the lake opens");
    }
    for fault in &faults {
        line(fault)?;
    }
    bail!(
        "{} faults found; restore a backup, or undo and repeat the imports they name",
        faults.len()
    )
}
