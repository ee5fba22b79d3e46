//! Early signs of a conflict between two parties, told to both alike, and who could mediate. Only what
//! the data there shows; what is not recorded is said on the page.

use std::collections::{BTreeMap, BTreeSet};

use tieline_model::conflict::stage::K;
use tieline_model::conflict::{MediatorEvidence, MediatorScore, mediator_score};
use tieline_model::id::{ActorId, AddressId, PartyId, UnitId};
use tieline_model::partnership::charter::{Answer, Standing};
use tieline_model::tie::tie_probability;
use tieline_store::{CasePerson, CommitmentsAsked, Seated};

use super::partnership::{name_of, party_name};
use crate::app::App;
use crate::at_case::AtCase;
use crate::error::AppError;
use crate::room::InRoom;
use crate::session;
use crate::snapshot::Snapshot;

/// Commitments that are looked through.
const MOST: u64 = 500;

/// People of a party that are looked at.
const EACH: u64 = 200;

/// Days that are compared with as many before them.
const DAYS: i64 = 90;

/// Days of contact below which a fall says nothing.
const ENOUGH: usize = 10;

/// Mediators that are suggested from the network.
const SUGGESTED: usize = 3;

/// Something that may be worth a talk.
pub(super) struct Sign {
    /// Name of the other party.
    pub(super) name: String,
    /// What is seen, the same for both.
    pub(super) seen: Vec<String>,
}

/// Signs between the viewer's party and each other one.
pub(super) async fn signs(app: &App, room: &InRoom, ours: PartyId) -> Result<Vec<Sign>, AppError> {
    let seated = app.store.seated(room.id(), EACH, room.by).await?;
    let charter = app.store.assents(room.id(), room.by).await?;
    let asked = CommitmentsAsked { party: Some(ours), ..CommitmentsAsked::default() };
    let open = app.store.commitments(room.id(), &asked, MOST, room.by).await?;
    let now = session::now();
    let mut all = Vec::new();
    for (party, _) in room.room.parties.iter().filter(|(party, _)| party.id != ours) {
        let (with, name) = (party.id, party.name.clone());
        let mut seen = Vec::new();
        let between = open.iter().filter(|one| one.is_side(with) && one.is_side(ours));
        let late = between.filter(|one| one.state.due.is_some_and(|due| due <= now)).count();
        if late > 0 {
            seen.push(t!("conflicts-sign-late", n = late));
        }
        let answers = [ours, with].map(|party| charter.standing(party));
        let assents = |one: &Standing| matches!(one, Standing::Answered(Answer::Assents));
        let objects = |one: &Standing| matches!(one, Standing::Answered(Answer::Declines));
        if answers.iter().any(assents) && answers.iter().any(objects) {
            seen.push(t!("conflicts-sign-charter"));
        }
        if let Some((before, lately)) = fall(app, &seated, [ours, with]) {
            seen.push(t!("conflicts-sign-contact", days = DAYS, before = before, now = lately));
        }
        if !seen.is_empty() {
            all.push(Sign { name, seen });
        }
    }
    Ok(all)
}

/// Nodes of whoever sits at a party.
fn nodes(snapshot: &Snapshot, seated: &[Seated], party: PartyId) -> Vec<u32> {
    let there = seated.iter().filter(|one| one.party == party).filter_map(|one| one.actor);
    there.filter_map(|actor| snapshot.network.node_of(actor)).collect()
}

/// Days of contact between people of two parties, in the last [`DAYS`] and as many before, where
/// these are half or less. Sums over at least [`K`] people tell nobody's own.
fn fall(app: &App, seated: &[Seated], parties: [PartyId; 2]) -> Option<(usize, usize)> {
    let snapshot = app.live.get()?;
    let [ours, theirs] = parties.map(|party| nodes(&snapshot, seated, party));
    if ours.len() + theirs.len() < K {
        return None;
    }
    let last = snapshot.network.as_of()?.day();
    let (mut before, mut lately) = (0, 0);
    for one in &ours {
        for other in &theirs {
            let pair = snapshot.network.pair(*one, *other);
            let contact = pair.and_then(|pair| pair.contact.as_ref());
            for day in contact.map(|contact| contact.days.as_slice()).unwrap_or_default() {
                match last - day {
                    0..DAYS => lately += 1,
                    past if (DAYS..2 * DAYS).contains(&past) => before += 1,
                    _ => {}
                }
            }
        }
    }
    (before >= ENOUGH && lately * 2 <= before).then_some((before, lately))
}

/// Someone who could mediate, and why.
pub(super) struct Suggestion {
    pub(super) who: AddressId,
    pub(super) name: String,
    pub(super) why: String,
}

