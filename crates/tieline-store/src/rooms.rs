//! Partnerships, and what someone is in one. Each verb and each read says who asks: to whoever is not
//! in the room it does not exist, in pages and API alike.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, PartnershipId, PartyId, SeatId};
use tieline_model::partnership::stage::{RenewalDecision, Stage};
use tieline_model::room::{Duty, Participant, Seat, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::partnership;
use crate::error::StoreError;
use crate::history::Verb;
use crate::parties::Party;
use crate::say::named;
use crate::store::{Store, Tx, rows, to_i64, to_u64, word};

/// A partnership of two or more parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partnership {
    /// Its id.
    pub id: PartnershipId,
    /// Its name.
    pub name: String,
    /// What it is for, in a sentence; may be empty.
    pub about: String,
    /// Where it stands.
    pub stage: Stage,
    /// Why it ends; may be empty.
    pub reason: String,
    /// What its renewal came to.
    pub renewal: Option<RenewalDecision>,
    /// First day.
    pub begins: Option<Moment>,
    /// First moment after it.
    pub ends: Option<Moment>,
    /// Last day to give notice.
    pub notice: Option<Moment>,
    /// Who opened the room; `None`: someone who was erased since.
    pub convener: Option<AccountId>,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// A partnership to be begun. It begins as an idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartnership {
    /// Its name.
    pub name: String,
    /// What it is for, in a sentence; may be empty.
    pub about: String,
    /// First day.
    pub begins: Option<Moment>,
    /// First moment after it.
    pub ends: Option<Moment>,
    /// Last day to give notice.
    pub notice: Option<Moment>,
    /// Who opens the room.
    pub by: AccountId,
}

/// A partnership in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnershipRow {
    /// The partnership.
    pub partnership: Partnership,
    /// Its parties, in the order in which they came.
    pub parties: Vec<Party>,
    /// What the reader is in it.
    pub standing: Standing,
}

/// A partnership with its parties, as someone in the room sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The partnership.
    pub partnership: Partnership,
    /// Its parties, in the order in which they came, each with how many sit there.
    pub parties: Vec<(Party, u64)>,
    /// What the reader is in it.
    pub standing: Standing,
}

impl Tx {
    /// Begins a partnership: opens its room.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] without a name or with days out of order,
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn add_partnership(&self, new: &NewPartnership) -> Result<PartnershipId, StoreError> {
        in_order(new.begins, new.ends, new.notice)?;
        let id = PartnershipId(Uuid::now_v7());
        let row = partnership::Model {
            id: id.0,
            name: named(&new.name, "a partnership")?,
            about: new.about.trim().to_owned(),
            stage: Stage::Idea.name().to_owned(),
            reason: String::new(),
            renewal: None,
            begins: new.begins.map(Moment::ms),
            ends: new.ends.map(Moment::ms),
            notice: new.notice.map(Moment::ms),
            account: Some(new.by.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<partnership::Entity>(&[row], None).await?;
        self.record(Verb::PartnershipAdded, &id, "").await?;
        Ok(id)
    }

    /// Changes name, purpose and days of the version given; for whoever arranges the room.
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since, [`StoreError::NotFound`],
    /// [`crate::Constraint::Value`] as in [`Tx::add_partnership`].
    pub async fn update_partnership(
        &self,
        changed: &Partnership,
        by: Participant,
    ) -> Result<(), StoreError> {
        in_order(changed.begins, changed.ends, changed.notice)?;
        self.arranging(changed.id, by).await?;
        let n = self
            .run(
                "UPDATE partnership SET name = ?, about = ?, begins = ?, ends = ?, notice = ?, \
                 changed_at = ?, version = version + 1 WHERE id = ? AND version = ?",
                [
                    named(&changed.name, "a partnership")?.into(),
                    changed.about.trim().into(),
                    changed.begins.map(Moment::ms).into(),
                    changed.ends.map(Moment::ms).into(),
                    changed.notice.map(Moment::ms).into(),
                    self.now.ms().into(),
                    changed.id.0.into(),
                    changed.version.into(),
                ],
            )
            .await?;
        if n == 0 {
            let row = ("partnership WHERE id = ?", vec![changed.id.0.into()]);
            return Err(self.stale_or_gone("partnership", &changed.id, row).await?);
        }
        self.record(Verb::PartnershipChanged, &changed.id, "").await
    }

    /// Takes a partnership back, for everyone in it, until it is restored; for whoever opened it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_partnership(
        &self,
        id: PartnershipId,
        by: AccountId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE partnership SET removed_at = ?, version = version + 1 \
                   WHERE id = ? AND account = ? AND removed_at IS NULL";
        let n = self.run(sql, [self.now.ms().into(), id.0.into(), by.0.into()]).await?;
        crate::store::changed(n, "partnership", &id)?;
        self.record(Verb::PartnershipRemoved, &id, "").await
    }

    /// Brings it back as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn restore_partnership(
        &self,
        id: PartnershipId,
        by: AccountId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE partnership SET removed_at = NULL, version = version + 1 \
                   WHERE id = ? AND account = ? AND removed_at IS NOT NULL";
        crate::store::changed(
            self.run(sql, [id.0.into(), by.0.into()]).await?,
            "partnership",
            &id,
        )?;
        self.record(Verb::PartnershipRestored, &id, "").await
    }

