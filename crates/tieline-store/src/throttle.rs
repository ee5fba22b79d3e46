//! Failed attempts to sign in, so that guessing gets slow. Who tried is known by a hash alone.

use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::failure;
use crate::error::StoreError;
use crate::sessions::checked_hash;
use crate::store::{Store, Tx, number, to_u64};

impl Tx {
    /// Notes a failed attempt of whoever has this hash.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] when `key_hash` is not 64 hex digits.
    pub async fn note_failure(&self, key_hash: &str, now: Moment) -> Result<(), StoreError> {
        let row = failure::Model {
            id: Uuid::now_v7(),
            throttle: checked_hash(key_hash)?,
            at: now.ms(),
            created_at: self.now.ms(),
        };
        self.insert::<failure::Entity>(&[row], None).await?;
        Ok(())
    }

    /// Forgets failed attempts: after one that succeeded.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn clear_failures(&self, key_hash: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM failure WHERE throttle = ?", [key_hash.into()]).await?;
        Ok(())
    }

    /// Removes attempts that were made before a moment; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_failures(&self, before: Moment) -> Result<u64, StoreError> {
        self.run("DELETE FROM failure WHERE at < ?", [before.ms().into()]).await
    }
}

impl Store {
    /// How many attempts failed since a moment, that moment included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn failures(&self, key_hash: &str, since: Moment) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM failure WHERE throttle = ? AND at >= ?";
        Ok(to_u64(number(&self.db, sql, [key_hash.into(), since.ms().into()]).await?))
    }
}
