//! Joint initiatives: anyone who sits at a party writes them; each party says its own part and what it
//! gave of it, and another one confirms.

use sea_orm::{EntityTrait, Value};
use tieline_model::id::{
    ContributionId, InitiativeId, ObjectiveId, PartId, PartnershipId, PartyId,
};
use tieline_model::initiative::Ended;
use tieline_model::ledger::Receipt;
use tieline_model::room::{Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{contribution, initiative, initiative_part};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::allowed;
use crate::say::named;
use crate::store::{Tx, number, to_i64};

/// Most parts, and most risks, of one initiative.
pub(crate) const MOST_PARTS: i64 = 200;

/// Most contributions to one initiative.
const MOST_CONTRIBUTIONS: i64 = 2000;

/// An initiative as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InitiativeDraft {
    /// Its name.
    pub title: String,
    /// What it is for; may be empty.
    pub text: String,
    /// The objective that it serves.
    pub objective: Option<ObjectiveId>,
    /// Beginning of its first day.
    pub begins: Option<Moment>,
    /// First moment after its last day.
    pub ends: Option<Moment>,
}

/// What a party brings, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDraft {
    /// Whose part.
    pub party: PartyId,
    /// What.
    pub text: String,
    /// How much; `None`: it has no amount.
    pub amount: Option<u64>,
    /// Of what; may be empty.
    pub unit: String,
}

/// What was given of a part, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContribution {
    /// How much, in the unit of the part; `None`: it has no amount.
    pub amount: Option<u64>,
    /// What; may be empty.
    pub text: String,
    /// The day.
    pub day: Moment,
}

/// Whether someone writes in initiatives: everyone who sits at a party, and who arranges.
pub(crate) fn writes(standing: &Standing) -> bool {
    standing.arranges() || standing.party().is_some()
}

pub(crate) fn none_of_too_many(n: i64, most: i64) -> Result<(), StoreError> {
    match n >= most {
        true => Err(StoreError::value(format!("an initiative has at most {most} of these"))),
        false => Ok(()),
    }
}

impl Tx {
    /// Writes an initiative down; for everyone who sits at a party, and who arranges.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for an objective of another room; [`Constraint::Value`] without a
    /// name or with its end before its beginning.
    pub async fn add_initiative(
        &self,
        id: PartnershipId,
        draft: &InitiativeDraft,
        by: Participant,
    ) -> Result<InitiativeId, StoreError> {
        allowed(writes(&self.in_room(id, by).await?), id)?;
        let title = self.fitting_initiative(id, draft).await?;
        let one = InitiativeId(Uuid::now_v7());
        let row = initiative::Model {
            id: one.0,
            partnership: id.0,
            objective: draft.objective.map(|objective| objective.0),
            title,
            text: draft.text.trim().to_owned(),
            begins: draft.begins.map(Moment::ms),
            ends: draft.ends.map(Moment::ms),
            ended: None,
            ended_at: None,
            learnt: String::new(),
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<initiative::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::InitiativeAdded, &id, one.to_string()).await?;
        Ok(one)
    }

    /// The title of a draft that fits into its partnership.
    async fn fitting_initiative(
        &self,
        id: PartnershipId,
        draft: &InitiativeDraft,
    ) -> Result<String, StoreError> {
        if draft.begins.zip(draft.ends).is_some_and(|(begins, ends)| ends <= begins) {
            return Err(StoreError::value("an initiative ends after it begins"));
        }
        if let Some(objective) = draft.objective {
            let sql = "SELECT COUNT(*) FROM objective \
                       WHERE id = ? AND partnership = ? AND removed_at IS NULL";
            if number(&self.db, sql, [objective.0.into(), id.0.into()]).await? == 0 {
                return Err(StoreError::not_found("objective", &objective));
            }
        }
        named(&draft.title, "an initiative")
    }

    /// Changes what an initiative of the version given says.
    ///
    /// # Errors
    /// As [`Tx::add_initiative`]; [`Constraint::Stale`].
    pub async fn change_initiative(
        &self,
        at: (PartnershipId, InitiativeId),
        draft: &InitiativeDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.initiative_for(at, Some(version), by).await?;
        let title = self.fitting_initiative(at.0, draft).await?;
        let sql = "UPDATE initiative SET title = ?, text = ?, objective = ?, begins = ?, ends = ?, \
                   version = version + 1 WHERE id = ?";
        let values: [Value; 6] = [
            title.into(),
            draft.text.trim().into(),
            draft.objective.map(|objective| objective.0).into(),
            draft.begins.map(Moment::ms).into(),
            draft.ends.map(Moment::ms).into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::InitiativeChanged, &at.0, at.1.to_string()).await
    }

