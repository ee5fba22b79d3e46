//! From store and lake to a network as of a moment, over a window, of a unit or of everything.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use tieline_insight::{
    AnalysisOptions, EventShare, EventShares, Names, Network, NetworkInput, PairContact,
    Provenance, SourceCount, StatedPair,
};
use tieline_lake::{LakeError, Rules};
use tieline_model::id::{ActorId, AddressId, ImportId, UnitId};
use tieline_model::org::{Unit, UnitKind};
use tieline_model::time::{Moment, Window};
use tieline_store::{Actor, IdentityState, SeenAddress};
use tieline_web::TieKind;

use super::filter::Filter;
use super::logged;
use super::members::{Input, current};
use super::settle::rules;
use crate::cli::Scope;
use crate::workspace::Workspace;

/// Everything needed to look at the network from a moment.
pub(crate) struct Looked {
    /// The network.
    pub(crate) network: Network,
    /// Units by id.
    pub(crate) units: BTreeMap<UnitId, Unit>,
    /// The moment; `None` when nothing is dated.
    pub(crate) as_of: Option<Moment>,
    /// The window; `None` when nothing is dated.
    pub(crate) window: Option<Window>,
    /// Input index of each address.
    nodes: HashMap<AddressId, u32>,
    live: Vec<ImportId>,
    rules: Rules,
}

/// The moment asked for, else the newest interaction that is not in the future.
///
/// # Errors
/// When the date cannot be understood or the lake cannot be read.
pub(crate) fn as_of(workspace: &Workspace, scope: &Scope) -> Result<Option<Moment>> {
    if let Some(text) = &scope.as_of {
        return Ok(Some(text.parse::<Moment>()?));
    }
    let now = Moment::from_ms(Timestamp::now().as_millisecond());
    let newest = workspace
        .lake
        .newest(&workspace.live()?, now)
        .context("cannot find the newest interaction")?;
    let logged = workspace.wait(workspace.store.all_contacts()).context("cannot read contacts")?;
    let logged = logged.iter().map(|tie| tie.at).filter(|at| *at <= now).max();
    // Half-open: the newest interaction itself is inside.
    Ok(newest.max(logged).map(|at| Moment::from_ms(at.ms() + 1)))
}

/// Days of a span like 90d, 12w, 6m, 2y, or `all` for everything (then `None`).
///
/// # Errors
/// Says how to write a span.
pub(crate) fn span_days(text: &str) -> Result<Option<f64>> {
    if text == "all" {
        return Ok(None);
    }
    let bad = || anyhow!("'{text}' is no span: write it like 90d, 12w, 6m, 2y, or all");
    let unit = text.chars().last().ok_or_else(bad)?;
    let number: f64 = text.strip_suffix(unit).and_then(|n| n.parse().ok()).ok_or_else(bad)?;
    let days = match unit {
        'd' => 1.0,
        'w' => 7.0,
        'm' => 365.25 / 12.0,
        'y' => 365.25,
        _ => return Err(bad()),
    };
    let days = number * days;
    if days.is_finite() && days > 0.0 { Ok(Some(days)) } else { Err(bad()) }
}

/// Looks at the network as the scope says.
///
/// # Errors
/// When store or lake cannot be read, or the scope names something that is not there.
pub(crate) fn look(workspace: &Workspace, scope: &Scope) -> Result<Looked> {
    let as_of = as_of(workspace, scope)?;
    look_at(workspace, scope, as_of)
}

/// Looks at the network as of a given moment.
///
/// # Errors
/// As [`look`].
pub(crate) fn look_at(
    workspace: &Workspace,
    scope: &Scope,
    as_of: Option<Moment>,
) -> Result<Looked> {
    let days = match &scope.window {
        Some(text) => span_days(text)?,
        None => workspace.config.window_days,
    };
    let window = as_of.map(|to| match days {
        Some(days) => Window::days_before(to, days),
        None => Window::until(to),
    });
    let loaded = Loaded::read(workspace)?;
    let live = workspace.live()?;
    let rules = rules(workspace, &loaded.addresses)?;
    workspace.lake.refresh(&live, &rules).context("cannot bring the ties up to date")?;
    let looking = Looking { as_of, window, live, rules, filter: Filter::default() };
    loaded.look(workspace, scope, looking)
}

