//! Saying by hand who is where and with whom: each verb writes what was said, brings the derived rows
//! of whom it is about up to date, and records its event, in one transaction.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::address::Address;
use tieline_model::id::{AccountId, ActorId, AddressId, PlaceId, UnitId};
use tieline_model::org::{FactSource, Unit, UnitKind};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{
    actor, actor_address, affiliation, said_person, said_place, said_tie, said_unit,
};
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::identity::{ActorKind, IdentityState, actor_of, affiliation_of};
use crate::imports::ignore;
use crate::people::UnitTree;
use crate::said::{SaidPlace, overlay, said_of};
use crate::store::{Tx, changed};
use crate::units::units_of;

/// A person or organisation to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Its address, where one is known: an import that knows it later speaks of the same person.
    pub address: Option<Address>,
    /// Its name.
    pub name: String,
    /// Person or organisation.
    pub kind: ActorKind,
    /// Who adds it.
    pub by: AccountId,
}

/// Where someone works, to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlace {
    /// An address of who works there.
    pub who: AddressId,
    /// Where.
    pub unit: UnitId,
    /// Job title.
    pub title: Option<String>,
    /// First moment.
    pub from: Option<Moment>,
    /// First moment after.
    pub to: Option<Moment>,
    /// Who says it.
    pub by: AccountId,
}

