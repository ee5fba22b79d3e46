//! Mailboxes of address fields, in the forms of four decades.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};
use tieline_model::record::Mailbox;

use super::memory::Words;

/// Reads an address field (UTF-8, ending in a line end). Groups are expanded; an empty group such as
/// `undisclosed-recipients:;` names nobody. Mailboxes without anything readable are dropped.
pub(super) fn mailboxes(value: &[u8], words: &mut Words) -> Vec<Mailbox> {
    plain_mailboxes(value, words).unwrap_or_else(|| all_mailboxes(value))
}

/// The common case without the full parser: ASCII, `Name <address>`, `"Name" <address>` or
/// `address`, separated by commas. `None` when anything else is in it.
fn plain_mailboxes(value: &[u8], words: &mut Words) -> Option<Vec<Mailbox>> {
    let special = |byte: &u8| !byte.is_ascii() || matches!(byte, b'\\');
    if value.iter().any(special) || memchr::memmem::find(value, b"=?").is_some() {
        return None;
    }
    let mut rest = std::str::from_utf8(value).ok()?;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (part, after) = rest.split_at(part_len(rest)?);
        rest = after.strip_prefix(',').unwrap_or(after);
        let part = part.trim();
        if !part.is_empty() {
            found.extend(words.mailbox(part, plain_mailbox)?);
        }
    }
    Some(found)
}

/// Length of the part up to the next comma outside quotes. `None` for comments, groups and quotes
/// without an end.
fn part_len(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => return Some(at),
            b'(' | b')' | b':' | b';' if !quoted => return None,
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

/// One mailbox in the plain form; `None` within where it is nobody's.
fn plain_mailbox(part: &str) -> Option<Option<Mailbox>> {
    let (name, address) = match part.strip_suffix('>') {
        Some(part) => part.rsplit_once('<').map(|(name, a)| (Some(name.trim_end()), a))?,
        None => (None, part),
    };
    let name = match name.and_then(|name| name.strip_prefix('"')) {
        Some(quoted) => quoted.strip_suffix('"'),
        None => name,
    };
    let simple = !address
        .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ':' | ';'))
        && address.contains('@')
        && !name.is_some_and(|name| name.contains(['@', '<', '>', '"']));
    let is_lost = name.is_none() && part.starts_with('"');
    (simple && !is_lost).then(|| mailbox(name.filter(|name| !name.is_empty()), Some(address)))
}

fn all_mailboxes(value: &[u8]) -> Vec<Mailbox> {
    let read = |raw: &Addr<'_>| mailbox(raw.name.as_deref(), raw.address.as_deref());
    match MessageStream::new(value).parse_address() {
        HeaderValue::Address(Address::List(list)) => list.iter().filter_map(read).collect(),
        HeaderValue::Address(Address::Group(groups)) => {
            groups.iter().flat_map(|group| &group.addresses).filter_map(read).collect()
        }
        _ => Vec::new(),
    }
}

fn mailbox(raw_name: Option<&str>, raw_address: Option<&str>) -> Option<Mailbox> {
    let mut name = raw_name.and_then(display_name);
    let mut address = raw_address.and_then(bare_address);
    if address.is_none() {
        // Bare logins, bang paths and user%host have no @, so the parser takes them for names.
        let written = raw_name.map(str::trim).unwrap_or_default();
        if is_nobody(written) {
            return None;
        }
        if !written.contains(char::is_whitespace) {
            address = bare_address(written);
            name = None;
        }
    }
    let own = |name: &String| {
        !address.as_deref().is_some_and(|address| name.contains('@') || name == address)
    };
    name = name.filter(own);
    (name.is_some() || address.is_some())
        .then(|| Mailbox { name: name.map(Into::into), address: address.map(Into::into) })
}

/// An address without brackets, scheme, quotes and source route. `None` when nothing is left.
pub(super) fn bare_address(raw: &str) -> Option<String> {
    let text = raw.trim().trim_matches(['<', '>', '\'', '"']).trim();
    let text = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => text.get(7..)?,
        _ => text,
    };
    // <@relay,@relay:user@host>
    let text = match text.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => text,
    };
    let named = text.chars().any(char::is_alphanumeric) && text.len() <= 320;
    named.then(|| text.to_owned())
}

/// A display name without quotes, with single spaces. `None` when it names nobody.
pub(super) fn display_name(raw: &str) -> Option<String> {
    let mut name = String::with_capacity(raw.len());
    for word in raw.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !word.is_empty() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
        }
    }
    let bare = name.trim_matches(['"', '\'', ' ']);
    let named = bare.chars().any(char::is_alphanumeric) && bare.chars().count() <= 200;
    match (named, bare.len() == name.len()) {
        (false, _) => None,
        (true, true) => Some(name),
        (true, false) => Some(bare.to_owned()),
    }
}

