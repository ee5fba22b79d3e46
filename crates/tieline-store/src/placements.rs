//! Where people place stakeholders: each alone. What others gave is read by whoever gave their own,
//! without names; by the person who was placed from five on ([`crate::Store::stakeholder_held`]).

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, FromQueryResult};
use tieline_model::id::StakeholderId;
use tieline_model::room::Participant;
use tieline_model::stakeholder::Placement;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::stakeholder_placement;
use crate::error::StoreError;
use crate::history::Verb;
use crate::stakeholders::{Register, is_self, may_enter};
use crate::store::{Store, Tx, number, rows};

/// Where a stakeholder was placed, as far as someone may read it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// Where the reader placed it.
    pub own: Option<Placement>,
    /// How many people placed it.
    pub n: usize,
    /// All placements that count, one's own among them, without names; empty before one's own.
    pub all: Vec<Placement>,
}

/// A placement at its time, without its author.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// When.
    pub at: Moment,
    /// What whoever placed it had said before.
    pub from: Option<Placement>,
    /// What they said then.
    pub to: Placement,
    /// Why; may be empty.
    pub why: String,
}

impl Tx {
    /// Places a stakeholder. The one before stays, as what was thought before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for guests by link; [`crate::Constraint::Value`] outside 0 to 1,
    /// and for whoever would place themself.
    pub async fn place_stakeholder(
        &self,
        id: StakeholderId,
        (placement, why): (Placement, &str),
        by: Participant,
    ) -> Result<(), StoreError> {
        let register = self.register_that_holds(id, by).await?;
        let account = by.account().ok_or_else(|| StoreError::not_found("stakeholder", &id))?;
        let is_share = |value: f64| (0.0..=1.0).contains(&value);
        if !(is_share(placement.power) && is_share(placement.interest)) {
            return Err(StoreError::value("power and interest are from 0 to 1"));
        }
        if is_self(&self.db, id, by).await? {
            return Err(StoreError::value("nobody places themself"));
        }
        let sql = "SELECT COALESCE(MAX(number), 0) FROM stakeholder_placement \
                   WHERE stakeholder = ? AND account = ?";
        let last = number(&self.db, sql, [id.0.into(), account.0.into()]).await?;
        let row = stakeholder_placement::Model {
            stakeholder: id.0,
            account: account.0,
            number: last + 1,
            power: placement.power,
            interest: placement.interest,
            why: why.trim().to_owned(),
            at: self.now.ms(),
            created_at: self.now.ms(),
        };
        self.insert::<stakeholder_placement::Entity>(&[row], None).await?;
        self.record(Verb::StakeholderPlaced, &register.subject(), "").await
    }

    /// Takes one's own last placement back; what was there before counts again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn unplace_stakeholder(
        &self,
        id: StakeholderId,
        by: Participant,
    ) -> Result<(), StoreError> {
        let register = self.register_that_holds(id, by).await?;
        let account = by.account().ok_or_else(|| StoreError::not_found("stakeholder", &id))?;
        let sql = "DELETE FROM stakeholder_placement WHERE stakeholder = ? AND account = ? \
                   AND number = (SELECT MAX(l.number) FROM stakeholder_placement l \
                   WHERE l.stakeholder = ? AND l.account = ?)";
        let key = [id.0.into(), account.0.into(), id.0.into(), account.0.into()];
        crate::store::changed(self.run(sql, key).await?, "placement", &id)?;
        self.record(Verb::StakeholderPlaced, &register.subject(), "").await
    }
}

#[derive(FromQueryResult)]
struct Row {
    stakeholder: Uuid,
    account: Uuid,
    power: f64,
    interest: f64,
    why: String,
    at: i64,
}

const SELECT: &str = "SELECT p.stakeholder, p.account, p.power, p.interest, p.why, p.at \
    FROM stakeholder_placement p JOIN stakeholder s ON s.id = p.stakeholder";

/// That no later one of the same person is there.
const LAST: &str = "NOT EXISTS (SELECT 1 FROM stakeholder_placement l \
    WHERE l.stakeholder = p.stakeholder AND l.account = p.account AND l.number > p.number)";

fn placement(row: &Row) -> Placement {
    Placement { power: row.power, interest: row.interest }
}

/// What counts, with who gave it.
pub(crate) async fn latest(
    db: &impl ConnectionTrait,
    id: StakeholderId,
) -> Result<Vec<(Uuid, Placement)>, StoreError> {
    let sql = format!("{SELECT} WHERE s.id = ? AND {LAST}");
    let found: Vec<Row> = rows(db, &sql, [id.0.into()]).await?;
    Ok(found.iter().map(|row| (row.account, placement(row))).collect())
}

impl Store {
    /// Where the stakeholders of a register were placed, as far as someone may read it: what others
    /// gave never leaves the store for whoever did not give their own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in it.
    pub async fn placements(
        &self,
        register: Register,
        by: Participant,
    ) -> Result<BTreeMap<StakeholderId, Placed>, StoreError> {
        may_enter(&self.db, register, by).await?;
        let own = by.account().map(|account| account.0);
        // In the order of the values, so that nothing tells who gave which.
        let sql = format!(
            "{SELECT} WHERE {} AND s.removed_at IS NULL AND {LAST} ORDER BY p.power, p.interest",
            register.condition()
        );
        let found: Vec<Row> = rows(&self.db, &sql, [register.subject().into()]).await?;
        let mut all: BTreeMap<StakeholderId, Placed> = BTreeMap::new();
        for row in &found {
            let one = all.entry(StakeholderId(row.stakeholder)).or_default();
            one.n += 1;
            one.all.push(placement(row));
            if own == Some(row.account) {
                one.own = Some(placement(row));
            }
        }
        for one in all.values_mut().filter(|one| one.own.is_none()) {
            one.all.clear();
        }
        Ok(all)
    }

    /// How the placements of one stakeholder changed, the newest first; at most `limit`. Without names,
    /// and one's own alone for whoever has none that counts.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn movement(
        &self,
        id: StakeholderId,
        limit: usize,
        by: Participant,
    ) -> Result<Vec<Moved>, StoreError> {
        self.stakeholder(id, by).await?;
        let own = by.account().map(|account| account.0);
        let sql = format!("{SELECT} WHERE s.id = ? ORDER BY p.at, p.account, p.number");
        let found: Vec<Row> = rows(&self.db, &sql, [id.0.into()]).await?;
        if !found.iter().any(|row| own == Some(row.account)) {
            return Ok(Vec::new());
        }
        let mut before: BTreeMap<Uuid, Placement> = BTreeMap::new();
        let mut moved = Vec::with_capacity(found.len());
        for row in found {
            let to = placement(&row);
            let from = before.insert(row.account, to);
            moved.push(Moved { at: Moment::from_ms(row.at), from, to, why: row.why });
        }
        moved.reverse();
        moved.truncate(limit);
        Ok(moved)
    }
}