impl Tx {
    /// Adds a person or organisation by hand.
    ///
    /// # Errors
    /// [`Constraint::Taken`] when someone has this address, [`Constraint::Value`] without a name,
    /// [`Constraint::MissingParent`] without the account.
    pub async fn add_person(&self, new: &NewPerson) -> Result<AddressId, StoreError> {
        let name = named(&new.name, "a person")?;
        let own = Address::label("by-hand", &Uuid::now_v7().to_string());
        let address = new.address.clone().or(own);
        let address = address.ok_or_else(|| StoreError::value("an address is not blank"))?;
        let id = address.id();
        if actor_address::Entity::find_by_id(id.as_i64()).one(&self.db).await?.is_some() {
            return Err(StoreError::Conflict(Constraint::Taken(
                "someone with this address".into(),
            )));
        }
        self.add_addresses(&[address]).await?;
        let row = said_person::Model {
            address: id.as_i64(),
            name,
            before: None,
            kind: Some(new.kind.name().to_owned()),
            account: Some(new.by.0),
            changed_at: self.now.ms(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<said_person::Entity>(&[row], None).await?;
        self.reflect(id).await?;
        self.record(Verb::PersonAdded, &id, new.kind.name()).await?;
        Ok(id)
    }

    /// Takes that back, with the places and ties that were said of them: for whoever was added by
    /// hand and nobody wrote about.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the account did not add them, [`Constraint::Value`] when
    /// something was written about them since.
    pub async fn withdraw_person(&self, id: AddressId, by: AccountId) -> Result<(), StoreError> {
        let own = said_person::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        own.filter(|row| row.kind.is_some() && row.account == Some(by.0))
            .ok_or_else(|| StoreError::not_found("person added by hand", &id))?;
        let key = [sea_orm::Value::from(id.as_i64())];
        for table in [
            "note",
            "contact_person",
            "promise",
            "tag",
            "field_value",
            "sighting",
            "partnership_member",
        ] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE address = ?");
            if crate::store::number(&self.db, &sql, key.clone()).await? > 0 {
                return Err(StoreError::value("something is written about them: remove it first"));
            }
        }
        for sql in [
            "DELETE FROM said_tie WHERE a = ?",
            "DELETE FROM said_tie WHERE b = ?",
            "DELETE FROM place_before WHERE place IN (SELECT id FROM said_place WHERE address = ?)",
            "DELETE FROM field_before WHERE address = ?",
            "DELETE FROM said_place WHERE address = ?",
            "DELETE FROM said_person WHERE address = ?",
        ] {
            self.run(sql, key.clone()).await?;
        }
        let actor = ActorId::of_anchor(id);
        self.forget_actor(actor.0).await?;
        for sql in [
            "DELETE FROM affiliation WHERE actor = ?",
            "DELETE FROM actor_address WHERE actor = ?",
            "DELETE FROM actor WHERE id = ?",
        ] {
            self.run(sql, [actor.0.into()]).await?;
        }
        self.run("DELETE FROM address WHERE id = ?", key).await?;
        self.record(Verb::PersonWithdrawn, &id, "").await
    }

    /// Says the name of a person or organisation: 0 is the version of what nobody said yet.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`] when nobody has the
    /// address, [`Constraint::Value`] without a name.
    pub async fn say_name(
        &self,
        id: AddressId,
        name: &str,
        by: AccountId,
        version: i64,
    ) -> Result<(), StoreError> {
        let name = named(name, "a person")?;
        let known = said_person::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        if known.as_ref().map_or(0, |row| row.version) != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let before = self.name_of(id).await?;
        match known {
            None => {
                let row = said_person::Model {
                    address: id.as_i64(),
                    name,
                    before: Some(before),
                    kind: None,
                    account: Some(by.0),
                    changed_at: self.now.ms(),
                    version: 1,
                    created_at: self.now.ms(),
                };
                self.insert::<said_person::Entity>(&[row], None).await?;
            }
            Some(_) => {
                let sql = "UPDATE said_person SET name = ?, before = ?, account = ?, \
                           changed_at = ?, version = version + 1 WHERE address = ? AND version = ?";
                let values = [
                    name.into(),
                    before.into(),
                    by.0.into(),
                    self.now.ms().into(),
                    id.as_i64().into(),
                    version.into(),
                ];
                if self.run(sql, values).await? == 0 {
                    return Err(StoreError::Conflict(Constraint::Stale));
                }
            }
        }
        self.reflect(id).await?;
        self.record(Verb::NameSaid, &id, "").await
    }

    /// Says the name again that was there before the last change.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no name was said.
    pub async fn say_name_before(&self, id: AddressId, by: AccountId) -> Result<(), StoreError> {
        let known = said_person::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        let version = known.as_ref().map_or(0, |row| row.version);
        let before = known.and_then(|row| row.before);
        let before = before.ok_or_else(|| StoreError::not_found("name before", &id))?;
        self.say_name(id, &before, by, version).await
    }

    async fn name_of(&self, id: AddressId) -> Result<String, StoreError> {
        let owner = actor_address::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        let owner = owner.ok_or_else(|| StoreError::not_found("person", &id))?;
        let actor = actor::Entity::find_by_id(owner.actor).one(&self.db).await?;
        Ok(actor.ok_or_else(|| StoreError::not_found("person", &id))?.name)
    }

    /// Adds an organisation or a part of one; one that is known by this name there is that one.
    ///
    /// # Errors
    /// [`Constraint::Value`] without a name, [`StoreError::NotFound`] without the parent.
    pub async fn add_unit(
        &self,
        (kind, name): (UnitKind, &str),
        parent: Option<UnitId>,
        by: AccountId,
    ) -> Result<UnitId, StoreError> {
        let name = named(name, "an organisation or department")?;
        let folded = fold(&name);
        let units = units_of(&self.db).await?;
        let is_same =
            |unit: &&Unit| unit.kind == kind && unit.parent == parent && fold(&unit.name) == folded;
        if let Some(known) = units.iter().find(is_same) {
            return Ok(known.id);
        }
        if let Some(parent) = parent {
            self.keep_unit(parent, by).await?;
        }
        let unit =
            Unit { id: UnitId::of(kind, &folded, parent), kind, name, parent, domains: Vec::new() };
        self.insert_said_unit(&unit, by).await?;
        self.insert_units(std::slice::from_ref(&unit)).await?;
        self.record(Verb::UnitAdded, &unit.id, kind.name()).await?;
        Ok(unit.id)
    }

    /// Takes back a unit that the account added and nobody is said to work in.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] when somebody is there or part of it is.
    pub async fn withdraw_unit(&self, id: UnitId, by: AccountId) -> Result<(), StoreError> {
        let own = said_unit::Entity::find_by_id(id.0).one(&self.db).await?;
        own.filter(|row| row.account == Some(by.0))
            .ok_or_else(|| StoreError::not_found("unit added by hand", &id))?;
        let used = "SELECT (SELECT COUNT(*) FROM affiliation WHERE unit = ?) \
                    + (SELECT COUNT(*) FROM said_place WHERE unit = ?) \
                    + (SELECT COUNT(*) FROM unit WHERE parent = ?) \
                    + (SELECT COUNT(*) FROM said_unit WHERE parent = ?)";
        let key: [sea_orm::Value; 4] = [id.0.into(), id.0.into(), id.0.into(), id.0.into()];
        if crate::store::number(&self.db, used, key).await? > 0 {
            return Err(StoreError::value("somebody works there: it stays"));
        }
        self.run("DELETE FROM said_unit WHERE id = ?", [id.0.into()]).await?;
        self.run("DELETE FROM unit_domain WHERE unit = ?", [id.0.into()]).await?;
        self.run("DELETE FROM unit WHERE id = ?", [id.0.into()]).await?;
        self.record(Verb::UnitWithdrawn, &id, "").await
    }

    /// Says where someone works.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the unit or when nobody has the address,
    /// [`Constraint::Value`] when it ends before it begins.
    pub async fn add_place(&self, new: &NewPlace) -> Result<PlaceId, StoreError> {
        in_order(new.from, new.to)?;
        self.name_of(new.who).await?;
        self.keep_unit(new.unit, new.by).await?;
        let id = PlaceId(Uuid::now_v7());
        let row = said_place::Model {
            id: id.0,
            address: new.who.as_i64(),
            unit: new.unit.0,
            title: titled(new.title.as_deref()),
            from_ms: new.from.map(Moment::ms),
            to_ms: new.to.map(Moment::ms),
            account: Some(new.by.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<said_place::Entity>(&[row], None).await?;
        self.reflect(new.who).await?;
        self.record(Verb::PlaceSaid, &id, "").await?;
        Ok(id)
    }

    /// Changes the version given of a place.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`], and as
    /// [`Tx::add_place`].
    pub async fn update_place(&self, place: &SaidPlace, by: AccountId) -> Result<(), StoreError> {
        in_order(place.from, place.to)?;
        self.keep_unit(place.unit, by).await?;
        self.keep_place_before(place.id).await?;
        let sql = "UPDATE said_place SET unit = ?, title = ?, from_ms = ?, to_ms = ?, \
                   account = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ? AND removed_at IS NULL";
        let values = [
            place.unit.0.into(),
            titled(place.title.as_deref()).into(),
            place.from.map(Moment::ms).into(),
            place.to.map(Moment::ms).into(),
            by.0.into(),
            self.now.ms().into(),
            place.id.0.into(),
            place.version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = ("said_place WHERE id = ? AND removed_at IS NULL", vec![place.id.0.into()]);
            return Err(self.stale_or_gone("place", &place.id, row).await?);
        }
        self.reflect(place.who).await?;
        self.record(Verb::PlaceChanged, &place.id, "").await
    }

    /// Takes a place back so that it can be restored. What imports say of its unit shows again
    /// when identities are next resolved.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_place(&self, id: PlaceId) -> Result<(), StoreError> {
        let sql = "UPDATE said_place SET removed_at = ?, version = version + 1 \
                   WHERE id = ? AND removed_at IS NULL";
        let values = [self.now.ms().into(), id.0.into()];
        changed(self.run(sql, values).await?, "place", &id)?;
        self.reflect_place(id, Verb::PlaceRemoved).await
    }

    /// Lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn restore_place(&self, id: PlaceId) -> Result<(), StoreError> {
        let sql = "UPDATE said_place SET removed_at = NULL, version = version + 1 \
                   WHERE id = ? AND removed_at IS NOT NULL";
        changed(self.run(sql, [id.0.into()]).await?, "place", &id)?;
        self.reflect_place(id, Verb::PlaceRestored).await
    }

    async fn reflect_place(&self, id: PlaceId, verb: Verb) -> Result<(), StoreError> {
        if let Some(row) = said_place::Entity::find_by_id(id.0).one(&self.db).await? {
            self.reflect(AddressId::from_i64(row.address)).await?;
        }
        self.record(verb, &id, "").await
    }

    /// Says that two people work together; said twice, it is said once.
    ///
    /// # Errors
    /// [`Constraint::Value`] when they are one, [`Constraint::MissingParent`] without the account.
    pub async fn say_tie(
        &self,
        a: AddressId,
        b: AddressId,
        by: AccountId,
    ) -> Result<(), StoreError> {
        if a == b {
            return Err(StoreError::value("a tie is between two people"));
        }
        let (a, b) = (a.min(b), a.max(b));
        let row = said_tie::Model {
            a: a.as_i64(),
            b: b.as_i64(),
            account: Some(by.0),
            created_at: self.now.ms(),
        };
        self.insert::<said_tie::Entity>(&[row], Some(ignore())).await?;
        self.record(Verb::TieSaid, &format!("{a} {b}"), "").await
    }

    /// Takes that back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nobody said it.
    pub async fn withdraw_tie(&self, a: AddressId, b: AddressId) -> Result<(), StoreError> {
        let (a, b) = (a.min(b), a.max(b));
        let sql = "DELETE FROM said_tie WHERE a = ? AND b = ?";
        let n = self.run(sql, [a.as_i64().into(), b.as_i64().into()]).await?;
        let pair = format!("{a} {b}");
        changed(n, "tie", &pair)?;
        self.record(Verb::TieWithdrawn, &pair, "").await
    }

    /// Keeps a unit, and those that it is part of, whatever becomes of the imports that named them.
    async fn keep_unit(&self, id: UnitId, by: AccountId) -> Result<(), StoreError> {
        let path = UnitTree::new(units_of(&self.db).await?).path(id);
        if path.is_empty() {
            return Err(StoreError::not_found("unit", &id));
        }
        for unit in path.iter().rev() {
            self.insert_said_unit(unit, by).await?;
        }
        Ok(())
    }

    async fn insert_said_unit(&self, unit: &Unit, by: AccountId) -> Result<(), StoreError> {
        let row = said_unit::Model {
            id: unit.id.0,
            kind: unit.kind.name().to_owned(),
            name: unit.name.clone(),
            parent: unit.parent.map(|parent| parent.0),
            account: Some(by.0),
            created_at: self.now.ms(),
        };
        self.insert::<said_unit::Entity>(&[row], Some(ignore())).await.map(drop)
    }

    /// Brings the derived rows of the person of an address up to date with what was said of them.
    async fn reflect(&self, id: AddressId) -> Result<(), StoreError> {
        let owner = actor_address::Entity::find_by_id(id.as_i64()).one(&self.db).await?;
        let mut addresses = vec![id];
        let mut state = IdentityState { units: units_of(&self.db).await?, ..Default::default() };
        let n_units = state.units.len();
        if let Some(owner) = &owner {
            let all = actor_address::Entity::find()
                .filter(actor_address::Column::Actor.eq(owner.actor))
                .order_by_asc(actor_address::Column::Position);
            let all = all.all(&self.db).await?.into_iter();
            addresses = all.map(|row| AddressId::from_i64(row.address)).collect();
            let row = actor::Entity::find_by_id(owner.actor).one(&self.db).await?;
            let row = row.ok_or_else(|| StoreError::not_found("person", &id))?;
            state.actors.push(actor_of(row, addresses.clone(), Vec::new())?);
            let own = affiliation::Entity::find()
                .filter(affiliation::Column::Actor.eq(owner.actor))
                .filter(affiliation::Column::Source.ne(FactSource::Person.name()))
                .order_by_asc(affiliation::Column::Ordinal);
            for row in own.all(&self.db).await? {
                state.affiliations.push(affiliation_of(row)?);
            }
        }
        overlay(&mut state, &said_of(&self.db, Some(&addresses)).await?);
        self.insert_units(state.units.get(n_units..).unwrap_or_default()).await?;
        for actor in &state.actors {
            if owner.is_none() {
                self.insert_actors(std::slice::from_ref(actor)).await?;
            }
            let sql = "UPDATE actor SET name = ?, name_folded = ? WHERE id = ?";
            let name = [actor.name.clone().into(), fold(&actor.name).into(), actor.id.0.into()];
            self.run(sql, name).await?;
            self.run("DELETE FROM affiliation WHERE actor = ?", [actor.id.0.into()]).await?;
        }
        self.insert_affiliations(&state.affiliations).await?;
        self.index_actors_of(&addresses).await
    }
}

/// A name without superfluous space; a thing without one is refused.
pub(crate) fn named(name: &str, what: &str) -> Result<String, StoreError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if fold(&name).is_empty() {
        return Err(StoreError::value(format!("{what} has a name")));
    }
    Ok(name)
}

fn titled(title: Option<&str>) -> Option<String> {
    title.map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned)
}

fn in_order(from: Option<Moment>, to: Option<Moment>) -> Result<(), StoreError> {
    match from.zip(to) {
        Some((from, to)) if to <= from => Err(StoreError::value("it ends before it begins")),
        _ => Ok(()),
    }
}