/// Looks at the network of a snapshot at another moment or in part, reading alone.
///
/// # Errors
/// As [`look`].
pub(crate) fn look_through(
    workspace: &Workspace,
    scope: &Scope,
    as_of: Option<Moment>,
    (live, rules): (Vec<ImportId>, Rules),
    filter: Filter,
) -> Result<Looked> {
    let window = as_of.map(|to| match workspace.config.window_days {
        Some(days) => Window::days_before(to, days),
        None => Window::until(to),
    });
    let loaded = Loaded::read(workspace)?;
    loaded.look(workspace, scope, Looking { as_of, window, live, rules, filter })
}

/// What the store holds, read once.
struct Loaded {
    addresses: Vec<SeenAddress>,
    identity: IdentityState,
    /// Addresses of people who stay off maps and out of findings.
    opted_out: HashSet<AddressId>,
}

/// From when and with which rules to look.
struct Looking {
    as_of: Option<Moment>,
    window: Option<Window>,
    live: Vec<ImportId>,
    rules: Rules,
    filter: Filter,
}

impl Loaded {
    fn read(workspace: &Workspace) -> Result<Self> {
        workspace
            .wait(async {
                let addresses = workspace.store.all_addresses().await?;
                let identity = workspace.store.identity().await?;
                let opted_out = workspace.store.opted_out().await?.into_iter().collect();
                Ok::<_, tieline_store::StoreError>(Self { addresses, identity, opted_out })
            })
            .context("cannot read people and units")
    }

    fn look(self, workspace: &Workspace, scope: &Scope, looking: Looking) -> Result<Looked> {
        let Looking { as_of, window, live, rules, filter } = looking;
        let narrow = filter.narrow(&rules);
        let units: BTreeMap<UnitId, Unit> =
            self.identity.units.iter().map(|unit| (unit.id, unit.clone())).collect();
        let affiliations = current(&self.identity.affiliations, as_of);
        let inside = match &scope.unit {
            Some(text) => Some(units_inside(&units, find_unit(&units, text)?)),
            None => None,
        };
        let actors: Vec<Actor> = self
            .identity
            .actors
            .into_iter()
            .filter(|actor| {
                inside.as_ref().is_none_or(|inside| {
                    let own = affiliations.get(&actor.id).map(Vec::as_slice).unwrap_or_default();
                    own.iter().any(|affiliation| inside.contains(&affiliation.unit))
                })
            })
            .collect();
        let mut nodes: HashMap<AddressId, u32> = HashMap::new();
        for (index, actor) in actors.iter().enumerate() {
            nodes.extend(actor.addresses.iter().map(|address| (*address, index as u32)));
        }
        let contacts = match window {
            Some(window) => contacts(workspace, (&live, &narrow), window, &nodes, &filter)?,
            None => Vec::new(),
        };
        let stated = match filter.takes(TieKind::Stated) {
            true => stated_pairs(workspace, &nodes)?,
            false => Vec::new(),
        };
        let opted_out = &self.opted_out;
        let input =
            Input { actors: &actors, units: &units, affiliations: &affiliations, opted_out };
        let network = Network::build(NetworkInput {
            actors: input.nodes(contacts.iter().map(|pair| (pair.a, pair.b)), &stated),
            units: units.values().cloned().collect(),
            formal: input.formal(),
            contacts: contacts
                .into_iter()
                .map(|pair| PairContact { a: pair.a, b: pair.b, contact: pair.contact })
                .collect(),
            stated,
            as_of,
            window,
            params: narrow.params.clone(),
            seed: workspace.config.seed,
        })
        .context("cannot build the network")?;
        Ok(Looked { network, units, as_of, window, nodes, live, rules: narrow })
    }
}

/// What passed between people in the window: seen in archives and logged by hand.
fn contacts(
    workspace: &Workspace,
    (live, rules): (&[ImportId], &Rules),
    window: Window,
    nodes: &HashMap<AddressId, u32>,
    filter: &Filter,
) -> Result<Vec<tieline_lake::PairContact>> {
    let seen = workspace.lake.ties(live, rules, window, nodes);
    // Channels without weight count for nothing, so what came over others is no contact here.
    let seen = seen.context("cannot read the ties")?;
    if !filter.takes(TieKind::Recorded) {
        return Ok(seen);
    }
    let logged = workspace.wait(workspace.store.all_contacts());
    let logged = logged.context("cannot read contacts")?;
    Ok(logged::add(seen, &logged, nodes, window, &workspace.config.ties))
}

