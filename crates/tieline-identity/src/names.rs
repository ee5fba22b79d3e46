//! Names of people as they are written, and how well two of them agree.
//!
//! Parsing of titles, suffixes and "Family, Given" is the crate `human_name`'s, and so is its list
//! of nicknames; this module decides what is a person's name at all, folds, and grades.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fellegi_sunter::Level;

/// What a display name turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// A person's name.
    Person(Box<PersonName>),
    /// The name of a function, group or machine ("Support Team").
    Role,
    /// Someone named through someone else's address ("Jane Doe via Docs").
    Via,
    /// No name at all: empty, an address, digits.
    Nothing,
}

/// A person's name in parts. Folded parts are lower case without accents and punctuation.
#[derive(Debug, Clone)]
pub struct PersonName {
    /// As shown: cleaned, given name first.
    pub display: String,
    /// Given name as written, where there is one.
    pub given: Option<String>,
    /// Family name as written, where there is one.
    pub family: Option<String>,
    /// Generational suffix (Jr., Sr., III), where there is one.
    pub suffix: Option<String>,
    /// Folded given name; empty where there is only one word.
    pub given_key: String,
    /// Folded family name, or the only word.
    pub family_key: String,
    /// Folded given and family name, sorted by word: equal for "Doe Jane" and "Jane Doe".
    pub full_key: String,
    parsed: Option<human_name::Name>,
}

impl PartialEq for PersonName {
    fn eq(&self, other: &Self) -> bool {
        self.display == other.display
    }
}

/// Longest display name that is read as a name, in characters: longer ones are sentences.
const MAX_NAME: usize = 80;

/// Fewest letters of a mailbox that can spell a full name.
pub(crate) const MIN_SPELLING: usize = 6;

/// First or last words that make a display name one of a function, group or machine.
const ROLE_WORDS: [&str; 36] = [
    "team",
    "support",
    "helpdesk",
    "desk",
    "department",
    "dept",
    "office",
    "newsletter",
    "newsletters",
    "notification",
    "notifications",
    "service",
    "services",
    "group",
    "committee",
    "admin",
    "administrator",
    "administration",
    "webmaster",
    "postmaster",
    "mailer",
    "daemon",
    "noreply",
    "reply",
    "bot",
    "list",
    "info",
    "sales",
    "marketing",
    "hotline",
    "jenkins",
    "system",
    "subsystem",
    "accounts",
    "bounces",
    "undisclosed",
];

impl Reading {
    /// Reads a display name. Never fails; what is no name says so.
    pub fn of(raw: &str) -> Self {
        let text = clean(raw);
        if text.chars().count() > MAX_NAME || text.contains('@') || text.contains("://") {
            return Self::Nothing;
        }
        let folded = fold(&text);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let via = |pair: &[&str]| matches!(pair, ["via", _]);
        if words.windows(2).skip(1).any(via) || folded.contains(" on behalf of ") {
            return Self::Via;
        }
        let ends = [words.first(), words.last()];
        if ends.into_iter().flatten().any(|word| ROLE_WORDS.contains(word)) {
            return Self::Role;
        }
        if !words.iter().any(|word| word.chars().any(char::is_alphabetic)) {
            return Self::Nothing;
        }
        Self::Person(Box::new(PersonName::read(&text, &words)))
    }

    /// The name, if it is a person's.
    pub fn person(self) -> Option<PersonName> {
        if let Self::Person(name) = self { Some(*name) } else { None }
    }
}

impl PersonName {
    /// A name from parts that the source has apart.
    pub fn from_parts(given: &str, family: &str) -> Option<Self> {
        Reading::of(&format!("{given} {family}")).person().map(|mut name| {
            let (given, family) = (clean(given), clean(family));
            name.given_key = fold(given.split(' ').next().unwrap_or(&given));
            name.family_key = fold(&family);
            name.full_key = sorted_words(&[&name.given_key, &name.family_key]);
            name.given = Some(given).filter(|text| !text.is_empty());
            name.family = Some(family).filter(|text| !text.is_empty());
            name
        })
    }

    fn read(text: &str, words: &[&str]) -> Self {
        // The parser wants two words with letters; one word is a login, a given or a family name.
        let parsed = if words.len() >= 2 { human_name::Name::parse(text) } else { None };
        if let Some(name) = parsed {
            let given = name.given_name().map(str::to_owned);
            let family = name.surname().to_owned();
            let initial = name.first_initial().to_string();
            let given_key = fold(given.as_deref().unwrap_or(&initial));
            let family_key = fold(&family);
            let suffix = name.generational_suffix().map(str::to_owned);
            let display =
                if text.contains(',') { name.display_full().into_owned() } else { text.to_owned() };
            let full_key = sorted_words(&[&given_key, &family_key]);
            let parts = (Some(given.unwrap_or(initial)), Some(family));
            if !given_key.is_empty() && !family_key.is_empty() {
                return Self {
                    display,
                    given: parts.0,
                    family: parts.1,
                    suffix,
                    given_key,
                    family_key,
                    full_key,
                    parsed: Some(name),
                };
            }
        }
        let (given_key, family_key) = match words {
            [only] => (String::new(), (*only).to_owned()),
            [first, .., last] => ((*first).to_owned(), (*last).to_owned()),
            [] => (String::new(), String::new()),
        };
        let full_key = sorted_words(&[&given_key, &family_key]);
        let (given, family) = (None, None);
        let (display, suffix, parsed) = (text.to_owned(), None, None);
        Self { display, given, family, suffix, given_key, family_key, full_key, parsed }
    }

