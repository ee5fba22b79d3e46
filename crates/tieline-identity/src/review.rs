//! Pairs of actors that a person should look at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tieline_model::address::AddressKind;

use crate::blocking::{Blocks, Keys};
use crate::clusters::Clusters;
use crate::domains;
use crate::evidence::{Evidence, Params};
use crate::fellegi_sunter::{Field, Level, posterior};
use crate::job_change::{self, Place};
use crate::links::Link;
use crate::names::{Agreement, MIN_SPELLING, compare};
use crate::profile::{AddressBook, NameUse, World, alias_form, sorted_names};
use crate::resolve::{MergeRule, Part, Review, SkippedBlock};

pub(crate) struct Reviewed {
    pub(crate) reviews: Vec<Review>,
    pub(crate) skipped_blocks: Vec<SkippedBlock>,
    pub(crate) compared_pairs: u64,
}

/// What is compared of one actor.
struct Candidate {
    root: u32,
    names: Vec<NameUse>,
    /// What its mailboxes spell, letters only; empty where a source names it.
    spellings: Vec<String>,
    mailboxes: Vec<String>,
    email_domains: Vec<String>,
    organisations: Vec<String>,
    phones: Vec<String>,
    places: Vec<Place>,
    shared: bool,
}

pub(crate) fn find(
    book: &AddressBook<'_>,
    evidence: &Evidence<'_>,
    clusters: &Clusters,
    params: &Params,
) -> Reviewed {
    let is_person = |nodes: &[u32]| nodes.iter().any(|node| book.get(*node).world == World::Person);
    let candidates: Vec<Candidate> = clusters
        .members
        .iter()
        .filter(|(_, nodes)| is_person(nodes))
        .map(|(root, nodes)| candidate(book, *root, nodes))
        .collect();
    let blocks = Blocks::new(candidates.iter().map(keys), params.max_block);
    let words = NameWords::of(&candidates);
    let mut found: BTreeMap<(u32, u32), Review> = BTreeMap::new();
    let mut compared_pairs = 0;
    blocks.each_pair(|a, b| {
        compared_pairs += 1;
        let (a, b) = (&candidates[a as usize], &candidates[b as usize]);
        let comparison = Comparison::of(a, b, params);
        let listed = comparison.probability >= params.review_at
            || comparison.agreement.whole
            || words.same_login(a, b);
        if listed && !a.shared && !b.shared && !clusters.apart.contains(&(a.root, b.root)) {
            let review = comparison.review(book, clusters, (a, b), &words);
            found.insert((a.root, b.root), review);
        }
    });
    let by_root: HashMap<u32, &Candidate> =
        candidates.iter().map(|candidate| (candidate.root, candidate)).collect();
    for (link, reason) in &clusters.refused {
        add_refused(book, clusters, &by_root, (link, reason), params, &mut found);
    }
    add_conflicting_decisions(book, evidence, clusters, &mut found);
    let mut reviews: Vec<Review> = found.into_values().collect();
    // Stable: ties stay in the order of anchors.
    reviews.sort_by(|x, y| y.probability.total_cmp(&x.probability));
    Reviewed { reviews, skipped_blocks: blocks.skipped, compared_pairs }
}

fn candidate(book: &AddressBook<'_>, root: u32, nodes: &[u32]) -> Candidate {
    let mut names: BTreeMap<&str, NameUse> = BTreeMap::new();
    let (mut mailboxes, mut email_domains) = (BTreeSet::new(), BTreeSet::new());
    let (mut organisations, mut phones) = (BTreeSet::new(), BTreeSet::new());
    let mut shared = false;
    for node in nodes {
        let profile = book.get(*node);
        shared |= profile.shared;
        for used in &profile.names {
            let entry = names.entry(&used.name.display).or_insert_with(|| used.clone());
            entry.trust = entry.trust.min(used.trust);
            entry.derived &= used.derived;
            entry.count = entry.count.max(used.count);
        }
        mailboxes.extend(alias_form(&profile.facts.address));
        if let Some(domain) = profile.facts.address.domain() {
            email_domains.insert(domain.to_owned());
            organisations.extend(domains::organisational(domain).map(str::to_owned));
        }
        organisations.extend(profile.organisations.iter().cloned());
        phones.extend(profile.phones.iter().map(|phone| book.address(*phone).text().to_owned()));
        if profile.facts.address.kind() == AddressKind::Phone {
            phones.insert(profile.facts.address.text().to_owned());
        }
    }
    let stated = names.values().any(|used| !used.derived);
    names.retain(|_, used| !stated || !used.derived);
    let emails = nodes.iter().filter(|_| !stated).filter_map(|node| book.address(*node).local());
    let letters = |local: &str| local.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let spellings: BTreeSet<String> =
        emails.map(letters).filter(|spelling| spelling.len() >= MIN_SPELLING).collect();
    Candidate {
        root,
        names: sorted_names(names.into_values().collect()),
        spellings: spellings.into_iter().collect(),
        mailboxes: mailboxes.into_iter().collect(),
        email_domains: email_domains.into_iter().collect(),
        organisations: organisations.into_iter().collect(),
        phones: phones.into_iter().collect(),
        places: job_change::places(book, nodes),
        shared,
    }
}

