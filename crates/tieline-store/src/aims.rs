//! What units and organisations strive for by their own strategy, and which partnerships serve it.

use sea_orm::{EntityTrait, Value};
use tieline_model::id::{AccountId, AimId, PartnershipId, UnitId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{aim, partnership_aim};
use crate::error::StoreError;
use crate::history::Verb;
use crate::imports::ignore;
use crate::rooms::{standing, theirs};
use crate::store::{Store, Tx, changed, rows, to_i64};

/// What a unit or an organisation strives for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Its id.
    pub id: AimId,
    /// Whose.
    pub unit: UnitId,
    /// What, in a line.
    pub text: String,
    /// Who changed it last; `None`: someone who was erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Writes an aim of a unit down.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] without a text, [`StoreError::NotFound`] without the unit.
    pub async fn add_aim(
        &self,
        unit: UnitId,
        text: &str,
        by: AccountId,
    ) -> Result<AimId, StoreError> {
        let sql = "SELECT COUNT(*) FROM unit WHERE id = ?";
        if crate::store::number(&self.db, sql, [unit.0.into()]).await? == 0 {
            return Err(StoreError::not_found("unit", &unit));
        }
        let id = AimId(Uuid::now_v7());
        let row = aim::Model {
            id: id.0,
            unit: unit.0,
            text: line_of(text)?,
            account: Some(by.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<aim::Entity>(&[row], None).await?;
        self.record(Verb::AimAdded, &id, "").await?;
        Ok(id)
    }

    /// Changes the text of the version given.
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since, [`StoreError::NotFound`],
    /// [`crate::Constraint::Value`] without a text.
    pub async fn update_aim(&self, aim: &Aim, by: AccountId) -> Result<(), StoreError> {
        let sql = "UPDATE aim SET text = ?, account = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ? AND removed_at IS NULL";
        let values: [Value; 5] = [
            line_of(&aim.text)?.into(),
            by.0.into(),
            self.now.ms().into(),
            aim.id.0.into(),
            aim.version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = ("aim WHERE id = ? AND removed_at IS NULL", vec![aim.id.0.into()]);
            return Err(self.stale_or_gone("aim", &aim.id, row).await?);
        }
        self.record(Verb::AimChanged, &aim.id, "").await
    }

    /// Takes an aim back until it is restored.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_aim(&self, id: AimId) -> Result<(), StoreError> {
        let sql = "UPDATE aim SET removed_at = ?, version = version + 1 \
                   WHERE id = ? AND removed_at IS NULL";
        changed(self.run(sql, [self.now.ms().into(), id.0.into()]).await?, "aim", &id)?;
        self.record(Verb::AimRemoved, &id, "").await
    }

    /// Lets it stand again, with the partnerships that served it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn restore_aim(&self, id: AimId) -> Result<(), StoreError> {
        let sql = "UPDATE aim SET removed_at = NULL, version = version + 1 \
                   WHERE id = ? AND removed_at IS NOT NULL";
        changed(self.run(sql, [id.0.into()]).await?, "aim", &id)?;
        self.record(Verb::AimRestored, &id, "").await
    }

    /// Says that a partnership serves an aim; for whoever arranges the room. Twice is once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn serve_aim(
        &self,
        id: PartnershipId,
        aim: AimId,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.arranging(id, by).await?;
        let known = aim::Entity::find_by_id(aim.0).one(&self.db).await?;
        known
            .filter(|row| row.removed_at.is_none())
            .ok_or_else(|| StoreError::not_found("aim", &aim))?;
        let row = partnership_aim::Model {
            partnership: id.0,
            aim: aim.0,
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<partnership_aim::Entity>(&[row], Some(ignore())).await?;
        self.record(Verb::AimServed, &id, aim.to_string()).await
    }

    /// Takes that back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn drop_aim(
        &self,
        id: PartnershipId,
        aim: AimId,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.arranging(id, by).await?;
        let sql = "DELETE FROM partnership_aim WHERE partnership = ? AND aim = ?";
        changed(self.run(sql, [id.0.into(), aim.0.into()]).await?, "aim", &aim)?;
        self.record(Verb::AimDropped, &id, aim.to_string()).await
    }
}

impl Store {
    /// Aims of all units, by unit, in the order in which they came; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn aims(&self, limit: u64) -> Result<Vec<Aim>, StoreError> {
        let sql = "SELECT * FROM aim WHERE removed_at IS NULL ORDER BY unit, id LIMIT ?";
        self.aims_where(sql, vec![to_i64(limit).into()]).await
    }

    /// One aim that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn aim(&self, id: AimId) -> Result<Aim, StoreError> {
        let sql = "SELECT * FROM aim WHERE removed_at IS NULL AND id = ?";
        let found = self.aims_where(sql, vec![id.0.into()]).await?;
        found.into_iter().next().ok_or_else(|| StoreError::not_found("aim", &id))
    }

    /// Aims that a partnership serves, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn aims_served(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Vec<Aim>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT a.* FROM aim a JOIN partnership_aim s ON s.aim = a.id \
                   WHERE s.partnership = ? AND a.removed_at IS NULL ORDER BY a.id";
        self.aims_where(sql, vec![id.0.into()]).await
    }

    /// Which aims the partnerships serve that someone is in and that are not closed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn aims_carried(
        &self,
        by: Participant,
    ) -> Result<Vec<(AimId, PartnershipId)>, StoreError> {
        let (condition, values) = theirs(by);
        let sql = format!(
            "SELECT s.* FROM partnership_aim s JOIN partnership p ON p.id = s.partnership \
             WHERE p.stage <> 'closed' AND {condition} ORDER BY s.aim, p.id"
        );
        let found: Vec<partnership_aim::Model> = rows(&self.db, &sql, values).await?;
        Ok(found.into_iter().map(|row| (AimId(row.aim), PartnershipId(row.partnership))).collect())
    }

    async fn aims_where(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Aim>, StoreError> {
        let found: Vec<aim::Model> = rows(&self.db, sql, values).await?;
        let one = |row: aim::Model| Aim {
            id: AimId(row.id),
            unit: UnitId(row.unit),
            text: row.text,
            by: row.account.map(AccountId),
            changed: Moment::from_ms(row.changed_at),
            version: row.version,
        };
        Ok(found.into_iter().map(one).collect())
    }
}

fn line_of(text: &str) -> Result<String, StoreError> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { Err(StoreError::value("an aim says something")) } else { Ok(line) }
}
