//! `tieline network`: summary, silos, brokers, people, paths, what-if, change.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tieline_insight::{Findings, Grouping, Names, PersonRef, View};
use tieline_model::id::UnitId;
use tieline_model::org::UnitKind;
use tieline_model::time::Moment;

use super::who;
use crate::cli::{Format, NetworkAction, NetworkArgs, Scope};
use crate::output::{Listing, line};
use crate::pipeline::network::{Looked, find_unit, look, look_at};
use crate::workspace::Workspace;

/// Findings told in the terminal.
const TOLD: usize = 12;

/// Answers a question about the network.
pub(super) fn run(workspace: &Workspace, args: &NetworkArgs) -> Result<()> {
    let Some(action) = &args.action else {
        let looked = look(workspace, &args.scope)?;
        let findings = looked.analyse(workspace, Names::Shown)?;
        return tell(&looked, &findings, args.format);
    };
    match action {
        NetworkAction::Summary { format, scope } => summary(workspace, *format, scope),
        NetworkAction::Silos { format, scope } => silos(workspace, *format, scope),
        NetworkAction::Brokers { format, scope } => brokers(workspace, *format, scope),
        NetworkAction::People { format, scope } => people(workspace, *format, scope),
        NetworkAction::Path { a, b, hops, format, scope } => {
            path(workspace, (a, b), *hops, *format, scope)
        }
        NetworkAction::Without { who, format, scope } => without(workspace, who, *format, scope),
        NetworkAction::Bridges { a, b, format, scope } => {
            bridges(workspace, (a, b), *format, scope)
        }
        NetworkAction::Changes { since, format, scope } => {
            changes(workspace, since.as_deref(), *format, scope)
        }
    }
}

/// The findings, the most important first.
pub(super) fn tell(looked: &Looked, findings: &Findings, format: Format) -> Result<()> {
    if format.json || format.csv {
        let mut listing = listing_of(findings);
        listing.heading.push(looked.heading());
        return listing.print(format);
    }
    line(looked.heading())?;
    if let Some(hint) = looked.hint() {
        line(format!("note: {hint}"))?;
    }
    line("")?;
    line(&findings.headline)?;
    line(&findings.lede)?;
    line("")?;
    for number in &findings.key_numbers {
        line(format!("  {:>8}  {}", number.value, number.label))?;
    }
    line("")?;
    for finding in findings.told(TOLD) {
        let mut marks = Vec::new();
        if finding.coverage.patchy {
            marks.push("patchy".to_owned());
        }
        if let Some(share) = finding.stability.share {
            let sure = if finding.stability.certain { "stable" } else { "not certain" };
            marks.push(format!("{sure}: {:.0} % of resamples", 100.0 * share));
        }
        if let Some(test) = &finding.significance {
            marks.push(format!("p = {:.4}", test.p_corrected));
        }
        let marks =
            if marks.is_empty() { String::new() } else { format!("  [{}]", marks.join(", ")) };
        line(format!("- {}{marks}", finding.headline))?;
        if !finding.action.is_empty() {
            line(format!("    next: {}", finding.action))?;
        }
    }
    for note in &findings.notes {
        line(format!("note: {note}"))?;
    }
    Ok(())
}

fn listing_of(findings: &Findings) -> Listing {
    let mut listing = Listing::new(
        &[
            ("kind", "Kind"),
            ("headline", "Finding"),
            ("detail", ""),
            ("action", "Next"),
            ("flagged", ""),
            ("evidence", ""),
            ("interactions", ""),
            ("coverage", ""),
            ("patchy", ""),
            ("stability", ""),
            ("p", ""),
            ("p_corrected", ""),
            ("caveat", ""),
            ("method", ""),
            ("parts", ""),
        ],
        "nothing to report",
    );
    for finding in findings.all() {
        let parts: Vec<Value> = finding
            .parts
            .iter()
            .map(|part| json!({"name": part.name, "value": part.value, "meaning": part.meaning}))
            .collect();
        listing.row(vec![
            json!(finding.kind.name()),
            json!(finding.headline),
            json!(finding.detail),
            json!(finding.action),
            json!(finding.flagged),
            json!(finding.evidence.sentence),
            json!(finding.evidence.interactions),
            json!(finding.coverage.share),
            json!(finding.coverage.patchy),
            json!(finding.stability.share),
            json!(finding.significance.as_ref().map(|test| test.p)),
            json!(finding.significance.as_ref().map(|test| test.p_corrected)),
            json!(finding.caveat),
            json!(format!("{} ({})", finding.method.name, finding.method.reference)),
            json!(parts),
        ]);
    }
    listing
}