    /// An initiative that stands, for whoever writes in it; of the version given.
    pub(crate) async fn initiative_for(
        &self,
        (id, one): (PartnershipId, InitiativeId),
        version: Option<i64>,
        by: Participant,
    ) -> Result<Standing, StoreError> {
        let standing = self.in_room(id, by).await?;
        let row = initiative::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let row = row.ok_or_else(|| StoreError::not_found("initiative", &one))?;
        allowed(writes(&standing), id)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        Ok(standing)
    }

    /// Ends an initiative of the version given, with what came of it; `None`: it goes on again.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] when it ends without a
    /// word of what came of it.
    pub async fn end_initiative(
        &self,
        at: (PartnershipId, InitiativeId),
        ended: Option<(Ended, &str)>,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.initiative_for(at, Some(version), by).await?;
        let learnt = ended.map_or("", |(_, learnt)| learnt.trim());
        if ended.is_some() && learnt.is_empty() {
            return Err(StoreError::value("an initiative ends with what came of it"));
        }
        let sql = "UPDATE initiative SET ended = ?, ended_at = ?, learnt = ?, \
                   version = version + 1 WHERE id = ?";
        let values: [Value; 4] = [
            ended.map(|(ended, _)| ended.name()).into(),
            ended.map(|_| self.now.ms()).into(),
            learnt.into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::InitiativeEnded, &at.0, at.1.to_string()).await
    }

