//! vCard 2.1, 3.0 and 4.0.

use std::io::BufRead;

use calcard::vcard::{VCard, VCardEntry, VCardKind, VCardProperty, VCardValue};
use calcard::{Entry, Parser};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Card, Record};

use super::{add, filled, joined, names_someone};
use crate::lines::{ContentLine, ContentLines};
use crate::source::{Confidence, Context, Probe, Sink, Source, Stop};
use crate::text;

/// Properties that say who someone is and how to reach them. Notes, pictures, birthdays, addresses
/// and keys are dropped unread.
const KEPT: [&str; 12] = [
    "VERSION", "KIND", "FN", "N", "NICKNAME", "EMAIL", "TEL", "IMPP", "ORG", "TITLE", "ROLE", "URL",
];

/// Further properties with a handle, and the scheme written before it.
const HANDLES: [(&str, &str); 11] = [
    ("SOCIALPROFILE", ""),
    ("X-SOCIALPROFILE", ""),
    ("X-SKYPE", "skype:"),
    ("X-SKYPE-USERNAME", "skype:"),
    ("X-JABBER", "xmpp:"),
    ("X-TWITTER", "https://twitter.com/"),
    ("X-AIM", "aim:"),
    ("X-ICQ", "icq:"),
    ("X-MSN", "msn:"),
    ("X-GTALK", "xmpp:"),
    ("X-MATRIX", "matrix:"),
];

/// Sites where a URL names a person; other URLs are home pages, often an employer's.
const PROFILE_SITES: [&str; 8] = [
    "linkedin.com/in/",
    "github.com/",
    "gitlab.com/",
    "twitter.com/",
    "x.com/",
    "xing.com/profile/",
    "orcid.org/",
    "facebook.com/",
];

/// Bytes kept of one card.
const MAX_CARD: usize = 1024 * 1024;

/// Reads vCard files (`.vcf`), any number of cards in each.
#[derive(Debug)]
pub struct VCards;

impl Source for VCards {
    fn name(&self) -> &'static str {
        "vcard"
    }

    fn about(&self) -> &'static str {
        "contact cards (.vcf), versions 2.1 to 4.0"
    }

    fn detect(&self, probe: &Probe<'_>) -> Confidence {
        let head = text::head(probe.head);
        let begins = head.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
        let first = begins.clone().find(|line| !line.is_empty()).unwrap_or_default();
        let named = ["vcf", "vcard", "contact"].iter().any(|e| probe.has_extension(e));
        if first.eq_ignore_ascii_case("BEGIN:VCARD") {
            Confidence::Certain
        } else if named && begins.into_iter().any(|line| line.eq_ignore_ascii_case("BEGIN:VCARD")) {
            Confidence::Likely
        } else if named && !probe.has_extension("contact") {
            Confidence::Possible
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
        let mut lines = ContentLines::new(&mut input);
        let mut reader = Reader { sink, open: None, cards: 0, any_line: false };
        while let Some(line) = lines.next()? {
            reader.line(&line)?;
        }
        reader.finish(true)?;
        if reader.cards > 0 {
            return Ok(());
        }
        let (severity, reason) = if reader.any_line {
            (Severity::Lost, "no contact card could be found in it")
        } else {
            (Severity::Repaired, "empty file")
        };
        reader.sink.issue(Position::File, severity, reason.to_owned())
    }
}

#[derive(Default)]
struct Open {
    offset: u64,
    text: String,
    /// Cards open inside it (AGENT of version 2.1).
    depth: u32,
    embedded: bool,
    recoded: bool,
    cut: bool,
    company: bool,
    /// Handles, with their scheme, and further names.
    handles: Vec<String>,
    nicknames: Vec<String>,
}

struct Reader<'a> {
    sink: &'a mut dyn Sink,
    open: Option<Open>,
    cards: u64,
    any_line: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &ContentLine) -> Result<(), Stop> {
        self.any_line |= !line.text.trim().is_empty();
        if line.bracket("BEGIN").is_some_and(|name| name == "VCARD") {
            // An AGENT holds a card of its own; any other card inside a card was not closed.
            if let Some(open) = &mut self.open
                && open.embedded
            {
                open.depth += 1;
                return Ok(());
            }
            self.finish(true)?;
            self.open = Some(Open { offset: line.offset, ..Open::default() });
        } else if line.bracket("END").is_some_and(|name| name == "VCARD") {
            match &mut self.open {
                Some(open) if open.depth > 0 => open.depth -= 1,
                _ => self.finish(false)?,
            }
        } else if let Some(open) = &mut self.open {
            open.take(line);
        }
        Ok(())
    }

    fn finish(&mut self, unterminated: bool) -> Result<(), Stop> {
        let Some(open) = self.open.take() else { return Ok(()) };
        self.cards += 1;
        let position = Position::Byte(open.offset);
        let text = format!("BEGIN:VCARD\r\n{}END:VCARD\r\n", open.text);
        let Entry::VCard(parsed) = Parser::new(&text).entry() else {
            let reason = "card that cannot be read".to_owned();
            return self.sink.issue(position, Severity::Lost, reason);
        };
        let card = match card(&parsed, &open) {
            Ok(card) => card,
            Err(reason) => return self.sink.issue(position, Severity::Lost, reason.to_owned()),
        };
        let repairs: Vec<&str> = [
            (unterminated, "has no END:VCARD"),
            (open.recoded, "is not in UTF-8: read as Windows-1252"),
            (open.cut, "is too large: what did not fit was left out"),
            (open.embedded, "holds a card of somebody else (AGENT), which was not read"),
        ]
        .into_iter()
        .filter_map(|(holds, what)| holds.then_some(what))
        .collect();
        if !repairs.is_empty() {
            self.sink.issue(position, Severity::Repaired, repairs.join("; "))?;
        }
        self.sink.record(position, Record::Card(Box::new(card)))
    }
}