fn summary(workspace: &Workspace, format: Format, scope: &Scope) -> Result<()> {
    let looked = look(workspace, scope)?;
    let findings = looked.analyse(workspace, Names::Shown)?;
    let found = &findings.summary;
    let mut listing = Listing::new(
        &[("measure", "Measure"), ("value", "Value"), ("meaning", "What it says")],
        "the network is empty",
    );
    listing.heading.push(looked.heading());
    let rows: [(&str, Value, &str); 12] = [
        ("people", json!(found.people), "in the network, also those without ties"),
        ("connected", json!(found.connected_people), "people with at least one working tie"),
        ("ties", json!(found.ties), "pairs whose strength reaches the threshold"),
        ("interactions", json!(found.interactions), "between people of the network, in the window"),
        ("density", json!(found.density), "share of possible ties that exist"),
        ("components", json!(found.components), "parts with no tie between them"),
        ("largest", json!(found.largest_share), "share of people in the largest part"),
        ("steps", json!(found.mean_steps), "mean steps between two connected people"),
        ("across", json!(found.across_share), "share of ties that join two groups"),
        ("across by chance", json!(found.across_expected), "the same if ties fell anywhere"),
        (
            "transitivity",
            json!(found.transitivity),
            "share of contacts of one person who know each other",
        ),
        ("coverage", json!(found.coverage), "share of listed people who were seen"),
    ];
    for (measure, value, meaning) in rows {
        listing.row(vec![json!(measure), value, json!(meaning)]);
    }
    listing.print(format)
}

fn silos(workspace: &Workspace, format: Format, scope: &Scope) -> Result<()> {
    let looked = look(workspace, scope)?;
    let findings = looked.analyse(workspace, Names::Shown)?;
    let mut listing = Listing::new(
        &[
            ("group_a", "Group"),
            ("group_b", "And"),
            ("observed", "Ties"),
            ("expected", "Expected"),
            ("ratio", "Ratio"),
            ("expected_by_size", ""),
            ("score", ""),
            ("p", ""),
            ("p_corrected", "p"),
            ("stability", "Stable"),
            ("coverage", "Seen"),
            ("silo", "Silo"),
        ],
        "there are no two groups of five people to compare",
    );
    listing.heading.push(looked.heading());
    for row in &findings.silos {
        listing.row(vec![
            json!(row.group_a),
            json!(row.group_b),
            json!(row.observed),
            json!(row.expected),
            json!(row.ratio),
            json!(row.expected_by_size),
            json!(row.score),
            json!(row.significance.as_ref().map(|test| test.p)),
            json!(row.significance.as_ref().map(|test| test.p_corrected)),
            json!(row.stability.share),
            json!(row.coverage.share),
            json!(row.flagged),
        ]);
    }
    listing.notes.push(
        "expected: from how active both groups are (configuration model); a silo has under half of it, \
         with a corrected p under 0.05"
            .to_owned(),
    );
    listing.print(format)
}

fn brokers(workspace: &Workspace, format: Format, scope: &Scope) -> Result<()> {
    let looked = look(workspace, scope)?;
    let findings = looked.analyse(workspace, Names::Shown)?;
    let mut listing = Listing::new(
        &[
            ("rank", "#"),
            ("actor", ""),
            ("name", "Person"),
            ("group", "Group"),
            ("route_share", "Of shortest routes"),
            ("betweenness", ""),
            ("constraint", "Constraint"),
            ("effective_size", "Effective size"),
            ("degree", "Ties"),
            ("groups_reached", "Groups"),
            ("load", "Load"),
            ("coordinator", ""),
            ("consultant", ""),
            ("gatekeeper_or_representative", ""),
            ("liaison", ""),
            ("stability", "Stable"),
        ],
        "nobody joins groups up",
    );
    listing.heading.push(looked.heading());
    for row in &findings.brokers {
        listing.row(vec![
            json!(row.rank),
            json!(row.person.actor.map(|id| id.to_string())),
            json!(row.person.label),
            json!(row.person.group),
            json!(row.route_share),
            json!(row.betweenness),
            json!(row.constraint),
            json!(row.effective_size),
            json!(row.degree),
            json!(row.groups_reached),
            json!(row.load),
            json!(row.roles.map(|roles| roles.coordinator)),
            json!(row.roles.map(|roles| roles.consultant)),
            json!(row.roles.map(|roles| roles.gatekeeper_or_representative)),
            json!(row.roles.map(|roles| roles.liaison)),
            json!(row.stability.share),
        ]);
    }
    listing.notes.push(
        "constraint: low = room to broker; load: strength of all ties against the median; these describe \
         routes, not performance"
            .to_owned(),
    );
    listing.print(format)
}

