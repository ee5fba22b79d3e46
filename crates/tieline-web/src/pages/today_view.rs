//! What Today shows, from a snapshot.

use tieline_insight::findings::SuggestedTie;
use tieline_insight::voice::{about, percent};
use tieline_insight::{Finding, FindingKind, PersonRef};
use tieline_model::access::Viewer;
use tieline_model::tie::TieState;
use tieline_store::Snooze;

use super::rhythm::{self, Overdue};

use crate::app::App;
use crate::assets::icons;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::map;
use crate::session;
use crate::show::{self, Spark};
use crate::snapshot::{Pulse, Snapshot};

/// Things that need the viewer, at most: more would not be read.
const MOST_NEEDS: usize = 3;

/// Findings told beside the first.
const MORE: usize = 3;

/// Things worth doing that are offered.
const MOST_WORTH: usize = 3;

/// A finding, told.
#[derive(Debug, Clone)]
pub(crate) struct Lead {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) headline: String,
    pub(crate) detail: String,
    pub(crate) action: String,
    /// Label and address of the page that shows it.
    pub(crate) open: Option<(&'static str, String)>,
    pub(crate) why: Why,
    /// A small picture, as SVG.
    pub(crate) figure: Option<String>,
}

/// Why something is shown.
#[derive(Debug, Clone)]
pub(crate) struct Why {
    /// Names and values of the numbers it is made of.
    pub(crate) parts: Vec<(&'static str, String)>,
    /// What it rests on and how sure it is.
    pub(crate) basis: String,
    pub(crate) caveat: String,
    pub(crate) source: String,
}

/// Something that needs the viewer.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// By which it is put off.
    pub(crate) item: String,
    pub(crate) icon: &'static str,
    /// `w` for what is due, else empty.
    pub(crate) tone: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) pill: Option<String>,
    pub(crate) why: String,
    pub(crate) label: &'static str,
    pub(crate) href: String,
}

/// Something worth doing.
#[derive(Debug, Clone)]
pub(crate) struct Worth {
    /// By which it is put off.
    pub(crate) item: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) pill: String,
    pub(crate) why: String,
    pub(crate) label: &'static str,
    pub(crate) href: String,
}

/// One number of the pulse.
#[derive(Debug, Clone)]
pub(crate) struct Stat {
    pub(crate) value: String,
    pub(crate) label: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) source: &'static str,
    pub(crate) spark: Option<Spark>,
}

/// "Good morning, Amara".
pub(crate) fn greeting(name: &str, hour: i8) -> String {
    let time = match hour {
        5..12 => "morning",
        12..18 => "afternoon",
        _ => "evening",
    };
    let first = name.split_whitespace().next().unwrap_or(name);
    format!("Good {time}, {first}")
}

/// How much waits, in a sentence.
pub(crate) fn waiting(needs: usize) -> String {
    match needs {
        0 => "Nothing needs you.".to_owned(),
        1 => "One thing needs you; the rest can wait.".to_owned(),
        n => format!(
            "{} things need you; the rest can wait.",
            ["Two", "Three"].get(n - 2).unwrap_or(&"Some")
        ),
    }
}

/// The findings to tell, the first with a picture.
pub(crate) fn told(snapshot: &Snapshot, viewer: &Viewer) -> Vec<Lead> {
    let findings = snapshot.findings(viewer);
    let mut told: Vec<Lead> = findings
        .told(MORE + 1)
        .into_iter()
        .enumerate()
        .map(|(at, found)| lead(at, found))
        .collect();
    if let Some(first) = findings.told(1).first()
        && first.kind == FindingKind::Silo
        && let Some(lead) = told.first_mut()
        && let Some(silo) = findings.silos.iter().find(|silo| silo.flagged)
    {
        lead.figure = map::gap_figure(snapshot, silo);
    }
    told
}

