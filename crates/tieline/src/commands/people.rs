//! `tieline people`: list and show.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use tieline_insight::{Grouping, Names, Pair, View};
use tieline_model::id::ActorId;
use tieline_model::org::{Affiliation, Unit};
use tieline_model::time::Moment;
use tieline_store::{ActorKind, PeopleCursor, PeopleQuery, Person};

use super::who;
use crate::cli::{Format, PeopleAction, PeopleArgs, Scope};
use crate::output::{Listing, grouped, line};
use crate::pipeline::network::{Looked, as_of, find_unit, look};
use crate::workspace::Workspace;

/// Ties shown of one person.
const TIES: usize = 25;

/// Lists, shows or erases people.
pub(super) fn run(workspace: &Workspace, args: &PeopleArgs) -> Result<()> {
    match &args.action {
        None => list(workspace, args),
        Some(PeopleAction::Show { who, format, scope }) => show(workspace, who, *format, scope),
        Some(PeopleAction::Erase { who, yes }) => super::erase::run(workspace, who, *yes),
    }
}

fn list(workspace: &Workspace, args: &PeopleArgs) -> Result<()> {
    let as_of = as_of(workspace, &args.scope)?;
    let unit = match &args.scope.unit {
        Some(text) => {
            let units = workspace.wait(workspace.store.units(None))?;
            let by_id: BTreeMap<_, _> =
                units.into_iter().map(|row| (row.unit.id, row.unit)).collect();
            Some(find_unit(&by_id, text)?)
        }
        None => None,
    };
    let query = PeopleQuery {
        text: args.search.clone(),
        unit,
        kind: Some(ActorKind::Person),
        as_of,
        after: args.after.as_deref().map(cursor).transpose()?,
        limit: args.limit.clamp(1, 10_000) as u64,
        ..PeopleQuery::default()
    };
    let (rows, next) =
        workspace.wait(workspace.store.people(&query)).context("cannot list people")?;
    let total =
        workspace.wait(workspace.store.count_people(&query)).context("cannot count people")?;
    let mut listing = Listing::new(
        &[
            ("id", ""),
            ("name", "Name"),
            ("address", "Address"),
            ("addresses", "Addresses"),
            ("title", "Title"),
            ("unit", "Unit"),
            ("organisation", "Organisation"),
        ],
        "nobody fits",
    );
    if let Some(as_of) = as_of {
        let last = Moment::from_ms(as_of.ms() - 1).date();
        listing.heading.push(format!("as of {last}, {} people", grouped(total)));
    }
    for row in rows {
        listing.row(vec![
            json!(row.id.to_string()),
            json!(row.name),
            json!(row.address),
            json!(row.n_addresses),
            json!(row.title),
            json!(row.unit.map(|unit| unit.name)),
            json!(row.organisation.map(|unit| unit.name)),
        ]);
    }
    if let Some(next) = next {
        listing.notes.push(format!("more: --after '{}'", mark(&next)));
    }
    listing.print(args.format)
}

/// A cursor as text that survives a shell.
fn mark(cursor: &PeopleCursor) -> String {
    format!("{}/{}", cursor.id, cursor.name)
}

fn cursor(text: &str) -> Result<PeopleCursor> {
    let bad = || anyhow!("'{text}' is no mark; copy it from the end of the listing before");
    let (id, name) = text.split_once('/').ok_or_else(bad)?;
    Ok(PeopleCursor { id: id.parse().map_err(|_| bad())?, name: name.to_owned() })
}

fn show(workspace: &Workspace, who: &str, format: Format, scope: &Scope) -> Result<()> {
    let row = who::person(workspace, who)?;
    let person =
        workspace.wait(workspace.store.person(row.id)).context("cannot read the person")?;
    let looked = look(workspace, scope)?;
    if !format.json && !format.csv {
        card(&person)?;
    }
    ties(workspace, &looked, (row.id, &row.name), format)?.print(format)
}