fn people(workspace: &Workspace, format: Format, scope: &Scope) -> Result<()> {
    let looked = look(workspace, scope)?;
    let view = View::new(&looked.network, None, Names::Shown);
    let mut listing = Listing::new(
        &[
            ("actor", ""),
            ("name", "Person"),
            ("group", "Group"),
            ("degree", "Ties"),
            ("strength", "Strength"),
            ("betweenness", "Betweenness"),
            ("route_share", ""),
            ("constraint", "Constraint"),
            ("effective_size", "Effective size"),
            ("ei", "E-I"),
            ("core", "Core"),
            ("coordinator", ""),
            ("consultant", ""),
            ("gatekeeper_or_representative", ""),
            ("liaison", ""),
        ],
        "the network is empty",
    );
    listing.heading.push(looked.heading());
    for row in tieline_insight::people(&view) {
        listing.row(vec![
            json!(row.person.actor.map(|id| id.to_string())),
            json!(row.person.label),
            json!(row.person.group),
            json!(row.degree),
            json!(row.strength),
            json!(row.betweenness),
            json!(row.route_share),
            json!(row.constraint),
            json!(row.effective_size),
            json!(row.ei),
            json!(row.core),
            json!(row.roles.map(|roles| roles.coordinator)),
            json!(row.roles.map(|roles| roles.consultant)),
            json!(row.roles.map(|roles| roles.gatekeeper_or_representative)),
            json!(row.roles.map(|roles| roles.liaison)),
        ]);
    }
    listing.print(format)
}

/// Node of the one person a text names.
fn node(workspace: &Workspace, looked: &Looked, text: &str) -> Result<u32> {
    let row = who::person(workspace, text)?;
    looked
        .node(row.id)
        .ok_or_else(|| anyhow!("{} is not part of the network that you asked for", row.name))
}

fn path(
    workspace: &Workspace,
    (a, b): (&str, &str),
    hops: usize,
    format: Format,
    scope: &Scope,
) -> Result<()> {
    let looked = look(workspace, scope)?;
    let view = View::new(&looked.network, None, Names::Shown);
    let (from, to) = (node(workspace, &looked, a)?, node(workspace, &looked, b)?);
    let found = tieline_insight::path(&view, from, to, hops.clamp(1, 8));
    let mut listing = Listing::new(
        &[
            ("path", "Path"),
            ("step", "Step"),
            ("from", "From"),
            ("to", "To"),
            ("probability", "Probability"),
            ("strength", "Strength"),
            ("last_contact", "Last contact"),
            ("path_probability", ""),
        ],
        found.sentence.clone(),
    );
    listing.heading.push(looked.heading());
    if !found.paths.is_empty() {
        listing.heading.push(found.sentence.clone());
    }
    for (number, path) in found.paths.iter().enumerate() {
        for (step, hop) in path.steps.iter().enumerate() {
            listing.row(vec![
                json!(number + 1),
                json!(step + 1),
                json!(hop.from.label),
                json!(hop.to.label),
                json!(hop.probability),
                json!(hop.strength),
                json!(hop.last_contact.map(|at| at.date().to_string())),
                json!(path.probability),
            ]);
        }
    }
    listing.print(format)
}

fn labels(people: &[PersonRef]) -> Value {
    json!(people.iter().map(|person| person.label.clone()).collect::<Vec<_>>())
}

fn without(workspace: &Workspace, who: &[String], format: Format, scope: &Scope) -> Result<()> {
    let looked = look(workspace, scope)?;
    let view = View::new(&looked.network, None, Names::Shown);
    let nodes: Vec<u32> =
        who.iter().map(|text| node(workspace, &looked, text)).collect::<Result<_>>()?;
    let found = tieline_insight::without(&view, &nodes);
    let mut listing = Listing::new(
        &[("what", "What"), ("before", "Now"), ("after", "Without"), ("loss", "Loss")],
        "",
    );
    listing.heading.push(looked.heading());
    listing.heading.push(format!("{} Nothing is saved.", found.sentence));
    let links: Vec<String> = found.lost_links.iter().map(|(a, b)| format!("{a} and {b}")).collect();
    listing.row(vec![
        json!("pairs that reach each other"),
        Value::Null,
        Value::Null,
        json!(found.pair_loss),
    ]);
    listing.row(vec![json!("closeness"), Value::Null, Value::Null, json!(found.efficiency_loss)]);
    listing.row(vec![
        json!("parts"),
        json!(found.components_before),
        json!(found.components_after),
        Value::Null,
    ]);
    listing.row(vec![
        json!("mean steps"),
        json!(found.mean_steps_before),
        json!(found.mean_steps_after),
        Value::Null,
    ]);
    listing.row(vec![
        json!("people left alone"),
        Value::Null,
        labels(&found.newly_isolated),
        Value::Null,
    ]);
    listing.row(vec![json!("groups that lose each other"), Value::Null, json!(links), Value::Null]);
    listing.row(vec![
        json!("outside contacts lost"),
        Value::Null,
        json!(found.orphaned_contacts),
        Value::Null,
    ]);
    listing.print(format)
}

