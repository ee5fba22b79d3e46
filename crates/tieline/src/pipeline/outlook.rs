//! What an import would make of people, worked out from a rehearsed one before it is taken back: who
//! would be new, who is recognised, which pairs would wait for a word, and examples of what is left
//! out. Everything is computed as after an import, by the same functions.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use tieline_model::address::AddressClass;
use tieline_model::id::{AddressId, ImportId};
use tieline_model::issue::Severity;
use tieline_store::{Actor, ActorKind, IdentityState, LocatedIssue, Review, SeenAddress};
use tieline_web::preview::{IssueFound, Known, Outlook, PairFound};

use super::classify::Classes;
use super::settle::{classes, identify};
use crate::workspace::Workspace;

/// Examples of each kind.
const EXAMPLES: usize = 6;

/// Pairs shown side by side.
const PAIRS: usize = 10;

/// Addresses of one example.
const ADDRESSES: usize = 4;

/// Issues read at a time, and how often, in search of examples.
const ISSUES: (u64, usize) = (500, 10);

/// What the rehearsed import makes of addresses and people.
pub(crate) struct AsIf {
    /// Classes of everything, with it.
    pub(crate) classes: Classes,
    /// What is told of it.
    pub(crate) outlook: Outlook,
}

/// Works it out; the import is read whole and not finished.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn as_if(workspace: &Workspace, import: ImportId) -> Result<AsIf> {
    let glass = workspace.as_if_done(import)?;
    let before = workspace.wait(workspace.store.all_addresses());
    let before: HashSet<AddressId> =
        before.context("cannot read the addresses")?.iter().map(|seen| seen.id).collect();
    let addresses = glass.wait(glass.store.all_addresses()).context("cannot read the addresses")?;
    let classes = classes(&glass, &addresses)?;
    let known = workspace.wait(workspace.store.identity()).context("cannot read who is who")?;
    let then = identify(&glass, &addresses, &classes)?;
    let by_id: HashMap<AddressId, &SeenAddress> =
        addresses.iter().map(|seen| (seen.id, seen)).collect();
    let mut outlook = people(&then, &before, &by_id, &classes);
    let asked: HashSet<(AddressId, AddressId)> =
        known.reviews.iter().map(|review| (review.a, review.b)).collect();
    let raised = then.reviews.iter().filter(|review| !asked.contains(&(review.a, review.b)));
    let raised: Vec<&Review> = raised.collect();
    outlook.n_pairs = raised.len() as u64;
    outlook.pairs =
        raised.into_iter().take(PAIRS).map(|review| pair(review, &then, &by_id)).collect();
    outlook.nobody = addresses
        .iter()
        .filter(|seen| !before.contains(&seen.id))
        .filter_map(|seen| {
            let class = classes.of(seen.id);
            let is_nobody = class != AddressClass::Person;
            is_nobody.then(|| (seen.address.text().to_owned(), class.name().to_owned()))
        })
        .take(EXAMPLES)
        .collect();
    issues(workspace, import, &mut outlook)?;
    Ok(AsIf { classes, outlook })
}

/// Who would be new, and who of those known has an address that is new.
fn people(
    then: &IdentityState,
    before: &HashSet<AddressId>,
    by_id: &HashMap<AddressId, &SeenAddress>,
    classes: &Classes,
) -> Outlook {
    let mut outlook = Outlook::default();
    let is_person = |actor: &&Actor| {
        actor.kind == ActorKind::Person && classes.of(actor.anchor) == AddressClass::Person
    };
    for actor in then.actors.iter().filter(is_person) {
        let n_new = actor.addresses.iter().filter(|one| !before.contains(one)).count();
        let (n, some) = match n_new {
            0 => continue,
            all if all == actor.addresses.len() => (&mut outlook.new_people, &mut outlook.some_new),
            _ => (&mut outlook.known_people, &mut outlook.some_known),
        };
        *n += 1;
        if some.len() < EXAMPLES {
            some.push(known(actor, by_id));
        }
    }
    outlook
}

fn known(actor: &Actor, by_id: &HashMap<AddressId, &SeenAddress>) -> Known {
    let texts = actor.addresses.iter().filter_map(|one| by_id.get(one));
    let texts = texts.map(|seen| seen.address.text().to_owned());
    Known { name: actor.name.clone(), addresses: texts.take(ADDRESSES).collect() }
}

fn pair(
    review: &Review,
    then: &IdentityState,
    by_id: &HashMap<AddressId, &SeenAddress>,
) -> PairFound {
    let side = |anchor: AddressId| {
        let actor = then.actors.iter().find(|actor| actor.addresses.contains(&anchor));
        actor.map(|actor| known(actor, by_id)).unwrap_or_default()
    };
    PairFound {
        a: side(review.a),
        b: side(review.b),
        percent: (review.probability * 100.0).round().clamp(0.0, 100.0) as u64,
        reasons_for: review.reasons_for.clone(),
        reasons_against: review.reasons_against.clone(),
    }
}

/// The first records that are lost or repaired, of different reasons where there are such.
fn issues(workspace: &Workspace, import: ImportId, outlook: &mut Outlook) -> Result<()> {
    let (portion, most) = ISSUES;
    let mut after = None;
    let (mut lost, mut repaired) = (Examples::default(), Examples::default());
    for _ in 0..most {
        let found = workspace.wait(workspace.store.issues(import, after, portion));
        let found = found.context("cannot read the issues")?;
        after = found.last().map(|last| last.ordinal);
        let is_end = (found.len() as u64) < portion;
        for located in found {
            match located.issue.severity {
                Severity::Lost => lost.take(located),
                Severity::Repaired => repaired.take(located),
            }
        }
        if is_end || (lost.is_full() && repaired.is_full()) {
            break;
        }
    }
    (outlook.lost, outlook.repaired) = (lost.found, repaired.found);
    Ok(())
}

/// A few issues, no two of one reason.
#[derive(Default)]
struct Examples {
    found: Vec<IssueFound>,
    reasons: BTreeSet<String>,
}

impl Examples {
    fn is_full(&self) -> bool {
        self.found.len() >= EXAMPLES
    }

    fn take(&mut self, located: LocatedIssue) {
        let issue = located.issue;
        if !self.is_full() && self.reasons.insert(issue.reason.clone()) {
            let position = issue.position.to_string();
            self.found.push(IssueFound { file: issue.file, position, reason: issue.reason });
        }
    }
}