    /// What someone is in a room that exists for them.
    pub(crate) async fn in_room(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Standing, StoreError> {
        standing(&self.db, id, by).await
    }

    /// As [`Tx::in_room`], for whoever arranges it.
    pub(crate) async fn arranging(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Standing, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(standing.arranges(), id)?;
        Ok(standing)
    }
}

impl Store {
    /// Partnerships that someone is in, the newest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partnerships(
        &self,
        by: Participant,
        limit: u64,
    ) -> Result<Vec<PartnershipRow>, StoreError> {
        let (sql, mut values) = theirs(by);
        let sql = format!("SELECT p.* FROM partnership p WHERE {sql} ORDER BY p.id DESC LIMIT ?");
        values.push(to_i64(limit).into());
        let found: Vec<partnership::Model> = rows(&self.db, &sql, values).await?;
        let mut all = Vec::with_capacity(found.len());
        for row in found {
            let partnership = partnership_of(row)?;
            let standing = standing(&self.db, partnership.id, by).await?;
            let parties = self.parties_of(partnership.id).await?;
            let parties = parties.into_iter().map(|(party, _)| party).collect();
            all.push(PartnershipRow { partnership, parties, standing });
        }
        Ok(all)
    }

    /// A partnership with its parties.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in the room.
    pub async fn room(&self, id: PartnershipId, by: Participant) -> Result<Room, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let row = partnership::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("partnership", &id))?;
        let partnership = partnership_of(row)?;
        Ok(Room { partnership, parties: self.parties_of(id).await?, standing })
    }

    /// Accounts that are in the room of a partnership: those whose person sits there, and whoever
    /// opened it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts_in(&self, id: PartnershipId) -> Result<Vec<AccountId>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
        }
        let sql = format!(
            "SELECT p.account AS id FROM partnership p WHERE p.id = ? AND p.account IS NOT NULL \
             UNION SELECT a.id FROM {SEATED} JOIN actor_address own ON own.address = m.address \
             JOIN actor_address theirs ON theirs.actor = own.actor \
             JOIN account a ON a.actor = theirs.address WHERE q.partnership = ? \
             UNION SELECT a.id FROM {SEATED} JOIN account a ON a.actor = m.address \
             WHERE q.partnership = ?"
        );
        let found: Vec<Row> =
            rows(&self.db, &sql, [Value::from(id.0), id.0.into(), id.0.into()]).await?;
        Ok(found.into_iter().map(|row| AccountId(row.id)).collect())
    }
}

/// Seats that are taken, `m`, of parties that take part, `q`.
pub(crate) const SEATED: &str = "partnership_member m \
    JOIN party q ON q.id = m.party AND q.removed_at IS NULL AND m.until IS NULL";

