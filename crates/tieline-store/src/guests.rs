//! Guests: people without an account who take part in one partnership, by a link that is exchanged
//! once for a session of its own kind. Both are known by the hash of their secret alone.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use tieline_model::id::{AddressId, PartnershipId, PartyId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{by_seat, guest_link, guest_session};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{SEATED, standing};
use crate::sessions::checked_hash;
use crate::store::{Store, Tx, changed, marks, number, rows, to_u64};

/// Someone who comes by link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Their seat.
    pub seat: SeatId,
    /// The only partnership that is open to them.
    pub partnership: PartnershipId,
    /// Its name.
    pub room: String,
    /// Their name in the directory.
    pub name: Option<String>,
    /// First moment at which the link or session fails.
    pub expires: Moment,
    /// Their time zone (IANA name); empty before they entered.
    pub zone: String,
}

/// A guest who wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Their seat.
    pub seat: SeatId,
    /// Their name in the directory.
    pub name: Option<String>,
}

/// A seat that is taken, as a link to it needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSeat {
    /// Of which partnership.
    pub partnership: PartnershipId,
    /// Its name.
    pub room: String,
    /// Of which party.
    pub party: PartyId,
    /// Whose seat it is.
    pub who: AddressId,
    /// Their name in the directory.
    pub name: Option<String>,
    /// Whether they have an account, and sign in.
    pub signs_in: bool,
}

/// How someone may come to a seat without an account, as those who give seats see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuestLink {
    /// Of which seat.
    pub seat: SeatId,
    /// First moment at which the link and each session that it was exchanged for have failed.
    pub expires: Moment,
    /// Whether there is a link that was not exchanged yet.
    pub waits: bool,
    /// Browsers that are in by it.
    pub browsers: u64,
}

impl Tx {
    /// Makes a link of a seat that is known by the BLAKE3 of its secret; for accounts that seat the
    /// party. A link made before fails from now on; a session goes on until its end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Taken`] when whoever sits there has an account and
    /// signs in, [`Constraint::Value`] when `hash` is no BLAKE3 in hex.
    pub async fn add_guest_link(
        &self,
        hash: &str,
        (id, seat): (PartnershipId, SeatId),
        expires: Moment,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.inviting((id, seat), by).await?;
        if signs_in(&self.db, seat).await? {
            return Err(StoreError::Conflict(Constraint::Taken("an account of its own".into())));
        }
        self.run("DELETE FROM guest_link WHERE seat = ?", [seat.0.into()]).await?;
        let row = guest_link::Model {
            id: checked_hash(hash)?,
            seat: seat.0,
            expires_at: expires.ms(),
            used_at: None,
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<guest_link::Entity>(&[row], None).await?;
        self.record(Verb::GuestInvited, &id, seat.to_string()).await
    }

    /// Gives the link of a seat and its sessions a later end, as far as they hold; for accounts that
    /// seat the party.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also when nothing of it holds any more.
    pub async fn renew_guest(
        &self,
        (id, seat): (PartnershipId, SeatId),
        (now, expires): (Moment, Moment),
        by: Participant,
    ) -> Result<(), StoreError> {
        self.inviting((id, seat), by).await?;
        let mut n = 0;
        for holds in [
            "guest_link SET expires_at = ? WHERE used_at IS NULL AND",
            "guest_session SET expires_at = ? WHERE",
        ] {
            let sql = format!("UPDATE {holds} seat = ? AND expires_at > ?");
            let values = [Value::from(expires.ms()), seat.0.into(), now.ms().into()];
            n += self.run(&sql, values).await?;
        }
        changed(n, "guest", &seat)?;
        self.record(Verb::GuestRenewed, &id, seat.to_string()).await
    }

    /// Ends the link and every session of a seat; for accounts that seat the party.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke_guest(
        &self,
        (id, seat): (PartnershipId, SeatId),
        by: Participant,
    ) -> Result<(), StoreError> {
        self.inviting((id, seat), by).await?;
        for table in ["guest_link", "guest_session"] {
            self.run(&format!("DELETE FROM {table} WHERE seat = ?"), [seat.0.into()]).await?;
        }
        self.record(Verb::GuestRevoked, &id, seat.to_string()).await
    }

    /// Each link is given by someone whom the history can name: what a guest holds opens no more
    /// doors.
    async fn inviting(
        &self,
        at: (PartnershipId, SeatId),
        by: Participant,
    ) -> Result<(), StoreError> {
        if by.account().is_none() {
            return Err(StoreError::not_found("seat", &at.1));
        }
        self.seating_seat(at, by).await
    }

