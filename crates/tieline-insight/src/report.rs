//! What a report says beside its findings: title, lede, key numbers, how it was made, glossary.

use tieline_model::interaction::Channel;

use crate::finding::Method;
use crate::findings::{DependenceRow, Findings, KeyNumber, MadeItem, SiloRow, Term};
use crate::input::{AnalysisOptions, Grouping, Names, SourceCount};
use crate::network::Network;
use crate::summary::members;
use crate::voice::{about, count, grouped, percent, sentence_case, until_words, window_words};

/// Suggestions at most.
const MOST_SUGGESTIONS: usize = 5;

/// Fills in title, lede, key numbers and suggestions from the findings that are there.
pub(crate) fn tell(findings: &mut Findings) {
    findings.headline = headline(findings);
    findings.lede = lede(findings);
    findings.key_numbers = key_numbers(findings);
    findings.suggestions = suggestions(findings);
}

/// The first flagged gap that is neither patchy nor known to be uncertain.
fn sure_gap(findings: &Findings) -> Option<&SiloRow> {
    findings
        .silos
        .iter()
        .find(|row| row.flagged && !row.coverage.patchy && !row.stability.is_doubtful())
}

/// The gravest link that hangs on one person; only between organisations if so asked.
fn sure_link(findings: &Findings, organisations: bool) -> Option<&DependenceRow> {
    let sure = |row: &&DependenceRow| row.alert && !row.coverage.patchy;
    let of_level = |row: &&DependenceRow| !organisations || row.level == Grouping::Organisation;
    findings.dependences.iter().filter(of_level).find(sure)
}

/// Made from the gravest certain finding: a gap, a link between organisations that hangs on one
/// person, a person much runs through, any link that hangs on one person.
fn headline(findings: &Findings) -> String {
    if findings.summary.ties == 0 {
        return "There is not enough here yet to see how people work together.".to_owned();
    }
    if let Some(gap) = sure_gap(findings) {
        return format!("We don\u{2019}t yet talk across {} and {}.", gap.group_a, gap.group_b);
    }
    let hangs = |link: &DependenceRow| {
        format!("The link between {} and {} hangs on one person.", link.side, link.other)
    };
    if let Some(link) = sure_link(findings, true) {
        return hangs(link);
    }
    let broker = findings.brokers.first();
    if broker.is_some_and(|row| {
        row.route_share.is_some_and(|share| share >= 0.25)
            && !row.coverage.patchy
            && !row.stability.is_doubtful()
    }) {
        return "Much of our network runs through one person.".to_owned();
    }
    if let Some(link) = sure_link(findings, false) {
        return hangs(link);
    }
    if findings.groups.len() >= 2 {
        "Our groups are joined up.".to_owned()
    } else {
        "This is how we work together.".to_owned()
    }
}

fn lede(findings: &Findings) -> String {
    let summary = &findings.summary;
    let mut text = format!(
        "{} and {}, {}.",
        sentence_case(&members(summary).join(", ")),
        count(summary.ties as u64, "working tie"),
        window_words(findings.window, findings.as_of),
    );
    if let Some(steps) = summary.mean_steps {
        text.push_str(&format!(" Two connected people are {steps:.1} steps apart on average."));
    }
    if let Some(gap) = sure_gap(findings) {
        text.push_str(&format!(
            " The weak point is not effort but wiring: {} and {} have {} where about {} would be \
             expected.",
            gap.group_a,
            gap.group_b,
            if gap.observed == 0 {
                "no working tie".to_owned()
            } else {
                count(gap.observed as u64, "working tie")
            },
            about(gap.expected),
        ));
    }
    if let Some(link) = sure_link(findings, false) {
        let (side, other) = (&link.side, &link.other);
        text.push_str(&if link.person_ties == link.ties {
            let all = count(link.ties as u64, "working tie");
            format!(" All {all} between {side} and {other} run through one person.")
        } else {
            let share = percent(link.top_share);
            format!(" One person carries {share} of the link between {side} and {other}.")
        });
    }
    text
}

/// The first four of those that are known.
fn key_numbers(findings: &Findings) -> Vec<KeyNumber> {
    let summary = &findings.summary;
    let known = |value: Option<String>, label: &str| {
        value.map(|value| KeyNumber { value, label: label.to_owned() })
    };
    let top = findings.brokers.first().and_then(|broker| broker.route_share);
    [
        known(summary.mean_steps.map(|steps| format!("{steps:.1}")), "steps between two people"),
        known(summary.across_share.map(percent), "of working ties cross groups"),
        known(top.map(percent), "of shortest routes run through one person"),
        known(summary.coverage.map(percent), "of listed people were seen"),
        known(Some(grouped(summary.people as u64)), "people"),
        known(Some(grouped(summary.ties as u64)), "working ties"),
        known(Some(grouped(summary.connected_people as u64)), "people with a working tie"),
        known(Some(grouped(summary.interactions)), "interactions counted"),
    ]
    .into_iter()
    .flatten()
    .take(4)
    .collect()
}

/// What to do about the findings told first, the most useful first.
fn suggestions(findings: &Findings) -> Vec<String> {
    let mut chosen: Vec<String> = Vec::new();
    for finding in findings.told(usize::MAX).into_iter().filter(|finding| finding.flagged) {
        if chosen.len() < MOST_SUGGESTIONS && !chosen.contains(&finding.action) {
            chosen.push(finding.action.clone());
        }
    }
    chosen
}

