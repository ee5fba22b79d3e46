//! What Today shows, from a snapshot.

use tieline_insight::findings::SuggestedTie;
use tieline_insight::voice::about;
use tieline_insight::{Finding, FindingKind, PersonRef};
use tieline_model::access::Viewer;
use tieline_model::pact::PactState;
use tieline_model::partnership::renewal::TermState;
use tieline_model::tie::TieState;
use tieline_store::{MentionWaiting, PactDue, Snooze, Waiting};

use super::pacts::state_words;
use super::rhythm::{self, Overdue};

use crate::app::App;
use crate::assets::icons;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here::{self, percent};
use crate::map;
use crate::room::participant;
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
    pub(crate) kind: String,
    pub(crate) icon: &'static str,
    pub(crate) headline: String,
    pub(crate) detail: String,
    pub(crate) action: String,
    /// Label and address of the page that shows it.
    pub(crate) open: Option<(String, String)>,
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
    pub(crate) label: String,
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
    pub(crate) label: String,
    pub(crate) href: String,
}

/// One number of the pulse.
#[derive(Debug, Clone)]
pub(crate) struct Stat {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) meaning: String,
    pub(crate) source: String,
    pub(crate) spark: Option<Spark>,
}

/// "Good morning, Amara".
pub(crate) fn greeting(name: &str, hour: i8) -> String {
    let first = name.split_whitespace().next().unwrap_or(name);
    match hour {
        5..12 => t!("today-good-morning", name = first),
        12..18 => t!("today-good-afternoon", name = first),
        _ => t!("today-good-evening", name = first),
    }
}

/// How much waits, in a sentence.
pub(crate) fn waiting(needs: usize) -> String {
    t!("today-waiting", n = needs)
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
            (t!("today-kind-gap"), icons::UNLINK, Some((t!("today-open-gap"), "/network#gaps")))
        }
        FindingKind::Broker => (
            t!("today-kind-broker"),
            icons::WAYPOINTS,
            Some((t!("today-open-broker"), "/network#brokers")),
        ),
        FindingKind::Dependence => (
            t!("today-kind-dependence"),
            icons::ROUTE,
            Some((t!("today-open-dependence"), "/network#dependence")),
        ),
        FindingKind::Departure => (
            t!("today-kind-departure"),
            icons::USER_ROUND,
            Some((t!("today-open-departure"), "/network#what-if")),
        ),
        FindingKind::Cooling => (
            t!("today-kind-cooling"),
            icons::SNOWFLAKE,
            Some((t!("today-open-cooling"), "/insights#cooling")),
        ),
        FindingKind::FormalChart => (
            t!("today-kind-chart"),
            icons::LAYERS,
            Some((t!("today-open-chart"), "/insights#formal-chart")),
        ),
        FindingKind::Orientation => (
            t!("today-kind-orientation"),
            icons::SHARE_2,
            Some((t!("today-open-orientation"), "/insights#orientation")),
        ),
        FindingKind::Summary => (t!("today-kind-summary"), icons::CHART_NETWORK, None),
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
    let value = |value: Option<f64>| value.map_or_else(|| t!("word-not-defined"), number);
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
    needs.extend(decisions(app, signed).await?);
    needs.extend(mentions(app, signed).await?);
    needs.extend(super::today_commitments::due(app, signed, MOST_NEEDS).await?);
    needs.extend(pacts(app, signed).await?);
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
        title: t!("today-reviews", n = open),
        text: t!("today-reviews-text"),
        pill: None,
        why: t!("today-reviews-why"),
        label: t!("today-review"),
        href: "/identities".to_owned(),
    }
}

/// Decisions of partnerships that wait for the viewer: their vote, or a review that is due.
pub(crate) async fn decisions(app: &App, signed: &Signed) -> Result<Vec<Need>, AppError> {
    let (by, now) = (participant(signed), session::now());
    let waiting = app.store.decisions_waiting(by, now, MOST_NEEDS as u64).await?;
    Ok(waiting.iter().map(decision).collect())
}

fn decision(one: &Waiting) -> Need {
    let (title, text, why, label) = match (one.is_review, one.at) {
        (true, at) => (
            t!("decisions-today-review", question = one.question.as_str()),
            at.map(|on| t!("decisions-today-review-text", day = here::day(on.date()))),
            t!("decisions-today-review-why"),
            t!("decisions-today-review-do"),
        ),
        (false, at) => (
            t!("decisions-today-vote", question = one.question.as_str()),
            Some(match at {
                Some(at) => t!("decisions-today-vote-until", at = here::moment(at)),
                None => t!("decisions-today-vote-open"),
            }),
            t!("decisions-today-vote-why"),
            t!("decisions-today-vote-do"),
        ),
    };
    let kind = if one.is_review { "review" } else { "vote" };
    Need {
        item: format!("{kind}:{}", one.decision),
        icon: icons::VOTE,
        tone: "w",
        title,
        text: text.unwrap_or_default(),
        pill: None,
        why,
        label,
        href: format!("/partnerships/{}/decisions/{}", one.partnership, one.decision),
    }
}