fn keys(candidate: &Candidate) -> Keys<'_> {
    Keys {
        names: candidate.names.iter().map(|used| &used.name).collect(),
        spellings: &candidate.spellings,
        mailboxes: &candidate.mailboxes,
        domains: &candidate.email_domains,
        phones: &candidate.phones,
    }
}

/// How names are used over all actors.
struct NameWords {
    given: BTreeSet<String>,
    carriers: HashMap<String, usize>,
}

impl NameWords {
    fn of(candidates: &[Candidate]) -> Self {
        let mut words = Self { given: BTreeSet::new(), carriers: HashMap::new() };
        for candidate in candidates {
            let mut full_keys = BTreeSet::new();
            for used in &candidate.names {
                if used.name.is_full() {
                    words.given.insert(used.name.given_key.clone());
                }
                full_keys.insert(used.name.full_key.as_str());
            }
            for key in full_keys {
                *words.carriers.entry(key.to_owned()).or_default() += 1;
            }
        }
        words
    }

    /// Whether both carry the same single word as a name, and it is a login: nobody has it as a given
    /// name, or it is part of an address of both.
    fn same_login(&self, a: &Candidate, b: &Candidate) -> bool {
        let word = |used: &NameUse| {
            let word = used.name.family_key.clone();
            (used.name.given_key.is_empty() && word.chars().count() >= 3).then_some(word)
        };
        let in_mailbox = |candidate: &Candidate, word: &str| {
            let mut locals = candidate.mailboxes.iter().filter_map(|text| text.split_once('@'));
            word.chars().count() >= 5 && locals.any(|(local, _)| local.contains(word))
        };
        a.names.iter().filter_map(word).any(|x| {
            b.names.iter().filter_map(word).any(|y| x == y)
                && (!self.given.contains(&x) || (in_mailbox(a, &x) && in_mailbox(b, &x)))
        })
    }
}

/// The score of two actors.
struct Comparison<'a> {
    parts: [Part; 5],
    weight_bits: f64,
    probability: f64,
    agreement: Agreement,
    /// The two names that agree best.
    names: Option<NamePair<'a>>,
}

/// Two names and how they agree.
#[derive(Clone, Copy)]
struct NamePair<'a> {
    agreement: Agreement,
    names: (&'a NameUse, &'a NameUse),
    /// Whether one of them is only read from an address.
    derived: bool,
}