/// Parameters and counts.
pub(crate) fn made(
    network: &Network,
    options: &AnalysisOptions,
    permutations: usize,
) -> Vec<MadeItem> {
    let mut items = made_from(network).to_vec();
    items.extend(made_by(network, options, permutations));
    items.extend(options.provenance.sources.iter().map(made_of));
    items
}

fn item(name: &str, value: String, meaning: &str) -> MadeItem {
    MadeItem { name: name.to_owned(), value, meaning: meaning.to_owned() }
}

/// Moment, window and parameters of the ties.
fn made_from(network: &Network) -> [MadeItem; 8] {
    let params = network.params();
    let weights: Vec<String> = Channel::ALL
        .iter()
        .map(|channel| format!("{} {}", channel.name(), params.channel_weights.of(*channel)))
        .collect();
    let as_of = network.as_of().map_or_else(|| "no dates".to_owned(), until_words);
    let window = sentence_case(&window_words(network.window(), network.as_of()));
    let half_life = count(params.half_life_days.round() as u64, "day");
    let group_limit = count(u64::from(params.max_group), "participant");
    [
        item("As of", as_of, "Last day that counts; what came later is ignored."),
        item("Window", window, "Interactions that were read."),
        item("Half-life", half_life, "After this time an interaction counts half."),
        item(
            "Reciprocity weight",
            params.reciprocity_weight.to_string(),
            "0 = direction is ignored, 1 = only what is returned counts.",
        ),
        item(
            "Threshold",
            params.threshold.to_string(),
            "Strength from which a contact is a working tie, in effective one-to-one interactions.",
        ),
        item(
            "Saturation",
            params.saturation.to_string(),
            "Strength at which a tie is 63% likely to carry.",
        ),
        item(
            "Group limit",
            group_limit,
            "Larger messages and meetings are broadcasts and make no tie.",
        ),
        item("Channel weights", weights.join(", "), "What one interaction counts."),
    ]
}

/// How the findings were computed from them.
fn made_by(network: &Network, options: &AnalysisOptions, permutations: usize) -> [MadeItem; 6] {
    let names = match options.names {
        Names::Shown => "shown, but not where under 65% of the listed people were seen",
        Names::Hidden => "hidden",
    };
    let opted_out = count(network.opted_out() as u64, "person");
    [
        item(
            "Seed",
            network.seed().to_string(),
            "Of everything random; the same seed gives the same report.",
        ),
        item(
            "Permutations",
            grouped(permutations as u64),
            "Random dealings of group labels behind each p value.",
        ),
        item(
            "Resamples",
            grouped(u64::from(options.resamples)),
            "Of the events, asked for to judge stability.",
        ),
        item("Smallest group", "5 people".to_owned(), "Smaller groups are never shown."),
        item("Names", names.to_owned(), "Whether individuals are named."),
        item("Opted out", opted_out, "Left out with all their ties."),
    ]
}

fn made_of(source: &SourceCount) -> MadeItem {
    let left_out: u64 = source.left_out.iter().map(|reason| reason.1).sum();
    let value = format!(
        "{} read: {} new, {} known, {} left out, {} unreadable",
        grouped(source.read),
        grouped(source.new),
        grouped(source.duplicate),
        grouped(left_out),
        grouped(source.issues)
    );
    item(&source.name, value, "Records of this source. Message contents are never read.")
}

/// Words of the report explained.
pub(crate) const GLOSSARY: [Term; 9] = [
    Term {
        word: "working tie",
        meaning: "Two people with enough recent contact: a strength of at least the threshold.",
        method: Method {
            name: "Tie strength",
            section: "1.1",
            reference: "Granovetter 1973; Newman 2001; Burt 2000; combination: Tieline",
        },
    },
    Term {
        word: "steps apart",
        meaning: "How many working ties lie on the shortest way between two people.",
        method: Method {
            name: "Average shortest path",
            section: "2.6",
            reference: "Watts and Strogatz 1998",
        },
    },
    Term {
        word: "as many ties as expected",
        meaning: "What two groups would have if ties fell at random, given how active each person is.",
        method: Method { name: "Configuration model", section: "2.13", reference: "Newman 2003" },
    },
    Term {
        word: "joins groups up",
        meaning: "Lies on many of the shortest routes between other people.",
        method: Method {
            name: "Betweenness centrality",
            section: "2.5",
            reference: "Freeman 1977; Brandes 2001",
        },
    },
    Term {
        word: "room to broker",
        meaning: "Contacts who do not know each other: a low constraint.",
        method: Method { name: "Constraint", section: "2.3", reference: "Burt 1992" },
    },
    Term {
        word: "inward",
        meaning: "More ties inside the group than its size lets expect.",
        method: Method {
            name: "E-I index",
            section: "2.2",
            reference: "Krackhardt and Stern 1988",
        },
    },
    Term {
        word: "group that formed by itself",
        meaning: "People with more ties among each other than to the rest, whatever the chart says.",
        method: Method {
            name: "Community (Leiden)",
            section: "2.9",
            reference: "Traag, Waltman and van Eck 2019",
        },
    },
    Term {
        word: "patchy",
        meaning: "Fewer than 65% of the listed people were seen, so the finding may miss much.",
        method: Method { name: "Coverage", section: "2.23", reference: "Tieline" },
    },
    Term {
        word: "not certain",
        meaning: "Came back in fewer than 80% of the resamples of the events.",
        method: Method { name: "Stability", section: "2.23", reference: "Tieline" },
    },
];
