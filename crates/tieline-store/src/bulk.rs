//! Changing many people at once, and taking it back as one.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tieline_model::access::TieConsent;
use tieline_model::id::{AccountId, AddressId, PlaceId, UnitId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{actor_address, affiliation, bulk_edit, bulk_person, consent, tag};
use crate::error::StoreError;
use crate::fold::fold;
use crate::history::Verb;
use crate::say::NewPlace;
use crate::store::{Tx, word};

/// What is changed for many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkChange {
    /// They get a tag.
    Tag(String),
    /// They work in a unit from a moment on, where nothing says so yet.
    Place(UnitId, Moment),
    /// They stay off maps and out of findings.
    OptOut,
}

impl BulkChange {
    fn name(&self) -> &'static str {
        match self {
            Self::Tag(_) => "tag",
            Self::Place(..) => "place",
            Self::OptOut => "opt-out",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Tag(tag) => tag.clone(),
            Self::Place(unit, _) => unit.to_string(),
            Self::OptOut => String::new(),
        }
    }
}

/// What became of a change of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkDone {
    /// By which it is taken back.
    pub id: Uuid,
    /// How many were really changed; the others were so already.
    pub changed: u64,
}

impl Tx {
    /// Changes the people of these addresses; whoever is so already stays as they are.
    ///
    /// # Errors
    /// As the verb on one person.
    pub async fn bulk_edit(
        &self,
        by: AccountId,
        change: &BulkChange,
        people: &[AddressId],
    ) -> Result<BulkDone, StoreError> {
        let id = Uuid::now_v7();
        let row = bulk_edit::Model {
            id,
            account: by.0,
            what: change.name().to_owned(),
            detail: change.detail(),
            undone_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<bulk_edit::Entity>(&[row], None).await?;
        let mut rows = Vec::new();
        for address in people {
            if let Some(place) = self.change_one(by, change, *address).await? {
                rows.push(bulk_person::Model {
                    bulk: id,
                    address: address.as_i64(),
                    place: place.map(|place| place.0),
                    created_at: self.now.ms(),
                });
            }
        }
        self.insert::<bulk_person::Entity>(&rows, None).await?;
        let changed = rows.len() as u64;
        self.record(Verb::BulkEdited, &id, format!("{} {changed}", change.name())).await?;
        Ok(BulkDone { id, changed })
    }

    /// `None`: it was so already; else the place that was said, if one was.
    async fn change_one(
        &self,
        by: AccountId,
        change: &BulkChange,
        who: AddressId,
    ) -> Result<Option<Option<PlaceId>>, StoreError> {
        let all = self.addresses_with(who).await?;
        let ids: Vec<i64> = all.iter().map(|id| id.as_i64()).collect();
        match change {
            BulkChange::Tag(name) => {
                let known = tag::Entity::find()
                    .filter(tag::Column::Address.is_in(ids))
                    .filter(tag::Column::Folded.eq(fold(name)));
                if known.one(&self.db).await?.is_some() {
                    return Ok(None);
                }
                self.add_tag(&[who], name, Some(by)).await?;
                Ok(Some(None))
            }
            BulkChange::Place(unit, from) => {
                if self.is_in(who, *unit).await? {
                    return Ok(None);
                }
                let (title, from, unit) = (None, Some(*from), *unit);
                let place = NewPlace { who, unit, title, from, to: None, by };
                Ok(Some(Some(self.add_place(&place).await?)))
            }
            BulkChange::OptOut => {
                let known = consent::Entity::find().filter(consent::Column::Address.is_in(ids));
                let known = known.all(&self.db).await?;
                if known.iter().any(|row| row.opted_out) {
                    return Ok(None);
                }
                let own = known.iter().find(|row| row.address == who.as_i64());
                let ties = ties_of(own)?;
                self.set_consent(who, ties, true, Some(by)).await?;
                Ok(Some(None))
            }
        }
    }

    /// All addresses of whoever has this one.
    async fn addresses_with(&self, who: AddressId) -> Result<Vec<AddressId>, StoreError> {
        let owner = actor_address::Entity::find_by_id(who.as_i64()).one(&self.db).await?;
        let owner = owner.ok_or_else(|| StoreError::not_found("person", &who))?;
        let all = actor_address::Entity::find()
            .filter(actor_address::Column::Actor.eq(owner.actor))
            .all(&self.db)
            .await?;
        Ok(all.into_iter().map(|row| AddressId::from_i64(row.address)).collect())
    }

    async fn is_in(&self, who: AddressId, unit: UnitId) -> Result<bool, StoreError> {
        let owner = actor_address::Entity::find_by_id(who.as_i64()).one(&self.db).await?;
        let Some(owner) = owner else { return Ok(false) };
        let there = affiliation::Entity::find()
            .filter(affiliation::Column::Actor.eq(owner.actor))
            .filter(affiliation::Column::Unit.eq(unit.0))
            .filter(affiliation::Column::Proposed.eq(false))
            .filter(affiliation::Column::ToMs.is_null());
        Ok(there.one(&self.db).await?.is_some())
    }

    /// Takes a change of many back, for those whom it changed; only who made it can. Taken back
    /// twice, it is taken back once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn undo_bulk_edit(&self, id: Uuid, by: AccountId) -> Result<(), StoreError> {
        let row = bulk_edit::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.account == by.0);
        let row = row.ok_or_else(|| StoreError::not_found("change of many", &id))?;
        if row.undone_at.is_some() {
            return Ok(());
        }
        let people = bulk_person::Entity::find().filter(bulk_person::Column::Bulk.eq(id));
        for one in people.all(&self.db).await? {
            self.undo_one(&row, &one, by).await?;
        }
        let sql = "UPDATE bulk_edit SET undone_at = ? WHERE id = ?";
        self.run(sql, [self.now.ms().into(), id.into()]).await?;
        self.record(Verb::BulkUndone, &id, "").await
    }

    async fn undo_one(
        &self,
        edit: &bulk_edit::Model,
        one: &bulk_person::Model,
        by: AccountId,
    ) -> Result<(), StoreError> {
        let who = AddressId::from_i64(one.address);
        match (edit.what.as_str(), one.place) {
            ("tag", _) => self.remove_tag(&[who], &edit.detail).await,
            // Someone may have removed the place since.
            ("place", Some(place)) => match self.remove_place(PlaceId(place)).await {
                Err(StoreError::NotFound { .. }) => Ok(()),
                done => done,
            },
            ("opt-out", _) => {
                let own = consent::Entity::find_by_id(one.address).one(&self.db).await?;
                self.set_consent(who, ties_of(own.as_ref())?, false, Some(by)).await
            }
            _ => Err(StoreError::damaged("bulk_edit.what", &edit.what)),
        }
    }
}

fn ties_of(own: Option<&consent::Model>) -> Result<TieConsent, StoreError> {
    match own {
        Some(own) => word("consent.ties", &own.ties, TieConsent::from_name),
        None => Ok(TieConsent::default()),
    }
}
