//! Words that people give people and organisations. Case and accents do not tell tags apart.

use sea_orm::{EntityTrait, FromQueryResult, QueryOrder};
use tieline_model::id::{AccountId, AddressId};

use crate::entity::tag;
use crate::error::StoreError;
use crate::fold::fold;
use crate::history::Verb;
use crate::imports::ignore;
use crate::people::address_list;
use crate::store::{Store, Tx, rows, to_u64};

/// A tag in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// As it is written; of several spellings the first in order.
    pub name: String,
    /// Actors that have it, and addresses with it that have no actor.
    pub n_people: u64,
}

impl Tx {
    /// Gives a tag to the persons of these addresses; one that they have stays as it is.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] for an empty tag.
    pub async fn add_tag(
        &self,
        addresses: &[AddressId],
        name: &str,
        by: Option<AccountId>,
    ) -> Result<(), StoreError> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = folded(&name)?;
        let row = |address: &AddressId| tag::Model {
            folded: folded.clone(),
            address: address.as_i64(),
            name: name.clone(),
            account: by.map(|by| by.0),
            created_at: self.now.ms(),
        };
        let all: Vec<_> = addresses.iter().map(row).collect();
        self.insert::<tag::Entity>(&all, Some(ignore())).await?;
        for address in addresses {
            self.record(Verb::TagAdded, address, "").await?;
        }
        self.index_actors_of(addresses).await
    }

    /// Takes a tag from the persons of these addresses; those without it stay so.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] for an empty tag.
    pub async fn remove_tag(&self, addresses: &[AddressId], name: &str) -> Result<(), StoreError> {
        let folded = folded(name)?;
        for address in addresses {
            let sql = "DELETE FROM tag WHERE folded = ? AND address = ?";
            if self.run(sql, [folded.as_str().into(), address.as_i64().into()]).await? > 0 {
                self.record(Verb::TagRemoved, address, "").await?;
            }
        }
        self.index_actors_of(addresses).await
    }
}

impl Store {
    /// All tags with how many people have each, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tags(&self) -> Result<Vec<TagCount>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            name: String,
            n: i64,
        }
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT MIN(t.name) AS name, COUNT(DISTINCT x.actor) \
             + SUM(CASE WHEN x.actor IS NULL THEN 1 ELSE 0 END) AS n \
             FROM tag t LEFT JOIN actor_address x ON x.address = t.address \
             GROUP BY t.folded ORDER BY t.folded",
            [],
        )
        .await?;
        let count = |row: Row| TagCount { name: row.name, n_people: to_u64(row.n) };
        Ok(found.into_iter().map(count).collect())
    }

    /// Tags of each of these addresses, as (address, tag), in order of the tags.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tags_of(
        &self,
        addresses: &[AddressId],
    ) -> Result<Vec<(AddressId, String)>, StoreError> {
        let (list, values) = address_list(addresses);
        let sql = format!("SELECT * FROM tag WHERE address IN ({list}) ORDER BY folded, address");
        let found: Vec<tag::Model> = rows(&self.db, &sql, values).await?;
        let pair = |row: tag::Model| (AddressId::from_i64(row.address), row.name);
        Ok(found.into_iter().map(pair).collect())
    }

    /// Addresses that were given a tag, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn addresses_tagged(&self, name: &str) -> Result<Vec<AddressId>, StoreError> {
        let sql = "SELECT * FROM tag WHERE folded = ? ORDER BY address";
        let found: Vec<tag::Model> = rows(&self.db, sql, [fold(name).into()]).await?;
        Ok(found.into_iter().map(|row| AddressId::from_i64(row.address)).collect())
    }

    /// Every tag of every address, as (address, tag), by address and tag.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_tags(&self) -> Result<Vec<(AddressId, String)>, StoreError> {
        let query = tag::Entity::find()
            .order_by_asc(tag::Column::Address)
            .order_by_asc(tag::Column::Folded);
        let pair = |row: tag::Model| (AddressId::from_i64(row.address), row.name);
        Ok(query.all(&self.db).await?.into_iter().map(pair).collect())
    }
}

fn folded(name: &str) -> Result<String, StoreError> {
    match fold(name) {
        folded if folded.is_empty() => Err(StoreError::value("a tag is a word")),
        folded => Ok(folded),
    }
}
