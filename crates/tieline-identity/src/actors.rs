//! Clusters as actors: names, kinds and explained merges.

use std::collections::BTreeMap;

use tieline_model::id::ActorId;

use crate::clusters::Clusters;
use crate::links::Link;
use crate::profile::{AddressBook, NameUse, World, sorted_names};
use crate::resolve::{ActorKind, Merge, MergeRule, ResolvedActor};

/// All actors, by anchor.
pub(crate) fn name_all(book: &AddressBook<'_>, clusters: &Clusters) -> Vec<ResolvedActor> {
    clusters.members.iter().map(|(root, nodes)| actor(book, clusters, *root, nodes)).collect()
}

fn actor(book: &AddressBook<'_>, clusters: &Clusters, root: u32, nodes: &[u32]) -> ResolvedActor {
    let anchor = book.id(root);
    let is_person = nodes.iter().any(|node| book.get(*node).world == World::Person);
    let kind = if is_person { ActorKind::Person } else { ActorKind::Organisation };
    let best = best_name(book, nodes);
    let label = || nodes.iter().find_map(|node| book.get(*node).label.clone());
    let named = best.as_ref().map(|used| used.name.display.clone()).or_else(label);
    let applied = clusters.applied.get(&root).map_or(&[][..], Vec::as_slice);
    let part = |part: fn(&NameUse) -> Option<String>| {
        best.as_ref().filter(|_| kind == ActorKind::Person).and_then(part)
    };
    ResolvedActor {
        id: ActorId::of_anchor(anchor),
        anchor,
        addresses: nodes.iter().map(|node| book.id(*node)).collect(),
        name: named.unwrap_or_else(|| book.shown(root).to_owned()),
        given: part(|used| used.name.given.clone()),
        family: part(|used| used.name.family.clone()),
        kind,
        merges: applied.iter().map(|link| merge(book, link)).collect(),
    }
}

/// The name that the best source gives most often; names read from addresses do not count.
fn best_name(book: &AddressBook<'_>, nodes: &[u32]) -> Option<NameUse> {
    let mut names: BTreeMap<&str, NameUse> = BTreeMap::new();
    for used in nodes.iter().flat_map(|node| &book.get(*node).names) {
        names
            .entry(&used.name.display)
            .and_modify(|known| {
                known.trust = known.trust.min(used.trust);
                known.count += used.count;
            })
            .or_insert_with(|| used.clone());
    }
    let stated = names.into_values().filter(|used| !used.derived).collect();
    sorted_names(stated).into_iter().next()
}

fn merge(book: &AddressBook<'_>, link: &Link) -> Merge {
    let (a, b) = (book.shown(link.a), book.shown(link.b));
    let name = || best_name(book, &[link.a]).map_or(String::new(), |used| used.name.display);
    let sentence = match link.rule {
        MergeRule::Decision if link.reason.trim().is_empty() => {
            format!("a person said that {a} and {b} are one")
        }
        MergeRule::Decision => {
            format!("a person said that {a} and {b} are one: {}", link.reason.trim())
        }
        MergeRule::DirectoryRow => format!("one directory row lists {a} and {b}"),
        MergeRule::Card => format!("one contact card lists {a} and {b}"),
        MergeRule::OwnHeader => format!("one header, entry or node lists {a} and {b}"),
        MergeRule::TagAlias => {
            format!("{a} and {b} are one mailbox with a tag, both under the name '{}'", name())
        }
        MergeRule::HostAlias => format!(
            "{a} and {b} have the same mailbox name at a domain and a host inside it, both under the name '{}'",
            name()
        ),
    };
    Merge {
        a: book.id(link.a),
        b: book.id(link.b),
        rule: link.rule,
        probability: link.probability,
        weight_bits: link.weight_bits,
        parts: link.parts.clone(),
        sentence,
    }
}
