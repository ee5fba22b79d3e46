//! What if: someone leaves, two people meet, two groups become one. Nothing is saved.

use std::collections::HashSet;

use serde::Deserialize;
use tieline_insight::rehearse::Change;
use tieline_insight::{Findings, PersonRef, Rehearsal, RehearsalError, View, merged, with_tie};
use tieline_insight::{WhatIf, without};
use tieline_model::id::ActorId;

use super::lens_form::Choice;
use super::path::{End, end};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::snapshot::Snapshot;

/// What the URL says is tried.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Tried {
    /// `tie` or `merge`; else someone leaves.
    #[serde(rename = "try")]
    pub(crate) what: String,
    /// Who leaves: id.
    pub(crate) without: String,
    /// Who leaves, of all: name, address or id. Outranks `without`.
    pub(crate) who: String,
    /// Who gets a tie: names, addresses or ids.
    pub(crate) a: String,
    pub(crate) b: String,
    /// Which groups become one: names.
    pub(crate) merge: String,
    pub(crate) with: String,
}

/// What would change, ready to be shown.
pub(crate) struct Answer {
    pub(crate) title: String,
    pub(crate) sentence: String,
    /// What, now, then.
    pub(crate) rows: Vec<(String, String, String)>,
    /// Pairs of groups that lose their only tie.
    pub(crate) links: Vec<(String, String)>,
    /// People left without a tie.
    pub(crate) isolated: Vec<String>,
    /// Pair of groups, found over expected now and then.
    pub(crate) gaps: Vec<(String, String, String)>,
    /// How it is worked out.
    pub(crate) note: String,
}

impl Answer {
    /// The pairs of groups that lose their only tie, in a line.
    pub(crate) fn links_told(&self) -> String {
        let told = |(a, b): &(String, String)| t!("common-two", a = a, b = b);
        self.links.iter().map(told).collect::<Vec<_>>().join("; ")
    }
}

/// The card.
pub(crate) struct WhatIfCard {
    /// `leave`, `tie` or `merge`.
    pub(crate) mode: &'static str,
    /// Whether the viewer may try things with named people.
    pub(crate) named: bool,
    /// Whether the viewer may at least try to leave themselves.
    pub(crate) leaves: bool,
    pub(crate) leavers: Vec<Choice>,
    /// Anyone else who may be tried.
    pub(crate) leaver: End,
    pub(crate) ends: [End; 2],
    pub(crate) groups: [Vec<Choice>; 2],
    pub(crate) fault: Option<String>,
    pub(crate) answer: Option<Answer>,
}

/// What is tried, with its people found.
pub(crate) struct Asked {
    tried: Tried,
    leaver: End,
    ends: [End; 2],
    people: Option<(ActorId, ActorId)>,
}

/// Finds the people whom the URL names. Who sees no named findings tries nothing with others.
pub(crate) async fn asked(app: &App, signed: &Signed, mut tried: Tried) -> Result<Asked, AppError> {
    let named = [&tried.a, &tried.b, &tried.who];
    let is_named = named.iter().any(|text| !text.trim().is_empty());
    if is_named && !signed.viewer.sees_all_named() {
        return Err(AppError::NotFound);
    }
    let (one, a) = end(app, ("a", t!("network-try-between")), &tried.a).await?;
    let (two, b) = end(app, ("b", t!("network-try-and")), &tried.b).await?;
    let people = a.zip(b).map(|(a, b)| (a.id, b.id));
    let (mut leaver, found) = end(app, ("who", t!("network-try-anyone")), &tried.who).await?;
    if let Some(found) = found {
        let is_there = app.live.get().is_some_and(|live| live.network.node_of(found.id).is_some());
        if is_there {
            tried.without = found.id.to_string();
        } else {
            leaver.fault = Some(t!("network-no-place", name = found.name));
        }
    }
    if leaver.fault.is_some() || !leaver.choices.is_empty() {
        // Who is meant comes first: nobody else leaves meanwhile.
        tried.what = "leave".to_owned();
        tried.without.clear();
    }
    Ok(Asked { tried, leaver, ends: [one, two], people })
}

