//! Where key results stood when someone looked, and how objectives bear on each other.

use sea_orm::{EntityTrait, Value};
use tieline_model::id::{
    AccountId, CheckInId, KeyResultId, ObjectiveId, ObjectiveLinkId, PartnershipId,
};
use tieline_model::objective::{Confidence, Link, LinkKind, LinkState};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{check_in, objective_link};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::objectives::line_of;
use crate::rooms::standing;
use crate::store::{Store, Tx, changed, marks, rows, to_i64, word};

/// Where a key result stood.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckIn {
    /// Its id; sorts by time.
    pub id: CheckInId,
    /// Of which key result.
    pub result: KeyResultId,
    /// Its value.
    pub value: f64,
    /// How sure whoever looked was that the target is reached.
    pub confidence: Confidence,
    /// What there was to say; may be empty.
    pub line: String,
    /// When.
    pub at: Moment,
    /// Who looked; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
}

/// What people said of how one objective bears on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectiveLink {
    /// Its id.
    pub id: ObjectiveLinkId,
    /// What they said.
    pub link: Link<ObjectiveId>,
    /// Who said it last; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Says where a key result stands; for those who write its objective.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] for what is no number.
    pub async fn check_in(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        (value, confidence, line): (f64, Confidence, &str),
        by: Participant,
    ) -> Result<CheckInId, StoreError> {
        self.own_result((id, result), by).await?;
        self.stands("key_result", result.0).await?;
        if !value.is_finite() {
            return Err(StoreError::value("a check-in has a number"));
        }
        let check = CheckInId(Uuid::now_v7());
        let row = check_in::Model {
            id: check.0,
            key_result: result.0,
            value,
            confidence: confidence.name().to_owned(),
            line: line_of(line),
            at: self.now.ms(),
            account: by.account().map(|account| account.0),
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<check_in::Entity>(&[row], None).await?;
        self.record(Verb::CheckedIn, &id, result.to_string()).await?;
        Ok(check)
    }

    /// Takes a check-in back, or lets it stand again; only its author can. Of which key result it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_check_in(
        &self,
        (id, check): (PartnershipId, CheckInId),
        is_removed: bool,
        by: AccountId,
    ) -> Result<KeyResultId, StoreError> {
        let row = check_in::Entity::find_by_id(check.0).one(&self.db).await?;
        let row = row.filter(|row| row.account == Some(by.0));
        let row = row.ok_or_else(|| StoreError::not_found("check-in", &check))?;
        let result = KeyResultId(row.key_result);
        self.own_result((id, result), Participant::Account(by)).await?;
        let was = if is_removed { "NULL" } else { "NOT NULL" };
        let sql =
            format!("UPDATE check_in SET removed_at = ? WHERE id = ? AND removed_at IS {was}");
        let removed_at = is_removed.then_some(self.now.ms());
        changed(self.run(&sql, [removed_at.into(), check.0.into()]).await?, "check-in", &check)?;
        self.record(Verb::CheckInRemoved, &id, result.to_string()).await?;
        Ok(result)
    }

    /// Says how one objective bears on another, or that it does not, over what was said in the version
    /// given (0: nothing yet); for everyone in the room.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when someone said something since, [`StoreError::NotFound`],
    /// [`Constraint::Value`] for one objective alone.
    pub async fn link_objectives(
        &self,
        id: PartnershipId,
        link: &Link<ObjectiveId>,
        version: i64,
        by: Participant,
    ) -> Result<ObjectiveLinkId, StoreError> {
        self.in_room(id, by).await?;
        if link.from == link.to {
            return Err(StoreError::value("an objective bears on another one"));
        }
        for end in [link.from, link.to] {
            self.of_partnership(id, end).await?;
        }
        let known = self.known_link(link).await?;
        let stands = known.as_ref().filter(|row| row.removed_at.is_none());
        if stands.map_or(0, |row| row.version) != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = objective_link::Model {
            id: known.as_ref().map_or_else(Uuid::now_v7, |row| row.id),
            partnership: id.0,
            one: link.from.0,
            other: link.to.0,
            kind: link.kind.name().to_owned(),
            state: link.state.name().to_owned(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: known.as_ref().map_or(0, |row| row.version) + 1,
            removed_at: None,
            created_at: known.as_ref().map_or(self.now.ms(), |row| row.created_at),
        };
        let made = ObjectiveLinkId(row.id);
        self.run("DELETE FROM objective_link WHERE id = ?", [row.id.into()]).await?;
        self.insert::<objective_link::Entity>(&[row], None).await?;
        self.record(Verb::ObjectivesLinked, &id, made.to_string()).await?;
        Ok(made)
    }

    /// Takes back what was said of two objectives, or lets it stand again; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_objective_link(
        &self,
        (id, link): (PartnershipId, ObjectiveLinkId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let row = objective_link::Entity::find_by_id(link.0).one(&self.db).await?;
        row.filter(|row| row.partnership == id.0)
            .ok_or_else(|| StoreError::not_found("link", &link))?;
        self.remove_row("objective_link", link.0, is_removed).await?;
        self.record(Verb::ObjectiveLinkRemoved, &id, link.to_string()).await
    }

    /// That an objective stands in this partnership.
    async fn of_partnership(
        &self,
        id: PartnershipId,
        objective: ObjectiveId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT COUNT(*) FROM objective \
                   WHERE id = ? AND partnership = ? AND removed_at IS NULL";
        let n = crate::store::number(&self.db, sql, [objective.0.into(), id.0.into()]).await?;
        changed(n.unsigned_abs(), "objective", &objective)
    }

    /// What was said of a pair and a kind. Alike and at odds is said of both ends at once.
    async fn known_link(
        &self,
        link: &Link<ObjectiveId>,
    ) -> Result<Option<objective_link::Model>, StoreError> {
        let turned = match link.kind {
            LinkKind::ConflictsWith | LinkKind::Duplicates => (link.to, link.from),
            LinkKind::Supports | LinkKind::DependsOn => (link.from, link.to),
        };
        let sql = "SELECT * FROM objective_link WHERE kind = ? \
                   AND (one = ? AND other = ? OR one = ? AND other = ?) ORDER BY id LIMIT 1";
        let values = [
            link.kind.name().into(),
            link.from.0.into(),
            link.to.0.into(),
            turned.0.0.into(),
            turned.1.0.into(),
        ];
        Ok(rows(&self.db, sql, values).await?.into_iter().next())
    }
}

