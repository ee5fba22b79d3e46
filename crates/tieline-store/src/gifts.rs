//! The ledger of give and take: what each party gave another, written by the giver, confirmed or
//! questioned by the receiver. Nothing counts before it is confirmed.

use sea_orm::{EntityTrait, FromQueryResult};
use tieline_model::id::{AccountId, BookingId, GiftId, PartnershipId, PartyId};
use tieline_model::ledger::{Entry, Receipt};
use tieline_model::partnership::resource::ResourceKind;
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::gift;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::resources::some_of;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, number, rows, to_i64, to_u64, word};

/// What one party says that it gave another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGift {
    /// Who gave.
    pub giver: PartyId,
    /// Who received.
    pub receiver: PartyId,
    /// What kind of thing.
    pub kind: ResourceKind,
    /// What, in a line.
    pub text: String,
    /// How much; `None`: it has no amount.
    pub amount: Option<u64>,
    /// Unit of the amount; may be empty.
    pub unit: String,
    /// Beginning of the day it was given.
    pub day: Moment,
    /// The booking that it was given by.
    pub booking: Option<BookingId>,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    /// Its id.
    pub id: GiftId,
    /// What was given.
    pub new: NewGift,
    /// What the receiver says.
    pub receipt: Receipt,
    /// What it questions; may be empty.
    pub question: String,
    /// Who wrote it; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// Grows with each change.
    pub version: i64,
}

/// What was given of one kind in one unit, ready to be counted. Unlike things are never added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What kind.
    pub kind: ResourceKind,
    /// In which unit; empty: without one.
    pub unit: String,
    /// Each line that stands.
    pub entries: Vec<Entry<PartyId>>,
}

impl Flow {
    /// Parties that gave or received something that is confirmed; those that left since too.
    pub fn parties(&self) -> Vec<PartyId> {
        let confirmed = self.entries.iter().filter(|one| one.is_confirmed);
        let mut all: Vec<PartyId> = confirmed.flat_map(|one| [one.giver, one.receiver]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A booking that came back and is not in the ledger yet, as a line that its giver may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The line.
    pub new: NewGift,
    /// The booking.
    pub booking: BookingId,
}

impl Tx {
    /// Writes into the ledger what a party gave; for its own people.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] for nothing, to oneself, or an amount of
    /// nothing; [`Constraint::Taken`] when what the booking gave is in the ledger.
    pub async fn enter_gift(
        &self,
        id: PartnershipId,
        new: &NewGift,
        by: Participant,
    ) -> Result<GiftId, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(standing.writes_for(new.giver), id)?;
        if new.text.trim().is_empty() || new.giver == new.receiver {
            return Err(StoreError::value("a party gives something to another one"));
        }
        self.takes_part(id, new.giver).await?;
        self.takes_part(id, new.receiver).await?;
        if let Some(booking) = new.booking {
            self.gives(id, new, booking).await?;
        }
        let one = GiftId(Uuid::now_v7());
        let row = gift::Model {
            id: one.0,
            partnership: id.0,
            giver: new.giver.0,
            receiver: new.receiver.0,
            kind: new.kind.name().to_owned(),
            text: new.text.trim().to_owned(),
            amount: some_of(new.amount)?,
            unit: new.unit.trim().to_owned(),
            day: new.day.ms(),
            booking: new.booking.map(|booking| booking.0),
            answer: Receipt::Waits.name().to_owned(),
            question: String::new(),
            answered_at: None,
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<gift::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::GiftEntered, &id, one.to_string()).await?;
        Ok(one)
    }

    /// That a booking came back which these two had between them, and is in the ledger once.
    async fn gives(
        &self,
        id: PartnershipId,
        new: &NewGift,
        booking: BookingId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT COUNT(*) FROM booking b JOIN resource r ON r.id = b.resource \
                   WHERE b.id = ? AND r.partnership = ? AND r.party = ? AND b.party = ? \
                   AND b.returned_at IS NOT NULL AND b.cancelled_at IS NULL";
        let values = [booking.0.into(), id.0.into(), new.giver.0.into(), new.receiver.0.into()];
        if number(&self.db, sql, values).await? == 0 {
            return Err(StoreError::not_found("booking", &booking));
        }
        self.once_only(booking).await
    }

    async fn once_only(&self, booking: BookingId) -> Result<(), StoreError> {
        let sql = "SELECT COUNT(*) FROM gift WHERE booking = ? AND removed_at IS NULL";
        match number(&self.db, sql, [booking.0.into()]).await? {
            0 => Ok(()),
            _ => Err(StoreError::Conflict(Constraint::Taken("gift.booking".to_owned()))),
        }
    }

    /// Confirms or questions a line of the version given; for people of the party that received.
    /// A line that was confirmed may be questioned, and the other way round.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`], [`Constraint::Value`] for a question that asks
    /// nothing.
    pub async fn answer_gift(
        &self,
        at: (PartnershipId, GiftId),
        (receipt, question): (Receipt, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.gift_for(at, by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(PartyId(known.receiver)), at.0)?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let question = if receipt == Receipt::Questioned { question.trim() } else { "" };
        if receipt == Receipt::Questioned && question.is_empty() {
            return Err(StoreError::value("a question asks something"));
        }
        let sql = "UPDATE gift SET answer = ?, question = ?, answered_at = ?, \
                   version = version + 1 WHERE id = ?";
        let answered_at = (receipt != Receipt::Waits).then_some(self.now.ms());
        let values = [receipt.name().into(), question.into(), answered_at.into(), at.1.0.into()];
        self.run(sql, values).await?;
        self.record(Verb::GiftAnswered, &at.0, at.1.to_string()).await
    }

    /// Takes a line back that is not confirmed, or lets it stand again; for people of the party that
    /// gave.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] for what the receiver confirmed;
    /// [`Constraint::Taken`] when what its booking gave is in another line.
    pub async fn remove_gift(
        &self,
        at: (PartnershipId, GiftId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.gift_for(at, by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(PartyId(known.giver)), at.0)?;
        if is_removed && known.answer == Receipt::Confirmed.name() {
            return Err(StoreError::value("what was confirmed stands: have it questioned first"));
        }
        if let Some(booking) = known.booking.filter(|_| !is_removed) {
            self.once_only(BookingId(booking)).await?;
        }
        self.remove_row("gift", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::GiftRemoved } else { Verb::GiftRestored };
        self.record(verb, &at.0, at.1.to_string()).await
    }

    /// A line, also one that was taken back, for whoever is in the room.
    async fn gift_for(
        &self,
        (id, one): (PartnershipId, GiftId),
        by: Participant,
    ) -> Result<gift::Model, StoreError> {
        self.in_room(id, by).await?;
        let row = gift::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        row.ok_or_else(|| StoreError::not_found("gift", &one))
    }
}

impl Store {
    /// Lines of the ledger, the newest first; those before `before`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn gifts(
        &self,
        id: PartnershipId,
        before: Option<GiftId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Gift>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM gift WHERE partnership = ? AND removed_at IS NULL AND id < ? \
                   ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let values = [id.0.into(), before.into(), to_i64(limit).into()];
        let found: Vec<gift::Model> = rows(&self.db, sql, values).await?;
        found.into_iter().map(gift_of).collect()
    }

    /// One line of the ledger that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn gift(
        &self,
        (id, one): (PartnershipId, GiftId),
        by: Participant,
    ) -> Result<Gift, StoreError> {
        standing(&self.db, id, by).await?;
        let row = gift::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        gift_of(row.ok_or_else(|| StoreError::not_found("gift", &one))?)
    }

    /// What was given of each kind in each unit, all lines that stand.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn flows(&self, id: PartnershipId, by: Participant) -> Result<Vec<Flow>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM gift WHERE partnership = ? AND removed_at IS NULL \
                   ORDER BY kind, unit, id";
        let found: Vec<gift::Model> = rows(&self.db, sql, [id.0.into()]).await?;
        let mut all: Vec<Flow> = Vec::new();
        for row in found {
            let Gift { new, receipt, .. } = gift_of(row)?;
            let entry = Entry {
                giver: new.giver,
                receiver: new.receiver,
                value: new.amount.map(|amount| amount as f64),
                is_confirmed: receipt == Receipt::Confirmed,
            };
            let same = |flow: &&mut Flow| flow.kind == new.kind && flow.unit == new.unit;
            match all.iter_mut().find(same) {
                Some(flow) => flow.entries.push(entry),
                None => all.push(Flow { kind: new.kind, unit: new.unit, entries: vec![entry] }),
            }
        }
        all.sort_by(|one, other| (one.kind, &one.unit).cmp(&(other.kind, &other.unit)));
        Ok(all)
    }

