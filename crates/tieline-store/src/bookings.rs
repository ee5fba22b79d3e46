//! Bookings of shared things: never more than there is at any moment, whoever asks at once. There is
//! one writer at a time, and what is free is worked out in the transaction that books.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, BookingId, PartnershipId, PartyId, ResourceId, SeatId};
use tieline_model::partnership::reservation::{
    Interval, Overbooked, Reservation, conflicts, free, next_free,
};
use tieline_model::partnership::resource::Direction;
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::booking;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::resources::Resource;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, number, rows, to_i64, to_u64};

/// A booking to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBooking {
    /// When.
    pub when: Interval,
    /// How much, at least 1.
    pub amount: u64,
    /// What for; may be empty.
    pub purpose: String,
}

/// What became of an attempt to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booked {
    /// It is booked.
    Done(BookingId),
    /// Not so much is free then.
    Taken {
        /// When, and what is free instead.
        conflicts: Vec<Overbooked>,
        /// The next time as long at which so much is free; `None`: there is never so much.
        next: Option<Interval>,
    },
}

/// A booking of a shared thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Of what.
    pub resource: ResourceId,
    /// Which party has it.
    pub party: PartyId,
    /// Who booked it.
    pub seat: Option<SeatId>,
    /// Their name in the directory.
    pub who: Option<String>,
    /// When, how much, what for.
    pub new: NewBooking,
    /// When it was given back, and in what condition.
    pub returned: Option<(Moment, String)>,
    /// When it was cancelled.
    pub cancelled: Option<Moment>,
    /// What the party that had it thanks for, and when it did.
    pub thanks: Option<(String, Moment)>,
    /// Who booked it; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// Grows with each change.
    pub version: i64,
}

impl Booking {
    /// For how long it takes what it books: what is given back early is free from then on.
    pub fn reservation(&self) -> Option<Reservation> {
        let end = self.returned.as_ref().map_or(self.new.when.to, |(at, _)| *at);
        let when = Interval::new(self.new.when.from, end.min(self.new.when.to)).ok()?;
        self.cancelled.is_none().then_some(Reservation { when, amount: self.new.amount })
    }

    /// Whether it stands and was not given back.
    pub fn is_open(&self) -> bool {
        self.cancelled.is_none() && self.returned.is_none()
    }

    /// Whether it was to be given back by now and was not, or came back too late.
    pub fn is_late(&self, now: Moment) -> bool {
        let end = self.returned.as_ref().map_or(now, |(at, _)| *at);
        self.cancelled.is_none() && end > self.new.when.to
    }
}

impl Tx {
    /// Books something for the party of whoever asks, if so much is free all the time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for an ask; [`Constraint::Value`] for a time that is over, or
    /// an amount of nothing.
    pub async fn book(
        &self,
        at: (PartnershipId, ResourceId),
        new: &NewBooking,
        by: Participant,
    ) -> Result<Booked, StoreError> {
        let known = self.resource_for(at, by).await?;
        let seat = self.in_room(at.0, by).await?.seat;
        let seat = seat.filter(|_| known.new.direction == Direction::Offer);
        let seat = seat.ok_or_else(|| StoreError::not_found("resource", &at.1))?;
        if new.amount == 0 {
            return Err(StoreError::value("an amount is at least 1"));
        }
        if new.when.to <= self.now {
            return Err(StoreError::value("this time is over"));
        }
        let wanted = Reservation { when: new.when, amount: new.amount };
        if let Some(taken) = self.taken(&known, &wanted, None).await? {
            return Ok(taken);
        }
        let one = BookingId(Uuid::now_v7());
        let row = booking::Model {
            id: one.0,
            resource: at.1.0,
            party: seat.party.0,
            seat: Some(seat.id.0),
            from_ms: new.when.from.ms(),
            to_ms: new.when.to.ms(),
            amount: to_i64(new.amount),
            purpose: new.purpose.trim().to_owned(),
            returned_at: None,
            condition: String::new(),
            cancelled_at: None,
            thanks: String::new(),
            thanked_at: None,
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<booking::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::ResourceBooked, &at.0, one.to_string()).await?;
        Ok(Booked::Done(one))
    }