impl Store {
    /// Where key results stood last, those that were ever looked at.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn last_check_ins(
        &self,
        id: PartnershipId,
        of: &[KeyResultId],
        by: Participant,
    ) -> Result<Vec<CheckIn>, StoreError> {
        standing(&self.db, id, by).await?;
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT c.* FROM check_in c JOIN key_result k ON k.id = c.key_result \
             JOIN objective o ON o.id = k.objective \
             WHERE c.key_result IN ({}) AND o.partnership = ? AND c.removed_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM check_in later WHERE later.key_result = c.key_result \
             AND later.removed_at IS NULL AND later.id > c.id)",
            marks(of.len())
        );
        let ids = of.iter().map(|one| Value::from(one.0));
        let values: Vec<Value> = ids.chain([id.0.into()]).collect();
        let found: Vec<check_in::Model> = rows(&self.db, &sql, values).await?;
        found.into_iter().map(check_of).collect()
    }

    /// Where a key result stood, the newest first, before the check-in given; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn check_ins(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        before: Option<CheckInId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<CheckIn>, StoreError> {
        self.key_result((id, result), by).await?;
        let sql = "SELECT * FROM check_in WHERE key_result = ? AND removed_at IS NULL AND id < ? \
                   ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let found: Vec<check_in::Model> =
            rows(&self.db, sql, [result.0.into(), before.into(), to_i64(limit).into()]).await?;
        found.into_iter().map(check_of).collect()
    }

    /// What people said of how objectives bear on each other, of those that stand; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn objective_links(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<ObjectiveLink>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT l.* FROM objective_link l JOIN objective a ON a.id = l.one \
                   JOIN objective b ON b.id = l.other WHERE l.partnership = ? \
                   AND l.removed_at IS NULL AND a.removed_at IS NULL AND b.removed_at IS NULL \
                   ORDER BY l.id LIMIT ?";
        let found: Vec<objective_link::Model> =
            rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?;
        found.iter().map(link_of).collect()
    }
}

fn check_of(row: check_in::Model) -> Result<CheckIn, StoreError> {
    Ok(CheckIn {
        id: CheckInId(row.id),
        result: KeyResultId(row.key_result),
        value: row.value,
        confidence: word("check_in.confidence", &row.confidence, Confidence::from_name)?,
        line: row.line,
        at: Moment::from_ms(row.at),
        by: row.account.map(AccountId),
    })
}

fn link_of(row: &objective_link::Model) -> Result<ObjectiveLink, StoreError> {
    Ok(ObjectiveLink {
        id: ObjectiveLinkId(row.id),
        link: Link {
            from: ObjectiveId(row.one),
            to: ObjectiveId(row.other),
            kind: word("objective_link.kind", &row.kind, LinkKind::from_name)?,
            state: word("objective_link.state", &row.state, LinkState::from_name)?,
        },
        by: row.account.map(AccountId),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}
