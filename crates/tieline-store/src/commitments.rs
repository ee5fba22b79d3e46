//! Commitments of a partnership: what the parties promised each other, in one list for all of them.
//! A party promises for itself; another date needs the other side.

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::commitment::{Commitment, CommitmentError, Ending, Reliability, Source};
use tieline_model::id::{AccountId, CommitmentId, PartnershipId, PartyId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::commitment;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, number, rows, to_i64, word};

/// A commitment to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommitment {
    /// Who promises.
    pub party: PartyId,
    /// To whom; `None`: to all others.
    pub to: Option<PartyId>,
    /// Who of the party sees to it.
    pub seat: Option<SeatId>,
    /// What.
    pub text: String,
    /// Where it comes from.
    pub source: Source,
    /// First moment after the day it is due.
    pub due: Option<Moment>,
}

/// Another date that one side asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateAsked {
    /// Which side.
    pub party: PartyId,
    /// First moment after the day it asks for.
    pub due: Moment,
    /// Why; may be empty.
    pub note: String,
}

/// A commitment of a partnership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// Its id.
    pub id: CommitmentId,
    /// What was promised, by whom and to whom.
    pub new: NewCommitment,
    /// Name of whoever sees to it, as the directory has it.
    pub who: Option<String>,
    /// How it stands.
    pub state: Commitment,
    /// The commitment whose date it changed.
    pub follows: Option<CommitmentId>,
    /// Another date that waits for the other side.
    pub asked: Option<DateAsked>,
    /// Who wrote it down; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// Grows with each change.
    pub version: i64,
}

impl Promised {
    /// Whether a party may speak of its date: who promised, and to whom.
    pub fn is_side(&self, party: PartyId) -> bool {
        self.new.party == party || self.new.to.is_none_or(|to| to == party)
    }

    /// Whether a party answers the date that was asked for: the side that did not ask. What was
    /// promised to all others may be answered by any of them.
    pub fn answers(&self, party: PartyId) -> bool {
        self.asked.as_ref().is_some_and(|asked| {
            let asked_by_us = asked.party == self.new.party;
            self.is_side(party) && (party == self.new.party) != asked_by_us
        })
    }
}

/// Which commitments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommitmentsAsked {
    /// Those of a party, in both directions.
    pub party: Option<PartyId>,
    /// Those that someone sees to.
    pub seat: Option<SeatId>,
    /// Those that ended, the latest first; else the open ones, the first due first.
    pub ended: bool,
    /// Those after this one of the same list.
    pub after: Option<CommitmentId>,
}

/// What commitments of a partnership show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reliabilities {
    /// Of those that the reader sees to. Nobody else is shown it.
    pub own: Option<Reliability>,
    /// Of each party.
    pub parties: Vec<(PartyId, Reliability)>,
}

