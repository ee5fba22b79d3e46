//! Commitments that wait for someone: what they see to and is due, and other days that their party is
//! asked for, across partnerships.

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::PartnershipId;
use tieline_model::room::{Duty, Participant};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::commitments::{Promised, promised};
use crate::entity::commitment;
use crate::error::StoreError;
use crate::rooms::{SEATED, own_seat};
use crate::store::{Store, rows, to_i64};

/// How long before its day a commitment is told, in days.
const AHEAD: f64 = 7.0;

/// A commitment that waits for someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentDue {
    /// In which partnership.
    pub partnership: PartnershipId,
    /// What that is called.
    pub room: String,
    /// What the party is called that promised, or that asks for another day.
    pub party: String,
    /// What was promised.
    pub promised: Promised,
    /// Whether another day is asked for that their party answers; else they see to it.
    pub is_asked: bool,
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    room: String,
    party: String,
}

impl Store {
    /// What someone sees to, or leads the party that promised it while nobody there sees to it, and is
    /// due within a week or late; the first due first. Then other days that their party is asked for.
    /// At most `limit` of each. Where a party has no lead, everyone there counts as one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn commitments_due(
        &self,
        by: Participant,
        now: Moment,
        limit: u64,
    ) -> Result<Vec<CommitmentDue>, StoreError> {
        let (own, values) = own_seat(by);
        let leads = "(m.duty = ? OR NOT EXISTS (SELECT 1 FROM partnership_member l \
                     WHERE l.party = q.id AND l.until IS NULL AND l.duty = ?))";
        let lead = || Value::from(Duty::Lead.name());
        let due = format!(
            "SELECT DISTINCT c.id, c.due, w.name AS room, o.name AS party FROM {SEATED} \
             JOIN commitment c ON c.party = q.id AND c.ended IS NULL \
             JOIN party o ON o.id = c.party \
             JOIN partnership w ON w.id = c.partnership AND w.removed_at IS NULL \
             WHERE {own} AND c.due <= ? AND (c.seat = m.id OR {leads} AND (c.seat IS NULL OR EXISTS \
             (SELECT 1 FROM partnership_member g WHERE g.id = c.seat AND g.until IS NOT NULL))) \
             ORDER BY c.due, c.id LIMIT ?"
        );
        let mut asked_for = values.clone();
        asked_for.push(now.plus_days(AHEAD).ms().into());
        asked_for.extend([lead(), lead(), to_i64(limit).into()]);
        let mut all = self.these_due(&due, asked_for, false).await?;
        let asked = format!(
            "SELECT DISTINCT c.id, w.name AS room, o.name AS party FROM {SEATED} \
             JOIN commitment c ON c.partnership = q.partnership AND c.ended IS NULL \
             AND c.asked_due IS NOT NULL JOIN party o ON o.id = c.asked_party \
             JOIN partnership w ON w.id = c.partnership AND w.removed_at IS NULL \
             WHERE {own} AND {leads} AND (c.party = q.id AND c.asked_party <> c.party OR \
             c.asked_party = c.party AND c.party <> q.id AND COALESCE(c.to_party, q.id) = q.id) \
             ORDER BY c.id LIMIT ?"
        );
        let mut asked_for = values;
        asked_for.extend([lead(), lead(), to_i64(limit).into()]);
        all.extend(self.these_due(&asked, asked_for, true).await?);
        Ok(all)
    }

    async fn these_due(
        &self,
        sql: &str,
        values: Vec<Value>,
        is_asked: bool,
    ) -> Result<Vec<CommitmentDue>, StoreError> {
        let found: Vec<Found> = rows(&self.db, sql, values).await?;
        let mut all = Vec::with_capacity(found.len());
        for Found { id, room, party } in found {
            let row = commitment::Entity::find_by_id(id).one(&self.db).await?;
            // Whatever goes in between waits for nobody.
            let Some(row) = row else { continue };
            let partnership = PartnershipId(row.partnership);
            let promised = promised(row, None)?;
            all.push(CommitmentDue { partnership, room, party, promised, is_asked });
        }
        Ok(all)
    }
}
