//! What people say by hand about who is where, and how it lies over what imports say.
//!
//! The said facts are keyed by addresses and stand beside the derived tables, which are replaced as
//! a whole: [`overlay`] puts them over a derived state, when all of it is replaced and when someone
//! says one thing more. A name that was said outranks every other; a place that was said outranks
//! what imports say of the same unit, and stands before other places.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::address::{Address, AddressKind};
use tieline_model::id::{AccountId, ActorId, AddressId, PlaceId, UnitId};
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::time::Moment;

use crate::entity::{address, said_person, said_place, said_tie, said_unit};
use crate::error::StoreError;
use crate::fold::fold;
use crate::identity::{Actor, ActorKind, IdentityState};
use crate::store::{Store, word};

/// A name that someone said, or a person or organisation that someone added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidPerson {
    /// An address of whom it is about.
    pub address: AddressId,
    /// The name.
    pub name: String,
    /// Person or organisation, where it was added by hand; `None`: imports know it.
    pub added: Option<ActorKind>,
    /// Who said it last.
    pub by: Option<AccountId>,
    /// When.
    pub at: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// Where someone works, as a person said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidPlace {
    /// Its id.
    pub id: PlaceId,
    /// An address of who works there.
    pub who: AddressId,
    /// Where.
    pub unit: UnitId,
    /// Job title.
    pub title: Option<String>,
    /// First moment; `None`: as far back as anything is known.
    pub from: Option<Moment>,
    /// First moment after; `None`: still so.
    pub to: Option<Moment>,
    /// Who said it last.
    pub by: Option<AccountId>,
    /// When.
    pub at: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// That two people work together, as someone said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidTie {
    /// One.
    pub a: AddressId,
    /// The other.
    pub b: AddressId,
    /// Who said it.
    pub by: Option<AccountId>,
}

/// What people said, as far as it was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Names and additions, the oldest change first.
    pub people: Vec<SaidPerson>,
    /// Units, the oldest first.
    pub units: Vec<Unit>,
    /// Places that stand, by id.
    pub places: Vec<SaidPlace>,
}

/// Puts what was said over a derived state.
pub(crate) fn overlay(state: &mut IdentityState, said: &Said) {
    let known_as = add_units(&mut state.units, &said.units);
    if said.people.is_empty() && said.places.is_empty() {
        return;
    }
    let mut owner: HashMap<AddressId, usize> = HashMap::new();
    for (at, actor) in state.actors.iter().enumerate() {
        owner.extend(actor.addresses.iter().map(|address| (*address, at)));
    }
    for person in &said.people {
        match (owner.get(&person.address).and_then(|at| state.actors.get_mut(*at)), person.added) {
            (Some(actor), _) => person.name.clone_into(&mut actor.name),
            (None, Some(kind)) => {
                owner.insert(person.address, state.actors.len());
                state.actors.push(added(person, kind));
            }
            // The imports that brought whom it names were taken back.
            (None, None) => {}
        }
    }
    let mut places: BTreeMap<ActorId, Vec<Affiliation>> = BTreeMap::new();
    for place in &said.places {
        let actor = owner.get(&place.who).and_then(|at| state.actors.get(*at));
        let unit = known_as.get(&place.unit).copied().unwrap_or(place.unit);
        if let Some(actor) = actor.filter(|_| state.units.iter().any(|known| known.id == unit)) {
            places.entry(actor.id).or_default().push(affiliation(actor.id, unit, place));
        }
    }
    put_places(&mut state.affiliations, places);
}

/// Adds units that nothing else names; where the same is known by another id, which.
fn add_units(all: &mut Vec<Unit>, said: &[Unit]) -> HashMap<UnitId, UnitId> {
    let mut known_as = HashMap::new();
    let mut waiting: Vec<&Unit> = said.iter().collect();
    // Parents before what is part of them; a pass without progress leaves the rest without parents.
    loop {
        let before = waiting.len();
        let mut later = Vec::new();
        for unit in waiting {
            let parent = unit.parent.map(|id| known_as.get(&id).copied().unwrap_or(id));
            match parent {
                Some(id) if !all.iter().any(|known| known.id == id) => later.push(unit),
                parent => add_unit(all, &mut known_as, unit, parent),
            }
        }
        if later.len() == before || later.is_empty() {
            for unit in later {
                add_unit(all, &mut known_as, unit, None);
            }
            return known_as;
        }
        waiting = later;
    }
}

fn add_unit(
    all: &mut Vec<Unit>,
    known_as: &mut HashMap<UnitId, UnitId>,
    unit: &Unit,
    parent: Option<UnitId>,
) {
    let folded = fold(&unit.name);
    let is_same = |known: &&Unit| {
        known.id == unit.id
            || (known.kind == unit.kind && known.parent == parent && fold(&known.name) == folded)
    };
    match all.iter().find(is_same) {
        Some(known) => {
            known_as.insert(unit.id, known.id);
        }
        None => all.push(Unit { parent, ..unit.clone() }),
    }
}

fn added(person: &SaidPerson, kind: ActorKind) -> Actor {
    Actor {
        id: ActorId::of_anchor(person.address),
        anchor: person.address,
        name: person.name.clone(),
        given: None,
        family: None,
        kind,
        addresses: vec![person.address],
        merges: Vec::new(),
    }
}

fn affiliation(actor: ActorId, unit: UnitId, place: &SaidPlace) -> Affiliation {
    Affiliation {
        actor,
        unit,
        title: place.title.clone(),
        from: place.from,
        to: place.to,
        manager: None,
        source: FactSource::Person,
        proposed: false,
    }
}

