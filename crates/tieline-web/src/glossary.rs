//! What the words on pages mean, in one catalogue: each may be asked about where it stands, by a
//! button and a popover that need no script. The words are those of `GLOSSARY.md`.

use askama::Template;
use axum::response::Response;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::map::escape;
use crate::page::page;
use crate::shell::{Place, Shell};

/// A word that pages use.
pub(crate) struct Term {
    /// In templates.
    pub(crate) key: &'static str,
    /// As pages say it.
    pub(crate) word: &'static str,
    /// The word of the field, as in `GLOSSARY.md`.
    pub(crate) field: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) source: &'static str,
}

const fn entry(
    key: &'static str,
    word: &'static str,
    field: &'static str,
    meaning: &'static str,
    source: &'static str,
) -> Term {
    Term { key, word, field, meaning, source }
}

/// All words, by the alphabet of what pages say.
pub(crate) const TERMS: &[Term] = &[
    entry(
        "as-of",
        "as of",
        "as-of date",
        "The moment from which the network is looked at. Contact before it counts, the older the less.",
        "Tieline.",
    ),
    entry(
        "band",
        "band of a tie",
        "consent",
        "Weak, middling or strong: as much as two people may let others see of their tie.",
        "Tieline; METHODS 14.",
    ),
    entry(
        "bridging",
        "bridging",
        "betweenness",
        "How often someone sits on the shortest route between two other people. People who bridge hear things early and can join groups up. They can also become a bottleneck.",
        "Betweenness centrality, Freeman 1977; Burt 1992 on structural holes.",
    ),
    entry(
        "cooling",
        "cooling",
        "cooling, dormant",
        "A tie that is quiet for longer than its own rhythm lets expect: more than twice its usual interval, and at least 30 days.",
        "Tieline; METHODS 1.2.",
    ),
    entry(
        "coverage",
        "seen",
        "coverage",
        "Of the people whom a directory lists, the share who appear in what was read. Under 65 % nobody is named.",
        "Tieline; METHODS 2.23.",
    ),
    entry(
        "expected",
        "expected",
        "silo",
        "What we’d see if people mixed across groups in proportion to how active they already are. It is a baseline, not a target.",
        "Configuration model, Newman 2003.",
    ),
    entry(
        "gap",
        "gap",
        "silo",
        "Two groups with under half of the ties expected, and fewer than chance would leave.",
        "Tieline, on the configuration model (Newman 2003).",
    ),
    entry(
        "group",
        "group",
        "partition",
        "A department; the organisation for people without one; or, where no directory names them, a group that formed by itself. Groups under five people are never shown.",
        "Tieline; communities: Traag et al. 2019.",
    ),
    entry(
        "half-life",
        "half-life",
        "half-life",
        "Days after which an interaction counts half: contact fades, and so do ties.",
        "Burt 2000; METHODS 1.1.",
    ),
    entry(
        "layer",
        "seen, said and formal",
        "layer",
        "Where a tie is known from: seen in mail, meetings, calls and logged contacts; said by someone; or a reporting line of the directory.",
        "Krackhardt and Hanson 1993 on the formal and the informal organisation.",
    ),
    entry(
        "reciprocity",
        "reciprocity",
        "reciprocity",
        "How even a tie is: 0 where one side gives all, 1 where both give alike.",
        "METHODS 1.1.",
    ),
    entry(
        "single",
        "without whom it falls apart",
        "articulation point",
        "Someone whose absence splits the network: others reach each other through this person alone.",
        "Hopcroft and Tarjan 1973.",
    ),
    entry(
        "stability",
        "in resamples",
        "stability",
        "In how many of the resamples, each with some events left out and others twice, a finding comes out again. From 80 % it is told as certain.",
        "Bootstrap; METHODS 2.23.",
    ),
    entry(
        "steps",
        "steps apart",
        "degree",
        "How many working ties lie on the shortest way between two people; the mean of all pairs who can reach each other.",
        "Average shortest path, Watts and Strogatz 1998.",
    ),
    entry(
        "strength",
        "tie strength",
        "tie strength",
        "How many exchanges between two people are left after fading: a mail to one person counts one, a mail to ten a tenth, a meeting more than a mail.",
        "Granovetter 1973; combination: Tieline, METHODS 1.1.",
    ),
    entry(
        "warm-path",
        "strongest chain",
        "warm path",
        "The chain of introductions most likely to hold: not the shortest one, but the one whose people know each other best.",
        "Dijkstra 1959 on minus the logarithm of chances; METHODS 2.18.",
    ),
    entry(
        "working-tie",
        "working tie",
        "working tie",
        "Two people with enough recent contact: a tie whose strength reaches the threshold.",
        "Granovetter 1973; METHODS 1.1.",
    ),
];

