//! Brings everything derived up to date with the live imports and people's decisions: duplicates
//! and counts, classes, identities, segments. A pure function of what is stored, so it may run at
//! any time, and it runs again whenever a crash or a change left it undone.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result};
use tieline_identity::{AddressFacts, Evidence, Params, organisations, resolve};
use tieline_lake::Rules;
use tieline_model::address::{Address, AddressClass};
use tieline_model::claim::{Claim, ClaimSource, Decision};
use tieline_model::id::{AddressId, ImportId};
use tieline_store::{
    Actor, ActorKind, IdentityState, Merge, MergePart, Review, SaidPerson, SeenAddress, Tallies,
};

use super::classify::{AddressSums, Classes, ListSums, class_of, distinct_senders, is_discussion};
use super::facts::empty_claim;
use super::import::tallies;
use crate::workspace::Workspace;

/// Setting that says what the derived state was computed from.
const SETTLED: &str = "settled";

/// Version of the rules: raised when they change, so that old results are computed anew.
const RULES_VERSION: u32 = 3;

/// Computes everything derived anew, if anything that it depends on has changed.
///
/// # Errors
/// When store or lake cannot be read or written.
pub(crate) fn settle(workspace: &Workspace) -> Result<()> {
    let state = fingerprint(workspace)?;
    let known = workspace.wait(workspace.store.setting(SETTLED)).context("cannot read settings")?;
    if known.as_deref() == Some(state.as_str()) {
        return Ok(());
    }
    let live = workspace.live()?;
    let addresses =
        workspace.wait(workspace.store.all_addresses()).context("cannot read the addresses")?;
    let classes = classes(workspace, &addresses)?;
    let tallies = count(workspace, &live, &classes)?;
    let identity = identify(workspace, &addresses, &classes)?;
    workspace
        .wait(async {
            let tx = workspace.store.begin().await?;
            tx.set_tallies(&tallies).await?;
            tx.replace_identity(&identity).await?;
            tx.set_setting(SETTLED, &state).await?;
            tx.commit().await
        })
        .context("cannot store what was found")
}

/// What the derived state depends on: live imports, decisions, classes and facts said, rules.
fn fingerprint(workspace: &Workspace) -> Result<String> {
    let (decisions, overrides, said) = workspace
        .wait(async {
            let decisions = workspace.store.decisions().await?;
            let overrides = workspace.store.class_overrides().await?;
            let said = workspace.store.said().await?;
            Ok::<_, tieline_store::StoreError>((decisions, overrides, said))
        })
        .context("cannot read the decisions")?;
    let text = format!(
        "{RULES_VERSION}\n{:?}\n{decisions:?}\n{overrides:?}\n{said:?}\n{:?}\n{}",
        workspace.live()?,
        workspace.config.lists,
        workspace.config.ties.max_group,
    );
    Ok(blake3::hash(text.as_bytes()).to_hex().to_string())
}

/// Classes of all addresses and lists.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn classes(workspace: &Workspace, addresses: &[SeenAddress]) -> Result<Classes> {
    let rules = &workspace.config.lists;
    let mut classes = Classes { max_group: workspace.config.ties.max_group, ..Classes::default() };
    for seen in addresses {
        let sums = AddressSums {
            sent: seen.sent,
            received: seen.received,
            senders: distinct_senders(seen.senders_sketch),
            is_list_post: seen.was_list_post,
            is_resource: seen.was_resource,
            said: seen.class_override,
        };
        let class = class_of(&seen.address, &sums, rules);
        if class != AddressClass::Person {
            classes.special.insert(seen.id, class);
        }
    }
    let lists = workspace.wait(workspace.store.lists()).context("cannot read the lists")?;
    for list in lists {
        let sums =
            ListSums { messages: list.messages, answers: list.answers, senders: list.senders };
        if !is_discussion(&sums, rules) {
            classes.newsletters.insert(list.id);
        }
    }
    Ok(classes)
}

/// What became of each import's records, beside all others.
fn count(
    workspace: &Workspace,
    live: &[ImportId],
    classes: &Classes,
) -> Result<Vec<(ImportId, Tallies)>> {
    let found = workspace
        .lake
        .relink(live, &|head| classes.left_out(head))
        .context("cannot compare the imports")?;
    let found: HashMap<ImportId, _> =
        found.into_iter().map(|tally| (tally.import, tally)).collect();
    let imports =
        workspace.wait(workspace.store.live_imports()).context("cannot list the imports")?;
    let empty = tieline_lake::ImportTally::default();
    Ok(imports
        .iter()
        .map(|import| {
            let known = &import.tallies;
            let tally = found.get(&import.id).unwrap_or(&empty);
            (import.id, tallies(known.read, known.issues, known.repaired, tally))
        })
        .collect())
}