fn lead(at: usize, finding: &Finding) -> Lead {
    let (kind, icon, open) = match finding.kind {
        FindingKind::Silo | FindingKind::Bridges => {
            ("Gap in the network", icons::UNLINK, Some(("See the gap", "/network#gaps")))
        }
        FindingKind::Broker => (
            "Joins groups up",
            icons::WAYPOINTS,
            Some(("See who joins groups up", "/network#brokers")),
        ),
        FindingKind::Dependence => {
            ("Hangs on one person", icons::ROUTE, Some(("See the link", "/network#dependence")))
        }
        FindingKind::Departure => {
            ("If someone leaves", icons::USER_ROUND, Some(("Try what if", "/network#what-if")))
        }
        FindingKind::Cooling => {
            ("Gone quiet", icons::SNOWFLAKE, Some(("See quiet ties", "/insights#cooling")))
        }
        FindingKind::FormalChart => {
            ("Chart and practice", icons::LAYERS, Some(("Compare", "/insights#formal-chart")))
        }
        FindingKind::Orientation => {
            ("Looks inward", icons::SHARE_2, Some(("Compare groups", "/insights#orientation")))
        }
        FindingKind::Summary => ("The whole network", icons::CHART_NETWORK, None),
    };
    Lead {
        id: format!("why-more-{at}"),
        kind,
        icon,
        headline: finding.headline.clone(),
        detail: finding.detail.clone(),
        action: finding.action.clone(),
        open: open.map(|(label, href)| (label, href.to_owned())),
        why: why(finding),
        figure: None,
    }
}

/// Why a finding is shown: its parts, what it rests on, the method.
pub(crate) fn why(finding: &Finding) -> Why {
    let value = |value: Option<f64>| value.map_or_else(|| "not defined".to_owned(), number);
    let mut basis = vec![finding.evidence.sentence.clone(), finding.coverage.sentence.clone()];
    basis.push(finding.stability.sentence.clone());
    if let Some(test) = &finding.significance {
        basis.push(format!(
            "{} (p = {:.3} after correction for {} comparisons).",
            test.test.trim_end_matches('.'),
            test.p_corrected,
            test.n_tests
        ));
    }
    basis.retain(|sentence| !sentence.is_empty());
    let method = finding.method;
    Why {
        parts: finding.parts.iter().map(|part| (part.name, value(part.value))).collect(),
        basis: basis.join(" "),
        caveat: finding.caveat.clone(),
        source: format!("{} ({})", method.name, method.reference),
    }
}

/// A number as people write it: whole where it is whole.
pub(crate) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        let digits = here::grouped(value.abs() as u64);
        if value < 0.0 { format!("-{digits}") } else { digits }
    } else {
        about(value)
    }
}

/// What needs the viewer: own ties that cool, people to decide on, imports with lost records.
pub(crate) async fn needs(
    app: &App,
    signed: &Signed,
    snapshot: &Snapshot,
    put_off: &[Snooze],
) -> Result<Vec<Need>, AppError> {
    let mut needs = Vec::new();
    if signed.viewer.may_steward() {
        let open = app.store.open_reviews().await?;
        if open > 0 {
            needs.push(reviews(open));
        }
    }
    needs.extend(own_cooling(snapshot, &signed.viewer));
    needs.retain(|need| shows(put_off, &need.item));
    needs.truncate(MOST_NEEDS);
    Ok(needs)
}

/// Whether the viewer did not put something off.
fn shows(put_off: &[Snooze], item: &str) -> bool {
    !put_off.iter().any(|snooze| snooze.item == item)
}

fn reviews(open: u64) -> Need {
    Need {
        item: "reviews".to_owned(),
        icon: icons::GIT_MERGE,
        tone: "w",
        title: format!("{} to decide: one person or two?", here::count(open, "pair")),
        text: "They look alike, but not enough to join them without you.".to_owned(),
        pill: None,
        why: "You are a steward of this workspace. Pairs of people with the same name at other addresses, or a similar name at the same organisation, wait for a person to decide; nothing is joined alone.".to_owned(),
        label: "Review",
        href: "/identities".to_owned(),
    }
}

