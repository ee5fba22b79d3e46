//! A count in words and tables, from what the store kept of it.

use serde_json::Value as Json;
use tieline_model::decision::Verdict;
use tieline_model::decision::ballot::{Gradient, ObjectionState, Vote};
use tieline_store::KeptCount;

use super::decision_poll::vote_name;
use super::decision_words::{gradient_name, objection_name, ranked_name, verdict_name};
use crate::here;
use tieline_model::decision::RankedRule;

/// A count.
pub(super) struct CountView {
    pub(super) number: u64,
    pub(super) at: String,
    pub(super) verdict: String,
    pub(super) tone: &'static str,
    /// What came out, in a line.
    pub(super) result: String,
    pub(super) turnout: String,
    pub(super) is_early: bool,
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    /// Name, numbers each with whether it is the larger one.
    pub(super) rows: Vec<(String, Vec<(String, bool)>)>,
    /// Names and values beside the table.
    pub(super) facts: Vec<(String, String)>,
    pub(super) tie: String,
    pub(super) commitment: String,
    pub(super) nonce: String,
    pub(super) root: String,
    pub(super) order: Vec<String>,
    pub(super) ballots: Option<Vec<String>>,
}

/// A table with what stands beside it.
#[derive(Default)]
struct Shown {
    caption: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<(String, bool)>)>,
    facts: Vec<(String, String)>,
}

/// A count, ready to be shown.
pub(super) fn counted(kept: &KeptCount) -> CountView {
    let tally: Json = serde_json::from_str(&kept.tally).unwrap_or_default();
    let options: Vec<(String, String)> = list(&tally["options"])
        .map(|option| (text(&option["id"]), text(&option["text"])))
        .collect();
    let name = |id: &Json| {
        let id = text(id);
        options.iter().find(|(known, _)| *known == id).map_or(id, |(_, text)| text.clone())
    };
    let shown = shown(&tally["count"], &options);
    let first = list(&tally["ranking"]).next().map(name);
    let order: Vec<String> = list(&tally["tie_order"]).map(name).collect();
    CountView {
        number: kept.number,
        at: here::moment(kept.at),
        verdict: verdict_name(kept.verdict),
        tone: match kept.verdict {
            Verdict::Passed | Verdict::Chosen => "good",
            Verdict::Rejected | Verdict::Blocked => "bad",
            Verdict::NoQuorum | Verdict::NoDecision | Verdict::DiscussMore => "warn",
        },
        result: match (kept.verdict, first) {
            (Verdict::Chosen, Some(first)) => t!("decisions-result-chosen", option = first),
            (verdict, _) => verdict_name(verdict),
        },
        turnout: t!(
            "decisions-turnout",
            n = number(&tally["cast"]),
            of = number(&tally["eligible"]),
            needed = number(&tally["needed"])
        ),
        is_early: kept.early,
        caption: shown.caption,
        columns: shown.columns,
        rows: shown.rows,
        facts: shown.facts,
        tie: match (order.is_empty(), tally["used_tie_break"].as_bool()) {
            (true, _) => String::new(),
            (false, Some(true)) => t!("decisions-tie-used"),
            (false, _) => t!("decisions-tie-unused"),
        },
        commitment: kept.commitment.clone(),
        nonce: kept.nonce.clone(),
        root: kept.root.clone(),
        order,
        ballots: kept.ballots.clone(),
    }
}

fn shown(count: &Json, options: &[(String, String)]) -> Shown {
    let of = |key: &str| count.get(key);
    if let Some(said) = of("consent") {
        consent(said)
    } else if let Some(said) = of("gradients") {
        gradients(said)
    } else if let Some(said) = of("majority") {
        let vote = |vote: &Vote| (vote_name(*vote), vec![plain(&said[vote.name()])]);
        of_proposal(Vote::ALL.iter().map(vote).collect())
    } else if let Some(said) = of("points") {
        points(said, options)
    } else if let Some(said) = of("ranked") {
        ranked(said, options)
    } else {
        Shown::default()
    }
}

