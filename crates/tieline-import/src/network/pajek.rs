//! Pajek `.net`.

use std::io::BufRead;

use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Node, Record, StatedTie};

use super::weight;
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::text;

/// Longest line that is read.
const MAX_LINE: u64 = 4 * 1024 * 1024;

/// Reads Pajek networks.
#[derive(Debug)]
pub struct Pajek;

impl Source for Pajek {
    fn name(&self) -> &'static str {
        "pajek"
    }

    fn about(&self) -> &'static str {
        "a network from Pajek (.net)"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let head = text::head(probe.head);
        let mut lines = head.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
        let begins = lines.find(|line| !line.is_empty() && !line.starts_with('%'));
        let lower = begins.unwrap_or_default().to_lowercase();
        if lower.starts_with("*vertices") || lower.starts_with("*network") {
            Confidence::Certain
        } else if ["*arcs", "*edges"].iter().any(|word| lower.starts_with(word)) {
            Confidence::Likely
        } else {
            Confidence::No
        }
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        _context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut input = text::as_utf8(input)?;
        let mut section = Section::None;
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            let limited = &mut input;
            if std::io::Read::take(limited, MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            number += 1;
            let (text, recoded) = text::decode(&line);
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() || text.starts_with('%') {
                continue;
            }
            let position = Position::Line(number);
            if let Some(word) = text.strip_prefix('*') {
                section = Section::of(word);
                if section == Section::Unknown {
                    let reason = "a part of a kind that is not read".to_owned();
                    sink.issue(position, Severity::Lost, reason)?;
                }
                continue;
            }
            if recoded {
                let reason = "is not in UTF-8: read as Windows-1252".to_owned();
                sink.issue(position, Severity::Repaired, reason)?;
            }
            section.line(text, position, sink)?;
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    Vertices,
    /// One tie a line.
    Ties {
        directed: bool,
    },
    /// One node and its neighbours a line.
    Lists {
        directed: bool,
    },
    Unknown,
}

impl Section {
    fn of(word: &str) -> Self {
        let word = word.split_whitespace().next().unwrap_or_default().to_lowercase();
        match word.trim_end_matches(':') {
            "vertices" => Self::Vertices,
            "arcs" => Self::Ties { directed: true },
            "edges" => Self::Ties { directed: false },
            "arcslist" => Self::Lists { directed: true },
            "edgeslist" => Self::Lists { directed: false },
            "network" => Self::None,
            _ => Self::Unknown,
        }
    }

    fn line(self, text: &str, position: Position, sink: &mut dyn Sink) -> Result<(), Stop> {
        let words = words(text);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        match self {
            Self::Unknown => Ok(()),
            Self::None => {
                let reason = "line before the first part (*Vertices)".to_owned();
                sink.issue(position, Severity::Lost, reason)
            }
            Self::Vertices => {
                let label = Some(word(1).to_owned()).filter(|label| !label.is_empty());
                let id = word(0).to_owned();
                let node = Node { id, label, email: None, organisation: None, unit: None };
                sink.record(position, Record::Node(Box::new(node)))
            }
            Self::Ties { directed } => {
                let stated = words.get(2).map_or(Some(1.0), |text| weight(text));
                tie(word(0), word(1), stated, directed, position, sink)
            }
            Self::Lists { directed } => {
                if words.len() < 2 {
                    let reason = "tie with one end only".to_owned();
                    return sink.issue(position, Severity::Lost, reason);
                }
                words[1..]
                    .iter()
                    .try_for_each(|to| tie(word(0), to, Some(1.0), directed, position, sink))
            }
        }
    }
}

fn tie(
    from: &str,
    to: &str,
    weight: Option<f64>,
    directed: bool,
    position: Position,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    if from.is_empty() || to.is_empty() {
        return sink.issue(position, Severity::Lost, "tie with one end only".to_owned());
    }
    let Some(weight) = weight else {
        let reason = "tie whose weight is no number from 0 up".to_owned();
        return sink.issue(position, Severity::Lost, reason);
    };
    let (from, to) = (from.to_owned(), to.to_owned());
    let tie = StatedTie { from, to, weight, directed, at: None, kind: None };
    sink.record(position, Record::StatedTie(Box::new(tie)))
}

/// Words of a line; text in double quotes is one word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.trim().to_owned());
        rest = after.trim_start();
    }
    words
}