/// The organisation that a unit is, or is part of.
pub(crate) fn organisation_of(units: &BTreeMap<UnitId, Unit>, unit: UnitId) -> Option<UnitId> {
    let mut at = units.get(&unit);
    for _ in 0..units.len() {
        let unit = at?;
        if unit.kind == UnitKind::Organisation {
            return Some(unit.id);
        }
        at = unit.parent.and_then(|parent| units.get(&parent));
    }
    None
}

/// A unit by id or name; the name may be given in any case.
///
/// # Errors
/// When there is none, or there are several; says which.
pub(crate) fn find_unit(units: &BTreeMap<UnitId, Unit>, text: &str) -> Result<UnitId> {
    let wanted = text.trim().to_lowercase();
    let mut found: Vec<&Unit> = units
        .values()
        .filter(|unit| unit.name.to_lowercase() == wanted || unit.id.to_string() == wanted)
        .collect();
    if found.is_empty() {
        found = units.values().filter(|unit| unit.name.to_lowercase().contains(&wanted)).collect();
    }
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => bail!("there is no unit '{text}'; `tieline units` lists them"),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(8)
                .map(|unit| match unit.parent.and_then(|parent| units.get(&parent)) {
                    Some(parent) => format!("{} of {} ({})", unit.name, parent.name, unit.id),
                    None => format!("{} ({})", unit.name, unit.id),
                })
                .collect();
            bail!("'{text}' could be {}; say which by its id", names.join(", or "))
        }
    }
}

/// A unit and everything below it.
pub(crate) fn units_inside(units: &BTreeMap<UnitId, Unit>, top: UnitId) -> HashSet<UnitId> {
    let mut inside = HashSet::from([top]);
    loop {
        let more: Vec<UnitId> = units
            .values()
            .filter(|unit| {
                !inside.contains(&unit.id) && unit.parent.is_some_and(|p| inside.contains(&p))
            })
            .map(|unit| unit.id)
            .collect();
        if more.is_empty() {
            return inside;
        }
        inside.extend(more);
    }
}

/// Kind of a tie that someone said by hand.
const SAID: &str = "said by hand";

/// What it adds to strength: as one exchange now, which is what makes a tie a working one.
const SAID_WEIGHT: f64 = 1.0;

/// Stated ties between actors, those of imports and those that people said. Rows of one import add up; of several imports that state the same
/// pair the strongest counts, so that the same file imported twice changes nothing.
fn stated_pairs(workspace: &Workspace, nodes: &HashMap<AddressId, u32>) -> Result<Vec<StatedPair>> {
    let ties =
        workspace.wait(workspace.store.stated_ties()).context("cannot read the stated ties")?;
    type Key = (u32, u32, bool, Option<String>);
    let mut sums: BTreeMap<(Key, ImportId), f64> = BTreeMap::new();
    for tie in ties {
        let (Some(from), Some(to)) = (nodes.get(&tie.from), nodes.get(&tie.to)) else { continue };
        if from == to || tie.weight <= 0.0 {
            continue;
        }
        let (a, b) = if tie.directed { (*from, *to) } else { (*from.min(to), *from.max(to)) };
        *sums.entry(((a, b, tie.directed, tie.kind), tie.import)).or_default() += tie.weight;
    }
    let mut strongest: BTreeMap<Key, f64> = BTreeMap::new();
    for ((key, _), weight) in sums {
        let known = strongest.entry(key).or_default();
        *known = known.max(weight);
    }
    for tie in workspace.wait(workspace.store.said_ties()).context("cannot read the said ties")? {
        let (Some(a), Some(b)) = (nodes.get(&tie.a), nodes.get(&tie.b)) else { continue };
        if a != b {
            let key = (*a.min(b), *a.max(b), false, Some(SAID.to_owned()));
            strongest.insert(key, SAID_WEIGHT);
        }
    }
    Ok(strongest
        .into_iter()
        .map(|((a, b, directed, kind), weight)| StatedPair { a, b, weight, directed, kind })
        .collect())
}

/// Contributions of events, read from the lake each time they are asked for.
struct LakeShares<'a> {
    workspace: &'a Workspace,
    looked: &'a Looked,
    window: Window,
    failed: RefCell<Option<LakeError>>,
}

impl EventShares for LakeShares<'_> {
    fn for_each(&self, f: &mut dyn FnMut(EventShare)) {
        let read = self.workspace.lake.shares(
            &self.looked.live,
            &self.looked.rules,
            self.window,
            &self.looked.nodes,
            &mut |share| {
                f(EventShare {
                    event: share.event,
                    from: share.from,
                    to: share.to,
                    increment: share.increment,
                });
            },
        );
        if let Err(error) = read {
            *self.failed.borrow_mut() = Some(error);
        }
    }
}

