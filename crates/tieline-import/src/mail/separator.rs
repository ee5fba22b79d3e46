//! Separator lines of mbox files, and how to tell them from prose that begins with "From ".

use super::date;
use super::fields::lossy;
use super::headers::Envelope;
use crate::detect;

/// Longest separator line; what is longer is text.
const MAX_LINE: usize = 1000;

/// Bytes after the beginning of a line that [`Separator::at`] looks at.
pub(super) const LOOK_AHEAD: usize = 4096;

/// A line `From sender date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separator {
    /// Length of the line with its line end.
    pub(super) len: usize,
}

impl Separator {
    /// The separator at the beginning of `text`, if there is one. `after_blank`: whether the line
    /// before is empty or there is none.
    ///
    /// A line of the form that `ctime` gives needs a header line soon after it, or empty lines
    /// around it (a message without headers, which is lost, and said to be); other dates need an
    /// empty line before, a sender that looks like one, and a header line.
    pub(super) fn at(text: &[u8], after_blank: bool) -> Option<Self> {
        let text = text.get(..LOOK_AHEAD).unwrap_or(text);
        if !text.starts_with(b"From ") {
            return None;
        }
        let len = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
        let (line, rest) = text.split_at_checked(len)?;
        if len > MAX_LINE {
            return None;
        }
        let line = lossy(line);
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let (_, _, strict) = split(&words)?;
        let headers_follow = headers_follow(rest);
        let accepted = if strict {
            headers_follow || (after_blank && is_blank_line(rest))
        } else {
            after_blank && headers_follow
        };
        accepted.then_some(Self { len })
    }
}

impl Envelope {
    /// What a separator line says, without what is a placeholder. A date without a zone is taken as
    /// UTC.
    pub(super) fn of_separator(line: &[u8]) -> Self {
        let line = lossy(line);
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let Some((sender, tail, _)) = split(&words) else { return Self::default() };
        let date = date::parse(tail.join(" ").as_bytes()).map(|dated| dated.at);
        if is_placeholder(&tail) || date.is_some_and(|at| at.day() == 0) {
            return Self::default();
        }
        Self { sender: envelope(sender), date }
    }
}

/// Splits the words after `From` into sender and date; `true` for a date as `ctime` writes it.
fn split<'w>(words: &'w [&'w str]) -> Option<(&'w [&'w str], Vec<&'w str>, bool)> {
    for (at, pair) in words.windows(2).enumerate().take(6) {
        if let [day, month] = pair
            && date::is_weekday(day)
            && let Some(tail) = words.get(at..)
        {
            if date::month(month).is_some() && is_ctime(tail) {
                return Some((words.get(..at)?, without_route(tail), true));
            }
            // Mon, 5 Mar 2001 08:23:00
            if date::parse(tail.join(" ").as_bytes()).is_some() && looks_like_sender(words) {
                return Some((words.get(..at)?, tail.to_vec(), false));
            }
        }
    }
    let tail = words.get(1..)?;
    let dated = looks_like_sender(words) && date::parse(tail.join(" ").as_bytes()).is_some();
    dated.then(|| (words.get(..1).unwrap_or_default(), tail.to_vec(), false))
}

/// `Www Mmm dd hh:mm[:ss] [zone] yyyy [zone or route]`.
fn is_ctime(tail: &[&str]) -> bool {
    let (Some(day), Some(time)) = (tail.get(2), tail.get(3)) else { return false };
    let year = |word: &&&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
        && date::time_of_day(time).is_some()
        && tail.iter().skip(4).take(3).any(|word| year(&word))
        && tail.len() <= 11
}

/// UUCP adds `remote from host`.
fn without_route<'w>(tail: &[&'w str]) -> Vec<&'w str> {
    let end = tail.iter().position(|word| *word == "remote").unwrap_or(tail.len());
    tail.get(..end).unwrap_or(tail).to_vec()
}

fn looks_like_sender(words: &[&str]) -> bool {
    words.first().is_some_and(|word| {
        *word == "-" || word.contains(['@', '!']) || word.eq_ignore_ascii_case("MAILER-DAEMON")
    })
}