    /// Whether it has a given and a family name, the given one written out.
    pub fn is_full(&self) -> bool {
        self.given_key.chars().count() > 1 && !self.family_key.is_empty()
    }

    /// How a mailbox would spell the full name without separators: given first, family first.
    /// Nothing for names without two written-out parts.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = String> {
        let squeeze = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let (given, family) = (squeeze(&self.given_key), squeeze(&self.family_key));
        let spells = self.is_full() && given.len() + family.len() >= MIN_SPELLING;
        let both = spells.then(|| [format!("{given}{family}"), format!("{family}{given}")]);
        both.into_iter().flatten()
    }

    /// Whether two generational suffixes contradict each other: father and son.
    pub fn suffix_differs(&self, other: &Self) -> bool {
        self.suffix != other.suffix
    }
}

/// How well two names agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Given names; `None` where a side has none.
    pub given: Option<Level>,
    /// Family names; `None` where they cannot be compared.
    pub family: Option<Level>,
    /// Whether both have a given and a family name and these are equal, in either order; names with
    /// an initial only where they are written alike.
    pub whole: bool,
}

/// Compares two names: given with given, family with family, and swapped, whichever agrees better.
/// Initials agree closely with names that begin so; nicknames agree closely.
pub fn compare(a: &PersonName, b: &PersonName, close_at: f64) -> Agreement {
    let both_parts = !a.given_key.is_empty() && !b.given_key.is_empty();
    let as_written = || fold(&a.display) == fold(&b.display);
    let whole =
        both_parts && a.full_key == b.full_key && ((a.is_full() && b.is_full()) || as_written());
    if whole {
        return Agreement { given: Some(Level::Exact), family: Some(Level::Exact), whole };
    }
    if a.given_key.is_empty() != b.given_key.is_empty() {
        // One word against a full name says little: it may be either part.
        let (word, full) = if a.given_key.is_empty() { (a, b) } else { (b, a) };
        let as_family = grade(&word.family_key, &full.family_key, close_at);
        let as_given = grade(&word.family_key, &full.given_key, close_at);
        return if as_given < as_family {
            Agreement { given: Some(as_given), family: None, whole }
        } else {
            Agreement { given: None, family: Some(as_family), whole }
        };
    }
    let family = grade(&a.family_key, &b.family_key, close_at);
    if a.given_key.is_empty() {
        return Agreement { given: None, family: Some(family), whole };
    }
    let mut given = grade(&a.given_key, &b.given_key, close_at);
    if given == Level::Else && family == Level::Exact && are_variants(a, b) {
        given = Level::Close;
    }
    let swapped = (
        grade(&a.given_key, &b.family_key, close_at),
        grade(&a.family_key, &b.given_key, close_at),
    );
    if swapped.0 < Level::Else && swapped.1 < Level::Else && given.max(family) == Level::Else {
        return Agreement { given: Some(swapped.0), family: Some(swapped.1), whole };
    }
    Agreement { given: Some(given), family: Some(family), whole }
}

/// Nicknames, by the name crate's tables ("Bob Smith" and "Robert Smith").
fn are_variants(a: &PersonName, b: &PersonName) -> bool {
    match (&a.parsed, &b.parsed) {
        (Some(a), Some(b)) => a.consistent_with(b),
        _ => false,
    }
}

fn grade(a: &str, b: &str, close_at: f64) -> Level {
    if a == b {
        return Level::Exact;
    }
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    let close = initial(a, b)
        || initial(b, a)
        || is_transcription(a, b)
        || strsim::jaro_winkler(a, b) >= close_at;
    if close { Level::Close } else { Level::Else }
}

/// "mueller" and "muller" (from "Müller") are spellings of one name: equal but for an e after a, o
/// or u.
fn is_transcription(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let mut before = ' ';
        text.chars().filter(move |c| {
            let skipped = *c == 'e' && matches!(before, 'a' | 'o' | 'u');
            before = *c;
            !skipped
        })
    }
    a.len() != b.len() && letters(a).eq(letters(b))
}

/// Compatibility form, white space folded, quotes and trailing comments in brackets removed.
pub(crate) fn clean(raw: &str) -> String {
    let text: String = raw.nfkc().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    let mut outside = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let kept = if outside.chars().any(char::is_alphabetic) { outside } else { text };
    let quotes = ['"', '\'', '`', '<', '>', '(', ')', '[', ']', ',', ';'];
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_matches(|c: char| quotes.contains(&c) || c.is_whitespace()).to_owned()
}

