//! How stakeholders stand to the matter and are wanted to, steps towards them, and who sways whom.

use std::collections::BTreeMap;

use sea_orm::{FromQueryResult, Value};
use tieline_model::id::{AccountId, StakeholderId, StakeholderStepId};
use tieline_model::room::Participant;
use tieline_model::stakeholder::{Engagement, Influence};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{stakeholder_influence, stakeholder_stance, stakeholder_step};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::stakeholders::{Register, may_enter};
use crate::store::{Store, Tx, changed, number, rows, to_i64, word};

/// How a stakeholder stands, to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStance {
    /// How it stands now.
    pub now: Engagement,
    /// How it is wanted to; `None`: not said.
    pub wanted: Option<Engagement>,
    /// Until when.
    pub wanted_by: Option<Moment>,
    /// When to look again.
    pub reassess: Option<Moment>,
    /// What it rests on; may be empty.
    pub evidence: String,
}

/// How a stakeholder stands, as someone said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// Which, from 1.
    pub number: i64,
    /// How it stands now.
    pub now: Engagement,
    /// How it is wanted to.
    pub wanted: Option<Engagement>,
    /// Until when.
    pub wanted_by: Option<Moment>,
    /// When to look again.
    pub reassess: Option<Moment>,
    /// What it rests on; may be empty.
    pub evidence: String,
    /// When it was said.
    pub at: Moment,
    /// Who said it; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
}

/// A step towards a stakeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TowardsStep {
    /// Its id.
    pub id: StakeholderStepId,
    /// Towards whom.
    pub stakeholder: StakeholderId,
    /// What to do.
    pub text: String,
    /// Until when.
    pub due: Option<Moment>,
    /// When it was done.
    pub done: Option<Moment>,
    /// Who wrote it.
    pub by: Option<AccountId>,
}

/// That one stakeholder sways another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sway {
    /// Who sways.
    pub source: StakeholderId,
    /// Who is swayed.
    pub target: StakeholderId,
    /// How much.
    pub strength: Influence,
    /// How it shows; may be empty.
    pub note: String,
}

impl Tx {
    /// Says how a stakeholder stands, after the last word on it (0: none yet).
    ///
    /// # Errors
    /// [`Constraint::Stale`] when someone said it since, [`StoreError::NotFound`].
    pub async fn say_stance(
        &self,
        (id, after): (StakeholderId, i64),
        new: &NewStance,
        by: Participant,
    ) -> Result<(), StoreError> {
        let register = self.register_that_holds(id, by).await?;
        let sql = "SELECT COALESCE(MAX(number), 0) FROM stakeholder_stance WHERE stakeholder = ?";
        if number(&self.db, sql, [id.0.into()]).await? != after {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = stakeholder_stance::Model {
            stakeholder: id.0,
            number: after + 1,
            now: new.now.name().to_owned(),
            wanted: new.wanted.map(|wanted| wanted.name().to_owned()),
            wanted_by: new.wanted_by.map(Moment::ms),
            reassess: new.reassess.map(Moment::ms),
            evidence: new.evidence.trim().to_owned(),
            at: self.now.ms(),
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<stakeholder_stance::Entity>(&[row], None).await?;
        self.record(Verb::StanceSaid, &register.subject(), id.to_string()).await
    }

    /// Writes a step towards a stakeholder down.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] when it says nothing.
    pub async fn add_stakeholder_step(
        &self,
        id: StakeholderId,
        (text, due): (&str, Option<Moment>),
        by: Participant,
    ) -> Result<StakeholderStepId, StoreError> {
        let register = self.register_that_holds(id, by).await?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(StoreError::value("a step says what to do"));
        }
        let step = StakeholderStepId(Uuid::now_v7());
        let row = stakeholder_step::Model {
            id: step.0,
            stakeholder: id.0,
            text,
            due: due.map(Moment::ms),
            done_at: None,
            removed_at: None,
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<stakeholder_step::Entity>(&[row], None).await?;
        self.record(Verb::StakeholderStepSet, &register.subject(), step.to_string()).await?;
        Ok(step)
    }

    /// Says that a step is done, or open again; twice is once. Towards whom.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_stakeholder_step(
        &self,
        step: StakeholderStepId,
        is_done: bool,
        by: Participant,
    ) -> Result<StakeholderId, StoreError> {
        let at = is_done.then_some(self.now.ms());
        let sql = "UPDATE stakeholder_step SET done_at = ? WHERE id = ? AND removed_at IS NULL";
        self.on_step(step, sql, at, by).await
    }

    /// Takes a step back, or lets it stand again. Towards whom.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_stakeholder_step(
        &self,
        step: StakeholderStepId,
        is_removed: bool,
        by: Participant,
    ) -> Result<StakeholderId, StoreError> {
        let at = is_removed.then_some(self.now.ms());
        let sql = "UPDATE stakeholder_step SET removed_at = ? WHERE id = ?";
        self.on_step(step, sql, at, by).await
    }

    async fn on_step(
        &self,
        step: StakeholderStepId,
        sql: &str,
        at: Option<i64>,
        by: Participant,
    ) -> Result<StakeholderId, StoreError> {
        let gone = || StoreError::not_found("step", &step);
        let of = "SELECT * FROM stakeholder_step WHERE id = ?";
        let found: Vec<stakeholder_step::Model> = rows(&self.db, of, [step.0.into()]).await?;
        let id = StakeholderId(found.first().ok_or_else(gone)?.stakeholder);
        let register = match self.register_that_holds(id, by).await {
            Err(StoreError::NotFound { .. }) => return Err(gone()),
            other => other?,
        };
        changed(self.run(sql, [at.into(), step.0.into()]).await?, "step", &step)?;
        self.record(Verb::StakeholderStepSet, &register.subject(), step.to_string()).await?;
        Ok(id)
    }

