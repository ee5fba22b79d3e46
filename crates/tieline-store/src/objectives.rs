//! Objectives of a partnership, shared or of one party, and what measures them. What is shared is
//! written by everyone in the room, what is a party's by its people; all in the room read both.

use sea_orm::{ConnectionTrait, EntityTrait, Value};
use tieline_model::id::{AccountId, AimId, KeyResultId, ObjectiveId, PartnershipId, PartyId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{key_result, objective};
use crate::error::StoreError;
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::say::named;
use crate::store::{Store, Tx, changed, marks, number, rows, to_i64};

/// What someone writes of an objective.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectiveDraft {
    /// Whose; `None`: shared by all parties. It stays what it was made as.
    pub party: Option<PartyId>,
    /// The shared objective that one of a party is part of.
    pub parent: Option<ObjectiveId>,
    /// The aim of an organisation that it serves; one that the partnership serves.
    pub aim: Option<AimId>,
    /// What, in a line.
    pub title: String,
    /// Why it matters; may be empty.
    pub why: String,
    /// First day.
    pub begins: Option<Moment>,
    /// First moment after the last day.
    pub ends: Option<Moment>,
}

/// An objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    /// Its id.
    pub id: ObjectiveId,
    /// What was written.
    pub draft: ObjectiveDraft,
    /// Who changed it last; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// What someone writes of a key result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyResultDraft {
    /// What is measured.
    pub metric: String,
    /// In which unit; may be empty.
    pub unit: String,
    /// Where it began.
    pub baseline: f64,
    /// Where it should come to.
    pub target: f64,
    /// How much it counts in the objective, above 0.
    pub weight: f64,
    /// First moment after it should be reached; `None`: with the objective.
    pub due: Option<Moment>,
}

