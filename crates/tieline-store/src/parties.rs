//! Parties of a partnership, and who sits at them.

use std::collections::HashMap;

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::{ActorId, AddressId, PartnershipId, PartyId, SeatId, UnitId};
use tieline_model::room::{Duty, Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{partnership_member, party};
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::people::address_list;
use crate::rooms::{Counted, SEATED, allowed, standing};
use crate::say::named;
use crate::store::{Store, Tx, changed, number, rows, to_i64, word};

/// A unit or an organisation that takes part in a partnership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// In which partnership.
    pub partnership: PartnershipId,
    /// Its unit in the directory; `None`: it is known by its name alone.
    pub unit: Option<UnitId>,
    /// As it calls itself here.
    pub name: String,
    /// Grows with each change.
    pub version: i64,
}

/// Someone who sits at a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// The seat.
    pub id: SeatId,
    /// At which party.
    pub party: PartyId,
    /// An address of the person.
    pub who: AddressId,
    /// The person in the directory; `None` when nobody has the address any more.
    pub actor: Option<ActorId>,
    /// Their name in the directory.
    pub name: Option<String>,
    /// What they do for the party.
    pub duty: Duty,
    /// Since when.
    pub since: Moment,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Adds a party; for whoever arranges the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] without a name, [`Constraint::Taken`] when the
    /// unit or the name takes part already.
    pub async fn add_party(
        &self,
        id: PartnershipId,
        (unit, name): (Option<UnitId>, &str),
        by: Participant,
    ) -> Result<PartyId, StoreError> {
        self.arranging(id, by).await?;
        let name = named(name, "a party")?;
        let party = PartyId(Uuid::now_v7());
        self.free_for((id, party), unit, &name).await?;
        let row = party::Model {
            id: party.0,
            partnership: id.0,
            unit: unit.map(|unit| unit.0),
            name,
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<party::Entity>(&[row], None).await?;
        self.record(Verb::PartyAdded, &id, party.to_string()).await?;
        Ok(party)
    }

    /// Changes how a party of the version given calls itself; for whoever seats it.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since; else as [`Tx::add_party`].
    pub async fn rename_party(&self, renamed: &Party, by: Participant) -> Result<(), StoreError> {
        let (id, party) = (renamed.partnership, renamed.id);
        self.seating((id, party), by).await?;
        let name = named(&renamed.name, "a party")?;
        self.free_for((id, party), None, &name).await?;
        let sql = "UPDATE party SET name = ?, version = version + 1 \
                   WHERE id = ? AND partnership = ? AND version = ? AND removed_at IS NULL";
        let values = [name.into(), party.0.into(), id.0.into(), renamed.version.into()];
        if self.run(sql, values).await? == 0 {
            let row = ("party WHERE id = ? AND removed_at IS NULL", vec![party.0.into()]);
            return Err(self.stale_or_gone("party", &party, row).await?);
        }
        self.record(Verb::PartyChanged, &id, party.to_string()).await
    }

    /// Lets a party leave, with everyone who sits there; for whoever seats it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_party(
        &self,
        id: PartnershipId,
        party: PartyId,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.seating((id, party), by).await?;
        let sql = "UPDATE party SET removed_at = ?, version = version + 1 \
                   WHERE id = ? AND partnership = ? AND removed_at IS NULL";
        let values = [self.now.ms().into(), party.0.into(), id.0.into()];
        changed(self.run(sql, values).await?, "party", &party)?;
        self.record(Verb::PartyRemoved, &id, party.to_string()).await
    }

    /// Lets it take part again, as it was; for whoever arranges the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Taken`] when another one like it came meanwhile.
    pub async fn restore_party(
        &self,
        id: PartnershipId,
        party: PartyId,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.arranging(id, by).await?;
        let row = party::Entity::find_by_id(party.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_some());
        let row = row.ok_or_else(|| StoreError::not_found("party", &party))?;
        self.free_for((id, party), row.unit.map(UnitId), &row.name).await?;
        let sql = "UPDATE party SET removed_at = NULL, version = version + 1 WHERE id = ?";
        self.run(sql, [party.0.into()]).await?;
        self.record(Verb::PartyRestored, &id, party.to_string()).await
    }

    /// Gives a person a seat at a party; for whoever seats it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Taken`] when the person sits in this room already.
    pub async fn give_seat(
        &self,
        (id, party): (PartnershipId, PartyId),
        who: AddressId,
        duty: Duty,
        by: Participant,
    ) -> Result<SeatId, StoreError> {
        self.seating((id, party), by).await?;
        self.not_seated(id, who).await?;
        let seat = SeatId(Uuid::now_v7());
        let row = partnership_member::Model {
            id: seat.0,
            party: party.0,
            address: who.as_i64(),
            duty: duty.name().to_owned(),
            since: self.now.ms(),
            until: None,
            account: by.account().map(|account| account.0),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<partnership_member::Entity>(&[row], None).await?;
        self.record(Verb::SeatGiven, &id, party.to_string()).await?;
        Ok(seat)
    }

    /// Says what someone does for their party; for whoever seats it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_duty(
        &self,
        (id, seat): (PartnershipId, SeatId),
        duty: Duty,
        by: Participant,
    ) -> Result<(), StoreError> {
        let party = self.party_of(id, seat).await?;
        self.seating((id, party), by).await?;
        let sql = "UPDATE partnership_member SET duty = ?, version = version + 1 \
                   WHERE id = ? AND until IS NULL";
        changed(self.run(sql, [duty.name().into(), seat.0.into()]).await?, "seat", &seat)?;
        self.record(Verb::SeatChanged, &id, party.to_string()).await
    }

    /// Lets someone leave; for whoever seats the party, and for themselves.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn end_seat(
        &self,
        (id, seat): (PartnershipId, SeatId),
        by: Participant,
    ) -> Result<(), StoreError> {
        let party = self.party_of(id, seat).await?;
        let standing = self.in_room(id, by).await?;
        let is_own = standing.seat.is_some_and(|own| own.id == seat);
        allowed(is_own || standing.seats(party), id)?;
        let sql = "UPDATE partnership_member SET until = ?, version = version + 1 \
                   WHERE id = ? AND until IS NULL";
        changed(self.run(sql, [self.now.ms().into(), seat.0.into()]).await?, "seat", &seat)?;
        self.record(Verb::SeatEnded, &id, party.to_string()).await
    }

    /// Takes that back; for whoever seats the party.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Taken`] when they took another seat meanwhile.
    pub async fn resume_seat(
        &self,
        (id, seat): (PartnershipId, SeatId),
        by: Participant,
    ) -> Result<(), StoreError> {
        let party = self.party_of(id, seat).await?;
        self.seating((id, party), by).await?;
        let row = partnership_member::Entity::find_by_id(seat.0).one(&self.db).await?;
        let row = row.filter(|row| row.until.is_some());
        let row = row.ok_or_else(|| StoreError::not_found("seat", &seat))?;
        self.not_seated(id, AddressId::from_i64(row.address)).await?;
        let sql = "UPDATE partnership_member SET until = NULL, version = version + 1 WHERE id = ?";
        self.run(sql, [seat.0.into()]).await?;
        self.record(Verb::SeatResumed, &id, party.to_string()).await
    }

    /// What someone is in a room in which they say who sits at this party.
    async fn seating(
        &self,
        (id, party): (PartnershipId, PartyId),
        by: Participant,
    ) -> Result<Standing, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(standing.seats(party), id)?;
        self.takes_part(id, party).await?;
        Ok(standing)
    }

    /// As for a party, for the party of a seat that is taken.
    pub(crate) async fn seating_seat(
        &self,
        (id, seat): (PartnershipId, SeatId),
        by: Participant,
    ) -> Result<(), StoreError> {
        let party = self.party_of(id, seat).await?;
        self.seating((id, party), by).await?;
        let row = partnership_member::Entity::find_by_id(seat.0).one(&self.db).await?;
        let is_taken = row.is_some_and(|row| row.until.is_none());
        if is_taken { Ok(()) } else { Err(StoreError::not_found("seat", &seat)) }
    }

    /// That a party is of this partnership.
    pub(crate) async fn takes_part(
        &self,
        id: PartnershipId,
        party: PartyId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT COUNT(*) FROM party \
                   WHERE id = ? AND partnership = ? AND removed_at IS NULL";
        match number(&self.db, sql, [party.0.into(), id.0.into()]).await? {
            0 => Err(StoreError::not_found("party", &party)),
            _ => Ok(()),
        }
    }

    async fn party_of(&self, id: PartnershipId, seat: SeatId) -> Result<PartyId, StoreError> {
        let row = partnership_member::Entity::find_by_id(seat.0).one(&self.db).await?;
        let party = PartyId(row.ok_or_else(|| StoreError::not_found("seat", &seat))?.party);
        self.takes_part(id, party).await?;
        Ok(party)
    }

    /// That no other party of the partnership is this unit or has this name.
    async fn free_for(
        &self,
        (id, own): (PartnershipId, PartyId),
        unit: Option<UnitId>,
        name: &str,
    ) -> Result<(), StoreError> {
        let sql = "SELECT * FROM party WHERE partnership = ? AND removed_at IS NULL";
        let others: Vec<party::Model> = rows(&self.db, sql, [id.0.into()]).await?;
        let is_like = |other: &party::Model| {
            let same_unit = unit.is_some_and(|unit| other.unit == Some(unit.0));
            other.id != own.0 && (same_unit || fold(&other.name) == fold(name))
        };
        match others.iter().any(is_like) {
            true => Err(StoreError::Conflict(Constraint::Taken("this party".into()))),
            false => Ok(()),
        }
    }

    /// That the person of an address has no seat in a room: one person is on one side.
    async fn not_seated(&self, id: PartnershipId, who: AddressId) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT COUNT(*) FROM {SEATED} WHERE q.partnership = ? AND (m.address = ? \
             OR m.address IN (SELECT theirs.address FROM actor_address own \
             JOIN actor_address theirs ON theirs.actor = own.actor WHERE own.address = ?))"
        );
        let values = [id.0.into(), who.as_i64().into(), who.as_i64().into()];
        match number(&self.db, &sql, values).await? {
            0 => Ok(()),
            _ => Err(StoreError::Conflict(Constraint::Taken("a seat of this person".into()))),
        }
    }
}