/// The card for what is asked.
pub(crate) fn card(
    snapshot: &Snapshot,
    seen: &View<'_>,
    signed: &Signed,
    asked: Asked,
) -> Result<WhatIfCard, AppError> {
    let Asked { tried, leaver, ends, people } = asked;
    let named = signed.viewer.sees_all_named();
    let findings = snapshot.findings(&signed.viewer);
    let mode = match tried.what.as_str() {
        _ if !tried.without.is_empty() => "leave",
        "leave" if named || signed.viewer.actor.is_some() => "leave",
        "tie" if named => "tie",
        "merge" => "merge",
        _ if people.is_some() => "tie",
        _ if !tried.merge.is_empty() => "merge",
        // What is open to the role comes first.
        _ if !named => "merge",
        _ => "leave",
    };
    let (answer, fault) = match mode {
        "leave" => (left(snapshot, seen, signed, &tried.without)?, None),
        "tie" => found(people.map(|people| tied(seen, people))),
        _ => {
            let is_asked = !tried.merge.is_empty() && !tried.with.is_empty();
            found(is_asked.then(|| joined(seen, &tried.merge, &tried.with)))
        }
    };
    Ok(WhatIfCard {
        mode,
        named,
        leaves: named || signed.viewer.actor.is_some(),
        leavers: match signed.viewer.actor {
            _ if named => leavers(findings, &tried.without),
            Some(me) => vec![oneself(me, &tried.without)],
            None => Vec::new(),
        },
        leaver,
        ends,
        groups: [groups(seen, &tried.merge), groups(seen, &tried.with)],
        fault,
        answer,
    })
}

fn found(tried: Option<Result<Answer, RehearsalError>>) -> (Option<Answer>, Option<String>) {
    match tried {
        None => (None, None),
        Some(Ok(answer)) => (Some(answer), None),
        Some(Err(why)) => (None, Some(refused(why))),
    }
}

fn refused(why: RehearsalError) -> String {
    match why {
        RehearsalError::NotTwo => t!("network-try-not-two"),
        RehearsalError::Tied => t!("network-try-tied"),
        RehearsalError::TooSmall => t!("network-try-too-small"),
    }
}

/// People whose leaving would cost most, to try first.
fn leavers(findings: &Findings, chosen: &str) -> Vec<Choice> {
    let people = findings.departures.iter().map(|row| &row.person);
    let people = people.chain(findings.brokers.iter().map(|row| &row.person));
    let mut known = HashSet::new();
    people
        .filter_map(|person| Some((person.actor?, person)))
        .filter(|(actor, _)| known.insert(*actor))
        .map(|(actor, person)| Choice {
            is_chosen: actor.to_string() == chosen,
            value: actor.to_string(),
            label: person.label.clone(),
        })
        .collect()
}

/// What a viewer who sees no named findings may still try.
fn oneself(me: ActorId, chosen: &str) -> Choice {
    let value = me.to_string();
    Choice { is_chosen: value == chosen, value, label: t!("network-try-yourself") }
}

fn groups(seen: &View<'_>, chosen: &str) -> Vec<Choice> {
    let shown = seen.groups().groups().iter().filter(|group| group.shown);
    let choice = |name: &String| Choice {
        value: name.clone(),
        label: name.clone(),
        is_chosen: name == chosen,
    };
    shown.map(|group| choice(&group.name)).collect()
}

/// What a named person's leaving would do: for those who see names, and for oneself.
pub(crate) fn leaving(
    snapshot: &Snapshot,
    seen: &View<'_>,
    signed: &Signed,
    who: &str,
) -> Result<Option<WhatIf>, AppError> {
    if who.is_empty() {
        return Ok(None);
    }
    let actor: ActorId = who.parse().map_err(|_| AppError::NotFound)?;
    if !signed.viewer.sees_named(actor) {
        return Err(AppError::NotFound);
    }
    let node = snapshot.network.node_of(actor).ok_or(AppError::NotFound)?;
    Ok(Some(without(seen, &[node])))
}

