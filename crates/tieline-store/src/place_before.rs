//! What was said of a place before its last change, so that the change can be undone.

use sea_orm::EntityTrait;
use tieline_model::id::{AccountId, PlaceId, UnitId};
use tieline_model::time::Moment;

use crate::entity::{place_before, said_place};
use crate::error::StoreError;
use crate::said::SaidPlace;
use crate::store::Tx;

impl Tx {
    /// Keeps what is said of a place: it is about to be changed.
    pub(crate) async fn keep_place_before(&self, id: PlaceId) -> Result<(), StoreError> {
        let row = said_place::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("place", &id))?;
        self.run("DELETE FROM place_before WHERE place = ?", [id.0.into()]).await?;
        let row = place_before::Model {
            place: id.0,
            unit: row.unit,
            title: row.title,
            from_ms: row.from_ms,
            to_ms: row.to_ms,
            created_at: self.now.ms(),
        };
        self.insert::<place_before::Entity>(&[row], None).await.map(drop)
    }

    /// Says of a place again what was said before the last change; done twice, it is as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was never changed.
    pub async fn say_place_before(&self, now: &SaidPlace, by: AccountId) -> Result<(), StoreError> {
        let row = place_before::Entity::find_by_id(now.id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("place before", &now.id))?;
        let place = SaidPlace {
            unit: UnitId(row.unit),
            title: row.title,
            from: row.from_ms.map(Moment::from_ms),
            to: row.to_ms.map(Moment::from_ms),
            ..now.clone()
        };
        self.update_place(&place, by).await
    }
}