impl Looked {
    /// All findings.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(crate) fn analyse(
        &self,
        workspace: &Workspace,
        names: Names,
    ) -> Result<tieline_insight::Findings> {
        let options = self.options(workspace, names)?;
        let Some(window) = self.window else {
            return Ok(tieline_insight::analyse(&self.network, None, &options));
        };
        let shares = LakeShares { workspace, looked: self, window, failed: RefCell::new(None) };
        let findings = tieline_insight::analyse(&self.network, Some(&shares), &options);
        match shares.failed.into_inner() {
            Some(error) => Err(error).context("cannot read the interactions"),
            None => Ok(findings),
        }
    }

    fn options(&self, workspace: &Workspace, names: Names) -> Result<AnalysisOptions> {
        Ok(AnalysisOptions {
            names,
            permutations: workspace.config.permutations,
            resamples: workspace.config.resamples,
            top: workspace.config.top,
            provenance: self.provenance(workspace)?,
            ..AnalysisOptions::default()
        })
    }

    /// All findings but their stability, which costs most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn analyse_once(
        &self,
        workspace: &Workspace,
        names: Names,
    ) -> Result<tieline_insight::Findings> {
        let options = AnalysisOptions { resamples: 0, ..self.options(workspace, names)? };
        Ok(tieline_insight::analyse(&self.network, None, &options))
    }

    fn provenance(&self, workspace: &Workspace) -> Result<Provenance> {
        let imports =
            workspace.wait(workspace.store.live_imports()).context("cannot list the imports")?;
        let contacts = || self.network.pairs().iter().filter_map(|pair| pair.contact.as_ref());
        Ok(Provenance {
            title: workspace.config.workspace.clone(),
            sources: imports.into_iter().map(source).collect(),
            interactions: self
                .network
                .pairs()
                .iter()
                .map(tieline_insight::Pair::interactions)
                .sum(),
            first: contacts().map(|contact| contact.first).min(),
            last: contacts().map(|contact| contact.last).max(),
        })
    }

    /// Line above listings: from when and how far back.
    pub(crate) fn heading(&self) -> String {
        let Some(as_of) = self.as_of else {
            return "no dated interactions: stated ties only".to_owned();
        };
        let last = Moment::from_ms(as_of.ms() - 1).date();
        match self.window.and_then(|window| window.from) {
            Some(from) => format!("as of {last}, {:.0} days back", as_of.days_since(from)),
            None => format!("as of {last}, everything before it"),
        }
    }

    /// A hint where the newest interaction stands alone, as wrong clocks make it: the day by which
    /// 99 of 100 pairs had their last contact, if no tie is left at the as-of date.
    pub(crate) fn hint(&self) -> Option<String> {
        if self.network.ties().next().is_some() {
            return None;
        }
        let mut last: Vec<Moment> = self
            .network
            .pairs()
            .iter()
            .filter_map(|pair| pair.contact.as_ref().map(|contact| contact.last))
            .collect();
        last.sort();
        let at = last.get((last.len() * 99 / 100).checked_sub(1)?)?;
        Some(format!(
            "no tie is left at this date, which a single late message may have set: most contacts end by {0}; \
             try --as-of {0}",
            at.date()
        ))
    }

    /// The rules that ties were built with.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Node of an actor in the network.
    pub(crate) fn node(&self, actor: ActorId) -> Option<u32> {
        self.network.node_of(actor)
    }
}

fn source(import: tieline_store::Import) -> SourceCount {
    let tallies = import.tallies;
    SourceCount {
        name: import.label,
        read: tallies.read,
        new: tallies.new,
        duplicate: tallies.duplicate,
        left_out: tallies
            .left_out_by
            .into_iter()
            .map(|(why, n)| (why.name().to_owned(), n))
            .collect(),
        issues: tallies.issues,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_nonsense_is_explained() {
        assert_eq!(span_days("90d").unwrap(), Some(90.0));
        assert_eq!(span_days("2w").unwrap(), Some(14.0));
        assert_eq!(span_days("all").unwrap(), None);
        for bad in ["", "d", "-3d", "0d", "90", "3é", "nand"] {
            assert!(span_days(bad).unwrap_err().to_string().contains("90d"), "{bad}");
        }
    }
}