/// Why a part of a page is shown: what it is and what it is made of.
struct Reason {
    key: &'static str,
    what: &'static str,
    source: &'static str,
}

const fn reason(key: &'static str, what: &'static str, source: &'static str) -> Reason {
    Reason { key, what, source }
}

const REASONS: &[Reason] = &[
    reason(
        "known",
        "These are the working ties of this person that both sides let you see; strongest first. A mark is a day with contact, a bar a fifth of the chance that the two know each other well.",
        "Tie strength: Tieline, METHODS 1.1; what is shown: consent, METHODS 14",
    ),
    reason(
        "tie",
        "Strength adds up what went each way, counts what is returned more, and lets it fade; the score is the chance that the two know each other well. Each part opens to the contacts behind it.",
        "Granovetter 1973; METHODS 1.1 and 1.2",
    ),
    reason(
        "rhythm",
        "The interval you set, or else the usual one between your contacts, is compared with the time since the last contact that you may read of.",
        "Tieline; METHODS 1.2",
    ),
    reason(
        "place",
        "Where this person stands in the network of working ties: how many ties, between whom, how evenly. For people in a group of five or more who were seen well enough.",
        "Freeman 1977; Burt 1992",
    ),
    reason(
        "own-ties",
        "The marks are days of contact between you and each of them in the last twelve months. They are your own ties: nobody else sees them here.",
        "Tieline; METHODS 1.2",
    ),
    reason(
        "path",
        "Chains of at most three steps, each by a tie that is not dormant. The chance of a chain is the product of the chances of its steps; the likeliest comes first.",
        "Dijkstra 1959 on minus the logarithm of chances; METHODS 2.18",
    ),
    reason(
        "pairs",
        "Two entries are compared by names, addresses, organisations and times of use. What speaks for and against one person is added up; what is neither clear enough to join nor to leave apart waits here.",
        "Fellegi and Sunter 1969; METHODS 12",
    ),
    reason(
        "map",
        "It draws every working tie of the network, or of one layer, and places people or groups so that those with many ties stand near each other. The size of a dot is the share of the shortest routes between two others that pass there.",
        "Betweenness: Freeman 1977; places: Tieline, organic: ForceAtlas2 (Jacomy et al. 2014)",
    ),
    reason(
        "heat",
        "Each cell divides the ties found between two groups by those expected from how active each group is. Outlined in amber: under half of them, and fewer than chance would leave.",
        "Configuration model, Newman 2003; correction for many tests: Benjamini and Hochberg 1995",
    ),
    reason(
        "brokers",
        "These people lie on the largest share of the shortest routes between two others. It says where news passes through, not how well anyone works; nobody is named where under 65 % of the group was seen.",
        "Betweenness centrality, Freeman 1977; Brandes 2001",
    ),
    reason(
        "dependence",
        "For each link between two groups, who carries how much of its strength. It is listed where one person carries so much that the link would hardly hold without them.",
        "Tieline; METHODS 2.16",
    ),
    reason(
        "what-if",
        "The network is copied, changed and measured again; the copy is thrown away. Single points are people whose absence splits the network.",
        "Hopcroft and Tarjan 1973; configuration model, Newman 2003",
    ),
    reason(
        "layers",
        "Three sources are laid over each other: what was seen in the archives, what someone stated, and who reports to whom. Pairs in one and not in another are worth a question, not a judgement.",
        "Tieline; after Krackhardt and Hanson 1993",
    ),
    reason(
        "changes",
        "Two networks, each as of the end of its day and over the same length of time back, are compared tie by tie. Stronger and cooled mean a factor of at least one and a half.",
        "Tieline; METHODS 1.1",
    ),
    reason(
        "links",
        "Working ties between each pair of groups of five people or more were counted on both days.",
        "Tieline",
    ),
    reason(
        "moved",
        "Someone came in whose first working tie is new, and has left who has none any more; that says nothing about their employment.",
        "Tieline",
    ),
    reason(
        "history",
        "The findings of each computation are kept as sentences on groups and compared by the groups they speak of.",
        "Tieline",
    ),
];

