//! Text for search and order.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Compatibility-decomposed, without accents, lower case, white space single.
pub(crate) fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

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