impl Tx {
    /// Writes a commitment down; for people of the party that promises.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] when it says nothing or is promised to itself.
    pub async fn add_commitment(
        &self,
        id: PartnershipId,
        new: &NewCommitment,
        by: Participant,
    ) -> Result<CommitmentId, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(standing.writes_for(new.party), id)?;
        if new.text.trim().is_empty() {
            return Err(StoreError::value("a commitment says what is promised"));
        }
        if new.to == Some(new.party) {
            return Err(StoreError::value("a party promises something to another one"));
        }
        self.takes_part(id, new.party).await?;
        if let Some(to) = new.to {
            self.takes_part(id, to).await?;
        }
        if let Some(seat) = new.seat {
            let sql = "SELECT COUNT(*) FROM partnership_member \
                       WHERE id = ? AND party = ? AND until IS NULL";
            if number(&self.db, sql, [seat.0.into(), new.party.0.into()]).await? == 0 {
                return Err(StoreError::not_found("seat", &seat));
            }
        }
        let commitment = CommitmentId(Uuid::now_v7());
        self.insert_commitment(id, commitment, new, (None, by)).await?;
        self.record(Verb::CommitmentMade, &id, commitment.to_string()).await?;
        Ok(commitment)
    }

    pub(crate) async fn insert_commitment(
        &self,
        id: PartnershipId,
        commitment: CommitmentId,
        new: &NewCommitment,
        (follows, by): (Option<CommitmentId>, Participant),
    ) -> Result<(), StoreError> {
        let row = commitment::Model {
            id: commitment.0,
            partnership: id.0,
            party: new.party.0,
            to_party: new.to.map(|to| to.0),
            seat: new.seat.map(|seat| seat.0),
            text: new.text.trim().to_owned(),
            source: new.source.name().to_owned(),
            due: new.due.map(Moment::ms),
            ended: None,
            ended_at: None,
            follows: follows.map(|follows| follows.0),
            asked_party: None,
            asked_due: None,
            asked_note: String::new(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<commitment::Entity>(&[row], None).await?;
        self.mark_seat(commitment.0).await
    }

    /// Says that a commitment of the version given was kept, or takes it back; for people of the party
    /// that promised.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`Constraint::Value`] when it ended before, [`StoreError::NotFound`].
    pub async fn end_commitment(
        &self,
        at: (PartnershipId, CommitmentId),
        is_kept: bool,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.commitment_for(at, Some(version), by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(known.new.party), at.0)?;
        let (verb, ended) = match is_kept {
            true => (Verb::CommitmentKept, known.state.keep(self.now)),
            false => (Verb::CommitmentWithdrawn, known.state.withdraw(self.now)),
        };
        self.set_ended(at.1, ended.map_err(refused)?).await?;
        self.record(verb, &at.0, at.1.to_string()).await
    }

    /// Opens a commitment again that was kept or taken back; for people of the party that promised.
    ///
    /// # Errors
    /// [`Constraint::Value`] when it is open, or another one took its place; [`StoreError::NotFound`].
    pub async fn reopen_commitment(
        &self,
        at: (PartnershipId, CommitmentId),
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.commitment_for(at, None, by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(known.new.party), at.0)?;
        match known.state.ended {
            Some((Ending::Kept | Ending::Withdrawn, _)) => {}
            _ => return Err(StoreError::value("only what was kept or taken back opens again")),
        }
        self.set_ended(at.1, Commitment::open(known.state.due)).await?;
        self.record(Verb::CommitmentReopened, &at.0, at.1.to_string()).await
    }

    /// Asks the other side for another date of a commitment of the version given; for both sides. An
    /// earlier question of either side is replaced.
    ///
    /// # Errors
    /// As [`Tx::end_commitment`]; [`Constraint::Value`] also for a date that does not lie ahead.
    pub async fn ask_date(
        &self,
        at: (PartnershipId, CommitmentId),
        (due, note): (Moment, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.commitment_for(at, Some(version), by).await?;
        let party = self.in_room(at.0, by).await?.party();
        let party = party.filter(|party| known.is_side(*party));
        let party = party.ok_or_else(|| StoreError::not_found("commitment", &at.1))?;
        known.state.renegotiate(due, true, self.now).map_err(refused)?;
        let sql = "UPDATE commitment SET asked_party = ?, asked_due = ?, asked_note = ?, \
                   changed_at = ?, version = version + 1 WHERE id = ?";
        let values = [
            party.0.into(),
            due.ms().into(),
            note.trim().into(),
            self.now.ms().into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::DateAsked, &at.0, at.1.to_string()).await
    }

    /// Answers the date that the other side asked for. Where it is agreed, another commitment with
    /// that date takes the place of this one: its id.
    ///
    /// # Errors
    /// As [`Tx::ask_date`]; [`StoreError::NotFound`] also for the side that asked.
    pub async fn answer_date(
        &self,
        at: (PartnershipId, CommitmentId),
        agrees: bool,
        version: i64,
        by: Participant,
    ) -> Result<Option<CommitmentId>, StoreError> {
        let known = self.commitment_for(at, Some(version), by).await?;
        let party = self.in_room(at.0, by).await?.party();
        let answers = party.is_some_and(|party| known.answers(party));
        let asked = known.asked.as_ref().filter(|_| answers);
        let asked = asked.ok_or_else(|| StoreError::not_found("commitment", &at.1))?;
        if !agrees {
            self.set_ended(at.1, known.state).await?;
            self.record(Verb::DateDeclined, &at.0, at.1.to_string()).await?;
            return Ok(None);
        }
        let (old, new) = known.state.renegotiate(asked.due, true, self.now).map_err(refused)?;
        self.set_ended(at.1, old).await?;
        let next = CommitmentId(Uuid::now_v7());
        let new = NewCommitment { due: new.due, ..known.new };
        self.insert_commitment(at.0, next, &new, (Some(at.1), by)).await?;
        let sql = "UPDATE initiative_task SET commitment = ? WHERE commitment = ?";
        self.run(sql, [next.0.into(), at.1.0.into()]).await?;
        self.record(Verb::DateAgreed, &at.0, next.to_string()).await?;
        Ok(Some(next))
    }

    /// How a commitment ended, or that it is open. A date that was asked for is not asked any more.
    pub(crate) async fn set_ended(
        &self,
        id: CommitmentId,
        state: Commitment,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE commitment SET ended = ?, ended_at = ?, asked_party = NULL, \
                   asked_due = NULL, asked_note = '', changed_at = ?, version = version + 1 \
                   WHERE id = ?";
        let values = [
            Value::from(state.ended.map(|(ending, _)| ending.name())),
            state.ended.map(|(_, at)| at.ms()).into(),
            self.now.ms().into(),
            id.0.into(),
        ];
        self.run(sql, values).await.map(drop)
    }

    /// A commitment of the version given, for whoever is in the room.
    async fn commitment_for(
        &self,
        (id, commitment): (PartnershipId, CommitmentId),
        version: Option<i64>,
        by: Participant,
    ) -> Result<Promised, StoreError> {
        self.in_room(id, by).await?;
        let row = commitment::Entity::find_by_id(commitment.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        let row = row.ok_or_else(|| StoreError::not_found("commitment", &commitment))?;
        if version.is_some_and(|version| version != row.version) {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        promised(row, None)
    }
}

fn refused(error: CommitmentError) -> StoreError {
    StoreError::value(error.to_string())
}

impl Store {
    /// Commitments of a partnership, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn commitments(
        &self,
        id: PartnershipId,
        asked: &CommitmentsAsked,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Promised>, StoreError> {
        standing(&self.db, id, by).await?;
        let mut sql = String::from("SELECT c.* FROM commitment c WHERE c.partnership = ?");
        let mut values: Vec<Value> = vec![id.0.into()];
        if let Some(party) = asked.party {
            sql.push_str(" AND (c.party = ? OR c.to_party = ? OR c.to_party IS NULL)");
            values.extend([Value::from(party.0), party.0.into()]);
        }
        if let Some(seat) = asked.seat {
            sql.push_str(" AND c.seat = ?");
            values.push(seat.0.into());
        }
        // What has no date comes after all that has one.
        let (key, order, beyond) = match asked.ended {
            true => ("COALESCE(c.ended_at, 0)", "DESC", "<"),
            false => ("COALESCE(c.due, 9223372036854775807)", "ASC", ">"),
        };
        sql.push_str(if asked.ended { " AND c.ended IS NOT NULL" } else { " AND c.ended IS NULL" });
        if let Some(after) = asked.after {
            let row = commitment::Entity::find_by_id(after.0).one(&self.db).await?;
            let row = row.filter(|row| row.partnership == id.0);
            let row = row.ok_or_else(|| StoreError::not_found("commitment", &after))?;
            let at = match asked.ended {
                true => row.ended_at.unwrap_or(0),
                false => row.due.unwrap_or(i64::MAX),
            };
            sql.push_str(&format!(" AND ({key} {beyond} ? OR ({key} = ? AND c.id {beyond} ?))"));
            values.extend([Value::from(at), at.into(), row.id.into()]);
        }
        sql.push_str(&format!(" ORDER BY {key} {order}, c.id {order} LIMIT ?"));
        values.push(to_i64(limit).into());
        let found: Vec<commitment::Model> = rows(&self.db, &sql, values).await?;
        let seats: Vec<Uuid> = found.iter().filter_map(|row| row.seat).collect();
        let names = self.names_of_seats(&seats).await?;
        let one = |row: commitment::Model| {
            let who = row.seat.and_then(|seat| names.get(&seat).cloned());
            promised(row, who)
        };
        found.into_iter().map(one).collect()
    }

    /// One commitment of a partnership.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in the room.
    pub async fn commitment(
        &self,
        (id, commitment): (PartnershipId, CommitmentId),
        by: Participant,
    ) -> Result<Promised, StoreError> {
        standing(&self.db, id, by).await?;
        let row = commitment::Entity::find_by_id(commitment.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        promised(row.ok_or_else(|| StoreError::not_found("commitment", &commitment))?, None)
    }

    /// How reliable commitments of a partnership show its parties to be, and the reader alone what
    /// theirs show.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn reliabilities(
        &self,
        id: PartnershipId,
        now: Moment,
        by: Participant,
    ) -> Result<Reliabilities, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            party: Uuid,
            seat: Option<Uuid>,
            due: Option<i64>,
            ended: Option<String>,
            ended_at: Option<i64>,
        }
        let standing = standing(&self.db, id, by).await?;
        let sql = "SELECT party, seat, due, ended, ended_at FROM commitment WHERE partnership = ?";
        let found: Vec<Row> = rows(&self.db, sql, [id.0.into()]).await?;
        let mut all = Vec::with_capacity(found.len());
        for row in found {
            let state = state_of(row.due, row.ended, row.ended_at)?;
            all.push((PartyId(row.party), row.seat.map(SeatId), state));
        }
        let parties = self.parties_of(id).await?.into_iter().map(|(party, _)| {
            let own = all.iter().filter(|one| one.0 == party.id).map(|one| one.2);
            (party.id, Reliability::of(&own.collect::<Vec<_>>(), now))
        });
        let own = standing.seat.map(|seat| {
            let own = all.iter().filter(|one| one.1 == Some(seat.id)).map(|one| one.2);
            Reliability::of(&own.collect::<Vec<_>>(), now)
        });
        Ok(Reliabilities { own, parties: parties.collect() })
    }
}

fn state_of(
    due: Option<i64>,
    ended: Option<String>,
    ended_at: Option<i64>,
) -> Result<Commitment, StoreError> {
    let ending =
        ended.map(|text| word("commitment.ended", &text, Ending::from_name)).transpose()?;
    Ok(Commitment {
        due: due.map(Moment::from_ms),
        ended: ending.zip(ended_at.map(Moment::from_ms)),
    })
}

pub(crate) fn promised(
    row: commitment::Model,
    who: Option<String>,
) -> Result<Promised, StoreError> {
    let asked = row.asked_party.zip(row.asked_due).map(|(party, due)| DateAsked {
        party: PartyId(party),
        due: Moment::from_ms(due),
        note: row.asked_note,
    });
    Ok(Promised {
        id: CommitmentId(row.id),
        new: NewCommitment {
            party: PartyId(row.party),
            to: row.to_party.map(PartyId),
            seat: row.seat.map(SeatId),
            text: row.text,
            source: word("commitment.source", &row.source, Source::from_name)?,
            due: row.due.map(Moment::from_ms),
        },
        who,
        state: state_of(row.due, row.ended, row.ended_at)?,
        follows: row.follows.map(CommitmentId),
        asked,
        by: row.account.map(AccountId),
        version: row.version,
    })
}
