//! The register of what parties share: what each offers and needs, written by its own people and read
//! by everyone in the room.

use sea_orm::{EntityTrait, Value};
use tieline_model::id::{AccountId, PartnershipId, PartyId, ResourceId};
use tieline_model::partnership::resource::{Direction, Listed, ResourceKind};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::resource;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::say::named;
use crate::store::{Store, Tx, rows, to_i64, to_u64, word};

/// What a party says of something that it shares or needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResource {
    /// Whose it is, or who needs it.
    pub party: PartyId,
    /// Offer or ask.
    pub direction: Direction,
    /// What.
    pub kind: ResourceKind,
    /// What, in a line.
    pub title: String,
    /// How much at once; `None`: it does not run out.
    pub amount: Option<u64>,
    /// Unit of the amount; may be empty.
    pub unit: String,
    /// On what conditions, or what for; may be empty.
    pub conditions: String,
}

impl NewResource {
    /// As one line of the register, for comparing.
    pub fn listed(&self) -> Listed<'_> {
        Listed {
            party: self.party,
            kind: self.kind,
            direction: self.direction,
            amount: self.amount,
            unit: &self.unit,
        }
    }
}

/// Something that a party shares or needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// What is said of it.
    pub new: NewResource,
    /// Who changed it last; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// Which lines of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResourcesAsked {
    /// Offers or asks; all without it.
    pub direction: Option<Direction>,
    /// Of one kind.
    pub kind: Option<ResourceKind>,
    /// Those that came after this one.
    pub after: Option<ResourceId>,
}

impl Tx {
    /// Writes into the register what a party offers or needs; for its own people.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] without a title, or for an amount of nothing.
    pub async fn list_resource(
        &self,
        id: PartnershipId,
        new: &NewResource,
        by: Participant,
    ) -> Result<ResourceId, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(standing.writes_for(new.party), id)?;
        self.takes_part(id, new.party).await?;
        let one = ResourceId(Uuid::now_v7());
        let row = resource::Model {
            id: one.0,
            partnership: id.0,
            party: new.party.0,
            direction: new.direction.name().to_owned(),
            kind: new.kind.name().to_owned(),
            title: named(&new.title, "what is shared")?,
            amount: some_of(new.amount)?,
            unit: new.unit.trim().to_owned(),
            conditions: new.conditions.trim().to_owned(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<resource::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::ResourceListed, &id, one.to_string()).await?;
        Ok(one)
    }

    /// Changes what is said of something, of the version given; for people of its party. Whose it is
    /// and whether it is offered stay.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since; [`Constraint::Value`] also when more of it is
    /// booked than there would be; else as [`Tx::list_resource`].
    pub async fn change_resource(
        &self,
        (id, one): (PartnershipId, ResourceId),
        new: &NewResource,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.own_resource((id, one), by).await?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        if let Some(capacity) = new.amount {
            self.still_fits(one, capacity).await?;
        }
        let sql = "UPDATE resource SET kind = ?, title = ?, amount = ?, unit = ?, conditions = ?, \
                   account = ?, changed_at = ?, version = version + 1 WHERE id = ?";
        let values = [
            new.kind.name().into(),
            named(&new.title, "what is shared")?.into(),
            some_of(new.amount)?.into(),
            new.unit.trim().into(),
            new.conditions.trim().into(),
            by.account().map(|account| account.0).into(),
            self.now.ms().into(),
            one.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::ResourceChanged, &id, one.to_string()).await
    }

    /// Takes something out of the register, or lists it again as it was; for people of its party. What
    /// is booked must be given back or cancelled first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] while something of it is booked.
    pub async fn remove_resource(
        &self,
        (id, one): (PartnershipId, ResourceId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let row = resource::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        let row = row.ok_or_else(|| StoreError::not_found("resource", &one))?;
        allowed(self.in_room(id, by).await?.writes_for(PartyId(row.party)), id)?;
        if is_removed && self.is_booked(one).await? {
            return Err(StoreError::value("it is booked: have the bookings cancelled first"));
        }
        self.remove_row("resource", one.0, is_removed).await?;
        let verb = if is_removed { Verb::ResourceRemoved } else { Verb::ResourceRestored };
        self.record(verb, &id, one.to_string()).await
    }

    /// Something that stands, for whoever is in the room.
    pub(crate) async fn resource_for(
        &self,
        (id, one): (PartnershipId, ResourceId),
        by: Participant,
    ) -> Result<Resource, StoreError> {
        self.in_room(id, by).await?;
        let row = resource::Entity::find_by_id(one.0).one(&self.db).await?;
        resource_of(standing_row(row, id, one)?)
    }

    async fn own_resource(
        &self,
        at: (PartnershipId, ResourceId),
        by: Participant,
    ) -> Result<Resource, StoreError> {
        let known = self.resource_for(at, by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(known.new.party), at.0)?;
        Ok(known)
    }
}

impl Store {
    /// The register of a partnership, in the order in which it grew; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn resources(
        &self,
        id: PartnershipId,
        asked: &ResourcesAsked,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Resource>, StoreError> {
        standing(&self.db, id, by).await?;
        let mut sql =
            "SELECT * FROM resource WHERE partnership = ? AND removed_at IS NULL".to_owned();
        let mut values: Vec<Value> = vec![id.0.into()];
        let words = [
            ("direction", asked.direction.map(Direction::name)),
            ("kind", asked.kind.map(ResourceKind::name)),
        ];
        for (column, word) in words {
            if let Some(word) = word {
                sql.push_str(&format!(" AND {column} = ?"));
                values.push(word.into());
            }
        }
        if let Some(after) = asked.after {
            sql.push_str(" AND id > ?");
            values.push(after.0.into());
        }
        sql.push_str(" ORDER BY id LIMIT ?");
        values.push(to_i64(limit).into());
        let found: Vec<resource::Model> = rows(&self.db, &sql, values).await?;
        found.into_iter().map(resource_of).collect()
    }

    /// One thing of the register that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn resource(
        &self,
        (id, one): (PartnershipId, ResourceId),
        by: Participant,
    ) -> Result<Resource, StoreError> {
        standing(&self.db, id, by).await?;
        let row = resource::Entity::find_by_id(one.0).one(&self.db).await?;
        resource_of(standing_row(row, id, one)?)
    }
}

fn standing_row(
    row: Option<resource::Model>,
    id: PartnershipId,
    one: ResourceId,
) -> Result<resource::Model, StoreError> {
    row.filter(|row| row.partnership == id.0 && row.removed_at.is_none())
        .ok_or_else(|| StoreError::not_found("resource", &one))
}

/// An amount as it is kept: nothing of something is not something.
pub(crate) fn some_of(amount: Option<u64>) -> Result<Option<i64>, StoreError> {
    match amount {
        Some(0) => Err(StoreError::value("an amount is at least 1")),
        amount => Ok(amount.map(to_i64)),
    }
}

fn resource_of(row: resource::Model) -> Result<Resource, StoreError> {
    Ok(Resource {
        id: ResourceId(row.id),
        new: NewResource {
            party: PartyId(row.party),
            direction: word("resource.direction", &row.direction, Direction::from_name)?,
            kind: word("resource.kind", &row.kind, ResourceKind::from_name)?,
            title: row.title,
            amount: row.amount.map(to_u64),
            unit: row.unit,
            conditions: row.conditions,
        },
        by: row.account.map(AccountId),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}