/// Who could mediate: people of parties that are no side, and for those who see names in the network
/// whoever is equally near to both sides.
pub(super) async fn suggestions(
    app: &App,
    at: &AtCase,
    people: &[CasePerson],
) -> Result<Vec<Suggestion>, AppError> {
    let mut all = Vec::new();
    if let Some(room) = at.who.room() {
        let seated = app.store.seated(room.id(), EACH, room.by).await?;
        for one in seated.iter().filter(|one| at.case.side(one.party).is_none()) {
            let open = app.store.open_mediations(one.who).await?;
            let party = party_name(room, one.party);
            let why = t!("conflicts-why-room", party = party, n = open);
            all.push(Suggestion { who: one.who, name: name_of(one), why });
        }
    }
    let sees = at.who.signed().is_some_and(|signed| signed.viewer.sees_all_named());
    let (Some(snapshot), Some(two)) = (app.live.get().filter(|_| sees), at.case.two()) else {
        return Ok(all);
    };
    let mut sides = [Vec::new(), Vec::new()];
    for (side, party) in sides.iter_mut().zip(two) {
        for one in people.iter().filter(|one| one.party == party) {
            let actor = app.store.actor_of(one.who).await?;
            side.extend(actor.and_then(|actor| snapshot.network.node_of(actor)));
        }
    }
    for (actor, name) in nearest(&snapshot, &sides) {
        let who = app.store.person(actor).await?.actor.anchor;
        let evidence = evidence_of(&snapshot, &sides, actor, app.store.open_mediations(who).await?);
        let Some(score) = evidence.and_then(|evidence| mediator_score(&evidence)) else { continue };
        if all.iter().all(|known| known.who != who) {
            all.push(Suggestion { who, name, why: reason(&score) });
        }
    }
    Ok(all)
}

fn reason(score: &MediatorScore) -> String {
    let percent = |part: f64| format!("{:.0} %", part * 100.0);
    let apart = match score.unit_factor < 1.0 {
        true => t!("conflicts-why-same-unit"),
        false => t!("conflicts-why-apart"),
    };
    let near = percent(score.closeness);
    t!("conflicts-why-near", near = near, balance = percent(score.balance), apart = apart)
}

/// The best candidates by the score without load, which is looked up for these alone.
fn nearest(snapshot: &Snapshot, sides: &[Vec<u32>; 2]) -> Vec<(ActorId, String)> {
    let network = &snapshot.network;
    let line = reporting_line(snapshot, sides);
    let mut found: Vec<(f64, ActorId, String)> = Vec::new();
    let near = paths(snapshot, sides);
    for (node, actor) in (0u32..).zip(network.actors()) {
        if actor.is_organisation || line.contains(&node) {
            continue;
        }
        let evidence = evidence_at(snapshot, sides, &near, node, 0);
        if let Some(score) = evidence.and_then(|evidence| mediator_score(&evidence)) {
            found.push((score.value(), actor.id, actor.name.clone()));
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    found.into_iter().take(SUGGESTED).map(|(_, id, name)| (id, name)).collect()
}

/// The sides themselves, and whoever is above or below them.
fn reporting_line(snapshot: &Snapshot, sides: &[Vec<u32>; 2]) -> BTreeSet<u32> {
    let formal = snapshot.network.formal();
    let mut line: BTreeSet<u32> = sides.iter().flatten().copied().collect();
    for upwards in [true, false] {
        let mut waiting: Vec<u32> = sides.iter().flatten().copied().collect();
        while let Some(node) = waiting.pop() {
            for tie in formal {
                let (from, to) = match upwards {
                    true => (tie.report, tie.manager),
                    false => (tie.manager, tie.report),
                };
                if from == node && line.insert(to) {
                    waiting.push(to);
                }
            }
        }
    }
    line
}

/// Of each node, the probability of the best path of at most two steps from a side that avoids the
/// other side.
type Near = BTreeMap<u32, f64>;

fn paths(snapshot: &Snapshot, sides: &[Vec<u32>; 2]) -> [Near; 2] {
    [0, 1].map(|side| {
        let avoided: BTreeSet<u32> = sides[1 - side].iter().copied().collect();
        let own = sides[side].iter().map(|node| (*node, 1.0)).collect();
        let one = step(snapshot, &own, &avoided);
        let mut near = step(snapshot, &one, &avoided);
        for (node, chance) in one {
            let best = near.entry(node).or_insert(0.0);
            *best = best.max(chance);
        }
        near
    })
}

fn step(snapshot: &Snapshot, from: &Near, avoided: &BTreeSet<u32>) -> Near {
    let kappa = snapshot.network.params().saturation;
    let graph = snapshot.network.graph();
    let mut near = Near::new();
    for (node, chance) in from {
        for (next, strength) in graph.ties_of(*node) {
            if !avoided.contains(&next) {
                let best = near.entry(next).or_insert(0.0);
                *best = best.max(chance * tie_probability(strength, kappa));
            }
        }
    }
    near
}

fn evidence_of(
    snapshot: &Snapshot,
    sides: &[Vec<u32>; 2],
    actor: ActorId,
    open_cases: u32,
) -> Option<MediatorEvidence<Option<UnitId>>> {
    let node = snapshot.network.node_of(actor)?;
    evidence_at(snapshot, sides, &paths(snapshot, sides), node, open_cases)
}

fn evidence_at(
    snapshot: &Snapshot,
    sides: &[Vec<u32>; 2],
    near: &[Near; 2],
    node: u32,
    open_cases: u32,
) -> Option<MediatorEvidence<Option<UnitId>>> {
    let unit = |node: u32| snapshot.network.actors().get(node as usize).and_then(|one| one.unit);
    let first = |side: &Vec<u32>| side.first().and_then(|node| unit(*node));
    Some(MediatorEvidence {
        path_a: *near[0].get(&node)?,
        path_b: *near[1].get(&node)?,
        unit: unit(node),
        party_units: [first(&sides[0]), first(&sides[1])],
        trust: None,
        open_cases,
    })
}