/// Signed agreements that are about to end, of parties that the viewer leads.
async fn pacts(app: &App, signed: &Signed) -> Result<Vec<Need>, AppError> {
    let now = session::now();
    let due = app.store.pacts_due(participant(signed), now, MOST_NEEDS as u64).await?;
    let need = |one: &PactDue| {
        let ((_, state), told) = state_words(&one.pact, now);
        let (id, title) = (one.pact.id, one.pact.draft.title.as_str());
        // Put off, it comes again with the next word that is given.
        let word = match one.pact.state(now) {
            PactState::Holds(TermState::Alert { days }) => days.to_string(),
            PactState::Holds(TermState::Lapsed) => "lapsed".to_owned(),
            _ => "notice".to_owned(),
        };
        Need {
            item: format!("pact:{id}:{word}"),
            icon: icons::HANDSHAKE,
            tone: "w",
            title: t!("pacts-today", title = title, state = state),
            text: t!("pacts-today-text", room = one.room.as_str(), told = told),
            pill: None,
            why: t!("pacts-today-why"),
            label: t!("pacts-today-do"),
            href: format!("/partnerships/{}/pacts/{id}", one.partnership),
        }
    };
    Ok(due.iter().map(need).collect())
}

/// Topics of partnerships in which the viewer is mentioned and has not read it.
pub(crate) async fn mentions(app: &App, signed: &Signed) -> Result<Vec<Need>, AppError> {
    let found = app.store.mentions_waiting(participant(signed), MOST_NEEDS as u64).await?;
    Ok(found.iter().map(mention).collect())
}

fn mention(one: &MentionWaiting) -> Need {
    let who = one.name.clone().unwrap_or_else(|| t!("talk-someone"));
    let (title, why, label) = match one.is_invitation {
        true => (
            t!("talk-today-invited", topic = one.title.as_str()),
            t!("talk-today-invited-why"),
            t!("talk-today-invited-do"),
        ),
        false => (
            t!("talk-today-mentioned", who = who.as_str(), topic = one.title.as_str()),
            t!("talk-today-mentioned-why"),
            t!("talk-today-mentioned-do"),
        ),
    };
    let after = one.number - 1;
    Need {
        item: format!("mention:{}:{}", one.topic, one.number),
        icon: icons::MESSAGE_SQUARE,
        tone: "w",
        title,
        text: t!("talk-today-text", room = one.room.as_str(), at = here::moment(one.at)),
        pill: None,
        why,
        label,
        href: format!("/partnerships/{}/topics/{}?after={after}", one.partnership, one.topic),
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
        title: t!("today-quiet", name = name),
        text: t!(
            "today-quiet-text",
            gap = gap.round() as u64,
            usual = usual.round().max(1.0) as u64
        ),
        pill: None,
        why: t!("today-quiet-why"),
        label: t!("today-open"),
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
        title: t!("today-touch", name = due.name),
        text: t!("today-touch-text", gap = due.gap.round() as u64, days = due.days),
        pill: t!("today-touch-pill"),
        why: t!("today-touch-why").to_owned(),
        label: t!("today-touch-record"),
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
        title: t!("today-introduce", one = tie.person_a.label, two = tie.person_b.label),
        text: tie
            .introduction
            .as_ref()
            .map_or_else(|| t!("today-introduce-joint"), |path| path.sentence.clone()),
        pill: t!("today-introduce-pill", one = plan.group_a, two = plan.group_b),
        why: t!("today-introduce-why", pairs = tie.pairs_shortened, ties = plan.ties.len()),
        label: t!("today-see-plan"),
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
            label: t!("today-stat-steps"),
            meaning: t!("today-stat-steps-meaning"),
            source: t!("today-stat-steps-source"),
            spark: line(&|pulse| pulse.steps),
        },
        Stat {
            value: summary.across_share.map_or("–".to_owned(), percent),
            label: t!("today-stat-across"),
            meaning: t!("today-stat-across-meaning"),
            source: t!("today-stat-across-source"),
            spark: line(&|pulse| pulse.across),
        },
        Stat {
            value: here::grouped(summary.ties as u64),
            label: t!("today-stat-ties"),
            meaning: t!("today-stat-ties-meaning"),
            source: t!("today-stat-ties-source"),
            spark: line(&|pulse| Some(pulse.ties as f64)),
        },
        Stat {
            value: carriers.to_string(),
            label: t!("today-stat-carriers"),
            meaning: t!("today-stat-carriers-meaning"),
            source: t!("today-stat-carriers-source"),
            spark: None,
        },
    ]
}

/// Whether the network joins up more or less than at the beginning of the pulse.
pub(crate) fn pulse_sentence(snapshot: &Snapshot) -> String {
    let first = snapshot.pulse.first().and_then(|pulse| pulse.across);
    let last = snapshot.pulse.last().and_then(|pulse| pulse.across);
    let (Some(first), Some(last)) = (first, last) else {
        return t!("today-pulse-unknown");
    };
    let change = last - first;
    let (now, then) = (percent(last), percent(first));
    if change.abs() < 0.01 {
        t!("today-pulse-same", now = now, then = then)
    } else if change > 0.0 {
        t!("today-pulse-better", now = now, then = then)
    } else {
        t!("today-pulse-less", now = now, then = then)
    }
}

/// What was read, and up to when.
pub(crate) fn rests_on(snapshot: &Snapshot) -> String {
    let provenance = &snapshot.named.provenance;
    let rests = t!(
        "today-rests-on",
        interactions = provenance.interactions,
        people = snapshot.named.summary.people,
        imports = provenance.sources.len(),
    );
    match provenance.last {
        Some(last) => format!("{rests} {}", t!("today-rests-until", day = here::date(last))),
        None => rests,
    }
}