impl Store {
    /// Parties of a partnership in the order in which they came, each with how many sit there.
    pub(crate) async fn parties_of(
        &self,
        id: PartnershipId,
    ) -> Result<Vec<(Party, u64)>, StoreError> {
        let sql = "SELECT * FROM party WHERE partnership = ? AND removed_at IS NULL ORDER BY id";
        let found: Vec<party::Model> = rows(&self.db, sql, [id.0.into()]).await?;
        let sql = format!(
            "SELECT m.party AS id, COUNT(*) AS n FROM {SEATED} WHERE q.partnership = ? \
             GROUP BY m.party"
        );
        let counts: Vec<Counted> = rows(&self.db, &sql, [id.0.into()]).await?;
        let counts: HashMap<Uuid, u64> = counts.iter().map(Counted::pair).collect();
        let one = |row: party::Model| {
            let n = counts.get(&row.id).copied().unwrap_or(0);
            (party_of(row), n)
        };
        Ok(found.into_iter().map(one).collect())
    }

    /// Who sits at the parties of a partnership: of each party the leads first, then in the order in
    /// which they came, at most `each`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn seated(
        &self,
        id: PartnershipId,
        each: u64,
        by: Participant,
    ) -> Result<Vec<Seated>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = format!(
            "SELECT * FROM (SELECT {SEAT}, ROW_NUMBER() OVER (PARTITION BY m.party ORDER BY \
             CASE WHEN m.duty = 'lead' THEN 0 ELSE 1 END, m.id) AS place FROM {SEATED} {NAMED} \
             WHERE q.partnership = ?) s WHERE s.place <= ? ORDER BY s.party, s.place"
        );
        self.seated_where(&sql, vec![id.0.into(), to_i64(each).into()]).await
    }

    /// Who sits at one party, in the order in which they came; those after the seat `after`.
    ///
    /// # Errors
    /// As [`Store::seated`].
    pub async fn seated_at(
        &self,
        (id, party): (PartnershipId, PartyId),
        after: Option<SeatId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Seated>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = format!(
            "SELECT {SEAT} FROM {SEATED} {NAMED} WHERE q.partnership = ? AND q.id = ? \
             AND m.id > ? ORDER BY m.id LIMIT ?"
        );
        let after = after.map_or(Uuid::nil(), |seat| seat.0);
        let values = vec![id.0.into(), party.0.into(), after.into(), to_i64(limit).into()];
        self.seated_where(&sql, values).await
    }

    /// Seats of the person of these addresses: partnership, party, what they do, since when, until
    /// when. For what is held on a person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn seats_of(&self, addresses: &[AddressId]) -> Result<Vec<SeatOf>, StoreError> {
        let (list, values) = address_list(addresses);
        let sql = format!(
            "SELECT p.name AS partnership, q.name AS party, m.duty, m.since, m.until \
             FROM partnership_member m JOIN party q ON q.id = m.party \
             JOIN partnership p ON p.id = q.partnership WHERE m.address IN ({list}) ORDER BY m.id"
        );
        let found: Vec<SeatOfRow> = rows(&self.db, &sql, values).await?;
        let one = |row: SeatOfRow| {
            Ok(SeatOf {
                partnership: row.partnership,
                party: row.party,
                duty: word("partnership_member.duty", &row.duty, Duty::from_name)?,
                since: Moment::from_ms(row.since),
                until: row.until.map(Moment::from_ms),
            })
        };
        found.into_iter().map(one).collect()
    }

    async fn seated_where(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Seated>, StoreError> {
        let found: Vec<SeatRow> = rows(&self.db, sql, values).await?;
        found.into_iter().map(seated_of).collect()
    }
}

