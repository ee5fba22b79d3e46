//! Who looked at whom.

use tieline_model::id::{AccountId, AddressId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::look;
use crate::error::StoreError;
use crate::history::Verb;
use crate::people::address_list;
use crate::store::{Store, Tx, rows, to_i64};

/// That an account looked at a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Sorts by time: the cursor of [`Store::looks`].
    pub id: Uuid,
    /// Who looked.
    pub account: AccountId,
    /// An address of whom it looked at.
    pub address: AddressId,
    /// Kind of page.
    pub page: String,
    /// When.
    pub at: Moment,
}

impl Tx {
    /// Notes that an account looked at the person of an address.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn look(
        &self,
        account: AccountId,
        address: AddressId,
        page: &str,
        at: Moment,
    ) -> Result<(), StoreError> {
        self.look_at_all(account, &[address], page, at).await
    }

    /// Notes that an account looked at each of these on one page.
    ///
    /// # Errors
    /// As [`Tx::look`].
    pub async fn look_at_all(
        &self,
        account: AccountId,
        addresses: &[AddressId],
        page: &str,
        at: Moment,
    ) -> Result<(), StoreError> {
        let row = |address: &AddressId| look::Model {
            id: Uuid::now_v7(),
            account: account.0,
            address: address.as_i64(),
            page: page.to_owned(),
            at: at.ms(),
            created_at: self.now.ms(),
        };
        let rows: Vec<look::Model> = addresses.iter().map(row).collect();
        self.insert::<look::Entity>(&rows, None).await?;
        Ok(())
    }

    /// Notes that an account took the network away as a file of this form.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_export(&self, account: AccountId, form: &str) -> Result<(), StoreError> {
        self.record(Verb::NetworkExported, &account, form).await
    }
}

impl Store {
    /// Notes that an account looked at each of these on one page, where nothing else is written:
    /// see [`Tx::look_at_all`]. Readers do not wait for writers of PostgreSQL with it.
    ///
    /// # Errors
    /// As [`Tx::look`].
    pub async fn note_looks(
        &self,
        account: AccountId,
        addresses: &[AddressId],
        page: &str,
        at: Moment,
    ) -> Result<(), StoreError> {
        let tx = self.begin_note().await?;
        tx.look_at_all(account, addresses, page, at).await?;
        tx.commit().await
    }

    /// Who looked at the person of these addresses, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn looks_at(
        &self,
        addresses: &[AddressId],
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Look>, StoreError> {
        let (list, mut values) = address_list(addresses);
        values.extend([after.unwrap_or(Uuid::max()).into(), to_i64(limit).into()]);
        let sql = format!(
            "SELECT * FROM look WHERE address IN ({list}) AND id < ? ORDER BY id DESC LIMIT ?"
        );
        Ok(rows::<look::Model>(&self.db, &sql, values).await?.into_iter().map(look_of).collect())
    }

    /// Who looked at whom, the latest first; those before `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn looks(&self, after: Option<Uuid>, limit: u64) -> Result<Vec<Look>, StoreError> {
        let values = [after.unwrap_or(Uuid::max()).into(), to_i64(limit).into()];
        let sql = "SELECT * FROM look WHERE id < ? ORDER BY id DESC LIMIT ?";
        Ok(rows::<look::Model>(&self.db, sql, values).await?.into_iter().map(look_of).collect())
    }
}

fn look_of(row: look::Model) -> Look {
    Look {
        id: row.id,
        account: AccountId(row.account),
        address: AddressId::from_i64(row.address),
        page: row.page,
        at: Moment::from_ms(row.at),
    }
}
