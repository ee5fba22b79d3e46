//! Certain links: what sources and people state, and aliases of one mailbox.

use std::collections::{BTreeMap, HashSet};

use tieline_model::address::AddressKind;
use tieline_model::claim::{Claim, ClaimSource};

use crate::evidence::{Evidence, Params};
use crate::fellegi_sunter::{Field, Level, posterior};
use crate::names::{PersonName, compare};
use crate::profile::{AddressBook, World, alias_form};
use crate::resolve::{MergeRule, Part};

/// Claims of at most so many addresses link every pair of them; longer ones link to their first.
const ALL_PAIRS_UP_TO: usize = 8;

/// A link that a rule proposes.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// The lower node.
    pub(crate) a: u32,
    /// The higher node.
    pub(crate) b: u32,
    pub(crate) rule: MergeRule,
    pub(crate) weight_bits: f64,
    pub(crate) probability: f64,
    pub(crate) parts: Vec<Part>,
    /// What a person said, for decisions.
    pub(crate) reason: String,
    /// Why it must not be applied but reviewed.
    pub(crate) doubt: Option<&'static str>,
}

/// The links of the evidence, each pair once under its strongest rule, and what guards them.
#[derive(Debug)]
pub(crate) struct Links {
    /// Strongest rule first, then by weight and nodes.
    pub(crate) links: Vec<Link>,
    /// Telephone numbers, handles, labels and mailboxes that several people share.
    pub(crate) contested: HashSet<u32>,
    /// Pairs of e-mail addresses that one card or directory row lists together.
    pub(crate) listed_together: HashSet<(u32, u32)>,
}