/// The two names of two actors that agree best.
fn best_names<'a>(a: &'a Candidate, b: &'a Candidate, params: &Params) -> Option<NamePair<'a>> {
    let bits = |agreement: Agreement| {
        params.table.weight(Field::Given, agreement.given)
            + params.table.weight(Field::Family, agreement.family)
    };
    // A mailbox without a name that spells the other's full name.
    for (unnamed, named) in [(a, b), (b, a)] {
        if unnamed.spellings.is_empty() {
            continue;
        }
        let spells = |used: &&NameUse| {
            !used.derived && used.name.spellings().any(|name| unnamed.spellings.contains(&name))
        };
        if let Some(used) = named.names.iter().find(spells) {
            let exact = Some(Level::Exact);
            let agreement = Agreement { given: exact, family: exact, whole: true };
            return Some(NamePair { agreement, names: (used, used), derived: true });
        }
    }
    let mut best: Option<(f64, NamePair<'a>)> = None;
    for x in &a.names {
        for y in &b.names {
            let agreement = compare(&x.name, &y.name, params.close_at);
            let bits = bits(agreement);
            if best.as_ref().is_none_or(|(known, ..)| bits > *known) {
                let derived = x.derived || y.derived;
                best = Some((bits, NamePair { agreement, names: (x, y), derived }));
            }
        }
    }
    best.map(|(_, pair)| pair)
}

impl<'a> Comparison<'a> {
    fn of(a: &'a Candidate, b: &'a Candidate, params: &Params) -> Self {
        let weight = |field, level| params.table.weight(field, level);
        let names = best_names(a, b, params);
        let nothing = Agreement { given: None, family: None, whole: false };
        let agreement = names.as_ref().map_or(nothing, |pair| pair.agreement);
        let levels = [
            (Field::Given, agreement.given),
            (Field::Family, agreement.family),
            (Field::Email, overlap(&a.mailboxes, &b.mailboxes)),
            (Field::Organisation, overlap(&a.organisations, &b.organisations)),
            (Field::Phone, overlap(&a.phones, &b.phones)),
        ];
        let parts =
            levels.map(|(field, level)| Part { field, level, weight: weight(field, level) });
        let weight_bits = parts.iter().map(|part| part.weight).sum();
        let probability = posterior(params.prior, weight_bits);
        Self { parts, weight_bits, probability, agreement, names }
    }

    fn level(&self, field: Field) -> Option<Level> {
        self.parts.iter().find(|part| part.field == field).and_then(|part| part.level)
    }

    fn review(
        &self,
        book: &AddressBook<'_>,
        clusters: &Clusters,
        (a, b): (&Candidate, &Candidate),
        words: &NameWords,
    ) -> Review {
        let (mut reasons_for, mut reasons_against) = (Vec::new(), Vec::new());
        if let Some(pair) = &self.names {
            name_reasons(pair, &mut reasons_for, &mut reasons_against);
            let x = pair.names.0;
            let carriers = words.carriers.get(&x.name.full_key).copied().unwrap_or(0);
            if carriers > 2 {
                reasons_against
                    .push(format!("{carriers} people carry the name '{}'", x.name.display));
            }
        }
        if self.agreement.whole {
            reasons_for.extend(job_change::question(&a.places, &b.places));
        }
        let common = a.organisations.iter().find(|name| b.organisations.contains(name));
        match self.level(Field::Organisation) {
            Some(Level::Exact) => {
                reasons_for.push(format!("both belong to {}", common.map_or("", String::as_str)));
            }
            Some(_) => reasons_against.push(format!(
                "different organisations: {} and {}",
                joined(&a.organisations),
                joined(&b.organisations)
            )),
            None => {}
        }
        match self.level(Field::Phone) {
            Some(Level::Exact) => reasons_for.push("they share a telephone number".to_owned()),
            Some(_) => reasons_against.push("different telephone numbers".to_owned()),
            None => {}
        }
        match self.level(Field::Email) {
            Some(Level::Exact) => {
                reasons_for.push("the same mailbox name at one organisation's domain".to_owned());
                reasons_against
                    .push("hosts or tags of one domain may give a mailbox name twice".to_owned());
            }
            _ => reasons_against.push(
                "different addresses, and no card, directory row or header lists both".to_owned(),
            ),
        }
        review(book, clusters, (a.root, b.root), (reasons_for, reasons_against), self)
    }
}

/// Exact where two sorted lists share a member, else where both have members, `None` where one is
/// empty.
fn overlap(a: &[String], b: &[String]) -> Option<Level> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let shared = a.iter().any(|member| b.binary_search(member).is_ok());
    Some(if shared { Level::Exact } else { Level::Else })
}

fn name_reasons(
    pair: &NamePair<'_>,
    reasons_for: &mut Vec<String>,
    reasons_against: &mut Vec<String>,
) {
    let ((x, y), agreement) = (pair.names, pair.agreement);
    let (left, right) = (&x.name.display, &y.name.display);
    let contradicts = [agreement.given, agreement.family].contains(&Some(Level::Else));
    if agreement.whole {
        reasons_for.push(format!("the same full name: '{left}'"));
    } else if contradicts {
        reasons_against.push(format!("different names: '{left}' and '{right}'"));
    } else if agreement.given.is_some() || agreement.family.is_some() {
        reasons_for.push(format!("names that agree: '{left}' and '{right}'"));
    }
    if x.name.suffix_differs(&y.name) {
        reasons_against.push(format!(
            "generations differ: '{}' and '{}'",
            x.name.suffix.as_deref().unwrap_or("no suffix"),
            y.name.suffix.as_deref().unwrap_or("no suffix")
        ));
    }
    if pair.derived {
        reasons_against.push("a name is only read from the address".to_owned());
    }
}