/// Placeholders that programs write where they show no recipients.
fn is_nobody(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["undisclosed", "unlisted", "suppressed", "recipient", "unknown", "(none"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// The names in Enron's `X-From`, `X-To` and `X-cc`: `Jane Doe`, `Jane Doe/HOU/ECT@ECT`,
/// `Doe, Jane </O=ENRON/CN=JDOE>`, `'jane@example.org'`, separated by commas. One entry per
/// person, `None` where an entry is an address and no name.
pub(super) fn exchange_names(text: &str) -> Vec<Option<String>> {
    let mut entries = Vec::new();
    if text.contains('<') {
        // Names may hold a comma: entries end with their bracket.
        for part in text.split('>') {
            let name = part.split('<').next().unwrap_or(part);
            let name = name.trim_start_matches([',', ' ', '\r', '\n', '\t']);
            if !name.trim().is_empty() {
                entries.push(exchange_name(name));
            }
        }
    } else {
        entries.extend(text.split(',').map(exchange_name));
    }
    entries
}

fn exchange_name(entry: &str) -> Option<String> {
    let entry = entry.split('/').next().unwrap_or(entry);
    let name = display_name(entry)?;
    (!name.contains('@')).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check(raw: &str, expected: &[(&str, &str)]) {
        let text = |text: Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
        let found: Vec<(String, String)> =
            mailboxes(format!(" {raw}\n").as_bytes(), &mut Words::default())
                .into_iter()
                .map(|m| (text(m.name), text(m.address)))
                .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(n, a)| ((*n).to_owned(), (*a).to_owned())).collect();
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn mailboxes_of_all_ages_are_read() {
        check("Amara Okafor <amara@example.org>", &[("Amara Okafor", "amara@example.org")]);
        check("\"Okafor, Amara\" <amara@example.org>", &[("Okafor, Amara", "amara@example.org")]);
        check("tim@kumr.example.com (Tim Poe)", &[("Tim Poe", "tim@kumr.example.com")]);
        check("user%host@relay.example.org", &[("", "user%host@relay.example.org")]);
        check("alpha!beta!tim (Tim)", &[("Tim", "alpha!beta!tim")]);
        check("alpha!beta!tim", &[("", "alpha!beta!tim")]);
        check("joe", &[("", "joe")]);
        check("\"a@example.org\" <a@example.org>", &[("", "a@example.org")]);
        check("'a@example.org' <a@example.org>", &[("", "a@example.org")]);
        check("=?utf-8?q?J=C3=BCrgen?= <j@example.org>", &[("J\u{fc}rgen", "j@example.org")]);
        check("undisclosed-recipients:;", &[]);
        check("undisclosed-recipients", &[]);
        check("<@relay.example.net:a@example.org>", &[("", "a@example.org")]);
        check(
            "Team: a@example.org, B <b@example.org>;, c@example.org",
            &[("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")],
        );
        check("a@example.org,\n\t b@example.org", &[("", "a@example.org"), ("", "b@example.org")]);
        check("Name Only", &[("Name Only", "")]);
        check("<>", &[]);
        check(", ,", &[]);
    }

    #[test]
    fn the_short_way_reads_what_the_full_parser_reads() {
        let mut words = Words::default();
        for raw in [
            "a@example.org",
            "Amara Okafor <amara@example.org>, Bo  Ek\n\t<bo@example.org>,\n c@example.org",
            "<a@example.org>",
            "O'Neil <o@example.org>, 'a@example.org' <a@example.org>",
            "a+b=c@example.org, , x.y@example.org",
            "\"Okafor, Amara\" <amara@example.org>,\n\t\"Bo  Ek (NA)\" <bo@example.org>",
            "\"open list:KEYS; all\" <keys@example.org>, \"\" <b@example.org>",
        ] {
            let value = format!(" {raw}\n");
            let short = plain_mailboxes(value.as_bytes(), &mut words);
            if !raw.contains("'a@") {
                assert!(short.is_some(), "{raw}");
            }
            // The second time it is remembered.
            for _ in 0..2 {
                let read = mailboxes(value.as_bytes(), &mut words);
                assert_eq!(read, all_mailboxes(value.as_bytes()), "{raw}");
            }
        }
        for raw in [
            "a b@example.org",
            "joe",
            "Name",
            "A <a@b> c",
            "a@b <c@d>",
            "x <y z@w>",
            "a@b (A)",
            "Team: a@b;",
            "\"A\" B <a@b>",
            "\"A <a@b>",
            "\"A\\\"B\" <a@b>",
            "\"a\"@b",
            "\"a@b\" <a@b>",
        ] {
            assert_eq!(plain_mailboxes(raw.as_bytes(), &mut words), None, "{raw}");
        }
    }

    #[test]
    fn exchange_names_come_in_three_forms() {
        let names = |text: &str| -> Vec<String> {
            exchange_names(text).into_iter().map(Option::unwrap_or_default).collect()
        };
        assert_eq!(names("Ann Roe"), ["Ann Roe"]);
        assert_eq!(names("Ann Roe/HOU/ECT@ECT, Bo Ek/NA/Enron@Enron"), ["Ann Roe", "Bo Ek"]);
        assert_eq!(names("Roe, Ann </O=X/CN=AROE>, Ek, Bo </O=X/CN=BEK>"), ["Roe, Ann", "Ek, Bo"]);
        assert_eq!(names("'a@example.org', Bo Ek"), ["", "Bo Ek"]);
    }
}
