//! Signed agreements: written down by anyone whom they bind, signed by a lead of each party, wording by
//! wording. Duties of one that holds become commitments.

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::commitment::Source;
use tieline_model::id::{CommitmentId, DutyId, PactId, PartnershipId, PartyId};
use tieline_model::pact::{self, MAX_EVERY_MONTHS, PactKind, PactState};
use tieline_model::partnership::renewal::Term;
use tieline_model::room::{Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::commitments::NewCommitment;
use crate::entity::{duty, duty_commitment, pact as row, pact_party};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::pact_reads::{duties_of, signatures_of};
use crate::rooms::allowed;
use crate::say::named;
use crate::store::{Tx, number, rows};

/// An agreement as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PactDraft {
    /// What kind.
    pub kind: PactKind,
    /// Its name.
    pub title: String,
    /// What it says, or the sum of it; may be empty.
    pub text: String,
    /// Where the signed document is; may be empty.
    pub place: String,
    /// Beginning of its first day.
    pub begins: Option<Moment>,
    /// First moment after its last day; `None`: until it is ended.
    pub ends: Option<Moment>,
    /// Until when notice must be given.
    pub notice: Option<Moment>,
    /// Whom it binds, at least two.
    pub parties: Vec<PartyId>,
}

impl PactDraft {
    /// Its term; `None` where it has no end.
    pub fn term(&self) -> Option<Term> {
        self.ends.map(|ends_at| Term { ends_at, notice_by: self.notice })
    }

    /// That it says what it is, binds two parties or more, and that its days are in order.
    fn checked(&self) -> Result<(), StoreError> {
        let is_in_order = |first: Option<Moment>, then: Option<Moment>| {
            first.zip(then).is_none_or(|(first, then)| first < then)
        };
        if self.parties.len() < 2 {
            return Err(StoreError::value("an agreement binds two parties or more"));
        }
        if !is_in_order(self.begins, self.ends) || !is_in_order(self.notice, self.ends) {
            return Err(StoreError::value(
                "an agreement ends after it begins and after its notice",
            ));
        }
        Ok(())
    }
}

/// A duty as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyDraft {
    /// Who owes it.
    pub party: PartyId,
    /// To whom; `None`: to all others.
    pub to: Option<PartyId>,
    /// What.
    pub text: String,
    /// Beginning of the day it is first due.
    pub due: Moment,
    /// Again after so many months; `None`: once.
    pub every_months: Option<u32>,
}

/// That a party was bound, and which wording it signed when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Which party.
    pub party: PartyId,
    /// Version that it signed last, and when.
    pub signed: Option<(i64, Moment)>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pact {
    /// Its id.
    pub id: PactId,
    /// What it says.
    pub draft: PactDraft,
    /// Who signed which wording.
    pub signatures: Vec<Signature>,
    /// When it was ended.
    pub ended: Option<Moment>,
    /// Grows with each change of its wording or duties.
    pub version: i64,
}

impl Pact {
    /// Whether all whom it binds signed its last wording.
    pub fn is_signed(&self) -> bool {
        let current = |one: &Signature| one.signed.is_some_and(|(n, _)| n == self.version);
        !self.signatures.is_empty() && self.signatures.iter().all(current)
    }

    /// Whether a party signed an earlier wording, and not this one.
    pub fn was_signed(&self) -> bool {
        !self.is_signed() && self.signatures.iter().any(|one| one.signed.is_some())
    }

    /// How it stands.
    pub fn state(&self, now: Moment) -> PactState {
        pact::state(self.is_signed(), self.ended.is_some(), self.draft.term(), now)
    }

    /// Whether someone may write in it: people of the parties that it binds, and who arranges.
    pub fn is_open_to(&self, standing: &Standing) -> bool {
        binds(&self.draft.parties, standing)
    }
}

fn binds(parties: &[PartyId], standing: &Standing) -> bool {
    standing.arranges() || parties.iter().any(|party| standing.writes_for(*party))
}

impl Tx {
    /// Writes an agreement down; for people of a party that it binds, and who arranges.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] without a name, with fewer than two parties, or
    /// with days out of order.
    pub async fn add_pact(
        &self,
        id: PartnershipId,
        draft: &PactDraft,
        by: Participant,
    ) -> Result<PactId, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(binds(&draft.parties, &standing), id)?;
        draft.checked()?;
        let one = PactId(Uuid::now_v7());
        let row = row::Model {
            id: one.0,
            partnership: id.0,
            kind: draft.kind.name().to_owned(),
            title: named(&draft.title, "an agreement")?,
            text: draft.text.trim().to_owned(),
            place: draft.place.trim().to_owned(),
            begins: draft.begins.map(Moment::ms),
            ends: draft.ends.map(Moment::ms),
            notice: draft.notice.map(Moment::ms),
            ended_at: None,
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<row::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.bind(id, one, &draft.parties).await?;
        self.record(Verb::PactAdded, &id, one.to_string()).await?;
        Ok(one)
    }

