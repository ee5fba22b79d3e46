//! Which names of organisations mean one organisation.

use std::collections::{BTreeMap, BTreeSet};

use crate::domains;
use crate::names::fold;

/// Legal forms that say nothing about which organisation it is, folded, compared word by word at
/// the end of a name. "Trust", "University", "Council" are part of a name and stay.
const LEGAL_FORMS: [&str; 45] = [
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "ev",
    "eg",
    "ggmbh",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "vzw",
    "asbl",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "pty",
    "pvt",
    "private",
    "pte",
    "kk",
    "doo",
    "zoo",
    "ooo",
    "sro",
    "cic",
];

/// Words so common in names of organisations that sharing one says nothing.
const GENERIC_WORDS: [&str; 64] = [
    "of",
    "the",
    "for",
    "and",
    "in",
    "de",
    "la",
    "des",
    "du",
    "fur",
    "und",
    "to",
    "on",
    "at",
    "by",
    "group",
    "holding",
    "holdings",
    "international",
    "global",
    "national",
    "systems",
    "system",
    "software",
    "technology",
    "technologies",
    "tech",
    "technical",
    "solutions",
    "services",
    "service",
    "consulting",
    "consultancy",
    "cloud",
    "network",
    "networks",
    "networking",
    "data",
    "computing",
    "computer",
    "computers",
    "information",
    "labs",
    "lab",
    "research",
    "center",
    "centre",
    "institute",
    "university",
    "china",
    "india",
    "beijing",
    "shanghai",
    "uk",
    "usa",
    "open",
    "source",
    "telecom",
    "electronics",
    "digital",
    "new",
    "office",
    "development",
    "industry",
];

/// Words that say what kind of body it is: two names with different ones are two bodies, even in one
/// town ("Northfield Council", "Northfield College").
const KINDS: [&str; 26] = [
    "council",
    "university",
    "universitat",
    "college",
    "school",
    "academy",
    "trust",
    "hospital",
    "association",
    "charity",
    "foundation",
    "bank",
    "church",
    "police",
    "ministry",
    "library",
    "museum",
    "club",
    "union",
    "chamber",
    "court",
    "agency",
    "institute",
    "housing",
    "partnership",
    "society",
];

/// A name of an organisation as a source writes it, with registrable domains that the same source
/// gives it, if any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganisationName {
    /// As written.
    pub name: String,
    /// Domains; shared ones (free mail) are ignored.
    pub domains: Vec<String>,
}

/// Two names that may be one organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganisationReview {
    /// Index of one name.
    pub a: usize,
    /// Index of the other, larger.
    pub b: usize,
    /// What speaks for it.
    pub reasons: Vec<String>,
}

/// The three outcomes over a list of names: what is in one group is the same (applied); what is in
/// `reviews` needs a person; everything else is different.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganisationResolution {
    /// Groups of indices, each ascending, by first member.
    pub groups: Vec<Vec<usize>>,
    /// Pairs of names of different groups, ascending.
    pub reviews: Vec<OrganisationReview>,
}

/// A name without case, accents, punctuation, brackets and legal forms. Equal keys are one
/// organisation. Empty where nothing is left.
pub fn organisation_key(name: &str) -> String {
    let outside = without_brackets(name).0;
    let folded = fold(&outside.replace('&', " and ").replace(['.', '\''], ""));
    let folded = folded.strip_prefix("the ").unwrap_or(&folded);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|last| LEGAL_FORMS.contains(last)) {
        words.pop();
        if words.len() > 1 && words.last() == Some(&"and") {
            words.pop();
        }
    }
    words.join(" ")
}

/// The text outside brackets, and the texts inside.
fn without_brackets(name: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut depth) = (String::new(), Vec::new(), 0_usize);
    for c in name.chars() {
        match c {
            '(' | '[' => {
                if depth == 0 {
                    inside.push(String::new());
                }
                depth += 1;
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {
                if let Some(text) = inside.last_mut() {
                    text.push(c);
                }
            }
        }
    }
    if outside.chars().any(char::is_alphanumeric) {
        (outside, inside)
    } else {
        (name.to_owned(), Vec::new())
    }
}