/// Lower case, accents and punctuation removed, words joined by one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let plain = match c {
            'ß' => "ss",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ı' => "i",
            '\'' | '’' | 'ʼ' => continue,
            _ => "",
        };
        if plain.is_empty() && !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        if plain.is_empty() { folded.push(c) } else { folded.push_str(plain) }
    }
    folded
}

fn sorted_words(parts: &[&str]) -> String {
    let mut words: Vec<&str> = parts.iter().flat_map(|part| part.split(' ')).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.join(" ")
}

/// American Soundex of the letters a to z of a folded word: a letter and three digits. Empty where
/// the word has no such letter. Source: US National Archives; h and w do not separate equal codes.
pub fn soundex(word: &str) -> String {
    let code = |c: char| match c {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        _ => '0',
    };
    let mut letters = word.chars().filter(char::is_ascii_lowercase);
    let Some(first) = letters.next() else { return String::new() };
    let mut sound = String::from(first);
    let mut last = code(first);
    for c in letters {
        let digit = code(c);
        if digit != '0' && digit != last {
            sound.push(digit);
        }
        if !matches!(c, 'h' | 'w') {
            last = digit;
        }
        if sound.len() == 4 {
            break;
        }
    }
    while sound.len() < 4 {
        sound.push('0');
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> (String, String, Option<String>) {
        let name = Reading::of(raw).person().unwrap();
        (name.given_key, name.family_key, name.suffix)
    }

    #[test]
    fn names_are_read_in_any_order_with_titles_and_comments() {
        for raw in [
            "Jane Doe",
            "Doe, Jane",
            "\"Doe, Jane\"",
            "Dr. Jane Doe",
            "JANE DOE",
            "Jane Doe (IT)",
            "jane   doe",
            "Jane M. Doe",
            "Jan\u{e9} Doe",
        ] {
            let (given, family, suffix) = parts(raw);
            assert_eq!((given.as_str(), family.as_str(), suffix), ("jane", "doe", None), "{raw}");
        }
        assert_eq!(parts("John Smith Jr.").2.as_deref(), Some("Jr."));
        assert_eq!(parts("Smith, John, Jr").0, "john");
    }

    #[test]
    fn what_names_nobody_is_told_from_names() {
        for raw in ["", "  ", "jane@acme.org", "12345", "---", "https://acme.org/jane"] {
            assert_eq!(Reading::of(raw), Reading::Nothing, "{raw}");
        }
        for raw in ["Support Team", "admin", "IT Helpdesk", "Acme Newsletter", "no-reply"] {
            assert_eq!(Reading::of(raw), Reading::Role, "{raw}");
        }
        for raw in ["Jane Doe via Docs", "Jane Doe on behalf of Acme"] {
            assert_eq!(Reading::of(raw), Reading::Via, "{raw}");
        }
        assert!(Reading::of("Via Rossi").person().is_some());
    }

    #[test]
    fn one_word_is_no_full_name() {
        let name = Reading::of("jdoe").person().unwrap();
        assert!(!name.is_full());
        assert_eq!((name.given_key.as_str(), name.family_key.as_str()), ("", "jdoe"));
    }

    #[test]
    fn agreement_is_graded() {
        let read = |raw: &str| Reading::of(raw).person().unwrap();
        let grade = |a: &str, b: &str| {
            let found = compare(&read(a), &read(b), 0.88);
            (found.given, found.family, found.whole)
        };
        let (exact, close, other) = (Some(Level::Exact), Some(Level::Close), Some(Level::Else));
        assert_eq!(grade("Jane Doe", "Doe, Jane"), (exact, exact, true));
        assert_eq!(grade("Jane Doe", "Doe Jane"), (exact, exact, true));
        assert_eq!(grade("Bob Smith", "Robert Smith"), (close, exact, false));
        assert_eq!(grade("J. Doe", "Jane Doe"), (close, exact, false));
        assert_eq!(grade("K. Doe", "Jane Doe"), (other, exact, false));
        assert_eq!(grade("Jane Doe", "Jane Roe"), (exact, other, false));
        assert_eq!(grade("Jane M\u{fc}ller", "Jane Mueller"), (exact, close, false));
        assert_eq!(grade("doe", "Jane Doe"), (None, exact, false));
        assert!(read("John Smith Jr.").suffix_differs(&read("John Smith Sr.")));
    }

    #[test]
    fn folding_removes_case_accents_and_punctuation() {
        assert_eq!(fold("  \u{c5}sa-Marie O\u{2019}Neill "), "asa marie oneill");
        assert_eq!(fold("Gro\u{df} \u{141}ukasz"), "gross lukasz");
        assert_eq!(fold("..."), "");
    }
}