/// A key result.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyResult {
    /// Its id.
    pub id: KeyResultId,
    /// Of which objective.
    pub objective: ObjectiveId,
    /// What was written.
    pub draft: KeyResultDraft,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Writes an objective down: a shared one for everyone in the room, one of a party for its people.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`crate::Constraint::Value`] without a title, with days out of order,
    /// or for part of what is not shared.
    pub async fn add_objective(
        &self,
        id: PartnershipId,
        draft: &ObjectiveDraft,
        by: Participant,
    ) -> Result<ObjectiveId, StoreError> {
        self.writing(id, draft.party, by).await?;
        let title = self.fitting(id, draft).await?;
        let objective = ObjectiveId(Uuid::now_v7());
        let row = objective::Model {
            id: objective.0,
            partnership: id.0,
            party: draft.party.map(|party| party.0),
            parent: draft.parent.map(|parent| parent.0),
            aim: draft.aim.map(|aim| aim.0),
            title,
            why: draft.why.trim().to_owned(),
            begins: draft.begins.map(Moment::ms),
            ends: draft.ends.map(Moment::ms),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<objective::Entity>(&[row], None).await?;
        self.record(Verb::ObjectiveAdded, &id, objective.to_string()).await?;
        Ok(objective)
    }

    /// Changes an objective of the version given; whose it is stays.
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since; else as [`Tx::add_objective`].
    pub async fn update_objective(
        &self,
        (id, objective): (PartnershipId, ObjectiveId),
        draft: &ObjectiveDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let party = self.own_objective((id, objective), by).await?;
        let title = self.fitting(id, &ObjectiveDraft { party, ..draft.clone() }).await?;
        let sql = "UPDATE objective SET parent = ?, aim = ?, title = ?, why = ?, begins = ?, \
                   ends = ?, account = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ? AND removed_at IS NULL";
        let values = [
            draft.parent.map(|parent| parent.0).into(),
            draft.aim.map(|aim| aim.0).into(),
            title.into(),
            draft.why.trim().into(),
            draft.begins.map(Moment::ms).into(),
            draft.ends.map(Moment::ms).into(),
            by.account().map(|account| account.0).into(),
            self.now.ms().into(),
            objective.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = ("objective WHERE id = ? AND removed_at IS NULL", vec![objective.0.into()]);
            return Err(self.stale_or_gone("objective", &objective, row).await?);
        }
        self.record(Verb::ObjectiveChanged, &id, objective.to_string()).await
    }

    /// Takes an objective back with what measures it, or lets it stand again as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_objective(
        &self,
        (id, objective): (PartnershipId, ObjectiveId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.own_objective((id, objective), by).await?;
        self.remove_row("objective", objective.0, is_removed).await?;
        let verb = if is_removed { Verb::ObjectiveRemoved } else { Verb::ObjectiveRestored };
        self.record(verb, &id, objective.to_string()).await
    }

    /// Says by what an objective is measured; for those who write it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`crate::Constraint::Value`] for numbers that make no way to go.
    pub async fn add_key_result(
        &self,
        (id, objective): (PartnershipId, ObjectiveId),
        draft: &KeyResultDraft,
        by: Participant,
    ) -> Result<KeyResultId, StoreError> {
        self.own_objective((id, objective), by).await?;
        self.stands("objective", objective.0).await?;
        let metric = measured(draft)?;
        let result = KeyResultId(Uuid::now_v7());
        let row = key_result::Model {
            id: result.0,
            objective: objective.0,
            metric,
            unit: line_of(&draft.unit),
            baseline: draft.baseline,
            target: draft.target,
            weight: draft.weight,
            due: draft.due.map(Moment::ms),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<key_result::Entity>(&[row], None).await?;
        self.record(Verb::KeyResultAdded, &id, result.to_string()).await?;
        Ok(result)
    }

    /// Changes a key result of the version given.
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since; else as [`Tx::add_key_result`].
    pub async fn update_key_result(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        draft: &KeyResultDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.own_result((id, result), by).await?;
        let sql = "UPDATE key_result SET metric = ?, unit = ?, baseline = ?, target = ?, \
                   weight = ?, due = ?, account = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ? AND removed_at IS NULL";
        let values = [
            measured(draft)?.into(),
            line_of(&draft.unit).into(),
            draft.baseline.into(),
            draft.target.into(),
            draft.weight.into(),
            draft.due.map(Moment::ms).into(),
            by.account().map(|account| account.0).into(),
            self.now.ms().into(),
            result.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = ("key_result WHERE id = ? AND removed_at IS NULL", vec![result.0.into()]);
            return Err(self.stale_or_gone("key result", &result, row).await?);
        }
        self.record(Verb::KeyResultChanged, &id, result.to_string()).await
    }

    /// Takes a key result back with its check-ins, or lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_key_result(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.own_result((id, result), by).await?;
        self.remove_row("key_result", result.0, is_removed).await?;
        let verb = if is_removed { Verb::KeyResultRemoved } else { Verb::KeyResultRestored };
        self.record(verb, &id, result.to_string()).await
    }

    /// That someone writes what is shared, or what is this party's.
    async fn writing(
        &self,
        id: PartnershipId,
        party: Option<PartyId>,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(id, by).await?;
        match party {
            Some(party) => allowed(standing.writes_for(party), id),
            None => Ok(()),
        }
    }

    /// Whose an objective is that someone writes; whether it stands or was taken back.
    async fn own_objective(
        &self,
        (id, objective): (PartnershipId, ObjectiveId),
        by: Participant,
    ) -> Result<Option<PartyId>, StoreError> {
        self.in_room(id, by).await?;
        let row = objective::Entity::find_by_id(objective.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        let row = row.ok_or_else(|| StoreError::not_found("objective", &objective))?;
        let party = row.party.map(PartyId);
        self.writing(id, party, by).await?;
        Ok(party)
    }

    /// That someone writes the objective of a key result, which stands.
    pub(crate) async fn own_result(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let row = key_result::Entity::find_by_id(result.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("key result", &result))?;
        self.stands("objective", row.objective).await?;
        self.own_objective((id, ObjectiveId(row.objective)), by).await.map(drop)
    }

    /// That a row of a table with `removed_at` stands.
    pub(crate) async fn stands(&self, table: &'static str, id: Uuid) -> Result<(), StoreError> {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE id = ? AND removed_at IS NULL");
        match number(&self.db, &sql, [id.into()]).await? {
            0 => Err(StoreError::not_found(table, &id)),
            _ => Ok(()),
        }
    }

    /// Takes a row of a table with versions back, or lets it stand again.
    pub(crate) async fn remove_row(
        &self,
        table: &'static str,
        id: Uuid,
        is_removed: bool,
    ) -> Result<(), StoreError> {
        let was = if is_removed { "NULL" } else { "NOT NULL" };
        let sql = format!(
            "UPDATE {table} SET removed_at = ?, version = version + 1 \
             WHERE id = ? AND removed_at IS {was}"
        );
        let removed_at = is_removed.then_some(self.now.ms());
        changed(self.run(&sql, [removed_at.into(), id.into()]).await?, table, &id)
    }

    /// The title of a draft that fits into its partnership.
    async fn fitting(
        &self,
        id: PartnershipId,
        draft: &ObjectiveDraft,
    ) -> Result<String, StoreError> {
        if draft.begins.zip(draft.ends).is_some_and(|(begins, ends)| ends <= begins) {
            return Err(StoreError::value("an objective ends after it begins"));
        }
        if let Some(parent) = draft.parent {
            let sql = "SELECT COUNT(*) FROM objective WHERE id = ? AND partnership = ? \
                       AND party IS NULL AND removed_at IS NULL";
            let n = number(&self.db, sql, [parent.0.into(), id.0.into()]).await?;
            if n == 0 || draft.party.is_none() {
                return Err(StoreError::value("an objective of a party is part of a shared one"));
            }
        }
        if let Some(aim) = draft.aim {
            let sql = "SELECT COUNT(*) FROM partnership_aim WHERE aim = ? AND partnership = ?";
            if number(&self.db, sql, [aim.0.into(), id.0.into()]).await? == 0 {
                return Err(StoreError::not_found("aim", &aim));
            }
        }
        named(&draft.title, "an objective")
    }
}

impl Store {
    /// Objectives of a partnership that stand, in the order in which they came, those after the one
    /// given; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn objectives(
        &self,
        id: PartnershipId,
        after: Option<ObjectiveId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Objective>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM objective WHERE partnership = ? AND removed_at IS NULL \
                   AND id > ? ORDER BY id LIMIT ?";
        let after = after.map_or(Uuid::nil(), |after| after.0);
        let found: Vec<objective::Model> =
            rows(&self.db, sql, [id.0.into(), after.into(), to_i64(limit).into()]).await?;
        Ok(found.into_iter().map(objective_of).collect())
    }

    /// One objective that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn objective(
        &self,
        (id, objective): (PartnershipId, ObjectiveId),
        by: Participant,
    ) -> Result<Objective, StoreError> {
        standing(&self.db, id, by).await?;
        let row = objective::Entity::find_by_id(objective.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        row.map(objective_of).ok_or_else(|| StoreError::not_found("objective", &objective))
    }

    /// Key results that stand of objectives, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn key_results(
        &self,
        id: PartnershipId,
        of: &[ObjectiveId],
        by: Participant,
    ) -> Result<Vec<KeyResult>, StoreError> {
        standing(&self.db, id, by).await?;
        key_results(&self.db, id, "k.objective", of.iter().map(|one| one.0)).await
    }

    /// One key result that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn key_result(
        &self,
        (id, result): (PartnershipId, KeyResultId),
        by: Participant,
    ) -> Result<KeyResult, StoreError> {
        standing(&self.db, id, by).await?;
        let found = key_results(&self.db, id, "k.id", [result.0]).await?;
        found.into_iter().next().ok_or_else(|| StoreError::not_found("key result", &result))
    }
}