impl Open {
    fn take(&mut self, line: &ContentLine) {
        if self.depth > 0 {
            return;
        }
        let Some(name) = line.name() else { return };
        let name = name.as_str();
        if name == "AGENT" && line.value().is_empty() {
            self.embedded = true;
        } else if name == "X-ABSHOWAS" {
            self.company = line.value().to_ascii_uppercase().contains("COMPANY");
        } else if matches!(name, "X-MAIDENNAME" | "X-PHONETIC-FIRST-NAME" | "X-ALTBDAY-NAME") {
            add(&mut self.nicknames, line.value());
        } else if let Some((_, scheme)) = HANDLES.iter().find(|(known, _)| *known == name) {
            let value = line.value().replace("\\:", ":").replace("\\,", ",");
            if !value.trim().is_empty() {
                let scheme = if value.contains(':') { "" } else { scheme };
                add(&mut self.handles, &format!("{scheme}{}", value.trim()));
            }
        } else if KEPT.contains(&name) {
            self.recoded |= line.recoded;
            if self.text.len() + line.text.len() > MAX_CARD {
                self.cut = true;
            } else {
                self.text.push_str(&line.text);
                self.text.push_str("\r\n");
            }
        }
    }
}

fn card(parsed: &VCard, open: &Open) -> Result<Card, &'static str> {
    let mut card = Card { handles: open.handles.clone(), ..Card::default() };
    let kind = parsed.property(&VCardProperty::Kind).and_then(|entry| entry.values.first());
    match kind {
        Some(VCardValue::Kind(VCardKind::Org | VCardKind::Group)) => card.is_organisation = true,
        Some(VCardValue::Kind(
            VCardKind::Location | VCardKind::Device | VCardKind::Application,
        )) => return Err("card of a place or a device, not of a person"),
        _ => card.is_organisation = open.company,
    }
    for entry in parsed.properties(&VCardProperty::Fn) {
        let text = first(entry);
        if card.name.is_none() {
            card.name = filled(&text);
        } else if card.name.as_deref() != Some(text.trim()) {
            add(&mut card.nicknames, &text);
        }
    }
    name_parts(parsed, &mut card);
    for entry in parsed.properties(&VCardProperty::Nickname) {
        texts(entry).iter().for_each(|text| add(&mut card.nicknames, text));
    }
    open.nicknames.iter().for_each(|text| add(&mut card.nicknames, text));
    for entry in parsed.properties(&VCardProperty::Email) {
        add(&mut card.emails, without_scheme(&first(entry), "mailto:"));
    }
    for entry in parsed.properties(&VCardProperty::Tel) {
        add(&mut card.phones, without_scheme(&first(entry), "tel:"));
    }
    for entry in parsed.properties(&VCardProperty::Impp) {
        add(&mut card.handles, &first(entry));
    }
    for entry in parsed.properties(&VCardProperty::Url) {
        let url = first(entry);
        if PROFILE_SITES.iter().any(|site| url.to_lowercase().contains(site)) {
            add(&mut card.handles, &url);
        }
    }
    if let Some(entry) = parsed.property(&VCardProperty::Org) {
        let parts = texts(entry);
        card.organisation = parts.first().and_then(|text| filled(text));
        card.department = joined_units(&parts);
    }
    let text = |name| parsed.property(name).and_then(|entry| filled(&first(entry)));
    card.title = text(&VCardProperty::Title).or_else(|| text(&VCardProperty::Role));
    card.is_organisation |= is_company(&card);
    if names_someone(&card) { Ok(card) } else { Err("card without a name, an address or a number") }
}

/// Given and family name; the full name from them where the card has no other.
fn name_parts(parsed: &VCard, card: &mut Card) {
    let Some(entry) = parsed.property(&VCardProperty::N) else { return };
    let parts = texts(entry);
    let part = |at: usize| parts.get(at).map_or("", String::as_str);
    card.family = filled(part(0));
    card.given = filled(part(1));
    if card.name.is_none() {
        card.name = joined([part(3), part(1), part(2), part(0), part(4)]);
    }
}