fn of_proposal(rows: Vec<(String, Vec<(String, bool)>)>) -> Shown {
    let columns = vec![t!("decisions-answer"), t!("decisions-votes")];
    Shown { caption: t!("decisions-count-votes"), columns, rows, facts: Vec::new() }
}

fn consent(said: &Json) -> Shown {
    let mut rows = vec![
        (t!("decisions-consents"), vec![plain(&said["consents"])]),
        (t!("decisions-consents-concern"), vec![plain(&said["concerns"])]),
        (t!("decisions-abstains"), vec![plain(&said["abstains"])]),
    ];
    let objections = ObjectionState::ALL.iter().zip(list(&said["objections"]));
    rows.extend(objections.map(|(state, n)| (objection_name(*state), vec![plain(n)])));
    of_proposal(rows)
}

fn gradients(said: &Json) -> Shown {
    let levels = Gradient::ALL.iter().zip(list(&said["levels"]));
    let rows = levels.map(|(level, n)| (gradient_name(*level), vec![plain(n)])).collect();
    let mut facts = Vec::new();
    if let Some(support) = said["support"].as_str() {
        facts.push((t!("decisions-support-share"), support.to_owned()));
    }
    if let Some(median) = said["median"].as_str() {
        facts.push((t!("decisions-median"), median.to_owned()));
    }
    Shown { facts, ..of_proposal(rows) }
}

fn points(said: &Json, options: &[(String, String)]) -> Shown {
    let row = |((_, name), one): (&(String, String), &Json)| {
        let value = one["value"].as_str().map_or_else(|| "\u{2013}".to_owned(), str::to_owned);
        (name.clone(), vec![plain(&one["total"]), (value, false), plain(&one["raters"])])
    };
    Shown {
        caption: t!("decisions-count-points"),
        columns: vec![
            t!("decisions-option"),
            t!("decisions-total"),
            t!("decisions-value"),
            t!("decisions-raters"),
        ],
        rows: options.iter().zip(list(said)).map(row).collect(),
        facts: Vec::new(),
    }
}

fn ranked(said: &Json, options: &[(String, String)]) -> Shown {
    let n = options.len();
    let pair = |row: usize, column: usize| said["pairwise"][row][column].as_u64().unwrap_or(0);
    let row = |(at, (_, name)): (usize, &(String, String))| {
        let wins = |other: usize| other != at && pair(at, other) > pair(other, at);
        let mut cells: Vec<(String, bool)> = (0..n)
            .map(|other| match other == at {
                true => ("\u{b7}".to_owned(), false),
                false => (pair(at, other).to_string(), wins(other)),
            })
            .collect();
        cells.push(((0..n).filter(|other| wins(*other)).count().to_string(), true));
        (name.clone(), cells)
    };
    let mut columns = vec![t!("decisions-preferred-to")];
    columns.extend(options.iter().map(|(_, name)| name.clone()));
    columns.push(t!("decisions-wins"));
    let first = |key: &str| {
        let at = said[key].get(0).and_then(Json::as_u64).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| options.get(at)).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let rule = |rule, key| (t!("decisions-first-by", rule = ranked_name(rule)), first(key));
    let condorcet = said["condorcet"].as_u64().and_then(|at| usize::try_from(at).ok());
    let condorcet = condorcet.and_then(|at| options.get(at)).map(|(_, name)| name.clone());
    Shown {
        caption: t!("decisions-count-ranked"),
        columns,
        rows: options.iter().enumerate().map(row).collect(),
        facts: vec![
            (
                t!("decisions-condorcet"),
                condorcet.unwrap_or_else(|| t!("decisions-condorcet-none")),
            ),
            rule(RankedRule::Schulze, "schulze"),
            rule(RankedRule::RankedPairs, "ranked_pairs"),
            rule(RankedRule::InstantRunoff, "runoff"),
        ],
    }
}

fn list(of: &Json) -> impl Iterator<Item = &Json> {
    of.as_array().into_iter().flatten()
}

fn text(of: &Json) -> String {
    of.as_str().unwrap_or_default().to_owned()
}

fn number(of: &Json) -> i64 {
    of.as_i64().unwrap_or(0)
}

fn plain(of: &Json) -> (String, bool) {
    (number(of).to_string(), false)
}
