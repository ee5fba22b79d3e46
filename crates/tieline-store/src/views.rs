//! Listings that people saved, and things that they put off.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use tieline_model::id::{AccountId, SavedViewId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{saved_view, shared_view, snooze};
use crate::error::StoreError;
use crate::history::Verb;
use crate::imports::ignore;
use crate::store::{Store, Tx, changed, rows};

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
    /// Whether all members see it.
    pub shared: bool,
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
        let shared = "DELETE FROM shared_view WHERE view IN \
                      (SELECT id FROM saved_view WHERE id = ? AND account = ?)";
        self.run(shared, [id.0.into(), account.0.into()]).await?;
        let sql = "DELETE FROM saved_view WHERE id = ? AND account = ?";
        changed(self.run(sql, [id.0.into(), account.0.into()]).await?, "saved view", &id)?;
        self.record(Verb::ViewRemoved, &id, "").await
    }

    /// Shows a saved view of an account to all members, or to the account alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn share_view(
        &self,
        id: SavedViewId,
        account: AccountId,
        shared: bool,
    ) -> Result<(), StoreError> {
        let own = saved_view::Entity::find_by_id(id.0).one(&self.db).await?;
        own.filter(|row| row.account == account.0)
            .ok_or_else(|| StoreError::not_found("saved view", &id))?;
        if shared {
            let row = shared_view::Model { view: id.0, created_at: self.now.ms() };
            self.insert::<shared_view::Entity>(&[row], Some(ignore())).await?;
        } else {
            self.run("DELETE FROM shared_view WHERE view = ?", [id.0.into()]).await?;
        }
        self.record(Verb::ViewSaved, &id, if shared { "shared" } else { "own" }).await
    }

    /// Shows again what an account put off.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it put off no such thing.
    pub async fn end_snooze(&self, account: AccountId, item: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM snooze WHERE account = ? AND item = ?";
        let n = self.run(sql, [account.0.into(), item.into()]).await?;
        changed(n, "what was put off", item)?;
        self.record(Verb::SnoozeEnded, &account, "").await
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
    /// Saved views for one listing that an account sees, its own and those that are shared, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn views(
        &self,
        account: AccountId,
        place: &str,
    ) -> Result<Vec<SavedView>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            account: Uuid,
            place: String,
            name: String,
            query: String,
            shares: i64,
        }
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT v.id, v.account, v.place, v.name, v.query, \
             (SELECT COUNT(*) FROM shared_view s WHERE s.view = v.id) AS shares \
             FROM saved_view v WHERE v.place = ? AND (v.account = ? OR EXISTS \
             (SELECT 1 FROM shared_view s WHERE s.view = v.id)) ORDER BY v.name, v.id",
            [place.into(), account.0.into()],
        )
        .await?;
        let view = |row: Row| SavedView {
            id: SavedViewId(row.id),
            account: AccountId(row.account),
            place: row.place,
            name: row.name,
            query: row.query,
            shared: row.shares > 0,
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
