//! Signed agreements as people of the room read them, and which are about to end.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{DutyId, PactId, PartnershipId, PartyId};
use tieline_model::pact::PactKind;
use tieline_model::partnership::renewal::ALERT_DAYS;
use tieline_model::room::{Duty as Seated, Participant};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{duty, pact, pact_party};
use crate::error::StoreError;
use crate::pacts::{DutyDraft, Pact, PactDraft, Signature};
use crate::rooms::{SEATED, own_seat, standing};
use crate::store::{Store, marks, rows, to_i64, word};

/// A duty of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// What it obliges whom to.
    pub draft: DutyDraft,
    /// Days of it that became commitments.
    pub promised: u64,
}

/// An agreement that is about to end, for a lead of a party that it binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PactDue {
    /// In which room, and its name.
    pub partnership: PartnershipId,
    /// The name of the room.
    pub room: String,
    /// The agreement.
    pub pact: Pact,
}

/// An agreement that stands.
pub(crate) async fn pact_in(
    db: &impl ConnectionTrait,
    (id, one): (PartnershipId, PactId),
) -> Result<Pact, StoreError> {
    let row = pact::Entity::find_by_id(one.0).one(db).await?;
    let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
    let row = row.ok_or_else(|| StoreError::not_found("pact", &one))?;
    let signatures = signatures_of(db, &[one.0]).await?.into_iter().map(|(_, one)| one).collect();
    pact_of(row, signatures)
}

/// Who is bound by agreements, in the order of the parties.
pub(crate) async fn signatures_of(
    db: &impl ConnectionTrait,
    pacts: &[Uuid],
) -> Result<Vec<(Uuid, Signature)>, StoreError> {
    if pacts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT * FROM pact_party WHERE pact IN ({}) ORDER BY pact, party",
        marks(pacts.len())
    );
    let found: Vec<pact_party::Model> =
        rows(db, &sql, pacts.iter().map(|one| Value::from(*one))).await?;
    let one = |row: pact_party::Model| {
        let signed = row.signed.zip(row.signed_at.map(Moment::from_ms));
        (row.pact, Signature { party: PartyId(row.party), signed })
    };
    Ok(found.into_iter().map(one).collect())
}

/// Duties of agreements that stand, the first due first.
pub(crate) async fn duties_of(
    db: &impl ConnectionTrait,
    pacts: &[Uuid],
) -> Result<Vec<(PactId, Duty)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        duty: Uuid,
        n: i64,
    }
    if pacts.is_empty() {
        return Ok(Vec::new());
    }
    let (among, values) = (marks(pacts.len()), || pacts.iter().map(|one| Value::from(*one)));
    let sql = format!(
        "SELECT * FROM duty WHERE pact IN ({among}) AND removed_at IS NULL ORDER BY due, id"
    );
    let found: Vec<duty::Model> = rows(db, &sql, values()).await?;
    let sql = format!(
        "SELECT c.duty, COUNT(*) AS n FROM duty_commitment c JOIN duty d ON d.id = c.duty \
         WHERE d.pact IN ({among}) GROUP BY c.duty"
    );
    let counts: Vec<Count> = rows(db, &sql, values()).await?;
    let counts: HashMap<Uuid, i64> = counts.into_iter().map(|row| (row.duty, row.n)).collect();
    let one = |row: duty::Model| {
        let draft = DutyDraft {
            party: PartyId(row.party),
            to: row.to_party.map(PartyId),
            text: row.text,
            due: Moment::from_ms(row.due),
            every_months: row.every_months.and_then(|months| u32::try_from(months).ok()),
        };
        let promised = counts.get(&row.id).map_or(0, |n| n.unsigned_abs());
        (PactId(row.pact), Duty { id: DutyId(row.id), draft, promised })
    };
    Ok(found.into_iter().map(one).collect())
}