    /// Exchanges a link for a session: of all who try, one gets it. `None` when it is unknown, used
    /// or expired, or nobody sits there any more. `zone` is where the browser is.
    ///
    /// # Errors
    /// [`Constraint::Value`] when `session` is no BLAKE3 in hex.
    pub async fn use_guest_link(
        &self,
        hash: &str,
        (session, zone): (&str, &str),
        now: Moment,
    ) -> Result<Option<Guest>, StoreError> {
        let found: Vec<GuestRow> = rows(&self.db, &guest_sql(LINK), key(hash, now)).await?;
        let Some(guest) = found.into_iter().next().map(guest_of) else { return Ok(None) };
        let sql = "UPDATE guest_link SET used_at = ? WHERE id = ? AND used_at IS NULL";
        if self.run(sql, [now.ms().into(), hash.into()]).await? == 0 {
            return Ok(None);
        }
        let row = guest_session::Model {
            id: checked_hash(session)?,
            seat: guest.seat.0,
            expires_at: guest.expires.ms(),
            time_zone: zone.to_owned(),
            created_at: self.now.ms(),
        };
        self.insert::<guest_session::Entity>(&[row], None).await?;
        self.record(Verb::GuestCame, &guest.partnership, guest.seat.to_string()).await?;
        Ok(Some(Guest { zone: zone.to_owned(), ..guest }))
    }

    /// Ends one session of a guest. One that is over stays so.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close_guest_session(&self, hash: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM guest_session WHERE id = ?", [hash.into()]).await.map(drop)
    }

    /// Removes links and sessions of guests that no longer hold; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_guests(&self, now: Moment) -> Result<u64, StoreError> {
        let mut n = 0;
        for table in ["guest_link", "guest_session"] {
            let sql = format!("DELETE FROM {table} WHERE expires_at <= ?");
            n += self.run(&sql, [now.ms().into()]).await?;
        }
        Ok(n)
    }

    /// Says that a thing is by the guest whose transaction this is; nothing where an account acts.
    pub(crate) async fn mark_seat(&self, thing: Uuid) -> Result<(), StoreError> {
        let Some(seat) = self.seat else { return Ok(()) };
        let row = by_seat::Model { thing, seat: seat.0, created_at: self.now.ms() };
        self.insert::<by_seat::Entity>(&[row], None).await.map(drop)
    }
}

/// Whether the person of a seat signs in.
async fn signs_in(db: &impl ConnectionTrait, seat: SeatId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM partnership_member m JOIN account a ON a.actor = m.address \
               OR a.actor IN (SELECT theirs.address FROM actor_address own \
               JOIN actor_address theirs ON theirs.actor = own.actor \
               WHERE own.address = m.address) WHERE m.id = ?";
    Ok(number(db, sql, [seat.0.into()]).await? > 0)
}

