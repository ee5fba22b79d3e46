//! Numbers, dates and people in words.

use std::sync::Arc;

use jiff::civil::Date;
use tieline_model::time::{Moment, Window};

use crate::finding::{Coverage, Evidence, PersonRef, Stability};
use crate::groups::{Groups, PATCHY_UNDER};
use crate::input::{Grouping, Names};
use crate::network::{Network, Pair};

/// A network seen through one grouping and one choice about names: what every finding is told from.
#[derive(Debug, Clone)]
pub struct View<'a> {
    network: &'a Network,
    groups: Arc<Groups>,
    names: Names,
}

impl<'a> View<'a> {
    /// A view at a level; `None` chooses as [`Groups::best_level`] does.
    pub fn new(network: &'a Network, level: Option<Grouping>, names: Names) -> Self {
        let level = level.unwrap_or_else(|| network.level());
        let mut groups = network.groups(level);
        if level == Grouping::Community && names == Names::Shown {
            Arc::make_mut(&mut groups).rename(|at, group| {
                let centre = group.centre.and_then(|node| network.actors().get(node as usize));
                let patchy = group.coverage().is_some_and(|share| share < PATCHY_UNDER);
                match centre {
                    Some(actor) if !patchy => format!("Group {} around {}", at + 1, actor.name),
                    _ => format!("Group {}", at + 1),
                }
            });
        }
        Self { network, groups, names }
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The groups.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Whether individuals are named.
    pub fn names(&self) -> Names {
        self.names
    }

    /// Name of a group that is shown; "a small group" else.
    pub fn group_name(&self, label: u32) -> &str {
        match self.groups.groups().get(label as usize) {
            Some(group) if group.shown => &group.name,
            _ => "a small group",
        }
    }

    /// A person, by name where that is allowed: names are shown and `coverage` is not patchy.
    /// Organisations are always named.
    pub fn person(&self, node: u32, coverage: &Coverage) -> PersonRef {
        let group = self.groups.shown_group(node).map(|group| group.name.clone());
        let actor = self.network.actors().get(node as usize);
        let named = self.names == Names::Shown && !coverage.patchy;
        match actor {
            Some(actor) if named || actor.is_organisation => PersonRef {
                label: if actor.name.trim().is_empty() {
                    nobody(group.as_ref())
                } else {
                    actor.name.clone()
                },
                group,
                node: Some(node),
                actor: Some(actor.id),
            },
            _ => PersonRef { label: nobody(group.as_ref()), group, node: None, actor: None },
        }
    }

    /// Coverage of a finding about some groups: the lowest of them.
    pub fn coverage(&self, labels: impl IntoIterator<Item = u32>) -> Coverage {
        coverage_of(self.groups.lowest_coverage(labels))
    }

    /// Coverage of a finding about some people: the lowest of their groups.
    pub fn coverage_of_people(&self, nodes: impl IntoIterator<Item = u32>) -> Coverage {
        self.coverage(nodes.into_iter().filter_map(|node| self.groups.label(node)))
    }

    /// Evidence from all ties that `counts`, about nobody in particular.
    pub(crate) fn totals(&self, counts: impl Fn(&Pair) -> bool) -> Evidence {
        let ties = self.network.ties().filter(|tie| counts(tie));
        let pairs: Vec<(u32, u32)> = ties.map(|tie| (tie.a, tie.b)).collect();
        let evidence = self.evidence(&pairs, &coverage_of(None));
        Evidence { people: Vec::new(), pairs: Vec::new(), ..evidence }
    }

    /// Evidence from pairs of people: counts, people, and the five strongest as examples.
    pub(crate) fn evidence(&self, pairs: &[(u32, u32)], coverage: &Coverage) -> Evidence {
        let interactions = pairs
            .iter()
            .filter_map(|(a, b)| self.network.pair(*a, *b))
            .map(Pair::interactions)
            .sum();
        let mut nodes: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let window = window_words(self.network.window(), self.network.as_of());
        let people = count(nodes.len() as u64, "person");
        let sentence = match (pairs.len(), interactions) {
            (0, _) => format!("No contact that makes a working tie, {window}."),
            (_, 0) => format!("Stated ties between {people}, {window}."),
            _ => format!("{} between {people}, {window}.", count(interactions, "interaction")),
        };
        let may_name = self.names == Names::Shown && !coverage.patchy;
        let mut strongest: Vec<(u32, u32)> = if may_name { pairs.to_vec() } else { Vec::new() };
        let strength = |pair: &(u32, u32)| {
            self.network.pair(pair.0, pair.1).map_or(0.0, |found| found.strength)
        };
        strongest.sort_by(|x, y| strength(y).total_cmp(&strength(x)).then(x.cmp(y)));
        strongest.truncate(5);
        let mut shown: Vec<u32> = strongest.iter().flat_map(|(a, b)| [*a, *b]).collect();
        shown.sort_unstable();
        shown.dedup();
        Evidence {
            sentence,
            people: shown.into_iter().map(|node| self.person(node, coverage)).collect(),
            interactions,
            window: self.network.window(),
            pairs: strongest,
        }
    }
}

fn nobody(group: Option<&String>) -> String {
    group.map_or_else(|| "a person".to_owned(), |group| format!("a person in {group}"))
}

/// Coverage in words.
pub(crate) fn coverage_of(share: Option<f64>) -> Coverage {
    let patchy = share.is_some_and(|share| share < PATCHY_UNDER);
    let sentence = match share {
        None => "No directory lists these people, so how many were missed is not known.".to_owned(),
        Some(share) if patchy => format!(
            "Patchy: only {} of the listed people were seen, so nobody is named.",
            percent(share)
        ),
        Some(share) => format!("{} of the listed people were seen.", percent(share)),
    };
    Coverage { share, patchy, sentence }
}

/// Stability that nobody computed, with the reason as a sentence.
pub(crate) fn stability_unknown(why: &str) -> Stability {
    Stability { share: None, certain: false, sentence: why.to_owned() }
}

/// Stability in words: in how many of `resamples` it held.
pub(crate) fn stability_of(held: u32, resamples: u32, what: &str) -> Stability {
    if resamples == 0 {
        return stability_unknown("Stability was not computed.");
    }
    let share = f64::from(held) / f64::from(resamples);
    let certain = share >= 0.8;
    let ending = if certain { "" } else { ": not certain" };
    let sentence = format!("{what} in {} of {resamples} resamples{ending}.", held);
    Stability { share: Some(share), certain, sentence }
}

/// The same with its first letter large.
pub fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "1 tie", "4 ties", "1,901 people".
pub fn count(n: u64, noun: &str) -> String {
    let plural = match noun {
        "person" => "people".to_owned(),
        _ => format!("{noun}s"),
    };
    format!("{} {}", grouped(n), if n == 1 { noun.to_owned() } else { plural })
}

/// Digits in groups of three: "1,901".
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as "31%"; small but not zero as "under 1%", large but not all as "over 99%".
pub fn percent(share: f64) -> String {
    let hundred = share * 100.0;
    if hundred > 0.0 && hundred < 1.0 {
        "under 1%".to_owned()
    } else if hundred > 99.0 && hundred < 100.0 {
        "over 99%".to_owned()
    } else {
        format!("{:.0}%", hundred)
    }
}

/// An expected count: "19", or "2.9" under ten.
pub fn about(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { grouped(value.round().max(0.0) as u64) }
}

/// "A", "A and B", "A, B and C".
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// "17 November 2026".
pub fn date_words(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS.get((date.month() - 1).unsigned_abs() as usize).copied().unwrap_or("");
    format!("{} {month} {}", date.day(), date.year())
}

/// The day of a moment that may be the end of a day: midnight counts to the day before.
pub fn until_words(moment: Moment) -> String {
    date_words(Moment::from_ms(moment.ms().saturating_sub(1)).date())
}

/// "from 1 June 2026 to 16 November 2026", "up to 16 November 2026", "without dates".
pub fn window_words(window: Option<Window>, as_of: Option<Moment>) -> String {
    match (window, as_of) {
        (Some(Window { from: Some(from), to }), _) => {
            format!("from {} to {}", date_words(from.date()), until_words(to))
        }
        (Some(Window { from: None, to }), _) | (None, Some(to)) => {
            format!("up to {}", until_words(to))
        }
        (None, None) => "without dates".to_owned(),
    }
}

/// A number that is a number: `None` for NaN and infinity.
pub(crate) fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// `a/b`; `None` where `b` is 0.
pub(crate) fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b).and_then(defined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(1, "tie"), "1 tie");
        assert_eq!(count(1901, "person"), "1,901 people");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(percent(0.004), "under 1%");
        assert_eq!(percent(0.996), "over 99%");
        assert_eq!(percent(0.31), "31%");
        assert_eq!(about(2.871_795), "2.9");
        assert_eq!(list(&["A".into(), "B".into(), "C".into()]), "A, B and C");
        let end: Moment = "2026-11-16".parse().unwrap();
        assert_eq!(until_words(end), "16 November 2026");
    }
}