/// What is known of a person beside their ties.
fn card(person: &Person) -> Result<()> {
    line(format!("{}  ({})", person.actor.name, person.actor.id))?;
    for address in &person.addresses {
        let Some(seen) = &address.seen else { continue };
        line(format!(
            "  {}  {} sent, {} received{}",
            seen.address,
            grouped(seen.sent),
            grouped(seen.received),
            span(seen.first, seen.last)
        ))?;
    }
    for (affiliation, units) in &person.affiliations {
        line(format!("  {}", affiliated(affiliation, units)))?;
    }
    for merge in &person.actor.merges {
        line(format!("  one person: {}", merge.sentence))?;
    }
    line("")
}

/// Someone's ties, strongest first.
fn ties(
    workspace: &Workspace,
    looked: &Looked,
    (id, name): (ActorId, &str),
    format: Format,
) -> Result<Listing> {
    let mut listing = Listing::new(
        &[
            ("alter", ""),
            ("name", "Tie with"),
            ("group", "Group"),
            ("strength", "Strength"),
            ("probability", "Probability"),
            ("given", "Given"),
            ("received", "Received"),
            ("last", "Last contact"),
            ("state", "State"),
        ],
        "no contact in this window",
    );
    listing.heading.push(looked.heading());
    let node = looked
        .node(id)
        .ok_or_else(|| anyhow!("{name} is not part of the network that you asked for"))?;
    let view = View::new(&looked.network, Some(Grouping::Department), Names::Shown);
    let mut ties: Vec<_> =
        looked.network.pairs().iter().filter(|pair| pair.a == node || pair.b == node).collect();
    ties.sort_by(|x, y| y.strength.total_cmp(&x.strength));
    let human = !format.json && !format.csv;
    let n_ties = ties.len();
    let saturation = workspace.config.ties.saturation;
    for pair in ties.into_iter().take(if human { TIES } else { usize::MAX }) {
        if let Some(cells) = tie(looked, &view, (node, pair), saturation) {
            listing.row(cells);
        }
    }
    if human && n_ties > TIES {
        listing.notes.push(format!("{} weaker ties; --csv gives all", n_ties - TIES));
    }
    listing.notes.push(
        "strength: effective one-to-one interactions left after decay; given and received are its two directions"
            .to_owned(),
    );
    Ok(listing)
}

/// A row of [`ties`]: what a person (by node) and one other have.
fn tie(
    looked: &Looked,
    view: &View<'_>,
    (node, pair): (u32, &Pair),
    saturation: f64,
) -> Option<Vec<Value>> {
    let alter = if pair.a == node { pair.b } else { pair.a };
    let actor = looked.network.actors().get(alter as usize)?;
    let contact = pair.contact.as_ref();
    let sums = contact.map(|contact| {
        let sums = contact.strength;
        if pair.a == node { (sums.x_ij, sums.x_ji) } else { (sums.x_ji, sums.x_ij) }
    });
    Some(vec![
        json!(actor.id.to_string()),
        json!(actor.name),
        json!(view.groups().shown_group(alter).map(|group| group.name.clone())),
        json!(pair.strength),
        json!(tieline_model::tie::tie_probability(pair.strength, saturation)),
        json!(sums.map(|sums| sums.0)),
        json!(sums.map(|sums| sums.1)),
        json!(contact.map(|contact| contact.last.date().to_string())),
        json!(contact.zip(looked.as_of).map(|(contact, at)| contact.rhythm(at).state.name())),
    ])
}

fn span(first: Option<Moment>, last: Option<Moment>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!(", {} to {}", first.date(), last.date()),
        _ => String::new(),
    }
}

fn affiliated(affiliation: &Affiliation, units: &[Unit]) -> String {
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    let title = affiliation.title.as_deref().map_or(String::new(), |title| format!("{title}, "));
    let from = affiliation.from.map_or(String::new(), |at| format!(" from {}", at.date()));
    let to = affiliation.to.map_or(String::new(), |at| format!(" until {}", at.date()));
    let proposed = if affiliation.proposed { ", proposed: looks like a job change" } else { "" };
    format!("{title}{}{from}{to} ({}{proposed})", names.join(", "), affiliation.source.name())
}