    /// Takes parties in that are not bound yet.
    async fn bind(
        &self,
        id: PartnershipId,
        pact: PactId,
        parties: &[PartyId],
    ) -> Result<(), StoreError> {
        let known = signatures_of(&self.db, &[pact.0]).await?;
        let mut new: Vec<PartyId> = parties.to_vec();
        new.sort_unstable();
        new.dedup();
        new.retain(|party| known.iter().all(|(_, one)| one.party != *party));
        for party in &new {
            self.takes_part(id, *party).await?;
        }
        let row = |party: &PartyId| pact_party::Model {
            pact: pact.0,
            party: party.0,
            signed: None,
            signed_at: None,
            account: None,
            created_at: self.now.ms(),
        };
        let rows: Vec<_> = new.iter().map(row).collect();
        self.insert::<pact_party::Entity>(&rows, None).await.map(drop)
    }

    /// Changes the wording of an agreement of the version given: each party signs again. Parties that
    /// owe a duty or are owed one stay bound.
    ///
    /// # Errors
    /// As [`Tx::add_pact`]; [`Constraint::Stale`].
    pub async fn change_pact(
        &self,
        at: (PartnershipId, PactId),
        draft: &PactDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.pact_for(at, version, by).await?;
        draft.checked()?;
        let duties = duties_of(&self.db, &[at.1.0]).await?;
        let mut named_in = duties.iter().flat_map(|(_, one)| [Some(one.draft.party), one.draft.to]);
        if named_in.any(|party| party.is_some_and(|party| !draft.parties.contains(&party))) {
            return Err(StoreError::value("a party that a duty names stays bound"));
        }
        for one in known.signatures.iter().filter(|one| !draft.parties.contains(&one.party)) {
            let sql = "DELETE FROM pact_party WHERE pact = ? AND party = ?";
            self.run(sql, [at.1.0.into(), one.party.0.into()]).await?;
        }
        self.bind(at.0, at.1, &draft.parties).await?;
        let sql = "UPDATE pact SET kind = ?, title = ?, text = ?, place = ?, begins = ?, ends = ?, \
                   notice = ? WHERE id = ?";
        let values: [Value; 8] = [
            draft.kind.name().into(),
            named(&draft.title, "an agreement")?.into(),
            draft.text.trim().into(),
            draft.place.trim().into(),
            draft.begins.map(Moment::ms).into(),
            draft.ends.map(Moment::ms).into(),
            draft.notice.map(Moment::ms).into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.reworded(at).await
    }

    /// Says that the wording is another one.
    async fn reworded(&self, at: (PartnershipId, PactId)) -> Result<(), StoreError> {
        let sql = "UPDATE pact SET version = version + 1 WHERE id = ?";
        self.run(sql, [at.1.0.into()]).await?;
        self.record(Verb::PactChanged, &at.0, at.1.to_string()).await
    }

    /// An agreement of the version given that is not ended, for whoever may write in it.
    async fn pact_for(
        &self,
        at: (PartnershipId, PactId),
        version: i64,
        by: Participant,
    ) -> Result<Pact, StoreError> {
        let standing = self.in_room(at.0, by).await?;
        let known = crate::pact_reads::pact_in(&self.db, at).await?;
        allowed(known.is_open_to(&standing), at.0)?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        match known.ended {
            Some(_) => Err(StoreError::value("this agreement was ended")),
            None => Ok(known),
        }
    }

    /// Signs the wording of the version given for one's party; for its leads.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] where it was ended.
    pub async fn sign_pact(
        &self,
        at: (PartnershipId, PactId),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(at.0, by).await?;
        let party = standing.party().filter(|party| standing.gives_word_of(*party));
        let party = party.ok_or_else(|| StoreError::not_found("pact", &at.1))?;
        let known = self.pact_for(at, version, by).await?;
        allowed(known.draft.parties.contains(&party), at.0)?;
        let sql = "UPDATE pact_party SET signed = ?, signed_at = ?, account = ? \
                   WHERE pact = ? AND party = ?";
        let values: [Value; 5] = [
            version.into(),
            self.now.ms().into(),
            by.account().map(|account| account.0).into(),
            at.1.0.into(),
            party.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::PactSigned, &at.0, at.1.to_string()).await
    }

    /// Writes a duty into an agreement of the version given: each party signs again.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] for a duty that says
    /// nothing, is owed to oneself or by someone who is not bound, or comes too seldom.
    pub async fn add_duty(
        &self,
        at: (PartnershipId, PactId),
        draft: &DutyDraft,
        version: i64,
        by: Participant,
    ) -> Result<DutyId, StoreError> {
        let known = self.pact_for(at, version, by).await?;
        let is_bound = |party: PartyId| known.draft.parties.contains(&party);
        if draft.text.trim().is_empty() || draft.to == Some(draft.party) {
            return Err(StoreError::value("a duty says what a party owes another one"));
        }
        if !is_bound(draft.party) || draft.to.is_some_and(|to| !is_bound(to)) {
            return Err(StoreError::value("a duty is between parties that are bound"));
        }
        if draft.every_months.is_some_and(|months| !(1..=MAX_EVERY_MONTHS).contains(&months)) {
            return Err(StoreError::value("a duty comes again after 1 to 60 months"));
        }
        let one = DutyId(Uuid::now_v7());
        let row = duty::Model {
            id: one.0,
            pact: at.1.0,
            party: draft.party.0,
            to_party: draft.to.map(|to| to.0),
            text: draft.text.trim().to_owned(),
            due: draft.due.ms(),
            every_months: draft.every_months.map(i64::from),
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<duty::Entity>(&[row], None).await?;
        self.reworded(at).await?;
        Ok(one)
    }

    /// Takes a duty out of an agreement, or lets it stand again: each party signs again. Commitments
    /// that it became stay.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] where the agreement was ended.
    pub async fn remove_duty(
        &self,
        (id, one): (PartnershipId, DutyId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let gone = || StoreError::not_found("duty", &one);
        let row = duty::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.removed_at.is_none() == is_removed).ok_or_else(gone)?;
        let at = (id, PactId(row.pact));
        let version = crate::pact_reads::pact_in(&self.db, at).await?.version;
        self.pact_for(at, version, by).await?;
        let sql = "UPDATE duty SET removed_at = ? WHERE id = ?";
        self.run(sql, [is_removed.then_some(self.now.ms()).into(), one.0.into()]).await?;
        self.reworded(at).await
    }

    /// Makes commitments of the duties of an agreement that holds, of the version given: of all days
    /// from today on within the next twelve months and its term that are none yet. How many.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] where not all signed.
    pub async fn promise_duties(
        &self,
        at: (PartnershipId, PactId),
        version: i64,
        by: Participant,
    ) -> Result<u64, StoreError> {
        let known = self.pact_for(at, version, by).await?;
        if !known.is_signed() {
            return Err(StoreError::value("each party that it binds signs first"));
        }
        let today = self.now.date();
        let last = pact::horizon(today, known.draft.ends);
        let mut n = 0;
        for (_, one) in duties_of(&self.db, &[at.1.0]).await? {
            let days = pact::due_days(one.draft.due.date(), one.draft.every_months, last);
            for day in days.into_iter().filter(|day| *day >= today) {
                n += u64::from(self.promise_duty(at.0, &one, Moment::start_of(day), by).await?);
            }
        }
        self.record(Verb::DutiesPromised, &at.0, at.1.to_string()).await?;
        Ok(n)
    }

    /// Makes a commitment of a duty of a day, once; whether it did.
    async fn promise_duty(
        &self,
        id: PartnershipId,
        one: &crate::pact_reads::Duty,
        day: Moment,
        by: Participant,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM duty_commitment WHERE duty = ? AND due = ?";
        if number(&self.db, sql, [one.id.0.into(), day.ms().into()]).await? > 0 {
            return Ok(false);
        }
        let new = NewCommitment {
            party: one.draft.party,
            to: one.draft.to,
            seat: None,
            text: one.draft.text.clone(),
            source: Source::Agreement,
            due: Some(day.plus_days(1.0)),
        };
        let commitment = CommitmentId(Uuid::now_v7());
        self.insert_commitment(id, commitment, &new, (None, by)).await?;
        let row = duty_commitment::Model {
            duty: one.id.0,
            due: day.ms(),
            commitment: commitment.0,
            created_at: self.now.ms(),
        };
        self.insert::<duty_commitment::Entity>(&[row], None).await?;
        Ok(true)
    }

    /// Ends an agreement of the version given that all signed: the decision that it is not renewed.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] for a draft.
    pub async fn end_pact(
        &self,
        at: (PartnershipId, PactId),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        if !self.pact_for(at, version, by).await?.is_signed() {
            return Err(StoreError::value("only what all signed is ended; take a draft back"));
        }
        let sql = "UPDATE pact SET ended_at = ? WHERE id = ?";
        self.run(sql, [self.now.ms().into(), at.1.0.into()]).await?;
        self.record(Verb::PactEnded, &at.0, at.1.to_string()).await
    }

    /// Takes back a draft that nobody signed, or lets it stand again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] for what was signed.
    pub async fn remove_pact(
        &self,
        at: (PartnershipId, PactId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            party: Uuid,
            signed: Option<i64>,
        }
        let standing = self.in_room(at.0, by).await?;
        let known = row::Entity::find_by_id(at.1.0).one(&self.db).await?;
        if known.is_none_or(|row| row.partnership != at.0.0) {
            return Err(StoreError::not_found("pact", &at.1));
        }
        let sql = "SELECT party, signed FROM pact_party WHERE pact = ?";
        let bound: Vec<Row> = rows(&self.db, sql, [at.1.0.into()]).await?;
        let parties: Vec<PartyId> = bound.iter().map(|row| PartyId(row.party)).collect();
        allowed(binds(&parties, &standing), at.0)?;
        if is_removed && bound.iter().any(|row| row.signed.is_some()) {
            return Err(StoreError::value("what was signed stands: end it"));
        }
        self.remove_row("pact", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::PactRemoved } else { Verb::PactRestored };
        self.record(verb, &at.0, at.1.to_string()).await
    }
}
