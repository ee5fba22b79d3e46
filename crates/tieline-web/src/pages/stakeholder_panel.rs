//! What is said of the stakeholder that is picked: where it is placed and where people disagree, how
//! it stands and is wanted to, steps, who sways it, and how that moved.

use std::collections::BTreeSet;

use tieline_insight::Network;
use tieline_model::id::ActorId;
use tieline_model::stakeholder::{
    Engagement, Influence, Membership, PlacementEvidence, Side, Spread, membership, suggest,
};
use tieline_store::{Stakeholder, Stance};

use super::stakeholders::{
    Desk, Holding, level_name, name_of, percent, quadrant_name, salience, side_name, sign,
};
use super::subject::writer;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::session;

/// Steps, words and moves of one panel.
const MOST: usize = 50;

/// A step in words.
pub(crate) struct StepRow {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) when: String,
    pub(crate) is_done: bool,
    pub(crate) is_late: bool,
}

/// One that it sways or is swayed by.
pub(crate) struct SwayRow {
    pub(crate) other: String,
    pub(crate) words: String,
    pub(crate) note: String,
    /// Where it can be taken back.
    pub(crate) removal: String,
}

/// What the panel shows and its forms begin with.
pub(crate) struct Panel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) page: Option<String>,
    pub(crate) about: String,
    pub(crate) wants: String,
    pub(crate) side: Option<&'static str>,
    pub(crate) side_words: String,
    pub(crate) ticks: [(&'static str, String, Option<bool>); 3],
    pub(crate) salience: String,
    pub(crate) version: i64,
    /// Whether this is the reader: nobody places themself.
    pub(crate) is_self: bool,
    pub(crate) power: u32,
    pub(crate) interest: u32,
    pub(crate) is_placed: bool,
    /// What the network suggests: power in percent, and the sentence.
    pub(crate) suggested: Option<(u32, String)>,
    pub(crate) spread: String,
    pub(crate) quadrants: String,
    /// Sign, class and name of how it stands and is wanted to.
    pub(crate) now: Option<(&'static str, &'static str, String)>,
    pub(crate) wanted: Option<String>,
    pub(crate) wanted_by: String,
    pub(crate) reassess: String,
    pub(crate) is_due: bool,
    pub(crate) gap: String,
    /// Words that the form begins with: now, wanted, days.
    pub(crate) form: (String, String, String, String),
    pub(crate) after: i64,
    pub(crate) steps: Vec<StepRow>,
    pub(crate) sways: Vec<SwayRow>,
    pub(crate) others: Vec<(String, String)>,
    pub(crate) moves: Vec<String>,
}

impl Panel {
    /// Word and name of each level.
    pub(crate) fn levels(&self) -> Vec<(&'static str, String)> {
        Engagement::ALL.iter().map(|level| (level.name(), level_name(*level))).collect()
    }

    /// Word and name of each side.
    pub(crate) fn sides(&self) -> Vec<(&'static str, String)> {
        Side::ALL.iter().map(|side| (side.name(), side_name(*side))).collect()
    }

    /// Whether an attribute has this value.
    pub(crate) fn is(&self, value: &Option<bool>, wanted: bool) -> bool {
        *value == Some(wanted)
    }
}

/// Gathers it.
pub(crate) async fn panel(
    app: &App,
    desk: &Desk,
    held: &Holding,
    one: Stakeholder,
) -> Result<Panel, AppError> {
    let by = desk.by();
    let is_self = app.store.is_stakeholder(&one, by).await?;
    let placed = held.placed.get(&one.id);
    let own = placed.and_then(|placed| placed.own);
    let (spread, quadrants) = spread(placed);
    let stance = held.stances.get(&one.id);
    let reads = desk.signed.viewer.may_read();
    let said = &one.said;
    let page = match (one.actor, one.unit) {
        (Some(actor), _) if reads => Some(format!("/people/{actor}")),
        (None, Some(unit)) if reads => Some(format!("/organisations/{unit}")),
        _ => None,
    };
    let day = |at: Option<tieline_model::time::Moment>| {
        at.map_or(String::new(), |at| at.date().to_string())
    };
    let words = |at: Option<tieline_model::time::Moment>| {
        at.map_or(String::new(), |at| here::day(at.date()))
    };
    let others = held.all.iter().filter(|other| other.id != one.id);
    Ok(Panel {
        id: one.id.to_string(),
        name: name_of(&one),
        page,
        about: said.about.clone(),
        wants: said.wants.clone(),
        side: said.side.map(Side::name),
        side_words: side_words(app, desk, &one).await?,
        ticks: [
            ("will", t!("stakeholders-can-impose"), said.power),
            ("legitimacy", t!("stakeholders-fair-claim"), said.legitimacy),
            ("urgency", t!("stakeholders-cannot-wait"), said.urgency),
        ],
        salience: salience(&one).0,
        version: one.version,
        is_self,
        power: own.map_or(50, |own| percent(own.power)),
        interest: own.map_or(50, |own| percent(own.interest)),
        is_placed: own.is_some(),
        suggested: suggested(app, desk, held, &one),
        spread,
        quadrants,
        now: stance.map(|stance| {
            let (sign, tone) = sign(Some(stance.now));
            (sign, tone, level_name(stance.now))
        }),
        wanted: stance.and_then(|stance| stance.wanted).map(level_name),
        wanted_by: words(stance.and_then(|stance| stance.wanted_by)),
        reassess: words(stance.and_then(|stance| stance.reassess)),
        is_due: stance
            .and_then(|stance| stance.reassess)
            .is_some_and(|reassess| reassess <= session::now()),
        gap: gap(stance),
        form: (
            stance.map_or(String::new(), |stance| stance.now.name().to_owned()),
            stance
                .and_then(|stance| stance.wanted)
                .map_or(String::new(), |level| level.name().to_owned()),
            day(stance.and_then(|stance| stance.wanted_by)),
            day(stance.and_then(|stance| stance.reassess)),
        ),
        after: stance.map_or(0, |stance| stance.number),
        steps: steps(app, desk, &one).await?,
        sways: sways(held, &one),
        others: others.map(|other| (other.id.to_string(), name_of(other))).collect(),
        moves: moves(app, desk, &one).await?,
    })
}

fn gap(stance: Option<&Stance>) -> String {
    let gap = stance.and_then(|stance| Some(stance.now.gap_to(stance.wanted?)));
    match gap {
        None => String::new(),
        Some(gap) if gap > 0 => t!("stakeholders-gap", n = i32::from(gap)),
        Some(0) => t!("stakeholders-gap-none"),
        Some(_) => t!("stakeholders-gap-over"),
    }
}

/// Where people place it, and the quadrants that they differ on.
fn spread(placed: Option<&tieline_store::Placed>) -> (String, String) {
    let n = placed.map_or(0, |placed| placed.n);
    let Some(spread) = placed.and_then(|placed| Spread::of(&placed.all)) else {
        return (t!("stakeholders-spread-hidden", n = n), String::new());
    };
    let words = t!(
        "stakeholders-spread",
        n = n,
        power_low = percent(spread.power.low),
        power = percent(spread.power.median),
        power_high = percent(spread.power.high),
        interest_low = percent(spread.interest.low),
        interest = percent(spread.interest.median),
        interest_high = percent(spread.interest.high)
    );
    let names: Vec<String> = spread.quadrants.iter().map(|one| quadrant_name(*one)).collect();
    let differ = spread.is_contested();
    (words, if differ { here::list(&names) } else { String::new() })
}

/// Inside or outside, as it was said or is computed (METHODS 3.4).
async fn side_words(app: &App, desk: &Desk, one: &Stakeholder) -> Result<String, AppError> {
    if let Some(side) = one.said.side {
        return Ok(side_name(side));
    }
    // Where someone works is for whoever reads the directory.
    let reads = desk.signed.viewer.may_read();
    let is_own = match (one.unit, one.actor.filter(|_| reads)) {
        (Some(unit), _) => Some(is_within(app, desk, unit).await?),
        (None, Some(actor)) => {
            let person = app.store.person(actor).await?;
            match person.affiliations.iter().find(|(one, _)| one.to.is_none()) {
                Some((first, _)) => Some(is_within(app, desk, first.unit).await?),
                None => None,
            }
        }
        (None, None) => None,
    };
    Ok(match membership(is_own, None) {
        Membership::Internal => t!("stakeholders-internal"),
        Membership::External => t!("stakeholders-external"),
        Membership::Unknown => t!("stakeholders-not-known"),
    })
}

/// Whether a unit or one that it is part of is one's own.
async fn is_within(
    app: &App,
    desk: &Desk,
    unit: tieline_model::id::UnitId,
) -> Result<bool, AppError> {
    let units = app.store.units(None).await?;
    let mut next = Some(unit);
    // A unit is part of few others; the bound is for circles.
    for _ in 0..16 {
        let Some(id) = next else { return Ok(false) };
        if desk.has_unit(id) {
            return Ok(true);
        }
        next = units.iter().find(|row| row.unit.id == id).and_then(|row| row.unit.parent);
    }
    Ok(false)
}

/// Power that the places in the network suggest among the people of the register whom the reader may
/// see named (METHODS 3.5): role levels and interest are not known, so their columns are left out.
fn suggested(app: &App, desk: &Desk, held: &Holding, one: &Stakeholder) -> Option<(u32, String)> {
    let snapshot = app.live.get()?;
    let viewer = &desk.signed.viewer;
    let nodes: Vec<(ActorId, u32)> = held
        .all
        .iter()
        .filter_map(|one| one.actor)
        .filter(|actor| viewer.sees_named(*actor))
        .filter_map(|actor| Some((actor, snapshot.network.node_of(actor)?)))
        .collect();
    let at = nodes.iter().position(|(actor, _)| Some(*actor) == one.actor)?;
    if nodes.len() < 2 {
        return None;
    }
    let evidence = |(_, node): &(ActorId, u32)| PlacementEvidence {
        betweenness: snapshot.measures.get(*node as usize).map(|found| found.betweenness),
        reach2: Some(reach2(&snapshot.network, *node)),
        ..PlacementEvidence::default()
    };
    let all: Vec<PlacementEvidence> = nodes.iter().map(evidence).collect();
    let power = suggest(&all).into_iter().nth(at)?.power?;
    let part = |name: &str| {
        let found = power.parts.iter().find(|(known, _)| *known == name);
        percent(found.map_or(0.0, |(_, part)| *part))
    };
    let words = t!(
        "stakeholders-suggested",
        value = percent(power.value),
        bridging = part("betweenness"),
        reach = part("reach2"),
        n = nodes.len()
    );
    Some((percent(power.value), words))
}

/// Share of the others who are within two steps.
fn reach2(network: &Network, node: u32) -> f64 {
    let next =
        |node: u32| network.ties_of(node).map(move |tie| if tie.a == node { tie.b } else { tie.a });
    let mut near: BTreeSet<u32> = next(node).collect();
    for one in near.clone() {
        near.extend(next(one));
    }
    near.remove(&node);
    let others = network.len().saturating_sub(1).max(1);
    near.len() as f64 / others as f64
}

async fn steps(app: &App, desk: &Desk, one: &Stakeholder) -> Result<Vec<StepRow>, AppError> {
    let all = app.store.stakeholder_steps(one.id, MOST as u64, desk.by()).await?;
    let now = session::now();
    let row = |step: tieline_store::TowardsStep| StepRow {
        id: step.id.to_string(),
        text: step.text,
        when: step.due.map_or(String::new(), |due| here::day(due.date())),
        is_done: step.done.is_some(),
        is_late: step.done.is_none() && step.due.is_some_and(|due| due < now),
    };
    Ok(all.into_iter().map(row).collect())
}

fn sways(held: &Holding, one: &Stakeholder) -> Vec<SwayRow> {
    let name = |id| held.all.iter().find(|one| one.id == id).map(name_of);
    let row = |sway: &tieline_store::Sway| {
        let is_source = sway.source == one.id;
        if !is_source && sway.target != one.id {
            return None;
        }
        let other = name(if is_source { sway.target } else { sway.source })?;
        let words = match (is_source, sway.strength) {
            (true, Influence::Strong) => t!("stakeholders-sways-strong"),
            (true, Influence::Some) => t!("stakeholders-sways-some"),
            (false, Influence::Strong) => t!("stakeholders-swayed-strong"),
            (false, Influence::Some) => t!("stakeholders-swayed-some"),
        };
        let removal = format!("/stakeholders/{}/influence/{}/removal", sway.source, sway.target);
        Some(SwayRow { other, words, note: sway.note.clone(), removal })
    };
    held.sways.iter().filter_map(row).collect()
}

/// How placements and stance moved, and why, the newest first.
async fn moves(app: &App, desk: &Desk, one: &Stakeholder) -> Result<Vec<String>, AppError> {
    let mut all = Vec::new();
    for moved in app.store.movement(one.id, MOST, desk.by()).await? {
        let (power, interest) = (percent(moved.to.power), percent(moved.to.interest));
        let day = here::day(moved.at.date());
        let words = match moved.from {
            Some(from) => t!(
                "stakeholders-moved",
                day = day,
                power_from = percent(from.power),
                power = power,
                interest_from = percent(from.interest),
                interest = interest,
                why = moved.why
            ),
            None => t!(
                "stakeholders-placed-then",
                day = day,
                power = power,
                interest = interest,
                why = moved.why
            ),
        };
        all.push((moved.at, words));
    }
    for stance in app.store.stances_of(one.id, MOST as u64, desk.by()).await? {
        let who = match stance.by {
            Some(_) => writer(app, stance.by).await?,
            None => t!("charter-by-guest"),
        };
        let words = t!(
            "stakeholders-stood",
            day = here::day(stance.at.date()),
            now = level_name(stance.now),
            who = who,
            why = stance.evidence
        );
        all.push((stance.at, words));
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(all.into_iter().map(|(_, words)| words).collect())
}
