//! Listings that people saved, and things that they put off.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::id::{AccountId, SavedViewId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{saved_view, snooze};
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx, changed};

/// A listing with its filters, saved under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// Whose.
    pub account: AccountId,
    /// Which listing.
    pub place: String,
    /// Its name, unique among the account's views of the place.
    pub name: String,
    /// Query string of the listing.
    pub query: String,
}

/// Something that a person put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snooze {
    /// What: its kind and ids.
    pub item: String,
    /// First moment at which it shows again.
    pub until: Moment,
}

impl Tx {
    /// Saves a listing under a name; one of this name is replaced.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] without a name, [`crate::Constraint::MissingParent`] without
    /// the account.
    pub async fn save_view(
        &self,
        account: AccountId,
        place: &str,
        name: &str,
        query: &str,
    ) -> Result<SavedViewId, StoreError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(StoreError::value("a saved view needs a name"));
        }
        let known = saved_view::Entity::find()
            .filter(saved_view::Column::Account.eq(account.0))
            .filter(saved_view::Column::Place.eq(place))
            .filter(saved_view::Column::Name.eq(name))
            .one(&self.db)
            .await?;
        let id = known.as_ref().map_or_else(Uuid::now_v7, |row| row.id);
        if known.is_some() {
            let sql = "UPDATE saved_view SET query = ? WHERE id = ?";
            self.run(sql, [query.into(), id.into()]).await?;
        } else {
            let row = saved_view::Model {
                id,
                account: account.0,
                place: place.to_owned(),
                name: name.to_owned(),
                query: query.to_owned(),
                created_at: self.now.ms(),
            };
            self.insert::<saved_view::Entity>(&[row], None).await?;
        }
        self.record(Verb::ViewSaved, &id, "").await?;
        Ok(SavedViewId(id))
    }

    /// Removes a saved view of an account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_view(&self, id: SavedViewId, account: AccountId) -> Result<(), StoreError> {
        let sql = "DELETE FROM saved_view WHERE id = ? AND account = ?";
        changed(self.run(sql, [id.0.into(), account.0.into()]).await?, "saved view", &id)?;
        self.record(Verb::ViewRemoved, &id, "").await
    }

    /// Puts something off until a moment; a moment that is over shows it again.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn snooze(
        &self,
        account: AccountId,
        item: &str,
        until: Moment,
    ) -> Result<(), StoreError> {
        let row = snooze::Model {
            account: account.0,
            item: item.to_owned(),
            until_ms: until.ms(),
            created_at: self.now.ms(),
        };
        use snooze::Column::{Account, CreatedAt, Item, UntilMs};
        let replace =
            OnConflict::columns([Account, Item]).update_columns([UntilMs, CreatedAt]).to_owned();
        self.insert::<snooze::Entity>(&[row], Some(replace)).await?;
        self.record(Verb::Snoozed, &account, "").await
    }
}

impl Store {
    /// Saved views of an account for one listing, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn views(
        &self,
        account: AccountId,
        place: &str,
    ) -> Result<Vec<SavedView>, StoreError> {
        let found = saved_view::Entity::find()
            .filter(saved_view::Column::Account.eq(account.0))
            .filter(saved_view::Column::Place.eq(place))
            .order_by_asc(saved_view::Column::Name)
            .all(&self.db)
            .await?;
        let view = |row: saved_view::Model| SavedView {
            id: SavedViewId(row.id),
            account: AccountId(row.account),
            place: row.place,
            name: row.name,
            query: row.query,
        };
        Ok(found.into_iter().map(view).collect())
    }

    /// What an account put off until after `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snoozes(
        &self,
        account: AccountId,
        now: Moment,
    ) -> Result<Vec<Snooze>, StoreError> {
        let found = snooze::Entity::find()
            .filter(snooze::Column::Account.eq(account.0))
            .filter(snooze::Column::UntilMs.gt(now.ms()))
            .order_by_asc(snooze::Column::Item)
            .all(&self.db)
            .await?;
        let snooze =
            |row: snooze::Model| Snooze { item: row.item, until: Moment::from_ms(row.until_ms) };
        Ok(found.into_iter().map(snooze).collect())
    }
}
