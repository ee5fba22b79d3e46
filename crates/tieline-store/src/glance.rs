//! Small reads that every request makes.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::history;
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, number, to_u64};

impl Verb {
    /// Whether the network looks different after it.
    pub const fn changes_network(self) -> bool {
        matches!(
            self,
            Self::ImportFinished
                | Self::ImportUndone
                | Self::IdentitiesMerged
                | Self::IdentitiesSplit
                | Self::DecisionRemoved
                | Self::ClassSet
                | Self::ClassRemoved
                | Self::PersonErased
                | Self::ContactLogged
                | Self::ContactChanged
                | Self::ContactUndone
                | Self::ConsentSet
                | Self::PersonAdded
                | Self::PersonWithdrawn
                | Self::NameSaid
                | Self::UnitAdded
                | Self::UnitWithdrawn
                | Self::PlaceSaid
                | Self::PlaceChanged
                | Self::PlaceRemoved
                | Self::PlaceRestored
                | Self::TieSaid
                | Self::TieWithdrawn
        )
    }
}

impl Store {
    /// Pairs that wait for a person to decide whether they are one. Cost: the pages of an index over
    /// reviews, and a look into it for each decision.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_reviews(&self) -> Result<u64, StoreError> {
        let all = number(&self.db, "SELECT COUNT(*) FROM review", []).await?;
        // Few of many are decided: each decision looks for its review, not each review for its own;
        // SQLite walks a CROSS JOIN as it is written.
        let mut decided = 0;
        for (a, b) in [("a", "b"), ("b", "a")] {
            let sql = format!(
                "SELECT COUNT(*) FROM decision d CROSS JOIN review r \
                 WHERE r.a = d.{a} AND r.b = d.{b} AND d.a < d.b"
            );
            decided += number(&self.db, &sql, []).await?;
        }
        let open = all - decided;
        Ok(to_u64(open))
    }

    /// The last event after which the network looks different; `None` before the first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_network_event(&self) -> Result<Option<Uuid>, StoreError> {
        let verbs = Verb::ALL.iter().filter(|verb| verb.changes_network()).map(|verb| verb.name());
        Ok(history::Entity::find()
            .select_only()
            .column(history::Column::Id)
            .filter(history::Column::Verb.is_in(verbs))
            .order_by_desc(history::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.db)
            .await?)
    }
}