/// First letters of the words, small words left out: "Institute of Computing Technology" is `ict`.
fn acronym(key: &str) -> String {
    let small = ["of", "the", "for", "and", "in", "de", "la", "des", "du", "fur", "und", "y", "e"];
    key.split(' ')
        .filter(|word| !small.contains(word))
        .filter_map(|word| word.chars().next())
        .collect()
}

/// One name prepared for comparison.
struct Prepared {
    key: String,
    /// Further keys that the name itself states: an abbreviation in brackets.
    own_abbreviations: BTreeSet<String>,
    domains: BTreeSet<String>,
}

fn prepare(name: &OrganisationName) -> Prepared {
    let key = organisation_key(&name.name);
    let short = acronym(&key);
    let inside = without_brackets(&name.name).1;
    let own_abbreviations = inside
        .iter()
        .map(|text| organisation_key(text))
        .filter(|text| {
            !text.is_empty() && short.chars().count() > 1 && short.starts_with(text.as_str())
        })
        .collect();
    // Some write a domain for a name ("Acme.org").
    let written = name.name.trim().to_lowercase();
    let domains = name.domains.iter().map(String::as_str).chain([written.as_str()]);
    let domains = domains.filter_map(domains::organisational).map(str::to_owned).collect();
    Prepared { key, own_abbreviations, domains }
}