    /// Cancels a booking of the version given that is open; for the party that has it and the one
    /// whose the thing is.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`Constraint::Value`] when it was given back or cancelled,
    /// [`StoreError::NotFound`].
    pub async fn cancel_booking(
        &self,
        at: (PartnershipId, BookingId),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (known, _) = self.booking_for(at, Some(version), by).await?;
        if !known.is_open() {
            return Err(StoreError::value("it was given back or cancelled"));
        }
        let sql = "UPDATE booking SET cancelled_at = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ?";
        self.run(sql, [self.now.ms().into(), self.now.ms().into(), at.1.0.into()]).await?;
        self.record(Verb::BookingCancelled, &at.0, at.1.to_string()).await
    }

    /// Lets a booking stand again that was cancelled or given back, if so much is still free; for
    /// the same people.
    ///
    /// # Errors
    /// [`Constraint::Value`] when it is open, or what was given by it is in the ledger;
    /// [`StoreError::NotFound`].
    pub async fn reopen_booking(
        &self,
        at: (PartnershipId, BookingId),
        by: Participant,
    ) -> Result<Booked, StoreError> {
        let (known, thing) = self.booking_for(at, None, by).await?;
        if known.is_open() {
            return Err(StoreError::value("it is open"));
        }
        let sql = "SELECT COUNT(*) FROM gift WHERE booking = ? AND removed_at IS NULL";
        if number(&self.db, sql, [at.1.0.into()]).await? > 0 {
            return Err(StoreError::value("what was given by it is in the ledger"));
        }
        let wanted = Reservation { when: known.new.when, amount: known.new.amount };
        if let Some(taken) = self.taken(&thing, &wanted, Some(at.1)).await? {
            return Ok(taken);
        }
        let sql = "UPDATE booking SET cancelled_at = NULL, returned_at = NULL, condition = '', \
                   changed_at = ?, version = version + 1 WHERE id = ?";
        self.run(sql, [self.now.ms().into(), at.1.0.into()]).await?;
        self.record(Verb::BookingReopened, &at.0, at.1.to_string()).await?;
        Ok(Booked::Done(at.1))
    }

    /// Says that what was booked was given back, and in what condition; for the same people. Said
    /// again, the first moment stays and the condition is the last one.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`Constraint::Value`] before it began or when it was cancelled,
    /// [`StoreError::NotFound`].
    pub async fn return_booking(
        &self,
        at: (PartnershipId, BookingId),
        condition: &str,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (known, _) = self.booking_for(at, Some(version), by).await?;
        if known.cancelled.is_some() || self.now < known.new.when.from {
            return Err(StoreError::value("only what began and stands is given back"));
        }
        let back = known.returned.map_or(self.now, |(at, _)| at);
        let sql = "UPDATE booking SET returned_at = ?, condition = ?, changed_at = ?, \
                   version = version + 1 WHERE id = ?";
        let values =
            [back.ms().into(), condition.trim().into(), self.now.ms().into(), at.1.0.into()];
        self.run(sql, values).await?;
        self.record(Verb::BookingReturned, &at.0, at.1.to_string()).await
    }