fn joined(organisations: &[String]) -> String {
    organisations[..organisations.len().min(3)].join(", ")
}

fn review(
    book: &AddressBook<'_>,
    clusters: &Clusters,
    (a, b): (u32, u32),
    (reasons_for, reasons_against): (Vec<String>, Vec<String>),
    comparison: &Comparison<'_>,
) -> Review {
    let addresses = |root: u32| match clusters.members.get(&root) {
        Some(nodes) => nodes.iter().map(|node| book.id(*node)).collect(),
        None => vec![book.id(root)],
    };
    Review {
        a: book.id(a),
        b: book.id(b),
        a_addresses: addresses(a),
        b_addresses: addresses(b),
        probability: comparison.probability,
        weight_bits: comparison.weight_bits,
        parts: comparison.parts.to_vec(),
        reasons_for,
        reasons_against,
    }
}

/// A link that was not applied is a review of the two actors it would have joined.
fn add_refused(
    book: &AddressBook<'_>,
    clusters: &Clusters,
    candidates: &HashMap<u32, &Candidate>,
    (link, reason): (&Link, &str),
    params: &Params,
    found: &mut BTreeMap<(u32, u32), Review>,
) {
    let (a, b) = (clusters.root(link.a), clusters.root(link.b));
    let pair = (a.min(b), a.max(b));
    // A later link may have joined them after all; what a person split needs no second question,
    // unless it is another person's word that was refused.
    if a == b || (clusters.apart.contains(&pair) && link.rule != MergeRule::Decision) {
        return;
    }
    let claim = stated_by(link);
    if let Some(known) = found.get_mut(&pair) {
        if !known.reasons_for.contains(&claim) {
            known.reasons_for.push(claim);
        }
        if !known.reasons_against.iter().any(|known| known == reason) {
            known.reasons_against.push(reason.to_owned());
        }
        return;
    }
    let comparison = match (candidates.get(&pair.0), candidates.get(&pair.1)) {
        (Some(a), Some(b)) => Comparison::of(a, b, params),
        _ => unscored(params),
    };
    let reasons = (vec![claim], vec![reason.to_owned()]);
    found.insert(pair, review(book, clusters, pair, reasons, &comparison));
}

fn unscored(params: &Params) -> Comparison<'static> {
    Comparison {
        parts: Field::ALL.map(|field| Part { field, level: None, weight: 0.0 }),
        weight_bits: 0.0,
        probability: params.prior,
        agreement: Agreement { given: None, family: None, whole: false },
        names: None,
    }
}

fn stated_by(link: &Link) -> String {
    match link.rule {
        MergeRule::Decision => format!("a person said that they are one: {}", link.reason),
        MergeRule::DirectoryRow => "a directory row lists both".to_owned(),
        MergeRule::Card => "a contact card lists both".to_owned(),
        MergeRule::OwnHeader => "an own header lists both".to_owned(),
        MergeRule::TagAlias | MergeRule::HostAlias => {
            "the same mailbox name and full name at one domain".to_owned()
        }
    }
}

/// A pair that people both joined and split stays apart and is asked about again.
fn add_conflicting_decisions(
    book: &AddressBook<'_>,
    evidence: &Evidence<'_>,
    clusters: &Clusters,
    found: &mut BTreeMap<(u32, u32), Review>,
) {
    let mut splits: BTreeMap<(u32, u32), BTreeSet<&str>> = BTreeMap::new();
    for decision in evidence.decisions.iter().filter(|decision| !decision.same) {
        if let (Some(a), Some(b)) = (book.node(decision.a), book.node(decision.b)) {
            let (a, b) = (clusters.root(a), clusters.root(b));
            splits.entry((a.min(b), a.max(b))).or_default().insert(&decision.reason);
        }
    }
    for (pair, reasons) in splits {
        if let Some(review) = found.get_mut(&pair) {
            let said = reasons.into_iter().filter(|reason| !reason.trim().is_empty());
            review.reasons_against.extend(said.map(|reason| format!("said: {reason}")));
        }
    }
}