/// Said places first, those that still hold before others; what imports say of the same unit goes,
/// but for who leads the person there.
fn put_places(all: &mut Vec<Affiliation>, mut said: BTreeMap<ActorId, Vec<Affiliation>>) {
    all.retain(|one| {
        let Some(own) = said.get_mut(&one.actor) else { return true };
        let mut is_replaced = false;
        for place in own.iter_mut().filter(|place| place.unit == one.unit) {
            is_replaced = true;
            place.manager = place.manager.or(one.manager);
        }
        !is_replaced
    });
    for own in said.values_mut() {
        own.sort_by_key(|one| (one.to.is_some(), std::cmp::Reverse(one.from), one.unit));
    }
    let mut both: Vec<Affiliation> = said.into_values().flatten().collect();
    both.append(all);
    *all = both;
}

/// What was said of these addresses, and all units; `None`: of everyone.
pub(crate) async fn said_of(
    db: &impl ConnectionTrait,
    of: Option<&[AddressId]>,
) -> Result<Said, StoreError> {
    let mut people = said_person::Entity::find()
        .order_by_asc(said_person::Column::ChangedAt)
        .order_by_asc(said_person::Column::Address);
    let mut places = said_place::Entity::find()
        .filter(said_place::Column::RemovedAt.is_null())
        .order_by_asc(said_place::Column::Id);
    if let Some(of) = of {
        let ids: Vec<i64> = of.iter().map(|id| id.as_i64()).collect();
        people = people.filter(said_person::Column::Address.is_in(ids.clone()));
        places = places.filter(said_place::Column::Address.is_in(ids));
    }
    let units = said_unit::Entity::find()
        .order_by_asc(said_unit::Column::CreatedAt)
        .order_by_asc(said_unit::Column::Id);
    let people = people.all(db).await?.into_iter().map(person_of);
    let units = units.all(db).await?.into_iter().map(unit_of);
    Ok(Said {
        people: people.collect::<Result<_, _>>()?,
        units: units.collect::<Result<_, _>>()?,
        places: places.all(db).await?.into_iter().map(place_of).collect(),
    })
}

pub(crate) fn person_of(row: said_person::Model) -> Result<SaidPerson, StoreError> {
    let added =
        row.kind.as_deref().map(|kind| word("said_person.kind", kind, ActorKind::from_name));
    Ok(SaidPerson {
        address: AddressId::from_i64(row.address),
        name: row.name,
        added: added.transpose()?,
        by: row.account.map(AccountId),
        at: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

pub(crate) fn place_of(row: said_place::Model) -> SaidPlace {
    SaidPlace {
        id: PlaceId(row.id),
        who: AddressId::from_i64(row.address),
        unit: UnitId(row.unit),
        title: row.title,
        from: row.from_ms.map(Moment::from_ms),
        to: row.to_ms.map(Moment::from_ms),
        by: row.account.map(AccountId),
        at: Moment::from_ms(row.changed_at),
        version: row.version,
    }
}

fn unit_of(row: said_unit::Model) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: UnitId(row.id),
        kind: word("said_unit.kind", &row.kind, UnitKind::from_name)?,
        name: row.name,
        parent: row.parent.map(UnitId),
        domains: Vec::new(),
    })
}

impl Store {
    /// Everything that people said about who is where.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn said(&self) -> Result<Said, StoreError> {
        said_of(&self.db, None).await
    }

    /// What was said about the person of these addresses, and all units that were said.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn said_about(&self, addresses: &[AddressId]) -> Result<Said, StoreError> {
        said_of(&self.db, Some(addresses)).await
    }

    /// One place that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn place(&self, id: PlaceId) -> Result<SaidPlace, StoreError> {
        let row = said_place::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.filter(|row| row.removed_at.is_none());
        row.map(place_of).ok_or_else(|| StoreError::not_found("place", &id))
    }

    /// Whom a place is about, whether it stands or was taken back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn place_about(&self, id: PlaceId) -> Result<AddressId, StoreError> {
        let row = said_place::Entity::find_by_id(id.0).one(&self.db).await?;
        row.map(|row| AddressId::from_i64(row.address))
            .ok_or_else(|| StoreError::not_found("place", &id))
    }

    /// Addresses of people and organisations that were added by hand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn added_by_hand(&self) -> Result<Vec<(Address, SaidPerson)>, StoreError> {
        let added = said_person::Entity::find()
            .filter(said_person::Column::Kind.is_not_null())
            .order_by_asc(said_person::Column::Address)
            .all(&self.db)
            .await?;
        let mut all = Vec::with_capacity(added.len());
        for row in added {
            // The text goes with the address; nothing of the person is left then.
            let Some(of) = address::Entity::find_by_id(row.address).one(&self.db).await? else {
                continue;
            };
            let kind = word("address.kind", &of.kind, AddressKind::from_name)?;
            all.push((Address::from_stored(kind, of.text), person_of(row)?));
        }
        Ok(all)
    }

    /// Who added a unit, or first said that someone works there, and when; `None`: imports alone
    /// name it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unit_said(
        &self,
        id: UnitId,
    ) -> Result<Option<(Option<AccountId>, Moment)>, StoreError> {
        let row = said_unit::Entity::find_by_id(id.0).one(&self.db).await?;
        Ok(row.map(|row| (row.account.map(AccountId), Moment::from_ms(row.created_at))))
    }

    /// Who works with whom as people said, by addresses.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn said_ties(&self) -> Result<Vec<SaidTie>, StoreError> {
        let found = said_tie::Entity::find()
            .order_by_asc(said_tie::Column::A)
            .order_by_asc(said_tie::Column::B)
            .all(&self.db)
            .await?;
        let tie = |row: said_tie::Model| SaidTie {
            a: AddressId::from_i64(row.a),
            b: AddressId::from_i64(row.b),
            by: row.account.map(AccountId),
        };
        Ok(found.into_iter().map(tie).collect())
    }
}