/// Whether the next line is empty, or there is none.
fn is_blank_line(rest: &[u8]) -> bool {
    matches!(rest, [] | [b'\n', ..] | [b'\r', b'\n', ..])
}

/// Whether one of the next three lines is a header field.
fn headers_follow(rest: &[u8]) -> bool {
    rest.split(|byte| *byte == b'\n')
        .take(3)
        .take_while(|line| !line.trim_ascii().is_empty())
        .any(|line| line.starts_with(b">From ") || detect::field_name(line).is_some())
}

/// Dates that tools write where they have none: midnight of a first of January in any year, and the
/// fixed date of patch series.
fn is_placeholder(tail: &[&str]) -> bool {
    let is = |at: usize, word: &str| tail.get(at).is_some_and(|own| *own == word);
    let year_start = is(1, "Jan") && (is(2, "1") || is(2, "01")) && is(3, "00:00:00");
    let patch = is(1, "Sep") && is(2, "17") && is(3, "00:00:00") && tail.contains(&"2001");
    year_start || patch
}

fn envelope(sender: &[&str]) -> Option<String> {
    match sender {
        // Archives on the web hide the @.
        [local, "at", domain] => Some(format!("{local}@{domain}")),
        [one, ..] if one.contains(['@', '!']) => Some((*one).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str, after_blank: bool) -> Option<(Option<String>, Option<String>)> {
        let text = format!("{line}\nFrom: x@example.org\n");
        let len = Separator::at(text.as_bytes(), after_blank)?.len;
        let envelope = Envelope::of_separator(&text.as_bytes()[..len]);
        Some((envelope.sender, envelope.date.map(|at| at.to_string())))
    }

    #[test]
    fn separators_found_in_the_wild_are_known() {
        for (line, sender, date) in [
            (
                "From a@example.org Mon Apr 29 15:30:55 2019",
                Some("a@example.org"),
                Some("2019-04-29T15:30:55Z"),
            ),
            ("From - Mon Apr 29 15:30:55 2019", None, Some("2019-04-29T15:30:55Z")),
            ("From MAILER-DAEMON Fri Jul  8 12:08:34 2011", None, Some("2011-07-08T12:08:34Z")),
            (
                "From a at example.org  Mon Apr 29 15:30:55 2019",
                Some("a@example.org"),
                Some("2019-04-29T15:30:55Z"),
            ),
            (
                "From x!y!z Mon Apr 29 15:30 EDT 1991 remote from host",
                Some("x!y!z"),
                Some("1991-04-29T19:30:00Z"),
            ),
            ("From list@HOST Thu Jan  1 00:00:00 1993", None, None),
            ("From 0123abcd Mon Sep 17 00:00:00 2001", None, None),
            ("From x@example.org Thu Jan  1 00:00:01 1970", None, None),
            (
                "From 123@xxx Mon Apr 29 15:30:55 +0000 2019",
                Some("123@xxx"),
                Some("2019-04-29T15:30:55Z"),
            ),
            (
                "From a@example.org Mon, 29 Apr 2019 15:30:55 +0200",
                Some("a@example.org"),
                Some("2019-04-29T13:30:55Z"),
            ),
            (
                "From a@example.org 2019-04-29T15:30:55Z",
                Some("a@example.org"),
                Some("2019-04-29T15:30:55Z"),
            ),
        ] {
            let expected = Some((sender.map(str::to_owned), date.map(str::to_owned)));
            assert_eq!(found(line, true), expected, "{line}");
        }
    }

    #[test]
    fn prose_is_no_separator() {
        for line in [
            "From here on, Monday is free",
            "From the desk of A. Person, Monday 1 January 2001",
            "From Monday to Friday 10:00 to 12:00 2001",
            "From a@example.org with greetings",
            ">From a@example.org Mon Apr 29 15:30:55 2019",
        ] {
            assert_eq!(found(line, true), None, "{line}");
        }
        let quoted = b"From a@example.org Mon Apr 29 15:30:55 2019\nhe wrote\nthat\nall\n";
        assert_eq!(Separator::at(quoted, true), None);
    }
}