fn pact_of(row: pact::Model, signatures: Vec<Signature>) -> Result<Pact, StoreError> {
    Ok(Pact {
        id: PactId(row.id),
        draft: PactDraft {
            kind: word("pact.kind", &row.kind, PactKind::from_name)?,
            title: row.title,
            text: row.text,
            place: row.place,
            begins: row.begins.map(Moment::from_ms),
            ends: row.ends.map(Moment::from_ms),
            notice: row.notice.map(Moment::from_ms),
            parties: signatures.iter().map(|one| one.party).collect(),
        },
        signatures,
        ended: row.ended_at.map(Moment::from_ms),
        version: row.version,
    })
}

impl Store {
    async fn whole_pacts(&self, found: Vec<pact::Model>) -> Result<Vec<Pact>, StoreError> {
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let mut signatures: HashMap<Uuid, Vec<Signature>> = HashMap::new();
        for (pact, one) in signatures_of(&self.db, &ids).await? {
            signatures.entry(pact).or_default().push(one);
        }
        let one = |row: pact::Model| {
            let signed = signatures.remove(&row.id).unwrap_or_default();
            pact_of(row, signed)
        };
        found.into_iter().map(one).collect()
    }

    /// Agreements of a partnership, the latest first; those before `before`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn pacts(
        &self,
        id: PartnershipId,
        before: Option<PactId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Pact>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM pact WHERE partnership = ? AND removed_at IS NULL AND id < ? \
                   ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let found = rows(&self.db, sql, [id.0.into(), before.into(), to_i64(limit).into()]).await?;
        self.whole_pacts(found).await
    }

    /// One agreement with its duties, the first due first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn pact(
        &self,
        at: (PartnershipId, PactId),
        by: Participant,
    ) -> Result<(Pact, Vec<Duty>), StoreError> {
        standing(&self.db, at.0, by).await?;
        let found = pact_in(&self.db, at).await?;
        let duties = duties_of(&self.db, &[at.1.0]).await?;
        Ok((found, duties.into_iter().map(|(_, one)| one).collect()))
    }

    /// Agreements that all signed, that are not ended and end or ask for notice within 180 days, or
    /// did; of parties that someone leads. The first due first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pacts_due(
        &self,
        by: Participant,
        now: Moment,
        limit: u64,
    ) -> Result<Vec<PactDue>, StoreError> {
        #[derive(FromQueryResult)]
        struct Room {
            pact: Uuid,
            partnership: Uuid,
            name: String,
        }
        let (own, mut values) = own_seat(by);
        let sql = format!(
            "SELECT DISTINCT p.id AS pact, w.id AS partnership, w.name, \
             CASE WHEN p.notice < p.ends THEN p.notice ELSE p.ends END AS due FROM {SEATED} \
             JOIN pact_party b ON b.party = q.id \
             JOIN pact p ON p.id = b.pact AND p.removed_at IS NULL AND p.ended_at IS NULL \
             JOIN partnership w ON w.id = p.partnership AND w.removed_at IS NULL \
             WHERE {own} AND m.duty = ? AND p.ends IS NOT NULL \
             AND CASE WHEN p.notice < p.ends THEN p.notice ELSE p.ends END <= ? AND NOT EXISTS \
             (SELECT 1 FROM pact_party o WHERE o.pact = p.id AND COALESCE(o.signed, 0) <> p.version) \
             ORDER BY due, p.id LIMIT ?"
        );
        let ahead = now.plus_days(f64::from(ALERT_DAYS[0]));
        values.extend([Seated::Lead.name().into(), ahead.ms().into(), to_i64(limit).into()]);
        let found: Vec<Room> = rows(&self.db, &sql, values).await?;
        let mut due = Vec::with_capacity(found.len());
        for row in found {
            let partnership = PartnershipId(row.partnership);
            let pact = pact_in(&self.db, (partnership, PactId(row.pact))).await?;
            due.push(PactDue { partnership, room: row.name, pact });
        }
        Ok(due)
    }
}