fn left(
    snapshot: &Snapshot,
    seen: &View<'_>,
    signed: &Signed,
    who: &str,
) -> Result<Option<Answer>, AppError> {
    Ok(leaving(snapshot, seen, signed, who)?.map(Answer::from))
}

/// A new tie between two people.
pub(crate) fn meeting(
    seen: &View<'_>,
    (a, b): (ActorId, ActorId),
) -> Result<Rehearsal, RehearsalError> {
    let node = |actor| seen.network().node_of(actor).ok_or(RehearsalError::NotTwo);
    with_tie(seen, node(a)?, node(b)?)
}

fn tied(seen: &View<'_>, (a, b): (ActorId, ActorId)) -> Result<Answer, RehearsalError> {
    let name = |actor: ActorId| {
        let node = seen.network().node_of(actor)?;
        Some(seen.network().actors().get(node as usize)?.name.clone())
    };
    let title = match (name(a), name(b)) {
        (Some(a), Some(b)) => t!("network-if-tied", one = a, two = b),
        _ => return Err(RehearsalError::NotTwo),
    };
    Ok(Answer::rehearsed(title, &meeting(seen, (a, b))?))
}

/// Two groups as one, by their names; a group that is not shown is none.
pub(crate) fn merging(seen: &View<'_>, a: &str, b: &str) -> Result<Rehearsal, RehearsalError> {
    let label = |name: &str| {
        let found = seen.groups().groups().iter().position(|one| one.shown && one.name == name);
        found.map(|at| at as u32).ok_or(RehearsalError::NotTwo)
    };
    merged(seen, label(a)?, label(b)?)
}

fn joined(seen: &View<'_>, a: &str, b: &str) -> Result<Answer, RehearsalError> {
    Ok(Answer::rehearsed(t!("network-if-merged", one = a, two = b), &merging(seen, a, b)?))
}

impl Answer {
    fn rehearsed(title: String, found: &Rehearsal) -> Self {
        let gap =
            |ratio: Option<f64>| ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
        Self {
            title,
            sentence: String::new(),
            rows: found
                .changes
                .iter()
                .map(|one| (one.name.to_owned(), told(one, one.before), told(one, one.after)))
                .collect(),
            links: Vec::new(),
            isolated: Vec::new(),
            gaps: found
                .gaps
                .iter()
                .map(|one| {
                    let pair = t!("network-pair-of-groups", one = one.group_a, two = one.group_b);
                    (pair, gap(one.before), gap(one.after))
                })
                .collect(),
            note: found.note.to_owned(),
        }
    }
}

fn told(change: &Change, value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(share) if change.is_share => format!("{:.1} %", share * 100.0),
        Some(n) if change.is_count => format!("{n:.0}"),
        Some(value) => format!("{value:.2}"),
    }
}

impl From<WhatIf> for Answer {
    fn from(found: WhatIf) -> Self {
        let steps = |steps: Option<f64>| steps.map_or("–".to_owned(), |n| format!("{n:.2}"));
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let names = |people: &[PersonRef]| -> Vec<String> {
            people.iter().map(|person| person.label.clone()).collect()
        };
        let row = |what: String, now: String, then: String| (what, now, then);
        let none = || "0".to_owned();
        Self {
            title: t!("network-without", names = names(&found.people).join(", ")),
            rows: vec![
                row(t!("network-try-row-reach"), percent(1.0), percent(1.0 - found.pair_loss)),
                row(
                    t!("network-try-row-parts"),
                    found.components_before.to_string(),
                    found.components_after.to_string(),
                ),
                row(
                    t!("network-try-row-steps"),
                    steps(found.mean_steps_before),
                    steps(found.mean_steps_after),
                ),
                row(t!("network-try-row-isolated"), none(), found.newly_isolated.len().to_string()),
                row(t!("network-try-row-orphaned"), none(), found.orphaned_contacts.to_string()),
            ],
            isolated: names(&found.newly_isolated),
            links: found.lost_links,
            sentence: found.sentence,
            gaps: Vec::new(),
            note: t!("network-try-without-note"),
        }
    }
}