/// A word with its meaning: a button and a popover. Once a page, for its id is made of the key.
pub(crate) fn term(key: &str) -> String {
    let Some(term) = TERMS.iter().find(|term| term.key == key) else { return String::new() };
    let Term { word, meaning, source, .. } = term;
    format!(
        "<button class=\"term\" popovertarget=\"t-{key}\">{word}</button><span popover id=\"t-{key}\">\
         <b class=\"ph\">{}</b>{meaning}<span class=\"src\">{source}</span></span>",
        tieline_insight::voice::sentence_case(word)
    )
}

/// Why a part of a page is shown, with what it rests on here: a button and a popover.
pub(crate) fn why(key: &str, basis: &str) -> String {
    let Some(reason) = REASONS.iter().find(|reason| reason.key == key) else {
        return String::new();
    };
    let Reason { what, source, .. } = reason;
    let basis = escape(basis);
    format!(
        "<button class=\"why\" popovertarget=\"why-{key}\">Why am I seeing this?</button>\
         <div popover id=\"why-{key}\"><b class=\"ph\">Why you’re seeing this</b><p>{what}</p>\
         <p>{basis}</p><div class=\"src\">{source}. Only headers are read, never what a message \
         says.</div></div>"
    )
}

#[derive(Template)]
#[template(path = "glossary.html")]
struct GlossaryPage {
    shell: Shell,
    terms: &'static [Term],
}

/// `GET /glossary`.
pub(crate) async fn show(
    axum::extract::State(app): axum::extract::State<App>,
    signed: Signed,
) -> Result<Response, AppError> {
    page(&GlossaryPage { shell: Shell::new(&app, &signed, Place::Settings), terms: TERMS })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn every_word_is_in_the_glossary_of_the_project() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../GLOSSARY.md");
        let text = fs::read_to_string(path).unwrap();
        for term in TERMS {
            let row = format!("| {} |", term.field);
            assert!(text.contains(&row), "GLOSSARY.md has no row for {}", term.field);
        }
        let keys: BTreeSet<&str> = TERMS.iter().map(|term| term.key).collect();
        assert_eq!(keys.len(), TERMS.len());
    }

    #[test]
    fn every_key_that_a_template_asks_for_is_there() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let parts = [folder.to_owned(), format!("{folder}/parts")];
        let files = parts.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        for file in files.map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
            let text = fs::read_to_string(&file).unwrap();
            for (call, is_known) in [
                ("glossary::term(\"", TERMS.iter().map(|one| one.key).collect::<Vec<_>>()),
                ("glossary::why(\"", REASONS.iter().map(|one| one.key).collect()),
            ] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(is_known.contains(&key), "{}: {key}", file.display());
                }
            }
        }
    }

    #[test]
    fn what_a_reason_rests_on_is_text() {
        assert!(why("map", "<b>").contains("<p>&lt;b&gt;</p>"));
        assert_eq!(why("nothing", ""), "");
    }
}