/// Groups names of organisations. Applied: equal keys; an abbreviation that one name itself states.
/// Reviewed: the words of one name begin the other; one is the initials of the other; near-equal
/// spelling; a name equal to the other's domain; a shared own domain; a shared telling word, unless
/// each has a domain of its own or the two are of different kinds (a council, a college). O(n log n) in names plus the
/// pairs that share a telling word, initials, a domain or the first three letters.
pub fn resolve_organisations(names: &[OrganisationName]) -> OrganisationResolution {
    let prepared: Vec<Prepared> = names.iter().map(prepare).collect();
    let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, name) in prepared.iter().enumerate() {
        let keys = name.own_abbreviations.iter().map(String::as_str);
        for key in keys.chain([name.key.as_str()]).filter(|key| !key.is_empty()) {
            by_key.entry(key).or_default().push(index);
        }
    }
    let mut root: Vec<usize> = (0..names.len()).collect();
    for members in by_key.values() {
        for member in members {
            let (a, b) = (find(&mut root, members[0]), find(&mut root, *member));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..names.len() {
        groups.entry(find(&mut root, index)).or_default().push(index);
    }
    let reviews = reviews(&prepared, &mut root);
    OrganisationResolution { groups: groups.into_values().collect(), reviews }
}

fn find(root: &mut [usize], mut index: usize) -> usize {
    while root[index] != index {
        root[index] = root[root[index]];
        index = root[index];
    }
    index
}

fn reviews(prepared: &[Prepared], root: &mut [usize]) -> Vec<OrganisationReview> {
    let mut blocks: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
    for (index, name) in prepared.iter().enumerate().filter(|(_, name)| !name.key.is_empty()) {
        let mut add = |kind: u8, key: String| blocks.entry((kind, key)).or_default().push(index);
        let squeezed = name.key.replace(' ', "");
        for word in telling_words(&name.key) {
            add(0, word.to_owned());
        }
        add(1, squeezed.clone());
        add(2, squeezed.chars().take(3).collect());
        let short: Vec<char> = acronym(&name.key).chars().collect();
        for length in 2..=short.len().min(6) {
            add(1, short[..length].iter().collect());
        }
        if squeezed.chars().count() > 2 {
            add(1, squeezed.chars().take(squeezed.chars().count() - 1).collect());
        }
        for domain in &name.domains {
            add(3, domain.clone());
            add(1, label(domain));
        }
    }
    let mut found: BTreeMap<(usize, usize), OrganisationReview> = BTreeMap::new();
    // A block of thousands of names says that its key is a common word.
    for members in blocks.values().filter(|members| members.len() > 1 && members.len() <= 500) {
        for (i, a) in members.iter().enumerate() {
            for b in &members[i + 1..] {
                if find(root, *a) == find(root, *b) || found.contains_key(&(*a, *b)) {
                    continue;
                }
                let reasons = reasons(&prepared[*a], &prepared[*b]);
                if !reasons.is_empty() {
                    found.insert((*a, *b), OrganisationReview { a: *a, b: *b, reasons });
                }
            }
        }
    }
    found.into_values().collect()
}

/// The label of a registrable domain: `acme` of `acme.co.uk`.
fn label(domain: &str) -> String {
    let label = domain.split('.').next().unwrap_or(domain);
    label.replace('-', "")
}

/// Words that tell an organisation from others.
fn telling_words(key: &str) -> impl Iterator<Item = &str> {
    let tells = |word: &&str| word.chars().count() > 1 && !GENERIC_WORDS.contains(word);
    key.split(' ').filter(tells).filter(|word| !KINDS.contains(word))
}

fn reasons(a: &Prepared, b: &Prepared) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(domain) = a.domains.intersection(&b.domains).next() {
        reasons.push(format!("both use {domain}"));
    }
    for (short, long) in [(a, b), (b, a)] {
        let begins = long.key.strip_prefix(short.key.as_str());
        if begins.is_some_and(|rest| rest.starts_with(' ')) {
            reasons.push(format!("'{}' begins '{}'", short.key, long.key));
        }
        let squeezed = short.key.replace(' ', "");
        if is_initials(&squeezed, &acronym(&long.key)) {
            reasons.push(format!("'{}' looks like the initials of '{}'", short.key, long.key));
        }
        if long.domains.iter().any(|domain| label(domain) == squeezed) {
            reasons.push(format!("'{}' is a domain of '{}'", short.key, long.key));
        }
    }
    let (x, y) = (a.key.replace(' ', ""), b.key.replace(' ', ""));
    if x == y {
        reasons.push(format!("'{}' and '{}' differ in spaces only", a.key, b.key));
    } else if strsim::jaro_winkler(&x, &y) >= 0.92 {
        reasons.push(format!("'{}' and '{}' are spelt nearly alike", a.key, b.key));
    }
    // Each has a domain of its own: sharing a word, as all bodies of one town do, is not enough.
    let apart = !a.domains.is_empty() && !b.domains.is_empty() && a.domains.is_disjoint(&b.domains);
    if reasons.is_empty() && !apart && !differ_in_kind(&a.key, &b.key) {
        let shared =
            telling_words(&a.key).find(|word| b.key.split(' ').any(|other| other == *word));
        if let Some(word) = shared {
            reasons.push(format!("'{}' and '{}' share the word '{word}'", a.key, b.key));
        } else if begins_with_long(&x, &y) || begins_with_long(&y, &x) {
            reasons.push(format!("'{}' and '{}' begin alike", a.key, b.key));
        }
    }
    reasons
}

/// `short` is the initials, or begins them, or is one letter longer (the form of the company often
/// gets a letter: "Alder Beech Cedar" is ABCC).
fn is_initials(short: &str, initials: &str) -> bool {
    let (n, m) = (short.chars().count(), initials.chars().count());
    n > 1
        && m > 1
        && (short == initials
            || (n >= 3 && initials.starts_with(short))
            || (m >= 3 && n == m + 1 && short.starts_with(initials)))
}

fn begins_with_long(short: &str, long: &str) -> bool {
    short.chars().count() >= 4 && long.starts_with(short)
}

fn differ_in_kind(a: &str, b: &str) -> bool {
    let kinds = |key: &str| -> BTreeSet<&'static str> {
        key.split(' ').filter_map(|word| KINDS.into_iter().find(|kind| *kind == word)).collect()
    };
    let (a, b) = (kinds(a), kinds(b));
    !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
}
