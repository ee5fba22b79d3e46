//! Text for search and order.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Compatibility-decomposed, without accents, lower case, white space single.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return single_spaced(&text.to_ascii_lowercase());
    }
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    single_spaced(&plain.to_lowercase())
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Longest word that search tells apart, characters.
const WORD_CHARS: usize = 64;

/// Words of letters and digits, folded; a word too long is cut.
pub(crate) fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(WORD_CHARS).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{fold, words};

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(
            words("R\u{e9}n-e@x9.org, \u{6771}\u{4eac}!"),
            ["ren", "e", "x9", "org", "\u{6771}\u{4eac}"]
        );
        assert!(words(" %_'\" ").is_empty());
    }

    #[test]
    fn accents_case_and_spaces_do_not_matter() {
        for (text, folded) in [
            ("  Ren\u{e9}e   D\u{dc}RER ", "renee durer"),
            ("\u{391}\u{3b8}\u{3ae}\u{3bd}\u{3b1}", "\u{3b1}\u{3b8}\u{3b7}\u{3bd}\u{3b1}"),
            ("\u{ff21}\u{ff22}", "ab"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
