//! How values look on a page. Numbers carry their unit, dates are words.

use std::borrow::Borrow;

use jiff::tz::TimeZone;
use tieline_model::access::Role;
use tieline_model::interaction::Channel;
use tieline_model::time::Moment;

use crate::here;

/// First letters of the first and the last word of a name.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let first = words.next().and_then(|word| word.chars().find(|c| c.is_alphabetic()));
    let last = words.next_back().and_then(|word| word.chars().find(|c| c.is_alphabetic()));
    let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

/// What someone may do, in a word.
pub(crate) fn role(role: Role) -> String {
    match role {
        Role::Owner => t!("word-role-owner"),
        Role::Steward => t!("word-role-steward"),
        Role::Member => t!("word-role-member"),
        Role::Guest => t!("word-role-guest"),
    }
}

/// By what means people interacted, in a word.
pub(crate) fn channel(channel: Channel) -> String {
    match channel {
        Channel::Email => t!("word-channel-email"),
        Channel::Chat => t!("word-channel-chat"),
        Channel::Call => t!("word-channel-call"),
        Channel::Meeting => t!("word-channel-meeting"),
        Channel::CoEdit => t!("word-channel-co-edit"),
        Channel::Introduction => t!("word-channel-introduction"),
        Channel::Contact => t!("word-channel-contact"),
    }
}

/// A share in per cent, without places.
pub(crate) fn percent(share: impl Borrow<f64>) -> String {
    here::percent(*share.borrow())
}

/// A count, with separators.
pub(crate) fn number(n: impl Borrow<u64>) -> String {
    here::grouped(*n.borrow())
}

/// What an address stands for, by the word of its class.
pub(crate) fn address_class(class: &str) -> String {
    match class {
        "list" => t!("word-class-list"),
        "role" => t!("word-class-role"),
        "automated" => t!("word-class-automated"),
        "resource" => t!("word-class-resource"),
        class => class.to_owned(),
    }
}

/// With a capital at its beginning and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    let text = tieline_insight::voice::sentence_case(text);
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}

/// The hour of the day in a time zone, 0 to 23; UTC where the zone is not known.
pub(crate) fn hour(at: Moment, zone: &str) -> i8 {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.timestamp().to_zoned(zone).hour()
}

/// How long ago, in the largest unit that fits: "just now", "5 minutes ago", "3 days ago".
pub(crate) fn ago(then: Moment, now: Moment) -> String {
    let minutes = (now.ms() - then.ms()).max(0) / 60_000;
    match minutes {
        0 => t!("date-ago-now"),
        1..60 => t!("date-ago-minutes", n = minutes),
        60..1440 => t!("date-ago-hours", n = minutes / 60),
        _ => t!("date-ago-days", n = minutes / 1440),
    }
}

/// A size: "812 bytes", "3.4 MB", "12 GB".
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = n as f64;
    let mut unit = "";
    for next in UNITS {
        if size < 999.5 {
            break;
        }
        (size, unit) = (size / 1000.0, next);
    }
    match unit {
        "" => t!("number-bytes", n = n),
        unit if size < 9.95 => format!("{size:.1} {unit}"),
        unit => format!("{size:.0} {unit}"),
    }
}

/// Why records are kept out of ties, in words.
pub(crate) fn left_out(why: &str) -> String {
    match why {
        "auto-submitted" => t!("word-left-out-auto-submitted"),
        "bulk" => t!("word-left-out-bulk"),
        "delivery-report" => t!("word-left-out-delivery-report"),
        "automated-sender" => t!("word-left-out-automated-sender"),
        "role-mailbox" => t!("word-left-out-role-mailbox"),
        "broadcast" => t!("word-left-out-broadcast"),
        "newsletter" => t!("word-left-out-newsletter"),
        "no-gathering" => t!("word-left-out-no-gathering"),
        "erased" => t!("word-left-out-erased"),
        "no-sender" => t!("word-left-out-no-sender"),
        other => other.to_owned(),
    }
}

/// Points of a line in a box of `width` by `height`, for a polyline. Gaps where a value is missing
/// are closed; `None` with fewer than two values.
pub(crate) fn spark(values: &[Option<f64>], width: f64, height: f64) -> Option<Spark> {
    let known: Vec<(usize, f64)> =
        values.iter().enumerate().filter_map(|(i, value)| value.map(|value| (i, value))).collect();
    if known.len() < 2 {
        return None;
    }
    let low = known.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = known.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    let last = (values.len() - 1).max(1) as f64;
    let points: Vec<(f64, f64)> = known
        .into_iter()
        .map(|(i, value)| {
            (
                3.0 + (width - 6.0) * i as f64 / last,
                height - 4.0 - (height - 8.0) * (value - low) / range,
            )
        })
        .collect();
    let line = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let end = points.last().copied().unwrap_or_default();
    Some(Spark { line, end_x: format!("{:.1}", end.0), end_y: format!("{:.1}", end.1) })
}

/// A small line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spark {
    /// Points of the polyline.
    pub(crate) line: String,
    /// Where it ends.
    pub(crate) end_x: String,
    /// Where it ends.
    pub(crate) end_y: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Amara Osei"), "AO");
        assert_eq!(initials("Ada"), "A");
        assert_eq!(initials("Jan van der Berg"), "JB");
        assert_eq!(initials("42"), "?");
    }

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        let check = |minutes: i64, text: &str| {
            assert_eq!(ago(Moment::from_ms(0), Moment::from_ms(minutes * 60_000)), text);
        };
        check(0, "just now");
        check(1, "1 minute ago");
        check(59, "59 minutes ago");
        check(61, "1 hour ago");
        check(3 * 1440, "3 days ago");
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let check = |n, text: &str| assert_eq!(bytes(n), text);
        check(0, "0 bytes");
        check(1, "1 byte");
        check(999, "999 bytes");
        check(1_000, "1.0 kB");
        check(9_949, "9.9 kB");
        check(9_950, "10 kB");
        check(4_294_967_296, "4.3 GB");
    }

    #[test]
    fn a_line_needs_two_values() {
        assert_eq!(spark(&[Some(1.0), None], 60.0, 20.0), None);
        let line = spark(&[Some(1.0), None, Some(3.0)], 60.0, 20.0).unwrap();
        assert_eq!(line.line, "3.0,16.0 57.0,4.0");
    }
}