fn bridges(
    workspace: &Workspace,
    (a, b): (&str, &str),
    format: Format,
    scope: &Scope,
) -> Result<()> {
    let looked = look(workspace, scope)?;
    let (a, b) = (find_unit(&looked.units, a)?, find_unit(&looked.units, b)?);
    if a == b {
        bail!("a bridge needs two different units");
    }
    let is_organisation = |unit: UnitId| {
        looked.units.get(&unit).is_some_and(|unit| unit.kind == UnitKind::Organisation)
    };
    let level = (is_organisation(a) && is_organisation(b)).then_some(Grouping::Organisation);
    let view = View::new(&looked.network, level.or(Some(Grouping::Department)), Names::Shown);
    let plan = tieline_insight::bridges(&view, a, b).context("cannot plan the bridge")?;
    let mut listing = Listing::new(
        &[
            ("name_a", "Introduce"),
            ("name_b", "To"),
            ("pairs_shortened", "Pairs brought closer"),
            ("gain", "Gain"),
            ("introduction", "Way in"),
        ],
        "there is nobody left to introduce between these two",
    );
    listing.heading.push(looked.heading());
    let ratio = |value: Option<f64>| value.map_or("–".to_owned(), |x| format!("{x:.2}"));
    listing.heading.push(format!(
        "{} and {}: {} of the ties expected now, {} with all of these",
        plan.group_a,
        plan.group_b,
        ratio(plan.ratio_before),
        ratio(plan.ratio_after)
    ));
    for tie in &plan.ties {
        listing.row(vec![
            json!(tie.person_a.label),
            json!(tie.person_b.label),
            json!(tie.pairs_shortened),
            json!(tie.gain),
            json!(tie.introduction.as_ref().map(|path| path.sentence.clone())),
        ]);
    }
    listing.print(format)
}

fn changes(
    workspace: &Workspace,
    since: Option<&str>,
    format: Format,
    scope: &Scope,
) -> Result<()> {
    let now = look(workspace, scope)?;
    let as_of = now
        .as_of
        .ok_or_else(|| anyhow!("nothing is dated, so nothing can be said about change"))?;
    let earlier = match since {
        Some(text) => text.parse::<Moment>()?,
        None => as_of.plus_days(-90.0),
    };
    if earlier >= as_of {
        bail!("--since has to lie before the as-of date");
    }
    let then = look_at(workspace, scope, Some(earlier))?;
    let (before, after) =
        (View::new(&then.network, None, Names::Shown), View::new(&now.network, None, Names::Shown));
    let found = tieline_insight::changes(&before, &after);
    let mut listing = Listing::new(
        &[("change", "Change"), ("a", "Who"), ("b", "With"), ("then", "Then"), ("now", "Now")],
        "nothing changed",
    );
    listing.heading.push(format!("{}, compared with {}", now.heading(), then.heading()));
    listing.heading.push(found.sentence.clone());
    let kinds = [
        ("appeared", &found.appeared),
        ("strengthened", &found.strengthened),
        ("cooled", &found.cooled),
        ("vanished", &found.vanished),
    ];
    let most = if format.json || format.csv { usize::MAX } else { 10 };
    for link in &found.links {
        listing.row(vec![
            json!("group ties"),
            json!(link.group_a),
            json!(link.group_b),
            json!(link.then),
            json!(link.now),
        ]);
    }
    for (kind, ties) in kinds {
        for tie in ties.iter().take(most) {
            listing.row(vec![
                json!(kind),
                json!(tie.person_a.label),
                json!(tie.person_b.label),
                json!(tie.then),
                json!(tie.now),
            ]);
        }
        if ties.len() > most {
            listing.notes.push(format!("{} more ties {kind}; --csv gives all", ties.len() - most));
        }
    }
    listing.print(format)
}