/// The viewer's own ties that have gone quiet, the strongest first.
fn own_cooling(snapshot: &Snapshot, viewer: &Viewer) -> Vec<Need> {
    let network = &snapshot.network;
    let Some(me) = viewer.actor.and_then(|actor| network.node_of(actor)) else {
        return Vec::new();
    };
    let Some(at) = snapshot.as_of else { return Vec::new() };
    let mut quiet: Vec<(f64, Need)> = Vec::new();
    for pair in network.ties_of(me) {
        let Some(contact) = &pair.contact else { continue };
        let rhythm = contact.rhythm(at);
        let (Some(gap), Some(usual)) = (rhythm.gap_days, rhythm.median_interval_days) else {
            continue;
        };
        if rhythm.state != TieState::Cooling {
            continue;
        }
        let other = if pair.a == me { pair.b } else { pair.a };
        let Some(actor) = network.actors().get(other as usize) else { continue };
        quiet.push((pair.strength, cooling(&actor.name, &actor.id.to_string(), gap, usual)));
    }
    quiet.sort_by(|a, b| b.0.total_cmp(&a.0));
    quiet.into_iter().map(|(_, need)| need).collect()
}

fn cooling(name: &str, id: &str, gap: f64, usual: f64) -> Need {
    Need {
        item: format!("cooling:{id}"),
        icon: icons::SNOWFLAKE,
        tone: "",
        title: format!("{name} has gone quiet"),
        text: format!(
            "{} since you last spoke. You two usually talk every {}.",
            here::count(gap.round() as u64, "day"),
            here::count(usual.round().max(1.0) as u64, "day")
        ),
        pill: None,
        why: "A tie cools when the gap since the last contact is over 30 days and over twice the usual interval between your contacts.".to_owned(),
        label: "Open",
        href: format!("/people/{id}"),
    }
}

/// What is worth doing and was not put off: contacts that are due by the viewer's own rhythms, then
/// introductions.
pub(crate) async fn worth(
    app: &App,
    signed: &Signed,
    snapshot: &Snapshot,
    put_off: &[Snooze],
) -> Result<Vec<Worth>, AppError> {
    let due = rhythm::overdue(app, signed, snapshot, session::now()).await?;
    let mut worth: Vec<Worth> = due.iter().map(in_touch).collect();
    worth.extend(introductions(snapshot, &signed.viewer));
    worth.retain(|one| shows(put_off, &one.item));
    worth.truncate(MOST_WORTH);
    Ok(worth)
}

fn in_touch(due: &Overdue) -> Worth {
    Worth {
        item: format!("touch:{}", due.id),
        title: format!("Get in touch with {}", due.name),
        text: format!(
            "{} since the last contact; you want one every {}.",
            here::count(due.gap.round() as u64, "day"),
            here::count(due.days, "day")
        ),
        pill: "Keeping in touch".to_owned(),
        why:
            "You set this rhythm on their page. Anyone's recorded contact that you may read counts."
                .to_owned(),
        label: "Record a contact",
        href: format!("/contacts/new?who={}", due.id),
    }
}