    /// Takes an initiative back with all that is in it, or lets it stand again; for who arranges, and
    /// everyone of a party while nothing was confirmed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] once something given was confirmed, or a task was
    /// promised: end it instead.
    pub async fn remove_initiative(
        &self,
        at: (PartnershipId, InitiativeId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        allowed(writes(&self.in_room(at.0, by).await?), at.0)?;
        let row = initiative::Entity::find_by_id(at.1.0).one(&self.db).await?;
        if row.is_none_or(|row| row.partnership != at.0.0) {
            return Err(StoreError::not_found("initiative", &at.1));
        }
        let confirmed = "SELECT COUNT(*) FROM contribution c JOIN initiative_part p ON p.id = c.part \
                         WHERE p.initiative = ? AND c.answer = 'confirmed' AND c.removed_at IS NULL";
        let promised = "SELECT COUNT(*) FROM initiative_task \
                        WHERE initiative = ? AND commitment IS NOT NULL AND removed_at IS NULL";
        for sql in [confirmed, promised] {
            if is_removed && number(&self.db, sql, [at.1.0.into()]).await? > 0 {
                return Err(StoreError::value("what was given or promised in it stands: end it"));
            }
        }
        self.remove_row("initiative", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::InitiativeRemoved } else { Verb::InitiativeRestored };
        self.record(verb, &at.0, at.1.to_string()).await
    }

    /// Says what a party brings; for its people.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] when it says nothing, or there are too many.
    pub async fn add_part(
        &self,
        at: (PartnershipId, InitiativeId),
        draft: &PartDraft,
        by: Participant,
    ) -> Result<PartId, StoreError> {
        let standing = self.initiative_for(at, None, by).await?;
        allowed(standing.writes_for(draft.party), at.0)?;
        let sql = "SELECT COUNT(*) FROM initiative_part WHERE initiative = ?";
        none_of_too_many(number(&self.db, sql, [at.1.0.into()]).await?, MOST_PARTS)?;
        let one = PartId(Uuid::now_v7());
        let row = initiative_part::Model {
            id: one.0,
            initiative: at.1.0,
            party: draft.party.0,
            text: named(&draft.text, "a part")?,
            amount: draft.amount.map(to_i64),
            unit: draft.unit.trim().to_owned(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<initiative_part::Entity>(&[row], None).await?;
        self.record(Verb::PartAdded, &at.0, at.1.to_string()).await?;
        Ok(one)
    }

    /// A part of an initiative that stands, whether it was taken back or not.
    async fn part_for(
        &self,
        (id, one): (PartnershipId, PartId),
        by: Participant,
    ) -> Result<(initiative_part::Model, Standing), StoreError> {
        let row = initiative_part::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("part", &one))?;
        let standing = self.initiative_for((id, InitiativeId(row.initiative)), None, by).await?;
        Ok((row, standing))
    }

    /// Takes a part back, or lets it stand again; for people of its party.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] once something given of it was confirmed.
    pub async fn remove_part(
        &self,
        at: (PartnershipId, PartId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, standing) = self.part_for(at, by).await?;
        allowed(standing.writes_for(PartyId(row.party)), at.0)?;
        let sql = "SELECT COUNT(*) FROM contribution \
                   WHERE part = ? AND answer = 'confirmed' AND removed_at IS NULL";
        if is_removed && number(&self.db, sql, [at.1.0.into()]).await? > 0 {
            return Err(StoreError::value("what was given of it stands"));
        }
        self.remove_row("initiative_part", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::PartRemoved } else { Verb::PartRestored };
        self.record(verb, &at.0, row.initiative.to_string()).await
    }

    /// Says what was given of a part; for people of its party.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] when it says neither what nor how much, or there
    /// are too many.
    pub async fn contribute(
        &self,
        at: (PartnershipId, PartId),
        new: &NewContribution,
        by: Participant,
    ) -> Result<ContributionId, StoreError> {
        let (part, standing) = self.part_for(at, by).await?;
        allowed(standing.writes_for(PartyId(part.party)), at.0)?;
        if part.removed_at.is_some() {
            return Err(StoreError::not_found("part", &at.1));
        }
        if new.text.trim().is_empty() && new.amount.is_none() {
            return Err(StoreError::value("say what was given, or how much"));
        }
        let sql = "SELECT COUNT(*) FROM contribution c JOIN initiative_part p ON p.id = c.part \
                   WHERE p.initiative = ?";
        let n = number(&self.db, sql, [part.initiative.into()]).await?;
        none_of_too_many(n, MOST_CONTRIBUTIONS)?;
        let one = ContributionId(Uuid::now_v7());
        let row = contribution::Model {
            id: one.0,
            part: at.1.0,
            amount: new.amount.map(to_i64),
            text: new.text.trim().to_owned(),
            day: new.day.ms(),
            answer: Receipt::Waits.name().to_owned(),
            question: String::new(),
            party: None,
            answered_at: None,
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<contribution::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::ContributionEntered, &at.0, part.initiative.to_string()).await?;
        Ok(one)
    }

    /// What was given, its part, and who one is.
    async fn contribution_for(
        &self,
        (id, one): (PartnershipId, ContributionId),
        by: Participant,
    ) -> Result<(contribution::Model, initiative_part::Model, Standing), StoreError> {
        let row = contribution::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("contribution", &one))?;
        let (part, standing) = self.part_for((id, PartId(row.part)), by).await?;
        Ok((row, part, standing))
    }

    /// Confirms or questions what was given, of the version given; for people of any other party.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] for a question that asks
    /// nothing.
    pub async fn answer_contribution(
        &self,
        at: (PartnershipId, ContributionId),
        (receipt, question): (Receipt, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, part, standing) = self.contribution_for(at, by).await?;
        let party = standing.party().filter(|party| party.0 != part.party);
        let party = party.filter(|_| row.removed_at.is_none());
        let party = party.ok_or_else(|| StoreError::not_found("contribution", &at.1))?;
        if row.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let question = if receipt == Receipt::Questioned { question.trim() } else { "" };
        if receipt == Receipt::Questioned && question.is_empty() {
            return Err(StoreError::value("a question asks something"));
        }
        let has_answered = receipt != Receipt::Waits;
        let sql = "UPDATE contribution SET answer = ?, question = ?, party = ?, answered_at = ?, \
                   version = version + 1 WHERE id = ?";
        let values: [Value; 5] = [
            receipt.name().into(),
            question.into(),
            has_answered.then_some(party.0).into(),
            has_answered.then_some(self.now.ms()).into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::ContributionAnswered, &at.0, part.initiative.to_string()).await
    }

    /// Takes back what was said to be given, or lets it stand again; for people of the party that gave.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] once it was confirmed.
    pub async fn remove_contribution(
        &self,
        at: (PartnershipId, ContributionId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (row, part, standing) = self.contribution_for(at, by).await?;
        allowed(standing.writes_for(PartyId(part.party)), at.0)?;
        if is_removed && row.answer == Receipt::Confirmed.name() {
            return Err(StoreError::value("what was confirmed stands: have it questioned first"));
        }
        self.remove_row("contribution", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::ContributionRemoved } else { Verb::ContributionRestored };
        self.record(verb, &at.0, part.initiative.to_string()).await
    }
}