async fn key_results(
    db: &impl ConnectionTrait,
    id: PartnershipId,
    column: &str,
    of: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<KeyResult>, StoreError> {
    let mut values: Vec<Value> = of.into_iter().map(Value::from).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT k.* FROM key_result k JOIN objective o ON o.id = k.objective \
         WHERE {column} IN ({}) AND o.partnership = ? AND o.removed_at IS NULL \
         AND k.removed_at IS NULL ORDER BY k.id",
        marks(values.len())
    );
    values.push(id.0.into());
    let found: Vec<key_result::Model> = rows(db, &sql, values).await?;
    Ok(found.into_iter().map(result_of).collect())
}

fn objective_of(row: objective::Model) -> Objective {
    Objective {
        id: ObjectiveId(row.id),
        draft: ObjectiveDraft {
            party: row.party.map(PartyId),
            parent: row.parent.map(ObjectiveId),
            aim: row.aim.map(AimId),
            title: row.title,
            why: row.why,
            begins: row.begins.map(Moment::from_ms),
            ends: row.ends.map(Moment::from_ms),
        },
        by: row.account.map(AccountId),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    }
}

fn result_of(row: key_result::Model) -> KeyResult {
    KeyResult {
        id: KeyResultId(row.id),
        objective: ObjectiveId(row.objective),
        draft: KeyResultDraft {
            metric: row.metric,
            unit: row.unit,
            baseline: row.baseline,
            target: row.target,
            weight: row.weight,
            due: row.due.map(Moment::from_ms),
        },
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    }
}

/// What is measured, where the numbers make a way to go.
fn measured(draft: &KeyResultDraft) -> Result<String, StoreError> {
    let numbers = [draft.baseline, draft.target, draft.weight];
    if !numbers.iter().all(|number| number.is_finite()) || draft.weight <= 0.0 {
        return Err(StoreError::value("a key result has numbers, and a weight above 0"));
    }
    // Compared exactly: any difference at all is a way to go.
    if draft.baseline == draft.target {
        return Err(StoreError::value("a key result comes to another number than where it began"));
    }
    named(&draft.metric, "a key result")
}

pub(crate) fn line_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
