//! The stages of a partnership: what it answers to their questions, and its steps from one to the
//! next. The gates are the model's; here is what they ask about.

use sea_orm::{EntityTrait, FromQueryResult};
use tieline_model::id::{PartnershipId, PartyId};
use tieline_model::partnership::stage::{Progress, RenewalDecision, Stage, StageAnswer};
use tieline_model::room::Participant;
use tieline_model::step::Refused;
use tieline_model::time::Moment;

use crate::charters::{assents, says_decisions};
use crate::entity::{partnership, stage_answer};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::roles::all_read_back;
use crate::rooms::{Partnership, partnership_of, standing};
use crate::store::{Store, Tx, number, rows, to_u64, word};

/// What a partnership answers to a question of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Key of the question.
    pub question: String,
    /// The answer.
    pub answer: StageAnswer,
    /// Why; may be empty.
    pub note: String,
    /// When it was given.
    pub changed: Moment,
    /// Grows with each change; 0 before the first.
    pub version: i64,
}

/// A step to another stage, with what people say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where to.
    pub to: Stage,
    /// Why it ends, where it ends.
    pub reason: String,
    /// What the renewal came to, where one is under way.
    pub renewal: Option<RenewalDecision>,
    /// Version of the partnership that is changed.
    pub version: i64,
}

impl Tx {
    /// Answers a question of a stage, for the version given (0: it is not answered yet).
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was answered since, [`StoreError::NotFound`] also where no stage
    /// asks this.
    pub async fn answer_question(
        &self,
        id: PartnershipId,
        answer: &Answered,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let mut asked = Stage::ALL.iter().flat_map(|stage| stage.questions());
        if !asked.any(|question| question.key == answer.question) {
            return Err(StoreError::not_found("question", &answer.question));
        }
        let key = (id.0, answer.question.clone());
        let known = stage_answer::Entity::find_by_id(key).one(&self.db).await?;
        if known.as_ref().map_or(0, |row| row.version) != answer.version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = stage_answer::Model {
            partnership: id.0,
            question: answer.question.clone(),
            answer: answer.answer.name().to_owned(),
            note: answer.note.trim().to_owned(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: answer.version + 1,
            created_at: known.map_or(self.now.ms(), |row| row.created_at),
        };
        let sql = "DELETE FROM stage_answer WHERE partnership = ? AND question = ?";
        self.run(sql, [id.0.into(), answer.question.as_str().into()]).await?;
        self.insert::<stage_answer::Entity>(&[row], None).await?;
        self.record(Verb::QuestionAnswered, &id, answer.question.as_str()).await
    }

    /// Takes a partnership to another stage, when the gates are open; for whoever arranges the room.
    ///
    /// # Errors
    /// [`Constraint::Shut`] with all gates that are shut, [`Constraint::Value`] when there is no such
    /// step, [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`].
    pub async fn step_stage(
        &self,
        id: PartnershipId,
        step: &Step,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.arranging(id, by).await?;
        let row = partnership::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("partnership", &id))?;
        let known = partnership_of(row)?;
        if known.version != step.version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let reason = step.reason.trim().to_owned();
        let stepping = Partnership { reason, renewal: step.renewal, ..known };
        let progress = progress(&self.db, &stepping, self.now).await?;
        let to = stepping.stage.advance(step.to, &progress).map_err(|refused| {
            StoreError::Conflict(match refused {
                Refused::Missing(gates) => Constraint::Shut(gates),
                Refused::NoSuchStep { .. } => Constraint::Value(refused.to_string()),
            })
        })?;
        // A renewal is over with the step that it decided.
        let renewal = stepping.renewal.filter(|_| to == Stage::Closing).map(RenewalDecision::name);
        let sql = "UPDATE partnership SET stage = ?, reason = ?, renewal = ?, changed_at = ?, \
                   version = version + 1 WHERE id = ?";
        let values = [
            to.name().into(),
            stepping.reason.into(),
            renewal.into(),
            self.now.ms().into(),
            id.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::StageSet, &id, to.name()).await
    }
}

impl Store {
    /// What a partnership answers to the questions of its stages.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn stage_answers(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Vec<Answered>, StoreError> {
        standing(&self.db, id, by).await?;
        answers(&self.db, id).await
    }

    /// What there is of a partnership, as far as its gates ask.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn progress(
        &self,
        partnership: &Partnership,
        now: Moment,
        by: Participant,
    ) -> Result<Progress, StoreError> {
        standing(&self.db, partnership.id, by).await?;
        progress(&self.db, partnership, now).await
    }
}

async fn answers(
    db: &impl sea_orm::ConnectionTrait,
    id: PartnershipId,
) -> Result<Vec<Answered>, StoreError> {
    let sql = "SELECT * FROM stage_answer WHERE partnership = ? ORDER BY question";
    let found: Vec<stage_answer::Model> = rows(db, sql, [id.0.into()]).await?;
    let one = |row: stage_answer::Model| {
        Ok(Answered {
            question: row.question,
            answer: word("stage_answer.answer", &row.answer, StageAnswer::from_name)?,
            note: row.note,
            changed: Moment::from_ms(row.changed_at),
            version: row.version,
        })
    };
    found.into_iter().map(one).collect()
}

#[derive(FromQueryResult)]
struct PartyRow {
    id: uuid::Uuid,
}

/// What is there. Of what happens outside of the room the room's own answers tell.
async fn progress(
    db: &impl sea_orm::ConnectionTrait,
    partnership: &Partnership,
    now: Moment,
) -> Result<Progress, StoreError> {
    let id = partnership.id;
    let answers = answers(db, id).await?;
    let is_yes =
        |key: &str| answers.iter().any(|one| one.question == key && one.answer == StageAnswer::Yes);
    let parties = "SELECT COUNT(*) FROM party q WHERE q.partnership = ? AND q.removed_at IS NULL";
    let n_parties = number(db, parties, [id.0.into()]).await?;
    let sides = format!("{parties} AND EXISTS (SELECT 1 FROM party_side s WHERE s.party = q.id)");
    let n_benefits = number(db, &sides, [id.0.into()]).await?;
    let charter = assents(db, id).await?;
    let parties = "SELECT q.id FROM party q WHERE q.partnership = ? AND q.removed_at IS NULL";
    let parties: Vec<PartyRow> = rows(db, parties, [id.0.into()]).await?;
    let parties: Vec<PartyId> = parties.into_iter().map(|row| PartyId(row.id)).collect();
    let count = |n: i64| usize::try_from(to_u64(n)).unwrap_or(usize::MAX);
    Ok(Progress {
        n_parties: count(n_parties),
        purpose: !partnership.about.is_empty(),
        n_benefits: count(n_benefits),
        charter: charter.is_assented(&parties),
        // Where roles are written down they tell for themselves.
        roles_read_back: all_read_back(db, id).await?.unwrap_or_else(|| is_yes("roles-read-back")),
        decision_rights: says_decisions(db, id).await?,
        terms: is_yes("terms-signed"),
        review_date: partnership.ends.is_some_and(|ends| ends > now),
        renewal: partnership.renewal,
        reason: !partnership.reason.is_empty(),
        told: is_yes("who-was-told"),
        n_out: 0,
        n_open_commitments: 0,
        learnt: is_yes("what-was-learnt"),
    })
}