    /// Thanks for what was booked, in a line; for people of the party that had it. Another line takes
    /// the place of an earlier one.
    ///
    /// # Errors
    /// [`Constraint::Stale`]; [`Constraint::Value`] for nothing, before it began, or for a thing of
    /// one's own; [`StoreError::NotFound`].
    pub async fn thank(
        &self,
        at: (PartnershipId, BookingId),
        line: &str,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (known, thing) = self.booking_for(at, Some(version), by).await?;
        allowed(self.in_room(at.0, by).await?.writes_for(known.party), at.0)?;
        let began = known.cancelled.is_none() && known.new.when.from <= self.now;
        if line.trim().is_empty() || !began || thing.new.party == known.party {
            return Err(StoreError::value("thanks are for what another party gave"));
        }
        let sql = "UPDATE booking SET thanks = ?, thanked_at = ?, changed_at = ?, \
                   version = version + 1 WHERE id = ?";
        let now = self.now.ms();
        self.run(sql, [line.trim().into(), now.into(), now.into(), at.1.0.into()]).await?;
        self.record(Verb::ThanksSaid, &at.0, at.1.to_string()).await
    }

    /// Why something does not fit beside all bookings but one; `None`: it does.
    async fn taken(
        &self,
        thing: &Resource,
        wanted: &Reservation,
        but: Option<BookingId>,
    ) -> Result<Option<Booked>, StoreError> {
        let Some(capacity) = thing.new.amount else { return Ok(None) };
        let taken = reservations(&self.db, thing.id, wanted.when.from, but).await?;
        let conflicts = conflicts(capacity, &taken, wanted);
        let next = || next_free(capacity, &taken, wanted);
        Ok((!conflicts.is_empty()).then(|| Booked::Taken { next: next(), conflicts }))
    }

    /// That all bookings to come fit beside each other into so much.
    pub(crate) async fn still_fits(
        &self,
        one: ResourceId,
        capacity: u64,
    ) -> Result<(), StoreError> {
        let taken = reservations(&self.db, one, self.now, None).await?;
        let Some(end) = taken.iter().map(|one| one.when.to).max() else { return Ok(()) };
        // What is not free of as much as can be counted is what is booked.
        let ahead = Interval { from: self.now, to: end };
        match u64::MAX - free(u64::MAX, &taken, &ahead) <= capacity {
            true => Ok(()),
            false => Err(StoreError::value("more of it is booked already")),
        }
    }

    /// Whether something of it is booked and not given back.
    pub(crate) async fn is_booked(&self, one: ResourceId) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM booking WHERE resource = ? AND cancelled_at IS NULL \
                   AND returned_at IS NULL";
        Ok(number(&self.db, sql, [one.0.into()]).await? > 0)
    }

    /// A booking of the version given with its thing, for the party that has it and the one whose the
    /// thing is.
    async fn booking_for(
        &self,
        (id, one): (PartnershipId, BookingId),
        version: Option<i64>,
        by: Participant,
    ) -> Result<(Booking, Resource), StoreError> {
        let standing = self.in_room(id, by).await?;
        let row = booking::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("booking", &one))?;
        let thing = self.resource_for((id, ResourceId(row.resource)), by).await?;
        let known = booking_of(row, None);
        allowed(standing.writes_for(known.party) || standing.writes_for(thing.new.party), id)?;
        if version.is_some_and(|version| version != known.version) {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        Ok((known, thing))
    }
}

/// What is booked of something after a moment, but for one booking.
async fn reservations(
    db: &impl ConnectionTrait,
    one: ResourceId,
    after: Moment,
    but: Option<BookingId>,
) -> Result<Vec<Reservation>, StoreError> {
    let sql = "SELECT * FROM booking WHERE resource = ? AND to_ms > ? AND cancelled_at IS NULL";
    let found: Vec<booking::Model> = rows(db, sql, [one.0.into(), after.ms().into()]).await?;
    let others = found.into_iter().filter(|row| but.is_none_or(|but| but.0 != row.id));
    Ok(others.filter_map(|row| booking_of(row, None).reservation()).collect())
}