    /// Says that one stakeholder sways another of the same register; `None`: that it does not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] for one and the same.
    pub async fn say_influence(
        &self,
        (source, target): (StakeholderId, StakeholderId),
        said: Option<(Influence, &str)>,
        by: Participant,
    ) -> Result<(), StoreError> {
        let register = self.register_that_holds(source, by).await?;
        if self.register_that_holds(target, by).await? != register {
            return Err(StoreError::not_found("stakeholder", &target));
        }
        if source == target {
            return Err(StoreError::value("nobody sways themself"));
        }
        let sql = "DELETE FROM stakeholder_influence WHERE source = ? AND target = ?";
        let n = self.run(sql, [source.0.into(), target.0.into()]).await?;
        if let Some((strength, note)) = said {
            let row = stakeholder_influence::Model {
                source: source.0,
                target: target.0,
                strength: strength.name().to_owned(),
                note: note.trim().to_owned(),
                account: by.account().map(|account| account.0),
                created_at: self.now.ms(),
            };
            self.insert::<stakeholder_influence::Entity>(&[row], None).await?;
        } else {
            changed(n, "influence", &target)?;
        }
        self.record(Verb::InfluenceSaid, &register.subject(), "").await
    }
}

/// That no later word on the same stakeholder is there.
const LAST: &str = "NOT EXISTS (SELECT 1 FROM stakeholder_stance l \
    WHERE l.stakeholder = t.stakeholder AND l.number > t.number)";

impl Store {
    /// How each stakeholder of a register stands, as it was last said.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in it.
    pub async fn stances(
        &self,
        register: Register,
        by: Participant,
    ) -> Result<BTreeMap<StakeholderId, Stance>, StoreError> {
        may_enter(&self.db, register, by).await?;
        let sql = format!(
            "SELECT t.* FROM stakeholder_stance t JOIN stakeholder s ON s.id = t.stakeholder \
             WHERE {} AND {LAST}",
            register.condition()
        );
        let found = rows(&self.db, &sql, [register.subject().into()]).await?;
        let pair =
            |row: stakeholder_stance::Model| Ok((StakeholderId(row.stakeholder), stance(row)?));
        found.into_iter().map(pair).collect()
    }

    /// How one stakeholder was said to stand, the newest first; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn stances_of(
        &self,
        id: StakeholderId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Stance>, StoreError> {
        self.stakeholder(id, by).await?;
        self.stances_where(id, limit).await
    }

    /// The last word on one.
    pub(crate) async fn stance_of(&self, id: StakeholderId) -> Result<Option<Stance>, StoreError> {
        Ok(self.stances_where(id, 1).await?.into_iter().next())
    }

    async fn stances_where(
        &self,
        id: StakeholderId,
        limit: u64,
    ) -> Result<Vec<Stance>, StoreError> {
        let sql = "SELECT * FROM stakeholder_stance WHERE stakeholder = ? \
                   ORDER BY number DESC LIMIT ?";
        let found = rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?;
        found.into_iter().map(stance).collect()
    }

    /// Steps towards one stakeholder, open ones first by their day, then what was done last; at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn stakeholder_steps(
        &self,
        id: StakeholderId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<TowardsStep>, StoreError> {
        self.stakeholder(id, by).await?;
        let sql = "SELECT * FROM stakeholder_step WHERE stakeholder = ? AND removed_at IS NULL \
                   ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, \
                   CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, id LIMIT ?";
        let values: [Value; 2] = [id.0.into(), to_i64(limit).into()];
        let found: Vec<stakeholder_step::Model> = rows(&self.db, sql, values).await?;
        let one = |row: stakeholder_step::Model| TowardsStep {
            id: StakeholderStepId(row.id),
            stakeholder: id,
            text: row.text,
            due: row.due.map(Moment::from_ms),
            done: row.done_at.map(Moment::from_ms),
            by: row.account.map(AccountId),
        };
        Ok(found.into_iter().map(one).collect())
    }

    /// Who sways whom in a register; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in it.
    pub async fn influence(
        &self,
        register: Register,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Sway>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            source: Uuid,
            target: Uuid,
            strength: String,
            note: String,
        }
        may_enter(&self.db, register, by).await?;
        let sql = format!(
            "SELECT i.source, i.target, i.strength, i.note FROM stakeholder_influence i \
             JOIN stakeholder s ON s.id = i.source JOIN stakeholder o ON o.id = i.target \
             WHERE {} AND s.removed_at IS NULL AND o.removed_at IS NULL \
             ORDER BY i.source, i.target LIMIT ?",
            register.condition()
        );
        let values = [register.subject().into(), to_i64(limit).into()];
        let one = |row: Row| {
            Ok(Sway {
                source: StakeholderId(row.source),
                target: StakeholderId(row.target),
                strength: word(
                    "stakeholder_influence.strength",
                    &row.strength,
                    Influence::from_name,
                )?,
                note: row.note,
            })
        };
        rows::<Row>(&self.db, &sql, values).await?.into_iter().map(one).collect()
    }
}

fn stance(row: stakeholder_stance::Model) -> Result<Stance, StoreError> {
    let level = |text: &str| word("stakeholder_stance.now", text, Engagement::from_name);
    Ok(Stance {
        number: row.number,
        now: level(&row.now)?,
        wanted: row.wanted.as_deref().map(level).transpose()?,
        wanted_by: row.wanted_by.map(Moment::from_ms),
        reassess: row.reassess.map(Moment::from_ms),
        evidence: row.evidence,
        at: Moment::from_ms(row.at),
        by: row.account.map(AccountId),
    })
}
