//! How often an account wants to be in touch with someone.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::id::{AccountId, AddressId};

use crate::entity::rhythm;
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx, to_i64, to_u64};

/// Longest rhythm, days: ten years.
const MAX_DAYS: u64 = 3_650;

/// How often an account wants to be in touch with someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// An address of whom it is about.
    pub who: AddressId,
    /// Days from contact to contact, 1 to 3,650.
    pub days: u64,
}

impl Tx {
    /// Sets how often an account wants to be in touch with the person of these addresses; `None`:
    /// as they usually are.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] outside 1 to 3,650 days or without an address.
    pub async fn set_rhythm(
        &self,
        account: AccountId,
        addresses: &[AddressId],
        days: Option<u64>,
    ) -> Result<(), StoreError> {
        let first =
            addresses.first().ok_or_else(|| StoreError::value("a rhythm is with someone"))?;
        for address in addresses {
            let sql = "DELETE FROM rhythm WHERE account = ? AND address = ?";
            self.run(sql, [account.0.into(), address.as_i64().into()]).await?;
        }
        if let Some(days) = days {
            if !(1..=MAX_DAYS).contains(&days) {
                return Err(StoreError::value("a rhythm is of 1 to 3650 days"));
            }
            let row = rhythm::Model {
                account: account.0,
                address: first.as_i64(),
                days: to_i64(days),
                created_at: self.now.ms(),
            };
            use rhythm::Column::{Account, Address, Days};
            let replace = OnConflict::columns([Account, Address]).update_column(Days).to_owned();
            self.insert::<rhythm::Entity>(&[row], Some(replace)).await?;
        }
        self.record(Verb::RhythmSet, first, days.map_or(String::new(), |days| days.to_string()))
            .await
    }
}

impl Store {
    /// How often an account wants to be in touch with whom, by address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rhythms(&self, account: AccountId) -> Result<Vec<Rhythm>, StoreError> {
        let found = rhythm::Entity::find()
            .filter(rhythm::Column::Account.eq(account.0))
            .order_by_asc(rhythm::Column::Address)
            .all(&self.db)
            .await?;
        let one = |row: rhythm::Model| Rhythm {
            who: AddressId::from_i64(row.address),
            days: to_u64(row.days),
        };
        Ok(found.into_iter().map(one).collect())
    }
}