/// A seat that a person has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatOf {
    /// Name of the partnership.
    pub partnership: String,
    /// Name of the party.
    pub party: String,
    /// What they do for it.
    pub duty: Duty,
    /// Since when.
    pub since: Moment,
    /// Until when; `None`: still so.
    pub until: Option<Moment>,
}

#[derive(FromQueryResult)]
struct SeatOfRow {
    partnership: String,
    party: String,
    duty: String,
    since: i64,
    until: Option<i64>,
}

/// What a listing says of a seat.
const SEAT: &str =
    "m.id, m.party, m.address, m.duty, m.since, m.version, o.id AS actor, o.name AS name";

/// The person who has the address of a seat.
pub(crate) const NAMED: &str = "LEFT JOIN actor_address x ON x.address = m.address \
    LEFT JOIN actor o ON o.id = x.actor";

#[derive(FromQueryResult)]
struct SeatRow {
    id: Uuid,
    party: Uuid,
    address: i64,
    duty: String,
    since: i64,
    version: i64,
    actor: Option<Uuid>,
    name: Option<String>,
}

fn seated_of(row: SeatRow) -> Result<Seated, StoreError> {
    Ok(Seated {
        id: SeatId(row.id),
        party: PartyId(row.party),
        who: AddressId::from_i64(row.address),
        actor: row.actor.map(ActorId),
        name: row.name,
        duty: word("partnership_member.duty", &row.duty, Duty::from_name)?,
        since: Moment::from_ms(row.since),
        version: row.version,
    })
}

fn party_of(row: party::Model) -> Party {
    Party {
        id: PartyId(row.id),
        partnership: PartnershipId(row.partnership),
        unit: row.unit.map(UnitId),
        name: row.name,
        version: row.version,
    }
}
