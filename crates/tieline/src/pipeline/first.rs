//! The first thing that shows while an import runs: a network of what was read until then, held in
//! memory within bounds, analysed without names. Preliminary: copies in other imports and people's
//! decisions are not looked at yet.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use tieline_identity::AddressFacts;
use tieline_insight::{
    AnalysisOptions, Findings, Names, Network, NetworkInput, PairContact, analyse,
};
use tieline_model::address::AddressClass;
use tieline_model::id::AddressId;
use tieline_model::interaction::{EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::org::Unit;
use tieline_model::tie::{Contact, Strength, TieParams, decay, gathering_share, message_share};
use tieline_model::time::{DAY_MS, Moment, Window};
use tieline_store::{IdentityState, StoreError};
use tieline_web::preview::{Beside, First};

use super::classify::{AddressSums, class_of, distinct_senders};
use super::facts::{Facts, Portion};
use super::members::{Input, current};
use super::settle::resolved;
use crate::workspace::Workspace;

/// Records after which a look is taken.
const LOOKS: [u64; 4] = [250, 1_000, 4_000, 16_000];

/// Contributions held; an import with more of them had its looks.
const MOST_SHARES: usize = 200_000;

/// People of a network that is looked at: a look stays under a second or so.
const MOST_PEOPLE: usize = 4_000;

/// Label permutations of the tests: enough to say what is unlikely by chance.
const PERMUTATIONS: u32 = 500;

/// What one event gave one pair.
#[derive(Debug, Clone, Copy)]
struct Share {
    from: AddressId,
    to: AddressId,
    at: Moment,
    /// Before any decay.
    weight: f64,
}

/// What was read so far, and when to look.
#[derive(Debug)]
pub(crate) struct FirstLook<'a> {
    path: &'a Path,
    params: &'a TieParams,
    shares: Vec<Share>,
    records: u64,
    /// Looks taken.
    looks: usize,
    /// No further look: there is too much to hold, or facts went to the store already.
    is_over: bool,
}

impl<'a> FirstLook<'a> {
    /// Writes what it finds to `path`.
    pub(crate) fn new(path: &'a Path, params: &'a TieParams) -> Self {
        Self { path, params, shares: Vec::new(), records: 0, looks: 0, is_over: false }
    }

    /// Facts go to the store: what is held does not tell who is who any more.
    pub(crate) fn end(&mut self) {
        self.is_over = true;
        self.shares = Vec::new();
    }

    /// Takes one event with its rows.
    pub(crate) fn take(&mut self, head: &EventHead, rows: &[Interaction]) {
        let participants = head.participants;
        if self.is_over || head.left_out != LeftOut::Kept || participants > self.params.max_group {
            return;
        }
        match rows.first() {
            Some(first) if first.channel.is_gathering() => self.gathering(rows),
            Some(_) => self.message(rows),
            None => {}
        }
        if self.shares.len() > MOST_SHARES {
            self.end();
        }
    }

    fn message(&mut self, rows: &[Interaction]) {
        let named = rows.iter().filter(|row| row.role != Role::Nobody && row.from != row.to);
        for row in named {
            let weight = self.params.channel_weights.of(row.channel) * message_share(row.group);
            self.shares.push(Share { from: row.from, to: row.to, at: row.at, weight });
        }
    }

    fn gathering(&mut self, rows: &[Interaction]) {
        let Some(first) = rows.first() else { return };
        let absent = [Status::Declined, Status::Cancelled, Status::Resource];
        let there: BTreeSet<AddressId> =
            rows.iter().filter(|row| !absent.contains(&row.status)).map(|row| row.to).collect();
        let share = gathering_share(there.len() as u32, first.minutes);
        let weight = self.params.channel_weights.of(first.channel) * share;
        for from in &there {
            for to in there.iter().filter(|to| *to != from) {
                self.shares.push(Share { from: *from, to: *to, at: first.at, weight });
            }
        }
    }

    /// One more record was read. Looks at times; what cannot be looked at is no reason to end an
    /// import.
    pub(crate) fn record(&mut self, workspace: &Workspace, facts: &Facts) {
        self.records += 1;
        if self.is_over || LOOKS.get(self.looks).is_none_or(|at| self.records < *at) {
            return;
        }
        self.looks += 1;
        if let Err(error) = self.look(workspace, facts) {
            tracing::warn!("a first look at an import failed: {error:#}");
        }
    }

    fn look(&mut self, workspace: &Workspace, facts: &Facts) -> Result<()> {
        let Some(network) = self.network(workspace, facts)? else { return Ok(()) };
        let options = AnalysisOptions {
            names: Names::Hidden,
            permutations: PERMUTATIONS,
            resamples: 0,
            ..AnalysisOptions::default()
        };
        let Some(sentence) = first_of(&analyse(&network, None, &options)) else { return Ok(()) };
        First { sentence, records: self.records }
            .write(self.path)
            .context("cannot keep what was found")
    }