pub(crate) fn find(book: &AddressBook<'_>, evidence: &Evidence<'_>, params: &Params) -> Links {
    let contested = contested(book, evidence, params);
    let mut found = Collector::default();
    for decision in evidence.decisions.iter().filter(|decision| decision.same) {
        if let (Some(a), Some(b)) = (book.node(decision.a), book.node(decision.b)) {
            found.add(stated(a, b, MergeRule::Decision, decision.reason.clone()));
        }
    }
    let mut listed_together = HashSet::new();
    for claim in evidence.claims.iter().filter(|claim| claim.addresses.len() > 1) {
        let nodes = book.nodes_of(claim);
        let rule = rule_of(claim.source);
        for (a, b) in pairs(&nodes) {
            if rule != MergeRule::OwnHeader {
                listed_together.insert((a.min(b), a.max(b)));
            }
            if let Some(mut link) = link_claim(book, &contested, (a, b), rule, params) {
                if claim.source == ClaimSource::NamedByOthers {
                    link.doubt = link.doubt.or(Some("only other people's headers list both"));
                }
                found.add(link);
            }
        }
    }
    for link in aliases(book, params) {
        found.add(link);
    }
    let mut links: Vec<Link> = found.0.into_values().collect();
    links.sort_by(|x, y| {
        x.rule
            .cmp(&y.rule)
            .then(y.weight_bits.total_cmp(&x.weight_bits))
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    Links { links, contested, listed_together }
}

/// Keeps each pair once, under its strongest rule.
#[derive(Default)]
struct Collector(BTreeMap<(u32, u32), Link>);

impl Collector {
    fn add(&mut self, link: Link) {
        if link.a == link.b {
            return;
        }
        let strength = |link: &Link| (link.doubt.is_some(), link.rule);
        match self.0.get_mut(&(link.a, link.b)) {
            None => {
                self.0.insert((link.a, link.b), link);
            }
            Some(known) if strength(&link) < strength(known) => *known = link,
            // Two people may give two reasons: the choice must not depend on their order.
            Some(known) if link.rule == known.rule && link.reason < known.reason => *known = link,
            Some(_) => {}
        }
    }
}

fn stated(a: u32, b: u32, rule: MergeRule, reason: String) -> Link {
    Link {
        a: a.min(b),
        b: a.max(b),
        rule,
        weight_bits: 0.0,
        probability: 1.0,
        parts: Vec::new(),
        reason,
        doubt: None,
    }
}

fn rule_of(source: ClaimSource) -> MergeRule {
    match source {
        ClaimSource::Directory => MergeRule::DirectoryRow,
        ClaimSource::Card => MergeRule::Card,
        ClaimSource::SelfNamed
        | ClaimSource::NamedByOthers
        | ClaimSource::Calendar
        | ClaimSource::NetworkFile => MergeRule::OwnHeader,
    }
}

/// Pairs of a claim's addresses: all of them, or each with the first where there are many.
fn pairs(nodes: &[u32]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for (i, a) in nodes.iter().enumerate() {
        if i > 0 && nodes.len() > ALL_PAIRS_UP_TO {
            break;
        }
        pairs.extend(nodes[i + 1..].iter().map(|b| (*a, *b)));
    }
    pairs
}

fn link_claim(
    book: &AddressBook<'_>,
    contested: &HashSet<u32>,
    (a, b): (u32, u32),
    rule: MergeRule,
    params: &Params,
) -> Option<Link> {
    let (left, right) = (book.get(a), book.get(b));
    if left.world != right.world || left.world == World::Neither {
        return None;
    }
    let mut link = stated(a, b, rule, String::new());
    let contested_nodes = [a, b].into_iter().filter(|node| contested.contains(node));
    for node in contested_nodes {
        if book.address(node).kind() != AddressKind::Email {
            return None;
        }
        link.doubt = Some("one of the mailboxes is shared by several people");
    }
    if left.shared || right.shared {
        link.doubt = Some("one of the mailboxes is written from under several names");
    } else if rule != MergeRule::DirectoryRow && left.world == World::Person {
        let own = |node: u32| {
            let names = book.get(node).names.iter();
            names.filter(|used| used.trust == 2 && used.name.is_full()).map(|used| &used.name)
        };
        let contradicts = |x: &PersonName| own(b).all(|y| !are_compatible(x, y, params.close_at));
        if own(a).next().is_some() && own(b).next().is_some() && own(a).all(contradicts) {
            link.doubt = Some("the two addresses are written from under different names");
        }
    }
    Some(link)
}

/// Whether two names may be one person's: no part contradicts, and not father and son.
fn are_compatible(a: &PersonName, b: &PersonName, close_at: f64) -> bool {
    let agreement = compare(a, b, close_at);
    let contradicts = [agreement.given, agreement.family].contains(&Some(Level::Else));
    let generations = a.suffix.is_some() && b.suffix.is_some() && a.suffix_differs(b);
    !contradicts && !generations
}

/// Addresses that cards, rows and headers give to people of different names.
fn contested(book: &AddressBook<'_>, evidence: &Evidence<'_>, params: &Params) -> HashSet<u32> {
    let mut owners: BTreeMap<u32, Owners<'_>> = BTreeMap::new();
    for claim in evidence.claims {
        let nodes = book.nodes_of(claim);
        let listed = matches!(claim.source, ClaimSource::Directory | ClaimSource::Card);
        // A card of a name and a number alone contests the number; names given to a single e-mail
        // address are spellings of one name too often to contest it.
        let counts = |node: &&u32| {
            nodes.len() > 1 || (listed && book.address(**node).kind() != AddressKind::Email)
        };
        for node in nodes.iter().filter(counts) {
            let owners = owners.entry(*node).or_default();
            owners.claims.push((claim, nodes.clone()));
        }
    }
    owners.retain(|_, owners| owners.claims.len() > 1);
    let contested = owners
        .into_iter()
        .filter(|(node, owners)| owners.disagree(*node, book.address(*node).kind(), params));
    contested.map(|(node, _)| node).collect()
}

/// Most claims about one address that are compared with each other; an address in more of them
/// under different names is nobody's own.
const MAX_OWNERS: usize = 50;

#[derive(Default)]
struct Owners<'a> {
    claims: Vec<(&'a Claim, Vec<u32>)>,
}

impl Owners<'_> {
    fn disagree(&self, node: u32, kind: AddressKind, params: &Params) -> bool {
        let organisations = self.claims.iter().filter(|(claim, _)| claim.is_organisation).count();
        if organisations > 0 {
            return organisations < self.claims.len();
        }
        let mut names: BTreeMap<String, PersonName> = BTreeMap::new();
        let mut nameless = false;
        for (claim, _) in &self.claims {
            match name_of(claim) {
                Some(name) => {
                    let key = format!("{} {}", name.full_key, name.suffix.as_deref().unwrap_or(""));
                    names.entry(key).or_insert(name);
                }
                None => nameless = true,
            }
        }
        if names.len() > MAX_OWNERS {
            return true;
        }
        if kind == AddressKind::Phone {
            // A number that a nameless card shares with others may be a switchboard's, unless
            // another address is on all of them.
            let unsure = nameless && !self.share_another(node);
            return unsure || !all_pairs(&names, |a, b| is_one_by_phone(a, b, params));
        }
        !all_pairs(&names, |a, b| are_compatible(a, b, params.close_at))
    }

    /// Whether one more address is in all claims.
    fn share_another(&self, node: u32) -> bool {
        let Some(((_, first), others)) = self.claims.split_first() else { return false };
        let in_all = |at: &u32| others.iter().all(|(_, nodes)| nodes.contains(at));
        first.iter().any(|at| *at != node && in_all(at))
    }
}

fn all_pairs(
    names: &BTreeMap<String, PersonName>,
    fits: impl Fn(&PersonName, &PersonName) -> bool,
) -> bool {
    let names: Vec<&PersonName> = names.values().collect();
    names.iter().enumerate().all(|(i, a)| names[i + 1..].iter().all(|b| fits(a, b)))
}

/// The score of two names that share a telephone number at different addresses.
fn is_one_by_phone(a: &PersonName, b: &PersonName, params: &Params) -> bool {
    let agreement = compare(a, b, params.close_at);
    let weight = |field, level| params.table.weight(field, level);
    let total = weight(Field::Given, agreement.given)
        + weight(Field::Family, agreement.family)
        + weight(Field::Phone, Some(Level::Exact))
        + weight(Field::Email, Some(Level::Else));
    a.is_full()
        && b.is_full()
        && !a.suffix_differs(b)
        && agreement.given != Some(Level::Else)
        && agreement.family != Some(Level::Else)
        && posterior(params.prior, total) >= params.link_at
}

fn name_of(claim: &Claim) -> Option<PersonName> {
    match (&claim.given, &claim.family, &claim.name) {
        (Some(given), Some(family), _) if !given.trim().is_empty() && !family.trim().is_empty() => {
            PersonName::from_parts(given, family)
        }
        (_, _, Some(name)) => crate::names::Reading::of(name).person(),
        _ => None,
    }
}

/// Tagged addresses, and hosts inside a domain, with the same mailbox name and the same full name.
fn aliases(book: &AddressBook<'_>, params: &Params) -> Vec<Link> {
    let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (node, profile) in book.profiles.iter().enumerate() {
        let usable = profile.world == World::Person && !profile.shared;
        if let (true, Some(form)) = (usable, alias_form(&profile.facts.address)) {
            groups.entry(form).or_default().push(node as u32);
        }
    }
    let mut links = Vec::new();
    for mut nodes in groups.into_values().filter(|nodes| nodes.len() > 1) {
        // The widest domain first, since it is what its hosts are aliases of.
        nodes.sort_by_key(|node| (book.address(*node).text().len(), *node));
        // Linking each to the first of the same name is enough; large groups stay linear.
        let mut firsts: Vec<u32> = Vec::new();
        for node in nodes {
            let known = firsts.iter().find_map(|first| alias_link(book, *first, node, params));
            match known {
                Some(link) => links.push(link),
                None if firsts.len() < MAX_OWNERS => firsts.push(node),
                None => {}
            }
        }
    }
    links
}

/// Whether `host` lies inside `domain`: `mail.acme.org` in `acme.org`.
fn is_host_of(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn alias_link(book: &AddressBook<'_>, a: u32, b: u32, params: &Params) -> Option<Link> {
    let same_name = book.get(a).names.iter().any(|x| {
        !x.derived
            && book.get(b).names.iter().any(|y| {
                !y.derived
                    && !x.name.suffix_differs(&y.name)
                    && compare(&x.name, &y.name, params.close_at).whole
            })
    });
    if !same_name {
        return None;
    }
    let (x, y) = (book.address(a).domain()?, book.address(b).domain()?);
    let rule = if x == y {
        MergeRule::TagAlias
    } else if is_host_of(x, y) || is_host_of(y, x) {
        MergeRule::HostAlias
    } else {
        // Two branches of one organisation may each have a john.smith: the score proposes those.
        return None;
    };
    let exact = |field| {
        let level = Some(Level::Exact);
        Part { field, level, weight: params.table.weight(field, level) }
    };
    let parts = vec![exact(Field::Given), exact(Field::Family), exact(Field::Email)];
    let mut link = stated(a, b, rule, String::new());
    link.weight_bits = parts.iter().map(|part| part.weight).sum();
    link.probability = posterior(params.prior, link.weight_bits);
    if link.probability < params.link_at {
        link.doubt = Some("the score of the alias is too low");
    }
    link.parts = parts;
    Some(link)
}