/// Introductions that would close the widest gaps.
fn introductions(snapshot: &Snapshot, viewer: &Viewer) -> Vec<Worth> {
    let findings = snapshot.findings(viewer);
    // Whoever joins groups up already has enough to carry.
    let is_busy = |person: &PersonRef| {
        person.node.is_some() && findings.brokers.iter().any(|row| row.person.node == person.node)
    };
    let fresh = |tie: &&SuggestedTie| !is_busy(&tie.person_a) && !is_busy(&tie.person_b);
    let ties = findings.bridge_plans.iter().filter_map(|plan| {
        plan.ties.iter().find(fresh).or(plan.ties.first()).map(|tie| (plan, tie))
    });
    ties.map(|(plan, tie)| Worth {
            item: format!("introduce:{}:{}", tie.person_a.label, tie.person_b.label),
            title: format!("Introduce {} and {}", tie.person_a.label, tie.person_b.label),
            text: tie.introduction.as_ref().map_or_else(
                || "Nobody in between knows both; a joint meeting would do.".to_owned(),
                |path| path.sentence.clone(),
            ),
            pill: format!("Joins {} and {}", plan.group_a, plan.group_b),
            why: format!(
                "A new tie between the two groups that brings many people closer: {} of people. {} new {} in this plan; people who already carry much are spared.",
                here::count(tie.pairs_shortened as u64, "pair"),
                plan.ties.len(),
                if plan.ties.len() == 1 { "tie is" } else { "ties are" },
            ),
            label: "See the plan",
            href: "/insights#bridges".to_owned(),
        })
        .collect()
}

/// The four numbers of the pulse.
pub(crate) fn stats(snapshot: &Snapshot) -> Vec<Stat> {
    let pulse = &snapshot.pulse;
    let summary = &snapshot.named.summary;
    let line = |of: &dyn Fn(&Pulse) -> Option<f64>| {
        show::spark(&pulse.iter().map(of).collect::<Vec<_>>(), 64.0, 28.0)
    };
    let carriers = snapshot.named.brokers.len();
    vec![
        Stat {
            value: summary.mean_steps.map_or("–".to_owned(), |steps| format!("{steps:.1}")),
            label: "steps apart",
            meaning: "Mean number of introductions on the shortest way between two connected people, plus one.",
            source: "Average shortest path; Watts and Strogatz 1998.",
            spark: line(&|pulse| pulse.steps),
        },
        Stat {
            value: summary.across_share.map_or("–".to_owned(), percent),
            label: "ties across groups",
            meaning: "Share of working ties whose two ends belong to different groups.",
            source: "Share of external ties; Krackhardt and Stern 1988.",
            spark: line(&|pulse| pulse.across),
        },
        Stat {
            value: here::grouped(summary.ties as u64),
            label: "working ties",
            meaning: "Pairs of people whose contact, fading with time, is worth at least one exchange now.",
            source: "Tie strength; after Granovetter 1973.",
            spark: line(&|pulse| Some(pulse.ties as f64)),
        },
        Stat {
            value: carriers.to_string(),
            label: "people carry most bridges",
            meaning: "People named as joining groups up: most shortest routes between groups pass through them.",
            source: "Betweenness centrality; Freeman 1977.",
            spark: None,
        },
    ]
}

/// Whether the network joins up more or less than at the beginning of the pulse.
pub(crate) fn pulse_sentence(snapshot: &Snapshot) -> String {
    let first = snapshot.pulse.first().and_then(|pulse| pulse.across);
    let last = snapshot.pulse.last().and_then(|pulse| pulse.across);
    let (Some(first), Some(last)) = (first, last) else {
        return "Too little is dated to say how the network moves.".to_owned();
    };
    let change = last - first;
    let how = if change.abs() < 0.01 {
        "About as joined up as"
    } else if change > 0.0 {
        "Better joined up than"
    } else {
        "Less joined up than"
    };
    format!(
        "{how} twelve weeks ago: {} of ties cross groups, then {}.",
        percent(last),
        percent(first)
    )
}

/// What was read, and up to when.
pub(crate) fn rests_on(snapshot: &Snapshot) -> String {
    let provenance = &snapshot.named.provenance;
    let until = provenance
        .last
        .map_or(String::new(), |last| format!(" The newest contact is of {}.", here::date(last)));
    let people = here::count(snapshot.named.summary.people as u64, "person");
    format!(
        "{} of {people} from {}.{until}",
        here::count(provenance.interactions, "interaction"),
        here::count(provenance.sources.len() as u64, "import"),
    )
}