    /// What was read until now; `None` when there is nothing dated, or too many people.
    fn network(&mut self, workspace: &Workspace, facts: &Facts) -> Result<Option<Network>> {
        let now = Moment::from_ms(jiff::Timestamp::now().as_millisecond());
        let newest = self.shares.iter().map(|share| share.at).filter(|at| *at <= now).max();
        let Some(to) = newest.map(|at| Moment::from_ms(at.ms() + 1)) else { return Ok(None) };
        let window = match workspace.config.window_days {
            Some(days) => Window::days_before(to, days),
            None => Window::until(to),
        };
        let opted_out: HashSet<AddressId> = workspace
            .wait(async {
                Ok::<_, StoreError>(workspace.store.opted_out().await?.into_iter().collect())
            })
            .context("cannot read who stays off maps")?;
        let state = who(workspace, facts.clone().take());
        if state.actors.len() > MOST_PEOPLE {
            self.end();
            return Ok(None);
        }
        let units: BTreeMap<_, Unit> =
            state.units.iter().map(|unit| (unit.id, unit.clone())).collect();
        let affiliations = current(&state.affiliations, Some(to));
        let mut nodes: HashMap<AddressId, u32> = HashMap::new();
        for (index, actor) in state.actors.iter().enumerate() {
            nodes.extend(actor.addresses.iter().map(|address| (*address, index as u32)));
        }
        let contacts = contacts(&self.shares, &nodes, window, self.params);
        let input = Input {
            actors: &state.actors,
            units: &units,
            affiliations: &affiliations,
            opted_out: &opted_out,
        };
        let network = Network::build(NetworkInput {
            actors: input.nodes(contacts.iter().map(|pair| (pair.a, pair.b)), &[]),
            units: units.values().cloned().collect(),
            formal: input.formal(),
            contacts,
            stated: Vec::new(),
            as_of: Some(to),
            window: Some(window),
            params: self.params.clone(),
            seed: workspace.config.seed,
        });
        network.context("cannot build the network").map(Some)
    }
}

/// Who is who, by what these files say alone.
fn who(workspace: &Workspace, facts: Portion) -> IdentityState {
    let seen: HashMap<AddressId, _> = facts.sightings.into_iter().collect();
    let addresses = facts.addresses.into_iter().map(|address| {
        let sighting = seen.get(&address.id()).copied().unwrap_or_default();
        let sums = AddressSums {
            sent: sighting.sent,
            received: sighting.received,
            senders: distinct_senders(sighting.senders_sketch),
            is_list_post: sighting.is_list_post,
            is_resource: sighting.is_resource,
            said: None,
        };
        AddressFacts {
            id: address.id(),
            class: class_of(&address, &sums, &workspace.config.lists),
            address,
            sent: sighting.sent,
            received: sighting.received,
            first: sighting.first,
            last: sighting.last,
            rank: 0,
        }
    });
    let mut addresses: Vec<AddressFacts> =
        addresses.filter(|facts| facts.class == AddressClass::Person).collect();
    addresses.sort_by_key(|facts| facts.id);
    resolved(&addresses, &facts.claims, &[])
}

/// What passed between people in the window.
fn contacts(
    shares: &[Share],
    nodes: &HashMap<AddressId, u32>,
    window: Window,
    params: &TieParams,
) -> Vec<PairContact> {
    let mut pairs: BTreeMap<(u32, u32), Contact> = BTreeMap::new();
    for share in shares.iter().filter(|share| window.contains(share.at)) {
        let (Some(from), Some(to)) = (nodes.get(&share.from), nodes.get(&share.to)) else {
            continue;
        };
        if from == to {
            continue;
        }
        let contact = pairs.entry((*from.min(to), *from.max(to))).or_insert_with(|| Contact {
            strength: Strength { x_ij: 0.0, x_ji: 0.0 },
            count_ij: 0,
            count_ji: 0,
            first: share.at,
            last: share.at,
            days: Vec::new(),
        });
        let gives = share.weight * decay(window.to.days_since(share.at), params.half_life_days);
        let (sum, count) = match from < to {
            true => (&mut contact.strength.x_ij, &mut contact.count_ij),
            false => (&mut contact.strength.x_ji, &mut contact.count_ji),
        };
        *sum += gives;
        *count += 1;
        contact.first = contact.first.min(share.at);
        contact.last = contact.last.max(share.at);
        let day = share.at.ms().div_euclid(DAY_MS);
        if let Err(at) = contact.days.binary_search(&day) {
            contact.days.insert(at, day);
        }
    }
    pairs.into_iter().map(|((a, b), contact)| PairContact { a, b, contact }).collect()
}

/// The first finding to tell; without one, what the network is like.
fn first_of(findings: &Findings) -> Option<String> {
    let told = findings.told(1).first().map(|found| found.headline.clone());
    told.or_else(|| Some(findings.headline.clone()).filter(|_| findings.summary.ties > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_add_up_as_methods_1_1_says() {
        let (a, b) = (AddressId::from_i64(1), AddressId::from_i64(2));
        let nodes: HashMap<AddressId, u32> = [(a, 0), (b, 1)].into();
        let to = Moment::from_ms(1_000 * DAY_MS);
        let window = Window::days_before(to, 365.0);
        let share = |from, to_whom, days: f64| Share {
            from,
            to: to_whom,
            at: to.plus_days(-days),
            weight: 1.0,
        };
        let shares = [share(a, b, 90.0), share(b, a, 180.0), share(a, b, 400.0), share(a, a, 1.0)];
        let found = contacts(&shares, &nodes, window, &TieParams::default());
        let [pair] = found.as_slice() else { panic!("{found:?}") };
        // Half-life 90 days: one half and one quarter; 400 days ago is outside the window.
        assert!((pair.contact.strength.x_ij - 0.5).abs() < 1e-12);
        assert!((pair.contact.strength.x_ji - 0.25).abs() < 1e-12);
        assert_eq!((pair.contact.count_ij, pair.contact.count_ji), (1, 1));
        assert_eq!(pair.contact.days.len(), 2);
    }
}