/// Condition that a seat `m` is someone's, with its values. A person has a seat by any of their
/// addresses, so that it outlives merges.
pub(crate) fn own_seat(by: Participant) -> (&'static str, Vec<Value>) {
    match by {
        Participant::Account(account) => (
            "m.address IN (SELECT theirs.address FROM account a \
             JOIN actor_address own ON own.address = a.actor \
             JOIN actor_address theirs ON theirs.actor = own.actor WHERE a.id = ? \
             UNION SELECT a.actor FROM account a WHERE a.id = ? AND a.actor IS NOT NULL)",
            vec![account.0.into(), account.0.into()],
        ),
        Participant::Guest(seat) => ("m.id = ?", vec![seat.0.into()]),
    }
}

/// Condition that someone is in the room of a partnership `p`.
pub(crate) fn theirs(by: Participant) -> (String, Vec<Value>) {
    let (own, mut values) = own_seat(by);
    let seated = format!("EXISTS (SELECT 1 FROM {SEATED} WHERE q.partnership = p.id AND {own})");
    let condition = match by.account() {
        Some(account) => {
            values.insert(0, account.0.into());
            format!("p.removed_at IS NULL AND (p.account = ? OR {seated})")
        }
        None => format!("p.removed_at IS NULL AND {seated}"),
    };
    (condition, values)
}

/// What someone is in a room.
///
/// # Errors
/// [`StoreError::NotFound`] when they are nothing in it, or it is not there.
pub(crate) async fn standing(
    db: &impl ConnectionTrait,
    id: PartnershipId,
    by: Participant,
) -> Result<Standing, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        party: Uuid,
        duty: String,
    }
    let row = partnership::Entity::find_by_id(id.0).one(db).await?;
    let row = row.filter(|row| row.removed_at.is_none());
    let row = row.ok_or_else(|| StoreError::not_found("partnership", &id))?;
    let (own, mut values) = own_seat(by);
    values.insert(0, id.0.into());
    let sql = format!(
        "SELECT m.id, m.party, m.duty FROM {SEATED} WHERE q.partnership = ? AND {own} \
         ORDER BY m.id LIMIT 1"
    );
    let seat = rows::<Row>(db, &sql, values).await?.into_iter().next().map(|row| {
        let duty = word("partnership_member.duty", &row.duty, Duty::from_name)?;
        Ok::<_, StoreError>(Seat { id: SeatId(row.id), party: PartyId(row.party), duty })
    });
    let convenes = row.account.is_some() && row.account == by.account().map(|account| account.0);
    let standing = Standing { convenes, seat: seat.transpose()? };
    allowed(standing.is_in(), id)?;
    Ok(standing)
}

/// What one may not do does not exist.
pub(crate) fn allowed(is: bool, id: PartnershipId) -> Result<(), StoreError> {
    if is { Ok(()) } else { Err(StoreError::not_found("partnership", &id)) }
}

fn in_order(
    begins: Option<Moment>,
    ends: Option<Moment>,
    notice: Option<Moment>,
) -> Result<(), StoreError> {
    let after = |first: Option<Moment>, then: Option<Moment>| {
        first.zip(then).is_some_and(|(first, then)| then <= first)
    };
    if after(begins, ends) {
        return Err(StoreError::value("a partnership ends after it begins"));
    }
    if after(notice, ends) {
        return Err(StoreError::value("the last day to give notice is before the end"));
    }
    Ok(())
}

pub(crate) fn partnership_of(row: partnership::Model) -> Result<Partnership, StoreError> {
    let renewal = |text: String| word("partnership.renewal", &text, RenewalDecision::from_name);
    Ok(Partnership {
        id: PartnershipId(row.id),
        name: row.name,
        about: row.about,
        stage: word("partnership.stage", &row.stage, Stage::from_name)?,
        reason: row.reason,
        renewal: row.renewal.map(renewal).transpose()?,
        begins: row.begins.map(Moment::from_ms),
        ends: row.ends.map(Moment::from_ms),
        notice: row.notice.map(Moment::from_ms),
        convener: row.account.map(AccountId),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

/// How many of something a row counts.
#[derive(FromQueryResult)]
pub(crate) struct Counted {
    pub(crate) id: Uuid,
    pub(crate) n: i64,
}

impl Counted {
    pub(crate) fn pair(&self) -> (Uuid, u64) {
        (self.id, to_u64(self.n))
    }
}
