//! Address books: vCard, Google Contacts, Outlook and LinkedIn exports.

mod google_csv;
mod linkedin;
mod outlook_csv;
mod tables;
mod vcard;

pub use google_csv::GOOGLE;
pub use linkedin::LINKEDIN;
pub use outlook_csv::OUTLOOK;
pub use tables::ContactTable;
pub use vcard::VCards;

use tieline_model::record::Card;

/// Whether a card says enough to be about anybody.
fn names_someone(card: &Card) -> bool {
    card.name.is_some()
        || card.given.is_some()
        || card.family.is_some()
        || card.organisation.is_some()
        || !card.emails.is_empty()
        || !card.phones.is_empty()
        || !card.handles.is_empty()
        || !card.nicknames.is_empty()
}

/// The text without surrounding blanks; `None` when nothing is left.
fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Adds a value that is not there yet, whatever its case.
fn add(list: &mut Vec<String>, text: &str) {
    if let Some(text) = filled(text)
        && !list.iter().any(|known| known.eq_ignore_ascii_case(&text))
    {
        list.push(text);
    }
}

/// The full name from its parts, where an export has only these.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Source;
    use crate::testing::read_bytes;

    const SAMPLES: [(&dyn Source, &[u8]); 3] = [
        (&GOOGLE, include_bytes!("../../corpus/contacts/google.csv")),
        (&OUTLOOK, include_bytes!("../../corpus/contacts/outlook.csv")),
        (&LINKEDIN, include_bytes!("../../corpus/contacts/Connections.csv")),
    ];

    #[test]
    fn the_samples_give_cards() {
        for (source, bytes) in SAMPLES {
            assert!(!read_bytes(source, "x.csv", bytes).records.is_empty(), "{}", source.name());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn damaged_exports_are_read_without_a_panic(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
        ) {
            for (source, sample) in SAMPLES {
                let mut bytes = sample.to_vec();
                for (at, byte) in &edits {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                read_bytes(source, "x.csv", &bytes);
                bytes.truncate(cut.index(bytes.len()));
                read_bytes(source, "x.csv", &bytes);
            }
        }
    }
}
