//! What each party wrote of its benefits and costs.

use sea_orm::{EntityTrait, FromQueryResult};
use tieline_model::id::{AccountId, PartnershipId, PartyId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::party_side;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, rows};

/// What a party wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Whose words.
    pub party: PartyId,
    /// What it gains.
    pub benefits: String,
    /// What it gives.
    pub costs: String,
    /// Who wrote it last; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// What the sides wrote, as far as someone may read it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sides {
    /// Whether each party has written, of two at least: then all of it is shown together.
    pub is_mutual: bool,
    /// Parties that have written.
    pub written: Vec<PartyId>,
    /// What may be read.
    pub open: Vec<Side>,
}

impl Tx {
    /// Writes what a party gains and gives, for the version given (0: nothing is written yet); for
    /// its own people alone.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`],
    /// [`Constraint::Value`] when one of both says nothing.
    pub async fn write_side(
        &self,
        id: PartnershipId,
        side: (PartyId, &str, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (party, benefits, costs) = (side.0, side.1.trim(), side.2.trim());
        let standing = self.in_room(id, by).await?;
        allowed(standing.writes_for(party), id)?;
        self.takes_part(id, party).await?;
        if benefits.is_empty() || costs.is_empty() {
            return Err(StoreError::value("a side says what it gains and what it gives"));
        }
        let known = party_side::Entity::find_by_id(party.0).one(&self.db).await?;
        if known.as_ref().map_or(0, |row| row.version) != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = party_side::Model {
            party: party.0,
            benefits: benefits.to_owned(),
            costs: costs.to_owned(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: version + 1,
            created_at: known.map_or(self.now.ms(), |row| row.created_at),
        };
        self.run("DELETE FROM party_side WHERE party = ?", [party.0.into()]).await?;
        self.insert::<party_side::Entity>(&[row], None).await?;
        self.record(Verb::SideWritten, &id, party.to_string()).await
    }
}

impl Store {
    /// What the sides wrote, as far as someone may read it: what is a party's own never leaves the
    /// store for another before each has written.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn sides(&self, id: PartnershipId, by: Participant) -> Result<Sides, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            benefits: Option<String>,
            costs: Option<String>,
            account: Option<Uuid>,
            changed_at: Option<i64>,
            version: Option<i64>,
        }
        let standing = standing(&self.db, id, by).await?;
        let sql = "SELECT q.id, s.benefits, s.costs, s.account, s.changed_at, s.version \
                   FROM party q LEFT JOIN party_side s ON s.party = q.id \
                   WHERE q.partnership = ? AND q.removed_at IS NULL ORDER BY q.id";
        let found: Vec<Row> = rows(&self.db, sql, [id.0.into()]).await?;
        let is_mutual = found.len() > 1 && found.iter().all(|row| row.version.is_some());
        let written: Vec<PartyId> =
            found.iter().filter(|row| row.version.is_some()).map(|row| PartyId(row.id)).collect();
        let open = found.into_iter().filter_map(|row| {
            let party = PartyId(row.id);
            Some(Side {
                party,
                benefits: row.benefits?,
                costs: row.costs?,
                by: row.account.map(AccountId),
                changed: Moment::from_ms(row.changed_at?),
                version: row.version?,
            })
            .filter(|_| standing.reads_of(party, is_mutual))
        });
        Ok(Sides { is_mutual, open: open.collect(), written })
    }
}