impl Store {
    /// Bookings of something that touch a time, the first first; at most `limit`. Those that were
    /// cancelled are none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn bookings(
        &self,
        (id, one): (PartnershipId, ResourceId),
        when: Interval,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Booking>, StoreError> {
        self.resource((id, one), by).await?;
        let sql = "SELECT * FROM booking WHERE resource = ? AND cancelled_at IS NULL \
                   AND to_ms > ? AND from_ms < ? ORDER BY from_ms, id LIMIT ?";
        let values =
            [one.0.into(), when.from.ms().into(), when.to.ms().into(), to_i64(limit).into()];
        self.named(rows(&self.db, sql, values).await?).await
    }

    /// Bookings of a partnership that are open and were to be given back by now, the first first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn late_bookings(
        &self,
        id: PartnershipId,
        now: Moment,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<(Booking, String)>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT b.* FROM booking b JOIN resource r ON r.id = b.resource \
                   WHERE r.partnership = ? AND r.removed_at IS NULL AND b.cancelled_at IS NULL \
                   AND b.returned_at IS NULL AND b.to_ms <= ? ORDER BY b.to_ms, b.id LIMIT ?";
        let values = [id.0.into(), now.ms().into(), to_i64(limit).into()];
        self.with_things(rows(&self.db, sql, values).await?).await
    }

    /// Thanks of a partnership with what they are for, the latest first; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn thanks(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<(Booking, String)>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT b.* FROM booking b JOIN resource r ON r.id = b.resource \
                   WHERE r.partnership = ? AND b.thanked_at IS NOT NULL \
                   ORDER BY b.thanked_at DESC, b.id DESC LIMIT ?";
        self.with_things(rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?).await
    }

    /// One booking of a partnership.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn booking(
        &self,
        (id, one): (PartnershipId, BookingId),
        by: Participant,
    ) -> Result<Booking, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT b.* FROM booking b JOIN resource r ON r.id = b.resource \
                   WHERE b.id = ? AND r.partnership = ?";
        let found = rows(&self.db, sql, [one.0.into(), id.0.into()]).await?;
        let found = self.named(found).await?.into_iter().next();
        found.ok_or_else(|| StoreError::not_found("booking", &one))
    }

    async fn named(&self, found: Vec<booking::Model>) -> Result<Vec<Booking>, StoreError> {
        let seats: Vec<Uuid> = found.iter().filter_map(|row| row.seat).collect();
        let names = self.names_of_seats(&seats).await?;
        let one = |row: booking::Model| {
            let who = row.seat.and_then(|seat| names.get(&seat).cloned());
            booking_of(row, who)
        };
        Ok(found.into_iter().map(one).collect())
    }

    /// Bookings with the title of what they are of.
    async fn with_things(
        &self,
        found: Vec<booking::Model>,
    ) -> Result<Vec<(Booking, String)>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            title: String,
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id, title FROM resource WHERE id IN ({})",
            crate::store::marks(found.len())
        );
        let ids = found.iter().map(|row| Value::from(row.resource));
        let titles: Vec<Row> = rows(&self.db, &sql, ids).await?;
        let title = |id: Uuid| {
            let found = titles.iter().find(|row| row.id == id);
            found.map(|row| row.title.clone()).unwrap_or_default()
        };
        let with = |one: Booking| {
            let title = title(one.resource.0);
            (one, title)
        };
        Ok(self.named(found).await?.into_iter().map(with).collect())
    }
}

fn booking_of(row: booking::Model, who: Option<String>) -> Booking {
    let when = Interval { from: Moment::from_ms(row.from_ms), to: Moment::from_ms(row.to_ms) };
    Booking {
        id: BookingId(row.id),
        resource: ResourceId(row.resource),
        party: PartyId(row.party),
        seat: row.seat.map(SeatId),
        who,
        new: NewBooking { when, amount: to_u64(row.amount), purpose: row.purpose },
        returned: row.returned_at.map(|at| (Moment::from_ms(at), row.condition)),
        cancelled: row.cancelled_at.map(Moment::from_ms),
        thanks: row.thanked_at.map(|at| (row.thanks, Moment::from_ms(at))),
        by: row.account.map(AccountId),
        version: row.version,
    }
}