    /// Bookings of a party's things that came back from another party and are not in the ledger, the
    /// latest first; at most `limit`. Only its own people are proposed what it gave.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn gifts_proposed(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Proposed>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            party: Uuid,
            amount: i64,
            from_ms: i64,
            kind: String,
            title: String,
            unit: String,
        }
        let Some(party) = standing(&self.db, id, by).await?.party() else {
            return Ok(Vec::new());
        };
        let sql = "SELECT b.id, b.party, b.amount, b.from_ms, r.kind, r.title, r.unit \
                   FROM booking b JOIN resource r ON r.id = b.resource \
                   JOIN party p ON p.id = b.party AND p.removed_at IS NULL \
                   WHERE r.partnership = ? AND r.party = ? AND b.party <> r.party \
                   AND b.returned_at IS NOT NULL AND b.cancelled_at IS NULL AND NOT EXISTS \
                   (SELECT 1 FROM gift g WHERE g.booking = b.id AND g.removed_at IS NULL) \
                   ORDER BY b.returned_at DESC, b.id DESC LIMIT ?";
        let values = [id.0.into(), party.0.into(), to_i64(limit).into()];
        let found: Vec<Row> = rows(&self.db, sql, values).await?;
        let one = |row: Row| {
            let kind = word("resource.kind", &row.kind, ResourceKind::from_name)?;
            let new = NewGift {
                giver: party,
                receiver: PartyId(row.party),
                kind,
                text: row.title,
                amount: Some(to_u64(row.amount)),
                unit: row.unit,
                day: Moment::from_ms(row.from_ms),
                booking: Some(BookingId(row.id)),
            };
            Ok(Proposed { new, booking: BookingId(row.id) })
        };
        found.into_iter().map(one).collect()
    }
}

fn gift_of(row: gift::Model) -> Result<Gift, StoreError> {
    Ok(Gift {
        id: GiftId(row.id),
        new: NewGift {
            giver: PartyId(row.giver),
            receiver: PartyId(row.receiver),
            kind: word("gift.kind", &row.kind, ResourceKind::from_name)?,
            text: row.text,
            amount: row.amount.map(to_u64),
            unit: row.unit,
            day: Moment::from_ms(row.day),
            booking: row.booking.map(BookingId),
        },
        receipt: word("gift.answer", &row.answer, Receipt::from_name)?,
        question: row.question,
        by: row.account.map(AccountId),
        version: row.version,
    })
}