impl Store {
    /// Who holds a session that holds, as long as the seat is theirs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn guest(&self, hash: &str, now: Moment) -> Result<Option<Guest>, StoreError> {
        let found: Vec<GuestRow> = rows(&self.db, &guest_sql(SESSION), key(hash, now)).await?;
        Ok(found.into_iter().next().map(guest_of))
    }

    /// Whom a link that was not exchanged yet is for, without using it up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn guest_by_link(
        &self,
        hash: &str,
        now: Moment,
    ) -> Result<Option<Guest>, StoreError> {
        let found: Vec<GuestRow> = rows(&self.db, &guest_sql(LINK), key(hash, now)).await?;
        Ok(found.into_iter().next().map(guest_of))
    }

    /// What a link to a seat needs; `None` when nobody sits there any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn guest_seat(&self, seat: SeatId) -> Result<Option<GuestSeat>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            partnership: Uuid,
            room: String,
            party: Uuid,
            address: i64,
            name: Option<String>,
        }
        let sql = format!(
            "SELECT q.partnership, p.name AS room, m.party, m.address, o.name AS name \
             FROM {SEATED} \
             JOIN partnership p ON p.id = q.partnership AND p.removed_at IS NULL \
             LEFT JOIN actor_address x ON x.address = m.address \
             LEFT JOIN actor o ON o.id = x.actor WHERE m.id = ?"
        );
        let found: Vec<Row> = rows(&self.db, &sql, [seat.0.into()]).await?;
        let Some(row) = found.into_iter().next() else { return Ok(None) };
        Ok(Some(GuestSeat {
            partnership: PartnershipId(row.partnership),
            room: row.room,
            party: PartyId(row.party),
            who: AddressId::from_i64(row.address),
            name: row.name,
            signs_in: signs_in(&self.db, seat).await?,
        }))
    }

    /// Seats that guests may come to, at the parties that someone says who sits at.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn guest_links(
        &self,
        id: PartnershipId,
        now: Moment,
        by: Participant,
    ) -> Result<Vec<GuestLink>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let sql = format!(
            "SELECT m.id AS seat, m.party, l.expires_at AS link, MAX(s.expires_at) AS session, \
             COUNT(s.id) AS browsers FROM {SEATED} \
             LEFT JOIN guest_link l ON l.seat = m.id AND l.used_at IS NULL AND l.expires_at > ? \
             LEFT JOIN guest_session s ON s.seat = m.id AND s.expires_at > ? \
             WHERE q.partnership = ? AND (l.id IS NOT NULL OR s.id IS NOT NULL) \
             GROUP BY m.id, m.party, l.expires_at"
        );
        let values = [Value::from(now.ms()), now.ms().into(), id.0.into()];
        let found: Vec<LinkRow> = rows(&self.db, &sql, values).await?;
        let open = found.iter().filter(|row| standing.seats(PartyId(row.party)));
        Ok(open.map(link_of).collect())
    }

    /// Names in the directory of whoever has these seats.
    pub(crate) async fn names_of_seats(
        &self,
        seats: &[Uuid],
    ) -> Result<HashMap<Uuid, String>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            name: String,
        }
        if seats.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT m.id, o.name FROM partnership_member m \
             JOIN actor_address x ON x.address = m.address \
             JOIN actor o ON o.id = x.actor WHERE m.id IN ({})",
            marks(seats.len())
        );
        let found: Vec<Row> = rows(&self.db, &sql, seats.iter().map(|seat| (*seat).into())).await?;
        Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// Which guests wrote things, by thing.
    pub(crate) async fn authors(
        &self,
        things: &[Uuid],
    ) -> Result<HashMap<Uuid, Author>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            thing: Uuid,
            seat: Uuid,
            name: Option<String>,
        }
        if things.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT b.thing, b.seat, o.name AS name FROM by_seat b \
             JOIN partnership_member m ON m.id = b.seat \
             LEFT JOIN actor_address x ON x.address = m.address \
             LEFT JOIN actor o ON o.id = x.actor WHERE b.thing IN ({})",
            marks(things.len())
        );
        let things = things.iter().map(|thing| Value::from(*thing));
        let found: Vec<Row> = rows(&self.db, &sql, things).await?;
        let one = |row: Row| (row.thing, Author { seat: SeatId(row.seat), name: row.name });
        Ok(found.into_iter().map(one).collect())
    }
}

#[derive(FromQueryResult)]
struct LinkRow {
    seat: Uuid,
    party: Uuid,
    link: Option<i64>,
    session: Option<i64>,
    browsers: i64,
}

fn link_of(row: &LinkRow) -> GuestLink {
    let last = row.link.into_iter().chain(row.session).max().unwrap_or_default();
    GuestLink {
        seat: SeatId(row.seat),
        expires: Moment::from_ms(last),
        waits: row.link.is_some(),
        browsers: to_u64(row.browsers),
    }
}

#[derive(FromQueryResult)]
struct GuestRow {
    seat: Uuid,
    partnership: Uuid,
    room: String,
    name: Option<String>,
    expires_at: i64,
    zone: String,
}

/// A link that was not exchanged yet, and what is known of its zone.
const LINK: (&str, &str, &str) = ("guest_link", "''", "AND g.used_at IS NULL");

/// A session, and its zone.
const SESSION: (&str, &str, &str) = ("guest_session", "g.time_zone", "");

/// Who a link or a session is for, while the seat is theirs.
fn guest_sql((table, zone, unused): (&str, &str, &str)) -> String {
    format!(
        "SELECT g.seat, q.partnership, p.name AS room, o.name AS name, g.expires_at, \
         {zone} AS zone FROM {SEATED} JOIN {table} g ON g.seat = m.id \
         JOIN partnership p ON p.id = q.partnership AND p.removed_at IS NULL \
         LEFT JOIN actor_address x ON x.address = m.address \
         LEFT JOIN actor o ON o.id = x.actor WHERE g.id = ? AND g.expires_at > ? {unused}"
    )
}

fn key(hash: &str, now: Moment) -> [Value; 2] {
    [hash.into(), now.ms().into()]
}

fn guest_of(row: GuestRow) -> Guest {
    Guest {
        seat: SeatId(row.seat),
        partnership: PartnershipId(row.partnership),
        room: row.room,
        name: row.name,
        expires: Moment::from_ms(row.expires_at),
        zone: row.zone,
    }
}
