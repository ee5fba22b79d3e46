//! Where a person is named in free text: file names, labels, reasons. For erasing, so it errs on the
//! side of finding: `jane-doe.mbox`, `Doe, Jane`, `jdoe` and `DoeJ` all name Jane Doe.

use std::collections::BTreeSet;
use std::ops::Range;

use tieline_model::address::{Address, AddressKind};
use unicode_normalization::char::is_combining_mark;

use crate::names::{PersonName, Reading, fold};

/// What stands in place of a name that was erased.
pub const ERASED: &str = "[erased]";

/// Bytes that may stand between two words of one name.
const MAX_GAP: usize = 3;
/// Fewest letters of a single word that names somebody.
const MIN_WORD: usize = 4;
/// Fewest letters of a family name that names somebody together with an initial.
const MIN_FAMILY: usize = 3;

/// The ways in which texts name one person.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// Folded, without gaps: however a text parts the words, the letters are these.
    written: BTreeSet<String>,
    /// Bytes of the longest of them.
    longest: usize,
}

impl Traces {
    /// Of a person with these names (full ones count) and addresses.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>, addresses: &[Address]) -> Self {
        let mut traces = Self::default();
        let mut parts = BTreeSet::new();
        for text in names {
            let Some(name) = Reading::of(text).person().filter(PersonName::is_full) else {
                continue;
            };
            traces.add_name(&fold(&name.display), &name.given_key, &name.family_key);
            parts.extend([name.given_key, name.family_key]);
        }
        parts.retain(|part| part.chars().count() >= MIN_FAMILY);
        for address in addresses {
            traces.add_address(address, &parts);
        }
        traces.longest = traces.written.iter().map(String::len).max().unwrap_or_default();
        traces
    }

    /// The text with [`ERASED`] in place of what names the person; `None` where nothing does.
    pub fn erased(&self, text: &str) -> Option<String> {
        let words = words(text);
        let mut kept = String::with_capacity(text.len());
        let (mut at, mut copied) = (0, 0);
        while at < words.len() {
            let Some(length) = self.named_at(&words[at..]) else {
                at += 1;
                continue;
            };
            kept.push_str(&text[copied..words[at].range.start]);
            kept.push_str(ERASED);
            copied = words[at + length - 1].range.end;
            at += length;
        }
        if copied == 0 {
            return None;
        }
        kept.push_str(&text[copied..]);
        Some(kept)
    }

    /// How many words from the first on name the person; the longest way wins.
    fn named_at(&self, words: &[Word]) -> Option<usize> {
        let (mut said, mut found) = (String::new(), None);
        for (at, word) in words.iter().enumerate() {
            let gap = at.checked_sub(1).map_or(0, |last| word.range.start - words[last].range.end);
            said.push_str(&word.folded);
            if gap > MAX_GAP || said.len() > self.longest {
                break;
            }
            if self.written.contains(&said) {
                found = Some(at + 1);
            }
        }
        found
    }

    fn add_name(&mut self, full: &str, given: &str, family: &str) {
        self.add(full);
        let initial: String = given.chars().take(1).collect();
        let mut pairs = vec![(given, family), (family, given)];
        if family.chars().count() >= MIN_FAMILY {
            pairs.extend([(initial.as_str(), family), (family, initial.as_str())]);
        }
        for (one, two) in pairs {
            self.add(&format!("{one} {two}"));
        }
    }

    fn add_address(&mut self, address: &Address, parts: &BTreeSet<String>) {
        if address.kind() == AddressKind::Label {
            // A label means something within its file only; its name is among the names.
            return;
        }
        self.add(&fold(address.text()));
        // `info@` names nobody; `jane@` does, where the owner is called Jane.
        let local = fold(address.local().unwrap_or_default());
        if parts.iter().any(|part| local.contains(part)) {
            self.add(&local);
        }
    }

    fn add(&mut self, words: &str) {
        let squeezed = words.replace(' ', "");
        if squeezed.chars().count() >= MIN_WORD {
            self.written.insert(squeezed);
        }
    }
}

struct Word {
    range: Range<usize>,
    folded: String,
}

/// The runs of letters and digits of a text, with where they stand.
fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    let inside = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, inside(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let folded = fold(&text[from..at]).replace(' ', "");
                if !folded.is_empty() {
                    found.push(Word { range: from..at, folded });
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jane() -> Traces {
        let address = |text: &str| Address::mail(text).unwrap();
        Traces::of(
            ["Jane Doe", "Doe, Jané", "Housing"],
            &[
                address("j.doe7@acme.example"),
                address("doe.jane@home.example"),
                address("info@doe.example"),
            ],
        )
    }

    #[test]
    fn a_person_is_found_however_a_file_or_a_note_names_them() {
        for (text, expected) in [
            ("demo/jane-doe.mbox", "demo/[erased].mbox"),
            ("Doe, Jane (old phone).vcf", "[erased] (old phone).vcf"),
            ("/mail/JDOE/inbox", "/mail/[erased]/inbox"),
            ("/mail/doe-j/sent", "/mail/[erased]/sent"),
            (
                "janedoe_2024.zip!a.eml",
                "janedoe_2024.zip!a.eml".replace("janedoe", ERASED).as_str(),
            ),
            ("told by doe.jane@home.example", "told by [erased]"),
            ("from J.Doe7@Acme.example to Jan\u{e9} Doe's", "from [erased] to [erased]'s"),
            ("j.doe7.pst and doe jane.pst", "[erased].pst and [erased].pst"),
        ] {
            assert_eq!(jane().erased(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_people_and_common_words_stay() {
        for text in
            ["", "info.mbox", "Housing.csv", "john-doe.mbox", "doe.csv", "jdoes", "jane    doe"]
        {
            assert_eq!(jane().erased(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(text in ".{0,60}") {
            if let Some(erased) = jane().erased(&format!("{text} jane doe")) {
                prop_assert!(erased.contains(ERASED), "{}", erased);
            }
        }
    }
}
