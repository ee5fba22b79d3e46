//! From a workspace to the snapshot that pages show.

use anyhow::{Context, Result};
use jiff::Timestamp;
use tieline_insight::{Names, View, people, summarise};
use tieline_model::id::ImportId;
use tieline_model::time::Moment;
use tieline_web::history::kept;
use tieline_web::{Pulse, Snapshot};

use super::network::{Looked, as_of, look_at};
use super::settle::settle;
use crate::cli::Scope;
use crate::workspace::Workspace;

/// Weeks of the pulse.
const WEEKS: u32 = 12;

/// Everything that pages show, as of the newest interaction; `None` when nothing is imported and
/// nobody was added by hand. Costs
/// one analysis with names and one without, and a network for each week of the pulse.
///
/// # Errors
/// When store or lake cannot be read.
pub(crate) fn build(workspace: &Workspace) -> Result<Option<Snapshot>> {
    settle(workspace)?;
    let imports = workspace.live()?;
    if imports.is_empty() && workspace.wait(workspace.store.added_by_hand())?.is_empty() {
        return Ok(None);
    }
    let scope = Scope { as_of: None, window: None, unit: None };
    let as_of = as_of(workspace, &scope)?;
    let looked = look_at(workspace, &scope, as_of)?;
    let named = looked.analyse(workspace, Names::Shown)?;
    let unnamed = looked.analyse(workspace, Names::Hidden)?;
    let pulse = pulse(workspace, &scope, &looked)?;
    let measures = people(&View::new(&looked.network, None, Names::Shown));
    let actors = workspace.wait(workspace.store.identity_map())?;
    Ok(Some(Snapshot {
        measures,
        named,
        unnamed,
        units: looked.units.clone(),
        actor_of: actors.into_iter().collect(),
        pulse,
        as_of: looked.as_of,
        window: looked.window,
        since: since(workspace, &imports)?,
        imports,
        rules: looked.rules().clone(),
        built: Moment::from_ms(Timestamp::now().as_millisecond()),
        network: looked.network,
    }))
}

/// Keeps the findings of a snapshot, so that later ones can be compared with them. The same findings
/// of the same day are kept once.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn remember(workspace: &Workspace, snapshot: &Snapshot) -> Result<()> {
    let Some(as_of) = snapshot.as_of else { return Ok(()) };
    let found = kept(&snapshot.unnamed);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&Moment::from_ms(as_of.ms() - 1).day().to_le_bytes());
    for one in &found {
        for text in [&one.kind, &one.sentence, &one.detail] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
    }
    let fingerprint = hasher.finalize().to_hex().to_string();
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.keep_findings(&fingerprint, as_of, &found).await?;
            tx.commit().await
        })
        .context("cannot keep the findings")
}

/// Where the dated history begins: the first month with an interaction, or the first contact that
/// was logged.
fn since(workspace: &Workspace, imports: &[ImportId]) -> Result<Option<Moment>> {
    let months = workspace.lake.months(imports).context("cannot list the months")?;
    let logged = workspace.wait(workspace.store.all_contacts()).context("cannot read contacts")?;
    let seen = months.iter().min().map(|month| month.start());
    Ok(seen.into_iter().chain(logged.iter().map(|tie| tie.at)).min())
}

/// The weeks before, and now.
fn pulse(workspace: &Workspace, scope: &Scope, now: &Looked) -> Result<Vec<Pulse>> {
    let Some(at) = now.as_of else { return Ok(Vec::new()) };
    let mut weeks = Vec::new();
    for back in (1..=WEEKS).rev() {
        let then = at.plus_days(-7.0 * f64::from(back));
        weeks.push(pulse_of(&look_at(workspace, scope, Some(then))?, then));
    }
    weeks.push(pulse_of(now, at));
    Ok(weeks)
}

fn pulse_of(looked: &Looked, at: Moment) -> Pulse {
    let summary = summarise(&View::new(&looked.network, None, Names::Hidden));
    Pulse {
        at,
        steps: summary.mean_steps,
        across: summary.across_share,
        ties: summary.ties,
        connected: summary.connected_people,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects")]

    use super::*;
    use tieline_model::access::Role;
    use tieline_store::{ActorKind, NewAccount, NewPerson, StoreError};

    #[test]
    fn people_added_by_hand_make_a_map_without_any_archive() {
        let data = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(Some(data.path())).unwrap();
        assert!(build(&workspace).unwrap().is_none());
        let added = workspace.wait(async {
            let tx = workspace.store.begin().await?;
            let owner = NewAccount {
                login: "own".to_owned(),
                name: "Own".to_owned(),
                role: Role::Owner,
                password_hash: None,
                actor: None,
            };
            let by = tx.add_account(&owner).await?;
            let new = |name: &str| NewPerson {
                address: None,
                name: name.to_owned(),
                kind: ActorKind::Person,
                by,
            };
            let ada = tx.add_person(&new("Ada Ox")).await?;
            let bo = tx.add_person(&new("Bo Elk")).await?;
            tx.add_person(&new("Cy Yak")).await?;
            tx.say_tie(ada, bo, by).await?;
            tx.commit().await?;
            Ok::<_, StoreError>([ada, bo])
        });
        let [ada, bo] = added.unwrap();
        // Settled twice: what was said survives that everything derived is computed anew.
        for _ in 0..2 {
            let snapshot = build(&workspace).unwrap().unwrap();
            let network = &snapshot.network;
            assert_eq!(network.actors().len(), 3);
            let node = |address| network.node_of(snapshot.actor_of[&address]).unwrap();
            let pair = network.pair(node(ada), node(bo)).unwrap();
            assert!(pair.stated >= 1.0 && pair.contact.is_none());
            assert_eq!(network.ties().count(), 1);
            let forget = workspace.wait(async {
                let tx = workspace.store.begin().await?;
                tx.set_setting("settled", "").await?;
                tx.commit().await
            });
            forget.unwrap();
        }
    }
}