/// Who is who.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn identify(
    workspace: &Workspace,
    addresses: &[SeenAddress],
    classes: &Classes,
) -> Result<IdentityState> {
    let (mut claims, decisions, added) = workspace
        .wait(async {
            let claims = workspace.store.claims().await?;
            let decisions = workspace.store.decisions().await?;
            let added = workspace.store.added_by_hand().await?;
            Ok::<_, tieline_store::StoreError>((claims, decisions, added))
        })
        .context("cannot read what the files say about people")?;
    let decisions: Vec<Decision> = decisions.into_iter().map(|stored| stored.decision).collect();
    let mut facts: Vec<AddressFacts> = addresses
        .iter()
        .map(|seen| AddressFacts {
            id: seen.id,
            address: seen.address.clone(),
            class: classes.of(seen.id),
            sent: seen.sent,
            received: seen.received,
            first: seen.first,
            last: seen.last,
            rank: u32::try_from(seen.rank).unwrap_or(u32::MAX),
        })
        .collect();
    let known: HashSet<AddressId> = addresses.iter().map(|seen| seen.id).collect();
    for (address, person) in added {
        if !known.contains(&person.address) {
            facts.push(by_hand(address));
        }
        claims.push(said_name(person));
    }
    Ok(resolved(&facts, &claims, &decisions))
}

/// Who is who by this evidence. Pure.
pub(crate) fn resolved(
    addresses: &[AddressFacts],
    claims: &[Claim],
    decisions: &[Decision],
) -> IdentityState {
    let evidence = Evidence { addresses, claims, decisions };
    let resolution = resolve(&evidence, &Params::default());
    let organised = organisations(&evidence, &resolution.actors);
    IdentityState {
        actors: resolution.actors.into_iter().map(actor).collect(),
        reviews: resolution.reviews.into_iter().map(review).collect(),
        units: organised.units,
        affiliations: organised.affiliations,
    }
}

/// Someone added by hand whom no import knows. Imports anchor a person before a hand does.
fn by_hand(address: Address) -> AddressFacts {
    AddressFacts {
        id: address.id(),
        class: AddressClass::Person,
        address,
        sent: 0,
        received: 0,
        first: None,
        last: None,
        rank: u32::MAX,
    }
}

/// The name that someone gave whom they added, as a card would state it: so that a person of an
/// archive who may be the same is found.
fn said_name(person: SaidPerson) -> Claim {
    let import = ImportId::of(&[b"said by hand"]);
    Claim {
        name: Some(person.name),
        is_organisation: person.added == Some(ActorKind::Organisation),
        ..empty_claim(import, ClaimSource::Card, vec![person.address])
    }
}

fn actor(found: tieline_identity::ResolvedActor) -> Actor {
    Actor {
        id: found.id,
        anchor: found.anchor,
        name: found.name,
        given: found.given,
        family: found.family,
        kind: match found.kind {
            tieline_identity::ActorKind::Person => ActorKind::Person,
            tieline_identity::ActorKind::Organisation => ActorKind::Organisation,
        },
        addresses: found.addresses,
        merges: found.merges.into_iter().map(merge).collect(),
    }
}

fn merge(found: tieline_identity::Merge) -> Merge {
    let part = |part: &tieline_identity::Part| MergePart {
        field: part.field.name().to_owned(),
        level: part
            .level
            .map_or("missing", tieline_identity::fellegi_sunter::Level::name)
            .to_owned(),
        weight: part.weight,
    };
    Merge {
        a: found.a,
        b: found.b,
        rule: found.rule.name().to_owned(),
        probability: found.probability,
        weight_bits: found.weight_bits,
        parts: found.parts.iter().map(part).collect(),
        sentence: found.sentence,
    }
}

fn review(found: tieline_identity::Review) -> Review {
    Review {
        a: found.a,
        b: found.b,
        probability: found.probability,
        reasons_for: found.reasons_for,
        reasons_against: found.reasons_against,
    }
}

/// Rules under which the lake makes ties.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn rules(workspace: &Workspace, addresses: &[SeenAddress]) -> Result<Rules> {
    let classes = classes(workspace, addresses)?;
    Ok(Rules {
        params: workspace.config.ties.clone(),
        list_addresses: classes
            .special
            .iter()
            .filter(|(_, class)| **class == AddressClass::List)
            .map(|(address, _)| *address)
            .collect(),
        excluded: classes.special.into_keys().collect(),
        newsletters: classes.newsletters.into_iter().collect(),
    })
}