fn joined_units(parts: &[String]) -> Option<String> {
    let units: Vec<&str> =
        parts.iter().skip(1).map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    (!units.is_empty()).then(|| units.join(" / "))
}

/// Address books show a company as a card whose name is the organisation's.
fn is_company(card: &Card) -> bool {
    card.organisation.is_some()
        && card.name == card.organisation
        && card.given.is_none()
        && card.family.is_none()
}

fn without_scheme<'a>(text: &'a str, scheme: &str) -> &'a str {
    let text = text.trim();
    match text.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => &text[scheme.len()..],
        _ => text,
    }
}

fn first(entry: &VCardEntry) -> String {
    texts(entry).into_iter().next().unwrap_or_default()
}

/// The values of a property as texts; parts of one component are joined by a blank.
fn texts(entry: &VCardEntry) -> Vec<String> {
    entry
        .values
        .iter()
        .map(|value| match value {
            VCardValue::Text(text) => text.trim().to_owned(),
            VCardValue::Component(parts) => parts.join(" ").trim().to_owned(),
            VCardValue::Integer(number) => number.to_string(),
            _ => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Collected, read_bytes};
    use proptest::prelude::*;

    fn read(text: &str) -> Collected {
        read_bytes(&VCards, "cards.vcf", text.as_bytes())
    }

    fn cards(found: &Collected) -> Vec<Card> {
        found
            .records
            .iter()
            .map(|(_, record)| match record {
                Record::Card(card) => card.as_ref().clone(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn version_2_1_with_quoted_printable_and_charset_is_read() {
        let found = read(
            "BEGIN:VCARD\r\nVERSION:2.1\r\n\
             N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;Amara;;Dr.\r\n\
             TEL;WORK;VOICE:+49 30 123456\r\nEMAIL;PREF;INTERNET:amara@example.org\r\n\
             ORG;ENCODING=QUOTED-PRINTABLE:Harbour=20=\r\nTrust;Estates\r\nEND:VCARD\r\n",
        );
        let card = &cards(&found)[0];
        assert_eq!(card.family.as_deref(), Some("M\u{fc}ller"));
        assert_eq!(card.name.as_deref(), Some("Dr. Amara M\u{fc}ller"));
        assert_eq!(card.phones, ["+49 30 123456"]);
        assert_eq!(card.emails, ["amara@example.org"]);
        assert_eq!(card.organisation.as_deref(), Some("Harbour Trust"));
        assert_eq!(card.department.as_deref(), Some("Estates"));
    }

    #[test]
    fn versions_3_and_4_with_groups_uris_and_several_cards_are_read() {
        let found = read(
            "BEGIN:VCARD\nVERSION:3.0\nFN:Bo Lind\nN:Lind;Bo;;;\nNICKNAME:Bobo\\, the\n\
             item1.EMAIL;TYPE=work:bo@example.org\nX-SKYPE:bo.lind\n\
             URL:https://www.linkedin.com/in/bolind\nURL:https://example.org\nNOTE:secret\nEND:VCARD\n\
             BEGIN:VCARD\nVERSION:4.0\nFN:Harbour Trust\nKIND:org\n\
             TEL;VALUE=uri:tel:+44-20-1\nEND:VCARD\n",
        );
        let cards = cards(&found);
        assert_eq!(cards[0].emails, ["bo@example.org"]);
        assert_eq!(cards[0].nicknames, ["Bobo, the"]);
        assert_eq!(cards[0].handles, ["skype:bo.lind", "https://www.linkedin.com/in/bolind"]);
        assert!(cards[1].is_organisation);
        assert_eq!(cards[1].phones, ["+44-20-1"]);
        assert!(found.issues.is_empty(), "{:?}", found.issues);
    }

    #[test]
    fn empty_unclosed_and_foreign_input_is_said() {
        for (text, records, reason) in [
            ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", 0, "without a name"),
            ("BEGIN:VCARD\nVERSION:4.0\nKIND:location\nFN:Hall\nEND:VCARD\n", 0, "place"),
            ("BEGIN:VCARD\nFN:Bo\nBEGIN:VCARD\nFN:Cy\nEND:VCARD\n", 2, "no END:VCARD"),
            ("hello", 0, "no contact card"),
            ("", 0, "empty file"),
        ] {
            let found = read(text);
            assert_eq!(found.records.len(), records, "{text}");
            assert!(found.issues.iter().any(|i| i.2.contains(reason)), "{:?}", found.issues);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn damaged_cards_never_panic(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:\
                M=C3=BCller;A\r\nTEL;WORK:1\r\nX-SOCIALPROFILE;TYPE=x:https://x.com/a\r\nORG:A;B\r\n\
                EMAIL:a@b.example\r\nEND:VCARD\r\n".to_vec();
            for (at, byte) in edits {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.truncate(cut.index(bytes.len()) + 1);
            let found = read_bytes(&VCards, "x.vcf", &bytes);
            prop_assert!(!found.records.is_empty() || !found.issues.is_empty());
        }
    }
}
